#![cfg_attr(not(feature = "std"), no_std)]
//! The runtime API of pallet-rewards: emission, epochs and what devices have earned.

extern crate alloc;

use alloc::vec::Vec;
use codec::Codec;
use depin_primitives::{
	reward::{EpochShare, FormerReward, PaidReward, PendingReward, Schedule},
	DeviceId, EpochIndex, NetworkId,
};

sp_api::decl_runtime_apis! {
	/// Rewards.
	pub trait RewardsApi<AccountId> where AccountId: Codec {
		/// What a device has earned and not been paid; `None` if there is no such device.
		fn pending(device: DeviceId) -> Option<PendingReward<AccountId>>;

		/// What a device earned for one who owned it then, and has not been paid: a call of
		/// `claim_former` pays it. `None` if nothing is kept of it.
		fn former(device: DeviceId, payee: AccountId) -> Option<FormerReward<AccountId>>;

		/// A network's part in a closed epoch; `None` if it had none, or all of it is settled.
		fn epoch(network: NetworkId, epoch: EpochIndex) -> Option<EpochShare>;

		/// The emission: what it is now, and what it has been.
		fn schedule() -> Schedule;

		/// The rewards that this block paid, in order, from its events.
		fn paid_rewards() -> Vec<PaidReward<AccountId>>;
	}
}
