//! Where the pallets meet. None imports another: each names here what it needs or gives, and the
//! runtime wires them.

use crate::{
	device::DeviceStatus, network::NetworkPolicy, Cell, DeviceId, Millis, NetworkId, PublicKey,
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
	/// Whether it may work.
	pub status: DeviceStatus,
	/// When it was registered: it works for nobody before.
	pub registered_at: Millis,
}

/// Who is this device? Given by the registry.
pub trait Devices<AccountId> {
	/// The device of this id. One storage read.
	fn device(id: &DeviceId) -> Option<DeviceView<AccountId>>;

	/// The policy of this network. One storage read.
	fn policy(id: NetworkId) -> Option<NetworkPolicy>;

	/// Puts an active device of that view in place, in a network of that policy.
	#[cfg(feature = "runtime-benchmarks")]
	fn set_device(id: DeviceId, view: DeviceView<AccountId>, policy: NetworkPolicy);
}

/// Credits work. Given by the rewards.
pub trait Ledger {
	/// Adds points to the device's in the running epoch. Never fails: a network without a share of
	/// the emission earns points that are worth nothing. Saturates at `u64::MAX` points a device.
	fn credit(network: NetworkId, device: &DeviceId, points: u64);
}

impl Ledger for () {
	fn credit(_: NetworkId, _: &DeviceId, _: u64) {}
}

/// A device cannot go yet: points of the running epoch are still to be priced, or its last reports could
/// be replayed. Later it can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotYet;

/// Told by the registry when a device goes. The other pallets pay and forget.
pub trait OnReap<AccountId> {
	/// The device is about to go for good: pay `owner` what it earned, drop what is kept of it.
	fn on_reap(id: &DeviceId, network: NetworkId, owner: &AccountId) -> Result<(), NotYet>;

	/// Keeps as much of this device as ever is kept, such that it can go all the same.
	#[cfg(feature = "runtime-benchmarks")]
	fn fill(_id: &DeviceId, _network: NetworkId) {}
}

impl<AccountId> OnReap<AccountId> for () {
	fn on_reap(_: &DeviceId, _: NetworkId, _: &AccountId) -> Result<(), NotYet> {
		Ok(())
	}
}

macro_rules! all {
	($($each:ident)*) => {
		impl<AccountId, $($each: OnReap<AccountId>),*> OnReap<AccountId> for ($($each,)*) {
			fn on_reap(
				id: &DeviceId,
				network: NetworkId,
				owner: &AccountId,
			) -> Result<(), NotYet> {
				$($each::on_reap(id, network, owner)?;)*
				Ok(())
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
