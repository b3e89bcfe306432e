//! Certificates of registered devices.

use super::*;

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
fn a_certificates_maker_must_be_known_and_accepted() {
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
fn a_certificate_is_valid_before_it_expires() {
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
fn a_certificate_is_valid_for_what_its_maker_signed() {
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
			let signature = device.consent(network, ALICE).signature;
			refused(network, &device, SignedCertificate { signature, ..good });

			assert_ok!(register(ALICE, network, &device, Some(good)));
		});
	}
}
