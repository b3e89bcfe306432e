//! ECDSA at the bounds of r and s. For any point R and any s there is a key Q = (sR − zG) / r under
//! which they are a valid signature of a given message (Q's secret stays unknown). So the tests can
//! choose r and s.

use super::*;
use p256::U256;

struct Curve {
	/// Order n of the group.
	order: U256,
	/// Order p of the field.
	field: U256,
	key: fn([u8; 33]) -> PublicKey,
	/// Makes a valid signature with this s and an R of this x; `None` if no point has this x.
	forge: fn(x: U256, s: U256, message: &[u8]) -> Option<Vector>,
}

const CURVES: [Curve; 2] = [secp256k1::CURVE, p256_curve::CURVE];
const MESSAGE: &[u8] = b"a report";

macro_rules! curve {
	($name:ident, $library:ident, $curve:ident, $scheme:ident, $field:literal) => {
		mod $name {
			use super::*;
			use ::$library::{
				elliptic_curve::{ops::Reduce, sec1::ToEncodedPoint, Curve as _},
				ProjectivePoint, PublicKey as Point, Scalar,
			};

			pub const CURVE: Curve = Curve {
				order: ::$library::$curve::ORDER,
				field: U256::from_be_hex($field),
				key: PublicKey::$scheme,
				forge,
			};

			fn forge(x: U256, s: U256, message: &[u8]) -> Option<Vector> {
				let nonce = Point::from_sec1_bytes(&compressed(2, x)).ok()?.to_projective();
				let r = <Scalar as Reduce<U256>>::reduce(x);
				let z = U256::from_be_slice(&sp_io::hashing::sha2_256(message));
				let z = <Scalar as Reduce<U256>>::reduce(z);
				// An r of 0, which x = n gives, has no inverse.
				let inverse = Option::<Scalar>::from(r.invert())?;
				let s = <Scalar as Reduce<U256>>::reduce(s);
				let key = (nonce * s - ProjectivePoint::GENERATOR * z) * inverse;
				let key = key.to_affine().to_encoded_point(true);
				let key = PublicKey::$scheme(key.as_bytes().try_into().unwrap());
				Some(vector(key, join(r.to_bytes().into(), s.to_bytes().into()), message))
			}
		}
	};
}

curve!(
	secp256k1,
	k256,
	Secp256k1,
	Secp256k1,
	"fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f"
);
curve!(
	p256_curve,
	p256,
	NistP256,
	P256,
	"ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"
);

fn compressed(tag: u8, x: U256) -> [u8; 33] {
	let mut key = [tag; 33];
	key[1..].copy_from_slice(&bytes(x));
	key
}

fn bytes(n: U256) -> [u8; 32] {
	let mut bytes = [0; 32];
	let words = n.to_words();
	for (chunk, word) in bytes.chunks_mut(8).zip(words.iter().rev()) {
		chunk.copy_from_slice(&word.to_be_bytes());
	}
	bytes
}

fn number(bytes: &[u8]) -> U256 {
	U256::from_be_slice(bytes)
}

fn plus(a: U256, b: U256) -> Option<U256> {
	let sum = a.wrapping_add(&b);
	(sum >= a).then_some(sum)
}

fn numbers_from(start: U256) -> impl Iterator<Item = U256> {
	std::iter::successors(Some(start), |n| Some(n.wrapping_add(&U256::ONE)))
}

impl Curve {
	/// Returns the first x from `start` on that a point has.
	fn x_from(&self, start: U256) -> U256 {
		numbers_from(start).find(|x| (self.forge)(*x, U256::ONE, MESSAGE).is_some()).unwrap()
	}

	fn forge(&self, x: U256, s: U256) -> Vector {
		(self.forge)(x, s, MESSAGE).expect("the curve has a point with this x")
	}
}

/// Returns the vector with another r and s.
fn with(vector: &Vector, r: U256, s: U256) -> Vector {
	Vector { signature: Signature(join(bytes(r), bytes(s))), ..vector.clone() }
}

fn halves(vector: &Vector) -> (U256, U256) {
	(number(&vector.signature.0[..32]), number(&vector.signature.0[32..]))
}

#[test]
fn every_r_and_s_from_1_to_n_is_good_in_both_forms_of_s() {
	for curve in &CURVES {
		let n = curve.order;
		let less = |by: u64| n.wrapping_sub(&U256::from(by));
		let more = n.wrapping_add(&U256::ONE);
		let (half, middle) = (n.shr_vartime(1), U256::ONE.shl_vartime(128));
		// Above n, r is not x but x − n.
		let xs =
			[U256::ONE, middle, half, less(1000), more, n.wrapping_add(&middle.shr_vartime(3))];
		let ss = [U256::ONE, U256::from(2u8), middle, half, half.wrapping_add(&U256::ONE), less(1)];
		for x in xs {
			let x = curve.x_from(x);
			assert!(x < curve.field);
			for s in ss {
				let good = curve.forge(x, s);
				let (r, s) = halves(&good);
				assert!(r < n && (r == x || r == x.wrapping_sub(&n)));
				expect(GOOD, &[good.clone(), with(&good, r, n.wrapping_sub(&s))]);
			}
		}
	}
}

#[test]
fn r_and_s_are_refused_outside_of_1_to_n() {
	for curve in &CURVES {
		let (n, zero) = (curve.order, U256::ZERO);
		// A small r and a small s, that r + n and s + n have 32 bytes.
		let good = curve.forge(curve.x_from(U256::ONE), U256::ONE);
		expect(GOOD, std::slice::from_ref(&good));
		let (r, s) = halves(&good);
		let [r_more, s_more] = [plus(r, n).unwrap(), plus(s, n).unwrap()];
		for outside in [zero, n, n.wrapping_add(&U256::ONE), curve.field, U256::MAX, r_more] {
			expect(BAD_SIGNATURE, &[with(&good, outside, s)]);
		}
		for outside in [zero, n, curve.field, U256::MAX, s_more] {
			expect(BAD_SIGNATURE, &[with(&good, r, outside)]);
		}
		let both = [(zero, zero), (n, n), (zero, n), (r_more, s_more), (U256::MAX, U256::MAX)];
		for (r, s) in both {
			expect(BAD_SIGNATURE, &[with(&good, r, s)]);
		}
		// The x of R itself, where it is above n.
		let x = curve.x_from(n.wrapping_add(&U256::ONE));
		let good = curve.forge(x, U256::ONE);
		let (r, s) = halves(&good);
		assert_ne!(r, x);
		expect(GOOD, std::slice::from_ref(&good));
		expect(BAD_SIGNATURE, &[with(&good, x, s), with(&good, n.wrapping_sub(&r), s)]);
	}
}

#[test]
fn other_messages_and_swapped_halves_are_refused() {
	for curve in &CURVES {
		let good = curve.forge(curve.x_from(U256::from(1000u32)), U256::from(7u8));
		let (r, s) = halves(&good);
		let more = [MESSAGE, b"."].concat();
		expect(BAD_SIGNATURE, &[with(&good, s, r), Vector { message: more, ..good.clone() }]);
		expect(BAD_SIGNATURE, &[Vector { message: vec![], ..good }]);
	}
}

#[test]
fn keys_have_one_encoding() {
	for curve in &CURVES {
		let x = curve.x_from(U256::ONE);
		// Several, as the compact form stands for one of a point and its negative.
		for s in 1..=8u8 {
			let good = curve.forge(x, U256::from(s));
			let point: [u8; 33] = good.key.as_bytes().try_into().unwrap();
			let tagged = |tag| {
				let mut key = point;
				key[0] = tag;
				Vector { key: (curve.key)(key), ..good.clone() }
			};
			expect(GOOD, &[tagged(point[0])]);
			// The point's negative is a key, of somebody else.
			expect(BAD_SIGNATURE, &[tagged(point[0] ^ 1)]);
			// Among them 0x05, SEC 1's compact form, and 0x06 and 0x07, the hybrid one.
			let tags = (0..=255).filter(|tag| ![2, 3].contains(tag));
			expect(BAD_KEY, &tags.map(tagged).collect::<Vec<_>>());
		}
	}
}

#[test]
fn keys_are_points_of_the_curve_with_x_below_p() {
	for curve in &CURVES {
		let good = curve.forge(curve.x_from(U256::ONE), U256::ONE);
		let keyed = |tag, x| Vector { key: (curve.key)(compressed(tag, x)), ..good.clone() };
		let (mut on, mut off) = (0, 0);
		for x in numbers_from(U256::ZERO).take(64) {
			// P-256 has points with x = 0, and no forgery with r = 0.
			let on_curve = match x == U256::ZERO {
				true => matches!(good.key, PublicKey::P256(_)),
				false => (curve.forge)(x, U256::ONE, MESSAGE).is_some(),
			};
			let more = plus(x, curve.field).unwrap();
			let expected = if on_curve { BAD_SIGNATURE } else { BAD_KEY };
			for tag in [2, 3] {
				expect(expected, &[keyed(tag, x)]);
				expect(BAD_KEY, &[keyed(tag, more)]);
			}
			*(if on_curve { &mut on } else { &mut off }) += 1;
		}
		assert!(on > 16 && off > 16);
		expect(BAD_KEY, &[keyed(2, U256::MAX), keyed(3, U256::MAX)]);
	}
}
