//! Change of key: a device moves to a new secure element, with its old key and without it.
//!
//! Prints the arguments of the call `deviceRegistry.rotateKey`, and of `deviceRegistry.recoverKey`
//! for a device whose old key is lost. Needs no node:
//! `cargo run -p depin-device --example rotate_key`.

use depin_device::{
	device::Device,
	key::{verify, DeviceKey},
	maker::Maker,
	reporter::{Delivery, Reporter},
};
use depin_primitives::{KeyScheme, MakerId, Millis, NetworkId, H256};
use serde_json::json;
use std::error::Error;

/// Maker of the device.
const MAKER: MakerId = 5;
/// Network that the device works in.
const NETWORK: NetworkId = 3;
/// Number of the device's model.
const MODEL: u32 = 42;
/// Time until which the certificate of the new key can be used.
const EXPIRES: Millis = 1_893_456_000_000;
/// Time from which the device's statements are void: at most a day ahead of the chain's clock.
const VALID_UNTIL: Millis = START + 24 * 60 * 60 * 1000;
/// Account of the device's owner.
const OWNER: [u8; 32] = [3; 32];
/// Beginning of the first window.
const START: Millis = 1_790_000_000_000;
/// Length of a window.
const LENGTH: Millis = 600_000;

fn main() -> Result<(), Box<dyn Error>> {
	let genesis = H256::repeat_byte(7);
	let old = Device::new(DeviceKey::from_secret(KeyScheme::P256, &[1; 32])?, genesis);
	let mut reporter = Reporter::new();
	let before = reporter.report(&old, START..START + LENGTH, 0, &[], Delivery::Inline)?;

	// The new key may have another scheme, if the network accepts it.
	let new_key = DeviceKey::from_secret(KeyScheme::Ed25519, &[4; 32])?;
	let new_public_key = new_key.public_key();

	// The old key names the new one; the new key shows that the device holds it. Both name the
	// owner, so that the signatures are void if the device is sold meanwhile, and expire, so that
	// nobody can use them again.
	let by_old = old.rotation(OWNER, new_public_key, VALID_UNTIL)?;
	let new = old.clone().rotated(new_key);
	let by_new = new.adoption(OWNER, VALID_UNTIL)?;

	// Trust is trust in a key: without a certificate of the new key the device would be an open
	// one, which a network that requires more trust refuses.
	let maker = Maker::new(MAKER, 0, DeviceKey::from_secret(KeyScheme::Ed25519, &[2; 32])?);
	let certificate = maker.certify(NETWORK, MODEL, new_public_key, EXPIRES, &genesis)?;

	println!("Arguments of deviceRegistry.rotateKey:");
	let arguments = json!({
		"id": old.id(),
		"newKey": new_public_key,
		"byOld": by_old,
		"byNew": by_new,
		"certificate": certificate,
	});
	println!("{arguments:#}");

	// Once the chain has accepted the new key, the device signs with it. Its id stays, and its next
	// report follows the last one.
	let window = START + LENGTH..START + 2 * LENGTH;
	let after = reporter.report(&new, window, 0, &[], Delivery::Inline)?;
	assert_eq!(after.report.device, old.id());
	assert_eq!(after.report.previous, before.report.hash());
	assert!(verify(&new_public_key, &after.signature, &after.report, &genesis));

	// A device whose old key is lost has only its id, which the owner knows. The recovery needs the
	// maker's certificate, and takes effect after a delay in which the owner can cancel it.
	let replaced = DeviceKey::from_secret(KeyScheme::Ed25519, &[4; 32])?;
	let recovered = Device::with_id(old.id(), replaced, genesis);
	println!("Arguments of deviceRegistry.recoverKey, if the old key is lost:");
	let arguments = json!({
		"id": recovered.id(),
		"newKey": recovered.public_key(),
		"byNew": recovered.adoption(OWNER, VALID_UNTIL)?,
		"certificate": certificate,
	});
	println!("{arguments:#}");
	Ok(())
}
