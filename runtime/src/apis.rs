//! Runtime APIs for the node and for clients. Every method forwards to a pallet.

use crate::{
	configs::fees, AccountId, Attestation, AuthorityDiscovery, Babe, Balance, Block, Coverage,
	DeviceRegistry, Executive, Grandpa, Historical, InherentDataExt, Nonce, Rewards, Runtime,
	RuntimeCall, RuntimeGenesisConfig, SessionKeys, Staking, System, TransactionPayment,
	UncheckedExtrinsic, VERSION,
};
use alloc::vec::Vec;
use codec::Encode;
use depin_primitives::{
	access::{GrantRecord, Permissions},
	beacon::{Beacon, ChallengeRecord, CoverageError, CoverageScore, JudgedBeacon, SignedWitness},
	device::DeviceRecord,
	maker::MakerRecord,
	metric::MetricPage,
	network::NetworkRecord,
	page::{LookupError, Page},
	parameters::RegistryParameters,
	proof::{ProofError, ReadingProof},
	quality::DeviceScore,
	refusal::Refusal,
	report::{AcceptedReport, LastReport, Readings, ReportError, SignedReport},
	reward::{EpochShare, FormerReward, PaidReward, PayoutRecord, PendingReward, Schedule},
	Cell, DeviceId, EpochIndex, MakerId, MetricId, NetworkId, PublicKey,
};
use frame_support::{
	genesis_builder_helper::get_preset, traits::KeyOwnerProofSystem, weights::Weight,
};
use frame_system::offchain::CreateAuthorizedTransaction;
use pallet_transaction_payment_rpc_runtime_api::{FeeDetails, RuntimeDispatchInfo};
use sp_api::impl_runtime_apis;
use sp_core::{crypto::KeyTypeId, OpaqueMetadata};
use sp_runtime::{
	traits::{Block as BlockT, NumberFor},
	transaction_validity::{TransactionSource, TransactionValidity},
	ApplyExtrinsicResult,
};
use sp_version::RuntimeVersion;

/// Returns the feeless extrinsic that carries a device's call.
fn authorized(call: impl Into<RuntimeCall>) -> UncheckedExtrinsic {
	<Runtime as CreateAuthorizedTransaction<RuntimeCall>>::create_authorized_transaction(
		call.into(),
	)
}

impl_runtime_apis! {
	impl sp_api::Core<Block> for Runtime {
		fn version() -> RuntimeVersion {
			VERSION
		}

		fn execute_block(block: <Block as BlockT>::LazyBlock) {
			Executive::execute_block(block);
		}

		fn initialize_block(header: &<Block as BlockT>::Header) -> sp_runtime::ExtrinsicInclusionMode {
			Executive::initialize_block(header)
		}
	}

	impl sp_api::Metadata<Block> for Runtime {
		fn metadata() -> OpaqueMetadata {
			OpaqueMetadata::new(Runtime::metadata().into())
		}

		fn metadata_at_version(version: u32) -> Option<OpaqueMetadata> {
			Runtime::metadata_at_version(version)
		}

		fn metadata_versions() -> Vec<u32> {
			Runtime::metadata_versions()
		}
	}

	impl frame_support::view_functions::runtime_api::RuntimeViewFunction<Block> for Runtime {
		fn execute_view_function(
			id: frame_support::view_functions::ViewFunctionId,
			input: Vec<u8>,
		) -> Result<Vec<u8>, frame_support::view_functions::ViewFunctionDispatchError> {
			Runtime::execute_view_function(id, input)
		}
	}

	impl sp_block_builder::BlockBuilder<Block> for Runtime {
		fn apply_extrinsic(extrinsic: <Block as BlockT>::Extrinsic) -> ApplyExtrinsicResult {
			Executive::apply_extrinsic(extrinsic)
		}

		fn finalize_block() -> <Block as BlockT>::Header {
			Executive::finalize_block()
		}

		fn inherent_extrinsics(
			data: sp_inherents::InherentData,
		) -> Vec<<Block as BlockT>::Extrinsic> {
			data.create_extrinsics()
		}

		fn check_inherents(
			block: <Block as BlockT>::LazyBlock,
			data: sp_inherents::InherentData,
		) -> sp_inherents::CheckInherentsResult {
			data.check_extrinsics(&block)
		}
	}

	impl sp_transaction_pool::runtime_api::TaggedTransactionQueue<Block> for Runtime {
		fn validate_transaction(
			source: TransactionSource,
			tx: <Block as BlockT>::Extrinsic,
			block_hash: <Block as BlockT>::Hash,
		) -> TransactionValidity {
			Executive::validate_transaction(source, tx, block_hash)
		}
	}

	impl sp_offchain::OffchainWorkerApi<Block> for Runtime {
		fn offchain_worker(header: &<Block as BlockT>::Header) {
			Executive::offchain_worker(header)
		}
	}

	impl sp_consensus_babe::BabeApi<Block> for Runtime {
		fn configuration() -> sp_consensus_babe::BabeConfiguration {
			let epoch = Babe::epoch_config().unwrap_or(crate::genesis::BABE_EPOCH_CONFIG);
			sp_consensus_babe::BabeConfiguration {
				slot_duration: Babe::slot_duration(),
				epoch_length: crate::constants::time::EPOCH_DURATION_IN_SLOTS,
				c: epoch.c,
				authorities: Babe::authorities().to_vec(),
				randomness: Babe::randomness(),
				allowed_slots: epoch.allowed_slots,
			}
		}

		fn current_epoch_start() -> sp_consensus_babe::Slot {
			Babe::current_epoch_start()
		}

		fn current_epoch() -> sp_consensus_babe::Epoch {
			Babe::current_epoch()
		}

		fn next_epoch() -> sp_consensus_babe::Epoch {
			Babe::next_epoch()
		}

		fn generate_key_ownership_proof(
			_slot: sp_consensus_babe::Slot,
			authority_id: sp_consensus_babe::AuthorityId,
		) -> Option<sp_consensus_babe::OpaqueKeyOwnershipProof> {
			Historical::prove((sp_consensus_babe::KEY_TYPE, authority_id))
				.map(|proof| sp_consensus_babe::OpaqueKeyOwnershipProof::new(proof.encode()))
		}

		fn submit_report_equivocation_unsigned_extrinsic(
			equivocation_proof: sp_consensus_babe::EquivocationProof<<Block as BlockT>::Header>,
			key_owner_proof: sp_consensus_babe::OpaqueKeyOwnershipProof,
		) -> Option<()> {
			let key_owner_proof = key_owner_proof.decode()?;
			Babe::submit_unsigned_equivocation_report(equivocation_proof, key_owner_proof)
		}
	}

	impl sp_consensus_grandpa::GrandpaApi<Block> for Runtime {
		fn grandpa_authorities() -> sp_consensus_grandpa::AuthorityList {
			Grandpa::grandpa_authorities()
		}

		fn current_set_id() -> sp_consensus_grandpa::SetId {
			pallet_grandpa::CurrentSetId::<Runtime>::get()
		}

		fn submit_report_equivocation_unsigned_extrinsic(
			equivocation_proof: sp_consensus_grandpa::EquivocationProof<
				<Block as BlockT>::Hash,
				NumberFor<Block>,
			>,
			key_owner_proof: sp_consensus_grandpa::OpaqueKeyOwnershipProof,
		) -> Option<()> {
			let key_owner_proof = key_owner_proof.decode()?;
			Grandpa::submit_unsigned_equivocation_report(equivocation_proof, key_owner_proof)
		}

		fn generate_key_ownership_proof(
			_set_id: sp_consensus_grandpa::SetId,
			authority_id: sp_consensus_grandpa::AuthorityId,
		) -> Option<sp_consensus_grandpa::OpaqueKeyOwnershipProof> {
			Historical::prove((sp_consensus_grandpa::KEY_TYPE, authority_id))
				.map(|proof| sp_consensus_grandpa::OpaqueKeyOwnershipProof::new(proof.encode()))
		}
	}

	impl sp_authority_discovery::AuthorityDiscoveryApi<Block> for Runtime {
		fn authorities() -> Vec<sp_authority_discovery::AuthorityId> {
			AuthorityDiscovery::authorities()
		}
	}

	impl sp_session::SessionKeys<Block> for Runtime {
		fn generate_session_keys(
			owner: Vec<u8>,
			seed: Option<Vec<u8>>,
		) -> sp_session::OpaqueGeneratedSessionKeys {
			SessionKeys::generate(&owner, seed).into()
		}

		fn decode_session_keys(encoded: Vec<u8>) -> Option<Vec<(Vec<u8>, KeyTypeId)>> {
			SessionKeys::decode_into_raw_public_keys(&encoded)
		}
	}

	impl pallet_staking_runtime_api::StakingApi<Block, Balance, AccountId> for Runtime {
		fn nominations_quota(balance: Balance) -> u32 {
			Staking::api_nominations_quota(balance)
		}

		fn eras_stakers_page_count(
			era: sp_staking::EraIndex,
			account: AccountId,
		) -> sp_staking::Page {
			Staking::api_eras_stakers_page_count(era, account)
		}

		fn pending_rewards(era: sp_staking::EraIndex, account: AccountId) -> bool {
			Staking::api_pending_rewards(era, account)
		}
	}

	impl frame_system_rpc_runtime_api::AccountNonceApi<Block, AccountId, Nonce> for Runtime {
		fn account_nonce(account: AccountId) -> Nonce {
			System::account_nonce(account)
		}
	}

	impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentApi<Block, Balance> for Runtime {
		fn query_info(
			extrinsic: <Block as BlockT>::Extrinsic,
			len: u32,
		) -> RuntimeDispatchInfo<Balance> {
			let free = fees::is_free(&extrinsic);
			let info = TransactionPayment::query_info(extrinsic, len);
			RuntimeDispatchInfo { partial_fee: if free { 0 } else { info.partial_fee }, ..info }
		}

		fn query_fee_details(
			extrinsic: <Block as BlockT>::Extrinsic,
			len: u32,
		) -> FeeDetails<Balance> {
			let free = fees::is_free(&extrinsic);
			let details = TransactionPayment::query_fee_details(extrinsic, len);
			FeeDetails { inclusion_fee: details.inclusion_fee.filter(|_| !free), ..details }
		}

		fn query_weight_to_fee(weight: Weight) -> Balance {
			TransactionPayment::weight_to_fee(weight)
		}

		fn query_length_to_fee(length: u32) -> Balance {
			TransactionPayment::length_to_fee(length)
		}
	}

	impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentCallApi<Block, Balance, RuntimeCall>
		for Runtime
	{
		fn query_call_info(call: RuntimeCall, len: u32) -> RuntimeDispatchInfo<Balance> {
			let free = fees::is_feeless(&call);
			let info = TransactionPayment::query_call_info(call, len);
			RuntimeDispatchInfo { partial_fee: if free { 0 } else { info.partial_fee }, ..info }
		}

		fn query_call_fee_details(call: RuntimeCall, len: u32) -> FeeDetails<Balance> {
			let free = fees::is_feeless(&call);
			let details = TransactionPayment::query_call_fee_details(call, len);
			FeeDetails { inclusion_fee: details.inclusion_fee.filter(|_| !free), ..details }
		}

		fn query_weight_to_fee(weight: Weight) -> Balance {
			TransactionPayment::weight_to_fee(weight)
		}

		fn query_length_to_fee(length: u32) -> Balance {
			TransactionPayment::length_to_fee(length)
		}
	}

	impl pallet_device_registry_runtime_api::DeviceRegistryApi<Block, AccountId> for Runtime {
		fn device(id: DeviceId) -> Option<DeviceRecord<AccountId>> {
			DeviceRegistry::device_record(id)
		}

		fn device_by_key(key: PublicKey) -> Option<DeviceRecord<AccountId>> {
			DeviceRegistry::device_record_by_key(key)
		}

		fn network(id: NetworkId) -> Option<NetworkRecord<AccountId>> {
			DeviceRegistry::network_record(id)
		}

		fn maker(id: MakerId) -> Option<MakerRecord<AccountId>> {
			DeviceRegistry::maker_record(id)
		}

		fn grants(id: DeviceId) -> Result<Vec<GrantRecord<AccountId>>, LookupError> {
			DeviceRegistry::grants(id)
		}

		fn permissions(id: DeviceId, account: AccountId) -> Result<Permissions, LookupError> {
			DeviceRegistry::permissions(id, account)
		}

		fn devices_by_owner(
			owner: AccountId,
			after: Option<DeviceId>,
			limit: u32,
		) -> Page<DeviceRecord<AccountId>, DeviceId> {
			DeviceRegistry::devices_by_owner(owner, after, limit)
		}

		fn devices_by_network(
			network: NetworkId,
			after: Option<DeviceId>,
			limit: u32,
		) -> Result<Page<DeviceRecord<AccountId>, DeviceId>, LookupError> {
			DeviceRegistry::devices_by_network(network, after, limit)
		}

		fn devices_by_maker(
			maker: MakerId,
			after: Option<DeviceId>,
			limit: u32,
		) -> Result<Page<DeviceRecord<AccountId>, DeviceId>, LookupError> {
			DeviceRegistry::devices_by_maker(maker, after, limit)
		}

		fn devices_by_cell(
			cell: Cell,
			after: Option<(Cell, DeviceId)>,
			limit: u32,
		) -> Result<Page<DeviceRecord<AccountId>, (Cell, DeviceId)>, LookupError> {
			DeviceRegistry::devices_by_cell(cell, after, limit)
		}

		fn parameters() -> RegistryParameters {
			DeviceRegistry::parameters()
		}
	}

	impl pallet_attestation_runtime_api::AttestationApi<Block> for Runtime {
		fn last_report(device: DeviceId) -> Option<LastReport> {
			Attestation::last_report(device)
		}

		fn check_report(
			report: SignedReport,
			readings: Option<Readings>,
		) -> Result<(), Refusal<ReportError>> {
			Attestation::check_report(&report, readings.as_ref())
		}

		fn report_extrinsic(
			report: SignedReport,
			readings: Option<Readings>,
		) -> <Block as BlockT>::Extrinsic {
			authorized(pallet_attestation::Call::report { signed: report, readings })
		}

		fn accepted_reports() -> Vec<AcceptedReport> {
			Attestation::accepted_reports()
		}

		fn metrics(network: NetworkId, after: Option<MetricId>, limit: u32) -> MetricPage {
			Attestation::metrics(network, after, limit)
		}

		fn device_score(device: DeviceId) -> Option<DeviceScore> {
			Attestation::device_score(device)
		}

		fn check_reading(
			device: DeviceId,
			sequence: u64,
			proof: ReadingProof,
		) -> Result<(), ProofError> {
			Attestation::check_reading(device, sequence, &proof)
		}
	}

	impl pallet_coverage_runtime_api::CoverageApi<Block> for Runtime {
		fn challenge(device: DeviceId) -> Result<ChallengeRecord, Refusal<CoverageError>> {
			Coverage::challenge(device)
		}

		fn score(device: DeviceId) -> Option<CoverageScore> {
			Coverage::score(device)
		}

		fn check_witness(witness: SignedWitness) -> Result<(), Refusal<CoverageError>> {
			Coverage::check_witness(&witness)
		}

		fn check_beacon(beacon: Beacon) -> Result<(), Refusal<CoverageError>> {
			Coverage::check_beacon(&beacon)
		}

		fn witness_extrinsic(witness: SignedWitness) -> <Block as BlockT>::Extrinsic {
			authorized(pallet_coverage::Call::witness { witness })
		}

		fn beacon_extrinsic(beacon: Beacon) -> <Block as BlockT>::Extrinsic {
			authorized(pallet_coverage::Call::beacon { beacon })
		}

		fn judged_beacons() -> Vec<JudgedBeacon> {
			Coverage::judged_beacons()
		}
	}

	impl pallet_rewards_runtime_api::RewardsApi<Block, AccountId> for Runtime {
		fn pending(device: DeviceId) -> Option<PendingReward<AccountId>> {
			Rewards::pending(device)
		}

		fn former(device: DeviceId, owner: AccountId) -> Option<FormerReward<AccountId>> {
			Rewards::former(device, owner)
		}

		fn former_accounts(
			owner: AccountId,
			after: Option<DeviceId>,
			limit: u32,
		) -> Page<FormerReward<AccountId>, DeviceId> {
			Rewards::former_accounts(owner, after, limit)
		}

		fn payout(owner: AccountId) -> PayoutRecord<AccountId> {
			Rewards::payout(owner)
		}

		fn epoch(network: NetworkId, epoch: EpochIndex) -> Option<EpochShare> {
			Rewards::epoch(network, epoch)
		}

		fn schedule() -> Schedule {
			Rewards::schedule()
		}

		fn paid_rewards() -> Vec<PaidReward<AccountId>> {
			Rewards::paid_rewards()
		}
	}

	#[cfg(feature = "runtime-benchmarks")]
	impl frame_benchmarking::Benchmark<Block> for Runtime {
		fn benchmark_metadata(extra: bool) -> (
			Vec<frame_benchmarking::BenchmarkList>,
			Vec<frame_support::traits::StorageInfo>,
		) {
			crate::benchmarks::metadata(extra)
		}

		#[allow(non_local_definitions)]
		fn dispatch_benchmark(
			config: frame_benchmarking::BenchmarkConfig,
		) -> Result<Vec<frame_benchmarking::BenchmarkBatch>, alloc::string::String> {
			crate::benchmarks::dispatch(config)
		}
	}

	#[cfg(feature = "try-runtime")]
	impl frame_try_runtime::TryRuntime<Block> for Runtime {
		fn on_runtime_upgrade(checks: frame_try_runtime::UpgradeCheckSelect) -> (Weight, Weight) {
			let weight = Executive::try_runtime_upgrade(checks)
				.expect("a failed check of an upgrade must stop the tool that asked for it; qed");
			(weight, crate::configs::RuntimeBlockWeights::get().max_block)
		}

		fn execute_block(
			block: <Block as BlockT>::LazyBlock,
			state_root_check: bool,
			signature_check: bool,
			select: frame_try_runtime::TryStateSelect,
		) -> Weight {
			Executive::try_execute_block(block, state_root_check, signature_check, select)
				.expect("a failed check of a block must stop the tool that asked for it; qed")
		}
	}

	impl sp_genesis_builder::GenesisBuilder<Block> for Runtime {
		fn build_state(config: Vec<u8>) -> sp_genesis_builder::Result {
			crate::genesis::build(config)
		}

		fn get_preset(id: &Option<sp_genesis_builder::PresetId>) -> Option<Vec<u8>> {
			get_preset::<RuntimeGenesisConfig>(id, crate::genesis::get_preset)
		}

		fn preset_names() -> Vec<sp_genesis_builder::PresetId> {
			crate::genesis::preset_names()
		}
	}
}
