#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
	not(test),
	warn(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)
)]
#![doc = include_str!("../README.md")]

extern crate alloc;

mod accept;
mod batch;
#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarking;
mod check;
mod copying;
mod cost;
mod error;
mod history;
mod metrics;
#[cfg(test)]
mod mock;
mod neighbours;
mod score;
mod tally;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "try-runtime", test))]
mod try_state;
pub mod types;
pub mod weights;

pub use pallet::*;
pub use weights::WeightInfo;

/// Number of blocks for which the pool holds a feeless report before it validates the report again.
pub const LONGEVITY: u64 = 64;

/// Batch of reports, at most [`Config::MaxBatch`].
pub type Batch<T> =
	frame_support::BoundedVec<depin_primitives::report::BatchItem, <T as pallet::Config>::MaxBatch>;

/// Record of a device, in which this pallet keeps the device's [`types::DeviceState`] from its
/// first report on.
pub(crate) type RecordOf<T> = <<T as Config>::Devices as depin_primitives::traits::Devices<
	<T as frame_system::Config>::AccountId,
>>::Record;

#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use crate::{
		check::Shared,
		cost::Extras,
		types::{Bucket, DeviceState, LimitsOf, MetricEntry},
	};
	#[cfg(feature = "runtime-benchmarks")]
	use depin_primitives::traits::BenchmarkHelper;
	use depin_primitives::{
		metric::{Metric, MetricLimits},
		report::{AcceptedReport, Readings, ReportError, SignedReport},
		traits::{Devices, Ledger},
		Balance, Cell, DeviceId, MetricId, NetworkId, H256,
	};
	use frame_support::{
		pallet_prelude::*,
		traits::{
			fungible::{Inspect, Mutate, MutateHold},
			Time,
		},
		weights::WeightMeter,
	};
	use frame_system::{ensure_authorized, pallet_prelude::*};

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config<Hash = H256, RuntimeEvent: From<Event<Self>>> {
		/// Currency in which the deposits for metrics are held.
		type Currency: Inspect<Self::AccountId, Balance = Balance>
			+ Mutate<Self::AccountId>
			+ MutateHold<Self::AccountId, Reason = Self::RuntimeHoldReason>;

		/// Hold reasons of the runtime.
		type RuntimeHoldReason: From<HoldReason>;

		/// Devices, and their networks' policies.
		type Devices: Devices<
			Self::AccountId,
			Record: AsRef<Option<DeviceState>> + AsMut<Option<DeviceState>>,
		>;

		/// Ledger in which points are credited.
		type Ledger: Ledger<RecordOf<Self>>;

		/// Clock of the chain, in milliseconds since the Unix epoch.
		type Time: Time<Moment = u64>;

		/// Amount held of the account that registers a metric. Governance may change this amount;
		/// each metric stores what is held for it.
		type MetricDeposit: Get<Balance>;

		/// Greatest number of metrics of a network.
		#[pallet::constant]
		type MaxMetrics: Get<u32>;

		/// Greatest number of reports in a batch.
		#[pallet::constant]
		type MaxBatch: Get<u32>;

		/// Hash of the chain's first block, which every signature covers.
		type GenesisHash: Get<H256>;

		/// Weights of the calls and hooks.
		type WeightInfo: WeightInfo;

		/// Set-up of benchmarks that need the state of other pallets.
		#[cfg(feature = "runtime-benchmarks")]
		type BenchmarkHelper: BenchmarkHelper<Self::AccountId>;
	}

	/// Reasons for which a balance is held.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// Deposit for a metric, held of the account that registered it.
		#[codec(index = 0)]
		MetricDeposit,
	}

	/// Metrics of each network but their limits, by network and number.
	///
	/// Written by [`Pallet::register_metric`], removed by [`Pallet::remove_metric`]. Nobody can
	/// grind the keys: the chain numbers networks, and a metric's number has two bytes and costs
	/// its admin a deposit.
	#[pallet::storage]
	pub type Metrics<T: Config> = StorageDoubleMap<
		_,
		Twox64Concat,
		NetworkId,
		Twox64Concat,
		MetricId,
		MetricEntry<T::AccountId>,
	>;

	/// Limits of each network's metrics, by ascending number; no entry for a network without
	/// metrics. One item for all, because each report is checked against them.
	///
	/// Written by [`Pallet::register_metric`], [`Pallet::update_metric`] and
	/// [`Pallet::remove_metric`], which removes the entry with the last metric.
	#[pallet::storage]
	pub type Limits<T: Config> = StorageMap<_, Twox64Concat, NetworkId, LimitsOf<T>, ValueQuery>;

	/// Samples of devices with which their neighbours are compared, by network, neighbourhood cell
	/// and index of the slot in the ring of slots.
	///
	/// Written when a report is accepted. Overwritten by a later slot of the same index, or removed
	/// by [`Hooks::on_idle`] once no report can be compared with the bucket.
	#[pallet::storage]
	pub type Buckets<T> = StorageMap<_, Blake2_128Concat, (NetworkId, Cell, u8), Bucket>;

	/// Key of the bucket that was inspected last for removal.
	///
	/// Written by [`Hooks::on_idle`], removed when the last of the [`Buckets`] has been inspected.
	#[pallet::storage]
	pub type PruneCursor<T> = StorageValue<_, (NetworkId, Cell, u8)>;

	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	// Most events are the large `ReportAccepted`: a box would save nothing.
	#[allow(clippy::large_enum_variant)]
	pub enum Event<T: Config> {
		/// Report accepted, and its points credited.
		#[codec(index = 0)]
		ReportAccepted(AcceptedReport),
		/// Report of a batch refused.
		#[codec(index = 1)]
		ReportRefused {
			/// Index of the report in the batch, from 0.
			index: u32,
			/// Device that the report names. Its signature need not be valid.
			device: DeviceId,
			/// Sequence that the report names.
			sequence: u64,
			/// Reason of the refusal.
			error: ReportError,
		},
		/// Metric registered.
		#[codec(index = 2)]
		MetricRegistered {
			/// Network of the metric.
			network: NetworkId,
			/// Number of the metric.
			id: MetricId,
			/// Name, unit, decimals and limits.
			metric: Metric,
		},
		/// Limits of a metric changed, for all reports from now on.
		#[codec(index = 3)]
		MetricUpdated {
			/// Network of the metric.
			network: NetworkId,
			/// Number of the metric.
			id: MetricId,
			/// New limits.
			limits: MetricLimits,
		},
		/// Metric removed, and its deposit released.
		#[codec(index = 4)]
		MetricRemoved {
			/// Network of the metric.
			network: NetworkId,
			/// Number of the metric.
			id: MetricId,
		},
	}

	#[pallet::error]
	pub enum Error<T> {
		/// Report for another chain.
		#[codec(index = 0)]
		WrongChain,
		/// No device with this id.
		#[codec(index = 1)]
		UnknownDevice,
		/// Device that is retiring.
		#[codec(index = 2)]
		DeviceNotActive,
		/// Report that has been accepted already, byte for byte.
		#[codec(index = 3)]
		Duplicate,
		/// Sequence not above that of the device's last accepted report.
		#[codec(index = 4)]
		StaleSequence,
		/// Window that ends at or before its start.
		#[codec(index = 5)]
		EmptyWindow,
		/// Window longer than the network's `max_window`.
		#[codec(index = 6)]
		WindowTooLong,
		/// Window that ends further ahead of the chain's clock than the network's `max_skew`.
		#[codec(index = 7)]
		WindowInFuture,
		/// Window that ended longer ago than the network's `max_age`, or before the device was
		/// registered.
		#[codec(index = 8)]
		WindowTooOld,
		/// Window that overlaps that of the device's last accepted report.
		#[codec(index = 9)]
		WindowOverlaps,
		/// Report less than the network's `min_interval` after the last accepted one.
		#[codec(index = 10)]
		TooSoon,
		/// Summaries that are not in ascending order of metric, or name one twice.
		#[codec(index = 11)]
		MetricsOutOfOrder,
		/// Summary that no readings can have.
		#[codec(index = 12)]
		InvalidSummary,
		/// Counts of readings that do not agree.
		#[codec(index = 13)]
		CountMismatch,
		/// Reading whose time is outside the window.
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
		/// Paused network of the device.
		#[codec(index = 18)]
		NetworkPaused,
		/// No metric of this number in the network: register it first, or take another number.
		#[codec(index = 19)]
		UnknownMetric,
		/// Sequence more than 2⁵² above that of the last accepted report: go on from that one.
		/// After a rotation of the key sequences start anew.
		#[codec(index = 20)]
		SequenceTooFar,
		/// Flag that this chain does not know: set no bit but that of inline readings.
		#[codec(index = 21)]
		UnknownFlags,
		/// Report with no reading, or more than 64, that says that they travel inline.
		#[codec(index = 22)]
		NotInline,
		/// Report that says that its readings travel inline, without them: hand them in with it.
		#[codec(index = 23)]
		ReadingsMissing,
		/// Readings of a report that only commits to them: hand in the report without them.
		#[codec(index = 24)]
		ReadingsNotExpected,
		/// Readings that are not in strictly ascending order of time and metric.
		#[codec(index = 25)]
		ReadingsOutOfOrder,
		/// Data digests that are not in strictly ascending order of kind, or one of kind zero.
		#[codec(index = 26)]
		DigestsOutOfOrder,
		/// No network of this number.
		#[codec(index = 32)]
		UnknownNetwork,
		/// Account that is not the network's admin.
		#[codec(index = 33)]
		NotAdmin,
		/// Number of a metric that the network has already: remove that metric first, or take
		/// another number.
		#[codec(index = 34)]
		MetricExists,
		/// No room for another metric in the network: remove one first.
		#[codec(index = 35)]
		TooManyMetrics,
		/// Name that SenML does not allow. A name has letters, digits and `-:./_`, a letter or
		/// digit first (RFC 8428, section 4.5.1).
		#[codec(index = 36)]
		BadName,
		/// Unit that is no primary unit of SenML's registry (RFC 8428, section 12.1; RFC 8798,
		/// section 2): take the quantity's primary unit, such as `Pa` for `hPa`, and decimals.
		#[codec(index = 37)]
		UnknownUnit,
		/// More than 18 decimals.
		#[codec(index = 38)]
		TooManyDecimals,
		/// Least value above the greatest, or stuck limit of 0, which no reading can meet.
		#[codec(index = 39)]
		BadLimits,
		/// Batch without reports.
		#[codec(index = 40)]
		EmptyBatch,
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Accepts a device's report, free of charge.
		///
		/// ## Dispatch Origin
		///
		/// Authorized: a general transaction, which the runtime admits because the device's
		/// signature on the report is valid and the report would be accepted now.
		///
		/// ## Details
		///
		/// - `signed`: report and its device's signature.
		/// - `readings`: readings of the report, if it says that they travel inline, and none
		///   otherwise. The device signs which of both.
		///
		/// ## Errors
		///
		/// The checks come in the order of this list. A report that fails one never enters a block:
		/// the pool answers `Custom error: N`, with the number of the error.
		///
		/// - [`Error::WrongChain`]: the genesis prefix is that of another chain.
		/// - [`Error::UnknownDevice`]: no device has the report's device id.
		/// - [`Error::DeviceNotActive`]: the device is retiring.
		/// - [`Error::Duplicate`]: this report was accepted as the device's last one.
		/// - [`Error::StaleSequence`]: the sequence is not above the last one under the same key.
		/// - [`Error::SequenceTooFar`]: the sequence is more than 2⁵² above the last one under the
		///   same key. That of a key's first report is at most 2⁵².
		/// - [`Error::EmptyWindow`]: the window ends at or before its start.
		/// - [`Error::MetricsOutOfOrder`]: the summaries are not in ascending order of metric.
		/// - [`Error::InvalidSummary`]: no readings can have one of the summaries.
		/// - [`Error::CountMismatch`]: the summaries, the report and the readings, if they are
		///   given, do not have the same count.
		/// - [`Error::RootMismatch`]: the root is zero and the count is not, or the other way
		///   round.
		/// - [`Error::UnknownFlags`]: a flag is set that this chain does not know.
		/// - [`Error::NotInline`]: the report says that its readings travel inline, and has none or
		///   more than 64.
		/// - [`Error::DigestsOutOfOrder`]: the data digests are not in ascending order of kind.
		/// - [`Error::NetworkPaused`]: the device's network is paused.
		/// - [`Error::WindowTooLong`]: the window is longer than the network's `max_window`.
		/// - [`Error::WindowInFuture`]: the window ends later than `max_skew` from now.
		/// - [`Error::WindowTooOld`]: the window ended earlier than `max_age` before now, or before
		///   the device was registered.
		/// - [`Error::WindowOverlaps`]: the window begins before the last report's ended.
		/// - [`Error::TooSoon`]: the last report was accepted less than `min_interval` before now.
		/// - [`Error::UnknownMetric`]: the network has no metric of a number that is summed up.
		/// - [`Error::ReadingsMissing`], [`Error::ReadingsNotExpected`]: the readings are not
		///   handed in as the device has signed.
		/// - [`Error::ReadingsOutOfOrder`]: the readings are not in order of time and metric.
		/// - [`Error::ReadingOutsideWindow`]: a reading's time is not in the window.
		/// - [`Error::SummaryMismatch`]: the summaries are not those of the readings.
		/// - [`Error::RootMismatch`]: the root is not that of the readings.
		/// - [`Error::BadSignature`]: the signature is not by the device's current key.
		///
		/// ## Events
		///
		/// Emits [`Event::ReportAccepted`].
		#[pallet::call_index(0)]
		#[pallet::weight(
			Pallet::<T>::weight_of_report(cost::size(signed, readings), Extras::MOST)
		)]
		#[pallet::weight_of_authorize(
			Pallet::<T>::weight_of_authorization(cost::size(signed, readings))
		)]
		#[pallet::authorize(Self::authorize_report)]
		pub fn report(
			origin: OriginFor<T>,
			signed: SignedReport,
			readings: Option<Readings>,
		) -> DispatchResultWithPostInfo {
			ensure_authorized(origin)?;
			let size = cost::size(&signed, &readings);
			// The device, its policy and its last report must be read in any case to accept the
			// report, so that skipping their checks as well would save next to nothing.
			let consistent =
				Self::check_state(&signed, &mut Shared::new()).map_err(Error::<T>::from)?;
			let verified = consistent.verified_by_authorization();
			let extras = Self::accept(verified, signed.report, readings);
			Ok(Some(Self::weight_of_report(size, extras)).into())
		}

		/// Accepts a device's report from a gateway, which pays the fee.
		///
		/// ## Dispatch Origin
		///
		/// Signed by any account: the device's signature alone says whose report it is.
		///
		/// ## Details
		///
		/// - `signed`: report and its device's signature.
		/// - `readings`: readings that the report commits to, to publish them with it.
		///
		/// The fee is charged for a refused report as well.
		///
		/// ## Errors
		///
		/// Those of [`Pallet::report`], in the same order.
		///
		/// ## Events
		///
		/// Emits [`Event::ReportAccepted`].
		#[pallet::call_index(1)]
		#[pallet::weight(Pallet::<T>::weight_of_submission(cost::size(signed, readings)))]
		pub fn submit_report(
			origin: OriginFor<T>,
			signed: SignedReport,
			readings: Option<Readings>,
		) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			let size = cost::size(&signed, &readings);
			let verified = Self::check_state(&signed, &mut Shared::new())
				.and_then(|consistent| consistent.verify(&signed, readings.as_ref()))
				.map_err(Error::<T>::from)?;
			let verification = cost::beyond_ed25519::<T>(verified.scheme());
			let extras = Self::accept(verified, signed.report, readings);
			Ok(Some(Self::submission(size, extras, verification)).into())
		}

		/// Accepts or refuses many devices' reports from a gateway, which pays the fee.
		///
		/// ## Dispatch Origin
		///
		/// Signed by any account: each device's signature alone says whose report it is.
		///
		/// ## Details
		///
		/// - `batch`: reports, at most [`Config::MaxBatch`]. Each is accepted or refused for
		///   itself, in order, by the checks of [`Pallet::report`].
		///
		/// The fee for work that the reports could have made and did not is refunded: comparisons
		/// with neighbours, other networks, settlements, and the second verification of Ed25519
		/// signatures, which are verified together first.
		///
		/// ## Errors
		///
		/// - [`Error::EmptyBatch`]: the batch has no reports.
		///
		/// A refused report does not make the call fail.
		///
		/// ## Events
		///
		/// Emits [`Event::ReportAccepted`] or [`Event::ReportRefused`] for each report.
		#[pallet::call_index(2)]
		#[pallet::weight(Pallet::<T>::weight_of_batch(batch))]
		pub fn submit_reports(origin: OriginFor<T>, batch: Batch<T>) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			ensure!(!batch.is_empty(), Error::<T>::EmptyBatch);
			Ok(Some(Self::take_batch(batch)).into())
		}

		/// Registers a metric, so that its network's devices can report it.
		///
		/// ## Dispatch Origin
		///
		/// Signed by the network's admin, of whose balance [`Config::MetricDeposit`] is held.
		///
		/// ## Details
		///
		/// - `network`: number of the network.
		/// - `id`: number by which readings name the metric.
		/// - `metric`: name, unit, decimals and limits of the metric. Name, unit and decimals never
		///   change, because they say what published values mean: register another metric instead.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownNetwork`]: no network has this number, or the network is closed.
		/// - [`Error::NotAdmin`]: the caller is not the network's admin.
		/// - [`Error::BadName`]: SenML does not allow the name.
		/// - [`Error::UnknownUnit`]: SenML has no such primary unit.
		/// - [`Error::TooManyDecimals`]: the metric has more than 18 decimals.
		/// - [`Error::BadLimits`]: no reading can meet the limits.
		/// - [`Error::MetricExists`]: the network has a metric of this number.
		/// - [`Error::TooManyMetrics`]: the network has [`Config::MaxMetrics`] metrics.
		/// - The currency's error, if the caller cannot pay the deposit.
		///
		/// ## Events
		///
		/// Emits [`Event::MetricRegistered`].
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::register_metric())]
		pub fn register_metric(
			origin: OriginFor<T>,
			network: NetworkId,
			id: MetricId,
			metric: Metric,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_register_metric(who, network, id, metric)
		}

		/// Replaces a metric's limits, for all reports that are accepted later.
		///
		/// ## Dispatch Origin
		///
		/// Signed by the network's admin.
		///
		/// ## Details
		///
		/// - `network`: number of the network.
		/// - `id`: number of the metric.
		/// - `limits`: new limits, which replace all of the old ones.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownNetwork`]: no network has this number, or the network is closed.
		/// - [`Error::NotAdmin`]: the caller is not the network's admin.
		/// - [`Error::UnknownMetric`]: the network has no metric of this number.
		/// - [`Error::BadLimits`]: no reading can meet the limits.
		///
		/// ## Events
		///
		/// Emits [`Event::MetricUpdated`].
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::update_metric())]
		pub fn update_metric(
			origin: OriginFor<T>,
			network: NetworkId,
			id: MetricId,
			limits: MetricLimits,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_update_metric(who, network, id, limits)
		}

		/// Removes a metric, and releases its deposit to the account that registered it.
		///
		/// ## Dispatch Origin
		///
		/// Signed by the network's admin, or by any account if the network is closed.
		///
		/// ## Details
		///
		/// - `network`: number of the network.
		/// - `id`: number of the metric. Reports that sum it up are refused from now on.
		///
		/// ## Errors
		///
		/// - [`Error::NotAdmin`]: the network is not closed, and the caller is not its admin.
		/// - [`Error::UnknownMetric`]: the network has no metric of this number.
		///
		/// ## Events
		///
		/// Emits [`Event::MetricRemoved`].
		#[pallet::call_index(5)]
		#[pallet::weight(T::WeightInfo::remove_metric())]
		pub fn remove_metric(
			origin: OriginFor<T>,
			network: NetworkId,
			id: MetricId,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_remove_metric(who, network, id)
		}
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		/// Removes buckets with which no report can be compared any more.
		fn on_idle(_: BlockNumberFor<T>, remaining: Weight) -> Weight {
			let mut meter = WeightMeter::with_limit(remaining);
			Self::prune(&mut meter);
			meter.consumed()
		}

		/// Checks that the largest report and the largest batch fit into a block, and that no limit
		/// is 0.
		fn integrity_test() {
			let readings = depin_primitives::report::MAX_INLINE_READINGS;
			let most = T::BlockWeights::get()
				.get(DispatchClass::Normal)
				.max_extrinsic
				.unwrap_or(T::BlockWeights::get().max_block);
			let largest = (depin_primitives::report::MAX_METRICS, readings);
			let feeless = Self::weight_of_report(largest, Extras::MOST)
				.saturating_add(Self::weight_of_authorization(largest));
			assert!(
				feeless.all_lte(most) && Self::weight_of_submission(largest).all_lte(most),
				"a report with the most readings that it may carry must fit into a block, or its \
				 device could never send it"
			);

			let metrics = depin_primitives::report::MAX_METRICS;
			let sizes = (0..T::MaxBatch::get() as usize).map(|_| (metrics, 0));
			let batch = Self::most_of_sizes(sizes);
			assert!(
				batch.all_lte(most),
				"a batch of the most reports must fit into a block, or no gateway could ever send it"
			);
			assert!(
				T::MaxBatch::get() > 0 && T::MaxMetrics::get() > 0,
				"MaxBatch or MaxMetrics is 0: no report could be sent in a batch, or none with readings"
			);
			assert!(
				T::MetricDeposit::get() > 0,
				"MetricDeposit is 0: metrics would cost nothing, and nobody would ever clear them away"
			);

			let length = SignedReport::max_encoded_len()
				.saturating_add(Option::<Readings>::max_encoded_len());
			let room = *T::BlockLength::get().max.get(DispatchClass::Normal) as usize;
			assert!(
				length < room,
				"the bytes of a report with the most readings that it may carry must fit into a \
				 block, or its device could never send it"
			);
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}
}
