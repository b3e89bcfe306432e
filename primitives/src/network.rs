//! Networks: one is one DePIN, with its kind and its rules.

use crate::{key::KeySchemes, Millis};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// What a network's devices do. It names the unit of a report's `work`.
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
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum NetworkKind {
	/// Radio coverage; work is counted in seconds of uptime.
	#[codec(index = 0)]
	Wireless,
	/// Measurements; work is counted in readings.
	#[codec(index = 1)]
	Sensor,
	/// Storage; work is counted in bytes kept.
	#[codec(index = 2)]
	Storage,
	/// Compute; work is counted in compute units.
	#[codec(index = 3)]
	Compute,
	/// Energy; work is counted in watt-hours.
	#[codec(index = 4)]
	Energy,
}

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
	/// The rules for reports.
	pub report: ReportPolicy,
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
}

/// The longest time that a policy may name: a year of 365 days.
pub const MAX_POLICY_TIME: Millis = 365 * 24 * 60 * 60 * 1000;

impl NetworkPolicy {
	/// Whether the policy can be met.
	pub fn check(&self) -> Result<(), InvalidPolicy> {
		if self.cell_resolution > 15 {
			return Err(InvalidPolicy::Resolution);
		}
		if self.schemes.is_unusable() {
			return Err(InvalidPolicy::Schemes);
		}
		let ReportPolicy { min_interval, max_window, max_age, max_skew, .. } = self.report;
		if max_window == 0
			|| [min_interval, max_window, max_age, max_skew].iter().any(|t| *t > MAX_POLICY_TIME)
		{
			return Err(InvalidPolicy::Report);
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
