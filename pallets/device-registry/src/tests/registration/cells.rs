//! Cells of registered devices: validity and resolution.

use super::*;

/// Returns an index in H3's own bits: base cell and digits, one for each resolution.
fn index(base: u64, digits: &[u64]) -> Cell {
	let resolution = digits.len() as u64;
	let mut index = 1 << 59 | resolution << 52 | base << 45 | ((1 << 45) - 1);
	for (at, digit) in (1..).zip(digits) {
		let shift = 3 * (15 - at);
		index = index & !(7 << shift) | digit << shift;
	}
	Cell(index)
}

#[test]
fn a_devices_location_must_be_a_cell() {
	ExtBuilder::default().build_and_execute(|| {
		let (network, device) = (create_network(), Secret::ed25519(1));
		let home = home().0;
		let with = |at: u32, bits: u32, value: u64| {
			let mask = ((1 << bits) - 1) << at;
			home & !mask | value << at
		};
		// No bit, all bits, the reserved bit.
		let mut cells = vec![0, u64::MAX, with(63, 1, 1)];
		// Any mode but a cell's, such as an edge's and a vertex's; the bits that only those use.
		cells.extend((0..16).filter(|mode| *mode != 1).map(|mode| with(59, 4, mode)));
		cells.extend((1..8).map(|reserved| with(56, 3, reserved)));
		// Base cells are 0 to 121.
		cells.extend((122..128).map(|base| with(45, 7, base)));
		for digit in 1..=15 {
			let at = 3 * (15 - digit);
			if digit <= 9 {
				// A digit in use is 0 to 6.
				cells.push(with(at, 3, 7));
			} else {
				// A digit that is not in use is 7.
				cells.extend((0..7).map(|value| with(at, 3, value)));
			}
		}
		for index in cells {
			let refused = register_at(Cell(index), network, &device);
			assert_noop!(refused, Error::<Test>::NotACell);
		}
		// The bits put together again are the cell that they were taken from.
		let digits: Vec<_> = (1..=9).map(|digit| home >> (3 * (15 - digit)) & 7).collect();
		assert_ok!(register_at(index(home >> 45 & 0x7f, &digits), network, &device));
		assert_eq!(Registry::device_record(device.id()).unwrap().cell.0, home);
	});
}

/// Base cells that are pentagons, of <https://h3geo.org/docs/core-library/overview>.
const PENTAGONS: [u64; 12] = [4, 14, 24, 38, 49, 58, 63, 72, 83, 97, 107, 117];

/// A pentagon lacks the direction 1: no cell's first digit other than 0 is 1 there.
#[test]
fn a_pentagon_lacks_one_of_seven_parts() {
	ExtBuilder::default().build_and_execute(|| {
		let (network, device) = (create_network(), Secret::ed25519(200));
		for (at, base) in (0..).zip(PENTAGONS) {
			for depth in 1..=9 {
				let mut digits = [0; 9];
				digits[depth - 1] = 1;
				for last in 0..=6 {
					if depth < 9 {
						digits[8] = last;
					}
					let deleted = index(base, &digits);
					let refused = register_at(deleted, network, &device);
					assert_noop!(refused, Error::<Test>::NotACell);
				}
				// All other directions exist, and direction 1 within each of these.
				for digit in 2..=6 {
					digits[depth - 1] = digit;
					assert_eq!(index(base, &digits).check(9), Ok(()));
				}
			}
			let part = index(base, &[0, 0, 2 + at % 5, 1, 0, 6, 1, 1, 1]);
			assert_ok!(register_at(part, network, &Secret::ed25519(1 + at as u8)));
		}
		// A hexagon has all seven.
		assert_ok!(register_at(index(0, &[0, 0, 1, 0, 0, 0, 0, 0, 0]), network, &device));
	});
}

#[test]
fn pentagons_are_cells() {
	ExtBuilder::default().build_and_execute(|| {
		for resolution in [Resolution::Zero, Resolution::Nine, Resolution::Fifteen] {
			let cell_resolution = u8::from(resolution);
			let network = create_network_with(None, NetworkPolicy { cell_resolution, ..policy() });
			let pentagons: Vec<_> = resolution.pentagons().map(|cell| Cell(cell.into())).collect();
			let zeros = vec![0; usize::from(cell_resolution)];
			assert_eq!(pentagons, PENTAGONS.map(|base| index(base, &zeros)));
			for (seed, pentagon) in (1..).zip(pentagons) {
				let device = Secret::ed25519(seed + 12 * cell_resolution);
				assert_ok!(register_at(pentagon, network, &device));
			}
		}
	});
}

#[test]
fn a_devices_cell_must_have_the_networks_resolution() {
	ExtBuilder::default().build_and_execute(|| {
		let device = Secret::ed25519(1);
		let network = create_network();
		for resolution in Resolution::range(Resolution::Zero, Resolution::Fifteen) {
			if resolution != Resolution::Nine {
				let cell = cell(resolution);
				assert_noop!(register_at(cell, network, &device), Error::<Test>::WrongResolution);
			}
		}
	});
}

#[test]
fn each_resolution_can_be_required() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), ADMIN, 10 * FUNDS));
		for resolution in Resolution::range(Resolution::Zero, Resolution::Fifteen) {
			let cell_resolution = u8::from(resolution);
			let network = create_network_with(None, NetworkPolicy { cell_resolution, ..policy() });
			let device = Secret::ed25519(1 + cell_resolution);
			assert_ok!(register_at(cell(resolution), network, &device));
		}
	});
}
