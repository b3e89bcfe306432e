//! Batches: reports of many devices in one extrinsic.

use crate::{check::ConsistentOf, Batch, Config, Event, Pallet, WeightInfo};
use alloc::{collections::BTreeSet, vec::Vec};
use depin_primitives::{
	refusal::Refusal,
	report::{BatchItem, ReportError},
	signing::Signable,
	verify::verify_batch,
	PublicKey,
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
		let most = Self::weight_of_batch(&batch);
		let checked: Vec<Result<ConsistentOf<T>, Refusal<ReportError>>> =
			batch.iter().map(Self::check_item).collect();

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
		let (mut together, mut all_valid) = (0u32, true);
		for (index, (item, checked)) in (0..).zip(batch.into_iter().zip(checked)) {
			let BatchItem { signed, readings } = item;
			let (device, sequence) = (signed.report.device, signed.report.sequence);
			// There is one for each report that passed its checks; qed.
			let is_valid = checked.is_ok() && validities.next().unwrap_or(false);
			if let Ok((PublicKey::Ed25519(_), _)) = checked.as_ref().map(|c| c.key_and_genesis()) {
				together = together.saturating_add(1);
				all_valid &= is_valid;
			}
			// The refusal names the same error as for a single report, whose state is checked
			// first.
			let again = seen.contains(&device).then(|| Self::check_state(&signed)).transpose();
			let result = again.and_then(|again| {
				let first = checked?;
				again.unwrap_or(first).verified_in_batch(is_valid)
			});
			match result {
				Ok(verified) => {
					seen.insert(device);
					Self::accept(verified, signed.report, readings);
				}
				Err(Refusal { reason: error, .. }) => {
					Self::deposit_event(Event::ReportRefused { index, device, sequence, error });
				}
			}
		}

		// The declared weight has every signature verified by itself. If all Ed25519 signatures
		// were valid together, the difference is refunded; after one that was not, each was
		// verified again.
		if !all_valid {
			return most;
		}
		let (one_by_one, at_once) =
			(T::WeightInfo::submit_reports, T::WeightInfo::submit_reports_together);
		let declared = one_by_one(together).saturating_sub(one_by_one(0));
		let needed = at_once(together).saturating_sub(at_once(0));
		most.saturating_sub(declared.saturating_sub(needed))
	}

	/// Checks everything of a batch's report but its signature.
	fn check_item(item: &BatchItem) -> Result<ConsistentOf<T>, Refusal<ReportError>> {
		let consistent = Self::check_state(&item.signed)?;
		if let Some(readings) = &item.readings {
			item.signed.report.check_readings(readings)?;
		}
		Ok(consistent)
	}

	/// Returns the greatest weight of a batch: that of its reports with each signature verified by
	/// itself, and that of their readings.
	pub(crate) fn weight_of_batch(batch: &Batch<T>) -> Weight {
		let bare = T::WeightInfo::submit_report(0);
		let readings = batch.iter().map(|item| {
			let readings = Self::inline_readings(&item.readings);
			T::WeightInfo::submit_report(readings).saturating_sub(bare)
		});
		let reports = T::WeightInfo::submit_reports(batch.len() as u32);
		readings.fold(reports, Weight::saturating_add)
	}
}
