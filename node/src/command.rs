//! Commands of the command line.

use crate::{
	chain_spec,
	cli::{Cli, Subcommand},
	service::{self, new_partial, Clock, FullBackend, FullClient},
};
use depin_runtime::opaque::Block;
use sc_cli::{KeySubcommand, PurgeChainCmd, SubstrateCli};
use sc_service::{Configuration, PartialComponents};
use std::{fs, io, path::Path, sync::Arc};

impl SubstrateCli for Cli {
	fn impl_name() -> String {
		env!("CARGO_PKG_NAME").into()
	}

	fn impl_version() -> String {
		env!("SUBSTRATE_CLI_IMPL_VERSION").into()
	}

	fn description() -> String {
		env!("CARGO_PKG_DESCRIPTION").into()
	}

	fn author() -> String {
		env!("CARGO_PKG_AUTHORS").into()
	}

	fn support_url() -> String {
		"the issue tracker of the repository that this binary was built from".into()
	}

	fn copyright_start_year() -> i32 {
		2026
	}

	fn load_spec(&self, id: &str) -> Result<Box<dyn sc_service::ChainSpec>, String> {
		chain_spec::load(id).map(|spec| Box::new(spec) as _)
	}
}

/// Parses the command line and runs it.
pub fn run() -> sc_cli::Result<()> {
	let cli = Cli::from_args();

	match &cli.subcommand {
		None => {
			let (feed_index, sealing) = (!cli.no_telemetry_index, cli.sealing);
			cli.create_runner(&cli.run)?.run_node_until_exit(|config| async move {
				service::new_full(config, feed_index, sealing).await.map_err(sc_cli::Error::Service)
			})
		}
		// The chain names the folder of a key in the base path. A key for a file needs no chain.
		Some(Subcommand::Key(KeySubcommand::GenerateNodeKey(cmd))) if cmd.chain.is_none() => {
			cmd.run(chain_spec::LOCAL_ID, &Cli::executable_name())
		}
		Some(Subcommand::Key(cmd)) => cmd.run(&cli),
		Some(Subcommand::ExportChainSpec(cmd)) => cmd.run(cli.load_spec(&cmd.chain)?),
		Some(Subcommand::BuildSpec(cmd)) => {
			cli.create_runner(cmd)?.sync_run(|config| cmd.run(config.chain_spec, config.network))
		}
		Some(Subcommand::CheckBlock(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
			let PartialComponents { client, task_manager, import_queue, .. } =
				new_partial(&config, Clock::Wall)?;
			Ok((cmd.run(client, import_queue), task_manager))
		}),
		Some(Subcommand::ExportBlocks(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
			let PartialComponents { client, task_manager, .. } = new_partial(&config, Clock::Wall)?;
			Ok((cmd.run(client, config.database), task_manager))
		}),
		Some(Subcommand::ImportBlocks(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
			let PartialComponents { client, task_manager, import_queue, .. } =
				new_partial(&config, Clock::Wall)?;
			Ok((cmd.run(client, import_queue), task_manager))
		}),
		Some(Subcommand::ExportState(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
			let PartialComponents { client, task_manager, .. } = new_partial(&config, Clock::Wall)?;
			Ok((cmd.run(client, config.chain_spec), task_manager))
		}),
		Some(Subcommand::PurgeChain(cmd)) => {
			cli.create_runner(cmd)?.sync_run(|config| purge_chain(cmd, config))
		}
		Some(Subcommand::Revert(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
			let PartialComponents { client, task_manager, backend, .. } =
				new_partial(&config, Clock::Wall)?;
			// The index has only finalized blocks, which are never reverted.
			let revert_consensus =
				Box::new(|client: Arc<FullClient>, backend: Arc<FullBackend>, blocks| {
					sc_consensus_babe::revert(client.clone(), backend, blocks)?;
					sc_consensus_grandpa::revert(client, blocks)?;
					Ok(())
				});
			Ok((cmd.run(client, backend, Some(revert_consensus)), task_manager))
		}),
		Some(Subcommand::ChainInfo(cmd)) => {
			cli.create_runner(cmd)?.sync_run(|config| cmd.run::<Block>(&config))
		}
		Some(Subcommand::MetadataHash(cmd)) => cmd.run(),
		// A benchmark of a runtime from a file needs no chain, and no runtime in this binary.
		#[cfg(feature = "runtime-benchmarks")]
		Some(Subcommand::Benchmark(cmd)) if crate::benchmarking::is_of_a_file(cmd) => {
			crate::benchmarking::run_file(cmd)
		}
		#[cfg(feature = "runtime-benchmarks")]
		Some(Subcommand::Benchmark(cmd)) => {
			cli.create_runner(cmd)?.sync_run(|config| crate::benchmarking::run(cmd, config))
		}
		#[cfg(feature = "runtime-benchmarks")]
		Some(Subcommand::BenchmarkState(cmd)) => {
			cli.create_runner(cmd)?.sync_run(|config| cmd.run(config))
		}
		#[cfg(not(feature = "runtime-benchmarks"))]
		Some(Subcommand::Benchmark(_)) => Err("this build has no `benchmark` command: build with \
			`--features runtime-benchmarks`"
			.into()),
	}
}

/// Removes the database, then the index that was made from it.
fn purge_chain(cmd: &PurgeChainCmd, config: Configuration) -> sc_cli::Result<()> {
	let database = config.database.path().and_then(Path::parent).map(Path::to_path_buf);
	let index = service::index_dir(&config);
	cmd.run(config.database)?;
	// The database still exists if the user answered no to the question of the command.
	if database.is_some_and(|database| database.exists()) {
		return Ok(());
	}
	remove_folder(&index)
}

/// Removes a folder, if it exists.
fn remove_folder(folder: &Path) -> sc_cli::Result<()> {
	match fs::remove_dir_all(folder) {
		Ok(()) => {
			println!("{folder:?} removed.");
			Ok(())
		}
		Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
		Err(error) => Err(error.into()),
	}
}
