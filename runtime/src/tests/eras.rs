//! Test that sessions and eras advance, and that validators are paid from the emission.

use super::started;
use crate::{
	constants::time::{EPOCH_DURATION_IN_SLOTS, SLOT_DURATION},
	AccountId, Babe, Balances, BlockNumber, Executive, Grandpa, Hash, Header, Rewards, Runtime,
	RuntimeCall, RuntimeEvent, RuntimeOrigin, Session, Staking, System, UncheckedExtrinsic,
};
use depin_primitives::H256;
use frame_support::traits::fungible::Inspect;
use sp_consensus_babe::digests::{CompatibleDigestItem, PreDigest, SecondaryPlainPreDigest};
use sp_keyring::Sr25519Keyring::Alice;
use sp_runtime::{
	traits::{Dispatchable, Header as _},
	Digest, DigestItem,
};

/// Makes an empty block of authority 0 in that slot, as the node makes it.
fn make_block(number: BlockNumber, slot: u64, parent: Hash) -> Hash {
	let pre = PreDigest::SecondaryPlain(SecondaryPlainPreDigest {
		authority_index: 0,
		slot: slot.into(),
	});
	let digest = Digest { logs: vec![DigestItem::babe_pre_digest(pre)] };
	Executive::initialize_block(&Header::new(number, H256::zero(), H256::zero(), parent, digest));
	let now = slot * SLOT_DURATION;
	let time = RuntimeCall::Timestamp(pallet_timestamp::Call::set { now });
	Executive::apply_extrinsic(UncheckedExtrinsic::new_bare(time))
		.expect("an inherent is valid")
		.expect("the time moves on");
	Executive::finalize_block().hash()
}

fn balance(account: &AccountId) -> u128 {
	Balances::total_balance(account)
}

#[test]
fn sessions_rotate_and_eras_pay_out_of_the_emission() {
	started("development").execute_with(|| {
		let alice = Alice.to_account_id();
		let mut parent = System::block_hash(0);
		let mut promised = 0;
		let mut paid_eras = vec![];
		// One block for each session: the slots between stay empty.
		for number in 1..=30u32 {
			let slot = 1_000 + u64::from(number) * EPOCH_DURATION_IN_SLOTS;
			parent = make_block(number, slot, parent);
			for record in System::events() {
				match record.event {
					RuntimeEvent::Rewards(pallet_rewards::Event::EpochClosed {
						validators,
						..
					}) => promised += validators,
					RuntimeEvent::Staking(pallet_staking::Event::EraPaid {
						era_index,
						validator_payout,
						remainder,
					}) => {
						assert_eq!(remainder, 0);
						paid_eras.push((era_index, validator_payout));
					}
					_ => (),
				}
			}
			assert_eq!(Babe::authorities().len(), 1);
			assert_eq!(Grandpa::grandpa_authorities().len(), 1);
			assert_eq!(Session::validators(), vec![alice.clone()]);
			assert_eq!(*Babe::current_slot(), slot);
		}
		assert!(Session::current_index() >= 29, "{}", Session::current_index());
		assert!(paid_eras.len() >= 3, "{paid_eras:?}");

		// The eras promise the amounts that the epochs set aside, except for the last epoch.
		let owed: u128 = paid_eras.iter().map(|(_, payout)| payout).sum();
		assert!(owed > 0 && promised >= owed);
		assert_eq!(pallet_rewards::ValidatorBudget::<Runtime>::get(), promised - owed);

		// A pay-out mints the promised amount.
		let (era, payout) =
			*paid_eras.iter().find(|(_, payout)| *payout > 0).expect("an era was paid");
		let (before, issued) = (balance(&alice), Balances::total_issuance());
		let call = RuntimeCall::Staking(pallet_staking::Call::payout_stakers {
			validator_stash: alice.clone(),
			era,
		});
		call.dispatch(RuntimeOrigin::signed(Alice.to_account_id())).expect("a payout");
		assert_eq!(balance(&alice) - before, payout);
		assert_eq!(Balances::total_issuance() - issued, payout);
		assert!(Staking::current_era().is_some_and(|era| era >= 3));
		assert_eq!(Rewards::schedule().epoch, 3);
	});
}
