//! Registering and deregistering makers.

use super::*;

#[test]
fn a_maker_is_registered_against_a_deposit() {
	ExtBuilder::default().build_and_execute(|| {
		for (maker, secret) in [(0, Secret::p256(1)), (1, Secret::ed25519(1))] {
			let key = secret.public();
			assert_ok!(Registry::register_maker(signed(MAKER), key));
			assert_eq!(events(), [Event::MakerRegistered { maker, account: MAKER, key }]);
			assert_eq!(Registry::maker_record(maker), Some((MAKER, key)));
		}
		assert_eq!(held(HoldReason::MakerDeposit, MAKER), 2 * MAKER_DEPOSIT);
		assert_eq!(Balances::free_balance(MAKER), FUNDS - 2 * MAKER_DEPOSIT);
	});
}

#[test]
fn a_malformed_key_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let mut uncompressed = [1; 33];
		uncompressed[0] = 4;
		for no_point in [[0; 33], [0xff; 33], uncompressed] {
			assert_noop!(
				Registry::register_maker(signed(MAKER), PublicKey::P256(no_point)),
				Error::<Test>::MalformedKey
			);
		}
	});
}

#[test]
fn the_deposit_must_be_affordable() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(
			Registry::register_maker(signed(PAUPER), Secret::p256(1).public()),
			Error::<Test>::CannotAffordDeposit
		);
	});
}

#[test]
fn a_maker_is_deregistered_and_its_deposit_returned() {
	ExtBuilder::default().build_and_execute(|| {
		let maker = register_maker(&Secret::p256(1));
		events();
		assert_noop!(Registry::deregister_maker(signed(BOB), maker), Error::<Test>::NotMaker);
		assert_ok!(Registry::deregister_maker(signed(MAKER), maker));
		assert_eq!(events(), [Event::MakerDeregistered { maker, account: MAKER }]);
		assert_eq!(Balances::free_balance(MAKER), FUNDS);
		assert_eq!(held(HoldReason::MakerDeposit, MAKER), 0);
		assert_eq!(Registry::maker_record(maker), None);
		assert_noop!(Registry::deregister_maker(signed(MAKER), maker), Error::<Test>::UnknownMaker);
		assert_eq!(register_maker(&Secret::p256(1)), maker + 1);
	});
}

#[test]
fn nobody_is_admitted_by_a_maker_that_is_gone_and_its_devices_stay() {
	ExtBuilder::default().build_and_execute(|| {
		let (secret, first, second) = (Secret::p256(1), Secret::p256(2), Secret::p256(3));
		let maker = register_maker(&secret);
		let network = create_network(Some(vec![maker]));
		let certify = |device: &Secret| Some(secret.certify(maker, network, device.public()));
		assert_ok!(register(ALICE, network, &first, certify(&first)));
		assert_ok!(Registry::deregister_maker(signed(MAKER), maker));
		assert_noop!(
			register(ALICE, network, &second, certify(&second)),
			Error::<Test>::UnknownMaker
		);
		assert_eq!(Registry::device_record(first.id()).unwrap().maker, Some((maker, 42)));
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

#[test]
fn only_signed_accounts_come_and_go() {
	ExtBuilder::default().build_and_execute(|| {
		let key = Secret::p256(1).public();
		assert_noop!(Registry::register_maker(RuntimeOrigin::none(), key), BadOrigin);
		assert_noop!(Registry::register_maker(RuntimeOrigin::root(), key), BadOrigin);
		assert_noop!(Registry::deregister_maker(RuntimeOrigin::root(), 0), BadOrigin);
	});
}
