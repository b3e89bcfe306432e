//! What an accepted report changes, and what a device leaves behind.

use crate::{
	check::CheckedOf,
	score::Scored,
	types::{KeptReport, Record, Tag},
	Config, Event, Pallet, Records,
};
use alloc::vec::Vec;
use depin_primitives::{
	quality::Reason,
	report::{AcceptedReport, LastReport, Readings, Report},
	traits::{Ledger, Lifecycle, NotSettled},
	DeviceId, NetworkId,
};
use frame_support::{ensure, traits::Time};

impl<T: Config> Pallet<T> {
	/// Takes a report that passed its checks. Cannot fail.
	pub(crate) fn accept(checked: CheckedOf<T>, report: Report, readings: Option<Readings>) {
		let credited =
			report.capped_work(checked.kind, &checked.policy.report, checked.registered_at);
		let Scored { mut quality, counts, series, gaps, alike, verdict } =
			Self::score(&checked, &report, readings.as_ref(), credited);
		if credited < report.work {
			quality.reasons.add(Reason::WorkCapped);
		}
		let trusted = checked.policy.trust.discount(checked.trust, credited);
		let points = if counts { quality.total.mul_floor(trusted) } else { 0 };
		// A first report names the zero hash.
		let last = checked.record.as_ref().map(|record| record.last);
		let chained = report.previous == last.map(|last| last.hash).unwrap_or_default();

		let place = Self::place(&checked, &report);
		if let Some(place) = &place {
			Self::share(&checked, &report, place, &series);
		}
		let accepted = LastReport {
			sequence: report.sequence,
			hash: report.hash(),
			window_end: report.window_end,
			accepted_at: checked.now,
			readings_root: report.readings_root,
			readings_count: report.readings_count,
			work: report.work,
			credited,
		};
		let period = checked.policy.quality.period;
		let (tally, before) = Self::tally(checked.record.as_ref(), period, &report, &quality, gaps);
		let signer = Tag::of(&checked.key);
		// Sequences of another key say nothing any more.
		let same_key = checked.record.filter(|record| record.signer == signer);
		let last = same_key.as_ref().map(|record| record.last);
		let mut kept = same_key.map(|record| record.kept).unwrap_or_default();
		if let Some(last) = &last {
			if kept.is_full() {
				kept.remove(0);
			}
			// There is room now; qed.
			let _ = kept.try_push(KeptReport::from(last));
		}
		let record =
			Record { last: accepted, signer, kept, series, place, alike, verdict, tally, before };
		Records::<T>::insert(report.device, record);
		T::Ledger::credit(checked.network, &report.device, points);
		Self::deposit_event(Event::ReportAccepted(AcceptedReport {
			network: checked.network,
			report,
			readings,
			credited,
			quality,
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
	fn on_reap(id: &DeviceId, _: NetworkId, _: &T::AccountId) -> Result<(), NotSettled> {
		let Some(last) = Self::last_report(*id) else { return Ok(()) };
		ensure!(T::Time::now() >= last.window_end, NotSettled);
		Records::<T>::remove(id);
		Ok(())
	}
}
