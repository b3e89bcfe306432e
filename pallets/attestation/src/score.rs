//! Quality of a report. `docs/quality.md` gives the rules and their reasons.

use crate::{
	check::ReportContext,
	neighbours::Comparison,
	types::{
		CopySuspicion, DeviceState, MetricState, MetricStates, NeighbourVerdict, Place, RoundedUp,
	},
	Config, Pallet,
};
use depin_primitives::{
	metric::MetricLimits,
	policy::{NetworkPolicy, QualityPolicy, QualityWeights, ONE},
	quality::{Perbill, Quality, Reason, Reasons},
	report::{LastReport, MetricSummary, Readings, Report},
	Millis,
};

/// Result of scoring a report: its quality, and what the device's next state takes over.
pub(crate) struct Scored {
	/// Quality of the report.
	pub(crate) quality: Quality,
	/// Outcome of the network's threshold: false if the quality is below it and earns nothing.
	pub(crate) earns: bool,
	/// Number of sequence numbers that the report skips, at most one for each period without a
	/// report.
	pub(crate) gaps: u32,
	/// Number of buckets of the neighbours that were read.
	pub(crate) buckets: u32,
	/// Next [`DeviceState::metrics`].
	pub(crate) metrics: MetricStates,
	/// Next [`DeviceState::place`].
	pub(crate) place: Option<Place>,
	/// Next [`DeviceState::suspicion`].
	pub(crate) suspicion: Option<CopySuspicion>,
	/// Next [`DeviceState::verdict`].
	pub(crate) verdict: Option<NeighbourVerdict>,
}

impl<T: Config> Pallet<T> {
	/// Scores a verified report that is about to be credited with `credited` units of work. Reads
	/// the neighbours' buckets, and writes nothing.
	pub(crate) fn score(
		context: &ReportContext<T>,
		report: &Report,
		readings: Option<&Readings>,
		credited: u64,
	) -> Scored {
		let ReportContext { network, policy, owner, limits, now, .. } = context;
		let NetworkPolicy { quality: rules, report: accepts, .. } = policy;
		let state = context.state();
		let mut reasons = Reasons::default();
		if credited < report.work {
			reasons.add(Reason::WorkCapped);
		}

		let cadence = cadence(rules, accepts.max_age, report.window_end, *now);
		if !cadence.is_one() {
			reasons.add(Reason::Late);
		}

		// A first report has no predecessor that it could fail to name.
		let (continuity, gaps) = match state {
			Some(state) => continuity(rules.period, report, &state.last, &mut reasons),
			None => (Perbill::one(), 0),
		};

		// After a pause of a period or more any value can have changed, so that a jump from the
		// last report, or a run of equal values through the pause, proves nothing.
		let predecessor = state.filter(|state| is_consecutive(rules, report, &state.last));
		let (plausibility, metrics) =
			plausibility(predecessor, report, limits, readings, &mut reasons);

		// The neighbours part of this report is about the reports before it: its own values are
		// compared when the device's next report comes.
		let (verdict, suspicion, buckets) = match state {
			Some(state) => {
				let Comparison { verdict, suspicion, buckets } =
					Self::compare_with_neighbours(*network, rules, owner, &report.device, state);
				(NeighbourVerdict::merge(state.verdict, verdict), suspicion, buckets)
			}
			None => (None, None, 0),
		};
		let neighbours = verdict.map(|verdict| verdict.part);
		if let Some(reason) = verdict.and_then(|verdict| verdict.reason) {
			reasons.add(reason);
		}
		// A verdict about N units of work is applied to the next N units. Otherwise a device could
		// clear a bad verdict about a large report by sending a tiny one.
		let verdict = verdict.and_then(|verdict| verdict.remaining_after(credited));

		let QualityWeights { cadence: a, continuity: b, plausibility: c, neighbours: d } =
			rules.weights;
		let total = weighted_mean([
			(a, Some(cadence)),
			(b, Some(continuity)),
			(c, plausibility),
			(d, neighbours),
		]);
		let earns = total.deconstruct() >= rules.threshold;
		if !earns {
			reasons.add(Reason::BelowThreshold);
		}
		Scored {
			quality: Quality { cadence, continuity, plausibility, neighbours, total, reasons },
			earns,
			gaps,
			buckets,
			metrics,
			place: Self::comparison_place(context, report),
			suspicion,
			verdict,
		}
	}
}

/// Returns the cadence part: one up to `on_time` after the window's end, from there falling
/// linearly to zero at `max_age`.
fn cadence(rules: &QualityPolicy, max_age: Millis, window_end: Millis, now: Millis) -> Perbill {
	let age = now.saturating_sub(window_end);
	if age <= rules.on_time {
		return Perbill::one();
	}
	let (left, grace) = (max_age.saturating_sub(age), max_age.saturating_sub(rules.on_time));
	Perbill::from_rational(left, grace.max(1))
}

/// Returns the continuity part, and the number of gaps that the tally counts.
///
/// The part is one if the report names the hash of the last accepted report, or if it skips numbers
/// after a time in which reports can have been lost. A lost report does not lower the part of the
/// next one. The tally counts at most one gap for each period between the two windows, and at least
/// one.
fn continuity(
	period: Millis,
	report: &Report,
	last: &LastReport,
	reasons: &mut Reasons,
) -> (Perbill, u32) {
	// Any numbering is allowed as long as the hashes are chained: a device may number by its clock.
	if report.previous == last.hash {
		return (Perbill::one(), 0);
	}
	let skipped = report.sequence.saturating_sub(last.sequence).saturating_sub(1);
	if skipped == 0 {
		// No report can have been lost in between: the device has forgotten the last one, or two
		// devices use the same key.
		reasons.add(Reason::BrokenChain);
		return (Perbill::zero(), 0);
	}
	let pause = report.window_start.saturating_sub(last.window_end);
	if pause < report.length() / 2 {
		// There was no time in which a report like this one could have been lost.
		reasons.add(Reason::SequenceGap);
		return (Perbill::zero(), 0);
	}
	let most = pause.checked_div(period).unwrap_or_default().max(1);
	(Perbill::one(), u32::try_from(skipped.min(most)).unwrap_or(u32::MAX))
}

/// Tells if the window begins less than a period after the last report's, so that the values of the
/// two can be compared.
fn is_consecutive(rules: &QualityPolicy, report: &Report, last: &LastReport) -> bool {
	report.window_start.saturating_sub(last.window_end) < rules.period
}

/// Returns the plausibility part, which is the fraction of the report's metrics within their
/// limits, and the state of each metric. `predecessor` is the state after the last report, if this
/// one is consecutive to it.
///
/// Every fault is proved by the device's own summaries or readings: where they leave a doubt, the
/// metric counts as plausible.
fn plausibility(
	predecessor: Option<&DeviceState>,
	report: &Report,
	limits: &[MetricLimits],
	readings: Option<&Readings>,
	reasons: &mut Reasons,
) -> (Option<Perbill>, MetricStates) {
	let mut metrics = MetricStates::default();
	let mut plausible = 0u32;
	for (summary, limits) in report.metrics.iter().zip(limits) {
		let before = predecessor.and_then(|state| {
			let at = state.metrics.binary_search_by_key(&summary.metric, |m| m.metric).ok()?;
			state.metrics.get(at)
		});
		let (metric, jump) = match readings {
			Some(readings) => series_from_readings(before, summary, limits, readings),
			None => series_from_summary(before, summary, limits),
		};
		let mut is_plausible = true;
		let mut check = |within_limit: bool, reason| {
			if !within_limit {
				reasons.add(reason);
				is_plausible = false;
			}
		};
		check(limits.bound(summary), Reason::OutOfBounds);
		check(limits.max_jump.is_none_or(|most| jump <= most), Reason::Jump);
		check(limits.stuck_limit.is_none_or(|most| u32::from(metric.run) <= most), Reason::Stuck);
		plausible = plausible.saturating_add(u32::from(is_plausible));
		// One for each summary, of which there are no more; qed.
		let _ = metrics.try_push(metric);
	}
	let count = metrics.len() as u32;
	((count > 0).then(|| Perbill::from_rational(plausible, count)), metrics)
}

/// Returns the state of a metric whose readings came with the report, and the greatest jump between
/// two readings in a row, the last one of the report before included.
fn series_from_readings(
	before: Option<&MetricState>,
	summary: &MetricSummary,
	limits: &MetricLimits,
	readings: &Readings,
) -> (MetricState, u64) {
	// The readings are by ascending time.
	let of_metric = readings.iter().filter(|reading| reading.metric == summary.metric);
	let mut values = of_metric.map(|reading| reading.value);
	// A summary is of one reading at least, and these are the readings that it sums up; qed.
	let mut value = values.next().unwrap_or(summary.min);
	let (mut run, mut jump) = match before {
		Some(before) => {
			(run_after(before, value, 1), distance(before.low, before.high(), value, value))
		}
		None => (1, 0),
	};
	for next in values {
		run = if next == value { run.saturating_add(1) } else { 1 };
		jump = jump.max(next.abs_diff(value));
		value = next;
	}
	let state = MetricState {
		low: value,
		width: RoundedUp::default(),
		run,
		..series_base(summary, limits)
	};
	(state, jump)
}

/// Returns the state of a metric that the report only sums up, and the greatest jump that its
/// summary proves: the range of the readings divided by the number of steps between them, or the
/// distance from the range of the report before.
fn series_from_summary(
	before: Option<&MetricState>,
	summary: &MetricSummary,
	limits: &MetricLimits,
) -> (MetricState, u64) {
	let MetricSummary { min, max, count, .. } = *summary;
	let steps = u64::from(count.saturating_sub(1)).max(1);
	let within = max.abs_diff(min).div_ceil(steps);
	let from_before = before.map_or(0, |b| distance(b.low, b.high(), min, max));
	let run = match before {
		// Nothing proves that any two of the readings are equal.
		_ if min != max => 1,
		Some(before) => run_after(before, min, count),
		None => saturated(count),
	};
	(MetricState { run, ..series_base(summary, limits) }, within.max(from_before))
}

/// Returns the state that a summary alone gives: its last reading lies anywhere in the range.
fn series_base(summary: &MetricSummary, limits: &MetricLimits) -> MetricState {
	let MetricSummary { metric, min, max, .. } = *summary;
	let width = RoundedUp::of(max.abs_diff(min));
	let tolerance = limits.tolerance.map(RoundedUp::of);
	MetricState { metric, low: min, width, mean: summary.mean(), run: 1, tolerance }
}

/// Returns the length of a run that ends with `count` readings of one value: longer than `count` if
/// the report before ended with the same value.
fn run_after(before: &MetricState, value: i64, count: u32) -> u16 {
	let count = saturated(count);
	// A width of zero is exact, so that only a reading that is known counts.
	if before.low == value && before.width == RoundedUp::default() {
		before.run.saturating_add(count)
	} else {
		count
	}
}

/// Returns the number of readings as it is stored.
fn saturated(count: u32) -> u16 {
	u16::try_from(count).unwrap_or(u16::MAX)
}

/// Returns the distance between the ranges `low..=high` and `min..=max`; zero if they overlap.
fn distance(low: i64, high: i64, min: i64, max: i64) -> u64 {
	if min > high {
		min.abs_diff(high)
	} else if low > max {
		low.abs_diff(max)
	} else {
		0
	}
}

/// Returns the mean of the parts that exist, each with its quality weight, rounded down; one if no
/// part that exists has a weight.
fn weighted_mean(parts: [(u8, Option<Perbill>); 4]) -> Perbill {
	let (mut sum, mut weights) = (0u64, 0u64);
	for (weight, part) in parts {
		if let Some(part) = part {
			// Four times 255 billion at most: nothing saturates.
			let weight = u64::from(weight);
			sum = sum.saturating_add(weight.saturating_mul(part.deconstruct().into()));
			weights = weights.saturating_add(weight);
		}
	}
	// A mean of billionths, each at most one; qed.
	Perbill::from_parts(sum.checked_div(weights).unwrap_or(ONE.into()) as u32)
}
