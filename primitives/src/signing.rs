//! What is signed: every signature on this chain covers a domain tag, the chain's genesis hash and
//! the SCALE bytes of one body, so that it is good for one purpose on one chain.

use crate::H256;
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// The length of a domain tag.
pub const TAG_LEN: usize = 16;

/// Something that is signed, with its own domain.
pub trait Signable: Encode {
	/// The domain tag: ASCII, filled up with zero bytes.
	const TAG: &'static [u8; TAG_LEN];

	/// The bytes to sign: tag (16) ‖ genesis hash (32) ‖ SCALE of the body.
	fn signing_bytes(&self, genesis: &H256) -> Vec<u8> {
		let mut bytes = Vec::with_capacity(TAG_LEN + 32 + self.size_hint());
		bytes.extend_from_slice(Self::TAG);
		bytes.extend_from_slice(genesis.as_bytes());
		self.encode_to(&mut bytes);
		bytes
	}
}

/// The first four bytes of the genesis hash, sent beside what is signed: they let the chain tell a
/// message meant for another chain from a bad signature. They are no part of the signed bytes, which
/// hold the whole hash.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct ChainTag(#[cfg_attr(feature = "serde", serde(with = "crate::bytes"))] pub [u8; 4]);

impl ChainTag {
	/// The tag of the chain with this genesis hash.
	pub fn of(genesis: &H256) -> Self {
		let [a, b, c, d, ..] = genesis.0;
		Self([a, b, c, d])
	}
}
