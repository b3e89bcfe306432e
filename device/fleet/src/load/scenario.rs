//! Scenarios: kinds of load that are measured one by one.

use depin_primitives::{
	key::KeySchemes,
	metric::{Metric, MetricLimits},
	policy::{
		LocationPolicy, NetworkPolicy, QualityPolicy, QualityWeights, ReportPolicy, TrustPolicy,
		ONE,
	},
	KeyScheme, Millis,
};

/// Length of the window of each report: so short that the windows of many reports in one block are
/// not ahead of the clock by more than the policy allows.
pub const WINDOW: Millis = 100;
/// Period of the networks' quality rules.
const PERIOD: Millis = 1_000;

/// Kind of load.
#[derive(Debug)]
pub struct Scenario {
	/// Name by which the scenario is selected.
	pub name: &'static str,
	/// Description for people.
	pub about: &'static str,
	/// Work that is sent.
	pub work: Work,
}

/// Work that a scenario sends.
#[derive(Clone, Copy, Debug)]
pub enum Work {
	/// Transfers between accounts that exist.
	Transfers,
	/// Reports, each on its own and free of charge.
	Single(Shape),
	/// Reports in batches of the greatest size, for a fee.
	Batches(Shape),
}

/// Shape of the reports of a scenario.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
	/// Key schemes of the devices, assigned in rotation.
	pub schemes: &'static [KeyScheme],
	/// Number of networks among which the devices are divided.
	pub networks: u32,
	/// Number of metrics that each report sums up.
	pub metrics: u16,
	/// Number of readings that go with each report; with none the report has a reading of each
	/// metric, and only commits to them.
	pub readings: u32,
	/// True if the reports are compared with those of the neighbours.
	pub neighbours: bool,
}

/// Reports in the usual case: one network, Ed25519, one metric, committed readings.
const USUAL: Shape = Shape {
	schemes: &[KeyScheme::Ed25519],
	networks: 1,
	metrics: 1,
	readings: 0,
	neighbours: false,
};

/// All scenarios. The transfers come first: the others are compared with them.
pub const SCENARIOS: &[Scenario] = &[
	Scenario {
		name: "transfers",
		about: "transfers between accounts that exist",
		work: Work::Transfers,
	},
	Scenario {
		name: "single-ed25519",
		about: "single free reports, Ed25519, one metric",
		work: Work::Single(USUAL),
	},
	Scenario {
		name: "single-sr25519",
		about: "single free reports, Sr25519, one metric",
		work: Work::Single(Shape { schemes: &[KeyScheme::Sr25519], ..USUAL }),
	},
	Scenario {
		name: "single-secp256k1",
		about: "single free reports, secp256k1, one metric",
		work: Work::Single(Shape { schemes: &[KeyScheme::Secp256k1], ..USUAL }),
	},
	Scenario {
		name: "single-p256",
		about: "single free reports, P-256, one metric",
		work: Work::Single(Shape { schemes: &[KeyScheme::P256], ..USUAL }),
	},
	Scenario {
		name: "single-8-metrics",
		about: "single free reports, Ed25519, eight metrics compared with neighbours, 64 readings inline",
		work: Work::Single(Shape { metrics: 8, readings: 64, neighbours: true, ..USUAL }),
	},
	Scenario {
		name: "batch",
		about: "batches, Ed25519, one metric",
		work: Work::Batches(USUAL),
	},
	Scenario {
		name: "batch-4-metrics",
		about: "batches, Ed25519, four metrics",
		work: Work::Batches(Shape { metrics: 4, ..USUAL }),
	},
	Scenario {
		name: "batch-8-metrics",
		about: "batches, Ed25519, eight metrics",
		work: Work::Batches(Shape { metrics: 8, ..USUAL }),
	},
	Scenario {
		name: "batch-networks",
		about: "batches, Ed25519, one metric, the devices of 64 networks",
		work: Work::Batches(Shape { networks: 64, ..USUAL }),
	},
	Scenario {
		name: "batch-readings",
		about: "batches, Ed25519, one metric, 16 readings inline",
		work: Work::Batches(Shape { readings: 16, ..USUAL }),
	},
	Scenario {
		name: "batch-neighbours",
		about: "batches, Ed25519, four metrics compared with neighbours",
		work: Work::Batches(Shape { metrics: 4, neighbours: true, ..USUAL }),
	},
	Scenario {
		name: "batch-mixed",
		about: "batches, all schemes, two metrics, four networks, 4 readings inline, neighbours",
		work: Work::Batches(Shape {
			schemes: &KeyScheme::ALL,
			networks: 4,
			metrics: 2,
			readings: 4,
			neighbours: true,
		}),
	},
];

impl Shape {
	/// Returns the policy of the networks: reports as often as the chain allows.
	pub fn policy(&self) -> NetworkPolicy {
		let quality = QualityPolicy {
			period: PERIOD,
			on_time: 30_000,
			weights: QualityWeights { cadence: 1, continuity: 1, plausibility: 1, neighbours: 1 },
			threshold: ONE / 2,
			resolution: 4,
			min_neighbours: 1,
			copy_limit: 6,
		};
		NetworkPolicy {
			cell_resolution: 9,
			schemes: KeySchemes::ALL,
			location: LocationPolicy { cooldown: 60_000 },
			trust: TrustPolicy::EVERYONE,
			report: ReportPolicy {
				max_work_per_hour: 3_600,
				min_interval: 0,
				max_window: 3_600_000,
				max_age: 24 * 3_600_000,
				max_skew: 60_000,
			},
			quality: if self.neighbours { quality } else { QualityPolicy::OFF },
			coverage: None,
		}
	}

	/// Returns a metric of the networks, with every limit that costs a check.
	pub fn metric(number: u16) -> Metric {
		let text = |text: String| text.into_bytes().try_into().expect("the name is short; qed");
		Metric {
			name: text(format!("m{number}")),
			unit: b"Cel".to_vec().try_into().expect("the unit is short; qed"),
			decimals: 2,
			limits: MetricLimits {
				min: -10_000,
				max: 10_000,
				max_jump: Some(1_000),
				stuck_limit: Some(1_000),
				tolerance: Some(500),
			},
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use depin_primitives::report::{MAX_INLINE_READINGS, MAX_METRICS};

	#[test]
	fn the_chain_allows_every_shape() {
		for scenario in SCENARIOS {
			let (Work::Single(shape) | Work::Batches(shape)) = scenario.work else { continue };
			assert_eq!(shape.policy().check(), Ok(()), "{}", scenario.name);
			assert!((1..=MAX_METRICS).contains(&shape.metrics.into()), "{}", scenario.name);
			assert!(shape.readings <= MAX_INLINE_READINGS, "{}", scenario.name);
			assert!(shape.readings == 0 || shape.readings >= shape.metrics.into());
			(0..shape.metrics).for_each(|number| Shape::metric(number).check().unwrap());
		}
	}

	#[test]
	fn names_are_unique() {
		let mut names: Vec<_> = SCENARIOS.iter().map(|scenario| scenario.name).collect();
		names.sort();
		names.dedup();
		assert_eq!(names.len(), SCENARIOS.len());
	}
}
