//! Every error, by each way in: the check, the pool, and the call that a gateway pays.

use crate::{mock::*, *};
use codec::{Decode, Encode};
use depin_primitives::{
	beacon::{commitment, Beacon, BeaconChallenge, CoverageError, SignedWitness, MAX_WITNESSES},
	device::DeviceStatus,
	refusal::RefusalReason,
	signing::GenesisPrefix,
	H256,
};
use frame_support::{
	assert_noop, assert_ok,
	pallet_prelude::{InvalidTransaction, TransactionSource},
	traits::Authorize,
};
use frame_system::RawOrigin;

fn pool_refuses(call: Call<Test>, error: CoverageError) {
	let refused = RuntimeCall::from(call).authorize(TransactionSource::External).unwrap();
	assert_eq!(refused.unwrap_err(), InvalidTransaction::Custom(error.code()).into());
}

/// Refused in each way, with nothing changed.
fn refused(witness: SignedWitness, error: CoverageError) {
	assert_eq!(Coverage::check_witness(&witness).map_err(|refusal| refusal.reason), Err(error));
	pool_refuses(Call::witness { witness }, error);
	assert_noop!(
		Coverage::submit_witness(RawOrigin::Signed(GATEWAY).into(), witness),
		Error::<Test>::from(error)
	);
	// What is in order but for its signature never gets past the pool's check.
	if error != CoverageError::BadSignature {
		assert_noop!(
			Coverage::witness(RawOrigin::Authorized.into(), witness),
			Error::<Test>::from(error)
		);
	}
}

/// Refused in each way, with nothing changed.
fn not_revealed(beacon: Beacon, error: CoverageError) {
	assert_eq!(Coverage::check_beacon(&beacon).map_err(|refusal| refusal.reason), Err(error));
	pool_refuses(Call::beacon { beacon }, error);
	assert_noop!(
		Coverage::submit_beacon(RawOrigin::Signed(GATEWAY).into(), beacon),
		Error::<Test>::from(error)
	);
	if error != CoverageError::BadSignature {
		assert_noop!(
			Coverage::beacon(RawOrigin::Authorized.into(), beacon),
			Error::<Test>::from(error)
		);
	}
}

/// A running chain with a beaconer and a witness, while commitments are taken.
fn committing(test: impl FnOnce(Device, Device)) {
	ExtBuilder::default().build_and_execute(|| {
		let (beaconer, hearer) = (beaconer(), hearer(0));
		to_commit(&beaconer);
		assert_eq!(Coverage::check_witness(&hearer.witness(&beaconer)), Ok(()));
		test(beaconer, hearer);
	});
}

/// A running chain with a beaconer, while reveals are taken.
fn revealing(test: impl FnOnce(Device)) {
	ExtBuilder::default().build_and_execute(|| {
		let beaconer = beaconer();
		to_reveal(&beaconer);
		assert_eq!(Coverage::check_beacon(&beaconer.beacon()), Ok(()));
		test(beaconer);
	});
}

#[test]
fn the_errors_have_the_numbers_that_clients_know() {
	let all = (100u8..=113).map(|n| CoverageError::decode(&mut &[n][..]).unwrap());
	for (error, number) in all.zip(100u8..) {
		assert_eq!(Error::<Test>::from(error).encode(), vec![number]);
		assert_eq!(error.code(), number);
		let name: &'static str = Error::<Test>::from(error).into();
		assert_eq!(name, format!("{error:?}"));
	}
	assert!(CoverageError::decode(&mut &[114u8][..]).is_err());
}

#[test]
fn witness_for_another_chain() {
	committing(|beaconer, hearer| {
		let mut witness = hearer.witness(&beaconer);
		witness.chain = GenesisPrefix([0; 4]);
		refused(witness, CoverageError::WrongChain);
	});
}

#[test]
fn witness_unknown() {
	committing(|beaconer, _| {
		refused(Device::p256(9).witness(&beaconer), CoverageError::UnknownDevice);
	});
}

#[test]
fn witness_retiring() {
	committing(|beaconer, hearer| {
		hearer.change(|view| view.status = DeviceStatus::Retiring { until: 1000 });
		refused(hearer.witness(&beaconer), CoverageError::DeviceNotActive);
	});
}

#[test]
fn witness_of_itself() {
	committing(|beaconer, _| {
		refused(beaconer.witness(&beaconer), CoverageError::SelfWitness);
	});
}

#[test]
fn witness_of_who_cannot_beacon() {
	committing(|beaconer, hearer| {
		refused(hearer.witness(&Device::p256(9)), CoverageError::UnknownBeaconer);
		beaconer.change(|view| view.status = DeviceStatus::Retiring { until: 1000 });
		refused(hearer.witness(&beaconer), CoverageError::UnknownBeaconer);
		beaconer.change(|view| {
			view.status = DeviceStatus::Active;
			view.network = OTHER_NETWORK;
		});
		refused(hearer.witness(&beaconer), CoverageError::UnknownBeaconer);
	});
}

#[test]
fn witness_in_a_network_without_challenges() {
	committing(|beaconer, hearer| {
		beaconer.change(|view| view.network = OTHER_NETWORK);
		hearer.change(|view| view.network = OTHER_NETWORK);
		refused(hearer.witness(&beaconer), CoverageError::CoverageOff);
		Policies::mutate(|all| all.remove(&OTHER_NETWORK));
		refused(hearer.witness(&beaconer), CoverageError::CoverageOff);
	});
}

#[test]
fn witness_in_a_paused_network() {
	committing(|beaconer, hearer| {
		let witness = hearer.witness(&beaconer);
		Paused::mutate(|all| all.insert(OTHER_NETWORK));
		assert_eq!(Coverage::check_witness(&witness), Ok(()));
		Paused::mutate(|all| all.insert(NETWORK));
		refused(witness, CoverageError::NetworkPaused);
		assert_eq!(
			Coverage::challenge(beaconer.id).map_err(|refusal| refusal.reason),
			Err(CoverageError::NetworkPaused)
		);
		// That a network has no challenges holds whether it is paused or not.
		beaconer.change(|view| view.network = OTHER_NETWORK);
		hearer.change(|view| view.network = OTHER_NETWORK);
		refused(witness, CoverageError::CoverageOff);
		beaconer.change(|view| view.network = NETWORK);
		hearer.change(|view| view.network = NETWORK);
		Paused::take();
		assert_eq!(Coverage::check_witness(&witness), Ok(()));
	});
}

#[test]
fn witness_of_another_period() {
	committing(|beaconer, hearer| {
		let past = hearer.witness(&beaconer);
		let mut report = hearer.report(&beaconer);
		report.period += 1;
		refused(hearer.signed(report), CoverageError::WrongPeriod);
		to_period(1);
		to_commit(&beaconer);
		refused(past, CoverageError::WrongPeriod);
	});
	ExtBuilder::default().at_genesis().build_and_execute(|| {
		// Made in a chain with a clock, sent to one before its first tick.
		let (beaconer, hearer) = (beaconer(), hearer(0));
		Coverage::advance();
		let (witness, beacon) = (hearer.witness(&beaconer), beaconer.beacon());
		CurrentPeriod::<Test>::kill();
		Clock::<Test>::kill();
		refused(witness, CoverageError::WrongPeriod);
		not_revealed(beacon, CoverageError::WrongPeriod);
	});
}

#[test]
fn witness_before_and_after_the_time_to_commit() {
	// Into the next period, where there are ticks before the window's first.
	ExtBuilder::default().build_and_execute(|| {
		let (beaconer, hearer) = (beaconer(), hearer(0));
		while period().window(&beaconer.id).opens_at == period().starts_at {
			to_period(period().number + 1);
		}
		let window = period().window(&beaconer.id);
		to_tick(window.opens_at - 1);
		refused(hearer.witness(&beaconer), CoverageError::TooEarly);
		to_tick(window.opens_at);
		assert_eq!(Coverage::check_witness(&hearer.witness(&beaconer)), Ok(()));
		to_tick(window.reveals_at - 1);
		assert_eq!(Coverage::check_witness(&hearer.witness(&beaconer)), Ok(()));
		to_tick(window.reveals_at);
		refused(hearer.witness(&beaconer), CoverageError::TooLate);
	});
}

#[test]
fn witness_twice() {
	committing(|beaconer, hearer| {
		let witness = hearer.witness(&beaconer);
		assert_ok!(Coverage::witness(RawOrigin::Authorized.into(), witness));
		refused(witness, CoverageError::DuplicateWitness);
		let mut other = hearer.report(&beaconer);
		other.rssi += 1;
		refused(hearer.signed(other), CoverageError::DuplicateWitness);
	});
}

#[test]
fn witness_of_a_full_round() {
	committing(|beaconer, hearer| {
		for n in 0..MAX_WITNESSES as u8 {
			let witness = super::super::mock::hearer(n + 1).witness(&beaconer);
			assert_ok!(Coverage::witness(RawOrigin::Authorized.into(), witness));
		}
		refused(hearer.witness(&beaconer), CoverageError::WitnessesFull);
	});
}

#[test]
fn witness_not_signed_by_it() {
	committing(|beaconer, hearer| {
		let mut witness = hearer.witness(&beaconer);
		witness.signature.0[40] ^= 1;
		refused(witness, CoverageError::BadSignature);
		let mut witness = hearer.witness(&beaconer);
		witness.signature = beaconer.sign(&witness.report);
		refused(witness, CoverageError::BadSignature);
		let mut witness = hearer.witness(&beaconer);
		witness.report.snr += 1;
		refused(witness, CoverageError::BadSignature);
		// A chain whose genesis hash begins alike is another chain.
		let mut twin = GENESIS;
		twin.0[31] ^= 1;
		let mut witness = hearer.witness(&beaconer);
		witness.signature = hearer.sign_for(&twin, &witness.report);
		refused(witness, CoverageError::BadSignature);
	});
}

#[test]
fn beacon_for_another_chain() {
	revealing(|beaconer| {
		let mut beacon = beaconer.beacon();
		beacon.chain = GenesisPrefix([0; 4]);
		not_revealed(beacon, CoverageError::WrongChain);
	});
}

#[test]
fn beacon_of_who_cannot() {
	revealing(|beaconer| {
		not_revealed(Device::p256(9).beacon(), CoverageError::UnknownDevice);
		beaconer.change(|view| view.status = DeviceStatus::Retiring { until: 1000 });
		not_revealed(beaconer.beacon(), CoverageError::DeviceNotActive);
		beaconer.change(|view| {
			view.status = DeviceStatus::Active;
			view.network = OTHER_NETWORK;
		});
		not_revealed(beaconer.beacon(), CoverageError::CoverageOff);
	});
}

#[test]
fn beacon_in_a_paused_network() {
	revealing(|beaconer| {
		Paused::mutate(|all| all.insert(NETWORK));
		not_revealed(beaconer.beacon(), CoverageError::NetworkPaused);
		Paused::take();
		assert_eq!(Coverage::check_beacon(&beaconer.beacon()), Ok(()));
	});
}

#[test]
fn beacon_of_another_period() {
	revealing(|beaconer| {
		let past = beaconer.beacon();
		let mut beacon = past;
		beacon.period += 1;
		not_revealed(beacon, CoverageError::WrongPeriod);
		to_period(1);
		to_reveal(&beaconer);
		not_revealed(past, CoverageError::WrongPeriod);
		// Nor is its payload good under the new period's number.
		not_revealed(Beacon { period: 1, ..past }, CoverageError::BadSignature);
	});
}

#[test]
fn beacon_before_and_after_the_time_to_reveal() {
	ExtBuilder::default().build_and_execute(|| {
		let beaconer = beaconer();
		while period().window(&beaconer.id).closes_at == period().ends_at() {
			to_period(period().number + 1);
		}
		let window = period().window(&beaconer.id);
		to_tick(window.reveals_at - 1);
		not_revealed(beaconer.beacon(), CoverageError::TooEarly);
		to_tick(window.reveals_at);
		assert_eq!(Coverage::check_beacon(&beaconer.beacon()), Ok(()));
		to_tick(window.closes_at - 1);
		assert_eq!(Coverage::check_beacon(&beaconer.beacon()), Ok(()));
		to_tick(window.closes_at);
		not_revealed(beaconer.beacon(), CoverageError::TooLate);
	});
}

#[test]
fn beacon_twice() {
	revealing(|beaconer| {
		let beacon = beaconer.beacon();
		assert_ok!(Coverage::beacon(RawOrigin::Authorized.into(), beacon));
		not_revealed(beacon, CoverageError::AlreadyRevealed);
	});
}

#[test]
fn beacon_not_signed_by_it() {
	revealing(|beaconer| {
		let mut beacon = beaconer.beacon();
		beacon.payload.0[40] ^= 1;
		not_revealed(beacon, CoverageError::BadSignature);

		let period = period();
		let nonce = period.nonce(&beaconer.id);
		let good = BeaconChallenge { device: beaconer.id, period: period.number, nonce };
		assert_eq!(beaconer.sign(&good), beaconer.beacon().payload);
		for payload in [
			hearer(0).sign(&good),
			beaconer.sign_for(&H256::zero(), &good),
			beaconer.sign(&BeaconChallenge { nonce: H256::zero(), ..good }),
			beaconer.sign(&BeaconChallenge { device: H256::zero(), ..good }),
		] {
			not_revealed(Beacon { payload, ..beaconer.beacon() }, CoverageError::BadSignature);
		}
		// A signature over another message of the same device is no payload either.
		let mut report = hearer(0).report(&beaconer);
		report.commitment = commitment(&beaconer.payload(), &beaconer.id);
		let payload = beaconer.sign(&report);
		not_revealed(Beacon { payload, ..beaconer.beacon() }, CoverageError::BadSignature);
	});
}

#[test]
fn the_signature_is_verified_last() {
	committing(|beaconer, hearer| {
		// Everything is wrong with it; the first fault in order is named each time.
		let mut witness = hearer.witness(&beaconer);
		witness.signature.0 = [0; 64];
		witness.report.period = 5;
		witness.report.beaconer = witness.report.witness;
		witness.chain = GenesisPrefix([0; 4]);
		refused(witness, CoverageError::WrongChain);
		witness.chain = GenesisPrefix::of(&GENESIS);
		refused(witness, CoverageError::SelfWitness);
		witness.report.beaconer = beaconer.id;
		Paused::mutate(|all| all.insert(NETWORK));
		refused(witness, CoverageError::NetworkPaused);
		Paused::take();
		refused(witness, CoverageError::WrongPeriod);
		witness.report.period = 0;
		refused(witness, CoverageError::BadSignature);
	});
}
