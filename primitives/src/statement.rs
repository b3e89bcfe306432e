//! Statements that makers and devices sign about a device's key and owner.

use crate::{
	maker::MakerKeyIndex,
	signing::{DomainTag, Signable},
	Cell, DeviceId, MakerId, Millis, NetworkId, PublicKey, Signature,
};
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
	const DOMAIN_TAG: &'static DomainTag = b"depin:cert:v1\0\0\0";
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
	const DOMAIN_TAG: &'static DomainTag = b"depin:consent:v1";
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
	const DOMAIN_TAG: &'static DomainTag = b"depin:rotate:v1\0";
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
	const DOMAIN_TAG: &'static DomainTag = b"depin:adopt:v1\0\0";
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
