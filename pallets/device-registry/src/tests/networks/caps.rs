//! Chain-wide caps on the numbers of policies.

use super::*;
use depin_primitives::policy::PolicyCaps;
use depin_test_kit::HOUR;

/// Caps that [`policy`] is within, and each of which one step exceeds.
fn caps() -> PolicyCaps {
	let NetworkPolicy { location, report, coverage, .. } = policy();
	let coverage = coverage.unwrap();
	PolicyCaps {
		max_work_per_hour: report.max_work_per_hour,
		least_interval: report.min_interval,
		max_interval: 24 * HOUR,
		max_window: report.max_window,
		max_age: report.max_age,
		max_skew: report.max_skew,
		max_cooldown: location.cooldown,
		max_distance: coverage.max_distance,
		max_points_per_unit: coverage.points_per_unit,
	}
}

#[test]
fn a_policy_beyond_a_cap_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		VotedCaps::set(caps());
		let id = create_network();
		assert_ok!(change(id, None, BOND, policy()));
		let refused = |exceed: fn(&mut NetworkPolicy), error: fn() -> Error<Test>| {
			let mut policy = policy();
			exceed(&mut policy);
			assert_noop!(create(ADMIN, None, policy), error());
			assert_noop!(change(id, None, BOND, policy), error());
		};
		refused(|p| p.report.max_work_per_hour += 1, || Error::WorkAboveCap);
		refused(|p| p.report.min_interval -= 1, || Error::IntervalOutOfCaps);
		refused(|p| p.report.min_interval = 24 * HOUR + 1, || Error::IntervalOutOfCaps);
		refused(|p| p.report.max_window += 1, || Error::WindowAboveCap);
		refused(|p| p.report.max_age += 1, || Error::AgeAboveCap);
		refused(|p| p.report.max_skew += 1, || Error::SkewAboveCap);
		refused(|p| p.quality.period = 24 * HOUR + 1, || Error::PeriodAboveCap);
		refused(|p| p.location.cooldown += 1, || Error::CooldownAboveCap);
		refused(|p| p.coverage.as_mut().unwrap().max_distance += 1, || Error::DistanceAboveCap);
		refused(|p| p.coverage.as_mut().unwrap().points_per_unit += 1, || Error::PointsAboveCap);
	});
}

/// A lower cap applies at once to the networks that exist, and a higher one gives them back the
/// numbers that their admins set.
#[test]
fn a_change_of_a_cap_reaches_every_network_at_once() {
	ExtBuilder::default().build_and_execute(|| {
		let id = create_network();
		assert_ok!(change(id, None, BOND, policy()));
		let tight = PolicyCaps { max_work_per_hour: 7, least_interval: 2 * HOUR, ..caps() };
		VotedCaps::set(tight);
		let clamped = view(id).unwrap().policy;
		assert_eq!(clamped, tight.clamp(policy()));
		assert_eq!(clamped.report.max_work_per_hour, 7);
		assert_eq!(clamped.report.min_interval, 2 * HOUR);
		// The record shows what is applied, now and next.
		let record = Registry::network_record(id).unwrap();
		assert_eq!(record.rules.policy, clamped);
		assert_eq!(record.next.unwrap().1.policy, clamped);

		// A write of the network keeps the numbers of its admin.
		assert_ok!(Registry::set_network_paused(signed(ADMIN), id, true));
		VotedCaps::set(PolicyCaps::DEFAULT);
		assert_eq!(view(id).unwrap().policy, policy());
	});
}

/// The registry applies the cap on the cooldown itself.
#[test]
fn the_cooldown_of_locations_is_capped() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::ed25519(1));
		let assert = || Registry::assert_location(signed(ALICE), id, away());
		Timestamp::set_timestamp(NOW + COOLDOWN / 2);
		assert_noop!(assert(), Error::<Test>::LocationCooldown);
		VotedCaps::set(PolicyCaps { max_cooldown: COOLDOWN / 2, ..PolicyCaps::DEFAULT });
		assert_ok!(assert());
	});
}
