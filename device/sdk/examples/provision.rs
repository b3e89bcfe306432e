//! Provisioning: a maker certifies a device's key, and the device consents to its owner.
//!
//! Prints the arguments of the call `deviceRegistry.registerDevice`, which the owner's wallet signs
//! and sends. Needs no node: `cargo run -p depin-device --example provision`.

use depin_device::{
	device::Device,
	key::{verify, DeviceKey},
	maker::Maker,
};
use depin_primitives::{
	statement::{OwnerConsent, Registration},
	Cell, KeyScheme, MakerId, Millis, NetworkId, H256,
};
use serde_json::json;
use std::error::Error;

/// Number that the chain gave the maker when the maker registered its first certificate key.
const MAKER: MakerId = 5;
/// Network that the device is made for.
const NETWORK: NetworkId = 3;
/// Number of the device's model, chosen by the maker.
const MODEL: u32 = 42;
/// Time until which the device can be registered with its certificate: 2030-01-01.
const EXPIRES: Millis = 1_893_456_000_000;
/// Time from which the consent is void: at most a day ahead of the chain's clock.
const VALID_UNTIL: Millis = 1_790_086_400_000;
/// Account of the owner: the 32 bytes of its public key.
const OWNER: [u8; 32] = [3; 32];
/// Location of the device: an H3 cell of the network's resolution, here 9.
const CELL: Cell = Cell(0x0891_f1d4_8947_ffff);

fn main() -> Result<(), Box<dyn Error>> {
	// Every signature covers the genesis hash of one chain: `chain_getBlockHash(0)` of any node.
	let genesis = H256::repeat_byte(7);

	// In the factory. The device draws its secret once, from a secure source of randomness, which
	// fixed bytes stand for here. A driver of a secure element implements `key::Signer` instead.
	let key = DeviceKey::from_secret(KeyScheme::P256, &[1; 32])?;
	let public_key = key.public_key();

	// The maker certifies the public key. Its certificate key 0 is the one that it registered with.
	let maker = Maker::new(MAKER, 0, DeviceKey::from_secret(KeyScheme::Ed25519, &[2; 32])?);
	let certificate = maker.certify(NETWORK, MODEL, public_key, EXPIRES, &genesis)?;

	// At the owner's place. The consent names the owner, so that no other account can register the
	// device, and expires, so that a former owner cannot register it again. The owner's wallet
	// gives the expiry to a device without a clock.
	let device = Device::new(key, genesis);
	let consent = device.consent(NETWORK, OWNER, VALID_UNTIL)?;

	// The chain will verify both signatures by the same rules.
	let certified = certificate.certificate(NETWORK, public_key);
	assert!(verify(&maker.public_key(), &certificate.signature, &certified, &genesis));
	let consented = OwnerConsent { network: NETWORK, owner: OWNER, expires: consent.expires };
	assert!(verify(&public_key, &consent.signature, &consented, &genesis));

	println!("The device's id, for life: {:?}", device.id());
	println!("Arguments of deviceRegistry.registerDevice:");
	let registration =
		Registration { key: public_key, cell: CELL, certificate: Some(certificate), consent };
	let mut arguments = serde_json::to_value(registration)?;
	arguments["network"] = json!(NETWORK);
	println!("{arguments:#}");
	Ok(())
}
