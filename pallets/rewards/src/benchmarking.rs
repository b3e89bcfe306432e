//! Benchmarks of the calls and hooks.

use super::*;
use crate::Pallet as Rewards;
use alloc::vec::Vec;
use depin_primitives::{
	device::DeviceStatus,
	hashing::blake2_256,
	policy::{NetworkPolicy, TrustLevel},
	reward::{ClaimPermission, EpochShare},
	traits::{BenchmarkHelper, DeviceView, Devices},
	Balance, Cell, DeviceId, EpochIndex, NetworkId, PublicKey,
};
use frame_benchmarking::v2::*;
use frame_support::{
	traits::{
		fungible::{hold::Mutate as _, Inspect, Mutate},
		EnsureOrigin, Get, OnInitialize,
	},
	BoundedVec,
};
use frame_system::RawOrigin;
use sp_runtime::Perbill;

/// Policy of all networks. Nothing of it changes the cost of this pallet.
fn add_device<T: Config>(number: u32) -> (DeviceId, NetworkId, T::AccountId) {
	let mut key = [0; 32];
	key[..4].copy_from_slice(&number.to_le_bytes());
	let key = PublicKey::Ed25519(key);
	let owner: T::AccountId = account("owner", number, 0);
	let view = DeviceView {
		owner: owner.clone(),
		network: number,
		key,
		cell: Cell(0x0892_8308_280f_ffff),
		status: DeviceStatus::Active,
		trust: TrustLevel::Open,
		registered_at: 0,
	};
	T::BenchmarkHelper::set_device(key.device_id(), view, NetworkPolicy::OPEN);
	(key.device_id(), number, owner)
}

/// Running epoch.
const NOW: EpochIndex = 2;

/// Starts epoch [`NOW`], and fills the pot on top of its existential deposit.
fn start<T: Config>(in_pot: Balance) {
	CurrentEpoch::<T>::put(RunningEpoch { index: NOW, closes_at: 1u32.into() });
	Rewards::<T>::open_pot();
	mint::<T>(&Rewards::<T>::pot(), in_pot);
	InPot::<T>::put(in_pot);
}

/// Mints as the genesis would, so that the invariants of the issuance hold.
fn mint<T: Config>(to: &T::AccountId, amount: Balance) {
	T::Currency::mint_into(to, amount).expect("the amount opens the account");
	GenesisIssuance::<T>::mutate(|issuance| *issuance += amount);
}

/// Opens an owner's account, with money for deposits.
fn endow<T: Config>(owner: &T::AccountId) {
	let amount = T::Currency::minimum_balance()
		.saturating_add(T::FormerDeposit::get())
		.saturating_add(T::PayoutDeposit::get());
	mint::<T>(owner, amount);
}

/// Sets an owner's payout account, which does not exist. A payment below the existential deposit
/// goes to the owner after a look at both accounts, which costs the most.
fn redirect<T: Config>(number: u32, owner: &T::AccountId) {
	let account = Some(account("payout", number, 0));
	let settings = PayoutSettings { account, permission: ClaimPermission::Anyone, deposit: 0 };
	Payouts::<T>::insert(owner, settings);
}

/// Returns the money that one settled point gives in these benchmarks: so little that it opens no
/// account.
fn reward<T: Config>() -> Balance {
	(T::Currency::minimum_balance() / 2).max(1)
}

/// Puts a registered device's account in its record.
fn put_account<T: Config>(device: &DeviceId, account: RewardAccount) {
	T::Devices::replace_part(device, account).expect("the device is registered; qed");
}

/// Stores accounts of the device and of its owner as a former owner, each with money and with the
/// last unsettled points of a closed epoch. So each hook of a device's life has one or two epochs
/// to settle, and money to pay or to take.
pub fn fill<T: Config>(device: &DeviceId, network: NetworkId) {
	let accrued = reward::<T>();
	start::<T>(accrued * 4);
	let account = |epoch| RewardAccount { network, epoch, points: 1, accrued };
	put_account::<T>(device, account(1));
	unsettled::<T>(network, 1, accrued);
	if let Some(view) = T::Devices::device(device) {
		let owner = view.owner;
		endow::<T>(&owner);
		former::<T>(device, &owner, account(0));
		unsettled::<T>(network, 0, accrued);
		redirect::<T>(0, &owner);
	}
}

/// Stores a former account with its deposit, and the mark that belongs to it.
fn former<T: Config>(device: &DeviceId, owner: &T::AccountId, account: RewardAccount) {
	let deposit = T::FormerDeposit::get();
	T::Currency::hold(&HoldReason::FormerAccount.into(), owner, deposit)
		.expect("the owner can afford the deposit");
	FormerAccounts::<T>::insert(owner, device, FormerAccount { account, deposit });
	SettledIn::<T>::insert(device, 0);
}

/// Adds an unsettled point to a network's share of a closed epoch, with `budget` for it.
fn unsettled<T: Config>(network: NetworkId, epoch: EpochIndex, budget: Balance) {
	Epochs::<T>::mutate(network, epoch, |share| {
		let share = share.get_or_insert(EpochShare {
			budget: 0,
			points: 0,
			unsettled: 0,
			unsettled_points: 0,
		});
		share.budget += budget;
		share.points += 1;
		share.unsettled += budget;
		share.unsettled_points += 1;
	});
}

/// Registers a device with the last unsettled points of epoch 0 in its network. Returns its owner's
/// balance after a claim.
fn claimant<T: Config>(number: u32) -> (DeviceId, (T::AccountId, Balance)) {
	let (device, network, owner) = add_device::<T>(number);
	let budget = reward::<T>();
	endow::<T>(&owner);
	redirect::<T>(number, &owner);
	put_account::<T>(&device, RewardAccount { network, epoch: 0, points: 1, accrued: 0 });
	unsettled::<T>(network, 0, budget);
	let after = T::Currency::balance(&owner) + budget;
	(device, (owner, after))
}

/// Stores a former account with the last unsettled points of epoch 0 in a network. Returns its
/// device, its owner, and the owner's free balance after a claim.
fn former_claimant<T: Config>(number: u32) -> ((DeviceId, T::AccountId), Balance) {
	let budget = reward::<T>();
	let owner: T::AccountId = account("former", number, 0);
	endow::<T>(&owner);
	redirect::<T>(number, &owner);
	let device = blake2_256(&number.to_le_bytes());
	let after = T::Currency::balance(&owner) + budget;
	let account = RewardAccount { network: number, epoch: 0, points: 1, accrued: 0 };
	former::<T>(&device, &owner, account);
	unsettled::<T>(number, 0, budget);
	((device, owner), after)
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn claim() {
		let caller: T::AccountId = whitelisted_caller();
		start::<T>(reward::<T>());
		let (device, (owner, after)) = claimant::<T>(0);

		#[extrinsic_call]
		_(RawOrigin::Signed(caller), device);

		assert_eq!(T::Currency::balance(&owner), after);
		assert!(
			T::Devices::part::<RewardAccount>(&device).is_some_and(|account| account.is_empty())
		);
	}

	#[benchmark]
	fn claim_batch(n: Linear<0, { T::MaxClaims::get() }>) {
		let caller: T::AccountId = whitelisted_caller();
		start::<T>(reward::<T>() * Balance::from(n.max(1)));
		let (devices, owners): (Vec<_>, Vec<_>) = (0..n).map(claimant::<T>).unzip();
		let devices = BoundedVec::try_from(devices).expect("n is at most MaxClaims; qed");

		#[extrinsic_call]
		_(RawOrigin::Signed(caller), devices);

		for (owner, after) in owners {
			assert_eq!(T::Currency::balance(&owner), after);
		}
	}

	#[benchmark]
	fn claim_former() {
		let caller: T::AccountId = whitelisted_caller();
		start::<T>(reward::<T>());
		let ((device, owner), after) = former_claimant::<T>(0);

		#[extrinsic_call]
		_(RawOrigin::Signed(caller), device, owner.clone());

		// The deposit is free again.
		assert_eq!(T::Currency::balance(&owner), after);
		assert!(!FormerAccounts::<T>::contains_key(owner, device));
		assert!(!SettledIn::<T>::contains_key(device));
	}

	#[benchmark]
	fn claim_former_batch(n: Linear<0, { T::MaxClaims::get() }>) {
		let caller: T::AccountId = whitelisted_caller();
		start::<T>(reward::<T>() * Balance::from(n.max(1)));
		let (claims, balances): (Vec<_>, Vec<_>) = (0..n).map(former_claimant::<T>).unzip();
		let batch = BoundedVec::try_from(claims.clone()).expect("n is at most MaxClaims; qed");

		#[extrinsic_call]
		_(RawOrigin::Signed(caller), batch);

		for ((_, owner), after) in claims.into_iter().zip(balances) {
			assert_eq!(T::Currency::balance(&owner), after);
		}
	}

	#[benchmark]
	fn claim_refused() {
		let who: T::AccountId = whitelisted_caller();
		start::<T>(reward::<T>());
		let (device, network, owner) = add_device::<T>(0);
		// The amount overflows the balance of the owner and of the payout account, so that the
		// payment is the check that fails.
		redirect::<T>(0, &owner);
		endow::<T>(&owner);
		endow::<T>(&account("payout", 0, 0));
		let accrued = Balance::MAX;
		put_account::<T>(&device, RewardAccount { network, epoch: 0, points: 1, accrued });
		unsettled::<T>(network, 0, 1);
		let error;

		#[block]
		{
			error = frame_support::storage::with_storage_layer(|| {
				Rewards::<T>::do_claim(&who, &device)
			});
		}

		assert_eq!(error, Err(Error::<T>::PayeeCannotReceive.into()));
	}

	#[benchmark]
	fn set_payout_account() {
		let caller: T::AccountId = whitelisted_caller();
		endow::<T>(&caller);
		let payee: T::AccountId = account("payout", 0, 0);

		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()), Some(payee.clone()));

		assert_eq!(Rewards::<T>::payout(caller).payee, payee);
	}

	#[benchmark]
	fn set_claim_permission() {
		let caller: T::AccountId = whitelisted_caller();
		endow::<T>(&caller);

		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()), ClaimPermission::Owner);

		assert_eq!(Rewards::<T>::payout(caller).permission, ClaimPermission::Owner);
	}

	#[benchmark]
	fn set_allocation() -> Result<(), BenchmarkError> {
		let origin =
			T::GovernanceOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
		let others = T::MaxFunded::get().saturating_sub(1);
		let funded: Vec<_> = (1..=others).map(|network| (network, 1)).collect();
		Funded::<T>::put(BoundedVec::try_from(funded).expect("below MaxFunded; qed"));
		// The lowest number is inserted first and moves all others.
		let (_, network, _) = add_device::<T>(0);
		let rules = T::Devices::rules_hash(network);

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, network, 7, rules);

		assert_eq!(Funded::<T>::get().first(), Some(&(network, 7)));
		Ok(())
	}

	#[benchmark]
	fn set_shares() -> Result<(), BenchmarkError> {
		let origin =
			T::GovernanceOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
		let shares =
			Shares { networks: Perbill::from_percent(70), validators: Perbill::from_percent(20) };

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, shares.networks, shares.validators);

		assert_eq!(EmissionShares::<T>::get(), shares);
		Ok(())
	}

	#[benchmark]
	fn close_epoch(n: Linear<0, { T::MaxFunded::get() }>) {
		start::<T>(1);
		Undistributed::<T>::put(1);
		Carried::<T>::put(1_000_000);
		Parameters::<T>::put(EmissionParameters {
			epoch_length: 1u32.into(),
			initial_emission: T::Currency::minimum_balance().max(1) * 1_000_000,
			halving_epochs: 1_000,
			max_supply: Balance::MAX,
		});
		EmissionShares::<T>::put(Shares {
			networks: Perbill::from_percent(50),
			validators: Perbill::from_percent(25),
		});
		let funded: Vec<_> = (0..n).map(|network| (network, 1)).collect();
		Funded::<T>::put(BoundedVec::try_from(funded).expect("n is at most MaxFunded; qed"));
		(0..n).for_each(|network| EpochPoints::<T>::insert(network, (NOW, 1)));

		#[block]
		{
			Rewards::<T>::on_initialize(1u32.into());
		}

		assert_eq!(Rewards::<T>::current_epoch(), NOW + 1);
		(0..n).for_each(|network| assert!(Epochs::<T>::contains_key(network, NOW)));
	}

	#[benchmark]
	fn on_initialize_idle() {
		CurrentEpoch::<T>::put(RunningEpoch { index: 1, closes_at: 2u32.into() });

		#[block]
		{
			Rewards::<T>::on_initialize(1u32.into());
		}

		assert_eq!(Rewards::<T>::current_epoch(), 1);
	}

	impl_benchmark_test_suite!(
		Rewards,
		crate::mock::ExtBuilder::default().build(),
		crate::mock::Test
	);
}
