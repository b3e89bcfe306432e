//! What an accepted report changes, and what a device leaves behind.

use crate::{check::Checked, Config, Event, LastReports, Pallet};
use alloc::vec::Vec;
use depin_primitives::{
	report::{AcceptedReport, LastReport, Readings, Report},
	traits::{Ledger, Lifecycle, NotYet},
	DeviceId, NetworkId,
};
use frame_support::{ensure, traits::Time};

impl<T: Config> Pallet<T> {
	/// Takes a report that passed its checks. Cannot fail.
	pub(crate) fn accept(checked: Checked, report: Report, readings: Option<Readings>) {
		let Checked { network, policy, trust, registered_at, last, now, .. } = checked;
		let credited = report.capped_work(&policy.report, registered_at);
		let points = policy.trust.weigh(trust, credited);
		// A first report names the zero hash.
		let chained = report.previous == last.map(|last| last.hash).unwrap_or_default();

		let accepted = LastReport {
			sequence: report.sequence,
			hash: report.hash(),
			window_end: report.window_end,
			accepted_at: now,
			readings_root: report.readings_root,
			readings_count: report.readings_count,
			work: report.work,
			credited,
		};
		LastReports::<T>::insert(report.device, accepted);
		T::Ledger::credit(network, &report.device, points);
		Self::deposit_event(Event::ReportAccepted(AcceptedReport {
			network,
			report,
			readings,
			credited,
			points,
			chained,
		}));
	}

	/// The reports that this block accepted, in order, from its events.
	pub fn accepted_reports() -> Vec<AcceptedReport>
	where
		T::RuntimeEvent: TryInto<Event<T>>,
	{
		frame_system::Pallet::<T>::read_events_no_consensus()
			.filter_map(|record| match record.event.try_into() {
				Ok(Event::ReportAccepted(accepted)) => Some(accepted),
				_ => None,
			})
			.collect()
	}
}

impl<T: Config> Lifecycle<T::AccountId> for Pallet<T> {
	/// A device that comes back under its old id can have no report accepted whose window ended before
	/// its new registration. A last window that ended ahead of the clock is waited for, so that none of
	/// the accepted ones can reach past it.
	fn on_reap(id: &DeviceId, _: NetworkId, _: &T::AccountId) -> Result<(), NotYet> {
		let Some(last) = LastReports::<T>::get(id) else { return Ok(()) };
		ensure!(T::Time::now() >= last.window_end, NotYet);
		LastReports::<T>::remove(id);
		Ok(())
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn fill(id: &DeviceId, _: NetworkId) {
		let hash = *id;
		let last = LastReport {
			sequence: 1,
			hash,
			window_end: 0,
			accepted_at: 0,
			readings_root: hash,
			readings_count: 1,
			work: 1,
			credited: 1,
		};
		LastReports::<T>::insert(id, last);
	}
}
