//! `coverage_*`: challenges, their answers, and what became of them.

use super::{
	counters::RpcCounters,
	errors::Error,
	input,
	page::{self, page_size, IndexPage},
	submit::{submit, Submitted},
};
use crate::index::{BlockRef, EventCursor, Index};
use depin_primitives::{
	beacon::{Beacon, ChallengeRecord, CoverageScore, JudgedBeacon, SignedWitness},
	DeviceId,
};
use depin_runtime::{opaque::Block, Hash};
use jsonrpsee::{core::async_trait, proc_macros::rpc};
use pallet_coverage_runtime_api::CoverageApi;
use sc_transaction_pool_api::TransactionPool;
use serde::Serialize;
use serde_json::Value;
use sp_api::ProvideRuntimeApi;
use sp_blockchain::HeaderBackend;
use std::sync::Arc;

/// A device's part in a judged beacon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Role {
	/// Device that was challenged, and beaconed.
	Beaconer,
	/// Device that witnessed the beacon.
	Witness,
}

/// A judged beacon in which a device took part.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Participation {
	/// The device's part.
	pub role: Role,
	/// The block that judged it.
	pub block: BlockRef,
	/// The beacon, its witnesses and their verdicts.
	#[serde(flatten)]
	pub beacon: JudgedBeacon,
}

/// Coverage challenges.
#[rpc(server, namespace = "coverage")]
pub trait CoverageRpc {
	/// The device's challenge of the current period, as the best block has it.
	#[method(name = "challenges", blocking)]
	fn challenges(&self, device: DeviceId) -> Result<ChallengeRecord, Error>;

	/// Returns the device's record of answered and missed challenges, or null.
	#[method(name = "score", blocking)]
	fn score(&self, device: DeviceId) -> Result<Option<CoverageScore>, Error>;

	/// Hands in what a witness heard: a `SignedWitness`, as JSON or as the hexadecimal of its SCALE
	/// bytes.
	#[method(name = "submitWitness")]
	async fn submit_witness(&self, witness: Value) -> Result<Submitted, Error>;

	/// Hands in what a beaconer reveals: a `Beacon`, as JSON or as the hexadecimal of its SCALE
	/// bytes.
	#[method(name = "submitBeacon")]
	async fn submit_beacon(&self, beacon: Value) -> Result<Submitted, Error>;

	/// The judged beacons of finalized blocks in which the device beaconed or witnessed, oldest
	/// first.
	#[method(name = "history")]
	async fn history(
		&self,
		device: DeviceId,
		after: Option<String>,
		limit: Option<u32>,
	) -> Result<IndexPage<Participation, EventCursor>, Error>;
}

/// The methods' server.
pub struct Coverage<C, P> {
	client: Arc<C>,
	pool: Arc<P>,
	index: Index,
	counters: RpcCounters,
}

impl<C, P> Coverage<C, P> {
	/// Creates the server from its client, its stores and its counters.
	pub fn new(client: Arc<C>, pool: Arc<P>, index: Index, counters: RpcCounters) -> Self {
		Self { client, pool, index, counters }
	}
}

impl<C, P> Coverage<C, P>
where
	C: ProvideRuntimeApi<Block> + HeaderBackend<Block> + Send + Sync + 'static,
	C::Api: CoverageApi<Block>,
	P: TransactionPool<Block = Block, Hash = Hash> + 'static,
{
	async fn witness(&self, witness: Value) -> Result<Submitted, Error> {
		let witness: SignedWitness = input::message("witness", witness)?;
		let best = self.client.info().best_hash;
		let extrinsic = {
			let api = self.client.runtime_api();
			api.check_witness(best, witness)?.map_err(Error::Coverage)?;
			api.witness_extrinsic(best, witness)?
		};
		submit(&*self.pool, best, extrinsic).await
	}

	async fn beacon(&self, beacon: Value) -> Result<Submitted, Error> {
		let beacon: Beacon = input::message("beacon", beacon)?;
		let best = self.client.info().best_hash;
		let extrinsic = {
			let api = self.client.runtime_api();
			api.check_beacon(best, beacon)?.map_err(Error::Coverage)?;
			api.beacon_extrinsic(best, beacon)?
		};
		submit(&*self.pool, best, extrinsic).await
	}
}

#[async_trait]
impl<C, P> CoverageRpcServer for Coverage<C, P>
where
	C: ProvideRuntimeApi<Block> + HeaderBackend<Block> + Send + Sync + 'static,
	C::Api: CoverageApi<Block>,
	P: TransactionPool<Block = Block, Hash = Hash> + 'static,
{
	fn challenges(&self, device: DeviceId) -> Result<ChallengeRecord, Error> {
		let best = self.client.info().best_hash;
		self.client.runtime_api().challenge(best, device)?.map_err(Error::Coverage)
	}

	fn score(&self, device: DeviceId) -> Result<Option<CoverageScore>, Error> {
		let best = self.client.info().best_hash;
		Ok(self.client.runtime_api().score(best, device)?)
	}

	async fn submit_witness(&self, witness: Value) -> Result<Submitted, Error> {
		let result = self.witness(witness).await;
		self.counters.count("witness", &result);
		result
	}

	async fn submit_beacon(&self, beacon: Value) -> Result<Submitted, Error> {
		let result = self.beacon(beacon).await;
		self.counters.count("beacon", &result);
		result
	}

	async fn history(
		&self,
		device: DeviceId,
		after: Option<String>,
		limit: Option<u32>,
	) -> Result<IndexPage<Participation, EventCursor>, Error> {
		let after = page::cursor(after)?;
		let (beacons, next, extent) = self.index.beacons(&device, after, page_size(limit)).await?;
		let items = beacons
			.into_iter()
			.map(|(block, beacon)| {
				let role = if beacon.beaconer == device { Role::Beaconer } else { Role::Witness };
				Participation { role, block, beacon }
			})
			.collect();
		Ok(IndexPage::new((items, next, extent)))
	}
}
