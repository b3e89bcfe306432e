//! A runtime with this pallet, and devices, makers and accounts to use it.

use crate::{self as pallet_device_registry, Config, WeightInfo};
use codec::{Decode, Encode, MaxEncodedLen};
use depin_primitives::{
	access::Permissions,
	maker::MakerKeyIndex,
	network::NetworkKind,
	policy::{LocationPolicy, NetworkPolicy, PolicyCaps, ReportPolicy, TrustPolicy},
	signing::Signable,
	statement::{
		KeyAdoption, KeyRotation, OwnerConsent, Registration, SignedCertificate, TimedSignature,
		MAX_STATEMENT_LIFETIME,
	},
	suspension::SuspendReason,
	traits::{Devices as _, Epochs, Lifecycle, NetworkFunding, NotSettled},
	Balance, Cell, DeviceId, EpochIndex, MakerId, Millis, NetworkId, PublicKey, Signature, H256,
};
use depin_test_kit::{genesis::Genesis, mock_runtime, policy::EU868, HOUR, MINUTE};
use frame_support::{
	assert_ok, ord_parameter_types, parameter_types, storage_alias,
	traits::{ConstU128, ConstU32, ConstU64},
	weights::Weight,
	BoundedVec,
};
use frame_system::{EnsureRoot, EnsureSignedBy};
use h3o::{LatLng, Resolution};
use scale_info::TypeInfo;
use sp_runtime::{BuildStorage, DispatchResult};

pub use depin_test_kit::{genesis::GENESIS, keys::Key as Secret, AccountId};

type Block = frame_system::mocking::MockBlockU32<Test>;

mock_runtime!(Registry = pallet_device_registry, existential_deposit = EXISTENTIAL_DEPOSIT);

pub const EXISTENTIAL_DEPOSIT: Balance = 10;

// No two of these are equal, and none is the sum of others: a test can tell which one was held.
pub const NETWORK_DEPOSIT: Balance = 1_000;
pub const MAKER_DEPOSIT: Balance = 300;
pub const MAKER_KEY_DEPOSIT: Balance = 50;
pub const DECLARATION_DEPOSIT: Balance = 21;
pub const GRANT_DEPOSIT: Balance = 15;
pub const LOCATION_FEE: Balance = 13;
pub const MIN_BOND: Balance = 40;
/// Bond of the networks that the functions below create.
pub const BOND: Balance = 72;

impl Config for Test {
	type Currency = Balances;
	type RuntimeHoldReason = RuntimeHoldReason;
	type Time = Timestamp;
	type Epochs = TestEpochs;
	type Parts = HookCount;
	type Lifecycle = (Recorder, Gate);
	type Funding = TestFunding;
	type GovernanceOrigin = EnsureSignedBy<Governance, AccountId>;
	type JudgeOrigin = EnsureRoot<AccountId>;
	type FeeCollector = ConstU64<FEE_COLLECTOR>;
	type RetireDelay = VotedRetireDelay;
	type RecoveryDelay = VotedRecoveryDelay;
	type AppealWindow = VotedAppealWindow;
	type DecisionWindow = VotedDecisionWindow;
	type RulesNotice = VotedRulesNotice;
	type LocationFee = ConstU128<LOCATION_FEE>;
	type MinBond = VotedMinBond;
	type NetworkDeposit = VotedNetworkDeposit;
	type MakerDeposit = VotedMakerDeposit;
	type MakerKeyDeposit = VotedMakerKeyDeposit;
	type DeclarationDeposit = VotedDeclarationDeposit;
	type GrantDeposit = VotedGrantDeposit;
	type PolicyCaps = VotedCaps;
	type MaxMakersPerNetwork = ConstU32<4>;
	type MaxMakerKeys = ConstU32<3>;
	type MaxGrants = ConstU32<3>;
	type MaxRegistrations = ConstU32<8>;
	type MaxStatementLifetime = ConstU64<MAX_STATEMENT_LIFETIME>;
	type GenesisHash = Genesis;
	type WeightInfo = TestWeights;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = depin_test_kit::registry::Registry<()>;
}

/// Weights that differ from call to call, in round numbers that the tests name.
pub struct TestWeights;

/// Implements each function as a number of its own, to which the argument is added.
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
	register_devices_refused(n) = 800;
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
	veto_rules = 30_000;
	offer_maker = 31_000;
	accept_maker = 32_000;
	correct_location = 33_000;
}

parameter_types! {
	/// Running reward epoch. [`ExtBuilder::build`] sets it to 0.
	pub static Epoch: EpochIndex = 0;
	/// Number of expiries that [`fresh`] has returned. [`ExtBuilder::build`] sets it to 0.
	pub static Statement: Millis = 0;
	/// Refusal of [`Gate`] to reap any device. [`ExtBuilder::build`] sets it to `false`.
	pub static Unsettled: bool = false;
	/// Networks that are funded. [`ExtBuilder::build`] empties the list.
	pub static Funded: Vec<NetworkId> = Vec::new();
	/// Networks of which the funding has been told that they are closed. [`ExtBuilder::build`]
	/// empties the list.
	pub static Closed: Vec<NetworkId> = Vec::new();

	// Governed numbers. [`ExtBuilder::build`] sets the delays and windows, and all others to the
	// values below.
	pub static VotedRetireDelay: u32 = RETIRE_DELAY;
	pub static VotedRecoveryDelay: u32 = RECOVERY_DELAY;
	pub static VotedAppealWindow: u32 = APPEAL_WINDOW;
	pub static VotedDecisionWindow: u32 = DECISION_WINDOW;
	pub static VotedRulesNotice: EpochIndex = RULES_NOTICE;
	pub static VotedMinBond: Balance = MIN_BOND;
	pub static VotedNetworkDeposit: Balance = NETWORK_DEPOSIT;
	pub static VotedMakerDeposit: Balance = MAKER_DEPOSIT;
	pub static VotedMakerKeyDeposit: Balance = MAKER_KEY_DEPOSIT;
	pub static VotedDeclarationDeposit: Balance = DECLARATION_DEPOSIT;
	pub static VotedGrantDeposit: Balance = GRANT_DEPOSIT;
	pub static VotedCaps: PolicyCaps = PolicyCaps::DEFAULT;
}

ord_parameter_types! {
	/// Account whose signature is the origin of governance for networks. The origin of decisions
	/// about devices is root, so that a test can tell the two apart.
	pub const Governance: AccountId = 7;
}

/// Returns the origin of governance for networks.
pub fn governance() -> RuntimeOrigin {
	RuntimeOrigin::signed(Governance::get())
}

/// Funding that follows [`Funded`], and writes down closed networks.
pub struct TestFunding;

impl NetworkFunding for TestFunding {
	fn is_funded(network: NetworkId) -> bool {
		Funded::get().contains(&network)
	}

	fn on_network_closed(network: NetworkId) {
		// The network is removed already.
		assert!(!crate::Networks::<Test>::contains_key(network));
		Closed::mutate(|closed| closed.push(network));
		Funded::mutate(|funded| funded.retain(|id| *id != network));
	}
}

/// Epochs that follow [`Epoch`].
pub struct TestEpochs;

impl Epochs for TestEpochs {
	fn current() -> EpochIndex {
		Epoch::get()
	}
}

/// Call of a `Lifecycle` hook, with its arguments.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Turn {
	/// Call of `on_settle`.
	Settled(DeviceId, NetworkId, AccountId),
	/// Call of `on_forfeit`.
	Forfeited(DeviceId, NetworkId),
	/// Call of `on_reap`.
	Reaped(DeviceId, NetworkId, AccountId),
}

/// Calls of [`Recorder`], in order. They are in storage, so that a call that fails undoes them.
#[storage_alias]
type Turns = StorageValue<Mock, Vec<Turn>>;

/// Takes the hook calls since the last call of this function.
pub fn turns() -> Vec<Turn> {
	Turns::take().unwrap_or_default()
}

/// Number of hooks of a device's life, kept in the device's record by [`Recorder`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct HookCount(pub u32);

impl AsRef<Self> for HookCount {
	fn as_ref(&self) -> &Self {
		self
	}
}

impl AsMut<Self> for HookCount {
	fn as_mut(&mut self) -> &mut Self {
		self
	}
}

/// First hook of the two, which writes before [`Gate`] may refuse: its write must then be undone.
pub struct Recorder;

impl Recorder {
	fn told(id: &DeviceId, turn: Turn) {
		Turns::append(turn);
		Registry::change(id, |record| AsMut::<HookCount>::as_mut(record).0 += 1);
	}
}

impl Lifecycle<AccountId> for Recorder {
	fn on_reap(id: &DeviceId, network: NetworkId, owner: &AccountId) -> Result<(), NotSettled> {
		Self::told(id, Turn::Reaped(*id, network, *owner));
		Ok(())
	}

	fn on_settle(id: &DeviceId, network: NetworkId, owner: &AccountId) {
		Self::told(id, Turn::Settled(*id, network, *owner));
	}

	fn on_forfeit(id: &DeviceId, network: NetworkId) {
		Self::told(id, Turn::Forfeited(*id, network));
	}
}

/// Second hook of the two, which refuses to reap while [`Unsettled`] is set.
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
/// Account with the existential deposit and no more.
pub const PAUPER: AccountId = 5;
/// Account that begins with the existential deposit, and receives the fees.
pub const FEE_COLLECTOR: AccountId = 6;
/// Accounts that begin with [`FUNDS`].
pub const RICH: [AccountId; 4] = [ADMIN, MAKER, ALICE, BOB];
pub const FUNDS: Balance = 10_000;

/// Genesis hash of another chain.
pub const OTHER_GENESIS: H256 = H256([8; 32]);
/// Time of the chain's clock at block 1.
pub const NOW: Millis = 1_800_000_000_000;
pub const RETIRE_DELAY: u32 = 20;
pub const RECOVERY_DELAY: u32 = 12;
pub const APPEAL_WINDOW: u32 = 30;
pub const DECISION_WINDOW: u32 = 45;
pub const RULES_NOTICE: EpochIndex = 4;

/// Builder of the first state: block 1, time [`NOW`], epoch 0, accounts funded.
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
			..Default::default()
		};
		let storage = genesis.build_storage().expect("the genesis is sound; qed");
		let mut ext = sp_io::TestExternalities::from(storage);
		ext.execute_with(|| {
			VotedRetireDelay::set(retire_delay);
			VotedRecoveryDelay::set(recovery_delay);
			VotedAppealWindow::set(appeal_window);
			VotedDecisionWindow::set(decision_window);
			VotedRulesNotice::set(RULES_NOTICE);
			VotedMinBond::set(MIN_BOND);
			VotedNetworkDeposit::set(NETWORK_DEPOSIT);
			VotedMakerDeposit::set(MAKER_DEPOSIT);
			VotedMakerKeyDeposit::set(MAKER_KEY_DEPOSIT);
			VotedDeclarationDeposit::set(DECLARATION_DEPOSIT);
			VotedGrantDeposit::set(GRANT_DEPOSIT);
			VotedCaps::set(PolicyCaps::DEFAULT);
			Funded::set(Vec::new());
			Closed::set(Vec::new());
			Unsettled::set(false);
			Statement::set(0);
			Epoch::set(0);
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

/// Statements that a device's or a maker's key signs.
pub trait Statements: AsRef<Secret> {
	fn sign(&self, body: &impl Signable, genesis: &H256) -> Signature {
		self.as_ref().sign_body(body, genesis)
	}

	/// Signs the device's consent to that owner, in that network, with a [fresh](fresh) expiry.
	fn consent(&self, network: NetworkId, owner: AccountId) -> TimedSignature {
		self.consent_until(fresh(), network, owner)
	}

	/// Signs as [`Statements::consent`] does, with that expiry.
	fn consent_until(
		&self,
		expires: Millis,
		network: NetworkId,
		owner: AccountId,
	) -> TimedSignature {
		let signature = self.sign(&OwnerConsent { network, owner, expires }, &GENESIS);
		TimedSignature { expires, signature }
	}

	/// Signs that `new_key` follows this key, with a [fresh](fresh) expiry: `by_old` of
	/// `rotate_key`.
	fn rotation(&self, device: DeviceId, owner: AccountId, new_key: PublicKey) -> TimedSignature {
		self.rotation_until(fresh(), device, owner, new_key)
	}

	/// Signs as [`Statements::rotation`] does, with that expiry.
	fn rotation_until(
		&self,
		expires: Millis,
		device: DeviceId,
		owner: AccountId,
		new_key: PublicKey,
	) -> TimedSignature {
		let signature = self.sign(&KeyRotation { device, owner, new_key, expires }, &GENESIS);
		TimedSignature { expires, signature }
	}

	/// Signs that this key becomes the device's, with a [fresh](fresh) expiry: `by_new` of
	/// `rotate_key` and `recover_key`.
	fn adoption(&self, device: DeviceId, owner: AccountId) -> TimedSignature {
		self.adoption_until(fresh(), device, owner)
	}

	/// Signs as [`Statements::adoption`] does, with that expiry.
	fn adoption_until(
		&self,
		expires: Millis,
		device: DeviceId,
		owner: AccountId,
	) -> TimedSignature {
		let signature = self.sign(&KeyAdoption { device, owner, expires }, &GENESIS);
		TimedSignature { expires, signature }
	}

	/// Certifies a device's key for a network, as key number `key` of that maker, without end. The
	/// model is [`MODEL`].
	fn certify(
		&self,
		maker: MakerId,
		key: MakerKeyIndex,
		network: NetworkId,
		device_key: PublicKey,
	) -> SignedCertificate {
		self.certify_until(Millis::MAX, maker, key, network, device_key)
	}

	/// Certifies as [`Statements::certify`] does, until before `expires`.
	fn certify_until(
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

	/// Returns the registration of this device at [`home`], as an item of a bulk registration.
	fn registration(
		&self,
		owner: AccountId,
		network: NetworkId,
		certificate: Option<SignedCertificate>,
	) -> Registration {
		let (key, consent) = (self.as_ref().public(), self.consent(network, owner));
		Registration { key, cell: home(), certificate, consent }
	}
}

impl Statements for Secret {}

/// Returns an expiry that is later than all expiries that this function has returned in this test.
pub fn fresh() -> Millis {
	let statement = Statement::get().saturating_add(1);
	Statement::set(statement);
	pallet_timestamp::Pallet::<Test>::get().saturating_add(statement)
}

/// Model that all certificates above name.
pub const MODEL: u32 = 42;

/// Returns the cell of this resolution at an airport in New York.
pub fn cell(resolution: Resolution) -> Cell {
	let place = LatLng::new(40.6398, -73.7789).expect("a place on Earth; qed");
	Cell(place.to_cell(resolution).into())
}

/// Returns the cell of resolution 9 in which devices are by default.
pub fn home() -> Cell {
	cell(Resolution::Nine)
}

/// Returns a cell of resolution 9 far from [`home`], at an airport in Melbourne.
pub fn away() -> Cell {
	let place = LatLng::new(-37.6690, 144.8410).expect("a place on Earth; qed");
	Cell(place.to_cell(Resolution::Nine).into())
}

/// Cooldown of locations in [`policy`].
pub const COOLDOWN: Millis = HOUR;

/// Returns a policy that admits every device, of any scheme, in cells of resolution 9.
pub fn policy() -> NetworkPolicy {
	NetworkPolicy {
		location: LocationPolicy { cooldown: COOLDOWN },
		report: ReportPolicy { min_interval: MINUTE, ..NetworkPolicy::OPEN.report },
		coverage: Some(EU868),
		..NetworkPolicy::OPEN
	}
}

/// Returns [`policy`], but for certified devices only.
pub fn certified_policy() -> NetworkPolicy {
	NetworkPolicy { trust: TrustPolicy::CERTIFIED, ..policy() }
}

/// Creates a network of [`ADMIN`] with that policy and a bond of [`BOND`]. With `None`, the
/// certificates of any maker count.
pub fn create_network_with(makers: Option<Vec<MakerId>>, policy: NetworkPolicy) -> NetworkId {
	let id = crate::NextNetworkId::<Test>::get();
	let origin = RuntimeOrigin::signed(ADMIN);
	let makers = makers.map(BoundedVec::truncate_from);
	assert_ok!(Registry::create_network(origin, NetworkKind::Sensor, makers, BOND, policy));
	id
}

/// Creates an open network, which admits every device and counts any maker's certificate.
pub fn create_network() -> NetworkId {
	create_network_with(None, policy())
}

/// Creates a closed network, which admits only devices that one of these makers has certified.
pub fn create_closed_network(makers: Vec<MakerId>) -> NetworkId {
	create_network_with(Some(makers), certified_policy())
}

/// Registers a maker of [`MAKER`], whose key of number 0 is this key.
pub fn register_maker(secret: &Secret) -> MakerId {
	let id = crate::NextMakerId::<Test>::get();
	assert_ok!(Registry::register_maker(RuntimeOrigin::signed(MAKER), secret.public()));
	id
}

/// Adds this key to a maker of [`MAKER`], and returns the key's number.
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
	Registry::accept_device(RuntimeOrigin::signed(to), id, current_key(id))
}

/// Returns the key with which the device signs now, or a key of no device if there is no such
/// device.
pub fn current_key(id: DeviceId) -> PublicKey {
	Registry::stored_device(id).map_or(PublicKey::Ed25519([0; 32]), |device| device.key)
}

/// Suspends a device by [`ADMIN`], for a false location.
pub fn suspend(id: DeviceId) -> DispatchResult {
	let (origin, reason) = (RuntimeOrigin::signed(ADMIN), SuspendReason::FalseLocation);
	Registry::suspend_device(origin, id, reason, H256::repeat_byte(0xee))
}

/// Grants these permissions by the device's owner until an hour from [`NOW`].
pub fn grant(
	id: DeviceId,
	owner: AccountId,
	to: AccountId,
	allowed: Permissions,
) -> DispatchResult {
	let origin = RuntimeOrigin::signed(owner);
	Registry::grant_access(origin, id, to, allowed, NOW + HOUR)
}

/// Advances by this number of blocks, and by a millisecond for each.
pub fn pass_blocks(blocks: u32) {
	System::set_block_number(System::block_number().saturating_add(blocks));
	let now = pallet_timestamp::Pallet::<Test>::get();
	Timestamp::set_timestamp(now.saturating_add(blocks.into()));
}

/// Advances the time until every statement that a device has signed has expired.
pub fn expire_statements() {
	let now = pallet_timestamp::Pallet::<Test>::get();
	Timestamp::set_timestamp(now.saturating_add(MAX_STATEMENT_LIFETIME));
}

/// Returns the balance on hold of an account for that reason.
pub fn held(reason: crate::HoldReason, who: AccountId) -> Balance {
	use frame_support::traits::fungible::hold::Inspect;
	Balances::balance_on_hold(&reason.into(), &who)
}

/// Takes this pallet's events since the last call.
pub fn events() -> Vec<crate::Event<Test>> {
	let events = System::read_events_for_pallet::<crate::Event<Test>>();
	System::reset_events();
	events
}

/// Returns the root of the state.
pub fn state_root() -> Vec<u8> {
	sp_io::storage::root(sp_runtime::StateVersion::V1)
}
