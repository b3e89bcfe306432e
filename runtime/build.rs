//! Compiles the runtime to WebAssembly.

/// Variable with the hash of the runtime's metadata, which `scripts/release` sets.
const METADATA_HASH: &str = "DEPIN_RUNTIME_METADATA_HASH";

fn main() {
	println!("cargo:rerun-if-env-changed={METADATA_HASH}");
	#[cfg(feature = "std")]
	{
		// The variable of the SDK would be seen by the native build too, which has no use for it.
		if let Ok(hash) = std::env::var(METADATA_HASH) {
			std::env::set_var("RUNTIME_METADATA_HASH", hash);
		}
		substrate_wasm_builder::WasmBuilder::init_with_defaults()
			// The workspace's profiles do not reach the WebAssembly: ask for overflow checks here.
			.append_to_rust_flags("-C overflow-checks=on")
			.build();
	}
}
