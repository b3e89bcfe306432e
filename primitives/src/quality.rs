//! What a report is worth, in parts, and why it is not worth more.

use crate::Millis;
use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
pub use sp_arithmetic::Perbill;

/// How many kinds of [`Reason`] there are.
pub const REASONS: u32 = 11;

/// How many periods of its network's a device's score covers: see [`Score`].
pub const SCORE_PERIODS: u64 = 24;

/// Why a report earns less than it claims, or a device's score is below one. The numbers are stable.
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
	/// Cadence: it came later than the network calls in time.
	#[codec(index = 0)]
	Late,
	/// Cadence, of the score: no report covers whole periods before it.
	#[codec(index = 1)]
	Missed,
	/// Continuity: its sequence skips numbers that no time was lost for; or, of the score, reports
	/// were lost.
	#[codec(index = 2)]
	SequenceGap,
	/// Continuity: it follows the last report by number, but does not name that one's hash.
	#[codec(index = 3)]
	BrokenChain,
	/// Plausibility: a value beyond its metric's bounds.
	#[codec(index = 4)]
	OutOfBounds,
	/// Plausibility: two readings in a row differ by more than their metric allows.
	#[codec(index = 5)]
	Jump,
	/// Plausibility: a metric has had one value for more readings in a row than it may.
	#[codec(index = 6)]
	Stuck,
	/// Neighbours: the means of its last report's window are away from the median of the neighbours'.
	#[codec(index = 7)]
	Disagrees,
	/// Neighbours: report after report it has followed the values of one neighbour, which came before
	/// its own, more closely than two sensors do.
	#[codec(index = 8)]
	Copies,
	/// Its quality is below the least that earns in its network.
	#[codec(index = 9)]
	BelowThreshold,
	/// The work claimed is above the network's cap, or more than the report can hold of its kind's unit.
	#[codec(index = 10)]
	WorkCapped,
}

/// Reasons, each once, in order.
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
	/// Adds a reason, unless it is there.
	pub fn add(&mut self, reason: Reason) {
		if let Err(at) = self.0.binary_search(&reason) {
			let added = self.0.try_insert(at, reason);
			// There is room for each reason once.
			debug_assert!(added.is_ok());
		}
	}

	/// Adds those of another.
	pub fn extend(&mut self, others: &Self) {
		for reason in &others.0 {
			self.add(*reason);
		}
	}

	/// Whether the reason is there.
	pub fn has(&self, reason: Reason) -> bool {
		self.0.contains(&reason)
	}

	/// Whether there is none.
	pub fn is_empty(&self) -> bool {
		self.0.is_empty()
	}
}

/// The quality of a report.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct Quality {
	/// Whether it came in time.
	pub cadence: Perbill,
	/// Whether it follows the last one.
	pub continuity: Perbill,
	/// How many of its metrics are within their limits; `None` if it has no readings.
	pub plausibility: Option<Perbill>,
	/// How well the report before it agreed with the neighbours of its time; `None` if there were not
	/// enough of them, or nothing to compare.
	pub neighbours: Option<Perbill>,
	/// All parts together, as the network weighs them; what is `None` weighs nothing. A report that is
	/// below the network's threshold earns nothing all the same.
	pub total: Perbill,
	/// Why it is less than whole, or earns less than it claims.
	pub reasons: Reasons,
}

impl Quality {
	/// Of a report that nothing is wrong with, and nothing to compare with.
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

/// How a device has done over [`SCORE_PERIODS`] periods of its network (a day, if it reports by the
/// hour), up to its last report. Unlike the [`Quality`] of a report, it counts what did not come: a
/// period without a report is one of cadence nothing and of quality nothing.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct Score {
	/// The first millisecond of those periods.
	pub start: Millis,
	/// The first millisecond after them.
	pub end: Millis,
	/// How many reports were accepted whose windows ended in them.
	pub reports: u32,
	/// How many whole periods no report covers.
	pub missed: u32,
	/// How many numbers the reports' sequence skipped.
	pub gaps: u32,
	/// The mean of the reports' and of what was missed.
	pub cadence: Perbill,
	/// The mean of the reports' and of the gaps.
	pub continuity: Perbill,
	/// The mean of the reports' that have readings; `None` if none has.
	pub plausibility: Option<Perbill>,
	/// The mean of those that could be compared; `None` if none could.
	pub neighbours: Option<Perbill>,
	/// The mean of the reports' quality and of what was missed.
	pub quality: Perbill,
	/// All that was wrong.
	pub reasons: Reasons,
}

/// What the chain says of a device's work.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct DeviceScore {
	/// Of the running periods.
	pub current: Score,
	/// Of those before them in which the device reported.
	pub previous: Option<Score>,
	/// The first millisecond after the window of its last report.
	pub window_end: Millis,
	/// The chain's clock when it was accepted.
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
	fn every_reason_has_room() {
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
	fn a_whole_quality_has_no_reasons() {
		assert!(Quality::whole().reasons.is_empty());
		assert_eq!(Quality::whole().total, Perbill::one());
	}
}
