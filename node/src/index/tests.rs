//! Tests of the index's database, by topic, and the blocks that they share.

mod cursor;
mod open;
mod query;
mod rewind;
mod store;

use super::{
	block::{BlockRef, IndexedBlock},
	Index,
};
use depin_primitives::{
	beacon::{Judgement, Verdict, WitnessReport},
	quality::{Perbill, Quality, Reason, Reasons},
	report::{readings_root, summarize, AcceptedReport, DataDigests, Reading, Report, ReportFlags},
	DeviceId, H256,
};
use std::path::Path;

const GENESIS: H256 = H256::repeat_byte(0xff);

fn device(n: u8) -> DeviceId {
	H256::repeat_byte(n)
}

/// Returns the hash of a block; `fork` distinguishes two blocks of one number.
fn hash(number: u32, fork: u8) -> H256 {
	if number == 0 {
		return GENESIS;
	}
	let mut hash = H256::repeat_byte(fork);
	hash.0[..4].copy_from_slice(&number.to_be_bytes());
	hash
}

fn block_ref(number: u32) -> BlockRef {
	BlockRef { number, hash: hash(number, 0) }
}

fn fork(number: u32, fork: u8, parent: u8) -> IndexedBlock {
	IndexedBlock {
		number,
		hash: hash(number, fork),
		parent: hash(number - 1, parent),
		reports: vec![],
		beacons: vec![],
		payments: vec![],
	}
}

fn block(number: u32) -> IndexedBlock {
	fork(number, 0, 0)
}

fn reading(time: u64, metric: u16, value: i64) -> Reading {
	Reading { time, metric, value }
}

fn late() -> Quality {
	let mut reasons = Reasons::default();
	reasons.add(Reason::Late);
	reasons.add(Reason::OutOfBounds);
	let half = Perbill::from_percent(50);
	Quality { cadence: half, plausibility: Some(half), total: half, reasons, ..Quality::whole() }
}

fn report(device: DeviceId, sequence: u64, readings: &[Reading]) -> AcceptedReport {
	let start = readings.iter().map(|r| r.time).min().unwrap_or(0);
	let end = readings.iter().map(|r| r.time).max().unwrap_or(0);
	AcceptedReport {
		network: 7,
		report: Report {
			device,
			sequence,
			window_start: start,
			window_end: end.saturating_add(1),
			work: u64::MAX,
			previous: H256::zero(),
			readings_root: readings_root(readings),
			readings_count: readings.len() as u32,
			flags: ReportFlags::INLINE,
			metrics: summarize(readings).unwrap(),
			digests: DataDigests::new(),
		},
		readings: Some(readings.to_vec().try_into().unwrap()),
		credited: 3,
		quality: late(),
		points: 2,
		chained: true,
	}
}

fn witness(witness: DeviceId, beaconer: DeviceId, verdict: Verdict, points: u64) -> Judgement {
	let report = WitnessReport {
		witness,
		beaconer,
		period: 9,
		commitment: H256::zero(),
		rssi: -900,
		snr: -75,
		frequency: 868_100_000,
		heard_at: u64::MAX,
	};
	Judgement { report, verdict, points }
}

async fn open(directory: &Path) -> Index {
	Index::open(directory, GENESIS).await.unwrap()
}

/// Returns the times of all readings of a device, read page by page.
async fn all(index: &Index, device: DeviceId, metric: Option<u16>, limit: u32) -> Vec<u64> {
	let (mut times, mut after) = (vec![], None);
	loop {
		let (items, next, _) =
			index.range(&device, 0..u64::MAX, metric, after, limit).await.unwrap();
		assert!(items.len() <= limit as usize);
		assert!(next.is_none() || items.len() == limit as usize);
		times.extend(items.iter().map(|r| r.time));
		// A caller has the cursor in its text form.
		after = next.map(|cursor| cursor.to_string().parse().unwrap());
		if after.is_none() {
			return times;
		}
	}
}
