//! Points by the device's trust level and status.

use super::*;
use crate::Event;
use depin_primitives::{
	device::DeviceStatus,
	policy::{NetworkPolicy, TrustLevel, TrustPolicy, ONE},
	quality::Quality,
	report::{AcceptedReport, Report},
	suspension::SuspendReason,
};

/// Returns the credited work of a report that claims so much work, and the points in the ledger.
fn earned(level: TrustLevel, trust: TrustPolicy, work: u64) -> (u64, u64) {
	let mut earned = None;
	build_and_execute(|| {
		Registry::set_policy(NETWORK, NetworkPolicy { trust, ..POLICY });
		Registry::change(alice().id(), |view| view.trust = level);
		assert_taken(alice().sign(Report { work, ..alice().report() }), None);

		let [AcceptedReport { report, credited, points, .. }] =
			&Attestation::accepted_reports()[..]
		else {
			panic!("one report")
		};
		assert_eq!(report.work, work);
		assert_eq!(Points::of(NETWORK, alice().id()), *points);
		let last = Attestation::last_report(alice().id()).unwrap();
		assert_eq!((last.work, last.credited), (work, *credited));
		earned = Some((*credited, *points));
	});
	earned.unwrap()
}

#[test]
fn work_counts_as_the_trust_level_weighs() {
	use TrustLevel::*;
	let trust = POLICY.trust;
	assert_eq!(earned(Open, trust, 50), (50, 0));
	assert_eq!(earned(Certified, trust, 50), (50, 25));
	assert_eq!(earned(HardwareAttested, trust, 50), (50, 50));
	// Rounded down, after the cap of a unit a second.
	assert_eq!(earned(Certified, trust, 51), (51, 25));
	assert_eq!(earned(Certified, trust, u64::MAX), (60, 30));
	let least = TrustPolicy { certified: 1, ..trust };
	assert_eq!(earned(Certified, least, 60), (60, 0));
	let most = TrustPolicy { certified: ONE - 1, ..trust };
	assert_eq!(earned(Certified, most, 60), (60, 59));
	for level in [Open, Certified, HardwareAttested] {
		assert_eq!(earned(level, TrustPolicy::EVERYONE, 60), (60, 60));
	}
}

/// A higher required trust level applies to devices that join, and not to those of the network.
#[test]
fn the_level_required_is_for_those_who_join() {
	let trust = TrustPolicy { required: TrustLevel::Certified, ..TrustPolicy::EVERYONE };
	assert_eq!(earned(TrustLevel::Open, trust, 5), (5, 5));
}

#[test]
fn a_device_that_gains_trust_counts_more_from_then_on() {
	build_and_execute(|| {
		Registry::change(alice().id(), |view| view.trust = TrustLevel::Certified);
		assert_taken(alice().sign(alice().report()), None);
		assert_eq!(Points::of(NETWORK, alice().id()), 5);
		set_now(START + MINUTE);
		Registry::change(alice().id(), |view| view.trust = TrustLevel::HardwareAttested);
		assert_taken(alice().sign(alice().report()), None);
		assert_eq!(Points::of(NETWORK, alice().id()), 15);
	});
}

#[test]
fn a_suspended_device_reports_and_earns() {
	build_and_execute(|| {
		Registry::change(alice().id(), |view| {
			view.status = DeviceStatus::Suspended { reason: SuspendReason::Other };
		});
		let report = alice().report();
		assert_taken(alice().sign(report.clone()), None);
		assert_eq!(Points::of(NETWORK, alice().id()), 10);
		let told = AcceptedReport {
			network: NETWORK,
			report,
			readings: None,
			credited: 10,
			quality: Quality::whole(),
			points: 10,
			chained: true,
		};
		System::assert_last_event(Event::ReportAccepted(told).into());

		// And its reports are checked as any other's.
		set_now(START + MINUTE);
		let mut forged = alice().sign(alice().report());
		forged.signature.0[0] ^= 1;
		assert_refused(ReportError::BadSignature, forged, None);
	});
}
