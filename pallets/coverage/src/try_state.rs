//! Invariants of the pallet's state, checked after every block by `try-runtime`.

use crate::{
	types::{Round, TimingError},
	Clock, Config, CurrentPeriod, Pallet, Rounds, Timing, Uncleared,
};
use alloc::collections::BTreeSet;
use depin_primitives::{
	beacon::{CoverageScore, Period},
	traits::Devices,
	DeviceId,
};
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Checks the pallet's invariants:
	///
	/// 1. The timing of the current period and that of the next one leave each challenge its
	///    windows.
	/// 2. There is a period as soon as there was a tick, and the clock is in it.
	/// 3. A round is of a period that has begun and is not cleared, and has a witness. Each of its
	///    witnesses is there only once, names this beaconer and period, and is not the beaconer
	///    itself. No period that has not begun is cleared.
	/// 4. A stored round has not been judged: the beaconer's last answer is of another period.
	/// 5. A score counts at least one answer, none in the future, and not more challenges than
	///    there were periods.
	pub(crate) fn do_try_state() -> Result<(), TryRuntimeError> {
		Timing::<T>::get().check().map_err(TimingError::rule)?; // 1

		let tick = Clock::<T>::get().tick;
		let Some(period) = CurrentPeriod::<T>::get() else {
			ensure!(tick == 0, "2: the clock runs outside any period");
			ensure!(Rounds::<T>::iter().next().is_none(), "3: a round before the first period");
			ensure!(Self::scores().next().is_none(), "5: a score before the first period");
			return Ok(());
		};
		period.timing.check().map_err(TimingError::rule)?; // 1
		ensure!(
			(period.starts_at..period.ends_at()).contains(&tick),
			"2: the clock is not in the current period"
		);

		let oldest = Uncleared::<T>::get();
		ensure!(oldest <= period.number, "3: a period is cleared before it is over");
		for (of, beaconer, round) in Rounds::<T>::iter() {
			ensure!(of <= period.number, "3: a round of a period to come");
			ensure!(of >= oldest, "3: a round of a period that is cleared");
			Self::check_round(of, &beaconer, &round)?;
			if let Some(score) = Self::score(beaconer) {
				ensure!(score.last_answered != of, "4: a judged round is still stored");
			}
		}

		for score in Self::scores() {
			ensure!(score.answered > 0, "5: a score without an answer");
			ensure!(score.last_answered <= period.number, "5: an answer from the future");
			// 64 bits hold these sums of 32-bit numbers; qed.
			let challenges = u64::from(score.answered).saturating_add(score.missed.into());
			let periods = u64::from(score.last_answered).saturating_add(1);
			ensure!(challenges <= periods, "5: more challenges than periods");
		}
		Ok(())
	}

	/// Returns the scores of all devices.
	fn scores() -> impl Iterator<Item = CoverageScore> {
		T::Devices::records().filter_map(|(_, record)| *record.as_ref())
	}

	/// Checks invariant 3 for the round of this beaconer.
	fn check_round(
		period: Period,
		beaconer: &DeviceId,
		round: &Round,
	) -> Result<(), TryRuntimeError> {
		let mut seen = BTreeSet::new();
		for each in round {
			let report = &each.report;
			ensure!(report.beaconer == *beaconer, "3: a commitment to another's beacon");
			ensure!(report.period == period, "3: a commitment of another period");
			ensure!(report.witness != *beaconer, "3: a device witnesses itself");
			ensure!(seen.insert(report.witness), "3: a witness has committed twice");
		}
		ensure!(!seen.is_empty(), "3: a round without witnesses");
		Ok(())
	}
}
