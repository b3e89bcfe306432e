//! Ed25519 by ZIP 215, which decides where RFC 8032 leaves a choice.

use super::*;
use curve25519_dalek::{
	constants::{ED25519_BASEPOINT_POINT as B, EIGHT_TORSION},
	edwards::{CompressedEdwardsY, EdwardsPoint},
	Scalar,
};
use hex_literal::hex;
use k256::sha2::{Digest, Sha512};

const MESSAGE: &[u8] = b"a report";
/// Field order 2²⁵⁵ − 19, little-endian.
const FIELD: [u8; 32] = hex!("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
/// Order of the base point, little-endian.
pub const ORDER: [u8; 32] =
	hex!("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");

/// Returns the sum of two little-endian numbers; `None` if it needs more than 256 bits.
pub fn plus(a: [u8; 32], b: [u8; 32]) -> Option<[u8; 32]> {
	let (mut sum, mut carry) = ([0; 32], 0);
	for at in 0..32 {
		let digit = u16::from(a[at]) + u16::from(b[at]) + carry;
		sum[at] = digit as u8;
		carry = digit >> 8;
	}
	(carry == 0).then_some(sum)
}

fn decompress(bytes: [u8; 32]) -> Option<EdwardsPoint> {
	CompressedEdwardsY(bytes).decompress()
}

/// Returns the encodings of y: as y and, if that fits 255 bits, as y + p, each with both signs.
fn encodings(y: [u8; 32]) -> Vec<[u8; 32]> {
	let mut y = y;
	y[31] &= 0x7f;
	let more = plus(y, FIELD).filter(|more| more[31] & 0x80 == 0);
	let signed = |mut y: [u8; 32]| {
		let plain = y;
		y[31] |= 0x80;
		[plain, y]
	};
	[Some(y), more].into_iter().flatten().flat_map(signed).collect()
}

/// Returns the encodings of the eight points whose order divides eight: 8 canonical ones and 6
/// others.
pub fn small_order_encodings() -> Vec<[u8; 32]> {
	let mut all: Vec<_> =
		EIGHT_TORSION.iter().flat_map(|point| encodings(point.compress().0)).collect();
	all.sort();
	all.dedup();
	all.retain(|bytes| decompress(*bytes).is_some_and(|point| point.is_small_order()));
	all
}

/// Signs with a chosen secret scalar and nonce, for a key and an R in given encodings.
pub fn sign(secret: Scalar, key: [u8; 32], nonce: Scalar, r: [u8; 32]) -> Vector {
	let digest = Sha512::new().chain_update(r).chain_update(key).chain_update(MESSAGE).finalize();
	let k = Scalar::from_bytes_mod_order_wide(&digest.into());
	vector(PublicKey::Ed25519(key), join(r, (nonce + k * secret).to_bytes()), MESSAGE)
}

pub fn plain(secret: u64, nonce: u64) -> Vector {
	let [secret, nonce] = [Scalar::from(secret), Scalar::from(nonce)];
	sign(secret, (B * secret).compress().0, nonce, (B * nonce).compress().0)
}

#[test]
fn keys_of_small_order_verify_what_anyone_can_make_and_are_not_well_formed() {
	let points = small_order_encodings();
	assert_eq!(points.len(), 14);
	let vectors: Vec<_> = points
		.iter()
		.flat_map(|key| {
			points.iter().map(|r| vector(PublicKey::Ed25519(*key), join(*r, [0; 32]), b""))
		})
		.collect();
	assert_eq!(vectors.len(), 196);
	expect(WORTHLESS, &vectors);
}

#[test]
fn the_equation_holds_times_eight() {
	let [secret, nonce] = [Scalar::from(7u8), Scalar::from(9u8)];
	for of_key in EIGHT_TORSION {
		for of_nonce in EIGHT_TORSION {
			let (key, r) = (B * secret + of_key, B * nonce + of_nonce);
			expect(GOOD, &[sign(secret, key.compress().0, nonce, r.compress().0)]);
		}
	}
}

#[test]
fn r_may_have_any_encoding() {
	// Multiplied by eight, an R of small order is the identity, so it fits a signature with nonce
	// 0.
	let secret = Scalar::from(7u8);
	for r in small_order_encodings() {
		expect(GOOD, &[sign(secret, (B * secret).compress().0, Scalar::ZERO, r)]);
	}
}

#[test]
fn s_is_below_the_order() {
	let good = plain(7, 9);
	expect(GOOD, std::slice::from_ref(&good));
	let s: [u8; 32] = good.signature.0[32..].try_into().unwrap();
	let mut s_more = s;
	while let Some(more) = plus(s_more, ORDER) {
		let mut bad = good.clone();
		bad.signature.0[32..].copy_from_slice(&more);
		expect(BAD_SIGNATURE, &[bad]);
		s_more = more;
	}
	assert_ne!(s, s_more);
}

#[test]
fn r_must_be_a_point() {
	let good = plain(7, 9);
	let mut r = [0; 32];
	let off_curve = (2..=255).map(|y| {
		r[0] = y;
		r
	});
	let off_curve: Vec<_> = off_curve.filter(|r| decompress(*r).is_none()).collect();
	assert!(off_curve.len() > 100);
	let bad = |r: [u8; 32]| {
		let mut vector = good.clone();
		vector.signature.0[..32].copy_from_slice(&r);
		vector
	};
	expect(BAD_SIGNATURE, &off_curve.into_iter().map(bad).collect::<Vec<_>>());
}

#[test]
fn keys_have_one_encoding() {
	let good = plain(7, 9);
	let keyed = |key| Vector { key: PublicKey::Ed25519(key), ..good.clone() };
	let (mut canonical, mut other, mut off_curve) = (0, 0, 0);
	for y in 2..19 {
		let mut plain = [0; 32];
		plain[0] = y;
		for key in encodings(plain) {
			let expected = match decompress(key).map(|point| point.compress().0 == key) {
				Some(true) => (&mut canonical, BAD_SIGNATURE),
				Some(false) => (&mut other, BAD_KEY),
				None => (&mut off_curve, BAD_KEY),
			};
			*expected.0 += 1;
			expect(expected.1, &[keyed(key)]);
		}
	}
	assert!(canonical > 8 && other > 8 && off_curve > 8, "{canonical} {other} {off_curve}");
}
