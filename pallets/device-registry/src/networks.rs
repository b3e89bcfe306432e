//! Networks: rules, admins, pausing, handing over and closing.

use crate::{
	types::{NetworkOffer, Rules},
	Config, Error, Event, HoldReason, Makers, Network, Networks, NextNetworkId, Pallet,
};
use depin_primitives::{
	network::{NetworkKind, Pauser},
	policy::{ExceededCap, InvalidPolicy, NetworkPolicy},
	traits::{Epochs, NetworkFunding},
	Balance, EpochIndex, MakerId, NetworkId,
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
		let deposit = Self::network_deposit();
		Self::hold(HoldReason::NetworkDeposit, &admin, deposit, Error::<T>::CannotAffordDeposit)?;

		NextNetworkId::<T>::put(next_id);
		let network = Network {
			kind,
			admin: admin.clone(),
			offer: None,
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
		// A change that is not in force yet is replaced by one with a notice of its own, so that a
		// replacement never shortens the notice of what will be in force.
		let epoch = Self::epoch_after(Self::notice_of(id))?;

		network.next = Some((epoch, rules));
		Networks::<T>::insert(id, network);
		Self::deposit_event(Event::RulesChanging { network: id, epoch });
		Ok(())
	}

	/// Returns the number of epochs from the announcement of the network's rules to their first
	/// epoch.
	fn notice_of(id: NetworkId) -> EpochIndex {
		if T::Funding::is_funded(id) {
			Self::rules_notice()
		} else {
			1
		}
	}

	/// Returns the epoch that comes `notice` epochs after the running one.
	fn epoch_after(notice: EpochIndex) -> Result<EpochIndex, ArithmeticError> {
		T::Epochs::current().checked_add(notice).ok_or(ArithmeticError::Overflow)
	}

	pub(crate) fn do_veto_rules(id: NetworkId) -> DispatchResult {
		let mut network = Self::network(id).ok_or(Error::<T>::UnknownNetwork)?;
		let (epoch, _) = network.next.take().ok_or(Error::<T>::NoRulesToCome)?;
		Networks::<T>::insert(id, network);
		Self::deposit_event(Event::RulesVetoed { network: id, epoch });
		Ok(())
	}

	/// Checks that rules can be met, are within the chain's caps, and name only registered makers.
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
		Self::policy_caps().check(&policy).map_err(|exceeded| match exceeded {
			ExceededCap::Work => Error::<T>::WorkAboveCap,
			ExceededCap::Interval => Error::<T>::IntervalOutOfCaps,
			ExceededCap::Window => Error::<T>::WindowAboveCap,
			ExceededCap::Age => Error::<T>::AgeAboveCap,
			ExceededCap::Skew => Error::<T>::SkewAboveCap,
			ExceededCap::Period => Error::<T>::PeriodAboveCap,
			ExceededCap::Cooldown => Error::<T>::CooldownAboveCap,
			ExceededCap::Distance => Error::<T>::DistanceAboveCap,
			ExceededCap::Points => Error::<T>::PointsAboveCap,
		})?;
		ensure!(bond >= Self::min_bond(), Error::<T>::BondTooSmall);
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
		origin: OriginFor<T>,
		id: NetworkId,
		to: Option<T::AccountId>,
	) -> DispatchResult {
		let (mut network, by) = Self::network_by(origin, id)?;
		if let Some(offer) = &network.offer {
			// Otherwise an admin whom governance replaces could keep withdrawing the offer.
			let may = by == Pauser::Governance || offer.by == Pauser::Admin;
			ensure!(may, Error::<T>::OfferedByGovernance);
		}
		ensure!(to.as_ref() != Some(&network.admin), Error::<T>::OfferToSelf);
		let offer = match to.clone() {
			None => None,
			// The vote of governance was the notice.
			Some(to) if by == Pauser::Governance => {
				Some(NetworkOffer { to, by, from: T::Epochs::current() })
			}
			// The notice runs from the offer even if the network is not funded yet: an offer that
			// waits for the funding gains nothing by it.
			Some(to) => {
				Some(NetworkOffer { to, by, from: Self::epoch_after(Self::rules_notice())? })
			}
		};
		let same = match (&network.offer, &offer) {
			(None, None) => true,
			// Governance can open an offer that the admin has made to the same account.
			(Some(old), Some(new)) => (&old.to, old.by) == (&new.to, new.by),
			(None, Some(_)) | (Some(_), None) => false,
		};
		ensure!(!same, Error::<T>::NothingToChange);

		network.offer = offer;
		Networks::<T>::insert(id, network);
		Self::deposit_event(Event::NetworkOffered { network: id, to });
		Ok(())
	}

	pub(crate) fn do_accept_network(who: T::AccountId, id: NetworkId) -> DispatchResult {
		let mut network = Self::network(id).ok_or(Error::<T>::UnknownNetwork)?;
		let offer = network.offer.take().ok_or(Error::<T>::NotOffered)?;
		ensure!(offer.to == who, Error::<T>::NotOffered);
		let open = T::Epochs::current() >= offer.from || !T::Funding::is_funded(id);
		ensure!(open, Error::<T>::OfferNotOpen);
		let (reason, deposit, poor) =
			(HoldReason::NetworkDeposit, network.deposit, Error::<T>::CannotAffordDeposit);
		Self::take_over(reason, &network.admin, &who, deposit, poor)?;

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
		T::Funding::on_network_closed(id);
		Self::deposit_event(Event::NetworkClosed { network: id, admin: who });
		Ok(())
	}

	/// Returns the network if `who` is its admin.
	pub(crate) fn network_of(who: &T::AccountId, id: NetworkId) -> Result<Network<T>, Error<T>> {
		let network = Self::network(id).ok_or(Error::<T>::UnknownNetwork)?;
		ensure!(network.admin == *who, Error::<T>::NotAdmin);
		Ok(network)
	}

	/// Returns the network and the capacity in which the origin acts for it.
	fn network_by(
		origin: OriginFor<T>,
		id: NetworkId,
	) -> Result<(Network<T>, Pauser), DispatchError> {
		Ok(match Self::signer_or::<T::GovernanceOrigin>(origin)? {
			Some(who) => (Self::network_of(&who, id)?, Pauser::Admin),
			None => {
				let network = Self::network(id).ok_or(Error::<T>::UnknownNetwork)?;
				(network, Pauser::Governance)
			}
		})
	}

	/// Returns the signer of the call; `None` for the given origin of governance.
	pub(crate) fn signer_or<Governance: EnsureOrigin<T::RuntimeOrigin>>(
		origin: OriginFor<T>,
	) -> Result<Option<T::AccountId>, DispatchError> {
		if Governance::ensure_origin(origin.clone()).is_ok() {
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
