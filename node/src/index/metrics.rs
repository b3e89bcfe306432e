//! Prometheus gauges and counters of the index.

use super::block::{Extent, IndexedBlock};
use substrate_prometheus_endpoint::{
	register, Counter, CounterVec, Gauge, Opts, PrometheusError, Registry, U64,
};

/// Gauges and counters of the index; none on a node without Prometheus.
pub struct IndexMetrics(Option<Inner>);

struct Inner {
	block: Gauge<U64>,
	lag: Gauge<U64>,
	reports: Counter<U64>,
	reasons: CounterVec<U64>,
	readings: Counter<U64>,
	missed: Counter<U64>,
}

impl IndexMetrics {
	/// Registers the gauges and counters. A registry takes them once.
	pub fn new(registry: Option<&Registry>) -> Result<Self, PrometheusError> {
		let Some(registry) = registry else { return Ok(Self(None)) };
		let counter = |name, help| register(Counter::new(name, help)?, registry);
		let gauge = |name, help| register(Gauge::new(name, help)?, registry);
		Ok(Self(Some(Inner {
			block: gauge("depin_telemetry_indexed_block", "Last block of the telemetry index")?,
			lag: gauge(
				"depin_telemetry_index_lag_blocks",
				"Finalized blocks that the telemetry index has yet to read",
			)?,
			reports: counter(
				"depin_telemetry_reports_total",
				"Reports that were written to the telemetry index",
			)?,
			reasons: register(
				CounterVec::new(
					Opts::new(
						"depin_telemetry_report_reasons_total",
						"Reports in the telemetry index that were not worth all they claimed, by reason",
					),
					&["reason"],
				)?,
				registry,
			)?,
			readings: counter(
				"depin_telemetry_readings_total",
				"Inline readings that were written to the telemetry index",
			)?,
			missed: counter(
				"depin_telemetry_missed_blocks_total",
				"Blocks that the telemetry index could not read, for want of their state",
			)?,
		})))
	}

	/// Returns a value that records nothing.
	pub fn disabled() -> Self {
		Self(None)
	}

	/// Sets the last indexed block, and the number of finalized blocks after it.
	pub fn set_position(&self, extent: &Extent, finalized: u32) {
		let Some(Inner { block, lag, .. }) = &self.0 else { return };
		block.set(extent.to.number.into());
		lag.set(finalized.saturating_sub(extent.to.number).into());
	}

	/// Counts the reports and readings of blocks that were written.
	pub fn record_blocks(&self, blocks: &[IndexedBlock]) {
		let Some(Inner { reports, reasons, readings, .. }) = &self.0 else { return };
		for block in blocks {
			reports.inc_by(block.reports.len() as u64);
			let inline = block.reports.iter().flat_map(|r| &r.readings).map(|r| r.len() as u64);
			readings.inc_by(inline.sum());
			for reason in block.reports.iter().flat_map(|r| &r.quality.reasons.0) {
				reasons.with_label_values(&[&format!("{reason:?}")]).inc();
			}
		}
	}

	/// Counts blocks that could not be read.
	pub fn record_missed(&self, blocks: u32) {
		if let Some(inner) = &self.0 {
			inner.missed.inc_by(blocks.into());
		}
	}
}
