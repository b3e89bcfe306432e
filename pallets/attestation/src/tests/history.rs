//! Openings of readings, and the removal of buckets.

use super::*;
use crate::{
	types::{Bucket, Sample, ShortHash, PRUNE_LIMIT},
	Buckets, PruneCursor,
};
use depin_primitives::{
	policy::{NetworkPolicy, ReportPolicy},
	proof::{ProofError, ReadingProof},
	report::{Reading, Report},
	Cell, H256,
};
use frame_support::{assert_ok, assert_storage_noop, traits::Hooks, weights::Weight, BoundedVec};

/// Reports of that many readings each, one a minute.
fn report_all(counts: &[u32]) -> Vec<(u64, Vec<Reading>)> {
	let report = ReportPolicy { min_interval: 0, ..POLICY.report };
	Registry::set_policy(NETWORK, NetworkPolicy { report, ..POLICY });
	counts
		.iter()
		.map(|count| {
			set_now(now() + MINUTE);
			let reading = |i: u32| Reading {
				time: now() - MINUTE + u64::from(i),
				metric: (i % 3) as u16,
				value: i64::from(i) - 5,
			};
			let readings: Vec<_> = (0..*count).map(reading).collect();
			// Committed, not sent: there may be more than a report can carry.
			let report = Report {
				readings_root: depin_primitives::report::readings_root(&readings),
				readings_count: *count,
				metrics: depin_primitives::report::summarize(&readings).unwrap(),
				..alice().report()
			};
			let signed = alice().sign(report.clone());
			let gateway = RuntimeOrigin::signed(GATEWAY);
			assert_ok!(Attestation::submit_report(gateway, signed, None));
			(report.sequence, readings)
		})
		.collect()
}

#[test]
fn committed_readings_can_be_opened() {
	for count in [1, 2, 13, 500] {
		build_and_execute(|| {
			let (sequence, readings) = report_all(&[2, count]).remove(1);
			for index in (0..readings.len() as u32).step_by(7) {
				let proof = ReadingProof::new(&readings, index).unwrap();
				let check = |sequence, proof: &ReadingProof| {
					Attestation::check_reading(alice().id(), sequence, proof)
				};
				assert_storage_noop!(assert_eq!(check(sequence, &proof), Ok(())));
				let mut wrong = proof.clone();
				wrong.reading.value += 1;
				assert_eq!(check(sequence, &wrong), Err(ProofError::WrongPath));
				let mut wrong = proof.clone();
				wrong.count += 1;
				assert_eq!(check(sequence, &wrong), Err(ProofError::WrongCount));
				let mut wrong = proof.clone();
				wrong.index = wrong.count;
				assert_eq!(check(sequence, &wrong), Err(ProofError::NoSuchIndex));
				assert_eq!(check(99, &proof), Err(ProofError::UnknownReport));
				let stranger = Attestation::check_reading(bob().id(), sequence, &proof);
				assert_eq!(stranger, Err(ProofError::UnknownReport));
			}
		});
	}
}

#[test]
fn only_the_last_report_is_known() {
	build_and_execute(|| {
		let all = report_all(&[3; 3]);
		for (at, (sequence, readings)) in all.iter().enumerate() {
			let proof = ReadingProof::new(readings, 1).unwrap();
			let expected = if at == 2 { Ok(()) } else { Err(ProofError::UnknownReport) };
			let checked = Attestation::check_reading(alice().id(), *sequence, &proof);
			assert_eq!(checked, expected, "{at}");
		}
	});
}

#[test]
fn an_empty_report_commits_to_nothing() {
	build_and_execute(|| {
		report_all(&[0]);
		let reading = Reading { time: 0, metric: 0, value: 0 };
		let proof = ReadingProof::new(&[reading], 0).unwrap();
		let check = |proof: &ReadingProof| Attestation::check_reading(alice().id(), 1, proof);
		assert_eq!(check(&proof), Err(ProofError::WrongCount));
		let nothing = ReadingProof { count: 0, ..proof };
		assert_eq!(check(&nothing), Err(ProofError::NoSuchIndex));
	});
}

#[test]
fn whoever_never_reported_has_no_score() {
	build_and_execute(|| assert_eq!(Attestation::device_score(alice().id()), None));
}

fn put_buckets(count: u32, until: u64) {
	for number in 0..count {
		let sample = Sample {
			owner: ShortHash([1; 8]),
			device: ShortHash([1; 8]),
			block: 0,
			means: BoundedVec::new(),
		};
		let bucket = Bucket {
			slot: u64::from(number),
			until,
			seed: ShortHash([0; 8]),
			samples: BoundedVec::truncate_from(vec![sample]),
		};
		let cell = Cell(u64::from(number));
		Buckets::<Test>::insert((NETWORK, cell, crate::types::ring_index(number.into())), bucket);
	}
}

fn idle(limit: u64) -> u64 {
	Attestation::on_idle(1, Weight::from_parts(limit, 0)).ref_time()
}

#[test]
fn what_is_of_no_use_is_forgotten_bit_by_bit() {
	build_and_execute(|| {
		put_buckets(3 * PRUNE_LIMIT, START);
		let left = || Buckets::<Test>::iter().count() as u32;
		// A base of 50, and 20 for each.
		assert_eq!(idle(u64::MAX), 50 + 20 * u64::from(PRUNE_LIMIT));
		assert_eq!(left(), 2 * PRUNE_LIMIT);
		assert_eq!(idle(49), 0);
		assert_eq!(idle(69), 50);
		assert_eq!(left(), 2 * PRUNE_LIMIT);
		assert_eq!(idle(115), 110);
		assert_eq!(left(), 2 * PRUNE_LIMIT - 3);
		for _ in 0..4 {
			idle(u64::MAX);
		}
		assert_eq!(left(), 0);
		// Nothing to look at: once, and the cursor is gone.
		idle(u64::MAX);
		assert_eq!(idle(u64::MAX), 70);
		assert_eq!(PruneCursor::<Test>::get(), None);
	});
}

#[test]
fn what_is_of_use_stays_and_is_looked_at_again() {
	build_and_execute(|| {
		put_buckets(PRUNE_LIMIT + 3, START + 1);
		for _ in 0..5 {
			idle(u64::MAX);
			assert_eq!(Buckets::<Test>::iter().count() as u32, PRUNE_LIMIT + 3);
		}
		set_now(START + 1);
		for _ in 0..5 {
			idle(u64::MAX);
		}
		assert_eq!(Buckets::<Test>::iter().count(), 0);
	});
}

/// State of a device, which is bounded for any number of reports.
#[test]
fn state_per_device_is_bounded() {
	use codec::MaxEncodedLen;
	build_and_execute(|| {
		report_all(&[0; 12]);
		let bare = Attestation::device_state(&alice().id()).encoded_size();
		report_all(&[3; 12]);
		let three = Attestation::device_state(&alice().id()).encoded_size();
		let most = Option::<crate::types::DeviceState>::max_encoded_len();
		println!(
			"state of a device: {bare} bytes without readings, {three} with three metrics, \
			 at most {most}"
		);
		assert!(bare < three && three <= 400 && most <= 600);
		assert_eq!(Attestation::last_report(alice().id()).unwrap().sequence, 24);
		assert_ne!(H256::zero(), Attestation::last_report(alice().id()).unwrap().hash);
	});
}
