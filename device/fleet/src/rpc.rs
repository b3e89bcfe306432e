//! The node's own RPC methods that the fleet calls, typed by the shared primitives.

use crate::chain::{Chain, Refusal};
use anyhow::{Context, Result};
use depin_primitives::{
	beacon::{Beacon, ChallengeRecord, CoverageScore, JudgedBeacon, SignedWitness},
	device::DeviceRecord,
	metric::MetricRecord,
	network::NetworkRecord,
	quality::{DeviceScore, Quality},
	report::{LastReport, Reading},
	reward::{FormerReward, PaidReward, PendingReward, Schedule},
	DeviceId, Millis, NetworkId, H256,
};
use serde::Deserialize;
use serde_json::Value;
use subxt::rpcs::client::rpc_params;

/// Block, as the node's answers name it.
#[derive(Clone, Debug, Deserialize)]
pub struct BlockRef {
	/// Number of the block.
	pub number: u32,
}

/// Report in a finalized block; of its fields, those that the fleet reads.
#[derive(Debug, Deserialize)]
pub struct Indexed {
	/// Quality of the report.
	pub quality: Quality,
}

/// Device score with its block.
#[derive(Debug, Deserialize)]
pub struct ScoreAt {
	/// Score in the state of the best block.
	pub score: Option<DeviceScore>,
}

/// Last report of a device; of the answer's fields, those that the fleet reads.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Latest {
	/// Last report in a finalized block that is indexed.
	pub report: Option<Indexed>,
	/// Entry of the last report in the state of the best block.
	pub on_chain: Option<LastReport>,
	/// Best block.
	pub best: BlockRef,
}

/// Judged beacon in which a device took part.
#[derive(Debug, Deserialize)]
pub struct Participation {
	/// Block that judged the beacon.
	pub block: BlockRef,
	/// Beacon and its witnesses.
	#[serde(flatten)]
	pub beacon: JudgedBeacon,
}

/// Payment for a device's work.
#[derive(Debug, Deserialize)]
pub struct Payment {
	/// Amount, and the device and account that it was paid for.
	#[serde(flatten)]
	pub reward: PaidReward<String>,
}

/// Page of a list.
#[derive(Debug, Deserialize)]
pub struct Page<T, Cursor = String> {
	/// Items, in order.
	pub items: Vec<T>,
	/// Cursor after which the next page begins.
	pub next: Option<Cursor>,
}

impl Chain {
	/// Returns the device's record in the best block.
	pub async fn device(&self, id: DeviceId) -> Result<Option<DeviceRecord<String>>> {
		self.request("devices_get", rpc_params![id]).await
	}

	/// Returns the hash of the network's rules.
	pub async fn rules_hash(&self, network: NetworkId) -> Result<H256> {
		let record: Option<NetworkRecord<String>> =
			self.request("devices_network", rpc_params![network]).await?;
		Ok(record.with_context(|| format!("there is no network {network}"))?.rules_hash)
	}

	/// Returns the device's last report.
	pub async fn latest(&self, device: DeviceId) -> Result<Latest> {
		self.request("telemetry_latest", rpc_params![device]).await
	}

	/// Returns the metrics that the network's devices report.
	pub async fn metrics(&self, network: NetworkId) -> Result<Vec<MetricRecord>> {
		// A network has at most 64 metrics; a page holds 256.
		let page: Page<MetricRecord, u16> =
			self.request("telemetry_metrics", rpc_params![network]).await?;
		Ok(page.items)
	}

	/// Returns the device score.
	pub async fn quality(&self, device: DeviceId) -> Result<Option<DeviceScore>> {
		let at: ScoreAt = self.request("telemetry_score", rpc_params![device]).await?;
		Ok(at.score)
	}

	/// Returns the device's readings in finalized blocks, `from` ≤ time < `to`.
	pub async fn range(
		&self,
		device: DeviceId,
		from: Millis,
		to: Millis,
		metric: Option<u16>,
	) -> Result<Vec<Reading>> {
		let (mut all, mut after) = (Vec::new(), None::<String>);
		loop {
			let params = rpc_params![device, from, to, metric, after];
			let page: Page<Reading> = self.request("telemetry_range", params).await?;
			all.extend(page.items);
			after = page.next;
			if after.is_none() {
				return Ok(all);
			}
		}
	}

	/// Returns the device's challenge of the current challenge period.
	pub async fn challenge(&self, device: DeviceId) -> Result<ChallengeRecord> {
		self.request("coverage_challenges", rpc_params![device]).await
	}

	/// Returns the device's coverage score.
	pub async fn score(&self, device: DeviceId) -> Result<Option<CoverageScore>> {
		self.request("coverage_score", rpc_params![device]).await
	}

	/// Hands in a witness's commitment to a beacon.
	pub async fn submit_witness(&self, witness: &SignedWitness) -> Result<Value> {
		self.request("coverage_submitWitness", rpc_params![witness]).await
	}

	/// Hands in the beacon that a beaconer reveals.
	pub async fn submit_beacon(&self, beacon: &Beacon) -> Result<Value> {
		self.request("coverage_submitBeacon", rpc_params![beacon]).await
	}

	/// Returns the judged beacons of finalized blocks in which the device took part, after this
	/// cursor.
	pub async fn coverage_history(
		&self,
		device: DeviceId,
		after: Option<&str>,
	) -> Result<Page<Participation>> {
		self.request("coverage_history", rpc_params![device, after]).await
	}

	/// Returns the rewards that the device has earned and that have not been paid.
	pub async fn pending(&self, device: DeviceId) -> Result<Option<PendingReward<String>>> {
		self.request("rewards_pending", rpc_params![device]).await
	}

	/// Returns the rewards that the device earned while `payee`, an address, owned it, and that
	/// have not been paid.
	pub async fn former_pending(
		&self,
		device: DeviceId,
		payee: &str,
	) -> Result<Option<FormerReward<String>>> {
		self.request("rewards_formerPending", rpc_params![device, payee]).await
	}

	/// Returns the payments for the device's work in finalized blocks.
	pub async fn payments(&self, device: DeviceId) -> Result<Vec<Payment>> {
		// A run pays each device a few times; a page holds 256 payments.
		let page: Page<Payment> = self.request("rewards_history", rpc_params![device]).await?;
		Ok(page.items)
	}

	/// Returns the schedule of the emission.
	pub async fn schedule(&self) -> Result<Schedule> {
		self.request("rewards_schedule", rpc_params![]).await
	}
}

/// Tells if a method answered an error that time alone can lift.
pub fn is_temporary(error: &anyhow::Error) -> bool {
	error.downcast_ref::<Refusal>().is_some_and(|refusal| refusal.retry)
}

/// Returns the name of the error that a method answered.
pub fn refusal(error: &anyhow::Error) -> Option<&str> {
	error.downcast_ref::<Refusal>().map(|refusal| refusal.name.as_str())
}
