//! Earnings of suspended devices, which wait in escrow.

use crate::{mock::*, *};
use depin_primitives::{
	reward::{ClaimPermission, NothingClaimable, PendingReward},
	traits::Lifecycle,
};
use frame_support::{assert_noop, assert_ok, assert_storage_noop};
use sp_runtime::DispatchResult;

fn claim(n: u8) -> DispatchResult {
	Rewards::claim(RuntimeOrigin::signed(ALICE), device(n))
}

/// Suspends device 1 of network 0 in epoch 0 and credits it 2 points in that epoch and 3 in the
/// next, while device 2 earns 4 and 9.
fn suspended() {
	add_device(1, 0);
	suspend(device(1));
	credit(0, &device(1), 2);
	credit(0, &add_device(2, 0), 4);
	close_epochs(1);
	credit(0, &device(1), 3);
	credit(0, &device(2), 9);
	events();
}

#[test]
fn a_suspended_device_is_not_paid() {
	ExtBuilder::default().build_and_execute(|| {
		suspended();
		assert_noop!(claim(1), Error::<Test>::InEscrow);
		// The suspension is the reason also for a device that has nothing to claim.
		add_device(3, 0);
		suspend(device(3));
		assert_noop!(claim(3), Error::<Test>::InEscrow);
	});
}

#[test]
fn only_the_suspended_device_of_a_batch_fails() {
	ExtBuilder::default().build_and_execute(|| {
		suspended();
		let batch = vec![device(1), device(2)].try_into().unwrap();
		assert_ok!(Rewards::claim_batch(RuntimeOrigin::signed(ALICE), batch));
		assert_eq!(
			events(),
			vec![
				Event::ClaimFailed { device: device(1), error: Error::<Test>::InEscrow.into() },
				Event::Paid { device: device(2), owner: owner(2), payee: owner(2), amount: 400 },
			]
		);
	});
}

#[test]
fn pending_shows_the_money_in_escrow() {
	ExtBuilder::default().build_and_execute(|| {
		suspended();
		let pending = PendingReward {
			device: device(1),
			payee: owner(1),
			claimable: 0,
			epoch: 1,
			points: 3,
			escrow: 200,
			reason: Some(NothingClaimable::InEscrow),
			permission: ClaimPermission::Anyone,
		};
		assert_eq!(Rewards::pending(device(1)), Some(pending.clone()));
		restore(device(1));
		let pending = PendingReward { claimable: 200, escrow: 0, reason: None, ..pending };
		assert_eq!(Rewards::pending(device(1)), Some(pending));

		add_device(3, 0);
		suspend(device(3));
		let pending = Rewards::pending(device(3)).unwrap();
		assert_eq!((pending.escrow, pending.reason), (0, Some(NothingClaimable::InEscrow)));
	});
}

#[test]
fn a_restored_device_is_paid_for_all_its_work() {
	ExtBuilder::default().build_and_execute(|| {
		suspended();
		restore(device(1));
		close_epochs(1);
		assert_ok!(claim(1));
		assert_eq!(Balances::free_balance(owner(1)), 200 + 150);
	});
}

#[test]
fn earnings_before_the_suspension_are_not_forfeited() {
	ExtBuilder::default().build_and_execute(|| {
		credit(0, &add_device(1, 0), 1);
		close_epochs(1);
		credit(0, &device(1), 1);
		suspend(device(1));
		assert_eq!(Balances::free_balance(owner(1)), 600);
		credit(0, &device(1), 2);
		forfeit(device(1));
		close_epochs(1);
		// The device is still suspended, and its owner is paid for the point before the suspension.
		let alice = RuntimeOrigin::signed(ALICE);
		assert_ok!(Rewards::claim_former(alice, device(1), owner(1)));
		assert_eq!(Balances::free_balance(owner(1)), 600 + 600);
		assert_eq!(in_pot(), 0);
	});
}

#[test]
fn forfeited_earnings_go_to_the_other_devices() {
	ExtBuilder::default().build_and_execute(|| {
		suspended();
		forfeit(device(1));
		assert_eq!(events(), vec![Event::Forfeited { device: device(1), amount: 200, points: 3 }]);
		assert_eq!(account(device(1)), None);
		assert_eq!(Undistributed::<Test>::get(), 200);
		assert_eq!(EpochPoints::<Test>::get(0), (1, 9));

		// Device 2 has all points of the epoch, and the forfeited money pays for them first.
		let issuance = Balances::total_issuance();
		close_epochs(1);
		assert_eq!(Undistributed::<Test>::get(), 0);
		assert_eq!(Balances::total_issuance(), issuance + 400 + 150);
		assert_ok!(claim(2));
		assert_eq!(Balances::free_balance(owner(2)), 400 + 600);
		assert_eq!(in_pot(), 0);

		restore(device(1));
		assert_noop!(claim(1), Error::<Test>::NothingToClaim);
	});
}

#[test]
fn a_device_without_earnings_forfeits_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		add_device(1, 0);
		suspend(device(1));
		assert_storage_noop!(forfeit(device(1)));
	});
}

#[test]
fn the_last_points_of_an_epoch_can_be_forfeited() {
	ExtBuilder::default().build_and_execute(|| {
		for n in 1..=7 {
			credit(0, &add_device(n, 0), 1);
		}
		close_epochs(1);
		for n in 2..=7 {
			assert_ok!(claim(n));
		}
		forfeit(device(1));
		// The device had 85, and 600 over 7 leaves 5.
		assert_eq!(Undistributed::<Test>::get(), 90);
		assert_eq!(Rewards::epoch(0, 0), None);
		assert_eq!(in_pot(), 90);
	});
}

#[test]
fn a_network_whose_only_points_are_forfeited_earns_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		credit(0, &add_device(1, 0), 5);
		Rewards::on_forfeit(&device(1), 0);
		assert_eq!(EpochPoints::<Test>::get(0), (0, 0));
		close_epochs(1);
		assert_eq!(Rewards::epoch(0, 0), None);
		assert_eq!(in_pot(), 0);
	});
}

#[test]
fn a_device_earns_again_after_it_has_forfeited() {
	ExtBuilder::default().build_and_execute(|| {
		suspended();
		forfeit(device(1));
		credit(0, &device(1), 1);
		restore(device(1));
		close_epochs(1);
		assert_ok!(claim(1));
		assert_eq!(Balances::free_balance(owner(1)), 60);
	});
}
