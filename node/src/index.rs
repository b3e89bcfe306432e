//! Index of finalized blocks: the devices' reports, the judged beacons and the payments, in a
//! SQLite database beside the chain's, where they can be searched.
//!
//! - [`open`] opens the index and removes blocks that are not (or no longer) on the chain. [`run`]
//!   then adds each finalized block, in order, with the events that the block's own runtime
//!   returns.
//! - A block is written in one transaction, together with the cursor, or not at all. A committed
//!   block survives the end of the process, by `kill -9` too.
//! - Reading a block's events needs the block's state. A node that prunes states faster than it
//!   indexes blocks has a gap in its index. This happens in the first synchronization, unless the
//!   node runs with `--state-pruning archive-canonical`. The log reports the gap, and every answer
//!   has the covered range: all rows of the blocks from [`Extent::from`] to [`Extent::to`] are in
//!   the index, but rows of earlier blocks may be missing.

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
