//! Chains that the binary knows by name, and chains that it reads from a file.

use crate::service::SignatureHostFunctions;
use depin_runtime::{
	genesis::{LOCAL_PRESET, STAGING_PRESET},
	opaque::Block,
	WASM_BINARY,
};
use sc_chain_spec::{ChainSpecExtension, DEV_RUNTIME_PRESET};
use sc_client_api::{BadBlocks, ForkBlocks};
use sc_service::{ChainType, GenericChainSpec, Properties};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Chain specification: the chain's name, its first nodes, its genesis.
///
/// The runtime builds the genesis, and needs the node's host functions for it.
pub type ChainSpec = GenericChainSpec<Extensions, SignatureHostFunctions>;

/// Extensions of a chain specification, beside its standard fields.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ChainSpecExtension)]
#[serde(rename_all = "camelCase", default)]
pub struct Extensions {
	/// Blocks that must be on the chain, by number.
	pub fork_blocks: ForkBlocks<Block>,
	/// Blocks that must not be on the chain.
	pub bad_blocks: BadBlocks<Block>,
	/// Starting point of a light client; written by the RPC method `sync_state_genSyncSpec`.
	pub light_sync_state: sc_sync_state_rpc::LightSyncStateExtension,
}

/// Symbol of the chain's token.
pub const TOKEN_SYMBOL: &str = "WORK";
/// Number of decimals of the chain's token.
pub const TOKEN_DECIMALS: u8 = 12;
/// Id of the local test network, for commands that need a chain when none is given.
pub const LOCAL_ID: &str = "depin_local";

/// Values of `--chain`, for error messages.
const OPTIONS: &str = "`dev`, `local`, `staging`, or the path of a chain specification (JSON)";

/// Returns the specification that `--chain` names.
pub fn load(chain: &str) -> Result<ChainSpec, String> {
	match chain {
		"" => Err(format!("no chain is named: give --dev, or --chain with {OPTIONS}")),
		"dev" => {
			named("depin development", "depin_dev", ChainType::Development, DEV_RUNTIME_PRESET)
		}
		"local" => named("depin local testnet", LOCAL_ID, ChainType::Local, LOCAL_PRESET),
		"staging" => named("depin staging", "depin_staging", ChainType::Live, STAGING_PRESET),
		path if Path::new(path).is_file() => ChainSpec::from_json_file(path.into()),
		unknown => {
			Err(format!("`{unknown}` is neither a known chain nor a file: --chain takes {OPTIONS}"))
		}
	}
}

/// Returns the chain whose genesis is the runtime's preset of that name.
fn named(name: &str, id: &str, chain_type: ChainType, preset: &str) -> Result<ChainSpec, String> {
	let code = WASM_BINARY
		.ok_or("this binary was built without a runtime (SKIP_WASM_BUILD): it knows no chain")?;
	Ok(ChainSpec::builder(code, Extensions::default())
		.with_name(name)
		.with_id(id)
		.with_chain_type(chain_type)
		.with_protocol_id("depin")
		.with_properties(properties())
		.with_genesis_config_preset_name(preset)
		.build())
}

/// Properties by which wallets show the token and addresses.
fn properties() -> Properties {
	let mut properties = Properties::new();
	properties.insert("tokenSymbol".into(), TOKEN_SYMBOL.into());
	properties.insert("tokenDecimals".into(), TOKEN_DECIMALS.into());
	properties.insert("ss58Format".into(), 42.into());
	properties
}

#[cfg(test)]
mod tests {
	use super::*;
	use sc_service::ChainSpec as _;
	use sp_runtime::BuildStorage;

	const NAMED: [(&str, &str, ChainType); 3] = [
		("dev", "depin_dev", ChainType::Development),
		("local", "depin_local", ChainType::Local),
		("staging", "depin_staging", ChainType::Live),
	];

	#[test]
	fn an_unknown_chain_is_refused_with_the_options() {
		for chain in ["", "devnet", "/no/such/file.json"] {
			let error = load(chain).err().expect("no such chain");
			for option in ["`dev`", "`local`", "`staging`", "path"] {
				assert!(error.contains(option), "{chain:?}: {error}");
			}
		}
	}

	/// Loads each named chain. Without a runtime in the binary, each is an error that says so.
	#[test]
	fn named_chains_have_a_genesis_of_their_own() {
		let mut roots = Vec::new();
		for (chain, id, chain_type) in NAMED {
			if WASM_BINARY.is_none() {
				assert!(load(chain).err().expect("no runtime").contains("SKIP_WASM_BUILD"));
				continue;
			}
			let spec = load(chain).expect(chain);
			assert_eq!((spec.id(), spec.chain_type()), (id, chain_type));
			assert_eq!(spec.properties()["tokenSymbol"], "WORK");
			assert_eq!(spec.properties()["tokenDecimals"], 12);
			assert_eq!(spec.properties()["ss58Format"], 42);
			let storage = spec.build_storage().expect("the preset is in the runtime");
			assert!(!roots.contains(&storage.top), "{chain} has another chain's genesis");
			roots.push(storage.top);
		}
	}

	#[test]
	fn a_specification_survives_its_file() {
		let Ok(spec) = load("dev") else {
			assert!(WASM_BINARY.is_none());
			return;
		};
		let json = spec.as_json(true).expect("serializable");
		let read = ChainSpec::from_json_bytes(json.into_bytes()).expect("what we wrote");
		assert_eq!(read.id(), spec.id());
		assert_eq!(read.build_storage().unwrap().top, spec.build_storage().unwrap().top);
	}

	/// Finds the extension without which `sync_state_genSyncSpec` does not start.
	#[test]
	fn extensions_are_found_by_type() {
		let extensions = Extensions::default();
		let found: Option<&sc_sync_state_rpc::LightSyncStateExtension> =
			sc_chain_spec::Extension::get(&extensions);
		assert!(found.is_some());
	}
}
