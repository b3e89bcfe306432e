//! Devices of the chain, and their keys.

use depin_device::key::DeviceKey;
use depin_primitives::{
	device::DeviceStatus, policy::TrustLevel, traits::DeviceView, Cell, DeviceId, KeyScheme,
	Millis, NetworkId,
};
use depin_test_kit::{AccountId, HOUR, START};
use std::sync::LazyLock;

pub const NETWORK: NetworkId = 3;

/// Count of the devices that have keys here. The last one is not registered.
pub const DEVICES: usize = 12;

/// Cell of resolution 12 in which all devices are.
const CELL: Cell = Cell(0x08c2_a107_2b59_adff);

/// Time at which the latest device was registered.
pub const LATE: Millis = START + HOUR;

pub struct Known {
	pub key: DeviceKey,
	pub id: DeviceId,
	/// View in the registry; `None` for the device that is not registered.
	pub view: Option<DeviceView<AccountId>>,
}

pub static ALL: LazyLock<[Known; DEVICES]> = LazyLock::new(|| std::array::from_fn(known));

/// Returns the device of that number: two of each scheme, of which one owner has two; then one that
/// retires, one that was registered late, one that is certified, and one that is unknown.
fn known(number: usize) -> Known {
	let scheme = KeyScheme::ALL[number % 4];
	let secret = [number as u8 + 1; 32];
	let key =
		DeviceKey::from_secret(scheme, &secret).expect("32 equal low bytes are a secret key; qed");
	let public = key.public_key();
	let view = DeviceView {
		owner: if number == 4 { 10 } else { 10 + number as AccountId },
		network: NETWORK,
		key: public,
		cell: CELL,
		status: match number {
			8 => DeviceStatus::Retiring { until: 7 },
			_ => DeviceStatus::Active,
		},
		trust: if number == 10 { TrustLevel::Certified } else { TrustLevel::Open },
		registered_at: if number == 9 { LATE } else { START - 24 * HOUR },
	};
	Known { key, id: public.device_id(), view: (number < DEVICES - 1).then_some(view) }
}
