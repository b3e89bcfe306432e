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
	types::{DeviceState, LimitsOf, ShortHash},
	Config, Limits, Pallet, RecordOf, LONGEVITY,
};
use alloc::collections::BTreeMap;
use depin_primitives::{
	feeless::{admission, refused},
	metric::MetricLimits,
	network::NetworkKind,
	policy::{NetworkPolicy, ReportPolicy, TrustLevel},
	refusal::{Expected, Refusal, RefusalReason},
	report::{
		LastReport, Readings, Report, ReportError, SignedReport, MAX_METRICS, MAX_SEQUENCE_STEP,
	},
	signing::GenesisPrefix,
	traits::{DeviceView, Devices, NetworkView},
	verify::verify,
	Cell, DeviceId, KeyScheme, Millis, NetworkId, PublicKey, H256,
};
use frame_support::{
	ensure,
	traits::{ConstU32, Get, Time},
	BoundedVec,
};
use sp_runtime::transaction_validity::{TransactionSource, TransactionValidityWithRefund};

/// State of the chain that the reports of one call share, read once. Nothing that it holds changes
/// while reports are accepted.
pub(crate) struct Shared<T: Config> {
	/// Genesis hash of the chain.
	genesis: H256,
	/// Time by the chain's clock.
	now: Millis,
	/// Rules of the networks that were asked for; `None` for a network that does not exist.
	networks: BTreeMap<NetworkId, Option<Rules<T>>>,
}

/// Rules of a network by which reports are checked and scored.
pub(crate) struct Rules<T: Config> {
	view: NetworkView,
	limits: LimitsOf<T>,
}

impl<T: Config> Shared<T> {
	/// Reads what does not depend on a report.
	pub(crate) fn new() -> Self {
		let (genesis, now) = (T::GenesisHash::get(), T::Time::now());
		Self { genesis, now, networks: BTreeMap::new() }
	}

	/// Returns the network's rules.
	pub(crate) fn rules(&mut self, network: NetworkId) -> Option<&Rules<T>> {
		let read = || {
			let view = T::Devices::network(network)?;
			Some(Rules { view, limits: Limits::<T>::get(network) })
		};
		self.networks.entry(network).or_insert_with(read).as_ref()
	}

	/// Returns the number of networks that were read.
	pub(crate) fn networks(&self) -> usize {
		self.networks.len()
	}
}

/// State that the checks of a report have read, for those who accept it.
pub(crate) struct ReportContext<T: Config> {
	/// Network that the device works for.
	pub(crate) network: NetworkId,
	/// Kind of work of the network's devices.
	pub(crate) kind: NetworkKind,
	/// Policy of the network.
	pub(crate) policy: NetworkPolicy,
	/// Trust level of the device.
	pub(crate) trust: TrustLevel,
	/// Owner of the device.
	pub(crate) owner: T::AccountId,
	/// Cell in which the device is.
	pub(crate) cell: Cell,
	/// Time of the device's registration.
	pub(crate) registered_at: Millis,
	/// Record of the device, with this pallet's part of it.
	pub(crate) record: RecordOf<T>,
	/// Limits of the report's metrics, in the order of its summaries.
	pub(crate) limits: BoundedVec<MetricLimits, ConstU32<MAX_METRICS>>,
	/// Time by the chain's clock.
	pub(crate) now: Millis,
	/// Key that the device signs with.
	pub(crate) key: PublicKey,
	/// Genesis hash of the chain.
	pub(crate) genesis: H256,
}

impl<T: Config> ReportContext<T> {
	/// Returns the state of the device; `None` if it has not reported yet.
	pub(crate) fn state(&self) -> Option<&DeviceState> {
		self.record.as_ref().as_ref()
	}
}

/// Report that agrees with the chain's state. Its readings and its signature are not checked.
pub(crate) struct Consistent<T: Config>(ReportContext<T>);

/// Report that has passed every check, the readings and the signature included.
pub(crate) struct Verified<T: Config>(ReportContext<T>);

impl<T: Config> Consistent<T> {
	/// Verifies that the readings are those that go with `signed`, the report from which this value
	/// was made, and that its signature is the device's.
	pub(crate) fn verify(
		self,
		signed: &SignedReport,
		readings: Option<&Readings>,
	) -> Result<Verified<T>, Refusal<ReportError>> {
		let SignedReport { report, signature, .. } = signed;
		report.check_readings(readings)?;
		let ReportContext { key, genesis, .. } = &self.0;
		ensure!(verify(key, signature, report, genesis), ReportError::BadSignature.expecting(*key));
		Ok(Verified(self.0))
	}

	/// Takes the readings and the signature as verified, because this is the call of an authorized
	/// origin: `authorize_report` has verified the same bytes against the same state just before,
	/// in the same block. No other caller may use this method.
	pub(crate) fn verified_by_authorization(self) -> Verified<T> {
		Verified(self.0)
	}

	/// Returns the scheme of the signature.
	pub(crate) fn scheme(&self) -> KeyScheme {
		self.0.key.scheme()
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
	) -> Result<Verified<T>, Refusal<ReportError>> {
		ensure!(signature_is_valid, ReportError::BadSignature.expecting(self.0.key));
		Ok(Verified(self.0))
	}
}

impl<T: Config> Verified<T> {
	/// Returns the scheme of the signature.
	pub(crate) fn scheme(&self) -> KeyScheme {
		self.0.key.scheme()
	}

	/// Returns the state that the checks have read.
	pub(crate) fn into_context(self) -> ReportContext<T> {
		self.0
	}
}

impl<T: Config> Pallet<T> {
	/// Returns this pallet's part of the device's record; `None` if the device has not reported.
	pub(crate) fn device_state(device: &DeviceId) -> Option<DeviceState> {
		T::Devices::part::<Option<DeviceState>>(device).flatten()
	}

	/// Returns what the chain keeps of the device's last accepted report.
	pub fn last_report(device: DeviceId) -> Option<LastReport> {
		Self::device_state(&device).map(|state| state.last)
	}

	/// Checks that the chain, in its present state, would accept this report.
	pub fn check_report(
		signed: &SignedReport,
		readings: Option<&Readings>,
	) -> Result<(), Refusal<ReportError>> {
		Self::check_all(signed, readings).map(drop)
	}

	/// Checks the report, its readings and its signature.
	fn check_all(
		signed: &SignedReport,
		readings: Option<&Readings>,
	) -> Result<Verified<T>, Refusal<ReportError>> {
		Self::check_state(signed, &mut Shared::new())?.verify(signed, readings)
	}

	/// Checks the report against the chain, the device, its last report and its network's policy,
	/// in the order of the README's table: from cheap to costly.
	pub(crate) fn check_state(
		signed: &SignedReport,
		shared: &mut Shared<T>,
	) -> Result<Consistent<T>, Refusal<ReportError>> {
		let SignedReport { chain, report, .. } = signed;
		let (genesis, now) = (shared.genesis, shared.now);
		let this = GenesisPrefix::of(&genesis);
		ensure!(*chain == this, ReportError::WrongChain.because(Expected::exactly(this), *chain));

		let record = T::Devices::record(&report.device).ok_or(ReportError::UnknownDevice)?;
		let DeviceView { owner, network, key, cell, status, trust, registered_at } =
			T::Devices::view(&record);
		ensure!(status.can_work(), ReportError::DeviceNotActive.found(status));

		// After a key rotation sequence numbers start again, so that the holder of the old key
		// cannot exhaust them. Old reports of the new key cannot be replayed either: windows only
		// advance.
		let state: Option<&DeviceState> = record.as_ref().as_ref();
		let of_key = state.filter(|state| state.signer == ShortHash::of(&key));
		check_sequence(report, of_key.map(|state| &state.last))?;

		report.check_form()?;
		// A network exists as long as its devices do: this error should not happen.
		let Rules { view, limits: of_network } =
			shared.rules(network).ok_or(ReportError::UnknownDevice)?;
		let NetworkView { kind, policy, paused } = *view;
		ensure!(!paused, ReportError::NetworkPaused.found(network));

		check_window(report, &policy.report, now)?;
		// A device that was registered before, reaped and registered again could otherwise replay
		// the reports of its former life.
		ensure!(
			report.window_end > registered_at,
			ReportError::WindowTooOld.because(Expected::Above(registered_at), report.window_end)
		);
		if let Some(DeviceState { last, .. }) = state {
			check_succession(report, last, &policy.report, now)?;
		}

		let mut limits = BoundedVec::new();
		for summary in &report.metrics {
			let at = of_network.binary_search_by_key(&summary.metric, |(id, _)| *id).ok();
			let unknown = ReportError::UnknownMetric.found(summary.metric);
			let (_, of_metric) = at.and_then(|at| of_network.get(at)).ok_or(unknown)?;
			// A report has no more metrics than there is room for; qed.
			let _ = limits.try_push(*of_metric);
		}
		Ok(Consistent(ReportContext {
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
		let verified = Self::check_all(signed, readings.as_ref()).map_err(refused)?;
		let unused = Self::unused_by_authorization(verified.scheme());
		admission("DepinReport", LONGEVITY)
			.and_provides((signed.report.device, signed.report.sequence))
			.and_provides(signed.report.device)
			.build()
			.map(|validity| (validity, unused))
	}
}

/// Checks that the report's sequence is above that of the last one under the same key, by no more
/// than [`MAX_SEQUENCE_STEP`]. The sequence of a key's first report is at most the step.
fn check_sequence(report: &Report, last: Option<&LastReport>) -> Result<(), Refusal<ReportError>> {
	let sequence = report.sequence;
	if let Some(last) = last {
		if sequence == last.sequence && report.hash() == last.hash {
			return Err(ReportError::Duplicate.found(sequence));
		}
		ensure!(
			sequence > last.sequence,
			ReportError::StaleSequence.because(Expected::Above(last.sequence), sequence)
		);
	}
	let most = last.map_or(0, |last| last.sequence).saturating_add(MAX_SEQUENCE_STEP);
	ensure!(
		sequence <= most,
		ReportError::SequenceTooFar.because(Expected::AtMost(most), sequence)
	);
	Ok(())
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
