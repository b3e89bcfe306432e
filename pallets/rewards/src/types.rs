//! What is stored, and the arithmetic of the schedule.

use codec::{Decode, Encode, MaxEncodedLen};
use depin_primitives::{Balance, EpochIndex, NetworkId};
use scale_info::TypeInfo;
use sp_runtime::{helpers_128bit::multiply_by_rational_with_rounding, PerThing, Perbill, Rounding};

/// The emission schedule and the length of an epoch. All zero emits nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct EmissionParameters<BlockNumber> {
	/// Blocks in an epoch.
	pub epoch_length: BlockNumber,
	/// What each epoch before the first halving emits.
	pub initial_emission: Balance,
	/// Epochs after which the emission halves.
	pub halving_epochs: u32,
	/// The cap on the supply.
	pub max_supply: Balance,
}

impl<BlockNumber> EmissionParameters<BlockNumber> {
	/// What the schedule lets this epoch emit.
	pub fn emission(&self, epoch: EpochIndex) -> Balance {
		epoch.checked_div(self.halving_epochs).map_or(0, |halvings| self.halved(halvings))
	}

	/// What the schedule lets the first `epochs` epochs emit together. Saturates.
	pub fn emission_before(&self, epochs: EpochIndex) -> Balance {
		let (Some(halvings), Some(rest)) =
			(epochs.checked_div(self.halving_epochs), epochs.checked_rem(self.halving_epochs))
		else {
			return 0;
		};
		let whole = (0..halvings.min(Balance::BITS)).fold(0, |sum: Balance, halving| {
			sum.saturating_add(self.halved(halving).saturating_mul(self.halving_epochs.into()))
		});
		whole.saturating_add(self.halved(halvings).saturating_mul(rest.into()))
	}

	fn halved(&self, halvings: u32) -> Balance {
		self.initial_emission.checked_shr(halvings).unwrap_or(0)
	}
}

/// How an emission is split. The treasury has what is left of the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Shares {
	/// The networks' part.
	pub networks: Perbill,
	/// The validators' part.
	pub validators: Perbill,
}

impl Shares {
	/// Whether there is a whole that holds them both.
	pub fn fit(&self) -> bool {
		let sum = u64::from(self.networks.deconstruct()) + u64::from(self.validators.deconstruct());
		sum <= u64::from(Perbill::ACCURACY)
	}

	/// The treasury's part.
	pub fn treasury(&self) -> Perbill {
		use sp_runtime::Saturating;
		Perbill::one().saturating_sub(self.networks).saturating_sub(self.validators)
	}
}

/// The epoch in which credits count now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct RunningEpoch<BlockNumber> {
	/// Its number.
	pub index: EpochIndex,
	/// The block that closes it.
	pub closes_at: BlockNumber,
}

/// What a device has earned and not been paid: for its owner, or for one who owned it. SCALE: 32
/// bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct RewardAccount {
	/// The network that the points were earned in.
	pub network: NetworkId,
	/// The epoch that the points were earned in.
	pub epoch: EpochIndex,
	/// Points not yet turned into money.
	pub points: u64,
	/// Money of epochs that are settled.
	pub accrued: Balance,
}

/// `amount × part / whole`, rounded down; zero of a whole that is nothing. `part` is at most `whole`.
pub(crate) fn share_of(amount: Balance, part: u128, whole: u128) -> Balance {
	// `None` stands for a division by zero, or for a quotient above `u128::MAX`, which `part ≤ whole`
	// rules out.
	multiply_by_rational_with_rounding(amount, part, whole, Rounding::Down).unwrap_or(0)
}
