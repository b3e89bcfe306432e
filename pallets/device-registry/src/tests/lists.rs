//! Pages of devices.

use super::*;
use crate::types::Evidence;
use depin_primitives::device::DeviceRecord;
use proptest::{collection::vec, prelude::*};

type Record = DeviceRecord<AccountId>;
type DevicePage = Page<Record, DeviceId>;
type PlacePage = Page<Record, (Cell, DeviceId)>;

fn ids<Cursor>(page: &Page<Record, Cursor>) -> Vec<DeviceId> {
	page.items.iter().map(|record| record.id).collect()
}

/// Puts a device of [`ALICE`] with the least bond in place: lists need no signatures.
fn put(n: u32, network: NetworkId, cell: Cell, evidence: Evidence) -> DeviceId {
	let key = PublicKey::Ed25519(sp_io::hashing::blake2_256(&n.to_be_bytes()));
	let id = key.device_id();
	let device = Device {
		owner: ALICE,
		network,
		evidence,
		key,
		cell,
		located_at: 0,
		status: Status::Active,
		pending: PendingChange::Nothing,
		bond: 1,
		registered_at: 0,
		statements_until: 0,
	};
	put_as(id, device);
	id
}

/// Puts a device in place under any id.
fn put_as(id: DeviceId, device: Device<AccountId>) {
	let (network, short) = (device.network, ShortId::from(id));
	let (reason, poor) = (HoldReason::DeviceBond, Error::<Test>::CannotAffordBond);
	assert_ok!(Registry::hold(reason, &device.owner, device.bond, poor));
	DevicesByOwner::<Test>::insert(OwnerKey::of(&device.owner), short, ());
	DevicesByNetwork::<Test>::insert(network, short, ());
	DevicesByCell::<Test>::insert(CellKey::from(device.cell), short, ());
	if let Some((maker, _)) = device.evidence.maker() {
		DevicesByMaker::<Test>::insert(maker, short, ());
	}
	Registry::put_device(id, device);
	Networks::<Test>::mutate_extant(network, |network| network.devices += 1);
}

/// Puts a device in place at [`home`], certified by that maker.
fn put_certified(n: u32, network: NetworkId, maker: MakerId) -> DeviceId {
	put(n, network, home(), Evidence::Certified { maker, model: MODEL })
}

/// Removes a device that [`put`] has put in place.
fn take(id: DeviceId) {
	Devices::<Test>::mutate_extant(id, |stored| {
		stored.device.status = Status::Retiring { until: 0 };
	});
	assert_ok!(Registry::reap_device(signed(BOB), id));
}

#[test]
fn lists_contain_the_devices_that_belong_there() {
	ExtBuilder::default().build_and_execute(|| {
		let secret = Secret::p256(100);
		let (maker, idle) = (register_maker(&secret), register_maker(&secret));
		let (first, second) = (create_network(), create_network());
		let devices = [Secret::ed25519(1), Secret::sr25519(2), Secret::p256(3)];
		let certify = |device: &Secret| Some(secret.certify(maker, 0, first, device.public()));
		assert_ok!(register(ALICE, first, &devices[0], certify(&devices[0])));
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
		// The record includes what is stored beside the device.
		assert_ok!(Registry::offer_device(signed(ALICE), devices[2].id(), Some(BOB)));
		assert_ok!(suspend(devices[1].id()));

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
		expect(Registry::devices_by_network(first, None, 10).unwrap(), &[0, 1]);
		expect(Registry::devices_by_network(second, None, 10).unwrap(), &[2]);
		expect(Registry::devices_by_maker(maker, None, 10).unwrap(), &[0]);
		expect(Registry::devices_by_maker(idle, None, 10).unwrap(), &[]);
		let by_cell = |cell| {
			let Page { items, next } = Registry::devices_by_cell(cell, None, 10).unwrap();
			assert_eq!(next, None);
			Page { items, next: None }
		};
		expect(by_cell(home()), &[0, 1]);
		expect(by_cell(elsewhere), &[2]);
		expect(by_cell(away()), &[]);
		expect(by_cell(cell(Resolution::Ten)), &[]);
		for resolution in Resolution::range(Resolution::Zero, Resolution::Eight) {
			expect(by_cell(cell(resolution)), &[0, 1]);
		}

		let record = |n: usize| Registry::device_record(devices[n].id()).unwrap();
		assert_eq!(record(2).offered_to, Some(BOB));
		assert!(record(1).suspension.is_some() && record(0).suspension.is_none());
	});
}

#[test]
fn unknown_ids_are_distinguished_from_empty_lists() {
	ExtBuilder::default().build_and_execute(|| {
		let (maker, network) = (register_maker(&Secret::p256(100)), create_network());
		assert_ok!(Registry::close_network(signed(ADMIN), network));
		let empty = Ok(Page { items: vec![], next: None });
		assert_eq!(Registry::devices_by_network(network, None, 1), empty);
		let unknown = Err(LookupError::UnknownNetwork);
		assert_eq!(Registry::devices_by_network(network + 1, None, 1), unknown);
		assert_eq!(Registry::devices_by_maker(maker, None, 1), empty);
		let unknown = Err(LookupError::UnknownMaker);
		assert_eq!(Registry::devices_by_maker(maker + 1, None, 1), unknown);
		for index in [0, u64::MAX, home().0 | 1 << 63, home().0 & !1] {
			let lookup = Registry::devices_by_cell(Cell(index), None, 1);
			assert_eq!(lookup, Err(LookupError::NotACell));
		}
		let id = DeviceId::repeat_byte(1);
		assert_eq!(Registry::device_record(id), None);
		assert_eq!(Registry::grants(id), Err(LookupError::UnknownDevice));
		assert_eq!(Registry::permissions(id, ALICE), Err(LookupError::UnknownDevice));
	});
}

#[test]
fn a_makers_list_outlives_it() {
	ExtBuilder::default().build_and_execute(|| {
		let secret = Secret::p256(100);
		let maker = register_maker(&secret);
		let (network, device) = (create_closed_network(vec![maker]), Secret::p256(1));
		let certificate = secret.certify(maker, 0, network, device.public());
		assert_ok!(register(ALICE, network, &device, Some(certificate)));
		let list = || ids(&Registry::devices_by_maker(maker, None, 10).unwrap());
		assert_ok!(Registry::revoke_maker_key(signed(MAKER), maker, 0));
		assert_eq!(list(), [device.id()]);
		assert_ok!(Registry::deregister_maker(signed(MAKER), maker));
		assert_eq!(list(), [device.id()]);
	});
}

/// The maker of a device is the one that certified its current key.
#[test]
fn a_makers_list_follows_the_devices_key() {
	ExtBuilder::default().build_and_execute(|| {
		let (first, second) = (Secret::p256(100), Secret::p256(101));
		let makers = [register_maker(&first), register_maker(&second)];
		let network = create_network();
		let [old, next, last] = [1, 2, 3].map(Secret::ed25519);
		let lists =
			|| makers.map(|maker| ids(&Registry::devices_by_maker(maker, None, 9).unwrap()));
		let certificate = first.certify(makers[0], 0, network, old.public());
		let id = old.id();
		assert_ok!(register(ALICE, network, &old, Some(certificate)));
		assert_eq!(lists(), [vec![id], vec![]]);
		let certificate = second.certify(makers[1], 0, network, next.public());
		assert_ok!(rotate(ALICE, id, &old, &next, Some(certificate)));
		assert_eq!(lists(), [vec![], vec![id]]);
		assert_ok!(rotate(ALICE, id, &next, &last, None));
		assert_eq!(lists(), [vec![], vec![]]);
	});
}

/// A list whose ids begin alike, which does not happen by chance, still gives its own device and no
/// other. (The invariants of lists do not hold for such ids.)
#[test]
fn a_list_gives_its_own_devices_though_ids_begin_alike() {
	ExtBuilder::default().build().execute_with(|| {
		let (first, second) = (create_network(), create_network());
		let makers = [100, 101].map(|seed| register_maker(&Secret::p256(seed)));
		let mut alike = [DeviceId::repeat_byte(7); 3];
		for (at, id) in (1..).zip(&mut alike) {
			id.0[16 + at] = 0xff;
		}
		// Lists are in order of id: the last id differs first.
		alike.sort();
		let model = Registry::stored_device(put(0, first, home(), Evidence::Open)).unwrap();
		let others = [
			(ALICE, first, home(), Evidence::Certified { maker: makers[0], model: MODEL }),
			(BOB, second, away(), Evidence::Certified { maker: makers[1], model: MODEL }),
			(ADMIN, second, cell(Resolution::Eight), Evidence::Open),
		];
		for (at, (id, (owner, network, cell, evidence))) in (1..).zip(alike.iter().zip(others)) {
			let key = Secret::p256(at).public();
			put_as(*id, Device { owner, network, cell, evidence, key, ..model.clone() });
		}
		let listed = |page: DevicePage| ids(&page);
		assert_eq!(listed(Registry::devices_by_owner(BOB, None, 9)), [alike[1]]);
		assert_eq!(listed(Registry::devices_by_owner(ADMIN, None, 9)), [alike[2]]);
		for (maker, id) in makers.into_iter().zip(alike) {
			assert_eq!(listed(Registry::devices_by_maker(maker, None, 9).unwrap()), [id]);
		}
		let there = Registry::devices_by_cell(away(), None, 9).unwrap();
		assert_eq!(ids(&there), [alike[1]]);
		let of_first = listed(Registry::devices_by_network(first, None, 9).unwrap());
		assert_eq!(of_first.iter().filter(|id| alike.contains(id)).count(), 1);
		assert!(of_first.contains(&alike[0]));
		// Two devices of one list share one entry in it; each is found by its id all the same.
		assert_eq!(listed(Registry::devices_by_network(second, None, 9).unwrap()), [alike[1]]);
		assert_eq!(Registry::device_record(alike[2]).map(|record| record.id), Some(alike[2]));
	});
}

/// Asks for all pages, from the first.
fn all_pages<Cursor: Clone>(
	limit: u32,
	list: impl Fn(Option<Cursor>, u32) -> Page<Record, Cursor>,
) -> Vec<Page<Record, Cursor>> {
	let mut pages = vec![list(None, limit)];
	while let Some(after) = pages.last().and_then(|page| page.next.clone()) {
		pages.push(list(Some(after), limit));
	}
	pages
}

#[test]
fn pages_cover_a_list_once_and_in_order() {
	ExtBuilder::default().build_and_execute(|| {
		let (network, maker) = (create_network(), register_maker(&Secret::p256(100)));
		let mut all: Vec<_> = (0..10).map(|n| put_certified(n, network, maker)).collect();
		all.sort();
		let lists: [fn(Option<DeviceId>, u32) -> DevicePage; 4] = [
			|after, limit| Registry::devices_by_owner(ALICE, after, limit),
			|after, limit| Registry::devices_by_network(0, after, limit).unwrap(),
			|after, limit| Registry::devices_by_maker(0, after, limit).unwrap(),
			|after, limit| {
				let after = after.map(|id| (home(), id));
				let page = Registry::devices_by_cell(home(), after, limit).unwrap();
				Page { items: page.items, next: page.next.map(|(_, id)| id) }
			},
		];
		for list in lists {
			for limit in [1, 3, 5, 9, 10, 11] {
				let pages = all_pages(limit, list);
				let seen: Vec<_> = pages.iter().flat_map(ids).collect();
				assert_eq!(seen, all);
				// No empty page at the end.
				assert_eq!(pages.len() as u32, 10u32.div_ceil(limit));
				for page in pages {
					assert!(page.items.len() <= limit as usize);
					let last = page.items.last().map(|record| record.id);
					assert!(page.next.is_none() || page.next == last);
				}
			}
		}
	});
}

#[test]
fn a_page_is_never_longer_than_the_longest() {
	ExtBuilder::default().build_and_execute(|| {
		let network = create_network();
		let open = Evidence::Open;
		let mut all: Vec<_> = (0..=MAX_PAGE).map(|n| put(n, network, home(), open)).collect();
		all.sort();
		let (most, last) = (MAX_PAGE as usize, all[MAX_PAGE as usize - 1]);
		for limit in [MAX_PAGE, MAX_PAGE + 1, u32::MAX] {
			let page = Registry::devices_by_network(network, None, limit).unwrap();
			assert_eq!((ids(&page), page.next), (all[..most].to_vec(), Some(last)));
			let rest = Registry::devices_by_network(network, page.next, limit).unwrap();
			assert_eq!((ids(&rest), rest.next), (all[most..].to_vec(), None));

			let page = Registry::devices_by_cell(home(), None, limit).unwrap();
			assert_eq!((ids(&page), page.next), (all[..most].to_vec(), Some((home(), last))));
			let rest = Registry::devices_by_cell(home(), page.next, limit).unwrap();
			assert_eq!((ids(&rest), rest.next), (all[most..].to_vec(), None));
		}
	});
}

#[test]
fn a_cursor_outlives_its_device() {
	ExtBuilder::default().retire_delay(1).build_and_execute(|| {
		let network = create_network();
		let mut devices: Vec<_> = (1..=3).map(Secret::ed25519).collect();
		devices.sort_by_key(Secret::id);
		for device in &devices {
			assert_ok!(register(ALICE, network, device, None));
		}
		let cursor = Registry::devices_by_owner(ALICE, None, 2).next.unwrap();
		assert_eq!(cursor, devices[1].id());
		assert_ok!(Registry::retire_device(signed(ALICE), cursor));
		pass_blocks(1);
		expire_statements();
		assert_ok!(Registry::reap_device(signed(ALICE), cursor));
		let rest = [devices[2].id()];
		assert_eq!(ids(&Registry::devices_by_owner(ALICE, Some(cursor), 2)), rest);
		let by_network = Registry::devices_by_network(network, Some(cursor), 2).unwrap();
		assert_eq!(ids(&by_network), rest);
		let by_cell = Registry::devices_by_cell(home(), Some((home(), cursor)), 2).unwrap();
		assert_eq!(ids(&by_cell), rest);
	});
}

/// A device that moves between two pages is missed or seen twice at worst; no other device is.
#[test]
fn a_cursor_outlives_its_devices_stay() {
	ExtBuilder::default().build_and_execute(|| {
		let network = create_network();
		let devices = [1, 2, 3].map(Secret::ed25519);
		for device in &devices {
			assert_ok!(register(ALICE, network, device, None));
		}
		let parent = cell(Resolution::Two);
		let page = Registry::devices_by_cell(parent, None, 1).unwrap();
		let (_, moved) = page.next.unwrap();
		Timestamp::set_timestamp(NOW + COOLDOWN);
		assert_ok!(Registry::assert_location(signed(ALICE), moved, away()));
		let rest = Registry::devices_by_cell(parent, page.next, 10).unwrap();
		let mut expected: Vec<_> = devices.iter().map(Secret::id).collect();
		expected.retain(|id| *id != moved);
		expected.sort();
		assert_eq!(ids(&rest), expected);
	});
}

#[test]
fn a_limit_of_zero_gives_an_empty_last_page() {
	ExtBuilder::default().build_and_execute(|| {
		let network = create_network();
		put_certified(0, network, register_maker(&Secret::p256(100)));
		let empty = || Page { items: vec![], next: None };
		assert_eq!(Registry::devices_by_owner(ALICE, None, 0), empty());
		assert_eq!(Registry::devices_by_network(network, None, 0), Ok(empty()));
		assert_eq!(Registry::devices_by_maker(0, None, 0), Ok(empty()));
		let nothing = Ok(Page { items: vec![], next: None });
		assert_eq!(Registry::devices_by_cell(home(), None, 0), nothing);
		assert_eq!(Registry::devices_by_cell(cell(Resolution::One), None, 0), nothing);
	});
}

/// A cursor says where a list continues, not which list it is.
#[test]
fn a_cursor_of_another_list_lists_nothing_of_that_list() {
	ExtBuilder::default().build_and_execute(|| {
		let network = create_network();
		let here = put(0, network, home(), Evidence::Open);
		let there = put(1, network, away(), Evidence::Open);
		let place = |cell: Cell| (cell.0 & ((1 << 52) - 1), cell);
		let (_, first) = place(home()).min(place(away()));
		for (cell, id) in [(home(), here), (away(), there)] {
			for resolution in [0, 4, 9] {
				let parent = cell.parent(resolution).unwrap();
				let list = |after| ids(&Registry::devices_by_cell(parent, Some(after), 9).unwrap());
				for last in [DeviceId::zero(), DeviceId::repeat_byte(0xff)] {
					let before = Cell(Resolution::Nine.pentagons().next().unwrap().into());
					assert!(place(before) < place(first));
					assert_eq!(list((before, last)), [id]);
					// An index that is not a cell, beyond all cells.
					assert_eq!(list((Cell(u64::MAX), last)), []);
				}
				assert_eq!(list((cell, DeviceId::zero())), [id]);
				assert_eq!(list((cell, id)), []);
			}
		}
	});
}

/// Resolutions of the networks below.
const RESOLUTIONS: [u8; 5] = [0, 2, 7, 9, 15];

/// Cells of these resolutions, in one of few base cells, of which two are pentagons (4 and 117),
/// and in few directions, so that many are within others.
fn place() -> impl Strategy<Value = (usize, Cell)> {
	let base = prop_oneof![Just(0u64), Just(4), Just(20), Just(117), Just(121)];
	let digit = prop_oneof![3 => Just(0u64), 1 => 1..7u64];
	(0..RESOLUTIONS.len(), base, vec(digit, 15)).prop_map(|(at, base, digits)| {
		let resolution = RESOLUTIONS[at];
		let mut digits: Vec<_> = digits.into_iter().take(resolution.into()).collect();
		// A pentagon lacks the direction 1.
		if let (4 | 117, Some(first)) = (base, digits.iter_mut().find(|digit| **digit != 0)) {
			*first = (*first).max(2);
		}
		let index = 1 << 59 | u64::from(resolution) << 52 | base << 45 | ((1 << 45) - 1);
		let index = (1..).zip(digits).fold(index, |index, (at, digit)| {
			let shift = 3 * (15 - at);
			index & !(7 << shift) | digit << shift
		});
		(at, Cell(index))
	})
}

fn resolution(cell: Cell) -> u8 {
	(0..=15).find(|resolution| cell.check(*resolution).is_ok()).expect("it is a cell")
}

/// Returns the entries that lie in a cell: by H3's own parents, in order of base cell and digits,
/// then of resolution, then of id.
fn within(entries: &[(Cell, DeviceId)], parent: Cell) -> Vec<(Cell, DeviceId)> {
	let mut within: Vec<_> = entries
		.iter()
		.copied()
		.filter(|(cell, _)| {
			resolution(*cell) >= resolution(parent)
				&& cell.parent(resolution(parent)) == Some(parent)
		})
		.collect();
	within.sort_by_key(|(cell, id)| (cell.0 & ((1 << 52) - 1), resolution(*cell), *id));
	within
}

fn places(page: &PlacePage) -> Vec<(Cell, DeviceId)> {
	page.items.iter().map(|record| (record.cell, record.id)).collect()
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(48))]

	#[test]
	fn a_cell_lists_all_that_lie_in_it(
		devices in vec(place(), 1..40),
		strangers in vec(place(), 0..3),
		limit in 1..7u32,
	) {
		ExtBuilder::default().build_and_execute(|| {
			let networks = RESOLUTIONS.map(|cell_resolution| {
				create_network_with(None, NetworkPolicy { cell_resolution, ..policy() })
			});
			let mut entries: Vec<_> = (0..)
				.zip(&devices)
				.map(|(n, (at, cell))| (*cell, put(n, networks[*at], *cell, Evidence::Open)))
				.collect();

			// Every cell that one of the devices is in, of every resolution, and some others.
			let mut parents: Vec<_> = entries
				.iter()
				.flat_map(|(cell, _)| (0..=15).filter_map(|coarser| cell.parent(coarser)))
				.chain(strangers.iter().map(|(_, cell)| *cell))
				.collect();
			parents.sort();
			parents.dedup();
			for parent in &parents {
				let expected = within(&entries, *parent);
				let list =
					|after, limit| Registry::devices_by_cell(*parent, after, limit).unwrap();
				let pages = all_pages(limit, list);
				let seen: Vec<_> = pages.iter().flat_map(places).collect();
				assert_eq!(&seen, &expected);
				let full = expected.len().div_ceil(limit as usize);
				assert_eq!(pages.len(), full.max(1));
				for page in &pages {
					let last = places(page).last().copied();
					assert!(page.next.is_none() || page.next == last);
				}
			}

			// Each page's last device is removed before the next page is requested.
			let parent = parents[0];
			let mut expected = within(&entries, parent);
			let mut after = None;
			loop {
				let page = Registry::devices_by_cell(parent, after, limit).unwrap();
				let rest = expected.split_off(expected.len().min(limit as usize));
				assert_eq!(places(&page), expected);
				expected = rest;
				after = page.next;
				let Some((_, id)) = after else { break };
				take(id);
				entries.retain(|(_, other)| *other != id);
			}
			assert!(expected.is_empty());
			for parent in parents {
				let page = Registry::devices_by_cell(parent, None, MAX_PAGE).unwrap();
				assert_eq!(places(&page), within(&entries, parent));
			}
		});
	}

	/// The order of sort keys is the order above, and the range of a cell's keys covers the cells
	/// within.
	#[test]
	fn the_order_of_keys_is_that_of_places(cells in vec(place(), 2..30)) {
		for (_, parent) in &cells {
			let (first, last) = CellKey::range(*parent);
			for (_, cell) in &cells {
				let key = CellKey::from(*cell);
				let lies = resolution(*cell) >= resolution(*parent)
					&& cell.parent(resolution(*parent)) == Some(*parent);
				prop_assert_eq!(first <= key && key <= last, lies);
				prop_assert_eq!(key == CellKey::from(*parent), cell == parent);
			}
		}
	}
}

#[test]
fn a_device_is_found_by_its_current_key() {
	ExtBuilder::default().retire_delay(1).build_and_execute(|| {
		let [first, second, third] = [Secret::p256(1), Secret::ed25519(2), Secret::sr25519(3)];
		let (id, network) = registered(ALICE, &first);
		let find = |key: &Secret| Registry::device_record_by_key(key.public());
		assert_eq!(find(&first), Registry::device_record(id));
		assert_eq!(find(&second), None);

		assert_ok!(rotate(ALICE, id, &first, &second, None));
		// A key that the device has given up finds none, though it gives the device's id.
		assert_eq!(find(&first), None);
		assert_eq!(find(&second).unwrap().id, id);
		assert_ok!(rotate(ALICE, id, &second, &third, None));
		assert_eq!(find(&second), None);
		assert_eq!(find(&third), Registry::device_record(id));

		// The given-up key of one device can be the first of another.
		assert_ok!(register(BOB, network, &second, None));
		assert_eq!(find(&second).unwrap().owner, BOB);
		assert_ok!(rotate(ALICE, id, &third, &first, None));
		assert_eq!(find(&first).unwrap().id, id);
		assert_eq!(find(&third), None);

		assert_ok!(Registry::retire_device(signed(ALICE), id));
		pass_blocks(10);
		assert_ok!(Registry::reap_device(signed(ALICE), id));
		assert_eq!(find(&first), None);
	});
}
