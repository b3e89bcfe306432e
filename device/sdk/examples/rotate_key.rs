//! Rotation of a device's key: the old key names the new one, and the new key proves that the
//! device holds it.
//!
//! `cargo run -p depin-device --example rotate_key` prints the arguments of the call
//! `DeviceRegistry.rotate_key`. The program needs no node.

use codec::Encode;
use depin_device::{
	device::Device,
	key::{verify, DeviceKey},
	maker::Maker,
	reporter::Reporter,
};
use depin_primitives::{
	statement::{KeyAdoption, KeyRotation},
	KeyScheme, H256,
};
use std::error::Error;

/// Rotates a device's key and prints what its owner hands in.
pub fn run() -> Result<(), Box<dyn Error>> {
	// See the example `provision` for the genesis hash and the key.
	let genesis = H256::repeat_byte(7);
	let owner = [3u8; 32];
	let old = Device::new(DeviceKey::from_secret(KeyScheme::P256, &[1; 32])?, genesis);
	let mut reporter = Reporter::new();
	let first = reporter.report(&old, 0..60_000, 0, &[])?;

	// The new key may be of another scheme. `rotated` makes the same device with the new key:
	// its id and its chain of reports continue.
	let device = old.clone().rotated(DeviceKey::from_secret(KeyScheme::Secp256k1, &[4; 32])?);
	let (id, new_key) = (device.id(), device.public_key());

	// Two signatures: the old key names the new one, so that nobody else can replace it; the new
	// key adopts the device, so that a device cannot take a key that it does not hold. Both name
	// the owner and are void once the device is sold.
	let rotation = old.rotation(owner, new_key)?;
	let adoption = device.adoption(owner)?;

	// The chain makes the same two checks.
	let by_old = KeyRotation { device: id, owner, new_key };
	let by_new = KeyAdoption { device: id, owner };
	if !verify(&old.public_key(), &rotation, &by_old, &genesis)
		|| !verify(&new_key, &adoption, &by_new, &genesis)
	{
		return Err("a statement is not signed by its key".into());
	}

	// A certificate is for one key. The maker may certify the new key; without a certificate the
	// device's trust level falls to `Open`.
	let maker = Maker::new(5, 0, DeviceKey::from_secret(KeyScheme::Ed25519, &[2; 32])?);
	let certificate = maker.certify(0, 42, new_key, 1_800_000_000_000, &genesis)?;

	println!("arguments of rotate_key, in SCALE:");
	println!("device       {id:?}");
	println!("new key      0x{}", hex::encode(new_key.encode()));
	println!("rotation     0x{}", hex::encode(rotation.encode()));
	println!("adoption     0x{}", hex::encode(adoption.encode()));
	println!("certificate  0x{}", hex::encode(Some(certificate).encode()));

	// Once a block holds the call, the device signs with the new key under its old id.
	let second = reporter.report(&device, 60_000..120_000, 0, &[])?;
	println!("\nreport {} of the device {:?}", second.report.sequence, second.report.device);
	if second.report.device != id || second.report.previous != first.report.hash() {
		return Err("the report does not continue the device's chain of reports".into());
	}
	Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
	run()
}
