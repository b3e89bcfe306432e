//! Database of the index: opening it, and writing complete blocks.

use super::{
	block::{BlockRef, IndexedBlock},
	cursor::{event_at, first_event_of, to_sql},
	error::Error,
	rows::last_block,
};
use codec::Encode;
use depin_primitives::{
	beacon::JudgedBeacon,
	report::{AcceptedReport, Reading},
	reward::PaidReward,
	DeviceId, H256,
};
use sqlx::{
	sqlite::{
		SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
	},
	QueryBuilder, Row, Sqlite, SqliteConnection,
};
use std::{
	collections::{BTreeSet, HashMap},
	io,
	path::Path,
	time::Duration,
};

/// Version of the schema. A file of another version is replaced by a new one.
const VERSION: i64 = 4;

/// Schema of the database.
const SCHEMA: &str = include_str!("schema.sql");

/// Name of the database in its directory.
const FILE: &str = "index.sqlite";

/// Number of connections that only read.
const READERS: u32 = 4;

/// Number of rows of one statement. SQLite takes 32,766 values in one; a row has at most six.
const CHUNK: usize = 512;

/// Index of finalized blocks, with one connection that writes and some that only read. Clones share
/// the connections.
#[derive(Clone, Debug)]
pub struct Index {
	writer: SqlitePool,
	pub(super) readers: SqlitePool,
}

impl Index {
	/// Opens the index in `directory` for the chain of that genesis hash. A file that is missing or
	/// damaged, or that is of another chain or version, is replaced by a new one.
	pub async fn open(directory: &Path, genesis: H256) -> Result<Self, Error> {
		let file = directory.join(FILE);
		std::fs::create_dir_all(directory).map_err(|e| Error::File(directory.into(), e))?;
		match Self::connect(&file, genesis).await {
			Ok(Some(index)) => return Ok(index),
			Ok(None) => log::warn!(
				target: "telemetry-index",
				"{} is another chain's or another version's: it is made anew",
				file.display(),
			),
			Err(e) if e.is_damage() => log::warn!(
				target: "telemetry-index",
				"{} is damaged ({e}): it is made anew",
				file.display(),
			),
			Err(e) => return Err(e),
		}
		for suffix in ["", "-wal", "-shm"] {
			let path = directory.join(format!("{FILE}{suffix}"));
			match std::fs::remove_file(&path) {
				Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(Error::File(path, e)),
				_ => {}
			}
		}
		Self::connect(&file, genesis).await?.ok_or(Error::Foreign)
	}

	/// Connects to the database. Returns `None` if it is of another chain or version.
	async fn connect(file: &Path, genesis: H256) -> Result<Option<Self>, Error> {
		let options = SqliteConnectOptions::new()
			.filename(file)
			.journal_mode(SqliteJournalMode::Wal)
			// In WAL mode this never damages the file, and a commit survives the end of the
			// process. Only a power failure can lose the last commits; the blocks are then read
			// again.
			.synchronous(SqliteSynchronous::Normal)
			.busy_timeout(Duration::from_secs(10));
		let writer = SqlitePoolOptions::new()
			.max_connections(1)
			.connect_with(options.clone().create_if_missing(true))
			.await?;
		let ours = async {
			let mut tx = writer.begin().await?;
			let version: i64 =
				sqlx::query("PRAGMA user_version").fetch_one(&mut *tx).await?.try_get(0)?;
			let tables: i64 = sqlx::query("SELECT count(*) FROM sqlite_schema")
				.fetch_one(&mut *tx)
				.await?
				.try_get(0)?;
			if version == 0 && tables == 0 {
				create(&mut tx, genesis).await?;
				tx.commit().await?;
				return Ok::<_, Error>(true);
			}
			if version != VERSION {
				return Ok(false);
			}
			let row = sqlx::query("SELECT genesis FROM meta").fetch_one(&mut *tx).await?;
			Ok(row.try_get::<&[u8], _>(0)? == genesis.as_bytes())
		}
		.await;
		if !matches!(ours, Ok(true)) {
			writer.close().await;
			return ours.map(|_| None);
		}
		let readers = SqlitePoolOptions::new()
			.max_connections(READERS)
			.connect_with(options.read_only(true))
			.await?;
		Ok(Some(Self { writer, readers }))
	}

	/// Writes blocks, each of which must be the child of the one before it: all of them, or none.
	/// Blocks that are in the index already are left as they are.
	pub async fn append(&self, blocks: &[IndexedBlock]) -> Result<(), Error> {
		let mut tx = self.writer.begin().await?;
		let mut last = last_block(&mut tx).await?;
		let mut rows = Rows::default();
		for block in blocks {
			let found = BlockRef { number: block.number, hash: block.hash };
			if found.number <= last.number && is_indexed(&mut tx, &found).await? {
				continue;
			}
			if found.number.checked_sub(1) != Some(last.number) || block.parent != last.hash {
				return Err(Error::OutOfOrder { found, cursor: last });
			}
			insert_block(&mut tx, &found).await?;
			rows.add(block)?;
			last = found;
		}
		rows.write(&mut tx).await?;
		tx.commit().await?;
		Ok(())
	}

	/// Leaves a gap that ends with the block `last`. The extent then begins with the block after
	/// it.
	pub async fn skip(&self, last: BlockRef) -> Result<(), Error> {
		let mut tx = self.writer.begin().await?;
		let cursor = last_block(&mut tx).await?;
		if last.number <= cursor.number {
			return Err(Error::OutOfOrder { found: last, cursor });
		}
		insert_block(&mut tx, &last).await?;
		sqlx::query("UPDATE meta SET first = ?")
			.bind(i64::from(last.number) + 1)
			.execute(&mut *tx)
			.await?;
		tx.commit().await?;
		Ok(())
	}

	/// Removes every block after that number, which must be the number of an indexed block.
	pub async fn rewind(&self, number: u32) -> Result<(), Error> {
		let mut tx = self.writer.begin().await?;
		let number = i64::from(number);
		let Some(next) = u32::try_from(number + 1).ok().map(first_event_of) else {
			return Ok(());
		};
		sqlx::query(
			"DELETE FROM readings WHERE at >= ?1 \
			AND device IN (SELECT device FROM reports WHERE at >= ?1)",
		)
		.bind(next)
		.execute(&mut *tx)
		.await?;
		for delete in [
			"DELETE FROM reports WHERE at >= ?",
			"DELETE FROM beacons WHERE at >= ?",
			"DELETE FROM participants WHERE at >= ?",
			"DELETE FROM payments WHERE at >= ?",
		] {
			sqlx::query(delete).bind(next).execute(&mut *tx).await?;
		}
		sqlx::query("DELETE FROM blocks WHERE number > ?").bind(number).execute(&mut *tx).await?;
		sqlx::query("UPDATE meta SET first = min(first, ?)")
			.bind(number + 1)
			.execute(&mut *tx)
			.await?;
		tx.commit().await?;
		Ok(())
	}

	/// Closes every connection, once its current work has ended.
	#[cfg(test)]
	pub async fn close(self) {
		self.readers.close().await;
		self.writer.close().await;
	}
}

/// Creates the tables, with the genesis block as the last indexed one.
async fn create(tx: &mut SqliteConnection, genesis: H256) -> Result<(), Error> {
	sqlx::raw_sql(SCHEMA).execute(&mut *tx).await?;
	// The genesis block has no events.
	sqlx::query("INSERT INTO meta (only, genesis, first) VALUES (0, ?, 1)")
		.bind(genesis.as_bytes())
		.execute(&mut *tx)
		.await?;
	insert_block(tx, &BlockRef { number: 0, hash: genesis }).await?;
	// A pragma takes no parameters.
	let version = format!("PRAGMA user_version = {VERSION}");
	sqlx::raw_sql(sqlx::AssertSqlSafe(version)).execute(&mut *tx).await?;
	Ok(())
}

/// Adds a block to the table of blocks.
async fn insert_block(tx: &mut SqliteConnection, block: &BlockRef) -> Result<(), Error> {
	sqlx::query("INSERT INTO blocks (number, hash) VALUES (?, ?)")
		.bind(i64::from(block.number))
		.bind(block.hash.as_bytes())
		.execute(tx)
		.await?;
	Ok(())
}

/// Tells if the index has a block of this number and hash.
async fn is_indexed(tx: &mut SqliteConnection, block: &BlockRef) -> Result<bool, Error> {
	let row = sqlx::query("SELECT 1 FROM blocks WHERE number = ? AND hash = ?")
		.bind(i64::from(block.number))
		.bind(block.hash.as_bytes())
		.fetch_optional(tx)
		.await?;
	Ok(row.is_some())
}

/// Rows of some blocks, by table, so that few statements write them.
#[derive(Default)]
struct Rows<'a> {
	reports: Vec<(i64, &'a AcceptedReport)>,
	readings: Vec<(DeviceId, i64, usize, &'a Reading)>,
	beacons: Vec<(i64, &'a JudgedBeacon)>,
	participants: BTreeSet<(DeviceId, i64)>,
	payments: Vec<(i64, &'a PaidReward<[u8; 32]>)>,
}

impl<'a> Rows<'a> {
	/// Adds the rows of a block.
	fn add(&mut self, block: &'a IndexedBlock) -> Result<(), Error> {
		let at = |position| event_at(block.number, position).ok_or(Error::TooManyEvents);
		for (position, accepted) in block.reports.iter().enumerate() {
			let at = at(position)?;
			self.reports.push((at, accepted));
			for (position, reading) in accepted.readings.iter().flatten().enumerate() {
				self.readings.push((accepted.report.device, at, position, reading));
			}
		}
		for (position, beacon) in block.beacons.iter().enumerate() {
			let at = at(position)?;
			self.beacons.push((at, beacon));
			self.participants.insert((beacon.beaconer, at));
			self.participants.extend(beacon.witnesses.iter().map(|w| (w.report.witness, at)));
		}
		for (position, payment) in block.payments.iter().enumerate() {
			self.payments.push((at(position)?, payment));
		}
		Ok(())
	}

	/// Writes all rows.
	async fn write(&self, tx: &mut SqliteConnection) -> Result<(), Error> {
		let keys = self.device_keys(tx).await?;
		insert(tx, "reports (at, device, sequence, body)", &self.reports, |mut row, (at, r)| {
			row.push_bind(*at)
				.push_bind(keys[&r.report.device])
				.push_bind(to_sql(r.report.sequence))
				.push_bind(r.encode());
		})
		.await?;
		insert(
			tx,
			"readings (device, time, at, position, metric, value)",
			&self.readings,
			|mut row, (device, at, position, reading)| {
				row.push_bind(keys[device])
					.push_bind(to_sql(reading.time))
					.push_bind(*at)
					.push_bind(*position as i64)
					.push_bind(i64::from(reading.metric))
					.push_bind(reading.value);
			},
		)
		.await?;
		insert(tx, "beacons (at, body)", &self.beacons, |mut row, (at, beacon)| {
			row.push_bind(*at).push_bind(beacon.encode());
		})
		.await?;
		let participants: Vec<_> = self.participants.iter().collect();
		insert(tx, "participants (device, at)", &participants, |mut row, (device, at)| {
			row.push_bind(keys[device]).push_bind(*at);
		})
		.await?;
		insert(tx, "payments (device, at, payee, amount)", &self.payments, |mut row, (at, p)| {
			row.push_bind(keys[&p.device])
				.push_bind(*at)
				.push_bind(p.payee.to_vec())
				.push_bind(p.amount.to_be_bytes().to_vec());
		})
		.await
	}

	/// Returns the number of every device that has a row. New devices get one.
	async fn device_keys(
		&self,
		tx: &mut SqliteConnection,
	) -> Result<HashMap<DeviceId, i64>, Error> {
		let devices: BTreeSet<DeviceId> = (self.reports.iter().map(|(_, r)| r.report.device))
			.chain(self.participants.iter().map(|(device, _)| *device))
			.chain(self.payments.iter().map(|(_, p)| p.device))
			.collect();
		let devices: Vec<_> = devices.into_iter().collect();
		let mut keys = HashMap::with_capacity(devices.len());
		for chunk in devices.chunks(CHUNK) {
			let mut query = QueryBuilder::<Sqlite>::new("INSERT INTO devices (id) ");
			query.push_values(chunk, |mut row, device| {
				row.push_bind(device.as_bytes().to_vec());
			});
			query.push(" ON CONFLICT DO NOTHING");
			query.build().persistent(chunk.len() == CHUNK).execute(&mut *tx).await?;

			let mut query =
				QueryBuilder::<Sqlite>::new("SELECT id, key FROM devices WHERE id IN (");
			let mut ids = query.separated(", ");
			for device in chunk {
				ids.push_bind(device.as_bytes().to_vec());
			}
			query.push(")");
			let rows = query.build().persistent(chunk.len() == CHUNK).fetch_all(&mut *tx).await?;
			for row in rows {
				let id: &[u8] = row.try_get(0)?;
				let id: [u8; 32] = id.try_into().map_err(|_| Error::BadRow("device id"))?;
				keys.insert(DeviceId::from(id), row.try_get(1)?);
			}
		}
		if keys.len() != devices.len() {
			return Err(Error::BadRow("device key"));
		}
		Ok(keys)
	}
}

/// Inserts rows, many in one statement.
async fn insert<T>(
	tx: &mut SqliteConnection,
	table: &'static str,
	rows: &[T],
	bind: impl Fn(sqlx::query_builder::Separated<'_, Sqlite, &'static str>, &T),
) -> Result<(), Error> {
	for chunk in rows.chunks(CHUNK) {
		let mut query = QueryBuilder::<Sqlite>::new("INSERT INTO ");
		query.push(table).push(" ");
		query.push_values(chunk, &bind);
		// Only a statement for a full chunk is used again, so that only it is cached.
		query.build().persistent(chunk.len() == CHUNK).execute(&mut *tx).await?;
	}
	Ok(())
}
