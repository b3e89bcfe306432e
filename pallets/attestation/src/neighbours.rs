//! Comparison of devices with their neighbours.
//!
//! A device's report is compared when the device's *next* report is accepted, because by then the
//! neighbours have had time to report as well. Nothing is queued and no hook works for it. The
//! price is that the device itself chooses when its next report comes: if it comes before the
//! neighbours', or after the ring of slots has turned, there is nothing to compare with.

use crate::{
	check::ReportContext,
	copying::detect_copying,
	types::{
		draw_rank, ring_index, Bucket, CopySuspicion, DeviceState, MetricState, NeighbourVerdict,
		Place, Sample, ShortHash, MAX_SAMPLES, SLOTS,
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

/// Result of the comparison of a device's last report with its neighbours'.
pub(crate) struct Comparison {
	/// Verdict; `None` if there are too few neighbours or no metric to compare.
	pub(crate) verdict: Option<NeighbourVerdict>,
	/// Suspicion of copying after the comparison.
	pub(crate) suspicion: Option<CopySuspicion>,
	/// Number of buckets that were read.
	pub(crate) buckets: u32,
}

impl<T: Config> Pallet<T> {
	/// Compares the device's last report with its neighbours'. Reads up to seven buckets, and
	/// writes nothing.
	pub(crate) fn compare_with_neighbours(
		network: NetworkId,
		rules: &QualityPolicy,
		owner: &T::AccountId,
		device: &DeviceId,
		state: &DeviceState,
	) -> Comparison {
		let none = Comparison { verdict: None, suspicion: state.suspicion, buckets: 0 };
		let Some(place) = &state.place else { return none };
		let comparable = state.metrics.iter().any(|metric| metric.tolerance.is_some());
		if rules.weights.neighbours == 0 || !comparable {
			return none;
		}
		let (owner, device) = (ShortHash::of(owner), ShortHash::of(device));
		let (neighbours, buckets) = Self::neighbour_sample(network, rules, owner, device, place);
		let copying = detect_copying(rules, state, place, &neighbours);
		let suspicion = copying.suspicion;
		let work = state.last.credited;

		// A copy agrees with its neighbours better than they do with one another: its agreement
		// must not earn it anything.
		let is_copy = suspicion.is_some_and(|suspicion| suspicion.count >= rules.copy_limit);
		if copying.matches && is_copy {
			let verdict =
				NeighbourVerdict { part: Perbill::zero(), work, reason: Some(Reason::Copies) };
			return Comparison { verdict: Some(verdict), suspicion, buckets };
		}
		let verdict = agreement(rules, &state.metrics, &neighbours).map(|part| {
			let reason = (!part.is_one()).then_some(Reason::Disagrees);
			NeighbourVerdict { part, work, reason }
		});
		Comparison { verdict, suspicion, buckets }
	}

	/// Returns the device's neighbours in the slot, one of each other owner: those of its own cell
	/// or, if they are fewer than `min_neighbours`, of the ring of cells around it as well. Also
	/// returns the number of buckets that were read.
	fn neighbour_sample(
		network: NetworkId,
		rules: &QualityPolicy,
		owner: ShortHash,
		device: ShortHash,
		place: &Place,
	) -> (Vec<Sample>, u32) {
		let (mut neighbours, mut buckets) = (Vec::<Sample>::new(), 0u32);
		let mut add = |cell: Cell| {
			buckets = buckets.saturating_add(1);
			// The ring may hold an earlier or a later slot's bucket at this index.
			let bucket = Buckets::<T>::get((network, cell, ring_index(place.slot)))
				.filter(|bucket| bucket.slot == place.slot);
			for sample in bucket.into_iter().flat_map(|bucket| bucket.samples) {
				// The device's own sample can be there under the owner that it had when it
				// measured.
				let own = sample.owner == owner || sample.device == device;
				if !own && neighbours.iter().all(|other| other.owner != sample.owner) {
					neighbours.push(sample);
				}
			}
			neighbours.len() >= usize::from(rules.min_neighbours)
		};
		if !add(place.cell) {
			for cell in place.cell.ring() {
				add(cell);
			}
		}
		(neighbours, buckets)
	}

	/// Returns the cell and the slot in which the report can be compared with its neighbours;
	/// `None` if the network does not compare, or the report has no metrics.
	pub(crate) fn comparison_place(context: &ReportContext<T>, report: &Report) -> Option<Place> {
		let rules = &context.policy.quality;
		if rules.weights.neighbours == 0 || report.metrics.is_empty() {
			return None;
		}
		Some(Place {
			cell: context.cell.parent(rules.resolution)?,
			slot: report.window_end.saturating_sub(1).checked_div(rules.period)?,
			block: frame_system::Pallet::<T>::block_number().saturated_into(),
		})
	}

	/// Publishes the report's means in the bucket of its place, where the neighbours' reports of
	/// the same slot are compared with them. The device is drawn into the bucket's sample by its
	/// rank, or left out. Returns true if the bucket was read.
	pub(crate) fn publish_sample(
		context: &ReportContext<T>,
		report: &Report,
		place: &Place,
		metrics: &[MetricState],
	) -> bool {
		let ReportContext { network, policy, owner, now, .. } = context;
		let Place { cell, slot, block } = *place;
		let period = policy.quality.period;
		// Values outside the metric's bounds are not published: they would shift the neighbours'
		// median.
		let within_bounds = report
			.metrics
			.iter()
			.zip(&context.limits)
			.map(|(summary, limits)| limits.bound(summary));
		let means: Vec<_> = (metrics.iter().zip(within_bounds))
			.filter(|(metric, within)| metric.tolerance.is_some() && *within)
			.map(|(metric, _)| (metric.metric, metric.mean))
			.collect();
		// The values of a slot far ahead of the clock are not published either: their bucket would
		// take the place of the current slots' in the ring.
		let current = now.checked_div(period).unwrap_or_default();
		let is_far_ahead = slot > current.saturating_add(SLOTS / 2);
		let until = slot.saturating_add(SLOTS).saturating_add(1).saturating_mul(period);
		if until <= *now || is_far_ahead || means.is_empty() {
			return false;
		}
		// No more than the report has metrics; qed.
		let means = BoundedVec::<_, ConstU32<MAX_METRICS>>::truncate_from(means);
		let key = (*network, cell, ring_index(slot));
		let mut bucket = match Buckets::<T>::get(key) {
			// A late report must not push a later slot out of the ring.
			Some(bucket) if bucket.slot > slot => return true,
			Some(bucket) if bucket.slot == slot => bucket,
			_ => Bucket {
				slot,
				until,
				seed: ShortHash::of(&(frame_system::Pallet::<T>::parent_hash(), key)),
				samples: BoundedVec::new(),
			},
		};
		let (owner, device) = (ShortHash::of(owner), ShortHash::of(&report.device));
		if bucket.draw(Sample { owner, device, block, means }) {
			Buckets::<T>::insert(key, bucket);
		}
		true
	}
}

impl NeighbourVerdict {
	/// Returns the mean of two verdicts, weighted by the work that each was computed from. If both
	/// are about no work, the part of `new`.
	pub(crate) fn merge(left: Option<Self>, new: Option<Self>) -> Option<Self> {
		let (Some(left), Some(new)) = (left, new) else { return left.or(new) };
		let work = left.work.saturating_add(new.work);
		let sum = |verdict: &Self| {
			u128::from(verdict.part.deconstruct()).saturating_mul(verdict.work.into())
		};
		let mean = sum(&left).saturating_add(sum(&new)).checked_div(work.into());
		// A mean of billionths is at most one, or at most two where `work` saturates: it fits 32
		// bits, and `from_parts` cuts it to one; qed.
		let part = mean.map_or(new.part, |mean| Perbill::from_parts(mean as u32));
		Some(Self { part, work, reason: left.reason.max(new.reason) })
	}

	/// Returns the verdict after `work` more units were scored with it; `None` once it is used up.
	pub(crate) fn remaining_after(self, work: u64) -> Option<Self> {
		let work = self.work.checked_sub(work).filter(|left| *left > 0)?;
		Some(Self { work, ..self })
	}
}

impl Bucket {
	/// Draws a device into the sample or leaves it out. Returns true if the sample changed.
	///
	/// The sample holds the [`MAX_SAMPLES`] owners of the lowest ranks, and of each owner the
	/// device of the lowest rank. So an early report does not help to be drawn, nor do many devices
	/// of one owner.
	///
	/// The draw is not safe against a determined attacker. The seed is known one block before the
	/// slot's first report is accepted, and ranks depend on the owner's account alone: whoever
	/// moves devices to accounts of low rank during the slot has them drawn.
	fn draw(&mut self, sample: Sample) -> bool {
		let seed = self.seed;
		if let Some(of_owner) = self.samples.iter_mut().find(|other| other.owner == sample.owner) {
			// An equal rank is the same device: its later report replaces the earlier one.
			let replaces = draw_rank(seed, sample.device) <= draw_rank(seed, of_owner.device);
			if replaces {
				*of_owner = sample;
			}
			return replaces;
		}
		if self.samples.len() < MAX_SAMPLES as usize {
			return self.samples.try_push(sample).is_ok();
		}
		match self.samples.iter_mut().max_by_key(|other| draw_rank(seed, other.owner)) {
			Some(highest) if draw_rank(seed, sample.owner) < draw_rank(seed, highest.owner) => {
				*highest = sample;
				true
			}
			_ => false,
		}
	}
}

/// Returns the mean agreement over the metrics that at least `min_neighbours` neighbours have;
/// `None` if there is no such metric. The agreement of a metric is one up to its tolerance from the
/// neighbours' median, and falls linearly to zero at twice the tolerance.
fn agreement(
	rules: &QualityPolicy,
	metrics: &[MetricState],
	neighbours: &[Sample],
) -> Option<Perbill> {
	let (mut sum, mut count) = (0u64, 0u64);
	for state in metrics {
		let MetricState { metric, mean, .. } = state;
		let Some(tolerance) = state.tolerance() else { continue };
		let values: Vec<_> =
			neighbours.iter().filter_map(|neighbour| neighbour.mean_of(*metric)).collect();
		if values.len() < usize::from(rules.min_neighbours) {
			continue;
		}
		let Some((low, high)) = median_interval(values) else { continue };
		let beyond = mean.abs_diff((*mean).clamp(low, high)).saturating_sub(tolerance);
		let part = if beyond == 0 {
			Perbill::one()
		} else {
			Perbill::from_rational(tolerance.saturating_sub(beyond), tolerance.max(1))
		};
		// At most `MAX_METRICS` times one, in billionths: no sum saturates.
		sum = sum.saturating_add(part.deconstruct().into());
		count = count.saturating_add(1);
	}
	// A mean of billionths, each at most one; qed.
	sum.checked_div(count).map(|mean| Perbill::from_parts(mean as u32))
}

/// Returns the least and the greatest median of the values: the middle one twice for an odd number,
/// the two in the middle for an even number; `None` for no values.
fn median_interval(mut values: Vec<i64>) -> Option<(i64, i64)> {
	values.sort_unstable();
	let upper = values.len() / 2;
	let lower = values.len().checked_sub(1)? / 2;
	Some((*values.get(lower)?, *values.get(upper)?))
}
