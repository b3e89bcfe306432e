//! Report of a device: readings, a signed report, and the requests that hand it in.
//!
//! `cargo run -p depin-device --example report` prints two requests for a node, of which a device
//! sends one. The program needs no node.

use codec::Encode;
use depin_device::{device::Device, key::DeviceKey, reporter::Reporter};
use depin_primitives::{report::Reading, KeyScheme, H256};
use serde_json::{json, Value};
use std::error::Error;

/// Metric of the network: the number under which its admin registered the temperature, in
/// hundredths of a degree Celsius.
const TEMPERATURE: u16 = 0;

/// Makes two reports and prints what a device sends.
pub fn run() -> Result<(), Box<dyn Error>> {
	// See the example `provision` for the genesis hash and the key.
	let genesis = H256::repeat_byte(7);
	let device = Device::new(DeviceKey::from_secret(KeyScheme::P256, &[1; 32])?, genesis);

	// Readings of one window of time, which includes its start and excludes its end. Times are
	// milliseconds since 1970 UTC; values are integers with the metric's number of decimals.
	let window = 1_357_000_000_000..1_357_000_060_000;
	let readings = vec![
		Reading { time: window.start, metric: TEMPERATURE, value: 2_150 },
		Reading { time: window.start + 30_000, metric: TEMPERATURE, value: 2_160 },
	];

	// The report sums up each metric, commits to all readings by a Merkle root, and is signed.
	// The claimed work is 2: a sensor network credits no more than the number of readings.
	let mut reporter = Reporter::new();
	let signed = reporter.report(&device, window.clone(), 2, &readings)?;

	// The state must survive a restart of the device: the next report names the hash of this one.
	// A device writes the state before it sends the report, so that no sequence is used twice.
	let state = reporter.state();
	println!("state to store, {} bytes: 0x{}\n", state.encode().len(), hex::encode(state.encode()));

	// As JSON, for devices that have a JSON library.
	println!("{:#}\n", request(json!([signed, readings])));

	// As the hexadecimal of the SCALE bytes, for firmware. The second parameter may be left out:
	// the readings then stay with the device, which can prove each one later.
	let hex = |bytes: Vec<u8>| format!("0x{}", hex::encode(bytes));
	println!("{}\n", request(json!([hex(signed.encode()), hex(readings.encode())])));

	// After a restart, the next window follows. A window without readings is a valid report, too.
	let mut reporter = Reporter::resume(state);
	let next = reporter.report(&device, window.end..window.end + 60_000, 0, &[])?;
	println!("report {} follows {:?}", next.report.sequence, next.report.previous);
	if next.report.previous != signed.report.hash() {
		return Err("the second report does not follow the first one".into());
	}
	Ok(())
}

/// Returns the JSON-RPC request that hands a report in.
fn request(params: Value) -> Value {
	json!({ "jsonrpc": "2.0", "id": 1, "method": "telemetry_submitReport", "params": params })
}

fn main() -> Result<(), Box<dyn Error>> {
	run()
}
