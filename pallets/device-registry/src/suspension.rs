//! Suspensions of devices: the suspension, the appeal, and the decision.

use crate::{
	types::{PendingChange, Status, SuspensionCase},
	AppealWindow, Config, DecisionWindow, Device, Devices, Error, Event, Makers, Pallet,
};
use depin_primitives::{
	network::Pauser,
	suspension::{SuspendReason, Suspender, Suspension},
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

	/// Suspends an active device, and settles its rewards so far on its owner.
	pub(crate) fn suspend(
		id: DeviceId,
		mut device: Device<T::AccountId>,
		by: Suspender,
		reason: SuspendReason,
		evidence: H256,
	) {
		T::Lifecycle::on_settle(&id, device.network, &device.owner);
		let case = SuspensionCase { by, reason, since: Self::now_block(), appealed: false };
		let Suspension { appeal_until, decide_until, .. } = Self::suspension(case);
		device.status = Status::Suspended(case);
		// A suspended device cannot change hands; its key can still be recovered.
		if device.pending.owner().is_some() {
			device.pending = PendingChange::Nothing;
		}
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

	/// Returns a suspension with the ends of its windows, which have the same length for all
	/// devices.
	pub(crate) fn suspension(case: SuspensionCase) -> Suspension {
		let SuspensionCase { by, reason, since, appealed } = case;
		let appeal_until = since.saturating_add(AppealWindow::<T>::get().saturated_into());
		let decide_until = appeal_until.saturating_add(DecisionWindow::<T>::get().saturated_into());
		Suspension { by, reason, since, appeal_until, decide_until, appealed }
	}

	pub(crate) fn do_appeal_suspension(
		who: T::AccountId,
		id: DeviceId,
		statement: H256,
	) -> DispatchResult {
		let mut device = Self::device_of(&who, id)?;
		let case = device.status.suspension_case().ok_or(Error::<T>::NotSuspended)?;
		ensure!(!case.appealed, Error::<T>::AlreadyAppealed);
		let Suspension { appeal_until, .. } = Self::suspension(case);
		ensure!(Self::now_block() < appeal_until, Error::<T>::AppealOver);

		device.status = Status::Suspended(SuspensionCase { appealed: true, ..case });
		Devices::<T>::insert(id, device);
		Self::deposit_event(Event::SuspensionAppealed { device: id, statement });
		Ok(())
	}

	pub(crate) fn do_restore_device(origin: OriginFor<T>, id: DeviceId) -> DispatchResult {
		let signer = Self::signer_or_governance(origin)?;
		let mut device = Devices::<T>::get(id).ok_or(Error::<T>::UnknownDevice)?;
		let case = device.status.suspension_case().ok_or(Error::<T>::NotSuspended)?;
		if let Some(who) = signer {
			let may = Self::now_block() >= Self::suspension(case).decide_until
				|| Self::suspender(&device, case.by) == Some(who);
			ensure!(may, Error::<T>::CannotRestore);
		}

		device.status = Status::Active;
		Devices::<T>::insert(id, device);
		Self::deposit_event(Event::DeviceRestored { device: id });
		Ok(())
	}

	/// Returns the account that speaks for the party that suspended a device; `None` for
	/// governance.
	fn suspender(device: &Device<T::AccountId>, by: Suspender) -> Option<T::AccountId> {
		match by {
			Suspender::Governance => None,
			Suspender::Admin => Self::network(device.network).map(|network| network.admin),
			// The maker that declared the key, which need not be the maker of the current key.
			Suspender::Maker(maker) => Makers::<T>::get(maker).map(|maker| maker.account),
		}
	}

	pub(crate) fn do_forfeit_device(id: DeviceId) -> DispatchResult {
		let device = Devices::<T>::get(id).ok_or(Error::<T>::UnknownDevice)?;
		let case = device.status.suspension_case().ok_or(Error::<T>::NotSuspended)?;
		let Suspension { appeal_until, .. } = Self::suspension(case);
		ensure!(Self::now_block() >= appeal_until, Error::<T>::AppealOpen);
		T::Lifecycle::on_forfeit(&id, device.network);

		let until = Self::retire(id, device);
		Self::deposit_event(Event::DeviceForfeited { device: id, until });
		Ok(())
	}
}
