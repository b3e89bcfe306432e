//! What the pallet keeps.

use codec::{Decode, Encode, MaxEncodedLen};
use depin_primitives::{
	hashing::blake2_256,
	metric::Metric,
	quality::{Perbill, Reason, Reasons, Score, SCORE_PERIODS},
	report::{LastReport, MAX_METRICS},
	Balance, Cell, Millis, H256,
};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;

/// How many of a device's reports before its last one are kept, so that their readings can be opened.
pub const KEPT_REPORTS: u32 = 4;

/// The most devices of a cell whose values of a slot are kept, as a sample of all.
pub const MAX_SAMPLES: u32 = 16;

/// For how many slots at a time the values of a cell's devices are kept.
pub const SLOTS: u64 = 8;

/// The first bytes of a hash: enough to tell devices and owners apart, where who makes two alike only
/// harms himself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Tag(pub [u8; 8]);

impl Tag {
	/// The tag of what encodes as this.
	pub fn of(whose: &impl Encode) -> Self {
		let hash = whose.using_encoded(blake2_256);
		let mut tag = [0; 8];
		tag.copy_from_slice(&hash.as_bytes()[..8]);
		Self(tag)
	}
}

/// A metric, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct MetricEntry<AccountId> {
	/// What it is.
	pub metric: Metric,
	/// Who registered it.
	pub depositor: AccountId,
	/// What is held of that account's balance for it.
	pub deposit: Balance,
}

/// What is kept of a device.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Record {
	/// Its last report.
	pub last: LastReport,
	/// Of the key that signed it.
	pub signer: Tag,
	/// Reports before that, the oldest first.
	pub kept: BoundedVec<KeptReport, ConstU32<KEPT_REPORTS>>,
	/// What the last report told of each metric, by ascending metric.
	pub series: BoundedVec<Series, ConstU32<MAX_METRICS>>,
	/// Where and when that was, if it can be compared.
	pub place: Option<Place>,
	/// The neighbour whose values it follows closely, if there is one.
	pub alike: Option<Alike>,
	/// What the neighbours have said of work that was paid before they were heard, so far as no later
	/// work has been weighed by it.
	pub verdict: Option<Verdict>,
	/// How it does.
	pub tally: Tally,
	/// How it did before, when it last reported.
	pub before: Option<Tally>,
}

/// A report whose readings can still be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct KeptReport {
	/// Its sequence.
	pub sequence: u64,
	/// The readings that it commits to.
	pub readings_root: H256,
	/// How many they are.
	pub readings_count: u32,
}

impl From<&LastReport> for KeptReport {
	fn from(last: &LastReport) -> Self {
		let LastReport { sequence, readings_root, readings_count, .. } = *last;
		Self { sequence, readings_root, readings_count }
	}
}

/// What a report told of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Series {
	/// Which metric.
	pub metric: u16,
	/// The least that its last reading can have been.
	pub low: i64,
	/// The greatest that its last reading can have been.
	pub high: i64,
	/// The mean of its readings.
	pub mean: i64,
	/// How many readings in a row have had one value, up to the last one, at least.
	pub run: u32,
	/// How far from its neighbours' the mean may be.
	pub tolerance: Option<u64>,
}

/// Where and when a report's values can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Place {
	/// The cell of the neighbourhood.
	pub cell: Cell,
	/// The number of the slot of time.
	pub slot: u64,
	/// The block that accepted it.
	pub block: u32,
}

/// A device whose values are followed closely.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Alike {
	/// Which device.
	pub device: Tag,
	/// How many reports more were alike than were not.
	pub count: u8,
}

/// What neighbours say of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Verdict {
	/// How well it agrees.
	pub part: Perbill,
	/// The work that it was found about.
	pub work: u64,
	/// Why it is not whole.
	pub reason: Option<Reason>,
}

/// The values of devices of one cell in one slot of time: a sample of all, one device of each owner.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Bucket {
	/// Which slot.
	pub slot: u64,
	/// When it is of no use any more.
	pub until: Millis,
	/// What draws the sample. It was not known before the slot's first report was accepted.
	pub seed: Tag,
	/// The devices drawn.
	pub samples: BoundedVec<Sample, ConstU32<MAX_SAMPLES>>,
}

/// A device's values in a slot.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Sample {
	/// Whose it is.
	pub owner: Tag,
	/// Which it is.
	pub device: Tag,
	/// The block that accepted its report.
	pub block: u32,
	/// Its mean of each metric, by ascending metric.
	pub means: BoundedVec<(u16, i64), ConstU32<MAX_METRICS>>,
}

/// The sums of which a [`Score`] is made. Parts are summed in billionths.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Tally {
	/// Which [`SCORE_PERIODS`] periods, counted since 1970.
	pub number: u64,
	/// The period then.
	pub period: Millis,
	/// See [`Score`].
	pub reports: u32,
	/// See [`Score`].
	pub missed: u32,
	/// See [`Score`].
	pub gaps: u32,
	/// Of every report.
	pub cadence: u64,
	/// Of every report.
	pub continuity: u64,
	/// Of the reports with readings, and how many they are.
	pub plausibility: (u64, u32),
	/// Of the reports that were compared, and how many they are.
	pub neighbours: (u64, u32),
	/// Of every report.
	pub quality: u64,
	/// All that was wrong.
	pub reasons: Reasons,
}

impl Tally {
	/// Nothing, of the periods with this number.
	pub fn new(number: u64, period: Millis) -> Self {
		Self {
			number,
			period,
			reports: 0,
			missed: 0,
			gaps: 0,
			cadence: 0,
			continuity: 0,
			plausibility: (0, 0),
			neighbours: (0, 0),
			quality: 0,
			reasons: Reasons::default(),
		}
	}

	/// The number of the periods that hold this time.
	pub fn number_of(time: Millis, period: Millis) -> u64 {
		time.checked_div(period.saturating_mul(SCORE_PERIODS)).unwrap_or_default()
	}

	/// The first millisecond.
	pub fn start(&self) -> Millis {
		self.number.saturating_mul(self.length())
	}

	/// The first millisecond after.
	pub fn end(&self) -> Millis {
		self.start().saturating_add(self.length())
	}

	fn length(&self) -> Millis {
		self.period.saturating_mul(SCORE_PERIODS)
	}

	/// Counts the periods that fit into the time between these two, of which it minds its own part.
	pub fn miss(&mut self, from: Millis, to: Millis) {
		let (from, to) = (from.max(self.start()), to.min(self.end()));
		let missed = to.saturating_sub(from).checked_div(self.period).unwrap_or_default();
		if missed > 0 {
			// No more than the periods of a tally; qed.
			self.missed = self.missed.saturating_add(missed as u32);
			self.reasons.add(Reason::Missed);
		}
	}
}

/// The mean of parts that sum up to so many billionths.
fn mean(sum: u64, count: u32) -> Perbill {
	Perbill::from_parts(
		sum.checked_div(count.into()).and_then(|mean| u32::try_from(mean).ok()).unwrap_or(0),
	)
}

impl From<&Tally> for Score {
	fn from(tally: &Tally) -> Self {
		let expected = tally.reports.saturating_add(tally.missed);
		let links = tally.reports.saturating_add(tally.gaps);
		let of = |(sum, count): (u64, u32)| (count > 0).then(|| mean(sum, count));
		Self {
			start: tally.start(),
			end: tally.end(),
			reports: tally.reports,
			missed: tally.missed,
			gaps: tally.gaps,
			cadence: mean(tally.cadence, expected),
			continuity: mean(tally.continuity, links),
			plausibility: of(tally.plausibility),
			neighbours: of(tally.neighbours),
			quality: mean(tally.quality, expected),
			reasons: tally.reasons.clone(),
		}
	}
}

/// The key of a [`Bucket`]: a slot's place in the ring is what remains of its number.
pub fn ring_place(slot: u64) -> u8 {
	// Less than `SLOTS`, which fits; qed.
	(slot % SLOTS) as u8
}

/// The lot of an owner or of a device in a bucket's draw.
pub fn lot(seed: Tag, whose: Tag) -> u64 {
	u64::from_be_bytes(Tag::of(&(seed, whose)).0)
}
