//! Tests by topic. Each ends in `do_try_state`, through [`ExtBuilder::build_and_execute`].

use crate::{
	mock::*,
	types::{CellKey, OwnerKey, PendingChange, ShortId, Status},
	Declarations, Device, Devices, DevicesByCell, DevicesByMaker, DevicesByNetwork, DevicesByOwner,
	Error, Event, Grants, HoldReason, Makers, Networks, NextMakerId, NextNetworkId, RotatedKeys,
};
use depin_primitives::{
	access::Permissions,
	device::DeviceStatus,
	key::KeySchemes,
	maker::{CompromiseReason, MakerRecord},
	network::{NetworkKind, Pauser},
	page::{LookupError, Page, MAX_PAGE},
	policy::{NetworkPolicy, TrustLevel, TrustPolicy, ONE},
	statement::{
		OwnerConsent, Registration, SignedCertificate, TimedSignature, MAX_STATEMENT_LIFETIME,
	},
	suspension::{SuspendReason, Suspender, Suspension},
	traits::Devices as _,
	Balance, Cell, DeviceId, KeyScheme, MakerId, Millis, NetworkId, PublicKey, Signature, H256,
};
use frame_support::{
	assert_noop, assert_ok, dispatch::GetDispatchInfo, traits::Hooks, weights::Weight, BoundedVec,
};
use h3o::Resolution;
use sp_runtime::{traits::BadOrigin, ArithmeticError, DispatchError};

mod access;
mod bulk;
mod constants;
mod governed;
mod keys;
mod lists;
mod location;
mod makers;
mod money;
mod networks;
mod registration;
mod retirement;
mod state_size;
mod statements;
mod suspension;
mod transfer;
mod try_state;

fn signed(who: AccountId) -> RuntimeOrigin {
	RuntimeOrigin::signed(who)
}

/// Returns this signature with a fresh expiry.
fn timed(signature: Signature) -> TimedSignature {
	TimedSignature { expires: fresh(), signature }
}

/// Returns the case of a suspended device.
fn suspension_case(id: DeviceId) -> Option<Suspension> {
	Registry::stored_device(id).and_then(|device| device.status.suspension_case())
}

/// Returns the change that a device waits for; no change if there is no device.
fn pending(id: DeviceId) -> PendingChange<AccountId> {
	Registry::stored_device(id).map_or(PendingChange::Nothing, |device| device.pending)
}

/// Asserts that the state has neither a device nor an entry of one.
fn no_device_is_left() {
	assert_eq!(Devices::<Test>::iter_keys().count(), 0);
	assert_eq!(DevicesByOwner::<Test>::iter_keys().count(), 0);
	assert_eq!(DevicesByNetwork::<Test>::iter_keys().count(), 0);
	assert_eq!(DevicesByMaker::<Test>::iter_keys().count(), 0);
	assert_eq!(DevicesByCell::<Test>::iter_keys().count(), 0);
	assert_eq!(RotatedKeys::<Test>::iter_keys().count(), 0);
	assert_eq!(Grants::<Test>::iter_keys().count(), 0);
}

/// Returns byte strings of every scheme that are not keys, or not in the one encoding that is
/// accepted.
fn malformed_keys() -> Vec<PublicKey> {
	let mut keys = Vec::new();
	let y = |first: u8, rest: u8, last: u8| {
		let mut y = [rest; 32];
		(y[0], y[31]) = (first, last);
		y
	};
	// Ed25519. Orders 1, 4 and 2; order 8; no point has this y; y at or above the field's order.
	keys.extend([y(1, 0, 0), [0; 32], y(0xec, 0xff, 0x7f)].map(PublicKey::Ed25519));
	let order_8 = "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a";
	let order_8 = sp_core::bytes::from_hex(order_8).expect("hexadecimal; qed");
	keys.push(PublicKey::Ed25519(order_8.try_into().expect("32 bytes; qed")));
	keys.push(PublicKey::Ed25519(y(2, 0, 0)));
	for first in 0xed..=0xff {
		keys.extend([0x7f, 0xff].map(|last| PublicKey::Ed25519(y(first, 0xff, last))));
	}
	// Sr25519. The identity; a negative number; the field's order for 0; beyond 255 bits.
	let elements = [[0; 32], y(1, 0, 0), y(0xed, 0xff, 0x7f), [0xff; 32]];
	keys.extend(elements.map(PublicKey::Sr25519));
	// Both curves of ECDSA: the point at infinity, x alone, in other forms, and too great an x.
	let tagged = |tag: u8, x: &[u8; 32]| {
		let mut key = [tag; 33];
		key[1..].copy_from_slice(x);
		key
	};
	for (make, secret, no_x) in [
		(PublicKey::Secp256k1 as fn([u8; 33]) -> PublicKey, Secret::secp256k1(9), 5),
		(PublicKey::P256, Secret::p256(9), 1),
	] {
		let x = secret.public().as_bytes()[1..].try_into().expect("32 bytes; qed");
		keys.extend([0, 1, 4, 5, 6, 7, 0x82, 0xff].map(|tag| make(tagged(tag, &x))));
		for tag in [2, 3] {
			keys.push(make(tagged(tag, &[0xff; 32])));
			let mut x = [0; 32];
			x[31] = no_x;
			keys.push(make(tagged(tag, &x)));
		}
		keys.push(make([0; 33]));
	}
	keys
}
