//! What each call and hook costs. The runtime holds the figures, made by this pallet's benchmarks.

use frame_support::weights::Weight;

/// The cost of each call and hook.
pub trait WeightInfo {
	/// [`claim`](crate::Call::claim), of the last points of an epoch.
	fn claim() -> Weight;
	/// [`claim_batch`](crate::Call::claim_batch) of `n` devices.
	fn claim_batch(n: u32) -> Weight;
	/// [`set_allocation`](crate::Call::set_allocation), of the last network that fits.
	fn set_allocation() -> Weight;
	/// [`set_shares`](crate::Call::set_shares).
	fn set_shares() -> Weight;
	/// [`claim_former`](crate::Call::claim_former), of the last points of an epoch.
	fn claim_former() -> Weight;
	/// The block that closes an epoch, with `n` funded networks.
	fn close_epoch(n: u32) -> Weight;
	/// Every other block.
	fn on_initialize_idle() -> Weight;
}
