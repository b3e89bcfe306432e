//! Challenge clock, and the challenges that derive from it.

use crate::{types::*, Clock, Config, CurrentPeriod, Full, Pallet, Scores, Timing};
use alloc::vec::Vec;
use codec::Encode;
use depin_primitives::{
	beacon::{ChallengePhase, ChallengeRecord, CoverageError, CoverageScore},
	hashing::blake2_256,
	refusal::Refusal,
	DeviceId,
};
use frame_support::{
	dispatch::DispatchClass,
	traits::{Get, Randomness, Time},
};

impl<T: Config> Pallet<T> {
	/// Advances the clock by a tick, and opens a period when the last one is over. The cost is the
	/// same for any number of devices.
	pub(crate) fn advance() {
		let ClockState { tick, seed } = Clock::<T>::get();
		// At a tick every six seconds, 32 bits last for eight centuries.
		let tick = tick.saturating_add(1);
		let seed = match T::Randomness::random(b"depin:coverage").0 {
			Some(random) => (seed, random).using_encoded(blake2_256),
			None => seed.using_encoded(blake2_256),
		};
		Clock::<T>::put(ClockState { tick, seed });

		let number = match CurrentPeriod::<T>::get() {
			Some(period) if tick < period.ends_at() => return,
			Some(period) => period.number.saturating_add(1),
			None => 0,
		};
		CurrentPeriod::<T>::put(PeriodInfo {
			number,
			starts_at: tick,
			started: T::Time::now(),
			seed,
			timing: Timing::<T>::get(),
		});
	}

	/// Stores whether the block, which is at its end, was full. Writes only a change.
	#[allow(
		clippy::arithmetic_side_effects,
		reason = "a `Perbill` of a number is at most that number"
	)]
	pub(crate) fn update_fullness() {
		let limits = T::BlockWeights::get();
		let most = limits.get(DispatchClass::Normal).max_total.unwrap_or(limits.max_block);
		let used = *frame_system::Pallet::<T>::block_weight().get(DispatchClass::Normal);
		let limit = T::FullBlock::get();
		let full = used.ref_time() > limit * most.ref_time()
			|| used.proof_size() > limit * most.proof_size();
		if full != Full::<T>::get() {
			Full::<T>::put(full);
		}
	}

	/// Returns the device's challenge of the current period.
	pub fn challenge(device: DeviceId) -> Result<ChallengeRecord, Refusal<CoverageError>> {
		let view = Self::active_device(&device)?;
		Self::coverage_policy(view.network)?;
		let period = CurrentPeriod::<T>::get().ok_or(CoverageError::TooEarly)?;
		let tick = Clock::<T>::get().tick;
		let Window { opens_at, reveals_at, closes_at } = period.window(&device);
		let phase = if Self::has_answered(&device, &period) {
			ChallengePhase::Judged
		} else if tick < opens_at {
			ChallengePhase::Waiting
		} else if tick < reveals_at {
			ChallengePhase::Committing
		} else if tick < closes_at {
			ChallengePhase::Revealing
		} else {
			ChallengePhase::Missed
		};
		let witnesses = Self::round(&device, &period).map_or_else(Vec::new, |round| {
			round.witnesses.iter().map(|each| each.report.witness).collect()
		});
		Ok(ChallengeRecord {
			device,
			period: period.number,
			nonce: period.nonce(&device),
			tick,
			opens_at,
			reveals_at,
			closes_at,
			phase,
			witnesses,
		})
	}

	/// Returns the device's counts of answered and missed challenges; `None` before its first
	/// answer.
	pub fn score(device: DeviceId) -> Option<CoverageScore> {
		Scores::<T>::get(device)
	}
}
