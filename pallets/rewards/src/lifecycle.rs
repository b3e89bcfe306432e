//! Earnings of a device when it changes hands, is suspended, forfeits, or is reaped.

use crate::{pallet::*, types::RewardAccount, LOG_TARGET};
use depin_primitives::{
	traits::{Lifecycle, NotSettled},
	Balance, DeviceId, NetworkId,
};
use frame_support::{pallet_prelude::*, storage::with_storage_layer};

impl<T: Config> Pallet<T> {
	/// Pays a former owner what the device earned for them in closed epochs, or removes their
	/// account if it turned out to be worth nothing.
	pub(crate) fn do_claim_former(device: &DeviceId, payee: &T::AccountId) -> DispatchResult {
		let former = FormerAccounts::<T>::get(device, payee).ok_or(Error::<T>::NothingToClaim)?;
		let (mut former, share) = Self::compute_settlement(former, Self::current_epoch());
		if former.accrued > 0 {
			Self::pay(device, payee, former.accrued)?;
			former.accrued = 0;
		} else {
			// Points that are left after a settlement are of the running epoch, and may still be
			// worth something.
			ensure!(former.points == 0, Error::<T>::NothingToClaim);
			Self::deposit_event(Event::Cleared { device: *device, payee: payee.clone() });
		}
		Self::store_share(&former, share);
		Self::store_former(device, payee, former);
		Ok(())
	}

	/// Stores a former owner's account, or removes it if it is empty.
	fn store_former(device: &DeviceId, payee: &T::AccountId, former: RewardAccount) {
		if former.points > 0 || former.accrued > 0 {
			FormerAccounts::<T>::insert(device, payee, former);
		} else {
			FormerAccounts::<T>::remove(device, payee);
		}
	}

	/// Pays an amount if that is possible, and returns what is still owed: nothing, or all. A
	/// payment that fails changes no state.
	fn try_pay(device: &DeviceId, payee: &T::AccountId, amount: Balance) -> Balance {
		if amount == 0 {
			return 0;
		}
		match with_storage_layer(|| Self::pay(device, payee, amount)) {
			Ok(()) => 0,
			Err(e) => {
				log::debug!(target: LOG_TARGET, "{amount} of {device:?} not paid to {payee:?} yet: {e:?}");
				amount
			}
		}
	}
}

impl<T: Config> Lifecycle<T::AccountId> for Pallet<T> {
	/// Pays the owner and removes the device's account. Former owners' accounts stay.
	///
	/// Refuses
	/// - a device with points of the running epoch;
	/// - a device with points of the running epoch for a former owner, because the device could be
	///   registered in another network, and what it earned there for the same owner could not be
	///   added to those points;
	/// - a device whose owner cannot receive the reward: it is below the existential deposit, and
	///   the account does not exist. A held bond keeps its owner's account alive, so that this
	///   happens only to devices without a bond. Any transfer that creates the account ends it.
	fn on_reap(device: &DeviceId, _: NetworkId, owner: &T::AccountId) -> Result<(), NotSettled> {
		let now = Self::current_epoch();
		ensure!(SettledIn::<T>::get(device) != Some(now), NotSettled);
		let account = Accounts::<T>::get(device).unwrap_or_default();
		let (account, share) = Self::compute_settlement(account, now);
		// Points that are left after a settlement are of the running epoch.
		ensure!(account.points == 0, NotSettled);

		if account.accrued > 0 {
			Self::pay(device, owner, account.accrued).map_err(|e| {
				log::debug!(target: LOG_TARGET, "{device:?} not reaped, reward not paid: {e:?}");
				NotSettled
			})?;
		}
		Self::store_share(&account, share);
		Accounts::<T>::remove(device);
		SettledIn::<T>::remove(device);
		Ok(())
	}

	/// Pays the owner's money at once, if the owner can receive it. Points of the running epoch,
	/// and money that cannot be paid, move to the owner's former account, where the points still
	/// count.
	fn on_settle(device: &DeviceId, network: NetworkId, owner: &T::AccountId) {
		let Some(account) = Accounts::<T>::take(device) else { return };
		let now = Self::current_epoch();
		let account = Self::drop_points_of_other_network(network, Self::settle(account, now));
		// The device must not be reaped in this epoch: see `on_reap`.
		if account.points > 0 {
			SettledIn::<T>::insert(device, now);
		}

		let former = FormerAccounts::<T>::get(device, owner).unwrap_or_default();
		// Its points of the running epoch are of this network, because `SettledIn` prevented the
		// device from being reaped and registered in another.
		let former = Self::drop_points_of_other_network(network, Self::settle(former, now));
		let points = former.points.saturating_add(account.points);
		// Points that do not fit are paid to nobody: they must not count in the network either.
		let added = points.saturating_sub(former.points);
		Self::subtract_network_points(network, account.points.saturating_sub(added));

		let accrued = former.accrued.saturating_add(account.accrued);
		let accrued = Self::try_pay(device, owner, accrued);
		Self::store_former(device, owner, RewardAccount { network, epoch: now, points, accrued });
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
		// Without these points the others of the network are worth more.
		Self::subtract_network_points(network, points);
		Undistributed::<T>::mutate(|free| *free = free.saturating_add(amount));
		Self::deposit_event(Event::Forfeited { device: *device, amount, points });
	}
}
