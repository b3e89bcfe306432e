//! Metrics: the meaning of the numbers in a network's reports, in the words of SenML (RFC 8428).

use crate::{
	ids::{MetricId, NetworkId},
	page::Page,
	report::MetricSummary,
};
use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Greatest number of bytes of a metric's name.
pub const MAX_NAME: u32 = 32;

/// Greatest number of bytes of a unit's symbol: the length of the longest registered one.
pub const MAX_UNIT: u32 = 8;

/// Greatest number of decimals of a metric: 10¹⁸ is the greatest power of ten that a value can
/// hold.
pub const MAX_DECIMALS: u8 = 18;

/// Name of a metric, in ASCII.
pub type MetricName = BoundedVec<u8, ConstU32<MAX_NAME>>;

/// Symbol of a unit, in ASCII.
pub type MetricUnit = BoundedVec<u8, ConstU32<MAX_UNIT>>;

/// Primary units of SenML's registry: those of RFC 8428, section 12.1, then those that RFC 8798,
/// section 2, added. The secondary units of RFC 8798, such as `hPa` or `mm`, are no SenML units: a
/// metric uses the primary unit and more or fewer decimals instead.
pub const UNITS: [&str; 66] = [
	"m", "kg", "g", "s", "A", "K", "cd", "mol", "Hz", "rad", "sr", "N", "Pa", "J", "W", "C", "V",
	"F", "Ohm", "S", "Wb", "T", "H", "Cel", "lm", "lx", "Bq", "Gy", "Sv", "kat", "m2", "m3", "l",
	"m/s", "m/s2", "m3/s", "l/s", "W/m2", "cd/m2", "bit", "bit/s", "lat", "lon", "pH", "dB", "dBW",
	"Bspl", "count", "/", "%", "%RH", "%EL", "EL", "1/s", "1/min", "beat/min", "beats",
	"S/m", //
	"B", "VA", "VAs", "var", "vars", "J/m", "kg/m3", "deg",
];

/// Definition of a metric.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct Metric {
	/// SenML name: letters, digits and `-:./_`, a letter or digit first (RFC 8428, section 4.5.1).
	#[cfg_attr(feature = "serde", serde(with = "crate::json::text"))]
	pub name: MetricName,
	/// SenML unit, one of [`UNITS`].
	#[cfg_attr(feature = "serde", serde(with = "crate::json::text"))]
	pub unit: MetricUnit,
	/// Number of a value's digits that are decimals, at most [`MAX_DECIMALS`].
	pub decimals: u8,
	/// Limits of the metric's values.
	pub limits: MetricLimits,
}

/// Limits of a metric's values. All are fixed-point numbers with the metric's decimals.
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
	/// Least possible value.
	pub min: i64,
	/// Greatest possible value.
	pub max: i64,
	/// Greatest difference between two consecutive readings; `None` for no limit.
	pub max_jump: Option<u64>,
	/// Greatest number of consecutive readings with one value; `None` for no limit. The chain
	/// counts up to 65,535 readings: a limit of that number or more is never exceeded.
	pub stuck_limit: Option<u32>,
	/// Greatest distance of a window's mean from the neighbours' median at which the two agree
	/// fully. Beyond the tolerance the agreement falls linearly, to zero at twice the tolerance.
	/// `None`: the metric is not compared.
	pub tolerance: Option<u64>,
}

/// Reason why a metric cannot be registered.
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
	/// Name that is empty, or that SenML does not allow.
	Name,
	/// Unit that is no primary unit of SenML's registry.
	Unit,
	/// More decimals than a value can have.
	Decimals,
	/// Least value above the greatest, or a limit so low that no reading can keep it.
	Limits,
}

/// Metric, as the runtime API and the RPC give it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct MetricRecord {
	/// Network of the metric.
	pub network: NetworkId,
	/// Number by which readings name the metric.
	pub id: MetricId,
	/// Definition of the metric.
	#[cfg_attr(feature = "serde", serde(flatten))]
	pub metric: Metric,
}

/// Page of a network's metrics, by number.
pub type MetricPage = Page<MetricRecord, MetricId>;

impl Metric {
	/// Checks that the metric can be registered.
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
	/// Tells if all values of the summary lie between `min` and `max`.
	pub fn bound(&self, summary: &MetricSummary) -> bool {
		summary.min >= self.min && summary.max <= self.max
	}

	/// Checks that a reading within the limits can exist.
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
	fn every_unit_fits_and_is_listed_once() {
		for (at, unit) in UNITS.iter().enumerate() {
			assert!(unit.len() as u32 <= MAX_UNIT, "{unit}");
			assert!(!UNITS[..at].contains(unit), "{unit} twice");
			assert_eq!(metric("t", unit).check(), Ok(()));
		}
	}

	#[test]
	fn other_units_are_refused() {
		for unit in ["", "cel", "CEL", "°C", "C/", "hPa", "mm", "km/h", "kWh", "ppm", "m ", "None"]
		{
			assert_eq!(metric("t", unit).check(), Err(InvalidMetric::Unit), "{unit}");
		}
	}

	#[test]
	fn a_name_must_be_one_of_senml() {
		let longest = "a".repeat(MAX_NAME as usize);
		for name in ["t", "0", "urn:dev:ow:10e2073a01080063", "a-b:c.d/e_f", &longest] {
			assert_eq!(metric(name, "Cel").check(), Ok(()), "{name}");
		}
		for name in ["", "-t", ":t", ".t", "/t", "_t", "a b", "a,b", "té", "a\0"] {
			assert_eq!(metric(name, "Cel").check(), Err(InvalidMetric::Name), "{name}");
		}
	}

	#[test]
	fn limits_that_no_reading_can_keep_are_refused() {
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
