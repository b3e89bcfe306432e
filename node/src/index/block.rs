//! Blocks: references to them, the range that the index covers, and the content of one.

use depin_primitives::{
	beacon::JudgedBeacon, report::AcceptedReport, reward::PaidReward, BlockNumber, H256,
};
use serde::Serialize;

/// Reference to a block. JSON: `{"number": 7, "hash": "0x…"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct BlockRef {
	/// Number of the block.
	pub number: BlockNumber,
	/// Hash of the block.
	pub hash: H256,
}

/// Range of blocks that the index covers completely. Rows of blocks before `from` are true, but
/// others of those blocks may be missing. `from` is above `to.number` as long as nothing is
/// indexed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Extent {
	/// First block of which everything is indexed.
	#[serde(rename = "indexedFrom")]
	pub from: BlockNumber,
	/// Last indexed block.
	#[serde(rename = "indexedTo")]
	pub to: BlockRef,
}

/// Content of a finalized block, as far as the index keeps it.
#[derive(Clone, Debug)]
pub struct IndexedBlock {
	/// Number of the block.
	pub number: BlockNumber,
	/// Hash of the block.
	pub hash: H256,
	/// Hash of the parent block.
	pub parent: H256,
	/// Reports that the block accepted, in order.
	pub reports: Vec<AcceptedReport>,
	/// Beacons that the block judged, in order.
	pub beacons: Vec<JudgedBeacon>,
	/// Rewards that the block paid, in order.
	pub payments: Vec<PaidReward<[u8; 32]>>,
}

impl IndexedBlock {
	/// Returns the approximate number of rows that the block makes.
	pub fn rows(&self) -> usize {
		let readings = self.reports.iter().flat_map(|r| &r.readings).map(|r| r.len());
		readings.sum::<usize>() + self.reports.len() + self.beacons.len() + self.payments.len()
	}
}
