//! Credits and their settlement.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok, assert_storage_noop};

#[test]
fn credits_add_up_within_an_epoch() {
	ExtBuilder::default().build_and_execute(|| {
		let device = add_device(1, 0);
		credit(0, &device, 3);
		credit(0, &device, 4);
		credit(0, &add_device(2, 0), 5);
		assert_eq!(
			account(device),
			Some(RewardAccount { network: 0, epoch: 0, points: 7, accrued: 0 })
		);
		assert_eq!(EpochPoints::<Test>::get(0), (0, 12));
	});
}

#[test]
fn a_credit_of_zero_writes_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		add_device(1, 0);
		assert_storage_noop!(credit(0, &device(1), 0));
		credit(0, &device(1), 1);
		close_epochs(1);
		assert_storage_noop!(credit(0, &device(1), 0));
	});
}

#[test]
fn a_credit_settles_an_older_epoch() {
	ExtBuilder::default().build_and_execute(|| {
		credit(0, &add_device(1, 0), 1);
		credit(0, &add_device(2, 0), 2);
		close_epochs(3);
		credit(0, &device(1), 10);
		assert_eq!(
			account(device(1)),
			Some(RewardAccount { network: 0, epoch: 3, points: 10, accrued: 200 })
		);
		let share = Rewards::epoch(0, 0).unwrap();
		assert_eq!((share.unsettled, share.unsettled_points), (400, 2));
		// The last settlement removes the share.
		credit(0, &device(2), 10);
		assert_eq!(Rewards::epoch(0, 0), None);
		assert_eq!(Undistributed::<Test>::get(), 0);
		assert_eq!(EpochPoints::<Test>::get(0), (3, 20));
	});
}

#[test]
fn the_remainder_of_the_last_settlement_is_dust() {
	ExtBuilder::default().build_and_execute(|| {
		for n in 1..=7 {
			credit(0, &add_device(n, 0), 1);
		}
		close_epochs(1);
		for n in 1..=7 {
			assert_eq!(Undistributed::<Test>::get(), 0);
			credit(0, &device(n), 1);
		}
		// 600 over 7 is 85, and 5 is left.
		assert_eq!(Undistributed::<Test>::get(), 5);
	});
}

#[test]
fn points_without_a_share_are_worth_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		credit(1, &add_device(1, 1), 10);
		close_epochs(1);
		credit(1, &device(1), 4);
		assert_eq!(
			account(device(1)),
			Some(RewardAccount { network: 1, epoch: 1, points: 4, accrued: 0 })
		);
	});
}

#[test]
fn a_saturated_device_leaves_its_network_no_phantom_points() {
	ExtBuilder::default().build_and_execute(|| {
		credit(0, &add_device(1, 0), u64::MAX - 1);
		credit(0, &device(1), 5);
		credit(0, &device(1), 5);
		credit(0, &add_device(2, 0), u64::MAX);
		assert_eq!(account(device(1)).unwrap().points, u64::MAX);
		assert_eq!(EpochPoints::<Test>::get(0), (0, 2 * u128::from(u64::MAX)));
		close_epochs(1);
		assert_ok!(Rewards::claim(RuntimeOrigin::signed(ALICE), device(1)));
		assert_ok!(Rewards::claim(RuntimeOrigin::signed(ALICE), device(2)));
		assert_eq!(Balances::free_balance(owner(1)), 300);
		assert_eq!(Balances::free_balance(owner(2)), 300);
		assert_eq!(in_pot(), 0);
	});
}

#[test]
fn a_device_that_changes_network_keeps_what_it_accrued() {
	ExtBuilder::default().funded(&[(0, 1), (1, 1)]).build_and_execute(|| {
		credit(0, &add_device(1, 0), 1);
		close_epochs(1);
		// The older points are settled in the old network, the new ones count in the new network.
		Registry::put(device(1), 1, owner(1));
		credit(1, &device(1), 2);
		assert_eq!(
			account(device(1)),
			Some(RewardAccount { network: 1, epoch: 1, points: 2, accrued: 300 })
		);
		assert_eq!(EpochPoints::<Test>::get(1), (1, 2));
	});
}

#[test]
fn a_credit_tells_if_it_settles_an_older_epoch() {
	ExtBuilder::default().build_and_execute(|| {
		let device = add_device(1, 0);
		let told = |points| credit_and_tell(0, &device, points);
		assert!(!told(1));
		assert!(!told(1));
		close_epochs(2);
		assert!(!told(0));
		assert!(told(1));
		assert!(!told(1));
	});
}

#[test]
fn a_reaped_device_has_no_account() {
	ExtBuilder::default().build_and_execute(|| {
		credit(0, &add_device(1, 0), 5);
		close_epochs(1);
		assert_ok!(Rewards::claim(RuntimeOrigin::signed(ALICE), device(1)));
		Registry::remove(device(1));
		assert_storage_noop!(credit(0, &device(1), 3));
		add_device(1, 0);
		assert_eq!(account(device(1)), None);
	});
}

#[test]
fn running_points_cannot_be_claimed_yet_and_are_not_lost() {
	ExtBuilder::default().build_and_execute(|| {
		credit(0, &add_device(1, 0), 1);
		close_epochs(1);
		credit(0, &device(1), 8);
		assert_ok!(Rewards::claim(RuntimeOrigin::signed(ALICE), device(1)));
		assert_eq!(
			account(device(1)),
			Some(RewardAccount { network: 0, epoch: 1, points: 8, accrued: 0 })
		);
		assert_noop!(
			Rewards::claim(RuntimeOrigin::signed(ALICE), device(1)),
			Error::<Test>::NothingToClaim
		);
		close_epochs(1);
		assert_ok!(Rewards::claim(RuntimeOrigin::signed(ALICE), device(1)));
		assert_eq!(Balances::free_balance(owner(1)), 1_200);
	});
}
