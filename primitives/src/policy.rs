//! Policies: the numbers by which a network judges its devices.

use crate::{ids::Millis, key::KeySchemes};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

mod caps;

pub use caps::{ExceededCap, PolicyCaps};

/// Rules for the reports of a network's devices.
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
	/// Greatest work credited per hour of a report's window; claimed work above it is cut.
	pub max_work_per_hour: u64,
	/// Least time between two accepted reports of a device, by the chain's clock.
	pub min_interval: Millis,
	/// Greatest length of a report's window.
	pub max_window: Millis,
	/// Time after its window's end until which a report is accepted.
	pub max_age: Millis,
	/// Greatest time by which a window's end may lie ahead of the chain's clock.
	pub max_skew: Millis,
}

/// Quality weights: the weight of each part of a report's quality in their mean. With all zero,
/// quality is not scored.
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
	/// Weight of the *cadence* part: was the report on time?
	pub cadence: u8,
	/// Weight of the *continuity* part: are the sequence and the hash chain unbroken?
	pub continuity: u8,
	/// Weight of the *plausibility* part: are the values within their metrics' limits?
	pub plausibility: u8,
	/// Weight of the *neighbours* part: do the values agree with those of neighbours?
	pub neighbours: u8,
}

/// Rules by which a network scores its devices' reports; `docs/quality.md` explains them.
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
	/// Time in which a device should report once. The period is also the length of the slots in
	/// which neighbours are compared.
	pub period: Millis,
	/// Time after its window's end until which a report is on time. From then on its cadence falls
	/// linearly, to zero at [`ReportPolicy::max_age`].
	pub on_time: Millis,
	/// Weights of the parts.
	pub weights: QualityWeights,
	/// Least quality that earns points, in billionths.
	pub threshold: u32,
	/// H3 resolution of neighbourhoods: devices in the same cell of this resolution, or in the ring
	/// around it, are neighbours.
	pub resolution: u8,
	/// Least number of neighbours, each of another owner, for a median to be taken.
	pub min_neighbours: u8,
	/// Count of the copy suspicion at which a device is taken to copy a neighbour;
	/// `docs/quality.md` says how the count rises and falls. 0: no device is ever taken to copy.
	pub copy_limit: u8,
}

impl QualityPolicy {
	/// Policy that scores no quality: every accepted report has quality one.
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

/// Rules for the witnesses of a radio network's beacons.
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
	/// Least distance of a witness, in cells of the network's resolution.
	pub min_distance: u32,
	/// Greatest distance of a witness, in cells of the network's resolution.
	pub max_distance: u32,
	/// Lowest frequency of the band, in hertz.
	pub min_frequency: u32,
	/// Highest frequency of the band, in hertz.
	pub max_frequency: u32,
	/// Points that one HIP-15 unit of coverage earns.
	pub points_per_unit: u64,
}

/// Rules for a device that moves.
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
	/// Least time between two assertions of a device's location.
	pub cooldown: Millis,
}

/// Level of the proof that a device has given of its identity, from the weakest to the strongest.
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
	/// Proof of holding the key, and no more.
	#[codec(index = 0)]
	Open,
	/// Certificate of the key by a maker that the network accepts.
	#[codec(index = 1)]
	Certified,
	/// Attestation of the key by the device's hardware (RATS evidence of a secure element or TPM).
	/// Reserved for a release that can verify such evidence: no device has this level yet.
	#[codec(index = 2)]
	HardwareAttested,
}

/// 1.0, in the billionths in which trust factors and thresholds are given.
pub const ONE: u32 = 1_000_000_000;

/// Trust that a network requires, and the trust factor of each level. Factors are in billionths, at
/// most [`ONE`].
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
	/// Least level that a device needs to join.
	pub required: TrustLevel,
	/// Trust factor of an open device's work.
	pub open: u32,
	/// Trust factor of a certified device's work.
	pub certified: u32,
	/// Trust factor of a hardware-attested device's work.
	pub hardware_attested: u32,
}

impl TrustPolicy {
	/// Policy that admits every device, with a trust factor of one.
	pub const EVERYONE: Self =
		Self { required: TrustLevel::Open, open: ONE, certified: ONE, hardware_attested: ONE };

	/// Policy that admits certified devices only.
	pub const CERTIFIED: Self = Self { required: TrustLevel::Certified, ..Self::EVERYONE };

	/// Returns the trust factor of a level, in billionths.
	pub fn factor(&self, level: TrustLevel) -> u32 {
		match level {
			TrustLevel::Open => self.open,
			TrustLevel::Certified => self.certified,
			TrustLevel::HardwareAttested => self.hardware_attested,
		}
	}

	/// Returns `work` times the trust factor of the level, rounded down.
	pub fn discount(&self, level: TrustLevel, work: u64) -> u64 {
		let factor = self.factor(level).min(ONE);
		let discounted = u128::from(work) * u128::from(factor) / u128::from(ONE);
		// A trust factor is at most `ONE`, so that the product fits 94 bits, and the quotient is
		// at most `work`; qed.
		discounted as u64
	}
}

/// Policy of a network.
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
	/// H3 resolution of the devices' cells, 0 to 15.
	pub cell_resolution: u8,
	/// Key schemes that devices may use.
	pub schemes: KeySchemes,
	/// Rules for moving.
	pub location: LocationPolicy,
	/// Required trust, and the trust factors.
	pub trust: TrustPolicy,
	/// Rules for reports.
	pub report: ReportPolicy,
	/// Rules for the quality of reports.
	pub quality: QualityPolicy,
	/// Rules for coverage challenges; `None` switches the challenges off.
	pub coverage: Option<CoveragePolicy>,
}

/// Reason why a policy is refused.
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
	/// Resolution above 15, the finest of H3.
	Resolution,
	/// Set of key schemes that is empty, or names one that this chain cannot verify.
	Schemes,
	/// Greatest window of no length, or an interval, window, age or skew beyond a year.
	Report,
	/// Least distance or frequency above the greatest.
	Coverage,
	/// Cooldown beyond a year.
	Location,
	/// Trust factor above one, or a required level that no device can reach yet.
	Trust,
	/// Period of no length or beyond a year, an on-time limit above the age limit, a threshold
	/// above one, a neighbourhood finer than the network's cells, or a least number of neighbours
	/// of zero.
	Quality,
}

/// Greatest time that a policy may name: a year of 365 days.
pub const MAX_POLICY_TIME: Millis = 365 * 24 * 60 * 60 * 1000;

impl NetworkPolicy {
	/// Policy with the least demands, as a base for others: every device of any scheme may join, in
	/// a cell of resolution 9. Its reports may have windows of up to an hour, and are accepted for
	/// a day. Quality is not scored, and there are no coverage challenges.
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

	/// Checks that the policy can be met.
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
