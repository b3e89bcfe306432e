//! Conversion of the primitives' errors [`ReportError`] and [`InvalidMetric`] into the pallet's.

use crate::{Config, Error};
use depin_primitives::{metric::InvalidMetric, refusal::Refusal, report::ReportError};

impl<T: Config> From<Refusal<ReportError>> for Error<T> {
	fn from(refusal: Refusal<ReportError>) -> Self {
		refusal.reason.into()
	}
}

impl<T: Config> From<ReportError> for Error<T> {
	fn from(error: ReportError) -> Self {
		match error {
			ReportError::WrongChain => Self::WrongChain,
			ReportError::UnknownDevice => Self::UnknownDevice,
			ReportError::DeviceNotActive => Self::DeviceNotActive,
			ReportError::Duplicate => Self::Duplicate,
			ReportError::StaleSequence => Self::StaleSequence,
			ReportError::EmptyWindow => Self::EmptyWindow,
			ReportError::WindowTooLong => Self::WindowTooLong,
			ReportError::WindowInFuture => Self::WindowInFuture,
			ReportError::WindowTooOld => Self::WindowTooOld,
			ReportError::WindowOverlaps => Self::WindowOverlaps,
			ReportError::TooSoon => Self::TooSoon,
			ReportError::MetricsOutOfOrder => Self::MetricsOutOfOrder,
			ReportError::InvalidSummary => Self::InvalidSummary,
			ReportError::CountMismatch => Self::CountMismatch,
			ReportError::ReadingOutsideWindow => Self::ReadingOutsideWindow,
			ReportError::SummaryMismatch => Self::SummaryMismatch,
			ReportError::RootMismatch => Self::RootMismatch,
			ReportError::BadSignature => Self::BadSignature,
			ReportError::NetworkPaused => Self::NetworkPaused,
			ReportError::UnknownMetric => Self::UnknownMetric,
			ReportError::SequenceTooFar => Self::SequenceTooFar,
			ReportError::UnknownFlags => Self::UnknownFlags,
			ReportError::NotInline => Self::NotInline,
			ReportError::ReadingsMissing => Self::ReadingsMissing,
			ReportError::ReadingsNotExpected => Self::ReadingsNotExpected,
			ReportError::ReadingsOutOfOrder => Self::ReadingsOutOfOrder,
			ReportError::DigestsOutOfOrder => Self::DigestsOutOfOrder,
		}
	}
}

impl<T: Config> From<InvalidMetric> for Error<T> {
	fn from(error: InvalidMetric) -> Self {
		match error {
			InvalidMetric::Name => Self::BadName,
			InvalidMetric::Unit => Self::UnknownUnit,
			InvalidMetric::Decimals => Self::TooManyDecimals,
			InvalidMetric::Limits => Self::BadLimits,
		}
	}
}
