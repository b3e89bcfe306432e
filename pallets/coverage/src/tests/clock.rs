//! Challenge clock: ticks, seeds, periods and windows.

use crate::{mock::*, types::*, *};
use codec::Encode;
use depin_primitives::{
	beacon::{ChallengePhase, CoverageError, CoverageScore},
	hashing::blake2_256,
	H256,
};
use frame_support::{
	dispatch::DispatchClass,
	traits::Hooks,
	weights::{Weight, WeightMeter},
};
use proptest::prelude::*;
use sp_runtime::BuildStorage;
use std::collections::BTreeSet;

/// Returns the largest weight of calls of the normal class that does not make a block full.
fn full() -> Weight {
	let most = <Test as frame_system::Config>::BlockWeights::get()
		.get(DispatchClass::Normal)
		.max_total
		.unwrap();
	Weight::from_parts(FullBlock::get() * most.ref_time(), FullBlock::get() * most.proof_size())
}

fn end_block_of(weight: Weight) {
	block_of(weight);
	Coverage::on_finalize(System::block_number());
}

#[test]
fn each_block_is_a_tick_and_each_period_a_seed() {
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!(tick(), 1);
		let first = period();
		assert_eq!((first.number, first.starts_at, first.timing), (0, 1, TIMING));
		assert_eq!(first.started, START + BLOCK_TIME);
		assert_eq!(first.seed, Clock::<Test>::get().seed);

		for expected in 2..first.ends_at() {
			next_block();
			assert_eq!(tick(), expected);
			assert_eq!(period(), first, "the seed of a period stays while it runs");
		}
		next_block();
		let second = period();
		assert_eq!((second.number, second.starts_at), (1, first.ends_at()));
		assert_eq!(second.started, START + 21 * BLOCK_TIME);
		assert_ne!(second.seed, first.seed);
	});
}

#[test]
fn seeds_chain_the_authors_randomness() {
	ExtBuilder::default().at_genesis().build_and_execute(|| {
		let mut expected = H256::zero();
		for author in 1..50u64 {
			block_of(Weight::zero());
			expected = (expected, H256::from_low_u64_be(author)).using_encoded(blake2_256);
			assert_eq!(Clock::<Test>::get().seed, expected);
		}
	});
}

#[test]
fn without_randomness_the_seed_is_hashed_alone() {
	ExtBuilder::default().build_and_execute(|| {
		let before = Clock::<Test>::get();
		Random::set(None);
		Coverage::on_poll(2, &mut WeightMeter::new());
		let after = Clock::<Test>::get();
		assert_eq!(after.tick, before.tick + 1);
		assert_eq!(after.seed, before.seed.using_encoded(blake2_256));
	});
}

#[test]
fn ticks_stand_still_after_full_blocks() {
	ExtBuilder::default().build_and_execute(|| {
		let beaconer = beaconer();
		to_commit(&beaconer);
		let (tick_then, seed_then) = (tick(), Clock::<Test>::get().seed);
		Coverage::on_finalize(System::block_number());

		// A block exactly at the limit does not count as full.
		end_block_of(full());
		assert_eq!((tick(), Full::<Test>::get()), (tick_then + 1, false));

		end_block_of(full() + Weight::from_parts(1, 0));
		assert_eq!((tick(), Full::<Test>::get()), (tick_then + 2, true));
		let seed = Clock::<Test>::get().seed;
		assert_ne!(seed, seed_then);
		let period_then = period();
		for _ in 0..100 {
			end_block_of(full() + Weight::from_parts(0, 1));
			assert_eq!(tick(), tick_then + 2, "a congested chain costs no device its window");
			assert_eq!(Clock::<Test>::get().seed, seed);
		}
		assert_eq!(period(), period_then);

		// The first block with room includes the messages that have waited; the clock advances with
		// the next block.
		end_block_of(Weight::zero());
		assert_eq!((tick(), Full::<Test>::get()), (tick_then + 2, false));
		end_block_of(Weight::zero());
		assert_eq!(tick(), tick_then + 3);
	});
}

#[test]
fn calls_of_other_classes_make_no_block_full() {
	ExtBuilder::default().build_and_execute(|| {
		let all = <Test as frame_system::Config>::BlockWeights::get().max_block;
		System::register_extra_weight_unchecked(all, DispatchClass::Mandatory);
		System::register_extra_weight_unchecked(all, DispatchClass::Operational);
		Coverage::on_finalize(System::block_number());
		assert!(!Full::<Test>::get());
	});
}

#[test]
fn a_tick_needs_its_weight() {
	ExtBuilder::default().build_and_execute(|| {
		let cost = TestWeights::on_poll();
		let before = Clock::<Test>::get();

		let mut poor = WeightMeter::with_limit(cost - Weight::from_parts(1, 0));
		Coverage::on_poll(2, &mut poor);
		assert_eq!((Clock::<Test>::get(), poor.consumed()), (before, Weight::zero()));

		let mut rich = WeightMeter::with_limit(cost);
		Coverage::on_poll(2, &mut rich);
		assert_eq!((tick(), rich.consumed()), (before.tick + 1, cost));
	});
}

#[test]
fn on_initialize_returns_the_weight_of_on_finalize() {
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!(Coverage::on_initialize(2), TestWeights::on_finalize());
	});
}

/// Returns the costs of a tick that opens a period, with this many devices: the number of trie
/// nodes read, their bytes, and the number of keys written.
fn cost_of_a_tick(devices: u64) -> (usize, usize, usize) {
	let mut ext = ExtBuilder::default().build();
	ext.execute_with(|| {
		let period = period();
		for n in 0..devices {
			let id = H256(sp_io::hashing::blake2_256(&n.to_le_bytes()));
			let score = CoverageScore { last_answered: 0, answered: 1, missed: 0 };
			Scores::<Test>::insert(id, score);
		}
		Clock::<Test>::mutate(|clock| clock.tick = period.ends_at() - 1);
	});
	ext.commit_all().unwrap();
	let (_, proof) = ext.execute_and_prove(|| {
		Coverage::on_poll(2, &mut WeightMeter::new());
		Coverage::on_finalize(2);
		assert_eq!(period().number, 1);
	});
	let written = ext.overlayed_changes().clone().changes_mut().count();
	(proof.iter_nodes().count(), proof.encoded_size(), written)
}

#[test]
fn a_tick_costs_the_same_for_any_number_of_devices() {
	let (reads, _, writes) = cost_of_a_tick(10);
	assert!(reads > 0);
	assert_eq!(writes, 2, "the clock and the period");
	assert_eq!(cost_of_a_tick(10), cost_of_a_tick(1_000));
}

#[test]
fn each_device_is_challenged_at_a_time_of_its_own() {
	ExtBuilder::default().build_and_execute(|| {
		let period = period();
		let windows = |period: &PeriodInfo| {
			(1..=100)
				.map(|seed| period.window(&Device::ed25519(seed).id).opens_at)
				.collect::<Vec<_>>()
		};
		let opens = windows(&period);
		let distinct = opens.iter().collect::<BTreeSet<_>>();
		// A challenge of 7 ticks has 14 positions in a period of 20.
		assert_eq!(distinct.len(), 14, "every position of the period is taken");
		assert_ne!(Device::p256(1).id, Device::p256(2).id);
		assert_ne!(period.nonce(&Device::p256(1).id), period.nonce(&Device::p256(2).id));

		to_period(1);
		let moved = windows(&super::clock::period());
		let stayed = opens.iter().zip(&moved).filter(|(a, b)| *a - 1 == *b - 21).count();
		assert!(stayed < 30, "the next period draws other positions");
	});
}

#[test]
fn a_challenge_runs_through_its_phases() {
	ExtBuilder::default().build_and_execute(|| {
		let beaconer = beaconer();
		let record = Coverage::challenge(beaconer.id).unwrap();
		let window = period().window(&beaconer.id);
		assert_eq!((record.device, record.period), (beaconer.id, 0));
		assert_eq!(record.nonce, period().nonce(&beaconer.id));
		assert_eq!(
			(record.opens_at, record.reveals_at, record.closes_at),
			(window.opens_at, window.opens_at + 3, window.opens_at + 7)
		);
		assert!(record.witnesses.is_empty());
		while period().number == 0 {
			let now = Coverage::challenge(beaconer.id).unwrap();
			assert_eq!(now.tick, tick());
			let expected = match tick() {
				t if t < window.opens_at => ChallengePhase::Waiting,
				t if t < window.reveals_at => ChallengePhase::Committing,
				t if t < window.closes_at => ChallengePhase::Revealing,
				_ => ChallengePhase::Missed,
			};
			assert_eq!(now.phase, expected);
			next_block();
		}
		assert_ne!(Coverage::challenge(beaconer.id).unwrap().nonce, record.nonce);
	});
}

#[test]
fn a_device_without_a_challenge_gets_the_reason() {
	ExtBuilder::default().build_and_execute(|| {
		let stranger = Device::p256(9);
		assert_eq!(
			Coverage::challenge(stranger.id).map_err(|refusal| refusal.reason),
			Err(CoverageError::UnknownDevice)
		);
		let device = beaconer();
		device.change(|view| view.network = OTHER_NETWORK);
		assert_eq!(
			Coverage::challenge(device.id).map_err(|refusal| refusal.reason),
			Err(CoverageError::CoverageOff)
		);
		device.change(|view| {
			view.status = depin_primitives::device::DeviceStatus::Retiring { until: 5 }
		});
		assert_eq!(
			Coverage::challenge(device.id).map_err(|refusal| refusal.reason),
			Err(CoverageError::DeviceNotActive)
		);
	});
	ExtBuilder::default().at_genesis().build_and_execute(|| {
		assert_eq!(
			Coverage::challenge(beaconer().id).map_err(|refusal| refusal.reason),
			Err(CoverageError::TooEarly)
		);
	});
}

#[test]
fn new_timing_counts_from_the_next_period() {
	ExtBuilder::default().build_and_execute(|| {
		let slower = TimingRules { period_ticks: 30, commit_ticks: 5, reveal_ticks: 5 };
		Timing::<Test>::put(slower);
		assert_eq!(period().timing, TIMING);
		to_period(1);
		assert_eq!((period().starts_at, period().timing), (21, slower));
		to_period(2);
		assert_eq!(period().starts_at, 51);
	});
}

#[test]
fn timing_without_room_for_challenges_is_refused() {
	let timing = |period_ticks, commit_ticks, reveal_ticks| {
		TimingRules { period_ticks, commit_ticks, reveal_ticks }.check()
	};
	assert!(TimingRules::default().check().is_ok());
	assert!(timing(5, 2, 2).is_ok());
	assert!(timing(4, 2, 2).is_err());
	assert!(timing(10, 0, 2).is_err());
	assert!(timing(10, 2, 0).is_err());
	assert!(timing(0, 0, 0).is_err());
	assert!(timing(u32::MAX, u32::MAX, u32::MAX).is_err());
	assert_eq!(GenesisConfig::<Test>::default().period_ticks, TimingRules::default().period_ticks);
}

#[test]
#[should_panic(expected = "a period must be longer than the windows")]
fn a_genesis_without_room_for_challenges_is_refused() {
	ExtBuilder::default()
		.timing(TimingRules { period_ticks: 4, commit_ticks: 2, reveal_ticks: 2 })
		.build();
}

#[test]
fn the_default_timing_is_valid_without_a_genesis() {
	let storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
	sp_io::TestExternalities::new(storage).execute_with(|| {
		block_of(Weight::zero());
		assert_eq!(period().timing, TimingRules::default());
		Coverage::do_try_state().unwrap();
	});
}

proptest! {
	#[test]
	fn every_window_lies_within_its_period(
		seed: [u8; 32],
		device: [u8; 32],
		starts_at in 0..1_000_000_000u32,
		commit_ticks in 1..1000u32,
		reveal_ticks in 1..1000u32,
		more in 1..1_000_000u32,
	) {
		let timing =
			TimingRules { period_ticks: commit_ticks + reveal_ticks + more, commit_ticks, reveal_ticks };
		prop_assert!(timing.check().is_ok());
		let period =
			PeriodInfo { number: 3, starts_at, started: 0, seed: H256(seed), timing };
		let window = period.window(&H256(device));
		prop_assert!(window.opens_at >= starts_at);
		prop_assert_eq!(window.reveals_at, window.opens_at + commit_ticks);
		prop_assert_eq!(window.closes_at, window.reveals_at + reveal_ticks);
		prop_assert!(window.closes_at <= period.ends_at());
	}
}
