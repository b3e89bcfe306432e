//! Blake2-256, by the host's function inside a runtime and by this crate elsewhere, and the Merkle
//! tree of readings that is built with it.

use crate::ids::H256;
use hash256_std_hasher::Hash256StdHasher;

/// Returns the blake2b digest of `data`, of 32 bytes (RFC 7693).
pub fn blake2_256(data: &[u8]) -> H256 {
	#[cfg(feature = "runtime")]
	return sp_io::hashing::blake2_256(data).into();
	#[cfg(not(feature = "runtime"))]
	return sp_crypto_hashing::blake2_256(data).into();
}

/// [`blake2_256`] as the hasher of `binary-merkle-tree`.
#[derive(Debug)]
pub struct Blake2Hasher;

impl hash_db::Hasher for Blake2Hasher {
	type Out = H256;
	type StdHasher = Hash256StdHasher;
	const LENGTH: usize = 32;

	fn hash(data: &[u8]) -> H256 {
		blake2_256(data)
	}
}
