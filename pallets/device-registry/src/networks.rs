//! Networks and makers: creating and closing them, and what is held for it.

use crate::{
	Config, Error, Event, HoldReason, Maker, Makers, Network, Networks, NextMakerId, NextNetworkId,
	Pallet,
};
use depin_primitives::{
	network::{InvalidPolicy, NetworkKind, NetworkPolicy},
	verify::is_well_formed,
	Balance, MakerId, NetworkId, PublicKey,
};
use frame_support::{
	pallet_prelude::*,
	traits::{
		fungible::hold::{Inspect, Mutate},
		tokens::Precision,
	},
};
use sp_runtime::ArithmeticError;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_create_network(
		admin: T::AccountId,
		kind: NetworkKind,
		makers: Option<BoundedVec<MakerId, T::MaxMakersPerNetwork>>,
		bond: Balance,
		policy: NetworkPolicy,
	) -> DispatchResult {
		policy.check().map_err(|invalid| match invalid {
			InvalidPolicy::Resolution => Error::<T>::InvalidResolution,
			InvalidPolicy::Schemes => Error::<T>::InvalidSchemes,
			InvalidPolicy::Report => Error::<T>::InvalidReportPolicy,
			InvalidPolicy::Coverage => Error::<T>::InvalidCoveragePolicy,
		})?;
		if let Some(makers) = &makers {
			ensure!(!makers.is_empty(), Error::<T>::NoMakers);
			ensure!(!has_duplicates(makers), Error::<T>::DuplicateMaker);
			ensure!(makers.iter().all(Makers::<T>::contains_key), Error::<T>::UnknownMaker);
		}
		let network = NextNetworkId::<T>::get();
		let next = network.checked_add(1).ok_or(ArithmeticError::Overflow)?;
		let deposit = T::NetworkDeposit::get();
		Self::hold(HoldReason::NetworkDeposit, &admin, deposit, Error::<T>::CannotAffordDeposit)?;

		NextNetworkId::<T>::put(next);
		Networks::<T>::insert(
			network,
			Network { kind, admin: admin.clone(), makers, bond, policy, deposit, devices: 0 },
		);
		Self::deposit_event(Event::NetworkCreated { network, kind, admin });
		Ok(())
	}

	pub(crate) fn do_close_network(who: T::AccountId, id: NetworkId) -> DispatchResult {
		let network = Networks::<T>::get(id).ok_or(Error::<T>::UnknownNetwork)?;
		ensure!(network.admin == who, Error::<T>::NotAdmin);
		ensure!(network.devices == 0, Error::<T>::NetworkInUse);
		Self::release(HoldReason::NetworkDeposit, &who, network.deposit)?;

		Networks::<T>::remove(id);
		Self::deposit_event(Event::NetworkClosed { network: id, admin: who });
		Ok(())
	}

	pub(crate) fn do_register_maker(account: T::AccountId, key: PublicKey) -> DispatchResult {
		ensure!(is_well_formed(&key), Error::<T>::MalformedKey);
		let maker = NextMakerId::<T>::get();
		let next = maker.checked_add(1).ok_or(ArithmeticError::Overflow)?;
		let deposit = T::MakerDeposit::get();
		Self::hold(HoldReason::MakerDeposit, &account, deposit, Error::<T>::CannotAffordDeposit)?;

		NextMakerId::<T>::put(next);
		Makers::<T>::insert(maker, Maker { account: account.clone(), key, deposit });
		Self::deposit_event(Event::MakerRegistered { maker, account, key });
		Ok(())
	}

	pub(crate) fn do_deregister_maker(who: T::AccountId, id: MakerId) -> DispatchResult {
		let maker = Makers::<T>::get(id).ok_or(Error::<T>::UnknownMaker)?;
		ensure!(maker.account == who, Error::<T>::NotMaker);
		Self::release(HoldReason::MakerDeposit, &who, maker.deposit)?;

		Makers::<T>::remove(id);
		Self::deposit_event(Event::MakerDeregistered { maker: id, account: who });
		Ok(())
	}

	/// Holds `amount`, or fails with `poor` if the balance does not cover it.
	pub(crate) fn hold(
		reason: HoldReason,
		who: &T::AccountId,
		amount: Balance,
		poor: Error<T>,
	) -> DispatchResult {
		// A network may ask for no bond; its devices' owners need no balance then.
		if amount == 0 {
			return Ok(());
		}
		let reason = reason.into();
		ensure!(T::Currency::can_hold(&reason, who, amount), poor);
		T::Currency::hold(&reason, who, amount)
	}

	/// Gives back what was held, to the last unit.
	pub(crate) fn release(
		reason: HoldReason,
		who: &T::AccountId,
		amount: Balance,
	) -> DispatchResult {
		if amount == 0 {
			return Ok(());
		}
		T::Currency::release(&reason.into(), who, amount, Precision::Exact).map(drop)
	}
}

/// Whether a maker is listed twice. The list is short: comparing each with each costs less than a
/// copy to sort.
pub(crate) fn has_duplicates(makers: &[MakerId]) -> bool {
	let mut rest = makers;
	while let [first, others @ ..] = rest {
		if others.contains(first) {
			return true;
		}
		rest = others;
	}
	false
}
