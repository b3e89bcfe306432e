#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
	not(test),
	warn(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)
)]
#![doc = include_str!("../README.md")]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]
pub mod benchmarking;
mod clock;
mod error;
pub mod hip15;
mod judge;
mod messages;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "try-runtime", test))]
mod try_state;
pub mod types;
pub mod weights;

pub use pallet::*;
pub use weights::WeightInfo;

/// Record of a device, in which this pallet keeps the device's score from the first revealed
/// challenge on.
pub(crate) type RecordOf<T> = <<T as Config>::Devices as depin_primitives::traits::Devices<
	<T as frame_system::Config>::AccountId,
>>::Record;

#[frame_support::pallet]
pub mod pallet {
	use super::{RecordOf, WeightInfo};
	use crate::types::*;
	use alloc::vec::Vec;
	use core::marker::PhantomData;
	#[cfg(feature = "runtime-benchmarks")]
	use depin_primitives::traits::BenchmarkHelper;
	use depin_primitives::{
		beacon::{Beacon, CoverageScore, JudgedBeacon, Period, SignedWitness, Tick, MAX_WITNESSES},
		traits::{Devices, Ledger},
		DeviceId, Millis, H256,
	};
	use frame_support::{
		dispatch::DispatchClass,
		pallet_prelude::*,
		traits::{Randomness, Time},
		weights::WeightMeter,
	};
	use frame_system::{ensure_authorized, pallet_prelude::*};
	use sp_runtime::Perbill;

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	/// Pallet of coverage challenges.
	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	/// Configuration of the pallet.
	#[pallet::config]
	pub trait Config: frame_system::Config<Hash = H256, RuntimeEvent: From<Event<Self>>> {
		/// Registry of devices, and of their networks' policies.
		type Devices: Devices<
			Self::AccountId,
			Record: AsRef<Option<CoverageScore>> + AsMut<Option<CoverageScore>>,
		>;

		/// Ledger that credits points.
		type Ledger: Ledger<RecordOf<Self>>;

		/// Randomness of the last block's author, who could neither foresee nor choose it, but only
		/// withhold it together with the block.
		type Randomness: Randomness<Option<H256>, BlockNumberFor<Self>>;

		/// Clock of the chain, in milliseconds.
		type Time: Time<Moment = Millis>;

		/// Origin that sets the timing rules.
		type TimingOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// Fraction of a limit above which a block is full: of the weight of the normal class, of
		/// the weight of all classes, or of the bytes of all extrinsics. No tick follows a full
		/// block.
		#[pallet::constant]
		type FullBlock: Get<Perbill>;

		/// Fraction of the normal class's weight up to which weight without a fee counts as used.
		/// Less than [`Self::FullBlock`], so that nobody can stop the clock for free.
		#[pallet::constant]
		type FreeShare: Get<Perbill>;

		/// Weight that the normal class has used in this block without a fee.
		type FreeWeight: Get<Weight>;

		/// Hash of the chain's first block, which every signature covers.
		type GenesisHash: Get<H256>;

		/// Weights of the calls, their authorizations and the hooks.
		type WeightInfo: WeightInfo;

		/// Set-up of benchmarks that need the state of other pallets.
		#[cfg(feature = "runtime-benchmarks")]
		type BenchmarkHelper: BenchmarkHelper<Self::AccountId>;
	}

	/// Timing rules of the next period. Written at genesis and by [`Pallet::set_timing`]; never
	/// removed.
	#[pallet::storage]
	pub type Timing<T> = StorageValue<_, TimingRules, ValueQuery>;

	/// State of the challenge clock. Written at each tick; never removed.
	#[pallet::storage]
	pub type Clock<T> = StorageValue<_, ClockState, ValueQuery>;

	/// Fullness of the last block. Written at a block's end, if it changes; never removed.
	#[pallet::storage]
	pub type Full<T> = StorageValue<_, bool, ValueQuery>;

	/// Current period; `None` until the chain's first tick. Written at the first tick of each
	/// period, over the period before; never removed.
	#[pallet::storage]
	pub type CurrentPeriod<T> = StorageValue<_, PeriodInfo, OptionQuery>;

	/// Map from a period and a beaconer to the commitments of its witnesses. Written by each
	/// commitment. Removed when the beaconer reveals, or after the period by [`Hooks::on_poll`], a
	/// bounded number in each block. The chain numbers periods, and a device id is a hash, so that
	/// nobody can choose a key to deepen the trie.
	#[pallet::storage]
	pub type Rounds<T> =
		StorageDoubleMap<_, Twox64Concat, Period, Identity, DeviceId, Round, OptionQuery>;

	/// First period that may have [`Rounds`]: those of all earlier ones are removed. Written by
	/// [`Hooks::on_poll`] when the last round of a past period is removed; never removed.
	#[pallet::storage]
	pub type Uncleared<T> = StorageValue<_, Period, ValueQuery>;

	/// Genesis configuration: the timing rules of periods and windows.
	#[pallet::genesis_config]
	pub struct GenesisConfig<T: Config> {
		/// Length of a period, in ticks; longer than the two windows together, and at most
		/// [`MAX_PERIOD_TICKS`].
		pub period_ticks: Tick,
		/// Length of the commit window, in ticks; above 0.
		pub commit_ticks: Tick,
		/// Length of the reveal window, in ticks; above 0.
		pub reveal_ticks: Tick,
		/// Use of the type parameter.
		#[serde(skip)]
		pub _config: PhantomData<T>,
	}

	impl<T: Config> Default for GenesisConfig<T> {
		fn default() -> Self {
			let TimingRules { period_ticks, commit_ticks, reveal_ticks } = TimingRules::default();
			Self { period_ticks, commit_ticks, reveal_ticks, _config: PhantomData }
		}
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			let Self { period_ticks, commit_ticks, reveal_ticks, .. } = *self;
			let timing = TimingRules { period_ticks, commit_ticks, reveal_ticks };
			if let Err(error) = timing.check() {
				panic!("the genesis of coverage is wrong: {}", error.rule());
			}
			Timing::<T>::put(timing);
		}
	}

	/// Events of the pallet.
	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A beaconer has revealed its payload, and its witnesses were judged.
		#[codec(index = 0)]
		BeaconJudged(JudgedBeacon),
		/// A device has committed to a payload that it claims to have heard.
		#[codec(index = 1)]
		WitnessCommitted {
			/// Device that was challenged to beacon.
			beaconer: DeviceId,
			/// Device that claims to have heard it.
			witness: DeviceId,
			/// Period of the challenge.
			period: Period,
		},
		/// Timing rules set, for all periods after the current one.
		#[codec(index = 2)]
		TimingSet {
			/// New timing rules.
			timing: TimingRules,
		},
	}

	/// Reasons for which a message is refused, which are those of
	/// [`CoverageError`](depin_primitives::beacon::CoverageError) with the same numbers, and
	/// reasons for which timing rules are, from 150 on.
	#[pallet::error]
	#[derive(PartialEq)]
	pub enum Error<T> {
		/// The message is meant for another chain.
		#[codec(index = 100)]
		WrongChain,
		/// No device has this id.
		#[codec(index = 101)]
		UnknownDevice,
		/// The device is retiring.
		#[codec(index = 102)]
		DeviceNotActive,
		/// The device's network has no coverage challenges.
		#[codec(index = 103)]
		CoverageOff,
		/// The beaconer is not a device of the witness's network, or is retiring.
		#[codec(index = 104)]
		UnknownBeaconer,
		/// A device cannot witness itself.
		#[codec(index = 105)]
		SelfWitness,
		/// The message is not of the current period.
		#[codec(index = 106)]
		WrongPeriod,
		/// The window for this message has not opened yet.
		#[codec(index = 107)]
		TooEarly,
		/// The window for this message has closed.
		#[codec(index = 108)]
		TooLate,
		/// This witness has committed to this beacon already.
		#[codec(index = 109)]
		DuplicateWitness,
		/// The beacon has as many witnesses as it can have.
		#[codec(index = 110)]
		WitnessesFull,
		/// This challenge has been revealed already.
		#[codec(index = 111)]
		AlreadyRevealed,
		/// The signature is not the device's over this message on this chain.
		#[codec(index = 112)]
		BadSignature,
		/// The device's network is paused.
		#[codec(index = 113)]
		NetworkPaused,
		/// Commit window or reveal window without a tick: give each at least one, and better three,
		/// because a message takes a block to be included.
		#[codec(index = 150)]
		EmptyWindow,
		/// Period that is not longer than commit window and reveal window together: give it more
		/// ticks, so that challenges of different devices can lie at different times.
		#[codec(index = 151)]
		PeriodTooShort,
		/// Period of more than [`MAX_PERIOD_TICKS`]: give it fewer ticks.
		#[codec(index = 152)]
		PeriodTooLong,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		/// Returns the weight of [`Self::on_finalize`], which cannot return its own.
		fn on_initialize(_: BlockNumberFor<T>) -> Weight {
			T::WeightInfo::on_finalize()
		}

		/// Advances the challenge clock, unless the last block was full or this one has no weight
		/// left for a tick. Then removes rounds of past periods with the weight that is left. FRAME
		/// does not call this hook while multi-block migrations run. Without a tick every window
		/// stays open.
		fn on_poll(_: BlockNumberFor<T>, meter: &mut WeightMeter) {
			if meter.try_consume(T::WeightInfo::on_poll()).is_ok() && !Full::<T>::get() {
				Self::advance();
			}
			Self::clear_rounds(meter);
		}

		/// Stores whether the block was full.
		fn on_finalize(_: BlockNumberFor<T>) {
			Self::update_fullness();
		}

		fn integrity_test() {
			let limits = T::BlockWeights::get();
			let normal = limits.get(DispatchClass::Normal);
			assert!(
				!T::FullBlock::get().is_zero(),
				"with a FullBlock of zero any call makes a block full, and the clock never runs",
			);
			assert!(
				T::FreeShare::get() < T::FullBlock::get(),
				"with a FreeShare of FullBlock or more free messages stop the clock for nothing",
			);
			assert!(
				T::WeightInfo::on_poll().all_lt(limits.max_block),
				"a tick must fit an empty block, or the clock never runs",
			);
			let most = normal.max_extrinsic.unwrap_or(limits.max_block);
			let dearest = T::WeightInfo::beacon(MAX_WITNESSES)
				.saturating_add(T::WeightInfo::authorize_beacon())
				.max(T::WeightInfo::submit_beacon(MAX_WITNESSES));
			assert!(
				dearest.all_lte(most),
				"a beacon with all the witnesses that it can have must fit a block, or witnesses could \
				silence a beaconer",
			);
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Commits a witness to a beacon that it heard.
		///
		/// ## Dispatch Origin
		///
		/// Must be the authorized origin of a feeless transaction: anyone who has the signed report
		/// can send it. The authorization verifies the witness's signature, and refuses a report
		/// for the reasons below or with [`Error::BadSignature`].
		///
		/// ## Details
		///
		/// - `witness`: report of the witness, with its commitment to the payload and its
		///   signature.
		///
		/// The commitment is stored until the beaconer reveals, or the period is over. Distance,
		/// owner and commitment are not looked at before that.
		///
		/// ## Errors
		///
		/// - [`Error::WrongChain`] if the report is meant for another chain.
		/// - [`Error::UnknownDevice`] or [`Error::DeviceNotActive`] if the witness is not
		///   registered, or is retiring.
		/// - [`Error::SelfWitness`] if the witness is the beaconer.
		/// - [`Error::UnknownBeaconer`] if the beaconer is not a device of the same network, or is
		///   retiring.
		/// - [`Error::CoverageOff`] or [`Error::NetworkPaused`] if the network has no challenges,
		///   or is paused.
		/// - [`Error::WrongPeriod`] if the report is not of the current period.
		/// - [`Error::TooEarly`] or [`Error::TooLate`] if the clock is outside the commit window.
		/// - [`Error::DuplicateWitness`] if the witness has committed to this beacon already.
		/// - [`Error::WitnessesFull`] if the beacon has [`MAX_WITNESSES`] witnesses.
		///
		/// ## Events
		///
		/// - [`Event::WitnessCommitted`].
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::witness())]
		#[pallet::weight_of_authorize(T::WeightInfo::authorize_witness())]
		#[pallet::authorize(Self::authorize_witness)]
		pub fn witness(origin: OriginFor<T>, witness: SignedWitness) -> DispatchResult {
			ensure_authorized(origin)?;
			let consistent = Self::check_state_witness(&witness).map_err(Error::<T>::from)?;
			Self::commit(consistent.verified_by_authorization()).map_err(Error::<T>::from)?;
			Ok(())
		}

		/// Reveals the payload of a beacon, judges its witnesses, and credits the beaconer and the
		/// valid witnesses.
		///
		/// ## Dispatch Origin
		///
		/// Must be the authorized origin of a feeless transaction: anyone who has the payload can
		/// send it. The authorization verifies the payload, and refuses a beacon for the reasons
		/// below or with [`Error::BadSignature`].
		///
		/// ## Details
		///
		/// - `beacon`: the beaconer, the period, and the payload, which is the beaconer's signature
		///   over its challenge.
		///
		/// The weight is that of the commitments that were stored; the rest is refunded.
		///
		/// ## Errors
		///
		/// - [`Error::WrongChain`] if the beacon is meant for another chain.
		/// - [`Error::UnknownDevice`] or [`Error::DeviceNotActive`] if the beaconer is not
		///   registered, or is retiring.
		/// - [`Error::CoverageOff`] or [`Error::NetworkPaused`] if the network has no challenges,
		///   or is paused.
		/// - [`Error::WrongPeriod`] if the beacon is not of the current period.
		/// - [`Error::TooEarly`] or [`Error::TooLate`] if the clock is outside the reveal window.
		/// - [`Error::AlreadyRevealed`] if the challenge has been answered.
		///
		/// ## Events
		///
		/// - [`Event::BeaconJudged`].
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::beacon(MAX_WITNESSES))]
		#[pallet::weight_of_authorize(T::WeightInfo::authorize_beacon())]
		#[pallet::authorize(Self::authorize_beacon)]
		pub fn beacon(origin: OriginFor<T>, beacon: Beacon) -> DispatchResultWithPostInfo {
			ensure_authorized(origin)?;
			let consistent = Self::check_state_beacon(&beacon).map_err(Error::<T>::from)?;
			let read = Self::judge(consistent.verified_by_authorization());
			Ok(Some(T::WeightInfo::beacon(read)).into())
		}

		/// Commits a witness to a beacon that it heard, for a fee.
		///
		/// ## Dispatch Origin
		///
		/// Must be signed: by a gateway, or by anyone else who has the report and pays the fee.
		///
		/// ## Details
		///
		/// - `witness`: report of the witness, with its commitment to the payload and its
		///   signature.
		///
		/// Does the same as [`Self::witness`], and verifies the signature itself. For clients that
		/// cannot make a feeless transaction.
		///
		/// ## Errors
		///
		/// - [`Error::WrongChain`] if the report is meant for another chain.
		/// - [`Error::UnknownDevice`] or [`Error::DeviceNotActive`] if the witness is not
		///   registered, or is retiring.
		/// - [`Error::SelfWitness`] if the witness is the beaconer.
		/// - [`Error::UnknownBeaconer`] if the beaconer is not a device of the same network, or is
		///   retiring.
		/// - [`Error::CoverageOff`] or [`Error::NetworkPaused`] if the network has no challenges,
		///   or is paused.
		/// - [`Error::WrongPeriod`] if the report is not of the current period.
		/// - [`Error::TooEarly`] or [`Error::TooLate`] if the clock is outside the commit window.
		/// - [`Error::DuplicateWitness`] if the witness has committed to this beacon already.
		/// - [`Error::WitnessesFull`] if the beacon has [`MAX_WITNESSES`] witnesses.
		/// - [`Error::BadSignature`] if the signature is not the witness's over this report.
		///
		/// ## Events
		///
		/// - [`Event::WitnessCommitted`].
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::submit_witness())]
		pub fn submit_witness(origin: OriginFor<T>, witness: SignedWitness) -> DispatchResult {
			ensure_signed(origin)?;
			let consistent = Self::check_state_witness(&witness).map_err(Error::<T>::from)?;
			let verified = consistent.verify().map_err(Error::<T>::from)?;
			Self::commit(verified).map_err(Error::<T>::from)?;
			Ok(())
		}

		/// Reveals the payload of a beacon, judges its witnesses, and credits the beaconer and the
		/// valid witnesses, for a fee.
		///
		/// ## Dispatch Origin
		///
		/// Must be signed: by a gateway, or by anyone else who has the payload and pays the fee.
		///
		/// ## Details
		///
		/// - `beacon`: the beaconer, the period, and the payload, which is the beaconer's signature
		///   over its challenge.
		///
		/// Does the same as [`Self::beacon`], and verifies the payload itself. The weight is that
		/// of the commitments that were stored; the rest is refunded.
		///
		/// ## Errors
		///
		/// - [`Error::WrongChain`] if the beacon is meant for another chain.
		/// - [`Error::UnknownDevice`] or [`Error::DeviceNotActive`] if the beaconer is not
		///   registered, or is retiring.
		/// - [`Error::CoverageOff`] or [`Error::NetworkPaused`] if the network has no challenges,
		///   or is paused.
		/// - [`Error::WrongPeriod`] if the beacon is not of the current period.
		/// - [`Error::TooEarly`] or [`Error::TooLate`] if the clock is outside the reveal window.
		/// - [`Error::AlreadyRevealed`] if the challenge has been answered.
		/// - [`Error::BadSignature`] if the payload is not the beaconer's signature over its
		///   challenge.
		///
		/// ## Events
		///
		/// - [`Event::BeaconJudged`].
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::submit_beacon(MAX_WITNESSES))]
		pub fn submit_beacon(origin: OriginFor<T>, beacon: Beacon) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			let consistent = Self::check_state_beacon(&beacon).map_err(Error::<T>::from)?;
			let verified = consistent.verify().map_err(Error::<T>::from)?;
			let read = Self::judge(verified);
			Ok(Some(T::WeightInfo::submit_beacon(read)).into())
		}

		/// Sets the lengths of periods and windows, from the next period on.
		///
		/// ## Dispatch Origin
		///
		/// Must be [`Config::TimingOrigin`].
		///
		/// ## Details
		///
		/// - `timing`: lengths of a period, of the commit window and of the reveal window, in
		///   ticks.
		///
		/// The current period ends when it would have ended anyway, and its windows stay as they
		/// are. Of several calls in one period the last one counts.
		///
		/// ## Errors
		///
		/// - [`Error::EmptyWindow`] if the commit window or the reveal window has no tick.
		/// - [`Error::PeriodTooShort`] if the period is not longer than both windows together.
		/// - [`Error::PeriodTooLong`] if the period has more than [`MAX_PERIOD_TICKS`].
		///
		/// ## Events
		///
		/// - [`Event::TimingSet`].
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::set_timing())]
		pub fn set_timing(origin: OriginFor<T>, timing: TimingRules) -> DispatchResult {
			T::TimingOrigin::ensure_origin(origin)?;
			timing.check().map_err(Error::<T>::from)?;
			Timing::<T>::put(timing);
			Self::deposit_event(Event::TimingSet { timing });
			Ok(())
		}
	}

	impl<T: Config> Pallet<T>
	where
		T::RuntimeEvent: TryInto<Event<T>>,
	{
		/// Returns the beacons that this block judged, in order, from its events.
		pub fn judged_beacons() -> Vec<JudgedBeacon> {
			frame_system::Pallet::<T>::read_events_no_consensus()
				.filter_map(|record| match record.event.try_into() {
					Ok(Event::BeaconJudged(judged)) => Some(judged),
					_ => None,
				})
				.collect()
		}
	}
}
