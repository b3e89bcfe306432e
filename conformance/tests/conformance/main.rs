//! One signature, four verifiers, one answer: the host functions and portable Rust, each natively
//! and from WebAssembly in the node's executor. Each must also give the same answer when it
//! verifies many signatures together.

mod batch;
mod damage;
mod ecdsa;
mod ed25519;
mod sr25519;
mod wycheproof;

use depin_conformance::{judge_batch, Vector, Wasm};
use depin_primitives::{KeyScheme, PublicKey, Signature};
use std::sync::LazyLock;

static WASM: LazyLock<Wasm> = LazyLock::new(Wasm::new);

/// Answer that all verifiers give for a vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Agreed {
	accepted: bool,
	well_formed: bool,
}

const GOOD: Agreed = Agreed { accepted: true, well_formed: true };
const BAD_SIGNATURE: Agreed = Agreed { accepted: false, well_formed: true };
const BAD_KEY: Agreed = Agreed { accepted: false, well_formed: false };
/// Answer for a signature that verifies under a key that no device may have.
const WORTHLESS: Agreed = Agreed { accepted: true, well_formed: false };

/// Returns the verifiers' common answer for each vector.
///
/// Panics if two verifiers disagree.
fn agree(vectors: &[Vector]) -> Vec<Agreed> {
	let inside = WASM.judge(vectors);
	assert_eq!(inside.len(), vectors.len());
	let agreed = vectors.iter().zip(inside).map(|(vector, inside)| {
		let outside = vector.judge();
		assert_eq!(outside, inside, "native and wasm disagree on {vector:x?}");
		assert_eq!(outside.host, outside.portable, "host and portable disagree on {vector:x?}");
		Agreed { accepted: outside.host, well_formed: outside.well_formed }
	});
	let agreed: Vec<_> = agreed.collect();
	agree_together(vectors, &agreed.iter().map(|agreed| agreed.accepted).collect::<Vec<_>>());
	agreed
}

/// Verifies the vectors together.
///
/// Panics unless every verifier gives these answers.
fn agree_together(vectors: &[Vector], accepted: &[bool]) {
	let ed25519 = |(vector, _): &(&Vector, _)| vector.key.scheme() == KeyScheme::Ed25519;
	let all_good = vectors.iter().zip(accepted).filter(ed25519).all(|(_, accepted)| *accepted);
	for (place, said) in [("native", judge_batch(vectors)), ("wasm", WASM.judge_batch(vectors))] {
		assert_eq!(said.host, accepted, "{place}, host: {vectors:x?}");
		assert_eq!(said.portable, accepted, "{place}, portable: {vectors:x?}");
		assert_eq!(said.together, all_good, "{place}, together: {vectors:x?}");
	}
}

/// Panics unless all verifiers give this answer for each vector.
fn expect(expected: Agreed, vectors: &[Vector]) {
	assert!(!vectors.is_empty());
	for (vector, agreed) in vectors.iter().zip(agree(vectors)) {
		assert_eq!(agreed, expected, "{vector:x?}");
	}
}

fn vector(key: PublicKey, signature: [u8; 64], message: &[u8]) -> Vector {
	Vector { key, signature: Signature(signature), message: message.to_vec() }
}

/// Returns the signature with these two halves.
fn join(left: [u8; 32], right: [u8; 32]) -> [u8; 64] {
	let mut all = [0; 64];
	all[..32].copy_from_slice(&left);
	all[32..].copy_from_slice(&right);
	all
}
