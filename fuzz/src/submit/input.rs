//! Input of `submit_batch`: bytes that are read as steps and reports.

use super::{
	chain::{Attestation, Test, SECOND},
	device::{ALL, DEVICES},
};
use codec::{Decode, Encode};
use depin_device::key::Signer;
use depin_primitives::{
	report::{
		readings_root, summarize, BatchItem, DataDigests, MetricSummary, Reading, Readings, Report,
		ReportFlags, SignedReport, MAX_INLINE_READINGS,
	},
	signing::GenesisPrefix,
	DeviceId, Millis, H256,
};
use depin_test_kit::genesis::GENESIS;
use std::collections::BTreeMap;

/// Reports that come in at one time.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Step {
	/// Time since the last step, in seconds.
	pub after: u16,
	/// Way in, and bits; see the constants [`REPORT`] to [`OTHER_RULES`].
	pub how: u8,
	/// Number of items that follow.
	pub items: u8,
}

/// Lowest two bits of [`Step::how`]: each report by the call `report`.
pub const REPORT: u8 = 0;
/// Lowest two bits of [`Step::how`]: each report by the call `submit_report`.
pub const SUBMIT_REPORT: u8 = 1;
/// Lowest two bits of [`Step::how`], like 3: all reports by one call `submit_reports`.
pub const SUBMIT_REPORTS: u8 = 2;
/// Bit of [`Step::how`]: the step is in the block of the last step.
pub const SAME_BLOCK: u8 = 4;
/// Bit of [`Step::how`]: `on_idle` runs before the step.
pub const IDLE: u8 = 8;
/// Bit of [`Step::how`]: the network's rules change before the step.
pub const OTHER_RULES: u8 = 16;

/// Report of a step.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Item {
	/// Report with its signature.
	Raw(BatchItem),
	/// Report that the device of this number signs.
	Unsigned(u8, Report, Option<Readings>),
	/// Report that follows the device's last one.
	Next(Next),
}

/// Differences of a report from one that follows the device's last report correctly, which is all
/// zeros.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Next {
	/// Number of the device.
	pub device: u8,
	/// Bits; see the constants from [`COMMITTED`] on.
	pub flaws: u8,
	/// Sequence numbers that the report skips, or goes back by if negative.
	pub skip: i8,
	/// Seconds from the end of the last window, or from an hour before now, to the window's start.
	pub gap: i16,
	/// Time by which the window is longer than a minute, in seconds.
	pub longer: u16,
	/// Claimed work.
	#[codec(compact)]
	pub work: u64,
	/// Readings: second of the window (modulo its length), metric, value.
	pub readings: Vec<(u16, u8, i16)>,
}

/// Bit of [`Next::flaws`]: the readings are not inline.
pub const COMMITTED: u8 = 1;
/// Bit of [`Next::flaws`]: a bit of the signature is flipped.
pub const DAMAGED: u8 = 2;
/// Bit of [`Next::flaws`]: the next device signs the report.
pub const OTHER_SIGNER: u8 = 4;
/// Bit of [`Next::flaws`]: `previous` is the hash of another report.
pub const UNCHAINED: u8 = 8;
/// Bit of [`Next::flaws`]: the report is for another chain.
pub const OTHER_CHAIN: u8 = 16;
/// Bit of [`Next::flaws`]: the window ends now.
pub const UNTIL_NOW: u8 = 32;
/// Bit of [`Next::flaws`]: the values are multiplied up to the ends of 64 bits.
pub const EXTREME: u8 = 64;
/// Bit of [`Next::flaws`]: the readings stay in the order in which they were read, equal ones
/// included.
pub const UNORDERED: u8 = 128;

/// Largest number of readings: a few more than a report carries, since more would only cost time.
const MOST_READINGS: usize = 70;

/// Builder of the reports of a step, each of which follows the ones before.
#[derive(Default)]
pub struct Builder(BTreeMap<DeviceId, Last>);

#[derive(Clone, Copy)]
struct Last {
	sequence: u64,
	hash: H256,
	window_end: Millis,
}

impl Builder {
	/// Builds the report of an item, based on the chain's current state.
	pub fn build(&mut self, item: Item) -> BatchItem {
		match item {
			Item::Raw(item) => item,
			Item::Unsigned(device, mut report, readings) => {
				let device = usize::from(device) % DEVICES;
				report.device = ALL[device].id;
				BatchItem { signed: sign(device, report), readings }
			}
			Item::Next(next) => self.next(next),
		}
	}

	fn next(&mut self, next: Next) -> BatchItem {
		let Next { device, flaws, skip, gap, longer, work, readings } = next;
		let has = |flaw| flaws & flaw != 0;
		let number = usize::from(device) % DEVICES;
		let id = ALL[number].id;
		let now = pallet_timestamp::Now::<Test>::get();
		let last = self.0.get(&id).copied().or_else(|| {
			Attestation::last_report(id).map(|last| Last {
				sequence: last.sequence,
				hash: last.hash,
				window_end: last.window_end,
			})
		});
		let Last { sequence, hash, window_end } = last.unwrap_or(Last {
			sequence: 0,
			hash: H256::zero(),
			window_end: now.saturating_sub(3600 * SECOND),
		});
		let start = window_end.saturating_add_signed(i64::from(gap) * SECOND as i64);
		let length = (60 + u64::from(longer)) * SECOND;
		let end = if has(UNTIL_NOW) { now } else { start.saturating_add(length) };

		let seconds = (end.saturating_sub(start) / SECOND).max(1);
		let readings = readings.into_iter().take(MOST_READINGS).map(|(second, metric, value)| {
			let time = start.saturating_add(u64::from(second) % seconds * SECOND);
			let value = if has(EXTREME) { i64::from(value) << 48 } else { value.into() };
			Reading { time, metric: metric.into(), value }
		});
		let mut readings: Vec<_> = readings.collect();
		if !has(UNORDERED) {
			readings.sort_by_key(|reading| (reading.time, reading.metric));
			readings.dedup_by_key(|reading| (reading.time, reading.metric));
		}
		let fits = (1..=MAX_INLINE_READINGS as usize).contains(&readings.len());
		let inline = !has(COMMITTED) && fits;
		let report = Report {
			device: id,
			sequence: sequence.wrapping_add(1).wrapping_add_signed(skip.into()),
			window_start: start,
			window_end: end,
			work,
			previous: if has(UNCHAINED) { H256::repeat_byte(1) } else { hash },
			readings_root: readings_root(&readings),
			readings_count: readings.len() as u32,
			flags: if inline { ReportFlags::INLINE } else { ReportFlags::NONE },
			digests: DataDigests::default(),
			// Readings that cannot be summed up get a summary of extreme values.
			metrics: summarize(&readings).unwrap_or_else(|| {
				let summary = MetricSummary {
					metric: 2,
					count: readings.len() as u32,
					min: i64::MIN,
					max: i64::MAX,
					sum: i64::MAX,
				};
				vec![summary].try_into().expect("one summary fits a report; qed")
			}),
		};
		let last =
			Last { sequence: report.sequence, hash: report.hash(), window_end: report.window_end };
		self.0.insert(id, last);
		let signer = if has(OTHER_SIGNER) { (number + 1) % DEVICES } else { number };
		let mut signed = sign(signer, report);
		if has(DAMAGED) {
			signed.signature.0[40] ^= 4;
		}
		if has(OTHER_CHAIN) {
			signed.chain = GenesisPrefix::of(&H256::zero());
		}
		BatchItem { signed, readings: inline.then(|| readings.try_into().ok()).flatten() }
	}
}

/// Signs the report with the key of the device with this number.
fn sign(device: usize, report: Report) -> SignedReport {
	let Ok(signature) = ALL[device].key.sign_body(&report, &GENESIS);
	SignedReport { chain: GenesisPrefix::of(&GENESIS), report, signature }
}
