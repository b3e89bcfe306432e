//! What the pallet keeps.

use crate::Config;
use codec::{Decode, Encode, MaxEncodedLen};
use depin_primitives::{
	device::{DeviceRecord, DeviceStatus, NetworkRecord},
	network::{NetworkKind, NetworkPolicy},
	traits::DeviceView,
	Balance, Cell, DeviceId, MakerId, Millis, NetworkId, PublicKey,
};
use frame_support::{BoundedVec, CloneNoBound, DebugNoBound, EqNoBound, PartialEqNoBound};
use scale_info::TypeInfo;

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
	/// The makers whose devices it admits; `None`: anyone's.
	pub makers: Option<BoundedVec<MakerId, T::MaxMakersPerNetwork>>,
	/// What each device's owner locks.
	pub bond: Balance,
	/// Its rules.
	pub policy: NetworkPolicy,
	/// What is held of its admin's balance for it. It may differ from what a network costs today.
	pub deposit: Balance,
	/// How many devices it has, retiring ones included.
	pub devices: u32,
}

impl<T: Config> Network<T> {
	/// The network, as the runtime API gives it.
	pub fn into_record(self, id: NetworkId) -> NetworkRecord<T::AccountId> {
		let Self { kind, admin, makers, bond, policy, devices, .. } = self;
		let makers = makers.map(BoundedVec::into_inner);
		NetworkRecord { id, kind, admin, makers, bond, policy, devices }
	}
}

/// A maker, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Maker<AccountId> {
	/// The account that registered it.
	pub account: AccountId,
	/// The key that its certificates are signed with.
	pub key: PublicKey,
	/// What is held of the account's balance for it. It may differ from what a maker costs today.
	pub deposit: Balance,
}

/// A device, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Device<AccountId> {
	/// Who owns it and is paid for its work.
	pub owner: AccountId,
	/// The network that it works for.
	pub network: NetworkId,
	/// The maker that certified it and its model; `None` without a certificate.
	pub maker: Option<(MakerId, u32)>,
	/// The key that it signs with now.
	pub key: PublicKey,
	/// Where it says it is.
	pub cell: Cell,
	/// Where it is in its life.
	pub status: DeviceStatus,
	/// What is held of its owner's balance for it.
	pub bond: Balance,
	/// When it was registered.
	pub registered_at: Millis,
}

impl<AccountId> Device<AccountId> {
	/// The device, as the runtime API gives it.
	pub fn into_record(self, id: DeviceId) -> DeviceRecord<AccountId> {
		let Self { owner, network, maker, key, cell, status, bond, registered_at } = self;
		DeviceRecord { id, owner, network, maker, key, cell, status, bond, registered_at }
	}

	/// The device, as the other pallets see it.
	pub fn into_view(self) -> DeviceView<AccountId> {
		let Self { owner, network, key, cell, status, registered_at, .. } = self;
		DeviceView { owner, network, key, cell, status, registered_at }
	}
}
