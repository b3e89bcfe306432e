//! Uplinks of reports, and what an expansion refuses.

use super::*;
use crate::{
	device::Device,
	key::{verify, DeviceKey},
	reporter::{Delivery, Reporter, ReporterState},
};
use alloc::vec;
use codec::Encode;
use depin_primitives::{KeyScheme, Millis};

const GENESIS: H256 = H256::repeat_byte(9);
const START: Millis = 1_790_000_000_000;

fn device() -> Device<DeviceKey> {
	Device::new(DeviceKey::from_secret(KeyScheme::P256, &[1; 32]).unwrap(), GENESIS)
}

fn reading(after: Millis, metric: MetricId, value: i64) -> Reading {
	Reading { time: START + after, metric, value }
}

fn three() -> Vec<Reading> {
	vec![reading(0, 513, 101_325), reading(200_000, 1, -125), reading(400_000, 1, 75)]
}

fn kinds(kinds: &[u8]) -> DataDigests {
	let digest = |kind: &u8| DataDigest { kind: *kind, digest: H256::repeat_byte(*kind) };
	kinds.iter().map(digest).collect::<Vec<_>>().try_into().unwrap()
}

/// Returns the signed report of these readings, the 259th of its device.
fn signed(readings: &[Reading], delivery: Delivery, digests: DataDigests) -> SignedReport {
	let previous = H256::repeat_byte(0xc0);
	let state = ReporterState { sequence: 258, previous, window_end: START };
	let mut reporter = Reporter::resume(state);
	let window = START..START + 600_000;
	reporter.report_with(&device(), window, 3, readings, delivery, digests).unwrap()
}

fn expanded(uplink: &[u8]) -> Result<(SignedReport, Vec<Reading>), UplinkError> {
	let chain = GenesisPrefix::of(&GENESIS);
	expand(uplink, chain, device().id(), H256::repeat_byte(0xc0))
}

/// Returns the error of an uplink of which these bytes are replaced.
fn replaced(uplink: &[u8], at: usize, bytes: &[u8]) -> Option<UplinkError> {
	let mut other = uplink.to_vec();
	other.splice(at..at + 1, bytes.iter().copied());
	expanded(&other).err()
}

#[test]
fn an_uplink_expands_to_what_was_signed() {
	let extremes = [i64::MIN, i64::MAX, -1, 0].map(|value| value / 4);
	let extremes: Vec<_> = (0..).zip(extremes).map(|(at, v)| reading(at, u16::MAX, v)).collect();
	let many: Vec<_> = (0..200).map(|at| reading(at / 8, (at % 8) as u16, at as i64)).collect();
	for readings in [vec![], three(), extremes, many] {
		for (delivery, digests) in [
			(Delivery::Inline, kinds(&[])),
			(Delivery::Committed, kinds(&[1])),
			(Delivery::Committed, kinds(&[1, 200])),
		] {
			if delivery == Delivery::Inline && readings.len() > 64 {
				continue;
			}
			let signed = signed(&readings, delivery, digests);
			let uplink = encode(&signed, &readings).unwrap();
			let (again, of_uplink) = expanded(&uplink).unwrap();
			assert_eq!((&again, &of_uplink), (&signed, &readings));
			assert_eq!(again.encode(), signed.encode());
			let key = device().public_key();
			assert!(verify(&key, &again.signature, &again.report, &GENESIS));
		}
	}
}

#[test]
fn three_readings_take_about_a_hundred_bytes() {
	let signed = signed(&three(), Delivery::Inline, kinds(&[]));
	let uplink = encode(&signed, &three()).unwrap();
	assert_eq!(uplink.len(), 96);
	assert_eq!(signed.encode().len() + three().encode().len(), 263 + 55);
	// First byte, sequence, window start and length, work, count.
	let head = [0x21, 0x83, 0x02, 0x80, 0xd8, 0xc1, 0xa2, 0x8c, 0x34, 0xc0, 0xcf, 0x24, 0x03, 0x03];
	assert_eq!(uplink[..head.len()], head);
}

#[test]
fn other_readings_are_no_part_of_an_uplink() {
	let signed = signed(&three(), Delivery::Inline, kinds(&[]));
	for other in [&three()[..2], &[]] {
		assert_eq!(encode(&signed, other), Err(UplinkError::OtherReadings));
	}
	let mut refused = signed;
	refused.report.flags = ReportFlags(2);
	let error = UplinkError::Refused(ReportError::UnknownFlags);
	assert_eq!(encode(&refused, &three()), Err(error));
}

#[test]
fn an_uplink_has_one_form() {
	let uplink = encode(&signed(&three(), Delivery::Inline, kinds(&[])), &three()).unwrap();
	for length in 0..uplink.len() {
		assert_eq!(expanded(&uplink[..length]), Err(UplinkError::Truncated), "{length}");
	}
	let longer = [&uplink[..], &[0]].concat();
	assert_eq!(expanded(&longer), Err(UplinkError::TooLong));

	// Other versions, the unused bit, three digests.
	for first in [0x11, 0x31, 0x29, 0x27, 0x01, 0xff] {
		assert_eq!(replaced(&uplink, 0, &[first]), Some(UplinkError::UnknownForm(first)));
	}
	// The work, which is 3, in two bytes; in eleven; above 64 bits.
	let work = 12;
	assert_eq!(uplink[work], 3);
	assert_eq!(replaced(&uplink, work, &[0x83, 0]), Some(UplinkError::BadNumber));
	let long = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1];
	assert_eq!(replaced(&uplink, work, &long), Some(UplinkError::BadNumber));
	let above = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2];
	assert_eq!(replaced(&uplink, work, &above), Some(UplinkError::BadNumber));
	let greatest = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1];
	assert_eq!(replaced(&uplink, work, &greatest), None);
	// A count that no uplink of this length has.
	let count = work + 1;
	// The bytes of the signature are read as readings, as long as they can be.
	assert!(replaced(&uplink, count, &[0xff, 0xff, 0xff, 0xff, 0x0f]).is_some());
	assert_eq!(
		replaced(&uplink, count, &[0x80, 0x80, 0x80, 0x80, 0x10]),
		Some(UplinkError::BadNumber)
	);
	// The metric of the first reading, beyond 16 bits.
	assert_eq!(uplink[count + 2..count + 4], [0x81, 0x04]);
	assert_eq!(replaced(&uplink, count + 3, &[0x84, 0x04]), Some(UplinkError::BadNumber));
}

#[test]
fn what_the_chain_would_refuse_is_not_expanded() {
	let uplink = encode(&signed(&three(), Delivery::Inline, kinds(&[])), &three()).unwrap();
	let refused = |error| Some(UplinkError::Refused(error));
	// The second reading 0 ms after the first, with a lower metric; the first one at the window's
	// end.
	let second = 14 + 1 + 2 + 3;
	assert_eq!(uplink[second..second + 3], [0xc0, 0x9a, 0x0c]);
	let mut other = uplink.clone();
	other.splice(second..second + 3, [0]);
	let disorder = UplinkError::Refused(ReportError::ReadingsOutOfOrder);
	assert_eq!(expanded(&other), Err(disorder));
	assert_eq!(
		replaced(&uplink, 14, &[0xc0, 0xcf, 0x24]),
		refused(ReportError::ReadingOutsideWindow)
	);
	// A window of no length, and one that ends beyond 64 bits.
	let none = encode(&signed(&[], Delivery::Inline, kinds(&[])), &[]).unwrap();
	let mut empty = none.clone();
	empty.splice(9..12, [0]);
	assert_eq!(expanded(&empty), Err(UplinkError::Refused(ReportError::EmptyWindow)));
	let mut endless = none.clone();
	endless.splice(9..12, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]);
	assert_eq!(expanded(&endless), Err(UplinkError::BadNumber));
	// Inline without readings, and a digest of kind 0.
	assert_eq!(replaced(&none, 0, &[0x21]), refused(ReportError::NotInline));
	let digest = encode(&signed(&[], Delivery::Committed, kinds(&[7])), &[]).unwrap();
	let kind = digest.len() - 64 - 33;
	assert_eq!(digest[kind], 7);
	assert_eq!(replaced(&digest, kind, &[0]), refused(ReportError::DigestsOutOfOrder));
}

/// A changed uplink is refused, or expands to another report that has the changed bytes as its
/// uplink: no two uplinks expand to the same report.
#[test]
fn no_two_uplinks_expand_to_one_report() {
	let digests = kinds(&[1, 200]);
	let uplink = encode(&signed(&three(), Delivery::Committed, digests), &three()).unwrap();
	for bit in 0..uplink.len() * 8 {
		let mut other = uplink.clone();
		other[bit / 8] ^= 1 << (bit % 8);
		if let Ok((signed, readings)) = expanded(&other) {
			assert_eq!(encode(&signed, &readings).unwrap(), other, "bit {bit}");
		}
	}
}
