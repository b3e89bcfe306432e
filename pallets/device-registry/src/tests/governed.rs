//! Governed numbers: no value stops the pallet or makes state free.

use super::*;
use crate::governed::{MAX_DELAY, MAX_NOTICE};
use depin_primitives::policy::PolicyCaps;

#[test]
fn numbers_are_read_within_bounds() {
	ExtBuilder::default().build_and_execute(|| {
		for (voted, delay, notice) in
			[(0, 1, 1), (1, 1, 1), (2, 2, 2), (u32::MAX, MAX_DELAY, MAX_NOTICE)]
		{
			VotedRetireDelay::set(voted);
			VotedRecoveryDelay::set(voted);
			VotedAppealWindow::set(voted);
			VotedDecisionWindow::set(voted);
			VotedRulesNotice::set(voted);
			let parameters = Registry::parameters();
			assert_eq!(
				[
					parameters.retire_delay,
					parameters.recovery_delay,
					parameters.appeal_window,
					parameters.decision_window
				],
				[delay; 4]
			);
			assert_eq!(parameters.rules_notice, notice);
		}
		for (voted, amount) in [(0, 1), (1, 1), (2, 2), (Balance::MAX, Balance::MAX)] {
			VotedMinBond::set(voted);
			VotedNetworkDeposit::set(voted);
			VotedMakerDeposit::set(voted);
			VotedMakerKeyDeposit::set(voted);
			VotedDeclarationDeposit::set(voted);
			VotedGrantDeposit::set(voted);
			let parameters = Registry::parameters();
			assert_eq!(
				[
					parameters.min_bond,
					parameters.network_deposit,
					parameters.maker_deposit,
					parameters.maker_key_deposit,
					parameters.declaration_deposit,
					parameters.grant_deposit
				],
				[amount; 6]
			);
		}
		let caps = PolicyCaps { max_skew: u64::MAX, max_window: 0, ..PolicyCaps::DEFAULT };
		VotedCaps::set(caps);
		assert_eq!(Registry::parameters().policy_caps, caps.bounded());
		assert_eq!(Registry::parameters().location_fee, LOCATION_FEE);
	});
}

/// A vote of zero gives nobody state for nothing, and takes no owner's right to be heard.
#[test]
fn numbers_of_zero_break_nothing() {
	ExtBuilder::default().appeal_window(0).decision_window(0).retire_delay(0).build_and_execute(
		|| {
			VotedNetworkDeposit::set(0);
			VotedMakerDeposit::set(0);
			VotedMakerKeyDeposit::set(0);
			VotedDeclarationDeposit::set(0);
			VotedGrantDeposit::set(0);
			VotedMinBond::set(0);
			let (kind, origin) = (NetworkKind::Sensor, signed(ADMIN));
			let free = Registry::create_network(origin.clone(), kind, None, 0, policy());
			assert_noop!(free, Error::<Test>::BondTooSmall);
			assert_ok!(Registry::create_network(origin, kind, None, 1, policy()));
			let maker = register_maker(&Secret::p256(100));
			let key = Secret::p256(9).public();
			let reason = CompromiseReason::Stolen;
			assert_ok!(Registry::declare_compromised(signed(MAKER), maker, key, reason, None));
			let device = Secret::p256(1);
			assert_ok!(register(ALICE, 0, &device, None));
			let id = device.id();
			assert_ok!(grant(id, ALICE, BOB, Permissions::READ));
			assert_eq!(held(HoldReason::NetworkDeposit, ADMIN), 1);
			assert_eq!(held(HoldReason::MakerDeposit, MAKER), 3);
			assert_eq!(held(HoldReason::DeviceBond, ALICE), 1);
			assert_eq!(held(HoldReason::GrantDeposit, ALICE), 1);

			// The owner has one block to appeal, governance one to decide.
			assert_ok!(suspend(id));
			let forfeit = || Registry::forfeit_device(RuntimeOrigin::root(), id);
			assert_noop!(forfeit(), Error::<Test>::AppealOpen);
			assert_ok!(Registry::appeal_suspension(signed(ALICE), id, H256::zero()));
			pass_blocks(1);
			assert_noop!(Registry::restore_device(signed(BOB), id), Error::<Test>::CannotRestore);
			assert_ok!(forfeit());
			assert_noop!(Registry::reap_device(signed(BOB), id), Error::<Test>::StillRetiring);
			pass_blocks(1);
			assert_ok!(Registry::reap_device(signed(BOB), id));
		},
	);
}

/// Votes of the greatest numbers refuse new state, and release what is held.
#[test]
fn the_greatest_numbers_break_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, network) = registered(ALICE, &Secret::p256(1));
		let maker = register_maker(&Secret::p256(100));
		let (first, second) = (Secret::p256(8).public(), Secret::p256(9).public());
		let reason = CompromiseReason::Stolen;
		let declare = |key| Registry::declare_compromised(signed(MAKER), maker, key, reason, None);
		assert_ok!(declare(first));
		assert_ok!(grant(id, ALICE, BOB, Permissions::READ));
		VotedNetworkDeposit::set(Balance::MAX);
		VotedMakerDeposit::set(Balance::MAX);
		VotedMakerKeyDeposit::set(Balance::MAX);
		VotedDeclarationDeposit::set(Balance::MAX);
		VotedGrantDeposit::set(Balance::MAX);
		VotedMinBond::set(Balance::MAX);
		VotedRetireDelay::set(u32::MAX);

		let (kind, origin) = (NetworkKind::Sensor, signed(ADMIN));
		let create = |bond| Registry::create_network(origin.clone(), kind, None, bond, policy());
		assert_noop!(create(BOND), Error::<Test>::BondTooSmall);
		assert_noop!(create(Balance::MAX), Error::<Test>::CannotAffordDeposit);
		let key = Secret::p256(101).public();
		let register_maker = Registry::register_maker(signed(MAKER), key);
		assert_noop!(register_maker, ArithmeticError::Overflow);
		let add_key = Registry::add_maker_key(signed(MAKER), maker, key);
		assert_noop!(add_key, Error::<Test>::CannotAffordDeposit);
		assert_noop!(declare(second), ArithmeticError::Overflow);
		let again = grant(id, ALICE, MAKER, Permissions::READ);
		assert_eq!(again, Err(Error::<Test>::CannotAffordDeposit.into()));

		// All that was held is released as it was held.
		assert_ok!(Registry::withdraw_declaration(signed(MAKER), maker, first));
		assert_ok!(Registry::deregister_maker(signed(MAKER), maker));
		assert_ok!(Registry::retire_device(signed(ALICE), id));
		let until = 1 + MAX_DELAY;
		let status = Registry::device(&id).unwrap().status;
		assert_eq!(status, DeviceStatus::Retiring { until });
		System::set_block_number(until);
		expire_statements();
		assert_ok!(Registry::reap_device(signed(BOB), id));
		assert_ok!(Registry::close_network(signed(ADMIN), network));
		for who in RICH {
			assert_eq!(Balances::free_balance(who), FUNDS);
		}
	});
}
