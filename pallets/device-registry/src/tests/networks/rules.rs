//! Changes of a network's rules.

use super::*;

#[test]
fn new_rules_take_effect_with_the_next_epoch() {
	ExtBuilder::default().build_and_execute(|| {
		let maker = register_maker(&Secret::p256(100));
		let id = create_network();
		Epoch::set(5);
		events();
		let stricter = NetworkPolicy {
			schemes: KeySchemes::only(KeyScheme::P256),
			trust: TrustPolicy::CERTIFIED,
			coverage: None,
			..policy()
		};
		assert_ok!(change(id, Some(vec![maker]), 2 * BOND, stricter));
		assert_eq!(events(), [Event::RulesChanging { network: id, epoch: 6 }]);

		// The change is not in force until the epoch's last moment.
		let record = Registry::network_record(id).unwrap();
		assert_eq!((record.rules.makers, record.rules.bond), (None, BOND));
		assert_eq!(record.rules.policy, policy());
		let (epoch, next) = record.next.unwrap();
		assert_eq!((epoch, next.makers.clone(), next.bond), (6, Some(vec![maker]), 2 * BOND));
		assert_eq!(view(id).unwrap().policy, policy());
		assert_ok!(register(ALICE, id, &Secret::ed25519(1), None));
		assert_eq!(held(HoldReason::DeviceBond, ALICE), BOND);

		// The change is in force from its epoch's first moment on, without a write.
		for epoch in [6, 7, u32::MAX] {
			Epoch::set(epoch);
			let record = Registry::network_record(id).unwrap();
			assert_eq!((record.rules, record.next), (next.clone(), None));
			assert_eq!(view(id).unwrap().policy, stricter);
		}
		Epoch::set(6);
		assert_noop!(
			register(ALICE, id, &Secret::ed25519(2), None),
			Error::<Test>::SchemeNotAccepted
		);
		let device = Secret::p256(2);
		assert_noop!(register(ALICE, id, &device, None), Error::<Test>::CertificateRequired);
		let certificate = Secret::p256(100).certify(maker, 0, id, device.public());
		assert_ok!(register(ALICE, id, &device, Some(certificate)));
		assert_eq!(held(HoldReason::DeviceBond, ALICE), 3 * BOND);

		// The device that could not join today is still registered, with its bond.
		let record = Registry::device_record(Secret::ed25519(1).id()).unwrap();
		assert_eq!((record.status, record.bond), (DeviceStatus::Active, BOND));
	});
}

#[test]
fn a_change_takes_the_place_of_one_that_does_not_hold_yet() {
	ExtBuilder::default().build_and_execute(|| {
		let id = create_network();
		assert_ok!(change(id, None, 100, policy()));
		assert_ok!(change(id, None, 101, policy()));
		assert_eq!(bonds(id), (BOND, Some((1, 101))));
		// A change that is in force already is not replaced.
		Epoch::set(1);
		assert_ok!(change(id, None, 102, policy()));
		assert_eq!(bonds(id), (101, Some((2, 102))));
		assert_eq!(written_bonds(id), bonds(id));
		// Setting the rules in force again is a change all the same.
		assert_ok!(change(id, None, 101, policy()));
		assert_eq!(bonds(id), (101, Some((2, 101))));
		Epoch::set(9);
		assert_eq!(bonds(id), (101, None));
	});
}

#[test]
fn every_write_of_a_network_keeps_its_rules() {
	let offer = |id| Registry::offer_network(signed(ADMIN), id, Some(BOB));
	let pause = |id| Registry::set_network_paused(signed(ADMIN), id, true);
	let join = |id| register(ALICE, id, &Secret::p256(2), None);
	let join_in_bulk = |id| {
		let devices = vec![Secret::p256(2).registration(ALICE, id, None)];
		Registry::register_devices(signed(ALICE), id, BoundedVec::truncate_from(devices))
			.map(drop)
			.map_err(|refused| refused.error)
	};
	let reap = |_| Registry::reap_device(signed(BOB), Secret::p256(1).id());
	let writes: [&dyn Fn(NetworkId) -> sp_runtime::DispatchResult; 5] =
		[&offer, &pause, &join, &join_in_bulk, &reap];
	for (at, write) in writes.into_iter().enumerate() {
		for epoch in [0, 1, 7] {
			ExtBuilder::default().retire_delay(1).build_and_execute(|| {
				let (id, device) = (create_network(), Secret::p256(1));
				assert_ok!(register(ALICE, id, &device, None));
				assert_ok!(Registry::retire_device(signed(ALICE), device.id()));
				pass_blocks(1);
				assert_ok!(change(id, None, 100, policy()));
				Epoch::set(epoch);
				let expected = bonds(id);
				assert_ok!(write(id));
				assert_eq!(bonds(id), expected, "write {at} in epoch {epoch}");
				// All but the last call read the rules of the running epoch, and write them so.
				if at < 4 {
					assert_eq!(written_bonds(id), expected, "write {at} in epoch {epoch}");
				}
				Epoch::set(7);
				assert_eq!(bonds(id), (100, None), "write {at} in epoch {epoch}");
			});
		}
	}
}

#[test]
fn a_networks_cell_resolution_is_fixed() {
	ExtBuilder::default().build_and_execute(|| {
		let id = create_network();
		for cell_resolution in [0, 8, 10, 15] {
			let policy = NetworkPolicy { cell_resolution, ..policy() };
			assert_noop!(change(id, None, BOND, policy), Error::<Test>::ResolutionFixed);
		}
		assert_ok!(change(id, None, BOND, policy()));
	});
}

#[test]
fn rules_cannot_change_after_the_last_epoch() {
	ExtBuilder::default().build_and_execute(|| {
		let id = create_network();
		Epoch::set(u32::MAX);
		assert_noop!(change(id, None, BOND, policy()), ArithmeticError::Overflow);
	});
}

#[test]
fn only_its_admin_changes_a_network() {
	ExtBuilder::default().build_and_execute(|| {
		let id = create_network();
		let change = |origin, id| Registry::change_network(origin, id, None, BOND, policy());
		assert_noop!(change(signed(BOB), id), Error::<Test>::NotAdmin);
		assert_noop!(change(signed(ADMIN), id + 1), Error::<Test>::UnknownNetwork);
		assert_noop!(change(RuntimeOrigin::root(), id), BadOrigin);
		assert_noop!(change(RuntimeOrigin::none(), id), BadOrigin);
	});
}
