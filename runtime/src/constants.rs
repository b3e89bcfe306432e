//! Constants of the chain: money and time.

/// Amounts of money, in the token's smallest unit.
pub mod currency {
	use depin_primitives::Balance;

	/// One WORK.
	pub const WORK: Balance = 1_000_000_000_000;
	/// Thousandth of a WORK.
	pub const MILLI_WORK: Balance = WORK / 1_000;
	/// Millionth of a WORK.
	pub const MICRO_WORK: Balance = WORK / 1_000_000;

	/// Existential deposit: the least balance that keeps an account alive.
	pub const EXISTENTIAL_DEPOSIT: Balance = MILLI_WORK;

	/// Returns the deposit for `items` storage items of `bytes` bytes in all, held while the items
	/// exist.
	pub const fn deposit(items: u32, bytes: u32) -> Balance {
		items as Balance * 100 * MILLI_WORK + bytes as Balance * MILLI_WORK
	}
}

/// State of a device, and its price.
pub mod state {
	use super::currency::deposit;
	use crate::Balance;

	/// Greatest number of storage items that all pallets keep of a registered device.
	pub const DEVICE_ITEMS: u32 = 8;

	/// Greatest number of bytes of those items, with their keys. A test of the runtime computes it
	/// from the stored types and prints it item by item.
	pub const DEVICE_BYTES: u32 = 1_318;

	/// Deposit for the state of a device: the least bond.
	pub const DEVICE_STATE_DEPOSIT: Balance = deposit(DEVICE_ITEMS, DEVICE_BYTES);
}

/// Spans of time.
pub mod time {
	use depin_primitives::{BlockNumber, Millis};

	/// Milliseconds from block to block.
	pub const MILLISECS_PER_BLOCK: Millis = 6_000;
	/// Milliseconds of a BABE slot, which is as long as a block.
	pub const SLOT_DURATION: Millis = MILLISECS_PER_BLOCK;
	/// Blocks in a minute.
	pub const MINUTES: BlockNumber = 60_000 / MILLISECS_PER_BLOCK as BlockNumber;
	/// Blocks in an hour.
	pub const HOURS: BlockNumber = MINUTES * 60;
	/// Blocks in a day.
	pub const DAYS: BlockNumber = HOURS * 24;
	/// Slots in a BABE epoch, which is also a session: one hour.
	pub const EPOCH_DURATION_IN_SLOTS: u64 = HOURS as u64;
	/// Probability that a slot has a primary author: one in four.
	pub const PRIMARY_PROBABILITY: (u64, u64) = (1, 4);
}
