//! What must hold of the pallet's storage at any time.

use crate::{
	types::{ring_place, Record, MAX_SAMPLES},
	Buckets, Config, HoldReason, MetricCounts, Metrics, Pallet, Records,
};
use alloc::collections::BTreeMap;
use depin_primitives::{traits::Devices, Balance};
use frame_support::{
	ensure,
	traits::{fungible::InspectHold, Get},
};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Checks that
	///
	/// 1. each record's device exists: a device that is reaped leaves none behind;
	/// 2. no more work is credited than was claimed;
	/// 3. a root is zero if, and only if, it commits to no readings;
	/// 4. a report was accepted in the past or now;
	/// 5. kept reports ascend, and come before the last one;
	/// 6. metrics of a record ascend;
	/// 7. a tally has a report at least, and no more parts than reports;
	/// 8. a bucket stands where its slot's place is, and holds one device of each owner;
	/// 9. each network has as many metrics as are counted, no more than the most, and each can be
	///    registered;
	/// 10. what is held of an account for metrics is the sum of their deposits.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		let now = <T::Time as frame_support::traits::Time>::now();
		for (device, record) in Records::<T>::iter() {
			ensure!(T::Devices::device(&device).is_some(), "1: a record without a device");
			let Record { last, kept, series, tally, before, .. } = record;
			ensure!(last.credited <= last.work, "2: more work credited than claimed");
			let all = || kept.iter().copied().chain([(&last).into()]);
			ensure!(
				all().all(|report| (report.readings_count == 0) == report.readings_root.is_zero()),
				"3: a root without readings, or readings without a root"
			);
			ensure!(last.accepted_at <= now, "4: a report accepted in the future");
			let sequences = all().map(|report| report.sequence);
			ensure!(
				sequences.clone().zip(sequences.skip(1)).all(|(one, next)| one < next),
				"5: kept reports out of order"
			);
			ensure!(
				series.windows(2).all(|pair| pair[0].metric < pair[1].metric),
				"6: metrics out of order"
			);
			for tally in before.iter().chain([&tally]) {
				let parts = tally.plausibility.1.max(tally.neighbours.1);
				ensure!(
					tally.reports > 0 && parts <= tally.reports,
					"7: a tally of nothing, or of more parts than reports"
				);
			}
		}
		for ((_, _, place), bucket) in Buckets::<T>::iter() {
			let owners = bucket.samples.iter().map(|sample| sample.owner.0);
			let distinct = owners.collect::<alloc::collections::BTreeSet<_>>().len();
			ensure!(
				ring_place(bucket.slot) == place
					&& distinct == bucket.samples.len()
					&& (1..=MAX_SAMPLES as usize).contains(&distinct),
				"8: a bucket out of place, empty, or with two devices of one owner"
			);
		}
		let mut counts = BTreeMap::<_, u32>::new();
		let mut deposits = BTreeMap::<_, Balance>::new();
		for (network, _, entry) in Metrics::<T>::iter() {
			ensure!(entry.metric.check().is_ok(), "9: a metric that cannot be registered");
			*counts.entry(network).or_default() += 1;
			*deposits.entry(entry.depositor).or_default() += entry.deposit;
		}
		ensure!(
			counts == MetricCounts::<T>::iter().collect()
				&& counts.values().all(|count| (1..=T::MaxMetrics::get()).contains(count)),
			"9: metrics miscounted, or too many"
		);
		let reason = HoldReason::MetricDeposit.into();
		for (who, deposit) in deposits {
			ensure!(
				T::Currency::balance_on_hold(&reason, &who) == deposit,
				"10: another sum is held than that of the deposits"
			);
		}
		Ok(())
	}
}
