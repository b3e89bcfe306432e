//! What the pallet's work costs.

use frame_support::weights::Weight;

/// The weights of the pallet's calls, authorizations and hooks.
pub trait WeightInfo {
	/// A tick that opens a period, the dearest one.
	fn on_poll() -> Weight;
	/// Noting whether the block was full.
	fn on_finalize() -> Weight;
	/// [`Call::witness`](crate::Call::witness), after its authorization.
	fn witness() -> Weight;
	/// The authorization of [`Call::witness`](crate::Call::witness).
	fn authorize_witness() -> Weight;
	/// [`Call::beacon`](crate::Call::beacon) with `w` witnesses, after its authorization.
	fn beacon(w: u32) -> Weight;
	/// The authorization of [`Call::beacon`](crate::Call::beacon).
	fn authorize_beacon() -> Weight;
	/// [`Call::submit_witness`](crate::Call::submit_witness).
	fn submit_witness() -> Weight;
	/// [`Call::submit_beacon`](crate::Call::submit_beacon) with `w` witnesses.
	fn submit_beacon(w: u32) -> Weight;
}
