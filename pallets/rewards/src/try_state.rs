//! Invariants of the pallet's state, checked after every block by `try-runtime`.

use crate::{
	pallet::*,
	types::{pro_rata, FormerAccount, RewardAccount},
};
use alloc::collections::BTreeMap;
use depin_primitives::{traits::Devices, Balance, DeviceId, EpochIndex, NetworkId};
use frame_support::{
	ensure,
	traits::fungible::{hold::Inspect as _, Inspect},
};
use sp_runtime::TryRuntimeError;

/// Debt to a network's devices and their former owners for one epoch.
#[derive(Default)]
struct Owed {
	/// Points that are not settled.
	points: u128,
	/// Money that a settlement of each of them would give.
	worth: Balance,
}

impl<T: Config> Pallet<T> {
	/// Checks the pallet's invariants:
	///
	/// 1. The shares of the emission are at most one together.
	/// 2. The funded networks ascend and exist, and no allocation is zero. No network without a
	///    registry's entry has points.
	/// 3. The emission so far, together with the carried amount, is at most what the schedule
	///    allows in the closed epochs. No more of a promise to validators has fallen due than was
	///    promised.
	/// 4. The genesis issuance, the emission so far and the carried amount are together at most the
	///    cap on the supply. The issuance together with the validators' budget is at most the
	///    genesis issuance and the emission so far: no other pallet mints.
	/// 5. No account, of a device or of a former owner, has points of a future epoch. No former
	///    account is empty.
	/// 6. A network's points in the running epoch are those of its devices and their former owners.
	/// 7. Each share is of a closed epoch. Its unsettled points are those that devices and their
	///    former owners have not settled; they are neither zero nor above all points.
	/// 8. The unsettled money of a share covers the settlement of these points, and is at most the
	///    budget.
	/// 9. The money in the pot is exactly all accrued, unsettled and undistributed money. The pot's
	///    balance covers it on top of the existential deposit. The balance can be larger, because
	///    nobody can be kept from a transfer to the pot; such money pays for nothing.
	/// 10. No device was settled in a future epoch. A device with a former owner's points of the
	///     running epoch was settled in it. A device that is marked as settled has a former account
	///     with points.
	/// 11. The balances held for former accounts and payout settings are the stored deposits. No
	///     entry of payout settings has only defaults, or the pot as its account.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::check_emission()?;
		let (owed, accrued) = Self::check_accounts()?;
		Self::check_settlements()?;
		let unsettled = Self::check_shares(&owed)?;

		let liabilities = accrued
			.checked_add(unsettled)
			.and_then(|sum| sum.checked_add(Undistributed::<T>::get()))
			.ok_or("rewards 9: the liabilities overflow")?;
		let in_pot = InPot::<T>::get();
		ensure!(in_pot == liabilities, "rewards 9: the money in the pot is not what is owed");
		// The genesis opens the pot and starts the first epoch together.
		let deposit = if CurrentEpoch::<T>::exists() { T::Currency::minimum_balance() } else { 0 };
		ensure!(
			T::Currency::balance(&Self::pot()) >= in_pot.saturating_add(deposit),
			"rewards 9: the pot does not cover what is owed"
		);
		Self::check_deposits()
	}

	/// Checks invariants 1 to 4.
	fn check_emission() -> Result<(), TryRuntimeError> {
		ensure!(EmissionShares::<T>::get().is_valid(), "rewards 1: the shares exceed one");

		let funded = Funded::<T>::get();
		ensure!(
			funded.is_sorted_by(|(network, _), (next, _)| network < next),
			"rewards 2: the funded networks do not ascend"
		);
		ensure!(
			funded.iter().all(|(_, allocation)| *allocation > 0),
			"rewards 2: a funded network has no allocation"
		);
		ensure!(
			funded
				.iter()
				.map(|(network, _)| *network)
				.chain(EpochPoints::<T>::iter_keys())
				.all(|network| T::Devices::network(network).is_some()),
			"rewards 2: a network that is funded or has points does not exist"
		);

		let parameters = Parameters::<T>::get();
		let emitted = Emitted::<T>::get();
		let scheduled = parameters.emission_before(Self::current_epoch());
		ensure!(
			emitted.checked_add(Carried::<T>::get()).is_some_and(|sum| sum <= scheduled),
			"rewards 3: more was emitted or carried than the schedule allows"
		);
		let stream = ValidatorBudget::<T>::get();
		ensure!(
			stream.fallen_due <= stream.promise,
			"rewards 3: more has fallen due to validators than was promised"
		);

		// Without a running epoch there is no schedule, and no cap either.
		if CurrentEpoch::<T>::exists() {
			let ever = GenesisIssuance::<T>::get().checked_add(emitted);
			let planned = ever.and_then(|ever| ever.checked_add(Carried::<T>::get()));
			ensure!(
				planned.is_some_and(|sum| sum <= parameters.max_supply),
				"rewards 4: the supply exceeds its cap"
			);
			let existing = T::Currency::total_issuance().checked_add(stream.total());
			ensure!(
				existing.is_some_and(|sum| ever.is_some_and(|ever| sum <= ever)),
				"rewards 4: more money exists than was issued at genesis and emitted"
			);
		}
		Ok(())
	}

	/// Checks invariants 5 and 6. Returns the debt by network and epoch, and the accrued money of
	/// all accounts.
	fn check_accounts(
	) -> Result<(BTreeMap<(NetworkId, EpochIndex), Owed>, Balance), TryRuntimeError> {
		let now = Self::current_epoch();
		let mut owed = BTreeMap::<_, Owed>::new();
		let mut all_accrued: Balance = 0;
		let accounts = T::Devices::records().map(|(_, record)| *record.as_ref());
		for former in FormerAccounts::<T>::iter_values() {
			ensure!(!former.account.is_empty(), "rewards 5: a former account is empty");
		}
		let former = FormerAccounts::<T>::iter_values().map(|former| former.account);
		for RewardAccount { network, epoch, points, accrued } in accounts.chain(former) {
			ensure!(epoch <= now, "rewards 5: an account has points of a future epoch");
			all_accrued =
				all_accrued.checked_add(accrued).ok_or("rewards 9: the accrued money overflows")?;
			// An account without points belongs to no epoch.
			if points == 0 {
				continue;
			}
			let entry = owed.entry((network, epoch)).or_default();
			entry.points = entry.points.saturating_add(points.into());
			if let Some(share) = Epochs::<T>::get(network, epoch) {
				let worth = pro_rata(share.budget, points.into(), share.points);
				entry.worth = entry.worth.saturating_add(worth);
			}
		}

		for (network, (epoch, points)) in EpochPoints::<T>::iter() {
			let credited = owed.get(&(network, epoch)).map_or(0, |owed| owed.points);
			ensure!(
				epoch < now || points == credited,
				"rewards 6: a network's points are not those of its devices"
			);
		}
		for ((network, epoch), owed) in owed.iter() {
			ensure!(
				*epoch < now || EpochPoints::<T>::get(network) == (now, owed.points),
				"rewards 6: the points of devices are missing from their network's"
			);
		}
		Ok((owed, all_accrued))
	}

	/// Checks invariant 10.
	fn check_settlements() -> Result<(), TryRuntimeError> {
		let now = Self::current_epoch();
		let mut marked: BTreeMap<DeviceId, EpochIndex> = SettledIn::<T>::iter().collect();
		ensure!(
			marked.values().all(|epoch| *epoch <= now),
			"rewards 10: a device was settled in a future epoch"
		);
		for (_, device, FormerAccount { account: former, .. }) in FormerAccounts::<T>::iter() {
			let running = former.points > 0 && former.epoch == now;
			ensure!(
				!running || SettledIn::<T>::get(device) == Some(now),
				"rewards 10: a former owner has running points of a device that could be reaped"
			);
			if former.points > 0 {
				marked.remove(&device);
			}
		}
		ensure!(
			marked.is_empty(),
			"rewards 10: a device is marked as settled, and no former account has points of it"
		);
		Ok(())
	}

	/// Checks invariant 11.
	fn check_deposits() -> Result<(), TryRuntimeError> {
		let mut deposits = BTreeMap::<_, Balance>::new();
		for (owner, _, former) in FormerAccounts::<T>::iter() {
			let sum = deposits.entry(owner).or_default();
			*sum = sum.saturating_add(former.deposit);
		}
		for (owner, sum) in deposits {
			ensure!(
				T::Currency::balance_on_hold(&HoldReason::FormerAccount.into(), &owner) == sum,
				"rewards 11: the deposits of an owner's former accounts are not held"
			);
		}
		for (owner, settings) in Payouts::<T>::iter() {
			let held = T::Currency::balance_on_hold(&HoldReason::PayoutSettings.into(), &owner);
			ensure!(
				held == settings.deposit,
				"rewards 11: the deposit of payout settings is not held"
			);
			ensure!(
				!settings.is_default() && settings.account != Some(Self::pot()),
				"rewards 11: payout settings are defaults, or pay the pot"
			);
		}
		Ok(())
	}

	/// Checks invariants 7 and 8. Returns the unsettled money of all shares.
	fn check_shares(
		owed: &BTreeMap<(NetworkId, EpochIndex), Owed>,
	) -> Result<Balance, TryRuntimeError> {
		let now = Self::current_epoch();
		let mut unsettled: Balance = 0;
		for (network, epoch, share) in Epochs::<T>::iter() {
			let (points, worth) =
				owed.get(&(network, epoch)).map_or((0, 0), |owed| (owed.points, owed.worth));
			ensure!(epoch < now, "rewards 7: a share is of an epoch that has not closed");
			ensure!(
				share.unsettled_points == points,
				"rewards 7: unsettled points are not those of the devices"
			);
			ensure!(
				(1..=share.points).contains(&share.unsettled_points),
				"rewards 7: unsettled points are none, or more than there were"
			);
			ensure!(
				(worth..=share.budget).contains(&share.unsettled),
				"rewards 8: the unsettled money does not cover the devices, or exceeds the budget"
			);
			unsettled = unsettled
				.checked_add(share.unsettled)
				.ok_or("rewards 9: the unsettled money overflows")?;
		}
		Ok(unsettled)
	}
}
