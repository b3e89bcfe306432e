//! Benchmarks of the calls, their authorizations and the hooks. Keys are P-256, the most expensive
//! scheme, and rounds are full.

use crate::{types::*, *};
use alloc::vec::Vec;
use depin_primitives::{
	beacon::{
		commitment, transmission, Beacon, BeaconChallenge, CoverageScore, Period, SignedWitness,
		WitnessReport, MAX_WITNESSES,
	},
	device::DeviceStatus,
	hashing::blake2_256,
	policy::{CoveragePolicy, NetworkPolicy, ReportPolicy, TrustLevel, TrustPolicy, ONE},
	signing::{GenesisPrefix, Signable},
	traits::{BenchmarkHelper, DeviceView, Devices},
	Cell, DeviceId, Millis, NetworkId, PublicKey, Signature,
};
use frame_benchmarking::v2::*;
use frame_support::{
	dispatch::DispatchClass,
	traits::{Authorize, EnsureOrigin, Get, Hooks, Time},
	weights::WeightMeter,
};
use frame_system::{pallet_prelude::BlockNumberFor, RawOrigin};
use p256::ecdsa::{signature::Signer, SigningKey};
use sp_runtime::{traits::Zero, transaction_validity::TransactionSource};

const NETWORK: NetworkId = 0;

/// Cell of the beaconer, of resolution 8.
const BEACONER_CELL: Cell = Cell(0x881126d339fffff);
/// Cell of all witnesses, forty cells from the beaconer.
const WITNESS_CELL: Cell = Cell(0x8808994cb3fffff);

const FREQUENCY: u32 = 868_100_000;

fn policy() -> NetworkPolicy {
	let hour: Millis = 60 * 60 * 1000;
	NetworkPolicy {
		cell_resolution: 8,
		// A trust factor below one, which takes a multiplication, and above zero: points of zero
		// are not credited.
		trust: TrustPolicy { certified: ONE / 2, ..TrustPolicy::EVERYONE },
		report: ReportPolicy { max_skew: hour, ..NetworkPolicy::OPEN.report },
		coverage: Some(CoveragePolicy {
			min_distance: 1,
			max_distance: 100,
			min_frequency: FREQUENCY,
			max_frequency: FREQUENCY,
			points_per_unit: 1_000_000,
		}),
		..NetworkPolicy::OPEN
	}
}

struct Device {
	id: DeviceId,
	signer: SigningKey,
}

impl Device {
	/// Registers a device with an owner and a key of its own.
	fn new<T: Config>(seed: u8, cell: Cell) -> Self {
		let signer = SigningKey::from_slice(&[seed; 32]).expect("below the group's order; qed");
		let point = signer.verifying_key().to_encoded_point(true);
		let key = point.as_bytes().try_into().expect("a compressed point has 33 bytes; qed");
		let key = PublicKey::P256(key);
		let id = key.device_id();
		let owner = account("owner", seed.into(), 0);
		let (status, trust) = (DeviceStatus::Active, TrustLevel::Certified);
		let view =
			DeviceView { owner, network: NETWORK, key, cell, status, trust, registered_at: 0 };
		T::BenchmarkHelper::set_device(id, view, policy());
		Self { id, signer }
	}

	fn sign<T: Config>(&self, body: &impl Signable) -> Signature {
		let message = body.signing_bytes(&T::GenesisHash::get());
		let signature: p256::ecdsa::Signature = self.signer.sign(&message);
		Signature(signature.to_bytes().into())
	}

	fn report<T: Config>(&self, beacon: &Beacon) -> WitnessReport {
		WitnessReport {
			witness: self.id,
			beaconer: beacon.device,
			period: beacon.period,
			commitment: commitment(&transmission(&twin(&beacon.payload)), &self.id),
			rssi: -1000,
			snr: -50,
			frequency: FREQUENCY,
			heard_at: T::Time::now(),
		}
	}
}

/// Returns the other form of the signature, so that the judgement must try both.
fn twin(payload: &Signature) -> Signature {
	let signature = p256::ecdsa::Signature::from_slice(&payload.0).expect("just made; qed");
	let (r, s) = signature.split_scalars();
	let twin = p256::ecdsa::Signature::from_scalars(r, -s).expect("neither is zero; qed");
	Signature(twin.to_bytes().into())
}

/// Starts a period with a round of so many valid witnesses, and returns the beacon with its window.
fn prepared<T: Config>(witnesses: u32) -> (Beacon, Window) {
	let beaconer = Device::new::<T>(1, BEACONER_CELL);
	Pallet::<T>::advance();
	let current = CurrentPeriod::<T>::get().expect("a tick opens a period; qed");
	let period: Period = current.number;
	let nonce = current.nonce(&beaconer.id);
	let payload = beaconer.sign::<T>(&BeaconChallenge { device: beaconer.id, period, nonce });
	let chain = GenesisPrefix::of(&T::GenesisHash::get());
	let beacon = Beacon { chain, device: beaconer.id, period, payload };

	let commitments = (0..witnesses)
		.map(|at| Commitment {
			report: Device::new::<T>(100 + at as u8, WITNESS_CELL).report::<T>(&beacon),
			received_at: T::Time::now(),
		})
		.collect::<Vec<_>>();
	if !commitments.is_empty() {
		Rounds::<T>::insert(period, beaconer.id, Round::truncate_from(commitments));
	}
	(beacon, current.window(&beaconer.id))
}

/// Stores a score of the period before the current one, so that the device can be reaped.
pub fn fill<T: Config>(id: &DeviceId) {
	Pallet::<T>::advance();
	CurrentPeriod::<T>::mutate(|current| {
		current.as_mut().expect("a tick opens a period; qed").number = 1;
	});
	let score = CoverageScore { last_answered: 0, answered: 1, missed: 0 };
	T::Devices::replace_part(id, Some(score)).expect("the device is registered; qed");
}

/// Returns a round of the greatest size.
fn full_round() -> Round {
	let report = WitnessReport {
		witness: DeviceId::zero(),
		beaconer: DeviceId::zero(),
		period: 0,
		commitment: DeviceId::zero(),
		rssi: 0,
		snr: 0,
		frequency: 0,
		heard_at: 0,
	};
	let commitment = Commitment { report, received_at: 0 };
	Round::truncate_from(alloc::vec![commitment; MAX_WITNESSES as usize])
}

fn at_tick<T: Config>(tick: u32) {
	Clock::<T>::mutate(|clock| clock.tick = tick);
}

/// Returns a witness report that takes the last place of a round.
fn last_witness<T: Config>() -> SignedWitness {
	let (beacon, window) = prepared::<T>(MAX_WITNESSES - 1);
	at_tick::<T>(window.opens_at);
	let witness = Device::new::<T>(2, WITNESS_CELL);
	let report = witness.report::<T>(&beacon);
	SignedWitness { chain: beacon.chain, signature: witness.sign::<T>(&report), report }
}

/// Returns a beacon that can be revealed, with so many valid witnesses.
fn reveal<T: Config>(witnesses: u32) -> Beacon {
	let (beacon, window) = prepared::<T>(witnesses);
	at_tick::<T>(window.reveals_at);
	beacon
}

fn was_judged<T: Config>(beacon: &Beacon) -> bool {
	!Rounds::<T>::contains_key(beacon.period, beacon.device)
		&& Pallet::<T>::score(beacon.device).is_some_and(|s| s.last_answered == beacon.period)
}

#[benchmarks(where <T as frame_system::Config>::RuntimeCall: From<Call<T>>)]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn on_poll() {
		Pallet::<T>::advance();
		let before = CurrentPeriod::<T>::get().expect("a tick opens a period; qed");
		at_tick::<T>(before.ends_at() - 1);

		#[block]
		{
			Pallet::<T>::on_poll(BlockNumberFor::<T>::zero(), &mut WeightMeter::new());
		}

		assert_eq!(CurrentPeriod::<T>::get().map(|p| p.number), Some(before.number + 1));
	}

	#[benchmark]
	fn clear_rounds(n: Linear<0, CLEAR_LIMIT>) {
		Pallet::<T>::advance();
		CurrentPeriod::<T>::mutate(|current| {
			current.as_mut().expect("a tick opens a period; qed").number = 1;
		});
		for number in 0..n {
			Rounds::<T>::insert(0, blake2_256(&number.to_le_bytes()), full_round());
		}
		// The weight of a step limits the number of steps to that of the rounds.
		let step = T::WeightInfo::clear_rounds(1).saturating_sub(T::WeightInfo::clear_rounds(0));
		let limit = T::WeightInfo::clear_rounds(0).saturating_add(step.saturating_mul(n.into()));
		let mut meter = WeightMeter::with_limit(limit);

		#[block]
		{
			Pallet::<T>::clear_rounds(&mut meter);
		}

		assert_eq!(Rounds::<T>::iter_keys().count(), 0);
	}

	#[benchmark]
	fn on_finalize() {
		let most = T::BlockWeights::get().max_block;
		frame_system::Pallet::<T>::register_extra_weight_unchecked(most, DispatchClass::Normal);

		#[block]
		{
			Pallet::<T>::on_finalize(BlockNumberFor::<T>::zero());
		}

		assert!(Full::<T>::get());
	}

	#[benchmark]
	fn witness() {
		let signed = last_witness::<T>();

		#[extrinsic_call]
		_(RawOrigin::Authorized, signed);

		let round = Rounds::<T>::get(signed.report.period, signed.report.beaconer);
		assert!(round.is_some_and(|round| round.is_full()));
	}

	#[benchmark]
	fn authorize_witness() -> Result<(), BenchmarkError> {
		let call: <T as frame_system::Config>::RuntimeCall =
			Call::witness { witness: last_witness::<T>() }.into();

		#[block]
		{
			call.authorize(TransactionSource::External)
				.ok_or("the call has no authorization")?
				.map_err(|_| "the authorization failed")?;
		}

		Ok(())
	}

	#[benchmark]
	fn beacon(w: Linear<0, MAX_WITNESSES>) {
		let revealed = reveal::<T>(w);

		#[extrinsic_call]
		_(RawOrigin::Authorized, revealed);

		assert!(was_judged::<T>(&revealed));
	}

	#[benchmark]
	fn authorize_beacon() -> Result<(), BenchmarkError> {
		let call: <T as frame_system::Config>::RuntimeCall =
			Call::beacon { beacon: reveal::<T>(0) }.into();

		#[block]
		{
			call.authorize(TransactionSource::External)
				.ok_or("the call has no authorization")?
				.map_err(|_| "the authorization failed")?;
		}

		Ok(())
	}

	#[benchmark]
	fn submit_witness() {
		let signed = last_witness::<T>();

		#[extrinsic_call]
		_(RawOrigin::Signed(whitelisted_caller()), signed);

		let round = Rounds::<T>::get(signed.report.period, signed.report.beaconer);
		assert!(round.is_some_and(|round| round.is_full()));
	}

	#[benchmark]
	fn submit_beacon(w: Linear<0, MAX_WITNESSES>) {
		let revealed = reveal::<T>(w);

		#[extrinsic_call]
		_(RawOrigin::Signed(whitelisted_caller()), revealed);

		assert!(was_judged::<T>(&revealed));
	}

	#[benchmark]
	fn set_timing() -> Result<(), BenchmarkError> {
		let origin =
			T::TimingOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
		let timing = TimingRules { period_ticks: 100, commit_ticks: 7, reveal_ticks: 9 };

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, timing);

		assert_eq!(Timing::<T>::get(), timing);
		Ok(())
	}

	impl_benchmark_test_suite!(
		Pallet,
		crate::mock::ExtBuilder::default().build(),
		crate::mock::Test
	);
}
