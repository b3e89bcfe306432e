//! Registry in storage, whose devices and networks are set by the tests.

// `storage_alias` makes public types without documentation.
#![allow(missing_docs)]

use crate::AccountId;
use codec::{Codec, Encode};
use depin_primitives::{
	hashing::blake2_256,
	network::NetworkKind,
	policy::NetworkPolicy,
	traits::{DeviceView, Devices, NetworkView},
	DeviceId, NetworkId, H256,
};
use frame_support::{pallet_prelude::ValueQuery, storage_alias, Blake2_128Concat};
use std::{
	collections::{BTreeMap, BTreeSet},
	marker::PhantomData,
};

/// Admin of a network that has no other. See [`Registry::set_admin`].
pub const ADMIN: AccountId = 1;

/// Policies of the networks that exist.
#[storage_alias]
pub type Policies = StorageValue<TestRegistry, BTreeMap<NetworkId, NetworkPolicy>, ValueQuery>;

/// Networks that are paused.
#[storage_alias]
pub type Paused = StorageValue<TestRegistry, BTreeSet<NetworkId>, ValueQuery>;

#[storage_alias]
type Kinds = StorageMap<TestRegistry, Blake2_128Concat, NetworkId, NetworkKind>;

#[storage_alias]
type Admins = StorageMap<TestRegistry, Blake2_128Concat, NetworkId, AccountId>;

#[storage_alias]
type Views = StorageMap<TestRegistry, Blake2_128Concat, DeviceId, DeviceView<AccountId>>;

/// Parts of the pallet under test, in SCALE.
#[storage_alias]
type Parts = StorageMap<TestRegistry, Blake2_128Concat, DeviceId, Vec<u8>>;

/// Record of a device, with the part of the pallet under test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record<Part> {
	/// View of the device.
	pub view: DeviceView<AccountId>,
	/// Part of the pallet under test.
	pub part: Part,
}

impl<Part> AsRef<Part> for Record<Part> {
	fn as_ref(&self) -> &Part {
		&self.part
	}
}

impl<Part> AsMut<Part> for Record<Part> {
	fn as_mut(&mut self) -> &mut Part {
		&mut self.part
	}
}

/// Registry without rules: any device is in any network. `Part` is that of the pallet under test.
pub struct Registry<Part>(PhantomData<Part>);

impl<Part> Registry<Part> {
	/// Adds a device, or replaces its view. The pallet's part stays.
	pub fn put(id: DeviceId, view: DeviceView<AccountId>) {
		Views::insert(id, view);
	}

	/// Changes a device. Panics if the device is unknown.
	pub fn change(id: DeviceId, change: impl FnOnce(&mut DeviceView<AccountId>)) {
		Views::mutate(id, |view| change(view.as_mut().expect("the device is registered")));
	}

	/// Removes a device, and the pallet's part with it.
	pub fn remove(id: &DeviceId) {
		Views::remove(id);
		Parts::remove(id);
	}

	/// Adds a network, or gives it another policy.
	pub fn set_policy(network: NetworkId, policy: NetworkPolicy) {
		Policies::mutate(|all| all.insert(network, policy));
	}

	/// Removes a network.
	pub fn remove_policy(network: NetworkId) {
		Policies::mutate(|all| all.remove(&network));
	}

	/// Sets a network's kind, which is [`NetworkKind::Compute`] before: work is taken as it is
	/// claimed.
	pub fn set_kind(network: NetworkId, kind: NetworkKind) {
		Kinds::insert(network, kind);
	}

	/// Pauses or resumes a network.
	pub fn set_paused(network: NetworkId, paused: bool) {
		Paused::mutate(|all| if paused { all.insert(network) } else { all.remove(&network) });
	}

	/// Sets a network's admin, who is [`ADMIN`] before.
	pub fn set_admin(network: NetworkId, admin: AccountId) {
		Admins::insert(network, admin);
	}
}

impl<Part: Codec + Default> Registry<Part> {
	/// Returns the record of a device with this view.
	fn record_of(id: &DeviceId, view: DeviceView<AccountId>) -> Record<Part> {
		let decode = |part: Vec<u8>| Part::decode(&mut &part[..]).expect("the kit encoded it");
		Record { view, part: Parts::get(id).map(decode).unwrap_or_default() }
	}
}

impl<Part: Codec + Default> Devices<AccountId> for Registry<Part> {
	type Record = Record<Part>;

	fn record(id: &DeviceId) -> Option<Record<Part>> {
		Views::get(id).map(|view| Self::record_of(id, view))
	}

	fn store(id: &DeviceId, record: Record<Part>) {
		Parts::insert(id, record.part.encode());
	}

	fn records() -> impl Iterator<Item = (DeviceId, Record<Part>)> {
		Views::iter().map(|(id, view)| (id, Self::record_of(&id, view)))
	}

	fn view(record: &Record<Part>) -> DeviceView<AccountId> {
		record.view.clone()
	}

	fn network(id: NetworkId) -> Option<NetworkView> {
		let policy = Policies::get().get(&id).copied()?;
		let kind = Kinds::get(id).unwrap_or(NetworkKind::Compute);
		Some(NetworkView { kind, policy, paused: Paused::get().contains(&id) })
	}

	fn admin(id: NetworkId) -> Option<AccountId> {
		Policies::get().contains_key(&id).then(|| Admins::get(id).unwrap_or(ADMIN))
	}

	fn rules_hash(id: NetworkId) -> Option<H256> {
		Policies::get().get(&id).map(|policy| policy.using_encoded(blake2_256))
	}
}

#[cfg(feature = "runtime-benchmarks")]
impl<Part> depin_primitives::traits::BenchmarkHelper<AccountId> for Registry<Part> {
	fn set_device(id: DeviceId, view: DeviceView<AccountId>, policy: NetworkPolicy) {
		Self::set_policy(view.network, policy);
		Self::set_admin(view.network, view.owner);
		Self::put(id, view);
	}

	fn owe(_: NetworkId, _: &DeviceId) {}

	fn fill(_: &DeviceId, _: NetworkId) {}
}
