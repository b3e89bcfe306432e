//! Reference model of the rewards, and the steps of a run.

use crate::EmissionParameters;
use depin_primitives::{reward::ClaimPermission, Balance, EpochIndex, NetworkId};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Number of devices: 0 to 5, which belong to networks 0 to 2 in the beginning.
pub const DEVICES: u8 = 6;
/// Number of owners: 0 to 3.
pub const OWNERS: u8 = 4;
/// Number of networks that devices work for: 0 to 2.
pub const WORKED_FOR: NetworkId = 3;

/// Returns the owner of device `n` in the beginning.
pub fn first_owner(n: u8) -> u8 {
	n % OWNERS
}

/// Returns the network of device `n` in the beginning.
pub fn first_network(n: u8) -> NetworkId {
	NetworkId::from(n) % WORKED_FOR
}

/// Step of a run. Devices, owners and networks are given by their numbers.
#[derive(Clone, Debug)]
pub enum Op {
	Credit(u8, u64),
	Close(u32),
	Claim(u8),
	Batch(Vec<u8>),
	ClaimFormer(u8, u8),
	FormerBatch(Vec<(u8, u8)>),
	/// Sets the owner's payout account.
	Payout(u8, Option<u8>),
	/// Sets the owner's claim permission. Strangers send all claims.
	Permission(u8, ClaimPermission),
	/// Transfers the device to that owner.
	Transfer(u8, u8),
	Suspend(u8),
	Restore(u8),
	/// Takes the earnings of the device, if it is suspended: the registry forfeits no others.
	Forfeit(u8),
	/// Reaps the device if that is possible; that owner then registers it again in that network.
	Reap(u8, u8, NetworkId),
	SetAllocation(NetworkId, u32),
	SetShares(u32, u32),
}

impl Op {
	/// Tells if the step is a claim.
	pub fn is_claim(&self) -> bool {
		matches!(
			self,
			Self::Claim(_) | Self::Batch(_) | Self::ClaimFormer(..) | Self::FormerBatch(_)
		)
	}
}

/// Returns a strategy for one step.
fn op() -> impl Strategy<Value = Op> {
	let points = prop_oneof![0..5u64, 0..1_000_000u64, Just(u64::MAX), any::<u64>()];
	prop_oneof![
		10 => (0..DEVICES, points).prop_map(|(n, points)| Op::Credit(n, points)),
		4 => prop_oneof![Just(1), 1..6u32].prop_map(Op::Close),
		3 => (0..DEVICES).prop_map(Op::Claim),
		1 => prop::collection::vec(0..DEVICES, 0..8).prop_map(Op::Batch),
		2 => (0..DEVICES, 0..OWNERS).prop_map(|(n, owner)| Op::ClaimFormer(n, owner)),
		1 => prop::collection::vec((0..DEVICES, 0..OWNERS), 0..8).prop_map(Op::FormerBatch),
		1 => (0..OWNERS, prop::option::of(0..2u8)).prop_map(|(owner, to)| Op::Payout(owner, to)),
		1 => (0..OWNERS, prop_oneof![Just(ClaimPermission::Anyone), Just(ClaimPermission::Owner)])
			.prop_map(|(owner, permission)| Op::Permission(owner, permission)),
		3 => (0..DEVICES, 0..OWNERS).prop_map(|(n, owner)| Op::Transfer(n, owner)),
		3 => (0..DEVICES).prop_map(Op::Suspend),
		1 => (0..DEVICES).prop_map(Op::Restore),
		2 => (0..DEVICES).prop_map(Op::Forfeit),
		2 => (0..DEVICES, 0..OWNERS, 0..WORKED_FOR)
			.prop_map(|(n, owner, network)| Op::Reap(n, owner, network)),
		1 => (0..4u32, 0..4u32).prop_map(|(network, n)| Op::SetAllocation(network, n)),
		1 => (0..=100u32, 0..=100u32).prop_map(|(networks, rest)| {
			Op::SetShares(networks, rest.min(100 - networks))
		}),
	]
}

/// Returns a strategy for runs of up to 79 steps.
pub fn ops() -> impl Strategy<Value = Vec<Op>> {
	prop::collection::vec(op(), 1..80)
}

/// Device of the model.
#[derive(Clone, Copy)]
struct Worker {
	owner: u8,
	network: NetworkId,
	suspended: bool,
	/// Points of the running epoch since the device was last settled on its owner.
	points: u64,
	/// Money since the device was last settled on its owner.
	money: Balance,
	/// Last epoch in which its points of that epoch were settled on an owner.
	settled_in: Option<EpochIndex>,
}

/// Reference model of the earnings of owners, computed epoch by epoch and independent of claims.
/// The emission must be so small that a budget multiplied by the points of a device fits 128 bits.
pub struct Model {
	schedule: EmissionParameters<u32>,
	epoch: EpochIndex,
	/// Shares of networks and validators, in per cent.
	shares: (u32, u32),
	allocations: BTreeMap<NetworkId, u32>,
	workers: Vec<Worker>,
	/// Points of the running epoch that are settled on an owner, by device and owner.
	former: BTreeMap<(u8, u8), u64>,
	/// Money that no forfeit can take from an owner, by device and owner.
	pub due: BTreeMap<(u8, u8), Balance>,
	/// Money that was forfeited.
	pub forfeited: Balance,
	/// Remainders of rounding.
	pub dust: Balance,
	/// Sum of all budgets.
	pub budgets: Balance,
	/// Amount of the networks' share that no network has taken.
	carried: Balance,
	/// Owners for whom strangers may not claim.
	restricted: BTreeSet<u8>,
}

impl Model {
	/// Returns the model of the genesis that the runs start from.
	pub fn new(initial_emission: Balance, halving_epochs: u32) -> Self {
		Self {
			schedule: EmissionParameters {
				epoch_length: 10,
				initial_emission,
				halving_epochs,
				max_supply: Balance::MAX,
			},
			epoch: 0,
			shares: (60, 25),
			allocations: BTreeMap::from([(0, 1), (1, 2)]),
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
			carried: 0,
			restricted: BTreeSet::new(),
		}
	}

	/// Closes the running epoch. The per cent of the model are exact, as the chain's Perbill are.
	fn close(&mut self) {
		let emission =
			self.schedule.initial_emission >> (self.epoch / self.schedule.halving_epochs);
		let scheduled = emission * Balance::from(self.shares.0) / 100;
		let for_networks = scheduled + self.carried / Balance::from(self.schedule.halving_epochs);
		self.carried += scheduled;
		let allocated: Balance = self.allocations.values().map(|n| Balance::from(*n)).sum();
		for (network, allocation) in &self.allocations {
			let budget = for_networks * Balance::from(*allocation) / allocated;
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
			let mut settlements = 0;
			let mut worth = |points: u64| {
				let earned = budget * u128::from(points) / total;
				left -= earned;
				settlements += 1;
				earned
			};
			for (key, points) in former {
				*self.due.entry(*key).or_default() += worth(*points);
			}
			for worker in workers.iter_mut().filter(|worker| worker.network == *network) {
				worker.money += worth(worker.points);
			}
			assert!(left < settlements, "each rounds by less than a unit");
			self.dust += left;
			self.budgets += budget;
			self.carried -= budget;
		}
		self.former.clear();
		self.workers.iter_mut().for_each(|worker| worker.points = 0);
		self.epoch += 1;
	}

	/// Settles the device's earnings on its owner.
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

	/// Pays the device's money to its owner, and tells if there was any to pay.
	fn claim(&mut self, n: u8) -> bool {
		let worker = &mut self.workers[usize::from(n)];
		if worker.suspended || worker.money == 0 || self.restricted.contains(&worker.owner) {
			return false;
		}
		*self.due.entry((n, worker.owner)).or_default() += worker.money;
		worker.money = 0;
		true
	}

	/// Applies a step, and checks that the chain was right to do it or to refuse it.
	pub fn apply(&mut self, op: &Op, done: bool) {
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
			// The money is due already; the end of the run shows that it was paid.
			Op::ClaimFormer(..) | Op::FormerBatch(_) | Op::Payout(..) => {}
			Op::Permission(owner, permission) => {
				let changed = match permission {
					ClaimPermission::Anyone => self.restricted.remove(owner),
					ClaimPermission::Owner => self.restricted.insert(*owner),
				};
				assert_eq!(changed, done);
			}
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
			Op::SetAllocation(network, 0) => {
				self.allocations.remove(network);
			}
			Op::SetAllocation(network, allocation) => {
				self.allocations.insert(*network, *allocation);
			}
			Op::SetShares(networks, validators) => self.shares = (*networks, *validators),
		}
	}
}
