//! What is left of a device that goes: nothing, and not too early.

use super::*;
use crate::LastReports;
use depin_primitives::{
	device::DeviceStatus,
	traits::{NotYet, OnReap},
	DeviceId,
};
use frame_support::{assert_ok, assert_storage_noop};

fn reap(id: DeviceId) -> Result<(), NotYet> {
	<Attestation as OnReap<AccountId>>::on_reap(&id, NETWORK, &OWNER)
}

#[test]
fn a_device_that_never_reported_leaves_nothing() {
	build_and_execute(|| {
		assert_storage_noop!(assert_eq!(reap(alice().id()), Ok(())));
		assert_storage_noop!(assert_eq!(reap(DeviceId::zero()), Ok(())));
	});
}

#[test]
fn a_last_report_stays_as_long_as_it_could_be_replayed() {
	build_and_execute(|| {
		// It ends ahead of the clock, as far as the skew allows.
		let end = START + POLICY.report.max_skew;
		let replay = alice().sign(alice().report_until(end));
		assert_taken(replay.clone(), None);
		assert_taken(bob().sign(bob().report()), None);

		let last_good = end + POLICY.report.max_age;
		for now in [START, end, last_good] {
			set_now(now);
			assert_storage_noop!(assert_eq!(reap(alice().id()), Err(NotYet)));
			assert_refused(ReportError::Duplicate, replay.clone(), None);
		}

		set_now(last_good + 1);
		assert_eq!(reap(alice().id()), Ok(()));
		assert_eq!(Attestation::last_report(alice().id()), None);
		// The other device's stays.
		assert_eq!(LastReports::<Test>::iter_keys().collect::<Vec<_>>(), [bob().id()]);

		// The device comes back under the same id: its old report is of no more use.
		assert_refused(ReportError::WindowTooOld, replay, None);
		assert_taken(alice().sign(alice().report()), None);
	});
}

/// The rule above is as strict as it must be: one moment earlier, and the replay would be good.
#[test]
fn without_the_record_the_replay_would_be_accepted() {
	build_and_execute(|| {
		let replay = alice().sign(alice().report());
		assert_taken(replay.clone(), None);
		set_now(START + POLICY.report.max_age);
		assert_eq!(reap(alice().id()), Err(NotYet));
		LastReports::<Test>::remove(alice().id());
		assert_taken(replay, None);
	});
}

#[test]
fn a_device_can_be_reaped_when_it_is_retiring() {
	build_and_execute(|| {
		assert_taken(alice().sign(alice().report()), None);
		let mut view = alice().view();
		view.status = DeviceStatus::Retiring { until: 100 };
		Registry::put(alice().id(), view);
		set_now(START + POLICY.report.max_age + 1);
		assert_ok!(reap(alice().id()).map_err(|NotYet| "not yet"));
		Registry::remove(&alice().id());
	});
}

#[test]
fn a_device_of_a_lost_network_stays() {
	build_and_execute(|| {
		assert_taken(alice().sign(alice().report()), None);
		set_now(START + 100 * HOUR);
		Registry::remove_policy(NETWORK);
		assert_storage_noop!(assert_eq!(reap(alice().id()), Err(NotYet)));
	});
}
