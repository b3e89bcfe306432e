//! The turns in a device's life: what it has earned is settled on an owner, forfeited, or paid at its
//! end.

use crate::{pallet::*, types::RewardAccount, LOG_TARGET};
use depin_primitives::{
	traits::{Lifecycle, NotSettled},
	Balance, DeviceId, NetworkId,
};
use frame_support::{pallet_prelude::*, storage::with_storage_layer};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_claim_former(device: &DeviceId, payee: &T::AccountId) -> DispatchResult {
		let former = FormerAccounts::<T>::get(device, payee).ok_or(Error::<T>::NothingToClaim)?;
		let (mut former, share) = Self::settled(former, Self::current_epoch());
		if former.accrued > 0 {
			Self::pay(device, payee, former.accrued)?;
			former.accrued = 0;
		} else {
			// What settlement leaves is of the running epoch.
			ensure!(former.points == 0, Error::<T>::NothingToClaim);
			Self::deposit_event(Event::Cleared { device: *device, payee: payee.clone() });
		}
		Self::keep_share(&former, share);
		Self::keep_former(device, payee, former);
		Ok(())
	}

	fn keep_former(device: &DeviceId, payee: &T::AccountId, former: RewardAccount) {
		if former.points > 0 || former.accrued > 0 {
			FormerAccounts::<T>::insert(device, payee, former);
		} else {
			FormerAccounts::<T>::remove(device, payee);
		}
	}

	/// Pays, if that can be done now, and gives what is still owed: nothing, or all. A payment that
	/// fails leaves no trace.
	fn pay_or_keep(device: &DeviceId, payee: &T::AccountId, amount: Balance) -> Balance {
		if amount == 0 {
			return 0;
		}
		match with_storage_layer(|| Self::pay(device, payee, amount)) {
			Ok(()) => 0,
			Err(e) => {
				log::debug!(target: LOG_TARGET, "{amount} of {device:?} kept for {payee:?}: {e:?}");
				amount
			}
		}
	}
}

impl<T: Config> Lifecycle<T::AccountId> for Pallet<T> {
	/// Also not yet, while points of the running epoch wait for one who owned the device: it could
	/// come back to another network, and what it earns for the same owner there could not be added to
	/// them. And not yet, while a reward below the existential deposit is owed to an account that does
	/// not exist. A held bond keeps its owner's account alive, so that this befalls only the owners of
	/// devices without a bond; any transfer that brings the account to life mends it.
	fn on_reap(device: &DeviceId, _: NetworkId, owner: &T::AccountId) -> Result<(), NotSettled> {
		let now = Self::current_epoch();
		ensure!(SettledIn::<T>::get(device) != Some(now), NotSettled);
		let account = Accounts::<T>::get(device).unwrap_or_default();
		let (account, share) = Self::settled(account, now);
		// What settlement leaves is of the running epoch.
		ensure!(account.points == 0, NotSettled);

		if account.accrued > 0 {
			Self::pay(device, owner, account.accrued).map_err(|e| {
				log::debug!(target: LOG_TARGET, "{device:?} cannot go, its reward not paid: {e:?}");
				NotSettled
			})?;
		}
		Self::keep_share(&account, share);
		Accounts::<T>::remove(device);
		SettledIn::<T>::remove(device);
		Ok(())
	}

	/// Pays the money at once, if the owner can take it. The points of the running epoch still count
	/// in it, for this owner.
	fn on_settle(device: &DeviceId, network: NetworkId, owner: &T::AccountId) {
		let Some(account) = Accounts::<T>::take(device) else { return };
		let now = Self::current_epoch();
		let account = Self::of_network(network, Self::settle(account, now));
		if account.points > 0 {
			SettledIn::<T>::insert(device, now);
		}

		let former = FormerAccounts::<T>::get(device, owner).unwrap_or_default();
		// The running epoch's points here are of this network, because `SettledIn` kept the device
		// from going to another.
		let former = Self::of_network(network, Self::settle(former, now));
		let points = former.points.saturating_add(account.points);
		// What does not fit is paid to nobody: the network must not count it either.
		let added = points.saturating_sub(former.points);
		Self::subtract_network_points(network, account.points.saturating_sub(added));

		let accrued = former.accrued.saturating_add(account.accrued);
		let accrued = Self::pay_or_keep(device, owner, accrued);
		Self::keep_former(device, owner, RewardAccount { network, epoch: now, points, accrued });
		if points > 0 || accrued > 0 {
			Self::deposit_event(Event::Settled {
				device: *device,
				payee: owner.clone(),
				amount: accrued,
				points,
			});
		}
	}

	fn on_forfeit(device: &DeviceId, _: NetworkId) {
		let Some(account) = Accounts::<T>::take(device) else { return };
		let RewardAccount { network, points, accrued: amount, .. } =
			Self::settle(account, Self::current_epoch());
		Self::subtract_network_points(network, points);
		Undistributed::<T>::mutate(|free| *free = free.saturating_add(amount));
		Self::deposit_event(Event::Forfeited { device: *device, amount, points });
	}
}
