//! Cells against the reference implementation: the vectors were made with h3 4.5.0 (PyPI).

use codec::{Decode, Encode};
use depin_primitives::{Cell, InvalidCell};

const HELSINKI: Cell = Cell(0x881126d339fffff);

/// A pentagon of resolution 8, and its five neighbours.
const PENTAGON: Cell = Cell(0x8808000001fffff);
const AROUND: [Cell; 5] = [
	Cell(0x8808000005fffff),
	Cell(0x8808000007fffff),
	Cell(0x8808000009fffff),
	Cell(0x880800000bfffff),
	Cell(0x880800000dfffff),
];

#[test]
fn a_cell_has_one_resolution() {
	for (resolution, cell) in [
		(0, 0x8009fffffffffff),
		(1, 0x81113ffffffffff),
		(5, 0x851126d3fffffff),
		(8, 0x881126d339fffff),
		(11, 0x8b1126d338dcfff),
		(15, 0x8f1126d338dc98e),
	] {
		for wanted in 0..=16 {
			let expected =
				if wanted == resolution { Ok(()) } else { Err(InvalidCell::WrongResolution) };
			assert_eq!(Cell(cell).check(wanted), expected, "{cell:x} as {wanted}");
		}
	}
}

#[test]
fn all_twelve_pentagons_are_cells() {
	for cell in [
		0x8808000001fffff,
		0x881c000001fffff,
		0x8830000001fffff,
		0x884c000001fffff,
		0x8862000001fffff,
		0x8874000001fffff,
		0x887e000001fffff,
		0x8890000001fffff,
		0x88a6000001fffff,
		0x88c2000001fffff,
		0x88d6000001fffff,
		0x88ea000001fffff,
	] {
		assert_eq!(Cell(cell).check(8), Ok(()), "{cell:x}");
	}
}

#[test]
fn other_indexes_are_no_cells() {
	for (index, why) in [
		(0, "the null index"),
		(1, "no mode"),
		(u64::MAX, "all bits"),
		(0x8881126d339fffff, "the reserved bit"),
		(0x81126d339fffff, "no mode"),
		(0x1881126d339fffff, "an edge's mode"),
		(0x881126d339ffff8, "a digit after the last that is not 7"),
		(0x88f526d339fffff, "a base cell above 121"),
		(0x8808000003fffff, "a child that the pentagon has not"),
		(0x8808400001fffff, "a child that the pentagon has not, higher up"),
	] {
		assert_eq!(Cell(index).check(8), Err(InvalidCell::NotACell), "{why}");
		assert_eq!(Cell(index).grid_distance(HELSINKI), None, "{why}");
		assert_eq!(HELSINKI.grid_distance(Cell(index)), None, "{why}");
		assert_eq!(Cell(index).parent(0), None, "{why}");
	}
}

#[test]
fn distances_on_the_grid_are_those_of_the_reference() {
	assert_eq!(HELSINKI.grid_distance(HELSINKI), Some(0));
	for (distance, to) in [
		(1, 0x881126d303fffff),
		(2, 0x881126d06dfffff),
		(3, 0x881126d061fffff),
		(5, 0x88089969b7fffff),
		(10, 0x8808996989fffff),
		(40, 0x8808994cb3fffff),
		(100, 0x8808982481fffff),
		(556, 0x8808866189fffff),
		(1429, 0x881f1d4895fffff),
	] {
		assert_eq!(HELSINKI.grid_distance(Cell(to)), Some(distance), "{to:x}");
		assert_eq!(Cell(to).grid_distance(HELSINKI), Some(distance), "{to:x}");
	}
	for (distance, from, to) in [
		(1104, 0x881f1d4895fffff, 0x881fb46625fffff),
		(99, 0x88754e6499fffff, 0x88754e8ed3fffff),
		(100, 0x88be0e35cbfffff, 0x88be08871dfffff),
		(1, 0x851126d3fffffff, 0x8508996bfffffff),
		(1, 0x8b1126d338dcfff, 0x8b1126d338c2fff),
		(1, 0x8f1126d338dc98e, 0x8f1126d338dc981),
		(1, 0x8009fffffffffff, 0x8001fffffffffff),
	] {
		assert_eq!(Cell(from).grid_distance(Cell(to)), Some(distance), "{from:x} {to:x}");
		assert_eq!(Cell(to).grid_distance(Cell(from)), Some(distance), "{to:x} {from:x}");
	}
}

#[test]
fn the_grid_does_not_reach_around_the_earth() {
	for far in [0x882a107289fffff, 0x88be0e35cbfffff] {
		assert_eq!(Cell(far).check(8), Ok(()));
		assert_eq!(HELSINKI.grid_distance(Cell(far)), None, "{far:x}");
	}
}

#[test]
fn cells_of_two_resolutions_have_no_distance() {
	assert_eq!(HELSINKI.grid_distance(Cell(0x871126d33ffffff)), None);
}

#[test]
fn distances_around_a_pentagon_are_those_of_the_reference() {
	// In the reference, a pentagon is a neighbour of its five, which are neighbours of one another
	// in a ring. Two of the five that are no neighbours have no distance, because the pentagon lies
	// between them.
	const ONE: Option<u32> = Some(1);
	let expected = [
		[Some(0), ONE, None, None, ONE],
		[ONE, Some(0), None, ONE, None],
		[None, None, Some(0), ONE, ONE],
		[None, ONE, ONE, Some(0), None],
		[ONE, None, ONE, None, Some(0)],
	];
	for (from, row) in AROUND.iter().zip(expected) {
		assert_eq!(PENTAGON.grid_distance(*from), ONE);
		assert_eq!(from.grid_distance(PENTAGON), ONE);
		for (to, distance) in AROUND.iter().zip(row) {
			assert_eq!(from.grid_distance(*to), distance, "{from} {to}");
		}
	}
}

#[test]
fn a_parent_contains_its_cell() {
	let parents = [
		0x8011fffffffffff,
		0x81113ffffffffff,
		0x821127fffffffff,
		0x831126fffffffff,
		0x841126dffffffff,
		0x851126d3fffffff,
		0x861126d37ffffff,
		0x871126d33ffffff,
		0x881126d339fffff,
	];
	for (resolution, parent) in (0u8..).zip(parents) {
		assert_eq!(HELSINKI.parent(resolution), Some(Cell(parent)));
	}
	assert_eq!(HELSINKI.parent(9), None, "finer than it is");
	assert_eq!(HELSINKI.parent(16), None, "no resolution");
}

#[test]
fn a_cell_has_fixed_bytes_and_text() {
	let bytes = [0xff, 0xff, 0x9f, 0x33, 0x6d, 0x12, 0x81, 0x08];
	assert_eq!(HELSINKI.encode(), bytes);
	assert_eq!(Cell::decode(&mut &bytes[..]), Ok(HELSINKI));
	assert_eq!(HELSINKI.to_string(), "881126d339fffff");
	assert_eq!(format!("{HELSINKI:?}"), "881126d339fffff");
}

#[cfg(feature = "serde")]
#[test]
fn a_cell_in_json_is_its_text() {
	assert_eq!(serde_json::to_string(&HELSINKI).unwrap(), "\"881126d339fffff\"");
	let read = |text: &str| serde_json::from_str::<Cell>(text);
	assert_eq!(read("\"881126d339fffff\"").unwrap(), HELSINKI);
	assert_eq!(read("\"0x881126d339fffff\"").unwrap(), HELSINKI);
	for wrong in ["\"\"", "\"place\"", "\"8881126d339fffff0\"", "12"] {
		assert!(read(wrong).is_err(), "{wrong}");
	}
}

#[test]
fn a_ring_is_the_neighbours_of_a_cell() {
	let ring = |cell: Cell| {
		let mut ring: Vec<_> = cell.ring().collect();
		ring.sort();
		ring
	};
	assert_eq!(ring(PENTAGON), AROUND);
	let around = ring(HELSINKI);
	assert_eq!(around.len(), 6);
	assert!(around.iter().all(|cell| cell.grid_distance(HELSINKI) == Some(1)));
	// A cell beside a pentagon has a ring as well, and each cell of a ring has the first in its
	// own.
	for cell in AROUND {
		assert_eq!(ring(cell).len(), 6);
		assert!(ring(cell).contains(&PENTAGON));
		assert!(ring(cell).iter().all(|other| other.ring().any(|back| back == cell)));
	}
	assert_eq!(ring(Cell(0)), []);
}
