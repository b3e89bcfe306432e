//! Detection of devices that copy a neighbour's values.

use crate::types::{CopySuspicion, DeviceState, MetricState, Place, Sample};
use alloc::vec::Vec;
use depin_primitives::policy::QualityPolicy;

/// Divisor of a metric's tolerance that gives the greatest difference of two near values.
const NEARNESS_DIVISOR: u64 = 8;

/// Result of [`detect_copying`].
pub(crate) struct CopyCheck {
	/// Suspicion after the last report; `None` if there is none.
	pub(crate) suspicion: Option<CopySuspicion>,
	/// Outcome for the last report alone: true if it matches the original that `suspicion` names.
	pub(crate) matches: bool,
}

/// Updates the suspicion that a device copies one of its neighbours, by the device's last accepted
/// report. The caller does so when the next report comes, so that the neighbours of the last one
/// have had time to report.
///
/// - `state`: the device's state, with the means of its last report;
/// - `place`: the block that accepted that report, among others;
/// - `neighbours`: samples of that report's slot, one for each other owner.
///
/// Two good sensors differ, even side by side; a device without a sensor that repeats the values of
/// a neighbour does not. Two terms describe one report of the device and one of a neighbour, both
/// of the same slot:
///
/// - The two are *near* if they share at least one metric with a tolerance, and their means differ
///   by at most an eighth of the tolerance in each such metric.
/// - The device's report *matches* the neighbour's if the two are near and the neighbour's was
///   accepted in an earlier block. A copy cannot come before its original, and the order within one
///   block proves nothing.
///
/// If more than half of all neighbours are near, the values are simply common (no rain anywhere):
/// the suspicion stays unchanged and nothing matches.
///
/// One match proves nothing either, because two good sensors may agree for an hour. The suspicion
/// therefore names one neighbour, the suspected original, and counts:
///
/// | the device's last report | count |
/// | --- | --- |
/// | matches the suspected original's | plus 1, up to twice `copy_limit` |
/// | does not, but the suspected original is in the sample | minus 1 |
/// | matches another neighbour's, and the suspected original is not in the sample | minus 1 |
/// | matches none, and the suspected original is not in the sample | unchanged |
///
/// If the count reaches 0, or if there was no suspicion, the first match in `neighbours` becomes
/// the suspected original with a count of 1, in the same call; without a match the suspicion ends.
///
/// The caller takes the device for a copy if its report matches and the count is at least
/// `copy_limit`. A device that copies in two reports of three gets there; good sensors, which match
/// seldom, do not. A `copy_limit` of 0 switches detection off and ends every suspicion.
///
/// Limits: neither a copy with more noise than an eighth of the tolerance in one metric nor one
/// that is accepted in the same block as its original is found. An honest device that has only one
/// metric in common with an earlier neighbour matches it whenever that one metric is near.
pub(crate) fn detect_copying(
	rules: &QualityPolicy,
	state: &DeviceState,
	place: &Place,
	neighbours: &[Sample],
) -> CopyCheck {
	if rules.copy_limit == 0 {
		return CopyCheck { suspicion: None, matches: false };
	}
	let near: Vec<_> = neighbours.iter().filter(|neighbour| is_near(state, neighbour)).collect();
	if near.len() > neighbours.len() / 2 {
		return CopyCheck { suspicion: state.suspicion, matches: false };
	}
	let matched: Vec<_> = near.into_iter().filter(|near| near.block < place.block).collect();
	let begin = || CopyCheck {
		suspicion: matched.first().map(|first| CopySuspicion { device: first.device, count: 1 }),
		matches: !matched.is_empty(),
	};

	let Some(known) = state.suspicion else { return begin() };
	let is_known = |sample: &Sample| sample.device == known.device;
	if matched.iter().any(|sample| is_known(sample)) {
		// The bound makes a suspicion take no longer to lose than it took to earn.
		let most = rules.copy_limit.saturating_mul(2);
		let count = known.count.saturating_add(1).min(most);
		return CopyCheck { suspicion: Some(CopySuspicion { count, ..known }), matches: true };
	}
	// An absent original says nothing: it may not have reported, or not have been drawn. A match
	// with another neighbour does, or a device could copy two originals in turn.
	let refuted = neighbours.iter().any(is_known) || !matched.is_empty();
	match known.count.saturating_sub(u8::from(refuted)) {
		0 => begin(),
		count => CopyCheck { suspicion: Some(CopySuspicion { count, ..known }), matches: false },
	}
}

/// Tells if the values of the device's last report are near those of a neighbour: see
/// [`detect_copying`].
fn is_near(state: &DeviceState, neighbour: &Sample) -> bool {
	let mut compared = false;
	let near = state.metrics.iter().all(|of_metric| {
		let MetricState { metric, mean, .. } = of_metric;
		let (Some(tolerance), Some(theirs)) = (of_metric.tolerance(), neighbour.mean_of(*metric))
		else {
			// A metric that one of the two lacks, or that is not compared, tells nothing.
			return true;
		};
		compared = true;
		mean.abs_diff(theirs) <= tolerance / NEARNESS_DIVISOR
	});
	near && compared
}
