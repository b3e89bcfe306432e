//! Where the pallets meet. None imports another: each names here what it needs or gives, and the
//! runtime wires them.

use crate::{
	device::DeviceStatus,
	network::{NetworkKind, NetworkPolicy, TrustLevel},
	Cell, DeviceId, EpochIndex, Millis, NetworkId, PublicKey,
};

/// A device, as the other pallets see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceView<AccountId> {
	/// Who owns it.
	pub owner: AccountId,
	/// The network that it works for.
	pub network: NetworkId,
	/// The key that it signs with now.
	pub key: PublicKey,
	/// Where it is.
	pub cell: Cell,
	/// Whether it may work, and whether what it earns is in escrow.
	pub status: DeviceStatus,
	/// How it has proved what it is.
	pub trust: TrustLevel,
	/// When it was registered: it works for nobody before.
	pub registered_at: Millis,
}

/// A network, as the other pallets see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NetworkView {
	/// What its devices do.
	pub kind: NetworkKind,
	/// The rules that hold now.
	pub policy: NetworkPolicy,
	/// Whether it is paused: its devices' work does not count then.
	pub paused: bool,
}

/// Who is this device? Given by the registry.
pub trait Devices<AccountId> {
	/// The device of this id. One storage read.
	fn device(id: &DeviceId) -> Option<DeviceView<AccountId>>;

	/// The network of this number. One storage read, and one for the running epoch.
	fn network(id: NetworkId) -> Option<NetworkView>;

	/// Who runs the network of this number. One storage read.
	fn admin(id: NetworkId) -> Option<AccountId>;

	/// Puts a device of that view in place, in a network of that policy, which its owner runs.
	#[cfg(feature = "runtime-benchmarks")]
	fn set_device(id: DeviceId, view: DeviceView<AccountId>, policy: NetworkPolicy);
}

/// Credits work. Given by the rewards.
pub trait Ledger {
	/// Adds points to the device's in the running epoch. Never fails: a network without a share of
	/// the emission earns points that are worth nothing. Saturates at `u64::MAX` points a device.
	fn credit(network: NetworkId, device: &DeviceId, points: u64);

	/// Leaves the device points of a closed epoch, so that crediting it costs the most.
	#[cfg(feature = "runtime-benchmarks")]
	fn owe(_network: NetworkId, _device: &DeviceId) {}
}

impl Ledger for () {
	fn credit(_: NetworkId, _: &DeviceId, _: u64) {}
}

/// Counts the epochs in which rules change. Given by the rewards.
pub trait Epochs {
	/// The running epoch.
	fn current() -> EpochIndex;
}

/// A device cannot go yet: points of the running epoch are still to be priced, or its last reports could
/// be replayed. Later it can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotYet;

/// Told by the registry of the turns in a device's life.
pub trait Lifecycle<AccountId> {
	/// The device is about to go for good: pay `owner` what it earned, drop what is kept of it.
	fn on_reap(id: &DeviceId, network: NetworkId, owner: &AccountId) -> Result<(), NotYet>;

	/// What the device has earned until now is `owner`'s, whatever becomes of it: it is about to be
	/// another's, or to work into escrow.
	fn on_settle(_id: &DeviceId, _network: NetworkId, _owner: &AccountId) {}

	/// What the device has earned since it was last settled is taken from its owner.
	fn on_forfeit(_id: &DeviceId, _network: NetworkId) {}

	/// Keeps as much of this device as ever is kept, such that it can go all the same.
	#[cfg(feature = "runtime-benchmarks")]
	fn fill(_id: &DeviceId, _network: NetworkId) {}
}

impl<AccountId> Lifecycle<AccountId> for () {
	fn on_reap(_: &DeviceId, _: NetworkId, _: &AccountId) -> Result<(), NotYet> {
		Ok(())
	}
}

macro_rules! all {
	($($each:ident)*) => {
		impl<AccountId, $($each: Lifecycle<AccountId>),*> Lifecycle<AccountId> for ($($each,)*) {
			fn on_reap(
				id: &DeviceId,
				network: NetworkId,
				owner: &AccountId,
			) -> Result<(), NotYet> {
				$($each::on_reap(id, network, owner)?;)*
				Ok(())
			}

			fn on_settle(id: &DeviceId, network: NetworkId, owner: &AccountId) {
				$($each::on_settle(id, network, owner);)*
			}

			fn on_forfeit(id: &DeviceId, network: NetworkId) {
				$($each::on_forfeit(id, network);)*
			}

			#[cfg(feature = "runtime-benchmarks")]
			fn fill(id: &DeviceId, network: NetworkId) {
				$($each::fill(id, network);)*
			}
		}
	};
}

all!(A);
all!(A B);
all!(A B C);
