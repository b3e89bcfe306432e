//! Tests of writing blocks.

use super::{all, block, block_ref, device, fork, open, reading, report};
use crate::index::Error;
use depin_primitives::H256;

#[tokio::test]
async fn a_block_that_is_indexed_already_changes_nothing() {
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
async fn blocks_out_of_order_are_refused_with_their_batch() {
	let directory = tempfile::tempdir().unwrap();
	let index = open(directory.path()).await;
	let mut first = block(1);
	first.reports.push(report(device(1), 1, &[reading(10, 1, 1)]));
	// A missing block, a block of another fork, a child of another fork: each is refused, and the
	// blocks of the same call are not written either.
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
async fn a_killed_process_leaves_complete_blocks() {
	let directory = tempfile::tempdir().unwrap();
	let index = open(directory.path()).await;
	let mut first = block(1);
	first.reports.push(report(device(1), 1, &[reading(10, 1, 1)]));
	index.append(&[first]).await.unwrap();

	// A process that is killed now leaves these files as they are, with the write-ahead log: the
	// connections are still open, and nothing has been merged into the database.
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

	// A log that is cut off within block 2 still holds all of block 1, and nothing of block 2.
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
async fn extreme_64_bit_numbers_are_stored_exactly() {
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
async fn rows_beyond_one_statement_are_all_written() {
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
