//! Verification of single readings without a node, by the signed report, the device's key and the
//! chain's genesis hash.

use crate::key::verify;
use core::fmt;
pub use depin_primitives::proof::{ProofError, ReadingProof};
use depin_primitives::{
	report::{Reading, SignedReport},
	signing::GenesisPrefix,
	PublicKey, H256,
};

/// Reason why a reading is not proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unproved {
	/// Report for another chain than that of the genesis hash.
	WrongChain,
	/// Report that is not signed with the key, or was changed.
	BadSignature,
	/// Report that does not commit to the reading.
	Reading(ProofError),
}

impl fmt::Display for Unproved {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(match self {
			Self::WrongChain => "the report is for another chain than that of this genesis hash",
			Self::BadSignature => "the report is not signed with this key, or was changed",
			Self::Reading(error) => error.advice(),
		})
	}
}

impl core::error::Error for Unproved {}

/// Returns the reading if `key` has signed, for the chain with this genesis hash, a report that
/// commits to the reading.
///
/// The caller must know that `key` is the device's (from its DID document or `devices_get`). That
/// the chain accepted the report is shown by its event `ReportAccepted`.
///
/// ## Errors
///
/// The first of these that holds:
///
/// - [`Unproved::WrongChain`]: the report carries another genesis prefix.
/// - [`Unproved::Reading`]: the proof does not lead to the report's readings root.
/// - [`Unproved::BadSignature`]: the signature does not verify.
pub fn verify_reading(
	key: &PublicKey,
	signed: &SignedReport,
	proof: &ReadingProof,
	genesis: &H256,
) -> Result<Reading, Unproved> {
	if signed.chain != GenesisPrefix::of(genesis) {
		return Err(Unproved::WrongChain);
	}
	proof.verify(&signed.report).map_err(Unproved::Reading)?;
	if !verify(key, &signed.signature, &signed.report, genesis) {
		return Err(Unproved::BadSignature);
	}
	Ok(proof.reading)
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{
		device::Device,
		key::DeviceKey,
		reporter::{Delivery::Inline, Reporter},
	};
	use depin_primitives::KeyScheme;

	#[test]
	fn a_reading_is_proved_with_nothing_but_the_signed_report() {
		let genesis = H256::repeat_byte(7);
		let readings = [10i64, -20, 30, 40, 50].map(|value| Reading {
			time: 1_000 + value.unsigned_abs(),
			metric: 3,
			value,
		});
		for scheme in KeyScheme::ALL {
			let device = Device::new(DeviceKey::from_secret(scheme, &[5; 32]).unwrap(), genesis);
			let signed =
				Reporter::new().report(&device, 1_000..2_000, 5, &readings, Inline).unwrap();
			let key = device.public_key();
			for (index, reading) in (0..).zip(readings) {
				let proof = ReadingProof::new(&readings, index).unwrap();
				assert_eq!(verify_reading(&key, &signed, &proof, &genesis), Ok(reading));

				let other = H256::repeat_byte(8);
				let of = |signed, proof| verify_reading(&key, signed, proof, &genesis);
				let elsewhere = verify_reading(&key, &signed, &proof, &other);
				assert_eq!(elsewhere, Err(Unproved::WrongChain));
				let mut wrong = proof.clone();
				wrong.reading.value += 1;
				let unproved = Unproved::Reading(ProofError::WrongPath);
				assert_eq!(of(&signed, &wrong), Err(unproved));
				// A report that was changed keeps its old signature, which does not verify any
				// more.
				let mut forged = signed.clone();
				forged.report.work += 1;
				assert_eq!(of(&forged, &proof), Err(Unproved::BadSignature));
				let stranger = DeviceKey::from_secret(scheme, &[6; 32]).unwrap().public_key();
				let by = verify_reading(&stranger, &signed, &proof, &genesis);
				assert_eq!(by, Err(Unproved::BadSignature));
			}
		}
		assert!(Unproved::WrongChain.to_string().contains("another chain"));
	}
}
