//! JSON-RPC of the node: a thin layer over the runtime APIs and the index, beside the SDK's own
//! methods.

mod counters;
mod coverage;
mod devices;
mod did;
mod errors;
mod input;
mod page;
mod rewards;
mod submit;
mod telemetry;

pub use counters::RpcCounters;

use crate::index::Index;
use depin_runtime::{opaque::Block, AccountId, Balance, BlockNumber, Hash, Nonce};
use jsonrpsee::RpcModule;
use pallet_attestation_runtime_api::AttestationApi;
use pallet_coverage_runtime_api::CoverageApi;
use pallet_device_registry_runtime_api::DeviceRegistryApi;
use pallet_rewards_runtime_api::RewardsApi;
use sc_client_api::AuxStore;
use sc_consensus_babe::{BabeApi, BabeWorkerHandle};
use sc_consensus_grandpa::{
	FinalityProofProvider, GrandpaJustificationStream, SharedAuthoritySet, SharedVoterState,
};
use sc_rpc::SubscriptionTaskExecutor;
use sc_transaction_pool_api::TransactionPool;
use sp_api::ProvideRuntimeApi;
use sp_block_builder::BlockBuilder;
use sp_blockchain::{Error as BlockChainError, HeaderBackend, HeaderMetadata};
use sp_consensus::SelectChain;
use sp_keystore::KeystorePtr;
use std::sync::Arc;

/// Dependencies of BABE's methods.
#[derive(Clone)]
pub struct BabeDeps {
	/// Access to the epochs.
	pub worker: BabeWorkerHandle<Block>,
	/// Keys of the node.
	pub keystore: KeystorePtr,
}

/// Dependencies of GRANDPA's methods.
pub struct GrandpaDeps<B> {
	/// State of the voter.
	pub voter_state: SharedVoterState,
	/// Authorities that vote.
	pub authority_set: SharedAuthoritySet<Hash, BlockNumber>,
	/// Stream of the justifications of finalized blocks.
	pub justifications: GrandpaJustificationStream<Block>,
	/// Executor of the subscriptions.
	pub executor: SubscriptionTaskExecutor,
	/// Proofs of finality.
	pub finality_provider: Arc<FinalityProofProvider<B, Block>>,
}

/// Dependencies of all methods.
pub struct FullDeps<C, P, SC, B> {
	/// Client of the chain.
	pub client: Arc<C>,
	/// Pool of transactions.
	pub pool: Arc<P>,
	/// Index of the finalized blocks.
	pub index: Index,
	/// Counters of submitted messages. A registry takes them once, but the module is made twice.
	pub counters: RpcCounters,
	/// Rule for the fork to build on.
	pub select_chain: SC,
	/// Specification of the chain, with the extension `LightSyncStateExtension`.
	pub chain_spec: Box<dyn sc_chain_spec::ChainSpec>,
	/// Dependencies of BABE's methods.
	pub babe: BabeDeps,
	/// Dependencies of GRANDPA's methods.
	pub grandpa: GrandpaDeps<B>,
}

/// Returns the module of all methods that the node serves beyond those of the SDK's service.
///
/// Fails if two methods have one name, or if the chain's specification lacks the extension that
/// `sync_state_genSyncSpec` needs.
pub fn create_full<C, P, SC, B>(
	deps: FullDeps<C, P, SC, B>,
) -> Result<RpcModule<()>, Box<dyn std::error::Error + Send + Sync>>
where
	C: ProvideRuntimeApi<Block>
		+ HeaderBackend<Block>
		+ HeaderMetadata<Block, Error = BlockChainError>
		+ AuxStore
		+ Send
		+ Sync
		+ 'static,
	C::Api: substrate_frame_rpc_system::AccountNonceApi<Block, AccountId, Nonce>
		+ pallet_transaction_payment_rpc::TransactionPaymentRuntimeApi<Block, Balance>
		+ BabeApi<Block>
		+ BlockBuilder<Block>
		+ DeviceRegistryApi<Block, AccountId>
		+ AttestationApi<Block>
		+ CoverageApi<Block>
		+ RewardsApi<Block, AccountId>,
	P: TransactionPool<Block = Block, Hash = Hash> + 'static,
	SC: SelectChain<Block> + Clone + 'static,
	B: sc_client_api::Backend<Block> + Send + Sync + 'static,
{
	use coverage::{Coverage, CoverageRpcServer};
	use devices::{Devices, DevicesRpcServer};
	use pallet_transaction_payment_rpc::{TransactionPayment, TransactionPaymentApiServer};
	use rewards::{Rewards, RewardsRpcServer};
	use sc_consensus_babe_rpc::{Babe, BabeApiServer};
	use sc_consensus_grandpa_rpc::{Grandpa, GrandpaApiServer};
	use sc_sync_state_rpc::{SyncState, SyncStateApiServer};
	use substrate_frame_rpc_system::{System, SystemApiServer};
	use telemetry::{Telemetry, TelemetryRpcServer};

	let FullDeps { client, pool, index, counters, select_chain, chain_spec, babe, grandpa } = deps;
	let BabeDeps { worker, keystore } = babe;
	let GrandpaDeps { voter_state, authority_set, justifications, executor, finality_provider } =
		grandpa;

	let mut module = RpcModule::new(());
	module.merge(System::new(client.clone(), pool.clone()).into_rpc())?;
	module.merge(TransactionPayment::new(client.clone()).into_rpc())?;
	module.merge(Babe::new(client.clone(), worker.clone(), keystore, select_chain).into_rpc())?;
	module.merge(
		Grandpa::new(
			executor,
			authority_set.clone(),
			voter_state,
			justifications,
			finality_provider,
		)
		.into_rpc(),
	)?;
	module.merge(SyncState::new(chain_spec, client.clone(), authority_set, worker)?.into_rpc())?;
	module.merge(Devices::new(client.clone()).into_rpc())?;
	module.merge(
		Telemetry::new(client.clone(), pool.clone(), index.clone(), counters.clone()).into_rpc(),
	)?;
	module.merge(Coverage::new(client.clone(), pool, index.clone(), counters).into_rpc())?;
	module.merge(Rewards::new(client, index).into_rpc())?;
	Ok(module)
}
