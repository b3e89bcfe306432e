#![cfg_attr(not(feature = "std"), no_std)]
#![doc = include_str!("../README.md")]

extern crate alloc;

#[cfg(feature = "std")]
mod wasm;

#[cfg(feature = "std")]
pub use wasm::Wasm;

use alloc::vec::Vec;
use codec::{Decode, Encode};
use depin_primitives::{
	verify::{batch::Item, host::signatures, is_well_formed, portable, verify_batch, verify_bytes},
	PublicKey, Signature,
};

/// Signature to verify, with its key and message.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Vector {
	/// The key that should have made it.
	pub key: PublicKey,
	/// The signature.
	pub signature: Signature,
	/// Message that should have been signed.
	pub message: Vec<u8>,
}

/// Outcome of each way of verification for one vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Outcome {
	/// The host functions accept the signature.
	pub host: bool,
	/// Portable Rust accepts it.
	pub portable: bool,
	/// The key is well formed.
	pub well_formed: bool,
}

impl Vector {
	/// Verifies by the host functions, also where `no-host-functions` is set.
	pub fn by_host(&self) -> bool {
		let (signature, message) = (&self.signature.0, &self.message);
		match &self.key {
			PublicKey::Ed25519(_) | PublicKey::Sr25519(_) => {
				verify_bytes(&self.key, &self.signature, message)
			}
			PublicKey::Secp256k1(key) => signatures::secp256k1_verify(signature, message, key),
			PublicKey::P256(key) => signatures::p256_verify(signature, message, key),
		}
	}

	/// Verifies in portable Rust.
	pub fn by_portable(&self) -> bool {
		portable::verify_bytes(&self.key, &self.signature, &self.message)
	}

	/// All that can be said of it here.
	pub fn judge(&self) -> Outcome {
		Outcome {
			host: self.by_host(),
			portable: self.by_portable(),
			well_formed: is_well_formed(&self.key),
		}
	}

	/// Does this task with it.
	pub fn run(&self, task: Task) -> bool {
		match task {
			Task::Host => self.by_host(),
			Task::Portable => self.by_portable(),
			Task::WellFormed => is_well_formed(&self.key),
		}
	}
}

/// Outcome of each way of verification for several vectors together.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct BatchOutcome {
	/// The runtime accepts these.
	pub host: Vec<bool>,
	/// Portable Rust accepts these.
	pub portable: Vec<bool>,
	/// The host function finds that all those of Ed25519 are good, handed to it at once.
	pub together: bool,
}

/// All that can be said of them here.
pub fn judge_batch(cases: &[Vector]) -> BatchOutcome {
	let items = items(cases);
	BatchOutcome {
		host: verify_batch(&items),
		portable: portable::verify_batch(&items),
		together: signatures::ed25519_batch_verify(&written(cases)),
	}
}

fn items(cases: &[Vector]) -> Vec<(PublicKey, Signature, &[u8])> {
	cases.iter().map(|case| (case.key, case.signature, &case.message[..])).collect()
}

/// Those of Ed25519, as the runtime hands them to the host.
pub fn written(cases: &[Vector]) -> Vec<u8> {
	let mut bytes = Vec::new();
	for case in cases {
		if let PublicKey::Ed25519(key) = &case.key {
			let item = Item { key, signature: &case.signature.0, message: &case.message };
			assert!(item.write(&mut bytes), "a message of 4 GiB");
		}
	}
	bytes
}

/// A task to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Task {
	/// [`Vector::by_host`].
	Host,
	/// [`Vector::by_portable`].
	Portable,
	/// [`is_well_formed`].
	WellFormed,
}

/// Tells if the task succeeds every one of that many times.
pub fn repeat(times: u32, task: Task, case: &Vector) -> bool {
	// Opaque, so that the loop is not taken apart.
	(0..times).all(|_| core::hint::black_box(case).run(task))
}

/// A task with many cases to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum BatchTask {
	/// [`Vector::by_host`] of each.
	OneByOne,
	/// The host function, once for all.
	AtOnce,
	/// [`verify_batch`].
	Groups,
}

/// Returns the number of vectors that are accepted; by [`BatchTask::AtOnce`] all or none. Returns
/// `None` if the number is not the same every one of that many times.
pub fn repeat_batch(times: u32, task: BatchTask, cases: &[Vector]) -> Option<u32> {
	let accepted = || {
		let cases = core::hint::black_box(cases);
		let count = match task {
			BatchTask::OneByOne => cases.iter().filter(|case| case.by_host()).count(),
			BatchTask::AtOnce => match signatures::ed25519_batch_verify(&written(cases)) {
				true => cases.len(),
				false => 0,
			},
			BatchTask::Groups => {
				verify_batch(&items(cases)).into_iter().filter(|good| *good).count()
			}
		};
		count as u32
	};
	let first = accepted();
	(1..times).all(|_| accepted() == first).then_some(first)
}

// What the WebAssembly exports.
sp_core::wasm_export_functions! {
	fn judge_cases(cases: Vec<Vector>) -> Vec<Outcome> {
		cases.iter().map(Vector::judge).collect()
	}

	fn judge_cases_together(cases: Vec<Vector>) -> BatchOutcome {
		judge_batch(&cases)
	}

	fn all_good(items: Vec<u8>) -> bool {
		signatures::ed25519_batch_verify(&items)
	}

	fn repeat_batch_task(times: u32, task: BatchTask, cases: Vec<Vector>) -> Option<u32> {
		repeat_batch(times, task, &cases)
	}

	fn repeat_task(times: u32, task: Task, case: Vector) -> bool {
		repeat(times, task, &case)
	}
}
