//! Comparison of the C encoder, `device/c`, with the published vectors and this SDK. The tests
//! compile the encoder with the machine's compiler (`$CC`, else `cc`) and run it.

mod common;

use codec::{Decode, Encode};
use common::{Signed, Vector};
use depin_device::key::{verify, DeviceKey, Signer};
use depin_primitives::{
	hashing::blake2_256,
	report::{readings_root, Reading, SignedReport},
	KeyScheme, H256,
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

/// Runs the compiler. `$CC` may hold flags as well, as for make.
fn cc(arguments: &[&str], sources: &[PathBuf], output: &Path) -> Output {
	let name = env::var("CC").ok().filter(|name| !name.trim().is_empty());
	let name = name.unwrap_or_else(|| "cc".into());
	let mut words = name.split_whitespace();
	let mut command = Command::new(words.next().expect("the name is not blank; qed"));
	command.args(words).args(arguments).args(sources).arg("-o").arg(output);
	command.output().unwrap_or_else(|error| {
		panic!("no C compiler: `{name}` cannot be run ({error}); scripts/setup installs one, or set CC")
	})
}

impl Program {
	/// Compiles `device/c`, with the sanitizers for memory and undefined behaviour if the compiler
	/// has them.
	fn new(test: &str, more: &[&str]) -> Self {
		let folder =
			Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("c-{test}-{}", process::id()));
		fs::create_dir_all(&folder).expect("the folder for temporary files can be written to");
		let program = Self { folder };

		let probe = program.folder.join("probe.c");
		fs::write(&probe, "int main(void) { return 0; }\n").unwrap();
		let sanitizes = cc(&SANITIZE, &[probe], &program.file("probe")).status.success()
			&& Command::new(program.file("probe")).status().is_ok_and(|status| status.success());
		let sanitize: &[&str] = if sanitizes { &SANITIZE } else { &[] };

		let source = |name| common::in_repository("device/c").join(name);
		let sources = ["blake2b.c", "depin_report.c", "vectors.c"].map(source);
		let compiled = cc(&[&FLAGS, sanitize, more].concat(), &sources, &program.file("vectors"));
		let said = String::from_utf8_lossy(&compiled.stderr).into_owned();
		assert!(compiled.status.success(), "device/c does not compile:\n{said}");
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
		"ninth-metric refused",
		"sum-above refused",
		"sum-below refused",
		"sixty-five-inline refused",
		"nine-summaries refused",
	];
	assert_eq!(program.lines(&["refusals"]), expected);
}
