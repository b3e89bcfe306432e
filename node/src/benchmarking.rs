//! Benchmarks: the commands `benchmark` and `benchmark-state`.

mod state;

pub use state::BenchmarkStateCmd;

use crate::service::{new_partial, Clock, FullClient, SignatureHostFunctions};
use codec::Encode;
use depin_runtime::{
	opaque::{Block, Hash},
	AccountId, BalancesCall, RuntimeCall, TxExtension, UncheckedExtrinsic,
};
use frame_benchmarking_cli::{
	BenchmarkCmd, ExtrinsicBuilder, ExtrinsicFactory, SubstrateRemarkBuilder,
	SUBSTRATE_REFERENCE_HARDWARE,
};
use sc_client_api::UsageProvider;
use sc_service::Configuration;
use sp_core::{sr25519, Pair};
use sp_inherents::{InherentData, InherentDataProvider};
use sp_keyring::Sr25519Keyring;
use sp_runtime::{
	generic::{Era, SignedPayload},
	traits::HashingFor,
	OpaqueExtrinsic,
};
use std::time::Duration;

/// Tells if the command measures a runtime that `--runtime` names, whatever runtime the binary has.
pub fn is_of_a_file(cmd: &BenchmarkCmd) -> bool {
	match cmd {
		BenchmarkCmd::Pallet(cmd) => cmd.runtime.is_some(),
		BenchmarkCmd::Overhead(cmd) => cmd.params.runtime.is_some(),
		_ => false,
	}
}

/// Runs a benchmark of a runtime in a file.
pub fn run_file(cmd: &BenchmarkCmd) -> sc_cli::Result<()> {
	run_with_spec(cmd, None)
}

/// Runs a benchmark of a runtime that needs no database.
fn run_with_spec(
	cmd: &BenchmarkCmd,
	spec: Option<Box<dyn sc_service::ChainSpec>>,
) -> sc_cli::Result<()> {
	match cmd {
		BenchmarkCmd::Pallet(cmd) => {
			cmd.run_with_spec::<HashingFor<Block>, SignatureHostFunctions>(spec)
		}
		BenchmarkCmd::Overhead(cmd) => {
			cmd.run_with_default_builder_and_spec::<Block, SignatureHostFunctions>(spec)
		}
		_ => Err("only `benchmark pallet` and `benchmark overhead` measure a runtime alone".into()),
	}
}

/// Runs a benchmark of the binary's own runtime, or of a chain.
pub fn run(cmd: &BenchmarkCmd, config: Configuration) -> sc_cli::Result<()> {
	match cmd {
		BenchmarkCmd::Pallet(_) | BenchmarkCmd::Overhead(_) => {
			run_with_spec(cmd, Some(config.chain_spec))
		}
		BenchmarkCmd::Block(cmd) => {
			let partial = new_partial(&config, Clock::Wall)?;
			cmd.run(partial.client)
		}
		BenchmarkCmd::Storage(cmd) => {
			let partial = new_partial(&config, Clock::Wall)?;
			let database = partial.backend.expose_db();
			let storage = partial.backend.expose_storage();
			let trie_cache = partial.backend.expose_shared_trie_cache();
			cmd.run(config, partial.client, database, storage, trie_cache)
		}
		BenchmarkCmd::Extrinsic(cmd) => {
			let partial = new_partial(&config, Clock::Wall)?;
			let extrinsics = ExtrinsicFactory(vec![
				Box::new(SubstrateRemarkBuilder::new_from_client::<_, Block>(
					partial.client.clone(),
				)?),
				Box::new(TransferBuilder::new(&partial.client)),
			]);
			cmd.run(partial.client, inherent_data()?, Vec::new(), &extrinsics)
		}
		BenchmarkCmd::Machine(cmd) => cmd.run(&config, SUBSTRATE_REFERENCE_HARDWARE.clone()),
	}
}

/// Returns the inherents of a block in the first slot, which is the slot of a block without a BABE
/// digest.
fn inherent_data() -> sc_cli::Result<InherentData> {
	let timestamp = sp_timestamp::InherentDataProvider::new(Duration::ZERO.into());
	futures::executor::block_on(timestamp.create_inherent_data())
		.map_err(|error| format!("cannot make the timestamp inherent: {error}").into())
}

/// Builder of transfers between the well-known accounts of a development chain.
struct TransferBuilder {
	genesis_hash: Hash,
	sender: sr25519::Pair,
	recipient: AccountId,
}

impl TransferBuilder {
	fn new(client: &FullClient) -> Self {
		Self {
			genesis_hash: client.usage_info().chain.genesis_hash,
			sender: Sr25519Keyring::Alice.pair(),
			recipient: Sr25519Keyring::Bob.to_account_id(),
		}
	}

	/// Returns the call, signed for a chain of this runtime's version.
	fn signed(&self, call: RuntimeCall, nonce: u32) -> UncheckedExtrinsic {
		let extension: TxExtension = (
			frame_system::AuthorizeCall::new(),
			frame_system::CheckNonZeroSender::new(),
			frame_system::CheckSpecVersion::new(),
			frame_system::CheckTxVersion::new(),
			frame_system::CheckGenesis::new(),
			frame_system::CheckMortality::from(Era::Immortal),
			frame_system::CheckNonce::from(nonce),
			frame_system::CheckWeight::new(),
			pallet_transaction_payment::ChargeTransactionPayment::from(0),
			frame_metadata_hash_extension::CheckMetadataHash::new(false),
			frame_system::WeightReclaim::new(),
		);
		let version = depin_runtime::VERSION;
		let payload = SignedPayload::from_raw(
			call.clone(),
			extension.clone(),
			(
				(),
				(),
				version.spec_version,
				version.transaction_version,
				self.genesis_hash,
				self.genesis_hash,
				(),
				(),
				(),
				None,
				(),
			),
		);
		let signature = payload.using_encoded(|bytes| self.sender.sign(bytes));
		let sender: AccountId = self.sender.public().into();
		UncheckedExtrinsic::new_signed(call, sender.into(), signature.into(), extension)
	}
}

impl ExtrinsicBuilder for TransferBuilder {
	fn pallet(&self) -> &str {
		"balances"
	}

	fn extrinsic(&self) -> &str {
		"transfer_keep_alive"
	}

	fn build(&self, nonce: u32) -> Result<OpaqueExtrinsic, &'static str> {
		let call = BalancesCall::transfer_keep_alive {
			dest: self.recipient.clone().into(),
			value: depin_runtime::constants::currency::EXISTENTIAL_DEPOSIT,
		};
		Ok(self.signed(call.into(), nonce).into())
	}
}
