//! Invariants of the pallet's storage.

use crate::{
	types::{ring_index, DeviceState, MAX_SAMPLES},
	Buckets, Config, HoldReason, Limits, Metrics, Pallet,
};
use alloc::collections::BTreeMap;
use depin_primitives::{traits::Devices, Balance};
use frame_support::{ensure, traits::fungible::InspectHold};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Checks the invariants:
	///
	/// 1. credited work is at most the work claimed;
	/// 2. a root is zero if, and only if, it commits to no readings;
	/// 3. no report was accepted after the present time;
	/// 4. metrics of a device state ascend by number;
	/// 5. a tally has at least one report, and no part of more reports than it has; the score of
	///    the span before has at least one report, and its span does not end after the tally's;
	/// 6. a bucket is at the ring index of its slot, and holds 1 to [`MAX_SAMPLES`] devices, each
	///    of another owner;
	/// 7. the limits of a network ascend by number, each belongs to a metric that could be
	///    registered, and each metric has limits;
	/// 8. the amount held of an account for metrics is the sum of their deposits.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		let now = <T::Time as frame_support::traits::Time>::now();
		for (_, record) in T::Devices::records() {
			let state: &Option<DeviceState> = record.as_ref();
			let Some(DeviceState { last, metrics, tally, previous_score, .. }) = state else {
				continue;
			};
			ensure!(last.credited <= last.work, "1: more work credited than claimed");
			ensure!(
				(last.readings_count == 0) == last.readings_root.is_zero(),
				"2: a root without readings, or readings without a root"
			);
			ensure!(last.accepted_at <= now, "3: a report accepted in the future");
			ensure!(
				metrics
					.iter()
					.zip(metrics.iter().skip(1))
					.all(|(one, next)| one.metric < next.metric),
				"4: metrics out of order"
			);
			let parts = tally.plausibility.count.max(tally.neighbours.count);
			ensure!(
				tally.reports > 0 && parts <= tally.reports,
				"5: a tally of nothing, or of more parts than reports"
			);
			ensure!(
				// Spans of different periods overlap, and are not compared.
				previous_score.is_none_or(|past| past.reports > 0
					&& (past.period != tally.period || past.number < tally.number)),
				"5: a past score of nothing, or not of an earlier span"
			);
		}
		for ((_, _, index), bucket) in Buckets::<T>::iter() {
			let owners = bucket.samples.iter().map(|sample| sample.owner.0);
			let distinct = owners.collect::<alloc::collections::BTreeSet<_>>().len();
			ensure!(
				ring_index(bucket.slot) == index
					&& distinct == bucket.samples.len()
					&& (1..=MAX_SAMPLES as usize).contains(&distinct),
				"6: a bucket at a wrong index, empty, or with two devices of one owner"
			);
		}
		let mut deposits = BTreeMap::<_, Balance>::new();
		let mut limited = 0usize;
		for (network, limits) in Limits::<T>::iter() {
			let ascend = limits.iter().zip(limits.iter().skip(1)).all(|(a, b)| a.0 < b.0);
			ensure!(ascend && !limits.is_empty(), "7: limits out of order, or of no metric");
			limited = limited.saturating_add(limits.len());
			for (id, limits) in limits {
				let entry = Metrics::<T>::get(network, id).ok_or("7: limits of no metric")?;
				let deposit = deposits.entry(entry.depositor.clone()).or_default();
				*deposit = deposit.saturating_add(entry.deposit);
				let metric = entry.with_limits(limits);
				ensure!(metric.check().is_ok(), "7: a metric that cannot be registered");
			}
		}
		ensure!(Metrics::<T>::iter_keys().count() == limited, "7: a metric without limits");
		let reason = HoldReason::MetricDeposit.into();
		for (who, deposit) in deposits {
			ensure!(
				T::Currency::balance_on_hold(&reason, &who) == deposit,
				"8: the amount held is not the sum of the deposits"
			);
		}
		Ok(())
	}
}
