//! Calls into this crate as WebAssembly.

use crate::{BatchOutcome, BatchTask, Outcome, Task, Vector};
use codec::{Decode, Encode};
use depin_primitives::verify::host::signatures;
use sc_executor::WasmExecutor;
use sp_core::traits::{CallContext, CodeExecutor, RuntimeCode, WrappedRuntimeCode};

// The build script writes this file. Some of its constants are not used here.
#[allow(dead_code)]
mod blob {
	include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));
}

/// This crate as WebAssembly, run by the node's executor with the node's host functions.
pub struct Wasm {
	executor: WasmExecutor<(sp_io::SubstrateHostFunctions, signatures::HostFunctions)>,
	code: &'static [u8],
}

impl Wasm {
	/// Loads the WebAssembly.
	///
	/// Panics if it was not built, which is so under `SKIP_WASM_BUILD`.
	#[allow(clippy::new_without_default)]
	pub fn new() -> Self {
		let code = blob::WASM_BINARY
			.expect("depin-conformance was built without its WebAssembly: unset SKIP_WASM_BUILD");
		Self { executor: WasmExecutor::builder().build(), code }
	}

	/// Returns the answers of [`Vector::judge`] for each vector, computed in WebAssembly.
	pub fn judge(&self, vectors: &[Vector]) -> Vec<Outcome> {
		self.call("judge_vectors", vectors)
	}

	/// Returns the answers of [`judge_batch`](crate::judge_batch), computed in WebAssembly.
	pub fn judge_batch(&self, vectors: &[Vector]) -> BatchOutcome {
		self.call("judge_vectors_together", vectors)
	}

	/// Returns the host function's answer for these bytes, called from inside WebAssembly.
	pub fn all_good(&self, items: &[u8]) -> bool {
		self.call("all_good", items)
	}

	/// Runs [`repeat_batch`](crate::repeat_batch) in WebAssembly.
	pub fn repeat_batch(&self, times: u32, task: BatchTask, vectors: &[Vector]) -> Option<u32> {
		self.call("repeat_batch_task", (times, task, vectors))
	}

	/// Runs [`repeat`](crate::repeat) in WebAssembly.
	pub fn repeat(&self, times: u32, task: Task, vector: &Vector) -> bool {
		self.call("repeat_task", (times, task, vector))
	}

	fn call<T: Decode>(&self, method: &str, arguments: impl Encode) -> T {
		let fetcher = WrappedRuntimeCode(self.code.into());
		let code = RuntimeCode {
			code_fetcher: &fetcher,
			heap_pages: None,
			hash: b"depin-conformance".to_vec(),
		};
		let mut externalities = sp_io::TestExternalities::default();
		let (result, _) = self.executor.call(
			&mut externalities.ext(),
			&code,
			method,
			&arguments.encode(),
			CallContext::Offchain,
		);
		let result = result.unwrap_or_else(|error| panic!("{method}: {error}"));
		T::decode(&mut &result[..]).expect("it returns what it says; qed")
	}
}
