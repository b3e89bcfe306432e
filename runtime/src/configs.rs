//! Configuration of each pallet, by topic.

mod accounts;
mod consensus;
mod depin;
mod governance;
mod referenda;
mod staking;
mod system;

pub use accounts::ProxyType;
pub use governance::{TechnicalCollective, TreasuryAccount};
pub use referenda::{TrackId, Tracks};
pub use staking::MAX_VALIDATORS;
pub use system::RuntimeBlockWeights;
