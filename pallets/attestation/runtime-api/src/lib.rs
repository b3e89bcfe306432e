#![cfg_attr(not(feature = "std"), no_std)]
//! The runtime API of pallet-attestation: checking, wrapping and reading reports, their
//! metrics and their quality.

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
		/// What the chain keeps of a device's last accepted report.
		fn last_report(device: DeviceId) -> Option<LastReport>;

		/// Whether the chain, as it is now, would accept this report.
		fn check_report(
			report: SignedReport,
			readings: Option<Readings>,
		) -> Result<(), Refusal<ReportError>>;

		/// The feeless extrinsic that carries this report, so that who sends it needs to know nothing
		/// of this runtime's calls and extensions.
		fn report_extrinsic(report: SignedReport, readings: Option<Readings>) -> Block::Extrinsic;

		/// The reports that this block accepted, in order, from its events.
		fn accepted_reports() -> Vec<AcceptedReport>;

		/// The metrics of a network, by number: at most `limit`, and at most
		/// [`MAX_PAGE`](depin_primitives::page::MAX_PAGE), from after the number `after`.
		fn metrics(network: NetworkId, after: Option<MetricId>, limit: u32) -> MetricPage;

		/// How a device does: its quality by parts, with the reasons; `None` if it has not reported.
		fn device_score(device: DeviceId) -> Option<DeviceScore>;

		/// Whether a device's report of this sequence commits to that reading. The chain knows the last
		/// few of each device; who has the signed report needs no chain.
		fn check_reading(
			device: DeviceId,
			sequence: u64,
			proof: ReadingProof,
		) -> Result<(), ProofError>;
	}
}
