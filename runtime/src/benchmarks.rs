//! Which pallets `depin-node benchmark pallet` measures: our own, whose weights `src/weights/` holds,
//! and those of the base whose figures somebody may want on their own hardware.

use crate::{AllPalletsWithSystem, Runtime};
use alloc::{string::String, vec::Vec};
use frame_benchmarking::{BenchmarkBatch, BenchmarkConfig, BenchmarkList};
use frame_support::traits::{StorageInfo, StorageInfoTrait, WhitelistedStorageKeys};
use frame_system_benchmarking::Pallet as SystemBench;

impl frame_system_benchmarking::Config for Runtime {}

frame_benchmarking::define_benchmarks!(
	[frame_system, SystemBench::<Runtime>]
	[pallet_timestamp, crate::Timestamp]
	[pallet_balances, crate::Balances]
	[pallet_utility, crate::Utility]
	[pallet_proxy, crate::Proxy]
	[pallet_multisig, crate::Multisig]
	[pallet_treasury, crate::Treasury]
	[pallet_sudo, crate::Sudo]
	[pallet_device_registry, crate::DeviceRegistry]
	[pallet_attestation, crate::Attestation]
	[pallet_coverage, crate::Coverage]
	[pallet_rewards, crate::Rewards]
);

/// What can be measured, and what is stored.
pub fn metadata(extra: bool) -> (Vec<BenchmarkList>, Vec<StorageInfo>) {
	let mut list = Vec::new();
	list_benchmarks!(list, extra);
	(list, AllPalletsWithSystem::storage_info())
}

/// Measures.
pub fn dispatch(config: BenchmarkConfig) -> Result<Vec<BenchmarkBatch>, String> {
	let whitelist = AllPalletsWithSystem::whitelisted_storage_keys();
	let mut batches = Vec::new();
	let params = (&config, &whitelist);
	add_benchmarks!(params, batches);
	Ok(batches)
}
