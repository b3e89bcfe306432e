//! Tests that sessions and eras advance, and that validators are paid from the emission, evenly.

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
	Digest, DigestItem, Perbill,
};
use sp_staking::EraIndex;

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

/// Chain whose sessions have one block each, or more. The slots between stay empty.
#[derive(Default)]
struct Chain {
	/// Number of the last block.
	number: BlockNumber,
	/// Hash of the last block.
	parent: Hash,
	/// Number of the session of the last block.
	session: u64,
	/// Sum of all promises of epochs to validators.
	promised: u128,
	/// Payouts of the eras that have ended, in order.
	paid_eras: Vec<(EraIndex, u128)>,
}

impl Chain {
	/// Starts with reward epochs of that many blocks.
	fn start(epoch_length: BlockNumber) -> Self {
		pallet_rewards::Parameters::<Runtime>::mutate(|all| all.epoch_length = epoch_length);
		pallet_rewards::CurrentEpoch::<Runtime>::mutate(|running| {
			running.as_mut().expect("set at genesis").closes_at = epoch_length
		});
		Self { parent: System::block_hash(0), ..Default::default() }
	}

	/// Makes the blocks of the next session.
	fn session(&mut self, blocks: u64) {
		self.session += 1;
		for block in 0..blocks {
			let slot = 1_000 + self.session * EPOCH_DURATION_IN_SLOTS + block;
			self.number += 1;
			self.parent = make_block(self.number, slot, self.parent);
			for record in System::events() {
				match record.event {
					RuntimeEvent::Rewards(pallet_rewards::Event::EpochClosed {
						validators,
						..
					}) => self.promised += validators,
					RuntimeEvent::Staking(pallet_staking::Event::EraPaid {
						era_index,
						validator_payout,
						remainder,
					}) => {
						assert_eq!(remainder, 0);
						self.paid_eras.push((era_index, validator_payout));
					}
					_ => (),
				}
			}
			assert_eq!(*Babe::current_slot(), slot);
		}
	}

	/// Makes the next era, whose sessions have so many blocks each, and returns its payout.
	fn era(&mut self, blocks: u64) -> u128 {
		let before = self.paid_eras.len();
		while self.paid_eras.len() == before {
			self.session(blocks);
		}
		self.paid_eras[before].1
	}

	/// Checks that no money is lost: what epochs have promised and eras have not taken is there.
	fn check_promises(&self) {
		let owed: u128 = self.paid_eras.iter().map(|(_, payout)| payout).sum();
		assert_eq!(pallet_rewards::ValidatorBudget::<Runtime>::get().total(), self.promised - owed);
	}
}

#[test]
fn sessions_rotate_and_eras_pay_out_of_the_emission() {
	started("development").execute_with(|| {
		let alice = Alice.to_account_id();
		let mut chain = Chain::start(10);
		for _ in 1..=30 {
			chain.session(1);
			assert_eq!(Babe::authorities().len(), 1);
			assert_eq!(Grandpa::grandpa_authorities().len(), 1);
			assert_eq!(Session::validators(), vec![alice.clone()]);
		}
		assert!(Session::current_index() >= 29, "{}", Session::current_index());
		assert!(chain.paid_eras.len() >= 3, "{:?}", chain.paid_eras);
		chain.check_promises();

		// A pay-out mints the promised amount.
		let (era, payout) =
			*chain.paid_eras.iter().find(|(_, payout)| *payout > 0).expect("an era was paid");
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

/// Number of blocks of an era whose sessions have one block each.
const ERA: BlockNumber = 6;

#[test]
fn eras_are_paid_the_same_whatever_the_length_of_an_epoch() {
	// From four eras in an epoch, as in the public preset, to three epochs in an era.
	for epoch_length in [4 * ERA, 10, ERA, 4, 2] {
		started("development").execute_with(|| {
			let mut chain = Chain::start(epoch_length);
			// The first epoch's promise falls due after its close. An era that began after that
			// close is the first of full pay.
			while chain.number < epoch_length + ERA {
				chain.era(1);
			}
			let promise =
				Rewards::schedule().validators_share.mul_floor(Rewards::schedule().emission);
			assert!(promise > 0);
			let due = promise * u128::from(ERA) / u128::from(epoch_length);
			for era in 0..12 {
				let payout = chain.era(1);
				assert!(payout.abs_diff(due) <= 1, "{epoch_length}: era {era} is paid {payout}");
				chain.check_promises();
			}
		});
	}
}

#[test]
fn an_era_with_skipped_slots_is_paid_by_its_blocks() {
	started("development").execute_with(|| {
		let mut chain = Chain::start(4 * ERA);
		while chain.number < 5 * ERA {
			chain.era(4);
		}
		// The session that ends an era has its first block in that era.
		let payouts: Vec<_> = [4, 4, 2, 2, 1, 1, 4, 4].map(|blocks| chain.era(blocks)).to_vec();
		let full = payouts[1];
		assert!(full > 0);
		assert!(payouts[3].abs_diff(full / 2) <= 1, "{payouts:?}");
		assert!(payouts[5].abs_diff(full / 4) <= 1, "{payouts:?}");
		assert!(payouts[7].abs_diff(full) <= 1, "{payouts:?}");
		chain.check_promises();
	});
}

#[test]
fn a_change_of_the_promise_loses_no_money() {
	started("development").execute_with(|| {
		let mut chain = Chain::start(4 * ERA);
		for percent in [20, 5, 30, 0, 20] {
			pallet_rewards::EmissionShares::<Runtime>::mutate(|shares| {
				shares.validators = Perbill::from_percent(percent)
			});
			(0..7).for_each(|_| {
				chain.era(1);
			});
			chain.check_promises();
		}
		assert!(chain.promised > 0);
	});
}
