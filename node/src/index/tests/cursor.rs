//! Tests of places in the index, and their text.

use crate::index::{
	cursor::{event_at, from_sql, to_sql},
	EventCursor, ReadingCursor,
};

#[test]
fn unsigned_numbers_keep_their_order() {
	let numbers = [0, 1, i64::MAX as u64, i64::MAX as u64 + 1, u64::MAX - 1, u64::MAX];
	assert!(numbers.windows(2).all(|pair| to_sql(pair[0]) < to_sql(pair[1])));
	assert!(numbers.iter().all(|n| from_sql(to_sql(*n)) == *n));
}

#[test]
fn event_places_keep_the_order_of_the_chain() {
	let last = (1 << 24) - 1;
	assert_eq!(event_at(0, 0), Some(0));
	assert!(event_at(1, last) < event_at(2, 0));
	assert!(event_at(u32::MAX, last).is_some());
	assert_eq!(event_at(1, last + 1), None);
}

#[test]
fn cursors_are_read_as_they_are_written() {
	let reading = ReadingCursor { time: i64::MIN, at: -1, position: i64::MAX };
	assert_eq!(reading.to_string().parse(), Ok(reading));
	let event = EventCursor(1 << 55);
	assert_eq!(event.to_string().parse(), Ok(event));
	for text in ["", "0x", "0x00", "zz", "0xzzzzzzzzzzzzzzzz", &reading.to_string()] {
		assert!(text.parse::<EventCursor>().is_err(), "{text}");
	}
	assert!(event.to_string().parse::<ReadingCursor>().is_err());
}
