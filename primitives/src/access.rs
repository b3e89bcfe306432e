//! Permissions that an owner grants to other accounts.

use crate::Millis;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

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
