//! Points, what they turn out to be worth, and payment.

use crate::{
	pallet::*,
	types::{share_of, RewardAccount},
};
use depin_primitives::{
	reward::EpochShare,
	traits::{DeviceView, Devices, Ledger},
	Balance, DeviceId, EpochIndex, NetworkId,
};
use frame_support::{
	pallet_prelude::*,
	traits::{
		fungible::{Inspect, Mutate},
		tokens::{DepositConsequence, Preservation, Provenance},
	},
};

impl<T: Config> Pallet<T> {
	/// The account with its points of a closed epoch turned into money, and what that leaves of the
	/// epoch's share, if there is one. Writes nothing.
	pub(crate) fn settled(
		mut account: RewardAccount,
		now: EpochIndex,
	) -> (RewardAccount, Option<EpochShare>) {
		if account.epoch == now || account.points == 0 {
			return (account, None);
		}
		let share = Epochs::<T>::get(account.network, account.epoch).map(|mut share| {
			let earned = share_of(share.budget, account.points.into(), share.points);
			account.accrued = account.accrued.saturating_add(earned);
			share.unsettled = share.unsettled.saturating_sub(earned);
			share.unsettled_points = share.unsettled_points.saturating_sub(account.points.into());
			share
		});
		account.points = 0;
		(account, share)
	}

	/// Keeps what a settlement has left of the share that `account` was settled from.
	pub(crate) fn keep_share(account: &RewardAccount, share: Option<EpochShare>) {
		let Some(share) = share else { return };
		if share.unsettled_points > 0 {
			Epochs::<T>::insert(account.network, account.epoch, share);
		} else {
			Epochs::<T>::remove(account.network, account.epoch);
			Undistributed::<T>::mutate(|dust| *dust = dust.saturating_add(share.unsettled));
		}
	}

	/// Turns the account's points of a closed epoch into money. What points it leaves are of the
	/// running epoch.
	pub(crate) fn settle(account: RewardAccount, now: EpochIndex) -> RewardAccount {
		let (account, share) = Self::settled(account, now);
		Self::keep_share(&account, share);
		account
	}

	/// Drops the points of a settled account if they were earned in another network than this.
	///
	/// The device has gone, been credited late, and come back to another network in one epoch. The late
	/// points can be priced in neither network.
	pub(crate) fn of_network(network: NetworkId, mut account: RewardAccount) -> RewardAccount {
		if account.network != network {
			Self::subtract_network_points(account.network, account.points);
			account.points = 0;
		}
		account
	}

	pub(crate) fn do_claim(device: &DeviceId) -> DispatchResult {
		let DeviceView { owner: payee, status, .. } =
			T::Devices::device(device).ok_or(Error::<T>::UnknownDevice)?;
		ensure!(!status.is_suspended(), Error::<T>::InEscrow);
		let account = Accounts::<T>::get(device).ok_or(Error::<T>::NothingToClaim)?;
		let (mut account, share) = Self::settled(account, Self::current_epoch());
		ensure!(account.accrued > 0, Error::<T>::NothingToClaim);

		Self::pay(device, &payee, account.accrued)?;
		Self::keep_share(&account, share);
		account.accrued = 0;
		if account.points > 0 {
			Accounts::<T>::insert(device, account);
		} else {
			Accounts::<T>::remove(device);
		}
		Ok(())
	}

	pub(crate) fn pay(device: &DeviceId, payee: &T::AccountId, amount: Balance) -> DispatchResult {
		ensure!(
			T::Currency::can_deposit(payee, amount, Provenance::Extant)
				== DepositConsequence::Success,
			Error::<T>::PayeeCannotReceive
		);
		T::Currency::transfer(&Self::pot(), payee, amount, Preservation::Preserve)?;
		Self::deposit_event(Event::Paid { device: *device, payee: payee.clone(), amount });
		Ok(())
	}

	/// Adds to a network's points in the epoch `now`.
	fn add_network_points(network: NetworkId, now: EpochIndex, points: u64) {
		EpochPoints::<T>::mutate(network, |(epoch, total)| {
			if *epoch != now {
				(*epoch, *total) = (now, 0);
			}
			*total = total.saturating_add(points.into());
		});
	}

	/// Takes points of the running epoch out of their network's.
	pub(crate) fn subtract_network_points(network: NetworkId, points: u64) {
		if points > 0 {
			EpochPoints::<T>::mutate(network, |(_, total)| {
				*total = total.saturating_sub(points.into());
			});
		}
	}
}

impl<T: Config> Ledger for Pallet<T> {
	fn credit(network: NetworkId, device: &DeviceId, points: u64) {
		if points == 0 {
			return;
		}
		let now = Self::current_epoch();
		let account = Self::settle(Accounts::<T>::get(device).unwrap_or_default(), now);
		let mut account = Self::of_network(network, account);

		let before = account.points;
		account.points = before.saturating_add(points);
		// What a saturated device did not get, its network must not count either: it would be paid
		// to nobody.
		let added = account.points.saturating_sub(before);
		Accounts::<T>::insert(device, RewardAccount { network, epoch: now, ..account });
		Self::add_network_points(network, now, added);
	}
}
