//! The telemetry index: what the events of finalized blocks tell of devices' reports, beacons and
//! payments, in a SQLite database beside the chain's, where it can be searched.
//!
//! - [`open`] opens it, and takes back what the chain does not have (any more); then [`run`] feeds
//!   it with each finalized block, in order, as that block's own runtime reads its events.
//! - A block goes in whole, with the cursor, in one transaction, or not at all. What is committed
//!   survives the end of the process, by `kill -9` too.
//! - Reading a block's events needs its state. A node that prunes states faster than it indexes
//!   them (it does so in its first synchronisation, unless it runs with `--state-pruning
//!   archive-canonical`) has a gap, which the log tells and every answer shows: of the blocks from
//!   [`Extent::from`] to [`Extent::to`] everything is there, of earlier ones perhaps not.

mod block;
mod cursor;
mod error;
mod follow;
mod metrics;
mod query;
mod rows;
mod store;
#[cfg(test)]
mod tests;

pub use block::{BlockRef, Extent};
pub use cursor::{EventCursor, ReadingCursor};
pub use error::Error;
pub use follow::{open, run};
pub use query::{IndexedReading, IndexedReport};
pub use store::Index;
