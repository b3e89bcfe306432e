//! Genesis hash of the mock chains.

use depin_primitives::H256;
use frame_support::traits::Get;

/// Genesis hash that every signature of a test covers.
pub const GENESIS: H256 = H256::repeat_byte(0x33);

/// [`GENESIS`] as the pallets' `Config::GenesisHash`.
pub struct Genesis;

impl Get<H256> for Genesis {
	fn get() -> H256 {
		GENESIS
	}
}
