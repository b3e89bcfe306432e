//! A chain of nothing but attestation, with a fixed registry and a ledger of its own.

use super::device::{device, NETWORK};
use depin_primitives::{
	key::KeySchemes,
	metric::{Metric, MetricLimits},
	network::NetworkKind,
	policy::{
		LocationPolicy, NetworkPolicy, QualityPolicy, QualityWeights, ReportPolicy, TrustPolicy,
		MAX_POLICY_TIME, ONE,
	},
	traits::{DeviceView, Devices, Ledger, NetworkView},
	Balance, DeviceId, Millis, NetworkId, H256,
};
use frame_support::{
	derive_impl, storage_alias,
	traits::{fungible::Mutate, ConstU128, ConstU32},
	weights::Weight,
	Blake2_128Concat,
};
use sp_io::TestExternalities;
use sp_runtime::BuildStorage;

pub type AccountId = u64;

pub const GENESIS: H256 = H256::repeat_byte(0x33);
pub const START: Millis = 1_790_000_000_000;
pub const SECOND: Millis = 1000;
pub const MINUTE: Millis = 60 * SECOND;
pub const HOUR: Millis = 60 * MINUTE;
pub const ADMIN: AccountId = 1;
pub const GATEWAY: AccountId = 2;
/// The network's metrics: within narrow limits, within wide ones, within none, and never compared.
pub const METRICS: [(u16, MetricLimits); 4] = [
	(0, limits(-100, 100, Some(50), Some(6), Some(16))),
	(1, limits(-30_000, 30_000, None, None, Some(0))),
	(2, limits(i64::MIN, i64::MAX, Some(u64::MAX), Some(u32::MAX), Some(u64::MAX))),
	(7, limits(0, 0, Some(0), Some(1), None)),
];

const fn limits(
	min: i64,
	max: i64,
	max_jump: Option<u64>,
	stuck_limit: Option<u32>,
	tolerance: Option<u64>,
) -> MetricLimits {
	MetricLimits { min, max, max_jump, stuck_limit, tolerance }
}

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
	type Block = frame_system::mocking::MockBlockU32<Test>;
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
	type MetricDeposit = ConstU128<100>;
	type MaxMetrics = ConstU32<8>;
	type MaxBatch = ConstU32<16>;
	type Devices = Registry;
	type Ledger = Points;
	type Time = Timestamp;
	type GenesisHash = Genesis;
	type WeightInfo = Weights;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = Registry;
}

/// Weights that count reports and readings.
pub struct Weights;

impl pallet_attestation::WeightInfo for Weights {
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

/// Whether the network has its other rules.
#[storage_alias]
type Other = StorageValue<TestRegistry, ()>;

#[storage_alias]
type PointsMap = StorageMap<TestLedger, Blake2_128Concat, DeviceId, u64>;

/// The devices are fixed; the rules are these or those.
pub struct Registry;

impl Registry {
	pub fn rules() -> (NetworkKind, NetworkPolicy) {
		if Other::exists() {
			(NetworkKind::Sensor, OTHER)
		} else {
			(NetworkKind::Compute, POLICY)
		}
	}

	pub fn change_rules() {
		Other::set((!Other::exists()).then_some(()));
	}
}

impl Devices<AccountId> for Registry {
	fn device(id: &DeviceId) -> Option<DeviceView<AccountId>> {
		device(id)
	}

	fn network(id: NetworkId) -> Option<NetworkView> {
		let (kind, policy) = Self::rules();
		(id == NETWORK).then_some(NetworkView { kind, policy, paused: false })
	}

	fn admin(id: NetworkId) -> Option<AccountId> {
		(id == NETWORK).then_some(ADMIN)
	}
}

/// A ledger that keeps points for ever.
pub struct Points;

impl Points {
	pub fn of(device: &DeviceId) -> u64 {
		PointsMap::get(device).unwrap_or_default()
	}
}

impl Ledger for Points {
	fn credit(_: NetworkId, device: &DeviceId, points: u64) {
		PointsMap::insert(device, Self::of(device).saturating_add(points));
	}
}

/// Reports each hour, scored by all that there is.
pub const POLICY: NetworkPolicy = NetworkPolicy {
	cell_resolution: 12,
	schemes: KeySchemes::ALL,
	location: LocationPolicy { cooldown: 0 },
	trust: TrustPolicy { certified: ONE / 3, ..TrustPolicy::EVERYONE },
	report: ReportPolicy {
		max_work_per_hour: 3_600,
		min_interval: MINUTE,
		max_window: 2 * HOUR,
		max_age: 6 * HOUR,
		max_skew: 10 * SECOND,
	},
	quality: QualityPolicy {
		period: HOUR,
		on_time: 10 * MINUTE,
		weights: QualityWeights { cadence: 1, continuity: 2, plausibility: 3, neighbours: 4 },
		threshold: ONE / 4,
		resolution: 8,
		min_neighbours: 2,
		copy_limit: 2,
	},
	coverage: None,
};

/// Rules at their ends: any number of reports, slots of 7 milliseconds.
pub const OTHER: NetworkPolicy = NetworkPolicy {
	report: ReportPolicy {
		max_work_per_hour: u64::MAX,
		min_interval: 0,
		max_window: MAX_POLICY_TIME,
		max_age: MAX_POLICY_TIME,
		max_skew: 2 * HOUR,
	},
	quality: QualityPolicy {
		period: 7,
		on_time: 0,
		weights: QualityWeights { cadence: 0, continuity: 0, plausibility: 255, neighbours: 255 },
		threshold: ONE,
		resolution: 0,
		min_neighbours: 1,
		copy_limit: u8::MAX,
	},
	..POLICY
};

/// The chain before the first report.
pub fn new_chain() -> TestExternalities {
	let storage = frame_system::GenesisConfig::<Test>::default().build_storage();
	let mut chain = TestExternalities::new(storage.expect("it needs nothing; qed"));
	chain.execute_with(|| {
		frame_system::BlockHash::<Test>::insert(0, GENESIS);
		System::set_block_number(1);
		pallet_timestamp::Now::<Test>::put(START);
		Balances::set_balance(&ADMIN, 1_000);
		for (id, limits) in METRICS {
			let name = b"temperature".to_vec().try_into().expect("short enough; qed");
			let unit = b"Cel".to_vec().try_into().expect("short enough; qed");
			let metric = Metric { name, unit, decimals: 2, limits };
			Attestation::register_metric(RuntimeOrigin::signed(ADMIN), NETWORK, id, metric)
				.expect("the admin can pay for a few; qed");
		}
		System::reset_events();
		Attestation::do_try_state().expect("nothing has happened; qed");
	});
	chain
}

#[cfg(feature = "runtime-benchmarks")]
impl depin_primitives::traits::BenchmarkHelper<AccountId> for Registry {
	fn set_device(_: DeviceId, _: DeviceView<AccountId>, _: NetworkPolicy) {
		unreachable!("nothing is benchmarked on this chain");
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
