//! Caps: bounds of the chain on the numbers of every network's policy.

use super::{NetworkPolicy, MAX_POLICY_TIME};
use crate::ids::Millis;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

const SECOND: Millis = 1_000;
const MINUTE: Millis = 60 * SECOND;
const HOUR: Millis = 60 * MINUTE;
const DAY: Millis = 24 * HOUR;

/// Caps on the numbers of every network's policy.
///
/// A new policy must be within the caps. A policy that is in force stays as it was written, and is
/// applied as [`PolicyCaps::clamp`] gives it, so that a change of a cap reaches every network at
/// once.
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
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase", deny_unknown_fields))]
pub struct PolicyCaps {
	/// Greatest `maxWorkPerHour`. The work of 768,000 devices that report 24 hours at the default
	/// cap still fits the 64 bits of a network's points.
	pub max_work_per_hour: u64,
	/// Least `minInterval`: the least time between two accepted reports of any device.
	pub least_interval: Millis,
	/// Greatest `minInterval`, and greatest `period` of the quality.
	pub max_interval: Millis,
	/// Greatest `maxWindow`.
	pub max_window: Millis,
	/// Greatest `maxAge`.
	pub max_age: Millis,
	/// Greatest `maxSkew`. A device whose last window ends in the future cannot be reaped before
	/// that window's end.
	pub max_skew: Millis,
	/// Greatest `cooldown` of locations.
	pub max_cooldown: Millis,
	/// Greatest `maxDistance` of a witness, in cells.
	pub max_distance: u32,
	/// Greatest `pointsPerUnit` of coverage.
	pub max_points_per_unit: u64,
}

/// Number of a policy that exceeds a cap.
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
pub enum ExceededCap {
	/// `maxWorkPerHour` above the cap.
	Work,
	/// `minInterval` below the least interval, or above the greatest.
	Interval,
	/// `maxWindow` above the cap.
	Window,
	/// `maxAge` above the cap.
	Age,
	/// `maxSkew` above the cap.
	Skew,
	/// `period` above the greatest interval.
	Period,
	/// `cooldown` above the cap.
	Cooldown,
	/// `maxDistance` above the cap.
	Distance,
	/// `pointsPerUnit` above the cap.
	Points,
}

impl PolicyCaps {
	/// Caps of a public network.
	pub const DEFAULT: Self = Self {
		max_work_per_hour: 1_000_000_000_000,
		least_interval: MINUTE,
		max_interval: 31 * DAY,
		max_window: DAY,
		max_age: 2 * DAY,
		max_skew: 10 * MINUTE,
		max_cooldown: 90 * DAY,
		max_distance: 100_000,
		max_points_per_unit: 1_000_000,
	};

	/// Widest caps that a chain can have, as [`PolicyCaps::bounded`] bounds them.
	pub const WIDEST: Self = Self {
		max_work_per_hour: u64::MAX,
		least_interval: 0,
		max_interval: MAX_POLICY_TIME,
		max_window: MAX_POLICY_TIME,
		max_age: MAX_POLICY_TIME,
		max_skew: HOUR,
		max_cooldown: MAX_POLICY_TIME,
		max_distance: u32::MAX,
		max_points_per_unit: u64::MAX,
	};

	/// Returns caps between these bounds, under which networks can work:
	///
	/// | cap | least | greatest |
	/// | --- | --- | --- |
	/// | work per hour, points per unit, distance | 1 | none |
	/// | least interval | 0 | 1 day |
	/// | greatest interval | 1 day | 365 days |
	/// | window, age | 1 hour | 365 days |
	/// | skew | 6 seconds | 1 hour |
	/// | cooldown | 0 | 365 days |
	///
	/// The skew has a low greatest value because a device can be credited with work of the future
	/// up to the skew.
	pub fn bounded(self) -> Self {
		Self {
			max_work_per_hour: self.max_work_per_hour.max(1),
			least_interval: self.least_interval.min(DAY),
			max_interval: self.max_interval.clamp(DAY, MAX_POLICY_TIME),
			max_window: self.max_window.clamp(HOUR, MAX_POLICY_TIME),
			max_age: self.max_age.clamp(HOUR, MAX_POLICY_TIME),
			max_skew: self.max_skew.clamp(6 * SECOND, HOUR),
			max_cooldown: self.max_cooldown.min(MAX_POLICY_TIME),
			max_distance: self.max_distance.max(1),
			max_points_per_unit: self.max_points_per_unit.max(1),
		}
	}

	/// Checks that a policy is within the caps, which must be [bounded](Self::bounded).
	pub fn check(&self, policy: &NetworkPolicy) -> Result<(), ExceededCap> {
		let (report, quality) = (&policy.report, &policy.quality);
		let intervals = self.least_interval..=self.max_interval;
		let within = |fits, exceeded| if fits { Ok(()) } else { Err(exceeded) };
		within(report.max_work_per_hour <= self.max_work_per_hour, ExceededCap::Work)?;
		within(intervals.contains(&report.min_interval), ExceededCap::Interval)?;
		within(report.max_window <= self.max_window, ExceededCap::Window)?;
		within(report.max_age <= self.max_age, ExceededCap::Age)?;
		within(report.max_skew <= self.max_skew, ExceededCap::Skew)?;
		within(quality.period <= self.max_interval, ExceededCap::Period)?;
		within(policy.location.cooldown <= self.max_cooldown, ExceededCap::Cooldown)?;
		let Some(coverage) = &policy.coverage else { return Ok(()) };
		within(coverage.max_distance <= self.max_distance, ExceededCap::Distance)?;
		within(coverage.points_per_unit <= self.max_points_per_unit, ExceededCap::Points)
	}

	/// Returns the policy with each number that exceeds its cap set to the cap, which must be
	/// [bounded](Self::bounded). A policy that can be met stays one that can be met.
	///
	/// A reporting period below the least interval becomes the least interval, because no device
	/// could report as often as that period asks.
	pub fn clamp(&self, mut policy: NetworkPolicy) -> NetworkPolicy {
		let (report, quality) = (&mut policy.report, &mut policy.quality);
		report.max_work_per_hour = report.max_work_per_hour.min(self.max_work_per_hour);
		report.min_interval = report.min_interval.clamp(self.least_interval, self.max_interval);
		report.max_window = report.max_window.min(self.max_window);
		report.max_age = report.max_age.min(self.max_age);
		report.max_skew = report.max_skew.min(self.max_skew);
		let least_period = self.least_interval.max(1);
		quality.period = quality.period.clamp(least_period, self.max_interval);
		quality.on_time = quality.on_time.min(report.max_age);
		policy.location.cooldown = policy.location.cooldown.min(self.max_cooldown);
		if let Some(coverage) = &mut policy.coverage {
			coverage.max_distance = coverage.max_distance.min(self.max_distance);
			coverage.min_distance = coverage.min_distance.min(coverage.max_distance);
			coverage.points_per_unit = coverage.points_per_unit.min(self.max_points_per_unit);
		}
		policy
	}
}
