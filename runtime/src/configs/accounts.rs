//! Configuration of balances, multisig accounts and proxies.

use super::governance::TreasuryAccount;
use crate::{
	constants::currency::{deposit, EXISTENTIAL_DEPOSIT},
	Balance, Balances, OriginCaller, Runtime, RuntimeCall, RuntimeEvent, RuntimeFreezeReason,
	RuntimeHoldReason, System,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::traits::{
	tokens::imbalance::ResolveTo, ConstU128, ConstU32, InstanceFilter, VariantCountOf,
};
use scale_info::TypeInfo;
use sp_runtime::traits::BlakeTwo256;

type Attestation = pallet_attestation::Call<Runtime>;
type Proxy = pallet_proxy::Call<Runtime>;
type Registry = pallet_device_registry::Call<Runtime>;
type Rewards = pallet_rewards::Call<Runtime>;
type Staking = pallet_staking::Call<Runtime>;

impl pallet_balances::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeHoldReason = RuntimeHoldReason;
	type RuntimeFreezeReason = RuntimeFreezeReason;
	type WeightInfo = pallet_balances::weights::SubstrateWeight<Runtime>;
	type Balance = Balance;
	type DustRemoval = ResolveTo<TreasuryAccount, Balances>;
	type ExistentialDeposit = ConstU128<EXISTENTIAL_DEPOSIT>;
	type AccountStore = System;
	type ReserveIdentifier = [u8; 8];
	type FreezeIdentifier = RuntimeFreezeReason;
	type MaxLocks = ConstU32<50>;
	type MaxReserves = ConstU32<50>;
	type MaxFreezes = VariantCountOf<RuntimeFreezeReason>;
	type DoneSlashHandler = ();
}

impl pallet_utility::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeCall = RuntimeCall;
	type PalletsOrigin = OriginCaller;
	type WeightInfo = pallet_utility::weights::SubstrateWeight<Runtime>;
}

impl pallet_multisig::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeCall = RuntimeCall;
	type Currency = Balances;
	// One item: a hash, the timepoint, the depositor.
	type DepositBase = ConstU128<{ deposit(1, 88) }>;
	type DepositFactor = ConstU128<{ deposit(0, 32) }>;
	type MaxSignatories = ConstU32<100>;
	type WeightInfo = pallet_multisig::weights::SubstrateWeight<Runtime>;
	type BlockNumberProvider = System;
}

/// Kind of calls that a proxy may make for the account behind it. Each kind lists what it permits,
/// so that a new call is permitted by [`ProxyType::Any`] only until it is listed.
#[derive(
	Copy,
	Clone,
	Eq,
	PartialEq,
	Ord,
	PartialOrd,
	Debug,
	Default,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub enum ProxyType {
	/// All calls.
	#[default]
	#[codec(index = 0)]
	Any,
	/// Calls that move no balance, lock none that is not locked already, and give nothing away: no
	/// offers, no payees, no grants, no fees or bonds of devices. Calls of a multisig or of another
	/// account's proxy are excluded, because they may move that account's balance.
	#[codec(index = 1)]
	NonTransfer,
	/// Calls of staking and session keys, for the operation of a validator.
	#[codec(index = 2)]
	Staking,
	/// Calls of devices, reports, challenges and claims, for the operation of a fleet. They may
	/// lock bonds and pay fees; they give no device and no reward away.
	#[codec(index = 3)]
	Devices,
	/// Reports, witnesses and beacons, for a gateway's key that is kept online.
	#[codec(index = 4)]
	Reports,
	/// Votes, delegations and the calls of referenda and of the technical committee. They may lock
	/// tokens, and hold the deposits of referenda and preimages.
	#[codec(index = 5)]
	Governance,
}

impl InstanceFilter<RuntimeCall> for ProxyType {
	fn filter(&self, call: &RuntimeCall) -> bool {
		match self {
			Self::Any => true,
			Self::NonTransfer => match call {
				RuntimeCall::Staking(call) => keeps_stake(call),
				RuntimeCall::DeviceRegistry(call) => keeps_devices(call),
				RuntimeCall::Attestation(call) => {
					!matches!(call, Attestation::register_metric { .. })
				}
				RuntimeCall::Rewards(call) => claims(call),
				RuntimeCall::Proxy(call) => matches!(
					call,
					Proxy::remove_proxy { .. }
						| Proxy::remove_announcement { .. }
						| Proxy::reject_announcement { .. }
				),
				RuntimeCall::Session(..)
				| RuntimeCall::Treasury(..)
				| RuntimeCall::Utility(..)
				| RuntimeCall::Coverage(..) => true,
				_ => false,
			},
			Self::Staking => matches!(
				call,
				RuntimeCall::Staking(..) | RuntimeCall::Session(..) | RuntimeCall::Utility(..)
			),
			Self::Devices => match call {
				RuntimeCall::DeviceRegistry(call) => keeps_devices(call) || adds_devices(call),
				RuntimeCall::Rewards(call) => claims(call),
				RuntimeCall::Attestation(..)
				| RuntimeCall::Coverage(..)
				| RuntimeCall::Utility(..) => true,
				_ => false,
			},
			Self::Reports => match call {
				RuntimeCall::Attestation(call) => matches!(
					call,
					Attestation::submit_report { .. } | Attestation::submit_reports { .. }
				),
				RuntimeCall::Coverage(..) => true,
				_ => false,
			},
			Self::Governance => matches!(
				call,
				RuntimeCall::ConvictionVoting(..)
					| RuntimeCall::Referenda(..)
					| RuntimeCall::Preimage(..)
					| RuntimeCall::TechnicalCommittee(..)
					| RuntimeCall::Whitelist(..)
					| RuntimeCall::Utility(..)
			),
		}
	}

	/// Tells if the type permits every call that `other` permits. A proxy may appoint further
	/// proxies of such types only.
	fn is_superset(&self, other: &Self) -> bool {
		match (self, other) {
			(a, b) if a == b => true,
			(Self::Any, _) | (Self::NonTransfer | Self::Devices, Self::Reports) => true,
			_ => false,
		}
	}
}

/// Tells if the call leaves the stake where it is, and its rewards to the account that they go to
/// already.
fn keeps_stake(call: &Staking) -> bool {
	matches!(
		call,
		Staking::unbond { .. }
			| Staking::rebond { .. }
			| Staking::withdraw_unbonded { .. }
			| Staking::validate { .. }
			| Staking::nominate { .. }
			| Staking::chill { .. }
			| Staking::chill_other { .. }
			| Staking::kick { .. }
			| Staking::payout_stakers { .. }
			| Staking::payout_stakers_by_page { .. }
	)
}

/// Tells if the call gives no device, network or maker away, lets nobody else act for a device,
/// and locks or pays nothing.
fn keeps_devices(call: &Registry) -> bool {
	matches!(
		call,
		Registry::retire_device { .. }
			| Registry::reap_device { .. }
			| Registry::close_network { .. }
			| Registry::change_network { .. }
			| Registry::set_network_paused { .. }
			| Registry::deregister_maker { .. }
			| Registry::revoke_maker_key { .. }
			| Registry::withdraw_declaration { .. }
			| Registry::rotate_key { .. }
			| Registry::recover_key { .. }
			| Registry::finish_recovery { .. }
			| Registry::cancel_recovery { .. }
			| Registry::suspend_device { .. }
			| Registry::appeal_suspension { .. }
			| Registry::restore_device { .. }
			| Registry::revoke_access { .. }
	)
}

/// Tells if the call brings devices under the account, or moves them, for a bond or a fee.
fn adds_devices(call: &Registry) -> bool {
	matches!(
		call,
		Registry::register_device { .. }
			| Registry::register_devices { .. }
			| Registry::accept_device { .. }
			| Registry::assert_location { .. }
			| Registry::correct_location { .. }
	)
}

/// Tells if the call pays rewards to those who have earned them.
fn claims(call: &Rewards) -> bool {
	matches!(
		call,
		Rewards::claim { .. }
			| Rewards::claim_batch { .. }
			| Rewards::claim_former { .. }
			| Rewards::claim_former_batch { .. }
	)
}

impl pallet_proxy::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeCall = RuntimeCall;
	type Currency = Balances;
	type ProxyType = ProxyType;
	type ProxyDepositBase = ConstU128<{ deposit(1, 8) }>;
	type ProxyDepositFactor = ConstU128<{ deposit(0, 33) }>;
	type MaxProxies = ConstU32<32>;
	type WeightInfo = pallet_proxy::weights::SubstrateWeight<Runtime>;
	type MaxPending = ConstU32<32>;
	type CallHasher = BlakeTwo256;
	type AnnouncementDepositBase = ConstU128<{ deposit(1, 8) }>;
	type AnnouncementDepositFactor = ConstU128<{ deposit(0, 66) }>;
	type BlockNumberProvider = System;
}
