//! Public keys and signatures of devices and makers.

use crate::{hashing::blake2_256, ids::DeviceId};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Signature scheme. The numbers are part of the wire format and of every device id.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum KeyScheme {
	/// Ed25519 (RFC 8032) over the message itself.
	#[codec(index = 0)]
	Ed25519,
	/// Schnorr signatures on Ristretto255 (schnorrkel) in the context `substrate`.
	#[codec(index = 1)]
	Sr25519,
	/// ECDSA on secp256k1 over the message's SHA-256.
	#[codec(index = 2)]
	Secp256k1,
	/// ECDSA on P-256 over the message's SHA-256 (FIPS 186-5).
	#[codec(index = 3)]
	P256,
}

impl KeyScheme {
	/// All schemes that this chain verifies, by number.
	pub const ALL: [Self; 4] = [Self::Ed25519, Self::Sr25519, Self::Secp256k1, Self::P256];
}

/// Set of the key schemes that a network accepts. Bit *n* is set if scheme *n* is accepted.
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
pub struct KeySchemes(pub u8);

impl KeySchemes {
	/// Set of all schemes that this chain verifies.
	pub const ALL: Self = Self(0b1111);

	/// Tells if `scheme` is in the set.
	pub fn contains(self, scheme: KeyScheme) -> bool {
		self.0 & Self::bit(scheme) != 0
	}

	/// Tells if the set is empty or names a scheme that this chain cannot verify.
	pub fn is_unusable(self) -> bool {
		self.0 == 0 || self.0 & !Self::ALL.0 != 0
	}

	/// Returns the set of one scheme.
	pub fn only(scheme: KeyScheme) -> Self {
		Self(Self::bit(scheme))
	}

	const fn bit(scheme: KeyScheme) -> u8 {
		match scheme {
			KeyScheme::Ed25519 => 1,
			KeyScheme::Sr25519 => 1 << 1,
			KeyScheme::Secp256k1 => 1 << 2,
			KeyScheme::P256 => 1 << 3,
		}
	}
}

/// Public key with its scheme. SCALE: one byte for the scheme, then the key's bytes.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub enum PublicKey {
	/// Point of Ed25519, in the 32 bytes of RFC 8032.
	#[codec(index = 0)]
	Ed25519([u8; 32]),
	/// Ristretto255 element (RFC 9496, 4.3.2).
	#[codec(index = 1)]
	Sr25519([u8; 32]),
	/// Compressed point of secp256k1: 0x02 or 0x03, then x (SEC 1, 2.3.3).
	#[codec(index = 2)]
	Secp256k1([u8; 33]),
	/// Compressed point of P-256: 0x02 or 0x03, then x (SEC 1, 2.3.3).
	#[codec(index = 3)]
	P256([u8; 33]),
}

impl PublicKey {
	/// Returns the key's scheme.
	pub fn scheme(&self) -> KeyScheme {
		match self {
			Self::Ed25519(_) => KeyScheme::Ed25519,
			Self::Sr25519(_) => KeyScheme::Sr25519,
			Self::Secp256k1(_) => KeyScheme::Secp256k1,
			Self::P256(_) => KeyScheme::P256,
		}
	}

	/// Returns the id of the device whose first key this is: blake2-256 of the scheme byte and the
	/// key.
	pub fn device_id(&self) -> DeviceId {
		self.using_encoded(blake2_256)
	}

	/// Returns the key's bytes, without the scheme.
	pub fn as_bytes(&self) -> &[u8] {
		match self {
			Self::Ed25519(key) | Self::Sr25519(key) => key,
			Self::Secp256k1(key) | Self::P256(key) => key,
		}
	}
}

/// JSON: `{"scheme": "p256", "key": "0x…"}`.
#[cfg(feature = "serde")]
mod json {
	use super::*;
	use alloc::{format, vec::Vec};
	use serde::{de::Error, Deserialize, Deserializer, Serialize, Serializer};

	#[derive(Serialize, Deserialize)]
	struct Form {
		scheme: KeyScheme,
		#[serde(
			serialize_with = "crate::json::bytes::serialize",
			deserialize_with = "crate::json::bytes::deserialize_vec"
		)]
		key: Vec<u8>,
	}

	impl Serialize for PublicKey {
		fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
			Form { scheme: self.scheme(), key: self.as_bytes().to_vec() }.serialize(serializer)
		}
	}

	impl<'de> Deserialize<'de> for PublicKey {
		fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
			let Form { scheme, key } = Form::deserialize(deserializer)?;
			let wrong = |key: Vec<u8>| {
				D::Error::custom(format!("{} bytes are no {scheme:?} key", key.len()))
			};
			match scheme {
				KeyScheme::Ed25519 => key.try_into().map(Self::Ed25519).map_err(wrong),
				KeyScheme::Sr25519 => key.try_into().map(Self::Sr25519).map_err(wrong),
				KeyScheme::Secp256k1 => key.try_into().map(Self::Secp256k1).map_err(wrong),
				KeyScheme::P256 => key.try_into().map(Self::P256).map_err(wrong),
			}
		}
	}
}

/// Signature of 64 bytes. The scheme of the signer's key gives their meaning: R ‖ s for Ed25519 and
/// Sr25519, r ‖ s (big-endian, both forms of s accepted) for secp256k1 and P-256.
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
pub struct Signature(
	#[cfg_attr(feature = "serde", serde(with = "crate::json::bytes"))] pub [u8; 64],
);
