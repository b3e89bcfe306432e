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
pub mod ids;
#[cfg(feature = "serde")]
pub mod json;
pub mod key;
pub mod maker;
pub mod metric;
pub mod network;
pub mod page;
pub mod parameters;
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
pub use ids::{
	Balance, BlockNumber, DeviceId, EpochIndex, MakerId, MetricId, Millis, NetworkId, H256,
};
pub use key::{KeyScheme, PublicKey, Signature};
