//! The node's own host functions. A node has them whatever its runtime uses.

use sp_runtime_interface::{
	pass_by::{PassFatPointerAndRead, PassPointerAndRead},
	runtime_interface,
};

/// Signatures that the SDK's host functions do not cover. The rules are those of
/// [`portable`](super::portable).
#[runtime_interface]
pub trait Signatures {
	/// Whether `signature` (r ‖ s) is by `key` (a compressed point) over the SHA-256 of `message`, on
	/// P-256. Verified by `ring`, which wants the point uncompressed.
	fn p256_verify(
		signature: PassPointerAndRead<&[u8; 64], 64>,
		message: PassFatPointerAndRead<&[u8]>,
		key: PassPointerAndRead<&[u8; 33], 33>,
	) -> bool {
		use p256::elliptic_curve::sec1::ToEncodedPoint;
		if !crate::verify::is_tagged_compressed(key) {
			return false;
		}
		let Ok(key) = p256::PublicKey::from_sec1_bytes(key) else { return false };
		ring::signature::UnparsedPublicKey::new(
			&ring::signature::ECDSA_P256_SHA256_FIXED,
			key.to_encoded_point(false),
		)
		.verify(message, signature)
		.is_ok()
	}

	/// Whether `signature` (r ‖ s) is by `key` (a compressed point) over the SHA-256 of `message`, on
	/// secp256k1. Verified by `libsecp256k1`, which by itself refuses the high form of s.
	fn secp256k1_verify(
		signature: PassPointerAndRead<&[u8; 64], 64>,
		message: PassFatPointerAndRead<&[u8]>,
		key: PassPointerAndRead<&[u8; 33], 33>,
	) -> bool {
		use secp256k1::{ecdsa::Signature, Message, PublicKey, SECP256K1};
		let Ok(key) = PublicKey::from_slice(key) else { return false };
		let Ok(mut signature) = Signature::from_compact(signature) else { return false };
		signature.normalize_s();
		let message = Message::from_digest(sp_crypto_hashing::sha2_256(message));
		SECP256K1.verify_ecdsa(&message, &signature, &key).is_ok()
	}
}
