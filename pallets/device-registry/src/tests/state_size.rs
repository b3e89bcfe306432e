//! Size of a device's state in this pallet's maps: keys and values, to the byte.

use super::*;
use crate::types::StoredDevice;
use codec::{Compact, Encode, MaxEncodedLen};
use depin_primitives::maker::MakerKeyIndex;
use frame_support::traits::PalletInfoAccess;

/// Largest number of bytes that may be stored of a device, except for the grants that its owner
/// pays for.
const BAR: usize = 576;

/// Largest possible bond: all that the chain ever issues, which is the cap of its genesis, a
/// billion tokens of twelve decimals.
const LARGEST_BOND: Balance = 1_000_000_000 * 1_000_000_000_000;

/// Accounts whose bytes are recognized wherever they are stored.
const OWNER: AccountId = 0xa7c3_5b91_e24d_860f;
const BUYER: AccountId = 0x91d8_47fe_0b6a_c253;
const GUESTS: [AccountId; 3] =
	[0x3ce9_15a4_72bd_d861, 0x5fa0_c83b_946e_1d72, 0x6bd4_e709_8a13_cf35];

/// Number of bytes that a chain's account has more than one of the mock.
const WIDER: usize = 32 - size_of::<AccountId>();

/// Returns the number of bytes stored under this pallet's name, with accounts of 32 bytes.
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

/// Returns the number of bytes that `change`, which must succeed, adds.
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

/// Runs a test with the largest bond. Numbers and times have a fixed width, so that their values do
/// not matter; the width of a bond depends on its value.
fn measure(test: impl FnOnce(&World)) {
	ExtBuilder::default().build_and_execute(|| {
		let bond = LARGEST_BOND;
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

/// Size of an active device: its entry, and its entries in the lists of its owner, its network, its
/// maker and its cell. The entry includes the mock's part of another pallet.
const AT_REST: usize = 187 + size_of::<HookCount>() + 64 + 52 + 52 + 56;
/// Size of the entry for a key other than the first: the first halves of its hash and of the
/// device's id.
const ROTATED: usize = 32 + 16 + 16;
/// Size that an offer adds: an account.
const OFFERED: usize = 32;
/// Size that a recovery adds: a key, its maker, the number of the maker's key, its model and a
/// block.
const RECOVERING: usize = 34 + 4 + 4 + 4 + 4;
/// Size that a suspension adds, by an admin and by a maker: suspender, reason, block, the ends of
/// both windows, and if the owner has appealed or corrected the location, and the device was
/// retiring.
const SUSPENDED: usize = 1 + 1 + 4 + 4 + 4 + 1 + 1 + 1;
const SUSPENDED_BY_MAKER: usize = SUSPENDED + 4;
/// Size that retirement adds: a block.
const RETIRING: usize = 4;

/// Measures each state of a device's life, with its first key and with another.
#[test]
fn every_state_of_a_device_fits_the_bar() {
	for rotated in [false, true] {
		measure(|world| {
			let [first, second, third] = [1, 2, 3].map(Secret::p256);
			let before = kept();
			let id = world.register(&first);
			let mut key = &first;
			if rotated {
				let certificate = Some(world.certify(&second));
				assert_ok!(rotate(OWNER, id, &first, &second, certificate));
				key = &second;
			}
			let mut most = 0;
			let mut state = |what: &str, more: usize| {
				let bytes = kept() - before;
				let of_key = if rotated { ", another key" } else { "" };
				println!("state of a device: {what}{of_key}: {bytes} bytes");
				assert_eq!(bytes, AT_REST + if rotated { ROTATED } else { 0 } + more, "{what}");
				assert!(bytes <= BAR, "{what}: {bytes} bytes");
				most = most.max(bytes);
			};
			let offer = |to| {
				assert_ok!(Registry::offer_device(signed(OWNER), id, to));
			};
			let recover = || {
				assert_ok!(recover(OWNER, id, &third, world.certify(&third)));
			};
			let cancel = || {
				assert_ok!(Registry::cancel_recovery(signed(OWNER), id));
			};
			let appeal = || {
				let statement = H256::repeat_byte(0xff);
				assert_ok!(Registry::appeal_suspension(signed(OWNER), id, statement));
			};
			let restore = || {
				assert_ok!(Registry::restore_device(RuntimeOrigin::root(), id));
			};
			// The declaration has its own deposit, and is withdrawn; the device stays suspended.
			let suspend_by_maker = || {
				let (maker, key, reason) = (world.maker, key.public(), CompromiseReason::KeyLeaked);
				let (origin, named) = (signed(MAKER), Some(id));
				assert_ok!(Registry::declare_compromised(origin, maker, key, reason, named));
				assert_ok!(Registry::withdraw_declaration(signed(MAKER), maker, key));
			};

			state("active", 0);
			offer(Some(BUYER));
			state("offered", OFFERED);
			// An offer and a recovery replace each other.
			recover();
			state("in recovery", RECOVERING);
			offer(Some(BUYER));
			state("offered instead of in recovery", OFFERED);
			assert_ok!(suspend(id));
			state("suspended by an admin, its offer over", SUSPENDED);
			appeal();
			state("suspended by an admin, appealed", SUSPENDED);
			restore();
			state("restored", 0);

			suspend_by_maker();
			state("suspended by a maker", SUSPENDED_BY_MAKER);
			appeal();
			state("suspended by a maker, appealed", SUSPENDED_BY_MAKER);
			recover();
			state("suspended by a maker, appealed, in recovery", SUSPENDED_BY_MAKER + RECOVERING);
			restore();
			state("in recovery, restored", RECOVERING);
			suspend_by_maker();
			state("in recovery, suspended by a maker", SUSPENDED_BY_MAKER + RECOVERING);
			cancel();
			state("suspended by a maker, no more in recovery", SUSPENDED_BY_MAKER);
			restore();

			Timestamp::set_timestamp(NOW + COOLDOWN);
			assert_ok!(Registry::assert_location(signed(OWNER), id, away()));
			state("moved", 0);
			assert_ok!(transfer(id, OWNER, BUYER));
			state("handed on", 0);
			assert_ok!(Registry::retire_device(signed(BUYER), id));
			state("retiring", RETIRING);
			assert_ok!(suspend(id));
			state("suspended by an admin while retiring", SUSPENDED + RETIRING);
			restore();
			suspend_by_maker();
			state("suspended by a maker while retiring", SUSPENDED_BY_MAKER + RETIRING);
			restore();
			state("retiring, restored", RETIRING);

			println!("state of a device: at most {most} bytes");
			// Nothing stays when the device is reaped. (The mock's own log has another name.)
			pass_blocks(RETIRE_DELAY);
			assert_ok!(Registry::reap_device(signed(BOB), id));
			assert_eq!(kept(), before);
		});
	}
}

/// The types bound the size: no device, in any state, can take more than the states above. (The
/// types do not say that a retiring device has no recovery.)
#[test]
fn no_device_can_be_larger() {
	// The derived bound counts a bond of fixed width.
	let narrower = Balance::max_encoded_len() - Compact(LARGEST_BOND).encoded_size();
	let record = 32 + 32 + StoredDevice::<[u8; 32], HookCount>::max_encoded_len() - narrower;
	let lists = [OwnerKey::max_encoded_len(), size_of::<NetworkId>(), size_of::<MakerId>(), 8];
	let lists: usize = lists.iter().map(|key| 32 + key + ShortId::max_encoded_len()).sum();
	let rotated = 32 + 2 * ShortId::max_encoded_len();
	let largest = AT_REST + ROTATED + RECOVERING + SUSPENDED_BY_MAKER + RETIRING;
	assert_eq!(record + lists + rotated, largest);
	assert!(record + lists + rotated <= BAR);
}

/// Measures the keys of every scheme, with and without a certificate.
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

/// Measures grants, each of which has a deposit of its own.
#[test]
fn each_grant_adds_what_it_says() {
	measure(|world| {
		let id = world.register(&Secret::p256(1));
		let mut all = 0;
		for (at, guest) in GUESTS.into_iter().enumerate() {
			let bytes = added(|| grant(id, OWNER, guest, Permissions::ALL));
			println!("state of a device: grant {} adds {bytes} bytes", at + 1);
			// The first grant adds the entry and the list's length.
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
