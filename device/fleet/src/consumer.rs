//! What consumers read, and the calls by which they do.

use crate::{
	chain::Chain,
	life::ROTATED,
	screen::Screen,
	setup::Fleet,
	weather::{fixed, TEMPERATURE},
};
use anyhow::{ensure, Context, Result};
use depin_primitives::{DeviceId, Millis};
use serde_json::{json, Value};
use std::collections::BTreeMap;
use subxt::rpcs::client::rpc_params;

/// Asks for what consumers ask for, shows the answers and the very calls.
pub async fn consume(
	chain: &Chain,
	fleet: &Fleet,
	url: &str,
	start: Millis,
	hours: u64,
	paid: &BTreeMap<DeviceId, u128>,
	out: &Screen,
) -> Result<()> {
	out.title("What anyone can read");
	let station = fleet.stations[0].device.id();
	let rotated = fleet.stations[ROTATED].device.id();
	let hotspot = fleet
		.hotspots
		.iter()
		.map(|hotspot| hotspot.device.id())
		.find(|id| paid.contains_key(id))
		.context("a hotspot was paid")?;
	let end = chain.now().await?;

	for member in &fleet.stations {
		let (id, name) = (member.device.id(), member.place.name);
		let latest = chain.latest(id).await?;
		ensure!(latest.report.is_some(), "the index knows no report of {name}");
		let temperatures = chain.range(id, start, end, Some(TEMPERATURE)).await?;
		ensure!(
			temperatures.len() as u64 == hours,
			"the index holds {} temperatures of {name}, {hours} were reported",
			temperatures.len()
		);
		let values: Vec<_> = temperatures.iter().map(|reading| fixed(reading.value, 2)).collect();
		out.say(format!("{name}, °C by hour, from the index: {}", values.join(" ")));
	}

	let http = url.replacen("ws", "http", 1);
	let calls = [
		("devices_get", json!([station])),
		("devices_didDocument", json!([rotated])),
		("telemetry_latest", json!([station])),
		("telemetry_range", json!([station, start, end, TEMPERATURE, null, 3])),
		("coverage_history", json!([hotspot, null, 1])),
		("rewards_pending", json!([station])),
		("rewards_history", json!([station])),
		("rewards_schedule", json!([])),
	];
	out.say("\nThe same by hand:");
	for (method, params) in &calls {
		let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
		out.say(format!("\ncurl -s -H 'Content-Type: application/json' -d '{body}' {http}"));
		let mut positional = rpc_params![];
		for param in params.as_array().into_iter().flatten() {
			positional.push(param)?;
		}
		let answer: Value = chain.request(method, positional).await?;
		out.say(format!("{answer}"));
	}

	out.say("\nOr with polkadot.js (npm install @polkadot/api@16.5.6), in a file demo.mjs:\n");
	out.say("import { WsProvider } from '@polkadot/api';");
	out.say(format!("const provider = new WsProvider('{url}');"));
	out.say("await provider.isReady;");
	for (method, params) in &calls {
		out.say(format!("console.log(await provider.send('{method}', {params}));"));
	}
	out.say("await provider.disconnect();");
	Ok(())
}
