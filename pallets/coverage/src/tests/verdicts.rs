//! Verdicts on witnesses, and the points that they earn.

use crate::mock::*;
use depin_primitives::{
	beacon::{
		commitment, transmission, Beacon, JudgedBeacon, SignedWitness, Verdict, WitnessReport,
		MAX_REWARDED_WITNESSES, MAX_WITNESSES,
	},
	device::DeviceStatus,
	policy::{TrustLevel, TrustPolicy, ONE},
	suspension::SuspendReason,
	Cell, DeviceId, PublicKey, Signature,
};
use frame_support::assert_ok;
use frame_system::RawOrigin;

/// Commits a witness report that every check accepts.
fn commit(witness: SignedWitness) {
	assert_eq!(Coverage::check_witness(&witness), Ok(()));
	assert_ok!(Coverage::witness(RawOrigin::Authorized.into(), witness));
}

/// Reveals a beacon that every check accepts, and returns its judgement.
fn reveal(beaconer: &Device) -> JudgedBeacon {
	let beacon = beaconer.beacon();
	assert_eq!(Coverage::check_beacon(&beacon), Ok(()));
	assert_ok!(Coverage::beacon(RawOrigin::Authorized.into(), beacon));
	Coverage::judged_beacons().pop().unwrap()
}

/// Returns all points that the device was credited.
fn points_of(device: &DeviceId) -> u64 {
	Credits::get().iter().filter(|(_, id, _)| id == device).map(|(_, _, points)| points).sum()
}

/// Returns the verdict on a witness with a changed report, after another change between its
/// commitment and the reveal. A second witness is always valid, and its reward must not suffer.
fn verdict_after(
	report: impl FnOnce(&mut WitnessReport),
	change: impl FnOnce(&Device, &Device),
) -> Verdict {
	let mut verdict = None;
	ExtBuilder::default().build_and_execute(|| {
		let (beaconer, good, hearer) = (beaconer(), hearer(0), hearer(1));
		to_commit(&beaconer);
		let mut said = hearer.report(&beaconer);
		report(&mut said);
		commit(hearer.signed(said));
		commit(good.witness(&beaconer));
		to_reveal(&beaconer);
		change(&beaconer, &hearer);
		let judged = reveal(&beaconer);

		assert_eq!(judged.witnesses.len(), 2);
		let [tested, other] = &judged.witnesses[..] else { panic!("two witnesses") };
		assert_eq!(tested.report, said);
		assert_eq!((other.report.witness, other.verdict), (good.id, Verdict::Valid));
		let valid = judged.witnesses.iter().filter(|w| w.verdict == Verdict::Valid).count() as u64;
		assert_eq!(judged.beaconer_points, PER_UNIT * valid / 4);
		assert_eq!(points_of(&beaconer.id), judged.beaconer_points);
		assert_eq!((other.points, points_of(&good.id)), (PER_UNIT, PER_UNIT));
		let due = if valid == 2 { PER_UNIT } else { 0 };
		assert_eq!((tested.points, points_of(&hearer.id)), (due, due));
		verdict = Some(tested.verdict);
	});
	verdict.unwrap()
}

/// Returns the verdict on a witness with a changed report.
fn verdict_on(report: impl FnOnce(&mut WitnessReport)) -> Verdict {
	verdict_after(report, |_, _| ())
}

/// Returns the verdict on a witness in this cell.
fn verdict_at(cell: Cell) -> Verdict {
	verdict_after(|_| (), |_, hearer| hearer.change(|view| view.cell = cell))
}

#[test]
fn an_honest_witness_is_valid() {
	assert_eq!(verdict_on(|_| ()), Verdict::Valid);
	// Signal strength and noise are not judged: not even impossible ones.
	assert_eq!(
		verdict_on(|report| (report.rssi, report.snr) = (i16::MAX, i16::MIN)),
		Verdict::Valid
	);
}

#[test]
fn a_commitment_to_another_payload_is_bad() {
	assert_eq!(verdict_on(|report| report.commitment.0[0] ^= 1), Verdict::BadCommitment);
}

#[test]
fn a_copied_commitment_is_bad() {
	ExtBuilder::default().build_and_execute(|| {
		let (beaconer, honest, copier) = (beaconer(), hearer(0), hearer(1));
		to_commit(&beaconer);
		// The copier sees the honest report in the pool, and its own is included first.
		let heard = honest.witness(&beaconer);
		let copy = WitnessReport { witness: copier.id, ..heard.report };
		assert_eq!(copy.commitment, heard.report.commitment);
		commit(copier.signed(copy));
		commit(heard);
		to_reveal(&beaconer);
		let judged = reveal(&beaconer);
		assert_eq!(
			judged.witnesses.iter().map(|w| (w.report.witness, w.verdict)).collect::<Vec<_>>(),
			vec![(copier.id, Verdict::BadCommitment), (honest.id, Verdict::Valid)]
		);
		assert_eq!((points_of(&copier.id), points_of(&honest.id)), (0, PER_UNIT));
	});
}

#[test]
fn a_commitment_to_an_earlier_payload_is_bad() {
	ExtBuilder::default().build_and_execute(|| {
		let (beaconer, hearer) = (beaconer(), hearer(0));
		let earlier = beaconer.payload();
		to_period(1);
		to_commit(&beaconer);
		let mut report = hearer.report(&beaconer);
		report.commitment = commitment(&transmission(&earlier), &hearer.id);
		commit(hearer.signed(report));
		to_reveal(&beaconer);
		assert_eq!(reveal(&beaconer).witnesses[0].verdict, Verdict::BadCommitment);
	});
}

/// Returns the two forms of an ECDSA signature, the one with the lower s first.
fn forms(key: &PublicKey, signature: Signature) -> [Signature; 2] {
	match key {
		PublicKey::Secp256k1(_) => {
			let signed = k256::ecdsa::Signature::from_slice(&signature.0).unwrap();
			let low = signed.normalize_s().unwrap_or(signed);
			let (r, s) = low.split_scalars();
			let high = k256::ecdsa::Signature::from_scalars(r, -s).unwrap();
			[low, high].map(|form| Signature(form.to_bytes().into()))
		}
		PublicKey::P256(_) => {
			let signed = p256::ecdsa::Signature::from_slice(&signature.0).unwrap();
			let low = signed.normalize_s().unwrap_or(signed);
			let (r, s) = low.split_scalars();
			let high = p256::ecdsa::Signature::from_scalars(r, -s).unwrap();
			[low, high].map(|form| Signature(form.to_bytes().into()))
		}
		_ => panic!("no ECDSA key"),
	}
}

#[test]
fn the_twin_of_a_payload_voids_no_commitment() {
	let curves = [Device::secp256k1, Device::p256];
	let cases = curves.iter().flat_map(|device| (1..=4).map(move |seed| (device, seed)));
	for ((device, seed), low) in cases.flat_map(|case| [(case, true), (case, false)]) {
		ExtBuilder::default().build_and_execute(|| {
			let (beaconer, hearer) = (device(seed).at(1, LINE[0]), hearer(0));
			let [lowered, raised] = forms(&beaconer.key, beaconer.payload());
			assert_ne!(lowered, raised);
			let (aired, revealed) = if low { (lowered, raised) } else { (raised, lowered) };

			to_commit(&beaconer);
			let mut report = hearer.report(&beaconer);
			report.commitment = commitment(&transmission(&aired), &hearer.id);
			commit(hearer.signed(report));
			to_reveal(&beaconer);
			let beacon = Beacon { payload: revealed, ..beaconer.beacon() };
			assert_eq!(Coverage::check_beacon(&beacon), Ok(()));
			assert_ok!(Coverage::beacon(RawOrigin::Authorized.into(), beacon));
			assert_eq!(Coverage::judged_beacons()[0].witnesses[0].verdict, Verdict::Valid);
		});
	}
}

// With the order n of another curve, (r, n − s) is no form of the payload. Signatures of Ed25519
// and Sr25519 have only one form.
#[test]
fn only_the_twin_on_the_same_curve_is_valid() {
	let schemes = [Device::ed25519, Device::sr25519, Device::secp256k1, Device::p256];
	for (made_by, device) in schemes.iter().enumerate() {
		for (order, twin) in [(2, k256_twin as fn(_) -> _), (3, p256_twin)] {
			ExtBuilder::default().build_and_execute(|| {
				let (beaconer, hearer) = (device(1).at(1, LINE[0]), hearer(0));
				to_commit(&beaconer);
				let beacon = beaconer.beacon();
				let mut report = hearer.report(&beaconer);
				report.commitment = commitment(&transmission(&twin(beacon.payload)), &hearer.id);
				commit(hearer.signed(report));
				to_reveal(&beaconer);
				assert_ok!(Coverage::beacon(RawOrigin::Authorized.into(), beacon));
				let verdict = Coverage::judged_beacons()[0].witnesses[0].verdict;
				let own = made_by == order;
				assert_eq!(verdict, if own { Verdict::Valid } else { Verdict::BadCommitment });
			});
		}
	}
}

/// Returns (r, n − s) in the group of secp256k1, with s modulo n.
fn k256_twin(mut signature: Signature) -> Signature {
	use k256::{elliptic_curve::ops::Reduce, Scalar, U256};
	let s = <Scalar as Reduce<U256>>::reduce(U256::from_be_slice(&signature.0[32..]));
	signature.0[32..].copy_from_slice(&(-s).to_bytes());
	signature
}

/// Returns (r, n − s) in the group of P-256, with s modulo n.
fn p256_twin(mut signature: Signature) -> Signature {
	use p256::{elliptic_curve::ops::Reduce, Scalar, U256};
	let s = <Scalar as Reduce<U256>>::reduce(U256::from_be_slice(&signature.0[32..]));
	signature.0[32..].copy_from_slice(&(-s).to_bytes());
	signature
}

#[test]
fn a_witness_that_is_not_active_is_not_valid() {
	let retire = |device: &Device| {
		device.change(|view| view.status = DeviceStatus::Retiring { until: 1000 })
	};
	assert_eq!(verdict_after(|_| (), |_, hearer| retire(hearer)), Verdict::NotActive);
	assert_eq!(verdict_after(|_| (), |_, hearer| hearer.forget()), Verdict::NotActive);
	let leave = |device: &Device| device.change(|view| view.network = OTHER_NETWORK);
	assert_eq!(verdict_after(|_| (), |_, hearer| leave(hearer)), Verdict::NotActive);
}

#[test]
fn suspended_devices_take_part() {
	let suspend = |device: &Device| {
		device.change(|view| {
			view.status = DeviceStatus::Suspended { reason: SuspendReason::CoverageFraud };
		})
	};
	// The beaconer or the witness is suspended after the commitment.
	assert_eq!(verdict_after(|_| (), |beaconer, _| suspend(beaconer)), Verdict::Valid);
	assert_eq!(verdict_after(|_| (), |_, hearer| suspend(hearer)), Verdict::Valid);
	// Both are suspended from the beginning.
	ExtBuilder::default().build_and_execute(|| {
		let (beaconer, hearer) = (beaconer(), hearer(0));
		suspend(&beaconer);
		suspend(&hearer);
		to_commit(&beaconer);
		commit(hearer.witness(&beaconer));
		to_reveal(&beaconer);
		let judged = reveal(&beaconer);
		assert_eq!(judged.witnesses[0].verdict, Verdict::Valid);
		assert_eq!(points_of(&beaconer.id), PER_UNIT / 4);
		assert_eq!(points_of(&hearer.id), PER_UNIT);
	});
}

#[test]
fn points_are_discounted_by_the_trust_factor() {
	use TrustLevel::*;
	let factors =
		TrustPolicy { required: Open, open: 0, certified: ONE / 4, hardware_attested: ONE - 1 };
	let of = |level, worth: u64| match level {
		Open => 0,
		Certified => worth / 4,
		HardwareAttested => worth - worth.div_ceil(ONE.into()),
	};
	for level in [Open, Certified, HardwareAttested] {
		ExtBuilder::default().build_and_execute(|| {
			Policies::mutate(|all| all.get_mut(&NETWORK).unwrap().trust = factors);
			let (beaconer, hearers) = (beaconer(), [hearer(0), hearer(1), hearer(2), hearer(3)]);
			beaconer.change(|view| view.trust = level);
			to_commit(&beaconer);
			for each in &hearers {
				commit(each.witness(&beaconer));
			}
			to_reveal(&beaconer);
			// Each device's trust level at the time of the reveal counts.
			let levels = [HardwareAttested, Open, Certified, Open];
			for (hearer, level) in hearers.iter().zip(levels) {
				hearer.change(|view| view.trust = level);
			}
			let judged = reveal(&beaconer);

			// Four valid witnesses earn the beaconer one unit, whatever their own trust factors.
			assert_eq!(judged.beaconer_points, of(level, PER_UNIT));
			let shown = judged.witnesses.iter().map(|w| (w.report.witness, w.verdict, w.points));
			let due = hearers.iter().zip(levels);
			assert_eq!(
				shown.collect::<Vec<_>>(),
				due.map(|(w, level)| (w.id, Verdict::Valid, of(level, PER_UNIT)))
					.collect::<Vec<_>>()
			);

			// The event shows the credited points, and points of zero are not credited.
			let mut credits = vec![(NETWORK, beaconer.id, judged.beaconer_points)];
			credits.extend(judged.witnesses.iter().map(|w| (NETWORK, w.report.witness, w.points)));
			credits.retain(|(_, _, points)| *points > 0);
			assert_eq!(Credits::get(), credits);
		});
	}
}

#[test]
fn a_witness_of_the_same_owner_is_not_valid() {
	let sell = |_: &Device, hearer: &Device| hearer.change(|view| view.owner = 1);
	assert_eq!(verdict_after(|_| (), sell), Verdict::SameOwner);
}

#[test]
fn a_witness_too_near_or_too_far_is_not_valid() {
	assert_eq!(verdict_at(LINE[0]), Verdict::BelowMinDistance);
	assert_eq!(verdict_at(LINE[1]), Verdict::BelowMinDistance);
	assert_eq!(verdict_at(LINE[2]), Verdict::Valid);
	assert_eq!(verdict_at(LINE[5]), Verdict::Valid);
	assert_eq!(verdict_at(LINE[6]), Verdict::MaxDistanceExceeded);
	assert_eq!(verdict_at(LINE[7]), Verdict::MaxDistanceExceeded);
	assert_eq!(verdict_at(FAR_AWAY), Verdict::MaxDistanceExceeded);
	assert_eq!(verdict_at(Cell(0)), Verdict::MaxDistanceExceeded);
}

#[test]
fn a_frequency_outside_the_band_is_not_valid() {
	let at = |frequency| verdict_on(|report| report.frequency = frequency);
	assert_eq!(at(FREQUENCY - 100_001), Verdict::InvalidFrequency);
	assert_eq!(at(FREQUENCY - 100_000), Verdict::Valid);
	assert_eq!(at(FREQUENCY + 100_000), Verdict::Valid);
	assert_eq!(at(FREQUENCY + 100_001), Verdict::InvalidFrequency);
}

#[test]
fn a_time_outside_the_possible_range_is_not_valid() {
	// The witness commits in the block in which it hears: `heard_at` is the chain's clock then.
	let later = |by| verdict_on(|report| report.heard_at += by);
	assert_eq!(later(SKEW), Verdict::Valid);
	assert_eq!(later(SKEW + 1), Verdict::ImpossibleTime);
	let after_start = |by: i64| {
		verdict_on(|report| {
			let start = period().started - SKEW;
			report.heard_at = start.checked_add_signed(by).unwrap();
		})
	};
	assert_eq!(after_start(0), Verdict::Valid);
	assert_eq!(after_start(-1), Verdict::ImpossibleTime);
	assert_eq!(verdict_on(|report| report.heard_at = 0), Verdict::ImpossibleTime);
	assert_eq!(verdict_on(|report| report.heard_at = u64::MAX), Verdict::ImpossibleTime);
}

#[test]
fn witnesses_after_the_fourteenth_valid_one_are_too_many() {
	ExtBuilder::default().build_and_execute(|| {
		let beaconer = beaconer();
		to_commit(&beaconer);
		// The first witness is not valid, and takes no rewarded place.
		let liar = hearer(0);
		let mut report = liar.report(&beaconer);
		report.frequency = 0;
		commit(liar.signed(report));
		let hearers = (1..MAX_WITNESSES as u8).map(hearer).collect::<Vec<_>>();
		for each in &hearers {
			commit(each.witness(&beaconer));
		}
		to_reveal(&beaconer);
		let judged = reveal(&beaconer);

		let verdicts = judged.witnesses.iter().map(|w| w.verdict).collect::<Vec<_>>();
		let mut expected = vec![Verdict::InvalidFrequency];
		expected.extend([Verdict::Valid; MAX_REWARDED_WITNESSES as usize]);
		expected.resize(MAX_WITNESSES as usize, Verdict::TooManyWitnesses);
		assert_eq!(verdicts, expected);

		// By HIP-15 at fourteen witnesses: 1.8926258176 units and 0.22195529874….
		assert_eq!(
			judged.beaconer_points,
			(PER_UNIT as u128 * 18_926_258_176 / 10u128.pow(10)) as u64
		);
		let rewarded = &hearers[..MAX_REWARDED_WITNESSES as usize];
		assert!(rewarded.iter().all(|each| points_of(&each.id) == 221_955_300));
		assert_eq!(Credits::get().len(), 1 + rewarded.len());
		for judgement in &judged.witnesses {
			assert_eq!(judgement.points, points_of(&judgement.report.witness));
		}
	});
}

#[test]
fn the_verdict_is_the_first_fault_in_order() {
	let spoil = |report: &mut WitnessReport| {
		report.commitment.0[0] ^= 1;
		(report.frequency, report.heard_at) = (0, 0);
	};
	let all = |_: &Device, hearer: &Device| {
		hearer.change(|view| {
			view.owner = 1;
			view.cell = FAR_AWAY;
			view.status = DeviceStatus::Retiring { until: 1 };
		})
	};
	assert_eq!(verdict_after(spoil, all), Verdict::BadCommitment);
	let mend = |report: &mut WitnessReport| (report.frequency, report.heard_at) = (0, 0);
	assert_eq!(verdict_after(mend, all), Verdict::NotActive);
	let sold =
		|_: &Device, hearer: &Device| hearer.change(|view| (view.owner, view.cell) = (1, FAR_AWAY));
	assert_eq!(verdict_after(mend, sold), Verdict::SameOwner);
	let moved = |_: &Device, hearer: &Device| hearer.change(|view| view.cell = FAR_AWAY);
	assert_eq!(verdict_after(mend, moved), Verdict::MaxDistanceExceeded);
	assert_eq!(verdict_after(mend, |_, _| ()), Verdict::InvalidFrequency);
}

#[test]
fn the_policy_at_the_time_of_the_reveal_counts() {
	let narrow = |_: &Device, _: &Device| {
		Policies::mutate(|all| {
			let coverage = all.get_mut(&NETWORK).and_then(|p| p.coverage.as_mut()).unwrap();
			coverage.max_frequency = FREQUENCY;
		})
	};
	let high = |report: &mut WitnessReport| report.frequency = FREQUENCY + 1;
	assert_eq!(verdict_on(high), Verdict::Valid);
	assert_eq!(verdict_after(high, narrow), Verdict::InvalidFrequency);
}
