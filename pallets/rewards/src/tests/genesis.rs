//! Genesis: accepted and refused chain specifications.

use crate::{mock::*, *};
use sp_runtime::Perbill;

#[test]
fn genesis_opens_the_pot_and_starts_epoch_0() {
	ExtBuilder::default().funded(&[]).build_and_execute(|| {
		assert_eq!(Balances::free_balance(Rewards::pot()), MINIMUM);
		assert_eq!(GenesisIssuance::<Test>::get(), ENDOWMENT + MINIMUM);
		assert_eq!(CurrentEpoch::<Test>::get(), Some(RunningEpoch { index: 0, closes_at: 10 }));
		assert_eq!(Funded::<Test>::get().into_inner(), vec![]);
	});
}

#[test]
fn a_pot_with_its_existential_deposit_gets_no_more() {
	ExtBuilder::default().build_and_execute(|| {
		let issuance = Balances::total_issuance();
		Rewards::open_pot();
		assert_eq!(Balances::total_issuance(), issuance);
	});
}

#[test]
fn the_default_genesis_emits_nothing() {
	ExtBuilder { genesis: Default::default(), ..Default::default() }.build_and_execute(|| {
		let issuance = Balances::total_issuance();
		close_epochs(3);
		assert_eq!(Rewards::current_epoch(), 3);
		assert_eq!(Balances::total_issuance(), issuance);
	});
}

#[test]
fn without_a_genesis_no_epoch_closes() {
	sp_io::TestExternalities::default().execute_with(|| {
		use frame_support::traits::OnInitialize;
		Registry::add_network(0);
		assert_eq!(Rewards::on_initialize(0), TestWeights::on_initialize_idle());
		assert_eq!(Rewards::on_initialize(1_000), TestWeights::on_initialize_idle());
		credit(0, &add_device(1, 0), 5);
		assert_eq!(EpochPoints::<Test>::get(0), (0, 5));
		Rewards::do_try_state().expect("the invariants hold");
	});
}

#[test]
#[should_panic(expected = "an epoch needs at least one block")]
fn an_epoch_without_blocks_is_refused() {
	let mut ext = ExtBuilder::default();
	ext.genesis.epoch_length = 0;
	ext.build();
}

#[test]
#[should_panic(expected = "cannot halve every 0 epochs")]
fn a_halving_after_no_epochs_is_refused() {
	ExtBuilder::default().emission(1_000, 0).build();
}

#[test]
#[should_panic(expected = "exceed one")]
fn shares_above_one_are_refused() {
	let mut ext = ExtBuilder::default().shares(50, 50);
	ext.genesis.validators_share = Perbill::from_parts(500_000_001);
	ext.build();
}

#[test]
#[should_panic(expected = "the genesis issuance exceeds the cap")]
fn a_genesis_issuance_above_the_cap_is_refused() {
	ExtBuilder::default().max_supply(ENDOWMENT + MINIMUM - 1).build();
}
