//! Weights of the calls, authorizations and hooks: the trait that a benchmarked weight file
//! implements.

use frame_support::weights::{constants::RocksDbWeight, Weight};

/// Weight of each call, authorization and hook.
pub trait WeightInfo {
	/// Returns the weight of a tick that opens a period, the most expensive one.
	fn on_poll() -> Weight;
	/// Returns the weight of `n` steps of the removal of past rounds.
	fn clear_rounds(n: u32) -> Weight;
	/// Returns the weight of the note if the block was full.
	fn on_finalize() -> Weight;
	/// Returns the weight of [`Call::witness`](crate::Call::witness), without its authorization.
	fn witness() -> Weight;
	/// Returns the weight of the authorization of [`Call::witness`](crate::Call::witness).
	fn authorize_witness() -> Weight;
	/// Returns the weight of [`Call::beacon`](crate::Call::beacon) with `w` witnesses, without its
	/// authorization.
	fn beacon(w: u32) -> Weight;
	/// Returns the weight of the authorization of [`Call::beacon`](crate::Call::beacon).
	fn authorize_beacon() -> Weight;
	/// Returns the weight of [`Call::submit_witness`](crate::Call::submit_witness).
	fn submit_witness() -> Weight;
	/// Returns the weight of [`Call::submit_beacon`](crate::Call::submit_beacon) with `w`
	/// witnesses.
	fn submit_beacon(w: u32) -> Weight;
	/// Returns the weight of [`Call::set_timing`](crate::Call::set_timing).
	fn set_timing() -> Weight;
}

/// Weights for mocks: the runtime's measured figures, rounded.
impl WeightInfo for () {
	fn on_poll() -> Weight {
		cost(13_500_000, 1_545, 6, 2)
	}
	fn clear_rounds(n: u32) -> Weight {
		cost(4_000_000, 1_545, 2, 0)
			.saturating_add(cost(13_000_000, 6_500, 1, 2).saturating_mul(n.into()))
	}
	fn on_finalize() -> Weight {
		cost(3_920_000, 1_486, 1, 1)
	}
	fn witness() -> Weight {
		cost(112_000_000, 7_486, 9, 1)
	}
	fn authorize_witness() -> Weight {
		cost(153_000_000, 7_486, 8, 0)
	}
	fn beacon(w: u32) -> Weight {
		cost(104_000_000, 15_471, 14, 8)
			.saturating_add(cost(11_200_000, 2_631, 1, 0).saturating_mul(w.into()))
	}
	fn authorize_beacon() -> Weight {
		cost(128_000_000, 3_910, 7, 0)
	}
	fn submit_witness() -> Weight {
		cost(194_000_000, 7_486, 9, 1)
	}
	fn submit_beacon(w: u32) -> Weight {
		cost(214_000_000, 15_471, 14, 8)
			.saturating_add(cost(10_600_000, 2_631, 1, 0).saturating_mul(w.into()))
	}
	fn set_timing() -> Weight {
		cost(8_000_000, 0, 0, 1)
	}
}

/// Returns the weight of `time` picoseconds, `proof` bytes and so many storage reads and writes.
fn cost(time: u64, proof: u64, reads: u64, writes: u64) -> Weight {
	Weight::from_parts(time, proof).saturating_add(RocksDbWeight::get().reads_writes(reads, writes))
}
