//! Reports: their bytes, roots and sums, and the checks that need nothing but the report. The bytes
//! and hashes were made independently of this crate, with Python's `struct` and `hashlib`.

use codec::{Decode, Encode, MaxEncodedLen};
use depin_primitives::{
	network::NetworkKind,
	policy::ReportPolicy,
	refusal::{Expected, Refusal, RefusalReason},
	report::{
		check_order, readings_root, summarize, DataDigest, DataDigests, MetricSummary, Reading,
		Readings, Report, ReportError, ReportFlags, SignedReport, Summaries, MAX_DIGESTS,
		MAX_INLINE_READINGS, MAX_METRICS,
	},
	signing::{GenesisPrefix, Signable},
	MetricId, Millis, Signature, H256,
};
use hex_literal::hex;

const START: Millis = 1_790_000_000_000;
const HOUR: Millis = 60 * 60 * 1000;

/// Reason of a refused check, without its facts.
trait Reason {
	fn reason(self) -> Result<(), ReportError>;
}

impl Reason for Result<(), Refusal<ReportError>> {
	fn reason(self) -> Result<(), ReportError> {
		self.map_err(|refusal| refusal.reason)
	}
}

fn bare() -> Report {
	Report {
		device: H256::repeat_byte(0x11),
		sequence: 7,
		window_start: START,
		window_end: START + 60_000,
		work: 42,
		previous: H256::repeat_byte(0x22),
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

/// Returns a reading of metric 1, so many milliseconds after the window's start.
fn after(time: Millis, value: i64) -> Reading {
	Reading { time: START + time, metric: 1, value }
}

fn readings(of: &[Reading]) -> Readings {
	of.to_vec().try_into().expect("no more than a report may carry")
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

fn summary(metric: MetricId, count: u32, min: i64, max: i64, sum: i64) -> MetricSummary {
	MetricSummary { metric, count, min, max, sum }
}

/// Returns a report with these summaries, a root, and the sum of their counts.
fn report_with(metrics: &[MetricSummary]) -> Report {
	Report {
		readings_root: H256::repeat_byte(1),
		readings_count: metrics.iter().fold(0, |sum, m| sum + m.count),
		metrics: metrics.to_vec().try_into().expect("no more metrics than allowed"),
		..bare()
	}
}

mod bytes {
	use super::*;

	#[test]
	fn a_reading_has_fixed_bytes() {
		let bytes = hex!("006c50c4a00100000102feffffffffffffff");
		assert_eq!(reading(513, -2).encode(), bytes);
		assert_eq!(Reading::decode(&mut &bytes[..]), Ok(reading(513, -2)));
		assert_eq!(Reading::max_encoded_len(), 18);
	}

	#[test]
	fn a_summary_has_fixed_bytes() {
		let bytes = hex!("010202000000feffffffffffffff03000000000000000100000000000000");
		assert_eq!(summary(513, 2, -2, 3, 1).encode(), bytes);
		assert_eq!(MetricSummary::max_encoded_len(), 30);
	}

	#[test]
	fn a_report_without_readings_has_fixed_bytes() {
		let bytes = hex!(
			"1111111111111111111111111111111111111111111111111111111111111111"
			"0700000000000000"
			"006c50c4a0010000"
			"605651c4a0010000"
			"2a00000000000000"
			"2222222222222222222222222222222222222222222222222222222222222222"
			"0000000000000000000000000000000000000000000000000000000000000000"
			"00000000"
			"00"
			"00"
			"00"
		);
		assert_eq!(bytes.len(), 135);
		assert_eq!(bare().encode(), bytes);
		assert_eq!(Report::decode(&mut &bytes[..]), Ok(bare()));
		let hash = hex!("92a79b0f3e531ba76c562a4a1d7c8f77e891ad200264a7d92ba3182432e7ec34");
		assert_eq!(bare().hash(), H256(hash));
	}

	#[test]
	fn a_report_with_readings_has_fixed_bytes() {
		let second = Reading { time: START + 1, ..reading(513, 3) };
		let digest = |kind, byte| DataDigest { kind, digest: H256::repeat_byte(byte) };
		let digests = vec![digest(DataDigest::POSEIDON_BLS12_381, 0x55), digest(9, 0x66)];
		let report = Report {
			flags: ReportFlags::INLINE,
			digests: digests.try_into().unwrap(),
			..report_of(&[reading(513, -2), second])
		};
		let bytes = hex!(
			"1111111111111111111111111111111111111111111111111111111111111111"
			"0700000000000000"
			"006c50c4a0010000"
			"605651c4a0010000"
			"2a00000000000000"
			"2222222222222222222222222222222222222222222222222222222222222222"
			"a3fb95ae9ad081adefbdd3e98e09e9e99aceff74b8f0bca944d3eb944ca3b691"
			"02000000"
			"01"
			"04"
			"010202000000feffffffffffffff03000000000000000100000000000000"
			"08"
			"015555555555555555555555555555555555555555555555555555555555555555"
			"096666666666666666666666666666666666666666666666666666666666666666"
		);
		assert_eq!(report.encode(), bytes);
		assert_eq!(Report::decode(&mut &bytes[..]), Ok(report.clone()));
		let hash = hex!("d70f1beaec59dd1cda46755bfae18a302c544d1c0af9f71ba0726c8be0f73032");
		assert_eq!(report.hash(), H256(hash));
	}

	#[test]
	fn signed_bytes_are_tag_genesis_hash_and_report() {
		let genesis = H256::repeat_byte(0x33);
		let bytes = bare().signing_bytes(&genesis);
		assert_eq!(bytes[..16], *b"depin:report:v2\0");
		assert_eq!(bytes[16..48], [0x33; 32]);
		assert_eq!(bytes[48..], bare().encode());
	}

	#[test]
	fn a_signed_report_is_prefix_report_and_signature() {
		let signed = SignedReport {
			chain: GenesisPrefix::of(&H256::repeat_byte(0x33)),
			report: bare(),
			signature: Signature([0x44; 64]),
		};
		let bytes = signed.encode();
		assert_eq!(bytes[..4], [0x33; 4]);
		assert_eq!(bytes[4..139], bare().encode());
		assert_eq!(bytes[139..], [0x44; 64]);
		assert_eq!(SignedReport::decode(&mut &bytes[..]), Ok(signed));
	}

	#[test]
	fn too_many_summaries_or_readings_do_not_decode() {
		let of = |summaries: usize, digests: usize| {
			let mut bytes = bare().encode();
			bytes.truncate(bytes.len() - 2);
			bytes.extend(vec![summary(0, 1, 0, 0, 0); summaries].encode());
			bytes.extend(vec![DataDigest { kind: 1, digest: H256::zero() }; digests].encode());
			bytes
		};
		let (most, digests) = (MAX_METRICS as usize, MAX_DIGESTS as usize);
		assert_eq!(of(most, digests).len(), Report::max_encoded_len());
		assert_eq!(Report::max_encoded_len(), 441);
		assert!(Report::decode(&mut &of(most, digests)[..]).is_ok());
		assert!(Report::decode(&mut &of(most + 1, 0)[..]).is_err());
		assert!(Report::decode(&mut &of(0, digests + 1)[..]).is_err());

		let most = MAX_INLINE_READINGS as usize;
		let readings = |count| vec![reading(0, 0); count].encode();
		assert!(Readings::decode(&mut &readings(most)[..]).is_ok());
		assert!(Readings::decode(&mut &readings(most + 1)[..]).is_err());
	}

	#[test]
	fn a_cut_report_does_not_decode() {
		let bytes = report_of(&[reading(1, 2)]).encode();
		for length in 0..bytes.len() {
			assert!(Report::decode(&mut &bytes[..length]).is_err(), "{length} bytes");
		}
	}

	#[test]
	fn every_error_has_its_number_and_its_advice() {
		let codes = [
			ReportError::WrongChain,
			ReportError::UnknownDevice,
			ReportError::DeviceNotActive,
			ReportError::Duplicate,
			ReportError::StaleSequence,
			ReportError::EmptyWindow,
			ReportError::WindowTooLong,
			ReportError::WindowInFuture,
			ReportError::WindowTooOld,
			ReportError::WindowOverlaps,
			ReportError::TooSoon,
			ReportError::MetricsOutOfOrder,
			ReportError::InvalidSummary,
			ReportError::CountMismatch,
			ReportError::ReadingOutsideWindow,
			ReportError::SummaryMismatch,
			ReportError::RootMismatch,
			ReportError::BadSignature,
			ReportError::NetworkPaused,
			ReportError::UnknownMetric,
			ReportError::SequenceTooFar,
			ReportError::UnknownFlags,
			ReportError::NotInline,
			ReportError::ReadingsMissing,
			ReportError::ReadingsNotExpected,
			ReportError::ReadingsOutOfOrder,
			ReportError::DigestsOutOfOrder,
		];
		for (code, error) in codes.into_iter().enumerate() {
			assert_eq!(error.encode(), [code as u8], "{error:?}");
			assert_eq!(error.code(), code as u8);
		}
		assert!(ReportError::decode(&mut &[codes.len() as u8][..]).is_err());
		// No two errors have the same advice.
		let advice = codes.map(RefusalReason::advice);
		for (i, one) in advice.iter().enumerate() {
			assert!(!advice[..i].contains(one), "{one}");
		}
	}
}

mod root {
	use super::*;

	fn readings(count: i64) -> Vec<Reading> {
		(0..count)
			.map(|i| Reading { time: START + i as u64, metric: (i % 3) as MetricId, value: i - 2 })
			.collect()
	}

	#[test]
	fn roots_of_even_and_odd_counts_are_right() {
		for (count, root) in [
			(0, hex!("0000000000000000000000000000000000000000000000000000000000000000")),
			(1, hex!("df6eb161b80f9f341bfd587efe4ff19c46a6087c1b5c1cef1ac7beb1ef8f8062")),
			(2, hex!("51d1648b0650d2007f4ecc0dc1c59479ada748904ed0159fb4e528016a821869")),
			(3, hex!("8e09ef00830735d347f66f4c88eb38577ab8071af4d482109e447714e3eba981")),
			(4, hex!("4f097689c700c103b0c871fceca3bd46f78c34bda9d935b9ff9fe00f7e5c18a5")),
			(5, hex!("b93e461a88fcd1d7c01226ca8426e1ed2f074d5eca0d385a09c95fd017959ca1")),
			(6, hex!("efa2121e3f5b70027f9a5cf9a563224e3258d0b2ea6be3ea18a061512c44ebd5")),
			(7, hex!("214c65d90b2d7aea0ca84c551eb9d80cfe26375eaab0c496e790381232175c22")),
			(64, hex!("f1cb9caec3ddc2b89019d0107872f48afeae0a162f37869bfdd893f6574e38dd")),
		] {
			assert_eq!(readings_root(&readings(count)), H256(root), "{count} readings");
		}
	}

	#[test]
	fn a_root_depends_on_each_reading_and_the_order() {
		let good = readings(5);
		let root = readings_root(&good);
		for i in 0..good.len() {
			let mut changed = good.clone();
			changed[i].value += 1;
			assert_ne!(readings_root(&changed), root, "reading {i}");
		}
		let mut swapped = good.clone();
		swapped.swap(0, 4);
		assert_ne!(readings_root(&swapped), root);
		// A tree whose last reading is doubled has another root, although an odd node has no
		// sibling.
		let mut doubled = good;
		doubled.push(doubled[4]);
		assert_ne!(readings_root(&doubled), root);
	}
}

mod sums {
	use super::*;

	#[test]
	fn summaries_are_by_ascending_metric() {
		let sums = summarize(&[reading(9, 5), reading(2, -1), reading(9, -7), reading(5, 0)]);
		let expected =
			[summary(2, 1, -1, -1, -1), summary(5, 1, 0, 0, 0), summary(9, 2, -7, 5, -2)];
		assert_eq!(sums.unwrap().to_vec(), expected);
		assert_eq!(summarize(&[]), Some(Summaries::new()));
	}

	#[test]
	fn summaries_are_of_no_more_metrics_than_allowed() {
		let of = |metrics: u32| -> Vec<_> {
			(0..metrics).rev().map(|metric| reading(metric as MetricId, 1)).collect()
		};
		assert_eq!(summarize(&of(MAX_METRICS)).unwrap().len() as u32, MAX_METRICS);
		assert_eq!(summarize(&of(MAX_METRICS + 1)), None);
		// The number of readings of the same metrics is not limited.
		let twice = [of(MAX_METRICS), of(MAX_METRICS)].concat();
		assert!(summarize(&twice).unwrap().iter().all(|summary| summary.count == 2));
	}

	#[test]
	fn sums_reach_the_ends_of_64_bits_and_no_farther() {
		let sum = |values: &[i64]| {
			let of: Vec<_> = values.iter().map(|value| reading(1, *value)).collect();
			summarize(&of).map(|sums| sums[0].sum)
		};
		assert_eq!(sum(&[i64::MAX, 0]), Some(i64::MAX));
		assert_eq!(sum(&[i64::MAX, 1]), None);
		// Only the final sum must fit, in any order of the readings.
		assert_eq!(sum(&[i64::MAX, 1, -5]), Some(i64::MAX - 4));
		assert_eq!(sum(&[i64::MIN, 0]), Some(i64::MIN));
		assert_eq!(sum(&[i64::MIN, -1]), None);
		assert_eq!(sum(&[i64::MIN, i64::MAX]), Some(-1));
		// An overflow of one metric leaves the report without summaries.
		assert_eq!(summarize(&[reading(2, 1), reading(1, i64::MAX), reading(1, 1)]), None);
	}
}

mod form {
	use super::*;
	use ReportError::*;

	#[test]
	fn good_reports_have_a_good_form() {
		assert_eq!(bare().check_form().reason(), Ok(()));
		assert_eq!(report_of(&[reading(1, 2), reading(0, -2)]).check_form().reason(), Ok(()));
		let shortest = Report { window_start: START, window_end: START + 1, ..bare() };
		assert_eq!(shortest.check_form().reason(), Ok(()));
		let all_time = Report { window_start: 0, window_end: u64::MAX, ..bare() };
		assert_eq!(all_time.check_form().reason(), Ok(()));
	}

	#[test]
	fn a_window_needs_a_length() {
		for window_end in [START, START - 1, 0] {
			assert_eq!(Report { window_end, ..bare() }.check_form().reason(), Err(EmptyWindow));
		}
	}

	#[test]
	fn metrics_must_be_in_order() {
		let of = |metrics: &[MetricId]| {
			let metrics: Vec<_> = metrics.iter().map(|m| summary(*m, 1, 0, 0, 0)).collect();
			report_with(&metrics).check_form().reason()
		};
		assert_eq!(of(&[0, 1, MetricId::MAX]), Ok(()));
		assert_eq!(of(&[1, 0]), Err(MetricsOutOfOrder));
		assert_eq!(of(&[0, 2, 2]), Err(MetricsOutOfOrder));
	}

	#[test]
	fn a_summary_must_be_one_that_readings_can_have() {
		let of = |summary| report_with(&[summary]).check_form().reason();
		for good in [
			summary(1, 1, 5, 5, 5),
			summary(1, 2, -3, 4, 1),
			// The sum is at its bounds: all readings are the least, or all the greatest.
			summary(1, 3, -3, 4, -9),
			summary(1, 3, -3, 4, 12),
			summary(1, u32::MAX, i64::MIN, i64::MAX, 0),
			summary(1, u32::MAX, i64::MIN, i64::MAX, i64::MIN),
		] {
			assert_eq!(of(good), Ok(()), "{good:?}");
		}
		for bad in [
			summary(1, 1, 5, 4, 5),
			summary(1, 3, -3, 4, -10),
			summary(1, 3, -3, 4, 13),
			summary(1, 0, 0, 0, 0),
			summary(1, u32::MAX, i64::MAX, i64::MAX, i64::MAX),
			summary(1, u32::MAX, i64::MIN, i64::MIN, i64::MIN),
		] {
			assert_eq!(of(bad), Err(InvalidSummary), "{bad:?}");
		}
	}

	#[test]
	fn counts_must_agree() {
		let good = report_with(&[summary(1, 2, 0, 0, 0), summary(2, 3, 0, 0, 0)]);
		assert_eq!(good.check_form().reason(), Ok(()));
		for readings_count in [0, 4, 6] {
			let report = Report { readings_count, ..good.clone() };
			assert_eq!(report.check_form().reason(), Err(CountMismatch));
		}
		assert_eq!(
			Report { readings_count: 1, ..bare() }.check_form().reason(),
			Err(CountMismatch)
		);
	}

	#[test]
	fn counts_do_not_wrap() {
		let metrics = [summary(1, u32::MAX, 0, 0, 0), summary(2, 1, 0, 0, 0)];
		let wrapped = Report {
			readings_root: H256::zero(),
			readings_count: 0,
			metrics: metrics.to_vec().try_into().unwrap(),
			..bare()
		};
		assert_eq!(wrapped.check_form().reason(), Err(InvalidSummary));
	}

	#[test]
	fn a_report_has_a_root_exactly_if_it_has_readings() {
		let rooted = Report { readings_root: H256::repeat_byte(1), ..bare() };
		assert_eq!(rooted.check_form().reason(), Err(RootMismatch));
		let rootless = Report { readings_root: H256::zero(), ..report_of(&[reading(1, 2)]) };
		assert_eq!(rootless.check_form().reason(), Err(RootMismatch));
	}
}

mod flags_and_digests {
	use super::*;
	use ReportError::*;

	#[test]
	fn an_unknown_flag_is_refused() {
		for bit in 1..8 {
			let report = Report { flags: ReportFlags(1 << bit), ..bare() };
			assert_eq!(report.check_form(), Err(UnknownFlags.found(1u64 << bit)));
		}
	}

	#[test]
	fn a_report_has_1_to_64_readings_inline() {
		let with = |count: u64| {
			let of: Vec<_> = (0..count).map(|time| after(time, 0)).collect();
			Report { flags: ReportFlags::INLINE, ..report_of(&of) }.check_form()
		};
		let expected = Expected::Within { from: 1, until: 65 };
		for count in [0, 65, 66] {
			assert_eq!(with(count), Err(NotInline.because(expected, count)));
		}
		assert_eq!((with(1), with(64)), (Ok(()), Ok(())));
	}

	#[test]
	fn digests_are_ascending_by_kind() {
		let with = |kinds: &[u8]| {
			let digest = |kind: &u8| DataDigest { kind: *kind, digest: H256::zero() };
			let digests = kinds.iter().map(digest).collect::<Vec<_>>().try_into().unwrap();
			Report { digests, ..bare() }.check_form()
		};
		for good in [&[][..], &[1], &[255], &[1, 2], &[7, 255]] {
			assert_eq!(with(good), Ok(()));
		}
		for (bad, last, kind) in
			[(&[0][..], 0, 0u64), (&[0, 1], 0, 0), (&[3, 3], 3, 3), (&[3, 2], 3, 2)]
		{
			let refusal = DigestsOutOfOrder.because(Expected::Above(last), kind);
			assert_eq!(with(bad), Err(refusal));
		}
	}
}

mod committed_readings {
	use super::*;
	use ReportError::*;

	#[test]
	fn readings_that_the_report_was_made_of_are_accepted() {
		// Several readings at one time, of different metrics.
		let metrics = Millis::from(MAX_METRICS);
		let most: Vec<_> = (0..Millis::from(MAX_INLINE_READINGS))
			.map(|i| Reading { metric: (i % metrics) as MetricId, ..after(i / metrics, i as i64) })
			.collect();
		for of in [&[][..], &[reading(1, 2)], &most] {
			assert_eq!(report_of(of).check_form().reason(), Ok(()));
			assert_eq!(report_of(of).check_committed(of).reason(), Ok(()));
		}
	}

	#[test]
	fn readings_must_be_as_many_as_the_report_says() {
		let two = [after(0, 2), after(1, 2)];
		assert_eq!(report_of(&two).check_committed(&two[..1]).reason(), Err(CountMismatch));
		assert_eq!(report_of(&two[..1]).check_committed(&two).reason(), Err(CountMismatch));
		assert_eq!(bare().check_committed(&two[..1]).reason(), Err(CountMismatch));
	}

	#[test]
	fn readings_must_lie_in_the_window() {
		let at = |time| {
			let of = [Reading { time, ..reading(1, 2) }];
			report_of(&of).check_committed(&of).reason()
		};
		assert_eq!(at(START - 1), Err(ReadingOutsideWindow));
		assert_eq!(at(START), Ok(()));
		assert_eq!(at(START + 59_999), Ok(()));
		assert_eq!(at(START + 60_000), Err(ReadingOutsideWindow));
	}

	#[test]
	fn readings_must_have_the_summaries() {
		let of = [after(0, 2), after(1, 6)];
		let good = report_of(&of);
		for wrong in [
			summary(2, 2, 2, 6, 8),
			summary(1, 2, 1, 6, 8),
			summary(1, 2, 2, 7, 8),
			summary(1, 2, 2, 6, 9),
		] {
			let mut report = good.clone();
			report.metrics[0] = wrong;
			assert_eq!(report.check_committed(&of).reason(), Err(SummaryMismatch), "{wrong:?}");
		}
		// A sum that does not fit cannot be that of the readings.
		let beyond = [after(0, i64::MAX), after(1, i64::MAX)];
		let report = Report {
			readings_root: readings_root(&beyond),
			..report_with(&[summary(1, 2, i64::MAX, i64::MAX, i64::MAX)])
		};
		assert_eq!(report.check_committed(&beyond).reason(), Err(SummaryMismatch));
	}

	#[test]
	fn readings_must_have_the_root() {
		let of = [after(0, 2), after(1, 6)];
		let later = [of[0], after(2, 6)];
		assert_eq!(report_of(&of).check_committed(&later).reason(), Err(RootMismatch));
	}

	#[test]
	fn readings_must_be_ascending_by_time_and_metric() {
		let refused = |of: &[Reading]| {
			assert_eq!(report_of(of).check_committed(of), check_order(of));
			check_order(of).unwrap_err()
		};
		let of_metric = |metric| Reading { metric, ..after(5, 0) };
		for [first, second] in [[of_metric(2), of_metric(2)], [of_metric(2), of_metric(1)]] {
			let refusal = refused(&[after(4, 0), first, second]);
			let expected = ReadingsOutOfOrder.because(Expected::Above(2), second.metric);
			assert_eq!(refusal, expected);
		}
		let refusal = refused(&[of_metric(2), Reading { metric: 3, ..after(4, 0) }]);
		let expected = ReadingsOutOfOrder.because(Expected::AtLeast(START + 5), START + 4);
		assert_eq!(refusal, expected);
		assert_eq!(check_order(&[]), Ok(()));
	}

	#[test]
	fn readings_go_with_a_report_that_says_so_and_with_no_other() {
		let of = [after(0, 2), after(1, 6)];
		let committed = report_of(&of);
		let inline = Report { flags: ReportFlags::INLINE, ..committed.clone() };
		assert_eq!(inline.check_form(), Ok(()));
		assert_eq!(inline.check_readings(Some(&readings(&of))), Ok(()));
		assert_eq!(inline.check_readings(None), Err(ReadingsMissing.expecting(2u32)));
		let other = readings(&of[..1]);
		assert_eq!(inline.check_readings(Some(&other)).reason(), Err(CountMismatch));
		assert_eq!(committed.check_readings(None), Ok(()));
		let refused = Err(ReadingsNotExpected.found(2u64));
		assert_eq!(committed.check_readings(Some(&readings(&of))), refused);
		let none = Err(ReadingsNotExpected.found(0u64));
		assert_eq!(bare().check_readings(Some(&readings(&[]))), none);
	}
}

mod work {
	use super::*;

	fn credited(work: u64, length: Millis, max_work_per_hour: u64) -> u64 {
		let policy = ReportPolicy {
			max_work_per_hour,
			min_interval: 0,
			max_window: u64::MAX,
			max_age: 0,
			max_skew: 0,
		};
		Report { work, window_end: START + length, ..bare() }.capped_work(
			NetworkKind::Compute,
			&policy,
			0,
		)
	}

	#[test]
	fn work_is_credited_as_claimed_up_to_the_cap() {
		assert_eq!(credited(99, HOUR, 100), 99);
		assert_eq!(credited(100, HOUR, 100), 100);
		assert_eq!(credited(101, HOUR, 100), 100);
		assert_eq!(credited(u64::MAX, HOUR, 100), 100);
		assert_eq!(credited(0, HOUR, 100), 0);
		assert_eq!(credited(5, HOUR, 0), 0);
	}

	#[test]
	fn the_cap_grows_with_the_window_and_is_rounded_down() {
		assert_eq!(credited(u64::MAX, HOUR / 2, 100), 50);
		assert_eq!(credited(u64::MAX, 3 * HOUR, 100), 300);
		assert_eq!(credited(u64::MAX, HOUR - 1, 100), 99);
		assert_eq!(credited(u64::MAX, 1, HOUR), 1);
		assert_eq!(credited(u64::MAX, 1, HOUR - 1), 0);
	}

	#[test]
	fn work_in_parts_is_never_more_than_in_one() {
		// Cutting an hour into windows of 7 seconds and a rest gains nothing by rounding.
		let (whole, part) = (HOUR / 7_000, HOUR % 7_000);
		let parts = whole * credited(u64::MAX, 7_000, 999) + credited(u64::MAX, part, 999);
		assert!(parts <= credited(u64::MAX, HOUR, 999));
	}

	#[test]
	fn work_is_no_more_than_its_unit_allows() {
		let policy = ReportPolicy {
			max_work_per_hour: u64::MAX,
			min_interval: 0,
			max_window: u64::MAX,
			max_age: 0,
			max_skew: 0,
		};
		let two = [reading(1, 5), reading(1, 6)];
		let report = Report { work: 1_000, window_end: START + 61_999, ..report_of(&two) };
		let credited = |kind| report.capped_work(kind, &policy, 0);
		// The unit is a whole second of the window, or a reading that the report commits to.
		assert_eq!(credited(NetworkKind::Wireless), 61);
		assert_eq!(credited(NetworkKind::Sensor), 2);
		for kind in [NetworkKind::Storage, NetworkKind::Compute, NetworkKind::Energy] {
			assert_eq!(credited(kind), 1_000);
		}
		// Only the part of the window after the registration counts.
		let late = START + 50_000;
		assert_eq!(report.capped_work(NetworkKind::Wireless, &policy, late), 11);
	}

	#[test]
	fn capped_work_does_not_overflow() {
		let report = Report { window_start: 0, window_end: u64::MAX, work: u64::MAX, ..bare() };
		let policy = ReportPolicy {
			max_work_per_hour: u64::MAX,
			min_interval: 0,
			max_window: u64::MAX,
			max_age: 0,
			max_skew: 0,
		};
		assert_eq!(report.capped_work(NetworkKind::Compute, &policy, 0), u64::MAX);
		// A window that ends before it starts has no length.
		let backwards = Report { window_start: 1, window_end: 0, ..report };
		assert_eq!(backwards.capped_work(NetworkKind::Compute, &policy, 0), 0);
	}
}
