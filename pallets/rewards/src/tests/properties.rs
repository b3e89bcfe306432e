//! What holds for any sequence of credits, closes, claims, decisions of governance, and turns in the
//! lives of devices.

use crate::{mock::*, *};
use depin_primitives::{
	device::DeviceStatus,
	traits::{DeviceView, Devices, Ledger, Lifecycle},
	Balance, DeviceId, EpochIndex, NetworkId,
};
use frame_support::traits::fungible::Mutate;
use proptest::prelude::*;
use sp_runtime::Perbill;
use std::collections::BTreeMap;

/// Devices 0 to 5, in the beginning of networks 0 to 2.
const DEVICES: u8 = 6;
/// Owners 0 to 3.
const OWNERS: u8 = 4;
/// Networks 0 to 2.
const WORKED_FOR: NetworkId = 3;

/// The id of device `n`: the mock's numbers start at 1.
fn id(n: u8) -> DeviceId {
	device(n + 1)
}

/// Who owns device `n` in the beginning.
fn first_owner(n: u8) -> u8 {
	n % OWNERS
}

/// The network of device `n` in the beginning.
fn first_network(n: u8) -> NetworkId {
	NetworkId::from(n) % WORKED_FOR
}

#[derive(Clone, Debug)]
enum Op {
	Credit(u8, u64),
	Close(u32),
	Claim(u8),
	Batch(Vec<u8>),
	ClaimFormer(u8, u8),
	/// To that owner.
	Transfer(u8, u8),
	Suspend(u8),
	Restore(u8),
	/// If it is suspended: only then, what a claim has not taken waits for a judgement.
	Forfeit(u8),
	/// If it can go, that owner registers it anew in that network.
	Reap(u8, u8, NetworkId),
	SetWeight(NetworkId, u32),
	SetShares(u32, u32),
}

impl Op {
	/// Whether it only asks for what is due.
	fn is_claim(&self) -> bool {
		matches!(self, Self::Claim(_) | Self::Batch(_) | Self::ClaimFormer(..))
	}
}

fn op() -> impl Strategy<Value = Op> {
	let points = prop_oneof![0..5u64, 0..1_000_000u64, Just(u64::MAX), any::<u64>()];
	prop_oneof![
		10 => (0..DEVICES, points).prop_map(|(n, points)| Op::Credit(n, points)),
		4 => prop_oneof![Just(1), 1..6u32].prop_map(Op::Close),
		3 => (0..DEVICES).prop_map(Op::Claim),
		1 => prop::collection::vec(0..DEVICES, 0..8).prop_map(Op::Batch),
		2 => (0..DEVICES, 0..OWNERS).prop_map(|(n, owner)| Op::ClaimFormer(n, owner)),
		3 => (0..DEVICES, 0..OWNERS).prop_map(|(n, owner)| Op::Transfer(n, owner)),
		3 => (0..DEVICES).prop_map(Op::Suspend),
		1 => (0..DEVICES).prop_map(Op::Restore),
		2 => (0..DEVICES).prop_map(Op::Forfeit),
		2 => (0..DEVICES, 0..OWNERS, 0..WORKED_FOR)
			.prop_map(|(n, owner, network)| Op::Reap(n, owner, network)),
		1 => (0..4u32, 0..4u32).prop_map(|(network, weight)| Op::SetWeight(network, weight)),
		1 => (0..=100u32, 0..=100u32).prop_map(|(networks, rest)| {
			Op::SetShares(networks, rest.min(100 - networks))
		}),
	]
}

fn ops() -> impl Strategy<Value = Vec<Op>> {
	prop::collection::vec(op(), 1..80)
}

/// A device, by the definition.
#[derive(Clone, Copy)]
struct Worker {
	owner: u8,
	network: NetworkId,
	suspended: bool,
	/// Since it was last settled on its owner: points of the running epoch, and money.
	points: u64,
	money: Balance,
	/// When running points of it were last settled on an owner.
	settled_in: Option<EpochIndex>,
}

/// What devices earn for whom, by the definition: epoch by epoch, whoever claims when. Fit for emissions
/// so small that nothing overflows.
struct Model {
	schedule: EmissionParameters<u32>,
	epoch: EpochIndex,
	shares: (u32, u32),
	weights: BTreeMap<NetworkId, u32>,
	workers: Vec<Worker>,
	/// Points of the running epoch that are settled on an owner.
	former: BTreeMap<(u8, u8), u64>,
	/// What is an owner's for good, by device and owner.
	due: BTreeMap<(u8, u8), Balance>,
	forfeited: Balance,
	/// What rounding has left.
	dust: Balance,
	budgets: Balance,
}

impl Model {
	fn new(initial_emission: Balance, halving_epochs: u32) -> Self {
		Self {
			schedule: EmissionParameters {
				epoch_length: 10,
				initial_emission,
				halving_epochs,
				max_supply: Balance::MAX,
			},
			epoch: 0,
			shares: (60, 25),
			weights: BTreeMap::from([(0, 1), (1, 2)]),
			workers: (0..DEVICES)
				.map(|n| Worker {
					owner: first_owner(n),
					network: first_network(n),
					suspended: false,
					points: 0,
					money: 0,
					settled_in: None,
				})
				.collect(),
			former: BTreeMap::new(),
			due: BTreeMap::new(),
			forfeited: 0,
			dust: 0,
			budgets: 0,
		}
	}

	/// A percentage of the model is a Perbill of the chain: both are exact.
	fn close(&mut self) {
		let emission =
			self.schedule.initial_emission >> (self.epoch / self.schedule.halving_epochs);
		let part = emission * Balance::from(self.shares.0) / 100;
		let weights: Balance = self.weights.values().map(|weight| Balance::from(*weight)).sum();
		for (network, weight) in &self.weights {
			let budget = part * Balance::from(*weight) / weights;
			let workers = &mut self.workers;
			let is_of = |workers: &[Worker], n: u8| workers[usize::from(n)].network == *network;
			// No device earns in two networks in one epoch.
			let former: Vec<_> =
				self.former.iter().filter(|((n, _), _)| is_of(workers, *n)).collect();
			let total = former.iter().map(|(_, points)| u128::from(**points)).sum::<u128>()
				+ workers
					.iter()
					.filter(|worker| worker.network == *network)
					.map(|worker| u128::from(worker.points))
					.sum::<u128>();
			if total == 0 {
				continue;
			}
			let mut left = budget;
			let mut parts = 0;
			let mut worth = |points: u64| {
				let earned = budget * u128::from(points) / total;
				left -= earned;
				parts += 1;
				earned
			};
			for (key, points) in former {
				*self.due.entry(*key).or_default() += worth(*points);
			}
			for worker in workers.iter_mut().filter(|worker| worker.network == *network) {
				worker.money += worth(worker.points);
			}
			assert!(left < parts, "each rounds by less than a unit");
			self.dust += left;
			self.budgets += budget;
		}
		self.former.clear();
		self.workers.iter_mut().for_each(|worker| worker.points = 0);
		self.epoch += 1;
	}

	/// All that the device has earned is its owner's.
	fn settle(&mut self, n: u8) {
		let worker = &mut self.workers[usize::from(n)];
		let key = (n, worker.owner);
		*self.due.entry(key).or_default() += worker.money;
		worker.money = 0;
		if worker.points > 0 {
			let former = self.former.entry(key).or_default();
			*former = former.saturating_add(worker.points);
			worker.points = 0;
			worker.settled_in = Some(self.epoch);
		}
	}

	/// Whether a claim has something to pay, which is then paid.
	fn claim(&mut self, n: u8) -> bool {
		let worker = &mut self.workers[usize::from(n)];
		if worker.suspended || worker.money == 0 {
			return false;
		}
		*self.due.entry((n, worker.owner)).or_default() += worker.money;
		worker.money = 0;
		true
	}

	/// Applies what the chain has done, and checks whether it was right to.
	fn apply(&mut self, op: &Op, done: bool) {
		match op {
			Op::Credit(n, points) => {
				let worker = &mut self.workers[usize::from(*n)];
				worker.points = worker.points.saturating_add(*points);
			}
			Op::Close(epochs) => (0..*epochs).for_each(|_| self.close()),
			Op::Claim(n) => assert_eq!(self.claim(*n), done),
			Op::Batch(devices) => devices.iter().for_each(|n| {
				self.claim(*n);
			}),
			// The end of the run shows who was paid what.
			Op::ClaimFormer(..) => {}
			Op::Transfer(n, owner) => {
				self.settle(*n);
				self.workers[usize::from(*n)].owner = *owner;
				self.workers[usize::from(*n)].suspended = false;
			}
			Op::Suspend(n) => {
				self.settle(*n);
				self.workers[usize::from(*n)].suspended = true;
			}
			Op::Restore(n) => self.workers[usize::from(*n)].suspended = false,
			Op::Forfeit(n) => {
				let worker = &mut self.workers[usize::from(*n)];
				assert_eq!(worker.suspended, done);
				if done {
					self.forfeited += worker.money;
					(worker.money, worker.points) = (0, 0);
				}
			}
			Op::Reap(n, owner, network) => {
				let worker = &mut self.workers[usize::from(*n)];
				assert_eq!(worker.points == 0 && worker.settled_in != Some(self.epoch), done);
				if done {
					*self.due.entry((*n, worker.owner)).or_default() += worker.money;
					*worker = Worker {
						owner: *owner,
						network: *network,
						suspended: false,
						points: 0,
						money: 0,
						settled_in: None,
					};
				}
			}
			Op::SetWeight(network, 0) => {
				self.weights.remove(network);
			}
			Op::SetWeight(network, weight) => {
				self.weights.insert(*network, *weight);
			}
			Op::SetShares(networks, validators) => self.shares = (*networks, *validators),
		}
	}
}

/// What the events of a run tell.
#[derive(Default)]
struct Seen {
	/// By device and owner.
	paid: BTreeMap<(u8, u8), Balance>,
	forfeited: Balance,
	networks: Balance,
	validators: Balance,
	treasury: Balance,
}

impl Seen {
	fn look(&mut self) {
		for event in events() {
			match event {
				Event::Paid { device, payee, amount } => {
					let who = (0..OWNERS).find(|o| owner(*o) == payee).expect("an owner is paid");
					*self.paid.entry((device.0[0] - 1, who)).or_default() += amount;
				}
				Event::Forfeited { amount, .. } => self.forfeited += amount,
				Event::EpochClosed { networks, validators, treasury, .. } => {
					self.networks += networks;
					self.validators += validators;
					self.treasury += treasury;
				}
				_ => {}
			}
		}
	}

	fn all_paid(&self) -> Balance {
		self.paid.values().sum()
	}
}

/// Tells whether it was done. Calls may fail; what they do must be sound all the same.
fn apply(op: &Op) -> bool {
	let alice = RuntimeOrigin::signed(ALICE);
	match op {
		Op::Credit(n, points) => {
			let DeviceView { network, .. } = Registry::device(&id(*n)).expect("registered");
			Rewards::credit(network, &id(*n), *points);
		}
		Op::Close(epochs) => close_epochs(*epochs),
		Op::Claim(n) => return Rewards::claim(alice, id(*n)).is_ok(),
		Op::Batch(devices) => {
			let devices = devices.iter().map(|n| id(*n)).collect::<Vec<_>>();
			return Rewards::claim_batch(alice, devices.try_into().expect("at most 8")).is_ok();
		}
		Op::ClaimFormer(n, o) => return Rewards::claim_former(alice, id(*n), owner(*o)).is_ok(),
		Op::Transfer(n, o) => transfer(id(*n), owner(*o)),
		Op::Suspend(n) => suspend(id(*n)),
		Op::Restore(n) => restore(id(*n)),
		Op::Forfeit(n) => {
			let done = is_suspended(*n);
			if done {
				forfeit(id(*n));
			}
			return done;
		}
		Op::Reap(n, o, network) => {
			let done = reap(*n);
			if done {
				Registry::put(id(*n), *network, owner(*o));
			}
			return done;
		}
		Op::SetWeight(network, weight) => {
			let root = RuntimeOrigin::root();
			return Rewards::set_network_weight(root, *network, *weight).is_ok();
		}
		Op::SetShares(networks, validators) => {
			let (networks, validators) =
				(Perbill::from_percent(*networks), Perbill::from_percent(*validators));
			return Rewards::set_shares(RuntimeOrigin::root(), networks, validators).is_ok();
		}
	}
	true
}

fn is_suspended(n: u8) -> bool {
	let status = Registry::device(&id(n)).expect("registered").status;
	matches!(status, DeviceStatus::Suspended { .. })
}

/// Reaps a device, whatever its status, if it can go.
fn reap(n: u8) -> bool {
	let DeviceView { owner, network, .. } = Registry::device(&id(n)).expect("registered");
	Rewards::on_reap(&id(n), network, &owner).is_ok()
}

/// A genesis with the devices; `alive` owners have accounts, so that no reward is too small to pay.
fn genesis(initial: Balance, halving_epochs: u32, alive: bool) -> sp_io::TestExternalities {
	let mut ext = ExtBuilder::default()
		.emission(initial, halving_epochs)
		.funded(&[(0, 1), (1, 2)])
		.max_supply(Balance::MAX)
		.build();
	ext.execute_with(|| {
		for n in 0..DEVICES {
			Registry::put(id(n), first_network(n), owner(first_owner(n)));
		}
		if alive {
			for o in 0..OWNERS {
				Balances::set_balance(&owner(o), MINIMUM);
			}
		}
		System::reset_events();
	});
	ext
}

/// Runs the operations, closes the last epoch, claims in the order given, and checks the accounts.
fn run(initial: Balance, halving_epochs: u32, ops: &[Op], order: &[u8]) -> (Seen, Model) {
	let mut seen = Seen::default();
	let mut model = Model::new(initial, halving_epochs);
	genesis(initial, halving_epochs, true).execute_with(|| {
		let issuance = Balances::total_issuance();
		let ends = (0..DEVICES).map(Op::Restore).chain([Op::Close(1)]).collect::<Vec<_>>();
		for op in ops.iter().chain(&ends) {
			model.apply(op, apply(op));
			Rewards::do_try_state().expect("the invariants hold after every step");
			seen.look();
			// Nothing comes into the pot but by emission, nothing leaves it but by payment.
			assert_eq!(seen.networks, seen.all_paid() + in_pot());
			assert_eq!(seen.forfeited, model.forfeited);
		}
		for n in order {
			let claim = Op::Claim(*n);
			model.apply(&claim, apply(&claim));
			// Forgets the points that are worth less than a unit, too.
			(0..OWNERS).for_each(|o| {
				apply(&Op::ClaimFormer(*n, o));
			});
			assert!(reap(*n), "nothing keeps a device after the close");
		}
		seen.look();
		Rewards::do_try_state().expect("the invariants hold in the end");

		assert_eq!(Accounts::<Test>::iter().count(), 0);
		assert_eq!(FormerAccounts::<Test>::iter().count(), 0);
		assert_eq!(SettledIn::<Test>::iter().count(), 0);
		assert_eq!(Epochs::<Test>::iter().count(), 0);
		assert_eq!(in_pot(), Undistributed::<Test>::get());
		assert_eq!(seen.networks, seen.all_paid() + in_pot());
		assert_eq!(
			Balances::total_issuance(),
			issuance + seen.networks + seen.treasury,
			"only what the closes told was minted"
		);
		assert_eq!(Rewards::take_validator_budget(), seen.validators);
		let emitted = seen.networks + seen.validators + seen.treasury;
		assert_eq!(Emitted::<Test>::get(), emitted);
		let schedule = Parameters::<Test>::get();
		assert!(emitted <= schedule.emission_before(Rewards::current_epoch()));
	});
	(seen, model)
}

const IN_ORDER: [u8; DEVICES as usize] = [0, 1, 2, 3, 4, 5];

proptest! {
	#![proptest_config(ProptestConfig::with_cases(96))]

	/// Every owner is paid what his devices earned in his time by the definition, to the unit, whenever
	/// it was claimed: so nothing is paid twice, nothing is lost but by forfeit and by rounding, and a
	/// claim after many epochs pays what claims in each would have.
	#[test]
	fn owners_are_paid_what_their_devices_earned(
		ops in ops(),
		initial in 0..1_000_000_000u128,
		halving_epochs in 1..40u32,
	) {
		let (seen, mut model) = run(initial, halving_epochs, &ops, &IN_ORDER);
		model.due.retain(|_, due| *due > 0);
		let due: Balance = model.due.values().sum();
		prop_assert_eq!(seen.paid, model.due);
		prop_assert_eq!(model.budgets, due + model.forfeited + model.dust);
	}

	/// Who claims when, and in which order, changes what nobody gets.
	#[test]
	fn the_order_of_claims_does_not_matter(
		ops in ops(),
		initial in 0..Balance::from(u64::MAX),
		order in Just(IN_ORDER.to_vec()).prop_shuffle(),
	) {
		let (eager, _) = run(initial, 20, &ops, &IN_ORDER);
		let lazy: Vec<_> = ops.into_iter().filter(|op| !op.is_claim()).collect();
		let (lazy, _) = run(initial, 20, &lazy, &order);
		prop_assert_eq!(eager.paid, lazy.paid);
		prop_assert_eq!(eager.forfeited, lazy.forfeited);
		prop_assert_eq!(eager.validators, lazy.validators);
		prop_assert_eq!(eager.treasury, lazy.treasury);
	}

	/// Whatever the schedule, and whoever cannot be paid: the cap holds, and the state is sound.
	#[test]
	fn the_cap_holds_for_any_schedule(
		ops in ops(),
		initial in prop_oneof![any::<u64>().prop_map(Balance::from), any::<u128>()],
		halving_epochs in 1..100u32,
		room in prop_oneof![0..1_000u128, any::<u64>().prop_map(Balance::from), any::<u128>()],
	) {
		let max_supply = (ENDOWMENT + MINIMUM).saturating_add(room);
		let mut ext = genesis(initial, halving_epochs, false);
		ext.execute_with(|| {
			Parameters::<Test>::mutate(|parameters| parameters.max_supply = max_supply);
			let mut minted_for_validators = 0;
			for op in &ops {
				apply(op);
				Rewards::do_try_state().expect("the invariants hold after every step");
				minted_for_validators += Rewards::take_validator_budget();
				assert!(Balances::total_issuance() + minted_for_validators <= max_supply);
			}
		});
	}

	/// A share is never more than its part, and shares of parts never more than the whole.
	#[test]
	fn shares_round_in_favour_of_the_pot(
		amount in any::<u128>(),
		parts in prop::collection::vec(any::<u64>(), 1..20),
	) {
		let whole: u128 = parts.iter().map(|part| u128::from(*part)).sum();
		let sum = parts.iter().try_fold(0u128, |sum, part| {
			sum.checked_add(types::share_of(amount, (*part).into(), whole))
		});
		prop_assert!(sum.is_some_and(|sum| sum <= amount));
		if whole > 0 {
			prop_assert!(amount - sum.unwrap() < parts.len() as u128);
		}
	}
}
