//! Prometheus counters of the messages that devices submit over the RPC.

use super::errors::Error;
use substrate_prometheus_endpoint::{register, CounterVec, Opts, PrometheusError, Registry, U64};

/// Counters of submitted messages; none on a node without Prometheus.
#[derive(Clone, Default)]
pub struct RpcCounters(Option<Counters>);

#[derive(Clone)]
struct Counters {
	accepted: CounterVec<U64>,
	rejected: CounterVec<U64>,
}

impl RpcCounters {
	/// Registers the counters. A registry takes them once.
	pub fn new(registry: Option<&Registry>) -> Result<Self, PrometheusError> {
		let Some(registry) = registry else { return Ok(Self(None)) };
		Ok(Self(Some(Counters {
			accepted: register(
				CounterVec::new(
					Opts::new(
						"depin_rpc_accepted_total",
						"Messages of devices that this node's RPC took into the pool",
					),
					&["message"],
				)?,
				registry,
			)?,
			rejected: register(
				CounterVec::new(
					Opts::new(
						"depin_rpc_rejected_total",
						"Messages of devices that this node's RPC refused, by reason",
					),
					&["message", "reason"],
				)?,
				registry,
			)?,
		})))
	}

	/// Counts a message of the kind `message` by its result.
	pub fn count<T>(&self, message: &str, result: &Result<T, Error>) {
		let Some(counters) = &self.0 else { return };
		match result {
			Ok(_) => counters.accepted.with_label_values(&[message]).inc(),
			Err(e) => counters.rejected.with_label_values(&[message, &e.name()]).inc(),
		}
	}
}
