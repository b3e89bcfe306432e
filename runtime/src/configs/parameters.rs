//! Governed parameters: numbers that governance sets by `parameters.set_parameter`, without an
//! upgrade of the runtime.
//!
//! A number that is not set has the default below. No number can stop the chain or make state
//! free: the pallets and the types at the end of this module read each number within bounds.

use crate::{
	constants::{
		currency::{deposit, MILLI_WORK, WORK},
		time::DAYS,
	},
	origins::EnsureParametersAdmin,
	Balance, BlockNumber, Runtime, RuntimeEvent,
};
use core::marker::PhantomData;
use depin_primitives::{policy::PolicyCaps, EpochIndex, Millis};
use frame_support::{
	dynamic_params::{dynamic_pallet_params, dynamic_params},
	traits::{dynamic_params::AggregatedKeyValue, AsEnsureOriginWithArg, Get},
};

/// Parameters by topic. The indices are part of the chain's interface and are never given again.
#[dynamic_params(RuntimeParameters, pallet_parameters::Parameters::<Runtime>)]
pub mod params {
	use super::*;

	/// Delays, windows and fees of the device registry.
	#[dynamic_pallet_params]
	#[codec(index = 0)]
	pub mod registry {
		/// Number of blocks between a device's retirement and its reaping.
		#[codec(index = 0)]
		pub static RetireDelay: BlockNumber = 14 * DAYS;
		/// Number of blocks between the start and the end of a key's recovery.
		#[codec(index = 1)]
		pub static RecoveryDelay: BlockNumber = 3 * DAYS;
		/// Number of blocks in which a suspension can be appealed.
		#[codec(index = 2)]
		pub static AppealWindow: BlockNumber = 7 * DAYS;
		/// Number of blocks after the appeal window in which a suspension is decided.
		#[codec(index = 3)]
		pub static DecisionWindow: BlockNumber = 14 * DAYS;
		/// Number of reward epochs of the notice of a funded network's rules and of its hand-over.
		#[codec(index = 4)]
		pub static RulesNotice: EpochIndex = 7;
		/// Fee of a change of a device's location.
		#[codec(index = 5)]
		pub static LocationFee: Balance = 100 * MILLI_WORK;
	}

	/// Deposits, each of which is held while the state that it is for exists.
	#[dynamic_pallet_params]
	#[codec(index = 1)]
	pub mod deposits {
		/// Least bond that networks can ask for. The bond that covers a device's state is the
		/// floor.
		#[codec(index = 0)]
		pub static Bond: Balance = 0;
		/// Deposit of a network.
		#[codec(index = 1)]
		pub static Network: Balance = 100 * WORK;
		/// Deposit of a maker.
		#[codec(index = 2)]
		pub static Maker: Balance = deposit(1, 150);
		/// Deposit of a maker's key.
		#[codec(index = 3)]
		pub static MakerKey: Balance = deposit(0, 54);
		/// Deposit of a declaration.
		#[codec(index = 4)]
		pub static Declaration: Balance = deposit(1, 93);
		/// Deposit of a grant. The first grant of a device adds a storage item.
		#[codec(index = 5)]
		pub static Grant: Balance = deposit(1, 57);
		/// Deposit of a metric. The second item is the network's count of metrics.
		#[codec(index = 6)]
		pub static Metric: Balance = deposit(2, 150);
	}

	/// Caps on the policies of all networks.
	#[dynamic_pallet_params]
	#[codec(index = 2)]
	pub mod policy {
		/// Caps, all in one entry, because each report reads them.
		#[codec(index = 0)]
		pub static Caps: PolicyCaps = PolicyCaps::DEFAULT;
	}
}

#[cfg(feature = "runtime-benchmarks")]
impl Default for RuntimeParameters {
	fn default() -> Self {
		use params::policy::{Caps, Parameters};
		Self::Policy(Parameters::Caps(Caps, Some(PolicyCaps::DEFAULT)))
	}
}

impl pallet_parameters::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeParameters = RuntimeParameters;
	type AdminOrigin = AsEnsureOriginWithArg<EnsureParametersAdmin>;
	type WeightInfo = ();
}

impl initial_parameters::Config for Runtime {}

/// Least deposit that governance can set: a hundredth of the price of one storage item.
const LEAST_DEPOSIT: Balance = deposit(1, 0) / 100;

/// Deposit that governance sets, and at least a hundredth of the price of one storage item.
pub struct Price<Deposit>(PhantomData<Deposit>);

impl<Deposit: Get<Balance>> Get<Balance> for Price<Deposit> {
	fn get() -> Balance {
		Deposit::get().max(LEAST_DEPOSIT)
	}
}

/// The greater one of two amounts.
pub struct AtLeast<Amount, Floor>(PhantomData<(Amount, Floor)>);

impl<Amount: Get<Balance>, Floor: Get<Balance>> Get<Balance> for AtLeast<Amount, Floor> {
	fn get() -> Balance {
		Amount::get().max(Floor::get())
	}
}

/// Caps on policies that governance sets, within [the bounds](PolicyCaps::bounded) of all chains.
pub struct GovernedCaps;

impl Get<PolicyCaps> for GovernedCaps {
	fn get() -> PolicyCaps {
		params::policy::Caps::get().bounded()
	}
}

/// Sets governed parameters at genesis. The pallet has no calls and no state: from the first block
/// on the pallet `Parameters` holds what was set.
#[frame_support::pallet]
pub mod initial_parameters {
	use super::*;
	use frame_support::pallet_prelude::*;
	use pallet_parameters::Parameters;

	#[pallet::pallet]
	pub struct Pallet<T>(_);

	/// Configuration that the runtime gives to this pallet.
	#[pallet::config]
	pub trait Config:
		frame_system::Config + pallet_parameters::Config<RuntimeParameters = RuntimeParameters>
	{
	}

	/// Parameters that a chain begins with. `None` leaves a parameter at its default.
	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// Number of blocks between a device's retirement and its reaping.
		pub retire_delay: Option<BlockNumber>,
		/// Number of blocks between the start and the end of a key's recovery.
		pub recovery_delay: Option<BlockNumber>,
		/// Number of blocks in which a suspension can be appealed.
		pub appeal_window: Option<BlockNumber>,
		/// Number of blocks after the appeal window in which a suspension is decided.
		pub decision_window: Option<BlockNumber>,
		/// Number of epochs of the notice of a funded network's rules.
		pub rules_notice: Option<EpochIndex>,
		/// Least time between two reports of a device; the other caps have their defaults.
		pub least_interval: Option<Millis>,
		#[serde(skip)]
		pub _config: PhantomData<T>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			use params::{policy, registry};
			let caps = self
				.least_interval
				.map(|least_interval| PolicyCaps { least_interval, ..PolicyCaps::DEFAULT });
			for parameter in [
				RuntimeParameters::Registry(registry::Parameters::RetireDelay(
					registry::RetireDelay,
					self.retire_delay,
				)),
				RuntimeParameters::Registry(registry::Parameters::RecoveryDelay(
					registry::RecoveryDelay,
					self.recovery_delay,
				)),
				RuntimeParameters::Registry(registry::Parameters::AppealWindow(
					registry::AppealWindow,
					self.appeal_window,
				)),
				RuntimeParameters::Registry(registry::Parameters::DecisionWindow(
					registry::DecisionWindow,
					self.decision_window,
				)),
				RuntimeParameters::Registry(registry::Parameters::RulesNotice(
					registry::RulesNotice,
					self.rules_notice,
				)),
				RuntimeParameters::Policy(policy::Parameters::Caps(policy::Caps, caps)),
			] {
				let (key, value) = parameter.into_parts();
				if let Some(value) = value {
					Parameters::<T>::insert(key, value);
				}
			}
		}
	}
}
