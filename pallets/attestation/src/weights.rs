//! What the calls cost: the trait that a benchmarked weight file implements.

use frame_support::weights::Weight;

/// The weights of this pallet, by the number `r` of readings carried inline, `n` of reports in a batch.
pub trait WeightInfo {
	/// [`Call::report`](crate::Call::report), once it is authorized.
	fn report(r: u32) -> Weight;
	/// The authorization of [`Call::report`](crate::Call::report).
	fn authorize_report(r: u32) -> Weight;
	/// [`Call::submit_report`](crate::Call::submit_report).
	fn submit_report(r: u32) -> Weight;
	/// [`Call::submit_reports`](crate::Call::submit_reports), without readings and with signatures that
	/// are verified one by one.
	fn submit_reports(n: u32) -> Weight;
	/// [`Call::submit_reports`](crate::Call::submit_reports), without readings and with signatures that
	/// are good together.
	fn submit_reports_together(n: u32) -> Weight;
	/// [`Call::register_metric`](crate::Call::register_metric).
	fn register_metric() -> Weight;
	/// [`Call::update_metric`](crate::Call::update_metric).
	fn update_metric() -> Weight;
	/// [`Call::remove_metric`](crate::Call::remove_metric).
	fn remove_metric() -> Weight;
	/// Looking at `n` buckets, all of which are removed.
	fn prune(n: u32) -> Weight;
}
