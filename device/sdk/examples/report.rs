//! Reporting: readings of two windows become two signed reports, with a restart in between.
//!
//! Prints the two requests that the device, or a gateway for it, sends to a node. Needs no node:
//! `cargo run -p depin-device --example report`.

use codec::{Decode, Encode};
use depin_device::{
	device::Device,
	key::DeviceKey,
	reporter::{Delivery, Reporter, ReporterState},
};
use depin_primitives::{
	report::{Reading, SignedReport},
	KeyScheme, MetricId, Millis, H256,
};
use serde_json::json;
use std::error::Error;

/// Metric of the device's network: a temperature with two decimals. The RPC method
/// `telemetry_metrics` lists the metrics of a network.
const TEMPERATURE: MetricId = 0;
/// Beginning of the first window.
const START: Millis = 1_790_000_000_000;
/// Length of a window: ten minutes.
const LENGTH: Millis = 600_000;

fn main() -> Result<(), Box<dyn Error>> {
	let key = DeviceKey::from_secret(KeyScheme::P256, &[1; 32])?;
	let device = Device::new(key, H256::repeat_byte(7));

	// First window. Values are whole numbers of the metric's last decimal: 21.50 °C is 2150.
	let readings = [
		Reading { time: START, metric: TEMPERATURE, value: 2_150 },
		Reading { time: START + 300_000, metric: TEMPERATURE, value: 2_165 },
	];
	let mut reporter = Reporter::new();
	// The work is the number of readings in a sensor network; other kinds have other units.
	let work = readings.len() as u64;
	// The device signs that its readings go with the report.
	let inline = Delivery::Inline;
	let first = reporter.report(&device, START..START + LENGTH, work, &readings, inline)?;

	// The state is stored before the report is sent, so that no sequence is used twice: 48 bytes.
	let stored = reporter.state().encode();
	send(&first, &readings);

	// After a restart. The second report names the hash of the first as its previous report.
	let mut reporter = Reporter::resume(ReporterState::decode(&mut &stored[..])?);
	let window = START + LENGTH..START + 2 * LENGTH;
	let readings = [Reading { time: window.start, metric: TEMPERATURE, value: 2_170 }];
	let second = reporter.report(&device, window, 1, &readings, inline)?;
	assert_eq!(second.report.previous, first.report.hash());
	send(&second, &readings);

	// If the node refuses a report, or it is lost, `telemetry_latest` shows the last report that
	// the chain accepted, and `Reporter::rechain` continues from there.
	Ok(())
}

/// Prints the request that hands in a report with its readings, both as the hexadecimal of their
/// SCALE bytes. The node takes JSON objects as well.
fn send(signed: &SignedReport, readings: &[Reading]) {
	let hex = |bytes: Vec<u8>| format!("0x{}", hex::encode(bytes));
	let params = [hex(signed.encode()), hex(readings.encode())];
	let request = json!({
		"jsonrpc": "2.0", "id": 1, "method": "telemetry_submitReport", "params": params,
	});
	println!("{request}");
}
