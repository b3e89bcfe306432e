//! Plausibility: bounds, jumps and stuck values.

use super::*;

/// The quality of an hour after hour of these values, with the readings or without.
fn hours(limits: MetricLimits, inline: bool, hours: &[&[i64]]) -> Vec<Quality> {
	let mut all = Vec::new();
	under(RULES, || {
		limit(0, limits);
		for values in hours {
			set_now(now() + HOUR);
			let (report, readings) = hourly(&alice(), 0, values);
			all.push(send(&alice(), report, inline.then_some(readings)).0);
		}
	});
	all
}

fn reasons(limits: MetricLimits, inline: bool, values: &[&[i64]]) -> Vec<Vec<Reason>> {
	let all = hours(limits, inline, values);
	for quality in &all {
		let whole = quality.plausibility.unwrap().is_one();
		assert_eq!(whole, quality.reasons.is_empty());
		let total = if whole { Perbill::one() } else { Perbill::from_rational(2u32, 3) };
		assert_eq!(quality.total, total);
	}
	all.into_iter().map(|quality| quality.reasons.0.into_inner()).collect()
}

#[test]
fn values_beyond_their_bounds_are_implausible() {
	let limits = MetricLimits { min: -10, max: 10, ..anything() };
	for inline in [false, true] {
		let got = reasons(limits, inline, &[&[-10, 10], &[-11], &[5, 11], &[0]]);
		let out = vec![Reason::OutOfBounds];
		assert_eq!(got, [vec![], out.clone(), out, vec![]]);
	}
}

#[test]
fn jumps_between_inline_readings_are_implausible() {
	let limits = MetricLimits { max_jump: Some(5), ..anything() };
	let jump = vec![Reason::Jump];
	let got = reasons(limits, true, &[&[0, 5, 0], &[0, 6], &[1], &[1, 2, 3, 4, 5, 6, 12]]);
	assert_eq!(got, [vec![], jump.clone(), vec![], jump.clone()]);
	// From the last reading of one report to the first of the next.
	let got = reasons(limits, true, &[&[0, 5], &[10], &[16], &[16]]);
	assert_eq!(got, [vec![], vec![], jump, vec![]]);
}

/// A summary accuses nobody who may be honest: ten values from 0 to 45 can go in steps of 5.
#[test]
fn jumps_that_a_summary_proves_are_implausible() {
	let limits = MetricLimits { max_jump: Some(5), ..anything() };
	let steps: Vec<i64> = (0..10).map(|i| i * 5).collect();
	let mut beyond = steps.clone();
	beyond[9] += 1;
	// Smooth or not, the summary of these is the same as of those in steps.
	let shuffled = [0, 45, 5, 40, 10, 35, 15, 30, 20, 25];
	let jump = vec![Reason::Jump];
	assert_eq!(reasons(limits, false, &[&steps]), [vec![]]);
	assert_eq!(reasons(limits, false, &[&shuffled]), [vec![]]);
	assert_eq!(reasons(limits, true, &[&shuffled]), std::slice::from_ref(&jump));
	assert_eq!(reasons(limits, false, &[&beyond]), std::slice::from_ref(&jump));
	// Between reports: ranges that are too far apart.
	let got = reasons(limits, false, &[&[0, 1], &[6, 7], &[0, 2], &[-4, -3]]);
	assert_eq!(got, [vec![], vec![], vec![], vec![]]);
	let got = reasons(limits, false, &[&[0, 1], &[7, 8], &[1, 1]]);
	assert_eq!(got, [vec![], jump.clone(), jump]);
}

#[test]
fn a_change_across_a_missed_period_is_no_jump() {
	under(RULES, || {
		limit(0, MetricLimits { max_jump: Some(5), ..anything() });
		set_now(DAY + HOUR);
		send(&alice(), hourly(&alice(), 0, &[0]).0, None);
		set_now(DAY + 3 * HOUR);
		let (quality, _) = send(&alice(), hourly(&alice(), 0, &[500]).0, None);
		assert_eq!(quality.plausibility, Some(Perbill::one()));
		// A minute less than a period is looked at.
		set_now(DAY + 5 * HOUR - MINUTE);
		let (quality, _) = send(&alice(), hourly(&alice(), 0, &[0]).0, None);
		assert_eq!(quality.reasons.0.to_vec(), [Reason::Jump]);
	});
}

#[test]
fn stuck_values_are_implausible() {
	let limits = MetricLimits { stuck_limit: Some(3), ..anything() };
	let stuck = vec![Reason::Stuck];
	for inline in [false, true] {
		let got = reasons(limits, inline, &[&[7, 7], &[7], &[7], &[7, 7], &[8], &[8, 8]]);
		assert_eq!(got, [vec![], vec![], stuck.clone(), stuck.clone(), vec![], vec![]]);
		let got = reasons(limits, inline, &[&[7, 7, 7, 7]]);
		assert_eq!(got, std::slice::from_ref(&stuck));
	}
	// The end of one report goes on in the next, if it can be seen.
	let values: [&[i64]; 2] = [&[1, 7, 7], &[7, 7]];
	assert_eq!(reasons(limits, true, &values), [vec![], stuck]);
	assert_eq!(reasons(limits, false, &values), [vec![], vec![]]);
}

#[test]
fn plausibility_is_the_fraction_of_good_metrics() {
	under(RULES, || {
		limit(2, MetricLimits { max: 5, ..anything() });
		limit(3, MetricLimits { min: 5, max_jump: Some(0), ..anything() });
		let readings = [(0, 9), (1, 9), (2, 9), (3, 4)];
		let readings = readings.map(|(metric, value)| Reading { time: now() - 1, metric, value });
		let readings = Readings::try_from(readings.to_vec()).unwrap();
		let (quality, _) = send(&alice(), with_readings(alice().report(), &readings), None);
		assert_eq!(quality.plausibility, Some(percent(50)));
		assert_eq!(quality.reasons.0.to_vec(), [Reason::OutOfBounds]);
	});
}

#[test]
fn a_report_without_readings_has_no_plausibility() {
	under(RULES, || {
		let (quality, _) = send(&alice(), alice().report(), None);
		assert_eq!((quality.plausibility, quality.neighbours), (None, None));
		assert_eq!(score(&alice()).plausibility, None);
	});
}

#[test]
fn values_at_the_ends_of_their_range_are_handled() {
	let limits = MetricLimits { max_jump: Some(u64::MAX), ..anything() };
	for inline in [false, true] {
		let got = reasons(limits, inline, &[&[i64::MIN], &[i64::MAX], &[i64::MIN]]);
		assert_eq!(got, vec![vec![]; 3]);
	}
	let limits = MetricLimits { max_jump: Some(u64::MAX - 1), ..anything() };
	for inline in [false, true] {
		let got = reasons(limits, inline, &[&[i64::MIN], &[i64::MAX], &[i64::MIN]]);
		assert_eq!(got, [vec![], vec![Reason::Jump], vec![Reason::Jump]]);
	}
}
