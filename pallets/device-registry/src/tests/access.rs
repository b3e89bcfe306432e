//! Grants: permissions that owners give to other accounts.

use super::*;
use depin_primitives::access::GrantRecord;

/// Time at which the grants of these tests expire.
const EXPIRES: Millis = NOW + 100;

fn grant_access(
	who: AccountId,
	id: DeviceId,
	to: AccountId,
	permissions: Permissions,
	expires: Millis,
) -> sp_runtime::DispatchResult {
	Registry::grant_access(signed(who), id, to, permissions, expires)
}

fn revoke(who: AccountId, id: DeviceId, to: AccountId) -> sp_runtime::DispatchResult {
	Registry::revoke_access(signed(who), id, to)
}

#[test]
fn access_is_granted_against_a_deposit() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::p256(1));
		let permissions = Permissions::SUBMIT;
		assert_ok!(grant_access(ALICE, id, BOB, permissions, EXPIRES));
		assert_eq!(
			events(),
			[Event::AccessGranted { device: id, to: BOB, permissions, expires: EXPIRES }]
		);
		assert_eq!(held(HoldReason::GrantDeposit, ALICE), GRANT_DEPOSIT);
		assert_eq!(Balances::free_balance(ALICE), FUNDS - BOND - GRANT_DEPOSIT);
		let expires = EXPIRES;
		assert_eq!(Registry::grants(id), Ok(vec![GrantRecord { to: BOB, permissions, expires }]));
	});
}

#[test]
fn the_runtime_api_returns_an_accounts_permissions() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::p256(1));
		let may = |who| Registry::permissions(id, who).unwrap();
		assert_eq!((may(ALICE), may(BOB)), (Permissions::ALL, Permissions::default()));
		for bits in 1..=7 {
			assert_ok!(grant_access(ALICE, id, BOB, Permissions(bits), EXPIRES));
			assert_eq!(may(BOB), Permissions(bits));
		}
		assert_eq!((may(ALICE), may(MAKER)), (Permissions::ALL, Permissions::default()));

		// A grant is valid before its expiry, not at it; it is listed until it is revoked.
		Timestamp::set_timestamp(EXPIRES - 1);
		assert_eq!(may(BOB), Permissions::ALL);
		Timestamp::set_timestamp(EXPIRES);
		assert_eq!(may(BOB), Permissions::default());
		assert_eq!(Registry::grants(id).unwrap().len(), 1);

		let unknown = H256::repeat_byte(1);
		assert_eq!(Registry::permissions(unknown, ALICE), Err(LookupError::UnknownDevice));
		assert_eq!(Registry::grants(unknown), Err(LookupError::UnknownDevice));
	});
}

#[test]
fn a_grant_is_replaced_without_a_deposit() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::p256(1));
		assert_ok!(grant_access(ALICE, id, MAKER, Permissions::READ, EXPIRES));
		assert_ok!(grant_access(ALICE, id, BOB, Permissions::ALL, EXPIRES));
		assert_ok!(grant_access(ALICE, id, MAKER, Permissions::ACT, EXPIRES + 1));
		assert_eq!(held(HoldReason::GrantDeposit, ALICE), 2 * GRANT_DEPOSIT);
		let listed = |to, permissions, expires| GrantRecord { to, permissions, expires };
		assert_eq!(
			Registry::grants(id),
			Ok(vec![
				listed(MAKER, Permissions::ACT, EXPIRES + 1),
				listed(BOB, Permissions::ALL, EXPIRES)
			])
		);
		// An expired grant is replaced, too.
		Timestamp::set_timestamp(EXPIRES + 1);
		assert_ok!(grant_access(ALICE, id, BOB, Permissions::READ, EXPIRES + 2));
		assert_eq!(Registry::permissions(id, BOB), Ok(Permissions::READ));
		assert_eq!(held(HoldReason::GrantDeposit, ALICE), 2 * GRANT_DEPOSIT);
	});
}

#[test]
fn only_the_owner_grants_access() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::p256(1));
		let grant = |who| grant_access(who, id, MAKER, Permissions::READ, EXPIRES);
		assert_noop!(grant(BOB), Error::<Test>::NotOwner);
		assert_noop!(grant(ADMIN), Error::<Test>::NotOwner);
		// An account cannot pass its permissions on.
		assert_ok!(grant_access(ALICE, id, BOB, Permissions::ALL, EXPIRES));
		assert_noop!(grant(BOB), Error::<Test>::NotOwner);
		let unknown = H256::repeat_byte(1);
		assert_noop!(
			grant_access(ALICE, unknown, BOB, Permissions::READ, EXPIRES),
			Error::<Test>::UnknownDevice
		);
		let root = RuntimeOrigin::root();
		assert_noop!(Registry::grant_access(root, id, BOB, Permissions::READ, EXPIRES), BadOrigin);
	});
}

#[test]
fn granted_permissions_must_exist() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::p256(1));
		for bits in [0, 8, 9, 15, 128, 255] {
			assert_noop!(
				grant_access(ALICE, id, BOB, Permissions(bits), EXPIRES),
				Error::<Test>::InvalidPermissions
			);
		}
	});
}

#[test]
fn a_grants_expiry_must_lie_ahead() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::p256(1));
		let grant = |expires| grant_access(ALICE, id, BOB, Permissions::READ, expires);
		for expires in [0, NOW - 1, NOW] {
			assert_noop!(grant(expires), Error::<Test>::AlreadyExpired);
		}
		assert_ok!(grant(NOW + 1));
		assert_ok!(grant(Millis::MAX));
		assert_noop!(grant(NOW), Error::<Test>::AlreadyExpired);
	});
}

#[test]
fn the_owner_needs_no_grant() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::p256(1));
		assert_noop!(
			grant_access(ALICE, id, ALICE, Permissions::READ, EXPIRES),
			Error::<Test>::GrantToOwner
		);
	});
}

#[test]
fn a_devices_grants_are_limited() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::p256(1));
		let grant = |to| grant_access(ALICE, id, to, Permissions::READ, EXPIRES);
		for to in [ADMIN, MAKER, BOB] {
			assert_ok!(grant(to));
		}
		assert_noop!(grant(PAUPER), Error::<Test>::TooManyGrants);
		// A replaced grant adds none, and an expired grant counts until it is revoked.
		assert_ok!(grant(BOB));
		Timestamp::set_timestamp(EXPIRES - 1);
		assert_noop!(grant(PAUPER), Error::<Test>::TooManyGrants);
		assert_ok!(revoke(ALICE, id, MAKER));
		assert_ok!(grant(PAUPER));
		assert_eq!(held(HoldReason::GrantDeposit, ALICE), 3 * GRANT_DEPOSIT);
	});
}

#[test]
fn a_grants_deposit_must_be_affordable() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::p256(1));
		let fund = |free| {
			assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), ALICE, free));
		};
		let grant = || grant_access(ALICE, id, BOB, Permissions::READ, EXPIRES);
		for free in [EXISTENTIAL_DEPOSIT, EXISTENTIAL_DEPOSIT + GRANT_DEPOSIT - 1] {
			fund(free);
			assert_noop!(grant(), Error::<Test>::CannotAffordDeposit);
		}
		fund(EXISTENTIAL_DEPOSIT + GRANT_DEPOSIT);
		assert_ok!(grant());
	});
}

#[test]
fn owner_and_grantee_end_a_grant_at_any_time() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::p256(1));
		for who in [ALICE, BOB] {
			assert_ok!(grant_access(ALICE, id, BOB, Permissions::ALL, EXPIRES));
			events();
			assert_ok!(revoke(who, id, BOB));
			assert_eq!(events(), [Event::AccessRevoked { device: id, to: BOB }]);
			assert_eq!(held(HoldReason::GrantDeposit, ALICE), 0);
			assert_eq!(Balances::free_balance(ALICE), FUNDS - BOND);
			assert_eq!(Balances::free_balance(BOB), FUNDS);
			assert_eq!(Registry::permissions(id, BOB), Ok(Permissions::default()));
			assert!(!Grants::<Test>::contains_key(id));
			assert_noop!(revoke(who, id, BOB), Error::<Test>::NotGranted);
		}
	});
}

#[test]
fn anyone_ends_a_grant_that_has_expired() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::p256(1));
		assert_ok!(grant_access(ALICE, id, BOB, Permissions::ALL, EXPIRES));
		assert_ok!(grant_access(ALICE, id, ADMIN, Permissions::ALL, Millis::MAX));
		Timestamp::set_timestamp(EXPIRES - 1);
		for who in [MAKER, ADMIN, PAUPER] {
			assert_noop!(revoke(who, id, BOB), Error::<Test>::CannotRevoke);
		}
		Timestamp::set_timestamp(EXPIRES);
		assert_noop!(revoke(MAKER, id, ADMIN), Error::<Test>::CannotRevoke);
		assert_ok!(revoke(MAKER, id, BOB));
		// The deposit is released to the owner, whoever calls; the other grant stays.
		assert_eq!(held(HoldReason::GrantDeposit, ALICE), GRANT_DEPOSIT);
		assert_eq!(Balances::free_balance(MAKER), FUNDS);
		assert_eq!(Registry::permissions(id, ADMIN), Ok(Permissions::ALL));
	});
}

#[test]
fn a_grant_that_does_not_exist_is_not_revoked() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::p256(1));
		assert_ok!(grant_access(ALICE, id, ADMIN, Permissions::ALL, EXPIRES));
		for who in [ALICE, BOB, MAKER] {
			assert_noop!(revoke(who, id, BOB), Error::<Test>::NotGranted);
		}
		let unknown = H256::repeat_byte(1);
		assert_noop!(revoke(ALICE, unknown, BOB), Error::<Test>::UnknownDevice);
		assert_noop!(Registry::revoke_access(RuntimeOrigin::none(), id, ADMIN), BadOrigin);
	});
}

/// The owner of a suspended or retiring device may still let others read its earlier work.
#[test]
fn grants_outlive_suspension_and_retirement() {
	ExtBuilder::default().retire_delay(1).build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::p256(1));
		assert_ok!(grant_access(ALICE, id, BOB, Permissions::READ, EXPIRES));
		assert_ok!(suspend(id));
		assert_ok!(grant_access(ALICE, id, MAKER, Permissions::READ, EXPIRES));
		assert_ok!(Registry::restore_device(signed(ADMIN), id));
		assert_ok!(Registry::retire_device(signed(ALICE), id));
		pass_blocks(1);
		assert_ok!(grant_access(ALICE, id, ADMIN, Permissions::READ, EXPIRES));
		assert_eq!(Registry::grants(id).unwrap().len(), 3);

		// The grants end with the device.
		events();
		assert_ok!(Registry::reap_device(signed(BOB), id));
		let ended = events();
		for to in [BOB, MAKER, ADMIN] {
			assert!(ended.contains(&Event::AccessRevoked { device: id, to }));
		}
		assert_eq!(held(HoldReason::GrantDeposit, ALICE), 0);
		assert_eq!(Balances::free_balance(ALICE), FUNDS);
		assert_eq!(Grants::<Test>::iter_keys().count(), 0);
	});
}
