//! What happened.

use frame_support::pallet_macros::pallet_section;

/// Imported into the pallet's module.
#[pallet_section]
mod events {
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
			/// The key that its certificates are signed with, of number 0.
			key: PublicKey,
		},
		/// A maker was deregistered, and its deposits returned.
		#[codec(index = 3)]
		MakerDeregistered {
			/// The number that it had.
			maker: MakerId,
			/// Who got the deposits back.
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
		/// One device of a registration in bulk was refused; the others stand or fall by themselves.
		#[codec(index = 7)]
		RegistrationFailed {
			/// Its place in the list, from 0.
			index: u32,
			/// The id that its key makes.
			device: DeviceId,
			/// Why.
			error: DispatchError,
		},
		/// A network's admin has set rules that hold from an epoch on.
		#[codec(index = 8)]
		RulesChanging {
			/// Which network.
			network: NetworkId,
			/// The first reward epoch in which they hold.
			epoch: EpochIndex,
		},
		/// A network was paused: its devices' work does not count, and none can join.
		#[codec(index = 9)]
		NetworkPaused {
			/// Which one.
			network: NetworkId,
			/// By whom.
			by: Pauser,
		},
		/// A network goes on.
		#[codec(index = 10)]
		NetworkResumed {
			/// Which one.
			network: NetworkId,
		},
		/// A network's admin has offered it to another account, or withdrawn that offer.
		#[codec(index = 11)]
		NetworkOffered {
			/// Which one.
			network: NetworkId,
			/// To whom; `None` if the offer was withdrawn.
			to: Option<T::AccountId>,
		},
		/// A network has another admin, who has taken its deposit over.
		#[codec(index = 12)]
		NetworkHandedOver {
			/// Which one.
			network: NetworkId,
			/// Who ran it.
			from: T::AccountId,
			/// Who runs it.
			to: T::AccountId,
		},
		/// A maker has another key for certificates.
		#[codec(index = 13)]
		MakerKeyAdded {
			/// Which maker.
			maker: MakerId,
			/// The key's number.
			number: MakerKeyIndex,
			/// The key.
			key: PublicKey,
		},
		/// A maker's key is good for no certificate any more. Devices that it certified stay.
		#[codec(index = 14)]
		MakerKeyRevoked {
			/// Which maker.
			maker: MakerId,
			/// The key's number.
			number: MakerKeyIndex,
		},
		/// A maker has declared a device key compromised: it cannot be registered by its certificates.
		#[codec(index = 15)]
		KeyDeclaredCompromised {
			/// Which maker.
			maker: MakerId,
			/// The key.
			key: PublicKey,
			/// Why.
			reason: CompromiseReason,
			/// The device of that maker that signs with it, if there is one; it is suspended if it was
			/// active.
			device: Option<DeviceId>,
		},
		/// A maker has withdrawn such a declaration.
		#[codec(index = 16)]
		DeclarationWithdrawn {
			/// Which maker.
			maker: MakerId,
			/// The key.
			key: PublicKey,
		},
		/// A device says that it is elsewhere.
		#[codec(index = 17)]
		LocationAsserted {
			/// Which device.
			device: DeviceId,
			/// Where it was.
			from: Cell,
			/// Where it is.
			cell: Cell,
			/// What was paid for it.
			fee: Balance,
		},
		/// A device signs with another key.
		#[codec(index = 18)]
		KeyRotated {
			/// Which device.
			device: DeviceId,
			/// The key.
			key: PublicKey,
			/// The maker that certified the key and its model; `None` without a certificate.
			maker: Option<(MakerId, u32)>,
		},
		/// A device whose key is lost will have another.
		#[codec(index = 19)]
		RecoveryStarted {
			/// Which device.
			device: DeviceId,
			/// The key.
			key: PublicKey,
			/// The first block at which it can take it on.
			from: u32,
		},
		/// The recovery of a device's key was called off.
		#[codec(index = 20)]
		RecoveryCancelled {
			/// Which device.
			device: DeviceId,
		},
		/// A device's owner has offered it to another account, or withdrawn that offer.
		#[codec(index = 21)]
		DeviceOffered {
			/// Which device.
			device: DeviceId,
			/// To whom; `None` if the offer was withdrawn.
			to: Option<T::AccountId>,
		},
		/// A device has another owner, who has bonded for it.
		#[codec(index = 22)]
		DeviceTransferred {
			/// Which device.
			device: DeviceId,
			/// Who owned it, and is owed what it earned until now.
			from: T::AccountId,
			/// Who owns it.
			to: T::AccountId,
			/// What is held of the new owner's balance, and was returned to the old one.
			bond: Balance,
		},
		/// A device was suspended: what it earns is kept in escrow.
		#[codec(index = 23)]
		DeviceSuspended {
			/// Which device.
			device: DeviceId,
			/// By whom.
			by: Suspender,
			/// Why.
			reason: SuspendReason,
			/// The hash of a document that shows it; zero for none. Only this event tells it.
			evidence: H256,
			/// The first block at which it is too late to appeal.
			appeal_until: u32,
			/// The first block at which anyone can restore it, if nobody has decided.
			decide_until: u32,
		},
		/// The owner of a suspended device has appealed.
		#[codec(index = 24)]
		SuspensionAppealed {
			/// Which device.
			device: DeviceId,
			/// The hash of the appeal. Only this event tells it.
			statement: H256,
		},
		/// A suspended device is active again, and its escrow its owner's.
		#[codec(index = 25)]
		DeviceRestored {
			/// Which device.
			device: DeviceId,
		},
		/// A suspended device has lost its escrow and is retired; its bond will be returned.
		#[codec(index = 26)]
		DeviceForfeited {
			/// Which device.
			device: DeviceId,
			/// The first block at which it can be reaped.
			until: u32,
		},
		/// An owner lets another account do something with a device.
		#[codec(index = 27)]
		AccessGranted {
			/// Which device.
			device: DeviceId,
			/// Who may.
			to: T::AccountId,
			/// What.
			permissions: Permissions,
			/// Until before this time.
			expires: Millis,
		},
		/// Such a permission has ended.
		#[codec(index = 28)]
		AccessRevoked {
			/// Which device.
			device: DeviceId,
			/// Who had it.
			to: T::AccountId,
		},
	}
}
