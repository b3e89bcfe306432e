//! Counters of what devices hand in over the RPC.

use super::Error;
use substrate_prometheus_endpoint::{register, CounterVec, Opts, PrometheusError, Registry, U64};

/// Counters of the messages handed in, or nothing on a node without Prometheus.
#[derive(Clone, Default)]
pub struct Metrics(Option<Counters>);

#[derive(Clone)]
struct Counters {
	accepted: CounterVec<U64>,
	rejected: CounterVec<U64>,
}

impl Metrics {
	/// Registers the counters. Once in a registry's life.
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

	/// Counts a message by what became of it. `message` names its kind.
	pub fn count<T>(&self, message: &str, result: &Result<T, Error>) {
		let Some(counters) = &self.0 else { return };
		match result {
			Ok(_) => counters.accepted.with_label_values(&[message]).inc(),
			Err(e) => counters.rejected.with_label_values(&[message, &e.name()]).inc(),
		}
	}
}
