#![cfg_attr(not(feature = "std"), no_std)]
//! The runtime API of pallet-attestation: checking, wrapping and reading reports.

extern crate alloc;

use alloc::vec::Vec;
use depin_primitives::{
	report::{AcceptedReport, LastReport, Readings, ReportError, SignedReport},
	DeviceId,
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
		) -> Result<(), ReportError>;

		/// The feeless extrinsic that carries this report, so that who sends it needs to know nothing
		/// of this runtime's calls and extensions.
		fn report_extrinsic(report: SignedReport, readings: Option<Readings>) -> Block::Extrinsic;

		/// The reports that this block accepted, in order, from its events.
		fn accepted_reports() -> Vec<AcceptedReport>;
	}
}
