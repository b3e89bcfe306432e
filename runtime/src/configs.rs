//! Configuration of each pallet, by topic.

mod accounts;
mod consensus;
mod depin;
mod governance;
mod parameters;
mod staking;
mod system;

pub use accounts::ProxyType;
pub use governance::TreasuryAccount;
pub use parameters::{initial_parameters, params, RuntimeParameters};
pub use staking::MAX_VALIDATORS;
pub use system::RuntimeBlockWeights;
