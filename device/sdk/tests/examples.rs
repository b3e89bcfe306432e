//! Runs of the examples, whose output is checked. `cargo test -p depin-device` builds the examples
//! before it runs the tests; with `--test examples` alone, build them first, by `--examples`.

use codec::Decode;
use depin_device::key::{verify, DeviceKey};
use depin_primitives::{
	report::{Readings, SignedReport},
	statement::{
		KeyAdoption, KeyRotation, OwnerConsent, Registration, SignedCertificate, TimedSignature,
	},
	DeviceId, KeyScheme, PublicKey, H256,
};
use serde::de::DeserializeOwned;
use serde_json::{json, Value};
use std::{env, process::Command};

const GENESIS: H256 = H256::repeat_byte(7);
const OWNER: [u8; 32] = [3; 32];

fn public_key(scheme: KeyScheme, secret: u8) -> PublicKey {
	DeviceKey::from_secret(scheme, &[secret; 32]).expect("small numbers are keys").public_key()
}

/// Public key of the device in all examples.
fn device() -> PublicKey {
	public_key(KeyScheme::P256, 1)
}

/// Public key of the maker in all examples.
fn maker() -> PublicKey {
	public_key(KeyScheme::Ed25519, 2)
}

/// Runs an example, and returns its standard output.
fn run(name: &str) -> String {
	// Cargo has no variable for the path of an example: the tests are in `deps`, beside `examples`.
	let test = env::current_exe().expect("a running program has a path");
	let profile = test.ancestors().nth(2).expect("the tests are two folders below the profile's");
	let path = profile.join("examples").join(format!("{name}{}", env::consts::EXE_SUFFIX));
	let output = Command::new(&path).output().unwrap_or_else(|error| {
		panic!("{}: {error}; `cargo build -p depin-device --examples` builds it", path.display())
	});
	let errors = String::from_utf8_lossy(&output.stderr);
	assert!(output.status.success(), "{name}: {} {errors}", output.status);
	String::from_utf8(output.stdout).expect("examples print text")
}

/// Returns the JSON objects of an output.
fn objects(output: &str) -> Vec<Value> {
	let mut objects = Vec::new();
	let mut rest = output;
	while let Some(at) = rest.find('{') {
		let mut stream = serde_json::Deserializer::from_str(&rest[at..]).into_iter();
		objects.push(stream.next().expect("an object begins here").expect("it is JSON"));
		rest = &rest[at + stream.byte_offset()..];
	}
	objects
}

fn field<T: DeserializeOwned>(object: &Value, name: &str) -> T {
	serde_json::from_value(object[name].clone()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn provision_prints_a_registration_that_verifies() {
	let output = run("provision");
	assert!(output.contains(&format!("{:?}", device().device_id())), "{output}");
	let [object] = &objects(&output)[..] else { panic!("one object: {output}") };
	assert_eq!(object["network"], json!(3));
	let mut object = object.clone();
	object.as_object_mut().unwrap().remove("network");
	let Registration { key, cell, certificate, consent } = serde_json::from_value(object).unwrap();
	assert_eq!((key, cell.check(9)), (device(), Ok(())));
	let TimedSignature { expires, signature } = consent;
	let body = OwnerConsent { network: 3, owner: OWNER, expires };
	assert!(verify(&key, &signature, &body, &GENESIS));
	let certificate = certificate.expect("the maker certified the key");
	let body = certificate.certificate(3, key);
	assert!(verify(&maker(), &certificate.signature, &body, &GENESIS));
}

#[test]
fn report_prints_two_requests_that_the_chain_accepts() {
	let objects = objects(&run("report"));
	assert_eq!(objects.len(), 2);
	let mut previous = H256::zero();
	for (sequence, object) in (1..).zip(objects) {
		assert_eq!(object["method"], "telemetry_submitReport");
		let bytes = |at: usize| {
			let text = object["params"][at].as_str().and_then(|text| text.strip_prefix("0x"));
			hex::decode(text.expect("hexadecimal with its prefix")).expect("hexadecimal digits")
		};
		let signed = SignedReport::decode(&mut &bytes(0)[..]).expect("a signed report");
		let readings = Readings::decode(&mut &bytes(1)[..]).expect("readings");
		let report = &signed.report;
		assert_eq!((report.device, report.sequence), (device().device_id(), sequence));
		assert_eq!((report.check_form(), report.check_readings(Some(&readings))), (Ok(()), Ok(())));
		assert!(verify(&device(), &signed.signature, report, &GENESIS));
		assert_eq!(report.previous, previous);
		previous = report.hash();
	}
}

#[test]
fn rotate_key_prints_a_rotation_and_a_recovery_that_verify() {
	let output = run("rotate_key");
	let [rotation, recovery] = &objects(&output)[..] else { panic!("two objects: {output}") };
	let new_key = public_key(KeyScheme::Ed25519, 4);
	for object in [rotation, recovery] {
		let id: DeviceId = field(object, "id");
		assert_eq!(id, device().device_id());
		assert_eq!(field::<PublicKey>(object, "newKey"), new_key);
		let TimedSignature { expires, signature } = field(object, "byNew");
		let body = KeyAdoption { device: id, owner: OWNER, expires };
		assert!(verify(&new_key, &signature, &body, &GENESIS));
		let certificate: SignedCertificate = field(object, "certificate");
		let body = certificate.certificate(3, new_key);
		assert!(verify(&maker(), &certificate.signature, &body, &GENESIS));
	}
	let TimedSignature { expires, signature } = field(rotation, "byOld");
	let body = KeyRotation { device: device().device_id(), owner: OWNER, new_key, expires };
	assert!(verify(&device(), &signature, &body, &GENESIS));
	assert_eq!(recovery["byOld"], Value::Null);
}

#[test]
fn verify_reading_proves_one_reading_and_refuses_altered_ones() {
	let output = run("verify_reading");
	let lines: Vec<_> = output.lines().collect();
	let [proved, reading, report] = lines[..] else { panic!("three lines: {output}") };
	assert!(proved.starts_with("proved: ") && proved.contains("value: 2420"), "{proved}");
	assert!(reading.starts_with("refused, altered reading: "), "{reading}");
	assert!(report.starts_with("refused, altered report: "), "{report}");
}
