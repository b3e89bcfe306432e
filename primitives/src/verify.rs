//! Verification of signatures.
//!
//! - On chain, [`verify()`] calls host functions: the SDK's for Ed25519 and Sr25519, this node's
//!   own for secp256k1 and P-256. With the feature `no-host-functions` the latter two are verified
//!   inside the WebAssembly.
//! - [`verify_batch`] verifies many signatures of Ed25519 together, at a lower cost for each.
//! - Elsewhere, [`portable`] Rust verifies.
//!
//! All of these accept the same signatures: see `docs/signatures.md`.

#[cfg(feature = "runtime")]
pub mod batch;
#[cfg(feature = "runtime")]
pub mod host;
pub mod portable;

use crate::key::PublicKey;
#[cfg(feature = "runtime")]
use crate::{ids::H256, key::Signature, signing::Signable};
#[cfg(feature = "runtime")]
use alloc::vec::Vec;
use portable::is_tagged_compressed;

#[cfg(all(feature = "runtime", not(feature = "no-host-functions")))]
use host::signatures as ecdsa;
#[cfg(all(feature = "runtime", feature = "no-host-functions"))]
use portable as ecdsa;

/// Tells if `signature` is by `key` over `body` on the chain of that genesis hash.
///
/// The caller must have checked once that `key` [is well formed](is_well_formed), when the key was
/// stored, so that not every signature pays for that check. A key that is not well formed verifies
/// no signature, unless it is an Ed25519 key of small order or of two encodings.
#[cfg(feature = "runtime")]
pub fn verify(
	key: &PublicKey,
	signature: &Signature,
	body: &impl Signable,
	genesis: &H256,
) -> bool {
	verify_bytes(key, signature, &body.signing_bytes(genesis))
}

/// Tells if `signature` is by `key` over these bytes, under the rules of [`verify()`].
#[cfg(feature = "runtime")]
pub fn verify_bytes(key: &PublicKey, signature: &Signature, message: &[u8]) -> bool {
	match key {
		PublicKey::Ed25519(key) => {
			sp_io::crypto::ed25519_verify(&signature.0.into(), message, &(*key).into())
		}
		PublicKey::Sr25519(key) => {
			sp_io::crypto::sr25519_verify(&signature.0.into(), message, &(*key).into())
		}
		PublicKey::Secp256k1(key) => ecdsa::secp256k1_verify(&signature.0, message, key),
		PublicKey::P256(key) => ecdsa::p256_verify(&signature.0, message, key),
	}
}

/// Returns the result of [`verify_bytes`] for each of these signatures, in their order.
///
/// Signatures of Ed25519 are handed to the node's host function in groups of [`batch::MOST`], which
/// saves almost half of their cost. If the host does not find all signatures of a group valid, the
/// group is verified one by one: a bad signature costs the saving of its own group only. The
/// costliest items have a bad signature in each group, and cost up to 1.8 times as much as one by
/// one, as measured in `docs/performance.md`. Other schemes, and all with the feature
/// `no-host-functions`, are verified one by one.
///
/// The number of items is not bounded here: the caller bounds it.
#[cfg(feature = "runtime")]
pub fn verify_batch<M: AsRef<[u8]>>(items: &[(PublicKey, Signature, M)]) -> Vec<bool> {
	#[cfg(not(feature = "no-host-functions"))]
	let good = batch::found_good(items, host::signatures::ed25519_batch_verify);
	#[cfg(feature = "no-host-functions")]
	let good = alloc::vec![false; items.len()];
	items
		.iter()
		.zip(good)
		.map(|((key, signature, message), good)| {
			good || verify_bytes(key, signature, message.as_ref())
		})
		.collect()
}

/// Tells if `key` is the one canonical encoding of a key whose signatures prove anything:
/// - Ed25519: the canonical encoding of a point of the curve, not of small order;
/// - Sr25519: the canonical encoding of a Ristretto255 element other than the identity;
/// - secp256k1, P-256: a compressed point of the curve, 0x02 or 0x03 in front.
pub fn is_well_formed(key: &PublicKey) -> bool {
	use curve25519_dalek::{edwards::CompressedEdwardsY, ristretto::CompressedRistretto};
	match key {
		PublicKey::Ed25519(key) => CompressedEdwardsY(*key)
			.decompress()
			.is_some_and(|point| point.compress().0 == *key && !point.is_small_order()),
		// The identity is encoded as zeros.
		PublicKey::Sr25519(key) => {
			*key != [0; 32] && CompressedRistretto(*key).decompress().is_some()
		}
		PublicKey::Secp256k1(key) => {
			is_tagged_compressed(key) && k256::PublicKey::from_sec1_bytes(key).is_ok()
		}
		PublicKey::P256(key) => {
			is_tagged_compressed(key) && p256::PublicKey::from_sec1_bytes(key).is_ok()
		}
	}
}
