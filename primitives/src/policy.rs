//! Policies: the numbers by which a network judges its devices.

use crate::{key::KeySchemes, Millis};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// What a network demands of its devices' reports.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct ReportPolicy {
	/// The most work credited per hour of a report's window; what is claimed above it is cut.
	pub max_work_per_hour: u64,
	/// The least time between two accepted reports of a device, by the chain's clock.
	pub min_interval: Millis,
	/// The longest window of a report.
	pub max_window: Millis,
	/// How long after its window's end a report is still accepted.
	pub max_age: Millis,
	/// How far a window's end may lie ahead of the chain's clock.
	pub max_skew: Millis,
}

/// How much each part of a report's quality weighs against the others. All zero: quality is not scored.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct QualityWeights {
	/// Of reports that come in time.
	pub cadence: u8,
	/// Of an unbroken sequence and hash chain.
	pub continuity: u8,
	/// Of values within their metric's limits.
	pub plausibility: u8,
	/// Of values that agree with those of neighbours.
	pub neighbours: u8,
}

/// How a network scores its devices' reports: see `docs/quality.md`.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct QualityPolicy {
	/// How often a device should report; also the length of the slots of time in which neighbours are
	/// compared.
	pub period: Millis,
	/// How long after its window's end a report is still in time. From there its cadence falls, to
	/// nothing at [`ReportPolicy::max_age`].
	pub on_time: Millis,
	/// What each part weighs.
	pub weights: QualityWeights,
	/// The least quality that earns, in billionths.
	pub threshold: u32,
	/// The H3 resolution of neighbourhoods: devices in the same cell of it, or in the ring around that,
	/// are neighbours.
	pub resolution: u8,
	/// The least number of neighbours, each of another owner, whose median says something.
	pub min_neighbours: u8,
	/// How many reports more must follow one neighbour's too closely than do not, for a device to be taken
	/// to copy it; 0: it never is.
	pub copy_limit: u8,
}

impl QualityPolicy {
	/// Quality is not scored: whatever is accepted counts whole.
	pub const OFF: Self = Self {
		period: 60 * 60 * 1000,
		on_time: 0,
		weights: QualityWeights { cadence: 0, continuity: 0, plausibility: 0, neighbours: 0 },
		threshold: 0,
		resolution: 0,
		min_neighbours: 1,
		copy_limit: 0,
	};
}

/// What a radio network demands of the witnesses of a beacon.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct CoveragePolicy {
	/// The least distance of a witness, in cells of the network's resolution.
	pub min_distance: u32,
	/// The greatest distance of a witness, in cells of the network's resolution.
	pub max_distance: u32,
	/// The lowest frequency of the band, in hertz.
	pub min_frequency: u32,
	/// The highest frequency of the band, in hertz.
	pub max_frequency: u32,
	/// The points that one HIP-15 unit of coverage earns.
	pub points_per_unit: u64,
}

/// What a network demands of a device that moves.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct LocationPolicy {
	/// The least time between two assertions of a device's location.
	pub cooldown: Millis,
}

/// How a device has proved what it is, from the weakest to the strongest.
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
pub enum TrustLevel {
	/// It holds its key, and that is all.
	#[codec(index = 0)]
	Open,
	/// A maker that the network accepts has certified its key.
	#[codec(index = 1)]
	Certified,
	/// Its hardware has attested its key (RATS evidence of a secure element or TPM). Kept for the
	/// release that can verify such evidence: no device has this level yet.
	#[codec(index = 2)]
	HardwareAttested,
}

/// One whole, in the billionths in which weights of trust are given.
pub const ONE: u32 = 1_000_000_000;

/// What a network makes of its devices' trust levels. Weights are in billionths, at most [`ONE`].
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct TrustPolicy {
	/// The least level that a device needs to join.
	pub required: TrustLevel,
	/// What the work of an open device counts.
	pub open: u32,
	/// What the work of a certified device counts.
	pub certified: u32,
	/// What the work of an attested device counts.
	pub hardware_attested: u32,
}

impl TrustPolicy {
	/// Every device may join, and the work of each counts alike.
	pub const EVERYONE: Self =
		Self { required: TrustLevel::Open, open: ONE, certified: ONE, hardware_attested: ONE };

	/// Only certified devices may join.
	pub const CERTIFIED: Self = Self { required: TrustLevel::Certified, ..Self::EVERYONE };

	/// What the work of a device of that level counts, in billionths.
	pub fn factor(&self, level: TrustLevel) -> u32 {
		match level {
			TrustLevel::Open => self.open,
			TrustLevel::Certified => self.certified,
			TrustLevel::HardwareAttested => self.hardware_attested,
		}
	}

	/// What is left of `work` when it counts as this level's does. Rounded down.
	pub fn discount(&self, level: TrustLevel, work: u64) -> u64 {
		let factor = self.factor(level).min(ONE);
		let discounted = u128::from(work) * u128::from(factor) / u128::from(ONE);
		// A weight is at most one whole, so that the product fits in 94 bits, the quotient in 64; qed.
		discounted as u64
	}
}

/// A network's rules.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct NetworkPolicy {
	/// The H3 resolution of its devices' cells, 0 to 15.
	pub cell_resolution: u8,
	/// The key schemes that its devices may use.
	pub schemes: KeySchemes,
	/// The rules for moving.
	pub location: LocationPolicy,
	/// The trust that it demands, and what it makes of it.
	pub trust: TrustPolicy,
	/// The rules for reports.
	pub report: ReportPolicy,
	/// How reports are scored.
	pub quality: QualityPolicy,
	/// The rules for coverage challenges; `None` switches them off.
	pub coverage: Option<CoveragePolicy>,
}

/// Why a policy makes no sense.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub enum InvalidPolicy {
	/// H3 has resolutions 0 to 15.
	Resolution,
	/// No key scheme, or one that this chain cannot verify.
	Schemes,
	/// A window of no length, or ages and skews beyond a year.
	Report,
	/// A least distance or frequency above the greatest.
	Coverage,
	/// A cooldown beyond a year.
	Location,
	/// A weight above one whole, or a required level that no device can reach yet.
	Trust,
	/// A period of no length or beyond a year, a report in time that would not be accepted, a threshold
	/// above one whole, neighbourhoods finer than the network's cells, or no least number of neighbours.
	Quality,
}

/// The longest time that a policy may name: a year of 365 days.
pub const MAX_POLICY_TIME: Millis = 365 * 24 * 60 * 60 * 1000;

impl NetworkPolicy {
	/// Policy with the least demands, as a base for others: every device of any scheme may join, in a
	/// cell of resolution 9, and reports windows of up to an hour for a day. Quality is not scored, and
	/// nothing is challenged.
	pub const OPEN: Self = Self {
		cell_resolution: 9,
		schemes: KeySchemes::ALL,
		location: LocationPolicy { cooldown: 0 },
		trust: TrustPolicy::EVERYONE,
		report: ReportPolicy {
			max_work_per_hour: 3_600,
			min_interval: 0,
			max_window: 60 * 60 * 1000,
			max_age: 24 * 60 * 60 * 1000,
			max_skew: 60 * 1000,
		},
		quality: QualityPolicy::OFF,
		coverage: None,
	};

	/// Whether the policy can be met.
	pub fn check(&self) -> Result<(), InvalidPolicy> {
		if self.cell_resolution > 15 {
			return Err(InvalidPolicy::Resolution);
		}
		if self.schemes.is_unusable() {
			return Err(InvalidPolicy::Schemes);
		}
		if self.location.cooldown > MAX_POLICY_TIME {
			return Err(InvalidPolicy::Location);
		}
		let TrustPolicy { required, open, certified, hardware_attested } = self.trust;
		if required > TrustLevel::Certified
			|| [open, certified, hardware_attested].iter().any(|factor| *factor > ONE)
		{
			return Err(InvalidPolicy::Trust);
		}
		let ReportPolicy { min_interval, max_window, max_age, max_skew, .. } = self.report;
		if max_window == 0
			|| [min_interval, max_window, max_age, max_skew].iter().any(|t| *t > MAX_POLICY_TIME)
		{
			return Err(InvalidPolicy::Report);
		}
		let QualityPolicy { period, on_time, threshold, resolution, min_neighbours, .. } =
			self.quality;
		if !(1..=MAX_POLICY_TIME).contains(&period)
			|| on_time > max_age
			|| threshold > ONE
			|| resolution > self.cell_resolution
			|| min_neighbours == 0
		{
			return Err(InvalidPolicy::Quality);
		}
		if let Some(coverage) = self.coverage {
			if coverage.min_distance > coverage.max_distance
				|| coverage.min_frequency > coverage.max_frequency
			{
				return Err(InvalidPolicy::Coverage);
			}
		}
		Ok(())
	}
}
