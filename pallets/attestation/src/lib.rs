#![cfg_attr(not(feature = "std"), no_std)]
#![doc = include_str!("../README.md")]

extern crate alloc;

mod accept;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod check;
mod error;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "try-runtime", test))]
mod try_state;
pub mod weights;

pub use check::Checked;
pub use pallet::*;
pub use weights::WeightInfo;

/// The priority of every report in the pool: below that of any transaction that pays. It is constant,
/// or a copy of a report with a higher one could replace it.
pub const PRIORITY: u64 = 0;

/// The number of blocks for which the pool keeps a report before it asks again.
pub const LONGEVITY: u64 = 64;

#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use depin_primitives::{
		report::{AcceptedReport, LastReport, Readings, SignedReport},
		traits::{Devices, Ledger},
		DeviceId, H256,
	};
	use frame_support::{pallet_prelude::*, traits::Time};
	use frame_system::{ensure_authorized, pallet_prelude::*};

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config<Hash = H256, RuntimeEvent: From<Event<Self>>> {
		/// Who the devices are, and their networks' policies.
		type Devices: Devices<Self::AccountId>;

		/// Where work is credited.
		type Ledger: Ledger;

		/// The chain's clock, in milliseconds since the Unix epoch.
		type Time: Time<Moment = u64>;

		/// What the calls cost.
		type WeightInfo: WeightInfo;
	}

	/// The last accepted report of each device that has reported, by device.
	///
	/// Written by [`Pallet::report`] and [`Pallet::submit_report`]; goes away when the device is
	/// reaped.
	#[pallet::storage]
	pub type LastReports<T> = StorageMap<_, Blake2_128Concat, DeviceId, LastReport>;

	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	// The other variant is the macro's, and never made: a box would save nothing.
	#[allow(clippy::large_enum_variant)]
	pub enum Event<T: Config> {
		/// A report was accepted, and its work credited.
		#[codec(index = 0)]
		ReportAccepted(AcceptedReport),
	}

	/// Why a report is refused: [`ReportError`](depin_primitives::report::ReportError), with the same
	/// names and numbers.
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
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
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
