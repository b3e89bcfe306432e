//! Compiles this crate to WebAssembly, as the runtime is.

fn main() {
	#[cfg(feature = "std")]
	substrate_wasm_builder::WasmBuilder::init_with_defaults()
		.append_to_rust_flags("-C overflow-checks=on")
		.disable_runtime_version_section_check()
		.build();
}
