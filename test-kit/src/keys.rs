//! Secret keys of the four schemes, held in memory by the device SDK.

use depin_device::key::{DeviceKey, Signer};
use depin_primitives::{signing::Signable, DeviceId, KeyScheme, PublicKey, Signature, H256};
use sp_core::{sr25519, Pair};

/// Secret key of a device or of a maker.
#[derive(Clone)]
pub enum Key {
	/// Key of the device SDK: the same message has the same signature.
	Device(Box<DeviceKey>),
	/// Sr25519 key of a wallet: each signature over the same message is another one.
	Randomised(Box<sr25519::Pair>),
}

impl Key {
	/// Returns the key of this scheme whose secret is `seed` 32 times over; `seed` is from 1 to
	/// 254.
	pub fn of(scheme: KeyScheme, seed: u8) -> Self {
		let key = DeviceKey::from_secret(scheme, &[seed; 32]);
		Self::Device(Box::new(key.expect("above zero and below the order of each curve; qed")))
	}

	/// Returns the Ed25519 key of this seed.
	pub fn ed25519(seed: u8) -> Self {
		Self::of(KeyScheme::Ed25519, seed)
	}

	/// Returns the Sr25519 key of this seed.
	pub fn sr25519(seed: u8) -> Self {
		Self::of(KeyScheme::Sr25519, seed)
	}

	/// Returns the Sr25519 key of this seed that signs with fresh randomness.
	pub fn randomised_sr25519(seed: u8) -> Self {
		Self::Randomised(Box::new(Pair::from_seed(&[seed; 32])))
	}

	/// Returns the secp256k1 key of this seed.
	pub fn secp256k1(seed: u8) -> Self {
		Self::of(KeyScheme::Secp256k1, seed)
	}

	/// Returns the P-256 key of this seed.
	pub fn p256(seed: u8) -> Self {
		Self::of(KeyScheme::P256, seed)
	}

	/// Returns a key of each scheme, in the order of [`KeyScheme::ALL`], all of this seed.
	pub fn of_each(seed: u8) -> [Self; 4] {
		KeyScheme::ALL.map(|scheme| Self::of(scheme, seed))
	}

	/// Returns the public key.
	pub fn public(&self) -> PublicKey {
		match self {
			Self::Device(key) => key.public_key(),
			Self::Randomised(pair) => PublicKey::Sr25519(pair.public().0),
		}
	}

	/// Returns the id of the device whose first key this key is.
	pub fn id(&self) -> DeviceId {
		self.public().device_id()
	}

	/// Signs bytes as they are.
	pub fn sign_bytes(&self, bytes: &[u8]) -> Signature {
		match self {
			Self::Device(key) => {
				let Ok(signature) = key.sign(bytes);
				signature
			}
			Self::Randomised(pair) => Signature(pair.sign(bytes).0),
		}
	}

	/// Signs a body for the chain of that genesis hash.
	pub fn sign_body(&self, body: &impl Signable, genesis: &H256) -> Signature {
		self.sign_bytes(&body.signing_bytes(genesis))
	}
}

/// Lets a mock add methods of its own in a trait over `AsRef<Key>`.
impl AsRef<Key> for Key {
	fn as_ref(&self) -> &Key {
		self
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use depin_primitives::verify::portable::verify_bytes;

	#[test]
	fn a_key_of_each_scheme_signs() {
		for key in Key::of_each(1).into_iter().chain([Key::randomised_sr25519(1)]) {
			assert!(verify_bytes(&key.public(), &key.sign_bytes(b"message"), b"message"));
		}
	}

	#[test]
	fn only_the_randomised_key_signs_anew() {
		let (fixed, random) = (Key::sr25519(1), Key::randomised_sr25519(1));
		assert_eq!(fixed.public(), random.public());
		assert_eq!(fixed.sign_bytes(b"message"), fixed.sign_bytes(b"message"));
		assert_ne!(random.sign_bytes(b"message"), random.sign_bytes(b"message"));
	}
}
