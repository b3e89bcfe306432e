//! Each invariant: the check of the state finds a state that breaks it.

use crate::{mock::*, *};
use depin_primitives::reward::ClaimPermission;
use frame_support::{traits::fungible::Mutate, BoundedVec};
use sp_runtime::{Perbill, TryRuntimeError};

/// Returns the number of the invariant that `spoil` breaks, in a chain where devices 1 and 2 each
/// have points of epoch 0, which is closed, and device 3 has points of epoch 1, which is running.
fn broken_by(spoil: impl FnOnce()) -> String {
	let mut found = None;
	ExtBuilder::default().build().execute_with(|| {
		credit(0, &add_device(1, 0), 1);
		credit(0, &add_device(2, 0), 2);
		close_epochs(1);
		credit(0, &add_device(3, 0), 3);
		Rewards::do_try_state().expect("the invariants hold so far");
		spoil();
		found = Rewards::do_try_state().err();
	});
	match found {
		Some(TryRuntimeError::Other(what)) => {
			what.trim_start_matches("rewards ").split(':').next().unwrap().into()
		}
		other => panic!("the check found {other:?}"),
	}
}

#[test]
fn a_wrong_emission_is_found() {
	let one = Perbill::one();
	assert_eq!(
		broken_by(|| EmissionShares::<Test>::put(Shares { networks: one, validators: one })),
		"1"
	);
	let funded = |funded: Vec<_>| Funded::<Test>::put(BoundedVec::truncate_from(funded));
	assert_eq!(broken_by(|| funded(vec![(1, 1), (0, 1)])), "2");
	assert_eq!(broken_by(|| funded(vec![(0, 1), (0, 1)])), "2");
	assert_eq!(broken_by(|| funded(vec![(0, 0)])), "2");
	assert_eq!(broken_by(|| funded(vec![(NETWORKS, 1)])), "2");
	assert_eq!(broken_by(|| Carried::<Test>::put(1)), "3");
	assert_eq!(
		broken_by(|| ValidatorBudget::<Test>::mutate(|stream| stream.fallen_due = 251)),
		"3"
	);
	assert_eq!(broken_by(|| Emitted::<Test>::put(1_001)), "3");
	assert_eq!(broken_by(|| GenesisIssuance::<Test>::put(1_000_000_000)), "4");
	assert_eq!(
		broken_by(|| ValidatorBudget::<Test>::mutate(|stream| stream.due = 1_000_000_000)),
		"4"
	);
	assert_eq!(
		broken_by(|| {
			Balances::mint_into(&ALICE, 1).expect("Alice has an account");
		}),
		"4"
	);
}

#[test]
fn wrong_accounts_are_found() {
	let put = |epoch, points, accrued| {
		put_account(add_device(9, 0), RewardAccount { network: 0, epoch, points, accrued })
	};
	assert_eq!(broken_by(|| put(2, 1, 0)), "5");
	assert_eq!(broken_by(|| put(1, 1, 0)), "6");
	assert_eq!(broken_by(|| put(0, 1, 0)), "7");
	assert_eq!(broken_by(|| put(0, 0, 1)), "9");
	assert_eq!(broken_by(|| put(0, 0, u128::MAX)), "9");
	assert_eq!(broken_by(|| EpochPoints::<Test>::remove(0)), "6");
	assert_eq!(broken_by(|| EpochPoints::<Test>::insert(5, (1, 1))), "6");
	assert_eq!(broken_by(|| EpochPoints::<Test>::insert(NETWORKS, (0, 1))), "2");
}

#[test]
fn wrong_former_accounts_are_found() {
	let put = |epoch, points, accrued| {
		let former = RewardAccount { network: 0, epoch, points, accrued };
		let former = FormerAccount { account: former, deposit: 0 };
		FormerAccounts::<Test>::insert(owner(9), device(9), former)
	};
	assert_eq!(broken_by(|| put(2, 1, 0)), "5");
	assert_eq!(broken_by(|| put(1, 0, 0)), "5");
	assert_eq!(broken_by(|| put(1, 1, 0)), "6");
	assert_eq!(broken_by(|| put(0, 1, 0)), "7");
	assert_eq!(broken_by(|| put(0, 0, 1)), "9");
	assert_eq!(broken_by(|| put(0, 0, u128::MAX)), "9");
	assert_eq!(broken_by(|| SettledIn::<Test>::insert(device(9), 2)), "10");
	assert_eq!(
		broken_by(|| {
			transfer(device(3), owner(9));
			Rewards::do_try_state().expect("the invariants hold so far");
			SettledIn::<Test>::remove(device(3));
		}),
		"10"
	);
	assert_eq!(
		broken_by(|| {
			transfer(device(3), owner(9));
			FormerAccounts::<Test>::remove(owner(3), device(3));
		}),
		"6"
	);
}

#[test]
fn wrong_shares_are_found() {
	let spoil = |change: fn(&mut depin_primitives::reward::EpochShare)| {
		broken_by(|| Epochs::<Test>::mutate(0, 0, |share| change(share.as_mut().unwrap())))
	};
	assert_eq!(spoil(|share| share.unsettled_points -= 1), "7");
	assert_eq!(spoil(|share| share.points = 2), "7");
	assert_eq!(spoil(|share| share.unsettled -= 1), "8");
	assert_eq!(spoil(|share| share.unsettled += 1), "8");
	assert_eq!(
		broken_by(|| {
			let share = Epochs::<Test>::get(0, 0).unwrap();
			Epochs::<Test>::insert(0, 1, share);
		}),
		"7"
	);
}

#[test]
fn a_pot_with_too_little_money_is_found() {
	assert_eq!(broken_by(|| Undistributed::<Test>::put(1)), "9");
	assert_eq!(broken_by(|| InPot::<Test>::put(599)), "9");
	assert_eq!(broken_by(|| InPot::<Test>::put(601)), "9");
	assert_eq!(
		broken_by(|| {
			Balances::set_balance(&Rewards::pot(), MINIMUM + 599);
		}),
		"9"
	);
}

#[test]
fn wrong_deposits_and_marks_are_found() {
	assert_eq!(broken_by(|| SettledIn::<Test>::insert(device(1), 0)), "10");
	assert_eq!(
		broken_by(|| {
			enrich(owner(3));
			transfer(device(3), owner(9));
			Rewards::do_try_state().expect("the invariants hold so far");
			FormerAccounts::<Test>::mutate(owner(3), device(3), |former| {
				former.as_mut().expect("the points wait").deposit -= 1
			});
		}),
		"11"
	);
	let put = |account, permission, deposit| {
		let settings = PayoutSettings { account, permission, deposit };
		Payouts::<Test>::insert(owner(1), settings)
	};
	assert_eq!(broken_by(|| put(None, ClaimPermission::Owner, 1)), "11");
	assert_eq!(broken_by(|| put(None, ClaimPermission::Anyone, 0)), "11");
	assert_eq!(broken_by(|| put(Some(Rewards::pot()), ClaimPermission::Anyone, 0)), "11");
}
