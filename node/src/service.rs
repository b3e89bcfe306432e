//! Service of the node: its components and how they are joined. BABE authors blocks, GRANDPA
//! finalizes them, authority discovery finds the validators, and the index follows the finalized
//! blocks.

mod network;
mod parts;
mod validate;

pub use parts::{new_partial, FullBackend, FullClient, SignatureHostFunctions};

use crate::{index, rpc};
use depin_runtime::opaque::{Block, Hash};
use futures::FutureExt;
use network::{build_network, Network, NetworkParts};
use parts::{Consensus, GrandpaLink, SelectChain, TransactionPool};
use sc_client_api::Backend;
use sc_consensus_grandpa::SharedVoterState;
use sc_network::{config::NetworkBackendType, service::traits::NetworkService, NetworkBackend};
use sc_service::{Configuration, Error, PartialComponents, TaskManager};
use sc_telemetry::Telemetry;
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_keystore::KeystorePtr;
use std::{path::PathBuf, sync::Arc};
use substrate_prometheus_endpoint::Registry;
use validate::{author_blocks, discover_authorities, start_voter, Authoring, Voting};

/// Returns the folder of the index: beside the database, so that it moves with the base path and
/// vanishes with a temporary one.
pub fn index_dir(config: &Configuration) -> PathBuf {
	config.data_path.join("telemetry")
}

/// Runs a node on the network backend of its configuration. `feed_index` tells if the index follows
/// the chain.
pub async fn new_full(config: Configuration, feed_index: bool) -> Result<TaskManager, Error> {
	match config.network.network_backend {
		NetworkBackendType::Litep2p => {
			start::<sc_network::Litep2pNetworkBackend>(config, feed_index).await
		}
		NetworkBackendType::Libp2p => {
			start::<sc_network::NetworkWorker<Block, Hash>>(config, feed_index).await
		}
	}
}

/// Starts every task of a node: the index, the network, the RPC, and consensus as far as the node's
/// role and configuration ask for it.
async fn start<N: NetworkBackend<Block, Hash>>(
	config: Configuration,
	feed_index: bool,
) -> Result<TaskManager, Error> {
	let PartialComponents {
		client,
		backend,
		mut task_manager,
		keystore_container,
		select_chain,
		import_queue,
		transaction_pool: pool,
		other:
			Consensus { block_import, babe_link, babe_worker, grandpa_link, inherents, mut telemetry },
	} = new_partial(&config)?;
	let keystore = keystore_container.keystore();
	let telemetry_handle = telemetry.as_ref().map(Telemetry::handle);
	let registry = config.prometheus_registry().cloned();
	let index = start_index(&task_manager, client.clone(), &config, feed_index).await?;

	let Network {
		service,
		sync,
		system_rpc,
		transactions,
		grandpa_protocol,
		grandpa_notifications,
	} = build_network::<N>(
		&task_manager,
		NetworkParts {
			config: &config,
			client: client.clone(),
			backend: backend.clone(),
			pool: pool.clone(),
			grandpa_link: &grandpa_link,
			import_queue,
		},
	)?;

	let voter_state = SharedVoterState::empty();
	let rpc_builder = rpc_builder(RpcParts {
		client: client.clone(),
		backend: backend.clone(),
		pool: pool.clone(),
		index,
		select_chain: select_chain.clone(),
		chain_spec: config.chain_spec.cloned_box(),
		babe: rpc::BabeDeps { worker: babe_worker, keystore: keystore.clone() },
		grandpa_link: &grandpa_link,
		voter_state: voter_state.clone(),
		registry: registry.as_ref(),
	})?;

	// The configuration is consumed by the SDK's tasks: the rest of it is kept here.
	let role = config.role;
	let name = config.network.node_name.clone();
	let force_authoring = config.force_authoring;
	let votes = !config.disable_grandpa;
	let works_offchain = config.offchain_worker.enabled;
	let discovery = discovery_config(&config);

	sc_service::spawn_tasks(sc_service::SpawnTasksParams {
		config,
		client: client.clone(),
		backend: backend.clone(),
		task_manager: &mut task_manager,
		keystore: keystore.clone(),
		transaction_pool: pool.clone(),
		rpc_builder,
		network: service.clone(),
		system_rpc_tx: system_rpc,
		tx_handler_controller: transactions,
		sync_service: sync.clone(),
		telemetry: telemetry.as_mut(),
		tracing_execute_block: None,
	})?;

	if works_offchain {
		run_offchain_workers(
			&task_manager,
			client.clone(),
			&backend,
			pool.clone(),
			service.clone(),
			keystore.clone(),
			role.is_authority(),
		)?;
	}
	if role.is_authority() {
		let proposer = sc_basic_authorship::ProposerFactory::new(
			task_manager.spawn_handle(),
			client.clone(),
			pool.clone(),
			registry.as_ref(),
			telemetry_handle.clone(),
		);
		let authoring = Authoring {
			client: client.clone(),
			keystore: keystore.clone(),
			select_chain,
			proposer,
			block_import,
			babe_link,
			inherents,
			force_authoring,
			telemetry: telemetry_handle.clone(),
		};
		author_blocks(&task_manager, authoring, sync.clone())?;
		discover_authorities(
			&task_manager.spawn_handle(),
			discovery,
			client,
			service.clone(),
			keystore.clone(),
			registry.clone(),
		);
	}
	if votes {
		let voting = Voting {
			link: grandpa_link,
			role,
			name,
			keystore,
			network: service,
			sync,
			protocol_name: grandpa_protocol,
			notifications: grandpa_notifications,
			voter_state,
			pool,
			registry,
			telemetry: telemetry_handle,
		};
		start_voter(&task_manager, voting)?;
	}
	Ok(task_manager)
}

/// Opens the index and, if it is to be fed, starts the task that follows the finalized blocks.
async fn start_index(
	task_manager: &TaskManager,
	client: Arc<FullClient>,
	config: &Configuration,
	feed: bool,
) -> Result<index::Index, Error> {
	let index = index::open(&*client, &index_dir(config))
		.await
		.map_err(|error| Error::Application(error.into()))?;
	if feed {
		// The node does not depend on this task, which logs its errors and tries again.
		task_manager.spawn_handle().spawn_blocking(
			"telemetry-index",
			None,
			index::run(client, index.clone(), config.prometheus_registry().cloned()),
		);
	}
	Ok(index)
}

/// Returns the configuration of authority discovery.
fn discovery_config(config: &Configuration) -> sc_authority_discovery::WorkerConfig {
	sc_authority_discovery::WorkerConfig {
		publish_non_global_ips: config.network.allow_non_globals_in_dht,
		public_addresses: config.network.public_addresses.clone(),
		// No node of these chains ever published unsigned records.
		strict_record_validation: true,
		persisted_cache_directory: config.network.net_config_path.clone(),
		..Default::default()
	}
}

/// Components that the RPC answers from.
struct RpcParts<'a> {
	client: Arc<FullClient>,
	backend: Arc<FullBackend>,
	pool: Arc<TransactionPool>,
	index: index::Index,
	select_chain: SelectChain,
	chain_spec: Box<dyn sc_service::ChainSpec>,
	babe: rpc::BabeDeps,
	grandpa_link: &'a GrandpaLink,
	voter_state: SharedVoterState,
	registry: Option<&'a Registry>,
}

/// Builder of the node's RPC module. The service calls it twice: for the server, and for calls
/// inside the process.
type RpcBuilder =
	Box<dyn Fn(sc_rpc::SubscriptionTaskExecutor) -> Result<jsonrpsee::RpcModule<()>, Error>>;

/// Returns the builder of the node's RPC module.
fn rpc_builder(parts: RpcParts) -> Result<RpcBuilder, Error> {
	let RpcParts { client, backend, pool, index, select_chain, chain_spec, babe, .. } = parts;
	let counters = rpc::RpcCounters::new(parts.registry)?;
	let voter_state = parts.voter_state;
	let authority_set = parts.grandpa_link.shared_authority_set().clone();
	let justifications = parts.grandpa_link.justification_stream();
	let finality_provider = sc_consensus_grandpa::FinalityProofProvider::new_for_service(
		backend,
		Some(authority_set.clone()),
	);
	Ok(Box::new(move |executor| {
		rpc::create_full(rpc::FullDeps {
			client: client.clone(),
			pool: pool.clone(),
			index: index.clone(),
			counters: counters.clone(),
			select_chain: select_chain.clone(),
			chain_spec: chain_spec.cloned_box(),
			babe: babe.clone(),
			grandpa: rpc::GrandpaDeps {
				voter_state: voter_state.clone(),
				authority_set: authority_set.clone(),
				justifications: justifications.clone(),
				executor,
				finality_provider: finality_provider.clone(),
			},
		})
		.map_err(Error::Application)
	}))
}

/// Runs the runtime's offchain workers after each best block.
fn run_offchain_workers(
	task_manager: &TaskManager,
	client: Arc<FullClient>,
	backend: &FullBackend,
	pool: Arc<TransactionPool>,
	network: Arc<dyn NetworkService>,
	keystore: KeystorePtr,
	is_validator: bool,
) -> Result<(), Error> {
	let workers = sc_offchain::OffchainWorkers::new(sc_offchain::OffchainWorkerOptions {
		runtime_api_provider: client.clone(),
		keystore: Some(keystore),
		offchain_db: backend.offchain_storage(),
		transaction_pool: Some(OffchainTransactionPoolFactory::new(pool)),
		network_provider: Arc::new(network),
		is_validator,
		// No worker of ours asks the web, and no upgrade shall make every node do so.
		enable_http_requests: false,
		custom_extensions: |_| Vec::new(),
	})?;
	task_manager.spawn_handle().spawn(
		"offchain-workers-runner",
		"offchain-work",
		workers.run(client, task_manager.spawn_handle()).boxed(),
	);
	Ok(())
}
