//! Interfaces between the pallets. No pallet imports another: these traits name what a pallet
//! needs of the others or gives to them, and the runtime connects the pallets.

use crate::{
	cell::Cell,
	device::DeviceStatus,
	ids::{DeviceId, EpochIndex, Millis, NetworkId},
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
pub trait Devices<AccountId> {
	/// Returns the device of this id. One storage read.
	fn device(id: &DeviceId) -> Option<DeviceView<AccountId>>;

	/// Returns the network of this number. One storage read, and one for the running epoch.
	fn network(id: NetworkId) -> Option<NetworkView>;

	/// Returns the admin of the network of this number. One storage read.
	fn admin(id: NetworkId) -> Option<AccountId>;
}

/// Ledger of points. Implemented by the rewards.
pub trait Ledger {
	/// Adds points to the device's points of the running epoch. Never fails: the points of a
	/// network without an allocation are worth nothing. Saturates at `u64::MAX` points a device.
	fn credit(network: NetworkId, device: &DeviceId, points: u64);
}

impl Ledger for () {
	fn credit(_: NetworkId, _: &DeviceId, _: u64) {}
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
