//! Networks: the kind of a network, its rules and its record.

use crate::{
	ids::{EpochIndex, MakerId, NetworkId, H256},
	policy::NetworkPolicy,
};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Kind of a network. The kind names the unit of a report's `work`.
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
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum NetworkKind {
	/// Radio coverage; the unit of work is a second of uptime.
	#[codec(index = 0)]
	Wireless,
	/// Measurements; the unit of work is a reading.
	#[codec(index = 1)]
	Sensor,
	/// Storage; the unit of work is a byte kept.
	#[codec(index = 2)]
	Storage,
	/// Compute; the unit of work is a compute unit.
	#[codec(index = 3)]
	Compute,
	/// Energy; the unit of work is a watt-hour.
	#[codec(index = 4)]
	Energy,
}

/// Account that has paused a network.
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
pub enum Pauser {
	/// Admin of the network, who can resume it.
	#[codec(index = 0)]
	Admin,
	/// Governance of the chain, which alone can resume the network.
	#[codec(index = 1)]
	Governance,
}

/// Rules that a network's admin sets, and can change from an epoch on.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct NetworkRules {
	/// Makers whose certificates are accepted; `None` for all makers.
	pub makers: Option<Vec<MakerId>>,
	/// Bond that the owner of each new device locks.
	#[cfg_attr(feature = "serde", serde(with = "crate::json::decimal"))]
	pub bond: u128,
	/// Policy of the network.
	pub policy: NetworkPolicy,
}

/// Network, as the runtime API and the RPC give it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct NetworkRecord<AccountId> {
	/// Number of the network.
	pub id: NetworkId,
	/// Kind of the devices' work.
	pub kind: NetworkKind,
	/// Account that runs the network.
	pub admin: AccountId,
	/// Account to which the admin, or governance, has offered the network.
	pub offered_to: Option<AccountId>,
	/// First reward epoch in which the offer can be accepted while the network is funded. An
	/// unfunded network can be accepted at once.
	pub offer_opens: Option<EpochIndex>,
	/// Account that has paused the network, if it is paused.
	pub paused: Option<Pauser>,
	/// Rules in force, with the policy clamped by the chain's caps.
	#[cfg_attr(feature = "serde", serde(flatten))]
	pub rules: NetworkRules,
	/// Next rules, clamped too, and the reward epoch from which they are in force.
	pub next: Option<(EpochIndex, NetworkRules)>,
	/// Hash of the rules in force and the next ones, both as the admin gave them. Governance names
	/// this hash when it funds the network, so that the rules cannot change between the vote and
	/// its execution.
	pub rules_hash: H256,
	/// Number of devices, retiring ones included.
	pub devices: u32,
}
