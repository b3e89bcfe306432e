//! Retirement and reaping of devices.

use super::*;

#[test]
fn a_retired_device_is_reaped_and_its_bond_returned() {
	ExtBuilder::default().build_and_execute(|| {
		let device = Secret::p256(1);
		let (id, network) = registered(ALICE, &device);
		System::set_block_number(7);
		assert_ok!(Registry::retire_device(signed(ALICE), id));
		let until = 7 + RETIRE_DELAY;
		assert_eq!(events(), [Event::DeviceRetiring { device: id, until }]);
		assert_eq!(Registry::device(&id).unwrap().status, DeviceStatus::Retiring { until });
		assert_eq!(held(HoldReason::DeviceBond, ALICE), BOND);

		pass_blocks(RETIRE_DELAY - 1);
		assert_noop!(Registry::reap_device(signed(BOB), id), Error::<Test>::StillRetiring);
		pass_blocks(1);
		assert_ok!(Registry::reap_device(signed(BOB), id));
		assert_eq!(
			events(),
			[Event::DeviceReaped { device: id, network, owner: ALICE, bond: BOND }]
		);
		assert_eq!(turns(), [Turn::Reaped(id, network, ALICE)]);
		assert_eq!(held(HoldReason::DeviceBond, ALICE), 0);
		assert_eq!(Balances::free_balance(ALICE), FUNDS);
		assert_eq!(Balances::free_balance(BOB), FUNDS);

		assert_eq!(Registry::device(&id), None);
		assert_eq!(Registry::network_record(network).unwrap().devices, 0);
		assert_eq!(DevicesByOwner::<Test>::iter_keys().count(), 0);
		assert_eq!(DevicesByNetwork::<Test>::iter_keys().count(), 0);
		assert_eq!(DevicesByCell::<Test>::iter_keys().count(), 0);
		assert_noop!(Registry::reap_device(signed(BOB), id), Error::<Test>::UnknownDevice);
		assert_noop!(Registry::retire_device(signed(ALICE), id), Error::<Test>::UnknownDevice);
	});
}

#[test]
fn only_its_owner_retires_a_device_and_only_once() {
	ExtBuilder::default().build_and_execute(|| {
		let device = Secret::ed25519(1);
		let (id, _) = registered(ALICE, &device);
		assert_noop!(Registry::retire_device(signed(BOB), id), Error::<Test>::NotOwner);
		assert_noop!(Registry::retire_device(signed(ADMIN), id), Error::<Test>::NotOwner);
		assert_noop!(Registry::retire_device(RuntimeOrigin::root(), id), BadOrigin);
		assert_ok!(Registry::retire_device(signed(ALICE), id));
		// A second retirement would delay the release.
		System::set_block_number(9);
		assert_noop!(Registry::retire_device(signed(ALICE), id), Error::<Test>::AlreadyRetiring);
	});
}

#[test]
fn an_active_device_is_not_reaped() {
	ExtBuilder::default().build_and_execute(|| {
		let device = Secret::ed25519(1);
		registered(ALICE, &device);
		System::set_block_number(u32::MAX);
		let id = device.id();
		assert_noop!(Registry::reap_device(signed(ALICE), id), Error::<Test>::NotRetiring);
		assert_noop!(Registry::reap_device(RuntimeOrigin::none(), id), BadOrigin);
	});
}

/// One pallet has written before another refuses: nothing of it may stay.
#[test]
fn a_device_with_work_to_settle_is_not_reaped() {
	ExtBuilder::default().build_and_execute(|| {
		let device = Secret::p256(1);
		let (id, network) = registered(ALICE, &device);
		assert_ok!(Registry::retire_device(signed(ALICE), id));
		pass_blocks(RETIRE_DELAY);
		Unsettled::set(true);
		assert_noop!(Registry::reap_device(signed(BOB), id), Error::<Test>::NotSettled);
		assert_eq!(turns(), []);
		assert_eq!(held(HoldReason::DeviceBond, ALICE), BOND);

		Unsettled::set(false);
		assert_ok!(Registry::reap_device(signed(BOB), id));
		assert_eq!(turns(), [Turn::Reaped(id, network, ALICE)]);
	});
}

/// The amount released is the one held for this device, not the bond that its network asks for by
/// then.
#[test]
fn bonds_of_other_devices_stay() {
	ExtBuilder::default().retire_delay(1).build_and_execute(|| {
		let (first, second) = (Secret::ed25519(1), Secret::ed25519(2));
		let (_, network) = registered(ALICE, &first);
		assert_ok!(Registry::change_network(signed(ADMIN), network, None, 3 * BOND, policy()));
		Epoch::set(1);
		assert_ok!(register(ALICE, network, &second, None));
		assert_eq!(held(HoldReason::DeviceBond, ALICE), 4 * BOND);
		assert_ok!(Registry::retire_device(signed(ALICE), first.id()));
		pass_blocks(1);
		assert_ok!(Registry::reap_device(signed(ALICE), first.id()));
		assert_eq!(held(HoldReason::DeviceBond, ALICE), 3 * BOND);
	});
}

/// A suspension is decided first: retirement is no escape from it.
#[test]
fn a_suspended_device_is_not_retired() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::p256(1));
		assert_ok!(suspend(id));
		let retire = || Registry::retire_device(signed(ALICE), id);
		assert_noop!(retire(), Error::<Test>::DeviceSuspended);
		assert_ok!(Registry::restore_device(signed(ADMIN), id));
		assert_ok!(retire());
	});
}

/// All state of a device is removed with it, and all deposits are released.
#[test]
fn nothing_is_left_of_a_reaped_device() {
	for offered in [false, true] {
		nothing_is_left(offered);
	}
}

fn nothing_is_left(offered: bool) {
	ExtBuilder::default().retire_delay(1).build_and_execute(|| {
		let (maker_key, network) = (Secret::p256(100), create_network());
		let maker = register_maker(&maker_key);
		let [first, second, third] = [1, 2, 3].map(Secret::p256);
		let certify = |secret: &Secret| maker_key.certify(maker, 0, network, secret.public());
		assert_ok!(register(ALICE, network, &first, Some(certify(&first))));
		let id = first.id();
		assert_ok!(suspend(id));
		assert_ok!(Registry::restore_device(signed(ADMIN), id));
		assert_ok!(rotate(ALICE, id, &first, &second, Some(certify(&second))));
		assert_ok!(recover(ALICE, id, &third, certify(&third)));
		if offered {
			assert_ok!(Registry::offer_device(signed(ALICE), id, Some(BOB)));
		}
		assert_ok!(grant(id, ALICE, BOB, Permissions::ALL));
		assert_ok!(Registry::retire_device(signed(ALICE), id));
		pass_blocks(1);
		expire_statements();
		assert_ok!(Registry::reap_device(signed(BOB), id));

		assert_eq!(Balances::free_balance(ALICE), FUNDS);
		no_device_is_left();
	});
}

#[test]
fn a_reaped_device_can_come_back_under_its_id() {
	ExtBuilder::default().retire_delay(1).build_and_execute(|| {
		let device = Secret::p256(1);
		let (id, network) = registered(ALICE, &device);
		assert_ok!(Registry::retire_device(signed(ALICE), id));
		pass_blocks(1);
		assert_ok!(Registry::reap_device(signed(ALICE), id));
		assert_ok!(register(BOB, network, &device, None));
		assert_eq!(Registry::device(&id).unwrap().owner, BOB);
	});
}

#[test]
fn the_block_of_a_reaping_does_not_wrap() {
	ExtBuilder::default().build_and_execute(|| {
		let device = Secret::ed25519(1);
		registered(ALICE, &device);
		System::set_block_number(u32::MAX - RETIRE_DELAY + 1);
		assert_ok!(Registry::retire_device(signed(ALICE), device.id()));
		let until = u32::MAX;
		let status = Registry::device(&device.id()).unwrap().status;
		assert_eq!(status, DeviceStatus::Retiring { until });
	});
}
