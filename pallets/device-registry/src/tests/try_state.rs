//! Each invariant is one that can fail.

use super::*;

/// A network, a maker and a device; then `break_it`, and the invariant of that number fails.
fn broken(number: u32, break_it: impl FnOnce(NetworkId, MakerId, DeviceId)) {
	ExtBuilder::default().build().execute_with(|| {
		let (secret, device) = (Secret::p256(100), Secret::p256(1));
		let maker = register_maker(&secret);
		let network = create_network(Some(vec![maker]));
		let certificate = secret.certify(maker, network, device.public());
		assert_ok!(register(ALICE, network, &device, Some(certificate)));
		assert_ok!(Registry::do_try_state());

		break_it(network, maker, device.id());
		match Registry::do_try_state() {
			Err(DispatchError::Other(message)) => {
				assert!(message.starts_with(&format!("{number}: ")), "{message}");
			}
			other => panic!("invariant {number} holds: {other:?}"),
		}
	});
}

fn change_network(id: NetworkId, change: impl FnOnce(&mut crate::Network<Test>)) {
	Networks::<Test>::mutate_extant(id, change);
}

#[test]
fn invariant_1_numbers() {
	broken(1, |_, _, _| NextNetworkId::<Test>::kill());
	broken(1, |_, _, _| NextMakerId::<Test>::kill());
}

#[test]
fn invariant_2_policies() {
	broken(2, |network, _, _| change_network(network, |n| n.policy.report.max_window = 0));
}

#[test]
fn invariant_3_lists_of_makers() {
	let list = |network, makers: Vec<MakerId>| {
		change_network(network, |n| n.makers = Some(BoundedVec::truncate_from(makers)));
	};
	broken(3, |network, _, _| list(network, vec![]));
	broken(3, |network, maker, _| list(network, vec![maker, maker]));
	broken(3, |network, maker, _| list(network, vec![maker + 1]));
}

#[test]
fn invariant_4_networks_of_devices() {
	broken(4, |network, _, _| Networks::<Test>::remove(network));
}

#[test]
fn invariant_5_cells() {
	broken(5, |network, _, _| change_network(network, |n| n.policy.cell_resolution = 10));
	broken(5, |_, _, id| Devices::<Test>::mutate_extant(id, |device| device.cell = Cell(0)));
}

#[test]
fn invariant_6_counts() {
	broken(6, |network, _, _| change_network(network, |n| n.devices = 0));
	broken(6, |network, _, _| change_network(network, |n| n.devices = 2));
}

#[test]
fn invariant_7_devices_are_listed() {
	broken(7, |_, _, id| DevicesByOwner::<Test>::remove(ALICE, id));
	broken(7, |network, _, id| DevicesByNetwork::<Test>::remove(network, id));
	broken(7, |_, _, id| DevicesByCell::<Test>::remove(home(), id));
}

#[test]
fn invariant_8_nothing_else_is_listed() {
	broken(8, |_, _, id| DevicesByOwner::<Test>::insert(BOB, id, ()));
	broken(8, |network, _, id| DevicesByNetwork::<Test>::insert(network + 1, id, ()));
	broken(8, |_, _, _| DevicesByCell::<Test>::insert(home(), DeviceId::zero(), ()));
}

#[test]
fn invariant_9_bonds() {
	broken(9, |_, _, id| Devices::<Test>::mutate_extant(id, |device| device.bond += 1));
	broken(9, |_, _, id| Devices::<Test>::mutate_extant(id, |device| device.bond -= 1));
	// Something is held for a device that is not there.
	broken(9, |_, _, _| hold(HoldReason::DeviceBond, BOB));
}

#[test]
fn invariant_10_deposits_of_networks() {
	broken(10, |network, _, _| change_network(network, |n| n.deposit += 1));
	broken(10, |_, _, _| hold(HoldReason::NetworkDeposit, BOB));
}

#[test]
fn invariant_11_deposits_of_makers() {
	broken(11, |_, maker, _| Makers::<Test>::mutate_extant(maker, |maker| maker.deposit += 1));
	broken(11, |_, _, _| hold(HoldReason::MakerDeposit, BOB));
}

fn hold(reason: HoldReason, who: AccountId) {
	assert_ok!(Registry::hold(reason, &who, 1, Error::<Test>::CannotAffordBond));
}

/// The other pallets' benchmarks put devices in place in this way: their state is sound, too.
#[cfg(feature = "runtime-benchmarks")]
#[test]
fn devices_set_for_benchmarks_are_sound() {
	use depin_primitives::traits::DeviceView;
	const STRANGER: AccountId = 99;
	ExtBuilder::default().build_and_execute(|| {
		let own = create_network(None);
		let key = Secret::p256(1).public();
		let status = DeviceStatus::Active;
		// In a network to come, in one that is there, and once more elsewhere.
		for (id, owner, network) in [
			(DeviceId::repeat_byte(1), STRANGER, 7),
			(DeviceId::repeat_byte(2), STRANGER, 7),
			(DeviceId::repeat_byte(3), ALICE, own),
			(DeviceId::repeat_byte(1), PAUPER, own),
		] {
			let view = DeviceView { owner, network, key, cell: home(), status, registered_at: 0 };
			Registry::set_device(id, view.clone(), policy());
			assert_eq!(Registry::device(&id), Some(view));
			assert_eq!(Registry::policy(network), Some(policy()));
			assert_ok!(Registry::do_try_state());
		}
		assert_eq!(Registry::network_record(7).unwrap().devices, 1);
		assert_eq!(Registry::network_record(own).unwrap().devices, 2);
		assert_eq!(create_network(None), 8);
	});
}
