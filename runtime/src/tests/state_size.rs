//! State of a device in all pallets: its size, and the bond that pays for it.
//!
//! The sizes are the greatest that the stored types allow, read from the storage information of the
//! runtime. Each storage item of this project's pallets must be classified here, so that a new one
//! cannot be forgotten.

use crate::{
	constants::{
		currency::deposit,
		state::{DEVICE_BYTES, DEVICE_ITEMS},
	},
	AllPalletsWithSystem, Runtime,
};
use depin_primitives::Balance;
use frame_support::traits::{Get, StorageInfo, StorageInfoTrait};
use std::collections::BTreeMap;

/// Pallets that keep state of devices.
const PALLETS: [&str; 4] = ["DeviceRegistry", "Attestation", "Coverage", "Rewards"];

/// Size of the hashed names of pallet and item, with which every key begins.
const PREFIX: u32 = 32;

/// Payer or end of a storage item.
enum Kept {
	/// One entry for each device as long as it is registered, paid for by its bond. The number is
	/// the size of the key after the prefix.
	AtRest(u32),
	/// Entries of devices with a deposit of their own.
	Deposit,
	/// Entries of devices that the chain removes by itself, a bounded number in each block.
	Ends,
	/// State of the chain, a network, a maker or a neighbourhood.
	OfNoDevice,
}

use Kept::*;

/// All storage items of [`PALLETS`].
const ITEMS: &[(&str, &str, Kept)] = &[
	("DeviceRegistry", "Devices", AtRest(32)),
	("DeviceRegistry", "DevicesByOwner", AtRest(16 + 16)),
	("DeviceRegistry", "DevicesByNetwork", AtRest(4 + 16)),
	("DeviceRegistry", "DevicesByMaker", AtRest(4 + 16)),
	("DeviceRegistry", "DevicesByCell", AtRest(8 + 16)),
	("DeviceRegistry", "RotatedKeys", AtRest(16)),
	("DeviceRegistry", "Grants", Deposit),
	("DeviceRegistry", "Declarations", Deposit),
	("DeviceRegistry", "Networks", OfNoDevice),
	("DeviceRegistry", "NextNetworkId", OfNoDevice),
	("DeviceRegistry", "Makers", OfNoDevice),
	("DeviceRegistry", "NextMakerId", OfNoDevice),
	("Attestation", "DeviceStates", AtRest(32)),
	("Attestation", "Buckets", Ends),
	("Attestation", "PruneCursor", OfNoDevice),
	("Attestation", "Metrics", OfNoDevice),
	("Attestation", "MetricCounts", OfNoDevice),
	("Coverage", "Scores", AtRest(32)),
	("Coverage", "Rounds", Ends),
	("Coverage", "Uncleared", OfNoDevice),
	("Coverage", "Timing", OfNoDevice),
	("Coverage", "Clock", OfNoDevice),
	("Coverage", "Full", OfNoDevice),
	("Coverage", "CurrentPeriod", OfNoDevice),
	("Rewards", "Accounts", AtRest(32)),
	("Rewards", "SettledIn", AtRest(32)),
	// The account of the device's own owner, after a suspension. That of an earlier owner has a
	// deposit.
	("Rewards", "FormerAccounts", AtRest(16 + 32 + 32)),
	("Rewards", "Payouts", Deposit),
	("Rewards", "Carried", OfNoDevice),
	("Rewards", "InPot", OfNoDevice),
	("Rewards", "Parameters", OfNoDevice),
	("Rewards", "EmissionShares", OfNoDevice),
	("Rewards", "Funded", OfNoDevice),
	("Rewards", "CurrentEpoch", OfNoDevice),
	("Rewards", "GenesisIssuance", OfNoDevice),
	("Rewards", "Emitted", OfNoDevice),
	("Rewards", "ValidatorBudget", OfNoDevice),
	("Rewards", "Undistributed", OfNoDevice),
	("Rewards", "Epochs", OfNoDevice),
	("Rewards", "EpochPoints", OfNoDevice),
];

/// Returns the greatest size of each storage item of the pallets, after the prefix of its key, by
/// pallet and item.
fn sizes() -> BTreeMap<(String, String), u32> {
	let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
	AllPalletsWithSystem::storage_info()
		.into_iter()
		.map(|StorageInfo { pallet_name, storage_name, max_size, .. }| {
			let (pallet, item) = (text(pallet_name), text(storage_name));
			((pallet, item), max_size)
		})
		.filter(|((pallet, item), _)| {
			// The version of its storage, which FRAME stores for each pallet.
			PALLETS.contains(&&pallet[..]) && !item.starts_with(':')
		})
		.map(|(name, max_size)| {
			let size = max_size.unwrap_or_else(|| panic!("{name:?} has no greatest size"));
			(name, size)
		})
		.collect()
}

/// Prints the state per device as a table, and returns the number of items and of bytes at rest.
fn at_rest() -> (u32, u32) {
	let sizes = sizes();
	let (mut items, mut bytes) = (0, 0);
	let row = |name: &str, key: u32, value: u32| {
		println!("| {name:<31} | {key:>3} | {value:>5} | {:>5} |", key + value);
	};
	println!("| {:<31} | key | value | bytes |", "state per device, at most");
	println!("| {:-<31} | --- | ----- | ----- |", "");
	for (pallet, item, kept) in ITEMS {
		let size = sizes[&((*pallet).into(), (*item).into())];
		let name = format!("{pallet}::{item}");
		match kept {
			AtRest(key) => {
				row(&name, PREFIX + key, size - key);
				items += 1;
				bytes += PREFIX + size;
			}
			Ends => println!("| {name:<31} |     |       |  ends |"),
			Deposit | OfNoDevice => {}
		}
	}
	println!("| {:<31} |     |       | {bytes:>5} |", format!("at rest, in {items} items"));
	(items, bytes)
}

#[test]
fn every_storage_item_has_a_payer_or_an_end() {
	let found: Vec<_> = sizes().into_keys().collect();
	let mut listed: Vec<(String, String)> =
		ITEMS.iter().map(|(pallet, item, _)| ((*pallet).into(), (*item).into())).collect();
	listed.sort();
	for name in &found {
		assert!(listed.contains(name), "{name:?} is not classified in ITEMS: who pays for it?");
	}
	for name in &listed {
		assert!(found.contains(name), "{name:?} of ITEMS does not exist");
	}
	assert_eq!(found, listed, "an item is listed twice");
}

/// The bound is exact, so that whoever changes the state sees what the change costs.
#[test]
fn the_bond_covers_the_state_of_a_device() {
	let (items, bytes) = at_rest();
	assert_eq!((items, bytes), (DEVICE_ITEMS, DEVICE_BYTES), "items and bytes of a device");
	let ext = &mut sp_io::TestExternalities::new_empty();
	let bond: Balance = ext.execute_with(<Runtime as pallet_device_registry::Config>::MinBond::get);
	assert_eq!(bond, deposit(items, bytes), "the least bond, if governance asks for none");
}
