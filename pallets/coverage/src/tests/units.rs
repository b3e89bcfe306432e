//! Units of coverage by HIP-15.

use crate::hip15::{beaconer, witness};
use depin_primitives::beacon::MAX_REWARDED_WITNESSES;

/// Returns the points of the beaconer and of a witness, computed with 0.8^k as 8^k / 10^k, which is
/// another way than the pallet's.
fn by_decimals(valid: u32, per_unit: u64) -> (u64, u64) {
	let (w, per_unit) = (u128::from(valid), u128::from(per_unit));
	if valid == 0 {
		return (0, 0);
	}
	if valid <= 4 {
		return ((per_unit * w / 4) as u64, per_unit as u64);
	}
	let (eights, tens) = (8u128.pow(valid - 4), 10u128.pow(valid - 4));
	let beaconer = (per_unit * (2 * tens - eights) / tens).min(2 * per_unit);
	let witness = per_unit * (4 * tens - (tens - eights)) / (tens * w);
	(beaconer as u64, witness as u64)
}

#[test]
fn units_of_known_numbers_of_witnesses_are_right() {
	// Units of 10^-10, calculated by hand from HIP-15's formulas.
	let one = 10_000_000_000;
	for (valid, of_beaconer, of_witness) in [
		(0, 0, 0),
		(1, 2_500_000_000, one),
		(2, 5_000_000_000, one),
		(3, 7_500_000_000, one),
		(4, one, one),
		(5, 12_000_000_000, 7_600_000_000),
		(6, 13_600_000_000, 6_066_666_666),
		(8, 15_904_000_000, 4_262_000_000),
		(14, 18_926_258_176, 2_219_552_987),
	] {
		assert_eq!(beaconer(valid).points(one), of_beaconer, "beaconer of {valid}");
		assert_eq!(witness(valid).points(one), of_witness, "witness of {valid}");
	}
}

#[test]
fn every_number_of_witnesses_agrees_with_decimals() {
	for per_unit in [0, 1, 2, 3, 999, 1_000_000_007, u64::MAX / 2] {
		for valid in 0..=MAX_REWARDED_WITNESSES {
			let points = (beaconer(valid).points(per_unit), witness(valid).points(per_unit));
			assert_eq!(points, by_decimals(valid, per_unit), "{valid} witnesses, {per_unit}");
		}
	}
}

#[test]
fn points_saturate() {
	assert_eq!(beaconer(4).points(u64::MAX), u64::MAX);
	assert_eq!(beaconer(5).points(u64::MAX), u64::MAX);
	assert_eq!(witness(5).points(u64::MAX), (u128::from(u64::MAX) * 19 / 25) as u64);
}

#[test]
fn witnesses_above_the_rewarded_number_do_not_count() {
	for valid in [15, 32, u32::MAX] {
		assert_eq!(beaconer(valid), beaconer(MAX_REWARDED_WITNESSES));
		assert_eq!(witness(valid), witness(MAX_REWARDED_WITNESSES));
	}
}

#[test]
fn a_further_witness_adds_less_and_never_subtracts() {
	let one = 1_000_000_000;
	let total = |w: u32| witness(w).points(one) * u64::from(w);
	for w in 5..=MAX_REWARDED_WITNESSES {
		assert!(beaconer(w).points(one) > beaconer(w - 1).points(one));
		assert!(beaconer(w).points(one) < 2 * one);
		assert!(witness(w).points(one) < witness(w - 1).points(one));
		assert!(total(w) <= 4 * one && total(w) > 3 * one);
	}
}
