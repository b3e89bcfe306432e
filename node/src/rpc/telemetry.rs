//! Methods `telemetry_*`: submitting devices' reports, and reading them.

use super::{
	counters::RpcCounters,
	errors::Error,
	input,
	page::{self, page_size, IndexPage},
	submit::{submit, Submitted},
};
use crate::index::{BlockRef, Extent, Index, IndexedReading, IndexedReport, ReadingCursor};
use depin_primitives::{
	metric::MetricPage, proof::ReadingProof, quality::DeviceScore, report::LastReport, DeviceId,
	MetricId, Millis, NetworkId, H256,
};
use depin_runtime::{opaque::Block, AccountId, Hash};
use jsonrpsee::{core::async_trait, proc_macros::rpc};
use pallet_attestation_runtime_api::AttestationApi;
use pallet_device_registry_runtime_api::DeviceRegistryApi;
use sc_transaction_pool_api::TransactionPool;
use serde::Serialize;
use serde_json::Value;
use sp_api::ProvideRuntimeApi;
use sp_blockchain::HeaderBackend;
use std::sync::Arc;

/// Report that the pool has taken.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SubmittedReport {
	/// Extrinsic that carries the report.
	#[serde(flatten)]
	pub submitted: Submitted,
	/// Hash of the report, which the device's next report names as its `previous`.
	pub report: H256,
}

/// Last report of a device, finalized and on the best block.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Latest {
	/// Id of the device.
	pub device: DeviceId,
	/// Last report in an indexed block.
	pub report: Option<IndexedReport>,
	/// Last finalized block.
	pub finalized: BlockRef,
	/// State of the last report on the best block, which may not be final yet.
	pub on_chain: Option<LastReport>,
	/// Best block, at which `on_chain` was read.
	pub best: BlockRef,
	/// Range of blocks that the index covers.
	#[serde(flatten)]
	pub extent: Extent,
}

/// Score of a device at the best block.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ScoreAt {
	/// Id of the device.
	pub device: DeviceId,
	/// Score, or null if the chain keeps no report of the device.
	pub score: Option<DeviceScore>,
	/// Best block, at which the score was read.
	pub best: BlockRef,
}

/// Methods on reports.
#[rpc(server, namespace = "telemetry")]
pub trait TelemetryRpc {
	/// Submits a report: `report` is a `SignedReport`, `readings` are the readings that the report
	/// commits to and that the extrinsic carries. Each is JSON, or the hexadecimal of its SCALE
	/// bytes.
	///
	/// The runtime checks the report before the pool takes it, so that a refusal says why, and so
	/// that the pool does not ban a report that merely comes too early.
	#[method(name = "submitReport")]
	async fn submit_report(
		&self,
		report: Value,
		readings: Option<Value>,
	) -> Result<SubmittedReport, Error>;

	/// Returns the device's last report, in an indexed block and at the best block.
	#[method(name = "latest")]
	async fn latest(&self, device: DeviceId) -> Result<Latest, Error>;

	/// Returns the metrics that a network's devices may report, by ascending number, at the best
	/// block.
	#[method(name = "metrics", blocking)]
	fn metrics(
		&self,
		network: NetworkId,
		after: Option<MetricId>,
		limit: Option<u32>,
	) -> Result<MetricPage, Error>;

	/// Returns the device's score at the best block: its quality by parts, with the reasons.
	#[method(name = "score", blocking)]
	fn score(&self, device: DeviceId) -> Result<ScoreAt, Error>;

	/// Checks that the device's last report, which must be of this sequence, commits to a
	/// reading. Returns true, or an error with the reason. `proof` is a `ReadingProof`, as JSON or
	/// as the hexadecimal of its SCALE bytes.
	#[method(name = "checkReading", blocking)]
	fn check_reading(&self, device: DeviceId, sequence: u64, proof: Value) -> Result<bool, Error>;

	/// Returns the device's readings in finalized blocks, with `from` ≤ time < `to` (ms), by
	/// ascending time: those of one metric, or of all.
	#[method(name = "range")]
	async fn range(
		&self,
		device: DeviceId,
		from: Millis,
		to: Millis,
		metric: Option<MetricId>,
		after: Option<String>,
		limit: Option<u32>,
	) -> Result<IndexPage<IndexedReading, ReadingCursor>, Error>;
}

/// Server of the methods `telemetry_*`.
pub struct Telemetry<C, P> {
	client: Arc<C>,
	pool: Arc<P>,
	index: Index,
	counters: RpcCounters,
}

impl<C, P> Telemetry<C, P> {
	/// Creates the server from its client, pool, index and counters.
	pub fn new(client: Arc<C>, pool: Arc<P>, index: Index, counters: RpcCounters) -> Self {
		Self { client, pool, index, counters }
	}
}

impl<C, P> Telemetry<C, P>
where
	C: ProvideRuntimeApi<Block> + HeaderBackend<Block> + Send + Sync + 'static,
	C::Api: AttestationApi<Block>,
	P: TransactionPool<Block = Block, Hash = Hash> + 'static,
{
	async fn submit(
		&self,
		report: Value,
		readings: Option<Value>,
	) -> Result<SubmittedReport, Error> {
		// The readings are read first, so that too many of them are reported before other errors.
		let readings = readings.map(|value| input::readings("readings", value)).transpose()?;
		let signed = input::signed_report("report", report)?;
		let report = signed.report.hash();
		let best = self.client.info().best_hash;
		let extrinsic = {
			let api = self.client.runtime_api();
			api.check_report(best, signed.clone(), readings.clone())?.map_err(Error::Report)?;
			api.report_extrinsic(best, signed, readings)?
		};
		let submitted = submit(&*self.pool, best, extrinsic).await?;
		Ok(SubmittedReport { submitted, report })
	}
}

#[async_trait]
impl<C, P> TelemetryRpcServer for Telemetry<C, P>
where
	C: ProvideRuntimeApi<Block> + HeaderBackend<Block> + Send + Sync + 'static,
	C::Api: AttestationApi<Block> + DeviceRegistryApi<Block, AccountId>,
	P: TransactionPool<Block = Block, Hash = Hash> + 'static,
{
	async fn submit_report(
		&self,
		report: Value,
		readings: Option<Value>,
	) -> Result<SubmittedReport, Error> {
		let result = self.submit(report, readings).await;
		self.counters.count("report", &result);
		result
	}

	async fn latest(&self, device: DeviceId) -> Result<Latest, Error> {
		let (report, extent) = self.index.latest(&device).await?;
		let info = self.client.info();
		let on_chain = self.client.runtime_api().last_report(info.best_hash, device)?;
		Ok(Latest {
			device,
			report,
			finalized: BlockRef { number: info.finalized_number, hash: info.finalized_hash },
			on_chain,
			best: BlockRef { number: info.best_number, hash: info.best_hash },
			extent,
		})
	}

	fn metrics(
		&self,
		network: NetworkId,
		after: Option<MetricId>,
		limit: Option<u32>,
	) -> Result<MetricPage, Error> {
		let best = self.client.info().best_hash;
		let api = self.client.runtime_api();
		// The registry refuses a network that never existed. A closed network may still have
		// metrics.
		api.devices_by_network(best, network, None, 1)??;
		Ok(api.metrics(best, network, after, page_size(limit))?)
	}

	fn score(&self, device: DeviceId) -> Result<ScoreAt, Error> {
		let info = self.client.info();
		let score = self.client.runtime_api().device_score(info.best_hash, device)?;
		let best = BlockRef { number: info.best_number, hash: info.best_hash };
		Ok(ScoreAt { device, score, best })
	}

	fn check_reading(&self, device: DeviceId, sequence: u64, proof: Value) -> Result<bool, Error> {
		let proof: ReadingProof = input::message("proof", proof)?;
		let best = self.client.info().best_hash;
		let api = self.client.runtime_api();
		api.check_reading(best, device, sequence, proof)?.map_err(Error::Proof)?;
		Ok(true)
	}

	async fn range(
		&self,
		device: DeviceId,
		from: Millis,
		to: Millis,
		metric: Option<MetricId>,
		after: Option<String>,
		limit: Option<u32>,
	) -> Result<IndexPage<IndexedReading, ReadingCursor>, Error> {
		if from > to {
			return Err(Error::BadRange { from, to });
		}
		let after = page::cursor(after)?;
		let page = self.index.range(&device, from..to, metric, after, page_size(limit)).await?;
		Ok(IndexPage::new(page))
	}
}
