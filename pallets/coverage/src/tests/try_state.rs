//! Each invariant: the check of the state finds a state that breaks it.

use crate::{mock::*, types::*, *};
use depin_primitives::beacon::CoverageScore;
use frame_support::assert_ok;
use frame_system::RawOrigin;

/// Returns the fault that is found after a change to a chain with a committed round and a score.
fn found(change: impl FnOnce(Device)) -> String {
	let mut found = String::new();
	ExtBuilder::default().build().execute_with(|| {
		let (beaconer, hearer) = (beaconer(), hearer(0));
		to_reveal(&beaconer);
		assert_ok!(Coverage::beacon(RawOrigin::Authorized.into(), beaconer.beacon()));
		to_period(1);
		to_commit(&beaconer);
		assert_ok!(Coverage::witness(RawOrigin::Authorized.into(), hearer.witness(&beaconer)));
		assert_ok!(Coverage::do_try_state());
		change(beaconer);
		let error: &'static str = Coverage::do_try_state().unwrap_err().into();
		found = error.into();
	});
	found
}

/// Returns the fault that is found after a change to the round.
fn after_round(change: impl FnOnce(&mut Round)) -> String {
	found(|beaconer| Rounds::<Test>::mutate(1, beaconer.id, |r| change(r.as_mut().unwrap())))
}

/// Returns the fault that is found after another device gets this score.
fn after_score(score: CoverageScore) -> String {
	found(|_| put_score(hearer(0).id, score))
}

#[test]
fn wrong_timing_is_found() {
	let bad = TimingRules { period_ticks: 4, ..TIMING };
	let expected = "a period must be longer than the windows of a challenge together";
	assert_eq!(found(|_| Timing::<Test>::put(bad)), expected);
	let spoil = |period: &mut Option<PeriodInfo>| period.as_mut().unwrap().timing = bad;
	assert_eq!(found(|_| CurrentPeriod::<Test>::mutate(spoil)), expected);
}

#[test]
fn a_wrong_clock_is_found() {
	assert_eq!(found(|_| CurrentPeriod::<Test>::kill()), "2: the clock runs outside any period");
	let outside = "2: the clock is not in the current period";
	assert_eq!(found(|_| Clock::<Test>::mutate(|clock| clock.tick = 20)), outside);
	assert_eq!(found(|_| Clock::<Test>::mutate(|clock| clock.tick = 41)), outside);
	let restart = || {
		CurrentPeriod::<Test>::kill();
		Clock::<Test>::kill();
	};
	assert_eq!(found(|_| restart()), "3: a round before the first period");
	assert_eq!(
		found(|beaconer| {
			restart();
			Rounds::<Test>::remove(1, beaconer.id);
		}),
		"5: a score before the first period"
	);
}

#[test]
fn a_wrong_round_is_found() {
	let moved_to = |period| {
		found(|beaconer| {
			let round = Rounds::<Test>::take(1, beaconer.id).unwrap();
			Rounds::<Test>::insert(period, beaconer.id, round);
		})
	};
	assert_eq!(moved_to(2), "3: a round of a period to come");
	assert_eq!(moved_to(0), "3: a round of a period that is cleared");
	let early = found(|_| Uncleared::<Test>::put(2));
	assert_eq!(early, "3: a period is cleared before it is over");
	assert_eq!(
		after_round(|round| round[0].report.beaconer.0[0] ^= 1),
		"3: a commitment to another's beacon"
	);
	assert_eq!(
		after_round(|round| round[0].report.period = 0),
		"3: a commitment of another period"
	);
	assert_eq!(
		after_round(|round| round[0].report.witness = round[0].report.beaconer),
		"3: a device witnesses itself"
	);
	assert_eq!(
		after_round(|round| round.try_push(round[0]).unwrap()),
		"3: a witness has committed twice"
	);
	assert_eq!(after_round(|round| round.clear()), "3: a round without witnesses");
	assert_eq!(
		found(|beaconer| {
			let score = CoverageScore { last_answered: 1, answered: 2, missed: 0 };
			put_score(beaconer.id, score);
		}),
		"4: a judged round is still stored"
	);
}

#[test]
fn a_wrong_score_is_found() {
	let score = |last_answered, answered, missed| {
		after_score(CoverageScore { last_answered, answered, missed })
	};
	assert_eq!(score(1, 0, 1), "5: a score without an answer");
	assert_eq!(score(2, 1, 0), "5: an answer from the future");
	assert_eq!(score(1, 2, 1), "5: more challenges than periods");
}
