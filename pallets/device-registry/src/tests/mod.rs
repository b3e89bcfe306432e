//! Tests by topic. Each ends in `do_try_state`, through [`ExtBuilder::build_and_execute`].

use crate::{
	mock::*, types::CellKey, Declarations, Device, DeviceOffers, Devices, DevicesByCell,
	DevicesByMaker, DevicesByNetwork, DevicesByOwner, Error, Event, Grants, HoldReason, Makers,
	Networks, NextMakerId, NextNetworkId, PendingKeys, RotatedKeys, Suspensions,
};
use depin_primitives::{
	device::{
		CompromiseReason, DeviceStatus, LookupError, MakerRecord, OwnerConsent, Pauser,
		Permissions, Registration, SignedCertificate, SuspendReason, Suspender, Suspension,
	},
	key::KeySchemes,
	network::{NetworkKind, NetworkPolicy, TrustLevel, TrustPolicy, WHOLE},
	page::{Page, MAX_PAGE},
	traits::Devices as _,
	Balance, Cell, DeviceId, KeyScheme, MakerId, Millis, NetworkId, PublicKey, Signature, H256,
};
use frame_support::{
	assert_noop, assert_ok, dispatch::GetDispatchInfo, traits::Hooks, weights::Weight, BoundedVec,
};
use h3o::Resolution;
use sp_runtime::{traits::BadOrigin, ArithmeticError, DispatchError};

mod access;
mod constants;
mod keys;
mod lists;
mod location;
mod makers;
mod money;
mod networks;
mod registration;
mod bulk;
mod retirement;
mod state_size;
mod suspension;
mod transfer;
mod try_state;

fn signed(who: AccountId) -> RuntimeOrigin {
	RuntimeOrigin::signed(who)
}
