//! Caps on the numbers of policies.

use depin_primitives::policy::{
	CoveragePolicy, ExceededCap, LocationPolicy, NetworkPolicy, PolicyCaps, QualityPolicy,
	ReportPolicy, MAX_POLICY_TIME,
};

const CAPS: PolicyCaps = PolicyCaps {
	max_work_per_hour: 100,
	least_interval: 60_000,
	max_interval: 86_400_000,
	max_window: 3_600_000,
	max_age: 7_200_000,
	max_skew: 10_000,
	max_cooldown: 500_000,
	max_distance: 40,
	max_points_per_unit: 9,
};

/// Policy with every number at its cap.
const AT_CAPS: NetworkPolicy = NetworkPolicy {
	location: LocationPolicy { cooldown: 500_000 },
	report: ReportPolicy {
		max_work_per_hour: 100,
		min_interval: 86_400_000,
		max_window: 3_600_000,
		max_age: 7_200_000,
		max_skew: 10_000,
	},
	quality: QualityPolicy { period: 86_400_000, on_time: 7_200_000, ..QualityPolicy::OFF },
	coverage: Some(CoveragePolicy {
		min_distance: 1,
		max_distance: 40,
		min_frequency: 1,
		max_frequency: u32::MAX,
		points_per_unit: 9,
	}),
	..NetworkPolicy::OPEN
};

/// Returns [`AT_CAPS`] after a change.
fn changed(change: impl FnOnce(&mut NetworkPolicy)) -> NetworkPolicy {
	let mut policy = AT_CAPS;
	change(&mut policy);
	policy
}

fn coverage(policy: &mut NetworkPolicy) -> &mut CoveragePolicy {
	policy.coverage.as_mut().unwrap()
}

/// One step beyond each cap is refused by the name of the number, and clamped back to the cap.
#[test]
fn each_cap_holds_to_the_unit() {
	assert_eq!(CAPS.bounded(), CAPS);
	assert_eq!(CAPS.check(&AT_CAPS), Ok(()));
	assert_eq!(CAPS.clamp(AT_CAPS), AT_CAPS);
	for (beyond, exceeded) in [
		(changed(|p| p.report.max_work_per_hour += 1), ExceededCap::Work),
		(changed(|p| p.report.min_interval += 1), ExceededCap::Interval),
		(changed(|p| p.report.max_window += 1), ExceededCap::Window),
		(changed(|p| p.report.max_age += 1), ExceededCap::Age),
		(changed(|p| p.report.max_skew += 1), ExceededCap::Skew),
		(changed(|p| p.quality.period += 1), ExceededCap::Period),
		(changed(|p| p.location.cooldown += 1), ExceededCap::Cooldown),
		(changed(|p| coverage(p).max_distance += 1), ExceededCap::Distance),
		(changed(|p| coverage(p).points_per_unit += 1), ExceededCap::Points),
	] {
		assert_eq!(CAPS.check(&beyond), Err(exceeded));
		assert_eq!(CAPS.clamp(beyond), AT_CAPS);
	}
	let lowest = changed(|p| p.report.min_interval = 60_000);
	assert_eq!((CAPS.check(&lowest), CAPS.clamp(lowest)), (Ok(()), lowest));
	let below = changed(|p| p.report.min_interval = 59_999);
	assert_eq!((CAPS.check(&below), CAPS.clamp(below)), (Err(ExceededCap::Interval), lowest));
}

/// Numbers that depend on a clamped one are clamped with it, so that the policy can still be met.
#[test]
fn a_clamped_policy_can_be_met() {
	let policy = changed(|p| {
		(p.report.max_age, p.quality.on_time) = (MAX_POLICY_TIME, MAX_POLICY_TIME);
		(p.report.min_interval, p.quality.period) = (0, 1);
		(coverage(p).min_distance, coverage(p).max_distance) = (50, 60);
	});
	assert_eq!(policy.check(), Ok(()));
	let clamped = CAPS.clamp(policy);
	assert_eq!(clamped.check(), Ok(()));
	assert_eq!(CAPS.check(&clamped), Ok(()));
	// No device could report more often than the least interval allows.
	assert_eq!(clamped.quality.period, CAPS.least_interval);
	assert_eq!(clamped.quality.on_time, CAPS.max_age);
	let coverage = clamped.coverage.unwrap();
	assert_eq!((coverage.min_distance, coverage.max_distance), (40, 40));
}

/// No caps, however they are voted, make a policy unusable.
#[test]
fn caps_are_bounded() {
	let nothing = PolicyCaps {
		max_work_per_hour: 0,
		least_interval: u64::MAX,
		max_interval: 0,
		max_window: 0,
		max_age: 0,
		max_skew: 0,
		max_cooldown: 0,
		max_distance: 0,
		max_points_per_unit: 0,
	};
	let anything = PolicyCaps {
		max_work_per_hour: u64::MAX,
		least_interval: 0,
		max_interval: u64::MAX,
		max_window: u64::MAX,
		max_age: u64::MAX,
		max_skew: u64::MAX,
		max_cooldown: u64::MAX,
		max_distance: u32::MAX,
		max_points_per_unit: u64::MAX,
	};
	for caps in [nothing, anything, CAPS, PolicyCaps::DEFAULT] {
		let caps = caps.bounded();
		assert_eq!(caps.bounded(), caps);
		assert!(caps.least_interval <= caps.max_interval);
		for policy in [NetworkPolicy::OPEN, AT_CAPS] {
			let clamped = caps.clamp(policy);
			assert_eq!((clamped.check(), caps.check(&clamped)), (Ok(()), Ok(())));
			assert_eq!(caps.clamp(clamped), clamped);
		}
	}
	assert!(nothing.bounded().max_window >= 3_600_000);
	assert_eq!(anything.bounded(), PolicyCaps::WIDEST);
	assert_eq!(PolicyCaps::WIDEST.max_skew, 3_600_000);
	assert_eq!(PolicyCaps::DEFAULT.bounded(), PolicyCaps::DEFAULT);
}
