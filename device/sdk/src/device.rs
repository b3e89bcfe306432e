//! What a device signs beside its reports: consent to its owner, beacons, witness commitments.

use crate::key::Signer;
use codec::Encode;
use depin_primitives::{
	beacon::{commitment, Beacon, BeaconChallenge, Period, SignedWitness, WitnessReport},
	device::{KeyAdoption, KeyRotation, OwnerConsent},
	signing::ChainTag,
	DeviceId, Millis, NetworkId, PublicKey, Signature, H256,
};

/// A device on one chain: its id and what it signs with.
#[derive(Clone, Debug)]
pub struct Device<S> {
	id: DeviceId,
	signer: S,
	genesis: H256,
}

/// A beacon of another device, as the radio heard it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heard {
	/// Who was challenged to beacon.
	pub beaconer: DeviceId,
	/// The period of the beaconer's challenge.
	pub period: Period,
	/// The bytes that were on the air.
	pub payload: Signature,
	/// Signal strength, in tenths of a dBm.
	pub rssi: i16,
	/// Signal-to-noise ratio, in tenths of a dB.
	pub snr: i16,
	/// Frequency, in hertz.
	pub frequency: u32,
	/// When it was heard.
	pub heard_at: Millis,
}

impl<S: Signer> Device<S> {
	/// A device that still has its first key, which makes its id.
	pub fn new(signer: S, genesis: H256) -> Self {
		Self::with_id(signer.public_key().device_id(), signer, genesis)
	}

	/// A device whose key has been rotated since it got its id.
	pub fn with_id(id: DeviceId, signer: S, genesis: H256) -> Self {
		Self { id, signer, genesis }
	}

	/// Its name for life.
	pub fn id(&self) -> DeviceId {
		self.id
	}

	/// The key that it signs with now.
	pub fn public_key(&self) -> PublicKey {
		self.signer.public_key()
	}

	/// What it signs with.
	pub fn signer(&self) -> &S {
		&self.signer
	}

	/// The genesis hash of its chain.
	pub fn genesis(&self) -> &H256 {
		&self.genesis
	}

	/// The tag of its chain, which goes with all that it sends.
	pub fn chain(&self) -> ChainTag {
		ChainTag::of(&self.genesis)
	}

	/// Its agreement to work in `network` for `owner`.
	pub fn consent<AccountId: Encode>(
		&self,
		network: NetworkId,
		owner: AccountId,
	) -> Result<Signature, S::Error> {
		self.signer.sign_body(&OwnerConsent { network, owner }, &self.genesis)
	}

	/// Its word, by the key that it gives up, that `new_key` takes its place.
	pub fn rotation<AccountId: Encode>(
		&self,
		owner: AccountId,
		new_key: PublicKey,
	) -> Result<Signature, S::Error> {
		self.signer.sign_body(&KeyRotation { device: self.id, owner, new_key }, &self.genesis)
	}

	/// Its word, by the key that it takes on (see [`Device::with_id`]), that it holds it.
	pub fn adoption<AccountId: Encode>(&self, owner: AccountId) -> Result<Signature, S::Error> {
		self.signer.sign_body(&KeyAdoption { device: self.id, owner }, &self.genesis)
	}

	/// The answer to its own challenge. Transmit the payload; keep the whole and send it to the chain
	/// when the challenge is `revealing`. A signer that is not deterministic makes another payload at
	/// each call: reveal the one that was on the air.
	pub fn beacon(&self, period: Period, nonce: H256) -> Result<Beacon, S::Error> {
		let challenge = BeaconChallenge { device: self.id, period, nonce };
		let payload = self.signer.sign_body(&challenge, &self.genesis)?;
		Ok(Beacon { chain: self.chain(), device: self.id, period, payload })
	}

	/// The commitment to a beacon that it heard. Send it before the challenge is `revealing`.
	pub fn witness(&self, heard: &Heard) -> Result<SignedWitness, S::Error> {
		let Heard { beaconer, period, rssi, snr, frequency, heard_at, payload } = *heard;
		let commitment = commitment(&payload, &self.id);
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
		Ok(SignedWitness { chain: self.chain(), report, signature })
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::key::{verify, DeviceKey};
	use depin_primitives::{hashing::blake2_256, KeyScheme};

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
		let rotated = Device::with_id(first.id(), key, GENESIS);
		assert_eq!(rotated.id(), first.id());
		assert_ne!(rotated.public_key(), first.public_key());
	}

	#[test]
	fn consent_is_to_one_owner_in_one_network_on_one_chain() {
		for scheme in [KeyScheme::Ed25519, KeyScheme::P256] {
			let device = device(scheme, 1);
			let key = device.public_key();
			let owner = [5u8; 32];
			let Ok(consent) = device.consent(3, owner);
			assert!(verify(&key, &consent, &OwnerConsent { network: 3, owner }, &GENESIS));
			assert!(!verify(&key, &consent, &OwnerConsent { network: 4, owner }, &GENESIS));
			let other = OwnerConsent { network: 3, owner: [6u8; 32] };
			assert!(!verify(&key, &consent, &other, &GENESIS));
			let same = OwnerConsent { network: 3, owner };
			assert!(!verify(&key, &consent, &same, &H256::repeat_byte(8)));
		}
	}

	#[test]
	fn a_rotation_is_for_one_owner_and_one_new_key() {
		let old = device(KeyScheme::P256, 1);
		let key = DeviceKey::from_secret(KeyScheme::Secp256k1, &[2; 32]).unwrap();
		let new = Device::with_id(old.id(), key, GENESIS);
		let (owner, new_key) = ([5u8; 32], new.public_key());
		let Ok(by_old) = old.rotation(owner, new_key);
		let Ok(by_new) = new.adoption(owner);

		let body = |owner, new_key| KeyRotation { device: old.id(), owner, new_key };
		let good = |body| verify(&old.public_key(), &by_old, &body, &GENESIS);
		assert!(good(body(owner, new_key)));
		assert!(!good(body([6; 32], new_key)));
		assert!(!good(body(owner, old.public_key())));
		let body = |owner| KeyAdoption { device: old.id(), owner };
		assert!(verify(&new_key, &by_new, &body(owner), &GENESIS));
		assert!(!verify(&new_key, &by_new, &body([6; 32]), &GENESIS));
		assert!(!verify(&old.public_key(), &by_new, &body(owner), &GENESIS));
	}

	#[test]
	fn a_beacon_is_heard_committed_to_and_revealed() {
		for scheme in [KeyScheme::Ed25519, KeyScheme::P256] {
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
				payload: beacon.payload,
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

			// The commitment binds the payload and the witness: nobody can copy it.
			let mut bytes = beacon.payload.0.to_vec();
			bytes.extend_from_slice(witness.id().as_bytes());
			assert_eq!(report.commitment, blake2_256(&bytes));
			assert_ne!(report.commitment, commitment(&beacon.payload, &beaconer.id()));
		}
	}
}
