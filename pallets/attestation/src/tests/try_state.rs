//! The invariants, each broken once.

use crate::{
	mock::*,
	types::{
		Bucket, DeviceState, MetricState, PartSum, PastScore, RoundedUp, Sample, ShortHash, Tally,
	},
	Buckets, Limits, Metrics,
};
use depin_primitives::{
	report::{LastReport, MetricSummary},
	Cell, H256,
};
use frame_support::BoundedVec;

const CELL: Cell = Cell(0x08c2_a107_2b59_adff);

fn last() -> LastReport {
	LastReport {
		sequence: 5,
		hash: H256::repeat_byte(1),
		window_end: START,
		accepted_at: START,
		readings_root: H256::repeat_byte(2),
		readings_count: 1,
		work: 10,
		credited: 10,
	}
}

fn tally() -> Tally {
	Tally { reports: 1, ..Tally::new(1, HOUR) }
}

fn record() -> DeviceState {
	DeviceState {
		last: last(),
		signer: ShortHash([0; 8]),
		metrics: BoundedVec::new(),
		place: None,
		suspicion: None,
		verdict: None,
		tally: tally(),
		previous_score: None,
	}
}

fn series(metric: u16) -> MetricState {
	MetricState { metric, low: 0, width: RoundedUp::of(0), mean: 0, run: 1, tolerance: None }
}

fn sample(owner: u8) -> Sample {
	let tag = ShortHash([owner; 8]);
	Sample { owner: tag, device: tag, block: 1, means: BoundedVec::new() }
}

fn bucket(owners: &[u8]) -> Bucket {
	let samples = owners.iter().map(|owner| sample(*owner)).collect();
	Bucket {
		slot: 6,
		until: START,
		seed: ShortHash([0; 8]),
		samples: BoundedVec::truncate_from(samples),
	}
}

#[track_caller]
fn breaks(number: &str, change: impl FnOnce()) {
	new_test_ext().execute_with(|| {
		put(record());
		Buckets::<Test>::insert((NETWORK, CELL, 6), bucket(&[1, 2]));
		assert_eq!(Attestation::do_try_state(), Ok(()));
		change();
		let Err(sp_runtime::DispatchError::Other(message)) = Attestation::do_try_state() else {
			panic!("{number} must be found broken")
		};
		assert!(message.starts_with(&format!("{number}: ")), "{message}");
	});
}

fn put(record: DeviceState) {
	put_state(alice().id(), record);
}

#[test]
fn records() {
	breaks("1", || put(DeviceState { last: LastReport { credited: 11, ..last() }, ..record() }));
	breaks("2", || {
		put(DeviceState { last: LastReport { readings_count: 0, ..last() }, ..record() })
	});
	let rootless = LastReport { readings_root: H256::zero(), ..last() };
	breaks("2", || put(DeviceState { last: rootless, ..record() }));
	let early = LastReport { accepted_at: START + 1, ..last() };
	breaks("3", || put(DeviceState { last: early, ..record() }));
	for metrics in [[2, 1], [1, 1]] {
		let series = BoundedVec::truncate_from(metrics.map(series).to_vec());
		breaks("4", || put(DeviceState { metrics: series, ..record() }));
	}
	breaks("5", || put(DeviceState { tally: Tally::new(1, HOUR), ..record() }));
	let past =
		|tally| put(DeviceState { previous_score: Some(PastScore::from(&tally)), ..record() });
	breaks("5", || past(Tally::new(0, HOUR)));
	breaks("5", || past(Tally { reports: 1, ..Tally::new(2, HOUR) }));
	breaks("5", || {
		put(DeviceState {
			tally: Tally { neighbours: PartSum { sum: 1, count: 2 }, ..tally() },
			..record()
		})
	});
	breaks("5", || {
		put(DeviceState {
			tally: Tally { plausibility: PartSum { sum: 1, count: 2 }, ..tally() },
			..record()
		})
	});
}

#[test]
fn buckets() {
	breaks("6", || Buckets::<Test>::insert((NETWORK, CELL, 1), bucket(&[1])));
	breaks("6", || Buckets::<Test>::insert((NETWORK, CELL, 6), bucket(&[])));
	breaks("6", || Buckets::<Test>::insert((NETWORK, CELL, 6), bucket(&[1, 2, 1])));
}

#[test]
fn metrics() {
	breaks("7", || {
		Metrics::<Test>::mutate(NETWORK, 0, |entry| {
			entry.as_mut().unwrap().unit = BoundedVec::new()
		})
	});
	breaks("7", || Limits::<Test>::mutate(NETWORK, |limits| limits[0].1.stuck_limit = Some(0)));
	breaks("7", || Limits::<Test>::mutate(NETWORK, |limits| limits.as_mut().swap(0, 1)));
	breaks("7", || Limits::<Test>::mutate(NETWORK, |limits| limits.truncate(1)));
	breaks("7", || Limits::<Test>::insert(NETWORK + 1, BoundedVec::new()));
	breaks("7", || Limits::<Test>::insert(NETWORK + 1, Limits::<Test>::get(NETWORK)));
	breaks("8", || {
		Metrics::<Test>::mutate(NETWORK, 0, |entry| entry.as_mut().unwrap().deposit += 1)
	});
}

/// A summary of nothing has a mean all the same.
#[test]
fn a_mean_never_fails() {
	let summary = MetricSummary { metric: 0, count: 0, min: 0, max: 0, sum: 7 };
	assert_eq!(summary.mean(), 7);
	let mean = |count, sum| MetricSummary { count, sum, ..summary }.mean();
	assert_eq!((mean(2, 7), mean(2, -7), mean(u32::MAX, i64::MIN)), (3, -3, -2_147_483_648));
}
