//! Configuration of staking: validators and nominators, elected on chain and paid from the
//! emission.

use crate::{
	configs::governance::TreasuryAccount, origins::EnsureStakingAdmin, AccountId, Balance,
	Balances, Rewards, Runtime, RuntimeEvent, RuntimeHoldReason, Session, Staking, Timestamp,
};
use frame_election_provider_support::{
	bounds::{ElectionBounds, ElectionBoundsBuilder},
	onchain, SequentialPhragmen,
};
use frame_support::{
	parameter_types,
	traits::{tokens::imbalance::ResolveTo, ConstBool, ConstU32, Nothing},
};
use sp_runtime::Perbill;
use sp_staking::{EraIndex, SessionIndex};

/// Largest number of validators at a time.
pub const MAX_VALIDATORS: u32 = 300;

/// Largest number of nominators whose votes the election counts. The election runs inside one
/// block, so that the number is small until an off-chain election replaces it.
pub const MAX_NOMINATORS: u32 = 1_000;

/// Largest number of nominators behind one winner.
const MAX_BACKERS: u32 = 512;

/// Largest number of validators that one nominator may vote for.
const MAX_NOMINATIONS: u32 = 16;

parameter_types! {
	/// Number of sessions in an era. A session is an hour long.
	pub const SessionsPerEra: SessionIndex = 6;
	/// Number of eras for which stake stays bonded: a week.
	pub const BondingDuration: EraIndex = 28;
	/// Number of eras in which a slash can be cancelled. The last of them ends one era before the
	/// stake is free.
	pub const SlashDeferDuration: EraIndex = 27;
	pub const HistoryDepth: u32 = 84;
	pub ElectionBoundsOnChain: ElectionBounds = ElectionBoundsBuilder::default()
		.voters_count(MAX_NOMINATORS.into())
		.targets_count(MAX_VALIDATORS.into())
		.build();
}

/// Election of validators, solved inside the runtime at the end of each era.
pub struct OnChainElection;

impl onchain::Config for OnChainElection {
	type System = Runtime;
	type Solver = SequentialPhragmen<AccountId, Perbill>;
	type DataProvider = Staking;
	type WeightInfo = frame_election_provider_support::weights::SubstrateWeight<Runtime>;
	type Bounds = ElectionBoundsOnChain;
	type Sort = ConstBool<true>;
	type MaxBackersPerWinner = ConstU32<MAX_BACKERS>;
	type MaxWinnersPerPage = ConstU32<MAX_VALIDATORS>;
}

/// Pay of an era's validators: the shares that the epochs which closed in the era set aside for
/// them. Validators are paid from the one emission schedule, and from nothing else.
pub struct EraPayoutFromEmission;

impl sp_staking::EraPayout<Balance> for EraPayoutFromEmission {
	fn era_payout(_staked: Balance, _issuance: Balance, _millis: u64) -> (Balance, Balance) {
		(Rewards::take_validator_budget(), 0)
	}
}

/// Sizes that benchmarks of the election assume.
pub struct StakingBenchmarks;

impl pallet_staking::BenchmarkingConfig for StakingBenchmarks {
	type MaxNominators = ConstU32<MAX_NOMINATORS>;
	type MaxValidators = ConstU32<MAX_VALIDATORS>;
}

impl pallet_staking::Config for Runtime {
	type OldCurrency = Balances;
	type Currency = Balances;
	type RuntimeHoldReason = RuntimeHoldReason;
	type CurrencyBalance = Balance;
	type UnixTime = Timestamp;
	type CurrencyToVote = sp_staking::currency_to_vote::U128CurrencyToVote;
	type ElectionProvider = onchain::OnChainExecution<OnChainElection>;
	type GenesisElectionProvider = onchain::OnChainExecution<OnChainElection>;
	type NominationsQuota = pallet_staking::FixedNominationsQuota<MAX_NOMINATIONS>;
	type HistoryDepth = HistoryDepth;
	type RewardRemainder = ResolveTo<TreasuryAccount, Balances>;
	type RuntimeEvent = RuntimeEvent;
	type Slash = ResolveTo<TreasuryAccount, Balances>;
	type Reward = ();
	type SessionsPerEra = SessionsPerEra;
	type BondingDuration = BondingDuration;
	type SlashDeferDuration = SlashDeferDuration;
	type AdminOrigin = EnsureStakingAdmin;
	type SessionInterface = Self;
	type EraPayout = EraPayoutFromEmission;
	type NextNewSession = Session;
	type MaxExposurePageSize = ConstU32<64>;
	type MaxValidatorSet = ConstU32<MAX_VALIDATORS>;
	type VoterList = pallet_staking::UseNominatorsAndValidatorsMap<Self>;
	type TargetList = pallet_staking::UseValidatorsMap<Self>;
	type MaxUnlockingChunks = ConstU32<32>;
	type MaxControllersInDeprecationBatch = ConstU32<64>;
	type EventListeners = ();
	type Filter = Nothing;
	type BenchmarkingConfig = StakingBenchmarks;
	type WeightInfo = pallet_staking::weights::SubstrateWeight<Runtime>;
}
