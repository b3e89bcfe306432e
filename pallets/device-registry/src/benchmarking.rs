//! Benchmarks of the calls, and devices for the benchmarks of other pallets. Devices and makers
//! sign with P-256 here, the costliest scheme.

use crate::{
	types::{Evidence, PendingChange, Rules, ShortId, Status, StoredDevice},
	Call, Config, Declarations, Device, Devices, DevicesByMaker, Grants, HoldReason, Makers,
	Network, Networks, NextMakerId, NextNetworkId, Pallet, RotatedKeys,
};
use alloc::vec::Vec;
use depin_primitives::{
	access::Permissions,
	device::DeviceStatus,
	maker::CompromiseReason,
	network::{NetworkKind, Pauser},
	policy::{CoveragePolicy, NetworkPolicy, ReportPolicy, TrustLevel},
	signing::Signable,
	statement::{
		KeyAdoption, KeyRotation, OwnerConsent, Registration, SignedCertificate, TimedSignature,
	},
	suspension::{SuspendReason, Suspender, Suspension},
	traits::{BenchmarkHelper, DeviceView},
	Cell, DeviceId, MakerId, Millis, NetworkId, PublicKey, Signature, H256,
};
use frame_benchmarking::v2::*;
use frame_support::{
	traits::{
		fungible::{Inspect, Mutate},
		EnsureOrigin, Get, Time,
	},
	BoundedVec,
};
use frame_system::RawOrigin;
use p256::ecdsa::{signature::Signer, SigningKey};
use sp_runtime::traits::Saturating;

/// Cell of the finest resolution, which takes the most digits to check.
const CELL: Cell = Cell(0x08f0_0000_0000_0000);
/// Another cell of the finest resolution.
const ELSEWHERE: Cell = Cell(0x08f0_0000_0000_0001);

/// Makes a device of this view and holds its bond. Its owner is given the money for the bond and,
/// if the network does not exist, for the network's deposit. The network gets `policy`.
fn bonded<T: Config>(
	view: DeviceView<T::AccountId>,
	policy: NetworkPolicy,
) -> Device<T::AccountId> {
	let DeviceView { owner, network: network_id, key, cell, status, trust, registered_at } = view;
	let bond = Pallet::<T>::min_bond();
	let deposit = Pallet::<T>::network_deposit();
	// The bond, the deposit if need be, and what must stay free.
	let funds = bond.saturating_add(deposit).saturating_add(T::Currency::minimum_balance() * 2);
	T::Currency::mint_into(&owner, funds).expect("the supply is far below its type's limit; qed");

	let mut network = Pallet::<T>::network(network_id).unwrap_or_else(|| {
		let reason = HoldReason::NetworkDeposit;
		Pallet::<T>::hold(reason, &owner, deposit, crate::Error::<T>::CannotAffordDeposit)
			.expect("the owner was given the deposit; qed");
		NextNetworkId::<T>::mutate(|next| *next = (*next).max(network_id.saturating_add(1)));
		Network {
			kind: NetworkKind::Sensor,
			admin: owner.clone(),
			offer: None,
			paused: None,
			rules: Rules { makers: None, bond, policy },
			next: None,
			deposit,
			devices: 0,
		}
	});
	network.rules.policy = policy;
	network.devices.saturating_inc();
	Networks::<T>::insert(network_id, network);

	Pallet::<T>::hold(HoldReason::DeviceBond, &owner, bond, crate::Error::<T>::CannotAffordBond)
		.expect("the owner was given the bond; qed");
	let evidence = match trust {
		TrustLevel::Open => Evidence::Open,
		_ => {
			NextMakerId::<T>::mutate(|next| *next = (*next).max(1));
			Evidence::Certified { maker: 0, model: 0 }
		}
	};
	let located_at = registered_at;
	let status = match status {
		DeviceStatus::Active => Status::Active,
		DeviceStatus::Retiring { until } => Status::Retiring { until },
		DeviceStatus::Suspended { reason } => {
			Status::Suspended { case: case::<T>(reason), retiring: None }
		}
		DeviceStatus::SuspendedRetiring { reason } => {
			Status::Suspended { case: case::<T>(reason), retiring: Some(0) }
		}
	};
	Device {
		owner,
		network: network_id,
		evidence,
		key,
		cell,
		located_at,
		status,
		pending: PendingChange::Nothing,
		bond,
		registered_at,
		statements_until: 0,
	}
}

/// Returns a case that begins now, with the shortest windows.
fn case<T: Config>(reason: SuspendReason) -> Suspension {
	let (by, since) = (Suspender::Admin, Pallet::<T>::now_block());
	let (appeal_until, decide_until) = (Pallet::<T>::block_after(1), Pallet::<T>::block_after(2));
	Suspension { by, reason, since, appeal_until, decide_until, appealed: false, corrected: false }
}

/// Puts a device of this view in the place of the one that has this id, if there is one.
pub fn set_device<T: Config>(id: DeviceId, view: DeviceView<T::AccountId>, policy: NetworkPolicy) {
	if let Some(device) = Pallet::<T>::stored_device(id) {
		Pallet::<T>::remove_device(id, &device).expect("a held balance can be released; qed");
	}
	let device = bonded::<T>(view, policy);
	Pallet::<T>::insert_device(id, device);
}

/// Returns a policy that is within all caps that a chain can have.
fn policy() -> NetworkPolicy {
	NetworkPolicy {
		cell_resolution: 15,
		report: ReportPolicy {
			max_work_per_hour: 1,
			min_interval: 24 * 60 * 60 * 1000,
			max_age: 60 * 60 * 1000,
			max_skew: 6_000,
			..NetworkPolicy::OPEN.report
		},
		coverage: Some(CoveragePolicy {
			min_distance: 1,
			max_distance: 1,
			min_frequency: 1,
			max_frequency: u32::MAX,
			points_per_unit: 1,
		}),
		..NetworkPolicy::OPEN
	}
}

/// Returns an account that can pay for everything that a benchmark does.
fn funded<T: Config>(name: &'static str) -> T::AccountId {
	let who: T::AccountId = account(name, 0, 0);
	let each = [
		Pallet::<T>::network_deposit(),
		Pallet::<T>::maker_deposit(),
		Pallet::<T>::maker_key_deposit(),
		Pallet::<T>::declaration_deposit(),
		Pallet::<T>::grant_deposit(),
		T::LocationFee::get(),
		Pallet::<T>::min_bond(),
		T::Currency::minimum_balance(),
	];
	let funds = each.iter().fold(0u128, |sum, part| sum.saturating_add(*part));
	T::Currency::set_balance(&who, funds.saturating_mul(100));
	who
}

fn secret(seed: u8) -> SigningKey {
	SigningKey::from_slice(&[seed; 32]).expect("the number is below the curve's order; qed")
}

fn public(secret: &SigningKey) -> PublicKey {
	let point = secret.verifying_key().to_encoded_point(true);
	PublicKey::P256(point.as_bytes().try_into().expect("a compressed point has 33 bytes; qed"))
}

fn sign<T: Config>(secret: &SigningKey, body: &impl Signable) -> Signature {
	let signature: p256::ecdsa::Signature =
		secret.sign(&body.signing_bytes(&T::GenesisHash::get()));
	Signature(signature.to_bytes().into())
}

/// Returns the expiry of the `number`-th statement of a device, from 1.
fn expiry<T: Config>(number: Millis) -> Millis {
	T::Time::now().saturating_add(number)
}

/// Makes makers of one account, each with the key of seed 1.
fn make_makers<T: Config>(count: u32) -> Result<Vec<MakerId>, BenchmarkError> {
	let first = NextMakerId::<T>::get();
	let account = funded::<T>("maker");
	for _ in 0..count {
		Pallet::<T>::do_register_maker(account.clone(), public(&secret(1)))?;
	}
	Ok((first..NextMakerId::<T>::get()).collect())
}

/// Makes a maker with as many keys as a maker can have. The last key, which takes the longest to
/// find, is of seed 1; its number is returned.
fn make_full_maker<T: Config>() -> Result<(MakerId, u32), BenchmarkError> {
	let id = make_makers::<T>(1)?[0];
	let account = funded::<T>("maker");
	// The key of seed 1 becomes the last one, whatever the bound is.
	Pallet::<T>::do_revoke_maker_key(account.clone(), id, 0)?;
	for seed in 1..=T::MaxMakerKeys::get() as u8 {
		let seed = if u32::from(seed) == T::MaxMakerKeys::get() { 1 } else { seed + 100 };
		Pallet::<T>::do_add_maker_key(account.clone(), id, public(&secret(seed)))?;
	}
	Ok((id, T::MaxMakerKeys::get()))
}

/// Makes a network that lists as many makers as a network can, with a change of rules to come.
/// Returns the last maker, which takes the longest to find, and the number of its key of seed 1.
fn make_closed_network<T: Config>() -> Result<(NetworkId, MakerId, u32), BenchmarkError> {
	let mut makers = make_makers::<T>(T::MaxMakersPerNetwork::get().saturating_sub(1))?;
	let (maker, key) = make_full_maker::<T>()?;
	makers.push(maker);
	let makers = Some(BoundedVec::truncate_from(makers));
	let network = NextNetworkId::<T>::get();
	let admin = funded::<T>("admin");
	let bond = Pallet::<T>::min_bond();
	Pallet::<T>::do_create_network(
		admin.clone(),
		NetworkKind::Wireless,
		makers.clone(),
		bond,
		policy(),
	)?;
	Pallet::<T>::do_change_network(admin, network, makers, bond, policy())?;
	Ok((network, maker, key))
}

fn certificate<T: Config>(
	network: NetworkId,
	maker: MakerId,
	key: u32,
	device: PublicKey,
) -> SignedCertificate {
	let signature = Signature([0; 64]);
	let unsigned = SignedCertificate { maker, key, model: 1, expires: u64::MAX, signature };
	let signature = sign::<T>(&secret(1), &unsigned.certificate(network, device));
	SignedCertificate { signature, ..unsigned }
}

/// Returns the registration of the device of this seed in that network under that owner.
fn application<T: Config>(
	network: NetworkId,
	certified: Option<(MakerId, u32)>,
	owner: &T::AccountId,
	seed: u8,
) -> Registration {
	let device = secret(seed);
	let key = public(&device);
	let expires = expiry::<T>(1);
	let signature = sign::<T>(&device, &OwnerConsent { network, owner: owner.clone(), expires });
	let consent = TimedSignature { expires, signature };
	let certificate =
		certified.map(|(maker, number)| certificate::<T>(network, maker, number, key));
	Registration { key, cell: CELL, certificate, consent }
}

/// Makes a certified device of seed 2 in a closed network, with its owner.
fn make_device<T: Config>() -> Result<(DeviceId, T::AccountId), BenchmarkError> {
	let (network, maker, key) = make_closed_network::<T>()?;
	let owner = funded::<T>("owner");
	let device = application::<T>(network, Some((maker, key)), &owner, 2);
	let id = device.key.device_id();
	Pallet::<T>::do_register_device(owner.clone(), network, device)?;
	Ok((id, owner))
}

fn network_of<T: Config>(id: DeviceId) -> NetworkId {
	Pallet::<T>::stored_device(id).map_or(0, |device| device.network)
}

/// Makes a device with a recovery under way, as many grants as a device can have and as much state
/// in the other pallets as a device can have.
fn make_busy_device<T: Config>() -> Result<(DeviceId, T::AccountId), BenchmarkError> {
	let (id, owner) = make_device::<T>()?;
	fill_grants::<T>(id, &owner, T::MaxGrants::get())?;
	start_recovery::<T>(id, &owner)?;
	T::BenchmarkHelper::fill(&id, network_of::<T>(id));
	Ok((id, owner))
}

/// Offers a device, and returns the account that can accept it.
fn offer<T: Config>(id: DeviceId, owner: T::AccountId) -> Result<T::AccountId, BenchmarkError> {
	let heir = funded::<T>("heir");
	Pallet::<T>::do_offer_device(owner, id, Some(heir.clone()))?;
	Ok(heir)
}

/// Gives a device the key of seed 4, which is not its first.
fn give_other_key<T: Config>(id: DeviceId) {
	let key = public(&secret(4));
	Devices::<T>::mutate_extant(id, |stored| stored.device.key = key);
	RotatedKeys::<T>::insert(ShortId::from(key.device_id()), ShortId::from(id));
}

fn is_suspended<T: Config>(id: DeviceId) -> bool {
	Pallet::<T>::stored_device(id).is_some_and(|device| device.status.suspension_case().is_some())
}

fn pending_key<T: Config>(id: DeviceId) -> Option<PublicKey> {
	Pallet::<T>::stored_device(id)
		.and_then(|device| device.pending.key().map(|pending| pending.key))
}

fn fill_grants<T: Config>(
	id: DeviceId,
	owner: &T::AccountId,
	count: u32,
) -> Result<(), BenchmarkError> {
	for number in 0..count {
		let to = account("friend", number, 0);
		Pallet::<T>::do_grant_access(owner.clone(), id, to, Permissions::ALL, u64::MAX)?;
	}
	Ok(())
}

/// Returns the key of seed 3 and all that a device needs to get it by another maker's certificate.
fn new_key<T: Config>(
	id: DeviceId,
	owner: &T::AccountId,
) -> Result<(PublicKey, TimedSignature, SignedCertificate), BenchmarkError> {
	let network = network_of::<T>(id);
	let other = make_full_maker::<T>()?;
	Networks::<T>::mutate_extant(network, |network| {
		if let Some(makers) = &mut network.rules.makers {
			if let Some(last) = makers.last_mut() {
				*last = other.0;
			}
		}
	});
	let (next, owner) = (secret(3), owner.clone());
	let expires = expiry::<T>(2);
	let signature = sign::<T>(&next, &KeyAdoption { device: id, owner, expires });
	let by_new = TimedSignature { expires, signature };
	let certificate = certificate::<T>(network, other.0, other.1, public(&next));
	Ok((public(&next), by_new, certificate))
}

fn start_recovery<T: Config>(id: DeviceId, owner: &T::AccountId) -> Result<(), BenchmarkError> {
	let (key, by_new, certificate) = new_key::<T>(id, owner)?;
	Pallet::<T>::do_recover_key(owner.clone(), id, key, by_new, certificate)?;
	// The delay is over.
	Devices::<T>::mutate_extant(id, |stored| {
		if let PendingChange::Key(pending) = &mut stored.device.pending {
			pending.from = 0;
		}
	});
	Ok(())
}

/// Suspends a device by its admin, with a window for appeals that is over.
fn suspend<T: Config>(id: DeviceId) -> Result<(), BenchmarkError> {
	let device = Pallet::<T>::stored_device(id).ok_or("the device was made")?;
	let reason = SuspendReason::Other;
	Pallet::<T>::suspend(id, device, Suspender::Admin, reason, H256::repeat_byte(1));
	set_appeal_until::<T>(id, 0);
	Ok(())
}

fn set_appeal_until<T: Config>(id: DeviceId, block: u32) {
	Devices::<T>::mutate_extant(id, |stored| {
		if let Status::Suspended { case, .. } = &mut stored.device.status {
			case.appeal_until = block;
		}
	});
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn create_network(
		m: Linear<0, { T::MaxMakersPerNetwork::get() }>,
	) -> Result<(), BenchmarkError> {
		let makers = make_makers::<T>(m)?;
		let makers = (m > 0).then(|| BoundedVec::truncate_from(makers));
		let admin = funded::<T>("admin");
		let id = NextNetworkId::<T>::get();
		let bond = Pallet::<T>::min_bond();

		#[extrinsic_call]
		_(RawOrigin::Signed(admin), NetworkKind::Wireless, makers, bond, policy());

		assert!(Networks::<T>::contains_key(id));
		Ok(())
	}

	#[benchmark]
	fn change_network(
		m: Linear<0, { T::MaxMakersPerNetwork::get() }>,
	) -> Result<(), BenchmarkError> {
		let (id, ..) = make_closed_network::<T>()?;
		let makers = make_makers::<T>(m)?;
		let makers = (m > 0).then(|| BoundedVec::truncate_from(makers));
		let admin = funded::<T>("admin");
		let bond = Pallet::<T>::min_bond().saturating_add(1);

		#[extrinsic_call]
		_(RawOrigin::Signed(admin), id, makers, bond, policy());

		let next = Networks::<T>::get(id).and_then(|network| network.next);
		assert_eq!(next.map(|(_, rules)| rules.bond), Some(bond));
		Ok(())
	}

	#[benchmark]
	fn set_network_paused() -> Result<(), BenchmarkError> {
		let (id, ..) = make_closed_network::<T>()?;

		#[extrinsic_call]
		_(RawOrigin::Signed(account("admin", 0, 0)), id, true);

		let paused = Networks::<T>::get(id).and_then(|network| network.paused);
		assert_eq!(paused, Some(Pauser::Admin));
		Ok(())
	}

	#[benchmark]
	fn offer_network() -> Result<(), BenchmarkError> {
		let (id, ..) = make_closed_network::<T>()?;
		let heir = Some(funded::<T>("heir"));

		#[extrinsic_call]
		_(RawOrigin::Signed(account("admin", 0, 0)), id, heir.clone());

		let offer = Networks::<T>::get(id).and_then(|network| network.offer);
		assert_eq!(offer.map(|offer| offer.to), heir);
		Ok(())
	}

	#[benchmark]
	fn accept_network() -> Result<(), BenchmarkError> {
		let (id, ..) = make_closed_network::<T>()?;
		let heir = funded::<T>("heir");
		let admin = RawOrigin::Signed(account("admin", 0, 0));
		Pallet::<T>::do_offer_network(admin.into(), id, Some(heir.clone()))?;

		#[extrinsic_call]
		_(RawOrigin::Signed(heir.clone()), id);

		assert_eq!(Networks::<T>::get(id).map(|network| network.admin), Some(heir));
		Ok(())
	}

	#[benchmark]
	fn veto_rules() -> Result<(), BenchmarkError> {
		let (id, ..) = make_closed_network::<T>()?;
		let origin =
			T::GovernanceOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, id);

		assert!(Networks::<T>::get(id).is_some_and(|network| network.next.is_none()));
		Ok(())
	}

	#[benchmark]
	fn close_network() -> Result<(), BenchmarkError> {
		let (id, ..) = make_closed_network::<T>()?;

		#[extrinsic_call]
		_(RawOrigin::Signed(account("admin", 0, 0)), id);

		assert!(!Networks::<T>::contains_key(id));
		Ok(())
	}

	#[benchmark]
	fn register_maker() {
		let id = NextMakerId::<T>::get();

		#[extrinsic_call]
		_(RawOrigin::Signed(funded::<T>("maker")), public(&secret(1)));

		assert!(Makers::<T>::contains_key(id));
	}

	#[benchmark]
	fn deregister_maker() -> Result<(), BenchmarkError> {
		let (id, _) = make_full_maker::<T>()?;

		#[extrinsic_call]
		_(RawOrigin::Signed(account("maker", 0, 0)), id);

		assert!(!Makers::<T>::contains_key(id));
		Ok(())
	}

	#[benchmark]
	fn offer_maker() -> Result<(), BenchmarkError> {
		let (id, _) = make_full_maker::<T>()?;
		let heir = Some(funded::<T>("heir"));

		#[extrinsic_call]
		_(RawOrigin::Signed(account("maker", 0, 0)), id, heir.clone());

		assert_eq!(Makers::<T>::get(id).and_then(|maker| maker.offered_to), heir);
		Ok(())
	}

	#[benchmark]
	fn accept_maker() -> Result<(), BenchmarkError> {
		let (id, _) = make_full_maker::<T>()?;
		let heir = funded::<T>("heir");
		Pallet::<T>::do_offer_maker(account("maker", 0, 0), id, Some(heir.clone()))?;

		#[extrinsic_call]
		_(RawOrigin::Signed(heir.clone()), id, u128::MAX);

		assert_eq!(Makers::<T>::get(id).map(|maker| maker.account), Some(heir));
		Ok(())
	}

	#[benchmark]
	fn add_maker_key() -> Result<(), BenchmarkError> {
		let (id, last) = make_full_maker::<T>()?;
		Pallet::<T>::do_revoke_maker_key(account("maker", 0, 0), id, last)?;

		#[extrinsic_call]
		_(RawOrigin::Signed(account("maker", 0, 0)), id, public(&secret(9)));

		let keys = Makers::<T>::get(id).map_or(0, |maker| maker.keys.len() as u32);
		assert_eq!(keys, T::MaxMakerKeys::get());
		Ok(())
	}

	#[benchmark]
	fn revoke_maker_key() -> Result<(), BenchmarkError> {
		let (id, _) = make_full_maker::<T>()?;
		let first = Makers::<T>::get(id).map_or(0, |maker| maker.keys[0].number);

		#[extrinsic_call]
		_(RawOrigin::Signed(account("maker", 0, 0)), id, first);

		assert!(Makers::<T>::get(id).is_some_and(|m| m.keys.iter().all(|k| k.number != first)));
		Ok(())
	}

	#[benchmark]
	fn declare_compromised() -> Result<(), BenchmarkError> {
		let (id, ..) = make_busy_device::<T>()?;
		let device = Pallet::<T>::stored_device(id).ok_or("the device was made")?;
		let (maker, _) = device.evidence.maker().ok_or("the device is certified")?;

		#[extrinsic_call]
		_(
			RawOrigin::Signed(account("maker", 0, 0)),
			maker,
			device.key,
			CompromiseReason::KeyLeaked,
			// The named device does not exist: the maker's device is found by its key all the same.
			Some(DeviceId::repeat_byte(1)),
		);

		assert!(is_suspended::<T>(id));
		Ok(())
	}

	#[benchmark]
	fn withdraw_declaration() -> Result<(), BenchmarkError> {
		let (id, _) = make_full_maker::<T>()?;
		let key = public(&secret(2));
		let reason = CompromiseReason::KeyLeaked;
		Pallet::<T>::do_declare_compromised(account("maker", 0, 0), id, key, reason, None)?;

		#[extrinsic_call]
		_(RawOrigin::Signed(account("maker", 0, 0)), id, key);

		assert!(!Declarations::<T>::contains_key(id, key.device_id()));
		Ok(())
	}

	#[benchmark]
	fn register_device() -> Result<(), BenchmarkError> {
		let (network, maker, number) = make_closed_network::<T>()?;
		let owner = funded::<T>("owner");
		let Registration { key, cell, certificate, consent } =
			application::<T>(network, Some((maker, number)), &owner, 2);

		#[extrinsic_call]
		_(RawOrigin::Signed(owner), network, key, cell, certificate, consent);

		assert!(Devices::<T>::contains_key(key.device_id()));
		Ok(())
	}

	#[benchmark]
	fn register_device_open() -> Result<(), BenchmarkError> {
		let (network, ..) = make_closed_network::<T>()?;
		let owner = funded::<T>("owner");
		let Registration { key, cell, certificate, consent } =
			application::<T>(network, None, &owner, 2);

		#[extrinsic_call]
		register_device(RawOrigin::Signed(owner), network, key, cell, certificate, consent);

		assert!(Devices::<T>::contains_key(key.device_id()));
		Ok(())
	}

	#[benchmark]
	fn register_devices(
		n: Linear<1, { T::MaxRegistrations::get() }>,
	) -> Result<(), BenchmarkError> {
		let (network, ..) = make_closed_network::<T>()?;
		let owner = funded::<T>("owner");
		// Each device has the certificate of another maker, which has as many keys as a maker can
		// have.
		Networks::<T>::mutate_extant(network, |network| network.rules.makers = None);
		let mut devices = Vec::new();
		for i in 0..n {
			let maker = make_full_maker::<T>()?;
			devices.push(application::<T>(network, Some(maker), &owner, 2 + i as u8));
		}

		#[extrinsic_call]
		_(RawOrigin::Signed(owner), network, BoundedVec::truncate_from(devices));

		assert_eq!(Networks::<T>::get(network).map(|network| network.devices), Some(n));
		Ok(())
	}

	#[benchmark]
	fn register_devices_refused(
		n: Linear<0, { T::MaxRegistrations::get() }>,
	) -> Result<(), BenchmarkError> {
		let (network, ..) = make_closed_network::<T>()?;
		let owner = funded::<T>("owner");
		let devices: Vec<_> = (0..n)
			.map(|i| {
				let mut device = application::<T>(network, None, &owner, 2 + i as u8);
				device.consent.expires = T::Time::now();
				device
			})
			.collect();

		#[extrinsic_call]
		register_devices(RawOrigin::Signed(owner), network, BoundedVec::truncate_from(devices));

		assert_eq!(Networks::<T>::get(network).map(|network| network.devices), Some(0));
		Ok(())
	}

	#[benchmark]
	fn assert_location() -> Result<(), BenchmarkError> {
		let (id, ..) = make_busy_device::<T>()?;
		// The last account that may act for the device takes the longest to find.
		let friend: T::AccountId = account("friend", T::MaxGrants::get() - 1, 0);
		T::Currency::set_balance(&friend, T::LocationFee::get().saturating_mul(10));

		#[extrinsic_call]
		_(RawOrigin::Signed(friend), id, ELSEWHERE);

		assert_eq!(Pallet::<T>::stored_device(id).map(|device| device.cell), Some(ELSEWHERE));
		Ok(())
	}

	#[benchmark]
	fn correct_location() -> Result<(), BenchmarkError> {
		let (id, owner) = make_busy_device::<T>()?;
		let device = Pallet::<T>::stored_device(id).ok_or("the device was made")?;
		let reason = SuspendReason::FalseLocation;
		Pallet::<T>::suspend(id, device, Suspender::Admin, reason, H256::zero());

		#[extrinsic_call]
		_(RawOrigin::Signed(owner), id, ELSEWHERE);

		assert_eq!(Pallet::<T>::stored_device(id).map(|device| device.cell), Some(ELSEWHERE));
		Ok(())
	}

	#[benchmark]
	fn rotate_key() -> Result<(), BenchmarkError> {
		let (id, owner) = make_device::<T>()?;
		fill_grants::<T>(id, &owner, T::MaxGrants::get())?;
		// The offer ends.
		offer::<T>(id, owner.clone())?;
		let (key, by_new, certificate) = new_key::<T>(id, &owner)?;
		let expires = expiry::<T>(2);
		let rotation = KeyRotation { device: id, owner, new_key: key, expires };
		give_other_key::<T>(id);
		let by_old = TimedSignature { expires, signature: sign::<T>(&secret(4), &rotation) };
		let friend: T::AccountId = account("friend", T::MaxGrants::get() - 1, 0);

		#[extrinsic_call]
		_(RawOrigin::Signed(friend), id, key, by_old, by_new, Some(certificate));

		assert_eq!(Pallet::<T>::stored_device(id).map(|device| device.key), Some(key));
		Ok(())
	}

	#[benchmark]
	fn recover_key() -> Result<(), BenchmarkError> {
		let (id, owner) = make_device::<T>()?;
		// The offer ends.
		offer::<T>(id, owner.clone())?;
		let (key, by_new, certificate) = new_key::<T>(id, &owner)?;

		#[extrinsic_call]
		_(RawOrigin::Signed(owner), id, key, by_new, certificate);

		assert_eq!(pending_key::<T>(id), Some(key));
		Ok(())
	}

	#[benchmark]
	fn finish_recovery() -> Result<(), BenchmarkError> {
		let (id, owner) = make_device::<T>()?;
		start_recovery::<T>(id, &owner)?;
		give_other_key::<T>(id);

		#[extrinsic_call]
		_(RawOrigin::Signed(funded::<T>("anyone")), id);

		let maker = Pallet::<T>::stored_device(id).and_then(|device| device.evidence.maker());
		let short = ShortId::from(id);
		assert!(maker.is_some_and(|(maker, _)| DevicesByMaker::<T>::contains_key(maker, short)));
		assert_eq!(pending_key::<T>(id), None);
		Ok(())
	}

	#[benchmark]
	fn cancel_recovery() -> Result<(), BenchmarkError> {
		let (id, owner) = make_device::<T>()?;
		start_recovery::<T>(id, &owner)?;

		#[extrinsic_call]
		_(RawOrigin::Signed(owner), id);

		assert_eq!(pending_key::<T>(id), None);
		Ok(())
	}

	#[benchmark]
	fn offer_device() -> Result<(), BenchmarkError> {
		let (id, owner) = make_device::<T>()?;
		// The recovery ends.
		start_recovery::<T>(id, &owner)?;
		let heir = Some(funded::<T>("heir"));

		#[extrinsic_call]
		_(RawOrigin::Signed(owner), id, heir.clone());

		assert_eq!(Pallet::<T>::stored_device(id).and_then(|d| d.pending.owner().cloned()), heir);
		Ok(())
	}

	#[benchmark]
	fn accept_device() -> Result<(), BenchmarkError> {
		let (id, owner) = make_busy_device::<T>()?;
		let heir = offer::<T>(id, owner)?;
		let key = Pallet::<T>::stored_device(id).ok_or("the device was made")?.key;

		#[extrinsic_call]
		_(RawOrigin::Signed(heir.clone()), id, key);

		assert_eq!(Pallet::<T>::stored_device(id).map(|device| device.owner), Some(heir));
		Ok(())
	}

	#[benchmark]
	fn suspend_device() -> Result<(), BenchmarkError> {
		let (id, ..) = make_busy_device::<T>()?;
		let (reason, evidence) = (SuspendReason::FalseLocation, H256::repeat_byte(1));

		#[extrinsic_call]
		_(RawOrigin::Signed(account("admin", 0, 0)), id, reason, evidence);

		assert!(is_suspended::<T>(id));
		Ok(())
	}

	#[benchmark]
	fn appeal_suspension() -> Result<(), BenchmarkError> {
		let (id, owner) = make_device::<T>()?;
		suspend::<T>(id)?;
		set_appeal_until::<T>(id, u32::MAX);

		#[extrinsic_call]
		_(RawOrigin::Signed(owner), id, H256::repeat_byte(2));

		let case =
			Pallet::<T>::stored_device(id).and_then(|device| device.status.suspension_case());
		assert!(case.is_some_and(|case| case.appealed));
		Ok(())
	}

	#[benchmark]
	fn restore_device() -> Result<(), BenchmarkError> {
		let (id, ..) = make_busy_device::<T>()?;
		suspend::<T>(id)?;

		#[extrinsic_call]
		_(RawOrigin::Signed(account("admin", 0, 0)), id);

		assert!(!is_suspended::<T>(id));
		Ok(())
	}

	#[benchmark]
	fn forfeit_device() -> Result<(), BenchmarkError> {
		let (id, ..) = make_busy_device::<T>()?;
		suspend::<T>(id)?;
		// The suspension has settled the earlier rewards: these are earned since.
		T::BenchmarkHelper::fill(&id, network_of::<T>(id));
		let origin =
			T::JudgeOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, id);

		assert!(!is_suspended::<T>(id));
		Ok(())
	}

	#[benchmark]
	fn retire_device() -> Result<(), BenchmarkError> {
		let (id, owner) = make_busy_device::<T>()?;

		#[extrinsic_call]
		_(RawOrigin::Signed(owner), id);

		assert!(matches!(
			Pallet::<T>::stored_device(id),
			Some(Device { status: Status::Retiring { .. }, .. })
		));
		Ok(())
	}

	#[benchmark]
	fn reap_device() -> Result<(), BenchmarkError> {
		let (id, ..) = make_busy_device::<T>()?;
		Devices::<T>::mutate_extant(id, |StoredDevice { device, .. }| {
			device.status = Status::Retiring { until: 0 };
			device.pending = PendingChange::Nothing;
			device.statements_until = 0;
		});
		give_other_key::<T>(id);

		#[extrinsic_call]
		_(RawOrigin::Signed(funded::<T>("anyone")), id);

		assert!(!Devices::<T>::contains_key(id));
		Ok(())
	}

	#[benchmark]
	fn grant_access() -> Result<(), BenchmarkError> {
		let (id, owner) = make_device::<T>()?;
		fill_grants::<T>(id, &owner, T::MaxGrants::get() - 1)?;

		#[extrinsic_call]
		_(RawOrigin::Signed(owner), id, account("friend", 999, 0), Permissions::READ, u64::MAX);

		let grants = Grants::<T>::get(id).map_or(0, |grants| grants.len() as u32);
		assert_eq!(grants, T::MaxGrants::get());
		Ok(())
	}

	#[benchmark]
	fn revoke_access() -> Result<(), BenchmarkError> {
		let (id, owner) = make_device::<T>()?;
		fill_grants::<T>(id, &owner, T::MaxGrants::get())?;

		#[extrinsic_call]
		_(RawOrigin::Signed(owner), id, account("friend", 0, 0));

		let grants = Grants::<T>::get(id).map_or(0, |grants| grants.len() as u32);
		assert_eq!(grants, T::MaxGrants::get() - 1);
		Ok(())
	}

	impl_benchmark_test_suite!(
		Pallet,
		crate::mock::ExtBuilder::default().build(),
		crate::mock::Test
	);
}
