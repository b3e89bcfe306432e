//! The units of coverage of [HIP-15](https://github.com/helium/HIP/blob/main/0015-beaconing-rewards.md),
//! with redundancy 4 and decay 0.8: up to four witnesses each is worth as much as the first, each
//! further one adds less to the beaconer's units and shares the witnesses' with the others.
//!
//! The units are exact fractions, 0.8 being 4/5; points are rounded down once, at the end.

use depin_primitives::beacon::MAX_REWARDED_WITNESSES;

/// Up to so many witnesses, each is worth as much as the first.
const REDUNDANCY: u32 = 4;

/// A fraction of units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Units {
	numerator: u64,
	denominator: u64,
}

impl Units {
	const NONE: Self = Self { numerator: 0, denominator: 1 };

	/// The points that these units earn, rounded down.
	pub fn points(self, per_unit: u64) -> u64 {
		// 64 bits by 64 bits fit in 128; units above 1 can take the quotient beyond 64.
		let points =
			u128::from(per_unit) * u128::from(self.numerator) / u128::from(self.denominator);
		u64::try_from(points).unwrap_or(u64::MAX)
	}
}

/// What a beacon with so many valid witnesses is worth to its beaconer: w/4 up to four, then
/// 2 − 0.8^(w−4), which never reaches HIP-15's bound of 2.
pub fn beaconer(valid: u32) -> Units {
	match powers(valid) {
		None => Units { numerator: u64::from(valid), denominator: u64::from(REDUNDANCY) },
		Some((fours, fives)) => Units { numerator: 2 * fives - fours, denominator: fives },
	}
}

/// What a beacon with so many valid witnesses is worth to each of them: 1 up to four, then
/// (4 − (1 − 0.8^(w−4))) / w.
pub fn witness(valid: u32) -> Units {
	match powers(valid) {
		None if valid == 0 => Units::NONE,
		None => Units { numerator: 1, denominator: 1 },
		Some((fours, fives)) => Units {
			numerator: 3 * fives + fours,
			denominator: fives * u64::from(valid.min(MAX_REWARDED_WITNESSES)),
		},
	}
}

/// 4^(w−4) and 5^(w−4), for w above the redundancy. At most 5^10 as no more than
/// [`MAX_REWARDED_WITNESSES`] count.
fn powers(valid: u32) -> Option<(u64, u64)> {
	let exponent = valid.min(MAX_REWARDED_WITNESSES).checked_sub(REDUNDANCY).filter(|e| *e > 0)?;
	Some((4u64.pow(exponent), 5u64.pow(exponent)))
}
