//! Byte arrays as `0x`-prefixed hex in JSON; reading takes them with or without the prefix.

use alloc::{format, string::String, vec::Vec};
use serde::{de::Error, Deserialize, Deserializer, Serializer};

pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
	serializer.serialize_str(&format!("0x{}", hex::encode(bytes)))
}

pub fn deserialize_vec<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
	let text = String::deserialize(deserializer)?;
	let digits = text.strip_prefix("0x").unwrap_or(&text);
	hex::decode(digits).map_err(|e| D::Error::custom(format!("not hexadecimal: {e}")))
}

pub fn deserialize<'de, D: Deserializer<'de>, const N: usize>(
	deserializer: D,
) -> Result<[u8; N], D::Error> {
	deserialize_vec(deserializer)?
		.try_into()
		.map_err(|v: Vec<u8>| D::Error::custom(format!("{} bytes where {N} belong", v.len())))
}
