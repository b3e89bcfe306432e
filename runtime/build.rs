//! Compiles the runtime to WebAssembly.

fn main() {
	#[cfg(feature = "std")]
	{
		let builder = substrate_wasm_builder::WasmBuilder::init_with_defaults()
			// The workspace's profiles do not reach the WebAssembly: ask for overflow checks here.
			.append_to_rust_flags("-C overflow-checks=on");
		#[cfg(feature = "metadata-hash")]
		let builder = builder.enable_metadata_hash("WORK", 12);
		builder.build();
	}
}
