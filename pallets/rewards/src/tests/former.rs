//! What a device earned for those who owned it before.

use crate::{mock::*, *};
use depin_primitives::{
	reward::FormerReward,
	traits::{Ledger, Lifecycle, NotSettled},
	NetworkId,
};
use frame_support::{assert_noop, assert_ok, assert_storage_noop, traits::fungible::Mutate};
use sp_runtime::{DispatchError, DispatchResult};

fn claim(n: u8) -> DispatchResult {
	Rewards::claim(RuntimeOrigin::signed(ALICE), device(n))
}

fn claim_former(n: u8, payee: AccountId) -> DispatchResult {
	Rewards::claim_former(RuntimeOrigin::signed(ALICE), device(n), payee)
}

fn former(n: u8, payee: AccountId) -> Option<RewardAccount> {
	FormerAccounts::<Test>::get(device(n), payee)
}

fn account(network: NetworkId, epoch: u32, points: u64, accrued: u128) -> RewardAccount {
	RewardAccount { network, epoch, points, accrued }
}

#[test]
fn nothing_earned_is_nothing_settled() {
	ExtBuilder::default().build_and_execute(|| {
		add_device(1, 0);
		assert_storage_noop!(Rewards::on_settle(&device(1), 0, &owner(1)));
	});
}

#[test]
fn money_is_paid_at_once_and_running_points_stay_the_owners() {
	ExtBuilder::default().build_and_execute(|| {
		Rewards::credit(0, &add_device(1, 0), 1);
		close_epochs(1);
		Rewards::credit(0, &device(1), 3);
		events();

		transfer(device(1), owner(2));
		assert_eq!(
			events(),
			vec![
				Event::Paid { device: device(1), payee: owner(1), amount: 600 },
				Event::Settled { device: device(1), payee: owner(1), amount: 0, points: 3 },
			]
		);
		assert_eq!(Accounts::<Test>::get(device(1)), None);
		assert_eq!(former(1, owner(1)), Some(account(0, 1, 3, 0)));
		assert_eq!(EpochPoints::<Test>::get(0), (1, 3));

		// One point for the new owner, three for the old one.
		Rewards::credit(0, &device(1), 1);
		close_epochs(1);
		assert_ok!(claim(1));
		assert_ok!(claim_former(1, owner(1)));
		assert_eq!(Balances::free_balance(owner(1)), 600 + 450);
		assert_eq!(Balances::free_balance(owner(2)), 150);
		assert_eq!(former(1, owner(1)), None);
		assert_eq!(Rewards::epoch(0, 1), None);
		assert_eq!(in_pot(), 0);
	});
}

#[test]
fn all_that_can_be_paid_at_once_leaves_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		Rewards::credit(0, &add_device(1, 0), 1);
		close_epochs(1);
		events();
		transfer(device(1), owner(2));
		assert_eq!(events(), vec![Event::Paid { device: device(1), payee: owner(1), amount: 600 }]);
		assert_eq!(former(1, owner(1)), None);
		assert_eq!(SettledIn::<Test>::get(device(1)), None);
	});
}

#[test]
fn a_former_owner_is_paid_once_and_only_for_closed_epochs() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(claim_former(1, owner(1)), Error::<Test>::NothingToClaim);
		Rewards::credit(0, &add_device(1, 0), 1);
		transfer(device(1), owner(2));
		assert_noop!(claim_former(1, owner(1)), Error::<Test>::NothingToClaim);
		assert_noop!(claim_former(1, owner(2)), Error::<Test>::NothingToClaim);
		close_epochs(1);
		events();
		assert_noop!(claim(1), Error::<Test>::NothingToClaim);
		assert_ok!(claim_former(1, owner(1)));
		assert_eq!(events(), vec![Event::Paid { device: device(1), payee: owner(1), amount: 600 }]);
		assert_noop!(claim_former(1, owner(1)), Error::<Test>::NothingToClaim);
		close_epochs(3);
		assert_noop!(claim_former(1, owner(1)), Error::<Test>::NothingToClaim);
		assert_eq!(Balances::free_balance(owner(1)), 600);
	});
}

#[test]
fn claims_for_former_owners_are_signed() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(
			Rewards::claim_former(RuntimeOrigin::none(), device(1), owner(1)),
			DispatchError::BadOrigin
		);
	});
}

#[test]
fn money_that_its_owner_cannot_take_waits_for_him() {
	ExtBuilder::default().emission(15, 1_000).build_and_execute(|| {
		Rewards::credit(0, &add_device(1, 0), 1);
		close_epochs(1);
		Rewards::credit(0, &device(1), 1);
		events();
		transfer(device(1), owner(2));
		let settled = Event::Settled { device: device(1), payee: owner(1), amount: 9, points: 1 };
		assert_eq!(events(), vec![settled]);
		assert_eq!(former(1, owner(1)), Some(account(0, 1, 1, 9)));
		assert_noop!(claim_former(1, owner(1)), Error::<Test>::PayeeCannotReceive);

		// With the account alive, a claim pays the money and leaves the running points…
		Balances::set_balance(&owner(1), MINIMUM);
		assert_ok!(claim_former(1, owner(1)));
		assert_eq!(Balances::free_balance(owner(1)), MINIMUM + 9);
		assert_eq!(former(1, owner(1)), Some(account(0, 1, 1, 0)));
		// … which the next one pays.
		close_epochs(1);
		assert_ok!(claim_former(1, owner(1)));
		assert_eq!(Balances::free_balance(owner(1)), MINIMUM + 18);
		assert_eq!(former(1, owner(1)), None);
	});
}

#[test]
fn money_alone_waits_too() {
	ExtBuilder::default().emission(15, 1_000).build_and_execute(|| {
		Rewards::credit(0, &add_device(1, 0), 1);
		close_epochs(1);
		transfer(device(1), owner(2));
		assert_eq!(former(1, owner(1)), Some(account(0, 1, 0, 9)));
		// It does not keep the device.
		assert_eq!(SettledIn::<Test>::get(device(1)), None);
		assert_ok!(Rewards::on_reap(&device(1), 0, &owner(2)));
		assert_eq!(Rewards::former(device(1), owner(1)).unwrap().claimable, 9);
	});
}

#[test]
fn what_is_kept_for_an_owner_adds_up() {
	ExtBuilder::default().emission(15, 1_000).build_and_execute(|| {
		Rewards::credit(0, &add_device(1, 0), 2);
		transfer(device(1), owner(2));
		transfer(device(1), owner(1));
		Rewards::credit(0, &device(1), 3);
		transfer(device(1), owner(2));
		assert_eq!(former(1, owner(1)), Some(account(0, 0, 5, 0)));
		assert_eq!(EpochPoints::<Test>::get(0), (0, 5));
		Rewards::do_try_state().unwrap();

		// Points of an older epoch are money first. Nine are too few for an account, eighteen are not.
		close_epochs(1);
		transfer(device(1), owner(1));
		Rewards::credit(0, &device(1), 4);
		transfer(device(1), owner(2));
		assert_eq!(former(1, owner(1)), Some(account(0, 1, 4, 9)));
		close_epochs(1);
		transfer(device(1), owner(1));
		Rewards::credit(0, &device(1), 6);
		transfer(device(1), owner(2));
		assert_eq!(former(1, owner(1)), Some(account(0, 2, 6, 0)));
		assert_eq!(Balances::free_balance(owner(1)), 18);
	});
}

#[test]
fn each_former_owner_has_his_own() {
	ExtBuilder::default().build_and_execute(|| {
		Rewards::credit(0, &add_device(1, 0), 1);
		transfer(device(1), owner(2));
		Rewards::credit(0, &device(1), 2);
		transfer(device(1), owner(3));
		Rewards::credit(0, &device(1), 3);
		close_epochs(1);
		assert_ok!(claim_former(1, owner(2)));
		assert_ok!(claim(1));
		assert_ok!(claim_former(1, owner(1)));
		for n in 1..=3 {
			assert_eq!(Balances::free_balance(owner(n)), 100 * u128::from(n));
		}
	});
}

#[test]
fn a_saturated_owner_leaves_the_network_no_phantom_points() {
	ExtBuilder::default().build_and_execute(|| {
		Rewards::credit(0, &add_device(1, 0), u64::MAX - 1);
		transfer(device(1), owner(1));
		Rewards::credit(0, &device(1), 5);
		transfer(device(1), owner(1));
		Rewards::credit(0, &device(1), 7);
		transfer(device(1), owner(1));
		assert_eq!(former(1, owner(1)), Some(account(0, 0, u64::MAX, 0)));
		assert_eq!(EpochPoints::<Test>::get(0), (0, u64::MAX.into()));
	});
}

#[test]
fn what_is_worth_nothing_can_be_cleared() {
	ExtBuilder::default().build_and_execute(|| {
		// Not funded; and too few of too many points.
		Rewards::credit(1, &add_device(1, 1), 1);
		Rewards::credit(0, &add_device(2, 0), 1);
		Rewards::credit(0, &add_device(3, 0), 1_000_000);
		for n in 1..=2 {
			transfer(device(n), owner(9));
			assert_noop!(claim_former(n, owner(n)), Error::<Test>::NothingToClaim);
		}
		close_epochs(1);
		events();
		for n in 1..=2 {
			assert_ok!(claim_former(n, owner(n)));
			assert_eq!(events(), vec![Event::Cleared { device: device(n), payee: owner(n) }]);
			assert_eq!(former(n, owner(n)), None);
		}
		assert_eq!(Rewards::epoch(0, 0).unwrap().unsettled_points, 1_000_000);
		assert_ok!(claim(3));
		assert_eq!(Undistributed::<Test>::get(), 1);
	});
}

#[test]
fn a_later_settlement_clears_what_is_worth_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		Rewards::credit(1, &add_device(1, 1), 1);
		transfer(device(1), owner(1));
		Rewards::credit(1, &device(1), 1);
		close_epochs(1);
		events();
		transfer(device(1), owner(2));
		assert_eq!(events(), vec![]);
		assert_eq!(former(1, owner(1)), None);
	});
}

#[test]
fn what_was_earned_outlives_the_device() {
	ExtBuilder::default().build_and_execute(|| {
		Rewards::credit(0, &add_device(1, 0), 1);
		transfer(device(1), owner(2));
		close_epochs(1);
		assert_ok!(Rewards::on_reap(&device(1), 0, &owner(2)));
		Registry::remove(device(1));
		assert_eq!(SettledIn::<Test>::get(device(1)), None);
		assert_ok!(claim_former(1, owner(1)));
		assert_eq!(Balances::free_balance(owner(1)), 600);
	});
}

#[test]
fn a_device_stays_while_running_points_wait_for_a_former_owner() {
	ExtBuilder::default().funded(&[(0, 1), (1, 1)]).build_and_execute(|| {
		Rewards::credit(0, &add_device(1, 0), 1);
		transfer(device(1), owner(2));
		assert_storage_noop!(assert_eq!(
			Rewards::on_reap(&device(1), 0, &owner(2)),
			Err(NotSettled)
		));
		close_epochs(1);
		assert_ok!(Rewards::on_reap(&device(1), 0, &owner(2)));

		// Back to its first owner, in another network: nothing that it earned in either is lost.
		Registry::put(device(1), 1, owner(1));
		Rewards::credit(1, &device(1), 5);
		transfer(device(1), owner(2));
		assert_eq!(former(1, owner(1)), Some(account(1, 1, 5, 0)));
		assert_eq!(Balances::free_balance(owner(1)), 300);
		close_epochs(1);
		assert_ok!(claim_former(1, owner(1)));
		assert_eq!(Balances::free_balance(owner(1)), 600);
	});
}

#[test]
fn late_points_of_a_former_network_are_not_settled() {
	ExtBuilder::default().funded(&[(0, 1), (1, 1)]).build_and_execute(|| {
		// Credited after it has gone, and back in another network in the same epoch.
		Rewards::credit(0, &device(1), 5);
		Rewards::credit(0, &add_device(2, 0), 7);
		Registry::put(device(1), 1, owner(1));
		transfer(device(1), owner(2));
		assert_eq!(former(1, owner(1)), None);
		assert_eq!(EpochPoints::<Test>::get(0), (0, 7));
		Rewards::do_try_state().unwrap();

		// Money of a former network is money.
		close_epochs(1);
		Rewards::credit(1, &device(2), 1);
		Registry::put(device(2), 1, owner(2));
		transfer(device(2), owner(3));
		assert_eq!(Balances::free_balance(owner(2)), 300);
		assert_eq!(former(2, owner(2)), Some(account(1, 1, 1, 0)));
	});
}

#[test]
fn a_settlement_that_cannot_pay_keeps_all() {
	ExtBuilder::default().build().execute_with(|| {
		Rewards::credit(0, &add_device(1, 0), 1);
		close_epochs(1);
		// As if someone had robbed the pot.
		Balances::set_balance(&Rewards::pot(), MINIMUM + 599);
		events();
		transfer(device(1), owner(2));
		let settled = Event::Settled { device: device(1), payee: owner(1), amount: 600, points: 0 };
		assert_eq!(events(), vec![settled]);
		assert_eq!(Balances::free_balance(owner(1)), 0);
		assert!(claim_former(1, owner(1)).is_err());
		// It comes back.
		assert_ok!(Balances::mint_into(&Rewards::pot(), 1));
		assert_ok!(claim_former(1, owner(1)));
		assert_eq!(Balances::free_balance(owner(1)), 600);
		Rewards::do_try_state().unwrap();
	});
}

#[test]
fn it_is_told_what_waits_for_a_former_owner() {
	ExtBuilder::default().emission(15, 1_000).build_and_execute(|| {
		assert_eq!(Rewards::former(device(1), owner(1)), None);
		Rewards::credit(0, &add_device(1, 0), 1);
		close_epochs(1);
		Rewards::credit(0, &device(1), 2);
		transfer(device(1), owner(2));
		let told = FormerReward { device: device(1), payee: owner(1), claimable: 9, points: 2 };
		assert_eq!(Rewards::former(device(1), owner(1)), Some(told.clone()));
		assert_eq!(Rewards::former(device(1), owner(2)), None);
		close_epochs(1);
		let told = FormerReward { claimable: 18, points: 0, ..told };
		assert_eq!(Rewards::former(device(1), owner(1)), Some(told));
		assert_ok!(claim_former(1, owner(1)));
		assert_eq!(Balances::free_balance(owner(1)), 18);
		assert_eq!(Rewards::former(device(1), owner(1)), None);
	});
}
