//! Invariants of this pallet's storage, by number.

use crate::{
	governed::MAX_NOTICE,
	networks::has_duplicates,
	types::{CellKey, OwnerKey, PendingChange, ShortId, Status, StoredDevice},
	Config, Declarations, Device, Devices, DevicesByCell, DevicesByMaker, DevicesByNetwork,
	DevicesByOwner, Grants, HoldReason, Makers, Networks, NextMakerId, NextNetworkId, Pallet,
	RotatedKeys,
};
use alloc::collections::{BTreeMap, BTreeSet};
use depin_primitives::{traits::Epochs, Balance, MakerId, NetworkId};
use frame_support::{
	ensure,
	traits::{fungible::hold::Inspect, Get, Time},
};
use sp_runtime::{Saturating, TryRuntimeError};

impl<T: Config> Pallet<T> {
	/// Checks the invariants in turn.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::try_state_networks()?;
		Self::try_state_makers()?;
		Self::try_state_devices()?;
		Self::try_state_lists()?;
		Self::try_state_sides()?;
		Self::try_state_holds()
	}

	/// Checks the invariants of networks:
	///
	/// 1. Every network's number is below [`NextNetworkId`].
	/// 2. Every network's policy, and the one to come, can be met; both have the same resolution.
	/// 3. A network's list of makers, if it has one, is not empty, names no maker twice and only
	///    makers that have been registered; so does the list to come.
	/// 19. No network is offered to its admin. Neither the rules to come nor an offer wait for
	///     longer than the greatest notice.
	fn try_state_networks() -> Result<(), TryRuntimeError> {
		let (next_network, next_maker) = (NextNetworkId::<T>::get(), NextMakerId::<T>::get());
		for (id, network) in Networks::<T>::iter() {
			ensure!(id < next_network, "1: a network's number is not below the next one");
			let last = T::Epochs::current().saturating_add(MAX_NOTICE);
			ensure!(
				network.next.as_ref().is_none_or(|(from, _)| *from <= last)
					&& network
						.offer
						.as_ref()
						.is_none_or(|offer| offer.from <= last && offer.to != network.admin),
				"19: a network is offered to its admin, or waits for too long"
			);
			let resolution = network.rules.policy.cell_resolution;
			let to_come = network.next.iter().map(|(_, rules)| rules);
			for rules in core::iter::once(&network.rules).chain(to_come) {
				ensure!(
					rules.policy.check().is_ok() && rules.policy.cell_resolution == resolution,
					"2: a network's policy cannot be met, or changes its resolution"
				);
				let Some(makers) = &rules.makers else { continue };
				ensure!(
					!makers.is_empty()
						&& !has_duplicates(makers)
						&& makers.iter().all(|id| *id < next_maker),
					"3: a network's list of makers is empty, names one twice or one to come"
				);
			}
		}
		Ok(())
	}

	/// Checks the invariants of makers:
	///
	/// 4. Every maker's number is below [`NextMakerId`]; the numbers of its keys ascend and are
	///    below its next one.
	/// 5. Every declaration is of a registered maker, and each maker's count of declarations and
	///    sum of their deposits are right.
	/// 20. No maker is offered to its own account.
	fn try_state_makers() -> Result<(), TryRuntimeError> {
		let next_maker = NextMakerId::<T>::get();
		let mut counts = BTreeMap::<MakerId, (u32, Balance)>::new();
		for (maker, _, declaration) in Declarations::<T>::iter() {
			let (count, sum) = counts.entry(maker).or_default();
			count.saturating_inc();
			*sum = sum.saturating_add(declaration.deposit);
		}
		for (id, maker) in Makers::<T>::iter() {
			ensure!(
				id < next_maker
					&& maker.keys.is_sorted_by(|one, next| one.number < next.number)
					&& maker.keys.iter().all(|key| key.number < maker.next_key),
				"4: a maker's number, or one of its keys', is out of order"
			);
			ensure!(
				(maker.declarations, maker.declaration_deposits)
					== counts.remove(&id).unwrap_or_default(),
				"5: a maker's count of declarations, or the sum of their deposits, is wrong"
			);
			ensure!(
				maker.offered_to.as_ref() != Some(&maker.account),
				"20: a maker is offered to its own account"
			);
		}
		ensure!(counts.is_empty(), "5: a declaration is of a maker that is not there");
		Ok(())
	}

	/// Checks the invariants of devices:
	///
	/// 6. Every device's network exists.
	/// 7. Every device's cell is one of its network's resolution.
	/// 8. Every network's count of devices is the number of devices that name it.
	/// 9. No two devices sign with the same key.
	/// 21. Every device has a bond, was registered and located in the past, and is certified, or
	///     waits for a key that is certified, by a maker that has been registered. Its statements
	///     expire within the greatest lifetime from now.
	fn try_state_devices() -> Result<(), TryRuntimeError> {
		let (now, next_maker) = (T::Time::now(), NextMakerId::<T>::get());
		let latest = now.saturating_add(T::MaxStatementLifetime::get());
		let mut counts = BTreeMap::<NetworkId, u32>::new();
		let mut keys = BTreeSet::new();
		for StoredDevice { device, .. } in Devices::<T>::iter_values() {
			let network = Networks::<T>::get(device.network)
				.ok_or("6: a device works for a network that is not there")?;
			ensure!(
				device.cell.check(network.rules.policy.cell_resolution).is_ok(),
				"7: a device is in no cell of its network's resolution"
			);
			counts.entry(device.network).or_default().saturating_inc();
			ensure!(keys.insert(device.key), "9: two devices sign with the same key");
			let pending = device.pending.key().map(|pending| pending.maker);
			let mut makers =
				device.evidence.maker().map(|(maker, _)| maker).into_iter().chain(pending);
			ensure!(
				device.bond > 0
					&& device.registered_at <= now
					&& device.located_at <= now
					&& device.statements_until <= latest
					&& makers.all(|maker| maker < next_maker),
				"21: a device has no bond, a time or a maker to come, or endless statements"
			);
		}
		for (id, network) in Networks::<T>::iter() {
			ensure!(
				network.devices == counts.get(&id).copied().unwrap_or_default(),
				"8: a network's count of devices is wrong"
			);
		}
		Ok(())
	}

	/// Checks the invariants of lists:
	///
	/// 10. Every device is in the lists of its owner, its network, its cell and, if it is
	///     certified, its maker; and, if it signs with another key than its first, in that of
	///     rotated keys.
	/// 11. The lists have no other entries: each has as many as there are such devices.
	fn try_state_lists() -> Result<(), TryRuntimeError> {
		let (mut devices, mut certified, mut rotated) = (0usize, 0usize, 0usize);
		for (id, StoredDevice { device, .. }) in Devices::<T>::iter() {
			devices.saturating_inc();
			let short = ShortId::from(id);
			ensure!(
				DevicesByOwner::<T>::contains_key(OwnerKey::of(&device.owner), short)
					&& DevicesByNetwork::<T>::contains_key(device.network, short)
					&& DevicesByCell::<T>::contains_key(CellKey::from(device.cell), short),
				"10: a device is missing in a list"
			);
			if let Some((maker, _)) = device.evidence.maker() {
				certified.saturating_inc();
				ensure!(
					DevicesByMaker::<T>::contains_key(maker, short),
					"10: a device is missing in its maker's list"
				);
			}
			if device.key.device_id() != id {
				rotated.saturating_inc();
				ensure!(
					RotatedKeys::<T>::get(ShortId::from(device.key.device_id())) == Some(short),
					"10: a rotated key is missing in its list"
				);
			}
		}
		ensure!(
			DevicesByOwner::<T>::iter_keys().count() == devices
				&& DevicesByNetwork::<T>::iter_keys().count() == devices
				&& DevicesByCell::<T>::iter_keys().count() == devices
				&& DevicesByMaker::<T>::iter_keys().count() == certified
				&& RotatedKeys::<T>::iter_keys().count() == rotated,
			"11: a list names a device where it does not belong"
		);
		Ok(())
	}

	/// Checks the invariants of suspensions, pending changes and grants:
	///
	/// 12. No device is suspended since a block that is to come; the window for a decision ends
	///     after the one for an appeal.
	/// 13. Only active devices are offered, and not to their owners; no retiring device waits for a
	///     key, and no device for the key that it has.
	/// 14. Only devices have grants; no list of grants is empty, or has a grant of the owner's or
	///     two of one account.
	fn try_state_sides() -> Result<(), TryRuntimeError> {
		for StoredDevice { device, .. } in Devices::<T>::iter_values() {
			let Device { owner, key, status, pending, .. } = device;
			ensure!(
				status.suspension_case().is_none_or(|case| {
					case.since <= Self::now_block() && case.appeal_until <= case.decide_until
				}),
				"12: a device is suspended since a block to come, or its windows are out of order"
			);
			let fits = match pending {
				PendingChange::Nothing => true,
				PendingChange::Owner(to) => status == Status::Active && to != owner,
				PendingChange::Key(pending) => status.can_work() && pending.key != key,
			};
			ensure!(fits, "13: a device waits for an owner or a key that it cannot have");
		}
		for (id, grants) in Grants::<T>::iter() {
			let device = Self::stored_device(id).ok_or("14: no device has these grants")?;
			let accounts: BTreeSet<_> = grants.iter().map(|grant| &grant.to).collect();
			ensure!(
				!grants.is_empty()
					&& accounts.len() == grants.len()
					&& !accounts.contains(&device.owner),
				"14: a device's grants are none, its owner's or one account's twice"
			);
		}
		Ok(())
	}

	/// Checks the invariants of holds:
	///
	/// 15. The bonds held on each account are the sum of its devices' bonds.
	/// 16. The networks' deposits held on each account are the sum of its networks'.
	/// 17. The makers' deposits held on each account are the sum of its makers', their keys' and
	///     their declarations'.
	/// 18. The grants' deposits held on each account are the sum of its devices' grants'.
	fn try_state_holds() -> Result<(), TryRuntimeError> {
		let bonds = Devices::<T>::iter_values()
			.map(|StoredDevice { device, .. }| (device.owner, device.bond));
		ensure!(
			held_exactly::<T>(HoldReason::DeviceBond, bonds),
			"15: what is held of an account is not the sum of its devices' bonds"
		);
		let networks = Networks::<T>::iter_values().map(|network| (network.admin, network.deposit));
		ensure!(
			held_exactly::<T>(HoldReason::NetworkDeposit, networks),
			"16: what is held of an account is not the sum of its networks' deposits"
		);
		let makers = Makers::<T>::iter_values().map(|maker| (maker.account.clone(), maker.held()));
		ensure!(
			held_exactly::<T>(HoldReason::MakerDeposit, makers),
			"17: what is held of an account is not the sum of its makers' deposits"
		);
		let grants = Grants::<T>::iter().filter_map(|(id, grants)| {
			let deposits = grants.iter().map(|grant| grant.deposit).sum();
			Self::stored_device(id).map(|device| (device.owner, deposits))
		});
		ensure!(
			held_exactly::<T>(HoldReason::GrantDeposit, grants),
			"18: what is held of an account is not the sum of its devices' grants'"
		);
		Ok(())
	}
}

/// Returns `true` if exactly the sum of these amounts is held on each account, and nothing on any
/// other.
fn held_exactly<T: Config>(
	reason: HoldReason,
	amounts: impl Iterator<Item = (T::AccountId, Balance)>,
) -> bool {
	let mut sums = BTreeMap::<T::AccountId, Balance>::new();
	for (account, amount) in amounts {
		let sum = sums.entry(account).or_default();
		*sum = sum.saturating_add(amount);
	}
	let reason = reason.into();
	let held = |account: &T::AccountId| T::Currency::balance_on_hold(&reason, account);
	sums.iter().all(|(account, sum)| held(account) == *sum)
		&& frame_system::Account::<T>::iter_keys()
			.all(|account| sums.contains_key(&account) || held(&account) == 0)
}
