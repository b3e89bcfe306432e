#![cfg_attr(not(feature = "std"), no_std)]
#![doc = include_str!("../README.md")]

extern crate alloc;

pub mod beacon;
#[cfg(feature = "serde")]
mod bytes;
pub mod cell;
pub mod device;
pub mod hashing;
pub mod key;
pub mod metric;
pub mod network;
pub mod page;
pub mod proof;
pub mod quality;
pub mod report;
pub mod reward;
pub mod signing;
pub mod traits;
#[cfg(feature = "signatures")]
pub mod verify;

pub use cell::{Cell, InvalidCell};
pub use key::{KeyScheme, PublicKey, Signature};
pub use primitive_types::H256;

/// A device's name for life: the blake2-256 of its first public key, as [`PublicKey::device_id`]
/// makes it. Rotating the key, moving or changing owner never changes it.
pub type DeviceId = H256;

/// A network's number, given in order of creation.
pub type NetworkId = u32;

/// A maker's number, given in order of registration.
pub type MakerId = u32;

/// Milliseconds since the Unix epoch, UTC.
pub type Millis = u64;

/// A reward epoch's number; the first is 0.
pub type EpochIndex = u32;

/// An amount in the token's smallest unit (10⁻¹² WORK).
pub type Balance = u128;
