//! Challenge clock, and the challenges that derive from it.

use crate::{
	types::*, Clock, Config, CurrentPeriod, Full, Pallet, Rounds, Timing, Uncleared, WeightInfo,
};
use alloc::vec::Vec;
use codec::Encode;
use depin_primitives::{
	beacon::{ChallengePhase, ChallengeRecord, CoverageError, CoverageScore},
	hashing::blake2_256,
	refusal::Refusal,
	traits::Devices,
	DeviceId,
};
use frame_support::{
	dispatch::DispatchClass,
	traits::{Get, Randomness, Time},
	weights::{Weight, WeightMeter},
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
	pub(crate) fn update_fullness() {
		let full = Self::is_full();
		if full != Full::<T>::get() {
			Full::<T>::put(full);
		}
	}

	/// Tells if the block has no room left for the messages of a challenge, by one of the limits
	/// that `CheckWeight` sets them: the weight of their class, the weight of all classes together,
	/// and the bytes of all extrinsics.
	///
	/// Weight without a fee counts only up to [`Config::FreeShare`]. Otherwise anyone could stop
	/// the clock of all networks with reports of their own devices, which cost nothing.
	#[allow(
		clippy::arithmetic_side_effects,
		reason = "a `Perbill` of a number is at most that number"
	)]
	fn is_full() -> bool {
		let limits = T::BlockWeights::get();
		let limit = T::FullBlock::get();
		let exceeds = |used: Weight, most: Weight| {
			used.ref_time() > limit * most.ref_time()
				|| used.proof_size() > limit * most.proof_size()
		};
		let of_class = limits.get(DispatchClass::Normal).max_total.unwrap_or(limits.max_block);
		let bytes = *T::BlockLength::get().max.get(DispatchClass::Normal);
		let free_limit = T::FreeShare::get() * of_class.ref_time();
		let not_counted = T::FreeWeight::get().ref_time().saturating_sub(free_limit);
		let consumed = frame_system::Pallet::<T>::block_weight();
		let counted = |used: Weight| used.saturating_sub(Weight::from_parts(not_counted, 0));
		exceeds(counted(*consumed.get(DispatchClass::Normal)), of_class)
			|| exceeds(counted(consumed.total()), limits.max_block)
			|| frame_system::Pallet::<T>::block_size() > limit * bytes
	}

	/// Removes rounds of past periods, the oldest first, as long as the meter has weight left. A
	/// round takes a step, and so does the end of a period without further rounds. There are at
	/// most [`CLEAR_LIMIT`] steps, whatever the number of rounds is.
	pub(crate) fn clear_rounds(meter: &mut WeightMeter) {
		let step = T::WeightInfo::clear_rounds(1).saturating_sub(T::WeightInfo::clear_rounds(0));
		if meter.try_consume(T::WeightInfo::clear_rounds(0)).is_err() {
			return;
		}
		let Some(current) = CurrentPeriod::<T>::get() else { return };
		let mut oldest = Uncleared::<T>::get();
		// The iterator goes on from the key before: to begin anew at each step would mean to pass
		// all keys that this block has removed.
		let mut devices = Rounds::<T>::iter_key_prefix(oldest);
		for _ in 0..CLEAR_LIMIT {
			if oldest >= current.number || meter.try_consume(step).is_err() {
				break;
			}
			match devices.next() {
				Some(device) => Rounds::<T>::remove(oldest, device),
				None => {
					oldest = oldest.saturating_add(1);
					Uncleared::<T>::put(oldest);
					devices = Rounds::<T>::iter_key_prefix(oldest);
				}
			}
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
		let witnesses = Self::round(&device, &period)
			.map_or_else(Vec::new, |round| round.iter().map(|each| each.report.witness).collect());
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
		T::Devices::part::<Option<CoverageScore>>(&device).flatten()
	}
}
