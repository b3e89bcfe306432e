//! DIDs of devices and the documents that they resolve to: the method `did:depin` of `docs/did.md`,
//! by W3C DID Core 1.0 and DID Resolution. This module only formats device records.

use chrono::{DateTime, SecondsFormat};
use depin_primitives::{
	device::{DeviceRecord, DeviceStatus},
	signing::GenesisPrefix,
	DeviceId, Millis, PublicKey, H256,
};
use depin_runtime::AccountId;
use serde::Serialize;
use sp_core::crypto::Ss58Codec;

/// Beginning of a device's DID; the genesis prefix and the device's id follow.
const PREFIX: &str = "did:depin:";

/// JSON-LD contexts that define the terms of a document.
const CONTEXT: [&str; 2] =
	["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"];

/// Media type of a document: JSON with a context.
const CONTENT_TYPE: &str = "application/did+ld+json";

/// Returns the DID of a device on the chain with this genesis hash.
pub fn did(genesis: &H256, device: &DeviceId) -> String {
	format!("{PREFIX}{}:{}", hex::encode(GenesisPrefix::of(genesis).0), hex::encode(device))
}

/// Returns the DID of an account: did:pkh over its CAIP-10 name, whose chain is the first half of
/// the genesis hash.
fn account_did(genesis: &H256, account: &AccountId) -> String {
	let (chain, _) = genesis.as_bytes().split_at(16);
	format!("did:pkh:polkadot:{}:{}", hex::encode(chain), account.to_ss58check())
}

/// Returns a key as a Multikey: the base58btc multibase of the key's multicodec code and its bytes.
pub fn multikey(key: &PublicKey) -> String {
	// The codes of the multicodec table, as unsigned varints.
	let code: [u8; 2] = match key {
		PublicKey::Ed25519(_) => [0xed, 0x01],
		PublicKey::Sr25519(_) => [0xef, 0x01],
		PublicKey::Secp256k1(_) => [0xe7, 0x01],
		PublicKey::P256(_) => [0x80, 0x24],
	};
	let coded = [&code[..], key.as_bytes()].concat();
	format!("z{}", bs58::encode(coded).into_string())
}

/// Reason for which a text names no device of this chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotOurs {
	/// Text that is no DID, or one that the method does not allow.
	Malformed,
	/// DID of another method.
	OtherMethod,
	/// DID of a device of another chain.
	OtherChain,
}

/// Returns the device that a DID names on the chain with this genesis hash. A device has exactly
/// one DID: hexadecimal digits are in lower case.
pub fn parse(genesis: &H256, text: &str) -> Result<DeviceId, NotOurs> {
	let Some(rest) = text.strip_prefix(PREFIX) else {
		return Err(if is_did(text) { NotOurs::OtherMethod } else { NotOurs::Malformed });
	};
	let (chain, device) = rest.split_once(':').ok_or(NotOurs::Malformed)?;
	let chain: [u8; 4] = digits(chain).ok_or(NotOurs::Malformed)?;
	let device: [u8; 32] = digits(device).ok_or(NotOurs::Malformed)?;
	if GenesisPrefix(chain) != GenesisPrefix::of(genesis) {
		return Err(NotOurs::OtherChain);
	}
	Ok(device.into())
}

/// Reads hexadecimal digits in lower case.
fn digits<const N: usize>(text: &str) -> Option<[u8; N]> {
	if text.bytes().any(|digit| digit.is_ascii_uppercase()) {
		return None;
	}
	hex::decode(text).ok()?.try_into().ok()
}

/// Tells if a text is a DID of any method, by the rule `did` of DID Core's syntax.
fn is_did(text: &str) -> bool {
	let Some((method, id)) = text.strip_prefix("did:").and_then(|rest| rest.split_once(':')) else {
		return false;
	};
	let method_fits =
		!method.is_empty() && method.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
	let mut escapes = id.split('%');
	let plain =
		|part: &str| part.bytes().all(|c| c.is_ascii_alphanumeric() || b".-_:".contains(&c));
	let escaped = |part: &str| {
		let (code, rest) = part.split_at_checked(2)?;
		Some(code.bytes().all(|c| c.is_ascii_hexdigit()) && plain(rest))
	};
	method_fits
		&& !id.is_empty()
		&& !id.ends_with(':')
		&& escapes.next().is_some_and(plain)
		&& escapes.all(|part| escaped(part).unwrap_or(false))
}

/// Device's key in a DID document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VerificationMethod {
	id: String,
	#[serde(rename = "type")]
	kind: &'static str,
	controller: String,
	public_key_multibase: String,
}

/// DID document of a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Document {
	#[serde(rename = "@context")]
	context: [&'static str; 2],
	id: String,
	controller: String,
	verification_method: [VerificationMethod; 1],
	authentication: [String; 1],
	assertion_method: [String; 1],
}

impl Document {
	/// Returns the document of a device on the chain with this genesis hash.
	pub fn of(genesis: &H256, device: &DeviceRecord<AccountId>) -> Self {
		let id = did(genesis, &device.id);
		let key = multikey(&device.key);
		// The key is its own fragment: a proof by a former key never matches a later key.
		let method = format!("{id}#{key}");
		Self {
			context: CONTEXT,
			controller: account_did(genesis, &device.owner),
			verification_method: [VerificationMethod {
				id: method.clone(),
				kind: "Multikey",
				controller: id.clone(),
				public_key_multibase: key,
			}],
			authentication: [method.clone()],
			assertion_method: [method],
			id,
		}
	}
}

/// Metadata of the resolved document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DocumentMetadata {
	#[serde(skip_serializing_if = "Option::is_none")]
	created: Option<String>,
	#[serde(skip_serializing_if = "Option::is_none")]
	deactivated: Option<bool>,
}

/// Metadata of the resolution.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResolutionMetadata {
	#[serde(skip_serializing_if = "Option::is_none")]
	content_type: Option<&'static str>,
	#[serde(skip_serializing_if = "Option::is_none")]
	error: Option<&'static str>,
}

/// Result of resolving a DID.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Resolution {
	did_document: Option<Document>,
	did_document_metadata: DocumentMetadata,
	did_resolution_metadata: ResolutionMetadata,
}

impl Resolution {
	/// Resolves the DID of this device. The DID of a retiring device is deactivated and resolves
	/// to no document, since retirement is final and the device's key can no longer be changed. So
	/// does the DID of a device that was suspended while it was retiring.
	pub fn of(genesis: &H256, device: &DeviceRecord<AccountId>) -> Self {
		let deactivated = match device.status {
			DeviceStatus::Active | DeviceStatus::Suspended { .. } => false,
			DeviceStatus::Retiring { .. } | DeviceStatus::SuspendedRetiring { .. } => true,
		};
		let did_document_metadata = DocumentMetadata {
			created: seconds(device.registered_at),
			deactivated: deactivated.then_some(true),
		};
		if deactivated {
			return Self { did_document_metadata, ..Self::default() };
		}
		Self {
			did_document: Some(Document::of(genesis, device)),
			did_document_metadata,
			did_resolution_metadata: ResolutionMetadata {
				content_type: Some(CONTENT_TYPE),
				error: None,
			},
		}
	}

	/// Resolves the DID of a device that does not exist.
	pub fn not_found() -> Self {
		Self::error("notFound")
	}

	/// Returns the result for a DID that cannot be resolved.
	fn error(error: &'static str) -> Self {
		let did_resolution_metadata = ResolutionMetadata { content_type: None, error: Some(error) };
		Self { did_resolution_metadata, ..Self::default() }
	}
}

impl From<NotOurs> for Resolution {
	fn from(reason: NotOurs) -> Self {
		match reason {
			NotOurs::Malformed => Self::error("invalidDid"),
			NotOurs::OtherMethod => Self::error("methodNotSupported"),
			// The device may exist on the other chain: this node cannot tell.
			NotOurs::OtherChain => Self::not_found(),
		}
	}
}

/// Returns a time as DID metadata have it: ISO 8601, UTC, full seconds. `None` if the calendar does
/// not reach that far.
fn seconds(time: Millis) -> Option<String> {
	let time = DateTime::from_timestamp_millis(time.try_into().ok()?)?;
	Some(time.to_rfc3339_opts(SecondsFormat::Secs, true))
}

#[cfg(test)]
mod tests {
	use super::*;
	use depin_primitives::{policy::TrustLevel, suspension::SuspendReason, Cell};
	use serde_json::json;
	use sp_keyring::Sr25519Keyring;

	/// Returns keys and their Multikeys, as published: the first three in the test vectors of the
	/// did:key method, the fourth (Alice's, of every development chain) in Frequency's
	/// documentation.
	fn published() -> [(PublicKey, &'static str); 4] {
		fn key<const N: usize>(text: &str) -> [u8; N] {
			hex::decode(text).unwrap().try_into().unwrap()
		}
		let alice = "d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d";
		[
			(
				PublicKey::Ed25519(key(
					"3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29",
				)),
				"z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp",
			),
			(
				PublicKey::Secp256k1(key(
					"03874c15c7fda20e539c6e5ba573c139884c351188799f5458b4b41f7924f235cd",
				)),
				"zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme",
			),
			(
				PublicKey::P256(key(
					"037f235830dd3defa722ef1aa249d6a0ddbba4f990b0817538933f573640653542",
				)),
				"zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169",
			),
			(PublicKey::Sr25519(key(alice)), "z6QNzHod3tSSJbwo4e5xGDcnsndsR9WByZzPoCGdbv3sv1jJ"),
		]
	}

	/// Returns Polkadot's genesis hash, whose DIDs and CAIP-10 names are published.
	fn genesis() -> H256 {
		"91b171bb158e2d3848fa23a9f1c25182fb8e20313b2c1eb49219da7a70ce90c3".parse().unwrap()
	}

	fn device(key: PublicKey, status: DeviceStatus) -> DeviceRecord<AccountId> {
		DeviceRecord {
			id: H256::repeat_byte(0xa5),
			owner: Sr25519Keyring::Alice.to_account_id(),
			network: 1,
			maker: None,
			trust: TrustLevel::Open,
			key,
			cell: Cell(0x08a1_f1d4_8922_ffff),
			located_at: 0,
			status,
			suspension: None,
			offered_to: None,
			pending_key: None,
			bond: 0,
			registered_at: 1_700_000_000_999,
			statements_until: 0,
		}
	}

	#[test]
	fn keys_are_those_that_others_write() {
		for (key, text) in published() {
			assert_eq!(multikey(&key), text);
		}
	}

	#[test]
	fn the_document_is_whole() {
		let id = format!("did:depin:91b171bb:{}", "a5".repeat(32));
		for (key, text) in published() {
			let document = Document::of(&genesis(), &device(key, DeviceStatus::Active));
			let method = format!("{id}#{text}");
			let expected = json!({
				"@context": [
					"https://www.w3.org/ns/did/v1",
					"https://w3id.org/security/multikey/v1",
				],
				"id": id,
				"controller": "did:pkh:polkadot:91b171bb158e2d3848fa23a9f1c25182:\
					5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY",
				"verificationMethod": [{
					"id": method,
					"type": "Multikey",
					"controller": id,
					"publicKeyMultibase": text,
				}],
				"authentication": [method],
				"assertionMethod": [method],
			});
			assert_eq!(serde_json::to_value(document).unwrap(), expected);
		}
	}

	#[test]
	fn a_did_reads_as_it_is_written() {
		let id = H256::random();
		assert_eq!(parse(&genesis(), &did(&genesis(), &id)), Ok(id));
		assert_eq!(parse(&H256::zero(), &did(&genesis(), &id)), Err(NotOurs::OtherChain));
	}

	#[test]
	fn what_is_no_did_of_a_device_is_told_apart() {
		let id = "a5".repeat(32);
		let good = format!("did:depin:91b171bb:{id}");
		assert_eq!(parse(&genesis(), &good), Ok(H256::repeat_byte(0xa5)));
		for bad in [
			"",
			"did",
			"did:",
			"did::x",
			"did:depin",
			"did:depin:",
			"did:Web:example.com",
			"did:web:",
			"did:web:example.com:",
			"did:web:example.com%",
			"did:web:example.com%3",
			"did:web:example.com%é",
			"did:web:example.com/path",
			&id,
			&format!("did:depin:{id}"),
			&format!("did:depin:0x91b171bb:{id}"),
			&format!("did:depin:91b171bb:0x{id}"),
			&format!("did:depin:91b171:{id}"),
			&format!("did:depin:91b171bb:{}", &id[2..]),
			&format!("did:depin:91b171bb:{}", id.to_uppercase()),
			&format!("did:depin:91B171BB:{id}"),
			&format!("DID:depin:91b171bb:{id}"),
			&format!("{good}:1"),
			&format!("{good}#key"),
			&format!("{good}?versionId=1"),
			&format!(" {good}"),
		] {
			assert_eq!(parse(&genesis(), bad), Err(NotOurs::Malformed), "{bad}");
		}
		for other in [
			"did:web:example.com%3A8080:a",
			"did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp",
			"did:depin2:91b171bb",
			"did:x::y",
		] {
			assert_eq!(parse(&genesis(), other), Err(NotOurs::OtherMethod), "{other}");
		}
	}

	fn resolved(status: DeviceStatus) -> serde_json::Value {
		let [(key, _), ..] = published();
		serde_json::to_value(Resolution::of(&genesis(), &device(key, status))).unwrap()
	}

	#[test]
	fn a_device_at_work_resolves_suspended_or_not() {
		let [(key, _), ..] = published();
		let suspended = DeviceStatus::Suspended { reason: SuspendReason::FalseLocation };
		for status in [DeviceStatus::Active, suspended] {
			let device = device(key, status);
			let expected = json!({
				"didDocument": Document::of(&genesis(), &device),
				"didDocumentMetadata": { "created": "2023-11-14T22:13:20Z" },
				"didResolutionMetadata": { "contentType": "application/did+ld+json" },
			});
			assert_eq!(resolved(status), expected);
		}
	}

	#[test]
	fn a_retiring_device_is_deactivated() {
		let expected = json!({
			"didDocument": null,
			"didDocumentMetadata": { "created": "2023-11-14T22:13:20Z", "deactivated": true },
			"didResolutionMetadata": {},
		});
		assert_eq!(resolved(DeviceStatus::Retiring { until: 7 }), expected);
		let reason = SuspendReason::FalseLocation;
		assert_eq!(resolved(DeviceStatus::SuspendedRetiring { reason }), expected);
	}

	#[test]
	fn what_cannot_be_resolved_says_why() {
		for (resolution, error) in [
			(Resolution::not_found(), "notFound"),
			(NotOurs::OtherChain.into(), "notFound"),
			(NotOurs::Malformed.into(), "invalidDid"),
			(NotOurs::OtherMethod.into(), "methodNotSupported"),
		] {
			let expected = json!({
				"didDocument": null,
				"didDocumentMetadata": {},
				"didResolutionMetadata": { "error": error },
			});
			assert_eq!(serde_json::to_value(resolution).unwrap(), expected);
		}
	}

	#[test]
	fn a_time_beyond_the_calendar_is_left_out() {
		assert_eq!(seconds(0).as_deref(), Some("1970-01-01T00:00:00Z"));
		assert_eq!(seconds(Millis::MAX), None);
	}
}
