//! Acceptance of a verified report, and removal of a device's state.

use crate::{
	check::{ReportContext, Verified},
	cost::Extras,
	score::Scored,
	types::{DeviceState, ShortHash, Tally},
	Config, Event, Pallet,
};
use alloc::vec::Vec;
use depin_primitives::{
	report::{AcceptedReport, LastReport, Readings, Report},
	traits::{Devices, Ledger, Lifecycle, NotSettled},
	DeviceId, NetworkId,
};
use frame_support::{ensure, traits::Time};

impl<T: Config> Pallet<T> {
	/// Accepts a verified report: scores it, replaces the device's state, publishes its values to
	/// the neighbours, credits its points and deposits [`Event::ReportAccepted`]. Returns the parts
	/// of the work that the usual report does not have. Never fails.
	pub(crate) fn accept(
		verified: Verified<T>,
		report: Report,
		readings: Option<Readings>,
	) -> Extras {
		let mut context = verified.into_context();
		let credited =
			report.capped_work(context.kind, &context.policy.report, context.registered_at);

		// Scoring comes before every write, because the report is scored against the state that the
		// device's last report left.
		let scored = Self::score(&context, &report, readings.as_ref(), credited);
		// The trust factor is applied before the quality: both round down, and the order is part of
		// the chain's rules.
		let trusted = context.policy.trust.discount(context.trust, credited);
		let points = if scored.earns { scored.quality.total.mul_floor(trusted) } else { 0 };
		// The index wants to know of every break, also of those that the quality excuses. A first
		// report names the zero hash.
		let last_hash = context.state().map(|state| state.last.hash);
		let chained = report.previous == last_hash.unwrap_or_default();

		// The next report of this device is checked and scored against this state.
		let next = next_state(&context, &report, &scored, credited);
		// The neighbours' reports of this slot may already be here or come later: each is compared
		// with this sample when the neighbour reports again.
		let published = (next.place.as_ref())
			.is_some_and(|place| Self::publish_sample(&context, &report, place, &next.metrics));

		let settled =
			T::Ledger::credit(context.network, &report.device, &mut context.record, points);
		*context.record.as_mut() = Some(next);
		T::Devices::store(&report.device, context.record);

		// The event is all that the chain tells of the report in full: the state keeps what the
		// next report needs, and an index reads the event.
		Self::deposit_event(Event::ReportAccepted(AcceptedReport {
			network: context.network,
			report,
			readings,
			credited,
			quality: scored.quality,
			points,
			chained,
		}));
		Extras { buckets: scored.buckets, published, settled }
	}

	/// Returns the reports that this block has accepted so far, in order, from its events.
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

/// Returns the device's state after a report with this score.
fn next_state<T: Config>(
	context: &ReportContext<T>,
	report: &Report,
	scored: &Scored,
	credited: u64,
) -> DeviceState {
	let period = context.policy.quality.period;
	let span = Tally::of_window_end(report.window_end, period);
	let (mut tally, previous_score) = match context.state() {
		Some(DeviceState { tally, previous_score, last, .. }) => {
			tally.clone().advance(*previous_score, span, last.window_end, report.window_start)
		}
		None => (span, None),
	};
	tally.add_report(&scored.quality, scored.gaps);

	DeviceState {
		last: LastReport {
			sequence: report.sequence,
			hash: report.hash(),
			window_end: report.window_end,
			accepted_at: context.now,
			readings_root: report.readings_root,
			readings_count: report.readings_count,
			work: report.work,
			credited,
		},
		signer: ShortHash::of(&context.key),
		metrics: scored.metrics.clone(),
		place: scored.place,
		suspicion: scored.suspicion,
		verdict: scored.verdict,
		tally,
		previous_score,
	}
}

impl<T: Config> Lifecycle<T::AccountId> for Pallet<T> {
	/// Refuses while the last window has not ended by the chain's clock.
	///
	/// A device that is registered again under its old id can have no report accepted whose window
	/// ended before the new registration. If a last window reached past the reaping, the reports of
	/// the former life could be replayed in the new one.
	fn on_reap(id: &DeviceId, _: NetworkId, _: &T::AccountId) -> Result<(), NotSettled> {
		let Some(last) = Self::last_report(*id) else { return Ok(()) };
		ensure!(T::Time::now() >= last.window_end, NotSettled);
		Ok(())
	}
}
