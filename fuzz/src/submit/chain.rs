//! Chain of the target `submit_batch`: attestation alone, with the test kit's registry and ledger.

use super::device::{Known, ALL, NETWORK};
use depin_primitives::{
	metric::{Metric, MetricLimits},
	network::NetworkKind,
	policy::{
		NetworkPolicy, QualityPolicy, QualityWeights, ReportPolicy, TrustPolicy, MAX_POLICY_TIME,
		ONE,
	},
	traits::Devices,
	Balance,
};
use depin_test_kit::{genesis::Genesis, mock_runtime, START};
use frame_support::traits::{fungible::Mutate, ConstU128, ConstU32};
use pallet_attestation::types::DeviceState;
use sp_io::TestExternalities;
use sp_runtime::BuildStorage;

pub use depin_test_kit::{ledger::Points, registry::ADMIN, AccountId, HOUR, MINUTE, SECOND};

/// Registry whose records have the pallet's part.
pub type Registry = depin_test_kit::registry::Registry<Option<DeviceState>>;

pub const GATEWAY: AccountId = 2;
const EXISTENTIAL_DEPOSIT: Balance = 1;
/// Metrics of the network, with narrow limits, wide limits, no limits, and no comparison.
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

type Block = frame_system::mocking::MockBlockU32<Test>;

mock_runtime!(Attestation = pallet_attestation, existential_deposit = EXISTENTIAL_DEPOSIT);

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
	type WeightInfo = ();
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = Registry;
}

/// Kind and policy of the network when the chain begins.
const RULES: (NetworkKind, NetworkPolicy) = (NetworkKind::Compute, POLICY);

fn set_rules((kind, policy): (NetworkKind, NetworkPolicy)) {
	Registry::set_kind(NETWORK, kind);
	Registry::set_policy(NETWORK, policy);
}

/// Returns the policy of the network.
pub fn policy() -> NetworkPolicy {
	Registry::network(NETWORK).expect("the genesis state has the network; qed").policy
}

/// Switches the network between its two kinds and policies.
pub fn change_rules() {
	set_rules(if policy() == POLICY { (NetworkKind::Sensor, OTHER) } else { RULES });
}

/// Policy of one report an hour, scored by every part of quality.
pub const POLICY: NetworkPolicy = NetworkPolicy {
	cell_resolution: 12,
	trust: TrustPolicy { certified: ONE / 3, ..TrustPolicy::EVERYONE },
	report: ReportPolicy {
		min_interval: MINUTE,
		max_window: 2 * HOUR,
		max_age: 6 * HOUR,
		max_skew: 10 * SECOND,
		..NetworkPolicy::OPEN.report
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
	..NetworkPolicy::OPEN
};

/// Policy with extreme values: any number of reports, slots of 7 milliseconds.
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

/// Returns the chain before the first report.
pub fn new_chain() -> TestExternalities {
	let storage = frame_system::GenesisConfig::<Test>::default().build_storage();
	let mut chain = TestExternalities::new(storage.expect("an empty genesis builds; qed"));
	chain.execute_with(|| {
		System::set_block_number(1);
		pallet_timestamp::Now::<Test>::put(START);
		set_rules(RULES);
		for Known { id, view, .. } in ALL.iter() {
			view.iter().for_each(|view| Registry::put(*id, view.clone()));
		}
		Balances::set_balance(&ADMIN, 1_000);
		for (id, limits) in METRICS {
			let name = b"temperature".to_vec().try_into().expect("the text is short enough; qed");
			let unit = b"Cel".to_vec().try_into().expect("the text is short enough; qed");
			let metric = Metric { name, unit, decimals: 2, limits };
			Attestation::register_metric(RuntimeOrigin::signed(ADMIN), NETWORK, id, metric)
				.expect("the admin can pay the deposits; qed");
		}
		System::reset_events();
		Attestation::do_try_state().expect("the genesis state holds the invariants; qed");
	});
	chain
}
