//! Funded networks that are idle or closed, and the return of their slices.

use crate::{mock::*, *};
use depin_primitives::traits::{Lifecycle, NetworkFunding};
use frame_support::{assert_noop, assert_ok};

#[test]
fn a_closed_network_loses_its_allocation_and_its_points() {
	ExtBuilder::default().funded(&[(0, 1), (1, 1), (2, 1), (3, 1)]).build_and_execute(|| {
		assert!(Rewards::is_funded(1) && !Rewards::is_funded(4));
		credit(1, &add_device(1, 1), 1);
		close_epochs(1);
		assert_ok!(Rewards::on_reap(&device(1), 1, &owner(1)));
		Registry::remove(device(1));
		assert_noop!(set_allocation(4, 1), Error::<Test>::TooManyFunded);

		events();
		Registry::remove_network(1);
		Rewards::on_network_closed(1);
		assert_eq!(events(), vec![Event::AllocationSet { network: 1, allocation: 0 }]);
		assert!(!Rewards::is_funded(1));
		assert!(!EpochPoints::<Test>::contains_key(1));
		// Its place is free for another network.
		assert_ok!(set_allocation(4, 1));
	});
}

#[test]
fn a_network_that_was_not_funded_closes_without_an_event() {
	ExtBuilder::default().build_and_execute(|| {
		credit(1, &add_device(1, 1), 1);
		Rewards::on_forfeit(&device(1), 1);
		Registry::remove_network(1);
		events();
		Rewards::on_network_closed(1);
		assert_eq!(events(), vec![]);
		assert_eq!(EpochPoints::<Test>::iter().count(), 0);
	});
}

#[test]
fn points_of_a_closed_network_leave_no_entry() {
	ExtBuilder::default().build_and_execute(|| {
		// A device that is credited once it is reaped, which the registry rules out.
		credit(1, &device(1), 5);
		Registry::remove_network(1);
		Rewards::on_network_closed(1);
		credit(0, &add_device(1, 0), 1);
		assert!(!EpochPoints::<Test>::contains_key(1));
	});
}

#[test]
fn the_slice_of_a_closed_network_is_free_for_the_others() {
	ExtBuilder::default().funded(&[(0, 1), (1, 2)]).build_and_execute(|| {
		Registry::remove_network(1);
		Rewards::on_network_closed(1);
		credit(0, &add_device(1, 0), 1);
		close_epochs(1);
		assert_eq!(Rewards::epoch(0, 0).unwrap().budget, 600);
		assert_eq!(Carried::<Test>::get(), 0);
	});
}

#[test]
fn nobody_gains_at_once_by_the_idleness_of_another_network() {
	// Network 1 has almost the whole of the allocations, and stands still.
	ExtBuilder::default().funded(&[(0, 1), (1, 99)]).build_and_execute(|| {
		credit(0, &add_device(1, 0), 1);
		close_epochs(1);
		// An allocation is a ceiling: 1 % of 600.
		assert_eq!(Rewards::epoch(0, 0).unwrap().budget, 6);
		assert_eq!(Carried::<Test>::get(), 594);
	});
}

#[test]
fn an_idle_slice_comes_back_over_a_halving_period() {
	ExtBuilder::default().emission(1_000, 10).build_and_execute(|| {
		// Nobody works in five epochs of 600 for networks.
		close_epochs(5);
		assert_eq!(Carried::<Test>::get(), 3_000);
		assert_eq!(Emitted::<Test>::get(), 5 * 400);
		let mut carried = 3_000;
		add_device(1, 0);
		for epoch in 5..10 {
			credit(0, &device(1), 1);
			close_epochs(1);
			let released = carried / 10;
			carried -= released;
			assert_eq!(Rewards::epoch(0, epoch).unwrap().budget, 600 + released);
			assert_eq!(Carried::<Test>::get(), carried);
			Rewards::do_try_state().unwrap();
		}
		// The schedule is not exceeded.
		let scheduled = Parameters::<Test>::get().emission_before(10);
		assert_eq!(Emitted::<Test>::get() + carried, scheduled);
	});
}

#[test]
fn a_carried_amount_is_emitted_under_the_cap_only() {
	let genesis = ENDOWMENT + MINIMUM;
	ExtBuilder::default()
		.emission(1_000, 1)
		.shares(100, 0)
		.max_supply(genesis + 1_200)
		.build_and_execute(|| {
			// Room for what is carried is left: the second emission is 500, and only 200 fit.
			close_epochs(2);
			assert_eq!(Carried::<Test>::get(), 1_200);
			assert_eq!(Rewards::schedule().emission, 0);
			credit(0, &add_device(1, 0), 1);
			close_epochs(1);
			// With a halving each epoch, all of it comes back at once.
			assert_eq!(Rewards::epoch(0, 2).unwrap().budget, 1_200);
			assert_eq!(Balances::total_issuance(), genesis + 1_200);
			assert_eq!((Carried::<Test>::get(), Emitted::<Test>::get()), (0, 1_200));
		});
}
