//! Quality of a report: each part by itself, and all together.

mod cadence;
mod continuity;
mod neighbours;
mod plausibility;
mod total;

use super::*;
use crate::types::{Tally, MAX_SAMPLES, SLOTS};
use depin_primitives::{
	metric::MetricLimits,
	network::NetworkKind,
	policy::{NetworkPolicy, QualityPolicy, QualityWeights, ReportPolicy, ONE},
	quality::{Perbill, Quality, Reason, Score, SCORE_PERIODS},
	report::{Reading, Report},
	Cell, Millis, H256,
};
use frame_support::assert_ok;

const ON_TIME: Millis = 10 * MINUTE;
const AGE: Millis = 2 * HOUR;
const EACH: QualityWeights =
	QualityWeights { cadence: 1, continuity: 1, plausibility: 1, neighbours: 1 };

const RULES: QualityPolicy = QualityPolicy {
	period: HOUR,
	on_time: ON_TIME,
	weights: EACH,
	threshold: 0,
	resolution: 5,
	min_neighbours: 2,
	copy_limit: 3,
};

/// The start of a tally of the tests' clock.
const DAY: Millis = START - START % (SCORE_PERIODS * HOUR);

fn percent(of: u32) -> Perbill {
	Perbill::from_percent(of)
}

fn limit(id: u16, limits: MetricLimits) {
	assert_ok!(Attestation::update_metric(RuntimeOrigin::signed(OWNER), NETWORK, id, limits));
}

fn anything() -> MetricLimits {
	metric().limits
}

fn rule(quality: QualityPolicy) {
	let report = ReportPolicy { max_age: AGE, min_interval: 0, ..POLICY.report };
	Registry::set_policy(NETWORK, NetworkPolicy { report, quality, ..POLICY });
}

/// Runs a test under the rules, at the start of a tally.
fn under(quality: QualityPolicy, test: impl FnOnce()) {
	build_and_execute(|| {
		rule(quality);
		set_now(DAY);
		test();
	});
}

/// Sends it and gives what it was worth, and the points.
#[track_caller]
fn send(signer: &Signer, report: Report, readings: Option<Readings>) -> (Quality, u64) {
	let flags = if readings.is_some() { ReportFlags::INLINE } else { ReportFlags::NONE };
	let signed = signer.sign(Report { flags, ..report });
	assert_ok!(Attestation::submit_report(RuntimeOrigin::signed(GATEWAY), signed, readings));
	let told = Attestation::accepted_reports().pop().unwrap();
	(told.quality, told.points)
}

/// Readings of one metric, one a minute, up to this time.
fn series(metric: u16, end: Millis, values: &[i64]) -> Readings {
	let count = values.len() as u64;
	let reading = |(at, value): (u64, &i64)| Reading {
		time: end - (count - at) * 1_000,
		metric,
		value: *value,
	};
	(0..).zip(values).map(reading).collect::<Vec<_>>().try_into().unwrap()
}

/// The report of the hour that ends now, with these readings of a metric.
fn hourly(signer: &Signer, metric: u16, values: &[i64]) -> (Report, Readings) {
	let readings = series(metric, now(), values);
	let report = Report { window_start: now() - HOUR, ..signer.report() };
	(with_readings(report, &readings), readings)
}

fn score(signer: &Signer) -> Score {
	Attestation::device_score(signer.id()).unwrap().current
}
