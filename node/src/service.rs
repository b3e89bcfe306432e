//! Service of the node: its components and how they are joined. BABE authors blocks, GRANDPA
//! finalizes them, authority discovery finds the validators, and the index follows the finalized
//! blocks. On a development chain, sealing can take the place of BABE's author and GRANDPA's voter.

mod network;
mod parts;
mod sealing;
mod validate;

pub use parts::{
	new_partial, Clock, FullBackend, FullClient, HostFunctions, SignatureHostFunctions,
};
pub use sealing::Sealing;

use crate::{index, rpc};
use depin_runtime::opaque::{Block, Hash};
use futures::FutureExt;
use network::{build_network, Controls, Network};
use parts::{Consensus, GrandpaLink, Shared};
use sc_client_api::Backend;
use sc_consensus_babe::BabeWorkerHandle;
use sc_consensus_grandpa::SharedVoterState;
use sc_network::{
	config::{NetworkBackendType, Role},
	NetworkBackend,
};
use sc_service::{Configuration, Error, PartialComponents, TaskManager};
use sc_telemetry::Telemetry;
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use std::{path::PathBuf, sync::Arc};
use validate::{start_authority, start_voter, Authoring, AuthoritySettings, Voting};

/// Returns the folder of the index: beside the database, so that it moves with the base path and
/// vanishes with a temporary one.
pub fn index_dir(config: &Configuration) -> PathBuf {
	config.data_path.join("telemetry")
}

/// Runs a node on the network backend of its configuration. `feed_index` tells if the index follows
/// the chain. With `sealing`, blocks are made and finalized without waiting for their slots.
pub async fn new_full(
	config: Configuration,
	feed_index: bool,
	sealing: Option<Sealing>,
) -> Result<TaskManager, Error> {
	if sealing.is_some() {
		Sealing::check(&config).map_err(|error| Error::Application(error.into()))?;
	}
	match config.network.network_backend {
		NetworkBackendType::Litep2p => {
			start::<sc_network::Litep2pNetworkBackend>(config, feed_index, sealing).await
		}
		NetworkBackendType::Libp2p => {
			start::<sc_network::NetworkWorker<Block, Hash>>(config, feed_index, sealing).await
		}
	}
}

/// Starts every task of a node: the index, the network, the RPC, and consensus as far as the node's
/// role and configuration ask for it.
async fn start<N: NetworkBackend<Block, Hash>>(
	config: Configuration,
	feed_index: bool,
	sealing: Option<Sealing>,
) -> Result<TaskManager, Error> {
	let clock = if sealing.is_some() { Clock::Slots } else { Clock::Wall };
	let PartialComponents {
		client,
		backend,
		mut task_manager,
		keystore_container,
		select_chain,
		import_queue,
		transaction_pool: pool,
		other:
			Consensus {
				block_import,
				justification_import,
				babe_link,
				babe_worker,
				grandpa_link,
				inherents,
				telemetry,
			},
	} = new_partial(&config, clock)?;
	let shared = Shared {
		client,
		backend,
		pool,
		select_chain,
		keystore: keystore_container.keystore(),
		registry: config.prometheus_registry().cloned(),
		telemetry: telemetry.as_ref().map(Telemetry::handle),
	};
	let index = start_index(&task_manager, &shared, &config, feed_index).await?;
	let (network, controls, gossip) =
		build_network::<N>(&config, &task_manager, &shared, &grandpa_link, import_queue)?;
	let voter_state = SharedVoterState::empty();
	let chain_spec = config.chain_spec.cloned_box();
	let consensus =
		RpcConsensus { babe_worker, link: &grandpa_link, voter_state: voter_state.clone() };
	let rpc_builder = rpc_builder(&shared, index, chain_spec, consensus)?;

	// `start_service` consumes the configuration: later steps take their settings from it here.
	let (role, name) = (config.role, config.network.node_name.clone());
	let authority_settings = AuthoritySettings::from(&config);
	let (votes, works_offchain) = (!config.disable_grandpa, config.offchain_worker.enabled);
	start_service(config, &mut task_manager, &shared, &network, controls, rpc_builder, telemetry)?;
	if works_offchain {
		start_offchain_workers(&task_manager, &shared, &network, role)?;
	}
	if let Some(sealing) = sealing {
		let voters = grandpa_link.shared_authority_set().clone();
		let parts =
			sealing::Parts { block_import, babe_link, inherents, justification_import, voters };
		sealing::start_sealing(&task_manager, &shared, sealing, parts);
		return Ok(task_manager);
	}
	if role.is_authority() {
		let authoring = Authoring { block_import, babe_link, inherents };
		start_authority(&task_manager, &shared, &network, authority_settings, authoring)?;
	}
	if votes {
		let voting = Voting { role, name, link: grandpa_link, gossip, voter_state };
		start_voter(&task_manager, &shared, &network, voting)?;
	}
	Ok(task_manager)
}

/// Opens the index and, if it is to be fed, starts the task that follows the finalized blocks.
async fn start_index(
	task_manager: &TaskManager,
	shared: &Shared,
	config: &Configuration,
	feed: bool,
) -> Result<index::Index, Error> {
	let index = index::open(&*shared.client, &index_dir(config))
		.await
		.map_err(|error| Error::Application(error.into()))?;
	if feed {
		// The node does not depend on this task, which logs its errors and tries again.
		task_manager.spawn_handle().spawn_blocking(
			"telemetry-index",
			None,
			index::run(shared.client.clone(), index.clone(), shared.registry.clone()),
		);
	}
	Ok(index)
}

/// Components of consensus that the RPC answers from.
struct RpcConsensus<'a> {
	babe_worker: BabeWorkerHandle<Block>,
	link: &'a GrandpaLink,
	voter_state: SharedVoterState,
}

/// Builder of the node's RPC module. The service calls it twice: for the server, and for calls
/// inside the process.
type RpcBuilder =
	Box<dyn Fn(sc_rpc::SubscriptionTaskExecutor) -> Result<jsonrpsee::RpcModule<()>, Error>>;

/// Returns the builder of the node's RPC module.
fn rpc_builder(
	shared: &Shared,
	index: index::Index,
	chain_spec: Box<dyn sc_service::ChainSpec>,
	consensus: RpcConsensus,
) -> Result<RpcBuilder, Error> {
	let RpcConsensus { babe_worker, link, voter_state } = consensus;
	let Shared { client, backend, pool, select_chain, keystore, registry, .. } = shared.clone();
	let counters = rpc::RpcCounters::new(registry.as_ref())?;
	let babe = rpc::BabeDeps { worker: babe_worker, keystore };
	let authority_set = link.shared_authority_set().clone();
	let justifications = link.justification_stream();
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

/// Starts the tasks of the SDK's service: the RPC server, the pool's maintenance and the node's
/// telemetry.
fn start_service(
	config: Configuration,
	task_manager: &mut TaskManager,
	shared: &Shared,
	network: &Network,
	controls: Controls,
	rpc_builder: RpcBuilder,
	mut telemetry: Option<Telemetry>,
) -> Result<(), Error> {
	sc_service::spawn_tasks(sc_service::SpawnTasksParams {
		config,
		client: shared.client.clone(),
		backend: shared.backend.clone(),
		task_manager,
		keystore: shared.keystore.clone(),
		transaction_pool: shared.pool.clone(),
		rpc_builder,
		network: network.service.clone(),
		system_rpc_tx: controls.system_rpc,
		tx_handler_controller: controls.transactions,
		sync_service: network.sync.clone(),
		telemetry: telemetry.as_mut(),
		tracing_execute_block: None,
	})?;
	Ok(())
}

/// Runs the runtime's offchain workers after each best block.
fn start_offchain_workers(
	task_manager: &TaskManager,
	shared: &Shared,
	network: &Network,
	role: Role,
) -> Result<(), Error> {
	let workers = sc_offchain::OffchainWorkers::new(sc_offchain::OffchainWorkerOptions {
		runtime_api_provider: shared.client.clone(),
		keystore: Some(shared.keystore.clone()),
		offchain_db: shared.backend.offchain_storage(),
		transaction_pool: Some(OffchainTransactionPoolFactory::new(shared.pool.clone())),
		network_provider: Arc::new(network.service.clone()),
		is_validator: role.is_authority(),
		// No offchain worker of this runtime uses HTTP, and no runtime upgrade may make every node
		// send requests.
		enable_http_requests: false,
		custom_extensions: |_| Vec::new(),
	})?;
	task_manager.spawn_handle().spawn(
		"offchain-workers-runner",
		"offchain-work",
		workers.run(shared.client.clone(), task_manager.spawn_handle()).boxed(),
	);
	Ok(())
}
