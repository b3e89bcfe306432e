//! Reports in sequence, each of which names the hash of the one before.

use crate::{device::Device, key::Signer};
use codec::{Decode, Encode, MaxEncodedLen};
use core::{fmt, ops::Range};
use depin_primitives::{
	refusal::{Refusal, RefusalReason},
	report::{
		check_order, check_times, readings_root, summarize, DataDigests, Reading, Report,
		ReportError, ReportFlags, SignedReport,
	},
	Millis, H256,
};

/// Facts about a device's last report from which the next report is made: 48 bytes in SCALE, of
/// fixed width. All fields are zero before the first report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen)]
pub struct ReporterState {
	/// Sequence of the last report.
	pub sequence: u64,
	/// Hash of the last report.
	pub previous: H256,
	/// First millisecond after the window of the last report.
	pub window_end: Millis,
}

/// Reason why no report was made. The reporter's state is unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuildError<E> {
	/// Report that the chain would refuse for this reason.
	Refused(ReportError),
	/// Readings of more metrics than a report sums up, a sum that does not fit 64 bits, or more
	/// readings than 32 bits count: split the window.
	TooMuch,
	/// Last report with the sequence 2⁶⁴ − 1, after which no other can follow.
	SequencesUsedUp,
	/// Error of the signer.
	Signer(E),
}

impl<E: fmt::Display> fmt::Display for BuildError<E> {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::Refused(error) => write!(f, "{error:?}: {}", error.advice()),
			Self::TooMuch => f.write_str("too many metrics or too great a sum: split the window"),
			Self::SequencesUsedUp => f.write_str("the last sequence there is has been used"),
			Self::Signer(error) => write!(f, "the signer failed: {error}"),
		}
	}
}

impl<E: fmt::Debug + fmt::Display> core::error::Error for BuildError<E> {}

impl<E> From<Refusal<ReportError>> for BuildError<E> {
	fn from(refusal: Refusal<ReportError>) -> Self {
		refusal.reason.into()
	}
}

impl<E> From<ReportError> for BuildError<E> {
	fn from(error: ReportError) -> Self {
		Self::Refused(error)
	}
}

/// Way in which a report's readings reach consumers. The device signs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
	/// The readings, at most 64, go with the report, and the chain publishes them. A node that gets
	/// the report without them refuses it.
	Inline,
	/// The report only commits to the readings, which the device or its gateway keeps.
	Committed,
}

/// Builder of a device's reports, one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reporter {
	state: ReporterState,
}

impl Reporter {
	/// Returns the reporter of a device that has never reported.
	pub fn new() -> Self {
		Self::default()
	}

	/// Returns the reporter of a device that has reported before.
	///
	/// `state` is the state that the device stored, or, if that is lost, what the chain has of the
	/// device's last accepted report.
	pub fn resume(state: ReporterState) -> Self {
		Self { state }
	}

	/// Returns the state, which must survive a restart. Store it before the report is sent, so that
	/// no sequence is used for two reports.
	pub fn state(&self) -> ReporterState {
		self.state
	}

	/// Continues from the last report that the chain accepted, if later reports were refused or
	/// lost: the next report names that one as its previous report. The sequence never decreases.
	pub fn rechain(&mut self, accepted: ReporterState) {
		let sequence = self.state.sequence.max(accepted.sequence);
		self.state = ReporterState { sequence, ..accepted };
	}

	/// Makes and signs the report of this window. The readings are by ascending time, and those of
	/// one time by ascending metric.
	///
	/// ## Errors
	///
	/// - [`BuildError::Refused`]: the window begins before the last one ended or is empty, a
	///   reading's time is outside of the window, the readings are not in order, or they are too
	///   many to travel inline.
	/// - [`BuildError::TooMuch`], [`BuildError::SequencesUsedUp`], [`BuildError::Signer`].
	pub fn report<S: Signer>(
		&mut self,
		device: &Device<S>,
		window: Range<Millis>,
		work: u64,
		readings: &[Reading],
		delivery: Delivery,
	) -> Result<SignedReport, BuildError<S::Error>> {
		self.report_with(device, window, work, readings, delivery, DataDigests::default())
	}

	/// Makes and signs the report of this window, with data digests. See [`Reporter::report`].
	pub fn report_with<S: Signer>(
		&mut self,
		device: &Device<S>,
		window: Range<Millis>,
		work: u64,
		readings: &[Reading],
		delivery: Delivery,
		digests: DataDigests,
	) -> Result<SignedReport, BuildError<S::Error>> {
		if window.start < self.state.window_end {
			return Err(ReportError::WindowOverlaps.into());
		}
		// An empty window contains no time: `check_form` below gives the better reason.
		if !window.is_empty() {
			check_times(readings, window.clone())?;
		}
		check_order(readings)?;
		// A report without readings has none to send.
		let flags = match delivery {
			Delivery::Inline if !readings.is_empty() => ReportFlags::INLINE,
			Delivery::Inline | Delivery::Committed => ReportFlags::NONE,
		};
		let report = Report {
			device: device.id(),
			sequence: self.state.sequence.checked_add(1).ok_or(BuildError::SequencesUsedUp)?,
			window_start: window.start,
			window_end: window.end,
			work,
			previous: self.state.previous,
			readings_root: readings_root(readings),
			readings_count: u32::try_from(readings.len()).map_err(|_| BuildError::TooMuch)?,
			flags,
			metrics: summarize(readings).ok_or(BuildError::TooMuch)?,
			digests,
		};
		report.check_form()?;
		let signature =
			device.signer().sign_body(&report, device.genesis()).map_err(BuildError::Signer)?;
		self.state = ReporterState {
			sequence: report.sequence,
			previous: report.hash(),
			window_end: window.end,
		};
		Ok(SignedReport { chain: device.genesis_prefix(), report, signature })
	}
}

#[cfg(test)]
mod tests {
	use super::{Delivery::*, *};
	use crate::key::{verify, DeviceKey};
	use alloc::{format, vec::Vec};
	use depin_primitives::{
		hashing::blake2_256,
		report::{DataDigest, MetricSummary, Readings},
		signing::Signable,
		KeyScheme, PublicKey, Signature,
	};

	const GENESIS: H256 = H256::repeat_byte(9);

	fn device(scheme: KeyScheme) -> Device<DeviceKey> {
		Device::new(DeviceKey::from_secret(scheme, &[1; 32]).unwrap(), GENESIS)
	}

	fn reading(time: Millis, metric: u16, value: i64) -> Reading {
		Reading { time, metric, value }
	}

	#[test]
	fn reports_are_signed_and_pass_the_chains_own_checks() {
		for scheme in KeyScheme::ALL {
			let device = device(scheme);
			let readings = [reading(10, 1, 7), reading(11, 0, -3), reading(19, 1, 9)];
			let signed = Reporter::new().report(&device, 10..20, 3, &readings, Inline).unwrap();
			assert_eq!(signed.chain.0, [9; 4]);
			assert_eq!(signed.report.device, device.id());
			assert_eq!(signed.report.check_form(), Ok(()));
			let inline = Readings::try_from(readings.to_vec()).unwrap();
			assert_eq!(signed.report.check_readings(Some(&inline)), Ok(()));
			assert!(verify(&device.public_key(), &signed.signature, &signed.report, &GENESIS));
			let tampered = Report { work: 4, ..signed.report.clone() };
			assert!(!verify(&device.public_key(), &signed.signature, &tampered, &GENESIS));
		}
	}

	#[test]
	fn the_signed_bytes_are_those_of_the_wire_format() {
		let device = device(KeyScheme::P256);
		let readings = [reading(0x10, 5, -2), reading(0x11, 5, 4)];
		let mut reporter = Reporter::resume(ReporterState {
			sequence: 0x0807060504030200,
			previous: H256::repeat_byte(0xcc),
			window_end: 0x10,
		});
		let signed = reporter.report(&device, 0x10..0x20, 0x77, &readings, Inline).unwrap();

		let leaf = |time: u8, value: i64| {
			let mut bytes = alloc::vec![time, 0, 0, 0, 0, 0, 0, 0, 5, 0];
			bytes.extend_from_slice(&value.to_le_bytes());
			blake2_256(&bytes)
		};
		let pair = [leaf(0x10, -2).0, leaf(0x11, 4).0].concat();

		let mut expected = Vec::new();
		expected.extend_from_slice(b"depin:report:v2\0");
		expected.extend_from_slice(&[9; 32]);
		expected.extend_from_slice(device.id().as_bytes());
		expected.extend_from_slice(&[1, 2, 3, 4, 5, 6, 7, 8]);
		expected.extend_from_slice(&[0x10, 0, 0, 0, 0, 0, 0, 0]);
		expected.extend_from_slice(&[0x20, 0, 0, 0, 0, 0, 0, 0]);
		expected.extend_from_slice(&[0x77, 0, 0, 0, 0, 0, 0, 0]);
		expected.extend_from_slice(&[0xcc; 32]);
		expected.extend_from_slice(blake2_256(&pair).as_bytes());
		expected.extend_from_slice(&[2, 0, 0, 0]);
		expected.push(1); // inline
		expected.push(4); // one summary
		expected.extend_from_slice(&[5, 0, 2, 0, 0, 0]);
		expected.extend_from_slice(&(-2i64).to_le_bytes());
		expected.extend_from_slice(&4i64.to_le_bytes());
		expected.extend_from_slice(&2i64.to_le_bytes());
		expected.push(0); // no data digests
		assert_eq!(signed.report.signing_bytes(&GENESIS), expected);
		assert_eq!(expected.len(), 48 + 133 + 1 + 30 + 1);
	}

	#[test]
	fn reports_are_chained_across_a_restart() {
		let device = device(KeyScheme::Ed25519);
		let mut reporter = Reporter::new();
		let first = reporter.report(&device, 0..10, 0, &[], Inline).unwrap().report;
		assert_eq!((first.sequence, first.previous), (1, H256::zero()));
		assert!(first.readings_root.is_zero());

		let kept = reporter.state().encode();
		assert_eq!(kept.len(), 48);
		assert_eq!(kept.len(), ReporterState::max_encoded_len());
		let mut reporter = Reporter::resume(ReporterState::decode(&mut &kept[..]).unwrap());
		let second = reporter.report(&device, 10..20, 0, &[], Inline).unwrap().report;
		assert_eq!((second.sequence, second.previous), (2, first.hash()));

		// The second report was lost. The third names the first as its previous report, with a
		// sequence of its own.
		reporter.rechain(ReporterState {
			sequence: 1,
			previous: first.hash(),
			window_end: first.window_end,
		});
		let third = reporter.report(&device, 15..25, 0, &[], Inline).unwrap().report;
		assert_eq!((third.sequence, third.previous), (3, first.hash()));
	}

	#[test]
	fn reports_that_the_chain_would_refuse_are_not_made() {
		let device = device(KeyScheme::Ed25519);
		let mut reporter = Reporter::new();
		reporter.report(&device, 0..10, 0, &[], Inline).unwrap();
		let before = reporter.clone();
		let mut refused = |window: Range<Millis>, readings: &[Reading]| {
			let error = reporter.report(&device, window, 0, readings, Inline).unwrap_err();
			assert_eq!(reporter, before);
			error
		};
		assert_eq!(refused(9..20, &[]), ReportError::WindowOverlaps.into());
		assert_eq!(refused(10..10, &[]), ReportError::EmptyWindow.into());
		assert_eq!(refused(10..10, &[reading(10, 0, 0)]), ReportError::EmptyWindow.into());
		for time in [9, 20] {
			let outside = [reading(time, 0, 0)];
			assert_eq!(refused(10..20, &outside), ReportError::ReadingOutsideWindow.into());
		}
		let nine: Vec<_> = (0..9).map(|metric| reading(10, metric, 0)).collect();
		assert_eq!(refused(10..20, &nine), BuildError::TooMuch);
		let great = [reading(10, 0, i64::MAX), reading(11, 0, 1)];
		assert_eq!(refused(10..20, &great), BuildError::TooMuch);
		for second in [reading(11, 1, 0), reading(11, 0, 0), reading(10, 5, 0)] {
			let disorder = [reading(11, 1, 0), second];
			assert_eq!(refused(10..20, &disorder), ReportError::ReadingsOutOfOrder.into());
		}
		let many: Vec<_> = (0..65).map(|time| reading(10 + time, 0, 0)).collect();
		assert_eq!(refused(10..90, &many), ReportError::NotInline.into());

		let mut last = Reporter::resume(ReporterState { sequence: u64::MAX, ..Default::default() });
		assert_eq!(last.report(&device, 0..10, 0, &[], Inline), Err(BuildError::SequencesUsedUp));
	}

	#[test]
	fn the_device_signs_how_its_readings_travel() {
		let device = device(KeyScheme::Ed25519);
		let flags = |readings: &[Reading], delivery| {
			let signed = Reporter::new().report(&device, 0..100, 0, readings, delivery).unwrap();
			signed.report.flags
		};
		let many: Vec<_> = (0..65).map(|time| reading(time, 0, 0)).collect();
		assert_eq!(flags(&many[..64], Inline), ReportFlags::INLINE);
		assert_eq!(flags(&many[..64], Committed), ReportFlags::NONE);
		assert_eq!(flags(&many, Committed), ReportFlags::NONE);
		assert_eq!(flags(&[], Inline), ReportFlags::NONE);
	}

	#[test]
	fn data_digests_are_signed() {
		let device = device(KeyScheme::Ed25519);
		let with = |kinds: &[u8]| {
			let digest = |kind: &u8| DataDigest { kind: *kind, digest: H256::repeat_byte(*kind) };
			let digests = DataDigests::try_from(kinds.iter().map(digest).collect::<Vec<_>>());
			Reporter::new().report_with(&device, 0..9, 0, &[], Inline, digests.unwrap())
		};
		let signed = with(&[DataDigest::POSEIDON_BLS12_381, 200]).unwrap();
		assert!(verify(&device.public_key(), &signed.signature, &signed.report, &GENESIS));
		assert_eq!(signed.report.encode().len(), 135 + 2 * 33);
		for kinds in [&[0][..], &[2, 1], &[1, 1]] {
			assert_eq!(with(kinds), Err(ReportError::DigestsOutOfOrder.into()));
		}
	}

	#[test]
	fn readings_are_summed_up_by_metric() {
		let device = device(KeyScheme::Ed25519);
		let readings = [reading(0, 2, 5), reading(1, 1, 8), reading(2, 2, -1)];
		let signed = Reporter::new().report(&device, 0..10, 0, &readings, Inline).unwrap();
		let summary = |metric, count, min, max, sum| MetricSummary { metric, count, min, max, sum };
		let expected = [summary(1, 1, 8, 8, 8), summary(2, 2, -1, 5, 4)];
		assert_eq!(signed.report.metrics.as_slice(), &expected);
	}

	/// Secure element that does not answer.
	struct Dead;

	impl Signer for Dead {
		type Error = &'static str;

		fn public_key(&self) -> PublicKey {
			PublicKey::P256([2; 33])
		}

		fn sign(&self, _: &[u8]) -> Result<Signature, Self::Error> {
			Err("no answer on the bus")
		}
	}

	#[test]
	fn a_failing_signer_uses_no_sequence() {
		let device = Device::new(Dead, GENESIS);
		let mut reporter = Reporter::new();
		let error = reporter.report(&device, 0..10, 0, &[], Inline).unwrap_err();
		assert_eq!(error, BuildError::Signer("no answer on the bus"));
		assert_eq!(format!("{error}"), "the signer failed: no answer on the bus");
		assert_eq!(reporter, Reporter::new());
	}
}
