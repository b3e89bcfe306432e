//! Submission of a device's message to the pool, in the extrinsic that the runtime made of it.

use super::errors::Error;
use depin_runtime::{opaque::Block, Hash};
use sc_transaction_pool_api::{TransactionPool, TransactionSource};
use serde::Serialize;
use sp_runtime::traits::Block as BlockT;

/// Message that the pool has taken.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Submitted {
	/// Hash of the extrinsic that carries the message.
	pub extrinsic: Hash,
}

/// Gives the extrinsic to the pool at the block `best`. The source is external: the pool trusts the
/// extrinsic no more than one from a peer.
pub async fn submit<P>(
	pool: &P,
	best: Hash,
	extrinsic: <Block as BlockT>::Extrinsic,
) -> Result<Submitted, Error>
where
	P: TransactionPool<Block = Block, Hash = Hash>,
{
	let hash = pool.hash_of(&extrinsic);
	pool.submit_one(best, TransactionSource::External, extrinsic)
		.await
		.map(|extrinsic| Submitted { extrinsic })
		.map_err(|e| Error::of_pool(e, hash))
}
