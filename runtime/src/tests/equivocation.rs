//! Test that an author of two blocks in one slot is slashed.

use super::started;
use crate::{
	Executive, Header, Historical, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin, System,
};
use depin_primitives::H256;
use frame_support::traits::KeyOwnerProofSystem;
use sp_consensus_babe::{
	digests::{CompatibleDigestItem, PreDigest, SecondaryPlainPreDigest},
	AuthorityId, EquivocationProof, Slot, KEY_TYPE,
};
use sp_keyring::Sr25519Keyring::Alice;
use sp_runtime::{
	traits::{Dispatchable, Header as _},
	Digest, DigestItem, Perbill,
};

#[test]
fn an_equivocation_is_slashed() {
	let slot = Slot::from(1_000);
	let digest = |slot| {
		let pre = PreDigest::SecondaryPlain(SecondaryPlainPreDigest { authority_index: 0, slot });
		Digest { logs: vec![DigestItem::babe_pre_digest(pre)] }
	};
	let sealed = |number| {
		let mut header =
			Header::new(number, H256::zero(), H256::zero(), H256::zero(), digest(slot));
		let signature = Alice.sign(header.hash().as_bytes());
		header.digest_mut().push(DigestItem::babe_seal(signature.into()));
		header
	};

	started("development").execute_with(|| {
		let genesis = System::block_hash(0);
		let first = Header::new(1, H256::zero(), H256::zero(), genesis, digest(slot));
		Executive::initialize_block(&first);

		let offender = AuthorityId::from(Alice.public());
		let proof = Historical::prove((KEY_TYPE, offender.clone())).expect("Alice has the key");
		let report = || {
			RuntimeCall::Babe(pallet_babe::Call::report_equivocation_unsigned {
				equivocation_proof: Box::new(EquivocationProof {
					offender: offender.clone(),
					slot,
					first_header: sealed(1),
					second_header: sealed(2),
				}),
				key_owner_proof: proof.clone(),
			})
		};
		report().dispatch(RuntimeOrigin::none()).expect("the proof holds");

		let slashed = System::events().into_iter().any(|record| {
			matches!(
				record.event,
				RuntimeEvent::Staking(pallet_staking::Event::SlashReported {
					ref validator,
					fraction,
					..
				}) if *validator == Alice.to_account_id() && fraction == Perbill::one()
			)
		});
		assert!(slashed, "{:?}", System::events());
		assert!(pallet_staking::UnappliedSlashes::<Runtime>::iter().next().is_some());
		// The offence is slashed once.
		assert!(report().dispatch(RuntimeOrigin::none()).is_err());
	});
}
