//! What a revealed payload proves: a verdict for each witness, points and score.

use crate::{
	hip15, messages::BeaconCase, types::*, Config, CurrentPeriod, Event, Pallet, Rounds, Scores,
};
use alloc::vec::Vec;
use depin_primitives::{
	beacon::{
		commitment, Beacon, CoverageScore, JudgedBeacon, Judgement, Judgements, Verdict,
		WitnessReport, MAX_REWARDED_WITNESSES,
	},
	policy::TrustLevel,
	traits::{Devices, Ledger, Lifecycle, NotSettled},
	DeviceId, NetworkId, PublicKey, Signature, H256,
};
use frame_support::ensure;

impl<T: Config> Pallet<T> {
	/// Judges the witnesses of a verified beacon, credits whom it rewards, and notes that the
	/// challenge was met. Gives the number of commitments read, which is what it costs.
	pub(crate) fn judge(case: BeaconCase<T::AccountId>, beacon: &Beacon) -> u32 {
		let network = case.beaconer.network;
		let payloads = Payloads::new(&case.beaconer.key, &beacon.payload);
		let kept = Rounds::<T>::take(beacon.device);
		let read = kept.as_ref().map_or(0, |round| round.witnesses.len() as u32);
		// A round of an earlier period, which was not revealed in time, goes unjudged.
		let round = kept
			.filter(|round| round.period == case.period.number)
			.unwrap_or_else(|| Round::new(case.period.number));

		let mut valid = 0u32;
		let verdicts = round.witnesses.iter().map(|heard| {
			let verdict = Self::verdict(&case, &payloads, heard).and_then(|level| {
				ensure!(valid < MAX_REWARDED_WITNESSES, Verdict::TooManyWitnesses);
				valid += 1;
				Ok(level)
			});
			(heard.report, verdict)
		});
		let verdicts = verdicts.collect::<Vec<_>>();

		// What it is worth depends on how many are valid; what of that is credited, on each's trust.
		let BeaconCase { beaconer, policy, coverage, period, .. } = &case;
		let per_unit = coverage.points_per_unit;
		let worth = hip15::beaconer(valid).points(per_unit);
		let beaconer_points = policy.trust.discount(beaconer.trust, worth);
		Self::credit(network, &beacon.device, beaconer_points);
		let worth = hip15::witness(valid).points(per_unit);
		let judge = |(report, verdict): (WitnessReport, Result<TrustLevel, Verdict>)| {
			let (verdict, points) = match verdict {
				Ok(level) => (Verdict::Valid, policy.trust.discount(level, worth)),
				Err(fault) => (fault, 0),
			};
			Self::credit(network, &report.witness, points);
			Judgement { report, verdict, points }
		};
		// A round has no more witnesses than there can be judgements: none is cut off.
		let witnesses = Judgements::truncate_from(verdicts.into_iter().map(judge).collect());

		Self::note_answer(&beacon.device, period);
		Self::deposit_event(Event::BeaconJudged(JudgedBeacon {
			network,
			beaconer: beacon.device,
			period: period.number,
			beaconer_points,
			witnesses,
		}));
		read
	}

	/// What is to be said of one witness, before the number of rewarded ones is looked at: its trust
	/// level, if nothing speaks against it.
	fn verdict(
		case: &BeaconCase<T::AccountId>,
		payloads: &Payloads,
		heard: &Commitment,
	) -> Result<TrustLevel, Verdict> {
		let BeaconCase { beaconer, policy, coverage, period, .. } = case;
		let Commitment { report, received_at } = heard;
		let known = payloads.match_commitment(&report.commitment, &report.witness);
		ensure!(known, Verdict::BadCommitment);
		let witness = T::Devices::device(&report.witness)
			.filter(|witness| witness.status.can_work() && witness.network == beaconer.network)
			.ok_or(Verdict::NotActive)?;
		ensure!(witness.owner != beaconer.owner, Verdict::SameOwner);
		let distance = beaconer.cell.grid_distance(witness.cell);
		let distance = distance.ok_or(Verdict::MaxDistanceExceeded)?;
		ensure!(distance >= coverage.min_distance, Verdict::BelowMinDistance);
		ensure!(distance <= coverage.max_distance, Verdict::MaxDistanceExceeded);
		let band = coverage.min_frequency..=coverage.max_frequency;
		ensure!(band.contains(&report.frequency), Verdict::InvalidFrequency);
		// The witness's clock may be off by the skew that the network grants to reports.
		let skew = policy.report.max_skew;
		let possible = period.started.saturating_sub(skew)..=received_at.saturating_add(skew);
		ensure!(possible.contains(&report.heard_at), Verdict::ImpossibleTime);
		Ok(witness.trust)
	}

	fn credit(network: NetworkId, device: &DeviceId, points: u64) {
		if points > 0 {
			T::Ledger::credit(network, device, points);
		}
	}

	/// Counts the answer, and the challenges missed since the last one.
	fn note_answer(device: &DeviceId, period: &PeriodInfo) {
		Scores::<T>::mutate(device, |score| {
			let (answered, missed) = score.map_or((0, 0), |last| {
				let since = period.number.saturating_sub(last.last_answered);
				(last.answered, last.missed.saturating_add(since.saturating_sub(1)))
			});
			*score = Some(CoverageScore {
				last_answered: period.number,
				answered: answered.saturating_add(1),
				missed,
			});
		});
	}
}

/// A payload in every form that a witness can have heard and anyone who heard it could reveal.
///
/// With (r, s), (r, n − s) is an ECDSA signature too, which takes no key to make. Were it not taken
/// for the same payload, anyone who heard a beacon could reveal its twin first and so void every
/// commitment. Signatures of Ed25519 and Sr25519 have no twin: s must be below the group's order.
struct Payloads {
	revealed: Signature,
	twin: Option<Signature>,
}

impl Payloads {
	fn new(key: &PublicKey, payload: &Signature) -> Self {
		let twin = match key {
			PublicKey::Ed25519(_) | PublicKey::Sr25519(_) => None,
			PublicKey::Secp256k1(_) => Some(ecdsa_twin(payload, &SECP256K1_ORDER)),
			PublicKey::P256(_) => Some(ecdsa_twin(payload, &P256_ORDER)),
		};
		Self { revealed: *payload, twin }
	}

	fn match_commitment(&self, committed: &H256, witness: &DeviceId) -> bool {
		commitment(&self.revealed, witness) == *committed
			|| self.twin.is_some_and(|twin| commitment(&twin, witness) == *committed)
	}
}

/// The order of secp256k1's group (SEC 2), big-endian.
const SECP256K1_ORDER: [u8; 32] = [
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe,
	0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41,
];

/// The order of P-256's group (FIPS 186-5), big-endian.
const P256_ORDER: [u8; 32] = [
	0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

/// (r, n − s) of a valid signature (r, s) in a group of order n, so that 0 < s < n.
fn ecdsa_twin(signature: &Signature, order: &[u8; 32]) -> Signature {
	let mut twin = *signature;
	let mut borrow = false;
	for (byte, order) in twin.0[32..].iter_mut().zip(order).rev() {
		let (difference, first) = order.overflowing_sub(*byte);
		let (difference, second) = difference.overflowing_sub(borrow.into());
		(*byte, borrow) = (difference, first || second);
	}
	twin
}

impl<T: Config> Lifecycle<T::AccountId> for Pallet<T> {
	/// Forgets the device's score and round. Commitments of it to others' beacons stay where they
	/// are, and are judged [`Verdict::NotActive`].
	///
	/// It must wait for the next period if it has answered in this one, or may still be witnessed in
	/// it: registered again under the same key it would have the same challenge, and could be
	/// rewarded twice for it.
	fn on_reap(id: &DeviceId, _: NetworkId, _: &T::AccountId) -> Result<(), NotSettled> {
		if let Some(period) = CurrentPeriod::<T>::get() {
			if Self::has_answered(id, &period) || Self::round(id, &period).is_some() {
				return Err(NotSettled);
			}
		}
		Rounds::<T>::remove(id);
		Scores::<T>::remove(id);
		Ok(())
	}
}
