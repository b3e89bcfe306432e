//! Types of the pallet's storage.

pub use crate::tally::{PartSum, PastScore, ReasonSet, Tally};
use crate::Config;
use codec::{Decode, Encode, MaxEncodedLen};
use depin_primitives::{
	hashing::blake2_256,
	metric::{Metric, MetricLimits, MetricName, MetricUnit},
	quality::{Perbill, Reason},
	report::{LastReport, MAX_METRICS},
	Balance, BlockNumber, Cell, MetricId, Millis,
};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;

/// Greatest number of devices in the sample of one neighbourhood cell and one slot. Bound of a
/// stored vector: a lower number would make stored buckets undecodable.
pub const MAX_SAMPLES: u32 = 16;

/// Number of slots in the ring of a neighbourhood cell: the bucket of a slot is overwritten by the
/// bucket of the slot that comes `SLOTS` slots later.
pub const SLOTS: u64 = 8;

/// Greatest number of buckets that [`Hooks::on_idle`](frame_support::traits::Hooks::on_idle)
/// inspects in one block.
pub const PRUNE_LIMIT: u32 = 16;

/// First 8 bytes of a blake2-256 hash. Enough to tell devices, owners and keys apart: two accounts
/// with one short hash count as one owner, which harms only those who made them alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct ShortHash(pub [u8; 8]);

impl ShortHash {
	/// Returns the short hash of the SCALE bytes of `value`.
	pub fn of(value: &impl Encode) -> Self {
		let [a, b, c, d, e, f, g, h, ..] = value.using_encoded(blake2_256).0;
		Self([a, b, c, d, e, f, g, h])
	}
}

/// Limits of all metrics of a network, by ascending number.
pub type LimitsOf<T> = BoundedVec<(MetricId, MetricLimits), <T as Config>::MaxMetrics>;

/// Metric of a network without its limits, with its deposit.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct MetricEntry<AccountId> {
	/// Name of the metric.
	pub name: MetricName,
	/// Unit of the metric.
	pub unit: MetricUnit,
	/// Number of decimals of the metric's values.
	pub decimals: u8,
	/// Account that registered the metric and gets the deposit back.
	pub depositor: AccountId,
	/// Amount held of the depositor's balance.
	pub deposit: Balance,
}

impl<AccountId> MetricEntry<AccountId> {
	/// Returns the metric with these limits.
	pub fn with_limits(self, limits: MetricLimits) -> Metric {
		let Self { name, unit, decimals, .. } = self;
		Metric { name, unit, decimals, limits }
	}
}

/// State of a device that has reported: all that the checks and the scoring of its next report
/// need. This pallet's part of the device's record, written when a report is accepted, and removed
/// with the record.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct DeviceState {
	/// Last accepted report.
	pub last: LastReport,
	/// Short hash of the key that signed `last`. If the device's key changes, its sequence numbers
	/// start again.
	pub signer: ShortHash,
	/// State of each metric of `last`, by ascending metric.
	pub metrics: MetricStates,
	/// Cell and slot in which `last` is compared with its neighbours; `None` if it never is.
	pub place: Option<Place>,
	/// Suspicion that the device copies a neighbour.
	pub suspicion: Option<CopySuspicion>,
	/// Neighbour verdict on work that was paid before the neighbours had reported. It is applied to
	/// later work, until as much work was scored with it as it was computed from.
	pub verdict: Option<NeighbourVerdict>,
	/// Tally of the current span.
	pub tally: Tally,
	/// Score of the last span before the current one in which the device reported.
	pub previous_score: Option<PastScore>,
}

/// Unsigned number of 64 bits in the size of one of 16: 10 bits of fraction and 6 of exponent, as
/// in a floating-point number.
///
/// Exact below 2¹¹. A greater number is rounded up, by less than one part in 2¹⁰: the bounds that
/// are stored in this form never prove a fault that the exact ones would not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct RoundedUp(u16);

impl RoundedUp {
	/// Number of bits of the fraction.
	const FRACTION: u32 = 10;

	/// Returns the least number of this form that is at least `value`; the greatest one that fits
	/// 64 bits if there is none.
	pub fn of(value: u64) -> Self {
		// The bits below the fraction and its leading one are cut off: at most 53 of 64.
		let cut = (u64::BITS.saturating_sub(value.leading_zeros()))
			.saturating_sub(Self::FRACTION.saturating_add(1));
		let kept = value >> cut;
		let is_exact = kept << cut == value;
		// Below 2¹¹. With the leading one, a number of 11 bits adds one to the exponent: exponent 0
		// is that of numbers without a leading one, and numbers below 2¹¹ are stored as they are. A
		// carry from rounding goes into the exponent, and gives the next greater number. The
		// greatest exponent is 54, of 6 bits: the sum fits; qed.
		let stored = ((cut << Self::FRACTION) as u16).saturating_add(kept as u16);
		Self(stored.saturating_add(u16::from(!is_exact)))
	}

	/// Returns the number.
	pub fn get(self) -> u64 {
		let exponent = u32::from(self.0 >> Self::FRACTION);
		let fraction = u64::from(self.0) & ((1 << Self::FRACTION) - 1);
		let Some(cut) = exponent.checked_sub(1) else { return fraction };
		let kept = fraction | (1 << Self::FRACTION);
		kept.checked_shl(cut).filter(|value| value >> cut == kept).unwrap_or(u64::MAX)
	}
}

/// State of one metric of a device after a report. Values are fixed-point, with the metric's
/// decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct MetricState {
	/// Number of the metric in its network.
	pub metric: MetricId,
	/// Lower bound of the last reading.
	pub low: i64,
	/// Distance of the upper bound from the lower one; zero if the reading came with the report.
	pub width: RoundedUp,
	/// Mean of the report's readings.
	pub mean: i64,
	/// Lower bound of the number of equal readings in a row, up to and with the last one.
	/// Saturates: a longer run is not told from one of 65,535 readings.
	pub run: u16,
	/// Tolerance of the metric's limits when the report was accepted: the distance from the
	/// neighbours' median up to which the mean agrees. `None`: the metric is not compared.
	pub tolerance: Option<RoundedUp>,
}

impl MetricState {
	/// Returns the upper bound of the last reading.
	pub fn high(&self) -> i64 {
		self.low.saturating_add_unsigned(self.width.get())
	}

	/// Returns the tolerance, if the metric is compared.
	pub fn tolerance(&self) -> Option<u64> {
		self.tolerance.map(RoundedUp::get)
	}
}

/// States of a report's metrics, by ascending metric.
pub type MetricStates = BoundedVec<MetricState, ConstU32<MAX_METRICS>>;

/// Neighbourhood cell and slot in which a report is compared with its neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Place {
	/// Cell of the network's neighbourhood resolution that contains the device's cell.
	pub cell: Cell,
	/// Number of the slot, a `period` long and counted from the Unix epoch, in which the window
	/// ended.
	pub slot: u64,
	/// Block that accepted the report.
	pub block: BlockNumber,
}

/// Suspicion that a device copies the values of a neighbour: see `detect_copying`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct CopySuspicion {
	/// Suspected original, by its id.
	pub device: ShortHash,
	/// Strength of the suspicion: reports that were near the original's, less those that were not.
	pub count: u8,
}

/// Agreement of a device with its neighbours, about a certain amount of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct NeighbourVerdict {
	/// Neighbours part of the quality, from zero (disagrees or copies) to one (agrees).
	pub part: Perbill,
	/// Credited work that the verdict was computed from and that no later work has made up for yet.
	pub work: u64,
	/// Reason for which `part` is below one.
	pub reason: Option<Reason>,
}

/// Sample of the devices of one neighbourhood cell that reported in one slot: at most one device of
/// each owner, and at most [`MAX_SAMPLES`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Bucket {
	/// Number of the slot.
	pub slot: u64,
	/// Time from which no report is compared with this bucket, so that it can be removed.
	pub until: Millis,
	/// Seed of the ranks by which the sample is drawn: hash of the parent of the block that
	/// accepted the slot's first report, and of the bucket's key.
	pub seed: ShortHash,
	/// Devices of the sample, in no particular order.
	pub samples: BoundedVec<Sample, ConstU32<MAX_SAMPLES>>,
}

/// Values of one device in one slot.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Sample {
	/// Owner of the device when its report was accepted, by account.
	pub owner: ShortHash,
	/// Device, by its id.
	pub device: ShortHash,
	/// Block that accepted the report.
	pub block: BlockNumber,
	/// Mean of each metric within its bounds that is compared, by ascending metric.
	pub means: BoundedVec<(MetricId, i64), ConstU32<MAX_METRICS>>,
}

impl Sample {
	/// Returns the mean of the metric, if the sample has one.
	pub fn mean_of(&self, metric: MetricId) -> Option<i64> {
		let at = self.means.binary_search_by_key(&metric, |(metric, _)| *metric).ok()?;
		self.means.get(at).map(|(_, mean)| *mean)
	}
}

/// Returns the slot's index in the ring of its cell, which is part of the key of the slot's
/// [`Bucket`].
pub fn ring_index(slot: u64) -> u8 {
	// Less than `SLOTS`, which fits; qed.
	(slot % SLOTS) as u8
}

/// Returns the rank of an owner, or of one of an owner's devices, in the draw of a bucket's sample.
/// The lowest ranks win. The rank is a hash, so that neither an early report nor a second device of
/// the same owner improves it.
pub fn draw_rank(seed: ShortHash, candidate: ShortHash) -> u64 {
	u64::from_be_bytes(ShortHash::of(&(seed, candidate)).0)
}
