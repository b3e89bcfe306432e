//! Proof of one reading: a consumer checks it against a signed report, with no node.
//!
//! `cargo run -p depin-device --example verify_reading` prints a signed report and a proof as the
//! device's side hands them over, and the result of the consumer's check.

use depin_device::{
	device::Device,
	key::DeviceKey,
	proof::{verify_reading, ReadingProof},
	reporter::Reporter,
};
use depin_primitives::{
	report::{Reading, SignedReport},
	KeyScheme, PublicKey, H256,
};
use std::error::Error;

/// Proves one of five readings and prints the result of the check.
pub fn run() -> Result<(), Box<dyn Error>> {
	// See the example `provision` for the genesis hash and the key.
	let genesis = H256::repeat_byte(7);
	let device = Device::new(DeviceKey::from_secret(KeyScheme::Ed25519, &[1; 32])?, genesis);

	// The device signs a report that commits to five readings, and keeps the readings.
	let start = 1_357_000_000_000;
	let readings: Vec<_> = [2_150, 2_160, 2_155, 2_149, 2_152]
		.into_iter()
		.zip(0u64..)
		.map(|(value, second)| Reading { time: start + 1_000 * second, metric: 0, value })
		.collect();
	let signed = Reporter::new().report(&device, start..start + 60_000, 5, &readings)?;

	// Asked for the reading of index 1, the holder of the readings gives it with the Merkle path
	// to the root in the report. The proof shows nothing of the other readings but hashes.
	let proof = ReadingProof::new(&readings, 1).ok_or("there is no reading of this index")?;
	let report_json = serde_json::to_string(&signed)?;
	let proof_json = serde_json::to_string(&proof)?;
	println!("signed report  {report_json}\n\nproof          {proof_json}\n");

	// The consumer has these two texts, the chain's genesis hash, and the device's key, which
	// `devices_get` or the device's DID document gives.
	consume(&report_json, &proof_json, &device.public_key(), &genesis)
}

/// Checks the proof as a consumer does, and shows that a changed reading fails the check.
fn consume(
	report: &str,
	proof: &str,
	key: &PublicKey,
	genesis: &H256,
) -> Result<(), Box<dyn Error>> {
	let signed: SignedReport = serde_json::from_str(report)?;
	let mut proof: ReadingProof = serde_json::from_str(proof)?;
	let Reading { time, metric, value } = verify_reading(key, &signed, &proof, genesis)?;
	println!("proved: at {time} the device measured {value} of metric {metric}");

	// The signature holds for the root alone, and no path leads from another value to that root.
	proof.reading.value += 1;
	match verify_reading(key, &signed, &proof, genesis) {
		Ok(_) => Err("a changed reading was proved".into()),
		Err(error) => {
			println!("changed by one step: {error}");
			Ok(())
		}
	}
}

fn main() -> Result<(), Box<dyn Error>> {
	run()
}
