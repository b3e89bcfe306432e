#![cfg_attr(not(feature = "std"), no_std)]
#![doc = include_str!("../README.md")]

#[cfg(target_arch = "wasm32")]
pub use depin_runtime::*;
