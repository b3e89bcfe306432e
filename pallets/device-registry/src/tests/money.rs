//! Whatever is done, in whatever order: no money is made or lost, the invariants hold, and a call
//! that fails changes nothing.

use super::*;
use frame_support::traits::fungible::Inspect;
use proptest::{collection::vec, prelude::*};
use sp_runtime::traits::Dispatchable;

/// One step: what `who` calls, or time that passes.
#[derive(Clone, Debug)]
enum Step {
	CreateNetwork { who: AccountId, makers: Option<Vec<MakerId>>, bond: u128 },
	CloseNetwork { who: AccountId, id: NetworkId },
	RegisterMaker { who: AccountId },
	DeregisterMaker { who: AccountId, id: MakerId },
	RegisterDevice { who: AccountId, network: NetworkId, device: u8, maker: Option<MakerId> },
	RetireDevice { who: AccountId, device: u8 },
	ReapDevice { who: AccountId, device: u8 },
	Blocks(u32),
	Settle(bool),
}

fn who() -> impl Strategy<Value = AccountId> {
	prop_oneof![8 => prop::sample::select(vec![ALICE, BOB]), 1 => Just(PAUPER)]
}

fn step() -> impl Strategy<Value = Step> {
	let (network, maker, device) = (0..3u32, 0..3u32, 0..5u8);
	let bond = prop_oneof![Just(0), Just(BOND), 1..2_000u128, Just(u128::MAX)];
	prop_oneof![
		2 => (who(), prop::option::of(vec(maker.clone(), 0..4)), bond)
			.prop_map(|(who, makers, bond)| Step::CreateNetwork { who, makers, bond }),
		1 => (who(), network.clone()).prop_map(|(who, id)| Step::CloseNetwork { who, id }),
		2 => who().prop_map(|who| Step::RegisterMaker { who }),
		1 => (who(), maker.clone()).prop_map(|(who, id)| Step::DeregisterMaker { who, id }),
		8 => (who(), network, device.clone(), prop::option::of(maker))
			.prop_map(|(who, network, device, maker)| {
				Step::RegisterDevice { who, network, device, maker }
			}),
		4 => (who(), device.clone()).prop_map(|(who, device)| Step::RetireDevice { who, device }),
		4 => (who(), device).prop_map(|(who, device)| Step::ReapDevice { who, device }),
		2 => (1..RETIRE_DELAY * 2).prop_map(Step::Blocks),
		1 => any::<bool>().prop_map(Step::Settle),
	]
}

/// Devices of both schemes; the even ones are P-256.
fn device(n: u8) -> Secret {
	if n.is_multiple_of(2) {
		Secret::p256(n + 1)
	} else {
		Secret::ed25519(n + 1)
	}
}

fn call(step: Step) -> Option<(AccountId, crate::Call<Test>)> {
	let maker_key = Secret::p256(100);
	Some(match step {
		Step::CreateNetwork { who, makers, bond } => {
			let makers = makers.map(BoundedVec::truncate_from);
			let (kind, policy) = (NetworkKind::Sensor, policy());
			(who, crate::Call::create_network { kind, makers, bond, policy })
		}
		Step::CloseNetwork { who, id } => (who, crate::Call::close_network { id }),
		Step::RegisterMaker { who } => {
			(who, crate::Call::register_maker { key: maker_key.public() })
		}
		Step::DeregisterMaker { who, id } => (who, crate::Call::deregister_maker { id }),
		Step::RegisterDevice { who, network, device: n, maker } => {
			let (device, cell) = (device(n), home());
			let key = device.public();
			let certificate = maker.map(|maker| maker_key.certify(maker, network, key));
			let consent = device.consent(network, who);
			(who, crate::Call::register_device { network, key, cell, certificate, consent })
		}
		Step::RetireDevice { who, device: n } => {
			(who, crate::Call::retire_device { id: device(n).id() })
		}
		Step::ReapDevice { who, device: n } => {
			(who, crate::Call::reap_device { id: device(n).id() })
		}
		Step::Blocks(blocks) => {
			System::set_block_number(System::block_number() + blocks);
			return None;
		}
		Step::Settle(settled) => {
			Unsettled::set(!settled);
			return None;
		}
	})
}

/// What each account has, free and held.
fn wealth() -> Vec<u128> {
	RICH.iter().chain([&PAUPER]).map(Balances::total_balance).collect()
}

/// Takes everything down again.
fn clear() {
	Unsettled::set(false);
	for (id, device) in Devices::<Test>::iter().collect::<Vec<_>>() {
		if device.status == DeviceStatus::Active {
			assert_ok!(Registry::retire_device(signed(device.owner), id));
		}
	}
	System::set_block_number(System::block_number() + RETIRE_DELAY);
	for id in Devices::<Test>::iter_keys().collect::<Vec<_>>() {
		assert_ok!(Registry::reap_device(signed(BOB), id));
	}
	for (id, network) in Networks::<Test>::iter().collect::<Vec<_>>() {
		assert_ok!(Registry::close_network(signed(network.admin), id));
	}
	for (id, maker) in Makers::<Test>::iter().collect::<Vec<_>>() {
		assert_ok!(Registry::deregister_maker(signed(maker.account), id));
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(48))]

	#[test]
	fn money_is_conserved(steps in vec(step(), 1..60)) {
		ExtBuilder::default().build_and_execute(|| {
			let (issued, had) = (Balances::total_issuance(), wealth());
			for step in steps {
				let Some((who, call)) = call(step.clone()) else { continue };
				let before = state_root();
				if RuntimeCall::from(call).dispatch(signed(who)).is_err() {
					assert_eq!(state_root(), before, "{step:?} failed and changed the state");
				}
				assert_eq!(wealth(), had, "{step:?} moved money");
				assert_eq!(Balances::total_issuance(), issued);
				assert_ok!(Registry::do_try_state());
			}

			clear();
			for (account, had) in RICH.iter().chain([&PAUPER]).zip(had) {
				assert_eq!(Balances::free_balance(account), had);
				assert_eq!(Balances::reserved_balance(account), 0);
			}
			assert_eq!(DevicesByOwner::<Test>::iter().count(), 0);
			assert_eq!(DevicesByNetwork::<Test>::iter().count(), 0);
			assert_eq!(DevicesByCell::<Test>::iter().count(), 0);
		});
	}
}
