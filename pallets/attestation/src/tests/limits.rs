//! The limits of windows and rates, at, below and above.

use super::*;
use depin_primitives::{policy::NetworkPolicy, report::Report, Millis};
use frame_support::assert_ok;

const AGE: Millis = POLICY.report.max_age;
const SKEW: Millis = POLICY.report.max_skew;
const INTERVAL: Millis = POLICY.report.min_interval;
const LONGEST: Millis = POLICY.report.max_window;

fn window(window_start: Millis, window_end: Millis) -> SignedReport {
	alice().sign(Report { window_start, window_end, ..alice().report() })
}

#[test]
fn the_length_of_a_window() {
	build_and_execute(|| {
		assert_refused(ReportError::WindowTooLong, window(START - LONGEST - 1, START), None);
		assert_taken(window(START - LONGEST, START), None);
		set_now(START + INTERVAL);
		assert_taken(window(START, START + 1), None);
	});
}

#[test]
fn a_window_of_all_times() {
	build_and_execute(|| {
		assert_refused(ReportError::WindowTooLong, window(0, u64::MAX), None);
		assert_refused(ReportError::WindowInFuture, window(u64::MAX - 1, u64::MAX), None);
		assert_refused(ReportError::WindowTooOld, window(0, 1), None);
	});
}

#[test]
fn the_future_of_a_window() {
	build_and_execute(|| {
		let end = START + SKEW;
		assert_refused(ReportError::WindowInFuture, window(START, end + 1), None);
		assert_taken(window(START, end), None);
	});
	build_and_execute(|| {
		let strict = NetworkPolicy {
			report: depin_primitives::policy::ReportPolicy { max_skew: 0, ..POLICY.report },
			..POLICY
		};
		Registry::set_policy(NETWORK, strict);
		assert_refused(ReportError::WindowInFuture, window(START - 1, START + 1), None);
		assert_taken(window(START - 1, START), None);
	});
}

#[test]
fn the_age_of_a_window() {
	build_and_execute(|| {
		let end = START - AGE;
		assert_refused(ReportError::WindowTooOld, window(end - MINUTE, end - 1), None);
		assert_taken(window(end - MINUTE, end), None);
	});
}

#[test]
fn the_overlap_of_two_windows() {
	build_and_execute(|| {
		assert_taken(window(START - MINUTE, START), None);
		set_now(START + INTERVAL);
		assert_refused(ReportError::WindowOverlaps, window(START - 1, START + MINUTE), None);
		// Inside, and long before.
		assert_refused(ReportError::WindowOverlaps, window(START - 2, START - 1), None);
		assert_refused(ReportError::WindowOverlaps, window(START - HOUR, START - HOUR + 1), None);
		assert_taken(window(START, START + MINUTE), None);
	});
}

#[test]
fn the_time_between_two_reports() {
	build_and_execute(|| {
		// The chain's clock counts, not the device's windows.
		assert_taken(window(START - AGE, START - AGE + 1), None);
		let next = window(START - MINUTE, START);
		set_now(START + INTERVAL - 1);
		assert_refused(ReportError::TooSoon, next.clone(), None);
		set_now(START + INTERVAL);
		assert_taken(next, None);
	});
}

#[test]
fn a_rate_without_limit() {
	build_and_execute(|| {
		let report = depin_primitives::policy::ReportPolicy { min_interval: 0, ..POLICY.report };
		Registry::set_policy(NETWORK, NetworkPolicy { report, ..POLICY });
		for end in 1..=5 {
			assert_taken(window(START - 10 + end - 1, START - 10 + end), None);
		}
	});
}

#[test]
fn a_stricter_policy_counts_at_once() {
	build_and_execute(|| {
		let signed = window(START - HOUR, START);
		assert_ok!(Attestation::check_report(&signed, None));
		let report = depin_primitives::policy::ReportPolicy {
			max_window: HOUR - 1,
			max_work_per_hour: 1,
			..POLICY.report
		};
		Registry::set_policy(NETWORK, NetworkPolicy { report, ..POLICY });
		assert_refused(ReportError::WindowTooLong, signed, None);
		assert_taken(window(START - HOUR + 1, START), None);
		// 59 minutes and a bit at one unit an hour: rounded down, to nothing.
		assert_eq!(Points::of(NETWORK, alice().id()), 0);
	});
}

#[test]
fn the_clock_at_its_ends() {
	build_and_execute(|| {
		// Before the first timestamp, only what the skew allows can be.
		set_now(0);
		assert_refused(ReportError::WindowInFuture, window(0, SKEW + 1), None);
		assert_taken(window(0, SKEW), None);
		set_now(u64::MAX);
		assert_taken(window(u64::MAX - 1, u64::MAX), None);
		assert_refused(ReportError::WindowOverlaps, window(u64::MAX - 1, u64::MAX), None);
	});
}
