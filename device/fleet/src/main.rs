#![doc = include_str!("../README.md")]

mod air;
mod chain;
mod consumer;
mod demo;
mod life;
mod load;
mod rpc;
mod screen;
mod setup;
mod weather;
mod work;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Fleet of weather stations and radio hotspots that works on a running depin-node.
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
	#[command(subcommand)]
	command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
	/// Goes from an empty development chain to paid rewards: creates two networks, replays real
	/// weather, answers coverage challenges, claims, and shows the requests that read the results.
	/// One device gets another key and another owner, one is suspended and restored, one is moved.
	Demo(demo::Options),
	/// Measures on a development chain how many transfers and reports its blocks take, and at which
	/// cost: `scripts/bench-throughput` starts the nodes.
	Load(load::Options),
}

#[tokio::main]
async fn main() -> ExitCode {
	let Cli { command } = Cli::parse();
	let run = async {
		match command {
			Command::Demo(options) => demo::run(options).await,
			Command::Load(options) => load::run(options).await,
		}
	};
	tokio::select! {
		ended = run => match ended {
			Ok(()) => ExitCode::SUCCESS,
			Err(e) => {
				eprintln!("\nerror: {e:#}");
				ExitCode::FAILURE
			},
		},
		_ = tokio::signal::ctrl_c() => {
			eprintln!("\nstopped");
			// The status by which shells report a signal: 128 plus its number.
			std::process::exit(130)
		},
	}
}
