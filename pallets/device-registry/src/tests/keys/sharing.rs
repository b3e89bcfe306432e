//! No two devices share a key.

use super::*;

#[test]
fn no_two_devices_share_a_key() {
	ExtBuilder::default().build_and_execute(|| {
		let network = create_network();
		let [one, two, third, fresh] = [1, 2, 3, 4].map(Secret::p256);
		assert_ok!(register(ALICE, network, &one, None));
		assert_ok!(register(BOB, network, &two, None));
		let refused = |old: &Secret, new: &Secret| {
			assert_noop!(rotate(ALICE, one.id(), old, new, None), Error::<Test>::KeyInUse);
		};
		// The device's current key, and the key of another device.
		refused(&one, &one);
		refused(&one, &two);
		// Another device's rotated key, and its first, which that device may take on again.
		assert_ok!(rotate(BOB, two.id(), &two, &third, None));
		refused(&one, &third);
		refused(&one, &two);
		// The device's own current, rotated key.
		assert_ok!(rotate(ALICE, one.id(), &one, &fresh, None));
		refused(&fresh, &fresh);

		// A new device cannot be registered with one of them either.
		let register = |device: &Secret| register(ALICE, network, device, None);
		for taken in [&third, &fresh] {
			assert_noop!(register(taken), Error::<Test>::KeyInUse);
		}
		for first in [&one, &two] {
			assert_noop!(register(first), Error::<Test>::AlreadyRegistered);
		}
		// A key that was given up is free for every device.
		assert_ok!(rotate(ALICE, one.id(), &fresh, &one, None));
		assert_ok!(register(&fresh));
		let refused = rotate(BOB, two.id(), &third, &fresh, None);
		assert_noop!(refused, Error::<Test>::KeyInUse);
	});
}

/// The same key in two items of one bulk: only the second fails.
#[test]
fn a_key_in_use_fails_alone_in_bulk() {
	ExtBuilder::default().build_and_execute(|| {
		let (first, taken, fresh) = (Secret::p256(1), Secret::p256(2), Secret::p256(3));
		let (id, network) = registered(ALICE, &first);
		assert_ok!(rotate(ALICE, id, &first, &taken, None));
		events();
		let devices = [&taken, &fresh].map(|secret| secret.registration(BOB, network, None));
		let devices = BoundedVec::truncate_from(devices.to_vec());
		assert_ok!(Registry::register_devices(signed(BOB), network, devices));
		let error = Error::<Test>::KeyInUse.into();
		let failed = Event::RegistrationFailed { index: 0, device: taken.id(), error };
		assert_eq!(events()[0], failed);
		assert_eq!(Registry::device(&fresh.id()).map(|device| device.owner), Some(BOB));
	});
}

/// The first and the last key of a reaped device are free again.
#[test]
fn a_reaped_device_leaves_its_keys() {
	ExtBuilder::default().retire_delay(1).build_and_execute(|| {
		let (first, second) = (Secret::p256(1), Secret::ed25519(2));
		let (id, network) = registered(ALICE, &first);
		assert_ok!(rotate(ALICE, id, &first, &second, None));
		assert_ok!(Registry::retire_device(signed(ALICE), id));
		pass_blocks(1);
		expire_statements();
		assert_ok!(Registry::reap_device(signed(ALICE), id));
		assert_ok!(register(BOB, network, &second, None));
		assert_ok!(register(BOB, network, &first, None));
	});
}

/// A device that gives up its first key frees no other key whose hash begins like its id.
#[test]
fn giving_up_a_first_key_frees_no_other() {
	ExtBuilder::default().build().execute_with(|| {
		let this = Certified::new();
		let new = Secret::p256(2);
		// Nobody can make such a key: the test writes its entry by hand.
		let alike = ShortId::from(this.id);
		RotatedKeys::<Test>::insert(alike, ShortId::from(this.id));
		assert_ok!(rotate(ALICE, this.id, &this.device, &new, Some(this.certify(&new))));
		assert!(RotatedKeys::<Test>::contains_key(alike));
		assert!(RotatedKeys::<Test>::contains_key(ShortId::from(new.id())));
	});
}

/// Keys in use are compared by half of their hash.
#[test]
fn a_key_whose_hash_begins_like_that_of_one_in_use_is_refused() {
	ExtBuilder::default().build().execute_with(|| {
		let this = Certified::new();
		let new = Secret::p256(2);
		// Nobody can make such a key: the test writes its entry by hand.
		RotatedKeys::<Test>::insert(ShortId::from(new.id()), ShortId::from(this.id));
		let register = register(ALICE, this.network, &new, Some(this.certify(&new)));
		assert_noop!(register, Error::<Test>::KeyInUse);
		let rotate = rotate(ALICE, this.id, &this.device, &new, Some(this.certify(&new)));
		assert_noop!(rotate, Error::<Test>::KeyInUse);
		assert_noop!(this.recover(&new), Error::<Test>::KeyInUse);
	});
}
