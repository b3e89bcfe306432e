//! A runtime with the test kit's registry.

use crate as pallet_rewards;
use crate::{types::RewardAccount, CurrentEpoch, Event, HoldReason};
use depin_primitives::{
	device::DeviceStatus,
	policy::{NetworkPolicy, TrustLevel},
	suspension::SuspendReason,
	traits::{DeviceView, Devices, Ledger, Lifecycle},
	Balance, Cell, DeviceId, NetworkId, PublicKey, H256,
};
use depin_test_kit::{configure_accounts, declare_runtime};
use frame_support::{
	dispatch::DispatchResult,
	parameter_types,
	traits::{
		fungible::{hold::Inspect as _, Mutate},
		tokens::Preservation,
		BuildGenesisConfig, ConstU128, ConstU32, OnInitialize,
	},
	PalletId,
};
use frame_system::EnsureRoot;
use sp_runtime::Perbill;

pub use depin_test_kit::AccountId;

type Block = frame_system::mocking::MockBlock<Test>;

declare_runtime!(0 System = frame_system, 1 Balances = pallet_balances, 2 Rewards = pallet_rewards);

configure_accounts!(MINIMUM);

/// Existential deposit.
pub const MINIMUM: Balance = 10;
/// Issuance when a test begins, without the pot's existential deposit.
pub const ENDOWMENT: Balance = 1_000_000;
pub const ALICE: AccountId = 1;
pub const TREASURY: AccountId = 2;
/// Deposit for a former account.
pub const FORMER_DEPOSIT: Balance = 4;
/// Deposit for payout settings.
pub const PAYOUT_DEPOSIT: Balance = 7;
/// Number of epochs after which money that nobody can receive can be cleared.
pub const CLEAR_AFTER: u32 = 3;
/// Count of the networks, whose numbers begin at 0.
pub const NETWORKS: NetworkId = 6;

parameter_types! {
	pub const PotId: PalletId = PalletId(*b"depin/rw");
	pub const TreasuryAccount: AccountId = TREASURY;
}

impl pallet_rewards::Config for Test {
	type Currency = Balances;
	type PotId = PotId;
	type Treasury = TreasuryAccount;
	type GovernanceOrigin = EnsureRoot<AccountId>;
	type Devices = KitRegistry;
	type RuntimeHoldReason = RuntimeHoldReason;
	type FormerDeposit = ConstU128<FORMER_DEPOSIT>;
	type PayoutDeposit = ConstU128<PAYOUT_DEPOSIT>;
	type ClearAfter = ConstU32<CLEAR_AFTER>;
	type MaxFunded = ConstU32<4>;
	type MaxClaims = ConstU32<8>;
	type WeightInfo = TestWeights;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = KitRegistry;
}

/// Weights of the mock, by the name that the tests use.
pub type TestWeights = ();

/// Registry of the test kit, whose records have this pallet's part.
pub type KitRegistry = depin_test_kit::registry::Registry<RewardAccount>;

/// Short forms of changes of the registry, for tests that care for a device's network, owner and
/// status only.
pub struct Registry;

impl Registry {
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
		KitRegistry::put(device, view);
	}

	/// Adds a network.
	pub fn add_network(network: NetworkId) {
		KitRegistry::set_policy(network, NetworkPolicy::OPEN);
	}

	/// Removes a network.
	pub fn remove_network(network: NetworkId) {
		KitRegistry::remove_policy(network);
	}

	pub fn set_status(device: DeviceId, status: DeviceStatus) {
		KitRegistry::change(device, |view| view.status = status);
	}

	pub fn remove(device: DeviceId) {
		KitRegistry::remove(&device);
	}
}

/// Credits a device, as the pallets that reward work do. Does nothing if it is not registered.
pub fn credit(network: NetworkId, device: &DeviceId, points: u64) {
	let _ = credit_and_tell(network, device, points);
}

/// Credits a device, and returns true if an older epoch was settled.
pub fn credit_and_tell(network: NetworkId, device: &DeviceId, points: u64) -> bool {
	let Some(mut record) = KitRegistry::record(device) else { return false };
	let before = record.clone();
	let settled = Rewards::credit(network, device, &mut record, points);
	if record != before {
		KitRegistry::store(device, record);
	}
	settled
}

/// Returns the account of a device, unless it is empty.
pub fn account(device: DeviceId) -> Option<RewardAccount> {
	KitRegistry::part::<RewardAccount>(&device).filter(|account| !account.is_empty())
}

/// Puts the account of a registered device in place.
pub fn put_account(device: DeviceId, account: RewardAccount) {
	KitRegistry::replace_part(&device, account).expect("the device is registered");
}

/// Genesis of a test: epochs of ten blocks that emit 1,000 each, 60 % for networks (of which 0
/// is the only one), 25 % for validators.
pub struct ExtBuilder {
	pub genesis: crate::GenesisConfig<Test>,
	/// Funded networks, which governance would fund later.
	pub funded: Vec<(NetworkId, u32)>,
}

impl Default for ExtBuilder {
	fn default() -> Self {
		let genesis = crate::GenesisConfig {
			epoch_length: 10,
			initial_emission: 1_000,
			halving_epochs: 1_000,
			max_supply: 1_000_000_000,
			networks_share: Perbill::from_percent(60),
			validators_share: Perbill::from_percent(25),
		};
		Self { genesis, funded: vec![(0, 1)] }
	}
}

impl ExtBuilder {
	/// Sets the shares, in per cent.
	pub fn shares(mut self, networks: u32, validators: u32) -> Self {
		self.genesis.networks_share = Perbill::from_percent(networks);
		self.genesis.validators_share = Perbill::from_percent(validators);
		self
	}

	pub fn emission(mut self, initial: Balance, halving_epochs: u32) -> Self {
		self.genesis.initial_emission = initial;
		self.genesis.halving_epochs = halving_epochs;
		self
	}

	pub fn max_supply(mut self, max_supply: Balance) -> Self {
		self.genesis.max_supply = max_supply;
		self
	}

	pub fn funded(mut self, funded: &[(NetworkId, u32)]) -> Self {
		self.funded = funded.to_vec();
		self
	}

	pub fn build(self) -> sp_io::TestExternalities {
		let genesis = RuntimeGenesisConfig {
			balances: pallet_balances::GenesisConfig {
				balances: vec![(ALICE, ENDOWMENT - MINIMUM), (TREASURY, MINIMUM)],
				..Default::default()
			},
			rewards: self.genesis,
			..Default::default()
		};
		let mut ext = sp_io::TestExternalities::default();
		ext.execute_with(|| {
			(0..NETWORKS).for_each(Registry::add_network);
			genesis.build();
			for (network, allocation) in self.funded {
				set_allocation(network, allocation).expect("the network exists");
			}
			System::reset_events();
			System::set_block_number(1);
		});
		ext
	}

	/// Runs the test, and checks the invariants when it is over.
	pub fn build_and_execute(self, test: impl FnOnce()) {
		self.build().execute_with(|| {
			test();
			Rewards::do_try_state().expect("the invariants hold");
		});
	}
}

/// Returns the id of the `n`th device.
pub fn device(n: u8) -> DeviceId {
	H256::repeat_byte(n)
}

/// Returns the owner of the `n`th device, who has no account at first.
pub fn owner(n: u8) -> AccountId {
	100 + AccountId::from(n)
}

/// Sets the allocation of a network by governance, for the rules that the network has.
pub fn set_allocation(network: NetworkId, allocation: u32) -> DispatchResult {
	let rules = KitRegistry::rules_hash(network);
	Rewards::set_allocation(RuntimeOrigin::root(), network, allocation, rules)
}

/// Registers the `n`th device.
pub fn add_device(n: u8, network: NetworkId) -> DeviceId {
	Registry::put(device(n), network, owner(n));
	device(n)
}

/// Transfers a device to another owner, as the registry does.
pub fn transfer(device: DeviceId, to: AccountId) {
	let DeviceView { owner, network, .. } = KitRegistry::device(&device).expect("registered");
	Rewards::on_hand_over(&device, network, &owner);
	Registry::put(device, network, to);
}

/// Suspends a device, as the registry does.
pub fn suspend(device: DeviceId) {
	let DeviceView { owner, network, .. } = KitRegistry::device(&device).expect("registered");
	Rewards::on_settle(&device, network, &owner);
	Registry::set_status(device, DeviceStatus::Suspended { reason: SuspendReason::Other });
}

/// Restores a device, as the registry does.
pub fn restore(device: DeviceId) {
	Registry::set_status(device, DeviceStatus::Active);
}

/// Forfeits what a device has earned under suspension, as the registry does.
pub fn forfeit(device: DeviceId) {
	let network = KitRegistry::device(&device).expect("registered").network;
	Rewards::on_forfeit(&device, network);
}

/// Advances to the block that closes the running epoch, `epochs` times.
pub fn close_epochs(epochs: u32) {
	for _ in 0..epochs {
		let at = CurrentEpoch::<Test>::get().expect("set at genesis").closes_at;
		System::set_block_number(at);
		Rewards::on_initialize(at);
	}
}

/// Gives an account money of [`ALICE`], so that the issuance stays that of the schedule.
pub fn endow(account: AccountId, amount: Balance) {
	Balances::transfer(&ALICE, &account, amount, Preservation::Preserve).expect("Alice is rich");
}

/// Gives an owner so much money that they can receive every reward and pay every deposit.
pub fn enrich(account: AccountId) {
	endow(account, MINIMUM + 100);
}

/// Returns the balance held on an account for a reason.
pub fn held(reason: HoldReason, account: AccountId) -> Balance {
	Balances::balance_on_hold(&reason.into(), &account)
}

/// Takes this pallet's events since the last call.
pub fn events() -> Vec<Event<Test>> {
	let events = System::read_events_for_pallet();
	System::reset_events();
	events
}

/// Returns the pot's balance above its existential deposit.
pub fn in_pot() -> Balance {
	Balances::free_balance(Rewards::pot()) - MINIMUM
}
