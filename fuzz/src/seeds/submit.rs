//! Seeds of the target `submit_batch`.

use super::Named;
use crate::submit::{
	device::ALL,
	input::{
		Item, Next, Step, COMMITTED, DAMAGED, EXTREME, IDLE, OTHER_CHAIN, OTHER_RULES,
		OTHER_SIGNER, REPORT, SAME_BLOCK, SUBMIT_REPORT, SUBMIT_REPORTS, UNCHAINED, UNORDERED,
		UNTIL_NOW,
	},
};
use codec::Encode;
use depin_device::{
	device::Device,
	reporter::{Delivery, Reporter},
};
use depin_primitives::{
	report::{
		BatchItem, DataDigest, MetricSummary, Reading, Readings, Report, ReportFlags,
		MAX_SEQUENCE_STEP,
	},
	H256,
};
use depin_test_kit::{genesis::GENESIS, MINUTE, START};

const LENGTH: u16 = 3600 - 60;

/// Encodes a step and its items.
fn step(after: u16, how: u8, items: &[Item]) -> Vec<u8> {
	let mut bytes = Step { after, how, items: items.len() as u8 }.encode();
	items.iter().for_each(|item| item.encode_to(&mut bytes));
	bytes
}

/// Returns a device's next report, of a minute.
fn next(device: u8) -> Next {
	Next { device, work: 60, ..Default::default() }
}

/// Returns a device's next report, of an hour with a reading in each quarter.
fn hour(device: u8, hour: i16, apart: i16) -> Next {
	let reading = |quarter: u16| {
		let value = 20 + hour % 7 + quarter as i16 + apart * i16::from(device);
		(quarter * 900, 0, value)
	};
	Next { longer: LENGTH, work: 3600, readings: (0..4).map(reading).collect(), ..next(device) }
}

fn batch(items: impl IntoIterator<Item = Next>) -> Vec<u8> {
	step(0, SUBMIT_REPORTS, &items.into_iter().map(Item::Next).collect::<Vec<_>>())
}

fn day(hours: i16, devices: u8, how: u8, change: impl Fn(i16, Next) -> Next) -> Vec<u8> {
	let at = |at: i16| {
		let items = (0..devices).map(|device| Item::Next(change(at, hour(device, at, 3))));
		step(if at == 0 { 0 } else { 3600 }, how, &items.collect::<Vec<_>>())
	};
	(0..hours).flat_map(at).collect()
}

/// Returns device 0's first report, with a reading.
fn first() -> BatchItem {
	let readings = vec![Reading { time: START - MINUTE, metric: 1, value: 7 }];
	let device = Device::new(&ALL[0].key, GENESIS);
	let signed =
		Reporter::new().report(&device, START - MINUTE..START, 60, &readings, Delivery::Inline);
	let signed = signed.expect("the reading is in the window; qed");
	let readings = readings.try_into().expect("one reading fits a report; qed");
	BatchItem { signed, readings: Some(readings) }
}

/// Encodes device 0's first report, which only commits to its reading, after a change, to be signed
/// when it is read.
fn changed(change: impl FnOnce(&mut Report)) -> Vec<u8> {
	changed_with(None, change)
}

/// Encodes the changed report with these readings.
fn changed_with(readings: Option<Readings>, change: impl FnOnce(&mut Report)) -> Vec<u8> {
	let mut report = Report { flags: ReportFlags::NONE, ..first().signed.report };
	change(&mut report);
	step(0, SUBMIT_REPORTS, &[Item::Unsigned(0, report, readings)])
}

pub fn seeds() -> Named {
	let mut all = Named::new();
	let mut add = |name: &str, bytes| all.push((name.into(), bytes));
	let with = |flaws| Next { flaws, ..next(0) };
	let four = || (0..4).map(next);
	let items = || four().map(Item::Next).collect::<Vec<_>>();

	add("good-four-schemes", batch(four()));
	add("good-four-free", step(0, REPORT, &items()));
	add("good-four-paid", step(0, SUBMIT_REPORT, &items()));
	add("good-nine-devices", batch((0..8).chain([10]).map(next)));
	add(
		"good-sixteen-of-one",
		step(0, OTHER_RULES | SUBMIT_REPORTS, &vec![Item::Next(next(3)); 16]),
	);
	add("good-raw", step(0, SUBMIT_REPORTS, &[Item::Raw(first())]));
	add("good-unsigned", changed(|report| report.work = u64::MAX));
	add("good-committed", batch([Next { flaws: COMMITTED, ..hour(0, 0, 0) }]));
	let extreme = Next { flaws: EXTREME, readings: vec![(0, 2, i16::MIN), (9, 2, 9)], ..next(0) };
	add("good-extreme", batch([extreme]));
	let most = (0..70).map(|n| (n, (n % 2) as u8, n as i16)).collect::<Vec<_>>();
	add("good-most-readings", batch([Next { readings: most[..64].to_vec(), ..next(0) }]));
	add("good-more-readings-than-fit", batch([Next { readings: most, ..next(0) }]));
	add("good-jump", batch([Next { readings: vec![(0, 0, 0), (9, 0, 60)], ..next(0) }]));
	add("good-unchained-skipping", batch([Next { flaws: UNCHAINED, skip: 9, ..next(0) }]));
	let none = hour(0, 0, 0);
	add(
		"good-all-metrics",
		batch([Next { readings: vec![(0, 0, 1), (0, 1, 2), (0, 2, 3), (0, 7, 4)], ..none }]),
	);

	// Many hours in a row.
	add("good-day", day(24, 4, SUBMIT_REPORTS, |_, next| next));
	add("good-day-free", day(24, 2, REPORT, |_, next| next));
	add("good-day-forgotten", day(24, 3, IDLE | SUBMIT_REPORTS, |_, next| next));
	add(
		"good-day-of-one-value",
		day(12, 4, SUBMIT_REPORTS, |_, next| {
			let readings = (0..4).map(|quarter| (quarter * 900, 0, 5)).collect();
			Next { readings, ..next }
		}),
	);
	add(
		"good-day-far-from-the-others",
		day(12, 5, SUBMIT_REPORTS, |hour, next| {
			let far = if next.device == 2 { 10 + hour } else { 0 };
			let readings =
				next.readings.iter().map(|(at, id, value)| (*at, *id, value + far)).collect();
			Next { readings, ..next }
		}),
	);
	add(
		"good-day-committed",
		day(12, 4, SUBMIT_REPORTS, |_, next| Next { flaws: COMMITTED, ..next }),
	);
	add("good-day-of-rules", day(8, 4, SUBMIT_REPORTS | OTHER_RULES, |_, next| next));
	add(
		"good-day-with-gaps",
		day(4, 4, SUBMIT_REPORTS, |hour, next| {
			// The first hour has no earlier hour in which a short window could lie.
			if hour % 2 == 1 {
				Next { longer: 0, gap: LENGTH as i16, skip: 3, ..next }
			} else {
				next
			}
		}),
	);
	let copied = (0..10u16).map(|at| {
		let first = step(
			if at == 0 { 0 } else { 3590 },
			SUBMIT_REPORTS,
			// One original, and one device that is not copied.
			&[Item::Next(hour(0, at as i16, 0)), Item::Next(hour(1, at as i16, 3))],
		);
		[first, step(10, SUBMIT_REPORTS, &[Item::Next(hour(2, at as i16, 0))])].concat()
	});
	add("good-copied", copied.collect::<Vec<_>>().concat());
	let late = [
		step(2 * 3600, SUBMIT_REPORTS, &[Item::Next(next(9))]),
		step(0, SUBMIT_REPORTS | SAME_BLOCK, &[Item::Next(next(5))]),
	];
	add("good-late", late.concat());

	let then = |after, next: Next| {
		let first = batch([hour(0, 0, 0)]);
		[first, step(after, SUBMIT_REPORTS, &[Item::Next(next)])].concat()
	};
	add("good-unchained", then(60, with(UNCHAINED)));
	add("good-skipping", then(60, Next { skip: 3, ..with(UNCHAINED) }));
	let worthless = Next { readings: vec![(0, 7, 5)], ..with(UNCHAINED) };
	add("good-worthless", then(6 * 3600, worthless));

	// One seed for each refusal.
	let one_bad = |bad: Next| batch(four().skip(1).chain([bad]));
	add("bad-signature-of-four", one_bad(with(DAMAGED)));
	add("bad-signer-of-four", one_bad(with(OTHER_SIGNER)));
	add("bad-chain-of-four", one_bad(with(OTHER_CHAIN)));
	add("bad-device-of-four", one_bad(next(11)));
	add("bad-retiring", one_bad(next(8)));
	add("bad-two-of-one", batch([next(0), next(1), next(0)]));
	add("bad-second-of-one-for-two-reasons", batch([next(0), with(DAMAGED)]));
	add("bad-first-of-two-of-one", batch([with(DAMAGED), next(0)]));
	add("bad-twice", step(0, SUBMIT_REPORTS, &[Item::Raw(first()), Item::Raw(first())]));
	add("bad-twice-free", step(0, REPORT, &[Item::Raw(first()), Item::Raw(first())]));
	let again = |how| step(3600, how, &[Item::Next(Next { skip: -1, ..next(0) })]);
	add("bad-sequence", [batch([next(0)]), again(SUBMIT_REPORTS)].concat());
	add("bad-sequence-free", [batch([next(0)]), again(REPORT)].concat());
	let overlapping = step(3600, SUBMIT_REPORTS, &[Item::Next(Next { gap: -1, ..next(0) })]);
	add("bad-overlap", [batch([next(0)]), overlapping].concat());
	add("bad-future", batch([Next { gap: 3600, ..next(0) }]));
	add("bad-past", batch([Next { gap: i16::MIN, ..next(0) }]));
	add("bad-before-registration", batch([next(9)]));
	add("bad-length", batch([Next { longer: 2 * 3600, gap: -3600, ..next(0) }]));
	add("bad-empty-window", batch([Next { flaws: UNTIL_NOW, gap: 3600, ..next(0) }]));
	add("bad-metric", batch([Next { readings: vec![(0, 3, 0)], ..next(0) }]));
	let nine = (0..9).map(|metric| (0, metric, 1)).collect();
	add("bad-metrics-beyond-the-most", batch([Next { readings: nine, ..next(0) }]));
	add("bad-count", changed(|report| report.readings_count = 2));
	add("bad-root", changed(|report| report.readings_root.0 = [0; 32]));
	add("bad-sum", changed(|report| report.metrics[0].sum = 8));
	let summary = MetricSummary { metric: 1, count: u32::MAX, min: 0, max: 0, sum: 0 };
	add(
		"bad-counts",
		changed(|report| {
			report.metrics.try_push(summary).expect("the report has fewer metrics than fit; qed")
		}),
	);
	let mut damaged = first();
	damaged.readings.iter_mut().for_each(|readings| readings[0].value = 8);
	add("bad-readings", step(0, SUBMIT_REPORTS, &[Item::Raw(damaged)]));
	let mut outside = first();
	outside.readings.iter_mut().for_each(|readings| readings[0].time = START);
	add("bad-reading-outside", step(0, SUBMIT_REPORTS, &[Item::Raw(outside)]));
	add("bad-sequence-too-far", changed(|report| report.sequence = MAX_SEQUENCE_STEP + 1));
	add("bad-flags", changed(|report| report.flags.0 = 2));
	add(
		"bad-inline-without-a-reading",
		changed(|report| {
			report.flags = ReportFlags::INLINE;
			report.readings_root = H256::zero();
			report.readings_count = 0;
			report.metrics.clear();
		}),
	);
	add("bad-stripped", changed(|report| report.flags = ReportFlags::INLINE));
	add("bad-readings-added", changed_with(first().readings, |_| {}));
	let backwards = vec![(9, 2, 1), (3, 2, 1)];
	add("bad-order-of-readings", batch([Next { readings: backwards, ..with(UNORDERED) }]));
	let digest = DataDigest { kind: 0, digest: H256::zero() };
	add(
		"bad-digest",
		changed(|report| report.digests.try_push(digest).expect("the report has none; qed")),
	);
	add("bad-seventeen", step(0, OTHER_RULES | SUBMIT_REPORTS, &vec![Item::Next(next(0)); 17]));
	add("bad-no-items", step(0, SUBMIT_REPORTS, &[]));
	let cut = batch(four());
	add("bad-cut", cut[..cut.len() - 1].to_vec());
	add("bad-empty", Vec::new());
	all
}
