//! Makers: accounts that certify the keys of the devices that they make.

use crate::{MakerId, PublicKey};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

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
