//! What the runtime API reads.

use crate::{
	Config, Devices, DevicesByCell, DevicesByNetwork, DevicesByOwner, Makers, Networks, Pallet,
};
use alloc::vec::Vec;
use codec::FullCodec;
use depin_primitives::{
	device::{DeviceRecord, NetworkRecord},
	page::{Page, MAX_PAGE},
	Cell, DeviceId, MakerId, NetworkId, PublicKey,
};
use frame_support::storage::IterableStorageDoubleMap;

/// A page of devices.
type DevicePage<T> = Page<DeviceRecord<<T as frame_system::Config>::AccountId>, DeviceId>;

impl<T: Config> Pallet<T> {
	/// The device of this id.
	pub fn device_record(id: DeviceId) -> Option<DeviceRecord<T::AccountId>> {
		Devices::<T>::get(id).map(|device| device.into_record(id))
	}

	/// The network of this number.
	pub fn network_record(id: NetworkId) -> Option<NetworkRecord<T::AccountId>> {
		Networks::<T>::get(id).map(|network| network.into_record(id))
	}

	/// The account and the certificate key of this maker.
	pub fn maker_record(id: MakerId) -> Option<(T::AccountId, PublicKey)> {
		Makers::<T>::get(id).map(|maker| (maker.account, maker.key))
	}

	/// The devices of an owner, in order of id: at most `limit`, and at most [`MAX_PAGE`], from after
	/// the cursor `after`. The cursor need not be a device of the list any more.
	pub fn devices_by_owner(
		owner: T::AccountId,
		after: Option<DeviceId>,
		limit: u32,
	) -> DevicePage<T> {
		Self::page::<DevicesByOwner<T>, _>(owner, after, limit)
	}

	/// The devices of a network, paged as those [of an owner](Self::devices_by_owner).
	pub fn devices_by_network(
		network: NetworkId,
		after: Option<DeviceId>,
		limit: u32,
	) -> DevicePage<T> {
		Self::page::<DevicesByNetwork<T>, _>(network, after, limit)
	}

	/// The devices that say they are in this very cell, paged as those
	/// [of an owner](Self::devices_by_owner).
	pub fn devices_by_cell(cell: Cell, after: Option<DeviceId>, limit: u32) -> DevicePage<T> {
		Self::page::<DevicesByCell<T>, _>(cell, after, limit)
	}

	/// A page of `key`'s devices in a list.
	fn page<List, Key>(key: Key, after: Option<DeviceId>, limit: u32) -> DevicePage<T>
	where
		List: IterableStorageDoubleMap<Key, DeviceId, ()>,
		Key: FullCodec + Clone,
	{
		let mut ids = match after {
			Some(id) => List::iter_key_prefix_from(key.clone(), List::hashed_key_for(key, id)),
			None => List::iter_key_prefix(key),
		};
		let limit = limit.min(MAX_PAGE) as usize;
		let listed: Vec<DeviceId> = ids.by_ref().take(limit).collect();
		let next = listed.last().copied().filter(|_| ids.next().is_some());
		let items = listed.into_iter().filter_map(Self::device_record).collect();
		Page { items, next }
	}
}
