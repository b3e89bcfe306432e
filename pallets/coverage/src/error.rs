//! Conversions of [`CoverageError`] and [`TimingError`] into the pallet's error.

use crate::{types::TimingError, Config, Error};
use depin_primitives::{beacon::CoverageError, refusal::Refusal};

impl<T: Config> From<Refusal<CoverageError>> for Error<T> {
	fn from(refusal: Refusal<CoverageError>) -> Self {
		refusal.reason.into()
	}
}

impl<T: Config> From<CoverageError> for Error<T> {
	fn from(error: CoverageError) -> Self {
		match error {
			CoverageError::WrongChain => Self::WrongChain,
			CoverageError::UnknownDevice => Self::UnknownDevice,
			CoverageError::DeviceNotActive => Self::DeviceNotActive,
			CoverageError::CoverageOff => Self::CoverageOff,
			CoverageError::UnknownBeaconer => Self::UnknownBeaconer,
			CoverageError::SelfWitness => Self::SelfWitness,
			CoverageError::WrongPeriod => Self::WrongPeriod,
			CoverageError::TooEarly => Self::TooEarly,
			CoverageError::TooLate => Self::TooLate,
			CoverageError::DuplicateWitness => Self::DuplicateWitness,
			CoverageError::WitnessesFull => Self::WitnessesFull,
			CoverageError::AlreadyRevealed => Self::AlreadyRevealed,
			CoverageError::BadSignature => Self::BadSignature,
			CoverageError::NetworkPaused => Self::NetworkPaused,
		}
	}
}

impl<T: Config> From<TimingError> for Error<T> {
	fn from(error: TimingError) -> Self {
		match error {
			TimingError::EmptyWindow => Self::EmptyWindow,
			TimingError::PeriodTooShort => Self::PeriodTooShort,
			TimingError::PeriodTooLong => Self::PeriodTooLong,
		}
	}
}
