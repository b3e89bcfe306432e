//! Configuration of staking: validators and nominators, elected on chain and paid from the
//! emission.

use crate::{
	configs::governance::TreasuryAccount, constants::currency::WORK, origins::EnsureStakingAdmin,
	AccountId, Balance, Balances, Rewards, Runtime, RuntimeEvent, RuntimeHoldReason, Session,
	Staking, Timestamp, VoterList,
};
use frame_election_provider_support::{
	bounds::{ElectionBounds, ElectionBoundsBuilder},
	onchain, SequentialPhragmen, VoteWeight,
};
use frame_support::{
	parameter_types,
	traits::{tokens::imbalance::ResolveTo, ConstBool, ConstU32, Nothing},
};
use sp_runtime::{Perbill, Percent};
use sp_staking::{EraIndex, SessionIndex};

/// Largest number of validators at a time.
pub const MAX_VALIDATORS: u32 = 300;

/// Largest number of candidates: accounts that offer to validate, elected or not. The election
/// reads all of them and fails if there are more, so that staking refuses the next one with
/// `TooManyValidators`.
pub const MAX_CANDIDATES: u32 = 2_000;

/// Largest number of voters, nominators and candidates together, that the election reads: those
/// with the largest stakes, to within the ratio of two bags. The election runs inside one block, so
/// that the number is small until an off-chain election replaces it.
pub const MAX_VOTERS: u32 = 1_000;

/// Largest number of nominators. Staking refuses the next one with `TooManyNominators`. The number
/// bounds the state only; the election reads the [`MAX_VOTERS`] largest stakes.
pub const MAX_NOMINATORS: u32 = 20_000;

/// Fraction of [`MAX_CANDIDATES`] and of [`MAX_NOMINATORS`] above which anyone may chill an account
/// whose stake is below the least stake, which governance can raise: so that nobody can hold all
/// places at the price of the least stake.
pub const CHILL_THRESHOLD: Percent = Percent::from_percent(75);

/// Ratio of the thresholds of neighbouring bags of the voter list, in hundredths.
const BAG_RATIO: u128 = 115;

/// Threshold of the lowest bag. It lies below the vote of the least stake even when the issuance
/// has reached its cap: votes have 64 bits, so that a stake counts as a 55th of its units then.
const LEAST_THRESHOLD: u128 = WORK / 100;

/// Number of the bags' thresholds: as many as fit between the least one and the largest vote.
const BAGS: usize = 153;

/// Thresholds of the bags, each 15 % above the one before.
const BAG_THRESHOLDS: [VoteWeight; BAGS] = bag_thresholds();

const fn bag_thresholds() -> [VoteWeight; BAGS] {
	let mut thresholds = [0; BAGS];
	let mut threshold = LEAST_THRESHOLD;
	let mut bag = 0;
	while bag < BAGS {
		assert!(threshold <= VoteWeight::MAX as u128, "a threshold exceeds the largest vote");
		thresholds[bag] = threshold as VoteWeight;
		threshold = threshold * BAG_RATIO / 100;
		bag += 1;
	}
	assert!(threshold > VoteWeight::MAX as u128, "the highest bag is too wide");
	thresholds
}

/// Largest number of nominators behind one winner.
pub const MAX_BACKERS: u32 = 512;

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
	/// Number of eras in which a pay-out can be claimed: 84 days.
	pub const HistoryDepth: u32 = 336;
	pub const BagThresholds: &'static [VoteWeight] = &BAG_THRESHOLDS;
	pub ElectionBoundsOnChain: ElectionBounds = ElectionBoundsBuilder::default()
		.voters_count(MAX_VOTERS.into())
		.targets_count(MAX_CANDIDATES.into())
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

/// Pay of an era's validators, from the one emission schedule and from nothing else. A closed
/// reward epoch promises the validators their share, which falls due evenly over the blocks of the
/// next epoch; an era takes what has fallen due in its blocks. An era in which slots were skipped
/// has fewer blocks and is paid less: the pay of a block stays the same.
pub struct EraPayoutFromEmission;

impl sp_staking::EraPayout<Balance> for EraPayoutFromEmission {
	fn era_payout(_staked: Balance, _issuance: Balance, _millis: u64) -> (Balance, Balance) {
		(Rewards::take_validator_budget(), 0)
	}
}

/// Sizes that benchmarks of the election assume.
pub struct StakingBenchmarks;

impl pallet_staking::BenchmarkingConfig for StakingBenchmarks {
	type MaxNominators = ConstU32<MAX_VOTERS>;
	type MaxValidators = ConstU32<MAX_CANDIDATES>;
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
	type VoterList = VoterList;
	type TargetList = pallet_staking::UseValidatorsMap<Self>;
	type MaxUnlockingChunks = ConstU32<32>;
	type MaxControllersInDeprecationBatch = ConstU32<64>;
	type EventListeners = ();
	type Filter = Nothing;
	type BenchmarkingConfig = StakingBenchmarks;
	type WeightInfo = pallet_staking::weights::SubstrateWeight<Runtime>;
}

/// Voters in order of stake, for [`Staking`].
impl pallet_bags_list::Config<pallet_bags_list::Instance1> for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type ScoreProvider = Staking;
	type BagThresholds = BagThresholds;
	type MaxAutoRebagPerBlock = ConstU32<10>;
	type Score = VoteWeight;
	type WeightInfo = pallet_bags_list::weights::SubstrateWeight<Runtime>;
}
