//! Methods `rewards_*`: emission, epochs, and the earnings and payments of devices.

use super::{
	errors::Error,
	page::{self, page_size, IndexPage},
};
use crate::index::{BlockRef, EventCursor, Index};
use depin_primitives::{
	page::Page,
	reward::{EpochShare, FormerReward, PaidReward, PayoutRecord, PendingReward, Schedule},
	DeviceId, EpochIndex, NetworkId,
};
use depin_runtime::{opaque::Block, AccountId};
use jsonrpsee::{core::async_trait, proc_macros::rpc};
use pallet_rewards_runtime_api::RewardsApi;
use serde::Serialize;
use sp_api::ProvideRuntimeApi;
use sp_blockchain::HeaderBackend;
use std::sync::Arc;

/// Payment for a device's work, and its block.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Payment {
	/// Block that made the payment.
	pub block: BlockRef,
	/// Device, payee and amount of the payment.
	#[serde(flatten)]
	pub reward: PaidReward<AccountId>,
}

/// Methods on rewards, answered at the best block but for `history`.
#[rpc(server, namespace = "rewards")]
pub trait RewardsRpc {
	/// Returns the device's unpaid earnings, or null if there is no such device.
	#[method(name = "pending", blocking)]
	fn pending(&self, device: DeviceId) -> Result<Option<PendingReward<AccountId>>, Error>;

	/// Returns the unpaid earnings of a former owner of the device; null if there are none.
	#[method(name = "formerPending", blocking)]
	fn former_pending(
		&self,
		device: DeviceId,
		owner: AccountId,
	) -> Result<Option<FormerReward<AccountId>>, Error>;

	/// Returns the former accounts of an owner: unpaid earnings of devices that the owner gave
	/// away, or from before a suspension.
	#[method(name = "formerAccounts", blocking)]
	fn former_accounts(
		&self,
		owner: AccountId,
		after: Option<DeviceId>,
		limit: Option<u32>,
	) -> Result<Page<FormerReward<AccountId>, DeviceId>, Error>;

	/// Returns the account that is paid for an owner's devices, and who may claim.
	#[method(name = "payout", blocking)]
	fn payout(&self, owner: AccountId) -> Result<PayoutRecord<AccountId>, Error>;

	/// Returns a network's share of a closed epoch; null if the network had none, or if all of it
	/// is settled.
	#[method(name = "epoch", blocking)]
	fn epoch(&self, network: NetworkId, epoch: EpochIndex) -> Result<Option<EpochShare>, Error>;

	/// Returns the schedule of the emission, and the amount emitted so far.
	#[method(name = "schedule", blocking)]
	fn schedule(&self) -> Result<Schedule, Error>;

	/// Returns the payments for the device's work in finalized blocks, oldest first.
	#[method(name = "history")]
	async fn history(
		&self,
		device: DeviceId,
		after: Option<String>,
		limit: Option<u32>,
	) -> Result<IndexPage<Payment, EventCursor>, Error>;
}

/// Server of the methods `rewards_*`.
pub struct Rewards<C> {
	client: Arc<C>,
	index: Index,
}

impl<C> Rewards<C> {
	/// Creates the server from its client and index.
	pub fn new(client: Arc<C>, index: Index) -> Self {
		Self { client, index }
	}
}

#[async_trait]
impl<C> RewardsRpcServer for Rewards<C>
where
	C: ProvideRuntimeApi<Block> + HeaderBackend<Block> + Send + Sync + 'static,
	C::Api: RewardsApi<Block, AccountId>,
{
	fn pending(&self, device: DeviceId) -> Result<Option<PendingReward<AccountId>>, Error> {
		let best = self.client.info().best_hash;
		Ok(self.client.runtime_api().pending(best, device)?)
	}

	fn former_pending(
		&self,
		device: DeviceId,
		owner: AccountId,
	) -> Result<Option<FormerReward<AccountId>>, Error> {
		let best = self.client.info().best_hash;
		Ok(self.client.runtime_api().former(best, device, owner)?)
	}

	fn former_accounts(
		&self,
		owner: AccountId,
		after: Option<DeviceId>,
		limit: Option<u32>,
	) -> Result<Page<FormerReward<AccountId>, DeviceId>, Error> {
		let best = self.client.info().best_hash;
		let api = self.client.runtime_api();
		Ok(api.former_accounts(best, owner, after, page_size(limit))?)
	}

	fn payout(&self, owner: AccountId) -> Result<PayoutRecord<AccountId>, Error> {
		let best = self.client.info().best_hash;
		Ok(self.client.runtime_api().payout(best, owner)?)
	}

	fn epoch(&self, network: NetworkId, epoch: EpochIndex) -> Result<Option<EpochShare>, Error> {
		let best = self.client.info().best_hash;
		Ok(self.client.runtime_api().epoch(best, network, epoch)?)
	}

	fn schedule(&self) -> Result<Schedule, Error> {
		let best = self.client.info().best_hash;
		Ok(self.client.runtime_api().schedule(best)?)
	}

	async fn history(
		&self,
		device: DeviceId,
		after: Option<String>,
		limit: Option<u32>,
	) -> Result<IndexPage<Payment, EventCursor>, Error> {
		let after = page::cursor(after)?;
		let (payments, next, extent) =
			self.index.payments(&device, after, page_size(limit)).await?;
		let items = payments
			.into_iter()
			.map(|(block, PaidReward { device, payee, amount })| Payment {
				block,
				reward: PaidReward { device, payee: payee.into(), amount },
			})
			.collect();
		Ok(IndexPage::new((items, next, extent)))
	}
}
