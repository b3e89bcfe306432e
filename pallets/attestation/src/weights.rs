//! Weights of the calls, authorizations and of pruning: the trait that a benchmarked weight file
//! implements.

use frame_support::weights::{constants::RocksDbWeight, Weight};

/// Weight of each call, authorization, part of a report's work, and pruning. `m` is the number of a
/// report's metrics, `r` of its inline readings, `n` of reports in a batch. The module `cost` says
/// which reports are usual, and adds the parts up.
pub trait WeightInfo {
	/// Returns the weight of [`Call::report`](crate::Call::report) for a usual report, without its
	/// authorization.
	fn report(m: u32, r: u32) -> Weight;
	/// Returns the weight of the authorization of [`Call::report`](crate::Call::report) for a usual
	/// report.
	fn authorize_report(m: u32, r: u32) -> Weight;
	/// Returns the weight of [`Call::submit_report`](crate::Call::submit_report) for a usual
	/// report.
	fn submit_report(m: u32, r: u32) -> Weight;
	/// Returns the weight of [`Call::submit_reports`](crate::Call::submit_reports) for usual
	/// reports of one network, each with one metric and no inline readings, whose signatures are
	/// valid when verified together.
	fn submit_reports(n: u32) -> Weight;
	/// Returns the weight of one more network in a batch.
	fn another_network() -> Weight;
	/// Returns the weight of a comparison with the neighbours of the device's own cell.
	fn compare_with_cell() -> Weight;
	/// Returns the weight of a comparison with the neighbours of the device's own cell and of the
	/// ring of cells around it.
	fn compare_with_ring() -> Weight;
	/// Returns the weight of publishing a device's values to its neighbours.
	fn publish() -> Weight;
	/// Returns the weight of a credit that settles points of a closed epoch.
	fn settle() -> Weight;
	/// Returns the weight of the verification of an Ed25519 signature on the largest report.
	fn verify_ed25519() -> Weight;
	/// Returns the weight of the verification of an Sr25519 signature on the largest report.
	fn verify_sr25519() -> Weight;
	/// Returns the weight of the verification of a secp256k1 signature on the largest report.
	fn verify_secp256k1() -> Weight;
	/// Returns the weight of the verification of a P-256 signature on the largest report.
	fn verify_p256() -> Weight;
	/// Returns the weight of [`Call::register_metric`](crate::Call::register_metric).
	fn register_metric() -> Weight;
	/// Returns the weight of [`Call::update_metric`](crate::Call::update_metric).
	fn update_metric() -> Weight;
	/// Returns the weight of [`Call::remove_metric`](crate::Call::remove_metric).
	fn remove_metric() -> Weight;
	/// Returns the weight of a look at `n` buckets, all of which are removed.
	fn prune(n: u32) -> Weight;
}

/// Weights for mocks, of the order of the runtime's measured figures.
impl WeightInfo for () {
	fn report(m: u32, r: u32) -> Weight {
		cost(60_000_000, 9_000, 7, 2)
			.saturating_add(cost(2_000_000, 0, 0, 0).saturating_mul(m.into()))
			.saturating_add(cost(300_000, 68, 0, 0).saturating_mul(r.into()))
	}
	fn authorize_report(m: u32, r: u32) -> Weight {
		cost(80_000_000, 9_000, 6, 0)
			.saturating_add(cost(2_000_000, 0, 0, 0).saturating_mul(m.into()))
			.saturating_add(cost(1_000_000, 68, 0, 0).saturating_mul(r.into()))
	}
	fn submit_report(m: u32, r: u32) -> Weight {
		cost(110_000_000, 9_000, 7, 2)
			.saturating_add(cost(2_000_000, 0, 0, 0).saturating_mul(m.into()))
			.saturating_add(cost(1_300_000, 68, 0, 0).saturating_mul(r.into()))
	}
	fn submit_reports(n: u32) -> Weight {
		cost(60_000_000, 9_000, 6, 1)
			.saturating_add(cost(70_000_000, 3_500, 1, 1).saturating_mul(n.into()))
	}
	fn another_network() -> Weight {
		cost(15_000_000, 6_500, 3, 1)
	}
	fn compare_with_cell() -> Weight {
		cost(25_000_000, 8_000, 1, 0)
	}
	fn compare_with_ring() -> Weight {
		cost(100_000_000, 35_000, 7, 0)
	}
	fn publish() -> Weight {
		cost(20_000_000, 4_500, 1, 1)
	}
	fn settle() -> Weight {
		cost(20_000_000, 6_500, 3, 2)
	}
	fn verify_ed25519() -> Weight {
		cost(45_000_000, 0, 0, 0)
	}
	fn verify_sr25519() -> Weight {
		cost(55_000_000, 0, 0, 0)
	}
	fn verify_secp256k1() -> Weight {
		cost(60_000_000, 0, 0, 0)
	}
	fn verify_p256() -> Weight {
		cost(110_000_000, 0, 0, 0)
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
