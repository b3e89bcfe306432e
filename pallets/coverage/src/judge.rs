//! Judgement of a revealed beacon: a verdict for each witness, points, and the beaconer's score.

use crate::{
	hip15,
	messages::{BeaconContext, VerifiedBeacon},
	types::*,
	Config, CurrentPeriod, Event, Pallet, Rounds,
};
use alloc::vec::Vec;
use depin_primitives::{
	beacon::{
		commitment, transmission, CoverageScore, JudgedBeacon, Judgement, Judgements, Verdict,
		WitnessReport, MAX_REWARDED_WITNESSES,
	},
	policy::TrustLevel,
	traits::{Devices, Ledger, Lifecycle, NotSettled},
	DeviceId, NetworkId, PublicKey, Signature, H256,
};
use frame_support::ensure;

impl<T: Config> Pallet<T> {
	/// Judges the witnesses of a beacon, credits the beaconer and the valid witnesses, and counts
	/// the challenge as answered. Returns the number of commitments that it has read, by which the
	/// call is weighed.
	pub(crate) fn judge(verified: VerifiedBeacon<T::AccountId>) -> u32 {
		let context = verified.context();
		let BeaconContext { beacon, beaconer, policy, coverage, period } = context;
		let network = beaconer.network;
		let payloads = Payloads::new(&beaconer.key, &beacon.payload);

		// A round of an earlier period, which was not revealed in time, is never judged.
		let round = Rounds::<T>::take(period.number, beacon.device).unwrap_or_default();
		let read = round.len() as u32;

		// All verdicts come before any points, because the points of each depend on the number of
		// valid witnesses. An invalid witness takes no rewarded place from those after it.
		let mut valid = 0u32;
		let verdicts = round.iter().map(|heard| {
			let verdict = Self::verdict(context, &payloads, heard).and_then(|level| {
				ensure!(valid < MAX_REWARDED_WITNESSES, Verdict::TooManyWitnesses);
				valid = valid.saturating_add(1);
				Ok(level)
			});
			(heard.report, verdict)
		});
		let verdicts = verdicts.collect::<Vec<_>>();

		// Each is credited its HIP-15 points, discounted by the trust factor of its own trust
		// level.
		let per_unit = coverage.points_per_unit;
		let points = hip15::beaconer(valid).points(per_unit);
		let beaconer_points = policy.trust.discount(beaconer.trust, points);
		T::Devices::change(&beacon.device, |record| {
			if beaconer_points > 0 {
				T::Ledger::credit(network, &beacon.device, record, beaconer_points);
			}
			count_answer(record.as_mut(), period);
		});
		let witness_points = hip15::witness(valid).points(per_unit);
		let judge = |(report, verdict): (WitnessReport, Result<TrustLevel, Verdict>)| {
			let (verdict, points) = match verdict {
				Ok(level) => (Verdict::Valid, policy.trust.discount(level, witness_points)),
				Err(fault) => (fault, 0),
			};
			if points > 0 {
				// A witness that is not registered any more gets nothing.
				T::Devices::change(&report.witness, |record| {
					T::Ledger::credit(network, &report.witness, record, points)
				});
			}
			Judgement { report, verdict, points }
		};
		// A round has no more witnesses than a beacon can have judgements, so that none is cut off;
		// qed.
		let witnesses = Judgements::truncate_from(verdicts.into_iter().map(judge).collect());

		Self::deposit_event(Event::BeaconJudged(JudgedBeacon {
			network,
			beaconer: beacon.device,
			period: period.number,
			beaconer_points,
			witnesses,
		}));
		read
	}

	/// Returns the trust level of a witness that heard the beacon, or the first fault of the
	/// witness. Does not look at the number of witnesses that are rewarded.
	fn verdict(
		context: &BeaconContext<T::AccountId>,
		payloads: &Payloads,
		heard: &Commitment,
	) -> Result<TrustLevel, Verdict> {
		let BeaconContext { beaconer, policy, coverage, period, .. } = context;
		let Commitment { report, received_at } = heard;
		let matches = payloads.match_commitment(&report.commitment, &report.witness);
		ensure!(matches, Verdict::BadCommitment);
		// The witness may have retired, left the network or changed hands since it committed.
		let witness = T::Devices::device(&report.witness)
			.filter(|witness| witness.status.can_work() && witness.network == beaconer.network)
			.ok_or(Verdict::NotActive)?;
		ensure!(witness.owner != beaconer.owner, Verdict::SameOwner);
		// Where H3 knows no distance, the two are very far apart or a pentagon is between them.
		let distance = beaconer.cell.grid_distance(witness.cell);
		let distance = distance.ok_or(Verdict::MaxDistanceExceeded)?;
		ensure!(distance >= coverage.min_distance, Verdict::BelowMinDistance);
		ensure!(distance <= coverage.max_distance, Verdict::MaxDistanceExceeded);
		let band = coverage.min_frequency..=coverage.max_frequency;
		ensure!(band.contains(&report.frequency), Verdict::InvalidFrequency);
		// The witness's clock may be off by the skew that the network's policy grants to reports.
		let skew = policy.report.max_skew;
		let possible = period.started.saturating_sub(skew)..=received_at.saturating_add(skew);
		ensure!(possible.contains(&report.heard_at), Verdict::ImpossibleTime);
		Ok(witness.trust)
	}
}

/// Counts an answered challenge, and those missed between the last answer and this one.
fn count_answer(score: &mut Option<CoverageScore>, period: &PeriodInfo) {
	// Challenges before the first answer count neither as answered nor as missed.
	let (answered, missed) = score.map_or((0, 0), |last| {
		let since = period.number.saturating_sub(last.last_answered);
		(last.answered, last.missed.saturating_add(since.saturating_sub(1)))
	});
	*score = Some(CoverageScore {
		last_answered: period.number,
		answered: answered.saturating_add(1),
		missed,
	});
}

/// Forms of a payload to which a commitment is valid: the revealed one and, for ECDSA, its twin.
///
/// If (r, s) is an ECDSA signature, then (r, n − s) is one too, which anyone can make without a
/// key. Both count as the same payload: otherwise anyone who heard a beacon could reveal its twin
/// first and so void every commitment. Signatures of Ed25519 and Sr25519 have no twin, because s
/// must be below the group's order.
struct Payloads {
	/// Payload that was revealed.
	revealed: Signature,
	/// Second form of an ECDSA signature.
	twin: Option<Signature>,
}

impl Payloads {
	/// Returns the forms of a payload that was signed with this key.
	fn new(key: &PublicKey, payload: &Signature) -> Self {
		let twin = match key {
			PublicKey::Ed25519(_) | PublicKey::Sr25519(_) => None,
			PublicKey::Secp256k1(_) => Some(ecdsa_twin(payload, &SECP256K1_ORDER)),
			PublicKey::P256(_) => Some(ecdsa_twin(payload, &P256_ORDER)),
		};
		Self { revealed: *payload, twin }
	}

	/// Tells if the witness has committed to one of the forms.
	fn match_commitment(&self, committed: &H256, witness: &DeviceId) -> bool {
		let is_of = |payload| commitment(&transmission(payload), witness) == *committed;
		is_of(&self.revealed) || self.twin.as_ref().is_some_and(is_of)
	}
}

/// Order of secp256k1's group (SEC 2), big-endian.
const SECP256K1_ORDER: [u8; 32] = [
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe,
	0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41,
];

/// Order of P-256's group (FIPS 186-5), big-endian.
const P256_ORDER: [u8; 32] = [
	0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

/// Returns (r, n − s) for a valid signature (r, s) in a group of order n, so that 0 < s < n.
fn ecdsa_twin(signature: &Signature, order: &[u8; 32]) -> Signature {
	let mut twin = *signature;
	let mut borrow = false;
	// Subtracts from the last byte to the first, because both numbers are big-endian.
	for (byte, order) in twin.0[32..].iter_mut().zip(order).rev() {
		let (difference, first) = order.overflowing_sub(*byte);
		let (difference, second) = difference.overflowing_sub(borrow.into());
		(*byte, borrow) = (difference, first || second);
	}
	twin
}

impl<T: Config> Lifecycle<T::AccountId> for Pallet<T> {
	/// Refuses a device that has answered its challenge of the current period, or may still be
	/// witnessed in it: registered again under the same key, the device would have the same
	/// challenge, and could be rewarded for it twice.
	///
	/// The score goes with the device's record. The device's commitments to other devices' beacons
	/// stay, and are judged [`Verdict::NotActive`]. A round of an earlier period is removed like
	/// any other one.
	fn on_reap(id: &DeviceId, _: NetworkId, _: &T::AccountId) -> Result<(), NotSettled> {
		if let Some(period) = CurrentPeriod::<T>::get() {
			if Self::has_answered(id, &period) || Self::round(id, &period).is_some() {
				return Err(NotSettled);
			}
		}
		Ok(())
	}
}
