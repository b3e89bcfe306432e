//! What the pallet stores.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use depin_primitives::{
	beacon::{Period, Tick, WitnessReport, MAX_WITNESSES},
	hashing::blake2_256,
	DeviceId, Millis, H256,
};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;

/// The lengths of a period and of a challenge's two windows, in ticks.
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
pub struct TimingRules {
	/// The length of a period: each device is challenged once in it.
	pub period_ticks: Tick,
	/// How long witnesses can commit.
	pub commit_ticks: Tick,
	/// How long the beaconer can reveal after that.
	pub reveal_ticks: Tick,
}

impl Default for TimingRules {
	/// At a tick each six seconds: one beacon in six hours, as on Helium's IoT network, two minutes to
	/// commit and five to reveal.
	fn default() -> Self {
		Self { period_ticks: 3600, commit_ticks: 20, reveal_ticks: 50 }
	}
}

impl TimingRules {
	/// Whether every challenge has its two windows, and more than one place in the period.
	pub fn check(&self) -> Result<(), &'static str> {
		if self.commit_ticks == 0 || self.reveal_ticks == 0 {
			return Err("a challenge needs at least a tick to commit in and a tick to reveal in");
		}
		match self.commit_ticks.checked_add(self.reveal_ticks) {
			Some(challenge) if challenge < self.period_ticks => Ok(()),
			_ => Err("a period must be longer than the windows of a challenge together"),
		}
	}

	/// In how many ticks of a period a challenge can open.
	fn places(&self) -> u64 {
		let challenge = u64::from(self.commit_ticks) + u64::from(self.reveal_ticks);
		u64::from(self.period_ticks).saturating_sub(challenge) + 1
	}
}

/// The challenge clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct ClockState {
	/// The last tick; 0 before the first.
	pub tick: Tick,
	/// The randomness of all ticks so far, chained together.
	pub seed: H256,
}

/// A challenge period: all that the challenges of any number of devices derive from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct PeriodInfo {
	/// Its number; the first is 0.
	pub number: Period,
	/// Its first tick.
	pub starts_at: Tick,
	/// The chain's clock in its first tick: nobody but that block's and its parent's authors can have
	/// known the seed before.
	pub started: Millis,
	/// The clock's seed in its first tick.
	pub seed: H256,
	/// The rules when it began. They hold until it ends.
	pub timing: TimingRules,
}

/// When a device's challenge takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
	/// The first tick in which commitments are taken.
	pub opens_at: Tick,
	/// The first tick in which they are not, and the payload can be revealed.
	pub reveals_at: Tick,
	/// The first tick in which it is too late to reveal.
	pub closes_at: Tick,
}

impl PeriodInfo {
	/// The first tick after the period.
	pub fn ends_at(&self) -> Tick {
		self.starts_at.saturating_add(self.timing.period_ticks)
	}

	/// When this device is challenged in the period.
	pub fn window(&self, device: &DeviceId) -> Window {
		let [a, b, c, d, e, f, g, h, ..] = (self.seed, device).using_encoded(blake2_256).0;
		let offset = u64::from_le_bytes([a, b, c, d, e, f, g, h]) % self.timing.places();
		// There are at most as many places as ticks in the period, which fit a `Tick`.
		let opens_at = self.starts_at.saturating_add(offset as Tick);
		let reveals_at = opens_at.saturating_add(self.timing.commit_ticks);
		let closes_at = reveals_at.saturating_add(self.timing.reveal_ticks);
		Window { opens_at, reveals_at, closes_at }
	}

	/// What this device signs in the period, with its id and the period's number.
	pub fn nonce(&self, device: &DeviceId) -> H256 {
		(self.seed, device, *b"nonce").using_encoded(blake2_256)
	}
}

/// A witness's commitment, as it is kept until the beaconer reveals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Commitment {
	/// What the witness says.
	pub report: WitnessReport,
	/// The chain's clock when it said so.
	pub received_at: Millis,
}

/// The commitments to one beacon, in the order in which they came.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Round {
	/// The period of the challenge.
	pub period: Period,
	/// The witnesses, each once.
	pub witnesses: BoundedVec<Commitment, ConstU32<MAX_WITNESSES>>,
}

impl Round {
	/// The round of a challenge that nobody has witnessed yet.
	pub fn new(period: Period) -> Self {
		Self { period, witnesses: BoundedVec::new() }
	}
}
