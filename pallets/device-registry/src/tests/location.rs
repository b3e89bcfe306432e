//! Moving devices, and what it costs.

use super::*;

/// First time at which a device that was located at [`NOW`] can be moved.
const FREE: Millis = NOW + COOLDOWN;

fn assert_location(who: AccountId, id: DeviceId, cell: Cell) -> sp_runtime::DispatchResult {
	Registry::assert_location(signed(who), id, cell)
}

#[test]
fn a_device_is_moved_for_a_fee() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::p256(1));
		let before = Registry::device_record(id).unwrap();
		assert_eq!((before.cell, before.located_at), (home(), NOW));
		Timestamp::set_timestamp(FREE + 5);
		assert_ok!(assert_location(ALICE, id, away()));
		assert_eq!(
			events(),
			[Event::LocationAsserted { device: id, from: home(), cell: away(), fee: LOCATION_FEE }]
		);
		assert_eq!(Balances::free_balance(ALICE), FUNDS - BOND - LOCATION_FEE);
		assert_eq!(Balances::free_balance(FEE_COLLECTOR), EXISTENTIAL_DEPOSIT + LOCATION_FEE);

		// Nothing but the location has changed, and other pallets are not told.
		let after = Registry::device_record(id).unwrap();
		let (cell, located_at) = (away(), FREE + 5);
		assert_eq!(after, depin_primitives::device::DeviceRecord { cell, located_at, ..before });
		assert_eq!(Registry::device(&id).unwrap().cell, away());
		assert_eq!(turns(), []);
	});
}

#[test]
fn the_lists_of_places_follow() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, network) = registered(ALICE, &Secret::p256(1));
		let stays = Secret::p256(2);
		assert_ok!(register(BOB, network, &stays, None));
		Timestamp::set_timestamp(FREE);
		assert_ok!(assert_location(ALICE, id, away()));

		let at = |cell: Cell| {
			let page = Registry::devices_by_cell(cell, None, MAX_PAGE).unwrap();
			page.items.into_iter().map(|device| device.id).collect::<Vec<_>>()
		};
		assert_eq!((at(home()), at(away())), (vec![stays.id()], vec![id]));
		let parent = |cell: Cell| {
			let index = h3o::CellIndex::try_from(cell.0).unwrap();
			Cell(index.parent(Resolution::Four).unwrap().into())
		};
		assert_eq!((at(parent(home())), at(parent(away()))), (vec![stays.id()], vec![id]));
		assert_eq!(DevicesByCell::<Test>::iter_keys().count(), 2);
	});
}

#[test]
fn a_locations_cooldown_ends_to_the_millisecond() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::ed25519(1));
		assert_noop!(assert_location(ALICE, id, away()), Error::<Test>::LocationCooldown);
		Timestamp::set_timestamp(FREE - 1);
		assert_noop!(assert_location(ALICE, id, away()), Error::<Test>::LocationCooldown);
		Timestamp::set_timestamp(FREE);
		assert_ok!(assert_location(ALICE, id, away()));

		// The next cooldown starts with the move, not with the end of the last cooldown.
		Timestamp::set_timestamp(FREE + COOLDOWN - 1);
		assert_noop!(assert_location(ALICE, id, home()), Error::<Test>::LocationCooldown);
		Timestamp::set_timestamp(FREE + COOLDOWN);
		assert_ok!(assert_location(ALICE, id, home()));
	});
}

/// The cooldown is the one that the network has now, not the one that it had when the device was
/// located.
#[test]
fn a_change_of_the_cooldown_counts_from_its_epoch_on() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, network) = registered(ALICE, &Secret::ed25519(1));
		let mut policy = policy();
		policy.location.cooldown = 7;
		assert_ok!(Registry::change_network(signed(ADMIN), network, None, BOND, policy));
		Timestamp::set_timestamp(NOW + 7);
		assert_noop!(assert_location(ALICE, id, away()), Error::<Test>::LocationCooldown);
		Epoch::set(1);
		assert_ok!(assert_location(ALICE, id, away()));
	});
}

#[test]
fn without_a_cooldown_a_device_moves_at_once() {
	ExtBuilder::default().build_and_execute(|| {
		let mut policy = policy();
		policy.location.cooldown = 0;
		let (network, device) = (create_network_with(None, policy), Secret::ed25519(1));
		assert_ok!(register(ALICE, network, &device, None));
		for cell in [away(), home(), away()] {
			assert_ok!(assert_location(ALICE, device.id(), cell));
		}
		assert_eq!(Balances::free_balance(ALICE), FUNDS - BOND - 3 * LOCATION_FEE);
	});
}

#[test]
fn a_device_is_not_moved_to_its_own_cell() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::ed25519(1));
		Timestamp::set_timestamp(FREE);
		assert_noop!(assert_location(ALICE, id, home()), Error::<Test>::SameCell);
	});
}

#[test]
fn a_new_location_must_be_a_cell_of_the_networks_resolution() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::ed25519(1));
		Timestamp::set_timestamp(FREE);
		for index in [0, u64::MAX, home().0 | 1 << 63, home().0 & !1] {
			assert_noop!(assert_location(ALICE, id, Cell(index)), Error::<Test>::NotACell);
		}
		// A pentagon lacks the direction 1: none of its children exists.
		let pentagon = u64::from(Resolution::Eight.pentagons().next().unwrap());
		let deleted = (pentagon & !(0xf << 52) & !(7 << 18)) | (9 << 52) | (1 << 18);
		assert_noop!(assert_location(ALICE, id, Cell(deleted)), Error::<Test>::NotACell);
		for resolution in Resolution::range(Resolution::Zero, Resolution::Fifteen) {
			if resolution != Resolution::Nine {
				let cell = cell(resolution);
				assert_noop!(assert_location(ALICE, id, cell), Error::<Test>::WrongResolution);
			}
		}
		let pentagon = Resolution::Nine.pentagons().next().unwrap();
		assert_ok!(assert_location(ALICE, id, Cell(pentagon.into())));
	});
}

#[test]
fn a_locations_fee_must_be_affordable() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::ed25519(1));
		Timestamp::set_timestamp(FREE);
		let fund = |free| {
			// The held balance is not part of the free balance.
			let root = RuntimeOrigin::root();
			assert_ok!(Balances::force_set_balance(root, ALICE, free));
			assert_eq!(held(HoldReason::DeviceBond, ALICE), BOND);
		};
		fund(EXISTENTIAL_DEPOSIT + LOCATION_FEE - 1);
		assert_noop!(assert_location(ALICE, id, away()), Error::<Test>::CannotAffordFee);
		fund(EXISTENTIAL_DEPOSIT + LOCATION_FEE);
		assert_ok!(assert_location(ALICE, id, away()));
		assert_eq!(Balances::free_balance(ALICE), EXISTENTIAL_DEPOSIT);
	});
}

#[test]
fn accounts_that_may_act_move_a_device_and_pay() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::ed25519(1));
		let expires = FREE + 10;
		for allowed in [Permissions::READ, Permissions::SUBMIT, Permissions(3)] {
			assert_ok!(Registry::grant_access(signed(ALICE), id, BOB, allowed, expires));
			Timestamp::set_timestamp(FREE);
			assert_noop!(assert_location(BOB, id, away()), Error::<Test>::NotPermitted);
		}
		assert_ok!(Registry::grant_access(signed(ALICE), id, BOB, Permissions::ACT, expires));
		assert_ok!(assert_location(BOB, id, away()));
		assert_eq!(Balances::free_balance(BOB), FUNDS - LOCATION_FEE);
		assert_eq!(Balances::free_balance(ALICE), FUNDS - BOND - GRANT_DEPOSIT);
		assert_eq!(Registry::device(&id).unwrap().owner, ALICE);
	});
}

#[test]
fn an_expired_grant_moves_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::ed25519(1));
		assert_ok!(Registry::grant_access(signed(ALICE), id, BOB, Permissions::ACT, FREE));
		Timestamp::set_timestamp(FREE);
		assert_noop!(assert_location(BOB, id, away()), Error::<Test>::NotPermitted);
		assert_ok!(Registry::grant_access(signed(ALICE), id, BOB, Permissions::ACT, FREE + 1));
		assert_ok!(assert_location(BOB, id, away()));
	});
}

#[test]
fn nobody_else_moves_a_device() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::ed25519(1));
		Timestamp::set_timestamp(FREE);
		for who in [BOB, ADMIN, MAKER] {
			assert_noop!(assert_location(who, id, away()), Error::<Test>::NotPermitted);
		}
		let unknown = H256::repeat_byte(1);
		assert_noop!(assert_location(ALICE, unknown, away()), Error::<Test>::UnknownDevice);
		for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
			assert_noop!(Registry::assert_location(origin, id, away()), BadOrigin);
		}
	});
}

#[test]
fn only_active_devices_move() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::ed25519(1));
		Timestamp::set_timestamp(FREE);
		assert_ok!(suspend(id));
		assert_noop!(assert_location(ALICE, id, away()), Error::<Test>::DeviceSuspended);
		assert_ok!(Registry::restore_device(signed(ADMIN), id));
		assert_ok!(Registry::retire_device(signed(ALICE), id));
		assert_noop!(assert_location(ALICE, id, away()), Error::<Test>::AlreadyRetiring);
	});
}

/// Devices of a paused network can prepare for the time when it is resumed.
#[test]
fn devices_of_a_paused_network_move() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, network) = registered(ALICE, &Secret::ed25519(1));
		assert_ok!(Registry::set_network_paused(signed(ADMIN), network, true));
		Timestamp::set_timestamp(FREE);
		assert_ok!(assert_location(ALICE, id, away()));
	});
}

/// Without a correction, an honest owner could only wait for the decision with a location that is
/// known to be false.
#[test]
fn a_false_location_is_corrected_once_in_a_suspension() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::p256(1));
		let correct = |cell| Registry::correct_location(signed(ALICE), id, cell);
		assert_ok!(suspend(id));
		let before = Registry::device_record(id).unwrap();
		events();
		turns();
		// The cooldown of the registered location is not over.
		Timestamp::set_timestamp(NOW + 5);
		assert_ok!(correct(away()));
		let (from, cell, fee) = (home(), away(), LOCATION_FEE);
		assert_eq!(events(), [Event::LocationCorrected { device: id, from, cell, fee }]);
		assert_eq!(Balances::free_balance(ALICE), FUNDS - BOND - LOCATION_FEE);
		assert_eq!(Balances::free_balance(FEE_COLLECTOR), EXISTENTIAL_DEPOSIT + LOCATION_FEE);

		// The device stays suspended, and what it earns in escrow.
		let after = Registry::device_record(id).unwrap();
		let suspension = before.suspension.map(|case| Suspension { corrected: true, ..case });
		let located_at = NOW + 5;
		let expected =
			depin_primitives::device::DeviceRecord { cell, located_at, suspension, ..before };
		assert_eq!(after, expected);
		assert_eq!(turns(), []);
		assert!(DevicesByCell::<Test>::contains_key(CellKey::from(away()), ShortId::from(id)));

		assert_noop!(correct(home()), Error::<Test>::AlreadyCorrected);
		// An appeal does not allow another correction; another case does.
		let statement = H256::repeat_byte(1);
		assert_ok!(Registry::appeal_suspension(signed(ALICE), id, statement));
		assert_noop!(correct(home()), Error::<Test>::AlreadyCorrected);
		let (root, reason) = (RuntimeOrigin::root(), SuspendReason::FalseLocation);
		assert_ok!(Registry::suspend_device(root, id, reason, H256::zero()));
		assert_ok!(correct(home()));

		// The cooldown goes on after the restoration.
		assert_ok!(Registry::restore_device(RuntimeOrigin::root(), id));
		assert_noop!(correct(away()), Error::<Test>::NothingToCorrect);
		assert_noop!(assert_location(ALICE, id, away()), Error::<Test>::LocationCooldown);
		Timestamp::set_timestamp(NOW + 5 + COOLDOWN);
		assert_ok!(assert_location(ALICE, id, away()));
	});
}

#[test]
fn nothing_else_is_corrected() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::p256(1));
		let correct = |who| Registry::correct_location(signed(who), id, away());
		assert_noop!(correct(ALICE), Error::<Test>::NothingToCorrect);
		let (root, reason) = (RuntimeOrigin::root, SuspendReason::ImplausibleReports);
		assert_ok!(Registry::suspend_device(root(), id, reason, H256::zero()));
		assert_noop!(correct(ALICE), Error::<Test>::NothingToCorrect);
		assert_ok!(Registry::restore_device(root(), id));

		// An account that may act for the device does not answer for its owner.
		assert_ok!(suspend(id));
		assert_ok!(grant(id, ALICE, BOB, Permissions::ALL));
		for who in [BOB, ADMIN] {
			assert_noop!(correct(who), Error::<Test>::NotOwner);
		}
		assert_noop!(Registry::correct_location(root(), id, away()), BadOrigin);
		let unknown = Registry::correct_location(signed(ALICE), H256::zero(), away());
		assert_noop!(unknown, Error::<Test>::UnknownDevice);
		let correct = |cell| Registry::correct_location(signed(ALICE), id, cell);
		assert_noop!(correct(Cell(0)), Error::<Test>::NotACell);
		assert_noop!(correct(cell(Resolution::Eight)), Error::<Test>::WrongResolution);
		assert_noop!(correct(home()), Error::<Test>::SameCell);
		assert_ok!(Balances::force_set_balance(root(), ALICE, EXISTENTIAL_DEPOSIT));
		assert_noop!(correct(away()), Error::<Test>::CannotAffordFee);
		// What fails does not count as the correction.
		assert_ok!(Balances::force_set_balance(root(), ALICE, FUNDS));
		assert_ok!(correct(away()));

		// A retiring device does not work any more.
		assert_ok!(Registry::restore_device(root(), id));
		assert_ok!(Registry::retire_device(signed(ALICE), id));
		assert_noop!(correct(home()), Error::<Test>::NothingToCorrect);
		assert_ok!(suspend(id));
		assert_noop!(correct(home()), Error::<Test>::NothingToCorrect);
	});
}

/// The first check that fails gives the error.
#[test]
fn checks_of_a_location_come_in_order() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::ed25519(1));
		let root = RuntimeOrigin::root();
		assert_ok!(Balances::force_set_balance(root, ALICE, EXISTENTIAL_DEPOSIT));
		assert_ok!(suspend(id));
		assert_noop!(assert_location(BOB, id, Cell(0)), Error::<Test>::NotPermitted);
		assert_noop!(assert_location(ALICE, id, Cell(0)), Error::<Test>::DeviceSuspended);
		assert_ok!(Registry::restore_device(signed(ADMIN), id));
		assert_noop!(assert_location(ALICE, id, Cell(0)), Error::<Test>::NotACell);
		let coarse = cell(Resolution::Eight);
		assert_noop!(assert_location(ALICE, id, coarse), Error::<Test>::WrongResolution);
		assert_noop!(assert_location(ALICE, id, home()), Error::<Test>::SameCell);
		assert_noop!(assert_location(ALICE, id, away()), Error::<Test>::LocationCooldown);
		Timestamp::set_timestamp(FREE);
		assert_noop!(assert_location(ALICE, id, away()), Error::<Test>::CannotAffordFee);
	});
}
