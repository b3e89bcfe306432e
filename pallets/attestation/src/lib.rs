#![cfg_attr(not(feature = "std"), no_std)]
#![doc = include_str!("../README.md")]

extern crate alloc;

mod accept;
mod batch;
#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarking;
mod check;
mod error;
mod history;
mod metrics;
#[cfg(test)]
mod mock;
mod neighbours;
mod score;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "try-runtime", test))]
mod try_state;
pub mod types;
pub mod weights;

pub use check::Checked;
pub use history::PRUNE_LIMIT;
pub use pallet::*;
pub use weights::WeightInfo;

/// The number of blocks for which the pool keeps a report before it asks again.
pub const LONGEVITY: u64 = 64;

/// Reports of a batch.
pub type Batch<T> =
	frame_support::BoundedVec<depin_primitives::report::BatchItem, <T as pallet::Config>::MaxBatch>;

#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use crate::types::{Bucket, MetricEntry, Record};
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
		/// Where the deposits for metrics are held.
		type Currency: Inspect<Self::AccountId, Balance = Balance>
			+ Mutate<Self::AccountId>
			+ MutateHold<Self::AccountId, Reason = Self::RuntimeHoldReason>;

		/// The runtime's reasons for holding.
		type RuntimeHoldReason: From<HoldReason>;

		/// Who the devices are, and their networks' policies.
		type Devices: Devices<Self::AccountId>;

		/// Where work is credited.
		type Ledger: Ledger;

		/// The chain's clock, in milliseconds since the Unix epoch.
		type Time: Time<Moment = u64>;

		/// What is held for a metric, of the account that registers it.
		#[pallet::constant]
		type MetricDeposit: Get<Balance>;

		/// The most metrics that a network can have.
		#[pallet::constant]
		type MaxMetrics: Get<u32>;

		/// The most reports of a batch.
		#[pallet::constant]
		type MaxBatch: Get<u32>;

		/// Hash of the chain's first block, which every signature covers.
		type GenesisHash: Get<H256>;

		/// What the calls cost.
		type WeightInfo: WeightInfo;

		/// Set-up of benchmarks that need the state of other pallets.
		#[cfg(feature = "runtime-benchmarks")]
		type BenchmarkHelper: BenchmarkHelper<Self::AccountId>;
	}

	/// Why a balance is held.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// The deposit for a metric, of who registered it.
		#[codec(index = 0)]
		MetricDeposit,
	}

	/// The metrics of each network, by number. Written by [`Pallet::register_metric`] and
	/// [`Pallet::update_metric`], removed by [`Pallet::remove_metric`]. Networks are numbered in turn,
	/// and a metric's number is two bytes of its admin's choice, who has paid a deposit for it.
	#[pallet::storage]
	pub type Metrics<T: Config> = StorageDoubleMap<
		_,
		Twox64Concat,
		NetworkId,
		Twox64Concat,
		MetricId,
		MetricEntry<T::AccountId>,
	>;

	/// How many metrics each network has; no entry for none. Written by [`Pallet::register_metric`] and
	/// [`Pallet::remove_metric`].
	#[pallet::storage]
	pub type MetricCounts<T> = StorageMap<_, Twox64Concat, NetworkId, u32, ValueQuery>;

	/// What is kept of each device that has reported, by device: its last report, the roots of a few
	/// before that, and what the next one is scored by.
	///
	/// Written when a report is accepted; goes away when the device is reaped. A device's id is a hash,
	/// so its bytes are the key.
	#[pallet::storage]
	pub type Records<T> = StorageMap<_, Identity, DeviceId, Record>;

	/// The values of devices that are compared with their neighbours', by network, cell of the
	/// neighbourhood, and the slot's place in the ring of slots.
	///
	/// Written when a report is accepted; written over by a later slot's, or removed in an idle moment
	/// when they are of no use any more.
	#[pallet::storage]
	pub type Buckets<T> = StorageMap<_, Blake2_128Concat, (NetworkId, Cell, u8), Bucket>;

	/// The last of the [`Buckets`] that was looked at for removal. Written by [`Hooks::on_idle`], removed
	/// when it has come to their end.
	#[pallet::storage]
	pub type PruneCursor<T> = StorageValue<_, (NetworkId, Cell, u8)>;

	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	// Most events are of the large kind: a box would save nothing.
	#[allow(clippy::large_enum_variant)]
	pub enum Event<T: Config> {
		/// A report was accepted, and its work credited.
		#[codec(index = 0)]
		ReportAccepted(AcceptedReport),
		/// A report of a batch was refused.
		#[codec(index = 1)]
		ReportRefused {
			/// Its place in the batch, from 0.
			index: u32,
			/// Who was said to have sent it.
			device: DeviceId,
			/// The sequence that it was said to have.
			sequence: u64,
			/// Why.
			error: ReportError,
		},
		/// A network has a metric more.
		#[codec(index = 2)]
		MetricRegistered {
			/// The network.
			network: NetworkId,
			/// The metric's number.
			id: MetricId,
			/// What it is.
			metric: Metric,
		},
		/// A metric's values have other limits from now on.
		#[codec(index = 3)]
		MetricUpdated {
			/// The network.
			network: NetworkId,
			/// The metric's number.
			id: MetricId,
			/// The limits.
			limits: MetricLimits,
		},
		/// A network has a metric less.
		#[codec(index = 4)]
		MetricRemoved {
			/// The network.
			network: NetworkId,
			/// The metric's number.
			id: MetricId,
		},
	}

	#[pallet::error]
	pub enum Error<T> {
		/// It is meant for another chain.
		#[codec(index = 0)]
		WrongChain,
		/// No device has this id.
		#[codec(index = 1)]
		UnknownDevice,
		/// The device is retiring.
		#[codec(index = 2)]
		DeviceNotActive,
		/// This very report has been accepted already.
		#[codec(index = 3)]
		Duplicate,
		/// Its sequence is not above the last accepted one.
		#[codec(index = 4)]
		StaleSequence,
		/// Its window ends before it begins, or has no length.
		#[codec(index = 5)]
		EmptyWindow,
		/// Its window is longer than the network allows.
		#[codec(index = 6)]
		WindowTooLong,
		/// Its window ends in the future.
		#[codec(index = 7)]
		WindowInFuture,
		/// Its window ended too long ago.
		#[codec(index = 8)]
		WindowTooOld,
		/// Its window overlaps that of the last accepted report.
		#[codec(index = 9)]
		WindowOverlaps,
		/// It follows the last accepted one too soon.
		#[codec(index = 10)]
		TooSoon,
		/// Its summaries are not in order of metric, or name one twice.
		#[codec(index = 11)]
		MetricsOutOfOrder,
		/// A summary that no readings can have.
		#[codec(index = 12)]
		InvalidSummary,
		/// The counts of readings do not agree.
		#[codec(index = 13)]
		CountMismatch,
		/// A reading's time is not in the window.
		#[codec(index = 14)]
		ReadingOutsideWindow,
		/// The summaries are not those of the readings.
		#[codec(index = 15)]
		SummaryMismatch,
		/// The root is not that of the readings.
		#[codec(index = 16)]
		RootMismatch,
		/// The signature is not the device's over this report on this chain.
		#[codec(index = 17)]
		BadSignature,
		/// The device's network is paused.
		#[codec(index = 18)]
		NetworkPaused,
		/// The network has no metric of this number: register it first, or take another.
		#[codec(index = 19)]
		UnknownMetric,
		/// No network has this number.
		#[codec(index = 32)]
		UnknownNetwork,
		/// Only the network's admin can do this.
		#[codec(index = 33)]
		NotAdmin,
		/// The network has a metric of this number: remove it first, or take another number.
		#[codec(index = 34)]
		MetricExists,
		/// The network has as many metrics as it can have: remove one first.
		#[codec(index = 35)]
		TooManyMetrics,
		/// No SenML name: letters, digits and `-:./_`, a letter or digit first (RFC 8428, 4.5.1).
		#[codec(index = 36)]
		BadName,
		/// SenML's registry has no such primary unit (RFC 8428, 12.1; RFC 8798, 2): take the primary unit
		/// of the quantity, such as `Pa` for `hPa`, and decimals.
		#[codec(index = 37)]
		UnknownUnit,
		/// More than 18 decimals.
		#[codec(index = 38)]
		TooManyDecimals,
		/// The least value is above the greatest, or the stuck limit is 0, which no reading can keep.
		#[codec(index = 39)]
		BadLimits,
		/// There are no reports in the batch.
		#[codec(index = 40)]
		EmptyBatch,
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Accepts a device's report, free of charge.
		///
		/// ## Dispatch Origin
		///
		/// None: a general transaction, authorized because the device signed the report and it may be
		/// accepted now.
		///
		/// ## Details
		///
		/// - `signed`: the report and its device's signature.
		/// - `readings`: the readings that the report commits to, if they shall go with it.
		///
		/// ## Events
		///
		/// [`Event::ReportAccepted`].
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::report(Pallet::<T>::inline_readings(readings)))]
		#[pallet::weight_of_authorize(
			T::WeightInfo::authorize_report(Pallet::<T>::inline_readings(readings))
		)]
		#[pallet::authorize(Self::authorize_report)]
		pub fn report(
			origin: OriginFor<T>,
			signed: SignedReport,
			readings: Option<Readings>,
		) -> DispatchResult {
			ensure_authorized(origin)?;
			// The readings and the signature were proved by `authorize_report`, which runs just before
			// this, in the same block and on the same state: no call comes between. The device, its
			// policy and its last report must be read in any case, so their checks are not spared.
			let checked = Self::fit(&signed).map_err(Error::<T>::from)?;
			Self::accept(checked, signed.report, readings);
			Ok(())
		}

		/// Accepts a device's report from a gateway, which pays for it.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by any account: the report is the device's whoever brings it.
		///
		/// ## Details
		///
		/// As [`Pallet::report`]. A report that is refused costs its fee all the same.
		///
		/// ## Events
		///
		/// [`Event::ReportAccepted`].
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::submit_report(Pallet::<T>::inline_readings(readings)))]
		pub fn submit_report(
			origin: OriginFor<T>,
			signed: SignedReport,
			readings: Option<Readings>,
		) -> DispatchResult {
			ensure_signed(origin)?;
			let checked = Self::check(&signed, readings.as_ref()).map_err(Error::<T>::from)?;
			Self::accept(checked, signed.report, readings);
			Ok(())
		}

		/// Takes many devices' reports from a gateway, which pays for them.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by any account: each report is its device's whoever brings it.
		///
		/// ## Details
		///
		/// - `batch`: the reports, at most [`Config::MaxBatch`]. Each is taken or refused by itself, as
		///   by [`Pallet::submit_report`], in their order. Ed25519 signatures are verified together:
		///   when all are good, a part of the fee is not taken.
		///
		/// ## Events
		///
		/// [`Event::ReportAccepted`] or [`Event::ReportRefused`] for each report.
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
		/// Signed, by the network's admin, of whose balance [`Config::MetricDeposit`] is held.
		///
		/// ## Details
		///
		/// - `network`: which network.
		/// - `id`: the number by which readings name it.
		/// - `metric`: what it is, in the words of SenML. Name, unit and decimals never change: to
		///   change them, register another.
		///
		/// ## Events
		///
		/// [`Event::MetricRegistered`].
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

		/// Changes what a metric's values can be. It counts for reports that come after it.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the network's admin.
		///
		/// ## Details
		///
		/// - `network`, `id`: which metric.
		/// - `limits`: the new limits, all of them.
		///
		/// ## Events
		///
		/// [`Event::MetricUpdated`].
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

		/// Removes a metric, and returns its deposit to who registered it. From then on reports that sum
		/// it up are refused.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the network's admin; by anyone if the network is closed.
		///
		/// ## Details
		///
		/// - `network`, `id`: which metric.
		///
		/// ## Events
		///
		/// [`Event::MetricRemoved`].
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
		/// Forgets neighbours' values that are of no use any more.
		fn on_idle(_: BlockNumberFor<T>, remaining: Weight) -> Weight {
			let mut meter = WeightMeter::with_limit(remaining);
			Self::prune(&mut meter);
			meter.consumed()
		}

		fn integrity_test() {
			let readings = depin_primitives::report::MAX_INLINE_READINGS;
			let most = T::BlockWeights::get()
				.get(DispatchClass::Normal)
				.max_extrinsic
				.unwrap_or(T::BlockWeights::get().max_block);
			let feeless = T::WeightInfo::report(readings)
				.saturating_add(T::WeightInfo::authorize_report(readings));
			assert!(
				feeless.all_lte(most) && T::WeightInfo::submit_report(readings).all_lte(most),
				"a report with the most readings that it may carry must fit into a block, or its \
				 device could never send it"
			);

			let batch = T::WeightInfo::submit_reports(T::MaxBatch::get());
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

			let length = SignedReport::max_encoded_len() + Option::<Readings>::max_encoded_len();
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
