//! Quality of a report by parts, score of a device, and the reasons why either is below one.

use crate::ids::Millis;
use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
pub use sp_arithmetic::Perbill;

/// Number of the kinds of [`Reason`].
pub const REASONS: u32 = 11;

/// Number of a network's periods that a device's [`Score`] covers.
pub const SCORE_PERIODS: u64 = 24;

/// Reason why a report earns less than it claims, or a device's score is below one. The numbers are
/// stable.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub enum Reason {
	/// Cadence: report that came after the network's on-time limit.
	#[codec(index = 0)]
	Late,
	/// Cadence, of the score: whole periods that no report covers.
	#[codec(index = 1)]
	Missed,
	/// Continuity: sequence that skips numbers although there was no time in which a report could
	/// have been lost; or, of the score, lost reports.
	#[codec(index = 2)]
	SequenceGap,
	/// Continuity: report that follows the last one by number, but does not name its hash.
	#[codec(index = 3)]
	BrokenChain,
	/// Plausibility: value beyond its metric's bounds.
	#[codec(index = 4)]
	OutOfBounds,
	/// Plausibility: two consecutive readings that differ by more than their metric allows.
	#[codec(index = 5)]
	Jump,
	/// Plausibility: more consecutive readings with one value than their metric allows.
	#[codec(index = 6)]
	Stuck,
	/// Neighbours: means of the last report's window that differ from the median of the
	/// neighbours'.
	#[codec(index = 7)]
	Disagrees,
	/// Neighbours: values that, report after report, follow those of one neighbour, which came
	/// earlier, more closely than two sensors do.
	#[codec(index = 8)]
	Copies,
	/// Quality below the least that earns in the network.
	#[codec(index = 9)]
	BelowThreshold,
	/// Claimed work above the network's cap, or above what the report can hold of its kind's unit.
	#[codec(index = 10)]
	WorkCapped,
}

/// Set of reasons, in ascending order.
#[derive(
	Clone,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Reasons(pub BoundedVec<Reason, ConstU32<REASONS>>);

impl Reasons {
	/// Adds a reason, unless it is in the set.
	pub fn add(&mut self, reason: Reason) {
		if let Err(at) = self.0.binary_search(&reason) {
			let added = self.0.try_insert(at, reason);
			// The set has room for each reason once.
			debug_assert!(added.is_ok());
		}
	}

	/// Adds the reasons of another set.
	pub fn extend(&mut self, others: &Self) {
		for reason in &others.0 {
			self.add(*reason);
		}
	}

	/// Tells if the reason is in the set.
	pub fn has(&self, reason: Reason) -> bool {
		self.0.contains(&reason)
	}

	/// Tells if the set is empty.
	pub fn is_empty(&self) -> bool {
		self.0.is_empty()
	}
}

/// Quality of a report.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct Quality {
	/// Cadence: one if the report came on time.
	pub cadence: Perbill,
	/// Continuity: one if the report follows the last one.
	pub continuity: Perbill,
	/// Plausibility: the fraction of the report's metrics that are within their limits; `None`
	/// without readings.
	pub plausibility: Option<Perbill>,
	/// Agreement of earlier reports with the neighbours' samples of the same time; `None` if there
	/// were not enough neighbours, or nothing to compare.
	pub neighbours: Option<Perbill>,
	/// Mean of the parts by the network's quality weights. A part that is `None` has no weight in
	/// it. A report whose total is below the network's threshold earns no points.
	pub total: Perbill,
	/// Reasons why the quality is below one, or why the report earns less than it claims.
	pub reasons: Reasons,
}

impl Quality {
	/// Returns the quality of a report without a fault and without anything to compare: one.
	pub fn whole() -> Self {
		Self {
			cadence: Perbill::one(),
			continuity: Perbill::one(),
			plausibility: None,
			neighbours: None,
			total: Perbill::one(),
			reasons: Reasons::default(),
		}
	}
}

/// Score of a device over [`SCORE_PERIODS`] periods of its network (a day, if the period is an
/// hour), up to its last report. Unlike the [`Quality`] of a report, the score counts missing
/// reports: a period without a report has cadence zero and quality zero.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct Score {
	/// First millisecond of those periods.
	pub start: Millis,
	/// First millisecond after those periods.
	pub end: Millis,
	/// Number of accepted reports whose windows ended in those periods.
	pub reports: u32,
	/// Number of whole periods that no report covers.
	pub missed: u32,
	/// Number of skipped sequence numbers that count as lost reports: at most one for each period
	/// between two windows, and at least one for each skip.
	pub gaps: u32,
	/// Mean cadence of the reports and of the missed periods.
	pub cadence: Perbill,
	/// Mean continuity of the reports and of the gaps.
	pub continuity: Perbill,
	/// Mean plausibility of the reports with readings; `None` if there are none.
	pub plausibility: Option<Perbill>,
	/// Mean agreement of the reports that could be compared; `None` if there are none.
	pub neighbours: Option<Perbill>,
	/// Mean quality of the reports and of the missed periods.
	pub quality: Perbill,
	/// Reasons of all reports, and of the missed periods.
	pub reasons: Reasons,
}

/// Scores of a device.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct DeviceScore {
	/// Score of the running periods.
	pub current: Score,
	/// Score of the periods before them in which the device reported.
	pub previous: Option<Score>,
	/// First millisecond after the window of the device's last report.
	pub window_end: Millis,
	/// Time of the chain's clock when that report was accepted.
	pub accepted_at: Millis,
}

#[cfg(test)]
mod tests {
	use super::*;
	use alloc::vec::Vec;

	fn all() -> Vec<Reason> {
		(0..=u8::MAX).filter_map(|code| Reason::decode(&mut &[code][..]).ok()).collect()
	}

	#[test]
	fn a_set_has_room_for_every_reason() {
		assert_eq!(all().len() as u32, REASONS);
		let mut reasons = Reasons::default();
		for reason in all().into_iter().rev().chain(all()) {
			reasons.add(reason);
		}
		assert_eq!(reasons.0.to_vec(), all());
		let mut twice = Reasons::default();
		twice.extend(&reasons);
		assert_eq!(twice, reasons);
		assert!(twice.has(Reason::Copies) && !Reasons::default().has(Reason::Copies));
	}

	#[test]
	fn a_quality_of_one_has_no_reasons() {
		assert!(Quality::whole().reasons.is_empty());
		assert_eq!(Quality::whole().total, Perbill::one());
	}
}
