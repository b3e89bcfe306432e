//! Stored types, and the arithmetic of the emission schedule.

use codec::{Decode, Encode, MaxEncodedLen};
use depin_primitives::{reward::ClaimPermission, Balance, EpochIndex, NetworkId};
use scale_info::TypeInfo;
use sp_runtime::{
	helpers_128bit::multiply_by_rational_with_rounding, traits::AtLeast32BitUnsigned, PerThing,
	Perbill, Rounding, Saturating,
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

/// Money that is promised to validators and not taken yet. The promise of a closed epoch falls due
/// evenly over the blocks of the next epoch, so that eras with the same number of blocks are paid
/// the same, whatever the ratio of epochs to eras. The default promises nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct ValidatorStream<BlockNumber> {
	/// Money that has fallen due and is not taken.
	pub due: Balance,
	/// Promise of the last closed epoch.
	pub promise: Balance,
	/// Amount of `promise` that has fallen due so far, whether or not it is taken.
	pub fallen_due: Balance,
	/// Block of the close that made the promise.
	pub start: BlockNumber,
	/// Number of blocks over which the promise falls due.
	pub length: BlockNumber,
}

impl<BlockNumber: AtLeast32BitUnsigned + Copy> ValidatorStream<BlockNumber> {
	/// Returns all money that is promised and not taken.
	pub fn total(&self) -> Balance {
		self.due.saturating_add(self.promise.saturating_sub(self.fallen_due))
	}

	/// Adds the promise of an epoch that closes in block `now`. The rest of the promise before it
	/// falls due at once, so that no money is lost if epochs differ in length.
	pub(crate) fn add(&mut self, promise: Balance, now: BlockNumber, length: BlockNumber) {
		let due = self.total();
		*self = Self { due, promise, fallen_due: 0, start: now, length };
	}

	/// Takes the money that has fallen due until block `now`.
	pub(crate) fn take(&mut self, now: BlockNumber) -> Balance {
		// The sum since the start is rounded, and not the amount of each era, so that the remainder
		// of one era is paid in the next.
		let elapsed = now.saturating_sub(self.start).min(self.length);
		let fallen_due = pro_rata(
			self.promise,
			elapsed.unique_saturated_into(),
			self.length.unique_saturated_into(),
		);
		let since = fallen_due.saturating_sub(self.fallen_due);
		self.fallen_due = self.fallen_due.max(fallen_due);
		core::mem::take(&mut self.due).saturating_add(since)
	}
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

impl RewardAccount {
	/// Tells if the account has points of a closed epoch; `now` is the running one.
	pub fn is_due(&self, now: EpochIndex) -> bool {
		self.points > 0 && self.epoch != now
	}

	/// Tells if the account has neither points nor money.
	pub fn is_empty(&self) -> bool {
		self.points == 0 && self.accrued == 0
	}
}

/// Account of a former owner, with its deposit. SCALE: 48 bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct FormerAccount {
	/// Earnings of the device for that owner.
	pub account: RewardAccount,
	/// Amount held on that owner for the account; 0 while the device is theirs, because the
	/// device's bond covers the account.
	pub deposit: Balance,
}

/// Settings of an owner's pay.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct PayoutSettings<AccountId> {
	/// Account that is paid for the owner's devices; `None` is the owner.
	pub account: Option<AccountId>,
	/// Accounts that may claim for the owner.
	pub permission: ClaimPermission,
	/// Amount held on the owner for the settings.
	pub deposit: Balance,
}

impl<AccountId> Default for PayoutSettings<AccountId> {
	fn default() -> Self {
		Self { account: None, permission: ClaimPermission::Anyone, deposit: 0 }
	}
}

impl<AccountId> PayoutSettings<AccountId> {
	/// Tells if the owner is paid, and anyone may claim.
	pub fn is_default(&self) -> bool {
		self.account.is_none() && self.permission == ClaimPermission::Anyone
	}
}

/// Returns `amount × part / total`, rounded down, or zero if `total` is zero. `part` must be at
/// most `total`.
pub(crate) fn pro_rata(amount: Balance, part: u128, total: u128) -> Balance {
	// `None` means a division by zero, or a quotient above `u128::MAX`, which `part ≤ total` rules
	// out.
	multiply_by_rational_with_rounding(amount, part, total, Rounding::Down).unwrap_or(0)
}
