//! The checks of a report: [`Pallet::fit`] against the chain's state, then [`Pallet::prove`], which
//! costs more. [`Pallet::check`] is both.

use crate::{error::invalid, Config, LastReports, Pallet, LONGEVITY, PRIORITY};
use depin_primitives::{
	network::{NetworkPolicy, ReportPolicy, TrustLevel},
	report::{LastReport, Readings, Report, ReportError, SignedReport},
	signing::ChainTag,
	traits::{DeviceView, Devices, NetworkView},
	verify::verify,
	DeviceId, Millis, NetworkId, PublicKey, H256,
};
use frame_support::{ensure, traits::Time, weights::Weight};
use sp_runtime::transaction_validity::{
	TransactionSource, TransactionValidityWithRefund, ValidTransaction,
};

/// A report's place in the state as it is: what its checks have read, for those who accept it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checked {
	/// The network that the device works for.
	pub network: NetworkId,
	/// The network's rules.
	pub policy: NetworkPolicy,
	/// How the device has proved what it is.
	pub trust: TrustLevel,
	/// When the device was registered.
	pub registered_at: Millis,
	/// The device's report before this one.
	pub last: Option<LastReport>,
	/// The chain's clock.
	pub now: Millis,
	key: PublicKey,
	genesis: H256,
}

impl<T: Config> Pallet<T> {
	/// What the chain keeps of the device's last accepted report.
	pub fn last_report(device: DeviceId) -> Option<LastReport> {
		LastReports::<T>::get(device)
	}

	/// Whether the chain, as it is now, would accept this report.
	pub fn check_report(
		signed: &SignedReport,
		readings: Option<&Readings>,
	) -> Result<(), ReportError> {
		Self::check(signed, readings).map(drop)
	}

	/// Every check of a report, in the order that the crate's documentation gives.
	pub fn check(
		signed: &SignedReport,
		readings: Option<&Readings>,
	) -> Result<Checked, ReportError> {
		let checked = Self::fit(signed)?;
		Self::prove(&checked, signed, readings)?;
		Ok(checked)
	}

	/// The checks that compare: the chain, the device, its last report and its network's policy.
	pub(crate) fn fit(signed: &SignedReport) -> Result<Checked, ReportError> {
		let SignedReport { chain, report, .. } = signed;
		let genesis = frame_system::Pallet::<T>::block_hash(
			frame_system::pallet_prelude::BlockNumberFor::<T>::from(0u32),
		);
		ensure!(*chain == ChainTag::of(&genesis), ReportError::WrongChain);

		let DeviceView { network, key, status, trust, registered_at, .. } =
			T::Devices::device(&report.device).ok_or(ReportError::UnknownDevice)?;
		ensure!(status.can_work(), ReportError::DeviceNotActive);

		let last = Self::last_report(report.device);
		if let Some(last) = &last {
			check_sequence(report, last)?;
		}

		report.check_form()?;
		// A device's network is there as long as the device is.
		let NetworkView { policy, paused } =
			T::Devices::network(network).ok_or(ReportError::UnknownDevice)?;
		ensure!(!paused, ReportError::NetworkPaused);
		let now = T::Time::now();
		check_window(report, &policy.report, now)?;
		// It did nothing before it was there; and if it was there before, and has been reaped, its
		// reports of that time were accepted then.
		ensure!(report.window_end > registered_at, ReportError::WindowTooOld);
		if let Some(last) = &last {
			ensure!(report.window_start >= last.window_end, ReportError::WindowOverlaps);
			let next = last.accepted_at.saturating_add(policy.report.min_interval);
			ensure!(now >= next, ReportError::TooSoon);
		}
		Ok(Checked { network, policy, trust, registered_at, last, now, key, genesis })
	}

	/// The checks that hash and verify: the readings, then the signature.
	fn prove(
		checked: &Checked,
		signed: &SignedReport,
		readings: Option<&Readings>,
	) -> Result<(), ReportError> {
		let SignedReport { report, signature, .. } = signed;
		if let Some(readings) = readings {
			report.check_readings(readings)?;
		}
		let Checked { key, genesis, .. } = checked;
		ensure!(verify(key, signature, report, genesis), ReportError::BadSignature);
		Ok(())
	}

	/// Lets a report into the pool and into blocks without a fee.
	///
	/// It provides the tag (device, sequence): of two reports that would exclude each other on chain,
	/// and of any number of copies of one, the pool holds one.
	pub(crate) fn authorize_report(
		_: TransactionSource,
		signed: &SignedReport,
		readings: &Option<Readings>,
	) -> TransactionValidityWithRefund {
		Self::check(signed, readings.as_ref()).map_err(invalid)?;
		ValidTransaction::with_tag_prefix("DepinReport")
			.and_provides((signed.report.device, signed.report.sequence))
			.priority(PRIORITY)
			.longevity(LONGEVITY)
			.propagate(true)
			.build()
			.map(|validity| (validity, Weight::zero()))
	}

	/// How many readings come with a report.
	pub(crate) fn inline_readings(readings: &Option<Readings>) -> u32 {
		// Bounded by `MAX_INLINE_READINGS`, a `u32`; qed.
		readings.as_ref().map_or(0, |readings| readings.len() as u32)
	}
}

fn check_sequence(report: &Report, last: &LastReport) -> Result<(), ReportError> {
	if report.sequence > last.sequence {
		return Ok(());
	}
	if report.sequence == last.sequence && report.hash() == last.hash {
		return Err(ReportError::Duplicate);
	}
	Err(ReportError::StaleSequence)
}

fn check_window(report: &Report, policy: &ReportPolicy, now: Millis) -> Result<(), ReportError> {
	let Report { window_start, window_end, .. } = report;
	let length = window_end.saturating_sub(*window_start);
	ensure!(length <= policy.max_window, ReportError::WindowTooLong);
	ensure!(*window_end <= now.saturating_add(policy.max_skew), ReportError::WindowInFuture);
	ensure!(window_end.saturating_add(policy.max_age) >= now, ReportError::WindowTooOld);
	Ok(())
}
