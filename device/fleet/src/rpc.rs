//! The node's own methods that the fleet calls, typed by the shared primitives.

use crate::chain::{Chain, Refusal};
use anyhow::Result;
use depin_primitives::{
	beacon::{Beacon, ChallengeRecord, CoverageScore, JudgedBeacon, SignedWitness},
	device::DeviceRecord,
	metric::MetricRecord,
	quality::{DeviceScore, Quality},
	report::{LastReport, Reading},
	reward::{FormerReward, PaidReward, PendingReward, Schedule},
	DeviceId, Millis, NetworkId,
};
use serde::Deserialize;
use serde_json::Value;
use subxt::rpcs::client::rpc_params;

/// A block, as the node names it.
#[derive(Clone, Debug, Deserialize)]
pub struct BlockRef {
	/// Its number.
	pub number: u32,
}

/// A report in a finalized block, so far as the fleet asks.
#[derive(Debug, Deserialize)]
pub struct Indexed {
	/// What it is worth.
	pub quality: Quality,
}

/// How a device does.
#[derive(Debug, Deserialize)]
pub struct ScoreAt {
	/// As the best block has it.
	pub score: Option<DeviceScore>,
}

/// What the node knows of a device's reports, so far as the fleet asks.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Latest {
	/// The last report in a finalized block that is indexed.
	pub report: Option<Indexed>,
	/// What the best block keeps of the last report.
	pub on_chain: Option<LastReport>,
	/// The best block.
	pub best: BlockRef,
}

/// A judged beacon in which a device took part.
#[derive(Debug, Deserialize)]
pub struct Participation {
	/// The block that judged it.
	pub block: BlockRef,
	/// The beacon and its witnesses.
	#[serde(flatten)]
	pub beacon: JudgedBeacon,
}

/// A payment.
#[derive(Debug, Deserialize)]
pub struct Payment {
	/// What was paid, for whom.
	#[serde(flatten)]
	pub reward: PaidReward<String>,
}

/// A page of a list.
#[derive(Debug, Deserialize)]
pub struct Page<T, Cursor = String> {
	/// The items, in order.
	pub items: Vec<T>,
	/// What to ask the next page after.
	pub next: Option<Cursor>,
}

impl Chain {
	/// The device, as the best block has it.
	pub async fn device(&self, id: DeviceId) -> Result<Option<DeviceRecord<String>>> {
		self.request("devices_get", rpc_params![id]).await
	}

	/// The device's last report.
	pub async fn latest(&self, device: DeviceId) -> Result<Latest> {
		self.request("telemetry_latest", rpc_params![device]).await
	}

	/// The metrics that the network's devices report.
	pub async fn metrics(&self, network: NetworkId) -> Result<Vec<MetricRecord>> {
		// A network has 64 at most; a page holds 256.
		let page: Page<MetricRecord, u16> =
			self.request("telemetry_metrics", rpc_params![network]).await?;
		Ok(page.items)
	}

	/// How the device does.
	pub async fn quality(&self, device: DeviceId) -> Result<Option<DeviceScore>> {
		let at: ScoreAt = self.request("telemetry_score", rpc_params![device]).await?;
		Ok(at.score)
	}

	/// The device's readings in finalized blocks, `from` ≤ time < `to`.
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

	/// The device's challenge of the current period.
	pub async fn challenge(&self, device: DeviceId) -> Result<ChallengeRecord> {
		self.request("coverage_challenges", rpc_params![device]).await
	}

	/// How the device met its challenges so far.
	pub async fn score(&self, device: DeviceId) -> Result<Option<CoverageScore>> {
		self.request("coverage_score", rpc_params![device]).await
	}

	/// Hands in what a witness heard.
	pub async fn submit_witness(&self, witness: &SignedWitness) -> Result<Value> {
		self.request("coverage_submitWitness", rpc_params![witness]).await
	}

	/// Hands in what a beaconer reveals.
	pub async fn submit_beacon(&self, beacon: &Beacon) -> Result<Value> {
		self.request("coverage_submitBeacon", rpc_params![beacon]).await
	}

	/// The judged beacons of finalized blocks in which the device took part, after that cursor.
	pub async fn coverage_history(
		&self,
		device: DeviceId,
		after: Option<&str>,
	) -> Result<Page<Participation>> {
		self.request("coverage_history", rpc_params![device, after]).await
	}

	/// What the device has earned and not been paid.
	pub async fn pending(&self, device: DeviceId) -> Result<Option<PendingReward<String>>> {
		self.request("rewards_pending", rpc_params![device]).await
	}

	/// What the device earned while it was `payee`'s, an address, and has not been paid.
	pub async fn former_pending(
		&self,
		device: DeviceId,
		payee: &str,
	) -> Result<Option<FormerReward<String>>> {
		self.request("rewards_formerPending", rpc_params![device, payee]).await
	}

	/// What was paid for the device's work in finalized blocks.
	pub async fn payments(&self, device: DeviceId) -> Result<Vec<Payment>> {
		// One run pays each device a few times; a page holds 256.
		let page: Page<Payment> = self.request("rewards_history", rpc_params![device]).await?;
		Ok(page.items)
	}

	/// The emission.
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
