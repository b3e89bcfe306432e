//! Metrics: what the numbers in a network's reports mean, in the words of SenML (RFC 8428).

use crate::{page::Page, report::MetricSummary, MetricId, NetworkId};
use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// The most bytes of a metric's name.
pub const MAX_NAME: u32 = 32;

/// The most bytes of a unit's symbol: as long as the longest one registered.
pub const MAX_UNIT: u32 = 8;

/// The most decimals of a metric: 10¹⁸ is the greatest power of ten that a value can hold.
pub const MAX_DECIMALS: u8 = 18;

/// A name, in ASCII.
pub type MetricName = BoundedVec<u8, ConstU32<MAX_NAME>>;

/// A unit's symbol, in ASCII.
pub type MetricUnit = BoundedVec<u8, ConstU32<MAX_UNIT>>;

/// The primary units of SenML's registry: those of RFC 8428, section 12.1, then those that RFC 8798,
/// section 2, added. (The secondary units of RFC 8798, such as `hPa` or `mm`, are no SenML units: take
/// the primary one, and decimals.)
pub const UNITS: [&str; 66] = [
	"m", "kg", "g", "s", "A", "K", "cd", "mol", "Hz", "rad", "sr", "N", "Pa", "J", "W", "C", "V",
	"F", "Ohm", "S", "Wb", "T", "H", "Cel", "lm", "lx", "Bq", "Gy", "Sv", "kat", "m2", "m3", "l",
	"m/s", "m/s2", "m3/s", "l/s", "W/m2", "cd/m2", "bit", "bit/s", "lat", "lon", "pH", "dB", "dBW",
	"Bspl", "count", "/", "%", "%RH", "%EL", "EL", "1/s", "1/min", "beat/min", "beats",
	"S/m", //
	"B", "VA", "VAs", "var", "vars", "J/m", "kg/m3", "deg",
];

/// What a metric is.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct Metric {
	/// Its SenML name: letters, digits and `-:./_`, a letter or digit first (RFC 8428, section 4.5.1).
	#[cfg_attr(feature = "serde", serde(with = "crate::json::text"))]
	pub name: MetricName,
	/// Its SenML unit, one of [`UNITS`].
	#[cfg_attr(feature = "serde", serde(with = "crate::json::text"))]
	pub unit: MetricUnit,
	/// How many of a value's digits are decimals, at most [`MAX_DECIMALS`].
	pub decimals: u8,
	/// What its values can be.
	pub limits: MetricLimits,
}

/// What a metric's values can be. All are fixed-point, with the metric's decimals.
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
pub struct MetricLimits {
	/// The least value that there can be.
	pub min: i64,
	/// The greatest value that there can be.
	pub max: i64,
	/// The most by which two readings in a row can differ; `None`: by any.
	pub max_jump: Option<u64>,
	/// The most readings in a row that can have one value; `None`: any number.
	pub stuck_limit: Option<u32>,
	/// How far a window's mean may be from the median of its neighbours' and still agree: from there
	/// the agreement falls, to nothing at twice as far. `None`: it is not compared.
	pub tolerance: Option<u64>,
}

/// Why a metric cannot be registered as it is given.
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
pub enum InvalidMetric {
	/// The name is empty, or not one that SenML allows.
	Name,
	/// SenML's registry has no such primary unit.
	Unit,
	/// More decimals than a value can have.
	Decimals,
	/// The least value is above the greatest, or a limit is so low that no reading can keep it.
	Limits,
}

/// A metric with its number.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct MetricRecord {
	/// The network that it belongs to.
	pub network: NetworkId,
	/// Its number, by which readings name it.
	pub id: MetricId,
	/// What it is.
	#[cfg_attr(feature = "serde", serde(flatten))]
	pub metric: Metric,
}

/// A page of a network's metrics, by number.
pub type MetricPage = Page<MetricRecord, MetricId>;

impl Metric {
	/// Whether it can be registered.
	pub fn check(&self) -> Result<(), InvalidMetric> {
		let allowed = |byte: &u8| byte.is_ascii_alphanumeric() || b"-:./_".contains(byte);
		let first = self.name.first().ok_or(InvalidMetric::Name)?;
		if !first.is_ascii_alphanumeric() || !self.name.iter().all(allowed) {
			return Err(InvalidMetric::Name);
		}
		if !UNITS.iter().any(|unit| unit.as_bytes() == &self.unit[..]) {
			return Err(InvalidMetric::Unit);
		}
		if self.decimals > MAX_DECIMALS {
			return Err(InvalidMetric::Decimals);
		}
		self.limits.check()
	}
}

impl MetricLimits {
	/// Whether all values of the summary lie within the bounds.
	pub fn bound(&self, summary: &MetricSummary) -> bool {
		summary.min >= self.min && summary.max <= self.max
	}

	/// Whether a reading can keep them.
	pub fn check(&self) -> Result<(), InvalidMetric> {
		if self.min > self.max || self.stuck_limit == Some(0) {
			return Err(InvalidMetric::Limits);
		}
		Ok(())
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn metric(name: &str, unit: &str) -> Metric {
		Metric {
			name: name.as_bytes().to_vec().try_into().unwrap(),
			unit: unit.as_bytes().to_vec().try_into().unwrap(),
			decimals: 2,
			limits: MetricLimits {
				min: -1,
				max: 1,
				max_jump: None,
				stuck_limit: None,
				tolerance: None,
			},
		}
	}

	#[test]
	fn every_unit_fits_and_is_there_once() {
		for (at, unit) in UNITS.iter().enumerate() {
			assert!(unit.len() as u32 <= MAX_UNIT, "{unit}");
			assert!(!UNITS[..at].contains(unit), "{unit} twice");
			assert_eq!(metric("t", unit).check(), Ok(()));
		}
	}

	#[test]
	fn other_units_are_not_taken() {
		for unit in ["", "cel", "CEL", "°C", "C/", "hPa", "mm", "km/h", "kWh", "ppm", "m ", "None"]
		{
			assert_eq!(metric("t", unit).check(), Err(InvalidMetric::Unit), "{unit}");
		}
	}

	#[test]
	fn names_are_senmls() {
		let longest = "a".repeat(MAX_NAME as usize);
		for name in ["t", "0", "urn:dev:ow:10e2073a01080063", "a-b:c.d/e_f", &longest] {
			assert_eq!(metric(name, "Cel").check(), Ok(()), "{name}");
		}
		for name in ["", "-t", ":t", ".t", "/t", "_t", "a b", "a,b", "té", "a\0"] {
			assert_eq!(metric(name, "Cel").check(), Err(InvalidMetric::Name), "{name}");
		}
	}

	#[test]
	fn limits_can_be_kept() {
		let mut metric = metric("t", "Cel");
		metric.decimals = MAX_DECIMALS;
		assert_eq!(metric.check(), Ok(()));
		metric.decimals += 1;
		assert_eq!(metric.check(), Err(InvalidMetric::Decimals));
		let limits = metric.limits;
		assert_eq!(MetricLimits { min: 1, ..limits }.check(), Ok(()));
		assert_eq!(MetricLimits { min: 2, ..limits }.check(), Err(InvalidMetric::Limits));
		assert_eq!(MetricLimits { max_jump: Some(0), ..limits }.check(), Ok(()));
		assert_eq!(MetricLimits { stuck_limit: Some(1), ..limits }.check(), Ok(()));
		let stuck = MetricLimits { stuck_limit: Some(0), ..limits };
		assert_eq!(stuck.check(), Err(InvalidMetric::Limits));
	}
}
