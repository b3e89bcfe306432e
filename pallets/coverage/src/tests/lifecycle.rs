//! Challenges from the first commitment to the reward, and the end of a device.

use crate::{mock::*, *};
use depin_primitives::{
	beacon::{
		commitment, transmission, ChallengePhase, CoverageError, CoverageScore, JudgedBeacon,
		Judgement, Verdict,
	},
	traits::{Lifecycle, NotSettled},
	H256,
};
use frame_support::{
	assert_noop, assert_ok,
	pallet_prelude::{InvalidTransaction, TransactionSource},
	traits::Authorize,
};
use frame_system::RawOrigin;
use sp_runtime::DispatchError;

/// Returns points for hundredths of a unit of coverage: of the beaconer, and of a witness.
fn points(beaconer: u64, witness: u64) -> (u64, u64) {
	(PER_UNIT * beaconer / 100, PER_UNIT * witness / 100)
}

#[test]
fn a_beacon_is_heard_revealed_and_paid() {
	ExtBuilder::default().build_and_execute(|| {
		let beaconer = beaconer();
		let hearers = (0..5).map(hearer).collect::<Vec<_>>();
		to_commit(&beaconer);
		for each in &hearers {
			let witness = each.witness(&beaconer);
			assert_ok!(Coverage::witness(RawOrigin::Authorized.into(), witness));
			System::assert_last_event(
				Event::WitnessCommitted { beaconer: beaconer.id, witness: each.id, period: 0 }
					.into(),
			);
		}
		let record = Coverage::challenge(beaconer.id).unwrap();
		assert_eq!(record.phase, ChallengePhase::Committing);
		assert_eq!(record.witnesses, hearers.iter().map(|each| each.id).collect::<Vec<_>>());

		to_reveal(&beaconer);
		let reports = Rounds::<Test>::get(0, beaconer.id).unwrap();
		let revealed = Coverage::beacon(RawOrigin::Authorized.into(), beaconer.beacon()).unwrap();
		assert_eq!(revealed.actual_weight, Some(TestWeights::beacon(5)));

		// By HIP-15 the beaconer of five witnesses earns 1.2 units, and each witness 0.76.
		let (to_beaconer, to_witness) = points(120, 76);
		let mut credits = vec![(NETWORK, beaconer.id, to_beaconer)];
		credits.extend(hearers.iter().map(|each| (NETWORK, each.id, to_witness)));
		assert_eq!(Credits::get(), credits);

		let judged = JudgedBeacon {
			network: NETWORK,
			beaconer: beaconer.id,
			period: 0,
			beaconer_points: to_beaconer,
			witnesses: reports
				.iter()
				.map(|each| Judgement {
					report: each.report,
					verdict: Verdict::Valid,
					points: to_witness,
				})
				.collect::<Vec<_>>()
				.try_into()
				.unwrap(),
		};
		System::assert_last_event(Event::BeaconJudged(judged.clone()).into());
		assert_eq!(Coverage::judged_beacons(), vec![judged]);
		assert_eq!(
			Coverage::score(beaconer.id),
			Some(CoverageScore { last_answered: 0, answered: 1, missed: 0 })
		);
		assert_eq!(Coverage::challenge(beaconer.id).unwrap().phase, ChallengePhase::Judged);
		assert_eq!(Rounds::<Test>::iter().count(), 0, "a judged round is removed");
	});
}

#[test]
fn keys_of_every_scheme_beacon_and_witness() {
	let schemes = [Device::ed25519, Device::sr25519, Device::secp256k1, Device::p256];
	for (beacons, hears) in schemes.iter().flat_map(|one| schemes.map(|other| (one, other))) {
		ExtBuilder::default().build_and_execute(|| {
			let (beaconer, hearer) = (beacons(1).at(1, LINE[0]), hears(2).at(2, LINE[3]));
			to_commit(&beaconer);
			// The beaconer transmits one signature, although its key can make many over the
			// challenge.
			let beacon = beaconer.beacon();
			let mut report = hearer.report(&beaconer);
			report.commitment = commitment(&transmission(&beacon.payload), &hearer.id);
			let witness = hearer.signed(report);
			assert_eq!(Coverage::check_witness(&witness), Ok(()));
			assert_ok!(Coverage::witness(RawOrigin::Authorized.into(), witness));
			to_reveal(&beaconer);
			assert_eq!(Coverage::check_beacon(&beacon), Ok(()));
			assert_ok!(Coverage::beacon(RawOrigin::Authorized.into(), beacon));
			let (quarter, one) = points(25, 100);
			assert_eq!(
				Credits::get(),
				vec![(NETWORK, beaconer.id, quarter), (NETWORK, hearer.id, one)]
			);
		});
	}
}

#[test]
fn gateways_can_pay_for_both_messages() {
	ExtBuilder::default().build_and_execute(|| {
		let beaconer = beaconer();
		let hearer = hearer(0);
		to_commit(&beaconer);
		assert_ok!(Coverage::submit_witness(
			RawOrigin::Signed(GATEWAY).into(),
			hearer.witness(&beaconer)
		));
		to_reveal(&beaconer);
		let revealed =
			Coverage::submit_beacon(RawOrigin::Signed(GATEWAY).into(), beaconer.beacon()).unwrap();
		assert_eq!(revealed.actual_weight, Some(TestWeights::submit_beacon(1)));
		let (quarter, one) = points(25, 100);
		assert_eq!(
			Credits::get(),
			vec![(NETWORK, beaconer.id, quarter), (NETWORK, hearer.id, one)]
		);
	});
}

#[test]
fn an_unheard_beacon_is_answered_and_earns_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		let beaconer = beaconer();
		to_reveal(&beaconer);
		let revealed = Coverage::beacon(RawOrigin::Authorized.into(), beaconer.beacon()).unwrap();
		assert_eq!(revealed.actual_weight, Some(TestWeights::beacon(0)));
		assert_eq!(Credits::get(), vec![]);
		assert_eq!(Coverage::score(beaconer.id).unwrap().answered, 1);
		let judged = Coverage::judged_beacons();
		assert_eq!((judged[0].beaconer_points, judged[0].witnesses.len()), (0, 0));
	});
}

#[test]
fn missed_challenges_count_at_the_next_answer() {
	ExtBuilder::default().build_and_execute(|| {
		let beaconer = beaconer();
		// Challenges that are missed before the first answer do not count.
		to_period(2);
		to_reveal(&beaconer);
		assert_ok!(Coverage::beacon(RawOrigin::Authorized.into(), beaconer.beacon()));
		let score = |last_answered, answered, missed| {
			Some(CoverageScore { last_answered, answered, missed })
		};
		assert_eq!(Coverage::score(beaconer.id), score(2, 1, 0));

		to_period(3);
		to_reveal(&beaconer);
		assert_ok!(Coverage::beacon(RawOrigin::Authorized.into(), beaconer.beacon()));
		assert_eq!(Coverage::score(beaconer.id), score(3, 2, 0));

		to_period(7);
		assert_eq!(Coverage::score(beaconer.id), score(3, 2, 0));
		to_reveal(&beaconer);
		assert_ok!(Coverage::beacon(RawOrigin::Authorized.into(), beaconer.beacon()));
		assert_eq!(Coverage::score(beaconer.id), score(7, 3, 3));
	});
}

#[test]
fn a_round_that_is_never_revealed_is_not_judged_in_the_next_period() {
	ExtBuilder::default().build_and_execute(|| {
		let (beaconer, first, second) = (beaconer(), hearer(0), hearer(1));
		to_commit(&beaconer);
		assert_ok!(Coverage::witness(RawOrigin::Authorized.into(), first.witness(&beaconer)));
		// No block removes anything: the round waits beside that of the next period.
		ClearLimit::set(0);
		to_period(1);
		assert!(Rounds::<Test>::contains_key(0, beaconer.id));
		assert_eq!(Coverage::challenge(beaconer.id).unwrap().witnesses, vec![]);

		to_commit(&beaconer);
		assert_ok!(Coverage::witness(RawOrigin::Authorized.into(), second.witness(&beaconer)));
		let round = Rounds::<Test>::get(1, beaconer.id).unwrap();
		assert_eq!(round.len(), 1);
		assert_eq!(round[0].report.witness, second.id);
		assert_ok!(Coverage::do_try_state());

		// Neither round is judged in a period in which nobody witnessed the beacon.
		to_period(2);
		to_reveal(&beaconer);
		assert_ok!(Coverage::beacon(RawOrigin::Authorized.into(), beaconer.beacon()));
		assert_eq!(Credits::get(), vec![]);
		assert_eq!(Rounds::<Test>::iter().count(), 2);
		assert_ok!(Coverage::do_try_state());
		ClearLimit::set(u32::MAX);
		next_block();
		assert_eq!(Rounds::<Test>::iter().count(), 0);
	});
}

#[test]
fn each_message_has_one_place_in_the_pool() {
	ExtBuilder::default().build_and_execute(|| {
		let (beaconer, one, other) = (beaconer(), hearer(0), hearer(1));
		let validity = |call: Call<Test>| {
			RuntimeCall::from(call).authorize(TransactionSource::External).unwrap().unwrap().0
		};
		to_commit(&beaconer);
		let first = validity(Call::witness { witness: one.witness(&beaconer) });
		assert!(first.propagate && first.requires.is_empty());
		assert_eq!(first.provides.len(), 1);
		assert_eq!(first.longevity, 3, "as many blocks as there are ticks to commit in");

		// Another report by the same witness of the same beacon has the same pool tag.
		let mut louder = one.report(&beaconer);
		louder.rssi += 100;
		let again = validity(Call::witness { witness: one.signed(louder) });
		assert_eq!((&again.provides, again.priority), (&first.provides, first.priority));
		let another = validity(Call::witness { witness: other.witness(&beaconer) });
		assert_ne!(another.provides, first.provides);

		next_block();
		let later = validity(Call::witness { witness: one.witness(&beaconer) });
		assert_eq!((later.longevity, later.provides), (2, first.provides));

		to_reveal(&beaconer);
		let beacon = validity(Call::beacon { beacon: beaconer.beacon() });
		assert_eq!((beacon.longevity, beacon.priority), (4, first.priority));
		assert!(!beacon.provides.is_empty());
	});
}

#[test]
fn each_call_refuses_other_origins() {
	ExtBuilder::default().build_and_execute(|| {
		let (beaconer, hearer) = (beaconer(), hearer(0));
		to_commit(&beaconer);
		let witness = hearer.witness(&beaconer);
		for origin in [RawOrigin::None, RawOrigin::Root, RawOrigin::Signed(GATEWAY)] {
			assert_noop!(
				Coverage::witness(origin.clone().into(), witness),
				DispatchError::BadOrigin
			);
			assert_noop!(
				Coverage::beacon(origin.into(), beaconer.beacon()),
				DispatchError::BadOrigin
			);
		}
		for origin in [RawOrigin::None, RawOrigin::Root, RawOrigin::Authorized] {
			assert_noop!(
				Coverage::submit_witness(origin.clone().into(), witness),
				DispatchError::BadOrigin
			);
			assert_noop!(
				Coverage::submit_beacon(origin.into(), beaconer.beacon()),
				DispatchError::BadOrigin
			);
		}
		// The signed calls cannot be sent for free.
		let signed = RuntimeCall::from(Call::submit_witness { witness });
		assert!(signed.authorize(TransactionSource::External).is_none());
		let signed = RuntimeCall::from(Call::submit_beacon { beacon: beaconer.beacon() });
		assert!(signed.authorize(TransactionSource::External).is_none());
	});
}

#[test]
fn a_reaped_device_leaves_no_state() {
	ExtBuilder::default().build_and_execute(|| {
		let (beaconer, hearer) = (beaconer(), hearer(0));
		to_reveal(&beaconer);
		assert_ok!(Coverage::beacon(RawOrigin::Authorized.into(), beaconer.beacon()));
		to_period(1);
		to_commit(&beaconer);
		assert_ok!(Coverage::witness(RawOrigin::Authorized.into(), hearer.witness(&beaconer)));
		to_period(2);
		assert_ok!(Coverage::on_reap(&beaconer.id, NETWORK, &1));
		beaconer.forget();
		assert_eq!(Rounds::<Test>::iter().count(), 0);
		assert_eq!(Coverage::score(beaconer.id), None);
		// A device without state can be reaped too.
		assert_ok!(Coverage::on_reap(&H256::zero(), NETWORK, &1));
	});
	ExtBuilder::default().at_genesis().build_and_execute(|| {
		assert_ok!(Coverage::on_reap(&H256::zero(), NETWORK, &1));
	});
}

#[test]
fn a_device_that_is_registered_again_is_not_paid_twice() {
	ExtBuilder::default().build_and_execute(|| {
		let (beaconer, hearer) = (beaconer(), hearer(0));
		to_commit(&beaconer);
		assert_ok!(Coverage::witness(RawOrigin::Authorized.into(), hearer.witness(&beaconer)));
		assert_eq!(Coverage::on_reap(&beaconer.id, NETWORK, &1), Err(NotSettled));

		// The witness may be reaped: registered again, it is still the one that has committed.
		assert_ok!(Coverage::on_reap(&hearer.id, NETWORK, &100));
		hearer.forget();
		let hearer = hearer.at(200, LINE[3]);
		assert_eq!(
			Coverage::check_witness(&hearer.witness(&beaconer)).map_err(|refusal| refusal.reason),
			Err(CoverageError::DuplicateWitness)
		);

		to_reveal(&beaconer);
		assert_eq!(Coverage::on_reap(&beaconer.id, NETWORK, &1), Err(NotSettled));
		assert_ok!(Coverage::beacon(RawOrigin::Authorized.into(), beaconer.beacon()));
		let paid = Credits::get();
		assert_eq!(paid.len(), 2);

		// The score keeps the device from being reaped until the period ends.
		while period().number == 0 {
			assert_eq!(Coverage::on_reap(&beaconer.id, NETWORK, &1), Err(NotSettled));
			assert_eq!(
				Coverage::beacon(RawOrigin::Authorized.into(), beaconer.beacon())
					.map_err(|e| e.error)
					.unwrap_err()
					.stripped(),
				expected(tick() < period().window(&beaconer.id).closes_at).stripped()
			);
			next_block();
		}
		assert_ok!(Coverage::on_reap(&beaconer.id, NETWORK, &1));
		assert_eq!(Credits::get(), paid);
	});

	fn expected(open: bool) -> DispatchError {
		if open {
			Error::<Test>::AlreadyRevealed.into()
		} else {
			Error::<Test>::TooLate.into()
		}
	}
}

#[test]
fn the_pool_refuses_a_feeless_message_by_its_number() {
	ExtBuilder::default().build_and_execute(|| {
		let beacon = Device::p256(9).beacon();
		let refused = RuntimeCall::from(Call::beacon { beacon })
			.authorize(TransactionSource::External)
			.unwrap();
		assert_eq!(refused.unwrap_err(), InvalidTransaction::Custom(101).into());
	});
}
