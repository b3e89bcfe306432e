//! Queries of consumers, and the requests that make them.

use crate::{
	chain::Chain,
	life::ROTATED,
	screen::Screen,
	setup::Fleet,
	weather::{fixed, METRICS, TEMPERATURE},
};
use anyhow::{ensure, Context, Result};
use depin_primitives::{
	quality::{Perbill, Reasons, Score},
	DeviceId, Millis,
};
use serde_json::{json, Value};
use std::collections::BTreeMap;
use subxt::rpcs::client::rpc_params;

/// Shows the quality of the stations' reports, part by part, with the reasons.
pub async fn quality(chain: &Chain, fleet: &Fleet, out: &Screen) -> Result<()> {
	out.title("Quality");
	let metrics = chain.metrics(fleet.sensor).await?;
	ensure!(
		metrics.len() == METRICS.len(),
		"the network has {} metrics, {} were registered",
		metrics.len(),
		METRICS.len()
	);
	out.say(
		"Of each report, cadence (in time?), continuity (does it follow the last one?), plausibility \
		 (within its metrics' limits?) and agreement with the neighbours' weigh a quarter each:",
	);
	for member in &fleet.stations {
		let (id, name) = (member.device.id(), member.place.name);
		let score = chain.quality(id).await?;
		let score = score.with_context(|| format!("{name} reported and has no score"))?;
		let latest = chain.latest(id).await?.report;
		let last = latest.with_context(|| format!("the index knows no report of {name}"))?.quality;
		ensure!(
			score.current.reports > 0 && !score.current.quality.is_zero(),
			"{name} reported real weather, and its score is {:?}",
			score.current
		);
		for (when, score) in [("before", score.previous), ("now", Some(score.current))] {
			let Some(score) = score else { continue };
			let Score { reports, missed, .. } = score;
			out.say(format!("{name}, {when}: {reports} reports, {missed} missed"));
			let parts =
				[Some(score.cadence), Some(score.continuity), score.plausibility, score.neighbours];
			out.say(format!("  {}", format_quality(score.quality, parts, &score.reasons)));
		}
		let parts = [Some(last.cadence), Some(last.continuity), last.plausibility, last.neighbours];
		out.say(format!("  its last report: {}", format_quality(last.total, parts, &last.reasons)));
	}
	Ok(())
}

/// Formats a quality with its parts and its reasons.
fn format_quality(total: Perbill, parts: [Option<Perbill>; 4], reasons: &Reasons) -> String {
	let names = ["cadence", "continuity", "plausibility", "neighbours"];
	let parts: Vec<_> = names
		.iter()
		.zip(parts)
		.map(|(name, part)| format!("{name} {}", part.map_or("-".into(), percent)))
		.collect();
	let reasons: Vec<_> = reasons.0.iter().map(|reason| format!("{reason:?}")).collect();
	let why = if reasons.is_empty() { String::new() } else { format!(": {}", reasons.join(", ")) };
	format!("{} ({}){why}", percent(total), parts.join(", "))
}

/// Formats a fraction as a percentage, rounded down to a hundredth of a percent.
pub fn percent(part: Perbill) -> String {
	format!("{} %", fixed(i64::from(part.deconstruct() / 100_000), 2))
}

/// Makes the queries of a consumer, and shows the answers and the requests.
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
		("telemetry_metrics", json!([fleet.sensor])),
		("telemetry_score", json!([station])),
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

#[cfg(test)]
mod tests {
	use super::*;
	use depin_primitives::quality::Reason;

	#[test]
	fn a_quality_is_shown_by_parts() {
		let half = Perbill::from_percent(50);
		let mut reasons = Reasons::default();
		let one = Perbill::one();
		assert_eq!(
			format_quality(one, [Some(one), Some(one), None, None], &reasons),
			"100.00 % (cadence 100.00 %, continuity 100.00 %, plausibility -, neighbours -)"
		);
		reasons.add(Reason::Disagrees);
		reasons.add(Reason::Late);
		assert_eq!(
			format_quality(half, [Some(half), Some(one), Some(one), Some(Perbill::zero())], &reasons),
			"50.00 % (cadence 50.00 %, continuity 100.00 %, plausibility 100.00 %, neighbours 0.00 \
			 %): Late, Disagrees"
		);
		assert_eq!(percent(Perbill::from_parts(999_999_999)), "99.99 %");
	}
}
