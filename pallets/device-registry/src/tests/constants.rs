//! Constants of the runtime, numbers that outlive a release, and the weights of the calls.

use super::*;
use codec::Encode;
use scale_info::{TypeDef, TypeInfo};

#[test]
fn the_mock_passes_the_integrity_test() {
	ExtBuilder::default().build_and_execute(<Registry as Hooks<u32>>::integrity_test);
}

#[test]
fn the_storage_version_is_set_at_genesis() {
	use frame_support::traits::{GetStorageVersion, StorageVersion};
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!(Registry::on_chain_storage_version(), StorageVersion::new(1));
	});
}

/// Returns the names of an enum's variants by their SCALE index, which counts up from 0 without a
/// gap.
fn variants<Enum: TypeInfo>() -> Vec<&'static str> {
	let TypeDef::Variant(def) = Enum::type_info().type_def else { panic!("not an enum") };
	let mut variants: Vec<_> = def.variants.iter().map(|v| (v.index, v.name)).collect();
	variants.sort();
	let indices: Vec<_> = variants.iter().map(|(index, _)| usize::from(*index)).collect();
	assert_eq!(indices, (0..variants.len()).collect::<Vec<_>>());
	variants.into_iter().map(|(_, name)| name).collect()
}

/// The index of a call is in every transaction that was ever signed. New calls are added at the
/// end.
#[test]
fn indices_of_calls_are_pinned() {
	assert_eq!(
		variants::<crate::Call<Test>>(),
		[
			"create_network",
			"register_maker",
			"register_device",
			"retire_device",
			"reap_device",
			"close_network",
			"deregister_maker",
			"register_devices",
			"change_network",
			"set_network_paused",
			"offer_network",
			"accept_network",
			"add_maker_key",
			"revoke_maker_key",
			"declare_compromised",
			"withdraw_declaration",
			"assert_location",
			"rotate_key",
			"recover_key",
			"finish_recovery",
			"cancel_recovery",
			"offer_device",
			"accept_device",
			"suspend_device",
			"appeal_suspension",
			"restore_device",
			"forfeit_device",
			"grant_access",
			"revoke_access",
			"veto_rules",
			"offer_maker",
			"accept_maker",
			"correct_location",
		]
	);
}

/// Indexers read old blocks with new metadata. New events are added at the end.
#[test]
fn indices_of_events_are_pinned() {
	assert_eq!(
		variants::<Event<Test>>(),
		[
			"NetworkCreated",
			"NetworkClosed",
			"MakerRegistered",
			"MakerDeregistered",
			"DeviceRegistered",
			"DeviceRetiring",
			"DeviceReaped",
			"RegistrationFailed",
			"RulesChanging",
			"NetworkPaused",
			"NetworkResumed",
			"NetworkOffered",
			"NetworkHandedOver",
			"MakerKeyAdded",
			"MakerKeyRevoked",
			"KeyDeclaredCompromised",
			"DeclarationWithdrawn",
			"LocationAsserted",
			"KeyRotated",
			"RecoveryStarted",
			"RecoveryCancelled",
			"DeviceOffered",
			"DeviceTransferred",
			"DeviceSuspended",
			"SuspensionAppealed",
			"DeviceRestored",
			"DeviceForfeited",
			"AccessGranted",
			"AccessRevoked",
			"MakerOffered",
			"MakerHandedOver",
			"RulesVetoed",
			"LocationCorrected",
		]
	);
}

/// Clients identify errors by their index. New errors are added at the end.
#[test]
fn indices_of_errors_are_pinned() {
	assert_eq!(
		variants::<Error<Test>>(),
		[
			"UnknownNetwork",
			"UnknownMaker",
			"UnknownDevice",
			"InvalidResolution",
			"InvalidSchemes",
			"InvalidReportPolicy",
			"InvalidCoveragePolicy",
			"NoMakers",
			"DuplicateMaker",
			"CannotAffordDeposit",
			"SchemeNotAccepted",
			"MalformedKey",
			"AlreadyRegistered",
			"NotACell",
			"WrongResolution",
			"CertificateRequired",
			"MakerNotAccepted",
			"CertificateExpired",
			"BadCertificate",
			"BadConsent",
			"CannotAffordBond",
			"NotOwner",
			"AlreadyRetiring",
			"NotRetiring",
			"StillRetiring",
			"NotSettled",
			"NotAdmin",
			"NetworkInUse",
			"NotMaker",
			"BondTooSmall",
			"InvalidLocationPolicy",
			"InvalidTrustPolicy",
			"ResolutionFixed",
			"NetworkPaused",
			"NothingToChange",
			"PausedByGovernance",
			"NotOffered",
			"OfferToSelf",
			"TooManyKeys",
			"DuplicateKey",
			"UnknownMakerKey",
			"MakerKeyRevoked",
			"KeyCompromised",
			"AlreadyDeclared",
			"NotDeclared",
			"DeclarationsRemain",
			"SameCell",
			"LocationCooldown",
			"CannotAffordFee",
			"DeviceSuspended",
			"NotSuspended",
			"KeyInUse",
			"BadRotation",
			"BadAdoption",
			"NoRecovery",
			"RecoveryTooEarly",
			"NotPermitted",
			"AlreadyAppealed",
			"AppealOver",
			"AppealOpen",
			"CannotRestore",
			"InvalidPermissions",
			"AlreadyExpired",
			"TooManyGrants",
			"NotGranted",
			"InvalidQualityPolicy",
			"WorkAboveCap",
			"IntervalOutOfCaps",
			"WindowAboveCap",
			"AgeAboveCap",
			"SkewAboveCap",
			"PeriodAboveCap",
			"CooldownAboveCap",
			"DistanceAboveCap",
			"PointsAboveCap",
			"NoRulesToCome",
			"OfferedByGovernance",
			"OfferNotOpen",
			"DepositAboveLimit",
			"SuspendedByGovernance",
			"StatementExpired",
			"ExpiryTooFar",
			"StatementOutdated",
			"StatementNotExpired",
			"KeyChanged",
			"NothingToCorrect",
			"AlreadyCorrected",
			"GrantToOwner",
			"CannotRevoke",
		]
	);
	assert_eq!(Error::<Test>::UnknownNetwork.encode(), [0]);
	assert_eq!(Error::<Test>::NotGranted.encode(), [64]);
}

/// The state of every chain has these indices, and so have the encodings of devices and clients.
#[test]
fn indices_of_types_are_pinned() {
	assert_eq!(
		variants::<HoldReason>(),
		["DeviceBond", "NetworkDeposit", "MakerDeposit", "GrantDeposit"]
	);
	assert_eq!(variants::<KeyScheme>(), ["Ed25519", "Sr25519", "Secp256k1", "P256"]);
	assert_eq!(variants::<PublicKey>(), ["Ed25519", "Sr25519", "Secp256k1", "P256"]);
	assert_eq!(
		variants::<DeviceStatus>(),
		["Active", "Retiring", "Suspended", "SuspendedRetiring"]
	);
	assert_eq!(variants::<crate::types::Evidence>(), ["Open", "Certified"]);
	assert_eq!(variants::<TrustLevel>(), ["Open", "Certified", "HardwareAttested"]);
	assert_eq!(variants::<Pauser>(), ["Admin", "Governance"]);
	assert_eq!(variants::<Suspender>(), ["Admin", "Governance", "Maker"]);
	assert_eq!(variants::<NetworkKind>(), ["Wireless", "Sensor", "Storage", "Compute", "Energy"]);
	assert_eq!(
		variants::<CompromiseReason>(),
		["KeyLeaked", "KeyCloned", "Stolen", "Vulnerable", "CertifiedInError"]
	);
	assert_eq!(
		variants::<SuspendReason>(),
		[
			"KeyCompromised",
			"FalseLocation",
			"ImplausibleReports",
			"CoverageFraud",
			"PolicyViolation",
			"Other"
		]
	);
	assert_eq!(
		variants::<LookupError>(),
		["UnknownNetwork", "UnknownMaker", "NotACell", "UnknownDevice"]
	);
	for (scheme, number) in KeyScheme::ALL.into_iter().zip(0..) {
		assert_eq!(scheme.encode(), [number]);
		assert_eq!(KeySchemes::only(scheme), KeySchemes(1 << number));
		assert!(KeySchemes::ALL.contains(scheme));
		// The scheme's number comes before the key's bytes, and is in the id.
		let key = Secret::of(scheme, 1).public();
		assert_eq!(key.encode(), [&[number], key.as_bytes()].concat());
		assert_eq!(key.device_id().0, sp_io::hashing::blake2_256(&key.encode()));
	}
	assert_eq!(KeySchemes::ALL, KeySchemes(0b1111));
	let permissions = [Permissions::READ, Permissions::SUBMIT, Permissions::ACT];
	assert_eq!(permissions.map(|permission| permission.0), [1, 2, 4]);
}

#[test]
fn calls_are_weighed_by_their_arguments() {
	let weigh = |call: crate::Call<Test>| {
		let weight = call.get_dispatch_info().call_weight;
		assert_eq!(weight.proof_size(), 0);
		weight.ref_time()
	};
	let (kind, bond) = (NetworkKind::Sensor, BOND);
	for listed in [None, Some(0), Some(1), Some(4)] {
		let makers = listed.map(|m| BoundedVec::truncate_from((0..m).collect()));
		let m = listed.map_or(0, u64::from);
		let (policy, id) = (policy(), 0);
		let create = crate::Call::create_network { kind, makers: makers.clone(), bond, policy };
		assert_eq!(weigh(create), 1_000 + m);
		assert_eq!(weigh(crate::Call::change_network { id, makers, bond, policy }), 9_000 + m);
	}

	let (key, network, cell) = (Secret::ed25519(1).public(), 0, home());
	let signature = Signature([0; 64]);
	let certificate = SignedCertificate { maker: 0, key: 0, model: 0, expires: 0, signature };
	for (certificate, weight) in [(Some(certificate), 3_001), (None, 3_000)] {
		let consent = TimedSignature { expires: 0, signature };
		let register = crate::Call::register_device { network, key, cell, certificate, consent };
		assert_eq!(weigh(register), weight);
	}
	let consent = TimedSignature { expires: 0, signature };
	let item = Registration { key, cell, certificate: None, consent };
	for n in [0, 1, 8] {
		let devices = BoundedVec::truncate_from(vec![item; n]);
		assert_eq!(weigh(crate::Call::register_devices { network, devices }), 8_000 + n as u64);
	}
}

/// Every call asks for its own weight.
#[test]
fn each_call_has_a_weight_of_its_own() {
	let (id, device, key) = (0, DeviceId::zero(), PublicKey::Ed25519([0; 32]));
	let (signature, to, maker) = (Signature([0; 64]), Some(ALICE), 0);
	let by_key = TimedSignature { expires: 0, signature };
	let certificate = SignedCertificate { maker, key: 0, model: 0, expires: 0, signature };
	type Call = crate::Call<Test>;
	let calls = [
		(Call::register_maker { key }, 2_000),
		(Call::retire_device { id: device }, 4_000),
		(Call::reap_device { id: device }, 5_000),
		(Call::close_network { id }, 6_000),
		(Call::deregister_maker { id }, 7_000),
		(Call::set_network_paused { id, paused: true }, 10_000),
		(Call::offer_network { id, to }, 11_000),
		(Call::accept_network { id }, 12_000),
		(Call::add_maker_key { id, key }, 13_000),
		(Call::revoke_maker_key { id, number: 0 }, 14_000),
		(
			Call::declare_compromised { id, key, reason: CompromiseReason::Stolen, device: None },
			15_000,
		),
		(Call::withdraw_declaration { id, key }, 16_000),
		(Call::assert_location { id: device, cell: home() }, 17_000),
		(
			Call::rotate_key {
				id: device,
				new_key: key,
				by_old: by_key,
				by_new: by_key,
				certificate: Some(certificate),
			},
			18_000,
		),
		(Call::recover_key { id: device, new_key: key, by_new: by_key, certificate }, 19_000),
		(Call::finish_recovery { id: device }, 20_000),
		(Call::cancel_recovery { id: device }, 21_000),
		(Call::offer_device { id: device, to }, 22_000),
		(Call::accept_device { id: device, expected_key: key }, 23_000),
		(
			Call::suspend_device {
				id: device,
				reason: SuspendReason::Other,
				evidence: H256::zero(),
			},
			24_000,
		),
		(Call::appeal_suspension { id: device, statement: H256::zero() }, 25_000),
		(Call::restore_device { id: device }, 26_000),
		(Call::forfeit_device { id: device }, 27_000),
		(
			Call::grant_access { id: device, to: BOB, permissions: Permissions::ALL, expires: 0 },
			28_000,
		),
		(Call::revoke_access { id: device, to: BOB }, 29_000),
		(Call::veto_rules { id }, 30_000),
		(Call::offer_maker { id, to }, 31_000),
		(Call::accept_maker { id, limit: 0 }, 32_000),
		(Call::correct_location { id: device, cell: home() }, 33_000),
	];
	for (call, weight) in calls {
		let info = call.get_dispatch_info();
		assert_eq!(info.call_weight, Weight::from_parts(weight, 0), "{call:?}");
	}
}
