//! Devices: the status of a device and the records that the runtime API gives.

use crate::{
	policy::TrustLevel,
	suspension::{SuspendReason, Suspension},
	BlockNumber, Cell, DeviceId, MakerId, Millis, NetworkId, PublicKey,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

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
		until: BlockNumber,
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
	pub from: BlockNumber,
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
	#[cfg_attr(feature = "serde", serde(with = "crate::json::decimal"))]
	pub bond: u128,
	/// When it was registered.
	pub registered_at: Millis,
}
