//! Network of a node: synchronization, transactions, and the voters' gossip.

use super::parts::{GrandpaLink, ImportQueue, Shared};
use depin_runtime::opaque::{Block, Hash};
use sc_network::{
	config::{NotificationService, ProtocolName},
	service::traits::NetworkService,
	NetworkBackend,
};
use sc_network_sync::SyncingService;
use sc_network_transactions::TransactionsHandlerController;
use sc_service::{Configuration, Error, TaskManager, WarpSyncConfig};
use sc_utils::mpsc::TracingUnboundedSender;
use sp_blockchain::HeaderBackend;
use std::sync::Arc;

/// Services of the network that the node's tasks use. Clones share the services.
#[derive(Clone)]
pub struct Network {
	/// Network service.
	pub service: Arc<dyn NetworkService>,
	/// Synchronization service.
	pub sync: Arc<SyncingService<Block>>,
}

/// Controls of the network that the tasks of the SDK's service take.
pub struct Controls {
	/// Sender of the RPC's questions about the network.
	pub system_rpc: TracingUnboundedSender<sc_rpc::system::Request<Block>>,
	/// Controller of the exchange of transactions.
	pub transactions: TransactionsHandlerController<Hash>,
}

/// Gossip among the GRANDPA voters.
pub struct VoterGossip {
	/// Name of the gossip protocol.
	pub protocol_name: ProtocolName,
	/// Notifications of that protocol.
	pub notifications: Box<dyn NotificationService>,
}

/// Builds the network and starts its tasks. `grandpa_link` knows the authorities that a warp proof
/// names.
pub fn build_network<N: NetworkBackend<Block, Hash>>(
	config: &Configuration,
	task_manager: &TaskManager,
	shared: &Shared,
	grandpa_link: &GrandpaLink,
	import_queue: ImportQueue,
) -> Result<(Network, Controls, VoterGossip), Error> {
	let registry = shared.registry.as_ref();
	let mut net_config = sc_network::config::FullNetworkConfiguration::<Block, Hash, N>::new(
		&config.network,
		registry.cloned(),
	);
	let metrics = N::register_notification_metrics(registry);
	let protocol_name = sc_consensus_grandpa::protocol_standard_name(
		&shared.client.info().genesis_hash,
		&config.chain_spec,
	);
	let (grandpa_peers, notifications) = sc_consensus_grandpa::grandpa_peers_set_config::<_, N>(
		protocol_name.clone(),
		metrics.clone(),
		net_config.peer_store_handle(),
	);
	net_config.add_notification_protocol(grandpa_peers);
	let warp_sync = Arc::new(sc_consensus_grandpa::warp_proof::NetworkProvider::new(
		shared.backend.clone(),
		grandpa_link.shared_authority_set().clone(),
		Vec::new(),
	));

	let (service, system_rpc, transactions, sync, _) =
		sc_service::build_network(sc_service::BuildNetworkParams {
			config,
			net_config,
			client: shared.client.clone(),
			transaction_pool: shared.pool.clone(),
			spawn_handle: task_manager.spawn_handle(),
			spawn_essential_handle: task_manager.spawn_essential_handle(),
			import_queue,
			block_announce_validator_builder: None,
			warp_sync_config: Some(WarpSyncConfig::WithProvider(warp_sync)),
			block_relay: None,
			metrics,
			gap_sync_body_policy: None,
		})?;
	Ok((
		Network { service, sync },
		Controls { system_rpc, transactions },
		VoterGossip { protocol_name, notifications },
	))
}
