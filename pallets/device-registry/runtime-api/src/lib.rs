#![cfg_attr(not(feature = "std"), no_std)]
//! The runtime API of pallet-device-registry: who the devices are.

use codec::Codec;
use depin_primitives::{
	device::{DeviceRecord, NetworkRecord},
	page::Page,
	Cell, DeviceId, MakerId, NetworkId, PublicKey,
};

sp_api::decl_runtime_apis! {
	/// Networks, makers and devices. Lists come in order of id, at most `limit` and at most
	/// [`MAX_PAGE`](depin_primitives::page::MAX_PAGE) items a page, from after the cursor `after`,
	/// which need not be in the list any more. A `limit` of 0 gives an empty last page.
	pub trait DeviceRegistryApi<AccountId> where AccountId: Codec {
		/// The device of this id.
		fn device(id: DeviceId) -> Option<DeviceRecord<AccountId>>;

		/// The network of this number.
		fn network(id: NetworkId) -> Option<NetworkRecord<AccountId>>;

		/// The account and the certificate key of this maker.
		fn maker(id: MakerId) -> Option<(AccountId, PublicKey)>;

		/// The devices of an owner.
		fn devices_by_owner(
			owner: AccountId,
			after: Option<DeviceId>,
			limit: u32,
		) -> Page<DeviceRecord<AccountId>, DeviceId>;

		/// The devices of a network.
		fn devices_by_network(
			network: NetworkId,
			after: Option<DeviceId>,
			limit: u32,
		) -> Page<DeviceRecord<AccountId>, DeviceId>;

		/// The devices that say they are in this very cell.
		fn devices_by_cell(
			cell: Cell,
			after: Option<DeviceId>,
			limit: u32,
		) -> Page<DeviceRecord<AccountId>, DeviceId>;
	}
}
