//! Suspensions of devices: the suspension, the appeal, and the decision.

use crate::{types::Status, Config, Device, Error, Event, Makers, Pallet};
use depin_primitives::{
	suspension::{SuspendReason, Suspender, Suspension},
	traits::Lifecycle,
	DeviceId, H256,
};
use frame_support::pallet_prelude::*;
use frame_system::pallet_prelude::OriginFor;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_suspend_device(
		origin: OriginFor<T>,
		id: DeviceId,
		reason: SuspendReason,
		evidence: H256,
	) -> DispatchResult {
		let signer = Self::signer_or::<T::JudgeOrigin>(origin)?;
		let device = Self::stored_device(id).ok_or(Error::<T>::UnknownDevice)?;
		let by = match signer {
			Some(who) => {
				Self::network_of(&who, device.network)?;
				Suspender::Admin
			}
			None => Suspender::Governance,
		};
		match device.status.suspension_case().map(|case| case.by) {
			None => Self::suspend(id, device, by, reason, evidence),
			Some(Suspender::Governance) if by == Suspender::Governance => {
				return Err(Error::<T>::SuspendedByGovernance.into())
			}
			Some(_) if by == Suspender::Governance => {
				Self::open_case(id, device, by, reason, evidence)
			}
			Some(_) => return Err(Error::<T>::DeviceSuspended.into()),
		}
		Ok(())
	}

	/// Suspends an active or a retiring device, and settles its rewards so far on its owner.
	pub(crate) fn suspend(
		id: DeviceId,
		device: Device<T::AccountId>,
		by: Suspender,
		reason: SuspendReason,
		evidence: H256,
	) {
		T::Lifecycle::on_settle(&id, device.network, &device.owner);
		Self::open_case(id, device, by, reason, evidence);
	}

	/// Opens a case with its windows. A case that is open already is replaced: governance takes it
	/// over, the owner can appeal against the new accusation, and nothing is settled, so that all
	/// that the device has earned since its first suspension stays in escrow.
	fn open_case(
		id: DeviceId,
		mut device: Device<T::AccountId>,
		by: Suspender,
		reason: SuspendReason,
		evidence: H256,
	) {
		let since = Self::now_block();
		let appeal_until = Self::block_after(Self::appeal_window());
		let decide_until = appeal_until.saturating_add(Self::decision_window());
		let case = Suspension {
			by,
			reason,
			since,
			appeal_until,
			decide_until,
			appealed: false,
			corrected: false,
		};
		// A retirement goes on behind the suspension: see `do_restore_device`.
		device.status = Status::Suspended { case, retiring: device.status.retiring_until() };
		// A suspended device cannot change hands; its key can still be recovered.
		if device.pending.owner().is_some() {
			Self::end_pending(id, &mut device);
		}
		Self::put_device(id, device);
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
		let mut device = Self::device_of(&who, id)?;
		let case = device.status.suspension_case().ok_or(Error::<T>::NotSuspended)?;
		ensure!(!case.appealed, Error::<T>::AlreadyAppealed);
		ensure!(Self::now_block() < case.appeal_until, Error::<T>::AppealOver);

		let retiring = device.status.retiring_until();
		let case = Suspension { appealed: true, ..case };
		device.status = Status::Suspended { case, retiring };
		Self::put_device(id, device);
		Self::deposit_event(Event::SuspensionAppealed { device: id, statement });
		Ok(())
	}

	/// Restores a device. A retirement that the suspension interrupted ends at the block at which
	/// it would have ended without the suspension, because the owner is not found guilty.
	pub(crate) fn do_restore_device(origin: OriginFor<T>, id: DeviceId) -> DispatchResult {
		let signer = Self::signer_or::<T::JudgeOrigin>(origin)?;
		let mut device = Self::stored_device(id).ok_or(Error::<T>::UnknownDevice)?;
		let case = device.status.suspension_case().ok_or(Error::<T>::NotSuspended)?;
		if let Some(who) = signer {
			let may = Self::now_block() >= case.decide_until
				|| Self::suspender(&device, case.by) == Some(who);
			ensure!(may, Error::<T>::CannotRestore);
		}

		device.status = match device.status.retiring_until() {
			Some(until) => Status::Retiring { until },
			None => Status::Active,
		};
		Self::put_device(id, device);
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
		let device = Self::stored_device(id).ok_or(Error::<T>::UnknownDevice)?;
		let case = device.status.suspension_case().ok_or(Error::<T>::NotSuspended)?;
		ensure!(Self::now_block() >= case.appeal_until, Error::<T>::AppealOpen);
		T::Lifecycle::on_forfeit(&id, device.network);

		let until = Self::retire(id, device);
		Self::deposit_event(Event::DeviceForfeited { device: id, until });
		Ok(())
	}
}
