//! Migrations of the build `next-version`, which tests of upgrades use.

use crate::{Origins, Runtime};
use frame_support::{
	migrations::VersionedMigration, traits::UncheckedOnRuntimeUpgrade, weights::Weight,
};

/// Migration that changes nothing.
pub struct Nothing;

impl UncheckedOnRuntimeUpgrade for Nothing {
	fn on_runtime_upgrade() -> Weight {
		Weight::zero()
	}
}

/// Migration of the origins' storage from version 0 to 1. The layouts are the same.
pub type OriginsV1 =
	VersionedMigration<0, 1, Nothing, Origins, <Runtime as frame_system::Config>::DbWeight>;
