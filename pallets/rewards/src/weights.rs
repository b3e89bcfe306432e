//! Weights of the calls and hooks: the trait that a benchmarked weight file implements.

use frame_support::weights::{constants::RocksDbWeight, Weight};

/// Weight of each call and hook.
pub trait WeightInfo {
	/// Returns the weight of [`Call::claim`](crate::Call::claim) of the last points of an epoch.
	fn claim() -> Weight;
	/// Returns the weight of [`Call::claim_batch`](crate::Call::claim_batch) of `n` devices.
	fn claim_batch(n: u32) -> Weight;
	/// Returns the weight of [`Call::set_allocation`](crate::Call::set_allocation), of the
	/// last network that fits.
	fn set_allocation() -> Weight;
	/// Returns the weight of [`Call::set_shares`](crate::Call::set_shares).
	fn set_shares() -> Weight;
	/// Returns the weight of [`Call::claim_former`](crate::Call::claim_former) of the last points
	/// of an epoch.
	fn claim_former() -> Weight;
	/// Returns the weight of [`Call::claim_former_batch`](crate::Call::claim_former_batch) of `n`
	/// accounts.
	fn claim_former_batch(n: u32) -> Weight;
	/// Returns the weight of a claim that fails at its last check, in either batch.
	fn claim_refused() -> Weight;
	/// Returns the weight of [`Call::set_payout_account`](crate::Call::set_payout_account) that
	/// holds the deposit.
	fn set_payout_account() -> Weight;
	/// Returns the weight of [`Call::set_claim_permission`](crate::Call::set_claim_permission) that
	/// holds the deposit.
	fn set_claim_permission() -> Weight;
	/// Returns the weight of the block that closes an epoch, with `n` funded networks.
	fn close_epoch(n: u32) -> Weight;
	/// Returns the weight of every other block.
	fn on_initialize_idle() -> Weight;
}

/// Weights for mocks: the runtime's figures, rounded.
impl WeightInfo for () {
	fn claim() -> Weight {
		cost(89_900_000, 8_799, 10, 6)
	}
	fn claim_batch(n: u32) -> Weight {
		cost(25_800_000, 3_593, 4, 3)
			.saturating_add(cost(163_000_000, 5_206, 6, 3).saturating_mul(n.into()))
	}
	fn set_allocation() -> Weight {
		cost(17_300_000, 3_910, 3, 1)
	}
	fn set_shares() -> Weight {
		cost(5_390_000, 0, 0, 1)
	}
	fn claim_former() -> Weight {
		cost(110_000_000, 8_799, 11, 8)
	}
	fn claim_former_batch(n: u32) -> Weight {
		cost(25_800_000, 3_593, 4, 3)
			.saturating_add(cost(190_000_000, 5_206, 7, 5).saturating_mul(n.into()))
	}
	fn claim_refused() -> Weight {
		cost(40_000_000, 5_206, 7, 0)
	}
	fn set_payout_account() -> Weight {
		cost(50_000_000, 3_764, 3, 3)
	}
	fn set_claim_permission() -> Weight {
		cost(50_000_000, 3_764, 3, 3)
	}
	fn close_epoch(n: u32) -> Weight {
		cost(46_400_000, 5_999, 12, 8)
			.saturating_add(cost(9_400_000, 2_507, 1, 1).saturating_mul(n.into()))
	}
	fn on_initialize_idle() -> Weight {
		cost(3_040_000, 1_493, 1, 0)
	}
}

/// Returns the weight of `time` picoseconds, `proof` bytes and so many storage reads and writes.
fn cost(time: u64, proof: u64, reads: u64, writes: u64) -> Weight {
	Weight::from_parts(time, proof).saturating_add(RocksDbWeight::get().reads_writes(reads, writes))
}
