//! Payout accounts and claim permissions.

use crate::{mock::*, *};
use depin_primitives::{
	reward::{ClaimPermission, PayoutRecord},
	traits::Lifecycle,
	DeviceId,
};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchError, DispatchResult};

/// Account that does not exist when a test begins.
const COLD: AccountId = 200;

fn owned_by(n: u8) -> RuntimeOrigin {
	RuntimeOrigin::signed(owner(n))
}

fn claim(device: DeviceId) -> DispatchResult {
	Rewards::claim(RuntimeOrigin::signed(ALICE), device)
}

/// Registers device 1 of a rich owner with a payout account, and closes an epoch in which the
/// device earned 600.
fn earned() -> DeviceId {
	let device = add_device(1, 0);
	enrich(owner(1));
	assert_ok!(Rewards::set_payout_account(owned_by(1), Some(COLD)));
	credit(0, &device, 1);
	close_epochs(1);
	events();
	device
}

#[test]
fn a_claim_pays_the_payout_account() {
	ExtBuilder::default().build_and_execute(|| {
		let device = earned();
		assert_eq!(Rewards::pending(device).unwrap().payee, COLD);
		let before = Balances::free_balance(owner(1));
		assert_ok!(claim(device));
		assert_eq!(Balances::free_balance(COLD), 600);
		assert_eq!(Balances::free_balance(owner(1)), before);
		let paid = Event::Paid { device, owner: owner(1), payee: COLD, amount: 600 };
		assert_eq!(events(), vec![paid]);
	});
}

#[test]
fn the_setting_at_the_time_of_the_claim_counts() {
	ExtBuilder::default().build_and_execute(|| {
		let device = earned();
		assert_ok!(Rewards::set_payout_account(owned_by(1), Some(COLD + 1)));
		assert_ok!(claim(device));
		assert_eq!(Balances::free_balance(COLD), 0);
		assert_eq!(Balances::free_balance(COLD + 1), 600);
	});
}

#[test]
fn settlements_and_former_accounts_pay_the_payout_account() {
	ExtBuilder::default().build_and_execute(|| {
		let device = earned();
		credit(0, &device, 1);
		transfer(device, owner(2));
		assert_eq!(Balances::free_balance(COLD), 600);
		// The setting is the owner's, and does not come with the device.
		assert_eq!(Rewards::pending(device).unwrap().payee, owner(2));
		credit(0, &device, 2);
		close_epochs(1);
		assert_ok!(claim(device));
		assert_eq!(Balances::free_balance(owner(2)), 400);
		assert_eq!(Rewards::former(device, owner(1)).unwrap().payee, COLD);
		assert_ok!(Rewards::claim_former(RuntimeOrigin::signed(ALICE), device, owner(1)));
		assert_eq!(Balances::free_balance(COLD), 600 + 200);
	});
}

#[test]
fn a_suspension_and_a_reap_pay_the_payout_account() {
	ExtBuilder::default().build_and_execute(|| {
		let device = earned();
		suspend(device);
		assert_eq!(Balances::free_balance(COLD), 600);
		credit(0, &device, 1);
		close_epochs(1);
		assert_eq!(Rewards::pending(device).unwrap().payee, COLD);
		restore(device);
		assert_ok!(Rewards::on_reap(&device, 0, &owner(1)));
		assert_eq!(Balances::free_balance(COLD), 1_200);
	});
}

#[test]
fn the_owner_is_paid_if_the_payout_account_cannot_receive() {
	// The device earns 9, and the existential deposit is 10.
	ExtBuilder::default().emission(15, 1_000).build_and_execute(|| {
		let device = earned();
		let before = Balances::free_balance(owner(1));
		assert_ok!(claim(device));
		assert_eq!(Balances::free_balance(owner(1)), before + 9);
		let paid = Event::Paid { device, owner: owner(1), payee: owner(1), amount: 9 };
		assert_eq!(events(), vec![paid]);
		// The payout account is paid once it exists.
		endow(COLD, MINIMUM);
		credit(0, &device, 1);
		close_epochs(1);
		assert_ok!(claim(device));
		assert_eq!(Balances::free_balance(COLD), MINIMUM + 9);
	});
}

#[test]
fn an_owner_can_keep_others_from_claiming() {
	ExtBuilder::default().build_and_execute(|| {
		let device = earned();
		assert_ok!(Rewards::set_claim_permission(owned_by(1), ClaimPermission::Owner));
		assert_eq!(Rewards::pending(device).unwrap().permission, ClaimPermission::Owner);
		assert_noop!(claim(device), Error::<Test>::ClaimNotPermitted);
		// The payout account is a stranger too.
		assert_noop!(
			Rewards::claim(RuntimeOrigin::signed(COLD), device),
			Error::<Test>::ClaimNotPermitted
		);
		assert_ok!(Rewards::claim(owned_by(1), device));

		credit(0, &device, 1);
		transfer(device, owner(2));
		close_epochs(1);
		assert_noop!(
			Rewards::claim_former(RuntimeOrigin::signed(ALICE), device, owner(1)),
			Error::<Test>::ClaimNotPermitted
		);
		assert_ok!(Rewards::claim_former(owned_by(1), device, owner(1)));
		// The next owner has set nothing.
		credit(0, &device, 1);
		close_epochs(1);
		assert_ok!(claim(device));
	});
}

#[test]
fn settings_have_one_deposit_which_the_last_default_returns() {
	ExtBuilder::default().build_and_execute(|| {
		enrich(owner(1));
		let deposit = || held(HoldReason::PayoutSettings, owner(1));
		let record = |payee, permission, deposit| PayoutRecord {
			owner: owner(1),
			payee,
			permission,
			deposit,
		};
		let (anyone, only) = (ClaimPermission::Anyone, ClaimPermission::Owner);
		assert_eq!(Rewards::payout(owner(1)), record(owner(1), anyone, 0));
		events();
		assert_ok!(Rewards::set_payout_account(owned_by(1), Some(COLD)));
		assert_ok!(Rewards::set_claim_permission(owned_by(1), only));
		assert_eq!(deposit(), PAYOUT_DEPOSIT);
		assert_eq!(Rewards::payout(owner(1)), record(COLD, only, PAYOUT_DEPOSIT));
		assert_eq!(
			events(),
			vec![
				Event::PayoutAccountSet { owner: owner(1), account: Some(COLD) },
				Event::ClaimPermissionSet { owner: owner(1), permission: only },
			]
		);
		// The owner as payout account is the default.
		assert_ok!(Rewards::set_payout_account(owned_by(1), Some(owner(1))));
		assert_eq!(deposit(), PAYOUT_DEPOSIT);
		assert_ok!(Rewards::set_claim_permission(owned_by(1), anyone));
		assert_eq!(deposit(), 0);
		assert_eq!(Payouts::<Test>::get(owner(1)), None);
	});
}

#[test]
fn wrong_settings_are_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let none = RuntimeOrigin::none;
		let anyone = ClaimPermission::Anyone;
		assert_noop!(Rewards::set_payout_account(none(), None), DispatchError::BadOrigin);
		assert_noop!(Rewards::set_claim_permission(none(), anyone), DispatchError::BadOrigin);
		assert_noop!(
			Rewards::set_payout_account(owned_by(1), Some(COLD)),
			Error::<Test>::CannotAffordDeposit
		);
		enrich(owner(1));
		for account in [None, Some(owner(1))] {
			assert_noop!(
				Rewards::set_payout_account(owned_by(1), account),
				Error::<Test>::NothingToChange
			);
		}
		assert_noop!(
			Rewards::set_claim_permission(owned_by(1), anyone),
			Error::<Test>::NothingToChange
		);
		assert_noop!(
			Rewards::set_payout_account(owned_by(1), Some(Rewards::pot())),
			Error::<Test>::PotAsPayoutAccount
		);
	});
}
