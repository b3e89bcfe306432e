//! Rotation of keys.

use super::*;
use depin_primitives::{
	device::PendingKey,
	statement::{KeyAdoption, KeyRotation},
};

/// Arguments of a rotation, of which a test replaces one.
struct Rotation {
	who: AccountId,
	id: DeviceId,
	key: PublicKey,
	by_old: Signature,
	by_new: Signature,
	certificate: Option<SignedCertificate>,
}

impl Rotation {
	fn of(id: DeviceId, old: &Secret, new: &Secret) -> Self {
		let key = new.public();
		let (by_old, by_new) = (old.rotation(id, ALICE, key), new.adoption(id, ALICE));
		Self { who: ALICE, id, key, by_old, by_new, certificate: None }
	}

	fn send(self) -> sp_runtime::DispatchResult {
		let Self { who, id, key, by_old, by_new, certificate } = self;
		Registry::rotate_key(signed(who), id, key, by_old, by_new, certificate)
	}
}

fn finish(id: DeviceId) -> sp_runtime::DispatchResult {
	Registry::finish_recovery(signed(BOB), id)
}

/// A maker with its key, a closed network of it, and a device that it certified.
struct Certified {
	maker_key: Secret,
	maker: MakerId,
	network: NetworkId,
	device: Secret,
	id: DeviceId,
}

impl Certified {
	fn new() -> Self {
		let maker_key = Secret::p256(100);
		let maker = register_maker(&maker_key);
		let network = create_closed_network(vec![maker]);
		let device = Secret::p256(1);
		let id = device.id();
		let this = Self { maker_key, maker, network, device, id };
		assert_ok!(register(ALICE, network, &this.device, Some(this.certify(&this.device))));
		events();
		this
	}

	fn certify(&self, secret: &Secret) -> SignedCertificate {
		self.maker_key.certify(self.maker, 0, self.network, secret.public())
	}

	fn recover(&self, new: &Secret) -> sp_runtime::DispatchResult {
		recover(ALICE, self.id, new, self.certify(new))
	}
}

fn listed(maker: MakerId) -> Vec<DeviceId> {
	let page = Registry::devices_by_maker(maker, None, MAX_PAGE).unwrap();
	page.items.into_iter().map(|device| device.id).collect()
}

#[test]
fn a_key_of_each_scheme_gives_way_to_one_of_each() {
	for old in Secret::of_each(1) {
		for new in Secret::of_each(2) {
			ExtBuilder::default().build_and_execute(|| {
				let (id, network) = registered(ALICE, &old);
				let before = Registry::device_record(id).unwrap();
				assert_ok!(rotate(ALICE, id, &old, &new, None));
				let key = new.public();
				assert_eq!(events(), [Event::KeyRotated { device: id, key, maker: None }]);
				// Everything but the key is unchanged, above all the id.
				let after = Registry::device_record(id).unwrap();
				assert_eq!(after, depin_primitives::device::DeviceRecord { key, ..before });
				let view = Registry::device(&id).unwrap();
				assert_eq!((view.key, view.network), (key, network));
				assert!(RotatedKeys::<Test>::contains_key(ShortId::from(new.id())));
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
		// The first key has nothing to say any more.
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
fn the_old_key_must_have_signed_this_change() {
	for old in Secret::of_each(1) {
		ExtBuilder::default().build_and_execute(|| {
			let (id, _) = registered(ALICE, &old);
			let (new, other) = (Secret::ed25519(2), Secret::of(old.public().scheme(), 3));
			let key = new.public();
			let body = KeyRotation { device: id, owner: ALICE, new_key: key };
			for by_old in [
				// Signed by another key, and by the new one.
				other.rotation(id, ALICE, key),
				new.rotation(id, ALICE, key),
				// Signed for another device, owner or key, or for another chain.
				old.rotation(other.id(), ALICE, key),
				old.rotation(id, BOB, key),
				old.rotation(id, ALICE, other.public()),
				old.sign(&body, &OTHER_GENESIS),
				// Signed for another purpose.
				old.adoption(id, ALICE),
				old.consent(0, ALICE),
				Signature([0; 64]),
				Signature([0xff; 64]),
			] {
				let rotation = Rotation { by_old, ..Rotation::of(id, &old, &new) };
				assert_noop!(rotation.send(), Error::<Test>::BadRotation);
			}
			assert_ok!(Rotation::of(id, &old, &new).send());
		});
	}
}

#[test]
fn the_new_key_must_have_signed_too() {
	for new in Secret::of_each(2) {
		ExtBuilder::default().build_and_execute(|| {
			let old = Secret::p256(1);
			let (id, _) = registered(ALICE, &old);
			let other = Secret::of(new.public().scheme(), 3);
			let body = KeyAdoption { device: id, owner: ALICE };
			for by_new in [
				// Signed by another key, and by the old one.
				other.adoption(id, ALICE),
				old.adoption(id, ALICE),
				// Signed for another device or owner, or for another chain.
				new.adoption(other.id(), ALICE),
				new.adoption(id, BOB),
				new.sign(&body, &OTHER_GENESIS),
				// Signed for another purpose.
				new.rotation(id, ALICE, new.public()),
				new.consent(0, ALICE),
				Signature([0; 64]),
				Signature([0xff; 64]),
			] {
				let rotation = Rotation { by_new, ..Rotation::of(id, &old, &new) };
				assert_noop!(rotation.send(), Error::<Test>::BadAdoption);
			}
			assert_ok!(Rotation::of(id, &old, &new).send());
		});
	}
}

#[test]
fn the_scheme_must_be_accepted_and_the_key_be_one() {
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
fn the_rules_of_today_count() {
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
	ExtBuilder::default().retire_delay(0).build_and_execute(|| {
		let (first, second) = (Secret::p256(1), Secret::ed25519(2));
		let (id, network) = registered(ALICE, &first);
		assert_ok!(rotate(ALICE, id, &first, &second, None));
		assert_ok!(Registry::retire_device(signed(ALICE), id));
		assert_ok!(Registry::reap_device(signed(ALICE), id));
		assert_ok!(register(BOB, network, &second, None));
		assert_ok!(register(BOB, network, &first, None));
	});
}

#[test]
fn who_may_act_for_a_device_rotates_its_key() {
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
			assert_eq!(before.pending_key, Some(PendingKey { key, maker, model: MODEL, from }));
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

			// The old key has nothing to say any more, the new one has.
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
		let body = KeyAdoption { device: this.id, owner: ALICE };
		for by_new in [
			other.adoption(this.id, ALICE),
			new.adoption(other.id(), ALICE),
			new.adoption(this.id, BOB),
			new.sign(&body, &OTHER_GENESIS),
			new.consent(this.network, ALICE),
			Signature([0; 64]),
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
		let malformed = Registry::recover_key(signed(ALICE), id, key, signature, certificate);
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

/// The certificate was valid when it was verified. A later expiry, or a revocation of the maker's
/// key, changes as little as for a registered device.
#[test]
fn a_recovery_outlives_its_certificate() {
	ExtBuilder::default().build_and_execute(|| {
		let this = Certified::new();
		let new = Secret::p256(2);
		let (expires, key) = (NOW + 1, new.public());
		let certificate = this.maker_key.certify_until(expires, this.maker, 0, this.network, key);
		assert_ok!(recover(ALICE, this.id, &new, certificate));
		assert_ok!(Registry::revoke_maker_key(signed(MAKER), this.maker, 0));
		Timestamp::set_timestamp(expires);
		pass_blocks(RECOVERY_DELAY);
		assert_ok!(finish(this.id));
	});
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
		assert_noop!(Registry::accept_device(signed(BOB), id), Error::<Test>::NotOffered);
		// A recovery in place of a recovery has no offer to end.
		assert_ok!(this.recover(&Secret::p256(3)));
		assert_eq!(events().len(), 1);
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
		RotatedKeys::<Test>::insert(alike, ());
		assert_ok!(rotate(ALICE, this.id, &this.device, &new, Some(this.certify(&new))));
		assert!(RotatedKeys::<Test>::contains_key(alike));
		assert!(RotatedKeys::<Test>::contains_key(ShortId::from(new.id())));
	});
}

/// A rotation is authorized by the current key, so that an offer stays.
#[test]
fn a_rotation_leaves_an_offer_and_ends_a_recovery() {
	ExtBuilder::default().build_and_execute(|| {
		let this = Certified::new();
		let [second, third] = [2, 3].map(Secret::p256);
		assert_ok!(Registry::offer_device(signed(ALICE), this.id, Some(BOB)));
		let certificate = Some(this.certify(&second));
		assert_ok!(rotate(ALICE, this.id, &this.device, &second, certificate));
		assert_eq!(pending(this.id), PendingChange::Owner(BOB));
		assert_ok!(this.recover(&third));
		let certificate = Some(this.certify(&this.device));
		assert_ok!(rotate(ALICE, this.id, &second, &this.device, certificate));
		assert_eq!(pending(this.id), PendingChange::Nothing);
	});
}

/// Keys in use are compared by half of their hash.
#[test]
fn a_key_whose_hash_begins_like_that_of_one_in_use_is_refused() {
	ExtBuilder::default().build().execute_with(|| {
		let this = Certified::new();
		let new = Secret::p256(2);
		// Nobody can make such a key: the test writes its entry by hand.
		RotatedKeys::<Test>::insert(ShortId::from(new.id()), ());
		let register = register(ALICE, this.network, &new, Some(this.certify(&new)));
		assert_noop!(register, Error::<Test>::KeyInUse);
		let rotate = rotate(ALICE, this.id, &this.device, &new, Some(this.certify(&new)));
		assert_noop!(rotate, Error::<Test>::KeyInUse);
		assert_noop!(this.recover(&new), Error::<Test>::KeyInUse);
	});
}

#[test]
fn retirement_ends_a_recovery() {
	ExtBuilder::default().build_and_execute(|| {
		let this = Certified::new();
		let new = Secret::p256(2);
		assert_ok!(this.recover(&new));
		assert_ok!(Registry::retire_device(signed(ALICE), this.id));
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
		assert_ok!(Registry::forfeit_device(RuntimeOrigin::root(), this.id));
		assert_eq!(pending(this.id), PendingChange::Nothing);
		assert_noop!(finish(this.id), Error::<Test>::NoRecovery);
	});
}

#[test]
fn back_to_the_first_key_by_recovery() {
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
fn the_last_block_does_not_wrap() {
	ExtBuilder::default().recovery_delay(u32::MAX).build_and_execute(|| {
		let this = Certified::new();
		System::set_block_number(100);
		assert_ok!(this.recover(&Secret::p256(2)));
		assert_eq!(pending(this.id).key().map(|key| key.from), Some(u32::MAX));
		assert_noop!(finish(this.id), Error::<Test>::RecoveryTooEarly);
	});
}

/// The first check that fails gives the error: cheap checks come first, signatures last.
#[test]
fn checks_come_in_order() {
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
		let (mut by_old, mut by_new, mut certificate) = (no_signature, no_signature, None);
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
