//! Proofs that a reading belongs to a report.

use alloc::vec::Vec;
use codec::{Decode, Encode};
use depin_primitives::{
	hashing::Blake2Hasher,
	report::{Reading, Report},
	H256,
};

/// A reading with its path to the root that its report was signed with.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ReadingProof {
	/// The reading.
	pub reading: Reading,
	/// Its place among the report's readings.
	pub index: u32,
	/// How many readings the report has.
	pub count: u32,
	/// The hashes beside the path from the reading to the root, from below.
	pub path: Vec<H256>,
}

impl ReadingProof {
	/// The proof of the reading at `index` of those of a report; `None` if there is none.
	pub fn new(readings: &[Reading], index: u32) -> Option<Self> {
		let reading = *readings.get(usize::try_from(index).ok()?)?;
		let count = u32::try_from(readings.len()).ok()?;
		let leaves = readings.iter().map(Encode::encode);
		let proof = binary_merkle_tree::merkle_proof::<Blake2Hasher, _, _>(leaves, index);
		Some(Self { reading, index, count, path: proof.proof })
	}

	/// Whether the report was signed with this reading, at this place. That the report is what the
	/// chain accepted, or at least its device's, is another question: see [`verify`](crate::key::verify).
	pub fn verify(&self, report: &Report) -> bool {
		self.count == report.readings_count
			&& binary_merkle_tree::verify_proof::<Blake2Hasher, _, _>(
				&report.readings_root,
				self.path.iter().copied(),
				self.count,
				self.index,
				&self.reading.encode(),
			)
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use depin_primitives::report::{readings_root, Summaries};

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
			metrics: Summaries::new(),
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
				assert!(proof.verify(&report), "{index} of {count}");
				assert_eq!(ReadingProof::decode(&mut &proof.encode()[..]).unwrap(), proof);
			}
			assert_eq!(ReadingProof::new(&readings, count), None);
		}
		assert_eq!(ReadingProof::new(&[], 0), None);
	}

	#[test]
	fn nothing_else_can() {
		let readings = readings(13);
		let proof = ReadingProof::new(&readings, 5).unwrap();
		let report = report(&readings);
		let refused = |change: &dyn Fn(&mut ReadingProof)| {
			let mut changed = proof.clone();
			change(&mut changed);
			!changed.verify(&report)
		};
		assert!(refused(&|p| p.reading.value += 1));
		assert!(refused(&|p| p.reading.time += 1));
		assert!(refused(&|p| p.reading.metric += 1));
		assert!(refused(&|p| p.index = 4));
		assert!(refused(&|p| p.index = 13));
		assert!(refused(&|p| p.count = 12));
		assert!(refused(&|p| p.path[0] = H256::zero()));
		assert!(refused(&|p| p.path.truncate(3)));
		let other = Report { readings_root: H256::repeat_byte(1), ..report.clone() };
		assert!(!proof.verify(&other));
	}
}
