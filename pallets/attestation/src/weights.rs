//! Weights of the calls, authorizations and of pruning: the trait that a benchmarked weight file
//! implements.

use frame_support::weights::{constants::RocksDbWeight, Weight};

/// Weight of each call, authorization and pruning. `r` is the count of readings carried inline, `n`
/// of reports in a batch.
pub trait WeightInfo {
	/// Returns the weight of [`Call::report`](crate::Call::report), without its authorization.
	fn report(r: u32) -> Weight;
	/// Returns the weight of the authorization of [`Call::report`](crate::Call::report).
	fn authorize_report(r: u32) -> Weight;
	/// Returns the weight of [`Call::submit_report`](crate::Call::submit_report).
	fn submit_report(r: u32) -> Weight;
	/// Returns the weight of [`Call::submit_reports`](crate::Call::submit_reports), without
	/// readings and with signatures that are verified one by one.
	fn submit_reports(n: u32) -> Weight;
	/// Returns the weight of [`Call::submit_reports`](crate::Call::submit_reports), without
	/// readings and with signatures that are valid when verified together.
	fn submit_reports_together(n: u32) -> Weight;
	/// Returns the weight of [`Call::register_metric`](crate::Call::register_metric).
	fn register_metric() -> Weight;
	/// Returns the weight of [`Call::update_metric`](crate::Call::update_metric).
	fn update_metric() -> Weight;
	/// Returns the weight of [`Call::remove_metric`](crate::Call::remove_metric).
	fn remove_metric() -> Weight;
	/// Returns the weight of a look at `n` buckets, all of which are removed.
	fn prune(n: u32) -> Weight;
}

/// Weights for mocks: the runtime's measured figures, rounded.
impl WeightInfo for () {
	fn report(r: u32) -> Weight {
		cost(201_000_000, 34_150, 24, 5)
			.saturating_add(cost(235_000, 68, 0, 0).saturating_mul(r.into()))
	}
	fn authorize_report(r: u32) -> Weight {
		cost(132_000_000, 18_955, 13, 0)
			.saturating_add(cost(987_000, 68, 0, 0).saturating_mul(r.into()))
	}
	fn submit_report(r: u32) -> Weight {
		cost(279_000_000, 34_150, 24, 5)
			.saturating_add(cost(1_260_000, 68, 0, 0).saturating_mul(r.into()))
	}
	fn submit_reports(n: u32) -> Weight {
		cost(267_000_000, 3_509, 4, 1)
			.saturating_add(cost(290_000_000, 33_160, 22, 5).saturating_mul(n.into()))
	}
	fn submit_reports_together(n: u32) -> Weight {
		cost(236_000_000, 3_509, 4, 1)
			.saturating_add(cost(262_000_000, 33_160, 22, 5).saturating_mul(n.into()))
	}
	fn register_metric() -> Weight {
		cost(111_000_000, 3_964, 5, 4)
	}
	fn update_metric() -> Weight {
		cost(33_800_000, 3_964, 2, 1)
	}
	fn remove_metric() -> Weight {
		cost(85_500_000, 3_964, 5, 4)
	}
	fn prune(n: u32) -> Weight {
		cost(3_460_000, 5_135, 2, 1)
			.saturating_add(cost(12_900_000, 4_145, 1, 1).saturating_mul(n.into()))
	}
}

/// Returns the weight of `time` picoseconds, `proof` bytes and so many storage reads and writes.
fn cost(time: u64, proof: u64, reads: u64, writes: u64) -> Weight {
	Weight::from_parts(time, proof).saturating_add(RocksDbWeight::get().reads_writes(reads, writes))
}
