//! Configuration of transaction fees: their price, the multiplier by which the price follows the
//! load, and the receivers of fees and tips.

use super::governance::TreasuryAccount;
use crate::{
	constants::currency::MICRO_WORK, AccountId, Authorship, Balance, Balances, BlockNumber,
	Runtime, RuntimeCall, RuntimeEvent, System, UncheckedExtrinsic,
};
use frame_support::{
	dispatch::DispatchClass,
	parameter_types, storage_alias,
	traits::{
		fungible::{Balanced, Credit},
		ConstU128, ConstU8, Get, Imbalance, OnUnbalanced,
	},
	unsigned::TransactionValidityError,
	weights::{ConstantMultiplier, IdentityFee, Weight},
};
use pallet_transaction_payment::{
	FungibleAdapter, Multiplier, MultiplierUpdate, OnChargeTransaction, TxCreditHold,
};
use sp_runtime::{
	generic::Preamble,
	traits::{Convert, DispatchInfoOf, PostDispatchInfoOf},
	FixedPointNumber, Perquintill, Saturating,
};

parameter_types! {
	/// Fraction of a block's normal weight that paid transactions fill when fees neither rise nor
	/// fall: a quarter.
	pub const TargetFullness: Perquintill = Perquintill::from_percent(25);
	/// Speed of the multiplier: a block that is filled wholly by paid transactions raises fees by
	/// 0.0056 %, ten per cent in three hours.
	pub AdjustmentVariable: Multiplier = Multiplier::saturating_from_rational(75, 1_000_000);
	/// Least multiplier of fees.
	pub MinimumMultiplier: Multiplier = Multiplier::saturating_from_rational(1, 10);
	/// Largest multiplier of fees. A transfer then costs about 0.04 WORK, so that no load makes a
	/// claim, a vote or an upgrade impossible to pay for.
	pub MaximumMultiplier: Multiplier = Multiplier::saturating_from_integer(100);
}

/// Number of a block, and the reference time, in picoseconds, that the paid transactions of the
/// normal class have used in it. Written after each of them by [`CountedPayment`]; never removed.
/// Two pallets read the value at the block's end, so that the number, and not a removal, tells a
/// later block that the value is not its own.
#[storage_alias]
pub type PaidWeight =
	StorageValue<DepinFees, (BlockNumber, u64), frame_support::pallet_prelude::ValueQuery>;

/// Returns the reference time, in picoseconds, that the paid transactions of the normal class have
/// used in this block.
pub fn paid_weight() -> u64 {
	let (block, paid) = PaidWeight::get();
	if block == System::block_number() {
		paid
	} else {
		0
	}
}

/// Weight that the normal class has used in this block without a fee: mostly that of reports,
/// witnesses and beacons.
pub struct FreeWeight;

impl Get<Weight> for FreeWeight {
	fn get() -> Weight {
		let normal = *System::block_weight().get(DispatchClass::Normal);
		Weight::from_parts(normal.ref_time().saturating_sub(paid_weight()), 0)
	}
}

/// Change of the fee multiplier by the formula of the SDK's `TargetedFeeAdjustment`, with the
/// weight of paid transactions in the place of all weight of the normal class.
///
/// Feeless messages do not react to prices: if their weight counted, a fleet that fills a quarter
/// of each block would raise everybody's fees for as long as it reports.
pub struct PaidWeightAdjustment;

impl Convert<Multiplier, Multiplier> for PaidWeightAdjustment {
	fn convert(previous: Multiplier) -> Multiplier {
		let limits = <Runtime as frame_system::Config>::BlockWeights::get();
		let normal = limits.get(DispatchClass::Normal).max_total.unwrap_or(limits.max_block);
		let most = normal.ref_time();
		let paid = paid_weight().min(most);
		let target = TargetFullness::get() * most;

		let (least, largest) = (MinimumMultiplier::get(), MaximumMultiplier::get());
		let previous = previous.clamp(least, largest);
		// v × d and (v × d)² / 2 for the difference d between fullness and target: the first terms
		// of e^(v × d) - 1.
		let difference = Multiplier::saturating_from_rational(paid.abs_diff(target), most.max(1));
		let first = AdjustmentVariable::get().saturating_mul(difference);
		let second =
			first.saturating_mul(first).saturating_mul(Multiplier::saturating_from_rational(1, 2));
		let next = if paid >= target {
			previous.saturating_add(first.saturating_add(second).saturating_mul(previous))
		} else {
			previous.saturating_sub(first.saturating_sub(second).saturating_mul(previous))
		};
		next.clamp(least, largest)
	}
}

impl MultiplierUpdate for PaidWeightAdjustment {
	fn min() -> Multiplier {
		MinimumMultiplier::get()
	}

	fn max() -> Multiplier {
		MaximumMultiplier::get()
	}

	/// Returns zero, which the SDK reads in its integrity test only. That test fills a block with
	/// weight that nobody paid for, and requires fees to rise. The runtime's own tests make the
	/// same check with paid weight.
	fn target() -> Perquintill {
		Perquintill::zero()
	}

	fn variability() -> Multiplier {
		AdjustmentVariable::get()
	}
}

/// Receivers of what a transaction pays: the treasury gets the fee, and the author of the block
/// gets the tip.
pub struct FeeToTreasuryTipToAuthor;

impl OnUnbalanced<Credit<AccountId, Balances>> for FeeToTreasuryTipToAuthor {
	/// Takes the fee and, after it, the tip.
	fn on_unbalanceds(mut credits: impl Iterator<Item = Credit<AccountId, Balances>>) {
		if let Some(fee) = credits.next() {
			pay(&TreasuryAccount::get(), fee);
		}
		if let Some(tip) = credits.next() {
			pay(&Authorship::author().unwrap_or_else(TreasuryAccount::get), tip);
		}
	}
}

/// Pays the credit to the account. An amount below the existential deposit for an account that does
/// not exist is burned.
fn pay(to: &AccountId, credit: Credit<AccountId, Balances>) {
	if credit.peek() > 0 {
		drop(Balances::resolve(to, credit));
	}
}

type Payment = FungibleAdapter<Balances, FeeToTreasuryTipToAuthor>;

/// Payment of fees, which counts the weight of the transactions that pay, for
/// [`PaidWeightAdjustment`].
pub struct CountedPayment;

impl TxCreditHold<Runtime> for CountedPayment {
	type Credit = <Payment as TxCreditHold<Runtime>>::Credit;
}

impl OnChargeTransaction<Runtime> for CountedPayment {
	type Balance = Balance;
	type LiquidityInfo = <Payment as OnChargeTransaction<Runtime>>::LiquidityInfo;

	fn withdraw_fee(
		who: &AccountId,
		call: &RuntimeCall,
		info: &DispatchInfoOf<RuntimeCall>,
		fee_with_tip: Balance,
		tip: Balance,
	) -> Result<Self::LiquidityInfo, TransactionValidityError> {
		<Payment as OnChargeTransaction<Runtime>>::withdraw_fee(who, call, info, fee_with_tip, tip)
	}

	fn can_withdraw_fee(
		who: &AccountId,
		call: &RuntimeCall,
		info: &DispatchInfoOf<RuntimeCall>,
		fee_with_tip: Balance,
		tip: Balance,
	) -> Result<(), TransactionValidityError> {
		<Payment as OnChargeTransaction<Runtime>>::can_withdraw_fee(
			who,
			call,
			info,
			fee_with_tip,
			tip,
		)
	}

	fn correct_and_deposit_fee(
		who: &AccountId,
		info: &DispatchInfoOf<RuntimeCall>,
		post_info: &PostDispatchInfoOf<RuntimeCall>,
		corrected_fee_with_tip: Balance,
		tip: Balance,
		liquidity_info: Self::LiquidityInfo,
	) -> Result<(), TransactionValidityError> {
		if info.class == DispatchClass::Normal && corrected_fee_with_tip > tip {
			let limits = <Runtime as frame_system::Config>::BlockWeights::get();
			let used = post_info
				.calc_actual_weight(info)
				.saturating_add(limits.get(info.class).base_extrinsic);
			PaidWeight::put((
				System::block_number(),
				paid_weight().saturating_add(used.ref_time()),
			));
		}
		<Payment as OnChargeTransaction<Runtime>>::correct_and_deposit_fee(
			who,
			info,
			post_info,
			corrected_fee_with_tip,
			tip,
			liquidity_info,
		)
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn endow_account(who: &AccountId, amount: Balance) {
		<Payment as OnChargeTransaction<Runtime>>::endow_account(who, amount);
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn minimum_balance() -> Balance {
		<Payment as OnChargeTransaction<Runtime>>::minimum_balance()
	}
}

/// Tells if the extrinsic pays no fee: an inherent, or a transaction without a signer.
pub fn is_free(extrinsic: &UncheckedExtrinsic) -> bool {
	!matches!(extrinsic.preamble, Preamble::Signed(..))
}

/// Tells if the call is one that only a transaction without a signer can make, which pays no fee.
pub fn is_feeless(call: &RuntimeCall) -> bool {
	matches!(
		call,
		RuntimeCall::Attestation(pallet_attestation::Call::report { .. })
			| RuntimeCall::Coverage(
				pallet_coverage::Call::witness { .. } | pallet_coverage::Call::beacon { .. }
			)
	)
}

impl pallet_transaction_payment::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type OnChargeTransaction = CountedPayment;
	// A picosecond of reference time costs the smallest unit: a transfer about 0.0004 WORK.
	type WeightToFee = IdentityFee<Balance>;
	type LengthToFee = ConstantMultiplier<Balance, ConstU128<MICRO_WORK>>;
	type FeeMultiplierUpdate = PaidWeightAdjustment;
	type OperationalFeeMultiplier = ConstU8<5>;
	type WeightInfo = pallet_transaction_payment::weights::SubstrateWeight<Runtime>;
}
