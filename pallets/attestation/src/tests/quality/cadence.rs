//! Cadence: lateness, and periods without a report.

use super::*;

fn late_by(age: Millis) -> Quality {
	let mut quality = None;
	under(RULES, || {
		set_now(DAY + age);
		quality = Some(send(&alice(), alice().report_until(DAY), None).0);
	});
	quality.unwrap()
}

#[test]
fn cadence_falls_from_on_time_to_max_age() {
	for age in [0, 1, ON_TIME] {
		let quality = late_by(age);
		assert_eq!((quality.cadence, quality.reasons.is_empty()), (Perbill::one(), true));
	}
	let quality = late_by(ON_TIME + (AGE - ON_TIME) / 4);
	assert_eq!(quality.cadence, percent(75));
	assert_eq!(quality.reasons.0.to_vec(), [Reason::Late]);
	assert!(late_by(ON_TIME + 1).cadence < Perbill::one());
	// The last that is accepted at all.
	assert_eq!(late_by(AGE).cadence, Perbill::zero());
}

#[test]
fn cadence_of_a_window_ahead_of_the_clock_is_one() {
	under(RULES, || {
		let (quality, _) = send(&alice(), alice().report_until(DAY + 5_000), None);
		assert_eq!(quality, Quality::whole());
	});
}

#[test]
fn cadence_is_one_up_to_max_age_if_all_of_it_is_on_time() {
	under(QualityPolicy { on_time: AGE, ..RULES }, || {
		set_now(DAY + AGE);
		let (quality, _) = send(&alice(), alice().report_until(DAY), None);
		assert_eq!(quality.cadence, Perbill::one());
	});
}

/// A lost report costs its own work only: the report after it is scored as without the loss.
#[test]
fn a_missing_report_counts_its_own_periods_only() {
	under(RULES, || {
		set_now(DAY + HOUR);
		send(&alice(), hourly(&alice(), 0, &[1]).0, None);
		// Three hours without a report, then one of an hour.
		set_now(DAY + 5 * HOUR);
		let (quality, points) = send(&alice(), hourly(&alice(), 0, &[1]).0, None);
		assert_eq!(quality.total, Perbill::one());
		assert_eq!(points, 10);
		let score = score(&alice());
		assert_eq!((score.start, score.end), (DAY, DAY + 24 * HOUR));
		assert_eq!((score.reports, score.missed), (2, 3));
		assert_eq!((score.cadence, score.quality), (percent(40), percent(40)));
		assert_eq!(score.continuity, Perbill::one());
		assert_eq!(score.reasons.0.to_vec(), [Reason::Missed]);
	});
}

/// Each tally counts its own part of a silence.
#[test]
fn a_silence_counts_in_each_span_that_it_covers() {
	under(RULES, || {
		set_now(DAY + 20 * HOUR);
		send(&alice(), hourly(&alice(), 0, &[1]).0, None);
		set_now(DAY + 27 * HOUR);
		send(&alice(), hourly(&alice(), 0, &[1]).0, None);
		let score = Attestation::device_score(alice().id()).unwrap();
		let before = score.previous.unwrap();
		assert_eq!((before.start, before.reports, before.missed), (DAY, 1, 4));
		assert_eq!(before.cadence, percent(20));
		assert_eq!((score.current.reports, score.current.missed), (1, 2));
		assert_eq!((score.window_end, score.accepted_at), (now(), now()));

		// Days of silence are no day's: the one before stays that in which it reported.
		set_now(DAY + 24 * HOUR * 9 + HOUR);
		send(&alice(), hourly(&alice(), 0, &[1]).0, None);
		let score = Attestation::device_score(alice().id()).unwrap();
		let before = score.previous.unwrap();
		assert_eq!((before.start, before.reports, before.missed), (DAY + 24 * HOUR, 1, 23));
		assert_eq!((score.current.reports, score.current.missed), (1, 0));
	});
}

#[test]
fn a_change_of_the_period_begins_another_tally() {
	under(RULES, || {
		set_now(DAY + HOUR);
		send(&alice(), hourly(&alice(), 0, &[1]).0, None);
		rule(QualityPolicy { period: 2 * HOUR, ..RULES });
		set_now(DAY + 2 * HOUR);
		send(&alice(), hourly(&alice(), 0, &[1]).0, None);
		let score = Attestation::device_score(alice().id()).unwrap();
		assert_eq!(score.previous.unwrap().reports, 1);
		assert_eq!(score.current.end - score.current.start, 48 * HOUR);
	});
}

#[test]
fn a_tally_counts_only_periods_within_its_span() {
	let mut tally = Tally::new(7, HOUR);
	let (start, end) = (tally.start(), tally.end());
	tally.count_missed(start - 5 * HOUR, start);
	tally.count_missed(end, end + 5 * HOUR);
	tally.count_missed(start + 5, start + HOUR + 4);
	tally.count_missed(start + 5, start);
	assert_eq!((tally.missed, tally.reasons), (0, Default::default()));
	tally.count_missed(0, u64::MAX);
	assert_eq!(u64::from(tally.missed), SCORE_PERIODS);
	// At the ends of time.
	let mut last = Tally::new(u64::MAX, u64::MAX);
	last.count_missed(0, u64::MAX);
	assert_eq!(Tally::number_of(5, 0), 0);
}
