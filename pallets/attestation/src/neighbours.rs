//! Comparing devices with those around them.
//!
//! A report's values are compared when its device's next one comes: by then the neighbours' are there.
//! So nothing waits to be settled, and no hook settles it.

use crate::{
	check::Checked,
	types::{
		lot, ring_place, Alike, Bucket, Place, Record, Sample, Series, Tag, MAX_SAMPLES, SLOTS,
	},
	Buckets, Config, Pallet,
};
use alloc::vec::Vec;
use depin_primitives::{
	network::QualityPolicy,
	quality::{Perbill, Reason, Reasons},
	report::{Report, MAX_METRICS},
	Cell, NetworkId,
};
use frame_support::{traits::ConstU32, BoundedVec};
use sp_runtime::SaturatedConversion;

/// Two devices are too alike if, in every metric that is compared, they differ by no more than this part
/// of what the metric tolerates.
const ALIKE: u64 = 8;

impl<T: Config> Pallet<T> {
	/// How well a device's last report agrees with its neighbours', and whom it follows.
	pub(crate) fn compare(
		network: NetworkId,
		rules: &QualityPolicy,
		owner: &T::AccountId,
		record: &Record,
		reasons: &mut Reasons,
	) -> (Option<Perbill>, Option<Alike>) {
		let Some(place) = &record.place else { return (None, None) };
		if rules.weights.neighbours == 0 || record.series.iter().all(|s| s.tolerance.is_none()) {
			return (None, None);
		}
		let others = Self::others(network, rules, Tag::of(owner), place);
		let (alike, seen) = follow(rules, record, place, &others);
		if seen && alike.is_some_and(|alike| alike.count >= rules.copy_limit) {
			reasons.add(Reason::Copies);
			return (Some(Perbill::zero()), alike);
		}
		let agreed = agreement(rules, &record.series, &others);
		if agreed.is_some_and(|part| !part.is_one()) {
			reasons.add(Reason::Disagrees);
		}
		(agreed, alike)
	}

	/// The sample of neighbours: those of the same cell or, if they are too few, of the ring around it,
	/// too. One of each other owner.
	fn others(network: NetworkId, rules: &QualityPolicy, owner: Tag, place: &Place) -> Vec<Sample> {
		let mut others: Vec<Sample> = Vec::new();
		let mut add = |cell: Cell| {
			let bucket = Buckets::<T>::get((network, cell, ring_place(place.slot)));
			for sample in bucket
				.filter(|bucket| bucket.slot == place.slot)
				.into_iter()
				.flat_map(|b| b.samples)
			{
				if sample.owner != owner && others.iter().all(|other| other.owner != sample.owner) {
					others.push(sample);
				}
			}
			others.len() >= usize::from(rules.min_neighbours)
		};
		if !add(place.cell) {
			for cell in place.cell.ring() {
				add(cell);
			}
		}
		others
	}

	/// Where and when a report's values can be compared; `None` if they never are.
	pub(crate) fn place(checked: &Checked<T::AccountId>, report: &Report) -> Option<Place> {
		let rules = &checked.policy.quality;
		if rules.weights.neighbours == 0 || report.metrics.is_empty() {
			return None;
		}
		Some(Place {
			cell: checked.cell.parent(rules.resolution)?,
			slot: report.window_end.saturating_sub(1).checked_div(rules.period)?,
			block: frame_system::Pallet::<T>::block_number().saturated_into(),
		})
	}

	/// Puts a report's values where its neighbours find them.
	pub(crate) fn share(
		checked: &Checked<T::AccountId>,
		report: &Report,
		place: &Place,
		series: &[Series],
	) {
		let Checked { network, policy, owner, now, .. } = checked;
		let Place { cell, slot, block } = *place;
		let until = slot.saturating_add(1 + SLOTS).saturating_mul(policy.quality.period);
		let means: Vec<_> =
			series.iter().filter(|s| s.tolerance.is_some()).map(|s| (s.metric, s.mean)).collect();
		if until <= *now || means.is_empty() {
			return;
		}
		// No more than the report has metrics; qed.
		let means = BoundedVec::<_, ConstU32<MAX_METRICS>>::truncate_from(means);
		let key = (*network, cell, ring_place(slot));
		let mut bucket = match Buckets::<T>::get(key) {
			Some(bucket) if bucket.slot > slot => return,
			Some(bucket) if bucket.slot == slot => bucket,
			_ => Bucket {
				slot,
				until,
				seed: Tag::of(&(frame_system::Pallet::<T>::parent_hash(), key)),
				samples: BoundedVec::new(),
			},
		};
		let (owner, device) = (Tag::of(owner), Tag::of(&report.device));
		let sample = Sample { owner, device, lot: lot(bucket.seed, &report.device), block, means };
		if bucket.draw(sample) {
			Buckets::<T>::insert(key, bucket);
		}
	}
}

impl Bucket {
	/// Draws a device into the sample, or not. Of each owner's devices the one of the lowest lot stays,
	/// and of all owners those of the lowest lots: nobody is drawn for being early, or for being many.
	fn draw(&mut self, sample: Sample) -> bool {
		if let Some(of_owner) = self.samples.iter_mut().find(|other| other.owner == sample.owner) {
			let lower = sample.lot < of_owner.lot || sample.device == of_owner.device;
			if lower {
				*of_owner = sample;
			}
			return lower;
		}
		if self.samples.len() < MAX_SAMPLES as usize {
			return self.samples.try_push(sample).is_ok();
		}
		match self.samples.iter_mut().max_by_key(|other| other.lot) {
			Some(highest) if sample.lot < highest.lot => {
				*highest = sample;
				true
			}
			_ => false,
		}
	}
}

impl Sample {
	fn mean_of(&self, metric: u16) -> Option<i64> {
		let at = self.means.binary_search_by_key(&metric, |(metric, _)| *metric).ok()?;
		self.means.get(at).map(|(_, mean)| *mean)
	}
}

/// The mean, over the metrics of which there are neighbours enough, of how near to their median the
/// device's value is: whole up to the metric's tolerance, nothing from twice that on.
fn agreement(rules: &QualityPolicy, series: &[Series], others: &[Sample]) -> Option<Perbill> {
	let (mut sum, mut count) = (0u64, 0u64);
	for Series { metric, mean, tolerance, .. } in series {
		let Some(tolerance) = *tolerance else { continue };
		let values = others.iter().filter_map(|other| other.mean_of(*metric)).collect::<Vec<_>>();
		if values.len() < usize::from(rules.min_neighbours) {
			continue;
		}
		let Some(median) = median(values) else { continue };
		let beyond = mean.abs_diff(median).saturating_sub(tolerance);
		let part = if beyond == 0 {
			Perbill::one()
		} else {
			Perbill::from_rational(tolerance.saturating_sub(beyond), tolerance.max(1))
		};
		// Eight wholes at most.
		sum += u64::from(part.deconstruct());
		count += 1;
	}
	// A mean of billionths that are at most one whole; qed.
	sum.checked_div(count).map(|mean| Perbill::from_parts(mean as u32))
}

/// The value in the middle, or the mean of the two.
fn median(mut values: Vec<i64>) -> Option<i64> {
	values.sort_unstable();
	let upper = values.len() / 2;
	let (high, low) = (*values.get(upper)?, *values.get(upper.saturating_sub(1))?);
	if values.len() % 2 == 1 {
		return Some(high);
	}
	// Between two numbers of 64 bits; qed.
	Some(((i128::from(high) + i128::from(low)) / 2) as i64)
}

/// Whose values the device follows, and whether it was seen to this time: another's whose report was in
/// an earlier block than its own, and from which it differs too little in every metric that both have.
///
/// It is no proof by itself, for two good sensors may agree for an hour. So it is counted: up by one when
/// they are alike and down by one when they are not. Who copies every other time is found out yet; good
/// sensors are alike seldom, and never get far.
fn follow(
	rules: &QualityPolicy,
	record: &Record,
	place: &Place,
	others: &[Sample],
) -> (Option<Alike>, bool) {
	if rules.copy_limit == 0 {
		return (None, false);
	}
	let is_alike = |other: &&Sample| {
		let mut compared = false;
		let all = record.series.iter().all(|Series { metric, mean, tolerance, .. }| {
			let (Some(tolerance), Some(theirs)) = (*tolerance, other.mean_of(*metric)) else {
				return true;
			};
			compared = true;
			mean.abs_diff(theirs) <= tolerance / ALIKE
		});
		all && compared && other.block < place.block
	};
	if let Some(known) = record.alike {
		match others.iter().find(|other| other.device == known.device) {
			// It takes as long to get rid of a suspicion as to earn it.
			Some(other) if is_alike(&other) => {
				let most = rules.copy_limit.saturating_mul(2);
				let count = known.count.saturating_add(1).min(most);
				return (Some(Alike { count, ..known }), true);
			}
			Some(_) if known.count > 1 => {
				return (Some(Alike { count: known.count - 1, ..known }), false);
			}
			Some(_) => {}
			// It was not heard, or not drawn: that says nothing.
			None => return (Some(known), false),
		}
	}
	match others.iter().find(is_alike) {
		Some(other) => (Some(Alike { device: other.device, count: 1 }), true),
		None => (None, false),
	}
}
