//! The calls of the pallet, in the order of their indices. Each checks its origin and passes on to
//! a `do_` function in the module of its subject.
//!
//! A call from an origin that its documentation does not name fails with `BadOrigin`. A call that
//! fails changes nothing.

use frame_support::pallet_macros::pallet_section;

/// Section that [`pallet`](crate::pallet) imports.
#[pallet_section]
mod calls {
	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Creates a network whose admin is the caller.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the account that becomes the network's admin. The
		/// [`NetworkDeposit`](Config::NetworkDeposit) is held on that account until the network is
		/// closed.
		///
		/// ## Details
		///
		/// - `kind`: kind of work that the network's devices do.
		/// - `makers`: makers whose certificates the network accepts; `None` accepts the
		///   certificates of every maker. The level `policy.trust.required` decides if a device
		///   needs a certificate.
		/// - `bond`: amount held on a device's owner while the device is registered; at least
		///   [`MinBond`](Config::MinBond).
		/// - `policy`: rules of the network, within the [`PolicyCaps`](Config::PolicyCaps).
		///
		/// The checks come in the order of the errors below.
		///
		/// ## Errors
		///
		/// - [`Error::InvalidResolution`], [`Error::InvalidSchemes`],
		///   [`Error::InvalidReportPolicy`], [`Error::InvalidCoveragePolicy`],
		///   [`Error::InvalidLocationPolicy`], [`Error::InvalidTrustPolicy`],
		///   [`Error::InvalidQualityPolicy`]: the named part of `policy` is out of bounds.
		/// - [`Error::WorkAboveCap`], [`Error::IntervalOutOfCaps`], [`Error::WindowAboveCap`],
		///   [`Error::AgeAboveCap`], [`Error::SkewAboveCap`], [`Error::PeriodAboveCap`],
		///   [`Error::CooldownAboveCap`], [`Error::DistanceAboveCap`], [`Error::PointsAboveCap`]:
		///   the named number of `policy` is not within the [`PolicyCaps`](Config::PolicyCaps).
		/// - [`Error::BondTooSmall`]: `bond` is below [`MinBond`](Config::MinBond).
		/// - [`Error::NoMakers`]: `makers` is an empty list.
		/// - [`Error::DuplicateMaker`]: `makers` names a maker twice.
		/// - [`Error::UnknownMaker`]: `makers` names a maker that is not registered.
		/// - [`ArithmeticError::Overflow`](sp_runtime::ArithmeticError::Overflow): all network
		///   numbers are used up.
		/// - [`Error::CannotAffordDeposit`]: the caller's free balance does not cover the deposit.
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

		/// Registers a maker, which certifies the keys of the devices that it makes.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the account that becomes the maker's. The
		/// [`MakerDeposit`](Config::MakerDeposit) is held on that account until the maker is
		/// deregistered, and the [`MakerKeyDeposit`](Config::MakerKeyDeposit) until the key is
		/// revoked.
		///
		/// ## Details
		///
		/// - `key`: first key with which the maker signs certificates; its number is 0.
		///
		/// ## Errors
		///
		/// - [`Error::MalformedKey`]: `key` is not a key of its scheme.
		/// - [`ArithmeticError::Overflow`](sp_runtime::ArithmeticError::Overflow): all maker
		///   numbers are used up.
		/// - [`Error::CannotAffordDeposit`]: the caller's free balance does not cover both
		///   deposits.
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
		/// Signed, by the account that becomes the device's owner. The network's bond is held on
		/// that account until the device is transferred or reaped.
		///
		/// ## Details
		///
		/// - `network`: network that the device joins.
		/// - `key`: key with which the device signs.
		/// - `cell`: location of the device, an H3 cell of the network's resolution.
		/// - `certificate`: certificate of `key` by its maker. A network that admits open devices
		///   needs none; a certificate that is given is verified all the same and makes the device
		///   a certified one.
		/// - `consent`: expiry of an [`OwnerConsent`](depin_primitives::statement::OwnerConsent) to
		///   the caller's account, and the device's signature over the consent.
		///
		/// The device's id is the blake2-256 hash of the byte of the key's scheme and the key. The
		/// checks come in the order of the errors below.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownNetwork`]: there is no such network.
		/// - [`Error::NetworkPaused`]: the network is paused.
		/// - [`Error::SchemeNotAccepted`]: the network does not accept the scheme of `key`.
		/// - [`Error::MalformedKey`]: `key` is not a key of its scheme.
		/// - [`Error::AlreadyRegistered`]: a device whose first key is `key` is registered.
		/// - [`Error::KeyInUse`]: a registered device has taken `key` on as another key than its
		///   first.
		/// - [`Error::NotACell`], [`Error::WrongResolution`]: `cell` is not an H3 cell, or has
		///   another resolution than the network's.
		/// - [`ArithmeticError::Overflow`](sp_runtime::ArithmeticError::Overflow): the network has
		///   as many devices as can be counted.
		/// - [`Error::StatementExpired`]: the chain's clock has reached the expiry of `consent`.
		/// - [`Error::ExpiryTooFar`]: `consent` expires later than
		///   [`MaxStatementLifetime`](Config::MaxStatementLifetime) from now.
		/// - [`Error::UnknownMaker`]: the maker of `certificate` is not registered.
		/// - [`Error::MakerNotAccepted`]: the network does not list that maker.
		/// - [`Error::CertificateExpired`]: the chain's clock has reached the expiry of
		///   `certificate`.
		/// - [`Error::MakerKeyRevoked`], [`Error::UnknownMakerKey`]: the maker has revoked the key
		///   that `certificate` names, or never had it.
		/// - [`Error::KeyCompromised`]: that maker has declared `key` compromised.
		/// - [`Error::BadCertificate`]: the signature of `certificate` does not verify.
		/// - [`Error::CertificateRequired`]: the network requires more trust than the device has.
		/// - [`Error::BadConsent`]: `consent` does not verify.
		/// - [`Error::CannotAffordBond`]: the caller's free balance does not cover the bond.
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
			consent: TimedSignature,
		) -> DispatchResult {
			let owner = ensure_signed(origin)?;
			let device = Registration { key, cell, certificate, consent };
			Self::do_register_device(owner, network, device)
		}

		/// Retires a device for good: the device works no more, and can be reaped after the
		/// [`RetireDelay`](Config::RetireDelay).
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the device's owner.
		///
		/// ## Details
		///
		/// - `id`: device to retire. A suspended device cannot be retired before its suspension is
		///   decided. Retirement ends an offer of the device and a recovery of its key.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownDevice`]: there is no such device.
		/// - [`Error::NotOwner`]: the caller does not own the device.
		/// - [`Error::DeviceSuspended`]: the device is suspended.
		/// - [`Error::AlreadyRetiring`]: the device is retired already.
		///
		/// ## Events
		///
		/// Emits [`Event::DeviceRetiring`], with the first block at which the device can be reaped.
		/// If the device was offered, [`Event::DeviceOffered`] to `None` comes before; if its key
		/// was being recovered, [`Event::RecoveryCancelled`].
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::retire_device())]
		pub fn retire_device(origin: OriginFor<T>, id: DeviceId) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_retire_device(who, id)
		}

		/// Removes a device whose retirement is over, pays its owner the rewards that are due, and
		/// releases its bond and the deposits of its grants.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by anyone. The payments are the owner's, regardless of the caller.
		///
		/// ## Details
		///
		/// - `id`: device to remove. Its first key can be registered again afterwards, and gives
		///   the same id. Every statement that the device has used must have expired, so that
		///   nobody can register it with an old consent.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownDevice`]: there is no such device.
		/// - [`Error::NotRetiring`]: the device is not retired.
		/// - [`Error::StillRetiring`]: the retirement delay is not over.
		/// - [`Error::StatementNotExpired`]: a statement that the device has used has not expired.
		/// - [`Error::NotSettled`]: another pallet cannot settle the device's last work yet.
		///
		/// ## Events
		///
		/// Emits [`Event::AccessRevoked`] for each grant, then [`Event::DeviceReaped`].
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::reap_device())]
		pub fn reap_device(origin: OriginFor<T>, id: DeviceId) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_reap_device(id)
		}

		/// Closes a network that has no devices, releases its deposit and ends its funding.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the network's admin.
		///
		/// ## Details
		///
		/// - `id`: network to close. The number is never assigned again.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownNetwork`]: there is no such network.
		/// - [`Error::NotAdmin`]: the caller is not the network's admin.
		/// - [`Error::NetworkInUse`]: the network has devices; retiring devices count.
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

		/// Deregisters a maker, and releases the deposits for the maker and for its keys.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the maker's account.
		///
		/// ## Details
		///
		/// - `id`: maker to deregister. The number is never assigned again, so that no other maker
		///   can take its place in the lists of networks.
		///
		/// Devices that the maker has certified stay registered. Its certificates admit no more
		/// devices.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownMaker`]: there is no such maker.
		/// - [`Error::NotMaker`]: the maker belongs to another account.
		/// - [`Error::DeclarationsRemain`]: the maker has declarations that are not withdrawn.
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

		/// Registers many devices in one network; each device is registered or refused on its own.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the account that becomes the owner of all the devices. The network's bond is
		/// held on that account for each.
		///
		/// ## Details
		///
		/// - `network`: network that the devices join.
		/// - `devices`: arguments of [`Pallet::register_device`] for each device.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownNetwork`]: there is no such network.
		/// - [`Error::NetworkPaused`]: the network is paused.
		///
		/// A device that is refused does not fail the call. [`Event::RegistrationFailed`] carries
		/// its error, one of those of [`Pallet::register_device`]. The weight of the checks of
		/// signatures is refunded for each device that is refused before them.
		///
		/// ## Events
		///
		/// Emits [`Event::DeviceRegistered`] or [`Event::RegistrationFailed`] for each device, in
		/// order.
		#[pallet::call_index(7)]
		#[pallet::weight(T::WeightInfo::register_devices(devices.len() as u32))]
		pub fn register_devices(
			origin: OriginFor<T>,
			network: NetworkId,
			devices: BoundedVec<Registration, T::MaxRegistrations>,
		) -> DispatchResultWithPostInfo {
			let owner = ensure_signed(origin)?;
			let all = devices.len() as u32;
			let weight = |checked: u32| {
				let refused = T::WeightInfo::register_devices_refused(all.saturating_sub(checked));
				let weight = match checked {
					0 => refused,
					_ => T::WeightInfo::register_devices(checked).saturating_add(refused),
				};
				Some(weight.min(T::WeightInfo::register_devices(all)))
			};
			match Self::do_register_devices(owner, network, devices.into_inner()) {
				Ok(checked) => Ok(weight(checked).into()),
				Err(error) => Err(error.with_weight(T::WeightInfo::register_devices_refused(0))),
			}
		}

		/// Sets the rules that a network has from a coming reward epoch on.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the network's admin.
		///
		/// ## Details
		///
		/// - `id`: network to change.
		/// - `makers`: see [`Pallet::create_network`].
		/// - `bond`: see [`Pallet::create_network`]. The bonds of registered devices stay as they
		///   are.
		/// - `policy`: see [`Pallet::create_network`]. The cell resolution cannot change.
		///
		/// The rules of a funded network take effect after [`RulesNotice`](Config::RulesNotice)
		/// epochs, in which governance can remove them by [`Pallet::veto_rules`]; those of another
		/// network with the next epoch. The rules replace a change that is not in force yet, and
		/// their notice starts anew. Registered devices stay, even those that could not join under
		/// the new rules.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownNetwork`]: there is no such network.
		/// - [`Error::NotAdmin`]: the caller is not the network's admin.
		/// - [`Error::InvalidResolution`], [`Error::InvalidSchemes`],
		///   [`Error::InvalidReportPolicy`], [`Error::InvalidCoveragePolicy`],
		///   [`Error::InvalidLocationPolicy`], [`Error::InvalidTrustPolicy`],
		///   [`Error::InvalidQualityPolicy`]: the named part of `policy` is out of bounds.
		/// - [`Error::WorkAboveCap`], [`Error::IntervalOutOfCaps`], [`Error::WindowAboveCap`],
		///   [`Error::AgeAboveCap`], [`Error::SkewAboveCap`], [`Error::PeriodAboveCap`],
		///   [`Error::CooldownAboveCap`], [`Error::DistanceAboveCap`], [`Error::PointsAboveCap`]:
		///   the named number of `policy` is not within the [`PolicyCaps`](Config::PolicyCaps).
		/// - [`Error::BondTooSmall`]: `bond` is below [`MinBond`](Config::MinBond).
		/// - [`Error::NoMakers`]: `makers` is an empty list.
		/// - [`Error::DuplicateMaker`]: `makers` names a maker twice.
		/// - [`Error::UnknownMaker`]: `makers` names a maker that is not registered.
		/// - [`Error::ResolutionFixed`]: `policy` has another cell resolution than the network.
		/// - [`ArithmeticError::Overflow`](sp_runtime::ArithmeticError::Overflow): the first epoch
		///   of the rules cannot be counted.
		///
		/// ## Events
		///
		/// Emits [`Event::RulesChanging`], with the first epoch of the new rules.
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

		/// Pauses or resumes a network.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the network's admin; or [`GovernanceOrigin`](Config::GovernanceOrigin).
		///
		/// ## Details
		///
		/// - `id`: network to pause or resume.
		/// - `paused`: `true` to pause, `false` to resume.
		///
		/// While a network is paused no device can join, and no report and no answer to a challenge
		/// counts. Devices can be moved, transferred and retired, and rewards can be claimed.
		/// Governance can pause a network that its admin has paused, and then governance alone can
		/// resume it.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownNetwork`]: there is no such network.
		/// - [`Error::NotAdmin`]: the caller is not the network's admin.
		/// - [`Error::NothingToChange`]: the network is not paused, and `paused` is `false`; or the
		///   network is paused already, and `paused` is `true`. Governance may still pause a
		///   network that its admin has paused.
		/// - [`Error::PausedByGovernance`]: the admin resumes a network that governance has paused.
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

		/// Offers a network to another account, or withdraws an offer.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the network's admin; or [`GovernanceOrigin`](Config::GovernanceOrigin), which
		/// replaces an admin who has lost the account's key or harms the network.
		///
		/// ## Details
		///
		/// - `id`: network to offer.
		/// - `to`: account that may become the admin; `None` withdraws the offer. The account
		///   replaces the one of an earlier offer.
		///
		/// While the network is funded, an offer by its admin can be accepted after
		/// [`RulesNotice`](Config::RulesNotice) epochs, in which governance can withdraw or replace
		/// the offer. An offer by governance can be accepted at once.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownNetwork`]: there is no such network.
		/// - [`Error::NotAdmin`]: the caller is not the network's admin.
		/// - [`Error::OfferedByGovernance`]: the admin calls, and governance has offered the
		///   network.
		/// - [`Error::OfferToSelf`]: `to` is the admin.
		/// - [`ArithmeticError::Overflow`](sp_runtime::ArithmeticError::Overflow): the first epoch
		///   in which the offer can be accepted cannot be counted.
		/// - [`Error::NothingToChange`]: the network is offered to `to` by this party already, or
		///   there is no offer to withdraw.
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
			Self::do_offer_network(origin, id, to)
		}

		/// Accepts an offered network: the caller becomes its admin.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the account that the network is offered to.
		///
		/// ## Details
		///
		/// - `id`: network to accept.
		///
		/// The amount of the network's deposit is held on the caller and released to the previous
		/// admin. Rules to come stay announced.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownNetwork`]: there is no such network.
		/// - [`Error::NotOffered`]: the network is not offered to the caller.
		/// - [`Error::OfferNotOpen`]: the network is funded, and the notice of the offer is not
		///   over.
		/// - [`Error::CannotAffordDeposit`]: the caller's free balance does not cover the deposit.
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

		/// Adds a key with which a maker signs certificates.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the maker's account. The [`MakerKeyDeposit`](Config::MakerKeyDeposit) is held
		/// on that account until the key is revoked.
		///
		/// ## Details
		///
		/// - `id`: maker that gets the key.
		/// - `key`: key of any scheme.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownMaker`]: there is no such maker.
		/// - [`Error::NotMaker`]: the maker belongs to another account.
		/// - [`Error::DuplicateKey`]: the maker has this key already.
		/// - [`Error::MalformedKey`]: `key` is not a key of its scheme.
		/// - [`ArithmeticError::Overflow`](sp_runtime::ArithmeticError::Overflow): all numbers of
		///   the maker's keys are used up.
		/// - [`Error::TooManyKeys`]: the maker has [`MaxMakerKeys`](Config::MaxMakerKeys) keys.
		/// - [`Error::CannotAffordDeposit`]: the caller's free balance does not cover the deposit.
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

		/// Revokes a key of a maker, and releases the key's deposit.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the maker's account.
		///
		/// ## Details
		///
		/// - `id`: maker that has the key.
		/// - `number`: number of the key.
		///
		/// Certificates by the key admit no more devices, and recoveries that began with such a
		/// certificate cannot be finished. Devices that were registered by such a certificate stay
		/// as they are.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownMaker`]: there is no such maker.
		/// - [`Error::NotMaker`]: the maker belongs to another account.
		/// - [`Error::MakerKeyRevoked`]: the key is revoked already.
		/// - [`Error::UnknownMakerKey`]: the maker has never had a key of this number.
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

		/// Declares a device key compromised: certificates of this maker no longer admit the key.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the maker's account. The [`DeclarationDeposit`](Config::DeclarationDeposit)
		/// is held on that account until the declaration is withdrawn.
		///
		/// ## Details
		///
		/// - `id`: maker that makes the declaration.
		/// - `key`: device key.
		/// - `reason`: reason of the declaration.
		/// - `device`: device that signs with `key`, if `key` is not its first key. The call finds
		///   a device by its first key only; the runtime API finds it by any. A device that does
		///   not sign with `key`, or is not certified by this maker, is ignored.
		///
		/// An active or a retiring device that this maker has certified and that signs with `key`
		/// is suspended. Its owner can appeal, and governance decides, as for every suspension.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownMaker`]: there is no such maker.
		/// - [`Error::NotMaker`]: the maker belongs to another account.
		/// - [`Error::AlreadyDeclared`]: the maker has declared the key already.
		/// - [`ArithmeticError::Overflow`](sp_runtime::ArithmeticError::Overflow): the maker has as
		///   many declarations as can be counted.
		/// - [`Error::CannotAffordDeposit`]: the caller's free balance does not cover the deposit.
		///
		/// ## Events
		///
		/// Emits [`Event::KeyDeclaredCompromised`] and, for a device that was not suspended,
		/// [`Event::DeviceSuspended`]. If that device was offered, [`Event::DeviceOffered`] to
		/// `None` comes before the latter.
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

		/// Withdraws the declaration of a compromised key, and releases its deposit.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the maker's account.
		///
		/// ## Details
		///
		/// - `id`: maker that made the declaration.
		/// - `key`: device key that was declared.
		///
		/// A device that the declaration has suspended stays suspended; [`Pallet::restore_device`]
		/// restores it.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownMaker`]: there is no such maker.
		/// - [`Error::NotMaker`]: the maker belongs to another account.
		/// - [`Error::NotDeclared`]: the maker has not declared the key.
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

		/// Sets the location of a device.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the device's owner or by an account with the permission to act for the
		/// device. The caller pays the [`LocationFee`](Config::LocationFee).
		///
		/// ## Details
		///
		/// - `id`: device, which must be active.
		/// - `cell`: location of the device, an H3 cell of the network's resolution.
		///
		/// The cooldown of the network's policy must have passed since the last location was set.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownDevice`]: there is no such device.
		/// - [`Error::NotPermitted`]: the caller may not act for the device.
		/// - [`Error::DeviceSuspended`], [`Error::AlreadyRetiring`]: the device is not active.
		/// - [`Error::NotACell`], [`Error::WrongResolution`]: `cell` is not an H3 cell, or has
		///   another resolution than the network's.
		/// - [`Error::SameCell`]: the device is in `cell` already.
		/// - [`Error::LocationCooldown`]: the cooldown is not over.
		/// - [`Error::CannotAffordFee`]: the caller's free balance does not cover the fee.
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

		/// Replaces a device's key, authorized by its current key.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the device's owner or by an account with the permission to act for the
		/// device.
		///
		/// ## Details
		///
		/// - `id`: device, active or suspended. The device keeps its id and all that it has earned.
		/// - `new_key`: key that replaces the current one.
		/// - `by_old`: expiry of a [`KeyRotation`](depin_primitives::statement::KeyRotation), and
		///   the current key's signature over it.
		/// - `by_new`: expiry of a [`KeyAdoption`](depin_primitives::statement::KeyAdoption), and
		///   the new key's signature over it.
		/// - `certificate`: certificate of `new_key`. The trust in a device is trust in its key:
		///   without a certificate of the new key the device is an open device from then on.
		///
		/// The rotation ends a recovery of the device's key, and an offer of the device, so that
		/// nobody gets the device with another key than the one that it was offered with.
		///
		/// The checks come in the order of the errors below.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownDevice`]: there is no such device.
		/// - [`Error::NotPermitted`]: the caller may not act for the device.
		/// - [`Error::AlreadyRetiring`]: the device is retired.
		/// - [`Error::SchemeNotAccepted`]: the network does not accept the scheme of `new_key`.
		/// - [`Error::MalformedKey`]: `new_key` is not a key of its scheme.
		/// - [`Error::KeyInUse`]: `new_key` is the device's current key, or belongs to another
		///   device.
		/// - [`Error::StatementExpired`]: the chain's clock has reached the expiry of `by_old` or
		///   `by_new`.
		/// - [`Error::ExpiryTooFar`]: `by_old` or `by_new` expires later than
		///   [`MaxStatementLifetime`](Config::MaxStatementLifetime) from now.
		/// - [`Error::StatementOutdated`]: `by_old` or `by_new` does not expire later than every
		///   statement that the device has used.
		/// - [`Error::UnknownMaker`]: the maker of `certificate` is not registered.
		/// - [`Error::MakerNotAccepted`]: the network does not list that maker.
		/// - [`Error::CertificateExpired`]: the chain's clock has reached the expiry of
		///   `certificate`.
		/// - [`Error::MakerKeyRevoked`], [`Error::UnknownMakerKey`]: the maker has revoked the key
		///   that `certificate` names, or never had it.
		/// - [`Error::KeyCompromised`]: that maker has declared `new_key` compromised.
		/// - [`Error::BadCertificate`]: the signature of `certificate` does not verify.
		/// - [`Error::CertificateRequired`]: the network requires more trust than the device would
		///   have.
		/// - [`Error::BadAdoption`]: `by_new` does not verify.
		/// - [`Error::BadRotation`]: `by_old` does not verify.
		///
		/// ## Events
		///
		/// Emits [`Event::KeyRotated`]. If the device was offered, [`Event::DeviceOffered`] to
		/// `None` comes before; if its key was being recovered, [`Event::RecoveryCancelled`].
		#[pallet::call_index(17)]
		#[pallet::weight(T::WeightInfo::rotate_key())]
		pub fn rotate_key(
			origin: OriginFor<T>,
			id: DeviceId,
			new_key: PublicKey,
			by_old: TimedSignature,
			by_new: TimedSignature,
			certificate: Option<SignedCertificate>,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_rotate_key(who, id, new_key, by_old, by_new, certificate)
		}

		/// Begins to replace a device's key that is lost, authorized by a maker's certificate.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the device's owner.
		///
		/// ## Details
		///
		/// - `id`: device, active or suspended.
		/// - `new_key`: key that replaces the lost one.
		/// - `by_new`: expiry of a [`KeyAdoption`](depin_primitives::statement::KeyAdoption), and
		///   the new key's signature over it.
		/// - `certificate`: certificate of `new_key`, required in every network.
		///
		/// After the [`RecoveryDelay`](Config::RecoveryDelay) anyone can finish the recovery by
		/// [`Pallet::finish_recovery`]. Until then the current key stays in use, and the owner can
		/// call [`Pallet::cancel_recovery`]. The recovery replaces an earlier recovery and an offer
		/// of the device. The checks come in the order of the errors below.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownDevice`]: there is no such device.
		/// - [`Error::NotOwner`]: the caller does not own the device.
		/// - [`Error::AlreadyRetiring`]: the device is retired.
		/// - [`Error::SchemeNotAccepted`]: the network does not accept the scheme of `new_key`.
		/// - [`Error::MalformedKey`]: `new_key` is not a key of its scheme.
		/// - [`Error::KeyInUse`]: `new_key` is the device's current key, or belongs to another
		///   device.
		/// - [`Error::StatementExpired`]: the chain's clock has reached the expiry of `by_new`.
		/// - [`Error::ExpiryTooFar`]: `by_new` expires later than
		///   [`MaxStatementLifetime`](Config::MaxStatementLifetime) from now.
		/// - [`Error::StatementOutdated`]: `by_new` does not expire later than every statement that
		///   the device has used.
		/// - [`Error::UnknownMaker`]: the maker of `certificate` is not registered.
		/// - [`Error::MakerNotAccepted`]: the network does not list that maker.
		/// - [`Error::CertificateExpired`]: the chain's clock has reached the expiry of
		///   `certificate`.
		/// - [`Error::MakerKeyRevoked`], [`Error::UnknownMakerKey`]: the maker has revoked the key
		///   that `certificate` names, or never had it.
		/// - [`Error::KeyCompromised`]: that maker has declared `new_key` compromised.
		/// - [`Error::BadCertificate`]: the signature of `certificate` does not verify.
		/// - [`Error::BadAdoption`]: `by_new` does not verify.
		///
		/// ## Events
		///
		/// Emits [`Event::RecoveryStarted`], with the first block at which it can be finished. If
		/// the device was offered, [`Event::DeviceOffered`] to `None` comes before; if another
		/// recovery had begun, [`Event::RecoveryCancelled`].
		#[pallet::call_index(18)]
		#[pallet::weight(T::WeightInfo::recover_key())]
		pub fn recover_key(
			origin: OriginFor<T>,
			id: DeviceId,
			new_key: PublicKey,
			by_new: TimedSignature,
			certificate: SignedCertificate,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_recover_key(who, id, new_key, by_new, certificate)
		}

		/// Finishes the recovery of a device's key: the new key replaces the lost one.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by anyone.
		///
		/// ## Details
		///
		/// - `id`: device whose key is recovered.
		///
		/// The state may have changed since the recovery began, so the checks that depend on it are
		/// made again. The expiry of the certificate is not among them.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownDevice`]: there is no such device.
		/// - [`Error::NoRecovery`]: no recovery has begun.
		/// - [`Error::RecoveryTooEarly`]: the recovery delay is not over.
		/// - [`Error::SchemeNotAccepted`]: the network no longer accepts the scheme of the new key.
		/// - [`Error::KeyInUse`]: another device has taken the new key.
		/// - [`Error::MakerNotAccepted`]: the network no longer lists the maker that certified the
		///   key.
		/// - [`Error::UnknownMaker`]: that maker is no longer registered.
		/// - [`Error::MakerKeyRevoked`]: that maker has revoked the key that signed the
		///   certificate.
		/// - [`Error::KeyCompromised`]: that maker has declared the new key compromised.
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

		/// Cancels the recovery of a device's key.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the device's owner.
		///
		/// ## Details
		///
		/// - `id`: device whose key is being recovered.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownDevice`]: there is no such device.
		/// - [`Error::NotOwner`]: the caller does not own the device.
		/// - [`Error::NoRecovery`]: no recovery has begun.
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

		/// Offers a device to another account, or withdraws an offer.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the device's owner.
		///
		/// ## Details
		///
		/// - `id`: device, which must be active.
		/// - `to`: account that may become the owner; `None` withdraws the offer.
		///
		/// The offer replaces an earlier offer and a recovery of the device's key, so that the new
		/// owner gets the device with its current key.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownDevice`]: there is no such device.
		/// - [`Error::NotOwner`]: the caller does not own the device.
		/// - [`Error::DeviceSuspended`], [`Error::AlreadyRetiring`]: the device is not active.
		/// - [`Error::OfferToSelf`]: `to` is the owner.
		/// - [`Error::NothingToChange`]: the device is offered to `to` already, or there is no
		///   offer to withdraw.
		///
		/// ## Events
		///
		/// Emits [`Event::DeviceOffered`]. If a recovery had begun, [`Event::RecoveryCancelled`]
		/// comes before.
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

		/// Accepts an offered device: the caller becomes its owner.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the account that the device is offered to.
		///
		/// ## Details
		///
		/// - `id`: device to accept. A suspension, a retirement and every change of the device's
		///   key end an offer.
		/// - `expected_key`: current key of the device, as the caller knows it from the device
		///   itself.
		///
		/// The amount of the device's bond is held on the caller and released to the previous
		/// owner. The rewards earned so far stay the previous owner's. The grants end, and their
		/// deposits are released to the previous owner.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownDevice`]: there is no such device.
		/// - [`Error::NotOffered`]: the device is not offered to the caller.
		/// - [`Error::KeyChanged`]: the device signs with another key than `expected_key`.
		/// - [`Error::CannotAffordBond`]: the caller's free balance does not cover the bond.
		///
		/// ## Events
		///
		/// Emits [`Event::AccessRevoked`] for each grant, then [`Event::DeviceTransferred`].
		#[pallet::call_index(22)]
		#[pallet::weight(T::WeightInfo::accept_device())]
		pub fn accept_device(
			origin: OriginFor<T>,
			id: DeviceId,
			expected_key: PublicKey,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_accept_device(who, id, expected_key)
		}

		/// Suspends a device: the rewards of its further work go into escrow until the device is
		/// restored or forfeited.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the admin of the device's network; or [`JudgeOrigin`](Config::JudgeOrigin).
		///
		/// ## Details
		///
		/// - `id`: device, active or retiring. The suspension ends an offer of the device.
		/// - `reason`: reason of the suspension.
		/// - `evidence`: hash of a document that is published elsewhere; zero for none. Only the
		///   event carries the hash.
		///
		/// A device that was active can work on; the rewards earned so far stay the owner's. A
		/// device that was retiring can neither work nor be reaped until it is restored or
		/// forfeited.
		///
		/// `JudgeOrigin` can also take over a suspension by the admin or a maker, who can then no
		/// longer restore the device. The windows for appeal and decision start anew, and the
		/// rewards in escrow stay there.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownDevice`]: there is no such device.
		/// - [`Error::NotAdmin`]: the caller is not the admin of the device's network.
		/// - [`Error::DeviceSuspended`]: the admin calls, and the device is suspended.
		/// - [`Error::SuspendedByGovernance`]: `JudgeOrigin` calls, and has suspended the device
		///   already.
		///
		/// ## Events
		///
		/// Emits [`Event::DeviceSuspended`], with the blocks at which the windows for appeal and
		/// decision end. If the device was offered, [`Event::DeviceOffered`] to `None` comes
		/// before.
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

		/// Appeals against a suspension.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the device's owner.
		///
		/// ## Details
		///
		/// - `id`: suspended device.
		/// - `statement`: hash of the appeal, which is published elsewhere. Only the event carries
		///   the hash.
		///
		/// A suspension can be appealed once, before the block that the case names.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownDevice`]: there is no such device.
		/// - [`Error::NotOwner`]: the caller does not own the device.
		/// - [`Error::NotSuspended`]: the device is not suspended.
		/// - [`Error::AlreadyAppealed`]: the owner has appealed against this suspension already.
		/// - [`Error::AppealOver`]: the window for an appeal is over.
		///
		/// ## Events
		///
		/// Emits [`Event::SuspensionAppealed`], with the statement.
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

		/// Restores a suspended device: the device is active again or, if its owner had retired it
		/// before, retiring again, and the rewards in escrow are its owner's.
		///
		/// ## Dispatch Origin
		///
		/// [`JudgeOrigin`](Config::JudgeOrigin), at any time. Signed, by the suspender at any time:
		/// the admin of the device's network, or the account of the maker that declared the key.
		/// Signed, by anyone, once the window for a decision is over.
		///
		/// ## Details
		///
		/// - `id`: suspended device. A retirement ends at the block at which it would have ended
		///   without the suspension.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownDevice`]: there is no such device.
		/// - [`Error::NotSuspended`]: the device is not suspended.
		/// - [`Error::CannotRestore`]: the caller is not the suspender, and the window for a
		///   decision is open.
		///
		/// ## Events
		///
		/// Emits [`Event::DeviceRestored`].
		#[pallet::call_index(25)]
		#[pallet::weight(T::WeightInfo::restore_device())]
		pub fn restore_device(origin: OriginFor<T>, id: DeviceId) -> DispatchResult {
			Self::do_restore_device(origin, id)
		}

		/// Forfeits the escrow of a suspended device, and retires the device.
		///
		/// ## Dispatch Origin
		///
		/// [`JudgeOrigin`](Config::JudgeOrigin), once the window for an appeal is over.
		///
		/// ## Details
		///
		/// - `id`: suspended device. Its retirement begins anew, and its bond is released when the
		///   device is reaped.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownDevice`]: there is no such device.
		/// - [`Error::NotSuspended`]: the device is not suspended.
		/// - [`Error::AppealOpen`]: the window for an appeal is open.
		///
		/// ## Events
		///
		/// Emits [`Event::DeviceForfeited`], with the first block at which the device can be
		/// reaped. If the device's key was being recovered, [`Event::RecoveryCancelled`] comes
		/// before.
		#[pallet::call_index(26)]
		#[pallet::weight(T::WeightInfo::forfeit_device())]
		pub fn forfeit_device(origin: OriginFor<T>, id: DeviceId) -> DispatchResult {
			T::JudgeOrigin::ensure_origin(origin)?;
			Self::do_forfeit_device(id)
		}

		/// Grants an account permissions on a device until a time, or replaces its permissions.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the device's owner. The [`GrantDeposit`](Config::GrantDeposit) is held on the
		/// owner for each account, until the grant ends. A replacement costs no deposit.
		///
		/// ## Details
		///
		/// - `id`: device, in any status.
		/// - `to`: account that gets the permissions.
		/// - `permissions`: permissions of the account.
		/// - `expires`: time from which the grant is no longer valid, in milliseconds since the
		///   Unix epoch. An expired grant stays stored until it is revoked.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownDevice`]: there is no such device.
		/// - [`Error::NotOwner`]: the caller does not own the device.
		/// - [`Error::InvalidPermissions`]: `permissions` is empty, or contains an unknown
		///   permission.
		/// - [`Error::AlreadyExpired`]: the chain's clock has reached `expires`.
		/// - [`Error::GrantToOwner`]: `to` is the owner.
		/// - [`Error::TooManyGrants`]: the device has [`MaxGrants`](Config::MaxGrants) grants.
		/// - [`Error::CannotAffordDeposit`]: the owner's free balance does not cover the deposit.
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

		/// Ends a grant, and releases its deposit to the device's owner.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the device's owner or the account that has the grant at any time; by anyone
		/// once the grant has expired.
		///
		/// ## Details
		///
		/// - `id`: device of the grant.
		/// - `to`: account that has the grant.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownDevice`]: there is no such device.
		/// - [`Error::NotGranted`]: the account has no grant on the device.
		/// - [`Error::CannotRevoke`]: the grant has not expired, and the caller is neither the
		///   owner nor the account that has the grant.
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

		/// Removes the rules of a network that are to come: the rules in force stay.
		///
		/// ## Dispatch Origin
		///
		/// [`GovernanceOrigin`](Config::GovernanceOrigin).
		///
		/// ## Details
		///
		/// - `id`: network whose rules are to come. Its admin can announce other rules, with a
		///   notice of their own.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownNetwork`]: there is no such network.
		/// - [`Error::NoRulesToCome`]: no rules are announced, or the announced ones are in force
		///   already.
		///
		/// ## Events
		///
		/// Emits [`Event::RulesVetoed`].
		#[pallet::call_index(29)]
		#[pallet::weight(T::WeightInfo::veto_rules())]
		pub fn veto_rules(origin: OriginFor<T>, id: NetworkId) -> DispatchResult {
			T::GovernanceOrigin::ensure_origin(origin)?;
			Self::do_veto_rules(id)
		}

		/// Offers a maker to another account, or withdraws an offer.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the maker's account.
		///
		/// ## Details
		///
		/// - `id`: maker to offer.
		/// - `to`: account to which the maker may belong; `None` withdraws the offer. The account
		///   replaces the one of an earlier offer.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownMaker`]: there is no such maker.
		/// - [`Error::NotMaker`]: the maker belongs to another account.
		/// - [`Error::OfferToSelf`]: `to` is the maker's account.
		/// - [`Error::NothingToChange`]: the maker is offered to `to` already, or there is no offer
		///   to withdraw.
		///
		/// ## Events
		///
		/// Emits [`Event::MakerOffered`].
		#[pallet::call_index(30)]
		#[pallet::weight(T::WeightInfo::offer_maker())]
		pub fn offer_maker(
			origin: OriginFor<T>,
			id: MakerId,
			to: Option<T::AccountId>,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_offer_maker(who, id, to)
		}

		/// Accepts an offered maker: the maker belongs to the caller.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the account that the maker is offered to.
		///
		/// ## Details
		///
		/// - `id`: maker to accept.
		/// - `limit`: greatest amount that the caller lets be held. The previous account can add
		///   keys and declarations, each with a deposit, until the maker is accepted.
		///
		/// The amount of all deposits for the maker, its keys and its declarations is held on the
		/// caller and released to the previous account. The keys stay valid: the caller revokes
		/// those whose secrets the previous account knows.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownMaker`]: there is no such maker.
		/// - [`Error::NotOffered`]: the maker is not offered to the caller.
		/// - [`Error::DepositAboveLimit`]: the amount of all deposits is above `limit`.
		/// - [`Error::CannotAffordDeposit`]: the caller's free balance does not cover the amount.
		///
		/// ## Events
		///
		/// Emits [`Event::MakerHandedOver`].
		#[pallet::call_index(31)]
		#[pallet::weight(T::WeightInfo::accept_maker())]
		pub fn accept_maker(origin: OriginFor<T>, id: MakerId, limit: Balance) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_accept_maker(who, id, limit)
		}

		/// Corrects the location of a device that is suspended for a false location.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the device's owner, who pays the [`LocationFee`](Config::LocationFee).
		///
		/// ## Details
		///
		/// - `id`: device that is suspended for a false location, and was not retiring.
		/// - `cell`: location of the device, an H3 cell of the network's resolution.
		///
		/// The location can be corrected once in a suspension, without regard to the cooldown of
		/// the network's policy, which starts anew. The device stays suspended: the suspender or
		/// governance judges the correction by restoring or forfeiting the device.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownDevice`]: there is no such device.
		/// - [`Error::NotOwner`]: the caller does not own the device.
		/// - [`Error::NothingToCorrect`]: the device is not suspended for a false location, or was
		///   retiring.
		/// - [`Error::AlreadyCorrected`]: the location was corrected in this suspension.
		/// - [`Error::NotACell`], [`Error::WrongResolution`]: `cell` is not an H3 cell, or has
		///   another resolution than the network's.
		/// - [`Error::SameCell`]: the device is in `cell` already.
		/// - [`Error::CannotAffordFee`]: the caller's free balance does not cover the fee.
		///
		/// ## Events
		///
		/// Emits [`Event::LocationCorrected`].
		#[pallet::call_index(32)]
		#[pallet::weight(T::WeightInfo::correct_location())]
		pub fn correct_location(origin: OriginFor<T>, id: DeviceId, cell: Cell) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_correct_location(who, id, cell)
		}
	}
}
