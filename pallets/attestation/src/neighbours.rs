//! Comparing devices with those around them.
//!
//! A report's values are compared when its device's next one comes: by then the neighbours' are there.
//! So nothing waits to be settled, and no hook settles it.

use crate::{
	check::Checked,
	types::{
		lot, ring_place, Alike, Bucket, Place, Record, Sample, Series, Tag, Verdict, MAX_SAMPLES,
		SLOTS,
	},
	Buckets, Config, Pallet,
};
use alloc::vec::Vec;
use depin_primitives::{
	policy::QualityPolicy,
	quality::{Perbill, Reason},
	report::{Report, MAX_METRICS},
	Cell, DeviceId, NetworkId,
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
		device: &DeviceId,
		record: &Record,
	) -> (Option<Verdict>, Option<Alike>) {
		let Some(place) = &record.place else { return (None, record.alike) };
		if rules.weights.neighbours == 0 || record.series.iter().all(|s| s.tolerance.is_none()) {
			return (None, record.alike);
		}
		let others = Self::others(network, rules, Tag::of(owner), Tag::of(device), place);
		let (alike, seen) = follow(rules, record, place, &others);
		let work = record.last.credited;
		if seen && alike.is_some_and(|alike| alike.count >= rules.copy_limit) {
			let reason = Some(Reason::Copies);
			return (Some(Verdict { part: Perbill::zero(), work, reason }), alike);
		}
		let verdict = agreement(rules, &record.series, &others).map(|part| {
			let reason = (!part.is_one()).then_some(Reason::Disagrees);
			Verdict { part, work, reason }
		});
		(verdict, alike)
	}

	/// The sample of neighbours: those of the same cell or, if they are too few, of the ring around it,
	/// too. One of each other owner.
	fn others(
		network: NetworkId,
		rules: &QualityPolicy,
		owner: Tag,
		device: Tag,
		place: &Place,
	) -> Vec<Sample> {
		let mut others: Vec<Sample> = Vec::new();
		let mut add = |cell: Cell| {
			let bucket = Buckets::<T>::get((network, cell, ring_place(place.slot)))
				.filter(|bucket| bucket.slot == place.slot);
			for sample in bucket.into_iter().flat_map(|bucket| bucket.samples) {
				// It may have had another owner when it measured.
				let own = sample.owner == owner || sample.device == device;
				if !own && others.iter().all(|other| other.owner != sample.owner) {
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
		// A value that cannot be is nobody's measure.
		let limits = report.metrics.iter().zip(&checked.limits);
		let possible = limits.map(|(summary, limits)| limits.bound(summary));
		let means: Vec<_> = (series.iter().zip(possible))
			.filter(|(series, possible)| series.tolerance.is_some() && *possible)
			.map(|(series, _)| (series.metric, series.mean))
			.collect();
		// Nor is the value of a time so far ahead that it would take the place of the others'.
		let current = now.checked_div(policy.quality.period).unwrap_or_default();
		let ahead = slot > current.saturating_add(SLOTS / 2);
		if until <= *now || ahead || means.is_empty() {
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
		let sample = Sample { owner, device, block, means };
		if bucket.draw(sample) {
			Buckets::<T>::insert(key, bucket);
		}
	}
}

impl Verdict {
	/// Both, each by the work that it is about.
	pub(crate) fn merge(left: Option<Self>, new: Option<Self>) -> Option<Self> {
		let (Some(left), Some(new)) = (left, new) else { return left.or(new) };
		let work = left.work.saturating_add(new.work);
		let sum = |verdict: &Self| {
			u128::from(verdict.part.deconstruct()).saturating_mul(verdict.work.into())
		};
		let mean = sum(&left).saturating_add(sum(&new)).checked_div(work.into());
		// A mean of billionths that are at most one whole; qed.
		let part = mean.map_or(new.part, |mean| Perbill::from_parts(mean as u32));
		Some(Self { part, work, reason: left.reason.max(new.reason) })
	}

	/// What is left of it when so much work was weighed by it.
	pub(crate) fn after(self, work: u64) -> Option<Self> {
		let work = self.work.checked_sub(work).filter(|left| *left > 0)?;
		Some(Self { work, ..self })
	}
}

impl Bucket {
	/// Draws a device into the sample, or not. Of all owners those of the lowest lots stay, and of each
	/// one's devices that of the lowest: nobody is drawn for being early, or for having many.
	fn draw(&mut self, sample: Sample) -> bool {
		let seed = self.seed;
		if let Some(of_owner) = self.samples.iter_mut().find(|other| other.owner == sample.owner) {
			let lower = lot(seed, sample.device) <= lot(seed, of_owner.device);
			if lower {
				*of_owner = sample;
			}
			return lower;
		}
		if self.samples.len() < MAX_SAMPLES as usize {
			return self.samples.try_push(sample).is_ok();
		}
		match self.samples.iter_mut().max_by_key(|other| lot(seed, other.owner)) {
			Some(highest) if lot(seed, sample.owner) < lot(seed, highest.owner) => {
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
		let Some((low, high)) = middle(values) else { continue };
		let beyond = mean.abs_diff((*mean).clamp(low, high)).saturating_sub(tolerance);
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

/// The values in the middle, which are one of an odd number: a median is whatever lies between them.
fn middle(mut values: Vec<i64>) -> Option<(i64, i64)> {
	values.sort_unstable();
	let upper = values.len() / 2;
	let lower = values.len().checked_sub(1)? / 2;
	Some((*values.get(lower)?, *values.get(upper)?))
}

/// Whose values the device follows, and whether it was seen to this time: another's whose report was in
/// an earlier block than its own, and from which it differs too little in every metric that both have.
/// Where more than half of all neighbours are so near (no rain anywhere), that says nothing.
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
	let near: Vec<_> = others.iter().filter(|other| is_near(record, other)).collect();
	if near.len() > others.len() / 2 {
		return (record.alike, false);
	}
	let is_alike = |other: &&&Sample| other.block < place.block;
	let found = near.iter().find(is_alike);
	let begin = || match found {
		Some(other) => (Some(Alike { device: other.device, count: 1 }), true),
		None => (None, false),
	};
	let Some(known) = record.alike else { return begin() };
	let count = if near.iter().filter(is_alike).any(|other| other.device == known.device) {
		// It takes as long to get rid of a suspicion as to earn it.
		let most = rules.copy_limit.saturating_mul(2);
		let count = known.count.saturating_add(1).min(most);
		return (Some(Alike { count, ..known }), true);
	} else if others.iter().any(|other| other.device == known.device) || found.is_some() {
		// That one went another way; or it was not heard, and another is followed.
		known.count.saturating_sub(1)
	} else {
		// It was not heard, or not drawn: that says nothing.
		known.count
	};
	match count {
		0 => begin(),
		count => (Some(Alike { count, ..known }), false),
	}
}

/// Whether the device differs too little from another in every metric that both have.
fn is_near(record: &Record, other: &Sample) -> bool {
	let mut compared = false;
	let near = record.series.iter().all(|Series { metric, mean, tolerance, .. }| {
		let (Some(tolerance), Some(theirs)) = (*tolerance, other.mean_of(*metric)) else {
			return true;
		};
		compared = true;
		mean.abs_diff(theirs) <= tolerance / ALIKE
	});
	near && compared
}
