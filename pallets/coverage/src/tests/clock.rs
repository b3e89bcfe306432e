//! Challenge clock: ticks, seeds, periods and windows.

use crate::{mock::*, types::*, *};
use codec::Encode;
use depin_primitives::{
	beacon::{ChallengePhase, CoverageError, CoverageScore},
	hashing::blake2_256,
	traits::Devices as _,
	H256,
};
use frame_support::{
	assert_noop, assert_ok,
	dispatch::{DispatchClass, DispatchResult},
	traits::{Get, Hooks},
	weights::{Weight, WeightMeter},
};
use frame_system::RawOrigin;
use proptest::prelude::*;
use sp_runtime::{BuildStorage, DispatchError};
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
fn calls_of_any_class_can_make_a_block_full() {
	let limits = <Test as frame_system::Config>::BlockWeights::get();
	let most = limits.max_block;
	let half = |of: Weight| Weight::from_parts(of.ref_time() / 2, of.proof_size() / 2);
	let (time, proof) = (Weight::from_parts(1, 0), Weight::from_parts(0, 1));
	for class in [DispatchClass::Mandatory, DispatchClass::Operational] {
		for (more, full) in [(Weight::zero(), false), (time, true), (proof, true)] {
			ExtBuilder::default().build_and_execute(|| {
				let used = System::block_weight().total();
				System::register_extra_weight_unchecked(half(most) - used + more, class);
				Coverage::on_finalize(System::block_number());
				assert_eq!(Full::<Test>::get(), full, "{class:?}, {more:?} above the limit");
			});
		}
	}
	// Two classes, neither of which fills a block alone.
	ExtBuilder::default().build_and_execute(|| {
		let third = Weight::from_parts(most.ref_time() / 3, most.proof_size() / 3);
		System::register_extra_weight_unchecked(third, DispatchClass::Normal);
		Coverage::on_finalize(System::block_number());
		assert!(!Full::<Test>::get());
		System::register_extra_weight_unchecked(third, DispatchClass::Operational);
		Coverage::on_finalize(System::block_number());
		assert!(Full::<Test>::get());
	});
}

#[test]
fn free_weight_alone_makes_no_block_full() {
	let limits = <Test as frame_system::Config>::BlockWeights::get();
	let class = limits.get(DispatchClass::Normal).max_total.unwrap().ref_time();
	let time = |of| Weight::from_parts(of, 0);
	// Free weight, paid weight, and the fullness of a block of both: free weight counts up to a
	// fifth of the class, and a block is full above a half.
	for (free, paid, full) in [
		(class, 0, false),
		(class / 10 * 7, class / 10 * 3, false),
		(class / 10 * 7, class / 10 * 3 + 2, true),
		(class / 10, class / 10 * 4, false),
		(class / 10, class / 10 * 4 + 2, true),
		(0, class / 2 + 1, true),
	] {
		ExtBuilder::default().build_and_execute(|| {
			let used = *System::block_weight().get(DispatchClass::Normal);
			let all = time(free) + time(paid) - used;
			System::register_extra_weight_unchecked(all, DispatchClass::Normal);
			FreeWeight::set(time(free));
			Coverage::on_finalize(System::block_number());
			assert_eq!(Full::<Test>::get(), full, "{free} free and {paid} paid of {class}");
		});
	}
}

#[test]
fn bytes_make_a_block_full() {
	let most: frame_system::limits::BlockLength =
		<Test as frame_system::Config>::BlockLength::get();
	let half = FullBlock::get() * *most.max.get(DispatchClass::Normal);
	for (bytes, full) in [(0, false), (half, false), (half + 1, true), (u32::MAX, true)] {
		ExtBuilder::default().build_and_execute(|| {
			let before = tick();
			frame_system::BlockSize::<Test>::put(bytes);
			next_block();
			assert_eq!(Full::<Test>::get(), full, "{bytes} bytes");
			assert_eq!(tick() - before, u32::from(!full));
		});
	}
}

/// Registers this many beaconers, and has each witnessed in period 0.
fn never_revealed(count: u8) -> Vec<Device> {
	let beaconers: Vec<_> = (1..=count).map(|n| Device::ed25519(n).at(n.into(), LINE[0])).collect();
	let hearer = hearer(0);
	while period().number == 0 {
		for beaconer in &beaconers {
			if period().window(&beaconer.id).opens_at == tick() {
				let witness = hearer.witness(beaconer);
				assert_ok!(Coverage::witness(RawOrigin::Authorized.into(), witness));
			}
		}
		assert_eq!(Uncleared::<Test>::get(), 0, "nothing is removed in the current period");
		next_block();
	}
	beaconers
}

#[test]
fn past_rounds_are_removed_some_in_each_block() {
	ExtBuilder::default().build_and_execute(|| {
		ClearLimit::set(0);
		never_revealed(10);
		let left = || Rounds::<Test>::iter().count();
		assert_eq!((left(), Uncleared::<Test>::get()), (10, 0));
		next_block();
		assert_eq!(left(), 10, "a block without weight for it removes nothing");
		assert_ok!(Coverage::do_try_state());

		ClearLimit::set(4);
		for (expected, uncleared) in [(6, 0), (2, 0), (0, 1)] {
			next_block();
			assert_eq!((left(), Uncleared::<Test>::get()), (expected, uncleared));
			assert_ok!(Coverage::do_try_state());
		}
		next_block();
		assert_eq!(Uncleared::<Test>::get(), period().number, "the current period stays");
	});
}

#[test]
fn past_rounds_are_removed_while_the_clock_stands_still() {
	ExtBuilder::default().build_and_execute(|| {
		ClearLimit::set(0);
		never_revealed(3);
		ClearLimit::set(1);
		for expected in [2, 1, 0] {
			let before = tick();
			Full::<Test>::put(true);
			block_of(Weight::zero());
			assert_eq!((tick(), Rounds::<Test>::iter().count()), (before, expected));
		}
	});
}

#[test]
fn one_block_removes_no_more_than_the_limit() {
	ExtBuilder::default().build_and_execute(|| {
		to_period(2);
		let beaconer = beaconer();
		to_commit(&beaconer);
		let witness = hearer(0).witness(&beaconer);
		assert_ok!(Coverage::witness(RawOrigin::Authorized.into(), witness));
		let round = Rounds::<Test>::get(2, beaconer.id).unwrap();
		Uncleared::<Test>::kill();
		for n in 0..crate::types::CLEAR_LIMIT + 10 {
			let id = H256(sp_io::hashing::blake2_256(&n.to_le_bytes()));
			Rounds::<Test>::insert(n % 2, id, round.clone());
		}
		let past = || Rounds::<Test>::iter_keys().filter(|(period, _)| *period < 2).count();
		next_block();
		// The end of the first period takes one of the steps.
		assert_eq!((past(), Uncleared::<Test>::get()), (11, 1));
		next_block();
		assert_eq!((past(), Uncleared::<Test>::get()), (0, 2));
		assert!(Rounds::<Test>::contains_key(2, beaconer.id));
	});
}

#[test]
fn a_tick_needs_its_weight() {
	ExtBuilder::default().build_and_execute(|| {
		let cost = TestWeights::on_poll();
		let before = Clock::<Test>::get();

		let mut poor = WeightMeter::with_limit(cost - Weight::from_parts(1, 0));
		Coverage::on_poll(2, &mut poor);
		// What is left is used to look for rounds to remove.
		let look = TestWeights::clear_rounds(0);
		assert_eq!((Clock::<Test>::get(), poor.consumed()), (before, look));

		let mut rich = WeightMeter::with_limit(cost);
		Coverage::on_poll(2, &mut rich);
		assert_eq!((tick(), rich.consumed()), (before.tick + 1, cost));

		let mut richer = WeightMeter::new();
		Coverage::on_poll(2, &mut richer);
		assert_eq!((tick(), richer.consumed()), (before.tick + 2, cost + look));
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
		let view = Registry::device(&hearer(0).id).expect("registered");
		for n in 0..devices {
			let id = H256(sp_io::hashing::blake2_256(&n.to_le_bytes()));
			let score = CoverageScore { last_answered: 0, answered: 1, missed: 0 };
			Registry::put(id, view.clone());
			put_score(id, score);
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
	assert_eq!(writes, 3, "the clock, the period, and the first period that is not cleared");
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

fn set_timing(timing: TimingRules) -> DispatchResult {
	Coverage::set_timing(RawOrigin::Root.into(), timing)
}

#[test]
fn new_timing_counts_from_the_next_period() {
	let slower = TimingRules { period_ticks: 30, commit_ticks: 5, reveal_ticks: 5 };
	let faster = TimingRules { period_ticks: 5, commit_ticks: 1, reveal_ticks: 2 };
	for (first, second) in [(slower, faster), (faster, slower)] {
		ExtBuilder::default().build_and_execute(|| {
			let (beaconer, hearer) = (beaconer(), hearer(0));
			let window = period().window(&beaconer.id);
			to_commit(&beaconer);
			assert_ok!(set_timing(first));
			System::assert_last_event(Event::TimingSet { timing: first }.into());
			let witness = hearer.witness(&beaconer);
			assert_ok!(Coverage::witness(RawOrigin::Authorized.into(), witness));

			// The windows of the running challenge are as long as before.
			assert_eq!((period().timing, period().window(&beaconer.id)), (TIMING, window));
			to_tick(window.closes_at - 1);
			assert_ok!(set_timing(second));
			assert_ok!(Coverage::beacon(RawOrigin::Authorized.into(), beaconer.beacon()));
			let record = Coverage::challenge(beaconer.id).unwrap();
			let of_record = (record.opens_at, record.reveals_at, record.closes_at);
			assert_eq!(of_record, (window.opens_at, window.reveals_at, window.closes_at));

			// The last rules count, from the tick at which the period would have ended anyway.
			to_period(1);
			assert_eq!((period().starts_at, period().timing), (21, second));
			to_period(2);
			assert_eq!(period().starts_at, 21 + second.period_ticks);
		});
	}
}

#[test]
fn only_governance_sets_the_timing() {
	ExtBuilder::default().build_and_execute(|| {
		for origin in [RawOrigin::None, RawOrigin::Signed(GATEWAY), RawOrigin::Authorized] {
			assert_noop!(
				Coverage::set_timing(origin.into(), TimingRules::default()),
				DispatchError::BadOrigin
			);
		}
	});
}

#[test]
fn each_fault_of_a_timing_has_its_error() {
	ExtBuilder::default().build_and_execute(|| {
		let timing = |period_ticks, commit_ticks, reveal_ticks| {
			set_timing(TimingRules { period_ticks, commit_ticks, reveal_ticks })
		};
		assert_noop!(timing(10, 0, 2), Error::<Test>::EmptyWindow);
		assert_noop!(timing(10, 2, 0), Error::<Test>::EmptyWindow);
		assert_noop!(timing(4, 2, 2), Error::<Test>::PeriodTooShort);
		assert_noop!(timing(u32::MAX, u32::MAX, 1), Error::<Test>::PeriodTooShort);
		assert_noop!(timing(MAX_PERIOD_TICKS + 1, 2, 2), Error::<Test>::PeriodTooLong);
		assert_eq!(Timing::<Test>::get(), TIMING);
		assert_ok!(timing(5, 2, 2));
		assert_ok!(timing(MAX_PERIOD_TICKS, 1, MAX_PERIOD_TICKS - 2));
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
	assert!(timing(MAX_PERIOD_TICKS, 2, 2).is_ok());
	assert!(timing(MAX_PERIOD_TICKS + 1, 2, 2).is_err());
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
		more in 1..=MAX_PERIOD_TICKS - 2000,
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
