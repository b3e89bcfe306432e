//! Invariants of the pallet's storage.

use crate::{
	types::{ring_index, DeviceState, MAX_SAMPLES},
	Buckets, Config, DeviceStates, HoldReason, MetricCounts, Metrics, Pallet,
};
use alloc::collections::BTreeMap;
use depin_primitives::{traits::Devices, Balance};
use frame_support::{
	ensure,
	traits::{fungible::InspectHold, Get},
};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Checks the invariants:
	///
	/// 1. each device state is of a device that exists: reaping a device removes its state;
	/// 2. credited work is at most the work claimed;
	/// 3. a root is zero if, and only if, it commits to no readings;
	/// 4. no report was accepted after the present time;
	/// 5. metrics of a device state ascend by number;
	/// 6. a tally has at least one report, and no part of more reports than it has; the score of
	///    the span before has at least one report, and its span does not end after the tally's;
	/// 7. a bucket is at the ring index of its slot, and holds 1 to [`MAX_SAMPLES`] devices, each
	///    of another owner;
	/// 8. each network has as many metrics as are counted, at most [`Config::MaxMetrics`], and each
	///    is one that could be registered;
	/// 9. the amount held of an account for metrics is the sum of their deposits.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		let now = <T::Time as frame_support::traits::Time>::now();
		for (device, state) in DeviceStates::<T>::iter() {
			ensure!(T::Devices::device(&device).is_some(), "1: state of no device");
			let DeviceState { last, metrics, tally, previous_score, .. } = state;
			ensure!(last.credited <= last.work, "2: more work credited than claimed");
			ensure!(
				(last.readings_count == 0) == last.readings_root.is_zero(),
				"3: a root without readings, or readings without a root"
			);
			ensure!(last.accepted_at <= now, "4: a report accepted in the future");
			ensure!(
				metrics
					.iter()
					.zip(metrics.iter().skip(1))
					.all(|(one, next)| one.metric < next.metric),
				"5: metrics out of order"
			);
			let parts = tally.plausibility.count.max(tally.neighbours.count);
			ensure!(
				tally.reports > 0 && parts <= tally.reports,
				"6: a tally of nothing, or of more parts than reports"
			);
			ensure!(
				// Spans of different periods overlap, and are not compared.
				previous_score.is_none_or(|past| past.reports > 0
					&& (past.period != tally.period || past.number < tally.number)),
				"6: a past score of nothing, or not of an earlier span"
			);
		}
		for ((_, _, index), bucket) in Buckets::<T>::iter() {
			let owners = bucket.samples.iter().map(|sample| sample.owner.0);
			let distinct = owners.collect::<alloc::collections::BTreeSet<_>>().len();
			ensure!(
				ring_index(bucket.slot) == index
					&& distinct == bucket.samples.len()
					&& (1..=MAX_SAMPLES as usize).contains(&distinct),
				"7: a bucket at a wrong index, empty, or with two devices of one owner"
			);
		}
		let mut counts = BTreeMap::<_, u32>::new();
		let mut deposits = BTreeMap::<_, Balance>::new();
		for (network, _, entry) in Metrics::<T>::iter() {
			ensure!(entry.metric.check().is_ok(), "8: a metric that cannot be registered");
			let count = counts.entry(network).or_default();
			*count = count.saturating_add(1);
			let deposit = deposits.entry(entry.depositor).or_default();
			*deposit = deposit.saturating_add(entry.deposit);
		}
		ensure!(
			counts == MetricCounts::<T>::iter().collect()
				&& counts.values().all(|count| (1..=T::MaxMetrics::get()).contains(count)),
			"8: metrics miscounted, or too many"
		);
		let reason = HoldReason::MetricDeposit.into();
		for (who, deposit) in deposits {
			ensure!(
				T::Currency::balance_on_hold(&reason, &who) == deposit,
				"9: the amount held is not the sum of the deposits"
			);
		}
		Ok(())
	}
}
