//! Sr25519, which allows one encoding of each point and of each number.

use super::{
	ed25519::{plus, ORDER},
	*,
};
use curve25519_dalek::{
	constants::RISTRETTO_BASEPOINT_POINT as B, ristretto::CompressedRistretto, Scalar,
};
use hex_literal::hex;

/// Returns a signature by polkadot.js (`sr25519Sign`) with the key of the SDK's development phrase.
fn good() -> Vector {
	vector(
		PublicKey::Sr25519(hex!(
			"46ebddef8cd9bb167dc30878d7113b7e168e6f0646beffd77d69d39bad76b47a"
		)),
		hex!(
			"f8507b95feb38c2eb2687991040f2b080dbbd7b0d0dbe309013bd85e4f3d005c"
			"136fc0db9f5596d605169e86cba6605c18ec0f75db8c47ef7a34d7f160cabb8d"
		),
		b"a report",
	)
}

#[test]
fn polkadot_js_signs_what_the_chain_accepts() {
	expect(GOOD, &[good()]);
	expect(BAD_SIGNATURE, &[Vector { message: b"another".to_vec(), ..good() }]);
	// Browser wallets wrap the message before they sign.
	expect(BAD_SIGNATURE, &[Vector { message: b"<Bytes>a report</Bytes>".to_vec(), ..good() }]);
}

#[test]
fn signatures_carry_schnorrkels_mark() {
	let mut unmarked = good();
	unmarked.signature.0[63] &= 0x7f;
	expect(BAD_SIGNATURE, &[unmarked]);
	// Signed before the mark was introduced. The SDK's first version of the host function accepted
	// such signatures.
	expect(
		BAD_SIGNATURE,
		&[vector(
			PublicKey::Sr25519(hex!(
				"b4bfa1f7a5166695eb75299fd1c4c03ea212871c342f2c5dfea0902b2c246918"
			)),
			hex!(
				"5a9755f069939f45d96aaf125cf5ce7ba1db998686f87f2fb3cbdea922078741"
				"a73891ba265f70c31436e18a9acd14d189d73c12317ab6c313285cd938453202"
			),
			b"Verifying that I am the owner of 5G9hQLdsKQswNPgB499DeA5PkFBbgkLPJWkkS6FAM6xGQ8xD. Hash: 221455a3\n",
		)],
	);
}

#[test]
fn s_is_below_the_order() {
	let mut s: [u8; 32] = good().signature.0[32..].try_into().unwrap();
	s[31] &= 0x7f;
	let mut seen = 0;
	while let Some(more) = plus(s, ORDER).filter(|s| s[31] & 0x80 == 0) {
		let mut bad = good();
		bad.signature.0[32..].copy_from_slice(&more);
		bad.signature.0[63] |= 0x80;
		expect(BAD_SIGNATURE, &[bad]);
		(s, seen) = (more, seen + 1);
	}
	assert!(seen > 5);
}

#[test]
fn the_identity_verifies_what_anyone_can_make_and_is_not_well_formed() {
	let s = Scalar::from(7u8);
	let mut signature = join((B * s).compress().0, s.to_bytes());
	signature[63] |= 0x80;
	expect(WORTHLESS, &[vector(PublicKey::Sr25519([0; 32]), signature, b"anything")]);
}

#[test]
fn points_have_one_encoding() {
	let key = |key| Vector { key: PublicKey::Sr25519(key), ..good() };
	let r = |r: [u8; 32]| {
		let mut bad = good();
		bad.signature.0[..32].copy_from_slice(&r);
		bad
	};
	// RFC 9496, A.3: not canonical, negative, no square, x·y negative, s = −1.
	let invalid = [
		hex!("00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"),
		hex!("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
		hex!("f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
		hex!("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
		hex!("0100000000000000000000000000000000000000000000000000000000000000"),
		hex!("01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
		hex!("ed57ffd8c914fb201471d1c3d245ce3c746fcbe63a3679d51b6a516ebebe0e20"),
		hex!("26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371"),
		hex!("3eb858e78f5a7254d8c9731174a94f76755fd3941c0ac93735c07ba14579630e"),
		hex!("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
	];
	for invalid in invalid {
		assert!(CompressedRistretto(invalid).decompress().is_none());
		expect(BAD_KEY, &[key(invalid)]);
		expect(BAD_SIGNATURE, &[r(invalid)]);
	}
	// The small multiples of the base point are keys.
	for n in 1..=16u8 {
		expect(BAD_SIGNATURE, &[key((B * Scalar::from(n)).compress().0)]);
	}
}
