//! Provisioning of a device: key, id, certificate, and consent to its owner.
//!
//! `cargo run -p depin-device --example provision` prints the arguments of the call
//! `DeviceRegistry.register_device`. The program needs no node.

use codec::Encode;
use depin_device::{
	device::Device,
	key::{verify, DeviceKey},
	maker::Maker,
};
use depin_primitives::{statement::OwnerConsent, KeyScheme, H256};
use std::error::Error;

/// Network that the device joins: the number that `create_network` gave it.
const NETWORK: u32 = 0;

/// Provisions one device and prints what its owner registers.
pub fn run() -> Result<(), Box<dyn Error>> {
	// Every signature covers the genesis hash, so that it is valid on one chain only. A program
	// that talks to a node reads the hash with `chain_getBlockHash(0)`.
	let genesis = H256::repeat_byte(7);

	// A device makes its key from 32 random bytes, or its secure element does; fixed bytes make
	// this example print the same each time. The id is the hash of the first public key and
	// never changes.
	let key = DeviceKey::from_secret(KeyScheme::P256, &[1; 32])?;
	let device = Device::new(key, genesis);
	println!("device id    {:?}", device.id());
	println!("public key   {}", serde_json::to_string(&device.public_key())?);

	// In the factory, the maker certifies the public key for one network and one model. The maker
	// got number 5 when it registered its first certificate key, number 0, on the chain.
	let maker = Maker::new(5, 0, DeviceKey::from_secret(KeyScheme::Ed25519, &[2; 32])?);
	let expires = 1_800_000_000_000; // milliseconds since 1970 UTC
	let certificate = maker.certify(NETWORK, 42, device.public_key(), expires, &genesis)?;
	println!("certificate  {}", serde_json::to_string(&certificate)?);

	// At the owner's, the device signs that it joins the network under this account. Without this
	// signature anyone who has seen the public key could register the device.
	let owner = [3u8; 32];
	let consent = device.consent(NETWORK, owner)?;
	println!("consent      {}", serde_json::to_string(&consent)?);

	// The chain makes the same check when the owner registers the device.
	let statement = OwnerConsent { network: NETWORK, owner };
	if !verify(&device.public_key(), &consent, &statement, &genesis) {
		return Err("the consent is not signed by the device".into());
	}

	// In SCALE, as an extrinsic carries them. The owner adds the H3 cell of the device's place
	// between the key and the certificate.
	println!("\narguments of register_device, in SCALE:");
	println!("network      0x{}", hex::encode(NETWORK.encode()));
	println!("key          0x{}", hex::encode(device.public_key().encode()));
	println!("certificate  0x{}", hex::encode(Some(certificate).encode()));
	println!("consent      0x{}", hex::encode(consent.encode()));
	Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
	run()
}
