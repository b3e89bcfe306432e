//! Feeding of the index from finalized blocks.

use super::{
	block::{BlockRef, IndexedBlock},
	error::Error,
	metrics::IndexMetrics,
	store::Index,
};
use depin_primitives::reward::PaidReward;
use depin_runtime::{opaque::Block, AccountId, Hash};
use futures::{FutureExt, StreamExt};
use pallet_attestation_runtime_api::AttestationApi;
use pallet_coverage_runtime_api::CoverageApi;
use pallet_rewards_runtime_api::RewardsApi;
use sc_client_api::{BlockBackend, BlockchainEvents};
use sp_api::ProvideRuntimeApi;
use sp_blockchain::HeaderBackend;
use sp_consensus::BlockStatus;
use sp_runtime::traits::Header;
use std::{path::Path, sync::Arc};
use substrate_prometheus_endpoint::Registry;

/// Greatest number of blocks in one transaction. A node that is far behind would be slow with a
/// transaction for each block.
const BATCH: usize = 64;

/// Number of rows after which a transaction takes no further block, so that it fits in memory.
const BATCH_ROWS: usize = 50_000;

/// Opens the index of the client's chain in `directory`, and removes its blocks that are not final
/// on that chain. The chain's database may have been purged or reverted, or may have lost its last
/// blocks in a crash that the index survived.
pub async fn open<C>(client: &C, directory: &Path) -> Result<Index, Error>
where
	C: HeaderBackend<Block>,
{
	let info = client.info();
	let index = Index::open(directory, info.genesis_hash).await?;
	let cursor = index.extent().await?.to;
	let common = last_common(client, &index, cursor.number.min(info.finalized_number)).await?;
	if common != cursor.number {
		log::warn!(
			target: "telemetry-index",
			"blocks {} to {} are not final on this chain: the index takes them back",
			common + 1,
			cursor.number,
		);
		index.rewind(common).await?;
	}
	Ok(index)
}

/// Returns the last indexed block, up to `number`, that is on the client's chain.
async fn last_common<C>(client: &C, index: &Index, mut number: u32) -> Result<u32, Error>
where
	C: HeaderBackend<Block>,
{
	const PAGE: u32 = 256;
	loop {
		for block in index.blocks_down_from(number, PAGE).await? {
			if client.hash(block.number)? == Some(block.hash) {
				return Ok(block.number);
			}
			number = block.number;
		}
		// The genesis block ends the search: `Index::open` has checked that it is in the index.
		number = number.checked_sub(1).ok_or(Error::UnknownBlock(0))?;
	}
}

/// Adds each finalized block to the index, until the client ends. This calls the runtime, so that
/// it must run as a blocking task.
pub async fn run<C>(client: Arc<C>, index: Index, registry: Option<Registry>)
where
	C: ProvideRuntimeApi<Block>
		+ HeaderBackend<Block>
		+ BlockBackend<Block>
		+ BlockchainEvents<Block>
		+ Send
		+ Sync
		+ 'static,
	C::Api: AttestationApi<Block> + CoverageApi<Block> + RewardsApi<Block, AccountId>,
{
	let metrics = IndexMetrics::new(registry.as_ref()).unwrap_or_else(|e| {
		log::warn!(target: "telemetry-index", "no metrics: {e}");
		IndexMetrics::disabled()
	});
	let mut finality = client.finality_notification_stream();
	loop {
		// A notification pins its block, so that none may wait while the index catches up. The next
		// step reads the finalized block from the client.
		while let Some(next) = finality.next().now_or_never() {
			if next.is_none() {
				return;
			}
		}
		let behind = step(&*client, &index, &metrics).await.unwrap_or_else(|e| {
			log::error!(
				target: "telemetry-index",
				"{e}: the index tries again at the next finalized block",
			);
			false
		});
		if !behind && finality.next().await.is_none() {
			return;
		}
	}
}

/// Adds the next blocks to the index, at most one batch. Returns true if finalized blocks are left.
async fn step<C>(client: &C, index: &Index, metrics: &IndexMetrics) -> Result<bool, Error>
where
	C: ProvideRuntimeApi<Block> + HeaderBackend<Block> + BlockBackend<Block>,
	C::Api: AttestationApi<Block> + CoverageApi<Block> + RewardsApi<Block, AccountId>,
{
	let finalized = client.info().finalized_number;
	let (mut blocks, mut rows, mut gap) = (Vec::new(), 0, None);
	let mut number = index.extent().await?.to.number;
	while number < finalized && blocks.len() < BATCH && rows < BATCH_ROWS && gap.is_none() {
		number += 1;
		match read(client, number)? {
			Some(block) => {
				rows += block.rows();
				blocks.push(block);
			}
			None => gap = Some(last_without_state(client, number, finalized)?),
		}
	}
	index.append(&blocks).await?;
	metrics.record_blocks(&blocks);
	if let Some(last) = gap {
		log::warn!(
			target: "telemetry-index",
			"blocks {number} to {} have no state any more: the index cannot hold what they told. \
			With `--state-pruning archive-canonical` from the start, it can",
			last.number,
		);
		index.skip(last).await?;
		metrics.record_missed(last.number - number + 1);
	}
	let extent = index.extent().await?;
	metrics.set_position(&extent, finalized);
	Ok(extent.to.number < finalized)
}

/// Reads a finalized block by its own runtime. Returns `None` if the state of the block is pruned.
fn read<C>(client: &C, number: u32) -> Result<Option<IndexedBlock>, Error>
where
	C: ProvideRuntimeApi<Block> + HeaderBackend<Block> + BlockBackend<Block>,
	C::Api: AttestationApi<Block> + CoverageApi<Block> + RewardsApi<Block, AccountId>,
{
	let hash = canonical(client, number)?;
	let events = || {
		let api = client.runtime_api();
		Ok::<_, sp_api::ApiError>((
			api.accepted_reports(hash)?,
			api.judged_beacons(hash)?,
			api.paid_rewards(hash)?,
		))
	};
	if !has_state(client, hash)? {
		return Ok(None);
	}
	let (reports, beacons, payments) = match events() {
		Ok(events) => events,
		// The state may have been pruned since the check above.
		Err(_) if !has_state(client, hash)? => return Ok(None),
		Err(e) => return Err(e.into()),
	};
	let payments = payments
		.into_iter()
		.map(|PaidReward { device, payee, amount }| PaidReward {
			device,
			payee: payee.into(),
			amount,
		})
		.collect();
	let parent = *client.header(hash)?.ok_or(Error::UnknownBlock(number))?.parent_hash();
	Ok(Some(IndexedBlock { number, hash, parent, reports, beacons, payments }))
}

/// Returns the last block without a state, from `pruned`, which has none, to `finalized`. States
/// are pruned in order, so that a binary search finds the block.
fn last_without_state<C>(client: &C, pruned: u32, finalized: u32) -> Result<BlockRef, Error>
where
	C: HeaderBackend<Block> + BlockBackend<Block>,
{
	let (mut without, mut with) = (pruned, finalized.saturating_add(1));
	while with - without > 1 {
		let middle = without + (with - without) / 2;
		if has_state(client, canonical(client, middle)?)? {
			with = middle;
		} else {
			without = middle;
		}
	}
	Ok(BlockRef { number: without, hash: canonical(client, without)? })
}

/// Returns the hash of the block of this number on the client's chain.
fn canonical<C: HeaderBackend<Block>>(client: &C, number: u32) -> Result<Hash, Error> {
	client.hash(number)?.ok_or(Error::UnknownBlock(number))
}

/// Tells if the client still has the state of the block.
fn has_state<C: BlockBackend<Block>>(client: &C, hash: Hash) -> Result<bool, Error> {
	Ok(client.block_status(hash)? == BlockStatus::InChainWithState)
}
