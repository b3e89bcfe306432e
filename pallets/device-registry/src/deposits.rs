//! Bonds and deposits, which are held, released and taken over, and the fee of a location.
//!
//! Each amount is stored beside the state that it is for, as prices can change: the amount that was
//! held is the one that is released.

use crate::{Config, Error, HoldReason, Pallet};
use depin_primitives::Balance;
use frame_support::{
	pallet_prelude::*,
	traits::{
		fungible::{
			hold::{Inspect as _, Mutate as _},
			Inspect, Mutate,
		},
		tokens::{Fortitude, Precision, Preservation},
	},
};

impl<T: Config> Pallet<T> {
	/// Holds `amount` on an account, or fails with `poor` if the free balance does not cover it.
	pub(crate) fn hold(
		reason: HoldReason,
		who: &T::AccountId,
		amount: Balance,
		poor: Error<T>,
	) -> DispatchResult {
		let reason = reason.into();
		ensure!(T::Currency::can_hold(&reason, who, amount), poor);
		T::Currency::hold(&reason, who, amount)
	}

	/// Releases exactly `amount` of the balance held on an account for `reason`.
	pub(crate) fn release(
		reason: HoldReason,
		who: &T::AccountId,
		amount: Balance,
	) -> DispatchResult {
		T::Currency::release(&reason.into(), who, amount, Precision::Exact).map(drop)
	}

	/// Holds `amount` on `to`, then releases it to `from`, on whom it was held until now.
	pub(crate) fn take_over(
		reason: HoldReason,
		from: &T::AccountId,
		to: &T::AccountId,
		amount: Balance,
		poor: Error<T>,
	) -> DispatchResult {
		Self::hold(reason, to, amount, poor)?;
		Self::release(reason, from, amount)
	}

	/// Transfers the fee of a location to the fee collector, or fails if the free balance does not
	/// cover it. Returns the fee.
	pub(crate) fn pay_location_fee(who: &T::AccountId) -> Result<Balance, DispatchError> {
		let fee = T::LocationFee::get();
		let free = T::Currency::reducible_balance(who, Preservation::Preserve, Fortitude::Polite);
		ensure!(free >= fee, Error::<T>::CannotAffordFee);
		T::Currency::transfer(who, &T::FeeCollector::get(), fee, Preservation::Preserve)?;
		Ok(fee)
	}
}
