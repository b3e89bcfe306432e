//! Verification of one reading by its buyer, without a node and without the other readings.
//!
//! The buyer gets a signed report and a proof from anyone, and trusts neither. Prints the proved
//! reading, and the reasons for which altered ones are refused. Needs no node:
//! `cargo run -p depin-device --example verify_reading`.

use depin_device::{
	device::Device,
	key::DeviceKey,
	proof::{verify_reading, ProofError, ReadingProof, Unproved},
	reporter::{Delivery, Reporter},
};
use depin_primitives::{report::Reading, KeyScheme, Millis, H256};
use std::error::Error;

/// Beginning of the window.
const START: Millis = 1_790_000_000_000;

fn main() -> Result<(), Box<dyn Error>> {
	let genesis = H256::repeat_byte(7);

	// On the device: a report over a thousand readings. It holds only their Merkle root.
	let device = Device::new(DeviceKey::from_secret(KeyScheme::P256, &[1; 32])?, genesis);
	let readings: Vec<Reading> = (0..1_000)
		.map(|second| Reading {
			time: START + 1_000 * second,
			metric: 0,
			value: 2_000 + second as i64,
		})
		.collect();
	let window = START..START + 1_000_000;
	let signed = Reporter::new().report(&device, window, 1_000, &readings, Delivery::Committed)?;

	// At whoever stored the readings: the proof of reading 420, a path of ten hashes.
	let proof = ReadingProof::new(&readings, 420).expect("there are 1000 readings; qed");

	// At the buyer's place. The device's key comes from its DID document or from `devices_get`, the
	// signed report from an event or from the seller.
	let key = device.public_key();
	let reading = verify_reading(&key, &signed, &proof, &genesis)?;
	assert_eq!(reading, readings[420]);
	println!("proved: {reading:?}, by a path of {} hashes", proof.path.len());

	// An altered reading does not lead to the root that the device signed.
	let mut altered = proof.clone();
	altered.reading.value += 1;
	let refused = verify_reading(&key, &signed, &altered, &genesis).unwrap_err();
	assert_eq!(refused, Unproved::Reading(ProofError::WrongPath));
	println!("refused, altered reading: {refused}");

	// An altered report is not what the device signed.
	let mut altered = signed.clone();
	altered.report.work += 1;
	let refused = verify_reading(&key, &altered, &proof, &genesis).unwrap_err();
	assert_eq!(refused, Unproved::BadSignature);
	println!("refused, altered report: {refused}");
	Ok(())
}
