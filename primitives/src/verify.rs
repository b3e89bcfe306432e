//! Verification of signatures on chain: Ed25519 by the SDK's host function, P-256 by this node's
//! own, or inside the WebAssembly with the feature `no-host-functions`.

use crate::{signing::Signable, PublicKey, Signature, H256};

/// Whether `signature` is by `key` over `body` on the chain of that genesis hash.
pub fn verify(
	key: &PublicKey,
	signature: &Signature,
	body: &impl Signable,
	genesis: &H256,
) -> bool {
	let message = body.signing_bytes(genesis);
	match key {
		PublicKey::Ed25519(key) => {
			sp_io::crypto::ed25519_verify(&signature.0.into(), &message, &(*key).into())
		}
		PublicKey::P256(key) => p256_verify(&signature.0, &message, key),
	}
}

/// Whether `key` can be a key at all: a P-256 key must be a point of the curve. An Ed25519 key is
/// proved by the first signature that it must verify.
pub fn is_well_formed(key: &PublicKey) -> bool {
	match key {
		PublicKey::Ed25519(_) => true,
		PublicKey::P256(key) => p256::PublicKey::from_sec1_bytes(key).is_ok(),
	}
}

#[cfg(not(feature = "no-host-functions"))]
fn p256_verify(signature: &[u8; 64], message: &[u8], key: &[u8; 33]) -> bool {
	host::signatures::p256_verify(signature, message, key)
}

#[cfg(feature = "no-host-functions")]
fn p256_verify(signature: &[u8; 64], message: &[u8], key: &[u8; 33]) -> bool {
	portable::p256_verify(signature, message, key)
}

/// P-256 in portable Rust, the rule that the host function must agree with: the key is a valid
/// compressed point, r and s lie in 1..n, either form of s is good.
pub mod portable {
	use p256::ecdsa::{signature::Verifier, Signature, VerifyingKey};

	/// Whether `signature` (r ‖ s) is by `key` over the SHA-256 of `message`.
	pub fn p256_verify(signature: &[u8; 64], message: &[u8], key: &[u8; 33]) -> bool {
		let Ok(key) = VerifyingKey::from_sec1_bytes(key) else { return false };
		let Ok(signature) = Signature::from_slice(signature) else { return false };
		key.verify(message, &signature).is_ok()
	}
}

/// The node's own host functions. A node has them whatever its runtime uses.
pub mod host {
	use sp_runtime_interface::{
		pass_by::{PassFatPointerAndRead, PassPointerAndRead},
		runtime_interface,
	};

	/// Signatures that the SDK's host functions do not cover.
	#[runtime_interface]
	pub trait Signatures {
		/// Whether `signature` (r ‖ s) is by `key` (a compressed point) over the SHA-256 of
		/// `message`. Verified by `ring`, which wants the point uncompressed.
		fn p256_verify(
			signature: PassPointerAndRead<&[u8; 64], 64>,
			message: PassFatPointerAndRead<&[u8]>,
			key: PassPointerAndRead<&[u8; 33], 33>,
		) -> bool {
			use p256::elliptic_curve::sec1::ToEncodedPoint;
			let Ok(key) = p256::PublicKey::from_sec1_bytes(key) else { return false };
			ring::signature::UnparsedPublicKey::new(
				&ring::signature::ECDSA_P256_SHA256_FIXED,
				key.to_encoded_point(false),
			)
			.verify(message, signature)
			.is_ok()
		}
	}
}
