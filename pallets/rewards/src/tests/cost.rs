//! Costs that must not grow with the number of epochs or devices.

use crate::{mock::*, *};
use codec::MaxEncodedLen;
use depin_primitives::traits::{Epochs as _, Lifecycle};
use frame_support::{assert_ok, traits::Hooks};

/// Returns two handles of a new proof recorder. Type inference names its type, so that the crate
/// that defines it need not be a dependency.
fn twins<R: Clone + Default>() -> (R, R) {
	let recorder = R::default();
	(recorder.clone(), recorder)
}

/// Returns the numbers of storage keys that `act` reads and writes.
fn touched(ext: &mut sp_io::TestExternalities, act: impl FnOnce()) -> (usize, usize) {
	ext.commit_all().expect("nothing is open");
	let (recorder, same) = twins();
	ext.execute_with_recorder(recorder, act);
	let read = same.recorded_keys().values().map(|keys| keys.len()).sum();
	let written = ext.overlayed_changes().changes().count();
	(read, written)
}

/// Returns a chain where devices 1 and 4 worked in epoch 0, and the others in each of `missed`
/// epochs. Device 4 is there so that settling device 1 does not remove the epoch's share.
fn chain(missed: u32) -> sp_io::TestExternalities {
	let mut ext = ExtBuilder::default().build();
	ext.execute_with(|| {
		credit(0, &add_device(1, 0), 1);
		credit(0, &add_device(4, 0), 1);
		add_device(2, 0);
		add_device(3, 0);
		for _ in 0..missed {
			credit(0, &device(2), 1);
			credit(0, &device(3), 1);
			close_epochs(1);
		}
		System::reset_events();
	});
	ext
}

#[test]
fn a_claim_costs_the_same_after_any_number_of_epochs() {
	let cost = |missed| {
		touched(&mut chain(missed), || {
			assert_ok!(Rewards::claim(RuntimeOrigin::signed(ALICE), device(1)));
		})
	};
	let once = cost(1);
	assert!(once.0 > 0 && once.1 > 0);
	assert_eq!(cost(10), once);
	assert_eq!(cost(1_000), once);
}

#[test]
fn a_credit_costs_the_same_after_any_number_of_epochs() {
	let cost = |missed| touched(&mut chain(missed), || credit(0, &device(1), 1));
	let once = cost(1);
	assert!(once.0 > 0 && once.1 > 0);
	assert_eq!(cost(1_000), once);
}

#[test]
fn each_lifecycle_hook_costs_the_same_after_any_number_of_epochs() {
	let hooks: [fn(); 3] = [
		|| Rewards::on_settle(&device(1), 0, &owner(1)),
		|| Rewards::on_forfeit(&device(1), 0),
		|| assert_eq!(Rewards::on_reap(&device(1), 0, &owner(1)), Ok(())),
	];
	for hook in hooks {
		let cost = |missed| touched(&mut chain(missed), hook);
		let once = cost(1);
		assert!(once.0 > 0 && once.1 > 0);
		assert_eq!(cost(1_000), once);
	}
}

#[test]
fn a_claim_for_a_former_owner_costs_the_same_after_any_number_of_epochs() {
	let cost = |missed| {
		let mut ext = ExtBuilder::default().build();
		ext.execute_with(|| {
			credit(0, &add_device(1, 0), 1);
			credit(0, &add_device(2, 0), 1);
			(0..9).for_each(|n| transfer(device(1), owner(n)));
			transfer(device(1), owner(1));
			credit(0, &device(1), 1);
			transfer(device(1), owner(2));
			for _ in 0..missed {
				close_epochs(1);
				credit(0, &add_device(3, 0), 1);
			}
			System::reset_events();
		});
		touched(&mut ext, || {
			let alice = RuntimeOrigin::signed(ALICE);
			assert_ok!(Rewards::claim_former(alice, device(1), owner(1)));
		})
	};
	let once = cost(1);
	assert!(once.0 > 0 && once.1 > 0);
	assert_eq!(cost(1_000), once);
}

#[test]
fn the_running_epoch_takes_one_read() {
	let mut ext = chain(3);
	assert_eq!(touched(&mut ext, || assert_eq!(Rewards::current(), 3)), (1, 0));
}

#[test]
fn a_close_costs_the_same_for_any_number_of_devices() {
	let cost = |devices: u8| {
		let mut ext = ExtBuilder::default().build();
		ext.execute_with(|| (1..=devices).for_each(|n| credit(0, &add_device(n, 0), 1)));
		touched(&mut ext, || close_epochs(1))
	};
	assert_eq!(cost(1), cost(250));
}

#[test]
fn an_account_has_32_bytes() {
	// Its key has 32 bytes of prefix, 16 of hash and 32 of id.
	assert_eq!(RewardAccount::max_encoded_len(), 32);
	// Former accounts and payout settings are as large as their deposits assume: their keys have 32
	// bytes of prefix, 16 of hash and 32 of account, and a former account's 32 of device.
	assert_eq!(FormerAccount::max_encoded_len(), 48);
	assert_eq!(PayoutSettings::<sp_runtime::AccountId32>::max_encoded_len(), 50);
}

#[test]
fn the_integrity_test_passes() {
	Rewards::integrity_test();
}
