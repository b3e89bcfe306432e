//! Pausing and resuming of networks.

use super::*;

/// Covers every state, every command and every origin.
#[test]
fn a_network_is_paused_and_resumed() {
	use Pauser::{Admin, Governance};
	let origin = |by| match by {
		Admin => signed(ADMIN),
		Governance => governance(),
	};
	let set = |by, id, paused| Registry::set_network_paused(origin(by), id, paused);
	for before in [None, Some(Admin), Some(Governance)] {
		for by in [Admin, Governance] {
			for pause in [false, true] {
				ExtBuilder::default().build_and_execute(|| {
					let id = create_network();
					if let Some(before) = before {
						assert_ok!(set(before, id, true));
					}
					events();
					let expected = match (before, pause, by) {
						(None, true, by) => Ok(Some(by)),
						(Some(Admin), true, Governance) => Ok(Some(Governance)),
						(Some(Admin), false, _) | (Some(Governance), false, Governance) => Ok(None),
						(Some(Governance), false, Admin) => Err(Error::<Test>::PausedByGovernance),
						_ => Err(Error::<Test>::NothingToChange),
					};
					match expected {
						Err(error) => {
							assert_noop!(set(by, id, pause), error);
						}
						Ok(after) => {
							assert_ok!(set(by, id, pause));
							assert_eq!(Registry::network_record(id).unwrap().paused, after);
							assert_eq!(view(id).unwrap().paused, after.is_some());
							assert_eq!(
								events(),
								[match after {
									Some(by) => Event::NetworkPaused { network: id, by },
									None => Event::NetworkResumed { network: id },
								}]
							);
						}
					}
				});
			}
		}
	}
}

#[test]
fn only_its_admin_and_governance_pause_a_network() {
	ExtBuilder::default().build_and_execute(|| {
		let id = create_network();
		for paused in [true, false] {
			let set = |origin, id| Registry::set_network_paused(origin, id, paused);
			assert_noop!(set(signed(BOB), id), Error::<Test>::NotAdmin);
			assert_noop!(set(signed(ADMIN), id + 1), Error::<Test>::UnknownNetwork);
			assert_noop!(set(governance(), id + 1), Error::<Test>::UnknownNetwork);
			assert_noop!(set(RuntimeOrigin::none(), id), BadOrigin);
		}
	});
}

#[test]
fn no_device_joins_a_paused_network() {
	ExtBuilder::default().retire_delay(1).build_and_execute(|| {
		let (id, device, other) = (create_network(), Secret::p256(1), Secret::p256(2));
		assert_ok!(register(ALICE, id, &device, None));
		assert_ok!(Registry::set_network_paused(signed(ADMIN), id, true));
		assert_noop!(register(ALICE, id, &other, None), Error::<Test>::NetworkPaused);

		// Registered devices can be moved, transferred and retired.
		Timestamp::set_timestamp(NOW + COOLDOWN);
		assert_ok!(Registry::assert_location(signed(ALICE), device.id(), away()));
		assert_ok!(transfer(device.id(), ALICE, BOB));
		assert_ok!(Registry::retire_device(signed(BOB), device.id()));
		pass_blocks(1);
		assert_ok!(Registry::reap_device(signed(BOB), device.id()));

		// The network's rules can change, and it can be resumed.
		assert_ok!(change(id, None, 2 * BOND, policy()));
		assert_ok!(Registry::set_network_paused(signed(ADMIN), id, false));
		assert_ok!(register(ALICE, id, &other, None));
	});
}

#[test]
fn a_paused_network_can_be_closed() {
	ExtBuilder::default().build_and_execute(|| {
		let id = create_network();
		assert_ok!(Registry::set_network_paused(governance(), id, true));
		assert_ok!(Registry::close_network(signed(ADMIN), id));
		assert_eq!(view(id), None);
	});
}
