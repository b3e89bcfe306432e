//! Test vectors of `docs/wire-format.md` and `docs/vectors/reports.json`, which are computed again
//! and compared with both. When the wire format changes, write the file and then adapt the page to
//! it:
//!
//! `cargo test -p depin-device --test vectors -- --ignored`

mod common;

use codec::{Decode, Encode};
use common::{DigestVector, Key, ReadingVector, Signed, Statement, SummaryVector, Vector, Vectors};
use depin_device::{
	device::Device,
	key::DeviceKey,
	reporter::{Delivery, Reporter, ReporterState},
	uplink,
};
use depin_primitives::{
	hashing::blake2_256,
	report::{DataDigest, DataDigests, Reading, Readings, Report, SignedReport},
	signing::{GenesisPrefix, Signable},
	statement::{KeyAdoption, KeyRotation, OwnerConsent, TimedSignature},
	verify::portable::verify_bytes,
	KeyScheme, Millis, NetworkId, PublicKey, Signature, H256,
};
use std::{array, collections::BTreeSet, fs, ops::Range};

const START: Millis = 1_790_000_000_000;

/// Returns 32 bytes, each of which is one greater than the byte before.
fn count_up(first: u8) -> [u8; 32] {
	array::from_fn(|at| first + at as u8)
}

fn genesis() -> H256 {
	H256(count_up(0xa0))
}

fn device(scheme: KeyScheme) -> Device<DeviceKey> {
	let key = DeviceKey::from_secret(scheme, &count_up(1)).expect("a secret of every scheme");
	Device::new(key, genesis())
}

fn name(scheme: KeyScheme) -> String {
	format!("{scheme:?}").to_lowercase()
}

/// Report that a device is to make.
struct Task {
	name: &'static str,
	sequence: u64,
	window: Range<Millis>,
	work: u64,
	previous: H256,
	readings: Vec<Reading>,
	delivery: Delivery,
	digests: Vec<DataDigest>,
	schemes: &'static [KeyScheme],
}

fn tasks() -> Vec<Task> {
	let reading = |after, metric, value| Reading { time: START + after, metric, value };
	let digest = |kind, first| DataDigest { kind, digest: H256(count_up(first)) };
	let previous = H256(count_up(0xc0));
	let metrics = [65_535, 4_096, 513, 256, 255, 2, 1, 0, 513, 2, 513];
	let values =
		[i64::MIN, i64::MAX, -1, 0, 1, -4_294_967_296, 4_294_967_295, 1_000, -256, 65_536, 127];
	vec![
		Task {
			name: "three-readings",
			sequence: 258,
			window: START..START + 600_000,
			work: 70_000,
			previous,
			readings: vec![
				reading(0, 513, 101_325),
				reading(200_000, 1, -125),
				reading(400_000, 1, 75),
			],
			delivery: Delivery::Inline,
			digests: vec![],
			schemes: &KeyScheme::ALL,
		},
		Task {
			name: "no-readings",
			sequence: 1,
			window: START..START + 3_600_000,
			work: 3_600,
			previous: H256::zero(),
			readings: vec![],
			delivery: Delivery::Inline,
			digests: vec![],
			schemes: &[KeyScheme::Ed25519],
		},
		Task {
			name: "eight-metrics",
			sequence: u64::MAX,
			window: START..START + 60_000,
			work: u64::MAX,
			previous,
			readings: (0..11).map(|i| reading(1_000 * i as u64, metrics[i], values[i])).collect(),
			delivery: Delivery::Committed,
			digests: vec![digest(DataDigest::POSEIDON_BLS12_381, 0x40), digest(200, 0x60)],
			schemes: &[KeyScheme::Ed25519],
		},
		Task {
			name: "sixty-four-readings",
			sequence: 2,
			window: START..START + 64_000,
			work: 64,
			previous,
			readings: (0..64).map(|i| reading(1_000 * i as u64, 7, i * i - 1_000)).collect(),
			delivery: Delivery::Inline,
			digests: vec![],
			schemes: &[KeyScheme::Ed25519],
		},
	]
}

fn signed(task: &Task, scheme: KeyScheme) -> SignedReport {
	let state = ReporterState {
		sequence: task.sequence - 1,
		previous: task.previous,
		window_end: task.window.start,
	};
	let digests = DataDigests::try_from(task.digests.clone()).expect("at most two digests");
	let Task { window, work, readings, delivery, .. } = task;
	Reporter::resume(state)
		.report_with(&device(scheme), window.clone(), *work, readings, *delivery, digests)
		.expect("the task makes a good report")
}

/// Computes the contents of the file. Schnorrkel does not define the bytes of a signature: if
/// `sr25519` is given, it replaces this SDK's signature of that scheme.
fn derive(sr25519: Option<Signature>) -> Vectors {
	let vector = |task: Task| {
		let reports = task.schemes.iter().map(|&scheme| {
			let mut signed = signed(&task, scheme);
			if let (KeyScheme::Sr25519, Some(given)) = (scheme, sr25519) {
				signed.signature = given;
			}
			(scheme, signed)
		});
		let reports: Vec<_> = reports.collect();
		let report = &reports[0].1.report;
		let reading = |reading: &Reading| ReadingVector {
			time: reading.time,
			metric: reading.metric,
			value: reading.value,
			bytes: hex::encode(reading.encode()),
			leaf: hex::encode(reading.using_encoded(blake2_256)),
		};
		let metrics = report.metrics.iter().map(|summary| SummaryVector {
			metric: summary.metric,
			count: summary.count,
			min: summary.min,
			max: summary.max,
			sum: summary.sum,
			bytes: hex::encode(summary.encode()),
		});
		let signed = reports.iter().map(|(scheme, signed)| Signed {
			scheme: name(*scheme),
			report: hex::encode(signed.report.encode()),
			hash: hex::encode(signed.report.hash()),
			signing_bytes: hex::encode(signed.report.signing_bytes(&genesis())),
			signature: hex::encode(signed.signature.0),
			signed_report: hex::encode(signed.encode()),
			uplink: hex::encode(uplink::encode(signed, &task.readings).expect("its readings")),
		});
		let digests = report
			.digests
			.iter()
			.map(|of| DigestVector { kind: of.kind, digest: hex::encode(of.digest) });
		Vector {
			name: task.name.into(),
			sequence: report.sequence,
			window_start: report.window_start,
			window_end: report.window_end,
			work: report.work,
			previous: hex::encode(report.previous),
			readings: task.readings.iter().map(reading).collect(),
			readings_root: hex::encode(report.readings_root),
			readings_count: report.readings_count,
			flags: report.flags.0,
			metrics: metrics.collect(),
			digests: digests.collect(),
			inline_readings: hex::encode(task.readings.encode()),
			signed: signed.collect(),
		}
	};
	let keys = KeyScheme::ALL.map(|scheme| Key {
		scheme: name(scheme),
		public_key: hex::encode(device(scheme).public_key().encode()),
		device: hex::encode(device(scheme).id()),
	});
	Vectors {
		genesis: hex::encode(genesis()),
		genesis_prefix: hex::encode(GenesisPrefix::of(&genesis()).0),
		secret: hex::encode(count_up(1)),
		keys: keys.into(),
		reports: tasks().into_iter().map(vector).collect(),
		statements: statements(),
	}
}

/// Network of the consent.
const NETWORK: NetworkId = 258;
/// Expiry of the statements.
const EXPIRES: Millis = START + 86_400_000;

/// Makes the statements: the device with the Ed25519 key joins a network and takes on the P-256
/// key.
fn statements() -> Vec<Statement> {
	let (old, owner) = (device(KeyScheme::Ed25519), count_up(0xe0));
	let new_key = device(KeyScheme::P256).public_key();
	let new = old.clone().rotated(device(KeyScheme::P256).signer().clone());
	let statement = |name: &str, scheme, signing_bytes: Vec<u8>, signed: TimedSignature| {
		assert_eq!(signed.expires, EXPIRES);
		Statement {
			name: name.into(),
			scheme: self::name(scheme),
			expires: EXPIRES,
			signing_bytes: hex::encode(signing_bytes),
			signature: hex::encode(signed.signature.0),
		}
	};
	let consent = OwnerConsent { network: NETWORK, owner, expires: EXPIRES };
	let rotation = KeyRotation { device: old.id(), owner, new_key, expires: EXPIRES };
	let adoption = KeyAdoption { device: old.id(), owner, expires: EXPIRES };
	let Ok(by_device) = old.consent(NETWORK, owner, EXPIRES);
	let Ok(by_old) = old.rotation(owner, new_key, EXPIRES);
	let Ok(by_new) = new.adoption(owner, EXPIRES);
	let genesis = genesis();
	vec![
		statement("consent", KeyScheme::Ed25519, consent.signing_bytes(&genesis), by_device),
		statement("rotation", KeyScheme::Ed25519, rotation.signing_bytes(&genesis), by_old),
		statement("adoption", KeyScheme::P256, adoption.signing_bytes(&genesis), by_new),
	]
}

fn bytes(text: &str) -> Vec<u8> {
	hex::decode(text).expect("hexadecimal digits")
}

fn signature(of: &Signed) -> Signature {
	Signature(bytes(&of.signature).try_into().expect("64 bytes"))
}

fn public_key(vectors: &Vectors, scheme: &str) -> PublicKey {
	let key = vectors.keys.iter().find(|key| key.scheme == scheme).expect("a key of each scheme");
	let key = bytes(&key.public_key);
	let mut rest = &key[..];
	let decoded = PublicKey::decode(&mut rest).expect("a public key");
	assert!(rest.is_empty());
	decoded
}

/// Returns all signed reports.
fn all_signed(vectors: &Vectors) -> impl Iterator<Item = &Signed> {
	vectors.reports.iter().flat_map(|report| &report.signed)
}

#[test]
#[ignore = "writes docs/vectors/reports.json"]
fn write_the_file() {
	let mut text = serde_json::to_string_pretty(&derive(None)).unwrap();
	text.push('\n');
	fs::create_dir_all(common::path().parent().unwrap()).unwrap();
	fs::write(common::path(), text).unwrap();
}

#[test]
fn the_file_holds_the_computed_vectors() {
	let file = common::read();
	let of_sr25519: Vec<_> = all_signed(&file).filter(|of| of.scheme == "sr25519").collect();
	assert_eq!(of_sr25519.len(), 1);
	assert_eq!(derive(Some(signature(of_sr25519[0]))), file);
}

#[test]
fn signatures_verify_and_damaged_ones_do_not() {
	let file = common::read();
	assert_eq!(all_signed(&file).count(), KeyScheme::ALL.len() + 3);
	for of in all_signed(&file) {
		let key = public_key(&file, &of.scheme);
		let (signature, message) = (signature(of), bytes(&of.signing_bytes));
		assert!(verify_bytes(&key, &signature, &message), "{}", of.scheme);

		// Flips a bit in every field, and in both halves of the signature.
		for at in (0..message.len()).step_by(15).chain([message.len() - 1]) {
			let mut message = message.clone();
			message[at] ^= 1;
			assert!(!verify_bytes(&key, &signature, &message), "{}, byte {at}", of.scheme);
		}
		for at in [0, 31, 32, 63] {
			let mut signature = signature;
			signature.0[at] ^= 1;
			assert!(!verify_bytes(&key, &signature, &message), "{}, byte {at}", of.scheme);
		}
		for other in KeyScheme::ALL.map(name).iter().filter(|other| **other != of.scheme) {
			assert!(!verify_bytes(&public_key(&file, other), &signature, &message));
		}
	}
}

#[test]
fn signatures_of_statements_verify_and_damaged_ones_do_not() {
	let file = common::read();
	let names: Vec<_> = file.statements.iter().map(|of| of.name.as_str()).collect();
	assert_eq!(names, ["consent", "rotation", "adoption"]);
	for of in &file.statements {
		let key = public_key(&file, &of.scheme);
		let signature = Signature(bytes(&of.signature).try_into().expect("64 bytes"));
		let message = bytes(&of.signing_bytes);
		assert!(verify_bytes(&key, &signature, &message), "{}", of.name);
		assert_eq!(message[message.len() - 8..], of.expires.to_le_bytes(), "{}", of.name);
		for at in 0..message.len() {
			let mut message = message.clone();
			message[at] ^= 1;
			assert!(!verify_bytes(&key, &signature, &message), "{}, byte {at}", of.name);
		}
	}
}

#[test]
fn the_chain_decodes_the_signed_reports() {
	let file = common::read();
	for vector in &file.reports {
		let inline = bytes(&vector.inline_readings);
		let mut rest = &inline[..];
		let readings = Readings::decode(&mut rest).expect("readings that a call takes");
		assert!(rest.is_empty());
		for of in &vector.signed {
			let handed_in = bytes(&of.signed_report);
			let mut rest = &handed_in[..];
			let signed = SignedReport::decode(&mut rest).expect("a report that a call takes");
			assert!(rest.is_empty());
			assert_eq!(signed.chain, GenesisPrefix::of(&genesis()));
			assert_eq!(signed.report.check_form(), Ok(()));
			assert_eq!(signed.report.check_committed(&readings), Ok(()));
			let inline = signed.report.flags.is_inline().then_some(&readings);
			assert_eq!(signed.report.check_readings(inline), Ok(()));
			let previous = H256(bytes(&vector.previous).try_into().expect("32 bytes"));
			let device = signed.report.device;
			let expanded =
				uplink::expand(&bytes(&of.uplink), signed.chain, device, previous).unwrap();
			assert_eq!(expanded, (signed.clone(), readings.to_vec()));
			let key = public_key(&file, &of.scheme);
			assert_eq!(signed.report.device, key.device_id());
			let message = signed.report.signing_bytes(&genesis());
			assert!(verify_bytes(&key, &signed.signature, &message));
		}
	}
}

/// Returns the page of the wire format.
fn page() -> String {
	let path = common::in_repository("docs/wire-format.md");
	fs::read_to_string(path).expect("docs/wire-format.md can be read")
}

/// Returns the text below a heading, up to the next heading of any level or, with subsections, of
/// the same level or above.
fn section<'a>(page: &'a str, heading: &str, with_subsections: bool) -> &'a str {
	let (_, rest) = page.split_once(&format!("\n{heading}\n")).expect("a heading of the page");
	let level = heading.chars().take_while(|c| *c == '#').count();
	let mut end = 0;
	for line in rest.split_inclusive('\n') {
		let other = line.chars().take_while(|c| *c == '#').count();
		if other > 0 && (!with_subsections || other <= level) {
			break;
		}
		end += line.len();
	}
	&rest[..end]
}

/// Checks a table whose first columns are offset and length, and whose last columns show the bytes
/// of the examples as hexadecimal. The rows must follow one another without a gap from 0 on, and
/// each cell must show the example's bytes. Rows without a fixed offset or length must be the last.
/// Returns the end of the last row that is fixed.
fn check_table(text: &str, examples: &[&[u8]]) -> usize {
	let rows = text.lines().filter(|line| line.starts_with('|')).skip(2);
	let mut end = 0;
	let mut open = false;
	for row in rows {
		let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
		let (Ok(offset), Ok(length)) = (cells[0].parse::<usize>(), cells[1].parse::<usize>())
		else {
			open = true;
			continue;
		};
		assert!(!open && offset == end, "{row}");
		end = offset + length;
		let shown = &cells[cells.len() - examples.len()..];
		for (example, shown) in examples.iter().zip(shown) {
			assert_eq!(format!("`{}`", hex::encode(&example[offset..end])), *shown, "{row}");
		}
	}
	end
}

#[test]
fn the_tables_of_the_page_match_the_bytes() {
	let (page, vectors) = (page(), derive(None));
	let vector = &vectors.reports[0];
	let of = &vector.signed[0];
	let (report, signing) = (bytes(&of.report), bytes(&of.signing_bytes));
	let section = |heading| section(&page, heading, false);
	assert_eq!(check_table(section("## Report"), &[&report]), 134);

	let summaries: Vec<_> = vector.metrics.iter().map(|of| bytes(&of.bytes)).collect();
	assert_eq!(report[134..], [&summaries.concat()[..], &[0]].concat());
	let summaries: Vec<_> = summaries.iter().map(Vec::as_slice).collect();
	assert_eq!(check_table(section("### Summary"), &summaries), 30);

	let readings: Vec<_> = vector.readings.iter().map(|of| bytes(&of.bytes)).collect();
	let readings: Vec<_> = readings.iter().map(Vec::as_slice).collect();
	assert_eq!(check_table(section("### Reading"), &readings), 18);

	assert_eq!(check_table(section("### What the device signs"), &[&signing]), 48);
	let handed_in = bytes(&of.signed_report);
	assert_eq!(check_table(section("### What is handed in"), &[&handed_in]), 4);
	assert_eq!(handed_in.len(), 203 + 30 * summaries.len());
}

/// Returns the runs of hexadecimal digits of 8 bytes or more.
fn digits(text: &str) -> BTreeSet<&str> {
	let is_digit = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
	text.split(|c| !is_digit(c)).filter(|run| run.len() >= 16).collect()
}

#[test]
fn the_page_shows_these_vectors_and_no_others() {
	let (page, file) = (page(), common::read());
	let shown = digits(section(&page, "## Test vectors", true));

	let mut expected = BTreeSet::from([&file.genesis, &file.secret]);
	for key in &file.keys {
		expected.extend([&key.public_key, &key.device]);
	}
	let [three, others @ ..] = &file.reports[..] else { panic!("no reports") };
	expected.extend(three.readings.iter().flat_map(|of| [&of.bytes, &of.leaf]));
	expected.extend(three.metrics.iter().map(|of| &of.bytes));
	expected.insert(&three.inline_readings);
	expected.insert(&three.previous);
	expected.insert(&three.signed[0].signing_bytes);
	expected.insert(&three.signed[0].uplink);
	for vector in &file.reports {
		if vector.readings_count != 0 {
			expected.insert(&vector.readings_root);
		}
		for of in &vector.signed {
			expected.extend([&of.report, &of.hash, &of.signature, &of.signed_report]);
		}
	}
	let owner = hex::encode(count_up(0xe0));
	expected.insert(&owner);
	for of in &file.statements {
		expected.extend([&of.signing_bytes, &of.signature]);
	}
	// The page shows the hash of inline readings that are too long for it.
	let [_, eight, sixty_four] = others else { panic!("no edge cases") };
	let leaves: Vec<_> = three.readings.iter().map(|of| bytes(&of.leaf)).collect();
	let inner = hex::encode(blake2_256(&leaves[..2].concat()));
	expected.extend(eight.digests.iter().map(|of| &of.digest));
	let hashes = [eight, sixty_four].map(|of| hex::encode(blake2_256(&bytes(&of.inline_readings))));
	expected.extend(&hashes);
	expected.insert(&inner);

	let expected: BTreeSet<_> = expected.into_iter().map(String::as_str).collect();
	assert_eq!(shown.difference(&expected).collect::<Vec<_>>(), Vec::<&&str>::new());
	assert_eq!(expected.difference(&shown).collect::<Vec<_>>(), Vec::<&&str>::new());
	assert!(page.contains(&format!("`{}`", file.genesis_prefix)));
}

#[test]
fn the_vectors_show_what_their_names_say() {
	let file = common::read();
	let [three, none, eight, sixty_four] = &file.reports[..] else { panic!("four reports") };
	assert!(three.previous != hex::encode([0; 32]) && three.metrics.len() == 2);
	assert!(three.readings.len() == 3 && three.readings.iter().any(|of| of.value < 0));
	assert_eq!(none.readings_root, hex::encode([0; 32]));
	assert_eq!(
		(none.previous.as_str(), none.inline_readings.as_str()),
		(&*none.readings_root, "00")
	);
	assert_eq!(eight.metrics.len(), 8);
	let report = bytes(&eight.signed[0].report);
	assert_eq!((report.len(), report[133], report[374]), (441, 32, 8));
	assert_eq!(Report::decode(&mut &report[..]).map(|of| of.metrics.len()), Ok(8));
	assert_eq!([three, none, eight, sixty_four].map(|of| of.flags), [1, 0, 0, 1]);
	assert_eq!(eight.digests.iter().map(|of| of.kind).collect::<Vec<_>>(), [1, 200]);
	assert_eq!(three.signed[0].uplink.len() / 2, 98);
	assert_eq!(sixty_four.readings_count, 64);
	assert!(sixty_four.inline_readings.starts_with("0101"));
	assert_eq!(sixty_four.inline_readings.len(), 2 * (2 + 64 * 18));
}
