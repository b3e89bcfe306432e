//! Seeds: the first inputs of a fuzzer. A name begins with `good-` if the target accepts all of the
//! input, and otherwise with `bad-`.

mod submit;

use codec::{Decode, Encode};
use depin_device::{
	device::Device,
	key::{DeviceKey, Signer},
	reporter::{Delivery, Reporter},
};
use depin_primitives::{
	report::{
		readings_root, summarize, DataDigest, DataDigests, MetricSummary, Reading, Report,
		ReportFlags, SignedReport, MAX_INLINE_READINGS, MAX_METRICS,
	},
	verify::batch::MOST,
	KeyScheme, PublicKey, Signature, H256,
};
use hex_literal::hex;

/// File of the corpus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seed {
	/// Name of the target.
	pub target: &'static str,
	/// Name of the file.
	pub name: String,
	/// Content of the file.
	pub bytes: Vec<u8>,
}

/// Returns all seeds, the same in each run.
pub fn seeds() -> Vec<Seed> {
	let of = |target| move |(name, bytes)| Seed { target, name, bytes };
	let mut all: Vec<_> = reports().into_iter().map(of("decode_report")).collect();
	all.extend(submit::seeds().into_iter().map(of("submit_batch")));
	all.extend(batches().into_iter().map(of("verify_batch")));
	all.extend(signatures().into_iter().map(of("verify_signature")));
	all
}

type Named = Vec<(String, Vec<u8>)>;

const GENESIS: H256 = H256::repeat_byte(0x33);
const START: u64 = 1_790_000_000_000;
const MINUTE: u64 = 60_000;

fn name(scheme: KeyScheme) -> String {
	format!("{scheme:?}").to_lowercase()
}

fn device_key(scheme: KeyScheme) -> DeviceKey {
	DeviceKey::from_secret(scheme, &[1; 32])
		.expect("32 bytes of 1 are a secret key of each scheme; qed")
}

/// Returns a signed report of these readings, with the readings inline or without them.
fn report(scheme: KeyScheme, readings: &[Reading], inline: bool) -> Vec<u8> {
	let device = Device::new(device_key(scheme), GENESIS);
	let delivery = if inline { Delivery::Inline } else { Delivery::Committed };
	let signed = Reporter::new()
		.report(&device, START..START + MINUTE, 42, readings, delivery)
		.expect("the readings are in the window, and their sums fit; qed");
	(signed, inline.then(|| readings.to_vec())).encode()
}

fn reading(metric: u16, value: i64) -> Reading {
	Reading { time: START, metric, value }
}

/// Returns a reading so many milliseconds later.
fn later(after: u64, reading: Reading) -> Reading {
	Reading { time: reading.time + after, ..reading }
}

/// Returns as many readings, of as many metrics, as a report can carry.
fn largest() -> Vec<Reading> {
	let metric = |n| (n % MAX_METRICS) as u16 * 0x1111;
	let one = |n: u32| later(n.into(), reading(metric(n), -i64::from(n)));
	(0..MAX_INLINE_READINGS).map(one).collect()
}

fn reports() -> Named {
	let few = [reading(3, -2), later(1, reading(3, 5)), later(1, reading(513, 7))];
	let mut all: Named = KeyScheme::ALL
		.map(|scheme| (format!("good-{}", name(scheme)), report(scheme, &few, true)))
		.to_vec();
	let mut add = |name: &str, bytes| all.push((name.into(), bytes));

	let ed25519 = |readings: &[Reading], inline| report(KeyScheme::Ed25519, readings, inline);
	let good = ed25519(&few, true);
	let most = ed25519(&largest(), true);
	add("good-largest", most.clone());
	add("good-committed", ed25519(&few, false));
	add("good-no-readings", ed25519(&[], false));
	add("good-ends-of-64-bits", ed25519(&[reading(0, i64::MIN), reading(9, i64::MAX)], true));
	let sum = [reading(0, i64::MAX), later(1, reading(0, i64::MIN))];
	add("good-sum-that-fits", ed25519(&sum, true));

	add("bad-empty", Vec::new());
	add("bad-cut", most[..most.len() / 2].to_vec());
	add("bad-cut-by-one", good[..good.len() - 1].to_vec());
	add("bad-one-more", [&good[..], b"\0"].concat());

	// One seed for each check of the form and of the readings.
	let changed = |change: &dyn Fn(&mut Report)| {
		let (mut signed, readings) = decoded(&good);
		change(&mut signed.report);
		(signed, readings).encode()
	};
	add("bad-window", changed(&|report| report.window_end = report.window_start));
	add("bad-window-reversed", changed(&|report| report.window_start = u64::MAX));
	add("bad-time", changed(&|report| report.window_start += 1));
	add("bad-order", changed(&|report| report.metrics[0].metric = u16::MAX));
	add("bad-count", changed(&|report| report.readings_count = u32::MAX));
	add("bad-counts", changed(&|report| report.metrics[0].count = u32::MAX));
	add("bad-no-count", changed(&|report| report.metrics[0].count = 0));
	add("bad-bounds", changed(&|report| report.metrics[0].min = i64::MAX));
	add("bad-sum", changed(&|report| report.metrics[0].sum = i64::MIN));
	add("bad-summary", changed(&|report| report.metrics[0].sum += 1));
	add("bad-root", changed(&|report| report.readings_root.0[0] ^= 1));
	add("bad-no-root", changed(&|report| report.readings_root = H256::zero()));
	add("bad-flags", changed(&|report| report.flags.0 |= 0x80));
	add("bad-committed-with-readings", changed(&|report| report.flags = ReportFlags::NONE));
	add("bad-inline-without-readings", changed_to_committed(&good, |_| {}));
	let digest = |kind| DataDigest { kind, digest: H256::repeat_byte(kind) };
	let digests = |kinds: [u8; 2]| {
		let digests = DataDigests::try_from(kinds.map(digest).to_vec());
		digests.expect("two digests fit a report; qed")
	};
	add("good-digests", changed(&|report| report.digests = digests([1, 255])));
	add("bad-digest-kind", changed(&|report| report.digests = digests([0, 1])));
	add("bad-digest-order", changed(&|report| report.digests = digests([1, 1])));
	let unordered = |readings: [Reading; 2]| {
		let (mut signed, _) = decoded(&good);
		signed.report.readings_root = readings_root(&readings);
		signed.report.readings_count = 2;
		signed.report.metrics = summarize(&readings).expect("small values; qed");
		(signed, Some(readings.to_vec())).encode()
	};
	add("bad-order-of-readings", unordered([later(1, reading(3, 5)), reading(3, -2)]));
	add("bad-twice-the-same", unordered([reading(3, 5); 2]));
	add(
		"good-greatest-count",
		changed_to_committed(&good, |report| {
			report.flags = ReportFlags::NONE;
			report.readings_count = u32::MAX;
			report.metrics[0].count = u32::MAX - 1;
		}),
	);

	// A report with one summary too many, and one with one reading too many.
	let (signed, _) = decoded(&most);
	let summary = MetricSummary { metric: u16::MAX, count: 1, min: 0, max: 0, sum: 0 };
	let mut summaries = signed.report.metrics.to_vec();
	summaries.push(summary);
	let report = signed.report.encode();
	let lists = (&signed.report.metrics, &signed.report.digests).encoded_size();
	let fixed = &report[..report.len() - lists];
	let too_many =
		[&signed.chain.encode()[..], fixed, &summaries.encode(), b"\0", &signed.signature.0, b"\0"];
	add("bad-too-many-summaries", too_many.concat());
	let mut readings = largest();
	readings.push(reading(0, 0));
	add("bad-too-many-readings", (signed, Some(readings)).encode());
	all
}

/// Returns what [`report`] has encoded.
fn decoded(bytes: &[u8]) -> (SignedReport, Option<Vec<Reading>>) {
	Decode::decode(&mut &bytes[..]).expect("the report was encoded by `report`; qed")
}

/// Returns the changed report without its readings.
fn changed_to_committed(good: &[u8], change: impl Fn(&mut Report)) -> Vec<u8> {
	let (mut signed, _) = decoded(good);
	change(&mut signed.report);
	(signed, None::<Vec<Reading>>).encode()
}

/// Order of Ed25519's base point, little-endian.
const ORDER: [u8; 32] = hex!("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");

/// Edge case of `docs/signatures.md`: the high form of s.
const HIGH_S: (PublicKey, Signature, &[u8]) = (
	PublicKey::Secp256k1(hex!(
		"0284bf7562262bbd6940085748f3be6afa52ae317155181ece31b66351ccffa4b0"
	)),
	Signature(hex!(
		"3c1c14d98471d553dcd3cf679e58a3c770a9e2ec40dac02a3a940c31131bcb95"
		"d27e2b3a0e3cbb8bace3da985d8f2bc1a0ed80a1ed86adccc12782fd97a59639"
	)),
	b"depin-node",
);
const ODD_R: (PublicKey, Signature, &[u8]) = (
	PublicKey::Ed25519(hex!("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")),
	Signature(hex!(
		"0100000000000000000000000000000000000000000000000000000000000080"
		"c803ee1f2342aa96ff698a393d1ab5e66f3eda101d6d120b394c3fd32c117d0a"
	)),
	b"123400",
);

fn signatures() -> Named {
	let bytes = |key: PublicKey, signature: Signature, message: &[u8]| {
		[&key.encode()[..], &signature.0, message].concat()
	};
	let mut all = Named::new();
	for scheme in KeyScheme::ALL {
		let key = device_key(scheme);
		let public = key.public_key();
		for (title, message) in [("", &b"a report"[..]), ("-over-nothing", b"")] {
			let Ok(signature) = Signer::sign(&key, message);
			all.push((format!("good-{}{title}", name(scheme)), bytes(public, signature, message)));
		}
		let Ok(signature) = Signer::sign(&key, b"a report");
		let mut add =
			|title: &str, bytes| all.push((format!("bad-{}-{title}", name(scheme)), bytes));
		add("message", bytes(public, signature, b"another"));
		add("zeros", bytes(public, Signature([0; 64]), b"a report"));
		add("ones", bytes(public, Signature([0xff; 64]), b"a report"));
		let complete = bytes(public, signature, b"");
		add("cut", complete[..complete.len() - 1].to_vec());
		let zeros = [&[scheme.encode()[0]][..], &vec![0; public.as_bytes().len()]].concat();
		add("key-of-zeros", [&zeros[..], &signature.0, b"a report"].concat());
	}
	let mut add = |name: &str, bytes| all.push((name.into(), bytes));
	add("good-secp256k1-high-s", bytes(HIGH_S.0, HIGH_S.1, HIGH_S.2));
	add("good-ed25519-odd-r", bytes(ODD_R.0, ODD_R.1, ODD_R.2));
	// Anyone can sign for the identity as public key.
	let mut identity = [0; 32];
	identity[0] = 1;
	let mut anything = [0; 64];
	anything[0] = 1;
	add(
		"bad-ed25519-small-order",
		bytes(PublicKey::Ed25519(identity), Signature(anything), b"anything"),
	);
	let mut great = ODD_R.1;
	great.0[32..].copy_from_slice(&ORDER);
	add("bad-ed25519-s-of-the-order", bytes(ODD_R.0, great, ODD_R.2));
	// The compact form of a key by SEC 1.
	let p256 = device_key(KeyScheme::P256);
	let Ok(signature) = Signer::sign(&p256, b"a report");
	let mut compact = bytes(p256.public_key(), signature, b"a report");
	compact[1] = 5;
	add("bad-p256-compact-key", compact);
	add("bad-scheme", vec![4; 200]);
	add("bad-empty", Vec::new());
	all
}

/// Encodes an item of `verify_batch` that a device makes.
fn made(scheme: KeyScheme, secret: usize, bits: u8) -> Vec<u8> {
	let kind = scheme.encode()[0] << 6 | 2;
	let message = b"a report";
	let mut bytes = vec![kind, secret as u8, 40, bits, message.len() as u8];
	bytes.extend(message);
	bytes
}

/// Encodes a written item of `verify_batch`.
fn written((key, signature, message): (PublicKey, Signature, &[u8])) -> Vec<u8> {
	let length = u8::try_from(message.len()).expect("the seeds' messages are short; qed");
	[&[0][..], &key.encode(), &signature.0, &[length], message].concat()
}

fn batches() -> Named {
	let mut all = Named::new();
	let mut add = |name: String, items: Vec<Vec<u8>>| all.push((name, items.concat()));
	for scheme in KeyScheme::ALL {
		add(format!("good-{}", name(scheme)), (1..6).map(|n| made(scheme, n, 0)).collect());
	}
	let mixed = || KeyScheme::ALL.into_iter().cycle().take(16).enumerate();
	add("good-mixed".into(), mixed().map(|(n, scheme)| made(scheme, n + 1, 0)).collect());
	let one_bad = mixed().map(|(n, scheme)| made(scheme, n + 1, u8::from(n == 8)));
	add("bad-mixed".into(), one_bad.collect());
	let ed25519 = |bad: Option<usize>| {
		let one = move |n| made(KeyScheme::Ed25519, n + 1, u8::from(bad == Some(n)));
		(0..MOST + 5).map(one).collect()
	};
	add("good-two-groups".into(), ed25519(None));
	add("bad-first".into(), ed25519(Some(0)));
	add("bad-last-of-a-group".into(), ed25519(Some(MOST - 1)));
	add("bad-first-of-a-group".into(), ed25519(Some(MOST)));
	let again = |n: usize| made(KeyScheme::Ed25519, 1 + n % 2, 0);
	add("good-of-two-devices".into(), (0..12).map(again).collect());
	add("good-edges".into(), [ODD_R, HIGH_S, ODD_R, ODD_R, ODD_R].map(written).to_vec());
	add("bad-empty".into(), Vec::new());
	let noise = (PublicKey::Ed25519([0x5a; 32]), Signature([0xa5; 64]), &b"noise"[..]);
	add("bad-noise".into(), vec![written(noise); 5]);
	add("bad-cancels-out".into(), cancelling());
	all
}

/// Returns two signatures whose errors cancel out: one s is greater by 1, the other less by 1.
fn cancelling() -> Vec<Vec<u8>> {
	let sign = |secret, more: bool| {
		let key = DeviceKey::from_secret(KeyScheme::Ed25519, &[secret; 32])
			.expect("any 32 bytes are a seed; qed");
		let Ok(mut signature) = Signer::sign(&key, b"a report");
		// Only the lowest byte changes.
		let byte = &mut signature.0[32];
		*byte = if more { byte.checked_add(1) } else { byte.checked_sub(1) }
			.expect("the lowest bytes of these two are not 0xff and 0x00; qed");
		written((key.public_key(), signature, b"a report"))
	};
	let mut items = vec![sign(1, true), sign(2, false)];
	items.extend((3..6).map(|n| made(KeyScheme::Ed25519, n, 0)));
	items
}
