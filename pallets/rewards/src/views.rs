//! Views for the runtime API.

use crate::{pallet::*, types::FormerAccount};
use alloc::vec::Vec;
use depin_primitives::{
	page::{Page, MAX_PAGE},
	reward::{
		EpochShare, FormerReward, NothingClaimable, PaidReward, PayoutRecord, PendingReward,
		Schedule,
	},
	traits::Devices,
	DeviceId, EpochIndex, NetworkId,
};
use sp_runtime::SaturatedConversion;

impl<T: Config> Pallet<T> {
	/// Returns the unpaid earnings of a device for its owner; `None` if there is no such device.
	pub fn pending(device: DeviceId) -> Option<PendingReward<T::AccountId>> {
		let record = T::Devices::record(&device)?;
		let (view, account) = (T::Devices::view(&record), *record.as_ref());
		let epoch = Self::current_epoch();
		let (settled, share) = Self::compute_settlement(account, epoch);
		let in_escrow = view.status.is_suspended();
		let reason = if in_escrow {
			Some(NothingClaimable::InEscrow)
		} else if settled.accrued > 0 {
			None
		} else if account.points == 0 {
			Some(NothingClaimable::NoPoints)
		} else if account.epoch == epoch {
			Some(NothingClaimable::EpochRunning)
		} else if share.is_none() {
			Some(NothingClaimable::NetworkUnfunded)
		} else {
			Some(NothingClaimable::TooSmall)
		};
		let (claimable, escrow) =
			if in_escrow { (0, settled.accrued) } else { (settled.accrued, 0) };
		// Points that are left after a settlement are of the running epoch.
		let points = settled.points;
		let settings = Self::payout_settings(&view.owner);
		Some(PendingReward {
			device,
			payee: settings.account.unwrap_or(view.owner),
			claimable,
			epoch,
			points,
			escrow,
			reason,
			permission: settings.permission,
		})
	}

	/// Returns the unpaid earnings of a device for a former owner; `None` if there is no former
	/// account.
	pub fn former(device: DeviceId, owner: T::AccountId) -> Option<FormerReward<T::AccountId>> {
		let former = FormerAccounts::<T>::get(&owner, device)?;
		let payee = Self::payout_settings(&owner).account.unwrap_or_else(|| owner.clone());
		Some(Self::former_reward(device, owner, payee, former))
	}

	/// Returns the former accounts of an owner, by ascending device: at most `limit`, and at most
	/// [`MAX_PAGE`], from after the cursor `after`. The cursor need not be in the list any more.
	pub fn former_accounts(
		owner: T::AccountId,
		after: Option<DeviceId>,
		limit: u32,
	) -> Page<FormerReward<T::AccountId>, DeviceId> {
		let mut entries = match after {
			Some(device) => FormerAccounts::<T>::iter_prefix_from(
				&owner,
				FormerAccounts::<T>::hashed_key_for(&owner, device),
			),
			None => FormerAccounts::<T>::iter_prefix(&owner),
		};
		let payee = Self::payout_settings(&owner).account.unwrap_or_else(|| owner.clone());
		let items: Vec<_> = entries
			.by_ref()
			.take(limit.min(MAX_PAGE) as usize)
			.map(|(device, former)| {
				Self::former_reward(device, owner.clone(), payee.clone(), former)
			})
			.collect();
		let next = items.last().map(|last| last.device).filter(|_| entries.next().is_some());
		Page { items, next }
	}

	/// Returns the view of a former account.
	fn former_reward(
		device: DeviceId,
		owner: T::AccountId,
		payee: T::AccountId,
		FormerAccount { account, deposit }: FormerAccount,
	) -> FormerReward<T::AccountId> {
		let (settled, _) = Self::compute_settlement(account, Self::current_epoch());
		// Points that are left after a settlement are of the running epoch.
		let (claimable, points) = (settled.accrued, settled.points);
		FormerReward { device, owner, payee, claimable, points, deposit }
	}

	/// Returns the account that is paid for an owner's devices, and the accounts that may claim.
	pub fn payout(owner: T::AccountId) -> PayoutRecord<T::AccountId> {
		let settings = Self::payout_settings(&owner);
		PayoutRecord {
			payee: settings.account.unwrap_or_else(|| owner.clone()),
			owner,
			permission: settings.permission,
			deposit: settings.deposit,
		}
	}

	/// Returns a network's share of a closed epoch; `None` if it had none, or all of it is settled.
	pub fn epoch(network: NetworkId, epoch: EpochIndex) -> Option<EpochShare> {
		Epochs::<T>::get(network, epoch)
	}

	/// Returns the emission schedule, its present state and the networks' allocations. `closes_at`
	/// is `u32::MAX` if no epoch was ever started.
	pub fn schedule() -> Schedule {
		let parameters = Parameters::<T>::get();
		let shares = EmissionShares::<T>::get();
		let running = CurrentEpoch::<T>::get();
		let epoch = running.map_or(0, |running| running.index);
		Schedule {
			epoch,
			closes_at: running.map_or(u32::MAX, |running| running.closes_at.saturated_into()),
			epoch_length: parameters.epoch_length.saturated_into(),
			emission: Self::emission(&parameters, epoch),
			halving_epochs: parameters.halving_epochs,
			max_supply: parameters.max_supply,
			emitted: Emitted::<T>::get(),
			carried: Carried::<T>::get(),
			networks_share: shares.networks,
			validators_share: shares.validators,
			funded: Funded::<T>::get().into_inner(),
		}
	}

	/// Returns the rewards that this block paid, in order, from its events.
	pub fn paid_rewards() -> Vec<PaidReward<T::AccountId>>
	where
		T::RuntimeEvent: TryInto<Event<T>>,
	{
		frame_system::Pallet::<T>::read_events_no_consensus()
			.filter_map(|record| match record.event.try_into() {
				Ok(Event::Paid { device, payee, amount, .. }) => {
					Some(PaidReward { device, payee, amount })
				}
				_ => None,
			})
			.collect()
	}
}
