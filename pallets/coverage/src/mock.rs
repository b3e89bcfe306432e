//! A runtime with the test kit's registry and ledger, and devices that beacon and witness.

use crate as pallet_coverage;
use crate::{types::*, *};
use depin_primitives::{
	beacon::{
		commitment, transmission, Beacon, BeaconChallenge, CoverageScore, Period, SignedWitness,
		Tick, WitnessReport,
	},
	device::DeviceStatus,
	policy::{CoveragePolicy, NetworkPolicy, ReportPolicy, TrustLevel},
	signing::{GenesisPrefix, Signable},
	traits::{DeviceView, Devices as _},
	Cell, DeviceId, Millis, NetworkId, PublicKey, Signature, H256,
};
use depin_test_kit::{
	declare_runtime, genesis::Genesis, keys::Key, ledger::Points, policy::TRUST_BY_LEVEL,
};
use frame_support::{
	derive_impl,
	dispatch::DispatchClass,
	parameter_types,
	traits::{Hooks, Randomness},
	weights::{constants::WEIGHT_REF_TIME_PER_SECOND, Weight, WeightMeter},
};
use frame_system::EnsureRoot;
use sp_runtime::{BuildStorage, Perbill};

pub use depin_test_kit::{
	genesis::GENESIS,
	ledger::Credits,
	registry::{Paused, Policies},
	AccountId, START,
};

/// Registry whose records have this pallet's part.
pub type Registry = depin_test_kit::registry::Registry<Option<CoverageScore>>;

/// Puts the score of a registered device in place.
pub fn put_score(device: DeviceId, score: CoverageScore) {
	Registry::replace_part(&device, Some(score)).expect("the device is registered");
}

type Block = frame_system::mocking::MockBlock<Test>;

declare_runtime!(0 System = frame_system, 1 Timestamp = pallet_timestamp, 2 Coverage = pallet_coverage);

parameter_types! {
	pub BlockWeights: frame_system::limits::BlockWeights =
		frame_system::limits::BlockWeights::with_sensible_defaults(
			Weight::from_parts(2 * WEIGHT_REF_TIME_PER_SECOND, 5 * 1024 * 1024),
			Perbill::from_percent(75),
		);
	pub FullBlock: Perbill = Perbill::from_percent(50);
	pub FreeShare: Perbill = Perbill::from_percent(20);
	/// Weight without a fee in this block. [`ExtBuilder::build`] resets it.
	pub static FreeWeight: Weight = Weight::zero();
	/// Randomness of the last block's author. [`ExtBuilder::build`] takes it away.
	pub static Random: Option<H256> = None;
	/// Number of past rounds for whose removal a block has weight. [`ExtBuilder::build`] resets it.
	pub static ClearLimit: u32 = u32::MAX;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = Block;
	type BlockWeights = BlockWeights;
}

#[derive_impl(pallet_timestamp::config_preludes::TestDefaultConfig)]
impl pallet_timestamp::Config for Test {}

impl Config for Test {
	type Devices = Registry;
	type Ledger = Points;
	type Randomness = Author;
	type Time = Timestamp;
	type TimingOrigin = EnsureRoot<AccountId>;
	type FullBlock = FullBlock;
	type FreeShare = FreeShare;
	type FreeWeight = FreeWeight;
	type GenesisHash = Genesis;
	type WeightInfo = TestWeights;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = Registry;
}

/// Weights of the mock, by the name that the tests use.
pub type TestWeights = ();

pub struct Author;
impl Randomness<Option<H256>, u64> for Author {
	fn random(_: &[u8]) -> (Option<H256>, u64) {
		(Random::get(), System::block_number())
	}
}

pub const NETWORK: NetworkId = 7;
pub const OTHER_NETWORK: NetworkId = 8;
pub const FREQUENCY: u32 = 868_100_000;
pub const PER_UNIT: u64 = 1_000_000_007;
pub const SKEW: Millis = 30_000;
pub const BLOCK_TIME: Millis = 6000;
pub const GATEWAY: AccountId = 9999;
pub const TIMING: TimingRules = TimingRules { period_ticks: 20, commit_ticks: 3, reveal_ticks: 4 };

/// Cells of resolution 8 on a line from Helsinki: the index is the distance from the first. Made
/// with the reference implementation (`grid_path_cells` of h3 4.5.0).
pub const LINE: [Cell; 8] = [
	Cell(0x881126d339fffff),
	Cell(0x881126d307fffff),
	Cell(0x881126d301fffff),
	Cell(0x881126d30dfffff),
	Cell(0x881126d347fffff),
	Cell(0x881126d345fffff),
	Cell(0x881126d34dfffff),
	Cell(0x88089ba69bfffff),
];
/// Cell in New York, to which the grid has no distance.
pub const FAR_AWAY: Cell = Cell(0x882a107289fffff);

/// Returns the policy of [`NETWORK`]. The devices of most tests are hardware attested: their points
/// count in full.
pub fn policy() -> NetworkPolicy {
	NetworkPolicy {
		cell_resolution: 8,
		trust: TRUST_BY_LEVEL,
		report: ReportPolicy { max_skew: SKEW, ..NetworkPolicy::OPEN.report },
		coverage: Some(CoveragePolicy {
			min_distance: 2,
			max_distance: 5,
			min_frequency: FREQUENCY - 100_000,
			max_frequency: FREQUENCY + 100_000,
			points_per_unit: PER_UNIT,
		}),
		..NetworkPolicy::OPEN
	}
}

/// Device with its key.
pub struct Device {
	pub id: DeviceId,
	pub key: PublicKey,
	signer: Key,
}

impl Device {
	fn of(signer: Key) -> Self {
		Self { id: signer.id(), key: signer.public(), signer }
	}

	/// Returns a device with a P-256 key, not registered.
	pub fn p256(seed: u8) -> Self {
		Self::of(Key::p256(seed))
	}

	/// Returns a device with a secp256k1 key, not registered.
	pub fn secp256k1(seed: u8) -> Self {
		Self::of(Key::secp256k1(seed))
	}

	/// Returns a device with an Sr25519 key, not registered. No two of its signatures are the same.
	pub fn sr25519(seed: u8) -> Self {
		Self::of(Key::randomised_sr25519(seed))
	}

	/// Returns a device with an Ed25519 key, not registered.
	pub fn ed25519(seed: u8) -> Self {
		Self::of(Key::ed25519(seed))
	}

	/// Registers the device as active and hardware attested.
	pub fn at(self, owner: AccountId, cell: Cell) -> Self {
		let view = DeviceView {
			owner,
			network: NETWORK,
			key: self.key,
			cell,
			status: DeviceStatus::Active,
			trust: TrustLevel::HardwareAttested,
			registered_at: 0,
		};
		Registry::put(self.id, view);
		self
	}

	/// Changes the device in the registry.
	pub fn change(&self, change: impl FnOnce(&mut DeviceView<AccountId>)) {
		Registry::change(self.id, change);
	}

	/// Removes the device from the registry.
	pub fn forget(&self) {
		Registry::remove(&self.id);
	}

	pub fn sign(&self, body: &impl Signable) -> Signature {
		self.sign_for(&GENESIS, body)
	}

	pub fn sign_for(&self, genesis: &H256, body: &impl Signable) -> Signature {
		self.signer.sign_body(body, genesis)
	}

	/// Returns the payload that the device transmits in the current period.
	pub fn payload(&self) -> Signature {
		let period = period();
		let nonce = period.nonce(&self.id);
		self.sign(&BeaconChallenge { device: self.id, period: period.number, nonce })
	}

	/// Returns the beacon that reveals the payload.
	pub fn beacon(&self) -> Beacon {
		Beacon {
			chain: GenesisPrefix::of(&GENESIS),
			device: self.id,
			period: period().number,
			payload: self.payload(),
		}
	}

	/// Returns a report that the device has just heard the beacon of another.
	pub fn report(&self, beaconer: &Device) -> WitnessReport {
		WitnessReport {
			witness: self.id,
			beaconer: beaconer.id,
			period: period().number,
			commitment: commitment(&transmission(&beaconer.payload()), &self.id),
			rssi: -1015,
			snr: 65,
			frequency: FREQUENCY,
			heard_at: Timestamp::get(),
		}
	}

	/// Returns the same report, signed.
	pub fn witness(&self, beaconer: &Device) -> SignedWitness {
		self.signed(self.report(beaconer))
	}

	pub fn signed(&self, report: WitnessReport) -> SignedWitness {
		let signature = self.sign(&report);
		SignedWitness { chain: GenesisPrefix::of(&GENESIS), report, signature }
	}
}

/// Registers the beaconer of most tests, at the beginning of [`LINE`].
pub fn beaconer() -> Device {
	Device::p256(1).at(1, LINE[0])
}

/// Registers a good witness of the beaconer. Each has its own owner.
pub fn hearer(n: u8) -> Device {
	let device = if n.is_multiple_of(2) { Device::p256(100 + n) } else { Device::ed25519(100 + n) };
	device.at(100 + AccountId::from(n), LINE[3])
}

pub fn period() -> PeriodInfo {
	CurrentPeriod::<Test>::get().unwrap()
}

pub fn tick() -> Tick {
	Clock::<Test>::get().tick
}

/// Begins a block that holds calls of the normal class of this weight.
pub fn block_of(normal: Weight) {
	let number = System::block_number() + 1;
	let parent = if number == 1 { GENESIS } else { H256::zero() };
	System::initialize(&number, &parent, &Default::default());
	let initial = Coverage::on_initialize(number);
	System::register_extra_weight_unchecked(initial, DispatchClass::Mandatory);
	Timestamp::set_timestamp(START + number * BLOCK_TIME);
	Random::set(Some(H256::from_low_u64_be(number)));
	let step = TestWeights::clear_rounds(1) - TestWeights::clear_rounds(0);
	let room = TestWeights::on_poll()
		.saturating_add(TestWeights::clear_rounds(0))
		.saturating_add(step.saturating_mul(ClearLimit::get().into()));
	Coverage::on_poll(number, &mut WeightMeter::with_limit(room));
	System::register_extra_weight_unchecked(normal, DispatchClass::Normal);
}

/// Ends the block and begins the next.
pub fn next_block() {
	Coverage::on_finalize(System::block_number());
	block_of(Weight::zero());
}

pub fn to_tick(to: Tick) {
	assert!(tick() <= to, "the clock is past tick {to}");
	while tick() < to {
		next_block();
	}
}

pub fn to_period(to: Period) {
	while period().number < to {
		next_block();
	}
}

pub fn to_commit(beaconer: &Device) {
	to_tick(period().window(&beaconer.id).opens_at);
}

pub fn to_reveal(beaconer: &Device) {
	to_tick(period().window(&beaconer.id).reveals_at);
}

pub struct ExtBuilder {
	timing: TimingRules,
	first_block: bool,
}

impl Default for ExtBuilder {
	fn default() -> Self {
		Self { timing: TIMING, first_block: true }
	}
}

impl ExtBuilder {
	pub fn timing(mut self, timing: TimingRules) -> Self {
		self.timing = timing;
		self
	}

	/// Leaves the chain at its genesis, without a tick.
	pub fn at_genesis(mut self) -> Self {
		self.first_block = false;
		self
	}

	pub fn build(self) -> sp_io::TestExternalities {
		let TimingRules { period_ticks, commit_ticks, reveal_ticks } = self.timing;
		let genesis = RuntimeGenesisConfig {
			coverage: GenesisConfig {
				period_ticks,
				commit_ticks,
				reveal_ticks,
				..Default::default()
			},
			..Default::default()
		};
		let mut ext = sp_io::TestExternalities::new(genesis.build_storage().unwrap());
		Random::take();
		ClearLimit::set(u32::MAX);
		FreeWeight::take();
		ext.execute_with(|| {
			Registry::set_policy(NETWORK, policy());
			Registry::set_policy(OTHER_NETWORK, NetworkPolicy { coverage: None, ..policy() });
			if self.first_block {
				block_of(Weight::zero());
			}
		});
		ext
	}

	pub fn build_and_execute(self, test: impl FnOnce()) {
		self.build().execute_with(|| {
			test();
			Coverage::do_try_state().unwrap();
		});
	}
}
