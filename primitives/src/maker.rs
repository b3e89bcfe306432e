//! Makers: accounts that certify the keys of the devices that they make.

use crate::{ids::MakerId, key::PublicKey};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Number of one of a maker's certificate keys: 0 for the first, never given twice.
pub type MakerKeyIndex = u32;

/// Reason for which a maker declares a key compromised.
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
	/// Secret that has left the device.
	#[codec(index = 0)]
	KeyLeaked,
	/// Key that is in more than one device.
	#[codec(index = 1)]
	KeyCloned,
	/// Device that was stolen, or lost in transit.
	#[codec(index = 2)]
	Stolen,
	/// Firmware or hardware that can be made to sign false reports.
	#[codec(index = 3)]
	Vulnerable,
	/// Certificate that should not have been given.
	#[codec(index = 4)]
	CertifiedInError,
}

/// Maker, as the runtime API and the RPC give it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct MakerRecord<AccountId> {
	/// Number of the maker.
	pub id: MakerId,
	/// Account that the maker belongs to.
	pub account: AccountId,
	/// Keys by which the maker's certificates are verified, each with its number.
	pub keys: Vec<(MakerKeyIndex, PublicKey)>,
	/// Number of device keys that the maker has declared compromised.
	pub declarations: u32,
	/// Account that the maker is offered to.
	pub offered_to: Option<AccountId>,
}
