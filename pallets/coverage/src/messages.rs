//! The two messages of a challenge: when each is taken, and who may send it.
//!
//! ```text
//! SignedWitness ─ examine_witness ─> WitnessCase ─ signature ─> commit
//! Beacon        ─ examine_beacon  ─> BeaconCase  ─ signature ─> judge
//! ```
//!
//! The feeless calls verify the signature in their authorization, which the same block has run just
//! before; the signed calls verify it themselves.

use crate::{types::*, Clock, Config, CurrentPeriod, Event, Pallet, Rounds, Scores};
use depin_primitives::{
	beacon::{Beacon, BeaconChallenge, CoverageError, Period, SignedWitness, Tick, MAX_WITNESSES},
	feeless::{admission, refused},
	policy::{CoveragePolicy, NetworkPolicy},
	refusal::{Expected, Refusal, RefusalReason},
	signing::GenesisPrefix,
	traits::{DeviceView, Devices, NetworkView},
	verify::verify,
	DeviceId, NetworkId, PublicKey,
};
use frame_support::{
	ensure,
	pallet_prelude::{TransactionSource, Weight},
	traits::{Get, Time},
};
use sp_runtime::transaction_validity::TransactionValidityWithRefund;

/// A witness report in order, but for its signature.
pub(crate) struct WitnessCase {
	key: PublicKey,
	round: Round,
	ticks_left: Tick,
}

/// A beacon in order, but for its signature.
pub(crate) struct BeaconCase<AccountId> {
	pub(crate) beaconer: DeviceView<AccountId>,
	pub(crate) policy: NetworkPolicy,
	pub(crate) coverage: CoveragePolicy,
	pub(crate) period: PeriodInfo,
	ticks_left: Tick,
}

impl<T: Config> Pallet<T> {
	/// Whether the chain, as it is now, would accept this witness report.
	pub fn check_witness(signed: &SignedWitness) -> Result<(), Refusal<CoverageError>> {
		Self::verify_witness(signed).map(|_| ())
	}

	/// Whether the chain, as it is now, would accept this beacon.
	pub fn check_beacon(beacon: &Beacon) -> Result<(), Refusal<CoverageError>> {
		Self::verify_beacon(beacon).map(|_| ())
	}

	pub(crate) fn authorize_witness(
		_source: TransactionSource,
		signed: &SignedWitness,
	) -> TransactionValidityWithRefund {
		let case = Self::verify_witness(signed).map_err(refused)?;
		let report = &signed.report;
		admission("DepinWitness", case.ticks_left.into())
			.and_provides((report.witness, report.beaconer, report.period))
			.build()
			.map(|validity| (validity, Weight::zero()))
	}

	pub(crate) fn authorize_beacon(
		_source: TransactionSource,
		beacon: &Beacon,
	) -> TransactionValidityWithRefund {
		let case = Self::verify_beacon(beacon).map_err(refused)?;
		admission("DepinBeacon", case.ticks_left.into())
			.and_provides((beacon.device, beacon.period))
			.build()
			.map(|validity| (validity, Weight::zero()))
	}

	/// Every check of a witness report, the signature last.
	pub(crate) fn verify_witness(
		signed: &SignedWitness,
	) -> Result<WitnessCase, Refusal<CoverageError>> {
		let case = Self::examine_witness(signed)?;
		let good = verify(&case.key, &signed.signature, &signed.report, &T::GenesisHash::get());
		ensure!(good, CoverageError::BadSignature.expecting(case.key));
		Ok(case)
	}

	/// Every check of a beacon, the signature last.
	pub(crate) fn verify_beacon(
		beacon: &Beacon,
	) -> Result<BeaconCase<T::AccountId>, Refusal<CoverageError>> {
		let case = Self::examine_beacon(beacon)?;
		let Beacon { device, period, payload, .. } = *beacon;
		let challenge = BeaconChallenge { device, period, nonce: case.period.nonce(&device) };
		let good = verify(&case.beaconer.key, &payload, &challenge, &T::GenesisHash::get());
		ensure!(good, CoverageError::BadSignature.expecting(case.beaconer.key));
		Ok(case)
	}

	/// Every check of a witness report but the signature, the cheapest first.
	pub(crate) fn examine_witness(
		signed: &SignedWitness,
	) -> Result<WitnessCase, Refusal<CoverageError>> {
		let report = &signed.report;
		Self::ensure_this_chain(signed.chain)?;
		let witness = Self::active(&report.witness)?;
		ensure!(report.witness != report.beaconer, CoverageError::SelfWitness);
		Self::active(&report.beaconer)
			.ok()
			.filter(|beaconer| beaconer.network == witness.network)
			.ok_or(CoverageError::UnknownBeaconer)?;
		Self::coverage(witness.network)?;
		let period = Self::current(report.period)?;
		let Window { opens_at, reveals_at, .. } = period.window(&report.beaconer);
		let ticks_left = ticks_left(opens_at, reveals_at, Clock::<T>::get().tick)?;
		let round =
			Self::round(&report.beaconer, &period).unwrap_or_else(|| Round::new(period.number));
		let known = round.witnesses.iter().any(|each| each.report.witness == report.witness);
		ensure!(!known, CoverageError::DuplicateWitness);
		ensure!(!round.witnesses.is_full(), Self::witnesses_full());
		Ok(WitnessCase { key: witness.key, round, ticks_left })
	}

	/// Every check of a beacon but the signature, the cheapest first.
	pub(crate) fn examine_beacon(
		beacon: &Beacon,
	) -> Result<BeaconCase<T::AccountId>, Refusal<CoverageError>> {
		Self::ensure_this_chain(beacon.chain)?;
		let beaconer = Self::active(&beacon.device)?;
		let (policy, coverage) = Self::coverage(beaconer.network)?;
		let period = Self::current(beacon.period)?;
		let Window { reveals_at, closes_at, .. } = period.window(&beacon.device);
		let ticks_left = ticks_left(reveals_at, closes_at, Clock::<T>::get().tick)?;
		let answered = Self::has_answered(&beacon.device, &period);
		ensure!(!answered, CoverageError::AlreadyRevealed);
		Ok(BeaconCase { beaconer, policy, coverage, period, ticks_left })
	}

	/// Keeps a verified witness report until its beaconer reveals.
	pub(crate) fn commit(
		case: WitnessCase,
		signed: &SignedWitness,
	) -> Result<(), Refusal<CoverageError>> {
		let SignedWitness { report, .. } = *signed;
		let WitnessCase { mut round, .. } = case;
		round
			.witnesses
			.try_push(Commitment { report, received_at: T::Time::now() })
			.map_err(|_| Self::witnesses_full())?;
		Rounds::<T>::insert(report.beaconer, round);
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
			.because(Expected::AtMost(MAX_WITNESSES.into()), MAX_WITNESSES + 1)
	}

	/// The device of this id, if it may take part.
	pub(crate) fn active(
		id: &DeviceId,
	) -> Result<DeviceView<T::AccountId>, Refusal<CoverageError>> {
		let view = T::Devices::device(id).ok_or(CoverageError::UnknownDevice)?;
		ensure!(view.status.can_work(), CoverageError::DeviceNotActive.found(view.status));
		Ok(view)
	}

	/// The rules of a network that has coverage challenges, and is not paused.
	pub(crate) fn coverage(
		network: NetworkId,
	) -> Result<(NetworkPolicy, CoveragePolicy), Refusal<CoverageError>> {
		let NetworkView { policy, paused, .. } =
			T::Devices::network(network).ok_or(CoverageError::CoverageOff)?;
		let coverage = policy.coverage.ok_or(CoverageError::CoverageOff)?;
		ensure!(!paused, CoverageError::NetworkPaused);
		Ok((policy, coverage))
	}

	/// The commitments to the device's beacon of this period.
	pub(crate) fn round(device: &DeviceId, period: &PeriodInfo) -> Option<Round> {
		Rounds::<T>::get(device).filter(|round| round.period == period.number)
	}

	/// Whether the device has answered its challenge of this period.
	pub(crate) fn has_answered(device: &DeviceId, period: &PeriodInfo) -> bool {
		Scores::<T>::get(device).is_some_and(|score| score.last_answered == period.number)
	}

	fn ensure_this_chain(given: GenesisPrefix) -> Result<(), Refusal<CoverageError>> {
		let this = GenesisPrefix::of(&T::GenesisHash::get());
		ensure!(given == this, CoverageError::WrongChain.because(Expected::exactly(this), given));
		Ok(())
	}

	fn current(number: Period) -> Result<PeriodInfo, Refusal<CoverageError>> {
		let wrong = CoverageError::WrongPeriod.found(number);
		let period = CurrentPeriod::<T>::get().ok_or(wrong)?;
		let expected = Expected::exactly(period.number);
		ensure!(period.number == number, CoverageError::WrongPeriod.because(expected, number));
		Ok(period)
	}
}

/// How many ticks are left of a window, in which the clock must be.
fn ticks_left(from: Tick, to: Tick, tick: Tick) -> Result<Tick, Refusal<CoverageError>> {
	let window = Expected::Within { from: from.into(), until: to.into() };
	ensure!(tick >= from, CoverageError::TooEarly.because(window, tick));
	to.checked_sub(tick)
		.filter(|left| *left > 0)
		.ok_or(CoverageError::TooLate.because(window, tick))
}
