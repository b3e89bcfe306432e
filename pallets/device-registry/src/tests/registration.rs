//! Registration of devices.

use super::*;

mod admission;
mod cells;
mod certificates;

/// Makes a maker with its key, and a network that admits its devices only.
fn closed_network() -> (Secret, MakerId, NetworkId) {
	let secret = Secret::p256(100);
	let maker = register_maker(&secret);
	(secret, maker, create_closed_network(vec![maker]))
}

fn register_at(cell: Cell, network: NetworkId, device: &Secret) -> sp_runtime::DispatchResult {
	let consent = device.consent(network, ALICE);
	Registry::register_device(signed(ALICE), network, device.public(), cell, None, consent)
}

fn register_with(
	consent: TimedSignature,
	network: NetworkId,
	key: PublicKey,
) -> sp_runtime::DispatchResult {
	Registry::register_device(signed(ALICE), network, key, home(), None, consent)
}
