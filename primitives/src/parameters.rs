//! Parameters: numbers of the device registry that governance can change.

use crate::{
	ids::{BlockNumber, EpochIndex},
	policy::PolicyCaps,
};
use codec::{Decode, Encode};
use scale_info::TypeInfo;

/// Parameters of the device registry that are in force, as the runtime API gives them: each number
/// is within its bounds already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct RegistryParameters {
	/// Number of blocks between a device's retirement and its reaping.
	pub retire_delay: BlockNumber,
	/// Number of blocks between the start and the end of a key's recovery.
	pub recovery_delay: BlockNumber,
	/// Number of blocks in which a suspension can be appealed.
	pub appeal_window: BlockNumber,
	/// Number of blocks after the appeal window in which a suspension is decided.
	pub decision_window: BlockNumber,
	/// Number of reward epochs of the notice of a funded network's rules and of its hand-over.
	pub rules_notice: EpochIndex,
	/// Fee of a change of a device's location.
	#[cfg_attr(feature = "serde", serde(with = "crate::json::decimal"))]
	pub location_fee: u128,
	/// Least bond that a network can ask for.
	#[cfg_attr(feature = "serde", serde(with = "crate::json::decimal"))]
	pub min_bond: u128,
	/// Deposit of a network.
	#[cfg_attr(feature = "serde", serde(with = "crate::json::decimal"))]
	pub network_deposit: u128,
	/// Deposit of a maker.
	#[cfg_attr(feature = "serde", serde(with = "crate::json::decimal"))]
	pub maker_deposit: u128,
	/// Deposit of a maker's key.
	#[cfg_attr(feature = "serde", serde(with = "crate::json::decimal"))]
	pub maker_key_deposit: u128,
	/// Deposit of a declaration.
	#[cfg_attr(feature = "serde", serde(with = "crate::json::decimal"))]
	pub declaration_deposit: u128,
	/// Deposit of a grant.
	#[cfg_attr(feature = "serde", serde(with = "crate::json::decimal"))]
	pub grant_deposit: u128,
	/// Caps on the numbers of every network's policy.
	pub policy_caps: PolicyCaps,
}
