//! The events of the pallet.

use frame_support::pallet_macros::pallet_section;

/// Section that [`pallet`](crate::pallet) imports.
#[pallet_section]
mod events {
	/// Changes of networks, makers and devices.
	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A network was created.
		#[codec(index = 0)]
		NetworkCreated {
			/// Number of the network.
			network: NetworkId,
			/// Kind of work that the network's devices do.
			kind: NetworkKind,
			/// Account that runs the network.
			admin: T::AccountId,
		},
		/// A network without devices was closed, and its deposit released.
		#[codec(index = 1)]
		NetworkClosed {
			/// Number that the network had.
			network: NetworkId,
			/// Account to which the deposit was released.
			admin: T::AccountId,
		},
		/// A maker was registered.
		#[codec(index = 2)]
		MakerRegistered {
			/// Number of the maker.
			maker: MakerId,
			/// Account of the maker.
			account: T::AccountId,
			/// First key with which the maker signs certificates; its number is 0.
			key: PublicKey,
		},
		/// A maker was deregistered, and its deposits released.
		#[codec(index = 3)]
		MakerDeregistered {
			/// Number that the maker had.
			maker: MakerId,
			/// Account to which the deposits were released.
			account: T::AccountId,
		},
		/// A device was registered, and its bond held.
		#[codec(index = 4)]
		DeviceRegistered {
			/// Id of the device, which never changes.
			device: DeviceId,
			/// Network that the device works for.
			network: NetworkId,
			/// Owner of the device.
			owner: T::AccountId,
			/// Maker that certified the device, and its number of the model; `None` without a
			/// certificate.
			maker: Option<(MakerId, u32)>,
			/// Key with which the device signs.
			key: PublicKey,
			/// Location that the device asserts.
			cell: Cell,
			/// Amount held on the owner for the device.
			bond: Balance,
		},
		/// A device was retired by its owner.
		#[codec(index = 5)]
		DeviceRetiring {
			/// Id of the device.
			device: DeviceId,
			/// First block at which the device can be reaped.
			until: u32,
		},
		/// A retired device was removed, and its bond released.
		#[codec(index = 6)]
		DeviceReaped {
			/// Id that the device had.
			device: DeviceId,
			/// Network that the device worked for.
			network: NetworkId,
			/// Account to which the bond was released.
			owner: T::AccountId,
			/// Amount of the bond.
			bond: Balance,
		},
		/// One device of a registration in bulk was refused; the other devices are not affected.
		#[codec(index = 7)]
		RegistrationFailed {
			/// Position of the device in the list, from 0.
			index: u32,
			/// Id that the device's key gives.
			device: DeviceId,
			/// Reason of the refusal.
			error: DispatchError,
		},
		/// A network's admin has set rules that take effect with an epoch.
		#[codec(index = 8)]
		RulesChanging {
			/// Number of the network.
			network: NetworkId,
			/// First reward epoch of the new rules.
			epoch: EpochIndex,
		},
		/// A network was paused: its devices' work does not count, and no device can join.
		#[codec(index = 9)]
		NetworkPaused {
			/// Number of the network.
			network: NetworkId,
			/// Party that paused the network.
			by: Pauser,
		},
		/// A paused network was resumed.
		#[codec(index = 10)]
		NetworkResumed {
			/// Number of the network.
			network: NetworkId,
		},
		/// A network was offered to another account by its admin or by governance, or an offer was
		/// withdrawn.
		#[codec(index = 11)]
		NetworkOffered {
			/// Number of the network.
			network: NetworkId,
			/// Account that the network is offered to; `None` if the offer was withdrawn.
			to: Option<T::AccountId>,
		},
		/// A network has another admin, who has taken over its deposit.
		#[codec(index = 12)]
		NetworkHandedOver {
			/// Number of the network.
			network: NetworkId,
			/// Previous admin.
			from: T::AccountId,
			/// New admin.
			to: T::AccountId,
		},
		/// A maker has added a key for certificates.
		#[codec(index = 13)]
		MakerKeyAdded {
			/// Number of the maker.
			maker: MakerId,
			/// Number of the key.
			number: MakerKeyIndex,
			/// Added key.
			key: PublicKey,
		},
		/// A maker has revoked a key: its certificates admit no more devices. Devices that it
		/// certified stay.
		#[codec(index = 14)]
		MakerKeyRevoked {
			/// Number of the maker.
			maker: MakerId,
			/// Number of the key.
			number: MakerKeyIndex,
		},
		/// A maker has declared a device key compromised: the maker's certificates no longer admit
		/// it.
		#[codec(index = 15)]
		KeyDeclaredCompromised {
			/// Number of the maker.
			maker: MakerId,
			/// Declared key.
			key: PublicKey,
			/// Reason of the declaration.
			reason: CompromiseReason,
			/// Device of that maker that signs with the key, if there is one; it is suspended if it
			/// was active.
			device: Option<DeviceId>,
		},
		/// A maker has withdrawn the declaration of a compromised key.
		#[codec(index = 16)]
		DeclarationWithdrawn {
			/// Number of the maker.
			maker: MakerId,
			/// Key that was declared.
			key: PublicKey,
		},
		/// A device's location was set.
		#[codec(index = 17)]
		LocationAsserted {
			/// Id of the device.
			device: DeviceId,
			/// Previous location.
			from: Cell,
			/// New location.
			cell: Cell,
			/// Fee that the caller paid.
			fee: Balance,
		},
		/// A device has another key.
		#[codec(index = 18)]
		KeyRotated {
			/// Id of the device.
			device: DeviceId,
			/// Key with which the device signs from now on.
			key: PublicKey,
			/// Maker that certified the key, and its number of the model; `None` without a
			/// certificate.
			maker: Option<(MakerId, u32)>,
		},
		/// The recovery of a device's lost key has begun.
		#[codec(index = 19)]
		RecoveryStarted {
			/// Id of the device.
			device: DeviceId,
			/// Key that is to replace the lost one.
			key: PublicKey,
			/// First block at which the recovery can be finished.
			from: u32,
		},
		/// The recovery of a device's key has ended without a new key: the owner has cancelled it,
		/// or replaced it by an offer, a rotation or another recovery, or the device was retired.
		#[codec(index = 20)]
		RecoveryCancelled {
			/// Id of the device.
			device: DeviceId,
		},
		/// A device's owner has offered it to another account, or an offer has ended: the owner has
		/// withdrawn it, or the device was suspended or retired, or has another key or a recovery.
		#[codec(index = 21)]
		DeviceOffered {
			/// Id of the device.
			device: DeviceId,
			/// Account that the device is offered to; `None` if the offer has ended.
			to: Option<T::AccountId>,
		},
		/// A device has another owner, on whom its bond is held now.
		#[codec(index = 22)]
		DeviceTransferred {
			/// Id of the device.
			device: DeviceId,
			/// Previous owner, to whom the rewards earned until now are due.
			from: T::AccountId,
			/// New owner.
			to: T::AccountId,
			/// Amount held on the new owner, and released to the previous one.
			bond: Balance,
		},
		/// A device was suspended: the rewards of its further work go into escrow. For a device
		/// that was suspended already, governance has taken the case over, and the escrow stays.
		#[codec(index = 23)]
		DeviceSuspended {
			/// Id of the device.
			device: DeviceId,
			/// Party that suspended the device.
			by: Suspender,
			/// Reason of the suspension.
			reason: SuspendReason,
			/// Hash of a document that supports the suspension; zero for none. Not in the state.
			evidence: H256,
			/// First block at which it is too late to appeal.
			appeal_until: u32,
			/// First block at which anyone can restore the device, if there is no decision.
			decide_until: u32,
		},
		/// The owner of a suspended device has appealed.
		#[codec(index = 24)]
		SuspensionAppealed {
			/// Id of the device.
			device: DeviceId,
			/// Hash of the appeal. Not in the state.
			statement: H256,
		},
		/// A suspended device is active or, if its owner had retired it, retiring again, and the
		/// rewards in escrow are its owner's.
		#[codec(index = 25)]
		DeviceRestored {
			/// Id of the device.
			device: DeviceId,
		},
		/// A suspended device has lost its escrow and is retired; its bond is released when it is
		/// reaped.
		#[codec(index = 26)]
		DeviceForfeited {
			/// Id of the device.
			device: DeviceId,
			/// First block at which the device can be reaped.
			until: u32,
		},
		/// An owner has granted an account permissions on a device.
		#[codec(index = 27)]
		AccessGranted {
			/// Id of the device.
			device: DeviceId,
			/// Account that has the grant.
			to: T::AccountId,
			/// Permissions of the account.
			permissions: Permissions,
			/// Time from which the grant is no longer valid, in milliseconds since the Unix epoch.
			expires: Millis,
		},
		/// A grant on a device has ended.
		#[codec(index = 28)]
		AccessRevoked {
			/// Id of the device.
			device: DeviceId,
			/// Account that had the grant.
			to: T::AccountId,
		},
		/// A maker's account has offered it to another account, or withdrawn an offer.
		#[codec(index = 29)]
		MakerOffered {
			/// Number of the maker.
			maker: MakerId,
			/// Account that the maker is offered to; `None` if the offer was withdrawn.
			to: Option<T::AccountId>,
		},
		/// A maker belongs to another account, which has taken over its deposits.
		#[codec(index = 30)]
		MakerHandedOver {
			/// Number of the maker.
			maker: MakerId,
			/// Previous account.
			from: T::AccountId,
			/// New account.
			to: T::AccountId,
		},
		/// Governance has removed the rules of a network that were to come.
		#[codec(index = 31)]
		RulesVetoed {
			/// Number of the network.
			network: NetworkId,
			/// Reward epoch that would have been the first of those rules.
			epoch: EpochIndex,
		},
		/// The owner of a device that is suspended for a false location has corrected the location.
		#[codec(index = 32)]
		LocationCorrected {
			/// Id of the device.
			device: DeviceId,
			/// Previous location.
			from: Cell,
			/// New location.
			cell: Cell,
			/// Fee that the owner paid.
			fee: Balance,
		},
	}
}
