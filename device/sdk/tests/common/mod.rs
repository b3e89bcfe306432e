//! Reader of the published test vectors, `docs/vectors/reports.json`. Hexadecimal is in lower case,
//! without `0x`.

use serde::{Deserialize, Serialize};
use std::{
	fs,
	path::{Path, PathBuf},
};

/// Content of the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Vectors {
	/// Genesis hash of the chain that every report is signed for.
	pub genesis: String,
	/// Genesis prefix: the first four bytes of the genesis hash.
	pub chain_tag: String,
	/// Secret of every key.
	pub secret: String,
	/// One key of each scheme, in the order of the schemes' numbers.
	pub keys: Vec<Key>,
	/// Reports.
	pub reports: Vec<Vector>,
}

/// Key of a device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Key {
	/// Name of the scheme.
	pub scheme: String,
	/// The scheme's byte, then the key.
	pub public_key: String,
	/// Id of the device.
	pub device: String,
}

/// Report, which some of the devices sign.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Vector {
	/// Name of the case that the vector shows.
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
	/// SCALE bytes of all readings, as they are sent with the report.
	pub inline_readings: String,
	pub signed: Vec<Signed>,
}

/// Reading with its bytes and its leaf of the Merkle tree.
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

/// Summary of a metric's readings with its bytes.
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

/// Report as the device of one key signs it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Signed {
	/// Name of the key's scheme.
	pub scheme: String,
	/// SCALE bytes of the report.
	pub report: String,
	/// Hash of the report's bytes.
	pub hash: String,
	/// Bytes that are signed.
	pub signing_bytes: String,
	pub signature: String,
	/// SCALE bytes of the signed report, as it is handed in.
	pub signed_report: String,
}

/// 64-bit integers as decimal strings: many JSON readers hold 53 bits of a number only.
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

/// Returns the path of a folder or file of the repository.
pub fn in_repository(path: &str) -> PathBuf {
	Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// Returns the path of the vectors' file.
pub fn path() -> PathBuf {
	in_repository("docs/vectors/reports.json")
}

/// Reads the vectors' file.
pub fn read() -> Vectors {
	let text = fs::read_to_string(path()).expect("docs/vectors/reports.json can be read");
	serde_json::from_str(&text).expect("docs/vectors/reports.json is of this form")
}
