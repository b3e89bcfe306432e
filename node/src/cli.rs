//! Command line of the node.

use crate::service::Sealing;
use sc_cli::RunCmd;

/// A node of a depin chain, and the tools that come with it.
#[derive(Debug, clap::Parser)]
pub struct Cli {
	/// Tool to run; without one, the node runs.
	#[command(subcommand)]
	pub subcommand: Option<Subcommand>,

	#[allow(missing_docs)]
	#[clap(flatten)]
	pub run: RunCmd,

	/// Do not feed the telemetry index.
	///
	/// The index has the devices' reports, the judged beacons and the payments of finalized blocks,
	/// in `<base path>/chains/<chain id>/telemetry`. An index that is not fed still answers, and
	/// each answer names the last indexed block. This does not affect the telemetry about the node
	/// itself: see `--no-telemetry`.
	#[arg(long)]
	pub no_telemetry_index: bool,

	/// Make a development chain's blocks without waiting for their slots, and finalize each at
	/// once.
	///
	/// With `instant`, a block is made as soon as an extrinsic is in the pool. With a number, a
	/// block is made at each interval of that many milliseconds. The chain's clock advances by one
	/// slot per block, and so departs from the wall clock.
	#[arg(long, value_name = "instant|MILLISECONDS")]
	pub sealing: Option<Sealing>,
}

/// Tools that come with the node.
#[derive(Debug, clap::Subcommand)]
// The command line is parsed once, then borrowed: the size of this enum does not matter.
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

	/// Print the hash of a runtime's metadata, which wallets sign (RFC-78).
	MetadataHash(crate::metadata_hash::MetadataHashCmd),

	/// Measure pallets, blocks, storage, or this machine.
	#[cfg(feature = "runtime-benchmarks")]
	#[command(subcommand)]
	Benchmark(frame_benchmarking_cli::BenchmarkCmd),

	/// Make a chain with many devices in its genesis state, to measure on.
	#[cfg(feature = "runtime-benchmarks")]
	BenchmarkState(crate::benchmarking::BenchmarkStateCmd),

	/// Not in this build: needs the cargo feature `runtime-benchmarks`.
	#[cfg(not(feature = "runtime-benchmarks"))]
	Benchmark(NoBenchmark),
}

/// Arguments of a `benchmark` command that this build cannot run. All arguments are accepted, so
/// that the error names the missing feature.
#[cfg(not(feature = "runtime-benchmarks"))]
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

	#[test]
	fn blocks_are_made_in_their_slots_unless_told_otherwise() {
		assert_eq!(Cli::from_iter(["depin-node", "--dev"]).sealing, None);
		let cli = Cli::from_iter(["depin-node", "--dev", "--sealing", "instant"]);
		assert_eq!(cli.sealing, Some(Sealing::Instant));
	}

	#[cfg(not(feature = "runtime-benchmarks"))]
	#[test]
	fn any_benchmark_command_is_parsed_to_be_refused() {
		let cli =
			Cli::from_iter(["depin-node", "benchmark", "pallet", "--runtime", "x", "-e", "*"]);
		assert!(matches!(cli.subcommand, Some(Subcommand::Benchmark(_))));
	}
}
