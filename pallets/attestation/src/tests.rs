//! The pallet's tests, by topic.

mod accept;
mod batch;
mod errors;
mod history;
mod limits;
mod metrics;
mod property;
mod quality;
mod reap;
mod refuse;
mod stored;
mod transaction;
mod trust;
mod try_state;
mod winter;

use crate::{mock::*, Error};
use codec::Encode;
use depin_primitives::{
	refusal::RefusalReason,
	report::{Readings, ReportError, ReportFlags, SignedReport},
};
use frame_support::{
	assert_noop,
	dispatch::GetDispatchInfo,
	traits::{Authorize, StorageVersion},
};
use sp_runtime::{
	traits::{Applyable, Checkable},
	transaction_validity::{
		InvalidTransaction, TransactionSource, TransactionValidity, TransactionValidityError,
	},
	ApplyExtrinsicResult, StateVersion,
};

fn root() -> Vec<u8> {
	sp_io::storage::root(StateVersion::V1)
}

fn report_call(signed: SignedReport, readings: Option<Readings>) -> RuntimeCall {
	RuntimeCall::Attestation(crate::Call::report { signed, readings })
}

fn extension() -> TxExtension {
	(
		frame_system::AuthorizeCall::new(),
		frame_system::CheckNonce::from(0),
		frame_system::CheckWeight::new(),
	)
}

/// The call as a general transaction, decoded from its bytes as the pool and a block do.
fn general(call: RuntimeCall) -> UncheckedExtrinsic {
	let bytes = UncheckedExtrinsic::new_transaction(call, extension()).encode();
	codec::Decode::decode(&mut &bytes[..]).unwrap()
}

/// Validates the call as the pool does.
fn validate(call: RuntimeCall) -> TransactionValidity {
	let tx = general(call);
	let (info, len) = (tx.get_dispatch_info(), tx.encoded_size());
	let checked = tx.check(&frame_system::ChainContext::<Test>::default()).unwrap();
	checked.validate::<Test>(TransactionSource::External, &info, len)
}

/// Includes the call in the block.
fn apply(call: RuntimeCall) -> ApplyExtrinsicResult {
	let tx = general(call);
	let (info, len) = (tx.get_dispatch_info(), tx.encoded_size());
	let checked = tx.check(&frame_system::ChainContext::<Test>::default()).unwrap();
	Ok(checked.apply::<Test>(&info, len)?.map(drop).map_err(|error| error.error))
}

/// The report is refused with `error` on every way in, and leaves no trace.
#[track_caller]
fn assert_refused(error: ReportError, signed: SignedReport, readings: Option<Readings>) {
	assert_eq!(
		Attestation::check_report(&signed, readings.as_ref()).map_err(|refusal| refusal.reason),
		Err(error)
	);

	assert_noop!(
		Attestation::submit_report(
			RuntimeOrigin::signed(GATEWAY),
			signed.clone(),
			readings.clone()
		),
		Error::<Test>::from(error)
	);

	let invalid = TransactionValidityError::Invalid(InvalidTransaction::Custom(error.code()));
	let call = report_call(signed, readings);
	let before = root();
	assert_eq!(call.authorize(TransactionSource::External), Some(Err(invalid)));
	assert_eq!(validate(call.clone()), Err(invalid));
	assert_eq!(apply(call), Err(invalid));
	assert_eq!(root(), before);
}

/// The report is accepted on both ways in; what the gateway's way did is kept.
#[track_caller]
fn assert_taken(signed: SignedReport, readings: Option<Readings>) {
	assert_eq!(Attestation::check_report(&signed, readings.as_ref()), Ok(()));

	let call = report_call(signed.clone(), readings.clone());
	let free = frame_support::storage::with_transaction(|| {
		let done = validate(call.clone()).map(drop).and_then(|()| apply(call));
		sp_runtime::TransactionOutcome::Rollback(Ok::<_, sp_runtime::DispatchError>(done))
	});
	assert_eq!(free, Ok(Ok(Ok(()))));

	frame_support::assert_ok!(Attestation::submit_report(
		RuntimeOrigin::signed(GATEWAY),
		signed,
		readings
	));
}

#[test]
fn the_storage_has_a_version() {
	build_and_execute(|| {
		use frame_support::traits::GetStorageVersion;
		assert_eq!(Attestation::in_code_storage_version(), StorageVersion::new(1));
	});
}

#[test]
fn the_runtime_holds_the_pallet() {
	use frame_support::traits::Hooks;
	build_and_execute(<Attestation as Hooks<u32>>::integrity_test);
}
