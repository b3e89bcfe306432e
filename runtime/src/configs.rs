//! Configuration of each pallet, by topic.

mod accounts;
mod consensus;
mod depin;
mod device_parts;
pub mod fees;
mod governance;
mod parameters;
mod referenda;
mod staking;
mod system;

pub use accounts::ProxyType;
pub use device_parts::DeviceParts;
pub use governance::{TechnicalCollective, TreasuryAccount};
pub use parameters::{initial_parameters, params, RuntimeParameters};
pub use referenda::{TrackId, Tracks};
pub use staking::{CHILL_THRESHOLD, MAX_CANDIDATES, MAX_NOMINATORS, MAX_VALIDATORS, MAX_VOTERS};
pub use system::RuntimeBlockWeights;
