#![cfg_attr(not(feature = "std"), no_std)]
//! Runtime API of pallet-coverage: challenges, and the messages that answer them.

extern crate alloc;

use alloc::vec::Vec;
use depin_primitives::{
	beacon::{Beacon, ChallengeRecord, CoverageError, CoverageScore, JudgedBeacon, SignedWitness},
	refusal::Refusal,
	DeviceId,
};

sp_api::decl_runtime_apis! {
	/// Coverage challenges, and the messages that answer them.
	pub trait CoverageApi {
		/// Returns the device's challenge of the current period. Refuses a device that has none.
		fn challenge(device: DeviceId) -> Result<ChallengeRecord, Refusal<CoverageError>>;

		/// Returns the device's counts of answered and missed challenges; `None` before its first
		/// answer.
		fn score(device: DeviceId) -> Option<CoverageScore>;

		/// Checks that the chain, in its present state, would accept this witness report.
		fn check_witness(witness: SignedWitness) -> Result<(), Refusal<CoverageError>>;

		/// Checks that the chain, in its present state, would accept this beacon.
		fn check_beacon(beacon: Beacon) -> Result<(), Refusal<CoverageError>>;

		/// Returns the feeless extrinsic that carries this witness report.
		fn witness_extrinsic(witness: SignedWitness) -> Block::Extrinsic;

		/// Returns the feeless extrinsic that carries this beacon.
		fn beacon_extrinsic(beacon: Beacon) -> Block::Extrinsic;

		/// Returns the beacons that this block judged, in order, from its events.
		fn judged_beacons() -> Vec<JudgedBeacon>;
	}
}
