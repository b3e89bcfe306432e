//! Benchmarks of the worst case.
//!
//! Devices sign with P-256, the costliest scheme. Each is of a network of its own, has reported
//! before, and has points of a closed epoch that are still to be priced. Too few neighbours are in
//! its cell, so that the ring of cells around it is read as well. A report with `r` readings sums
//! up as many metrics as `r` readings can have, one without readings as many as there can be.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use crate::{
	types::{
		ring_index, Bucket, CopySuspicion, DeviceState, MetricEntry, MetricState, NeighbourVerdict,
		PastScore, Place, RoundedUp, Sample, ShortHash, Tally, MAX_SAMPLES, PRUNE_LIMIT, SLOTS,
	},
	Batch, Buckets, Call, Config, DeviceStates, MetricCounts, Metrics, Pallet, PruneCursor,
};
use alloc::vec::Vec;
use depin_primitives::{
	device::DeviceStatus,
	key::KeySchemes,
	metric::{Metric, MetricLimits},
	policy::{
		CoveragePolicy, LocationPolicy, NetworkPolicy, QualityPolicy, QualityWeights, ReportPolicy,
		TrustLevel, TrustPolicy, MAX_POLICY_TIME, ONE,
	},
	quality::{Perbill, Reason},
	report::{
		readings_root, summarize, BatchItem, LastReport, Reading, Readings, Report, SignedReport,
		MAX_INLINE_READINGS, MAX_METRICS,
	},
	signing::{GenesisPrefix, Signable},
	traits::{BenchmarkHelper, DeviceView, Devices},
	Cell, DeviceId, Millis, NetworkId, PublicKey, Signature, H256,
};
use frame_benchmarking::v2::*;
use frame_support::{
	traits::{
		fungible::{Inspect, Mutate},
		Authorize, Get, Time,
	},
	BoundedVec,
};
use frame_system::RawOrigin;
use p256::ecdsa::{signature::Signer, SigningKey};
use sp_runtime::transaction_validity::TransactionSource;

const HOUR: Millis = 60 * 60 * 1000;
/// Cell of all devices, of resolution 12.
const CELL: Cell = Cell(0x08c2_a107_2b59_adff);
/// Resolution of the neighbourhoods.
const RESOLUTION: u8 = 5;
const NETWORK: NetworkId = 0;
/// Sequence number of each device's last report.
const LAST_SEQUENCE: u64 = 4;
const KEY_TYPE: sp_core::crypto::KeyTypeId = sp_core::crypto::KeyTypeId(*b"depn");

const POLICY: NetworkPolicy = NetworkPolicy {
	cell_resolution: 12,
	schemes: KeySchemes::ALL,
	location: LocationPolicy { cooldown: HOUR },
	// Half of the work counts: a device whose work counts nothing costs less, because no points are
	// credited.
	trust: TrustPolicy { certified: ONE / 2, ..TrustPolicy::EVERYONE },
	report: ReportPolicy {
		max_work_per_hour: 1_000,
		min_interval: 0,
		max_window: HOUR,
		max_age: MAX_POLICY_TIME,
		max_skew: HOUR,
	},
	quality: QualityPolicy {
		period: HOUR,
		on_time: 0,
		weights: QualityWeights { cadence: 1, continuity: 1, plausibility: 1, neighbours: 1 },
		threshold: 0,
		resolution: RESOLUTION,
		// As many as there can be, so that the ring is read, and a median is found.
		min_neighbours: 7 * MAX_SAMPLES as u8,
		copy_limit: u8::MAX,
	},
	coverage: Some(CoveragePolicy {
		min_distance: 1,
		max_distance: 100,
		min_frequency: 863_000_000,
		max_frequency: 870_000_000,
		points_per_unit: 1_000,
	}),
};

fn metric() -> Metric {
	Metric {
		name: BoundedVec::truncate_from([b'a'; 32].to_vec()),
		unit: BoundedVec::truncate_from(b"beat/min".to_vec()),
		decimals: 18,
		limits: limits(),
	}
}

fn limits() -> MetricLimits {
	// Values are within the bounds, so that they are published, and fail the other limits.
	MetricLimits {
		min: 0,
		max: i64::MAX - 1,
		max_jump: Some(0),
		stuck_limit: Some(1),
		tolerance: Some(u64::MAX / 2),
	}
}

/// Returns the greatest state of a device whose last report was accepted at `now`.
fn full_state(now: Millis) -> DeviceState {
	let root = H256::repeat_byte(1);
	let metrics = (0..MAX_METRICS as u16)
		.map(|metric| MetricState {
			metric,
			low: -1,
			width: RoundedUp::default(),
			mean: 0,
			run: 1,
			tolerance: Some(RoundedUp::of(u64::MAX / 2)),
		})
		.collect::<Vec<_>>();
	let mut tally = Tally::new(Tally::number_of(now.saturating_sub(1), HOUR), HOUR);
	tally.reports = 1;
	let mut previous = Tally::new(0, HOUR);
	previous.reports = 1;
	DeviceState {
		last: LastReport {
			sequence: LAST_SEQUENCE,
			hash: root,
			window_end: now,
			accepted_at: now,
			readings_root: root,
			readings_count: 1,
			work: 1,
			credited: 1,
		},
		signer: ShortHash([0; 8]),
		metrics: BoundedVec::truncate_from(metrics),
		place: CELL.parent(RESOLUTION).map(|cell| Place { cell, slot: last_slot(now), block: 1 }),
		verdict: Some(NeighbourVerdict {
			part: Perbill::zero(),
			work: u64::MAX,
			reason: Some(Reason::Disagrees),
		}),
		suspicion: Some(CopySuspicion { device: ShortHash([u8::MAX; 8]), count: 1 }),
		tally,
		previous_score: Some(PastScore::from(&previous)),
	}
}

/// Returns a full bucket, whose owners and devices are in no bucket of another `number`.
fn full_bucket(slot: u64, until: Millis, number: u8) -> Bucket {
	let samples = (0..MAX_SAMPLES as u8)
		.map(|i| Sample {
			owner: ShortHash([number, i, 0, 0, 0, 0, 0, 0]),
			device: ShortHash([number, i, 1, 0, 0, 0, 0, 0]),
			block: 0,
			means: BoundedVec::truncate_from((0..MAX_METRICS as u16).map(|m| (m, 1)).collect()),
		})
		.collect();
	Bucket { slot, until, seed: ShortHash([0; 8]), samples: BoundedVec::truncate_from(samples) }
}

/// Fills the state of the device to its maximum, and leaves the device reapable.
pub fn fill<T: Config>(id: &DeviceId) {
	DeviceStates::<T>::insert(id, full_state(0));
}

fn put_metrics<T: Config>(network: NetworkId) {
	for id in 0..MAX_METRICS as u16 {
		let entry = MetricEntry { metric: metric(), depositor: account("admin", 0, 0), deposit: 0 };
		Metrics::<T>::insert(network, id, entry);
	}
	MetricCounts::<T>::insert(network, MAX_METRICS);
}

/// Registers an active device in the network.
fn put_device<T: Config>(network: NetworkId, key: PublicKey) -> DeviceId {
	let device = key.device_id();
	T::BenchmarkHelper::set_device(
		device,
		DeviceView {
			owner: account("owner", 0, 0),
			network,
			key,
			cell: CELL,
			status: DeviceStatus::Active,
			trust: TrustLevel::Certified,
			registered_at: 0,
		},
		POLICY,
	);
	device
}

/// Returns the slot of the next report, whose window ends an hour after `now`.
fn next_slot(now: Millis) -> u64 {
	now.saturating_add(HOUR).saturating_sub(1) / HOUR
}

/// Returns the slot in which the last report is compared: one with another bucket than the next
/// report's.
fn last_slot(now: Millis) -> u64 {
	next_slot(now) + 1
}

/// Puts full buckets in the last report's slot, in the cell and the ring around it, and a bucket
/// with room for one device in the next report's.
fn put_neighbours<T: Config>(network: NetworkId, now: Millis) {
	let cell = CELL.parent(RESOLUTION).expect("coarser than the cell; qed");
	let slot = last_slot(now);
	for (number, cell) in (0..).zip([cell].into_iter().chain(cell.ring())) {
		let key = (network, cell, ring_index(slot));
		Buckets::<T>::insert(key, full_bucket(slot, Millis::MAX, number));
	}
	let slot = next_slot(now);
	let mut bucket = full_bucket(slot, Millis::MAX, 0);
	bucket.samples.pop();
	Buckets::<T>::insert((network, cell, ring_index(slot)), bucket);
}

/// Sets up a device with all state that its next report makes the chain read, none of which is
/// shared with another device.
fn put_reporter<T: Config>(network: NetworkId, key: PublicKey) -> DeviceId {
	put_metrics::<T>(network);
	put_neighbours::<T>(network, T::Time::now());
	let device = put_device::<T>(network, key);
	T::BenchmarkHelper::owe(network, &device);
	device
}

/// Returns the P-256 key of this number: every scalar from 1 to below the curve's order is one.
fn secret(number: u32) -> SigningKey {
	let mut bytes = [7; 32];
	bytes[28..].copy_from_slice(&number.to_be_bytes());
	SigningKey::from_bytes(&bytes.into()).expect("a scalar below the order; qed")
}

fn p256_key(signer: &SigningKey) -> PublicKey {
	let point = signer.verifying_key().to_encoded_point(true);
	PublicKey::P256(point.as_bytes().try_into().expect("compressed: 33 bytes; qed"))
}

/// Returns the next report of a registered device, with `r` readings, and puts the state that its
/// last report left.
fn next_report<T: Config>(device: DeviceId, r: u32) -> (Report, Option<Readings>) {
	let now = T::Time::now();
	let state = full_state(now);
	let last = state.last;
	DeviceStates::<T>::insert(device, state);

	// A report without inline readings commits to one reading of each metric.
	let committed = if r == 0 { MAX_METRICS } else { r };
	let readings = (0..committed)
		.map(|i| Reading {
			time: now + Millis::from(i),
			metric: (i % MAX_METRICS) as u16,
			value: i64::from(i),
		})
		.collect::<Vec<_>>();
	let report = Report {
		device,
		sequence: last.sequence + 1,
		window_start: now,
		window_end: now + HOUR,
		work: u64::MAX,
		previous: H256::zero(),
		readings_root: readings_root(&readings),
		readings_count: committed,
		metrics: summarize(&readings).expect("no more metrics than the most; small values; qed"),
	};
	let inline = Readings::try_from(readings).expect("as many as a report may carry; qed");
	(report, (r > 0).then_some(inline))
}

fn sign<T: Config>(signer: &SigningKey, report: Report) -> SignedReport {
	let genesis = T::GenesisHash::get();
	let signature: p256::ecdsa::Signature = signer.sign(&report.signing_bytes(&genesis));
	SignedReport {
		chain: GenesisPrefix::of(&genesis),
		report,
		signature: Signature(signature.to_bytes().into()),
	}
}

fn signed_report<T: Config>(r: u32) -> (SignedReport, Option<Readings>) {
	let signer = secret(0);
	let device = put_reporter::<T>(NETWORK, p256_key(&signer));
	let (report, readings) = next_report::<T>(device, r);
	(sign::<T>(&signer, report), readings)
}

fn p256_item<T: Config>(number: u32) -> BatchItem {
	let signer = secret(number);
	let device = put_reporter::<T>(number, p256_key(&signer));
	let (report, readings) = next_report::<T>(device, 0);
	BatchItem { signed: sign::<T>(&signer, report), readings }
}

/// Returns an item that the keystore of the benchmarks has signed, because the runtime cannot sign
/// with Ed25519.
fn ed25519_item<T: Config>(number: u32) -> BatchItem {
	let public = sp_io::crypto::ed25519_generate(KEY_TYPE, None);
	let device = put_reporter::<T>(number, PublicKey::Ed25519(public.0));
	let (report, readings) = next_report::<T>(device, 0);
	let genesis = T::GenesisHash::get();
	let message = report.signing_bytes(&genesis);
	let signature = sp_io::crypto::ed25519_sign(KEY_TYPE, &public, &message)
		.expect("the key was just made; qed");
	let signature = Signature(signature.0);
	BatchItem {
		signed: SignedReport { chain: GenesisPrefix::of(&genesis), report, signature },
		readings,
	}
}

fn assert_accepted<T: Config>(device: DeviceId) {
	let sequence = Pallet::<T>::last_report(device).map(|last| last.sequence);
	assert_eq!(sequence, Some(LAST_SEQUENCE + 1));
}

fn assert_all_accepted<T: Config>(batch: &Batch<T>) {
	for item in batch {
		assert_accepted::<T>(item.signed.report.device);
	}
}

/// Returns the admin of the benchmarks' network, with enough balance for deposits.
fn admin<T: Config>() -> T::AccountId {
	put_device::<T>(NETWORK, p256_key(&secret(0)));
	let admin = T::Devices::admin(NETWORK).expect("the network was just made; qed");
	let funds = T::MetricDeposit::get().saturating_add(T::Currency::minimum_balance());
	T::Currency::set_balance(&admin, funds.saturating_mul(10));
	admin
}

/// Registers one metric less than a network can have, and returns a free number.
fn all_but_one<T: Config>() -> u16 {
	let most = T::MaxMetrics::get();
	for id in 1..most {
		let entry = MetricEntry { metric: metric(), depositor: admin::<T>(), deposit: 0 };
		// A network has no more metrics than there are numbers; qed.
		Metrics::<T>::insert(NETWORK, id as u16, entry);
	}
	MetricCounts::<T>::insert(NETWORK, most - 1);
	0
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn report(r: Linear<0, MAX_INLINE_READINGS>) {
		let (signed, readings) = signed_report::<T>(r);
		let device = signed.report.device;

		#[extrinsic_call]
		_(RawOrigin::Authorized, signed, readings);

		assert_accepted::<T>(device);
	}

	#[benchmark]
	fn authorize_report(r: Linear<0, MAX_INLINE_READINGS>) -> Result<(), BenchmarkError> {
		let (signed, readings) = signed_report::<T>(r);
		let call = Call::<T>::report { signed, readings };

		#[block]
		{
			call.authorize(TransactionSource::External)
				.ok_or("a report is an authorized call")?
				.map_err(|_| "the report is good")?;
		}

		Ok(())
	}

	#[benchmark]
	fn submit_report(r: Linear<0, MAX_INLINE_READINGS>) {
		let (signed, readings) = signed_report::<T>(r);
		let device = signed.report.device;

		#[extrinsic_call]
		_(RawOrigin::Signed(whitelisted_caller()), signed, readings);

		assert_accepted::<T>(device);
	}

	#[benchmark]
	fn submit_reports(n: Linear<1, { T::MaxBatch::get() }>) {
		let batch = Batch::<T>::truncate_from((0..n).map(p256_item::<T>).collect());

		#[extrinsic_call]
		_(RawOrigin::Signed(whitelisted_caller()), batch.clone());

		assert_all_accepted::<T>(&batch);
	}

	#[benchmark]
	fn submit_reports_together(n: Linear<1, { T::MaxBatch::get() }>) {
		let batch = Batch::<T>::truncate_from((0..n).map(ed25519_item::<T>).collect());

		#[extrinsic_call]
		submit_reports(RawOrigin::Signed(whitelisted_caller()), batch.clone());

		assert_all_accepted::<T>(&batch);
	}

	#[benchmark]
	fn register_metric() {
		let admin = admin::<T>();
		let id = all_but_one::<T>();

		#[extrinsic_call]
		_(RawOrigin::Signed(admin), NETWORK, id, metric());

		assert_eq!(MetricCounts::<T>::get(NETWORK), T::MaxMetrics::get());
	}

	#[benchmark]
	fn update_metric() -> Result<(), BenchmarkError> {
		let admin = admin::<T>();
		let id = all_but_one::<T>();
		let origin = RawOrigin::Signed(admin.clone());
		Pallet::<T>::register_metric(origin.into(), NETWORK, id, metric())?;
		let wider = MetricLimits { max: i64::MAX, ..limits() };

		#[extrinsic_call]
		_(RawOrigin::Signed(admin), NETWORK, id, wider);

		assert_eq!(Metrics::<T>::get(NETWORK, id).map(|entry| entry.metric.limits), Some(wider));
		Ok(())
	}

	#[benchmark]
	fn remove_metric() -> Result<(), BenchmarkError> {
		let admin = admin::<T>();
		let id = all_but_one::<T>();
		let origin = RawOrigin::Signed(admin.clone());
		Pallet::<T>::register_metric(origin.into(), NETWORK, id, metric())?;

		#[extrinsic_call]
		_(RawOrigin::Signed(admin), NETWORK, id);

		assert!(!Metrics::<T>::contains_key(NETWORK, id));
		Ok(())
	}

	#[benchmark]
	fn prune(n: Linear<0, PRUNE_LIMIT>) {
		for number in 0..PRUNE_LIMIT {
			let key = (number, CELL, (u64::from(number) % SLOTS) as u8);
			Buckets::<T>::insert(key, full_bucket(number.into(), 0, 0));
		}
		// Pruning starts from the first bucket.
		PruneCursor::<T>::kill();

		#[block]
		{
			for _ in 0..n {
				Pallet::<T>::prune_next();
			}
		}

		assert_eq!(Buckets::<T>::iter().count() as u32, PRUNE_LIMIT - n);
	}

	impl_benchmark_test_suite! {
		Pallet,
		crate::mock::new_test_ext(),
		crate::mock::Test
	}
}
