//! Replay of every file of the corpus through its target.

use depin_fuzz::{corpus, crate_folder, seeds::seeds, TARGETS};
use std::{collections::BTreeSet, fs, path::Path};

fn names(folder: &Path) -> BTreeSet<String> {
	let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
	entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn the_corpus_shows_no_fault() {
	for (target, run) in TARGETS {
		let folder = corpus(target);
		let (mut good, mut bad) = (0, 0);
		for name in names(&folder) {
			let accepted = run(&fs::read(folder.join(&name)).unwrap());
			if name.starts_with("good-") {
				assert!(accepted, "{target}/{name} is refused");
				good += 1;
			}
			if name.starts_with("bad-") {
				assert!(!accepted, "{target}/{name} is accepted");
				bad += 1;
			}
		}
		assert!(good >= 5 && bad >= 5, "{target}: {good} good, {bad} bad");
	}
}

#[test]
fn the_seeds_are_in_the_corpus_as_they_are_made() {
	for seed in seeds() {
		let path = corpus(seed.target).join(&seed.name);
		let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
		assert_eq!(bytes, seed.bytes, "{path:?}: run the example `seeds`");
	}
}

#[test]
fn a_target_has_a_program_and_a_corpus() {
	let targets: BTreeSet<_> = TARGETS.iter().map(|(name, _)| name.to_string()).collect();
	let root = crate_folder();
	assert_eq!(names(&root.join("corpus")), targets);
	let programs: BTreeSet<_> = targets.iter().map(|name| format!("{name}.rs")).collect();
	assert_eq!(names(&root.join("fuzz_targets")), programs);
	let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
	for target in targets {
		assert!(manifest.contains(&format!("path = \"fuzz_targets/{target}.rs\"")), "{target}");
	}
}
