//! Hooks of a device's life and of a network's end: settlement, forfeiture, reaping, closing.

use crate::{pallet::*, types::RewardAccount, LOG_TARGET};
use depin_primitives::{
	traits::{Lifecycle, NetworkFunding, NotSettled},
	DeviceId, NetworkId,
};
use frame_support::{pallet_prelude::*, storage::with_storage_layer};

impl<T: Config> Pallet<T> {
	/// Pays the owner of a device that is reaped, also from their former account of the device, and
	/// empties both accounts.
	fn settle_last(device: &DeviceId, owner: &T::AccountId) -> DispatchResult {
		let now = Self::current_epoch();
		let account = Self::settle(Self::take_account(device).unwrap_or_default(), now);
		let former = FormerAccounts::<T>::take(owner, device).unwrap_or_default();
		let deposit = former.deposit;
		let former = Self::settle(former.account, now);
		// Points that are left after a settlement are of the running epoch.
		ensure!(account.points == 0 && former.points == 0, Error::<T>::NothingToClaim);

		let amount = account.accrued.saturating_add(former.accrued);
		if amount > 0 {
			Self::pay(device, owner, &Self::payout_settings(owner), amount)?;
		}
		Self::release(HoldReason::FormerAccount, owner, deposit)
	}
}

impl<T: Config> Lifecycle<T::AccountId> for Pallet<T> {
	/// Pays the owner, empties the device's account, and removes that owner's former account of the
	/// device. Accounts of earlier owners stay; they have deposits.
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
		with_storage_layer(|| Self::settle_last(device, owner)).map_err(|e| {
			log::debug!(target: LOG_TARGET, "{device:?} not reaped: {e:?}");
			NotSettled
		})?;
		SettledIn::<T>::remove(device);
		Ok(())
	}

	/// Pays the owner's money at once, if the owner can receive it. Points of the running epoch,
	/// and money that cannot be paid, move to the owner's former account, where the points still
	/// count. The device's bond covers that account, because the device stays with its owner.
	fn on_settle(device: &DeviceId, network: NetworkId, owner: &T::AccountId) {
		Self::settle_on(device, network, owner, false);
	}

	/// Settles as [`on_settle`](Lifecycle::on_settle), and holds the deposit for a former account
	/// that stays.
	fn on_hand_over(device: &DeviceId, network: NetworkId, from: &T::AccountId) {
		Self::settle_on(device, network, from, true);
	}

	fn on_forfeit(device: &DeviceId, _: NetworkId) {
		let Some(account) = Self::take_account(device) else { return };
		let RewardAccount { network, points, accrued: amount, .. } =
			Self::settle(account, Self::current_epoch());
		// Without these points the others of the network are worth more.
		Self::subtract_network_points(network, points);
		Undistributed::<T>::mutate(|free| *free = free.saturating_add(amount));
		Self::deposit_event(Event::Forfeited { device: *device, amount, points });
	}
}

impl<T: Config> NetworkFunding for Pallet<T> {
	fn is_funded(network: NetworkId) -> bool {
		Funded::<T>::get().binary_search_by_key(&network, |(id, _)| *id).is_ok()
	}

	/// Removes the network's allocation, so that its place and its slice are free for others, and
	/// its points. Shares of closed epochs stay until they are claimed.
	fn on_network_closed(network: NetworkId) {
		EpochPoints::<T>::remove(network);
		let was_funded = Funded::<T>::mutate(|funded| {
			let position = funded.binary_search_by_key(&network, |(id, _)| *id);
			position.map(|at| funded.remove(at)).is_ok()
		});
		if was_funded {
			Self::deposit_event(Event::AllocationSet { network, allocation: 0 });
		}
	}
}
