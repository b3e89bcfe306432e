//! Networks.

use super::*;

mod caps;
mod closing;
mod creation;
mod notice;
mod pausing;
mod rules;
mod transfer;

fn create(
	who: AccountId,
	makers: Option<Vec<MakerId>>,
	policy: NetworkPolicy,
) -> sp_runtime::DispatchResult {
	let makers = makers.map(BoundedVec::truncate_from);
	Registry::create_network(signed(who), NetworkKind::Wireless, makers, BOND, policy)
}

/// Sets other rules as the network's admin.
fn change(
	id: NetworkId,
	makers: Option<Vec<MakerId>>,
	bond: Balance,
	policy: NetworkPolicy,
) -> sp_runtime::DispatchResult {
	let makers = makers.map(BoundedVec::truncate_from);
	Registry::change_network(signed(ADMIN), id, makers, bond, policy)
}

/// Returns the view of a network that the other pallets get.
fn view(id: NetworkId) -> Option<depin_primitives::traits::NetworkView> {
	<Registry as depin_primitives::traits::Devices<AccountId>>::network(id)
}

/// Returns the bond in force, and the epoch and the bond of the rules to come.
fn bonds(id: NetworkId) -> (Balance, Option<(u32, Balance)>) {
	let record = Registry::network_record(id).unwrap();
	(record.rules.bond, record.next.map(|(epoch, rules)| (epoch, rules.bond)))
}

/// Returns the same bonds as they are stored.
fn written_bonds(id: NetworkId) -> (Balance, Option<(u32, Balance)>) {
	let network = Networks::<Test>::get(id).unwrap();
	(network.rules.bond, network.next.map(|(epoch, rules)| (epoch, rules.bond)))
}
