//! The close of an epoch: what is emitted, and to whom.

use crate::{
	pallet::*,
	types::{share_of, EmissionParameters, RunningEpoch},
	LOG_TARGET,
};
use alloc::vec::Vec;
use depin_primitives::{reward::EpochShare, traits::Devices, Balance, EpochIndex, NetworkId};
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
	/// The account that holds what is minted for devices and not yet paid.
	pub fn pot() -> T::AccountId {
		T::PotId::get().into_account_truncating()
	}

	/// The epoch in which credits count now.
	pub fn current_epoch() -> EpochIndex {
		CurrentEpoch::<T>::get().map_or(0, |running| running.index)
	}

	/// Takes what is promised to validators. The caller has it minted and paid: it counts as emitted
	/// already.
	pub fn take_validator_budget() -> Balance {
		ValidatorBudget::<T>::take()
	}

	/// Gives the pot its existential deposit, so that it can take the smallest emission and pay out
	/// the last unit.
	pub(crate) fn open_pot() {
		let pot = Self::pot();
		let minimum = T::Currency::minimum_balance();
		if T::Currency::balance(&pot) < minimum {
			T::Currency::mint_into(&pot, minimum)
				.expect("rewards: the pot must take its existential deposit at genesis");
		}
	}

	/// Closes the running epoch and starts the next. Gives the number of networks that it looked at.
	pub(crate) fn close_epoch(
		running: RunningEpoch<BlockNumberFor<T>>,
		now: BlockNumberFor<T>,
	) -> u32 {
		let epoch = running.index;
		let parameters = Parameters::<T>::get();
		let shares = EmissionShares::<T>::get();
		let funded = Funded::<T>::get();

		// Each part is rounded down, so that together they are at most the emission.
		let emission = Self::emission(&parameters, epoch);
		let networks = Self::fund_networks(epoch, shares.networks.mul_floor(emission), &funded);
		let validators = shares.validators.mul_floor(emission);
		ValidatorBudget::<T>::mutate(|budget| budget.saturating_accrue(validators));
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
		Self::deposit_event(Event::EpochClosed { epoch, emission, networks, validators, treasury });
		funded.len().saturated_into()
	}

	/// What this epoch may emit, by the schedule and under the cap on the supply.
	///
	/// Staking mints what it has taken for validators later, and does not tell when. So the cap holds
	/// for all that was ever emitted on top of the genesis issuance, not only for what exists now:
	/// burning makes no room. The actual issuance counts too, lest someone else has minted.
	pub(crate) fn emission(
		parameters: &EmissionParameters<BlockNumberFor<T>>,
		epoch: EpochIndex,
	) -> Balance {
		let existing = T::Currency::total_issuance().saturating_add(ValidatorBudget::<T>::get());
		let ever = GenesisIssuance::<T>::get().saturating_add(Emitted::<T>::get());
		let room = parameters.max_supply.saturating_sub(existing.max(ever));
		parameters.emission(epoch).min(room)
	}

	/// Splits `part` over the funded networks by weight, and gives what was minted. The part of a
	/// network whose devices have no points is not minted: there is nobody to mint it for.
	fn fund_networks(epoch: EpochIndex, part: Balance, funded: &[(NetworkId, u32)]) -> Balance {
		let weights: u128 = funded.iter().map(|(_, weight)| u128::from(*weight)).sum();
		let budgets: Vec<_> = funded
			.iter()
			.filter_map(|(network, weight)| {
				let budget = share_of(part, (*weight).into(), weights);
				let (credited, points) = EpochPoints::<T>::get(network);
				(budget > 0 && points > 0 && credited == epoch)
					.then_some((*network, budget, points))
			})
			.collect();

		let total =
			budgets.iter().fold(0, |sum: Balance, (_, budget, _)| sum.saturating_add(*budget));
		let undistributed = Undistributed::<T>::get();
		let from_pot = undistributed.min(total);
		let minted = total.saturating_sub(from_pot);
		if !Self::mint(&Self::pot(), minted) {
			return 0;
		}
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
		minted
	}

	/// Mints, and tells whether it could. What cannot be minted is not emitted: the one cause is an
	/// amount below the existential deposit, to an account that does not exist.
	fn mint(to: &T::AccountId, amount: Balance) -> bool {
		if amount == 0 {
			return true;
		}
		T::Currency::mint_into(to, amount)
			.inspect_err(|e| log::warn!(target: LOG_TARGET, "{amount} not minted to {to:?}: {e:?}"))
			.is_ok()
	}

	pub(crate) fn do_set_network_weight(network: NetworkId, weight: u32) -> DispatchResult {
		Funded::<T>::try_mutate(|funded| -> DispatchResult {
			match (funded.binary_search_by_key(&network, |(id, _)| *id), weight) {
				(Ok(at), 0) => {
					funded.remove(at);
				}
				(Err(_), 0) => return Err(Error::<T>::NotFunded.into()),
				(Ok(at), _) => funded[at].1 = weight,
				(Err(at), _) => {
					ensure!(T::Devices::network(network).is_some(), Error::<T>::UnknownNetwork);
					funded
						.try_insert(at, (network, weight))
						.map_err(|_| Error::<T>::TooManyFunded)?;
				}
			}
			Ok(())
		})?;
		Self::deposit_event(Event::WeightSet { network, weight });
		Ok(())
	}
}

impl<T: Config> depin_primitives::traits::Epochs for Pallet<T> {
	/// One storage read, and no more: the registry asks while it answers this pallet.
	fn current() -> EpochIndex {
		Self::current_epoch()
	}
}
