//! Compact uplinks: what a device sends over a slow radio, and what a gateway makes of it.
//!
//! A compact uplink carries the fields of a signed report that a gateway cannot rebuild, and the
//! readings: about 100 bytes for three readings. The gateway knows the device, the hash of its last
//! report and the chain, computes root, count and summaries from the readings, and so gets exactly
//! the bytes that the device has signed. `docs/wire-format.md` has the table of bytes.

use alloc::vec::Vec;
use core::fmt;
use depin_primitives::{
	refusal::Refusal,
	report::{
		check_order, check_times, readings_root, summarize, DataDigest, DataDigests, Reading,
		Report, ReportError, ReportFlags, SignedReport, MAX_DIGESTS,
	},
	signing::GenesisPrefix,
	DeviceId, MetricId, Signature, H256,
};

/// Version of the form, in the upper four bits of the first byte.
const VERSION: u8 = 2;
/// Bit of the first byte that says that the readings travel inline.
const INLINE: u8 = 1;
/// Place of the number of data digests in the first byte, of two bits.
const DIGESTS_SHIFT: u8 = 1;
/// Bit of the first byte that is always zero.
const RESERVED: u8 = 1 << 3;

/// Reason why an uplink is not made or not expanded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UplinkError {
	/// First byte of another version, or with a bit that is not used.
	UnknownForm(u8),
	/// Uplink that ends before its last field.
	Truncated,
	/// Bytes after the signature.
	TooLong,
	/// Number in more bytes than it needs, above 64 bits, or beyond its field.
	BadNumber,
	/// Readings of more metrics than a report sums up, or a sum that does not fit 64 bits.
	TooMuch,
	/// Report that no device makes with this SDK, because the chain would refuse it.
	Refused(ReportError),
	/// Readings that are not those to which the report commits.
	OtherReadings,
}

impl fmt::Display for UplinkError {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::UnknownForm(byte) => {
				write!(f, "the first byte is {byte:#04x}: it must be 0x20 to 0x25")
			}
			Self::Truncated => f.write_str("the uplink ends before its last field"),
			Self::TooLong => f.write_str("bytes follow the signature"),
			Self::BadNumber => {
				f.write_str("a number is not in its shortest form, or too great for its field")
			}
			Self::TooMuch => f.write_str("too many metrics or too great a sum"),
			Self::Refused(error) => write!(f, "{error:?}"),
			Self::OtherReadings => f.write_str("the readings are not those of the report"),
		}
	}
}

impl core::error::Error for UplinkError {}

impl From<Refusal<ReportError>> for UplinkError {
	fn from(refusal: Refusal<ReportError>) -> Self {
		Self::Refused(refusal.reason)
	}
}

/// Returns the compact uplink of a signed report with its readings, all of them, in order.
///
/// ## Errors
///
/// - [`UplinkError::OtherReadings`]: the report does not commit to these readings.
/// - [`UplinkError::Refused`]: the report is one that the chain would refuse by its form.
pub fn encode(signed: &SignedReport, readings: &[Reading]) -> Result<Vec<u8>, UplinkError> {
	let SignedReport { report, signature, .. } = signed;
	report.check_form()?;
	report.check_committed(readings).map_err(|_| UplinkError::OtherReadings)?;

	let inline = if report.flags.is_inline() { INLINE } else { 0 };
	// At most two digests, in two bits; qed.
	let digests = (report.digests.len() as u8) << DIGESTS_SHIFT;
	let mut bytes = Vec::new();
	bytes.push(VERSION << 4 | digests | inline);
	let length = report.length();
	for number in [report.sequence, report.window_start, length, report.work] {
		put_number(&mut bytes, number);
	}
	put_number(&mut bytes, readings.len() as u64);
	let (mut time, mut values) = (report.window_start, LastValues::default());
	for reading in readings {
		// The readings lie in the window, by ascending time: no difference is negative; qed.
		put_number(&mut bytes, reading.time.saturating_sub(time));
		put_number(&mut bytes, reading.metric.into());
		let difference = reading.value.wrapping_sub(values.replace(reading.metric, reading.value));
		put_number(&mut bytes, zigzag(difference));
		time = reading.time;
	}
	for DataDigest { kind, digest } in &report.digests {
		bytes.push(*kind);
		bytes.extend_from_slice(digest.as_bytes());
	}
	bytes.extend_from_slice(&signature.0);
	Ok(bytes)
}

/// Returns the signed report and the readings of a compact uplink.
///
/// - `chain`: genesis prefix of the chain that the device reports to.
/// - `device`: device that sent the uplink, which the radio's own protocol tells.
/// - `previous`: [`Report::hash`] of the device's report before this one, or zero.
///
/// An uplink has one form only: what is expanded here, [`encode`] makes into the same bytes again.
/// The signature is not verified. A report whose `device` or `previous` is wrong has a signature
/// that is not valid.
pub fn expand(
	uplink: &[u8],
	chain: GenesisPrefix,
	device: DeviceId,
	previous: H256,
) -> Result<(SignedReport, Vec<Reading>), UplinkError> {
	let mut input = Input(uplink);
	let [first] = input.take()?;
	let digests = (first >> DIGESTS_SHIFT) & 0b11;
	if first >> 4 != VERSION || first & RESERVED != 0 || u32::from(digests) > MAX_DIGESTS {
		return Err(UplinkError::UnknownForm(first));
	}
	let flags = if first & INLINE != 0 { ReportFlags::INLINE } else { ReportFlags::NONE };
	let sequence = input.number()?;
	let window_start = input.number()?;
	let length = input.number()?;
	let window_end = window_start.checked_add(length).ok_or(UplinkError::BadNumber)?;
	let work = input.number()?;
	let count = u32::try_from(input.number()?).map_err(|_| UplinkError::BadNumber)?;

	// Nothing is allocated for the count alone: each reading takes three bytes at least.
	let mut readings = Vec::new();
	let (mut time, mut values) = (window_start, LastValues::default());
	for _ in 0..count {
		time = time.checked_add(input.number()?).ok_or(UplinkError::BadNumber)?;
		let metric = MetricId::try_from(input.number()?).map_err(|_| UplinkError::BadNumber)?;
		let difference = unzigzag(input.number()?);
		let value = values.last(metric).wrapping_add(difference);
		values.replace(metric, value);
		readings.push(Reading { time, metric, value });
	}
	let mut of_report = DataDigests::new();
	for _ in 0..digests {
		let [kind] = input.take()?;
		let digest = DataDigest { kind, digest: H256(input.take()?) };
		// No more than there is room for; qed.
		let _ = of_report.try_push(digest);
	}
	let signature = Signature(input.take()?);
	if !input.0.is_empty() {
		return Err(UplinkError::TooLong);
	}

	check_times(&readings, window_start..window_end)?;
	check_order(&readings)?;
	let report = Report {
		device,
		sequence,
		window_start,
		window_end,
		work,
		previous,
		readings_root: readings_root(&readings),
		readings_count: count,
		flags,
		metrics: summarize(&readings).ok_or(UplinkError::TooMuch)?,
		digests: of_report,
	};
	report.check_form()?;
	Ok((SignedReport { chain, report, signature }, readings))
}

/// Last value of each metric of an uplink, in the order in which the metrics came.
#[derive(Default)]
struct LastValues(Vec<(MetricId, i64)>);

impl LastValues {
	/// Returns the metric's last value; 0 if there is none.
	fn last(&self, metric: MetricId) -> i64 {
		self.0.iter().find(|(of, _)| *of == metric).map_or(0, |(_, value)| *value)
	}

	/// Sets the metric's last value, and returns the one before.
	fn replace(&mut self, metric: MetricId, value: i64) -> i64 {
		match self.0.iter_mut().find(|(of, _)| *of == metric) {
			Some((_, last)) => core::mem::replace(last, value),
			None => {
				self.0.push((metric, value));
				0
			}
		}
	}
}

/// Bytes that are still to be read.
struct Input<'a>(&'a [u8]);

impl Input<'_> {
	/// Takes the next `N` bytes.
	fn take<const N: usize>(&mut self) -> Result<[u8; N], UplinkError> {
		let (bytes, rest) = self.0.split_first_chunk().ok_or(UplinkError::Truncated)?;
		self.0 = rest;
		Ok(*bytes)
	}

	/// Takes a number in LEB128 (DWARF 5, 7.6), which must be in its shortest form.
	fn number(&mut self) -> Result<u64, UplinkError> {
		let mut number = 0;
		for shift in (0..u64::BITS).step_by(7) {
			let [byte] = self.take()?;
			let group = u64::from(byte & 0x7f);
			let shifted = group << shift;
			// The tenth group has one bit, and a last group of zero is not needed.
			let fits = shifted >> shift == group;
			if !fits || (byte == 0 && shift > 0) {
				return Err(UplinkError::BadNumber);
			}
			number |= shifted;
			if byte & 0x80 == 0 {
				return Ok(number);
			}
		}
		Err(UplinkError::BadNumber)
	}
}

/// Appends a number in LEB128, in its shortest form.
fn put_number(bytes: &mut Vec<u8>, mut number: u64) {
	while number >= 0x80 {
		bytes.push(number as u8 | 0x80);
		number >>= 7;
	}
	bytes.push(number as u8);
}

/// Returns the number with the sign in its lowest bit, so that a small difference has few bytes.
fn zigzag(difference: i64) -> u64 {
	((difference << 1) ^ (difference >> 63)) as u64
}

/// Returns the difference of which `number` is the [`zigzag`].
fn unzigzag(number: u64) -> i64 {
	(number >> 1) as i64 ^ -((number & 1) as i64)
}

#[cfg(test)]
mod tests;
