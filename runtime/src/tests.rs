//! Tests of the complete runtime: presets that build, rules that cross pallets.

mod elections;
mod equivocation;
mod eras;
mod fees;
mod governance;
mod life;
mod parameters;
mod proxies;
mod state_size;
mod weight_files;

use crate::{
	constants::currency::WORK, genesis, Balance, Balances, Rewards, Runtime, RuntimeCall,
	RuntimeGenesisConfig, Staking, UncheckedExtrinsic,
};
use codec::{Decode, Encode};
use depin_primitives::{
	report::{Report, ReportFlags, SignedReport},
	signing::GenesisPrefix,
	Signature, H256,
};
use frame_support::traits::{fungible::Inspect, Get};
use frame_system::offchain::CreateAuthorizedTransaction;
use sp_io::TestExternalities;

/// Returns the default genesis with a preset's JSON patched in, as the node builds it.
fn preset(name: &str) -> serde_json::Value {
	let mut config = serde_json::to_value(RuntimeGenesisConfig::default()).unwrap();
	let patch = genesis::get_preset(&name.into()).expect("the preset exists");
	json_patch(&mut config, serde_json::from_slice(&patch).unwrap());
	config
}

fn json_patch(into: &mut serde_json::Value, patch: serde_json::Value) {
	match (into, patch) {
		(serde_json::Value::Object(into), serde_json::Value::Object(patch)) => {
			for (key, value) in patch {
				json_patch(into.entry(key).or_insert(serde_json::Value::Null), value);
			}
		}
		(into, patch) => *into = patch,
	}
}

fn started(name: &str) -> TestExternalities {
	let mut ext = TestExternalities::new_empty();
	let config = serde_json::to_vec(&preset(name)).unwrap();
	ext.execute_with(|| genesis::build(config).expect("the preset builds"));
	ext
}

#[test]
fn every_preset_builds() {
	for name in genesis::preset_names() {
		started(name.as_ref()).execute_with(|| {
			assert_eq!(Rewards::schedule().epoch, 0);
			assert_eq!(Rewards::schedule().max_supply, 1_000_000_000 * WORK);
			assert!(Balances::total_issuance() <= Rewards::schedule().max_supply);
		});
	}
	assert!(genesis::get_preset(&"unknown".into()).is_none());
}

#[test]
fn staging_has_no_well_known_keys() {
	started("staging").execute_with(|| {
		assert_eq!(pallet_sudo::Key::<Runtime>::get(), None);
		assert!(crate::Babe::authorities().is_empty());
		assert!(crate::Grandpa::grandpa_authorities().is_empty());
		for key in sp_keyring::Sr25519Keyring::iter() {
			assert_eq!(Balances::balance(&key.to_account_id()), 0);
		}
	});
}

#[test]
fn presets_have_the_validators_that_they_promise() {
	for (name, count) in [("development", 1), ("local", 4)] {
		started(name).execute_with(|| {
			assert_eq!(crate::Babe::authorities().len(), count);
			assert_eq!(crate::Grandpa::grandpa_authorities().len(), count);
			assert_eq!(Staking::current_era(), Some(0));
		});
	}
}

#[test]
fn device_extrinsics_are_general_transactions() {
	let report = Report {
		device: H256::repeat_byte(1),
		sequence: 1,
		window_start: 0,
		window_end: 1,
		work: 0,
		previous: H256::zero(),
		readings_root: H256::zero(),
		readings_count: 0,
		flags: ReportFlags::NONE,
		metrics: Default::default(),
		digests: Default::default(),
	};
	let signed =
		SignedReport { chain: GenesisPrefix([0; 4]), report, signature: Signature([0; 64]) };
	let call =
		RuntimeCall::Attestation(pallet_attestation::Call::report { signed, readings: None });
	let extrinsic =
		<Runtime as CreateAuthorizedTransaction<RuntimeCall>>::create_authorized_transaction(
			call.clone(),
		);
	let encoded = extrinsic.encode();
	let (_, body) =
		encoded.split_at(codec::Compact::<u32>::decode(&mut &encoded[..]).unwrap().encode().len());
	// Version 5, general; extension version 0; an immortal era, nonce 0, tip 0, no metadata hash.
	assert_eq!(body[..6], [0x45, 0, 0, 0, 0, 0]);
	assert_eq!(body[6..], call.encode()[..]);
	assert_eq!(UncheckedExtrinsic::decode(&mut &encoded[..]).unwrap().function, call);
}

#[test]
fn the_bond_that_a_hand_over_frees_covers_the_deposit_of_a_former_account() {
	for name in genesis::preset_names() {
		started(name.as_ref()).execute_with(|| {
			let deposit: Balance = <Runtime as pallet_rewards::Config>::FormerDeposit::get();
			let bond: Balance = <Runtime as pallet_device_registry::Config>::MinBond::get();
			assert!(deposit > 0 && deposit < bond);
		});
	}
}

#[test]
fn validators_are_paid_from_the_emission_only() {
	use sp_staking::EraPayout as _;
	type Payout = <Runtime as pallet_staking::Config>::EraPayout;
	started("development").execute_with(|| {
		assert_eq!(Payout::era_payout(1_000 * WORK, 1_000_000 * WORK, u64::MAX), (0, 0));
	});
}
