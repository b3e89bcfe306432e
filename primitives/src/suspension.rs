//! Suspension of a device: the reason, the accuser and the deadlines.

use crate::ids::{BlockNumber, MakerId};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Reason for which a device is suspended.
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
	/// Key that others than the device may hold.
	#[codec(index = 0)]
	KeyCompromised,
	/// Device that is not where its asserted location is.
	#[codec(index = 1)]
	FalseLocation,
	/// Reports that cannot be true.
	#[codec(index = 2)]
	ImplausibleReports,
	/// Feigned radio coverage.
	#[codec(index = 3)]
	CoverageFraud,
	/// Breach of a rule of the network.
	#[codec(index = 4)]
	PolicyViolation,
	/// Other reason, which the published evidence gives.
	#[codec(index = 5)]
	Other,
}

/// Account that suspended a device.
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
	/// Admin of the device's network.
	#[codec(index = 0)]
	Admin,
	/// Governance of the chain.
	#[codec(index = 1)]
	Governance,
	/// Maker that had certified the device's key, and has declared it compromised.
	#[codec(index = 2)]
	Maker(MakerId),
}

/// Suspension of a device, as the registry stores it, and as the runtime API and the RPC give it.
/// The ends of the windows are set when the suspension begins, and stay when the windows change.
///
/// The hashes of the evidence and of the appeal are not in the state: the events `DeviceSuspended`
/// and `SuspensionAppealed` hold them.
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
	/// Account that ordered the suspension.
	pub by: Suspender,
	/// Reason of the suspension.
	pub reason: SuspendReason,
	/// Block of the suspension.
	pub since: BlockNumber,
	/// First block at which it is too late to appeal, and at which governance may forfeit.
	pub appeal_until: BlockNumber,
	/// First block at which anyone may restore the device, if nobody has decided.
	pub decide_until: BlockNumber,
	/// True if the owner has appealed.
	pub appealed: bool,
	/// True if the owner has corrected the location of a device that was suspended for it.
	pub corrected: bool,
}
