//! Batches of signatures: each signature has the outcome that it has alone.

#![cfg(feature = "runtime")]

use depin_primitives::{
	verify::{
		batch::{Item, LEAST, MOST},
		host::signatures::ed25519_batch_verify,
		portable, verify_batch, verify_bytes,
	},
	PublicKey, Signature,
};

type Signed = (PublicKey, Signature, Vec<u8>);

/// Returns a message and its signature by the `n`th key. The messages have many lengths, 0 among
/// them.
fn ed25519(n: usize) -> Signed {
	let message = vec![n as u8; n * 7 % 300];
	let key = ed25519_zebra::SigningKey::from([1 + n as u8; 32]);
	let public = ed25519_zebra::VerificationKeyBytes::from(&key);
	(PublicKey::Ed25519(public.into()), Signature(key.sign(&message).into()), message)
}

fn p256(n: usize) -> Signed {
	use p256::ecdsa::{signature::Signer, Signature as Pair, SigningKey};
	let message = vec![n as u8; 20];
	let key = SigningKey::from_slice(&[1 + n as u8; 32]).unwrap();
	let point = key.verifying_key().to_encoded_point(true);
	let signature: Pair = key.sign(&message);
	(
		PublicKey::P256(point.as_bytes().try_into().unwrap()),
		Signature(signature.to_bytes().into()),
		message,
	)
}

fn good(count: usize) -> Vec<Signed> {
	(0..count).map(ed25519).collect()
}

/// Returns the items as the runtime hands them to the host.
fn written(items: &[Signed]) -> Vec<u8> {
	let mut bytes = Vec::new();
	for (key, signature, message) in items {
		let PublicKey::Ed25519(key) = key else { panic!("Ed25519 only") };
		assert!(Item { key, signature: &signature.0, message }.write(&mut bytes));
	}
	bytes
}

/// Returns the outcome of each signature in a batch. Panics unless each has the same outcome alone,
/// and in the portable verifier.
fn outcome(items: &[Signed]) -> Vec<bool> {
	let outcome = verify_batch(items);
	let alone: Vec<_> = items.iter().map(|(k, s, message)| verify_bytes(k, s, message)).collect();
	assert_eq!(outcome, alone);
	assert_eq!(outcome, portable::verify_batch(items));
	outcome
}

#[test]
fn good_signatures_are_found_good_together() {
	for count in [0, 1, LEAST - 1, LEAST, MOST - 1, MOST, MOST + 1, MOST + LEAST, 2 * MOST + 1] {
		let items = good(count);
		assert!(ed25519_batch_verify(&written(&items)), "{count}");
		assert_eq!(outcome(&items), vec![true; count]);
	}
}

/// Puts the message, R, s or key of another item into this one.
fn spoil(item: &mut Signed, kind: usize) {
	let other = ed25519(199);
	match kind % 4 {
		0 => item.2 = other.2,
		1 => item.1 .0[..32].copy_from_slice(&other.1 .0[..32]),
		2 => item.1 .0[32..].copy_from_slice(&other.1 .0[32..]),
		_ => item.0 = other.0,
	}
}

#[test]
fn one_bad_signature_among_many_is_found_at_every_place() {
	// The places are at the ends of the first group and of the second.
	let many = [0, 1, MOST - 1, MOST, MOST + LEAST];
	for (count, places) in [(LEAST, &[0, 1, 2, 3][..]), (MOST + LEAST + 1, &many[..])] {
		for (kind, at) in places.iter().copied().enumerate() {
			let mut items = good(count);
			spoil(&mut items[at], kind);
			assert!(!ed25519_batch_verify(&written(&items)), "{at} of {count}");
			let expected: Vec<_> = (0..count).map(|n| n != at).collect();
			assert_eq!(outcome(&items), expected);
		}
	}
}

#[test]
fn bad_signatures_that_would_cancel_out_are_found() {
	// The defects of the two are each other's negative: one s is as much too great as the other is
	// too small.
	let mut items = good(LEAST);
	let one = curve25519_dalek::Scalar::ONE;
	for (at, defect) in [(0, one), (1, -one)] {
		let s: [u8; 32] = items[at].1 .0[32..].try_into().unwrap();
		let s = curve25519_dalek::Scalar::from_canonical_bytes(s).unwrap() + defect;
		items[at].1 .0[32..].copy_from_slice(s.as_bytes());
	}
	for _ in 0..64 {
		assert!(!ed25519_batch_verify(&written(&items)));
	}
	assert_eq!(outcome(&items), [false, false, true, true]);
}

#[test]
fn one_device_may_have_several_signatures_in_a_batch() {
	let mut items = good(LEAST);
	items.extend(good(LEAST));
	let key = ed25519_zebra::SigningKey::from([1; 32]);
	items.push((items[0].0, Signature(key.sign(b"more").into()), b"more".to_vec()));
	assert!(ed25519_batch_verify(&written(&items)));
	assert_eq!(outcome(&items), vec![true; 2 * LEAST + 1]);
	items[0].1 = items[2 * LEAST].1;
	assert!(!ed25519_batch_verify(&written(&items)));
	assert!(!outcome(&items)[0]);
}

#[test]
fn schemes_may_be_mixed() {
	let mut items: Vec<_> =
		(0..4 * LEAST).map(|n| if n % 2 == 0 { ed25519(n) } else { p256(n) }).collect();
	assert_eq!(outcome(&items), vec![true; 4 * LEAST]);
	items[1].2.push(0);
	items[2].2.push(0);
	let expected: Vec<_> = (0..4 * LEAST).map(|n| n != 1 && n != 2).collect();
	assert_eq!(outcome(&items), expected);
	// A key of one scheme verifies nothing as a key of another.
	items[4].0 = PublicKey::Sr25519(items[4].0.as_bytes().try_into().unwrap());
	assert!(!outcome(&items)[4]);
}

#[test]
fn items_are_read_as_they_were_written() {
	let items = good(9);
	let bytes = written(&items);
	assert_eq!(bytes.len(), items.iter().map(|item| 100 + item.2.len()).sum::<usize>());
	let mut rest = &bytes[..];
	for (key, signature, message) in &items {
		let (item, after) = Item::read(rest).unwrap();
		assert_eq!(
			(&item.key[..], item.signature, item.message),
			(key.as_bytes(), &signature.0, &message[..])
		);
		rest = after;
	}
	assert!(rest.is_empty());
	assert_eq!(Item::read(rest), None);
}

#[test]
fn malformed_bytes_are_not_good() {
	let two = written(&good(2));
	let one = written(&good(1)).len();
	assert!(ed25519_batch_verify(&[]) && ed25519_batch_verify(&two));
	for length in (1..two.len()).filter(|length| *length != one) {
		assert!(!ed25519_batch_verify(&two[..length]), "{length} bytes");
	}
	let mut longer = two.clone();
	longer.push(0);
	assert!(!ed25519_batch_verify(&longer));
	// The length is greater than that of the bytes, up to the greatest that can be written.
	for length in [8, 0xffff_ffff_u32] {
		let mut wrong = two.clone();
		wrong[one + 96..one + 100].copy_from_slice(&length.to_le_bytes());
		assert!(!ed25519_batch_verify(&wrong), "{length}");
	}
}
