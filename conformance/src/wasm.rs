//! Runs the WebAssembly.

use crate::{BatchOutcome, BatchTask, Outcome, Task, Vector};
use codec::{Decode, Encode};
use depin_primitives::verify::host::signatures;
use sc_executor::WasmExecutor;
use sp_core::traits::{CallContext, CodeExecutor, RuntimeCode, WrappedRuntimeCode};

// Written by the build script; not all of it is of use here.
#[allow(dead_code)]
mod blob {
	include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));
}

/// This crate as WebAssembly, in the executor and with the host functions that the node has.
pub struct Wasm {
	executor: WasmExecutor<(sp_io::SubstrateHostFunctions, signatures::HostFunctions)>,
	code: &'static [u8],
}

impl Wasm {
	/// Panics if the WebAssembly has not been built.
	#[allow(clippy::new_without_default)]
	pub fn new() -> Self {
		let code = blob::WASM_BINARY
			.expect("depin-conformance was built without its WebAssembly: unset SKIP_WASM_BUILD");
		Self { executor: WasmExecutor::builder().build(), code }
	}

	/// [`Vector::judge`] of each, in there.
	pub fn judge(&self, cases: &[Vector]) -> Vec<Outcome> {
		self.call("judge_cases", cases)
	}

	/// [`judge_batch`](crate::judge_batch), in there.
	pub fn judge_batch(&self, cases: &[Vector]) -> BatchOutcome {
		self.call("judge_cases_together", cases)
	}

	/// Returns the host function's answer for these bytes, called from inside WebAssembly.
	pub fn all_good(&self, items: &[u8]) -> bool {
		self.call("all_good", items)
	}

	/// [`repeat_batch`](crate::repeat_batch), in there.
	pub fn repeat_batch(&self, times: u32, task: BatchTask, cases: &[Vector]) -> Option<u32> {
		self.call("repeat_batch_task", (times, task, cases))
	}

	/// [`repeat`](crate::repeat), in there.
	pub fn repeat(&self, times: u32, task: Task, case: &Vector) -> bool {
		self.call("repeat_task", (times, task, case))
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
