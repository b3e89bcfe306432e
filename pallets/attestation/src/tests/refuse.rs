//! Every reason to refuse a report, on every way in.

use super::*;
use depin_primitives::{
	device::DeviceStatus,
	refusal::{Expected, RefusalReason},
	report::{
		readings_root, summarize, DataDigest, DataDigests, MetricSummary, Reading, Report,
		MAX_SEQUENCE_STEP,
	},
	signing::{DomainTag, GenesisPrefix, Signable},
	Signature, H256,
};
use frame_support::{assert_ok, assert_storage_noop};

const OTHER_GENESIS: H256 = H256::repeat_byte(0xd1);

fn accept(report: Report) {
	assert_ok!(Attestation::submit_report(
		RuntimeOrigin::signed(GATEWAY),
		alice().sign(report),
		None
	));
}

fn reading(metric: u16, value: i64) -> Reading {
	Reading { time: START - 1, metric, value }
}

fn readings(of: impl IntoIterator<Item = Reading>) -> Readings {
	of.into_iter().collect::<Vec<_>>().try_into().unwrap()
}

fn digests(kinds: impl IntoIterator<Item = u8>) -> DataDigests {
	let digest = |kind| DataDigest { kind, digest: H256::repeat_byte(kind) };
	kinds.into_iter().map(digest).collect::<Vec<_>>().try_into().unwrap()
}

#[test]
fn another_chain() {
	build_and_execute(|| {
		let report = alice().report();
		let signature = alice().sign_bytes(&report.signing_bytes(&OTHER_GENESIS));
		// Sent as what it is.
		let signed = SignedReport {
			chain: GenesisPrefix::of(&OTHER_GENESIS),
			report: report.clone(),
			signature,
		};
		assert_refused(ReportError::WrongChain, signed.clone(), None);
		// Replayed with this chain's tag.
		let replayed = SignedReport { chain: GenesisPrefix::of(&GENESIS), ..signed };
		assert_refused(ReportError::BadSignature, replayed, None);
		// The tag alone does not make a good report one of another chain.
		let mislabelled =
			SignedReport { chain: GenesisPrefix::of(&OTHER_GENESIS), ..alice().sign(report) };
		assert_refused(ReportError::WrongChain, mislabelled, None);
	});
}

#[test]
fn an_unknown_device() {
	build_and_execute(|| {
		let stranger = Signer::ed25519(77);
		assert_refused(ReportError::UnknownDevice, stranger.sign(stranger.report()), None);
		// A device whose network is gone is none that could report.
		Registry::remove_policy(NETWORK);
		assert_refused(ReportError::UnknownDevice, alice().sign(alice().report()), None);
	});
}

#[test]
fn a_retiring_device() {
	build_and_execute(|| {
		Registry::change(alice().id(), |view| view.status = DeviceStatus::Retiring { until: 100 });
		assert_refused(ReportError::DeviceNotActive, alice().sign(alice().report()), None);
	});
}

#[test]
fn a_paused_network() {
	build_and_execute(|| {
		let signed = alice().sign(alice().report());
		Registry::set_paused(NETWORK, true);
		assert_refused(ReportError::NetworkPaused, signed.clone(), None);
		// Other networks work on.
		Registry::set_policy(NETWORK + 1, POLICY);
		Registry::change(bob().id(), |view| view.network = NETWORK + 1);
		assert_taken(bob().sign(bob().report()), None);
		// What was made meanwhile can be sent when it is resumed, while it is not too old.
		set_now(START + POLICY.report.max_age);
		assert_refused(ReportError::NetworkPaused, signed.clone(), None);
		Registry::set_paused(NETWORK, false);
		assert_taken(signed, None);
		assert_eq!(Points::of(NETWORK, alice().id()), 10);
	});
}

#[test]
fn a_duplicate() {
	build_and_execute(|| {
		let report = alice().report();
		accept(report.clone());
		assert_refused(ReportError::Duplicate, alice().sign(report.clone()), None);
		// However late it comes, and whoever signed it: the report itself is known.
		set_now(START + 24 * HOUR);
		let forged = SignedReport { signature: Signature([0; 64]), ..alice().sign(report) };
		assert_refused(ReportError::Duplicate, forged, None);
	});
}

#[test]
fn a_stale_sequence() {
	build_and_execute(|| {
		accept(Report { sequence: 5, ..alice().report() });
		set_now(START + MINUTE);
		for sequence in [0, 4, 5] {
			let report = Report { sequence, ..alice().report() };
			assert_refused(ReportError::StaleSequence, alice().sign(report), None);
		}
		assert_taken(alice().sign(Report { sequence: 6, ..alice().report() }), None);
	});
}

#[test]
fn a_window_without_length() {
	build_and_execute(|| {
		for window_start in [START, START + 1] {
			let report = Report { window_start, ..alice().report() };
			assert_refused(ReportError::EmptyWindow, alice().sign(report), None);
		}
	});
}

#[test]
fn metrics_out_of_order() {
	build_and_execute(|| {
		let summary = |metric| MetricSummary { metric, count: 1, min: 1, max: 1, sum: 1 };
		for metrics in [[2, 1], [1, 1]] {
			let mut report = alice().report();
			report.metrics = metrics.map(summary).to_vec().try_into().unwrap();
			report.readings_count = 2;
			report.readings_root = H256::repeat_byte(1);
			assert_refused(ReportError::MetricsOutOfOrder, alice().sign(report), None);
		}
	});
}

#[test]
fn an_impossible_summary() {
	build_and_execute(|| {
		let mut report = alice().report();
		let summary = MetricSummary { metric: 1, count: 2, min: 1, max: 3, sum: 7 };
		report.metrics.try_push(summary).unwrap();
		report.readings_count = 2;
		report.readings_root = H256::repeat_byte(1);
		assert_refused(ReportError::InvalidSummary, alice().sign(report), None);
	});
}

#[test]
fn counts_that_disagree() {
	build_and_execute(|| {
		// Within the report.
		let good = with_readings(alice().report(), &readings([reading(1, 5)]));
		let report = Report { readings_count: 2, ..good.clone() };
		assert_refused(ReportError::CountMismatch, alice().sign(report), None);
		// Between the report and its readings.
		let signed = alice().sign(Report { flags: ReportFlags::INLINE, ..good });
		for wrong in [readings([]), readings([reading(1, 5), reading(2, 5)])] {
			assert_refused(ReportError::CountMismatch, signed.clone(), Some(wrong));
		}
	});
}

#[test]
fn a_reading_outside_the_window() {
	build_and_execute(|| {
		for time in [START - MINUTE - 1, START] {
			let outside = readings([Reading { time, ..reading(1, 5) }]);
			let report = inline(alice().report(), &outside);
			assert_refused(ReportError::ReadingOutsideWindow, alice().sign(report), Some(outside));
		}
		let within = [START - MINUTE, START - 1].map(|time| Reading { time, ..reading(1, 5) });
		let within = readings(within);
		assert_taken(alice().sign(inline(alice().report(), &within)), Some(within));
	});
}

#[test]
fn summaries_of_other_readings() {
	build_and_execute(|| {
		let sent = readings([reading(1, 5), reading(2, 6)]);
		let mut report = inline(alice().report(), &sent);
		report.metrics[0].sum = 6;
		report.metrics[0].max = 7;
		assert_refused(ReportError::SummaryMismatch, alice().sign(report), Some(sent));
	});
}

#[test]
fn a_root_of_other_readings() {
	build_and_execute(|| {
		let sent = readings([reading(1, 5), reading(2, 6)]);
		let report = with_readings(alice().report(), &sent);
		// Other times, of which the summaries say nothing.
		let earlier = sent.iter().map(|one| Reading { time: one.time - 1, ..*one });
		let earlier = readings(earlier.collect::<Vec<_>>());
		let signed = alice().sign(inline(alice().report(), &sent));
		assert_refused(ReportError::RootMismatch, signed, Some(earlier));
		// No root with readings, a root without.
		let rootless = Report { readings_root: H256::zero(), ..report };
		assert_refused(ReportError::RootMismatch, alice().sign(rootless), None);
		let rooted = Report { readings_root: H256::repeat_byte(1), ..alice().report() };
		assert_refused(ReportError::RootMismatch, alice().sign(rooted), None);
	});
}

#[test]
fn a_bad_signature() {
	build_and_execute(|| {
		for signer in [alice(), bob(), Signer::sr25519(3), Signer::secp256k1(4)] {
			Registry::put(signer.id(), signer.view());
			let report = signer.report();
			let good = signer.sign(report.clone());
			// A bit of the signature, in either half.
			for byte in [0, 63] {
				let mut signed = good.clone();
				signed.signature.0[byte] ^= 1;
				assert_refused(ReportError::BadSignature, signed, None);
			}
			// Degenerate signatures.
			for signature in [[0; 64], [0xff; 64]].map(Signature) {
				let signed = SignedReport { signature, ..good.clone() };
				assert_refused(ReportError::BadSignature, signed, None);
			}
			// Another device's.
			let signed = SignedReport { report: report.clone(), ..Signer::p256(9).sign(report) };
			assert_refused(ReportError::BadSignature, signed, None);
			assert_taken(good, None);
		}
	});
}

/// Each signed field counts: a report with any of them changed is not what was signed.
#[test]
fn a_changed_report() {
	build_and_execute(|| {
		let sent = readings([reading(1, 5), reading(2, 6)]);
		let report = inline(bob().report(), &sent);
		let signed = bob().sign(report.clone());
		let mut other_metrics = report.metrics.clone();
		other_metrics[0].metric = 0;
		for changed in [
			Report { sequence: 2, ..report.clone() },
			Report { window_start: START - 2, ..report.clone() },
			Report { window_end: START + 1, ..report.clone() },
			Report { work: 11, ..report.clone() },
			Report { previous: H256::repeat_byte(1), ..report.clone() },
			Report { readings_root: H256::repeat_byte(1), ..report.clone() },
			Report { metrics: other_metrics, ..report.clone() },
			Report { digests: digests([7]), ..report.clone() },
			Report { device: alice().id(), ..report },
		] {
			// The readings would be found not to be those of the report first.
			let committed = Report { flags: ReportFlags::NONE, ..changed };
			let signed = SignedReport { report: committed, ..signed.clone() };
			assert_refused(ReportError::BadSignature, signed, None);
		}
		assert_taken(signed, Some(sent));
	});
}

/// A signature for another domain is not valid for a report, even over the same bytes.
#[test]
fn another_domain() {
	#[derive(codec::Encode)]
	struct Impostor(Report);
	impl Signable for Impostor {
		const DOMAIN_TAG: &'static DomainTag = b"depin:witness:v2";
	}
	build_and_execute(|| {
		let report = bob().report();
		let signature = bob().sign_bytes(&Impostor(report.clone()).signing_bytes(&GENESIS));
		let signed = SignedReport { signature, ..bob().sign(report) };
		assert_refused(ReportError::BadSignature, signed, None);
	});
}

/// The order in which the checks come: each report below has a fault of its own and all the later
/// ones.
#[test]
fn the_first_fault_is_named() {
	build_and_execute(|| {
		let stranger = Signer::ed25519(77);
		accept(Report { sequence: 5, ..alice().report() });
		let mut signed = alice().sign(Report {
			device: stranger.id(),
			sequence: 5,
			window_start: START - 2 * HOUR,
			window_end: START - 2 * HOUR,
			readings_count: 1,
			..alice().report()
		});
		signed.chain = GenesisPrefix::of(&OTHER_GENESIS);
		let wrong = Some(readings([reading(1, 5), reading(2, 6)]));
		let expect = |error, signed: &SignedReport| {
			assert_refused(error, signed.clone(), wrong.clone());
		};

		expect(ReportError::WrongChain, &signed);
		signed.chain = GenesisPrefix::of(&GENESIS);
		expect(ReportError::UnknownDevice, &signed);
		signed.report.device = alice().id();
		Registry::change(alice().id(), |view| view.status = DeviceStatus::Retiring { until: 100 });
		expect(ReportError::DeviceNotActive, &signed);
		Registry::put(alice().id(), alice().view());
		expect(ReportError::StaleSequence, &signed);
		signed.report.sequence = MAX_SEQUENCE_STEP + 6;
		expect(ReportError::SequenceTooFar, &signed);
		signed.report.sequence = 6;
		expect(ReportError::EmptyWindow, &signed);
		signed.report.window_start = START - 4 * HOUR;
		expect(ReportError::CountMismatch, &signed);
		signed.report.flags = ReportFlags(3);
		signed.report = with_readings(signed.report, &readings([reading(1, 5)]));
		expect(ReportError::UnknownFlags, &signed);
		signed.report.flags = ReportFlags::NONE;
		signed.report.digests = digests([0]);
		expect(ReportError::DigestsOutOfOrder, &signed);
		signed.report.digests = digests([]);
		Registry::set_paused(NETWORK, true);
		expect(ReportError::NetworkPaused, &signed);
		Registry::set_paused(NETWORK, false);
		expect(ReportError::WindowTooLong, &signed);
		signed.report.window_start = START - 2 * HOUR - 2;
		signed.report.window_end = START - 2 * HOUR - 1;
		expect(ReportError::WindowTooOld, &signed);
		signed.report.window_end = START - 2 * HOUR;
		expect(ReportError::WindowOverlaps, &signed);
		signed.report.window_start = START;
		signed.report.window_end = START + 10_001;
		expect(ReportError::WindowInFuture, &signed);
		signed.report.window_end = START + 10_000;
		expect(ReportError::TooSoon, &signed);
		set_now(START + MINUTE);
		expect(ReportError::ReadingsNotExpected, &signed);
		signed.report.flags = ReportFlags::INLINE;
		assert_refused(ReportError::ReadingsMissing, signed.clone(), None);
		expect(ReportError::CountMismatch, &signed);
		signed.report.flags = ReportFlags::NONE;
		assert_refused(ReportError::BadSignature, signed, None);
	});
}

/// Nobody on the way can strip a report of its readings, or add readings to it.
#[test]
fn readings_other_than_the_device_has_signed() {
	build_and_execute(|| {
		let sent = readings([reading(1, 5)]);
		let signed = alice().sign(inline(alice().report(), &sent));
		assert_refused(ReportError::ReadingsMissing, signed.clone(), None);
		assert_taken(signed, Some(sent.clone()));
		let committed = bob().sign(with_readings(bob().report(), &sent));
		assert_refused(ReportError::ReadingsNotExpected, committed.clone(), Some(sent));
		assert_taken(committed, None);
	});
	build_and_execute(|| {
		let bare = alice().sign(alice().report());
		assert_refused(ReportError::ReadingsNotExpected, bare.clone(), Some(readings([])));
		assert_taken(bare, None);
	});
}

#[test]
fn flags_that_promise_what_cannot_be() {
	build_and_execute(|| {
		for bit in 1..8 {
			let flags = ReportFlags(1 << bit);
			let signed = alice().sign(Report { flags, ..alice().report() });
			assert_refused(ReportError::UnknownFlags, signed, None);
		}
		let flags = ReportFlags::INLINE;
		let none = alice().sign(Report { flags, ..alice().report() });
		assert_refused(ReportError::NotInline, none, Some(readings([])));
		let many: Vec<_> =
			(0..65).map(|at| Reading { time: START - 65 + at, ..reading(1, 5) }).collect();
		let report = Report {
			readings_root: readings_root(&many),
			readings_count: 65,
			metrics: summarize(&many).unwrap(),
			flags,
			..alice().report()
		};
		assert_refused(ReportError::NotInline, alice().sign(report.clone()), None);
		assert_taken(alice().sign(Report { flags: ReportFlags::NONE, ..report }), None);
	});
}

/// A reading that is sent twice would count twice.
#[test]
fn readings_that_are_not_in_order() {
	build_and_execute(|| {
		let early = |time, metric| Reading { time: START - time, metric, value: 5 };
		for disorder in
			[[early(2, 1), early(3, 1)], [early(2, 1), early(2, 1)], [early(2, 2), early(2, 1)]]
		{
			let sent = readings(disorder);
			let signed = alice().sign(inline(alice().report(), &sent));
			assert_refused(ReportError::ReadingsOutOfOrder, signed, Some(sent));
		}
		let sent = readings([early(3, 2), early(2, 1), early(2, 2)]);
		assert_taken(alice().sign(inline(alice().report(), &sent)), Some(sent));
	});
}

/// One report with a faulty sequence does not use up the numbers of the key, and the refusal names
/// the greatest number that is accepted.
#[test]
fn a_sequence_that_is_too_far() {
	build_and_execute(|| {
		let at = |sequence| alice().sign(Report { sequence, ..alice().report() });
		for far in [MAX_SEQUENCE_STEP + 1, u64::MAX] {
			assert_refused(ReportError::SequenceTooFar, at(far), None);
		}
		assert_taken(at(MAX_SEQUENCE_STEP), None);
		set_now(START + MINUTE);
		let most = 2 * MAX_SEQUENCE_STEP;
		let refusal = Attestation::check_report(&at(most + 1), None).unwrap_err();
		assert_eq!(refusal, ReportError::SequenceTooFar.because(Expected::AtMost(most), most + 1));
		assert_taken(at(most), None);
		// A new key's sequences start anew.
		set_now(START + 2 * MINUTE);
		let key = Signer::p256(9);
		Registry::change(alice().id(), |view| view.key = key.public());
		let report = Report { sequence: MAX_SEQUENCE_STEP + 1, ..alice().report() };
		assert_refused(ReportError::SequenceTooFar, key.sign(report.clone()), None);
		assert_taken(key.sign(Report { sequence: 0, ..report }), None);
	});
}

#[test]
fn data_digests_that_are_not_in_order() {
	build_and_execute(|| {
		let with = |kinds: &[u8]| {
			alice().sign(Report { digests: digests(kinds.to_vec()), ..alice().report() })
		};
		for kinds in [&[0][..], &[0, 1], &[1, 1], &[2, 1]] {
			assert_refused(ReportError::DigestsOutOfOrder, with(kinds), None);
		}
		// A kind that this chain does not know is published like the others.
		assert_taken(with(&[DataDigest::POSEIDON_BLS12_381, u8::MAX]), None);
	});
}

#[test]
fn the_wrong_origin() {
	build_and_execute(|| {
		use sp_runtime::DispatchError::BadOrigin;
		let signed = || alice().sign(alice().report());
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root(), RuntimeOrigin::signed(OWNER)] {
			assert_noop!(Attestation::report(origin, signed(), None), BadOrigin);
		}
		let authorized = RuntimeOrigin::from(frame_system::RawOrigin::Authorized);
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root(), authorized] {
			assert_noop!(Attestation::submit_report(origin, signed(), None), BadOrigin);
		}
	});
}

/// An authorized dispatch out of place still cannot break what the state alone can tell.
#[test]
fn a_dispatch_checks_the_state_again() {
	build_and_execute(|| {
		let authorized = || RuntimeOrigin::from(frame_system::RawOrigin::Authorized);
		let report = alice().report();
		accept(report.clone());
		assert_noop!(
			Attestation::report(authorized(), alice().sign(report), None),
			Error::<Test>::Duplicate
		);
		assert_noop!(
			Attestation::report(authorized(), alice().sign(alice().report_until(START + 1)), None),
			Error::<Test>::WindowOverlaps
		);
	});
}

#[test]
fn asking_changes_nothing() {
	build_and_execute(|| {
		let signed = alice().sign(alice().report());
		assert_storage_noop!(assert_ok!(Attestation::check_report(&signed, None)));
		assert_storage_noop!(assert_ok!(validate(report_call(signed, None))));
	});
}
