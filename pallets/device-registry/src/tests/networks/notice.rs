//! The notice of a funded network's rules and of its hand-over, and the rights of governance.

use super::*;

fn fund(id: NetworkId) {
	Funded::set(vec![id]);
}

#[test]
fn rules_of_a_funded_network_need_a_notice() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, other) = (create_network(), create_network());
		fund(id);
		Epoch::set(10);
		assert_ok!(change(id, None, 100, policy()));
		assert_ok!(change(other, None, 100, policy()));
		assert_eq!(bonds(id), (BOND, Some((10 + RULES_NOTICE, 100))));
		assert_eq!(bonds(other), (BOND, Some((11, 100))));
		Epoch::set(10 + RULES_NOTICE - 1);
		assert_eq!(bonds(id).0, BOND);
		Epoch::set(10 + RULES_NOTICE);
		assert_eq!(bonds(id), (100, None));
	});
}

/// Neither harmless rules that are replaced in the last moment nor a lower parameter shorten the
/// notice of what will be in force.
#[test]
fn a_replacement_has_a_notice_of_its_own() {
	ExtBuilder::default().build_and_execute(|| {
		let id = create_network();
		fund(id);
		assert_ok!(change(id, None, 100, policy()));
		Epoch::set(RULES_NOTICE - 1);
		assert_ok!(change(id, None, 101, policy()));
		assert_eq!(bonds(id), (BOND, Some((2 * RULES_NOTICE - 1, 101))));
		// A change of the parameter applies to later announcements only.
		VotedRulesNotice::set(1);
		assert_eq!(bonds(id), (BOND, Some((2 * RULES_NOTICE - 1, 101))));
		assert_ok!(change(id, None, 102, policy()));
		assert_eq!(bonds(id), (BOND, Some((RULES_NOTICE, 102))));
	});
}

#[test]
fn the_hash_of_the_rules_covers_those_in_force_and_those_to_come() {
	use depin_primitives::{policy::PolicyCaps, traits::Devices};
	use std::collections::BTreeSet;

	ExtBuilder::default().build_and_execute(|| {
		let id = create_network();
		let hash = || Registry::rules_hash(id).unwrap();
		assert_eq!(Registry::network(id).unwrap().into_record(id).rules_hash, hash());
		let created = hash();
		assert_ok!(change(id, None, 100, policy()));
		let announced = hash();
		assert_ok!(change(id, None, 101, policy()));
		let replaced = hash();
		Epoch::set(1);
		let in_force = hash();
		let hashes = BTreeSet::from([created, announced, replaced, in_force]);
		assert_eq!(hashes.len(), 4);
		// The same rules in force have the same hash, whatever was announced before. Neither the
		// number of devices nor the chain's caps are part of it.
		assert_ok!(change(id, None, 102, policy()));
		assert_ok!(Registry::veto_rules(governance(), id));
		assert_eq!(hash(), in_force);
		assert_ok!(register(ALICE, id, &Secret::p256(1), None));
		VotedCaps::set(PolicyCaps { max_age: 1, ..PolicyCaps::WIDEST });
		assert_eq!(hash(), in_force);
		assert_eq!(Registry::rules_hash(id + 1), None);
	});
}

#[test]
fn governance_vetoes_rules_to_come() {
	ExtBuilder::default().build_and_execute(|| {
		let id = create_network();
		fund(id);
		let veto = |origin| Registry::veto_rules(origin, id);
		assert_noop!(veto(governance()), Error::<Test>::NoRulesToCome);
		assert_ok!(change(id, None, 100, policy()));
		for origin in [signed(ADMIN), RuntimeOrigin::root(), RuntimeOrigin::none()] {
			assert_noop!(veto(origin), BadOrigin);
		}
		assert_noop!(Registry::veto_rules(governance(), id + 1), Error::<Test>::UnknownNetwork);
		events();
		assert_ok!(veto(governance()));
		assert_eq!(events(), [Event::RulesVetoed { network: id, epoch: RULES_NOTICE }]);
		Epoch::set(RULES_NOTICE);
		assert_eq!(bonds(id), (BOND, None));

		// Rules that are in force already cannot be vetoed.
		assert_ok!(change(id, None, 101, policy()));
		Epoch::set(2 * RULES_NOTICE);
		assert_noop!(veto(governance()), Error::<Test>::NoRulesToCome);
		assert_eq!(bonds(id), (101, None));
	});
}

/// A buyer of a funded network can pause it, suspend its devices and spoil its metrics from the
/// first block on: governance has the notice to prevent the sale.
#[test]
fn the_hand_over_of_a_funded_network_needs_a_notice() {
	ExtBuilder::default().build_and_execute(|| {
		let id = create_network();
		// The notice runs from the offer, also of a network that is funded afterwards.
		Epoch::set(3);
		assert_ok!(Registry::offer_network(signed(ADMIN), id, Some(BOB)));
		fund(id);
		let record = Registry::network_record(id).unwrap();
		assert_eq!((record.offered_to, record.offer_opens), (Some(BOB), Some(3 + RULES_NOTICE)));
		let accept = || Registry::accept_network(signed(BOB), id);
		assert_noop!(accept(), Error::<Test>::OfferNotOpen);
		Epoch::set(3 + RULES_NOTICE - 1);
		assert_noop!(accept(), Error::<Test>::OfferNotOpen);
		VotedRulesNotice::set(1);
		assert_noop!(accept(), Error::<Test>::OfferNotOpen);
		Epoch::set(3 + RULES_NOTICE);
		assert_ok!(accept());
		assert_eq!(Registry::network_record(id).unwrap().admin, BOB);
	});
}

#[test]
fn governance_withdraws_the_offer_of_an_admin() {
	ExtBuilder::default().build_and_execute(|| {
		let id = create_network();
		fund(id);
		assert_ok!(Registry::offer_network(signed(ADMIN), id, Some(BOB)));
		assert_ok!(Registry::offer_network(governance(), id, None));
		Epoch::set(RULES_NOTICE);
		assert_noop!(Registry::accept_network(signed(BOB), id), Error::<Test>::NotOffered);
	});
}

/// Governance replaces an admin who has lost the key of the account, or who resists.
#[test]
fn governance_replaces_an_admin_who_need_not_agree() {
	ExtBuilder::default().build_and_execute(|| {
		let id = create_network();
		fund(id);
		for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
			assert_noop!(Registry::offer_network(origin, id, Some(ALICE)), BadOrigin);
		}
		assert_noop!(
			Registry::offer_network(governance(), id, Some(ADMIN)),
			Error::<Test>::OfferToSelf
		);
		// The offer of governance opens the admin's offer to the same account at once.
		assert_ok!(Registry::offer_network(signed(ADMIN), id, Some(ALICE)));
		events();
		assert_ok!(Registry::offer_network(governance(), id, Some(ALICE)));
		assert_eq!(events(), [Event::NetworkOffered { network: id, to: Some(ALICE) }]);
		let again = Registry::offer_network(governance(), id, Some(ALICE));
		assert_noop!(again, Error::<Test>::NothingToChange);
		for to in [None, Some(BOB), Some(ALICE)] {
			let offer = Registry::offer_network(signed(ADMIN), id, to);
			assert_noop!(offer, Error::<Test>::OfferedByGovernance);
		}

		// The new admin agrees by accepting, and takes over the deposit.
		assert_ok!(Registry::accept_network(signed(ALICE), id));
		assert_eq!(held(HoldReason::NetworkDeposit, ADMIN), 0);
		assert_eq!(held(HoldReason::NetworkDeposit, ALICE), NETWORK_DEPOSIT);
		assert_noop!(change(id, None, BOND, policy()), Error::<Test>::NotAdmin);
		// The new admin can offer the network again.
		assert_ok!(Registry::offer_network(signed(ALICE), id, Some(BOB)));
	});
}

#[test]
fn a_new_admin_by_governance_must_afford_the_deposit() {
	ExtBuilder::default().build_and_execute(|| {
		let id = create_network();
		assert_ok!(Registry::offer_network(governance(), id, Some(PAUPER)));
		let accept = Registry::accept_network(signed(PAUPER), id);
		assert_noop!(accept, Error::<Test>::CannotAffordDeposit);
		assert_eq!(held(HoldReason::NetworkDeposit, ADMIN), NETWORK_DEPOSIT);
		// Governance changes its mind.
		assert_ok!(Registry::offer_network(governance(), id, None));
		assert_ok!(Registry::offer_network(signed(ADMIN), id, Some(BOB)));
	});
}

#[test]
fn the_funding_of_a_closed_network_ends() {
	ExtBuilder::default().build_and_execute(|| {
		let id = create_network();
		fund(id);
		assert_noop!(Registry::close_network(signed(BOB), id), Error::<Test>::NotAdmin);
		assert!(Closed::get().is_empty());
		assert_ok!(Registry::close_network(signed(ADMIN), id));
		assert_eq!((Closed::get(), Funded::get()), (vec![id], vec![]));
	});
}

#[test]
fn a_notice_beyond_the_last_epoch_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let id = create_network();
		fund(id);
		Epoch::set(u32::MAX - RULES_NOTICE + 1);
		assert_noop!(change(id, None, BOND, policy()), ArithmeticError::Overflow);
		let offer = Registry::offer_network(signed(ADMIN), id, Some(BOB));
		assert_noop!(offer, ArithmeticError::Overflow);
		assert_ok!(Registry::offer_network(governance(), id, Some(BOB)));
	});
}
