//! Ledger of points: credits, settlement into money, and payment.

use crate::{
	pallet::*,
	types::{pro_rata, PayoutSettings, RewardAccount},
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
	/// Computes the settlement of an account: returns the account with its points of a closed epoch
	/// turned into money, and the epoch's share after that, if there is one. Writes nothing.
	pub(crate) fn compute_settlement(
		mut account: RewardAccount,
		now: EpochIndex,
	) -> (RewardAccount, Option<EpochShare>) {
		if !account.is_due(now) {
			return (account, None);
		}
		let share = Epochs::<T>::get(account.network, account.epoch).map(|mut share| {
			let earned = pro_rata(share.budget, account.points.into(), share.points);
			account.accrued = account.accrued.saturating_add(earned);
			share.unsettled = share.unsettled.saturating_sub(earned);
			share.unsettled_points = share.unsettled_points.saturating_sub(account.points.into());
			share
		});
		// Points of an epoch without a share are worth nothing: the network was not funded in it.
		account.points = 0;
		(account, share)
	}

	/// Stores the share that a settlement of `account` has left. With the last points of an epoch
	/// the share is removed, and what rounding has left of its budget becomes [`Undistributed`].
	pub(crate) fn store_share(account: &RewardAccount, share: Option<EpochShare>) {
		let Some(share) = share else { return };
		if share.unsettled_points > 0 {
			Epochs::<T>::insert(account.network, account.epoch, share);
		} else {
			Epochs::<T>::remove(account.network, account.epoch);
			Undistributed::<T>::mutate(|dust| *dust = dust.saturating_add(share.unsettled));
		}
	}

	/// Settles an account: turns its points of a closed epoch into money. Points that the returned
	/// account still has are of the running epoch.
	pub(crate) fn settle(account: RewardAccount, now: EpochIndex) -> RewardAccount {
		let (account, share) = Self::compute_settlement(account, now);
		Self::store_share(&account, share);
		account
	}

	/// Takes a device's account out of the device's record; `None` if the account is empty or the
	/// device is not registered.
	pub(crate) fn take_account(device: &DeviceId) -> Option<RewardAccount> {
		let mut record = T::Devices::record(device)?;
		let account = core::mem::take::<RewardAccount>(record.as_mut());
		if account.is_empty() {
			return None;
		}
		T::Devices::store(device, record);
		Some(account)
	}

	/// Pays a device's owner what the device has earned in closed epochs.
	pub(crate) fn do_claim(who: &T::AccountId, device: &DeviceId) -> DispatchResult {
		let mut record = T::Devices::record(device).ok_or(Error::<T>::UnknownDevice)?;
		let DeviceView { owner, status, .. } = T::Devices::view(&record);
		ensure!(!status.is_suspended(), Error::<T>::InEscrow);
		let account = *record.as_ref();
		ensure!(!account.is_empty(), Error::<T>::NothingToClaim);
		let settings = Self::payout_settings(&owner);
		Self::ensure_may_claim(who, &owner, &settings)?;
		let (mut account, share) = Self::compute_settlement(account, Self::current_epoch());
		ensure!(account.accrued > 0, Error::<T>::NothingToClaim);

		Self::pay(device, &owner, &settings, account.accrued)?;
		Self::store_share(&account, share);
		account.accrued = 0;
		*record.as_mut() = account;
		T::Devices::store(device, record);
		Ok(())
	}

	/// Pays an amount from the pot to the owner's payout account. If that account cannot receive
	/// the amount, or none is set, the owner is paid.
	pub(crate) fn pay(
		device: &DeviceId,
		owner: &T::AccountId,
		settings: &PayoutSettings<T::AccountId>,
		amount: Balance,
	) -> DispatchResult {
		let payee = settings
			.account
			.iter()
			.chain([owner])
			.find(|payee| {
				T::Currency::can_deposit(payee, amount, Provenance::Extant)
					== DepositConsequence::Success
			})
			.ok_or(Error::<T>::PayeeCannotReceive)?;
		T::Currency::transfer(&Self::pot(), payee, amount, Preservation::Preserve)?;
		InPot::<T>::mutate(|in_pot| *in_pot = in_pot.saturating_sub(amount));
		Self::deposit_event(Event::Paid {
			device: *device,
			owner: owner.clone(),
			payee: payee.clone(),
			amount,
		});
		Ok(())
	}

	/// Adds points to a network's points of the running epoch, which is `now`.
	fn add_network_points(network: NetworkId, now: EpochIndex, points: u64) {
		EpochPoints::<T>::mutate(network, |(epoch, total)| {
			if *epoch != now {
				(*epoch, *total) = (now, 0);
			}
			*total = total.saturating_add(points.into());
		});
	}

	/// Subtracts points of the running epoch from their network's points.
	pub(crate) fn subtract_network_points(network: NetworkId, points: u64) {
		if points > 0 {
			// A closed network has no entry, and must not get one again.
			EpochPoints::<T>::mutate_extant(network, |(_, total)| {
				*total = total.saturating_sub(points.into());
			});
		}
	}
}

impl<T: Config, Record: AsRef<RewardAccount> + AsMut<RewardAccount>> Ledger<Record> for Pallet<T> {
	fn credit(network: NetworkId, _: &DeviceId, record: &mut Record, points: u64) -> bool {
		if points == 0 {
			return false;
		}
		// An account holds the points of one epoch: those of an earlier one are settled first.
		let now = Self::current_epoch();
		let before: RewardAccount = *record.as_ref();
		let account = Self::settle(before, now);
		let total = account.points.saturating_add(points);
		// Points that a saturated device did not get must not count in its network either: the
		// money for them would be paid to nobody.
		let added = total.saturating_sub(account.points);
		*record.as_mut() = RewardAccount { network, epoch: now, points: total, ..account };
		Self::add_network_points(network, now, added);
		before.is_due(now)
	}
}
