//! Weight of reports, put together from the parts of their work.
//!
//! The *usual* report is signed with Ed25519, compared with no neighbours, and its device has no
//! points of a closed epoch. [`WeightInfo`] measures usual reports by the number of their metrics
//! and readings, and each further part of the work by itself. A call declares all parts that its
//! reports can have, and returns the weight of those that they did not have, so that the worst case
//! is charged where it occurs and nowhere else.

use crate::{Batch, Config, Pallet, WeightInfo};
use depin_primitives::{
	report::{Readings, SignedReport},
	KeyScheme,
};
use frame_support::weights::Weight;

/// Parts of the work of accepting a report that the usual report does not have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Extras {
	/// Number of buckets that were read to compare the device with its neighbours: none, that of
	/// its own cell, or those of the ring around it as well.
	pub(crate) buckets: u32,
	/// True if the bucket of the report's slot was read, and written unless the device was not
	/// drawn.
	pub(crate) published: bool,
	/// True if points of a closed epoch were settled.
	pub(crate) settled: bool,
}

impl Extras {
	/// All parts, each at its greatest.
	pub(crate) const MOST: Self = Self { buckets: 7, published: true, settled: true };

	/// Returns the weight of the parts.
	pub(crate) fn weight<T: Config>(self) -> Weight {
		let Self { buckets, published, settled } = self;
		let when =
			|done: bool, weight: fn() -> Weight| if done { weight() } else { Weight::zero() };
		let compared = match buckets {
			0 => Weight::zero(),
			1 => T::WeightInfo::compare_with_cell(),
			_ => T::WeightInfo::compare_with_ring(),
		};
		compared
			.saturating_add(when(published, T::WeightInfo::publish))
			.saturating_add(when(settled, T::WeightInfo::settle))
	}
}

/// Returns the weight of a signature's verification.
pub(crate) fn verification<T: Config>(scheme: KeyScheme) -> Weight {
	match scheme {
		KeyScheme::Ed25519 => T::WeightInfo::verify_ed25519(),
		KeyScheme::Sr25519 => T::WeightInfo::verify_sr25519(),
		KeyScheme::Secp256k1 => T::WeightInfo::verify_secp256k1(),
		KeyScheme::P256 => T::WeightInfo::verify_p256(),
	}
}

/// Returns the weight of a signature's verification beyond that of an Ed25519 signature.
pub(crate) fn beyond_ed25519<T: Config>(scheme: KeyScheme) -> Weight {
	verification::<T>(scheme).saturating_sub(T::WeightInfo::verify_ed25519())
}

/// Returns the greatest weight of a verification beyond that of an Ed25519 signature.
fn most_beyond_ed25519<T: Config>() -> Weight {
	KeyScheme::ALL
		.into_iter()
		.map(beyond_ed25519::<T>)
		.fold(Weight::zero(), |most, one| most.max(one))
}

/// Returns the sizes of a batch's reports.
pub(crate) fn sizes<T: Config>(
	batch: &Batch<T>,
) -> impl ExactSizeIterator<Item = (u32, u32)> + use<'_, T> {
	batch.iter().map(|item| size(&item.signed, &item.readings))
}

/// Returns the numbers of metrics and of inline readings of a report.
pub(crate) fn size(signed: &SignedReport, readings: &Option<Readings>) -> (u32, u32) {
	// Both have bounds of type `u32`; qed.
	let readings = readings.as_ref().map_or(0, |readings| readings.len() as u32);
	(signed.report.metrics.len() as u32, readings)
}

impl<T: Config> Pallet<T> {
	/// Returns the weight of an authorized report of this size with these extras.
	pub(crate) fn weight_of_report((m, r): (u32, u32), extras: Extras) -> Weight {
		T::WeightInfo::report(m, r).saturating_add(extras.weight::<T>())
	}

	/// Returns the greatest weight of the authorization of a report of this size.
	pub(crate) fn weight_of_authorization((m, r): (u32, u32)) -> Weight {
		T::WeightInfo::authorize_report(m, r).saturating_add(most_beyond_ed25519::<T>())
	}

	/// Returns the part of [`weight_of_authorization`](Self::weight_of_authorization) that a report
	/// signed by this scheme does not use.
	pub(crate) fn unused_by_authorization(scheme: KeyScheme) -> Weight {
		most_beyond_ed25519::<T>().saturating_sub(beyond_ed25519::<T>(scheme))
	}

	/// Returns the greatest weight of a report of this size from a gateway.
	pub(crate) fn weight_of_submission(size: (u32, u32)) -> Weight {
		Self::submission(size, Extras::MOST, most_beyond_ed25519::<T>())
	}

	/// Returns the weight of a report from a gateway, with these extras and a verification of that
	/// weight beyond Ed25519's.
	pub(crate) fn submission((m, r): (u32, u32), extras: Extras, verification: Weight) -> Weight {
		T::WeightInfo::submit_report(m, r)
			.saturating_add(extras.weight::<T>())
			.saturating_add(verification)
	}

	/// Returns the greatest weight of a batch.
	pub(crate) fn weight_of_batch(batch: &Batch<T>) -> Weight {
		Self::most_of_sizes(sizes::<T>(batch))
	}

	/// Returns the greatest weight of a batch of reports of these sizes: each is of a network of
	/// its own, has all extras, and is verified by itself after it was verified with the others in
	/// vain.
	pub(crate) fn most_of_sizes(sizes: impl ExactSizeIterator<Item = (u32, u32)>) -> Weight {
		let count = sizes.len() as u64;
		let each = Extras::MOST
			.weight::<T>()
			.saturating_add(T::WeightInfo::another_network())
			.saturating_add(T::WeightInfo::verify_ed25519())
			.saturating_add(most_beyond_ed25519::<T>());
		Self::weight_of_sizes(sizes).saturating_add(each.saturating_mul(count))
	}

	/// Returns the weight of a batch of usual reports of these sizes, which are of one network, and
	/// whose signatures are valid when verified together.
	pub(crate) fn weight_of_sizes(sizes: impl Iterator<Item = (u32, u32)>) -> Weight {
		let one = T::WeightInfo::submit_report(1, 0);
		let (mut count, mut weight) = (0u32, Weight::zero());
		for (m, r) in sizes {
			count = count.saturating_add(1);
			let more = T::WeightInfo::submit_report(m.max(1), r).saturating_sub(one);
			weight = weight.saturating_add(more);
		}
		weight.saturating_add(T::WeightInfo::submit_reports(count))
	}
}
