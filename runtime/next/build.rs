//! Compiles the next runtime to WebAssembly, as `depin-runtime` is.

/// Variable with the hash of the runtime's metadata, which `scripts/build-next-runtime` sets.
const METADATA_HASH: &str = "DEPIN_NEXT_RUNTIME_METADATA_HASH";

fn main() {
	println!("cargo:rerun-if-env-changed={METADATA_HASH}");
	#[cfg(feature = "std")]
	{
		if let Ok(hash) = std::env::var(METADATA_HASH) {
			std::env::set_var("RUNTIME_METADATA_HASH", hash);
		}
		substrate_wasm_builder::WasmBuilder::init_with_defaults()
			.append_to_rust_flags("-C overflow-checks=on")
			.build();
	}
}
