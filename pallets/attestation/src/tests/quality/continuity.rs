//! Continuity: sequence gaps and broken hash chains.

use super::*;
use depin_primitives::report::MAX_SEQUENCE_STEP;

/// A report a minute after the last one, changed.
fn next(change: impl FnOnce(&mut Report)) -> Quality {
	let mut report = alice().report();
	change(&mut report);
	set_now(report.window_end);
	send(&alice(), report, None).0
}

#[test]
fn continuity_is_one_while_the_chain_is_unbroken() {
	under(RULES, || {
		for minute in 1..4 {
			set_now(DAY + minute * MINUTE);
			assert_eq!(next(|_| {}), Quality::whole());
		}
		assert_eq!(score(&alice()).continuity, Perbill::one());
	});
}

/// A device that was reset, or is two devices.
#[test]
fn continuity_is_zero_when_the_next_report_names_another_hash() {
	under(RULES, || {
		set_now(DAY + MINUTE);
		next(|_| {});
		set_now(DAY + 2 * MINUTE);
		let quality = next(|report| report.previous = H256::repeat_byte(9));
		assert_eq!(quality.continuity, Perbill::zero());
		assert_eq!(quality.reasons.0.to_vec(), [Reason::BrokenChain]);
		// Cadence and continuity are all there is.
		assert_eq!(quality.total, percent(50));
		// Once: the next one follows.
		set_now(DAY + 3 * MINUTE);
		assert_eq!(next(|_| {}), Quality::whole());
		assert_eq!(score(&alice()).continuity, Perbill::from_rational(2u32, 3));
	});
}

#[test]
fn skipped_numbers_without_time_for_them_are_no_lost_reports() {
	under(RULES, || {
		next(|_| {});
		set_now(DAY + MINUTE);
		let quality = next(|report| {
			report.sequence += 1;
			report.previous = H256::repeat_byte(9);
		});
		assert_eq!(quality.continuity, Perbill::zero());
		assert_eq!(quality.reasons.0.to_vec(), [Reason::SequenceGap]);
		// Half of its own window is time enough for a lost one.
		let quality = next(|report| {
			report.sequence += 1;
			report.previous = H256::repeat_byte(9);
			report.window_start += MINUTE + MINUTE / 2;
			report.window_end = report.window_start + MINUTE;
		});
		assert_eq!(quality.continuity, Perbill::one());
	});
}

/// Sequences that are times, say: the chain shows that nothing was lost.
#[test]
fn numbers_may_skip_while_the_chain_is_unbroken() {
	under(RULES, || {
		next(|_| {});
		set_now(DAY + MINUTE);
		assert_eq!(next(|report| report.sequence += 1_000_000), Quality::whole());
		assert_eq!(score(&alice()).gaps, 0);
	});
}

#[test]
fn lost_reports_are_counted_and_cost_no_later_report() {
	under(RULES, || {
		set_now(DAY + HOUR);
		send(&alice(), hourly(&alice(), 0, &[1]).0, None);
		set_now(DAY + 4 * HOUR);
		let (mut report, _) = hourly(&alice(), 0, &[1]);
		report.sequence += 2;
		report.previous = H256::repeat_byte(9);
		let (quality, points) = send(&alice(), report, None);
		assert_eq!((quality.total, points), (Perbill::one(), 10));
		let score = score(&alice());
		assert_eq!((score.reports, score.missed, score.gaps), (2, 2, 2));
		assert_eq!((score.cadence, score.continuity), (percent(50), percent(50)));
		assert_eq!(score.reasons.0.to_vec(), [Reason::Missed, Reason::SequenceGap]);
	});
}

/// Whatever numbers a device gives, a score is not thrown off by more than there was time for.
#[test]
fn absurd_numbers_count_as_the_reports_that_there_was_time_for() {
	under(RULES, || {
		set_now(DAY + HOUR);
		send(&alice(), hourly(&alice(), 0, &[1]).0, None);
		set_now(DAY + 4 * HOUR);
		let (mut report, _) = hourly(&alice(), 0, &[1]);
		report.sequence += MAX_SEQUENCE_STEP - 1;
		report.previous = H256::repeat_byte(9);
		send(&alice(), report, None);
		assert_eq!(score(&alice()).gaps, 2);
	});
}
