//! Governed numbers of the configuration, read within bounds.
//!
//! A runtime may let governance set delays, windows, deposits and caps. A mistaken or hostile vote
//! must neither stop the chain nor make state free nor take away a device owner's right to be
//! heard, so that this pallet reads each number only through the functions below:
//!
//! | number | bounds | reason |
//! | --- | --- | --- |
//! | delays and windows | 1 to [`MAX_DELAY`] blocks | a window of 0 would be over before anyone could act; an endless one would lock bonds for ever |
//! | notice of rules | 1 to [`MAX_NOTICE`] epochs | work must not be judged by rules that its owner could not know |
//! | bonds and deposits | at least 1 | free state would grow without limit |
//! | caps of policies | those of [`PolicyCaps::bounded`] | no network could work under a cap of 0 |
//!
//! A change applies to what begins after it. Each retirement, recovery, suspension, offer and
//! change of rules stores its end, and each deposit stores its amount.

use crate::{Config, Pallet};
use depin_primitives::{parameters::RegistryParameters, policy::PolicyCaps, Balance, EpochIndex};
use frame_support::traits::Get;
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::{traits::Saturating, SaturatedConversion};

/// Greatest number of blocks of a delay or a window: a year of blocks of six seconds.
pub const MAX_DELAY: u32 = 365 * 24 * 60 * 10;

/// Greatest number of epochs of the notice of rules: a year of epochs of a day.
pub const MAX_NOTICE: EpochIndex = 365;

impl<T: Config> Pallet<T> {
	/// Returns the number of blocks between a device's retirement and its reaping.
	pub fn retire_delay() -> u32 {
		bounded::<T>(T::RetireDelay::get())
	}

	/// Returns the number of blocks between the start and the end of a key's recovery.
	pub fn recovery_delay() -> u32 {
		bounded::<T>(T::RecoveryDelay::get())
	}

	/// Returns the number of blocks in which a suspension can be appealed.
	pub fn appeal_window() -> u32 {
		bounded::<T>(T::AppealWindow::get())
	}

	/// Returns the number of blocks after the appeal window in which a suspension is decided.
	pub fn decision_window() -> u32 {
		bounded::<T>(T::DecisionWindow::get())
	}

	/// Returns the number of epochs of the notice of a funded network's rules.
	pub fn rules_notice() -> EpochIndex {
		T::RulesNotice::get().clamp(1, MAX_NOTICE)
	}

	/// Returns the least bond that a network can ask for.
	pub fn min_bond() -> Balance {
		T::MinBond::get().max(1)
	}

	/// Returns the deposit of a network.
	pub fn network_deposit() -> Balance {
		T::NetworkDeposit::get().max(1)
	}

	/// Returns the deposit of a maker.
	pub fn maker_deposit() -> Balance {
		T::MakerDeposit::get().max(1)
	}

	/// Returns the deposit of a maker's key.
	pub fn maker_key_deposit() -> Balance {
		T::MakerKeyDeposit::get().max(1)
	}

	/// Returns the deposit of a declaration.
	pub fn declaration_deposit() -> Balance {
		T::DeclarationDeposit::get().max(1)
	}

	/// Returns the deposit of a grant.
	pub fn grant_deposit() -> Balance {
		T::GrantDeposit::get().max(1)
	}

	/// Returns the caps on the numbers of every network's policy.
	pub fn policy_caps() -> PolicyCaps {
		T::PolicyCaps::get().bounded()
	}

	/// Returns all of these numbers, and the fee of a location.
	pub fn parameters() -> RegistryParameters {
		RegistryParameters {
			retire_delay: Self::retire_delay(),
			recovery_delay: Self::recovery_delay(),
			appeal_window: Self::appeal_window(),
			decision_window: Self::decision_window(),
			rules_notice: Self::rules_notice(),
			location_fee: T::LocationFee::get(),
			min_bond: Self::min_bond(),
			network_deposit: Self::network_deposit(),
			maker_deposit: Self::maker_deposit(),
			maker_key_deposit: Self::maker_key_deposit(),
			declaration_deposit: Self::declaration_deposit(),
			grant_deposit: Self::grant_deposit(),
			policy_caps: Self::policy_caps(),
		}
	}

	/// Returns the number of the current block.
	pub(crate) fn now_block() -> u32 {
		frame_system::Pallet::<T>::block_number().saturated_into()
	}

	/// Returns the number of the block that comes `delay` blocks after this one.
	pub(crate) fn block_after(delay: u32) -> u32 {
		let delay: BlockNumberFor<T> = delay.into();
		frame_system::Pallet::<T>::block_number().saturating_add(delay).saturated_into()
	}
}

/// Returns the number of blocks of a delay, within the bounds.
fn bounded<T: Config>(delay: BlockNumberFor<T>) -> u32 {
	delay.saturated_into::<u32>().clamp(1, MAX_DELAY)
}
