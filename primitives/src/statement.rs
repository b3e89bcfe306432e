//! Statements that makers and devices sign about a device's key and owner.

use crate::{
	cell::Cell,
	ids::{DeviceId, MakerId, Millis, NetworkId},
	key::{PublicKey, Signature},
	maker::MakerKeyIndex,
	signing::{DomainTag, Signable},
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Certificate body that a maker signs: this key is in a device of this model, made for this
/// network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct MakerCertificate {
	/// Maker that signs.
	pub maker: MakerId,
	/// Network that the device is made for.
	pub network: NetworkId,
	/// Number of the model, chosen by the maker.
	pub model: u32,
	/// Key of the device.
	pub device_key: PublicKey,
	/// Time from which the certificate is void for registrations.
	pub expires: Millis,
}

impl Signable for MakerCertificate {
	const DOMAIN_TAG: &'static DomainTag = b"depin:cert:v1\0\0\0";
}

/// Certificate as it is handed in. The network and the device's key are those of the call.
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
	/// Maker that signed: see [`MakerCertificate::maker`].
	pub maker: MakerId,
	/// Number of the maker's key that signed.
	pub key: MakerKeyIndex,
	/// Number of the model: see [`MakerCertificate::model`].
	pub model: u32,
	/// Time of expiry: see [`MakerCertificate::expires`].
	pub expires: Millis,
	/// Signature by that key over the [`MakerCertificate`].
	pub signature: Signature,
}

impl SignedCertificate {
	/// Returns the body that the signature must cover.
	pub fn certificate(&self, network: NetworkId, device_key: PublicKey) -> MakerCertificate {
		let Self { maker, model, expires, .. } = *self;
		MakerCertificate { maker, network, model, device_key, expires }
	}
}

/// Greatest time from now to the expiry of a statement that a device signs: a day.
///
/// A certificate has no such limit, as it is valid for registrations by any account.
pub const MAX_STATEMENT_LIFETIME: Millis = 24 * 60 * 60 * 1000;

/// Consent of a device to its owner: `depin:consent:v2`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct OwnerConsent<AccountId> {
	/// Network that the device joins.
	pub network: NetworkId,
	/// Account that is to own the device.
	pub owner: AccountId,
	/// Time from which the consent is void.
	pub expires: Millis,
}

impl<AccountId: Encode> Signable for OwnerConsent<AccountId> {
	const DOMAIN_TAG: &'static DomainTag = b"depin:consent:v2";
}

/// Statement that a device signs with the key that it gives up: `depin:rotate:v2`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct KeyRotation<AccountId> {
	/// Device whose key changes.
	pub device: DeviceId,
	/// Owner of the device, so that the statement is void under another owner.
	pub owner: AccountId,
	/// Key that the device will sign with.
	pub new_key: PublicKey,
	/// Time from which the statement is void.
	pub expires: Millis,
}

impl<AccountId: Encode> Signable for KeyRotation<AccountId> {
	const DOMAIN_TAG: &'static DomainTag = b"depin:rotate:v2\0";
}

/// Statement that a device signs with its new key, as proof that it holds the key:
/// `depin:adopt:v2`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct KeyAdoption<AccountId> {
	/// Device whose key changes.
	pub device: DeviceId,
	/// Owner of the device, so that the statement is void under another owner.
	pub owner: AccountId,
	/// Time from which the statement is void.
	pub expires: Millis,
}

impl<AccountId: Encode> Signable for KeyAdoption<AccountId> {
	const DOMAIN_TAG: &'static DomainTag = b"depin:adopt:v2\0\0";
}

/// Signature over an [`OwnerConsent`], a [`KeyRotation`] or a [`KeyAdoption`] as it is handed in.
/// The other fields of the statement are those of the call.
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
pub struct TimedSignature {
	/// Time from which the statement is void, at most [`MAX_STATEMENT_LIFETIME`] ahead.
	pub expires: Millis,
	/// Signature by the device's key over the statement.
	pub signature: Signature,
}

/// Device of a registration in bulk: the arguments of `register_device` without the network.
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
	/// Key that the device signs with.
	pub key: PublicKey,
	/// Location of the device.
	pub cell: Cell,
	/// Certificate of the device's maker.
	pub certificate: Option<SignedCertificate>,
	/// Signature of the device over its [`OwnerConsent`]: the network, the caller's account and the
	/// expiry.
	pub consent: TimedSignature,
}
