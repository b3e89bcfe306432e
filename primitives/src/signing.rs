//! Signed bytes: every signature on this chain covers a domain tag, the chain's genesis hash and
//! the SCALE bytes of one body, so that a signature is valid for one purpose on one chain.

use crate::ids::H256;
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Length of a domain tag, in bytes.
pub const DOMAIN_TAG_LEN: usize = 16;

/// Domain tag: ASCII, padded with zero bytes.
pub type DomainTag = [u8; DOMAIN_TAG_LEN];

/// Body of a signed message, with its own domain.
pub trait Signable: Encode {
	/// Domain tag of this kind of message.
	const DOMAIN_TAG: &'static DomainTag;

	/// Returns the bytes to sign: domain tag (16) ‖ genesis hash (32) ‖ SCALE of the body.
	fn signing_bytes(&self, genesis: &H256) -> Vec<u8> {
		let mut bytes = Vec::with_capacity(DOMAIN_TAG_LEN + 32 + self.size_hint());
		bytes.extend_from_slice(Self::DOMAIN_TAG);
		bytes.extend_from_slice(genesis.as_bytes());
		self.encode_to(&mut bytes);
		bytes
	}
}

/// Genesis prefix: the first four bytes of a chain's genesis hash.
///
/// A message carries the prefix beside its signed bytes, so that the chain can tell a message meant
/// for another chain from a bad signature. The signed bytes hold the whole hash.
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
pub struct GenesisPrefix(
	#[cfg_attr(feature = "serde", serde(with = "crate::json::bytes"))] pub [u8; 4],
);

impl GenesisPrefix {
	/// Returns the prefix of the chain with this genesis hash.
	pub fn of(genesis: &H256) -> Self {
		let [a, b, c, d, ..] = genesis.0;
		Self([a, b, c, d])
	}
}
