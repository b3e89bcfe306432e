#![cfg_attr(not(feature = "std"), no_std)]
#![doc = include_str!("../README.md")]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod devices;
mod lists;
#[cfg(test)]
mod mock;
mod networks;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "try-runtime", test))]
mod try_state;
pub mod types;
pub mod weights;

pub use pallet::*;
pub use types::{Device, Maker, Network};
pub use weights::WeightInfo;

/// The pallet's interface: its configuration, storage, events, errors and calls.
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use depin_primitives::{
		device::SignedCertificate,
		network::{NetworkKind, NetworkPolicy},
		traits::OnReap,
		Balance, Cell, DeviceId, MakerId, NetworkId, PublicKey, Signature, H256,
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
		/// The token in which bonds and deposits are held.
		type Currency: fungible::Inspect<Self::AccountId, Balance = Balance>
			+ fungible::Mutate<Self::AccountId>
			+ fungible::hold::Inspect<Self::AccountId, Reason = Self::RuntimeHoldReason>
			+ fungible::hold::Mutate<Self::AccountId>;

		/// The runtime's reasons to hold a balance.
		type RuntimeHoldReason: From<HoldReason>;

		/// The chain's clock, in milliseconds: certificates expire by it.
		type Time: Time<Moment = u64>;

		/// Told when a device goes for good. It may say that the time has not come.
		type OnReap: OnReap<Self::AccountId>;

		/// Held of a network's admin for as long as the network is there.
		#[pallet::constant]
		type NetworkDeposit: Get<Balance>;

		/// Held of a maker's account for as long as the maker is there.
		#[pallet::constant]
		type MakerDeposit: Get<Balance>;

		/// The most makers that a network can list.
		#[pallet::constant]
		type MaxMakersPerNetwork: Get<u32>;

		/// What the calls cost.
		type WeightInfo: WeightInfo;
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
		/// The deposit for a maker, of its account.
		#[codec(index = 2)]
		MakerDeposit,
	}

	/// The networks, by number. Written by [`Pallet::create_network`] and, for the count of its
	/// devices, when a device comes or goes; removed by [`Pallet::close_network`].
	#[pallet::storage]
	pub type Networks<T: Config> = StorageMap<_, Twox64Concat, NetworkId, Network<T>>;

	/// The number of the next network. Raised by [`Pallet::create_network`], never lowered: a number
	/// is given once.
	#[pallet::storage]
	pub type NextNetworkId<T> = StorageValue<_, NetworkId, ValueQuery>;

	/// The makers, by number. Written by [`Pallet::register_maker`], removed by
	/// [`Pallet::deregister_maker`].
	#[pallet::storage]
	pub type Makers<T: Config> = StorageMap<_, Twox64Concat, MakerId, Maker<T::AccountId>>;

	/// The number of the next maker. Raised by [`Pallet::register_maker`], never lowered: a number is
	/// given once.
	#[pallet::storage]
	pub type NextMakerId<T> = StorageValue<_, MakerId, ValueQuery>;

	/// The devices, by id. Written by [`Pallet::register_device`] and [`Pallet::retire_device`],
	/// removed by [`Pallet::reap_device`]. The id is a blake2-256 hash itself, so its bytes are the
	/// key.
	#[pallet::storage]
	pub type Devices<T: Config> = StorageMap<_, Identity, DeviceId, Device<T::AccountId>>;

	/// The devices of each owner. Written when a device is registered, removed when it is reaped.
	#[pallet::storage]
	pub type DevicesByOwner<T: Config> =
		StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Identity, DeviceId, ()>;

	/// The devices of each network. Written when a device is registered, removed when it is reaped.
	#[pallet::storage]
	pub type DevicesByNetwork<T: Config> =
		StorageDoubleMap<_, Twox64Concat, NetworkId, Identity, DeviceId, ()>;

	/// The devices that say they are in each cell. Written when a device is registered, removed when
	/// it is reaped.
	#[pallet::storage]
	pub type DevicesByCell<T: Config> =
		StorageDoubleMap<_, Blake2_128Concat, Cell, Identity, DeviceId, ()>;

	/// The number of blocks between a device's retirement and the release of its bond. Set at
	/// genesis.
	#[pallet::storage]
	pub type RetireDelay<T: Config> = StorageValue<_, BlockNumberFor<T>, ValueQuery>;

	/// The pallet's part of the chain's first state.
	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// See [`RetireDelay`].
		pub retire_delay: BlockNumberFor<T>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			RetireDelay::<T>::put(self.retire_delay);
		}
	}

	/// What happened.
	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A network was created.
		#[codec(index = 0)]
		NetworkCreated {
			/// Its number.
			network: NetworkId,
			/// What its devices do.
			kind: NetworkKind,
			/// Who runs it.
			admin: T::AccountId,
		},
		/// A network without devices was closed, and its deposit returned.
		#[codec(index = 1)]
		NetworkClosed {
			/// The number that it had.
			network: NetworkId,
			/// Who got the deposit back.
			admin: T::AccountId,
		},
		/// A maker was registered.
		#[codec(index = 2)]
		MakerRegistered {
			/// Its number.
			maker: MakerId,
			/// Its account.
			account: T::AccountId,
			/// The key that its certificates are signed with.
			key: PublicKey,
		},
		/// A maker was deregistered, and its deposit returned.
		#[codec(index = 3)]
		MakerDeregistered {
			/// The number that it had.
			maker: MakerId,
			/// Who got the deposit back.
			account: T::AccountId,
		},
		/// A device was registered, and its bond held.
		#[codec(index = 4)]
		DeviceRegistered {
			/// Its name for life.
			device: DeviceId,
			/// The network that it works for.
			network: NetworkId,
			/// Who owns it.
			owner: T::AccountId,
			/// The maker that certified it and its model; `None` without a certificate.
			maker: Option<(MakerId, u32)>,
			/// The key that it signs with.
			key: PublicKey,
			/// Where it says it is.
			cell: Cell,
			/// What is held of its owner's balance for it.
			bond: Balance,
		},
		/// A device was retired by its owner.
		#[codec(index = 5)]
		DeviceRetiring {
			/// Which one.
			device: DeviceId,
			/// The first block at which it can be reaped.
			until: u32,
		},
		/// A retired device went for good, and its bond was returned.
		#[codec(index = 6)]
		DeviceReaped {
			/// Which one.
			device: DeviceId,
			/// The network that it worked for.
			network: NetworkId,
			/// Who got the bond back.
			owner: T::AccountId,
			/// How much that was.
			bond: Balance,
		},
	}

	/// Why a call is refused, and what its caller can do.
	#[pallet::error]
	pub enum Error<T> {
		/// No network has this number, or it was closed: check the number.
		#[codec(index = 0)]
		UnknownNetwork,
		/// No maker has this number, or it was deregistered: check the number, or get a certificate
		/// from a maker that is registered.
		#[codec(index = 1)]
		UnknownMaker,
		/// No device has this id, or it was reaped: check the id.
		#[codec(index = 2)]
		UnknownDevice,
		/// The policy's cell resolution is none of H3's: give one from 0 to 15.
		#[codec(index = 3)]
		InvalidResolution,
		/// The policy accepts no key scheme, or one that this chain cannot verify: set bit 0 for
		/// Ed25519, bit 3 for P-256, or both.
		#[codec(index = 4)]
		InvalidSchemes,
		/// The policy's rules for reports cannot be met: give a `max_window` above 0, and no time
		/// longer than 365 days.
		#[codec(index = 5)]
		InvalidReportPolicy,
		/// The policy's rules for coverage cannot be met: the least distance and frequency must not
		/// be above the greatest.
		#[codec(index = 6)]
		InvalidCoveragePolicy,
		/// The list of makers is empty, so that no device could ever join: list makers, or give no
		/// list at all for a network that is open to anyone's devices.
		#[codec(index = 7)]
		NoMakers,
		/// A maker is listed twice: list each once.
		#[codec(index = 8)]
		DuplicateMaker,
		/// The free balance does not cover the deposit and the existential deposit: fund the account.
		#[codec(index = 9)]
		CannotAffordDeposit,
		/// The network does not accept keys of this scheme: use one that its policy accepts.
		#[codec(index = 10)]
		SchemeNotAccepted,
		/// The key is not a point of the P-256 curve: send it in compressed form, 33 bytes of which
		/// the first is 2 or 3.
		#[codec(index = 11)]
		MalformedKey,
		/// A device with this key is registered already: nothing is left to do if it is yours;
		/// otherwise make a new key.
		#[codec(index = 12)]
		AlreadyRegistered,
		/// The index is not an H3 cell: check how the place was converted.
		#[codec(index = 13)]
		NotACell,
		/// The cell is of another resolution than the network's: convert the place again, at the
		/// resolution that the network's policy names.
		#[codec(index = 14)]
		WrongResolution,
		/// The network admits only certified devices: hand in the certificate of one of its makers.
		#[codec(index = 15)]
		CertificateRequired,
		/// The network does not list the certificate's maker: use a certificate of one that it lists.
		#[codec(index = 16)]
		MakerNotAccepted,
		/// The certificate is not good any more: get a new one from its maker.
		#[codec(index = 17)]
		CertificateExpired,
		/// The certificate's signature is not its maker's over this key, network, model and expiry on
		/// this chain: check that each is what the maker signed, and the chain's genesis hash.
		#[codec(index = 18)]
		BadCertificate,
		/// The device has not agreed to this owner: let its key sign the network and the account that
		/// sends this call, with this chain's genesis hash.
		#[codec(index = 19)]
		BadConsent,
		/// The free balance does not cover the bond and the existential deposit: fund the account.
		#[codec(index = 20)]
		CannotAffordBond,
		/// The device belongs to another account: send this from its owner's.
		#[codec(index = 21)]
		NotOwner,
		/// The device is retired already: reap it once its time has come.
		#[codec(index = 22)]
		AlreadyRetiring,
		/// The device is active: its owner must retire it first.
		#[codec(index = 23)]
		NotRetiring,
		/// The device's retirement is not over: try again at the block that its status names.
		#[codec(index = 24)]
		StillRetiring,
		/// The device's last work is not settled yet: try again later, at the latest when the running
		/// reward epoch has closed. Nothing was changed.
		#[codec(index = 25)]
		NotSettled,
		/// The network is run by another account: send this from its admin's.
		#[codec(index = 26)]
		NotAdmin,
		/// The network still has devices: wait until all of them are retired and reaped.
		#[codec(index = 27)]
		NetworkInUse,
		/// The maker belongs to another account: send this from the account that registered it.
		#[codec(index = 28)]
		NotMaker,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn integrity_test() {
			assert!(
				T::MaxMakersPerNetwork::get() > 0,
				"MaxMakersPerNetwork is 0: a network could not name any maker and, as an empty list \
				 is refused, only open networks could be created"
			);
			assert!(
				T::NetworkDeposit::get() > 0 && T::MakerDeposit::get() > 0,
				"NetworkDeposit or MakerDeposit is 0: the state that a network or a maker takes would \
				 cost nothing, and nobody would ever clear it away"
			);
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Creates a network, run by the caller.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the account that becomes the network's admin. The
		/// [`NetworkDeposit`](Config::NetworkDeposit) is held of it until the network is closed.
		///
		/// ### Parameters
		///
		/// - `kind`: What its devices do.
		/// - `makers`: The makers whose devices it admits; `None` for anyone's devices.
		/// - `bond`: What each device's owner locks, for as long as the device is registered.
		/// - `policy`: Its rules.
		///
		/// ## Events
		///
		/// Emits [`Event::NetworkCreated`], with the number of the network.
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::create_network(makers.as_ref().map_or(0, |m| m.len() as u32)))]
		pub fn create_network(
			origin: OriginFor<T>,
			kind: NetworkKind,
			makers: Option<BoundedVec<MakerId, T::MaxMakersPerNetwork>>,
			bond: Balance,
			policy: NetworkPolicy,
		) -> DispatchResult {
			let admin = ensure_signed(origin)?;
			Self::do_create_network(admin, kind, makers, bond, policy)
		}

		/// Registers a maker, who certifies the keys of the devices that it makes.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the maker's account. The [`MakerDeposit`](Config::MakerDeposit) is held of it
		/// until the maker is deregistered.
		///
		/// ### Parameters
		///
		/// - `key`: The key that it signs certificates with.
		///
		/// ## Events
		///
		/// Emits [`Event::MakerRegistered`], with the number of the maker.
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::register_maker())]
		pub fn register_maker(origin: OriginFor<T>, key: PublicKey) -> DispatchResult {
			let account = ensure_signed(origin)?;
			Self::do_register_maker(account, key)
		}

		/// Registers a device, which may report from then on.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the account that becomes the device's owner. The network's bond is held of it
		/// until the device is reaped.
		///
		/// ## Details
		///
		/// The chain verifies that the maker certified this key for this network, that the device
		/// holds the key and agrees to this owner, and that the owner can lock the bond. The device's
		/// id is the blake2-256 of its key, with the scheme's byte before it.
		///
		/// ### Parameters
		///
		/// - `network`: The network that it shall work for.
		/// - `key`: The key that it signs with.
		/// - `cell`: Where it is: an H3 cell of the network's resolution.
		/// - `certificate`: Its maker's certificate. An open network needs none, but verifies one that
		///   is given.
		/// - `consent`: The device's signature over the network and the caller's account.
		///
		/// ## Events
		///
		/// Emits [`Event::DeviceRegistered`], with the id of the device.
		#[pallet::call_index(2)]
		#[pallet::weight(match certificate {
			Some(_) => T::WeightInfo::register_device(),
			None => T::WeightInfo::register_device_open(),
		})]
		pub fn register_device(
			origin: OriginFor<T>,
			network: NetworkId,
			key: PublicKey,
			cell: Cell,
			certificate: Option<SignedCertificate>,
			consent: Signature,
		) -> DispatchResult {
			let owner = ensure_signed(origin)?;
			Self::do_register_device(owner, network, key, cell, certificate, consent)
		}

		/// Retires a device: it works no more, and can be reaped after the
		/// [`RetireDelay`]. There is no way back.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the device's owner.
		///
		/// ### Parameters
		///
		/// - `id`: The device.
		///
		/// ## Events
		///
		/// Emits [`Event::DeviceRetiring`], with the first block at which it can be reaped.
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::retire_device())]
		pub fn retire_device(origin: OriginFor<T>, id: DeviceId) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_retire_device(who, id)
		}

		/// Removes a device whose retirement is over: its owner is paid what it earned and gets the
		/// bond back.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by anyone: whoever calls, it is the owner who is paid.
		///
		/// ## Details
		///
		/// Refused with [`Error::NotSettled`], and without effect, while the device's last work cannot
		/// be settled yet. The same key can be registered again afterwards, and has the same id then.
		///
		/// ### Parameters
		///
		/// - `id`: The device.
		///
		/// ## Events
		///
		/// Emits [`Event::DeviceReaped`].
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::reap_device())]
		pub fn reap_device(origin: OriginFor<T>, id: DeviceId) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_reap_device(id)
		}

		/// Closes a network that has no devices, and returns its deposit. Its number is never given
		/// again.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the network's admin.
		///
		/// ### Parameters
		///
		/// - `id`: The network.
		///
		/// ## Events
		///
		/// Emits [`Event::NetworkClosed`].
		#[pallet::call_index(5)]
		#[pallet::weight(T::WeightInfo::close_network())]
		pub fn close_network(origin: OriginFor<T>, id: NetworkId) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_close_network(who, id)
		}

		/// Deregisters a maker, and returns its deposit.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the account that registered the maker.
		///
		/// ## Details
		///
		/// The devices that it certified stay. Networks that list it admit nobody by it any more; its
		/// number is never given again, so no other maker can take its place there.
		///
		/// ### Parameters
		///
		/// - `id`: The maker.
		///
		/// ## Events
		///
		/// Emits [`Event::MakerDeregistered`].
		#[pallet::call_index(6)]
		#[pallet::weight(T::WeightInfo::deregister_maker())]
		pub fn deregister_maker(origin: OriginFor<T>, id: MakerId) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_deregister_maker(who, id)
		}
	}
}
