//! JSON forms of numbers, bytes and text that several types share.

/// Integers of 64 and 128 bits as decimal strings: such integers exceed the 53 bits that
/// JavaScript's numbers hold.
pub mod decimal {
	use alloc::string::String;
	use core::{fmt::Display, str::FromStr};
	use serde::{de::Error, Deserialize, Deserializer, Serializer};

	/// Writes the number as a decimal string.
	pub fn serialize<N: Display, S: Serializer>(
		number: &N,
		serializer: S,
	) -> Result<S::Ok, S::Error> {
		serializer.collect_str(number)
	}

	/// Reads the number from a decimal string.
	pub fn deserialize<'de, N: FromStr<Err: Display>, D: Deserializer<'de>>(
		deserializer: D,
	) -> Result<N, D::Error> {
		String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
	}
}

/// Byte arrays as `0x`-prefixed hexadecimal. The prefix may be absent in what is read.
pub mod bytes {
	use alloc::{format, string::String, vec::Vec};
	use serde::{de::Error, Deserialize, Deserializer, Serializer};

	/// Writes the bytes.
	pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
		serializer.serialize_str(&format!("0x{}", hex::encode(bytes)))
	}

	/// Reads any number of bytes.
	pub fn deserialize_vec<'de, D: Deserializer<'de>>(
		deserializer: D,
	) -> Result<Vec<u8>, D::Error> {
		let text = String::deserialize(deserializer)?;
		let digits = text.strip_prefix("0x").unwrap_or(&text);
		hex::decode(digits).map_err(|e| D::Error::custom(format!("not hexadecimal: {e}")))
	}

	/// Reads exactly `N` bytes.
	pub fn deserialize<'de, D: Deserializer<'de>, const N: usize>(
		deserializer: D,
	) -> Result<[u8; N], D::Error> {
		deserialize_vec(deserializer)?
			.try_into()
			.map_err(|v: Vec<u8>| D::Error::custom(format!("{} bytes where {N} belong", v.len())))
	}
}

/// Bounded ASCII text as a string.
pub mod text {
	use alloc::string::String;
	use bounded_collections::{BoundedVec, ConstU32};
	use serde::{de::Error, Deserialize, Deserializer, Serializer};

	/// Writes the text.
	pub fn serialize<S: Serializer, const N: u32>(
		bytes: &BoundedVec<u8, ConstU32<N>>,
		serializer: S,
	) -> Result<S::Ok, S::Error> {
		// A registered name or unit is ASCII.
		serializer.serialize_str(&String::from_utf8_lossy(bytes))
	}

	/// Reads text of at most `N` bytes.
	pub fn deserialize<'de, D: Deserializer<'de>, const N: u32>(
		deserializer: D,
	) -> Result<BoundedVec<u8, ConstU32<N>>, D::Error> {
		String::deserialize(deserializer)?
			.into_bytes()
			.try_into()
			.map_err(|_| D::Error::custom("more characters than there is room for"))
	}
}
