//! The invariants, each broken once.

use crate::{mock::*, LastReports};
use depin_primitives::{report::LastReport, H256};

fn last() -> LastReport {
	LastReport {
		sequence: 1,
		hash: H256::repeat_byte(1),
		window_end: START,
		accepted_at: START,
		readings_root: H256::repeat_byte(2),
		readings_count: 1,
		work: 10,
		credited: 10,
	}
}

fn try_state_of(last: LastReport) -> Result<(), sp_runtime::TryRuntimeError> {
	new_test_ext().execute_with(|| {
		LastReports::<Test>::insert(alice().id(), last);
		Attestation::do_try_state()
	})
}

#[test]
fn a_good_record_holds() {
	assert_eq!(try_state_of(last()), Ok(()));
	let without_readings = LastReport { readings_root: H256::zero(), readings_count: 0, ..last() };
	assert_eq!(try_state_of(without_readings), Ok(()));
}

#[test]
fn each_invariant_can_be_broken() {
	new_test_ext().execute_with(|| {
		LastReports::<Test>::insert(alice().id(), last());
		Registry::remove(&alice().id());
		assert_eq!(Attestation::do_try_state(), Err("1: a last report without a device".into()));
	});
	for (broken, number) in [
		(LastReport { credited: 11, ..last() }, "2: "),
		(LastReport { readings_count: 0, ..last() }, "3: "),
		(LastReport { readings_root: H256::zero(), ..last() }, "3: "),
		(LastReport { accepted_at: START + 1, ..last() }, "4: "),
	] {
		let Err(sp_runtime::DispatchError::Other(message)) = try_state_of(broken) else {
			panic!("{number}must be found broken")
		};
		assert!(message.starts_with(number), "{message}");
	}
}
