//! Registering devices: each thing that is proved, and each way to fail.

use super::*;

/// A maker with its key, and a network that lists it.
fn closed_network() -> (Secret, MakerId, NetworkId) {
	let secret = Secret::p256(100);
	let maker = register_maker(&secret);
	(secret, maker, create_network(Some(vec![maker])))
}

fn register_at(cell: Cell, network: NetworkId, device: &Secret) -> sp_runtime::DispatchResult {
	let consent = device.consent(network, ALICE);
	Registry::register_device(signed(ALICE), network, device.public(), cell, None, consent)
}

fn register_with(
	consent: Signature,
	network: NetworkId,
	key: PublicKey,
) -> sp_runtime::DispatchResult {
	Registry::register_device(signed(ALICE), network, key, home(), None, consent)
}

#[test]
fn a_certified_device_is_registered() {
	for device in [Secret::p256(1), Secret::ed25519(1)] {
		for secret in [Secret::p256(2), Secret::ed25519(2)] {
			ExtBuilder::default().build_and_execute(|| {
				let maker = register_maker(&secret);
				let network = create_network(Some(vec![maker]));
				events();
				System::set_block_number(5);
				let (id, key) = (device.id(), device.public());
				let certificate = secret.certify(maker, network, key);
				assert_ok!(register(ALICE, network, &device, Some(certificate)));

				let (maker, cell, bond) = (Some((maker, 42)), home(), BOND);
				assert_eq!(
					events(),
					[Event::DeviceRegistered {
						device: id,
						network,
						owner: ALICE,
						maker,
						key,
						cell,
						bond
					}]
				);
				let record = Registry::device_record(id).unwrap();
				assert_eq!((record.id, record.owner, record.network), (id, ALICE, network));
				assert_eq!((record.maker, record.key, record.cell), (maker, key, cell));
				assert_eq!((record.bond, record.registered_at), (bond, NOW));
				assert_eq!(record.status, DeviceStatus::Active);
				assert_eq!(held(HoldReason::DeviceBond, ALICE), BOND);
				assert_eq!(Balances::free_balance(ALICE), FUNDS - BOND);
				assert_eq!(Registry::network_record(network).unwrap().devices, 1);

				let view = Registry::device(&id).unwrap();
				assert_eq!((view.owner, view.network, view.key), (ALICE, network, key));
				assert_eq!((view.cell, view.status), (cell, DeviceStatus::Active));
			});
		}
	}
}

#[test]
fn an_open_network_takes_any_device_and_verifies_a_certificate_that_is_given() {
	ExtBuilder::default().build_and_execute(|| {
		let (secret, network) = (Secret::p256(100), create_network(None));
		let maker = register_maker(&secret);
		let (bare, certified) = (Secret::ed25519(1), Secret::p256(2));
		assert_ok!(register(ALICE, network, &bare, None));
		assert_eq!(Registry::device_record(bare.id()).unwrap().maker, None);

		let good = secret.certify(maker, network, certified.public());
		let unknown = SignedCertificate { maker: maker + 1, ..good };
		let forged = SignedCertificate { model: 43, ..good };
		let try_with = |certificate| register(ALICE, network, &certified, Some(certificate));
		assert_noop!(try_with(unknown), Error::<Test>::UnknownMaker);
		assert_noop!(try_with(forged), Error::<Test>::BadCertificate);
		assert_ok!(try_with(good));
		assert_eq!(Registry::device_record(certified.id()).unwrap().maker, Some((maker, 42)));
	});
}

#[test]
fn the_network_must_be_there() {
	ExtBuilder::default().build_and_execute(|| {
		let device = Secret::ed25519(1);
		assert_noop!(register(ALICE, 0, &device, None), Error::<Test>::UnknownNetwork);
	});
}

#[test]
fn the_scheme_must_be_accepted() {
	ExtBuilder::default().build_and_execute(|| {
		let only = |scheme| {
			create_network_with(
				None,
				NetworkPolicy { schemes: KeySchemes::only(scheme), ..policy() },
			)
		};
		let (ed25519, p256) = (only(KeyScheme::Ed25519), only(KeyScheme::P256));
		let refused = Error::<Test>::SchemeNotAccepted;
		assert_noop!(register(ALICE, p256, &Secret::ed25519(1), None), refused);
		let refused = Error::<Test>::SchemeNotAccepted;
		assert_noop!(register(ALICE, ed25519, &Secret::p256(1), None), refused);
		assert_ok!(register(ALICE, p256, &Secret::p256(1), None));
		assert_ok!(register(ALICE, ed25519, &Secret::ed25519(1), None));
	});
}

#[test]
fn the_key_must_be_well_formed() {
	ExtBuilder::default().build_and_execute(|| {
		let (network, consent) = (create_network(None), Signature([1; 64]));
		let key = PublicKey::P256([0xff; 33]);
		assert_noop!(register_with(consent, network, key), Error::<Test>::MalformedKey);
	});
}

#[test]
fn a_device_is_registered_once() {
	ExtBuilder::default().build_and_execute(|| {
		let (network, other, device) =
			(create_network(None), create_network(None), Secret::p256(1));
		assert_ok!(register(ALICE, network, &device, None));
		// The very same call again, another owner, another network.
		for (owner, network) in [(ALICE, network), (BOB, network), (ALICE, other)] {
			assert_noop!(register(owner, network, &device, None), Error::<Test>::AlreadyRegistered);
		}
		assert_ok!(Registry::retire_device(signed(ALICE), device.id()));
		assert_noop!(register(ALICE, network, &device, None), Error::<Test>::AlreadyRegistered);
	});
}

#[test]
fn the_place_must_be_a_cell() {
	ExtBuilder::default().build_and_execute(|| {
		let (network, device) = (create_network(None), Secret::ed25519(1));
		let home = home().0;
		// Nothing, everything, the reserved bit, an edge's mode, an unused digit that is not 7, a
		// digit in use that is 7, a base cell beyond 121.
		let base_122 = (home & !(0x7f << 45)) | (122 << 45);
		let cells =
			[0, u64::MAX, home | 1 << 63, home ^ 0x3 << 59, home & !1, home | 7 << 18, base_122];
		for index in cells {
			assert_noop!(register_at(Cell(index), network, &device), Error::<Test>::NotACell);
		}
		// A pentagon lacks the direction 1: none of its children is there.
		let pentagon = u64::from(Resolution::Eight.pentagons().next().unwrap());
		let deleted = (pentagon & !(0xf << 52) & !(7 << 18)) | (9 << 52) | (1 << 18);
		assert_noop!(register_at(Cell(deleted), network, &device), Error::<Test>::NotACell);
	});
}

#[test]
fn the_cell_must_be_of_the_networks_resolution() {
	ExtBuilder::default().build_and_execute(|| {
		let device = Secret::ed25519(1);
		let network = create_network(None);
		for resolution in Resolution::range(Resolution::Zero, Resolution::Fifteen) {
			if resolution != Resolution::Nine {
				let cell = cell(resolution);
				assert_noop!(register_at(cell, network, &device), Error::<Test>::WrongResolution);
			}
		}
	});
}

#[test]
fn each_resolution_can_be_required() {
	ExtBuilder::default().build_and_execute(|| {
		for resolution in [Resolution::Zero, Resolution::Twelve, Resolution::Fifteen] {
			let cell_resolution = u8::from(resolution);
			let network = create_network_with(None, NetworkPolicy { cell_resolution, ..policy() });
			let device = Secret::ed25519(cell_resolution);
			assert_ok!(register_at(cell(resolution), network, &device));
		}
	});
}

#[test]
fn pentagons_are_cells() {
	ExtBuilder::default().build_and_execute(|| {
		let network = create_network(None);
		let pentagons: Vec<_> = Resolution::Nine.pentagons().collect();
		assert_eq!(pentagons.len(), 12);
		for (seed, pentagon) in pentagons.into_iter().enumerate() {
			let device = Secret::ed25519(seed as u8);
			assert_ok!(register_at(Cell(pentagon.into()), network, &device));
		}
	});
}

#[test]
fn a_closed_network_requires_a_certificate() {
	ExtBuilder::default().build_and_execute(|| {
		let (_, _, network) = closed_network();
		assert_noop!(
			register(ALICE, network, &Secret::p256(1), None),
			Error::<Test>::CertificateRequired
		);
	});
}

#[test]
fn the_maker_must_be_known_and_accepted() {
	ExtBuilder::default().build_and_execute(|| {
		let (_, _, network) = closed_network();
		let (device, secret) = (Secret::p256(1), Secret::p256(101));
		let other = register_maker(&secret);
		let key = device.public();
		assert_noop!(
			register(ALICE, network, &device, Some(secret.certify(other, network, key))),
			Error::<Test>::MakerNotAccepted
		);
		assert_noop!(
			register(ALICE, network, &device, Some(secret.certify(other + 1, network, key))),
			Error::<Test>::UnknownMaker
		);
	});
}

#[test]
fn a_certificate_is_good_before_it_expires() {
	ExtBuilder::default().build_and_execute(|| {
		let (secret, maker, network) = closed_network();
		let register_expiring = |device: &Secret, expires| {
			let certificate = secret.certify_until(expires, maker, network, device.public());
			register(ALICE, network, device, Some(certificate))
		};
		let device = Secret::p256(1);
		for expires in [0, NOW - 1, NOW] {
			assert_noop!(register_expiring(&device, expires), Error::<Test>::CertificateExpired);
		}
		assert_ok!(register_expiring(&device, NOW + 1));
	});
}

#[test]
fn a_certificate_is_good_for_what_its_maker_signed() {
	ExtBuilder::default().build_and_execute(|| {
		let (secret, maker, network) = closed_network();
		let same_key = register_maker(&secret);
		let other_network = create_network(Some(vec![maker, same_key]));
		let (device, other_device) = (Secret::p256(1), Secret::p256(2));
		let good = secret.certify(maker, network, device.public());

		let refused = |network, device: &Secret, certificate| {
			assert_noop!(
				register(ALICE, network, device, Some(certificate)),
				Error::<Test>::BadCertificate
			);
		};
		refused(other_network, &device, good);
		refused(network, &other_device, good);
		refused(other_network, &device, SignedCertificate { maker: same_key, ..good });
		refused(network, &device, SignedCertificate { model: 43, ..good });
		refused(network, &device, SignedCertificate { expires: Millis::MAX - 1, ..good });
		refused(network, &device, SignedCertificate { signature: Signature([0; 64]), ..good });
		// By another key, and by the device itself.
		for forger in [Secret::p256(101), device.clone()] {
			refused(network, &device, forger.certify(maker, network, device.public()));
		}
		// On another chain.
		let body = good.certificate(network, device.public());
		let signature = secret.sign(&body, &OTHER_GENESIS);
		refused(network, &device, SignedCertificate { signature, ..good });
		// For another purpose: the device's consent is no certificate.
		let signature = device.consent(network, ALICE);
		refused(network, &device, SignedCertificate { signature, ..good });

		assert_ok!(register(ALICE, network, &device, Some(good)));
	});
}

#[test]
fn the_device_must_agree_to_this_owner() {
	for (device, other) in
		[(Secret::p256(1), Secret::p256(2)), (Secret::ed25519(1), Secret::ed25519(2))]
	{
		ExtBuilder::default().build_and_execute(|| {
			let (network, key) = (create_network(None), device.public());
			let statement = OwnerConsent { network, owner: ALICE };
			for consent in [
				// To another owner, for another network, on another chain.
				device.consent(network, BOB),
				device.consent(network + 1, ALICE),
				device.sign(&statement, &OTHER_GENESIS),
				// By another device.
				other.consent(network, ALICE),
				Signature([0; 64]),
				Signature([0xff; 64]),
			] {
				assert_noop!(register_with(consent, network, key), Error::<Test>::BadConsent);
			}
			assert_ok!(register_with(device.consent(network, ALICE), network, key));
		});
	}
}

/// Whoever sees a registration in the pool cannot make the device their own.
#[test]
fn a_registration_cannot_be_stolen() {
	ExtBuilder::default().build_and_execute(|| {
		let (network, device) = (create_network(None), Secret::p256(1));
		let consent = device.consent(network, ALICE);
		let key = device.public();
		let steal = Registry::register_device(signed(BOB), network, key, home(), None, consent);
		assert_noop!(steal, Error::<Test>::BadConsent);
	});
}

#[test]
fn the_bond_must_be_affordable() {
	ExtBuilder::default().build_and_execute(|| {
		let (network, device) = (create_network(None), Secret::ed25519(1));
		let register = || register(PAUPER, network, &device, None);
		assert_noop!(register(), Error::<Test>::CannotAffordBond);
		let enough = BOND + EXISTENTIAL_DEPOSIT;
		assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), PAUPER, enough - 1));
		assert_noop!(register(), Error::<Test>::CannotAffordBond);
		assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), PAUPER, enough));
		assert_ok!(register());
	});
}

#[test]
fn a_network_may_ask_for_no_bond() {
	const STRANGER: AccountId = 99;
	ExtBuilder::default().retire_delay(0).build_and_execute(|| {
		let network = NextNetworkId::<Test>::get();
		let kind = NetworkKind::Sensor;
		assert_ok!(Registry::create_network(signed(ADMIN), kind, None, 0, policy()));
		let device = Secret::ed25519(1);
		assert_ok!(register(STRANGER, network, &device, None));
		assert_ok!(Registry::retire_device(signed(STRANGER), device.id()));
		assert_ok!(Registry::reap_device(signed(BOB), device.id()));
	});
}

#[test]
fn no_one_can_afford_an_endless_bond() {
	ExtBuilder::default().build_and_execute(|| {
		let network = NextNetworkId::<Test>::get();
		let (kind, bond) = (NetworkKind::Sensor, u128::MAX);
		assert_ok!(Registry::create_network(signed(ADMIN), kind, None, bond, policy()));
		assert_noop!(
			register(ALICE, network, &Secret::ed25519(1), None),
			Error::<Test>::CannotAffordBond
		);
	});
}

#[test]
fn a_network_counts_its_devices_without_wrapping() {
	ExtBuilder::default().build_and_execute(|| {
		let network = create_network(None);
		Networks::<Test>::mutate_extant(network, |network| network.devices = u32::MAX);
		assert_noop!(
			register(ALICE, network, &Secret::ed25519(1), None),
			ArithmeticError::Overflow
		);
		Networks::<Test>::mutate_extant(network, |network| network.devices = 0);
	});
}

#[test]
fn only_signed_accounts_own_devices() {
	ExtBuilder::default().build_and_execute(|| {
		let (network, device) = (create_network(None), Secret::ed25519(1));
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			let consent = device.consent(network, ALICE);
			let key = device.public();
			assert_noop!(
				Registry::register_device(origin, network, key, home(), None, consent),
				BadOrigin
			);
		}
	});
}

/// The first check that fails is the one that is told: cheap ones come first, the device's signature
/// comes last, then the money.
#[test]
fn checks_come_in_order() {
	ExtBuilder::default().build_and_execute(|| {
		let secret = Secret::p256(100);
		let maker = register_maker(&secret);
		let other = register_maker(&secret);
		let only_p256 = NetworkPolicy { schemes: KeySchemes::only(KeyScheme::P256), ..policy() };
		let network = create_network_with(Some(vec![maker]), only_p256);
		let (known, device) = (Secret::p256(1), Secret::p256(2));
		let certificate = secret.certify(maker, network, known.public());
		assert_ok!(register(ALICE, network, &known, Some(certificate)));

		// Everything is wrong at first; each step mends one thing.
		let no_signature = Signature([0; 64]);
		let mut number = network + 1;
		let mut key = Secret::ed25519(1).public();
		let mut cell = Cell(0);
		let mut certificate = None;
		let mut consent = no_signature;
		macro_rules! refused {
			($error:ident) => {
				assert_noop!(
					Registry::register_device(
						signed(PAUPER),
						number,
						key,
						cell,
						certificate,
						consent
					),
					Error::<Test>::$error
				);
			};
		}
		refused!(UnknownNetwork);
		number = network;
		refused!(SchemeNotAccepted);
		key = PublicKey::P256([0; 33]);
		refused!(MalformedKey);
		key = known.public();
		refused!(AlreadyRegistered);
		key = device.public();
		refused!(NotACell);
		cell = super::cell(Resolution::Ten);
		refused!(WrongResolution);
		cell = home();
		refused!(CertificateRequired);
		let mut given =
			SignedCertificate { maker: 9, model: 1, expires: 0, signature: no_signature };
		certificate = Some(given);
		refused!(UnknownMaker);
		given.maker = other;
		certificate = Some(given);
		refused!(MakerNotAccepted);
		given.maker = maker;
		certificate = Some(given);
		refused!(CertificateExpired);
		given.expires = NOW + 1;
		certificate = Some(given);
		refused!(BadCertificate);
		given.signature = secret.sign(&given.certificate(network, key), &GENESIS);
		certificate = Some(given);
		refused!(BadConsent);
		consent = device.consent(network, PAUPER);
		refused!(CannotAffordBond);
	});
}
