//! Methods `coverage_*`: challenges, the answers to them, and the judged beacons.

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

/// Role of a device in a judged beacon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Role {
	/// Device that was challenged, and beaconed.
	Beaconer,
	/// Device that witnessed the beacon.
	Witness,
}

/// Judged beacon in which a device took part.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Participation {
	/// Role of the device.
	pub role: Role,
	/// Block that judged the beacon.
	pub block: BlockRef,
	/// Beacon, with its witnesses and their verdicts.
	#[serde(flatten)]
	pub beacon: JudgedBeacon,
}

/// Methods on coverage challenges.
#[rpc(server, namespace = "coverage")]
pub trait CoverageRpc {
	/// Returns the device's challenge of the current period at the best block.
	#[method(name = "challenges", blocking)]
	fn challenges(&self, device: DeviceId) -> Result<ChallengeRecord, Error>;

	/// Returns the device's counts of answered and missed challenges at the best block, or null.
	#[method(name = "score", blocking)]
	fn score(&self, device: DeviceId) -> Result<Option<CoverageScore>, Error>;

	/// Submits the report of a witness: a `SignedWitness`, as JSON or as the hexadecimal of its
	/// SCALE bytes.
	#[method(name = "submitWitness")]
	async fn submit_witness(&self, witness: Value) -> Result<Submitted, Error>;

	/// Submits the beacon that a beaconer reveals: a `Beacon`, as JSON or as the hexadecimal of its
	/// SCALE bytes.
	#[method(name = "submitBeacon")]
	async fn submit_beacon(&self, beacon: Value) -> Result<Submitted, Error>;

	/// Returns the judged beacons of finalized blocks in which the device was beaconer or witness,
	/// oldest first.
	#[method(name = "history")]
	async fn history(
		&self,
		device: DeviceId,
		after: Option<String>,
		limit: Option<u32>,
	) -> Result<IndexPage<Participation, EventCursor>, Error>;
}

/// Server of the methods `coverage_*`.
pub struct Coverage<C, P> {
	client: Arc<C>,
	pool: Arc<P>,
	index: Index,
	counters: RpcCounters,
}

impl<C, P> Coverage<C, P> {
	/// Creates the server from its client, pool, index and counters.
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
