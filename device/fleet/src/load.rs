//! Load on a node: how many transfers and reports its chain takes, and at which cost.
//!
//! Everything is signed before it is sent, so that this program takes little of the machine while
//! it measures. The figures come from the chain's blocks and from the nodes' own metrics.

mod drive;
mod figures;
mod prepare;
mod scenario;

use crate::chain::Chain;
use anyhow::{bail, ensure, Result};
use clap::Args;
use drive::drive;
use figures::{Figures, Watched};
use prepare::{Bench, DEVICES_OF_A_GROUP};
use scenario::{Scenario, SCENARIOS};
use std::time::Duration;

/// Options of the load: the node, the scenarios and their size.
#[derive(Args, Debug)]
pub struct Options {
	/// Address of the node's WebSocket
	#[arg(long, default_value = "ws://127.0.0.1:9944")]
	url: String,

	/// Names of the scenarios to run, in this order; all by default
	#[arg(long = "scenario", value_name = "NAME")]
	scenarios: Vec<String>,

	/// Print the names of the scenarios, and end
	#[arg(long)]
	list: bool,

	/// Number of blocks to measure in each scenario
	#[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(2..=1_000))]
	blocks: u32,

	/// Number of devices of each scenario. The pool holds one report of a device, so that more than
	/// two blocks' worth are needed to fill blocks with single reports
	#[arg(long, default_value_t = 4_096, value_parser = clap::value_parser!(u32).range(512..=65_536))]
	devices: u32,

	/// Address of the metrics (Prometheus) of the node that makes the blocks, such as
	/// 127.0.0.1:9615
	#[arg(long)]
	author_metrics: Option<String>,

	/// Address of the metrics of a second node, which imports the blocks
	#[arg(long)]
	importer_metrics: Option<String>,

	/// Id of the process that makes the blocks, to read the processor time that it takes
	#[arg(long)]
	author_process: Option<u32>,
}

/// Runs the scenarios, and prints their figures as a table.
pub async fn run(options: Options) -> Result<()> {
	if options.list {
		for Scenario { name, about, .. } in SCENARIOS {
			println!("{name:<24} {about}");
		}
		return Ok(());
	}
	let selected = select(&options.scenarios)?;
	ensure!(
		options.devices.is_multiple_of(DEVICES_OF_A_GROUP),
		"{} devices cannot be divided among batches: give a multiple of {DEVICES_OF_A_GROUP} with \
		 --devices",
		options.devices
	);
	let chain = Chain::connect(&options.url, Duration::from_secs(60)).await?;
	let watched = Watched {
		author: options.author_metrics,
		importer: options.importer_metrics,
		process: options.author_process,
	};
	let bench = Bench::new(&chain).await?;

	let mut rows: Vec<(&Scenario, Figures)> = Vec::new();
	for scenario in selected {
		eprintln!("{}: {}", scenario.name, scenario.about);
		let feed = bench.prepare(scenario, options.devices, options.blocks).await?;
		let figures = drive(&chain, feed, options.blocks, &watched).await?;
		rows.push((scenario, figures));
		eprintln!("{}", figures::table(&rows));
	}
	println!("{}", figures::table(&rows));
	Ok(())
}

/// Returns the scenarios of these names; all of them without a name.
fn select(names: &[String]) -> Result<Vec<&'static Scenario>> {
	if names.is_empty() {
		return Ok(SCENARIOS.iter().collect());
	}
	let find = |name: &String| {
		let found = SCENARIOS.iter().find(|scenario| scenario.name == name);
		match found {
			Some(scenario) => Ok(scenario),
			None => bail!("there is no scenario {name}: `depin-fleet load --list` shows them"),
		}
	};
	names.iter().map(find).collect()
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn scenarios_are_found_by_name() {
		assert_eq!(select(&[]).unwrap().len(), SCENARIOS.len());
		for scenario in SCENARIOS {
			assert_eq!(select(&[scenario.name.into()]).unwrap()[0].about, scenario.about);
		}
		assert!(select(&["none".into()]).unwrap_err().to_string().contains("--list"));
	}
}
