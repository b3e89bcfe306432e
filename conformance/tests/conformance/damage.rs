//! Valid signatures of every scheme, damaged ones, and bytes that were never a signature.

use super::*;
use depin_device::key::{DeviceKey, Signer};
use proptest::{
	collection::vec,
	prelude::*,
	sample::{select, Index},
};
use std::ops::RangeInclusive;

/// Bytes of which secret keys are made, each by repeating one byte.
const SECRETS: RangeInclusive<u8> = 1..=0xfe;

fn signed(scheme: KeyScheme, secret: [u8; 32], message: Vec<u8>) -> Vector {
	// Some numbers are no ECDSA keys.
	let key = DeviceKey::from_secret(scheme, &secret)
		.or_else(|_| DeviceKey::from_secret(scheme, &[1; 32]))
		.unwrap();
	let Ok(signature) = Signer::sign(&key, &message);
	Vector { key: key.public_key(), signature, message }
}

fn with_key_bytes(key: &PublicKey, change: impl FnOnce(&mut [u8])) -> PublicKey {
	let mut key = *key;
	match &mut key {
		PublicKey::Ed25519(bytes) | PublicKey::Sr25519(bytes) => change(bytes),
		PublicKey::Secp256k1(bytes) | PublicKey::P256(bytes) => change(bytes),
	}
	key
}

#[derive(Clone, Debug)]
enum Damage {
	Nothing,
	Key(Index, u8),
	Signature(Index, u8),
	Message(Index, u8),
	OtherKey([u8; 33]),
	OtherSignature([u8; 32], [u8; 32]),
	Reused(PublicKey),
}

impl Damage {
	fn apply(self, mut vector: Vector) -> Vector {
		match self {
			Self::Nothing => {}
			Self::Key(at, bits) => {
				vector.key = with_key_bytes(&vector.key, |key| *at.get_mut(key) ^= bits);
			}
			Self::Signature(at, bits) => *at.get_mut(&mut vector.signature.0) ^= bits,
			Self::Message(at, bits) => *at.get_mut(&mut vector.message) ^= bits,
			Self::OtherKey(bytes) => {
				vector.key =
					with_key_bytes(&vector.key, |key| key.copy_from_slice(&bytes[..key.len()]));
			}
			Self::OtherSignature(left, right) => vector.signature.0 = join(left, right),
			Self::Reused(key) => vector.key = key,
		}
		vector
	}
}

/// Generates bytes. Half of them are all zeros or all ones but for one byte, which is rare among
/// random bytes and reaches the bounds of numbers.
fn bytes<const N: usize>() -> impl Strategy<Value = [u8; N]> {
	let near = |base: u8| {
		(any::<Index>(), any::<u8>()).prop_map(move |(at, byte)| {
			let mut all = [base; N];
			*at.get_mut(&mut all) = byte;
			all
		})
	};
	let whole = vec(any::<u8>(), N).prop_map(|all| all.try_into().unwrap());
	prop_oneof![2 => whole, 1 => near(0), 1 => near(0xff)]
}

fn damage(scheme: KeyScheme) -> impl Strategy<Value = Damage> {
	let tagged = (bytes::<33>(), 2..=3u8).prop_map(|(mut key, tag)| {
		key[0] = tag;
		key
	});
	let other = SECRETS.prop_map(move |n| {
		Damage::Reused(DeviceKey::from_secret(scheme, &[n; 32]).unwrap().public_key())
	});
	prop_oneof![
		1 => Just(Damage::Nothing),
		2 => (any::<Index>(), 1..=u8::MAX).prop_map(|(at, bits)| Damage::Key(at, bits)),
		2 => (any::<Index>(), 1..=u8::MAX).prop_map(|(at, bits)| Damage::Signature(at, bits)),
		1 => (any::<Index>(), 1..=u8::MAX).prop_map(|(at, bits)| Damage::Message(at, bits)),
		1 => bytes().prop_map(Damage::OtherKey),
		1 => tagged.prop_map(Damage::OtherKey),
		2 => (bytes(), bytes()).prop_map(|(r, s)| Damage::OtherSignature(r, s)),
		1 => other,
	]
}

/// Generates valid vectors of one scheme, each with the damage to apply.
fn damaged_vectors() -> impl Strategy<Value = Vec<(Vector, Damage)>> {
	select(&KeyScheme::ALL[..]).prop_flat_map(|scheme| {
		let good = (SECRETS, vec(any::<u8>(), 1..300))
			.prop_map(move |(secret, message)| signed(scheme, [secret; 32], message));
		vec((good, damage(scheme)), 16)
	})
}

proptest! {
	#![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

	/// Checks that the verifiers agree, and that they accept exactly the undamaged signatures.
	#[test]
	fn a_damaged_signature_is_refused(vectors in damaged_vectors()) {
		let (good, damaged): (Vec<_>, Vec<_>) = vectors
			.into_iter()
			.map(|(vector, damage)| (vector.clone(), damage.apply(vector)))
			.unzip();
		for ((good, damaged), agreed) in good.iter().zip(&damaged).zip(agree(&damaged)) {
			prop_assert_eq!(agreed.accepted, good == damaged, "{:x?}", damaged);
		}
	}
}
