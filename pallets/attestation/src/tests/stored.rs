//! Forms of stored values that take fewer bytes than the values themselves.

use crate::types::{DeviceState, MetricState, PastScore, ReasonSet, RoundedUp, Tally};
use codec::{Encode, MaxEncodedLen};
use depin_primitives::{
	quality::{Perbill, Quality, Reason, Reasons, Score},
	report::LastReport,
};
use proptest::prelude::*;

const HOUR: u64 = 3_600_000;

/// Number below which a rounded number is exact.
const EXACT: u64 = 1 << 11;

proptest! {
	#[test]
	fn small_numbers_are_exact(value in 0..EXACT) {
		prop_assert_eq!(RoundedUp::of(value).get(), value);
	}

	#[test]
	fn great_numbers_are_rounded_up_by_little(value: u64, shift in 0..54u32) {
		let value = value >> shift;
		let rounded = RoundedUp::of(value).get();
		prop_assert!(rounded >= value);
		prop_assert!(rounded - value <= value >> 10, "{value} becomes {rounded}");
		// A number of this form stays as it is, and the order of two numbers as well.
		prop_assert_eq!(RoundedUp::of(rounded).get(), rounded);
		prop_assert!(RoundedUp::of(value.saturating_add(1)).get() >= rounded);
	}
}

#[test]
fn numbers_at_the_ends_are_rounded_up_as_well() {
	for value in [0, 1, EXACT - 1, EXACT, 1 << 63, u64::MAX - ((1 << 53) - 1)] {
		assert_eq!(RoundedUp::of(value).get(), value);
	}
	assert_eq!(RoundedUp::of(EXACT + 1).get(), EXACT + 2);
	for value in [u64::MAX, u64::MAX - 1, u64::MAX - ((1 << 53) - 2)] {
		assert_eq!(RoundedUp::of(value).get(), u64::MAX);
	}
}

#[test]
fn the_range_of_a_metric_covers_the_readings() {
	for (low, high) in [(0, 0), (-5, 5), (i64::MIN, i64::MAX), (i64::MAX - 1, i64::MAX)] {
		let width = RoundedUp::of(high.abs_diff(low));
		let state = MetricState { metric: 0, low, width, mean: 0, run: 1, tolerance: None };
		assert_eq!(state.high(), high);
	}
	let width = RoundedUp::of(EXACT + 1);
	let state = MetricState { metric: 0, low: -1, width, mean: 0, run: 1, tolerance: None };
	assert_eq!(state.high(), EXACT as i64 + 1, "one more than the reading");
}

/// Returns all reasons, by ascending index.
fn all_reasons() -> Vec<Reason> {
	let decode = |index: u8| <Reason as codec::Decode>::decode(&mut &[index][..]);
	(0..).map_while(|index| decode(index).ok()).collect()
}

#[test]
fn a_set_of_reasons_has_a_bit_for_each() {
	let all = all_reasons();
	assert!(all.len() <= u16::BITS as usize, "more reasons than bits");
	assert_eq!(all.last(), Some(&Reason::WorkCapped), "the last reason");
	for with in 0..1u32 << all.len() {
		let mut set = ReasonSet::default();
		let mut expected = Reasons::default();
		for (index, reason) in all.iter().enumerate().filter(|(index, _)| with >> index & 1 == 1) {
			assert_eq!(usize::from(reason.encode()[0]), index);
			set.add(*reason);
			set.add(*reason);
			expected.add(*reason);
		}
		assert_eq!(Reasons::from(set), expected);
	}
}

#[test]
fn a_past_score_says_what_the_tally_said() {
	let mut tally = Tally::new(7, HOUR);
	tally.count_missed(7 * 24 * HOUR, 7 * 24 * HOUR + 3 * HOUR);
	let mut reasons = Reasons::default();
	reasons.add(Reason::Late);
	reasons.add(Reason::Copies);
	let quality = Quality {
		cadence: Perbill::from_percent(50),
		continuity: Perbill::one(),
		plausibility: None,
		neighbours: Some(Perbill::from_percent(40)),
		total: Perbill::from_percent(75),
		reasons,
	};
	tally.add_report(&quality, 2);
	let score = Score::from(PastScore::from(&tally));
	assert_eq!(score, Score::from(&tally));
	assert_eq!((score.start, score.end), (7 * 24 * HOUR, 8 * 24 * HOUR));
	assert_eq!((score.reports, score.missed, score.gaps), (1, 3, 2));
	assert_eq!(score.cadence, Perbill::from_rational(1u32, 8u32));
	assert_eq!(score.continuity, Perbill::from_rational(1u32, 3u32));
	assert_eq!((score.plausibility, score.neighbours), (None, quality.neighbours));
	let expected = [Reason::Late, Reason::Missed, Reason::SequenceGap, Reason::Copies];
	assert_eq!(score.reasons.0.to_vec(), expected);
}

/// The greatest size of a device's state, part by part.
#[test]
fn the_state_has_no_byte_too_many() {
	assert_eq!(LastReport::max_encoded_len(), 108);
	assert_eq!(MetricState::max_encoded_len(), 25);
	assert_eq!(Tally::max_encoded_len(), 75);
	assert_eq!(PastScore::max_encoded_len(), 49);
	// Signer, place, suspicion and verdict; counts and options have a byte each.
	let rest = 8 + (1 + 20) + (1 + 9) + (1 + 4 + 8 + 2);
	let metrics = 1 + 8 * 25;
	assert_eq!(DeviceState::max_encoded_len(), 108 + rest + metrics + 75 + (1 + 49));
}
