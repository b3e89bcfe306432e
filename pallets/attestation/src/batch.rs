//! Many devices' reports in one extrinsic.

use crate::{check::CheckedOf, Batch, Config, Event, Pallet, WeightInfo};
use alloc::{collections::BTreeSet, vec::Vec};
use depin_primitives::{
	refusal::Refusal,
	report::{BatchItem, ReportError},
	signing::Signable,
	verify::verify_batch,
	PublicKey,
};
use frame_support::{ensure, weights::Weight};

impl<T: Config> Pallet<T> {
	/// Takes the good reports of a batch, and tells why the others are refused. Gives what it weighed.
	///
	/// All checks but the signatures come first, against the state before the batch: accepting a report
	/// never makes another one acceptable. So what is refused costs no signature, and what is left is
	/// verified together. A device's second report in a batch is checked again, after its first.
	pub(crate) fn take_batch(batch: Batch<T>) -> Weight {
		let most = Self::weight_of_batch(&batch);
		let checked: Vec<Result<CheckedOf<T>, Refusal<ReportError>>> =
			batch.iter().map(Self::fit_item).collect();

		let messages: Vec<_> = (batch.iter().zip(&checked))
			.filter_map(|(item, checked)| {
				let checked = checked.as_ref().ok()?;
				let message = item.signed.report.signing_bytes(&checked.genesis);
				Some((checked.key, item.signed.signature, message))
			})
			.collect();
		let mut verdicts = verify_batch(&messages).into_iter();

		let mut seen = BTreeSet::new();
		let (mut together, mut good) = (0u32, true);
		for (index, (item, checked)) in (0..).zip(batch.into_iter().zip(checked)) {
			let BatchItem { signed, readings } = item;
			let (device, sequence) = (signed.report.device, signed.report.sequence);
			// There is a verdict for each that passed its checks; qed.
			let verified = checked.is_ok() && verdicts.next().unwrap_or(false);
			if checked.as_ref().is_ok_and(|c| matches!(c.key, PublicKey::Ed25519(_))) {
				together += 1;
				good &= verified;
			}
			// The first fault is named, as of a report by itself.
			let again = seen.contains(&device).then(|| Self::fit(&signed)).transpose();
			let result = again.and_then(|again| {
				let checked = checked?;
				ensure!(verified, ReportError::BadSignature);
				Ok(again.unwrap_or(checked))
			});
			match result {
				Ok(checked) => {
					seen.insert(device);
					Self::accept(checked, signed.report, readings);
				}
				Err(Refusal { reason: error, .. }) => {
					Self::deposit_event(Event::ReportRefused { index, device, sequence, error });
				}
			}
		}
		// Signatures that were good together cost less than what was reckoned with.
		if !good {
			return most;
		}
		let (one_by_one, at_once) =
			(T::WeightInfo::submit_reports, T::WeightInfo::submit_reports_together);
		let reckoned = one_by_one(together).saturating_sub(one_by_one(0));
		let needed = at_once(together).saturating_sub(at_once(0));
		most.saturating_sub(reckoned.saturating_sub(needed))
	}

	fn fit_item(item: &BatchItem) -> Result<CheckedOf<T>, Refusal<ReportError>> {
		let checked = Self::fit(&item.signed)?;
		if let Some(readings) = &item.readings {
			item.signed.report.check_readings(readings)?;
		}
		Ok(checked)
	}

	/// What a batch weighs at most.
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
