//! The metrics of networks.

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

	pub(crate) fn do_remove_metric(
		who: T::AccountId,
		network: NetworkId,
		id: MetricId,
	) -> DispatchResult {
		if let Some(admin) = T::Devices::admin(network) {
			ensure!(who == admin, Error::<T>::NotAdmin);
		}
		let MetricEntry { depositor, deposit, .. } =
			Metrics::<T>::get(network, id).ok_or(Error::<T>::UnknownMetric)?;

		// What was slashed of it, if anything, is not there to be returned.
		let reason = HoldReason::MetricDeposit.into();
		T::Currency::release(&reason, &depositor, deposit, Precision::BestEffort)?;
		Metrics::<T>::remove(network, id);
		MetricCounts::<T>::mutate_exists(network, |count| {
			*count = count.and_then(|count| count.checked_sub(1)).filter(|count| *count > 0);
		});
		Self::deposit_event(Event::MetricRemoved { network, id });
		Ok(())
	}

	fn ensure_admin(who: &T::AccountId, network: NetworkId) -> Result<(), Error<T>> {
		let admin = T::Devices::admin(network).ok_or(Error::<T>::UnknownNetwork)?;
		ensure!(*who == admin, Error::<T>::NotAdmin);
		Ok(())
	}

	/// The metrics of a network, by number: at most `limit`, and at most [`MAX_PAGE`], from after the
	/// number `after`.
	pub fn metrics(network: NetworkId, after: Option<MetricId>, limit: u32) -> MetricPage {
		// A network has no more than `MaxMetrics`: they are read and put in order.
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
