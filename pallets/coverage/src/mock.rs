//! A runtime with a registry and a ledger held in memory, and devices that sign.

use crate as pallet_coverage;
use crate::{types::*, *};
use depin_primitives::{
	beacon::{commitment, Beacon, BeaconChallenge, Period, SignedWitness, Tick, WitnessReport},
	device::DeviceStatus,
	key::KeySchemes,
	network::NetworkKind,
	policy::{
		CoveragePolicy, LocationPolicy, NetworkPolicy, QualityPolicy, ReportPolicy, TrustLevel,
		TrustPolicy, ONE,
	},
	signing::{GenesisPrefix, Signable},
	traits::{self, DeviceView, NetworkView},
	Cell, DeviceId, Millis, NetworkId, PublicKey, Signature, H256,
};
use frame_support::{
	derive_impl,
	dispatch::DispatchClass,
	parameter_types,
	traits::{ConstU64, Hooks, Randomness},
	weights::{constants::WEIGHT_REF_TIME_PER_SECOND, Weight, WeightMeter},
};
use sp_core::{ed25519, sr25519, Pair};
use sp_runtime::{BuildStorage, Perbill};
use std::collections::{BTreeMap, BTreeSet};

pub type AccountId = u64;
type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
	pub enum Test {
		System: frame_system,
		Timestamp: pallet_timestamp,
		Coverage: pallet_coverage,
	}
);

parameter_types! {
	pub BlockWeights: frame_system::limits::BlockWeights =
		frame_system::limits::BlockWeights::with_sensible_defaults(
			Weight::from_parts(2 * WEIGHT_REF_TIME_PER_SECOND, 5 * 1024 * 1024),
			Perbill::from_percent(75),
		);
	pub FullBlock: Perbill = Perbill::from_percent(50);
	/// The registry.
	pub static Devices: BTreeMap<DeviceId, DeviceView<AccountId>> = BTreeMap::new();
	pub static Policies: BTreeMap<NetworkId, NetworkPolicy> = BTreeMap::new();
	pub static Paused: BTreeSet<NetworkId> = BTreeSet::new();
	/// The ledger.
	pub static Credits: Vec<(NetworkId, DeviceId, u64)> = Vec::new();
	/// The last author's randomness.
	pub static Random: Option<H256> = None;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type AccountId = AccountId;
	type Lookup = sp_runtime::traits::IdentityLookup<AccountId>;
	type Block = Block;
	type BlockWeights = BlockWeights;
}

impl pallet_timestamp::Config for Test {
	type Moment = Millis;
	type OnTimestampSet = ();
	type MinimumPeriod = ConstU64<1>;
	type WeightInfo = ();
}

impl Config for Test {
	type Devices = Registry;
	type Ledger = Ledger;
	type Randomness = Author;
	type Time = Timestamp;
	type FullBlock = FullBlock;
	type GenesisHash = Genesis;
	type WeightInfo = TestWeights;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = Registry;
}

pub struct Registry;
impl traits::Devices<AccountId> for Registry {
	fn device(id: &DeviceId) -> Option<DeviceView<AccountId>> {
		Devices::get().get(id).cloned()
	}

	fn network(id: NetworkId) -> Option<NetworkView> {
		let policy = Policies::get().get(&id).copied()?;
		let paused = Paused::get().contains(&id);
		Some(NetworkView { kind: NetworkKind::Wireless, policy, paused })
	}

	fn admin(_: NetworkId) -> Option<AccountId> {
		None
	}
}

pub struct Ledger;
impl traits::Ledger for Ledger {
	fn credit(network: NetworkId, device: &DeviceId, points: u64) {
		Credits::mutate(|all| all.push((network, *device, points)));
	}
}

pub struct Author;
impl Randomness<Option<H256>, u64> for Author {
	fn random(_: &[u8]) -> (Option<H256>, u64) {
		(Random::get(), System::block_number())
	}
}

pub struct TestWeights;
impl WeightInfo for TestWeights {
	fn on_poll() -> Weight {
		Weight::from_parts(40_000_000, 2000)
	}
	fn on_finalize() -> Weight {
		Weight::from_parts(5_000_000, 1000)
	}
	fn witness() -> Weight {
		Weight::from_parts(100_000_000, 20_000)
	}
	fn authorize_witness() -> Weight {
		Weight::from_parts(200_000_000, 20_000)
	}
	fn beacon(w: u32) -> Weight {
		Weight::from_parts(50_000_000, 5000)
			.saturating_add(Weight::from_parts(30_000_000, 3000).saturating_mul(w.into()))
	}
	fn authorize_beacon() -> Weight {
		Weight::from_parts(200_000_000, 15_000)
	}
	fn submit_witness() -> Weight {
		Self::witness().saturating_add(Self::authorize_witness())
	}
	fn submit_beacon(w: u32) -> Weight {
		Self::beacon(w).saturating_add(Self::authorize_beacon())
	}
}

pub const NETWORK: NetworkId = 7;
pub const OTHER_NETWORK: NetworkId = 8;
pub const GENESIS: H256 = H256([0x6e; 32]);
pub const FREQUENCY: u32 = 868_100_000;
pub const PER_UNIT: u64 = 1_000_000_007;
pub const SKEW: Millis = 30_000;
pub const START: Millis = 1_750_000_000_000;
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
/// New York: the grid knows no distance to it.
pub const FAR_AWAY: Cell = Cell(0x882a107289fffff);

pub fn policy() -> NetworkPolicy {
	NetworkPolicy {
		cell_resolution: 8,
		schemes: KeySchemes::ALL,
		location: LocationPolicy { cooldown: 0 },
		// The devices of most tests are attested: their points count whole.
		trust: TrustPolicy { open: 0, certified: ONE / 2, ..TrustPolicy::EVERYONE },
		report: ReportPolicy {
			max_work_per_hour: 1000,
			min_interval: 1000,
			max_window: 3_600_000,
			max_age: 3_600_000,
			max_skew: SKEW,
		},
		quality: QualityPolicy::OFF,
		coverage: Some(CoveragePolicy {
			min_distance: 2,
			max_distance: 5,
			min_frequency: FREQUENCY - 100_000,
			max_frequency: FREQUENCY + 100_000,
			points_per_unit: PER_UNIT,
		}),
	}
}

enum Signer {
	Ed25519(Box<ed25519::Pair>),
	Sr25519(Box<sr25519::Pair>),
	Secp256k1(k256::ecdsa::SigningKey),
	P256(p256::ecdsa::SigningKey),
}

/// A device, with its key.
pub struct Device {
	pub id: DeviceId,
	pub key: PublicKey,
	signer: Signer,
}

impl Device {
	/// A device with a P-256 key, not registered.
	pub fn p256(seed: u8) -> Self {
		let signer = p256::ecdsa::SigningKey::from_slice(&[seed; 32]).unwrap();
		let point = signer.verifying_key().to_encoded_point(true);
		let key = PublicKey::P256(point.as_bytes().try_into().unwrap());
		Self { id: key.device_id(), key, signer: Signer::P256(signer) }
	}

	/// A device with a secp256k1 key, not registered.
	pub fn secp256k1(seed: u8) -> Self {
		let signer = k256::ecdsa::SigningKey::from_slice(&[seed; 32]).unwrap();
		let point = signer.verifying_key().to_encoded_point(true);
		let key = PublicKey::Secp256k1(point.as_bytes().try_into().unwrap());
		Self { id: key.device_id(), key, signer: Signer::Secp256k1(signer) }
	}

	/// A device with an Sr25519 key, not registered. No two of its signatures are the same.
	pub fn sr25519(seed: u8) -> Self {
		let pair = sr25519::Pair::from_seed(&[seed; 32]);
		let key = PublicKey::Sr25519(pair.public().0);
		Self { id: key.device_id(), key, signer: Signer::Sr25519(Box::new(pair)) }
	}

	/// A device with an Ed25519 key, not registered.
	pub fn ed25519(seed: u8) -> Self {
		let pair = ed25519::Pair::from_seed(&[seed; 32]);
		let key = PublicKey::Ed25519(pair.public().0);
		Self { id: key.device_id(), key, signer: Signer::Ed25519(Box::new(pair)) }
	}

	/// Registers it as an active, attested device.
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
		Devices::mutate(|all| all.insert(self.id, view));
		self
	}

	/// Changes what the registry says of it.
	pub fn change(&self, change: impl FnOnce(&mut DeviceView<AccountId>)) {
		Devices::mutate(|all| change(all.get_mut(&self.id).unwrap()));
	}

	/// Takes it off the registry.
	pub fn forget(&self) {
		Devices::mutate(|all| all.remove(&self.id));
	}

	pub fn sign(&self, body: &impl Signable) -> Signature {
		self.sign_for(&GENESIS, body)
	}

	pub fn sign_for(&self, genesis: &H256, body: &impl Signable) -> Signature {
		let message = body.signing_bytes(genesis);
		match &self.signer {
			Signer::Ed25519(pair) => Signature(pair.sign(&message).0),
			Signer::Sr25519(pair) => Signature(pair.sign(&message).0),
			Signer::Secp256k1(signer) => {
				use k256::ecdsa::signature::Signer;
				let signature: k256::ecdsa::Signature = signer.sign(&message);
				Signature(signature.to_bytes().into())
			}
			Signer::P256(signer) => {
				use p256::ecdsa::signature::Signer;
				let signature: p256::ecdsa::Signature = signer.sign(&message);
				Signature(signature.to_bytes().into())
			}
		}
	}

	/// What it transmits in the current period.
	pub fn payload(&self) -> Signature {
		let period = period();
		let nonce = period.nonce(&self.id);
		self.sign(&BeaconChallenge { device: self.id, period: period.number, nonce })
	}

	/// How it reveals that.
	pub fn beacon(&self) -> Beacon {
		Beacon {
			chain: GenesisPrefix::of(&GENESIS),
			device: self.id,
			period: period().number,
			payload: self.payload(),
		}
	}

	/// What it says of another's beacon that it just heard.
	pub fn report(&self, beaconer: &Device) -> WitnessReport {
		WitnessReport {
			witness: self.id,
			beaconer: beaconer.id,
			period: period().number,
			commitment: commitment(&beaconer.payload(), &self.id),
			rssi: -1015,
			snr: 65,
			frequency: FREQUENCY,
			heard_at: Timestamp::get(),
		}
	}

	/// That, signed.
	pub fn witness(&self, beaconer: &Device) -> SignedWitness {
		self.signed(self.report(beaconer))
	}

	pub fn signed(&self, report: WitnessReport) -> SignedWitness {
		let signature = self.sign(&report);
		SignedWitness { chain: GenesisPrefix::of(&GENESIS), report, signature }
	}
}

/// The beaconer of most tests, at the line's beginning.
pub fn beaconer() -> Device {
	Device::p256(1).at(1, LINE[0])
}

/// A good witness of it; each has its own owner.
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

/// Makes a block that holds calls of the normal class of this weight.
pub fn block_of(normal: Weight) {
	let number = System::block_number() + 1;
	let parent = if number == 1 { GENESIS } else { H256::zero() };
	System::initialize(&number, &parent, &Default::default());
	let initial = Coverage::on_initialize(number);
	System::register_extra_weight_unchecked(initial, DispatchClass::Mandatory);
	Timestamp::set_timestamp(START + number * BLOCK_TIME);
	Random::set(Some(H256::from_low_u64_be(number)));
	Coverage::on_poll(number, &mut WeightMeter::new());
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
		Devices::take();
		Paused::take();
		Credits::take();
		Random::take();
		let quiet = NetworkPolicy { coverage: None, ..policy() };
		Policies::set([(NETWORK, policy()), (OTHER_NETWORK, quiet)].into());
		ext.execute_with(|| {
			frame_system::BlockHash::<Test>::insert(0, GENESIS);
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

#[cfg(feature = "runtime-benchmarks")]
impl depin_primitives::traits::BenchmarkHelper<AccountId> for Registry {
	fn set_device(id: DeviceId, view: DeviceView<AccountId>, policy: NetworkPolicy) {
		Policies::mutate(|all| all.insert(view.network, policy));
		Devices::mutate(|all| all.insert(id, view));
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
