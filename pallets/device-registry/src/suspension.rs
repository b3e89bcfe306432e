//! Suspending a device, hearing its owner, and deciding.

use crate::{
	AppealWindow, Config, DecisionWindow, Device, DeviceOffers, Devices, Error, Event, Makers,
	Pallet, Suspensions,
};
use depin_primitives::{
	device::{DeviceStatus, Pauser, SuspendReason, Suspender, Suspension},
	traits::Lifecycle,
	DeviceId, H256,
};
use frame_support::pallet_prelude::*;
use frame_system::pallet_prelude::OriginFor;
use sp_runtime::SaturatedConversion;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_suspend_device(
		origin: OriginFor<T>,
		id: DeviceId,
		reason: SuspendReason,
		evidence: H256,
	) -> DispatchResult {
		let device = Devices::<T>::get(id).ok_or(Error::<T>::UnknownDevice)?;
		let by = match Self::network_by(origin, device.network)?.1 {
			Pauser::Admin => Suspender::Admin,
			Pauser::Governance => Suspender::Governance,
		};
		Self::ensure_active(&device)?;
		Self::suspend(id, device, by, reason, evidence);
		Ok(())
	}

	/// Suspends an active device. What it has earned until now is its owner's.
	pub(crate) fn suspend(
		id: DeviceId,
		mut device: Device<T::AccountId>,
		by: Suspender,
		reason: SuspendReason,
		evidence: H256,
	) {
		T::Lifecycle::on_settle(&id, device.network, &device.owner);
		let appeal_until = Self::block_after(AppealWindow::<T>::get());
		let decision = DecisionWindow::<T>::get().saturated_into::<u32>();
		let decide_until = appeal_until.saturating_add(decision);
		let since = Self::now_block();
		let suspension =
			Suspension { by, reason, evidence, since, appeal_until, decide_until, appeal: None };
		Suspensions::<T>::insert(id, suspension);
		DeviceOffers::<T>::remove(id);
		device.status = DeviceStatus::Suspended { reason };
		Devices::<T>::insert(id, device);
		Self::deposit_event(Event::DeviceSuspended {
			device: id,
			by,
			reason,
			evidence,
			appeal_until,
			decide_until,
		});
	}

	pub(crate) fn do_appeal_suspension(
		who: T::AccountId,
		id: DeviceId,
		statement: H256,
	) -> DispatchResult {
		Self::device_of(&who, id)?;
		let mut suspension = Suspensions::<T>::get(id).ok_or(Error::<T>::NotSuspended)?;
		ensure!(suspension.appeal.is_none(), Error::<T>::AlreadyAppealed);
		ensure!(Self::now_block() < suspension.appeal_until, Error::<T>::AppealOver);

		suspension.appeal = Some(statement);
		Suspensions::<T>::insert(id, suspension);
		Self::deposit_event(Event::SuspensionAppealed { device: id, statement });
		Ok(())
	}

	pub(crate) fn do_restore_device(origin: OriginFor<T>, id: DeviceId) -> DispatchResult {
		let signer = Self::signer_or_governance(origin)?;
		let mut device = Devices::<T>::get(id).ok_or(Error::<T>::UnknownDevice)?;
		let suspension = Suspensions::<T>::get(id).ok_or(Error::<T>::NotSuspended)?;
		if let Some(who) = signer {
			let may = Self::now_block() >= suspension.decide_until
				|| Self::suspender(&device, suspension.by) == Some(who);
			ensure!(may, Error::<T>::CannotRestore);
		}

		Suspensions::<T>::remove(id);
		device.status = DeviceStatus::Active;
		Devices::<T>::insert(id, device);
		Self::deposit_event(Event::DeviceRestored { device: id });
		Ok(())
	}

	/// The account that speaks for who suspended a device; governance has none.
	fn suspender(device: &Device<T::AccountId>, by: Suspender) -> Option<T::AccountId> {
		match by {
			Suspender::Governance => None,
			Suspender::Admin => Self::network(device.network).map(|network| network.admin),
			// Not the maker of the key that it has now: it may have taken on another's.
			Suspender::Maker(maker) => Makers::<T>::get(maker).map(|maker| maker.account),
		}
	}

	pub(crate) fn do_forfeit_device(id: DeviceId) -> DispatchResult {
		let device = Devices::<T>::get(id).ok_or(Error::<T>::UnknownDevice)?;
		let suspension = Suspensions::<T>::get(id).ok_or(Error::<T>::NotSuspended)?;
		ensure!(Self::now_block() >= suspension.appeal_until, Error::<T>::AppealOpen);
		T::Lifecycle::on_forfeit(&id, device.network);

		Suspensions::<T>::remove(id);
		let until = Self::retire(id, device);
		Self::deposit_event(Event::DeviceForfeited { device: id, until });
		Ok(())
	}
}
