//! Payout accounts and claim permissions of owners.

use crate::{pallet::*, types::PayoutSettings};
use depin_primitives::{reward::ClaimPermission, Balance};
use frame_support::{
	pallet_prelude::*,
	traits::{
		fungible::hold::{Inspect as _, Mutate as _},
		tokens::Precision,
	},
};

impl<T: Config> Pallet<T> {
	/// Returns an owner's payout settings: the default ones if they have set none.
	pub(crate) fn payout_settings(owner: &T::AccountId) -> PayoutSettings<T::AccountId> {
		Payouts::<T>::get(owner).unwrap_or_default()
	}

	/// Sets the account that is paid for an owner's devices; `None` or the owner's own account is
	/// the default.
	pub(crate) fn do_set_payout_account(
		owner: T::AccountId,
		account: Option<T::AccountId>,
	) -> DispatchResult {
		ensure!(account.as_ref() != Some(&Self::pot()), Error::<T>::PotAsPayoutAccount);
		let account = account.filter(|account| *account != owner);
		Self::change_payout(&owner, |settings| settings.account = account.clone())?;
		Self::deposit_event(Event::PayoutAccountSet { owner, account });
		Ok(())
	}

	/// Sets the accounts that may claim for an owner.
	pub(crate) fn do_set_claim_permission(
		owner: T::AccountId,
		permission: ClaimPermission,
	) -> DispatchResult {
		Self::change_payout(&owner, |settings| settings.permission = permission)?;
		Self::deposit_event(Event::ClaimPermissionSet { owner, permission });
		Ok(())
	}

	/// Changes an owner's payout settings. The entry has a deposit, and exists only while a setting
	/// differs from its default.
	fn change_payout(
		owner: &T::AccountId,
		change: impl FnOnce(&mut PayoutSettings<T::AccountId>),
	) -> DispatchResult {
		let before = Self::payout_settings(owner);
		let mut settings = before.clone();
		change(&mut settings);
		ensure!(settings != before, Error::<T>::NothingToChange);

		if settings.is_default() {
			Self::release(HoldReason::PayoutSettings, owner, before.deposit)?;
			Payouts::<T>::remove(owner);
			return Ok(());
		}
		if before.is_default() {
			let (reason, deposit) = (HoldReason::PayoutSettings.into(), T::PayoutDeposit::get());
			let can = T::Currency::can_hold(&reason, owner, deposit);
			ensure!(can, Error::<T>::CannotAffordDeposit);
			T::Currency::hold(&reason, owner, deposit)?;
			settings.deposit = deposit;
		}
		Payouts::<T>::insert(owner, settings);
		Ok(())
	}

	/// Fails if `who` may not claim for `owner`.
	pub(crate) fn ensure_may_claim(
		who: &T::AccountId,
		owner: &T::AccountId,
		settings: &PayoutSettings<T::AccountId>,
	) -> Result<(), Error<T>> {
		let may = settings.permission == ClaimPermission::Anyone || who == owner;
		ensure!(may, Error::<T>::ClaimNotPermitted);
		Ok(())
	}

	/// Releases exactly `amount` of a deposit.
	pub(crate) fn release(
		reason: HoldReason,
		who: &T::AccountId,
		amount: Balance,
	) -> DispatchResult {
		if amount == 0 {
			return Ok(());
		}
		T::Currency::release(&reason.into(), who, amount, Precision::Exact).map(drop)
	}
}
