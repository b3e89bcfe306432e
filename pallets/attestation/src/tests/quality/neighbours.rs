//! Agreement with neighbours: samples, medians and neighbour verdicts.

mod copying;

use super::*;
use crate::{
	types::{ring_index, ShortHash},
	Buckets,
};

const TOLERANCE: u64 = 100;
/// The middle of a cell, one beside it, and one far away.
const HERE: Cell = Cell(0x08c2_a107_2b59_adff);

fn there() -> Cell {
	// A cell of resolution 12 in a neighbour of the neighbourhood.
	let beside = HERE.parent(5).unwrap().ring().next().unwrap();
	center(beside)
}

fn far() -> Cell {
	let two = HERE.parent(5).unwrap().ring().next().unwrap();
	let away = two
		.ring()
		.flat_map(Cell::ring)
		.find(|cell| HERE.parent(5).unwrap().grid_distance(*cell) == Some(3));
	center(away.unwrap())
}

/// A cell of resolution 12 within a coarser one.
fn center(cell: Cell) -> Cell {
	let cell = h3o::CellIndex::try_from(cell.0).unwrap();
	Cell(cell.center_child(h3o::Resolution::Twelve).unwrap().into())
}

/// Devices by number, each of an owner of its own.
fn device(number: u8, cell: Cell) -> Signer {
	let signer = Signer::ed25519(100 + number);
	let owner = 1_000 + AccountId::from(number);
	Registry::put(
		signer.id(),
		depin_primitives::traits::DeviceView { owner, cell, ..signer.view() },
	);
	signer
}

/// Lets each device report its value of an hour, each in a block of its own. Returns the
/// quality of each report.
fn hour(values: &[(&Signer, i64)]) -> Vec<Quality> {
	set_now(now() + HOUR);
	values
		.iter()
		.map(|(signer, value)| {
			System::set_block_number(System::block_number() + 1);
			send(signer, hourly(signer, 0, &[*value]).0, None).0
		})
		.collect()
}

fn measured(rules: QualityPolicy, test: impl FnOnce()) {
	under(rules, || {
		limit(0, MetricLimits { tolerance: Some(TOLERANCE), ..anything() });
		test();
	});
}

/// Returns the neighbours parts, which are about the hour before.
fn parts(all: &[Quality]) -> Vec<Option<Perbill>> {
	all.iter().map(|quality| quality.neighbours).collect()
}

#[test]
fn neighbours_agree_up_to_the_tolerance_and_not_from_twice_that_on() {
	measured(RULES, || {
		let [a, b, c, d] = [1, 2, 3, 4].map(|number| device(number, HERE));
		let deviations = [(100, 100), (101, 99), (150, 50), (199, 1), (200, 0), (5_000, 0)];
		let mut expected = None;
		for (deviation, part) in deviations {
			for deviation in [deviation, -deviation] {
				// Three others, whose median is 10.
				let got = hour(&[(&a, -30), (&b, 10), (&d, 10 + deviation), (&c, 40)]);
				assert_eq!(got[2].neighbours, expected, "{deviation}");
				if let Some(part) = expected {
					let disagrees = got[2].reasons.has(Reason::Disagrees);
					assert_eq!(disagrees, !Perbill::is_one(&part));
				}
				expected = Some(percent(part));
			}
		}
		hour(&[(&d, 0)]);
		let score = score(&d).neighbours.unwrap();
		assert!(score > percent(40) && score < percent(43), "{score:?}");
	});
}

#[test]
fn the_first_device_to_report_is_compared_like_the_last() {
	measured(RULES, || {
		let [a, b, c] = [1, 2, 3].map(|number| device(number, HERE));
		hour(&[(&a, 5_000), (&b, 0), (&c, 0)]);
		let got = parts(&hour(&[(&a, 0), (&b, 0), (&c, 0)]));
		// b's and c's others are 5,000 and 0: whatever lies between agrees.
		assert_eq!(got, [Some(percent(0)), Some(percent(100)), Some(percent(100))]);
		let got = parts(&hour(&[(&a, 0), (&b, 0), (&c, 0)]));
		assert_eq!(got, [Some(percent(100)); 3]);
	});
}

/// The median of an even number of values is the interval between the two in the middle: a
/// value between two neighbours that differ agrees with both.
#[test]
fn the_median_of_an_even_number_is_the_interval_in_the_middle() {
	measured(RULES, || {
		let [a, b, c] = [1, 2, 3].map(|number| device(number, HERE));
		hour(&[(&a, 0), (&b, 5_000), (&c, -150)]);
		let got = parts(&hour(&[(&a, 0), (&b, 0), (&c, 0)]));
		assert_eq!(got, [Some(percent(100)), Some(percent(0)), Some(percent(50))]);
	});
}

/// A value outside its metric's bounds is not sampled, since it would shift the neighbours'
/// median.
#[test]
fn a_value_beyond_its_bounds_is_not_compared_with() {
	measured(RULES, || {
		limit(0, MetricLimits { max: 10_000, tolerance: Some(TOLERANCE), ..anything() });
		let [a, b, c, d] = [1, 2, 3, 4].map(|number| device(number, HERE));
		hour(&[(&a, 0), (&b, 0), (&c, 10_001), (&d, 10_002)]);
		assert_eq!(parts(&hour(&[(&a, 0), (&b, 0)])), [None, None]);
		hour(&[(&c, 0), (&d, 0)]);
	});
}

#[test]
fn too_few_neighbours_give_no_verdict() {
	measured(RULES, || {
		let [a, b] = [1, 2].map(|number| device(number, HERE));
		hour(&[(&a, 0), (&b, 5_000)]);
		let got = hour(&[(&a, 0), (&b, 5_000)]);
		assert_eq!(parts(&got), [None, None]);
		assert_eq!(got[0].total, Perbill::one());
	});
}

#[test]
fn neighbours_of_one_owner_count_once_and_never_for_their_own_devices() {
	measured(RULES, || {
		let [a, b, c, d] = [1, 2, 3, 4].map(|number| device(number, HERE));
		for other in [&b, &c, &d] {
			Registry::change(other.id(), |view| view.owner = 5);
		}
		hour(&[(&a, 0), (&b, 5_000), (&c, 5_000), (&d, 5_000)]);
		assert_eq!(parts(&hour(&[(&a, 0), (&b, 0), (&c, 0), (&d, 0)])), [None; 4]);
	});
}

#[test]
fn neighbours_of_the_ring_are_asked_when_the_cell_has_too_few() {
	measured(RULES, || {
		let [a, b] = [1, 2].map(|number| device(number, HERE));
		let [c, d] = [3, 4].map(|number| device(number, there()));
		let e = device(5, far());
		hour(&[(&a, 0), (&b, 0), (&c, 0), (&d, 0), (&e, 5_000)]);
		let got = parts(&hour(&[(&a, 0), (&b, 0), (&c, 0), (&d, 0), (&e, 0)]));
		let whole = Some(percent(100));
		assert_eq!(got, [whole, whole, whole, whole, None]);

		// With neighbours enough of their own, what is beside does not count.
		let [f, g] = [6, 7].map(|number| device(number, HERE));
		hour(&[(&a, 0), (&b, 0), (&f, 0), (&g, 0), (&c, 5_000), (&d, 5_000)]);
		let got = parts(&hour(&[(&a, 0), (&c, 0)]));
		assert_eq!(got, [whole, Some(percent(0))]);
	});
}

#[test]
fn devices_of_other_networks_and_other_hours_are_no_neighbours() {
	measured(RULES, || {
		let [a, b, c] = [1, 2, 3].map(|number| device(number, HERE));
		hour(&[(&a, 0)]);
		hour(&[(&b, 0)]);
		hour(&[(&c, 0)]);
		assert_eq!(parts(&hour(&[(&a, 0), (&b, 0), (&c, 0)])), [None; 3]);

		let other = NETWORK + 1;
		let report = ReportPolicy { max_age: AGE, min_interval: 0, ..POLICY.report };
		let policy = NetworkPolicy { report, quality: RULES, ..POLICY };
		Registry::set_policy(other, policy);
		let origin = RuntimeOrigin::signed(OWNER);
		assert_ok!(Attestation::register_metric(origin, other, 0, metric()));
		for signer in [&b, &c] {
			Registry::change(signer.id(), |view| view.network = other);
		}
		hour(&[(&a, 0), (&b, 5_000), (&c, 5_000)]);
		assert_eq!(parts(&hour(&[(&a, 0)])), [None]);
	});
}

/// A report is compared at the place where the device was when it measured.
#[test]
fn a_device_that_moved_is_compared_where_it_measured() {
	measured(RULES, || {
		let [a, b, c] = [1, 2, 3].map(|number| device(number, HERE));
		hour(&[(&a, 0), (&b, 0), (&c, 0)]);
		Registry::change(a.id(), |view| view.cell = far());
		assert_eq!(parts(&hour(&[(&a, 0)])), [Some(percent(100))]);
		assert_eq!(parts(&hour(&[(&a, 0)])), [None]);
	});
}

#[test]
fn a_metric_without_tolerance_is_not_compared() {
	under(RULES, || {
		let [a, b, c] = [1, 2, 3].map(|number| device(number, HERE));
		hour(&[(&a, 0), (&b, 0), (&c, 5_000)]);
		assert_eq!(parts(&hour(&[(&a, 0), (&b, 0), (&c, 0)])), [None; 3]);
		assert_eq!(Buckets::<Test>::iter().count(), 0);
	});
	let weights = QualityWeights { neighbours: 0, ..EACH };
	measured(QualityPolicy { weights, ..RULES }, || {
		let [a, b, c] = [1, 2, 3].map(|number| device(number, HERE));
		hour(&[(&a, 0), (&b, 0), (&c, 5_000)]);
		assert_eq!(parts(&hour(&[(&a, 0), (&b, 0), (&c, 0)])), [None; 3]);
		assert_eq!(Buckets::<Test>::iter().count(), 0);
	});
}

#[test]
fn a_late_report_does_not_take_a_later_slots_place() {
	measured(QualityPolicy { period: MINUTE, ..RULES }, || {
		let [a, b] = [1, 2].map(|number| device(number, HERE));
		let minute = |signer: &Signer, end: Millis| {
			let readings = series(0, end, &[3]);
			send(signer, with_readings(signer.report_until(end), &readings), None);
		};
		set_now(DAY + 8 * MINUTE);
		minute(&a, DAY + 8 * MINUTE);
		let place = ring_index((DAY + 8 * MINUTE - 1) / MINUTE);
		let key = (NETWORK, HERE.parent(5).unwrap(), place);
		let bucket = Buckets::<Test>::get(key).unwrap();
		// The same place of the ring, one turn before: it is of no use to anyone.
		minute(&b, DAY + 8 * MINUTE - SLOTS * MINUTE);
		assert_eq!(Buckets::<Test>::get(key), Some(bucket));
		assert_eq!(Buckets::<Test>::iter().count(), 1);
	});
}

/// Whatever skew a network allows, a clock far ahead takes no slot's place from the others.
#[test]
fn a_slot_far_ahead_is_not_kept() {
	measured(QualityPolicy { period: MINUTE, ..RULES }, || {
		let report =
			ReportPolicy { max_age: AGE, min_interval: 0, max_skew: HOUR, ..POLICY.report };
		let quality = QualityPolicy { period: MINUTE, ..RULES };
		Registry::set_policy(NETWORK, NetworkPolicy { report, quality, ..POLICY });
		let minute = |signer: &Signer, end: Millis| {
			let readings = series(0, end, &[3]);
			send(signer, with_readings(signer.report_until(end), &readings), None);
			Buckets::<Test>::iter().map(|(_, bucket)| bucket.slot).collect::<Vec<_>>()
		};
		let [a, b] = [1, 2].map(|number| device(number, HERE));
		let current = DAY / MINUTE;
		assert_eq!(minute(&a, DAY + 1), [current]);
		assert_eq!(minute(&b, DAY + SLOTS * MINUTE + 1), [current]);
		let mut kept = minute(&a, DAY + SLOTS / 2 * MINUTE + 1);
		kept.sort_unstable();
		assert_eq!(kept, [current, current + SLOTS / 2]);
	});
}

#[test]
fn a_sample_is_bounded_and_drawn_by_lot() {
	measured(RULES, || {
		let count = 2 * MAX_SAMPLES as u8;
		let devices: Vec<_> = (0..count).map(|number| device(number, HERE)).collect();
		let values: Vec<_> = devices.iter().map(|device| (device, 0)).collect();
		hour(&values);
		let (_, bucket) = Buckets::<Test>::iter().next().unwrap();
		assert_eq!(bucket.samples.len() as u32, MAX_SAMPLES);
		let lot = |owner: ShortHash| crate::types::draw_rank(bucket.seed, owner);
		let owners = (0..count).map(|number| 1_000 + AccountId::from(number));
		let mut lots: Vec<_> = owners.map(|owner| lot(ShortHash::of(&owner))).collect();
		lots.sort_unstable();
		let mut drawn: Vec<_> = bucket.samples.iter().map(|sample| lot(sample.owner)).collect();
		drawn.sort_unstable();
		assert_eq!(drawn, lots[..MAX_SAMPLES as usize]);
		assert_eq!(parts(&hour(&values)), vec![Some(percent(100)); count.into()]);
	});
}

/// A bucket holds one device of each owner, the one with the lowest random number, and an owner
/// is not drawn more often for having many devices.
#[test]
fn many_devices_of_an_owner_count_as_one() {
	measured(RULES, || {
		let count = 2 * MAX_SAMPLES as u8;
		let devices: Vec<_> = (0..count).map(|number| device(number, HERE)).collect();
		let many: Vec<_> = (100..110).map(|number| device(number, HERE)).collect();
		for device in &many {
			Registry::change(device.id(), |view| view.owner = 5);
		}
		let mut times = 0;
		for hours in 0..20 {
			System::set_parent_hash(H256::from_low_u64_be(hours));
			let all: Vec<_> = devices.iter().chain(&many).map(|device| (device, 0)).collect();
			hour(&all);
			let key = (NETWORK, HERE.parent(5).unwrap(), ring_index((now() - 1) / HOUR));
			let bucket = Buckets::<Test>::get(key).unwrap();
			let of_many = bucket.samples.iter().filter(|s| s.owner == ShortHash::of(&5u64));
			let of_many: Vec<_> = of_many.map(|sample| sample.device).collect();
			times += of_many.len();
			let lowest = many
				.iter()
				.map(|device| ShortHash::of(&device.id()))
				.min_by_key(|device| crate::types::draw_rank(bucket.seed, *device));
			assert!(of_many.is_empty() || of_many == lowest.as_slice());
		}
		// Sixteen of 33 owners are drawn: half of the times, more or less.
		assert!((3..=17).contains(&times), "{times}");
	});
}

/// A verdict about an amount of work applies until as much later work was scored with it.
#[test]
fn a_small_report_does_not_use_up_the_verdict_on_a_large_one() {
	measured(RULES, || {
		let [a, b, c, d] = [1, 2, 3, 4].map(|number| device(number, HERE));
		let truth = |at: Millis| {
			set_now(at);
			for (signer, value) in [(&a, 0), (&b, 40), (&c, -40)] {
				send(signer, hourly(signer, 0, &[value]).0, None);
			}
		};
		let small =
			|work| Report { window_start: now(), window_end: now() + 1_000, work, ..d.report() };
		truth(DAY + HOUR);
		let lie = Report { work: 3_000, ..hourly(&d, 0, &[5_000]).0 };
		let (quality, points) = send(&d, lie, None);
		assert_eq!((quality.neighbours, points), (None, 3_000));
		// Credited work uses up the verdict, not claimed work: each of these reports is credited
		// with one unit, whatever it claims.
		for claimed in [1, 1_000] {
			let (quality, points) = send(&d, small(claimed), None);
			assert_eq!(points, 0);
			assert_eq!(quality.neighbours, Some(percent(0)));
			set_now(now() + 1_000);
		}
		let verdict = Attestation::device_state(&d.id()).unwrap().verdict.unwrap();
		assert_eq!(verdict.work, 2_998);
		set_now(DAY + 2 * HOUR);
		let honest = Report { window_start: now() - HOUR + 2_000, ..hourly(&d, 0, &[0]).0 };
		let (quality, points) = send(&d, Report { work: 3_000, ..honest }, None);
		assert_eq!((quality.neighbours, points), (Some(percent(0)), 2_250));
		assert!(quality.reasons.has(Reason::Disagrees));
		assert_eq!(Attestation::device_state(&d.id()).unwrap().verdict, None);
	});
}

#[test]
fn verdicts_add_up_by_their_work() {
	use crate::types::NeighbourVerdict;
	let of = |part: u32, work, reason| Some(NeighbourVerdict { part: percent(part), work, reason });
	let bad = Some(Reason::Disagrees);
	assert_eq!(NeighbourVerdict::merge(None, None), None);
	assert_eq!(NeighbourVerdict::merge(of(5, 7, bad), None), of(5, 7, bad));
	assert_eq!(NeighbourVerdict::merge(None, of(5, 7, bad)), of(5, 7, bad));
	assert_eq!(NeighbourVerdict::merge(of(0, 30, bad), of(100, 10, None)), of(25, 40, bad));
	assert_eq!(NeighbourVerdict::merge(of(0, 0, bad), of(100, 0, None)), of(100, 0, bad));
	let copies = Some(Reason::Copies);
	let most = NeighbourVerdict::merge(of(50, u64::MAX, bad), of(50, u64::MAX, copies)).unwrap();
	assert_eq!((most.work, most.reason), (u64::MAX, copies));
	let after = |work| of(50, 10, bad).unwrap().remaining_after(work);
	assert_eq!((after(9), after(10), after(11)), (of(50, 1, bad), None, None));
}

/// Samples of the device itself, from the time of an earlier owner, are not those of a
/// neighbour.
#[test]
fn a_device_that_changed_hands_is_not_compared_with_itself() {
	measured(RULES, || {
		let [a, d] = [1, 4].map(|number| device(number, HERE));
		for owner in 5_000..5_004 {
			assert_eq!(parts(&hour(&[(&a, 0), (&d, 5_000)])), [None, None]);
			Registry::change(d.id(), |view| view.owner = owner);
		}
	});
}
