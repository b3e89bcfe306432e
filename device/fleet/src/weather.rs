//! Real observations, and the readings that stations make of them.

use anyhow::{anyhow, ensure, Context, Result};
use depin_primitives::{
	metric::{self, MetricLimits},
	report::Reading,
	Millis,
};
use serde::Deserialize;
use std::{collections::BTreeMap, path::Path};

/// Metrics of a station, in the order of the network's numbers for them. The bounds are the records
/// of the world's weather, rounded outwards; the other limits are for readings an hour apart, of
/// stations some tens of kilometres apart.
pub const METRICS: [Metric; 5] = [
	Metric {
		name: "temperature",
		unit: "Cel",
		decimals: 2,
		limits: MetricLimits {
			min: -9_000,
			max: 6_000,
			max_jump: Some(1_500),
			stuck_limit: Some(24),
			tolerance: Some(400),
		},
	},
	Metric {
		name: "humidity",
		unit: "%RH",
		decimals: 2,
		limits: MetricLimits {
			min: 0,
			max: 10_000,
			max_jump: Some(5_000),
			// Fog can last for days.
			stuck_limit: Some(72),
			tolerance: Some(2_000),
		},
	},
	Metric {
		name: "pressure",
		unit: "Pa",
		decimals: 0,
		limits: MetricLimits {
			min: 87_000,
			max: 108_500,
			max_jump: Some(1_500),
			stuck_limit: Some(24),
			tolerance: Some(200),
		},
	},
	Metric {
		name: "wind",
		unit: "m/s",
		decimals: 2,
		limits: MetricLimits {
			min: 0,
			max: 11_400,
			max_jump: Some(3_000),
			// A calm can last for days.
			stuck_limit: Some(72),
			tolerance: Some(500),
		},
	},
	// No other limits: dry weather has no longest duration, and a shower may hit one station of
	// three.
	Metric {
		name: "precipitation",
		unit: "m",
		decimals: 5,
		limits: MetricLimits {
			min: 0,
			max: 45_000,
			max_jump: None,
			stuck_limit: None,
			tolerance: None,
		},
	},
];

/// Number of the temperature.
pub const TEMPERATURE: u16 = 0;

/// Metric with its SenML unit.
#[derive(Clone, Copy, Debug)]
pub struct Metric {
	/// Name of the measured quantity.
	pub name: &'static str,
	/// Unit, as SenML names it.
	pub unit: &'static str,
	/// Number of decimals of the metric's fixed-point values.
	pub decimals: u8,
	/// Limits of plausible values.
	pub limits: MetricLimits,
}

impl Metric {
	/// Returns the metric in the form in which the network registers it.
	pub fn registered(&self) -> Result<metric::Metric> {
		let text = |what: &str| what.as_bytes().to_vec();
		let long = |_| anyhow!("{}: its name or its unit is too long", self.name);
		let registered = metric::Metric {
			name: text(self.name).try_into().map_err(long)?,
			unit: text(self.unit).try_into().map_err(long)?,
			decimals: self.decimals,
			limits: self.limits,
		};
		registered.check().map_err(|e| anyhow!("{}: {e:?}", self.name))?;
		Ok(registered)
	}

	/// Formats the limits for people.
	pub fn limits(&self) -> String {
		let MetricLimits { min, max, max_jump, stuck_limit, tolerance } = self.limits;
		let value = |value: u64| {
			i64::try_from(value).map_or_else(|_| value.to_string(), |v| fixed(v, self.decimals))
		};
		let mut limits = format!("{} to {}", fixed(min, self.decimals), fixed(max, self.decimals));
		if let Some(jump) = max_jump {
			limits += &format!(", by {} at most from one to the next", value(jump));
		}
		if let Some(stuck) = stuck_limit {
			limits += &format!(", {stuck} alike at most");
		}
		if let Some(tolerance) = tolerance {
			limits += &format!(", {} from its neighbours' at most", value(tolerance));
		}
		limits
	}
}

/// Formats a value of a metric for people, with the unit.
pub fn show(metric: u16, value: i64) -> String {
	let Some(Metric { unit, decimals, .. }) = METRICS.get(usize::from(metric)) else {
		return value.to_string();
	};
	format!("{} {unit}", fixed(value, *decimals))
}

/// Formats a fixed-point number with its decimals.
pub fn fixed(value: i64, decimals: u8) -> String {
	let scale = 10u64.pow(u32::from(decimals));
	let (sign, value) = (if value < 0 { "-" } else { "" }, value.unsigned_abs());
	if decimals == 0 {
		return format!("{sign}{value}");
	}
	let width = usize::from(decimals);
	format!("{sign}{}.{:0width$}", value / scale, value % scale)
}

/// Row of the file: the observation of one station in one hour.
#[derive(Debug, Deserialize)]
struct Row {
	origin: String,
	temp: String,
	humid: String,
	wind_speed: String,
	precip: String,
	pressure: String,
	time_hour: String,
}

/// Observation of a station in an hour, by metric; a value that the station did not give is absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
	/// Hour of the observation, UTC.
	pub hour: String,
	/// Values, each with its metric's decimals.
	pub values: Vec<(u16, i64)>,
}

impl Observation {
	/// Returns the readings of this hour, with `time` as the time of each.
	pub fn readings(&self, time: Millis) -> Vec<Reading> {
		self.values.iter().map(|&(metric, value)| Reading { time, metric, value }).collect()
	}
}

/// Observations that are built into this program; `data/README.md` describes them.
const INCLUDED: &str = include_str!("../data/nyc-weather-2013-01.csv");

/// Reads the observations of each station, in order of time, from the file or from the built-in
/// data.
pub fn load(path: Option<&Path>) -> Result<BTreeMap<String, Vec<Observation>>> {
	let Some(path) = path else { return read(INCLUDED.as_bytes()) };
	let stations =
		std::fs::File::open(path).map_err(Into::into).and_then(read).with_context(|| {
			format!("cannot read {}; without --data there are others", path.display())
		})?;
	ensure!(!stations.is_empty(), "{} holds no observations", path.display());
	Ok(stations)
}

fn read(source: impl std::io::Read) -> Result<BTreeMap<String, Vec<Observation>>> {
	let mut stations = BTreeMap::<_, Vec<Observation>>::new();
	for row in csv::Reader::from_reader(source).deserialize() {
		let row: Row = row?;
		let hour = row.time_hour.clone();
		let values = convert(&row).with_context(|| format!("{} at {hour}", row.origin))?;
		stations.entry(row.origin).or_default().push(Observation { hour, values });
	}
	for observations in stations.values_mut() {
		observations.sort_by(|a, b| a.hour.cmp(&b.hour));
	}
	Ok(stations)
}

/// Converts a row to SI units, with the metrics' decimals.
fn convert(row: &Row) -> Result<Vec<(u16, i64)>> {
	let columns: [(&str, fn(f64) -> f64); METRICS.len()] = [
		(&row.temp, |fahrenheit| (fahrenheit - 32.0) * 5.0 / 9.0),
		(&row.humid, |percent| percent),
		(&row.pressure, |millibar| millibar * 100.0),
		(&row.wind_speed, |mph| mph * 0.44704),
		(&row.precip, |inches| inches * 0.0254),
	];
	let mut values = Vec::with_capacity(METRICS.len());
	for (number, ((text, to_si), metric)) in (0u16..).zip(columns.into_iter().zip(METRICS)) {
		if text.is_empty() || text == "NA" {
			continue;
		}
		let value: f64 =
			text.parse().with_context(|| format!("{}: {text:?} is no number", metric.name))?;
		ensure!(value.is_finite(), "{}: {text:?} is no value", metric.name);
		let scaled = to_si(value) * 10f64.powi(i32::from(metric.decimals));
		// Rounded to the nearest step. Values of weather fit 64 bits, and `as` saturates.
		values.push((number, scaled.round() as i64));
	}
	Ok(values)
}

#[cfg(test)]
mod tests {
	use super::*;

	const HEAD: &str = "origin,year,month,day,hour,temp,dewp,humid,wind_dir,wind_speed,wind_gust,\
		precip,pressure,visib,time_hour\n";

	fn rows(body: &str) -> Result<BTreeMap<String, Vec<Observation>>> {
		read(format!("{HEAD}{body}").as_bytes())
	}

	#[test]
	fn units_are_converted() {
		let body = "EWR,2013,1,1,1,39.02,26.06,59.37,270,10.35702,NA,0.1,1012.3,10,\
			2013-01-01T06:00:00Z\n";
		let seen = &rows(body).unwrap()["EWR"][0];
		assert_eq!(seen.values, [(0, 390), (1, 5_937), (2, 101_230), (3, 463), (4, 254)]);
		assert_eq!(seen.readings(7)[2], Reading { time: 7, metric: 2, value: 101_230 });
	}

	#[test]
	fn absent_values_make_no_reading() {
		let body = "EWR,2013,1,1,1,14,26.06,NA,270,NA,NA,0,NA,10,2013-01-01T06:00:00Z\n";
		assert_eq!(rows(body).unwrap()["EWR"][0].values, [(0, -1_000), (4, 0)]);
	}

	#[test]
	fn invalid_values_are_named_in_the_error() {
		let body = "EWR,2013,1,1,1,warm,26.06,NA,270,NA,NA,0,NA,10,2013-01-01T06:00:00Z\n";
		let error = format!("{:#}", rows(body).unwrap_err());
		assert_eq!(
			error,
			"EWR at 2013-01-01T06:00:00Z: temperature: \"warm\" is no number: invalid float literal"
		);
	}

	#[test]
	fn a_missing_file_is_named_in_the_error() {
		let error = format!("{:#}", load(Some(Path::new("no/such.csv"))).unwrap_err());
		assert!(error.starts_with("cannot read no/such.csv"), "{error}");
	}

	#[test]
	fn the_included_observations_are_complete() {
		let stations = load(None).unwrap();
		assert_eq!(stations.keys().collect::<Vec<_>>(), ["EWR", "JFK", "LGA"]);
		for observations in stations.values() {
			assert_eq!(observations.len(), 167);
			assert!(observations.windows(2).all(|pair| pair[0].hour < pair[1].hour));
			assert!(observations.iter().all(|seen| seen.values[0].0 == TEMPERATURE));
			// The stations did not give the pressure in every hour.
			assert!(observations.iter().any(|seen| seen.values.len() == METRICS.len()));
		}
		let least = stations.values().flatten().map(|seen| seen.values.len()).min();
		assert_eq!(least, Some(METRICS.len() - 1));
	}

	#[test]
	fn values_are_shown_with_their_unit() {
		assert_eq!(show(TEMPERATURE, -5), "-0.05 Cel");
		assert_eq!(show(TEMPERATURE, 390), "3.90 Cel");
		assert_eq!(show(2, 101_230), "101230 Pa");
		assert_eq!(show(4, 254), "0.00254 m");
		assert_eq!(show(99, 7), "7");
	}

	#[test]
	fn the_metrics_can_be_registered() {
		for metric in METRICS {
			let registered = metric.registered().unwrap();
			assert_eq!(&registered.name[..], metric.name.as_bytes());
		}
		let [temperature, .., precipitation] = METRICS;
		assert_eq!(
			temperature.limits(),
			"-90.00 to 60.00, by 15.00 at most from one to the next, 24 alike at most, 4.00 from its \
			 neighbours' at most"
		);
		assert_eq!(precipitation.limits(), "0.00000 to 0.45000");
		assert!(Metric { unit: "mm", ..precipitation }.registered().is_err());
		assert!(Metric { unit: "millimetres", ..precipitation }.registered().is_err());
	}

	#[test]
	fn real_weather_is_within_the_limits() {
		for observations in load(None).unwrap().values() {
			let mut runs = [(None, 0u32); METRICS.len()];
			for &(number, value) in observations.iter().flat_map(|seen| &seen.values) {
				let limits = METRICS[usize::from(number)].limits;
				let (last, run) = &mut runs[usize::from(number)];
				assert!((limits.min..=limits.max).contains(&value));
				let jump = last.map_or(0, |last: i64| last.abs_diff(value));
				assert!(limits.max_jump.is_none_or(|most| jump <= most));
				*run = if *last == Some(value) { *run + 1 } else { 1 };
				assert!(limits.stuck_limit.is_none_or(|most| *run <= most));
				*last = Some(value);
			}
		}
	}
}
