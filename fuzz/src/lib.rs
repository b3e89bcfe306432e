#![doc = include_str!("../README.md")]

mod batch;
mod report;
pub mod seeds;
mod signature;
mod submit;

pub use batch::verify_batch;
pub use report::decode_report;
pub use signature::verify_signature;
pub use submit::submit_batch;

use std::path::{Path, PathBuf};

#[cfg(fuzzing)]
#[doc(hidden)]
pub use libfuzzer_sys;

/// Target of a fuzzer: panics if these bytes show a fault, and otherwise returns true if it accepts
/// all of them.
pub type Target = fn(&[u8]) -> bool;

/// All targets, by name.
pub const TARGETS: &[(&str, Target)] = &[
	("decode_report", decode_report),
	("submit_batch", submit_batch),
	("verify_batch", verify_batch),
	("verify_signature", verify_signature),
];

/// Returns the folder of this crate. Cargo names the folder at run time: a build may serve several
/// clones of the repository.
pub fn crate_folder() -> PathBuf {
	let folder = std::env::var_os("CARGO_MANIFEST_DIR");
	folder.map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from)
}

/// Returns the folder of a target's inputs.
pub fn corpus(target: &str) -> PathBuf {
	crate_folder().join("corpus").join(target)
}

/// Runs a target on the files named on the command line.
pub fn replay(target: Target) {
	for file in std::env::args_os().skip(1) {
		let path = Path::new(&file);
		match std::fs::read(path) {
			Ok(bytes) => println!("{}: accepted: {}", path.display(), target(&bytes)),
			Err(error) => println!("{}: {error}", path.display()),
		}
	}
}

/// Makes the program of a target: for libFuzzer, or one that [replays](replay) files.
#[cfg(fuzzing)]
#[macro_export]
macro_rules! target {
	($target:ident) => {
		$crate::libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
			$crate::$target(bytes);
		});
	};
}

/// Makes the program of a target: for libFuzzer, or one that [replays](replay) files.
#[cfg(not(fuzzing))]
#[macro_export]
macro_rules! target {
	($target:ident) => {
		fn main() {
			$crate::replay($crate::$target)
		}
	};
}
