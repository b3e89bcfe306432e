//! Expiry of the statements that devices sign, and the rules by which none is used twice.
//!
//! Each device stores the greatest expiry of the statements that it has used. A new statement must
//! expire later, so that a used one is refused while the device is registered. The device cannot be
//! reaped before that time, so that a used one has expired when the device can be registered again.

use crate::{Config, Device, Error, Pallet};
use depin_primitives::Millis;
use frame_support::{
	ensure,
	traits::{Get, Time},
};

impl<T: Config> Pallet<T> {
	/// Checks that a statement has not expired, and expires within the greatest lifetime.
	pub(crate) fn check_expiry(expires: Millis) -> Result<(), Error<T>> {
		let now = T::Time::now();
		ensure!(now < expires, Error::<T>::StatementExpired);
		let latest = now.saturating_add(T::MaxStatementLifetime::get());
		ensure!(expires <= latest, Error::<T>::ExpiryTooFar);
		Ok(())
	}

	/// Checks the expiry of a new statement of a registered device: it must be later than those of
	/// all statements that the device has used.
	pub(crate) fn check_new_expiry(
		device: &Device<T::AccountId>,
		expires: Millis,
	) -> Result<(), Error<T>> {
		Self::check_expiry(expires)?;
		ensure!(expires > device.statements_until, Error::<T>::StatementOutdated);
		Ok(())
	}
}
