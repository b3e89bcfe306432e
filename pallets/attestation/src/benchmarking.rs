//! Benchmarks, at their worst: the device signs with P-256, the costliest scheme, it has reported
//! before, and its report sums up the most metrics that `r` readings can be of (without readings: the
//! most of all).

use crate::{Call, Config, LastReports, Pallet};
use depin_primitives::{
	device::DeviceStatus,
	key::KeySchemes,
	network::{
		CoveragePolicy, LocationPolicy, NetworkPolicy, ReportPolicy, TrustLevel, TrustPolicy,
		MAX_POLICY_TIME, WHOLE,
	},
	report::{
		readings_root, summarize, LastReport, Reading, Readings, Report, SignedReport,
		MAX_INLINE_READINGS, MAX_METRICS,
	},
	signing::{ChainTag, Signable},
	traits::{DeviceView, Devices},
	Cell, DeviceId, Millis, PublicKey, Signature, H256,
};
use frame_benchmarking::v2::*;
use frame_support::traits::{Authorize, Time};
use frame_system::{pallet_prelude::BlockNumberFor, RawOrigin};
use p256::ecdsa::{signature::Signer, SigningKey};
use sp_runtime::transaction_validity::TransactionSource;

const HOUR: Millis = 60 * 60 * 1000;
/// Any scalar from 1 to the curve's order is a key.
const SECRET: [u8; 32] = [7; 32];
/// A cell of resolution 12.
const CELL: Cell = Cell(0x08c2_a107_2b59_adff);

const POLICY: NetworkPolicy = NetworkPolicy {
	cell_resolution: 12,
	schemes: KeySchemes::ALL,
	location: LocationPolicy { cooldown: HOUR },
	// Whatever is left of the work, there is some: what counts nothing need not be credited.
	trust: TrustPolicy { certified: WHOLE / 2, ..TrustPolicy::EVERYONE },
	report: ReportPolicy {
		max_work_per_hour: 1_000,
		min_interval: 0,
		max_window: HOUR,
		max_age: MAX_POLICY_TIME,
		max_skew: HOUR,
	},
	coverage: Some(CoveragePolicy {
		min_distance: 1,
		max_distance: 100,
		min_frequency: 863_000_000,
		max_frequency: 870_000_000,
		points_per_unit: 1_000,
	}),
};

/// A registered device that has reported, and its next report with `r` readings.
fn next_report<T: Config>(r: u32) -> (SignedReport, Option<Readings>) {
	let signer = SigningKey::from_bytes(&SECRET.into()).expect("a scalar below the order; qed");
	let point = signer.verifying_key().to_encoded_point(true);
	let key = PublicKey::P256(point.as_bytes().try_into().expect("compressed: 33 bytes; qed"));
	let device = key.device_id();
	let owner = account("owner", 0, 0);
	T::Devices::set_device(
		device,
		DeviceView {
			owner,
			network: 0,
			key,
			cell: CELL,
			status: DeviceStatus::Active,
			trust: TrustLevel::Certified,
			registered_at: 0,
		},
		POLICY,
	);

	let now = T::Time::now();
	let last = LastReport {
		sequence: 1,
		hash: H256::repeat_byte(1),
		window_end: now,
		accepted_at: now,
		readings_root: H256::zero(),
		readings_count: 0,
		work: 1,
		credited: 1,
	};
	LastReports::<T>::insert(device, last);

	// What a report commits to without carrying it needs one reading of each metric.
	let committed = if r == 0 { MAX_METRICS } else { r };
	let readings = (0..committed)
		.map(|i| Reading {
			time: now + Millis::from(i),
			metric: (i % MAX_METRICS) as u16,
			value: i64::from(i),
		})
		.collect::<alloc::vec::Vec<_>>();
	let report = Report {
		device,
		sequence: 2,
		window_start: now,
		window_end: now + HOUR,
		work: u64::MAX,
		previous: last.hash,
		readings_root: readings_root(&readings),
		readings_count: committed,
		metrics: summarize(&readings).expect("no more metrics than the most; small values; qed"),
	};
	let genesis = frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::from(0u32));
	let signature: p256::ecdsa::Signature = signer.sign(&report.signing_bytes(&genesis));
	let signed = SignedReport {
		chain: ChainTag::of(&genesis),
		report,
		signature: Signature(signature.to_bytes().into()),
	};
	let inline = Readings::try_from(readings).expect("as many as a report may carry; qed");
	(signed, (r > 0).then_some(inline))
}

fn assert_accepted<T: Config>(device: DeviceId) {
	assert_eq!(Pallet::<T>::last_report(device).map(|last| last.sequence), Some(2));
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn report(r: Linear<0, MAX_INLINE_READINGS>) {
		let (signed, readings) = next_report::<T>(r);
		let device = signed.report.device;

		#[extrinsic_call]
		_(RawOrigin::Authorized, signed, readings);

		assert_accepted::<T>(device);
	}

	#[benchmark]
	fn authorize_report(r: Linear<0, MAX_INLINE_READINGS>) -> Result<(), BenchmarkError> {
		let (signed, readings) = next_report::<T>(r);
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
		let (signed, readings) = next_report::<T>(r);
		let device = signed.report.device;

		#[extrinsic_call]
		_(RawOrigin::Signed(whitelisted_caller()), signed, readings);

		assert_accepted::<T>(device);
	}

	impl_benchmark_test_suite! {
		Pallet,
		crate::mock::new_test_ext(),
		crate::mock::Test
	}
}
