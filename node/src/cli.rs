//! The command line.

use sc_cli::RunCmd;

/// A node of a depin chain, and the tools that come with it.
#[derive(Debug, clap::Parser)]
pub struct Cli {
	/// The tool to run; without one, the node runs.
	#[command(subcommand)]
	pub subcommand: Option<Subcommand>,

	#[allow(missing_docs)]
	#[clap(flatten)]
	pub run: RunCmd,

	/// Do not feed the telemetry index.
	///
	/// The index holds what finalized blocks tell of devices' reports, beacons and payments, in
	/// `<base path>/chains/<chain id>/telemetry`. Not fed, it answers with what it has, and says up
	/// to which block that is. Telemetry about the node itself is another thing: see
	/// `--no-telemetry`.
	#[arg(long)]
	pub no_telemetry_index: bool,
}

/// The tools.
#[derive(Debug, clap::Subcommand)]
// Parsed once, then borrowed: its size does not matter.
#[allow(clippy::large_enum_variant)]
pub enum Subcommand {
	/// Make, inspect and insert keys.
	#[command(subcommand)]
	Key(sc_cli::KeySubcommand),

	/// Write a chain specification, plain or raw.
	ExportChainSpec(sc_cli::ExportChainSpecCmd),

	/// Build a chain specification; `export-chain-spec` takes its place.
	BuildSpec(sc_cli::BuildSpecCmd),

	/// Execute a block of the database again.
	CheckBlock(sc_cli::CheckBlockCmd),

	/// Export blocks.
	ExportBlocks(sc_cli::ExportBlocksCmd),

	/// Import blocks.
	ImportBlocks(sc_cli::ImportBlocksCmd),

	/// Export a block's state as a chain specification.
	ExportState(sc_cli::ExportStateCmd),

	/// Remove the chain's database and its telemetry index.
	PurgeChain(sc_cli::PurgeChainCmd),

	/// Go back by a number of blocks, at most to the last finalized one.
	Revert(sc_cli::RevertCmd),

	/// Print the database's best and finalized blocks.
	ChainInfo(sc_cli::ChainInfoCmd),

	/// Measure pallets, blocks, storage, or this machine.
	#[cfg(feature = "benchmark-cli")]
	#[command(subcommand)]
	Benchmark(frame_benchmarking_cli::BenchmarkCmd),

	/// Not in this build: needs the cargo feature `benchmark-cli` or `runtime-benchmarks`.
	#[cfg(not(feature = "benchmark-cli"))]
	Benchmark(NoBenchmark),
}

/// The arguments of a `benchmark` command that this build cannot run: whatever they are, the error
/// must be that.
#[cfg(not(feature = "benchmark-cli"))]
#[derive(Debug, clap::Args)]
pub struct NoBenchmark {
	/// Ignored.
	#[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
	pub arguments: Vec<String>,
}

#[cfg(test)]
mod tests {
	use super::*;
	use clap::CommandFactory;
	use sc_cli::SubstrateCli;

	#[test]
	fn no_two_arguments_clash() {
		Cli::setup_command(Cli::command()).debug_assert();
	}

	#[test]
	fn the_index_is_fed_unless_told_otherwise() {
		assert!(!Cli::from_iter(["depin-node", "--dev"]).no_telemetry_index);
		let cli = Cli::from_iter(["depin-node", "--dev", "--no-telemetry", "--no-telemetry-index"]);
		assert!(cli.no_telemetry_index && cli.run.telemetry_params.no_telemetry);
	}

	#[cfg(not(feature = "benchmark-cli"))]
	#[test]
	fn any_benchmark_command_is_parsed_to_be_refused() {
		let cli =
			Cli::from_iter(["depin-node", "benchmark", "pallet", "--runtime", "x", "-e", "*"]);
		assert!(matches!(cli.subcommand, Some(Subcommand::Benchmark(_))));
	}
}
