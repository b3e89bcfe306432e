//! Parts of the pallets in the record of a device.

use codec::{Decode, Encode, MaxEncodedLen};
use depin_primitives::beacon::CoverageScore;
use pallet_attestation::types::DeviceState;
use pallet_rewards::RewardAccount;
use scale_info::TypeInfo;

/// State that the pallets beside the registry keep of each device. It is stored in the registry's
/// record of the device, so that a report costs one read and one write.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct DeviceParts {
	/// State after the device's last report; `None` before the first.
	pub attestation: Option<DeviceState>,
	/// Score of the device's challenges; `None` before the first.
	pub coverage: Option<CoverageScore>,
	/// Earnings of the device that are not paid.
	pub rewards: RewardAccount,
}

/// Implements the access of a pallet to its part.
macro_rules! part {
	($part:ty = $field:ident) => {
		impl AsRef<$part> for DeviceParts {
			fn as_ref(&self) -> &$part {
				&self.$field
			}
		}

		impl AsMut<$part> for DeviceParts {
			fn as_mut(&mut self) -> &mut $part {
				&mut self.$field
			}
		}
	};
}

part!(Option<DeviceState> = attestation);
part!(Option<CoverageScore> = coverage);
part!(RewardAccount = rewards);
