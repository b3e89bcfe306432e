//! Comparison of the C encoder, `device/c`, with the published vectors and this SDK. The tests
//! compile the encoder with the machine's compiler (`$CC`, else `cc`) and run it.

mod common;

use codec::{Decode, Encode};
use common::{Signed, Vector};
use depin_device::{
	key::{verify, DeviceKey, Signer},
	uplink,
};
use depin_primitives::{
	beacon::{commitment, transmission, Beacon, BeaconChallenge, SignedWitness, WitnessReport},
	hashing::blake2_256,
	report::{readings_root, Reading, SignedReport},
	signing::{GenesisPrefix, Signable},
	statement::{KeyAdoption, KeyRotation, OwnerConsent, TimedSignature},
	verify::portable::verify_bytes,
	KeyScheme, PublicKey, Signature, H256,
};
use std::{
	env, fs,
	path::{Path, PathBuf},
	process::{self, Command, Output},
};

const FLAGS: [&str; 6] = ["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-O2"];
const SANITIZE: [&str; 2] = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"];

/// Compiled program, in a folder that is removed with it.
struct Program {
	folder: PathBuf,
}

impl Drop for Program {
	fn drop(&mut self) {
		let _ = fs::remove_dir_all(&self.folder);
	}
}

/// Runs the compiler that the variable names, which may hold flags as well, as for make. Inputs are
/// sources, objects and libraries, in order.
fn compile(
	(variable, default): (&str, &str),
	arguments: &[&str],
	inputs: &[PathBuf],
	output: &Path,
) -> Output {
	let name = env::var(variable).ok().filter(|name| !name.trim().is_empty());
	let name = name.unwrap_or_else(|| default.into());
	let mut words = name.split_whitespace();
	let mut command = Command::new(words.next().expect("the name is not blank; qed"));
	command.args(words).args(arguments).args(inputs).arg("-o").arg(output);
	command.output().unwrap_or_else(|error| {
		panic!("`{name}` cannot be run ({error}); scripts/setup installs it, or set {variable}")
	})
}

const C: (&str, &str) = ("CC", "cc");
const CPP: (&str, &str) = ("CXX", "c++");

/// Panics unless the compiler succeeded.
fn assert_compiled(what: &str, done: &Output) {
	let said = String::from_utf8_lossy(&done.stderr);
	assert!(done.status.success(), "{what} does not compile, see scripts/setup:\n{said}");
}

/// Returns a file of `device/c`.
fn source(name: &str) -> PathBuf {
	common::in_repository("device/c").join(name)
}

/// Sources of the encoder.
const SOURCES: [&str; 4] = ["blake2b.c", "depin_report.c", "depin_uplink.c", "depin_messages.c"];

impl Program {
	/// Makes the folder of a program that is not compiled yet.
	fn in_folder(test: &str) -> Self {
		let folder =
			Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("c-{test}-{}", process::id()));
		fs::create_dir_all(&folder).expect("the folder for temporary files can be written to");
		Self { folder }
	}

	/// Compiles `device/c`, with the sanitizers for memory and undefined behaviour if the compiler
	/// has them.
	fn new(test: &str, more: &[&str]) -> Self {
		let program = Self::in_folder(test);
		let probe = program.folder.join("probe.c");
		fs::write(&probe, "int main(void) { return 0; }\n").unwrap();
		let sanitizes = compile(C, &SANITIZE, &[probe], &program.file("probe")).status.success()
			&& Command::new(program.file("probe")).status().is_ok_and(|status| status.success());
		let sanitize: &[&str] = if sanitizes { &SANITIZE } else { &[] };

		let sources: Vec<_> = SOURCES.into_iter().chain(["vectors.c"]).map(source).collect();
		let arguments = [&FLAGS, sanitize, more].concat();
		assert_compiled("device/c", &compile(C, &arguments, &sources, &program.file("vectors")));
		program
	}

	/// Compiles a program of `device/c/examples` with the encoder, which is in C in any case.
	fn example(compiler: (&str, &str), name: &str, arguments: &[&str], libraries: &[&str]) -> Self {
		let program = Self::in_folder(name);
		let objects = SOURCES.map(|name| {
			let object = program.file(name).with_extension("o");
			let arguments = [&FLAGS[..], &["-c"]].concat();
			assert_compiled(name, &compile(C, &arguments, &[source(name)], &object));
			object
		});
		let include = format!("-I{}", source("").display());
		let strict = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", &include];
		let inputs: Vec<_> = [source("examples").join(name)]
			.into_iter()
			.chain(objects)
			.chain(libraries.iter().map(PathBuf::from))
			.collect();
		let output = program.file("vectors");
		let done = compile(compiler, &[&strict[..], arguments].concat(), &inputs, &output);
		assert_compiled(name, &done);
		program
	}

	fn file(&self, name: &str) -> PathBuf {
		self.folder.join(name)
	}

	fn output(&self, arguments: &[&str]) -> Output {
		Command::new(self.file("vectors")).args(arguments).output().expect("the program runs")
	}

	/// Runs the program, and returns the lines that it prints.
	fn lines(&self, arguments: &[&str]) -> Vec<String> {
		let output = self.output(arguments);
		let said = String::from_utf8_lossy(&output.stderr);
		assert!(output.status.success(), "{arguments:?}: {} {said}", output.status);
		String::from_utf8(output.stdout).expect("text").lines().map(Into::into).collect()
	}
}

/// Returns the lines that the program must print for a report.
fn expected_lines(vector: &Vector, of: &Signed, device: &str) -> Vec<String> {
	let mut lines = vec![format!("device {device}")];
	for (at, reading) in vector.readings.iter().enumerate() {
		lines.push(format!("reading.{at} {}", reading.bytes));
		lines.push(format!("leaf.{at} {}", reading.leaf));
	}
	lines.push(format!("root {}", vector.readings_root));
	lines.push(format!("report {}", of.report));
	for (at, summary) in vector.metrics.iter().enumerate() {
		lines.push(format!("summary.{at} {}", summary.bytes));
	}
	lines.push(format!("hash {}", of.hash));
	lines.push(format!("signing {}", of.signing_bytes));
	lines.push(format!("signed {}", of.signed_report));
	lines.push(format!("inline {}", vector.inline_readings));
	lines.push(format!("uplink {}", of.uplink));
	lines
}

#[test]
fn the_encoder_gives_the_published_vectors() {
	let program = Program::new("vectors", &[]);
	let file = common::read();
	for vector in &file.reports {
		for of in &vector.signed {
			let key = file.keys.iter().find(|key| key.scheme == of.scheme).unwrap();
			let lines = program.lines(&["report", &vector.name, &key.public_key, &of.signature]);
			assert_eq!(lines, expected_lines(vector, of, &key.device), "{}", vector.name);
		}
	}
}

#[test]
fn signed_reports_of_the_encoder_verify() {
	let program = Program::new("sign", &[]);
	let genesis = H256(core::array::from_fn(|at| 0xa0 + at as u8));
	for scheme in KeyScheme::ALL {
		// A key that is not in the published vectors.
		let key = DeviceKey::from_secret(scheme, &[9; 32]).unwrap();
		let public_key = hex::encode(key.public_key().encode());
		let line = |name: &str, signature: &str| {
			let lines = program.lines(&["report", "eight-metrics", &public_key, signature]);
			let found = lines.iter().find_map(|line| line.strip_prefix(&format!("{name} ")));
			hex::decode(found.expect("a line of this name")).expect("hexadecimal digits")
		};
		let message = line("signing", &"00".repeat(64));
		let Ok(signature) = Signer::sign(&key, &message);
		let handed_in = line("signed", &hex::encode(signature.0));
		let signed = SignedReport::decode(&mut &handed_in[..]).expect("a signed report");
		assert_eq!(signed.encode(), handed_in);
		assert_eq!(signed.report.check_form(), Ok(()));
		assert_eq!(signed.report.device, key.public_key().device_id());
		assert!(verify(&key.public_key(), &signed.signature, &signed.report, &genesis));
	}
}

/// Returns the readings that the program makes by the rule of its report of 64 readings.
fn readings(count: usize) -> Vec<Reading> {
	let reading = |i: usize| Reading {
		time: 1_790_000_000_000 + 1_000 * i as u64,
		metric: 7,
		value: (i * i) as i64 - 1_000,
	};
	(0..count).map(reading).collect()
}

#[test]
fn roots_and_inline_readings_are_those_of_the_chain() {
	let program = Program::new("readings", &[]);
	for count in (0..=70).chain([127, 128, 129, 1_000, 4_095]) {
		let readings = readings(count);
		let inline = if count <= 64 { hex::encode(readings.encode()) } else { String::new() };
		let root = hex::encode(readings_root(&readings));
		let lines = program.lines(&["readings", &count.to_string()]);
		assert_eq!(lines, [format!("root {root}"), format!("inline {inline}")], "{count}");
	}
}

#[test]
fn a_smaller_tree_takes_fewer_readings() {
	let program = Program::new("levels", &["-DDEPIN_ROOT_LEVELS=3"]);
	let root = hex::encode(readings_root(&readings(7)));
	assert_eq!(program.lines(&["readings", "7"])[0], format!("root {root}"));
	let refused = program.output(&["readings", "8"]);
	assert_eq!(refused.status.code(), Some(1));
	assert_eq!(String::from_utf8_lossy(&refused.stderr), "the tree is full\n");
}

#[test]
fn the_hash_is_blake2b_256() {
	let program = Program::new("blake2b", &[]);
	// Lengths around the bounds of BLAKE2b's blocks of 128 bytes.
	for length in [0, 1, 8, 18, 63, 64, 65, 127, 128, 129, 255, 256, 257, 373, 384, 385, 4_096] {
		let input: Vec<_> = (0..length).map(|at| (at % 251) as u8).collect();
		let expected = format!("blake2b {}", hex::encode(blake2_256(&input)));
		assert_eq!(program.lines(&["blake2b", &length.to_string()]), [expected], "{length}");
	}
}

#[test]
fn the_encoder_refuses_what_the_chain_would() {
	let program = Program::new("refusals", &[]);
	let expected = [
		"before-window refused",
		"after-window refused",
		"earlier refused",
		"lower-metric refused",
		"same-place refused",
		"ninth-metric refused",
		"sum-above refused",
		"sum-below refused",
		"sixty-five-inline refused",
		"wrong-key-length refused",
		"other-readings refused",
		"nine-summaries refused",
		"three-digests refused",
		"digest-of-kind-zero refused",
		"digest-kind-twice refused",
		"sixty-five-flagged refused",
		"none-flagged refused",
	];
	assert_eq!(program.lines(&["refusals"]), expected);
}

/// Returns the lines that the program prints for an uplink, or nothing if it refuses the uplink.
fn expand(program: &Program, uplink: &[u8], device: H256, previous: H256) -> Option<Vec<String>> {
	let arguments = [hex::encode(uplink), hex::encode(device), hex::encode(previous)];
	let [uplink, device, previous] = &arguments;
	let output = program.output(&["expand", uplink, device, previous]);
	let said = String::from_utf8_lossy(&output.stderr);
	if !output.status.success() {
		// Nothing else, such as a finding of a sanitizer, is printed.
		assert_eq!(said, "the uplink is refused\n", "{uplink}");
		return None;
	}
	Some(String::from_utf8(output.stdout).expect("text").lines().map(Into::into).collect())
}

/// Uplinks of the published reports, cut, and with each byte changed: the encoder in C expands what
/// the SDK expands, to the same bytes, and refuses what the SDK refuses.
#[test]
fn uplinks_expand_in_c_as_in_the_sdk() {
	let program = Program::new("uplinks", &[]);
	let file = common::read();
	let genesis = H256(core::array::from_fn(|at| 0xa0 + at as u8));
	let chain = GenesisPrefix::of(&genesis);
	let hash = |text: &str| H256(hex::decode(text).unwrap().try_into().unwrap());
	let compare = |uplink: &[u8], device, previous| {
		let lines = expand(&program, uplink, device, previous);
		let expected = uplink::expand(uplink, chain, device, previous).ok().map(|expanded| {
			let (signed, readings) = expanded;
			let readings = (0..).zip(&readings).map(|(at, reading): (usize, _)| {
				format!("reading.{at} {}", hex::encode(reading.encode()))
			});
			let signed = format!("signed {}", hex::encode(signed.encode()));
			let again = format!("again {}", hex::encode(uplink));
			[signed].into_iter().chain(readings).chain([again]).collect::<Vec<_>>()
		});
		assert_eq!(lines, expected, "{}", hex::encode(uplink));
		lines.is_some()
	};
	for vector in &file.reports {
		let (of, previous) = (&vector.signed[0], hash(&vector.previous));
		let device = hash(&file.keys[0].device);
		let uplink = hex::decode(&of.uplink).unwrap();
		assert!(compare(&uplink, device, previous), "{}", vector.name);
		assert!(!compare(&[&uplink[..], &[0]].concat(), device, previous));
		// The signature, the last 64 bytes, can be any: one change is enough there.
		let before_signature = uplink.len() - 64;
		for length in (0..before_signature).step_by(7).chain([uplink.len() - 1]) {
			compare(&uplink[..length], device, previous);
		}
		for at in (0..before_signature.min(60)).chain([uplink.len() - 1]) {
			for bit in [0x01, 0x08, 0x80] {
				let mut changed = uplink.clone();
				changed[at] ^= bit;
				compare(&changed, device, previous);
			}
		}
	}
}

#[test]
fn other_messages_are_those_of_the_sdk() {
	let program = Program::new("messages", &[]);
	let count_up = |first: u8| core::array::from_fn::<u8, 32, _>(|at| first + at as u8);
	let (genesis, device, owner) = (H256(count_up(0xa0)), H256(count_up(1)), count_up(0xe0));
	let signature = Signature(core::array::from_fn(|at| at as u8));
	let expires = 1_790_000_000_000;
	let mut key = [2; 33];
	key[1..].copy_from_slice(&count_up(0xc0));
	let new_key = PublicKey::P256(key);
	let nonce = H256(count_up(0x40));
	let report = WitnessReport {
		witness: device,
		beaconer: H256(owner),
		period: 7,
		commitment: commitment(&transmission(&signature), &device),
		rssi: -1_015,
		snr: -25,
		frequency: 868_100_000,
		heard_at: expires,
	};
	let chain = GenesisPrefix::of(&genesis);
	let line = |name: &str, bytes: Vec<u8>| format!("{name} {}", hex::encode(bytes));
	let expected = [
		line("consent", OwnerConsent { network: 258, owner, expires }.signing_bytes(&genesis)),
		line("rotation", KeyRotation { device, owner, new_key, expires }.signing_bytes(&genesis)),
		line("adoption", KeyAdoption { device, owner, expires }.signing_bytes(&genesis)),
		line("statement", TimedSignature { expires, signature }.encode()),
		line("beacon", BeaconChallenge { device, period: 7, nonce }.signing_bytes(&genesis)),
		line("revealed", Beacon { chain, device, period: 7, payload: signature }.encode()),
		line("witness", report.signing_bytes(&genesis)),
		line("witnessed", SignedWitness { chain, report, signature }.encode()),
	];
	assert_eq!(program.lines(&["messages", &hex::encode(signature.0)]), expected);
}

#[test]
fn a_key_of_the_psa_api_signs_for_the_chain() {
	let report = common::read().reports.swap_remove(0);
	let message = &report.signed[0].signing_bytes;
	let secret = "07".repeat(32);
	let program = Program::example(C, "sign_psa.c", &["-std=c99"], &["-lmbedcrypto"]);
	for arguments in [&[message.as_str()][..], &[message, &secret]] {
		let lines = program.lines(arguments);
		let [key, device, signature] = ["key", "device", "signature"].map(|name| {
			let found = lines.iter().find_map(|line| line.strip_prefix(&format!("{name} ")));
			hex::decode(found.expect("a line of this name")).expect("hexadecimal digits")
		});
		let key = PublicKey::decode(&mut &key[..]).expect("a public key");
		assert_eq!(device, key.device_id().0);
		let signature = Signature(signature.try_into().expect("64 bytes"));
		assert!(verify_bytes(&key, &signature, &hex::decode(message).unwrap()));
		if arguments.len() == 2 {
			let same = DeviceKey::from_secret(KeyScheme::P256, &[7; 32]).unwrap();
			assert_eq!(key, same.public_key());
		}
	}
}

#[test]
fn the_headers_are_usable_from_cpp() {
	let key = PublicKey::Ed25519([0; 32]);
	let lines = Program::example(CPP, "all.cpp", &["-std=c++11"], &[]).lines(&[]);
	assert_eq!(lines, [hex::encode(key.device_id())]);
}
