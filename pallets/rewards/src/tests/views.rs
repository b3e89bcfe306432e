//! Views for the runtime API.

use crate::mock::*;
use depin_primitives::reward::{
	ClaimPermission, NothingClaimable, PaidReward, PendingReward, Schedule,
};
use frame_support::assert_ok;
use sp_runtime::Perbill;

#[test]
fn an_unknown_device_has_nothing_pending() {
	ExtBuilder::default().build_and_execute(|| assert_eq!(Rewards::pending(device(1)), None));
}

#[test]
fn each_claimable_of_zero_has_a_reason() {
	ExtBuilder::default().build_and_execute(|| {
		let reason = |n| Rewards::pending(device(n)).unwrap().reason;
		credit(0, &add_device(1, 0), 1);
		credit(0, &add_device(2, 0), 1_000_000);
		credit(1, &add_device(3, 1), 1);
		add_device(4, 0);
		assert_eq!(reason(1), Some(NothingClaimable::EpochRunning));
		assert_eq!(reason(3), Some(NothingClaimable::EpochRunning));
		assert_eq!(reason(4), Some(NothingClaimable::NoPoints));
		close_epochs(1);
		assert_eq!(reason(1), Some(NothingClaimable::TooSmall));
		assert_eq!(reason(2), None);
		assert_eq!(reason(3), Some(NothingClaimable::NetworkUnfunded));
		assert_ok!(Rewards::claim(RuntimeOrigin::signed(ALICE), device(2)));
		assert_eq!(reason(2), Some(NothingClaimable::NoPoints));
	});
}

#[test]
fn pending_shows_the_amount_that_a_claim_pays() {
	ExtBuilder::default().build_and_execute(|| {
		credit(0, &add_device(1, 0), 1);
		close_epochs(1);
		credit(0, &device(1), 4);
		let pending = PendingReward {
			device: device(1),
			payee: owner(1),
			claimable: 600,
			epoch: 1,
			points: 4,
			escrow: 0,
			reason: None,
			permission: ClaimPermission::Anyone,
		};
		assert_eq!(Rewards::pending(device(1)), Some(pending.clone()));
		close_epochs(1);
		let pending = PendingReward { claimable: 1_200, epoch: 2, points: 0, ..pending };
		assert_eq!(Rewards::pending(device(1)), Some(pending));
		assert_ok!(Rewards::claim(RuntimeOrigin::signed(ALICE), device(1)));
		assert_eq!(Balances::free_balance(owner(1)), 1_200);
	});
}

#[test]
fn the_schedule_shows_the_present_state() {
	ExtBuilder::default().emission(1_000, 2).funded(&[(1, 4)]).build_and_execute(|| {
		close_epochs(2);
		assert_eq!(
			Rewards::schedule(),
			Schedule {
				epoch: 2,
				closes_at: 30,
				epoch_length: 10,
				emission: 500,
				halving_epochs: 2,
				max_supply: 1_000_000_000,
				emitted: 800,
				carried: 1_200,
				networks_share: Perbill::from_parts(600_000_000),
				validators_share: Perbill::from_parts(250_000_000),
				funded: vec![(1, 4)],
			}
		);
	});
	// The emission is under the cap, even if the schedule allows more.
	ExtBuilder::default().max_supply(ENDOWMENT + MINIMUM + 700).build_and_execute(|| {
		assert_eq!(Rewards::schedule().emission, 700);
		close_epochs(1);
		// The networks' share is carried, and room is left for it.
		let schedule = Rewards::schedule();
		assert_eq!((schedule.emission, schedule.emitted, schedule.carried), (0, 280, 420));
	});
	sp_io::TestExternalities::default().execute_with(|| {
		assert_eq!(Rewards::schedule().closes_at, u32::MAX);
	});
}

#[test]
fn paid_rewards_are_those_of_the_block() {
	ExtBuilder::default().build_and_execute(|| {
		credit(0, &add_device(1, 0), 1);
		credit(0, &add_device(2, 0), 2);
		close_epochs(1);
		assert_eq!(Rewards::paid_rewards(), vec![]);
		let batch = vec![device(2), device(7), device(1)].try_into().unwrap();
		assert_ok!(Rewards::claim_batch(RuntimeOrigin::signed(ALICE), batch));
		let paid = |n, amount| PaidReward { device: device(n), payee: owner(n), amount };
		assert_eq!(Rewards::paid_rewards(), vec![paid(2, 400), paid(1, 200)]);
	});
}
