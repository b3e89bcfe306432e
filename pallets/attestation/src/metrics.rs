//! Metrics of networks: registration, limits, removal and pages.

use crate::{types::MetricEntry, Config, Error, Event, HoldReason, Limits, Metrics, Pallet};
use alloc::vec::Vec;
use depin_primitives::{
	metric::{Metric, MetricLimits, MetricPage, MetricRecord},
	page::{Page, MAX_PAGE},
	traits::Devices,
	MetricId, NetworkId,
};
use frame_support::{
	pallet_prelude::*,
	traits::{fungible::MutateHold, tokens::Precision},
};

impl<T: Config> Pallet<T> {
	/// Registers a metric and holds its deposit: see [`Pallet::register_metric`].
	pub(crate) fn do_register_metric(
		who: T::AccountId,
		network: NetworkId,
		id: MetricId,
		metric: Metric,
	) -> DispatchResult {
		Self::ensure_admin(&who, network)?;
		metric.check().map_err(Error::<T>::from)?;
		let mut all = Limits::<T>::get(network);
		let Err(at) = all.binary_search_by_key(&id, |(id, _)| *id) else {
			return Err(Error::<T>::MetricExists.into());
		};
		all.try_insert(at, (id, metric.limits)).map_err(|_| Error::<T>::TooManyMetrics)?;

		let deposit = T::MetricDeposit::get();
		T::Currency::hold(&HoldReason::MetricDeposit.into(), &who, deposit)?;
		Limits::<T>::insert(network, all);
		let Metric { name, unit, decimals, .. } = metric.clone();
		let entry = MetricEntry { name, unit, decimals, depositor: who, deposit };
		Metrics::<T>::insert(network, id, entry);
		Self::deposit_event(Event::MetricRegistered { network, id, metric });
		Ok(())
	}

	/// Replaces a metric's limits: see [`Pallet::update_metric`].
	pub(crate) fn do_update_metric(
		who: T::AccountId,
		network: NetworkId,
		id: MetricId,
		limits: MetricLimits,
	) -> DispatchResult {
		Self::ensure_admin(&who, network)?;
		Limits::<T>::try_mutate(network, |all| {
			let entry = all.iter_mut().find(|(of, _)| *of == id);
			let (_, old) = entry.ok_or(Error::<T>::UnknownMetric)?;
			limits.check().map_err(Error::<T>::from)?;
			*old = limits;
			Ok::<_, Error<T>>(())
		})?;
		Self::deposit_event(Event::MetricUpdated { network, id, limits });
		Ok(())
	}

	/// Removes a metric and releases its deposit: see [`Pallet::remove_metric`].
	pub(crate) fn do_remove_metric(
		who: T::AccountId,
		network: NetworkId,
		id: MetricId,
	) -> DispatchResult {
		// A closed network has no admin, and its metrics would keep their deposits for ever.
		if let Some(admin) = T::Devices::admin(network) {
			ensure!(who == admin, Error::<T>::NotAdmin);
		}
		let MetricEntry { depositor, deposit, .. } =
			Metrics::<T>::get(network, id).ok_or(Error::<T>::UnknownMetric)?;

		// A part of the deposit that was slashed is not on hold any more; the rest is released.
		let reason = HoldReason::MetricDeposit.into();
		T::Currency::release(&reason, &depositor, deposit, Precision::BestEffort)?;
		Metrics::<T>::remove(network, id);
		Limits::<T>::mutate_exists(network, |all| {
			let mut left = all.take().unwrap_or_default();
			left.retain(|(of, _)| *of != id);
			*all = Some(left).filter(|left| !left.is_empty());
		});
		Self::deposit_event(Event::MetricRemoved { network, id });
		Ok(())
	}

	/// Checks that the network exists and that `who` is its admin.
	fn ensure_admin(who: &T::AccountId, network: NetworkId) -> Result<(), Error<T>> {
		let admin = T::Devices::admin(network).ok_or(Error::<T>::UnknownNetwork)?;
		ensure!(*who == admin, Error::<T>::NotAdmin);
		Ok(())
	}

	/// Returns a page of the network's metrics, by ascending number: those above `after`, at most
	/// `limit` and at most [`MAX_PAGE`] of them.
	pub fn metrics(network: NetworkId, after: Option<MetricId>, limit: u32) -> MetricPage {
		let all = Limits::<T>::get(network);
		let mut rest = all.into_iter().filter(|(id, _)| after.is_none_or(|after| *id > after));
		let items: Vec<_> = (&mut rest)
			.take(limit.min(MAX_PAGE) as usize)
			.filter_map(|(id, limits)| {
				let metric = Metrics::<T>::get(network, id)?.with_limits(limits);
				Some(MetricRecord { network, id, metric })
			})
			.collect();
		let next = items.last().map(|record| record.id).filter(|_| rest.next().is_some());
		Page { items, next }
	}
}
