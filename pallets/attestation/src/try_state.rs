//! What must hold of the pallet's storage at any time.

use crate::{Config, LastReports, Pallet};
use depin_primitives::traits::Devices;
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Checks that, for each last report,
	///
	/// 1. its device exists: a device that is reaped leaves none behind;
	/// 2. no more work is credited than was claimed;
	/// 3. its root is zero if, and only if, it commits to no readings;
	/// 4. it was accepted in the past or now.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		let now = <T::Time as frame_support::traits::Time>::now();
		for (device, last) in LastReports::<T>::iter() {
			ensure!(T::Devices::device(&device).is_some(), "1: a last report without a device");
			ensure!(last.credited <= last.work, "2: more work credited than claimed");
			ensure!(
				(last.readings_count == 0) == last.readings_root.is_zero(),
				"3: a root without readings, or readings without a root"
			);
			ensure!(last.accepted_at <= now, "4: a report accepted in the future");
		}
		Ok(())
	}
}
