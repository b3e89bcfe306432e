#![cfg_attr(not(feature = "std"), no_std)]
#![doc = include_str!("../README.md")]

extern crate alloc;

pub mod device;
pub mod key;
pub mod maker;
pub mod proof;
pub mod reporter;
pub mod uplink;
