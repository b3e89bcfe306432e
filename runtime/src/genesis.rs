//! Genesis presets: `development` (one validator), `local` (four), `staging` (a template without
//! well-known keys).

use crate::{
	configs::{CHILL_THRESHOLD, MAX_CANDIDATES, MAX_NOMINATORS},
	constants::{
		currency::WORK,
		time::{DAYS, HOURS, MINUTES, PRIMARY_PROBABILITY},
	},
	origins, AccountId, BabeConfig, Balance, BalancesConfig, BlockNumber, CoverageConfig,
	InitialParametersConfig, OriginsConfig, RewardsConfig, Runtime, RuntimeGenesisConfig,
	SessionConfig, SessionKeys, StakingConfig, SudoConfig, TechnicalCommitteeConfig,
};
use alloc::{vec, vec::Vec};
use depin_primitives::{beacon::Tick, EpochIndex, Millis};
use frame_support::{build_struct_json_patch, genesis_builder_helper::build_state};
use pallet_staking::StakerStatus;
use serde_json::Value;
use sp_consensus_babe::{AllowedSlots, BabeEpochConfiguration};
use sp_genesis_builder::{PresetId, DEV_RUNTIME_PRESET};
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};
use sp_runtime::Perbill;

/// Name of the preset of a local network of four validators.
pub const LOCAL_PRESET: &str = "local";
/// Name of the preset of a public network without its keys.
pub const STAGING_PRESET: &str = "staging";

/// BABE's settings at genesis. Every slot has an author who adds a VRF output, which goes into the
/// seeds of the challenges.
pub const BABE_EPOCH_CONFIG: BabeEpochConfiguration = BabeEpochConfiguration {
	c: PRIMARY_PROBABILITY,
	allowed_slots: AllowedSlots::PrimaryAndSecondaryVRFSlots,
};

/// Cap on the supply.
const MAX_SUPPLY: Balance = 1_000_000_000 * WORK;
/// Balance of a well-known account at genesis.
const ENDOWMENT: Balance = 1_000_000 * WORK;
/// Stake of a validator of the presets.
const STAKE: Balance = 100_000 * WORK;

/// Number of validators that an election seats, if there are as many candidates. Governance may
/// change it up to [`MAX_VALIDATORS`](crate::configs::MAX_VALIDATORS).
const SEATS: u32 = 100;

/// Periods and amounts by which the presets differ.
struct Pace {
	/// Number of blocks in a reward epoch.
	epoch: BlockNumber,
	/// Emission of each epoch before the first halving.
	emission: Balance,
	/// Number of epochs until the emission halves.
	halving: u32,
	/// Numbers of ticks in a challenge period, to commit, and to reveal.
	challenge: (Tick, Tick, Tick),
	/// Number of blocks from a device's retirement until its bond is free.
	retire: BlockNumber,
	/// Number of blocks from the start of a key's recovery until its end.
	recovery: BlockNumber,
	/// Numbers of blocks in which a suspension can be appealed, and in which it is decided
	/// afterwards.
	suspension: (BlockNumber, BlockNumber),
	/// Pace of governance.
	governance: origins::Pace,
	/// Number of epochs of the notice of a funded network's rules.
	notice: EpochIndex,
	/// Least time between two reports of a device.
	interval: Millis,
}

/// Pace of a development chain: one epoch and one challenge a minute, reports as fast as blocks.
const FAST: Pace = Pace {
	epoch: MINUTES,
	emission: 1_000 * WORK,
	halving: 100_000,
	challenge: (10, 3, 3),
	retire: 2 * MINUTES,
	recovery: MINUTES / 2,
	suspension: (MINUTES / 2, MINUTES),
	governance: origins::Pace::FAST,
	notice: 2,
	interval: 0,
};

/// Pace of a public network: one epoch a day, one challenge each six hours, a halving every two
/// years. All epochs together emit less than 2 × 730 × 400,000 = 584 million.
const PUBLIC: Pace = Pace {
	epoch: DAYS,
	emission: 400_000 * WORK,
	halving: 730,
	challenge: (6 * HOURS, 10, 10),
	retire: 14 * DAYS,
	recovery: 3 * DAYS,
	suspension: (7 * DAYS, 14 * DAYS),
	governance: origins::Pace::PUBLIC,
	notice: 7,
	interval: 60_000,
};

/// Validator at genesis: the account at stake and its session keys.
type Validator = (AccountId, SessionKeys);

fn well_known(account: Sr25519Keyring, grandpa: Ed25519Keyring) -> Validator {
	let keys = SessionKeys {
		babe: account.public().into(),
		grandpa: grandpa.public().into(),
		authority_discovery: account.public().into(),
	};
	(account.to_account_id(), keys)
}

fn genesis(
	pace: Pace,
	validators: Vec<Validator>,
	endowed: Vec<AccountId>,
	sudo: Option<AccountId>,
	committee: Vec<AccountId>,
) -> Value {
	let (period_ticks, commit_ticks, reveal_ticks) = pace.challenge;
	let (appeal_window, decision_window) = pace.suspension;
	build_struct_json_patch!(RuntimeGenesisConfig {
		balances: BalancesConfig {
			balances: endowed.into_iter().map(|account| (account, ENDOWMENT)).collect::<Vec<_>>(),
		},
		babe: BabeConfig { epoch_config: BABE_EPOCH_CONFIG },
		session: SessionConfig {
			keys: validators
				.iter()
				.cloned()
				.map(|(account, keys)| (account.clone(), account, keys))
				.collect::<Vec<_>>(),
		},
		staking: StakingConfig {
			validator_count: SEATS,
			minimum_validator_count: 1,
			invulnerables: Vec::<AccountId>::new(),
			slash_reward_fraction: Perbill::from_percent(10),
			stakers: validators
				.iter()
				.cloned()
				.map(|(account, _)| (account.clone(), account, STAKE, StakerStatus::Validator))
				.collect::<Vec<_>>(),
			min_nominator_bond: 10 * WORK,
			min_validator_bond: 1_000 * WORK,
			max_validator_count: Some(MAX_CANDIDATES),
			max_nominator_count: Some(MAX_NOMINATORS),
		},
		sudo: SudoConfig { key: sudo },
		origins: OriginsConfig { day: pace.governance.day, deposit: pace.governance.deposit },
		technical_committee: TechnicalCommitteeConfig { members: committee },
		initial_parameters: InitialParametersConfig {
			retire_delay: Some(pace.retire),
			recovery_delay: Some(pace.recovery),
			appeal_window: Some(appeal_window),
			decision_window: Some(decision_window),
			rules_notice: Some(pace.notice),
			least_interval: Some(pace.interval),
		},
		coverage: CoverageConfig { period_ticks, commit_ticks, reveal_ticks },
		rewards: RewardsConfig {
			epoch_length: pace.epoch,
			initial_emission: pace.emission,
			halving_epochs: pace.halving,
			max_supply: MAX_SUPPLY,
			networks_share: Perbill::from_percent(70),
			validators_share: Perbill::from_percent(20),
		},
	})
}

fn well_known_accounts() -> Vec<AccountId> {
	Sr25519Keyring::well_known().map(|key| key.to_account_id()).collect()
}

/// Returns the members of the technical committee of a chain with well-known keys.
fn committee() -> Vec<AccountId> {
	[Sr25519Keyring::Alice, Sr25519Keyring::Bob, Sr25519Keyring::Charlie]
		.map(|key| key.to_account_id())
		.to_vec()
}

fn development() -> Value {
	genesis(
		FAST,
		vec![well_known(Sr25519Keyring::Alice, Ed25519Keyring::Alice)],
		well_known_accounts(),
		Some(Sr25519Keyring::Alice.to_account_id()),
		committee(),
	)
}

fn local() -> Value {
	genesis(
		FAST,
		vec![
			well_known(Sr25519Keyring::Alice, Ed25519Keyring::Alice),
			well_known(Sr25519Keyring::Bob, Ed25519Keyring::Bob),
			well_known(Sr25519Keyring::Charlie, Ed25519Keyring::Charlie),
			well_known(Sr25519Keyring::Dave, Ed25519Keyring::Dave),
		],
		well_known_accounts(),
		Some(Sr25519Keyring::Alice.to_account_id()),
		committee(),
	)
}

/// Returns the preset of a public network without keys. Those who launch the network fill in
/// accounts, stakes and session keys in the exported spec.
fn staging() -> Value {
	genesis(PUBLIC, Vec::new(), Vec::new(), None, Vec::new())
}

/// Builds the state from the JSON of a genesis configuration, and sets what no pallet's genesis can
/// set.
pub fn build(config: Vec<u8>) -> sp_genesis_builder::Result {
	build_state::<RuntimeGenesisConfig>(config)?;
	pallet_staking::ChillThreshold::<Runtime>::put(CHILL_THRESHOLD);
	Ok(())
}

/// Returns the JSON of the preset of this name.
pub fn get_preset(id: &PresetId) -> Option<Vec<u8>> {
	let preset = match id.as_ref() {
		DEV_RUNTIME_PRESET => development(),
		LOCAL_PRESET => local(),
		STAGING_PRESET => staging(),
		_ => return None,
	};
	Some(serde_json::to_string(&preset).expect("a JSON value has a text form; qed").into_bytes())
}

/// Returns the names of all presets.
pub fn preset_names() -> Vec<PresetId> {
	vec![
		PresetId::from(DEV_RUNTIME_PRESET),
		PresetId::from(LOCAL_PRESET),
		PresetId::from(STAGING_PRESET),
	]
}
