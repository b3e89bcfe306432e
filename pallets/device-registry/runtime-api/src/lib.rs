#![cfg_attr(not(feature = "std"), no_std)]
//! Runtime API of pallet-device-registry: networks, makers, devices, grants and lists of devices.

extern crate alloc;

use alloc::vec::Vec;
use codec::Codec;
use depin_primitives::{
	access::{GrantRecord, Permissions},
	device::DeviceRecord,
	maker::MakerRecord,
	network::NetworkRecord,
	page::{LookupError, Page},
	parameters::RegistryParameters,
	Cell, DeviceId, MakerId, NetworkId, PublicKey,
};

sp_api::decl_runtime_apis! {
	/// Networks, makers and devices. A list comes in order of id, in pages of at most `limit` and
	/// at most [`MAX_PAGE`](depin_primitives::page::MAX_PAGE) items, from after the cursor `after`,
	/// which need not be in the list any more. A `limit` of 0 gives an empty last page.
	pub trait DeviceRegistryApi<AccountId> where AccountId: Codec {
		/// Returns the device of this id.
		fn device(id: DeviceId) -> Option<DeviceRecord<AccountId>>;

		/// Returns the device that signs with this key now. A key that a device has given up finds
		/// none.
		fn device_by_key(key: PublicKey) -> Option<DeviceRecord<AccountId>>;

		/// Returns the network of this number, with the rules that are in force now.
		fn network(id: NetworkId) -> Option<NetworkRecord<AccountId>>;

		/// Returns the maker of this number.
		fn maker(id: MakerId) -> Option<MakerRecord<AccountId>>;

		/// Returns the grants on a device, expired grants that are not revoked included.
		fn grants(id: DeviceId) -> Result<Vec<GrantRecord<AccountId>>, LookupError>;

		/// Returns the permissions that an account has on a device now: all for its owner, none for
		/// a stranger.
		fn permissions(id: DeviceId, account: AccountId) -> Result<Permissions, LookupError>;

		/// Returns the devices of an owner.
		fn devices_by_owner(
			owner: AccountId,
			after: Option<DeviceId>,
			limit: u32,
		) -> Page<DeviceRecord<AccountId>, DeviceId>;

		/// Returns the devices of a network; none for a closed network.
		fn devices_by_network(
			network: NetworkId,
			after: Option<DeviceId>,
			limit: u32,
		) -> Result<Page<DeviceRecord<AccountId>, DeviceId>, LookupError>;

		/// Returns the devices whose current key a maker has certified, also if the maker was
		/// deregistered since.
		fn devices_by_maker(
			maker: MakerId,
			after: Option<DeviceId>,
			limit: u32,
		) -> Result<Page<DeviceRecord<AccountId>, DeviceId>, LookupError>;

		/// Returns the devices whose location is this cell, or a finer one within it, in order of
		/// location, then of id. The cursor is both of the last device given.
		fn devices_by_cell(
			cell: Cell,
			after: Option<(Cell, DeviceId)>,
			limit: u32,
		) -> Result<Page<DeviceRecord<AccountId>, (Cell, DeviceId)>, LookupError>;

		/// Returns the delays, windows, deposits, fees and caps that are in force.
		fn parameters() -> RegistryParameters;
	}
}
