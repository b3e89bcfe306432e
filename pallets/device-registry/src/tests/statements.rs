//! Expiry of statements, and replay.

use super::*;
use keys::Rotation;

#[test]
fn a_consent_is_valid_before_its_expiry_and_for_a_day_at_most() {
	ExtBuilder::default().build_and_execute(|| {
		let (network, device) = (create_network(), Secret::p256(1));
		let register = |expires| {
			let consent = device.consent_until(expires, network, ALICE);
			let key = device.public();
			Registry::register_device(signed(ALICE), network, key, home(), None, consent)
		};
		for expires in [0, NOW - 1, NOW] {
			assert_noop!(register(expires), Error::<Test>::StatementExpired);
		}
		for expires in [NOW + MAX_STATEMENT_LIFETIME + 1, Millis::MAX] {
			assert_noop!(register(expires), Error::<Test>::ExpiryTooFar);
		}
		assert_ok!(register(NOW + MAX_STATEMENT_LIFETIME));
		let record = Registry::device_record(device.id()).unwrap();
		assert_eq!(record.statements_until, NOW + MAX_STATEMENT_LIFETIME);
	});
}

/// A former owner must not take back a device that they have sold after its reaping, with the
/// public consent of their own registration.
#[test]
fn a_consent_cannot_be_used_again_after_a_reaping() {
	ExtBuilder::default().retire_delay(1).build_and_execute(|| {
		let (network, device) = (create_network(), Secret::p256(1));
		let (id, key) = (device.id(), device.public());
		let expires = NOW + MAX_STATEMENT_LIFETIME;
		let consent = device.consent_until(expires, network, ALICE);
		let register =
			|| Registry::register_device(signed(ALICE), network, key, home(), None, consent);
		assert_ok!(register());
		assert_ok!(Registry::retire_device(signed(ALICE), id));
		// The retirement is over long before the consent has expired.
		pass_blocks(1);
		let reap = || Registry::reap_device(signed(ALICE), id);
		assert_noop!(reap(), Error::<Test>::StatementNotExpired);
		Timestamp::set_timestamp(expires - 1);
		assert_noop!(reap(), Error::<Test>::StatementNotExpired);
		Timestamp::set_timestamp(expires);
		assert_ok!(reap());
		assert_noop!(register(), Error::<Test>::StatementExpired);
		assert_ok!(super::register(BOB, network, &device, None));
	});
}

/// The device returns to a former key, and an account that may act for it sends the statements of
/// an earlier rotation again.
#[test]
fn a_rotation_cannot_be_used_again() {
	ExtBuilder::default().build_and_execute(|| {
		let [first, second] = [1, 2].map(Secret::p256);
		let (id, _) = registered(ALICE, &first);
		assert_ok!(grant(id, ALICE, BOB, Permissions::ACT));
		let Rotation { key, by_old, by_new, .. } = Rotation::of(id, &first, &second);
		let again = || Registry::rotate_key(signed(BOB), id, key, by_old, by_new, None);
		assert_ok!(again());
		assert_ok!(rotate(ALICE, id, &second, &first, None));
		assert_noop!(again(), Error::<Test>::StatementOutdated);
		assert_eq!(current_key(id), first.public());

		// Each of the two signatures must be new.
		let fresh = Rotation::of(id, &first, &second);
		let old = Rotation { by_old, ..Rotation::of(id, &first, &second) };
		assert_noop!(old.send(), Error::<Test>::StatementOutdated);
		let old = Rotation { by_new, ..Rotation::of(id, &first, &second) };
		assert_noop!(old.send(), Error::<Test>::StatementOutdated);
		assert_ok!(fresh.send());
	});
}

#[test]
fn an_adoption_cannot_be_used_again() {
	ExtBuilder::default().build_and_execute(|| {
		let (maker_key, new) = (Secret::p256(100), Secret::p256(2));
		let maker = register_maker(&maker_key);
		let (id, network) = registered(ALICE, &Secret::p256(1));
		let (key, by_new) = (new.public(), new.adoption(id, ALICE));
		let certificate = maker_key.certify(maker, 0, network, key);
		let recover = |by_new| Registry::recover_key(signed(ALICE), id, key, by_new, certificate);
		assert_ok!(recover(by_new));
		assert_eq!(Registry::device_record(id).unwrap().statements_until, by_new.expires);
		assert_ok!(Registry::cancel_recovery(signed(ALICE), id));
		assert_noop!(recover(by_new), Error::<Test>::StatementOutdated);
		for (expires, error) in [
			(NOW, Error::<Test>::StatementExpired),
			(NOW + MAX_STATEMENT_LIFETIME + 1, Error::<Test>::ExpiryTooFar),
		] {
			assert_noop!(recover(new.adoption_until(expires, id, ALICE)), error);
		}
		assert_ok!(recover(new.adoption(id, ALICE)));
	});
}

/// A statement with the latest possible expiry refuses all others only until the clock goes on.
#[test]
fn a_statement_of_the_longest_lifetime_does_not_lock_a_device() {
	ExtBuilder::default().retire_delay(1).build_and_execute(|| {
		let [first, second] = [1, 2].map(Secret::p256);
		let (id, _) = registered(ALICE, &first);
		let key = second.public();
		let rotate = |expires| {
			let by_old = first.rotation_until(expires, id, ALICE, key);
			let by_new = second.adoption_until(expires, id, ALICE);
			Registry::rotate_key(signed(ALICE), id, key, by_old, by_new, None)
		};
		let latest = NOW + MAX_STATEMENT_LIFETIME;
		assert_ok!(rotate(latest));
		let back = |expires| {
			let key = first.public();
			let by_old = second.rotation_until(expires, id, ALICE, key);
			let by_new = first.adoption_until(expires, id, ALICE);
			Registry::rotate_key(signed(ALICE), id, key, by_old, by_new, None)
		};
		assert_noop!(back(latest), Error::<Test>::StatementOutdated);
		assert_noop!(back(latest + 1), Error::<Test>::ExpiryTooFar);
		Timestamp::set_timestamp(NOW + 1);
		assert_ok!(back(latest + 1));

		// A rotation, too, keeps a device from being reaped until it has expired.
		assert_ok!(Registry::retire_device(signed(ALICE), id));
		pass_blocks(1);
		assert_noop!(Registry::reap_device(signed(BOB), id), Error::<Test>::StatementNotExpired);
		Timestamp::set_timestamp(latest + 1);
		assert_ok!(Registry::reap_device(signed(BOB), id));
	});
}

/// The statement of the first of two keys with the same expiry is as valid as that of the second.
#[test]
fn both_statements_of_a_rotation_may_expire_at_once() {
	ExtBuilder::default().build_and_execute(|| {
		let [first, second] = [1, 2].map(Secret::p256);
		let (id, _) = registered(ALICE, &first);
		let (expires, key) = (fresh(), second.public());
		let by_old = first.rotation_until(expires, id, ALICE, key);
		let by_new = second.adoption_until(expires, id, ALICE);
		assert_ok!(Registry::rotate_key(signed(ALICE), id, key, by_old, by_new, None));
		assert_eq!(Registry::device_record(id).unwrap().statements_until, expires);
	});
}
