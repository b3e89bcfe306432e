//! Network of a node: synchronization, transactions, and the voters' gossip.

use super::parts::{FullBackend, FullClient, GrandpaLink, TransactionPool};
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

/// Services of the network, once it is built.
pub struct Network {
	/// Network service.
	pub service: Arc<dyn NetworkService>,
	/// Synchronization service.
	pub sync: Arc<SyncingService<Block>>,
	/// Sender of the RPC's questions about the network.
	pub system_rpc: TracingUnboundedSender<sc_rpc::system::Request<Block>>,
	/// Controller of the exchange of transactions.
	pub transactions: TransactionsHandlerController<Hash>,
	/// Name of the voters' gossip protocol.
	pub grandpa_protocol: ProtocolName,
	/// Notifications of that protocol.
	pub grandpa_notifications: Box<dyn NotificationService>,
}

/// Components that the network serves and feeds.
pub struct NetworkParts<'a> {
	/// Configuration of the node.
	pub config: &'a Configuration,
	/// Client of the chain.
	pub client: Arc<FullClient>,
	/// Database of the chain.
	pub backend: Arc<FullBackend>,
	/// Pool of transactions.
	pub pool: Arc<TransactionPool>,
	/// Link to GRANDPA's import, which knows the authorities that a warp proof names.
	pub grandpa_link: &'a GrandpaLink,
	/// Queue of blocks to import.
	pub import_queue: sc_consensus::DefaultImportQueue<Block>,
}

/// Builds the network and starts its tasks.
pub fn build_network<N: NetworkBackend<Block, Hash>>(
	task_manager: &TaskManager,
	parts: NetworkParts,
) -> Result<Network, Error> {
	let NetworkParts { config, client, backend, pool, grandpa_link, import_queue } = parts;
	let registry = config.prometheus_registry();
	let mut net_config = sc_network::config::FullNetworkConfiguration::<Block, Hash, N>::new(
		&config.network,
		registry.cloned(),
	);
	let metrics = N::register_notification_metrics(registry);
	let grandpa_protocol = sc_consensus_grandpa::protocol_standard_name(
		&client.info().genesis_hash,
		&config.chain_spec,
	);
	let (grandpa_peers, grandpa_notifications) =
		sc_consensus_grandpa::grandpa_peers_set_config::<_, N>(
			grandpa_protocol.clone(),
			metrics.clone(),
			net_config.peer_store_handle(),
		);
	net_config.add_notification_protocol(grandpa_peers);
	let warp_sync = Arc::new(sc_consensus_grandpa::warp_proof::NetworkProvider::new(
		backend,
		grandpa_link.shared_authority_set().clone(),
		Vec::new(),
	));

	let (service, system_rpc, transactions, sync, _) =
		sc_service::build_network(sc_service::BuildNetworkParams {
			config,
			net_config,
			client,
			transaction_pool: pool,
			spawn_handle: task_manager.spawn_handle(),
			spawn_essential_handle: task_manager.spawn_essential_handle(),
			import_queue,
			block_announce_validator_builder: None,
			warp_sync_config: Some(WarpSyncConfig::WithProvider(warp_sync)),
			block_relay: None,
			metrics,
			gap_sync_body_policy: None,
		})?;
	Ok(Network { service, sync, system_rpc, transactions, grandpa_protocol, grandpa_notifications })
}
