//! Emission, epochs and what devices have earned.

use crate::{Balance, BlockNumber, DeviceId, EpochIndex, NetworkId};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_arithmetic::Perbill;

/// What a device has earned and not been paid.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct PendingReward<AccountId> {
	/// Whose work it is.
	pub device: DeviceId,
	/// Who is paid when it is claimed.
	pub payee: AccountId,
	/// What a claim would pay now.
	#[cfg_attr(feature = "serde", serde(with = "crate::json::decimal"))]
	pub claimable: Balance,
	/// The running epoch.
	pub epoch: EpochIndex,
	/// The device's points in the running epoch.
	pub points: u64,
	/// What waits in escrow, while the device is suspended.
	#[cfg_attr(feature = "serde", serde(with = "crate::json::decimal"))]
	pub escrow: Balance,
	/// Why `claimable` is zero, if it is.
	pub reason: Option<NothingClaimable>,
}

/// Why a device has nothing to claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub enum NothingClaimable {
	/// It has never earned points, or all that it earned has been paid.
	NoPoints,
	/// Its points are of the running epoch: they are worth something when it closes.
	EpochRunning,
	/// Its points are of an epoch in which its network had no share of the emission.
	NetworkUnfunded,
	/// Its share was smaller than the token's smallest unit.
	TooSmall,
	/// The device is suspended: what it earns is paid when it is restored.
	InEscrow,
}

/// What a device earned for one who owned it then, and has not been paid.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct FormerReward<AccountId> {
	/// Whose work it was.
	pub device: DeviceId,
	/// Who is paid when it is claimed.
	pub payee: AccountId,
	/// What a claim would pay now.
	#[cfg_attr(feature = "serde", serde(with = "crate::json::decimal"))]
	pub claimable: Balance,
	/// The points of the running epoch: a claim pays them once it has closed.
	pub points: u64,
}

/// A network's part in an epoch.
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
pub struct EpochShare {
	/// What was minted for the network's devices.
	#[cfg_attr(feature = "serde", serde(with = "crate::json::decimal"))]
	pub budget: Balance,
	/// The points of all of them together. The rate is `budget / points`.
	pub points: u128,
	/// What is still to be settled of the budget.
	#[cfg_attr(feature = "serde", serde(with = "crate::json::decimal"))]
	pub unsettled: Balance,
	/// The points still to be settled.
	pub unsettled_points: u128,
}

/// The emission: what it is now, and what it has been.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct Schedule {
	/// The running epoch.
	pub epoch: EpochIndex,
	/// The block at which it closes.
	pub closes_at: BlockNumber,
	/// Blocks in an epoch.
	pub epoch_length: u32,
	/// Emission of the running epoch.
	#[cfg_attr(feature = "serde", serde(with = "crate::json::decimal"))]
	pub emission: Balance,
	/// Epochs after which the emission halves.
	pub halving_epochs: u32,
	/// The cap on the supply.
	#[cfg_attr(feature = "serde", serde(with = "crate::json::decimal"))]
	pub max_supply: Balance,
	/// Emitted by all closed epochs together.
	#[cfg_attr(feature = "serde", serde(with = "crate::json::decimal"))]
	pub emitted: Balance,
	/// The networks' share of an emission.
	pub networks_share: Perbill,
	/// The validators' share of an emission.
	pub validators_share: Perbill,
	/// Each funded network and its allocation.
	pub funded: Vec<(NetworkId, u32)>,
}

/// A payment, as a block's events tell it to an index.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct PaidReward<AccountId> {
	/// Whose work it was.
	pub device: DeviceId,
	/// Who was paid.
	pub payee: AccountId,
	/// How much.
	#[cfg_attr(feature = "serde", serde(with = "crate::json::decimal"))]
	pub amount: Balance,
}
