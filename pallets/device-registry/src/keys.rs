//! Changes of a device's key: rotation, authorized by the current key, and recovery of a lost key,
//! authorized by a maker's certificate.

use crate::{
	types::{Evidence, PendingChange, ShortId},
	Config, Device, Devices, Error, Event, Network, Pallet, RotatedKeys,
};
use depin_primitives::{
	device::PendingKey,
	statement::{KeyAdoption, KeyRotation, SignedCertificate},
	verify::verify,
	DeviceId, PublicKey, Signature, H256,
};
use frame_support::pallet_prelude::*;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_rotate_key(
		who: T::AccountId,
		id: DeviceId,
		new_key: PublicKey,
		by_old: Signature,
		by_new: Signature,
		certificate: Option<SignedCertificate>,
	) -> DispatchResult {
		let device = Self::device_for(&who, id)?;
		let network = Self::check_new_key(id, &device, &new_key)?;
		let genesis = T::GenesisHash::get();
		let evidence =
			Self::check_evidence(&network, device.network, &new_key, certificate, &genesis)?;
		Self::check_adoption(id, &device, &new_key, &by_new, &genesis)?;
		let rotation = KeyRotation { device: id, owner: device.owner.clone(), new_key };
		ensure!(verify(&device.key, &by_old, &rotation, &genesis), Error::<T>::BadRotation);

		Self::set_key(id, device, new_key, evidence);
		Ok(())
	}

	pub(crate) fn do_recover_key(
		who: T::AccountId,
		id: DeviceId,
		new_key: PublicKey,
		by_new: Signature,
		certificate: SignedCertificate,
	) -> DispatchResult {
		let mut device = Self::device_of(&who, id)?;
		let network = Self::check_new_key(id, &device, &new_key)?;
		let genesis = T::GenesisHash::get();
		let SignedCertificate { maker, model, .. } = certificate;
		Self::check_certificate(&network, device.network, &new_key, certificate, &genesis)?;
		Self::check_adoption(id, &device, &new_key, &by_new, &genesis)?;

		let from = Self::block_after(Self::recovery_delay());
		// The recovery replaces an offer: see `PendingChange`.
		if device.pending.owner().is_some() {
			Self::deposit_event(Event::DeviceOffered { device: id, to: None });
		}
		device.pending = PendingChange::Key(PendingKey { key: new_key, maker, model, from });
		Devices::<T>::insert(id, device);
		Self::deposit_event(Event::RecoveryStarted { device: id, key: new_key, from });
		Ok(())
	}

	/// Checks again what may have changed since the recovery began, and sets the key.
	pub(crate) fn do_finish_recovery(id: DeviceId) -> DispatchResult {
		let device = Devices::<T>::get(id).ok_or(Error::<T>::UnknownDevice)?;
		let PendingKey { key, maker, model, from } =
			*device.pending.key().ok_or(Error::<T>::NoRecovery)?;
		ensure!(Self::now_block() >= from, Error::<T>::RecoveryTooEarly);
		let network = Self::check_new_key(id, &device, &key)?;
		Self::ensure_accepted(&network, maker)?;
		Self::ensure_not_declared(maker, &key)?;

		Self::set_key(id, device, key, Evidence::Certified { maker, model });
		Ok(())
	}

	pub(crate) fn do_cancel_recovery(who: T::AccountId, id: DeviceId) -> DispatchResult {
		let mut device = Self::device_of(&who, id)?;
		ensure!(device.pending.key().is_some(), Error::<T>::NoRecovery);

		device.pending = PendingChange::Nothing;
		Devices::<T>::insert(id, device);
		Self::deposit_event(Event::RecoveryCancelled { device: id });
		Ok(())
	}

	/// Checks that the device can take on this key, and returns its network.
	fn check_new_key(
		id: DeviceId,
		device: &Device<T::AccountId>,
		key: &PublicKey,
	) -> Result<Network<T>, DispatchError> {
		ensure!(device.status.can_work(), Error::<T>::AlreadyRetiring);
		let network = Self::network_of_device(device)?;
		Self::check_key(&network, key)?;
		let hash = key.device_id();
		// A device may take on its own first key again, unless it is the current one.
		let free = if hash == id {
			device.key != *key
		} else {
			!Devices::<T>::contains_key(hash)
				&& !RotatedKeys::<T>::contains_key(ShortId::from(hash))
		};
		ensure!(free, Error::<T>::KeyInUse);
		Ok(network)
	}

	/// Checks that the new key agrees to work for this device and owner.
	fn check_adoption(
		id: DeviceId,
		device: &Device<T::AccountId>,
		key: &PublicKey,
		by_new: &Signature,
		genesis: &H256,
	) -> Result<(), Error<T>> {
		let adoption = KeyAdoption { device: id, owner: device.owner.clone() };
		ensure!(verify(key, by_new, &adoption, genesis), Error::<T>::BadAdoption);
		Ok(())
	}

	/// Makes a device's key available to other devices. A device's first key stays reserved while
	/// the device is registered.
	pub(crate) fn free_key(id: DeviceId, key: &PublicKey) {
		let hash = key.device_id();
		if hash != id {
			RotatedKeys::<T>::remove(ShortId::from(hash));
		}
	}

	/// Replaces a device's key and the evidence of its origin. A recovery ends; an offer stays.
	fn set_key(id: DeviceId, mut device: Device<T::AccountId>, key: PublicKey, evidence: Evidence) {
		Self::free_key(id, &device.key);
		if key.device_id() != id {
			RotatedKeys::<T>::insert(ShortId::from(key.device_id()), ());
		}
		if device.pending.key().is_some() {
			device.pending = PendingChange::Nothing;
		}
		Self::unlist_maker(id, device.evidence);
		Self::list_maker(id, evidence);
		device.key = key;
		device.evidence = evidence;
		Devices::<T>::insert(id, device);
		Self::deposit_event(Event::KeyRotated { device: id, key, maker: evidence.maker() });
	}
}
