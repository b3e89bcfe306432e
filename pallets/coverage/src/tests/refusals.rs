//! Refusals of messages, by each way in: the check, the pool, and the call that a gateway pays.

use crate::{mock::*, *};
use codec::{Decode, Encode};
use depin_primitives::{
	beacon::{
		commitment, transmission, Beacon, BeaconChallenge, CoverageError, SignedWitness,
		MAX_WITNESSES,
	},
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

/// Checks that the pool refuses a feeless call.
fn pool_refuses(call: Call<Test>, error: CoverageError) {
	let refused = RuntimeCall::from(call).authorize(TransactionSource::External).unwrap();
	assert_eq!(refused.unwrap_err(), InvalidTransaction::Custom(error.code()).into());
}

/// Checks that a witness report is refused by each way in, and changes nothing.
fn refused(witness: SignedWitness, error: CoverageError) {
	assert_eq!(Coverage::check_witness(&witness).map_err(|refusal| refusal.reason), Err(error));
	pool_refuses(Call::witness { witness }, error);
	assert_noop!(
		Coverage::submit_witness(RawOrigin::Signed(GATEWAY).into(), witness),
		Error::<Test>::from(error)
	);
	// A feeless call does not verify the signature again: its authorization has refused a bad one.
	if error != CoverageError::BadSignature {
		assert_noop!(
			Coverage::witness(RawOrigin::Authorized.into(), witness),
			Error::<Test>::from(error)
		);
	}
}

/// Checks that a beacon is refused by each way in, and changes nothing.
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

/// Runs a test with a beaconer and a witness while commitments are accepted.
fn committing(test: impl FnOnce(Device, Device)) {
	ExtBuilder::default().build_and_execute(|| {
		let (beaconer, hearer) = (beaconer(), hearer(0));
		to_commit(&beaconer);
		assert_eq!(Coverage::check_witness(&hearer.witness(&beaconer)), Ok(()));
		test(beaconer, hearer);
	});
}

/// Runs a test with a beaconer while reveals are accepted.
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
fn a_witness_report_for_another_chain_is_refused() {
	committing(|beaconer, hearer| {
		let mut witness = hearer.witness(&beaconer);
		witness.chain = GenesisPrefix([0; 4]);
		refused(witness, CoverageError::WrongChain);
	});
}

#[test]
fn an_unknown_witness_is_refused() {
	committing(|beaconer, _| {
		refused(Device::p256(9).witness(&beaconer), CoverageError::UnknownDevice);
	});
}

#[test]
fn a_retiring_witness_is_refused() {
	committing(|beaconer, hearer| {
		hearer.change(|view| view.status = DeviceStatus::Retiring { until: 1000 });
		refused(hearer.witness(&beaconer), CoverageError::DeviceNotActive);
	});
}

#[test]
fn a_device_that_witnesses_itself_is_refused() {
	committing(|beaconer, _| {
		refused(beaconer.witness(&beaconer), CoverageError::SelfWitness);
	});
}

#[test]
fn a_witness_report_on_a_device_that_cannot_beacon_is_refused() {
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
fn a_witness_report_in_a_network_without_challenges_is_refused() {
	committing(|beaconer, hearer| {
		beaconer.change(|view| view.network = OTHER_NETWORK);
		hearer.change(|view| view.network = OTHER_NETWORK);
		refused(hearer.witness(&beaconer), CoverageError::CoverageOff);
		Policies::mutate(|all| all.remove(&OTHER_NETWORK));
		refused(hearer.witness(&beaconer), CoverageError::CoverageOff);
	});
}

#[test]
fn a_witness_report_in_a_paused_network_is_refused() {
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
		// A network without challenges gives this reason even while it is paused.
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
fn a_witness_report_of_another_period_is_refused() {
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
		// The messages are made on a chain with a clock, and sent to one before its first tick.
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
fn a_witness_report_outside_the_commit_window_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let (beaconer, hearer) = (beaconer(), hearer(0));
		// The test needs a period with a tick before the commit window.
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
fn a_second_report_of_a_witness_is_refused() {
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
fn a_witness_report_for_a_full_round_is_refused() {
	committing(|beaconer, hearer| {
		for n in 0..MAX_WITNESSES as u8 {
			let witness = crate::mock::hearer(n + 1).witness(&beaconer);
			assert_ok!(Coverage::witness(RawOrigin::Authorized.into(), witness));
		}
		refused(hearer.witness(&beaconer), CoverageError::WitnessesFull);
	});
}

#[test]
fn a_witness_report_with_a_bad_signature_is_refused() {
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
		// A chain whose genesis hash begins with the same bytes is another chain.
		let mut twin = GENESIS;
		twin.0[31] ^= 1;
		let mut witness = hearer.witness(&beaconer);
		witness.signature = hearer.sign_for(&twin, &witness.report);
		refused(witness, CoverageError::BadSignature);
	});
}

#[test]
fn a_beacon_for_another_chain_is_refused() {
	revealing(|beaconer| {
		let mut beacon = beaconer.beacon();
		beacon.chain = GenesisPrefix([0; 4]);
		not_revealed(beacon, CoverageError::WrongChain);
	});
}

#[test]
fn a_beacon_of_a_device_that_cannot_beacon_is_refused() {
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
fn a_beacon_in_a_paused_network_is_refused() {
	revealing(|beaconer| {
		Paused::mutate(|all| all.insert(NETWORK));
		not_revealed(beaconer.beacon(), CoverageError::NetworkPaused);
		Paused::take();
		assert_eq!(Coverage::check_beacon(&beaconer.beacon()), Ok(()));
	});
}

#[test]
fn a_beacon_of_another_period_is_refused() {
	revealing(|beaconer| {
		let past = beaconer.beacon();
		let mut beacon = past;
		beacon.period += 1;
		not_revealed(beacon, CoverageError::WrongPeriod);
		to_period(1);
		to_reveal(&beaconer);
		not_revealed(past, CoverageError::WrongPeriod);
		// The payload is not valid under the new period's number either.
		not_revealed(Beacon { period: 1, ..past }, CoverageError::BadSignature);
	});
}

#[test]
fn a_beacon_outside_the_reveal_window_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let beaconer = beaconer();
		// The test needs a period with a tick after the reveal window.
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
fn a_second_beacon_of_a_period_is_refused() {
	revealing(|beaconer| {
		let beacon = beaconer.beacon();
		assert_ok!(Coverage::beacon(RawOrigin::Authorized.into(), beacon));
		not_revealed(beacon, CoverageError::AlreadyRevealed);
	});
}

#[test]
fn a_beacon_with_a_bad_signature_is_refused() {
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
		report.commitment = commitment(&transmission(&beaconer.payload()), &beaconer.id);
		let payload = beaconer.sign(&report);
		not_revealed(Beacon { payload, ..beaconer.beacon() }, CoverageError::BadSignature);
	});
}

#[test]
fn the_signature_is_verified_last() {
	committing(|beaconer, hearer| {
		// The report has every fault; the first one in order is the reason each time.
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
