//! What the chain can still say of what devices did, and what it forgets.

use crate::{Buckets, Config, Pallet, PruneCursor, Records, WeightInfo};
use depin_primitives::{
	proof::{ProofError, ReadingProof},
	quality::{DeviceScore, Score},
	DeviceId,
};
use frame_support::{traits::Time, weights::WeightMeter};

/// The most buckets that are looked at in one block.
pub const PRUNE_LIMIT: u32 = 16;

impl<T: Config> Pallet<T> {
	/// How the device does.
	pub fn device_score(device: DeviceId) -> Option<DeviceScore> {
		let record = Records::<T>::get(device)?;
		Some(DeviceScore {
			current: Score::from(&record.tally),
			previous: record.before.as_ref().map(Score::from),
			window_end: record.last.window_end,
			accepted_at: record.last.accepted_at,
		})
	}

	/// Whether one of the device's last reports, the one with this sequence, commits to that reading.
	pub fn check_reading(
		device: DeviceId,
		sequence: u64,
		proof: &ReadingProof,
	) -> Result<(), ProofError> {
		let record = Records::<T>::get(device).ok_or(ProofError::UnknownReport)?;
		let last = (&record.last).into();
		let report = record.kept.iter().chain([&last]).find(|kept| kept.sequence == sequence);
		let report = report.ok_or(ProofError::UnknownReport)?;
		proof.verify_root(&report.readings_root, report.readings_count)
	}

	/// Removes neighbours' values that are of no use any more: looks at a few in each block, as long as
	/// it has weight left, and begins anew when it has seen all.
	pub(crate) fn prune(meter: &mut WeightMeter) {
		let each = T::WeightInfo::prune(1).saturating_sub(T::WeightInfo::prune(0));
		if meter.try_consume(T::WeightInfo::prune(0)).is_err() {
			return;
		}
		let mut looked_at = 0;
		while looked_at < PRUNE_LIMIT && meter.can_consume(each) {
			looked_at += 1;
			meter.consume(each);
			if !Self::prune_next() {
				break;
			}
		}
	}

	/// Looks at the next bucket; false after the last one.
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
