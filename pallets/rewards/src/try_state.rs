//! What must hold after every block.

use crate::{
	pallet::*,
	types::{share_of, RewardAccount},
};
use alloc::collections::BTreeMap;
use depin_primitives::{Balance, EpochIndex, NetworkId};
use frame_support::{ensure, traits::fungible::Inspect};
use sp_runtime::TryRuntimeError;

/// The points that a network's devices have earned in an epoch, for whomever, and what would be paid
/// for them.
#[derive(Default)]
struct Owed {
	points: u128,
	worth: Balance,
}

impl<T: Config> Pallet<T> {
	/// Checks that
	///
	/// 1. the shares of the emission fit in the whole;
	/// 2. the funded networks ascend, and none has a weight of zero;
	/// 3. what was emitted is at most what the schedule lets the closed epochs emit;
	/// 4. what was emitted on top of the genesis issuance, and what exists with what is promised to
	///    validators, are each at most the cap on the supply;
	/// 5. no account, of a device or of a former owner, has points of an epoch to come, none is empty;
	/// 6. a network's points in the running epoch are those of its devices and their former owners;
	/// 7. each share is of a closed epoch; its unsettled points are those not yet settled of devices
	///    and their former owners, and are neither zero nor above all points;
	/// 8. what is unsettled of a share covers what will be paid for these points, and is at most its
	///    budget;
	/// 9. the pot covers what is accrued, unsettled and undistributed, on top of its existential
	///    deposit;
	/// 10. no device was settled in an epoch to come; one with a former owner's points of the running
	///     epoch was settled in it.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::check_emission()?;
		let (owed, accrued) = Self::check_accounts()?;
		Self::check_settlements()?;
		let unsettled = Self::check_shares(&owed)?;

		// Genesis opens the pot and starts the epochs together.
		let deposit = if CurrentEpoch::<T>::exists() { T::Currency::minimum_balance() } else { 0 };
		let liabilities = accrued
			.checked_add(unsettled)
			.and_then(|sum| sum.checked_add(Undistributed::<T>::get()))
			.and_then(|sum| sum.checked_add(deposit))
			.ok_or("rewards 9: the liabilities overflow")?;
		ensure!(
			T::Currency::balance(&Self::pot()) >= liabilities,
			"rewards 9: the pot does not cover what is owed"
		);
		Ok(())
	}

	fn check_emission() -> Result<(), TryRuntimeError> {
		ensure!(EmissionShares::<T>::get().fit(), "rewards 1: the shares exceed the whole");

		let funded = Funded::<T>::get();
		ensure!(
			funded.windows(2).all(|pair| pair[0].0 < pair[1].0),
			"rewards 2: the funded networks do not ascend"
		);
		ensure!(
			funded.iter().all(|(_, weight)| *weight > 0),
			"rewards 2: a funded network has no weight"
		);

		let parameters = Parameters::<T>::get();
		let emitted = Emitted::<T>::get();
		ensure!(
			emitted <= parameters.emission_before(Self::current_epoch()),
			"rewards 3: more was emitted than the schedule allows"
		);

		// Without a running epoch there is no schedule, and no cap either.
		if CurrentEpoch::<T>::exists() {
			let ever = GenesisIssuance::<T>::get().checked_add(emitted);
			let existing = T::Currency::total_issuance().checked_add(ValidatorBudget::<T>::get());
			ensure!(
				[ever, existing].iter().all(|sum| sum.is_some_and(|s| s <= parameters.max_supply)),
				"rewards 4: the supply exceeds its cap"
			);
		}
		Ok(())
	}

	/// Gives what is owed by network and epoch, and what all accounts have accrued.
	fn check_accounts(
	) -> Result<(BTreeMap<(NetworkId, EpochIndex), Owed>, Balance), TryRuntimeError> {
		let now = Self::current_epoch();
		let mut owed = BTreeMap::<_, Owed>::new();
		let mut all_accrued: Balance = 0;
		for RewardAccount { network, epoch, points, accrued } in
			Accounts::<T>::iter_values().chain(FormerAccounts::<T>::iter_values())
		{
			ensure!(epoch <= now, "rewards 5: an account has points of an epoch to come");
			ensure!(points > 0 || accrued > 0, "rewards 5: an account is empty");
			all_accrued =
				all_accrued.checked_add(accrued).ok_or("rewards 9: what is accrued overflows")?;
			// Money alone is of no epoch.
			if points == 0 {
				continue;
			}
			let entry = owed.entry((network, epoch)).or_default();
			entry.points = entry.points.saturating_add(points.into());
			if let Some(share) = Epochs::<T>::get(network, epoch) {
				let worth = share_of(share.budget, points.into(), share.points);
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

	fn check_settlements() -> Result<(), TryRuntimeError> {
		let now = Self::current_epoch();
		ensure!(
			SettledIn::<T>::iter_values().all(|epoch| epoch <= now),
			"rewards 10: a device was settled in an epoch to come"
		);
		for (device, _, former) in FormerAccounts::<T>::iter() {
			let running = former.points > 0 && former.epoch == now;
			ensure!(
				!running || SettledIn::<T>::get(device) == Some(now),
				"rewards 10: a former owner has running points of a device that could go"
			);
		}
		Ok(())
	}

	/// Gives what all shares have unsettled.
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
				"rewards 8: what is unsettled does not cover the devices, or exceeds the budget"
			);
			unsettled = unsettled
				.checked_add(share.unsettled)
				.ok_or("rewards 9: what is unsettled overflows")?;
		}
		Ok(unsettled)
	}
}
