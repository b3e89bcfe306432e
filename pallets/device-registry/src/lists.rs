//! Records and pages that the runtime API reads.

use crate::{
	types::{CellKey, Grant, OwnerKey, ShortId},
	Config, Device, Devices, DevicesByCell, DevicesByMaker, DevicesByNetwork, DevicesByOwner,
	Grants, Makers, NextMakerId, NextNetworkId, Pallet,
};
use alloc::vec::Vec;
use codec::FullCodec;
use depin_primitives::{
	access::{GrantRecord, Permissions},
	device::DeviceRecord,
	maker::MakerRecord,
	network::NetworkRecord,
	page::{LookupError, Page, MAX_PAGE},
	Cell, DeviceId, MakerId, NetworkId, PublicKey,
};
use frame_support::{
	ensure,
	storage::{IterableStorageDoubleMap, StoragePrefixedMap},
};

/// Record of a device, as the runtime API gives it.
type Record<T> = DeviceRecord<<T as frame_system::Config>::AccountId>;

/// Page of devices, in order of id.
type DevicePage<T> = Page<Record<T>, DeviceId>;

/// Page of devices, in order of location, then of id.
type PlacePage<T> = Page<Record<T>, (Cell, DeviceId)>;

impl<T: Config> Pallet<T> {
	/// Returns the device of this id.
	pub fn device_record(id: DeviceId) -> Option<Record<T>> {
		Self::stored_device(id).map(|device| device.into_record(id))
	}

	/// Returns the device that signs with this key now.
	pub fn device_record_by_key(key: PublicKey) -> Option<Record<T>> {
		Self::signer(&key).map(|(id, device)| device.into_record(id))
	}

	/// Returns the network of this number, with the rules of the running epoch.
	pub fn network_record(id: NetworkId) -> Option<NetworkRecord<T::AccountId>> {
		Self::network(id).map(|network| network.into_record(id))
	}

	/// Returns the maker of this number.
	pub fn maker_record(id: MakerId) -> Option<MakerRecord<T::AccountId>> {
		Makers::<T>::get(id).map(|maker| maker.into_record(id))
	}

	/// Returns the grants on a device, including expired ones that are not revoked.
	pub fn grants(id: DeviceId) -> Result<Vec<GrantRecord<T::AccountId>>, LookupError> {
		ensure!(Devices::<T>::contains_key(id), LookupError::UnknownDevice);
		let grants = Grants::<T>::get(id).unwrap_or_default();
		let record = |grant: Grant<T::AccountId>| GrantRecord {
			to: grant.to,
			permissions: grant.permissions,
			expires: grant.expires,
		};
		Ok(grants.into_iter().map(record).collect())
	}

	/// Returns the permissions that an account has on a device now: all for its owner, none for a
	/// stranger.
	pub fn permissions(id: DeviceId, who: T::AccountId) -> Result<Permissions, LookupError> {
		let device = Self::stored_device(id).ok_or(LookupError::UnknownDevice)?;
		Ok(Self::permitted(id, &device, &who))
	}

	/// Returns the devices of an owner, in order of id: at most `limit`, and at most [`MAX_PAGE`],
	/// from after the cursor `after`. The cursor need not be a device of the list any more.
	pub fn devices_by_owner(
		owner: T::AccountId,
		after: Option<DeviceId>,
		limit: u32,
	) -> DevicePage<T> {
		let key = OwnerKey::of(&owner);
		Self::page::<DevicesByOwner<T>, _>(key, after, limit, |device| device.owner == owner)
	}

	/// Returns the devices of a network, paged as those [of an owner](Self::devices_by_owner).
	pub fn devices_by_network(
		network: NetworkId,
		after: Option<DeviceId>,
		limit: u32,
	) -> Result<DevicePage<T>, LookupError> {
		// A closed network has no devices, but had this number.
		ensure!(network < NextNetworkId::<T>::get(), LookupError::UnknownNetwork);
		let belongs = |device: &Device<_>| device.network == network;
		Ok(Self::page::<DevicesByNetwork<T>, _>(network, after, limit, belongs))
	}

	/// Returns the devices that a maker has certified, paged as those
	/// [of an owner](Self::devices_by_owner).
	pub fn devices_by_maker(
		maker: MakerId,
		after: Option<DeviceId>,
		limit: u32,
	) -> Result<DevicePage<T>, LookupError> {
		// A deregistered maker still has its devices.
		ensure!(maker < NextMakerId::<T>::get(), LookupError::UnknownMaker);
		let belongs =
			|device: &Device<_>| device.evidence.maker().is_some_and(|(id, _)| id == maker);
		Ok(Self::page::<DevicesByMaker<T>, _>(maker, after, limit, belongs))
	}

	/// Returns the devices whose location is this cell, or a finer one within it, in order of
	/// location, then of id: at most `limit`, and at most [`MAX_PAGE`], from after the cursor
	/// `after`.
	pub fn devices_by_cell(
		cell: Cell,
		after: Option<(Cell, DeviceId)>,
		limit: u32,
	) -> Result<PlacePage<T>, LookupError> {
		ensure!(cell.is_valid(), LookupError::NotACell);
		let (first, last) = CellKey::range(cell);
		// The first key of the range has no device's id, so that it sorts before every entry.
		let mut from = DevicesByCell::<T>::final_prefix().to_vec();
		from.extend_from_slice(&first.0);
		if let Some((cell, id)) = after {
			let short = ShortId::from(id);
			let cursor = DevicesByCell::<T>::hashed_key_for(CellKey::from(cell), short);
			from = from.max(cursor);
		}
		let mut entries =
			DevicesByCell::<T>::iter_keys_from(from).take_while(|(key, _)| *key <= last);
		let record = |(key, short): (CellKey, ShortId)| {
			Self::find_short(short, |device| CellKey::from(device.cell) == key)
				.map(|(id, device)| device.into_record(id))
		};
		Ok(Self::page_of(&mut entries, limit, record, |device| (device.cell, device.id)))
	}

	/// Returns a page of the devices in the list of `key`.
	fn page<List, Key>(
		key: Key,
		after: Option<DeviceId>,
		limit: u32,
		belongs: impl Fn(&Device<T::AccountId>) -> bool,
	) -> DevicePage<T>
	where
		List: IterableStorageDoubleMap<Key, ShortId, ()>,
		Key: FullCodec + Clone,
	{
		let mut entries = match after.map(ShortId::from) {
			Some(id) => List::iter_key_prefix_from(key.clone(), List::hashed_key_for(key, id)),
			None => List::iter_key_prefix(key),
		};
		let record =
			|short| Self::find_short(short, &belongs).map(|(id, device)| device.into_record(id));
		Self::page_of(&mut entries, limit, record, |device| device.id)
	}

	/// Returns the device whose id begins with these bytes. If the ids of several devices begin
	/// alike, the one that is sought.
	pub(crate) fn find_short(
		short: ShortId,
		is_sought: impl Fn(&Device<T::AccountId>) -> bool,
	) -> Option<(DeviceId, Device<T::AccountId>)> {
		// A prefix of a storage key sorts before all keys that begin with it.
		let mut from = Devices::<T>::final_prefix().to_vec();
		from.extend_from_slice(&short.0);
		Devices::<T>::iter_from(from)
			.take_while(|(id, _)| ShortId::from(*id) == short)
			.map(|(id, stored)| (id, stored.device))
			.find(|(_, device)| is_sought(device))
	}

	/// Returns the page with which a list begins, with its cursor if the list goes on.
	fn page_of<Entry, Cursor>(
		entries: &mut impl Iterator<Item = Entry>,
		limit: u32,
		record: impl Fn(Entry) -> Option<Record<T>>,
		cursor: impl Fn(&Record<T>) -> Cursor,
	) -> Page<Record<T>, Cursor> {
		let limit = limit.min(MAX_PAGE) as usize;
		let items: Vec<_> = entries.take(limit).filter_map(record).collect();
		let next = items.last().map(cursor).filter(|_| entries.next().is_some());
		Page { items, next }
	}
}
