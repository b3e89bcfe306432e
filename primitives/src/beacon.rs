//! Coverage challenges: a beacon that nobody can know before it is on the air, and its witnesses.
//!
//! The challenged device signs its [`BeaconChallenge`] and transmits the first bytes of the
//! signature, the *payload*. A device that hears them commits to these bytes, to itself and to how
//! it heard them. When the time to commit is over, the beaconer reveals the whole payload and the
//! chain judges every commitment.

use crate::{
	hashing::blake2_256,
	ids::{DeviceId, Millis, NetworkId, H256},
	key::Signature,
	refusal::RefusalReason,
	signing::{DomainTag, GenesisPrefix, Signable},
};
use alloc::vec::Vec;
use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Tick of the chain's challenge clock. Ticks stand still while blocks are full.
pub type Tick = u32;

/// Challenge period. A device is challenged once in each.
pub type Period = u32;

/// Challenge that a beaconer signs. The signature is the payload: the beaconer transmits its first
/// [`TRANSMITTED`] bytes and, later, reveals all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct BeaconChallenge {
	/// Challenged device.
	pub device: DeviceId,
	/// Period of the challenge.
	pub period: Period,
	/// Nonce, derived from the period's seed and the device's id.
	pub nonce: H256,
}

impl Signable for BeaconChallenge {
	const DOMAIN_TAG: &'static DomainTag = b"depin:beacon:v1\0";
}

/// Number of bytes of the payload that a beaconer transmits: as many as the slowest data rate of
/// LoRaWAN's EU868 band carries (RP002-1.0.4, 2.4.6: 51 bytes at DR0).
pub const TRANSMITTED: usize = 51;

/// Bytes of a payload that a beaconer transmits, its first ones.
pub type Transmission = [u8; TRANSMITTED];

/// Returns the bytes of the payload that the beaconer transmits.
pub fn transmission(payload: &Signature) -> Transmission {
	let mut bytes = [0; TRANSMITTED];
	bytes.iter_mut().zip(payload.0).for_each(|(to, from)| *to = from);
	bytes
}

/// Returns the commitment of `witness` to a transmission that it heard: blake2-256 of the
/// transmitted bytes ‖ witness.
pub fn commitment(heard: &Transmission, witness: &DeviceId) -> H256 {
	(heard, witness).using_encoded(blake2_256)
}

/// Report of a witness about a beacon that it heard. SCALE: 116 bytes.
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
	/// Device that heard the beacon.
	pub witness: DeviceId,
	/// Device that was challenged to beacon.
	pub beaconer: DeviceId,
	/// Period of the beaconer's challenge.
	pub period: Period,
	/// [`commitment`] to the transmission.
	pub commitment: H256,
	/// Received signal strength, in tenths of a dBm.
	pub rssi: i16,
	/// Signal-to-noise ratio, in tenths of a dB.
	pub snr: i16,
	/// Frequency, in hertz.
	pub frequency: u32,
	/// Time at which the beacon was heard.
	pub heard_at: Millis,
}

impl Signable for WitnessReport {
	const DOMAIN_TAG: &'static DomainTag = b"depin:witness:v2";
}

/// Witness report with the witness's signature.
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
	/// Genesis prefix of the chain that the message is meant for.
	pub chain: GenesisPrefix,
	/// Report of the witness.
	pub report: WitnessReport,
	/// Signature by the witness's key over the [`WitnessReport`]'s signing bytes.
	pub signature: Signature,
}

/// Beacon that a beaconer reveals once the time to commit is over.
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
	/// Genesis prefix of the chain that the message is meant for.
	pub chain: GenesisPrefix,
	/// Challenged device.
	pub device: DeviceId,
	/// Period of the challenge.
	pub period: Period,
	/// Payload: the device's signature over the [`BeaconChallenge`].
	pub payload: Signature,
}

/// Verdict on one witness, given once the payload is revealed. [`Verdict::TooManyWitnesses`] names
/// no fault. [`Verdict::BadCommitment`] is not always the witness's fault: a beaconer that reveals
/// another signature than it transmitted, which its scheme may allow it to make, voids the
/// commitments of honest witnesses.
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
	/// Witness that heard the beacon, and is rewarded.
	#[codec(index = 0)]
	Valid,
	/// Commitment to another payload than the revealed one.
	#[codec(index = 1)]
	BadCommitment,
	/// Witness that is no device of the beaconer's network any more, or is retiring.
	#[codec(index = 2)]
	NotActive,
	/// Witness of the beaconer's owner.
	#[codec(index = 3)]
	SameOwner,
	/// Witness nearer than the network's least distance.
	#[codec(index = 4)]
	BelowMinDistance,
	/// Witness farther than the network's greatest distance, or at a distance that H3's grid cannot
	/// tell.
	#[codec(index = 5)]
	MaxDistanceExceeded,
	/// Frequency outside the network's band.
	#[codec(index = 6)]
	InvalidFrequency,
	/// Time of hearing after the commitment reached the chain, or before the period of the
	/// challenge began, by more than the clock skew that the network allows.
	#[codec(index = 7)]
	ImpossibleTime,
	/// Witness without a fault that is not rewarded, because [`MAX_REWARDED_WITNESSES`] witnesses
	/// without a fault committed earlier.
	#[codec(index = 8)]
	TooManyWitnesses,
}

/// Phase of a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub enum ChallengePhase {
	/// Challenge that has not opened yet.
	Waiting,
	/// Time to transmit, for the device, and to commit, for witnesses.
	Committing,
	/// Time to reveal. No more commitments are taken.
	Revealing,
	/// Challenge that was revealed and judged.
	Judged,
	/// Challenge that passed without a reveal.
	Missed,
}

/// Challenge of a device in the current period, with all that the device needs to answer it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct ChallengeRecord {
	/// Challenged device.
	pub device: DeviceId,
	/// Current period.
	pub period: Period,
	/// Nonce that the device signs, with its id and the period.
	pub nonce: H256,
	/// Current tick.
	pub tick: Tick,
	/// First tick in which commitments are taken.
	pub opens_at: Tick,
	/// First tick in which commitments are not taken any more, and the payload can be revealed.
	pub reveals_at: Tick,
	/// First tick in which it is too late to reveal.
	pub closes_at: Tick,
	/// Phase of the challenge.
	pub phase: ChallengePhase,
	/// Witnesses that have committed so far.
	pub witnesses: Vec<DeviceId>,
}

/// Count of the challenges that a device answered and missed.
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
	/// Last period whose challenge the device answered.
	pub last_answered: Period,
	/// Number of challenges answered.
	pub answered: u32,
	/// Number of challenges missed between two that the device answered.
	pub missed: u32,
}

/// Greatest number of witnesses that may commit to one beacon.
pub const MAX_WITNESSES: u32 = 32;

/// Greatest number of rewarded witnesses of one beacon, as on Helium's IoT network.
pub const MAX_REWARDED_WITNESSES: u32 = 14;

/// Judgement on one witness of a beacon.
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
	/// Report of the witness.
	pub report: WitnessReport,
	/// Verdict on that report.
	pub verdict: Verdict,
	/// Points credited to the witness, after its trust factor: 0 unless the verdict is valid.
	pub points: u64,
}

/// Judgements on a beacon's witnesses, in the order in which the witnesses committed.
pub type Judgements = BoundedVec<Judgement, ConstU32<MAX_WITNESSES>>;

/// Judged beacon, as the block's event gives it to an index.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct JudgedBeacon {
	/// Network that the devices work for.
	pub network: NetworkId,
	/// Challenged device.
	pub beaconer: DeviceId,
	/// Period of the challenge.
	pub period: Period,
	/// Points credited to the beaconer, after its trust factor.
	pub beaconer_points: u64,
	/// Judgements on the witnesses.
	pub witnesses: Judgements,
}

/// Reason for which a witness report or a beacon is refused. The numbers are stable: the pool shows
/// them as `Custom error: N`.
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
	/// Message meant for another chain.
	#[codec(index = 100)]
	WrongChain,
	/// Device id that nobody has registered.
	#[codec(index = 101)]
	UnknownDevice,
	/// Device that is retiring.
	#[codec(index = 102)]
	DeviceNotActive,
	/// Network without coverage challenges.
	#[codec(index = 103)]
	CoverageOff,
	/// Beaconer that is no device of the witness's network, or is retiring.
	#[codec(index = 104)]
	UnknownBeaconer,
	/// Witness of its own beacon.
	#[codec(index = 105)]
	SelfWitness,
	/// Period that is not the current one.
	#[codec(index = 106)]
	WrongPeriod,
	/// Challenge that has not opened, or not yet for reveals.
	#[codec(index = 107)]
	TooEarly,
	/// Time to commit, or to reveal, that is over.
	#[codec(index = 108)]
	TooLate,
	/// Witness that has committed already.
	#[codec(index = 109)]
	DuplicateWitness,
	/// Beacon that has the most witnesses.
	#[codec(index = 110)]
	WitnessesFull,
	/// Challenge that has been revealed already.
	#[codec(index = 111)]
	AlreadyRevealed,
	/// Signature that is not the device's over this message on this chain.
	#[codec(index = 112)]
	BadSignature,
	/// Network that is paused.
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
