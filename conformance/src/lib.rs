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
	/// Key that should have made the signature.
	pub key: PublicKey,
	/// Signature to verify.
	pub signature: Signature,
	/// Message that should have been signed.
	pub message: Vec<u8>,
}

/// Outcome of each way of verification for one vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Outcome {
	/// Answer of the host functions: true if they accept the signature.
	pub host: bool,
	/// Answer of portable Rust: true if it accepts the signature.
	pub portable: bool,
	/// True if the key is well formed.
	pub well_formed: bool,
}

impl Vector {
	/// Verifies by the host functions, also with the feature `no-host-functions`.
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

	/// Verifies the vector in every way, here: natively, or in WebAssembly if called from there.
	pub fn judge(&self) -> Outcome {
		Outcome {
			host: self.by_host(),
			portable: self.by_portable(),
			well_formed: is_well_formed(&self.key),
		}
	}

	/// Runs a task with the vector, and returns its answer.
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
	/// Answer of the runtime's [`verify_batch`] for each vector.
	pub host: Vec<bool>,
	/// Answer of the portable `verify_batch` for each vector.
	pub portable: Vec<bool>,
	/// Answer of the host function for all Ed25519 vectors at once: true if all of them are valid.
	pub together: bool,
}

/// Verifies the vectors together in every way, natively or in WebAssembly as [`Vector::judge`].
pub fn judge_batch(vectors: &[Vector]) -> BatchOutcome {
	let items = items(vectors);
	BatchOutcome {
		host: verify_batch(&items),
		portable: portable::verify_batch(&items),
		together: signatures::ed25519_batch_verify(&written(vectors)),
	}
}

fn items(vectors: &[Vector]) -> Vec<(PublicKey, Signature, &[u8])> {
	vectors.iter().map(|vector| (vector.key, vector.signature, &vector.message[..])).collect()
}

/// Returns the Ed25519 vectors as the bytes that the runtime hands to the host function.
///
/// Panics if a message is longer than 4 GiB.
pub fn written(vectors: &[Vector]) -> Vec<u8> {
	let mut bytes = Vec::new();
	for vector in vectors {
		if let PublicKey::Ed25519(key) = &vector.key {
			let item = Item { key, signature: &vector.signature.0, message: &vector.message };
			assert!(item.write(&mut bytes), "a message of 4 GiB");
		}
	}
	bytes
}

/// Task on one vector that can be measured.
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
pub fn repeat(times: u32, task: Task, vector: &Vector) -> bool {
	// `black_box` keeps the compiler from computing the answer once for all repetitions.
	(0..times).all(|_| core::hint::black_box(vector).run(task))
}

/// Task on several vectors that can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum BatchTask {
	/// [`Vector::by_host`] of each vector.
	OneByOne,
	/// One call of the host function for all vectors.
	AtOnce,
	/// One call of [`verify_batch`], which forms groups.
	Groups,
}

/// Returns the number of vectors that are accepted; by [`BatchTask::AtOnce`] all or none. Returns
/// `None` if the number is not the same every one of that many times.
pub fn repeat_batch(times: u32, task: BatchTask, vectors: &[Vector]) -> Option<u32> {
	let accepted = || {
		let vectors = core::hint::black_box(vectors);
		let count = match task {
			BatchTask::OneByOne => vectors.iter().filter(|vector| vector.by_host()).count(),
			BatchTask::AtOnce => match signatures::ed25519_batch_verify(&written(vectors)) {
				true => vectors.len(),
				false => 0,
			},
			BatchTask::Groups => {
				verify_batch(&items(vectors)).into_iter().filter(|good| *good).count()
			}
		};
		count as u32
	};
	let first = accepted();
	(1..times).all(|_| accepted() == first).then_some(first)
}

// Exports of the WebAssembly, which `wasm.rs` calls.
sp_core::wasm_export_functions! {
	fn judge_vectors(vectors: Vec<Vector>) -> Vec<Outcome> {
		vectors.iter().map(Vector::judge).collect()
	}

	fn judge_vectors_together(vectors: Vec<Vector>) -> BatchOutcome {
		judge_batch(&vectors)
	}

	fn all_good(items: Vec<u8>) -> bool {
		signatures::ed25519_batch_verify(&items)
	}

	fn repeat_batch_task(times: u32, task: BatchTask, vectors: Vec<Vector>) -> Option<u32> {
		repeat_batch(times, task, &vectors)
	}

	fn repeat_task(times: u32, task: Task, vector: Vector) -> bool {
		repeat(times, task, &vector)
	}
}
