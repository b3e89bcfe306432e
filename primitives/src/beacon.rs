//! Coverage challenges: a beacon that nobody can know before it is on the air, and its witnesses.
//!
//! The challenged device signs its [`BeaconChallenge`] and transmits the signature, the *payload*.
//! A device that hears it commits to the payload, to itself and to how it heard it. When the time to
//! commit is over, the beaconer reveals the payload and the chain judges every commitment.

use crate::{
	hashing::blake2_256,
	refusal::RefusalReason,
	signing::{DomainTag, GenesisPrefix, Signable},
	DeviceId, Millis, NetworkId, Signature, H256,
};
use alloc::vec::Vec;
use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// A tick of the chain's challenge clock. Ticks stand still while blocks are full.
pub type Tick = u32;

/// A challenge period: a device is challenged once in each.
pub type Period = u32;

/// What a beaconer signs; the signature is what it transmits and, later, reveals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct BeaconChallenge {
	/// The challenged device.
	pub device: DeviceId,
	/// The period of the challenge.
	pub period: Period,
	/// From the period's seed and the device's id.
	pub nonce: H256,
}

impl Signable for BeaconChallenge {
	const DOMAIN_TAG: &'static DomainTag = b"depin:beacon:v1\0";
}

/// The commitment of `witness` to a payload that it heard: blake2-256 of payload ‖ witness.
pub fn commitment(payload: &Signature, witness: &DeviceId) -> H256 {
	(payload.0, witness).using_encoded(blake2_256)
}

/// What a witness says of a beacon that it heard. SCALE: 116 bytes.
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
pub struct WitnessReport {
	/// Who heard.
	pub witness: DeviceId,
	/// Who was challenged to beacon.
	pub beaconer: DeviceId,
	/// The period of the beaconer's challenge.
	pub period: Period,
	/// [`commitment`] to the payload.
	pub commitment: H256,
	/// Signal strength, in tenths of a dBm.
	pub rssi: i16,
	/// Signal-to-noise ratio, in tenths of a dB.
	pub snr: i16,
	/// Frequency, in hertz.
	pub frequency: u32,
	/// When it was heard.
	pub heard_at: Millis,
}

impl Signable for WitnessReport {
	const DOMAIN_TAG: &'static DomainTag = b"depin:witness:v1";
}

/// A witness report with the witness's signature.
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
pub struct SignedWitness {
	/// The chain that it is meant for.
	pub chain: GenesisPrefix,
	/// What the witness says.
	pub report: WitnessReport,
	/// By the witness's key, over the [`WitnessReport`]'s signing bytes.
	pub signature: Signature,
}

/// What a beaconer reveals once the time to commit is over.
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
pub struct Beacon {
	/// The chain that it is meant for.
	pub chain: GenesisPrefix,
	/// The challenged device.
	pub device: DeviceId,
	/// The period of the challenge.
	pub period: Period,
	/// What was transmitted: the device's signature over the [`BeaconChallenge`].
	pub payload: Signature,
}

/// What the chain says of a witness once the payload is known. Every fault is the witness's, but for
/// [`Verdict::TooManyWitnesses`], which is nobody's.
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
pub enum Verdict {
	/// It heard the beacon, and is rewarded.
	#[codec(index = 0)]
	Valid,
	/// It committed to another payload: it did not hear this one.
	#[codec(index = 1)]
	BadCommitment,
	/// It is no device of the beaconer's network any more, or is retiring.
	#[codec(index = 2)]
	NotActive,
	/// It belongs to the beaconer's owner.
	#[codec(index = 3)]
	SameOwner,
	/// It is nearer than the network's least distance.
	#[codec(index = 4)]
	BelowMinDistance,
	/// It is farther than the network's greatest distance.
	#[codec(index = 5)]
	MaxDistanceExceeded,
	/// The frequency is outside the network's band.
	#[codec(index = 6)]
	InvalidFrequency,
	/// It says that it heard the beacon after it had told the chain so, or before the challenge.
	#[codec(index = 7)]
	ImpossibleTime,
	/// Valid, but enough others committed before it.
	#[codec(index = 8)]
	TooManyWitnesses,
}

/// Where a challenge stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub enum ChallengePhase {
	/// It has not opened yet.
	Waiting,
	/// The device should transmit; witnesses commit.
	Committing,
	/// The device should reveal; no more commitments.
	Revealing,
	/// It was revealed and judged.
	Judged,
	/// It passed without a reveal.
	Missed,
}

/// A device's challenge of the current period, with what its device needs to answer it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct ChallengeRecord {
	/// The challenged device.
	pub device: DeviceId,
	/// The current period.
	pub period: Period,
	/// What the device signs, with its id and the period.
	pub nonce: H256,
	/// The current tick.
	pub tick: Tick,
	/// The first tick in which commitments are taken.
	pub opens_at: Tick,
	/// The first tick in which they are not, and the payload can be revealed.
	pub reveals_at: Tick,
	/// The first tick in which it is too late to reveal.
	pub closes_at: Tick,
	/// Where it stands.
	pub phase: ChallengePhase,
	/// The witnesses so far.
	pub witnesses: Vec<DeviceId>,
}

/// What the chain keeps of how a device met its challenges.
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
pub struct CoverageScore {
	/// The last period that it answered.
	pub last_answered: Period,
	/// Challenges answered.
	pub answered: u32,
	/// Challenges missed between two that it answered.
	pub missed: u32,
}

/// The most witnesses that may commit to one beacon.
pub const MAX_WITNESSES: u32 = 32;

/// The most witnesses of one beacon that are rewarded (as on Helium's IoT network).
pub const MAX_REWARDED_WITNESSES: u32 = 14;

/// What came of one witness of a beacon.
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
pub struct Judgement {
	/// What it said.
	pub report: WitnessReport,
	/// What the chain says of that.
	pub verdict: Verdict,
	/// The points that it was credited: 0 unless it is valid, and after the weight of its trust level.
	pub points: u64,
}

/// The judgements on a beacon's witnesses, in the order in which they committed.
pub type Judgements = BoundedVec<Judgement, ConstU32<MAX_WITNESSES>>;

/// A judged beacon, as the block's event tells it to an index.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct JudgedBeacon {
	/// The network that the devices work for.
	pub network: NetworkId,
	/// The challenged device.
	pub beaconer: DeviceId,
	/// The period of the challenge.
	pub period: Period,
	/// The points that the beaconer was credited, after the weight of its trust level.
	pub beaconer_points: u64,
	/// The witnesses, with their verdicts and points.
	pub witnesses: Judgements,
}

/// Why a witness report or a beacon is refused. The numbers are stable: the pool shows them as
/// `Custom error: N`.
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
pub enum CoverageError {
	/// It is meant for another chain.
	#[codec(index = 100)]
	WrongChain,
	/// No device has this id.
	#[codec(index = 101)]
	UnknownDevice,
	/// The device is retiring.
	#[codec(index = 102)]
	DeviceNotActive,
	/// The device's network has no coverage challenges.
	#[codec(index = 103)]
	CoverageOff,
	/// The beaconer is no device of the witness's network, or is retiring.
	#[codec(index = 104)]
	UnknownBeaconer,
	/// A device cannot witness itself.
	#[codec(index = 105)]
	SelfWitness,
	/// It is not for the current period.
	#[codec(index = 106)]
	WrongPeriod,
	/// The challenge has not opened, or not yet for reveals.
	#[codec(index = 107)]
	TooEarly,
	/// The time to commit, or to reveal, is over.
	#[codec(index = 108)]
	TooLate,
	/// This witness has committed already.
	#[codec(index = 109)]
	DuplicateWitness,
	/// No more witnesses are taken for this beacon.
	#[codec(index = 110)]
	WitnessesFull,
	/// This challenge has been revealed already.
	#[codec(index = 111)]
	AlreadyRevealed,
	/// The signature is not the device's over this message on this chain.
	#[codec(index = 112)]
	BadSignature,
	/// The device's network is paused.
	#[codec(index = 113)]
	NetworkPaused,
}

impl RefusalReason for CoverageError {
	fn advice(self) -> &'static str {
		match self {
			Self::WrongChain =>
				"the message is for another chain: sign with this chain's genesis hash and send its first four bytes as `chain`",
			Self::UnknownDevice => "no device has this id: register the device first",
			Self::DeviceNotActive => "the device is retiring and takes no part in challenges",
			Self::CoverageOff => "the device's network has no coverage challenges: nothing is to be done",
			Self::UnknownBeaconer => "the beaconer is no device of the witness's network, or is retiring: check the id that was heard",
			Self::SelfWitness => "a device cannot witness its own beacon",
			Self::WrongPeriod => "ask coverage_challenges for the current period",
			Self::TooEarly => "ask coverage_challenges for the tick at which this step opens, and wait for it",
			Self::TooLate => "the time for this step is over: take part in the next period's challenge",
			Self::DuplicateWitness => "this witness has committed already: nothing is left to do",
			Self::WitnessesFull => "this beacon has all the witnesses that it can have",
			Self::AlreadyRevealed => "this challenge has been answered already: nothing is left to do",
			Self::BadSignature => "sign tag, genesis hash and the message's bytes with the device's current key",
			Self::NetworkPaused => "the network is paused: no challenge counts until it is resumed",
		}
	}

	fn is_temporary(self) -> bool {
		matches!(self, Self::TooEarly | Self::NetworkPaused)
	}
}
