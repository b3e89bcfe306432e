//! Emission, epochs and what devices have earned.

use crate::ids::{Balance, BlockNumber, DeviceId, EpochIndex, NetworkId};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_arithmetic::Perbill;

/// Unpaid earnings of a device.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct PendingReward<AccountId> {
	/// Device that did the work.
	pub device: DeviceId,
	/// Account that a claim pays.
	pub payee: AccountId,
	/// Amount that a claim would pay now.
	#[cfg_attr(feature = "serde", serde(with = "crate::json::decimal"))]
	pub claimable: Balance,
	/// Running epoch.
	pub epoch: EpochIndex,
	/// Points of the device in the running epoch.
	pub points: u64,
	/// Amount in escrow, while the device is suspended.
	#[cfg_attr(feature = "serde", serde(with = "crate::json::decimal"))]
	pub escrow: Balance,
	/// Reason why `claimable` is zero, if it is.
	pub reason: Option<NothingClaimable>,
	/// Accounts that may claim for the device's owner.
	pub permission: ClaimPermission,
}

/// Accounts that may send a claim for an owner. Any claim pays the owner or the payout account that
/// the owner has set, whoever sends it.
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
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub enum ClaimPermission {
	/// Every account.
	#[default]
	#[codec(index = 0)]
	Anyone,
	/// The owner alone.
	#[codec(index = 1)]
	Owner,
}

/// Settings of an owner's pay.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct PayoutRecord<AccountId> {
	/// Owner of devices.
	pub owner: AccountId,
	/// Account that is paid for the owner's devices: the payout account, or the owner if none is
	/// set.
	pub payee: AccountId,
	/// Accounts that may claim for the owner.
	pub permission: ClaimPermission,
	/// Amount held on the owner for these settings; 0 if none differs from its default.
	#[cfg_attr(feature = "serde", serde(with = "crate::json::decimal"))]
	pub deposit: Balance,
}

/// Reason why a device has nothing to claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub enum NothingClaimable {
	/// Device that has never earned points, or whose earnings have all been paid.
	NoPoints,
	/// Points of the running epoch: they get a price when the epoch closes.
	EpochRunning,
	/// Points of an epoch in which the network had no allocation.
	NetworkUnfunded,
	/// Earnings below the token's smallest unit.
	TooSmall,
	/// Suspended device: its earnings are paid when it is restored.
	InEscrow,
}

/// Unpaid earnings of a device that belong to a former owner.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct FormerReward<AccountId> {
	/// Device that did the work.
	pub device: DeviceId,
	/// Owner of the device when it did the work.
	pub owner: AccountId,
	/// Account that a claim pays: the owner's payout account, or the owner if none is set.
	pub payee: AccountId,
	/// Amount that a claim would pay now.
	#[cfg_attr(feature = "serde", serde(with = "crate::json::decimal"))]
	pub claimable: Balance,
	/// Points of the running epoch: a claim pays them once the epoch has closed.
	pub points: u64,
	/// Amount held on the owner for this entry, which the last claim returns.
	#[cfg_attr(feature = "serde", serde(with = "crate::json::decimal"))]
	pub deposit: Balance,
}

/// Share of a network in an epoch's emission.
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
	/// Amount minted for the network's devices.
	#[cfg_attr(feature = "serde", serde(with = "crate::json::decimal"))]
	pub budget: Balance,
	/// Points of all devices of the network. The rate is `budget / points`.
	pub points: u128,
	/// Part of the budget that is not settled yet.
	#[cfg_attr(feature = "serde", serde(with = "crate::json::decimal"))]
	pub unsettled: Balance,
	/// Points that are not settled yet.
	pub unsettled_points: u128,
}

/// Schedule of the emission, and its present state.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct Schedule {
	/// Running epoch.
	pub epoch: EpochIndex,
	/// Block at which the running epoch closes.
	pub closes_at: BlockNumber,
	/// Number of blocks in an epoch.
	pub epoch_length: BlockNumber,
	/// Emission of the running epoch.
	#[cfg_attr(feature = "serde", serde(with = "crate::json::decimal"))]
	pub emission: Balance,
	/// Number of epochs after which the emission halves.
	pub halving_epochs: u32,
	/// Cap on the supply.
	#[cfg_attr(feature = "serde", serde(with = "crate::json::decimal"))]
	pub max_supply: Balance,
	/// Amount emitted by all closed epochs together.
	#[cfg_attr(feature = "serde", serde(with = "crate::json::decimal"))]
	pub emitted: Balance,
	/// Amount of the networks' share of closed epochs that no network has taken. Later closes
	/// distribute it in parts of 1 / `halving_epochs`.
	#[cfg_attr(feature = "serde", serde(with = "crate::json::decimal"))]
	pub carried: Balance,
	/// The networks' share of an emission.
	pub networks_share: Perbill,
	/// The validators' share of an emission.
	pub validators_share: Perbill,
	/// Each funded network and its allocation.
	pub funded: Vec<(NetworkId, u32)>,
}

/// Payment, as a block's events give it to an index.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct PaidReward<AccountId> {
	/// Device that did the work.
	pub device: DeviceId,
	/// Account that was paid.
	pub payee: AccountId,
	/// Amount paid.
	#[cfg_attr(feature = "serde", serde(with = "crate::json::decimal"))]
	pub amount: Balance,
}
