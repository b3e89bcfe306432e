#![cfg_attr(not(feature = "std"), no_std)]
//! Runtime API of pallet-attestation: checks of reports, the extrinsics that carry them, accepted
//! reports, metrics and scores.

extern crate alloc;

use alloc::vec::Vec;
use depin_primitives::{
	metric::MetricPage,
	proof::{ProofError, ReadingProof},
	quality::DeviceScore,
	refusal::Refusal,
	report::{AcceptedReport, LastReport, Readings, ReportError, SignedReport},
	DeviceId, MetricId, NetworkId,
};

sp_api::decl_runtime_apis! {
	/// Signed reports of physical work.
	pub trait AttestationApi {
		/// Returns what the chain keeps of the device's last accepted report; `None` if the device
		/// has not reported.
		fn last_report(device: DeviceId) -> Option<LastReport>;

		/// Checks that the chain, in the block's state, would accept this report.
		fn check_report(
			report: SignedReport,
			readings: Option<Readings>,
		) -> Result<(), Refusal<ReportError>>;

		/// Returns the feeless extrinsic that carries this report. A sender needs to know nothing
		/// of this runtime's calls and transaction extensions.
		fn report_extrinsic(report: SignedReport, readings: Option<Readings>) -> Block::Extrinsic;

		/// Returns the reports that the block accepted, in order, from its events.
		fn accepted_reports() -> Vec<AcceptedReport>;

		/// Returns a page of the network's metrics, by ascending number: those above `after`, at
		/// most `limit` and at most [`MAX_PAGE`](depin_primitives::page::MAX_PAGE) of them.
		fn metrics(network: NetworkId, after: Option<MetricId>, limit: u32) -> MetricPage;

		/// Returns the device's score: the means of its quality by parts, with reasons; `None` if
		/// the device has not reported.
		fn device_score(device: DeviceId) -> Option<DeviceScore>;

		/// Checks that the device's last report, which must be of this sequence, commits to the
		/// reading. Anyone who has the signed report itself can check a reading of any report
		/// without a node.
		fn check_reading(
			device: DeviceId,
			sequence: u64,
			proof: ReadingProof,
		) -> Result<(), ProofError>;
	}
}
