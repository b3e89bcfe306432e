//! Transfer of makers to another account.

use super::*;

#[test]
fn a_maker_is_handed_over_in_two_steps_with_all_deposits() {
	ExtBuilder::default().build_and_execute(|| {
		let maker = register_maker(&Secret::p256(1));
		let number = add_maker_key(maker, &Secret::p256(2));
		let (declared, other) = (Secret::p256(3).public(), Secret::p256(4).public());
		assert_ok!(declare(maker, declared));
		assert_ok!(declare(maker, other));
		let all = MAKER_DEPOSIT + 2 * MAKER_KEY_DEPOSIT + 2 * DECLARATION_DEPOSIT;
		assert_eq!(maker_deposits(), all);
		events();

		assert_ok!(Registry::offer_maker(signed(MAKER), maker, Some(BOB)));
		assert_eq!(events(), [Event::MakerOffered { maker, to: Some(BOB) }]);
		// Only the offer has changed.
		let record = maker_record(maker);
		assert_eq!((record.account, record.offered_to), (MAKER, Some(BOB)));
		assert_eq!((maker_deposits(), held(HoldReason::MakerDeposit, BOB)), (all, 0));

		// The amount is exactly that of the deposits.
		let accept = |limit| Registry::accept_maker(signed(BOB), maker, limit);
		assert_noop!(accept(all - 1), Error::<Test>::DepositAboveLimit);
		assert_ok!(accept(all));
		assert_eq!(events(), [Event::MakerHandedOver { maker, from: MAKER, to: BOB }]);
		let record = maker_record(maker);
		assert_eq!((record.account, record.offered_to), (BOB, None));
		assert_eq!((maker_deposits(), held(HoldReason::MakerDeposit, BOB)), (0, all));

		// The account's rights have moved, and all deposits are released to the new account.
		assert_noop!(accept(all), Error::<Test>::NotOffered);
		assert_noop!(revoke(maker, number), Error::<Test>::NotMaker);
		assert_noop!(withdraw(maker, declared), Error::<Test>::NotMaker);
		assert_ok!(Registry::revoke_maker_key(signed(BOB), maker, number));
		for key in [declared, other] {
			assert_ok!(Registry::withdraw_declaration(signed(BOB), maker, key));
		}
		assert_ok!(Registry::deregister_maker(signed(BOB), maker));
		assert_eq!(Balances::free_balance(BOB), FUNDS);
	});
}

/// The previous account cannot make the next one pay for keys and declarations that it adds after
/// the next one has looked.
#[test]
fn deposits_that_are_added_before_the_acceptance_stay_within_the_limit() {
	ExtBuilder::default().build_and_execute(|| {
		let maker = register_maker(&Secret::p256(1));
		assert_ok!(Registry::offer_maker(signed(MAKER), maker, Some(BOB)));
		let seen = MAKER_DEPOSIT + MAKER_KEY_DEPOSIT;
		assert_ok!(declare(maker, Secret::p256(3).public()));
		let accept = |limit| Registry::accept_maker(signed(BOB), maker, limit);
		assert_noop!(accept(seen), Error::<Test>::DepositAboveLimit);
		assert_ok!(withdraw(maker, Secret::p256(3).public()));
		assert_ok!(accept(seen));
	});
}

#[test]
fn an_offer_of_a_maker_is_withdrawn_or_replaced() {
	ExtBuilder::default().build_and_execute(|| {
		let maker = register_maker(&Secret::p256(1));
		let offer = |to| Registry::offer_maker(signed(MAKER), maker, to);
		let accept = |who| Registry::accept_maker(signed(who), maker, Balance::MAX);
		assert_noop!(offer(None), Error::<Test>::NothingToChange);
		assert_noop!(offer(Some(MAKER)), Error::<Test>::OfferToSelf);
		assert_ok!(offer(Some(BOB)));
		assert_noop!(offer(Some(BOB)), Error::<Test>::NothingToChange);
		assert_ok!(offer(Some(ALICE)));
		assert_noop!(accept(BOB), Error::<Test>::NotOffered);
		events();
		assert_ok!(offer(None));
		assert_eq!(events(), [Event::MakerOffered { maker, to: None }]);
		assert_noop!(accept(ALICE), Error::<Test>::NotOffered);
	});
}

#[test]
fn a_new_account_of_a_maker_must_afford_the_deposits() {
	ExtBuilder::default().build_and_execute(|| {
		let maker = register_maker(&Secret::p256(1));
		assert_ok!(Registry::offer_maker(signed(MAKER), maker, Some(PAUPER)));
		let accept = || Registry::accept_maker(signed(PAUPER), maker, Balance::MAX);
		assert_noop!(accept(), Error::<Test>::CannotAffordDeposit);
		let enough = MAKER_DEPOSIT + MAKER_KEY_DEPOSIT + EXISTENTIAL_DEPOSIT;
		assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), PAUPER, enough));
		assert_ok!(accept());
	});
}

#[test]
fn only_its_account_offers_a_maker() {
	ExtBuilder::default().build_and_execute(|| {
		let maker = register_maker(&Secret::p256(1));
		let offer = |origin, id| Registry::offer_maker(origin, id, Some(ALICE));
		assert_noop!(offer(signed(BOB), maker), Error::<Test>::NotMaker);
		assert_noop!(offer(signed(MAKER), maker + 1), Error::<Test>::UnknownMaker);
		assert_noop!(offer(RuntimeOrigin::root(), maker), BadOrigin);
		let accept = |origin, id| Registry::accept_maker(origin, id, Balance::MAX);
		assert_noop!(accept(signed(ALICE), maker), Error::<Test>::NotOffered);
		assert_noop!(accept(signed(ALICE), maker + 1), Error::<Test>::UnknownMaker);
		assert_noop!(accept(RuntimeOrigin::root(), maker), BadOrigin);
	});
}

/// A device that the maker has certified is suspended by its new account as by its old one.
#[test]
fn the_new_account_declares_keys_and_restores() {
	ExtBuilder::default().build_and_execute(|| {
		let device = Secret::p256(1);
		let (_, maker, _) = certified(&device);
		assert_ok!(declare(maker, device.public()));
		assert_ok!(Registry::offer_maker(signed(MAKER), maker, Some(BOB)));
		assert_ok!(Registry::accept_maker(signed(BOB), maker, Balance::MAX));
		let restore = |who| Registry::restore_device(signed(who), device.id());
		assert_noop!(restore(MAKER), Error::<Test>::CannotRestore);
		assert_ok!(restore(BOB));
	});
}
