//! Wire bytes of beacons and witnesses. The vectors were made independently of this crate, with
//! Python's `struct` and `hashlib.blake2b`.

use codec::{Decode, Encode, MaxEncodedLen};
use depin_primitives::{
	beacon::{
		commitment, transmission, Beacon, BeaconChallenge, ChallengePhase, ChallengeRecord,
		CoverageError, JudgedBeacon, Judgement, SignedWitness, Verdict, WitnessReport,
		MAX_WITNESSES,
	},
	refusal::RefusalReason,
	signing::{GenesisPrefix, Signable},
	Signature, H256,
};
use hex_literal::hex;

const GENESIS: H256 = H256([0x44; 32]);
const WITNESS: H256 = H256([0x11; 32]);
const BEACONER: H256 = H256([0x22; 32]);

fn payload() -> Signature {
	Signature(core::array::from_fn(|at| at as u8))
}

fn report() -> WitnessReport {
	WitnessReport {
		witness: WITNESS,
		beaconer: BEACONER,
		period: 0x01020304,
		commitment: H256([0x33; 32]),
		rssi: -1015,
		snr: 65,
		frequency: 868_100_000,
		heard_at: 1_750_000_000_123,
	}
}

fn challenge() -> BeaconChallenge {
	BeaconChallenge { device: BEACONER, period: 7, nonce: H256([0x55; 32]) }
}

/// Bytes of the report: witness, beaconer, period, commitment, then signal, noise, frequency and
/// time.
const REPORT: [u8; 116] = hex!(
	"1111111111111111111111111111111111111111111111111111111111111111"
	"2222222222222222222222222222222222222222222222222222222222222222"
	"04030201"
	"3333333333333333333333333333333333333333333333333333333333333333"
	"09fc" "4100" "a027be33" "7bdc207497010000"
);

#[test]
fn a_witness_report_has_fixed_bytes() {
	assert_eq!(report().encode(), REPORT);
	assert_eq!(WitnessReport::max_encoded_len(), 116);
	assert_eq!(WitnessReport::decode(&mut &REPORT[..]), Ok(report()));
}

#[test]
fn a_witness_signs_tag_genesis_hash_and_report() {
	let mut expected = hex!("646570696e3a7769746e6573733a7632").to_vec();
	expected.extend([0x44; 32]);
	expected.extend(REPORT);
	assert_eq!(report().signing_bytes(&GENESIS), expected);
}

#[test]
fn a_signed_witness_is_prefix_report_and_signature() {
	let signed = SignedWitness {
		chain: GenesisPrefix::of(&GENESIS),
		report: report(),
		signature: payload(),
	};
	let mut expected = vec![0x44; 4];
	expected.extend(REPORT);
	expected.extend(0..64u8);
	assert_eq!(signed.encode(), expected);
	assert_eq!(SignedWitness::max_encoded_len(), 184);
	assert_eq!(SignedWitness::decode(&mut &expected[..]), Ok(signed));
}

#[test]
fn a_beaconer_signs_tag_genesis_hash_and_challenge() {
	let expected = hex!(
		"646570696e3a626561636f6e3a763100"
		"4444444444444444444444444444444444444444444444444444444444444444"
		"2222222222222222222222222222222222222222222222222222222222222222"
		"07000000"
		"5555555555555555555555555555555555555555555555555555555555555555"
	);
	assert_eq!(challenge().signing_bytes(&GENESIS), expected);
}

#[test]
fn a_beacon_has_fixed_bytes() {
	let beacon = Beacon {
		chain: GenesisPrefix::of(&GENESIS),
		device: BEACONER,
		period: 7,
		payload: payload(),
	};
	let expected = hex!(
		"44444444"
		"2222222222222222222222222222222222222222222222222222222222222222"
		"07000000"
		"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
		"202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f"
	);
	assert_eq!(beacon.encode(), expected);
	assert_eq!(Beacon::max_encoded_len(), expected.len());
	assert_eq!(Beacon::decode(&mut &expected[..]), Ok(beacon));
}

#[test]
fn a_commitment_binds_transmission_and_witness() {
	let expected = hex!("a419df657026db0d2539a1bbe6c009ea373b2323882662a8e73c60a203f88b96");
	let heard = transmission(&payload());
	assert_eq!(heard, payload().0[..51]);
	assert_eq!(commitment(&heard, &WITNESS), H256(expected));
	assert_ne!(commitment(&heard, &BEACONER), H256(expected));
	let mut other = heard;
	other[50] ^= 1;
	assert_ne!(commitment(&other, &WITNESS), H256(expected));
}

fn judged() -> JudgedBeacon {
	let witnesses = [(Verdict::SameOwner, 0), (Verdict::Valid, 1000)]
		.map(|(verdict, points)| Judgement { report: report(), verdict, points });
	JudgedBeacon {
		network: 5,
		beaconer: BEACONER,
		period: 7,
		beaconer_points: 250,
		witnesses: witnesses.to_vec().try_into().unwrap(),
	}
}

#[test]
fn a_judged_beacon_has_fixed_bytes() {
	let mut expected = hex!("05000000").to_vec();
	expected.extend([0x22; 32]);
	expected.extend(hex!("07000000" "fa00000000000000" "08"));
	expected.extend(REPORT);
	expected.extend(hex!("03" "0000000000000000"));
	expected.extend(REPORT);
	expected.extend(hex!("00" "e803000000000000"));
	assert_eq!(judged().encode(), expected);
	assert_eq!(JudgedBeacon::decode(&mut &expected[..]), Ok(judged()));

	let mut crowded = judged();
	for _ in 2..MAX_WITNESSES {
		crowded.witnesses.try_push(crowded.witnesses[0]).unwrap();
	}
	assert!(crowded.witnesses.try_push(crowded.witnesses[0]).is_err());
}

#[test]
fn verdicts_and_errors_have_fixed_numbers() {
	use Verdict::*;
	let verdicts = [
		Valid,
		BadCommitment,
		NotActive,
		SameOwner,
		BelowMinDistance,
		MaxDistanceExceeded,
		InvalidFrequency,
		ImpossibleTime,
		TooManyWitnesses,
	];
	for (number, verdict) in (0u8..).zip(verdicts) {
		assert_eq!(verdict.encode(), [number]);
	}

	use CoverageError as E;
	let errors = [
		E::WrongChain,
		E::UnknownDevice,
		E::DeviceNotActive,
		E::CoverageOff,
		E::UnknownBeaconer,
		E::SelfWitness,
		E::WrongPeriod,
		E::TooEarly,
		E::TooLate,
		E::DuplicateWitness,
		E::WitnessesFull,
		E::AlreadyRevealed,
		E::BadSignature,
		E::NetworkPaused,
	];
	for (number, error) in (100u8..).zip(errors) {
		assert_eq!((error.code(), error.encode()), (number, vec![number]));
		assert_eq!(CoverageError::decode(&mut &[number][..]), Ok(error));
		assert!(!error.advice().is_empty());
	}
	// No other number is one of an error.
	let known = (0..=u8::MAX).filter(|number| CoverageError::decode(&mut &[*number][..]).is_ok());
	assert_eq!(known.count(), errors.len());
}

#[cfg(feature = "serde")]
#[test]
fn json_forms_are_fixed() {
	let signed = SignedWitness {
		chain: GenesisPrefix::of(&GENESIS),
		report: report(),
		signature: payload(),
	};
	let expected = serde_json::json!({
		"chain": "0x44444444",
		"report": {
			"witness": format!("0x{}", "11".repeat(32)),
			"beaconer": format!("0x{}", "22".repeat(32)),
			"period": 16909060,
			"commitment": format!("0x{}", "33".repeat(32)),
			"rssi": -1015,
			"snr": 65,
			"frequency": 868100000,
			"heardAt": 1750000000123u64,
		},
		"signature": format!("0x{}", (0..64).map(|n| format!("{n:02x}")).collect::<String>()),
	});
	assert_eq!(serde_json::to_value(signed).unwrap(), expected);
	assert_eq!(serde_json::from_value::<SignedWitness>(expected).unwrap(), signed);

	let record = ChallengeRecord {
		device: BEACONER,
		period: 7,
		nonce: H256::zero(),
		tick: 70,
		opens_at: 71,
		reveals_at: 73,
		closes_at: 75,
		phase: ChallengePhase::Waiting,
		witnesses: vec![WITNESS],
	};
	let value = serde_json::to_value(&record).unwrap();
	assert_eq!(value["phase"], "waiting");
	assert_eq!((&value["opensAt"], &value["closesAt"]), (&71.into(), &75.into()));
	assert_eq!(serde_json::from_value::<ChallengeRecord>(value).unwrap(), record);

	let value = serde_json::to_value(judged()).unwrap();
	assert_eq!(value["beaconerPoints"], 250);
	assert_eq!(value["witnesses"][0]["report"], serde_json::to_value(report()).unwrap());
	assert_eq!(value["witnesses"][0]["verdict"], "sameOwner");
	assert_eq!(value["witnesses"][1]["verdict"], "valid");
	assert_eq!(value["witnesses"][1]["points"], 1000);
	assert_eq!(serde_json::from_value::<JudgedBeacon>(value).unwrap(), judged());

	// The error names the length of a payload that is cut short.
	let short = serde_json::json!({
		"chain": "0x44444444",
		"device": format!("0x{}", "22".repeat(32)),
		"period": 7,
		"payload": "0x00",
	});
	let refused = serde_json::from_value::<Beacon>(short).unwrap_err().to_string();
	assert!(refused.contains("1 bytes where 64 belong"), "{refused}");
}
