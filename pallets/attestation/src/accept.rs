//! What an accepted report changes, and what a device leaves behind.

use crate::{check::Checked, Config, Event, LastReports, Pallet};
use alloc::vec::Vec;
use depin_primitives::{
	report::{AcceptedReport, LastReport, Readings, Report},
	traits::{Devices, Ledger, NotYet, OnReap},
	DeviceId, NetworkId,
};
use frame_support::{ensure, traits::Time};

impl<T: Config> Pallet<T> {
	/// Takes a report that passed its checks. Cannot fail.
	pub(crate) fn accept(checked: Checked, report: Report, readings: Option<Readings>) {
		let Checked { network, policy, last, now, .. } = checked;
		let credited = report.capped_work(&policy);
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
		T::Ledger::credit(network, &report.device, credited);
		Self::deposit_event(Event::ReportAccepted(AcceptedReport {
			network,
			report,
			readings,
			credited,
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

impl<T: Config> OnReap<T::AccountId> for Pallet<T> {
	/// Without the record of its last report, a device that came back could have its old reports
	/// accepted again: the record stays until the last of them is too old for that.
	fn on_reap(id: &DeviceId, network: NetworkId, _: &T::AccountId) -> Result<(), NotYet> {
		let Some(last) = LastReports::<T>::get(id) else { return Ok(()) };
		// The registry names the network of a device that it still holds, so the policy is there; if
		// it were not, the device stays rather than be replayed.
		let policy = T::Devices::policy(network).ok_or(NotYet)?.report;
		ensure!(T::Time::now() > last.window_end.saturating_add(policy.max_age), NotYet);
		LastReports::<T>::remove(id);
		Ok(())
	}
}
