//! Ids, numbers and units that every part of the project shares.

pub use primitive_types::H256;

/// Id of a device for life: the blake2-256 of its first public key, as
/// [`PublicKey::device_id`](crate::key::PublicKey::device_id) makes it. Rotating the key, moving or
/// changing owner never changes the id.
pub type DeviceId = H256;

/// Number of a network, given in order of creation.
pub type NetworkId = u32;

/// Number of a maker, given in order of registration.
pub type MakerId = u32;

/// Number of a metric in its network, chosen by the network's admin.
pub type MetricId = u16;

/// Number of a block.
pub type BlockNumber = u32;

/// Milliseconds since the Unix epoch, UTC.
pub type Millis = u64;

/// Number of a reward epoch; the first is 0.
pub type EpochIndex = u32;

/// Amount in the token's smallest unit (10⁻¹² WORK).
pub type Balance = u128;
