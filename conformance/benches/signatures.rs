//! Costs of a verification: by the library alone, by the host function, by portable Rust, natively
//! and from WebAssembly. `scripts/measure-signatures` builds and runs this bench;
//! `docs/performance.md` explains it.

use depin_conformance::{repeat, BatchTask, Task, Vector, Wasm};
use depin_device::key::{DeviceKey, Signer};
use depin_primitives::{verify::batch::MOST, KeyScheme, PublicKey};
use std::{hint::black_box, process::ExitCode, time::Instant};

/// Length in bytes of what is signed of a report with one summary: domain tag, genesis hash, body.
const MESSAGE: usize = 16 + 32 + 133 + 30;
/// Number of rounds. The ways of verification are measured in turn in each round, so that other
/// work of the machine affects all of them.
const ROUNDS: usize = 41;
/// Approximate time of one way in a round, in nanoseconds.
const SHARE_NS: f64 = 20e6;
/// Greatest ratio of the host function's time to the library's own time.
const MOST_OF_BARE: f64 = 1.3;
/// Least ratio of the portable code's time inside WebAssembly to the host function's time.
const LEAST_OF_WASM: f64 = 10.0;

/// Numbers of signatures that are verified together.
const BATCHES: [usize; 9] = [1, 2, 4, 8, 16, 32, 64, 128, 256];

type Way<'a> = Box<dyn Fn(u32) -> bool + 'a>;

fn main() -> ExitCode {
	let wasm = Wasm::new();
	println!("nanoseconds a signature, message of {MESSAGE} bytes, median of {ROUNDS} rounds\n");
	println!("| scheme | bare library | host, native | host, from wasm | portable, native | portable, in wasm | key check, in wasm | host from wasm ÷ bare | portable in wasm ÷ host from wasm |");
	println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
	let mut met = true;
	for scheme in [KeyScheme::P256, KeyScheme::Secp256k1, KeyScheme::Ed25519, KeyScheme::Sr25519] {
		let key = DeviceKey::from_secret(scheme, &[7; 32]).expect("a small number; qed");
		let message = vec![7; MESSAGE];
		let Ok(signature) = Signer::sign(&key, &message);
		let vector = Vector { key: key.public_key(), signature, message };
		let here = |task| {
			let vector = &vector;
			Box::new(move |times| repeat(times, task, vector)) as Way
		};
		let there = |task| {
			let (wasm, vector) = (&wasm, &vector);
			Box::new(move |times| wasm.repeat(times, task, vector)) as Way
		};
		let times = medians(&[
			bare(&vector),
			here(Task::Host),
			there(Task::Host),
			here(Task::Portable),
			there(Task::Portable),
			there(Task::WellFormed),
		]);
		let (of_bare, of_wasm) = (times[2] / times[0], times[4] / times[2]);
		print!("| {scheme:?} |");
		times.iter().for_each(|time| print!(" {time:.0} |"));
		println!(" {of_bare:.2} | {of_wasm:.1} |");
		if scheme == KeyScheme::P256 {
			met = of_bare <= MOST_OF_BARE && of_wasm >= LEAST_OF_WASM;
		}
	}
	println!(
		"\nP-256 by the host function takes at most {MOST_OF_BARE} of ring's own time, and in \
		 WebAssembly at least {LEAST_OF_WASM} times as long: {}",
		if met { "met" } else { "MISSED" },
	);
	batches(&wasm);
	if met {
		ExitCode::SUCCESS
	} else {
		ExitCode::FAILURE
	}
}

fn ed25519(n: usize) -> Vector {
	let mut secret = [7; 32];
	secret[..8].copy_from_slice(&n.to_le_bytes());
	let key = DeviceKey::from_secret(KeyScheme::Ed25519, &secret).expect("any bytes do; qed");
	let message = vec![n as u8; MESSAGE];
	let Ok(signature) = Signer::sign(&key, &message);
	Vector { key: key.public_key(), signature, message }
}

/// Prints the costs of Ed25519 signatures by different keys, verified together from WebAssembly.
fn batches(wasm: &Wasm) {
	println!("\nnanoseconds a signature of Ed25519, from wasm\n");
	println!("| together | one by one | at once | in groups of {MOST} | in groups, one bad | in groups, one bad in each | at once ÷ one by one | in groups ÷ one by one | one bad ÷ one by one | one bad in each ÷ one by one |");
	println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
	for count in BATCHES {
		let good: Vec<_> = (0..count).map(ed25519).collect();
		let spoilt = |step| {
			let mut vectors = good.clone();
			vectors.iter_mut().step_by(step).for_each(|vector| vector.message[0] ^= 1);
			vectors
		};
		let (one_bad, one_bad_in_each) = (spoilt(count), spoilt(MOST));
		let groups = count.div_ceil(MOST);
		let way = |task, vectors, accepted: usize| -> Way<'_> {
			Box::new(move |times| wasm.repeat_batch(times, task, vectors) == Some(accepted as u32))
		};
		let times = medians(&[
			way(BatchTask::OneByOne, &good[..], count),
			way(BatchTask::AtOnce, &good, count),
			way(BatchTask::Groups, &good, count),
			way(BatchTask::Groups, &one_bad, count - 1),
			way(BatchTask::Groups, &one_bad_in_each, count - groups),
		]);
		print!("| {count} |");
		times.iter().for_each(|time| print!(" {:.0} |", time / count as f64));
		times[1..].iter().for_each(|time| print!(" {:.2} |", time / times[0]));
		println!();
	}
}

/// Returns a verification by the library that the host function uses, with a key that is already
/// decoded.
fn bare(vector: &Vector) -> Way<'_> {
	let (signature, message) = (&vector.signature.0, &vector.message);
	match &vector.key {
		PublicKey::P256(key) => {
			use p256::elliptic_curve::sec1::ToEncodedPoint;
			let key = p256::PublicKey::from_sec1_bytes(key).expect("a good key; qed");
			let key = ring::signature::UnparsedPublicKey::new(
				&ring::signature::ECDSA_P256_SHA256_FIXED,
				key.to_encoded_point(false),
			);
			times(move || key.verify(message, signature).is_ok())
		}
		PublicKey::Secp256k1(key) => {
			use secp256k1::{ecdsa::Signature, Message, PublicKey, SECP256K1};
			let key = PublicKey::from_slice(key).expect("a good key; qed");
			let signature = Signature::from_compact(signature).expect("a good signature; qed");
			times(move || {
				let message = Message::from_digest(sp_io::hashing::sha2_256(message));
				SECP256K1.verify_ecdsa(&message, &signature, &key).is_ok()
			})
		}
		PublicKey::Ed25519(key) => {
			let key = ed25519_zebra::VerificationKey::try_from(*key).expect("a good key; qed");
			let signature = (*signature).into();
			times(move || key.verify(&signature, message).is_ok())
		}
		PublicKey::Sr25519(key) => {
			let key = schnorrkel::PublicKey::from_bytes(key).expect("a good key; qed");
			let signature =
				schnorrkel::Signature::from_bytes(signature).expect("a good signature; qed");
			times(move || key.verify_simple(b"substrate", message, &signature).is_ok())
		}
	}
}

fn times<'a>(verify: impl Fn() -> bool + 'a) -> Way<'a> {
	Box::new(move |times| (0..times).all(|_| black_box(&verify)()))
}

/// Returns the median time of each way, in nanoseconds.
fn medians(ways: &[Way]) -> Vec<f64> {
	let time = |way: &Way, times| {
		let began = Instant::now();
		assert!(way(times), "a wrong outcome");
		began.elapsed().as_nanos() as f64 / f64::from(times)
	};
	let shares: Vec<_> = ways
		.iter()
		.map(|way| {
			// The first run of a task compiles the WebAssembly, so it is not measured.
			way(1);
			(SHARE_NS / time(way, 8)).max(1.0) as u32
		})
		.collect();
	let mut samples = vec![Vec::new(); ways.len()];
	for _ in 0..ROUNDS {
		for ((way, share), samples) in ways.iter().zip(&shares).zip(&mut samples) {
			samples.push(time(way, *share));
		}
	}
	let median = |mut samples: Vec<f64>| {
		samples.sort_by(f64::total_cmp);
		samples[samples.len() / 2]
	};
	samples.into_iter().map(median).collect()
}
