//! Proofs that a reading belongs to a report. They need no chain: a report, its device's signature
//! and the proof are enough to check a reading.

use crate::{
	hashing::Blake2Hasher,
	ids::H256,
	report::{Reading, Report},
};
use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Greatest number of hashes of a path: a report has fewer than 2³² readings.
pub const MAX_PATH: u32 = 32;

/// Reading with its Merkle path to the root that its report was signed with.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct ReadingProof {
	/// Proved reading.
	pub reading: Reading,
	/// Index of the reading among the report's readings, from 0.
	pub index: u32,
	/// Number of the report's readings.
	pub count: u32,
	/// Hashes beside the path from the reading to the root, from the bottom.
	pub path: BoundedVec<H256, ConstU32<MAX_PATH>>,
}

/// Reason why a reading is not proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum ProofError {
	/// Report that the chain does not store: one that was never accepted, or that is not the
	/// device's last one.
	#[codec(index = 0)]
	UnknownReport,
	/// Number of readings that differs from the report's.
	#[codec(index = 1)]
	WrongCount,
	/// Index that is not below the number of readings.
	#[codec(index = 2)]
	NoSuchIndex,
	/// Path that does not lead from the reading to the report's root.
	#[codec(index = 3)]
	WrongPath,
}

impl ProofError {
	/// Returns the advice to the caller.
	pub fn advice(self) -> &'static str {
		match self {
			Self::UnknownReport => "the chain keeps a device's last report only: check the proof against the signed report itself",
			Self::WrongCount => "give as `count` the report's readings_count",
			Self::NoSuchIndex => "`index` counts from 0 and must be below `count`",
			Self::WrongPath => "the reading is not the one at this place of the report, or the path is another one's",
		}
	}
}

impl ReadingProof {
	/// Returns the proof of the reading at `index` of a report's readings; `None` if there is no
	/// such reading.
	pub fn new(readings: &[Reading], index: u32) -> Option<Self> {
		let reading = *readings.get(usize::try_from(index).ok()?)?;
		let count = u32::try_from(readings.len()).ok()?;
		let leaves = readings.iter().map(Encode::encode);
		let proof = binary_merkle_tree::merkle_proof::<Blake2Hasher, _, _>(leaves, index);
		Some(Self { reading, index, count, path: proof.proof.try_into().ok()? })
	}

	/// Checks that the report commits to this reading at this index. The caller must check
	/// separately that the report is its device's, or that the chain accepted it.
	pub fn verify(&self, report: &Report) -> Result<(), ProofError> {
		self.verify_root(&report.readings_root, report.readings_count)
	}

	/// Checks that this reading is at this index of the `count` readings below `root`.
	pub fn verify_root(&self, root: &H256, count: u32) -> Result<(), ProofError> {
		if self.count != count {
			return Err(ProofError::WrongCount);
		}
		if self.index >= count {
			return Err(ProofError::NoSuchIndex);
		}
		let leads = binary_merkle_tree::verify_proof::<Blake2Hasher, _, _>(
			root,
			self.path.iter().copied(),
			self.count,
			self.index,
			&self.reading.encode(),
		);
		if leads {
			Ok(())
		} else {
			Err(ProofError::WrongPath)
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::report::{readings_root, DataDigests, ReportFlags, Summaries};
	use alloc::vec::Vec;

	fn readings(count: u32) -> Vec<Reading> {
		(0..count)
			.map(|n| Reading { time: u64::from(n), metric: 0, value: i64::from(n) * 3 - 7 })
			.collect()
	}

	fn report(readings: &[Reading]) -> Report {
		Report {
			device: H256::zero(),
			sequence: 1,
			window_start: 0,
			window_end: 1_000,
			work: 0,
			previous: H256::zero(),
			readings_root: readings_root(readings),
			readings_count: readings.len() as u32,
			flags: ReportFlags::NONE,
			metrics: Summaries::new(),
			digests: DataDigests::new(),
		}
	}

	#[test]
	fn every_reading_of_a_report_can_be_proved() {
		for count in 1..40 {
			let readings = readings(count);
			let report = report(&readings);
			for index in 0..count {
				let proof = ReadingProof::new(&readings, index).unwrap();
				assert_eq!(proof.reading, readings[index as usize]);
				assert_eq!(proof.verify(&report), Ok(()), "{index} of {count}");
				assert_eq!(ReadingProof::decode(&mut &proof.encode()[..]).unwrap(), proof);
			}
			assert_eq!(ReadingProof::new(&readings, count), None);
		}
		assert_eq!(ReadingProof::new(&[], 0), None);
	}

	#[test]
	fn a_changed_proof_is_refused() {
		let readings = readings(13);
		let proof = ReadingProof::new(&readings, 5).unwrap();
		let report = report(&readings);
		let refused = |change: &dyn Fn(&mut ReadingProof)| {
			let mut changed = proof.clone();
			change(&mut changed);
			changed.verify(&report).err()
		};
		assert_eq!(refused(&|p| p.reading.value += 1), Some(ProofError::WrongPath));
		assert_eq!(refused(&|p| p.reading.time += 1), Some(ProofError::WrongPath));
		assert_eq!(refused(&|p| p.reading.metric += 1), Some(ProofError::WrongPath));
		assert_eq!(refused(&|p| p.index = 4), Some(ProofError::WrongPath));
		assert_eq!(refused(&|p| p.index = 13), Some(ProofError::NoSuchIndex));
		assert_eq!(refused(&|p| p.count = 12), Some(ProofError::WrongCount));
		assert_eq!(refused(&|p| p.path[0] = H256::zero()), Some(ProofError::WrongPath));
		assert_eq!(refused(&|p| p.path.truncate(3)), Some(ProofError::WrongPath));
		let other = Report { readings_root: H256::repeat_byte(1), ..report.clone() };
		assert_eq!(proof.verify(&other), Err(ProofError::WrongPath));
		let none = Report { readings_root: H256::zero(), readings_count: 0, ..report.clone() };
		assert_eq!(proof.verify(&none), Err(ProofError::WrongCount));
	}
}
