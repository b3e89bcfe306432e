//! Weights of the calls: the trait that a benchmarked weight file implements.

use frame_support::weights::{constants::RocksDbWeight, Weight};

/// Weight of each call.
pub trait WeightInfo {
	/// Returns the weight of [`Call::create_network`](crate::Call::create_network) with `m` listed
	/// makers.
	fn create_network(m: u32) -> Weight;
	/// Returns the weight of [`Call::change_network`](crate::Call::change_network) with `m` listed
	/// makers.
	fn change_network(m: u32) -> Weight;
	/// Returns the weight of [`Call::set_network_paused`](crate::Call::set_network_paused), in
	/// either direction.
	fn set_network_paused() -> Weight;
	/// Returns the weight of [`Call::offer_network`](crate::Call::offer_network), in either
	/// direction.
	fn offer_network() -> Weight;
	/// Returns the weight of [`Call::accept_network`](crate::Call::accept_network), with both
	/// deposits.
	fn accept_network() -> Weight;
	/// Returns the weight of [`Call::veto_rules`](crate::Call::veto_rules) of a network with the
	/// longest lists of makers.
	fn veto_rules() -> Weight;
	/// Returns the weight of [`Call::close_network`](crate::Call::close_network), with its deposit.
	fn close_network() -> Weight;
	/// Returns the weight of [`Call::register_maker`](crate::Call::register_maker), with its
	/// deposits.
	fn register_maker() -> Weight;
	/// Returns the weight of [`Call::deregister_maker`](crate::Call::deregister_maker) of a maker
	/// with the most keys.
	fn deregister_maker() -> Weight;
	/// Returns the weight of [`Call::offer_maker`](crate::Call::offer_maker) of a maker with the
	/// most keys, in either direction.
	fn offer_maker() -> Weight;
	/// Returns the weight of [`Call::accept_maker`](crate::Call::accept_maker) of a maker with the
	/// most keys, with all deposits.
	fn accept_maker() -> Weight;
	/// Returns the weight of [`Call::add_maker_key`](crate::Call::add_maker_key), with its deposit.
	fn add_maker_key() -> Weight;
	/// Returns the weight of [`Call::revoke_maker_key`](crate::Call::revoke_maker_key), with its
	/// deposit.
	fn revoke_maker_key() -> Weight;
	/// Returns the weight of [`Call::declare_compromised`](crate::Call::declare_compromised), with
	/// the suspension of a device.
	fn declare_compromised() -> Weight;
	/// Returns the weight of [`Call::withdraw_declaration`](crate::Call::withdraw_declaration),
	/// with its deposit.
	fn withdraw_declaration() -> Weight;
	/// Returns the weight of [`Call::register_device`](crate::Call::register_device) with a
	/// certificate.
	fn register_device() -> Weight;
	/// Returns the weight of [`Call::register_device`](crate::Call::register_device) without a
	/// certificate.
	fn register_device_open() -> Weight;
	/// Returns the weight of [`Call::register_devices`](crate::Call::register_devices) of `n`
	/// devices, each with a certificate by another maker.
	fn register_devices(n: u32) -> Weight;
	/// Returns the weight of [`Call::register_devices`](crate::Call::register_devices) of `n`
	/// devices, each refused by the last check that needs no signature.
	fn register_devices_refused(n: u32) -> Weight;
	/// Returns the weight of [`Call::assert_location`](crate::Call::assert_location), with the fee.
	fn assert_location() -> Weight;
	/// Returns the weight of [`Call::correct_location`](crate::Call::correct_location), with the
	/// fee.
	fn correct_location() -> Weight;
	/// Returns the weight of [`Call::rotate_key`](crate::Call::rotate_key) with a certificate, from
	/// one maker to another, in place of an offer; neither key is the first of the device.
	fn rotate_key() -> Weight;
	/// Returns the weight of [`Call::recover_key`](crate::Call::recover_key), in place of an offer.
	fn recover_key() -> Weight;
	/// Returns the weight of [`Call::finish_recovery`](crate::Call::finish_recovery), from one
	/// maker to another; neither key is the first of the device.
	fn finish_recovery() -> Weight;
	/// Returns the weight of [`Call::cancel_recovery`](crate::Call::cancel_recovery), before its
	/// end.
	fn cancel_recovery() -> Weight;
	/// Returns the weight of [`Call::offer_device`](crate::Call::offer_device), in place of a
	/// recovery.
	fn offer_device() -> Weight;
	/// Returns the weight of [`Call::accept_device`](crate::Call::accept_device) of a device with
	/// the most grants, with the runtime's `Lifecycle`.
	fn accept_device() -> Weight;
	/// Returns the weight of [`Call::suspend_device`](crate::Call::suspend_device), with the
	/// runtime's `Lifecycle`.
	fn suspend_device() -> Weight;
	/// Returns the weight of [`Call::appeal_suspension`](crate::Call::appeal_suspension), in its
	/// window.
	fn appeal_suspension() -> Weight;
	/// Returns the weight of [`Call::restore_device`](crate::Call::restore_device), by the
	/// suspender.
	fn restore_device() -> Weight;
	/// Returns the weight of [`Call::forfeit_device`](crate::Call::forfeit_device), with the
	/// runtime's `Lifecycle`.
	fn forfeit_device() -> Weight;
	/// Returns the weight of [`Call::retire_device`](crate::Call::retire_device), during a
	/// recovery.
	fn retire_device() -> Weight;
	/// Returns the weight of [`Call::reap_device`](crate::Call::reap_device) of a device with the
	/// most grants, with the runtime's `Lifecycle`.
	fn reap_device() -> Weight;
	/// Returns the weight of [`Call::grant_access`](crate::Call::grant_access), of the last grant
	/// that fits.
	fn grant_access() -> Weight;
	/// Returns the weight of [`Call::revoke_access`](crate::Call::revoke_access) of a device with
	/// the most grants.
	fn revoke_access() -> Weight;
}

/// Weights for mocks: the runtime's measured figures, rounded.
impl WeightInfo for () {
	fn create_network(m: u32) -> Weight {
		cost(97_200_000, 3_640, 3, 4)
			.saturating_add(cost(4_810_000, 2_976, 1, 0).saturating_mul(m.into()))
	}
	fn change_network(m: u32) -> Weight {
		cost(40_300_000, 3_964, 2, 1)
			.saturating_add(cost(3_880_000, 2_976, 1, 0).saturating_mul(m.into()))
	}
	fn set_network_paused() -> Weight {
		cost(40_400_000, 3_964, 2, 1)
	}
	fn offer_network() -> Weight {
		cost(39_000_000, 3_964, 2, 1)
	}
	fn accept_network() -> Weight {
		cost(143_000_000, 6_290, 6, 5)
	}
	fn veto_rules() -> Weight {
		cost(40_400_000, 3_964, 2, 1)
	}
	fn close_network() -> Weight {
		cost(85_600_000, 3_964, 4, 3)
	}
	fn register_maker() -> Weight {
		cost(143_000_000, 3_640, 3, 4)
	}
	fn deregister_maker() -> Weight {
		cost(79_300_000, 3_966, 3, 3)
	}
	fn offer_maker() -> Weight {
		cost(39_000_000, 3_966, 1, 1)
	}
	fn accept_maker() -> Weight {
		cost(143_000_000, 6_290, 5, 5)
	}
	fn add_maker_key() -> Weight {
		cost(148_000_000, 3_966, 3, 3)
	}
	fn revoke_maker_key() -> Weight {
		cost(76_700_000, 3_966, 3, 3)
	}
	fn declare_compromised() -> Weight {
		cost(234_000_000, 8_799, 16, 12)
	}
	fn withdraw_declaration() -> Weight {
		cost(95_700_000, 3_966, 4, 4)
	}
	fn register_device() -> Weight {
		cost(359_000_000, 3_966, 10, 8)
	}
	fn register_device_open() -> Weight {
		cost(275_000_000, 3_964, 8, 7)
	}
	fn register_devices(n: u32) -> Weight {
		cost(369_000_000, 3_966, 7, 3)
			.saturating_add(cost(273_000_000, 2_976, 4, 5).saturating_mul(n.into()))
	}
	fn register_devices_refused(n: u32) -> Weight {
		cost(60_000_000, 3_966, 4, 1)
			.saturating_add(cost(40_000_000, 2_685, 2, 0).saturating_mul(n.into()))
	}
	fn assert_location() -> Weight {
		cost(118_000_000, 6_196, 7, 5)
	}
	fn correct_location() -> Weight {
		cost(118_000_000, 6_196, 6, 5)
	}
	fn rotate_key() -> Weight {
		cost(397_000_000, 6_360, 10, 5)
	}
	fn recover_key() -> Weight {
		cost(294_000_000, 6_360, 10, 1)
	}
	fn finish_recovery() -> Weight {
		cost(158_000_000, 6_360, 8, 6)
	}
	fn cancel_recovery() -> Weight {
		cost(39_200_000, 3_675, 1, 1)
	}
	fn offer_device() -> Weight {
		cost(42_100_000, 3_675, 1, 1)
	}
	fn accept_device() -> Weight {
		cost(916_000_000, 8_799, 13, 14)
	}
	fn suspend_device() -> Weight {
		cost(145_000_000, 6_196, 12, 8)
	}
	fn appeal_suspension() -> Weight {
		cost(39_400_000, 3_675, 3, 1)
	}
	fn restore_device() -> Weight {
		cost(42_300_000, 3_964, 5, 1)
	}
	fn forfeit_device() -> Weight {
		cost(61_800_000, 3_675, 8, 4)
	}
	fn retire_device() -> Weight {
		cost(52_600_000, 3_675, 2, 1)
	}
	fn reap_device() -> Weight {
		cost(1_290_000_000, 8_799, 17, 19)
	}
	fn grant_access() -> Weight {
		cost(118_000_000, 4_410, 5, 3)
	}
	fn revoke_access() -> Weight {
		cost(93_000_000, 4_410, 4, 3)
	}
}

/// Returns the weight of `time` picoseconds, `proof` bytes and so many storage reads and writes.
fn cost(time: u64, proof: u64, reads: u64, writes: u64) -> Weight {
	Weight::from_parts(time, proof).saturating_add(RocksDbWeight::get().reads_writes(reads, writes))
}
