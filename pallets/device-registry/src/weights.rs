//! What the calls cost. The figures are the runtime's, measured by this pallet's benchmarks.

use frame_support::weights::Weight;

/// The weight of each call.
pub trait WeightInfo {
	/// [`create_network`](crate::Pallet::create_network) with `m` listed makers.
	fn create_network(m: u32) -> Weight;
	/// [`register_maker`](crate::Pallet::register_maker).
	fn register_maker() -> Weight;
	/// [`register_device`](crate::Pallet::register_device) with a certificate.
	fn register_device() -> Weight;
	/// [`register_device`](crate::Pallet::register_device) without one.
	fn register_device_open() -> Weight;
	/// [`retire_device`](crate::Pallet::retire_device).
	fn retire_device() -> Weight;
	/// [`reap_device`](crate::Pallet::reap_device), with what the runtime does then.
	fn reap_device() -> Weight;
	/// [`close_network`](crate::Pallet::close_network).
	fn close_network() -> Weight;
	/// [`deregister_maker`](crate::Pallet::deregister_maker).
	fn deregister_maker() -> Weight;
}
