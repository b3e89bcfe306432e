//! Tasks of a validator: authoring, voting, and finding the other validators.

use super::{
	network::{Network, VoterGossip},
	parts::{BabeBlockImport, GrandpaLink, InherentProviders, Shared, JUSTIFICATION_PERIOD},
};
use depin_runtime::opaque::Block;
use futures::StreamExt;
use sc_consensus_babe::{BabeLink, SlotProportion};
use sc_consensus_grandpa::SharedVoterState;
use sc_consensus_slots::BackoffAuthoringOnFinalizedHeadLagging;
use sc_network::{config::Role, Event};
use sc_service::{Configuration, Error, TaskManager};
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use std::{sync::Arc, time::Duration};

/// Time that a GRANDPA vote may take to reach every voter.
const GOSSIP_DURATION: Duration = Duration::from_millis(333);

/// Portion of a slot in which its author may fill the block. The rest is for the other nodes to
/// receive and execute it.
const PROPOSAL_SLOT_PORTION: f32 = 2. / 3.;

/// Settings of an authority.
pub struct AuthoritySettings {
	/// True to author blocks without peers too.
	force_authoring: bool,
	/// Configuration of authority discovery.
	discovery: sc_authority_discovery::WorkerConfig,
}

impl From<&Configuration> for AuthoritySettings {
	fn from(config: &Configuration) -> Self {
		Self {
			force_authoring: config.force_authoring,
			discovery: sc_authority_discovery::WorkerConfig {
				publish_non_global_ips: config.network.allow_non_globals_in_dht,
				public_addresses: config.network.public_addresses.clone(),
				// No node of these chains ever published unsigned records.
				strict_record_validation: true,
				persisted_cache_directory: config.network.net_config_path.clone(),
				..Default::default()
			},
		}
	}
}

/// Components of block authoring.
pub struct Authoring {
	/// Import of the blocks that this node makes.
	pub block_import: BabeBlockImport,
	/// State that BABE's import shares with its worker.
	pub babe_link: BabeLink<Block>,
	/// Providers of each block's inherent data.
	pub inherents: InherentProviders,
}

/// Starts the tasks of an authority: authoring, and the discovery of the other authorities.
pub fn start_authority(
	task_manager: &TaskManager,
	shared: &Shared,
	network: &Network,
	settings: AuthoritySettings,
	parts: Authoring,
) -> Result<(), Error> {
	author_blocks(task_manager, shared, network, settings.force_authoring, parts)?;
	discover_authorities(task_manager, shared, network, settings.discovery);
	Ok(())
}

/// Authors a block in each slot that the keystore has the key for.
fn author_blocks(
	task_manager: &TaskManager,
	shared: &Shared,
	network: &Network,
	force_authoring: bool,
	parts: Authoring,
) -> Result<(), Error> {
	let proposer = sc_basic_authorship::ProposerFactory::new(
		task_manager.spawn_handle(),
		shared.client.clone(),
		shared.pool.clone(),
		shared.registry.as_ref(),
		shared.telemetry.clone(),
	);
	let babe = sc_consensus_babe::start_babe(sc_consensus_babe::BabeParams {
		keystore: shared.keystore.clone(),
		client: shared.client.clone(),
		select_chain: shared.select_chain.clone(),
		env: proposer,
		block_import: parts.block_import,
		sync_oracle: network.sync.clone(),
		justification_sync_link: network.sync.clone(),
		create_inherent_data_providers: parts.inherents,
		force_authoring,
		// Authoring slows down when finality lags, so that it does not run far ahead of it.
		backoff_authoring_blocks: Some(BackoffAuthoringOnFinalizedHeadLagging::default()),
		babe_link: parts.babe_link,
		block_proposal_slot_portion: SlotProportion::new(PROPOSAL_SLOT_PORTION),
		max_block_proposal_slot_portion: None,
		telemetry: shared.telemetry.clone(),
	})?;
	task_manager.spawn_essential_handle().spawn_blocking(
		"babe-proposer",
		Some("block-authoring"),
		babe,
	);
	Ok(())
}

/// Publishes this validator's addresses, and looks up those of the others.
fn discover_authorities(
	task_manager: &TaskManager,
	shared: &Shared,
	network: &Network,
	config: sc_authority_discovery::WorkerConfig,
) {
	let spawner = task_manager.spawn_handle();
	let events = network.service.event_stream("authority-discovery");
	let dht_events = events.filter_map(|event| async move {
		match event {
			Event::Dht(event) => Some(event),
			_ => None,
		}
	});
	let (worker, _service) = sc_authority_discovery::new_worker_and_service_with_config(
		config,
		shared.client.clone(),
		Arc::new(network.service.clone()),
		Box::pin(dht_events),
		sc_authority_discovery::Role::PublishAndDiscover(shared.keystore.clone()),
		shared.registry.clone(),
		spawner.clone(),
	);
	spawner.spawn("authority-discovery-worker", Some("networking"), worker.run());
}

/// Components of voting on finality.
pub struct Voting {
	/// Role of this node: only an authority votes, all others follow the votes.
	pub role: Role,
	/// Name of this node in Substrate's telemetry.
	pub name: String,
	/// Link to GRANDPA's import.
	pub link: GrandpaLink,
	/// Gossip among the voters.
	pub gossip: VoterGossip,
	/// State of the voter that the RPC shows.
	pub voter_state: SharedVoterState,
}

/// Starts the GRANDPA voter.
pub fn start_voter(
	task_manager: &TaskManager,
	shared: &Shared,
	network: &Network,
	parts: Voting,
) -> Result<(), Error> {
	let voter = sc_consensus_grandpa::run_grandpa_voter(sc_consensus_grandpa::GrandpaParams {
		config: sc_consensus_grandpa::Config {
			gossip_duration: GOSSIP_DURATION,
			justification_generation_period: JUSTIFICATION_PERIOD,
			observer_enabled: false,
			local_role: parts.role,
			name: Some(parts.name),
			// Without a key the voter follows the votes of others.
			keystore: parts.role.is_authority().then(|| shared.keystore.clone()),
			telemetry: shared.telemetry.clone(),
			protocol_name: parts.gossip.protocol_name,
		},
		link: parts.link,
		network: network.service.clone(),
		sync: network.sync.clone(),
		notification_service: parts.gossip.notifications,
		voting_rule: sc_consensus_grandpa::VotingRulesBuilder::default().build(),
		prometheus_registry: shared.registry.clone(),
		shared_voter_state: parts.voter_state,
		telemetry: shared.telemetry.clone(),
		// The voter reports equivocations through the pool.
		offchain_tx_pool_factory: OffchainTransactionPoolFactory::new(shared.pool.clone()),
	})?;
	// A node whose voter has died must not continue as if it were finalizing.
	task_manager.spawn_essential_handle().spawn_blocking("grandpa-voter", None, voter);
	Ok(())
}
