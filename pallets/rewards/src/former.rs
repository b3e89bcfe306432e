//! Former accounts: earnings that a device's settlement has set aside for one of its owners.

use crate::{
	pallet::*,
	types::{FormerAccount, RewardAccount},
	LOG_TARGET,
};
use depin_primitives::{Balance, DeviceId, EpochIndex, NetworkId};
use frame_support::{
	pallet_prelude::*,
	storage::with_storage_layer,
	traits::fungible::hold::{Inspect as _, Mutate as _},
};

impl<T: Config> Pallet<T> {
	/// Pays a former owner what the device earned for them in closed epochs, or removes their
	/// account if it turned out to be worth nothing.
	pub(crate) fn do_claim_former(
		who: &T::AccountId,
		device: &DeviceId,
		owner: &T::AccountId,
	) -> DispatchResult {
		let FormerAccount { account, deposit } =
			FormerAccounts::<T>::get(owner, device).ok_or(Error::<T>::NothingToClaim)?;
		let settings = Self::payout_settings(owner);
		Self::ensure_may_claim(who, owner, &settings)?;

		let now = Self::current_epoch();
		let (mut account, share) = Self::compute_settlement(account, now);
		if account.accrued > 0 {
			let paid = Self::pay(device, owner, &settings, account.accrued);
			match paid {
				Err(e) if e == Error::<T>::PayeeCannotReceive.into() => {
					// An amount that nobody can receive must not occupy state for ever.
					let since = now.saturating_sub(account.epoch);
					ensure!(since >= T::ClearAfter::get(), Error::<T>::PayeeCannotReceive);
					Self::clear(device, owner, account.accrued);
				}
				paid => paid?,
			}
			account.accrued = 0;
		} else {
			// Points that are left after a settlement are of the running epoch, and may still be
			// worth something.
			ensure!(account.points == 0, Error::<T>::NothingToClaim);
			Self::clear(device, owner, 0);
		}
		Self::store_share(&account, share);
		Self::drop_stale_mark(device, now);
		Self::store_former(device, owner, FormerAccount { account, deposit })
	}

	/// Adds the money of a former account that is removed unpaid to [`Undistributed`].
	fn clear(device: &DeviceId, owner: &T::AccountId, amount: Balance) {
		Undistributed::<T>::mutate(|free| *free = free.saturating_add(amount));
		Self::deposit_event(Event::Cleared { device: *device, owner: owner.clone(), amount });
	}

	/// Stores a former account. Removes it if it is empty, and returns its deposit.
	pub(crate) fn store_former(
		device: &DeviceId,
		owner: &T::AccountId,
		former: FormerAccount,
	) -> DispatchResult {
		if former.account.is_empty() {
			FormerAccounts::<T>::remove(owner, device);
			return Self::release(HoldReason::FormerAccount, owner, former.deposit);
		}
		FormerAccounts::<T>::insert(owner, device, former);
		Ok(())
	}

	/// Holds the deposit for a former account of an owner who gives the device away, and returns
	/// the amount held.
	///
	/// The registry has released the device's bond, which is larger than the deposit, so that the
	/// owner can afford the deposit. A hold that fails all the same must not stop the hand-over:
	/// the account then has no deposit, and anyone can end it by a claim.
	fn hold_former_deposit(owner: &T::AccountId) -> Balance {
		let (reason, deposit) = (HoldReason::FormerAccount.into(), T::FormerDeposit::get());
		if !T::Currency::can_hold(&reason, owner, deposit) {
			log::warn!(target: LOG_TARGET, "no deposit of {deposit} held on {owner:?}");
			return 0;
		}
		with_storage_layer(|| T::Currency::hold(&reason, owner, deposit)).map_or(0, |()| deposit)
	}

	/// Removes the mark of a device that was settled in an epoch that has closed since.
	pub(crate) fn drop_stale_mark(device: &DeviceId, now: EpochIndex) {
		if SettledIn::<T>::get(device).is_some_and(|epoch| epoch < now) {
			SettledIn::<T>::remove(device);
		}
	}

	/// Settles on `owner` what a device has earned, and sets aside what cannot be paid at once.
	///
	/// `leaves` says that the owner gives the device away. The former account of the device's
	/// present owner is covered by the device's bond; that of an earlier owner has a deposit.
	pub(crate) fn settle_on(
		device: &DeviceId,
		network: NetworkId,
		owner: &T::AccountId,
		leaves: bool,
	) {
		let (account, former) =
			(Self::take_account(device), FormerAccounts::<T>::get(owner, device));
		if account.is_none() && former.is_none() {
			return;
		}
		let now = Self::current_epoch();
		let account = Self::settle(account.unwrap_or_default(), now);
		// The device must not be reaped in this epoch: see `on_reap`.
		if account.points > 0 {
			SettledIn::<T>::insert(device, now);
		} else {
			Self::drop_stale_mark(device, now);
		}

		let FormerAccount { account: former, mut deposit } = former.unwrap_or_default();
		// Its points of the running epoch are of this network, because `SettledIn` prevented the
		// device from being reaped and registered in another.
		let former = Self::settle(former, now);
		let points = former.points.saturating_add(account.points);
		// Points that do not fit are paid to nobody: they must not count in the network either.
		let added = points.saturating_sub(former.points);
		Self::subtract_network_points(network, account.points.saturating_sub(added));

		let accrued = former.accrued.saturating_add(account.accrued);
		let accrued = Self::try_pay(device, owner, accrued);
		let account = RewardAccount { network, epoch: now, points, accrued };
		if !account.is_empty() {
			if leaves && deposit == 0 {
				deposit = Self::hold_former_deposit(owner);
			}
			Self::deposit_event(Event::Settled {
				device: *device,
				owner: owner.clone(),
				amount: accrued,
				points,
			});
		}
		let stored = Self::store_former(device, owner, FormerAccount { account, deposit });
		if let Err(e) = stored {
			// The deposit is held since the account was made; only another pallet could release it.
			log::error!(target: LOG_TARGET, "deposit of {owner:?} not returned: {e:?}");
		}
	}

	/// Pays an amount if that is possible, and returns what is still owed: nothing, or all. A
	/// payment that fails changes no state.
	fn try_pay(device: &DeviceId, owner: &T::AccountId, amount: Balance) -> Balance {
		if amount == 0 {
			return 0;
		}
		let settings = Self::payout_settings(owner);
		match with_storage_layer(|| Self::pay(device, owner, &settings, amount)) {
			Ok(()) => 0,
			Err(e) => {
				log::debug!(target: LOG_TARGET, "{amount} of {device:?} not paid to {owner:?} yet: {e:?}");
				amount
			}
		}
	}
}
