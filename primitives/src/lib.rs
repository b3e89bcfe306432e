#![cfg_attr(not(feature = "std"), no_std)]
#![doc = include_str!("../README.md")]

extern crate alloc;

pub mod access;
pub mod beacon;
pub mod cell;
pub mod device;
#[cfg(feature = "runtime")]
pub mod feeless;
pub mod hashing;
#[cfg(feature = "serde")]
pub mod json;
pub mod key;
pub mod maker;
pub mod metric;
pub mod network;
pub mod page;
pub mod policy;
pub mod proof;
pub mod quality;
pub mod refusal;
pub mod report;
pub mod reward;
pub mod signing;
pub mod statement;
pub mod suspension;
pub mod traits;
#[cfg(feature = "signatures")]
pub mod verify;

pub use cell::{Cell, InvalidCell};
pub use key::{KeyScheme, PublicKey, Signature};
pub use primitive_types::H256;

/// Id of a device for life: the blake2-256 of its first public key, as [`PublicKey::device_id`]
/// makes it. Rotating the key, moving or changing owner never changes the id.
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
