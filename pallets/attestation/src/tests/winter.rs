//! A winter of real observations, and devices that cheat. `docs/quality.md` explains the numbers.
//!
//! `cargo test -p pallet-attestation winter -- --nocapture` prints them.

use super::*;
use depin_primitives::{
	metric::{Metric, MetricLimits},
	network::NetworkKind,
	policy::{NetworkPolicy, QualityPolicy, QualityWeights, ReportPolicy, TrustPolicy, ONE},
	quality::{Perbill, Quality, Reason, Reasons},
	report::{AcceptedReport, Reading, Report},
	traits::DeviceView,
	Cell, Millis, H256,
};
use frame_support::assert_ok;
use std::collections::BTreeMap;

/// NOAA's observations of three stations: see `data/README.md`.
const OBSERVED: &str = include_str!("../../data/nyc-weather-2013-q1.csv");

const STATIONS: [(&str, f64, f64); 3] =
	[("EWR", 40.6925, -74.168667), ("JFK", 40.639751, -73.778925), ("LGA", 40.777245, -73.872608)];

const TEMPERATURE: u16 = 0;

/// Name, unit, decimals, column, and from the column's unit to the metric's.
type Column = (&'static str, &'static str, u8, &'static str, fn(f64) -> f64);
const COLUMNS: [Column; 4] = [
	("temperature", "Cel", 2, "temp", |fahrenheit| (fahrenheit - 32.0) / 1.8),
	("humidity", "%RH", 2, "humid", |percent| percent),
	("pressure", "Pa", 0, "pressure", |millibar| millibar * 100.0),
	("wind", "m/s", 2, "wind_speed", |mph| mph * 0.44704),
];

const LIMITS: [MetricLimits; 4] = [
	MetricLimits {
		min: -5_000,
		max: 6_000,
		max_jump: Some(800),
		stuck_limit: Some(24),
		tolerance: Some(250),
	},
	MetricLimits {
		min: 0,
		max: 10_000,
		max_jump: Some(5_000),
		stuck_limit: Some(24),
		tolerance: Some(1_500),
	},
	MetricLimits {
		min: 85_000,
		max: 110_000,
		max_jump: Some(500),
		stuck_limit: Some(12),
		tolerance: Some(100),
	},
	MetricLimits {
		min: 0,
		max: 7_500,
		max_jump: Some(2_000),
		stuck_limit: Some(24),
		tolerance: Some(400),
	},
];

const RULES: QualityPolicy = QualityPolicy {
	period: HOUR,
	on_time: 10 * MINUTE,
	weights: QualityWeights { cadence: 25, continuity: 25, plausibility: 25, neighbours: 25 },
	threshold: ONE / 2,
	resolution: 4,
	min_neighbours: 4,
	copy_limit: 6,
};

/// The values of an hour, by metric.
type Values = BTreeMap<u16, i64>;

/// Returns the observations of every station, hour by hour.
fn observed() -> BTreeMap<Millis, BTreeMap<&'static str, Values>> {
	let mut lines = OBSERVED.lines();
	let head: Vec<_> = lines.next().unwrap().split(',').collect();
	let column = |name| head.iter().position(|column| *column == name).unwrap();
	let (origin, hour) = (column("origin"), column("time_hour"));
	let columns = COLUMNS.map(|(_, _, decimals, name, to_si)| (column(name), decimals, to_si));
	let mut all = BTreeMap::<_, BTreeMap<_, _>>::new();
	for line in lines {
		let row: Vec<_> = line.split(',').collect();
		let values = (0..)
			.zip(columns)
			.filter_map(|(metric, (at, decimals, to_si))| {
				let value: f64 = row[at].parse().ok()?;
				let value = to_si(value) * 10f64.powi(decimals.into());
				Some((metric, value.round() as i64))
			})
			.collect();
		all.entry(millis(row[hour])).or_default().insert(row[origin], values);
	}
	all
}

/// `2013-01-01T06:00:00Z`, of that winter.
fn millis(time: &str) -> Millis {
	let part = |range: std::ops::Range<usize>| time.get(range).unwrap().parse::<u64>().unwrap();
	// 2013-01-01 was the 15,706th day; January has 31, February 28.
	let days = 15_706 + [0, 31, 59, 90][part(5..7) as usize - 1] + part(8..10) - 1;
	assert_eq!(&time[..4], "2013");
	(days * 24 + part(11..13)) * HOUR
}

fn cell(latitude: f64, longitude: f64) -> Cell {
	let place = h3o::LatLng::new(latitude, longitude).unwrap();
	Cell(place.to_cell(h3o::Resolution::Twelve).into())
}

/// Small numbers that nobody could guess, and that are the same in each run.
struct Noise(H256);

impl Noise {
	fn within(&mut self, most: i64) -> i64 {
		self.0 = depin_primitives::hashing::blake2_256(self.0.as_bytes());
		let number = u64::from_le_bytes(self.0.as_bytes()[..8].try_into().unwrap());
		(number % (2 * most as u64 + 1)) as i64 - most
	}
}

/// Report of a device about an hour: its values (`None`: no report), the time by which its window
/// ended later than it says, and the block after the hour.
struct Told {
	values: Option<Values>,
	behind: Millis,
	block: u32,
}

/// Conduct of a device: makes its report from the number of the hour, the observations at its
/// place, and those of all stations.
type Conduct = Box<dyn FnMut(u64, &Values, &BTreeMap<&'static str, Values>) -> Told>;

fn honest() -> Conduct {
	Box::new(|_, seen, _| Told { values: Some(seen.clone()), behind: 0, block: 1 })
}

/// One that has no sensors, and reports another's values after a look at them.
fn copies(of: &'static str) -> Conduct {
	let mut noise = Noise(H256::repeat_byte(1));
	Box::new(move |_, _, others| {
		let values = others.get(of).map(|seen| {
			seen.iter().map(|(metric, value)| {
				// A tenth of what the metric tolerates.
				let most = LIMITS[usize::from(*metric)].tolerance.unwrap() / 10;
				(*metric, value + noise.within(most as i64))
			})
		});
		Told { values: values.map(Iterator::collect), behind: 0, block: 3 }
	})
}

/// One that hides that by much noise.
fn copies_wildly(of: &'static str) -> Conduct {
	let mut noise = Noise(H256::repeat_byte(2));
	Box::new(move |_, _, others| {
		let values = others.get(of).map(|seen| {
			seen.iter().map(|(metric, value)| {
				let most = 2 * LIMITS[usize::from(*metric)].tolerance.unwrap();
				(*metric, value + noise.within(most as i64))
			})
		});
		Told { values: values.map(Iterator::collect), behind: 0, block: 3 }
	})
}

/// One whose thermometer broke in the fifth day.
fn stuck() -> Conduct {
	let mut held = None;
	Box::new(move |hour, seen, _| {
		let mut values = seen.clone();
		if hour >= 100 {
			if let Some(value) = values.get_mut(&TEMPERATURE) {
				*value = *held.get_or_insert(*value);
			}
		}
		Told { values: Some(values), behind: 0, block: 1 }
	})
}

/// One whose thermometer has a loose contact.
fn jumps() -> Conduct {
	Box::new(|hour, seen, _| {
		let mut values = seen.clone();
		if hour % 5 == 0 {
			values.entry(TEMPERATURE).and_modify(|value| *value += 1_500);
		}
		Told { values: Some(values), behind: 0, block: 1 }
	})
}

/// One that is switched off for three hours of every eight.
fn skips() -> Conduct {
	Box::new(|hour, seen, _| {
		let values = (hour % 8 < 5).then(|| seen.clone());
		Told { values, behind: 0, block: 1 }
	})
}

/// One whose clock is three hours behind.
fn shifted() -> Conduct {
	Box::new(|_, seen, _| Told { values: Some(seen.clone()), behind: 3 * HOUR, block: 1 })
}

/// One that was reset each day at noon, and forgets what it had reported.
fn forgets() -> Conduct {
	Box::new(|_, seen, _| Told { values: Some(seen.clone()), behind: 0, block: 1 })
}

struct Station {
	name: &'static str,
	at: &'static str,
	signer: Signer,
	conduct: Conduct,
}

/// Results of a device's winter.
#[derive(Default)]
struct Winter {
	accepted: u32,
	claimed: u64,
	points: u64,
	parts: [(u64, u32); 4],
	total: u64,
	missed: u32,
	gaps: u32,
	score: (u64, u32),
	cadence: (u64, u32),
	continuity: (u64, u32),
	reasons: BTreeMap<Reason, u32>,
	days: Reasons,
}

impl Winter {
	fn add(&mut self, told: &AcceptedReport) {
		let Quality { cadence, continuity, plausibility, neighbours, total, reasons } =
			&told.quality;
		let parts = [Some(*cadence), Some(*continuity), *plausibility, *neighbours];
		for ((sum, count), part) in self.parts.iter_mut().zip(parts) {
			if let Some(part) = part {
				*sum += u64::from(part.deconstruct());
				*count += 1;
			}
		}
		self.accepted += 1;
		self.claimed += told.report.work;
		self.points += told.points;
		self.total += u64::from(total.deconstruct());
		for reason in &reasons.0 {
			*self.reasons.entry(*reason).or_default() += 1;
		}
	}

	fn part(&self, at: usize) -> Perbill {
		let (sum, count) = self.parts[at];
		Perbill::from_rational(sum, u64::from(count) * u64::from(ONE))
	}

	/// Returns the wages of the device, as a fraction of the full pay for all hours of the winter.
	fn wages(&self, hours: u32) -> Perbill {
		Perbill::from_rational(self.points, u64::from(hours) * COLUMNS.len() as u64)
	}

	fn has(&self, reason: Reason) -> bool {
		self.reasons.contains_key(&reason) || self.days.has(reason)
	}
}

fn percent(part: Perbill) -> f64 {
	f64::from(part.deconstruct()) / 1e7
}

fn put(number: u8, name: &'static str, at: &'static str, conduct: Conduct) -> Station {
	let signer = Signer::ed25519(100 + number);
	let (_, latitude, longitude) = STATIONS.into_iter().find(|(name, ..)| *name == at).unwrap();
	let owner = 1_000 + AccountId::from(number);
	let cell = cell(latitude, longitude);
	Registry::put(signer.id(), DeviceView { owner, cell, ..signer.view() });
	Station { name, at, signer, conduct }
}

fn set_up() {
	Registry::set_kind(NETWORK, NetworkKind::Sensor);
	let report = ReportPolicy {
		max_work_per_hour: COLUMNS.len() as u64,
		min_interval: 0,
		max_window: HOUR,
		max_age: 12 * HOUR,
		max_skew: 10_000,
	};
	let trust = TrustPolicy::EVERYONE;
	let policy = NetworkPolicy { report, quality: RULES, trust, ..POLICY };
	Registry::set_policy(NETWORK, policy);
	for ((name, unit, decimals, _, _), (limits, id)) in COLUMNS.iter().zip(LIMITS.iter().zip(0..)) {
		let origin = || RuntimeOrigin::signed(OWNER);
		assert_ok!(Attestation::remove_metric(origin(), NETWORK, id));
		let metric = Metric {
			name: name.as_bytes().to_vec().try_into().unwrap(),
			unit: unit.as_bytes().to_vec().try_into().unwrap(),
			decimals: *decimals,
			limits: *limits,
		};
		assert_ok!(Attestation::register_metric(origin(), NETWORK, id, metric));
	}
}

/// Takes the stations through the winter.
fn replay(stations: &mut [Station]) -> (Vec<Winter>, u32) {
	let all = observed();
	let mut winters: Vec<_> = stations.iter().map(|_| Winter::default()).collect();
	// What a device signs: its last sequence and hash, which the chain need not have.
	let mut chains = vec![(0u64, H256::zero()); stations.len()];
	for (hour, (time, seen)) in (0u64..).zip(&all) {
		let end = time + HOUR;
		let mut sent = Vec::new();
		for (at, station) in stations.iter_mut().enumerate() {
			// The three airports miss single hours, which devices at that place miss as well.
			let Some(here) = seen.get(station.at) else { continue };
			let Told { values, behind, block } = (station.conduct)(hour, here, seen);
			let Some(values) = values else { continue };
			let (window_start, window_end) = (time - behind, end - behind);
			let readings = values.iter().map(|(metric, value)| Reading {
				time: window_start + HOUR / 2,
				metric: *metric,
				value: *value,
			});
			let readings = Readings::try_from(readings.collect::<Vec<_>>()).unwrap();
			let (sequence, previous) = &mut chains[at];
			if station.name == "forgets" && hour % 24 == 12 {
				*previous = H256::zero();
			}
			*sequence += 1;
			let report = Report {
				device: station.signer.id(),
				sequence: *sequence,
				window_start,
				window_end,
				work: COLUMNS.len() as u64,
				previous: *previous,
				..station.signer.report_until(end)
			};
			let report = inline(report, &readings);
			*previous = report.hash();
			sent.push((block, at, report, readings));
		}
		// As they come: one block after the other.
		sent.sort_by_key(|(block, at, ..)| (*block, *at));
		for (block, at, report, readings) in sent {
			System::set_block_number(hour as u32 * 10 + block);
			set_now(end + Millis::from(block) * 6_000);
			System::reset_events();
			let signed = stations[at].signer.sign(report);
			let origin = RuntimeOrigin::signed(GATEWAY);
			assert_ok!(Attestation::submit_report(origin, signed, Some(readings)));
			winters[at].add(&Attestation::accepted_reports()[0]);
		}
		if hour % 24 == 20 {
			for (station, winter) in stations.iter().zip(&mut winters) {
				gather(winter, station, true);
			}
		}
	}
	for (station, winter) in stations.iter().zip(&mut winters) {
		gather(winter, station, false);
	}
	(winters, all.len() as u32)
}

/// Adds the scores of a day that is over, or of the last one, to a winter's.
fn gather(winter: &mut Winter, station: &Station, over: bool) {
	let Some(score) = Attestation::device_score(station.signer.id()) else { return };
	let Some(score) = (if over { score.previous } else { Some(score.current) }) else { return };
	winter.missed += score.missed;
	winter.gaps += score.gaps;
	let add = |sum: &mut (u64, u32), part: Perbill, count: u32| {
		sum.0 += u64::from(part.deconstruct()) * u64::from(count);
		sum.1 += count;
	};
	let expected = score.reports + score.missed;
	add(&mut winter.score, score.quality, expected);
	add(&mut winter.cadence, score.cadence, expected);
	add(&mut winter.continuity, score.continuity, score.reports + score.gaps);
	winter.days.extend(&score.reasons);
}

fn mean((sum, count): (u64, u32)) -> Perbill {
	Perbill::from_rational(sum, u64::from(count) * u64::from(ONE))
}

#[test]
fn a_winter_of_honest_and_other_stations() {
	build_and_execute(|| {
		set_up();
		let mut stations = vec![
			put(1, "EWR", "EWR", honest()),
			put(2, "JFK", "JFK", honest()),
			put(3, "LGA", "LGA", honest()),
			put(4, "copies LGA", "LGA", copies("LGA")),
			put(5, "copies, much noise", "LGA", copies_wildly("LGA")),
			put(6, "stuck", "JFK", stuck()),
			put(7, "jumps", "JFK", jumps()),
			put(8, "skips", "EWR", skips()),
			put(9, "shifted", "EWR", shifted()),
			put(10, "forgets", "EWR", forgets()),
		];
		let (winters, hours) = replay(&mut stations);
		println!(
			"{hours} hours; per cent\n{:20} {:>7} {:>7} {:>7} {:>7} {:>7} {:>7}  reasons",
			"station", "cadence", "contin.", "plaus.", "neighb.", "quality", "wages"
		);
		for (station, winter) in stations.iter().zip(&winters) {
			let numbers = [
				mean(winter.cadence),
				mean(winter.continuity),
				winter.part(2),
				winter.part(3),
				mean(winter.score),
				winter.wages(hours),
			];
			let numbers = numbers.map(|part| format!("{:7.2}", percent(part))).join(" ");
			println!(
				"{:20} {numbers}  {:?}; missed {}, gaps {}",
				station.name, winter.reasons, winter.missed, winter.gaps
			);
		}
		let by_name = |name: &str| {
			let at = stations.iter().position(|station| station.name == name).unwrap();
			&winters[at]
		};
		check(by_name, hours);
	});
}

/// Checks the statements of `docs/quality.md`.
fn check<'a>(by_name: impl Fn(&str) -> &'a Winter, hours: u32) {
	let between = |part: Perbill, from, to| {
		assert!(
			part >= Perbill::from_percent(from) && part <= Perbill::from_percent(to),
			"{part:?}"
		);
	};
	let count = |name: &str, reason| by_name(name).reasons.get(&reason).copied().unwrap_or(0);

	for name in ["EWR", "JFK", "LGA"] {
		let honest = by_name(name);
		between(mean(honest.score), 99, 100);
		between(mean(honest.cadence), 99, 100);
		between(honest.part(2), 99, 100);
		between(honest.part(3), 99, 100);
		between(honest.wages(hours), 95, 100);
		assert_eq!((mean(honest.continuity), honest.gaps), (Perbill::one(), 0));
		for reason in [Reason::Late, Reason::BrokenChain, Reason::Stuck, Reason::Copies] {
			assert!(!honest.has(reason), "{name}: {reason:?}");
		}
		// The jumps and the value outside the bounds are those of the wind of 1,048 mph in the
		// data.
		assert!(count(name, Reason::Jump) <= 2 && count(name, Reason::OutOfBounds) <= 1);
	}

	// The same reports as the original's, but for a little noise: nothing else is wrong with them.
	between(by_name("copies LGA").part(3), 0, 1);
	between(by_name("copies LGA").part(2), 99, 100);
	assert!(count("copies LGA", Reason::Copies) > 2_100);
	between(by_name("copies, much noise").part(3), 70, 80);
	assert!(count("copies, much noise", Reason::Disagrees) > 1_900);
	assert_eq!(count("copies, much noise", Reason::Copies), 0);

	// One metric of four, for nearly all of the winter.
	between(by_name("stuck").part(2), 75, 78);
	assert!(count("stuck", Reason::Stuck) > 1_900);
	// There and back, one hour in five: two of five reports, one metric of four.
	between(by_name("jumps").part(2), 88, 91);
	assert!(count("jumps", Reason::Jump) > 800 && count("jumps", Reason::Stuck) == 0);

	// What is not reported is not paid; what is reported, is.
	let skips = by_name("skips");
	between(mean(skips.cadence), 62, 63);
	between(mean(skips.score), 62, 63);
	assert!(skips.missed > 800 && skips.days.has(Reason::Missed));
	between(mean((skips.total, skips.accepted)), 99, 100);
	assert_eq!(mean(skips.continuity), Perbill::one());

	// Three of the twelve hours of grace, less the ten minutes that are in time.
	between(mean(by_name("shifted").cadence), 75, 76);
	assert_eq!(count("shifted", Reason::Late), by_name("shifted").accepted);
	assert!(count("shifted", Reason::Disagrees) > 1_000);

	between(mean(by_name("forgets").continuity), 95, 97);
	assert_eq!(count("forgets", Reason::BrokenChain), 90);

	for (cheat, honest) in [
		("copies LGA", "LGA"),
		("copies, much noise", "LGA"),
		("stuck", "JFK"),
		("jumps", "JFK"),
		("skips", "EWR"),
		("shifted", "EWR"),
		("forgets", "EWR"),
	] {
		let (cheat, honest) = (by_name(cheat), by_name(honest));
		assert!(cheat.wages(hours) < honest.wages(hours) && cheat.claimed <= honest.claimed);
	}
}
