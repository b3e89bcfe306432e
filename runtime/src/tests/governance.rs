//! Tests of governance on chains without sudo: referenda from the submission to the dispatch of
//! their calls, at the pace of a development chain and of a public one, and the calls that no track
//! and no committee can make.

use super::{json_patch, preset};
use crate::{
	configs::{TechnicalCollective, TrackId, Tracks, TreasuryAccount},
	constants::{
		currency::WORK,
		time::{DAYS, HOURS, MINUTES},
	},
	genesis,
	origins::{Error as OriginsError, Origin, Pace, Paces, BIG_SPEND, SMALL_SPEND},
	AccountId, Balance, Balances, BlockNumber, DeviceRegistry, OriginCaller, Preimage, Referenda,
	Rewards, Runtime, RuntimeCall, RuntimeEvent, RuntimeGenesisConfig, RuntimeOrigin, Scheduler,
	System, TechnicalCommittee, Treasury,
};
use codec::Encode;
use depin_primitives::{
	device::DeviceStatus,
	network::NetworkKind,
	policy::{NetworkPolicy, ReportPolicy},
	statement::{OwnerConsent, TimedSignature},
	suspension::SuspendReason,
	traits::Devices as _,
	Cell, DeviceId,
};
use depin_test_kit::keys::Key;
use frame_support::{
	assert_noop, assert_ok,
	dispatch::GetDispatchInfo,
	genesis_builder_helper::build_state,
	traits::{
		fungible::{Inspect, Mutate},
		schedule::DispatchTime,
		Bounded, Get, Hooks, StorePreimage,
	},
};
use frame_system::RawOrigin;
use pallet_conviction_voting::{AccountVote, Conviction, Vote};
use pallet_referenda::{ReferendumInfo, ReferendumInfoFor, TracksInfo};
use serde_json::json;
use sp_core::{storage::well_known_keys, H256};
use sp_io::TestExternalities;
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie, Dave, Eve, Ferdie};
use sp_runtime::{
	traits::{BadOrigin, BlakeTwo256, Dispatchable, Hash},
	DispatchError, DispatchResult, Perbill,
};
use sp_staking::StakingInterface;

/// Balance of each voter.
const WEALTH: Balance = 10_000_000 * WORK;
/// Accounts with [`WEALTH`], all that can vote.
const VOTERS: [Sr25519Keyring; 5] = [Alice, Bob, Charlie, Dave, Eve];

/// Starts a chain of the preset `staging` as docs/validators.md launches it, or of another preset
/// without its sudo key.
fn launched(name: &str) -> TestExternalities {
	let mut config = preset(name);
	let account = |key: &Sr25519Keyring| key.to_account_id();
	let keys = json!({
		"babe": account(&Alice),
		"grandpa": AccountId::from(sp_keyring::Ed25519Keyring::Alice.public()),
		"authority_discovery": account(&Alice),
	});
	json_patch(
		&mut config,
		json!({
			"balances": {
				"balances": VOTERS.iter().map(|key| (account(key), WEALTH)).collect::<Vec<_>>(),
			},
			"session": { "keys": [(account(&Alice), account(&Alice), keys)] },
			"staking": {
				"stakers": [(account(&Alice), account(&Alice), 100_000 * WORK, "Validator")],
			},
			"technicalCommittee": {
				"members": [account(&Alice), account(&Bob), account(&Charlie)],
			},
			"sudo": { "key": null },
		}),
	);
	let mut ext = TestExternalities::new_empty();
	let config = serde_json::to_vec(&config).unwrap();
	ext.execute_with(|| {
		build_state::<RuntimeGenesisConfig>(config).expect("the preset builds");
		System::set_block_number(1);
	});
	ext
}

/// Runs a test at the pace of development and at that of a public network.
fn at_each_pace(test: impl Fn(Pace)) {
	for (name, pace) in [("development", Pace::FAST), ("staging", Pace::PUBLIC)] {
		launched(name).execute_with(|| {
			assert_eq!(Paces::<Runtime>::get(), pace);
			test(pace);
			check();
		});
	}
}

/// Checks the invariants of the pallets of governance.
fn check() {
	#[cfg(feature = "try-runtime")]
	{
		let block = System::block_number();
		Referenda::try_state(block).expect("the referenda's invariants hold");
		crate::Origins::try_state(block).expect("the origins' invariants hold");
		Preimage::try_state(block).expect("the preimages' invariants hold");
		TechnicalCommittee::try_state(block).expect("the committee's invariants hold");
		Treasury::try_state(block).expect("the treasury's invariants hold");
	}
}

fn signed(key: Sr25519Keyring) -> RuntimeOrigin {
	RuntimeOrigin::signed(key.to_account_id())
}

fn dispatch(origin: impl Into<RuntimeOrigin>, call: impl Into<RuntimeCall>) -> DispatchResult {
	let result = call.into().dispatch(origin.into());
	result.map(|_| ()).map_err(|failed| failed.error)
}

/// Advances by this number of blocks. Blocks in which the agenda has no entry are skipped.
fn advance(blocks: BlockNumber) {
	let end = System::block_number() + blocks;
	while let Some(next) = pallet_scheduler::Agenda::<Runtime>::iter_keys()
		.filter(|block| (System::block_number() + 1..=end).contains(block))
		.min()
	{
		System::set_block_number(next);
		// The scheduler would look into each of the skipped blocks.
		pallet_scheduler::IncompleteSince::<Runtime>::kill();
		Scheduler::on_initialize(next);
	}
	System::set_block_number(end);
}

fn root() -> OriginCaller {
	RawOrigin::Root.into()
}

/// Submits a referendum and places its decision deposit, both by `Eve`.
fn submit(origin: impl Into<OriginCaller>, call: impl Into<RuntimeCall>) -> u32 {
	let (index, origin) =
		(pallet_referenda::ReferendumCount::<Runtime>::get(), Box::new(origin.into()));
	let proposal = bound(call.into());
	let enactment_moment = DispatchTime::After(0);
	let submit =
		pallet_referenda::Call::submit { proposal_origin: origin, proposal, enactment_moment };
	assert_ok!(dispatch(signed(Eve), submit));
	assert_ok!(dispatch(signed(Eve), pallet_referenda::Call::place_decision_deposit { index }));
	index
}

/// Returns the form of a call in a referendum: the call itself, or its hash if the call is long and
/// an account has noted it.
fn bound(call: RuntimeCall) -> Bounded<RuntimeCall, BlakeTwo256> {
	let bytes = call.encode();
	if bytes.len() > 128 {
		let note = pallet_preimage::Call::note_preimage { bytes: bytes.clone() };
		assert_ok!(dispatch(signed(Eve), note));
		return Bounded::Lookup { hash: BlakeTwo256::hash(&bytes), len: bytes.len() as u32 };
	}
	<Preimage as StorePreimage>::bound(call).expect("a short call")
}

/// Votes with this balance, multiplied by one.
fn vote(who: Sr25519Keyring, poll_index: u32, aye: bool, balance: Balance) {
	let vote = Vote { aye, conviction: Conviction::Locked1x };
	let vote = AccountVote::Standard { vote, balance };
	assert_ok!(dispatch(signed(who), pallet_conviction_voting::Call::vote { poll_index, vote }));
}

fn info(index: u32) -> pallet_referenda::ReferendumInfoOf<Runtime, ()> {
	ReferendumInfoFor::<Runtime>::get(index).expect("the referendum exists")
}

fn terms(id: TrackId) -> pallet_referenda::TrackInfo<Balance, BlockNumber> {
	Tracks::info(id).expect("the track exists").into_owned()
}

/// Returns the result of the call of the referendum that was dispatched last.
fn outcome() -> DispatchResult {
	let mut results = System::events().into_iter().filter_map(|record| match record.event {
		RuntimeEvent::Scheduler(pallet_scheduler::Event::Dispatched {
			id: Some(_),
			result,
			..
		}) => Some(result),
		_ => None,
	});
	results.next_back().expect("a call was dispatched")
}

/// Carries a call through a referendum that three of the five voters approve, checks that it takes
/// the periods of its track and not a block less, and returns the result of the call.
fn carry(origin: impl Into<OriginCaller>, call: impl Into<RuntimeCall>) -> DispatchResult {
	let origin = origin.into();
	let track = terms(Tracks::track_for(&origin).expect("the origin has a track"));
	let index = submit(origin, call);
	for who in [Bob, Charlie, Dave] {
		vote(who, index, true, WEALTH / 2 + 4_000_000 * WORK);
	}
	advance(track.prepare_period);
	let ReferendumInfo::Ongoing(status) = info(index) else { panic!("not decided yet") };
	let deciding = status.deciding.expect("the decision has begun");
	let confirmed = deciding.confirming.expect("the votes suffice at once");
	assert_eq!(confirmed, deciding.since + track.confirm_period);
	advance(confirmed - System::block_number() - 1);
	assert!(matches!(info(index), ReferendumInfo::Ongoing(_)));
	advance(1);
	assert!(matches!(info(index), ReferendumInfo::Approved(..)));
	System::reset_events();
	advance(track.min_enactment_period - 1);
	assert!(!System::events().iter().any(|record| matches!(
		record.event,
		RuntimeEvent::Scheduler(pallet_scheduler::Event::Dispatched { id: Some(_), .. })
	)));
	advance(1);
	let outcome = outcome();

	// Everything that was locked for the referendum is free again.
	let by = || signed(Ferdie);
	assert_ok!(dispatch(by(), pallet_referenda::Call::refund_decision_deposit { index }));
	assert_ok!(dispatch(by(), pallet_referenda::Call::refund_submission_deposit { index }));
	assert_eq!(Balances::reserved_balance(Eve.to_account_id()), held_for_preimages());
	for who in [Bob, Charlie, Dave] {
		let class = Some(Tracks::track_for(&status.origin).expect("the origin has a track"));
		let remove = pallet_conviction_voting::Call::remove_vote { class, index };
		assert_ok!(dispatch(signed(who), remove));
	}
	outcome
}

/// Returns the amount that is held on `Eve` for preimages that are still requested or stored.
fn held_for_preimages() -> Balance {
	use frame_support::traits::fungible::InspectHold as _;
	let reason = pallet_preimage::HoldReason::Preimage.into();
	Balances::balance_on_hold(&reason, &Eve.to_account_id())
}

/// Creates network 0 of `Dave`, with the least interval between reports that `staging` allows.
fn create_network() {
	let report = ReportPolicy { min_interval: 60_000, ..NetworkPolicy::OPEN.report };
	let call = pallet_device_registry::Call::create_network {
		kind: NetworkKind::Sensor,
		makers: None,
		bond: <Runtime as pallet_device_registry::Config>::MinBond::get(),
		policy: NetworkPolicy { report, ..NetworkPolicy::OPEN },
	};
	assert_ok!(dispatch(signed(Dave), call));
}

/// Registers a device of `Dave` in network 0.
fn register_device() -> DeviceId {
	let key = Key::ed25519(7);
	let expires = pallet_timestamp::Pallet::<Runtime>::get() + 1;
	let consent = OwnerConsent { network: 0, owner: Dave.to_account_id(), expires };
	let signature = key.sign_body(&consent, &System::block_hash(0));
	let call = pallet_device_registry::Call::register_device {
		network: 0,
		key: key.public(),
		cell: Cell(0x0892_8308_280f_ffff),
		certificate: None,
		consent: TimedSignature { expires, signature },
	};
	assert_ok!(dispatch(signed(Dave), call));
	key.public().device_id()
}

fn allocate(network: u32, allocation: u32) -> RuntimeCall {
	let rules = DeviceRegistry::rules_hash(network);
	pallet_rewards::Call::set_allocation { network, allocation, rules }.into()
}

/// Returns the network and the allocation of the last event that sets one.
fn allocated() -> Option<(u32, u32)> {
	System::events().into_iter().rev().find_map(|record| match record.event {
		RuntimeEvent::Rewards(pallet_rewards::Event::AllocationSet {
			network, allocation, ..
		}) => Some((network, allocation)),
		_ => None,
	})
}

fn spend(amount: Balance) -> RuntimeCall {
	pallet_treasury::Call::spend {
		asset_kind: Box::new(()),
		amount,
		beneficiary: Box::new(Ferdie.to_account_id()),
		valid_from: None,
	}
	.into()
}

fn remark() -> RuntimeCall {
	frame_system::Call::remark { remark: b"by vote".to_vec() }.into()
}

fn set_pace(day: BlockNumber, deposit: Balance) -> RuntimeCall {
	crate::origins::Call::set_pace { day, deposit }.into()
}

/// Returns the call by which the committee whitelists another call.
fn whitelist(call: &RuntimeCall) -> RuntimeCall {
	pallet_whitelist::Call::whitelist_call { call_hash: BlakeTwo256::hash_of(call) }.into()
}

/// Carries a motion of the technical committee with the votes of these members, and returns the
/// result of its call.
fn motion(members: &[Sr25519Keyring], call: RuntimeCall) -> DispatchResult {
	let (length_bound, weight) = (call.encoded_size() as u32, call.get_dispatch_info().call_weight);
	let threshold = members.len() as u32;
	let proposal_hash = BlakeTwo256::hash_of(&call);
	let index = pallet_collective::ProposalCount::<Runtime, TechnicalCollective>::get();
	System::reset_events();
	let propose = pallet_collective::Call::<Runtime, TechnicalCollective>::propose {
		threshold,
		proposal: Box::new(call),
		length_bound,
	};
	dispatch(signed(members[0]), propose)?;
	if threshold > 1 {
		for member in members {
			let vote = pallet_collective::Call::<Runtime, TechnicalCollective>::vote {
				proposal: proposal_hash,
				index,
				approve: true,
			};
			dispatch(signed(*member), vote)?;
		}
		let close = pallet_collective::Call::<Runtime, TechnicalCollective>::close {
			proposal_hash,
			index,
			proposal_weight_bound: weight,
			length_bound,
		};
		dispatch(signed(members[0]), close)?;
	}
	let result = System::events().into_iter().find_map(|record| match record.event {
		RuntimeEvent::TechnicalCommittee(pallet_collective::Event::Executed { result, .. }) => {
			Some(result)
		}
		_ => None,
	});
	result.expect("the motion was carried")
}

#[test]
fn every_origin_has_one_track() {
	launched("staging").execute_with(|| {
		let mut ids = vec![Tracks::track_for(&root()).unwrap()];
		let origins = [
			(Origin::WhitelistedCaller, "whitelisted_caller"),
			(Origin::ParametersAdmin, "parameters_admin"),
			(Origin::StakingAdmin, "staking_admin"),
			(Origin::NetworkFunder, "network_funder"),
			(Origin::DeviceJudge, "device_judge"),
			(Origin::ReferendumCanceller, "referendum_canceller"),
			(Origin::ReferendumKiller, "referendum_killer"),
			(Origin::SmallSpender, "small_spender"),
			(Origin::BigSpender, "big_spender"),
		];
		for (origin, name) in origins {
			let id = Tracks::track_for(&origin.into()).expect("the origin has a track");
			assert_eq!(core::str::from_utf8(&terms(id).name).unwrap().trim_end_matches('\0'), name);
			ids.push(id);
		}
		assert_eq!(Tracks::track_ids().collect::<Vec<_>>(), ids);
		assert_eq!(Tracks::check_integrity(), Ok(()));
		for track in Tracks::tracks() {
			assert_eq!(Tracks::info(track.id).unwrap().into_owned(), track.info);
			// An approval binds its voters until the call is dispatched.
			let locked = <Runtime as pallet_conviction_voting::Config>::VoteLockingPeriod::get();
			assert!(track.info.min_enactment_period < locked);
			// No track lets a call pass that nobody supports.
			// The curves are rounded.
			let least = |curve: &pallet_referenda::Curve| curve.threshold(Perbill::one());
			assert!(least(&track.info.min_support) >= Perbill::from_parts(9_990_000));
			assert!(least(&track.info.min_approval) >= Perbill::from_parts(499_900_000));
		}
		// No other origin has a track.
		let alice = RawOrigin::Signed(Alice.to_account_id());
		assert_eq!(Tracks::track_for(&alice.into()), Err(()));
	});
}

#[test]
fn periods_are_minutes_in_development_and_days_in_public() {
	for (name, day, unit) in
		[("development", MINUTES, WORK), ("local", MINUTES, WORK), ("staging", DAYS, 10 * WORK)]
	{
		launched(name).execute_with(|| {
			let root = terms(0);
			assert_eq!((root.decision_period, root.confirm_period), (28 * day, day));
			assert_eq!((root.min_enactment_period, root.decision_deposit), (day, 10_000 * unit));
			assert_eq!(root.prepare_period, (2 * day).div_ceil(24));
			assert_eq!(<Runtime as pallet_treasury::Config>::SpendPeriod::get(), day);
			assert_eq!(<Runtime as pallet_referenda::Config>::UndecidingTimeout::get(), 14 * day);
		});
	}
	launched("staging").execute_with(|| {
		assert_eq!(terms(0).prepare_period, 2 * HOURS);
		assert_eq!(terms(1).confirm_period, HOURS);
	});
}

#[test]
fn presets_name_the_committee() {
	for name in genesis::preset_names() {
		super::started(name.as_ref()).execute_with(|| {
			let members = pallet_collective::Members::<Runtime, TechnicalCollective>::get();
			let expected = if AsRef::<str>::as_ref(&name) == "staging" { 0 } else { 3 };
			assert_eq!(members.len(), expected);
		});
	}
}

#[test]
fn a_referendum_funds_a_network() {
	at_each_pace(|_| {
		create_network();
		assert_ok!(carry(Origin::NetworkFunder, allocate(0, 5)));
		assert_eq!(allocated(), Some((0, 5)));
		let shares = pallet_rewards::Call::set_shares {
			networks: Perbill::from_percent(60),
			validators: Perbill::from_percent(25),
		};
		assert_ok!(carry(Origin::NetworkFunder, shares));
	});
}

#[test]
fn referenda_spend_the_treasury_within_their_caps() {
	at_each_pace(|_| {
		let pot = 3_000_000 * WORK;
		Balances::set_balance(&TreasuryAccount::get(), pot);
		for (origin, cap) in [(Origin::SmallSpender, SMALL_SPEND), (Origin::BigSpender, BIG_SPEND)]
		{
			let had = Balances::balance(&Ferdie.to_account_id());
			let refused = pallet_treasury::Error::<Runtime>::InsufficientPermission.into();
			assert_eq!(carry(origin, spend(cap + 1)), Err(refused));
			// Many calls in one referendum do not exceed the cap either.
			let calls = vec![spend(cap), spend(1)];
			assert_eq!(carry(origin, pallet_utility::Call::batch_all { calls }), Err(refused));

			let index = pallet_treasury::SpendCount::<Runtime>::get();
			assert_ok!(carry(origin, spend(cap)));
			assert_ok!(dispatch(signed(Ferdie), pallet_treasury::Call::payout { index }));
			assert_eq!(Balances::balance(&Ferdie.to_account_id()), had + cap);
		}
		assert_eq!(Balances::balance(&TreasuryAccount::get()), pot - SMALL_SPEND - BIG_SPEND);
	});
}

#[test]
fn a_referendum_judges_a_device() {
	at_each_pace(|_| {
		create_network();
		let id = register_device();
		let (reason, evidence) = (SuspendReason::ImplausibleReports, H256::zero());
		let suspend = pallet_device_registry::Call::suspend_device { id, reason, evidence };
		assert_ok!(carry(Origin::DeviceJudge, suspend.clone()));
		let status = || DeviceRegistry::device(&id).expect("the device exists").status;
		assert_eq!(status(), DeviceStatus::Suspended { reason });
		let restore = pallet_device_registry::Call::restore_device { id };
		assert_ok!(carry(Origin::DeviceJudge, restore));
		assert_eq!(status(), DeviceStatus::Active);

		assert_ok!(carry(Origin::DeviceJudge, suspend));
		// The window for an appeal is over before the next referendum is.
		advance(7 * DAYS);
		let forfeit = pallet_device_registry::Call::forfeit_device { id };
		assert_ok!(carry(Origin::DeviceJudge, forfeit));
		assert!(matches!(status(), DeviceStatus::Retiring { .. }));
	});
}

#[test]
fn a_referendum_cancels_a_slash() {
	at_each_pace(|_| {
		use pallet_staking::{UnappliedSlash, UnappliedSlashes};
		let slash =
			|own| UnappliedSlash { own, ..UnappliedSlash::default_from(Alice.to_account_id()) };
		UnappliedSlashes::<Runtime>::insert(27, vec![slash(1), slash(2)]);
		let cancel =
			pallet_staking::Call::cancel_deferred_slash { era: 27, slash_indices: vec![0] };
		assert_ok!(carry(Origin::StakingAdmin, cancel));
		let left = UnappliedSlashes::<Runtime>::get(27);
		assert_eq!(left.iter().map(|slash| slash.own).collect::<Vec<_>>(), [2]);
	});
}

#[test]
fn referenda_change_the_parameters_of_staking() {
	at_each_pace(|_| {
		use pallet_staking::ConfigOp::{Noop, Set};
		let commission = pallet_staking::Call::set_min_commission { new: Perbill::from_percent(3) };
		assert_ok!(carry(Origin::StakingAdmin, commission));
		assert_eq!(pallet_staking::MinCommission::<Runtime>::get(), Perbill::from_percent(3));
		let bonds = pallet_staking::Call::set_staking_configs {
			min_nominator_bond: Set(20 * WORK),
			min_validator_bond: Set(2_000 * WORK),
			max_nominator_count: Noop,
			max_validator_count: Noop,
			chill_threshold: Noop,
			min_commission: Noop,
			max_staked_rewards: Noop,
		};
		assert_ok!(carry(root(), bonds));
		assert_eq!(crate::Staking::minimum_validator_bond(), 2_000 * WORK);
		assert_eq!(crate::Staking::minimum_nominator_bond(), 20 * WORK);
		assert_ok!(carry(root(), pallet_staking::Call::set_validator_count { new: 30 }));
		assert_eq!(pallet_staking::ValidatorCount::<Runtime>::get(), 30);
	});
}

#[test]
fn root_changes_the_pace_within_its_bounds() {
	at_each_pace(|pace| {
		assert_noop!(
			dispatch(RuntimeOrigin::root(), set_pace(Pace::DAY.0 - 1, WORK)),
			OriginsError::<Runtime>::DayOutOfRange
		);
		assert_noop!(
			dispatch(RuntimeOrigin::root(), set_pace(Pace::DAY.1 + 1, WORK)),
			OriginsError::<Runtime>::DayOutOfRange
		);
		assert_noop!(
			dispatch(RuntimeOrigin::root(), set_pace(DAYS, Pace::DEPOSIT.0 - 1)),
			OriginsError::<Runtime>::DepositOutOfRange
		);
		assert_noop!(
			dispatch(RuntimeOrigin::root(), set_pace(DAYS, Pace::DEPOSIT.1 + 1)),
			OriginsError::<Runtime>::DepositOutOfRange
		);
		assert_ne!(pace.day, HOURS);
		assert_ok!(carry(root(), set_pace(HOURS, 2 * WORK)));
		assert_eq!(terms(0).decision_period, 28 * HOURS);
		assert_eq!(terms(0).decision_deposit, 20_000 * WORK);
		System::assert_has_event(
			crate::origins::Event::<Runtime>::PaceSet { day: HOURS, deposit: 2 * WORK }.into(),
		);
	});
}

/// A running referendum keeps its deposit and follows the new day.
#[test]
fn a_change_of_pace_in_mid_flight_strands_no_referendum() {
	launched("staging").execute_with(|| {
		let index = submit(Origin::SmallSpender, spend(1));
		for who in [Bob, Charlie, Dave] {
			vote(who, index, true, WEALTH / 2 + 4_000_000 * WORK);
		}
		advance(terms(40).prepare_period + 10);
		assert_ok!(dispatch(RuntimeOrigin::root(), set_pace(Pace::DAY.0, WORK)));
		advance(3 * DAYS);
		assert!(matches!(info(index), ReferendumInfo::Approved(..)));
		assert_ok!(outcome());
		let before = Balances::reserved_balance(Eve.to_account_id());
		let refund = pallet_referenda::Call::refund_decision_deposit { index };
		assert_ok!(dispatch(signed(Eve), refund));
		assert_eq!(before - Balances::reserved_balance(Eve.to_account_id()), 100 * WORK);
		check();
	});
}

#[test]
fn the_committee_shortens_a_referendum_that_the_public_approves() {
	at_each_pace(|_| {
		let call = remark();
		assert_ok!(motion(&[Alice, Bob], whitelist(&call)));
		let preimage = pallet_preimage::Call::note_preimage { bytes: call.encode() };
		assert_ok!(dispatch(signed(Eve), preimage));
		let dispatch_it = pallet_whitelist::Call::dispatch_whitelisted_call {
			call_hash: BlakeTwo256::hash_of(&call),
			call_encoded_len: call.encoded_size() as u32,
			call_weight_witness: call.get_dispatch_info().call_weight,
		};
		let (slow, quick) = (terms(0), terms(1));
		assert!(quick.confirm_period < slow.confirm_period);
		assert!(quick.min_enactment_period < slow.min_enactment_period);
		assert_ok!(carry(Origin::WhitelistedCaller, dispatch_it));
		assert!(System::events().iter().any(|record| matches!(
			record.event,
			RuntimeEvent::Whitelist(pallet_whitelist::Event::WhitelistedCallDispatched {
				result: Ok(_),
				..
			})
		)));
	});
}

#[test]
fn an_approved_call_waits_for_the_committee() {
	launched("staging").execute_with(|| {
		let call = Box::new(set_pace(HOURS, WORK));
		let by_vote = pallet_whitelist::Call::dispatch_whitelisted_call_with_preimage { call };
		assert_ok!(carry(Origin::WhitelistedCaller, by_vote.clone()));
		assert_eq!(Paces::<Runtime>::get(), Pace::PUBLIC);
		// The public has approved, the committee has not.
		assert_noop!(
			dispatch(signed(Ferdie), by_vote.clone()),
			pallet_whitelist::Error::<Runtime>::CallIsNotWhitelisted
		);
		assert_ok!(motion(&[Alice, Bob], whitelist(&set_pace(HOURS, WORK))));
		assert_ok!(dispatch(signed(Ferdie), by_vote.clone()));
		assert_eq!(Paces::<Runtime>::get().day, HOURS);
		// Only once.
		assert_noop!(
			dispatch(signed(Ferdie), by_vote),
			pallet_whitelist::Error::<Runtime>::DeferredDispatchNotFound
		);
		check();
	});
}

/// Returns calls of all origins.
fn privileged_calls() -> Vec<(&'static [Origin], RuntimeCall)> {
	use Origin::*;
	let id = DeviceId::zero();
	let none: &'static [Origin] = &[];
	let members = vec![Ferdie.to_account_id()];
	vec![
		(none, frame_system::Call::set_storage { items: vec![] }.into()),
		(none, frame_system::Call::set_code_without_checks { code: vec![1] }.into()),
		(none, frame_system::Call::authorize_upgrade { code_hash: H256::zero() }.into()),
		(none, set_pace(DAYS, WORK)),
		(none, pallet_staking::Call::set_validator_count { new: 9 }.into()),
		(none, pallet_staking::Call::force_no_eras {}.into()),
		(
			none,
			pallet_balances::Call::force_transfer {
				source: Alice.to_account_id().into(),
				dest: Ferdie.to_account_id().into(),
				value: WORK,
			}
			.into(),
		),
		(
			none,
			pallet_collective::Call::<Runtime, TechnicalCollective>::set_members {
				new_members: members,
				prime: None,
				old_count: 3,
			}
			.into(),
		),
		(
			none,
			pallet_scheduler::Call::schedule {
				when: 1_000_000,
				maybe_periodic: None,
				priority: 0,
				call: Box::new(remark()),
			}
			.into(),
		),
		(
			&[WhitelistedCaller],
			pallet_whitelist::Call::dispatch_whitelisted_call_with_preimage {
				call: Box::new(remark()),
			}
			.into(),
		),
		(&[StakingAdmin], pallet_staking::Call::set_min_commission { new: Perbill::one() }.into()),
		(&[NetworkFunder], allocate(0, 1)),
		(
			&[NetworkFunder],
			pallet_rewards::Call::set_shares {
				networks: Perbill::zero(),
				validators: Perbill::zero(),
			}
			.into(),
		),
		(&[DeviceJudge], pallet_device_registry::Call::forfeit_device { id }.into()),
		(&[SmallSpender, BigSpender], spend(1)),
		(&[BigSpender], spend(SMALL_SPEND + 1)),
		(&[BigSpender], pallet_treasury::Call::void_spend { index: 0 }.into()),
		(&[ReferendumCanceller], pallet_referenda::Call::cancel { index: 0 }.into()),
		(&[ReferendumKiller], pallet_referenda::Call::kill { index: 0 }.into()),
	]
}

/// Tells if the origin was refused.
fn is_refused(result: DispatchResult) -> bool {
	let cap = pallet_treasury::Error::<Runtime>::InsufficientPermission;
	result == Err(BadOrigin.into()) || result == Err(cap.into())
}

#[test]
fn an_origin_makes_its_own_calls_and_no_others() {
	launched("staging").execute_with(|| {
		use Origin::*;
		for (allowed, call) in privileged_calls() {
			for origin in [
				WhitelistedCaller,
				ParametersAdmin,
				StakingAdmin,
				NetworkFunder,
				DeviceJudge,
				ReferendumCanceller,
				ReferendumKiller,
				SmallSpender,
				BigSpender,
			] {
				let refused = frame_support::storage::with_transaction(|| {
					let refused = is_refused(dispatch(origin, call.clone()));
					sp_runtime::TransactionOutcome::Rollback(Ok::<_, DispatchError>(refused))
				});
				assert_eq!(refused, Ok(!allowed.contains(&origin)), "{origin:?}: {call:?}");
			}
			for who in [Alice, Ferdie] {
				// Signed accounts may dispatch deferred calls, of which there are none.
				let result = dispatch(signed(who), call.clone());
				let nothing = pallet_whitelist::Error::<Runtime>::DeferredDispatchNotFound;
				assert!(is_refused(result) || result == Err(nothing.into()), "{who:?}: {call:?}");
			}
		}
	});
}

/// A referendum of a low track that carries the call of a higher one is approved, and its call
/// refused.
#[test]
fn a_low_track_does_not_carry_the_call_of_a_higher_one() {
	at_each_pace(|pace| {
		create_network();
		assert_eq!(carry(Origin::SmallSpender, set_pace(HOURS, WORK)), Err(BadOrigin.into()));
		assert_eq!(carry(Origin::DeviceJudge, allocate(0, 1)), Err(BadOrigin.into()));
		assert_eq!(Paces::<Runtime>::get(), pace);
		assert_eq!(allocated(), None);
	});
}

#[test]
fn the_committee_alone_can_do_nothing() {
	launched("staging").execute_with(|| {
		let all = [Alice, Bob, Charlie];
		for (_, call) in privileged_calls() {
			for members in [&all[..1], &all[..2], &all[..]] {
				assert_eq!(motion(members, call.clone()), Err(BadOrigin.into()), "{call:?}");
			}
			// Nor after it has whitelisted the call.
			let whitelisting = motion(&all, whitelist(&call));
			assert_ok!(whitelisting);
			let call = Box::new(call);
			let dispatch_it =
				pallet_whitelist::Call::dispatch_whitelisted_call_with_preimage { call };
			assert_eq!(motion(&all, dispatch_it.into()), Err(BadOrigin.into()));
		}
		// One third is not enough to whitelist, and others are not asked.
		assert_eq!(motion(&[Alice], whitelist(&remark())), Err(BadOrigin.into()));
		let not_member = pallet_collective::Error::<Runtime, TechnicalCollective>::NotMember;
		assert_eq!(motion(&[Dave, Eve], whitelist(&remark())), Err(not_member.into()));
	});
}

#[test]
fn root_changes_the_committee() {
	launched("development").execute_with(|| {
		let call = pallet_collective::Call::<Runtime, TechnicalCollective>::set_members {
			new_members: vec![Dave.to_account_id(), Eve.to_account_id()],
			prime: None,
			old_count: 3,
		};
		assert_ok!(carry(root(), call));
		assert_ok!(motion(&[Dave, Eve], whitelist(&remark())));
		let not_member = pallet_collective::Error::<Runtime, TechnicalCollective>::NotMember;
		assert_eq!(motion(&[Alice, Bob], whitelist(&allocate(0, 1))), Err(not_member.into()));
	});
}

#[test]
fn a_referendum_without_support_or_approval_fails() {
	at_each_pace(|_| {
		create_network();
		let track = terms(20);
		let least = track.min_support.threshold(Perbill::one()) * WEALTH * VOTERS.len() as Balance;
		// All votes are ayes, and they are too few; or half and more of many votes are nays.
		let lonely = submit(Origin::NetworkFunder, allocate(0, 1));
		vote(Bob, lonely, true, least - least / 100);
		let disputed = submit(Origin::NetworkFunder, allocate(0, 2));
		vote(Bob, disputed, true, WEALTH - WORK);
		vote(Charlie, disputed, false, WEALTH);
		advance(track.prepare_period + track.decision_period + 2);
		for index in [lonely, disputed] {
			assert!(matches!(info(index), ReferendumInfo::Rejected(..)));
			let refund = pallet_referenda::Call::refund_decision_deposit { index };
			assert_ok!(dispatch(signed(Eve), refund));
		}
		advance(track.confirm_period + track.min_enactment_period + 1);
		assert_eq!(allocated(), None);
	});
}

#[test]
fn without_a_decision_deposit_nothing_is_decided() {
	at_each_pace(|pace| {
		let submit = pallet_referenda::Call::submit {
			proposal_origin: Box::new(root()),
			proposal: bound(set_pace(HOURS, WORK)),
			enactment_moment: DispatchTime::After(0),
		};
		assert_ok!(dispatch(signed(Eve), submit));
		for who in VOTERS {
			vote(who, 0, true, WEALTH / 2);
		}
		advance(pace.days(14) + 1);
		assert!(matches!(info(0), ReferendumInfo::TimedOut(..)));
		assert_eq!(Paces::<Runtime>::get(), pace);
	});
}

#[test]
fn referenda_cancel_and_kill_referenda() {
	at_each_pace(|pace| {
		let (mistake, attack) = (submit(root(), remark()), submit(root(), remark()));
		let treasury = Balances::balance(&TreasuryAccount::get());
		let cancel = pallet_referenda::Call::cancel { index: mistake };
		let kill = pallet_referenda::Call::kill { index: attack };
		let (canceller, killer) =
			(submit(Origin::ReferendumCanceller, cancel), submit(Origin::ReferendumKiller, kill));
		for index in [canceller, killer] {
			for who in [Bob, Charlie, Dave] {
				vote(who, index, true, WEALTH / 2 + 4_000_000 * WORK);
			}
		}
		advance(pace.days(1));
		assert!(matches!(info(mistake), ReferendumInfo::Cancelled(..)));
		assert!(matches!(info(attack), ReferendumInfo::Killed(..)));
		let refund = pallet_referenda::Call::refund_decision_deposit { index: mistake };
		assert_ok!(dispatch(signed(Eve), refund));
		let lost = terms(0).decision_deposit + 10 * WORK;
		assert_eq!(Balances::balance(&TreasuryAccount::get()), treasury + lost);
	});
}

#[test]
fn the_treasury_and_the_pot_of_rewards_do_not_count_as_voters() {
	launched("staging").execute_with(|| {
		use frame_support::traits::Get;
		type Population = <Runtime as pallet_conviction_voting::Config>::MaxTurnout;
		assert_eq!(Population::get(), WEALTH * VOTERS.len() as Balance);
		Balances::set_balance(&TreasuryAccount::get(), 7 * WEALTH);
		Balances::set_balance(&Rewards::pot(), 9 * WEALTH);
		assert_eq!(Population::get(), WEALTH * VOTERS.len() as Balance);
	});
}

/// A vote with bonded stake counts: the stake of validators and nominators is most of the voting
/// population.
#[test]
fn bonded_stake_votes() {
	launched("staging").execute_with(|| {
		let index = submit(root(), remark());
		vote(Alice, index, true, WEALTH);
		let tally = Referenda::ensure_ongoing(index).expect("it is ongoing").tally;
		assert_eq!(tally.ayes, WEALTH);
	});
}

#[test]
fn a_referendum_authorizes_an_upgrade() {
	at_each_pace(|_| {
		let code_hash = H256::repeat_byte(7);
		assert_ok!(carry(root(), frame_system::Call::authorize_upgrade { code_hash }));
		let authorized = System::authorized_upgrade().expect("the upgrade is authorized");
		assert_eq!(authorized.code_hash(), &code_hash);
		// Other code is refused.
		assert_noop!(
			dispatch(
				signed(Ferdie),
				frame_system::Call::apply_authorized_upgrade { code: vec![1, 2, 3] }
			),
			frame_system::Error::<Runtime>::Unauthorized
		);
	});
}

/// The events of the block that sets the code are read by the runtime that wrote them.
#[test]
fn new_code_takes_effect_with_the_next_block() {
	launched("staging").execute_with(|| {
		let code = || sp_io::storage::get(well_known_keys::CODE);
		let (old, new) = (code(), vec![1, 2, 3]);
		let call = frame_system::Call::set_code_without_checks { code: new.clone() };
		assert_ok!(carry(root(), call));
		// The runtime that reads the state of this block is the old one; the next block is executed
		// by the pending one.
		assert_eq!(code(), old);
		assert_eq!(sp_io::storage::get(well_known_keys::PENDING_CODE), Some(new.clone().into()));
		System::maybe_apply_pending_code_upgrade();
		assert_eq!(code(), old);
		System::maybe_apply_pending_code_upgrade();
		assert_eq!(code(), Some(new.into()));
		assert_eq!(sp_io::storage::get(well_known_keys::PENDING_CODE), None);
	});
}
