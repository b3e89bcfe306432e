//! The feeless way in, as a general transaction through the extensions.

use super::*;
use crate::LONGEVITY;
use depin_primitives::feeless::FEELESS_PRIORITY;
use depin_primitives::{report::Report, KeyScheme};
use frame_support::{
	dispatch::{DispatchInfo, GetDispatchInfo, Pays},
	weights::Weight,
};
use sp_runtime::{testing::UintAuthorityId, transaction_validity::ValidTransaction, DispatchError};

/// Weight of all further work that a report can make: of the ring of neighbours, of publishing, and
/// of settling.
const EXTRAS: u64 = 3_700_000_000;

fn tag(device: depin_primitives::DeviceId, sequence: u64) -> Vec<u8> {
	("DepinReport", (device, sequence)).encode()
}

fn device_tag(device: depin_primitives::DeviceId) -> Vec<u8> {
	("DepinReport", device).encode()
}

#[test]
fn a_report_is_valid_and_applied() {
	for signer in [alice(), bob()] {
		build_and_execute(|| {
			let call = report_call(signer.sign(signer.report()), None);
			let expected = ValidTransaction {
				priority: FEELESS_PRIORITY,
				requires: vec![],
				provides: vec![tag(signer.id(), 1), device_tag(signer.id())],
				longevity: LONGEVITY,
				propagate: true,
			};
			for source in
				[TransactionSource::External, TransactionSource::Local, TransactionSource::InBlock]
			{
				let authorized = call.authorize(source);
				// P-256 costs the most, and what the others cost less is refunded.
				let unused = match signer.key().scheme() {
					KeyScheme::P256 => Weight::zero(),
					KeyScheme::Ed25519 => Weight::from_parts(60_000, 0),
					other => panic!("{other:?} is not used here"),
				};
				assert_eq!(authorized, Some(Ok((expected.clone(), unused))));
			}
			assert_eq!(validate(call.clone()), Ok(expected));
			assert_eq!(apply(call.clone()), Ok(Ok(())));
			// Once.
			let duplicate = TransactionValidityError::Invalid(InvalidTransaction::Custom(3));
			assert_eq!(validate(call.clone()), Err(duplicate));
			assert_eq!(apply(call), Err(duplicate));
			assert_eq!(Points::of(NETWORK, signer.id()), 10);
		});
	}
}

/// Reports that exclude one another on chain share both pool tags; other reports of one device
/// share one, so that the pool holds one report of a device at a time.
#[test]
fn the_tags_are_of_device_and_sequence() {
	build_and_execute(|| {
		let tags = |signed| validate(report_call(signed, None)).unwrap().provides;
		let shared = |one: Vec<Vec<u8>>, other: Vec<Vec<u8>>| {
			one.into_iter().filter(|tag| other.contains(tag)).count()
		};
		let report = alice().report();
		let other_work = Report { work: 11, ..report.clone() };
		let next = Report { sequence: 2, ..report.clone() };
		assert_eq!(tags(alice().sign(report.clone())), tags(alice().sign(other_work)));
		assert_eq!(shared(tags(alice().sign(report.clone())), tags(alice().sign(next))), 1);
		assert_eq!(shared(tags(alice().sign(report)), tags(bob().sign(bob().report()))), 0);
	});
}

/// Extension fields of a general transaction are anyone's to change: copies of a report that differ
/// in them must not outbid one another.
#[test]
fn copies_with_other_nonces_are_worth_no_more() {
	build_and_execute(|| {
		let call = report_call(alice().sign(alice().report()), None);
		let copy = |nonce| {
			let mut extension = extension();
			extension.1 = frame_system::CheckNonce::from(nonce);
			let tx = UncheckedExtrinsic::new_transaction(call.clone(), extension);
			let (info, len) = (tx.get_dispatch_info(), tx.encoded_size());
			let bytes = tx.encode();
			let checked = tx.check(&frame_system::ChainContext::<Test>::default()).unwrap();
			(bytes, checked.validate::<Test>(TransactionSource::External, &info, len).unwrap())
		};
		let (bytes, validity) = copy(0);
		let (other_bytes, other_validity) = copy(1);
		assert_ne!(bytes, other_bytes);
		assert_eq!(validity, other_validity);
	});
}

#[test]
fn an_unsigned_gateway_is_no_sender() {
	build_and_execute(|| {
		let signed = alice().sign(alice().report());
		let call = RuntimeCall::Attestation(crate::Call::submit_report { signed, readings: None });
		assert_eq!(call.authorize(TransactionSource::External), None);
		let unknown = TransactionValidityError::from(InvalidTransaction::UnknownOrigin);
		assert_eq!(validate(call.clone()), Err(unknown));
		assert_eq!(apply(call), Err(unknown));
		assert_eq!(Attestation::last_report(alice().id()), None);
	});
}

/// A signed transaction of the feeless call gets no origin that it could use.
#[test]
fn a_signed_report_call_is_refused() {
	build_and_execute(|| {
		let call = report_call(alice().sign(alice().report()), None);
		frame_system::Pallet::<Test>::inc_providers(&GATEWAY);
		let tx =
			UncheckedExtrinsic::new_signed(call, GATEWAY, UintAuthorityId(GATEWAY), extension());
		let (info, len) = (tx.get_dispatch_info(), tx.encoded_size());
		let checked = tx.check(&frame_system::ChainContext::<Test>::default()).unwrap();
		let done = checked.apply::<Test>(&info, len).unwrap().map(drop).map_err(|e| e.error);
		assert_eq!(done, Err(DispatchError::BadOrigin));
		assert_eq!(Attestation::last_report(alice().id()), None);
	});
}

#[test]
fn a_gateway_submits_by_signed_transaction() {
	build_and_execute(|| {
		let signed = bob().sign(bob().report());
		let call = RuntimeCall::Attestation(crate::Call::submit_report { signed, readings: None });
		frame_system::Pallet::<Test>::inc_providers(&GATEWAY);
		let tx =
			UncheckedExtrinsic::new_signed(call, GATEWAY, UintAuthorityId(GATEWAY), extension());
		let (info, len) = (tx.get_dispatch_info(), tx.encoded_size());
		let checked = tx.check(&frame_system::ChainContext::<Test>::default()).unwrap();
		assert_eq!(
			checked.apply::<Test>(&info, len).unwrap().map(drop).map_err(|e| e.error),
			Ok(())
		);
		assert_eq!(Points::of(NETWORK, bob().id()), 10);
	});
}

#[test]
fn the_weight_counts_the_readings_and_the_authorization() {
	let readings = |n: u64| {
		let reading =
			|i| depin_primitives::report::Reading { time: START - 1 - i, metric: 0, value: 0 };
		Readings::try_from((0..n).map(reading).collect::<Vec<_>>()).unwrap()
	};
	build_and_execute(|| {
		let signed = alice().sign(alice().report());
		for (carried, r) in
			[(None, 0), (Some(readings(0)), 0), (Some(readings(5)), 5), (Some(readings(64)), 64)]
		{
			let call = report_call(signed.clone(), carried.clone());
			let DispatchInfo { call_weight, pays_fee, .. } = call.get_dispatch_info();
			assert_eq!(call_weight, Weight::from_parts(1_000 + r + EXTRAS, 100));
			assert_eq!(pays_fee, Pays::Yes);
			assert_eq!(call.weight_of_authorize(), Weight::from_parts(62_000 + r, 200));
			let call = RuntimeCall::Attestation(crate::Call::submit_report {
				signed: signed.clone(),
				readings: carried,
			});
			let weight = call.get_dispatch_info().call_weight;
			assert_eq!(weight, Weight::from_parts(64_000 + r + EXTRAS, 400));
			assert_eq!(call.weight_of_authorize(), Weight::zero());
		}
	});
}

/// More readings than a report may carry do not even decode.
#[test]
fn too_many_readings_are_no_transaction() {
	build_and_execute(|| {
		let reading = depin_primitives::report::Reading { time: START - 1, metric: 0, value: 0 };
		let signed = alice().sign(alice().report());
		// Pallet index, call index, report, `Some`, and 65 readings.
		let bytes = (2u8, 0u8, signed, Some(vec![reading; 65])).encode();
		assert!(<RuntimeCall as codec::Decode>::decode(&mut &bytes[..]).is_err());
		let signed = alice().sign(alice().report());
		let bytes = (2u8, 0u8, signed.clone(), Some(vec![reading; 64])).encode();
		let readings = Readings::try_from(vec![reading; 64]).unwrap();
		assert_eq!(
			<RuntimeCall as codec::Decode>::decode(&mut &bytes[..]).unwrap(),
			report_call(signed, Some(readings))
		);
	});
}
