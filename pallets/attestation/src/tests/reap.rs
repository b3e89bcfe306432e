//! End of a device: its state is removed, and not too early.

use super::*;
use depin_primitives::{
	network::NetworkKind,
	report::Report,
	traits::{DeviceView, Lifecycle, NotSettled},
	DeviceId,
};
use frame_support::assert_storage_noop;

fn reap(id: DeviceId) -> Result<(), NotSettled> {
	<Attestation as Lifecycle<AccountId>>::on_reap(&id, NETWORK, &OWNER)
}

/// Reaps a device, and removes its record as the registry does.
#[track_caller]
fn reap_and_remove(id: DeviceId) {
	assert_storage_noop!(assert_eq!(reap(id), Ok(())));
	Registry::remove(&id);
}

#[test]
fn a_device_that_never_reported_leaves_nothing() {
	build_and_execute(|| {
		assert_storage_noop!(assert_eq!(reap(alice().id()), Ok(())));
		assert_storage_noop!(assert_eq!(reap(DeviceId::zero()), Ok(())));
	});
}

#[test]
fn a_window_that_ended_ahead_of_the_clock_is_waited_for() {
	build_and_execute(|| {
		let end = START + POLICY.report.max_skew;
		assert_taken(alice().sign(alice().report_until(end)), None);
		assert_taken(bob().sign(bob().report()), None);
		for now in [START, end - 1] {
			set_now(now);
			assert_storage_noop!(assert_eq!(reap(alice().id()), Err(NotSettled)));
		}
		set_now(end);
		reap_and_remove(alice().id());
		assert_eq!(Attestation::last_report(alice().id()), None);
		// The other device's stays.
		assert!(Attestation::last_report(bob().id()).is_some());
	});
}

#[test]
fn a_device_that_comes_back_cannot_replay_its_old_reports() {
	build_and_execute(|| {
		let end = START + POLICY.report.max_skew;
		let replay = alice().sign(alice().report_until(end));
		assert_taken(replay.clone(), None);
		set_now(end);
		reap_and_remove(alice().id());

		let view = DeviceView { registered_at: end, ..alice().view() };
		Registry::put(alice().id(), view);
		assert_refused(ReportError::WindowTooOld, replay, None);
		set_now(end + MINUTE);
		assert_taken(alice().sign(alice().report()), None);
	});
}

#[test]
fn work_of_before_the_registration_earns_nothing() {
	build_and_execute(|| {
		let report = alice().report();
		let Report { window_start, window_end, .. } = report;
		let half = window_start + (window_end - window_start) / 2;
		let put = |registered_at| {
			Registry::put(alice().id(), DeviceView { registered_at, ..alice().view() })
		};
		put(window_end);
		assert_refused(ReportError::WindowTooOld, alice().sign(report.clone()), None);

		put(half);
		let greedy = Report { work: u64::MAX, ..report };
		assert_taken(alice().sign(greedy.clone()), None);
		let last = Attestation::last_report(alice().id()).unwrap();
		assert_eq!(last.work, u64::MAX);
		assert_eq!(
			last.credited,
			greedy.capped_work(NetworkKind::Compute, &POLICY.report, window_start) / 2
		);
	});
}
