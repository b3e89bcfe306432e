//! Sizes in the weight files: all files must have been measured with the types that the code has.
//!
//! A benchmark writes the greatest size of each storage item that it reads, and the range of each
//! component, into the documentation of the weight. If a stored type or a bound grows and the
//! weights are not measured again, the chain undercharges; the comparison here finds such a file.

use crate::{AllPalletsWithSystem, Runtime};
use depin_primitives::{
	beacon::MAX_WITNESSES,
	report::{MAX_INLINE_READINGS, MAX_METRICS},
};
use frame_support::traits::{Get, StorageInfo, StorageInfoTrait};
use std::collections::{BTreeMap, BTreeSet};

/// Name and text of each weight file.
const FILES: [(&str, &str); 4] = [
	("pallet_attestation", include_str!("../weights/pallet_attestation.rs")),
	("pallet_coverage", include_str!("../weights/pallet_coverage.rs")),
	("pallet_device_registry", include_str!("../weights/pallet_device_registry.rs")),
	("pallet_rewards", include_str!("../weights/pallet_rewards.rs")),
];

/// Greatest size of each storage item, by `Pallet::Item`; `None` is unbounded.
type Sizes = BTreeMap<String, Option<u32>>;

/// Range of each component, by file, function and component.
type Ranges = BTreeMap<(String, String, String), (u32, u32)>;

/// Returns the sizes that the runtime's storage has.
fn sizes_of_code() -> Sizes {
	let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
	AllPalletsWithSystem::storage_info()
		.into_iter()
		.map(|StorageInfo { pallet_name, storage_name, max_size, .. }| {
			(format!("{}::{}", text(pallet_name), text(storage_name)), max_size)
		})
		.collect()
}

/// Returns the ranges that the benchmarks have.
fn ranges_of_code() -> Ranges {
	let batch = <Runtime as pallet_attestation::Config>::MaxBatch::get();
	let makers = <Runtime as pallet_device_registry::Config>::MaxMakersPerNetwork::get();
	let registrations = <Runtime as pallet_device_registry::Config>::MaxRegistrations::get();
	let claims = <Runtime as pallet_rewards::Config>::MaxClaims::get();
	let funded = <Runtime as pallet_rewards::Config>::MaxFunded::get();
	let prune = pallet_attestation::types::PRUNE_LIMIT;
	let clear = pallet_coverage::types::CLEAR_LIMIT;
	let readings = MAX_INLINE_READINGS;
	[
		("pallet_attestation", "report", "m", 0, MAX_METRICS),
		("pallet_attestation", "report", "r", 0, readings),
		("pallet_attestation", "authorize_report", "m", 0, MAX_METRICS),
		("pallet_attestation", "authorize_report", "r", 0, readings),
		("pallet_attestation", "submit_report", "m", 0, MAX_METRICS),
		("pallet_attestation", "submit_report", "r", 0, readings),
		("pallet_attestation", "submit_reports", "n", 1, batch),
		("pallet_attestation", "prune", "n", 0, prune),
		("pallet_coverage", "clear_rounds", "n", 0, clear),
		("pallet_coverage", "beacon", "w", 0, MAX_WITNESSES),
		("pallet_coverage", "submit_beacon", "w", 0, MAX_WITNESSES),
		("pallet_device_registry", "create_network", "m", 0, makers),
		("pallet_device_registry", "change_network", "m", 0, makers),
		("pallet_device_registry", "register_devices", "n", 1, registrations),
		("pallet_device_registry", "register_devices_refused", "n", 0, registrations),
		("pallet_rewards", "claim_batch", "n", 0, claims),
		("pallet_rewards", "claim_former_batch", "n", 0, claims),
		("pallet_rewards", "close_epoch", "n", 0, funded),
	]
	.into_iter()
	.map(|(file, function, component, from, to)| {
		((file.into(), function.into(), component.into()), (from, to))
	})
	.collect()
}

/// Returns the text between two others.
fn between<'a>(line: &'a str, before: &str, after: &str) -> Option<&'a str> {
	let (_, rest) = line.split_once(before)?;
	rest.split_once(after).map(|(found, _)| found)
}

/// Returns the number in `Some(…)`, or `None` if the text is `None`.
fn number(text: &str) -> Option<u32> {
	let digits = text.strip_prefix("Some(")?.trim_end_matches(')');
	Some(digits.parse().unwrap_or_else(|_| panic!("{text} is no size")))
}

/// Returns all faults of the files: sizes that differ among the files or from the code's, sums that
/// are not those of their size, ranges that differ from the code's, and ranges that are missing.
fn faults(files: &[(&str, &str)], sizes: &Sizes, ranges: &Ranges) -> BTreeSet<String> {
	let mut faults = BTreeSet::new();
	let mut fault = |text: String| _ = faults.insert(text);
	let mut in_files = BTreeMap::<&str, (&str, Option<u32>)>::new();
	let mut found = Ranges::new();
	for (file, text) in files {
		let mut components = Vec::new();
		for line in text.lines() {
			if let Some(item) = between(line, "Proof: `", "`").filter(|item| item.contains("::")) {
				let size = number(between(line, "`max_size`: ", ",").expect("a size"));
				let values = number(between(line, "`max_values`: ", ",").expect("a number"));
				let added = between(line, "added: ", ",").expect("a sum").parse::<u32>().unwrap();
				match sizes.get(item) {
					None => fault(format!("{file}: {item} does not exist")),
					Some(code) if *code != size => fault(format!(
						"{file}: {item} has {size:?} bytes, and {code:?} in the code"
					)),
					Some(_) => {}
				}
				match in_files.get(item) {
					Some((other, of_other)) if *of_other != size => fault(format!(
						"{item} has {size:?} bytes in {file}, and {of_other:?} in {other}"
					)),
					_ => _ = in_files.insert(item, (file, size)),
				}
				// A trie node of a map, or of a single value, comes on top of the size.
				let node = if values == Some(1) { 495 } else { 2_475 };
				if size.is_some_and(|size| size + node != added) && values.is_none_or(|v| v == 1) {
					fault(format!("{file}: {item} adds {added}, which is not its size"));
				}
			}
			if let Some(component) = between(line, "The range of component `", "`") {
				let range = between(line, "is `[", "]`").expect("a range");
				let (from, to) = range.split_once(", ").expect("two ends");
				let ends = (from.parse().unwrap(), to.parse().unwrap());
				components.push((component, ends));
			}
			if let Some(function) = between(line, "\tfn ", "(") {
				for (component, ends) in components.drain(..) {
					found.insert(((*file).into(), function.into(), component.into()), ends);
				}
			}
		}
	}
	for (of, ends) in &found {
		match ranges.get(of) {
			None => fault(format!("{of:?} is not listed in ranges_of_code")),
			Some(code) if code != ends => {
				fault(format!("{of:?} is {ends:?}, and {code:?} in the code"))
			}
			Some(_) => {}
		}
	}
	for of in ranges.keys().filter(|of| !found.contains_key(*of)) {
		fault(format!("{of:?} is not measured"));
	}
	faults
}

#[test]
fn the_weight_files_agree_with_the_code() {
	let faults = faults(&FILES, &sizes_of_code(), &ranges_of_code());
	assert!(faults.is_empty(), "run scripts/benchmark:\n{}", Vec::from_iter(faults).join("\n"));
}

#[test]
fn each_fault_of_a_weight_file_is_found() {
	let file = |size: u32, added: u32, to: u32| {
		format!(
			"\t/// Proof: `Coverage::Scores` (`max_values`: None, `max_size`: Some({size}), \
			 added: {added}, mode: `MaxEncodedLen`)\n\
			 \t/// The range of component `w` is `[0, {to}]`.\n\tfn beacon(w: u32, ) -> Weight {{\n"
		)
	};
	let sizes = Sizes::from([("Coverage::Scores".into(), Some(44))]);
	let range = |function: &str| (String::from("a"), String::from(function), String::from("w"));
	let ranges = Ranges::from([(range("beacon"), (0, 32))]);
	let faults_of = |text: &str| Vec::from_iter(faults(&[("a", text)], &sizes, &ranges));

	assert_eq!(faults_of(&file(44, 2_519, 32)), Vec::<String>::new());
	let fault = faults_of(&file(40, 2_515, 32));
	assert_eq!(fault, ["a: Coverage::Scores has Some(40) bytes, and Some(44) in the code"]);
	let fault = faults_of(&file(44, 2_500, 32));
	assert_eq!(fault, ["a: Coverage::Scores adds 2500, which is not its size"]);
	let fault = faults_of(&file(44, 2_519, 14));
	assert!(fault.len() == 1 && fault[0].ends_with("is (0, 14), and (0, 32) in the code"));
	let unmeasured = file(44, 2_519, 32).replace("component `w`", "nothing");
	assert!(faults_of(&unmeasured)[0].ends_with("is not measured"));
	let unknown = file(44, 2_519, 32).replace("fn beacon", "fn other");
	assert!(faults_of(&unknown).iter().any(|fault| fault.contains("not listed")));
	let missing = file(44, 2_519, 32).replace("Scores", "Marks");
	assert_eq!(faults_of(&missing), ["a: Coverage::Marks does not exist"]);

	// Two files of which one is older.
	let (new, old) = (file(44, 2_519, 32), file(40, 2_515, 32).replace("component `w`", "nothing"));
	let both = faults(&[("a", &new), ("b", &old)], &sizes, &ranges);
	assert!(both.contains("Coverage::Scores has Some(40) bytes in b, and Some(44) in a"));
}
