//! What a device, its maker and its owner prove, and the records kept of them.

use crate::network::{NetworkKind, NetworkPolicy, TrustLevel};
use crate::{
	signing::{Signable, TAG_LEN},
	Cell, DeviceId, EpochIndex, MakerId, Millis, NetworkId, PublicKey, Signature,
};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// What a maker signs: this key is in a device of this model, fit for this network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct MakerCertificate {
	/// The maker that signs.
	pub maker: MakerId,
	/// The network that the device is made for.
	pub network: NetworkId,
	/// The maker's own number of the model.
	pub model: u32,
	/// The device's key.
	pub device_key: PublicKey,
	/// The certificate is good for registrations before this time.
	pub expires: Millis,
}

impl Signable for MakerCertificate {
	const TAG: &'static [u8; TAG_LEN] = b"depin:cert:v1\0\0\0";
}

/// A certificate as it is handed in: the network and the device's key are those of the call.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct SignedCertificate {
	/// See [`MakerCertificate::maker`].
	pub maker: MakerId,
	/// The number of the maker's key that signed it.
	pub key: MakerKeyIndex,
	/// See [`MakerCertificate::model`].
	pub model: u32,
	/// See [`MakerCertificate::expires`].
	pub expires: Millis,
	/// By that key, over the [`MakerCertificate`].
	pub signature: Signature,
}

impl SignedCertificate {
	/// What its signature must cover.
	pub fn certificate(&self, network: NetworkId, device_key: PublicKey) -> MakerCertificate {
		let Self { maker, model, expires, .. } = *self;
		MakerCertificate { maker, network, model, device_key, expires }
	}
}

/// What a device signs to agree to its owner: `depin:consent:v1`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct OwnerConsent<AccountId> {
	/// The network that it joins.
	pub network: NetworkId,
	/// The account that shall own it.
	pub owner: AccountId,
}

impl<AccountId: Encode> Signable for OwnerConsent<AccountId> {
	const TAG: &'static [u8; TAG_LEN] = b"depin:consent:v1";
}

/// What a device signs with the key that it gives up: `depin:rotate:v1`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct KeyRotation<AccountId> {
	/// The device.
	pub device: DeviceId,
	/// Its owner, so that the statement is no good under another.
	pub owner: AccountId,
	/// The key that it will sign with.
	pub new_key: PublicKey,
}

impl<AccountId: Encode> Signable for KeyRotation<AccountId> {
	const TAG: &'static [u8; TAG_LEN] = b"depin:rotate:v1\0";
}

/// What a device signs with the key that it takes on, to show that it holds it: `depin:adopt:v1`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct KeyAdoption<AccountId> {
	/// The device.
	pub device: DeviceId,
	/// Its owner, so that the statement is no good under another.
	pub owner: AccountId,
}

impl<AccountId: Encode> Signable for KeyAdoption<AccountId> {
	const TAG: &'static [u8; TAG_LEN] = b"depin:adopt:v1\0\0";
}

/// One device of a registration in bulk: what `register_device` takes, but the network.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct Registration {
	/// The key that it signs with.
	pub key: PublicKey,
	/// Where it is.
	pub cell: Cell,
	/// Its maker's certificate.
	pub certificate: Option<SignedCertificate>,
	/// Its signature over the network and the caller's account.
	pub consent: Signature,
}

/// The number of one of a maker's certificate keys: 0 for the first, never given twice.
pub type MakerKeyIndex = u32;

/// Why a maker says that a key is not to be trusted.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub enum CompromiseReason {
	/// The secret has left the device.
	#[codec(index = 0)]
	KeyLeaked,
	/// The key is in more than one device.
	#[codec(index = 1)]
	KeyCloned,
	/// The device was stolen, or lost on its way.
	#[codec(index = 2)]
	Stolen,
	/// The device's firmware or hardware can be made to lie.
	#[codec(index = 3)]
	Vulnerable,
	/// The certificate should not have been given.
	#[codec(index = 4)]
	CertifiedInError,
}

/// Why a device is suspended.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub enum SuspendReason {
	/// Others than the device may hold its key.
	#[codec(index = 0)]
	KeyCompromised,
	/// It is not where it says it is.
	#[codec(index = 1)]
	FalseLocation,
	/// Its reports cannot be true.
	#[codec(index = 2)]
	ImplausibleReports,
	/// It feigns radio coverage.
	#[codec(index = 3)]
	CoverageFraud,
	/// It breaks a rule of its network.
	#[codec(index = 4)]
	PolicyViolation,
	/// As the evidence says.
	#[codec(index = 5)]
	Other,
}

/// Who suspended a device.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub enum Suspender {
	/// Its network's admin.
	#[codec(index = 0)]
	Admin,
	/// The chain's governance.
	#[codec(index = 1)]
	Governance,
	/// The maker that had certified its key, by declaring it compromised.
	#[codec(index = 2)]
	Maker(MakerId),
}

/// A device's suspension, as the runtime API and the RPC give it. Blocks are by number.
///
/// The hashes of what its accuser and its owner have published are not in the state: the events
/// `DeviceSuspended` and `SuspensionAppealed` tell them.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct Suspension {
	/// Who ordered it.
	pub by: Suspender,
	/// Why.
	pub reason: SuspendReason,
	/// The block of the suspension.
	pub since: u32,
	/// The first block at which it is too late to appeal, and at which governance may forfeit.
	pub appeal_until: u32,
	/// The first block at which anyone may restore the device, if nobody has decided.
	pub decide_until: u32,
	/// Whether the owner has appealed.
	pub appealed: bool,
}

/// Who has paused a network.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub enum Pauser {
	/// Its admin, who can resume it.
	#[codec(index = 0)]
	Admin,
	/// The chain's governance, which alone can resume it.
	#[codec(index = 1)]
	Governance,
}

/// Where a device is in its life.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub enum DeviceStatus {
	/// It may report, and earns.
	#[codec(index = 0)]
	Active,
	/// Its owner has retired it; its bond is free at block `until`.
	#[codec(index = 1)]
	Retiring {
		/// The first block at which it can be reaped.
		until: u32,
	},
	/// It may report; what it earns is kept in escrow until it is restored, or forfeited.
	#[codec(index = 2)]
	Suspended {
		/// Why.
		reason: SuspendReason,
	},
}

impl DeviceStatus {
	/// Whether the device may work: it is active, or suspended and works into escrow.
	pub fn can_work(self) -> bool {
		!matches!(self, Self::Retiring { .. })
	}

	/// Whether what the device earns is kept in escrow.
	pub fn is_suspended(self) -> bool {
		matches!(self, Self::Suspended { .. })
	}
}

/// What an owner lets another account do with a device: a set of bits.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct Permissions(pub u8);

impl Permissions {
	/// Read the telemetry that the device has only committed to. The chain's own data are public; this
	/// is for those who keep the rest, and ask the chain whom to show it.
	pub const READ: Self = Self(1);
	/// Hand in readings and reports for the device, at servers that ask the chain whose they take.
	pub const SUBMIT: Self = Self(2);
	/// Act for the device on chain as its owner would: assert its location, rotate its key.
	pub const ACT: Self = Self(4);
	/// All of them.
	pub const ALL: Self = Self(7);

	/// Whether every permission of `other` is in this set.
	pub fn contains(self, other: Self) -> bool {
		self.0 & other.0 == other.0
	}

	/// Whether the set is empty or names a permission that does not exist.
	pub fn is_unusable(self) -> bool {
		self.0 == 0 || self.0 & !Self::ALL.0 != 0
	}
}

/// A permission that an owner has given, as the runtime API and the RPC give it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct GrantRecord<AccountId> {
	/// Who has it.
	pub to: AccountId,
	/// What it allows.
	pub permissions: Permissions,
	/// It is good before this time.
	pub expires: Millis,
}

/// A key that a device whose key is lost is to have.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct PendingKey {
	/// The key.
	pub key: PublicKey,
	/// The maker that certified it.
	pub maker: MakerId,
	/// The model that it certified.
	pub model: u32,
	/// The first block at which the device can take it on.
	pub from: u32,
}

/// Why a list cannot be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum LookupError {
	/// No network has this number: check it.
	#[codec(index = 0)]
	UnknownNetwork,
	/// No maker has this number: check it.
	#[codec(index = 1)]
	UnknownMaker,
	/// The index is not an H3 cell: check how the place was converted.
	#[codec(index = 2)]
	NotACell,
	/// No device has this id: check it.
	#[codec(index = 3)]
	UnknownDevice,
}

impl LookupError {
	/// What the caller should do.
	pub fn advice(self) -> &'static str {
		match self {
			Self::UnknownNetwork => "no network has this number: check the number",
			Self::UnknownMaker => "no maker has this number: check the number",
			Self::NotACell => "the index is not an H3 cell: check how the place was converted",
			Self::UnknownDevice => "no device has this id: check the id, or whether it was reaped",
		}
	}
}

/// A device, as the runtime API and the RPC give it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct DeviceRecord<AccountId> {
	/// Its name for life.
	pub id: DeviceId,
	/// Who owns it and is paid for its work.
	pub owner: AccountId,
	/// The network that it works for.
	pub network: NetworkId,
	/// The maker that certified it and its model; `None` without a certificate.
	pub maker: Option<(MakerId, u32)>,
	/// How it has proved what it is.
	pub trust: TrustLevel,
	/// The key that it signs with now.
	pub key: PublicKey,
	/// Where it says it is.
	pub cell: Cell,
	/// Since when it says so.
	pub located_at: Millis,
	/// Where it is in its life.
	pub status: DeviceStatus,
	/// More of its suspension, if it is suspended.
	pub suspension: Option<Suspension>,
	/// Whom its owner has offered it to.
	pub offered_to: Option<AccountId>,
	/// The key that it is to have, after its own was lost.
	pub pending_key: Option<PendingKey>,
	/// What is held of its owner's balance for it.
	#[cfg_attr(feature = "serde", serde(with = "crate::reward::decimal"))]
	pub bond: u128,
	/// When it was registered.
	pub registered_at: Millis,
}

/// What a network's admin sets, and can change from an epoch on.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct NetworkRules {
	/// The makers whose certificates count; `None`: those of any maker.
	pub makers: Option<Vec<MakerId>>,
	/// What the owner of each new device locks.
	#[cfg_attr(feature = "serde", serde(with = "crate::reward::decimal"))]
	pub bond: u128,
	/// Its rules.
	pub policy: NetworkPolicy,
}

/// A network, as the runtime API and the RPC give it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct NetworkRecord<AccountId> {
	/// Its number.
	pub id: NetworkId,
	/// What its devices do.
	pub kind: NetworkKind,
	/// Who runs it.
	pub admin: AccountId,
	/// Whom its admin has offered it to.
	pub offered_to: Option<AccountId>,
	/// Who has paused it, if it is paused.
	pub paused: Option<Pauser>,
	/// What holds now.
	#[cfg_attr(feature = "serde", serde(flatten))]
	pub rules: NetworkRules,
	/// What will hold, and the reward epoch from which it will.
	pub next: Option<(EpochIndex, NetworkRules)>,
	/// How many devices it has, retiring ones included.
	pub devices: u32,
}

/// A maker, as the runtime API and the RPC give it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct MakerRecord<AccountId> {
	/// Its number.
	pub id: MakerId,
	/// The account that registered it.
	pub account: AccountId,
	/// The keys that its certificates are good by, each with its number.
	pub keys: Vec<(MakerKeyIndex, PublicKey)>,
	/// How many device keys it has declared compromised.
	pub declarations: u32,
}
