//! The published test vectors, `docs/vectors/reports.json`. Hexadecimal is in lower case, without `0x`.

use serde::{Deserialize, Serialize};
use std::{
	fs,
	path::{Path, PathBuf},
};

/// All of the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Vectors {
	/// The genesis hash of the chain that all is signed for.
	pub genesis: String,
	/// Its first four bytes.
	pub chain_tag: String,
	/// The secret of every key.
	pub secret: String,
	/// One of each scheme, by number.
	pub keys: Vec<Key>,
	/// What is reported.
	pub reports: Vec<Vector>,
}

/// A device's key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Key {
	/// Its scheme.
	pub scheme: String,
	/// The scheme's byte and the key.
	pub public_key: String,
	/// The device's id.
	pub device: String,
}

/// A report, which some of the devices sign.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Vector {
	/// What this one shows.
	pub name: String,
	#[serde(with = "decimal")]
	pub sequence: u64,
	#[serde(with = "decimal")]
	pub window_start: u64,
	#[serde(with = "decimal")]
	pub window_end: u64,
	#[serde(with = "decimal")]
	pub work: u64,
	pub previous: String,
	pub readings: Vec<ReadingVector>,
	pub readings_root: String,
	pub readings_count: u32,
	pub metrics: Vec<SummaryVector>,
	/// All readings as they go inline.
	pub inline_readings: String,
	pub signed: Vec<Signed>,
}

/// One reading.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReadingVector {
	#[serde(with = "decimal")]
	pub time: u64,
	pub metric: u16,
	#[serde(with = "decimal")]
	pub value: i64,
	pub bytes: String,
	pub leaf: String,
}

/// One summary.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SummaryVector {
	pub metric: u16,
	pub count: u32,
	#[serde(with = "decimal")]
	pub min: i64,
	#[serde(with = "decimal")]
	pub max: i64,
	#[serde(with = "decimal")]
	pub sum: i64,
	pub bytes: String,
}

/// The report by the device of one key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Signed {
	/// The key's scheme.
	pub scheme: String,
	/// The report's bytes.
	pub report: String,
	/// Their hash.
	pub hash: String,
	/// What is signed.
	pub signing_bytes: String,
	pub signature: String,
	/// What is handed in.
	pub signed_report: String,
}

/// 64 bits as a decimal in a string: many readers of JSON keep no more than 53 of a number.
mod decimal {
	use serde::{de::Error, Deserialize, Deserializer, Serializer};
	use std::{fmt::Display, str::FromStr};

	pub fn serialize<T: Display, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
		to.collect_str(value)
	}

	pub fn deserialize<'de, T: FromStr, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
		let text = String::deserialize(from)?;
		text.parse().map_err(|_| D::Error::custom(format!("not a number of 64 bits: {text}")))
	}
}

/// A folder or file of the repository.
pub fn in_repository(path: &str) -> PathBuf {
	Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// The file's place.
pub fn path() -> PathBuf {
	in_repository("docs/vectors/reports.json")
}

/// What the file says.
pub fn read() -> Vectors {
	let text = fs::read_to_string(path()).expect("docs/vectors/reports.json can be read");
	serde_json::from_str(&text).expect("docs/vectors/reports.json is of this form")
}
