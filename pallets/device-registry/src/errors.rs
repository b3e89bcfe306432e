//! The errors of the pallet's calls.

use frame_support::pallet_macros::pallet_section;

/// Section that [`pallet`](crate::pallet) imports.
#[pallet_section]
mod errors {
	/// Reasons why a call is refused, each with advice to its caller.
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
		/// The policy's cell resolution is not one of H3's: give one from 0 to 15.
		#[codec(index = 3)]
		InvalidResolution,
		/// The policy accepts no key scheme, or one that this chain cannot verify: set bit 0 for
		/// Ed25519, 1 for Sr25519, 2 for secp256k1, 3 for P-256, or several.
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
		/// The list of makers is empty, so that no certificate could ever be accepted: list makers,
		/// or give no list at all for a network that accepts every maker.
		#[codec(index = 7)]
		NoMakers,
		/// A maker is listed twice: list each once.
		#[codec(index = 8)]
		DuplicateMaker,
		/// The free balance does not cover the deposit and the existential deposit: fund the
		/// account.
		#[codec(index = 9)]
		CannotAffordDeposit,
		/// The network does not accept keys of this scheme: use one that its policy accepts.
		#[codec(index = 10)]
		SchemeNotAccepted,
		/// The key is not one of its scheme's: an elliptic curve's must be a point in its one
		/// encoding, ECDSA's compressed (33 bytes, the first of them 2 or 3), and none of small
		/// order.
		#[codec(index = 11)]
		MalformedKey,
		/// A device with this key is registered already: nothing is left to do if the device is
		/// yours; otherwise make a new key.
		#[codec(index = 12)]
		AlreadyRegistered,
		/// The index is not an H3 cell: check how the location was converted.
		#[codec(index = 13)]
		NotACell,
		/// The cell has another resolution than the network's: convert the location again, at the
		/// resolution that the network's policy names.
		#[codec(index = 14)]
		WrongResolution,
		/// The network demands more trust than a device without a certificate has: hand in the
		/// certificate of a maker that the network accepts.
		#[codec(index = 15)]
		CertificateRequired,
		/// The network does not list the certificate's maker: use a certificate of a maker that the
		/// network lists.
		#[codec(index = 16)]
		MakerNotAccepted,
		/// The certificate has expired: get a new one from its maker.
		#[codec(index = 17)]
		CertificateExpired,
		/// The certificate's signature is not its maker's over this key, network, model and expiry
		/// on this chain: check that each is what the maker signed, and the chain's genesis hash.
		#[codec(index = 18)]
		BadCertificate,
		/// The device has not agreed to this owner: let its key sign the network, the account that
		/// sends this call and the expiry, with this chain's genesis hash.
		#[codec(index = 19)]
		BadConsent,
		/// The free balance does not cover the bond and the existential deposit: fund the account.
		#[codec(index = 20)]
		CannotAffordBond,
		/// The device belongs to another account: send this from its owner's.
		#[codec(index = 21)]
		NotOwner,
		/// The device is retired already: reap it once its retirement is over.
		#[codec(index = 22)]
		AlreadyRetiring,
		/// The device is not retired: its owner must retire it first.
		#[codec(index = 23)]
		NotRetiring,
		/// The device's retirement is not over: try again at the block that its status names.
		#[codec(index = 24)]
		StillRetiring,
		/// The device's last work is not settled yet: try again when the running reward epoch has
		/// closed and the window of the device's last report, which may end ahead of the chain's
		/// clock by the `maxSkew` of the policy caps, is over. Nothing was changed.
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
		/// The bond is below the least that covers the state of a device: give at least the
		/// `minBond` that the runtime API `parameters` returns.
		#[codec(index = 29)]
		BondTooSmall,
		/// The cooldown of locations is longer than 365 days: give a shorter one.
		#[codec(index = 30)]
		InvalidLocationPolicy,
		/// A trust factor is above one (1,000,000,000 billionths), or the required level is one
		/// that no device can reach yet: require open or certified devices.
		#[codec(index = 31)]
		InvalidTrustPolicy,
		/// The cell resolution of a network cannot change, as the cells of its devices have it:
		/// leave it as it is, or create another network.
		#[codec(index = 32)]
		ResolutionFixed,
		/// The network is paused: wait until it is resumed.
		#[codec(index = 33)]
		NetworkPaused,
		/// The network or device is in this state already: nothing is left to do.
		#[codec(index = 34)]
		NothingToChange,
		/// Governance has paused the network: governance alone can resume it.
		#[codec(index = 35)]
		PausedByGovernance,
		/// The network or device is not offered to the account that sends the call: ask its admin
		/// or owner to offer it to that account.
		#[codec(index = 36)]
		NotOffered,
		/// The account has the network, maker or device already: name another account.
		#[codec(index = 37)]
		OfferToSelf,
		/// The maker has as many keys as it can have: revoke one first.
		#[codec(index = 38)]
		TooManyKeys,
		/// The maker has this key already: nothing is left to do.
		#[codec(index = 39)]
		DuplicateKey,
		/// The maker has never had a key of this number: check the number.
		#[codec(index = 40)]
		UnknownMakerKey,
		/// The maker has revoked this key: get a certificate by one of its other keys.
		#[codec(index = 41)]
		MakerKeyRevoked,
		/// The maker has declared the device's key compromised: use another key, that its maker
		/// certifies.
		#[codec(index = 42)]
		KeyCompromised,
		/// The maker has declared this key already: withdraw that declaration to make another.
		#[codec(index = 43)]
		AlreadyDeclared,
		/// The maker has not declared this key: check it.
		#[codec(index = 44)]
		NotDeclared,
		/// The maker still declares keys compromised: withdraw the declarations first.
		#[codec(index = 45)]
		DeclarationsRemain,
		/// The device is in this cell already: nothing is left to do.
		#[codec(index = 46)]
		SameCell,
		/// The device's location was set too short a time ago: wait for the cooldown that its
		/// network's policy names.
		#[codec(index = 47)]
		LocationCooldown,
		/// The free balance does not cover the fee and the existential deposit: fund the account.
		#[codec(index = 48)]
		CannotAffordFee,
		/// The device is suspended: wait until it is restored.
		#[codec(index = 49)]
		DeviceSuspended,
		/// The device is not suspended: there is nothing to decide.
		#[codec(index = 50)]
		NotSuspended,
		/// Another device signs with this key, or this one does already: make a new key.
		#[codec(index = 51)]
		KeyInUse,
		/// The device's current key has not signed this change: let it sign device, owner, new
		/// key and expiry, with this chain's genesis hash; if the key is lost, recover with a
		/// certificate instead.
		#[codec(index = 52)]
		BadRotation,
		/// The new key has not signed this change: let it sign device, owner and expiry, with this
		/// chain's genesis hash.
		#[codec(index = 53)]
		BadAdoption,
		/// No recovery of this device's key has begun: start one first.
		#[codec(index = 54)]
		NoRecovery,
		/// The recovery delay is not over: try again at the block that the pending key names.
		#[codec(index = 55)]
		RecoveryTooEarly,
		/// The account is neither the device's owner nor allowed to act for it: ask the owner for a
		/// grant.
		#[codec(index = 56)]
		NotPermitted,
		/// The owner has appealed already: wait for the decision.
		#[codec(index = 57)]
		AlreadyAppealed,
		/// The time to appeal is over: wait for the decision, or for the block after which anyone
		/// can restore the device.
		#[codec(index = 58)]
		AppealOver,
		/// The owner may still appeal: decide at the block that the suspension names.
		#[codec(index = 59)]
		AppealOpen,
		/// Only the suspender of the device, or governance, can restore it before the block that
		/// the suspension names; from then on anyone can.
		#[codec(index = 60)]
		CannotRestore,
		/// The permissions are empty, or name one that does not exist: set bit 0 to read, 1 to
		/// submit, 2 to act.
		#[codec(index = 61)]
		InvalidPermissions,
		/// The grant would have expired already: give a time ahead of the chain's clock.
		#[codec(index = 62)]
		AlreadyExpired,
		/// The device has as many grants as it can have: revoke one first.
		#[codec(index = 63)]
		TooManyGrants,
		/// The account has no grant on this device: there is nothing to revoke.
		#[codec(index = 64)]
		NotGranted,
		/// The policy's rules for quality cannot be met: give a period of 1 ms to a year, an
		/// `onTime` of at most `maxAge`, a threshold of at most a billion, a resolution no finer
		/// than the network's cells, and at least one neighbour.
		#[codec(index = 65)]
		InvalidQualityPolicy,
		/// The policy's `maxWorkPerHour` is above the chain's cap: give at most `maxWorkPerHour` of
		/// the `policyCaps` that the runtime API `parameters` returns.
		#[codec(index = 66)]
		WorkAboveCap,
		/// The policy's `minInterval` is not within the chain's caps: give at least `leastInterval`
		/// and at most `maxInterval` of the `policyCaps` that the runtime API `parameters` returns.
		#[codec(index = 67)]
		IntervalOutOfCaps,
		/// The policy's `maxWindow` is above the chain's cap: give at most `maxWindow` of the
		/// `policyCaps` that the runtime API `parameters` returns.
		#[codec(index = 68)]
		WindowAboveCap,
		/// The policy's `maxAge` is above the chain's cap: give at most `maxAge` of the
		/// `policyCaps` that the runtime API `parameters` returns.
		#[codec(index = 69)]
		AgeAboveCap,
		/// The policy's `maxSkew` is above the chain's cap: give at most `maxSkew` of the
		/// `policyCaps` that the runtime API `parameters` returns.
		#[codec(index = 70)]
		SkewAboveCap,
		/// The policy's `period` is above the chain's cap: give at most `maxInterval` of the
		/// `policyCaps` that the runtime API `parameters` returns.
		#[codec(index = 71)]
		PeriodAboveCap,
		/// The policy's `cooldown` is above the chain's cap: give at most `maxCooldown` of the
		/// `policyCaps` that the runtime API `parameters` returns.
		#[codec(index = 72)]
		CooldownAboveCap,
		/// The policy's `maxDistance` is above the chain's cap: give at most `maxDistance` of the
		/// `policyCaps` that the runtime API `parameters` returns.
		#[codec(index = 73)]
		DistanceAboveCap,
		/// The policy's `pointsPerUnit` is above the chain's cap: give at most `maxPointsPerUnit`
		/// of the `policyCaps` that the runtime API `parameters` returns.
		#[codec(index = 74)]
		PointsAboveCap,
		/// No rules of the network are to come: nothing is left to veto.
		#[codec(index = 75)]
		NoRulesToCome,
		/// Governance has offered the network: governance alone can withdraw or replace the offer.
		#[codec(index = 76)]
		OfferedByGovernance,
		/// The network is funded, and the notice of its offer is not over: accept it in the reward
		/// epoch that the network's record names.
		#[codec(index = 77)]
		OfferNotOpen,
		/// The amount held for the maker, its keys and its declarations is above the limit that the
		/// call gives: check the maker's keys and declarations, then give a greater limit.
		#[codec(index = 78)]
		DepositAboveLimit,
		/// Governance has suspended the device already: decide by restoring or forfeiting.
		#[codec(index = 79)]
		SuspendedByGovernance,
		/// A statement of the device has expired: let the device sign one that expires ahead of the
		/// chain's clock.
		#[codec(index = 80)]
		StatementExpired,
		/// A statement of the device expires too late: let the device sign one that expires within
		/// the `maxStatementLifetime` from the chain's clock.
		#[codec(index = 81)]
		ExpiryTooFar,
		/// A statement does not expire later than the last one that the device has used, and could
		/// be a copy of that: let the device sign one that expires after the `statementsUntil` of
		/// its record.
		#[codec(index = 82)]
		StatementOutdated,
		/// A statement that the device has used has not expired, and could be used again: reap the
		/// device at the `statementsUntil` of its record.
		#[codec(index = 83)]
		StatementNotExpired,
		/// The device signs with another key than the call names: compare the key of the device's
		/// record with the one of the device that you get.
		#[codec(index = 84)]
		KeyChanged,
		/// The device is not suspended for a false location, or is retiring: correct nothing; an
		/// active device is moved by `assert_location`.
		#[codec(index = 85)]
		NothingToCorrect,
		/// The location was corrected in this suspension already: wait for the decision.
		#[codec(index = 86)]
		AlreadyCorrected,
		/// The account owns the device, and has all permissions: name another account.
		#[codec(index = 87)]
		GrantToOwner,
		/// The grant has not expired, and belongs to another account on another's device: send this
		/// from the device's owner or from the account that has the grant, or wait until the grant
		/// expires.
		#[codec(index = 88)]
		CannotRevoke,
	}
}
