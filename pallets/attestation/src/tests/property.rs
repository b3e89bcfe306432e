//! Property: for any messages of devices and relays, credited work is bounded by time, and a
//! refusal changes nothing.

use super::*;
use depin_primitives::{
	policy::{NetworkPolicy, QualityPolicy, QualityWeights, ReportPolicy, ONE},
	report::{AcceptedReport, LastReport, Report},
	Millis, H256,
};
use proptest::prelude::*;

/// Tight limits, so that random reports meet each of them often.
const TIGHT: ReportPolicy = ReportPolicy {
	max_work_per_hour: 3_601,
	min_interval: 30_000,
	max_window: 60_000,
	max_age: 120_000,
	max_skew: 10_000,
};

/// Late reports and broken chains cost something.
const SCORED: QualityPolicy = QualityPolicy {
	period: 60_000,
	on_time: 10_000,
	weights: QualityWeights { cadence: 3, continuity: 2, plausibility: 1, neighbours: 1 },
	threshold: ONE / 4,
	..QualityPolicy::OFF
};

/// Report, relative to the chain's clock and the device's last report.
#[derive(Clone, Debug)]
struct Step {
	/// Time that passes before the report.
	pause: Millis,
	/// Choice of the second of the two devices.
	second: bool,
	/// Time from now to the window's end.
	end: i64,
	length: Millis,
	/// Choice to cut the window where the last one ended.
	cut: bool,
	work: u64,
	/// Difference from the last sequence.
	sequence: i64,
	chained: bool,
	forged: bool,
	/// Choice to send the device's last report instead.
	replayed: bool,
	feeless: bool,
}

fn step() -> impl Strategy<Value = Step> {
	let window = (
		prop_oneof![6 => -20_000i64..=0, 1 => 1i64..20_000, 1 => -130_000i64..-110_000, 1 => Just(10_000)],
		prop_oneof![6 => 1u64..=60_000, 1 => 60_001u64..80_000, 1 => Just(60_000), 1 => Just(0)],
		prop::bool::weighted(0.7),
	);
	(
		prop_oneof![4 => 25_000u64..90_000, 1 => 0u64..1_000, 1 => Just(30_000)],
		any::<bool>(),
		window,
		prop_oneof![2 => 0u64..100, 1 => any::<u64>(), 1 => Just(u64::MAX)],
		prop_oneof![6 => 1i64..4, 1 => -2i64..1],
		any::<bool>(),
		prop::bool::weighted(0.1),
		prop::bool::weighted(0.1),
		any::<bool>(),
	)
		.prop_map(
			|(pause, second, window, work, sequence, chained, forged, replayed, feeless)| {
				let (end, length, cut) = window;
				Step {
					pause,
					second,
					end,
					length,
					cut,
					work,
					sequence,
					chained,
					forged,
					replayed,
					feeless,
				}
			},
		)
}

impl Step {
	fn report(&self, signer: &Signer, last: Option<LastReport>) -> Report {
		let window_end = now().saturating_add_signed(self.end);
		let window_start = match last {
			Some(last) if self.cut => last.window_end.max(window_end - self.length),
			_ => window_end - self.length,
		};
		let sequence = last.map_or(2, |last| last.sequence).saturating_add_signed(self.sequence);
		let previous = match last {
			Some(last) if self.chained => last.hash,
			_ => H256::zero(),
		};
		Report { sequence, window_start, window_end, work: self.work, previous, ..signer.report() }
	}
}

/// Accepted reports of a device by the test's own account.
#[derive(Default)]
struct Account {
	reports: Vec<Report>,
	at: Vec<Millis>,
}

proptest! {
	#![proptest_config(ProptestConfig { cases: 64, ..Default::default() })]

	#[test]
	fn credited_work_never_exceeds_the_cap_for_the_time(
		steps in prop::collection::vec(step(), 1..24),
	) {
		build_and_execute(|| {
			Registry::set_policy(NETWORK, NetworkPolicy { report: TIGHT, quality: SCORED, ..POLICY });
			// Both sign with Ed25519: the scheme makes no difference to the rules, but to the time.
			let other = Signer::ed25519(3);
			Registry::put(other.id(), other.view());
			let signers = [alice(), other];
			let mut accounts = [Account::default(), Account::default()];

			for step in steps {
				set_now(now() + step.pause);
				let (signer, account) =
					(&signers[usize::from(step.second)], &mut accounts[usize::from(step.second)]);
				let last = Attestation::last_report(signer.id());
				let report = match account.reports.last() {
					Some(report) if step.replayed => report.clone(),
					_ => step.report(signer, last),
				};
				let mut signed = signer.sign(report.clone());
				if step.forged {
					signed.signature.0[40] ^= 1;
				}

				let before = root();
				let taken = if step.feeless {
					apply(report_call(signed, None)) == Ok(Ok(()))
				} else {
					let gateway = RuntimeOrigin::signed(GATEWAY);
					Attestation::submit_report(gateway, signed, None).is_ok()
				};
				if taken {
					assert!(!step.forged);
					account.reports.push(report);
					account.at.push(now());
				} else {
					assert_eq!(root(), before);
				}
			}

			for (signer, Account { reports, at }) in signers.iter().zip(&accounts) {
				assert!(reports.windows(2).all(|two| two[0].sequence < two[1].sequence));
				assert!(reports.windows(2).all(|two| two[0].window_end <= two[1].window_start));
				assert!(at.windows(2).all(|two| two[0] + TIGHT.min_interval <= two[1]));

				let points = u128::from(Points::of(NETWORK, signer.id()));
				let cap = |time: Millis| {
					u128::from(TIGHT.max_work_per_hour) * u128::from(time) / u128::from(HOUR)
				};
				let worked = reports.iter().map(|r| r.window_end - r.window_start).sum();
				let claimed = reports.iter().map(|r| u128::from(r.work)).sum();
				assert!(points <= cap(worked));
				assert!(points <= claimed);
				if let (Some(first), Some(last)) = (reports.first(), reports.last()) {
					assert!(points <= cap(last.window_end - first.window_start));
				}
				let told = Attestation::accepted_reports();
				let told = told.iter().filter(|told| told.report.device == signer.id());
				let mut sum = 0;
				for AcceptedReport { report, credited, quality, points, .. } in told {
					assert!(points <= credited);
					// Less than whole has a reason, and less than what was claimed, too.
					assert!(quality.total.is_one() || !quality.reasons.is_empty());
					assert!(points == &report.work || !quality.reasons.is_empty());
					sum += u128::from(*points);
				}
				assert_eq!(sum, points);
				let kept = Attestation::last_report(signer.id()).map(|last| last.hash);
				assert_eq!(kept, reports.last().map(Report::hash));
			}
		});
	}
}

/// The generator above makes both good and bad reports, and bad ones of many kinds; otherwise the
/// property would say little.
#[test]
fn the_random_reports_meet_the_limits() {
	use proptest::{strategy::ValueTree, test_runner::TestRunner};
	let mut seen = std::collections::BTreeMap::<String, u32>::new();
	let mut runner = TestRunner::deterministic();
	build_and_execute(|| {
		Registry::set_policy(NETWORK, NetworkPolicy { report: TIGHT, ..POLICY });
		let signer = alice();
		for _ in 0..400 {
			let step = step().new_tree(&mut runner).unwrap().current();
			set_now(now() + step.pause);
			let mut signed =
				signer.sign(step.report(&signer, Attestation::last_report(signer.id())));
			if step.forged {
				signed.signature.0[40] ^= 1;
			}
			let done = Attestation::check_report(&signed, None).map_err(|refusal| refusal.reason);
			*seen.entry(format!("{done:?}")).or_default() += 1;
			if done.is_ok() {
				Attestation::submit_report(RuntimeOrigin::signed(GATEWAY), signed, None).unwrap();
			}
		}
	});
	assert!(seen["Ok(())"] >= 100, "{seen:?}");
	for outcome in [
		"Err(StaleSequence)",
		"Err(EmptyWindow)",
		"Err(WindowTooLong)",
		"Err(WindowTooOld)",
		"Err(WindowInFuture)",
		"Err(WindowOverlaps)",
		"Err(TooSoon)",
		"Err(BadSignature)",
	] {
		assert!(seen.contains_key(outcome), "{outcome} is missing from {seen:?}");
	}
}
