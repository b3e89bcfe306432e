//! Declarations of compromised keys.

use super::*;

#[test]
fn a_key_of_no_device_is_declared_and_cannot_be_registered() {
	ExtBuilder::default().build_and_execute(|| {
		let (secret, maker, network) = certified(&Secret::p256(1));
		let device = Secret::ed25519(2);
		let (key, reason) = (device.public(), CompromiseReason::CertifiedInError);
		assert_ok!(Registry::declare_compromised(signed(MAKER), maker, key, reason, None));
		let declared = Event::KeyDeclaredCompromised { maker, key, reason, device: None };
		assert_eq!(events(), [declared]);
		assert_eq!(turns(), []);
		assert_eq!(maker_record(maker).declarations, 1);
		let kept = Declarations::<Test>::get(maker, device.id()).unwrap();
		assert_eq!((kept.reason, kept.deposit), (reason, DECLARATION_DEPOSIT));
		let deposits = MAKER_DEPOSIT + MAKER_KEY_DEPOSIT;
		assert_eq!(maker_deposits(), deposits + DECLARATION_DEPOSIT);

		let certificate = secret.certify(maker, 0, network, key);
		let register = |network, certificate| register(ALICE, network, &device, certificate);
		assert_noop!(register(network, Some(certificate)), Error::<Test>::KeyCompromised);
		assert_noop!(declare(maker, key), Error::<Test>::AlreadyDeclared);

		assert_ok!(withdraw(maker, key));
		assert_eq!(events(), [Event::DeclarationWithdrawn { maker, key }]);
		assert_eq!((maker_record(maker).declarations, maker_deposits()), (0, deposits));
		assert_noop!(withdraw(maker, key), Error::<Test>::NotDeclared);
		assert_ok!(register(network, Some(certificate)));
	});
}

/// A maker's declaration concerns its own certificates only.
#[test]
fn another_makers_certificate_is_good_for_a_declared_key() {
	ExtBuilder::default().build_and_execute(|| {
		let (secret, other_secret) = (Secret::p256(100), Secret::p256(101));
		let (maker, other) = (register_maker(&secret), register_maker(&other_secret));
		let (network, open) = (create_closed_network(vec![maker, other]), create_network());
		let (device, bare) = (Secret::p256(1), Secret::p256(2));
		assert_ok!(declare(maker, device.public()));
		assert_ok!(declare(maker, bare.public()));
		let by = |secret: &Secret, maker| Some(secret.certify(maker, 0, network, device.public()));
		assert_noop!(
			register(ALICE, network, &device, by(&secret, maker)),
			Error::<Test>::KeyCompromised
		);
		assert_ok!(register(ALICE, network, &device, by(&other_secret, other)));
		// A device without a certificate claims nothing of any maker.
		assert_ok!(register(ALICE, open, &bare, None));
		// Both makers may declare the key; the device is the other maker's.
		events();
		assert_ok!(declare(other, device.public()));
		assert_eq!(events().len(), 2);
		let status = Registry::device_record(device.id()).unwrap().status;
		assert!(matches!(status, DeviceStatus::Suspended { .. }));
	});
}

#[test]
fn a_declared_device_is_suspended() {
	ExtBuilder::default().build_and_execute(|| {
		let device = Secret::p256(1);
		let (_, maker, network) = certified(&device);
		assert_ok!(Registry::offer_device(signed(ALICE), device.id(), Some(BOB)));
		events();
		pass_blocks(6);
		let (key, id) = (device.public(), device.id());
		let declared = CompromiseReason::KeyCloned;
		assert_ok!(Registry::declare_compromised(signed(MAKER), maker, key, declared, None));

		let (by, reason) = (Suspender::Maker(maker), SuspendReason::KeyCompromised);
		let (since, evidence) = (7, H256::zero());
		let appealed = false;
		let appeal_until = since + APPEAL_WINDOW;
		let decide_until = appeal_until + DECISION_WINDOW;
		assert_eq!(
			events(),
			[
				Event::KeyDeclaredCompromised { maker, key, reason: declared, device: Some(id) },
				// A suspended device is not offered.
				Event::DeviceOffered { device: id, to: None },
				Event::DeviceSuspended {
					device: id,
					by,
					reason,
					evidence,
					appeal_until,
					decide_until
				},
			]
		);
		assert_eq!(turns(), [Turn::Settled(id, network, ALICE)]);
		let record = Registry::device_record(id).unwrap();
		assert_eq!(record.status, DeviceStatus::Suspended { reason });
		assert_eq!(record.offered_to, None);
		assert_eq!(
			record.suspension,
			Some(Suspension {
				by,
				reason,
				since,
				appeal_until,
				decide_until,
				appealed,
				corrected: false
			})
		);

		// The owner can appeal. Withdrawing alone restores nothing; the maker restores.
		assert_ok!(Registry::appeal_suspension(signed(ALICE), id, H256::repeat_byte(1)));
		assert_ok!(withdraw(maker, key));
		assert!(matches!(
			Registry::device_record(id).unwrap().status,
			DeviceStatus::Suspended { .. }
		));
		assert_noop!(Registry::restore_device(signed(ADMIN), id), Error::<Test>::CannotRestore);
		assert_ok!(Registry::restore_device(signed(MAKER), id));
	});
}

/// A declaration concerns the device that uses the key, not one that has used it before.
#[test]
fn the_device_that_signs_with_a_declared_key_is_suspended() {
	ExtBuilder::default().build_and_execute(|| {
		let (old, new) = (Secret::p256(1), Secret::sr25519(2));
		let (secret, maker, network) = certified(&old);
		let id = old.id();
		let certificate = secret.certify(maker, 0, network, new.public());
		assert_ok!(rotate(ALICE, id, &old, &new, Some(certificate)));
		let bystander = Secret::p256(3);
		let certificate = secret.certify(maker, 0, network, bystander.public());
		assert_ok!(register(ALICE, network, &bystander, Some(certificate)));
		events();

		// The device no longer uses its first key.
		assert_ok!(declare(maker, old.public()));
		let reason = CompromiseReason::KeyLeaked;
		let declared = |key, device| Event::KeyDeclaredCompromised { maker, key, reason, device };
		assert_eq!(events(), [declared(old.public(), None)]);
		assert_eq!(Registry::device_record(id).unwrap().status, DeviceStatus::Active);
		// The device cannot go back to its first key.
		let back = secret.certify(maker, 0, network, old.public());
		assert_noop!(rotate(ALICE, id, &new, &old, Some(back)), Error::<Test>::KeyCompromised);

		// The chain does not find the device of the new key, unless it is named.
		let declare_of = |named| {
			let key = new.public();
			Registry::declare_compromised(signed(MAKER), maker, key, reason, named)
		};
		for named in [None, Some(H256::repeat_byte(1)), Some(new.id()), Some(bystander.id())] {
			assert_ok!(declare_of(named));
			assert_eq!(events(), [declared(new.public(), None)]);
			assert_eq!(turns(), []);
			assert_ok!(withdraw(maker, new.public()));
			events();
		}
		assert_ok!(declare_of(Some(id)));
		assert_eq!(events()[0], declared(new.public(), Some(id)));
		let status = DeviceStatus::Suspended { reason: SuspendReason::KeyCompromised };
		assert_eq!(Registry::device_record(id).unwrap().status, status);
		let active = Registry::device_record(bystander.id()).unwrap().status;
		assert_eq!(active, DeviceStatus::Active);
		assert_eq!(maker_record(maker).declarations, 2);
	});
}

/// The device whose first key is declared is found, regardless of the device that is named.
#[test]
fn a_wrongly_named_device_hides_no_declared_device() {
	ExtBuilder::default().build_and_execute(|| {
		let device = Secret::p256(1);
		let (_, maker, _) = certified(&device);
		let (key, reason) = (device.public(), CompromiseReason::KeyLeaked);
		let (origin, named) = (signed(MAKER), Some(H256::repeat_byte(1)));
		assert_ok!(Registry::declare_compromised(origin, maker, key, reason, named));
		let status = Registry::device_record(device.id()).unwrap().status;
		assert!(matches!(status, DeviceStatus::Suspended { .. }));
	});
}

#[test]
fn a_declaration_leaves_devices_of_other_makers_alone() {
	ExtBuilder::default().build_and_execute(|| {
		let (device, open) = (Secret::p256(1), Secret::p256(2));
		certified(&device);
		registered(ALICE, &open);
		let stranger = register_maker(&Secret::p256(101));
		events();
		for device in [device, open] {
			let (key, reason) = (device.public(), CompromiseReason::KeyLeaked);
			let (origin, named) = (signed(MAKER), Some(device.id()));
			assert_ok!(Registry::declare_compromised(origin, stranger, key, reason, named));
			let declared =
				Event::KeyDeclaredCompromised { maker: stranger, key, reason, device: None };
			assert_eq!(events(), [declared]);
			let status = Registry::device_record(device.id()).unwrap().status;
			assert_eq!(status, DeviceStatus::Active);
		}
		assert_eq!(turns(), []);
	});
}

#[test]
fn a_declared_device_that_is_suspended_stays_so() {
	let actions: [fn(DeviceId) -> sp_runtime::DispatchResult; 2] = [suspend, |id| {
		Registry::retire_device(signed(ALICE), id)?;
		suspend(id)
	}];
	for action in actions {
		ExtBuilder::default().build_and_execute(|| {
			let device = Secret::p256(1);
			let (_, maker, _) = certified(&device);
			let (key, id) = (device.public(), device.id());
			assert_ok!(action(id));
			let record = Registry::device_record(id);
			events();
			turns();
			assert_ok!(declare(maker, key));
			let reason = CompromiseReason::KeyLeaked;
			let declared = Event::KeyDeclaredCompromised { maker, key, reason, device: Some(id) };
			assert_eq!(events(), [declared]);
			assert_eq!(turns(), []);
			assert_eq!(Registry::device_record(id), record);
		});
	}
}

#[test]
fn a_reaped_devices_key_stays_declared() {
	ExtBuilder::default().retire_delay(1).build_and_execute(|| {
		let device = Secret::p256(1);
		let (secret, maker, network) = certified(&device);
		assert_ok!(Registry::retire_device(signed(ALICE), device.id()));
		pass_blocks(1);
		assert_ok!(declare(maker, device.public()));
		assert_ok!(Registry::restore_device(signed(MAKER), device.id()));
		assert_ok!(Registry::reap_device(signed(BOB), device.id()));
		let certificate = secret.certify(maker, 0, network, device.public());
		assert_noop!(
			register(ALICE, network, &device, Some(certificate)),
			Error::<Test>::KeyCompromised
		);
	});
}

#[test]
fn declarations_are_counted_without_wrapping() {
	ExtBuilder::default().build_and_execute(|| {
		let maker = register_maker(&Secret::p256(1));
		Makers::<Test>::mutate_extant(maker, |maker| maker.declarations = u32::MAX);
		assert_noop!(declare(maker, Secret::p256(2).public()), ArithmeticError::Overflow);
		Makers::<Test>::mutate_extant(maker, |maker| maker.declarations = 0);
	});
}
