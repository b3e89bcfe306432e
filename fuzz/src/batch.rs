//! Target `verify_batch`: signatures that are verified together.

use crate::signature::agreed;
use codec::Decode;
use depin_device::key::{DeviceKey, Signer};
use depin_primitives::{
	verify::{
		batch::{Item, MOST},
		host::signatures::ed25519_batch_verify,
		portable,
	},
	KeyScheme, PublicKey, Signature,
};

/// Greatest number of signatures of an input: a full group, and some of another.
const MOST_ITEMS: usize = MOST + 8;

type Signed<'a> = (PublicKey, Signature, &'a [u8]);

/// Reads signatures until the bytes end. Accepts them if there are some and each is valid.
///
/// The second lowest bit of an item's first byte is its kind. 0 is a written item: key with its
/// scheme, signature, message. 1 is an item that a device makes: the two highest bits are the
/// scheme; then follow the secret, the place of the damage, the bits to flip there (0: none), and
/// the message. A message is its length in one byte, and its bytes.
pub fn verify_batch(mut bytes: &[u8]) -> bool {
	let (mut items, mut alone) = (Vec::new(), Vec::new());
	while items.len() < MOST_ITEMS {
		let Some((item, expected)) = read(&mut bytes) else { break };
		let good = agreed(&item.0, &item.1, item.2);
		assert_eq!(good, expected.unwrap_or(good), "{item:x?}");
		items.push(item);
		alone.push(good);
	}
	assert_eq!(depin_primitives::verify::verify_batch(&items), alone);
	assert_eq!(portable::verify_batch(&items), alone);

	let (mut written, mut all_good) = (Vec::new(), true);
	for ((key, signature, message), good) in items.iter().zip(&alone) {
		if let PublicKey::Ed25519(key) = key {
			assert!(Item { key, signature: &signature.0, message }.write(&mut written));
			all_good &= good;
		}
	}
	assert_eq!(ed25519_batch_verify(&written), all_good);
	// The host function answers arbitrary bytes without a panic.
	ed25519_batch_verify(bytes);
	!alone.is_empty() && alone.into_iter().all(|good| good)
}

/// Reads the next signature, with the expected result if it is known.
fn read<'a>(bytes: &mut &'a [u8]) -> Option<(Signed<'a>, Option<bool>)> {
	let kind = u8::decode(bytes).ok()?;
	if kind & 2 == 0 {
		let (key, signature) = Decode::decode(bytes).ok()?;
		return Some(((key, signature, message(bytes)?), None));
	}
	let [secret, place, bits]: [u8; 3] = Decode::decode(bytes).ok()?;
	let message = message(bytes)?;
	let scheme = KeyScheme::ALL[usize::from(kind >> 6)];
	let key = DeviceKey::from_secret(scheme, &[secret.clamp(1, 0xfe); 32]).ok()?;
	let Ok(mut signature) = Signer::sign(&key, message);
	signature.0[usize::from(place) % 64] ^= bits;
	Some(((key.public_key(), signature, message), Some(bits == 0)))
}

fn message<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
	let length = u8::decode(bytes).ok()?;
	let (message, rest) = bytes.split_at_checked(length.into())?;
	*bytes = rest;
	Some(message)
}
