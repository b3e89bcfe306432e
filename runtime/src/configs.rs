//! Configuration of each pallet, by topic.

mod accounts;
mod consensus;
mod depin;
pub mod fees;
mod governance;
mod staking;
mod system;

pub use accounts::ProxyType;
pub use governance::TreasuryAccount;
pub use staking::{CHILL_THRESHOLD, MAX_CANDIDATES, MAX_NOMINATORS, MAX_VALIDATORS, MAX_VOTERS};
pub use system::RuntimeBlockWeights;
