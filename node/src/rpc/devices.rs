//! `devices_*`: who the devices, their networks and their makers are.

use super::{page_size, Error};
use depin_primitives::{
	device::{DeviceRecord, NetworkRecord},
	page::Page,
	Cell, DeviceId, MakerId, NetworkId, PublicKey,
};
use depin_runtime::{opaque::Block, AccountId};
use jsonrpsee::proc_macros::rpc;
use pallet_device_registry_runtime_api::DeviceRegistryApi;
use serde::Serialize;
use sp_api::ProvideRuntimeApi;
use sp_blockchain::HeaderBackend;
use std::sync::Arc;

/// A page of devices, by ascending id.
pub type DevicePage = Page<DeviceRecord<AccountId>, DeviceId>;

/// A maker, as the RPC gives it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Maker {
	/// Its number.
	pub id: MakerId,
	/// Who it is.
	pub account: AccountId,
	/// What it signs certificates with.
	pub key: PublicKey,
}

/// Devices, as the best block has them.
#[rpc(server, namespace = "devices")]
pub trait DevicesRpc {
	/// The device of this id, or null.
	#[method(name = "get", blocking)]
	fn get(&self, id: DeviceId) -> Result<Option<DeviceRecord<AccountId>>, Error>;

	/// The network of this number, or null.
	#[method(name = "network", blocking)]
	fn network(&self, id: NetworkId) -> Result<Option<NetworkRecord<AccountId>>, Error>;

	/// The maker of this number, or null.
	#[method(name = "maker", blocking)]
	fn maker(&self, id: MakerId) -> Result<Option<Maker>, Error>;

	/// The devices of an owner.
	#[method(name = "byOwner", blocking)]
	fn by_owner(
		&self,
		owner: AccountId,
		after: Option<DeviceId>,
		limit: Option<u32>,
	) -> Result<DevicePage, Error>;

	/// The devices of a network.
	#[method(name = "byNetwork", blocking)]
	fn by_network(
		&self,
		network: NetworkId,
		after: Option<DeviceId>,
		limit: Option<u32>,
	) -> Result<DevicePage, Error>;

	/// The devices that say they are in this very cell.
	#[method(name = "byCell", blocking)]
	fn by_cell(
		&self,
		cell: Cell,
		after: Option<DeviceId>,
		limit: Option<u32>,
	) -> Result<DevicePage, Error>;
}

/// The methods' server.
pub struct Devices<C> {
	client: Arc<C>,
}

impl<C> Devices<C> {
	/// Over this client.
	pub fn new(client: Arc<C>) -> Self {
		Self { client }
	}
}

impl<C> DevicesRpcServer for Devices<C>
where
	C: ProvideRuntimeApi<Block> + HeaderBackend<Block> + Send + Sync + 'static,
	C::Api: DeviceRegistryApi<Block, AccountId>,
{
	fn get(&self, id: DeviceId) -> Result<Option<DeviceRecord<AccountId>>, Error> {
		let best = self.client.info().best_hash;
		Ok(self.client.runtime_api().device(best, id)?)
	}

	fn network(&self, id: NetworkId) -> Result<Option<NetworkRecord<AccountId>>, Error> {
		let best = self.client.info().best_hash;
		Ok(self.client.runtime_api().network(best, id)?)
	}

	fn maker(&self, id: MakerId) -> Result<Option<Maker>, Error> {
		let best = self.client.info().best_hash;
		let maker = self.client.runtime_api().maker(best, id)?;
		Ok(maker.map(|(account, key)| Maker { id, account, key }))
	}

	fn by_owner(
		&self,
		owner: AccountId,
		after: Option<DeviceId>,
		limit: Option<u32>,
	) -> Result<DevicePage, Error> {
		let best = self.client.info().best_hash;
		let api = self.client.runtime_api();
		Ok(api.devices_by_owner(best, owner, after, page_size(limit))?)
	}

	fn by_network(
		&self,
		network: NetworkId,
		after: Option<DeviceId>,
		limit: Option<u32>,
	) -> Result<DevicePage, Error> {
		let best = self.client.info().best_hash;
		let api = self.client.runtime_api();
		Ok(api.devices_by_network(best, network, after, page_size(limit))?)
	}

	fn by_cell(
		&self,
		cell: Cell,
		after: Option<DeviceId>,
		limit: Option<u32>,
	) -> Result<DevicePage, Error> {
		let best = self.client.info().best_hash;
		let api = self.client.runtime_api();
		Ok(api.devices_by_cell(best, cell, after, page_size(limit))?)
	}
}
