//! Network, key, consent and bond of a registered device.

use super::*;

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
fn required_trust_and_listed_makers_are_independent() {
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
fn a_device_joins_an_existing_network_only() {
	ExtBuilder::default().build_and_execute(|| {
		let device = Secret::ed25519(1);
		assert_noop!(register(ALICE, 0, &device, None), Error::<Test>::UnknownNetwork);
	});
}

#[test]
fn a_devices_key_scheme_must_be_accepted() {
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
fn a_devices_key_must_be_well_formed() {
	ExtBuilder::default().build_and_execute(|| {
		let (network, consent) = (create_network(), timed(Signature([1; 64])));
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

#[test]
fn a_device_must_agree_to_its_owner() {
	for (device, other) in Secret::of_each(1).into_iter().zip(Secret::of_each(2)) {
		ExtBuilder::default().build_and_execute(|| {
			let (network, key) = (create_network(), device.public());
			let expires = fresh();
			let statement = OwnerConsent { network, owner: ALICE, expires };
			let elsewhere = device.sign(&statement, &OTHER_GENESIS);
			// The expiry is signed, too.
			let later = TimedSignature {
				expires: expires + 1,
				..device.consent_until(expires, network, ALICE)
			};
			for consent in [
				// Consent to another owner, for another network, on another chain.
				device.consent(network, BOB),
				device.consent(network + 1, ALICE),
				TimedSignature { expires, signature: elsewhere },
				later,
				// Signature over another message.
				device.adoption(device.id(), ALICE),
				// Signature of another device.
				other.consent(network, ALICE),
				timed(Signature([0; 64])),
				timed(Signature([0xff; 64])),
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
fn a_devices_bond_must_be_affordable() {
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
fn nobody_can_afford_the_largest_bond() {
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
fn checks_of_a_registration_come_in_order() {
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
		let mut consent = TimedSignature { expires: NOW, signature: no_signature };
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
		refused!(StatementExpired);
		consent.expires = NOW + MAX_STATEMENT_LIFETIME + 1;
		refused!(ExpiryTooFar);
		consent.expires = NOW + MAX_STATEMENT_LIFETIME;
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
