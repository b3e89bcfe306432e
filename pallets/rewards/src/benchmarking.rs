//! Benchmarks of the calls and hooks.

use super::*;
use crate::Pallet as Rewards;
use alloc::vec::Vec;
use depin_primitives::{
	device::DeviceStatus,
	policy::{NetworkPolicy, TrustLevel},
	reward::EpochShare,
	traits::{BenchmarkHelper, DeviceView, Devices},
	Balance, Cell, DeviceId, EpochIndex, NetworkId, PublicKey,
};
use frame_benchmarking::v2::*;
use frame_support::{
	traits::{
		fungible::{Inspect, Mutate},
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
	T::Currency::mint_into(&Rewards::<T>::pot(), in_pot).expect("the pot is open");
}

/// Returns the money that one settled point gives in these benchmarks.
fn reward<T: Config>() -> Balance {
	T::Currency::minimum_balance().max(1) * 2
}

/// Stores accounts of the device and of its owner as a former owner, each with money and with the
/// last unsettled points of a closed epoch. So each hook of a device's life has one or two epochs
/// to settle, and money to pay or to take.
pub fn fill<T: Config>(device: &DeviceId, network: NetworkId) {
	let accrued = reward::<T>();
	start::<T>(accrued * 4);
	let account = |epoch| RewardAccount { network, epoch, points: 1, accrued };
	Accounts::<T>::insert(device, account(1));
	unsettled::<T>(network, 1, accrued);
	SettledIn::<T>::insert(device, 0);
	if let Some(view) = T::Devices::device(device) {
		FormerAccounts::<T>::insert(device, view.owner, account(0));
		unsettled::<T>(network, 0, accrued);
	}
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
	Accounts::<T>::insert(device, RewardAccount { network, epoch: 0, points: 1, accrued: 0 });
	unsettled::<T>(network, 0, budget);
	let after = T::Currency::balance(&owner) + budget;
	(device, (owner, after))
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
		assert!(!Accounts::<T>::contains_key(device));
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
		let budget = reward::<T>();
		start::<T>(budget);
		let payee: T::AccountId = account("payee", 0, 0);
		let device = DeviceId::repeat_byte(1);
		let former = RewardAccount { network: 0, epoch: 0, points: 1, accrued: 0 };
		FormerAccounts::<T>::insert(device, &payee, former);
		unsettled::<T>(0, 0, budget);
		let after = T::Currency::balance(&payee) + budget;

		#[extrinsic_call]
		_(RawOrigin::Signed(caller), device, payee.clone());

		assert_eq!(T::Currency::balance(&payee), after);
		assert!(!FormerAccounts::<T>::contains_key(device, payee));
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

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, network, 7);

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
