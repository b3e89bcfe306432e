//! Tallies: the running sums from which a device's score is computed.

use codec::{Decode, Encode, MaxEncodedLen};
use depin_primitives::{
	quality::{Perbill, Quality, Reason, Reasons, Score, SCORE_PERIODS},
	Millis,
};
use scale_info::TypeInfo;

/// Running sums of a device's reports over one *span*: [`SCORE_PERIODS`] periods of its network, a
/// day if the period is an hour.
///
/// Spans are counted from the Unix epoch. A report belongs to the span in which its window ends,
/// and adds each part of its quality to the sums. `missed` counts the whole periods that fit into
/// the span between two consecutive windows. `gaps` counts the skipped sequence numbers that
/// `score::continuity` takes for lost reports. A missed period counts in the means of cadence and
/// quality, and a gap in the mean of continuity, as a report with the part zero. The device's
/// [`Score`] consists of these means, so a tally never grows with the number of reports. A span
/// without a report leaves no tally.
///
/// Sums of parts are in billionths of one (`Perbill`), and saturate.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Tally {
	/// Number of the span: it covers `number × length .. (number + 1) × length`.
	pub number: u64,
	/// Period of the network when the span began for this device.
	pub period: Millis,
	/// Number of reports accepted.
	pub reports: u32,
	/// Number of periods within the span that no report covers.
	pub missed: u8,
	/// Number of sequence numbers skipped because reports were lost.
	pub gaps: u32,
	/// Sum of the cadence of all reports.
	pub cadence: u64,
	/// Sum of the continuity of all reports.
	pub continuity: u64,
	/// Sum of the plausibility of the reports with readings.
	pub plausibility: PartSum,
	/// Sum of the neighbours part of the reports that have one.
	pub neighbours: PartSum,
	/// Sum of the total quality of all reports.
	pub quality: u64,
	/// All reasons for which a part of a report was below one, or a period or number is missing.
	pub reasons: ReasonSet,
}

/// Sum of a part that not every report has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct PartSum {
	/// Sum of the part, in billionths of one.
	pub sum: u64,
	/// Number of reports that have the part.
	pub count: u32,
}

impl PartSum {
	/// Adds a report's part; changes nothing if the report does not have it.
	fn add(&mut self, part: Option<Perbill>) {
		if let Some(part) = part {
			add(&mut self.sum, part);
			self.count = self.count.saturating_add(1);
		}
	}

	/// Returns the mean of the part; `None` if no report has it.
	fn mean(self) -> Option<Perbill> {
		(self.count > 0).then(|| mean(self.sum, self.count))
	}
}

impl Tally {
	/// Returns the empty tally of the span of this number.
	pub fn new(number: u64, period: Millis) -> Self {
		Self {
			number,
			period,
			reports: 0,
			missed: 0,
			gaps: 0,
			cadence: 0,
			continuity: 0,
			plausibility: PartSum::default(),
			neighbours: PartSum::default(),
			quality: 0,
			reasons: ReasonSet::default(),
		}
	}

	/// Returns the empty tally of the span in which a window with this end lies. The end is
	/// exclusive.
	pub fn of_window_end(window_end: Millis, period: Millis) -> Self {
		Self::new(Self::number_of(window_end.saturating_sub(1), period), period)
	}

	/// Returns the number of the span that contains `time`; 0 for a period of no length.
	pub fn number_of(time: Millis, period: Millis) -> u64 {
		time.checked_div(period.saturating_mul(SCORE_PERIODS)).unwrap_or_default()
	}

	/// Returns the first millisecond of the span.
	pub fn start(&self) -> Millis {
		self.number.saturating_mul(self.length())
	}

	/// Returns the first millisecond after the span.
	pub fn end(&self) -> Millis {
		self.start().saturating_add(self.length())
	}

	fn length(&self) -> Millis {
		self.period.saturating_mul(SCORE_PERIODS)
	}

	/// Returns the tally to which the device's next report adds, and the score of the span before.
	///
	/// - `self`: the device's current tally;
	/// - `previous`: the score of the last earlier span in which the device reported;
	/// - `next`: the empty tally of the next report's span;
	/// - `from..to`: the time between the last report's window and the next one's.
	///
	/// If the network's period has changed, the next report begins another span as well, because
	/// sums over periods of different lengths cannot be compared.
	pub fn advance(
		mut self,
		previous: Option<PastScore>,
		mut next: Self,
		from: Millis,
		to: Millis,
	) -> (Self, Option<PastScore>) {
		self.count_missed(from, to);
		if (self.number, self.period) == (next.number, next.period) {
			return (self, previous);
		}
		// The time without a report may lie in both spans: each counts the periods of its own.
		next.count_missed(from, to);
		(next, Some(PastScore::from(&self)))
	}

	/// Adds the number of periods that fit into `from..to` to `missed`, counting only the time
	/// within this tally's span.
	pub fn count_missed(&mut self, from: Millis, to: Millis) {
		let (from, to) = (from.max(self.start()), to.min(self.end()));
		let missed = to.saturating_sub(from).checked_div(self.period).unwrap_or_default();
		if missed > 0 {
			// At most the `SCORE_PERIODS` of a span, since windows do not overlap; qed.
			self.missed = self.missed.saturating_add(u8::try_from(missed).unwrap_or(u8::MAX));
			self.reasons.add(Reason::Missed);
		}
	}

	/// Adds a report of this quality, which skipped `gaps` sequence numbers.
	pub fn add_report(&mut self, quality: &Quality, gaps: u32) {
		self.reports = self.reports.saturating_add(1);
		if gaps > 0 {
			self.gaps = self.gaps.saturating_add(gaps);
			self.reasons.add(Reason::SequenceGap);
		}
		add(&mut self.cadence, quality.cadence);
		add(&mut self.continuity, quality.continuity);
		add(&mut self.quality, quality.total);
		self.plausibility.add(quality.plausibility);
		self.neighbours.add(quality.neighbours);
		quality.reasons.0.iter().for_each(|reason| self.reasons.add(*reason));
	}
}

impl From<&Tally> for PastScore {
	/// Returns the means of the tally. A missed period counts as a report of cadence and quality
	/// zero, a gap as one of continuity zero.
	fn from(tally: &Tally) -> Self {
		let expected = tally.reports.saturating_add(tally.missed.into());
		let links = tally.reports.saturating_add(tally.gaps);
		Self {
			number: tally.number,
			period: tally.period,
			reports: tally.reports,
			missed: tally.missed,
			gaps: tally.gaps,
			cadence: mean(tally.cadence, expected),
			continuity: mean(tally.continuity, links),
			plausibility: tally.plausibility.mean(),
			neighbours: tally.neighbours.mean(),
			quality: mean(tally.quality, expected),
			reasons: tally.reasons,
		}
	}
}

/// Score of a span that is over: the means of its [`Tally`], which need fewer bytes than the sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct PastScore {
	/// Number of the span, as in its [`Tally`].
	pub number: u64,
	/// Period of the network, as in the span's [`Tally`].
	pub period: Millis,
	/// Number of reports accepted.
	pub reports: u32,
	/// Number of periods within the span that no report covers.
	pub missed: u8,
	/// Number of sequence numbers skipped because reports were lost.
	pub gaps: u32,
	/// Mean of the cadence.
	pub cadence: Perbill,
	/// Mean of the continuity.
	pub continuity: Perbill,
	/// Mean of the plausibility; `None` if no report had readings.
	pub plausibility: Option<Perbill>,
	/// Mean of the neighbours part; `None` if no report had it.
	pub neighbours: Option<Perbill>,
	/// Mean of the quality.
	pub quality: Perbill,
	/// All reasons for which a part was below one, or a period or number is missing.
	pub reasons: ReasonSet,
}

impl From<PastScore> for Score {
	fn from(past: PastScore) -> Self {
		let span = Tally::new(past.number, past.period);
		Self {
			start: span.start(),
			end: span.end(),
			reports: past.reports,
			missed: past.missed.into(),
			gaps: past.gaps,
			cadence: past.cadence,
			continuity: past.continuity,
			plausibility: past.plausibility,
			neighbours: past.neighbours,
			quality: past.quality,
			reasons: past.reasons.into(),
		}
	}
}

impl From<&Tally> for Score {
	fn from(tally: &Tally) -> Self {
		PastScore::from(tally).into()
	}
}

/// Set of reasons in two bytes: the bit of a reason is its codec index.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct ReasonSet(u16);

impl ReasonSet {
	/// Adds a reason, unless it is in the set.
	pub fn add(&mut self, reason: Reason) {
		// A codec index is a reason's place in its type, and there are fewer reasons than bits;
		// qed.
		self.0 |= 1u16.checked_shl(reason as u32).unwrap_or_default();
	}
}

impl From<ReasonSet> for Reasons {
	fn from(set: ReasonSet) -> Self {
		let mut reasons = Self::default();
		let held = (0..u16::BITS as u8).filter(|bit| (set.0 >> bit) & 1 == 1);
		held.filter_map(|bit| Reason::decode(&mut &[bit][..]).ok())
			.for_each(|reason| reasons.add(reason));
		reasons
	}
}

/// Adds a part to a sum in billionths.
fn add(sum: &mut u64, part: Perbill) {
	*sum = sum.saturating_add(part.deconstruct().into());
}

/// Returns the mean of `count` parts whose sum is given in billionths, rounded down; zero for none.
fn mean(sum: u64, count: u32) -> Perbill {
	Perbill::from_parts(
		sum.checked_div(count.into()).and_then(|mean| u32::try_from(mean).ok()).unwrap_or(0),
	)
}
