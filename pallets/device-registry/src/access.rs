//! Grants: permissions that a device's owner gives to other accounts.

use crate::{types::Grant, Config, Device, Error, Event, Grants, HoldReason, Pallet};
use depin_primitives::{access::Permissions, DeviceId, Millis};
use frame_support::{pallet_prelude::*, traits::Time};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_grant_access(
		who: T::AccountId,
		id: DeviceId,
		to: T::AccountId,
		permissions: Permissions,
		expires: Millis,
	) -> DispatchResult {
		let device = Self::device_of(&who, id)?;
		ensure!(!permissions.is_unusable(), Error::<T>::InvalidPermissions);
		ensure!(expires > T::Time::now(), Error::<T>::AlreadyExpired);
		ensure!(to != device.owner, Error::<T>::GrantToOwner);
		let mut grants = Grants::<T>::get(id).unwrap_or_default();
		if let Some(grant) = grants.iter_mut().find(|grant| grant.to == to) {
			(grant.permissions, grant.expires) = (permissions, expires);
		} else {
			let deposit = Self::grant_deposit();
			grants
				.try_push(Grant { to: to.clone(), permissions, expires, deposit })
				.map_err(|_| Error::<T>::TooManyGrants)?;
			Self::hold(HoldReason::GrantDeposit, &who, deposit, Error::<T>::CannotAffordDeposit)?;
		}

		Grants::<T>::insert(id, grants);
		Self::deposit_event(Event::AccessGranted { device: id, to, permissions, expires });
		Ok(())
	}

	pub(crate) fn do_revoke_access(
		who: T::AccountId,
		id: DeviceId,
		to: T::AccountId,
	) -> DispatchResult {
		let owner = Self::stored_device(id).ok_or(Error::<T>::UnknownDevice)?.owner;
		let mut grants = Grants::<T>::get(id).unwrap_or_default();
		let at = grants.iter().position(|grant| grant.to == to).ok_or(Error::<T>::NotGranted)?;
		let Grant { expires, deposit, .. } = grants.remove(at);
		let may = who == owner || who == to || expires <= T::Time::now();
		ensure!(may, Error::<T>::CannotRevoke);
		Self::release(HoldReason::GrantDeposit, &owner, deposit)?;

		if grants.is_empty() {
			Grants::<T>::remove(id);
		} else {
			Grants::<T>::insert(id, grants);
		}
		Self::deposit_event(Event::AccessRevoked { device: id, to });
		Ok(())
	}

	/// Ends all grants on a device, and releases their deposits to its owner.
	pub(crate) fn end_grants(id: DeviceId, owner: &T::AccountId) -> DispatchResult {
		for Grant { to, deposit, .. } in Grants::<T>::take(id).unwrap_or_default() {
			Self::release(HoldReason::GrantDeposit, owner, deposit)?;
			Self::deposit_event(Event::AccessRevoked { device: id, to });
		}
		Ok(())
	}

	/// Returns the permissions that an account has on the device now: all for its owner, those of
	/// an unexpired grant for others.
	pub(crate) fn permitted(
		id: DeviceId,
		device: &Device<T::AccountId>,
		who: &T::AccountId,
	) -> Permissions {
		if device.owner == *who {
			return Permissions::ALL;
		}
		let now = T::Time::now();
		Grants::<T>::get(id)
			.unwrap_or_default()
			.into_iter()
			.find(|grant| grant.to == *who && now < grant.expires)
			.map_or_else(Permissions::default, |grant| grant.permissions)
	}
}
