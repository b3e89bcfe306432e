//! What accounts can do.

use frame_support::pallet_macros::pallet_section;

/// Imported into the pallet's module.
#[pallet_section]
mod calls {
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
		/// - `makers`: The makers whose certificates count; `None` for any maker's. Whether a device needs
		///   a certificate at all is said by `policy.trust.required`.
		/// - `bond`: What each device's owner locks, for as long as the device is registered; at least
		///   [`MinBond`](Config::MinBond).
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
		/// until the maker is deregistered, and the [`MakerKeyDeposit`](Config::MakerKeyDeposit) for the
		/// key.
		///
		/// ### Parameters
		///
		/// - `key`: The key that it signs certificates with, of number 0.
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
		/// - `certificate`: Its maker's certificate. A network that admits open devices needs none, but
		///   one that is given is verified and makes the device a certified one.
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
			let device = Registration { key, cell, certificate, consent };
			Self::do_register_device(owner, network, device)
		}

		/// Retires a device: it works no more, and can be reaped after the
		/// [`RetireDelay`]. There is no way back. A suspended device must be decided on first.
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

		/// Deregisters a maker, and returns its deposits. Its declarations must be withdrawn first.
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

		/// Registers many devices in one network. Each is registered, or refused, alone.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the account that becomes the owner of all of them. The network's bond is held of
		/// it for each.
		///
		/// ## Details
		///
		/// Fails as a whole only if there is no such network, or it is paused.
		///
		/// ### Parameters
		///
		/// - `network`: The network that they shall work for.
		/// - `devices`: What [`Pallet::register_device`] takes for each.
		///
		/// ## Events
		///
		/// Emits [`Event::DeviceRegistered`] or [`Event::RegistrationFailed`] for each, in order.
		#[pallet::call_index(7)]
		#[pallet::weight(T::WeightInfo::register_devices(devices.len() as u32))]
		pub fn register_devices(
			origin: OriginFor<T>,
			network: NetworkId,
			devices: BoundedVec<Registration, T::MaxRegistrations>,
		) -> DispatchResult {
			let owner = ensure_signed(origin)?;
			Self::do_register_devices(owner, network, devices.into_inner())
		}

		/// Sets the rules that a network has from the next reward epoch on.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the network's admin.
		///
		/// ## Details
		///
		/// Takes the place of a change that was set before and does not hold yet. Devices that are
		/// there stay, even such as could not join under the new rules.
		///
		/// ### Parameters
		///
		/// - `id`: The network.
		/// - `makers`: See [`Pallet::create_network`].
		/// - `bond`: See [`Pallet::create_network`]. The bonds of devices that are there stay.
		/// - `policy`: See [`Pallet::create_network`]. The cell resolution cannot change.
		///
		/// ## Events
		///
		/// Emits [`Event::RulesChanging`], with the epoch.
		#[pallet::call_index(8)]
		#[pallet::weight(T::WeightInfo::change_network(makers.as_ref().map_or(0, |m| m.len() as u32)))]
		pub fn change_network(
			origin: OriginFor<T>,
			id: NetworkId,
			makers: Option<BoundedVec<MakerId, T::MaxMakersPerNetwork>>,
			bond: Balance,
			policy: NetworkPolicy,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_change_network(who, id, makers, bond, policy)
		}

		/// Pauses a network, or lets it go on. While it is paused no device can join, and no report and
		/// no answer to a challenge counts; devices can be moved, transferred and retired, and rewards
		/// claimed.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the network's admin; or governance. What governance has paused, only governance
		/// can resume.
		///
		/// ### Parameters
		///
		/// - `id`: The network.
		/// - `paused`: Whether it shall be paused.
		///
		/// ## Events
		///
		/// Emits [`Event::NetworkPaused`] or [`Event::NetworkResumed`].
		#[pallet::call_index(9)]
		#[pallet::weight(T::WeightInfo::set_network_paused())]
		pub fn set_network_paused(
			origin: OriginFor<T>,
			id: NetworkId,
			paused: bool,
		) -> DispatchResult {
			Self::do_set_network_paused(origin, id, paused)
		}

		/// Offers a network to another account, or withdraws that offer.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the network's admin.
		///
		/// ### Parameters
		///
		/// - `id`: The network.
		/// - `to`: Who shall run it; `None` to withdraw.
		///
		/// ## Events
		///
		/// Emits [`Event::NetworkOffered`].
		#[pallet::call_index(10)]
		#[pallet::weight(T::WeightInfo::offer_network())]
		pub fn offer_network(
			origin: OriginFor<T>,
			id: NetworkId,
			to: Option<T::AccountId>,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_offer_network(who, id, to)
		}

		/// Takes over a network that was offered. Its deposit is held of the caller from then on, and
		/// returned to the one before.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the account that it was offered to.
		///
		/// ### Parameters
		///
		/// - `id`: The network.
		///
		/// ## Events
		///
		/// Emits [`Event::NetworkHandedOver`].
		#[pallet::call_index(11)]
		#[pallet::weight(T::WeightInfo::accept_network())]
		pub fn accept_network(origin: OriginFor<T>, id: NetworkId) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_accept_network(who, id)
		}

		/// Adds a key that a maker signs certificates with.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the maker's account. The [`MakerKeyDeposit`](Config::MakerKeyDeposit) is held of
		/// it until the key is revoked.
		///
		/// ### Parameters
		///
		/// - `id`: The maker.
		/// - `key`: The key, of any scheme.
		///
		/// ## Events
		///
		/// Emits [`Event::MakerKeyAdded`], with the number of the key.
		#[pallet::call_index(12)]
		#[pallet::weight(T::WeightInfo::add_maker_key())]
		pub fn add_maker_key(origin: OriginFor<T>, id: MakerId, key: PublicKey) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_add_maker_key(who, id, key)
		}

		/// Revokes a key of a maker: no certificate by it is good any more. Devices that were
		/// registered by one stay as they are.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the maker's account, which gets the key's deposit back.
		///
		/// ### Parameters
		///
		/// - `id`: The maker.
		/// - `number`: The key's number.
		///
		/// ## Events
		///
		/// Emits [`Event::MakerKeyRevoked`].
		#[pallet::call_index(13)]
		#[pallet::weight(T::WeightInfo::revoke_maker_key())]
		pub fn revoke_maker_key(
			origin: OriginFor<T>,
			id: MakerId,
			number: MakerKeyIndex,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_revoke_maker_key(who, id, number)
		}

		/// Declares a device key compromised: it cannot be registered or taken on by a certificate of
		/// this maker.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the maker's account. The [`DeclarationDeposit`](Config::DeclarationDeposit) is
		/// held of it until the declaration is withdrawn.
		///
		/// ## Details
		///
		/// A device that this maker has certified and that signs with the key is suspended, with all
		/// the rights that a suspended device has: its owner can appeal, and governance decides. Of a
		/// key that is not its first, the chain does not know whose it is: [`Event::KeyRotated`] told
		/// it, and the maker names the device.
		///
		/// ### Parameters
		///
		/// - `id`: The maker.
		/// - `key`: The device's key.
		/// - `reason`: Why.
		/// - `device`: The device that signs with it, if it had another key first. One that does not, or
		///   is not certified by this maker, stays as it is.
		///
		/// ## Events
		///
		/// Emits [`Event::KeyDeclaredCompromised`] and, for a device that was active,
		/// [`Event::DeviceSuspended`].
		#[pallet::call_index(14)]
		#[pallet::weight(T::WeightInfo::declare_compromised())]
		pub fn declare_compromised(
			origin: OriginFor<T>,
			id: MakerId,
			key: PublicKey,
			reason: CompromiseReason,
			device: Option<DeviceId>,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_declare_compromised(who, id, key, reason, device)
		}

		/// Withdraws such a declaration. A device that it has suspended must be restored by itself.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the maker's account, which gets the deposit back.
		///
		/// ### Parameters
		///
		/// - `id`: The maker.
		/// - `key`: The device's key.
		///
		/// ## Events
		///
		/// Emits [`Event::DeclarationWithdrawn`].
		#[pallet::call_index(15)]
		#[pallet::weight(T::WeightInfo::withdraw_declaration())]
		pub fn withdraw_declaration(
			origin: OriginFor<T>,
			id: MakerId,
			key: PublicKey,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_withdraw_declaration(who, id, key)
		}

		/// Says where a device is now.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the device's owner or an account that may act for it. The
		/// [`LocationFee`](Config::LocationFee) is paid by the caller.
		///
		/// ## Details
		///
		/// Refused before the cooldown of the network's policy is over since the device was last
		/// located.
		///
		/// ### Parameters
		///
		/// - `id`: The device, which must be active.
		/// - `cell`: Where it is: an H3 cell of the network's resolution.
		///
		/// ## Events
		///
		/// Emits [`Event::LocationAsserted`].
		#[pallet::call_index(16)]
		#[pallet::weight(T::WeightInfo::assert_location())]
		pub fn assert_location(origin: OriginFor<T>, id: DeviceId, cell: Cell) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_assert_location(who, id, cell)
		}

		/// Gives a device another key, by the word of its current one. It keeps its id and all that it
		/// has earned.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the device's owner or an account that may act for it.
		///
		/// ## Details
		///
		/// The trust in a device is trust in its key. Without a certificate for the new key the device
		/// is an open one from then on, which a network that demands more refuses.
		///
		/// ### Parameters
		///
		/// - `id`: The device; a suspended one may do it too.
		/// - `new_key`: The key that it will sign with, of a scheme that its network accepts.
		/// - `by_old`: The current key's signature over a
		///   [`KeyRotation`](depin_primitives::device::KeyRotation).
		/// - `by_new`: The new key's signature over a
		///   [`KeyAdoption`](depin_primitives::device::KeyAdoption).
		/// - `certificate`: The certificate of the new key.
		///
		/// ## Events
		///
		/// Emits [`Event::KeyRotated`].
		#[pallet::call_index(17)]
		#[pallet::weight(T::WeightInfo::rotate_key())]
		pub fn rotate_key(
			origin: OriginFor<T>,
			id: DeviceId,
			new_key: PublicKey,
			by_old: Signature,
			by_new: Signature,
			certificate: Option<SignedCertificate>,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_rotate_key(who, id, new_key, by_old, by_new, certificate)
		}

		/// Begins to give a device another key without the word of its current one, which is lost.
		/// After the [`RecoveryDelay`] anyone can finish it.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the device's owner, who can call it off by [`Pallet::cancel_recovery`]. Until it
		/// is finished, the current key stays good.
		///
		/// ## Details
		///
		/// Takes the place of a recovery that was begun before, and of an offer of the device.
		///
		/// ### Parameters
		///
		/// - `id`: The device; a suspended one may do it too.
		/// - `new_key`: The key that it will sign with, of a scheme that its network accepts.
		/// - `by_new`: The new key's signature over a
		///   [`KeyAdoption`](depin_primitives::device::KeyAdoption).
		/// - `certificate`: The certificate of the new key.
		///
		/// ## Events
		///
		/// Emits [`Event::RecoveryStarted`], with the first block at which it can be finished, and before
		/// it [`Event::DeviceOffered`] to nobody if the device was offered.
		#[pallet::call_index(18)]
		#[pallet::weight(T::WeightInfo::recover_key())]
		pub fn recover_key(
			origin: OriginFor<T>,
			id: DeviceId,
			new_key: PublicKey,
			by_new: Signature,
			certificate: SignedCertificate,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_recover_key(who, id, new_key, by_new, certificate)
		}

		/// Gives a device the key that it waits for.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by anyone.
		///
		/// ### Parameters
		///
		/// - `id`: The device.
		///
		/// ## Events
		///
		/// Emits [`Event::KeyRotated`].
		#[pallet::call_index(19)]
		#[pallet::weight(T::WeightInfo::finish_recovery())]
		pub fn finish_recovery(origin: OriginFor<T>, id: DeviceId) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_finish_recovery(id)
		}

		/// Calls off the recovery of a device's key.
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
		/// Emits [`Event::RecoveryCancelled`].
		#[pallet::call_index(20)]
		#[pallet::weight(T::WeightInfo::cancel_recovery())]
		pub fn cancel_recovery(origin: OriginFor<T>, id: DeviceId) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_cancel_recovery(who, id)
		}

		/// Offers a device to another account, or withdraws that offer.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the device's owner.
		///
		/// ## Details
		///
		/// Takes the place of an offer that was made before, and of a recovery of the device's key: who
		/// takes it over takes the key that it has.
		///
		/// ### Parameters
		///
		/// - `id`: The device, which must be active.
		/// - `to`: Who shall own it; `None` to withdraw.
		///
		/// ## Events
		///
		/// Emits [`Event::DeviceOffered`], and before it [`Event::RecoveryCancelled`] if a recovery was
		/// under way.
		#[pallet::call_index(21)]
		#[pallet::weight(T::WeightInfo::offer_device())]
		pub fn offer_device(
			origin: OriginFor<T>,
			id: DeviceId,
			to: Option<T::AccountId>,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_offer_device(who, id, to)
		}

		/// Takes over a device that was offered.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the account that it was offered to.
		///
		/// ## Details
		///
		/// The bond is held of the caller from then on, and returned to the one before, who also is
		/// owed what the device has earned until now, and gets the deposits of its grants back: these
		/// end.
		///
		/// ### Parameters
		///
		/// - `id`: The device, which must be active.
		///
		/// ## Events
		///
		/// Emits [`Event::DeviceTransferred`] and [`Event::AccessRevoked`] for each grant.
		#[pallet::call_index(22)]
		#[pallet::weight(T::WeightInfo::accept_device())]
		pub fn accept_device(origin: OriginFor<T>, id: DeviceId) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_accept_device(who, id)
		}

		/// Suspends a device: it works on, but what it earns is kept in escrow until it is restored or
		/// forfeited. What it earned before is its owner's.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the admin of the device's network; or governance.
		///
		/// ### Parameters
		///
		/// - `id`: The device, which must be active.
		/// - `reason`: Why.
		/// - `evidence`: The hash of a document that shows it, published elsewhere; zero for none.
		///
		/// ## Events
		///
		/// Emits [`Event::DeviceSuspended`], with the blocks at which the windows for appeal and
		/// decision end, and with the evidence, which the state does not keep.
		#[pallet::call_index(23)]
		#[pallet::weight(T::WeightInfo::suspend_device())]
		pub fn suspend_device(
			origin: OriginFor<T>,
			id: DeviceId,
			reason: SuspendReason,
			evidence: H256,
		) -> DispatchResult {
			Self::do_suspend_device(origin, id, reason, evidence)
		}

		/// Appeals against a suspension, while its window is open.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the device's owner.
		///
		/// ### Parameters
		///
		/// - `id`: The device.
		/// - `statement`: The hash of the appeal, published elsewhere.
		///
		/// ## Events
		///
		/// Emits [`Event::SuspensionAppealed`], with the statement, which the state does not keep.
		#[pallet::call_index(24)]
		#[pallet::weight(T::WeightInfo::appeal_suspension())]
		pub fn appeal_suspension(
			origin: OriginFor<T>,
			id: DeviceId,
			statement: H256,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_appeal_suspension(who, id, statement)
		}

		/// Restores a suspended device: it is active again, and its escrow its owner's.
		///
		/// ## Dispatch Origin
		///
		/// Governance, at any time; signed by who suspended it (the network's admin, or its maker's
		/// account), at any time; signed by anyone, once the window for a decision is over.
		///
		/// ### Parameters
		///
		/// - `id`: The device.
		///
		/// ## Events
		///
		/// Emits [`Event::DeviceRestored`].
		#[pallet::call_index(25)]
		#[pallet::weight(T::WeightInfo::restore_device())]
		pub fn restore_device(origin: OriginFor<T>, id: DeviceId) -> DispatchResult {
			Self::do_restore_device(origin, id)
		}

		/// Takes a suspended device's escrow and retires it. Its bond is returned when it is reaped.
		///
		/// ## Dispatch Origin
		///
		/// Governance, once the window for an appeal is over.
		///
		/// ### Parameters
		///
		/// - `id`: The device.
		///
		/// ## Events
		///
		/// Emits [`Event::DeviceForfeited`].
		#[pallet::call_index(26)]
		#[pallet::weight(T::WeightInfo::forfeit_device())]
		pub fn forfeit_device(origin: OriginFor<T>, id: DeviceId) -> DispatchResult {
			T::GovernanceOrigin::ensure_origin(origin)?;
			Self::do_forfeit_device(id)
		}

		/// Lets an account do something with a device for some time, or changes what it may.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the device's owner. The [`GrantDeposit`](Config::GrantDeposit) is held of it for
		/// each account, until the grant is revoked.
		///
		/// ### Parameters
		///
		/// - `id`: The device.
		/// - `to`: Who may.
		/// - `permissions`: What.
		/// - `expires`: Until before this time, in milliseconds.
		///
		/// ## Events
		///
		/// Emits [`Event::AccessGranted`].
		#[pallet::call_index(27)]
		#[pallet::weight(T::WeightInfo::grant_access())]
		pub fn grant_access(
			origin: OriginFor<T>,
			id: DeviceId,
			to: T::AccountId,
			permissions: Permissions,
			expires: Millis,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_grant_access(who, id, to, permissions, expires)
		}

		/// Ends a grant. Its deposit is returned to the device's owner.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the device's owner, by the account that has the grant or, once the grant has
		/// expired, by anyone.
		///
		/// ### Parameters
		///
		/// - `id`: The device.
		/// - `to`: Who has it.
		///
		/// ## Events
		///
		/// Emits [`Event::AccessRevoked`].
		#[pallet::call_index(28)]
		#[pallet::weight(T::WeightInfo::revoke_access())]
		pub fn revoke_access(
			origin: OriginFor<T>,
			id: DeviceId,
			to: T::AccountId,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_revoke_access(who, id, to)
		}
	}
}
