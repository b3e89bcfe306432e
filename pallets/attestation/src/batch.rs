//! Batches: reports of many devices in one extrinsic.

use crate::{
	check::{Consistent, Shared},
	cost, Batch, Config, Event, Pallet, WeightInfo,
};
use alloc::{collections::BTreeSet, vec::Vec};
use depin_primitives::{
	refusal::Refusal,
	report::{BatchItem, ReportError},
	signing::Signable,
	verify::{batch::LEAST, verify_batch},
	KeyScheme,
};
use frame_support::weights::Weight;

impl<T: Config> Pallet<T> {
	/// Accepts or refuses each report of a batch, in order, and returns the weight consumed.
	///
	/// All checks but those of the signatures come first, against the state before the batch:
	/// accepting a report never makes another one acceptable. So a report that is refused costs no
	/// verification, and the signatures of all others are verified together. The second report of a
	/// device in a batch is checked against the state once more, after its first was accepted.
	pub(crate) fn take_batch(batch: Batch<T>) -> Weight {
		let mut shared = Shared::new();
		let mut weight = Self::weight_of_sizes(cost::sizes::<T>(&batch));
		let checked: Vec<Result<Consistent<T>, Refusal<ReportError>>> =
			batch.iter().map(|item| Self::check_item(item, &mut shared)).collect();

		let messages: Vec<_> = (batch.iter().zip(&checked))
			.filter_map(|(item, checked)| {
				let (key, genesis) = checked.as_ref().ok()?.key_and_genesis();
				let message = item.signed.report.signing_bytes(&genesis);
				Some((key, item.signed.signature, message))
			})
			.collect();
		let mut validities = verify_batch(&messages).into_iter();

		let mut seen = BTreeSet::new();
		// Ed25519 signatures, and their validity: only they are verified together.
		let (mut together, mut all_valid) = (0u64, true);
		for (index, (item, checked)) in (0..).zip(batch.into_iter().zip(checked)) {
			let BatchItem { signed, readings } = item;
			let (device, sequence) = (signed.report.device, signed.report.sequence);
			// There is one for each report that passed its checks; qed.
			let is_valid = checked.is_ok() && validities.next().unwrap_or(false);
			match checked.as_ref().map(Consistent::scheme) {
				Ok(KeyScheme::Ed25519) => {
					together = together.saturating_add(1);
					all_valid &= is_valid;
				}
				Ok(scheme) => {
					weight = weight.saturating_add(cost::verification::<T>(scheme));
				}
				Err(_) => {}
			}
			// The refusal names the same error as for a single report, whose state is checked
			// first.
			let again =
				seen.contains(&device).then(|| Self::check_state(&signed, &mut shared)).transpose();
			let result = again.and_then(|again| {
				let first = checked?;
				again.unwrap_or(first).verified_in_batch(is_valid)
			});
			match result {
				Ok(verified) => {
					seen.insert(device);
					let extras = Self::accept(verified, signed.report, readings);
					weight = weight.saturating_add(extras.weight::<T>());
				}
				Err(Refusal { reason: error, .. }) => {
					Self::deposit_event(Event::ReportRefused { index, device, sequence, error });
				}
			}
		}

		// A group of fewer signatures than `LEAST` is verified one by one, and so is every group
		// with a signature that is not valid.
		let alone = if all_valid { together.min(LEAST as u64) } else { together };
		let networks = shared.networks().saturating_sub(1) as u64;
		weight
			.saturating_add(T::WeightInfo::verify_ed25519().saturating_mul(alone))
			.saturating_add(T::WeightInfo::another_network().saturating_mul(networks))
	}

	/// Checks everything of a batch's report but its signature.
	fn check_item(
		item: &BatchItem,
		shared: &mut Shared<T>,
	) -> Result<Consistent<T>, Refusal<ReportError>> {
		let consistent = Self::check_state(&item.signed, shared)?;
		item.signed.report.check_readings(item.readings.as_ref())?;
		Ok(consistent)
	}
}
