//! One signature, four verifiers, one outcome: the host functions and portable Rust, both natively
//! and from WebAssembly in the node's executor. And the same outcome by each when many are verified
//! together.

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

/// Agreement of the verifiers on a vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Agreed {
	accepted: bool,
	well_formed: bool,
}

const GOOD: Agreed = Agreed { accepted: true, well_formed: true };
const BAD_SIGNATURE: Agreed = Agreed { accepted: false, well_formed: true };
const BAD_KEY: Agreed = Agreed { accepted: false, well_formed: false };
/// Accepted, by a key that no device may have.
const WORTHLESS: Agreed = Agreed { accepted: true, well_formed: false };

/// Panics where the verifiers disagree.
fn agree(cases: &[Vector]) -> Vec<Agreed> {
	let inside = WASM.judge(cases);
	assert_eq!(inside.len(), cases.len());
	let agreed = cases.iter().zip(inside).map(|(case, inside)| {
		let outside = case.judge();
		assert_eq!(outside, inside, "native and wasm disagree on {case:x?}");
		assert_eq!(outside.host, outside.portable, "host and portable disagree on {case:x?}");
		Agreed { accepted: outside.host, well_formed: outside.well_formed }
	});
	let agreed: Vec<_> = agreed.collect();
	agree_together(cases, &agreed.iter().map(|agreed| agreed.accepted).collect::<Vec<_>>());
	agreed
}

/// Panics unless the verifiers accept these when they get all at once.
fn agree_together(cases: &[Vector], accepted: &[bool]) {
	let ed25519 = |(case, _): &(&Vector, _)| case.key.scheme() == KeyScheme::Ed25519;
	let all_good = cases.iter().zip(accepted).filter(ed25519).all(|(_, accepted)| *accepted);
	for (place, said) in [("native", judge_batch(cases)), ("wasm", WASM.judge_batch(cases))] {
		assert_eq!(said.host, accepted, "{place}, host: {cases:x?}");
		assert_eq!(said.portable, accepted, "{place}, portable: {cases:x?}");
		assert_eq!(said.together, all_good, "{place}, together: {cases:x?}");
	}
}

/// Panics unless all verifiers say this of each case.
fn expect(expected: Agreed, cases: &[Vector]) {
	assert!(!cases.is_empty());
	for (case, agreed) in cases.iter().zip(agree(cases)) {
		assert_eq!(agreed, expected, "{case:x?}");
	}
}

fn case(key: PublicKey, signature: [u8; 64], message: &[u8]) -> Vector {
	Vector { key, signature: Signature(signature), message: message.to_vec() }
}

/// Two halves of a signature.
fn join(left: [u8; 32], right: [u8; 32]) -> [u8; 64] {
	let mut all = [0; 64];
	all[..32].copy_from_slice(&left);
	all[32..].copy_from_slice(&right);
	all
}
