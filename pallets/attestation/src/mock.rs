//! A chain with a registry and a ledger of the tests' own, and devices that sign.

use crate as pallet_attestation;
use codec::{Decode, Encode};
use depin_primitives::{
	device::DeviceStatus,
	key::KeySchemes,
	metric::{Metric, MetricLimits},
	network::NetworkKind,
	policy::{
		LocationPolicy, NetworkPolicy, QualityPolicy, ReportPolicy, TrustLevel, TrustPolicy, ONE,
	},
	report::{readings_root, summarize, Readings, Report, SignedReport},
	signing::{GenesisPrefix, Signable},
	traits::{DeviceView, Devices, Ledger, NetworkView},
	Balance, Cell, DeviceId, Millis, NetworkId, PublicKey, Signature, H256,
};
use frame_support::{
	derive_impl, storage_alias,
	traits::{ConstU128, ConstU32},
	weights::Weight,
	Blake2_128Concat,
};
use p256::ecdsa::signature::Signer as _;
use sp_core::Pair;
use sp_keystore::{testing::MemoryKeystore, KeystoreExt};
use sp_runtime::{testing::UintAuthorityId, BuildStorage};

pub type AccountId = u64;
pub type TxExtension = (
	frame_system::AuthorizeCall<Test>,
	frame_system::CheckNonce<Test>,
	frame_system::CheckWeight<Test>,
);
pub type UncheckedExtrinsic =
	sp_runtime::generic::UncheckedExtrinsic<AccountId, RuntimeCall, UintAuthorityId, TxExtension>;
pub type Header = sp_runtime::generic::Header<u32, sp_runtime::traits::BlakeTwo256>;
pub type Block = sp_runtime::generic::Block<Header, UncheckedExtrinsic>;

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
	pub type System = frame_system::Pallet<Test>;

	#[runtime::pallet_index(1)]
	pub type Timestamp = pallet_timestamp::Pallet<Test>;

	#[runtime::pallet_index(2)]
	pub type Attestation = pallet_attestation::Pallet<Test>;

	#[runtime::pallet_index(3)]
	pub type Balances = pallet_balances::Pallet<Test>;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = Block;
	type AccountData = pallet_balances::AccountData<Balance>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type Balance = Balance;
	type ExistentialDeposit = ConstU128<1>;
	type AccountStore = System;
}

#[derive_impl(pallet_timestamp::config_preludes::TestDefaultConfig)]
impl pallet_timestamp::Config for Test {}

impl pallet_attestation::Config for Test {
	type Currency = Balances;
	type RuntimeHoldReason = RuntimeHoldReason;
	type MetricDeposit = ConstU128<DEPOSIT>;
	type MaxMetrics = ConstU32<12>;
	type MaxBatch = ConstU32<16>;
	type Devices = Registry;
	type Ledger = Points;
	type Time = Timestamp;
	type GenesisHash = Genesis;
	type WeightInfo = TestWeights;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = Registry;
}

/// Weights that tell the calls apart and count readings.
pub struct TestWeights;

impl crate::WeightInfo for TestWeights {
	fn report(r: u32) -> Weight {
		Weight::from_parts(1_000 + u64::from(r), 100)
	}
	fn authorize_report(r: u32) -> Weight {
		Weight::from_parts(2_000 + u64::from(r), 200)
	}
	fn submit_report(r: u32) -> Weight {
		Weight::from_parts(4_000 + u64::from(r), 400)
	}
	fn submit_reports(n: u32) -> Weight {
		Weight::from_parts(100 + 10_000 * u64::from(n), 0)
	}
	fn submit_reports_together(n: u32) -> Weight {
		Weight::from_parts(100 + 3_000 * u64::from(n), 0)
	}
	fn register_metric() -> Weight {
		Weight::from_parts(5_000, 0)
	}
	fn update_metric() -> Weight {
		Weight::from_parts(6_000, 0)
	}
	fn remove_metric() -> Weight {
		Weight::from_parts(7_000, 0)
	}
	fn prune(n: u32) -> Weight {
		Weight::from_parts(50 + 20 * u64::from(n), 0)
	}
}

/// What the registry keeps of a device.
#[derive(Clone, Encode, Decode)]
struct Registered {
	owner: AccountId,
	network: NetworkId,
	key: PublicKey,
	cell: Cell,
	status: DeviceStatus,
	trust: TrustLevel,
	registered_at: u64,
}

#[storage_alias]
type DeviceMap = StorageMap<TestRegistry, Blake2_128Concat, DeviceId, Registered>;

#[storage_alias]
type PolicyMap = StorageMap<TestRegistry, Blake2_128Concat, NetworkId, NetworkPolicy>;

#[storage_alias]
type KindMap = StorageMap<TestRegistry, Blake2_128Concat, NetworkId, NetworkKind>;

#[storage_alias]
type PausedMap = StorageMap<TestRegistry, Blake2_128Concat, NetworkId, ()>;

#[storage_alias]
type PointsMap = StorageMap<TestLedger, Blake2_128Concat, (NetworkId, DeviceId), u64>;

/// A registry whose devices are put there by the tests.
pub struct Registry;

impl Registry {
	pub fn put(id: DeviceId, view: DeviceView<AccountId>) {
		let DeviceView { owner, network, key, cell, status, trust, registered_at } = view;
		let kept = Registered { owner, network, key, cell, status, trust, registered_at };
		DeviceMap::insert(id, kept);
	}

	/// Changes what it says of a device.
	pub fn change(id: DeviceId, change: impl FnOnce(&mut DeviceView<AccountId>)) {
		let mut view = <Self as Devices<AccountId>>::device(&id).unwrap();
		change(&mut view);
		Self::put(id, view);
	}

	pub fn remove(id: &DeviceId) {
		DeviceMap::remove(id);
	}

	pub fn set_policy(network: NetworkId, policy: NetworkPolicy) {
		PolicyMap::insert(network, policy);
	}

	pub fn remove_policy(network: NetworkId) {
		PolicyMap::remove(network);
	}

	pub fn set_kind(network: NetworkId, kind: NetworkKind) {
		KindMap::insert(network, kind);
	}

	pub fn set_paused(network: NetworkId, paused: bool) {
		PausedMap::set(network, paused.then_some(()));
	}
}

impl Devices<AccountId> for Registry {
	fn device(id: &DeviceId) -> Option<DeviceView<AccountId>> {
		let Registered { owner, network, key, cell, status, trust, registered_at } =
			DeviceMap::get(id)?;
		Some(DeviceView { owner, network, key, cell, status, trust, registered_at })
	}

	fn network(id: NetworkId) -> Option<NetworkView> {
		let paused = PausedMap::contains_key(id);
		// The work of most tests is what devices say.
		let kind = KindMap::get(id).unwrap_or(NetworkKind::Compute);
		PolicyMap::get(id).map(|policy| NetworkView { kind, policy, paused })
	}

	fn admin(id: NetworkId) -> Option<AccountId> {
		PolicyMap::contains_key(id).then_some(OWNER)
	}
}

/// A ledger that keeps points for ever.
pub struct Points;

impl Points {
	pub fn of(network: NetworkId, device: DeviceId) -> u64 {
		PointsMap::get((network, device)).unwrap_or_default()
	}
}

impl Ledger for Points {
	fn credit(network: NetworkId, device: &DeviceId, points: u64) {
		let total = Self::of(network, *device).saturating_add(points);
		PointsMap::insert((network, *device), total);
	}
}

/// A device's secret key.
pub enum Signer {
	Ed25519(Box<sp_core::ed25519::Pair>),
	Sr25519(Box<sp_core::sr25519::Pair>),
	Secp256k1(k256::ecdsa::SigningKey),
	P256(p256::ecdsa::SigningKey),
}

impl Signer {
	pub fn ed25519(seed: u8) -> Self {
		Self::Ed25519(Box::new(sp_core::ed25519::Pair::from_seed(&[seed; 32])))
	}

	pub fn sr25519(seed: u8) -> Self {
		Self::Sr25519(Box::new(sp_core::sr25519::Pair::from_seed(&[seed; 32])))
	}

	pub fn secp256k1(seed: u8) -> Self {
		Self::Secp256k1(k256::ecdsa::SigningKey::from_bytes(&[seed; 32].into()).unwrap())
	}

	pub fn p256(seed: u8) -> Self {
		Self::P256(p256::ecdsa::SigningKey::from_bytes(&[seed; 32].into()).unwrap())
	}

	pub fn key(&self) -> PublicKey {
		match self {
			Self::Ed25519(pair) => PublicKey::Ed25519(pair.public().0),
			Self::Sr25519(pair) => PublicKey::Sr25519(pair.public().0),
			Self::Secp256k1(key) => {
				let point = key.verifying_key().to_encoded_point(true);
				PublicKey::Secp256k1(point.as_bytes().try_into().unwrap())
			}
			Self::P256(key) => {
				let point = key.verifying_key().to_encoded_point(true);
				PublicKey::P256(point.as_bytes().try_into().unwrap())
			}
		}
	}

	pub fn id(&self) -> DeviceId {
		self.key().device_id()
	}

	pub fn sign_bytes(&self, bytes: &[u8]) -> Signature {
		match self {
			Self::Ed25519(pair) => Signature(pair.sign(bytes).0),
			Self::Sr25519(pair) => Signature(pair.sign(bytes).0),
			Self::Secp256k1(key) => {
				let signature: k256::ecdsa::Signature = key.sign(bytes);
				Signature(signature.to_bytes().into())
			}
			Self::P256(key) => {
				let signature: p256::ecdsa::Signature = key.sign(bytes);
				Signature(signature.to_bytes().into())
			}
		}
	}

	/// Signs for the chain of the tests.
	pub fn sign(&self, report: Report) -> SignedReport {
		let signature = self.sign_bytes(&report.signing_bytes(&GENESIS));
		SignedReport { chain: GenesisPrefix::of(&GENESIS), report, signature }
	}

	/// A report of the minute before `end`, without readings; sequence and chain follow on from the
	/// device's last report.
	pub fn report_until(&self, end: Millis) -> Report {
		let last = Attestation::last_report(self.id());
		Report {
			device: self.id(),
			sequence: last.map_or(1, |last| last.sequence + 1),
			window_start: end.saturating_sub(MINUTE),
			window_end: end,
			work: 10,
			previous: last.map(|last| last.hash).unwrap_or_default(),
			readings_root: H256::zero(),
			readings_count: 0,
			metrics: Default::default(),
		}
	}

	/// A report of the last minute.
	pub fn report(&self) -> Report {
		self.report_until(now())
	}

	/// A view of the device in the tests' network.
	pub fn view(&self) -> DeviceView<AccountId> {
		DeviceView {
			owner: OWNER,
			network: NETWORK,
			key: self.key(),
			cell: Cell(0x08c2_a107_2b59_adff),
			status: DeviceStatus::Active,
			trust: TrustLevel::HardwareAttested,
			registered_at: 0,
		}
	}
}

/// The report with the root, the count and the summaries of these readings.
pub fn with_readings(report: Report, readings: &Readings) -> Report {
	Report {
		readings_root: readings_root(readings),
		readings_count: readings.len() as u32,
		metrics: summarize(readings).unwrap(),
		..report
	}
}

pub const GENESIS: H256 = H256::repeat_byte(0xd0);
pub const MINUTE: Millis = 60 * 1000;
pub const HOUR: Millis = 60 * MINUTE;
/// The chain's clock when a test begins.
pub const START: Millis = 1_790_000_000_000;
pub const NETWORK: NetworkId = 3;
pub const OWNER: AccountId = 1;
pub const GATEWAY: AccountId = 2;
/// What is held for a metric.
pub const DEPOSIT: Balance = 100;
/// What the owner, who runs the network, has.
pub const FUNDS: Balance = 100_000;
/// The metrics that the tests' network has.
pub const METRICS: [u16; 8] = [0, 1, 2, 3, 4, 5, 6, 7];

pub const POLICY: NetworkPolicy = NetworkPolicy {
	cell_resolution: 12,
	schemes: KeySchemes::ALL,
	location: LocationPolicy { cooldown: 0 },
	// The devices of most tests are attested: their work counts whole.
	trust: TrustPolicy { open: 0, certified: ONE / 2, ..TrustPolicy::EVERYONE },
	report: ReportPolicy {
		max_work_per_hour: 3_600,
		min_interval: MINUTE,
		max_window: HOUR,
		max_age: 2 * HOUR,
		max_skew: 10_000,
	},
	quality: QualityPolicy::OFF,
	coverage: None,
};

/// A metric whose values can be any.
pub fn metric() -> Metric {
	Metric {
		name: b"temperature".to_vec().try_into().unwrap(),
		unit: b"Cel".to_vec().try_into().unwrap(),
		decimals: 2,
		limits: MetricLimits {
			min: i64::MIN,
			max: i64::MAX,
			max_jump: None,
			stuck_limit: None,
			tolerance: None,
		},
	}
}

/// An Ed25519 device of the tests' network.
pub fn alice() -> Signer {
	Signer::ed25519(1)
}

/// A P-256 device of the tests' network.
pub fn bob() -> Signer {
	Signer::p256(2)
}

pub fn now() -> Millis {
	pallet_timestamp::Now::<Test>::get()
}

pub fn set_now(now: Millis) {
	pallet_timestamp::Now::<Test>::put(now);
}

pub fn new_test_ext() -> sp_io::TestExternalities {
	let storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
	let mut ext = sp_io::TestExternalities::new(storage);
	// The benchmarks sign with it.
	ext.register_extension(KeystoreExt::new(MemoryKeystore::new()));
	ext.execute_with(|| {
		frame_system::BlockHash::<Test>::insert(0, GENESIS);
		System::set_block_number(1);
		set_now(START);
		Registry::set_policy(NETWORK, POLICY);
		Balances::force_set_balance(RuntimeOrigin::root(), OWNER, FUNDS).unwrap();
		for id in METRICS {
			Attestation::register_metric(RuntimeOrigin::signed(OWNER), NETWORK, id, metric())
				.unwrap();
		}
		System::reset_events();
		Registry::put(alice().id(), alice().view());
		Registry::put(bob().id(), bob().view());
	});
	ext
}

/// Runs a test on a chain with two devices; what it leaves must hold together.
pub fn build_and_execute(test: impl FnOnce()) {
	new_test_ext().execute_with(|| {
		test();
		Attestation::do_try_state().unwrap();
	});
}

#[cfg(feature = "runtime-benchmarks")]
impl depin_primitives::traits::BenchmarkHelper<AccountId> for Registry {
	fn set_device(id: DeviceId, view: DeviceView<AccountId>, policy: NetworkPolicy) {
		Self::set_policy(view.network, policy);
		Self::put(id, view);
	}

	fn owe(_: NetworkId, _: &DeviceId) {}

	fn fill(_: &DeviceId, _: NetworkId) {}
}

/// Hash of the first block.
pub struct Genesis;

impl frame_support::traits::Get<H256> for Genesis {
	fn get() -> H256 {
		System::block_hash(0)
	}
}
