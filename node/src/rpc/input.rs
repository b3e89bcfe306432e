//! Readers of devices' messages, given as JSON or as the hexadecimal of their SCALE bytes.

use super::errors::Error;
use codec::{Compact, Decode};
use depin_primitives::{
	report::{Reading, Readings, SignedReport, MAX_INLINE_READINGS},
	H256,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Reads a parameter: a string is hexadecimal, with or without `0x`, and anything else is JSON.
pub fn message<T: Decode + DeserializeOwned>(
	parameter: &'static str,
	value: Value,
) -> Result<T, Error> {
	match value {
		Value::String(text) => scale(parameter, &bytes(parameter, &text)?),
		value => json(parameter, value),
	}
}

/// Reads a signed report. One of version 1 of the wire format has an error of its own.
pub fn signed_report(parameter: &'static str, value: Value) -> Result<SignedReport, Error> {
	match value {
		Value::String(text) => {
			let bytes = bytes(parameter, &text)?;
			if is_version_1(&bytes) {
				return Err(Error::OldReport);
			}
			scale(parameter, &bytes)
		}
		value => {
			// Version 2 has added two fields, both of which are required.
			let has = |field| value["report"].get(field).is_some();
			if has("metrics") && !has("flags") && !has("digests") {
				return Err(Error::OldReport);
			}
			json(parameter, value)
		}
	}
}

/// Tells if the bytes have the form of a signed report of version 1: 201 bytes and 30 for each of
/// up to eight summaries. No report of version 2 has such a length.
fn is_version_1(bytes: &[u8]) -> bool {
	const SUMMARIES: usize = 4 + 132;
	let beyond = bytes.len().checked_sub(201);
	let summaries = beyond.filter(|beyond| beyond % 30 == 0).map(|beyond| beyond / 30);
	summaries.is_some_and(|count| count <= 8 && usize::from(bytes[SUMMARIES]) == 4 * count)
}

/// Reads the readings that come with a report. Their number is checked first, so that a list that
/// is too long has an error other than that of a list that cannot be read.
pub fn readings(parameter: &'static str, value: Value) -> Result<Readings, Error> {
	match value {
		Value::String(text) => {
			let bytes = bytes(parameter, &text)?;
			if let Ok(Compact(given)) = Compact::<u64>::decode(&mut &bytes[..]) {
				check_count(given)?;
			}
			scale(parameter, &bytes)
		}
		value => {
			if let Value::Array(items) = &value {
				check_count(items.len() as u64)?;
			}
			json::<Vec<Reading>>(parameter, value)?
				.try_into()
				.map_err(|items: Vec<Reading>| Error::TooManyReadings { given: items.len() as u64 })
		}
	}
}

/// Reads a hash, such as a device's id, from its hexadecimal.
pub fn hash(parameter: &'static str, text: &str) -> Result<H256, Error> {
	let bytes: [u8; 32] =
		bytes(parameter, text)?.try_into().map_err(|bytes: Vec<u8>| Error::Malformed {
			parameter,
			place: "its hexadecimal".into(),
			reason: format!("{} bytes, not 32", bytes.len()),
		})?;
	Ok(bytes.into())
}

/// Refuses more readings than a report may carry.
fn check_count(given: u64) -> Result<(), Error> {
	if given > MAX_INLINE_READINGS.into() {
		return Err(Error::TooManyReadings { given });
	}
	Ok(())
}

/// Reads hexadecimal, with or without `0x`.
fn bytes(parameter: &'static str, text: &str) -> Result<Vec<u8>, Error> {
	let digits = text.strip_prefix("0x").unwrap_or(text);
	hex::decode(digits).map_err(|e| Error::Malformed {
		parameter,
		place: "its hexadecimal".into(),
		reason: e.to_string(),
	})
}

/// Reads SCALE bytes. Bytes after the message are an error.
fn scale<T: Decode>(parameter: &'static str, bytes: &[u8]) -> Result<T, Error> {
	let mut rest = bytes;
	let malformed = |rest: &[u8], reason: String| Error::Malformed {
		parameter,
		place: format!("byte {} of {}", bytes.len() - rest.len(), bytes.len()),
		reason,
	};
	let message = T::decode(&mut rest).map_err(|e| {
		// The codec writes one line for each field that it was in: the error takes one line.
		let reason = e.to_string();
		let reason: Vec<_> = reason.split_whitespace().collect();
		malformed(rest, reason.join(" "))
	})?;
	if !rest.is_empty() {
		return Err(malformed(rest, format!("{} bytes too many", rest.len())));
	}
	Ok(message)
}

/// Reads JSON. The error names the path of the field that cannot be read.
fn json<T: DeserializeOwned>(parameter: &'static str, value: Value) -> Result<T, Error> {
	serde_path_to_error::deserialize(value).map_err(|e| Error::Malformed {
		parameter,
		place: match e.path().to_string().as_str() {
			"." => "its top".into(),
			path => format!("`{path}`"),
		},
		reason: e.inner().to_string(),
	})
}

#[cfg(test)]
mod tests {
	use super::*;
	use codec::Encode;
	use depin_primitives::{
		report::{DataDigests, Report, ReportFlags, Summaries},
		signing::GenesisPrefix,
		Signature, H256,
	};
	use serde_json::json;

	fn signed() -> SignedReport {
		SignedReport {
			chain: GenesisPrefix([1, 2, 3, 4]),
			report: Report {
				device: H256::repeat_byte(5),
				sequence: u64::MAX,
				window_start: 1,
				window_end: 2,
				work: 3,
				previous: H256::zero(),
				readings_root: H256::zero(),
				readings_count: 0,
				flags: ReportFlags::NONE,
				metrics: Summaries::default(),
				digests: DataDigests::default(),
			},
			signature: Signature([6; 64]),
		}
	}

	fn place(error: Error) -> String {
		match error {
			Error::Malformed { parameter: "report", place, .. } => place,
			other => panic!("{other:?}"),
		}
	}

	#[test]
	fn json_and_hexadecimal_say_the_same() {
		let hex = hex::encode(signed().encode());
		for value in
			[serde_json::to_value(signed()).unwrap(), json!(format!("0x{hex}")), json!(hex)]
		{
			assert_eq!(message::<SignedReport>("report", value).unwrap(), signed());
		}
	}

	#[test]
	fn a_report_of_version_1_has_an_error_of_its_own() {
		let read = |value| signed_report("report", value);
		let mut json = serde_json::to_value(signed()).unwrap();
		assert_eq!(read(json.clone()).unwrap(), signed());
		let fields = json["report"].as_object_mut().unwrap();
		fields.remove("flags");
		fields.remove("digests");
		assert!(matches!(read(json), Err(Error::OldReport)));

		let new = signed().encode();
		assert_eq!(read(json!(hex::encode(&new))).unwrap(), signed());
		for count in 0..=8 {
			// Flags and digests are missing.
			let summaries = [vec![4 * count as u8], vec![0; 30 * count]].concat();
			let old = [&new[..4 + 132], &summaries[..], &[6; 64]].concat();
			assert_eq!(old.len(), 201 + 30 * count);
			assert!(matches!(read(json!(hex::encode(old))), Err(Error::OldReport)), "{count}");
		}
		for other in [&new[..10], &new[..202], &[&new[..], &[0; 28]].concat()] {
			let error = read(json!(hex::encode(other))).unwrap_err();
			assert!(matches!(error, Error::Malformed { .. }), "{} bytes", other.len());
		}
	}

	#[test]
	fn what_is_malformed_says_where() {
		let read = |value| place(message::<SignedReport>("report", value).unwrap_err());
		let mut value = serde_json::to_value(signed()).unwrap();
		value["report"]["windowStart"] = json!("noon");
		assert_eq!(read(value.clone()), "`report.windowStart`");
		value["report"].as_object_mut().unwrap().remove("windowStart");
		assert_eq!(read(value), "`report`");
		assert_eq!(read(json!(7)), "its top");
		assert_eq!(read(json!("0xno")), "its hexadecimal");

		let bytes = signed().encode();
		let all = bytes.len();
		let short = json!(hex::encode(&bytes[..40]));
		assert!(read(short).ends_with("of 40"));
		let long = json!(hex::encode([&bytes[..], &[0]].concat()));
		assert_eq!(read(long), format!("byte {all} of {}", all + 1));
	}

	#[test]
	fn too_many_readings_are_not_malformed() {
		let reading = Reading { time: 1, metric: 2, value: -3 };
		let most = MAX_INLINE_READINGS as usize;
		for (count, good) in [(0, true), (most, true), (most + 1, false)] {
			let items = vec![reading; count];
			for value in [serde_json::to_value(&items).unwrap(), json!(hex::encode(items.encode()))]
			{
				match readings("readings", value) {
					Ok(read) => assert!(good && *read == items),
					Err(Error::TooManyReadings { given }) => {
						assert!(!good && given == count as u64)
					}
					Err(other) => panic!("{other:?}"),
				}
			}
		}
		assert!(matches!(readings("readings", json!([{}])), Err(Error::Malformed { .. })));
		assert!(matches!(readings("readings", json!("0x04")), Err(Error::Malformed { .. })));
	}

	#[test]
	fn a_hash_has_32_bytes() {
		let id = H256::repeat_byte(0xa5);
		let digits = "a5".repeat(32);
		for text in [format!("0x{digits}"), digits.clone(), digits.to_uppercase()] {
			assert_eq!(hash("report", &text).unwrap(), id);
		}
		for text in ["", "0x", "no", &digits[1..], &digits[2..], &format!("{digits}a5")] {
			assert_eq!(place(hash("report", text).unwrap_err()), "its hexadecimal");
		}
	}
}
