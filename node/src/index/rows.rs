//! Rows of the database: readers of single columns, and of what every answer needs.

use super::{
	block::{BlockRef, Extent},
	error::Error,
};
use codec::Decode;
use depin_primitives::{DeviceId, H256};
use sqlx::{sqlite::SqliteRow, Row, SqliteConnection};

/// Returns the last indexed block.
pub async fn last_block(tx: &mut SqliteConnection) -> Result<BlockRef, Error> {
	let row = sqlx::query("SELECT number, hash FROM blocks ORDER BY number DESC LIMIT 1")
		.fetch_one(tx)
		.await?;
	block(&row, 0)
}

/// Returns the range of blocks that the index covers.
pub async fn extent(tx: &mut SqliteConnection) -> Result<Extent, Error> {
	// One statement reads one snapshot, even outside a transaction.
	let row = sqlx::query(
		"SELECT number, hash, (SELECT first FROM meta) FROM blocks ORDER BY number DESC LIMIT 1",
	)
	.fetch_one(tx)
	.await?;
	let from: i64 = row.try_get(2)?;
	let from = from.try_into().map_err(|_| Error::BadRow("first block"))?;
	Ok(Extent { from, to: block(&row, 0)? })
}

/// Returns the number of the device in the database, if it has any rows.
pub async fn device_key(
	tx: &mut SqliteConnection,
	device: &DeviceId,
) -> Result<Option<i64>, Error> {
	let row = sqlx::query("SELECT key FROM devices WHERE id = ?")
		.bind(device.as_bytes())
		.fetch_optional(tx)
		.await?;
	Ok(row.map(|row| row.try_get(0)).transpose()?)
}

/// Reads the block whose number and hash are in the columns `first` and `first + 1`.
pub fn block(row: &SqliteRow, first: usize) -> Result<BlockRef, Error> {
	let number: i64 = row.try_get(first)?;
	Ok(BlockRef {
		number: number.try_into().map_err(|_| Error::BadRow("block number"))?,
		hash: H256(array(row, first + 1, "block hash")?),
	})
}

/// Reads a byte array from a column; `what` names it in the error.
pub fn array<const N: usize>(
	row: &SqliteRow,
	column: usize,
	what: &'static str,
) -> Result<[u8; N], Error> {
	let bytes: &[u8] = row.try_get(column)?;
	bytes.try_into().map_err(|_| Error::BadRow(what))
}

/// Decodes the SCALE bytes in the first column; `what` names them in the error.
pub fn decode<T: Decode>(row: &SqliteRow, what: &'static str) -> Result<T, Error> {
	let mut bytes: &[u8] = row.try_get(0)?;
	T::decode(&mut bytes).map_err(|_| Error::BadRow(what))
}

/// Makes a page of rows, of which the query selected at most one more than `limit`. The cursor is
/// that of the last item, if there is such a further row.
pub fn page<T, Cursor: Copy>(rows: Vec<(Cursor, T)>, limit: u32) -> (Vec<T>, Option<Cursor>) {
	let limit = limit as usize;
	let last = limit.checked_sub(1).filter(|_| rows.len() > limit);
	let next = last.and_then(|last| rows.get(last)).map(|(cursor, _)| *cursor);
	(rows.into_iter().take(limit).map(|(_, item)| item).collect(), next)
}
