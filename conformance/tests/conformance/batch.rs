//! Ed25519 signatures verified together: among others those that only ZIP 215 accepts, and one
//! invalid signature at every place. The function `agree` also verifies the vectors of all other
//! tests together.

use super::{
	ed25519::{plain, plus, sign, small_order_encodings, ORDER},
	*,
};
use curve25519_dalek::{
	constants::{ED25519_BASEPOINT_POINT as B, EIGHT_TORSION},
	Scalar,
};
use depin_conformance::written;
use depin_device::key::{DeviceKey, Signer};
use depin_primitives::verify::{
	batch::{LEAST, MOST},
	host::signatures::ed25519_batch_verify,
};
use proptest::{collection::vec, prelude::*, sample::Index};

/// Returns vectors that are valid by ZIP 215 and not by all other rules: each part of small order
/// in key and R, which do not cancel out in one equation nor in the sum of all; every encoding of
/// an R of small order; keys of small order.
fn odd_and_good() -> Vec<Vector> {
	let [secret, nonce] = [Scalar::from(7u8), Scalar::from(9u8)];
	let mut all = Vec::new();
	for of_key in EIGHT_TORSION {
		for of_nonce in EIGHT_TORSION {
			let (key, r) = (B * secret + of_key, B * nonce + of_nonce);
			all.push(sign(secret, key.compress().0, nonce, r.compress().0));
		}
	}
	for small in small_order_encodings() {
		all.push(sign(secret, (B * secret).compress().0, Scalar::ZERO, small));
		all.push(vector(PublicKey::Ed25519(small), join(small, [0; 32]), b"anything"));
	}
	all
}

/// Returns one vector of each kind that is invalid.
fn bad() -> Vec<Vector> {
	let good = plain(7, 9);
	let with = |change: &dyn Fn(&mut Vector)| {
		let mut bad = good.clone();
		change(&mut bad);
		bad
	};
	let off_curve = {
		let mut bytes = [0; 32];
		bytes[0] = 2;
		assert!(curve25519_dalek::edwards::CompressedEdwardsY(bytes).decompress().is_none());
		bytes
	};
	let s: [u8; 32] = good.signature.0[32..].try_into().unwrap();
	let s_and_order = plus(s, ORDER).unwrap();
	vec![
		with(&|bad| bad.message.push(0)),
		with(&|bad| bad.signature.0[32] ^= 1),
		// s above the order: the equation holds, but s is not reduced.
		with(&|bad| bad.signature.0[32..].copy_from_slice(&s_and_order)),
		with(&|bad| bad.signature.0[32..].copy_from_slice(&ORDER)),
		// R not on the curve, R another point, R of small order.
		with(&|bad| bad.signature.0[..32].copy_from_slice(&off_curve)),
		with(&|bad| bad.signature.0[..32].copy_from_slice(&B.compress().0)),
		with(&|bad| bad.signature.0[..32].copy_from_slice(&small_order_encodings()[0])),
		// The key not on the curve, the key of another device, the negative of the key's point.
		with(&|bad| bad.key = PublicKey::Ed25519(off_curve)),
		with(&|bad| bad.key = plain(8, 9).key),
		with(&|bad| {
			let PublicKey::Ed25519(key) = &mut bad.key else { unreachable!("of Ed25519; qed") };
			key[31] ^= 0x80;
		}),
		// Bytes without any structure.
		vector(PublicKey::Ed25519([0x5a; 32]), [0xa5; 64], b"noise"),
	]
}

fn expect_together(vectors: &[Vector], accepted: impl Fn(usize) -> bool) {
	agree_together(vectors, &(0..vectors.len()).map(accepted).collect::<Vec<_>>());
}

#[test]
fn an_empty_batch_is_valid() {
	expect_together(&[], |_| true);
}

#[test]
fn signatures_that_are_valid_alone_are_valid_together() {
	let vectors = odd_and_good();
	assert_eq!(vectors.len(), 64 + 2 * 14);
	// `agree` verifies each of them alone, and all at once.
	assert!(agree(&vectors).iter().all(|agreed| agreed.accepted));
	for count in [1, LEAST - 1, LEAST, MOST, MOST + 1] {
		expect_together(&vectors[..count], |_| true);
	}
}

#[test]
fn each_invalid_signature_is_found_at_each_place() {
	let good = odd_and_good();
	for bad in bad() {
		expect(
			Agreed { accepted: false, ..agree(std::slice::from_ref(&bad))[0] },
			std::slice::from_ref(&bad),
		);
		for at in [0, 1, LEAST, MOST - 1, MOST, good.len()] {
			let mut vectors = good.clone();
			vectors.insert(at, bad.clone());
			expect_together(&vectors, |n| n != at);
		}
	}
	let bad = &bad()[1];
	for at in 0..=good.len() {
		let mut vectors = good.clone();
		vectors.insert(at, bad.clone());
		expect_together(&vectors, |n| n != at);
	}
}

#[test]
fn malformed_bytes_are_not_good() {
	let bytes = written(&[plain(7, 9), plain(8, 9)]);
	let one = bytes.len() / 2;
	for length in 0..=bytes.len() {
		let good = length % one == 0;
		assert_eq!(ed25519_batch_verify(&bytes[..length]), good, "{length}");
		assert_eq!(WASM.all_good(&bytes[..length]), good, "{length}");
	}
	for length in [9u32, 7, u32::MAX] {
		let mut wrong = bytes.clone();
		wrong[one + 96..one + 100].copy_from_slice(&length.to_le_bytes());
		assert!(!ed25519_batch_verify(&wrong) && !WASM.all_good(&wrong), "{length}");
	}
}

/// Generates a signature by one of nine keys, and tells if one bit of key, signature or message was
/// flipped.
fn signed() -> impl Strategy<Value = (Vector, bool)> {
	let damage = prop_oneof![
		5 => Just(None),
		1 => (0..3u8, any::<Index>(), 0..8u8).prop_map(Some),
	];
	(1..=9u8, vec(any::<u8>(), 1..300), damage).prop_map(|(secret, message, damage)| {
		let key = DeviceKey::from_secret(KeyScheme::Ed25519, &[secret; 32]).unwrap();
		let Ok(signature) = Signer::sign(&key, &message);
		let PublicKey::Ed25519(mut public) = key.public_key() else { unreachable!("qed") };
		let mut vector = Vector { key: key.public_key(), signature, message };
		let turn = |(part, at, bit): (u8, Index, u8)| {
			let byte = match part {
				0 => at.get_mut(&mut public),
				1 => at.get_mut(&mut vector.signature.0),
				_ => at.get_mut(&mut vector.message),
			};
			*byte ^= 1 << bit;
		};
		let damaged = damage.map(turn).is_some();
		vector.key = PublicKey::Ed25519(public);
		(vector, damaged)
	})
}

proptest! {
	#![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

	/// Verifies any number of signatures by few keys.
	#[test]
	fn only_undamaged_signatures_are_accepted(vectors in vec(signed(), 0..2 * MOST)) {
		let (vectors, damaged): (Vec<_>, Vec<_>) = vectors.into_iter().unzip();
		agree_together(&vectors, &damaged.iter().map(|damaged| !damaged).collect::<Vec<_>>());
	}
}
