//! Writes the seeds into `corpus/`.

use depin_fuzz::{corpus, seeds::seeds};
use std::fs;

fn main() -> std::io::Result<()> {
	let seeds = seeds();
	for seed in &seeds {
		let folder = corpus(seed.target);
		fs::create_dir_all(&folder)?;
		fs::write(folder.join(&seed.name), &seed.bytes)?;
	}
	println!("{} seeds", seeds.len());
	Ok(())
}
