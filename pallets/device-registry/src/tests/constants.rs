//! What the runtime sets, and what the calls weigh.

use super::*;

#[test]
fn the_mock_passes_the_integrity_test() {
	ExtBuilder::default().build_and_execute(<Registry as Hooks<u32>>::integrity_test);
}

#[test]
fn genesis_sets_the_retire_delay() {
	ExtBuilder::default().retire_delay(123).build_and_execute(|| {
		assert_eq!(crate::RetireDelay::<Test>::get(), 123);
	});
}

#[test]
fn the_storage_version_is_set_at_genesis() {
	use frame_support::traits::{GetStorageVersion, StorageVersion};
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!(Registry::on_chain_storage_version(), StorageVersion::new(1));
	});
}

/// An index of a call is in every transaction that was ever signed, one of a hold's reason in the
/// state, one of an error in every client.
#[test]
fn indices_are_pinned() {
	use codec::Encode;
	let (id, key) = (DeviceId::zero(), PublicKey::Ed25519([0; 32]));
	let (kind, policy, signature) = (NetworkKind::Sensor, policy(), Signature([0; 64]));
	let calls = [
		crate::Call::<Test>::create_network { kind, makers: None, bond: 0, policy },
		crate::Call::register_maker { key },
		crate::Call::register_device {
			network: 0,
			key,
			cell: Cell(0),
			certificate: None,
			consent: signature,
		},
		crate::Call::retire_device { id },
		crate::Call::reap_device { id },
		crate::Call::close_network { id: 0 },
		crate::Call::deregister_maker { id: 0 },
	];
	for (index, call) in calls.iter().enumerate() {
		assert_eq!(call.encode()[0] as usize, index);
	}
	assert_eq!(HoldReason::DeviceBond.encode(), [0]);
	assert_eq!(HoldReason::NetworkDeposit.encode(), [1]);
	assert_eq!(HoldReason::MakerDeposit.encode(), [2]);
	assert_eq!(Error::<Test>::UnknownNetwork.encode(), [0]);
	assert_eq!(Error::<Test>::NotMaker.encode(), [28]);
}

#[test]
fn calls_are_weighed_by_their_arguments() {
	let weigh = |call: crate::Call<Test>| call.get_dispatch_info().call_weight;
	let (kind, bond) = (NetworkKind::Sensor, BOND);
	let makers = Some(BoundedVec::truncate_from(vec![3, 1, 2]));
	let closed = crate::Call::create_network { kind, makers, bond, policy: policy() };
	assert_eq!(weigh(closed), Weight::from_parts(1_003, 0));
	let open = crate::Call::create_network { kind, makers: None, bond, policy: policy() };
	assert_eq!(weigh(open), Weight::from_parts(1_000, 0));

	let device = Secret::ed25519(1);
	let register = |certificate| crate::Call::register_device {
		network: 0,
		key: device.public(),
		cell: home(),
		certificate,
		consent: Signature([0; 64]),
	};
	let certificate = Secret::p256(1).certify(0, 0, device.public());
	assert_eq!(weigh(register(Some(certificate))), Weight::from_parts(3_001, 0));
	assert_eq!(weigh(register(None)), Weight::from_parts(3_000, 0));
}

/// The design's bar for the whole state of a device is 512 bytes; this pallet takes its record and
/// three list entries. Account ids of 32 bytes are 24 longer than the mock's.
#[test]
fn a_device_fits_its_share_of_the_state() {
	use codec::MaxEncodedLen;
	assert!(Device::<[u8; 32]>::max_encoded_len() <= 136);
}
