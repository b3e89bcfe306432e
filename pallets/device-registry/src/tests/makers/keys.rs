//! Keys with which makers sign certificates.

use super::*;

#[test]
fn a_maker_has_several_keys_of_any_scheme() {
	ExtBuilder::default().build_and_execute(|| {
		let secrets = Secret::of_each(100);
		let keys = secrets.clone().map(|secret| secret.public());
		let [first, others @ ..] = &secrets;
		let maker = register_maker(first);
		let network = create_closed_network(vec![maker]);
		events();
		// A maker has three keys at a time; number 0 makes room for the last.
		for (number, secret) in (1..).zip(others) {
			if number == 3 {
				let add = Registry::add_maker_key(signed(MAKER), maker, keys[3]);
				assert_noop!(add, Error::<Test>::TooManyKeys);
				assert_ok!(revoke(maker, 0));
				assert_eq!(events(), [Event::MakerKeyRevoked { maker, number: 0 }]);
			}
			assert_eq!(add_maker_key(maker, secret), number);
			let key = keys[number as usize];
			assert_eq!(events(), [Event::MakerKeyAdded { maker, number, key }]);
		}
		assert_eq!(maker_record(maker).keys, [(1, keys[1]), (2, keys[2]), (3, keys[3])]);
		assert_eq!(maker_deposits(), MAKER_DEPOSIT + 3 * MAKER_KEY_DEPOSIT);

		// Each key verifies certificates under its own number only.
		for (number, secret) in (1..).zip(others) {
			let device = Secret::p256(number as u8);
			for wrong in (1..=3).filter(|wrong| *wrong != number) {
				let certificate = secret.certify(maker, wrong, network, device.public());
				assert_noop!(
					register(ALICE, network, &device, Some(certificate)),
					Error::<Test>::BadCertificate
				);
			}
			let certificate = secret.certify(maker, number, network, device.public());
			assert_ok!(register(ALICE, network, &device, Some(certificate)));
		}
	});
}

#[test]
fn a_maker_key_is_added_once() {
	ExtBuilder::default().build_and_execute(|| {
		let maker = register_maker(&Secret::p256(1));
		let add = |key| Registry::add_maker_key(signed(MAKER), maker, key);
		let (first, second) = (Secret::p256(1).public(), Secret::ed25519(1).public());
		assert_noop!(add(first), Error::<Test>::DuplicateKey);
		assert_ok!(add(second));
		assert_noop!(add(second), Error::<Test>::DuplicateKey);
		// Another maker may have the key, too.
		assert_eq!(register_maker(&Secret::p256(1)), maker + 1);
	});
}

#[test]
fn a_maker_keys_number_is_never_assigned_twice() {
	ExtBuilder::default().build_and_execute(|| {
		let secret = Secret::p256(1);
		let maker = register_maker(&secret);
		for number in 1..6 {
			assert_ok!(revoke(maker, number - 1));
			assert_eq!(maker_record(maker).keys, []);
			// The same key can be added again, and gets another number.
			assert_eq!(add_maker_key(maker, &secret), number);
		}
		assert_eq!(maker_deposits(), MAKER_DEPOSIT + MAKER_KEY_DEPOSIT);
		Makers::<Test>::mutate_extant(maker, |maker| maker.next_key = u32::MAX);
		assert_noop!(
			Registry::add_maker_key(signed(MAKER), maker, Secret::p256(2).public()),
			ArithmeticError::Overflow
		);
	});
}

#[test]
fn a_revoked_maker_key_admits_no_device_and_its_devices_stay() {
	ExtBuilder::default().build_and_execute(|| {
		let (old, device) = (Secret::p256(1), Secret::p256(2));
		let (secret, maker, network) = certified(&old);
		let second = Secret::sr25519(100);
		let number = add_maker_key(maker, &second);
		assert_eq!(maker_deposits(), MAKER_DEPOSIT + 2 * MAKER_KEY_DEPOSIT);
		let record = Registry::device_record(old.id());
		assert_ok!(revoke(maker, 0));
		assert_eq!(maker_deposits(), MAKER_DEPOSIT + MAKER_KEY_DEPOSIT);

		assert_eq!(Registry::device_record(old.id()), record);
		assert_eq!(record.unwrap().status, DeviceStatus::Active);
		assert_eq!(turns(), []);
		let try_with = |secret: &Secret, number| {
			let certificate = secret.certify(maker, number, network, device.public());
			register(ALICE, network, &device, Some(certificate))
		};
		assert_noop!(try_with(&secret, 0), Error::<Test>::MakerKeyRevoked);
		// A number that the maker never had gives another error.
		assert_noop!(try_with(&secret, 2), Error::<Test>::UnknownMakerKey);
		assert_noop!(try_with(&secret, u32::MAX), Error::<Test>::UnknownMakerKey);
		assert_ok!(try_with(&second, number));
	});
}

#[test]
fn a_maker_key_is_revoked_once() {
	ExtBuilder::default().build_and_execute(|| {
		let maker = register_maker(&Secret::p256(1));
		assert_noop!(revoke(maker, 1), Error::<Test>::UnknownMakerKey);
		assert_ok!(revoke(maker, 0));
		assert_noop!(revoke(maker, 0), Error::<Test>::MakerKeyRevoked);
		assert_eq!(maker_deposits(), MAKER_DEPOSIT);
	});
}

/// The amount released for a key is the one that was held for it, not the price of a key today.
#[test]
fn the_deposit_of_each_maker_key_is_returned() {
	ExtBuilder::default().build_and_execute(|| {
		let maker = register_maker(&Secret::p256(1));
		add_maker_key(maker, &Secret::p256(2));
		let reason = HoldReason::MakerDeposit;
		assert_ok!(Registry::hold(reason, &MAKER, 9, Error::<Test>::CannotAffordDeposit));
		Makers::<Test>::mutate_extant(maker, |maker| maker.keys[1].deposit += 9);
		assert_ok!(revoke(maker, 0));
		assert_eq!(maker_deposits(), MAKER_DEPOSIT + MAKER_KEY_DEPOSIT + 9);
		assert_ok!(revoke(maker, 1));
		assert_eq!(maker_deposits(), MAKER_DEPOSIT);
	});
}
