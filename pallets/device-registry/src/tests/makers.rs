//! Makers: registration and deregistration, and their keys.

use super::*;

fn maker_record(id: MakerId) -> MakerRecord<AccountId> {
	Registry::maker_record(id).unwrap()
}

fn revoke(id: MakerId, number: u32) -> sp_runtime::DispatchResult {
	Registry::revoke_maker_key(signed(MAKER), id, number)
}

fn declare(id: MakerId, key: PublicKey) -> sp_runtime::DispatchResult {
	Registry::declare_compromised(signed(MAKER), id, key, CompromiseReason::KeyLeaked, None)
}

fn withdraw(id: MakerId, key: PublicKey) -> sp_runtime::DispatchResult {
	Registry::withdraw_declaration(signed(MAKER), id, key)
}

/// Returns the amount held on [`MAKER`], and asserts that it and the free balance are all that the
/// account had.
fn maker_deposits() -> Balance {
	let held = held(HoldReason::MakerDeposit, MAKER);
	assert_eq!(Balances::free_balance(MAKER) + held, FUNDS);
	held
}

/// Makes a maker with a key, a network that admits its devices only, and one of them, owned by
/// [`ALICE`].
fn certified(device: &Secret) -> (Secret, MakerId, NetworkId) {
	let secret = Secret::p256(100);
	let maker = register_maker(&secret);
	let network = create_closed_network(vec![maker]);
	let certificate = secret.certify(maker, 0, network, device.public());
	assert_ok!(register(ALICE, network, device, Some(certificate)));
	events();
	turns();
	(secret, maker, network)
}

#[test]
fn a_maker_is_registered_against_two_deposits() {
	ExtBuilder::default().build_and_execute(|| {
		for (maker, secret) in (0..).zip(Secret::of_each(1)) {
			let key = secret.public();
			assert_ok!(Registry::register_maker(signed(MAKER), key));
			assert_eq!(events(), [Event::MakerRegistered { maker, account: MAKER, key }]);
			assert_eq!(
				maker_record(maker),
				MakerRecord { id: maker, account: MAKER, keys: vec![(0, key)], declarations: 0 }
			);
		}
		assert_eq!(maker_deposits(), 4 * (MAKER_DEPOSIT + MAKER_KEY_DEPOSIT));
	});
}

#[test]
fn a_malformed_key_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let maker = register_maker(&Secret::p256(1));
		for key in malformed_keys() {
			let register = Registry::register_maker(signed(MAKER), key);
			assert_noop!(register, Error::<Test>::MalformedKey);
			let add = Registry::add_maker_key(signed(MAKER), maker, key);
			assert_noop!(add, Error::<Test>::MalformedKey);
		}
	});
}

#[test]
fn the_deposits_must_be_affordable() {
	ExtBuilder::default().build_and_execute(|| {
		let (first, second) = (Secret::p256(1).public(), Secret::p256(2).public());
		let fund = |amount| {
			let balance = EXISTENTIAL_DEPOSIT + amount;
			assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), PAUPER, balance));
		};
		let poor = Error::<Test>::CannotAffordDeposit;
		assert_noop!(Registry::register_maker(signed(PAUPER), first), poor);
		fund(MAKER_DEPOSIT + MAKER_KEY_DEPOSIT - 1);
		let poor = Error::<Test>::CannotAffordDeposit;
		assert_noop!(Registry::register_maker(signed(PAUPER), first), poor);
		fund(MAKER_DEPOSIT + MAKER_KEY_DEPOSIT);
		assert_ok!(Registry::register_maker(signed(PAUPER), first));

		// The balance is used up: it covers neither another key nor a declaration.
		let poor = Error::<Test>::CannotAffordDeposit;
		assert_noop!(Registry::add_maker_key(signed(PAUPER), 0, second), poor);
		let reason = CompromiseReason::Stolen;
		let declare = Registry::declare_compromised(signed(PAUPER), 0, second, reason, None);
		assert_noop!(declare, Error::<Test>::CannotAffordDeposit);
	});
}

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
fn a_key_is_added_once() {
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
fn a_number_of_a_key_is_never_given_twice() {
	ExtBuilder::default().build_and_execute(|| {
		let secret = Secret::p256(1);
		let maker = register_maker(&secret);
		for number in 1..6 {
			assert_ok!(revoke(maker, number - 1));
			assert_eq!(maker_record(maker).keys, []);
			// The very same key comes back under another number.
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
fn a_revoked_key_admits_nobody_and_its_devices_stay() {
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
fn a_key_is_revoked_once() {
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
fn each_keys_own_deposit_is_returned() {
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

#[test]
fn only_its_account_acts_for_a_maker() {
	ExtBuilder::default().build_and_execute(|| {
		let (device, key) = (Secret::p256(1), Secret::p256(9).public());
		let (_, maker, _) = certified(&device);
		type Origin = RuntimeOrigin;
		type Result = sp_runtime::DispatchResult;
		let calls: [&dyn Fn(Origin, MakerId) -> Result; 5] = [
			&|origin, id| Registry::add_maker_key(origin, id, key),
			&|origin, id| Registry::revoke_maker_key(origin, id, 0),
			&|origin, id| {
				let reason = CompromiseReason::Vulnerable;
				Registry::declare_compromised(origin, id, device.public(), reason, None)
			},
			&|origin, id| Registry::withdraw_declaration(origin, id, key),
			&|origin, id| Registry::deregister_maker(origin, id),
		];
		for call in calls {
			for stranger in [BOB, ADMIN, ALICE] {
				assert_noop!(call(signed(stranger), maker), Error::<Test>::NotMaker);
			}
			assert_noop!(call(signed(MAKER), maker + 1), Error::<Test>::UnknownMaker);
			assert_noop!(call(RuntimeOrigin::root(), maker), BadOrigin);
			assert_noop!(call(RuntimeOrigin::none(), maker), BadOrigin);
		}
		assert_noop!(Registry::register_maker(RuntimeOrigin::none(), key), BadOrigin);
		assert_noop!(Registry::register_maker(RuntimeOrigin::root(), key), BadOrigin);
	});
}

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
			Some(Suspension { by, reason, since, appeal_until, decide_until, appealed })
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
fn a_wrong_name_hides_no_device() {
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
fn a_device_that_it_has_not_certified_is_none_of_a_makers_business() {
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
fn a_declared_device_that_is_suspended_or_retiring_stays_so() {
	let actions: [fn(DeviceId) -> sp_runtime::DispatchResult; 2] =
		[suspend, |id| Registry::retire_device(signed(ALICE), id)];
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
	ExtBuilder::default().retire_delay(0).build_and_execute(|| {
		let device = Secret::p256(1);
		let (secret, maker, network) = certified(&device);
		assert_ok!(Registry::retire_device(signed(ALICE), device.id()));
		assert_ok!(declare(maker, device.public()));
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

#[test]
fn a_maker_is_deregistered_and_its_deposits_returned() {
	ExtBuilder::default().build_and_execute(|| {
		let maker = register_maker(&Secret::p256(1));
		add_maker_key(maker, &Secret::ed25519(1));
		add_maker_key(maker, &Secret::sr25519(1));
		assert_ok!(revoke(maker, 1));
		let keys = [Secret::p256(7).public(), Secret::ed25519(7).public()];
		for key in keys {
			assert_ok!(declare(maker, key));
		}
		let kept = MAKER_DEPOSIT + 2 * MAKER_KEY_DEPOSIT + 2 * DECLARATION_DEPOSIT;
		assert_eq!(maker_deposits(), kept);

		let deregister = || Registry::deregister_maker(signed(MAKER), maker);
		for key in keys {
			assert_noop!(deregister(), Error::<Test>::DeclarationsRemain);
			assert_ok!(withdraw(maker, key));
		}
		events();
		assert_ok!(deregister());
		assert_eq!(events(), [Event::MakerDeregistered { maker, account: MAKER }]);
		assert_eq!(maker_deposits(), 0);
		assert_eq!(Registry::maker_record(maker), None);
		assert_noop!(deregister(), Error::<Test>::UnknownMaker);
		assert_eq!(register_maker(&Secret::p256(1)), maker + 1);
	});
}

#[test]
fn nobody_is_admitted_by_a_maker_that_is_gone_and_its_devices_stay() {
	ExtBuilder::default().build_and_execute(|| {
		let (first, second) = (Secret::p256(1), Secret::p256(2));
		let (secret, maker, network) = certified(&first);
		assert_ok!(Registry::deregister_maker(signed(MAKER), maker));
		let certificate = secret.certify(maker, 0, network, second.public());
		assert_noop!(
			register(ALICE, network, &second, Some(certificate)),
			Error::<Test>::UnknownMaker
		);
		assert_eq!(Registry::device_record(first.id()).unwrap().maker, Some((maker, MODEL)));
	});
}

#[test]
fn numbers_run_out_without_wrapping() {
	ExtBuilder::default().build_and_execute(|| {
		NextMakerId::<Test>::put(MakerId::MAX);
		assert_noop!(
			Registry::register_maker(signed(MAKER), Secret::p256(1).public()),
			ArithmeticError::Overflow
		);
	});
}
