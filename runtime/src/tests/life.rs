//! Property test of devices' lives across pallets. Devices work, change their keys, places and
//! owners, are suspended, restored, forfeited, retired and reaped, in any order. No earnings are
//! lost except forfeited ones, ids never change, and all deposits are returned.
//!
//! A model computes the exact amount that each owner must have been paid, and the calls that must
//! be refused.

use super::started;
use crate::{
	configs::TreasuryAccount, constants::currency::WORK, AccountId, Balances, DeviceRegistry,
	Rewards, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin, System,
};
use depin_primitives::{
	device::DeviceStatus,
	network::NetworkKind,
	policy::{LocationPolicy, NetworkPolicy},
	signing::Signable,
	statement::{KeyAdoption, KeyRotation, OwnerConsent, TimedSignature},
	suspension::SuspendReason,
	traits::{Devices as _, Ledger},
	Balance, BlockNumber, Cell, DeviceId, EpochIndex, Millis, NetworkId, PublicKey, Signature,
	H256,
};
use depin_test_kit::keys::Key;
use frame_support::traits::{fungible::Inspect, Get, Hooks};
use pallet_device_registry::{Call as Registry, Event as RegistryEvent};
use pallet_rewards::{Call as Reward, Event as RewardEvent};
use proptest::{
	collection::vec,
	prelude::*,
	test_runner::{Config, TestRunner},
};
use sp_keyring::Sr25519Keyring;
use sp_runtime::traits::Dispatchable;
use std::{
	cell::RefCell,
	collections::{BTreeMap, BTreeSet},
	sync::LazyLock,
};

/// Admin of both networks.
const ADMIN: Sr25519Keyring = Sr25519Keyring::Bob;
/// Accounts that own devices.
const OWNERS: [Sr25519Keyring; 3] =
	[Sr25519Keyring::Charlie, Sr25519Keyring::Dave, Sr25519Keyring::Eve];
/// Number of devices.
const DEVICES: usize = 4;
/// Number of keys of each device. The first gives the device its id.
const KEYS: usize = 3;
/// Allocations of the two networks in the emission.
const ALLOCATIONS: [u32; 2] = [1, 2];
/// Places of resolution 9, in San Francisco.
const CELLS: [Cell; 2] = [Cell(0x0892_8308_280f_ffff), Cell(0x0892_8308_2837_ffff)];
/// The networks' share of the emission of an epoch, by the preset.
const PART: Balance = 700 * WORK;
/// Number of epochs after which the emission halves, by the preset.
const HALVING: u32 = 100_000;
/// Length of an epoch, by the preset.
const EPOCH: BlockNumber = 10;
/// Number of blocks from a retirement until the device can be reaped, by the preset.
const RETIRE_DELAY: BlockNumber = 20;
/// Number of blocks in which a suspension can be appealed, by the preset.
const APPEAL_WINDOW: BlockNumber = 5;
/// Least time between two assertions of a location, by the networks' policy.
const COOLDOWN: Millis = 24_000;
/// Time from block to block.
const BLOCK: Millis = 6_000;

/// Step of a run. Devices, owners and keys are named by number.
#[derive(Clone, Debug)]
enum Step {
	Register { device: usize, owner: usize, network: NetworkId },
	Credit { device: usize, points: u64 },
	Rotate { device: usize, key: usize },
	Move { device: usize, cell: usize },
	Transfer { device: usize, to: usize },
	Suspend { device: usize },
	Restore { device: usize },
	Forfeit { device: usize },
	Retire { device: usize },
	Reap { device: usize },
	Claim { device: usize },
	ClaimFormer { device: usize, payee: usize },
	Blocks(BlockNumber),
}

impl Step {
	/// Returns the name of the step.
	fn kind(&self) -> String {
		let whole = format!("{self:?}");
		let end = whole.find(|c: char| !c.is_alphanumeric()).unwrap_or(whole.len());
		whole[..end].into()
	}
}

fn step() -> impl Strategy<Value = Step> {
	let (device, owner) = (|| 0..DEVICES, || 0..OWNERS.len());
	prop_oneof![
		6 => (device(), owner(), 0..2u32)
			.prop_map(|(device, owner, network)| Step::Register { device, owner, network }),
		10 => (device(), 0..1_000u64).prop_map(|(device, points)| Step::Credit { device, points }),
		3 => (device(), 0..KEYS).prop_map(|(device, key)| Step::Rotate { device, key }),
		3 => (device(), 0..2usize).prop_map(|(device, cell)| Step::Move { device, cell }),
		4 => (device(), owner()).prop_map(|(device, to)| Step::Transfer { device, to }),
		4 => device().prop_map(|device| Step::Suspend { device }),
		3 => device().prop_map(|device| Step::Restore { device }),
		3 => device().prop_map(|device| Step::Forfeit { device }),
		2 => device().prop_map(|device| Step::Retire { device }),
		6 => device().prop_map(|device| Step::Reap { device }),
		3 => device().prop_map(|device| Step::Claim { device }),
		3 => (device(), owner())
			.prop_map(|(device, payee)| Step::ClaimFormer { device, payee }),
		8 => (1..EPOCH).prop_map(Step::Blocks),
	]
}

/// Keys of each device.
static SECRETS: LazyLock<[[Key; KEYS]; DEVICES]> =
	LazyLock::new(|| [1, 2, 3, 4].map(|device| [10, 20, 30].map(|key| Key::ed25519(device + key))));

fn public(device: usize, key: usize) -> PublicKey {
	SECRETS[device][key].public()
}

/// Returns the id of a device, which its first key determines for life.
fn id(device: usize) -> DeviceId {
	public(device, 0).device_id()
}

fn sign(device: usize, key: usize, body: &impl Signable) -> Signature {
	SECRETS[device][key].sign_body(body, &System::block_hash(0))
}

/// Returns the earliest expiry that a new statement of a device can have. The statements expire
/// long before a retirement is over.
fn expiry(id: &DeviceId) -> Millis {
	let used = DeviceRegistry::device_record(*id).map_or(0, |device| device.statements_until);
	pallet_timestamp::Pallet::<Runtime>::get().max(used) + 1
}

fn account(owner: usize) -> AccountId {
	OWNERS[owner].to_account_id()
}

fn bond() -> Balance {
	<Runtime as pallet_device_registry::Config>::MinBond::get()
}

/// Earnings of a device that its owner, or a former one, has not been paid.
#[derive(Clone, Copy, Debug, Default)]
struct Owed {
	/// Points of the running epoch.
	points: u64,
	/// Worth of the points of closed epochs.
	money: Balance,
}

/// Registered device.
#[derive(Clone, Debug)]
struct Device {
	owner: usize,
	network: NetworkId,
	key: usize,
	cell: usize,
	located_at: Millis,
	/// Block from which the device may be forfeited, if it is suspended.
	suspended: Option<BlockNumber>,
	/// Block from which the device may be reaped, if it is retiring. A suspension leaves it.
	retiring: Option<BlockNumber>,
	/// Earnings since the device was last settled on an owner.
	owed: Owed,
	/// Last epoch in which points of that epoch were settled.
	settled_in: Option<EpochIndex>,
}

impl Device {
	fn is_active(&self) -> bool {
		self.suspended.is_none() && self.retiring.is_none()
	}
}

/// Model of the chain, by which the runtime is checked.
struct Model {
	block: BlockNumber,
	now: Millis,
	devices: [Option<Device>; DEVICES],
	/// Earnings by device and former owner, with the network of the points.
	former: BTreeMap<(usize, usize), (NetworkId, Owed)>,
	/// Payments by device and owner.
	paid: BTreeMap<(usize, usize), Balance>,
	/// Fees that each owner has paid for locations.
	fees: [Balance; OWNERS.len()],
	/// Amount that was taken from owners.
	forfeited: Balance,
	/// Amount that rounding has left.
	dust: Balance,
	/// Sum of the networks' budgets, which contains both.
	budgets: Balance,
	/// Amount of the networks' share that no network has taken.
	carried: Balance,
}

impl Model {
	fn epoch(&self) -> EpochIndex {
		self.block / EPOCH
	}

	fn active(&self, device: usize) -> Option<&Device> {
		self.devices[device].as_ref().filter(|device| device.is_active())
	}

	/// Tells if the step must succeed.
	fn may(&self, step: &Step) -> bool {
		let Self { block, now, devices, former, .. } = self;
		let of = |device: &usize| devices[*device].as_ref();
		match step {
			Step::Register { device, .. } => of(device).is_none(),
			Step::Credit { device, .. } => of(device).is_some_and(|d| d.retiring.is_none()),
			Step::Rotate { device, key } => {
				of(device).is_some_and(|d| d.retiring.is_none() && d.key != *key)
			}
			Step::Move { device, cell } => self
				.active(*device)
				.is_some_and(|d| d.cell != *cell && *now >= d.located_at + COOLDOWN),
			Step::Transfer { device, to } => self.active(*device).is_some_and(|d| d.owner != *to),
			Step::Suspend { device } => of(device).is_some_and(|d| d.suspended.is_none()),
			Step::Retire { device } => self.active(*device).is_some(),
			Step::Restore { device } => of(device).is_some_and(|d| d.suspended.is_some()),
			Step::Forfeit { device } => {
				of(device).and_then(|d| d.suspended).is_some_and(|from| *block >= from)
			}
			Step::Reap { device } => of(device).is_some_and(|d| {
				d.retiring.is_some_and(|until| *block >= until)
					&& d.suspended.is_none()
					&& d.owed.points == 0
					&& d.settled_in != Some(self.epoch())
			}),
			Step::Claim { device } => {
				of(device).is_some_and(|d| d.suspended.is_none() && d.owed.money > 0)
			}
			Step::ClaimFormer { device, payee } => {
				former.get(&(*device, *payee)).is_some_and(|(_, owed)| owed.money > 0)
			}
			Step::Blocks(_) => true,
		}
	}

	/// Applies a step that succeeds.
	fn apply(&mut self, step: &Step) {
		let (block, located_at) = (self.block, self.now);
		if let Step::Transfer { device, .. } | Step::Suspend { device } = step {
			self.settle(*device);
		}
		match step {
			Step::Register { device, owner, network } => {
				self.devices[*device] = Some(Device {
					owner: *owner,
					network: *network,
					key: 0,
					cell: 0,
					located_at,
					suspended: None,
					retiring: None,
					owed: Owed::default(),
					settled_in: None,
				});
			}
			Step::Credit { device, points } => self.device(*device).owed.points += points,
			Step::Rotate { device, key } => self.device(*device).key = *key,
			Step::Move { device, cell } => {
				let device = self.device(*device);
				(device.cell, device.located_at) = (*cell, located_at);
				let owner = device.owner;
				let fee: u128 = <Runtime as pallet_device_registry::Config>::LocationFee::get();
				self.fees[owner] += fee;
			}
			Step::Transfer { device, to } => self.device(*device).owner = *to,
			Step::Suspend { device } => {
				self.device(*device).suspended = Some(block + APPEAL_WINDOW);
			}
			Step::Restore { device } => self.device(*device).suspended = None,
			Step::Forfeit { device } => {
				let device = self.device(*device);
				device.suspended = None;
				device.retiring = Some(block + RETIRE_DELAY);
				let taken = core::mem::take(&mut device.owed).money;
				self.forfeited += taken;
			}
			Step::Retire { device } => {
				self.device(*device).retiring = Some(block + RETIRE_DELAY);
			}
			Step::Reap { device } => {
				self.pay(*device);
				let owner = self.device(*device).owner;
				self.pay_former(*device, owner);
				self.devices[*device] = None;
			}
			Step::Claim { device } => self.pay(*device),
			Step::ClaimFormer { device, payee } => self.pay_former(*device, *payee),
			Step::Blocks(blocks) => (0..*blocks).for_each(|_| self.next_block()),
		}
	}

	fn device(&mut self, device: usize) -> &mut Device {
		self.devices[device].as_mut().expect("the step may be done; qed")
	}

	/// Pays a device's owner.
	fn pay(&mut self, device: usize) {
		let Device { owner, owed, .. } = self.device(device);
		let (owner, money) = (*owner, core::mem::take(&mut owed.money));
		*self.paid.entry((device, owner)).or_default() += money;
	}

	/// Pays the earnings of closed epochs that were set aside for an owner of the device.
	fn pay_former(&mut self, device: usize, owner: usize) {
		if let Some((_, owed)) = self.former.get_mut(&(device, owner)) {
			let money = core::mem::take(&mut owed.money);
			*self.paid.entry((device, owner)).or_default() += money;
		}
	}

	/// Settles the device on its owner: pays the earnings of closed epochs, those of an earlier
	/// ownership included, and reserves the points of the running epoch for the owner.
	fn settle(&mut self, device: usize) {
		let epoch = self.epoch();
		let this = self.device(device);
		let (owner, network, Owed { points, money }) =
			(this.owner, this.network, core::mem::take(&mut this.owed));
		if points > 0 {
			this.settled_in = Some(epoch);
		}
		if points == 0 && money == 0 && !self.former.contains_key(&(device, owner)) {
			return;
		}
		let former = self.former.entry((device, owner)).or_default();
		let kept = core::mem::take(&mut former.1.money);
		*former = (network, Owed { points: former.1.points + points, money: 0 });
		*self.paid.entry((device, owner)).or_default() += money + kept;
	}

	/// Advances by one block, and prices the points of an epoch when the epoch closes.
	fn next_block(&mut self) {
		self.block += 1;
		self.now += BLOCK;
		if !self.block.is_multiple_of(EPOCH) {
			return;
		}
		// Slices that no network took come back over as many epochs as a halving takes.
		let amount = PART + self.carried / Balance::from(HALVING);
		self.carried += PART;
		for (network, allocation) in ALLOCATIONS.into_iter().enumerate() {
			let network = network as NetworkId;
			let mut entries: Vec<&mut Owed> = Vec::new();
			let devices = self.devices.iter_mut().flatten();
			entries.extend(devices.filter(|d| d.network == network).map(|d| &mut d.owed));
			let former = self.former.values_mut().filter(|(of, _)| *of == network);
			entries.extend(former.map(|(_, owed)| owed));
			let total: u128 = entries.iter().map(|owed| u128::from(owed.points)).sum();
			if total == 0 {
				continue;
			}
			let budget =
				amount * u128::from(allocation) / u128::from(ALLOCATIONS.iter().sum::<u32>());
			let mut rest = budget;
			for owed in entries {
				let share = budget * u128::from(core::mem::take(&mut owed.points)) / total;
				owed.money += share;
				rest -= share;
			}
			self.carried -= budget;
			self.budgets += budget;
			self.dust += rest;
		}
	}

	/// Returns the sum of all earnings that are not paid yet.
	fn owed(&self) -> Balance {
		let devices = self.devices.iter().flatten().map(|device| device.owed.money);
		devices.chain(self.former.values().map(|(_, owed)| owed.money)).sum()
	}
}

/// Sums of the amounts in the events.
#[derive(Default)]
struct Seen {
	paid: BTreeMap<(usize, usize), Balance>,
	forfeited: Balance,
	budgets: Balance,
	minted: Balance,
	fees: Balance,
}

impl Seen {
	fn look(&mut self) {
		for record in System::events() {
			match record.event {
				RuntimeEvent::Rewards(RewardEvent::Paid { device, payee, amount, .. }) => {
					let device = (0..DEVICES).find(|n| id(*n) == device).expect("a device");
					let payee = (0..OWNERS.len()).find(|n| account(*n) == payee);
					let payee = payee.expect("an owner is paid");
					*self.paid.entry((device, payee)).or_default() += amount;
				}
				RuntimeEvent::Rewards(RewardEvent::Forfeited { amount, .. }) => {
					self.forfeited += amount;
				}
				RuntimeEvent::Rewards(RewardEvent::NetworkEmission { budget, .. }) => {
					self.budgets += budget;
				}
				RuntimeEvent::Rewards(RewardEvent::EpochClosed { networks, .. }) => {
					self.minted += networks;
				}
				RuntimeEvent::DeviceRegistry(RegistryEvent::LocationAsserted { fee, .. }) => {
					self.fees += fee;
				}
				_ => (),
			}
		}
		System::reset_events();
	}
}

fn send(who: Sr25519Keyring, call: impl Into<RuntimeCall>) -> bool {
	call.into().dispatch(RuntimeOrigin::signed(who.to_account_id())).is_ok()
}

fn send_as_root(call: impl Into<RuntimeCall>) -> bool {
	call.into().dispatch(RuntimeOrigin::root()).is_ok()
}

/// Returns the device's owner, or another account if the device is not registered.
fn owner_of(device: usize) -> Sr25519Keyring {
	let owner = DeviceRegistry::device(&id(device)).map(|device| device.owner);
	let known = OWNERS.into_iter().find(|known| Some(known.to_account_id()) == owner);
	known.unwrap_or(Sr25519Keyring::Ferdie)
}

/// Makes the calls of a step, and tells if they succeeded.
fn apply(step: &Step) -> bool {
	let Some(device) = (match step {
		Step::Register { device, .. }
		| Step::Credit { device, .. }
		| Step::Rotate { device, .. }
		| Step::Move { device, .. }
		| Step::Transfer { device, .. }
		| Step::Suspend { device }
		| Step::Restore { device }
		| Step::Forfeit { device }
		| Step::Retire { device }
		| Step::Reap { device }
		| Step::Claim { device }
		| Step::ClaimFormer { device, .. } => Some(*device),
		Step::Blocks(_) => None,
	}) else {
		let Step::Blocks(blocks) = step else { unreachable!("the only one; qed") };
		(0..*blocks).for_each(|_| next_block());
		return true;
	};
	let (who, id) = (owner_of(device), id(device));
	match *step {
		Step::Register { owner, network, .. } => {
			let expires = expiry(&id);
			let statement = OwnerConsent { network, owner: account(owner), expires };
			let consent = TimedSignature { expires, signature: sign(device, 0, &statement) };
			let (key, cell, certificate) = (public(device, 0), CELLS[0], None);
			let call = Registry::register_device { network, key, cell, certificate, consent };
			send(OWNERS[owner], call)
		}
		Step::Credit { points, .. } => {
			let Some(view) = DeviceRegistry::device(&id) else { return false };
			// The pallets that credit work check the status in the same way.
			if view.status.can_work() {
				DeviceRegistry::change(&id, |record| {
					Rewards::credit(view.network, &id, record, points)
				});
			}
			view.status.can_work()
		}
		Step::Rotate { key, .. } => {
			let view = DeviceRegistry::device(&id);
			let old =
				(0..KEYS).find(|n| view.as_ref().is_some_and(|v| v.key == public(device, *n)));
			let (owner, new_key) = (who.to_account_id(), public(device, key));
			let expires = expiry(&id);
			let rotation = KeyRotation { device: id, owner: owner.clone(), new_key, expires };
			let adoption = KeyAdoption { device: id, owner, expires };
			let [by_old, by_new] =
				[sign(device, old.unwrap_or(0), &rotation), sign(device, key, &adoption)]
					.map(|signature| TimedSignature { expires, signature });
			send(who, Registry::rotate_key { id, new_key, by_old, by_new, certificate: None })
		}
		Step::Move { cell, .. } => send(who, Registry::assert_location { id, cell: CELLS[cell] }),
		Step::Transfer { to, .. } => {
			let key = DeviceRegistry::device(&id).map_or(public(device, 0), |view| view.key);
			send(who, Registry::offer_device { id, to: Some(account(to)) })
				&& send(OWNERS[to], Registry::accept_device { id, expected_key: key })
		}
		Step::Suspend { .. } => {
			let (reason, evidence) = (SuspendReason::ImplausibleReports, H256::zero());
			send(ADMIN, Registry::suspend_device { id, reason, evidence })
		}
		Step::Restore { .. } => send(ADMIN, Registry::restore_device { id }),
		Step::Forfeit { .. } => send_as_root(Registry::forfeit_device { id }),
		Step::Retire { .. } => send(who, Registry::retire_device { id }),
		Step::Reap { .. } => send(Sr25519Keyring::Ferdie, Registry::reap_device { id }),
		Step::Claim { .. } => send(Sr25519Keyring::Ferdie, Reward::claim { device: id }),
		Step::ClaimFormer { payee, .. } => {
			let call = Reward::claim_former { device: id, owner: account(payee) };
			send(Sr25519Keyring::Ferdie, call)
		}
		Step::Blocks(_) => unreachable!("done above; qed"),
	}
}

fn next_block() {
	let block = System::block_number() + 1;
	System::set_block_number(block);
	pallet_timestamp::Now::<Runtime>::mutate(|now| *now += BLOCK);
	Rewards::on_initialize(block);
}

fn policy() -> NetworkPolicy {
	NetworkPolicy { location: LocationPolicy { cooldown: COOLDOWN }, ..NetworkPolicy::OPEN }
}

fn create_networks() {
	for (id, allocation) in ALLOCATIONS.into_iter().enumerate() {
		let (kind, bond, policy) = (NetworkKind::Sensor, bond(), policy());
		assert!(send(ADMIN, Registry::create_network { kind, makers: None, bond, policy }));
		let network = id as NetworkId;
		let rules = DeviceRegistry::rules_hash(network);
		assert!(send_as_root(Reward::set_allocation { network, allocation, rules }));
	}
}

fn wealth() -> [Balance; OWNERS.len()] {
	core::array::from_fn(|owner| Balances::total_balance(&account(owner)))
}

/// Compares the chain with the model.
fn check(model: &Model, seen: &Seen, had: &[Balance; OWNERS.len()]) {
	let paid: BTreeMap<_, _> = model.paid.iter().filter(|(_, paid)| **paid > 0).collect();
	assert_eq!(seen.paid.iter().collect::<BTreeMap<_, _>>(), paid);
	assert_eq!((seen.forfeited, seen.budgets), (model.forfeited, model.budgets));
	assert_eq!(seen.fees, model.fees.iter().sum::<Balance>());
	// All earnings are paid, still owed, forfeited or left by rounding.
	let all_paid: Balance = seen.paid.values().sum();
	assert_eq!(model.budgets, all_paid + model.owed() + model.forfeited + model.dust);
	// The pot received the amounts of the closed epochs, and paid the rewards, and nothing else.
	let in_pot = Balances::balance(&Rewards::pot()) - Balances::minimum_balance();
	assert_eq!(seen.minted, all_paid + in_pot);
	for (owner, (had, fees)) in had.iter().zip(&model.fees).enumerate() {
		let paid = seen.paid.iter().filter(|((_, payee), _)| *payee == owner).map(|(_, p)| p);
		let expected = *had + paid.sum::<Balance>() - *fees;
		assert_eq!(Balances::total_balance(&account(owner)), expected);
	}

	let mut there = BTreeSet::new();
	for (number, expected) in model.devices.iter().enumerate() {
		let (view, device) = (DeviceRegistry::device(&id(number)), id(number));
		let Some(expected) = expected else {
			assert_eq!(view, None);
			assert_eq!(Rewards::pending(device), None);
			continue;
		};
		there.insert(device);
		let view = view.expect("the device is there");
		assert_eq!((view.owner, view.network), (account(expected.owner), expected.network));
		assert_eq!((view.key, view.cell), (public(number, expected.key), CELLS[expected.cell]));
		let reason = SuspendReason::ImplausibleReports;
		let status = match (expected.suspended, expected.retiring) {
			(None, None) => DeviceStatus::Active,
			(None, Some(until)) => DeviceStatus::Retiring { until },
			(Some(_), None) => DeviceStatus::Suspended { reason },
			(Some(_), Some(_)) => DeviceStatus::SuspendedRetiring { reason },
		};
		assert_eq!(view.status, status);
		let pending = Rewards::pending(device).expect("the device is there");
		let Owed { points, money } = expected.owed;
		assert_eq!((pending.points, pending.claimable + pending.escrow), (points, money));
		assert_eq!(pending.escrow > 0, expected.suspended.is_some() && money > 0);
	}
	let ids: BTreeSet<_> = pallet_device_registry::Devices::<Runtime>::iter_keys().collect();
	assert_eq!(ids, there);
	for number in 0..DEVICES {
		for owner in 0..OWNERS.len() {
			let former = Rewards::former(id(number), account(owner));
			let former = former.map_or((0, 0), |former| (former.points, former.claimable));
			let owed = model.former.get(&(number, owner)).map_or(Owed::default(), |(_, o)| *o);
			assert_eq!(former, (owed.points, owed.money));
		}
	}
	#[cfg(feature = "try-runtime")]
	{
		let block = System::block_number();
		DeviceRegistry::try_state(block).expect("the registry's invariants hold");
		Rewards::try_state(block).expect("the rewards' invariants hold");
	}
}

thread_local! {
	/// Number of applied steps of each kind.
	static DONE: RefCell<BTreeMap<String, u32>> = const { RefCell::new(BTreeMap::new()) };
}

/// Returns the steps that end the lives of all devices.
fn ends() -> Vec<Step> {
	let each = |step: fn(usize) -> Step| (0..DEVICES).map(step).collect::<Vec<_>>();
	let former = |device| {
		let claim = move |payee| Step::ClaimFormer { device, payee };
		(0..OWNERS.len()).map(claim)
	};
	let mut steps = each(|device| Step::Restore { device });
	steps.extend(each(|device| Step::Retire { device }));
	steps.push(Step::Blocks(RETIRE_DELAY.max(EPOCH)));
	steps.extend((0..DEVICES).flat_map(former));
	steps.extend(each(|device| Step::Reap { device }));
	steps
}

fn run(steps: Vec<Step>) {
	started("development").execute_with(|| {
		System::set_block_number(1);
		create_networks();
		System::reset_events();
		let (had, treasury) = (wealth(), Balances::total_balance(&TreasuryAccount::get()));
		let mut seen = Seen::default();
		let mut model = Model {
			block: 1,
			now: pallet_timestamp::Now::<Runtime>::get(),
			devices: [const { None }; DEVICES],
			former: BTreeMap::new(),
			paid: BTreeMap::new(),
			fees: [0; OWNERS.len()],
			forfeited: 0,
			dust: 0,
			budgets: 0,
			carried: 0,
		};
		for step in steps.into_iter().chain(ends()) {
			let may = model.may(&step);
			assert_eq!(apply(&step), may, "{step:?} in block {}", model.block);
			if may {
				model.apply(&step);
				DONE.with_borrow_mut(|done| *done.entry(step.kind()).or_default() += 1);
			}
			seen.look();
			check(&model, &seen, &had);
		}

		// No earnings are unpaid, and no deposit is held.
		assert_eq!(model.owed(), 0);
		assert!(model.devices.iter().all(Option::is_none));
		for owner in 0..OWNERS.len() {
			assert_eq!(Balances::reserved_balance(account(owner)), 0);
		}
		for id in 0..ALLOCATIONS.len() as NetworkId {
			assert!(send(ADMIN, Registry::close_network { id }), "no device is counted any more");
		}
		assert_eq!(Balances::reserved_balance(ADMIN.to_account_id()), 0);
		assert!(Balances::total_balance(&TreasuryAccount::get()) >= treasury + seen.fees);
	});
}

/// Kinds of steps that must have succeeded for the test to prove something.
const KINDS: [&str; 13] = [
	"Register",
	"Credit",
	"Rotate",
	"Move",
	"Transfer",
	"Suspend",
	"Restore",
	"Forfeit",
	"Retire",
	"Reap",
	"Claim",
	"ClaimFormer",
	"Blocks",
];

/// Number of cases after which a step that never succeeded is a fault of the test.
const MOST_CASES: u32 = 480;

/// Runs random cases until each kind of step has succeeded at least once, since a test whose calls
/// are all refused proves nothing.
#[test]
fn nothing_earned_is_lost_whatever_becomes_of_a_device() {
	let config = Config { cases: 48, failure_persistence: None, ..Config::default() };
	let (strategy, rounds) = (vec(step(), 20..120), MOST_CASES / config.cases);
	let never_done = || -> Vec<&str> {
		DONE.with_borrow(|done| {
			KINDS.into_iter().filter(|kind| !done.contains_key(*kind)).collect()
		})
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
