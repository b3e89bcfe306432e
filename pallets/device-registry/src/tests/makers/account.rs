//! Registration and deregistration of makers.

use super::*;

#[test]
fn a_maker_is_registered_against_two_deposits() {
	ExtBuilder::default().build_and_execute(|| {
		for (maker, secret) in (0..).zip(Secret::of_each(1)) {
			let key = secret.public();
			assert_ok!(Registry::register_maker(signed(MAKER), key));
			assert_eq!(events(), [Event::MakerRegistered { maker, account: MAKER, key }]);
			assert_eq!(
				maker_record(maker),
				MakerRecord {
					id: maker,
					account: MAKER,
					keys: vec![(0, key)],
					declarations: 0,
					offered_to: None
				}
			);
		}
		assert_eq!(maker_deposits(), 4 * (MAKER_DEPOSIT + MAKER_KEY_DEPOSIT));
	});
}

#[test]
fn a_malformed_maker_key_is_refused() {
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
fn a_makers_deposits_must_be_affordable() {
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
fn a_deregistered_maker_admits_no_device_and_its_devices_stay() {
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
fn numbers_of_makers_run_out_without_wrapping() {
	ExtBuilder::default().build_and_execute(|| {
		NextMakerId::<Test>::put(MakerId::MAX);
		assert_noop!(
			Registry::register_maker(signed(MAKER), Secret::p256(1).public()),
			ArithmeticError::Overflow
		);
	});
}
