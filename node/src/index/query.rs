//! Queries of the index. Each answer comes from one snapshot of the database, with the extent of
//! that snapshot.

use super::{
	block::{BlockRef, Extent},
	cursor::{from_sql, to_sql, EventCursor, ReadingCursor},
	error::Error,
	rows::{array, block, decode, device_key, extent, page},
	store::Index,
};
use depin_primitives::{
	beacon::JudgedBeacon,
	quality::Quality,
	report::{AcceptedReport, Readings, Report},
	reward::PaidReward,
	Balance, DeviceId, MetricId, Millis, NetworkId, H256,
};
use serde::Serialize;
use sqlx::{sqlite::SqliteRow, Row};
use std::ops::Range;

/// Report in the index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IndexedReport {
	/// Block that accepted the report.
	pub block: BlockRef,
	/// Hash of the report.
	pub hash: H256,
	/// Network that the device worked for.
	pub network: NetworkId,
	/// Report of the device.
	pub report: Report,
	/// Readings of the report, if they came with it.
	pub readings: Option<Readings>,
	/// Credited work, after the policy's cap.
	pub credited: u64,
	/// Quality of the report, with the reasons why it is below one.
	pub quality: Quality,
	/// Points for the rewards: the credited work after the trust factor and the quality.
	pub points: u64,
	/// True if the report named the last accepted one as its previous one.
	pub chained: bool,
}

/// Reading in the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IndexedReading {
	/// Time at which the reading was taken.
	pub time: Millis,
	/// Metric of the reading.
	pub metric: MetricId,
	/// Value of the reading.
	pub value: i64,
	/// Sequence of the report.
	pub sequence: u64,
	/// Block that accepted the report.
	pub block: BlockRef,
}

/// Items, the cursor of the last one if more follow, and the extent of the index.
type Paged<T, Cursor> = (Vec<T>, Option<Cursor>, Extent);

impl Index {
	/// Returns the range of blocks that the index covers.
	pub async fn extent(&self) -> Result<Extent, Error> {
		extent(&mut *self.readers.acquire().await?).await
	}

	/// Returns the last indexed blocks up to that number, at most `limit`, newest first.
	pub async fn blocks_down_from(&self, number: u32, limit: u32) -> Result<Vec<BlockRef>, Error> {
		sqlx::query(
			"SELECT number, hash FROM blocks WHERE number <= ? ORDER BY number DESC LIMIT ?",
		)
		.bind(i64::from(number))
		.bind(i64::from(limit))
		.fetch_all(&self.readers)
		.await?
		.iter()
		.map(|row| block(row, 0))
		.collect()
	}

	/// Returns the device's last report.
	pub async fn latest(
		&self,
		device: &DeviceId,
	) -> Result<(Option<IndexedReport>, Extent), Error> {
		let mut tx = self.readers.begin().await?;
		let extent = extent(&mut tx).await?;
		let Some(key) = device_key(&mut tx, device).await? else { return Ok((None, extent)) };
		let row = sqlx::query(
			"SELECT r.body, b.number, b.hash FROM reports r JOIN blocks b ON b.number = r.at >> 24 \
			WHERE r.device = ? ORDER BY r.at DESC LIMIT 1",
		)
		.bind(key)
		.fetch_optional(&mut *tx)
		.await?;
		let Some(row) = row else { return Ok((None, extent)) };
		let AcceptedReport { network, report, readings, credited, quality, points, chained } =
			decode(&row, "report")?;
		let report = IndexedReport {
			block: block(&row, 1)?,
			hash: report.hash(),
			network,
			report,
			readings,
			credited,
			quality,
			points,
			chained,
		};
		Ok((Some(report), extent))
	}

	/// Returns the device's readings of those times, by ascending time: those of one metric, or of
	/// all.
	pub async fn range(
		&self,
		device: &DeviceId,
		times: Range<Millis>,
		metric: Option<MetricId>,
		after: Option<ReadingCursor>,
		limit: u32,
	) -> Result<Paged<IndexedReading, ReadingCursor>, Error> {
		// CROSS JOIN makes SQLite walk the readings in the order of their index, which is the order
		// of the answer: the cost is that of the page and not of the range.
		const OF_ALL: &str = "\
			SELECT r.time, r.at, r.position, r.metric, r.value, p.sequence, b.number, b.hash \
			FROM readings r CROSS JOIN reports p ON p.at = r.at \
			CROSS JOIN blocks b ON b.number = r.at >> 24 \
			WHERE r.device = ?1 AND (r.time, r.at, r.position) > (?2, ?3, ?4) AND r.time < ?5 \
			ORDER BY r.time, r.at, r.position LIMIT ?6";
		const OF_ONE: &str = "\
			SELECT r.time, r.at, r.position, r.metric, r.value, p.sequence, b.number, b.hash \
			FROM readings r INDEXED BY readings_by_metric CROSS JOIN reports p ON p.at = r.at \
			CROSS JOIN blocks b ON b.number = r.at >> 24 \
			WHERE r.device = ?1 AND r.metric = ?7 \
			AND (r.time, r.at, r.position) > (?2, ?3, ?4) AND r.time < ?5 \
			ORDER BY r.time, r.at, r.position LIMIT ?6";

		let mut tx = self.readers.begin().await?;
		let extent = extent(&mut tx).await?;
		let Some(key) = device_key(&mut tx, device).await? else {
			return Ok((vec![], None, extent));
		};
		// No reading has an `at` of −1: the cursor is just before the range.
		let start = ReadingCursor { time: to_sql(times.start), at: -1, position: -1 };
		let start = after.map_or(start, |after| after.max(start));
		let query = sqlx::query(if metric.is_some() { OF_ONE } else { OF_ALL })
			.bind(key)
			.bind(start.time)
			.bind(start.at)
			.bind(start.position)
			.bind(to_sql(times.end))
			.bind(i64::from(limit) + 1);
		let query = match metric {
			Some(metric) => query.bind(i64::from(metric)),
			None => query,
		};
		let rows = query
			.fetch_all(&mut *tx)
			.await?
			.iter()
			.map(|row| {
				let time: i64 = row.try_get(0)?;
				let cursor = ReadingCursor { time, at: row.try_get(1)?, position: row.try_get(2)? };
				let metric: i64 = row.try_get(3)?;
				let reading = IndexedReading {
					time: from_sql(time),
					metric: metric.try_into().map_err(|_| Error::BadRow("metric"))?,
					value: row.try_get(4)?,
					sequence: from_sql(row.try_get(5)?),
					block: block(row, 6)?,
				};
				Ok((cursor, reading))
			})
			.collect::<Result<Vec<_>, Error>>()?;
		let (items, next) = page(rows, limit);
		Ok((items, next, extent))
	}

	/// Returns the judged beacons that the device took part in, oldest first.
	pub async fn beacons(
		&self,
		device: &DeviceId,
		after: Option<EventCursor>,
		limit: u32,
	) -> Result<Paged<(BlockRef, JudgedBeacon), EventCursor>, Error> {
		const SQL: &str = "SELECT e.body, b.number, b.hash, p.at FROM participants p \
			CROSS JOIN beacons e ON e.at = p.at CROSS JOIN blocks b ON b.number = p.at >> 24 \
			WHERE p.device = ? AND p.at > ? ORDER BY p.at LIMIT ?";
		let event = |row: &SqliteRow| Ok((block(row, 1)?, decode(row, "beacon")?));
		self.events(SQL, device, after, limit, event).await
	}

	/// Returns the payments for the device's work, oldest first.
	pub async fn payments(
		&self,
		device: &DeviceId,
		after: Option<EventCursor>,
		limit: u32,
	) -> Result<Paged<(BlockRef, PaidReward<[u8; 32]>), EventCursor>, Error> {
		const SQL: &str = "SELECT p.payee, b.number, b.hash, p.at, p.amount FROM payments p \
			CROSS JOIN blocks b ON b.number = p.at >> 24 \
			WHERE p.device = ? AND p.at > ? ORDER BY p.at LIMIT ?";
		let event = |row: &SqliteRow| {
			let payee = array(row, 0, "payee")?;
			let amount = Balance::from_be_bytes(array(row, 4, "amount")?);
			Ok((block(row, 1)?, PaidReward { device: *device, payee, amount }))
		};
		self.events(SQL, device, after, limit, event).await
	}

	/// Returns a page of the events that a statement selects by device, cursor and limit. The
	/// fourth column of the statement is the place of the event.
	async fn events<T>(
		&self,
		sql: &'static str,
		device: &DeviceId,
		after: Option<EventCursor>,
		limit: u32,
		event: impl Fn(&SqliteRow) -> Result<T, Error>,
	) -> Result<Paged<T, EventCursor>, Error> {
		let mut tx = self.readers.begin().await?;
		let extent = extent(&mut tx).await?;
		let Some(key) = device_key(&mut tx, device).await? else {
			return Ok((vec![], None, extent));
		};
		let rows = sqlx::query(sql)
			.bind(key)
			.bind(after.map_or(-1, |EventCursor(at)| at))
			.bind(i64::from(limit) + 1)
			.fetch_all(&mut *tx)
			.await?
			.iter()
			.map(|row| Ok((EventCursor(row.try_get(3)?), event(row)?)))
			.collect::<Result<Vec<_>, Error>>()?;
		let (items, next) = page(rows, limit);
		Ok((items, next, extent))
	}
}
