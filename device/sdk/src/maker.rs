//! Certificates, which a maker signs in the factory.

use crate::key::Signer;
use depin_primitives::{
	maker::MakerKeyIndex,
	statement::{MakerCertificate, SignedCertificate},
	MakerId, Millis, NetworkId, PublicKey, H256,
};

/// Maker with its number on the chain and one of its certificate keys.
#[derive(Clone, Debug)]
pub struct Maker<S> {
	id: MakerId,
	key: MakerKeyIndex,
	signer: S,
}

impl<S: Signer> Maker<S> {
	/// Returns the maker with number `id`, whose key number `key` is the signer's. The key that the
	/// maker registered with has the number 0.
	pub fn new(id: MakerId, key: MakerKeyIndex, signer: S) -> Self {
		Self { id, key, signer }
	}

	/// Returns the maker's number on the chain.
	pub fn id(&self) -> MakerId {
		self.id
	}

	/// Returns the public key of the maker's certificate key.
	pub fn public_key(&self) -> PublicKey {
		self.signer.public_key()
	}

	/// Certifies that `device_key` is in a device of `model`, made for `network`. The certificate
	/// is valid for registrations before `expires`, on the chain with this genesis hash.
	pub fn certify(
		&self,
		network: NetworkId,
		model: u32,
		device_key: PublicKey,
		expires: Millis,
		genesis: &H256,
	) -> Result<SignedCertificate, S::Error> {
		let certificate = MakerCertificate { maker: self.id, network, model, device_key, expires };
		let signature = self.signer.sign_body(&certificate, genesis)?;
		Ok(SignedCertificate { maker: self.id, key: self.key, model, expires, signature })
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::key::{verify, DeviceKey};
	use depin_primitives::KeyScheme;

	#[test]
	fn a_certificate_is_for_one_key_network_and_time() {
		let genesis = H256::repeat_byte(9);
		let device = DeviceKey::from_secret(KeyScheme::P256, &[2; 32]).unwrap().public_key();
		for scheme in KeyScheme::ALL {
			let maker = Maker::new(6, 2, DeviceKey::from_secret(scheme, &[1; 32]).unwrap());
			let Ok(signed) = maker.certify(3, 42, device, 1_000, &genesis);
			assert_eq!((signed.maker, signed.key), (6, 2));
			assert_eq!((signed.model, signed.expires), (42, 1_000));

			let good = |signed: &SignedCertificate, network, key| {
				let body = signed.certificate(network, key);
				verify(&maker.public_key(), &signed.signature, &body, &genesis)
			};
			assert!(good(&signed, 3, device));
			assert!(!good(&signed, 4, device));
			assert!(!good(&signed, 3, maker.public_key()));
			assert!(!good(&SignedCertificate { expires: 1_001, ..signed }, 3, device));
			assert!(!good(&SignedCertificate { model: 43, ..signed }, 3, device));
			assert!(!good(&SignedCertificate { maker: 7, ..signed }, 3, device));
		}
	}
}
