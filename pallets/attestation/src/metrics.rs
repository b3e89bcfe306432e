//! Metrics of networks: registration, limits, removal and pages.

use crate::{types::MetricEntry, Config, Error, Event, HoldReason, MetricCounts, Metrics, Pallet};
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
		ensure!(!Metrics::<T>::contains_key(network, id), Error::<T>::MetricExists);
		let count = MetricCounts::<T>::get(network);
		ensure!(count < T::MaxMetrics::get(), Error::<T>::TooManyMetrics);

		let deposit = T::MetricDeposit::get();
		T::Currency::hold(&HoldReason::MetricDeposit.into(), &who, deposit)?;
		MetricCounts::<T>::insert(network, count.saturating_add(1));
		let entry = MetricEntry { metric: metric.clone(), depositor: who, deposit };
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
		let mut entry = Metrics::<T>::get(network, id).ok_or(Error::<T>::UnknownMetric)?;
		limits.check().map_err(Error::<T>::from)?;

		entry.metric.limits = limits;
		Metrics::<T>::insert(network, id, entry);
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
		MetricCounts::<T>::mutate_exists(network, |count| {
			*count = count.and_then(|count| count.checked_sub(1)).filter(|count| *count > 0);
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
		// The map is not in order of number. It has at most `MaxMetrics` entries of one network, so
		// that all are read and sorted.
		let mut all: Vec<_> = Metrics::<T>::iter_prefix(network)
			.filter(|(id, _)| after.is_none_or(|after| *id > after))
			.map(|(id, entry)| MetricRecord { network, id, metric: entry.metric })
			.collect();
		all.sort_by_key(|record| record.id);
		let limit = limit.min(MAX_PAGE) as usize;
		let more = all.len() > limit;
		all.truncate(limit);
		let next = all.last().map(|record| record.id).filter(|_| more);
		Page { items: all, next }
	}
}
