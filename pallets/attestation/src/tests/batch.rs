//! Many devices' reports in one extrinsic.

use super::*;
use crate::{Batch, Event};
use depin_primitives::{
	policy::{NetworkPolicy, ReportPolicy},
	report::{BatchItem, Reading, Report},
};
use frame_support::{assert_ok, dispatch::PostDispatchInfo, traits::Get, weights::Weight};
use sp_runtime::DispatchErrorWithPostInfo;

fn batch(items: impl IntoIterator<Item = SignedReport>) -> Batch<Test> {
	let items = items.into_iter().map(|signed| BatchItem { signed, readings: None });
	Batch::<Test>::try_from(items.collect::<Vec<_>>()).unwrap()
}

/// Submits the batch; gives what happened to each item, in order, and what it weighed.
fn submit(batch: Batch<Test>) -> (Vec<Result<(), ReportError>>, Weight) {
	System::reset_events();
	let count = batch.len();
	let call = RuntimeCall::Attestation(crate::Call::submit_reports { batch: batch.clone() });
	let most = call.get_dispatch_info().call_weight;
	let info = Attestation::submit_reports(RuntimeOrigin::signed(GATEWAY), batch.clone()).unwrap();
	let weight = info.actual_weight.unwrap();
	assert!(weight.all_lte(most));
	let mut at = 0;
	let outcomes = System::events()
		.into_iter()
		.map(|record| {
			let RuntimeEvent::Attestation(event) = record.event else { panic!("another's event") };
			let item = &batch[at].signed.report;
			let outcome = match event {
				Event::ReportAccepted(told) => {
					assert_eq!(told.report, *item);
					Ok(())
				}
				Event::ReportRefused { index, device, sequence, error } => {
					assert_eq!((index, device, sequence), (at as u32, item.device, item.sequence));
					Err(error)
				}
				other => panic!("{other:?}"),
			};
			at += 1;
			outcome
		})
		.collect();
	assert_eq!(at, count);
	(outcomes, weight)
}

/// Devices of the network, of that scheme.
fn fleet(make: fn(u8) -> Signer, count: u8) -> Vec<Signer> {
	(100..100 + count)
		.map(|seed| {
			let signer = make(seed);
			Registry::put(signer.id(), signer.view());
			signer
		})
		.collect()
}

#[test]
fn every_scheme_in_one() {
	build_and_execute(|| {
		let makes = [Signer::ed25519, Signer::sr25519, Signer::secp256k1, Signer::p256];
		let signers: Vec<_> = makes.into_iter().flat_map(|make| fleet(make, 3)).collect();
		let (outcomes, _) = submit(batch(signers.iter().map(|s| s.sign(s.report()))));
		assert_eq!(outcomes, vec![Ok(()); 12]);
		for signer in &signers {
			assert_eq!(Points::of(NETWORK, signer.id()), 10);
			assert_eq!(Attestation::last_report(signer.id()).unwrap().sequence, 1);
		}
	});
}

/// Whatever is wrong with an item, it fails alone, and with its own reason.
#[test]
fn a_bad_item_fails_alone() {
	for make in [Signer::ed25519, Signer::p256] {
		build_and_execute(|| {
			let fleet = fleet(make, 8);
			let report = |at: usize| fleet[at].report();
			let mut forged = fleet[1].sign(report(1));
			forged.signature.0[33] ^= 1;
			let stranger = make(200);
			let window = Report { window_start: START, window_end: START + HOUR, ..report(4) };
			let by_another = SignedReport {
				signature: fleet[6].sign(report(6)).signature,
				..fleet[5].sign(report(5))
			};
			let unknown = Reading { time: START - 1, metric: 900, value: 0 };
			let unknown = Readings::try_from(vec![unknown]).unwrap();
			let items = [
				fleet[0].sign(report(0)),
				forged,
				fleet[2].sign(report(2)),
				stranger.sign(stranger.report()),
				fleet[4].sign(window),
				by_another,
				fleet[6].sign(report(6)),
				fleet[7].sign(with_readings(report(7), &unknown)),
			];
			let (outcomes, _) = submit(batch(items));
			let expected = [
				Ok(()),
				Err(ReportError::BadSignature),
				Ok(()),
				Err(ReportError::UnknownDevice),
				Err(ReportError::WindowInFuture),
				Err(ReportError::BadSignature),
				Ok(()),
				Err(ReportError::UnknownMetric),
			];
			assert_eq!(outcomes, expected);
			for (signer, outcome) in fleet.iter().zip(expected) {
				let taken = Attestation::last_report(signer.id()).is_some();
				assert_eq!(taken, outcome.is_ok());
			}
		});
	}
}

#[test]
fn a_devices_reports_follow_one_another() {
	build_and_execute(|| {
		let report = ReportPolicy { min_interval: 0, ..POLICY.report };
		Registry::set_policy(NETWORK, NetworkPolicy { report, ..POLICY });
		let first = alice().report_until(START - MINUTE);
		let second = Report {
			sequence: 2,
			window_start: START - MINUTE,
			window_end: START,
			previous: first.hash(),
			..first.clone()
		};
		let overlapping = Report { sequence: 3, ..second.clone() };
		let items = [&first, &first, &second, &overlapping, &first];
		let (outcomes, _) = submit(batch(items.map(|report| alice().sign(report.clone()))));
		let expected = [
			Ok(()),
			Err(ReportError::Duplicate),
			Ok(()),
			Err(ReportError::WindowOverlaps),
			Err(ReportError::StaleSequence),
		];
		assert_eq!(outcomes, expected);
		assert_eq!(Points::of(NETWORK, alice().id()), 20);
		assert!(Attestation::accepted_reports().iter().all(|told| told.chained));
	});
	// The rate is kept in a batch, too.
	build_and_execute(|| {
		let first = alice().report_until(START - MINUTE);
		let second = Report { sequence: 2, ..alice().report() };
		let (outcomes, _) = submit(batch([first, second].map(|report| alice().sign(report))));
		assert_eq!(outcomes, [Ok(()), Err(ReportError::TooSoon)]);
	});
}

#[test]
fn readings_go_with_their_item() {
	build_and_execute(|| {
		let reading = |value| Reading { time: START - 1, metric: 1, value };
		let readings = |value| Readings::try_from(vec![reading(value)]).unwrap();
		let item = |signer: &Signer, told| BatchItem {
			signed: signer.sign(inline(signer.report(), &readings(1))),
			readings: Some(readings(told)),
		};
		let items = vec![item(&alice(), 1), item(&bob(), 2)];
		let (outcomes, _) = submit(Batch::<Test>::truncate_from(items));
		assert_eq!(outcomes, [Ok(()), Err(ReportError::SummaryMismatch)]);
		assert_eq!(Attestation::accepted_reports()[0].readings, Some(readings(1)));
	});
}

/// A batch has the same effects as its reports one after the other.
#[test]
fn a_batch_is_its_reports() {
	let run = |together: bool| {
		let mut ext = new_test_ext();
		ext.execute_with(|| {
			let mut items: Vec<_> =
				fleet(Signer::ed25519, 6).iter().map(|s| s.sign(s.report())).collect();
			items[3].signature.0[0] ^= 1;
			items.push(items[0].clone());
			if together {
				submit(batch(items));
			} else {
				for signed in items {
					let gateway = RuntimeOrigin::signed(GATEWAY);
					let _ = Attestation::submit_report(gateway, signed, None);
				}
			}
			System::reset_events();
			root()
		})
	};
	assert_eq!(run(true), run(false));
}

#[test]
fn what_is_good_together_weighs_less() {
	build_and_execute(|| {
		let signers = fleet(Signer::ed25519, 5);
		let all = || batch(signers.iter().map(|s| s.sign(s.report())));
		let one_bad = |index: usize| {
			let mut batch = all();
			batch[index].signed.signature.0[2] ^= 4;
			batch
		};
		// In the mock, a report that is verified with others weighs 3,000, an Ed25519 signature
		// 20,000 by itself and a P-256 signature 80,000. Up to four are charged for by themselves,
		// because so few are not verified together.
		let together = Weight::from_parts(100 + 5 * 3_000 + 4 * 20_000, 0);
		let one_by_one = Weight::from_parts(100 + 5 * (3_000 + 20_000), 0);
		let weighed = |batch| {
			let outcome = frame_support::storage::with_transaction(|| {
				let done = submit(batch);
				sp_runtime::TransactionOutcome::Rollback(Ok::<_, sp_runtime::DispatchError>(done))
			});
			outcome.unwrap().1
		};
		assert_eq!(weighed(all()), together);
		// A bad signature costs the same wherever it stands in the batch.
		for index in 0..5 {
			assert_eq!(weighed(one_bad(index)), one_by_one, "bad signature at {index}");
		}
		// Other schemes are verified one by one.
		let others = fleet(Signer::p256, 5);
		let others = batch(others.iter().map(|s| s.sign(s.report())));
		assert_eq!(weighed(others), Weight::from_parts(100 + 5 * (3_000 + 80_000), 0));

		// Readings weigh what they do in a report of their own.
		let reading = Reading { time: START - 1, metric: 1, value: 0 };
		let readings = Readings::try_from(vec![reading; 7]).unwrap();
		let mut with = all();
		with[1].readings = Some(readings);
		let call = RuntimeCall::Attestation(crate::Call::submit_reports { batch: with });
		let weight = call.get_dispatch_info().call_weight;
		// Each report's further work, another network, and two verifications.
		let each = 3_700_000_000 + 10_000_000 + 20_000 + 60_000;
		assert_eq!(weight, Weight::from_parts(100 + 5 * (3_000 + each) + 7, 0));
	});
}

#[test]
fn an_empty_batch_and_other_origins() {
	build_and_execute(|| {
		let empty = Batch::<Test>::default;
		assert_noop!(
			Attestation::submit_reports(RuntimeOrigin::signed(GATEWAY), empty()),
			Error::<Test>::EmptyBatch
		);
		let one = || batch([alice().sign(alice().report())]);
		let authorized = RuntimeOrigin::from(frame_system::RawOrigin::Authorized);
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root(), authorized] {
			let done = Attestation::submit_reports(origin, one());
			let bad = DispatchErrorWithPostInfo::<PostDispatchInfo>::from(
				sp_runtime::DispatchError::BadOrigin,
			);
			assert_eq!(done, Err(bad));
		}
		assert_ok!(Attestation::submit_reports(RuntimeOrigin::signed(GATEWAY), one()));
	});
}

#[test]
fn a_batch_has_no_more_than_the_most() {
	build_and_execute(|| {
		let most: u32 = <Test as crate::Config>::MaxBatch::get();
		let most = most as usize;
		let item = BatchItem { signed: alice().sign(alice().report()), readings: None };
		let decodes = |count| {
			let bytes = (2u8, 2u8, vec![item.clone(); count]).encode();
			<RuntimeCall as codec::Decode>::decode(&mut &bytes[..]).is_ok()
		};
		assert!(decodes(most));
		assert!(!decodes(most + 1));
	});
}
