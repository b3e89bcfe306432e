//! Checks of the two messages of a challenge, and the commitment of a witness.
//!
//! ```text
//! SignedWitness ─ check_state_witness ─> ConsistentWitness ─ verify ─> VerifiedWitness ─ commit
//! Beacon        ─ check_state_beacon  ─> ConsistentBeacon  ─ verify ─> VerifiedBeacon  ─ judge
//! ```
//!
//! A *consistent* message agrees with the chain's state; the signature of a *verified* one has been
//! checked as well. The fields of these types are private to this module, so that nothing else can
//! make a verified message. The feeless calls verify the signature in their authorization, which
//! runs just before them in the same block; the signed calls verify it themselves.

use crate::{types::*, Clock, Config, CurrentPeriod, Event, Pallet, Rounds};
use depin_primitives::{
	beacon::{Beacon, BeaconChallenge, CoverageError, Period, SignedWitness, Tick, MAX_WITNESSES},
	feeless::{admission, refused},
	policy::{CoveragePolicy, NetworkPolicy},
	refusal::{Expected, Refusal, RefusalReason},
	signing::GenesisPrefix,
	traits::{DeviceView, Devices, NetworkView},
	verify::verify,
	DeviceId, NetworkId, PublicKey, H256,
};
use frame_support::{
	ensure,
	pallet_prelude::{TransactionSource, Weight},
	traits::{Get, Time},
};
use sp_runtime::transaction_validity::TransactionValidityWithRefund;

/// Witness report that agrees with the chain's state. Its signature is not checked.
pub(crate) struct ConsistentWitness {
	signed: SignedWitness,
	key: PublicKey,
	genesis: H256,
	round: Round,
	ticks_left: Tick,
}

/// Witness report that has passed every check, the signature included.
pub(crate) struct VerifiedWitness(ConsistentWitness);

impl ConsistentWitness {
	/// Verifies the witness's signature.
	pub(crate) fn verify(self) -> Result<VerifiedWitness, Refusal<CoverageError>> {
		let SignedWitness { report, signature, .. } = &self.signed;
		let valid = verify(&self.key, signature, report, &self.genesis);
		ensure!(valid, CoverageError::BadSignature.expecting(self.key));
		Ok(VerifiedWitness(self))
	}

	/// Takes the signature as verified, because this is the call of an authorized origin:
	/// `authorize_witness` has verified the same bytes against the same state just before, in the
	/// same block. No other caller may use this method.
	pub(crate) fn verified_by_authorization(self) -> VerifiedWitness {
		VerifiedWitness(self)
	}
}

/// Beacon that agrees with the chain's state. Its payload is not checked.
pub(crate) struct ConsistentBeacon<AccountId> {
	genesis: H256,
	ticks_left: Tick,
	context: BeaconContext<AccountId>,
}

/// Beacon that has passed every check: its payload is the beaconer's signature over the challenge.
pub(crate) struct VerifiedBeacon<AccountId>(ConsistentBeacon<AccountId>);

/// Beacon with the state that its checks have read, for those who judge it.
pub(crate) struct BeaconContext<AccountId> {
	/// Revealed beacon.
	pub(crate) beacon: Beacon,
	/// Device that was challenged.
	pub(crate) beaconer: DeviceView<AccountId>,
	/// Policy of the beaconer's network.
	pub(crate) policy: NetworkPolicy,
	/// Coverage rules of that policy.
	pub(crate) coverage: CoveragePolicy,
	/// Period of the challenge, which is the current one.
	pub(crate) period: PeriodInfo,
}

impl<AccountId> ConsistentBeacon<AccountId> {
	/// Verifies that the payload is the beaconer's signature over its challenge of this period.
	pub(crate) fn verify(self) -> Result<VerifiedBeacon<AccountId>, Refusal<CoverageError>> {
		let BeaconContext { beacon, beaconer, period, .. } = &self.context;
		let challenge = BeaconChallenge {
			device: beacon.device,
			period: beacon.period,
			nonce: period.nonce(&beacon.device),
		};
		let valid = verify(&beaconer.key, &beacon.payload, &challenge, &self.genesis);
		ensure!(valid, CoverageError::BadSignature.expecting(beaconer.key));
		Ok(VerifiedBeacon(self))
	}

	/// Takes the payload as verified, because this is the call of an authorized origin:
	/// `authorize_beacon` has verified the same bytes against the same state just before, in the
	/// same block. No other caller may use this method.
	pub(crate) fn verified_by_authorization(self) -> VerifiedBeacon<AccountId> {
		VerifiedBeacon(self)
	}
}

impl<AccountId> VerifiedBeacon<AccountId> {
	/// Returns the beacon with the state that its checks have read.
	pub(crate) fn context(&self) -> &BeaconContext<AccountId> {
		&self.0.context
	}
}

impl<T: Config> Pallet<T> {
	/// Checks that the chain, in its present state, would accept this witness report.
	pub fn check_witness(signed: &SignedWitness) -> Result<(), Refusal<CoverageError>> {
		Self::check_state_witness(signed)?.verify().map(drop)
	}

	/// Checks that the chain, in its present state, would accept this beacon.
	pub fn check_beacon(beacon: &Beacon) -> Result<(), Refusal<CoverageError>> {
		Self::check_state_beacon(beacon)?.verify().map(drop)
	}

	/// Admits a witness report to the pool and to blocks without a fee.
	///
	/// The report provides one pool tag (witness, beaconer, period): the pool holds one report of a
	/// witness on a beacon. It is valid for as many blocks as there are ticks left to commit in.
	pub(crate) fn authorize_witness(
		_source: TransactionSource,
		signed: &SignedWitness,
	) -> TransactionValidityWithRefund {
		let consistent = Self::check_state_witness(signed).map_err(refused)?;
		let VerifiedWitness(verified) = consistent.verify().map_err(refused)?;
		let report = &signed.report;
		admission("DepinWitness", verified.ticks_left.into())
			.and_provides((report.witness, report.beaconer, report.period))
			.build()
			.map(|validity| (validity, Weight::zero()))
	}

	/// Admits a beacon to the pool and to blocks without a fee.
	///
	/// The beacon provides one pool tag (device, period): of two payloads for one challenge the
	/// pool holds one. It is valid for as many blocks as there are ticks left to reveal in.
	pub(crate) fn authorize_beacon(
		_source: TransactionSource,
		beacon: &Beacon,
	) -> TransactionValidityWithRefund {
		let consistent = Self::check_state_beacon(beacon).map_err(refused)?;
		let VerifiedBeacon(verified) = consistent.verify().map_err(refused)?;
		admission("DepinBeacon", verified.ticks_left.into())
			.and_provides((beacon.device, beacon.period))
			.build()
			.map(|validity| (validity, Weight::zero()))
	}

	/// Compares a witness report with the chain's state. The cheapest checks come first.
	pub(crate) fn check_state_witness(
		signed: &SignedWitness,
	) -> Result<ConsistentWitness, Refusal<CoverageError>> {
		let report = &signed.report;
		let genesis = Self::ensure_this_chain(signed.chain)?;
		let witness = Self::active_device(&report.witness)?;
		ensure!(report.witness != report.beaconer, CoverageError::SelfWitness);
		Self::active_device(&report.beaconer)
			.ok()
			.filter(|beaconer| beaconer.network == witness.network)
			.ok_or(CoverageError::UnknownBeaconer)?;
		Self::coverage_policy(witness.network)?;
		let period = Self::ensure_current_period(report.period)?;
		let Window { opens_at, reveals_at, .. } = period.window(&report.beaconer);
		let ticks_left = ticks_left(opens_at, reveals_at, Clock::<T>::get().tick)?;
		let round = Self::round(&report.beaconer, &period).unwrap_or_default();
		let committed = round.iter().any(|each| each.report.witness == report.witness);
		ensure!(!committed, CoverageError::DuplicateWitness);
		ensure!(!round.is_full(), Self::witnesses_full());
		Ok(ConsistentWitness { signed: *signed, key: witness.key, genesis, round, ticks_left })
	}

	/// Compares a beacon with the chain's state. The cheapest checks come first.
	pub(crate) fn check_state_beacon(
		beacon: &Beacon,
	) -> Result<ConsistentBeacon<T::AccountId>, Refusal<CoverageError>> {
		let genesis = Self::ensure_this_chain(beacon.chain)?;
		let beaconer = Self::active_device(&beacon.device)?;
		let (policy, coverage) = Self::coverage_policy(beaconer.network)?;
		let period = Self::ensure_current_period(beacon.period)?;
		let Window { reveals_at, closes_at, .. } = period.window(&beacon.device);
		let ticks_left = ticks_left(reveals_at, closes_at, Clock::<T>::get().tick)?;
		let answered = Self::has_answered(&beacon.device, &period);
		ensure!(!answered, CoverageError::AlreadyRevealed);
		let context = BeaconContext { beacon: *beacon, beaconer, policy, coverage, period };
		Ok(ConsistentBeacon { genesis, ticks_left, context })
	}

	/// Stores the commitment of a witness until its beaconer reveals.
	pub(crate) fn commit(verified: VerifiedWitness) -> Result<(), Refusal<CoverageError>> {
		let VerifiedWitness(ConsistentWitness { signed, mut round, .. }) = verified;
		let report = signed.report;
		round
			.try_push(Commitment { report, received_at: T::Time::now() })
			.map_err(|_| Self::witnesses_full())?;
		Rounds::<T>::insert(report.period, report.beaconer, round);
		Self::deposit_event(Event::WitnessCommitted {
			beaconer: report.beaconer,
			witness: report.witness,
			period: report.period,
		});
		Ok(())
	}

	/// Returns the refusal of one witness too many.
	fn witnesses_full() -> Refusal<CoverageError> {
		CoverageError::WitnessesFull
			.because(Expected::AtMost(MAX_WITNESSES.into()), MAX_WITNESSES.saturating_add(1))
	}

	/// Returns the device of this id, if its status lets it take part in challenges.
	pub(crate) fn active_device(
		id: &DeviceId,
	) -> Result<DeviceView<T::AccountId>, Refusal<CoverageError>> {
		let view = T::Devices::device(id).ok_or(CoverageError::UnknownDevice)?;
		ensure!(view.status.can_work(), CoverageError::DeviceNotActive.found(view.status));
		Ok(view)
	}

	/// Returns the policy of a network that has coverage challenges and is not paused, with its
	/// coverage rules.
	pub(crate) fn coverage_policy(
		network: NetworkId,
	) -> Result<(NetworkPolicy, CoveragePolicy), Refusal<CoverageError>> {
		let NetworkView { policy, paused, .. } =
			T::Devices::network(network).ok_or(CoverageError::CoverageOff)?;
		let coverage = policy.coverage.ok_or(CoverageError::CoverageOff)?;
		ensure!(!paused, CoverageError::NetworkPaused.found(network));
		Ok((policy, coverage))
	}

	/// Returns the commitments to the device's beacon of this period.
	pub(crate) fn round(device: &DeviceId, period: &PeriodInfo) -> Option<Round> {
		Rounds::<T>::get(period.number, device)
	}

	/// Tells if the device has answered its challenge of this period.
	pub(crate) fn has_answered(device: &DeviceId, period: &PeriodInfo) -> bool {
		Self::score(*device).is_some_and(|score| score.last_answered == period.number)
	}

	/// Checks that a message is meant for this chain, and returns the chain's genesis hash.
	fn ensure_this_chain(given: GenesisPrefix) -> Result<H256, Refusal<CoverageError>> {
		let genesis = T::GenesisHash::get();
		let this = GenesisPrefix::of(&genesis);
		ensure!(given == this, CoverageError::WrongChain.because(Expected::exactly(this), given));
		Ok(genesis)
	}

	/// Checks that a message is of the current period, and returns that period.
	fn ensure_current_period(number: Period) -> Result<PeriodInfo, Refusal<CoverageError>> {
		let before_first_tick = CoverageError::WrongPeriod.found(number);
		let period = CurrentPeriod::<T>::get().ok_or(before_first_tick)?;
		let expected = Expected::exactly(period.number);
		ensure!(period.number == number, CoverageError::WrongPeriod.because(expected, number));
		Ok(period)
	}
}

/// Returns the number of ticks that are left of the window `from..until`, `tick` included. Refuses
/// a tick outside the window.
fn ticks_left(from: Tick, until: Tick, tick: Tick) -> Result<Tick, Refusal<CoverageError>> {
	let window = Expected::Within { from: from.into(), until: until.into() };
	ensure!(tick >= from, CoverageError::TooEarly.because(window, tick));
	until
		.checked_sub(tick)
		.filter(|left| *left > 0)
		.ok_or(CoverageError::TooLate.because(window, tick))
}
