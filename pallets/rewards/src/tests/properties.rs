//! What holds for any sequence of credits, closes, claims, reaps and decisions of governance.

use crate::{mock::*, *};
use depin_primitives::{
	traits::{Ledger, OnReap},
	Balance, EpochIndex, NetworkId,
};
use frame_support::traits::fungible::Mutate;
use proptest::prelude::*;
use sp_runtime::Perbill;
use std::collections::BTreeMap;

/// Devices 0 to 5, of networks 0 to 2.
const DEVICES: u8 = 6;

fn network_of(n: u8) -> NetworkId {
	NetworkId::from(n % 3)
}

#[derive(Clone, Debug)]
enum Op {
	Credit(u8, u64),
	Close(u32),
	Claim(u8),
	Batch(Vec<u8>),
	Reap(u8),
	SetWeight(NetworkId, u32),
	SetShares(u32, u32),
}

fn op() -> impl Strategy<Value = Op> {
	let points = prop_oneof![0..5u64, 0..1_000_000u64, Just(u64::MAX), any::<u64>()];
	prop_oneof![
		8 => (0..DEVICES, points).prop_map(|(n, points)| Op::Credit(n, points)),
		4 => prop_oneof![Just(1), 1..6u32].prop_map(Op::Close),
		3 => (0..DEVICES).prop_map(Op::Claim),
		1 => prop::collection::vec(0..DEVICES, 0..8).prop_map(Op::Batch),
		1 => (0..DEVICES).prop_map(Op::Reap),
		1 => (0..4u32, 0..4u32).prop_map(|(network, weight)| Op::SetWeight(network, weight)),
		1 => (0..=100u32, 0..=100u32).prop_map(|(networks, rest)| {
			Op::SetShares(networks, rest.min(100 - networks))
		}),
	]
}

fn ops() -> impl Strategy<Value = Vec<Op>> {
	prop::collection::vec(op(), 1..80)
}

/// What devices earn, by the definition: epoch by epoch, whoever claims when. Fit for emissions so
/// small that nothing overflows.
struct Model {
	schedule: EmissionParameters<u32>,
	epoch: EpochIndex,
	shares: (u32, u32),
	weights: BTreeMap<NetworkId, u32>,
	points: BTreeMap<u8, u64>,
	earned: BTreeMap<u8, Balance>,
}

impl Model {
	fn close(&mut self) {
		let emission =
			self.schedule.initial_emission >> (self.epoch / self.schedule.halving_epochs);
		let part = emission * Balance::from(self.shares.0) / 100;
		let weights: Balance = self.weights.values().map(|weight| Balance::from(*weight)).sum();
		for (network, weight) in &self.weights {
			let budget = part * Balance::from(*weight) / weights;
			let devices = self.points.iter().filter(|(n, _)| network_of(**n) == *network);
			let total: u128 = devices.clone().map(|(_, points)| u128::from(*points)).sum();
			for (n, points) in devices.filter(|(_, points)| **points > 0) {
				*self.earned.entry(*n).or_default() += budget * u128::from(*points) / total;
			}
		}
		self.points.clear();
		self.epoch += 1;
	}

	fn apply(&mut self, op: &Op) {
		match op {
			Op::Credit(n, points) => {
				let entry = self.points.entry(*n).or_default();
				*entry = entry.saturating_add(*points);
			}
			Op::Close(epochs) => (0..*epochs).for_each(|_| self.close()),
			Op::SetWeight(network, 0) => {
				self.weights.remove(network);
			}
			Op::SetWeight(network, weight) => {
				self.weights.insert(*network, *weight);
			}
			Op::SetShares(networks, validators) => self.shares = (*networks, *validators),
			Op::Claim(_) | Op::Batch(_) | Op::Reap(_) => {}
		}
	}
}

/// What the events of a run tell.
#[derive(Default)]
struct Seen {
	paid: BTreeMap<u8, Balance>,
	networks: Balance,
	validators: Balance,
	treasury: Balance,
}

impl Seen {
	fn look(&mut self) {
		for event in events() {
			match event {
				Event::Paid { device, payee, amount } => {
					let n = device.0[0] - 1;
					assert_eq!(payee, owner(n + 1));
					*self.paid.entry(n).or_default() += amount;
				}
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

/// The id of device `n`: the mock's numbers start at 1.
fn id(n: u8) -> depin_primitives::DeviceId {
	device(n + 1)
}

/// Calls may fail; what they do must be sound all the same.
fn apply(op: &Op) {
	let alice = RuntimeOrigin::signed(ALICE);
	match op {
		Op::Credit(n, points) => Rewards::credit(network_of(*n), &id(*n), *points),
		Op::Close(epochs) => close_epochs(*epochs),
		Op::Claim(n) => {
			let _ = Rewards::claim(alice, id(*n));
		}
		Op::Batch(devices) => {
			let devices = devices.iter().map(|n| id(*n)).collect::<Vec<_>>();
			let _ = Rewards::claim_batch(alice, devices.try_into().expect("at most 8"));
		}
		Op::Reap(n) => {
			let _ = Rewards::on_reap(&id(*n), network_of(*n), &owner(*n + 1));
		}
		Op::SetWeight(network, weight) => {
			let _ = Rewards::set_network_weight(RuntimeOrigin::root(), *network, *weight);
		}
		Op::SetShares(networks, validators) => {
			let _ = Rewards::set_shares(
				RuntimeOrigin::root(),
				Perbill::from_percent(*networks),
				Perbill::from_percent(*validators),
			);
		}
	}
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
			add_device(n + 1, network_of(n));
			if alive {
				Balances::set_balance(&owner(n + 1), MINIMUM);
			}
		}
		System::reset_events();
	});
	ext
}

/// Runs the operations, closes the last epoch, claims in the order given, and checks the accounts.
fn run(initial: Balance, halving_epochs: u32, ops: &[Op], order: &[u8]) -> Seen {
	let mut seen = Seen::default();
	genesis(initial, halving_epochs, true).execute_with(|| {
		let issuance = Balances::total_issuance();
		for op in ops {
			apply(op);
			Rewards::do_try_state().expect("the invariants hold after every step");
			seen.look();
			// Nothing comes into the pot but by emission, nothing leaves it but by payment.
			assert_eq!(seen.networks, seen.all_paid() + in_pot());
		}
		close_epochs(1);
		order.iter().for_each(|n| apply(&Op::Claim(*n)));
		// Forgets the points that are worth less than a unit, too.
		order.iter().for_each(|n| apply(&Op::Reap(*n)));
		seen.look();
		Rewards::do_try_state().expect("the invariants hold in the end");

		assert_eq!(Accounts::<Test>::iter().count(), 0);
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
	seen
}

const IN_ORDER: [u8; DEVICES as usize] = [0, 1, 2, 3, 4, 5];

proptest! {
	#![proptest_config(ProptestConfig::with_cases(96))]

	/// Every device is paid what the definition says, to the unit, whenever it claimed: so nothing is
	/// paid twice, and a claim after many epochs pays what claims in each would have.
	#[test]
	fn devices_are_paid_what_they_earned(
		ops in ops(),
		initial in 0..1_000_000_000u128,
		halving_epochs in 1..40u32,
	) {
		let seen = run(initial, halving_epochs, &ops, &IN_ORDER);
		let mut model = Model {
			schedule: EmissionParameters {
				epoch_length: 10,
				initial_emission: initial,
				halving_epochs,
				max_supply: Balance::MAX,
			},
			epoch: 0,
			shares: (60, 25),
			weights: BTreeMap::from([(0, 1), (1, 2)]),
			points: BTreeMap::new(),
			earned: BTreeMap::new(),
		};
		// A percentage of the model is a Perbill of the chain: both are exact.
		ops.iter().for_each(|op| model.apply(op));
		model.close();
		model.earned.retain(|_, earned| *earned > 0);
		prop_assert_eq!(seen.paid, model.earned);
	}

	/// Who claims when, and in which order, changes what nobody gets.
	#[test]
	fn the_order_of_claims_does_not_matter(
		ops in ops(),
		initial in 0..Balance::from(u64::MAX),
		order in Just(IN_ORDER.to_vec()).prop_shuffle(),
	) {
		let eager = run(initial, 20, &ops, &IN_ORDER);
		let lazy: Vec<_> = ops
			.into_iter()
			.filter(|op| !matches!(op, Op::Claim(_) | Op::Batch(_) | Op::Reap(_)))
			.collect();
		let lazy = run(initial, 20, &lazy, &order);
		prop_assert_eq!(eager.paid, lazy.paid);
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
