//! Registration in bulk: each device is registered or refused on its own.

use super::*;
use crate::types::StoredDeviceOf;
use frame_support::dispatch::DispatchResultWithPostInfo;
use proptest::{collection::vec, prelude::*};
use std::collections::BTreeMap;

fn bulk(
	owner: AccountId,
	network: NetworkId,
	devices: Vec<Registration>,
) -> sp_runtime::DispatchResult {
	weighed(owner, network, devices).map(drop).map_err(|refused| refused.error)
}

/// Registers devices, and returns the weight that the call has used.
fn weighed(
	owner: AccountId,
	network: NetworkId,
	devices: Vec<Registration>,
) -> DispatchResultWithPostInfo {
	let devices = BoundedVec::try_from(devices).expect("not too many");
	Registry::register_devices(signed(owner), network, devices)
}

fn failed(index: u32, key: PublicKey, error: impl Into<DispatchError>) -> Event<Test> {
	Event::RegistrationFailed { index, device: key.device_id(), error: error.into() }
}

fn landed(
	item: &Registration,
	network: NetworkId,
	owner: AccountId,
	maker: Option<MakerId>,
) -> Event<Test> {
	let maker = maker.map(|maker| (maker, MODEL));
	let Registration { key, cell, .. } = *item;
	let device = key.device_id();
	Event::DeviceRegistered { device, network, owner, maker, key, cell, bond: BOND }
}

fn devices_of(network: NetworkId) -> u32 {
	Registry::network_record(network).unwrap().devices
}

#[test]
fn devices_of_every_scheme_are_registered_at_once() {
	ExtBuilder::default().build_and_execute(|| {
		let secret = Secret::p256(100);
		let maker = register_maker(&secret);
		let network = create_network();
		events();
		// Certified and open devices.
		let mut items = Vec::new();
		let mut expected = Vec::new();
		for (seed, by) in [(1, None), (2, Some(maker))] {
			for device in Secret::of_each(seed) {
				let certificate =
					by.map(|maker| secret.certify(maker, 0, network, device.public()));
				let item = device.registration(ALICE, network, certificate);
				expected.push(landed(&item, network, ALICE, by));
				items.push(item);
			}
		}
		assert_ok!(bulk(ALICE, network, items.clone()));
		assert_eq!(events(), expected);
		assert_eq!(devices_of(network), 8);
		assert_eq!(held(HoldReason::DeviceBond, ALICE), 8 * BOND);
		for item in items {
			let record = Registry::device_record(item.key.device_id()).unwrap();
			assert_eq!((record.owner, record.network, record.key), (ALICE, network, item.key));
			assert_eq!((record.status, record.bond), (DeviceStatus::Active, BOND));
		}
	});
}

#[test]
fn a_bad_item_of_a_bulk_fails_alone_with_its_reason() {
	ExtBuilder::default().build_and_execute(|| {
		let secret = Secret::p256(100);
		let maker = register_maker(&secret);
		let network = create_closed_network(vec![maker]);
		let certified = |device: &Secret| {
			let certificate = secret.certify(maker, 0, network, device.public());
			device.registration(ALICE, network, Some(certificate))
		};
		let known = certified(&Secret::p256(1));
		assert_ok!(bulk(ALICE, network, vec![known]));
		events();

		let [first, second, third] = [2, 3, 4].map(|seed| certified(&Secret::p256(seed)));
		let other = certified(&Secret::p256(5));
		let malformed = PublicKey::P256([0; 33]);
		let stolen = Secret::p256(6);
		let certificate = secret.certify(maker, 0, network, stolen.public());
		let stolen = stolen.registration(BOB, network, Some(certificate));
		assert_ok!(bulk(
			ALICE,
			network,
			vec![
				first,
				Registration { key: malformed, ..other },
				known,
				second,
				Registration { cell: cell(Resolution::Eight), ..other },
				Registration { certificate: None, ..other },
				stolen,
				third,
			]
		));
		let good = |item| landed(item, network, ALICE, Some(maker));
		assert_eq!(
			events(),
			[
				good(&first),
				failed(1, malformed, Error::<Test>::MalformedKey),
				failed(2, known.key, Error::<Test>::AlreadyRegistered),
				good(&second),
				failed(4, other.key, Error::<Test>::WrongResolution),
				failed(5, other.key, Error::<Test>::CertificateRequired),
				failed(6, stolen.key, Error::<Test>::BadConsent),
				good(&third),
			]
		);
		assert_eq!(devices_of(network), 4);
		assert_eq!(held(HoldReason::DeviceBond, ALICE), 4 * BOND);
	});
}

#[test]
fn a_key_that_is_given_twice_is_registered_once() {
	ExtBuilder::default().build_and_execute(|| {
		let network = create_network();
		events();
		let item = Secret::p256(1).registration(ALICE, network, None);
		let elsewhere = Registration { cell: away(), ..item };
		assert_ok!(bulk(ALICE, network, vec![item, elsewhere, item]));
		let again = |index| failed(index, item.key, Error::<Test>::AlreadyRegistered);
		assert_eq!(events(), [landed(&item, network, ALICE, None), again(1), again(2)]);
		assert_eq!(devices_of(network), 1);
	});
}

/// After the balance has run out, each further device is still registered or refused on its own.
#[test]
fn a_balance_may_run_out_within_a_bulk() {
	ExtBuilder::default().build_and_execute(|| {
		let network = create_network();
		events();
		let funds = EXISTENTIAL_DEPOSIT + 2 * BOND + (BOND - 1);
		assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), PAUPER, funds));
		let items =
			[1, 2, 3, 4].map(|seed| Secret::ed25519(seed).registration(PAUPER, network, None));
		assert_ok!(bulk(PAUPER, network, items.to_vec()));
		assert_eq!(
			events(),
			[
				landed(&items[0], network, PAUPER, None),
				landed(&items[1], network, PAUPER, None),
				failed(2, items[2].key, Error::<Test>::CannotAffordBond),
				failed(3, items[3].key, Error::<Test>::CannotAffordBond),
			]
		);
		assert_eq!(devices_of(network), 2);
		assert_eq!(held(HoldReason::DeviceBond, PAUPER), 2 * BOND);
	});
}

#[test]
fn items_of_a_bulk_that_fail_leave_no_trace() {
	ExtBuilder::default().build_and_execute(|| {
		let network = create_network();
		events();
		let before = state_root();
		let items = [1, 2, 3].map(|seed| Secret::p256(seed).registration(BOB, network, None));
		assert_ok!(bulk(ALICE, network, items.to_vec()));
		assert_eq!(events().len(), 3);
		assert_eq!(state_root(), before);
	});
}

#[test]
fn a_bulk_is_refused_for_its_network() {
	ExtBuilder::default().build_and_execute(|| {
		let network = create_network();
		let items = vec![Secret::p256(1).registration(ALICE, network, None)];
		let unknown = bulk(ALICE, network + 1, items.clone());
		assert_noop!(unknown, Error::<Test>::UnknownNetwork);
		assert_ok!(Registry::set_network_paused(governance(), network, true));
		assert_noop!(bulk(ALICE, network, items.clone()), Error::<Test>::NetworkPaused);
		assert_ok!(Registry::set_network_paused(governance(), network, false));
		assert_ok!(bulk(ALICE, network, items));
		assert_eq!(devices_of(network), 1);
	});
}

/// The weight of the checks of signatures is refunded for devices that are refused before them.
#[test]
fn a_bulk_pays_for_the_signatures_that_were_checked() {
	ExtBuilder::default().build_and_execute(|| {
		let network = create_network();
		let good = |seed| Secret::p256(seed).registration(ALICE, network, None);
		let misplaced = |seed| Registration { cell: Cell(0), ..good(seed) };
		let forged = |seed| Secret::p256(seed).registration(BOB, network, None);
		let used = |items: Vec<Registration>| {
			let all = items.len() as u64;
			let used = weighed(ALICE, network, items).unwrap().actual_weight.unwrap().ref_time();
			assert!(used <= 8_000 + all);
			used
		};
		assert_eq!(used(vec![]), 800);
		assert_eq!(used(vec![good(1), good(2)]), 8_002);
		// The two are registered already, and nothing else is checked.
		assert_eq!(used(vec![good(1), good(2)]), 802);
		assert_eq!(used(vec![misplaced(3); 8]), 808);
		// A signature that does not verify was checked.
		assert_eq!(used(vec![forged(3); 8]), 8_008);
		// At most the weight that was announced.
		assert_eq!(used(vec![good(3), misplaced(4), misplaced(4), forged(4)]), 8_004);

		let refused = weighed(ALICE, network + 1, vec![good(5); 8]).unwrap_err();
		let weight = refused.post_info.actual_weight.unwrap();
		assert_eq!((refused.error, weight.ref_time()), (Error::<Test>::UnknownNetwork.into(), 800));
	});
}

#[test]
fn an_empty_bulk_changes_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		let network = create_network();
		events();
		let before = state_root();
		assert_ok!(bulk(ALICE, network, vec![]));
		assert_eq!((events(), state_root()), (vec![], before));
	});
}

#[test]
fn a_full_network_takes_no_more_devices_of_a_bulk() {
	ExtBuilder::default().build_and_execute(|| {
		let network = create_network();
		Networks::<Test>::mutate_extant(network, |network| network.devices = u32::MAX - 1);
		events();
		let items = [1, 2].map(|seed| Secret::ed25519(seed).registration(ALICE, network, None));
		assert_ok!(bulk(ALICE, network, items.to_vec()));
		let full = failed(1, items[1].key, ArithmeticError::Overflow);
		assert_eq!(events(), [landed(&items[0], network, ALICE, None), full]);
		Networks::<Test>::mutate_extant(network, |network| network.devices -= u32::MAX - 1);
	});
}

/// Items, each of which is valid or has one defect; some have the same key.
fn items() -> impl Strategy<Value = Vec<(u8, u8)>> {
	vec((1..5u8, 0..7u8), 0..=8)
}

fn item(maker: MakerId, network: NetworkId, (seed, flaw): (u8, u8)) -> Registration {
	let secret = Secret::ed25519(100);
	let device = Secret::ed25519(seed);
	let certificate = secret.certify(maker, 0, network, device.public());
	let good = device.registration(ALICE, network, Some(certificate));
	match flaw {
		0 => Registration { certificate: None, ..good },
		1 => Registration { cell: Cell(0), ..good },
		2 => Registration { consent: device.consent(network, BOB), ..good },
		_ => good,
	}
}

/// State of the registry: the outcomes in the order of its events, and its maps.
type Outcome = (Vec<Event<Test>>, BTreeMap<DeviceId, StoredDeviceOf<Test>>, u32, Balance);

fn outcome(
	flaws: &[(u8, u8)],
	register: impl FnOnce(NetworkId, Vec<Registration>) -> Vec<Event<Test>>,
) -> Outcome {
	let mut outcome = None;
	ExtBuilder::default().build_and_execute(|| {
		// The balance is enough for three.
		let funds = EXISTENTIAL_DEPOSIT + 3 * BOND;
		assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), ALICE, funds));
		let maker = register_maker(&Secret::ed25519(100));
		let network = create_closed_network(vec![maker]);
		events();
		let items = flaws.iter().map(|flaw| item(maker, network, *flaw)).collect();
		let events = register(network, items);
		let devices = Devices::<Test>::iter().collect();
		outcome = Some((events, devices, devices_of(network), held(HoldReason::DeviceBond, ALICE)));
	});
	outcome.expect("it was executed; qed")
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(64))]

	#[test]
	fn in_bulk_is_one_by_one(flaws in items()) {
		let at_once = outcome(&flaws, |network, items| {
			assert_ok!(bulk(ALICE, network, items));
			events()
		});
		let one_by_one = outcome(&flaws, |network, items| {
			let mut all = Vec::new();
			for (index, item) in (0..).zip(items) {
				let Registration { key, cell, certificate, consent } = item;
				let registered = Registry::register_device(
					signed(ALICE), network, key, cell, certificate, consent,
				);
				all.extend(match registered {
					Ok(()) => events(),
					Err(error) => vec![failed(index, key, error)],
				});
			}
			all
		});
		prop_assert_eq!(at_once, one_by_one);
	}
}
