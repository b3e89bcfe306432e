//! The metrics of networks.

use super::*;
use crate::{Event, HoldReason, Limits};
use depin_primitives::{
	metric::{Metric, MetricLimits, MetricRecord},
	policy::NetworkPolicy,
	report::Reading,
};
use frame_support::{
	assert_ok,
	traits::{fungible::InspectHold, Get},
	BoundedVec,
};
use sp_runtime::{DispatchResult, TokenError};

const STRANGER: AccountId = 77;
const NEW: u16 = 500;

fn by(who: AccountId) -> RuntimeOrigin {
	RuntimeOrigin::signed(who)
}

fn register(id: u16, metric: Metric) -> DispatchResult {
	Attestation::register_metric(by(OWNER), NETWORK, id, metric)
}

fn held(who: AccountId) -> depin_primitives::Balance {
	Balances::balance_on_hold(&RuntimeHoldReason::from(HoldReason::MetricDeposit), &who)
}

fn named(name: &str, unit: &str) -> Metric {
	Metric {
		name: name.as_bytes().to_vec().try_into().unwrap(),
		unit: unit.as_bytes().to_vec().try_into().unwrap(),
		..metric()
	}
}

/// A report of one reading of that metric.
fn report_of(id: u16) -> SignedReport {
	let reading = Reading { time: START - 1, metric: id, value: 5 };
	let readings = Readings::try_from(vec![reading]).unwrap();
	alice().sign(with_readings(alice().report(), &readings))
}

#[test]
fn a_metric_is_registered_and_told() {
	build_and_execute(|| {
		let before = held(OWNER);
		assert_refused(ReportError::UnknownMetric, report_of(NEW), None);
		let metric = named("humidity", "%RH");
		assert_ok!(register(NEW, metric.clone()));
		assert_eq!(held(OWNER), before + DEPOSIT);
		assert_eq!(Limits::<Test>::get(NETWORK).len(), METRICS.len() + 1);
		let event = Event::MetricRegistered { network: NETWORK, id: NEW, metric: metric.clone() };
		System::assert_last_event(event.into());
		let page = Attestation::metrics(NETWORK, Some(METRICS[7]), 5);
		assert_eq!(page.items, [MetricRecord { network: NETWORK, id: NEW, metric }]);
		assert_eq!(page.next, None);
		assert_taken(report_of(NEW), None);
	});
}

#[test]
fn its_limits_change() {
	build_and_execute(|| {
		let limits = MetricLimits { min: 0, max: 10, ..metric().limits };
		assert_ok!(Attestation::update_metric(by(OWNER), NETWORK, 3, limits));
		let page = Attestation::metrics(NETWORK, Some(2), 1);
		assert_eq!((page.items[0].id, &page.items[0].metric), (3, &Metric { limits, ..metric() }));
		System::assert_last_event(Event::MetricUpdated { network: NETWORK, id: 3, limits }.into());
	});
}

#[test]
fn a_metric_goes_and_its_deposit_comes_back() {
	build_and_execute(|| {
		let before = held(OWNER);
		assert_ok!(Attestation::remove_metric(by(OWNER), NETWORK, 3));
		assert_eq!(held(OWNER), before - DEPOSIT);
		System::assert_last_event(Event::MetricRemoved { network: NETWORK, id: 3 }.into());
		assert_refused(ReportError::UnknownMetric, report_of(3), None);
		for id in METRICS.into_iter().filter(|id| *id != 3) {
			assert_ok!(Attestation::remove_metric(by(OWNER), NETWORK, id));
		}
		assert_eq!(held(OWNER), 0);
		assert!(!Limits::<Test>::contains_key(NETWORK));
	});
}

#[test]
fn the_depositor_gets_it_back_whoever_removes_it() {
	build_and_execute(|| {
		// The network was closed: anyone may clear up.
		Registry::remove_policy(NETWORK);
		let free = Balances::free_balance(OWNER);
		assert_ok!(Attestation::remove_metric(by(STRANGER), NETWORK, 0));
		assert_eq!(Balances::free_balance(OWNER), free + DEPOSIT);
		assert_eq!(Balances::free_balance(STRANGER), 0);
	});
}

#[test]
fn only_the_admin_has_a_say() {
	build_and_execute(|| {
		let error = || Error::<Test>::NotAdmin;
		let origin = || by(STRANGER);
		let limits = metric().limits;
		assert_noop!(Attestation::register_metric(origin(), NETWORK, NEW, metric()), error());
		assert_noop!(Attestation::update_metric(origin(), NETWORK, 0, limits), error());
		assert_noop!(Attestation::remove_metric(origin(), NETWORK, 0), error());
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			let bad = sp_runtime::DispatchError::BadOrigin;
			let call = Attestation::register_metric(origin.clone(), NETWORK, NEW, metric());
			assert_eq!(call, Err(bad));
			assert_noop!(Attestation::update_metric(origin.clone(), NETWORK, 0, limits), bad);
			assert_noop!(Attestation::remove_metric(origin, NETWORK, 0), bad);
		}
	});
}

#[test]
fn what_is_not_there() {
	build_and_execute(|| {
		let limits = metric().limits;
		let nowhere = NETWORK + 1;
		assert_noop!(
			Attestation::register_metric(by(OWNER), nowhere, NEW, metric()),
			Error::<Test>::UnknownNetwork
		);
		assert_noop!(
			Attestation::update_metric(by(OWNER), nowhere, 0, limits),
			Error::<Test>::UnknownNetwork
		);
		let error = || Error::<Test>::UnknownMetric;
		assert_noop!(Attestation::update_metric(by(OWNER), NETWORK, NEW, limits), error());
		assert_noop!(Attestation::remove_metric(by(OWNER), NETWORK, NEW), error());
		assert_noop!(Attestation::remove_metric(by(OWNER), nowhere, 0), error());
		assert_noop!(register(0, metric()), Error::<Test>::MetricExists);
	});
}

#[test]
fn what_senml_does_not_allow() {
	build_and_execute(|| {
		assert_noop!(register(NEW, named("", "Cel")), Error::<Test>::BadName);
		assert_noop!(register(NEW, named("-t", "Cel")), Error::<Test>::BadName);
		assert_noop!(register(NEW, named("air temp", "Cel")), Error::<Test>::BadName);
		assert_noop!(register(NEW, named("t", "celsius")), Error::<Test>::UnknownUnit);
		assert_noop!(register(NEW, named("p", "hPa")), Error::<Test>::UnknownUnit);
		let decimals = Metric { decimals: 19, ..metric() };
		assert_noop!(register(NEW, decimals), Error::<Test>::TooManyDecimals);
		let limits = MetricLimits { min: 2, max: 1, ..metric().limits };
		assert_noop!(register(NEW, Metric { limits, ..metric() }), Error::<Test>::BadLimits);
		let update = Attestation::update_metric(by(OWNER), NETWORK, 0, limits);
		assert_eq!(update, Err(Error::<Test>::BadLimits.into()));
		let limits = MetricLimits { stuck_limit: Some(0), ..metric().limits };
		assert_noop!(
			Attestation::update_metric(by(OWNER), NETWORK, 0, limits),
			Error::<Test>::BadLimits
		);
	});
}

#[test]
fn a_network_has_no_more_than_the_most() {
	build_and_execute(|| {
		let most: u32 = <Test as crate::Config>::MaxMetrics::get();
		let most = most as u16;
		for id in METRICS.len() as u16..most {
			assert_ok!(register(id, metric()));
		}
		assert_noop!(register(NEW, metric()), Error::<Test>::TooManyMetrics);
		assert_ok!(Attestation::remove_metric(by(OWNER), NETWORK, 1));
		assert_ok!(register(NEW, metric()));
	});
}

#[test]
fn a_deposit_must_be_afforded() {
	build_and_execute(|| {
		assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), OWNER, DEPOSIT));
		assert_noop!(register(NEW, metric()), TokenError::FundsUnavailable);
	});
}

#[test]
fn the_list_is_paged() {
	build_and_execute(|| {
		// In order of number, whatever order they came in.
		assert_ok!(register(300, metric()));
		assert_ok!(register(256, metric()));
		let mut seen = Vec::new();
		let mut after = None;
		loop {
			let page = Attestation::metrics(NETWORK, after, 3);
			assert!(page.items.len() <= 3);
			seen.extend(page.items.iter().map(|record| record.id));
			after = page.next;
			if after.is_none() {
				break;
			}
		}
		assert_eq!(seen, [0, 1, 2, 3, 4, 5, 6, 7, 256, 300]);
		assert_eq!(Attestation::metrics(NETWORK, None, 0).items, []);
		assert_eq!(Attestation::metrics(NETWORK + 1, None, 9).items, []);
		assert_eq!(Attestation::metrics(NETWORK, Some(u16::MAX), 9).items, []);
	});
}

/// Networks do not share metrics.
#[test]
fn a_metric_is_of_its_network() {
	build_and_execute(|| {
		let other = NETWORK + 1;
		Registry::set_policy(other, NetworkPolicy { ..POLICY });
		Registry::change(alice().id(), |view| view.network = other);
		assert_refused(ReportError::UnknownMetric, report_of(0), None);
		assert_ok!(Attestation::register_metric(by(OWNER), other, 0, metric()));
		assert_taken(report_of(0), None);
	});
}

/// A report has room for as many metrics as it may sum up, and names each that is not registered.
#[test]
fn every_metric_of_a_report_is_looked_up() {
	build_and_execute(|| {
		let reading = |metric| Reading { time: START - 1, metric, value: 1 };
		let of = |ids: &[u16]| {
			let readings = ids.iter().map(|id| reading(*id)).collect::<Vec<_>>();
			let readings = BoundedVec::truncate_from(readings);
			alice().sign(with_readings(alice().report(), &readings))
		};
		assert_refused(ReportError::UnknownMetric, of(&[0, 1, 2, 3, 4, 5, 6, NEW]), None);
		assert_taken(of(&METRICS), None);
	});
}
