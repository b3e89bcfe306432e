//! What the calls cost. The figures are the runtime's, measured by this pallet's benchmarks.

use frame_support::weights::Weight;

/// The weight of each call, by its name.
pub trait WeightInfo {
	/// With `m` listed makers.
	fn create_network(m: u32) -> Weight;
	/// With `m` listed makers.
	fn change_network(m: u32) -> Weight;
	/// In either direction.
	fn set_network_paused() -> Weight;
	/// In either direction.
	fn offer_network() -> Weight;
	/// With both deposits.
	fn accept_network() -> Weight;
	/// With its deposit.
	fn close_network() -> Weight;
	/// With its deposits.
	fn register_maker() -> Weight;
	/// With as many keys as a maker can have.
	fn deregister_maker() -> Weight;
	/// With its deposit.
	fn add_maker_key() -> Weight;
	/// With its deposit.
	fn revoke_maker_key() -> Weight;
	/// With the suspension of a device.
	fn declare_compromised() -> Weight;
	/// With its deposit.
	fn withdraw_declaration() -> Weight;
	/// With a certificate.
	fn register_device() -> Weight;
	/// [`register_device`](crate::Pallet::register_device) without one.
	fn register_device_open() -> Weight;
	/// Of `n` devices, each with a certificate.
	fn register_devices(n: u32) -> Weight;
	/// With the fee.
	fn assert_location() -> Weight;
	/// With a certificate, from one maker to another; neither key is its first.
	fn rotate_key() -> Weight;
	/// To its start, in place of an offer.
	fn recover_key() -> Weight;
	/// From one maker to another; neither key is its first.
	fn finish_recovery() -> Weight;
	/// Before its end.
	fn cancel_recovery() -> Weight;
	/// In place of a recovery.
	fn offer_device() -> Weight;
	/// With as many grants as a device can have, and what the runtime does then.
	fn accept_device() -> Weight;
	/// With what the runtime does then.
	fn suspend_device() -> Weight;
	/// In its window.
	fn appeal_suspension() -> Weight;
	/// By its suspender.
	fn restore_device() -> Weight;
	/// With what the runtime does then.
	fn forfeit_device() -> Weight;
	/// With a recovery under way.
	fn retire_device() -> Weight;
	/// With as many grants as a device can have, and what the runtime does then.
	fn reap_device() -> Weight;
	/// The last that a device can have.
	fn grant_access() -> Weight;
	/// Of as many as a device can have.
	fn revoke_access() -> Weight;
}
