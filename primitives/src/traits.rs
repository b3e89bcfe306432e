//! Interfaces between the pallets. No pallet imports another: these traits name what a pallet
//! needs of the others or gives to them, and the runtime connects the pallets.

use crate::{
	cell::Cell,
	device::DeviceStatus,
	ids::{DeviceId, EpochIndex, Millis, NetworkId, H256},
	key::PublicKey,
	network::NetworkKind,
	policy::{NetworkPolicy, TrustLevel},
};
use codec::{Decode, Encode};
use impl_trait_for_tuples::impl_for_tuples;

/// View of a device for the other pallets.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct DeviceView<AccountId> {
	/// Owner of the device.
	pub owner: AccountId,
	/// Network that the device works for.
	pub network: NetworkId,
	/// Key that the device signs with now.
	pub key: PublicKey,
	/// Cell in which the device is.
	pub cell: Cell,
	/// Status, which tells if the device may work and if its earnings go to escrow.
	pub status: DeviceStatus,
	/// Level of the proof that the device has given of its identity.
	pub trust: TrustLevel,
	/// Time of the registration. Work before that time is not credited.
	pub registered_at: Millis,
}

/// View of a network for the other pallets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NetworkView {
	/// Kind of work of the network's devices.
	pub kind: NetworkKind,
	/// Policy that is in force now.
	pub policy: NetworkPolicy,
	/// Pause of the network: while it is set, its devices' work does not count.
	pub paused: bool,
}

/// Devices and networks. Implemented by the registry.
///
/// The registry stores each device in one item, its *record*, which holds a part for each pallet
/// that keeps state of every device: a report then costs one read and one write, and a device one
/// key. A pallet reaches its part by `AsRef` and `AsMut`, and knows no other.
pub trait Devices<AccountId> {
	/// Record of a device: the registry's own state, and the parts of the other pallets.
	type Record;

	/// Returns the record of the device of this id. One storage read.
	fn record(id: &DeviceId) -> Option<Self::Record>;

	/// Stores a record that [`record`](Self::record) returned, with changed parts. Nothing else may
	/// have stored the device in between, because what it wrote would be lost. One storage write.
	fn store(id: &DeviceId, record: Self::Record);

	/// Returns all records. For checks of the whole state only: the work is unbounded.
	fn records() -> impl Iterator<Item = (DeviceId, Self::Record)>;

	/// Returns the view of a device by its record.
	fn view(record: &Self::Record) -> DeviceView<AccountId>;

	/// Returns the device of this id. One storage read.
	fn device(id: &DeviceId) -> Option<DeviceView<AccountId>> {
		Self::record(id).map(|record| Self::view(&record))
	}

	/// Returns a pallet's part of the device's record; `None` if there is no such device. One
	/// storage read.
	fn part<Part: Clone>(id: &DeviceId) -> Option<Part>
	where
		Self::Record: AsRef<Part>,
	{
		Self::record(id).map(|record| record.as_ref().clone())
	}

	/// Changes the parts of the device's record, and returns what `change` returns; `None` if there
	/// is no such device. One storage read and one write.
	fn change<R>(id: &DeviceId, change: impl FnOnce(&mut Self::Record) -> R) -> Option<R> {
		let mut record = Self::record(id)?;
		let result = change(&mut record);
		Self::store(id, record);
		Some(result)
	}

	/// Replaces a pallet's part of the device's record, and returns the part before; `None` if
	/// there is no such device. One storage read and one write.
	fn replace_part<Part>(id: &DeviceId, part: Part) -> Option<Part>
	where
		Self::Record: AsMut<Part>,
	{
		Self::change(id, |record| core::mem::replace(record.as_mut(), part))
	}

	/// Returns the network of this number. One storage read, and one for the running epoch.
	fn network(id: NetworkId) -> Option<NetworkView>;

	/// Returns the admin of the network of this number. One storage read.
	fn admin(id: NetworkId) -> Option<AccountId>;

	/// Returns the hash of the rules of the network of this number: those in force and those to
	/// come, as [`NetworkRecord`](crate::network::NetworkRecord) gives it. Two storage reads: the
	/// network and the running epoch.
	fn rules_hash(id: NetworkId) -> Option<H256>;
}

/// Ledger of points, which keeps an account in each device's record. Implemented by the rewards.
pub trait Ledger<Record> {
	/// Adds points to the points of the running epoch of a device that works for `network`, in its
	/// record, which the caller stores. Never fails: the points of a network without an allocation
	/// are worth nothing. Saturates at `u64::MAX` points a device. Returns true if points of a
	/// closed epoch were settled first, which costs more.
	fn credit(network: NetworkId, device: &DeviceId, record: &mut Record, points: u64) -> bool;
}

impl<Record> Ledger<Record> for () {
	fn credit(_: NetworkId, _: &DeviceId, _: &mut Record, _: u64) -> bool {
		false
	}
}

/// Reward epochs. Changed rules of a network take effect when an epoch begins. Implemented by the
/// rewards.
pub trait Epochs {
	/// Returns the running epoch.
	fn current() -> EpochIndex;
}

/// Funding of networks from the emission. Implemented by the rewards.
pub trait NetworkFunding {
	/// Returns `true` if governance has given the network an allocation of the emission. One
	/// storage read.
	fn is_funded(network: NetworkId) -> bool;

	/// Ends the funding of a network that is closed, and removes all state that the implementation
	/// keeps of the network. The registry calls this when it removes the network, which has no
	/// devices left.
	fn on_network_closed(network: NetworkId);
}

impl NetworkFunding for () {
	fn is_funded(_: NetworkId) -> bool {
		false
	}

	fn on_network_closed(_: NetworkId) {}
}

/// Refusal of a pallet to let a device be reaped yet; each implementation of
/// [`Lifecycle::on_reap`] says when. The device can be reaped later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotSettled;

/// Hooks of a device's life, called by the registry. A tuple calls each member in order and stops
/// at the first that refuses.
pub trait Lifecycle<AccountId> {
	/// Prepares the removal of the device: pays `owner` the device's earnings, and removes all of
	/// the device's state.
	fn on_reap(id: &DeviceId, network: NetworkId, owner: &AccountId) -> Result<(), NotSettled>;

	/// Settles on `owner` what the device has earned until now, because the device is about to be
	/// suspended.
	fn on_settle(_id: &DeviceId, _network: NetworkId, _owner: &AccountId) {}

	/// Settles on `from` what the device has earned until now, because the device is about to get
	/// another owner. The registry has released the bond of `from`, so that a deposit of less than
	/// the bond can be held on them.
	fn on_hand_over(id: &DeviceId, network: NetworkId, from: &AccountId) {
		Self::on_settle(id, network, from);
	}

	/// Takes from the owner what the device has earned since it was last settled.
	fn on_forfeit(_id: &DeviceId, _network: NetworkId) {}
}

#[impl_for_tuples(4)]
impl<AccountId> Lifecycle<AccountId> for Tuple {
	fn on_reap(id: &DeviceId, network: NetworkId, owner: &AccountId) -> Result<(), NotSettled> {
		for_tuples!( #( Tuple::on_reap(id, network, owner)?; )* );
		Ok(())
	}

	fn on_settle(id: &DeviceId, network: NetworkId, owner: &AccountId) {
		for_tuples!( #( Tuple::on_settle(id, network, owner); )* );
	}

	fn on_hand_over(id: &DeviceId, network: NetworkId, from: &AccountId) {
		for_tuples!( #( Tuple::on_hand_over(id, network, from); )* );
	}

	fn on_forfeit(id: &DeviceId, network: NetworkId) {
		for_tuples!( #( Tuple::on_forfeit(id, network); )* );
	}
}

/// Set-up of benchmarks that need the state of other pallets. The runtime implements it by the
/// functions of the pallets' own `benchmarking` modules.
#[cfg(feature = "runtime-benchmarks")]
pub trait BenchmarkHelper<AccountId> {
	/// Puts a device of that view in place, in a network of that policy whose admin is the device's
	/// owner.
	fn set_device(id: DeviceId, view: DeviceView<AccountId>, policy: NetworkPolicy);

	/// Leaves the device points of a closed epoch, so that crediting it costs the most.
	fn owe(network: NetworkId, device: &DeviceId);

	/// Fills the state that the other pallets keep of the device to its maximum, and leaves the
	/// device reapable.
	fn fill(id: &DeviceId, network: NetworkId);
}
