-- Schema of the index. All of it can be made again from the chain. `at` is the place of an event
-- in the chain: block number << 24 | position among the block's events of the same kind. `sequence`
-- and `time` are 64-bit unsigned numbers, stored less 2^63 to keep their order.

-- One row. All rows of the blocks from `first` to the last one in `blocks` are in the index.
CREATE TABLE meta (
	only INTEGER PRIMARY KEY CHECK (only = 0),
	genesis BLOB NOT NULL,
	first INTEGER NOT NULL
) STRICT;

-- Indexed blocks, and the last block of each gap. The last row is the cursor.
CREATE TABLE blocks (number INTEGER PRIMARY KEY, hash BLOB NOT NULL) STRICT;

-- Number of each device, short for the other tables.
CREATE TABLE devices (key INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE) STRICT;

-- Accepted reports. `body` is the SCALE form of the `AcceptedReport`.
CREATE TABLE reports (
	at INTEGER PRIMARY KEY,
	device INTEGER NOT NULL,
	sequence INTEGER NOT NULL,
	body BLOB NOT NULL
) STRICT;
CREATE INDEX reports_by_device ON reports (device, at);

-- Readings that came with reports, for searches. `position` is that of the reading in its report.
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

-- Judged beacons. `body` is the SCALE form of the `JudgedBeacon`.
CREATE TABLE beacons (at INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;

-- Devices that took part in beacons, as beaconer or as witness.
CREATE TABLE participants (
	device INTEGER NOT NULL,
	at INTEGER NOT NULL,
	PRIMARY KEY (device, at)
) STRICT, WITHOUT ROWID;

-- Payments of rewards. `amount` is 16 bytes, big-endian.
CREATE TABLE payments (
	device INTEGER NOT NULL,
	at INTEGER NOT NULL,
	payee BLOB NOT NULL,
	amount BLOB NOT NULL,
	PRIMARY KEY (device, at)
) STRICT, WITHOUT ROWID;
