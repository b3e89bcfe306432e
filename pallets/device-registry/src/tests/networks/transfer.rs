//! Transfer of networks to another admin.

use super::*;

#[test]
fn a_network_is_handed_over_in_two_steps() {
	ExtBuilder::default().build_and_execute(|| {
		let id = create_network();
		events();
		assert_ok!(Registry::offer_network(signed(ADMIN), id, Some(BOB)));
		assert_eq!(events(), [Event::NetworkOffered { network: id, to: Some(BOB) }]);
		// Only the offer has changed.
		let record = Registry::network_record(id).unwrap();
		assert_eq!((record.admin, record.offered_to), (ADMIN, Some(BOB)));
		assert_eq!(held(HoldReason::NetworkDeposit, ADMIN), NETWORK_DEPOSIT);
		assert_noop!(Registry::close_network(signed(BOB), id), Error::<Test>::NotAdmin);

		assert_ok!(Registry::accept_network(signed(BOB), id));
		assert_eq!(events(), [Event::NetworkHandedOver { network: id, from: ADMIN, to: BOB }]);
		let record = Registry::network_record(id).unwrap();
		assert_eq!((record.admin, record.offered_to), (BOB, None));
		assert_eq!(held(HoldReason::NetworkDeposit, ADMIN), 0);
		assert_eq!(Balances::free_balance(ADMIN), FUNDS);
		assert_eq!(held(HoldReason::NetworkDeposit, BOB), NETWORK_DEPOSIT);
		assert_eq!(Balances::free_balance(BOB), FUNDS - NETWORK_DEPOSIT);

		// The admin's rights have moved, too.
		assert_noop!(change(id, None, BOND, policy()), Error::<Test>::NotAdmin);
		assert_noop!(Registry::accept_network(signed(BOB), id), Error::<Test>::NotOffered);
		assert_ok!(Registry::close_network(signed(BOB), id));
		assert_eq!(Balances::free_balance(BOB), FUNDS);
	});
}

/// The amount taken over is the one that was held, not the price of a network today.
#[test]
fn the_deposit_that_is_taken_over_is_the_one_that_was_held() {
	ExtBuilder::default().build_and_execute(|| {
		let id = create_network();
		let reason = HoldReason::NetworkDeposit;
		assert_ok!(Registry::hold(reason, &ADMIN, 7, Error::<Test>::CannotAffordDeposit));
		Networks::<Test>::mutate_extant(id, |network| network.deposit += 7);
		assert_ok!(Registry::offer_network(signed(ADMIN), id, Some(BOB)));
		assert_ok!(Registry::accept_network(signed(BOB), id));
		assert_eq!((held(reason, ADMIN), held(reason, BOB)), (0, NETWORK_DEPOSIT + 7));
	});
}

#[test]
fn an_offer_of_a_network_is_withdrawn_or_replaced() {
	ExtBuilder::default().build_and_execute(|| {
		let id = create_network();
		let offer = |to| Registry::offer_network(signed(ADMIN), id, to);
		assert_noop!(offer(None), Error::<Test>::NothingToChange);
		assert_noop!(offer(Some(ADMIN)), Error::<Test>::OfferToSelf);
		assert_ok!(offer(Some(BOB)));
		assert_noop!(offer(Some(BOB)), Error::<Test>::NothingToChange);
		assert_ok!(offer(Some(ALICE)));
		assert_noop!(Registry::accept_network(signed(BOB), id), Error::<Test>::NotOffered);
		events();
		assert_ok!(offer(None));
		assert_eq!(events(), [Event::NetworkOffered { network: id, to: None }]);
		assert_noop!(Registry::accept_network(signed(ALICE), id), Error::<Test>::NotOffered);
	});
}

#[test]
fn a_new_admin_must_afford_the_deposit() {
	ExtBuilder::default().build_and_execute(|| {
		let id = create_network();
		assert_ok!(Registry::offer_network(signed(ADMIN), id, Some(PAUPER)));
		let accept = || Registry::accept_network(signed(PAUPER), id);
		assert_noop!(accept(), Error::<Test>::CannotAffordDeposit);
		let enough = NETWORK_DEPOSIT + EXISTENTIAL_DEPOSIT;
		assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), PAUPER, enough));
		assert_ok!(accept());
	});
}

#[test]
fn only_its_admin_offers_a_network() {
	ExtBuilder::default().build_and_execute(|| {
		let id = create_network();
		let offer = |origin, id| Registry::offer_network(origin, id, Some(ALICE));
		assert_noop!(offer(signed(BOB), id), Error::<Test>::NotAdmin);
		assert_noop!(offer(signed(ADMIN), id + 1), Error::<Test>::UnknownNetwork);
		assert_noop!(offer(RuntimeOrigin::root(), id), BadOrigin);
		assert_noop!(Registry::accept_network(signed(ALICE), id), Error::<Test>::NotOffered);
		assert_noop!(
			Registry::accept_network(signed(ALICE), id + 1),
			Error::<Test>::UnknownNetwork
		);
		assert_noop!(Registry::accept_network(RuntimeOrigin::root(), id), BadOrigin);
	});
}
