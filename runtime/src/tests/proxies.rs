//! Tests of what each kind of proxy may do.

use crate::{
	configs::ProxyType::{self, Any, Devices, Governance, NonTransfer, Reports, Staking},
	AccountId, Runtime, RuntimeCall,
};
use codec::Decode;
use depin_primitives::H256;
use frame_support::traits::InstanceFilter;

type Registry = pallet_device_registry::Call<Runtime>;

const TYPES: [ProxyType; 6] = [Any, NonTransfer, Staking, Devices, Reports, Governance];

fn other() -> AccountId {
	AccountId::new([1; 32])
}

/// Returns a value of zeros.
fn zeros<T: Decode>() -> T {
	T::decode(&mut sp_runtime::traits::TrailingZeroInput::zeroes()).expect("zeros decode")
}

/// Calls by the proxies that may make them, besides [`Any`].
fn calls() -> Vec<(RuntimeCall, Vec<ProxyType>)> {
	let id = H256::zero();
	let to = other();
	let payment: RuntimeCall =
		pallet_balances::Call::transfer_keep_alive { dest: to.clone().into(), value: 1 }.into();
	vec![
		(payment.clone(), vec![]),
		// Offers, payees, grants: a thing of value changes hands without a transfer.
		(Registry::offer_device { id, to: Some(to.clone()) }.into(), vec![]),
		(Registry::offer_network { id: 0, to: Some(to.clone()) }.into(), vec![]),
		(
			Registry::grant_access { id, to: to.clone(), permissions: zeros(), expires: 0 }.into(),
			vec![],
		),
		(
			pallet_staking::Call::set_payee {
				payee: pallet_staking::RewardDestination::Account(to.clone()),
			}
			.into(),
			vec![Staking],
		),
		(
			pallet_staking::Call::bond {
				value: 1,
				payee: pallet_staking::RewardDestination::Account(to),
			}
			.into(),
			vec![Staking],
		),
		// Calls in the name of another account, whose balance they may move.
		(
			pallet_proxy::Call::proxy {
				real: other().into(),
				force_proxy_type: None,
				call: Box::new(payment.clone()),
			}
			.into(),
			vec![],
		),
		(
			pallet_multisig::Call::as_multi_threshold_1 {
				other_signatories: vec![other()],
				call: Box::new(payment),
			}
			.into(),
			vec![],
		),
		(
			pallet_proxy::Call::remove_proxy {
				delegate: other().into(),
				proxy_type: Reports,
				delay: 0,
			}
			.into(),
			vec![NonTransfer],
		),
		// Locks and deposits.
		(pallet_staking::Call::bond_extra { max_additional: 1 }.into(), vec![Staking]),
		(pallet_conviction_voting::Call::undelegate { class: 0 }.into(), vec![Governance]),
		(pallet_referenda::Call::place_decision_deposit { index: 0 }.into(), vec![Governance]),
		(pallet_preimage::Call::note_preimage { bytes: vec![1] }.into(), vec![Governance]),
		// Bonds, deposits and fees.
		(
			Registry::register_device {
				network: 0,
				key: zeros(),
				cell: zeros(),
				certificate: None,
				consent: zeros(),
			}
			.into(),
			vec![Devices],
		),
		(Registry::assert_location { id, cell: zeros() }.into(), vec![Devices]),
		(Registry::correct_location { id, cell: zeros() }.into(), vec![Devices]),
		(Registry::register_maker { key: zeros() }.into(), vec![]),
		(Registry::add_maker_key { id: 0, key: zeros() }.into(), vec![]),
		// Work and what it earned.
		(Registry::retire_device { id }.into(), vec![NonTransfer, Devices]),
		(Registry::revoke_access { id, to: other() }.into(), vec![NonTransfer, Devices]),
		(pallet_rewards::Call::claim { device: id }.into(), vec![NonTransfer, Devices]),
		(pallet_staking::Call::chill {}.into(), vec![NonTransfer, Staking]),
		(
			pallet_attestation::Call::submit_report { signed: zeros(), readings: None }.into(),
			vec![NonTransfer, Devices, Reports],
		),
		(
			pallet_coverage::Call::submit_beacon { beacon: zeros() }.into(),
			vec![NonTransfer, Devices, Reports],
		),
		// Funding is governance's.
		(
			pallet_rewards::Call::set_allocation { network: 0, allocation: 1, rules: None }.into(),
			vec![],
		),
	]
}

#[test]
fn each_kind_of_proxy_makes_the_calls_of_its_kind_only() {
	for (call, permitted) in calls() {
		for kind in TYPES {
			let expected = kind == Any || permitted.contains(&kind);
			assert_eq!(kind.filter(&call), expected, "{kind:?}: {call:?}");
		}
	}
}

#[test]
fn a_superset_permits_every_call_of_its_subset() {
	for kind in TYPES {
		for other in TYPES.into_iter().filter(|other| kind.is_superset(other)) {
			for (call, _) in calls() {
				assert!(
					!other.filter(&call) || kind.filter(&call),
					"{kind:?}, {other:?}: {call:?}"
				);
			}
		}
	}
	assert!(NonTransfer.is_superset(&Reports) && Devices.is_superset(&Reports));
	assert!(!NonTransfer.is_superset(&Devices) && !NonTransfer.is_superset(&Staking));
	assert!(!Devices.is_superset(&Staking) && !Reports.is_superset(&NonTransfer));
}
