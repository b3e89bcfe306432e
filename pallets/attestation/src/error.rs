//! [`ReportError`], as the calls and the pool tell it.

use crate::{Config, Error};
use codec::Encode;
use depin_primitives::report::ReportError;
use sp_runtime::transaction_validity::{InvalidTransaction, TransactionValidityError};

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
		}
	}
}

/// The error as the pool shows it: `Custom error: N`, with the error's own number.
pub(crate) fn invalid(error: ReportError) -> TransactionValidityError {
	// SCALE writes an enum's index first, and this enum holds nothing else; qed.
	InvalidTransaction::Custom(error.using_encoded(|bytes| bytes[0])).into()
}
