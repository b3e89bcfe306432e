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
mod epochs;
mod former;
mod ledger;
mod lifecycle;
#[cfg(test)]
mod mock;
mod payouts;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "try-runtime", test))]
mod try_state;
mod types;
mod views;
pub mod weights;

pub use pallet::*;
pub use types::{
	EmissionParameters, FormerAccount, PayoutSettings, RewardAccount, RunningEpoch, Shares,
	ValidatorStream,
};
pub use weights::WeightInfo;

/// Target of this pallet's log lines.
const LOG_TARGET: &str = "runtime::rewards";

#[frame_support::pallet]
pub mod pallet {
	use super::*;
	#[cfg(feature = "runtime-benchmarks")]
	use depin_primitives::traits::BenchmarkHelper;
	use depin_primitives::{
		reward::{ClaimPermission, EpochShare},
		traits::Devices,
		Balance, DeviceId, EpochIndex, NetworkId, H256,
	};
	use frame_support::{
		dispatch::PostDispatchInfo,
		pallet_prelude::*,
		storage::with_storage_layer,
		traits::fungible::{hold::Mutate as MutateHold, Inspect, Mutate},
		PalletId,
	};
	use frame_system::pallet_prelude::*;
	use sp_runtime::{
		traits::{One, Zero},
		Perbill,
	};

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	/// Pallet of emission, points and claims.
	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	/// Configuration of the pallet.
	#[pallet::config]
	pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
		/// Token that is minted and paid.
		type Currency: Inspect<Self::AccountId, Balance = Balance>
			+ Mutate<Self::AccountId>
			+ MutateHold<Self::AccountId, Reason = Self::RuntimeHoldReason>;

		/// Hold reasons of the runtime.
		type RuntimeHoldReason: From<HoldReason>;

		/// Amount held on a former owner for an account that outlives their ownership. Must be less
		/// than the least bond of a device, so that the bond which a hand-over frees covers it.
		#[pallet::constant]
		type FormerDeposit: Get<Balance>;

		/// Amount held on an owner for a payout account or a claim permission.
		#[pallet::constant]
		type PayoutDeposit: Get<Balance>;

		/// Number of epochs after which anyone can clear a former account whose money nobody can
		/// receive.
		#[pallet::constant]
		type ClearAfter: Get<EpochIndex>;

		/// Id of the pot, the account that holds the money that is minted for devices and not yet
		/// paid.
		#[pallet::constant]
		type PotId: Get<PalletId>;

		/// Account of the treasury, to which the treasury's share is minted.
		type Treasury: Get<Self::AccountId>;

		/// Origin that may set allocations and the shares of the emission.
		type GovernanceOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// Registry of devices, whose owners are paid for the devices' work, and of networks.
		type Devices: Devices<Self::AccountId, Record: AsRef<RewardAccount> + AsMut<RewardAccount>>;

		/// Largest number of funded networks, which bounds the close of an epoch.
		#[pallet::constant]
		type MaxFunded: Get<u32>;

		/// Largest number of claims in a batch.
		#[pallet::constant]
		type MaxClaims: Get<u32>;

		/// Weights of the calls and hooks.
		type WeightInfo: WeightInfo;

		/// Set-up of benchmarks that need the state of other pallets.
		#[cfg(feature = "runtime-benchmarks")]
		type BenchmarkHelper: BenchmarkHelper<Self::AccountId>;
	}

	/// Reasons for which a balance is held.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// Deposit for a former account, held on the former owner.
		#[codec(index = 0)]
		FormerAccount,
		/// Deposit for a payout account or a claim permission, held on the owner who has set it.
		#[codec(index = 1)]
		PayoutSettings,
	}

	/// Emission schedule and length of an epoch. Written at genesis; never removed.
	#[pallet::storage]
	pub type Parameters<T: Config> =
		StorageValue<_, EmissionParameters<BlockNumberFor<T>>, ValueQuery>;

	/// Shares of an emission for networks and validators. Written at genesis and by governance;
	/// never removed.
	#[pallet::storage]
	pub type EmissionShares<T: Config> = StorageValue<_, Shares, ValueQuery>;

	/// Funded networks with their allocations, by ascending number. No allocation is zero, and each
	/// network exists. Written by governance; an entry is removed when governance sets its
	/// allocation to 0, and when the network is closed.
	#[pallet::storage]
	pub type Funded<T: Config> =
		StorageValue<_, BoundedVec<(NetworkId, u32), T::MaxFunded>, ValueQuery>;

	/// Running epoch. Written at genesis and at each close; never removed. Without it no epoch ever
	/// closes.
	#[pallet::storage]
	pub type CurrentEpoch<T: Config> =
		StorageValue<_, RunningEpoch<BlockNumberFor<T>>, OptionQuery>;

	/// Total issuance at genesis, on top of which the cap on the supply counts emissions. Written
	/// at genesis; never removed.
	#[pallet::storage]
	pub type GenesisIssuance<T: Config> = StorageValue<_, Balance, ValueQuery>;

	/// Sum of all emissions of closed epochs: minted for networks and treasury, or promised to
	/// validators. Written at each close; never falls and is never removed.
	#[pallet::storage]
	pub type Emitted<T: Config> = StorageValue<_, Balance, ValueQuery>;

	/// Money that is promised to validators and that staking has not taken yet. Grows at each
	/// close; [`Pallet::take_validator_budget`] takes what has fallen due. Never removed.
	#[pallet::storage]
	pub type ValidatorBudget<T: Config> =
		StorageValue<_, ValidatorStream<BlockNumberFor<T>>, ValueQuery>;

	/// Amount of the networks' share of closed epochs that no network has taken: slices of networks
	/// without points, and remainders of the split. The money is not minted. Written at each close,
	/// which adds to it and distributes 1 / `halving_epochs` of it; never removed.
	#[pallet::storage]
	pub type Carried<T: Config> = StorageValue<_, Balance, ValueQuery>;

	/// Money in the pot that was minted for devices and is not paid: all accrued, unsettled and
	/// undistributed money. Grows at a close, falls with each payment; never removed. The pot's
	/// balance is larger by its existential deposit, and by what others have transferred to it.
	#[pallet::storage]
	pub type InPot<T: Config> = StorageValue<_, Balance, ValueQuery>;

	/// Money in the pot that belongs to nobody: remainders of rounding, and forfeited earnings.
	/// Grows when the last points of an epoch are settled and when a device forfeits; the next
	/// close that funds a network uses it first and mints that much less.
	#[pallet::storage]
	pub type Undistributed<T: Config> = StorageValue<_, Balance, ValueQuery>;

	/// Map from a network and a closed epoch to the network's share of the emission. Written at the
	/// close, if the network is funded and its devices have points; reduced as devices are settled;
	/// removed when the last points are.
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

	/// Map from a network to the last epoch in which its devices were credited, with the points of
	/// all of them in that epoch. Written by each credit and when points are forfeited; removed
	/// when the network is closed.
	#[pallet::storage]
	pub type EpochPoints<T: Config> =
		StorageMap<_, Twox64Concat, NetworkId, (EpochIndex, u128), ValueQuery>;

	/// Map from an owner and a device to earnings that were settled on that owner and could not be
	/// paid at once. By owner first, so that owners find all devices that they gave away. The
	/// device id is a hash already.
	///
	/// Written when the device is settled on its owner, which is before a transfer and before a
	/// suspension. Removed when a claim or a later settlement on the same owner leaves nothing in
	/// the account, and when that owner's device is reaped. Outlives the device if its owner had
	/// given it away: then the owner's deposit pays for the entry; before, the device's bond does.
	#[pallet::storage]
	pub type FormerAccounts<T: Config> = StorageDoubleMap<
		_,
		Blake2_128Concat,
		T::AccountId,
		Identity,
		DeviceId,
		FormerAccount,
		OptionQuery,
	>;

	/// Map from an owner to the settings of their pay. Written by [`Pallet::set_payout_account`]
	/// and [`Pallet::set_claim_permission`]; removed when both settings have their defaults. The
	/// owner's deposit pays for the entry.
	#[pallet::storage]
	pub type Payouts<T: Config> =
		StorageMap<_, Blake2_128Concat, T::AccountId, PayoutSettings<T::AccountId>, OptionQuery>;

	/// Map from a device to the last epoch in which points of that very epoch were settled on an
	/// owner. The device cannot be reaped before that epoch closes, so that it cannot earn in two
	/// networks in one epoch. Written by such a settlement. Removed after the epoch's close, by a
	/// claim of one of the former accounts or by the next settlement, and when the device is
	/// reaped.
	#[pallet::storage]
	pub type SettledIn<T: Config> = StorageMap<_, Identity, DeviceId, EpochIndex, OptionQuery>;

	/// Genesis configuration: the emission, as the chain specification sets it. The default emits
	/// nothing. No network exists at genesis, so that none is funded: governance funds networks.
	#[pallet::genesis_config]
	pub struct GenesisConfig<T: Config> {
		/// Number of blocks in an epoch; above 0.
		pub epoch_length: BlockNumberFor<T>,
		/// Emission of each epoch before the first halving.
		pub initial_emission: Balance,
		/// Number of epochs after which the emission halves; above 0.
		pub halving_epochs: u32,
		/// Cap on the supply.
		pub max_supply: Balance,
		/// Share of all funded networks together.
		pub networks_share: Perbill,
		/// Share of the validators. The treasury has the rest.
		pub validators_share: Perbill,
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
			assert!(shares.is_valid(), "rewards: the shares of the emission exceed one");

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
			GenesisIssuance::<T>::put(issuance);
			CurrentEpoch::<T>::put(RunningEpoch { index: 0, closes_at: self.epoch_length });
		}
	}

	/// Events of the pallet.
	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// An epoch has closed.
		#[codec(index = 0)]
		EpochClosed {
			/// Epoch that has closed.
			epoch: EpochIndex,
			/// Emission of the epoch, by the schedule and under the cap on the supply.
			emission: Balance,
			/// Amount minted for devices. Budgets are also paid from [`Undistributed`], so that
			/// they can exceed this amount.
			networks: Balance,
			/// Amount promised to validators.
			validators: Balance,
			/// Amount minted to the treasury.
			treasury: Balance,
			/// Amount of the networks' share that no network has taken, of this and earlier epochs.
			carried: Balance,
		},
		/// The devices of a network share in the emission of a closed epoch.
		#[codec(index = 1)]
		NetworkEmission {
			/// Network of the devices.
			network: NetworkId,
			/// Epoch that has closed.
			epoch: EpochIndex,
			/// Money for the devices.
			budget: Balance,
			/// Points of all devices together. The price of a point is `budget / points`.
			points: u128,
		},
		/// A reward was paid.
		#[codec(index = 2)]
		Paid {
			/// Device that did the work.
			device: DeviceId,
			/// Owner of the device when it did the work.
			owner: T::AccountId,
			/// Account that was paid: the owner's payout account, or the owner.
			payee: T::AccountId,
			/// Amount of the payment.
			amount: Balance,
		},
		/// A claim in a batch has failed. The other claims of the batch are not affected.
		#[codec(index = 3)]
		ClaimFailed {
			/// Device of the claim.
			device: DeviceId,
			/// Reason of the failure.
			error: DispatchError,
		},
		/// A network's allocation was set; it counts from the next close.
		#[codec(index = 4)]
		AllocationSet {
			/// Network of the allocation.
			network: NetworkId,
			/// Allocation of the network; 0 if it is no longer funded.
			allocation: u32,
		},
		/// The shares of the emission were set; they count from the next close.
		#[codec(index = 5)]
		SharesSet {
			/// Share of all funded networks together.
			networks: Perbill,
			/// Share of the validators. The treasury has the rest.
			validators: Perbill,
		},
		/// A device has forfeited what it had earned since it was last settled on its owner.
		#[codec(index = 6)]
		Forfeited {
			/// Device that did the work.
			device: DeviceId,
			/// Money, which is [`Undistributed`] now.
			amount: Balance,
			/// Points of the running epoch. They no longer count, so that the others are worth
			/// more.
			points: u64,
		},
		/// A device's earnings were settled on its owner and could not be paid at once:
		/// [`Pallet::claim_former`] pays them, whatever happens to the device.
		#[codec(index = 7)]
		Settled {
			/// Device that did the work.
			device: DeviceId,
			/// Owner of the device when it did the work.
			owner: T::AccountId,
			/// Money that waits for its owner.
			amount: Balance,
			/// Points of the running epoch that wait for its close.
			points: u64,
		},
		/// A former account was removed unpaid: it turned out to be worth nothing, or nobody could
		/// receive its money for [`Config::ClearAfter`] epochs.
		#[codec(index = 8)]
		Cleared {
			/// Device that did the work.
			device: DeviceId,
			/// Owner of the device when it did the work.
			owner: T::AccountId,
			/// Money, which is [`Undistributed`] now.
			amount: Balance,
		},
		/// A claim of a former account in a batch has failed. The other claims of the batch are not
		/// affected.
		#[codec(index = 9)]
		FormerClaimFailed {
			/// Device of the claim.
			device: DeviceId,
			/// Former owner of the claim.
			owner: T::AccountId,
			/// Reason of the failure.
			error: DispatchError,
		},
		/// An owner has set the account that is paid for their devices.
		#[codec(index = 10)]
		PayoutAccountSet {
			/// Owner of devices.
			owner: T::AccountId,
			/// Account that is paid; `None` is the owner.
			account: Option<T::AccountId>,
		},
		/// An owner has set the accounts that may claim for them.
		#[codec(index = 11)]
		ClaimPermissionSet {
			/// Owner of devices.
			owner: T::AccountId,
			/// Accounts that may claim.
			permission: ClaimPermission,
		},
	}

	/// Reasons for which a call fails.
	#[pallet::error]
	pub enum Error<T> {
		/// No device has this id.
		#[codec(index = 0)]
		UnknownDevice,
		/// The device has earned nothing that can be paid to that payee now. Points of the running
		/// epoch can be claimed once the epoch has closed. What the device earned before it was
		/// last suspended or transferred is claimed by `claim_former`.
		#[codec(index = 1)]
		NothingToClaim,
		/// The payee's account cannot receive the reward: the account does not exist, and the
		/// reward is below the existential deposit. Fund the account, or claim when more has
		/// accrued; nothing is lost.
		#[codec(index = 2)]
		PayeeCannotReceive,
		/// No network has this number.
		#[codec(index = 3)]
		UnknownNetwork,
		/// The number of funded networks is at its limit. Set another network's allocation to 0
		/// first.
		#[codec(index = 4)]
		TooManyFunded,
		/// The network is not funded, so that its allocation cannot be set to 0.
		#[codec(index = 5)]
		NotFunded,
		/// The shares of the emission are more than one together.
		#[codec(index = 6)]
		SharesExceedOne,
		/// The device is suspended, and its earnings wait in escrow: claim once the device is
		/// restored. What it earned before the suspension is claimed by `claim_former`.
		#[codec(index = 7)]
		InEscrow,
		/// The owner lets nobody else claim for them. Ask the owner to claim, or to call
		/// `set_claim_permission`.
		#[codec(index = 8)]
		ClaimNotPermitted,
		/// The setting has this value already.
		#[codec(index = 9)]
		NothingToChange,
		/// The free balance does not cover the deposit for the setting. Fund the account first.
		#[codec(index = 10)]
		CannotAffordDeposit,
		/// The pot of the rewards cannot be a payout account: its money belongs to devices.
		#[codec(index = 11)]
		PotAsPayoutAccount,
		/// The rules of the network, in force and to come, are not those of the hash that the call
		/// names. Read `rulesHash` of the network, and vote again if the new rules are worth it.
		#[codec(index = 12)]
		RulesDiffer,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		/// Closes the running epoch if this block ends it.
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
				close.all_lte(block.div(2)),
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
		/// Pays a device's owner what the device has earned in closed epochs.
		///
		/// ## Dispatch Origin
		///
		/// Must be signed. Anyone may sign, unless the owner has restricted it by
		/// [`Self::set_claim_permission`]; the owner's payout account is paid.
		///
		/// ## Details
		///
		/// - `device`: device whose earnings are claimed.
		///
		/// The cost does not depend on the number of epochs since the last claim. If the payout
		/// account cannot receive the reward, the owner is paid.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownDevice`] if no device has this id.
		/// - [`Error::InEscrow`] if the device is suspended.
		/// - [`Error::ClaimNotPermitted`] if the owner lets nobody else claim.
		/// - [`Error::NothingToClaim`] if the device has no money and no points of a closed epoch
		///   that are worth any.
		/// - [`Error::PayeeCannotReceive`] if the owner's account does not exist, and the reward is
		///   below the existential deposit.
		///
		/// ## Events
		///
		/// - [`Event::Paid`].
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::claim())]
		pub fn claim(origin: OriginFor<T>, device: DeviceId) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_claim(&who, &device)
		}

		/// Claims for several devices. Each claim succeeds or fails alone.
		///
		/// ## Dispatch Origin
		///
		/// Must be signed. Anyone may sign whom the owners permit; each owner's payout account is
		/// paid.
		///
		/// ## Details
		///
		/// - `devices`: devices whose earnings are claimed, at most [`Config::MaxClaims`].
		///
		/// The unused weight of claims that fail is refunded.
		///
		/// ## Errors
		///
		/// None: a claim that fails, for the reasons of [`Self::claim`], only emits an event.
		///
		/// ## Events
		///
		/// - [`Event::Paid`] or [`Event::ClaimFailed`] for each device, in order.
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::claim_batch(devices.len() as u32))]
		pub fn claim_batch(
			origin: OriginFor<T>,
			devices: BoundedVec<DeviceId, T::MaxClaims>,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let (mut paid, mut failed) = (0u32, 0u32);
			for device in devices {
				match with_storage_layer(|| Self::do_claim(&who, &device)) {
					Ok(()) => paid = paid.saturating_add(1),
					Err(error) => {
						failed = failed.saturating_add(1);
						Self::deposit_event(Event::ClaimFailed { device, error });
					}
				}
			}
			Ok(Self::batch_weight(T::WeightInfo::claim_batch(paid), failed))
		}

		/// Sets a network's allocation, from the next close on.
		///
		/// ## Dispatch Origin
		///
		/// Must be [`Config::GovernanceOrigin`].
		///
		/// ## Details
		///
		/// - `network`: network to fund.
		/// - `allocation`: allocation of the network. At each close the networks' share of the
		///   emission is split in proportion to the allocations; 0 ends the network's funding.
		/// - `rules`: hash of the network's rules, `rulesHash` of the network's record. It is
		///   required unless the allocation is 0: a vote takes days, and in that time the admin of
		///   a network that is not funded yet can change its rules at short notice.
		///
		/// Points of the running epoch are paid by the new allocation at its close. A network that
		/// is closed loses its allocation.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownNetwork`] if no network has this number.
		/// - [`Error::RulesDiffer`] if the allocation is not 0 and `rules` is not the hash of the
		///   network's rules.
		/// - [`Error::TooManyFunded`] if [`Config::MaxFunded`] other networks are funded.
		/// - [`Error::NotFunded`] if the allocation is 0 and the network is not funded.
		///
		/// ## Events
		///
		/// - [`Event::AllocationSet`].
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::set_allocation())]
		pub fn set_allocation(
			origin: OriginFor<T>,
			network: NetworkId,
			allocation: u32,
			rules: Option<H256>,
		) -> DispatchResult {
			T::GovernanceOrigin::ensure_origin(origin)?;
			Self::do_set_allocation(network, allocation, rules)
		}

		/// Sets the shares of the emission, from the next close on.
		///
		/// ## Dispatch Origin
		///
		/// Must be [`Config::GovernanceOrigin`].
		///
		/// ## Details
		///
		/// - `networks`: share of all funded networks together.
		/// - `validators`: share of the validators. The treasury has the rest.
		///
		/// ## Errors
		///
		/// - [`Error::SharesExceedOne`] if the shares are more than one together.
		///
		/// ## Events
		///
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
			ensure!(shares.is_valid(), Error::<T>::SharesExceedOne);
			EmissionShares::<T>::put(shares);
			Self::deposit_event(Event::SharesSet { networks, validators });
			Ok(())
		}

		/// Pays a former owner what a device earned for them, in closed epochs, before it was
		/// transferred or suspended.
		///
		/// ## Dispatch Origin
		///
		/// Must be signed. Anyone may sign, unless the former owner has restricted it by
		/// [`Self::set_claim_permission`]; the former owner's payout account is paid.
		///
		/// ## Details
		///
		/// - `device`: device that did the work.
		/// - `owner`: owner of the device when it did the work.
		///
		/// Also pays while the device is suspended and after it was reaped. Points of the running
		/// epoch stay in the account until the epoch has closed. An account that is worth nothing
		/// is removed. So is one whose money nobody could receive for [`Config::ClearAfter`]
		/// epochs; that money becomes [`Undistributed`]. The deposit is returned with the end of
		/// the account.
		///
		/// ## Errors
		///
		/// - [`Error::NothingToClaim`] if there is no former account of this device and owner, or
		///   it has only points of the running epoch.
		/// - [`Error::ClaimNotPermitted`] if the former owner lets nobody else claim.
		/// - [`Error::PayeeCannotReceive`] if the owner's account does not exist, and the reward is
		///   below the existential deposit.
		///
		/// ## Events
		///
		/// - [`Event::Paid`], or [`Event::Cleared`] if the account was removed unpaid.
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::claim_former())]
		pub fn claim_former(
			origin: OriginFor<T>,
			device: DeviceId,
			owner: T::AccountId,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_claim_former(&who, &device, &owner)
		}

		/// Claims several former accounts. Each claim succeeds or fails alone.
		///
		/// ## Dispatch Origin
		///
		/// Must be signed. Anyone may sign whom the former owners permit; each former owner's
		/// payout account is paid.
		///
		/// ## Details
		///
		/// - `claims`: devices and their former owners, at most [`Config::MaxClaims`].
		///
		/// The unused weight of claims that fail is refunded.
		///
		/// ## Errors
		///
		/// None: a claim that fails, for the reasons of [`Self::claim_former`], only emits an
		/// event.
		///
		/// ## Events
		///
		/// - [`Event::Paid`], [`Event::Cleared`] or [`Event::FormerClaimFailed`] for each claim, in
		///   order.
		#[pallet::call_index(5)]
		#[pallet::weight(T::WeightInfo::claim_former_batch(claims.len() as u32))]
		pub fn claim_former_batch(
			origin: OriginFor<T>,
			claims: BoundedVec<(DeviceId, T::AccountId), T::MaxClaims>,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let (mut paid, mut failed) = (0u32, 0u32);
			for (device, owner) in claims {
				match with_storage_layer(|| Self::do_claim_former(&who, &device, &owner)) {
					Ok(()) => paid = paid.saturating_add(1),
					Err(error) => {
						failed = failed.saturating_add(1);
						Self::deposit_event(Event::FormerClaimFailed { device, owner, error });
					}
				}
			}
			Ok(Self::batch_weight(T::WeightInfo::claim_former_batch(paid), failed))
		}

		/// Sets the account that is paid for the caller's devices, present and former.
		///
		/// ## Dispatch Origin
		///
		/// Must be signed by the owner.
		///
		/// ## Details
		///
		/// - `account`: account that is paid; `None`, or the caller, ends the redirection.
		///
		/// The setting belongs to the owner and not to a device: it counts for every payment from
		/// now on, also for earnings from before, and a device's next owner is paid by settings of
		/// their own. [`Config::PayoutDeposit`] is held while this setting or that of
		/// [`Self::set_claim_permission`] differs from its default.
		///
		/// ## Errors
		///
		/// - [`Error::NothingToChange`] if the account is set already.
		/// - [`Error::CannotAffordDeposit`] if the free balance does not cover the deposit.
		/// - [`Error::PotAsPayoutAccount`] if the account is the pot of the rewards.
		///
		/// ## Events
		///
		/// - [`Event::PayoutAccountSet`].
		#[pallet::call_index(6)]
		#[pallet::weight(T::WeightInfo::set_payout_account())]
		pub fn set_payout_account(
			origin: OriginFor<T>,
			account: Option<T::AccountId>,
		) -> DispatchResult {
			let owner = ensure_signed(origin)?;
			Self::do_set_payout_account(owner, account)
		}

		/// Sets the accounts that may claim for the caller.
		///
		/// ## Dispatch Origin
		///
		/// Must be signed by the owner.
		///
		/// ## Details
		///
		/// - `permission`: accounts that may claim for the caller's devices, present and former.
		///
		/// A transfer, a suspension and the reaping of a device still pay the owner at once. The
		/// deposit is that of [`Self::set_payout_account`].
		///
		/// ## Errors
		///
		/// - [`Error::NothingToChange`] if the permission is set already.
		/// - [`Error::CannotAffordDeposit`] if the free balance does not cover the deposit.
		///
		/// ## Events
		///
		/// - [`Event::ClaimPermissionSet`].
		#[pallet::call_index(7)]
		#[pallet::weight(T::WeightInfo::set_claim_permission())]
		pub fn set_claim_permission(
			origin: OriginFor<T>,
			permission: ClaimPermission,
		) -> DispatchResult {
			let owner = ensure_signed(origin)?;
			Self::do_set_claim_permission(owner, permission)
		}
	}

	impl<T: Config> Pallet<T> {
		/// Returns the weight of a batch whose claims were paid with `paid`, but for `failed`
		/// claims.
		fn batch_weight(paid: Weight, failed: u32) -> PostDispatchInfo {
			let failed = T::WeightInfo::claim_refused().saturating_mul(failed.into());
			Some(paid.saturating_add(failed)).into()
		}
	}
}
