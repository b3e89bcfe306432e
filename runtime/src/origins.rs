//! Pallet of the origins of governance, and of its pace: the length of its day and the unit of its
//! deposits.
//!
//! A referendum runs on the track of the origin that its call is dispatched from
//! (`configs/referenda.rs`). An origin here allows only the calls that name it; the calls of no
//! other origin, and none of Root's.

pub use pallet::*;

use crate::{
	constants::{
		currency::{MILLI_WORK, WORK},
		time::{DAYS, MINUTES},
	},
	AccountId, Balance, BlockNumber, OriginCaller, RuntimeOrigin,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::traits::{EitherOf, EnsureOrigin, OriginTrait, StorageVersion};
use frame_system::EnsureRoot;
use scale_info::TypeInfo;

/// Hours in a day of governance.
const HOURS_PER_DAY: BlockNumber = 24;

/// Version of the pallet's storage. The build of the feature `next-version` has another one, so
/// that an upgrade to that build runs a migration.
#[cfg(not(feature = "next-version"))]
const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);
#[cfg(feature = "next-version")]
const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

/// Units in which governance measures its periods and its decision deposits.
#[derive(
	Clone,
	Copy,
	Debug,
	Decode,
	DecodeWithMemTracking,
	Encode,
	Eq,
	MaxEncodedLen,
	PartialEq,
	TypeInfo,
)]
pub struct Pace {
	/// Number of blocks in a day of governance.
	pub day: BlockNumber,
	/// Unit of the decision deposits, of which each track asks a multiple.
	pub deposit: Balance,
}

impl Pace {
	/// Shortest and longest day.
	pub const DAY: (BlockNumber, BlockNumber) = (MINUTES, 7 * DAYS);
	/// Least and largest unit of deposits.
	pub const DEPOSIT: (Balance, Balance) = (MILLI_WORK, 1_000 * WORK);
	/// Pace of a public network: a day is a day.
	pub const PUBLIC: Self = Self { day: DAYS, deposit: 10 * WORK };
	/// Pace of development: a day is a minute.
	pub const FAST: Self = Self { day: MINUTES, deposit: WORK };

	/// Returns the number of blocks in so many days.
	pub const fn days(&self, days: u32) -> BlockNumber {
		self.day.saturating_mul(days)
	}

	/// Returns the number of blocks in so many hours, rounded up.
	pub const fn hours(&self, hours: u32) -> BlockNumber {
		self.day.saturating_mul(hours).div_ceil(HOURS_PER_DAY)
	}

	/// Tells if the day is within its bounds.
	fn has_day(&self) -> bool {
		(Self::DAY.0..=Self::DAY.1).contains(&self.day)
	}

	/// Tells if the unit of deposits is within its bounds.
	fn has_deposit(&self) -> bool {
		(Self::DEPOSIT.0..=Self::DEPOSIT.1).contains(&self.deposit)
	}
}

/// Pallet of the origins and of the pace.
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use frame_support::pallet_prelude::*;
	use frame_system::{pallet_prelude::*, WeightInfo as _};

	/// Configuration.
	#[pallet::config]
	pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {}

	/// The pallet.
	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	/// Origin that a referendum gives to a call.
	#[pallet::origin]
	#[derive(
		Clone,
		Copy,
		Debug,
		Decode,
		DecodeWithMemTracking,
		Encode,
		Eq,
		MaxEncodedLen,
		PartialEq,
		TypeInfo,
	)]
	pub enum Origin {
		/// Origin that dispatches, as Root, a call which the technical committee has whitelisted.
		#[codec(index = 0)]
		WhitelistedCaller,
		/// Origin that changes parameters.
		#[codec(index = 1)]
		ParametersAdmin,
		/// Origin that sets the parameters of staking and cancels slashes.
		#[codec(index = 2)]
		StakingAdmin,
		/// Origin that sets networks' allocations and the shares of the emission, and that governs
		/// networks.
		#[codec(index = 3)]
		NetworkFunder,
		/// Origin that judges devices: suspends, restores and forfeits them.
		#[codec(index = 4)]
		DeviceJudge,
		/// Origin that cancels referenda and returns their deposits.
		#[codec(index = 5)]
		ReferendumCanceller,
		/// Origin that ends referenda and takes their deposits.
		#[codec(index = 6)]
		ReferendumKiller,
		/// Origin that spends small amounts of the treasury.
		#[codec(index = 7)]
		SmallSpender,
		/// Origin that spends large amounts of the treasury, and rejects spends.
		#[codec(index = 8)]
		BigSpender,
	}

	/// Pace of a chain whose genesis names none.
	#[pallet::type_value]
	pub fn DefaultPace() -> Pace {
		Pace::PUBLIC
	}

	/// Pace of governance. Written at genesis and by Root; never removed.
	#[pallet::storage]
	pub type Paces<T: Config> = StorageValue<_, Pace, ValueQuery, DefaultPace>;

	/// Genesis: the fields of [`Pace`].
	#[pallet::genesis_config]
	pub struct GenesisConfig<T: Config> {
		/// Number of blocks in a day of governance.
		pub day: BlockNumber,
		/// Unit of the decision deposits.
		pub deposit: Balance,
		/// No field.
		#[serde(skip)]
		pub _config: PhantomData<T>,
	}

	impl<T: Config> Default for GenesisConfig<T> {
		fn default() -> Self {
			let Pace { day, deposit } = Pace::PUBLIC;
			Self { day, deposit, _config: PhantomData }
		}
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			let pace = Pace { day: self.day, deposit: self.deposit };
			assert!(pace.has_day(), "origins.day is out of range: {:?} blocks", Pace::DAY);
			assert!(pace.has_deposit(), "origins.deposit is out of range: {:?}", Pace::DEPOSIT);
			Paces::<T>::put(pace);
		}
	}

	/// Event.
	#[pallet::event]
	#[pallet::generate_deposit(fn deposit_event)]
	pub enum Event<T: Config> {
		/// Governance has another pace.
		#[codec(index = 0)]
		PaceSet {
			/// Number of blocks in a day of governance.
			day: BlockNumber,
			/// Unit of the decision deposits.
			deposit: Balance,
		},
	}

	/// Error.
	#[pallet::error]
	pub enum Error<T> {
		/// The day is shorter than a minute or longer than a week: choose one in between.
		#[codec(index = 0)]
		DayOutOfRange,
		/// The unit of deposits is below 0.001 WORK or above 1,000 WORK: choose one in between.
		#[codec(index = 1)]
		DepositOutOfRange,
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Sets the pace of governance.
		///
		/// ## Dispatch Origin
		///
		/// Must be Root.
		///
		/// ## Details
		///
		/// Running referenda follow the new day from their next step on; deposits that were placed
		/// stay as they are.
		///
		/// - `day`: the number of blocks in a day of governance.
		/// - `deposit`: the unit of the decision deposits.
		///
		/// ## Errors
		///
		/// - [`Error::DayOutOfRange`]: the day is not within [`Pace::DAY`].
		/// - [`Error::DepositOutOfRange`]: the unit is not within [`Pace::DEPOSIT`].
		///
		/// ## Events
		///
		/// - [`Event::PaceSet`].
		#[pallet::call_index(0)]
		// The call writes one item, as `system.set_storage` of one item does, which is measured.
		#[pallet::weight(T::SystemWeightInfo::set_storage(1))]
		pub fn set_pace(
			origin: OriginFor<T>,
			day: BlockNumber,
			deposit: Balance,
		) -> DispatchResult {
			ensure_root(origin)?;
			let pace = Pace { day, deposit };
			ensure!(pace.has_day(), Error::<T>::DayOutOfRange);
			ensure!(pace.has_deposit(), Error::<T>::DepositOutOfRange);
			Paces::<T>::put(pace);
			Self::deposit_event(Event::PaceSet { day, deposit });
			Ok(())
		}
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		/// Checks the stored state, by numbered invariants.
		///
		/// 1. The pace is within its bounds.
		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			let pace = Paces::<T>::get();
			ensure!(pace.has_day() && pace.has_deposit(), "1: the pace is out of range");
			Ok(())
		}
	}
}

/// Defines, for each origin, the check for the origin itself, and the check for the origin or Root.
macro_rules! checks {
	($($origin:ident, $ensure:ident;)*) => {$(
		#[doc = concat!("Check for the origin [`", stringify!($origin), "`](Origin::", stringify!($origin), ").")]
		pub struct $origin;

		impl EnsureOrigin<RuntimeOrigin> for $origin {
			type Success = ();

			fn try_origin(origin: RuntimeOrigin) -> Result<(), RuntimeOrigin> {
				match origin.caller() {
					OriginCaller::Origins(Origin::$origin) => Ok(()),
					_ => Err(origin),
				}
			}

			#[cfg(feature = "runtime-benchmarks")]
			fn try_successful_origin() -> Result<RuntimeOrigin, ()> {
				Ok(Origin::$origin.into())
			}
		}

		#[doc = concat!("Check for Root or the origin [`", stringify!($origin), "`](Origin::", stringify!($origin), ").")]
		pub type $ensure = EitherOf<EnsureRoot<AccountId>, $origin>;
	)*};
}

checks! {
	WhitelistedCaller, EnsureWhitelistedCaller;
	ParametersAdmin, EnsureParametersAdmin;
	StakingAdmin, EnsureStakingAdmin;
	NetworkFunder, EnsureNetworkFunder;
	DeviceJudge, EnsureDeviceJudge;
	ReferendumCanceller, EnsureReferendumCanceller;
	ReferendumKiller, EnsureReferendumKiller;
	BigSpender, EnsureBigSpender;
}

/// Largest amount of one call by [`Origin::SmallSpender`].
pub const SMALL_SPEND: Balance = 10_000 * WORK;
/// Largest amount of one call by [`Origin::BigSpender`].
pub const BIG_SPEND: Balance = 1_000_000 * WORK;

/// Check for the origins that spend the treasury. It returns the largest amount that the origin may
/// spend.
pub struct Spender;

impl EnsureOrigin<RuntimeOrigin> for Spender {
	type Success = Balance;

	fn try_origin(origin: RuntimeOrigin) -> Result<Balance, RuntimeOrigin> {
		match origin.caller() {
			OriginCaller::system(frame_system::RawOrigin::Root) => Ok(Balance::MAX),
			OriginCaller::Origins(Origin::BigSpender) => Ok(BIG_SPEND),
			OriginCaller::Origins(Origin::SmallSpender) => Ok(SMALL_SPEND),
			_ => Err(origin),
		}
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn try_successful_origin() -> Result<RuntimeOrigin, ()> {
		Ok(RuntimeOrigin::root())
	}
}

/// Pace of governance in the running chain.
pub fn pace() -> Pace {
	Paces::<crate::Runtime>::get()
}

/// Number of blocks in `N` days of governance.
pub struct Days<const N: u32>;

impl<const N: u32> frame_support::traits::Get<BlockNumber> for Days<N> {
	fn get() -> BlockNumber {
		pace().days(N)
	}
}
