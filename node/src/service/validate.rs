//! Tasks of a validator: authoring, voting, and finding the other validators.

use super::parts::{
	BabeBlockImport, FullClient, GrandpaLink, InherentProviders, SelectChain, TransactionPool,
	JUSTIFICATION_PERIOD,
};
use depin_runtime::opaque::Block;
use futures::StreamExt;
use sc_consensus::JustificationSyncLink;
use sc_consensus_babe::{BabeLink, SlotProportion};
use sc_consensus_grandpa::SharedVoterState;
use sc_consensus_slots::BackoffAuthoringOnFinalizedHeadLagging;
use sc_network::{
	config::{NotificationService, ProtocolName, Role},
	service::traits::NetworkService,
	Event,
};
use sc_network_sync::SyncingService;
use sc_service::{Error, SpawnTaskHandle, TaskManager};
use sc_telemetry::TelemetryHandle;
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_consensus::SyncOracle;
use sp_keystore::KeystorePtr;
use std::{sync::Arc, time::Duration};
use substrate_prometheus_endpoint::Registry;

/// Time that a GRANDPA vote may take to reach every voter.
const GOSSIP_DURATION: Duration = Duration::from_millis(333);

/// Portion of a slot in which its author may fill the block. The rest is for the other nodes to
/// receive and execute it.
const PROPOSAL_SLOT_PORTION: f32 = 2. / 3.;

/// Components that author blocks.
pub struct Authoring {
	/// Client of the chain.
	pub client: Arc<FullClient>,
	/// Keys of this node.
	pub keystore: KeystorePtr,
	/// Rule for the fork to build on.
	pub select_chain: SelectChain,
	/// Proposer of blocks from the pool.
	pub proposer: sc_basic_authorship::ProposerFactory<TransactionPool, FullClient>,
	/// Import of the blocks that this node makes.
	pub block_import: BabeBlockImport,
	/// State that BABE's import shares with its worker.
	pub babe_link: BabeLink<Block>,
	/// Providers of each block's inherent data.
	pub inherents: InherentProviders,
	/// Authoring without peers.
	pub force_authoring: bool,
	/// Connection to Substrate's telemetry servers.
	pub telemetry: Option<TelemetryHandle>,
}

/// Authors a block in each slot that the keystore has the key for.
pub fn author_blocks<S>(task_manager: &TaskManager, parts: Authoring, sync: S) -> Result<(), Error>
where
	S: SyncOracle + JustificationSyncLink<Block> + Clone + Send + Sync + 'static,
{
	let babe = sc_consensus_babe::start_babe(sc_consensus_babe::BabeParams {
		keystore: parts.keystore,
		client: parts.client,
		select_chain: parts.select_chain,
		env: parts.proposer,
		block_import: parts.block_import,
		sync_oracle: sync.clone(),
		justification_sync_link: sync,
		create_inherent_data_providers: parts.inherents,
		force_authoring: parts.force_authoring,
		// Slow down rather than outrun finality.
		backoff_authoring_blocks: Some(BackoffAuthoringOnFinalizedHeadLagging::default()),
		babe_link: parts.babe_link,
		block_proposal_slot_portion: SlotProportion::new(PROPOSAL_SLOT_PORTION),
		max_block_proposal_slot_portion: None,
		telemetry: parts.telemetry,
	})?;
	task_manager.spawn_essential_handle().spawn_blocking(
		"babe-proposer",
		Some("block-authoring"),
		babe,
	);
	Ok(())
}

/// Publishes this validator's addresses, and looks up those of the others.
pub fn discover_authorities(
	spawner: &SpawnTaskHandle,
	config: sc_authority_discovery::WorkerConfig,
	client: Arc<FullClient>,
	network: Arc<dyn NetworkService>,
	keystore: KeystorePtr,
	registry: Option<Registry>,
) {
	let dht_events = network.event_stream("authority-discovery").filter_map(|event| async move {
		match event {
			Event::Dht(event) => Some(event),
			_ => None,
		}
	});
	let (worker, _service) = sc_authority_discovery::new_worker_and_service_with_config(
		config,
		client,
		Arc::new(network),
		Box::pin(dht_events),
		sc_authority_discovery::Role::PublishAndDiscover(keystore),
		registry,
		spawner.clone(),
	);
	spawner.spawn("authority-discovery-worker", Some("networking"), worker.run());
}

/// Components that vote on finality.
pub struct Voting {
	/// Link to GRANDPA's import.
	pub link: GrandpaLink,
	/// Role of this node: only an authority votes, all others follow the votes.
	pub role: Role,
	/// Name of this node in Substrate's telemetry.
	pub name: String,
	/// Keys of this node.
	pub keystore: KeystorePtr,
	/// Network service.
	pub network: Arc<dyn NetworkService>,
	/// Synchronization service.
	pub sync: Arc<SyncingService<Block>>,
	/// Name of the voters' gossip protocol.
	pub protocol_name: ProtocolName,
	/// Notifications of that protocol.
	pub notifications: Box<dyn NotificationService>,
	/// State of the voter that the RPC shows.
	pub voter_state: SharedVoterState,
	/// Transaction pool, for reports of equivocations.
	pub pool: Arc<TransactionPool>,
	/// Registry of Prometheus.
	pub registry: Option<Registry>,
	/// Connection to Substrate's telemetry servers.
	pub telemetry: Option<TelemetryHandle>,
}

/// Starts the GRANDPA voter.
pub fn start_voter(task_manager: &TaskManager, parts: Voting) -> Result<(), Error> {
	let voter = sc_consensus_grandpa::run_grandpa_voter(sc_consensus_grandpa::GrandpaParams {
		config: sc_consensus_grandpa::Config {
			gossip_duration: GOSSIP_DURATION,
			justification_generation_period: JUSTIFICATION_PERIOD,
			observer_enabled: false,
			local_role: parts.role,
			name: Some(parts.name),
			// Without a key the voter follows the votes of others.
			keystore: parts.role.is_authority().then_some(parts.keystore),
			telemetry: parts.telemetry.clone(),
			protocol_name: parts.protocol_name,
		},
		link: parts.link,
		network: parts.network,
		sync: parts.sync,
		notification_service: parts.notifications,
		voting_rule: sc_consensus_grandpa::VotingRulesBuilder::default().build(),
		prometheus_registry: parts.registry,
		shared_voter_state: parts.voter_state,
		telemetry: parts.telemetry,
		offchain_tx_pool_factory: OffchainTransactionPoolFactory::new(parts.pool),
	})?;
	// A node whose voter has died must not go on as if it were finalizing.
	task_manager.spawn_essential_handle().spawn_blocking("grandpa-voter", None, voter);
	Ok(())
}
