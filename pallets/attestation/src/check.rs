//! The checks of a report: [`Pallet::fit`] against the chain's state, then [`Pallet::prove`], which
//! costs more. [`Pallet::check`] is both.

use crate::{
	types::{Record, Tag},
	Config, Metrics, Pallet, Records, LONGEVITY,
};
use depin_primitives::{
	feeless::{admission, refused},
	metric::MetricLimits,
	network::NetworkKind,
	policy::{NetworkPolicy, ReportPolicy, TrustLevel},
	refusal::{Expected, Refusal, RefusalReason},
	report::{LastReport, Readings, Report, ReportError, SignedReport, MAX_METRICS},
	signing::GenesisPrefix,
	traits::{DeviceView, Devices, NetworkView},
	verify::verify,
	Cell, DeviceId, Millis, NetworkId, PublicKey, H256,
};
use frame_support::{
	ensure,
	traits::{ConstU32, Get, Time},
	weights::Weight,
	BoundedVec,
};
use sp_runtime::transaction_validity::{TransactionSource, TransactionValidityWithRefund};

/// A report's place in the state as it is: what its checks have read, for those who accept it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked<AccountId> {
	/// The network that the device works for.
	pub network: NetworkId,
	/// What the network's devices do.
	pub kind: NetworkKind,
	/// The network's rules.
	pub policy: NetworkPolicy,
	/// How the device has proved what it is.
	pub trust: TrustLevel,
	/// Who owns the device.
	pub owner: AccountId,
	/// Where it is.
	pub cell: Cell,
	/// When it was registered.
	pub registered_at: Millis,
	/// What is kept of it.
	pub record: Option<Record>,
	/// The limits of the report's metrics, in order.
	pub limits: BoundedVec<MetricLimits, ConstU32<MAX_METRICS>>,
	/// The chain's clock.
	pub now: Millis,
	/// The key that the device signs with.
	pub key: PublicKey,
	/// The chain's genesis hash.
	pub genesis: H256,
}

/// See [`Checked`].
pub(crate) type CheckedOf<T> = Checked<<T as frame_system::Config>::AccountId>;

impl<T: Config> Pallet<T> {
	/// What the chain keeps of the device's last accepted report.
	pub fn last_report(device: DeviceId) -> Option<LastReport> {
		Records::<T>::get(device).map(|record| record.last)
	}

	/// Whether the chain, as it is now, would accept this report.
	pub fn check_report(
		signed: &SignedReport,
		readings: Option<&Readings>,
	) -> Result<(), Refusal<ReportError>> {
		Self::check(signed, readings).map(drop)
	}

	/// Every check of a report, in the order that the crate's documentation gives.
	pub fn check(
		signed: &SignedReport,
		readings: Option<&Readings>,
	) -> Result<CheckedOf<T>, Refusal<ReportError>> {
		let checked = Self::fit(signed)?;
		Self::prove(&checked, signed, readings)?;
		Ok(checked)
	}

	/// The checks that compare: the chain, the device, its last report and its network's policy.
	pub(crate) fn fit(signed: &SignedReport) -> Result<CheckedOf<T>, Refusal<ReportError>> {
		let SignedReport { chain, report, .. } = signed;
		let genesis = T::GenesisHash::get();
		let this = GenesisPrefix::of(&genesis);
		ensure!(*chain == this, ReportError::WrongChain.because(Expected::exactly(this), *chain));

		let DeviceView { owner, network, key, cell, status, trust, registered_at } =
			T::Devices::device(&report.device).ok_or(ReportError::UnknownDevice)?;
		ensure!(status.can_work(), ReportError::DeviceNotActive.found(status));

		let record = Records::<T>::get(report.device);
		let last = record.as_ref().map(|record| &record.last);
		// Another key counts anew: whoever had the old one has not used up its numbers. What the new one
		// may have signed before cannot come again either, for windows only go on.
		if let Some(record) = record.as_ref().filter(|record| record.signer == Tag::of(&key)) {
			check_sequence(report, &record.last)?;
		}

		report.check_form()?;
		// A device's network is there as long as the device is.
		let NetworkView { kind, policy, paused } =
			T::Devices::network(network).ok_or(ReportError::UnknownDevice)?;
		ensure!(!paused, ReportError::NetworkPaused.found(network));
		let now = T::Time::now();
		check_window(report, &policy.report, now)?;
		// It did nothing before it was there; and if it was there before, and has been reaped, its
		// reports of that time were accepted then.
		ensure!(
			report.window_end > registered_at,
			ReportError::WindowTooOld.because(Expected::Above(registered_at), report.window_end)
		);
		if let Some(last) = last {
			let expected = Expected::AtLeast(last.window_end);
			ensure!(
				report.window_start >= last.window_end,
				ReportError::WindowOverlaps.because(expected, report.window_start)
			);
			let next = last.accepted_at.saturating_add(policy.report.min_interval);
			ensure!(now >= next, ReportError::TooSoon.because(Expected::AtLeast(next), now));
		}
		let mut limits = BoundedVec::new();
		for summary in &report.metrics {
			let entry = Metrics::<T>::get(network, summary.metric);
			let unknown = ReportError::UnknownMetric.found(summary.metric);
			let of_metric = entry.ok_or(unknown)?.metric.limits;
			// A report has no more metrics than there is room for; qed.
			let _ = limits.try_push(of_metric);
		}
		Ok(Checked {
			network,
			kind,
			policy,
			trust,
			owner,
			cell,
			registered_at,
			record,
			limits,
			now,
			key,
			genesis,
		})
	}

	/// The checks that hash and verify: the readings, then the signature.
	fn prove(
		checked: &CheckedOf<T>,
		signed: &SignedReport,
		readings: Option<&Readings>,
	) -> Result<(), Refusal<ReportError>> {
		let SignedReport { report, signature, .. } = signed;
		if let Some(readings) = readings {
			report.check_readings(readings)?;
		}
		let Checked { key, genesis, .. } = checked;
		ensure!(verify(key, signature, report, genesis), ReportError::BadSignature.expecting(*key));
		Ok(())
	}

	/// Lets a report into the pool and into blocks without a fee.
	///
	/// It provides two tags. By (device, sequence), of any number of copies of a report, and of two that
	/// would exclude each other on chain, the pool holds one. By the device alone it holds one report of
	/// each device: whoever has a device's key cannot crowd it with reports that differ.
	pub(crate) fn authorize_report(
		_: TransactionSource,
		signed: &SignedReport,
		readings: &Option<Readings>,
	) -> TransactionValidityWithRefund {
		Self::check(signed, readings.as_ref()).map_err(refused)?;
		admission("DepinReport", LONGEVITY)
			.and_provides((signed.report.device, signed.report.sequence))
			.and_provides(signed.report.device)
			.build()
			.map(|validity| (validity, Weight::zero()))
	}

	/// How many readings come with a report.
	pub(crate) fn inline_readings(readings: &Option<Readings>) -> u32 {
		// Bounded by `MAX_INLINE_READINGS`, a `u32`; qed.
		readings.as_ref().map_or(0, |readings| readings.len() as u32)
	}
}

fn check_sequence(report: &Report, last: &LastReport) -> Result<(), Refusal<ReportError>> {
	if report.sequence > last.sequence {
		return Ok(());
	}
	if report.sequence == last.sequence && report.hash() == last.hash {
		return Err(ReportError::Duplicate.found(report.sequence));
	}
	Err(ReportError::StaleSequence.because(Expected::Above(last.sequence), report.sequence))
}

fn check_window(
	report: &Report,
	policy: &ReportPolicy,
	now: Millis,
) -> Result<(), Refusal<ReportError>> {
	let (window_end, length) = (report.window_end, report.length());
	ensure!(
		length <= policy.max_window,
		ReportError::WindowTooLong.because(Expected::AtMost(policy.max_window), length)
	);
	let latest = now.saturating_add(policy.max_skew);
	ensure!(
		window_end <= latest,
		ReportError::WindowInFuture.because(Expected::AtMost(latest), window_end)
	);
	let earliest = now.saturating_sub(policy.max_age);
	ensure!(
		window_end.saturating_add(policy.max_age) >= now,
		ReportError::WindowTooOld.because(Expected::AtLeast(earliest), window_end)
	);
	Ok(())
}
