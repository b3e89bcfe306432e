//! Errors of the RPC's methods: code, name, advice, and data.

use super::did::NotOurs;
use crate::index;
use codec::Decode;
use depin_primitives::{
	beacon::CoverageError,
	page::LookupError,
	proof::ProofError,
	refusal::{Expected, Fact, Refusal, RefusalReason},
	report::{ReportError, MAX_INLINE_READINGS},
	H256,
};
use jsonrpsee::types::ErrorObjectOwned;
use sc_transaction_pool_api::error::{Error as PoolError, IntoPoolError};
use serde_json::json;
use sp_runtime::transaction_validity::InvalidTransaction;

/// First error code of this node's methods. A code never changes its meaning.
const BASE: i32 = 7000;

/// Error of the node's own methods. The displayed text goes to the caller; further details of a
/// failure of the node itself go only to its log.
#[derive(Debug, thiserror::Error)]
pub enum Error {
	/// Report that the chain would refuse. Code 7000 and the reason's number.
	#[error("{}", .0.reason.advice())]
	Report(Refusal<ReportError>),
	/// Witness report or beacon that the chain would refuse. Code 7000 and the reason's number,
	/// which is 100 or more.
	#[error("{}", .0.reason.advice())]
	Coverage(Refusal<CoverageError>),
	/// Network, maker or device of a lookup that does not exist. Code 7200 and the reason's number.
	#[error("{}", .0.advice())]
	Lookup(LookupError),
	/// Reading whose proof fails. Code 7204 and the reason's number.
	#[error("{}", .0.advice())]
	Proof(ProofError),
	/// Parameter that cannot be read. Code 7300.
	#[error("`{parameter}` cannot be read at {place}: {reason}")]
	Malformed {
		/// Name of the parameter.
		parameter: &'static str,
		/// Field or byte at which reading ended.
		place: String,
		/// Fault at that place.
		reason: String,
	},
	/// More readings than a report may carry. Code 7301.
	#[error(
		"{given} readings are too many to carry inline, {MAX_INLINE_READINGS} are the most: \
		send the report without them, it commits to them"
	)]
	TooManyReadings {
		/// Number of readings given.
		given: u64,
	},
	/// Range of time that ends before it begins. Code 7302.
	#[error("the range ends at {to}, before it begins at {from}: `to` is exclusive and in ms")]
	BadRange {
		/// First millisecond of the range.
		from: u64,
		/// First millisecond after the range.
		to: u64,
	},
	/// Cursor that no page gave. Code 7303.
	#[error("no such cursor: pass back a page's `next` as it is, to the same method")]
	BadCursor,
	/// DID that no device can have. Code 7304.
	#[error(
		"no DID of a device: it is `did:depin:`, the first 8 digits of the genesis hash, `:` and the \
		64 of the device's id, all in lower case"
	)]
	BadDid,
	/// DID of a device of another chain. Code 7305.
	#[error("the DID is of a device of another chain: ask a node of that chain")]
	OtherChain,
	/// Report of version 1 of the wire format. Code 7306.
	#[error(
		"the report has the form of version 1, which ended before flags: this chain takes version 2, \
		which the device must sign (docs/wire-format.md)"
	)]
	OldReport,
	/// Message that waits in the pool already. Code 7350.
	#[error("it waits in the pool already, to be included: nothing is left to do")]
	Pending {
		/// Hash of the extrinsic that carries the message.
		extrinsic: H256,
	},
	/// Message of a device that has another one in the pool: another report, or another message on
	/// the same challenge. Code 7351.
	#[error(
		"another message of this device waits in the pool, which holds one report of a device at a \
		time, and one message of it on each challenge: send this one when that is in a block"
	)]
	Conflict,
	/// Message for which the pool has no room. Code 7352.
	#[error("the pool is full: send it again in a few blocks")]
	PoolFull,
	/// Message that the pool refused a short time ago and does not check again yet. Code 7353.
	#[error("the pool will not look at it again for some minutes: send it again later")]
	Banned,
	/// Refusal of the pool that has no code of its own. Code 7354.
	#[error("the pool refuses it: {0}")]
	Refused(String),
	/// Failure of the index. Code 7400.
	#[error("the telemetry index cannot answer: the node's log says why")]
	Index(#[from] index::Error),
	/// Failure of the runtime, or of access to the state that it needs. Code 7500.
	#[error("the runtime cannot answer: the node's log says why")]
	Runtime(#[from] sp_api::ApiError),
	/// Failure of the client's database. Code 7501.
	#[error("the chain's database cannot answer: the node's log says why")]
	Chain(#[from] sp_blockchain::Error),
}

impl Error {
	/// Returns the error's code.
	pub fn code(&self) -> i32 {
		BASE + match self {
			Self::Report(e) => e.reason.code().into(),
			Self::Coverage(e) => e.reason.code().into(),
			Self::Lookup(LookupError::UnknownNetwork) => 200,
			Self::Lookup(LookupError::UnknownMaker) => 201,
			Self::Lookup(LookupError::NotACell) => 202,
			Self::Lookup(LookupError::UnknownDevice) => 203,
			Self::Proof(ProofError::UnknownReport) => 204,
			Self::Proof(ProofError::WrongCount) => 205,
			Self::Proof(ProofError::NoSuchIndex) => 206,
			Self::Proof(ProofError::WrongPath) => 207,
			Self::Malformed { .. } => 300,
			Self::TooManyReadings { .. } => 301,
			Self::BadRange { .. } => 302,
			Self::BadCursor => 303,
			Self::BadDid => 304,
			Self::OtherChain => 305,
			Self::OldReport => 306,
			Self::Pending { .. } => 350,
			Self::Conflict => 351,
			Self::PoolFull => 352,
			Self::Banned => 353,
			Self::Refused(_) => 354,
			Self::Index(_) => 400,
			Self::Runtime(_) => 500,
			Self::Chain(_) => 501,
		}
	}

	/// Returns the error's name: a word for programs and for Prometheus, as stable as the code.
	pub fn name(&self) -> String {
		match self {
			Self::Report(e) => return format!("{:?}", e.reason),
			Self::Coverage(e) => return format!("{:?}", e.reason),
			Self::Lookup(e) => return format!("{e:?}"),
			Self::Proof(e) => return format!("{e:?}"),
			Self::Malformed { .. } => "Malformed",
			Self::TooManyReadings { .. } => "TooManyReadings",
			Self::BadRange { .. } => "BadRange",
			Self::BadCursor => "BadCursor",
			Self::BadDid => "BadDid",
			Self::OtherChain => "OtherChain",
			Self::OldReport => "OldReport",
			Self::Pending { .. } => "Pending",
			Self::Conflict => "Conflict",
			Self::PoolFull => "PoolFull",
			Self::Banned => "Banned",
			Self::Refused(_) => "Refused",
			Self::Index(_) => "Index",
			Self::Runtime(_) => "Runtime",
			Self::Chain(_) => "Chain",
		}
		.into()
	}

	/// Tells if time alone can lift the error: the same request may succeed later.
	pub fn is_temporary(&self) -> bool {
		match self {
			Self::Report(refusal) => refusal.reason.is_temporary(),
			Self::Coverage(refusal) => refusal.reason.is_temporary(),
			Self::Conflict | Self::PoolFull | Self::Banned => true,
			_ => false,
		}
	}

	/// Returns the value that the chain expected and the one that it found, so far as the error has
	/// them.
	fn facts(&self) -> (Option<Expected>, Option<Fact>) {
		match self {
			Self::Report(refusal) => (refusal.expected, refusal.found),
			Self::Coverage(refusal) => (refusal.expected, refusal.found),
			_ => (None, None),
		}
	}

	/// Returns the details that go to the node's log and not to the caller.
	fn internal(&self) -> Option<String> {
		match self {
			Self::Index(e) => Some(e.to_string()),
			Self::Runtime(e) => Some(e.to_string()),
			Self::Chain(e) => Some(e.to_string()),
			_ => None,
		}
	}

	/// Converts the pool's refusal of `extrinsic`.
	pub fn of_pool(error: impl IntoPoolError, extrinsic: H256) -> Self {
		let error = match error.into_pool_error() {
			Ok(error) => error,
			Err(other) => return Self::Refused(other.to_string()),
		};
		match error {
			PoolError::AlreadyImported(_) => Self::Pending { extrinsic },
			PoolError::TooLowPriority { .. } => Self::Conflict,
			PoolError::ImmediatelyDropped => Self::PoolFull,
			PoolError::TemporarilyBanned => Self::Banned,
			// The best block has changed since the runtime API checked the message.
			PoolError::InvalidTransaction(InvalidTransaction::Custom(number)) => {
				Self::of_number(number)
					.unwrap_or_else(|| Self::Refused(format!("custom error {number}")))
			}
			other => Self::Refused(other.to_string()),
		}
	}

	/// Returns the error of a number that the runtime gives the pool as a custom error.
	fn of_number(number: u8) -> Option<Self> {
		let number = [number];
		ReportError::decode(&mut &number[..])
			.map(|reason| Self::Report(reason.into()))
			.or_else(|_| {
				CoverageError::decode(&mut &number[..]).map(|reason| Self::Coverage(reason.into()))
			})
			.ok()
	}
}

impl From<LookupError> for Error {
	fn from(error: LookupError) -> Self {
		Self::Lookup(error)
	}
}

impl From<NotOurs> for Error {
	fn from(reason: NotOurs) -> Self {
		match reason {
			NotOurs::Malformed | NotOurs::OtherMethod => Self::BadDid,
			NotOurs::OtherChain => Self::OtherChain,
		}
	}
}

impl From<Error> for ErrorObjectOwned {
	fn from(error: Error) -> Self {
		let name = error.name();
		if let Some(internal) = error.internal() {
			log::error!(target: "rpc", "{name}: {internal}");
		}
		let mut data = json!({ "error": name, "retry": error.is_temporary() });
		let (expected, found) = error.facts();
		if let Some(expected) = expected {
			data["expected"] = json!(expected);
		}
		if let Some(found) = found {
			data["found"] = json!(found);
		}
		if let Error::Pending { extrinsic } = error {
			data["extrinsic"] = json!(extrinsic);
		}
		ErrorObjectOwned::owned(error.code(), error.to_string(), Some(data))
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use std::collections::BTreeMap;

	/// Returns every error that can be made without a failing node.
	fn all() -> Vec<Error> {
		let lookup = |number| LookupError::decode(&mut &[number][..]).ok().map(Error::Lookup);
		let mut all: Vec<Error> = (0..=u8::MAX).filter_map(Error::of_number).collect();
		all.extend((0..=u8::MAX).filter_map(lookup));
		let proof = |number| ProofError::decode(&mut &[number][..]).ok().map(Error::Proof);
		all.extend((0..=u8::MAX).filter_map(proof));
		all.extend([
			Error::Malformed { parameter: "report", place: "x".into(), reason: "y".into() },
			Error::TooManyReadings { given: 65 },
			Error::BadRange { from: 2, to: 1 },
			Error::BadCursor,
			Error::BadDid,
			Error::OtherChain,
			Error::OldReport,
			Error::Pending { extrinsic: H256::zero() },
			Error::Conflict,
			Error::PoolFull,
			Error::Banned,
			Error::Refused("z".into()),
			Error::Index(index::Error::TooManyEvents),
			Error::Runtime(sp_api::ApiError::UsingSameInstanceForDifferentBlocks),
			Error::Chain(sp_blockchain::Error::Backend("secret".into())),
		]);
		all
	}

	#[test]
	fn codes_are_stable() {
		let codes: BTreeMap<i32, String> = all().iter().map(|e| (e.code(), e.name())).collect();
		let expected = [
			(7000, "WrongChain"),
			(7001, "UnknownDevice"),
			(7002, "DeviceNotActive"),
			(7003, "Duplicate"),
			(7004, "StaleSequence"),
			(7005, "EmptyWindow"),
			(7006, "WindowTooLong"),
			(7007, "WindowInFuture"),
			(7008, "WindowTooOld"),
			(7009, "WindowOverlaps"),
			(7010, "TooSoon"),
			(7011, "MetricsOutOfOrder"),
			(7012, "InvalidSummary"),
			(7013, "CountMismatch"),
			(7014, "ReadingOutsideWindow"),
			(7015, "SummaryMismatch"),
			(7016, "RootMismatch"),
			(7017, "BadSignature"),
			(7018, "NetworkPaused"),
			(7019, "UnknownMetric"),
			(7020, "SequenceTooFar"),
			(7021, "UnknownFlags"),
			(7022, "NotInline"),
			(7023, "ReadingsMissing"),
			(7024, "ReadingsNotExpected"),
			(7025, "ReadingsOutOfOrder"),
			(7026, "DigestsOutOfOrder"),
			(7100, "WrongChain"),
			(7101, "UnknownDevice"),
			(7102, "DeviceNotActive"),
			(7103, "CoverageOff"),
			(7104, "UnknownBeaconer"),
			(7105, "SelfWitness"),
			(7106, "WrongPeriod"),
			(7107, "TooEarly"),
			(7108, "TooLate"),
			(7109, "DuplicateWitness"),
			(7110, "WitnessesFull"),
			(7111, "AlreadyRevealed"),
			(7112, "BadSignature"),
			(7113, "NetworkPaused"),
			(7200, "UnknownNetwork"),
			(7201, "UnknownMaker"),
			(7202, "NotACell"),
			(7203, "UnknownDevice"),
			(7204, "UnknownReport"),
			(7205, "WrongCount"),
			(7206, "NoSuchIndex"),
			(7207, "WrongPath"),
			(7300, "Malformed"),
			(7301, "TooManyReadings"),
			(7302, "BadRange"),
			(7303, "BadCursor"),
			(7304, "BadDid"),
			(7305, "OtherChain"),
			(7306, "OldReport"),
			(7350, "Pending"),
			(7351, "Conflict"),
			(7352, "PoolFull"),
			(7353, "Banned"),
			(7354, "Refused"),
			(7400, "Index"),
			(7500, "Runtime"),
			(7501, "Chain"),
		];
		let expected = expected.map(|(code, name)| (code, name.to_string())).into();
		assert_eq!(codes, expected);
	}

	#[test]
	fn codes_are_unique() {
		let all = all();
		let codes: BTreeMap<i32, &Error> = all.iter().map(|e| (e.code(), e)).collect();
		assert_eq!(codes.len(), all.len());
	}

	#[test]
	fn the_caller_gets_advice_and_the_name() {
		let refusal = ReportError::StaleSequence.because(Expected::Above(7), 5u64);
		let error = ErrorObjectOwned::from(Error::Report(refusal));
		let data: serde_json::Value = serde_json::from_str(error.data().unwrap().get()).unwrap();
		assert_eq!(
			data,
			json!({
				"error": "StaleSequence",
				"retry": false,
				"expected": { "above": "7" },
				"found": "5",
			})
		);
		assert_eq!(error.code(), 7004);
		assert_eq!(error.message(), ReportError::StaleSequence.advice());
		// A refusal without facts.
		let error = ErrorObjectOwned::from(Error::Report(ReportError::StaleSequence.into()));
		let data: serde_json::Value = serde_json::from_str(error.data().unwrap().get()).unwrap();
		assert_eq!(data, json!({ "error": "StaleSequence", "retry": false }));
		let error = ErrorObjectOwned::from(Error::from(LookupError::NotACell));
		assert_eq!((error.code(), error.message()), (7202, LookupError::NotACell.advice()));
		let error = ErrorObjectOwned::from(Error::Proof(ProofError::WrongPath));
		assert_eq!((error.code(), error.message()), (7207, ProofError::WrongPath.advice()));
	}

	#[test]
	fn a_did_is_wrong_in_two_ways() {
		for (reason, code) in
			[(NotOurs::Malformed, 7304), (NotOurs::OtherMethod, 7304), (NotOurs::OtherChain, 7305)]
		{
			assert_eq!(Error::from(reason).code(), code);
		}
	}

	#[test]
	fn the_caller_never_gets_what_is_internal() {
		let error = Error::Chain(sp_blockchain::Error::Backend("secret".into()));
		assert!(error.internal().unwrap().contains("secret"));
		let error = serde_json::to_string(&ErrorObjectOwned::from(error)).unwrap();
		assert!(!error.contains("secret"), "{error}");
	}

	#[test]
	fn the_pools_errors_are_told_apart() {
		let extrinsic = H256::repeat_byte(7);
		let of = |error| Error::of_pool(error, extrinsic);
		let pending = ErrorObjectOwned::from(of(PoolError::AlreadyImported(Box::new(()))));
		assert_eq!(pending.code(), 7350);
		assert!(pending.data().unwrap().get().contains(&format!("{extrinsic:?}")));
		let custom = |n| PoolError::InvalidTransaction(InvalidTransaction::Custom(n));
		assert!(matches!(
			of(custom(10)),
			Error::Report(Refusal { reason: ReportError::TooSoon, .. })
		));
		assert!(matches!(
			of(custom(109)),
			Error::Coverage(Refusal { reason: CoverageError::DuplicateWitness, .. })
		));
		assert!(matches!(of(custom(255)), Error::Refused(_)));
		assert!(matches!(of(PoolError::TooLowPriority { old: 1, new: 1 }), Error::Conflict));
		assert!(matches!(of(PoolError::ImmediatelyDropped), Error::PoolFull));
		assert!(matches!(of(PoolError::TemporarilyBanned), Error::Banned));
		assert!(matches!(of(PoolError::NoTagsProvided), Error::Refused(_)));
	}
}
