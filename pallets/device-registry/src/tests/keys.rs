//! Keys of devices: helpers for rotation and recovery.

use super::*;
use depin_primitives::{
	device::PendingKey,
	statement::{KeyAdoption, KeyRotation},
};

mod certificates;
mod recovery;
mod rotation;
mod sharing;

/// Arguments of a rotation, of which a test replaces one.
pub(super) struct Rotation {
	pub(super) who: AccountId,
	pub(super) id: DeviceId,
	pub(super) key: PublicKey,
	pub(super) by_old: TimedSignature,
	pub(super) by_new: TimedSignature,
	pub(super) certificate: Option<SignedCertificate>,
}

impl Rotation {
	pub(super) fn of(id: DeviceId, old: &Secret, new: &Secret) -> Self {
		let key = new.public();
		let (by_old, by_new) = (old.rotation(id, ALICE, key), new.adoption(id, ALICE));
		Self { who: ALICE, id, key, by_old, by_new, certificate: None }
	}

	pub(super) fn send(self) -> sp_runtime::DispatchResult {
		let Self { who, id, key, by_old, by_new, certificate } = self;
		Registry::rotate_key(signed(who), id, key, by_old, by_new, certificate)
	}
}

fn finish(id: DeviceId) -> sp_runtime::DispatchResult {
	Registry::finish_recovery(signed(BOB), id)
}

/// A maker with its key, a closed network of it, and a device that it certified.
struct Certified {
	maker_key: Secret,
	maker: MakerId,
	network: NetworkId,
	device: Secret,
	id: DeviceId,
}

impl Certified {
	fn new() -> Self {
		let maker_key = Secret::p256(100);
		let maker = register_maker(&maker_key);
		let network = create_closed_network(vec![maker]);
		let device = Secret::p256(1);
		let id = device.id();
		let this = Self { maker_key, maker, network, device, id };
		assert_ok!(register(ALICE, network, &this.device, Some(this.certify(&this.device))));
		events();
		this
	}

	fn certify(&self, secret: &Secret) -> SignedCertificate {
		self.maker_key.certify(self.maker, 0, self.network, secret.public())
	}

	fn recover(&self, new: &Secret) -> sp_runtime::DispatchResult {
		recover(ALICE, self.id, new, self.certify(new))
	}
}

fn listed(maker: MakerId) -> Vec<DeviceId> {
	let page = Registry::devices_by_maker(maker, None, MAX_PAGE).unwrap();
	page.items.into_iter().map(|device| device.id).collect()
}
