//! Permissions that an owner grants to other accounts.

use crate::ids::Millis;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Permissions that an owner grants to another account on a device: a set of bits.
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
	/// Permission to read the readings that the device has only committed to. The chain's own data
	/// are public; this permission is for servers that keep such readings and ask the chain who may
	/// read them.
	pub const READ: Self = Self(1);
	/// Permission to hand in readings and reports for the device, at servers that ask the chain.
	pub const SUBMIT: Self = Self(2);
	/// Permission to act for the device on chain as its owner: to assert its location and rotate
	/// its key.
	pub const ACT: Self = Self(4);
	/// All permissions.
	pub const ALL: Self = Self(7);

	/// Tells if every permission of `other` is in this set.
	pub fn contains(self, other: Self) -> bool {
		self.0 & other.0 == other.0
	}

	/// Tells if the set is empty or names a permission that does not exist.
	pub fn is_unusable(self) -> bool {
		self.0 == 0 || self.0 & !Self::ALL.0 != 0
	}
}

/// Grant of permissions, as the runtime API and the RPC give it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct GrantRecord<AccountId> {
	/// Account that has the permissions.
	pub to: AccountId,
	/// Permissions granted.
	pub permissions: Permissions,
	/// Time from which the grant is void.
	pub expires: Millis,
}
