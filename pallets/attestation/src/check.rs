//! Checks of a report, and its admission to the pool.
//!
//! ```text
//! SignedReport ─ check_state ─> Consistent ─ verify ─> Verified ─ accept
//! ```
//!
//! A *consistent* report agrees with the chain's state; the readings and the signature of a
//! *verified* one have been checked as well, which costs more. The fields of both types are private
//! to this module, so that a verified report can only be made here.

use crate::{
	types::{DeviceState, ShortHash},
	Config, DeviceStates, Metrics, Pallet, LONGEVITY,
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

/// State that the checks of a report have read, for those who accept it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReportContext<AccountId> {
	/// Network that the device works for.
	pub(crate) network: NetworkId,
	/// Kind of work of the network's devices.
	pub(crate) kind: NetworkKind,
	/// Policy of the network.
	pub(crate) policy: NetworkPolicy,
	/// Trust level of the device.
	pub(crate) trust: TrustLevel,
	/// Owner of the device.
	pub(crate) owner: AccountId,
	/// Cell in which the device is.
	pub(crate) cell: Cell,
	/// Time of the device's registration.
	pub(crate) registered_at: Millis,
	/// State of the device; `None` if it has not reported yet.
	pub(crate) state: Option<DeviceState>,
	/// Limits of the report's metrics, in the order of its summaries.
	pub(crate) limits: BoundedVec<MetricLimits, ConstU32<MAX_METRICS>>,
	/// Time by the chain's clock.
	pub(crate) now: Millis,
	/// Key that the device signs with.
	pub(crate) key: PublicKey,
	/// Genesis hash of the chain.
	pub(crate) genesis: H256,
}

/// Report that agrees with the chain's state. Its readings and its signature are not checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Consistent<AccountId>(ReportContext<AccountId>);

/// Report that has passed every check, the readings and the signature included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Verified<AccountId>(ReportContext<AccountId>);

/// [`Consistent`] report of a runtime's device.
pub(crate) type ConsistentOf<T> = Consistent<<T as frame_system::Config>::AccountId>;

impl<AccountId> Consistent<AccountId> {
	/// Verifies that `signed`, the report from which this value was made, commits to the readings,
	/// and that its signature is the device's.
	pub(crate) fn verify(
		self,
		signed: &SignedReport,
		readings: Option<&Readings>,
	) -> Result<Verified<AccountId>, Refusal<ReportError>> {
		let SignedReport { report, signature, .. } = signed;
		if let Some(readings) = readings {
			report.check_readings(readings)?;
		}
		let ReportContext { key, genesis, .. } = &self.0;
		ensure!(verify(key, signature, report, genesis), ReportError::BadSignature.expecting(*key));
		Ok(Verified(self.0))
	}

	/// Takes the readings and the signature as verified, because this is the call of an authorized
	/// origin: `authorize_report` has verified the same bytes against the same state just before,
	/// in the same block. No other caller may use this method.
	pub(crate) fn verified_by_authorization(self) -> Verified<AccountId> {
		Verified(self.0)
	}

	/// Returns the key and the genesis hash with which the report's signature must be verified.
	pub(crate) fn key_and_genesis(&self) -> (PublicKey, H256) {
		(self.0.key, self.0.genesis)
	}

	/// Takes the outcome of a verification of the signature that was made elsewhere: a batch checks
	/// the readings of each report, and verifies the signatures of all together. Only `take_batch`
	/// may use this method.
	pub(crate) fn verified_in_batch(
		self,
		signature_is_valid: bool,
	) -> Result<Verified<AccountId>, Refusal<ReportError>> {
		ensure!(signature_is_valid, ReportError::BadSignature.expecting(self.0.key));
		Ok(Verified(self.0))
	}
}

impl<AccountId> Verified<AccountId> {
	/// Returns the state that the checks have read.
	pub(crate) fn into_context(self) -> ReportContext<AccountId> {
		self.0
	}
}

impl<T: Config> Pallet<T> {
	/// Returns what the chain keeps of the device's last accepted report.
	pub fn last_report(device: DeviceId) -> Option<LastReport> {
		DeviceStates::<T>::get(device).map(|state| state.last)
	}

	/// Checks that the chain, in its present state, would accept this report.
	pub fn check_report(
		signed: &SignedReport,
		readings: Option<&Readings>,
	) -> Result<(), Refusal<ReportError>> {
		Self::check_state(signed)?.verify(signed, readings).map(drop)
	}

	/// Checks the report against the chain, the device, its last report and its network's policy,
	/// in the order of the README's table: from cheap to costly.
	pub(crate) fn check_state(
		signed: &SignedReport,
	) -> Result<ConsistentOf<T>, Refusal<ReportError>> {
		let SignedReport { chain, report, .. } = signed;
		let genesis = T::GenesisHash::get();
		let this = GenesisPrefix::of(&genesis);
		ensure!(*chain == this, ReportError::WrongChain.because(Expected::exactly(this), *chain));

		let DeviceView { owner, network, key, cell, status, trust, registered_at } =
			T::Devices::device(&report.device).ok_or(ReportError::UnknownDevice)?;
		ensure!(status.can_work(), ReportError::DeviceNotActive.found(status));

		// After a key rotation sequence numbers start again, so that the holder of the old key
		// cannot exhaust them. Old reports of the new key cannot be replayed either: windows only
		// advance.
		let state = DeviceStates::<T>::get(report.device);
		if let Some(state) = state.as_ref().filter(|state| state.signer == ShortHash::of(&key)) {
			check_sequence(report, &state.last)?;
		}

		report.check_form()?;
		// A network exists as long as its devices do: this error should not happen.
		let NetworkView { kind, policy, paused } =
			T::Devices::network(network).ok_or(ReportError::UnknownDevice)?;
		ensure!(!paused, ReportError::NetworkPaused.found(network));

		let now = T::Time::now();
		check_window(report, &policy.report, now)?;
		// A device that was registered before, reaped and registered again could otherwise replay
		// the reports of its former life.
		ensure!(
			report.window_end > registered_at,
			ReportError::WindowTooOld.because(Expected::Above(registered_at), report.window_end)
		);
		if let Some(DeviceState { last, .. }) = &state {
			check_succession(report, last, &policy.report, now)?;
		}

		let mut limits = BoundedVec::new();
		for summary in &report.metrics {
			let entry = Metrics::<T>::get(network, summary.metric);
			let unknown = ReportError::UnknownMetric.found(summary.metric);
			let of_metric = entry.ok_or(unknown)?.metric.limits;
			// A report has no more metrics than there is room for; qed.
			let _ = limits.try_push(of_metric);
		}
		Ok(Consistent(ReportContext {
			network,
			kind,
			policy,
			trust,
			owner,
			cell,
			registered_at,
			state,
			limits,
			now,
			key,
			genesis,
		}))
	}

	/// Admits a report to the pool and to blocks without a fee.
	///
	/// The report provides two pool tags. By (device, sequence) the pool holds one of any number of
	/// copies of a report, and one of two reports that exclude each other on chain. By the device
	/// alone it holds one report of each device, so that the holder of one key cannot crowd it.
	pub(crate) fn authorize_report(
		_source: TransactionSource,
		signed: &SignedReport,
		readings: &Option<Readings>,
	) -> TransactionValidityWithRefund {
		Self::check_report(signed, readings.as_ref()).map_err(refused)?;
		admission("DepinReport", LONGEVITY)
			.and_provides((signed.report.device, signed.report.sequence))
			.and_provides(signed.report.device)
			.build()
			.map(|validity| (validity, Weight::zero()))
	}

	/// Returns the number of readings that come with a report.
	pub(crate) fn inline_readings(readings: &Option<Readings>) -> u32 {
		// Bounded by `MAX_INLINE_READINGS`, a `u32`; qed.
		readings.as_ref().map_or(0, |readings| readings.len() as u32)
	}
}

/// Checks that the report's sequence is above that of the last one under the same key.
fn check_sequence(report: &Report, last: &LastReport) -> Result<(), Refusal<ReportError>> {
	if report.sequence > last.sequence {
		return Ok(());
	}
	if report.sequence == last.sequence && report.hash() == last.hash {
		return Err(ReportError::Duplicate.found(report.sequence));
	}
	Err(ReportError::StaleSequence.because(Expected::Above(last.sequence), report.sequence))
}

/// Checks length and end of the report's window. Every limit is inclusive.
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

/// Checks that the window begins no earlier than the last report's ended, and that the network's
/// least interval has passed since that report was accepted. Both hold across a change of key.
fn check_succession(
	report: &Report,
	last: &LastReport,
	policy: &ReportPolicy,
	now: Millis,
) -> Result<(), Refusal<ReportError>> {
	let expected = Expected::AtLeast(last.window_end);
	ensure!(
		report.window_start >= last.window_end,
		ReportError::WindowOverlaps.because(expected, report.window_start)
	);
	let next = last.accepted_at.saturating_add(policy.min_interval);
	ensure!(now >= next, ReportError::TooSoon.because(Expected::AtLeast(next), now));
	Ok(())
}
