//! Suspension of a device: the reason, the accuser and the deadlines.

use crate::{BlockNumber, MakerId};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Why a device is suspended.
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
pub enum SuspendReason {
	/// Others than the device may hold its key.
	#[codec(index = 0)]
	KeyCompromised,
	/// It is not where it says it is.
	#[codec(index = 1)]
	FalseLocation,
	/// Its reports cannot be true.
	#[codec(index = 2)]
	ImplausibleReports,
	/// It feigns radio coverage.
	#[codec(index = 3)]
	CoverageFraud,
	/// It breaks a rule of its network.
	#[codec(index = 4)]
	PolicyViolation,
	/// As the evidence says.
	#[codec(index = 5)]
	Other,
}

/// Who suspended a device.
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
pub enum Suspender {
	/// Its network's admin.
	#[codec(index = 0)]
	Admin,
	/// The chain's governance.
	#[codec(index = 1)]
	Governance,
	/// The maker that had certified its key, by declaring it compromised.
	#[codec(index = 2)]
	Maker(MakerId),
}

/// A device's suspension, as the runtime API and the RPC give it. Blocks are by number.
///
/// The hashes of what its accuser and its owner have published are not in the state: the events
/// `DeviceSuspended` and `SuspensionAppealed` tell them.
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
pub struct Suspension {
	/// Who ordered it.
	pub by: Suspender,
	/// Why.
	pub reason: SuspendReason,
	/// The block of the suspension.
	pub since: BlockNumber,
	/// The first block at which it is too late to appeal, and at which governance may forfeit.
	pub appeal_until: BlockNumber,
	/// The first block at which anyone may restore the device, if nobody has decided.
	pub decide_until: BlockNumber,
	/// Whether the owner has appealed.
	pub appealed: bool,
}
