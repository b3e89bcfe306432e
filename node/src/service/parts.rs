//! Components of a node without network and authoring, as every command on the database needs them.

use depin_runtime::{
	opaque::{Block, Hash},
	RuntimeApi,
};
use sc_consensus_babe::{BabeLink, BabeWorkerHandle};
use sc_service::{Configuration, Error, PartialComponents, TaskManager};
use sc_telemetry::{Telemetry, TelemetryHandle, TelemetryWorker};
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_consensus_babe::{inherents::BabeCreateInherentDataProviders, Slot, SlotDuration};
use sp_keystore::KeystorePtr;
use std::sync::Arc;
use substrate_prometheus_endpoint::Registry;

/// Host functions of this node alone.
pub type SignatureHostFunctions = depin_primitives::verify::host::signatures::HostFunctions;

/// Host functions that the runtime may call.
#[cfg(not(feature = "runtime-benchmarks"))]
pub type HostFunctions = (sp_io::SubstrateHostFunctions, SignatureHostFunctions);

/// Host functions that the runtime may call, those of its benchmarks included.
#[cfg(feature = "runtime-benchmarks")]
pub type HostFunctions = (
	sp_io::SubstrateHostFunctions,
	SignatureHostFunctions,
	frame_benchmarking::benchmarking::HostFunctions,
);

/// Executor of the runtime.
pub type RuntimeExecutor = sc_executor::WasmExecutor<HostFunctions>;
/// Client of the chain: its blocks, its state, its runtime APIs.
pub type FullClient = sc_service::TFullClient<Block, RuntimeApi, RuntimeExecutor>;
/// Database of the chain.
pub type FullBackend = sc_service::TFullBackend<Block>;
/// Rule for the fork to build on.
pub type SelectChain = sc_consensus::LongestChain<FullBackend, Block>;
/// Pool of transactions that wait for a block.
pub type TransactionPool = sc_transaction_pool::TransactionPoolHandle<Block, FullClient>;

pub(super) type GrandpaBlockImport =
	sc_consensus_grandpa::GrandpaBlockImport<FullBackend, Block, FullClient, SelectChain>;
pub(super) type GrandpaLink = sc_consensus_grandpa::LinkHalf<Block, FullClient, SelectChain>;
pub(super) type InherentProviders = BabeCreateInherentDataProviders<Block>;
pub(super) type BabeBlockImport = sc_consensus_babe::BabeBlockImport<
	Block,
	FullClient,
	GrandpaBlockImport,
	InherentProviders,
	SelectChain,
>;

/// Number of blocks from one stored justification to the next, where nothing else asks for one.
pub(super) const JUSTIFICATION_PERIOD: u32 = 512;

/// Consensus components that [`new_partial`] sets up beside the standard ones.
pub struct Consensus {
	/// Import of blocks through BABE, then GRANDPA.
	pub(super) block_import: BabeBlockImport,
	/// Import of justifications, which finalizes their blocks.
	pub(super) justification_import: GrandpaBlockImport,
	/// State that BABE's import shares with its worker.
	pub(super) babe_link: BabeLink<Block>,
	/// Access to BABE's epochs.
	pub(super) babe_worker: BabeWorkerHandle<Block>,
	/// State that GRANDPA's import shares with its voter.
	pub(super) grandpa_link: GrandpaLink,
	/// Providers of each block's inherent data.
	pub(super) inherents: InherentProviders,
	/// Connection to Substrate's telemetry servers.
	pub(super) telemetry: Option<Telemetry>,
}

/// Import queue of blocks.
pub(super) type ImportQueue = sc_consensus::DefaultImportQueue<Block>;

/// Components that every command on the database needs.
pub type Partial = PartialComponents<
	FullClient,
	FullBackend,
	SelectChain,
	ImportQueue,
	TransactionPool,
	Consensus,
>;

/// Components that most tasks of a node use. Clones share the components.
#[derive(Clone)]
pub struct Shared {
	/// Client of the chain.
	pub client: Arc<FullClient>,
	/// Database of the chain.
	pub backend: Arc<FullBackend>,
	/// Pool of transactions.
	pub pool: Arc<TransactionPool>,
	/// Rule for the fork to build on.
	pub select_chain: SelectChain,
	/// Keys of this node.
	pub keystore: KeystorePtr,
	/// Registry of Prometheus; none on a node without it.
	pub registry: Option<Registry>,
	/// Handle of the connection to Substrate's telemetry servers.
	pub telemetry: Option<TelemetryHandle>,
}

/// Clock that the slots and times of blocks follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
	/// Clock of the machine.
	Wall,
	/// Clock of a sealed chain, which advances by one slot per block.
	Slots,
}

/// Opens the database and sets up import and consensus, without network or authoring.
pub fn new_partial(config: &Configuration, clock: Clock) -> Result<Partial, Error> {
	let telemetry = new_telemetry(config)?;
	let executor: RuntimeExecutor = sc_service::new_wasm_executor(&config.executor);
	let (client, backend, keystore_container, task_manager) =
		sc_service::new_full_parts::<Block, RuntimeApi, _>(
			config,
			telemetry.as_ref().map(|(_, telemetry)| telemetry.handle()),
			executor,
			Vec::new(),
		)?;
	let client = Arc::new(client);
	let telemetry = telemetry.map(|(worker, telemetry)| {
		task_manager.spawn_handle().spawn("telemetry", None, worker.run());
		telemetry
	});

	let select_chain = SelectChain::new(backend.clone());
	let transaction_pool = Arc::new(
		sc_transaction_pool::Builder::new(
			task_manager.spawn_essential_handle(),
			client.clone(),
			config.role.is_authority().into(),
		)
		.with_options(config.transaction_pool.clone())
		.with_prometheus(config.prometheus_registry())
		.build(),
	);
	let (import_queue, other) = new_consensus(
		config,
		clock,
		&task_manager,
		&client,
		&select_chain,
		&transaction_pool,
		telemetry,
	)?;
	Ok(PartialComponents {
		client,
		backend,
		task_manager,
		keystore_container,
		select_chain,
		import_queue,
		transaction_pool,
		other,
	})
}

/// Connects to Substrate's telemetry servers, if the configuration names any.
fn new_telemetry(
	config: &Configuration,
) -> Result<Option<(TelemetryWorker, Telemetry)>, sc_telemetry::Error> {
	config
		.telemetry_endpoints
		.clone()
		.filter(|endpoints| !endpoints.is_empty())
		.map(|endpoints| {
			let worker = TelemetryWorker::new(16)?;
			let telemetry = worker.handle().new_telemetry(endpoints);
			Ok((worker, telemetry))
		})
		.transpose()
}

/// Sets up the import of blocks: a block is checked by BABE, then by GRANDPA.
fn new_consensus(
	config: &Configuration,
	clock: Clock,
	task_manager: &TaskManager,
	client: &Arc<FullClient>,
	select_chain: &SelectChain,
	pool: &Arc<TransactionPool>,
	telemetry: Option<Telemetry>,
) -> Result<(ImportQueue, Consensus), Error> {
	let telemetry_handle = telemetry.as_ref().map(Telemetry::handle);
	let (grandpa_block_import, grandpa_link) = sc_consensus_grandpa::block_import(
		client.clone(),
		JUSTIFICATION_PERIOD,
		client,
		select_chain.clone(),
		telemetry_handle.clone(),
	)?;
	let justification_import = grandpa_block_import.clone();

	let babe_config = sc_consensus_babe::configuration(&**client)?;
	let slot_duration = babe_config.slot_duration();
	let inherents = match clock {
		Clock::Wall => inherent_providers(slot_duration),
		Clock::Slots => sealed_inherents(client.clone(), slot_duration),
	};
	let (block_import, babe_link) = sc_consensus_babe::block_import(
		babe_config,
		grandpa_block_import,
		client.clone(),
		inherents.clone(),
		select_chain.clone(),
		OffchainTransactionPoolFactory::new(pool.clone()),
	)?;
	let (import_queue, babe_worker) =
		sc_consensus_babe::import_queue(sc_consensus_babe::ImportQueueParams {
			link: babe_link.clone(),
			block_import: block_import.clone(),
			justification_import: Some(Box::new(justification_import.clone())),
			client: client.clone(),
			slot_duration,
			spawner: &task_manager.spawn_essential_handle(),
			registry: config.prometheus_registry(),
			telemetry: telemetry_handle,
		})?;
	let consensus = Consensus {
		block_import,
		justification_import,
		babe_link,
		babe_worker,
		grandpa_link,
		inherents,
		telemetry,
	};
	Ok((import_queue, consensus))
}

/// Returns the providers of each block's inherent data: its time, and the slot of that time.
fn inherent_providers(slot_duration: SlotDuration) -> InherentProviders {
	Arc::new(move |_parent: Hash, ()| async move {
		let timestamp = sp_timestamp::InherentDataProvider::from_system_time();
		let slot =
			sp_consensus_babe::inherents::InherentDataProvider::from_timestamp_and_slot_duration(
				*timestamp,
				slot_duration,
			);
		Ok((slot, timestamp))
	})
}

/// Returns the providers of a sealed block's inherent data: the slot after the parent's, and the
/// time at which that slot begins. The first block has the slot of the wall clock.
fn sealed_inherents(client: Arc<FullClient>, slot_duration: SlotDuration) -> InherentProviders {
	Arc::new(move |parent: Hash, ()| {
		let client = client.clone();
		async move {
			let header = client
				.header(parent)?
				.ok_or_else(|| sp_blockchain::Error::UnknownBlock(parent.to_string()))?;
			let slot = if header.number == 0 {
				Slot::from_timestamp(sp_timestamp::Timestamp::current(), slot_duration)
			} else {
				sc_consensus_babe::find_pre_digest::<Block>(&header)?.slot() + 1
			};
			let begin = u64::from(slot).saturating_mul(slot_duration.as_millis());
			Ok((
				sp_consensus_babe::inherents::InherentDataProvider::new(slot),
				sp_timestamp::InherentDataProvider::new(begin.into()),
			))
		}
	})
}
