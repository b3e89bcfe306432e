#![cfg_attr(not(feature = "std"), no_std)]
//! The runtime API of pallet-device-registry: who the devices are.

extern crate alloc;

use alloc::vec::Vec;
use codec::Codec;
use depin_primitives::{
	access::{GrantRecord, Permissions},
	device::DeviceRecord,
	maker::MakerRecord,
	network::NetworkRecord,
	page::{LookupError, Page},
	Cell, DeviceId, MakerId, NetworkId,
};

sp_api::decl_runtime_apis! {
	/// Networks, makers and devices. Lists come in order of id, at most `limit` and at most
	/// [`MAX_PAGE`](depin_primitives::page::MAX_PAGE) items a page, from after the cursor `after`,
	/// which need not be in the list any more. A `limit` of 0 gives an empty last page.
	pub trait DeviceRegistryApi<AccountId> where AccountId: Codec {
		/// The device of this id.
		fn device(id: DeviceId) -> Option<DeviceRecord<AccountId>>;

		/// The network of this number, with the rules that hold now.
		fn network(id: NetworkId) -> Option<NetworkRecord<AccountId>>;

		/// The maker of this number.
		fn maker(id: MakerId) -> Option<MakerRecord<AccountId>>;

		/// What a device's owner has granted to other accounts, expired grants included.
		fn grants(id: DeviceId) -> Result<Vec<GrantRecord<AccountId>>, LookupError>;

		/// What an account may do with a device now: all for its owner, nothing for a stranger.
		fn permissions(id: DeviceId, account: AccountId) -> Result<Permissions, LookupError>;

		/// The devices of an owner.
		fn devices_by_owner(
			owner: AccountId,
			after: Option<DeviceId>,
			limit: u32,
		) -> Page<DeviceRecord<AccountId>, DeviceId>;

		/// The devices of a network; none of one that was closed.
		fn devices_by_network(
			network: NetworkId,
			after: Option<DeviceId>,
			limit: u32,
		) -> Result<Page<DeviceRecord<AccountId>, DeviceId>, LookupError>;

		/// The devices that a maker has certified, also if it was deregistered since.
		fn devices_by_maker(
			maker: MakerId,
			after: Option<DeviceId>,
			limit: u32,
		) -> Result<Page<DeviceRecord<AccountId>, DeviceId>, LookupError>;

		/// The devices that say they are in this cell, or in a finer one within it. In order of place,
		/// then of id; the cursor is both of the last device given.
		fn devices_by_cell(
			cell: Cell,
			after: Option<(Cell, DeviceId)>,
			limit: u32,
		) -> Result<Page<DeviceRecord<AccountId>, (Cell, DeviceId)>, LookupError>;
	}
}
