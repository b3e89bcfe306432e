#![cfg_attr(not(feature = "std"), no_std)]
//! The runtime API of pallet-coverage: challenges, and the messages that answer them.

extern crate alloc;

use alloc::vec::Vec;
use depin_primitives::{
	beacon::{Beacon, ChallengeRecord, CoverageError, CoverageScore, JudgedBeacon, SignedWitness},
	refusal::Refusal,
	DeviceId,
};

sp_api::decl_runtime_apis! {
	/// Coverage challenges.
	pub trait CoverageApi {
		/// The device's challenge of the current period.
		fn challenge(device: DeviceId) -> Result<ChallengeRecord, Refusal<CoverageError>>;

		/// How the device met its challenges so far.
		fn score(device: DeviceId) -> Option<CoverageScore>;

		/// Whether the chain, as it is now, would accept this witness report.
		fn check_witness(witness: SignedWitness) -> Result<(), Refusal<CoverageError>>;

		/// Whether the chain, as it is now, would accept this beacon.
		fn check_beacon(beacon: Beacon) -> Result<(), Refusal<CoverageError>>;

		/// The feeless extrinsic that carries this witness report.
		fn witness_extrinsic(witness: SignedWitness) -> Block::Extrinsic;

		/// The feeless extrinsic that carries this beacon.
		fn beacon_extrinsic(beacon: Beacon) -> Block::Extrinsic;

		/// The beacons that this block judged, in order, from its events.
		fn judged_beacons() -> Vec<JudgedBeacon>;
	}
}
