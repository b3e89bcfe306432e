//! Earnings of a device for its former owners.

use crate::{mock::*, *};
use depin_primitives::{
	reward::FormerReward,
	traits::{Lifecycle, NotSettled},
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
	FormerAccounts::<Test>::get(payee, device(n)).map(|former| former.account)
}

fn earnings(network: NetworkId, epoch: u32, points: u64, accrued: u128) -> RewardAccount {
	RewardAccount { network, epoch, points, accrued }
}

#[test]
fn a_device_without_earnings_settles_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		add_device(1, 0);
		assert_storage_noop!(Rewards::on_settle(&device(1), 0, &owner(1)));
	});
}

#[test]
fn a_settlement_pays_money_and_keeps_running_points_for_the_owner() {
	ExtBuilder::default().build_and_execute(|| {
		credit(0, &add_device(1, 0), 1);
		close_epochs(1);
		credit(0, &device(1), 3);
		events();

		transfer(device(1), owner(2));
		assert_eq!(
			events(),
			vec![
				Event::Paid { device: device(1), owner: owner(1), payee: owner(1), amount: 600 },
				Event::Settled { device: device(1), owner: owner(1), amount: 0, points: 3 },
			]
		);
		assert_eq!(account(device(1)), None);
		assert_eq!(former(1, owner(1)), Some(earnings(0, 1, 3, 0)));
		assert_eq!(EpochPoints::<Test>::get(0), (1, 3));

		// One point for the new owner, three for the old one.
		credit(0, &device(1), 1);
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
fn a_settlement_that_pays_everything_leaves_no_account() {
	ExtBuilder::default().build_and_execute(|| {
		credit(0, &add_device(1, 0), 1);
		close_epochs(1);
		events();
		transfer(device(1), owner(2));
		assert_eq!(
			events(),
			vec![Event::Paid { device: device(1), owner: owner(1), payee: owner(1), amount: 600 }]
		);
		assert_eq!(former(1, owner(1)), None);
		assert_eq!(SettledIn::<Test>::get(device(1)), None);
	});
}

#[test]
fn a_former_owner_is_paid_once_and_only_for_closed_epochs() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(claim_former(1, owner(1)), Error::<Test>::NothingToClaim);
		credit(0, &add_device(1, 0), 1);
		transfer(device(1), owner(2));
		assert_noop!(claim_former(1, owner(1)), Error::<Test>::NothingToClaim);
		assert_noop!(claim_former(1, owner(2)), Error::<Test>::NothingToClaim);
		close_epochs(1);
		events();
		assert_noop!(claim(1), Error::<Test>::NothingToClaim);
		assert_ok!(claim_former(1, owner(1)));
		assert_eq!(
			events(),
			vec![Event::Paid { device: device(1), owner: owner(1), payee: owner(1), amount: 600 }]
		);
		assert_noop!(claim_former(1, owner(1)), Error::<Test>::NothingToClaim);
		close_epochs(3);
		assert_noop!(claim_former(1, owner(1)), Error::<Test>::NothingToClaim);
		assert_eq!(Balances::free_balance(owner(1)), 600);
	});
}

#[test]
fn a_claim_for_a_former_owner_must_be_signed() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(
			Rewards::claim_former(RuntimeOrigin::none(), device(1), owner(1)),
			DispatchError::BadOrigin
		);
	});
}

#[test]
fn money_that_its_owner_cannot_receive_waits_for_them() {
	ExtBuilder::default().emission(15, 1_000).build_and_execute(|| {
		credit(0, &add_device(1, 0), 1);
		close_epochs(1);
		credit(0, &device(1), 1);
		events();
		transfer(device(1), owner(2));
		let settled = Event::Settled { device: device(1), owner: owner(1), amount: 9, points: 1 };
		assert_eq!(events(), vec![settled]);
		assert_eq!(former(1, owner(1)), Some(earnings(0, 1, 1, 9)));
		assert_noop!(claim_former(1, owner(1)), Error::<Test>::PayeeCannotReceive);

		// Once the account exists, a claim pays the money and leaves the running points…
		endow(owner(1), MINIMUM);
		assert_ok!(claim_former(1, owner(1)));
		assert_eq!(Balances::free_balance(owner(1)), MINIMUM + 9);
		assert_eq!(former(1, owner(1)), Some(earnings(0, 1, 1, 0)));
		// … which the next one pays.
		close_epochs(1);
		assert_ok!(claim_former(1, owner(1)));
		assert_eq!(Balances::free_balance(owner(1)), MINIMUM + 18);
		assert_eq!(former(1, owner(1)), None);
	});
}

#[test]
fn money_without_points_waits_too() {
	ExtBuilder::default().emission(15, 1_000).build_and_execute(|| {
		credit(0, &add_device(1, 0), 1);
		close_epochs(1);
		transfer(device(1), owner(2));
		assert_eq!(former(1, owner(1)), Some(earnings(0, 1, 0, 9)));
		// It does not keep the device from being reaped.
		assert_eq!(SettledIn::<Test>::get(device(1)), None);
		assert_ok!(Rewards::on_reap(&device(1), 0, &owner(2)));
		assert_eq!(Rewards::former(device(1), owner(1)).unwrap().claimable, 9);
	});
}

#[test]
fn settlements_on_the_same_owner_add_up() {
	ExtBuilder::default().emission(15, 1_000).build_and_execute(|| {
		credit(0, &add_device(1, 0), 2);
		transfer(device(1), owner(2));
		transfer(device(1), owner(1));
		credit(0, &device(1), 3);
		transfer(device(1), owner(2));
		assert_eq!(former(1, owner(1)), Some(earnings(0, 0, 5, 0)));
		assert_eq!(EpochPoints::<Test>::get(0), (0, 5));
		Rewards::do_try_state().unwrap();

		// Points of an older epoch are turned into money first. Nine units are too few for an
		// account, eighteen are enough.
		close_epochs(1);
		transfer(device(1), owner(1));
		credit(0, &device(1), 4);
		transfer(device(1), owner(2));
		assert_eq!(former(1, owner(1)), Some(earnings(0, 1, 4, 9)));
		close_epochs(1);
		transfer(device(1), owner(1));
		credit(0, &device(1), 6);
		transfer(device(1), owner(2));
		assert_eq!(former(1, owner(1)), Some(earnings(0, 2, 6, 0)));
		assert_eq!(Balances::free_balance(owner(1)), 18 - FORMER_DEPOSIT);
	});
}

#[test]
fn each_former_owner_has_a_separate_account() {
	ExtBuilder::default().build_and_execute(|| {
		credit(0, &add_device(1, 0), 1);
		transfer(device(1), owner(2));
		credit(0, &device(1), 2);
		transfer(device(1), owner(3));
		credit(0, &device(1), 3);
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
		credit(0, &add_device(1, 0), u64::MAX - 1);
		transfer(device(1), owner(1));
		credit(0, &device(1), 5);
		transfer(device(1), owner(1));
		credit(0, &device(1), 7);
		transfer(device(1), owner(1));
		assert_eq!(former(1, owner(1)), Some(earnings(0, 0, u64::MAX, 0)));
		assert_eq!(EpochPoints::<Test>::get(0), (0, u64::MAX.into()));
	});
}

#[test]
fn a_former_account_without_worth_can_be_cleared() {
	ExtBuilder::default().build_and_execute(|| {
		// Network 1 is not funded, and device 2 has too few of its network's points.
		credit(1, &add_device(1, 1), 1);
		credit(0, &add_device(2, 0), 1);
		credit(0, &add_device(3, 0), 1_000_000);
		for n in 1..=2 {
			transfer(device(n), owner(9));
			assert_noop!(claim_former(n, owner(n)), Error::<Test>::NothingToClaim);
		}
		close_epochs(1);
		events();
		for n in 1..=2 {
			assert_ok!(claim_former(n, owner(n)));
			assert_eq!(
				events(),
				vec![Event::Cleared { device: device(n), owner: owner(n), amount: 0 }]
			);
			assert_eq!(former(n, owner(n)), None);
		}
		assert_eq!(Rewards::epoch(0, 0).unwrap().unsettled_points, 1_000_000);
		assert_ok!(claim(3));
		assert_eq!(Undistributed::<Test>::get(), 1);
	});
}

#[test]
fn a_later_settlement_clears_points_without_worth() {
	ExtBuilder::default().build_and_execute(|| {
		credit(1, &add_device(1, 1), 1);
		transfer(device(1), owner(1));
		credit(1, &device(1), 1);
		close_epochs(1);
		events();
		transfer(device(1), owner(2));
		assert_eq!(events(), vec![]);
		assert_eq!(former(1, owner(1)), None);
	});
}

#[test]
fn a_former_account_outlives_the_device() {
	ExtBuilder::default().build_and_execute(|| {
		credit(0, &add_device(1, 0), 1);
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
		credit(0, &add_device(1, 0), 1);
		transfer(device(1), owner(2));
		assert_storage_noop!(assert_eq!(
			Rewards::on_reap(&device(1), 0, &owner(2)),
			Err(NotSettled)
		));
		close_epochs(1);
		assert_ok!(Rewards::on_reap(&device(1), 0, &owner(2)));

		// The device comes back to its first owner in another network. Nothing that it earned in
		// either network is lost.
		Registry::put(device(1), 1, owner(1));
		credit(1, &device(1), 5);
		transfer(device(1), owner(2));
		assert_eq!(former(1, owner(1)), Some(earnings(1, 1, 5, 0)));
		assert_eq!(Balances::free_balance(owner(1)), 300 - FORMER_DEPOSIT);
		close_epochs(1);
		assert_ok!(claim_former(1, owner(1)));
		assert_eq!(Balances::free_balance(owner(1)), 600);
	});
}

#[test]
fn late_points_of_a_former_network_are_not_settled() {
	ExtBuilder::default().funded(&[(0, 1), (1, 1)]).build_and_execute(|| {
		// Device 1 is credited after it was reaped, and registered in another network in the same
		// epoch.
		credit(0, &device(1), 5);
		credit(0, &add_device(2, 0), 7);
		Registry::put(device(1), 1, owner(1));
		transfer(device(1), owner(2));
		assert_eq!(former(1, owner(1)), None);
		assert_eq!(EpochPoints::<Test>::get(0), (0, 7));
		Rewards::do_try_state().unwrap();

		// Money from a former network is paid.
		close_epochs(1);
		credit(1, &device(2), 1);
		Registry::put(device(2), 1, owner(2));
		transfer(device(2), owner(3));
		assert_eq!(Balances::free_balance(owner(2)), 300 - FORMER_DEPOSIT);
		assert_eq!(former(2, owner(2)), Some(earnings(1, 1, 1, 0)));
	});
}

#[test]
fn a_settlement_that_cannot_pay_keeps_the_debt() {
	ExtBuilder::default().build().execute_with(|| {
		credit(0, &add_device(1, 0), 1);
		close_epochs(1);
		// Money is missing from the pot, which the pallet itself never lets happen.
		Balances::set_balance(&Rewards::pot(), MINIMUM + 599);
		events();
		transfer(device(1), owner(2));
		let settled = Event::Settled { device: device(1), owner: owner(1), amount: 600, points: 0 };
		assert_eq!(events(), vec![settled]);
		assert_eq!(Balances::free_balance(owner(1)), 0);
		assert!(claim_former(1, owner(1)).is_err());
		// The money comes back.
		assert_ok!(Balances::mint_into(&Rewards::pot(), 1));
		assert_ok!(claim_former(1, owner(1)));
		assert_eq!(Balances::free_balance(owner(1)), 600);
		Rewards::do_try_state().unwrap();
	});
}

#[test]
fn former_shows_the_money_and_points_of_a_former_owner() {
	ExtBuilder::default().emission(15, 1_000).build_and_execute(|| {
		assert_eq!(Rewards::former(device(1), owner(1)), None);
		credit(0, &add_device(1, 0), 1);
		close_epochs(1);
		credit(0, &device(1), 2);
		transfer(device(1), owner(2));
		let expected = FormerReward {
			device: device(1),
			owner: owner(1),
			payee: owner(1),
			claimable: 9,
			points: 2,
			deposit: 0,
		};
		assert_eq!(Rewards::former(device(1), owner(1)), Some(expected.clone()));
		assert_eq!(Rewards::former(device(1), owner(2)), None);
		close_epochs(1);
		let expected = FormerReward { claimable: 18, points: 0, ..expected };
		assert_eq!(Rewards::former(device(1), owner(1)), Some(expected));
		assert_ok!(claim_former(1, owner(1)));
		assert_eq!(Balances::free_balance(owner(1)), 18);
		assert_eq!(Rewards::former(device(1), owner(1)), None);
	});
}

#[test]
fn a_former_account_has_a_deposit_once_its_owner_gives_the_device_away() {
	ExtBuilder::default().build_and_execute(|| {
		let deposit = |n| held(HoldReason::FormerAccount, owner(n));
		(1..=2).for_each(|n| enrich(owner(n)));
		credit(0, &add_device(1, 0), 1);
		// A suspension leaves the account of the present owner, which the bond covers.
		suspend(device(1));
		assert_eq!((former(1, owner(1)), deposit(1)), (Some(earnings(0, 0, 1, 0)), 0));
		restore(device(1));
		transfer(device(1), owner(2));
		assert_eq!(deposit(1), FORMER_DEPOSIT);
		assert_eq!(Rewards::former(device(1), owner(1)).unwrap().deposit, FORMER_DEPOSIT);
		// A second account of the same owner and device has no second deposit.
		transfer(device(1), owner(1));
		credit(0, &device(1), 1);
		transfer(device(1), owner(2));
		assert_eq!((former(1, owner(1)), deposit(1)), (Some(earnings(0, 0, 2, 0)), FORMER_DEPOSIT));

		close_epochs(1);
		let before = Balances::free_balance(owner(1));
		assert_ok!(claim_former(1, owner(1)));
		assert_eq!(deposit(1), 0);
		assert_eq!(Balances::free_balance(owner(1)), before + 600 + FORMER_DEPOSIT);
	});
}

#[test]
fn the_deposit_is_returned_with_a_worthless_account() {
	ExtBuilder::default().build_and_execute(|| {
		enrich(owner(1));
		credit(1, &add_device(1, 1), 1);
		transfer(device(1), owner(2));
		assert_eq!(held(HoldReason::FormerAccount, owner(1)), FORMER_DEPOSIT);
		close_epochs(1);
		assert_ok!(claim_former(1, owner(1)));
		assert_eq!(held(HoldReason::FormerAccount, owner(1)), 0);
	});
}

#[test]
fn the_deposit_is_returned_when_the_device_comes_back_and_is_settled() {
	ExtBuilder::default().build_and_execute(|| {
		enrich(owner(1));
		credit(0, &add_device(1, 0), 1);
		transfer(device(1), owner(2));
		close_epochs(1);
		// The owner takes the device back and gives it away without new earnings.
		transfer(device(1), owner(1));
		transfer(device(1), owner(2));
		assert_eq!(former(1, owner(1)), None);
		assert_eq!(held(HoldReason::FormerAccount, owner(1)), 0);
		assert_eq!(SettledIn::<Test>::get(device(1)), None);
	});
}

#[test]
fn a_reap_ends_the_owners_own_former_account() {
	ExtBuilder::default().build_and_execute(|| {
		credit(0, &add_device(1, 0), 1);
		suspend(device(1));
		credit(0, &device(1), 2);
		close_epochs(1);
		restore(device(1));
		events();
		assert_ok!(Rewards::on_reap(&device(1), 0, &owner(1)));
		let (device, owner) = (device(1), owner(1));
		assert_eq!(events(), vec![Event::Paid { device, owner, payee: owner, amount: 600 }]);
		assert_eq!(FormerAccounts::<Test>::iter().count(), 0);
		assert_eq!(SettledIn::<Test>::iter().count(), 0);
	});
}

#[test]
fn the_mark_of_a_settled_device_is_removed_after_the_close() {
	ExtBuilder::default().build_and_execute(|| {
		credit(0, &add_device(1, 0), 1);
		credit(0, &add_device(2, 0), 1);
		transfer(device(1), owner(3));
		transfer(device(2), owner(3));
		assert_eq!(SettledIn::<Test>::iter().count(), 2);
		close_epochs(1);
		assert_ok!(claim_former(1, owner(1)));
		assert_eq!(SettledIn::<Test>::get(device(1)), None);
		// A later settlement of the same owner removes it too.
		transfer(device(2), owner(2));
		transfer(device(2), owner(3));
		assert_eq!(SettledIn::<Test>::get(device(2)), None);
	});
}

#[test]
fn money_that_nobody_can_receive_has_an_end() {
	ExtBuilder::default().emission(15, 1_000).build_and_execute(|| {
		credit(0, &add_device(1, 0), 1);
		close_epochs(1);
		transfer(device(1), owner(2));
		for _ in 0..CLEAR_AFTER {
			assert_noop!(claim_former(1, owner(1)), Error::<Test>::PayeeCannotReceive);
			close_epochs(1);
		}
		events();
		assert_ok!(claim_former(1, owner(1)));
		let cleared = Event::Cleared { device: device(1), owner: owner(1), amount: 9 };
		assert_eq!(events(), vec![cleared]);
		assert_eq!(former(1, owner(1)), None);
		assert_eq!((Undistributed::<Test>::get(), in_pot()), (9, 9));
	});
}

#[test]
fn old_money_that_its_owner_can_receive_is_paid() {
	ExtBuilder::default().emission(15, 1_000).build_and_execute(|| {
		credit(0, &add_device(1, 0), 1);
		close_epochs(1);
		transfer(device(1), owner(2));
		close_epochs(CLEAR_AFTER + 1);
		endow(owner(1), MINIMUM);
		assert_ok!(claim_former(1, owner(1)));
		assert_eq!(Balances::free_balance(owner(1)), MINIMUM + 9);
		assert_eq!(Undistributed::<Test>::get(), 0);
	});
}

/// Transfers devices 1 to 5 of owner 1, each with as many points as its number, to owner 9.
fn five_sold() {
	for n in 1..=5 {
		Registry::put(device(n), 0, owner(1));
		credit(0, &device(n), n.into());
		transfer(device(n), owner(9));
	}
}

#[test]
fn former_accounts_are_claimed_in_batches_and_each_fails_alone() {
	ExtBuilder::default().build_and_execute(|| {
		five_sold();
		close_epochs(1);
		events();
		let alice = RuntimeOrigin::signed(ALICE);
		let claims = [(1, 1), (7, 1), (1, 1), (2, 9), (5, 1)];
		let claims = claims.map(|(n, o)| (device(n), owner(o))).to_vec().try_into().unwrap();
		let info = Rewards::claim_former_batch(alice, claims).unwrap();
		let paid = |n, amount| {
			let (device, owner) = (device(n), owner(1));
			Event::Paid { device, owner, payee: owner, amount }
		};
		let failed = |n, o| Event::FormerClaimFailed {
			device: device(n),
			owner: owner(o),
			error: Error::<Test>::NothingToClaim.into(),
		};
		assert_eq!(
			events(),
			vec![paid(1, 40), failed(7, 1), failed(1, 1), failed(2, 9), paid(5, 200)]
		);
		let used = TestWeights::claim_former_batch(2) + TestWeights::claim_refused() * 3;
		assert_eq!(info.actual_weight, Some(used));
		assert!(used.ref_time() < TestWeights::claim_former_batch(5).ref_time());
		assert_noop!(
			Rewards::claim_former_batch(RuntimeOrigin::none(), Default::default()),
			DispatchError::BadOrigin
		);
	});
}

#[test]
fn a_seller_finds_every_device_sold_in_pages() {
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!(Rewards::former_accounts(owner(1), None, 10).items, vec![]);
		five_sold();
		// Another seller's devices are not listed.
		credit(0, &add_device(6, 0), 1);
		transfer(device(6), owner(1));
		close_epochs(1);
		let page = |after, limit| {
			let page = Rewards::former_accounts(owner(1), after, limit);
			let items: Vec<_> =
				page.items.iter().map(|item| (item.device, item.claimable)).collect();
			(items, page.next)
		};
		let item = |n: u8| (device(n), 600 * u128::from(n) / 16);
		assert_eq!(page(None, 2), (vec![item(1), item(2)], Some(device(2))));
		// The cursor may have been claimed in between.
		assert_ok!(claim_former(2, owner(1)));
		assert_eq!(page(Some(device(2)), 2), (vec![item(3), item(4)], Some(device(4))));
		assert_eq!(page(Some(device(4)), 2), (vec![item(5)], None));
		assert_eq!(page(None, u32::MAX).0.len(), 4);
		assert_eq!(page(None, 0), (vec![], None));
	});
}
