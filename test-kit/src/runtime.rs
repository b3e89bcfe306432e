//! Mock runtimes: the parts that are the same in all of them.

/// Declares the runtime `Test` of these pallets, with their indices.
///
/// ```ignore
/// declare_runtime!(0 System = frame_system, 1 Coverage = pallet_coverage);
/// ```
#[macro_export]
macro_rules! declare_runtime {
	($($index:tt $name:ident = $pallet:ident),* $(,)?) => {
		#[frame_support::runtime]
		mod runtime {
			#[runtime::runtime]
			#[runtime::derive(
				RuntimeCall,
				RuntimeEvent,
				RuntimeError,
				RuntimeOrigin,
				RuntimeFreezeReason,
				RuntimeHoldReason,
				RuntimeSlashReason,
				RuntimeLockId,
				RuntimeTask
			)]
			pub struct Test;

			$(
				#[runtime::pallet_index($index)]
				pub type $name = $pallet;
			)*
		}
	};
}

/// Declares the runtime `Test` of `System`, `Timestamp`, the pallet under test and `Balances`, and
/// configures all but the pallet under test. The mock defines `Block`.
///
/// ```ignore
/// mock_runtime!(Attestation = pallet_attestation, existential_deposit = MINIMUM);
/// ```
#[macro_export]
macro_rules! mock_runtime {
	($name:ident = $pallet:ident, existential_deposit = $existential_deposit:ident) => {
		$crate::declare_runtime!(
			0 System = frame_system,
			1 Timestamp = pallet_timestamp,
			2 $name = $pallet,
			3 Balances = pallet_balances,
		);

		$crate::configure_accounts!($existential_deposit);

		#[derive_impl(pallet_timestamp::config_preludes::TestDefaultConfig)]
		impl pallet_timestamp::Config for Test {}
	};
}

/// Configures `frame_system`, whose block is the type `Block` of the mock, and `pallet_balances`
/// with this existential deposit. Imports `derive_impl`.
#[macro_export]
macro_rules! configure_accounts {
	($existential_deposit:ident) => {
		// `derive_impl` is not found by its path.
		use frame_support::derive_impl;

		#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
		impl frame_system::Config for Test {
			type Block = Block;
			type AccountData = pallet_balances::AccountData<depin_primitives::Balance>;
		}

		#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
		impl pallet_balances::Config for Test {
			type AccountStore = System;
			type Balance = depin_primitives::Balance;
			type ExistentialDeposit = frame_support::traits::ConstU128<$existential_deposit>;
		}
	};
}
