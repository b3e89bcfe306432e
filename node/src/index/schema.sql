-- Version 3 of the telemetry index. All of it can be made again from the chain. `at` is where an
-- event is in the chain: block number << 24 | position among the block's events of its kind.
-- `sequence` and `time` are 64-bit unsigned numbers, stored less 2^63 to keep their order.

-- One row. Everything of the blocks from `first` to the last one in `blocks` is here.
CREATE TABLE meta (
	only INTEGER PRIMARY KEY CHECK (only = 0),
	genesis BLOB NOT NULL,
	first INTEGER NOT NULL
) STRICT;

-- The blocks that are indexed, and the one before a gap's end. The last one is the cursor.
CREATE TABLE blocks (number INTEGER PRIMARY KEY, hash BLOB NOT NULL) STRICT;

-- A small number for each device, for the other tables.
CREATE TABLE devices (key INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE) STRICT;

-- Accepted reports: `body` is the SCALE form of the AcceptedReport.
CREATE TABLE reports (
	at INTEGER PRIMARY KEY,
	device INTEGER NOT NULL,
	sequence INTEGER NOT NULL,
	body BLOB NOT NULL
) STRICT;
CREATE INDEX reports_by_device ON reports (device, at);

-- The readings that came with them, for searching. `position` is a reading's place in its report.
CREATE TABLE readings (
	device INTEGER NOT NULL,
	time INTEGER NOT NULL,
	at INTEGER NOT NULL,
	position INTEGER NOT NULL,
	metric INTEGER NOT NULL,
	value INTEGER NOT NULL,
	PRIMARY KEY (device, time, at, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX readings_by_metric ON readings (device, metric, time, at, position, value);

-- Judged beacons: `body` is the SCALE form of the JudgedBeacon.
CREATE TABLE beacons (at INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;

-- Who took part in them, as beaconer or as witness.
CREATE TABLE participants (
	device INTEGER NOT NULL,
	at INTEGER NOT NULL,
	PRIMARY KEY (device, at)
) STRICT, WITHOUT ROWID;

-- Rewards paid: `amount` is 16 bytes, big-endian.
CREATE TABLE payments (
	device INTEGER NOT NULL,
	at INTEGER NOT NULL,
	payee BLOB NOT NULL,
	amount BLOB NOT NULL,
	PRIMARY KEY (device, at)
) STRICT, WITHOUT ROWID;
