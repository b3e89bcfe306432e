//! Types of the pallet's storage, and their conversions to records and views.

use crate::{Config, Pallet};
use codec::{Decode, Encode, MaxEncodedLen};
use depin_primitives::{
	access::Permissions,
	device::{DeviceRecord, DeviceStatus, PendingKey},
	hashing::blake2_256,
	maker::{CompromiseReason, MakerKeyIndex, MakerRecord},
	network::{NetworkKind, NetworkRecord, NetworkRules, Pauser},
	policy::{NetworkPolicy, TrustLevel},
	suspension::Suspension,
	traits::{DeviceView, NetworkView},
	Balance, Cell, DeviceId, EpochIndex, MakerId, Millis, NetworkId, PublicKey, H256,
};
use frame_support::{
	Blake2_128, BoundedVec, CloneNoBound, DebugNoBound, EqNoBound, PartialEqNoBound, StorageHasher,
};
use scale_info::TypeInfo;

/// Rules that a network's admin sets.
#[derive(
	CloneNoBound, DebugNoBound, PartialEqNoBound, EqNoBound, Encode, Decode, MaxEncodedLen, TypeInfo,
)]
#[scale_info(skip_type_params(T))]
#[codec(mel_bound())]
pub struct Rules<T: Config> {
	/// Makers whose certificates the network accepts; `None` accepts every maker.
	pub makers: Option<BoundedVec<MakerId, T::MaxMakersPerNetwork>>,
	/// Bond of each device that joins.
	pub bond: Balance,
	/// Rules by which devices join, move, report and are challenged.
	pub policy: NetworkPolicy,
}

impl<T: Config> Rules<T> {
	fn into_record(self) -> NetworkRules {
		let Self { makers, bond, policy } = self;
		NetworkRules { makers: makers.map(BoundedVec::into_inner), bond, policy }
	}
}

/// Offer of a network to the account that may become its admin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct NetworkOffer<AccountId> {
	/// Account that the network is offered to.
	pub to: AccountId,
	/// Party that made the offer. Only governance can replace or withdraw an offer by governance.
	pub by: Pauser,
	/// First reward epoch in which the offer of a funded network can be accepted.
	pub from: EpochIndex,
}

/// State of a network.
#[derive(
	CloneNoBound, DebugNoBound, PartialEqNoBound, EqNoBound, Encode, Decode, MaxEncodedLen, TypeInfo,
)]
#[scale_info(skip_type_params(T))]
#[codec(mel_bound())]
pub struct Network<T: Config> {
	/// Kind of work that the network's devices do.
	pub kind: NetworkKind,
	/// Account that runs the network.
	pub admin: T::AccountId,
	/// Offer of the network to another account.
	pub offer: Option<NetworkOffer<T::AccountId>>,
	/// Party that has paused the network, if it is paused.
	pub paused: Option<Pauser>,
	/// Rules in force, unless those of `next` are in force already.
	pub rules: Rules<T>,
	/// Rules to come, and the reward epoch from which they are in force.
	/// [`Pallet::network`](crate::Pallet::network) reads a network with the rules of the running
	/// epoch.
	pub next: Option<(EpochIndex, Rules<T>)>,
	/// Amount held on the admin for the network. The price of a new network may differ.
	pub deposit: Balance,
	/// Number of the network's devices, retiring ones included.
	pub devices: u32,
}

impl<T: Config> Network<T> {
	/// Puts the rules to come in force if `epoch` has reached theirs.
	pub fn at(mut self, epoch: EpochIndex) -> Self {
		if self.next.as_ref().is_some_and(|(from, _)| *from <= epoch) {
			if let Some((_, rules)) = self.next.take() {
				self.rules = rules;
			}
		}
		self
	}

	/// Clamps the policy in force, and the one to come, by the chain's caps in force. What is
	/// stored keeps the numbers that the admin gave.
	pub fn capped(mut self) -> Self {
		let caps = Pallet::<T>::policy_caps();
		self.rules.policy = caps.clamp(self.rules.policy);
		if let Some((_, next)) = &mut self.next {
			next.policy = caps.clamp(next.policy);
		}
		self
	}

	/// Returns the hash of the rules, in force and to come. The chain's caps do not change it.
	pub fn rules_hash(&self) -> H256 {
		(&self.rules, &self.next).using_encoded(blake2_256)
	}

	/// Returns the record that the runtime API gives.
	pub fn into_record(self, id: NetworkId) -> NetworkRecord<T::AccountId> {
		let rules_hash = self.rules_hash();
		let Self { kind, admin, offer, paused, rules, next, devices, .. } = self.capped();
		let (offered_to, offer_opens) = offer.map(|offer| (offer.to, offer.from)).unzip();
		let rules = rules.into_record();
		let next = next.map(|(epoch, rules)| (epoch, rules.into_record()));
		NetworkRecord {
			id,
			kind,
			admin,
			offered_to,
			offer_opens,
			paused,
			rules,
			next,
			rules_hash,
			devices,
		}
	}

	/// Returns the view that the other pallets get.
	pub fn into_view(self) -> NetworkView {
		let Self { kind, rules, paused, .. } = self.capped();
		NetworkView { kind, policy: rules.policy, paused: paused.is_some() }
	}
}

/// Key with which a maker signs certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct MakerKey {
	/// Number of the key, by which certificates name it.
	pub number: MakerKeyIndex,
	/// Public key.
	pub key: PublicKey,
	/// Amount held on the maker's account for the key.
	pub deposit: Balance,
}

/// State of a maker.
#[derive(
	CloneNoBound, DebugNoBound, PartialEqNoBound, EqNoBound, Encode, Decode, MaxEncodedLen, TypeInfo,
)]
#[scale_info(skip_type_params(T))]
#[codec(mel_bound())]
pub struct Maker<T: Config> {
	/// Account that registered the maker.
	pub account: T::AccountId,
	/// Keys that are not revoked, by ascending number.
	pub keys: BoundedVec<MakerKey, T::MaxMakerKeys>,
	/// Number of the next key. A lower number that is not in `keys` is that of a revoked key.
	pub next_key: MakerKeyIndex,
	/// Amount held on the account for the maker itself. The price of a new maker may differ.
	pub deposit: Balance,
	/// Number of device keys that the maker declares compromised.
	pub declarations: u32,
	/// Amount held on the account for all declarations.
	pub declaration_deposits: Balance,
	/// Account that the maker is offered to.
	pub offered_to: Option<T::AccountId>,
}

impl<T: Config> Maker<T> {
	/// Returns the sum of the amounts held on the account: for the maker, its keys and its
	/// declarations.
	pub fn held(&self) -> Balance {
		let own = self.deposit.saturating_add(self.declaration_deposits);
		self.keys.iter().fold(own, |sum, key| sum.saturating_add(key.deposit))
	}

	/// Returns the record that the runtime API gives.
	pub fn into_record(self, id: MakerId) -> MakerRecord<T::AccountId> {
		let Self { account, keys, declarations, offered_to, .. } = self;
		let keys = keys.into_iter().map(|MakerKey { number, key, .. }| (number, key)).collect();
		MakerRecord { id, account, keys, declarations, offered_to }
	}
}

/// A maker's declaration that a device key is compromised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Declaration {
	/// Reason of the declaration.
	pub reason: CompromiseReason,
	/// Amount held on the maker's account for the declaration.
	pub deposit: Balance,
}

/// Evidence of a device's origin, from which its trust level follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub enum Evidence {
	/// Possession of the key only.
	#[codec(index = 0)]
	Open,
	/// A maker's certificate of the key. (Index 2 is reserved for hardware attestation.)
	#[codec(index = 1)]
	Certified {
		/// Maker that signed the certificate.
		maker: MakerId,
		/// Number that the maker has given to the model.
		model: u32,
	},
}

impl Evidence {
	/// Returns the trust level that the evidence gives.
	pub fn trust(self) -> TrustLevel {
		match self {
			Self::Open => TrustLevel::Open,
			Self::Certified { .. } => TrustLevel::Certified,
		}
	}

	/// Returns the maker and the model that a certificate names.
	pub fn maker(self) -> Option<(MakerId, u32)> {
		match self {
			Self::Open => None,
			Self::Certified { maker, model } => Some((maker, model)),
		}
	}
}

/// Stage of a device's life, as it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub enum Status {
	/// See [`DeviceStatus::Active`].
	#[codec(index = 0)]
	Active,
	/// See [`DeviceStatus::Retiring`].
	#[codec(index = 1)]
	Retiring {
		/// First block at which the device can be reaped.
		until: u32,
	},
	/// See [`DeviceStatus::Suspended`] and [`DeviceStatus::SuspendedRetiring`].
	#[codec(index = 2)]
	Suspended {
		/// Suspender, reason, windows and appeal. The windows are stored, so that a change of the
		/// governed numbers does not affect a running case.
		case: Suspension,
		/// For a device that was suspended while it was retiring, the first block at which the
		/// device can be reaped after its restoration.
		retiring: Option<u32>,
	},
}

impl Status {
	/// Returns `true` if the device may work. The rewards of a suspended device go into escrow.
	pub fn can_work(self) -> bool {
		DeviceStatus::from(self).can_work()
	}

	/// Returns the case of a suspended device.
	pub fn suspension_case(self) -> Option<Suspension> {
		match self {
			Self::Suspended { case, .. } => Some(case),
			Self::Active | Self::Retiring { .. } => None,
		}
	}

	/// Returns the first block at which a retiring device can be reaped, if it is not suspended
	/// then.
	pub fn retiring_until(self) -> Option<u32> {
		match self {
			Self::Active => None,
			Self::Retiring { until } => Some(until),
			Self::Suspended { retiring, .. } => retiring,
		}
	}
}

impl From<Status> for DeviceStatus {
	fn from(status: Status) -> Self {
		match status {
			Status::Active => Self::Active,
			Status::Retiring { until } => Self::Retiring { until },
			Status::Suspended { case, retiring: None } => Self::Suspended { reason: case.reason },
			Status::Suspended { case, retiring: Some(_) } => {
				Self::SuspendedRetiring { reason: case.reason }
			}
		}
	}
}

/// Change that a device waits for. An offer and a recovery replace each other, so that a new owner
/// gets the device with its current key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub enum PendingChange<AccountId> {
	/// No change.
	#[codec(index = 0)]
	Nothing,
	/// Transfer to the account that the device is offered to.
	#[codec(index = 1)]
	Owner(AccountId),
	/// Recovery: the key that is to replace a lost one.
	#[codec(index = 2)]
	Key(PendingKey),
}

impl<AccountId> PendingChange<AccountId> {
	/// Returns the account that the device is offered to.
	pub fn owner(&self) -> Option<&AccountId> {
		match self {
			Self::Owner(to) => Some(to),
			Self::Nothing | Self::Key(_) => None,
		}
	}

	/// Returns the key that is to replace a lost one.
	pub fn key(&self) -> Option<&PendingKey> {
		match self {
			Self::Key(key) => Some(key),
			Self::Nothing | Self::Owner(_) => None,
		}
	}
}

/// Device as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct StoredDevice<AccountId, Parts> {
	/// State that this pallet keeps of the device.
	pub device: Device<AccountId>,
	/// State that other pallets keep of the device.
	pub parts: Parts,
}

impl<AccountId, Parts: AsRef<Part>, Part> AsRef<Part> for StoredDevice<AccountId, Parts> {
	fn as_ref(&self) -> &Part {
		self.parts.as_ref()
	}
}

impl<AccountId, Parts: AsMut<Part>, Part> AsMut<Part> for StoredDevice<AccountId, Parts> {
	fn as_mut(&mut self) -> &mut Part {
		self.parts.as_mut()
	}
}

/// [`StoredDevice`] of a runtime.
pub type StoredDeviceOf<T> =
	StoredDevice<<T as frame_system::Config>::AccountId, <T as Config>::Parts>;

/// State of a device, except its grants.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Device<AccountId> {
	/// Account that owns the device and is paid for its work.
	pub owner: AccountId,
	/// Network that the device works for.
	pub network: NetworkId,
	/// Evidence of the device's origin.
	pub evidence: Evidence,
	/// Key with which the device signs now.
	pub key: PublicKey,
	/// Location that the device asserts.
	pub cell: Cell,
	/// Time at which the location was set.
	pub located_at: Millis,
	/// Stage of the device's life.
	pub status: Status,
	/// Change that the device waits for.
	pub pending: PendingChange<AccountId>,
	/// Amount held on the owner for the device.
	#[codec(compact)]
	pub bond: Balance,
	/// Time of the registration.
	pub registered_at: Millis,
	/// Greatest expiry of the statements that the device has used: see
	/// [`statements`](crate::statements).
	pub statements_until: Millis,
}

impl<AccountId> Device<AccountId> {
	/// Returns the record that the runtime API gives.
	pub fn into_record(self, id: DeviceId) -> DeviceRecord<AccountId> {
		let Self {
			owner,
			network,
			evidence,
			key,
			cell,
			located_at,
			status,
			pending,
			bond,
			registered_at,
			statements_until,
		} = self;
		let (offered_to, pending_key) = match pending {
			PendingChange::Nothing => (None, None),
			PendingChange::Owner(to) => (Some(to), None),
			PendingChange::Key(key) => (None, Some(key)),
		};
		DeviceRecord {
			id,
			owner,
			network,
			maker: evidence.maker(),
			trust: evidence.trust(),
			key,
			cell,
			located_at,
			status: status.into(),
			suspension: status.suspension_case(),
			offered_to,
			pending_key,
			bond,
			registered_at,
			statements_until,
		}
	}

	/// Returns the view that the other pallets get.
	pub fn view(&self) -> DeviceView<AccountId>
	where
		AccountId: Clone,
	{
		let Self { owner, network, evidence, key, cell, status, registered_at, .. } = self;
		DeviceView {
			owner: owner.clone(),
			network: *network,
			key: *key,
			cell: *cell,
			status: (*status).into(),
			trust: evidence.trust(),
			registered_at: *registered_at,
		}
	}
}

/// Permissions that an owner has granted to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Grant<AccountId> {
	/// Account that has the permissions.
	pub to: AccountId,
	/// Permissions of the account.
	pub permissions: Permissions,
	/// Time from which the grant is no longer valid.
	pub expires: Millis,
	/// Amount held on the owner for the grant.
	pub deposit: Balance,
}

/// First half of a device's id, or of the hash of a key that is not a device's first: enough to
/// find the device by, in half of the bytes.
///
/// To take another device's place in a list, or to block another device's key, an attacker needs a
/// key whose hash begins like a given one: 2^128 trials. To make two own keys whose hashes begin
/// alike, an attacker needs 2^64 trials. Their two devices then share one entry in each list that
/// holds both, and the entry is removed when either leaves. Only the attacker's own devices are
/// missing from lists, and they are still found by their ids.
#[derive(
	Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, MaxEncodedLen, TypeInfo,
)]
pub struct ShortId(pub [u8; 16]);

impl From<DeviceId> for ShortId {
	fn from(id: DeviceId) -> Self {
		let (first, _) = id.0.split_first_chunk().expect("16 are fewer than 32; qed");
		Self(*first)
	}
}

/// Key of an owner's list of devices: the blake2-128 of the account. The account is not stored
/// beside it, as each device names its owner.
#[derive(
	Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, MaxEncodedLen, TypeInfo,
)]
pub struct OwnerKey(pub [u8; 16]);

impl OwnerKey {
	/// Returns the key of an owner's list.
	pub fn of(owner: &impl Encode) -> Self {
		Self(owner.using_encoded(Blake2_128::hash))
	}
}

/// Sort key of a cell: base cell and digits, then the resolution, big-endian. In this order all
/// cells within a coarser cell are adjacent.
///
/// In H3's own bits the resolution comes before the base cell, and digits beyond the resolution are
/// all ones (<https://h3geo.org/docs/core-library/h3Indexing>).
#[derive(
	Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, MaxEncodedLen, TypeInfo,
)]
pub struct CellKey(pub [u8; 8]);

/// Number of bits of an H3 index that hold base cell and digits.
const PLACE_BITS: u32 = 52;
const PLACE: u64 = (1 << PLACE_BITS) - 1;
/// Number of bits of a sort key below base cell and digits; the resolution is there.
const REST_BITS: u32 = u64::BITS - PLACE_BITS;
const REST: u64 = (1 << REST_BITS) - 1;

impl From<Cell> for CellKey {
	fn from(cell: Cell) -> Self {
		Self((((cell.0 & PLACE) << REST_BITS) | resolution(cell)).to_be_bytes())
	}
}

impl CellKey {
	/// Returns the first and the last key that `parent` or a cell within it can have.
	pub fn range(parent: Cell) -> (Self, Self) {
		let place = parent.0 & PLACE;
		let below = digits_below(resolution(parent));
		let (first, last) = (place & !below, place | below);
		let key = |place: u64, rest: u64| Self(((place << REST_BITS) | rest).to_be_bytes());
		(key(first, 0), key(last, REST))
	}
}

/// Returns the cell's resolution, of 4 bits.
fn resolution(cell: Cell) -> u64 {
	(cell.0 >> PLACE_BITS) & 0xf
}

/// Returns a mask of the digits beyond a resolution of at most 15: three bits for each.
fn digits_below(resolution: u64) -> u64 {
	let bits = 15u64.saturating_sub(resolution).saturating_mul(3);
	// At most 45 bits, fewer than the 64 of the type; qed.
	!(u64::MAX << bits)
}
