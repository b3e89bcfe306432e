//! Rotation of a key, authorized by the current key.

use super::*;

#[test]
fn a_key_of_each_scheme_gives_way_to_one_of_each() {
	for old in Secret::of_each(1) {
		for new in Secret::of_each(2) {
			ExtBuilder::default().build_and_execute(|| {
				let (id, network) = registered(ALICE, &old);
				let before = Registry::device_record(id).unwrap();
				let Rotation { by_old, by_new, key, .. } = Rotation::of(id, &old, &new);
				assert!(by_old.expires < by_new.expires);
				assert_ok!(Registry::rotate_key(signed(ALICE), id, key, by_old, by_new, None));
				assert_eq!(events(), [Event::KeyRotated { device: id, key, maker: None }]);
				// Everything but the key is unchanged, above all the id.
				let after = Registry::device_record(id).unwrap();
				let statements_until = by_new.expires;
				let expected =
					depin_primitives::device::DeviceRecord { key, statements_until, ..before };
				assert_eq!(after, expected);
				let view = Registry::device(&id).unwrap();
				assert_eq!((view.key, view.network), (key, network));
				assert_eq!(
					RotatedKeys::<Test>::get(ShortId::from(new.id())),
					Some(ShortId::from(id))
				);
				assert_eq!(turns(), []);
				assert_eq!(Registry::device_record(new.id()), None);
			});
		}
	}
}

#[test]
fn a_device_can_change_keys_again_and_again_and_go_back() {
	ExtBuilder::default().build_and_execute(|| {
		let [first, second, third] = [Secret::p256(1), Secret::ed25519(2), Secret::secp256k1(3)];
		let (id, _) = registered(ALICE, &first);
		assert_ok!(rotate(ALICE, id, &first, &second, None));
		// The first key no longer authorizes anything.
		assert_noop!(rotate(ALICE, id, &first, &third, None), Error::<Test>::BadRotation);
		assert_ok!(rotate(ALICE, id, &second, &third, None));
		let keys: Vec<_> = RotatedKeys::<Test>::iter_keys().collect();
		assert_eq!(keys, [ShortId::from(third.id())]);
		assert_ok!(rotate(ALICE, id, &third, &first, None));
		assert_eq!(RotatedKeys::<Test>::iter_keys().count(), 0);
		assert_eq!(Registry::device(&id).unwrap().key, first.public());
		assert_ok!(rotate(ALICE, id, &first, &second, None));

		// The device keeps its id with every key.
		assert_ok!(Registry::retire_device(signed(ALICE), id));
		pass_blocks(RETIRE_DELAY);
		assert_ok!(Registry::reap_device(signed(ALICE), id));
		assert_eq!(RotatedKeys::<Test>::iter_keys().count(), 0);
	});
}

#[test]
fn a_rotation_must_be_signed_by_the_old_key() {
	for old in Secret::of_each(1) {
		ExtBuilder::default().build_and_execute(|| {
			let (id, _) = registered(ALICE, &old);
			let (new, other) = (Secret::ed25519(2), Secret::of(old.public().scheme(), 3));
			let key = new.public();
			let expires = fresh();
			let body = KeyRotation { device: id, owner: ALICE, new_key: key, expires };
			let elsewhere = old.sign(&body, &OTHER_GENESIS);
			// The expiry is signed, too.
			let later = TimedSignature {
				expires: expires + 1,
				..old.rotation_until(expires, id, ALICE, key)
			};
			for by_old in [
				// Signed by another key, and by the new one.
				other.rotation(id, ALICE, key),
				new.rotation(id, ALICE, key),
				// Signed for another device, owner or key, or for another chain.
				old.rotation(other.id(), ALICE, key),
				old.rotation(id, BOB, key),
				old.rotation(id, ALICE, other.public()),
				TimedSignature { expires, signature: elsewhere },
				later,
				// Signed for another purpose.
				old.adoption(id, ALICE),
				old.consent(0, ALICE),
				timed(Signature([0; 64])),
				timed(Signature([0xff; 64])),
			] {
				let rotation = Rotation { by_old, ..Rotation::of(id, &old, &new) };
				assert_noop!(rotation.send(), Error::<Test>::BadRotation);
			}
			assert_ok!(Rotation::of(id, &old, &new).send());
		});
	}
}

#[test]
fn a_rotation_must_be_signed_by_the_new_key() {
	for new in Secret::of_each(2) {
		ExtBuilder::default().build_and_execute(|| {
			let old = Secret::p256(1);
			let (id, _) = registered(ALICE, &old);
			let other = Secret::of(new.public().scheme(), 3);
			let expires = fresh();
			let body = KeyAdoption { device: id, owner: ALICE, expires };
			let elsewhere = new.sign(&body, &OTHER_GENESIS);
			// The expiry is signed, too.
			let later =
				TimedSignature { expires: expires + 1, ..new.adoption_until(expires, id, ALICE) };
			for by_new in [
				// Signed by another key, and by the old one.
				other.adoption(id, ALICE),
				old.adoption(id, ALICE),
				// Signed for another device or owner, or for another chain.
				new.adoption(other.id(), ALICE),
				new.adoption(id, BOB),
				TimedSignature { expires, signature: elsewhere },
				later,
				// Signed for another purpose.
				new.rotation(id, ALICE, new.public()),
				new.consent(0, ALICE),
				timed(Signature([0; 64])),
				timed(Signature([0xff; 64])),
			] {
				let rotation = Rotation { by_new, ..Rotation::of(id, &old, &new) };
				assert_noop!(rotation.send(), Error::<Test>::BadAdoption);
			}
			assert_ok!(Rotation::of(id, &old, &new).send());
		});
	}
}

#[test]
fn a_rotated_key_must_be_well_formed_and_of_an_accepted_scheme() {
	ExtBuilder::default().build_and_execute(|| {
		let only_p256 = NetworkPolicy { schemes: KeySchemes::only(KeyScheme::P256), ..policy() };
		let (network, old) = (create_network_with(None, only_p256), Secret::p256(1));
		assert_ok!(register(ALICE, network, &old, None));
		for new in [Secret::ed25519(2), Secret::sr25519(2), Secret::secp256k1(2)] {
			let refused = rotate(ALICE, old.id(), &old, &new, None);
			assert_noop!(refused, Error::<Test>::SchemeNotAccepted);
		}
		assert_ok!(rotate(ALICE, old.id(), &old, &Secret::p256(2), None));

		let (id, _) = registered(ALICE, &Secret::ed25519(1));
		for key in malformed_keys() {
			let by_old = Secret::ed25519(1).rotation(id, ALICE, key);
			let new = Secret::ed25519(9);
			let rotation = Rotation { key, by_old, ..Rotation::of(id, &new, &new) };
			assert_noop!(rotation.send(), Error::<Test>::MalformedKey);
		}
	});
}

/// A network can narrow the schemes that it accepts: its devices stay, and may change to an
/// accepted scheme.
#[test]
fn rotation_obeys_the_rules_in_force() {
	ExtBuilder::default().build_and_execute(|| {
		let old = Secret::ed25519(1);
		let (id, network) = registered(ALICE, &old);
		let only_p256 = NetworkPolicy { schemes: KeySchemes::only(KeyScheme::P256), ..policy() };
		assert_ok!(Registry::change_network(signed(ADMIN), network, None, BOND, only_p256));
		assert_ok!(rotate(ALICE, id, &old, &Secret::ed25519(2), None));
		Epoch::set(1);
		let old = Secret::ed25519(2);
		let refused = rotate(ALICE, id, &old, &Secret::ed25519(3), None);
		assert_noop!(refused, Error::<Test>::SchemeNotAccepted);
		assert_ok!(rotate(ALICE, id, &old, &Secret::p256(3), None));
	});
}

#[test]
fn accounts_that_may_act_rotate_a_devices_key() {
	ExtBuilder::default().build_and_execute(|| {
		let (old, new) = (Secret::p256(1), Secret::p256(2));
		let (id, _) = registered(ALICE, &old);
		let by_bob = || Rotation { who: BOB, ..Rotation::of(id, &old, &new) }.send();
		assert_noop!(by_bob(), Error::<Test>::NotPermitted);
		assert_ok!(grant(id, ALICE, BOB, Permissions(3)));
		assert_noop!(by_bob(), Error::<Test>::NotPermitted);
		assert_ok!(grant(id, ALICE, BOB, Permissions::ACT));
		// The statements name the owner, not the sender of the call.
		let own = rotate(BOB, id, &old, &new, None);
		assert_noop!(own, Error::<Test>::BadAdoption);
		assert_ok!(by_bob());
		assert_eq!(Registry::device(&id).unwrap().owner, ALICE);

		let unknown = H256::repeat_byte(1);
		assert_noop!(Rotation::of(unknown, &old, &new).send(), Error::<Test>::UnknownDevice);
		let Rotation { key, by_old, by_new, .. } = Rotation::of(id, &old, &new);
		let by_root = Registry::rotate_key(RuntimeOrigin::root(), id, key, by_old, by_new, None);
		assert_noop!(by_root, BadOrigin);
	});
}

#[test]
fn a_retiring_device_keeps_its_key() {
	ExtBuilder::default().build_and_execute(|| {
		let (old, new) = (Secret::p256(1), Secret::p256(2));
		let (id, _) = registered(ALICE, &old);
		assert_ok!(Registry::retire_device(signed(ALICE), id));
		assert_noop!(rotate(ALICE, id, &old, &new, None), Error::<Test>::AlreadyRetiring);
	});
}

/// The first check that fails gives the error: cheap checks come first, signatures last.
#[test]
fn checks_of_a_rotation_come_in_order() {
	ExtBuilder::default().build_and_execute(|| {
		let this = Certified::new();
		let (id, new) = (this.id, Secret::p256(2));
		let no_signature = Signature([0; 64]);
		let only_p256 =
			NetworkPolicy { schemes: KeySchemes::only(KeyScheme::P256), ..certified_policy() };
		let makers = Some(BoundedVec::truncate_from(vec![this.maker]));
		assert_ok!(Registry::change_network(signed(ADMIN), this.network, makers, BOND, only_p256));
		Epoch::set(1);

		// Everything is wrong at first; each step corrects one argument.
		let (mut number, mut who, mut key) = (H256::zero(), BOB, Secret::ed25519(1).public());
		let until = |expires| TimedSignature { expires, signature: no_signature };
		let used = Registry::stored_device(id).unwrap().statements_until;
		let (mut by_old, mut by_new, mut certificate) = (until(NOW), until(NOW), None);
		macro_rules! refused {
			($error:ident) => {
				assert_noop!(
					Registry::rotate_key(signed(who), number, key, by_old, by_new, certificate),
					Error::<Test>::$error
				);
			};
		}
		refused!(UnknownDevice);
		number = id;
		refused!(NotPermitted);
		who = ALICE;
		refused!(SchemeNotAccepted);
		key = PublicKey::P256([0; 33]);
		refused!(MalformedKey);
		key = this.device.public();
		refused!(KeyInUse);
		key = new.public();
		refused!(StatementExpired);
		by_new = until(NOW + MAX_STATEMENT_LIFETIME + 1);
		refused!(ExpiryTooFar);
		by_new = until(used);
		refused!(StatementOutdated);
		by_new = until(used + 1);
		refused!(StatementExpired);
		by_old = until(NOW + MAX_STATEMENT_LIFETIME + 1);
		refused!(ExpiryTooFar);
		by_old = until(used);
		refused!(StatementOutdated);
		by_old = until(used + 1);
		refused!(CertificateRequired);
		certificate = Some(SignedCertificate { signature: no_signature, ..this.certify(&new) });
		refused!(BadCertificate);
		certificate = Some(this.certify(&new));
		refused!(BadAdoption);
		by_new = new.adoption(id, ALICE);
		refused!(BadRotation);
		by_old = this.device.rotation(id, ALICE, key);
		assert_ok!(Registry::rotate_key(signed(who), number, key, by_old, by_new, certificate));
	});
}
