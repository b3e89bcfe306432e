//! Certificates of rotated keys, and declarations of them.

use super::*;

/// The trust in a device is trust in its key.
#[test]
fn without_a_certificate_a_device_is_open_from_then_on() {
	ExtBuilder::default().build_and_execute(|| {
		let maker_key = Secret::p256(100);
		let (maker, network) = (register_maker(&maker_key), create_network());
		let [old, bare, certified] = [1, 2, 3].map(Secret::p256);
		let certify = |secret: &Secret| maker_key.certify(maker, 0, network, secret.public());
		assert_ok!(register(ALICE, network, &old, Some(certify(&old))));
		let id = old.id();
		let trust = || Registry::device(&id).unwrap().trust;
		assert_eq!((trust(), listed(maker)), (TrustLevel::Certified, vec![id]));

		assert_ok!(rotate(ALICE, id, &old, &bare, None));
		assert_eq!((trust(), listed(maker)), (TrustLevel::Open, vec![]));
		assert_eq!(Registry::device_record(id).unwrap().maker, None);

		events();
		assert_ok!(rotate(ALICE, id, &bare, &certified, Some(certify(&certified))));
		let (key, by) = (certified.public(), Some((maker, MODEL)));
		assert_eq!(events(), [Event::KeyRotated { device: id, key, maker: by }]);
		assert_eq!((trust(), listed(maker)), (TrustLevel::Certified, vec![id]));
	});
}

#[test]
fn a_network_that_demands_a_certificate_demands_it_of_the_new_key() {
	ExtBuilder::default().build_and_execute(|| {
		let this = Certified::new();
		let new = Secret::ed25519(2);
		let rotate = |certificate| rotate(ALICE, this.id, &this.device, &new, certificate);
		assert_noop!(rotate(None), Error::<Test>::CertificateRequired);

		let good = this.certify(&new);
		let refused = |certificate, error: Error<Test>| {
			assert_noop!(rotate(Some(certificate)), error);
		};
		refused(SignedCertificate { maker: 9, ..good }, Error::UnknownMaker);
		refused(SignedCertificate { key: 9, ..good }, Error::UnknownMakerKey);
		refused(SignedCertificate { model: 9, ..good }, Error::BadCertificate);
		// The certificate of the old key is none of the new one.
		refused(this.certify(&this.device), Error::BadCertificate);
		let expired = this.maker_key.certify_until(NOW, this.maker, 0, this.network, new.public());
		refused(expired, Error::CertificateExpired);
		let other_key = Secret::p256(101);
		let other = register_maker(&other_key);
		let by_other = other_key.certify(other, 0, this.network, new.public());
		refused(by_other, Error::MakerNotAccepted);

		let by_second = add_maker_key(this.maker, &other_key);
		assert_ok!(Registry::revoke_maker_key(signed(MAKER), this.maker, 0));
		refused(good, Error::MakerKeyRevoked);
		let good = other_key.certify(this.maker, by_second, this.network, new.public());
		assert_ok!(rotate(Some(good)));
		assert_eq!(listed(this.maker), [this.id]);
	});
}

#[test]
fn another_makers_certificate_moves_the_device_to_its_list() {
	ExtBuilder::default().build_and_execute(|| {
		let network = create_network();
		let keys = [Secret::p256(100), Secret::ed25519(101)];
		let [one, two] = [register_maker(&keys[0]), register_maker(&keys[1])];
		let (old, new, last) = (Secret::p256(1), Secret::p256(2), Secret::p256(3));
		let certificate = keys[0].certify(one, 0, network, old.public());
		assert_ok!(register(ALICE, network, &old, Some(certificate)));
		let certificate = keys[1].certify(two, 0, network, new.public());
		assert_ok!(rotate(ALICE, old.id(), &old, &new, Some(certificate)));
		assert_eq!((listed(one), listed(two)), (vec![], vec![old.id()]));
		assert_eq!(Registry::device_record(old.id()).unwrap().maker, Some((two, MODEL)));

		// A recovery moves the device, too.
		let certificate = keys[0].certify(one, 0, network, last.public());
		assert_ok!(recover(ALICE, old.id(), &last, certificate));
		assert_eq!((listed(one), listed(two)), (vec![], vec![old.id()]));
		pass_blocks(RECOVERY_DELAY);
		assert_ok!(finish(old.id()));
		assert_eq!((listed(one), listed(two)), (vec![old.id()], vec![]));
	});
}

#[test]
fn a_key_that_was_declared_compromised_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let this = Certified::new();
		let new = Secret::ed25519(2);
		let leaked = CompromiseReason::KeyLeaked;
		let key = new.public();
		assert_ok!(Registry::declare_compromised(signed(MAKER), this.maker, key, leaked, None));
		let certificate = Some(this.certify(&new));
		let refused = rotate(ALICE, this.id, &this.device, &new, certificate);
		assert_noop!(refused, Error::<Test>::KeyCompromised);
		assert_noop!(this.recover(&new), Error::<Test>::KeyCompromised);
		assert_ok!(Registry::withdraw_declaration(signed(MAKER), this.maker, key));
		assert_ok!(rotate(ALICE, this.id, &this.device, &new, certificate));
	});
}

/// A declaration concerns the key that the device signs with, whatever the device's id.
#[test]
fn a_rotated_key_that_is_declared_suspends_the_device_that_is_named() {
	ExtBuilder::default().build_and_execute(|| {
		let this = Certified::new();
		let new = Secret::ed25519(2);
		assert_ok!(rotate(ALICE, this.id, &this.device, &new, Some(this.certify(&new))));
		let declare = |secret: &Secret| {
			let (key, leaked, device) =
				(secret.public(), CompromiseReason::KeyLeaked, Some(this.id));
			Registry::declare_compromised(signed(MAKER), this.maker, key, leaked, device)
		};
		// The device no longer signs with its first key.
		assert_ok!(declare(&this.device));
		assert_eq!(Registry::device(&this.id).unwrap().status, DeviceStatus::Active);
		assert_ok!(declare(&new));
		let reason = SuspendReason::KeyCompromised;
		let status = Registry::device(&this.id).unwrap().status;
		assert_eq!(status, DeviceStatus::Suspended { reason });
	});
}
