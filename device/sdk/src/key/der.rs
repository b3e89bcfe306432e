//! ECDSA signatures in DER.

use core::fmt;
use depin_primitives::Signature;

/// Error for bytes that are no ECDSA signature in DER.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidDer;

impl fmt::Display for InvalidDer {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str("these bytes are no ECDSA signature in DER with numbers of 256 bits")
	}
}

impl core::error::Error for InvalidDer {}

/// Converts an `ECDSA-Sig-Value` (RFC 3279, 2.2.3) in DER, which secure elements and TPMs give, to
/// the 64 bytes that the chain takes: r and s, 32 bytes each, big-endian.
///
/// Accepts DER's one encoding only: trailing bytes and encodings that are not the shortest give
/// [`InvalidDer`]. Does not check that r and s are in range, which depends on the curve:
/// verification does.
pub fn signature_from_der(der: &[u8]) -> Result<Signature, InvalidDer> {
	let (body, rest) = der_value(der, 0x30)?;
	let (r, s) = der_value(body, 0x02)?;
	let (s, end) = der_value(s, 0x02)?;
	if !rest.is_empty() || !end.is_empty() {
		return Err(InvalidDer);
	}
	let mut signature = [0; 64];
	let (to_r, to_s) = signature.split_at_mut(32);
	put_integer(r, to_r)?;
	put_integer(s, to_s)?;
	Ok(Signature(signature))
}

/// Returns the contents of the first value, which must have this tag, and the bytes behind the
/// value. Lengths have one byte, which is enough for two numbers of 33 bytes.
fn der_value(der: &[u8], tag: u8) -> Result<(&[u8], &[u8]), InvalidDer> {
	match der {
		[first, length @ 0..=0x7f, rest @ ..] if *first == tag => {
			rest.split_at_checked((*length).into()).ok_or(InvalidDer)
		}
		_ => Err(InvalidDer),
	}
}

/// Writes the contents of an INTEGER, right-aligned. The contents must be the shortest form of a
/// number that is not negative.
fn put_integer(contents: &[u8], to: &mut [u8]) -> Result<(), InvalidDer> {
	let digits = match contents {
		[] | [0x80..=0xff, ..] | [0, 0..=0x7f, ..] => return Err(InvalidDer),
		[0, digits @ ..] => digits,
		digits => digits,
	};
	let start = to.len().checked_sub(digits.len()).ok_or(InvalidDer)?;
	to[start..].copy_from_slice(digits);
	Ok(())
}

#[cfg(test)]
mod tests {
	use super::*;
	use hex_literal::hex;
	use p256::ecdsa::signature::Signer;

	#[test]
	fn signatures_of_either_curve_are_converted() {
		for n in 1..=64u8 {
			let message = [n; 3];
			let signature: p256::ecdsa::Signature =
				p256::ecdsa::SigningKey::from_slice(&[n; 32]).unwrap().sign(&message);
			let read = signature_from_der(signature.to_der().as_bytes());
			assert_eq!(read, Ok(Signature(signature.to_bytes().into())));
			let signature: k256::ecdsa::Signature =
				k256::ecdsa::SigningKey::from_slice(&[n; 32]).unwrap().sign(&message);
			let read = signature_from_der(signature.to_der().as_bytes());
			assert_eq!(read, Ok(Signature(signature.to_bytes().into())));
		}
	}

	#[test]
	fn short_numbers_are_padded() {
		let mut expected = [0; 64];
		(expected[31], expected[62], expected[63]) = (0x80, 1, 2);
		assert_eq!(signature_from_der(&hex!("3008 0202 0080 0202 0102")), Ok(Signature(expected)));
		assert_eq!(signature_from_der(&hex!("3006 0201 00 0201 00")), Ok(Signature([0; 64])));
	}

	#[test]
	fn other_encodings_than_der_are_refused() {
		let bad: [&[u8]; 20] = [
			&hex!(""),
			&hex!("30"),
			&hex!("3000"),
			// One number, three numbers.
			&hex!("3003 0201 01"),
			&hex!("3009 0201 01 0201 01 0201 01"),
			// A sequence that is too short, too long, or followed by a byte.
			&hex!("3006 0201 01 0201"),
			&hex!("3007 0201 01 0201 01"),
			&hex!("3005 0201 01 0201 01"),
			&hex!("3006 0201 01 0201 01 00"),
			// Other tags.
			&hex!("3106 0201 01 0201 01"),
			&hex!("3006 0301 01 0201 01"),
			&hex!("3006 0201 01 0401 01"),
			// Lengths in more bytes than needed, and BER's indefinite length.
			&hex!("308106 0201 01 0201 01"),
			&hex!("3007 028101 01 0201 01"),
			&hex!("3080 0201 01 0201 01 0000"),
			// A number of no bytes, negative numbers, numbers with a zero byte too many.
			&hex!("3005 0200 0201 01"),
			&hex!("3006 0201 80 0201 01"),
			&hex!("3006 0201 01 0201 ff"),
			&hex!("3007 0202 0001 0201 01"),
			&hex!("3007 0201 01 0202 0000"),
		];
		for bad in bad {
			assert_eq!(signature_from_der(bad), Err(InvalidDer), "{bad:x?}");
		}
		// A number of 257 bits.
		let mut long = hex!("3026 0221 01").to_vec();
		long.extend([0; 32]);
		long.extend(hex!("0201 01"));
		assert_eq!(signature_from_der(&long), Err(InvalidDer));
	}
}
