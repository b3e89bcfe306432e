//! A runtime with this pallet, and devices, makers and accounts to use it.

use crate::{self as pallet_device_registry, Config, WeightInfo};
use depin_primitives::{
	device::{OwnerConsent, SignedCertificate},
	key::KeySchemes,
	network::{CoveragePolicy, NetworkKind, NetworkPolicy, ReportPolicy},
	signing::Signable,
	traits::{NotYet, OnReap},
	Balance, Cell, DeviceId, MakerId, Millis, NetworkId, PublicKey, Signature, H256,
};
use frame_support::{
	assert_ok, derive_impl, parameter_types, storage_alias,
	traits::{ConstU128, ConstU32, VariantCountOf},
	weights::Weight,
	BoundedVec, Twox64Concat,
};
use h3o::{LatLng, Resolution};
use p256::ecdsa::{signature::Signer, SigningKey};
use sp_core::{ed25519, Pair};
use sp_runtime::{BuildStorage, DispatchResult};

type Block = frame_system::mocking::MockBlockU32<Test>;
pub type AccountId = u64;

#[frame_support::runtime]
mod runtime {
	#[runtime::runtime]
	#[runtime::derive(
		RuntimeCall,
		RuntimeEvent,
		RuntimeError,
		RuntimeOrigin,
		RuntimeHoldReason,
		RuntimeFreezeReason,
		RuntimeTask
	)]
	pub struct Test;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type Timestamp = pallet_timestamp;
	#[runtime::pallet_index(2)]
	pub type Balances = pallet_balances;
	#[runtime::pallet_index(3)]
	pub type Registry = pallet_device_registry;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type AccountData = pallet_balances::AccountData<Balance>;
	type Block = Block;
}

#[derive_impl(pallet_timestamp::config_preludes::TestDefaultConfig)]
impl pallet_timestamp::Config for Test {}

pub const EXISTENTIAL_DEPOSIT: Balance = 10;

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type AccountStore = System;
	type Balance = Balance;
	type ExistentialDeposit = ConstU128<EXISTENTIAL_DEPOSIT>;
	type MaxFreezes = VariantCountOf<RuntimeFreezeReason>;
}

pub const NETWORK_DEPOSIT: Balance = 1_000;
pub const MAKER_DEPOSIT: Balance = 300;
pub const BOND: Balance = 70;

impl Config for Test {
	type Currency = Balances;
	type RuntimeHoldReason = RuntimeHoldReason;
	type Time = Timestamp;
	type OnReap = (Recorder, Gate);
	type NetworkDeposit = ConstU128<NETWORK_DEPOSIT>;
	type MakerDeposit = ConstU128<MAKER_DEPOSIT>;
	type MaxMakersPerNetwork = ConstU32<4>;
	type WeightInfo = TestWeights;
}

/// Weights that differ, so that a test can tell what a call asked for.
pub struct TestWeights;

impl WeightInfo for TestWeights {
	fn create_network(m: u32) -> Weight {
		Weight::from_parts(1_000 + u64::from(m), 0)
	}
	fn register_maker() -> Weight {
		Weight::from_parts(2_000, 0)
	}
	fn register_device() -> Weight {
		Weight::from_parts(3_001, 0)
	}
	fn register_device_open() -> Weight {
		Weight::from_parts(3_000, 0)
	}
	fn retire_device() -> Weight {
		Weight::from_parts(4_000, 0)
	}
	fn reap_device() -> Weight {
		Weight::from_parts(5_000, 0)
	}
	fn close_network() -> Weight {
		Weight::from_parts(6_000, 0)
	}
	fn deregister_maker() -> Weight {
		Weight::from_parts(7_000, 0)
	}
}

/// What [`Recorder`] was told.
#[storage_alias]
pub type Reaped = StorageMap<Mock, Twox64Concat, DeviceId, (NetworkId, AccountId)>;

/// Writes before [`Gate`] may say no: what it wrote must be undone then.
pub struct Recorder;

impl OnReap<AccountId> for Recorder {
	fn on_reap(id: &DeviceId, network: NetworkId, owner: &AccountId) -> Result<(), NotYet> {
		Reaped::insert(id, (network, *owner));
		Ok(())
	}
}

parameter_types! {
	/// Whether devices have work to settle.
	pub static Unsettled: bool = false;
}

/// Lets a device go, unless [`Unsettled`].
pub struct Gate;

impl OnReap<AccountId> for Gate {
	fn on_reap(_: &DeviceId, _: NetworkId, _: &AccountId) -> Result<(), NotYet> {
		if Unsettled::get() {
			Err(NotYet)
		} else {
			Ok(())
		}
	}
}

pub const ADMIN: AccountId = 1;
pub const MAKER: AccountId = 2;
pub const ALICE: AccountId = 3;
pub const BOB: AccountId = 4;
/// Has the existential deposit and no more.
pub const PAUPER: AccountId = 5;
pub const RICH: [AccountId; 4] = [ADMIN, MAKER, ALICE, BOB];
pub const FUNDS: Balance = 10_000;

pub const GENESIS: H256 = H256([7; 32]);
pub const OTHER_GENESIS: H256 = H256([8; 32]);
pub const NOW: Millis = 1_800_000_000_000;
pub const RETIRE_DELAY: u32 = 20;

pub struct ExtBuilder {
	retire_delay: u32,
}

impl Default for ExtBuilder {
	fn default() -> Self {
		Self { retire_delay: RETIRE_DELAY }
	}
}

impl ExtBuilder {
	pub fn retire_delay(mut self, blocks: u32) -> Self {
		self.retire_delay = blocks;
		self
	}

	pub fn build(self) -> sp_io::TestExternalities {
		let rich = RICH.into_iter().map(|account| (account, FUNDS));
		let balances = rich.chain([(PAUPER, EXISTENTIAL_DEPOSIT)]).collect();
		let genesis = RuntimeGenesisConfig {
			balances: pallet_balances::GenesisConfig { balances, ..Default::default() },
			registry: crate::GenesisConfig { retire_delay: self.retire_delay },
			..Default::default()
		};
		let storage = genesis.build_storage().expect("the genesis is sound; qed");
		let mut ext = sp_io::TestExternalities::from(storage);
		ext.execute_with(|| {
			Unsettled::set(false);
			frame_system::BlockHash::<Test>::insert(0, GENESIS);
			System::set_block_number(1);
			Timestamp::set_timestamp(NOW);
		});
		ext
	}

	/// Runs the test, and checks the invariants when it is over.
	pub fn build_and_execute(self, test: impl FnOnce()) {
		self.build().execute_with(|| {
			test();
			assert_ok!(Registry::do_try_state());
		});
	}
}

/// A device's or a maker's key pair.
#[derive(Clone)]
pub enum Secret {
	Ed25519(Box<ed25519::Pair>),
	P256(SigningKey),
}

impl Secret {
	pub fn ed25519(seed: u8) -> Self {
		Self::Ed25519(Box::new(ed25519::Pair::from_seed(&[seed; 32])))
	}

	pub fn p256(seed: u8) -> Self {
		Self::P256(SigningKey::from_slice(&[seed; 32]).expect("below the curve's order; qed"))
	}

	pub fn public(&self) -> PublicKey {
		match self {
			Self::Ed25519(pair) => PublicKey::Ed25519(pair.public().0),
			Self::P256(secret) => {
				let point = secret.verifying_key().to_encoded_point(true);
				PublicKey::P256(point.as_bytes().try_into().expect("33 bytes; qed"))
			}
		}
	}

	pub fn id(&self) -> DeviceId {
		self.public().device_id()
	}

	pub fn sign(&self, body: &impl Signable, genesis: &H256) -> Signature {
		let message = body.signing_bytes(genesis);
		match self {
			Self::Ed25519(pair) => Signature(pair.sign(&message).0),
			Self::P256(secret) => {
				let signature: p256::ecdsa::Signature = secret.sign(&message);
				Signature(signature.to_bytes().into())
			}
		}
	}

	/// This device agrees to that owner.
	pub fn consent(&self, network: NetworkId, owner: AccountId) -> Signature {
		self.sign(&OwnerConsent { network, owner }, &GENESIS)
	}

	/// This maker certifies that device, until the end of time.
	pub fn certify(&self, maker: MakerId, network: NetworkId, key: PublicKey) -> SignedCertificate {
		self.certify_until(Millis::MAX, maker, network, key)
	}

	pub fn certify_until(
		&self,
		expires: Millis,
		maker: MakerId,
		network: NetworkId,
		key: PublicKey,
	) -> SignedCertificate {
		let unsigned =
			SignedCertificate { maker, model: 42, expires, signature: Signature([0; 64]) };
		let signature = self.sign(&unsigned.certificate(network, key), &GENESIS);
		SignedCertificate { signature, ..unsigned }
	}
}

/// The cell of a place (an airport in New York), of this resolution.
pub fn cell(resolution: Resolution) -> Cell {
	let place = LatLng::new(40.6398, -73.7789).expect("a place on Earth; qed");
	Cell(place.to_cell(resolution).into())
}

/// The cell of resolution 9 that devices are in by default.
pub fn home() -> Cell {
	cell(Resolution::Nine)
}

pub fn policy() -> NetworkPolicy {
	NetworkPolicy {
		cell_resolution: 9,
		schemes: KeySchemes::ALL,
		report: ReportPolicy {
			max_work_per_hour: 3_600,
			min_interval: 60_000,
			max_window: 3_600_000,
			max_age: 86_400_000,
			max_skew: 60_000,
		},
		coverage: Some(CoveragePolicy {
			min_distance: 2,
			max_distance: 300,
			min_frequency: 863_000_000,
			max_frequency: 870_000_000,
			points_per_unit: 100,
		}),
	}
}

/// A network of that policy; `None`: open to anyone's devices.
pub fn create_network_with(makers: Option<Vec<MakerId>>, policy: NetworkPolicy) -> NetworkId {
	let id = crate::NextNetworkId::<Test>::get();
	let origin = RuntimeOrigin::signed(ADMIN);
	let makers = makers.map(BoundedVec::truncate_from);
	assert_ok!(Registry::create_network(origin, NetworkKind::Sensor, makers, BOND, policy));
	id
}

pub fn create_network(makers: Option<Vec<MakerId>>) -> NetworkId {
	create_network_with(makers, policy())
}

/// A maker with a P-256 key.
pub fn register_maker(secret: &Secret) -> MakerId {
	let id = crate::NextMakerId::<Test>::get();
	assert_ok!(Registry::register_maker(RuntimeOrigin::signed(MAKER), secret.public()));
	id
}

/// Registers a device with its own consent, at [`home`].
pub fn register(
	owner: AccountId,
	network: NetworkId,
	secret: &Secret,
	certificate: Option<SignedCertificate>,
) -> DispatchResult {
	Registry::register_device(
		RuntimeOrigin::signed(owner),
		network,
		secret.public(),
		home(),
		certificate,
		secret.consent(network, owner),
	)
}

pub fn held(reason: crate::HoldReason, who: AccountId) -> Balance {
	use frame_support::traits::fungible::hold::Inspect;
	Balances::balance_on_hold(&reason.into(), &who)
}

/// The events of this pallet since the last call.
pub fn events() -> Vec<crate::Event<Test>> {
	let events = System::read_events_for_pallet::<crate::Event<Test>>();
	System::reset_events();
	events
}

/// The hash of the whole state.
pub fn state_root() -> Vec<u8> {
	sp_io::storage::root(sp_runtime::StateVersion::V1)
}
