//! Tests of reading what was written.

use super::{all, block, block_ref, device, late, open, reading, report, witness};
use crate::index::{IndexedReading, ReadingCursor};
use depin_primitives::{
	beacon::{JudgedBeacon, Verdict},
	reward::PaidReward,
};

#[tokio::test]
async fn blocks_are_read_as_written_after_a_restart() {
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
	// The sequence of a device that is registered again starts again.
	second.reports.push(report(device(1), 0, &[]));
	second.reports.push(report(device(1), 1, &[]));
	second.reports.push(report(device(2), 9, &[]));
	index.append(&[first, second]).await.unwrap();
	let latest = index.latest(&device(1)).await.unwrap().0.unwrap();
	assert_eq!((latest.report.sequence, latest.block.number), (1, 2));
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
async fn payments_are_paged_in_the_order_of_the_chain() {
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
