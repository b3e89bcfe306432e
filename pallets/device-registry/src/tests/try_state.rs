//! A violation of each invariant, which must be detected.

use super::*;
use crate::{
	governed::MAX_NOTICE,
	types::{Declaration, Evidence, Grant, NetworkOffer},
};
use depin_primitives::device::PendingKey;

/// Networks, makers and devices that exist before an invariant is broken.
#[derive(Clone, Copy)]
struct World {
	network: NetworkId,
	/// Maker that the network lists.
	maker: MakerId,
	/// Maker that no network lists; has two keys.
	idle: MakerId,
	/// Device of [`ALICE`], certified, active.
	device: DeviceId,
	/// Device of [`ALICE`], retiring.
	retiring: DeviceId,
	/// Device of [`BOB`], suspended.
	suspended: DeviceId,
}

/// Makes the world, runs `break_it`, and asserts that the invariant of that number fails.
fn broken(number: u32, break_it: impl FnOnce(World)) {
	ExtBuilder::default().build().execute_with(|| {
		let secret = Secret::p256(100);
		let (maker, idle) = (register_maker(&secret), register_maker(&Secret::p256(101)));
		add_maker_key(idle, &Secret::ed25519(101));
		let reason = CompromiseReason::Stolen;
		let declared = Secret::p256(102).public();
		assert_ok!(Registry::declare_compromised(signed(MAKER), idle, declared, reason, None));
		let network = create_closed_network(vec![maker]);
		let [device, retiring, suspended] = [1, 2, 3].map(Secret::p256);
		for (owner, device) in [(ALICE, &device), (ALICE, &retiring), (BOB, &suspended)] {
			let certificate = secret.certify(maker, 0, network, device.public());
			assert_ok!(register(owner, network, device, Some(certificate)));
		}
		let [device, retiring, suspended] = [device, retiring, suspended].map(|s| s.id());
		assert_ok!(Registry::retire_device(signed(ALICE), retiring));
		assert_ok!(suspend(suspended));
		assert_ok!(grant(device, ALICE, BOB, Permissions::READ));
		assert_ok!(Registry::do_try_state());

		break_it(World { network, maker, idle, device, retiring, suspended });
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

fn change_device(id: DeviceId, change: impl FnOnce(&mut Device<AccountId>)) {
	Devices::<Test>::mutate_extant(id, |stored| change(&mut stored.device));
}

fn change_maker(id: MakerId, change: impl FnOnce(&mut crate::Maker<Test>)) {
	Makers::<Test>::mutate_extant(id, change);
}

/// Lets the network's rules change with the next epoch, and spoils the rules to come.
fn spoil_next(id: NetworkId, spoil: impl FnOnce(&mut crate::types::Rules<Test>)) {
	change_network(id, |network| {
		let mut rules = network.rules.clone();
		spoil(&mut rules);
		network.next = Some((1, rules));
	});
}

#[test]
fn invariant_1_numbers_of_networks() {
	broken(1, |_| NextNetworkId::<Test>::kill());
}

#[test]
fn invariant_2_policies() {
	broken(2, |w| change_network(w.network, |n| n.rules.policy.report.max_window = 0));
	broken(2, |w| spoil_next(w.network, |rules| rules.policy.schemes = KeySchemes(0)));
	broken(2, |w| spoil_next(w.network, |rules| rules.policy.cell_resolution = 8));
}

#[test]
fn invariant_3_lists_of_makers() {
	let lists: [fn(World) -> Vec<MakerId>; 3] =
		[|_| vec![], |w| vec![w.maker, w.maker], |w| vec![w.idle + 1]];
	for list in lists {
		let makers = |w| Some(BoundedVec::truncate_from(list(w)));
		broken(3, |w| change_network(w.network, |n| n.rules.makers = makers(w)));
		broken(3, |w| spoil_next(w.network, |rules| rules.makers = makers(w)));
	}
}

#[test]
fn invariant_4_numbers_of_makers_and_keys() {
	broken(4, |w| NextMakerId::<Test>::put(w.idle));
	broken(4, |w| {
		change_maker(w.idle, |maker| {
			(maker.keys[0].number, maker.keys[1].number) = (1, 0);
		});
	});
	broken(4, |w| change_maker(w.idle, |maker| maker.keys[1].number = 0));
	broken(4, |w| change_maker(w.idle, |maker| maker.next_key = 1));
}

#[test]
fn invariant_5_declarations() {
	let declaration = Declaration { reason: CompromiseReason::Stolen, deposit: 0 };
	let declare = |maker| Declarations::<Test>::insert(maker, DeviceId::zero(), declaration);
	broken(5, |w| change_maker(w.idle, |maker| maker.declarations = 0));
	broken(5, |w| change_maker(w.maker, |maker| maker.declarations = 1));
	broken(5, |w| change_maker(w.idle, |maker| maker.declaration_deposits += 1));
	broken(5, |w| declare(w.maker));
	broken(5, |w| declare(w.idle + 1));
}

#[test]
fn invariant_6_networks_of_devices() {
	broken(6, |w| Networks::<Test>::remove(w.network));
}

#[test]
fn invariant_7_cells() {
	broken(7, |w| change_network(w.network, |n| n.rules.policy.cell_resolution = 10));
	broken(7, |w| change_device(w.device, |device| device.cell = Cell(0)));
}

#[test]
fn invariant_8_counts() {
	broken(8, |w| change_network(w.network, |n| n.devices -= 1));
	broken(8, |w| change_network(w.network, |n| n.devices += 1));
}

#[test]
fn invariant_9_keys() {
	broken(9, |w| {
		let key = Registry::stored_device(w.retiring).unwrap().key;
		change_device(w.device, |device| device.key = key);
	});
}

#[test]
fn invariant_10_devices_are_listed() {
	broken(10, |w| DevicesByOwner::<Test>::remove(OwnerKey::of(&ALICE), ShortId::from(w.device)));
	broken(10, |w| DevicesByNetwork::<Test>::remove(w.network, ShortId::from(w.device)));
	broken(10, |w| DevicesByCell::<Test>::remove(CellKey::from(home()), ShortId::from(w.device)));
	broken(10, |w| DevicesByMaker::<Test>::remove(w.maker, ShortId::from(w.device)));
	broken(10, |w| change_device(w.device, |device| device.cell = away()));
	let other = Secret::sr25519(9).public();
	broken(10, |w| change_device(w.device, |device| device.key = other));
}

#[test]
fn invariant_11_nothing_else_is_listed() {
	broken(11, |w| DevicesByOwner::<Test>::insert(OwnerKey::of(&BOB), ShortId::from(w.device), ()));
	broken(11, |w| DevicesByNetwork::<Test>::insert(w.network + 1, ShortId::from(w.device), ()));
	broken(11, |w| {
		DevicesByCell::<Test>::insert(CellKey::from(away()), ShortId::from(w.device), ())
	});
	broken(11, |w| DevicesByMaker::<Test>::insert(w.idle, ShortId::from(w.device), ()));
	broken(11, |w| RotatedKeys::<Test>::insert(ShortId([0; 16]), ShortId::from(w.device)));
	broken(11, |w| change_device(w.device, |device| device.evidence = Evidence::Open));
}

#[test]
fn invariant_12_suspensions() {
	broken(12, |w| {
		let Some(case) = suspension_case(w.suspended) else { panic!("it is suspended") };
		let case = Suspension { since: System::block_number() + 1, ..case };
		let status = Status::Suspended { case, retiring: None };
		change_device(w.suspended, |device| device.status = status);
	});
}

#[test]
fn invariant_12_windows() {
	broken(12, |w| {
		let Some(case) = suspension_case(w.suspended) else { panic!("it is suspended") };
		let case = Suspension { decide_until: case.appeal_until - 1, ..case };
		let status = Status::Suspended { case, retiring: None };
		change_device(w.suspended, |device| device.status = status);
	});
}

#[test]
fn invariant_13_what_devices_wait_for() {
	let offer = |id, to| change_device(id, |device| device.pending = PendingChange::Owner(to));
	broken(13, |w| offer(w.device, ALICE));
	broken(13, |w| offer(w.retiring, BOB));
	broken(13, |w| offer(w.suspended, ALICE));
	broken(13, |w| {
		let key = Secret::ed25519(9).public();
		let pending = PendingKey { key, maker: w.maker, maker_key: 0, model: MODEL, from: 9 };
		change_device(w.retiring, |device| device.pending = PendingChange::Key(pending));
	});
}

#[test]
fn invariant_14_grants() {
	let grant = |to| Grant { to, permissions: Permissions::READ, expires: NOW, deposit: 0 };
	let put = |id, to: Vec<AccountId>| {
		let grants = to.into_iter().map(grant).collect();
		Grants::<Test>::insert(id, BoundedVec::<_, _>::truncate_from(grants));
	};
	broken(14, |w| put(w.device, vec![]));
	broken(14, |w| put(w.device, vec![BOB, BOB]));
	broken(14, |w| put(w.device, vec![BOB, ALICE]));
	broken(14, |_| put(DeviceId::zero(), vec![BOB]));
}

#[test]
fn invariant_15_bonds() {
	broken(15, |w| change_device(w.device, |device| device.bond += 1));
	broken(15, |w| change_device(w.device, |device| device.bond -= 1));
	// A bond is held for a device that does not exist.
	broken(15, |_| hold(HoldReason::DeviceBond, MAKER));
}

#[test]
fn invariant_16_deposits_of_networks() {
	broken(16, |w| change_network(w.network, |n| n.deposit += 1));
	broken(16, |_| hold(HoldReason::NetworkDeposit, BOB));
}

#[test]
fn invariant_17_deposits_of_makers() {
	broken(17, |w| change_maker(w.maker, |maker| maker.deposit += 1));
	broken(17, |w| change_maker(w.maker, |maker| maker.keys[0].deposit -= 1));
	broken(17, |w| {
		let id = Secret::p256(102).id();
		Declarations::<Test>::mutate(w.idle, id, |said| said.as_mut().unwrap().deposit += 1);
		change_maker(w.idle, |maker| maker.declaration_deposits += 1);
	});
	broken(17, |_| hold(HoldReason::MakerDeposit, BOB));
}

#[test]
fn invariant_18_deposits_of_grants() {
	broken(18, |w| {
		Grants::<Test>::mutate_extant(w.device, |grants| grants[0].deposit += 1);
	});
	broken(18, |w| Grants::<Test>::remove(w.device));
	broken(18, |_| hold(HoldReason::GrantDeposit, BOB));
}

#[test]
fn invariant_13_a_device_does_not_wait_for_its_own_key() {
	broken(13, |w| {
		let key = Registry::stored_device(w.device).unwrap().key;
		let pending = PendingKey { key, maker: w.maker, maker_key: 0, model: MODEL, from: 9 };
		change_device(w.device, |device| device.pending = PendingChange::Key(pending));
	});
}

#[test]
fn invariant_19_offers_and_notices_of_networks() {
	let offer = |to, from| Some(NetworkOffer { to, by: Pauser::Admin, from });
	broken(19, |w| change_network(w.network, |n| n.offer = offer(ADMIN, 0)));
	broken(19, |w| change_network(w.network, |n| n.offer = offer(BOB, MAX_NOTICE + 1)));
	broken(19, |w| {
		change_network(w.network, |n| n.next = Some((MAX_NOTICE + 1, n.rules.clone())));
	});
}

#[test]
fn invariant_20_offers_of_makers() {
	broken(20, |w| change_maker(w.maker, |maker| maker.offered_to = Some(MAKER)));
}

#[test]
fn invariant_21_bonds_times_and_makers_of_devices() {
	broken(21, |w| change_device(w.device, |device| device.bond = 0));
	broken(21, |w| change_device(w.device, |device| device.registered_at = NOW + 1));
	broken(21, |w| change_device(w.device, |device| device.located_at = NOW + 1));
	let endless = NOW + MAX_STATEMENT_LIFETIME + 1;
	broken(21, |w| change_device(w.device, |device| device.statements_until = endless));
	let evidence = |maker| Evidence::Certified { maker, model: MODEL };
	broken(21, |w| change_device(w.device, |device| device.evidence = evidence(w.idle + 1)));
	broken(21, |w| {
		let key = Secret::ed25519(9).public();
		let pending = PendingKey { key, maker: w.idle + 1, maker_key: 0, model: MODEL, from: 9 };
		change_device(w.device, |device| device.pending = PendingChange::Key(pending));
	});
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
		let own = create_network();
		let [first, second, third] = [1, 2, 3].map(|seed| Secret::p256(seed).public());
		let status = DeviceStatus::Active;
		// In a network that does not exist yet, in one that does, and again elsewhere.
		for (key, owner, network, trust) in [
			(first, STRANGER, 7, TrustLevel::Open),
			(second, STRANGER, 7, TrustLevel::Certified),
			(third, ALICE, own, TrustLevel::Open),
			(first, PAUPER, own, TrustLevel::Certified),
		] {
			let (id, registered_at) = (key.device_id(), 0);
			let view =
				DeviceView { owner, network, key, cell: home(), status, trust, registered_at };
			crate::benchmarking::set_device::<Test>(id, view.clone(), policy());
			assert_eq!(Registry::device(&id), Some(view));
			let record = Registry::network_record(network).unwrap();
			assert_eq!(record.rules.policy, policy());
			assert_ok!(Registry::do_try_state());
		}
		assert_eq!(Registry::network_record(7).unwrap().devices, 1);
		assert_eq!(Registry::network_record(own).unwrap().devices, 2);
		assert_eq!(create_network(), 8);
	});
}
