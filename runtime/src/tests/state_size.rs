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
	AccountId, AllPalletsWithSystem, Runtime,
};
use codec::MaxEncodedLen;
use depin_primitives::Balance;
use frame_support::traits::{Get, StorageInfo, StorageInfoTrait};
use pallet_device_registry::types::{PendingChange, Status};
use sp_io::TestExternalities;
use std::collections::BTreeMap;

/// Pallets that keep state of devices.
const PALLETS: [&str; 4] = ["DeviceRegistry", "Attestation", "Coverage", "Rewards"];

/// Size of the hashed names of pallet and item, with which every key begins.
const PREFIX: u32 = 32;

/// Greatest number of bytes of a device's state at rest. A change that makes the state smaller
/// lowers the number; the design allows 1,024.
const MOST_AT_REST: u32 = 1_019;

/// Size of the status of a device that nothing goes on with: active, or retiring until a block.
const RETIRING: u32 = 1 + 4;

/// Payer or end of a storage item.
enum Kept {
	/// One entry for each device as long as it is registered, paid for by its bond. The first
	/// number is the size of the key after the prefix. The second is the size of those parts of the
	/// value that exist only while something goes on: an offer, a recovery, a suspension.
	AtRest(u32, u32),
	/// At most one entry for each registered device, which exists only while its earnings are not
	/// settled, and is paid for by its bond. The number is the size of the key after the prefix.
	Passing(u32),
	/// Entries with a deposit of their own.
	Deposit,
	/// Entries of devices that the chain removes by itself, a bounded number in each block.
	Ends,
	/// State of the chain, a network, a maker or a neighbourhood.
	OfNoDevice,
}

use Kept::*;

/// Returns all storage items of [`PALLETS`].
fn items() -> Vec<(&'static str, &'static str, Kept)> {
	// A pending change of none takes a byte.
	let none = 1;
	let case = Status::max_encoded_len() as u32 - RETIRING;
	let pending = PendingChange::<AccountId>::max_encoded_len() as u32 - none;
	vec![
		("DeviceRegistry", "Devices", AtRest(32, case + pending)),
		("DeviceRegistry", "DevicesByOwner", AtRest(16 + 16, 0)),
		("DeviceRegistry", "DevicesByNetwork", AtRest(4 + 16, 0)),
		("DeviceRegistry", "DevicesByMaker", AtRest(4 + 16, 0)),
		("DeviceRegistry", "DevicesByCell", AtRest(8 + 16, 0)),
		("DeviceRegistry", "RotatedKeys", AtRest(16, 0)),
		("DeviceRegistry", "Grants", Deposit),
		("DeviceRegistry", "Declarations", Deposit),
		("DeviceRegistry", "Networks", OfNoDevice),
		("DeviceRegistry", "NextNetworkId", OfNoDevice),
		("DeviceRegistry", "Makers", OfNoDevice),
		("DeviceRegistry", "NextMakerId", OfNoDevice),
		("Attestation", "Buckets", Ends),
		("Attestation", "PruneCursor", OfNoDevice),
		("Attestation", "Metrics", OfNoDevice),
		("Attestation", "Limits", OfNoDevice),
		("Coverage", "Rounds", Ends),
		("Coverage", "Uncleared", OfNoDevice),
		("Coverage", "Timing", OfNoDevice),
		("Coverage", "Clock", OfNoDevice),
		("Coverage", "Full", OfNoDevice),
		("Coverage", "CurrentPeriod", OfNoDevice),
		("Rewards", "SettledIn", Passing(32)),
		("Rewards", "FormerAccounts", Passing(16 + 32 + 32)),
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
	]
}

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

/// Sizes of a device's state.
#[derive(Default)]
struct Total {
	/// Number of storage items.
	items: u32,
	/// Bytes at rest.
	at_rest: u32,
	/// Bytes at most, with all that goes on at the same time.
	at_most: u32,
}

/// Prints the state per device as a table, and returns its sizes.
fn total() -> Total {
	let sizes = sizes();
	let mut total = Total::default();
	println!("| {:<28} | key | at rest | at most |", "state per device, in bytes");
	println!("| {:-<28} | --: | ------: | ------: |", "");
	for (pallet, item, kept) in items() {
		let size = PREFIX + sizes[&(pallet.into(), item.into())];
		let name = format!("{pallet}::{item}");
		let (key, at_rest) = match kept {
			AtRest(key, passing) => (key, size - passing),
			Passing(key) => (key, 0),
			Deposit | Ends | OfNoDevice => continue,
		};
		println!("| {name:<28} | {:>3} | {at_rest:>7} | {size:>7} |", PREFIX + key);
		total.items += 1;
		total.at_rest += at_rest;
		total.at_most += size;
	}
	let Total { items, at_rest, at_most } = total;
	println!("| {:<28} |     | {at_rest:>7} | {at_most:>7} |", format!("{items} items"));
	total
}

#[test]
fn every_storage_item_has_a_payer_or_an_end() {
	let found: Vec<_> = sizes().into_keys().collect();
	let mut listed: Vec<(String, String)> =
		items().iter().map(|(pallet, item, _)| ((*pallet).into(), (*item).into())).collect();
	listed.sort();
	for name in &found {
		assert!(listed.contains(name), "{name:?} is not classified in items: who pays for it?");
	}
	for name in &listed {
		assert!(found.contains(name), "{name:?} of items does not exist");
	}
	assert_eq!(found, listed, "an item is listed twice");
}

#[test]
fn the_state_of_a_device_does_not_grow() {
	let Total { at_rest, .. } = total();
	assert!(at_rest <= MOST_AT_REST, "{at_rest} bytes, and {MOST_AT_REST} are allowed");
}

#[test]
fn the_bond_covers_the_state_of_a_device() {
	let Total { items, at_most, .. } = total();
	assert_eq!(
		(items, at_most),
		(DEVICE_ITEMS, DEVICE_BYTES),
		"the constants must be the size of a device's state"
	);
	let needed = deposit(items, at_most);
	let bond: Balance = TestExternalities::default()
		.execute_with(<Runtime as pallet_device_registry::Config>::MinBond::get);
	println!("deposit({items}, {at_most}) is {needed}, the least bond is {bond}");
	assert!(bond >= needed);
}

#[test]
fn a_lower_governed_bond_does_not_uncover_the_state() {
	use crate::configs::params::deposits::Bond;
	TestExternalities::default().execute_with(|| {
		let least = <Runtime as pallet_device_registry::Config>::MinBond::get();
		assert_eq!((Bond::get(), least), (0, deposit(DEVICE_ITEMS, DEVICE_BYTES)));
	});
}
