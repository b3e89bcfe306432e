#![cfg_attr(not(feature = "std"), no_std)]
#![doc = include_str!("../README.md")]

extern crate alloc;

pub mod device;
pub mod key;
pub mod maker;
pub mod proof;
pub mod reporter;

/// Every key scheme, for the tests.
#[cfg(test)]
const SCHEMES: [depin_primitives::KeyScheme; 4] = {
	use depin_primitives::KeyScheme::*;
	[Ed25519, Sr25519, Secp256k1, P256]
};
