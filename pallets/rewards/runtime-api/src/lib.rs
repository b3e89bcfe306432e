#![cfg_attr(not(feature = "std"), no_std)]
//! Runtime API of pallet-rewards: emission, epochs and the earnings of devices.

extern crate alloc;

use alloc::vec::Vec;
use codec::Codec;
use depin_primitives::{
	page::Page,
	reward::{EpochShare, FormerReward, PaidReward, PayoutRecord, PendingReward, Schedule},
	DeviceId, EpochIndex, NetworkId,
};

sp_api::decl_runtime_apis! {
	/// Emission, epochs and the earnings of devices.
	pub trait RewardsApi<AccountId> where AccountId: Codec {
		/// Returns the unpaid earnings of a device for its owner; `None` if there is no such
		/// device.
		fn pending(device: DeviceId) -> Option<PendingReward<AccountId>>;

		/// Returns the unpaid earnings of a device for a former owner, which a call of
		/// `claim_former` pays; `None` if there are none.
		fn former(device: DeviceId, owner: AccountId) -> Option<FormerReward<AccountId>>;

		/// Returns the former accounts of an owner, by ascending device: at most `limit`, and at
		/// most [`MAX_PAGE`](depin_primitives::page::MAX_PAGE), from after the cursor `after`.
		fn former_accounts(
			owner: AccountId,
			after: Option<DeviceId>,
			limit: u32,
		) -> Page<FormerReward<AccountId>, DeviceId>;

		/// Returns the account that is paid for an owner's devices, and the accounts that may claim
		/// for the owner.
		fn payout(owner: AccountId) -> PayoutRecord<AccountId>;

		/// Returns a network's share of a closed epoch; `None` if it had none, or all of it is
		/// settled.
		fn epoch(network: NetworkId, epoch: EpochIndex) -> Option<EpochShare>;

		/// Returns the emission schedule, its present state and the networks' allocations.
		fn schedule() -> Schedule;

		/// Returns the rewards that this block paid, in order, from its events.
		fn paid_rewards() -> Vec<PaidReward<AccountId>>;
	}
}
