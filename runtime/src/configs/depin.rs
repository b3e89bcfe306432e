//! Configuration of this project's four pallets, and the only place that connects them.

use super::{
	device_parts::DeviceParts,
	fees::FreeWeight,
	governance::TreasuryAccount,
	parameters::{params, AtLeast, GovernedCaps, Price},
};
use crate::{
	constants::{currency::deposit, state::DEVICE_STATE_DEPOSIT},
	origins::{EnsureDeviceJudge, EnsureNetworkFunder, EnsureParametersAdmin},
	weights, Attestation, Balances, Coverage, DeviceRegistry, Rewards, Runtime, RuntimeHoldReason,
	System, Timestamp,
};
use depin_primitives::{statement::MAX_STATEMENT_LIFETIME, H256};
use frame_support::{
	parameter_types,
	traits::{ConstU128, ConstU32, ConstU64, Get},
	PalletId,
};
use sp_runtime::Perbill;

parameter_types! {
	pub const RewardPot: PalletId = PalletId(*b"depn/rwd");
	/// Fullness of a block above which the challenge clock stands still.
	pub const FullBlock: Perbill = Perbill::from_percent(90);
	/// Fraction of the normal class's weight up to which feeless messages fill a block. Who has the
	/// clock stand still pays for 40 % of the class in each block.
	pub const FreeShare: Perbill = Perbill::from_percent(50);
}

/// Hash of the chain's first block.
pub struct GenesisHash;

impl Get<H256> for GenesisHash {
	fn get() -> H256 {
		System::block_hash(0)
	}
}

impl pallet_device_registry::Config for Runtime {
	type Currency = Balances;
	type RuntimeHoldReason = RuntimeHoldReason;
	type Time = Timestamp;
	type Parts = DeviceParts;
	// Coverage and attestation come first, because they may refuse; rewards pay.
	type Lifecycle = (Coverage, Attestation, Rewards);
	type Epochs = Rewards;
	type Funding = Rewards;
	type GovernanceOrigin = EnsureNetworkFunder;
	type JudgeOrigin = EnsureDeviceJudge;
	type FeeCollector = TreasuryAccount;
	type RetireDelay = params::registry::RetireDelay;
	type RecoveryDelay = params::registry::RecoveryDelay;
	type AppealWindow = params::registry::AppealWindow;
	type DecisionWindow = params::registry::DecisionWindow;
	type RulesNotice = params::registry::RulesNotice;
	type LocationFee = params::registry::LocationFee;
	type PolicyCaps = GovernedCaps;
	type MinBond = AtLeast<params::deposits::Bond, ConstU128<DEVICE_STATE_DEPOSIT>>;
	type NetworkDeposit = Price<params::deposits::Network>;
	type MakerDeposit = Price<params::deposits::Maker>;
	type MakerKeyDeposit = Price<params::deposits::MakerKey>;
	type DeclarationDeposit = Price<params::deposits::Declaration>;
	type GrantDeposit = Price<params::deposits::Grant>;
	type MaxMakersPerNetwork = ConstU32<16>;
	type MaxMakerKeys = ConstU32<8>;
	type MaxGrants = ConstU32<16>;
	type MaxRegistrations = ConstU32<64>;
	type MaxStatementLifetime = ConstU64<MAX_STATEMENT_LIFETIME>;
	type GenesisHash = GenesisHash;
	type WeightInfo = weights::pallet_device_registry::WeightInfo<Runtime>;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = crate::benchmarks::BenchmarkHelper;
}

impl pallet_attestation::Config for Runtime {
	type Currency = Balances;
	type RuntimeHoldReason = RuntimeHoldReason;
	type Devices = DeviceRegistry;
	type Ledger = Rewards;
	type Time = Timestamp;
	type MetricDeposit = Price<params::deposits::Metric>;
	type MaxMetrics = ConstU32<64>;
	type MaxBatch = ConstU32<512>;
	type GenesisHash = GenesisHash;
	type WeightInfo = weights::pallet_attestation::WeightInfo<Runtime>;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = crate::benchmarks::BenchmarkHelper;
}

impl pallet_coverage::Config for Runtime {
	type Devices = DeviceRegistry;
	type Ledger = Rewards;
	type Randomness = pallet_babe::ParentBlockRandomness<Runtime>;
	type Time = Timestamp;
	type TimingOrigin = EnsureParametersAdmin;
	type FullBlock = FullBlock;
	type FreeShare = FreeShare;
	type FreeWeight = FreeWeight;
	type GenesisHash = GenesisHash;
	type WeightInfo = weights::pallet_coverage::WeightInfo<Runtime>;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = crate::benchmarks::BenchmarkHelper;
}

impl pallet_rewards::Config for Runtime {
	type Currency = Balances;
	type PotId = RewardPot;
	type Treasury = TreasuryAccount;
	type GovernanceOrigin = EnsureNetworkFunder;
	type RuntimeHoldReason = RuntimeHoldReason;
	type Devices = DeviceRegistry;
	// 112 bytes of key and 48 of value. Less than `MinBond`, which a hand-over frees.
	type FormerDeposit = ConstU128<{ deposit(1, 160) }>;
	// 80 bytes of key and 50 of value.
	type PayoutDeposit = ConstU128<{ deposit(1, 130) }>;
	type ClearAfter = ConstU32<90>;
	type MaxFunded = ConstU32<64>;
	type MaxClaims = ConstU32<64>;
	type WeightInfo = weights::pallet_rewards::WeightInfo<Runtime>;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = crate::benchmarks::BenchmarkHelper;
}
