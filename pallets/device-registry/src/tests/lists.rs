//! Pages of devices.

use super::*;
use depin_primitives::{device::DeviceRecord, page::Page};

type DevicePage = Page<DeviceRecord<AccountId>, DeviceId>;

fn ids(page: &DevicePage) -> Vec<DeviceId> {
	page.items.iter().map(|record| record.id).collect()
}

/// Puts the record of a device without a bond in place: lists need no signatures.
fn put(n: u32, network: NetworkId) -> DeviceId {
	let key = PublicKey::Ed25519(sp_io::hashing::blake2_256(&n.to_be_bytes()));
	let id = key.device_id();
	let (cell, status) = (home(), DeviceStatus::Active);
	let owner = ALICE;
	let device =
		Device { owner, network, maker: None, key, cell, status, bond: 0, registered_at: 0 };
	Devices::<Test>::insert(id, device);
	DevicesByOwner::<Test>::insert(owner, id, ());
	DevicesByNetwork::<Test>::insert(network, id, ());
	DevicesByCell::<Test>::insert(cell, id, ());
	Networks::<Test>::mutate_extant(network, |network| network.devices += 1);
	id
}

#[test]
fn lists_hold_who_belongs_there() {
	ExtBuilder::default().build_and_execute(|| {
		let (first, second) = (create_network(None), create_network(None));
		let devices: Vec<_> = (1..=3).map(Secret::ed25519).collect();
		assert_ok!(register(ALICE, first, &devices[0], None));
		assert_ok!(register(BOB, first, &devices[1], None));
		let elsewhere = Cell(Resolution::Nine.pentagons().next().unwrap().into());
		assert_ok!(Registry::register_device(
			signed(ALICE),
			second,
			devices[2].public(),
			elsewhere,
			None,
			devices[2].consent(second, ALICE),
		));

		let expect = |page: DevicePage, expected: &[usize]| {
			let mut expected: Vec<_> = expected.iter().map(|n| devices[*n].id()).collect();
			expected.sort();
			assert_eq!(ids(&page), expected);
			assert_eq!(page.next, None);
			for record in page.items {
				assert_eq!(Some(record.clone()), Registry::device_record(record.id));
			}
		};
		expect(Registry::devices_by_owner(ALICE, None, 10), &[0, 2]);
		expect(Registry::devices_by_owner(BOB, None, 10), &[1]);
		expect(Registry::devices_by_owner(ADMIN, None, 10), &[]);
		expect(Registry::devices_by_network(first, None, 10), &[0, 1]);
		expect(Registry::devices_by_network(second, None, 10), &[2]);
		expect(Registry::devices_by_network(second + 1, None, 10), &[]);
		expect(Registry::devices_by_cell(home(), None, 10), &[0, 1]);
		expect(Registry::devices_by_cell(elsewhere, None, 10), &[2]);
		expect(Registry::devices_by_cell(cell(Resolution::Ten), None, 10), &[]);
	});
}

#[test]
fn pages_cover_a_list_once_and_in_order() {
	ExtBuilder::default().build_and_execute(|| {
		let network = create_network(None);
		let mut all: Vec<_> = (0..10).map(|n| put(n, network)).collect();
		all.sort();
		let lists: [fn(Option<DeviceId>, u32) -> DevicePage; 3] = [
			|after, limit| Registry::devices_by_owner(ALICE, after, limit),
			|after, limit| Registry::devices_by_network(0, after, limit),
			|after, limit| Registry::devices_by_cell(home(), after, limit),
		];
		for list in lists {
			for limit in [1, 3, 5, 9, 10, 11] {
				let (mut seen, mut after, mut pages) = (Vec::new(), None, 0);
				loop {
					let page = list(after, limit);
					assert!(page.items.len() <= limit as usize);
					seen.extend(ids(&page));
					pages += 1;
					match page.next {
						Some(_) => assert_eq!(page.next, seen.last().copied()),
						None => break,
					}
					after = page.next;
				}
				assert_eq!(seen, all);
				// No empty page at the end.
				assert_eq!(pages, 10u32.div_ceil(limit));
			}
		}
	});
}

#[test]
fn a_page_is_never_longer_than_the_longest() {
	ExtBuilder::default().build_and_execute(|| {
		let network = create_network(None);
		let mut all: Vec<_> = (0..MAX_PAGE + 1).map(|n| put(n, network)).collect();
		all.sort();
		for limit in [MAX_PAGE, MAX_PAGE + 1, u32::MAX] {
			let page = Registry::devices_by_network(network, None, limit);
			assert_eq!(ids(&page), all[..MAX_PAGE as usize]);
			assert_eq!(page.next, Some(all[MAX_PAGE as usize - 1]));
			let rest = Registry::devices_by_network(network, page.next, limit);
			assert_eq!(ids(&rest), all[MAX_PAGE as usize..]);
			assert_eq!(rest.next, None);
		}
	});
}

#[test]
fn a_cursor_outlives_its_device() {
	ExtBuilder::default().retire_delay(0).build_and_execute(|| {
		let network = create_network(None);
		let mut devices: Vec<_> = (1..=3).map(Secret::ed25519).collect();
		devices.sort_by_key(Secret::id);
		for device in &devices {
			assert_ok!(register(ALICE, network, device, None));
		}
		let cursor = Registry::devices_by_owner(ALICE, None, 2).next.unwrap();
		assert_eq!(cursor, devices[1].id());
		assert_ok!(Registry::retire_device(signed(ALICE), cursor));
		assert_ok!(Registry::reap_device(signed(ALICE), cursor));
		let page = Registry::devices_by_owner(ALICE, Some(cursor), 2);
		assert_eq!(ids(&page), [devices[2].id()]);
	});
}

#[test]
fn who_asks_for_nothing_gets_an_empty_last_page() {
	ExtBuilder::default().build_and_execute(|| {
		let network = create_network(None);
		put(0, network);
		let page = Registry::devices_by_network(network, None, 0);
		assert_eq!(page, Page { items: vec![], next: None });
	});
}
