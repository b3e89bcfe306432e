//! Total quality: weights, threshold and points.

use super::*;

fn weighed(weights: QualityWeights, threshold: u32) -> (Quality, u64) {
	let mut done = None;
	under(QualityPolicy { weights, threshold, ..RULES }, || {
		// Three quarters of cadence, nothing of plausibility.
		limit(0, MetricLimits { min: 1, ..anything() });
		set_now(DAY + ON_TIME + (AGE - ON_TIME) / 4);
		let readings = series(0, DAY, &[0]);
		let report = with_readings(alice().report_until(DAY), &readings);
		done = Some(send(&alice(), Report { work: 60, ..report }, None));
	});
	done.unwrap()
}

fn weights(cadence: u8, continuity: u8, plausibility: u8) -> QualityWeights {
	QualityWeights { cadence, continuity, plausibility, neighbours: 9 }
}

#[test]
fn total_quality_is_the_mean_by_the_quality_weights() {
	for (of, total, points) in [
		(weights(1, 0, 0), 750_000_000, 45),
		(weights(0, 1, 0), ONE, 60),
		(weights(0, 0, 1), 0, 0),
		(weights(1, 0, 1), 375_000_000, 22),
		(weights(1, 1, 1), 583_333_333, 34),
		(weights(2, 0, 1), 500_000_000, 30),
		(weights(255, 255, 255), 583_333_333, 34),
		// Neighbours, of whom there are none, weigh nothing.
		(weights(0, 0, 0), ONE, 60),
	] {
		let (quality, got) = weighed(of, 0);
		assert_eq!((quality.total, got), (Perbill::from_parts(total), points));
		assert_eq!(quality.reasons.0.to_vec(), [Reason::Late, Reason::OutOfBounds]);
	}
}

#[test]
fn quality_below_the_threshold_earns_nothing() {
	let (quality, points) = weighed(weights(2, 0, 1), ONE / 2);
	assert_eq!((quality.total, points), (percent(50), 30));
	let (quality, points) = weighed(weights(2, 0, 1), ONE / 2 + 1);
	assert_eq!((quality.total, points), (percent(50), 0));
	assert!(quality.reasons.has(Reason::BelowThreshold));
}

#[test]
fn capped_work_has_its_reason() {
	under(RULES, || {
		let report = Report { work: 61, ..alice().report() };
		let (quality, points) = send(&alice(), report, None);
		assert_eq!((quality.total, points), (Perbill::one(), 60));
		assert_eq!(quality.reasons.0.to_vec(), [Reason::WorkCapped]);
	});
	under(RULES, || {
		Registry::set_kind(NETWORK, NetworkKind::Sensor);
		let (report, _) = hourly(&alice(), 0, &[1, 2, 3]);
		let (quality, points) = send(&alice(), Report { work: 4, ..report }, None);
		assert_eq!(points, 3);
		assert_eq!(quality.reasons.0.to_vec(), [Reason::WorkCapped]);
	});
}

#[test]
fn total_quality_is_one_if_nothing_is_scored() {
	under(QualityPolicy { on_time: 0, ..QualityPolicy::OFF }, || {
		set_now(DAY + AGE / 2);
		let (quality, points) = send(&alice(), alice().report_until(DAY), None);
		assert_eq!((quality.total, points), (Perbill::one(), 10));
	});
}
