//! Quality of a report: each part by itself, and all together.

use super::*;
use crate::types::{Tally, MAX_SAMPLES, SLOTS};
use depin_primitives::{
	metric::MetricLimits,
	network::NetworkKind,
	policy::{NetworkPolicy, QualityPolicy, QualityWeights, ReportPolicy, ONE},
	quality::{Perbill, Quality, Reason, Score, SCORE_PERIODS},
	report::{Reading, Report},
	Cell, Millis, H256,
};
use frame_support::assert_ok;

const ON_TIME: Millis = 10 * MINUTE;
const AGE: Millis = 2 * HOUR;
const EACH: QualityWeights =
	QualityWeights { cadence: 1, continuity: 1, plausibility: 1, neighbours: 1 };

const RULES: QualityPolicy = QualityPolicy {
	period: HOUR,
	on_time: ON_TIME,
	weights: EACH,
	threshold: 0,
	resolution: 5,
	min_neighbours: 2,
	copy_limit: 3,
};

/// The start of a tally of the tests' clock.
const DAY: Millis = START - START % (SCORE_PERIODS * HOUR);

fn percent(of: u32) -> Perbill {
	Perbill::from_percent(of)
}

fn limit(id: u16, limits: MetricLimits) {
	assert_ok!(Attestation::update_metric(RuntimeOrigin::signed(OWNER), NETWORK, id, limits));
}

fn anything() -> MetricLimits {
	metric().limits
}

fn rule(quality: QualityPolicy) {
	let report = ReportPolicy { max_age: AGE, min_interval: 0, ..POLICY.report };
	Registry::set_policy(NETWORK, NetworkPolicy { report, quality, ..POLICY });
}

/// Runs a test under the rules, at the start of a tally.
fn under(quality: QualityPolicy, test: impl FnOnce()) {
	build_and_execute(|| {
		rule(quality);
		set_now(DAY);
		test();
	});
}

/// Sends it and gives what it was worth, and the points.
#[track_caller]
fn send(signer: &Signer, report: Report, readings: Option<Readings>) -> (Quality, u64) {
	let signed = signer.sign(report);
	assert_ok!(Attestation::submit_report(RuntimeOrigin::signed(GATEWAY), signed, readings));
	let told = Attestation::accepted_reports().pop().unwrap();
	(told.quality, told.points)
}

/// Readings of one metric, one a minute, up to this time.
fn series(metric: u16, end: Millis, values: &[i64]) -> Readings {
	let count = values.len() as u64;
	let reading = |(at, value): (u64, &i64)| Reading {
		time: end - (count - at) * 1_000,
		metric,
		value: *value,
	};
	(0..).zip(values).map(reading).collect::<Vec<_>>().try_into().unwrap()
}

/// The report of the hour that ends now, with these readings of a metric.
fn hourly(signer: &Signer, metric: u16, values: &[i64]) -> (Report, Readings) {
	let readings = series(metric, now(), values);
	let report = Report { window_start: now() - HOUR, ..signer.report() };
	(with_readings(report, &readings), readings)
}

fn score(signer: &Signer) -> Score {
	Attestation::device_score(signer.id()).unwrap().current
}

mod cadence {
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
	fn falls_from_in_time_to_the_end_of_grace() {
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
	fn of_a_window_that_ends_ahead_of_the_clock_is_whole() {
		under(RULES, || {
			let (quality, _) = send(&alice(), alice().report_until(DAY + 5_000), None);
			assert_eq!(quality, Quality::whole());
		});
	}

	#[test]
	fn is_whole_for_all_that_is_accepted_if_all_is_in_time() {
		under(QualityPolicy { on_time: AGE, ..RULES }, || {
			set_now(DAY + AGE);
			let (quality, _) = send(&alice(), alice().report_until(DAY), None);
			assert_eq!(quality.cadence, Perbill::one());
		});
	}

	/// A lost report costs its own work only: the report after it is scored as without the loss.
	#[test]
	fn what_does_not_come_is_missed_and_no_more() {
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
	fn a_silence_is_shared_by_the_days_it_spans() {
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
	fn another_period_begins_another_tally() {
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
	fn a_tally_minds_its_own_time() {
		let mut tally = Tally::new(7, HOUR);
		let (start, end) = (tally.start(), tally.end());
		tally.count_missed(start - 5 * HOUR, start);
		tally.count_missed(end, end + 5 * HOUR);
		tally.count_missed(start + 5, start + HOUR + 4);
		tally.count_missed(start + 5, start);
		assert_eq!((tally.missed, tally.reasons.is_empty()), (0, true));
		tally.count_missed(0, u64::MAX);
		assert_eq!(u64::from(tally.missed), SCORE_PERIODS);
		// At the ends of time.
		let mut last = Tally::new(u64::MAX, u64::MAX);
		last.count_missed(0, u64::MAX);
		assert_eq!(Tally::number_of(5, 0), 0);
	}
}

mod continuity {
	use super::*;

	/// A report a minute after the last one, changed.
	fn next(change: impl FnOnce(&mut Report)) -> Quality {
		let mut report = alice().report();
		change(&mut report);
		set_now(report.window_end);
		send(&alice(), report, None).0
	}

	#[test]
	fn is_whole_while_the_chain_is() {
		under(RULES, || {
			for minute in 1..4 {
				set_now(DAY + minute * MINUTE);
				assert_eq!(next(|_| {}), Quality::whole());
			}
			assert_eq!(score(&alice()).continuity, Perbill::one());
		});
	}

	/// A device that was reset, or is two devices.
	#[test]
	fn is_nothing_when_the_next_report_names_another() {
		under(RULES, || {
			set_now(DAY + MINUTE);
			next(|_| {});
			set_now(DAY + 2 * MINUTE);
			let quality = next(|report| report.previous = H256::repeat_byte(9));
			assert_eq!(quality.continuity, Perbill::zero());
			assert_eq!(quality.reasons.0.to_vec(), [Reason::BrokenChain]);
			// Cadence and continuity are all there is.
			assert_eq!(quality.total, percent(50));
			// Once: the next one follows.
			set_now(DAY + 3 * MINUTE);
			assert_eq!(next(|_| {}), Quality::whole());
			assert_eq!(score(&alice()).continuity, Perbill::from_rational(2u32, 3));
		});
	}

	#[test]
	fn numbers_without_time_for_them_are_no_loss() {
		under(RULES, || {
			next(|_| {});
			set_now(DAY + MINUTE);
			let quality = next(|report| {
				report.sequence += 1;
				report.previous = H256::repeat_byte(9);
			});
			assert_eq!(quality.continuity, Perbill::zero());
			assert_eq!(quality.reasons.0.to_vec(), [Reason::SequenceGap]);
			// Half of its own window is time enough for a lost one.
			let quality = next(|report| {
				report.sequence += 1;
				report.previous = H256::repeat_byte(9);
				report.window_start += MINUTE + MINUTE / 2;
				report.window_end = report.window_start + MINUTE;
			});
			assert_eq!(quality.continuity, Perbill::one());
		});
	}

	/// Sequences that are times, say: the chain shows that nothing was lost.
	#[test]
	fn numbers_may_skip_while_the_chain_is_whole() {
		under(RULES, || {
			next(|_| {});
			set_now(DAY + MINUTE);
			assert_eq!(next(|report| report.sequence += 1_000_000), Quality::whole());
			assert_eq!(score(&alice()).gaps, 0);
		});
	}

	#[test]
	fn lost_reports_are_counted_and_cost_themselves() {
		under(RULES, || {
			set_now(DAY + HOUR);
			send(&alice(), hourly(&alice(), 0, &[1]).0, None);
			set_now(DAY + 4 * HOUR);
			let (mut report, _) = hourly(&alice(), 0, &[1]);
			report.sequence += 2;
			report.previous = H256::repeat_byte(9);
			let (quality, points) = send(&alice(), report, None);
			assert_eq!((quality.total, points), (Perbill::one(), 10));
			let score = score(&alice());
			assert_eq!((score.reports, score.missed, score.gaps), (2, 2, 2));
			assert_eq!((score.cadence, score.continuity), (percent(50), percent(50)));
			assert_eq!(score.reasons.0.to_vec(), [Reason::Missed, Reason::SequenceGap]);
		});
	}

	/// Whatever numbers a device gives, a score is not thrown off by more than there was time for.
	#[test]
	fn absurd_numbers_count_as_what_there_was_time_for() {
		under(RULES, || {
			set_now(DAY + HOUR);
			send(&alice(), hourly(&alice(), 0, &[1]).0, None);
			set_now(DAY + 4 * HOUR);
			let (mut report, _) = hourly(&alice(), 0, &[1]);
			report.sequence = u64::MAX;
			report.previous = H256::repeat_byte(9);
			send(&alice(), report, None);
			assert_eq!(score(&alice()).gaps, 2);
		});
	}
}

mod plausibility {
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
	fn bounds() {
		let limits = MetricLimits { min: -10, max: 10, ..anything() };
		for inline in [false, true] {
			let got = reasons(limits, inline, &[&[-10, 10], &[-11], &[5, 11], &[0]]);
			let out = vec![Reason::OutOfBounds];
			assert_eq!(got, [vec![], out.clone(), out, vec![]]);
		}
	}

	#[test]
	fn jumps_of_readings_that_are_there() {
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
	fn jumps_that_a_summary_proves() {
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
	fn what_happened_while_nobody_looked_is_no_jump() {
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
	fn stuck_values() {
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
	fn a_share_of_the_metrics() {
		under(RULES, || {
			limit(2, MetricLimits { max: 5, ..anything() });
			limit(3, MetricLimits { min: 5, max_jump: Some(0), ..anything() });
			let readings = [(0, 9), (1, 9), (2, 9), (3, 4)];
			let readings =
				readings.map(|(metric, value)| Reading { time: now() - 1, metric, value });
			let readings = Readings::try_from(readings.to_vec()).unwrap();
			let (quality, _) = send(&alice(), with_readings(alice().report(), &readings), None);
			assert_eq!(quality.plausibility, Some(percent(50)));
			assert_eq!(quality.reasons.0.to_vec(), [Reason::OutOfBounds]);
		});
	}

	#[test]
	fn of_no_readings_says_nothing() {
		under(RULES, || {
			let (quality, _) = send(&alice(), alice().report(), None);
			assert_eq!((quality.plausibility, quality.neighbours), (None, None));
			assert_eq!(score(&alice()).plausibility, None);
		});
	}

	#[test]
	fn values_at_their_ends() {
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
}

mod neighbours {
	use super::*;
	use crate::{
		types::{ring_index, ShortHash},
		Buckets,
	};

	const TOLERANCE: u64 = 100;
	/// The middle of a cell, one beside it, and one far away.
	const HERE: Cell = Cell(0x08c2_a107_2b59_adff);

	fn there() -> Cell {
		// A cell of resolution 12 in a neighbour of the neighbourhood.
		let beside = HERE.parent(5).unwrap().ring().next().unwrap();
		center(beside)
	}

	fn far() -> Cell {
		let two = HERE.parent(5).unwrap().ring().next().unwrap();
		let away = two
			.ring()
			.flat_map(Cell::ring)
			.find(|cell| HERE.parent(5).unwrap().grid_distance(*cell) == Some(3));
		center(away.unwrap())
	}

	/// A cell of resolution 12 within a coarser one.
	fn center(cell: Cell) -> Cell {
		let cell = h3o::CellIndex::try_from(cell.0).unwrap();
		Cell(cell.center_child(h3o::Resolution::Twelve).unwrap().into())
	}

	/// Devices by number, each of an owner of its own.
	fn device(number: u8, cell: Cell) -> Signer {
		let signer = Signer::ed25519(100 + number);
		let owner = 1_000 + AccountId::from(number);
		Registry::put(
			signer.id(),
			depin_primitives::traits::DeviceView { owner, cell, ..signer.view() },
		);
		signer
	}

	/// Lets each device report its value of an hour, each in a block of its own. Returns the
	/// quality of each report.
	fn hour(values: &[(&Signer, i64)]) -> Vec<Quality> {
		set_now(now() + HOUR);
		values
			.iter()
			.map(|(signer, value)| {
				System::set_block_number(System::block_number() + 1);
				send(signer, hourly(signer, 0, &[*value]).0, None).0
			})
			.collect()
	}

	fn measured(rules: QualityPolicy, test: impl FnOnce()) {
		under(rules, || {
			limit(0, MetricLimits { tolerance: Some(TOLERANCE), ..anything() });
			test();
		});
	}

	/// Returns the neighbours parts, which are about the hour before.
	fn parts(all: &[Quality]) -> Vec<Option<Perbill>> {
		all.iter().map(|quality| quality.neighbours).collect()
	}

	#[test]
	fn agree_up_to_the_tolerance_and_not_from_twice_that_on() {
		measured(RULES, || {
			let [a, b, c, d] = [1, 2, 3, 4].map(|number| device(number, HERE));
			let deviations = [(100, 100), (101, 99), (150, 50), (199, 1), (200, 0), (5_000, 0)];
			let mut expected = None;
			for (deviation, part) in deviations {
				for deviation in [deviation, -deviation] {
					// Three others, whose median is 10.
					let got = hour(&[(&a, -30), (&b, 10), (&d, 10 + deviation), (&c, 40)]);
					assert_eq!(got[2].neighbours, expected, "{deviation}");
					if let Some(part) = expected {
						let disagrees = got[2].reasons.has(Reason::Disagrees);
						assert_eq!(disagrees, !Perbill::is_one(&part));
					}
					expected = Some(percent(part));
				}
			}
			hour(&[(&d, 0)]);
			let score = score(&d).neighbours.unwrap();
			assert!(score > percent(40) && score < percent(43), "{score:?}");
		});
	}

	#[test]
	fn the_first_to_report_is_compared_as_the_last() {
		measured(RULES, || {
			let [a, b, c] = [1, 2, 3].map(|number| device(number, HERE));
			hour(&[(&a, 5_000), (&b, 0), (&c, 0)]);
			let got = parts(&hour(&[(&a, 0), (&b, 0), (&c, 0)]));
			// b's and c's others are 5,000 and 0: whatever lies between agrees.
			assert_eq!(got, [Some(percent(0)), Some(percent(100)), Some(percent(100))]);
			let got = parts(&hour(&[(&a, 0), (&b, 0), (&c, 0)]));
			assert_eq!(got, [Some(percent(100)); 3]);
		});
	}

	/// The median of an even number of values is the interval between the two in the middle: a
	/// value between two neighbours that differ agrees with both.
	#[test]
	fn of_an_even_number_whatever_lies_between_agrees() {
		measured(RULES, || {
			let [a, b, c] = [1, 2, 3].map(|number| device(number, HERE));
			hour(&[(&a, 0), (&b, 5_000), (&c, -150)]);
			let got = parts(&hour(&[(&a, 0), (&b, 0), (&c, 0)]));
			assert_eq!(got, [Some(percent(100)), Some(percent(0)), Some(percent(50))]);
		});
	}

	/// A value outside its metric's bounds is not sampled, since it would shift the neighbours'
	/// median.
	#[test]
	fn a_value_beyond_its_bounds_is_not_compared_with() {
		measured(RULES, || {
			limit(0, MetricLimits { max: 10_000, tolerance: Some(TOLERANCE), ..anything() });
			let [a, b, c, d] = [1, 2, 3, 4].map(|number| device(number, HERE));
			hour(&[(&a, 0), (&b, 0), (&c, 10_001), (&d, 10_002)]);
			assert_eq!(parts(&hour(&[(&a, 0), (&b, 0)])), [None, None]);
			hour(&[(&c, 0), (&d, 0)]);
		});
	}

	#[test]
	fn too_few_say_nothing() {
		measured(RULES, || {
			let [a, b] = [1, 2].map(|number| device(number, HERE));
			hour(&[(&a, 0), (&b, 5_000)]);
			let got = hour(&[(&a, 0), (&b, 5_000)]);
			assert_eq!(parts(&got), [None, None]);
			assert_eq!(got[0].total, Perbill::one());
		});
	}

	#[test]
	fn of_one_owner_count_once_and_never_for_their_own() {
		measured(RULES, || {
			let [a, b, c, d] = [1, 2, 3, 4].map(|number| device(number, HERE));
			for other in [&b, &c, &d] {
				Registry::change(other.id(), |view| view.owner = 5);
			}
			hour(&[(&a, 0), (&b, 5_000), (&c, 5_000), (&d, 5_000)]);
			assert_eq!(parts(&hour(&[(&a, 0), (&b, 0), (&c, 0), (&d, 0)])), [None; 4]);
		});
	}

	#[test]
	fn of_the_ring_are_asked_when_the_cell_has_too_few() {
		measured(RULES, || {
			let [a, b] = [1, 2].map(|number| device(number, HERE));
			let [c, d] = [3, 4].map(|number| device(number, there()));
			let e = device(5, far());
			hour(&[(&a, 0), (&b, 0), (&c, 0), (&d, 0), (&e, 5_000)]);
			let got = parts(&hour(&[(&a, 0), (&b, 0), (&c, 0), (&d, 0), (&e, 0)]));
			let whole = Some(percent(100));
			assert_eq!(got, [whole, whole, whole, whole, None]);

			// With neighbours enough of their own, what is beside does not count.
			let [f, g] = [6, 7].map(|number| device(number, HERE));
			hour(&[(&a, 0), (&b, 0), (&f, 0), (&g, 0), (&c, 5_000), (&d, 5_000)]);
			let got = parts(&hour(&[(&a, 0), (&c, 0)]));
			assert_eq!(got, [whole, Some(percent(0))]);
		});
	}

	#[test]
	fn of_other_networks_and_other_hours_are_strangers() {
		measured(RULES, || {
			let [a, b, c] = [1, 2, 3].map(|number| device(number, HERE));
			hour(&[(&a, 0)]);
			hour(&[(&b, 0)]);
			hour(&[(&c, 0)]);
			assert_eq!(parts(&hour(&[(&a, 0), (&b, 0), (&c, 0)])), [None; 3]);

			let other = NETWORK + 1;
			let report = ReportPolicy { max_age: AGE, min_interval: 0, ..POLICY.report };
			let policy = NetworkPolicy { report, quality: RULES, ..POLICY };
			Registry::set_policy(other, policy);
			let origin = RuntimeOrigin::signed(OWNER);
			assert_ok!(Attestation::register_metric(origin, other, 0, metric()));
			for signer in [&b, &c] {
				Registry::change(signer.id(), |view| view.network = other);
			}
			hour(&[(&a, 0), (&b, 5_000), (&c, 5_000)]);
			assert_eq!(parts(&hour(&[(&a, 0)])), [None]);
		});
	}

	/// A report is compared at the place where the device was when it measured.
	#[test]
	fn a_device_that_moved_is_compared_where_it_measured() {
		measured(RULES, || {
			let [a, b, c] = [1, 2, 3].map(|number| device(number, HERE));
			hour(&[(&a, 0), (&b, 0), (&c, 0)]);
			Registry::change(a.id(), |view| view.cell = far());
			assert_eq!(parts(&hour(&[(&a, 0)])), [Some(percent(100))]);
			assert_eq!(parts(&hour(&[(&a, 0)])), [None]);
		});
	}

	#[test]
	fn a_metric_that_is_not_compared() {
		under(RULES, || {
			let [a, b, c] = [1, 2, 3].map(|number| device(number, HERE));
			hour(&[(&a, 0), (&b, 0), (&c, 5_000)]);
			assert_eq!(parts(&hour(&[(&a, 0), (&b, 0), (&c, 0)])), [None; 3]);
			assert_eq!(Buckets::<Test>::iter().count(), 0);
		});
		let weights = QualityWeights { neighbours: 0, ..EACH };
		measured(QualityPolicy { weights, ..RULES }, || {
			let [a, b, c] = [1, 2, 3].map(|number| device(number, HERE));
			hour(&[(&a, 0), (&b, 0), (&c, 5_000)]);
			assert_eq!(parts(&hour(&[(&a, 0), (&b, 0), (&c, 0)])), [None; 3]);
			assert_eq!(Buckets::<Test>::iter().count(), 0);
		});
	}

	#[test]
	fn a_late_report_does_not_take_a_later_slots_place() {
		measured(QualityPolicy { period: MINUTE, ..RULES }, || {
			let [a, b] = [1, 2].map(|number| device(number, HERE));
			let minute = |signer: &Signer, end: Millis| {
				let readings = series(0, end, &[3]);
				send(signer, with_readings(signer.report_until(end), &readings), None);
			};
			set_now(DAY + 8 * MINUTE);
			minute(&a, DAY + 8 * MINUTE);
			let place = ring_index((DAY + 8 * MINUTE - 1) / MINUTE);
			let key = (NETWORK, HERE.parent(5).unwrap(), place);
			let bucket = Buckets::<Test>::get(key).unwrap();
			// The same place of the ring, one turn before: it is of no use to anyone.
			minute(&b, DAY + 8 * MINUTE - SLOTS * MINUTE);
			assert_eq!(Buckets::<Test>::get(key), Some(bucket));
			assert_eq!(Buckets::<Test>::iter().count(), 1);
		});
	}

	/// Whatever skew a network allows, a clock far ahead takes no slot's place from the others.
	#[test]
	fn a_slot_far_ahead_is_not_kept() {
		measured(QualityPolicy { period: MINUTE, ..RULES }, || {
			let report =
				ReportPolicy { max_age: AGE, min_interval: 0, max_skew: HOUR, ..POLICY.report };
			let quality = QualityPolicy { period: MINUTE, ..RULES };
			Registry::set_policy(NETWORK, NetworkPolicy { report, quality, ..POLICY });
			let minute = |signer: &Signer, end: Millis| {
				let readings = series(0, end, &[3]);
				send(signer, with_readings(signer.report_until(end), &readings), None);
				Buckets::<Test>::iter().map(|(_, bucket)| bucket.slot).collect::<Vec<_>>()
			};
			let [a, b] = [1, 2].map(|number| device(number, HERE));
			let current = DAY / MINUTE;
			assert_eq!(minute(&a, DAY + 1), [current]);
			assert_eq!(minute(&b, DAY + SLOTS * MINUTE + 1), [current]);
			let mut kept = minute(&a, DAY + SLOTS / 2 * MINUTE + 1);
			kept.sort_unstable();
			assert_eq!(kept, [current, current + SLOTS / 2]);
		});
	}

	#[test]
	fn a_sample_is_bounded_and_drawn_by_lot() {
		measured(RULES, || {
			let count = 2 * MAX_SAMPLES as u8;
			let devices: Vec<_> = (0..count).map(|number| device(number, HERE)).collect();
			let values: Vec<_> = devices.iter().map(|device| (device, 0)).collect();
			hour(&values);
			let (_, bucket) = Buckets::<Test>::iter().next().unwrap();
			assert_eq!(bucket.samples.len() as u32, MAX_SAMPLES);
			let lot = |owner: ShortHash| crate::types::draw_rank(bucket.seed, owner);
			let owners = (0..count).map(|number| 1_000 + AccountId::from(number));
			let mut lots: Vec<_> = owners.map(|owner| lot(ShortHash::of(&owner))).collect();
			lots.sort_unstable();
			let mut drawn: Vec<_> = bucket.samples.iter().map(|sample| lot(sample.owner)).collect();
			drawn.sort_unstable();
			assert_eq!(drawn, lots[..MAX_SAMPLES as usize]);
			assert_eq!(parts(&hour(&values)), vec![Some(percent(100)); count.into()]);
		});
	}

	/// A bucket holds one device of each owner, the one with the lowest random number, and an owner
	/// is not drawn more often for having many devices.
	#[test]
	fn many_devices_are_no_more_than_one() {
		measured(RULES, || {
			let count = 2 * MAX_SAMPLES as u8;
			let devices: Vec<_> = (0..count).map(|number| device(number, HERE)).collect();
			let many: Vec<_> = (100..110).map(|number| device(number, HERE)).collect();
			for device in &many {
				Registry::change(device.id(), |view| view.owner = 5);
			}
			let mut times = 0;
			for hours in 0..20 {
				System::set_parent_hash(H256::from_low_u64_be(hours));
				let all: Vec<_> = devices.iter().chain(&many).map(|device| (device, 0)).collect();
				hour(&all);
				let key = (NETWORK, HERE.parent(5).unwrap(), ring_index((now() - 1) / HOUR));
				let bucket = Buckets::<Test>::get(key).unwrap();
				let of_many = bucket.samples.iter().filter(|s| s.owner == ShortHash::of(&5u64));
				let of_many: Vec<_> = of_many.map(|sample| sample.device).collect();
				times += of_many.len();
				let lowest = many
					.iter()
					.map(|device| ShortHash::of(&device.id()))
					.min_by_key(|device| crate::types::draw_rank(bucket.seed, *device));
				assert!(of_many.is_empty() || of_many == lowest.as_slice());
			}
			// Sixteen of 33 owners are drawn: half of the times, more or less.
			assert!((3..=17).contains(&times), "{times}");
		});
	}

	/// A verdict about an amount of work applies until as much later work was scored with it.
	#[test]
	fn a_small_report_takes_nothing_off_a_large_one() {
		measured(RULES, || {
			let [a, b, c, d] = [1, 2, 3, 4].map(|number| device(number, HERE));
			let truth = |at: Millis| {
				set_now(at);
				for (signer, value) in [(&a, 0), (&b, 40), (&c, -40)] {
					send(signer, hourly(signer, 0, &[value]).0, None);
				}
			};
			let small = |work| Report {
				window_start: now(),
				window_end: now() + 1_000,
				work,
				..d.report()
			};
			truth(DAY + HOUR);
			let lie = Report { work: 3_000, ..hourly(&d, 0, &[5_000]).0 };
			let (quality, points) = send(&d, lie, None);
			assert_eq!((quality.neighbours, points), (None, 3_000));
			// A unit is weighed by it, and another, and then nearly all that there is.
			for _ in 0..2 {
				let (quality, _) = send(&d, small(1), None);
				assert_eq!(quality.neighbours, Some(percent(0)));
				set_now(now() + 1_000);
			}
			let verdict = crate::DeviceStates::<Test>::get(d.id()).unwrap().verdict.unwrap();
			assert_eq!(verdict.work, 2_998);
			set_now(DAY + 2 * HOUR);
			let honest = Report { window_start: now() - HOUR + 2_000, ..hourly(&d, 0, &[0]).0 };
			let (quality, points) = send(&d, Report { work: 3_000, ..honest }, None);
			assert_eq!((quality.neighbours, points), (Some(percent(0)), 2_250));
			assert!(quality.reasons.has(Reason::Disagrees));
			assert_eq!(crate::DeviceStates::<Test>::get(d.id()).unwrap().verdict, None);
		});
	}

	#[test]
	fn verdicts_add_up_by_their_work() {
		use crate::types::NeighbourVerdict;
		let of =
			|part: u32, work, reason| Some(NeighbourVerdict { part: percent(part), work, reason });
		let bad = Some(Reason::Disagrees);
		assert_eq!(NeighbourVerdict::merge(None, None), None);
		assert_eq!(NeighbourVerdict::merge(of(5, 7, bad), None), of(5, 7, bad));
		assert_eq!(NeighbourVerdict::merge(None, of(5, 7, bad)), of(5, 7, bad));
		assert_eq!(NeighbourVerdict::merge(of(0, 30, bad), of(100, 10, None)), of(25, 40, bad));
		assert_eq!(NeighbourVerdict::merge(of(0, 0, bad), of(100, 0, None)), of(100, 0, bad));
		let copies = Some(Reason::Copies);
		let most =
			NeighbourVerdict::merge(of(50, u64::MAX, bad), of(50, u64::MAX, copies)).unwrap();
		assert_eq!((most.work, most.reason), (u64::MAX, copies));
		let after = |work| of(50, 10, bad).unwrap().remaining_after(work);
		assert_eq!((after(9), after(10), after(11)), (of(50, 1, bad), None, None));
	}

	/// Samples of the device itself, from the time of an earlier owner, are not those of a
	/// neighbour.
	#[test]
	fn a_device_that_changed_hands_is_not_compared_with_itself() {
		measured(RULES, || {
			let [a, d] = [1, 4].map(|number| device(number, HERE));
			for owner in 5_000..5_004 {
				assert_eq!(parts(&hour(&[(&a, 0), (&d, 5_000)])), [None, None]);
				Registry::change(d.id(), |view| view.owner = owner);
			}
		});
	}

	mod copies {
		use super::*;

		/// No rain is no rain everywhere.
		#[test]
		fn what_all_agree_on_is_no_copy() {
			measured(RULES, || {
				let all = [1, 2, 3, 4, 5].map(|number| device(number, HERE));
				for _ in 0..8 {
					let values: Vec<_> = all.iter().map(|device| (device, 0)).collect();
					assert!(hour(&values).iter().all(|q| !q.reasons.has(Reason::Copies)));
				}
			});
		}

		/// One that fell silent on purpose does not cover for the next.
		#[test]
		fn another_original_is_found_out_as_well() {
			measured(RULES, || {
				let [a, b, c, d, e] = [1, 2, 3, 4, 5].map(|number| device(number, HERE));
				for at in 0..2 {
					hour(&[(&e, 70), (&b, at + 40), (&c, at - 40), (&d, 70)]);
				}
				let copied: Vec<_> = (2..14)
					.map(|at| {
						let values = [(&a, at), (&b, at + 40), (&c, at - 40), (&d, at)];
						hour(&values)[3].reasons.has(Reason::Copies)
					})
					.collect();
				assert!(copied[8..].iter().all(|copied| *copied), "{copied:?}");
			});
		}

		/// Runs hours of a real sensor, others at some distance, and one device that copies the
		/// sensor.
		fn follow(hours: i64, behind: i64, first: bool) -> Vec<Quality> {
			let mut all = Vec::new();
			measured(RULES, || {
				let [a, b, c, d] = [1, 2, 3, 4].map(|number| device(number, HERE));
				for at in 0..hours {
					let real = at * 17 % 50;
					let copy = (&d, real + behind);
					let others = [(&a, real), (&b, real + 40), (&c, real - 40)];
					let got = if first {
						hour(&[[copy].as_slice(), &others].concat())[0].clone()
					} else {
						hour(&[&others[..], &[copy]].concat())[3].clone()
					};
					all.push(got);
				}
			});
			all
		}

		#[test]
		fn lose_the_part_after_a_while() {
			// An eighth of the tolerance is the most that two good sensors share for long.
			for behind in [0, 12, -12] {
				let all = follow(6, behind, false);
				let copies: Vec<_> = all.iter().map(|q| q.reasons.has(Reason::Copies)).collect();
				assert_eq!(copies, [false, false, false, true, true, true]);
				assert_eq!(all[2].neighbours, Some(percent(100)));
				assert_eq!(all[3].neighbours, Some(percent(0)));
			}
		}

		#[test]
		fn what_keeps_its_distance_is_no_copy() {
			for behind in [13, -13] {
				for quality in follow(6, behind, false) {
					assert!(!quality.reasons.has(Reason::Copies));
				}
			}
		}

		/// The device whose reports come first is not taken for the copy.
		#[test]
		fn the_first_is_the_original() {
			for quality in follow(6, 0, true) {
				assert!(!quality.reasons.has(Reason::Copies));
			}
		}

		/// Returns how often a copier is found in 24 hours if it keeps its distance every so many
		/// hours.
		fn copied(apart_every: i64) -> usize {
			let mut copied = 0;
			measured(RULES, || {
				let [a, b, c, d] = [1, 2, 3, 4].map(|number| device(number, HERE));
				for at in 0..24 {
					let apart = if at % apart_every == 0 { 20 } else { 0 };
					let values = [(&a, at), (&b, at + 40), (&c, at - 40), (&d, at + apart)];
					copied += usize::from(hour(&values)[3].reasons.has(Reason::Copies));
				}
			});
			copied
		}

		#[test]
		fn an_hour_apart_now_and_then_does_not_hide_it() {
			assert_eq!(copied(2), 0);
			assert!(copied(3) > 8 && copied(6) > copied(3));
		}

		#[test]
		fn a_suspicion_can_be_got_rid_of() {
			measured(RULES, || {
				let [a, b, c, d] = [1, 2, 3, 4].map(|number| device(number, HERE));
				let copies = |at: i64, apart: i64| {
					let values = [(&a, at), (&b, at + 40), (&c, at - 40), (&d, at + apart)];
					hour(&values)[3].reasons.has(Reason::Copies)
				};
				assert!((0..20).filter(|at| copies(*at, 0)).count() == 17);
				assert!(copies(20, 20));
				// The suspicion was at its maximum, twice the limit.
				assert!(!(21..27).any(|at| copies(at, 20)));
				assert!(![copies(27, 0), copies(28, 0), copies(29, 0)].contains(&true));
				assert!(copies(30, 0));
			});
		}

		/// While the original is silent, the copy suspicion neither applies nor falls.
		#[test]
		fn a_silent_original_says_nothing() {
			measured(RULES, || {
				let [a, b, c, d] = [1, 2, 3, 4].map(|number| device(number, HERE));
				let copies = |with: bool, at: i64| {
					let mut values = vec![(&b, at + 40), (&c, at - 40), (&d, at)];
					if with {
						values.insert(0, (&a, at));
					}
					hour(&values).pop().unwrap().reasons.has(Reason::Copies)
				};
				let with = [true, true, false, true, true];
				let got: Vec<_> = (0..).zip(with).map(|(at, with)| copies(with, at)).collect();
				assert_eq!(got, [false, false, false, false, true]);
				assert!(copies(false, 9));
				assert!(!copies(true, 9));
			});
		}

		#[test]
		fn in_the_same_block_nobody_is_first() {
			measured(RULES, || {
				let [a, b, c, d] = [1, 2, 3, 4].map(|number| device(number, HERE));
				for at in 0..6 {
					set_now(now() + HOUR);
					for (signer, value) in [(&a, at), (&b, at + 40), (&c, at - 40), (&d, at)] {
						let (quality, _) = send(signer, hourly(signer, 0, &[value]).0, None);
						assert!(!quality.reasons.has(Reason::Copies));
					}
				}
			});
		}

		#[test]
		fn are_let_be_where_the_network_says_so() {
			measured(QualityPolicy { copy_limit: 0, ..RULES }, || {
				let [a, b, c, d] = [1, 2, 3, 4].map(|number| device(number, HERE));
				for at in 0..6 {
					let values = [(&a, at), (&b, at + 40), (&c, at - 40), (&d, at)];
					assert!(!hour(&values)[3].reasons.has(Reason::Copies));
				}
			});
		}
	}
}

mod total {
	use super::*;

	fn weighed(weights: QualityWeights, threshold: u32) -> (Quality, u64) {
		let mut done = None;
		under(QualityPolicy { weights, threshold, ..RULES }, || {
			// Three quarters of cadence, nothing of plausibility.
			limit(0, MetricLimits { min: 1, ..anything() });
			set_now(DAY + ON_TIME + (AGE - ON_TIME) / 4);
			let readings = series(0, DAY, &[0]);
			let report = with_readings(alice().report_until(DAY), &readings);
			done = Some(send(&alice(), Report { work: 60, ..report }, None));
		});
		done.unwrap()
	}

	fn weights(cadence: u8, continuity: u8, plausibility: u8) -> QualityWeights {
		QualityWeights { cadence, continuity, plausibility, neighbours: 9 }
	}

	#[test]
	fn is_what_the_network_weighs() {
		for (of, total, points) in [
			(weights(1, 0, 0), 750_000_000, 45),
			(weights(0, 1, 0), ONE, 60),
			(weights(0, 0, 1), 0, 0),
			(weights(1, 0, 1), 375_000_000, 22),
			(weights(1, 1, 1), 583_333_333, 34),
			(weights(2, 0, 1), 500_000_000, 30),
			(weights(255, 255, 255), 583_333_333, 34),
			// Neighbours, of whom there are none, weigh nothing.
			(weights(0, 0, 0), ONE, 60),
		] {
			let (quality, got) = weighed(of, 0);
			assert_eq!((quality.total, got), (Perbill::from_parts(total), points));
			assert_eq!(quality.reasons.0.to_vec(), [Reason::Late, Reason::OutOfBounds]);
		}
	}

	#[test]
	fn below_the_threshold_earns_nothing() {
		let (quality, points) = weighed(weights(2, 0, 1), ONE / 2);
		assert_eq!((quality.total, points), (percent(50), 30));
		let (quality, points) = weighed(weights(2, 0, 1), ONE / 2 + 1);
		assert_eq!((quality.total, points), (percent(50), 0));
		assert!(quality.reasons.has(Reason::BelowThreshold));
	}

	#[test]
	fn capped_work_has_its_reason() {
		under(RULES, || {
			let report = Report { work: 61, ..alice().report() };
			let (quality, points) = send(&alice(), report, None);
			assert_eq!((quality.total, points), (Perbill::one(), 60));
			assert_eq!(quality.reasons.0.to_vec(), [Reason::WorkCapped]);
		});
		under(RULES, || {
			Registry::set_kind(NETWORK, NetworkKind::Sensor);
			let (report, _) = hourly(&alice(), 0, &[1, 2, 3]);
			let (quality, points) = send(&alice(), Report { work: 4, ..report }, None);
			assert_eq!(points, 3);
			assert_eq!(quality.reasons.0.to_vec(), [Reason::WorkCapped]);
		});
	}

	#[test]
	fn is_whole_if_nothing_is_scored() {
		under(QualityPolicy { on_time: 0, ..QualityPolicy::OFF }, || {
			set_now(DAY + AGE / 2);
			let (quality, points) = send(&alice(), alice().report_until(DAY), None);
			assert_eq!((quality.total, points), (Perbill::one(), 10));
		});
	}
}
