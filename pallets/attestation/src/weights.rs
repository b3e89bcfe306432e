//! What the calls cost: the trait that a benchmarked weight file implements.

use frame_support::weights::Weight;

/// The weights of this pallet, by the number `r` of readings carried inline.
pub trait WeightInfo {
	/// [`Call::report`](crate::Call::report), once it is authorized.
	fn report(r: u32) -> Weight;
	/// The authorization of [`Call::report`](crate::Call::report).
	fn authorize_report(r: u32) -> Weight;
	/// [`Call::submit_report`](crate::Call::submit_report).
	fn submit_report(r: u32) -> Weight;
}
