#![doc = include_str!("../README.md")]

pub mod genesis;
pub mod keys;
pub mod ledger;
pub mod policy;
pub mod registry;
mod runtime;

use depin_primitives::Millis;

/// Account of the mock runtimes, as `frame_system`'s test configuration has it.
pub type AccountId = u64;

/// One second.
pub const SECOND: Millis = 1_000;
/// One minute.
pub const MINUTE: Millis = 60 * SECOND;
/// One hour.
pub const HOUR: Millis = 60 * MINUTE;
/// Time of the chain's clock when a test begins: in September 2026.
pub const START: Millis = 1_790_000_000_000;
