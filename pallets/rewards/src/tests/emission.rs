//! Emission schedule, close of an epoch and cap on the supply.

use crate::{mock::*, *};
use depin_primitives::{reward::EpochShare, Balance};
use frame_support::{
	assert_ok,
	traits::{fungible::Mutate, OnInitialize},
};
use sp_runtime::Perbill;

fn parameters(initial_emission: Balance, halving_epochs: u32) -> EmissionParameters<u32> {
	EmissionParameters {
		epoch_length: 1,
		initial_emission,
		halving_epochs,
		max_supply: Balance::MAX,
	}
}

#[test]
fn the_emission_halves_on_time() {
	let schedule = parameters(1_001, 4);
	assert_eq!(schedule.emission(0), 1_001);
	assert_eq!(schedule.emission(3), 1_001);
	assert_eq!(schedule.emission(4), 500);
	assert_eq!(schedule.emission(7), 500);
	assert_eq!(schedule.emission(8), 250);
	assert_eq!(schedule.emission(u32::MAX), 0);
}

#[test]
fn the_emission_ends_after_as_many_halvings_as_it_has_bits() {
	let schedule = parameters(Balance::MAX, 1);
	assert_eq!(schedule.emission(127), 1);
	assert_eq!(schedule.emission(128), 0);
	assert_eq!(schedule.emission(u32::MAX), 0);
	assert_eq!(EmissionParameters::<u32>::default().emission(5), 0);
}

#[test]
fn the_sum_of_the_schedule_is_the_sum_of_its_epochs() {
	for halving_epochs in [1, 2, 7, 50] {
		let schedule = parameters(123_456_789, halving_epochs);
		let mut sum = 0;
		for epoch in 0..300 {
			assert_eq!(schedule.emission_before(epoch), sum);
			sum += schedule.emission(epoch);
		}
	}
	assert_eq!(parameters(Balance::MAX, u32::MAX).emission_before(u32::MAX), Balance::MAX);
	assert_eq!(EmissionParameters::<u32>::default().emission_before(9), 0);
}

#[test]
fn epochs_close_at_their_block_and_not_before() {
	ExtBuilder::default().build_and_execute(|| {
		for block in 2..10 {
			assert_eq!(Rewards::on_initialize(block), TestWeights::on_initialize_idle());
		}
		assert_eq!(Rewards::current_epoch(), 0);
		assert_eq!(Rewards::on_initialize(10), TestWeights::close_epoch(1));
		assert_eq!(CurrentEpoch::<Test>::get(), Some(RunningEpoch { index: 1, closes_at: 20 }));
		for block in 11..20 {
			assert_eq!(Rewards::on_initialize(block), TestWeights::on_initialize_idle());
		}
		System::set_block_number(19);
		System::run_to_block::<AllPalletsWithSystem>(40);
		assert_eq!(CurrentEpoch::<Test>::get(), Some(RunningEpoch { index: 4, closes_at: 50 }));
	});
}

#[test]
fn an_emission_is_split_by_shares_and_allocations() {
	ExtBuilder::default().funded(&[(0, 1), (1, 3)]).build_and_execute(|| {
		let issuance = Balances::total_issuance();
		credit(0, &add_device(1, 0), 10);
		credit(1, &add_device(2, 1), 20);
		credit(1, &add_device(3, 1), 5);
		close_epochs(1);

		let share = |budget, points| EpochShare {
			budget,
			points,
			unsettled: budget,
			unsettled_points: points,
		};
		assert_eq!(Rewards::epoch(0, 0), Some(share(150, 10)));
		assert_eq!(Rewards::epoch(1, 0), Some(share(450, 25)));
		assert_eq!(in_pot(), 600);
		assert_eq!(Balances::free_balance(TREASURY), MINIMUM + 150);
		assert_eq!(Balances::total_issuance(), issuance + 750);
		assert_eq!(Emitted::<Test>::get(), 1_000);
		assert_eq!(
			events(),
			vec![
				Event::NetworkEmission { network: 0, epoch: 0, budget: 150, points: 10 },
				Event::NetworkEmission { network: 1, epoch: 0, budget: 450, points: 25 },
				Event::EpochClosed {
					epoch: 0,
					emission: 1_000,
					networks: 600,
					validators: 250,
					treasury: 150,
					carried: 0,
				},
			]
		);
	});
}

#[test]
fn the_budget_of_a_network_without_points_is_not_minted() {
	ExtBuilder::default().funded(&[(0, 1), (1, 1)]).build_and_execute(|| {
		// In epoch 0, network 0 alone has points; in epoch 1 none has.
		credit(0, &add_device(1, 0), 10);
		close_epochs(1);
		assert_eq!(in_pot(), 300);
		assert_eq!(Rewards::epoch(1, 0), None);
		close_epochs(1);
		assert_eq!(in_pot(), 300);
		assert_eq!(Rewards::epoch(0, 1), None);
		assert_eq!(Emitted::<Test>::get(), 300 + 2 * 400);
	});
}

#[test]
fn remainders_of_the_split_are_carried() {
	// 60 % of 7 is 4, a third of which is 1; 25 % is 1; 15 % is 1.
	ExtBuilder::default().emission(7, 1_000).funded(&[(0, 1), (1, 1), (2, 1)]).build_and_execute(
		|| {
			for n in 0..3 {
				credit(n.into(), &add_device(n, n.into()), 1);
			}
			close_epochs(1);
			assert_eq!(in_pot(), 3);
			assert_eq!(Emitted::<Test>::get(), 5);
			assert_eq!(Carried::<Test>::get(), 1);
		},
	);
}

/// Takes the validators' money in the block of that number.
fn take_at(block: u64) -> Balance {
	System::set_block_number(block);
	Rewards::take_validator_budget()
}

#[test]
fn a_promise_to_validators_falls_due_over_the_next_epoch() {
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!(take_at(9), 0);
		close_epochs(1);
		assert_eq!(ValidatorBudget::<Test>::get().total(), 250);
		assert_eq!([10, 11, 11, 13, 18].map(take_at), [0, 25, 0, 50, 125]);
		assert_eq!(ValidatorBudget::<Test>::get().total(), 50);
		// The rest of the first promise is due in the block of the next close.
		close_epochs(1);
		assert_eq!([20, 25].map(take_at), [50, 125]);
		// Nothing is lost if nobody takes it for some epochs.
		close_epochs(3);
		assert_eq!([50, 60, 70].map(take_at), [125 + 500, 250, 0]);
		assert_eq!(ValidatorBudget::<Test>::get().total(), 0);
		assert_eq!(Emitted::<Test>::get(), 5 * 400);
	});
}

#[test]
fn equal_numbers_of_blocks_are_paid_the_same_to_a_rounding() {
	// 25 % of 1,999 is 499, which ten blocks do not divide.
	ExtBuilder::default().emission(1_999, 1_000).build_and_execute(|| {
		for block in 1..=100 {
			System::set_block_number(block);
			Rewards::on_initialize(block);
			let taken = Rewards::take_validator_budget();
			if block > 10 {
				assert!((49..=50).contains(&taken), "block {block}: {taken}");
			}
		}
		// The promise of the last close has not begun to fall due.
		assert_eq!(ValidatorBudget::<Test>::get().total(), 499);
	});
}

#[test]
fn a_change_of_the_promise_changes_the_rate_from_the_close_on() {
	ExtBuilder::default().build_and_execute(|| {
		close_epochs(1);
		assert_ok!(Rewards::set_shares(
			RuntimeOrigin::root(),
			Perbill::zero(),
			Perbill::from_percent(5)
		));
		assert_eq!(take_at(15), 125);
		close_epochs(1);
		assert_eq!([20, 25, 30, 99].map(take_at), [125, 25, 25, 0]);
	});
}

#[test]
fn an_amount_that_cannot_be_minted_is_not_emitted() {
	// 15 % of 40 is 6, below the existential deposit of 10.
	ExtBuilder::default().emission(40, 1_000).build_and_execute(|| {
		assert_ok!(Balances::burn_from(
			&TREASURY,
			MINIMUM,
			frame_support::traits::tokens::Preservation::Expendable,
			frame_support::traits::tokens::Precision::Exact,
			frame_support::traits::tokens::Fortitude::Force,
		));
		close_epochs(1);
		assert_eq!(Balances::free_balance(TREASURY), 0);
		assert_eq!(Emitted::<Test>::get(), 10);
		assert_eq!(
			events().pop(),
			Some(Event::EpochClosed {
				epoch: 0,
				emission: 40,
				networks: 0,
				validators: 10,
				treasury: 0,
				carried: 24,
			})
		);
	});
}

#[test]
fn a_pot_that_cannot_receive_owes_nothing() {
	ExtBuilder::default().emission(10, 1_000).build().execute_with(|| {
		// The pot has no existential deposit, as if it had never been opened.
		let pot = Rewards::pot();
		Balances::set_balance(&pot, 0);
		credit(0, &add_device(1, 0), 1);
		Undistributed::<Test>::put(1);
		close_epochs(1);
		assert_eq!(Rewards::epoch(0, 0), None);
		assert_eq!(Undistributed::<Test>::get(), 1);
		// The validators have 2 and the treasury has 1.
		assert_eq!(Emitted::<Test>::get(), 3);
	});
}

#[test]
fn the_cap_is_reached_exactly() {
	let genesis = ENDOWMENT + MINIMUM;
	ExtBuilder::default().shares(0, 0).max_supply(genesis + 2_300).build_and_execute(|| {
		close_epochs(2);
		assert_eq!(Balances::total_issuance(), genesis + 2_000);
		close_epochs(1);
		assert_eq!(Balances::total_issuance(), genesis + 2_300);
		assert_eq!(
			events().pop(),
			Some(Event::EpochClosed {
				epoch: 2,
				emission: 300,
				networks: 0,
				validators: 0,
				treasury: 300,
				carried: 0,
			})
		);
		close_epochs(5);
		assert_eq!(Balances::total_issuance(), genesis + 2_300);
		assert_eq!(Emitted::<Test>::get(), 2_300);
	});
}

#[test]
fn the_cap_counts_what_staking_will_mint_later() {
	let genesis = ENDOWMENT + MINIMUM;
	ExtBuilder::default().shares(0, 100).max_supply(genesis + 1_500).build_and_execute(|| {
		close_epochs(1);
		// Staking has taken the budget and not yet minted it: neither the issuance nor the
		// validators' budget shows it.
		assert_eq!(take_at(20), 1_000);
		assert_eq!(Balances::total_issuance(), genesis);
		close_epochs(3);
		assert_eq!(take_at(50), 500);
	});
}

#[test]
fn burning_makes_no_room_and_minting_elsewhere_takes_it() {
	let genesis = ENDOWMENT + MINIMUM;
	ExtBuilder::default().shares(0, 0).max_supply(genesis + 1_500).build_and_execute(|| {
		Balances::set_balance(&ALICE, 1_000);
		close_epochs(9);
		assert_eq!(Emitted::<Test>::get(), 1_500);
	});
	ExtBuilder::default().shares(0, 0).max_supply(genesis + 1_500).build().execute_with(|| {
		assert_ok!(Balances::mint_into(&ALICE, 1_400));
		close_epochs(9);
		assert_eq!(Emitted::<Test>::get(), 100);
		assert_eq!(Balances::total_issuance(), genesis + 1_500);
		// The check of the invariants finds the money that another has minted.
		assert!(Rewards::do_try_state().is_err());
	});
}

#[test]
fn the_largest_emission_overflows_nothing() {
	ExtBuilder::default()
		.emission(Balance::MAX, u32::MAX)
		.max_supply(Balance::MAX)
		.shares(100, 0)
		.funded(&[(0, u32::MAX), (1, u32::MAX)])
		.build_and_execute(|| {
			for n in 1..=3 {
				credit(0, &add_device(n, 0), u64::MAX - u64::from(n));
			}
			credit(1, &add_device(4, 1), u64::MAX);
			close_epochs(1);
			let room = Balance::MAX - ENDOWMENT - MINIMUM;
			assert_eq!(Rewards::epoch(1, 0).unwrap().budget, room / 2);
			for n in 1..=4 {
				assert_ok!(Rewards::claim(RuntimeOrigin::signed(ALICE), device(n)));
			}
			assert_eq!(Balances::free_balance(owner(4)), room / 2);
			let third = Balances::free_balance(owner(1));
			assert!(third > room / 6 && third < room / 6 + (room >> 64));
			assert!(in_pot() <= 3);
			// Each half was rounded down; the unit that this leaves is carried.
			assert_eq!(Emitted::<Test>::get(), room / 2 * 2);
			assert_eq!(Rewards::schedule().carried, room % 2);
			assert_eq!(Rewards::schedule().emission, 0);
			close_epochs(2);
			assert_eq!(Emitted::<Test>::get(), room / 2 * 2);
		});
}

#[test]
fn dust_lowers_what_the_next_close_mints() {
	ExtBuilder::default().emission(100, 1_000).build_and_execute(|| {
		// 60 over 7 points: 8 each to seven devices leaves 4.
		for n in 1..=7 {
			endow(owner(n), MINIMUM);
			credit(0, &add_device(n, 0), 1);
		}
		close_epochs(1);
		for n in 1..=7 {
			assert_ok!(Rewards::claim(RuntimeOrigin::signed(ALICE), device(n)));
		}
		assert_eq!(Undistributed::<Test>::get(), 4);
		assert_eq!(in_pot(), 4);
		let emitted = Emitted::<Test>::get();

		// Nobody works, so that there is no budget: the dust stays.
		close_epochs(1);
		assert_eq!(Undistributed::<Test>::get(), 4);

		events();
		credit(0, &device(1), 1);
		close_epochs(1);
		assert_eq!(Undistributed::<Test>::get(), 0);
		assert_eq!(in_pot(), 60);
		assert_eq!(Rewards::epoch(0, 2).unwrap().budget, 60);
		assert_eq!(Emitted::<Test>::get(), emitted + 40 + 40 + 56);
		assert_eq!(
			events().pop(),
			Some(Event::EpochClosed {
				epoch: 2,
				emission: 100,
				networks: 56,
				validators: 25,
				treasury: 15,
				carried: 60,
			})
		);
	});
}

#[test]
fn a_budget_below_the_dust_mints_nothing() {
	ExtBuilder::default().emission(10, 1_000).build_and_execute(|| {
		endow(Rewards::pot(), 9);
		InPot::<Test>::put(9);
		Undistributed::<Test>::put(9);
		credit(0, &add_device(1, 0), 1);
		close_epochs(1);
		assert_eq!(Undistributed::<Test>::get(), 3);
		assert_eq!(in_pot(), 9);
		assert_eq!(Rewards::epoch(0, 0).unwrap().budget, 6);
	});
}
