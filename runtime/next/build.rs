//! Compiles the next runtime to WebAssembly, as `depin-runtime` is.

fn main() {
	#[cfg(feature = "std")]
	substrate_wasm_builder::WasmBuilder::init_with_defaults()
		.append_to_rust_flags("-C overflow-checks=on")
		// As a release is built, so that a test can sign as wallets do.
		.enable_metadata_hash("WORK", 12)
		.build();
}
