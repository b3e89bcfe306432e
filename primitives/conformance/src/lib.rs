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
	verify::{host::signatures, is_well_formed, portable, verify_bytes},
	PublicKey, Signature,
};

/// A signature to judge.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Case {
	/// The key that should have made it.
	pub key: PublicKey,
	/// The signature.
	pub signature: Signature,
	/// What should have been signed.
	pub message: Vec<u8>,
}

/// What is said of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Verdict {
	/// The host functions accept the signature.
	pub host: bool,
	/// Portable Rust accepts it.
	pub portable: bool,
	/// The key is well formed.
	pub well_formed: bool,
}

impl Case {
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
	pub fn judge(&self) -> Verdict {
		Verdict {
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

/// A task to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Task {
	/// [`Case::by_host`].
	Host,
	/// [`Case::by_portable`].
	Portable,
	/// [`is_well_formed`].
	WellFormed,
}

/// Whether the task succeeds each of that many times.
pub fn repeat(times: u32, task: Task, case: &Case) -> bool {
	// Opaque, so that the loop is not taken apart.
	(0..times).all(|_| core::hint::black_box(case).run(task))
}

// What the WebAssembly exports.
sp_core::wasm_export_functions! {
	fn judge_cases(cases: Vec<Case>) -> Vec<Verdict> {
		cases.iter().map(Case::judge).collect()
	}

	fn repeat_task(times: u32, task: Task, case: Case) -> bool {
		repeat(times, task, &case)
	}
}
