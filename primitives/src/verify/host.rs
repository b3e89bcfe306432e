//! The node's own host functions. Every node has them, even if its runtime does not use them.

use sp_runtime_interface::{
	pass_by::{PassFatPointerAndRead, PassPointerAndRead},
	runtime_interface,
};

/// Host functions that the SDK does not have. Their rules are those of
/// [`portable`](super::portable).
#[runtime_interface]
pub trait Signatures {
	/// Tells if `signature` (r ‖ s) is by `key` (a compressed point) over the SHA-256 of `message`,
	/// on P-256. Verified by `ring`, which takes the point uncompressed.
	fn p256_verify(
		signature: PassPointerAndRead<&[u8; 64], 64>,
		message: PassFatPointerAndRead<&[u8]>,
		key: PassPointerAndRead<&[u8; 33], 33>,
	) -> bool {
		use p256::elliptic_curve::sec1::ToEncodedPoint;
		if !crate::verify::portable::is_tagged_compressed(key) {
			return false;
		}
		let Ok(key) = p256::PublicKey::from_sec1_bytes(key) else { return false };
		ring::signature::UnparsedPublicKey::new(
			&ring::signature::ECDSA_P256_SHA256_FIXED,
			key.to_encoded_point(false),
		)
		.verify(message, signature)
		.is_ok()
	}

	/// Tells if `signature` (r ‖ s) is by `key` (a compressed point) over the SHA-256 of `message`,
	/// on secp256k1. Verified by `libsecp256k1`, which by itself refuses the high form of s.
	fn secp256k1_verify(
		signature: PassPointerAndRead<&[u8; 64], 64>,
		message: PassFatPointerAndRead<&[u8]>,
		key: PassPointerAndRead<&[u8; 33], 33>,
	) -> bool {
		use secp256k1::{ecdsa::Signature, Message, PublicKey, SECP256K1};
		let Ok(key) = PublicKey::from_slice(key) else { return false };
		let Ok(mut signature) = Signature::from_compact(signature) else { return false };
		signature.normalize_s();
		let message = Message::from_digest(sp_crypto_hashing::sha2_256(message));
		SECP256K1.verify_ecdsa(&message, &signature, &key).is_ok()
	}

	/// Tells if all of these Ed25519 signatures are valid, by the rules of ZIP 215, under which a
	/// batch is valid if, and only if, each signature is. An empty batch is valid. The bytes are
	/// [items](crate::verify::batch::Item), one after the other; other bytes are invalid.
	///
	/// The sum of all equations, each times a random factor of 128 bits, is compared with zero. So
	/// valid signatures pass whatever the factors are, and a batch with an invalid one passes with
	/// a probability of at most 2⁻¹²⁸. The host draws the factors anew for each batch, and nobody
	/// can know them beforehand. `docs/signatures.md` explains what that means for consensus.
	///
	/// The result is `false`, too, if the host has no randomness: every caller verifies one by one
	/// what did not pass.
	fn ed25519_batch_verify(items: PassFatPointerAndRead<&[u8]>) -> bool {
		use crate::verify::batch::Item;
		use ed25519_zebra::batch::Verifier;
		use rand::{
			rngs::{OsRng, StdRng},
			RngCore, SeedableRng,
		};
		let (mut verifier, mut rest) = (Verifier::new(), items);
		while !rest.is_empty() {
			let Some((item, after)) = Item::read(rest) else { return false };
			verifier.queue(((*item.key).into(), (*item.signature).into(), item.message));
			rest = after;
		}
		// One seed from the system's randomness serves the batch: a request for each signature
		// would cost more.
		let mut seed = [0; 32];
		OsRng.try_fill_bytes(&mut seed).is_ok() && verifier.verify(StdRng::from_seed(seed)).is_ok()
	}
}
