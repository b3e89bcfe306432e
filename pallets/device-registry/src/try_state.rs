//! What must always hold of this pallet's storage.

use crate::{
	networks::has_duplicates, Config, Devices, DevicesByCell, DevicesByNetwork, DevicesByOwner,
	HoldReason, Makers, Networks, NextMakerId, NextNetworkId, Pallet,
};
use alloc::collections::BTreeMap;
use depin_primitives::{Balance, NetworkId};
use frame_support::{ensure, traits::fungible::hold::Inspect};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Checks each invariant in turn.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::try_state_networks()?;
		Self::try_state_devices()?;
		Self::try_state_lists()?;
		Self::try_state_holds()
	}

	/// ### Invariants of networks and makers
	///
	/// 1. Every network's number is below [`NextNetworkId`], every maker's below [`NextMakerId`].
	/// 2. Every network's policy can be met.
	/// 3. A network's list of makers, if it has one, is not empty and names nobody twice, nor anyone
	///    who was not registered before.
	fn try_state_networks() -> Result<(), TryRuntimeError> {
		let (next_network, next_maker) = (NextNetworkId::<T>::get(), NextMakerId::<T>::get());
		ensure!(
			Makers::<T>::iter_keys().all(|id| id < next_maker),
			"1: a maker's number is not below the next one"
		);
		for (id, network) in Networks::<T>::iter() {
			ensure!(id < next_network, "1: a network's number is not below the next one");
			ensure!(network.policy.check().is_ok(), "2: a network's policy cannot be met");
			if let Some(makers) = &network.makers {
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

	/// ### Invariants of devices
	///
	/// 4. Every device's network exists.
	/// 5. Every device's cell is one of its network's resolution.
	/// 6. Every network's count of devices is the number of devices that name it.
	fn try_state_devices() -> Result<(), TryRuntimeError> {
		let mut counts = BTreeMap::<NetworkId, u32>::new();
		for device in Devices::<T>::iter_values() {
			let network = Networks::<T>::get(device.network)
				.ok_or("4: a device works for a network that is not there")?;
			ensure!(
				device.cell.check(network.policy.cell_resolution).is_ok(),
				"5: a device is in no cell of its network's resolution"
			);
			*counts.entry(device.network).or_default() += 1;
		}
		for (id, network) in Networks::<T>::iter() {
			ensure!(
				network.devices == counts.get(&id).copied().unwrap_or_default(),
				"6: a network's count of devices is wrong"
			);
		}
		Ok(())
	}

	/// ### Invariants of lists
	///
	/// 7. Every device is in the lists of its owner, its network and its cell.
	/// 8. The lists hold nothing else: each has as many entries as there are devices.
	fn try_state_lists() -> Result<(), TryRuntimeError> {
		let mut devices = 0usize;
		for (id, device) in Devices::<T>::iter() {
			devices += 1;
			ensure!(
				DevicesByOwner::<T>::contains_key(&device.owner, id)
					&& DevicesByNetwork::<T>::contains_key(device.network, id)
					&& DevicesByCell::<T>::contains_key(device.cell, id),
				"7: a device is missing in a list"
			);
		}
		ensure!(
			DevicesByOwner::<T>::iter_keys().count() == devices
				&& DevicesByNetwork::<T>::iter_keys().count() == devices
				&& DevicesByCell::<T>::iter_keys().count() == devices,
			"8: a list names a device where it does not belong"
		);
		Ok(())
	}

	/// ### Invariants of holds
	///
	/// 9. What is held of each account as bonds is the sum of its devices' bonds.
	/// 10. What is held of each account as networks' deposits is the sum of its networks'.
	/// 11. What is held of each account as makers' deposits is the sum of its makers'.
	fn try_state_holds() -> Result<(), TryRuntimeError> {
		let bonds = Devices::<T>::iter_values().map(|device| (device.owner, device.bond));
		ensure!(
			held_exactly::<T>(HoldReason::DeviceBond, bonds),
			"9: what is held of an account is not the sum of its devices' bonds"
		);
		let networks = Networks::<T>::iter_values().map(|network| (network.admin, network.deposit));
		ensure!(
			held_exactly::<T>(HoldReason::NetworkDeposit, networks),
			"10: what is held of an account is not the sum of its networks' deposits"
		);
		let makers = Makers::<T>::iter_values().map(|maker| (maker.account, maker.deposit));
		ensure!(
			held_exactly::<T>(HoldReason::MakerDeposit, makers),
			"11: what is held of an account is not the sum of its makers' deposits"
		);
		Ok(())
	}
}

/// Whether exactly the sum of these amounts is held of each account, and nothing of any other.
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
