//! Score of a device, openings of its last readings, and pruning of the neighbours' buckets.

use crate::{types::PRUNE_LIMIT, Buckets, Config, Pallet, PruneCursor, WeightInfo};
use depin_primitives::{
	proof::{ProofError, ReadingProof},
	quality::{DeviceScore, Score},
	DeviceId,
};
use frame_support::{traits::Time, weights::WeightMeter};

impl<T: Config> Pallet<T> {
	/// Returns the device's score; `None` if it has not reported.
	pub fn device_score(device: DeviceId) -> Option<DeviceScore> {
		let state = Self::device_state(&device)?;
		Some(DeviceScore {
			current: Score::from(&state.tally),
			previous: state.previous_score.map(Score::from),
			window_end: state.last.window_end,
			accepted_at: state.last.accepted_at,
		})
	}

	/// Checks that the device's last report, which must be of this sequence, commits to the
	/// reading. Any other report is [`ProofError::UnknownReport`]: each report names the hash of
	/// the one before, so that the last one's hash authenticates all of them.
	pub fn check_reading(
		device: DeviceId,
		sequence: u64,
		proof: &ReadingProof,
	) -> Result<(), ProofError> {
		let last = Self::last_report(device).filter(|last| last.sequence == sequence);
		let last = last.ok_or(ProofError::UnknownReport)?;
		proof.verify_root(&last.readings_root, last.readings_count)
	}

	/// Removes buckets with which no report is compared any more. Inspects at most [`PRUNE_LIMIT`]
	/// buckets, as long as the meter has weight left, and starts from the first again after the
	/// last.
	pub(crate) fn prune(meter: &mut WeightMeter) {
		let each = T::WeightInfo::prune(1).saturating_sub(T::WeightInfo::prune(0));
		if meter.try_consume(T::WeightInfo::prune(0)).is_err() {
			return;
		}
		for _ in 0..PRUNE_LIMIT {
			if meter.try_consume(each).is_err() || !Self::prune_next() {
				break;
			}
		}
	}

	/// Inspects the bucket after the cursor, and removes it if it is useless. Returns false if
	/// there was none left; then the next call starts from the first.
	pub(crate) fn prune_next() -> bool {
		let mut buckets = match PruneCursor::<T>::get() {
			Some(key) => Buckets::<T>::iter_from(Buckets::<T>::hashed_key_for(key)),
			None => Buckets::<T>::iter(),
		};
		let Some((key, bucket)) = buckets.next() else {
			PruneCursor::<T>::kill();
			return false;
		};
		PruneCursor::<T>::put(key);
		if bucket.until <= T::Time::now() {
			Buckets::<T>::remove(key);
		}
		true
	}
}
