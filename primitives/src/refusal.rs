//! Refusals of devices' messages: a reason with a stable number, and the facts behind it.

use crate::{device::DeviceStatus, ids::H256, key::PublicKey, signing::GenesisPrefix};
use codec::{Decode, Encode};
use scale_info::TypeInfo;

/// Reason for which the chain refuses a device's message.
pub trait RefusalReason: Copy + Encode {
	/// Returns the reason's stable number, which the pool shows as `Custom error: N`.
	fn code(self) -> u8 {
		// SCALE writes a variant's number first, and there is one byte at least; qed.
		self.using_encoded(|bytes| bytes.first().copied().unwrap_or_default())
	}

	/// Returns the advice to the sender.
	fn advice(self) -> &'static str;

	/// Tells if time can lift the refusal, so that the same bytes may be accepted later: after a
	/// delay or, for a paused network, once the network is resumed.
	fn is_temporary(self) -> bool;

	/// Returns a refusal for this reason, with the value that the chain expected and the one that
	/// it found.
	fn because(self, expected: Expected, found: impl Into<Fact>) -> Refusal<Self> {
		Refusal { reason: self, expected: Some(expected), found: Some(found.into()) }
	}

	/// Returns a refusal for this reason, with the value that the chain expected.
	fn expecting(self, value: impl Into<Fact>) -> Refusal<Self> {
		Refusal { reason: self, expected: Some(Expected::exactly(value)), found: None }
	}

	/// Returns a refusal for this reason, with the value that the chain found.
	fn found(self, found: impl Into<Fact>) -> Refusal<Self> {
		Refusal { reason: self, expected: None, found: Some(found.into()) }
	}
}

/// Refusal of a message, with its facts. `docs/rpc.md` says for each reason which quantity the
/// facts are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Refusal<Reason> {
	/// Reason of the refusal.
	pub reason: Reason,
	/// Value that the chain would accept.
	pub expected: Option<Expected>,
	/// Value that the message, the chain's clock or the state has instead.
	pub found: Option<Fact>,
}

impl<Reason> From<Reason> for Refusal<Reason> {
	fn from(reason: Reason) -> Self {
		Self { reason, expected: None, found: None }
	}
}

/// Value that explains a refusal. JSON: numbers as decimal strings, all others in the form that
/// they have elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(untagged))]
pub enum Fact {
	/// Count, number or time.
	#[codec(index = 0)]
	Number(#[cfg_attr(feature = "serde", serde(with = "crate::json::decimal"))] u64),
	/// Hash or Merkle root.
	#[codec(index = 1)]
	Hash(H256),
	/// Genesis prefix of a chain.
	#[codec(index = 2)]
	GenesisPrefix(GenesisPrefix),
	/// Public key of a device.
	#[codec(index = 3)]
	Key(PublicKey),
	/// Status of a device.
	#[codec(index = 4)]
	Status(DeviceStatus),
}

/// Condition that a value must meet. JSON: an object with one member, such as `{"above": "7"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub enum Expected {
	/// Exactly this value.
	#[codec(index = 0)]
	Exactly(Fact),
	/// Number greater than this one.
	#[codec(index = 1)]
	Above(#[cfg_attr(feature = "serde", serde(with = "crate::json::decimal"))] u64),
	/// This number or a greater one.
	#[codec(index = 2)]
	AtLeast(#[cfg_attr(feature = "serde", serde(with = "crate::json::decimal"))] u64),
	/// This number or a smaller one.
	#[codec(index = 3)]
	AtMost(#[cfg_attr(feature = "serde", serde(with = "crate::json::decimal"))] u64),
	/// Number within a range.
	#[codec(index = 4)]
	Within {
		/// Least number of the range.
		#[cfg_attr(feature = "serde", serde(with = "crate::json::decimal"))]
		from: u64,
		/// Number after the greatest of the range.
		#[cfg_attr(feature = "serde", serde(with = "crate::json::decimal"))]
		until: u64,
	},
}

impl Expected {
	/// Returns the condition of being equal to `value`.
	pub fn exactly(value: impl Into<Fact>) -> Self {
		Self::Exactly(value.into())
	}
}

impl From<u64> for Fact {
	fn from(number: u64) -> Self {
		Self::Number(number)
	}
}

impl From<u32> for Fact {
	fn from(number: u32) -> Self {
		Self::Number(number.into())
	}
}

impl From<u16> for Fact {
	fn from(number: u16) -> Self {
		Self::Number(number.into())
	}
}

impl From<H256> for Fact {
	fn from(hash: H256) -> Self {
		Self::Hash(hash)
	}
}

impl From<GenesisPrefix> for Fact {
	fn from(prefix: GenesisPrefix) -> Self {
		Self::GenesisPrefix(prefix)
	}
}

impl From<PublicKey> for Fact {
	fn from(key: PublicKey) -> Self {
		Self::Key(key)
	}
}

impl From<DeviceStatus> for Fact {
	fn from(status: DeviceStatus) -> Self {
		Self::Status(status)
	}
}
