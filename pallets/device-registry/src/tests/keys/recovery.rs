//! Recovery of a lost key, authorized by a maker's certificate.

use super::*;

#[test]
fn a_lost_key_is_replaced_after_a_delay() {
	for new in Secret::of_each(2) {
		ExtBuilder::default().build_and_execute(|| {
			let this = Certified::new();
			let (id, key, maker) = (this.id, new.public(), this.maker);
			System::set_block_number(5);
			assert_ok!(this.recover(&new));
			let from = 5 + RECOVERY_DELAY;
			assert_eq!(events(), [Event::RecoveryStarted { device: id, key, from }]);
			let before = Registry::device_record(id).unwrap();
			let pending = PendingKey { key, maker, maker_key: 0, model: MODEL, from };
			assert_eq!(before.pending_key, Some(pending));
			// Until then the old key is valid.
			assert_eq!(before.key, this.device.public());

			System::set_block_number(from - 1);
			assert_noop!(finish(id), Error::<Test>::RecoveryTooEarly);
			System::set_block_number(from);
			assert_ok!(finish(id));
			let maker = Some((maker, MODEL));
			assert_eq!(events(), [Event::KeyRotated { device: id, key, maker }]);
			let after = Registry::device_record(id).unwrap();
			let expected =
				depin_primitives::device::DeviceRecord { key, pending_key: None, ..before };
			assert_eq!(after, expected);
			assert_eq!(turns(), []);
			assert_noop!(finish(id), Error::<Test>::NoRecovery);

			// The old key no longer authorizes anything, the new one does.
			let third = Secret::ed25519(3);
			let certificate = Some(this.certify(&third));
			let by_old = rotate(ALICE, id, &this.device, &third, certificate);
			assert_noop!(by_old, Error::<Test>::BadRotation);
			assert_ok!(rotate(ALICE, id, &new, &third, certificate));
		});
	}
}

#[test]
fn only_the_owner_begins_and_ends_a_recovery() {
	ExtBuilder::default().build_and_execute(|| {
		let this = Certified::new();
		let new = Secret::p256(2);
		let certificate = this.certify(&new);
		assert_ok!(grant(this.id, ALICE, BOB, Permissions::ALL));
		for who in [BOB, MAKER, ADMIN] {
			assert_noop!(recover(who, this.id, &new, certificate), Error::<Test>::NotOwner);
		}
		let unknown = H256::repeat_byte(1);
		assert_noop!(recover(ALICE, unknown, &new, certificate), Error::<Test>::UnknownDevice);
		let cancel = |who, id| Registry::cancel_recovery(signed(who), id);
		assert_noop!(cancel(ALICE, this.id), Error::<Test>::NoRecovery);
		assert_noop!(cancel(ALICE, unknown), Error::<Test>::UnknownDevice);
		assert_noop!(finish(unknown), Error::<Test>::UnknownDevice);
		assert_noop!(finish(this.id), Error::<Test>::NoRecovery);

		assert_ok!(this.recover(&new));
		assert_noop!(cancel(BOB, this.id), Error::<Test>::NotOwner);
		events();
		assert_ok!(cancel(ALICE, this.id));
		assert_eq!(events(), [Event::RecoveryCancelled { device: this.id }]);
		assert_eq!(Registry::device_record(this.id).unwrap().pending_key, None);
		pass_blocks(RECOVERY_DELAY);
		assert_noop!(finish(this.id), Error::<Test>::NoRecovery);

		let (key, by_new) = (new.public(), new.adoption(this.id, ALICE));
		let root = RuntimeOrigin::root;
		let by_root = Registry::recover_key(root(), this.id, key, by_new, certificate);
		assert_noop!(by_root, BadOrigin);
		assert_noop!(Registry::finish_recovery(root(), this.id), BadOrigin);
		assert_noop!(Registry::cancel_recovery(root(), this.id), BadOrigin);
	});
}

#[test]
fn the_recovered_key_must_have_signed() {
	ExtBuilder::default().build_and_execute(|| {
		let this = Certified::new();
		let (new, other) = (Secret::p256(2), Secret::p256(3));
		let expires = fresh();
		let body = KeyAdoption { device: this.id, owner: ALICE, expires };
		let elsewhere = new.sign(&body, &OTHER_GENESIS);
		for by_new in [
			other.adoption(this.id, ALICE),
			new.adoption(other.id(), ALICE),
			new.adoption(this.id, BOB),
			TimedSignature { expires, signature: elsewhere },
			new.consent(this.network, ALICE),
			timed(Signature([0; 64])),
		] {
			let (key, certificate) = (new.public(), this.certify(&new));
			let refused = Registry::recover_key(signed(ALICE), this.id, key, by_new, certificate);
			assert_noop!(refused, Error::<Test>::BadAdoption);
		}
		assert_ok!(this.recover(&new));
	});
}

#[test]
fn a_recovery_needs_a_good_certificate_and_a_free_key() {
	ExtBuilder::default().build_and_execute(|| {
		let this = Certified::new();
		let (new, other) = (Secret::p256(2), Secret::p256(3));
		let good = this.certify(&new);
		let refused = |certificate, error: Error<Test>| {
			assert_noop!(recover(ALICE, this.id, &new, certificate), error);
		};
		refused(SignedCertificate { maker: 9, ..good }, Error::UnknownMaker);
		refused(SignedCertificate { model: 9, ..good }, Error::BadCertificate);
		refused(this.certify(&other), Error::BadCertificate);
		let expired = this.maker_key.certify_until(NOW, this.maker, 0, this.network, new.public());
		refused(expired, Error::CertificateExpired);
		let stranger = register_maker(&other);
		let by_stranger = other.certify(stranger, 0, this.network, new.public());
		refused(by_stranger, Error::MakerNotAccepted);

		assert_noop!(this.recover(&this.device), Error::<Test>::KeyInUse);
		assert_ok!(register(BOB, this.network, &other, Some(this.certify(&other))));
		assert_noop!(this.recover(&other), Error::<Test>::KeyInUse);

		// An open network requires no certificate, but a recovery does: nothing else authorizes it.
		let (open, device) = (create_network(), Secret::ed25519(4));
		assert_ok!(register(ALICE, open, &device, None));
		let certificate = this.maker_key.certify(this.maker, 0, open, new.public());
		let forged = SignedCertificate { signature: Signature([0; 64]), ..certificate };
		let refused = recover(ALICE, device.id(), &new, forged);
		assert_noop!(refused, Error::<Test>::BadCertificate);
		assert_ok!(recover(ALICE, device.id(), &new, certificate));
		pass_blocks(RECOVERY_DELAY);
		assert_ok!(finish(device.id()));
		assert_eq!(Registry::device(&device.id()).unwrap().trust, TrustLevel::Certified);
	});
}

#[test]
fn the_scheme_of_a_recovered_key_must_be_accepted() {
	ExtBuilder::default().build_and_execute(|| {
		let maker_key = Secret::p256(100);
		let maker = register_maker(&maker_key);
		let only_p256 = NetworkPolicy { schemes: KeySchemes::only(KeyScheme::P256), ..policy() };
		let (network, device) = (create_network_with(None, only_p256), Secret::p256(1));
		assert_ok!(register(ALICE, network, &device, None));
		let id = device.id();
		let recover = |new: &Secret| {
			recover(ALICE, id, new, maker_key.certify(maker, 0, network, new.public()))
		};
		assert_noop!(recover(&Secret::ed25519(2)), Error::<Test>::SchemeNotAccepted);
		let (key, signature) = (PublicKey::P256([0; 33]), Signature([0; 64]));
		let certificate = maker_key.certify(maker, 0, network, key);
		let by_new = timed(signature);
		let malformed = Registry::recover_key(signed(ALICE), id, key, by_new, certificate);
		assert_noop!(malformed, Error::<Test>::MalformedKey);

		// Conditions that held when the recovery began may no longer hold when it ends.
		assert_ok!(recover(&Secret::p256(2)));
		let only_ed = NetworkPolicy { schemes: KeySchemes::only(KeyScheme::Ed25519), ..policy() };
		assert_ok!(Registry::change_network(signed(ADMIN), network, None, BOND, only_ed));
		Epoch::set(1);
		pass_blocks(RECOVERY_DELAY);
		assert_noop!(finish(id), Error::<Test>::SchemeNotAccepted);
		assert_ok!(recover(&Secret::ed25519(2)));
		pass_blocks(RECOVERY_DELAY);
		assert_ok!(finish(id));
	});
}

#[test]
fn a_later_recovery_takes_the_place_of_an_earlier_one() {
	ExtBuilder::default().build_and_execute(|| {
		let this = Certified::new();
		let (one, two) = (Secret::p256(2), Secret::p256(3));
		assert_ok!(this.recover(&one));
		pass_blocks(RECOVERY_DELAY - 1);
		assert_ok!(this.recover(&two));
		// The later recovery has a delay of its own.
		pass_blocks(1);
		assert_noop!(finish(this.id), Error::<Test>::RecoveryTooEarly);
		pass_blocks(RECOVERY_DELAY - 1);
		assert_ok!(finish(this.id));
		assert_eq!(Registry::device(&this.id).unwrap().key, two.public());
	});
}

/// A device that can still sign with its key has not lost it.
#[test]
fn a_rotation_ends_a_recovery() {
	ExtBuilder::default().build_and_execute(|| {
		let this = Certified::new();
		let (recovered, rotated) = (Secret::p256(2), Secret::p256(3));
		assert_ok!(this.recover(&recovered));
		let certificate = Some(this.certify(&rotated));
		assert_ok!(rotate(ALICE, this.id, &this.device, &rotated, certificate));
		pass_blocks(RECOVERY_DELAY);
		assert_noop!(finish(this.id), Error::<Test>::NoRecovery);
		assert_eq!(Registry::device(&this.id).unwrap().key, rotated.public());
	});
}

/// A pending key is not reserved for its device.
#[test]
fn a_recovered_key_must_still_be_free() {
	ExtBuilder::default().build_and_execute(|| {
		let this = Certified::new();
		let new = Secret::p256(2);
		assert_ok!(this.recover(&new));
		assert_ok!(register(BOB, this.network, &new, Some(this.certify(&new))));
		pass_blocks(RECOVERY_DELAY);
		assert_noop!(finish(this.id), Error::<Test>::KeyInUse);
		// The key is free once the device that had it is reaped.
		assert_ok!(Registry::retire_device(signed(BOB), new.id()));
		pass_blocks(RETIRE_DELAY);
		assert_ok!(Registry::reap_device(signed(BOB), new.id()));
		assert_ok!(finish(this.id));
	});
}

#[test]
fn a_recovery_fails_if_its_maker_is_accepted_no_more() {
	ExtBuilder::default().build_and_execute(|| {
		let this = Certified::new();
		let other = register_maker(&Secret::p256(101));
		let makers = Some(BoundedVec::truncate_from(vec![other]));
		let change =
			Registry::change_network(signed(ADMIN), this.network, makers, BOND, certified_policy());
		assert_ok!(change);
		assert_ok!(this.recover(&Secret::p256(2)));
		pass_blocks(RECOVERY_DELAY);
		Epoch::set(1);
		assert_noop!(finish(this.id), Error::<Test>::MakerNotAccepted);
		// The device itself stays certified.
		assert_eq!(Registry::device(&this.id).unwrap().trust, TrustLevel::Certified);
	});
}

#[test]
fn a_recovery_fails_if_its_key_is_declared_compromised_meanwhile() {
	ExtBuilder::default().build_and_execute(|| {
		let this = Certified::new();
		let new = Secret::p256(2);
		assert_ok!(this.recover(&new));
		let (key, stolen) = (new.public(), CompromiseReason::Stolen);
		assert_ok!(Registry::declare_compromised(signed(MAKER), this.maker, key, stolen, None));
		pass_blocks(RECOVERY_DELAY);
		assert_noop!(finish(this.id), Error::<Test>::KeyCompromised);
		assert_ok!(Registry::withdraw_declaration(signed(MAKER), this.maker, key));
		assert_ok!(finish(this.id));
	});
}

/// The certificate was valid when it was verified. A later expiry changes as little as for a
/// registered device.
#[test]
fn a_recovery_outlives_its_certificate() {
	ExtBuilder::default().build_and_execute(|| {
		let this = Certified::new();
		let new = Secret::p256(2);
		let (expires, key) = (NOW + 1, new.public());
		let certificate = this.maker_key.certify_until(expires, this.maker, 0, this.network, key);
		assert_ok!(recover(ALICE, this.id, &new, certificate));
		Timestamp::set_timestamp(expires);
		pass_blocks(RECOVERY_DELAY);
		assert_ok!(finish(this.id));
	});
}

/// The delay gives the maker of a stolen certificate key the time to revoke it.
#[test]
fn a_recovery_fails_if_the_makers_key_is_revoked_or_the_maker_gone() {
	for deregistered in [false, true] {
		ExtBuilder::default().build_and_execute(|| {
			let this = Certified::new();
			let stolen = Secret::p256(102);
			let number = add_maker_key(this.maker, &stolen);
			let (new, other) = (Secret::p256(2), Secret::p256(3));
			let certificate = stolen.certify(this.maker, number, this.network, new.public());
			assert_ok!(recover(ALICE, this.id, &new, certificate));
			// A key that has not signed the certificate does not matter.
			assert_ok!(Registry::revoke_maker_key(signed(MAKER), this.maker, 0));
			pass_blocks(RECOVERY_DELAY);
			let error = if deregistered {
				assert_ok!(Registry::deregister_maker(signed(MAKER), this.maker));
				Error::<Test>::UnknownMaker
			} else {
				assert_ok!(Registry::revoke_maker_key(signed(MAKER), this.maker, number));
				Error::<Test>::MakerKeyRevoked
			};
			assert_noop!(finish(this.id), error);
			assert_eq!(current_key(this.id), this.device.public());

			// A new key of the maker gets another number, so that the recovery stays void.
			if !deregistered {
				add_maker_key(this.maker, &stolen);
				assert_noop!(finish(this.id), Error::<Test>::MakerKeyRevoked);
				let number = add_maker_key(this.maker, &this.maker_key);
				let certificate =
					this.maker_key.certify(this.maker, number, this.network, other.public());
				assert_ok!(recover(ALICE, this.id, &other, certificate));
				pass_blocks(RECOVERY_DELAY);
				assert_ok!(finish(this.id));
				assert_eq!(current_key(this.id), other.public());
			}
		});
	}
}

/// The new owner would get the device with another key than the one that they know.
#[test]
fn a_recovery_takes_the_place_of_an_offer() {
	ExtBuilder::default().build_and_execute(|| {
		let this = Certified::new();
		let (id, new) = (this.id, Secret::p256(2));
		assert_ok!(Registry::offer_device(signed(ALICE), id, Some(BOB)));
		events();
		assert_ok!(this.recover(&new));
		let (key, from) = (new.public(), 1 + RECOVERY_DELAY);
		assert_eq!(
			events(),
			[
				Event::DeviceOffered { device: id, to: None },
				Event::RecoveryStarted { device: id, key, from }
			]
		);
		let record = Registry::device_record(id).unwrap();
		assert_eq!((record.offered_to, record.pending_key.is_some()), (None, true));
		let accept = Registry::accept_device(signed(BOB), id, current_key(id));
		assert_noop!(accept, Error::<Test>::NotOffered);
		// A recovery in place of a recovery has no offer to end.
		let third = Secret::p256(3);
		assert_ok!(this.recover(&third));
		let key = third.public();
		assert_eq!(
			events(),
			[
				Event::RecoveryCancelled { device: id },
				Event::RecoveryStarted { device: id, key, from }
			]
		);
	});
}

/// The account that was offered the device knows it by its key.
#[test]
fn a_rotation_ends_an_offer_and_a_recovery_with_an_event() {
	ExtBuilder::default().build_and_execute(|| {
		let this = Certified::new();
		let (id, maker) = (this.id, Some((this.maker, MODEL)));
		let [second, third] = [2, 3].map(Secret::p256);
		assert_ok!(Registry::offer_device(signed(ALICE), id, Some(BOB)));
		events();
		assert_ok!(rotate(ALICE, id, &this.device, &second, Some(this.certify(&second))));
		assert_eq!(pending(id), PendingChange::Nothing);
		let key = second.public();
		assert_eq!(
			events(),
			[
				Event::DeviceOffered { device: id, to: None },
				Event::KeyRotated { device: id, key, maker }
			]
		);

		assert_ok!(this.recover(&third));
		events();
		assert_ok!(rotate(ALICE, id, &second, &this.device, Some(this.certify(&this.device))));
		assert_eq!(pending(id), PendingChange::Nothing);
		let key = this.device.public();
		assert_eq!(
			events(),
			[Event::RecoveryCancelled { device: id }, Event::KeyRotated { device: id, key, maker }]
		);
	});
}

#[test]
fn retirement_ends_a_recovery() {
	ExtBuilder::default().build_and_execute(|| {
		let this = Certified::new();
		let new = Secret::p256(2);
		assert_ok!(this.recover(&new));
		events();
		assert_ok!(Registry::retire_device(signed(ALICE), this.id));
		let until = 1 + RETIRE_DELAY;
		assert_eq!(
			events(),
			[
				Event::RecoveryCancelled { device: this.id },
				Event::DeviceRetiring { device: this.id, until }
			]
		);
		assert_eq!(pending(this.id), PendingChange::Nothing);
		pass_blocks(RECOVERY_DELAY);
		assert_noop!(finish(this.id), Error::<Test>::NoRecovery);
		assert_noop!(this.recover(&new), Error::<Test>::AlreadyRetiring);
	});
}

#[test]
fn a_suspension_does_not_end_a_recovery_but_a_forfeit_does() {
	ExtBuilder::default().build_and_execute(|| {
		let this = Certified::new();
		assert_ok!(this.recover(&Secret::p256(2)));
		assert_ok!(suspend(this.id));
		assert!(pending(this.id).key().is_some());
		pass_blocks(APPEAL_WINDOW);
		events();
		assert_ok!(Registry::forfeit_device(RuntimeOrigin::root(), this.id));
		assert_eq!(events()[0], Event::RecoveryCancelled { device: this.id });
		assert_eq!(pending(this.id), PendingChange::Nothing);
		assert_noop!(finish(this.id), Error::<Test>::NoRecovery);
	});
}

#[test]
fn a_recovery_can_return_to_the_first_key() {
	ExtBuilder::default().build_and_execute(|| {
		let this = Certified::new();
		let second = Secret::sr25519(2);
		assert_ok!(rotate(ALICE, this.id, &this.device, &second, Some(this.certify(&second))));
		assert_ok!(this.recover(&this.device));
		pass_blocks(RECOVERY_DELAY);
		assert_ok!(finish(this.id));
		assert_eq!(Registry::device(&this.id).unwrap().key, this.device.public());
		assert_eq!(RotatedKeys::<Test>::iter_keys().count(), 0);
	});
}

#[test]
fn the_block_of_a_recovery_does_not_wrap() {
	ExtBuilder::default().build_and_execute(|| {
		let this = Certified::new();
		System::set_block_number(u32::MAX - RECOVERY_DELAY + 1);
		assert_ok!(this.recover(&Secret::p256(2)));
		assert_eq!(pending(this.id).key().map(|key| key.from), Some(u32::MAX));
		assert_noop!(finish(this.id), Error::<Test>::RecoveryTooEarly);
	});
}
