//! Target `verify_signature`: keys and signatures of every scheme.

use codec::Decode;
use depin_primitives::{
	verify::{is_well_formed, portable, verify_bytes},
	PublicKey, Signature,
};

/// Reads a key with its scheme, a signature, and the message, which is the rest of the bytes.
/// Accepts them if the key is well formed and the signature is by the key.
pub fn verify_signature(mut bytes: &[u8]) -> bool {
	let input = &mut bytes;
	let (Ok(key), Ok(signature)) = (PublicKey::decode(input), Signature::decode(input)) else {
		return false;
	};
	let message = bytes;
	let well_formed = is_well_formed(&key);
	let good = agreed(&key, &signature, message);
	if well_formed {
		assert!(!agreed(&key, &Signature([0; 64]), message), "64 zeros are no valid signature");
		if good {
			let other = [message, b"\0"].concat();
			assert!(
				!agreed(&key, &signature, &other),
				"the signature is invalid for a longer message"
			);
		}
	}
	well_formed && good
}

/// Verifies a signature by both verifiers, which must agree.
pub(crate) fn agreed(key: &PublicKey, signature: &Signature, message: &[u8]) -> bool {
	let good = verify_bytes(key, signature, message);
	let portable = portable::verify_bytes(key, signature, message);
	assert_eq!(good, portable, "{key:x?} {signature:x?} {message:x?}");
	good
}
