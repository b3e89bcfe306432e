//! Ed25519 signatures that are verified together: the groups in which that is done, and the bytes
//! by which the runtime hands a group to the host.

#[cfg(not(feature = "no-host-functions"))]
use crate::key::{PublicKey, Signature};
use alloc::vec::Vec;

/// Least number of signatures that are verified together. Fewer are verified one by one: two
/// together save next to nothing, and a group of one costs more.
pub const LEAST: usize = 4;

/// Greatest number of signatures in a group. A larger group would save little more, and one bad
/// signature in it would cause more good ones to be verified again.
pub const MOST: usize = 64;

/// Ed25519 signature that the runtime hands to the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item<'a> {
	/// Key of the supposed signer.
	pub key: &'a [u8; 32],
	/// Signature, R ‖ s.
	pub signature: &'a [u8; 64],
	/// Message that should have been signed.
	pub message: &'a [u8],
}

impl Item<'_> {
	/// Appends the item: key (32) ‖ signature (64) ‖ the message's length (4, little-endian) ‖
	/// message. Returns `false`, and appends nothing, if the length does not fit.
	pub fn write(&self, to: &mut Vec<u8>) -> bool {
		let Ok(length) = u32::try_from(self.message.len()) else { return false };
		to.reserve(32 + 64 + 4 + self.message.len());
		to.extend_from_slice(self.key);
		to.extend_from_slice(self.signature);
		to.extend_from_slice(&length.to_le_bytes());
		to.extend_from_slice(self.message);
		true
	}
}

impl<'a> Item<'a> {
	/// Reads the first item of these bytes, and returns the item and the bytes after it. Returns
	/// `None` if the bytes are fewer than the item's length says.
	pub fn read(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
		let (key, bytes) = bytes.split_first_chunk()?;
		let (signature, bytes) = bytes.split_first_chunk()?;
		let (length, bytes) = bytes.split_first_chunk()?;
		let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
		let (message, bytes) = bytes.split_at_checked(length)?;
		Some((Self { key, signature, message }, bytes))
	}
}

/// Returns for each signature if it was found valid together with the others of its group. The
/// others are not known to be invalid.
#[cfg(not(feature = "no-host-functions"))]
pub(super) fn found_good<M: AsRef<[u8]>>(
	items: &[(PublicKey, Signature, M)],
	all_good: impl Fn(&[u8]) -> bool,
) -> Vec<bool> {
	let mut found = alloc::vec![false; items.len()];
	let ed25519: Vec<_> = items
		.iter()
		.enumerate()
		.filter_map(|(at, (key, signature, message))| match key {
			PublicKey::Ed25519(key) => {
				Some((at, Item { key, signature: &signature.0, message: message.as_ref() }))
			}
			_ => None,
		})
		.collect();
	let mut bytes = Vec::new();
	for group in ed25519.chunks(MOST).filter(|group| group.len() >= LEAST) {
		bytes.clear();
		let written = group.iter().all(|(_, item)| item.write(&mut bytes));
		if written && all_good(&bytes) {
			group.iter().for_each(|(at, _)| found[*at] = true);
		}
	}
	found
}
