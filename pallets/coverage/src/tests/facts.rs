//! Facts of refusals: the value that the chain expected, and the one that it found.

use crate::{mock::*, *};
use depin_primitives::{
	beacon::{Beacon, CoverageError, SignedWitness, MAX_WITNESSES},
	device::DeviceStatus,
	refusal::{Expected, Fact, Refusal, RefusalReason},
	signing::GenesisPrefix,
};
use frame_support::assert_ok;
use frame_system::RawOrigin;

fn refusal_of(witness: SignedWitness) -> Refusal<CoverageError> {
	Coverage::check_witness(&witness).unwrap_err()
}

fn refusal_of_beacon(beaconer: &Device) -> Refusal<CoverageError> {
	Coverage::check_beacon(&beaconer.beacon()).unwrap_err()
}

/// Runs a test with a beaconer and a witness while commitments are accepted.
fn committing(test: impl FnOnce(Device, Device)) {
	ExtBuilder::default().build_and_execute(|| {
		let (beaconer, hearer) = (beaconer(), hearer(0));
		to_commit(&beaconer);
		test(beaconer, hearer);
	});
}

#[test]
fn a_wrong_chain_shows_both_genesis_prefixes() {
	committing(|beaconer, hearer| {
		let (this, other) = (GenesisPrefix::of(&GENESIS), GenesisPrefix([7; 4]));
		let expected = CoverageError::WrongChain.because(Expected::exactly(this), other);
		let witness = SignedWitness { chain: other, ..hearer.witness(&beaconer) };
		assert_eq!(refusal_of(witness), expected);
		let beacon = Beacon { chain: other, ..beaconer.beacon() };
		assert_eq!(Coverage::check_beacon(&beacon), Err(expected));
	});
}

#[test]
fn a_device_that_is_not_active_shows_its_status() {
	committing(|beaconer, hearer| {
		let status = DeviceStatus::Retiring { until: 1000 };
		let expected = CoverageError::DeviceNotActive.found(status);
		assert_eq!(expected.found, Some(Fact::Status(status)));
		hearer.change(|view| view.status = status);
		assert_eq!(refusal_of(hearer.witness(&beaconer)), expected);
		beaconer.change(|view| view.status = status);
		assert_eq!(refusal_of_beacon(&beaconer), expected);
		assert_eq!(Coverage::challenge(beaconer.id), Err(expected));
	});
}

#[test]
fn a_paused_network_shows_its_number() {
	committing(|beaconer, hearer| {
		Paused::mutate(|all| all.insert(NETWORK));
		let expected = CoverageError::NetworkPaused.found(NETWORK);
		assert_eq!(refusal_of(hearer.witness(&beaconer)), expected);
		assert_eq!(refusal_of_beacon(&beaconer), expected);
	});
}

#[test]
fn a_wrong_period_shows_the_current_one_and_that_of_the_message() {
	committing(|beaconer, hearer| {
		let mut report = hearer.report(&beaconer);
		report.period = 5;
		assert_eq!(
			refusal_of(hearer.signed(report)),
			CoverageError::WrongPeriod.because(Expected::exactly(0u32), 5u32)
		);
		let past = beaconer.beacon();
		to_period(1);
		assert_eq!(
			Coverage::check_beacon(&past),
			Err(CoverageError::WrongPeriod.because(Expected::exactly(1u32), 0u32))
		);
	});
}

#[test]
fn a_message_before_the_first_period_shows_its_own_period() {
	ExtBuilder::default().at_genesis().build_and_execute(|| {
		let (beaconer, hearer) = (beaconer(), hearer(0));
		Coverage::advance();
		let witness = hearer.witness(&beaconer);
		CurrentPeriod::<Test>::kill();
		Clock::<Test>::kill();
		assert_eq!(refusal_of(witness), CoverageError::WrongPeriod.found(0u32));
	});
}

#[test]
fn a_message_outside_its_window_shows_the_window_and_the_tick() {
	ExtBuilder::default().build_and_execute(|| {
		let (beaconer, hearer) = (beaconer(), hearer(0));
		// A period in which there are ticks before the commit window and after the reveal window.
		let has_room = || {
			let (period, window) = (period(), period().window(&beaconer.id));
			window.opens_at > period.starts_at && window.closes_at < period.ends_at()
		};
		while !has_room() {
			to_period(period().number + 1);
		}
		let window = period().window(&beaconer.id);
		let (opens_at, reveals_at, closes_at) =
			(window.opens_at.into(), window.reveals_at.into(), window.closes_at.into());
		let to_commit = Expected::Within { from: opens_at, until: reveals_at };
		let to_reveal = Expected::Within { from: reveals_at, until: closes_at };

		to_tick(window.opens_at - 1);
		assert_eq!(
			refusal_of(hearer.witness(&beaconer)),
			CoverageError::TooEarly.because(to_commit, opens_at - 1)
		);
		to_tick(window.reveals_at - 1);
		assert_eq!(
			refusal_of_beacon(&beaconer),
			CoverageError::TooEarly.because(to_reveal, reveals_at - 1)
		);
		to_tick(window.reveals_at);
		assert_eq!(
			refusal_of(hearer.witness(&beaconer)),
			CoverageError::TooLate.because(to_commit, reveals_at)
		);
		to_tick(window.closes_at);
		assert_eq!(
			refusal_of_beacon(&beaconer),
			CoverageError::TooLate.because(to_reveal, closes_at)
		);
	});
}

#[test]
fn a_full_round_shows_how_many_witnesses_a_beacon_can_have() {
	committing(|beaconer, late| {
		for n in 1..=MAX_WITNESSES as u8 {
			let witness = hearer(n).witness(&beaconer);
			assert_ok!(Coverage::witness(RawOrigin::Authorized.into(), witness));
		}
		let most = MAX_WITNESSES.into();
		assert_eq!(
			refusal_of(late.witness(&beaconer)),
			CoverageError::WitnessesFull.because(Expected::AtMost(most), most + 1)
		);
	});
}

#[test]
fn a_bad_signature_shows_the_key_that_must_have_signed() {
	committing(|beaconer, hearer| {
		let mut witness = hearer.witness(&beaconer);
		witness.signature.0[40] ^= 1;
		assert_eq!(refusal_of(witness), CoverageError::BadSignature.expecting(hearer.key));
		to_reveal(&beaconer);
		let mut beacon = beaconer.beacon();
		beacon.payload.0[40] ^= 1;
		let expected = CoverageError::BadSignature.expecting(beaconer.key);
		assert_eq!(Coverage::check_beacon(&beacon), Err(expected));
	});
}
