//! Stored types, and the place of a device's challenge in a period.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use depin_primitives::{
	beacon::{Period, Tick, WitnessReport, MAX_WITNESSES},
	hashing::blake2_256,
	DeviceId, Millis, H256,
};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;

/// Greatest length of a period, in ticks: thirty days, at a tick every six seconds. New timing
/// rules wait for the end of the period, and so does the removal of a device that has been
/// challenged in it.
pub const MAX_PERIOD_TICKS: Tick = 432_000;

/// Greatest number of rounds of past periods that are removed in one block. In a period of *n*
/// ticks that is room for 256 × *n* rounds that were never revealed; if there are more, they wait
/// longer.
pub const CLEAR_LIMIT: u32 = 256;

/// Fault of timing rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimingError {
	/// Commit window or reveal window without a tick.
	EmptyWindow,
	/// Period that is not longer than the two windows of a challenge together.
	PeriodTooShort,
	/// Period of more than [`MAX_PERIOD_TICKS`].
	PeriodTooLong,
}

impl TimingError {
	/// Returns the rule that is broken.
	pub fn rule(self) -> &'static str {
		match self {
			Self::EmptyWindow => {
				"a challenge needs at least a tick to commit in and a tick to reveal in"
			}
			Self::PeriodTooShort => {
				"a period must be longer than the windows of a challenge together"
			}
			Self::PeriodTooLong => "a period has at most MAX_PERIOD_TICKS ticks",
		}
	}
}

/// Lengths of a period and of a challenge's two windows, in ticks.
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
	/// Length of a period, in which each device is challenged once.
	pub period_ticks: Tick,
	/// Length of the commit window, in which witnesses commit.
	pub commit_ticks: Tick,
	/// Length of the reveal window, in which the beaconer reveals. It follows the commit window.
	pub reveal_ticks: Tick,
}

impl Default for TimingRules {
	/// Returns the timing of Helium's IoT network at a tick every six seconds: a beacon in six
	/// hours, with two minutes to commit and five to reveal.
	fn default() -> Self {
		Self { period_ticks: 3600, commit_ticks: 20, reveal_ticks: 50 }
	}
}

impl TimingRules {
	/// Checks that every challenge has its two windows, and more than one position in the period,
	/// which is no longer than [`MAX_PERIOD_TICKS`].
	pub fn check(&self) -> Result<(), TimingError> {
		if self.commit_ticks == 0 || self.reveal_ticks == 0 {
			return Err(TimingError::EmptyWindow);
		}
		match self.commit_ticks.checked_add(self.reveal_ticks) {
			Some(challenge) if challenge < self.period_ticks => {}
			_ => return Err(TimingError::PeriodTooShort),
		}
		if self.period_ticks > MAX_PERIOD_TICKS {
			return Err(TimingError::PeriodTooLong);
		}
		Ok(())
	}

	/// Returns the number of ticks of a period in which a challenge can open. At least one.
	fn positions(&self) -> u64 {
		// 64 bits hold the sum of two 32-bit numbers; qed.
		let challenge = u64::from(self.commit_ticks).saturating_add(self.reveal_ticks.into());
		u64::from(self.period_ticks).saturating_sub(challenge).saturating_add(1)
	}
}

/// State of the challenge clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct ClockState {
	/// Number of the last tick; 0 before the first.
	pub tick: Tick,
	/// Hash chain over the randomness of all ticks so far.
	pub seed: H256,
}

/// Challenge period. The challenges of all devices derive from it, so that the chain stores none of
/// them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct PeriodInfo {
	/// Number of the period; the first is 0.
	pub number: Period,
	/// First tick of the period.
	pub starts_at: Tick,
	/// Time of the chain's clock in the first tick. Before it only the authors of that block and of
	/// its parent can have known the seed.
	pub started: Millis,
	/// Seed of the clock in the first tick.
	pub seed: H256,
	/// Timing rules when the period began. They hold until it ends.
	pub timing: TimingRules,
}

/// Ticks of a device's challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
	/// First tick in which commitments are accepted.
	pub opens_at: Tick,
	/// First tick in which commitments are refused, and the payload can be revealed.
	pub reveals_at: Tick,
	/// First tick in which it is too late to reveal.
	pub closes_at: Tick,
}

impl PeriodInfo {
	/// Returns the first tick after the period.
	pub fn ends_at(&self) -> Tick {
		self.starts_at.saturating_add(self.timing.period_ticks)
	}

	/// Returns the ticks of this device's challenge in the period. Each position in the period is
	/// equally likely, but for a bias below 2⁻³².
	pub fn window(&self, device: &DeviceId) -> Window {
		let [a, b, c, d, e, f, g, h, ..] = (self.seed, device).using_encoded(blake2_256).0;
		let random = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
		// There is at least one position, and there are at most as many as ticks in the period,
		// which fit a `Tick`; qed.
		let offset = random.checked_rem(self.timing.positions()).unwrap_or_default();
		let opens_at = self.starts_at.saturating_add(offset as Tick);
		let reveals_at = opens_at.saturating_add(self.timing.commit_ticks);
		let closes_at = reveals_at.saturating_add(self.timing.reveal_ticks);
		Window { opens_at, reveals_at, closes_at }
	}

	/// Returns the nonce that this device signs in the period, with its id and the period's number.
	pub fn nonce(&self, device: &DeviceId) -> H256 {
		(self.seed, device, *b"nonce").using_encoded(blake2_256)
	}
}

/// Commitment of a witness, stored until the beaconer reveals or the period is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Commitment {
	/// Report of the witness.
	pub report: WitnessReport,
	/// Time of the chain's clock when the report was accepted.
	pub received_at: Millis,
}

/// Commitments to one beacon in the order in which they were accepted, at most one of each witness.
/// The bound is part of the encoding: stored rounds with more entries would no longer decode if it
/// were lowered.
pub type Round = BoundedVec<Commitment, ConstU32<MAX_WITNESSES>>;
