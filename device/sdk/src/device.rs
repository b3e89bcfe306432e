//! Messages of a device other than reports: consent to its owner, changes of its key, beacons,
//! witness reports.

use crate::key::Signer;
use codec::Encode;
use depin_primitives::{
	beacon::{
		commitment, Beacon, BeaconChallenge, Period, SignedWitness, Transmission, WitnessReport,
	},
	signing::GenesisPrefix,
	statement::{KeyAdoption, KeyRotation, OwnerConsent, TimedSignature},
	DeviceId, Millis, NetworkId, PublicKey, H256,
};

/// Device on one chain: its id, its key and the chain's genesis hash.
#[derive(Clone, Debug)]
pub struct Device<S> {
	id: DeviceId,
	signer: S,
	genesis: H256,
}

/// Beacon of another device as the radio received it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heard {
	/// Device that transmitted the beacon.
	pub beaconer: DeviceId,
	/// Period of the beaconer's challenge.
	pub period: Period,
	/// Bytes that were received.
	pub transmission: Transmission,
	/// Signal strength, in tenths of a dBm.
	pub rssi: i16,
	/// Signal-to-noise ratio, in tenths of a dB.
	pub snr: i16,
	/// Frequency, in hertz.
	pub frequency: u32,
	/// Time of reception.
	pub heard_at: Millis,
}

impl<S: Signer> Device<S> {
	/// Returns a device with its first key, from which its id derives.
	pub fn new(signer: S, genesis: H256) -> Self {
		Self::with_id(signer.public_key().device_id(), signer, genesis)
	}

	/// Returns a device whose key has been replaced since it got its id.
	pub fn with_id(id: DeviceId, signer: S, genesis: H256) -> Self {
		Self { id, signer, genesis }
	}

	/// Returns the device's id, which never changes.
	pub fn id(&self) -> DeviceId {
		self.id
	}

	/// Returns the public key of the device's current key.
	pub fn public_key(&self) -> PublicKey {
		self.signer.public_key()
	}

	/// Returns the device's signer.
	pub fn signer(&self) -> &S {
		&self.signer
	}

	/// Returns the genesis hash of the device's chain.
	pub fn genesis(&self) -> &H256 {
		&self.genesis
	}

	/// Returns the genesis prefix of the device's chain, which every message carries.
	pub fn genesis_prefix(&self) -> GenesisPrefix {
		GenesisPrefix::of(&self.genesis)
	}

	/// Signs the device's consent to work in `network` for `owner`, void from `expires` on.
	///
	/// The chain takes an expiry of at most
	/// [`MAX_STATEMENT_LIFETIME`](depin_primitives::statement::MAX_STATEMENT_LIFETIME) ahead of its
	/// clock. A device without a clock signs the expiry that its owner's wallet gives. A device
	/// with a clock should refuse a later one, because anyone who holds statements for later times
	/// can use them then.
	pub fn consent<AccountId: Encode>(
		&self,
		network: NetworkId,
		owner: AccountId,
		expires: Millis,
	) -> Result<TimedSignature, S::Error> {
		let consent = OwnerConsent { network, owner, expires };
		let signature = self.signer.sign_body(&consent, &self.genesis)?;
		Ok(TimedSignature { expires, signature })
	}

	/// Returns the device with `signer` in place of its key. Report with it once the chain has
	/// accepted the new key.
	pub fn rotated<N: Signer>(self, signer: N) -> Device<N> {
		Device::with_id(self.id, signer, self.genesis)
	}

	/// Signs, with the key that is given up, that `new_key` replaces that key. The call
	/// `rotate_key` takes this signature and the [`adoption`](Device::adoption) by the new key.
	/// Both are void from their `expires` on, as a [`consent`](Device::consent) is, and must expire
	/// later than every statement that the device has used: see `statementsUntil` of its record.
	pub fn rotation<AccountId: Encode>(
		&self,
		owner: AccountId,
		new_key: PublicKey,
		expires: Millis,
	) -> Result<TimedSignature, S::Error> {
		let rotation = KeyRotation { device: self.id, owner, new_key, expires };
		let signature = self.signer.sign_body(&rotation, &self.genesis)?;
		Ok(TimedSignature { expires, signature })
	}

	/// Signs, with the new key, that the device holds that key. Call it on the device that
	/// [`Device::rotated`] returns. If the old key is lost, the call `recover_key` takes this
	/// signature and a certificate of the new key.
	pub fn adoption<AccountId: Encode>(
		&self,
		owner: AccountId,
		expires: Millis,
	) -> Result<TimedSignature, S::Error> {
		let adoption = KeyAdoption { device: self.id, owner, expires };
		let signature = self.signer.sign_body(&adoption, &self.genesis)?;
		Ok(TimedSignature { expires, signature })
	}

	/// Returns the answer to the device's own challenge.
	///
	/// Transmit the [`transmission`](depin_primitives::beacon::transmission) of the payload. Keep
	/// the beacon, and send it to the chain when the challenge is in its phase `revealing`. A
	/// signer that is not deterministic makes another payload at each call: reveal the payload of
	/// which bytes were transmitted.
	pub fn beacon(&self, period: Period, nonce: H256) -> Result<Beacon, S::Error> {
		let challenge = BeaconChallenge { device: self.id, period, nonce };
		let payload = self.signer.sign_body(&challenge, &self.genesis)?;
		Ok(Beacon { chain: self.genesis_prefix(), device: self.id, period, payload })
	}

	/// Returns the commitment to a beacon that the device heard. Send it to the chain before the
	/// challenge is in its phase `revealing`.
	pub fn witness(&self, heard: &Heard) -> Result<SignedWitness, S::Error> {
		let Heard { beaconer, period, rssi, snr, frequency, heard_at, transmission } = *heard;
		let commitment = commitment(&transmission, &self.id);
		let report = WitnessReport {
			witness: self.id,
			beaconer,
			period,
			commitment,
			rssi,
			snr,
			frequency,
			heard_at,
		};
		let signature = self.signer.sign_body(&report, &self.genesis)?;
		Ok(SignedWitness { chain: self.genesis_prefix(), report, signature })
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{
		key::{verify, DeviceKey},
		reporter::{Delivery::Inline, Reporter},
	};
	use depin_primitives::{
		beacon::transmission, hashing::blake2_256, signing::Signable, KeyScheme,
	};

	const GENESIS: H256 = H256::repeat_byte(9);

	fn device(scheme: KeyScheme, secret: u8) -> Device<DeviceKey> {
		Device::new(DeviceKey::from_secret(scheme, &[secret; 32]).unwrap(), GENESIS)
	}

	#[test]
	fn the_id_is_that_of_the_first_key() {
		let first = device(KeyScheme::P256, 1);
		let mut bytes = alloc::vec![3u8];
		bytes.extend_from_slice(first.public_key().as_bytes());
		assert_eq!(first.id(), blake2_256(&bytes));

		let key = DeviceKey::from_secret(KeyScheme::Ed25519, &[2; 32]).unwrap();
		let rotated = Device::with_id(first.id(), key.clone(), GENESIS);
		assert_eq!(rotated.id(), first.id());
		assert_ne!(rotated.public_key(), first.public_key());
		let same = first.rotated(key);
		assert_eq!((same.id(), same.public_key()), (rotated.id(), rotated.public_key()));
		assert_eq!(same.genesis(), &GENESIS);
	}

	#[test]
	fn consent_is_to_one_owner_in_one_network_on_one_chain() {
		for scheme in KeyScheme::ALL {
			let device = device(scheme, 1);
			let key = device.public_key();
			let owner = [5u8; 32];
			let Ok(TimedSignature { expires, signature }) = device.consent(3, owner, 7);
			assert_eq!(expires, 7);
			let body = OwnerConsent { network: 3, owner, expires };
			let good = |body| verify(&key, &signature, &body, &GENESIS);
			assert!(good(body.clone()));
			assert!(!good(OwnerConsent { network: 4, ..body.clone() }));
			assert!(!good(OwnerConsent { owner: [6; 32], ..body.clone() }));
			assert!(!good(OwnerConsent { expires: 8, ..body.clone() }));
			assert!(!verify(&key, &signature, &body, &H256::repeat_byte(8)));
		}
	}

	#[test]
	fn a_rotation_is_for_one_owner_and_one_new_key() {
		for (from, to) in KeyScheme::ALL.into_iter().flat_map(|a| KeyScheme::ALL.map(|b| (a, b))) {
			let old = device(from, 1);
			let new = DeviceKey::from_secret(to, &[2; 32]).unwrap();
			let (id, owner, new_key) = (old.id(), [5u8; 32], new.public_key());
			let Ok(TimedSignature { expires, signature: by_old }) = old.rotation(owner, new_key, 7);
			assert_eq!(expires, 7);
			let Ok(TimedSignature { expires, signature: by_new }) =
				old.clone().rotated(new).adoption(owner, 9);
			assert_eq!(expires, 9);

			let body = KeyRotation { device: id, owner, new_key, expires: 7 };
			let good = |body| verify(&old.public_key(), &by_old, &body, &GENESIS);
			assert!(good(body.clone()));
			assert!(!good(KeyRotation { device: H256::zero(), ..body.clone() }));
			assert!(!good(KeyRotation { owner: [6; 32], ..body.clone() }));
			assert!(!good(KeyRotation { expires: 8, ..body.clone() }));
			assert!(!good(KeyRotation { new_key: old.public_key(), ..body.clone() }));
			assert!(!verify(&new_key, &by_old, &body, &GENESIS));
			assert!(!verify(&old.public_key(), &by_old, &body, &H256::repeat_byte(8)));

			let body = KeyAdoption { device: id, owner, expires };
			let good = |body| verify(&new_key, &by_new, &body, &GENESIS);
			assert!(good(body.clone()));
			assert!(!good(KeyAdoption { device: H256::zero(), ..body.clone() }));
			assert!(!good(KeyAdoption { owner: [6; 32], ..body.clone() }));
			assert!(!good(KeyAdoption { expires: 8, ..body.clone() }));
			assert!(!verify(&old.public_key(), &by_new, &body, &GENESIS));
			assert!(!verify(&new_key, &by_new, &body, &H256::repeat_byte(8)));
		}
	}

	#[test]
	fn the_signed_bytes_of_statements_are_those_of_the_wire_format() {
		let old = device(KeyScheme::Ed25519, 1);
		let new_key = PublicKey::P256([3; 33]);
		let expires = 0x0102_0304_0506_0708;
		let end = [8, 7, 6, 5, 4, 3, 2, 1];
		let head =
			|tag: &[u8; 16]| [tag.as_slice(), &[9; 32], old.id().as_bytes(), &[5; 32]].concat();

		let body = KeyAdoption { device: old.id(), owner: [5u8; 32], expires };
		let expected = [&head(b"depin:adopt:v2\0\0")[..], &end].concat();
		assert_eq!(body.signing_bytes(&GENESIS), expected);
		let body = KeyRotation { device: old.id(), owner: [5u8; 32], new_key, expires };
		let expected = [&head(b"depin:rotate:v2\0")[..], &[3], &[3; 33], &end].concat();
		assert_eq!(body.signing_bytes(&GENESIS), expected);
		let body = OwnerConsent { network: 0x0a0b_0c0d, owner: [5u8; 32], expires };
		let network = [0x0d, 0x0c, 0x0b, 0x0a];
		let expected = [&b"depin:consent:v2"[..], &[9; 32], &network, &[5; 32], &end].concat();
		assert_eq!(body.signing_bytes(&GENESIS), expected);
	}

	#[test]
	fn a_rotated_device_reports_on_under_its_id() {
		for scheme in KeyScheme::ALL {
			let old = device(KeyScheme::P256, 1);
			let mut reporter = Reporter::new();
			let first = reporter.report(&old, 0..10, 0, &[], Inline).unwrap().report;
			let new = old.clone().rotated(DeviceKey::from_secret(scheme, &[2; 32]).unwrap());
			let second = reporter.report(&new, 10..20, 0, &[], Inline).unwrap();
			assert_eq!(second.report.device, old.id());
			assert_eq!((second.report.sequence, second.report.previous), (2, first.hash()));
			assert!(verify(&new.public_key(), &second.signature, &second.report, &GENESIS));
			assert!(!verify(&old.public_key(), &second.signature, &second.report, &GENESIS));
		}
	}

	#[test]
	fn a_witness_commits_to_a_beacon_that_it_heard() {
		for scheme in KeyScheme::ALL {
			let (beaconer, witness) = (device(scheme, 1), device(scheme, 2));
			let nonce = H256::repeat_byte(4);
			let Ok(beacon) = beaconer.beacon(11, nonce);
			assert_eq!(beacon.chain.0, [9; 4]);
			assert_eq!((beacon.device, beacon.period), (beaconer.id(), 11));
			let challenge = BeaconChallenge { device: beaconer.id(), period: 11, nonce };
			assert!(verify(&beaconer.public_key(), &beacon.payload, &challenge, &GENESIS));

			let heard = Heard {
				beaconer: beaconer.id(),
				period: 11,
				transmission: transmission(&beacon.payload),
				rssi: -1_034,
				snr: -25,
				frequency: 904_300_000,
				heard_at: 1_357_000_000_000,
			};
			let Ok(signed) = witness.witness(&heard);
			let report = signed.report;
			assert!(verify(&witness.public_key(), &signed.signature, &report, &GENESIS));
			assert_eq!(report.encode().len(), 116);
			assert_eq!((report.witness, report.beaconer), (witness.id(), beaconer.id()));
			assert_eq!((report.rssi, report.snr), (-1_034, -25));

			// The commitment binds transmission and witness, so that no other device can copy it.
			let mut bytes = beacon.payload.0[..51].to_vec();
			bytes.extend_from_slice(witness.id().as_bytes());
			assert_eq!(report.commitment, blake2_256(&bytes));
			assert_ne!(report.commitment, commitment(&heard.transmission, &beaconer.id()));
		}
	}
}
