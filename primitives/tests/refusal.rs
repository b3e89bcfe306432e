//! Refusals: their numbers, their JSON forms, the reasons that time can lift, and the facts of the
//! checks that need nothing but the report.

use codec::{Decode, Encode};
use depin_primitives::{
	beacon::CoverageError,
	device::DeviceStatus,
	refusal::{Expected, Fact, Refusal, RefusalReason},
	report::{
		readings_root, summarize, DataDigests, MetricSummary, Reading, Report, ReportError,
		ReportFlags, Summaries,
	},
	signing::GenesisPrefix,
	suspension::SuspendReason,
	MetricId, Millis, PublicKey, H256,
};

/// Returns every reason of a kind, by ascending number.
fn all<Reason: Decode>() -> Vec<Reason> {
	(0..=u8::MAX).filter_map(|code| Reason::decode(&mut &[code][..]).ok()).collect()
}

/// Tells if time can lift the refusal of a report. Names every reason, so that a new one must be
/// added here.
fn report_can_wait(reason: ReportError) -> bool {
	use ReportError::*;
	match reason {
		WindowInFuture | TooSoon | NetworkPaused => true,
		WrongChain | UnknownDevice | DeviceNotActive | Duplicate | StaleSequence | EmptyWindow
		| WindowTooLong | WindowTooOld | WindowOverlaps | MetricsOutOfOrder | InvalidSummary
		| CountMismatch | ReadingOutsideWindow | SummaryMismatch | RootMismatch | BadSignature
		| UnknownMetric | SequenceTooFar | UnknownFlags | NotInline | ReadingsMissing
		| ReadingsNotExpected | ReadingsOutOfOrder | DigestsOutOfOrder => false,
	}
}

/// Tells if time can lift the refusal of a witness report or a beacon. Names every reason, so that
/// a new one must be added here.
fn coverage_can_wait(reason: CoverageError) -> bool {
	use CoverageError::*;
	match reason {
		TooEarly | NetworkPaused => true,
		WrongChain | UnknownDevice | DeviceNotActive | CoverageOff | UnknownBeaconer
		| SelfWitness | WrongPeriod | TooLate | DuplicateWitness | WitnessesFull
		| AlreadyRevealed | BadSignature => false,
	}
}

#[test]
fn every_reason_tells_if_time_can_lift_it() {
	let reports = all::<ReportError>();
	assert_eq!(reports.len(), 27);
	for reason in reports {
		assert_eq!(reason.is_temporary(), report_can_wait(reason), "{reason:?}");
	}
	let coverage = all::<CoverageError>();
	assert_eq!(coverage.len(), 14);
	for reason in coverage {
		assert_eq!(reason.is_temporary(), coverage_can_wait(reason), "{reason:?}");
	}
}

#[test]
fn every_code_is_the_first_byte_of_the_reason() {
	let reports: Vec<_> = all::<ReportError>().into_iter().map(RefusalReason::code).collect();
	assert_eq!(reports, (0..=26).collect::<Vec<_>>());
	let coverage: Vec<_> = all::<CoverageError>().into_iter().map(RefusalReason::code).collect();
	assert_eq!(coverage, (100..=113).collect::<Vec<_>>());
}

#[test]
fn a_refusal_has_the_facts_that_it_was_made_with() {
	let reason = ReportError::StaleSequence;
	let Refusal { reason: same, expected, found } = reason.because(Expected::Above(7), 6u64);
	assert_eq!((same, expected, found), (reason, Some(Expected::Above(7)), Some(Fact::Number(6))));
	let key = PublicKey::Ed25519([3; 32]);
	let expecting = ReportError::BadSignature.expecting(key);
	let exactly = Some(Expected::Exactly(Fact::Key(key)));
	assert_eq!((expecting.expected, expecting.found), (exactly, None));
	let found = CoverageError::NetworkPaused.found(5u32);
	assert_eq!((found.expected, found.found), (None, Some(Fact::Number(5))));
	let bare = Refusal::from(CoverageError::SelfWitness);
	assert_eq!((bare.expected, bare.found), (None, None));
	for refusal in [reason.because(Expected::Above(7), 6u64), expecting] {
		assert_eq!(Refusal::decode(&mut &refusal.encode()[..]), Ok(refusal));
	}
}

#[test]
fn the_wire_form_of_a_refusal_is_fixed() {
	let refusal = ReportError::StaleSequence.because(Expected::Above(7), 6u64);
	let bytes = [4, 1, 1, 7, 0, 0, 0, 0, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0, 0];
	assert_eq!(refusal.encode(), bytes);
	assert_eq!(Refusal::from(CoverageError::TooLate).encode(), [108, 0, 0]);
	let first_byte = |value: Vec<u8>| value[0];
	let status = DeviceStatus::Active;
	let facts = [
		Fact::from(1u64),
		Fact::from(H256::zero()),
		Fact::from(GenesisPrefix([0; 4])),
		Fact::from(PublicKey::Ed25519([0; 32])),
		Fact::from(status),
	];
	assert_eq!(facts.map(|fact| first_byte(fact.encode())), [0, 1, 2, 3, 4]);
	let conditions = [
		Expected::exactly(1u64),
		Expected::Above(1),
		Expected::AtLeast(1),
		Expected::AtMost(1),
		Expected::Within { from: 1, until: 2 },
	];
	assert_eq!(conditions.map(|condition| first_byte(condition.encode())), [0, 1, 2, 3, 4]);
}

#[cfg(feature = "serde")]
mod json {
	use super::*;
	use serde_json::{json, to_value};

	/// Greatest number of 64 bits, which JavaScript's numbers cannot hold.
	const GREATEST: &str = "18446744073709551615";

	#[test]
	fn numbers_are_decimal_strings() {
		assert_eq!(to_value(Fact::from(u64::MAX)).unwrap(), json!(GREATEST));
		assert_eq!(to_value(Fact::from(7u32)).unwrap(), json!("7"));
		assert_eq!(to_value(Fact::from(7 as MetricId)).unwrap(), json!("7"));
		assert_eq!(to_value(Fact::from(0u64)).unwrap(), json!("0"));
	}

	#[test]
	fn other_facts_have_their_usual_form() {
		let hash = Fact::from(H256::repeat_byte(0xab));
		assert_eq!(to_value(hash).unwrap(), json!(format!("0x{}", "ab".repeat(32))));
		let prefix = Fact::from(GenesisPrefix([0x1a, 0x2b, 0x3c, 0x4d]));
		assert_eq!(to_value(prefix).unwrap(), json!("0x1a2b3c4d"));
		let key = Fact::from(PublicKey::P256([2; 33]));
		let expected = json!({"scheme": "p256", "key": format!("0x{}", "02".repeat(33))});
		assert_eq!(to_value(key).unwrap(), expected);
		let retiring = Fact::from(DeviceStatus::Retiring { until: 9 });
		assert_eq!(to_value(retiring).unwrap(), json!({"retiring": {"until": 9}}));
		let reason = SuspendReason::FalseLocation;
		let suspended = Fact::from(DeviceStatus::Suspended { reason });
		assert_eq!(to_value(suspended).unwrap(), json!({"suspended": {"reason": "falseLocation"}}));
		assert_eq!(to_value(Fact::from(DeviceStatus::Active)).unwrap(), json!("active"));
	}

	#[test]
	fn a_condition_is_an_object_with_one_member() {
		for (condition, expected) in [
			(Expected::exactly(5u64), json!({"exactly": "5"})),
			(Expected::exactly(GenesisPrefix([1; 4])), json!({"exactly": "0x01010101"})),
			(Expected::Above(u64::MAX), json!({"above": GREATEST})),
			(Expected::AtLeast(7), json!({"atLeast": "7"})),
			(Expected::AtMost(8), json!({"atMost": "8"})),
			(
				Expected::Within { from: 3, until: u64::MAX },
				json!({"within": {"from": "3", "until": GREATEST}}),
			),
		] {
			assert_eq!(to_value(condition).unwrap(), expected);
		}
	}
}

/// Checks that need nothing but the report.
mod report {
	use super::*;

	const START: Millis = 1_790_000_000_000;
	const END: Millis = START + 60_000;

	fn bare() -> Report {
		Report {
			device: H256::repeat_byte(0x11),
			sequence: 7,
			window_start: START,
			window_end: END,
			work: 42,
			previous: H256::zero(),
			readings_root: H256::zero(),
			readings_count: 0,
			flags: ReportFlags::NONE,
			metrics: Summaries::new(),
			digests: DataDigests::new(),
		}
	}

	fn reading(metric: MetricId, value: i64) -> Reading {
		Reading { time: START, metric, value }
	}

	/// Returns a report that commits to these readings.
	fn report_of(of: &[Reading]) -> Report {
		Report {
			readings_root: readings_root(of),
			readings_count: of.len() as u32,
			metrics: summarize(of).expect("sums that fit"),
			..bare()
		}
	}

	fn summary(metric: MetricId, count: u32) -> MetricSummary {
		MetricSummary { metric, count, min: 0, max: 0, sum: 0 }
	}

	/// Returns a report with these summaries, a root, and this number of readings.
	fn report_with(metrics: &[MetricSummary], readings_count: u32) -> Report {
		Report {
			readings_root: H256::repeat_byte(1),
			readings_count,
			metrics: metrics.to_vec().try_into().expect("no more metrics than allowed"),
			..bare()
		}
	}

	/// Panics unless the check was refused for this reason, with these facts.
	#[track_caller]
	fn assert_refused(
		outcome: Result<(), Refusal<ReportError>>,
		reason: ReportError,
		expected: Option<Expected>,
		found: Option<Fact>,
	) {
		assert_eq!(outcome, Err(Refusal { reason, expected, found }));
	}

	#[test]
	fn an_empty_window_is_refused_with_both_its_ends() {
		let report = Report { window_end: START - 1, ..bare() };
		assert_refused(
			report.check_form(),
			ReportError::EmptyWindow,
			Some(Expected::Above(START)),
			Some(Fact::Number(START - 1)),
		);
	}

	#[test]
	fn summaries_out_of_order_are_refused_with_both_metrics() {
		let report = report_with(&[summary(4, 1), summary(9, 1), summary(3, 1)], 3);
		assert_refused(
			report.check_form(),
			ReportError::MetricsOutOfOrder,
			Some(Expected::Above(9)),
			Some(Fact::Number(3)),
		);
	}

	#[test]
	fn an_impossible_summary_is_refused_with_its_metric() {
		let report = report_with(&[summary(4, 1), summary(9, 0)], 1);
		assert_refused(
			report.check_form(),
			ReportError::InvalidSummary,
			None,
			Some(Fact::Number(9)),
		);
		// The counts of both together do not fit 32 bits: the second is the one that is refused.
		let report = report_with(&[summary(4, u32::MAX), summary(6, 1)], 0);
		assert_refused(
			report.check_form(),
			ReportError::InvalidSummary,
			None,
			Some(Fact::Number(6)),
		);
	}

	#[test]
	fn a_wrong_readings_count_is_refused_with_the_sum_of_the_summaries() {
		let report = report_with(&[summary(4, 2), summary(9, 3)], 6);
		assert_refused(
			report.check_form(),
			ReportError::CountMismatch,
			Some(Expected::exactly(5u32)),
			Some(Fact::Number(6)),
		);
	}

	#[test]
	fn a_root_without_readings_is_refused_with_the_root() {
		let root = H256::repeat_byte(1);
		let report = Report { readings_root: root, ..bare() };
		let found = Some(Fact::Hash(root));
		assert_refused(report.check_form(), ReportError::RootMismatch, None, found);
		let report = Report { readings_root: H256::zero(), ..report_of(&[reading(1, 2)]) };
		let found = Some(Fact::Hash(H256::zero()));
		assert_refused(report.check_form(), ReportError::RootMismatch, None, found);
	}

	#[test]
	fn missing_readings_are_refused_with_both_counts() {
		let two = [reading(1, 2), reading(1, 6)];
		assert_refused(
			report_of(&two).check_committed(&two[..1]),
			ReportError::CountMismatch,
			Some(Expected::exactly(2u32)),
			Some(Fact::Number(1)),
		);
	}

	#[test]
	fn a_reading_outside_the_window_is_refused_with_the_window_and_its_time() {
		let within = Some(Expected::Within { from: START, until: END });
		for time in [START - 1, END] {
			let of = [reading(1, 2), Reading { time, ..reading(1, 6) }];
			assert_refused(
				report_of(&of).check_committed(&of),
				ReportError::ReadingOutsideWindow,
				within,
				Some(Fact::Number(time)),
			);
		}
	}

	#[test]
	fn readings_with_other_summaries_are_refused_without_facts() {
		let (committed, sent) = ([reading(1, 2)], [reading(1, 3)]);
		assert_refused(
			report_of(&committed).check_committed(&sent),
			ReportError::SummaryMismatch,
			None,
			None,
		);
	}

	#[test]
	fn readings_with_another_root_are_refused_with_both_roots() {
		let committed = [reading(1, 2), Reading { time: START + 1, ..reading(1, 6) }];
		let later = [committed[0], Reading { time: START + 2, ..committed[1] }];
		assert_refused(
			report_of(&committed).check_committed(&later),
			ReportError::RootMismatch,
			Some(Expected::exactly(readings_root(&later))),
			Some(Fact::Hash(readings_root(&committed))),
		);
	}
}
