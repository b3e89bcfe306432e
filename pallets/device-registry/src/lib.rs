#![cfg_attr(not(feature = "std"), no_std)]
#![doc = include_str!("../README.md")]

extern crate alloc;

mod access;
#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarking;
mod calls;
mod devices;
mod errors;
mod events;
mod keys;
mod lists;
mod makers;
#[cfg(test)]
mod mock;
mod networks;
mod suspension;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "try-runtime", test))]
mod try_state;
pub mod types;
pub mod weights;

use frame_support::pallet_macros::import_section;
pub use pallet::*;
pub use types::{Device, Maker, Network};
pub use weights::WeightInfo;

/// The pallet's interface: its configuration, storage, events, errors and calls.
#[import_section(calls::calls)]
#[import_section(events::events)]
#[import_section(errors::errors)]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use crate::types::{CellKey, Declaration, Grant, OwnerKey, ShortId};
	#[cfg(feature = "runtime-benchmarks")]
	use depin_primitives::traits::BenchmarkHelper;
	use depin_primitives::{
		access::Permissions,
		maker::{CompromiseReason, MakerKeyIndex},
		network::{NetworkKind, Pauser},
		policy::NetworkPolicy,
		statement::{Registration, SignedCertificate},
		suspension::{SuspendReason, Suspender},
		traits::{Epochs, Lifecycle},
		Balance, Cell, DeviceId, EpochIndex, MakerId, Millis, NetworkId, PublicKey, Signature,
		H256,
	};
	use frame_support::{
		pallet_prelude::*,
		traits::{fungible, Time},
	};
	use frame_system::pallet_prelude::*;

	/// The layout of this pallet's storage.
	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	/// What the runtime gives to this pallet.
	#[pallet::config]
	pub trait Config: frame_system::Config<Hash = H256, RuntimeEvent: From<Event<Self>>> {
		/// The token in which bonds, deposits and fees are held and paid.
		type Currency: fungible::Inspect<Self::AccountId, Balance = Balance>
			+ fungible::Mutate<Self::AccountId>
			+ fungible::hold::Inspect<Self::AccountId, Reason = Self::RuntimeHoldReason>
			+ fungible::hold::Mutate<Self::AccountId>;

		/// The runtime's reasons to hold a balance.
		type RuntimeHoldReason: From<HoldReason>;

		/// The chain's clock, in milliseconds: certificates and grants expire by it.
		type Time: Time<Moment = u64>;

		/// The reward epochs, at whose turns networks' rules change.
		type Epochs: Epochs;

		/// Told of the turns in a device's life.
		type Lifecycle: Lifecycle<Self::AccountId>;

		/// Who may suspend, restore and forfeit any device, and pause any network.
		type GovernanceOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// Who is paid the fee of an assertion of location.
		type FeeCollector: Get<Self::AccountId>;

		/// Paid for each assertion of location but the first.
		#[pallet::constant]
		type LocationFee: Get<Balance>;

		/// The least bond that a network can ask for: it covers what the chain keeps of a device.
		#[pallet::constant]
		type MinBond: Get<Balance>;

		/// Held of a network's admin for as long as the network is there.
		#[pallet::constant]
		type NetworkDeposit: Get<Balance>;

		/// Held of a maker's account for as long as the maker is there.
		#[pallet::constant]
		type MakerDeposit: Get<Balance>;

		/// Held of a maker's account for each of its keys.
		#[pallet::constant]
		type MakerKeyDeposit: Get<Balance>;

		/// Held of a maker's account for each key that it declares compromised.
		#[pallet::constant]
		type DeclarationDeposit: Get<Balance>;

		/// Held of a device's owner for each grant.
		#[pallet::constant]
		type GrantDeposit: Get<Balance>;

		/// The most makers that a network can list.
		#[pallet::constant]
		type MaxMakersPerNetwork: Get<u32>;

		/// The most keys that a maker can have at a time.
		#[pallet::constant]
		type MaxMakerKeys: Get<u32>;

		/// The most grants that a device can have at a time.
		#[pallet::constant]
		type MaxGrants: Get<u32>;

		/// The most devices of a registration in bulk.
		#[pallet::constant]
		type MaxRegistrations: Get<u32>;

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
		/// The bond of a device, of its owner.
		#[codec(index = 0)]
		DeviceBond,
		/// The deposit for a network, of its admin.
		#[codec(index = 1)]
		NetworkDeposit,
		/// The deposits for a maker, its keys and its declarations, of its account.
		#[codec(index = 2)]
		MakerDeposit,
		/// The deposits for a device's grants, of its owner.
		#[codec(index = 3)]
		GrantDeposit,
	}

	/// The networks, by number. Written by [`Pallet::create_network`], by its admin's other calls and,
	/// for the count of its devices, when a device comes or goes; removed by
	/// [`Pallet::close_network`]. Read it by [`Pallet::network`].
	#[pallet::storage]
	pub type Networks<T: Config> = StorageMap<_, Twox64Concat, NetworkId, Network<T>>;

	/// The number of the next network. Raised by [`Pallet::create_network`], never lowered: a number
	/// is given once.
	#[pallet::storage]
	pub type NextNetworkId<T> = StorageValue<_, NetworkId, ValueQuery>;

	/// The makers, by number. Written by [`Pallet::register_maker`] and by its account's other calls,
	/// removed by [`Pallet::deregister_maker`].
	#[pallet::storage]
	pub type Makers<T: Config> = StorageMap<_, Twox64Concat, MakerId, Maker<T>>;

	/// The number of the next maker. Raised by [`Pallet::register_maker`], never lowered: a number is
	/// given once.
	#[pallet::storage]
	pub type NextMakerId<T> = StorageValue<_, MakerId, ValueQuery>;

	/// The device keys that a maker has declared compromised, by their hash with the scheme's byte
	/// (that is, the id of a device whose first key it is). Written by
	/// [`Pallet::declare_compromised`], removed by [`Pallet::withdraw_declaration`].
	#[pallet::storage]
	pub type Declarations<T: Config> =
		StorageDoubleMap<_, Twox64Concat, MakerId, Identity, DeviceId, Declaration>;

	/// The devices, by id, with all that is kept of each but its grants. Written by
	/// [`Pallet::register_device`] and by every call that changes one, removed by
	/// [`Pallet::reap_device`]. The id is a blake2-256 hash itself, so its bytes are the key; the lists
	/// below find a device by the first half of them.
	#[pallet::storage]
	pub type Devices<T: Config> = StorageMap<_, Identity, DeviceId, Device<T::AccountId>>;

	/// The devices of each owner, which stands for itself by its hash. Written when a device is registered or transferred, removed when it
	/// is transferred away or reaped.
	#[pallet::storage]
	pub type DevicesByOwner<T: Config> =
		StorageDoubleMap<_, Identity, OwnerKey, Identity, ShortId, ()>;

	/// The devices of each network. Written when a device is registered, removed when it is reaped.
	/// Networks are numbered in turn: nobody can choose a number.
	#[pallet::storage]
	pub type DevicesByNetwork<T: Config> =
		StorageDoubleMap<_, Identity, NetworkId, Identity, ShortId, ()>;

	/// The devices that each maker has certified. Written when a device is registered or takes on a
	/// certified key, removed when its key is another's work, or it is reaped. Makers are numbered in
	/// turn: nobody can choose a number.
	#[pallet::storage]
	pub type DevicesByMaker<T: Config> =
		StorageDoubleMap<_, Identity, MakerId, Identity, ShortId, ()>;

	/// The devices that say they are in each cell, in an order in which the cells of a coarser one
	/// stand together. Written when a device is registered or moves, removed when it moves away or is
	/// reaped. The order is why cells are not hashed; whoever picks his cells can deepen the trie by no
	/// more than their eight bytes.
	#[pallet::storage]
	pub type DevicesByCell<T: Config> =
		StorageDoubleMap<_, Identity, CellKey, Identity, ShortId, ()>;

	/// The keys other than their first that devices sign with, by what begins the hash of key and
	/// scheme. It keeps two devices from sharing a key. Written when a device takes on a key, removed
	/// when it takes on another or is reaped.
	#[pallet::storage]
	pub type RotatedKeys<T: Config> = StorageMap<_, Identity, ShortId, ()>;

	/// The grants on each device; no entry for none. Written by [`Pallet::grant_access`], removed by
	/// [`Pallet::revoke_access`] and when the device changes owner or is reaped.
	#[pallet::storage]
	pub type Grants<T: Config> =
		StorageMap<_, Identity, DeviceId, BoundedVec<Grant<T::AccountId>, T::MaxGrants>>;

	/// The number of blocks between a device's retirement and the release of its bond. Set at
	/// genesis.
	#[pallet::storage]
	pub type RetireDelay<T: Config> = StorageValue<_, BlockNumberFor<T>, ValueQuery>;

	/// The number of blocks between the start of a key's recovery and its end. Set at genesis.
	#[pallet::storage]
	pub type RecoveryDelay<T: Config> = StorageValue<_, BlockNumberFor<T>, ValueQuery>;

	/// The number of blocks in which a suspension can be appealed. Set at genesis.
	#[pallet::storage]
	pub type AppealWindow<T: Config> = StorageValue<_, BlockNumberFor<T>, ValueQuery>;

	/// The number of blocks after the appeal window in which governance alone decides. Set at genesis.
	#[pallet::storage]
	pub type DecisionWindow<T: Config> = StorageValue<_, BlockNumberFor<T>, ValueQuery>;

	/// The pallet's part of the chain's first state.
	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// See [`RetireDelay`].
		pub retire_delay: BlockNumberFor<T>,
		/// See [`RecoveryDelay`].
		pub recovery_delay: BlockNumberFor<T>,
		/// See [`AppealWindow`].
		pub appeal_window: BlockNumberFor<T>,
		/// See [`DecisionWindow`].
		pub decision_window: BlockNumberFor<T>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			RetireDelay::<T>::put(self.retire_delay);
			RecoveryDelay::<T>::put(self.recovery_delay);
			AppealWindow::<T>::put(self.appeal_window);
			DecisionWindow::<T>::put(self.decision_window);
		}
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn integrity_test() {
			assert!(
				T::MaxMakersPerNetwork::get() > 0,
				"MaxMakersPerNetwork is 0: a network could not name any maker and, as an empty list \
				 is refused, only networks that take any maker's certificate could be created"
			);
			assert!(
				T::NetworkDeposit::get() > 0
					&& T::MakerDeposit::get() > 0
					&& T::MakerKeyDeposit::get() > 0
					&& T::DeclarationDeposit::get() > 0
					&& T::GrantDeposit::get() > 0
					&& T::MinBond::get() > 0,
				"a deposit or the least bond is 0: the state that it is for would cost nothing, and \
				 nobody would ever clear it away"
			);
			assert!(
				T::MaxMakerKeys::get() > 0,
				"MaxMakerKeys is 0: no maker could have the key that it registers with"
			);
			assert!(
				T::MaxRegistrations::get() > 0,
				"MaxRegistrations is 0: no registration in bulk could hold a device"
			);
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}
}
