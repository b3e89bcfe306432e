//! Changes of a device's key: rotation, authorized by the current key, and recovery of a lost key,
//! authorized by a maker's certificate.

use crate::{
	types::{Evidence, PendingChange, ShortId},
	Config, Device, Devices, Error, Event, Network, Pallet, RotatedKeys,
};
use depin_primitives::{
	device::PendingKey,
	statement::{KeyAdoption, KeyRotation, SignedCertificate, TimedSignature},
	verify::verify,
	DeviceId, PublicKey, H256,
};
use frame_support::pallet_prelude::*;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_rotate_key(
		who: T::AccountId,
		id: DeviceId,
		new_key: PublicKey,
		by_old: TimedSignature,
		by_new: TimedSignature,
		certificate: Option<SignedCertificate>,
	) -> DispatchResult {
		let mut device = Self::device_for(&who, id)?;
		let network = Self::check_new_key(id, &device, &new_key)?;
		Self::check_new_expiry(&device, by_new.expires)?;
		Self::check_new_expiry(&device, by_old.expires)?;
		let genesis = T::GenesisHash::get();
		let evidence =
			Self::check_evidence(&network, device.network, &new_key, certificate, &genesis)?;
		Self::check_adoption(id, &device, &new_key, &by_new, &genesis)?;
		let TimedSignature { expires, signature } = by_old;
		let rotation = KeyRotation { device: id, owner: device.owner.clone(), new_key, expires };
		ensure!(verify(&device.key, &signature, &rotation, &genesis), Error::<T>::BadRotation);

		device.statements_until = by_new.expires.max(by_old.expires);
		// The account that a device is offered to must not get the device with another key than the
		// one that it has seen, and a recovery is not needed any more.
		Self::end_pending(id, &mut device);
		Self::set_key(id, device, new_key, evidence);
		Ok(())
	}

	pub(crate) fn do_recover_key(
		who: T::AccountId,
		id: DeviceId,
		new_key: PublicKey,
		by_new: TimedSignature,
		certificate: SignedCertificate,
	) -> DispatchResult {
		let mut device = Self::device_of(&who, id)?;
		let network = Self::check_new_key(id, &device, &new_key)?;
		Self::check_new_expiry(&device, by_new.expires)?;
		let genesis = T::GenesisHash::get();
		let SignedCertificate { maker, key: maker_key, model, .. } = certificate;
		Self::check_certificate(&network, device.network, &new_key, certificate, &genesis)?;
		Self::check_adoption(id, &device, &new_key, &by_new, &genesis)?;

		let from = Self::block_after(Self::recovery_delay());
		device.statements_until = by_new.expires;
		// The recovery replaces an offer and an earlier recovery: see `PendingChange`.
		Self::end_pending(id, &mut device);
		let pending = PendingKey { key: new_key, maker, maker_key, model, from };
		device.pending = PendingChange::Key(pending);
		Self::put_device(id, device);
		Self::deposit_event(Event::RecoveryStarted { device: id, key: new_key, from });
		Ok(())
	}

	/// Checks again what may have changed since the recovery began, and sets the key.
	pub(crate) fn do_finish_recovery(id: DeviceId) -> DispatchResult {
		let mut device = Self::stored_device(id).ok_or(Error::<T>::UnknownDevice)?;
		let PendingKey { key, maker, maker_key, model, from } =
			*device.pending.key().ok_or(Error::<T>::NoRecovery)?;
		ensure!(Self::now_block() >= from, Error::<T>::RecoveryTooEarly);
		let network = Self::check_new_key(id, &device, &key)?;
		Self::ensure_accepted(&network, maker)?;
		Self::ensure_valid_key(maker, maker_key)?;
		Self::ensure_not_declared(maker, &key)?;

		device.pending = PendingChange::Nothing;
		Self::set_key(id, device, key, Evidence::Certified { maker, model });
		Ok(())
	}

	pub(crate) fn do_cancel_recovery(who: T::AccountId, id: DeviceId) -> DispatchResult {
		let mut device = Self::device_of(&who, id)?;
		ensure!(device.pending.key().is_some(), Error::<T>::NoRecovery);

		Self::end_pending(id, &mut device);
		Self::put_device(id, device);
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
		by_new: &TimedSignature,
		genesis: &H256,
	) -> Result<(), Error<T>> {
		let TimedSignature { expires, signature } = by_new;
		let adoption = KeyAdoption { device: id, owner: device.owner.clone(), expires: *expires };
		ensure!(verify(key, signature, &adoption, genesis), Error::<T>::BadAdoption);
		Ok(())
	}

	/// Returns the device that signs with this key now, and its id.
	pub(crate) fn signer(key: &PublicKey) -> Option<(DeviceId, Device<T::AccountId>)> {
		let hash = key.device_id();
		let by_id = Self::stored_device(hash).map(|device| (hash, device));
		by_id.filter(|(_, device)| device.key == *key).or_else(|| {
			let short = RotatedKeys::<T>::get(ShortId::from(hash))?;
			Self::find_short(short, |device| device.key == *key)
		})
	}

	/// Makes a device's key available to other devices. A device's first key stays reserved while
	/// the device is registered.
	pub(crate) fn free_key(id: DeviceId, key: &PublicKey) {
		let hash = key.device_id();
		if hash != id {
			RotatedKeys::<T>::remove(ShortId::from(hash));
		}
	}

	/// Replaces the key and the evidence of origin of a device that waits for no other change.
	fn set_key(id: DeviceId, mut device: Device<T::AccountId>, key: PublicKey, evidence: Evidence) {
		Self::free_key(id, &device.key);
		if key.device_id() != id {
			RotatedKeys::<T>::insert(ShortId::from(key.device_id()), ShortId::from(id));
		}
		Self::unlist_maker(id, device.evidence);
		Self::list_maker(id, evidence);
		device.key = key;
		device.evidence = evidence;
		Self::put_device(id, device);
		Self::deposit_event(Event::KeyRotated { device: id, key, maker: evidence.maker() });
	}
}
