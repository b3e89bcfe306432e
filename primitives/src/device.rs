//! Devices: the status of a device and the records that the runtime API gives.

use crate::{
	cell::Cell,
	ids::{BlockNumber, DeviceId, MakerId, Millis, NetworkId},
	key::PublicKey,
	maker::MakerKeyIndex,
	policy::TrustLevel,
	suspension::{SuspendReason, Suspension},
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Status of a device.
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
	/// Device that may report, and earns.
	#[codec(index = 0)]
	Active,
	/// Device that its owner has retired; its bond is free at block `until`.
	#[codec(index = 1)]
	Retiring {
		/// First block at which the device can be reaped.
		until: BlockNumber,
	},
	/// Device that may report, but whose earnings are kept in escrow until it is restored or
	/// forfeited.
	#[codec(index = 2)]
	Suspended {
		/// Reason of the suspension.
		reason: SuspendReason,
	},
	/// Device that was suspended while it was retiring. The device may not report, its earnings are
	/// kept in escrow, and it cannot be reaped until it is restored or forfeited.
	#[codec(index = 3)]
	SuspendedRetiring {
		/// Reason of the suspension.
		reason: SuspendReason,
	},
}

impl DeviceStatus {
	/// Tells if the device may work: it is active, or suspended and works into escrow.
	pub fn can_work(self) -> bool {
		match self {
			Self::Active | Self::Suspended { .. } => true,
			Self::Retiring { .. } | Self::SuspendedRetiring { .. } => false,
		}
	}

	/// Tells if the device's earnings are kept in escrow.
	pub fn is_suspended(self) -> bool {
		match self {
			Self::Suspended { .. } | Self::SuspendedRetiring { .. } => true,
			Self::Active | Self::Retiring { .. } => false,
		}
	}
}

/// Key that will replace the lost key of a device.
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
	/// Key of the device after the recovery.
	pub key: PublicKey,
	/// Maker that certified the key.
	pub maker: MakerId,
	/// Number of the maker's key that signed the certificate.
	pub maker_key: MakerKeyIndex,
	/// Model that the maker certified.
	pub model: u32,
	/// First block at which the device can adopt the key.
	pub from: BlockNumber,
}

/// Device, as the runtime API and the RPC give it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct DeviceRecord<AccountId> {
	/// Id of the device, the same for life.
	pub id: DeviceId,
	/// Account that owns the device and is paid for its work.
	pub owner: AccountId,
	/// Network that the device works for.
	pub network: NetworkId,
	/// Maker that certified the device and the device's model; `None` without a certificate.
	pub maker: Option<(MakerId, u32)>,
	/// Level of the proof that the device has given of its identity.
	pub trust: TrustLevel,
	/// Key that the device signs with now.
	pub key: PublicKey,
	/// Asserted location.
	pub cell: Cell,
	/// Time of the last assertion of the location.
	pub located_at: Millis,
	/// Status of the device.
	pub status: DeviceStatus,
	/// Details of the suspension, if the device is suspended.
	pub suspension: Option<Suspension>,
	/// Account to which the owner has offered the device.
	pub offered_to: Option<AccountId>,
	/// Key that will replace a lost one.
	pub pending_key: Option<PendingKey>,
	/// Bond, held of the owner's balance.
	#[cfg_attr(feature = "serde", serde(with = "crate::json::decimal"))]
	pub bond: u128,
	/// Time of the registration.
	pub registered_at: Millis,
	/// Greatest expiry of the statements that the device has used. A new statement must expire
	/// later, and the device cannot be reaped before.
	pub statements_until: Millis,
}
