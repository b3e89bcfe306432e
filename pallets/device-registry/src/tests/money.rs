//! Property of random sequences of calls: no money is made or lost but by fees, the invariants
//! hold, a call that fails changes nothing, and when everything is removed every deposit is
//! released.

use super::*;
use frame_support::traits::{fungible::Inspect, GetCallName};
use proptest::{collection::vec, option, prelude::*, sample::select};
use sp_runtime::traits::Dispatchable;
use std::{cell::RefCell, collections::BTreeMap, sync::LazyLock};

/// Delay that is short, so that each wait ends within a few steps.
const DELAY: u32 = 3;
/// Number of blocks in which a suspension can be appealed.
const APPEALS: u32 = DELAY - 1;

/// One step: a call, or time that passes. `who` is `None` for a call that should succeed: it is
/// sent by the account that may, and concerns a network, maker or device for which it is possible.
#[derive(Clone, Debug)]
enum Step {
	CreateNetwork { who: AccountId, makers: Option<Vec<MakerId>>, bond: Balance, closed: bool },
	ChangeNetwork { who: Option<AccountId>, id: NetworkId, bond: Balance, closed: bool },
	SetNetworkPaused { who: Option<AccountId>, id: NetworkId, paused: bool },
	OfferNetwork { who: Option<AccountId>, id: NetworkId, to: Option<AccountId> },
	AcceptNetwork { who: Option<AccountId>, id: NetworkId },
	VetoRules { who: Option<AccountId>, id: NetworkId },
	OfferMaker { who: Option<AccountId>, id: MakerId, to: Option<AccountId> },
	AcceptMaker { who: Option<AccountId>, id: MakerId, limit: Balance },
	CloseNetwork { who: Option<AccountId>, id: NetworkId },
	RegisterMaker { who: AccountId },
	AddMakerKey { who: Option<AccountId>, id: MakerId, key: usize },
	RevokeMakerKey { who: Option<AccountId>, id: MakerId, number: u32 },
	Declare { who: Option<AccountId>, id: MakerId, device: usize },
	Withdraw { who: Option<AccountId>, id: MakerId, device: usize },
	DeregisterMaker { who: Option<AccountId>, id: MakerId },
	RegisterDevice { who: AccountId, network: NetworkId, device: usize, maker: Option<MakerId> },
	RegisterDevices { who: AccountId, network: NetworkId, devices: Vec<usize> },
	AssertLocation { who: Option<AccountId>, device: usize, cell: usize },
	CorrectLocation { who: Option<AccountId>, device: usize },
	RotateKey { who: Option<AccountId>, device: usize, key: usize, maker: Option<MakerId> },
	RecoverKey { who: Option<AccountId>, device: usize, key: usize, maker: MakerId },
	FinishRecovery { who: AccountId, device: usize },
	CancelRecovery { who: Option<AccountId>, device: usize },
	OfferDevice { who: Option<AccountId>, device: usize, to: Option<AccountId> },
	AcceptDevice { who: Option<AccountId>, device: usize },
	Suspend { who: Option<AccountId>, device: usize },
	TakeOver { device: usize },
	Appeal { who: Option<AccountId>, device: usize },
	Restore { who: Option<AccountId>, device: usize },
	Forfeit { who: Option<AccountId>, device: usize },
	Grant { who: Option<AccountId>, device: usize, to: AccountId, permissions: u8, time: Millis },
	Revoke { who: Option<AccountId>, device: usize, to: AccountId },
	RetireDevice { who: Option<AccountId>, device: usize },
	ReapDevice { who: AccountId, device: usize },
	Blocks(u32),
	Time(Millis),
	NextEpoch,
	Settle(bool),
	Fund(NetworkId),
}

fn who() -> impl Strategy<Value = AccountId> {
	prop_oneof![8 => select(vec![ALICE, BOB]), 1 => Just(PAUPER)]
}

fn networks_and_makers() -> impl Strategy<Value = Step> {
	let maker = || 0..3u32;
	let may = || option::weighted(0.2, who());
	let network = || 0..4u32;
	let device = || 0..DEVICE_KEYS.len();
	// A bond too small, that of the helpers' networks, one that nobody can pay, and the largest.
	let bond = || {
		prop_oneof![
			1 => Just(MIN_BOND - 1),
			6 => MIN_BOND..200,
			1 => Just(FUNDS),
			1 => Just(Balance::MAX)
		]
	};
	prop_oneof![
		2 => (who(), option::of(vec(maker(), 0..3)), bond(), any::<bool>()).prop_map(
			|(who, makers, bond, closed)| Step::CreateNetwork { who, makers, bond, closed }
		),
		2 => (may(), network(), bond(), any::<bool>())
			.prop_map(|(who, id, bond, closed)| Step::ChangeNetwork { who, id, bond, closed }),
		2 => (may(), network(), prop::bool::weighted(0.4))
			.prop_map(|(who, id, paused)| Step::SetNetworkPaused { who, id, paused }),
		2 => (may(), network(), option::weighted(0.9, who()))
			.prop_map(|(who, id, to)| Step::OfferNetwork { who, id, to }),
		2 => (may(), network()).prop_map(|(who, id)| Step::AcceptNetwork { who, id }),
		1 => (may(), network()).prop_map(|(who, id)| Step::VetoRules { who, id }),
		2 => (may(), maker(), option::weighted(0.9, who()))
			.prop_map(|(who, id, to)| Step::OfferMaker { who, id, to }),
		2 => (may(), maker(), prop_oneof![1 => 300..500u128, 4 => Just(Balance::MAX)])
			.prop_map(|(who, id, limit)| Step::AcceptMaker { who, id, limit }),
		1 => (may(), network()).prop_map(|(who, id)| Step::CloseNetwork { who, id }),
		1 => who().prop_map(|who| Step::RegisterMaker { who }),
		2 => (may(), maker(), 0..MAKER_KEYS.len())
			.prop_map(|(who, id, key)| Step::AddMakerKey { who, id, key }),
		1 => (may(), maker(), 0..4u32)
			.prop_map(|(who, id, number)| Step::RevokeMakerKey { who, id, number }),
		2 => (may(), maker(), device())
			.prop_map(|(who, id, device)| Step::Declare { who, id, device }),
		2 => (may(), maker(), device())
			.prop_map(|(who, id, device)| Step::Withdraw { who, id, device }),
		1 => (may(), maker()).prop_map(|(who, id)| Step::DeregisterMaker { who, id }),
	]
}

fn devices() -> impl Strategy<Value = Step> {
	let maker = || 0..3u32;
	let device = || 0..DEVICE_KEYS.len();
	let may = || option::weighted(0.2, who());
	// The first network exists from the start, and is open.
	let network = || prop_oneof![3 => Just(0), 1 => 0..4u32];
	let registering = prop_oneof![
		6 => (who(), network(), device(), option::weighted(0.5, maker())).prop_map(
			|(who, network, device, maker)| Step::RegisterDevice { who, network, device, maker }
		),
		1 => (who(), network(), vec(device(), 0..4))
			.prop_map(|(who, network, devices)| Step::RegisterDevices { who, network, devices }),
		4 => (may(), device(), 0..2usize)
			.prop_map(|(who, device, cell)| Step::AssertLocation { who, device, cell }),
	];
	let keys = prop_oneof![
		2 => (may(), device(), device(), option::weighted(0.5, maker()))
			.prop_map(|(who, device, key, maker)| Step::RotateKey { who, device, key, maker }),
		5 => (may(), device(), device(), maker())
			.prop_map(|(who, device, key, maker)| Step::RecoverKey { who, device, key, maker }),
		8 => (who(), device()).prop_map(|(who, device)| Step::FinishRecovery { who, device }),
		3 => (may(), device()).prop_map(|(who, device)| Step::CancelRecovery { who, device }),
	];
	let owners = prop_oneof![
		5 => (may(), device(), option::weighted(0.9, who()))
			.prop_map(|(who, device, to)| Step::OfferDevice { who, device, to }),
		6 => (may(), device()).prop_map(|(who, device)| Step::AcceptDevice { who, device }),
		3 => (may(), device(), who(), 0..8u8, 0..9u64).prop_map(
			|(who, device, to, permissions, time)| {
				Step::Grant { who, device, to, permissions, time }
			}
		),
		2 => (may(), device(), who())
			.prop_map(|(who, device, to)| Step::Revoke { who, device, to }),
	];
	let ends = prop_oneof![
		3 => (may(), device()).prop_map(|(who, device)| Step::Suspend { who, device }),
		1 => device().prop_map(|device| Step::TakeOver { device }),
		4 => (may(), device()).prop_map(|(who, device)| Step::Appeal { who, device }),
		2 => (may(), device()).prop_map(|(who, device)| Step::CorrectLocation { who, device }),
		2 => (may(), device()).prop_map(|(who, device)| Step::Restore { who, device }),
		4 => (may(), device()).prop_map(|(who, device)| Step::Forfeit { who, device }),
		2 => (may(), device()).prop_map(|(who, device)| Step::RetireDevice { who, device }),
		4 => (who(), device()).prop_map(|(who, device)| Step::ReapDevice { who, device }),
	];
	prop_oneof![11 => registering, 13 => keys, 13 => owners, 16 => ends]
}

fn step() -> impl Strategy<Value = Step> {
	let time = prop_oneof![
		4 => (1..2 * DELAY).prop_map(Step::Blocks),
		4 => prop_oneof![1 => 1..9u64, 2 => Just(COOLDOWN)].prop_map(Step::Time),
		1 => Just(Step::NextEpoch),
		1 => prop::bool::weighted(0.7).prop_map(Step::Settle),
		1 => (0..4u32).prop_map(Step::Fund),
	];
	prop_oneof![3 => networks_and_makers(), 11 => devices(), 3 => time]
}

/// Device keys, two of each scheme; made once, as that takes long. A device's number is that of its
/// first key.
static DEVICE_KEYS: LazyLock<[(Secret, PublicKey); 8]> = LazyLock::new(|| {
	let all: Vec<_> = Secret::of_each(1).into_iter().chain(Secret::of_each(2)).collect();
	let all: [Secret; 8] = all.try_into().unwrap_or_else(|_| panic!("twice four; qed"));
	all.map(|secret| (secret.clone(), secret.public()))
});

/// Keys of the makers.
static MAKER_KEYS: LazyLock<[Secret; 4]> = LazyLock::new(|| Secret::of_each(100));

/// Returns one of these, if there are any, for every number.
fn one_of<Each>(number: usize, all: impl Iterator<Item = Each>) -> Option<Each> {
	let mut all: Vec<_> = all.collect();
	(!all.is_empty()).then(|| all.swap_remove(number % all.len()))
}

fn account_of(id: MakerId) -> Option<AccountId> {
	Makers::<Test>::get(id).map(|maker| maker.account)
}

fn admin_of(id: NetworkId) -> Option<AccountId> {
	Networks::<Test>::get(id).map(|network| network.admin)
}

fn id_of(device: usize) -> DeviceId {
	DEVICE_KEYS[device].1.device_id()
}

/// Returns the secret of a device's key.
fn secret_of(key: PublicKey) -> &'static Secret {
	let (secret, _) =
		DEVICE_KEYS.iter().find(|(_, public)| *public == key).expect("one of them; qed");
	secret
}

/// Returns the network of a step, one for which the step should succeed if `who` is `None`.
fn network(who: Option<AccountId>, id: NetworkId, fits: fn(&crate::Network<Test>) -> bool) -> u32 {
	let fitting =
		|| Networks::<Test>::iter().filter(|(_, network)| fits(network)).map(|(id, _)| id);
	who.map_or_else(|| one_of(id as usize, fitting()), |_| None).unwrap_or(id)
}

/// Returns the maker of a step, in the same way.
fn maker(who: Option<AccountId>, id: MakerId, fits: fn(&crate::Maker<Test>) -> bool) -> MakerId {
	let fitting = || Makers::<Test>::iter().filter(|(_, maker)| fits(maker)).map(|(id, _)| id);
	who.map_or_else(|| one_of(id as usize, fitting()), |_| None).unwrap_or(id)
}

/// Returns all devices with their ids.
fn all_devices() -> impl Iterator<Item = (DeviceId, Device<AccountId>)> {
	Devices::<Test>::iter().map(|(id, stored)| (id, stored.device))
}

/// Returns the device of a step and its owner, in the same way.
fn device(
	who: Option<AccountId>,
	device: usize,
	fits: fn(DeviceId, &Device<AccountId>) -> bool,
) -> (DeviceId, AccountId) {
	let fitting = || all_devices().filter(|(id, device)| fits(*id, device));
	let found = who.map_or_else(|| one_of(device, fitting()), |_| None);
	let id = found.map_or(id_of(device), |(id, _)| id);
	(id, who.or(Registry::stored_device(id).map(|device| device.owner)).unwrap_or(BOB))
}

/// Signs a certificate with the maker's newest key, as if that were the step's own.
fn certify(id: MakerId, network: NetworkId, key: PublicKey) -> SignedCertificate {
	let last = Makers::<Test>::get(id).and_then(|maker| maker.keys.last().copied());
	let number = last.map_or(0, |last| last.number);
	let signer = last.and_then(|last| MAKER_KEYS.iter().find(|key| key.public() == last.key));
	signer.unwrap_or(&MAKER_KEYS[0]).certify(id, number, network, key)
}

/// Returns the call of a step of networks and makers, and its origin.
fn call_of_network_or_maker(step: Step) -> (RuntimeOrigin, crate::Call<Test>) {
	use crate::Call;
	let or = |who: Option<AccountId>, may: Option<AccountId>| who.or(may).unwrap_or(BOB);
	let policy_of = |closed| if closed { certified_policy() } else { policy() };
	let (who, call) = match step {
		Step::CreateNetwork { who, makers, bond, closed } => {
			let makers = makers.map(BoundedVec::truncate_from);
			let (kind, policy) = (NetworkKind::Sensor, policy_of(closed));
			(who, Call::create_network { kind, makers, bond, policy })
		}
		Step::ChangeNetwork { who, id, bond, closed } => {
			let (id, policy) = (network(who, id, |_| true), policy_of(closed));
			(or(who, admin_of(id)), Call::change_network { id, makers: None, bond, policy })
		}
		Step::SetNetworkPaused { who, id, paused } => {
			let id = network(who, id, |network| network.paused.is_some());
			let call = Call::set_network_paused { id, paused };
			// Sent by governance, which can always resume.
			return (who.map_or(governance(), signed), call);
		}
		Step::OfferNetwork { who, id, to } => {
			let id = network(who, id, |_| true);
			(or(who, admin_of(id)), Call::offer_network { id, to })
		}
		Step::VetoRules { who, id } => {
			let id = network(who, id, |network| network.next.is_some());
			return (who.map_or(governance(), signed), Call::veto_rules { id });
		}
		Step::OfferMaker { who, id, to } => {
			let id = maker(who, id, |_| true);
			(or(who, account_of(id)), Call::offer_maker { id, to })
		}
		Step::AcceptMaker { who, id, limit } => {
			let id = maker(who, id, |maker| maker.offered_to.is_some());
			let to = Makers::<Test>::get(id).and_then(|maker| maker.offered_to);
			(or(who, to), Call::accept_maker { id, limit })
		}
		Step::AcceptNetwork { who, id } => {
			let id = network(who, id, |network| network.offer.is_some());
			let to =
				Networks::<Test>::get(id).and_then(|network| network.offer.map(|offer| offer.to));
			(or(who, to), Call::accept_network { id })
		}
		Step::CloseNetwork { who, id } => {
			let id = network(who, id, |network| network.devices == 0);
			(or(who, admin_of(id)), Call::close_network { id })
		}
		Step::RegisterMaker { who } => (who, Call::register_maker { key: MAKER_KEYS[0].public() }),
		Step::AddMakerKey { who, id, key } => {
			let (id, key) = (maker(who, id, |_| true), MAKER_KEYS[key].public());
			(or(who, account_of(id)), Call::add_maker_key { id, key })
		}
		Step::RevokeMakerKey { who, id, number } => {
			let id = maker(who, id, |maker| maker.keys.len() > 1);
			let keys = Makers::<Test>::get(id).map(|maker| maker.keys).unwrap_or_default();
			let of_it = one_of(number as usize, keys.iter().map(|key| key.number));
			let number = of_it.filter(|_| who.is_none()).unwrap_or(number);
			(or(who, account_of(id)), Call::revoke_maker_key { id, number })
		}
		Step::Declare { who, id, device } => {
			// A device that the maker has certified, or any.
			let id = maker(who, id, |_| true);
			let listed = DevicesByMaker::<Test>::iter_key_prefix(id);
			let listed: Vec<_> = listed.collect();
			let keys = all_devices()
				.filter(|(id, _)| listed.contains(&ShortId::from(*id)))
				.map(|(id, device)| (device.key, Some(id)));
			let (key, device) = one_of(device, keys).unwrap_or((DEVICE_KEYS[device].1, None));
			let reason = CompromiseReason::KeyLeaked;
			(or(who, account_of(id)), Call::declare_compromised { id, key, reason, device })
		}
		Step::Withdraw { who, id, device } => {
			let id = maker(who, id, |maker| maker.declarations > 0);
			let declared = |(_, key): &&(Secret, PublicKey)| {
				Declarations::<Test>::contains_key(id, key.device_id())
			};
			let declared = one_of(device, DEVICE_KEYS.iter().filter(declared));
			let (_, key) = declared.unwrap_or(&DEVICE_KEYS[device]);
			(or(who, account_of(id)), Call::withdraw_declaration { id, key: *key })
		}
		Step::DeregisterMaker { who, id } => {
			let id = maker(who, id, |maker| maker.declarations == 0);
			(or(who, account_of(id)), Call::deregister_maker { id })
		}
		of_device => unreachable!("{of_device:?}"),
	};
	(signed(who), call)
}

/// Returns `true` if the time to appeal against a suspension is over.
fn heard(case: Suspension) -> bool {
	case.appeal_until <= System::block_number()
}

/// Returns the call of a step of devices, and its origin.
fn call_of_device(step: Step) -> (RuntimeOrigin, crate::Call<Test>) {
	use crate::Call;
	let active = |_: DeviceId, device: &Device<AccountId>| device.status == Status::Active;
	let can_work = |_: DeviceId, device: &Device<AccountId>| device.status.can_work();
	let suspended =
		|_: DeviceId, device: &Device<AccountId>| device.status.suspension_case().is_some();
	let recovering = |_: DeviceId, device: &Device<AccountId>| device.pending.key().is_some();
	let recovered = |_: DeviceId, device: &Device<AccountId>| {
		device.pending.key().is_some_and(|key| key.from <= System::block_number())
	};
	// An offer ends a recovery: offers are few, so that some recoveries are finished.
	let offerable = |_: DeviceId, device: &Device<AccountId>| {
		device.status == Status::Active && device.pending.key().is_none()
	};
	// Network, key and owner of the device; some values, if the device does not exist.
	let state = |id: DeviceId, number: usize| {
		let device = Registry::stored_device(id);
		device.map_or((0, DEVICE_KEYS[number].1, BOB), |d| (d.network, d.key, d.owner))
	};
	let (who, call) = match step {
		Step::RegisterDevice { who, network, device, maker } => {
			let ((device, key), cell) = (&DEVICE_KEYS[device], home());
			let certificate = maker.map(|maker| certify(maker, network, *key));
			let consent = device.consent(network, who);
			(who, Call::register_device { network, key: *key, cell, certificate, consent })
		}
		Step::RegisterDevices { who, network, devices } => {
			let item = |device: usize| DEVICE_KEYS[device].0.registration(who, network, None);
			let devices = devices.into_iter().map(item).collect();
			(who, Call::register_devices { network, devices: BoundedVec::truncate_from(devices) })
		}
		Step::AssertLocation { who, device: number, cell } => {
			let (id, who) = device(who, number, active);
			(who, Call::assert_location { id, cell: [home(), away()][cell] })
		}
		Step::CorrectLocation { who, device: number } => {
			let correctable = |_: DeviceId, device: &Device<AccountId>| {
				device.status.suspension_case().is_some_and(|case| !case.corrected)
			};
			let (id, who) = device(who, number, correctable);
			let here = Registry::stored_device(id).is_some_and(|device| device.cell == home());
			(who, Call::correct_location { id, cell: if here { away() } else { home() } })
		}
		Step::RotateKey { who, device: number, key, maker } => {
			let (id, who) = device(who, number, can_work);
			let ((network, old, owner), (new, new_key)) = (state(id, number), &DEVICE_KEYS[key]);
			let by_old = secret_of(old).rotation(id, owner, *new_key);
			let by_new = new.adoption(id, owner);
			let certificate = maker.map(|maker| certify(maker, network, *new_key));
			(who, Call::rotate_key { id, new_key: *new_key, by_old, by_new, certificate })
		}
		Step::RecoverKey { who, device: number, key, maker: wanted } => {
			let maker = maker(who, wanted, |_| true);
			let (id, who) = device(who, number, can_work);
			let ((network, _, owner), (new, new_key)) = (state(id, number), &DEVICE_KEYS[key]);
			let by_new = new.adoption(id, owner);
			let certificate = certify(maker, network, *new_key);
			(who, Call::recover_key { id, new_key: *new_key, by_new, certificate })
		}
		Step::FinishRecovery { who, device: number } => {
			(who, Call::finish_recovery { id: device(None, number, recovered).0 })
		}
		Step::CancelRecovery { who, device: number } => {
			let (id, who) = device(who, number, recovering);
			(who, Call::cancel_recovery { id })
		}
		Step::OfferDevice { who, device: number, to } => {
			let (id, who) = device(who, number, offerable);
			(who, Call::offer_device { id, to })
		}
		Step::AcceptDevice { who, device: number } => {
			let (id, _) = device(who, number, |_, device| device.pending.owner().is_some());
			let to = pending(id).owner().copied();
			(who.or(to).unwrap_or(BOB), Call::accept_device { id, expected_key: current_key(id) })
		}
		Step::Suspend { who, device: number } => {
			let (id, _) =
				device(who, number, |_, device| device.status.suspension_case().is_none());
			let admin = admin_of(state(id, number).0);
			let (reason, evidence) = (SuspendReason::FalseLocation, H256::zero());
			(who.or(admin).unwrap_or(BOB), Call::suspend_device { id, reason, evidence })
		}
		Step::TakeOver { device: number } => {
			let (id, _) = device(None, number, suspended);
			let (reason, evidence) = (SuspendReason::FalseLocation, H256::zero());
			return (RuntimeOrigin::root(), Call::suspend_device { id, reason, evidence });
		}
		Step::Appeal { who, device: number } => {
			let (id, who) = device(who, number, |_, device| {
				device.status.suspension_case().is_some_and(|case| !heard(case))
			});
			(who, Call::appeal_suspension { id, statement: H256::repeat_byte(1) })
		}
		Step::Restore { who, device: number } => {
			let (id, _) = device(who, number, suspended);
			let admin = admin_of(state(id, number).0);
			(who.or(admin).unwrap_or(BOB), Call::restore_device { id })
		}
		Step::Forfeit { who, device: number } => {
			let (id, _) =
				device(who, number, |_, device| device.status.suspension_case().is_some_and(heard));
			let origin = who.map_or(RuntimeOrigin::root(), signed);
			return (origin, Call::forfeit_device { id });
		}
		Step::Grant { who, device: number, to, permissions, time } => {
			let (id, who) = device(who, number, |_, _| true);
			let (permissions, expires) = (Permissions(permissions), Timestamp::get() + time);
			(who, Call::grant_access { id, to, permissions, expires })
		}
		Step::Revoke { who, device: number, to } => {
			let (id, sender) = device(who, number, |id, _| Grants::<Test>::contains_key(id));
			let granted = Grants::<Test>::get(id).unwrap_or_default();
			let has_it = granted.first().map(|grant| grant.to).filter(|_| who.is_none());
			(sender, Call::revoke_access { id, to: has_it.unwrap_or(to) })
		}
		Step::RetireDevice { who, device: number } => {
			let (id, who) = device(who, number, active);
			(who, Call::retire_device { id })
		}
		Step::ReapDevice { who, device: number } => {
			let (id, _) =
				device(None, number, |_, device| matches!(device.status, Status::Retiring { .. }));
			(who, Call::reap_device { id })
		}
		of_others => return call_of_network_or_maker(of_others),
	};
	(signed(who), call)
}

/// Returns the call of a step, and its origin; `None` if the step is time that passes.
fn call(step: Step) -> Option<(RuntimeOrigin, crate::Call<Test>)> {
	match step {
		Step::Blocks(blocks) => pass_blocks(blocks),
		Step::Time(time) => Timestamp::set_timestamp(Timestamp::get() + time),
		Step::NextEpoch => Epoch::mutate(|epoch| *epoch += 1),
		Step::Settle(settled) => Unsettled::set(!settled),
		Step::Fund(id) => Funded::mutate(|funded| funded.push(id)),
		call => return Some(call_of_device(call)),
	}
	None
}

const ACCOUNTS: [AccountId; 6] = [ADMIN, MAKER, ALICE, BOB, PAUPER, FEE_COLLECTOR];

/// Returns the total balance of each account, free and held.
fn wealth() -> BTreeMap<AccountId, Balance> {
	ACCOUNTS.iter().map(|who| (*who, Balances::total_balance(who))).collect()
}

/// Returns the fees that this step's events report, which its caller paid.
fn fees() -> Balance {
	let fee = |event| match event {
		Event::LocationAsserted { fee, .. } | Event::LocationCorrected { fee, .. } => fee,
		_ => 0,
	};
	events().into_iter().map(fee).sum()
}

/// Removes all devices, networks and makers again.
fn clear() {
	Unsettled::set(false);
	for (id, device) in all_devices().collect::<Vec<_>>() {
		if device.status.suspension_case().is_some() {
			assert_ok!(Registry::restore_device(RuntimeOrigin::root(), id));
		}
		if device.status.retiring_until().is_none() {
			assert_ok!(Registry::retire_device(signed(device.owner), id));
		}
	}
	pass_blocks(DELAY);
	expire_statements();
	for id in Devices::<Test>::iter_keys().collect::<Vec<_>>() {
		assert_ok!(Registry::reap_device(signed(BOB), id));
	}
	for (id, network) in Networks::<Test>::iter().collect::<Vec<_>>() {
		assert_ok!(Registry::close_network(signed(network.admin), id));
	}
	for (maker, hash) in Declarations::<Test>::iter_keys().collect::<Vec<_>>() {
		let key = DEVICE_KEYS.iter().find(|(_, key)| key.device_id() == hash).map(|(_, key)| *key);
		let account = Makers::<Test>::get(maker).map(|maker| maker.account);
		let (key, account) = (key.expect("one of these keys; qed"), account.expect("there; qed"));
		assert_ok!(Registry::withdraw_declaration(signed(account), maker, key));
	}
	for (id, maker) in Makers::<Test>::iter().collect::<Vec<_>>() {
		assert_ok!(Registry::deregister_maker(signed(maker.account), id));
	}
}

thread_local! {
	/// Number of successful calls, by name.
	static DONE: RefCell<BTreeMap<&'static str, u32>> = const {
		RefCell::new(BTreeMap::new())
	};
}

/// Runs these steps, and checks everything after each.
fn run(steps: Vec<Step>) {
	let builder = ExtBuilder::default()
		.retire_delay(DELAY)
		.recovery_delay(DELAY)
		.appeal_window(APPEALS)
		.decision_window(DELAY);
	builder.build_and_execute(|| {
		let (issued, mut expected) = (Balances::total_issuance(), wealth());
		let mut collected = EXISTENTIAL_DEPOSIT;
		let maker = register_maker(&MAKER_KEYS[0]);
		create_network();
		create_closed_network(vec![maker]);
		events();
		for step in steps {
			let ids: Vec<_> = Devices::<Test>::iter_keys().collect();
			let Some((origin, call)) = call(step.clone()) else { continue };
			let (before, name) = (state_root(), call.get_call_name());
			let signer = frame_system::ensure_signed(origin.clone()).ok();
			match RuntimeCall::from(call).dispatch(origin) {
				Err(_) => {
					assert_eq!(state_root(), before, "{step:?} failed and changed the state");
				}
				Ok(_) => DONE.with_borrow_mut(|done| *done.entry(name).or_default() += 1),
			}
			let fee = fees();
			if fee > 0 {
				let payer = signer.expect("a fee is paid by who signed; qed");
				*expected.get_mut(&payer).expect("one of these; qed") -= fee;
				*expected.get_mut(&FEE_COLLECTOR).expect("one of these; qed") += fee;
				collected += fee;
			}
			assert_eq!(wealth(), expected, "{step:?} moved money");
			assert_eq!(Balances::total_issuance(), issued);
			// No device changes its id, and a device is removed only by being reaped.
			if name != "reap_device" {
				assert!(ids.iter().all(Devices::<Test>::contains_key), "{step:?} lost a device");
			}
			assert_ok!(Registry::do_try_state());
		}

		clear();
		for (account, has) in expected {
			assert_eq!(Balances::free_balance(account), has);
			assert_eq!(Balances::reserved_balance(account), 0);
		}
		assert_eq!(Balances::free_balance(FEE_COLLECTOR), collected);
		no_device_is_left();
		assert_eq!(Declarations::<Test>::iter_keys().count(), 0);
	});
}

/// Number of cases after which a call that never succeeded is a fault of the test.
const MOST_CASES: u32 = 1_024;

/// Runs random cases until each call has succeeded at least once, since a test of calls that all
/// fail would prove nothing. A rare call (a veto of rules, the only call of its kind that has to
/// follow another within an epoch) needs more cases in some runs than in others.
#[test]
fn money_is_conserved() {
	use proptest::test_runner::{Config, TestRunner};
	let config = Config { cases: 64, failure_persistence: None, ..Config::default() };
	let (strategy, rounds) = (vec(step(), 40..120), MOST_CASES / config.cases);
	let never_done = || -> Vec<&str> {
		let names = crate::Call::<Test>::get_call_names().iter().copied();
		DONE.with_borrow(|done| names.filter(|name| !done.contains_key(name)).collect())
	};
	for _ in 0..rounds {
		let result = TestRunner::new(config.clone()).run(&strategy, |steps| {
			run(steps);
			Ok(())
		});
		if let Err(failure) = result {
			panic!("{failure}");
		}
		if never_done().is_empty() {
			return;
		}
	}
	panic!("{:?} never succeeded in {MOST_CASES} cases", never_done());
}
