//! Changes of the state by an accepted report.

use super::*;
use crate::Event;
use depin_primitives::{
	quality::{Perbill, Quality},
	report::{AcceptedReport, LastReport, Reading, Report, MAX_SEQUENCE_STEP},
	DeviceId, H256,
};
use frame_support::{assert_ok, traits::Time};

fn submit(signed: SignedReport, readings: Option<Readings>) {
	assert_ok!(Attestation::submit_report(RuntimeOrigin::signed(GATEWAY), signed, readings));
}

fn events() -> Vec<AcceptedReport> {
	Attestation::accepted_reports()
}

fn readings() -> Readings {
	let at = START - MINUTE;
	vec![
		Reading { time: at, metric: 7, value: -5 },
		Reading { time: at + 1, metric: 2, value: 40 },
		Reading { time: START - 1, metric: 7, value: 3 },
	]
	.try_into()
	.unwrap()
}

#[test]
fn a_report_is_kept_credited_and_told() {
	for signer in [alice(), bob(), Signer::sr25519(3), Signer::secp256k1(4)] {
		build_and_execute(|| {
			Registry::put(signer.id(), signer.view());
			let report = inline(signer.report(), &readings());
			assert_eq!(Attestation::last_report(signer.id()), None);
			assert_eq!(
				apply(report_call(signer.sign(report.clone()), Some(readings()))),
				Ok(Ok(()))
			);

			let kept = LastReport {
				sequence: 1,
				hash: report.hash(),
				window_end: START,
				accepted_at: START,
				readings_root: report.readings_root,
				readings_count: 3,
				work: 10,
				credited: 10,
			};
			assert_eq!(Attestation::last_report(signer.id()), Some(kept));
			assert_eq!(Points::of(NETWORK, signer.id()), 10);
			let told = AcceptedReport {
				network: NETWORK,
				report,
				readings: Some(readings()),
				credited: 10,
				// Nothing weighs anything, but the readings are plausible.
				quality: Quality { plausibility: Some(Perbill::one()), ..Quality::whole() },
				points: 10,
				chained: true,
			};
			System::assert_has_event(Event::ReportAccepted(told.clone()).into());
			assert_eq!(events(), [told]);
		});
	}
}

#[test]
fn both_ways_in_do_the_same() {
	let after = |bring: fn(SignedReport)| {
		let mut ext = new_test_ext();
		ext.execute_with(|| {
			let report = inline(bob().report(), &readings());
			bring(bob().sign(report));
			(events(), Attestation::last_report(bob().id()), Points::of(NETWORK, bob().id()))
		})
	};
	assert_eq!(
		after(|signed| submit(signed, Some(readings()))),
		after(|signed| assert_eq!(apply(report_call(signed, Some(readings()))), Ok(Ok(()))))
	);
}

#[test]
fn a_report_may_only_commit_to_its_readings() {
	build_and_execute(|| {
		let report = with_readings(alice().report(), &readings());
		assert_taken(alice().sign(report.clone()), None);
		let [told] = &events()[..] else { panic!("one report") };
		assert_eq!(told.readings, None);
		let last = Attestation::last_report(alice().id()).unwrap();
		assert_eq!((last.readings_root, last.readings_count), (report.readings_root, 3));
	});
}

#[test]
fn work_is_capped_by_the_length_of_the_window() {
	build_and_execute(|| {
		// The policy allows one unit a second.
		let report = Report { work: 61, ..alice().report() };
		submit(alice().sign(report), None);
		assert_eq!(Points::of(NETWORK, alice().id()), 60);
		let last = Attestation::last_report(alice().id()).unwrap();
		assert_eq!((last.work, last.credited), (61, 60));

		let report = Report { work: u64::MAX, ..bob().report() };
		submit(bob().sign(report), None);
		assert_eq!(Points::of(NETWORK, bob().id()), 60);
		assert_eq!(events().iter().map(|told| told.credited).collect::<Vec<_>>(), [60, 60]);
	});
}

#[test]
fn the_event_tells_whether_the_chain_of_reports_is_whole() {
	build_and_execute(|| {
		let chained = || events().last().map(|told| told.chained);
		// A first report that names another is not the first that the device made.
		let mut report = alice().report();
		report.previous = H256::repeat_byte(1);
		submit(alice().sign(report), None);
		assert_eq!(chained(), Some(false));

		set_now(START + MINUTE);
		let report = alice().report();
		submit(alice().sign(report.clone()), None);
		assert_eq!(chained(), Some(true));

		// A report in between was lost: sequence and hash chain have a gap, and the report is
		// accepted.
		set_now(START + 3 * MINUTE);
		let lost = Report { sequence: 3, previous: report.hash(), ..alice().report() };
		let report = Report { sequence: 4, previous: lost.hash(), ..alice().report() };
		submit(alice().sign(report), None);
		assert_eq!(chained(), Some(false));

		// Starting over from zero is no whole chain either.
		set_now(START + 4 * MINUTE);
		let report = Report { previous: H256::zero(), ..alice().report() };
		submit(alice().sign(report), None);
		assert_eq!(chained(), Some(false));
		assert_eq!(Attestation::last_report(alice().id()).unwrap().sequence, 5);
	});
}

#[test]
fn devices_do_not_meet() {
	build_and_execute(|| {
		submit(alice().sign(alice().report()), None);
		// The same sequence and window, at the same time, from another device.
		submit(bob().sign(bob().report()), None);
		let sequences = |id: DeviceId| Attestation::last_report(id).map(|last| last.sequence);
		assert_eq!((sequences(alice().id()), sequences(bob().id())), (Some(1), Some(1)));
	});
}

#[test]
fn the_first_sequence_may_be_zero_and_the_last_the_greatest() {
	build_and_execute(|| {
		submit(alice().sign(Report { sequence: 0, ..alice().report() }), None);
		set_now(START + MINUTE);
		let mut state = Attestation::device_state(&alice().id()).unwrap();
		state.last.sequence = u64::MAX - MAX_SEQUENCE_STEP;
		put_state(alice().id(), state);
		submit(alice().sign(Report { sequence: u64::MAX, ..alice().report() }), None);
		assert_eq!(Attestation::last_report(alice().id()).unwrap().sequence, u64::MAX);
	});
}

#[test]
fn the_registry_says_which_key_and_which_network() {
	build_and_execute(|| {
		// The id stays that of the first key when the key is rotated.
		let rotated = Signer::p256(9);
		let mut view = alice().view();
		view.key = rotated.key();
		view.network = NETWORK + 1;
		Registry::put(alice().id(), view);
		Registry::set_policy(NETWORK + 1, POLICY);

		let report = alice().report();
		assert_refused(ReportError::BadSignature, alice().sign(report.clone()), None);
		assert_taken(rotated.sign(report), None);
		assert_eq!(Points::of(NETWORK + 1, alice().id()), 10);
		assert_eq!(Points::of(NETWORK, alice().id()), 0);
	});
}

/// A thief of a key who uses up its sequence numbers silences the device until the next rotation
/// only.
#[test]
fn another_key_counts_anew() {
	build_and_execute(|| {
		let greedy = Report { sequence: MAX_SEQUENCE_STEP, ..alice().report() };
		submit(alice().sign(greedy.clone()), None);
		set_now(START + MINUTE);
		let next = Report { sequence: 1, ..Report { device: alice().id(), ..bob().report() } };
		assert_refused(ReportError::StaleSequence, alice().sign(next.clone()), None);

		let new = Signer::p256(9);
		Registry::change(alice().id(), |view| view.key = new.key());
		assert_taken(new.sign(next.clone()), None);
		assert_eq!(Attestation::last_report(alice().id()).unwrap().sequence, 1);
		// It counts on from there, and nothing comes again, of either key.
		set_now(START + 2 * MINUTE);
		assert_refused(ReportError::Duplicate, new.sign(next), None);
		Registry::change(alice().id(), |view| view.key = alice().key());
		assert_refused(ReportError::WindowOverlaps, alice().sign(greedy), None);
	});
}

#[test]
fn the_clock_is_the_chains() {
	build_and_execute(|| {
		set_now(START + 5);
		assert_eq!(<Test as crate::Config>::Time::now(), START + 5);
		submit(alice().sign(alice().report_until(START)), None);
		assert_eq!(Attestation::last_report(alice().id()).unwrap().accepted_at, START + 5);
	});
}
