//! Transfer of devices.

use super::*;

fn offer(who: AccountId, id: DeviceId, to: Option<AccountId>) -> sp_runtime::DispatchResult {
	Registry::offer_device(signed(who), id, to)
}

fn accept(who: AccountId, id: DeviceId) -> sp_runtime::DispatchResult {
	Registry::accept_device(signed(who), id, current_key(id))
}

#[test]
fn a_device_is_handed_on_in_two_steps() {
	ExtBuilder::default().build_and_execute(|| {
		let device = Secret::p256(1);
		let (id, network) = registered(ALICE, &device);
		let before = Registry::device_record(id).unwrap();
		assert_ok!(offer(ALICE, id, Some(BOB)));
		assert_eq!(events(), [Event::DeviceOffered { device: id, to: Some(BOB) }]);
		assert_eq!(Registry::device_record(id).unwrap().offered_to, Some(BOB));
		// An offer alone transfers nothing.
		assert_eq!(Registry::device(&id).unwrap().owner, ALICE);
		assert_eq!((turns(), held(HoldReason::DeviceBond, BOB)), (vec![], 0));

		assert_ok!(accept(BOB, id));
		assert_eq!(
			events(),
			[Event::DeviceTransferred { device: id, from: ALICE, to: BOB, bond: BOND }]
		);
		assert_eq!(held(HoldReason::DeviceBond, ALICE), 0);
		assert_eq!(Balances::free_balance(ALICE), FUNDS);
		assert_eq!(held(HoldReason::DeviceBond, BOB), BOND);
		assert_eq!(Balances::free_balance(BOB), FUNDS - BOND);
		// The rewards so far are settled on the previous owner, once.
		assert_eq!(turns(), [Turn::Settled(id, network, ALICE)]);

		let after = Registry::device_record(id).unwrap();
		assert_eq!(after, depin_primitives::device::DeviceRecord { owner: BOB, ..before });
		assert_noop!(accept(BOB, id), Error::<Test>::NotOffered);
	});
}

#[test]
fn the_lists_of_owners_follow() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, network) = registered(ALICE, &Secret::p256(1));
		let (stays, has) = (Secret::p256(2), Secret::p256(3));
		assert_ok!(register(ALICE, network, &stays, None));
		assert_ok!(register(BOB, network, &has, None));
		assert_ok!(transfer(id, ALICE, BOB));
		let of = |owner| {
			let page = Registry::devices_by_owner(owner, None, MAX_PAGE);
			page.items.into_iter().map(|device| device.id).collect::<Vec<_>>()
		};
		let mut bobs = vec![id, has.id()];
		bobs.sort_unstable();
		assert_eq!((of(ALICE), of(BOB)), (vec![stays.id()], bobs));
		assert_eq!(DevicesByNetwork::<Test>::iter_keys().count(), 3);
		assert_eq!(Registry::network_record(network).unwrap().devices, 3);
	});
}

/// The bond that moves is the device's, not the one that its network asks for by then.
#[test]
fn a_transfer_moves_the_devices_own_bond() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, network) = registered(ALICE, &Secret::p256(1));
		assert_ok!(Registry::change_network(signed(ADMIN), network, None, 3 * BOND, policy()));
		Epoch::set(1);
		let newer = Secret::p256(2);
		assert_ok!(register(ALICE, network, &newer, None));
		assert_ok!(transfer(id, ALICE, BOB));
		assert_eq!(held(HoldReason::DeviceBond, ALICE), 3 * BOND);
		assert_eq!(held(HoldReason::DeviceBond, BOB), BOND);
		assert_ok!(transfer(newer.id(), ALICE, BOB));
		assert_eq!(held(HoldReason::DeviceBond, BOB), 4 * BOND);
	});
}

#[test]
fn an_offer_can_be_withdrawn_and_changed() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::p256(1));
		assert_ok!(offer(ALICE, id, Some(BOB)));
		assert_ok!(offer(ALICE, id, None));
		assert_eq!(Registry::device_record(id).unwrap().offered_to, None);
		assert_eq!(
			events(),
			[
				Event::DeviceOffered { device: id, to: Some(BOB) },
				Event::DeviceOffered { device: id, to: None }
			]
		);
		assert_noop!(accept(BOB, id), Error::<Test>::NotOffered);

		assert_ok!(offer(ALICE, id, Some(BOB)));
		assert_ok!(offer(ALICE, id, Some(MAKER)));
		assert_noop!(accept(BOB, id), Error::<Test>::NotOffered);
		assert_ok!(accept(MAKER, id));
		assert_eq!(pending(id), PendingChange::Nothing);
	});
}

#[test]
fn only_the_account_that_was_offered_a_device_accepts_it() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::p256(1));
		assert_noop!(accept(BOB, id), Error::<Test>::NotOffered);
		assert_ok!(offer(ALICE, id, Some(BOB)));
		for who in [ALICE, ADMIN, MAKER] {
			assert_noop!(accept(who, id), Error::<Test>::NotOffered);
		}
		let unknown = H256::repeat_byte(1);
		assert_noop!(accept(BOB, unknown), Error::<Test>::UnknownDevice);
		let by_root = Registry::accept_device(RuntimeOrigin::root(), id, current_key(id));
		assert_noop!(by_root, BadOrigin);
	});
}

#[test]
fn only_its_owner_offers_a_device() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::p256(1));
		for who in [BOB, ADMIN] {
			assert_noop!(offer(who, id, Some(BOB)), Error::<Test>::NotOwner);
		}
		// An account that may act for the device may not offer it.
		assert_ok!(grant(id, ALICE, BOB, Permissions::ALL));
		assert_noop!(offer(BOB, id, Some(BOB)), Error::<Test>::NotOwner);
		let unknown = H256::repeat_byte(1);
		assert_noop!(offer(ALICE, unknown, Some(BOB)), Error::<Test>::UnknownDevice);
		assert_noop!(Registry::offer_device(RuntimeOrigin::root(), id, Some(BOB)), BadOrigin);

		// After the transfer only the new owner may.
		assert_ok!(transfer(id, ALICE, BOB));
		assert_noop!(offer(ALICE, id, Some(ALICE)), Error::<Test>::NotOwner);
		assert_ok!(transfer(id, BOB, ALICE));
	});
}

#[test]
fn an_offer_must_change_something() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::p256(1));
		assert_noop!(offer(ALICE, id, Some(ALICE)), Error::<Test>::OfferToSelf);
		assert_noop!(offer(ALICE, id, None), Error::<Test>::NothingToChange);
		assert_ok!(offer(ALICE, id, Some(BOB)));
		assert_noop!(offer(ALICE, id, Some(BOB)), Error::<Test>::NothingToChange);
	});
}

#[test]
fn a_suspended_device_is_not_handed_on() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::p256(1));
		assert_ok!(offer(ALICE, id, Some(BOB)));
		assert_ok!(suspend(id));
		// There is no offer to withdraw: it has ended.
		assert_eq!(Registry::device_record(id).unwrap().offered_to, None);
		assert_noop!(offer(ALICE, id, None), Error::<Test>::DeviceSuspended);
		assert_noop!(offer(ALICE, id, Some(BOB)), Error::<Test>::DeviceSuspended);
		assert_noop!(accept(BOB, id), Error::<Test>::NotOffered);
		// The offer does not come back after the restoration.
		assert_ok!(Registry::restore_device(signed(ADMIN), id));
		assert_noop!(accept(BOB, id), Error::<Test>::NotOffered);
		assert_ok!(transfer(id, ALICE, BOB));
	});
}

#[test]
fn a_retiring_device_is_not_handed_on() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::p256(1));
		assert_ok!(offer(ALICE, id, Some(BOB)));
		events();
		assert_ok!(Registry::retire_device(signed(ALICE), id));
		let until = 1 + RETIRE_DELAY;
		assert_eq!(
			events(),
			[
				Event::DeviceOffered { device: id, to: None },
				Event::DeviceRetiring { device: id, until }
			]
		);
		assert_eq!(Registry::device_record(id).unwrap().offered_to, None);
		assert_noop!(accept(BOB, id), Error::<Test>::NotOffered);
		assert_noop!(offer(ALICE, id, Some(BOB)), Error::<Test>::AlreadyRetiring);
		assert_noop!(offer(ALICE, id, None), Error::<Test>::AlreadyRetiring);
	});
}

#[test]
fn grants_end_and_their_deposits_return_to_who_paid_them() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::p256(1));
		for (to, allowed) in [(MAKER, Permissions::ACT), (BOB, Permissions::READ)] {
			assert_ok!(grant(id, ALICE, to, allowed));
		}
		assert_eq!(held(HoldReason::GrantDeposit, ALICE), 2 * GRANT_DEPOSIT);
		assert_ok!(offer(ALICE, id, Some(BOB)));
		events();
		assert_ok!(accept(BOB, id));
		assert_eq!(
			events(),
			[
				Event::AccessRevoked { device: id, to: MAKER },
				Event::AccessRevoked { device: id, to: BOB },
				Event::DeviceTransferred { device: id, from: ALICE, to: BOB, bond: BOND }
			]
		);
		assert_eq!(held(HoldReason::GrantDeposit, ALICE), 0);
		assert_eq!(Balances::free_balance(ALICE), FUNDS);
		assert_eq!(held(HoldReason::GrantDeposit, BOB), 0);
		assert_eq!(Registry::grants(id), Ok(vec![]));
		assert_eq!(Registry::permissions(id, MAKER), Ok(Permissions::default()));
		assert_eq!(Registry::permissions(id, BOB), Ok(Permissions::ALL));
		assert_eq!(Registry::permissions(id, ALICE), Ok(Permissions::default()));
	});
}

/// A seller must not swap the key under the buyer's hands: the offer ends, and a new offer does not
/// make the old acceptance valid.
#[test]
fn a_device_is_accepted_with_the_key_that_the_buyer_knows() {
	ExtBuilder::default().build_and_execute(|| {
		let (sold, swapped) = (Secret::p256(1), Secret::ed25519(2));
		let (id, _) = registered(ALICE, &sold);
		let accept = |key: &Secret| Registry::accept_device(signed(BOB), id, key.public());
		assert_ok!(offer(ALICE, id, Some(BOB)));
		// In front of Bob's acceptance.
		assert_ok!(rotate(ALICE, id, &sold, &swapped, None));
		assert_noop!(accept(&sold), Error::<Test>::NotOffered);
		assert_noop!(accept(&swapped), Error::<Test>::NotOffered);
		assert_ok!(offer(ALICE, id, Some(BOB)));
		assert_noop!(accept(&sold), Error::<Test>::KeyChanged);
		assert_eq!(Registry::device(&id).unwrap().owner, ALICE);

		assert_ok!(rotate(ALICE, id, &swapped, &sold, None));
		assert_ok!(offer(ALICE, id, Some(BOB)));
		assert_noop!(accept(&swapped), Error::<Test>::KeyChanged);
		assert_ok!(accept(&sold));
		assert_eq!(Registry::device(&id).unwrap().owner, BOB);
	});
}

/// A key that the previous owner has chosen would give them control of the device again.
#[test]
fn an_offer_ends_a_recovery() {
	ExtBuilder::default().build_and_execute(|| {
		let maker_key = Secret::p256(100);
		let maker = register_maker(&maker_key);
		let (id, network) = registered(ALICE, &Secret::p256(1));
		let new = Secret::p256(2);
		let certificate = maker_key.certify(maker, 0, network, new.public());
		assert_ok!(recover(ALICE, id, &new, certificate));
		// Withdrawing an offer that does not exist ends nothing.
		assert_noop!(offer(ALICE, id, None), Error::<Test>::NothingToChange);
		events();
		assert_ok!(offer(ALICE, id, Some(BOB)));
		assert_eq!(
			events(),
			[
				Event::RecoveryCancelled { device: id },
				Event::DeviceOffered { device: id, to: Some(BOB) }
			]
		);
		let record = Registry::device_record(id).unwrap();
		assert_eq!((record.pending_key, record.offered_to), (None, Some(BOB)));
		assert_ok!(accept(BOB, id));
		assert_eq!(Registry::device_record(id).unwrap().pending_key, None);
		pass_blocks(RECOVERY_DELAY);
		let finish = Registry::finish_recovery(signed(ALICE), id);
		assert_noop!(finish, Error::<Test>::NoRecovery);
	});
}

#[test]
fn a_new_owner_must_afford_the_bond() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::p256(1));
		assert_ok!(grant(id, ALICE, BOB, Permissions::READ));
		assert_ok!(offer(ALICE, id, Some(PAUPER)));
		let fund = |free| {
			assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), PAUPER, free));
		};
		for free in [EXISTENTIAL_DEPOSIT, EXISTENTIAL_DEPOSIT + BOND - 1] {
			fund(free);
			assert_noop!(accept(PAUPER, id), Error::<Test>::CannotAffordBond);
		}
		assert_eq!((turns(), held(HoldReason::DeviceBond, ALICE)), (vec![], BOND));
		assert_eq!(Registry::device(&id).unwrap().owner, ALICE);
		fund(EXISTENTIAL_DEPOSIT + BOND);
		assert_ok!(accept(PAUPER, id));
	});
}

#[test]
fn devices_of_a_paused_network_are_handed_on() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, network) = registered(ALICE, &Secret::p256(1));
		assert_ok!(Registry::set_network_paused(signed(ADMIN), network, true));
		assert_ok!(transfer(id, ALICE, BOB));
		assert_eq!(Registry::device(&id).unwrap().owner, BOB);
	});
}

/// Statements that the device signed under its previous owner are not valid under the new one.
#[test]
fn statements_for_the_previous_owner_end_with_a_transfer() {
	ExtBuilder::default().build_and_execute(|| {
		let (device, new) = (Secret::p256(1), Secret::ed25519(2));
		let (id, _) = registered(ALICE, &device);
		let by_old = device.rotation(id, ALICE, new.public());
		let by_new = new.adoption(id, ALICE);
		assert_ok!(transfer(id, ALICE, BOB));
		let rotate = |by_old, by_new| {
			Registry::rotate_key(signed(BOB), id, new.public(), by_old, by_new, None)
		};
		assert_noop!(rotate(by_old, by_new), Error::<Test>::BadAdoption);
		assert_noop!(rotate(by_old, new.adoption(id, BOB)), Error::<Test>::BadRotation);
		assert_ok!(rotate(device.rotation(id, BOB, new.public()), new.adoption(id, BOB)));
	});
}
