//! A chain with the test kit's registry and ledger, and devices that report.

use crate::{self as pallet_attestation, types::DeviceState};
use depin_primitives::{
	device::DeviceStatus,
	metric::{Metric, MetricLimits},
	policy::{NetworkPolicy, ReportPolicy, TrustLevel},
	report::{readings_root, summarize, Readings, Report, ReportFlags, SignedReport},
	signing::GenesisPrefix,
	traits::{DeviceView, Devices as _},
	Balance, Cell, DeviceId, Millis, NetworkId, PublicKey, H256,
};
use depin_test_kit::{mock_runtime, policy::TRUST_BY_LEVEL};
use frame_support::{
	traits::{ConstU128, ConstU32},
	weights::Weight,
};
use sp_keystore::{testing::MemoryKeystore, KeystoreExt};
use sp_runtime::{testing::UintAuthorityId, BuildStorage};

pub use depin_test_kit::{
	genesis::{Genesis, GENESIS},
	keys::Key as Signer,
	ledger::Points,
	registry::ADMIN as OWNER,
	AccountId, HOUR, MINUTE, START,
};

/// Registry whose records have this pallet's part.
pub type Registry = depin_test_kit::registry::Registry<Option<DeviceState>>;

pub type TxExtension = (
	frame_system::AuthorizeCall<Test>,
	frame_system::CheckNonce<Test>,
	frame_system::CheckWeight<Test>,
);
pub type UncheckedExtrinsic =
	sp_runtime::generic::UncheckedExtrinsic<AccountId, RuntimeCall, UintAuthorityId, TxExtension>;
pub type Header = sp_runtime::generic::Header<u32, sp_runtime::traits::BlakeTwo256>;
pub type Block = sp_runtime::generic::Block<Header, UncheckedExtrinsic>;

mock_runtime!(Attestation = pallet_attestation, existential_deposit = EXISTENTIAL_DEPOSIT);

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

/// Weights that differ from call to call and with the sizes, in round numbers that the tests name.
pub struct TestWeights;

impl crate::WeightInfo for TestWeights {
	fn report(m: u32, r: u32) -> Weight {
		Weight::from_parts(1_000 + u64::from(100 * m + r), 100)
	}
	fn authorize_report(m: u32, r: u32) -> Weight {
		Weight::from_parts(2_000 + u64::from(100 * m + r), 200)
	}
	fn submit_report(m: u32, r: u32) -> Weight {
		Weight::from_parts(4_000 + u64::from(100 * m + r), 400)
	}
	fn submit_reports(n: u32) -> Weight {
		Weight::from_parts(100 + 3_000 * u64::from(n), 0)
	}
	fn another_network() -> Weight {
		Weight::from_parts(10_000_000, 0)
	}
	fn compare_with_cell() -> Weight {
		Weight::from_parts(100_000_000, 0)
	}
	fn compare_with_ring() -> Weight {
		Weight::from_parts(700_000_000, 0)
	}
	fn publish() -> Weight {
		Weight::from_parts(1_000_000_000, 0)
	}
	fn settle() -> Weight {
		Weight::from_parts(2_000_000_000, 0)
	}
	fn verify_ed25519() -> Weight {
		Weight::from_parts(20_000, 0)
	}
	fn verify_sr25519() -> Weight {
		Weight::from_parts(30_000, 0)
	}
	fn verify_secp256k1() -> Weight {
		Weight::from_parts(40_000, 0)
	}
	fn verify_p256() -> Weight {
		Weight::from_parts(80_000, 0)
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

/// Puts a device's state in place.
pub fn put_state(device: DeviceId, state: DeviceState) {
	Registry::replace_part(&device, Some(state)).expect("the device is registered");
}

/// Reports of a device, each made to follow the device's last accepted report.
pub trait Reports: AsRef<Signer> {
	/// Returns the public key.
	fn key(&self) -> PublicKey {
		self.as_ref().public()
	}

	/// Signs for the chain of the tests.
	fn sign(&self, report: Report) -> SignedReport {
		let signature = self.as_ref().sign_body(&report, &GENESIS);
		SignedReport { chain: GenesisPrefix::of(&GENESIS), report, signature }
	}

	/// Returns a report of the minute before `end`, without readings; sequence and chain follow on
	/// from the device's last report.
	fn report_until(&self, end: Millis) -> Report {
		let device = self.as_ref().id();
		let last = Attestation::last_report(device);
		Report {
			device,
			sequence: last.map_or(1, |last| last.sequence + 1),
			window_start: end.saturating_sub(MINUTE),
			window_end: end,
			work: 10,
			previous: last.map(|last| last.hash).unwrap_or_default(),
			readings_root: H256::zero(),
			readings_count: 0,
			flags: ReportFlags::NONE,
			metrics: Default::default(),
			digests: Default::default(),
		}
	}

	/// Returns a report of the last minute.
	fn report(&self) -> Report {
		self.report_until(now())
	}

	/// Returns a view of the device in the tests' network.
	fn view(&self) -> DeviceView<AccountId> {
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

impl Reports for Signer {}

/// Returns the report with these readings inline.
pub fn inline(report: Report, readings: &Readings) -> Report {
	Report { flags: ReportFlags::INLINE, ..with_readings(report, readings) }
}

/// Adds the root, the count and the summaries of these readings to the report, which only commits
/// to them.
pub fn with_readings(report: Report, readings: &Readings) -> Report {
	Report {
		readings_root: readings_root(readings),
		readings_count: readings.len() as u32,
		metrics: summarize(readings).unwrap(),
		..report
	}
}

pub const NETWORK: NetworkId = 3;
pub const GATEWAY: AccountId = 2;
pub const EXISTENTIAL_DEPOSIT: Balance = 1;
/// Deposit for a metric.
pub const DEPOSIT: Balance = 100;
/// Balance of the owner, who also runs the network.
pub const FUNDS: Balance = 100_000;
/// Metrics of the tests' network.
pub const METRICS: [u16; 8] = [0, 1, 2, 3, 4, 5, 6, 7];

/// Policy of the tests' network. The devices of most tests are hardware attested: their work counts
/// in full.
pub const POLICY: NetworkPolicy = NetworkPolicy {
	cell_resolution: 12,
	trust: TRUST_BY_LEVEL,
	report: ReportPolicy {
		min_interval: MINUTE,
		max_age: 2 * HOUR,
		max_skew: 10_000,
		..NetworkPolicy::OPEN.report
	},
	..NetworkPolicy::OPEN
};

/// Returns a metric whose values can be any.
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

/// Returns an Ed25519 device of the tests' network.
pub fn alice() -> Signer {
	Signer::ed25519(1)
}

/// Returns a P-256 device of the tests' network.
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

/// Runs a test on a chain with two devices, and checks the invariants when it is over.
pub fn build_and_execute(test: impl FnOnce()) {
	new_test_ext().execute_with(|| {
		test();
		Attestation::do_try_state().unwrap();
	});
}
