//! Tests of gaps and rewinds.

use super::{all, block, block_ref, device, fork, open, reading, report};
use crate::index::Error;
use depin_primitives::{beacon::JudgedBeacon, reward::PaidReward};

#[tokio::test]
async fn a_gap_moves_the_start_of_the_extent() {
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
	// Readings from before the gap are still shown.
	let (items, _, extent) = index.range(&device(1), 0..99, None, None, 9).await.unwrap();
	assert_eq!(items.iter().map(|r| r.time).collect::<Vec<_>>(), [10, 20]);
	assert_eq!((extent.from, extent.to), (6, block_ref(6)));
	assert!(matches!(index.skip(block_ref(6)).await, Err(Error::OutOfOrder { .. })));
}

#[tokio::test]
async fn a_rewind_removes_every_row_of_the_blocks() {
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

	// Blocks of the other fork take the place of the removed ones.
	let mut second = fork(2, 9, 0);
	second.reports.push(report(device(1), 7, &[reading(7, 1, 1)]));
	index.append(&[second]).await.unwrap();
	assert_eq!(all(&index, device(1), None, 9).await, [1, 7]);

	// After a rewind to before the gap, the index is complete from there again.
	index.skip(block_ref(5)).await.unwrap();
	index.rewind(0).await.unwrap();
	let extent = index.extent().await.unwrap();
	assert_eq!((extent.from, extent.to), (1, block_ref(0)));
	assert!(all(&index, device(1), None, 9).await.is_empty());
}
