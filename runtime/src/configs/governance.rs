//! Configuration of the treasury, the technical committee and its whitelist, and sudo.

use super::system::RuntimeBlockWeights;
use crate::{
	origins::{Days, EnsureBigSpender, EnsureWhitelistedCaller, Spender},
	AccountId, Balances, Preimage, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin, System,
};
use frame_support::{
	parameter_types,
	traits::{
		tokens::{pay::PayFromAccount, UnityAssetBalanceConversion},
		ConstU32, EitherOf,
	},
	weights::Weight,
	PalletId,
};
use frame_system::EnsureRoot;
use pallet_collective::EnsureProportionAtLeast;
use sp_runtime::{
	traits::{AccountIdConversion, IdentityLookup},
	Perbill, Permill,
};

parameter_types! {
	pub const TreasuryPalletId: PalletId = PalletId(*b"depn/trs");
	pub const Burn: Permill = Permill::zero();
	/// Account that receives fees, slashes and the treasury's share of the emission.
	pub TreasuryAccount: AccountId = TreasuryPalletId::get().into_account_truncating();
}

impl pallet_treasury::Config for Runtime {
	type Currency = Balances;
	type RejectOrigin = EnsureBigSpender;
	type RuntimeEvent = RuntimeEvent;
	type SpendPeriod = Days<1>;
	type Burn = Burn;
	type PalletId = TreasuryPalletId;
	type BurnDestination = ();
	type WeightInfo = pallet_treasury::weights::SubstrateWeight<Runtime>;
	type SpendFunds = ();
	type MaxApprovals = ConstU32<100>;
	type SpendOrigin = Spender;
	type AssetKind = ();
	type Beneficiary = AccountId;
	type BeneficiaryLookup = IdentityLookup<AccountId>;
	type Paymaster = PayFromAccount<Balances, TreasuryAccount>;
	type BalanceConverter = UnityAssetBalanceConversion;
	type PayoutPeriod = Days<30>;
	type BlockNumberProvider = System;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = ();
}

/// Number of the technical committee among the collectives.
pub type TechnicalCollective = pallet_collective::Instance1;

parameter_types! {
	/// Weight of a call that the technical committee may propose.
	pub MaxMotionWeight: Weight =
		Perbill::from_percent(50) * RuntimeBlockWeights::get().max_block;
}

// A motion is dispatched from an origin that only the whitelist knows, so that the committee can do
// nothing else. Its members are set by Root, which is a referendum.
impl pallet_collective::Config<TechnicalCollective> for Runtime {
	type RuntimeOrigin = RuntimeOrigin;
	type Proposal = RuntimeCall;
	type RuntimeEvent = RuntimeEvent;
	type MotionDuration = Days<7>;
	type MaxProposals = ConstU32<20>;
	type MaxMembers = ConstU32<21>;
	type DefaultVote = pallet_collective::PrimeDefaultVote;
	type WeightInfo = pallet_collective::weights::SubstrateWeight<Runtime>;
	type SetMembersOrigin = EnsureRoot<AccountId>;
	type MaxProposalWeight = MaxMotionWeight;
	type DisapproveOrigin = EnsureRoot<AccountId>;
	type KillOrigin = EnsureRoot<AccountId>;
	type Consideration = ();
}

impl pallet_whitelist::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeCall = RuntimeCall;
	// Two thirds of the committee.
	type WhitelistOrigin = EitherOf<
		EnsureRoot<AccountId>,
		EnsureProportionAtLeast<AccountId, TechnicalCollective, 2, 3>,
	>;
	type DispatchWhitelistedOrigin = EnsureWhitelistedCaller;
	type Preimages = Preimage;
	// An approved call that the committee has not whitelisted by then needs another referendum.
	type DeferredDispatchExpiration = Days<28>;
	type BlockNumberProvider = System;
	type WeightInfo = pallet_whitelist::weights::SubstrateWeight<Runtime>;
}

impl pallet_sudo::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeCall = RuntimeCall;
	type WeightInfo = pallet_sudo::weights::SubstrateWeight<Runtime>;
}
