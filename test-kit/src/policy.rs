//! Parts of policies, to be put into
//! [`NetworkPolicy::OPEN`](depin_primitives::policy::NetworkPolicy).

use depin_primitives::policy::{CoveragePolicy, TrustPolicy, ONE};

/// Trust by level: the work of open devices counts nothing, of certified devices half, of hardware
/// attested devices in full.
pub const TRUST_BY_LEVEL: TrustPolicy =
	TrustPolicy { open: 0, certified: ONE / 2, ..TrustPolicy::EVERYONE };

/// Coverage in the European band at 868 MHz.
pub const EU868: CoveragePolicy = CoveragePolicy {
	min_distance: 2,
	max_distance: 300,
	min_frequency: 863_000_000,
	max_frequency: 870_000_000,
	points_per_unit: 100,
};
