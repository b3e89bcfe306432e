//! Makers.

use super::*;

mod account;
mod declarations;
mod keys;
mod transfer;

fn maker_record(id: MakerId) -> MakerRecord<AccountId> {
	Registry::maker_record(id).unwrap()
}

fn revoke(id: MakerId, number: u32) -> sp_runtime::DispatchResult {
	Registry::revoke_maker_key(signed(MAKER), id, number)
}

fn declare(id: MakerId, key: PublicKey) -> sp_runtime::DispatchResult {
	Registry::declare_compromised(signed(MAKER), id, key, CompromiseReason::KeyLeaked, None)
}

fn withdraw(id: MakerId, key: PublicKey) -> sp_runtime::DispatchResult {
	Registry::withdraw_declaration(signed(MAKER), id, key)
}

/// Returns the amount held on [`MAKER`], and asserts that it and the free balance are all that the
/// account had.
fn maker_deposits() -> Balance {
	let held = held(HoldReason::MakerDeposit, MAKER);
	assert_eq!(Balances::free_balance(MAKER) + held, FUNDS);
	held
}

/// Makes a maker with a key, a network that admits its devices only, and one of them, owned by
/// [`ALICE`].
fn certified(device: &Secret) -> (Secret, MakerId, NetworkId) {
	let secret = Secret::p256(100);
	let maker = register_maker(&secret);
	let network = create_closed_network(vec![maker]);
	let certificate = secret.certify(maker, 0, network, device.public());
	assert_ok!(register(ALICE, network, device, Some(certificate)));
	events();
	turns();
	(secret, maker, network)
}
