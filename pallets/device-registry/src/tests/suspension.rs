//! Suspensions of devices, appeals and decisions.

use super::*;

const EVIDENCE: H256 = H256([0xee; 32]);
const STATEMENT: H256 = H256([0xaa; 32]);

/// Blocks at which the windows of a suspension in block 1 end.
const APPEAL_UNTIL: u32 = 1 + APPEAL_WINDOW;
const DECIDE_UNTIL: u32 = APPEAL_UNTIL + DECISION_WINDOW;

fn suspended_by(by: Suspender, reason: SuspendReason) -> Suspension {
	let (appeal_until, decide_until) = (APPEAL_UNTIL, DECIDE_UNTIL);
	Suspension {
		by,
		reason,
		since: 1,
		appeal_until,
		decide_until,
		appealed: false,
		corrected: false,
	}
}

fn restore(who: AccountId, id: DeviceId) -> sp_runtime::DispatchResult {
	Registry::restore_device(signed(who), id)
}

fn forfeit(id: DeviceId) -> sp_runtime::DispatchResult {
	Registry::forfeit_device(RuntimeOrigin::root(), id)
}

/// Suspends a device by governance, or takes over its case.
fn judge(id: DeviceId) -> sp_runtime::DispatchResult {
	let (root, reason) = (RuntimeOrigin::root(), SuspendReason::CoverageFraud);
	Registry::suspend_device(root, id, reason, EVIDENCE)
}

fn appeal(who: AccountId, id: DeviceId) -> sp_runtime::DispatchResult {
	Registry::appeal_suspension(signed(who), id, STATEMENT)
}

#[test]
fn admin_and_governance_suspend() {
	for (origin, by) in
		[(signed(ADMIN), Suspender::Admin), (RuntimeOrigin::root(), Suspender::Governance)]
	{
		ExtBuilder::default().build_and_execute(|| {
			let (id, network) = registered(ALICE, &Secret::p256(1));
			let reason = SuspendReason::CoverageFraud;
			assert_ok!(Registry::suspend_device(origin, id, reason, EVIDENCE));
			assert_eq!(
				events(),
				[Event::DeviceSuspended {
					device: id,
					by,
					reason,
					evidence: EVIDENCE,
					appeal_until: APPEAL_UNTIL,
					decide_until: DECIDE_UNTIL
				}]
			);
			// The rewards before the suspension are the owner's.
			assert_eq!(turns(), [Turn::Settled(id, network, ALICE)]);
			let record = Registry::device_record(id).unwrap();
			assert_eq!(record.status, DeviceStatus::Suspended { reason });
			assert_eq!(record.suspension, Some(suspended_by(by, reason)));
			// The device works on, and its bond stays.
			assert!(Registry::device(&id).unwrap().status.can_work());
			assert_eq!(held(HoldReason::DeviceBond, ALICE), BOND);
		});
	}
}

#[test]
fn each_reason_of_a_suspension_is_recorded() {
	ExtBuilder::default().build_and_execute(|| {
		let network = create_network();
		for (seed, reason) in [
			(1, SuspendReason::KeyCompromised),
			(2, SuspendReason::FalseLocation),
			(3, SuspendReason::ImplausibleReports),
			(4, SuspendReason::CoverageFraud),
			(5, SuspendReason::PolicyViolation),
			(6, SuspendReason::Other),
		] {
			let device = Secret::ed25519(seed);
			assert_ok!(register(ALICE, network, &device, None));
			let (origin, none) = (signed(ADMIN), H256::zero());
			assert_ok!(Registry::suspend_device(origin, device.id(), reason, none));
			let status = Registry::device(&device.id()).unwrap().status;
			assert_eq!(status, DeviceStatus::Suspended { reason });
			let suspension = Registry::device_record(device.id()).unwrap().suspension;
			assert_eq!(suspension, Some(suspended_by(Suspender::Admin, reason)));
		}
	});
}

#[test]
fn a_maker_suspends_by_declaring_the_key_compromised() {
	ExtBuilder::default().build_and_execute(|| {
		let (maker_key, device) = (Secret::p256(100), Secret::p256(1));
		let (maker, network) = (register_maker(&maker_key), create_network());
		let certificate = maker_key.certify(maker, 0, network, device.public());
		assert_ok!(register(ALICE, network, &device, Some(certificate)));
		let (id, key) = (device.id(), device.public());
		events();
		let leaked = CompromiseReason::KeyLeaked;
		assert_ok!(Registry::declare_compromised(signed(MAKER), maker, key, leaked, None));
		let (by, reason) = (Suspender::Maker(maker), SuspendReason::KeyCompromised);
		assert_eq!(
			events(),
			[
				Event::KeyDeclaredCompromised { maker, key, reason: leaked, device: Some(id) },
				Event::DeviceSuspended {
					device: id,
					by,
					reason,
					evidence: H256::zero(),
					appeal_until: APPEAL_UNTIL,
					decide_until: DECIDE_UNTIL
				}
			]
		);
		assert_eq!(turns(), [Turn::Settled(id, network, ALICE)]);
		let suspension = Registry::device_record(id).unwrap().suspension;
		assert_eq!(suspension, Some(suspended_by(by, reason)));

		// The owner appeals, and the maker withdraws the declaration, which restores nothing.
		assert_ok!(appeal(ALICE, id));
		assert_ok!(Registry::withdraw_declaration(signed(MAKER), maker, key));
		assert_eq!(Registry::device(&id).unwrap().status, DeviceStatus::Suspended { reason });
		assert_noop!(restore(ADMIN, id), Error::<Test>::CannotRestore);
		assert_ok!(restore(MAKER, id));
	});
}

/// A declaration does not change a suspension by another party.
#[test]
fn a_declaration_leaves_a_suspension_as_it_is() {
	ExtBuilder::default().build_and_execute(|| {
		let (maker_key, device) = (Secret::p256(100), Secret::p256(1));
		let (maker, network) = (register_maker(&maker_key), create_network());
		let certificate = maker_key.certify(maker, 0, network, device.public());
		assert_ok!(register(ALICE, network, &device, Some(certificate)));
		assert_ok!(suspend(device.id()));
		let before = suspension_case(device.id());
		let cloned = CompromiseReason::KeyCloned;
		assert_ok!(Registry::declare_compromised(
			signed(MAKER),
			maker,
			device.public(),
			cloned,
			None
		));
		assert_eq!(suspension_case(device.id()), before);
		assert_noop!(restore(MAKER, device.id()), Error::<Test>::CannotRestore);
	});
}

#[test]
fn only_admin_governance_and_maker_suspend_a_device() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::p256(1));
		let suspend = |origin| Registry::suspend_device(origin, id, SuspendReason::Other, EVIDENCE);
		for who in [ALICE, BOB, MAKER] {
			assert_noop!(suspend(signed(who)), Error::<Test>::NotAdmin);
		}
		assert_noop!(suspend(RuntimeOrigin::none()), BadOrigin);
		// The admin of another network is not the admin of this one.
		let kind = NetworkKind::Sensor;
		assert_ok!(Registry::create_network(signed(BOB), kind, None, BOND, policy()));
		assert_noop!(suspend(signed(BOB)), Error::<Test>::NotAdmin);
		for origin in [signed(ADMIN), RuntimeOrigin::root()] {
			let (unknown, reason) = (H256::repeat_byte(1), SuspendReason::Other);
			let refused = Registry::suspend_device(origin, unknown, reason, EVIDENCE);
			assert_noop!(refused, Error::<Test>::UnknownDevice);
		}
	});
}

#[test]
fn a_suspended_device_is_not_suspended_again_by_its_admin() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::p256(1));
		assert_ok!(suspend(id));
		turns();
		assert_noop!(suspend(id), Error::<Test>::DeviceSuspended);
		assert_ok!(restore(ADMIN, id));
		assert_ok!(judge(id));
		turns();
		assert_noop!(suspend(id), Error::<Test>::DeviceSuspended);
		assert_noop!(judge(id), Error::<Test>::SuspendedByGovernance);
		assert_eq!(turns(), []);
	});
}

/// The origin for networks decides nothing about devices, and the other way round.
#[test]
fn governance_of_networks_does_not_judge_devices() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, network) = registered(ALICE, &Secret::p256(1));
		let (origin, reason) = (governance(), SuspendReason::Other);
		let refused = Registry::suspend_device(origin, id, reason, EVIDENCE);
		assert_noop!(refused, Error::<Test>::NotAdmin);
		assert_ok!(suspend(id));
		assert_noop!(Registry::restore_device(governance(), id), Error::<Test>::CannotRestore);
		System::set_block_number(APPEAL_UNTIL);
		assert_noop!(Registry::forfeit_device(governance(), id), BadOrigin);
		let root = RuntimeOrigin::root();
		assert_noop!(Registry::set_network_paused(root, network, true), BadOrigin);
	});
}

/// Governance takes over a case, so that neither its suspender can end it nor the escrow is paid.
#[test]
fn governance_takes_over_a_suspension_without_settling() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, network) = registered(ALICE, &Secret::p256(1));
		assert_ok!(suspend(id));
		assert_ok!(appeal(ALICE, id));
		assert_eq!(turns(), [Turn::Settled(id, network, ALICE)]);
		events();
		System::set_block_number(APPEAL_UNTIL - 1);
		assert_ok!(judge(id));
		// All windows begin anew, for the accusation is another.
		let appeal_until = APPEAL_UNTIL - 1 + APPEAL_WINDOW;
		let decide_until = appeal_until + DECISION_WINDOW;
		let (by, reason) = (Suspender::Governance, SuspendReason::CoverageFraud);
		assert_eq!(
			events(),
			[Event::DeviceSuspended {
				device: id,
				by,
				reason,
				evidence: EVIDENCE,
				appeal_until,
				decide_until
			}]
		);
		let since = APPEAL_UNTIL - 1;
		assert_eq!(
			suspension_case(id),
			Some(Suspension {
				by,
				reason,
				since,
				appeal_until,
				decide_until,
				appealed: false,
				corrected: false
			})
		);
		assert_noop!(restore(ADMIN, id), Error::<Test>::CannotRestore);
		assert_noop!(forfeit(id), Error::<Test>::AppealOpen);
		assert_ok!(appeal(ALICE, id));
		System::set_block_number(appeal_until);
		assert_ok!(forfeit(id));
		// Nothing was paid since the first suspension: all of it is forfeited.
		assert_eq!(turns(), [Turn::Forfeited(id, network)]);
	});
}

/// An owner whose maker is a friend cannot keep governance out by suspensions that end in time.
#[test]
fn a_friendly_maker_cannot_keep_governance_out() {
	ExtBuilder::default().build_and_execute(|| {
		let (maker_key, device) = (Secret::p256(100), Secret::p256(1));
		let (maker, network) = (register_maker(&maker_key), create_network());
		let certificate = maker_key.certify(maker, 0, network, device.public());
		assert_ok!(register(ALICE, network, &device, Some(certificate)));
		let (id, key, reason) = (device.id(), device.public(), CompromiseReason::KeyLeaked);
		let declare = || Registry::declare_compromised(signed(MAKER), maker, key, reason, None);
		assert_ok!(declare());
		turns();
		// Whatever the state is in which the vote finds the device, one call suspends it.
		assert_ok!(judge(id));
		assert_eq!(turns(), []);
		assert_noop!(restore(MAKER, id), Error::<Test>::CannotRestore);
		assert_ok!(Registry::withdraw_declaration(signed(MAKER), maker, key));
		assert_ok!(declare());
		// The maker's loop has neither restarted the windows nor settled anything.
		assert_eq!(suspension_case(id).map(|case| case.by), Some(Suspender::Governance));
		assert_eq!(turns(), []);
	});
}

/// Retirement does not save a device from its suspension.
#[test]
fn retiring_devices_are_suspended_and_go_on_retiring() {
	for restored_at in [2, 1 + RETIRE_DELAY, 1 + RETIRE_DELAY + 9] {
		ExtBuilder::default().build_and_execute(|| {
			let (id, network) = registered(ALICE, &Secret::p256(1));
			assert_ok!(Registry::retire_device(signed(ALICE), id));
			assert_ok!(suspend(id));
			assert_eq!(turns(), [Turn::Settled(id, network, ALICE)]);
			let reason = SuspendReason::FalseLocation;
			let record = Registry::device_record(id).unwrap();
			assert_eq!(record.status, DeviceStatus::SuspendedRetiring { reason });
			assert_eq!(record.suspension, Some(suspended_by(Suspender::Admin, reason)));
			// The device works no more, and its earnings are in escrow.
			let status = Registry::device(&id).unwrap().status;
			assert!(!status.can_work() && status.is_suspended());
			// The windows are those of every device.
			assert_ok!(appeal(ALICE, id));

			System::set_block_number(restored_at);
			assert_noop!(Registry::reap_device(signed(BOB), id), Error::<Test>::NotRetiring);
			let retire = Registry::retire_device(signed(ALICE), id);
			assert_noop!(retire, Error::<Test>::DeviceSuspended);
			let device = &Secret::p256(1);
			assert_eq!(
				rotate(ALICE, id, device, &Secret::p256(2), None),
				Err(Error::<Test>::AlreadyRetiring.into())
			);
			// The restored owner does not wait for longer than without the suspension.
			assert_ok!(restore(ADMIN, id));
			let until = 1 + RETIRE_DELAY;
			let status = Registry::device(&id).unwrap().status;
			assert_eq!(status, DeviceStatus::Retiring { until });
			System::set_block_number(restored_at.max(until));
			expire_statements();
			assert_ok!(Registry::reap_device(signed(BOB), id));
			assert_eq!(Balances::free_balance(ALICE), FUNDS);
		});
	}
}

#[test]
fn a_suspended_retiring_device_is_forfeited_and_retires_anew() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, network) = registered(ALICE, &Secret::p256(1));
		assert_ok!(Registry::retire_device(signed(ALICE), id));
		assert_ok!(suspend(id));
		assert_ok!(judge(id));
		turns();
		System::set_block_number(APPEAL_UNTIL);
		assert_ok!(forfeit(id));
		assert_eq!(turns(), [Turn::Forfeited(id, network)]);
		let until = APPEAL_UNTIL + RETIRE_DELAY;
		let status = Registry::device(&id).unwrap().status;
		assert_eq!(status, DeviceStatus::Retiring { until });
	});
}

/// A maker's declaration suspends a retiring device, too.
#[test]
fn a_declaration_suspends_a_retiring_device() {
	ExtBuilder::default().build_and_execute(|| {
		let (maker_key, device) = (Secret::p256(100), Secret::p256(1));
		let (maker, network) = (register_maker(&maker_key), create_network());
		let certificate = maker_key.certify(maker, 0, network, device.public());
		assert_ok!(register(ALICE, network, &device, Some(certificate)));
		assert_ok!(Registry::retire_device(signed(ALICE), device.id()));
		let (key, reason) = (device.public(), CompromiseReason::KeyCloned);
		assert_ok!(Registry::declare_compromised(signed(MAKER), maker, key, reason, None));
		let reason = SuspendReason::KeyCompromised;
		let status = Registry::device(&device.id()).unwrap().status;
		assert_eq!(status, DeviceStatus::SuspendedRetiring { reason });
	});
}

/// The end of an offer is in the events, for those who follow them.
#[test]
fn a_suspension_says_that_an_offer_has_ended() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::p256(1));
		assert_ok!(Registry::offer_device(signed(ALICE), id, Some(BOB)));
		events();
		assert_ok!(suspend(id));
		assert_eq!(events()[0], Event::DeviceOffered { device: id, to: None });
		assert_eq!(pending(id), PendingChange::Nothing);
	});
}

/// A vote on the windows does not change the cases, retirements and recoveries that have begun.
#[test]
fn a_change_of_the_windows_leaves_what_has_begun() {
	ExtBuilder::default().build_and_execute(|| {
		let network = create_network();
		let maker_key = Secret::p256(100);
		let maker = register_maker(&maker_key);
		let [accused, leaving, lost] = [1, 2, 3].map(Secret::p256);
		for device in [&accused, &leaving, &lost] {
			assert_ok!(register(ALICE, network, device, None));
		}
		assert_ok!(suspend(accused.id()));
		assert_ok!(Registry::retire_device(signed(ALICE), leaving.id()));
		let new = Secret::p256(4);
		let certificate = maker_key.certify(maker, 0, network, new.public());
		assert_ok!(recover(ALICE, lost.id(), &new, certificate));
		let before = [&accused, &leaving, &lost].map(|d| Registry::device_record(d.id()));
		for blocks in [0, 1, u32::MAX] {
			VotedRetireDelay::set(blocks);
			VotedRecoveryDelay::set(blocks);
			VotedAppealWindow::set(blocks);
			VotedDecisionWindow::set(blocks);
			let after = [&accused, &leaving, &lost].map(|d| Registry::device_record(d.id()));
			assert_eq!(before, after);
			System::set_block_number(APPEAL_UNTIL - 1);
			assert_noop!(forfeit(accused.id()), Error::<Test>::AppealOpen);
			System::set_block_number(DECIDE_UNTIL - 1);
			assert_noop!(restore(BOB, accused.id()), Error::<Test>::CannotRestore);
			System::set_block_number(1);
		}
	});
}

#[test]
fn a_suspension_is_appealed_once() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::p256(1));
		assert_noop!(appeal(ALICE, id), Error::<Test>::NotSuspended);
		assert_ok!(suspend(id));
		events();
		for who in [BOB, ADMIN] {
			assert_noop!(appeal(who, id), Error::<Test>::NotOwner);
		}
		assert_ok!(appeal(ALICE, id));
		assert_eq!(events(), [Event::SuspensionAppealed { device: id, statement: STATEMENT }]);
		let suspension = Registry::device_record(id).unwrap().suspension.unwrap();
		assert!(suspension.appealed);
		assert_eq!(
			(suspension.appeal_until, suspension.decide_until),
			(APPEAL_UNTIL, DECIDE_UNTIL)
		);
		assert_noop!(appeal(ALICE, id), Error::<Test>::AlreadyAppealed);
		let unknown = H256::repeat_byte(1);
		assert_noop!(appeal(ALICE, unknown), Error::<Test>::UnknownDevice);
		let root = RuntimeOrigin::root();
		assert_noop!(Registry::appeal_suspension(root, id, STATEMENT), BadOrigin);
	});
}

#[test]
fn the_window_for_an_appeal_ends_to_the_block() {
	for (block, in_time) in [(1, true), (APPEAL_UNTIL - 1, true), (APPEAL_UNTIL, false)] {
		ExtBuilder::default().build_and_execute(|| {
			let (id, _) = registered(ALICE, &Secret::p256(1));
			assert_ok!(suspend(id));
			System::set_block_number(block);
			if in_time {
				assert_ok!(appeal(ALICE, id));
				// The decision must wait until the window is over.
				assert_noop!(forfeit(id), Error::<Test>::AppealOpen);
			} else {
				assert_noop!(appeal(ALICE, id), Error::<Test>::AppealOver);
				assert_ok!(forfeit(id));
			}
		});
	}
}

#[test]
fn the_suspender_and_governance_restore_a_device() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::p256(1));
		let by_root = || {
			let (root, reason) = (RuntimeOrigin::root(), SuspendReason::Other);
			Registry::suspend_device(root, id, reason, EVIDENCE)
		};
		assert_noop!(restore(ADMIN, id), Error::<Test>::NotSuspended);
		let root = RuntimeOrigin::root();
		assert_noop!(Registry::restore_device(root, id), Error::<Test>::NotSuspended);

		assert_ok!(suspend(id));
		for who in [ALICE, BOB, MAKER] {
			assert_noop!(restore(who, id), Error::<Test>::CannotRestore);
		}
		events();
		assert_ok!(restore(ADMIN, id));
		assert_eq!(events(), [Event::DeviceRestored { device: id }]);
		let record = Registry::device_record(id).unwrap();
		assert_eq!((record.status, record.suspension), (DeviceStatus::Active, None));

		assert_ok!(suspend(id));
		assert_ok!(Registry::restore_device(RuntimeOrigin::root(), id));

		// The network's admin cannot restore a device that governance has suspended.
		assert_ok!(by_root());
		assert_noop!(restore(ADMIN, id), Error::<Test>::CannotRestore);
		assert_ok!(Registry::restore_device(RuntimeOrigin::root(), id));
		let unknown = H256::repeat_byte(1);
		assert_noop!(restore(ADMIN, unknown), Error::<Test>::UnknownDevice);
		assert_noop!(Registry::restore_device(RuntimeOrigin::none(), id), BadOrigin);
	});
}

/// An accuser who does not act cannot keep a device suspended for ever.
#[test]
fn anyone_restores_when_nobody_has_decided() {
	for by_root in [false, true] {
		ExtBuilder::default().build_and_execute(|| {
			let (id, _) = registered(ALICE, &Secret::p256(1));
			let origin = if by_root { RuntimeOrigin::root() } else { signed(ADMIN) };
			let reason = SuspendReason::Other;
			assert_ok!(Registry::suspend_device(origin, id, reason, EVIDENCE));
			System::set_block_number(DECIDE_UNTIL - 1);
			for who in [ALICE, BOB] {
				assert_noop!(restore(who, id), Error::<Test>::CannotRestore);
			}
			System::set_block_number(DECIDE_UNTIL);
			assert_ok!(restore(BOB, id));
			assert_eq!(Registry::device(&id).unwrap().status, DeviceStatus::Active);
		});
	}
}

#[test]
fn governance_alone_forfeits_and_only_when_the_owner_was_heard() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, network) = registered(ALICE, &Secret::p256(1));
		assert_noop!(forfeit(id), Error::<Test>::NotSuspended);
		assert_ok!(suspend(id));
		assert_eq!(turns(), [Turn::Settled(id, network, ALICE)]);
		events();
		System::set_block_number(APPEAL_UNTIL - 1);
		assert_noop!(forfeit(id), Error::<Test>::AppealOpen);
		System::set_block_number(APPEAL_UNTIL);
		for origin in [signed(ADMIN), signed(ALICE), RuntimeOrigin::none()] {
			assert_noop!(Registry::forfeit_device(origin, id), BadOrigin);
		}
		assert_ok!(forfeit(id));
		let until = APPEAL_UNTIL + RETIRE_DELAY;
		assert_eq!(events(), [Event::DeviceForfeited { device: id, until }]);
		assert_eq!(turns(), [Turn::Forfeited(id, network)]);
		let record = Registry::device_record(id).unwrap();
		assert_eq!(record.status, DeviceStatus::Retiring { until });
		assert_eq!(record.suspension, None);
		assert_noop!(forfeit(id), Error::<Test>::NotSuspended);
		assert_noop!(restore(ADMIN, id), Error::<Test>::NotSuspended);
		assert_noop!(appeal(ALICE, id), Error::<Test>::NotSuspended);
		let unknown = H256::repeat_byte(1);
		assert_noop!(forfeit(unknown), Error::<Test>::UnknownDevice);

		// The bond is released all the same.
		System::set_block_number(until - 1);
		assert_noop!(Registry::reap_device(signed(BOB), id), Error::<Test>::StillRetiring);
		System::set_block_number(until);
		expire_statements();
		assert_ok!(Registry::reap_device(signed(BOB), id));
		assert_eq!(turns(), [Turn::Reaped(id, network, ALICE)]);
		assert_eq!(Balances::free_balance(ALICE), FUNDS);
	});
}

/// Governance may decide late, unless somebody has restored the device before.
#[test]
fn a_late_decision_is_valid() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::p256(1));
		assert_ok!(suspend(id));
		System::set_block_number(DECIDE_UNTIL + 1_000);
		assert_ok!(forfeit(id));
		assert_noop!(restore(ALICE, id), Error::<Test>::NotSuspended);
	});
}

/// Neither restoring nor appealing settles rewards: the escrow simply is the owner's again.
#[test]
fn a_device_can_be_suspended_again_and_has_all_its_windows_then() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, network) = registered(ALICE, &Secret::p256(1));
		assert_ok!(suspend(id));
		assert_ok!(appeal(ALICE, id));
		turns();
		assert_ok!(restore(ADMIN, id));
		assert_eq!(turns(), []);
		System::set_block_number(101);
		assert_ok!(suspend(id));
		assert_eq!(turns(), [Turn::Settled(id, network, ALICE)]);
		let suspension = Registry::device_record(id).unwrap().suspension.unwrap();
		assert_eq!((suspension.since, suspension.appealed), (101, false));
		assert_eq!(suspension.appeal_until, 101 + APPEAL_WINDOW);
		assert_eq!(suspension.decide_until, 101 + APPEAL_WINDOW + DECISION_WINDOW);
		assert_ok!(appeal(ALICE, id));
	});
}

#[test]
fn a_suspended_device_can_neither_move_nor_be_handed_on_nor_retire() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::p256(1));
		assert_ok!(suspend(id));
		Timestamp::set_timestamp(NOW + COOLDOWN);
		for refused in [
			Registry::retire_device(signed(ALICE), id),
			Registry::offer_device(signed(ALICE), id, Some(BOB)),
			Registry::assert_location(signed(ALICE), id, away()),
		] {
			assert_eq!(refused, Err(Error::<Test>::DeviceSuspended.into()));
		}
		assert_noop!(Registry::reap_device(signed(ALICE), id), Error::<Test>::NotRetiring);
	});
}

#[test]
fn a_suspended_device_can_take_on_another_key() {
	ExtBuilder::default().build_and_execute(|| {
		let maker_key = Secret::p256(100);
		let maker = register_maker(&maker_key);
		let (first, second, third) = (Secret::p256(1), Secret::sr25519(2), Secret::ed25519(3));
		let (id, network) = registered(ALICE, &first);
		assert_ok!(suspend(id));
		assert_ok!(rotate(ALICE, id, &first, &second, None));
		let certificate = maker_key.certify(maker, 0, network, third.public());
		assert_ok!(recover(ALICE, id, &third, certificate));
		pass_blocks(RECOVERY_DELAY);
		assert_ok!(Registry::finish_recovery(signed(BOB), id));
		let record = Registry::device_record(id).unwrap();
		assert_eq!(record.key, third.public());
		// A new key does not end the suspension.
		assert_eq!(record.suspension.map(|s| s.by), Some(Suspender::Admin));
		assert_ok!(restore(ADMIN, id));
	});
}

/// The right to restore belongs to the network's current admin, not to the account that suspended.
#[test]
fn a_networks_new_admin_restores_its_devices() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, network) = registered(ALICE, &Secret::p256(1));
		assert_ok!(suspend(id));
		assert_ok!(Registry::offer_network(signed(ADMIN), network, Some(BOB)));
		assert_noop!(restore(BOB, id), Error::<Test>::CannotRestore);
		assert_ok!(Registry::accept_network(signed(BOB), network));
		assert_noop!(restore(ADMIN, id), Error::<Test>::CannotRestore);
		assert_ok!(restore(BOB, id));
	});
}

/// A deregistered maker cannot restore; governance can, and so can anyone after the windows.
#[test]
fn a_device_outlives_the_maker_that_suspended_it() {
	ExtBuilder::default().build_and_execute(|| {
		let (maker_key, device) = (Secret::p256(100), Secret::p256(1));
		let (maker, network) = (register_maker(&maker_key), create_network());
		let certificate = maker_key.certify(maker, 0, network, device.public());
		assert_ok!(register(ALICE, network, &device, Some(certificate)));
		let (id, key, stolen) = (device.id(), device.public(), CompromiseReason::Stolen);
		assert_ok!(Registry::declare_compromised(signed(MAKER), maker, key, stolen, None));
		assert_ok!(Registry::withdraw_declaration(signed(MAKER), maker, key));
		assert_ok!(Registry::deregister_maker(signed(MAKER), maker));
		assert_noop!(restore(MAKER, id), Error::<Test>::CannotRestore);
		System::set_block_number(DECIDE_UNTIL);
		assert_ok!(restore(ALICE, id));
	});
}

/// The maker that certifies the device's next key cannot restore: where every maker is accepted,
/// anyone can be one.
#[test]
fn the_maker_of_the_next_key_does_not_restore() {
	ExtBuilder::default().build_and_execute(|| {
		let (maker_key, device, new) = (Secret::p256(100), Secret::p256(1), Secret::p256(2));
		let (maker, network) = (register_maker(&maker_key), create_network());
		let certificate = maker_key.certify(maker, 0, network, device.public());
		assert_ok!(register(ALICE, network, &device, Some(certificate)));
		let (id, key, leaked) = (device.id(), device.public(), CompromiseReason::KeyLeaked);
		assert_ok!(Registry::declare_compromised(signed(MAKER), maker, key, leaked, None));

		let own_key = Secret::p256(101);
		let own = NextMakerId::<Test>::get();
		assert_ok!(Registry::register_maker(signed(ALICE), own_key.public()));
		let certificate = own_key.certify(own, 0, network, new.public());
		assert_ok!(rotate(ALICE, id, &device, &new, Some(certificate)));
		assert_eq!(Registry::device_record(id).unwrap().maker, Some((own, MODEL)));
		assert_noop!(restore(ALICE, id), Error::<Test>::CannotRestore);
		assert_ok!(restore(MAKER, id));
	});
}

#[test]
fn the_blocks_of_a_suspension_do_not_wrap() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::p256(1));
		System::set_block_number(u32::MAX - APPEAL_WINDOW - 1);
		assert_ok!(suspend(id));
		let suspension = Registry::device_record(id).unwrap().suspension.unwrap();
		let windows = (suspension.appeal_until, suspension.decide_until);
		assert_eq!(windows, (u32::MAX - 1, u32::MAX));
	});
}

#[test]
fn what_a_hook_writes_into_the_record_survives_the_call() {
	ExtBuilder::default().build_and_execute(|| {
		let (id, _) = registered(ALICE, &Secret::ed25519(1));
		let hooks = || Registry::part::<HookCount>(&id).map(|count| count.0);
		assert_eq!(hooks(), Some(0));
		assert_ok!(transfer(id, ALICE, BOB));
		assert_eq!(hooks(), Some(1));
		assert_ok!(judge(id));
		assert_eq!(hooks(), Some(2));
		pass_blocks(APPEAL_WINDOW);
		assert_ok!(forfeit(id));
		assert_eq!(hooks(), Some(3));

		let record = Registry::record(&id).expect("registered");
		assert_eq!(Registry::view(&record), Registry::device(&id).expect("registered"));
		assert_eq!(Registry::records().collect::<Vec<_>>(), [(id, record)]);
	});
}
