//! Copy suspicion: devices that repeat a neighbour's values.

use super::*;

/// No rain is no rain everywhere.
#[test]
fn values_that_all_neighbours_share_are_no_copy() {
	measured(RULES, || {
		let all = [1, 2, 3, 4, 5].map(|number| device(number, HERE));
		for _ in 0..8 {
			let values: Vec<_> = all.iter().map(|device| (device, 0)).collect();
			assert!(hour(&values).iter().all(|q| !q.reasons.has(Reason::Copies)));
		}
	});
}

/// One that fell silent on purpose does not cover for the next.
#[test]
fn a_copier_that_changes_its_original_is_found() {
	measured(RULES, || {
		let [a, b, c, d, e] = [1, 2, 3, 4, 5].map(|number| device(number, HERE));
		for at in 0..2 {
			hour(&[(&e, 70), (&b, at + 40), (&c, at - 40), (&d, 70)]);
		}
		let copied: Vec<_> = (2..14)
			.map(|at| {
				let values = [(&a, at), (&b, at + 40), (&c, at - 40), (&d, at)];
				hour(&values)[3].reasons.has(Reason::Copies)
			})
			.collect();
		assert!(copied[8..].iter().all(|copied| *copied), "{copied:?}");
	});
}

/// Runs hours of a real sensor, others at some distance, and one device that copies the
/// sensor.
fn follow(hours: i64, behind: i64, first: bool) -> Vec<Quality> {
	let mut all = Vec::new();
	measured(RULES, || {
		let [a, b, c, d] = [1, 2, 3, 4].map(|number| device(number, HERE));
		for at in 0..hours {
			let real = at * 17 % 50;
			let copy = (&d, real + behind);
			let others = [(&a, real), (&b, real + 40), (&c, real - 40)];
			let got = if first {
				hour(&[[copy].as_slice(), &others].concat())[0].clone()
			} else {
				hour(&[&others[..], &[copy]].concat())[3].clone()
			};
			all.push(got);
		}
	});
	all
}

#[test]
fn copies_lose_the_neighbours_part_at_the_limit() {
	// An eighth of the tolerance is the most that two good sensors share for long.
	for behind in [0, 12, -12] {
		let all = follow(6, behind, false);
		let copies: Vec<_> = all.iter().map(|q| q.reasons.has(Reason::Copies)).collect();
		assert_eq!(copies, [false, false, false, true, true, true]);
		assert_eq!(all[2].neighbours, Some(percent(100)));
		assert_eq!(all[3].neighbours, Some(percent(0)));
	}
}

#[test]
fn values_beyond_the_nearness_are_no_copy() {
	for behind in [13, -13] {
		for quality in follow(6, behind, false) {
			assert!(!quality.reasons.has(Reason::Copies));
		}
	}
}

/// The device whose reports come first is not taken for the copy.
#[test]
fn the_earlier_of_two_equal_reports_is_the_original() {
	for quality in follow(6, 0, true) {
		assert!(!quality.reasons.has(Reason::Copies));
	}
}

/// Returns how often a copier is found in 24 hours if it keeps its distance every so many
/// hours.
fn copied(apart_every: i64) -> usize {
	let mut copied = 0;
	measured(RULES, || {
		let [a, b, c, d] = [1, 2, 3, 4].map(|number| device(number, HERE));
		for at in 0..24 {
			let apart = if at % apart_every == 0 { 20 } else { 0 };
			let values = [(&a, at), (&b, at + 40), (&c, at - 40), (&d, at + apart)];
			copied += usize::from(hour(&values)[3].reasons.has(Reason::Copies));
		}
	});
	copied
}

#[test]
fn a_differing_hour_now_and_then_does_not_hide_a_copier() {
	assert_eq!(copied(2), 0);
	assert!(copied(3) > 8 && copied(6) > copied(3));
}

#[test]
fn a_suspicion_ends_after_enough_differing_reports() {
	measured(RULES, || {
		let [a, b, c, d] = [1, 2, 3, 4].map(|number| device(number, HERE));
		let copies = |at: i64, apart: i64| {
			let values = [(&a, at), (&b, at + 40), (&c, at - 40), (&d, at + apart)];
			hour(&values)[3].reasons.has(Reason::Copies)
		};
		assert!((0..20).filter(|at| copies(*at, 0)).count() == 17);
		assert!(copies(20, 20));
		// The suspicion was at its maximum, twice the limit.
		assert!(!(21..27).any(|at| copies(at, 20)));
		assert!(![copies(27, 0), copies(28, 0), copies(29, 0)].contains(&true));
		assert!(copies(30, 0));
	});
}

/// While the original is silent, the copy suspicion neither applies nor falls.
#[test]
fn a_silent_original_leaves_the_suspicion_unchanged() {
	measured(RULES, || {
		let [a, b, c, d] = [1, 2, 3, 4].map(|number| device(number, HERE));
		let copies = |with: bool, at: i64| {
			let mut values = vec![(&b, at + 40), (&c, at - 40), (&d, at)];
			if with {
				values.insert(0, (&a, at));
			}
			hour(&values).pop().unwrap().reasons.has(Reason::Copies)
		};
		let with = [true, true, false, true, true];
		let got: Vec<_> = (0..).zip(with).map(|(at, with)| copies(with, at)).collect();
		assert_eq!(got, [false, false, false, false, true]);
		assert!(copies(false, 9));
		assert!(!copies(true, 9));
	});
}

#[test]
fn reports_of_one_block_are_no_copies_of_one_another() {
	measured(RULES, || {
		let [a, b, c, d] = [1, 2, 3, 4].map(|number| device(number, HERE));
		for at in 0..6 {
			set_now(now() + HOUR);
			for (signer, value) in [(&a, at), (&b, at + 40), (&c, at - 40), (&d, at)] {
				let (quality, _) = send(signer, hourly(signer, 0, &[value]).0, None);
				assert!(!quality.reasons.has(Reason::Copies));
			}
		}
	});
}

#[test]
fn copying_is_not_detected_with_a_limit_of_zero() {
	measured(QualityPolicy { copy_limit: 0, ..RULES }, || {
		let [a, b, c, d] = [1, 2, 3, 4].map(|number| device(number, HERE));
		for at in 0..6 {
			let values = [(&a, at), (&b, at + 40), (&c, at - 40), (&d, at)];
			assert!(!hour(&values)[3].reasons.has(Reason::Copies));
		}
	});
}
