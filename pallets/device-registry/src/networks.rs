//! Networks: rules, admins, pausing, handing over and closing.

use crate::{
	types::Rules, Config, Error, Event, HoldReason, Makers, Network, Networks, NextNetworkId,
	Pallet,
};
use depin_primitives::{
	network::{NetworkKind, Pauser},
	policy::{InvalidPolicy, NetworkPolicy},
	traits::Epochs,
	Balance, MakerId, NetworkId,
};
use frame_support::pallet_prelude::*;
use frame_system::{ensure_signed, pallet_prelude::OriginFor};
use sp_runtime::ArithmeticError;

impl<T: Config> Pallet<T> {
	/// Returns the network with the rules of the running epoch.
	pub fn network(id: NetworkId) -> Option<Network<T>> {
		Networks::<T>::get(id).map(|network| network.at(T::Epochs::current()))
	}

	pub(crate) fn do_create_network(
		admin: T::AccountId,
		kind: NetworkKind,
		makers: Option<BoundedVec<MakerId, T::MaxMakersPerNetwork>>,
		bond: Balance,
		policy: NetworkPolicy,
	) -> DispatchResult {
		let rules = Self::check_rules(makers, bond, policy)?;
		let id = NextNetworkId::<T>::get();
		let next_id = id.checked_add(1).ok_or(ArithmeticError::Overflow)?;
		let deposit = T::NetworkDeposit::get();
		Self::hold(HoldReason::NetworkDeposit, &admin, deposit, Error::<T>::CannotAffordDeposit)?;

		NextNetworkId::<T>::put(next_id);
		let network = Network {
			kind,
			admin: admin.clone(),
			offered_to: None,
			paused: None,
			rules,
			next: None,
			deposit,
			devices: 0,
		};
		Networks::<T>::insert(id, network);
		Self::deposit_event(Event::NetworkCreated { network: id, kind, admin });
		Ok(())
	}

	pub(crate) fn do_change_network(
		who: T::AccountId,
		id: NetworkId,
		makers: Option<BoundedVec<MakerId, T::MaxMakersPerNetwork>>,
		bond: Balance,
		policy: NetworkPolicy,
	) -> DispatchResult {
		let mut network = Self::network_of(&who, id)?;
		let rules = Self::check_rules(makers, bond, policy)?;
		let fixed = network.rules.policy.cell_resolution;
		ensure!(policy.cell_resolution == fixed, Error::<T>::ResolutionFixed);
		let epoch = T::Epochs::current().checked_add(1).ok_or(ArithmeticError::Overflow)?;

		network.next = Some((epoch, rules));
		Networks::<T>::insert(id, network);
		Self::deposit_event(Event::RulesChanging { network: id, epoch });
		Ok(())
	}

	/// Checks that rules can be met and name only registered makers.
	fn check_rules(
		makers: Option<BoundedVec<MakerId, T::MaxMakersPerNetwork>>,
		bond: Balance,
		policy: NetworkPolicy,
	) -> Result<Rules<T>, Error<T>> {
		policy.check().map_err(|invalid| match invalid {
			InvalidPolicy::Resolution => Error::<T>::InvalidResolution,
			InvalidPolicy::Schemes => Error::<T>::InvalidSchemes,
			InvalidPolicy::Report => Error::<T>::InvalidReportPolicy,
			InvalidPolicy::Coverage => Error::<T>::InvalidCoveragePolicy,
			InvalidPolicy::Location => Error::<T>::InvalidLocationPolicy,
			InvalidPolicy::Trust => Error::<T>::InvalidTrustPolicy,
			InvalidPolicy::Quality => Error::<T>::InvalidQualityPolicy,
		})?;
		ensure!(bond >= T::MinBond::get(), Error::<T>::BondTooSmall);
		if let Some(makers) = &makers {
			ensure!(!makers.is_empty(), Error::<T>::NoMakers);
			ensure!(!has_duplicates(makers), Error::<T>::DuplicateMaker);
			ensure!(makers.iter().all(Makers::<T>::contains_key), Error::<T>::UnknownMaker);
		}
		Ok(Rules { makers, bond, policy })
	}

	pub(crate) fn do_set_network_paused(
		origin: OriginFor<T>,
		id: NetworkId,
		paused: bool,
	) -> DispatchResult {
		let (mut network, by) = Self::network_by(origin, id)?;
		match (network.paused, paused, by) {
			// The network is in the wanted state already.
			(None, false, _)
			| (Some(Pauser::Governance), true, _)
			| (Some(Pauser::Admin), true, Pauser::Admin) => return Err(Error::<T>::NothingToChange.into()),
			(Some(Pauser::Governance), false, Pauser::Admin) => {
				return Err(Error::<T>::PausedByGovernance.into())
			}
			(_, true, by) => {
				// Governance may take over a pause by the admin, who then cannot end it.
				network.paused = Some(by);
				Self::deposit_event(Event::NetworkPaused { network: id, by });
			}
			(Some(_), false, _) => {
				network.paused = None;
				Self::deposit_event(Event::NetworkResumed { network: id });
			}
		}
		Networks::<T>::insert(id, network);
		Ok(())
	}

	pub(crate) fn do_offer_network(
		who: T::AccountId,
		id: NetworkId,
		to: Option<T::AccountId>,
	) -> DispatchResult {
		let mut network = Self::network_of(&who, id)?;
		ensure!(to.as_ref() != Some(&who), Error::<T>::OfferToSelf);
		ensure!(network.offered_to != to, Error::<T>::NothingToChange);

		network.offered_to = to.clone();
		Networks::<T>::insert(id, network);
		Self::deposit_event(Event::NetworkOffered { network: id, to });
		Ok(())
	}

	pub(crate) fn do_accept_network(who: T::AccountId, id: NetworkId) -> DispatchResult {
		let mut network = Self::network(id).ok_or(Error::<T>::UnknownNetwork)?;
		ensure!(network.offered_to.as_ref() == Some(&who), Error::<T>::NotOffered);
		let (reason, deposit, poor) =
			(HoldReason::NetworkDeposit, network.deposit, Error::<T>::CannotAffordDeposit);
		Self::take_over(reason, &network.admin, &who, deposit, poor)?;

		network.offered_to = None;
		let from = core::mem::replace(&mut network.admin, who.clone());
		Networks::<T>::insert(id, network);
		Self::deposit_event(Event::NetworkHandedOver { network: id, from, to: who });
		Ok(())
	}

	pub(crate) fn do_close_network(who: T::AccountId, id: NetworkId) -> DispatchResult {
		let network = Self::network_of(&who, id)?;
		ensure!(network.devices == 0, Error::<T>::NetworkInUse);
		Self::release(HoldReason::NetworkDeposit, &who, network.deposit)?;

		Networks::<T>::remove(id);
		Self::deposit_event(Event::NetworkClosed { network: id, admin: who });
		Ok(())
	}

	/// Returns the network if `who` is its admin.
	fn network_of(who: &T::AccountId, id: NetworkId) -> Result<Network<T>, Error<T>> {
		let network = Self::network(id).ok_or(Error::<T>::UnknownNetwork)?;
		ensure!(network.admin == *who, Error::<T>::NotAdmin);
		Ok(network)
	}

	/// Returns the network and the capacity in which the origin acts for it.
	pub(crate) fn network_by(
		origin: OriginFor<T>,
		id: NetworkId,
	) -> Result<(Network<T>, Pauser), DispatchError> {
		Ok(match Self::signer_or_governance(origin)? {
			Some(who) => (Self::network_of(&who, id)?, Pauser::Admin),
			None => {
				let network = Self::network(id).ok_or(Error::<T>::UnknownNetwork)?;
				(network, Pauser::Governance)
			}
		})
	}

	/// Returns the signer of the call; `None` for governance.
	pub(crate) fn signer_or_governance(
		origin: OriginFor<T>,
	) -> Result<Option<T::AccountId>, DispatchError> {
		if T::GovernanceOrigin::ensure_origin(origin.clone()).is_ok() {
			return Ok(None);
		}
		Ok(Some(ensure_signed(origin)?))
	}
}

/// Returns `true` if a maker is listed twice. The list is short: comparing each pair costs less
/// than a copy to sort.
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
