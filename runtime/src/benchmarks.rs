//! Pallets that `depin-node benchmark pallet` measures: our own, whose weights `src/weights/`
//! holds, and those of the SDK whose figures may be wanted on other hardware.

use crate::{
	configs::{
		params::policy::{Caps, Parameters as Policy},
		RuntimeParameters,
	},
	AccountId, AllPalletsWithSystem, Attestation, Balances, ConvictionVoting, Coverage,
	DeviceRegistry, Multisig, Parameters, Preimage, Proxy, Referenda, Rewards, Runtime, Scheduler,
	Sudo, TechnicalCommittee, Timestamp, Treasury, Utility, VoterList, Whitelist,
};
use alloc::{string::String, vec::Vec};
use depin_primitives::{
	policy::{NetworkPolicy, PolicyCaps},
	traits::{self, DeviceView},
	DeviceId, NetworkId,
};
use frame_benchmarking::{BenchmarkBatch, BenchmarkConfig, BenchmarkList};
use frame_support::traits::{
	dynamic_params::AggregatedKeyValue, StorageInfo, StorageInfoTrait, WhitelistedStorageKeys,
};
use frame_system_benchmarking::Pallet as SystemBench;

impl frame_system_benchmarking::Config for Runtime {}

frame_benchmarking::define_benchmarks!(
	[frame_system, SystemBench::<Runtime>]
	[pallet_timestamp, Timestamp]
	[pallet_balances, Balances]
	[pallet_bags_list, VoterList]
	[pallet_utility, Utility]
	[pallet_proxy, Proxy]
	[pallet_multisig, Multisig]
	[pallet_treasury, Treasury]
	[pallet_sudo, Sudo]
	[pallet_preimage, Preimage]
	[pallet_scheduler, Scheduler]
	[pallet_referenda, Referenda]
	[pallet_conviction_voting, ConvictionVoting]
	[pallet_collective, TechnicalCommittee]
	[pallet_whitelist, Whitelist]
	[pallet_parameters, Parameters]
	[pallet_device_registry, DeviceRegistry]
	[pallet_attestation, Attestation]
	[pallet_coverage, Coverage]
	[pallet_rewards, Rewards]
);

/// Set-up of the benchmarks of this project's pallets, by the functions of the pallets that own the
/// state.
pub struct BenchmarkHelper;

impl traits::BenchmarkHelper<AccountId> for BenchmarkHelper {
	fn set_device(id: DeviceId, view: DeviceView<AccountId>, policy: NetworkPolicy) {
		// The widest caps, under which the policies of all benchmarks are what they say.
		let widest = RuntimeParameters::Policy(Policy::Caps(Caps, Some(PolicyCaps::WIDEST)));
		let (key, value) = widest.into_parts();
		pallet_parameters::Parameters::<Runtime>::set(key, value);
		pallet_device_registry::benchmarking::set_device::<Runtime>(id, view, policy);
	}

	fn owe(network: NetworkId, device: &DeviceId) {
		pallet_rewards::benchmarking::fill::<Runtime>(device, network);
	}

	fn fill(id: &DeviceId, network: NetworkId) {
		pallet_coverage::benchmarking::fill::<Runtime>(id);
		pallet_attestation::benchmarking::fill::<Runtime>(id);
		pallet_rewards::benchmarking::fill::<Runtime>(id, network);
	}
}

/// Returns the list of benchmarks, and the storage items of all pallets.
pub fn metadata(extra: bool) -> (Vec<BenchmarkList>, Vec<StorageInfo>) {
	let mut list = Vec::new();
	list_benchmarks!(list, extra);
	(list, AllPalletsWithSystem::storage_info())
}

/// Runs a benchmark.
pub fn dispatch(config: BenchmarkConfig) -> Result<Vec<BenchmarkBatch>, String> {
	let whitelist = AllPalletsWithSystem::whitelisted_storage_keys();
	let mut batches = Vec::new();
	let params = (&config, &whitelist);
	add_benchmarks!(params, batches);
	Ok(batches)
}
