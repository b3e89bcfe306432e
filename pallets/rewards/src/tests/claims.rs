//! Claims, one by one and in batches.

use crate::{mock::*, *};
use depin_primitives::DeviceId;
use frame_support::{assert_noop, assert_ok, traits::fungible::Mutate, BoundedVec};
use sp_runtime::DispatchError;

fn claim(device: DeviceId) -> sp_runtime::DispatchResult {
	Rewards::claim(RuntimeOrigin::signed(ALICE), device)
}

#[test]
fn anyone_claims_and_the_owner_is_paid() {
	ExtBuilder::default().build_and_execute(|| {
		credit(0, &add_device(1, 0), 1);
		close_epochs(1);
		events();
		assert_ok!(claim(device(1)));
		assert_eq!(Balances::free_balance(owner(1)), 600);
		assert_eq!(
			events(),
			vec![Event::Paid { device: device(1), owner: owner(1), payee: owner(1), amount: 600 }]
		);
		// The account, the epoch's share and the money in the pot are gone.
		assert_eq!(account(device(1)), None);
		assert_eq!(Rewards::epoch(0, 0), None);
		assert_eq!(in_pot(), 0);
	});
}

#[test]
fn a_claim_must_be_signed() {
	ExtBuilder::default().build_and_execute(|| {
		let none = RuntimeOrigin::none;
		assert_noop!(Rewards::claim(none(), device(1)), DispatchError::BadOrigin);
		assert_noop!(Rewards::claim_batch(none(), Default::default()), DispatchError::BadOrigin);
	});
}

#[test]
fn a_claim_for_an_unknown_device_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(claim(device(1)), Error::<Test>::UnknownDevice);
	});
}

#[test]
fn a_reward_is_not_paid_twice() {
	ExtBuilder::default().build_and_execute(|| {
		add_device(1, 0);
		assert_noop!(claim(device(1)), Error::<Test>::NothingToClaim);
		credit(0, &device(1), 1);
		assert_noop!(claim(device(1)), Error::<Test>::NothingToClaim);
		close_epochs(1);
		assert_ok!(claim(device(1)));
		assert_noop!(claim(device(1)), Error::<Test>::NothingToClaim);
		close_epochs(3);
		assert_noop!(claim(device(1)), Error::<Test>::NothingToClaim);
		assert_eq!(Balances::free_balance(owner(1)), 600);
	});
}

#[test]
fn points_without_worth_cannot_be_claimed() {
	ExtBuilder::default().build_and_execute(|| {
		// Network 1 is not funded, and device 2 has too few of its network's points.
		credit(1, &add_device(1, 1), 1);
		credit(0, &add_device(2, 0), 1);
		credit(0, &add_device(3, 0), 1_000_000);
		close_epochs(1);
		assert_noop!(claim(device(1)), Error::<Test>::NothingToClaim);
		assert_noop!(claim(device(2)), Error::<Test>::NothingToClaim);
		assert_ok!(claim(device(3)));
		assert_eq!(Balances::free_balance(owner(3)), 599);
	});
}

#[test]
fn a_reward_below_the_existential_deposit_waits_for_its_payee() {
	ExtBuilder::default().emission(15, 1_000).build_and_execute(|| {
		credit(0, &add_device(1, 0), 1);
		close_epochs(1);
		assert_noop!(claim(device(1)), Error::<Test>::PayeeCannotReceive);
		assert_eq!(Rewards::pending(device(1)).unwrap().claimable, 9);
		// The reward can be claimed once more has accrued…
		credit(0, &device(1), 1);
		close_epochs(1);
		assert_ok!(claim(device(1)));
		assert_eq!(Balances::free_balance(owner(1)), 18);

		// … or once the account exists.
		Registry::put(device(1), 0, owner(2));
		credit(0, &device(1), 1);
		close_epochs(1);
		assert_noop!(claim(device(1)), Error::<Test>::PayeeCannotReceive);
		endow(owner(2), MINIMUM);
		assert_ok!(claim(device(1)));
		assert_eq!(Balances::free_balance(owner(2)), MINIMUM + 9);
	});
}

#[test]
fn each_claim_of_a_batch_fails_alone() {
	ExtBuilder::default().build_and_execute(|| {
		credit(0, &add_device(1, 0), 1);
		credit(0, &add_device(2, 0), 1);
		add_device(3, 0);
		close_epochs(1);
		events();
		let batch =
			[device(1), device(9), device(3), device(1), device(2)].to_vec().try_into().unwrap();
		let info = Rewards::claim_batch(RuntimeOrigin::signed(ALICE), batch).unwrap();
		// The weight that failed claims have not used is refunded.
		let used = TestWeights::claim_batch(2) + TestWeights::claim_refused() * 3;
		assert_eq!(info.actual_weight, Some(used));
		assert!(used.ref_time() < TestWeights::claim_batch(5).ref_time());
		let failed =
			|n, error: Error<Test>| Event::ClaimFailed { device: device(n), error: error.into() };
		assert_eq!(
			events(),
			vec![
				Event::Paid { device: device(1), owner: owner(1), payee: owner(1), amount: 300 },
				failed(9, Error::UnknownDevice),
				failed(3, Error::NothingToClaim),
				failed(1, Error::NothingToClaim),
				Event::Paid { device: device(2), owner: owner(2), payee: owner(2), amount: 300 },
			]
		);
	});
}

#[test]
fn a_batch_may_be_empty_and_its_weight_follows_its_length() {
	use frame_support::dispatch::GetDispatchInfo;
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Rewards::claim_batch(RuntimeOrigin::signed(ALICE), Default::default()));
		for n in [0, 1, 8] {
			let devices = BoundedVec::truncate_from(vec![device(1); n]);
			assert_eq!(
				Call::<Test>::claim_batch { devices }.get_dispatch_info().call_weight,
				TestWeights::claim_batch(n as u32)
			);
		}
	});
}

#[test]
fn a_payment_that_the_pot_cannot_make_changes_nothing() {
	ExtBuilder::default().build().execute_with(|| {
		credit(0, &add_device(1, 0), 1);
		close_epochs(1);
		// Money is missing from the pot, which the pallet itself never lets happen.
		Balances::set_balance(&Rewards::pot(), MINIMUM + 599);
		assert!(claim(device(1)).is_err());
		let batch = vec![device(1)].try_into().unwrap();
		assert_ok!(Rewards::claim_batch(RuntimeOrigin::signed(ALICE), batch));
		assert!(matches!(events().pop(), Some(Event::ClaimFailed { .. })));
		assert_eq!(Rewards::pending(device(1)).unwrap().claimable, 600);
		assert_eq!(Balances::free_balance(owner(1)), 0);
		assert!(Rewards::do_try_state().is_err());
	});
}

#[test]
fn a_donation_to_the_pot_changes_no_reward() {
	ExtBuilder::default().build_and_execute(|| {
		credit(0, &add_device(1, 0), 1);
		endow(Rewards::pot(), 77);
		close_epochs(1);
		assert_ok!(claim(device(1)));
		assert_eq!(Balances::free_balance(owner(1)), 600);
		assert_eq!(in_pot(), 77);
	});
}
