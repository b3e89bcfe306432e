//! Ledger of points in storage, so that a call that fails undoes what it credited.

// `storage_alias` makes public types without documentation.
#![allow(missing_docs)]

use depin_primitives::{traits, DeviceId, NetworkId};
use frame_support::{pallet_prelude::ValueQuery, storage_alias, Blake2_128Concat};

/// Credits in their order. [`Ledger::credit`](traits::Ledger::credit) writes them.
#[storage_alias]
pub type Credits = StorageValue<TestLedger, Vec<(NetworkId, DeviceId, u64)>, ValueQuery>;

#[storage_alias]
type Totals = StorageMap<TestLedger, Blake2_128Concat, (NetworkId, DeviceId), u64, ValueQuery>;

/// Ledger that never closes an epoch.
pub struct Points;

impl Points {
	/// Returns all points that the device was credited with in the network.
	pub fn of(network: NetworkId, device: DeviceId) -> u64 {
		Totals::get((network, device))
	}
}

impl<Record> traits::Ledger<Record> for Points {
	fn credit(network: NetworkId, device: &DeviceId, _: &mut Record, points: u64) -> bool {
		Credits::append((network, *device, points));
		Totals::mutate((network, *device), |total| *total = total.saturating_add(points));
		false
	}
}
