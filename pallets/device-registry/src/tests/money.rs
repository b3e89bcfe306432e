//! Whatever is done, in whatever order: no money is made or lost, the invariants hold, and a call
//! that fails changes nothing.

use super::*;
use frame_support::traits::fungible::Inspect;
use proptest::{collection::vec, option, prelude::*, sample::select};
use sp_runtime::traits::Dispatchable;
use std::sync::LazyLock;

/// Short, so that devices go, and come back, within a few steps.
const DELAY: u32 = 3;

/// One step: a call, or time that passes. `who` is `None` for the account that may do it.
#[derive(Clone, Debug)]
enum Step {
	CreateNetwork { who: AccountId, makers: Option<Vec<MakerId>>, bond: u128 },
	CloseNetwork { who: Option<AccountId>, id: NetworkId },
	RegisterMaker { who: AccountId },
	DeregisterMaker { who: Option<AccountId>, id: MakerId },
	RegisterDevice { who: AccountId, network: NetworkId, device: usize, maker: Option<MakerId> },
	RetireDevice { who: Option<AccountId>, device: usize },
	ReapDevice { who: AccountId, device: usize },
	Blocks(u32),
	Settle(bool),
}

fn who() -> impl Strategy<Value = AccountId> {
	prop_oneof![8 => select(vec![ALICE, BOB]), 1 => Just(PAUPER)]
}

fn step() -> impl Strategy<Value = Step> {
	let (maker, device) = (0..3u32, 0..DEVICES.len());
	// The first one is there from the start, and open.
	let network = prop_oneof![2 => Just(0), 1 => 0..4u32];
	let may = || option::weighted(0.2, who());
	let bond = prop_oneof![Just(0), Just(BOND), 1..5_000u128, Just(u128::MAX)];
	prop_oneof![
		2 => (who(), option::of(vec(maker.clone(), 0..3)), bond)
			.prop_map(|(who, makers, bond)| Step::CreateNetwork { who, makers, bond }),
		1 => (may(), network.clone()).prop_map(|(who, id)| Step::CloseNetwork { who, id }),
		1 => who().prop_map(|who| Step::RegisterMaker { who }),
		1 => (may(), maker.clone()).prop_map(|(who, id)| Step::DeregisterMaker { who, id }),
		8 => (who(), network, device.clone(), option::weighted(0.3, maker)).prop_map(
			|(who, network, device, maker)| Step::RegisterDevice { who, network, device, maker }
		),
		6 => (may(), device.clone()).prop_map(|(who, device)| Step::RetireDevice { who, device }),
		6 => (who(), device).prop_map(|(who, device)| Step::ReapDevice { who, device }),
		4 => (1..2 * DELAY).prop_map(Step::Blocks),
		1 => prop::bool::weighted(0.7).prop_map(Step::Settle),
	]
}

/// Two devices of each scheme; made once, as that takes long.
static DEVICES: LazyLock<[(Secret, PublicKey); 4]> = LazyLock::new(|| {
	[Secret::p256(1), Secret::ed25519(1), Secret::p256(2), Secret::ed25519(2)]
		.map(|secret| (secret.clone(), secret.public()))
});

static MAKER_KEY: LazyLock<Secret> = LazyLock::new(|| Secret::p256(100));

/// The call of a step, and who makes it; `None` if it is not one.
fn call(step: Step) -> Option<(AccountId, crate::Call<Test>)> {
	let id_of = |device: usize| DEVICES[device].1.device_id();
	Some(match step {
		Step::CreateNetwork { who, makers, bond } => {
			let makers = makers.map(BoundedVec::truncate_from);
			let (kind, policy) = (NetworkKind::Sensor, policy());
			(who, crate::Call::create_network { kind, makers, bond, policy })
		}
		Step::CloseNetwork { who, id } => {
			let admin = Networks::<Test>::get(id).map(|network| network.admin);
			(who.or(admin).unwrap_or(BOB), crate::Call::close_network { id })
		}
		Step::RegisterMaker { who } => {
			(who, crate::Call::register_maker { key: MAKER_KEY.public() })
		}
		Step::DeregisterMaker { who, id } => {
			let account = Makers::<Test>::get(id).map(|maker| maker.account);
			(who.or(account).unwrap_or(BOB), crate::Call::deregister_maker { id })
		}
		Step::RegisterDevice { who, network, device, maker } => {
			let ((device, key), cell) = (&DEVICES[device], home());
			let certificate = maker.map(|maker| MAKER_KEY.certify(maker, network, *key));
			let consent = device.consent(network, who);
			(who, crate::Call::register_device { network, key: *key, cell, certificate, consent })
		}
		Step::RetireDevice { who, device } => {
			let id = id_of(device);
			let owner = Devices::<Test>::get(id).map(|device| device.owner);
			(who.or(owner).unwrap_or(BOB), crate::Call::retire_device { id })
		}
		Step::ReapDevice { who, device } => (who, crate::Call::reap_device { id: id_of(device) }),
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
	System::set_block_number(System::block_number() + DELAY);
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
		ExtBuilder::default().retire_delay(DELAY).build_and_execute(|| {
			let (issued, had) = (Balances::total_issuance(), wealth());
			let maker = register_maker(&MAKER_KEY);
			create_network(None);
			create_network(Some(vec![maker]));
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
