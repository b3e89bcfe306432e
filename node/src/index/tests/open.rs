//! Tests of opening the database.

use super::{all, block, block_ref, device, open, reading, report, GENESIS};
use crate::index::{BlockRef, Error, Index};
use depin_primitives::H256;

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
async fn an_index_of_another_chain_is_made_anew() {
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
async fn an_index_of_another_version_is_made_anew() {
	for version in [0, 1, 2, 3, 5] {
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
		assert_eq!(now, 4);
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
