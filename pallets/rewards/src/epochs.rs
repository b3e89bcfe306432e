//! Close of an epoch: the emission, its split, and the budgets of networks.

use crate::{
	pallet::*,
	types::{pro_rata, EmissionParameters, RunningEpoch},
	LOG_TARGET,
};
use alloc::vec::Vec;
use depin_primitives::{reward::EpochShare, traits::Devices, Balance, EpochIndex, NetworkId, H256};
use frame_support::{
	pallet_prelude::*,
	traits::fungible::{Inspect, Mutate},
};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::{
	traits::{AccountIdConversion, Saturating},
	SaturatedConversion,
};

impl<T: Config> Pallet<T> {
	/// Returns the account that holds the money that is minted for devices and not yet paid.
	pub fn pot() -> T::AccountId {
		T::PotId::get().into_account_truncating()
	}

	/// Returns the running epoch, in which credits count.
	pub fn current_epoch() -> EpochIndex {
		CurrentEpoch::<T>::get().map_or(0, |running| running.index)
	}

	/// Takes the money for validators that has fallen due since the last call. The caller must mint
	/// and pay it; it counts as emitted already.
	///
	/// Equal numbers of blocks between calls give equal amounts, to a unit of rounding, while the
	/// epochs promise the same. What was not taken stays due.
	pub fn take_validator_budget() -> Balance {
		let now = frame_system::Pallet::<T>::block_number();
		ValidatorBudget::<T>::mutate(|stream| stream.take(now))
	}

	/// Gives the pot its existential deposit, so that it can receive the smallest emission and pay
	/// out the last unit.
	pub(crate) fn open_pot() {
		let pot = Self::pot();
		let minimum = T::Currency::minimum_balance();
		if T::Currency::balance(&pot) < minimum {
			T::Currency::mint_into(&pot, minimum)
				.expect("rewards: the pot must take its existential deposit at genesis");
		}
	}

	/// Closes the running epoch and starts the next. Returns the number of funded networks, by
	/// which the close is weighed.
	pub(crate) fn close_epoch(
		running: RunningEpoch<BlockNumberFor<T>>,
		now: BlockNumberFor<T>,
	) -> u32 {
		let epoch = running.index;
		let parameters = Parameters::<T>::get();
		let shares = EmissionShares::<T>::get();
		let funded = Funded::<T>::get();

		// Each amount is rounded down, so that together they are at most the emission.
		let emission = Self::emission(&parameters, epoch);
		let scheduled = shares.networks.mul_floor(emission);
		let before = Carried::<T>::get();
		let amount = scheduled.saturating_add(Self::released(&parameters, before));
		let (budgets, networks) = Self::fund_networks(epoch, amount, &funded);
		// The budgets are at most `amount`, of which at most `before` was carried.
		let carried = before.saturating_add(scheduled).saturating_sub(budgets);
		Carried::<T>::put(carried);
		let validators = shares.validators.mul_floor(emission);
		ValidatorBudget::<T>::mutate(|stream| stream.add(validators, now, parameters.epoch_length));
		let treasury = shares.treasury().mul_floor(emission);
		let treasury = if Self::mint(&T::Treasury::get(), treasury) { treasury } else { 0 };
		Emitted::<T>::mutate(|emitted| {
			*emitted =
				emitted.saturating_add(networks).saturating_add(validators).saturating_add(treasury)
		});

		CurrentEpoch::<T>::put(RunningEpoch {
			index: epoch.saturating_add(1),
			closes_at: now.saturating_add(parameters.epoch_length),
		});
		Self::deposit_event(Event::EpochClosed {
			epoch,
			emission,
			networks,
			validators,
			treasury,
			carried,
		});
		funded.len().saturated_into()
	}

	/// Returns the emission of this epoch, by the schedule and under the cap on the supply.
	///
	/// The cap holds for everything that was ever emitted on top of the genesis issuance, and not
	/// only for what exists now, because staking mints the validators' budget at a time that this
	/// pallet does not know. Burning therefore makes no room. The actual issuance must stay below
	/// the cap too, in case another pallet has minted.
	pub(crate) fn emission(
		parameters: &EmissionParameters<BlockNumberFor<T>>,
		epoch: EpochIndex,
	) -> Balance {
		// What is carried is emitted later, so that room must be left for it.
		let room = Self::room(parameters).saturating_sub(Carried::<T>::get());
		parameters.emission(epoch).min(room)
	}

	/// Returns the amount that can still be emitted under the cap on the supply.
	fn room(parameters: &EmissionParameters<BlockNumberFor<T>>) -> Balance {
		let budget = ValidatorBudget::<T>::get().total();
		let existing = T::Currency::total_issuance().saturating_add(budget);
		let ever = GenesisIssuance::<T>::get().saturating_add(Emitted::<T>::get());
		parameters.max_supply.saturating_sub(existing.max(ever))
	}

	/// Returns the amount of `carried` that a close distributes beside its emission, as far as the
	/// cap on the supply allows it.
	///
	/// Slices that were not taken come back over as many epochs as a halving takes. At once they
	/// would be a windfall for whoever works in the first epoch after an idle time.
	fn released(parameters: &EmissionParameters<BlockNumberFor<T>>, carried: Balance) -> Balance {
		let part = carried.checked_div(parameters.halving_epochs.into()).unwrap_or(0);
		part.min(Self::room(parameters))
	}

	/// Splits `amount` between the funded networks by their allocations. Returns the sum of the
	/// budgets, and the part of it that was minted.
	///
	/// A network whose devices have no points gets no budget, because nobody could claim it. The
	/// other networks do not share its slice: an allocation is a ceiling, so that nobody gains by
	/// the pause or the failure of another network.
	fn fund_networks(
		epoch: EpochIndex,
		amount: Balance,
		funded: &[(NetworkId, u32)],
	) -> (Balance, Balance) {
		let allocated: u128 = funded.iter().map(|(_, allocation)| u128::from(*allocation)).sum();
		let budgets: Vec<_> = funded
			.iter()
			.filter_map(|(network, allocation)| {
				let budget = pro_rata(amount, (*allocation).into(), allocated);
				let (credited, points) = EpochPoints::<T>::get(network);
				(budget > 0 && points > 0 && credited == epoch)
					.then_some((*network, budget, points))
			})
			.collect();

		// Money that the pot holds for nobody pays for budgets first; only the rest is minted.
		let total =
			budgets.iter().fold(0, |sum: Balance, (_, budget, _)| sum.saturating_add(*budget));
		let undistributed = Undistributed::<T>::get();
		let from_pot = undistributed.min(total);
		let minted = total.saturating_sub(from_pot);
		if !Self::mint(&Self::pot(), minted) {
			return (0, 0);
		}
		InPot::<T>::mutate(|in_pot| *in_pot = in_pot.saturating_add(minted));
		if from_pot > 0 {
			Undistributed::<T>::put(undistributed.saturating_sub(from_pot));
		}
		for (network, budget, points) in budgets {
			Epochs::<T>::insert(
				network,
				epoch,
				EpochShare { budget, points, unsettled: budget, unsettled_points: points },
			);
			Self::deposit_event(Event::NetworkEmission { network, epoch, budget, points });
		}
		(total, minted)
	}

	/// Mints, and tells if that was possible. An amount that cannot be minted is not emitted: the
	/// only cause is an amount below the existential deposit for an account that does not exist.
	fn mint(to: &T::AccountId, amount: Balance) -> bool {
		if amount == 0 {
			return true;
		}
		T::Currency::mint_into(to, amount)
			.inspect_err(|e| log::warn!(target: LOG_TARGET, "{amount} not minted to {to:?}: {e:?}"))
			.is_ok()
	}

	/// Sets a network's allocation, or ends its funding if the allocation is 0. An allocation is
	/// set only if `rules` is the hash of the network's rules.
	pub(crate) fn do_set_allocation(
		network: NetworkId,
		allocation: u32,
		rules: Option<H256>,
	) -> DispatchResult {
		if allocation > 0 {
			let of_network = T::Devices::rules_hash(network).ok_or(Error::<T>::UnknownNetwork)?;
			ensure!(rules == Some(of_network), Error::<T>::RulesDiffer);
		}
		Funded::<T>::try_mutate(|funded| -> DispatchResult {
			let position = funded.binary_search_by_key(&network, |(id, _)| *id);
			match (position, allocation) {
				(Ok(at), 0) => {
					funded.remove(at);
				}
				(Err(_), 0) => return Err(Error::<T>::NotFunded.into()),
				(Ok(at), _) => {
					if let Some((_, current)) = funded.get_mut(at) {
						*current = allocation;
					}
				}
				(Err(at), _) => {
					// Inserted in its place, so that the list stays sorted for the search.
					funded
						.try_insert(at, (network, allocation))
						.map_err(|_| Error::<T>::TooManyFunded)?;
				}
			}
			Ok(())
		})?;
		Self::deposit_event(Event::AllocationSet { network, allocation });
		Ok(())
	}
}

impl<T: Config> depin_primitives::traits::Epochs for Pallet<T> {
	/// Returns the running epoch. This must read no more than that: the registry asks for it while
	/// it answers a question of this pallet.
	fn current() -> EpochIndex {
		Self::current_epoch()
	}
}
