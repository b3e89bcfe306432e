//! The life of a device, from its registration until it is reaped, and the view that the other
//! pallets get of it.

use crate::{
	types::{
		CellKey, Evidence, OwnerKey, PendingChange, ShortId, Status, StoredDevice, StoredDeviceOf,
	},
	Config, Device, Devices, DevicesByCell, DevicesByMaker, DevicesByNetwork, DevicesByOwner,
	Error, Event, HoldReason, Network, Networks, Pallet, RotatedKeys,
};
use alloc::vec::Vec;
use depin_primitives::{
	access::Permissions,
	statement::{OwnerConsent, Registration, TimedSignature},
	suspension::SuspendReason,
	traits::{self, DeviceView, Lifecycle, NetworkView, NotSettled},
	verify::{is_well_formed, verify},
	Cell, DeviceId, InvalidCell, NetworkId, PublicKey, H256,
};
use frame_support::{
	pallet_prelude::*,
	storage::with_storage_layer,
	traits::{DefensiveOption, Time},
};
use sp_runtime::{traits::Saturating, ArithmeticError};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_register_device(
		owner: T::AccountId,
		network_id: NetworkId,
		device: Registration,
	) -> DispatchResult {
		let mut network = Self::open_network(network_id)?;
		Self::check_registration(&network, &device)?;
		Self::register(&owner, network_id, &mut network, device)?;
		Networks::<T>::insert(network_id, network);
		Ok(())
	}

	/// Registers devices, and returns the number of those for which signatures were checked.
	pub(crate) fn do_register_devices(
		owner: T::AccountId,
		network_id: NetworkId,
		devices: Vec<Registration>,
	) -> Result<u32, DispatchError> {
		let mut network = Self::open_network(network_id)?;
		let mut checked = 0u32;
		for (index, item) in devices.into_iter().enumerate() {
			let device = item.key.device_id();
			let registered = with_storage_layer(|| {
				Self::check_registration(&network, &item)?;
				checked.saturating_inc();
				Self::register(&owner, network_id, &mut network, item)
			});
			if let Err(error) = registered {
				// The list's bound is a u32; qed.
				let index = index as u32;
				Self::deposit_event(Event::RegistrationFailed { index, device, error });
			}
		}
		Networks::<T>::insert(network_id, network);
		Ok(checked)
	}

	/// Returns the network if devices can join it now.
	fn open_network(id: NetworkId) -> Result<Network<T>, Error<T>> {
		let network = Self::network(id).ok_or(Error::<T>::UnknownNetwork)?;
		ensure!(network.paused.is_none(), Error::<T>::NetworkPaused);
		Ok(network)
	}

	/// Makes the checks of a registration that need no signature.
	fn check_registration(network: &Network<T>, device: &Registration) -> DispatchResult {
		let Registration { key, cell, consent, .. } = device;
		Self::check_key(network, key)?;
		let id = key.device_id();
		ensure!(!Devices::<T>::contains_key(id), Error::<T>::AlreadyRegistered);
		ensure!(!RotatedKeys::<T>::contains_key(ShortId::from(id)), Error::<T>::KeyInUse);
		Self::check_cell(network, *cell)?;
		ensure!(network.devices < u32::MAX, ArithmeticError::Overflow);
		Self::check_expiry(consent.expires)?;
		Ok(())
	}

	/// Registers one device that [`check_registration`](Self::check_registration) admits, and
	/// counts it in its network, which the caller writes. The network is unchanged if the device is
	/// refused.
	fn register(
		owner: &T::AccountId,
		network_id: NetworkId,
		network: &mut Network<T>,
		device: Registration,
	) -> DispatchResult {
		let Registration { key, cell, certificate, consent } = device;
		let devices = network.devices.checked_add(1).ok_or(ArithmeticError::Overflow)?;
		let genesis = T::GenesisHash::get();
		let evidence = Self::check_evidence(network, network_id, &key, certificate, &genesis)?;
		let TimedSignature { expires, signature } = consent;
		let statement = OwnerConsent { network: network_id, owner: owner.clone(), expires };
		ensure!(verify(&key, &signature, &statement, &genesis), Error::<T>::BadConsent);

		let bond = network.rules.bond;
		Self::hold(HoldReason::DeviceBond, owner, bond, Error::<T>::CannotAffordBond)?;

		network.devices = devices;
		let (id, now) = (key.device_id(), T::Time::now());
		let device = Device {
			owner: owner.clone(),
			network: network_id,
			evidence,
			key,
			cell,
			located_at: now,
			status: Status::Active,
			pending: PendingChange::Nothing,
			bond,
			registered_at: now,
			statements_until: expires,
		};
		Self::insert_device(id, device);
		Self::deposit_event(Event::DeviceRegistered {
			device: id,
			network: network_id,
			owner: owner.clone(),
			maker: evidence.maker(),
			key,
			cell,
			bond,
		});
		Ok(())
	}

	/// Checks that the network accepts the scheme of the key, and that the key is well formed.
	pub(crate) fn check_key(network: &Network<T>, key: &PublicKey) -> Result<(), Error<T>> {
		let schemes = network.rules.policy.schemes;
		ensure!(schemes.contains(key.scheme()), Error::<T>::SchemeNotAccepted);
		ensure!(is_well_formed(key), Error::<T>::MalformedKey);
		Ok(())
	}

	/// Checks that the cell is an H3 cell of the network's resolution.
	fn check_cell(network: &Network<T>, cell: Cell) -> Result<(), Error<T>> {
		cell.check(network.rules.policy.cell_resolution).map_err(|invalid| match invalid {
			InvalidCell::NotACell => Error::<T>::NotACell,
			InvalidCell::WrongResolution => Error::<T>::WrongResolution,
		})
	}

	pub(crate) fn do_assert_location(
		who: T::AccountId,
		id: DeviceId,
		cell: Cell,
	) -> DispatchResult {
		let device = Self::device_for(&who, id)?;
		Self::ensure_active(&device)?;
		let network = Self::check_new_cell(&device, cell)?;
		let free = device.located_at.saturating_add(network.rules.policy.location.cooldown);
		ensure!(T::Time::now() >= free, Error::<T>::LocationCooldown);
		let fee = Self::pay_location_fee(&who)?;

		let from = Self::set_cell(id, device, cell);
		Self::deposit_event(Event::LocationAsserted { device: id, from, cell, fee });
		Ok(())
	}

	pub(crate) fn do_correct_location(
		who: T::AccountId,
		id: DeviceId,
		cell: Cell,
	) -> DispatchResult {
		let mut device = Self::device_of(&who, id)?;
		let Status::Suspended { case, retiring: None } = &mut device.status else {
			return Err(Error::<T>::NothingToCorrect.into());
		};
		ensure!(case.reason == SuspendReason::FalseLocation, Error::<T>::NothingToCorrect);
		ensure!(!case.corrected, Error::<T>::AlreadyCorrected);
		case.corrected = true;
		Self::check_new_cell(&device, cell)?;
		let fee = Self::pay_location_fee(&who)?;

		let from = Self::set_cell(id, device, cell);
		Self::deposit_event(Event::LocationCorrected { device: id, from, cell, fee });
		Ok(())
	}

	/// Checks that a device can be moved to this cell, and returns its network.
	fn check_new_cell(
		device: &Device<T::AccountId>,
		cell: Cell,
	) -> Result<Network<T>, DispatchError> {
		let network = Self::network_of_device(device)?;
		Self::check_cell(&network, cell)?;
		ensure!(cell != device.cell, Error::<T>::SameCell);
		Ok(network)
	}

	/// Sets a device's location, and returns the previous one.
	fn set_cell(id: DeviceId, mut device: Device<T::AccountId>, cell: Cell) -> Cell {
		let from = core::mem::replace(&mut device.cell, cell);
		device.located_at = T::Time::now();
		DevicesByCell::<T>::remove(CellKey::from(from), ShortId::from(id));
		DevicesByCell::<T>::insert(CellKey::from(cell), ShortId::from(id), ());
		Self::put_device(id, device);
		from
	}

	pub(crate) fn do_offer_device(
		who: T::AccountId,
		id: DeviceId,
		to: Option<T::AccountId>,
	) -> DispatchResult {
		let mut device = Self::device_of(&who, id)?;
		Self::ensure_active(&device)?;
		ensure!(to.as_ref() != Some(&who), Error::<T>::OfferToSelf);
		ensure!(device.pending.owner() != to.as_ref(), Error::<T>::NothingToChange);

		// The offer replaces a recovery: see `PendingChange`. The event below tells that an earlier
		// offer ends.
		if device.pending.key().is_some() {
			Self::end_pending(id, &mut device);
		}
		device.pending = to.clone().map_or(PendingChange::Nothing, PendingChange::Owner);
		Self::put_device(id, device);
		Self::deposit_event(Event::DeviceOffered { device: id, to });
		Ok(())
	}

	pub(crate) fn do_accept_device(
		who: T::AccountId,
		id: DeviceId,
		expected_key: PublicKey,
	) -> DispatchResult {
		let mut device = Self::stored_device(id).ok_or(Error::<T>::UnknownDevice)?;
		ensure!(device.pending.owner() == Some(&who), Error::<T>::NotOffered);
		Self::ensure_active(&device)?;
		// The owner can rotate the key in front of this call and offer the device again.
		ensure!(device.key == expected_key, Error::<T>::KeyChanged);
		let (reason, bond, poor) =
			(HoldReason::DeviceBond, device.bond, Error::<T>::CannotAffordBond);
		Self::take_over(reason, &device.owner, &who, bond, poor)?;
		Self::end_grants(id, &device.owner)?;
		// After the bond is released: the hook may hold a deposit on the former owner.
		T::Lifecycle::on_hand_over(&id, device.network, &device.owner);

		device.pending = PendingChange::Nothing;
		let from = core::mem::replace(&mut device.owner, who.clone());
		DevicesByOwner::<T>::remove(OwnerKey::of(&from), ShortId::from(id));
		DevicesByOwner::<T>::insert(OwnerKey::of(&who), ShortId::from(id), ());
		Self::put_device(id, device);
		Self::deposit_event(Event::DeviceTransferred { device: id, from, to: who, bond });
		Ok(())
	}

	pub(crate) fn do_retire_device(who: T::AccountId, id: DeviceId) -> DispatchResult {
		let device = Self::device_of(&who, id)?;
		Self::ensure_active(&device)?;
		let until = Self::retire(id, device);
		Self::deposit_event(Event::DeviceRetiring { device: id, until });
		Ok(())
	}

	/// Ends the offer of a device, or the recovery of its key, with an event.
	pub(crate) fn end_pending(id: DeviceId, device: &mut Device<T::AccountId>) {
		match core::mem::replace(&mut device.pending, PendingChange::Nothing) {
			PendingChange::Nothing => (),
			PendingChange::Owner(_) => {
				Self::deposit_event(Event::DeviceOffered { device: id, to: None })
			}
			PendingChange::Key(_) => Self::deposit_event(Event::RecoveryCancelled { device: id }),
		}
	}

	/// Ends a device's work, and returns the first block at which the device can be reaped.
	pub(crate) fn retire(id: DeviceId, mut device: Device<T::AccountId>) -> u32 {
		let until = Self::block_after(Self::retire_delay());
		device.status = Status::Retiring { until };
		Self::end_pending(id, &mut device);
		Self::put_device(id, device);
		until
	}

	pub(crate) fn do_reap_device(id: DeviceId) -> DispatchResult {
		let device = Self::stored_device(id).ok_or(Error::<T>::UnknownDevice)?;
		let Status::Retiring { until } = device.status else {
			return Err(Error::<T>::NotRetiring.into());
		};
		ensure!(Self::now_block() >= until, Error::<T>::StillRetiring);
		// Otherwise the former owner could register the device with its old consent.
		let expired = T::Time::now() >= device.statements_until;
		ensure!(expired, Error::<T>::StatementNotExpired);
		// A pallet may have written before another refuses: the call's storage layer reverts that.
		T::Lifecycle::on_reap(&id, device.network, &device.owner)
			.map_err(|NotSettled| Error::<T>::NotSettled)?;

		Self::remove_device(id, &device)?;
		let Device { owner, network, bond, .. } = device;
		Self::deposit_event(Event::DeviceReaped { device: id, network, owner, bond });
		Ok(())
	}

	/// Returns the device if `who` owns it.
	pub(crate) fn device_of(
		who: &T::AccountId,
		id: DeviceId,
	) -> Result<Device<T::AccountId>, Error<T>> {
		let device = Self::stored_device(id).ok_or(Error::<T>::UnknownDevice)?;
		ensure!(device.owner == *who, Error::<T>::NotOwner);
		Ok(device)
	}

	/// Returns the device if `who` owns it or may act for it.
	pub(crate) fn device_for(
		who: &T::AccountId,
		id: DeviceId,
	) -> Result<Device<T::AccountId>, Error<T>> {
		let device = Self::stored_device(id).ok_or(Error::<T>::UnknownDevice)?;
		let may = Self::permitted(id, &device, who);
		ensure!(may.contains(Permissions::ACT), Error::<T>::NotPermitted);
		Ok(device)
	}

	/// Returns the network of a device, to be read, with the policy clamped by the chain's caps.
	/// The network exists as long as the device does.
	pub(crate) fn network_of_device(
		device: &Device<T::AccountId>,
	) -> Result<Network<T>, DispatchError> {
		let network = Self::network(device.network).defensive_ok_or(DispatchError::Corruption)?;
		Ok(network.capped())
	}

	/// Fails if the device is suspended or retiring.
	pub(crate) fn ensure_active(device: &Device<T::AccountId>) -> Result<(), Error<T>> {
		match device.status {
			Status::Active => Ok(()),
			Status::Suspended { .. } => Err(Error::<T>::DeviceSuspended),
			Status::Retiring { .. } => Err(Error::<T>::AlreadyRetiring),
		}
	}

	/// Returns the state that this pallet keeps of a device.
	pub(crate) fn stored_device(id: DeviceId) -> Option<Device<T::AccountId>> {
		Devices::<T>::get(id).map(|stored| stored.device)
	}

	/// Writes the state that this pallet keeps of a device. The parts of the other pallets stay as
	/// they are stored, because a hook of the device's life may just have changed them; a new
	/// device gets the default.
	pub(crate) fn put_device(id: DeviceId, device: Device<T::AccountId>) {
		let parts = Devices::<T>::get(id).map(|stored| stored.parts).unwrap_or_default();
		Devices::<T>::insert(id, StoredDevice { device, parts });
	}

	/// Writes a new device and its entries in the lists.
	pub(crate) fn insert_device(id: DeviceId, device: Device<T::AccountId>) {
		let short = ShortId::from(id);
		DevicesByOwner::<T>::insert(OwnerKey::of(&device.owner), short, ());
		DevicesByNetwork::<T>::insert(device.network, short, ());
		DevicesByCell::<T>::insert(CellKey::from(device.cell), short, ());
		Self::list_maker(id, device.evidence);
		Self::put_device(id, device);
	}

	/// Releases a device's bond and the deposits of its grants, and removes the device, its entries
	/// in the lists and its place in its network's count.
	pub(crate) fn remove_device(id: DeviceId, device: &Device<T::AccountId>) -> DispatchResult {
		Self::release(HoldReason::DeviceBond, &device.owner, device.bond)?;
		Self::end_grants(id, &device.owner)?;
		Networks::<T>::mutate_extant(device.network, |network| network.devices.saturating_dec());
		let short = ShortId::from(id);
		DevicesByOwner::<T>::remove(OwnerKey::of(&device.owner), short);
		DevicesByNetwork::<T>::remove(device.network, short);
		DevicesByCell::<T>::remove(CellKey::from(device.cell), short);
		Self::unlist_maker(id, device.evidence);
		Self::free_key(id, &device.key);
		Devices::<T>::remove(id);
		Ok(())
	}

	/// Adds a device to the list of the maker that certified it.
	pub(crate) fn list_maker(id: DeviceId, evidence: Evidence) {
		if let Some((maker, _)) = evidence.maker() {
			DevicesByMaker::<T>::insert(maker, ShortId::from(id), ());
		}
	}

	/// Removes a device from the list of the maker that certified it.
	pub(crate) fn unlist_maker(id: DeviceId, evidence: Evidence) {
		if let Some((maker, _)) = evidence.maker() {
			DevicesByMaker::<T>::remove(maker, ShortId::from(id));
		}
	}
}

impl<T: Config> traits::Devices<T::AccountId> for Pallet<T> {
	type Record = StoredDeviceOf<T>;

	fn record(id: &DeviceId) -> Option<StoredDeviceOf<T>> {
		Devices::<T>::get(id)
	}

	fn store(id: &DeviceId, record: StoredDeviceOf<T>) {
		Devices::<T>::insert(id, record);
	}

	fn records() -> impl Iterator<Item = (DeviceId, StoredDeviceOf<T>)> {
		Devices::<T>::iter()
	}

	fn view(record: &StoredDeviceOf<T>) -> DeviceView<T::AccountId> {
		record.device.view()
	}

	fn network(id: NetworkId) -> Option<NetworkView> {
		Pallet::<T>::network(id).map(Network::into_view)
	}

	fn admin(id: NetworkId) -> Option<T::AccountId> {
		Networks::<T>::get(id).map(|network| network.admin)
	}

	fn rules_hash(id: NetworkId) -> Option<H256> {
		Pallet::<T>::network(id).map(|network| network.rules_hash())
	}
}
