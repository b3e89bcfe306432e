//! Target `submit_batch`: reports that come in on a chain, by each of the three calls.

pub mod chain;
pub mod device;
pub mod input;

use chain::{
	change_rules, new_chain, policy, Attestation, Points, Registry, RuntimeEvent, RuntimeOrigin,
	System, Test, GATEWAY, HOUR, SECOND,
};
use codec::Decode;
use depin_primitives::{
	policy::NetworkPolicy,
	quality::Score,
	report::{AcceptedReport, BatchItem, ReportError},
	traits::{DeviceView, Devices},
	DeviceId, Millis, H256,
};
use device::NETWORK;
use frame_support::{
	dispatch::GetDispatchInfo,
	traits::{Authorize, Hooks},
	weights::Weight,
};
use frame_system::RawOrigin;
use input::{Builder, Item, Step, IDLE, OTHER_RULES, REPORT, SAME_BLOCK, SUBMIT_REPORT};
use pallet_attestation::{Batch, Call, Error, Event};
use sp_runtime::{
	transaction_validity::{InvalidTransaction, TransactionSource, TransactionValidityError},
	DispatchError, StateVersion,
};
use std::collections::BTreeMap;

/// Largest number of reports that are read from one input.
const MOST_ITEMS: usize = 96;
/// Largest number of steps that are read from one input.
const MOST_STEPS: usize = 64;

/// Outcome for a report.
type Outcome = Result<AcceptedReport, ReportError>;

/// Reads steps, each with its items (`input.rs`), until the bytes end, and brings the reports to
/// two chains: to the first as the step says, to the second one by one. Accepts the bytes if there
/// are reports, and each is accepted.
pub fn submit_batch(bytes: &[u8]) -> bool {
	let mut outcomes = Vec::new();
	bring(bytes, &mut outcomes) && !outcomes.is_empty() && outcomes.iter().all(Result::is_ok)
}

/// Adds the outcome of each report to `all`. Returns true if all bytes were read, and every batch
/// was included.
fn bring(mut bytes: &[u8], all: &mut Vec<Outcome>) -> bool {
	let (mut chain, mut other) = (new_chain(), new_chain());
	let mut earned = Earned::default();
	let mut complete = true;
	for _ in 0..MOST_STEPS {
		if bytes.is_empty() {
			break;
		}
		let Ok(step) = Step::decode(&mut bytes) else { return false };
		chain.execute_with(|| begin(&step));
		other.execute_with(|| begin(&step));

		let items: Vec<_> = chain.execute_with(|| {
			let mut builder = Builder::default();
			let read = (0..step.items).map_while(|_| Item::decode(&mut bytes).ok());
			read.map(|item| builder.build(item)).collect()
		});
		complete &= items.len() == usize::from(step.items);
		if all.len() + items.len() > MOST_ITEMS {
			return false;
		}
		let outcomes: Option<Vec<Outcome>> = chain.execute_with(|| match step.how & 3 {
			REPORT => Some(items.iter().map(report).collect()),
			SUBMIT_REPORT => Some(items.iter().map(submit_report).collect()),
			_ => submit_reports(items.clone()),
		});
		let Some(outcomes) = outcomes else {
			complete = false;
			continue;
		};
		let alone: Vec<_> = other.execute_with(|| items.iter().map(submit_report).collect());
		assert_eq!(outcomes, alone, "a report has the same outcome in a batch as alone");
		assert_eq!(
			chain.execute_with(root),
			other.execute_with(root),
			"a batch leaves the same state as its reports one by one"
		);
		chain.execute_with(|| {
			outcomes.iter().flatten().for_each(|accepted| earned.add(accepted));
			earned.check();
			Attestation::do_try_state().expect("the pallet's invariants hold");
		});
		all.extend(outcomes);
	}
	complete && bytes.is_empty()
}

/// Advances the chain to the beginning of a step.
fn begin(step: &Step) {
	let now = pallet_timestamp::Now::<Test>::get();
	pallet_timestamp::Now::<Test>::put(now + Millis::from(step.after) * SECOND);
	if step.how & SAME_BLOCK == 0 {
		let number = System::block_number() + 1;
		System::set_block_number(number);
		System::set_parent_hash(H256::from_low_u64_be(number.into()));
	}
	if step.how & IDLE != 0 {
		let (before, limit) = (root(), Weight::from_parts(1, 1));
		assert!(Attestation::on_idle(System::block_number(), limit).all_lte(limit));
		assert_eq!(root(), before, "`on_idle` changes nothing without weight");
		Attestation::on_idle(System::block_number(), Weight::MAX);
	}
	if step.how & OTHER_RULES != 0 {
		change_rules();
	}
	System::reset_events();
}

/// Returns the root of the state without the block's events.
fn root() -> Vec<u8> {
	System::reset_events();
	sp_io::storage::root(StateVersion::V1)
}

/// Submits a report free of charge, through the pool's checks.
fn report(item: &BatchItem) -> Outcome {
	let before = root();
	let BatchItem { signed, readings } = item.clone();
	let call = Call::<Test>::report { signed: signed.clone(), readings: readings.clone() };
	let authorized =
		call.authorize(TransactionSource::External).expect("the call is a feeless one; qed");
	assert_eq!(root(), before, "a check changes nothing");
	match authorized {
		Ok((validity, _)) => {
			assert!(!validity.provides.is_empty() && validity.priority == 0);
			let done = Attestation::report(RawOrigin::Authorized.into(), signed, readings);
			assert!(done.is_ok(), "an authorized report is accepted");
			Ok(the_accepted_one())
		}
		Err(TransactionValidityError::Invalid(InvalidTransaction::Custom(code))) => {
			Err(ReportError::decode(&mut &[code][..])
				.expect("the code is a number of `ReportError`; qed"))
		}
		Err(error) => panic!("{error:?} is no reason to refuse a report"),
	}
}

/// Submits a report by a gateway.
fn submit_report(item: &BatchItem) -> Outcome {
	let before = root();
	let BatchItem { signed, readings } = item.clone();
	let said = Attestation::check_report(&signed, readings.as_ref());
	let said = said.map_err(|refusal| refusal.reason);
	assert_eq!(root(), before, "a check changes nothing");
	// A direct call, without the storage transaction that reverts the changes of a failed call.
	match Attestation::submit_report(RuntimeOrigin::signed(GATEWAY), signed, readings) {
		Ok(_) => {
			assert_eq!(said, Ok(()));
			Ok(the_accepted_one())
		}
		Err(error) => {
			let reason = said.expect_err("a report that is refused fails its check");
			assert_eq!(DispatchError::from(Error::<Test>::from(reason)), error.error);
			assert!(System::events().is_empty());
			assert_eq!(root(), before, "a refused report changes nothing");
			Err(reason)
		}
	}
}

/// Returns the accepted report of the only event.
fn the_accepted_one() -> AcceptedReport {
	let mut accepted = Attestation::accepted_reports();
	assert_eq!((accepted.len(), System::events().len()), (1, 1));
	accepted.remove(0)
}

/// Submits all reports in a batch; returns `None` if they cannot form a batch.
fn submit_reports(items: Vec<BatchItem>) -> Option<Vec<Outcome>> {
	let count = items.len();
	let batch = Batch::<Test>::try_from(items.clone()).ok()?;
	let most = Call::<Test>::submit_reports { batch: batch.clone() }.get_dispatch_info();
	let before = root();
	let done = Attestation::submit_reports(RuntimeOrigin::signed(GATEWAY), batch);
	if count == 0 {
		assert!(done.is_err() && root() == before, "an empty batch does nothing");
		return None;
	}
	let actual = done.expect("a batch never fails as a whole").actual_weight;
	let actual = actual.expect("a batch returns its actual weight");
	assert!(actual.all_lte(most.call_weight) && actual.any_gt(Weight::zero()));

	let outcome = |(place, event): (usize, RuntimeEvent)| {
		let said: &BatchItem = &items[place];
		let said = &said.signed.report;
		match event {
			RuntimeEvent::Attestation(Event::ReportAccepted(accepted)) => {
				assert_eq!((&accepted.report, &accepted.readings), (said, &items[place].readings));
				Ok(accepted)
			}
			RuntimeEvent::Attestation(Event::ReportRefused { index, device, sequence, error }) => {
				assert_eq!((index as usize, device), (place, said.device));
				assert_eq!(sequence, said.sequence);
				Err(error)
			}
			other => panic!("{other:?} is of no report"),
		}
	};
	let events = System::events().into_iter().map(|record| record.event).enumerate();
	let outcomes: Vec<_> = events.map(outcome).collect();
	assert_eq!(outcomes.len(), count, "each item has an event");
	if outcomes.iter().all(Result::is_err) {
		assert_eq!(root(), before, "refused reports change nothing");
	}
	Some(outcomes)
}

/// Points that devices earned, and the times for which they did.
#[derive(Default)]
struct Earned(BTreeMap<DeviceId, Account>);

#[derive(Default)]
struct Account {
	/// End of the last window.
	until: Millis,
	/// Points that were credited.
	points: u64,
	/// Greatest possible number of points, by the rules of the time.
	most: u128,
}

/// Returns the greatest possible number of points for a length of time.
fn most_points(policy: &NetworkPolicy, length: Millis) -> u128 {
	u128::from(policy.report.max_work_per_hour) * u128::from(length) / u128::from(HOUR)
}

impl Earned {
	/// Adds an accepted report, with the rules of its time.
	fn add(&mut self, accepted: &AcceptedReport) {
		let AcceptedReport { report, credited, quality, points, .. } = accepted;
		let policy = policy();
		let DeviceView { registered_at, trust, .. } =
			Registry::device(&report.device).expect("unknown devices' reports are refused");
		let account = self.0.entry(report.device).or_default();
		assert!(report.window_start >= account.until, "the windows of a device do not overlap");
		account.until = report.window_end;
		let now = pallet_timestamp::Now::<Test>::get();
		assert!(report.window_end <= now + policy.report.max_skew, "no window ends in the future");

		let length = report.window_end - report.window_start.max(registered_at);
		let most = most_points(&policy, length);
		assert!(*credited <= report.work && u128::from(*credited) <= most);
		assert!(*points <= quality.total.mul_floor(policy.trust.discount(trust, *credited)));
		assert!(*points == 0 || quality.total.deconstruct() >= policy.quality.threshold);
		account.points = account.points.saturating_add(*points);
		account.most += most;
	}

	/// Compares the sums with the state of the chain.
	fn check(&self) {
		for (device, account) in &self.0 {
			assert_eq!(Points::of(NETWORK, *device), account.points);
			assert!(u128::from(account.points) <= account.most);
			let score = Attestation::device_score(*device).expect("the device has reported");
			assert_eq!(score.window_end, account.until);
			let Score { start, end, .. } = score.current;
			assert!((start..end).contains(&(account.until - 1)), "{start} {end}");
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::seeds::seeds;
	use depin_primitives::quality::{Reason, REASONS};
	use depin_primitives::refusal::RefusalReason;
	use std::collections::BTreeSet;

	#[test]
	fn the_seeds_reach_every_error_and_every_reason() {
		let mut outcomes = Vec::new();
		for seed in seeds().into_iter().filter(|seed| seed.target == "submit_batch") {
			let mut of_seed = Vec::new();
			bring(&seed.bytes, &mut of_seed);
			outcomes.extend(of_seed);
		}
		let errors: BTreeSet<_> = outcomes
			.iter()
			.filter_map(|outcome| outcome.as_ref().err())
			.map(|e| e.code())
			.collect();
		let reasons: BTreeSet<_> = (outcomes.iter().flatten())
			.flat_map(|accepted| accepted.quality.reasons.0.iter().map(|reason| *reason as u8))
			.collect();
		// No network is paused in these seeds.
		let all = (0..=ReportError::DigestsOutOfOrder.code())
			.filter(|code| *code != ReportError::NetworkPaused.code());
		assert_eq!(errors, all.collect());
		// `Missed` is a reason of a device score, not of a report.
		let all = (0..REASONS as u8).filter(|reason| *reason != Reason::Missed as u8);
		assert_eq!(reasons, all.collect());
	}
}
