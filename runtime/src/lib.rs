#![cfg_attr(not(feature = "std"), no_std)]
// `impl_runtime_apis` and the runtime macro expand to deep types.
#![recursion_limit = "512"]
#![doc = include_str!("../README.md")]
// The runtime's macros make public items without documentation.
#![allow(missing_docs)]

extern crate alloc;

#[cfg(feature = "std")]
include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));

mod apis;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarks;
pub mod configs;
pub mod constants;
pub mod genesis;
#[cfg(feature = "next-version")]
mod migrations;
pub mod origins;
#[cfg(test)]
mod tests;
pub mod weights;

use alloc::{borrow::Cow, vec::Vec};
use sp_runtime::{
	generic, impl_opaque_keys,
	traits::{BlakeTwo256, IdentifyAccount, Verify},
	MultiAddress, MultiSignature,
};
use sp_version::RuntimeVersion;

#[cfg(feature = "std")]
pub use apis::RuntimeApi;
pub use depin_primitives::{Balance, BlockNumber};
pub use frame_system::Call as SystemCall;
pub use pallet_balances::Call as BalancesCall;

/// Types for the node, which does not know this runtime's calls.
pub mod opaque {
	use super::{BlakeTwo256, BlockNumber};
	use sp_runtime::generic;

	pub use sp_runtime::OpaqueExtrinsic as UncheckedExtrinsic;

	/// Header of a block.
	pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
	/// Block of opaque extrinsics.
	pub type Block = generic::Block<Header, UncheckedExtrinsic>;
	/// Id of a block: its hash or its number.
	pub type BlockId = generic::BlockId<Block>;
	/// Hash of a block.
	pub type Hash = depin_primitives::H256;
}

impl_opaque_keys! {
	/// Session keys of a validator.
	pub struct SessionKeys {
		/// Key that authors blocks.
		pub babe: Babe,
		/// Key that votes on finality.
		pub grandpa: Grandpa,
		/// Key that publishes the validator's addresses.
		pub authority_discovery: AuthorityDiscovery,
	}
}

/// Defines the version of the runtime. `runtime_version` wants a literal.
macro_rules! version {
	($spec_version:tt) => {
		/// Version of the runtime.
		#[sp_version::runtime_version]
		pub const VERSION: RuntimeVersion = RuntimeVersion {
			spec_name: Cow::Borrowed("depin"),
			impl_name: Cow::Borrowed("depin-node"),
			authoring_version: 1,
			spec_version: $spec_version,
			impl_version: 1,
			apis: apis::RUNTIME_API_VERSIONS,
			transaction_version: 1,
			// The code of an upgrade takes effect with the next block: the events of the block that
			// sets it are read by the runtime that wrote them.
			system_version: 3,
		};
	};
}

// 1 until a network runs the chain.
#[cfg(not(feature = "next-version"))]
version!(1);
#[cfg(feature = "next-version")]
version!(2);

/// Hash of a state, a block or an extrinsic.
pub type Hash = depin_primitives::H256;
/// Number of an account's next transaction.
pub type Nonce = u32;
/// Signature of an extrinsic, by Ed25519, Sr25519 or secp256k1.
pub type Signature = MultiSignature;
/// Account, by its 32 bytes.
pub type AccountId = <<Signature as Verify>::Signer as IdentifyAccount>::AccountId;
/// Form in which an extrinsic names an account.
pub type Address = MultiAddress<AccountId, ()>;
/// Header of a block.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// Block.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;

/// Extensions that every transaction passes, in this order. `AuthorizeCall` is the first: it gives
/// the feeless call of a device its origin, on which the later ones have nothing to check or
/// charge.
pub type TxExtension = (
	frame_system::AuthorizeCall<Runtime>,
	frame_system::CheckNonZeroSender<Runtime>,
	frame_system::CheckSpecVersion<Runtime>,
	frame_system::CheckTxVersion<Runtime>,
	frame_system::CheckGenesis<Runtime>,
	frame_system::CheckMortality<Runtime>,
	frame_system::CheckNonce<Runtime>,
	frame_system::CheckWeight<Runtime>,
	pallet_transaction_payment::ChargeTransactionPayment<Runtime>,
	frame_metadata_hash_extension::CheckMetadataHash<Runtime>,
	frame_system::WeightReclaim<Runtime>,
);

/// Extrinsic with a signature or an authorized call.
pub type UncheckedExtrinsic =
	generic::UncheckedExtrinsic<Address, RuntimeCall, Signature, TxExtension>;

/// Migrations that an upgrade to this version runs once, in order. A migration is removed in the
/// release after every chain has run it.
#[cfg(not(feature = "next-version"))]
pub type Migrations = ();
/// Migrations of the runtime that a test upgrades to.
#[cfg(feature = "next-version")]
pub type Migrations = (migrations::OriginsV1,);

/// Executor of blocks.
pub type Executive = frame_executive::Executive<
	Runtime,
	Block,
	frame_system::ChainContext<Runtime>,
	Runtime,
	AllPalletsWithSystem,
>;

/// Runtime of the chain. Pallet numbers are part of the chain's interface and are never given
/// again.
#[frame_support::runtime]
mod runtime {
	/// Runtime of the chain.
	#[runtime::runtime]
	#[runtime::derive(
		RuntimeCall,
		RuntimeEvent,
		RuntimeError,
		RuntimeOrigin,
		RuntimeFreezeReason,
		RuntimeHoldReason,
		RuntimeSlashReason,
		RuntimeLockId,
		RuntimeTask,
		RuntimeViewFunction
	)]
	pub struct Runtime;

	// The base.
	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	// BABE checks the timestamp against the slot.
	#[runtime::pallet_index(1)]
	pub type Timestamp = pallet_timestamp;
	// Stands before Session, which asks BABE if the session ends.
	#[runtime::pallet_index(2)]
	pub type Babe = pallet_babe;
	#[runtime::pallet_index(3)]
	pub type Authorship = pallet_authorship;
	#[runtime::pallet_index(4)]
	pub type Balances = pallet_balances;
	#[runtime::pallet_index(5)]
	pub type TransactionPayment = pallet_transaction_payment;
	// Stands before Session, whose genesis asks Staking for the validators.
	#[runtime::pallet_index(6)]
	pub type Staking = pallet_staking;
	#[runtime::pallet_index(7)]
	pub type Offences = pallet_offences;
	#[runtime::pallet_index(8)]
	pub type Historical = pallet_session::historical;
	#[runtime::pallet_index(9)]
	pub type Session = pallet_session;
	#[runtime::pallet_index(10)]
	pub type Grandpa = pallet_grandpa;
	#[runtime::pallet_index(11)]
	pub type AuthorityDiscovery = pallet_authority_discovery;
	// Stands after Staking, whose genesis puts the first voters into the list.
	#[runtime::pallet_index(12)]
	pub type VoterList = pallet_bags_list<Instance1>;

	// Accounts and governance.
	#[runtime::pallet_index(20)]
	pub type Treasury = pallet_treasury;
	#[runtime::pallet_index(21)]
	pub type Utility = pallet_utility;
	#[runtime::pallet_index(22)]
	pub type Proxy = pallet_proxy;
	#[runtime::pallet_index(23)]
	pub type Multisig = pallet_multisig;
	// For development and young networks; `sudo.remove_key` removes it for ever.
	#[runtime::pallet_index(24)]
	pub type Sudo = pallet_sudo;
	// Numbers that governance can change: see `configs/parameters.rs`.
	#[runtime::pallet_index(25)]
	pub type Parameters = pallet_parameters;
	// Calls that referenda carry, and the agenda that runs them.
	#[runtime::pallet_index(26)]
	pub type Preimage = pallet_preimage;
	#[runtime::pallet_index(27)]
	pub type Scheduler = pallet_scheduler;
	#[runtime::pallet_index(28)]
	pub type Referenda = pallet_referenda;
	#[runtime::pallet_index(29)]
	pub type ConvictionVoting = pallet_conviction_voting;
	#[runtime::pallet_index(30)]
	pub type Origins = origins;
	#[runtime::pallet_index(31)]
	pub type TechnicalCommittee = pallet_collective<Instance1>;
	#[runtime::pallet_index(32)]
	pub type Whitelist = pallet_whitelist;
	// Sets them at genesis, and does nothing else.
	#[runtime::pallet_index(39)]
	pub type InitialParameters = crate::configs::initial_parameters;

	// Physical infrastructure.
	#[runtime::pallet_index(40)]
	pub type DeviceRegistry = pallet_device_registry;
	#[runtime::pallet_index(41)]
	pub type Attestation = pallet_attestation;
	#[runtime::pallet_index(42)]
	pub type Coverage = pallet_coverage;
	#[runtime::pallet_index(43)]
	pub type Rewards = pallet_rewards;
}
