#![cfg_attr(not(feature = "std"), no_std)]
#![doc = include_str!("../README.md")]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
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

#[frame_support::pallet]
pub mod pallet {
	use super::WeightInfo;
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

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config<Hash = H256, RuntimeEvent: From<Event<Self>>> {
		/// Who the devices are, and what their networks demand.
		type Devices: Devices<Self::AccountId>;

		/// Who credits the work.
		type Ledger: Ledger;

		/// What the author of the last block could neither foresee nor choose, but only withhold with
		/// the block.
		type Randomness: Randomness<Option<H256>, BlockNumberFor<Self>>;

		/// The chain's clock, in milliseconds.
		type Time: Time<Moment = Millis>;

		/// A block is full if calls of the normal class use more than this share of what they may: no
		/// tick follows on it.
		#[pallet::constant]
		type FullBlock: Get<Perbill>;

		/// Hash of the chain's first block, which every signature covers.
		type GenesisHash: Get<H256>;

		/// What the pallet's work costs.
		type WeightInfo: WeightInfo;

		/// Set-up of benchmarks that need the state of other pallets.
		#[cfg(feature = "runtime-benchmarks")]
		type BenchmarkHelper: BenchmarkHelper<Self::AccountId>;
	}

	/// The lengths of periods and windows, from the next period on. Written at genesis; kept for
	/// good.
	#[pallet::storage]
	pub type Timing<T> = StorageValue<_, TimingRules, ValueQuery>;

	/// The challenge clock. Written each tick; kept for good.
	#[pallet::storage]
	pub type Clock<T> = StorageValue<_, ClockState, ValueQuery>;

	/// Whether the last block was full. Written at a block's end, if it changes.
	#[pallet::storage]
	pub type Full<T> = StorageValue<_, bool, ValueQuery>;

	/// The running period. Written in its first tick, in the place of the one before; `None` until the
	/// chain's first tick.
	#[pallet::storage]
	pub type CurrentPeriod<T> = StorageValue<_, PeriodInfo, OptionQuery>;

	/// From a beaconer to the commitments of its witnesses. Written by them; goes when the beaconer
	/// reveals, when the first witness of a later period commits, or with the beaconer.
	#[pallet::storage]
	pub type Rounds<T> = StorageMap<_, Blake2_128Concat, DeviceId, Round, OptionQuery>;

	/// From a device to how it met its challenges. Written when it reveals; goes with the device.
	#[pallet::storage]
	pub type Scores<T> = StorageMap<_, Blake2_128Concat, DeviceId, CoverageScore, OptionQuery>;

	/// The lengths of periods and windows.
	#[pallet::genesis_config]
	pub struct GenesisConfig<T: Config> {
		/// The length of a period, in ticks; longer than the two windows together.
		pub period_ticks: Tick,
		/// How many ticks witnesses have to commit; above 0.
		pub commit_ticks: Tick,
		/// How many ticks the beaconer has to reveal; above 0.
		pub reveal_ticks: Tick,
		/// For the pallet's parameter.
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
			if let Err(why) = timing.check() {
				panic!("the genesis of coverage is wrong: {why}");
			}
			Timing::<T>::put(timing);
		}
	}

	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A beaconer revealed its payload, and its witnesses were judged.
		#[codec(index = 0)]
		BeaconJudged(JudgedBeacon),
		/// A device committed to a payload that it says it heard.
		#[codec(index = 1)]
		WitnessCommitted {
			/// Who was challenged to beacon.
			beaconer: DeviceId,
			/// Who heard.
			witness: DeviceId,
			/// The period of the challenge.
			period: Period,
		},
	}

	/// Why a message is refused: [`CoverageError`], with the same numbers.
	#[pallet::error]
	#[derive(PartialEq)]
	pub enum Error<T> {
		/// It is meant for another chain.
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
		/// The beaconer is no device of the witness's network, or is retiring.
		#[codec(index = 104)]
		UnknownBeaconer,
		/// A device cannot witness itself.
		#[codec(index = 105)]
		SelfWitness,
		/// It is not for the current period.
		#[codec(index = 106)]
		WrongPeriod,
		/// The challenge has not opened, or not yet for reveals.
		#[codec(index = 107)]
		TooEarly,
		/// The time to commit, or to reveal, is over.
		#[codec(index = 108)]
		TooLate,
		/// This witness has committed already.
		#[codec(index = 109)]
		DuplicateWitness,
		/// No more witnesses are taken for this beacon.
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
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		/// Pays for [`Self::on_finalize`], which cannot pay for itself.
		fn on_initialize(_: BlockNumberFor<T>) -> Weight {
			T::WeightInfo::on_finalize()
		}

		/// Advances the challenge clock. It does not run while multi-block migrations do, and does
		/// nothing if the block has no weight left for it or the last block was full: ticks stand
		/// still, and every window stays open.
		fn on_poll(_: BlockNumberFor<T>, meter: &mut WeightMeter) {
			if meter.try_consume(T::WeightInfo::on_poll()).is_err() || Full::<T>::get() {
				return;
			}
			Self::advance();
		}

		/// Notes whether the block was full.
		fn on_finalize(_: BlockNumberFor<T>) {
			Self::note_fullness();
		}

		fn integrity_test() {
			let limits = T::BlockWeights::get();
			let normal = limits.get(DispatchClass::Normal);
			assert!(
				!T::FullBlock::get().is_zero(),
				"with a share of zero any call makes a block full, and the clock never runs",
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
		/// Takes a witness's commitment to a beacon that it heard. Free; whoever has the signed report
		/// can send it.
		///
		/// Emits [`Event::WitnessCommitted`].
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::witness())]
		#[pallet::weight_of_authorize(T::WeightInfo::authorize_witness())]
		#[pallet::authorize(Self::authorize_witness)]
		pub fn witness(origin: OriginFor<T>, witness: SignedWitness) -> DispatchResult {
			ensure_authorized(origin)?;
			let case = Self::examine_witness(&witness).map_err(Error::<T>::from)?;
			Self::commit(case, &witness).map_err(Error::<T>::from)?;
			Ok(())
		}

		/// Reveals the payload of a beacon, judges its witnesses and credits those that heard it. Free;
		/// whoever has the payload can send it.
		///
		/// Emits [`Event::BeaconJudged`].
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::beacon(MAX_WITNESSES))]
		#[pallet::weight_of_authorize(T::WeightInfo::authorize_beacon())]
		#[pallet::authorize(Self::authorize_beacon)]
		pub fn beacon(origin: OriginFor<T>, beacon: Beacon) -> DispatchResultWithPostInfo {
			ensure_authorized(origin)?;
			let case = Self::examine_beacon(&beacon).map_err(Error::<T>::from)?;
			let read = Self::judge(case, &beacon);
			Ok(Some(T::WeightInfo::beacon(read)).into())
		}

		/// Does what [`Self::witness`] does, for a gateway that pays the fee.
		///
		/// Emits [`Event::WitnessCommitted`].
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::submit_witness())]
		pub fn submit_witness(origin: OriginFor<T>, witness: SignedWitness) -> DispatchResult {
			ensure_signed(origin)?;
			let case = Self::verify_witness(&witness).map_err(Error::<T>::from)?;
			Self::commit(case, &witness).map_err(Error::<T>::from)?;
			Ok(())
		}

		/// Does what [`Self::beacon`] does, for a gateway that pays the fee.
		///
		/// Emits [`Event::BeaconJudged`].
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::submit_beacon(MAX_WITNESSES))]
		pub fn submit_beacon(origin: OriginFor<T>, beacon: Beacon) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			let case = Self::verify_beacon(&beacon).map_err(Error::<T>::from)?;
			let read = Self::judge(case, &beacon);
			Ok(Some(T::WeightInfo::submit_beacon(read)).into())
		}
	}

	impl<T: Config> Pallet<T>
	where
		T::RuntimeEvent: TryInto<Event<T>>,
	{
		/// The beacons that this block judged, in order, from its events.
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
