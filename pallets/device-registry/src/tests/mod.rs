//! Tests by topic. Each ends in `do_try_state`, through [`ExtBuilder::build_and_execute`].

use crate::{
	mock::*, Device, Devices, DevicesByCell, DevicesByNetwork, DevicesByOwner, Error, Event,
	HoldReason, Makers, Networks, NextMakerId, NextNetworkId,
};
use depin_primitives::{
	device::{DeviceStatus, OwnerConsent, SignedCertificate},
	key::KeySchemes,
	network::{NetworkKind, NetworkPolicy},
	page::MAX_PAGE,
	traits::Devices as _,
	Cell, DeviceId, KeyScheme, MakerId, Millis, NetworkId, PublicKey, Signature,
};
use frame_support::{
	assert_noop, assert_ok, dispatch::GetDispatchInfo, traits::Hooks, weights::Weight, BoundedVec,
};
use h3o::Resolution;
use sp_runtime::{traits::BadOrigin, ArithmeticError, DispatchError};

mod constants;
mod lists;
mod makers;
mod money;
mod networks;
mod registration;
mod retirement;
mod try_state;

fn signed(who: AccountId) -> RuntimeOrigin {
	RuntimeOrigin::signed(who)
}
