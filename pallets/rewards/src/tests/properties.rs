//! Properties of any sequence of credits, closes, claims, decisions of governance and lifecycle
//! hooks.

mod model;

use crate::{mock::*, *};
use depin_primitives::{
	device::DeviceStatus,
	reward::ClaimPermission,
	traits::{DeviceView, Devices, Lifecycle},
	Balance, DeviceId,
};
use model::{first_network, first_owner, ops, Model, Op, DEVICES, OWNERS};
use proptest::prelude::*;
use sp_runtime::Perbill;
use std::collections::BTreeMap;

/// Returns the id of device `n`. The mock's numbers start at 1.
fn id(n: u8) -> DeviceId {
	device(n + 1)
}

/// Returns the payout account of that number. It does not exist in the beginning.
fn payee(n: u8) -> AccountId {
	200 + AccountId::from(n)
}

/// Sums over the events of a run.
#[derive(Default)]
struct Seen {
	/// Payments, by device and owner.
	paid: BTreeMap<(u8, u8), Balance>,
	forfeited: Balance,
	networks: Balance,
	validators: Balance,
	treasury: Balance,
	/// Money that staking has taken for validators.
	taken: Balance,
}

impl Seen {
	/// Adds the events since the last call.
	fn look(&mut self) {
		for event in events() {
			match event {
				Event::Paid { device, owner: of, payee, amount } => {
					let who = (0..OWNERS).find(|o| owner(*o) == of).expect("an owner is paid");
					let set = Rewards::payout(of).payee;
					assert!(payee == set || payee == of && amount < MINIMUM, "{payee} was paid");
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

	/// Returns the sum of all payments.
	fn all_paid(&self) -> Balance {
		self.paid.values().sum()
	}
}

/// Applies a step to the chain, and tells if it was done. A call may fail, which must leave the
/// state sound.
fn apply(op: &Op) -> bool {
	let alice = RuntimeOrigin::signed(ALICE);
	match op {
		Op::Credit(n, points) => {
			let DeviceView { network, .. } = KitRegistry::device(&id(*n)).expect("registered");
			credit(network, &id(*n), *points);
		}
		Op::Close(epochs) => close_epochs(*epochs),
		Op::Claim(n) => return Rewards::claim(alice, id(*n)).is_ok(),
		Op::Batch(devices) => {
			let devices = devices.iter().map(|n| id(*n)).collect::<Vec<_>>();
			return Rewards::claim_batch(alice, devices.try_into().expect("at most 8")).is_ok();
		}
		Op::ClaimFormer(n, o) => return Rewards::claim_former(alice, id(*n), owner(*o)).is_ok(),
		Op::FormerBatch(claims) => {
			let claims = claims.iter().map(|(n, o)| (id(*n), owner(*o))).collect::<Vec<_>>();
			let claims = claims.try_into().expect("at most 8");
			return Rewards::claim_former_batch(alice, claims).is_ok();
		}
		Op::Payout(o, to) => {
			let owner = RuntimeOrigin::signed(owner(*o));
			return Rewards::set_payout_account(owner, to.map(payee)).is_ok();
		}
		Op::Permission(o, permission) => {
			let owner = RuntimeOrigin::signed(owner(*o));
			return Rewards::set_claim_permission(owner, *permission).is_ok();
		}
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
		Op::SetAllocation(network, allocation) => {
			return set_allocation(*network, *allocation).is_ok();
		}
		Op::SetShares(networks, validators) => {
			let (networks, validators) =
				(Perbill::from_percent(*networks), Perbill::from_percent(*validators));
			return Rewards::set_shares(RuntimeOrigin::root(), networks, validators).is_ok();
		}
	}
	true
}

/// Tells if the device is suspended.
fn is_suspended(n: u8) -> bool {
	let status = KitRegistry::device(&id(n)).expect("registered").status;
	matches!(status, DeviceStatus::Suspended { .. })
}

/// Reaps a device of any status, and tells if that was possible.
fn reap(n: u8) -> bool {
	let DeviceView { owner, network, .. } = KitRegistry::device(&id(n)).expect("registered");
	Rewards::on_reap(&id(n), network, &owner).is_ok()
}

/// Returns a genesis with the devices. If `alive`, owners have accounts, so that no reward is too
/// small to pay.
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
			(0..OWNERS).for_each(|o| enrich(owner(o)));
		}
		System::reset_events();
	});
	ext
}

/// Runs the steps, closes the last epoch, claims in the order given, and checks the accounts.
fn run(initial: Balance, halving_epochs: u32, ops: &[Op], order: &[u8]) -> (Seen, Model) {
	let mut seen = Seen::default();
	let mut model = Model::new(initial, halving_epochs);
	genesis(initial, halving_epochs, true).execute_with(|| {
		let issuance = Balances::total_issuance();
		let ends = (0..OWNERS)
			.map(|o| Op::Permission(o, ClaimPermission::Anyone))
			.chain((0..DEVICES).map(Op::Restore))
			.chain([Op::Close(1)])
			.collect::<Vec<_>>();
		for op in ops.iter().chain(&ends) {
			model.apply(op, apply(op));
			Rewards::do_try_state().expect("the invariants hold after every step");
			seen.look();
			seen.taken += Rewards::take_validator_budget();
			// Money enters the pot only by emission, and leaves it only by payment.
			assert_eq!(seen.networks, seen.all_paid() + in_pot());
			assert_eq!(seen.forfeited, model.forfeited);
		}
		for n in order {
			let claim = Op::Claim(*n);
			model.apply(&claim, apply(&claim));
			// This also removes accounts whose points are worth less than a unit.
			(0..OWNERS).for_each(|o| {
				apply(&Op::ClaimFormer(*n, o));
			});
			assert!(reap(*n), "every device can be reaped after the close");
		}
		seen.look();
		Rewards::do_try_state().expect("the invariants hold in the end");

		assert!((0..DEVICES).all(|n| account(id(n)).is_none()));
		assert_eq!(FormerAccounts::<Test>::iter().count(), 0);
		assert_eq!(SettledIn::<Test>::iter().count(), 0);
		assert_eq!(Epochs::<Test>::iter().count(), 0);
		assert_eq!(in_pot(), Undistributed::<Test>::get());
		for o in 0..OWNERS {
			assert_eq!(held(HoldReason::FormerAccount, owner(o)), 0);
			// A payout account may be left.
			let left = Rewards::payout(owner(o)).deposit;
			assert_eq!(held(HoldReason::PayoutSettings, owner(o)), left);
		}
		assert_eq!(seen.networks, seen.all_paid() + in_pot());
		assert_eq!(
			Balances::total_issuance(),
			issuance + seen.networks + seen.treasury,
			"only the amounts of the closes were minted"
		);
		assert_eq!(
			seen.taken + ValidatorBudget::<Test>::get().total(),
			seen.validators,
			"no promise to validators is lost"
		);
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

	/// Every owner is paid what the model computes for the time in which they owned a device, to
	/// the unit, whenever claims are made. So nothing is paid twice, nothing is lost but by forfeit
	/// and by rounding, and a claim after many epochs pays what a claim in each would have.
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

	/// The time and the order of claims change no payment.
	#[test]
	fn the_order_of_claims_does_not_matter(
		ops in ops(),
		// The model multiplies a budget by points of up to 64 bits. A budget is at most three times
		// the first emission: that of its epoch, and a part of those that no network took.
		initial in 0..1u128 << 60,
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

	/// For any schedule, and if payments fail, the cap holds and the state is sound.
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

	/// Amounts that are split pro rata are never more than the total together, and less by less
	/// than a unit for each.
	#[test]
	fn pro_rata_amounts_round_in_favour_of_the_pot(
		amount in any::<u128>(),
		parts in prop::collection::vec(any::<u64>(), 1..20),
	) {
		let total: u128 = parts.iter().map(|part| u128::from(*part)).sum();
		let sum = parts.iter().try_fold(0u128, |sum, part| {
			sum.checked_add(types::pro_rata(amount, (*part).into(), total))
		});
		prop_assert!(sum.is_some_and(|sum| sum <= amount));
		if total > 0 {
			prop_assert!(amount - sum.unwrap() < parts.len() as u128);
		}
	}
}
