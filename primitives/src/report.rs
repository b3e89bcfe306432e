//! Reports: the work that a device did in a window of time, and its measurements.

use crate::{
	hashing::{blake2_256, Blake2Hasher},
	ids::{DeviceId, MetricId, Millis, NetworkId, H256},
	key::Signature,
	network::NetworkKind,
	policy::ReportPolicy,
	quality::Quality,
	refusal::{Expected, Refusal, RefusalReason},
	signing::{DomainTag, GenesisPrefix, Signable},
};
use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::ops::Range;
use scale_info::TypeInfo;

/// Greatest number of readings that a report may carry inline.
pub const MAX_INLINE_READINGS: u32 = 64;

/// Greatest number of metrics that a report may sum up.
pub const MAX_METRICS: u32 = 8;

/// Greatest number of data digests of a report.
pub const MAX_DIGESTS: u32 = 2;

/// Greatest number of sequence numbers by which a report may be ahead of the device's last accepted
/// one. A single faulty report then never uses up the numbers of a key. The bound is far enough for
/// a device that numbers its reports by a clock in microseconds.
pub const MAX_SEQUENCE_STEP: u64 = 1 << 52;

/// Readings that a report carries inline.
pub type Readings = BoundedVec<Reading, ConstU32<MAX_INLINE_READINGS>>;

/// Summaries of a report.
pub type Summaries = BoundedVec<MetricSummary, ConstU32<MAX_METRICS>>;

/// Measurement of one metric at one time. SCALE: 18 bytes.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct Reading {
	/// Time of the measurement.
	pub time: Millis,
	/// Number of the metric.
	pub metric: MetricId,
	/// Value, a fixed-point number with the metric's decimals.
	pub value: i64,
}

/// Summary of the readings of one metric in a report. SCALE: 30 bytes.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct MetricSummary {
	/// Number of the metric.
	pub metric: MetricId,
	/// Number of the metric's readings in the window; at least 1.
	pub count: u32,
	/// Least value.
	pub min: i64,
	/// Greatest value.
	pub max: i64,
	/// Sum of the values.
	pub sum: i64,
}

/// Flags of a report: one signed byte, so that nobody on the way can change what they say.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ReportFlags(pub u8);

impl ReportFlags {
	/// No flag: the report only commits to its readings, or has none.
	pub const NONE: Self = Self(0);

	/// The readings travel inline: they go with the report, and the chain publishes them.
	pub const INLINE: Self = Self(1);

	/// Tells if the readings travel inline.
	pub fn is_inline(self) -> bool {
		self.0 & Self::INLINE.0 != 0
	}

	/// Tells if a flag is set that this version does not know.
	fn has_unknown(self) -> bool {
		self.0 & !Self::INLINE.0 != 0
	}
}

/// Digest of a report's data of a named kind, beside the readings root. The chain publishes it and
/// does not interpret it, so that a later kind needs no other wire format. SCALE: 33 bytes.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct DataDigest {
	/// Kind of the digest, not zero: see [`DataDigest::POSEIDON_BLS12_381`].
	pub kind: u8,
	/// Digest.
	pub digest: H256,
}

impl DataDigest {
	/// Kind of the root of a Poseidon tree over the same readings, in the scalar field of
	/// BLS12-381, for statements in zero knowledge.
	pub const POSEIDON_BLS12_381: u8 = 1;
}

/// Data digests of a report, by ascending kind.
pub type DataDigests = BoundedVec<DataDigest, ConstU32<MAX_DIGESTS>>;

/// Report of a device, version 2. SCALE: fixed-width fields in this order, 133 bytes, then a length
/// byte (four times the number of summaries), 30 bytes for each summary, another length byte (four
/// times the number of data digests) and 33 bytes for each data digest.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct Report {
	/// Device that reports.
	pub device: DeviceId,
	/// Sequence number. It grows with each report; gaps up to [`MAX_SEQUENCE_STEP`] are allowed.
	pub sequence: u64,
	/// First millisecond of the window.
	pub window_start: Millis,
	/// First millisecond after the window.
	pub window_end: Millis,
	/// Work done in the window, in the unit of the network's kind.
	pub work: u64,
	/// [`Report::hash`] of the device's report before this one; zero for its first.
	pub previous: H256,
	/// [`readings_root`] of the window's readings; zero if there are none.
	pub readings_root: H256,
	/// Number of readings that the root commits to.
	pub readings_count: u32,
	/// Flags.
	pub flags: ReportFlags,
	/// Summaries, one for each metric, by ascending metric.
	pub metrics: Summaries,
	/// Data digests, by ascending kind.
	pub digests: DataDigests,
}

impl Signable for Report {
	const DOMAIN_TAG: &'static DomainTag = b"depin:report:v2\0";
}

/// Report with its device's signature.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct SignedReport {
	/// Genesis prefix of the chain that the report is meant for.
	pub chain: GenesisPrefix,
	/// Report of the device.
	pub report: Report,
	/// Signature by the device's key over the [`Report`]'s signing bytes.
	pub signature: Signature,
}

/// Report of a batch, with its readings if they go with it.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct BatchItem {
	/// Report and its device's signature.
	pub signed: SignedReport,
	/// Readings that the report commits to.
	pub readings: Option<Readings>,
}

/// Returns the Merkle root of readings; zero for no readings. A leaf is the blake2-256 of a
/// reading's SCALE bytes, an inner node the blake2-256 of its two children. An odd last node moves
/// up unchanged.
pub fn readings_root<'a>(readings: impl IntoIterator<Item = &'a Reading>) -> H256 {
	binary_merkle_tree::merkle_root::<Blake2Hasher, _>(readings.into_iter().map(Encode::encode))
}

impl Report {
	/// Returns the hash that the device's next report names as its `previous`.
	pub fn hash(&self) -> H256 {
		self.using_encoded(blake2_256)
	}

	/// Returns the work to credit under `policy` to a device of that kind of network, registered at
	/// `registered_at`: the claimed work, up to the cap for the part of the window after the
	/// registration, and up to the amount of the kind's unit that a report can hold.
	pub fn capped_work(
		&self,
		kind: NetworkKind,
		policy: &ReportPolicy,
		registered_at: Millis,
	) -> u64 {
		const SECOND: Millis = 1000;
		const HOUR: u128 = 60 * 60 * 1000;
		let start = self.window_start.max(registered_at);
		let length = self.window_end.saturating_sub(start);
		let cap = u128::from(policy.max_work_per_hour) * u128::from(length) / HOUR;
		let of_kind = match kind {
			// No more seconds of uptime than the window has.
			NetworkKind::Wireless => length / SECOND,
			// No more readings than the report commits to.
			NetworkKind::Sensor => self.readings_count.into(),
			NetworkKind::Storage | NetworkKind::Compute | NetworkKind::Energy => u64::MAX,
		};
		u64::try_from(cap).unwrap_or(u64::MAX).min(of_kind).min(self.work)
	}

	/// Returns the length of the window.
	pub fn length(&self) -> Millis {
		self.window_end.saturating_sub(self.window_start)
	}

	/// Checks the report's window, flags, summaries and data digests, for which nothing but the
	/// report is needed.
	pub fn check_form(&self) -> Result<(), Refusal<ReportError>> {
		if self.window_end <= self.window_start {
			let expected = Expected::Above(self.window_start);
			return Err(ReportError::EmptyWindow.because(expected, self.window_end));
		}
		for (metric, next) in self.metrics.iter().zip(self.metrics.iter().skip(1)) {
			if next.metric <= metric.metric {
				let expected = Expected::Above(metric.metric.into());
				return Err(ReportError::MetricsOutOfOrder.because(expected, next.metric));
			}
		}
		let mut count = 0u32;
		for summary in &self.metrics {
			let invalid = ReportError::InvalidSummary.found(summary.metric);
			if !summary.is_possible() {
				return Err(invalid);
			}
			count = count.checked_add(summary.count).ok_or(invalid)?;
		}
		if count != self.readings_count {
			let expected = Expected::exactly(count);
			return Err(ReportError::CountMismatch.because(expected, self.readings_count));
		}
		if (self.readings_count == 0) != self.readings_root.is_zero() {
			return Err(ReportError::RootMismatch.found(self.readings_root));
		}
		if self.flags.has_unknown() {
			return Err(ReportError::UnknownFlags.found(u64::from(self.flags.0)));
		}
		let inline = 1..=MAX_INLINE_READINGS;
		if self.flags.is_inline() && !inline.contains(&self.readings_count) {
			let expected = Expected::Within { from: 1, until: u64::from(MAX_INLINE_READINGS) + 1 };
			return Err(ReportError::NotInline.because(expected, self.readings_count));
		}
		let mut last = 0;
		for DataDigest { kind, .. } in &self.digests {
			if *kind <= last {
				let expected = Expected::Above(last.into());
				return Err(ReportError::DigestsOutOfOrder.because(expected, u64::from(*kind)));
			}
			last = *kind;
		}
		Ok(())
	}

	/// Checks that the readings go with the report if it says that they do, and only then, and that
	/// they are those that the report commits to.
	pub fn check_readings(&self, readings: Option<&Readings>) -> Result<(), Refusal<ReportError>> {
		match (self.flags.is_inline(), readings) {
			(false, None) => Ok(()),
			(true, None) => Err(ReportError::ReadingsMissing.expecting(self.readings_count)),
			// A node on the way could otherwise add readings that the device wants to keep.
			(false, Some(readings)) => {
				Err(ReportError::ReadingsNotExpected.found(readings.len() as u64))
			}
			(true, Some(readings)) => self.check_committed(readings),
		}
	}

	/// Checks that these are the readings that the report commits to, by ascending time and metric.
	pub fn check_committed(&self, readings: &[Reading]) -> Result<(), Refusal<ReportError>> {
		let given = readings.len() as u64;
		if given != u64::from(self.readings_count) {
			let expected = Expected::exactly(self.readings_count);
			return Err(ReportError::CountMismatch.because(expected, given));
		}
		check_times(readings, self.window_start..self.window_end)?;
		check_order(readings)?;
		if summarize(readings).as_ref() != Some(&self.metrics) {
			return Err(ReportError::SummaryMismatch.into());
		}
		let root = readings_root(readings);
		if root != self.readings_root {
			let expected = Expected::exactly(root);
			return Err(ReportError::RootMismatch.because(expected, self.readings_root));
		}
		Ok(())
	}
}

impl MetricSummary {
	/// Returns the mean of the values, rounded towards zero.
	pub fn mean(&self) -> i64 {
		// A checked summary has at least one value; and the mean lies between two of 64 bits.
		self.sum.checked_div(i64::from(self.count)).unwrap_or(self.sum)
	}

	/// Tells if there can be readings with this summary.
	fn is_possible(&self) -> bool {
		let (count, sum) = (i128::from(self.count), i128::from(self.sum));
		let bounds = count * i128::from(self.min)..=count * i128::from(self.max);
		self.count > 0 && self.min <= self.max && bounds.contains(&sum)
	}
}

/// Checks that the time of each reading lies in the window.
pub fn check_times(
	readings: &[Reading],
	window: Range<Millis>,
) -> Result<(), Refusal<ReportError>> {
	match readings.iter().find(|reading| !window.contains(&reading.time)) {
		None => Ok(()),
		Some(reading) => {
			let expected = Expected::Within { from: window.start, until: window.end };
			Err(ReportError::ReadingOutsideWindow.because(expected, reading.time))
		}
	}
}

/// Checks that the readings are strictly ascending by time and metric, so that no reading counts
/// twice and no two leaves of a tree are equal.
pub fn check_order(readings: &[Reading]) -> Result<(), Refusal<ReportError>> {
	let place = |reading: &Reading| (reading.time, reading.metric);
	let pairs = readings.iter().zip(readings.iter().skip(1));
	match pairs.into_iter().find(|(reading, next)| place(next) <= place(reading)) {
		None => Ok(()),
		Some((reading, next)) if next.time == reading.time => {
			let expected = Expected::Above(reading.metric.into());
			Err(ReportError::ReadingsOutOfOrder.because(expected, next.metric))
		}
		Some((reading, next)) => {
			let expected = Expected::AtLeast(reading.time);
			Err(ReportError::ReadingsOutOfOrder.because(expected, next.time))
		}
	}
}

/// Returns the summaries of these readings, by ascending metric; `None` if the readings are of more
/// than [`MAX_METRICS`] metrics or a metric's sum does not fit 64 bits. The order of the readings
/// does not matter.
pub fn summarize<'a>(readings: impl IntoIterator<Item = &'a Reading> + Clone) -> Option<Summaries> {
	let mut summaries = Summaries::new();
	for Reading { metric, value, .. } in readings.clone() {
		match summaries.binary_search_by_key(metric, |summary| summary.metric) {
			Ok(at) => {
				let summary = &mut summaries[at];
				summary.count = summary.count.checked_add(1)?;
				summary.min = summary.min.min(*value);
				summary.max = summary.max.max(*value);
			}
			Err(at) => {
				let first =
					MetricSummary { metric: *metric, count: 1, min: *value, max: *value, sum: 0 };
				summaries.try_insert(at, first).ok()?;
			}
		}
	}
	for summary in summaries.iter_mut() {
		// The sum is made in 128 bits, so that only the final sum must fit 64 bits, and no
		// intermediate one.
		let of_metric = readings.clone().into_iter().filter(|r| r.metric == summary.metric);
		let sum: i128 = of_metric.map(|reading| i128::from(reading.value)).sum();
		summary.sum = i64::try_from(sum).ok()?;
	}
	Some(summaries)
}

/// Accepted report, as the block's event gives it to an index.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct AcceptedReport {
	/// Network that the device works for.
	pub network: NetworkId,
	/// Report of the device.
	pub report: Report,
	/// Readings, if they came with the report.
	pub readings: Option<Readings>,
	/// Credited work, after the policy's cap.
	pub credited: u64,
	/// Quality of the report, with the reasons why it is below one.
	pub quality: Quality,
	/// Points for the rewards: the credited work after the trust factor and the quality.
	pub points: u64,
	/// True if `previous` named the last report that the chain holds.
	pub chained: bool,
}

/// Part of a device's last accepted report that the chain stores.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct LastReport {
	/// Sequence number of the report.
	pub sequence: u64,
	/// Hash of the report.
	pub hash: H256,
	/// First millisecond after the report's window.
	pub window_end: Millis,
	/// Time of the chain's clock when the report was accepted.
	pub accepted_at: Millis,
	/// Root of the readings that the report commits to.
	pub readings_root: H256,
	/// Number of those readings.
	pub readings_count: u32,
	/// Claimed work.
	pub work: u64,
	/// Credited work, after the policy's cap.
	pub credited: u64,
}

/// Reason for which a report is refused. The numbers are stable: the pool shows them as `Custom
/// error: N`.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum ReportError {
	/// Report meant for another chain.
	#[codec(index = 0)]
	WrongChain,
	/// Device id that nobody has registered.
	#[codec(index = 1)]
	UnknownDevice,
	/// Device that is retiring.
	#[codec(index = 2)]
	DeviceNotActive,
	/// Report that has been accepted already.
	#[codec(index = 3)]
	Duplicate,
	/// Sequence number that is not above the last accepted one.
	#[codec(index = 4)]
	StaleSequence,
	/// Window that ends before it begins, or has no length.
	#[codec(index = 5)]
	EmptyWindow,
	/// Window longer than the network allows.
	#[codec(index = 6)]
	WindowTooLong,
	/// Window that ends in the future.
	#[codec(index = 7)]
	WindowInFuture,
	/// Window that ended too long ago, or before the device was registered.
	#[codec(index = 8)]
	WindowTooOld,
	/// Window that overlaps the one of the last accepted report.
	#[codec(index = 9)]
	WindowOverlaps,
	/// Report that follows the last accepted one too soon.
	#[codec(index = 10)]
	TooSoon,
	/// Summaries that are not in order of metric, or name one twice.
	#[codec(index = 11)]
	MetricsOutOfOrder,
	/// Summary that no readings can have.
	#[codec(index = 12)]
	InvalidSummary,
	/// Counts of readings that do not agree.
	#[codec(index = 13)]
	CountMismatch,
	/// Reading whose time is not in the window.
	#[codec(index = 14)]
	ReadingOutsideWindow,
	/// Summaries that are not those of the readings.
	#[codec(index = 15)]
	SummaryMismatch,
	/// Root that is not that of the readings.
	#[codec(index = 16)]
	RootMismatch,
	/// Signature that is not the device's over this report on this chain.
	#[codec(index = 17)]
	BadSignature,
	/// Network that is paused.
	#[codec(index = 18)]
	NetworkPaused,
	/// Metric that the device's network has not registered.
	#[codec(index = 19)]
	UnknownMetric,
	/// Sequence number too far above the last accepted one.
	#[codec(index = 20)]
	SequenceTooFar,
	/// Flag that this chain does not know.
	#[codec(index = 21)]
	UnknownFlags,
	/// Report that says that its readings travel inline, with no reading or too many.
	#[codec(index = 22)]
	NotInline,
	/// Report that says that its readings travel inline, handed in without them.
	#[codec(index = 23)]
	ReadingsMissing,
	/// Report that only commits to its readings, handed in with readings.
	#[codec(index = 24)]
	ReadingsNotExpected,
	/// Readings that are not in strictly ascending order of time and metric.
	#[codec(index = 25)]
	ReadingsOutOfOrder,
	/// Data digests that are not in strictly ascending order of kind, or one of kind zero.
	#[codec(index = 26)]
	DigestsOutOfOrder,
}

impl RefusalReason for ReportError {
	fn advice(self) -> &'static str {
		match self {
			Self::WrongChain =>
				"the report is for another chain: sign with this chain's genesis hash and send its first four bytes as `chain`",
			Self::UnknownDevice => "no device has this id: register the device first",
			Self::DeviceNotActive => "the device is retiring and earns no more: register it anew after it is reaped",
			Self::Duplicate => "this report has been accepted already: nothing is left to do",
			Self::StaleSequence => "use a sequence above that of the device's last accepted report",
			Self::EmptyWindow => "the window must end after it starts",
			Self::WindowTooLong => "split the window: the network's policy sets the longest one",
			Self::WindowInFuture => "the window ends in the future: check the device's clock, or send the report later",
			Self::WindowTooOld => "the window ended too long ago, or before the device was registered: drop this report and go on",
			Self::WindowOverlaps => "start the window at or after the end of the last accepted report's",
			Self::TooSoon => "wait for the network's least interval since the last accepted report",
			Self::MetricsOutOfOrder => "give one summary for each metric, by ascending metric",
			Self::InvalidSummary => "each summary needs a count of 1 or more, min ≤ max, and a sum between count × min and count × max",
			Self::CountMismatch => "readings_count must be the number of readings and the sum of the summaries' counts",
			Self::ReadingOutsideWindow => "every reading's time must lie in the report's window, whose end is exclusive",
			Self::SummaryMismatch => "make the summaries from the readings that are sent",
			Self::RootMismatch => "make the root from the readings in the order sent; it is zero if, and only if, there are none",
			Self::BadSignature => "sign tag, genesis hash and the report's bytes with the device's current key",
			Self::NetworkPaused => "the network is paused: keep the report and send it once the network is resumed, while it is not too old",
			Self::UnknownMetric => "the network has no metric of this number: sum up registered ones only (`telemetry_metrics` lists them)",
			Self::SequenceTooFar => "go on from the sequence of the last accepted report (`telemetry_latest`); after a rotation of the key sequences start anew",
			Self::UnknownFlags => "set bit 0 of the flags if the readings travel inline, and no other bit",
			Self::NotInline => "a report carries 1 to 64 readings inline: clear the flag, or split the window",
			Self::ReadingsMissing => "the device signed that its readings travel inline: hand them in with the report",
			Self::ReadingsNotExpected => "the device signed that it only commits to its readings: hand in the report without them",
			Self::ReadingsOutOfOrder => "order the readings by time, those of one time by metric, and name no metric twice at one time",
			Self::DigestsOutOfOrder => "order the data digests by kind, name no kind twice, and use no kind 0",
		}
	}

	fn is_temporary(self) -> bool {
		matches!(self, Self::WindowInFuture | Self::TooSoon | Self::NetworkPaused)
	}
}
