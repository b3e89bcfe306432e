//! What the pallet keeps.

use crate::Config;
use codec::{Decode, Encode, MaxEncodedLen};
use depin_primitives::{
	access::Permissions,
	device::{DeviceRecord, DeviceStatus, PendingKey},
	maker::{CompromiseReason, MakerKeyIndex, MakerRecord},
	network::{NetworkKind, NetworkRecord, NetworkRules, Pauser},
	policy::{NetworkPolicy, TrustLevel},
	suspension::{SuspendReason, Suspender, Suspension},
	traits::{DeviceView, NetworkView},
	Balance, Cell, DeviceId, EpochIndex, MakerId, Millis, NetworkId, PublicKey,
};
use frame_support::{
	Blake2_128, BoundedVec, CloneNoBound, DebugNoBound, EqNoBound, PartialEqNoBound, StorageHasher,
};
use scale_info::TypeInfo;

/// What a network's admin sets.
#[derive(
	CloneNoBound, DebugNoBound, PartialEqNoBound, EqNoBound, Encode, Decode, MaxEncodedLen, TypeInfo,
)]
#[scale_info(skip_type_params(T))]
#[codec(mel_bound())]
pub struct Rules<T: Config> {
	/// The makers whose certificates count; `None`: those of any maker.
	pub makers: Option<BoundedVec<MakerId, T::MaxMakersPerNetwork>>,
	/// What the owner of each new device locks.
	pub bond: Balance,
	/// How its devices join, move, report and are challenged.
	pub policy: NetworkPolicy,
}

impl<T: Config> Rules<T> {
	fn into_record(self) -> NetworkRules {
		let Self { makers, bond, policy } = self;
		NetworkRules { makers: makers.map(BoundedVec::into_inner), bond, policy }
	}
}

/// A network, as it is kept.
#[derive(
	CloneNoBound, DebugNoBound, PartialEqNoBound, EqNoBound, Encode, Decode, MaxEncodedLen, TypeInfo,
)]
#[scale_info(skip_type_params(T))]
#[codec(mel_bound())]
pub struct Network<T: Config> {
	/// What its devices do.
	pub kind: NetworkKind,
	/// Who runs it.
	pub admin: T::AccountId,
	/// Whom its admin has offered it to.
	pub offered_to: Option<T::AccountId>,
	/// Who has paused it, if it is paused.
	pub paused: Option<Pauser>,
	/// What holds, unless `next` does already.
	pub rules: Rules<T>,
	/// What holds from that reward epoch on. Read a network by
	/// [`Pallet::network`](crate::Pallet::network), which minds it.
	pub next: Option<(EpochIndex, Rules<T>)>,
	/// What is held of its admin's balance for it. It may differ from what a network costs today.
	pub deposit: Balance,
	/// How many devices it has, retiring ones included.
	pub devices: u32,
}

impl<T: Config> Network<T> {
	/// The network as it is in this epoch.
	pub fn at(mut self, epoch: EpochIndex) -> Self {
		if self.next.as_ref().is_some_and(|(from, _)| *from <= epoch) {
			if let Some((_, rules)) = self.next.take() {
				self.rules = rules;
			}
		}
		self
	}

	/// The network, as the runtime API gives it.
	pub fn into_record(self, id: NetworkId) -> NetworkRecord<T::AccountId> {
		let Self { kind, admin, offered_to, paused, rules, next, devices, .. } = self;
		let rules = rules.into_record();
		let next = next.map(|(epoch, rules)| (epoch, rules.into_record()));
		NetworkRecord { id, kind, admin, offered_to, paused, rules, next, devices }
	}

	/// The network, as the other pallets see it.
	pub fn into_view(self) -> NetworkView {
		NetworkView { kind: self.kind, policy: self.rules.policy, paused: self.paused.is_some() }
	}
}

/// A key that a maker signs certificates with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct MakerKey {
	/// Its number, by which a certificate names it.
	pub number: MakerKeyIndex,
	/// The key.
	pub key: PublicKey,
	/// What is held of the maker's account for it.
	pub deposit: Balance,
}

/// A maker, as it is kept.
#[derive(
	CloneNoBound, DebugNoBound, PartialEqNoBound, EqNoBound, Encode, Decode, MaxEncodedLen, TypeInfo,
)]
#[scale_info(skip_type_params(T))]
#[codec(mel_bound())]
pub struct Maker<T: Config> {
	/// The account that registered it.
	pub account: T::AccountId,
	/// The keys that its certificates are good by, by ascending number.
	pub keys: BoundedVec<MakerKey, T::MaxMakerKeys>,
	/// The number of its next key. Those below it and not in the list are revoked.
	pub next_key: MakerKeyIndex,
	/// What is held of the account's balance for the maker itself. It may differ from what a maker
	/// costs today.
	pub deposit: Balance,
	/// How many device keys it has declared compromised.
	pub declarations: u32,
}

impl<T: Config> Maker<T> {
	/// The maker, as the runtime API gives it.
	pub fn into_record(self, id: MakerId) -> MakerRecord<T::AccountId> {
		let Self { account, keys, declarations, .. } = self;
		let keys = keys.into_iter().map(|MakerKey { number, key, .. }| (number, key)).collect();
		MakerRecord { id, account, keys, declarations }
	}
}

/// A maker's word that a device key is not to be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Declaration {
	/// Why.
	pub reason: CompromiseReason,
	/// What is held of the maker's account for it.
	pub deposit: Balance,
}

/// How a device has proved what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub enum Evidence {
	/// By holding its key.
	#[codec(index = 0)]
	Open,
	/// By a maker's certificate. (Index 2 is kept for hardware attestation.)
	#[codec(index = 1)]
	Certified {
		/// The maker that signed.
		maker: MakerId,
		/// The maker's number of the model.
		model: u32,
	},
}

impl Evidence {
	/// The level of trust that it gives.
	pub fn trust(self) -> TrustLevel {
		match self {
			Self::Open => TrustLevel::Open,
			Self::Certified { .. } => TrustLevel::Certified,
		}
	}

	/// The maker and the model that it names.
	pub fn maker(self) -> Option<(MakerId, u32)> {
		match self {
			Self::Open => None,
			Self::Certified { maker, model } => Some((maker, model)),
		}
	}
}

/// A device's suspension, as it is kept: what the windows for appeal and decision do not tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct SuspensionCase {
	/// Who ordered it.
	pub by: Suspender,
	/// Why.
	pub reason: SuspendReason,
	/// The block of the suspension.
	pub since: u32,
	/// Whether the owner has appealed.
	pub appealed: bool,
}

/// Where a device is in its life, as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub enum Status {
	/// See [`DeviceStatus::Active`].
	#[codec(index = 0)]
	Active,
	/// See [`DeviceStatus::Retiring`].
	#[codec(index = 1)]
	Retiring {
		/// The first block at which the device can be reaped.
		until: u32,
	},
	/// See [`DeviceStatus::Suspended`].
	#[codec(index = 2)]
	Suspended(SuspensionCase),
}

impl Status {
	/// Whether the device may work, which one that is suspended does into escrow.
	pub fn can_work(self) -> bool {
		DeviceStatus::from(self).can_work()
	}

	/// The device's suspension, if it is suspended.
	pub fn suspension_case(self) -> Option<SuspensionCase> {
		match self {
			Self::Suspended(case) => Some(case),
			Self::Active | Self::Retiring { .. } => None,
		}
	}
}

impl From<Status> for DeviceStatus {
	fn from(status: Status) -> Self {
		match status {
			Status::Active => Self::Active,
			Status::Retiring { until } => Self::Retiring { until },
			Status::Suspended(SuspensionCase { reason, .. }) => Self::Suspended { reason },
		}
	}
}

/// What a device waits for. An offer and a recovery end one another: who accepts a device takes it with
/// the key that it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub enum PendingChange<AccountId> {
	/// Nothing.
	#[codec(index = 0)]
	Nothing,
	/// The account that it is offered to.
	#[codec(index = 1)]
	Owner(AccountId),
	/// The key that it is to have, after its own was lost.
	#[codec(index = 2)]
	Key(PendingKey),
}

impl<AccountId> PendingChange<AccountId> {
	/// The account that the device is offered to.
	pub fn owner(&self) -> Option<&AccountId> {
		match self {
			Self::Owner(to) => Some(to),
			Self::Nothing | Self::Key(_) => None,
		}
	}

	/// The key that it is to have.
	pub fn key(&self) -> Option<&PendingKey> {
		match self {
			Self::Key(key) => Some(key),
			Self::Nothing | Self::Owner(_) => None,
		}
	}
}

/// A device, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Device<AccountId> {
	/// Who owns it and is paid for its work.
	pub owner: AccountId,
	/// The network that it works for.
	pub network: NetworkId,
	/// How it has proved what it is.
	pub evidence: Evidence,
	/// The key that it signs with now.
	pub key: PublicKey,
	/// Where it says it is.
	pub cell: Cell,
	/// Since when it says so.
	pub located_at: Millis,
	/// Where it is in its life.
	pub status: Status,
	/// What it waits for.
	pub pending: PendingChange<AccountId>,
	/// What is held of its owner's balance for it.
	#[codec(compact)]
	pub bond: Balance,
	/// When it was registered.
	pub registered_at: Millis,
}

impl<AccountId> Device<AccountId> {
	/// The device, as the runtime API gives it, with what that says of its suspension.
	pub fn into_record(
		self,
		id: DeviceId,
		suspension: impl FnOnce(SuspensionCase) -> Suspension,
	) -> DeviceRecord<AccountId> {
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
			suspension: status.suspension_case().map(suspension),
			offered_to,
			pending_key,
			bond,
			registered_at,
		}
	}

	/// The device, as the other pallets see it.
	pub fn into_view(self) -> DeviceView<AccountId> {
		let Self { owner, network, evidence, key, cell, status, registered_at, .. } = self;
		let status = status.into();
		DeviceView { owner, network, key, cell, status, trust: evidence.trust(), registered_at }
	}
}

/// A permission that an owner has given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Grant<AccountId> {
	/// Who has it.
	pub to: AccountId,
	/// What it allows.
	pub permissions: Permissions,
	/// It is good before this time.
	pub expires: Millis,
	/// What is held of the owner's balance for it.
	pub deposit: Balance,
}

/// What begins a device's id, or the hash of a key that is not a device's first: enough to find it by,
/// in half of the bytes.
///
/// Nobody can take another's place in a list, or keep another's key from being used, without a key of
/// his own whose hash begins like a given one, and that takes 2^128 trials. Who makes two keys of his
/// own whose hashes begin alike, for which 2^64 are enough, gets one place for two devices in each list
/// that holds both, and that one is gone when either leaves: it is his own devices that are not listed.
/// They are found by their ids all the same.
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

/// An owner in the key of its list: the blake2-128 of its account, which is not kept beside it, as each
/// device names its owner.
#[derive(
	Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, MaxEncodedLen, TypeInfo,
)]
pub struct OwnerKey(pub [u8; 16]);

impl OwnerKey {
	/// That of this account.
	pub fn of(owner: &impl Encode) -> Self {
		Self(owner.using_encoded(Blake2_128::hash))
	}
}

/// A cell, as a key in whose order all cells that lie in one of a coarser resolution stand together:
/// base cell and digits, then the resolution, big-endian.
///
/// In H3's own bits the resolution comes before the base cell, and digits beyond the resolution are
/// all ones (<https://h3geo.org/docs/core-library/h3Indexing>).
#[derive(
	Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, MaxEncodedLen, TypeInfo,
)]
pub struct CellKey(pub [u8; 8]);

/// The bits of an H3 index that hold base cell and digits.
const PLACE_BITS: u32 = 52;
const PLACE: u64 = (1 << PLACE_BITS) - 1;
/// What is left of a key below the place; the resolution stands there.
const REST_BITS: u32 = u64::BITS - PLACE_BITS;
const REST: u64 = (1 << REST_BITS) - 1;

impl From<Cell> for CellKey {
	fn from(cell: Cell) -> Self {
		Self((((cell.0 & PLACE) << REST_BITS) | resolution(cell)).to_be_bytes())
	}
}

impl CellKey {
	/// The first and the last key that a cell in `parent` (or `parent` itself) can have.
	pub fn range(parent: Cell) -> (Self, Self) {
		let place = parent.0 & PLACE;
		let below = digits_below(resolution(parent));
		let (first, last) = (place & !below, place | below);
		let key = |place: u64, rest: u64| Self(((place << REST_BITS) | rest).to_be_bytes());
		(key(first, 0), key(last, REST))
	}
}

/// The cell's resolution, of 4 bits.
fn resolution(cell: Cell) -> u64 {
	(cell.0 >> PLACE_BITS) & 0xf
}

/// The bits of the digits beyond a resolution of at most 15: three for each.
fn digits_below(resolution: u64) -> u64 {
	(1 << (3 * (15 - resolution))) - 1
}
