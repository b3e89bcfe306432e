//! What the chain keeps of a device in this pallet's maps: keys and values, to the byte.

use super::*;
use codec::Encode;
use depin_primitives::device::MakerKeyIndex;
use frame_support::traits::PalletInfoAccess;

/// The most that may be kept of a device.
const BAR: usize = 512;

/// Accounts whose bytes are found again wherever they are kept.
const OWNER: AccountId = 0xa7c3_5b91_e24d_860f;
const BUYER: AccountId = 0x91d8_47fe_0b6a_c253;
const GUESTS: [AccountId; 3] =
	[0x3ce9_15a4_72bd_d861, 0x5fa0_c83b_946e_1d72, 0x6bd4_e709_8a13_cf35];

/// How many bytes a chain's accounts have that the mock's have not.
const WIDER: usize = 32 - size_of::<AccountId>();

/// All that is kept under this pallet's name, in bytes, with accounts of 32 bytes.
fn kept() -> usize {
	let prefix = sp_io::hashing::twox_128(<Registry as PalletInfoAccess>::name().as_bytes());
	let accounts = [OWNER, BUYER].into_iter().chain(GUESTS).map(|account| account.encode());
	let accounts: Vec<_> = accounts.collect();
	let mut bytes = 0;
	let mut key = prefix.to_vec();
	while let Some(next) = sp_io::storage::next_key(&key).filter(|next| next.starts_with(&prefix)) {
		let value = sp_io::storage::get(&next).expect("there is a value at each key; qed");
		for part in [&next[..], &value[..]] {
			let held = part.windows(8).filter(|bytes| accounts.iter().any(|a| a == bytes)).count();
			bytes += part.len() + held * WIDER;
		}
		key = next;
	}
	bytes
}

/// What `change`, which succeeds, adds to it.
fn added(change: impl FnOnce() -> sp_runtime::DispatchResult) -> isize {
	let before = kept();
	assert_ok!(change());
	kept() as isize - before as isize
}

/// A maker that certifies with P-256, and a network of its devices.
struct World {
	secret: Secret,
	maker: MakerId,
	network: NetworkId,
}

impl World {
	fn certify(&self, device: &Secret) -> SignedCertificate {
		let first: MakerKeyIndex = 0;
		self.secret.certify(self.maker, first, self.network, device.public())
	}

	/// Registers the largest device: a key of 33 bytes, certified.
	fn register(&self, device: &Secret) -> DeviceId {
		assert_ok!(register(OWNER, self.network, device, Some(self.certify(device))));
		device.id()
	}
}

/// Numbers, balances and times have a fixed width, so that their values do not matter; the bond is as
/// large as can be all the same.
fn measure(test: impl FnOnce(&World)) {
	ExtBuilder::default().build_and_execute(|| {
		// Not more than a sum over all accounts can hold.
		let bond = u128::MAX / 8;
		for account in [OWNER, BUYER] {
			let funds = bond + 10 * FUNDS;
			assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), account, funds));
		}
		let secret = Secret::p256(100);
		let maker = register_maker(&secret);
		let network = NextNetworkId::<Test>::get();
		let makers = Some(BoundedVec::truncate_from(vec![maker]));
		let kind = NetworkKind::Sensor;
		let policy = certified_policy();
		assert_ok!(Registry::create_network(signed(ADMIN), kind, makers, bond, policy));
		test(&World { secret, maker, network });
	});
}

/// A registered device, and what it takes.
fn at_rest(world: &World, device: &Secret) -> (DeviceId, isize) {
	let mut id = None;
	let bytes = added(|| {
		id = Some(world.register(device));
		Ok(())
	});
	(id.expect("it was registered; qed"), bytes)
}

/// The parts below are what is kept on top of this.
#[test]
fn a_device_at_rest_fits_the_bar() {
	measure(|world| {
		let device = Secret::p256(1);
		let (id, active) = at_rest(world, &device);
		let retired = added(|| Registry::retire_device(signed(OWNER), id));
		println!("state of a device: active {active} bytes, retiring {} bytes", active + retired);
		// Record, owner, network, maker and cell; a status with a block is four bytes longer.
		assert_eq!(active, 184 + 112 + 68 + 68 + 72);
		assert_eq!(retired, 4);
		assert!((active + retired) as usize <= BAR);

		// Nothing stays when it goes.
		pass_blocks(RETIRE_DELAY);
		let reaped = added(|| Registry::reap_device(signed(BOB), id));
		// The mock's own record of the turns is under another name.
		assert_eq!(reaped, -(active + retired));
	});
}

/// Every scheme's key, with and without a certificate.
#[test]
fn every_other_device_is_smaller() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), OWNER, FUNDS));
		let secret = Secret::p256(100);
		let (maker, network) = (register_maker(&secret), create_network());
		for (seed, certified) in [(1, true), (2, false)] {
			for device in Secret::of_each(seed) {
				let key = device.public();
				let certificate = certified.then(|| secret.certify(maker, 0, network, key));
				let bytes = added(|| register(OWNER, network, &device, certificate));
				let scheme = key.scheme();
				println!("state of a device: {scheme:?}, certified: {certified}: {bytes} bytes");
				assert!(bytes as usize <= BAR);
			}
		}
	});
}

/// What a turn in its life adds to a device, until it is over.
#[test]
fn each_turn_adds_what_it_says() {
	measure(|world| {
		let [device, second, third] = [1, 2, 3].map(Secret::p256);
		let (id, active) = at_rest(world, &device);
		let report = |what: &str, bytes: isize, expected: isize| {
			println!("state of a device: {what} adds {bytes} bytes, {} in all", active + bytes);
			assert_eq!(bytes, expected, "{what}");
		};

		let offered = added(|| Registry::offer_device(signed(OWNER), id, Some(BUYER)));
		report("an offer", offered, 64 + 32);
		let withdrawn = added(|| Registry::offer_device(signed(OWNER), id, None));
		assert_eq!(withdrawn, -offered);

		let pending = added(|| recover(OWNER, id, &third, world.certify(&third)));
		report("a pending recovery", pending, 64 + 34 + 12);
		let cancelled = added(|| Registry::cancel_recovery(signed(OWNER), id));
		assert_eq!(cancelled, -pending);

		let suspended = added(|| suspend(id));
		report("a suspension", suspended, 1 + 64 + 47);
		let appealed = added(|| {
			let statement = H256::repeat_byte(0xff);
			Registry::appeal_suspension(signed(OWNER), id, statement)
		});
		report("a suspension with an appeal", suspended + appealed, 1 + 64 + 47 + 32);
		let restored = added(|| Registry::restore_device(signed(ADMIN), id));
		assert_eq!(restored, -(suspended + appealed));

		let certificate = Some(world.certify(&second));
		let rotated = added(|| rotate(OWNER, id, &device, &second, certificate));
		report("a key other than its first", rotated, 64 + 32);
		// The most that a device can have at a time, without grants: of the turns above only an offer
		// ends when it is suspended.
		let all = added(|| {
			recover(OWNER, id, &third, world.certify(&third))?;
			suspend(id)?;
			Registry::appeal_suspension(signed(OWNER), id, H256::repeat_byte(1))
		});
		report(
			"all of these but the offer",
			rotated + all,
			rotated + pending + suspended + appealed,
		);
		assert_ok!(Registry::cancel_recovery(signed(OWNER), id));
		assert_ok!(Registry::restore_device(signed(ADMIN), id));
		let certificate = Some(world.certify(&device));
		let back = added(|| rotate(OWNER, id, &second, &device, certificate));
		assert_eq!(back, -rotated);

		// Moving and changing hands add nothing.
		Timestamp::set_timestamp(NOW + COOLDOWN);
		let moved = added(|| Registry::assert_location(signed(OWNER), id, away()));
		assert_eq!(moved, 0);
		assert_eq!(added(|| transfer(id, OWNER, BUYER)), 0);
	});
}

/// Each grant has a deposit of its own.
#[test]
fn each_grant_adds_what_it_says() {
	measure(|world| {
		let (id, _) = at_rest(world, &Secret::p256(1));
		let mut all = 0;
		for (at, guest) in GUESTS.into_iter().enumerate() {
			let bytes = added(|| grant(id, OWNER, guest, Permissions::ALL));
			println!("state of a device: grant {} adds {bytes} bytes", at + 1);
			// The first pays for the entry and the list's length.
			let entry = if at == 0 { 64 + 1 } else { 0 };
			assert_eq!(bytes, entry + 32 + 1 + 8 + 16);
			all += bytes;
		}
		let ended = added(|| {
			for guest in GUESTS {
				Registry::revoke_access(signed(OWNER), id, guest)?;
			}
			Ok(())
		});
		assert_eq!(ended, -all);
	});
}
