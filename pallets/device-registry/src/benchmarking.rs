//! What each call costs. Devices and makers sign with P-256 here, the costliest scheme.

use crate::{Call, Config, Device, Devices, Makers, Networks, NextMakerId, NextNetworkId, Pallet};
use alloc::vec::Vec;
use depin_primitives::{
	device::{DeviceStatus, OwnerConsent, SignedCertificate},
	key::KeySchemes,
	network::{CoveragePolicy, NetworkKind, NetworkPolicy, ReportPolicy},
	signing::Signable,
	traits::{DeviceView, Devices as _, OnReap as _},
	Cell, DeviceId, MakerId, NetworkId, PublicKey, Signature,
};
use frame_benchmarking::v2::*;
use frame_support::{
	traits::{
		fungible::{Inspect, Mutate},
		Get,
	},
	BoundedVec,
};
use frame_system::RawOrigin;
use p256::ecdsa::{signature::Signer, SigningKey};

/// A cell of the finest resolution, which takes the most digits to check.
const CELL: Cell = Cell(0x08f0_0000_0000_0000);

fn policy() -> NetworkPolicy {
	NetworkPolicy {
		cell_resolution: 15,
		schemes: KeySchemes::ALL,
		report: ReportPolicy {
			max_work_per_hour: 3_600,
			min_interval: 0,
			max_window: 3_600_000,
			max_age: 86_400_000,
			max_skew: 60_000,
		},
		coverage: Some(CoveragePolicy {
			min_distance: 1,
			max_distance: 100,
			min_frequency: 1,
			max_frequency: u32::MAX,
			points_per_unit: 1,
		}),
	}
}

/// An account that can pay for a network, a maker and a device.
fn funded<T: Config>(name: &'static str) -> T::AccountId {
	let who: T::AccountId = account(name, 0, 0);
	let minimum = T::Currency::minimum_balance();
	let funds = T::NetworkDeposit::get() + T::MakerDeposit::get() + minimum * 10;
	T::Currency::set_balance(&who, funds);
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
		secret.sign(&body.signing_bytes(&Pallet::<T>::genesis_hash()));
	Signature(signature.to_bytes().into())
}

fn make_makers<T: Config>(count: u32) -> Result<Vec<MakerId>, BenchmarkError> {
	let first = NextMakerId::<T>::get();
	for _ in 0..count {
		Pallet::<T>::do_register_maker(funded::<T>("maker"), public(&secret(1)))?;
	}
	Ok((first..NextMakerId::<T>::get()).collect())
}

/// A network of as many makers as it can list, and the last of them, which takes the longest to find.
fn make_closed_network<T: Config>() -> Result<(NetworkId, MakerId), BenchmarkError> {
	let makers = make_makers::<T>(T::MaxMakersPerNetwork::get())?;
	let maker = *makers.last().ok_or("a network must be able to list a maker")?;
	let network = NextNetworkId::<T>::get();
	Pallet::<T>::do_create_network(
		funded::<T>("admin"),
		NetworkKind::Wireless,
		Some(BoundedVec::truncate_from(makers)),
		T::Currency::minimum_balance(),
		policy(),
	)?;
	Ok((network, maker))
}

/// An owner, and a device's key and consent to it in that network.
fn applicant<T: Config>(network: NetworkId) -> (T::AccountId, PublicKey, Signature) {
	let owner = funded::<T>("owner");
	let device = secret(2);
	let consent = sign::<T>(&device, &OwnerConsent { network, owner: owner.clone() });
	(owner, public(&device), consent)
}

/// A device in a network of its own.
fn make_device<T: Config>(status: DeviceStatus) -> (DeviceId, T::AccountId) {
	let owner = funded::<T>("owner");
	let key = public(&secret(2));
	let id = key.device_id();
	let network = NextNetworkId::<T>::get();
	let view =
		DeviceView { owner: owner.clone(), network, key, cell: CELL, status, registered_at: 0 };
	Pallet::<T>::set_device(id, view, policy());
	(id, owner)
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

		#[extrinsic_call]
		_(RawOrigin::Signed(admin), NetworkKind::Wireless, makers, 1, policy());

		assert!(Networks::<T>::contains_key(id));
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
	fn register_device() -> Result<(), BenchmarkError> {
		let (network, maker) = make_closed_network::<T>()?;
		let (owner, key, consent) = applicant::<T>(network);
		let signature = Signature([0; 64]);
		let unsigned = SignedCertificate { maker, model: 1, expires: u64::MAX, signature };
		let signature = sign::<T>(&secret(1), &unsigned.certificate(network, key));
		let certificate = SignedCertificate { signature, ..unsigned };

		#[extrinsic_call]
		_(RawOrigin::Signed(owner), network, key, CELL, Some(certificate), consent);

		assert!(Devices::<T>::contains_key(key.device_id()));
		Ok(())
	}

	#[benchmark]
	fn register_device_open() -> Result<(), BenchmarkError> {
		let (network, _) = make_closed_network::<T>()?;
		Networks::<T>::mutate_extant(network, |network| network.makers = None);
		let (owner, key, consent) = applicant::<T>(network);

		#[extrinsic_call]
		register_device(RawOrigin::Signed(owner), network, key, CELL, None, consent);

		assert!(Devices::<T>::contains_key(key.device_id()));
		Ok(())
	}

	#[benchmark]
	fn retire_device() {
		let (id, owner) = make_device::<T>(DeviceStatus::Active);

		#[extrinsic_call]
		_(RawOrigin::Signed(owner), id);

		assert!(matches!(
			Devices::<T>::get(id),
			Some(Device { status: DeviceStatus::Retiring { .. }, .. })
		));
	}

	#[benchmark]
	fn reap_device() {
		let (id, _) = make_device::<T>(DeviceStatus::Retiring { until: 0 });
		let network = Devices::<T>::get(id).map_or(0, |device| device.network);
		T::OnReap::fill(&id, network);

		#[extrinsic_call]
		_(RawOrigin::Signed(funded::<T>("anyone")), id);

		assert!(!Devices::<T>::contains_key(id));
	}

	#[benchmark]
	fn close_network() -> Result<(), BenchmarkError> {
		let (id, _) = make_closed_network::<T>()?;

		#[extrinsic_call]
		_(RawOrigin::Signed(account("admin", 0, 0)), id);

		assert!(!Networks::<T>::contains_key(id));
		Ok(())
	}

	#[benchmark]
	fn deregister_maker() -> Result<(), BenchmarkError> {
		let id = NextMakerId::<T>::get();
		make_makers::<T>(1)?;

		#[extrinsic_call]
		_(RawOrigin::Signed(account("maker", 0, 0)), id);

		assert!(!Makers::<T>::contains_key(id));
		Ok(())
	}

	impl_benchmark_test_suite!(
		Pallet,
		crate::mock::ExtBuilder::default().build(),
		crate::mock::Test
	);
}
