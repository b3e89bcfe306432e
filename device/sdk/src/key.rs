//! Keys that sign, and the verification of their signatures.

mod der;

pub use der::{signature_from_der, InvalidDer};

use core::{convert::Infallible, fmt};
use depin_primitives::{
	signing::Signable, verify::portable::verify_bytes, KeyScheme, PublicKey, Signature, H256,
};
use ed25519_dalek::Signer as _;
use p256::elliptic_curve::rand_core::{CryptoRng, Error, RngCore};
use schnorrkel::{context::attach_rng, signing_context, ExpansionMode, MiniSecretKey};

/// Holder of a key that signs: [`DeviceKey`] in memory, or the driver of a secure element.
pub trait Signer {
	/// Error of a failed signature.
	type Error;

	/// Returns the key that verifies the signatures.
	fn public_key(&self) -> PublicKey;

	/// Signs these bytes: Ed25519 and Sr25519 sign the bytes themselves, ECDSA their SHA-256.
	fn sign(&self, message: &[u8]) -> Result<Signature, Self::Error>;

	/// Signs a body for the chain with this genesis hash.
	fn sign_body(&self, body: &impl Signable, genesis: &H256) -> Result<Signature, Self::Error> {
		self.sign(&body.signing_bytes(genesis))
	}
}

impl<S: Signer> Signer for &S {
	type Error = S::Error;

	fn public_key(&self) -> PublicKey {
		S::public_key(self)
	}

	fn sign(&self, message: &[u8]) -> Result<Signature, Self::Error> {
		S::sign(self, message)
	}
}

/// Error for 32 bytes that are no secret key of the scheme. For ECDSA they must be a number from 1
/// to the group's order less one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidSecret;

impl fmt::Display for InvalidSecret {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str("these 32 bytes are no secret key of the scheme: draw others")
	}
}

impl core::error::Error for InvalidSecret {}

/// Secret key in memory. Signatures are deterministic: the same message gives the same signature.
#[derive(Clone)]
pub enum DeviceKey {
	/// Ed25519 by RFC 8032.
	Ed25519(ed25519_dalek::SigningKey),
	/// Schnorrkel, in the signing context `substrate`.
	Sr25519(schnorrkel::Keypair),
	/// ECDSA on secp256k1 with SHA-256, by RFC 6979, with s in its low form.
	Secp256k1(k256::ecdsa::SigningKey),
	/// ECDSA on P-256 with SHA-256 (RFC 6979).
	P256(p256::ecdsa::SigningKey),
}

impl DeviceKey {
	/// Returns the key with these secret bytes: the seed of RFC 8032 for Ed25519, the seed that the
	/// SDK's tools show for Sr25519, the big-endian number for ECDSA.
	///
	/// The bytes must come from a cryptographically secure source of randomness. Random bytes are
	/// no key of P-256 with a chance of 2⁻³², and no key of secp256k1 with a chance of 2⁻¹²⁷; draw
	/// others then.
	pub fn from_secret(scheme: KeyScheme, secret: &[u8; 32]) -> Result<Self, InvalidSecret> {
		match scheme {
			KeyScheme::Ed25519 => Ok(Self::Ed25519(ed25519_dalek::SigningKey::from_bytes(secret))),
			KeyScheme::Sr25519 => MiniSecretKey::from_bytes(secret)
				.map(|seed| Self::Sr25519(seed.expand_to_keypair(ExpansionMode::Ed25519)))
				.map_err(|_| InvalidSecret),
			KeyScheme::Secp256k1 => k256::ecdsa::SigningKey::from_slice(secret)
				.map(Self::Secp256k1)
				.map_err(|_| InvalidSecret),
			KeyScheme::P256 => p256::ecdsa::SigningKey::from_slice(secret)
				.map(Self::P256)
				.map_err(|_| InvalidSecret),
		}
	}

	/// Returns the key that verifies the signatures.
	pub fn public_key(&self) -> PublicKey {
		match self {
			Self::Ed25519(key) => PublicKey::Ed25519(key.verifying_key().to_bytes()),
			Self::Sr25519(key) => PublicKey::Sr25519(key.public.to_bytes()),
			Self::Secp256k1(key) => {
				let point = key.verifying_key().to_encoded_point(true);
				let bytes = point.as_bytes().try_into();
				PublicKey::Secp256k1(bytes.expect("a compressed point has 33 bytes; qed"))
			}
			Self::P256(key) => {
				let point = key.verifying_key().to_encoded_point(true);
				let bytes = point.as_bytes().try_into();
				PublicKey::P256(bytes.expect("a compressed point has 33 bytes; qed"))
			}
		}
	}
}

impl Signer for DeviceKey {
	type Error = Infallible;

	fn public_key(&self) -> PublicKey {
		DeviceKey::public_key(self)
	}

	fn sign(&self, message: &[u8]) -> Result<Signature, Infallible> {
		Ok(Signature(match self {
			Self::Ed25519(key) => key.sign(message).to_bytes(),
			Self::Sr25519(key) => {
				let transcript = signing_context(b"substrate").bytes(message);
				key.sign(attach_rng(transcript, NoRng)).to_bytes()
			}
			Self::Secp256k1(key) => {
				let signature: k256::ecdsa::Signature = key.sign(message);
				signature.to_bytes().into()
			}
			Self::P256(key) => {
				let signature: p256::ecdsa::Signature = key.sign(message);
				signature.to_bytes().into()
			}
		}))
	}
}

/// Shows the public key, never the secret one.
impl fmt::Debug for DeviceKey {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.debug_tuple("DeviceKey").field(&self.public_key()).finish()
	}
}

/// Source of zeros in place of random bytes. Schnorrkel then draws the nonce from the message and
/// the secret key alone, as Ed25519 does, so that a device needs no source of randomness to sign.
struct NoRng;

impl RngCore for NoRng {
	fn next_u32(&mut self) -> u32 {
		0
	}

	fn next_u64(&mut self) -> u64 {
		0
	}

	fn fill_bytes(&mut self, bytes: &mut [u8]) {
		bytes.fill(0)
	}

	fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
		self.fill_bytes(bytes);
		Ok(())
	}
}

impl CryptoRng for NoRng {}

/// Verifies a signature over `body` for the chain with this genesis hash, by the chain's own rules.
/// Needs no node.
pub fn verify(
	key: &PublicKey,
	signature: &Signature,
	body: &impl Signable,
	genesis: &H256,
) -> bool {
	verify_bytes(key, signature, &body.signing_bytes(genesis))
}

#[cfg(test)]
mod tests {
	use super::*;
	use alloc::{format, vec::Vec};
	use depin_primitives::verify::is_well_formed;
	use hex_literal::hex;

	fn check_vector(scheme: KeyScheme, secret: [u8; 32], public: &[u8], msg: &[u8], sig: [u8; 64]) {
		let key = DeviceKey::from_secret(scheme, &secret).unwrap();
		assert_eq!(key.public_key().scheme(), scheme);
		assert_eq!(key.public_key().as_bytes(), public);
		let Ok(signature) = Signer::sign(&key, msg);
		assert_eq!(signature, Signature(sig));
		assert!(verify_bytes(&key.public_key(), &signature, msg));
		assert!(!verify_bytes(&key.public_key(), &signature, b"something else"));
		for at in [0, 31, 32, 63] {
			let mut wrong = sig;
			wrong[at] ^= 1;
			assert!(!verify_bytes(&key.public_key(), &Signature(wrong), msg));
		}
	}

	#[test]
	fn ed25519_signs_by_rfc_8032() {
		// RFC 8032, 7.1, TEST 2.
		check_vector(
			KeyScheme::Ed25519,
			hex!("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"),
			&hex!("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"),
			&hex!("72"),
			hex!(
				"92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
				"085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
			),
		);
	}

	#[test]
	fn p256_signs_by_rfc_6979() {
		// RFC 6979, A.2.5, SHA-256, "sample".
		check_vector(
			KeyScheme::P256,
			hex!("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"),
			&hex!("0360fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"),
			b"sample",
			hex!(
				"efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
				"f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"
			),
		);
	}

	#[test]
	fn secp256k1_signs_by_rfc_6979() {
		// Vectors that Bitcoin's libraries share. RFC 6979 has none for this curve.
		let mut secret = [0; 32];
		secret[31] = 1;
		let public = hex!("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");
		check_vector(
			KeyScheme::Secp256k1,
			secret,
			&public,
			b"Satoshi Nakamoto",
			hex!(
				"934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8"
				"2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5"
			),
		);
		check_vector(
			KeyScheme::Secp256k1,
			secret,
			&public,
			b"All those moments will be lost in time, like tears in rain. Time to die...",
			hex!(
				"8600dbd41e348fe5c9465ab92d23e3db8b98b873beecd930736488696438cb6b"
				"547fe64427496db33bf66019dacbf0039c04199abb0122918601db38a72cfc21"
			),
		);
	}

	/// Seed of the SDK's development phrase.
	const DEVELOPMENT_SEED: [u8; 32] =
		hex!("fac7959dbfe72f052e5a0c3c8d6530f202b02fd8f9f5ca3580ec8deb7797479e");
	const DEVELOPMENT_KEY: [u8; 32] =
		hex!("46ebddef8cd9bb167dc30878d7113b7e168e6f0646beffd77d69d39bad76b47a");

	#[test]
	fn sr25519_signatures_are_those_of_wallets() {
		// Schnorrkel does not define the nonce. This crate makes this signature, and polkadot.js
		// (`sr25519Verify`) accepts it.
		check_vector(
			KeyScheme::Sr25519,
			DEVELOPMENT_SEED,
			&DEVELOPMENT_KEY,
			b"a report",
			hex!(
				"a6f846ccd1292f0c2c9ce487a88efc80411855cd579e2078c05a78fe40b27a65"
				"403079a637e12039f8db7b8990478d793b2b8d58c920e8bec8d18ef50a9e0080"
			),
		);
		// Signature by polkadot.js (`sr25519Sign`).
		let signature = hex!(
			"f8507b95feb38c2eb2687991040f2b080dbbd7b0d0dbe309013bd85e4f3d005c"
			"136fc0db9f5596d605169e86cba6605c18ec0f75db8c47ef7a34d7f160cabb8d"
		);
		let key = PublicKey::Sr25519(DEVELOPMENT_KEY);
		assert!(verify_bytes(&key, &Signature(signature), b"a report"));
	}

	/// Compares the table of `docs/signatures.md`: scheme, public key, signature.
	#[test]
	fn the_vectors_of_the_documentation_hold() {
		let secret = core::array::from_fn(|at| at as u8 + 1);
		let document = include_str!("../../../docs/signatures.md");
		let (_, section) = document.split_once("## Test vectors").unwrap();
		let rows = section.lines().filter_map(|line| {
			let cells: Vec<_> = line.split('|').map(|cell| cell.trim_matches([' ', '`'])).collect();
			let row: [&str; 5] = cells.try_into().ok()?;
			KeyScheme::ALL
				.iter()
				.any(|scheme| row[1] == format!("{scheme:?}").to_lowercase())
				.then_some([row[1], row[2], row[3]])
		});
		let expected = KeyScheme::ALL.map(|scheme| {
			let key = DeviceKey::from_secret(scheme, &secret).unwrap();
			let Ok(Signature(signature)) = Signer::sign(&key, b"depin-node");
			[
				format!("{scheme:?}").to_lowercase(),
				hex::encode(key.public_key().as_bytes()),
				hex::encode(signature),
			]
		});
		assert_eq!(rows.collect::<Vec<_>>(), expected);
	}

	#[test]
	fn signatures_are_deterministic_and_share_no_nonce() {
		for scheme in KeyScheme::ALL {
			let sign = |secret, message| {
				let key = DeviceKey::from_secret(scheme, &[secret; 32]).unwrap();
				let Ok(Signature(bytes)) = Signer::sign(&key, message);
				bytes
			};
			assert_eq!(sign(7, b"1"), sign(7, b"1"));
			assert_ne!(sign(7, b"1")[..32], sign(7, b"2")[..32]);
			assert_ne!(sign(7, b"1")[..32], sign(8, b"1")[..32]);
		}
	}

	#[test]
	fn both_forms_of_s_are_valid() {
		// Signatures (r, n − s) of the vectors above, which firmware may send as well.
		let key = hex!("0360fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6");
		let other = hex!(
			"efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
			"0834e36ad29a83bf2bc9385e491d6099c8fdf9d1ed67aa7ea5f51f93782857a9"
		);
		assert!(verify_bytes(&PublicKey::P256(key), &Signature(other), b"sample"));
		let key = hex!("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");
		let other = hex!(
			"934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8"
			"dbbd3162d46e9f9bef7feb87c16dc13b4f6568a87f4e83f728e2443ba586675c"
		);
		assert!(verify_bytes(&PublicKey::Secp256k1(key), &Signature(other), b"Satoshi Nakamoto"));
	}

	#[test]
	fn ed25519_is_verified_by_zip_215() {
		// Wycheproof, `ed25519` 151: R is the identity, not in its canonical encoding.
		let key = hex!("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
		let signature = hex!(
			"0100000000000000000000000000000000000000000000000000000000000080"
			"c803ee1f2342aa96ff698a393d1ab5e66f3eda101d6d120b394c3fd32c117d0a"
		);
		assert!(verify_bytes(&PublicKey::Ed25519(key), &Signature(signature), b"123400"));
	}

	#[test]
	fn secrets_out_of_range_are_refused() {
		for secret in [[0; 32], [0xff; 32]] {
			for scheme in [KeyScheme::Secp256k1, KeyScheme::P256] {
				assert_eq!(DeviceKey::from_secret(scheme, &secret).unwrap_err(), InvalidSecret);
			}
			for scheme in [KeyScheme::Ed25519, KeyScheme::Sr25519] {
				assert!(DeviceKey::from_secret(scheme, &secret).is_ok());
			}
		}
	}

	#[test]
	fn keys_that_sign_are_well_formed() {
		for scheme in KeyScheme::ALL {
			for secret in 1..=16 {
				let key = DeviceKey::from_secret(scheme, &[secret; 32]).unwrap();
				assert!(is_well_formed(&key.public_key()));
			}
		}
	}

	#[test]
	fn broken_keys_verify_nothing() {
		let broken = [
			PublicKey::Ed25519([0xff; 32]),
			PublicKey::Sr25519([0xff; 32]),
			PublicKey::Secp256k1([0; 33]),
			PublicKey::P256([0; 33]),
		];
		for key in broken {
			assert!(!verify_bytes(&key, &Signature([1; 64]), b""));
		}
	}

	#[test]
	fn debug_shows_no_secret() {
		for scheme in KeyScheme::ALL {
			let key = DeviceKey::from_secret(scheme, &[0xab; 32]).unwrap();
			let shown = format!("{key:?}");
			assert_eq!(shown, format!("DeviceKey({:?})", key.public_key()));
			assert!(!shown.contains("171, 171, 171"));
		}
	}
}
