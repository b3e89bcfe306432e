//! Networks: the kind of a network, its rules and its record.

use crate::{policy::NetworkPolicy, EpochIndex, MakerId, NetworkId};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// What a network's devices do. It names the unit of a report's `work`.
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
	/// Radio coverage; work is counted in seconds of uptime.
	#[codec(index = 0)]
	Wireless,
	/// Measurements; work is counted in readings.
	#[codec(index = 1)]
	Sensor,
	/// Storage; work is counted in bytes kept.
	#[codec(index = 2)]
	Storage,
	/// Compute; work is counted in compute units.
	#[codec(index = 3)]
	Compute,
	/// Energy; work is counted in watt-hours.
	#[codec(index = 4)]
	Energy,
}

/// Who has paused a network.
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
	/// Its admin, who can resume it.
	#[codec(index = 0)]
	Admin,
	/// The chain's governance, which alone can resume it.
	#[codec(index = 1)]
	Governance,
}

/// What a network's admin sets, and can change from an epoch on.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct NetworkRules {
	/// The makers whose certificates count; `None`: those of any maker.
	pub makers: Option<Vec<MakerId>>,
	/// What the owner of each new device locks.
	#[cfg_attr(feature = "serde", serde(with = "crate::json::decimal"))]
	pub bond: u128,
	/// Its rules.
	pub policy: NetworkPolicy,
}

/// A network, as the runtime API and the RPC give it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct NetworkRecord<AccountId> {
	/// Its number.
	pub id: NetworkId,
	/// What its devices do.
	pub kind: NetworkKind,
	/// Who runs it.
	pub admin: AccountId,
	/// Whom its admin has offered it to.
	pub offered_to: Option<AccountId>,
	/// Who has paused it, if it is paused.
	pub paused: Option<Pauser>,
	/// What holds now.
	#[cfg_attr(feature = "serde", serde(flatten))]
	pub rules: NetworkRules,
	/// What will hold, and the reward epoch from which it will.
	pub next: Option<(EpochIndex, NetworkRules)>,
	/// How many devices it has, retiring ones included.
	pub devices: u32,
}
