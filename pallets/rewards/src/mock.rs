//! A runtime for the tests.

use crate as pallet_rewards;
use crate::{CurrentEpoch, Event, WeightInfo};
use depin_primitives::{
	device::DeviceStatus,
	key::KeySchemes,
	network::NetworkKind,
	policy::{LocationPolicy, NetworkPolicy, QualityPolicy, ReportPolicy, TrustLevel, TrustPolicy},
	suspension::SuspendReason,
	traits::{DeviceView, Devices, Lifecycle, NetworkView},
	Balance, Cell, DeviceId, NetworkId, PublicKey, H256,
};
use frame_support::{
	derive_impl, parameter_types,
	traits::{ConstU128, ConstU32, OnInitialize},
	weights::Weight,
	PalletId,
};
use frame_system::EnsureRoot;
use sp_runtime::{BuildStorage, Perbill};
use std::{cell::RefCell, collections::BTreeMap};

#[frame_support::runtime]
mod runtime {
	#[runtime::runtime]
	#[runtime::derive(
		RuntimeCall,
		RuntimeEvent,
		RuntimeError,
		RuntimeOrigin,
		RuntimeFreezeReason,
		RuntimeHoldReason,
		RuntimeSlashReason,
		RuntimeLockId,
		RuntimeTask
	)]
	pub struct Test;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type Balances = pallet_balances;
	#[runtime::pallet_index(2)]
	pub type Rewards = pallet_rewards;
}

pub type AccountId = u64;
type Block = frame_system::mocking::MockBlock<Test>;

/// The existential deposit.
pub const MINIMUM: Balance = 10;
/// What exists in a test's beginning, the pot's existential deposit apart.
pub const ENDOWMENT: Balance = 1_000_000;
pub const ALICE: AccountId = 1;
pub const TREASURY: AccountId = 2;
/// Networks below this number exist.
pub const NETWORKS: NetworkId = 6;

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = Block;
	type AccountData = pallet_balances::AccountData<Balance>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type AccountStore = System;
	type Balance = Balance;
	type ExistentialDeposit = ConstU128<MINIMUM>;
}

parameter_types! {
	pub const PotId: PalletId = PalletId(*b"depin/rw");
	pub const TreasuryAccount: AccountId = TREASURY;
}

impl pallet_rewards::Config for Test {
	type Currency = Balances;
	type PotId = PotId;
	type Treasury = TreasuryAccount;
	type GovernanceOrigin = EnsureRoot<AccountId>;
	type Devices = Registry;
	type MaxFunded = ConstU32<4>;
	type MaxClaims = ConstU32<8>;
	type WeightInfo = TestWeights;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = Registry;
}

/// Weights that tell the tests what was charged for.
pub struct TestWeights;

impl WeightInfo for TestWeights {
	fn claim() -> Weight {
		Weight::from_parts(100, 1)
	}
	fn claim_batch(n: u32) -> Weight {
		Weight::from_parts(100, 1).saturating_mul(n.into())
	}
	fn claim_former() -> Weight {
		Weight::from_parts(110, 1)
	}
	fn set_allocation() -> Weight {
		Weight::from_parts(30, 1)
	}
	fn set_shares() -> Weight {
		Weight::from_parts(20, 1)
	}
	fn close_epoch(n: u32) -> Weight {
		Weight::from_parts(1_000 + u64::from(n), 1)
	}
	fn on_initialize_idle() -> Weight {
		Weight::from_parts(1, 1)
	}
}

thread_local! {
	static DEVICES: RefCell<BTreeMap<DeviceId, DeviceView<AccountId>>> = Default::default();
	static POLICIES: RefCell<BTreeMap<NetworkId, NetworkPolicy>> = Default::default();
}

/// The registry, in memory.
pub struct Registry;

impl Registry {
	fn reset() {
		DEVICES.with_borrow_mut(BTreeMap::clear);
		POLICIES.with_borrow_mut(|policies| {
			*policies = (0..NETWORKS).map(|network| (network, policy())).collect()
		});
	}

	/// Registers a device, or moves it to another network or owner.
	pub fn put(device: DeviceId, network: NetworkId, owner: AccountId) {
		let view = DeviceView {
			owner,
			network,
			key: PublicKey::Ed25519(device.0),
			cell: Cell(0x0892_8308_280f_ffff),
			status: DeviceStatus::Active,
			trust: TrustLevel::Open,
			registered_at: 0,
		};
		DEVICES.with_borrow_mut(|devices| devices.insert(device, view));
	}

	pub fn set_status(device: DeviceId, status: DeviceStatus) {
		DEVICES.with_borrow_mut(|devices| {
			devices.get_mut(&device).expect("registered").status = status;
		});
	}

	pub fn remove(device: DeviceId) {
		DEVICES.with_borrow_mut(|devices| devices.remove(&device));
	}
}

impl Devices<AccountId> for Registry {
	fn device(id: &DeviceId) -> Option<DeviceView<AccountId>> {
		DEVICES.with_borrow(|devices| devices.get(id).cloned())
	}

	fn network(id: NetworkId) -> Option<NetworkView> {
		let policy = POLICIES.with_borrow(|policies| policies.get(&id).copied())?;
		Some(NetworkView { kind: NetworkKind::Sensor, policy, paused: false })
	}

	fn admin(_: NetworkId) -> Option<AccountId> {
		None
	}
}

fn policy() -> NetworkPolicy {
	NetworkPolicy {
		cell_resolution: 9,
		schemes: KeySchemes::ALL,
		location: LocationPolicy { cooldown: 0 },
		trust: TrustPolicy::EVERYONE,
		report: ReportPolicy {
			max_work_per_hour: 3_600,
			min_interval: 1,
			max_window: 1,
			max_age: 1,
			max_skew: 1,
		},
		quality: QualityPolicy::OFF,
		coverage: None,
	}
}

/// The genesis of a test: epochs of ten blocks that emit 1,000 each, 60 % for networks (of which 0
/// is the only one), 25 % for validators.
pub struct ExtBuilder(pub crate::GenesisConfig<Test>);

impl Default for ExtBuilder {
	fn default() -> Self {
		Self(crate::GenesisConfig {
			epoch_length: 10,
			initial_emission: 1_000,
			halving_epochs: 1_000,
			max_supply: 1_000_000_000,
			networks_share: Perbill::from_percent(60),
			validators_share: Perbill::from_percent(25),
			funded: vec![(0, 1)],
		})
	}
}

impl ExtBuilder {
	/// With these shares, in per cent.
	pub fn shares(mut self, networks: u32, validators: u32) -> Self {
		self.0.networks_share = Perbill::from_percent(networks);
		self.0.validators_share = Perbill::from_percent(validators);
		self
	}

	pub fn emission(mut self, initial: Balance, halving_epochs: u32) -> Self {
		self.0.initial_emission = initial;
		self.0.halving_epochs = halving_epochs;
		self
	}

	pub fn max_supply(mut self, max_supply: Balance) -> Self {
		self.0.max_supply = max_supply;
		self
	}

	pub fn funded(mut self, funded: &[(NetworkId, u32)]) -> Self {
		self.0.funded = funded.to_vec();
		self
	}

	pub fn build(self) -> sp_io::TestExternalities {
		Registry::reset();
		let storage = RuntimeGenesisConfig {
			system: Default::default(),
			balances: pallet_balances::GenesisConfig {
				balances: vec![(ALICE, ENDOWMENT - MINIMUM), (TREASURY, MINIMUM)],
				..Default::default()
			},
			rewards: self.0,
		}
		.build_storage()
		.expect("the genesis is sound");
		let mut ext = sp_io::TestExternalities::new(storage);
		ext.execute_with(|| System::set_block_number(1));
		ext
	}

	/// Runs the test, then checks what must hold after every block.
	pub fn build_and_execute(self, test: impl FnOnce()) {
		self.build().execute_with(|| {
			test();
			Rewards::do_try_state().expect("the invariants hold");
		});
	}
}

/// The `n`th device.
pub fn device(n: u8) -> DeviceId {
	H256::repeat_byte(n)
}

/// The owner of the `n`th device; no account at first.
pub fn owner(n: u8) -> AccountId {
	100 + AccountId::from(n)
}

/// Registers the `n`th device.
pub fn add_device(n: u8, network: NetworkId) -> DeviceId {
	Registry::put(device(n), network, owner(n));
	device(n)
}

/// Hands a device on, as the registry does.
pub fn transfer(device: DeviceId, to: AccountId) {
	let DeviceView { owner, network, .. } = Registry::device(&device).expect("registered");
	Rewards::on_settle(&device, network, &owner);
	Registry::put(device, network, to);
}

/// Suspends a device, as the registry does.
pub fn suspend(device: DeviceId) {
	let DeviceView { owner, network, .. } = Registry::device(&device).expect("registered");
	Rewards::on_settle(&device, network, &owner);
	Registry::set_status(device, DeviceStatus::Suspended { reason: SuspendReason::Other });
}

/// Restores a device, as the registry does.
pub fn restore(device: DeviceId) {
	Registry::set_status(device, DeviceStatus::Active);
}

/// Forfeits what a device has earned under suspension, as the registry does.
pub fn forfeit(device: DeviceId) {
	let network = Registry::device(&device).expect("registered").network;
	Rewards::on_forfeit(&device, network);
}

/// Goes to the block that closes the running epoch, `epochs` times.
pub fn close_epochs(epochs: u32) {
	for _ in 0..epochs {
		let at = CurrentEpoch::<Test>::get().expect("set at genesis").closes_at;
		System::set_block_number(at);
		Rewards::on_initialize(at);
	}
}

/// This pallet's events since the last call.
pub fn events() -> Vec<Event<Test>> {
	let events = System::read_events_for_pallet();
	System::reset_events();
	events
}

/// What the pot holds above its existential deposit.
pub fn in_pot() -> Balance {
	Balances::free_balance(Rewards::pot()) - MINIMUM
}

#[cfg(feature = "runtime-benchmarks")]
impl depin_primitives::traits::BenchmarkHelper<AccountId> for Registry {
	fn set_device(id: DeviceId, view: DeviceView<AccountId>, policy: NetworkPolicy) {
		POLICIES.with_borrow_mut(|policies| policies.insert(view.network, policy));
		DEVICES.with_borrow_mut(|devices| devices.insert(id, view));
	}

	fn owe(_: NetworkId, _: &DeviceId) {}

	fn fill(_: &DeviceId, _: NetworkId) {}
}
