//! Places in the index: their numbers in the database, and their text between two pages.

use serde::{Serialize, Serializer};
use std::{fmt, str::FromStr};

/// Maps an unsigned number to a signed one, as SQLite has only those, and keeps the order: 0
/// becomes `i64::MIN`, `u64::MAX` becomes `i64::MAX`.
pub fn to_sql(value: u64) -> i64 {
	(value ^ SIGN) as i64
}

/// Reverses [`to_sql`].
pub fn from_sql(value: i64) -> u64 {
	value as u64 ^ SIGN
}

/// Bit that a signed number has for its sign.
const SIGN: u64 = 1 << 63;

/// Number of bits for an event's position in its block.
const POSITION_BITS: u32 = 24;

/// Returns the place of an event: its block's number (32 bits) and its position among the block's
/// events of its kind (24 bits), in one number. `None` if the position does not fit.
pub fn event_at(block: u32, position: usize) -> Option<i64> {
	let position = i64::try_from(position).ok().filter(|p| *p < 1 << POSITION_BITS)?;
	Some(first_event_of(block) + position)
}

/// Returns the lowest [`event_at`] of a block.
pub fn first_event_of(block: u32) -> i64 {
	i64::from(block) << POSITION_BITS
}

/// Place of the last event of a page. Text: `0x` and 16 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventCursor(pub(super) i64);

/// Place of the last reading of a page: its time as stored, its report, its position in the report.
/// Text: `0x` and 48 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReadingCursor {
	pub(super) time: i64,
	pub(super) at: i64,
	pub(super) position: i64,
}

/// Error of a text that is no cursor.
#[derive(Debug, PartialEq, Eq)]
pub struct NoCursor;

impl fmt::Display for EventCursor {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "0x{:016x}", self.0)
	}
}

impl FromStr for EventCursor {
	type Err = NoCursor;

	fn from_str(text: &str) -> Result<Self, NoCursor> {
		let [at] = numbers(text)?;
		Ok(Self(at))
	}
}

impl fmt::Display for ReadingCursor {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "0x{:016x}{:016x}{:016x}", self.time, self.at, self.position)
	}
}

impl FromStr for ReadingCursor {
	type Err = NoCursor;

	fn from_str(text: &str) -> Result<Self, NoCursor> {
		let [time, at, position] = numbers(text)?;
		Ok(Self { time, at, position })
	}
}

/// Reads `0x` and the big-endian hexadecimal of `N` numbers.
fn numbers<const N: usize>(text: &str) -> Result<[i64; N], NoCursor> {
	let bytes = text.strip_prefix("0x").and_then(|digits| hex::decode(digits).ok());
	let bytes = bytes.filter(|bytes| bytes.len() == 8 * N).ok_or(NoCursor)?;
	let mut numbers = [0; N];
	for (number, bytes) in numbers.iter_mut().zip(bytes.chunks_exact(8)) {
		*number = i64::from_be_bytes(bytes.try_into().map_err(|_| NoCursor)?);
	}
	Ok(numbers)
}

impl Serialize for EventCursor {
	fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
		serializer.collect_str(self)
	}
}

impl Serialize for ReadingCursor {
	fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
		serializer.collect_str(self)
	}
}
