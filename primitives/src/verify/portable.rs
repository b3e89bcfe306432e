//! Verification of all schemes in portable Rust, for devices and clients, and for a runtime without
//! this node's host functions. The rules are those that the host functions must agree with.

use crate::key::{PublicKey, Signature};
use alloc::vec::Vec;

/// Tells if `signature` is by `key` over these bytes.
pub fn verify_bytes(key: &PublicKey, signature: &Signature, message: &[u8]) -> bool {
	match key {
		PublicKey::Ed25519(key) => ed25519_verify(&signature.0, message, key),
		PublicKey::Sr25519(key) => sr25519_verify(&signature.0, message, key),
		PublicKey::Secp256k1(key) => secp256k1_verify(&signature.0, message, key),
		PublicKey::P256(key) => p256_verify(&signature.0, message, key),
	}
}

/// Returns the result of [`verify_bytes`] for each item, in their order, one by one.
pub fn verify_batch<M: AsRef<[u8]>>(items: &[(PublicKey, Signature, M)]) -> Vec<bool> {
	items
		.iter()
		.map(|(key, signature, message)| verify_bytes(key, signature, message.as_ref()))
		.collect()
}

/// Tells if `signature` (R ‖ s) is by `key` over `message` with Ed25519 by the rules of ZIP 215: s
/// is below the group's order, R and the key decode to points, and the equation holds times eight.
pub fn ed25519_verify(signature: &[u8; 64], message: &[u8], key: &[u8; 32]) -> bool {
	ed25519_zebra::VerificationKey::try_from(*key)
		.is_ok_and(|key| key.verify(&(*signature).into(), message).is_ok())
}

/// Tells if `signature` (R ‖ s, the last byte's top bit set) is by `key` over `message` with
/// schnorrkel, in the context `substrate`: s is below the group's order, R is a canonical encoding.
pub fn sr25519_verify(signature: &[u8; 64], message: &[u8], key: &[u8; 32]) -> bool {
	let Ok(key) = schnorrkel::PublicKey::from_bytes(key) else { return false };
	let Ok(signature) = schnorrkel::Signature::from_bytes(signature) else { return false };
	key.verify_simple(b"substrate", message, &signature).is_ok()
}

/// Tells if `signature` (r ‖ s) is by `key` over the SHA-256 of `message` with ECDSA on secp256k1:
/// the key is a compressed point, 0x02 or 0x03 in front, r and s lie in 1..n, either form of s is
/// accepted.
pub fn secp256k1_verify(signature: &[u8; 64], message: &[u8], key: &[u8; 33]) -> bool {
	use k256::ecdsa::{signature::Verifier, Signature, VerifyingKey};
	if !is_tagged_compressed(key) {
		return false;
	}
	let Ok(key) = VerifyingKey::from_sec1_bytes(key) else { return false };
	let Ok(signature) = Signature::from_slice(signature) else { return false };
	// This crate refuses the high form of s.
	let signature = signature.normalize_s().unwrap_or(signature);
	key.verify(message, &signature).is_ok()
}

/// Tells if `signature` is by `key` over the SHA-256 of `message`, under the rules of
/// [`secp256k1_verify`], on P-256.
pub fn p256_verify(signature: &[u8; 64], message: &[u8], key: &[u8; 33]) -> bool {
	use p256::ecdsa::{signature::Verifier, Signature, VerifyingKey};
	if !is_tagged_compressed(key) {
		return false;
	}
	let Ok(key) = VerifyingKey::from_sec1_bytes(key) else { return false };
	let Ok(signature) = Signature::from_slice(signature) else { return false };
	key.verify(message, &signature).is_ok()
}

/// Tells if the key begins as a compressed point does, with 0x02 or 0x03. The crate `p256` also
/// reads 0x05, a point given by its x alone, in as many bytes.
pub(super) fn is_tagged_compressed(key: &[u8; 33]) -> bool {
	matches!(key[0], 2 | 3)
}
