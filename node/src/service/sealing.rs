//! Sealing of a development chain: blocks without waiting for their slots, each finalized at once.
//!
//! A sealed block is as valid as any other. Its author claims a slot of BABE with the authority's
//! key and signs the block, and the voters' keys sign a GRANDPA justification of it. Only the slots
//! do not follow the wall clock: each block has the slot after its parent's, so that the chain's
//! clock advances by one slot per block.

use super::parts::{
	BabeBlockImport, FullClient, GrandpaBlockImport, InherentProviders, Shared, TransactionPool,
};
use codec::Encode;
use depin_runtime::opaque::{Block, Hash, Header};
use futures::{Stream, StreamExt};
use sc_basic_authorship::ProposerFactory;
use sc_consensus::{
	BlockImport, BlockImportParams, ImportResult, JustificationImport, StateAction, StorageChanges,
};
use sc_consensus_babe::{
	authorship::claim_slot, BabeIntermediate, BabeLink, CompatibleDigestItem, Epoch,
	INTERMEDIATE_KEY,
};
use sc_consensus_epochs::{descendent_query, ViableEpochDescriptor};
use sc_consensus_grandpa::{GrandpaJustification, SharedAuthoritySet};
use sc_consensus_slots::InherentDataProviderExt;
use sc_service::{ChainType, Configuration, TaskManager};
use sc_transaction_pool_api::TransactionPool as _;
use sp_blockchain::HeaderBackend as _;
use sp_consensus::{BlockOrigin, Environment, ProposeArgs, Proposer, SelectChain};
use sp_consensus_grandpa::{sign_message, Commit, Message, Precommit, GRANDPA_ENGINE_ID};
use sp_core::crypto::key_types::BABE;
use sp_inherents::{CreateInherentDataProviders, InherentDataProvider};
use sp_runtime::{traits::Block as _, Digest, DigestItem};
use std::{num::NonZeroU32, pin::Pin, str::FromStr, time::Duration};
use tokio::time::MissedTickBehavior;

/// Longest time that the filling of a block may take.
const MAX_PROPOSAL: Duration = Duration::from_secs(4);

/// Number of extrinsics that the author makes: the block's time.
const INHERENTS: usize = 1;

/// Longest wait for the pool to have processed a block.
const POOL_PATIENCE: Duration = Duration::from_secs(1);

/// Time that the pool gets to tell that extrinsics are in a block, before the block is final.
const NOTICE: Duration = Duration::from_millis(20);

/// Round of the sealer's GRANDPA votes. The sealer never votes for two forks, so that one round is
/// enough.
const ROUND: u64 = 1;

type BlockNumber = depin_runtime::BlockNumber;
type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Rule for the time at which a block is sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sealing {
	/// A block as soon as an extrinsic is in the pool, and none without extrinsics.
	Instant,
	/// A block at each interval of this many milliseconds, with or without extrinsics.
	Interval(NonZeroU32),
}

/// Error of the argument `--sealing`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealingError {
	/// Value that is neither the word `instant` nor a number of milliseconds.
	#[error(
		"`{0}` is neither `instant` nor a number of milliseconds from 1 to {max}",
		max = u32::MAX
	)]
	Unknown(String),
	/// Chain whose blocks are made in their slots.
	#[error(
		"--sealing is for development chains only, and `{0}` is not one: leave --sealing out, or \
		 give --dev"
	)]
	NotDevelopment(String),
	/// Node that makes no blocks.
	#[error("--sealing is for the node that makes the blocks: give --dev, or --validator")]
	NotAuthority,
}

impl FromStr for Sealing {
	type Err = SealingError;

	fn from_str(value: &str) -> Result<Self, SealingError> {
		match value {
			"instant" => Ok(Self::Instant),
			_ => value.parse().map(Self::Interval).map_err(|_| SealingError::Unknown(value.into())),
		}
	}
}

impl Sealing {
	/// Fails if a node of this configuration cannot seal its chain's blocks.
	pub fn check(config: &Configuration) -> Result<(), SealingError> {
		if config.chain_spec.chain_type() != ChainType::Development {
			return Err(SealingError::NotDevelopment(config.chain_spec.id().into()));
		}
		if !config.role.is_authority() {
			return Err(SealingError::NotAuthority);
		}
		Ok(())
	}
}

/// Components of sealing.
pub(super) struct Parts {
	/// Import of the blocks that this node makes.
	pub block_import: BabeBlockImport,
	/// State that BABE's import shares with its worker.
	pub babe_link: BabeLink<Block>,
	/// Providers of each block's inherent data.
	pub inherents: InherentProviders,
	/// Import of justifications, which finalizes their blocks.
	pub justification_import: GrandpaBlockImport,
	/// Authorities whose votes finalize blocks.
	pub voters: SharedAuthoritySet<Hash, BlockNumber>,
}

/// Starts the task that makes and finalizes the blocks.
pub(super) fn start_sealing(
	task_manager: &TaskManager,
	shared: &Shared,
	sealing: Sealing,
	parts: Parts,
) {
	let proposers = ProposerFactory::new(
		task_manager.spawn_handle(),
		shared.client.clone(),
		shared.pool.clone(),
		shared.registry.as_ref(),
		shared.telemetry.clone(),
	);
	let sealer = Sealer { shared: shared.clone(), proposers, parts };
	task_manager.spawn_essential_handle().spawn_blocking(
		"sealing",
		Some("block-authoring"),
		sealer.run(sealing),
	);
}

/// Block that was sealed.
struct Sealed {
	/// Hash of the block.
	hash: Hash,
	/// True if the block has more than the extrinsics that its author makes.
	has_extrinsics: bool,
}

/// Author and only voter of a development chain.
struct Sealer {
	shared: Shared,
	proposers: ProposerFactory<TransactionPool, FullClient>,
	parts: Parts,
}

impl Sealer {
	/// Seals blocks for as long as the node runs. A block that fails is logged, and the next call
	/// for a block tries again.
	async fn run(mut self, sealing: Sealing) {
		// A node that was killed may have left a block that is not final.
		let info = self.shared.client.info();
		if info.best_number > info.finalized_number {
			if let Err(error) = self.finalize(info.best_hash, info.best_number).await {
				log::error!("block {} cannot be finalized: {error}", info.best_number);
			}
		}
		let mut calls = self.calls(sealing);
		while calls.next().await.is_some() {
			loop {
				match self.seal().await {
					Err(error) => log::error!("no block can be sealed: {error}"),
					// A full block leaves extrinsics in the pool that no notification names again.
					// A block that took none of them would leave them there again.
					Ok(Sealed { hash, has_extrinsics: true }) if sealing == Sealing::Instant => {
						if self
							.shared
							.pool
							.ready_at_with_timeout(hash, POOL_PATIENCE)
							.await
							.next()
							.is_some()
						{
							continue;
						}
					}
					Ok(_) => {}
				}
				break;
			}
		}
	}

	/// Returns the stream that asks for blocks.
	fn calls(&self, sealing: Sealing) -> Pin<Box<dyn Stream<Item = ()> + Send>> {
		match sealing {
			Sealing::Instant => {
				let pool = self.shared.pool.clone();
				// The stream names each extrinsic. Those that an earlier block took need no block.
				let added = pool.import_notification_stream();
				// Extrinsics that the RPC took before this task listened are named to nobody.
				let before = (pool.status().ready > 0).then_some(());
				Box::pin(futures::stream::iter(before).chain(added.filter_map(move |_| {
					let waiting = pool.status().ready > 0;
					async move { waiting.then_some(()) }
				})))
			}
			Sealing::Interval(millis) => {
				let mut interval =
					tokio::time::interval(Duration::from_millis(millis.get().into()));
				interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
				Box::pin(futures::stream::unfold(interval, |mut interval| async {
					interval.tick().await;
					Some(((), interval))
				}))
			}
		}
	}

	/// Makes a block on the best one, and finalizes it.
	async fn seal(&mut self) -> Result<Sealed, BoxError> {
		let keystore = self.shared.keystore.clone();
		let parent = self.shared.select_chain.best_chain().await?;
		let providers =
			self.parts.inherents.create_inherent_data_providers(parent.hash(), ()).await?;
		let slot = providers.slot();
		let inherent_data = providers.create_inherent_data().await?;
		let (epoch_descriptor, epoch) = self.epoch(&parent, slot)?;
		let (pre_digest, author) = claim_slot(slot, &epoch, &keystore)
			.ok_or_else(|| format!("the keystore has no key of the author of slot {slot}"))?;

		let proposal = self
			.proposers
			.init(&parent)
			.await?
			.propose(ProposeArgs {
				inherent_data,
				inherent_digests: Digest { logs: vec![DigestItem::babe_pre_digest(pre_digest)] },
				max_duration: MAX_PROPOSAL,
				..Default::default()
			})
			.await?;
		let (header, body) = proposal.block.deconstruct();
		let has_extrinsics = body.len() > INHERENTS;
		let number = header.number;
		let signature = keystore
			.sr25519_sign(BABE, author.as_ref(), header.hash().as_ref())?
			.ok_or("the author's key has left the keystore")?;

		let mut params = BlockImportParams::new(BlockOrigin::Own, header);
		params.post_digests.push(DigestItem::babe_seal(signature.into()));
		params.body = Some(body);
		params.state_action =
			StateAction::ApplyChanges(StorageChanges::Changes(proposal.storage_changes));
		params
			.insert_intermediate(INTERMEDIATE_KEY, BabeIntermediate::<Block> { epoch_descriptor });
		let hash = params.post_hash();
		match self.parts.block_import.import_block(params).await? {
			ImportResult::Imported(_) => {}
			other => return Err(format!("the block was not imported: {other:?}").into()),
		}
		// The pool drops the notice that an extrinsic is in a block if the block is final already.
		self.shared.pool.ready_at_with_timeout(hash, POOL_PATIENCE).await;
		tokio::time::sleep(NOTICE).await;
		self.finalize(hash, number).await?;
		Ok(Sealed { hash, has_extrinsics })
	}

	/// Returns the epoch of a child of `parent` in this slot, and its place in the tree of epochs.
	fn epoch(
		&self,
		parent: &Header,
		slot: sp_consensus_babe::Slot,
	) -> Result<(ViableEpochDescriptor<Hash, BlockNumber, Epoch>, Epoch), BoxError> {
		let changes = self.parts.babe_link.epoch_changes().shared_data();
		let descriptor = changes
			.epoch_descriptor_for_child_of(
				descendent_query(&*self.shared.client),
				&parent.hash(),
				parent.number,
				slot,
			)
			.map_err(|error| format!("the tree of epochs cannot be read: {error}"))?
			.ok_or("no epoch contains the slot")?;
		let epoch = changes
			.viable_epoch(&descriptor, |slot| Epoch::genesis(self.parts.babe_link.config(), slot))
			.ok_or("the epoch of the slot is unknown")?
			.into_cloned_inner();
		Ok((descriptor, epoch))
	}

	/// Finalizes a block by a justification with the vote of each voter whose key this node has.
	async fn finalize(&mut self, hash: Hash, number: BlockNumber) -> Result<(), BoxError> {
		let set = self.parts.voters.set_id();
		let voters = self.parts.voters.current_authorities();
		let precommit = Precommit::<Header> { target_hash: hash, target_number: number };
		let precommits = voters
			.iter()
			.filter_map(|(voter, _)| {
				let message = Message::<Header>::Precommit(precommit.clone());
				let keystore = self.shared.keystore.clone();
				sign_message(keystore, message, voter.clone(), ROUND, set)
			})
			.map(|signed| finality_grandpa::SignedPrecommit {
				precommit: precommit.clone(),
				signature: signed.signature,
				id: signed.id,
			})
			.collect();
		let commit = Commit::<Header> { target_hash: hash, target_number: number, precommits };
		let justification =
			GrandpaJustification::<Block>::from_commit(&self.shared.client, ROUND, commit)?;
		let encoded = (GRANDPA_ENGINE_ID, justification.encode());
		self.parts.justification_import.import_justification(hash, number, encoded).await?;
		Ok(())
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn values_are_a_word_or_a_positive_number() {
		assert_eq!("instant".parse(), Ok(Sealing::Instant));
		let millis = NonZeroU32::new(250).expect("not zero");
		assert_eq!("250".parse(), Ok(Sealing::Interval(millis)));
		for wrong in ["", "0", "-1", "x", "Instant", "1.5", "250ms", "4294967296"] {
			let error = wrong.parse::<Sealing>().expect_err(wrong);
			assert_eq!(error, SealingError::Unknown(wrong.into()));
			assert!(error.to_string().contains("`instant`"), "{error}");
		}
	}
}
