//! What a device, its maker and its owner prove at registration, and the records kept of them.

use crate::network::{NetworkKind, NetworkPolicy};
use crate::{
	signing::{Signable, TAG_LEN},
	Cell, DeviceId, MakerId, Millis, NetworkId, PublicKey, Signature,
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

/// A certificate as it is handed in: the network and the key are those of the registration.
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
	/// See [`MakerCertificate::model`].
	pub model: u32,
	/// See [`MakerCertificate::expires`].
	pub expires: Millis,
	/// By the maker's certificate key, over the [`MakerCertificate`].
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
	/// The maker that certified it and its model; `None` in an open network.
	pub maker: Option<(MakerId, u32)>,
	/// The key that it signs with now.
	pub key: PublicKey,
	/// Where it says it is.
	pub cell: Cell,
	/// Where it is in its life.
	pub status: DeviceStatus,
	/// What is held of its owner's balance for it.
	#[cfg_attr(feature = "serde", serde(with = "crate::reward::decimal"))]
	pub bond: u128,
	/// When it was registered.
	pub registered_at: Millis,
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
	/// The makers whose devices it admits; `None`: anyone's.
	pub makers: Option<Vec<MakerId>>,
	/// What each device's owner locks.
	#[cfg_attr(feature = "serde", serde(with = "crate::reward::decimal"))]
	pub bond: u128,
	/// Its rules.
	pub policy: NetworkPolicy,
	/// How many devices it has, retiring ones included.
	pub devices: u32,
}
