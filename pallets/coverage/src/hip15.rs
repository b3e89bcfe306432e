//! Units of coverage by
//! [HIP-15](https://github.com/helium/HIP/blob/main/0015-beaconing-rewards.md), with redundancy 4
//! and decay 0.8.
//!
//! Each of the first four witnesses adds as much as the first. Each further witness adds less to
//! the beaconer's units, and the witnesses share what they earn together. Units are exact
//! fractions, 0.8 being 4/5; points are rounded down once, at the end.

use depin_primitives::beacon::MAX_REWARDED_WITNESSES;

/// Number of witnesses each of which adds as much as the first.
const REDUNDANCY: u32 = 4;

/// Units of coverage, as a fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Units {
	numerator: u64,
	denominator: u64,
}

impl Units {
	const ZERO: Self = Self { numerator: 0, denominator: 1 };

	/// Returns the points that these units earn at `per_unit` points a unit, rounded down.
	/// Saturates.
	pub fn points(self, per_unit: u64) -> u64 {
		// A product of two 64-bit numbers fits 128 bits, and no denominator is zero; qed. The
		// quotient can exceed 64 bits, because there can be more than one unit.
		let product = u128::from(per_unit).saturating_mul(self.numerator.into());
		let points = product.checked_div(self.denominator.into()).unwrap_or_default();
		u64::try_from(points).unwrap_or(u64::MAX)
	}
}

/// Returns the units of a beaconer with *w* = `valid` valid witnesses: *w*/4 up to four, then
/// 2 − 0.8^(*w*−4), which never reaches HIP-15's bound of 2.
pub fn beaconer(valid: u32) -> Units {
	match powers(valid) {
		None => Units { numerator: valid.into(), denominator: REDUNDANCY.into() },
		Some((fours, fives)) => Units {
			// 2 − fours/fives; fours ≤ fives ≤ 5^10, so that nothing saturates; qed.
			numerator: fives.saturating_mul(2).saturating_sub(fours),
			denominator: fives,
		},
	}
}

/// Returns the units of each of *w* = `valid` valid witnesses: 1 up to four, then
/// (4 − (1 − 0.8^(*w*−4))) / *w*.
pub fn witness(valid: u32) -> Units {
	match powers(valid) {
		None if valid == 0 => Units::ZERO,
		None => Units { numerator: 1, denominator: 1 },
		Some((fours, fives)) => Units {
			// (3 + fours/fives) / w; fours ≤ fives ≤ 5^10 and w ≤ 14, so that nothing saturates;
			// qed.
			numerator: fives.saturating_mul(3).saturating_add(fours),
			denominator: fives.saturating_mul(valid.min(MAX_REWARDED_WITNESSES).into()),
		},
	}
}

/// Returns 4^(*w*−4) and 5^(*w*−4) for *w* = `valid` above the redundancy, `None` up to it. No more
/// than [`MAX_REWARDED_WITNESSES`] count, so that the powers are at most 4^10 and 5^10.
fn powers(valid: u32) -> Option<(u64, u64)> {
	let exponent = valid.min(MAX_REWARDED_WITNESSES).checked_sub(REDUNDANCY).filter(|e| *e > 0)?;
	Some((4u64.saturating_pow(exponent), 5u64.saturating_pow(exponent)))
}
