//! Tests of fees: the multiplier follows paid weight within its bounds, tips reach the author, and
//! free calls are quoted as free.

use super::started;
use crate::{
	configs::{
		fees::{
			paid_weight, AdjustmentVariable, CountedPayment, FeeToTreasuryTipToAuthor,
			MaximumMultiplier, MinimumMultiplier, PaidWeight, PaidWeightAdjustment, TargetFullness,
		},
		RuntimeBlockWeights, TreasuryAccount,
	},
	constants::currency::WORK,
	Balance, Balances, Runtime, RuntimeCall, System,
};
use codec::{Decode, Encode};
use depin_primitives::{beacon::SignedWitness, report::SignedReport};
use frame_support::{
	dispatch::{DispatchClass, DispatchInfo, GetDispatchInfo, Pays, PostDispatchInfo},
	traits::{
		fungible::{Balanced, Inspect},
		OnUnbalanced,
	},
	weights::Weight,
};
use frame_system::offchain::CreateAuthorizedTransaction;
use pallet_transaction_payment::{
	Multiplier, MultiplierUpdate, OnChargeTransaction, TargetedFeeAdjustment,
};
use pallet_transaction_payment_rpc_runtime_api::{
	runtime_decl_for_transaction_payment_api::TransactionPaymentApi as _,
	runtime_decl_for_transaction_payment_call_api::TransactionPaymentCallApi as _,
};
use sp_consensus_babe::digests::{CompatibleDigestItem, PreDigest, SecondaryPlainPreDigest};
use sp_keyring::Sr25519Keyring::Alice;
use sp_runtime::{traits::Convert, Digest, DigestItem};

/// Adjustment of the SDK, with the same parameters.
type ByAllWeight = TargetedFeeAdjustment<
	Runtime,
	TargetFullness,
	AdjustmentVariable,
	MinimumMultiplier,
	MaximumMultiplier,
>;

/// Returns the weight that transactions of the normal class may fill.
fn most() -> Weight {
	RuntimeBlockWeights::get().get(DispatchClass::Normal).max_total.expect("the class is bounded")
}

fn empty() -> sp_io::TestExternalities {
	let mut ext = sp_io::TestExternalities::new_empty();
	ext.execute_with(|| System::set_block_number(1));
	ext
}

#[test]
fn paid_weight_moves_fees_by_the_formula_of_the_sdk() {
	empty().execute_with(|| {
		for percent in [0, 1, 10, 24, 25, 26, 40, 75, 99, 100] {
			for multiplier in [1u32, 3, 50] {
				let previous = Multiplier::from_u32(multiplier);
				let used = most().ref_time() / 100 * percent;
				System::set_block_consumed_resources(Weight::from_parts(used, 0), 0);
				let expected = ByAllWeight::convert(previous);
				PaidWeight::put((System::block_number(), used));
				let next = PaidWeightAdjustment::convert(previous);
				let difference = next.max(expected) - next.min(expected);
				assert!(
					difference < Multiplier::from_rational(1, 1_000_000_000),
					"{percent} % at {previous}: {next}, {expected} by the SDK",
				);
			}
		}
	});
}

#[test]
fn weight_that_nobody_paid_for_moves_no_fee() {
	empty().execute_with(|| {
		let one = Multiplier::from_u32(1);
		System::set_block_consumed_resources(Weight::zero(), 0);
		let of_an_empty_block = PaidWeightAdjustment::convert(one);
		System::set_block_consumed_resources(most(), 0);
		assert_eq!(PaidWeightAdjustment::convert(one), of_an_empty_block);
		assert!(of_an_empty_block < one);
		assert!(ByAllWeight::convert(one) > one);
	});
}

#[test]
fn fees_stay_within_their_bounds() {
	empty().execute_with(|| {
		let (least, largest) = (MinimumMultiplier::get(), MaximumMultiplier::get());
		assert_eq!((PaidWeightAdjustment::min(), PaidWeightAdjustment::max()), (least, largest));
		for (paid, from, to) in [(most().ref_time(), largest, largest), (0, least, least)] {
			PaidWeight::put((System::block_number(), paid));
			assert_eq!(PaidWeightAdjustment::convert(from), to);
		}
		// From the least multiplier, fees recover when blocks are 1 % fuller than the target.
		let above = TargetFullness::get() * most().ref_time() / 100 * 101;
		PaidWeight::put((System::block_number(), above));
		assert!(PaidWeightAdjustment::convert(least) > least);
		// From a value out of bounds, fees return.
		PaidWeight::put((System::block_number(), most().ref_time()));
		assert_eq!(PaidWeightAdjustment::convert(Multiplier::from_u32(1_000_000)), largest);
	});
}

/// Charges Alice for a transaction of that weight and tip.
fn charge(info: &DispatchInfo, post: &PostDispatchInfo, fee: Balance, tip: Balance) {
	let alice = Alice.to_account_id();
	let call = RuntimeCall::System(frame_system::Call::remark { remark: vec![] });
	let paid = CountedPayment::withdraw_fee(&alice, &call, info, fee + tip, tip).expect("funds");
	CountedPayment::correct_and_deposit_fee(&alice, info, post, fee + tip, tip, paid)
		.expect("the fee is paid");
}

#[test]
fn only_transactions_of_the_normal_class_that_pay_are_counted() {
	started("development").execute_with(|| {
		let weight = Weight::from_parts(1_000_000, 0);
		let info = |class, pays_fee| DispatchInfo {
			call_weight: weight,
			extension_weight: Weight::zero(),
			class,
			pays_fee,
		};
		let post = PostDispatchInfo { actual_weight: None, pays_fee: Pays::Yes };
		charge(&info(DispatchClass::Operational, Pays::Yes), &post, WORK, 0);
		assert_eq!(paid_weight(), 0);
		// A tip alone is no fee.
		charge(&info(DispatchClass::Normal, Pays::No), &post, 0, WORK);
		assert_eq!(paid_weight(), 0);

		let normal = info(DispatchClass::Normal, Pays::Yes);
		let base = RuntimeBlockWeights::get().get(DispatchClass::Normal).base_extrinsic;
		charge(&normal, &post, WORK, 0);
		assert_eq!(paid_weight(), (weight + base).ref_time());
		// Weight that was given back is not counted.
		let used = Weight::from_parts(400_000, 0);
		let post = PostDispatchInfo { actual_weight: Some(used), pays_fee: Pays::Yes };
		charge(&normal, &post, WORK, 0);
		assert_eq!(paid_weight(), (weight + used + base + base).ref_time());

		// The next block counts anew.
		System::set_block_number(System::block_number() + 1);
		assert_eq!(paid_weight(), 0);
	});
}

/// Begins a block of authority 0, Alice, or of nobody, lets a fee of 3 WORK and a tip of 2 WORK be
/// paid out, and returns what the treasury and Alice got.
fn paid_out(digest: Digest) -> (Balance, Balance) {
	let mut ext = started("development");
	ext.execute_with(|| {
		let wealth = || {
			let of = |account| Balances::total_balance(&account);
			(of(TreasuryAccount::get()), of(Alice.to_account_id()))
		};
		System::initialize(&1, &Default::default(), &digest);
		let before = wealth();
		let credits = [Balances::issue(3 * WORK), Balances::issue(2 * WORK)];
		FeeToTreasuryTipToAuthor::on_unbalanceds(credits.into_iter());
		let after = wealth();
		(after.0 - before.0, after.1 - before.1)
	})
}

#[test]
fn the_treasury_gets_the_fee_and_the_author_the_tip() {
	let pre =
		PreDigest::SecondaryPlain(SecondaryPlainPreDigest { authority_index: 0, slot: 1.into() });
	let of_alice = Digest { logs: vec![DigestItem::babe_pre_digest(pre)] };
	assert_eq!(paid_out(of_alice), (3 * WORK, 2 * WORK));
	// Without an author, the treasury gets both.
	assert_eq!(paid_out(Digest::default()), (5 * WORK, 0));
}

/// Returns a value of zeros.
fn zeros<T: Decode>() -> T {
	T::decode(&mut sp_runtime::traits::TrailingZeroInput::zeroes()).expect("zeros decode")
}

#[test]
fn free_calls_are_quoted_as_free() {
	started("development").execute_with(|| {
		let signed: SignedReport = zeros();
		let report: RuntimeCall =
			pallet_attestation::Call::report { signed: signed.clone(), readings: None }.into();
		let witness: SignedWitness = zeros();
		let free = [
			report.clone(),
			pallet_coverage::Call::witness { witness }.into(),
			pallet_coverage::Call::beacon { beacon: zeros() }.into(),
		];
		for call in free {
			let extrinsic = <Runtime as CreateAuthorizedTransaction<RuntimeCall>>::create_authorized_transaction(
				call.clone(),
			);
			let length = extrinsic.encoded_size() as u32;
			let info = Runtime::query_info(extrinsic.clone(), length);
			assert_eq!(info.partial_fee, 0);
			assert_eq!(info.weight, extrinsic.get_dispatch_info().total_weight());
			assert_eq!(Runtime::query_fee_details(extrinsic, length).inclusion_fee, None);
			assert_eq!(Runtime::query_call_info(call.clone(), length).partial_fee, 0);
			assert_eq!(Runtime::query_call_fee_details(call, length).inclusion_fee, None);
		}

		// The same report in a signed call costs a fee.
		let paid: RuntimeCall =
			pallet_attestation::Call::submit_report { signed, readings: None }.into();
		assert!(Runtime::query_call_info(paid.clone(), 300).partial_fee > 0);
		assert!(Runtime::query_call_fee_details(paid, 300).inclusion_fee.is_some());
	});
}
