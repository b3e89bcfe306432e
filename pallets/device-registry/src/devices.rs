//! The life of a device, from its registration until it is reaped, and what the other pallets see
//! of it.

use crate::{
	Config, Device, Devices, DevicesByCell, DevicesByNetwork, DevicesByOwner, Error, Event,
	HoldReason, Makers, Network, Networks, Pallet, RetireDelay,
};
use depin_primitives::{
	device::{DeviceStatus, OwnerConsent, SignedCertificate},
	network::NetworkPolicy,
	traits::{self, DeviceView, NotYet, OnReap},
	verify::{is_well_formed, verify},
	Cell, DeviceId, InvalidCell, MakerId, NetworkId, PublicKey, Signature, H256,
};
use frame_support::{pallet_prelude::*, traits::Time};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::{
	traits::{Saturating, Zero},
	ArithmeticError, SaturatedConversion,
};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_register_device(
		owner: T::AccountId,
		network_id: NetworkId,
		key: PublicKey,
		cell: Cell,
		certificate: Option<SignedCertificate>,
		consent: Signature,
	) -> DispatchResult {
		let mut network = Networks::<T>::get(network_id).ok_or(Error::<T>::UnknownNetwork)?;
		ensure!(network.policy.schemes.contains(key.scheme()), Error::<T>::SchemeNotAccepted);
		ensure!(is_well_formed(&key), Error::<T>::MalformedKey);
		let id = key.device_id();
		ensure!(!Devices::<T>::contains_key(id), Error::<T>::AlreadyRegistered);
		cell.check(network.policy.cell_resolution).map_err(|invalid| match invalid {
			InvalidCell::NotACell => Error::<T>::NotACell,
			InvalidCell::WrongResolution => Error::<T>::WrongResolution,
		})?;
		network.devices = network.devices.checked_add(1).ok_or(ArithmeticError::Overflow)?;

		let genesis = Self::genesis_hash();
		let maker = Self::check_certificate(&network, network_id, &key, certificate, &genesis)?;
		let statement = OwnerConsent { network: network_id, owner: owner.clone() };
		ensure!(verify(&key, &consent, &statement, &genesis), Error::<T>::BadConsent);

		let bond = network.bond;
		Self::hold(HoldReason::DeviceBond, &owner, bond, Error::<T>::CannotAffordBond)?;

		Networks::<T>::insert(network_id, network);
		let device = Device {
			owner: owner.clone(),
			network: network_id,
			maker,
			key,
			cell,
			status: DeviceStatus::Active,
			bond,
			registered_at: T::Time::now(),
		};
		Self::insert_device(id, device);
		Self::deposit_event(Event::DeviceRegistered {
			device: id,
			network: network_id,
			owner,
			maker,
			key,
			cell,
			bond,
		});
		Ok(())
	}

	/// The maker and the model of a certificate that the network accepts. An open network accepts
	/// none at all, too.
	fn check_certificate(
		network: &Network<T>,
		network_id: NetworkId,
		key: &PublicKey,
		certificate: Option<SignedCertificate>,
		genesis: &H256,
	) -> Result<Option<(MakerId, u32)>, Error<T>> {
		let Some(certificate) = certificate else {
			ensure!(network.makers.is_none(), Error::<T>::CertificateRequired);
			return Ok(None);
		};
		let id = certificate.maker;
		let maker = Makers::<T>::get(id).ok_or(Error::<T>::UnknownMaker)?;
		if let Some(makers) = &network.makers {
			ensure!(makers.contains(&id), Error::<T>::MakerNotAccepted);
		}
		ensure!(T::Time::now() < certificate.expires, Error::<T>::CertificateExpired);
		let body = certificate.certificate(network_id, *key);
		let good = verify(&maker.key, &certificate.signature, &body, genesis);
		ensure!(good, Error::<T>::BadCertificate);
		Ok(Some((id, certificate.model)))
	}

	pub(crate) fn do_retire_device(who: T::AccountId, id: DeviceId) -> DispatchResult {
		let mut device = Devices::<T>::get(id).ok_or(Error::<T>::UnknownDevice)?;
		ensure!(device.owner == who, Error::<T>::NotOwner);
		ensure!(device.status == DeviceStatus::Active, Error::<T>::AlreadyRetiring);

		let until = frame_system::Pallet::<T>::block_number()
			.saturating_add(RetireDelay::<T>::get())
			.saturated_into();
		device.status = DeviceStatus::Retiring { until };
		Devices::<T>::insert(id, device);
		Self::deposit_event(Event::DeviceRetiring { device: id, until });
		Ok(())
	}

	pub(crate) fn do_reap_device(id: DeviceId) -> DispatchResult {
		let device = Devices::<T>::get(id).ok_or(Error::<T>::UnknownDevice)?;
		let DeviceStatus::Retiring { until } = device.status else {
			return Err(Error::<T>::NotRetiring.into());
		};
		ensure!(Self::now_block() >= until, Error::<T>::StillRetiring);
		// The other pallets may have written when a later one says no: the call's storage layer
		// undoes that.
		T::OnReap::on_reap(&id, device.network, &device.owner)
			.map_err(|NotYet| Error::<T>::NotSettled)?;

		Self::remove_device(id, &device)?;
		let Device { owner, network, bond, .. } = device;
		Self::deposit_event(Event::DeviceReaped { device: id, network, owner, bond });
		Ok(())
	}

	/// Writes a new device and its place in the lists.
	fn insert_device(id: DeviceId, device: Device<T::AccountId>) {
		DevicesByOwner::<T>::insert(&device.owner, id, ());
		DevicesByNetwork::<T>::insert(device.network, id, ());
		DevicesByCell::<T>::insert(device.cell, id, ());
		Devices::<T>::insert(id, device);
	}

	/// Releases a device's bond; removes it, its place in the lists and in its network's count.
	fn remove_device(id: DeviceId, device: &Device<T::AccountId>) -> DispatchResult {
		Self::release(HoldReason::DeviceBond, &device.owner, device.bond)?;
		Networks::<T>::mutate_extant(device.network, |network| network.devices.saturating_dec());
		DevicesByOwner::<T>::remove(&device.owner, id);
		DevicesByNetwork::<T>::remove(device.network, id);
		DevicesByCell::<T>::remove(device.cell, id);
		Devices::<T>::remove(id);
		Ok(())
	}

	/// The chain's genesis hash, which every signature covers.
	pub(crate) fn genesis_hash() -> H256 {
		frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero())
	}

	fn now_block() -> u32 {
		frame_system::Pallet::<T>::block_number().saturated_into()
	}
}

impl<T: Config> traits::Devices<T::AccountId> for Pallet<T> {
	fn device(id: &DeviceId) -> Option<DeviceView<T::AccountId>> {
		Devices::<T>::get(id).map(Device::into_view)
	}

	fn policy(id: NetworkId) -> Option<NetworkPolicy> {
		Networks::<T>::get(id).map(|network| network.policy)
	}

	/// The device's bond is real: its owner is given the money for it, and for the network's deposit
	/// if there is no such network.
	#[cfg(feature = "runtime-benchmarks")]
	fn set_device(id: DeviceId, view: DeviceView<T::AccountId>, policy: NetworkPolicy) {
		use crate::NextNetworkId;
		use depin_primitives::network::NetworkKind;
		use frame_support::traits::{
			fungible::{Inspect, Mutate},
			Get,
		};

		let DeviceView { owner, network: network_id, key, cell, status, registered_at } = view;
		if let Some(device) = Devices::<T>::get(id) {
			Self::remove_device(id, &device).expect("what is held can be released; qed");
		}

		let bond = T::Currency::minimum_balance();
		let deposit = T::NetworkDeposit::get();
		// What must stay free, the bond and, if need be, the deposit.
		let funds = bond.saturating_mul(2).saturating_add(deposit);
		T::Currency::mint_into(&owner, funds)
			.expect("the supply is far below its type's limit; qed");

		let mut network = Networks::<T>::get(network_id).unwrap_or_else(|| {
			let reason = HoldReason::NetworkDeposit;
			Self::hold(reason, &owner, deposit, Error::<T>::CannotAffordDeposit)
				.expect("the owner was given the deposit; qed");
			NextNetworkId::<T>::mutate(|next| *next = (*next).max(network_id.saturating_add(1)));
			Network {
				kind: NetworkKind::Sensor,
				admin: owner.clone(),
				makers: None,
				bond,
				policy,
				deposit,
				devices: 0,
			}
		});
		network.policy = policy;
		network.devices.saturating_inc();
		Networks::<T>::insert(network_id, network);

		Self::hold(HoldReason::DeviceBond, &owner, bond, Error::<T>::CannotAffordBond)
			.expect("the owner was given the bond; qed");
		let device = Device {
			owner,
			network: network_id,
			maker: None,
			key,
			cell,
			status,
			bond,
			registered_at,
		};
		Self::insert_device(id, device);
	}
}
