#![cfg_attr(not(feature = "std"), no_std)]
#![doc = include_str!("../README.md")]

extern crate alloc;

pub mod benchmarking;
mod epochs;
mod ledger;
mod lifecycle;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "try-runtime", test))]
mod try_state;
mod types;
mod views;
pub mod weights;

pub use pallet::*;
pub use types::{EmissionParameters, RewardAccount, RunningEpoch, Shares};
pub use weights::WeightInfo;

/// The target of this pallet's log lines.
const LOG_TARGET: &str = "runtime::rewards";

#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::vec::Vec;
	#[cfg(feature = "runtime-benchmarks")]
	use depin_primitives::traits::BenchmarkHelper;
	use depin_primitives::{
		reward::EpochShare, traits::Devices, Balance, DeviceId, EpochIndex, NetworkId,
	};
	use frame_support::{
		pallet_prelude::*,
		storage::with_storage_layer,
		traits::fungible::{Inspect, Mutate},
		PalletId,
	};
	use frame_system::pallet_prelude::*;
	use sp_runtime::{
		traits::{One, Zero},
		Perbill,
	};

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	/// The pallet.
	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	/// What the runtime gives.
	#[pallet::config]
	pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
		/// The token that is minted and paid.
		type Currency: Inspect<Self::AccountId, Balance = Balance> + Mutate<Self::AccountId>;

		/// Names the account that holds what is minted for devices and not yet paid.
		#[pallet::constant]
		type PotId: Get<PalletId>;

		/// The account that the treasury's part is minted to.
		type Treasury: Get<Self::AccountId>;

		/// Who may fund networks and set the shares of the emission.
		type GovernanceOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// The registry: a device's owner is paid for its work.
		type Devices: Devices<Self::AccountId>;

		/// The most networks that can have a share of the emission; bounds the close of an epoch.
		#[pallet::constant]
		type MaxFunded: Get<u32>;

		/// The most claims in a batch.
		#[pallet::constant]
		type MaxClaims: Get<u32>;

		/// The weights of calls and hooks, from this pallet's benchmarks.
		type WeightInfo: WeightInfo;

		/// Set-up of benchmarks that need the state of other pallets.
		#[cfg(feature = "runtime-benchmarks")]
		type BenchmarkHelper: BenchmarkHelper<Self::AccountId>;
	}

	/// The emission schedule and the length of an epoch. Written at genesis.
	#[pallet::storage]
	pub type Parameters<T: Config> =
		StorageValue<_, EmissionParameters<BlockNumberFor<T>>, ValueQuery>;

	/// How an emission is split between networks, validators and treasury. Written at genesis and by
	/// governance.
	#[pallet::storage]
	pub type EmissionShares<T: Config> = StorageValue<_, Shares, ValueQuery>;

	/// The networks that have a share of the emission, each with its weight among them (never zero),
	/// by ascending number. Written at genesis and by governance.
	#[pallet::storage]
	pub type Funded<T: Config> =
		StorageValue<_, BoundedVec<(NetworkId, u32), T::MaxFunded>, ValueQuery>;

	/// The running epoch. Written at genesis and at each close; without it no epoch ever closes.
	#[pallet::storage]
	pub type CurrentEpoch<T: Config> =
		StorageValue<_, RunningEpoch<BlockNumberFor<T>>, OptionQuery>;

	/// The total issuance at genesis, against which the cap on the supply is kept. Written at genesis.
	#[pallet::storage]
	pub type GenesisIssuance<T: Config> = StorageValue<_, Balance, ValueQuery>;

	/// What all closed epochs together have emitted: minted for networks and treasury, or promised to
	/// validators. Written at each close; only grows.
	#[pallet::storage]
	pub type Emitted<T: Config> = StorageValue<_, Balance, ValueQuery>;

	/// What is promised to validators and not yet taken by staking. Grows at each close; emptied by
	/// [`Pallet::take_validator_budget`].
	#[pallet::storage]
	pub type ValidatorBudget<T: Config> = StorageValue<_, Balance, ValueQuery>;

	/// What is in the pot and belongs to nobody: the remainders of rounding, and what was forfeited.
	/// Grows when the last points of an epoch are settled, and when a device's earnings are taken from
	/// its owner; the next close that funds a network mints that much less.
	#[pallet::storage]
	pub type Undistributed<T: Config> = StorageValue<_, Balance, ValueQuery>;

	/// Maps a network and a closed epoch to the network's part in it. Written at the close, if the
	/// network is funded and its devices have points; reduced as devices are settled; removed with
	/// the last of them.
	#[pallet::storage]
	pub type Epochs<T: Config> = StorageDoubleMap<
		_,
		Twox64Concat,
		NetworkId,
		Twox64Concat,
		EpochIndex,
		EpochShare,
		OptionQuery,
	>;

	/// Maps a network to the last epoch in which its devices were credited and to the points of all of
	/// them in that epoch. Written by each credit, and when points are forfeited; stays with the
	/// network.
	#[pallet::storage]
	pub type EpochPoints<T: Config> =
		StorageMap<_, Twox64Concat, NetworkId, (EpochIndex, u128), ValueQuery>;

	/// Maps a device to what it has earned and not been paid, since it was last settled on an owner.
	/// Written by each credit; removed when a claim leaves nothing in it, when it is settled on an
	/// owner or forfeited, and at the device's end.
	#[pallet::storage]
	pub type Accounts<T: Config> =
		StorageMap<_, Blake2_128Concat, DeviceId, RewardAccount, OptionQuery>;

	/// Maps a device and one who owned it to what it earned for that owner and could not be paid at
	/// once. Written when a device is settled on its owner: before it is handed on or suspended. Removed
	/// when [`Pallet::claim_former`], or a later settlement on the same owner, leaves nothing in it; it
	/// outlives the device.
	#[pallet::storage]
	pub type FormerAccounts<T: Config> = StorageDoubleMap<
		_,
		Blake2_128Concat,
		DeviceId,
		Blake2_128Concat,
		T::AccountId,
		RewardAccount,
		OptionQuery,
	>;

	/// Maps a device to the last epoch in which points of that very epoch were settled on an owner: the
	/// device cannot go before it closes, so that it cannot earn in two networks in one epoch. Written
	/// by such a settlement; removed at the device's end.
	#[pallet::storage]
	pub type SettledIn<T: Config> =
		StorageMap<_, Blake2_128Concat, DeviceId, EpochIndex, OptionQuery>;

	/// The emission, as the chain specification sets it. By default nothing is emitted.
	#[pallet::genesis_config]
	pub struct GenesisConfig<T: Config> {
		/// Blocks in an epoch.
		pub epoch_length: BlockNumberFor<T>,
		/// What each epoch before the first halving emits.
		pub initial_emission: Balance,
		/// Epochs after which the emission halves.
		pub halving_epochs: u32,
		/// The cap on the supply.
		pub max_supply: Balance,
		/// The networks' part of an emission.
		pub networks_share: Perbill,
		/// The validators' part of an emission; the treasury has the rest.
		pub validators_share: Perbill,
		/// Each funded network, which must exist, with its weight among them.
		pub funded: Vec<(NetworkId, u32)>,
	}

	impl<T: Config> Default for GenesisConfig<T> {
		fn default() -> Self {
			Self {
				epoch_length: One::one(),
				initial_emission: 0,
				halving_epochs: 1,
				max_supply: Balance::MAX,
				networks_share: Perbill::zero(),
				validators_share: Perbill::zero(),
				funded: Vec::new(),
			}
		}
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			assert!(!self.epoch_length.is_zero(), "rewards: an epoch needs at least one block");
			assert!(self.halving_epochs > 0, "rewards: the emission cannot halve every 0 epochs");
			let shares =
				Shares { networks: self.networks_share, validators: self.validators_share };
			assert!(shares.fit(), "rewards: the shares of the emission exceed the whole");

			let mut funded = self.funded.clone();
			funded.sort_unstable();
			assert!(
				funded.windows(2).all(|pair| pair[0].0 != pair[1].0),
				"rewards: a network is funded twice",
			);
			for (network, weight) in &funded {
				assert!(*weight > 0, "rewards: a funded network needs a weight");
				// Whoever creates the next network would otherwise get a share by its number alone.
				assert!(
					T::Devices::network(*network).is_some(),
					"rewards: a funded network does not exist; build the registry's genesis first",
				);
			}
			let funded = BoundedVec::try_from(funded)
				.expect("rewards: more networks are funded than MaxFunded");

			Pallet::<T>::open_pot();
			let issuance = T::Currency::total_issuance();
			assert!(issuance <= self.max_supply, "rewards: the genesis issuance exceeds the cap");

			Parameters::<T>::put(EmissionParameters {
				epoch_length: self.epoch_length,
				initial_emission: self.initial_emission,
				halving_epochs: self.halving_epochs,
				max_supply: self.max_supply,
			});
			EmissionShares::<T>::put(shares);
			Funded::<T>::put(funded);
			GenesisIssuance::<T>::put(issuance);
			CurrentEpoch::<T>::put(RunningEpoch { index: 0, closes_at: self.epoch_length });
		}
	}

	/// What happened.
	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// An epoch has closed.
		#[codec(index = 0)]
		EpochClosed {
			/// Which one.
			epoch: EpochIndex,
			/// What it could emit, by the schedule and under the cap on the supply.
			emission: Balance,
			/// What of it was minted for devices. Budgets are also paid from
			/// [`Undistributed`], so that they can exceed this.
			networks: Balance,
			/// What of it is promised to validators.
			validators: Balance,
			/// What of it was minted to the treasury.
			treasury: Balance,
		},
		/// The devices of a network share in the emission of a closed epoch.
		#[codec(index = 1)]
		NetworkEmission {
			/// Whose devices.
			network: NetworkId,
			/// The closed epoch.
			epoch: EpochIndex,
			/// What they share.
			budget: Balance,
			/// Their points, all together.
			points: u128,
		},
		/// A reward was paid.
		#[codec(index = 2)]
		Paid {
			/// Whose work it was.
			device: DeviceId,
			/// Its owner, or who owned it when it did the work.
			payee: T::AccountId,
			/// How much.
			amount: Balance,
		},
		/// A claim in a batch failed; the others stand.
		#[codec(index = 3)]
		ClaimFailed {
			/// For which device.
			device: DeviceId,
			/// Why.
			error: DispatchError,
		},
		/// A network's weight among the funded ones was set; it counts from the next close.
		#[codec(index = 4)]
		WeightSet {
			/// Which network.
			network: NetworkId,
			/// Its weight; with 0 it is funded no more.
			weight: u32,
		},
		/// The split of the emission was set; it counts from the next close.
		#[codec(index = 5)]
		SharesSet {
			/// The networks' part.
			networks: Perbill,
			/// The validators' part; the treasury has the rest.
			validators: Perbill,
		},
		/// What a device had earned since it was last settled on its owner was taken from that owner.
		#[codec(index = 6)]
		Forfeited {
			/// Whose work it was.
			device: DeviceId,
			/// The money: it is [`Undistributed`] now.
			amount: Balance,
			/// The points of the running epoch: they count no more, so that others' count for more.
			points: u64,
		},
		/// What a device earned until now is its owner's, whatever becomes of the device, and could not
		/// be paid at once: [`Pallet::claim_former`] pays it.
		#[codec(index = 7)]
		Settled {
			/// Whose work it was.
			device: DeviceId,
			/// Who owned it.
			payee: T::AccountId,
			/// The money that waits for its payee.
			amount: Balance,
			/// The points of the running epoch that wait for its close.
			points: u64,
		},
		/// What a device had earned for a former owner turned out to be worth nothing, and is
		/// forgotten.
		#[codec(index = 8)]
		Cleared {
			/// Whose work it was.
			device: DeviceId,
			/// Who owned it then.
			payee: T::AccountId,
		},
	}

	/// Why a call failed.
	#[pallet::error]
	pub enum Error<T> {
		/// No device has this id.
		#[codec(index = 0)]
		UnknownDevice,
		/// The device has earned nothing that could be paid now to that payee. Points of the running epoch
		/// are worth something once it closes. What it earned before it was last suspended or handed on
		/// is claimed by `claim_former`.
		#[codec(index = 1)]
		NothingToClaim,
		/// The payee's account cannot take the reward: it does not exist, and the reward is below the
		/// existential deposit. Fund the account or claim later, when more has accrued; nothing is lost.
		#[codec(index = 2)]
		PayeeCannotReceive,
		/// No network has this number.
		#[codec(index = 3)]
		UnknownNetwork,
		/// As many networks are funded as can be. Set another's weight to 0 first.
		#[codec(index = 4)]
		TooManyFunded,
		/// The network is not funded, so that its weight cannot be taken away.
		#[codec(index = 5)]
		NotFunded,
		/// The shares together exceed the whole emission.
		#[codec(index = 6)]
		SharesExceedWhole,
		/// The device is suspended: what it earns waits in escrow. Claim once it is restored. What it
		/// earned before the suspension is its owner's all the same: call `claim_former`.
		#[codec(index = 7)]
		InEscrow,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn on_initialize(now: BlockNumberFor<T>) -> Weight {
			match CurrentEpoch::<T>::get() {
				Some(running) if now >= running.closes_at => {
					T::WeightInfo::close_epoch(Self::close_epoch(running, now))
				}
				_ => T::WeightInfo::on_initialize_idle(),
			}
		}

		fn integrity_test() {
			assert!(T::MaxFunded::get() > 0, "MaxFunded is 0: no network could ever be paid");
			assert!(T::MaxClaims::get() > 0, "MaxClaims is 0: no batch of claims could hold one");
			assert!(
				Self::pot() != T::Treasury::get(),
				"the pot is the treasury's account: what devices have earned could be spent",
			);
			let close = T::WeightInfo::close_epoch(T::MaxFunded::get());
			let block = T::BlockWeights::get().max_block;
			assert!(
				close.all_lte(block / 2),
				"MaxFunded is too high: the close of an epoch takes more than half a block",
			);
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Pays a device's owner all that the device has earned in closed epochs.
		///
		/// # Details
		/// Anyone may sign; the owner is paid. The cost does not depend on how many epochs have passed
		/// since the last claim. While the device is suspended nothing is paid.
		///
		/// # Parameters
		/// - `device`: whose rewards.
		///
		/// # Events
		/// - [`Event::Paid`].
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::claim())]
		pub fn claim(origin: OriginFor<T>, device: DeviceId) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_claim(&device)
		}

		/// Claims for several devices. Each claim succeeds or fails alone.
		///
		/// # Details
		/// Anyone may sign; each device's owner is paid.
		///
		/// # Parameters
		/// - `devices`: whose rewards.
		///
		/// # Events
		/// - [`Event::Paid`] or [`Event::ClaimFailed`] for each, in order.
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::claim_batch(devices.len() as u32))]
		pub fn claim_batch(
			origin: OriginFor<T>,
			devices: BoundedVec<DeviceId, T::MaxClaims>,
		) -> DispatchResult {
			ensure_signed(origin)?;
			for device in devices {
				if let Err(error) = with_storage_layer(|| Self::do_claim(&device)) {
					Self::deposit_event(Event::ClaimFailed { device, error });
				}
			}
			Ok(())
		}

		/// Sets a network's weight among the funded ones, from the next close on.
		///
		/// # Details
		/// By governance. The running epoch's points count: at its close they are paid by the new
		/// weight.
		///
		/// # Parameters
		/// - `network`: which one.
		/// - `weight`: its weight; 0 ends its funding.
		///
		/// # Events
		/// - [`Event::WeightSet`].
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::set_network_weight())]
		pub fn set_network_weight(
			origin: OriginFor<T>,
			network: NetworkId,
			weight: u32,
		) -> DispatchResult {
			T::GovernanceOrigin::ensure_origin(origin)?;
			Self::do_set_network_weight(network, weight)
		}

		/// Sets how the emission is split, from the next close on.
		///
		/// # Details
		/// By governance.
		///
		/// # Parameters
		/// - `networks`: the networks' part.
		/// - `validators`: the validators' part; the treasury has the rest.
		///
		/// # Events
		/// - [`Event::SharesSet`].
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::set_shares())]
		pub fn set_shares(
			origin: OriginFor<T>,
			networks: Perbill,
			validators: Perbill,
		) -> DispatchResult {
			T::GovernanceOrigin::ensure_origin(origin)?;
			let shares = Shares { networks, validators };
			ensure!(shares.fit(), Error::<T>::SharesExceedWhole);
			EmissionShares::<T>::put(shares);
			Self::deposit_event(Event::SharesSet { networks, validators });
			Ok(())
		}

		/// Pays one who owned a device what the device earned for him before it was handed on or
		/// suspended, in epochs that have closed.
		///
		/// # Details
		/// Anyone may sign; the payee is paid, also while the device is suspended and after it has gone.
		/// Points of the running epoch stay until it has closed. What turns out to be worth nothing is
		/// forgotten.
		///
		/// # Parameters
		/// - `device`: whose work it was.
		/// - `payee`: who owned it then.
		///
		/// # Events
		/// - [`Event::Paid`] or [`Event::Cleared`].
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::claim_former())]
		pub fn claim_former(
			origin: OriginFor<T>,
			device: DeviceId,
			payee: T::AccountId,
		) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_claim_former(&device, &payee)
		}
	}
}
