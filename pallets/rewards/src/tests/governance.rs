//! Calls of governance: allocations and shares.

use crate::{mock::*, *};
use depin_primitives::{policy::NetworkPolicy, traits::Devices, H256};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchError, Perbill};

#[test]
fn only_governance_sets_allocations_and_shares() {
	ExtBuilder::default().build_and_execute(|| {
		let alice = || RuntimeOrigin::signed(ALICE);
		assert_noop!(Rewards::set_allocation(alice(), 1, 1, None), DispatchError::BadOrigin);
		assert_noop!(
			Rewards::set_shares(alice(), Perbill::zero(), Perbill::zero()),
			DispatchError::BadOrigin
		);
	});
}

#[test]
fn allocations_are_set_changed_and_removed() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(set_allocation(3, 5));
		assert_ok!(set_allocation(1, 2));
		assert_eq!(Funded::<Test>::get().into_inner(), vec![(0, 1), (1, 2), (3, 5)]);
		assert_ok!(set_allocation(3, 6));
		assert_ok!(set_allocation(0, 0));
		assert_eq!(Funded::<Test>::get().into_inner(), vec![(1, 2), (3, 6)]);
		assert_eq!(
			events(),
			vec![
				Event::AllocationSet { network: 3, allocation: 5 },
				Event::AllocationSet { network: 1, allocation: 2 },
				Event::AllocationSet { network: 3, allocation: 6 },
				Event::AllocationSet { network: 0, allocation: 0 },
			]
		);
	});
}

#[test]
fn allocations_have_bounds() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(set_allocation(NETWORKS, 1), Error::<Test>::UnknownNetwork);
		assert_noop!(set_allocation(1, 0), Error::<Test>::NotFunded);
		for network in 1..4 {
			assert_ok!(set_allocation(network, 1));
		}
		assert_noop!(set_allocation(4, 1), Error::<Test>::TooManyFunded);
		// Funded networks can still be changed, and make room.
		assert_ok!(set_allocation(3, 9));
		assert_ok!(set_allocation(0, 0));
		assert_ok!(set_allocation(4, 1));
	});
}

#[test]
fn an_allocation_names_the_rules_that_were_voted_on() {
	ExtBuilder::default().build_and_execute(|| {
		let voted = KitRegistry::rules_hash(1);
		let set = |allocation, rules| {
			Rewards::set_allocation(RuntimeOrigin::root(), 1, allocation, rules)
		};
		assert_noop!(set(1, None), Error::<Test>::RulesDiffer);
		assert_noop!(set(1, Some(H256::zero())), Error::<Test>::RulesDiffer);
		assert_ok!(set(1, voted));
		// The admin changes the rules; neither a new allocation nor the old hash is accepted.
		KitRegistry::set_policy(1, NetworkPolicy { cell_resolution: 8, ..NetworkPolicy::OPEN });
		assert_noop!(set(2, voted), Error::<Test>::RulesDiffer);
		assert_ok!(set(2, KitRegistry::rules_hash(1)));
		// The end of a funding names no rules.
		assert_ok!(set(0, None));
	});
}

#[test]
fn allocations_count_from_the_next_close() {
	ExtBuilder::default().build_and_execute(|| {
		credit(0, &add_device(1, 0), 1);
		credit(1, &add_device(2, 1), 1);
		close_epochs(1);
		credit(0, &device(1), 1);
		credit(1, &device(2), 1);
		assert_ok!(set_allocation(0, 0));
		assert_ok!(set_allocation(1, 1));
		// Epoch 0 keeps its price.
		assert_eq!(Rewards::pending(device(1)).unwrap().claimable, 600);
		close_epochs(1);
		assert_eq!(Rewards::pending(device(1)).unwrap().claimable, 600);
		assert_eq!(Rewards::pending(device(2)).unwrap().claimable, 600);
	});
}

#[test]
fn shares_are_at_most_one_together() {
	ExtBuilder::default().build_and_execute(|| {
		let root = RuntimeOrigin::root;
		let percent = Perbill::from_percent;
		assert_noop!(
			Rewards::set_shares(root(), percent(50), Perbill::from_parts(500_000_001)),
			Error::<Test>::SharesExceedOne
		);
		assert_noop!(
			Rewards::set_shares(root(), percent(100), percent(100)),
			Error::<Test>::SharesExceedOne
		);
		assert_ok!(Rewards::set_shares(root(), percent(50), percent(50)));
		assert_eq!(
			events(),
			vec![Event::SharesSet { networks: percent(50), validators: percent(50) }]
		);
		close_epochs(1);
		assert_eq!(ValidatorBudget::<Test>::get().total(), 500);
		assert_eq!(Balances::free_balance(TREASURY), MINIMUM);
	});
}
