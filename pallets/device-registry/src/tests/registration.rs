//! Registration of devices: trust, keys, consent and bond.

use super::*;

/// Makes a maker with its key, and a network that admits its devices only.
fn closed_network() -> (Secret, MakerId, NetworkId) {
	let secret = Secret::p256(100);
	let maker = register_maker(&secret);
	(secret, maker, create_closed_network(vec![maker]))
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
	for device in Secret::of_each(1) {
		for secret in Secret::of_each(2) {
			ExtBuilder::default().build_and_execute(|| {
				let maker = register_maker(&secret);
				let network = create_closed_network(vec![maker]);
				events();
				System::set_block_number(5);
				let (id, key) = (device.id(), device.public());
				let certificate = secret.certify(maker, 0, network, key);
				assert_ok!(register(ALICE, network, &device, Some(certificate)));

				let (maker, cell, bond) = (Some((maker, MODEL)), home(), BOND);
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
				assert_eq!((record.trust, record.located_at), (TrustLevel::Certified, NOW));
				assert_eq!(record.status, DeviceStatus::Active);
				assert_eq!((record.suspension, record.offered_to), (None, None));
				assert_eq!(record.pending_key, None);
				assert_eq!(held(HoldReason::DeviceBond, ALICE), BOND);
				assert_eq!(Balances::free_balance(ALICE), FUNDS - BOND);
				assert_eq!(Registry::network_record(network).unwrap().devices, 1);

				let view = Registry::device(&id).unwrap();
				assert_eq!((view.owner, view.network, view.key), (ALICE, network, key));
				assert_eq!((view.cell, view.status), (cell, DeviceStatus::Active));
				assert_eq!((view.trust, view.registered_at), (TrustLevel::Certified, NOW));
			});
		}
	}
}

#[test]
fn an_open_network_takes_any_device_and_verifies_a_certificate_that_is_given() {
	ExtBuilder::default().build_and_execute(|| {
		let (secret, network) = (Secret::p256(100), create_network());
		let maker = register_maker(&secret);
		let (bare, certified) = (Secret::ed25519(1), Secret::p256(2));
		assert_ok!(register(ALICE, network, &bare, None));
		let record = Registry::device_record(bare.id()).unwrap();
		assert_eq!((record.maker, record.trust), (None, TrustLevel::Open));

		let good = secret.certify(maker, 0, network, certified.public());
		let unknown = SignedCertificate { maker: maker + 1, ..good };
		let forged = SignedCertificate { model: MODEL + 1, ..good };
		let try_with = |certificate| register(ALICE, network, &certified, Some(certificate));
		assert_noop!(try_with(unknown), Error::<Test>::UnknownMaker);
		assert_noop!(try_with(forged), Error::<Test>::BadCertificate);
		assert_ok!(try_with(good));
		let record = Registry::device_record(certified.id()).unwrap();
		assert_eq!((record.maker, record.trust), (Some((maker, MODEL)), TrustLevel::Certified));
	});
}

/// The list of makers and the required trust level are independent rules.
#[test]
fn trust_and_makers_are_set_apart() {
	ExtBuilder::default().build_and_execute(|| {
		let secrets = [Secret::p256(100), Secret::sr25519(100)];
		let makers = secrets.each_ref().map(register_maker);
		let mut seed = 0;
		for (listed, policy) in [
			(None, policy()),
			(None, certified_policy()),
			(Some(vec![makers[0]]), policy()),
			(Some(vec![makers[0]]), certified_policy()),
		] {
			let network = create_network_with(listed.clone(), policy);
			seed += 1;
			let bare = register(ALICE, network, &Secret::ed25519(seed), None);
			match policy.trust.required {
				TrustLevel::Open => assert_eq!(bare, Ok(())),
				_ => assert_eq!(bare, Err(Error::<Test>::CertificateRequired.into())),
			}
			for (secret, maker) in secrets.iter().zip(makers) {
				let device = Secret::p256(seed + 50 * (1 + maker as u8));
				let certificate = secret.certify(maker, 0, network, device.public());
				let certified = register(ALICE, network, &device, Some(certificate));
				match &listed {
					Some(listed) if !listed.contains(&maker) => {
						assert_eq!(certified, Err(Error::<Test>::MakerNotAccepted.into()));
					}
					_ => assert_eq!(certified, Ok(())),
				}
			}
		}
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
		for accepted in KeyScheme::ALL {
			let policy = NetworkPolicy { schemes: KeySchemes::only(accepted), ..policy() };
			let network = create_network_with(None, policy);
			for device in Secret::of_each(1 + accepted as u8) {
				let scheme = device.public().scheme();
				if scheme == accepted {
					assert_ok!(register(ALICE, network, &device, None));
				} else {
					let refused = Error::<Test>::SchemeNotAccepted;
					assert_noop!(register(ALICE, network, &device, None), refused);
				}
			}
		}
	});
}

#[test]
fn the_key_must_be_well_formed() {
	ExtBuilder::default().build_and_execute(|| {
		let (network, consent) = (create_network(), Signature([1; 64]));
		for key in malformed_keys() {
			assert_noop!(register_with(consent, network, key), Error::<Test>::MalformedKey);
		}
	});
}

#[test]
fn a_device_is_registered_once() {
	ExtBuilder::default().build_and_execute(|| {
		let (network, other, device) = (create_network(), create_network(), Secret::p256(1));
		assert_ok!(register(ALICE, network, &device, None));
		let again = || {
			// The same call again, another owner, another network.
			for (owner, network) in [(ALICE, network), (BOB, network), (ALICE, other)] {
				let again = register(owner, network, &device, None);
				assert_noop!(again, Error::<Test>::AlreadyRegistered);
			}
		};
		again();
		assert_ok!(suspend(device.id()));
		again();
		assert_ok!(Registry::restore_device(signed(ADMIN), device.id()));
		assert_ok!(Registry::retire_device(signed(ALICE), device.id()));
		again();
	});
}

#[test]
fn a_key_that_a_device_has_taken_on_is_not_registered() {
	ExtBuilder::default().build_and_execute(|| {
		let (old, new) = (Secret::p256(1), Secret::ed25519(2));
		let (id, network) = registered(ALICE, &old);
		assert_ok!(rotate(ALICE, id, &old, &new, None));
		assert_noop!(register(BOB, network, &new, None), Error::<Test>::KeyInUse);
		// The first key is still reserved by the device's id.
		assert_noop!(register(BOB, network, &old, None), Error::<Test>::AlreadyRegistered);
	});
}

/// Returns an index in H3's own bits: base cell and digits, one for each resolution.
fn index(base: u64, digits: &[u64]) -> Cell {
	let resolution = digits.len() as u64;
	let mut index = 1 << 59 | resolution << 52 | base << 45 | ((1 << 45) - 1);
	for (at, digit) in (1..).zip(digits) {
		let shift = 3 * (15 - at);
		index = index & !(7 << shift) | digit << shift;
	}
	Cell(index)
}

#[test]
fn the_place_must_be_a_cell() {
	ExtBuilder::default().build_and_execute(|| {
		let (network, device) = (create_network(), Secret::ed25519(1));
		let home = home().0;
		let with = |at: u32, bits: u32, value: u64| {
			let mask = ((1 << bits) - 1) << at;
			home & !mask | value << at
		};
		// No bit, all bits, the reserved bit.
		let mut cells = vec![0, u64::MAX, with(63, 1, 1)];
		// Any mode but a cell's, such as an edge's and a vertex's; the bits that only those use.
		cells.extend((0..16).filter(|mode| *mode != 1).map(|mode| with(59, 4, mode)));
		cells.extend((1..8).map(|reserved| with(56, 3, reserved)));
		// Base cells are 0 to 121.
		cells.extend((122..128).map(|base| with(45, 7, base)));
		for digit in 1..=15 {
			let at = 3 * (15 - digit);
			if digit <= 9 {
				// A digit in use is 0 to 6.
				cells.push(with(at, 3, 7));
			} else {
				// A digit that is not in use is 7.
				cells.extend((0..7).map(|value| with(at, 3, value)));
			}
		}
		for index in cells {
			let refused = register_at(Cell(index), network, &device);
			assert_noop!(refused, Error::<Test>::NotACell);
		}
		// The bits put together again are the cell that they were taken from.
		let digits: Vec<_> = (1..=9).map(|digit| home >> (3 * (15 - digit)) & 7).collect();
		assert_ok!(register_at(index(home >> 45 & 0x7f, &digits), network, &device));
		assert_eq!(Registry::device_record(device.id()).unwrap().cell.0, home);
	});
}

/// Base cells that are pentagons, of <https://h3geo.org/docs/core-library/overview>.
const PENTAGONS: [u64; 12] = [4, 14, 24, 38, 49, 58, 63, 72, 83, 97, 107, 117];

/// A pentagon lacks the direction 1: no cell's first digit other than 0 is 1 there.
#[test]
fn a_pentagon_lacks_one_of_seven_parts() {
	ExtBuilder::default().build_and_execute(|| {
		let (network, device) = (create_network(), Secret::ed25519(200));
		for (at, base) in (0..).zip(PENTAGONS) {
			for depth in 1..=9 {
				let mut digits = [0; 9];
				digits[depth - 1] = 1;
				for last in 0..=6 {
					if depth < 9 {
						digits[8] = last;
					}
					let deleted = index(base, &digits);
					let refused = register_at(deleted, network, &device);
					assert_noop!(refused, Error::<Test>::NotACell);
				}
				// All other directions exist, and direction 1 within each of these.
				for digit in 2..=6 {
					digits[depth - 1] = digit;
					assert_eq!(index(base, &digits).check(9), Ok(()));
				}
			}
			let part = index(base, &[0, 0, 2 + at % 5, 1, 0, 6, 1, 1, 1]);
			assert_ok!(register_at(part, network, &Secret::ed25519(1 + at as u8)));
		}
		// A hexagon has all seven.
		assert_ok!(register_at(index(0, &[0, 0, 1, 0, 0, 0, 0, 0, 0]), network, &device));
	});
}

#[test]
fn pentagons_are_cells() {
	ExtBuilder::default().build_and_execute(|| {
		for resolution in [Resolution::Zero, Resolution::Nine, Resolution::Fifteen] {
			let cell_resolution = u8::from(resolution);
			let network = create_network_with(None, NetworkPolicy { cell_resolution, ..policy() });
			let pentagons: Vec<_> = resolution.pentagons().map(|cell| Cell(cell.into())).collect();
			let zeros = vec![0; usize::from(cell_resolution)];
			assert_eq!(pentagons, PENTAGONS.map(|base| index(base, &zeros)));
			for (seed, pentagon) in (1..).zip(pentagons) {
				let device = Secret::ed25519(seed + 12 * cell_resolution);
				assert_ok!(register_at(pentagon, network, &device));
			}
		}
	});
}

#[test]
fn the_cell_must_be_of_the_networks_resolution() {
	ExtBuilder::default().build_and_execute(|| {
		let device = Secret::ed25519(1);
		let network = create_network();
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
		assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), ADMIN, 10 * FUNDS));
		for resolution in Resolution::range(Resolution::Zero, Resolution::Fifteen) {
			let cell_resolution = u8::from(resolution);
			let network = create_network_with(None, NetworkPolicy { cell_resolution, ..policy() });
			let device = Secret::ed25519(1 + cell_resolution);
			assert_ok!(register_at(cell(resolution), network, &device));
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
			register(ALICE, network, &device, Some(secret.certify(other, 0, network, key))),
			Error::<Test>::MakerNotAccepted
		);
		assert_noop!(
			register(ALICE, network, &device, Some(secret.certify(other + 1, 0, network, key))),
			Error::<Test>::UnknownMaker
		);
	});
}

#[test]
fn a_certificate_is_good_before_it_expires() {
	ExtBuilder::default().build_and_execute(|| {
		let (secret, maker, network) = closed_network();
		let register_expiring = |device: &Secret, expires| {
			let certificate = secret.certify_until(expires, maker, 0, network, device.public());
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
	for secret in Secret::of_each(100) {
		ExtBuilder::default().build_and_execute(|| {
			let maker = register_maker(&secret);
			let same_key = register_maker(&secret);
			let network = create_closed_network(vec![maker]);
			let other_network = create_closed_network(vec![maker, same_key]);
			let (device, other_device) = (Secret::p256(1), Secret::p256(2));
			let good = secret.certify(maker, 0, network, device.public());

			let refused = |network, device: &Secret, certificate| {
				assert_noop!(
					register(ALICE, network, device, Some(certificate)),
					Error::<Test>::BadCertificate
				);
			};
			refused(other_network, &device, good);
			refused(network, &other_device, good);
			refused(other_network, &device, SignedCertificate { maker: same_key, ..good });
			refused(network, &device, SignedCertificate { model: MODEL + 1, ..good });
			refused(network, &device, SignedCertificate { expires: Millis::MAX - 1, ..good });
			for bytes in [[0; 64], [0xff; 64]] {
				let signature = Signature(bytes);
				refused(network, &device, SignedCertificate { signature, ..good });
			}
			// Signed by another key, and by the device itself.
			for forger in [Secret::p256(101), device.clone()] {
				refused(network, &device, forger.certify(maker, 0, network, device.public()));
			}
			// Signed for another chain.
			let body = good.certificate(network, device.public());
			let signature = secret.sign(&body, &OTHER_GENESIS);
			refused(network, &device, SignedCertificate { signature, ..good });
			// Signed for another purpose: the device's consent is no certificate.
			let signature = device.consent(network, ALICE);
			refused(network, &device, SignedCertificate { signature, ..good });

			assert_ok!(register(ALICE, network, &device, Some(good)));
		});
	}
}

#[test]
fn the_device_must_agree_to_this_owner() {
	for (device, other) in Secret::of_each(1).into_iter().zip(Secret::of_each(2)) {
		ExtBuilder::default().build_and_execute(|| {
			let (network, key) = (create_network(), device.public());
			let statement = OwnerConsent { network, owner: ALICE };
			for consent in [
				// Consent to another owner, for another network, on another chain.
				device.consent(network, BOB),
				device.consent(network + 1, ALICE),
				device.sign(&statement, &OTHER_GENESIS),
				// Signature over another message.
				device.adoption(device.id(), ALICE),
				// Signature of another device.
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

/// An account that sees a registration in the pool cannot become the device's owner by it.
#[test]
fn a_registration_cannot_be_stolen() {
	ExtBuilder::default().build_and_execute(|| {
		let (network, device) = (create_network(), Secret::p256(1));
		let consent = device.consent(network, ALICE);
		let key = device.public();
		let steal = Registry::register_device(signed(BOB), network, key, home(), None, consent);
		assert_noop!(steal, Error::<Test>::BadConsent);
	});
}

#[test]
fn the_bond_must_be_affordable() {
	ExtBuilder::default().build_and_execute(|| {
		let (network, device) = (create_network(), Secret::ed25519(1));
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
		let network = create_network();
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
		let (network, device) = (create_network(), Secret::ed25519(1));
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			let consent = device.consent(network, ALICE);
			let key = device.public();
			assert_noop!(
				Registry::register_device(origin.clone(), network, key, home(), None, consent),
				BadOrigin
			);
			let none = BoundedVec::new();
			assert_noop!(Registry::register_devices(origin, network, none), BadOrigin);
		}
	});
}

/// The first check that fails gives the error: cheap checks come first, then the device's
/// signature, then the bond.
#[test]
fn checks_come_in_order() {
	ExtBuilder::default().build_and_execute(|| {
		let secret = Secret::p256(100);
		let maker = register_maker(&secret);
		let other = register_maker(&secret);
		let only_p256 =
			NetworkPolicy { schemes: KeySchemes::only(KeyScheme::P256), ..certified_policy() };
		let network = create_network_with(Some(vec![maker]), only_p256);
		let [known, rotated, device, declared] = [1, 2, 3, 4].map(Secret::p256);
		let certify = |device: &Secret| Some(secret.certify(maker, 0, network, device.public()));
		assert_ok!(register(ALICE, network, &known, certify(&known)));
		assert_ok!(rotate(ALICE, known.id(), &known, &rotated, certify(&rotated)));
		let reason = CompromiseReason::Stolen;
		let declare = |key| Registry::declare_compromised(signed(MAKER), maker, key, reason, None);
		assert_ok!(declare(declared.public()));
		let second = add_maker_key(maker, &Secret::p256(101));
		assert_ok!(Registry::revoke_maker_key(signed(MAKER), maker, second));
		let set_paused = |paused| Registry::set_network_paused(signed(ADMIN), network, paused);
		assert_ok!(set_paused(true));

		// Everything is wrong at first; each step corrects one argument.
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
		refused!(NetworkPaused);
		assert_ok!(set_paused(false));
		refused!(SchemeNotAccepted);
		key = PublicKey::P256([0; 33]);
		refused!(MalformedKey);
		key = known.public();
		refused!(AlreadyRegistered);
		key = rotated.public();
		refused!(KeyInUse);
		key = declared.public();
		refused!(NotACell);
		cell = super::cell(Resolution::Ten);
		refused!(WrongResolution);
		cell = home();
		refused!(CertificateRequired);
		let mut given = SignedCertificate {
			maker: 9,
			key: second + 1,
			model: 1,
			expires: 0,
			signature: no_signature,
		};
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
		refused!(UnknownMakerKey);
		given.key = second;
		certificate = Some(given);
		refused!(MakerKeyRevoked);
		given.key = 0;
		certificate = Some(given);
		refused!(KeyCompromised);
		key = device.public();
		refused!(BadCertificate);
		given.signature = secret.sign(&given.certificate(network, key), &GENESIS);
		certificate = Some(given);
		refused!(BadConsent);
		consent = device.consent(network, PAUPER);
		refused!(CannotAffordBond);
	});
}
