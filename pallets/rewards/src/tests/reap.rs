//! Reaping of a device.

use crate::{mock::*, *};
use depin_primitives::traits::{Lifecycle, NotSettled};
use frame_support::assert_storage_noop;

fn reap(n: u8) -> Result<(), NotSettled> {
	Rewards::on_reap(&device(n), 0, &owner(n))
}

#[test]
fn a_device_that_never_earned_is_reaped() {
	ExtBuilder::default().build_and_execute(|| {
		add_device(1, 0);
		assert_storage_noop!(assert_eq!(reap(1), Ok(())));
	});
}

#[test]
fn a_device_with_running_points_is_not_reaped() {
	ExtBuilder::default().build_and_execute(|| {
		credit(0, &add_device(1, 0), 1);
		close_epochs(1);
		credit(0, &device(1), 1);
		assert_storage_noop!(assert_eq!(reap(1), Err(NotSettled)));
		close_epochs(1);
		assert_eq!(reap(1), Ok(()));
		assert_eq!(Balances::free_balance(owner(1)), 1_200);
		assert_eq!(account(device(1)), None);
	});
}

#[test]
fn a_reaped_device_is_paid_and_its_account_removed() {
	ExtBuilder::default().build_and_execute(|| {
		credit(0, &add_device(1, 0), 1);
		credit(0, &add_device(2, 0), 2);
		close_epochs(5);
		events();
		assert_eq!(reap(1), Ok(()));
		assert_eq!(
			events(),
			vec![Event::Paid { device: device(1), owner: owner(1), payee: owner(1), amount: 200 }]
		);
		Registry::remove(device(1));
		assert_eq!(Rewards::epoch(0, 0).unwrap().unsettled_points, 2);
		assert_eq!(reap(2), Ok(()));
		assert_eq!(Rewards::epoch(0, 0), None);
		assert_eq!(Balances::free_balance(owner(2)), 400);
		assert_eq!(account(device(1)), None);
	});
}

#[test]
fn points_without_worth_do_not_prevent_reaping() {
	ExtBuilder::default().build_and_execute(|| {
		credit(0, &add_device(1, 0), 1);
		credit(0, &add_device(2, 0), 1_000_000);
		credit(1, &add_device(3, 1), 1);
		close_epochs(1);
		assert_eq!(reap(1), Ok(()));
		assert_eq!(reap(3), Ok(()));
		assert_eq!(Rewards::epoch(0, 0).unwrap().unsettled_points, 1_000_000);
		assert_eq!(reap(2), Ok(()));
		assert_eq!(Undistributed::<Test>::get(), 1);
	});
}

#[test]
fn a_reward_that_its_owner_cannot_receive_prevents_reaping() {
	ExtBuilder::default().emission(15, 1_000).build_and_execute(|| {
		credit(0, &add_device(1, 0), 1);
		close_epochs(1);
		assert_storage_noop!(assert_eq!(reap(1), Err(NotSettled)));
		endow(owner(1), MINIMUM);
		assert_eq!(reap(1), Ok(()));
		assert_eq!(Balances::free_balance(owner(1)), MINIMUM + 9);
	});
}

// The registry's benchmarks measure its calls with this state.
#[cfg(feature = "runtime-benchmarks")]
#[test]
fn a_device_with_full_state_passes_every_lifecycle_hook() {
	let filled = |hook: &dyn Fn()| {
		ExtBuilder::default().build_and_execute(|| {
			add_device(1, 0);
			crate::benchmarking::fill::<Test>(&device(1), 0);
			Rewards::do_try_state().expect("the invariants hold for the state that `fill` stores");
			events();
			hook();
			assert_eq!(account(device(1)), None);
		})
	};
	let paid = |amount| Event::Paid {
		device: device(1),
		owner: owner(1),
		payee: Rewards::payout(owner(1)).payee,
		amount,
	};
	filled(&|| {
		assert_eq!(reap(1), Ok(()));
		assert_eq!(events(), vec![paid(2 * MINIMUM)]);
		assert_eq!(SettledIn::<Test>::get(device(1)), None);
		assert_eq!(FormerAccounts::<Test>::iter().count(), 0);
		assert_eq!(held(HoldReason::FormerAccount, owner(1)), 0);
	});
	filled(&|| {
		Rewards::on_hand_over(&device(1), 0, &owner(1));
		assert_eq!(events(), vec![paid(2 * MINIMUM)]);
		assert_eq!(Epochs::<Test>::iter().count(), 0);
	});
	filled(&|| {
		Rewards::on_forfeit(&device(1), 0);
		let amount = MINIMUM;
		assert_eq!(events(), vec![Event::Forfeited { device: device(1), amount, points: 0 }]);
		assert_eq!(Undistributed::<Test>::get(), amount);
	});
}
