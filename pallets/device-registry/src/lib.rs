#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
	not(test),
	warn(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)
)]
#![doc = include_str!("../README.md")]

extern crate alloc;

mod access;
#[cfg(feature = "runtime-benchmarks")]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]
pub mod benchmarking;
mod calls;
mod deposits;
mod devices;
mod errors;
mod events;
pub mod governed;
mod keys;
mod lists;
mod makers;
#[cfg(test)]
mod mock;
mod networks;
mod statements;
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

/// Interface of the pallet: configuration, storage, events, errors and calls.
#[import_section(calls::calls)]
#[import_section(events::events)]
#[import_section(errors::errors)]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use crate::types::{CellKey, Declaration, Grant, OwnerKey, ShortId, StoredDeviceOf};
	use codec::FullCodec;
	#[cfg(feature = "runtime-benchmarks")]
	use depin_primitives::traits::BenchmarkHelper;
	use depin_primitives::{
		access::Permissions,
		maker::{CompromiseReason, MakerKeyIndex},
		network::{NetworkKind, Pauser},
		policy::{NetworkPolicy, PolicyCaps},
		statement::{Registration, SignedCertificate, TimedSignature},
		suspension::{SuspendReason, Suspender},
		traits::{Epochs, Lifecycle, NetworkFunding},
		Balance, Cell, DeviceId, EpochIndex, MakerId, Millis, NetworkId, PublicKey, H256,
	};
	use frame_support::{
		dispatch::WithPostDispatchInfo,
		pallet_prelude::*,
		traits::{fungible, Time},
	};
	use frame_system::pallet_prelude::*;

	/// Version of the layout of this pallet's storage.
	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	/// Configuration that the runtime gives to this pallet.
	#[pallet::config]
	pub trait Config: frame_system::Config<Hash = H256, RuntimeEvent: From<Event<Self>>> {
		/// Token in which bonds, deposits and fees are held and paid.
		type Currency: fungible::Inspect<Self::AccountId, Balance = Balance>
			+ fungible::Mutate<Self::AccountId>
			+ fungible::hold::Inspect<Self::AccountId, Reason = Self::RuntimeHoldReason>
			+ fungible::hold::Mutate<Self::AccountId>;

		/// The runtime's reasons to hold a balance.
		type RuntimeHoldReason: From<HoldReason>;

		/// Clock of the chain, in milliseconds: certificates and grants expire by it.
		type Time: Time<Moment = u64>;

		/// Reward epochs, with which changes of networks' rules take effect.
		type Epochs: Epochs;

		/// Parts of a device's record that other pallets keep: see
		/// [`traits::Devices`](depin_primitives::traits::Devices). The default is the part of a
		/// device that has just been registered.
		type Parts: FullCodec + MaxEncodedLen + TypeInfo + Member + Default;

		/// Pallets that are told of the events in a device's life.
		type Lifecycle: Lifecycle<Self::AccountId>;

		/// Funding of networks, which decides the notice that a change of a network's rules needs.
		type Funding: NetworkFunding;

		/// Origin that may pause any network, veto its rules to come and offer it to another admin.
		type GovernanceOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// Origin that may suspend, restore and forfeit any device.
		type JudgeOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// Account that is paid the fee of a location.
		type FeeCollector: Get<Self::AccountId>;

		/// Number of blocks between a device's retirement and the block at which it can be reaped.
		///
		/// This item and the following ones, down to [`PolicyCaps`](Config::PolicyCaps), can be
		/// governed: their values may change at any block. The pallet reads them within the bounds
		/// of [`governed`], and a change does not affect what has begun already.
		type RetireDelay: Get<BlockNumberFor<Self>>;

		/// Number of blocks between the start of a key's recovery and the block at which it can be
		/// finished.
		type RecoveryDelay: Get<BlockNumberFor<Self>>;

		/// Number of blocks in which a suspension can be appealed.
		type AppealWindow: Get<BlockNumberFor<Self>>;

		/// Number of blocks after the appeal window in which only governance and the suspender can
		/// end a suspension.
		type DecisionWindow: Get<BlockNumberFor<Self>>;

		/// Number of reward epochs between the announcement of a funded network's rules and their
		/// first epoch, and between the offer of a funded network by its admin and its acceptance.
		type RulesNotice: Get<EpochIndex>;

		/// Fee of each change of a device's location. The location of the registration costs none.
		type LocationFee: Get<Balance>;

		/// Least bond that a network can ask for: it covers the state of a device.
		type MinBond: Get<Balance>;

		/// Amount held on a network's admin until the network is closed.
		type NetworkDeposit: Get<Balance>;

		/// Amount held on a maker's account until the maker is deregistered.
		type MakerDeposit: Get<Balance>;

		/// Amount held on a maker's account for each of its keys, until the key is revoked.
		type MakerKeyDeposit: Get<Balance>;

		/// Amount held on a maker's account for each key that it declares compromised.
		type DeclarationDeposit: Get<Balance>;

		/// Amount held on a device's owner for each grant, until the grant ends.
		type GrantDeposit: Get<Balance>;

		/// Caps on the numbers of every network's policy.
		type PolicyCaps: Get<PolicyCaps>;

		/// Largest number of makers that a network can list.
		#[pallet::constant]
		type MaxMakersPerNetwork: Get<u32>;

		/// Largest number of keys that a maker can have at a time.
		#[pallet::constant]
		type MaxMakerKeys: Get<u32>;

		/// Largest number of grants that a device can have at a time.
		#[pallet::constant]
		type MaxGrants: Get<u32>;

		/// Largest number of devices of a registration in bulk.
		#[pallet::constant]
		type MaxRegistrations: Get<u32>;

		/// Greatest time from now to the expiry of a statement that a device signs, in
		/// milliseconds.
		#[pallet::constant]
		type MaxStatementLifetime: Get<Millis>;

		/// Hash of the chain's first block, which every signature covers.
		type GenesisHash: Get<H256>;

		/// Weights of the calls.
		type WeightInfo: WeightInfo;

		/// Set-up of benchmarks that need the state of other pallets.
		#[cfg(feature = "runtime-benchmarks")]
		type BenchmarkHelper: BenchmarkHelper<Self::AccountId>;
	}

	/// Reasons for which this pallet holds balances.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// Bond of a device, held on its owner.
		#[codec(index = 0)]
		DeviceBond,
		/// Deposit for a network, held on its admin.
		#[codec(index = 1)]
		NetworkDeposit,
		/// Deposits for a maker, its keys and its declarations, held on its account.
		#[codec(index = 2)]
		MakerDeposit,
		/// Deposits for the grants on a device, held on its owner.
		#[codec(index = 3)]
		GrantDeposit,
	}

	/// Networks, by number; [`Pallet::network`] reads one with the rules of the running epoch.
	/// Written by [`Pallet::create_network`], by its admin's other calls and, for the count of its
	/// devices, when a device is registered or reaped. Removed by [`Pallet::close_network`].
	#[pallet::storage]
	pub type Networks<T: Config> = StorageMap<_, Twox64Concat, NetworkId, Network<T>>;

	/// Number of the next network. Raised by [`Pallet::create_network`] and never lowered, so that
	/// no number is assigned twice.
	#[pallet::storage]
	pub type NextNetworkId<T> = StorageValue<_, NetworkId, ValueQuery>;

	/// Makers, by number. Written by [`Pallet::register_maker`] and by the other calls of the
	/// maker's account. Removed by [`Pallet::deregister_maker`].
	#[pallet::storage]
	pub type Makers<T: Config> = StorageMap<_, Twox64Concat, MakerId, Maker<T>>;

	/// Number of the next maker. Raised by [`Pallet::register_maker`] and never lowered, so that no
	/// number is assigned twice.
	#[pallet::storage]
	pub type NextMakerId<T> = StorageValue<_, MakerId, ValueQuery>;

	/// Device keys that a maker has declared compromised. The second key of the map is the hash of
	/// the device key with the byte of its scheme, which is the id of the device whose first key it
	/// is. Written by [`Pallet::declare_compromised`], removed by [`Pallet::withdraw_declaration`].
	#[pallet::storage]
	pub type Declarations<T: Config> =
		StorageDoubleMap<_, Twox64Concat, MakerId, Identity, DeviceId, Declaration>;

	/// Devices, by id, with all of their state but the grants, and with the parts of the other
	/// pallets. Written by [`Pallet::register_device`], by every call that changes a device, and by
	/// the other pallets through [`traits::Devices`](depin_primitives::traits::Devices); removed by
	/// [`Pallet::reap_device`]. The id is a blake2-256 hash itself, so that the map does not hash
	/// it; the lists below find a device by the first half of it.
	#[pallet::storage]
	pub type Devices<T: Config> = StorageMap<_, Identity, DeviceId, StoredDeviceOf<T>>;

	/// Index of devices by owner. The key is the blake2-128 of the owner's account. Written when a
	/// device is registered or transferred, removed when it is transferred away or reaped.
	#[pallet::storage]
	pub type DevicesByOwner<T: Config> =
		StorageDoubleMap<_, Identity, OwnerKey, Identity, ShortId, ()>;

	/// Index of devices by network. Written when a device is registered, removed when it is reaped.
	/// Networks are numbered in sequence, so that nobody can choose a number to deepen the trie.
	#[pallet::storage]
	pub type DevicesByNetwork<T: Config> =
		StorageDoubleMap<_, Identity, NetworkId, Identity, ShortId, ()>;

	/// Index of devices by the maker that certified their current key. Written when a device is
	/// registered or gets a certified key, removed when the device gets a key without this maker's
	/// certificate, or is reaped. Makers are numbered in sequence, so that nobody can choose a
	/// number to deepen the trie.
	#[pallet::storage]
	pub type DevicesByMaker<T: Config> =
		StorageDoubleMap<_, Identity, MakerId, Identity, ShortId, ()>;

	/// Index of devices by location, in an order in which all cells within a coarser cell are
	/// adjacent. Written when a device is registered or moved, removed when it is moved away or
	/// reaped. Cells are not hashed, for the sake of that order: owners who choose cells can deepen
	/// the trie by no more than the eight bytes of a cell.
	#[pallet::storage]
	pub type DevicesByCell<T: Config> =
		StorageDoubleMap<_, Identity, CellKey, Identity, ShortId, ()>;

	/// Devices by their current key, if it is not their first: the key of the map is the first half
	/// of the hash of key and scheme, the value the first half of the device's id. The map keeps
	/// two devices from sharing a key. Written when a device gets such a key, removed when it gets
	/// another or is reaped.
	#[pallet::storage]
	pub type RotatedKeys<T: Config> = StorageMap<_, Identity, ShortId, ShortId>;

	/// Grants on each device; no entry for none. Written by [`Pallet::grant_access`], removed by
	/// [`Pallet::revoke_access`] and when the device changes owner or is reaped.
	#[pallet::storage]
	pub type Grants<T: Config> =
		StorageMap<_, Identity, DeviceId, BoundedVec<Grant<T::AccountId>, T::MaxGrants>>;

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn integrity_test() {
			assert!(
				T::MaxMakersPerNetwork::get() > 0,
				"MaxMakersPerNetwork is 0: a network could not name any maker and, as an empty list \
				 is refused, only networks that take any maker's certificate could be created"
			);
			assert!(
				T::MaxMakerKeys::get() > 0,
				"MaxMakerKeys is 0: no maker could have the key that it registers with"
			);
			assert!(
				T::MaxStatementLifetime::get() > 0,
				"MaxStatementLifetime is 0: no device could consent to an owner"
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
