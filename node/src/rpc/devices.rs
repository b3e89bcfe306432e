//! Methods `devices_*`: devices, their networks, their makers, their DIDs.

use super::{
	did::{self, Document, Resolution},
	errors::Error,
	input,
	page::page_size,
};
use depin_primitives::{
	access::{GrantRecord, Permissions},
	device::DeviceRecord,
	maker::MakerRecord,
	network::NetworkRecord,
	page::Page,
	parameters::RegistryParameters,
	verify::is_well_formed,
	Cell, DeviceId, MakerId, NetworkId, PublicKey,
};
use depin_runtime::{opaque::Block, AccountId};
use jsonrpsee::proc_macros::rpc;
use pallet_device_registry_runtime_api::DeviceRegistryApi;
use serde_json::Value;
use sp_api::ProvideRuntimeApi;
use sp_blockchain::HeaderBackend;
use std::sync::Arc;

/// Page of devices, by ascending id.
pub type DevicePage = Page<DeviceRecord<AccountId>, DeviceId>;

/// Page of devices, by ascending cell, then by ascending id.
pub type PlacePage = Page<DeviceRecord<AccountId>, (Cell, DeviceId)>;

/// Methods on devices, answered at the best block.
#[rpc(server, namespace = "devices")]
pub trait DevicesRpc {
	/// Returns the device of this id, or null.
	#[method(name = "get", blocking)]
	fn get(&self, id: DeviceId) -> Result<Option<DeviceRecord<AccountId>>, Error>;

	/// Returns the device that signs with this key now, or null. `key` is JSON or the hexadecimal
	/// of its SCALE bytes.
	#[method(name = "byKey", blocking)]
	fn by_key(&self, key: Value) -> Result<Option<DeviceRecord<AccountId>>, Error>;

	/// Returns the network of this number, or null.
	#[method(name = "network", blocking)]
	fn network(&self, id: NetworkId) -> Result<Option<NetworkRecord<AccountId>>, Error>;

	/// Returns the maker of this number, or null.
	#[method(name = "maker", blocking)]
	fn maker(&self, id: MakerId) -> Result<Option<MakerRecord<AccountId>>, Error>;

	/// Returns the delays, windows, deposits, fees and caps of the registry that are in force.
	#[method(name = "parameters", blocking)]
	fn parameters(&self) -> Result<RegistryParameters, Error>;

	/// Returns the devices of an owner.
	#[method(name = "byOwner", blocking)]
	fn by_owner(
		&self,
		owner: AccountId,
		after: Option<DeviceId>,
		limit: Option<u32>,
	) -> Result<DevicePage, Error>;

	/// Returns the devices of a network.
	#[method(name = "byNetwork", blocking)]
	fn by_network(
		&self,
		network: NetworkId,
		after: Option<DeviceId>,
		limit: Option<u32>,
	) -> Result<DevicePage, Error>;

	/// Returns the devices whose keys a maker has certified.
	#[method(name = "byMaker", blocking)]
	fn by_maker(
		&self,
		maker: MakerId,
		after: Option<DeviceId>,
		limit: Option<u32>,
	) -> Result<DevicePage, Error>;

	/// Returns the devices whose asserted location is in this cell, or in a finer cell within it.
	#[method(name = "byCell", blocking)]
	fn by_cell(
		&self,
		cell: Cell,
		after: Option<(Cell, DeviceId)>,
		limit: Option<u32>,
	) -> Result<PlacePage, Error>;

	/// Returns the permissions that the device's owner has granted to other accounts.
	#[method(name = "grants", blocking)]
	fn grants(&self, device: DeviceId) -> Result<Vec<GrantRecord<AccountId>>, Error>;

	/// Returns the permissions that an account has on the device now.
	#[method(name = "permissions", blocking)]
	fn permissions(&self, device: DeviceId, account: AccountId) -> Result<Permissions, Error>;

	/// Returns the DID document of the device, or null. `device` is an id or a DID.
	#[method(name = "didDocument", blocking)]
	fn did_document(&self, device: String) -> Result<Option<Document>, Error>;

	/// Resolves a DID. The `didResolutionMetadata` of the result has the error, if there is one.
	#[method(name = "didResolve", blocking)]
	fn did_resolve(&self, did: String) -> Result<Resolution, Error>;
}

/// Server of the methods `devices_*`.
pub struct Devices<C> {
	client: Arc<C>,
}

impl<C> Devices<C> {
	/// Creates the server from the client.
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

	fn by_key(&self, key: Value) -> Result<Option<DeviceRecord<AccountId>>, Error> {
		let key = public_key("key", key)?;
		let best = self.client.info().best_hash;
		Ok(self.client.runtime_api().device_by_key(best, key)?)
	}

	fn network(&self, id: NetworkId) -> Result<Option<NetworkRecord<AccountId>>, Error> {
		let best = self.client.info().best_hash;
		Ok(self.client.runtime_api().network(best, id)?)
	}

	fn maker(&self, id: MakerId) -> Result<Option<MakerRecord<AccountId>>, Error> {
		let best = self.client.info().best_hash;
		Ok(self.client.runtime_api().maker(best, id)?)
	}

	fn parameters(&self) -> Result<RegistryParameters, Error> {
		let best = self.client.info().best_hash;
		Ok(self.client.runtime_api().parameters(best)?)
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
		Ok(api.devices_by_network(best, network, after, page_size(limit))??)
	}

	fn by_maker(
		&self,
		maker: MakerId,
		after: Option<DeviceId>,
		limit: Option<u32>,
	) -> Result<DevicePage, Error> {
		let best = self.client.info().best_hash;
		let api = self.client.runtime_api();
		Ok(api.devices_by_maker(best, maker, after, page_size(limit))??)
	}

	fn by_cell(
		&self,
		cell: Cell,
		after: Option<(Cell, DeviceId)>,
		limit: Option<u32>,
	) -> Result<PlacePage, Error> {
		let best = self.client.info().best_hash;
		let api = self.client.runtime_api();
		Ok(api.devices_by_cell(best, cell, after, page_size(limit))??)
	}

	fn grants(&self, device: DeviceId) -> Result<Vec<GrantRecord<AccountId>>, Error> {
		let best = self.client.info().best_hash;
		Ok(self.client.runtime_api().grants(best, device)??)
	}

	fn permissions(&self, device: DeviceId, account: AccountId) -> Result<Permissions, Error> {
		let best = self.client.info().best_hash;
		Ok(self.client.runtime_api().permissions(best, device, account)??)
	}

	fn did_document(&self, device: String) -> Result<Option<Document>, Error> {
		let info = self.client.info();
		let id = if device.starts_with("did:") {
			did::parse(&info.genesis_hash, &device)?
		} else {
			input::hash("device", &device)?
		};
		let device = self.client.runtime_api().device(info.best_hash, id)?;
		Ok(device.map(|device| Document::of(&info.genesis_hash, &device)))
	}

	fn did_resolve(&self, did: String) -> Result<Resolution, Error> {
		let info = self.client.info();
		let id = match did::parse(&info.genesis_hash, &did) {
			Ok(id) => id,
			Err(reason) => return Ok(reason.into()),
		};
		Ok(match self.client.runtime_api().device(info.best_hash, id)? {
			Some(device) => Resolution::of(&info.genesis_hash, &device),
			None => Resolution::not_found(),
		})
	}
}

/// Reads a public key. A key that is none of its scheme's is an error, since no device can have it.
fn public_key(parameter: &'static str, value: Value) -> Result<PublicKey, Error> {
	let key: PublicKey = input::message(parameter, value)?;
	if !is_well_formed(&key) {
		return Err(Error::Malformed {
			parameter,
			place: "its key".into(),
			reason: format!("the bytes are no {:?} key", key.scheme()),
		});
	}
	Ok(key)
}

#[cfg(test)]
mod tests {
	use super::*;
	use serde_json::json;

	#[test]
	fn a_key_is_read_or_refused_with_the_place_of_the_fault() {
		let place = |value| match public_key("key", value) {
			Err(Error::Malformed { parameter: "key", place, .. }) => place,
			other => panic!("{other:?}"),
		};
		// The generator of P-256, whose y is odd.
		let x = "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296";
		for value in
			[json!(format!("0x0303{x}")), json!({"scheme": "p256", "key": format!("0x03{x}")})]
		{
			let key = public_key("key", value).unwrap();
			assert_eq!(key.scheme(), depin_primitives::KeyScheme::P256);
			assert_eq!(hex::encode(key.as_bytes()), format!("03{x}"));
		}

		assert_eq!(place(json!({"scheme": "p256", "key": "0x03"})), "its top");
		assert_eq!(place(json!({"scheme": "rsa", "key": format!("0x03{x}")})), "`scheme`");
		assert_eq!(place(json!(7)), "its top");
		assert_eq!(place(json!("0xno")), "its hexadecimal");
		assert_eq!(place(json!(format!("0x0303{x}00"))), "byte 34 of 35");
		// The first byte of a compressed key is 2 or 3.
		assert_eq!(place(json!(format!("0x0304{x}"))), "its key");
	}

	#[test]
	fn the_cursor_of_a_page_is_passed_back_as_it_is() {
		let next = (Cell(0x08a1_f1d4_8922_ffff), DeviceId::repeat_byte(7));
		let page = PlacePage { items: vec![], next: Some(next) };
		let page = serde_json::to_value(page).unwrap();
		assert_eq!(page["next"], json!(["8a1f1d48922ffff", format!("{:?}", next.1)]));
		// As jsonrpsee reads the parameter.
		let after: Option<(Cell, DeviceId)> = serde_json::from_value(page["next"].clone()).unwrap();
		assert_eq!(after, Some(next));
	}
}
