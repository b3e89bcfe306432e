//! Large states to measure on: the command `benchmark-state`.
//!
//! The devices are made by the runtime's own calls, executed natively on the genesis state: each is
//! registered in its own cell and has reported once. A database whose genesis has a million devices
//! is the state on which `benchmark storage` measures the database weights.

use crate::service::{new_partial, Clock};
use codec::Encode;
use depin_device::{
	device::Device,
	key::DeviceKey,
	reporter::{Delivery, Reporter},
};
use depin_primitives::{
	hashing::blake2_256,
	metric::{Metric, MetricLimits},
	network::NetworkKind,
	policy::NetworkPolicy,
	report::Reading,
	Cell, KeyScheme, Millis, NetworkId, H256,
};
use depin_runtime::{AccountId, Balances, Runtime, RuntimeCall, RuntimeOrigin, System};
use frame_support::{
	storage::{storage_prefix, unhashed},
	traits::{fungible::Mutate, Authorize, Get},
};
use pallet_attestation::Call as Attestation;
use pallet_device_registry::Call as Registry;
use sc_cli::{CliConfiguration, DatabaseParams, SharedParams};
use sc_service::Configuration;
use sp_runtime::{traits::Dispatchable, transaction_validity::TransactionSource};
use sp_state_machine::BasicExternalities;
use std::time::{Duration, Instant};

/// Number of devices that belong to one account.
const DEVICES_PER_OWNER: u32 = 100;
/// Time of the reports, in milliseconds since the Unix epoch.
const NOW: Millis = 1_800_000_000_000;
/// Length of the reports' windows.
const WINDOW: Millis = 60_000;
/// Number of the metrics in each report.
const METRICS: u16 = 4;
/// Network of the devices, the first one of the chain.
const NETWORK: NetworkId = 0;
/// Greatest number of devices: that of the cells that [`cell`] makes.
const MAX_DEVICES: u32 = 7u32.pow(CELL_RESOLUTION as u32);
/// H3 resolution of the devices' cells.
const CELL_RESOLUTION: u8 = 9;

/// Arguments of the command `benchmark-state`.
#[derive(Debug, clap::Parser)]
pub struct BenchmarkStateCmd {
	/// Number of devices in the genesis state.
	#[arg(long, value_parser = clap::value_parser!(u32).range(1..=MAX_DEVICES as i64))]
	pub devices: u32,

	#[allow(missing_docs)]
	#[clap(flatten)]
	pub shared_params: SharedParams,

	#[allow(missing_docs)]
	#[clap(flatten)]
	pub database_params: DatabaseParams,
}

impl CliConfiguration for BenchmarkStateCmd {
	fn shared_params(&self) -> &SharedParams {
		&self.shared_params
	}

	fn database_params(&self) -> Option<&DatabaseParams> {
		Some(&self.database_params)
	}
}

impl BenchmarkStateCmd {
	/// Makes the chain's database, with the devices in its genesis state.
	///
	/// ## Errors
	///
	/// A database that exists is refused and left as it is.
	pub fn run(&self, mut config: Configuration) -> sc_cli::Result<()> {
		let path = config.database.path().ok_or("the database needs a folder: use --base-path")?;
		if path.exists() {
			return Err(format!(
				"{} exists: name another --base-path, or remove the chain with purge-chain",
				path.display()
			)
			.into());
		}
		let mut storage = config.chain_spec.as_storage_builder().build_storage()?;
		println!("making {} devices", self.devices);
		let began = Instant::now();
		BasicExternalities::execute_with_storage(&mut storage, || add_devices(self.devices))?;
		println!("made in {:?}: {} entries", took(began), storage.top.len());

		config.chain_spec.set_storage(storage);
		let began = Instant::now();
		let genesis =
			sc_client_api::UsageProvider::usage_info(&*new_partial(&config, Clock::Wall)?.client)
				.chain
				.genesis_hash;
		println!("stored in {:?}: genesis {genesis:?}", took(began));
		Ok(())
	}
}

/// Returns the time since `began`, in full milliseconds.
fn took(began: Instant) -> Duration {
	Duration::from_millis(began.elapsed().as_millis() as u64)
}

/// Adds the network and its devices to the genesis state.
fn add_devices(devices: u32) -> Result<(), String> {
	let genesis = System::block_hash(0);
	// Calls are executed in a block, and reports by its clock.
	System::set_block_number(1);
	pallet_timestamp::Now::<Runtime>::put(NOW);

	let admin = owner(0);
	fund(&admin)?;
	make_network(&admin)?;
	for index in 0..devices {
		let owner = owner(index / DEVICES_PER_OWNER);
		if index % DEVICES_PER_OWNER == 0 {
			fund(&owner)?;
		}
		make_device(index, owner, genesis)?;
		// Events would be part of the genesis state.
		remove_events();
	}

	pallet_timestamp::Now::<Runtime>::kill();
	System::set_block_number(0);
	Ok(())
}

/// Removes the events.
///
/// `System::reset_events` would also clear the prefix of the events' topics, for which the overlay
/// of a state that is not stored yet looks at every key: the time for all devices would grow with
/// the square of their number.
fn remove_events() {
	for item in ["Events", "EventCount"] {
		unhashed::kill(&storage_prefix(b"System", item.as_bytes()));
	}
}

/// Returns the account of the owner with this number.
fn owner(number: u32) -> AccountId {
	AccountId::from(blake2_256(&("owner", number).encode()).0)
}

/// Gives an owner the bonds of their devices. The money is made from nothing.
fn fund(owner: &AccountId) -> Result<(), String> {
	let bond: u128 = <Runtime as pallet_device_registry::Config>::MinBond::get();
	let deposits = 1_000 * depin_runtime::constants::currency::WORK;
	Balances::mint_into(owner, bond * u128::from(DEVICES_PER_OWNER) + deposits)
		.map(drop)
		.map_err(|error| format!("cannot fund {owner}: {error:?}"))
}

/// Creates the network, with its metrics.
fn make_network(admin: &AccountId) -> Result<(), String> {
	let bond = <Runtime as pallet_device_registry::Config>::MinBond::get();
	let mut policy = NetworkPolicy::OPEN;
	// The least interval that every preset allows.
	policy.report.min_interval = WINDOW;
	let network =
		Registry::create_network { kind: NetworkKind::Sensor, makers: None, bond, policy };
	dispatch(RuntimeOrigin::signed(admin.clone()), network.into())?;
	for id in 0..METRICS {
		let name = format!("metric-{id}").into_bytes();
		let metric = Metric {
			name: name.try_into().map_err(|_| "the metric's name is too long")?,
			unit: b"Cel".to_vec().try_into().map_err(|_| "the metric's unit is too long")?,
			decimals: 2,
			limits: MetricLimits {
				min: i64::MIN,
				max: i64::MAX,
				max_jump: None,
				stuck_limit: None,
				tolerance: None,
			},
		};
		let call = Attestation::register_metric { network: NETWORK, id, metric };
		dispatch(RuntimeOrigin::signed(admin.clone()), call.into())?;
	}
	Ok(())
}

/// Registers a device, and accepts its first report.
fn make_device(index: u32, owner: AccountId, genesis: H256) -> Result<(), String> {
	let secret = blake2_256(&("device", index).encode());
	let key = DeviceKey::from_secret(KeyScheme::Ed25519, &secret.0)
		.map_err(|error| format!("device {index} has no key: {error:?}"))?;
	let device = Device::new(key, genesis);
	let Ok(consent) = device.consent(NETWORK, owner.clone(), NOW + WINDOW);
	let registration = Registry::register_device {
		network: NETWORK,
		key: device.public_key(),
		cell: cell(index),
		certificate: None,
		consent,
	};
	dispatch(RuntimeOrigin::signed(owner), registration.into())?;

	// The report's window begins with the registration.
	pallet_timestamp::Now::<Runtime>::put(NOW + WINDOW);
	let readings: Vec<_> = (0..METRICS)
		.map(|metric| Reading { time: NOW + 1, metric, value: i64::from(index) })
		.collect();
	let signed = Reporter::new()
		.report(&device, NOW..NOW + WINDOW, 60, &readings, Delivery::Committed)
		.map_err(|error| format!("device {index} cannot report: {error:?}"))?;
	let report = RuntimeCall::from(Attestation::report { signed, readings: None });
	report
		.authorize(TransactionSource::External)
		.ok_or("a report needs no signer")?
		.map_err(|error| format!("the report of device {index} is refused: {error:?}"))?;
	dispatch(frame_system::RawOrigin::Authorized.into(), report)?;
	pallet_timestamp::Now::<Runtime>::put(NOW);
	Ok(())
}

/// Returns the H3 cell with this number, below [`MAX_DEVICES`]: a cell of resolution
/// [`CELL_RESOLUTION`] in base cell 20, which is a hexagon.
fn cell(number: u32) -> Cell {
	const BASE_CELL: u64 = 20;
	// H3 index: mode 1 (cell), the resolution, the base cell, then 15 digits of three bits. Those
	// beyond the resolution are 7.
	let mut index = 1 << 59 | u64::from(CELL_RESOLUTION) << 52 | BASE_CELL << 45 | ((1 << 45) - 1);
	let mut rest = number;
	for position in (15 - CELL_RESOLUTION)..15 {
		let shift = 3 * u32::from(position);
		index = index & !(7 << shift) | u64::from(rest % 7) << shift;
		rest /= 7;
	}
	Cell(index)
}

fn dispatch(origin: RuntimeOrigin, call: RuntimeCall) -> Result<(), String> {
	call.dispatch(origin)
		.map(drop)
		.map_err(|error| format!("the runtime refuses a call: {:?}", error.error))
}

#[cfg(test)]
mod tests {
	use super::*;
	use std::collections::BTreeSet;

	#[test]
	fn cells_are_valid_and_distinct() {
		let numbers = [0, 1, 6, 7, 48, 49, 1_000_000, MAX_DEVICES - 1];
		let cells: BTreeSet<_> = numbers.iter().map(|number| cell(*number)).collect();
		assert_eq!(cells.len(), numbers.len());
		for cell in cells {
			assert_eq!(cell.check(CELL_RESOLUTION), Ok(()), "{cell:?}");
		}
	}
}
