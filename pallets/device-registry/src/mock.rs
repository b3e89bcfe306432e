//! A runtime with this pallet, and devices, makers and accounts to use it.

use crate::{self as pallet_device_registry, Config, WeightInfo};
use codec::{Decode, Encode};
use depin_primitives::{
	access::Permissions,
	key::KeySchemes,
	maker::MakerKeyIndex,
	network::NetworkKind,
	policy::{
		CoveragePolicy, LocationPolicy, NetworkPolicy, QualityPolicy, ReportPolicy, TrustPolicy,
	},
	signing::Signable,
	statement::{KeyAdoption, KeyRotation, OwnerConsent, Registration, SignedCertificate},
	suspension::SuspendReason,
	traits::{Epochs, Lifecycle, NotSettled},
	Balance, Cell, DeviceId, EpochIndex, KeyScheme, MakerId, Millis, NetworkId, PublicKey,
	Signature, H256,
};
use frame_support::{
	assert_ok, derive_impl, parameter_types, storage_alias,
	traits::{ConstU128, ConstU32, ConstU64, VariantCountOf},
	weights::Weight,
	BoundedVec,
};
use frame_system::EnsureRoot;
use h3o::{LatLng, Resolution};
use p256::ecdsa::{signature::Signer, SigningKey};
use sp_core::{ecdsa, ed25519, sr25519, Pair};
use sp_io::hashing::sha2_256;
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

// No two of these are alike, nor is one the sum of others: a test sees which was held.
pub const NETWORK_DEPOSIT: Balance = 1_000;
pub const MAKER_DEPOSIT: Balance = 300;
pub const MAKER_KEY_DEPOSIT: Balance = 50;
pub const DECLARATION_DEPOSIT: Balance = 21;
pub const GRANT_DEPOSIT: Balance = 15;
pub const LOCATION_FEE: Balance = 13;
pub const MIN_BOND: Balance = 40;
/// What the networks of the helpers below ask for.
pub const BOND: Balance = 72;

impl Config for Test {
	type Currency = Balances;
	type RuntimeHoldReason = RuntimeHoldReason;
	type Time = Timestamp;
	type Epochs = TestEpochs;
	type Lifecycle = (Recorder, Gate);
	type GovernanceOrigin = EnsureRoot<AccountId>;
	type FeeCollector = ConstU64<FEE_COLLECTOR>;
	type LocationFee = ConstU128<LOCATION_FEE>;
	type MinBond = ConstU128<MIN_BOND>;
	type NetworkDeposit = ConstU128<NETWORK_DEPOSIT>;
	type MakerDeposit = ConstU128<MAKER_DEPOSIT>;
	type MakerKeyDeposit = ConstU128<MAKER_KEY_DEPOSIT>;
	type DeclarationDeposit = ConstU128<DECLARATION_DEPOSIT>;
	type GrantDeposit = ConstU128<GRANT_DEPOSIT>;
	type MaxMakersPerNetwork = ConstU32<4>;
	type MaxMakerKeys = ConstU32<3>;
	type MaxGrants = ConstU32<3>;
	type MaxRegistrations = ConstU32<8>;
	type GenesisHash = Genesis;
	type WeightInfo = TestWeights;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = NoState;
}

/// Weights that differ, so that a test can tell what a call asked for.
pub struct TestWeights;

/// Each function's weight has a number of its own; its argument is added.
macro_rules! weights {
	($($name:ident $(($argument:ident))? = $weight:literal;)*) => {
		impl WeightInfo for TestWeights {
			$(fn $name($($argument: u32)?) -> Weight {
				Weight::from_parts($weight $(+ u64::from($argument))?, 0)
			})*
		}
	};
}

weights! {
	create_network(m) = 1_000;
	register_maker = 2_000;
	register_device = 3_001;
	register_device_open = 3_000;
	retire_device = 4_000;
	reap_device = 5_000;
	close_network = 6_000;
	deregister_maker = 7_000;
	register_devices(n) = 8_000;
	change_network(m) = 9_000;
	set_network_paused = 10_000;
	offer_network = 11_000;
	accept_network = 12_000;
	add_maker_key = 13_000;
	revoke_maker_key = 14_000;
	declare_compromised = 15_000;
	withdraw_declaration = 16_000;
	assert_location = 17_000;
	rotate_key = 18_000;
	recover_key = 19_000;
	finish_recovery = 20_000;
	cancel_recovery = 21_000;
	offer_device = 22_000;
	accept_device = 23_000;
	suspend_device = 24_000;
	appeal_suspension = 25_000;
	restore_device = 26_000;
	forfeit_device = 27_000;
	grant_access = 28_000;
	revoke_access = 29_000;
}

parameter_types! {
	/// The running reward epoch. [`ExtBuilder::build`] sets it to 0.
	pub static Epoch: EpochIndex = 0;
	/// Whether devices have work to settle, so that none is reaped. [`ExtBuilder::build`] sets it to
	/// `false`.
	pub static Unsettled: bool = false;
}

/// The epochs, as [`Epoch`] says.
pub struct TestEpochs;

impl Epochs for TestEpochs {
	fn current() -> EpochIndex {
		Epoch::get()
	}
}

/// A turn in a device's life that the other pallets were told of.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Turn {
	/// By `on_settle`.
	Settled(DeviceId, NetworkId, AccountId),
	/// By `on_forfeit`.
	Forfeited(DeviceId, NetworkId),
	/// By `on_reap`.
	Reaped(DeviceId, NetworkId, AccountId),
}

/// What [`Recorder`] was told, in order. It is in the state, so that a call that fails undoes it.
#[storage_alias]
type Turns = StorageValue<Mock, Vec<Turn>>;

/// What the other pallets were told since this was asked last.
pub fn turns() -> Vec<Turn> {
	Turns::take().unwrap_or_default()
}

/// Writes before [`Gate`] may say no: what it wrote must be undone then.
pub struct Recorder;

impl Recorder {
	fn told(turn: Turn) {
		Turns::append(turn);
	}
}

impl Lifecycle<AccountId> for Recorder {
	fn on_reap(id: &DeviceId, network: NetworkId, owner: &AccountId) -> Result<(), NotSettled> {
		Self::told(Turn::Reaped(*id, network, *owner));
		Ok(())
	}

	fn on_settle(id: &DeviceId, network: NetworkId, owner: &AccountId) {
		Self::told(Turn::Settled(*id, network, *owner));
	}

	fn on_forfeit(id: &DeviceId, network: NetworkId) {
		Self::told(Turn::Forfeited(*id, network));
	}
}

/// Lets a device go, unless [`Unsettled`].
pub struct Gate;

impl Lifecycle<AccountId> for Gate {
	fn on_reap(_: &DeviceId, _: NetworkId, _: &AccountId) -> Result<(), NotSettled> {
		if Unsettled::get() {
			Err(NotSettled)
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
/// Has the existential deposit at first, and gets the fees.
pub const FEE_COLLECTOR: AccountId = 6;
/// Each has [`FUNDS`].
pub const RICH: [AccountId; 4] = [ADMIN, MAKER, ALICE, BOB];
pub const FUNDS: Balance = 10_000;

/// The hash of block 0, which all signatures below cover.
pub const GENESIS: H256 = H256([7; 32]);
/// The same of another chain.
pub const OTHER_GENESIS: H256 = H256([8; 32]);
/// The chain's clock at block 1.
pub const NOW: Millis = 1_800_000_000_000;
pub const RETIRE_DELAY: u32 = 20;
pub const RECOVERY_DELAY: u32 = 12;
pub const APPEAL_WINDOW: u32 = 30;
pub const DECISION_WINDOW: u32 = 45;

/// The chain's first state: block 1, time [`NOW`], epoch 0, everything funded.
pub struct ExtBuilder {
	retire_delay: u32,
	recovery_delay: u32,
	appeal_window: u32,
	decision_window: u32,
}

impl Default for ExtBuilder {
	fn default() -> Self {
		Self {
			retire_delay: RETIRE_DELAY,
			recovery_delay: RECOVERY_DELAY,
			appeal_window: APPEAL_WINDOW,
			decision_window: DECISION_WINDOW,
		}
	}
}

impl ExtBuilder {
	pub fn retire_delay(self, retire_delay: u32) -> Self {
		Self { retire_delay, ..self }
	}

	pub fn recovery_delay(self, recovery_delay: u32) -> Self {
		Self { recovery_delay, ..self }
	}

	pub fn appeal_window(self, appeal_window: u32) -> Self {
		Self { appeal_window, ..self }
	}

	pub fn decision_window(self, decision_window: u32) -> Self {
		Self { decision_window, ..self }
	}

	pub fn build(self) -> sp_io::TestExternalities {
		let Self { retire_delay, recovery_delay, appeal_window, decision_window } = self;
		let rich = RICH.into_iter().map(|account| (account, FUNDS));
		let poor = [PAUPER, FEE_COLLECTOR].map(|account| (account, EXISTENTIAL_DEPOSIT));
		let balances = rich.chain(poor).collect();
		let genesis = RuntimeGenesisConfig {
			balances: pallet_balances::GenesisConfig { balances, ..Default::default() },
			registry: crate::GenesisConfig {
				retire_delay,
				recovery_delay,
				appeal_window,
				decision_window,
			},
			..Default::default()
		};
		let storage = genesis.build_storage().expect("the genesis is sound; qed");
		let mut ext = sp_io::TestExternalities::from(storage);
		ext.execute_with(|| {
			Unsettled::set(false);
			Epoch::set(0);
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

/// A device's or a maker's key pair, of any scheme.
#[derive(Clone)]
pub enum Secret {
	Ed25519(Box<ed25519::Pair>),
	Sr25519(Box<sr25519::Pair>),
	Secp256k1(Box<ecdsa::Pair>),
	P256(Box<SigningKey>),
}

impl Secret {
	/// The pair of this scheme with that seed, which must be between 1 and 254.
	pub fn of(scheme: KeyScheme, seed: u8) -> Self {
		let seed = [seed; 32];
		match scheme {
			KeyScheme::Ed25519 => Self::Ed25519(Box::new(Pair::from_seed(&seed))),
			KeyScheme::Sr25519 => Self::Sr25519(Box::new(Pair::from_seed(&seed))),
			KeyScheme::Secp256k1 => Self::Secp256k1(Box::new(Pair::from_seed(&seed))),
			KeyScheme::P256 => {
				let secret = SigningKey::from_slice(&seed).expect("below the curve's order; qed");
				Self::P256(Box::new(secret))
			}
		}
	}

	pub fn ed25519(seed: u8) -> Self {
		Self::of(KeyScheme::Ed25519, seed)
	}

	pub fn sr25519(seed: u8) -> Self {
		Self::of(KeyScheme::Sr25519, seed)
	}

	pub fn secp256k1(seed: u8) -> Self {
		Self::of(KeyScheme::Secp256k1, seed)
	}

	pub fn p256(seed: u8) -> Self {
		Self::of(KeyScheme::P256, seed)
	}

	/// A pair of each scheme with that seed, in the order of [`KeyScheme::ALL`].
	pub fn of_each(seed: u8) -> [Self; 4] {
		KeyScheme::ALL.map(|scheme| Self::of(scheme, seed))
	}

	pub fn public(&self) -> PublicKey {
		match self {
			Self::Ed25519(pair) => PublicKey::Ed25519(pair.public().0),
			Self::Sr25519(pair) => PublicKey::Sr25519(pair.public().0),
			Self::Secp256k1(pair) => PublicKey::Secp256k1(pair.public().0),
			Self::P256(secret) => {
				let point = secret.verifying_key().to_encoded_point(true);
				PublicKey::P256(point.as_bytes().try_into().expect("33 bytes; qed"))
			}
		}
	}

	/// The id of the device whose first key this is.
	pub fn id(&self) -> DeviceId {
		self.public().device_id()
	}

	pub fn sign(&self, body: &impl Signable, genesis: &H256) -> Signature {
		let message = body.signing_bytes(genesis);
		Signature(match self {
			Self::Ed25519(pair) => pair.sign(&message).0,
			Self::Sr25519(pair) => pair.sign(&message).0,
			Self::Secp256k1(pair) => {
				// The byte for the recovery of the key is left out.
				let signature = pair.sign_prehashed(&sha2_256(&message));
				signature.0[..64].try_into().expect("64 of 65 bytes; qed")
			}
			Self::P256(secret) => {
				let signature: p256::ecdsa::Signature = secret.sign(&message);
				signature.to_bytes().into()
			}
		})
	}

	/// This device agrees to that owner, in that network.
	pub fn consent(&self, network: NetworkId, owner: AccountId) -> Signature {
		self.sign(&OwnerConsent { network, owner }, &GENESIS)
	}

	/// This key, that a device gives up, says that `new_key` is its next: `by_old` of `rotate_key`.
	pub fn rotation(&self, device: DeviceId, owner: AccountId, new_key: PublicKey) -> Signature {
		self.sign(&KeyRotation { device, owner, new_key }, &GENESIS)
	}

	/// This key, that a device takes on, says so: `by_new` of `rotate_key` and `recover_key`.
	pub fn adoption(&self, device: DeviceId, owner: AccountId) -> Signature {
		self.sign(&KeyAdoption { device, owner }, &GENESIS)
	}

	/// This key, number `key` of that maker, certifies a device's key for a network until the end of
	/// time. The model is [`MODEL`].
	pub fn certify(
		&self,
		maker: MakerId,
		key: MakerKeyIndex,
		network: NetworkId,
		device_key: PublicKey,
	) -> SignedCertificate {
		self.certify_until(Millis::MAX, maker, key, network, device_key)
	}

	/// The same, until before `expires`.
	pub fn certify_until(
		&self,
		expires: Millis,
		maker: MakerId,
		key: MakerKeyIndex,
		network: NetworkId,
		device_key: PublicKey,
	) -> SignedCertificate {
		let unsigned =
			SignedCertificate { maker, key, model: MODEL, expires, signature: Signature([0; 64]) };
		let signature = self.sign(&unsigned.certificate(network, device_key), &GENESIS);
		SignedCertificate { signature, ..unsigned }
	}

	/// What registers this device at [`home`], as an item of a registration in bulk.
	pub fn registration(
		&self,
		owner: AccountId,
		network: NetworkId,
		certificate: Option<SignedCertificate>,
	) -> Registration {
		let consent = self.consent(network, owner);
		Registration { key: self.public(), cell: home(), certificate, consent }
	}
}

/// The model that all certificates above name.
pub const MODEL: u32 = 42;

/// The cell of a place (an airport in New York), of this resolution.
pub fn cell(resolution: Resolution) -> Cell {
	let place = LatLng::new(40.6398, -73.7789).expect("a place on Earth; qed");
	Cell(place.to_cell(resolution).into())
}

/// The cell of resolution 9 that devices are in by default.
pub fn home() -> Cell {
	cell(Resolution::Nine)
}

/// Another cell of resolution 9, far from [`home`] (an airport in Melbourne).
pub fn away() -> Cell {
	let place = LatLng::new(-37.6690, 144.8410).expect("a place on Earth; qed");
	Cell(place.to_cell(Resolution::Nine).into())
}

/// The cooldown of locations in [`policy`].
pub const COOLDOWN: Millis = 3_600_000;

/// A policy that admits every device, of any scheme, in cells of resolution 9.
pub fn policy() -> NetworkPolicy {
	NetworkPolicy {
		cell_resolution: 9,
		schemes: KeySchemes::ALL,
		location: LocationPolicy { cooldown: COOLDOWN },
		trust: TrustPolicy::EVERYONE,
		report: ReportPolicy {
			max_work_per_hour: 3_600,
			min_interval: 60_000,
			max_window: 3_600_000,
			max_age: 86_400_000,
			max_skew: 60_000,
		},
		quality: QualityPolicy::OFF,
		coverage: Some(CoveragePolicy {
			min_distance: 2,
			max_distance: 300,
			min_frequency: 863_000_000,
			max_frequency: 870_000_000,
			points_per_unit: 100,
		}),
	}
}

/// [`policy`], but for certified devices only.
pub fn certified_policy() -> NetworkPolicy {
	NetworkPolicy { trust: TrustPolicy::CERTIFIED, ..policy() }
}

/// [`ADMIN`] creates a network of that policy, with a bond of [`BOND`]; `None`: any maker's
/// certificates count.
pub fn create_network_with(makers: Option<Vec<MakerId>>, policy: NetworkPolicy) -> NetworkId {
	let id = crate::NextNetworkId::<Test>::get();
	let origin = RuntimeOrigin::signed(ADMIN);
	let makers = makers.map(BoundedVec::truncate_from);
	assert_ok!(Registry::create_network(origin, NetworkKind::Sensor, makers, BOND, policy));
	id
}

/// An open network: it admits every device and counts any maker's certificate.
pub fn create_network() -> NetworkId {
	create_network_with(None, policy())
}

/// A closed network: it admits only devices that one of these makers has certified.
pub fn create_closed_network(makers: Vec<MakerId>) -> NetworkId {
	create_network_with(Some(makers), certified_policy())
}

/// [`MAKER`] registers a maker, whose key of number 0 is this.
pub fn register_maker(secret: &Secret) -> MakerId {
	let id = crate::NextMakerId::<Test>::get();
	assert_ok!(Registry::register_maker(RuntimeOrigin::signed(MAKER), secret.public()));
	id
}

/// [`MAKER`] adds this key to one of its makers; gives the key's number.
pub fn add_maker_key(maker: MakerId, secret: &Secret) -> MakerKeyIndex {
	let number = crate::Makers::<Test>::get(maker).expect("the maker is there").next_key;
	assert_ok!(Registry::add_maker_key(RuntimeOrigin::signed(MAKER), maker, secret.public()));
	number
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

/// Registers a device of `owner` in a new open network; clears the events.
pub fn registered(owner: AccountId, secret: &Secret) -> (DeviceId, NetworkId) {
	let network = create_network();
	assert_ok!(register(owner, network, secret, None));
	events();
	(secret.id(), network)
}

/// Rotates a device's key from `old` to `new`, with both signatures, sent by its owner.
pub fn rotate(
	owner: AccountId,
	id: DeviceId,
	old: &Secret,
	new: &Secret,
	certificate: Option<SignedCertificate>,
) -> DispatchResult {
	let key = new.public();
	Registry::rotate_key(
		RuntimeOrigin::signed(owner),
		id,
		key,
		old.rotation(id, owner, key),
		new.adoption(id, owner),
		certificate,
	)
}

/// Begins the recovery of a device, to the key `new`, sent by its owner.
pub fn recover(
	owner: AccountId,
	id: DeviceId,
	new: &Secret,
	certificate: SignedCertificate,
) -> DispatchResult {
	let origin = RuntimeOrigin::signed(owner);
	Registry::recover_key(origin, id, new.public(), new.adoption(id, owner), certificate)
}

/// Offers a device of `from` to `to`, who accepts.
pub fn transfer(id: DeviceId, from: AccountId, to: AccountId) -> DispatchResult {
	Registry::offer_device(RuntimeOrigin::signed(from), id, Some(to))?;
	Registry::accept_device(RuntimeOrigin::signed(to), id)
}

/// [`ADMIN`] suspends a device of one of its networks, for a false location.
pub fn suspend(id: DeviceId) -> DispatchResult {
	let (origin, reason) = (RuntimeOrigin::signed(ADMIN), SuspendReason::FalseLocation);
	Registry::suspend_device(origin, id, reason, H256::repeat_byte(0xee))
}

/// The device's owner grants these permissions until an hour from [`NOW`].
pub fn grant(
	id: DeviceId,
	owner: AccountId,
	to: AccountId,
	allowed: Permissions,
) -> DispatchResult {
	let origin = RuntimeOrigin::signed(owner);
	Registry::grant_access(origin, id, to, allowed, NOW + 3_600_000)
}

/// Lets so many blocks pass. The clock stands still.
pub fn pass_blocks(blocks: u32) {
	System::set_block_number(System::block_number().saturating_add(blocks));
}

/// What is held of an account for that reason.
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

/// Hash of the first block.
pub struct Genesis;

impl frame_support::traits::Get<H256> for Genesis {
	fn get() -> H256 {
		System::block_hash(0)
	}
}

/// Other pallets without any state.
#[cfg(feature = "runtime-benchmarks")]
pub struct NoState;

#[cfg(feature = "runtime-benchmarks")]
impl depin_primitives::traits::BenchmarkHelper<AccountId> for NoState {
	fn set_device(
		_: DeviceId,
		_: depin_primitives::traits::DeviceView<AccountId>,
		_: NetworkPolicy,
	) {
	}

	fn owe(_: NetworkId, _: &DeviceId) {}

	fn fill(_: &DeviceId, _: NetworkId) {}
}
