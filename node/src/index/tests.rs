//! Tests of the index's database.

use super::{
	block::{BlockRef, IndexedBlock},
	cursor::{event_at, from_sql, to_sql},
	error::Error,
	query::IndexedReading,
	store::Index,
	EventCursor, ReadingCursor,
};
use depin_primitives::{
	beacon::{JudgedBeacon, Judgement, Verdict, WitnessReport},
	quality::{Perbill, Quality, Reason, Reasons},
	report::{readings_root, summarize, AcceptedReport, Reading, Report},
	reward::PaidReward,
	DeviceId, H256,
};
use std::path::Path;

const GENESIS: H256 = H256::repeat_byte(0xff);

fn device(n: u8) -> DeviceId {
	H256::repeat_byte(n)
}

/// The hash of a block; `fork` tells two of one number apart.
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
			metrics: summarize(readings).unwrap(),
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

/// All readings of a device, page by page.
async fn all(index: &Index, device: DeviceId, metric: Option<u16>, limit: u32) -> Vec<u64> {
	let (mut times, mut after) = (vec![], None);
	loop {
		let (items, next, _) =
			index.range(&device, 0..u64::MAX, metric, after, limit).await.unwrap();
		assert!(items.len() <= limit as usize);
		assert!(next.is_none() || items.len() == limit as usize);
		times.extend(items.iter().map(|r| r.time));
		// The text form is what a caller holds.
		after = next.map(|cursor| cursor.to_string().parse().unwrap());
		if after.is_none() {
			return times;
		}
	}
}

#[test]
fn unsigned_numbers_keep_their_order() {
	let numbers = [0, 1, i64::MAX as u64, i64::MAX as u64 + 1, u64::MAX - 1, u64::MAX];
	assert!(numbers.windows(2).all(|pair| to_sql(pair[0]) < to_sql(pair[1])));
	assert!(numbers.iter().all(|n| from_sql(to_sql(*n)) == *n));
}

#[test]
fn events_keep_their_order() {
	let last = (1 << 24) - 1;
	assert_eq!(event_at(0, 0), Some(0));
	assert!(event_at(1, last) < event_at(2, 0));
	assert!(event_at(u32::MAX, last).is_some());
	assert_eq!(event_at(1, last + 1), None);
}

#[test]
fn cursors_are_read_as_they_are_written() {
	let reading = ReadingCursor { time: i64::MIN, at: -1, position: i64::MAX };
	assert_eq!(reading.to_string().parse(), Ok(reading));
	let event = EventCursor(1 << 55);
	assert_eq!(event.to_string().parse(), Ok(event));
	for text in ["", "0x", "0x00", "zz", "0xzzzzzzzzzzzzzzzz", &reading.to_string()] {
		assert!(text.parse::<EventCursor>().is_err(), "{text}");
	}
	assert!(event.to_string().parse::<ReadingCursor>().is_err());
}

#[tokio::test]
async fn a_new_index_covers_nothing() {
	let directory = tempfile::tempdir().unwrap();
	let index = open(directory.path()).await;
	let extent = index.extent().await.unwrap();
	assert_eq!((extent.from, extent.to), (1, block_ref(0)));
	assert_eq!(index.latest(&device(1)).await.unwrap(), (None, extent));
	assert!(all(&index, device(1), None, 3).await.is_empty());
}

#[tokio::test]
async fn what_goes_in_comes_out_and_survives_a_restart() {
	let directory = tempfile::tempdir().unwrap();
	let index = open(directory.path()).await;
	let accepted = report(device(1), 5, &[reading(10, 2, -7), reading(11, 3, i64::MIN)]);
	let beacon = JudgedBeacon {
		network: 7,
		beaconer: device(1),
		period: 9,
		beaconer_points: u64::MAX,
		witnesses: vec![
			witness(device(2), device(1), Verdict::Valid, u64::MAX),
			witness(device(3), device(1), Verdict::SameOwner, 0),
		]
		.try_into()
		.unwrap(),
	};
	let paid = PaidReward { device: device(1), payee: [8; 32], amount: u128::MAX };
	let mut first = block(1);
	first.reports.push(accepted.clone());
	first.beacons.push(beacon.clone());
	first.payments.push(paid.clone());
	index.append(&[first, block(2)]).await.unwrap();
	index.close().await;

	let index = open(directory.path()).await;
	let (latest, extent) = index.latest(&device(1)).await.unwrap();
	assert_eq!((extent.from, extent.to), (1, block_ref(2)));
	let latest = latest.unwrap();
	assert_eq!(latest.block, block_ref(1));
	assert_eq!(latest.hash, accepted.report.hash());
	assert_eq!((latest.network, latest.chained), (7, true));
	assert_eq!((latest.credited, latest.points), (3, 2));
	let json = serde_json::to_value(&latest).unwrap();
	assert_eq!((&json["credited"], &json["points"]), (&3.into(), &2.into()));
	assert_eq!(latest.quality, late());
	let parts = serde_json::json!({
		"cadence": 500_000_000,
		"continuity": 1_000_000_000,
		"plausibility": 500_000_000,
		"neighbours": null,
		"total": 500_000_000,
		"reasons": ["late", "outOfBounds"],
	});
	assert_eq!(json["quality"], parts);
	assert_eq!((latest.report, latest.readings), (accepted.report, accepted.readings));

	let (items, next, _) = index.range(&device(1), 11..12, None, None, 9).await.unwrap();
	let expected =
		IndexedReading { time: 11, metric: 3, value: i64::MIN, sequence: 5, block: block_ref(1) };
	assert_eq!((items, next), (vec![expected], None));

	for n in [1, 2, 3] {
		let (items, next, _) = index.beacons(&device(n), None, 9).await.unwrap();
		assert_eq!((items, next), (vec![(block_ref(1), beacon.clone())], None));
	}
	let (items, next, _) = index.payments(&device(1), None, 9).await.unwrap();
	assert_eq!((items, next), (vec![(block_ref(1), paid)], None));
	assert!(index.payments(&device(2), None, 9).await.unwrap().0.is_empty());
}

#[tokio::test]
async fn the_latest_report_is_the_last_accepted() {
	let directory = tempfile::tempdir().unwrap();
	let index = open(directory.path()).await;
	let mut first = block(1);
	first.reports.push(report(device(1), u64::MAX, &[]));
	let mut second = block(2);
	// A device that is registered anew begins anew.
	second.reports.push(report(device(1), 0, &[]));
	second.reports.push(report(device(1), 1, &[]));
	second.reports.push(report(device(2), 9, &[]));
	index.append(&[first, second]).await.unwrap();
	let latest = index.latest(&device(1)).await.unwrap().0.unwrap();
	assert_eq!((latest.report.sequence, latest.block.number), (1, 2));
}

#[tokio::test]
async fn a_replay_changes_nothing() {
	let directory = tempfile::tempdir().unwrap();
	let index = open(directory.path()).await;
	let mut first = block(1);
	first.reports.push(report(device(1), 1, &[reading(10, 1, 1)]));
	let blocks = [first, block(2)];
	index.append(&blocks).await.unwrap();
	index.append(&blocks).await.unwrap();
	index.append(&blocks[1..]).await.unwrap();
	let mut third = block(3);
	third.reports.push(report(device(1), 2, &[reading(11, 1, 1)]));
	index.append(&[block(2), third]).await.unwrap();
	assert_eq!(all(&index, device(1), None, 9).await, [10, 11]);
	assert_eq!(index.extent().await.unwrap().to, block_ref(3));
}

#[tokio::test]
async fn blocks_go_in_in_order_and_whole() {
	let directory = tempfile::tempdir().unwrap();
	let index = open(directory.path()).await;
	let mut first = block(1);
	first.reports.push(report(device(1), 1, &[reading(10, 1, 1)]));
	// A hole, another fork's block, another fork's child: all refused, and nothing of what came
	// with them stays.
	for bad in [block(3), fork(1, 9, 0), fork(2, 0, 9)] {
		let result = index.append(&[first.clone(), bad]).await;
		assert!(matches!(result, Err(Error::OutOfOrder { .. })), "{result:?}");
		assert_eq!(index.extent().await.unwrap().to, block_ref(0));
		assert!(all(&index, device(1), None, 9).await.is_empty());
	}
	index.append(&[first, block(2)]).await.unwrap();
	assert_eq!(all(&index, device(1), None, 9).await, [10]);
}

#[tokio::test]
async fn a_connection_that_dies_leaves_whole_blocks() {
	let directory = tempfile::tempdir().unwrap();
	let index = open(directory.path()).await;
	let mut first = block(1);
	first.reports.push(report(device(1), 1, &[reading(10, 1, 1)]));
	index.append(&[first]).await.unwrap();

	// What a process killed now leaves behind is these files as they are, the write-ahead log
	// included: the connections are still open, nothing has been tidied up.
	let killed = tempfile::tempdir().unwrap();
	for entry in std::fs::read_dir(directory.path()).unwrap() {
		let entry = entry.unwrap();
		std::fs::copy(entry.path(), killed.path().join(entry.file_name())).unwrap();
	}
	let log = std::fs::metadata(killed.path().join("index.sqlite-wal")).unwrap();
	assert!(log.len() > 0, "there is nothing to lose");
	let index = open(killed.path()).await;
	assert_eq!(index.extent().await.unwrap().to, block_ref(1));
	assert_eq!(all(&index, device(1), None, 9).await, [10]);

	// A log that was cut off in the middle of block 2 holds block 1 whole, and no more.
	let mut second = block(2);
	second.reports.push(report(device(1), 2, &[reading(11, 1, 1)]));
	index.append(&[second.clone()]).await.unwrap();
	let torn = tempfile::tempdir().unwrap();
	for name in ["index.sqlite", "index.sqlite-wal"] {
		std::fs::copy(killed.path().join(name), torn.path().join(name)).unwrap();
	}
	let path = torn.path().join("index.sqlite-wal");
	let log = std::fs::OpenOptions::new().write(true).open(path).unwrap();
	log.set_len(log.metadata().unwrap().len() - 100).unwrap();
	let index = open(torn.path()).await;
	assert_eq!(index.extent().await.unwrap().to, block_ref(1));
	assert_eq!(all(&index, device(1), None, 9).await, [10]);
	index.append(&[second]).await.unwrap();
	assert_eq!(all(&index, device(1), None, 9).await, [10, 11]);
}

#[tokio::test]
async fn ranges_are_paged_by_time() {
	let directory = tempfile::tempdir().unwrap();
	let index = open(directory.path()).await;
	let mut first = block(1);
	// Two readings of one time and metric in one report, and one of that time in another report.
	first.reports.push(report(
		device(1),
		1,
		&[reading(30, 1, 1), reading(10, 1, 2), reading(10, 1, 3), reading(10, 2, 4)],
	));
	first.reports.push(report(device(2), 1, &[reading(10, 1, 5)]));
	let mut second = block(2);
	second.reports.push(report(device(1), 2, &[reading(10, 1, 6), reading(20, 1, 7)]));
	index.append(&[first, second]).await.unwrap();

	for limit in 1..8 {
		assert_eq!(all(&index, device(1), None, limit).await, [10, 10, 10, 10, 20, 30]);
		assert_eq!(all(&index, device(1), Some(1), limit).await, [10, 10, 10, 20, 30]);
		assert_eq!(all(&index, device(1), Some(2), limit).await, [10]);
		assert_eq!(all(&index, device(2), None, limit).await, [10]);
		assert!(all(&index, device(1), Some(3), limit).await.is_empty());
	}

	// Readings of one time are in the order of the chain, and a page can end between them.
	let id = device(1);
	let page = |after| index.range(&id, 10..20, Some(1), after, 1);
	let (items, next, _) = page(None).await.unwrap();
	assert_eq!((items[0].value, items[0].sequence), (2, 1));
	let (items, next, _) = page(next).await.unwrap();
	assert_eq!((items[0].value, items[0].sequence), (3, 1));
	let (items, next, _) = page(next).await.unwrap();
	assert_eq!((items[0].value, items[0].sequence, items[0].block), (6, 2, block_ref(2)));
	assert_eq!(next, None);

	// The start is inclusive, the end is not; a cursor cannot lead out of the range.
	let times = |range, after| {
		let index = &index;
		async move {
			let page = index.range(&device(1), range, None, after, 9).await.unwrap();
			page.0.iter().map(|r| r.time).collect::<Vec<_>>()
		}
	};
	assert_eq!(times(10..20, None).await, [10, 10, 10, 10]);
	assert_eq!(times(20..31, None).await, [20, 30]);
	assert!(times(11..20, None).await.is_empty());
	assert!(times(20..20, None).await.is_empty());
	let early = ReadingCursor { time: i64::MIN, at: 0, position: 0 };
	assert_eq!(times(20..31, Some(early)).await, [20, 30]);
}

#[tokio::test]
async fn histories_are_paged_in_the_order_of_the_chain() {
	let directory = tempfile::tempdir().unwrap();
	let index = open(directory.path()).await;
	let paid = |amount| PaidReward { device: device(1), payee: [8; 32], amount };
	let mut blocks = [block(1), block(2), block(3)];
	blocks[0].payments = vec![paid(1), paid(2)];
	blocks[2].payments = vec![paid(3)];
	index.append(&blocks).await.unwrap();

	let (mut after, mut amounts) = (None, vec![]);
	loop {
		let (items, next, _) = index.payments(&device(1), after, 1).await.unwrap();
		amounts.extend(items.iter().map(|(block, paid)| (block.number, paid.amount)));
		after = next.map(|cursor| cursor.to_string().parse().unwrap());
		if after.is_none() {
			break;
		}
	}
	assert_eq!(amounts, [(1, 1), (1, 2), (3, 3)]);
}

#[tokio::test]
async fn the_extremes_of_64_bits_are_kept() {
	let directory = tempfile::tempdir().unwrap();
	let index = open(directory.path()).await;
	let sign = i64::MAX as u64;
	let mut first = block(1);
	first.reports.push(report(
		device(1),
		u64::MAX,
		&[
			reading(u64::MAX - 1, u16::MAX, i64::MAX),
			reading(0, 0, i64::MIN),
			reading(sign + 1, 0, 0),
			reading(sign, 0, 1),
		],
	));
	first.reports.push(report(device(1), 0, &[reading(1, 0, 0)]));
	index.append(&[first]).await.unwrap();
	let times = [0, 1, sign, sign + 1, u64::MAX - 1];
	assert_eq!(all(&index, device(1), None, 2).await, times);
	let (items, _, _) = index.range(&device(1), sign..u64::MAX, None, None, 9).await.unwrap();
	let seen: Vec<_> = items.iter().map(|r| (r.time, r.metric, r.value, r.sequence)).collect();
	assert_eq!(
		seen,
		[
			(sign, 0, 1, u64::MAX),
			(sign + 1, 0, 0, u64::MAX),
			(u64::MAX - 1, u16::MAX, i64::MAX, u64::MAX),
		]
	);
}

#[tokio::test]
async fn many_rows_take_more_than_one_statement() {
	let directory = tempfile::tempdir().unwrap();
	let index = open(directory.path()).await;
	let mut first = block(1);
	for n in 0..1_500u32 {
		let id = H256::from_low_u64_be(n.into());
		let readings = [reading(u64::from(n), 1, 1), reading(u64::from(n) + 1, 1, 1)];
		first.reports.push(report(id, 1, &readings));
	}
	index.append(&[first]).await.unwrap();
	for n in [0, 511, 512, 1_499] {
		let id = H256::from_low_u64_be(n);
		assert_eq!(all(&index, id, Some(1), 9).await, [n, n + 1]);
	}
}

#[tokio::test]
async fn a_gap_is_told() {
	let directory = tempfile::tempdir().unwrap();
	let index = open(directory.path()).await;
	let mut first = block(1);
	first.reports.push(report(device(1), 1, &[reading(10, 1, 1)]));
	index.append(&[first]).await.unwrap();
	index.skip(block_ref(5)).await.unwrap();
	let extent = index.extent().await.unwrap();
	assert_eq!((extent.from, extent.to), (6, block_ref(5)));
	let mut sixth = block(6);
	sixth.reports.push(report(device(1), 9, &[reading(20, 1, 1)]));
	index.append(&[sixth]).await.unwrap();
	// What was known of the time before the gap is still true.
	let (items, _, extent) = index.range(&device(1), 0..99, None, None, 9).await.unwrap();
	assert_eq!(items.iter().map(|r| r.time).collect::<Vec<_>>(), [10, 20]);
	assert_eq!((extent.from, extent.to), (6, block_ref(6)));
	assert!(matches!(index.skip(block_ref(6)).await, Err(Error::OutOfOrder { .. })));
}

#[tokio::test]
async fn rewinding_takes_back_blocks_whole() {
	let directory = tempfile::tempdir().unwrap();
	let index = open(directory.path()).await;
	let beacon = JudgedBeacon {
		network: 7,
		beaconer: device(1),
		period: 1,
		beaconer_points: 0,
		witnesses: Default::default(),
	};
	let paid = PaidReward { device: device(1), payee: [8; 32], amount: 1 };
	let mut blocks = [block(1), block(2), block(3)];
	for block in &mut blocks {
		let time = u64::from(block.number);
		block.reports.push(report(device(1), time, &[reading(time, 1, 1)]));
		block.beacons.push(beacon.clone());
		block.payments.push(paid.clone());
	}
	index.append(&blocks).await.unwrap();
	assert_eq!(
		index.blocks_down_from(2, 9).await.unwrap(),
		[block_ref(2), block_ref(1), block_ref(0)]
	);
	index.rewind(1).await.unwrap();
	assert_eq!(index.extent().await.unwrap().to, block_ref(1));
	assert_eq!(all(&index, device(1), None, 9).await, [1]);
	assert_eq!(index.latest(&device(1)).await.unwrap().0.unwrap().report.sequence, 1);
	assert_eq!(index.beacons(&device(1), None, 9).await.unwrap().0.len(), 1);
	assert_eq!(index.payments(&device(1), None, 9).await.unwrap().0.len(), 1);

	// The other fork's blocks take their place.
	let mut second = fork(2, 9, 0);
	second.reports.push(report(device(1), 7, &[reading(7, 1, 1)]));
	index.append(&[second]).await.unwrap();
	assert_eq!(all(&index, device(1), None, 9).await, [1, 7]);

	// Back before the gap, what follows is complete again.
	index.skip(block_ref(5)).await.unwrap();
	index.rewind(0).await.unwrap();
	let extent = index.extent().await.unwrap();
	assert_eq!((extent.from, extent.to), (1, block_ref(0)));
	assert!(all(&index, device(1), None, 9).await.is_empty());
}

#[tokio::test]
async fn another_chains_index_is_made_anew() {
	let directory = tempfile::tempdir().unwrap();
	let index = open(directory.path()).await;
	let mut first = block(1);
	first.reports.push(report(device(1), 1, &[reading(10, 1, 1)]));
	index.append(&[first]).await.unwrap();
	index.close().await;

	let other = H256::repeat_byte(0xee);
	let index = Index::open(directory.path(), other).await.unwrap();
	let extent = index.extent().await.unwrap();
	assert_eq!((extent.from, extent.to), (1, BlockRef { number: 0, hash: other }));
	assert!(all(&index, device(1), None, 9).await.is_empty());
}

#[tokio::test]
async fn another_versions_index_is_made_anew() {
	for version in [0, 1, 2, 4] {
		let directory = tempfile::tempdir().unwrap();
		let index = open(directory.path()).await;
		let mut first = block(1);
		first.reports.push(report(device(1), 1, &[reading(10, 1, 1)]));
		index.append(&[first]).await.unwrap();
		index.close().await;

		let options = sqlx::sqlite::SqliteConnectOptions::new()
			.filename(directory.path().join("index.sqlite"));
		let file = sqlx::SqlitePool::connect_with(options).await.unwrap();
		let now: i64 = sqlx::query_scalar("PRAGMA user_version").fetch_one(&file).await.unwrap();
		assert_eq!(now, 3);
		let pragma = format!("PRAGMA user_version = {version}");
		sqlx::raw_sql(sqlx::AssertSqlSafe(pragma)).execute(&file).await.unwrap();
		file.close().await;

		let index = open(directory.path()).await;
		assert_eq!(index.extent().await.unwrap().to, block_ref(0));
		assert!(all(&index, device(1), None, 9).await.is_empty());
	}
}

#[tokio::test]
async fn a_damaged_index_is_made_anew() {
	let directory = tempfile::tempdir().unwrap();
	std::fs::write(directory.path().join("index.sqlite"), [b'x'; 5_000]).unwrap();
	let index = open(directory.path()).await;
	assert_eq!(index.extent().await.unwrap().to, block_ref(0));
}

#[tokio::test]
async fn an_index_that_cannot_be_made_is_an_error() {
	let directory = tempfile::tempdir().unwrap();
	let file = directory.path().join("file");
	std::fs::write(&file, "no directory").unwrap();
	assert!(matches!(Index::open(&file, GENESIS).await, Err(Error::File(..))));
}
