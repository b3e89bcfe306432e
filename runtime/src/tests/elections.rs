//! Tests that no number of candidates or nominators stops the election, and that the largest
//! stakes are counted.

use super::started;
use crate::{
	configs::{
		RuntimeBlockWeights, CHILL_THRESHOLD, MAX_CANDIDATES, MAX_NOMINATORS, MAX_VALIDATORS,
		MAX_VOTERS,
	},
	constants::currency::WORK,
	AccountId, Balance, Balances, Runtime, RuntimeOrigin, Session, Staking, System, VoterList,
};
use frame_election_provider_support::SortedListProvider;
use frame_support::{
	assert_noop, assert_ok,
	traits::{fungible::Mutate, OnInitialize},
};
use pallet_staking::{ConfigOp, Error, RewardDestination, ValidatorPrefs};
use sp_keyring::Sr25519Keyring::Alice;
use sp_runtime::{AccountId32, Percent};

/// Least stakes of the presets.
const LEAST_CANDIDATE: Balance = 1_000 * WORK;
const LEAST_NOMINATOR: Balance = 10 * WORK;

/// Returns one of any number of accounts.
fn account(group: u8, number: u32) -> AccountId {
	let mut bytes = [group; 32];
	bytes[..4].copy_from_slice(&number.to_le_bytes());
	AccountId32::new(bytes)
}

fn bond(who: &AccountId, stake: Balance) {
	Balances::set_balance(who, stake + WORK);
	assert_ok!(Staking::bond(RuntimeOrigin::signed(who.clone()), stake, RewardDestination::Staked));
}

fn validate(who: &AccountId) -> frame_support::dispatch::DispatchResult {
	Staking::validate(RuntimeOrigin::signed(who.clone()), ValidatorPrefs::default())
}

fn nominate(who: &AccountId, candidate: &AccountId) -> frame_support::dispatch::DispatchResult {
	Staking::nominate(RuntimeOrigin::signed(who.clone()), vec![candidate.clone().into()])
}

fn candidates(group: u8, count: u32) {
	for number in 0..count {
		let who = account(group, number);
		bond(&who, LEAST_CANDIDATE);
		assert_ok!(validate(&who));
	}
}

fn nominators(group: u8, count: u32, candidate: &AccountId) {
	for number in 0..count {
		let who = account(group, number);
		bond(&who, LEAST_NOMINATOR);
		assert_ok!(nominate(&who, candidate));
	}
}

/// Ends sessions until an era begins that was elected after now.
fn next_elected_era() {
	let era = Staking::current_era().expect("eras have begun");
	for _ in 0..20 {
		System::set_block_number(System::block_number() + 1);
		Session::rotate_session();
		if Staking::active_era().is_some_and(|active| active.index > era) {
			return;
		}
	}
	panic!("no era was elected: {:?}", Staking::active_era());
}

/// Returns the number of validators that were elected for the running era, with or without session
/// keys.
fn elected() -> u32 {
	let era = Staking::active_era().expect("an era runs").index;
	pallet_staking::ErasStakersOverview::<Runtime>::iter_prefix(era).count() as u32
}

#[test]
fn more_candidates_and_nominators_than_the_bounds_are_refused_and_the_next_era_is_elected() {
	started("development").execute_with(|| {
		let alice = Alice.to_account_id();
		candidates(1, MAX_CANDIDATES - 1);
		let surplus = account(2, 0);
		bond(&surplus, LEAST_CANDIDATE);
		assert_noop!(validate(&surplus), Error::<Runtime>::TooManyValidators);

		nominators(3, MAX_NOMINATORS, &alice);
		let surplus = account(4, 0);
		bond(&surplus, LEAST_NOMINATOR);
		assert_noop!(nominate(&surplus, &alice), Error::<Runtime>::TooManyNominators);

		next_elected_era();
		assert!(Session::validators().contains(&alice));
		assert_eq!(elected(), Staking::validator_count());
	});
}

#[test]
fn the_election_seats_as_many_validators_as_there_may_be() {
	started("development").execute_with(|| {
		candidates(1, MAX_CANDIDATES - 1);
		assert_ok!(Staking::set_validator_count(RuntimeOrigin::root(), MAX_VALIDATORS));
		assert_noop!(
			Staking::set_validator_count(RuntimeOrigin::root(), MAX_VALIDATORS + 1),
			Error::<Runtime>::TooManyValidators
		);
		next_elected_era();
		assert_eq!(elected(), MAX_VALIDATORS);
	});
}

#[test]
fn small_stakes_do_not_crowd_out_a_large_one_that_comes_later() {
	started("development").execute_with(|| {
		let (alice, rich) = (Alice.to_account_id(), account(5, 0));
		// More than the election reads, all before the large stake.
		nominators(3, MAX_VOTERS + 500, &alice);
		bond(&rich, 50_000 * WORK);
		assert_ok!(nominate(&rich, &alice));
		assert_eq!(
			VoterList::iter().take(2).collect::<Vec<_>>(),
			vec![alice.clone(), rich.clone()]
		);

		next_elected_era();
		let era = Staking::active_era().expect("an era runs").index;
		let exposure = Staking::eras_stakers(era, &alice);
		let counted = exposure.others.iter().find(|backer| backer.who == rich);
		assert_eq!(counted.map(|backer| backer.value), Some(50_000 * WORK));
	});
}

#[test]
fn places_held_by_the_least_stake_are_freed_once_governance_raises_it() {
	started("development").execute_with(|| {
		let anyone = RuntimeOrigin::signed(account(9, 0));
		let held = CHILL_THRESHOLD * MAX_CANDIDATES;
		candidates(1, held);
		let squatter = account(1, 0);
		// The stake suffices as long as the least stake is not raised.
		assert_noop!(
			Staking::chill_other(anyone.clone(), squatter.clone()),
			Error::<Runtime>::CannotChillOther
		);
		assert_ok!(Staking::set_staking_configs(
			RuntimeOrigin::root(),
			ConfigOp::Noop,
			ConfigOp::Set(2 * LEAST_CANDIDATE),
			ConfigOp::Noop,
			ConfigOp::Noop,
			ConfigOp::Noop,
			ConfigOp::Noop,
			ConfigOp::Noop,
		));
		assert_ok!(Staking::chill_other(anyone.clone(), squatter.clone()));
		assert!(!pallet_staking::Validators::<Runtime>::contains_key(&squatter));
		// Below the threshold nobody can be chilled by others.
		assert_noop!(
			Staking::chill_other(anyone, account(1, 1)),
			Error::<Runtime>::CannotChillOther
		);
	});
}

#[test]
fn every_preset_bounds_candidates_and_nominators() {
	for name in crate::genesis::preset_names() {
		started(name.as_ref()).execute_with(|| {
			let candidates = pallet_staking::MaxValidatorsCount::<Runtime>::get();
			assert_eq!(candidates, Some(MAX_CANDIDATES));
			let nominators = pallet_staking::MaxNominatorsCount::<Runtime>::get();
			assert_eq!(nominators, Some(MAX_NOMINATORS));
			let threshold = pallet_staking::ChillThreshold::<Runtime>::get();
			assert_eq!(threshold, Some(CHILL_THRESHOLD));
			assert!(CHILL_THRESHOLD < Percent::one());
		});
	}
}

#[test]
fn the_largest_election_fits_half_a_block() {
	use frame_election_provider_support::WeightInfo as _;
	type ElectionWeights = frame_election_provider_support::weights::SubstrateWeight<Runtime>;
	started("development").execute_with(|| {
		let solving = ElectionWeights::phragmen(MAX_VOTERS, MAX_CANDIDATES, 16);
		assert!(solving.all_lte(RuntimeBlockWeights::get().max_block / 2), "{solving}");
		// A block without an election declares less than that.
		let idle = <crate::AllPalletsWithSystem as OnInitialize<_>>::on_initialize(1);
		assert!(idle.ref_time() < solving.ref_time(), "{idle}");
	});
}
