//! Configuration of referenda: their tracks, the votes, the calls that they carry, and the agenda
//! that runs these calls.
//!
//! The structure is OpenGov's: each origin has a track with periods, deposits and curves of its
//! own. Periods are hours of governance ([`Pace`]), so that a development chain decides in minutes
//! and a public one in days.

use super::{governance::TreasuryAccount, system::RuntimeBlockWeights};
use crate::{
	constants::currency::{deposit, WORK},
	origins::{self, Days, EnsureReferendumCanceller, EnsureReferendumKiller, Origin, Pace},
	AccountId, Balance, Balances, BlockNumber, OriginCaller, Preimage, Referenda, Runtime,
	RuntimeCall, RuntimeEvent, RuntimeHoldReason, RuntimeOrigin, Scheduler, System, Treasury,
};
use alloc::borrow::Cow;
use frame_support::{
	parameter_types,
	traits::{
		fungible::{HoldConsideration, Inspect},
		AsEnsureOriginWithArg, ConstU128, ConstU32, EqualPrivilegeOnly, Get, LinearStoragePrice,
	},
	weights::Weight,
};
use frame_system::{EnsureRoot, EnsureSigned, RawOrigin};
use pallet_referenda::{Curve, Track, TrackInfo, TracksInfo};
use sp_runtime::{str_array, FixedI64, Perbill};

/// Number of a track. Part of the chain's interface.
pub type TrackId = u16;

const DAY: u32 = 24;

/// Terms of a track, in the units of [`Pace`].
struct Terms {
	/// Number of the track, never given again.
	id: TrackId,
	/// Name of the track, at most 25 bytes.
	name: &'static str,
	/// Number of referenda that are decided at the same time.
	max_deciding: u32,
	/// Decision deposit, in units.
	deposit: u32,
	/// Hours from the submission until a decision can begin.
	prepare: u32,
	/// Hours in which a referendum must begin to pass.
	decision: u32,
	/// Hours for which it must pass without a break.
	confirm: u32,
	/// Hours from the approval until the call is dispatched.
	enactment: u32,
	/// Least fraction of the votes that are ayes, over the decision period.
	approval: Curve,
	/// Least fraction of the voting population that votes aye, over the decision period.
	support: Curve,
}

const fn percent(value: u128) -> FixedI64 {
	FixedI64::from_rational(value, 100)
}

/// Approval that falls from all votes to half of them in `days` of 28 days.
const fn linear(days: u128) -> Curve {
	Curve::make_linear(days, 28, percent(50), percent(100))
}

/// Curve that falls from `ceil` through `level` at `days` of 28 days towards `floor`, in percent.
const fn falling(days: u128, level: u128, floor: u128, ceil: u128) -> Curve {
	Curve::make_reciprocal(days, 28, percent(level), percent(floor), percent(ceil))
}

/// Terms of all tracks, in the order of their numbers. Support never falls to nothing: an approval
/// without voters would be an attacker's.
const TRACKS: [Terms; 10] = [
	Terms {
		id: 0,
		name: "root",
		max_deciding: 1,
		deposit: 10_000,
		prepare: 2,
		decision: 28 * DAY,
		confirm: DAY,
		enactment: DAY,
		approval: falling(4, 80, 50, 100),
		support: Curve::make_linear(28, 28, percent(3), percent(50)),
	},
	// A call that the committee has whitelisted passes sooner than one of Root, by a public vote.
	Terms {
		id: 1,
		name: "whitelisted_caller",
		max_deciding: 8,
		deposit: 1_000,
		prepare: 1,
		decision: 28 * DAY,
		confirm: 1,
		enactment: 1,
		approval: falling(1, 96, 50, 100),
		support: falling(1, 20, 5, 50),
	},
	Terms {
		id: 2,
		name: "parameters_admin",
		max_deciding: 4,
		deposit: 500,
		prepare: 2,
		decision: 14 * DAY,
		confirm: DAY,
		enactment: DAY,
		approval: falling(4, 80, 50, 100),
		support: falling(7, 10, 2, 50),
	},
	Terms {
		id: 10,
		name: "staking_admin",
		max_deciding: 4,
		deposit: 500,
		prepare: 2,
		// Shorter than the time in which a slash can be cancelled, a week.
		decision: 4 * DAY,
		confirm: 6,
		enactment: 1,
		approval: linear(17),
		support: falling(12, 5, 1, 50),
	},
	Terms {
		id: 20,
		name: "network_funder",
		max_deciding: 16,
		deposit: 500,
		prepare: 2,
		decision: 14 * DAY,
		confirm: 2 * DAY,
		enactment: DAY,
		approval: linear(23),
		support: falling(12, 5, 1, 50),
	},
	Terms {
		id: 21,
		name: "device_judge",
		max_deciding: 32,
		deposit: 10,
		prepare: 1,
		// Shorter than the window in which an appeal is decided, 14 days.
		decision: 7 * DAY,
		confirm: DAY,
		enactment: 1,
		approval: linear(17),
		support: falling(8, 3, 1, 50),
	},
	Terms {
		id: 30,
		name: "referendum_canceller",
		max_deciding: 32,
		deposit: 1_000,
		prepare: 2,
		decision: 7 * DAY,
		confirm: 3,
		enactment: 1,
		approval: linear(17),
		support: falling(12, 5, 1, 50),
	},
	Terms {
		id: 31,
		name: "referendum_killer",
		max_deciding: 32,
		deposit: 5_000,
		prepare: 2,
		decision: 28 * DAY,
		confirm: 3,
		enactment: 1,
		approval: linear(17),
		support: falling(12, 5, 1, 50),
	},
	Terms {
		id: 40,
		name: "small_spender",
		max_deciding: 32,
		deposit: 10,
		prepare: 4,
		decision: 14 * DAY,
		confirm: 2 * DAY,
		enactment: DAY,
		approval: linear(10),
		support: falling(8, 3, 1, 50),
	},
	Terms {
		id: 41,
		name: "big_spender",
		max_deciding: 16,
		deposit: 500,
		prepare: 4,
		decision: 28 * DAY,
		confirm: 4 * DAY,
		enactment: DAY,
		approval: linear(28),
		support: falling(16, 5, 2, 50),
	},
];

impl Terms {
	/// Returns the track in blocks and money.
	fn at(&self, pace: Pace) -> TrackInfo<Balance, BlockNumber> {
		TrackInfo {
			name: str_array(self.name),
			max_deciding: self.max_deciding,
			decision_deposit: pace.deposit.saturating_mul(self.deposit.into()),
			prepare_period: pace.hours(self.prepare),
			decision_period: pace.hours(self.decision),
			confirm_period: pace.hours(self.confirm),
			min_enactment_period: pace.hours(self.enactment),
			min_approval: self.approval.clone(),
			min_support: self.support.clone(),
		}
	}
}

/// Tracks of referenda, at the chain's pace.
pub struct Tracks;

impl TracksInfo<Balance, BlockNumber> for Tracks {
	type Id = TrackId;
	type RuntimeOrigin = OriginCaller;

	fn tracks() -> impl Iterator<Item = Cow<'static, Track<TrackId, Balance, BlockNumber>>> {
		let pace = origins::pace();
		TRACKS.iter().map(move |terms| Cow::Owned(Track { id: terms.id, info: terms.at(pace) }))
	}

	fn track_ids() -> impl Iterator<Item = TrackId> {
		TRACKS.iter().map(|terms| terms.id)
	}

	fn info(id: TrackId) -> Option<Cow<'static, TrackInfo<Balance, BlockNumber>>> {
		let terms = TRACKS.iter().find(|terms| terms.id == id)?;
		Some(Cow::Owned(terms.at(origins::pace())))
	}

	fn track_for(origin: &OriginCaller) -> Result<TrackId, ()> {
		match origin {
			OriginCaller::system(RawOrigin::Root) => Ok(0),
			OriginCaller::Origins(origin) => Ok(match origin {
				Origin::WhitelistedCaller => 1,
				Origin::ParametersAdmin => 2,
				Origin::StakingAdmin => 10,
				Origin::NetworkFunder => 20,
				Origin::DeviceJudge => 21,
				Origin::ReferendumCanceller => 30,
				Origin::ReferendumKiller => 31,
				Origin::SmallSpender => 40,
				Origin::BigSpender => 41,
			}),
			_ => Err(()),
		}
	}

	/// Checks the order of the numbers, without the chain's state.
	fn check_integrity() -> Result<(), &'static str> {
		TRACKS
			.is_sorted_by_key(|terms| terms.id)
			.then_some(())
			.ok_or("the tracks are not in the order of their numbers")
	}
}

/// Balance that can vote: what is issued, without the treasury and the pot of the rewards.
pub struct VotingPopulation;

impl Get<Balance> for VotingPopulation {
	fn get() -> Balance {
		let treasury = Balances::balance(&TreasuryAccount::get());
		let pot = Balances::balance(&pallet_rewards::Pallet::<Runtime>::pot());
		Balances::total_issuance().saturating_sub(treasury).saturating_sub(pot)
	}
}

impl origins::Config for Runtime {}

impl pallet_conviction_voting::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = pallet_conviction_voting::weights::SubstrateWeight<Runtime>;
	type Currency = Balances;
	type Polls = Referenda;
	type MaxTurnout = VotingPopulation;
	type MaxVotes = ConstU32<512>;
	// Longer than the enactment of every track, so that those who approve a call bear its effects.
	type VoteLockingPeriod = Days<7>;
	type BlockNumberProvider = System;
	type VotingHooks = ();
}

impl pallet_referenda::Config for Runtime {
	type RuntimeCall = RuntimeCall;
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = pallet_referenda::weights::SubstrateWeight<Runtime>;
	type Scheduler = Scheduler;
	type Currency = Balances;
	type SubmitOrigin = AsEnsureOriginWithArg<EnsureSigned<AccountId>>;
	type CancelOrigin = EnsureReferendumCanceller;
	type KillOrigin = EnsureReferendumKiller;
	type Slash = Treasury;
	type Votes = Balance;
	type Tally = pallet_conviction_voting::TallyOf<Runtime>;
	type SubmissionDeposit = ConstU128<{ 10 * WORK }>;
	type MaxQueued = ConstU32<100>;
	type UndecidingTimeout = Days<14>;
	type AlarmInterval = ConstU32<1>;
	type Tracks = Tracks;
	type Preimages = Preimage;
	type BlockNumberProvider = System;
}

parameter_types! {
	/// Weight in a block for scheduled calls. An upgrade or another large call needs most of it.
	pub MaxScheduledWeight: Weight =
		Perbill::from_percent(80) * RuntimeBlockWeights::get().max_block;
	pub const PreimageHold: RuntimeHoldReason =
		RuntimeHoldReason::Preimage(pallet_preimage::HoldReason::Preimage);
	pub const PreimageBase: Balance = deposit(2, 64);
	pub const PreimageByte: Balance = deposit(0, 1);
}

impl pallet_scheduler::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeOrigin = RuntimeOrigin;
	type PalletsOrigin = OriginCaller;
	type RuntimeCall = RuntimeCall;
	type MaximumWeight = MaxScheduledWeight;
	type ScheduleOrigin = EnsureRoot<AccountId>;
	type OriginPrivilegeCmp = EqualPrivilegeOnly;
	// Filling the agenda of a block, so that an approved call finds no place in it, costs as many
	// submission deposits.
	type MaxScheduledPerBlock = ConstU32<512>;
	type WeightInfo = pallet_scheduler::weights::SubstrateWeight<Runtime>;
	type Preimages = Preimage;
	type BlockNumberProvider = System;
}

impl pallet_preimage::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = pallet_preimage::weights::SubstrateWeight<Runtime>;
	type Currency = Balances;
	type ManagerOrigin = EnsureRoot<AccountId>;
	type Consideration = HoldConsideration<
		AccountId,
		Balances,
		PreimageHold,
		LinearStoragePrice<PreimageBase, PreimageByte, Balance>,
	>;
}
