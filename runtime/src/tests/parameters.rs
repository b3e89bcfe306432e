//! Governed parameters: what the presets set, who changes them, and their bounds.

use super::started;
use crate::{
	configs::{
		params::{deposits, policy, registry},
		RuntimeParameters,
	},
	constants::{
		currency::MILLI_WORK,
		time::{DAYS, MINUTES},
	},
	AccountId, Balance, DeviceRegistry, Parameters, Runtime, RuntimeOrigin,
};
use codec::Encode;
use depin_primitives::{
	network::NetworkKind,
	policy::{NetworkPolicy, PolicyCaps, ReportPolicy},
	traits::Devices,
};
use frame_support::{
	assert_noop, assert_ok,
	traits::{dynamic_params::AggregatedKeyValue, Get},
};
use sp_keyring::Sr25519Keyring;
use sp_runtime::traits::BadOrigin;

fn set(parameter: RuntimeParameters) {
	assert_ok!(Parameters::set_parameter(RuntimeOrigin::root(), parameter));
}

fn set_caps(caps: PolicyCaps) {
	set(RuntimeParameters::Policy(policy::Parameters::Caps(policy::Caps, Some(caps))));
}

fn set_deposit(amount: Balance) {
	use deposits::*;
	for parameter in [
		Parameters::Bond(Bond, Some(amount)),
		Parameters::Network(Network, Some(amount)),
		Parameters::Maker(Maker, Some(amount)),
		Parameters::MakerKey(MakerKey, Some(amount)),
		Parameters::Declaration(Declaration, Some(amount)),
		Parameters::Grant(Grant, Some(amount)),
		Parameters::Metric(Metric, Some(amount)),
	] {
		set(RuntimeParameters::Deposits(parameter));
	}
}

#[test]
fn the_presets_set_the_parameters() {
	for (name, retire, recovery, appeal, decision, notice, interval) in [
		("development", 2 * MINUTES, MINUTES / 2, MINUTES / 2, MINUTES, 2, 0),
		("local", 2 * MINUTES, MINUTES / 2, MINUTES / 2, MINUTES, 2, 0),
		("staging", 14 * DAYS, 3 * DAYS, 7 * DAYS, 14 * DAYS, 7, 60_000),
	] {
		started(name).execute_with(|| {
			let told = DeviceRegistry::parameters();
			assert_eq!(told.retire_delay, retire);
			assert_eq!(told.recovery_delay, recovery);
			assert_eq!((told.appeal_window, told.decision_window), (appeal, decision));
			assert_eq!(told.rules_notice, notice);
			let caps = PolicyCaps { least_interval: interval, ..PolicyCaps::DEFAULT };
			assert_eq!(told.policy_caps, caps);
		});
	}
}

/// A chain spec without the section has the numbers of a public network, and not zeros.
#[test]
fn parameters_that_are_not_set_have_the_values_of_a_public_network() {
	sp_io::TestExternalities::default().execute_with(|| {
		let told = DeviceRegistry::parameters();
		assert_eq!((told.retire_delay, told.recovery_delay), (14 * DAYS, 3 * DAYS));
		assert_eq!((told.appeal_window, told.decision_window), (7 * DAYS, 14 * DAYS));
		assert_eq!((told.rules_notice, told.policy_caps), (7, PolicyCaps::DEFAULT));
	});
}

#[test]
fn governance_alone_sets_parameters() {
	started("development").execute_with(|| {
		let parameter = || {
			let (key, delay) = (registry::RetireDelay, Some(77));
			RuntimeParameters::Registry(registry::Parameters::RetireDelay(key, delay))
		};
		let alice: AccountId = Sr25519Keyring::Alice.to_account_id();
		for origin in [RuntimeOrigin::signed(alice), RuntimeOrigin::none()] {
			assert_noop!(Parameters::set_parameter(origin, parameter()), BadOrigin);
		}
		set(parameter());
		assert_eq!(DeviceRegistry::parameters().retire_delay, 77);
		// Without a value, the default applies.
		let none = registry::Parameters::RetireDelay(registry::RetireDelay, None);
		set(RuntimeParameters::Registry(none));
		assert_eq!(DeviceRegistry::parameters().retire_delay, 14 * DAYS);
	});
}

/// A vote makes no state free: each deposit has a floor, and the bond covers a device's state.
#[test]
fn deposits_have_a_floor() {
	started("development").execute_with(|| {
		let bond = DeviceRegistry::parameters().min_bond;
		let metric =
			|| -> Balance { <Runtime as pallet_attestation::Config>::MetricDeposit::get() };
		for (voted, amount) in [(0, MILLI_WORK), (MILLI_WORK, MILLI_WORK), (9 * bond, 9 * bond)] {
			set_deposit(voted);
			let told = DeviceRegistry::parameters();
			assert_eq!(
				[
					told.network_deposit,
					told.maker_deposit,
					told.maker_key_deposit,
					told.declaration_deposit,
					told.grant_deposit,
					metric(),
				],
				[amount; 6]
			);
			assert_eq!(told.min_bond, voted.max(bond));
		}
	});
}

/// The pallets that judge reports read a network's policy under the caps in force.
#[test]
fn a_change_of_the_caps_reaches_the_views_of_all_networks() {
	started("development").execute_with(|| {
		let admin: AccountId = Sr25519Keyring::Alice.to_account_id();
		let policy = NetworkPolicy {
			report: ReportPolicy { max_work_per_hour: 500, ..NetworkPolicy::OPEN.report },
			..NetworkPolicy::OPEN
		};
		let bond = DeviceRegistry::parameters().min_bond;
		let origin = RuntimeOrigin::signed(admin);
		assert_ok!(DeviceRegistry::create_network(origin, NetworkKind::Sensor, None, bond, policy));
		let view = || {
			let view = <DeviceRegistry as Devices<AccountId>>::network(0);
			view.expect("it was created; qed").policy
		};
		assert_eq!(view(), policy);
		let caps =
			PolicyCaps { max_work_per_hour: 7, least_interval: 60_000, ..PolicyCaps::DEFAULT };
		set_caps(caps);
		assert_eq!(view(), caps.clamp(policy));
		assert_eq!((view().report.max_work_per_hour, view().report.min_interval), (7, 60_000));
		// Caps under which no network could work are bounded.
		set_caps(PolicyCaps { max_window: 0, max_age: 0, max_skew: u64::MAX, ..caps });
		assert!(view().report.max_window >= 3_600_000 && view().report.max_age >= 3_600_000);
		assert_eq!(view().report.max_skew, policy.report.max_skew);
	});
}

/// Clients address parameters by these indices.
#[test]
fn keys_of_parameters_are_pinned() {
	use RuntimeParameters::{Deposits, Policy, Registry};
	let keys = [
		(Registry(registry::RetireDelay.into()), [0, 0]),
		(Registry(registry::RecoveryDelay.into()), [0, 1]),
		(Registry(registry::AppealWindow.into()), [0, 2]),
		(Registry(registry::DecisionWindow.into()), [0, 3]),
		(Registry(registry::RulesNotice.into()), [0, 4]),
		(Registry(registry::LocationFee.into()), [0, 5]),
		(Deposits(deposits::Bond.into()), [1, 0]),
		(Deposits(deposits::Network.into()), [1, 1]),
		(Deposits(deposits::Maker.into()), [1, 2]),
		(Deposits(deposits::MakerKey.into()), [1, 3]),
		(Deposits(deposits::Declaration.into()), [1, 4]),
		(Deposits(deposits::Grant.into()), [1, 5]),
		(Deposits(deposits::Metric.into()), [1, 6]),
		(Policy(policy::Caps.into()), [2, 0]),
	];
	for (parameter, indices) in keys {
		assert_eq!(parameter.into_parts().0.encode(), indices);
	}
}
