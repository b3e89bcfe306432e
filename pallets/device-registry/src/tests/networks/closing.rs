//! Closing of networks.

use super::*;

#[test]
fn a_network_without_devices_is_closed_and_its_deposit_returned() {
	ExtBuilder::default().build_and_execute(|| {
		let network = create_network();
		events();
		assert_ok!(Registry::close_network(signed(ADMIN), network));
		assert_eq!(events(), [Event::NetworkClosed { network, admin: ADMIN }]);
		assert_eq!(Balances::free_balance(ADMIN), FUNDS);
		assert_eq!(held(HoldReason::NetworkDeposit, ADMIN), 0);
		assert_eq!(Registry::network_record(network), None);
		assert_eq!(view(network), None);
		assert_noop!(
			Registry::close_network(signed(ADMIN), network),
			Error::<Test>::UnknownNetwork
		);
	});
}

#[test]
fn only_its_admin_closes_a_network() {
	ExtBuilder::default().build_and_execute(|| {
		let network = create_network();
		assert_noop!(Registry::close_network(signed(BOB), network), Error::<Test>::NotAdmin);
		assert_noop!(Registry::close_network(RuntimeOrigin::root(), network), BadOrigin);
	});
}

#[test]
fn a_network_with_devices_is_not_closed() {
	ExtBuilder::default().retire_delay(1).build_and_execute(|| {
		let (network, device) = (create_network(), Secret::ed25519(1));
		assert_ok!(register(ALICE, network, &device, None));
		let close = || Registry::close_network(signed(ADMIN), network);
		assert_noop!(close(), Error::<Test>::NetworkInUse);
		assert_ok!(Registry::retire_device(signed(ALICE), device.id()));
		pass_blocks(1);
		assert_noop!(close(), Error::<Test>::NetworkInUse);
		assert_ok!(Registry::reap_device(signed(BOB), device.id()));
		assert_ok!(close());
	});
}
