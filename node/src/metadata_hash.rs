//! The hash of a runtime's metadata (RFC-78): the command `metadata-hash`.
//!
//! A wallet that shows what it signs, such as a Ledger, puts the hash into what is signed. The
//! runtime compares it with the hash that it was compiled with: see `scripts/release`. The same
//! command lets anyone check the runtime that a referendum proposes.

use crate::{chain_spec, service::HostFunctions};
use codec::{Decode, Encode};
use frame_metadata::{RuntimeMetadata, RuntimeMetadataPrefixed};
use merkleized_metadata::{generate_metadata_digest, ExtraInfo};
use sc_executor::{RuntimeVersion, WasmExecutor};
use sp_core::traits::{CallContext, CodeExecutor, RuntimeCode, WrappedRuntimeCode};
use sp_state_machine::BasicExternalities;
use std::path::PathBuf;

/// Version of the metadata that RFC-78 hashes.
const METADATA_VERSION: u32 = 15;

/// Arguments of the command `metadata-hash`.
#[derive(Debug, clap::Parser)]
pub struct MetadataHashCmd {
	/// WebAssembly of the runtime, compressed or not. Default: the binary's own runtime.
	#[arg(long, value_name = "FILE")]
	pub runtime: Option<PathBuf>,
}

impl MetadataHashCmd {
	/// Prints the hash in hexadecimal.
	pub fn run(&self) -> sc_cli::Result<()> {
		let code = match &self.runtime {
			Some(path) => std::fs::read(path)
				.map_err(|error| format!("cannot read {}: {error}", path.display()))?,
			None => depin_runtime::WASM_BINARY.ok_or("this binary has no runtime")?.to_vec(),
		};
		println!("0x{}", hex::encode(metadata_hash(code)?));
		Ok(())
	}
}

/// Returns the hash of the metadata of this runtime, for the chain's token.
///
/// ## Errors
///
/// The code is no runtime, or its metadata has no version 15.
fn metadata_hash(code: Vec<u8>) -> Result<[u8; 32], String> {
	let executor = WasmExecutor::<HostFunctions>::builder().build();
	let code = RuntimeCode {
		code_fetcher: &WrappedRuntimeCode(code.into()),
		heap_pages: None,
		// Names the code in the executor's cache, which has no other code.
		hash: vec![0],
	};
	let call = |function: &str, arguments: &[u8]| {
		let mut state = BasicExternalities::new_empty();
		executor
			.call(&mut state, &code, function, arguments, CallContext::Offchain)
			.0
			.map_err(|error| format!("the runtime cannot execute {function}: {error}"))
	};

	let metadata = call("Metadata_metadata_at_version", &METADATA_VERSION.encode())?;
	let metadata = Option::<Vec<u8>>::decode(&mut &metadata[..])
		.map_err(|error| format!("the metadata is not as expected: {error}"))?
		.ok_or_else(|| format!("the runtime has no metadata of version {METADATA_VERSION}"))?;
	let RuntimeMetadataPrefixed(_, metadata) = RuntimeMetadataPrefixed::decode(&mut &metadata[..])
		.map_err(|error| format!("the metadata cannot be decoded: {error}"))?;
	let version = RuntimeVersion::decode(&mut &call("Core_version", &[])?[..])
		.map_err(|error| format!("the runtime's version cannot be decoded: {error}"))?;

	let extra = ExtraInfo {
		spec_version: version.spec_version,
		spec_name: version.spec_name.into(),
		base58_prefix: ss58_prefix(&metadata)?,
		decimals: chain_spec::TOKEN_DECIMALS,
		token_symbol: chain_spec::TOKEN_SYMBOL.into(),
	};
	generate_metadata_digest(&metadata, extra)
		.map(|digest| digest.hash())
		.map_err(|error| format!("the metadata cannot be hashed: {error}"))
}

/// Returns the chain's SS58 prefix, a constant of the pallet System.
fn ss58_prefix(metadata: &RuntimeMetadata) -> Result<u16, String> {
	let RuntimeMetadata::V15(metadata) = metadata else {
		return Err(format!("the metadata has version {}, not 15", metadata.version()));
	};
	let constant = metadata
		.pallets
		.iter()
		.filter(|pallet| pallet.name == "System")
		.flat_map(|pallet| &pallet.constants)
		.find(|constant| constant.name == "SS58Prefix")
		.ok_or("the metadata has no constant System.SS58Prefix")?;
	u16::decode(&mut &constant.value[..])
		.map_err(|error| format!("the constant System.SS58Prefix is no u16: {error}"))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn what_is_no_runtime_is_refused() {
		let error = metadata_hash(b"\0asm\x01\0\0\0".to_vec()).unwrap_err();
		assert!(error.contains("Metadata_metadata_at_version"), "{error}");
		let cmd = MetadataHashCmd { runtime: Some("/nowhere/at/all.wasm".into()) };
		assert!(cmd.run().unwrap_err().to_string().contains("/nowhere/at/all.wasm"));
	}
}
