//! Stored types, and the arithmetic of the emission schedule.

use codec::{Decode, Encode, MaxEncodedLen};
use depin_primitives::{Balance, EpochIndex, NetworkId};
use scale_info::TypeInfo;
use sp_runtime::{
	helpers_128bit::multiply_by_rational_with_rounding, PerThing, Perbill, Rounding, Saturating,
};

/// Emission schedule and length of an epoch. The default emits nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct EmissionParameters<BlockNumber> {
	/// Number of blocks in an epoch.
	pub epoch_length: BlockNumber,
	/// Emission of each epoch before the first halving.
	pub initial_emission: Balance,
	/// Number of epochs after which the emission halves.
	pub halving_epochs: u32,
	/// Cap on the supply.
	pub max_supply: Balance,
}

impl<BlockNumber> EmissionParameters<BlockNumber> {
	/// Returns the emission that the schedule allows in this epoch.
	pub fn emission(&self, epoch: EpochIndex) -> Balance {
		epoch.checked_div(self.halving_epochs).map_or(0, |halvings| self.halved(halvings))
	}

	/// Returns the emission that the schedule allows in the first `epochs` epochs together.
	/// Saturates.
	pub fn emission_before(&self, epochs: EpochIndex) -> Balance {
		let (Some(halvings), Some(rest)) =
			(epochs.checked_div(self.halving_epochs), epochs.checked_rem(self.halving_epochs))
		else {
			return 0;
		};
		// After as many halvings as a balance has bits nothing is emitted, so that the loop is
		// bounded.
		let completed = (0..halvings.min(Balance::BITS)).fold(0, |sum: Balance, halving| {
			sum.saturating_add(self.halved(halving).saturating_mul(self.halving_epochs.into()))
		});
		completed.saturating_add(self.halved(halvings).saturating_mul(rest.into()))
	}

	/// Returns the emission of an epoch after so many halvings.
	fn halved(&self, halvings: u32) -> Balance {
		self.initial_emission.checked_shr(halvings).unwrap_or(0)
	}
}

/// Shares of an emission. The treasury's share is what these two leave of one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Shares {
	/// Share of all funded networks together.
	pub networks: Perbill,
	/// Share of the validators.
	pub validators: Perbill,
}

impl Shares {
	/// Tells if the shares are at most one together.
	pub fn is_valid(&self) -> bool {
		// 64 bits hold the sum of two 32-bit numbers; qed.
		let sum = u64::from(self.networks.deconstruct())
			.saturating_add(self.validators.deconstruct().into());
		sum <= u64::from(Perbill::ACCURACY)
	}

	/// Returns the share of the treasury.
	pub fn treasury(&self) -> Perbill {
		Perbill::one().saturating_sub(self.networks).saturating_sub(self.validators)
	}
}

/// Running epoch: credits count in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct RunningEpoch<BlockNumber> {
	/// Number of the epoch; the first is 0.
	pub index: EpochIndex,
	/// Block that closes the epoch.
	pub closes_at: BlockNumber,
}

/// Earnings of a device that are not paid: for its owner, or for a former owner. SCALE: 32 bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct RewardAccount {
	/// Network in which the points were earned.
	pub network: NetworkId,
	/// Epoch in which the points were earned.
	pub epoch: EpochIndex,
	/// Points that are not yet settled, all of one epoch.
	pub points: u64,
	/// Money from settled points.
	pub accrued: Balance,
}

/// Returns `amount × part / total`, rounded down, or zero if `total` is zero. `part` must be at
/// most `total`.
pub(crate) fn pro_rata(amount: Balance, part: u128, total: u128) -> Balance {
	// `None` means a division by zero, or a quotient above `u128::MAX`, which `part ≤ total` rules
	// out.
	multiply_by_rational_with_rounding(amount, part, total, Rounding::Down).unwrap_or(0)
}
