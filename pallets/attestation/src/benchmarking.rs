//! Benchmarks of usual reports, and of each further part of a report's work at its worst: the
//! module `cost` adds them up.
//!
//! A device has reported before, and the state that its last report left is the greatest. Its
//! network has as many metrics as there can be.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use crate::{
	check::{ReportContext, Shared},
	cost::Extras,
	types::{
		ring_index, Bucket, CopySuspicion, DeviceState, MetricEntry, MetricState, NeighbourVerdict,
		PastScore, Place, RoundedUp, Sample, ShortHash, Tally, MAX_SAMPLES, PRUNE_LIMIT, SLOTS,
	},
	Batch, Buckets, Call, Config, Limits, Metrics, Pallet, PruneCursor,
};
use alloc::{boxed::Box, vec::Vec};
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
		readings_root, summarize, BatchItem, DataDigest, DataDigests, LastReport, Reading,
		Readings, Report, ReportFlags, SignedReport, MAX_DIGESTS, MAX_INLINE_READINGS, MAX_METRICS,
	},
	signing::{GenesisPrefix, Signable},
	traits::{BenchmarkHelper, DeviceView, Devices, Ledger},
	verify::verify,
	Cell, DeviceId, KeyScheme, Millis, NetworkId, PublicKey, Signature, H256,
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
use sp_io::crypto;
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

/// Policy of a network that compares no device with its neighbours.
fn usual_policy() -> NetworkPolicy {
	let weights = QualityWeights { neighbours: 0, ..POLICY.quality.weights };
	NetworkPolicy { quality: QualityPolicy { weights, ..POLICY.quality }, ..POLICY }
}

/// Policy of a network that compares a device with the neighbours of its cell alone.
fn cell_policy() -> NetworkPolicy {
	let quality = QualityPolicy { min_neighbours: 1, ..POLICY.quality };
	NetworkPolicy { quality, ..POLICY }
}

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
	put_state::<T>(id, full_state(0));
}

/// Puts the state of a registered device in place.
fn put_state<T: Config>(id: &DeviceId, state: DeviceState) {
	T::Devices::replace_part(id, Some(state)).expect("the device is registered; qed");
}

/// Gives a network the limits of as many metrics as there can be. Reports read nothing else of a
/// metric.
fn put_limits<T: Config>(network: NetworkId) {
	let all = (0..T::MaxMetrics::get()).map(|id| (id as u16, limits()));
	Limits::<T>::insert(network, BoundedVec::truncate_from(all.collect()));
}

/// Registers an active device in the network, which gets that policy.
fn put_device<T: Config>(network: NetworkId, key: PublicKey, policy: NetworkPolicy) -> DeviceId {
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
		policy,
	);
	put_limits::<T>(network);
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

/// Returns the next report of a registered device, with `m` metrics and `r` readings, and puts the
/// state that its last report left. A report with readings has a metric, and no more metrics than
/// readings.
fn next_report<T: Config>(device: DeviceId, m: u32, r: u32) -> (Report, Option<Readings>) {
	let now = T::Time::now();
	let state = full_state(now);
	let last = state.last;
	put_state::<T>(&device, state);

	// A report without inline readings commits to one reading of each metric.
	let committed = if r == 0 { m } else { r };
	let readings = (0..committed)
		.map(|i| Reading {
			time: now + Millis::from(i),
			metric: (i % m.max(1)) as u16,
			value: i64::from(i),
		})
		.collect::<Vec<_>>();
	let digest = |kind: u32| DataDigest { kind: kind as u8, digest: H256::repeat_byte(1) };
	let digests = (1..=MAX_DIGESTS).map(digest).collect::<Vec<_>>();
	let digests = DataDigests::try_from(digests).expect("as many as a report may have; qed");
	let report = Report {
		device,
		sequence: last.sequence + 1,
		window_start: now,
		window_end: now + HOUR,
		work: u64::MAX,
		previous: H256::zero(),
		readings_root: readings_root(&readings),
		readings_count: committed,
		flags: if r > 0 { ReportFlags::INLINE } else { ReportFlags::NONE },
		metrics: summarize(&readings).expect("no more metrics than the most; small values; qed"),
		digests,
	};
	let inline = Readings::try_from(readings).expect("as many as a report may carry; qed");
	(report, (r > 0).then_some(inline))
}

/// Signs with a new key of the keystore of the benchmarks, because the runtime cannot sign. `make`
/// makes what is signed from the public key.
fn sign_with_new_key<T: Config>(
	scheme: KeyScheme,
	make: impl FnOnce(PublicKey) -> (Report, Option<Readings>),
) -> BatchItem {
	let genesis = T::GenesisHash::get();
	let (key, sign): (PublicKey, Box<dyn Fn(&[u8]) -> [u8; 64]>) = match scheme {
		KeyScheme::Ed25519 => {
			let public = crypto::ed25519_generate(KEY_TYPE, None);
			let sign = move |message: &[u8]| {
				crypto::ed25519_sign(KEY_TYPE, &public, message).expect("the key was made; qed").0
			};
			(PublicKey::Ed25519(public.0), Box::new(sign))
		}
		KeyScheme::Sr25519 => {
			let public = crypto::sr25519_generate(KEY_TYPE, None);
			let sign = move |message: &[u8]| {
				crypto::sr25519_sign(KEY_TYPE, &public, message).expect("the key was made; qed").0
			};
			(PublicKey::Sr25519(public.0), Box::new(sign))
		}
		KeyScheme::Secp256k1 => {
			let public = crypto::ecdsa_generate(KEY_TYPE, None);
			let sign = move |message: &[u8]| {
				let hash = sp_io::hashing::sha2_256(message);
				let signed = crypto::ecdsa_sign_prehashed(KEY_TYPE, &public, &hash);
				// The last of 65 bytes is the recovery id.
				let signature = signed.expect("the key was made; qed").0;
				signature[..64].try_into().expect("65 are more than 64; qed")
			};
			(PublicKey::Secp256k1(public.0), Box::new(sign))
		}
		KeyScheme::P256 => {
			let secret = SigningKey::from_bytes(&[7; 32].into()).expect("below the order; qed");
			let point = secret.verifying_key().to_encoded_point(true);
			let key = point.as_bytes().try_into().expect("compressed: 33 bytes; qed");
			let sign = move |message: &[u8]| {
				let signature: p256::ecdsa::Signature = secret.sign(message);
				signature.to_bytes().into()
			};
			(PublicKey::P256(key), Box::new(sign))
		}
	};
	let (report, readings) = make(key);
	let signature = Signature(sign(&report.signing_bytes(&genesis)));
	let chain = GenesisPrefix::of(&genesis);
	BatchItem { signed: SignedReport { chain, report, signature }, readings }
}

/// Returns the next report of a new device of this network and policy, signed with Ed25519.
fn signed_report<T: Config>(
	network: NetworkId,
	policy: NetworkPolicy,
	m: u32,
	r: u32,
) -> (SignedReport, Option<Readings>) {
	let BatchItem { signed, readings } = sign_with_new_key::<T>(KeyScheme::Ed25519, |key| {
		let device = put_device::<T>(network, key, policy);
		next_report::<T>(device, m, r)
	});
	(signed, readings)
}

/// Returns a usual report.
fn usual_report<T: Config>(m: u32, r: u32) -> (SignedReport, Option<Readings>) {
	signed_report::<T>(NETWORK, usual_policy(), m, r)
}

/// Returns the context of the next report of a device of this policy, and the report.
fn context_of<T: Config>(policy: NetworkPolicy) -> (ReportContext<T>, Report) {
	let (signed, _) = signed_report::<T>(NETWORK, policy, MAX_METRICS, 0);
	let consistent = Pallet::<T>::check_state(&signed, &mut Shared::new());
	let Ok(consistent) = consistent else { panic!("the report is good; qed") };
	(consistent.verified_by_authorization().into_context(), signed.report)
}

/// Compares the device of this context with its neighbours. Returns the number of buckets read.
fn compare<T: Config>(context: &ReportContext<T>, report: &Report) -> u32 {
	let state = context.state().expect("the device has reported; qed");
	let rules = &context.policy.quality;
	let ReportContext { network, owner, .. } = context;
	let device = &report.device;
	Pallet::<T>::compare_with_neighbours(*network, rules, owner, device, state).buckets
}

/// Returns a verification of a signature of this scheme on the largest report.
fn verify_one<T: Config>(scheme: KeyScheme) -> impl Fn() -> bool {
	let mut signer = None;
	let BatchItem { signed, .. } = sign_with_new_key::<T>(scheme, |key| {
		signer = Some(key);
		let device = put_device::<T>(NETWORK, key, usual_policy());
		next_report::<T>(device, MAX_METRICS, 0)
	});
	let (key, genesis) = (signer.expect("it was just set; qed"), T::GenesisHash::get());
	move || verify(&key, &signed.signature, &signed.report, &genesis)
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
	put_device::<T>(NETWORK, PublicKey::Ed25519([7; 32]), POLICY);
	let admin = T::Devices::admin(NETWORK).expect("the network was just made; qed");
	let funds = T::MetricDeposit::get().saturating_add(T::Currency::minimum_balance());
	T::Currency::set_balance(&admin, funds.saturating_mul(10));
	admin
}

/// Registers one metric less than a network can have, and returns a free number.
fn all_but_one<T: Config>(admin: &T::AccountId) -> u16 {
	Limits::<T>::mutate(NETWORK, |limits| limits.remove(0));
	let Metric { name, unit, decimals, .. } = metric();
	for (id, _) in Limits::<T>::get(NETWORK) {
		let (name, unit) = (name.clone(), unit.clone());
		let entry = MetricEntry { name, unit, decimals, depositor: admin.clone(), deposit: 0 };
		Metrics::<T>::insert(NETWORK, id, entry);
	}
	0
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn report(m: Linear<0, MAX_METRICS>, r: Linear<0, MAX_INLINE_READINGS>) {
		let (signed, readings) = usual_report::<T>(m, r);
		let device = signed.report.device;

		#[extrinsic_call]
		_(RawOrigin::Authorized, signed, readings);

		assert_accepted::<T>(device);
	}

	#[benchmark]
	fn authorize_report(
		m: Linear<0, MAX_METRICS>,
		r: Linear<0, MAX_INLINE_READINGS>,
	) -> Result<(), BenchmarkError> {
		let (signed, readings) = usual_report::<T>(m, r);
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
	fn submit_report(m: Linear<0, MAX_METRICS>, r: Linear<0, MAX_INLINE_READINGS>) {
		let (signed, readings) = usual_report::<T>(m, r);
		let device = signed.report.device;

		#[extrinsic_call]
		_(RawOrigin::Signed(whitelisted_caller()), signed, readings);

		assert_accepted::<T>(device);
	}

	#[benchmark]
	fn submit_reports(n: Linear<1, { T::MaxBatch::get() }>) {
		let item = |_| {
			let (signed, readings) = usual_report::<T>(1, 0);
			BatchItem { signed, readings }
		};
		let batch = Batch::<T>::truncate_from((0..n).map(item).collect());

		#[extrinsic_call]
		_(RawOrigin::Signed(whitelisted_caller()), batch.clone());

		assert_all_accepted::<T>(&batch);
	}

	#[benchmark]
	fn another_network() {
		let device = put_device::<T>(NETWORK, PublicKey::Ed25519([7; 32]), POLICY);
		let mut record = T::Devices::record(&device).expect("the device is registered; qed");
		let mut shared = Shared::<T>::new();

		#[block]
		{
			shared.rules(NETWORK).expect("the network was just made; qed");
			T::Ledger::credit(NETWORK, &device, &mut record, 1);
		}

		assert_eq!(shared.networks(), 1);
	}

	#[benchmark]
	fn compare_with_cell() {
		let (context, sent) = context_of::<T>(cell_policy());
		put_neighbours::<T>(NETWORK, context.now);
		let read;

		#[block]
		{
			read = compare(&context, &sent);
		}

		assert_eq!(read, 1);
	}

	#[benchmark]
	fn compare_with_ring() {
		let (context, sent) = context_of::<T>(POLICY);
		put_neighbours::<T>(NETWORK, context.now);
		let read;

		#[block]
		{
			read = compare(&context, &sent);
		}

		assert_eq!(read, Extras::MOST.buckets);
	}

	#[benchmark]
	fn publish() {
		let (context, sent) = context_of::<T>(POLICY);
		put_neighbours::<T>(NETWORK, context.now);
		let place = Pallet::<T>::comparison_place(&context, &sent).expect("it compares; qed");
		let metrics = context.state().expect("the device has reported; qed").metrics.clone();
		let published;

		#[block]
		{
			published = Pallet::<T>::publish_sample(&context, &sent, &place, &metrics);
		}

		assert!(published);
	}

	#[benchmark]
	fn settle() {
		let device = put_device::<T>(NETWORK, PublicKey::Ed25519([7; 32]), POLICY);
		T::BenchmarkHelper::owe(NETWORK, &device);
		let mut record = T::Devices::record(&device).expect("the device is registered; qed");

		#[block]
		{
			T::Ledger::credit(NETWORK, &device, &mut record, 1);
		}
	}

	#[benchmark]
	fn verify_ed25519() {
		let check = verify_one::<T>(KeyScheme::Ed25519);
		let valid;

		#[block]
		{
			valid = check();
		}

		assert!(valid);
	}

	#[benchmark]
	fn verify_sr25519() {
		let check = verify_one::<T>(KeyScheme::Sr25519);
		let valid;

		#[block]
		{
			valid = check();
		}

		assert!(valid);
	}

	#[benchmark]
	fn verify_secp256k1() {
		let check = verify_one::<T>(KeyScheme::Secp256k1);
		let valid;

		#[block]
		{
			valid = check();
		}

		assert!(valid);
	}

	#[benchmark]
	fn verify_p256() {
		let check = verify_one::<T>(KeyScheme::P256);
		let valid;

		#[block]
		{
			valid = check();
		}

		assert!(valid);
	}

	#[benchmark]
	fn register_metric() {
		let admin = admin::<T>();
		let id = all_but_one::<T>(&admin);

		#[extrinsic_call]
		_(RawOrigin::Signed(admin), NETWORK, id, metric());

		assert_eq!(Limits::<T>::get(NETWORK).len() as u32, T::MaxMetrics::get());
	}

	#[benchmark]
	fn update_metric() -> Result<(), BenchmarkError> {
		let admin = admin::<T>();
		let id = all_but_one::<T>(&admin);
		let origin = RawOrigin::Signed(admin.clone());
		Pallet::<T>::register_metric(origin.into(), NETWORK, id, metric())?;
		let wider = MetricLimits { max: i64::MAX, ..limits() };

		#[extrinsic_call]
		_(RawOrigin::Signed(admin), NETWORK, id, wider);

		assert_eq!(Limits::<T>::get(NETWORK).first(), Some(&(id, wider)));
		Ok(())
	}

	#[benchmark]
	fn remove_metric() -> Result<(), BenchmarkError> {
		let admin = admin::<T>();
		let id = all_but_one::<T>(&admin);
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
