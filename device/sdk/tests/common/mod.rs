//! Published test vectors, `docs/vectors/reports.json`. Hexadecimal is in lower case, without `0x`.

use serde::{Deserialize, Serialize};
use std::{
	fs,
	path::{Path, PathBuf},
};

/// Contents of the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Vectors {
	/// Genesis hash of the chain for which the reports are signed.
	pub genesis: String,
	/// First four bytes of the genesis hash.
	pub genesis_prefix: String,
	/// Secret of every key.
	pub secret: String,
	/// Keys: one of each scheme, by the scheme's number.
	pub keys: Vec<Key>,
	/// Reports with the signatures of some of the devices.
	pub reports: Vec<Vector>,
	/// Statements of the device with the Ed25519 key: consent, rotation, adoption.
	pub statements: Vec<Statement>,
}

/// Statement that a device signs about its owner or its key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Statement {
	/// Kind of the statement.
	pub name: String,
	/// Scheme of the key that signs.
	pub scheme: String,
	#[serde(with = "decimal")]
	pub expires: u64,
	/// Bytes that the signature covers.
	pub signing_bytes: String,
	pub signature: String,
}

/// Key of a device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Key {
	/// Scheme of the key, in lower case.
	pub scheme: String,
	/// Byte of the scheme, then the key.
	pub public_key: String,
	/// Id of the device.
	pub device: String,
}

/// Report that some of the devices sign.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Vector {
	/// Name that says which property the report shows.
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
	/// Byte of the flags: bit 0 says that the readings travel inline.
	pub flags: u8,
	pub metrics: Vec<SummaryVector>,
	pub digests: Vec<DigestVector>,
	/// All readings, as they travel with a report that says that they do.
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

/// Summary with its bytes.
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

/// Data digest of a report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DigestVector {
	pub kind: u8,
	pub digest: String,
}

/// Report signed by the device of one key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Signed {
	/// Scheme of the key.
	pub scheme: String,
	/// Bytes of the report.
	pub report: String,
	/// Hash of these bytes.
	pub hash: String,
	/// Bytes that the signature covers.
	pub signing_bytes: String,
	pub signature: String,
	/// Signed report, as it is handed in.
	pub signed_report: String,
	/// Compact uplink of the signed report.
	pub uplink: String,
}

/// Numbers of 64 bits as decimals in strings: many readers of JSON keep only 53 bits of a number.
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
	// Read at run time: a build may serve several clones of the repository.
	let crate_folder = std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo runs the tests");
	Path::new(&crate_folder).join("../..").join(path)
}

/// Returns the path of the file.
pub fn path() -> PathBuf {
	in_repository("docs/vectors/reports.json")
}

/// Reads the file.
pub fn read() -> Vectors {
	let text = fs::read_to_string(path()).expect("docs/vectors/reports.json can be read");
	serde_json::from_str(&text).expect("docs/vectors/reports.json is of this form")
}
