//! The quality of a report: `docs/quality.md` says how, and why so.

use crate::{
	check::Checked,
	types::{Alike, Record, Series, Tally, Verdict},
	Config, Pallet,
};
use alloc::vec::Vec;
use depin_primitives::{
	metric::MetricLimits,
	policy::{NetworkPolicy, QualityPolicy, QualityWeights, ONE},
	quality::{Perbill, Quality, Reason, Reasons},
	report::{LastReport, MetricSummary, Reading, Readings, Report, MAX_METRICS},
	Millis,
};
use frame_support::{traits::ConstU32, BoundedVec};

/// What a report's summaries become.
pub type SeriesOf = BoundedVec<Series, ConstU32<MAX_METRICS>>;

/// What is found out about a report.
pub struct Scored {
	/// Its quality. The work it claims may still be capped.
	pub quality: Quality,
	/// Whether it earns.
	pub counts: bool,
	/// What its metrics are compared with next time.
	pub series: SeriesOf,
	/// How many numbers its sequence skips, so far as there was time for so many reports.
	pub gaps: u32,
	/// See [`Record::alike`].
	pub alike: Option<Alike>,
	/// See [`Record::verdict`].
	pub verdict: Option<Verdict>,
}

impl<T: Config> Pallet<T> {
	/// Scores a report that is about to be accepted and credited with so much work. Reads the neighbours'
	/// values, and writes nothing.
	pub(crate) fn score(
		checked: &Checked<T::AccountId>,
		report: &Report,
		readings: Option<&Readings>,
		credited: u64,
	) -> Scored {
		let Checked { network, policy, record, limits, now, .. } = checked;
		let NetworkPolicy { quality: rules, report: accepts, .. } = policy;
		let last = record.as_ref().map(|record| &record.last);
		let mut reasons = Reasons::default();

		let cadence = cadence(rules, accepts.max_age, report.window_end, *now);
		if !cadence.is_one() {
			reasons.add(Reason::Late);
		}
		let (continuity, gaps) = match last {
			Some(last) => continuity(rules.period, report, last, &mut reasons),
			None => (Perbill::one(), 0),
		};
		let before = record.as_ref().filter(|r| follows(rules, report, &r.last));
		let (plausibility, series) = plausibility(before, report, limits, readings, &mut reasons);
		let (verdict, alike) = match record {
			Some(record) => {
				let (new, alike) =
					Self::compare(*network, rules, &checked.owner, &report.device, record);
				(Verdict::merge(record.verdict, new), alike)
			}
			None => (None, None),
		};
		let neighbours = verdict.map(|verdict| verdict.part);
		if let Some(reason) = verdict.and_then(|verdict| verdict.reason) {
			reasons.add(reason);
		}
		// It weighs as much work as it is about: a small report does not take it off a large one.
		let verdict = verdict.and_then(|verdict| verdict.after(credited));

		let QualityWeights { cadence: a, continuity: b, plausibility: c, neighbours: d } =
			rules.weights;
		let parts = [(a, Some(cadence)), (b, Some(continuity)), (c, plausibility), (d, neighbours)];
		let total = weighted(parts);
		let counts = total.deconstruct() >= rules.threshold;
		if !counts {
			reasons.add(Reason::BelowThreshold);
		}
		let quality = Quality { cadence, continuity, plausibility, neighbours, total, reasons };
		Scored { quality, counts, series, gaps, alike, verdict }
	}

	/// The sums after this report, and those before, if others begin.
	pub(crate) fn tally(
		record: Option<&Record>,
		period: Millis,
		report: &Report,
		quality: &Quality,
		gaps: u32,
	) -> (Tally, Option<Tally>) {
		let number = Tally::number_of(report.window_end.saturating_sub(1), period);
		let fresh = || Tally::new(number, period);
		let (mut tally, before) = match record {
			None => (fresh(), None),
			Some(Record { tally, before, .. })
				if tally.number == number && tally.period == period =>
			{
				(tally.clone(), before.clone())
			}
			Some(Record { tally, last, .. }) => {
				let mut ended = tally.clone();
				ended.miss(last.window_end, report.window_start);
				(fresh(), Some(ended))
			}
		};
		if let Some(Record { last, .. }) = record {
			tally.miss(last.window_end, report.window_start);
		}
		tally.reports = tally.reports.saturating_add(1);
		if gaps > 0 {
			tally.gaps = tally.gaps.saturating_add(gaps);
			tally.reasons.add(Reason::SequenceGap);
		}
		let add =
			|sum: &mut u64, part: Perbill| *sum = sum.saturating_add(part.deconstruct().into());
		add(&mut tally.cadence, quality.cadence);
		add(&mut tally.continuity, quality.continuity);
		add(&mut tally.quality, quality.total);
		for (sum, part) in [
			(&mut tally.plausibility, quality.plausibility),
			(&mut tally.neighbours, quality.neighbours),
		] {
			if let Some(part) = part {
				add(&mut sum.0, part);
				sum.1 = sum.1.saturating_add(1);
			}
		}
		tally.reasons.extend(&quality.reasons);
		(tally, before)
	}
}

/// Whole while it is in time, nothing at the end of what is accepted, and a straight line between.
fn cadence(rules: &QualityPolicy, max_age: Millis, window_end: Millis, now: Millis) -> Perbill {
	let age = now.saturating_sub(window_end);
	if age <= rules.on_time {
		return Perbill::one();
	}
	let (left, grace) = (max_age.saturating_sub(age), max_age.saturating_sub(rules.on_time));
	Perbill::from_rational(left, grace.max(1))
}

/// Whether the report names the last one, and how many numbers it skips. A lost report costs no more
/// than itself: numbers that are skipped where there is time for what was lost are counted, no more.
fn continuity(
	period: Millis,
	report: &Report,
	last: &LastReport,
	reasons: &mut Reasons,
) -> (Perbill, u32) {
	if report.previous == last.hash {
		return (Perbill::one(), 0);
	}
	let skipped = report.sequence.saturating_sub(last.sequence).saturating_sub(1);
	if skipped == 0 {
		reasons.add(Reason::BrokenChain);
		return (Perbill::zero(), 0);
	}
	let lost = report.window_start.saturating_sub(last.window_end);
	if lost < report.length() / 2 {
		reasons.add(Reason::SequenceGap);
		return (Perbill::zero(), 0);
	}
	let room = lost.checked_div(period).unwrap_or_default().max(1);
	(Perbill::one(), u32::try_from(skipped.min(room)).unwrap_or(u32::MAX))
}

/// Whether the windows of two reports lie so close that their values can be compared.
fn follows(rules: &QualityPolicy, report: &Report, last: &LastReport) -> bool {
	report.window_start.saturating_sub(last.window_end) < rules.period
}

/// The share of the report's metrics that are within their limits, and what the next report's are
/// compared with. Whatever is held against a device is proved by its own summaries or readings.
fn plausibility(
	before: Option<&Record>,
	report: &Report,
	limits: &[MetricLimits],
	readings: Option<&Readings>,
	reasons: &mut Reasons,
) -> (Option<Perbill>, SeriesOf) {
	let mut series = SeriesOf::default();
	let mut good = 0u32;
	for (summary, limits) in report.metrics.iter().zip(limits) {
		let before = before.and_then(|record| {
			let at = record.series.binary_search_by_key(&summary.metric, |s| s.metric).ok()?;
			record.series.get(at)
		});
		let (of_metric, jump) = match readings {
			Some(readings) => exact(before, summary, limits, readings),
			None => summed(before, summary, limits),
		};
		let mut faults = 0;
		let mut fault = |is: bool, reason| {
			if is {
				reasons.add(reason);
				faults += 1;
			}
		};
		fault(!limits.bound(summary), Reason::OutOfBounds);
		fault(limits.max_jump.is_some_and(|max| jump > max), Reason::Jump);
		fault(limits.stuck_limit.is_some_and(|most| of_metric.run > most), Reason::Stuck);
		good += u32::from(faults == 0);
		// One for each summary, of which there are no more; qed.
		let _ = series.try_push(of_metric);
	}
	let count = series.len() as u32;
	((count > 0).then(|| Perbill::from_rational(good, count)), series)
}

/// A metric's readings, which came with the report, and the greatest jump between two in a row.
fn exact(
	before: Option<&Series>,
	summary: &MetricSummary,
	limits: &MetricLimits,
	readings: &Readings,
) -> (Series, u64) {
	let mut of_metric: Vec<&Reading> =
		readings.iter().filter(|reading| reading.metric == summary.metric).collect();
	// They come in any order.
	of_metric.sort_by_key(|reading| reading.time);
	let mut values = of_metric.into_iter().map(|reading| reading.value);
	// A summary is of one reading at least, and these are the readings that it sums up; qed.
	let mut value = values.next().unwrap_or(summary.min);
	let (mut run, mut jump) = match before {
		Some(before) => {
			(run_after(before, value, 1), distance(before.low, before.high, value, value))
		}
		None => (1, 0),
	};
	for next in values {
		run = if next == value { run.saturating_add(1) } else { 1 };
		jump = jump.max(next.abs_diff(value));
		value = next;
	}
	(Series { low: value, high: value, run, ..blank(summary, limits) }, jump)
}

/// What a summary proves of readings that did not come with it: the greatest jump is at least their
/// range divided by the steps between them, and at least the distance from the readings before.
fn summed(
	before: Option<&Series>,
	summary: &MetricSummary,
	limits: &MetricLimits,
) -> (Series, u64) {
	let MetricSummary { min, max, count, .. } = *summary;
	let steps = u64::from(count.saturating_sub(1)).max(1);
	let within = max.abs_diff(min).div_ceil(steps);
	let from_before = before.map_or(0, |b| distance(b.low, b.high, min, max));
	let run = match before {
		_ if min != max => 1,
		Some(before) => run_after(before, min, count),
		None => count,
	};
	(Series { run, ..blank(summary, limits) }, within.max(from_before))
}

fn blank(summary: &MetricSummary, limits: &MetricLimits) -> Series {
	let MetricSummary { metric, min, max, .. } = *summary;
	let tolerance = limits.tolerance;
	Series { metric, low: min, high: max, mean: summary.mean(), run: 1, tolerance }
}

/// How long a run of `count` readings of one value is, after those before.
fn run_after(before: &Series, value: i64, count: u32) -> u32 {
	if before.low == value && before.high == value {
		before.run.saturating_add(count)
	} else {
		count
	}
}

/// How far two ranges of values are apart.
fn distance(low: i64, high: i64, min: i64, max: i64) -> u64 {
	if min > high {
		min.abs_diff(high)
	} else if low > max {
		low.abs_diff(max)
	} else {
		0
	}
}

/// The mean of the parts that there are, each with its weight, rounded down. Whole if none weighs
/// anything.
fn weighted(parts: [(u8, Option<Perbill>); 4]) -> Perbill {
	let (mut sum, mut weights) = (0u64, 0u64);
	for (weight, part) in parts {
		if let Some(part) = part {
			// Four times 255 billion at most.
			sum += u64::from(weight) * u64::from(part.deconstruct());
			weights += u64::from(weight);
		}
	}
	// A mean of billionths that are at most one whole; qed.
	Perbill::from_parts(sum.checked_div(weights).unwrap_or(ONE.into()) as u32)
}
