//! Makers: their keys, certificates, and declarations of compromised keys.

use crate::{
	types::{Declaration, Evidence, MakerKey},
	Config, Declarations, Device, Error, Event, HoldReason, Maker, Makers, Network, NextMakerId,
	Pallet,
};
use depin_primitives::{
	maker::{CompromiseReason, MakerKeyIndex},
	statement::SignedCertificate,
	suspension::{SuspendReason, Suspender},
	verify::{is_well_formed, verify},
	Balance, DeviceId, MakerId, NetworkId, PublicKey, H256,
};
use frame_support::{pallet_prelude::*, traits::Time};
use sp_runtime::{ArithmeticError, Saturating};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_register_maker(account: T::AccountId, key: PublicKey) -> DispatchResult {
		ensure!(is_well_formed(&key), Error::<T>::MalformedKey);
		let id = NextMakerId::<T>::get();
		let next = id.checked_add(1).ok_or(ArithmeticError::Overflow)?;
		let (deposit, key_deposit) = (Self::maker_deposit(), Self::maker_key_deposit());
		let both = deposit.checked_add(key_deposit).ok_or(ArithmeticError::Overflow)?;
		Self::hold(HoldReason::MakerDeposit, &account, both, Error::<T>::CannotAffordDeposit)?;

		let first = MakerKey { number: 0, key, deposit: key_deposit };
		let keys = BoundedVec::try_from(alloc::vec![first]).map_err(|_| Error::<T>::TooManyKeys)?;
		NextMakerId::<T>::put(next);
		let maker = Maker {
			account: account.clone(),
			keys,
			next_key: 1,
			deposit,
			declarations: 0,
			declaration_deposits: 0,
			offered_to: None,
		};
		Makers::<T>::insert(id, maker);
		Self::deposit_event(Event::MakerRegistered { maker: id, account, key });
		Ok(())
	}

	pub(crate) fn do_deregister_maker(who: T::AccountId, id: MakerId) -> DispatchResult {
		let maker = Self::maker_of(&who, id)?;
		ensure!(maker.declarations == 0, Error::<T>::DeclarationsRemain);
		Self::release(HoldReason::MakerDeposit, &who, maker.held())?;

		Makers::<T>::remove(id);
		Self::deposit_event(Event::MakerDeregistered { maker: id, account: who });
		Ok(())
	}

	pub(crate) fn do_add_maker_key(
		who: T::AccountId,
		id: MakerId,
		key: PublicKey,
	) -> DispatchResult {
		let mut maker = Self::maker_of(&who, id)?;
		ensure!(maker.keys.iter().all(|known| known.key != key), Error::<T>::DuplicateKey);
		ensure!(is_well_formed(&key), Error::<T>::MalformedKey);
		let number = maker.next_key;
		maker.next_key = number.checked_add(1).ok_or(ArithmeticError::Overflow)?;
		let deposit = Self::maker_key_deposit();
		maker
			.keys
			.try_push(MakerKey { number, key, deposit })
			.map_err(|_| Error::<T>::TooManyKeys)?;
		Self::hold(HoldReason::MakerDeposit, &who, deposit, Error::<T>::CannotAffordDeposit)?;

		Makers::<T>::insert(id, maker);
		Self::deposit_event(Event::MakerKeyAdded { maker: id, number, key });
		Ok(())
	}

	pub(crate) fn do_revoke_maker_key(
		who: T::AccountId,
		id: MakerId,
		number: MakerKeyIndex,
	) -> DispatchResult {
		let mut maker = Self::maker_of(&who, id)?;
		let at = Self::key_at(&maker, number)?;
		let MakerKey { deposit, .. } = maker.keys.remove(at);
		Self::release(HoldReason::MakerDeposit, &who, deposit)?;

		Makers::<T>::insert(id, maker);
		Self::deposit_event(Event::MakerKeyRevoked { maker: id, number });
		Ok(())
	}

	pub(crate) fn do_declare_compromised(
		who: T::AccountId,
		id: MakerId,
		key: PublicKey,
		reason: CompromiseReason,
		device: Option<DeviceId>,
	) -> DispatchResult {
		let mut maker = Self::maker_of(&who, id)?;
		let hash = key.device_id();
		ensure!(!Declarations::<T>::contains_key(id, hash), Error::<T>::AlreadyDeclared);
		maker.declarations = maker.declarations.checked_add(1).ok_or(ArithmeticError::Overflow)?;
		let deposit = Self::declaration_deposit();
		maker.declaration_deposits =
			maker.declaration_deposits.checked_add(deposit).ok_or(ArithmeticError::Overflow)?;
		Self::hold(HoldReason::MakerDeposit, &who, deposit, Error::<T>::CannotAffordDeposit)?;

		Makers::<T>::insert(id, maker);
		Declarations::<T>::insert(id, hash, Declaration { reason, deposit });
		let certified = Self::certified_device(id, &key, device);
		let device = certified.as_ref().map(|(device, _)| *device);
		Self::deposit_event(Event::KeyDeclaredCompromised { maker: id, key, reason, device });
		if let Some((device_id, device)) = certified {
			// A device that is suspended already stays as it is.
			if device.status.suspension_case().is_none() {
				let (by, reason) = (Suspender::Maker(id), SuspendReason::KeyCompromised);
				Self::suspend(device_id, device, by, reason, H256::zero());
			}
		}
		Ok(())
	}

	pub(crate) fn do_withdraw_declaration(
		who: T::AccountId,
		id: MakerId,
		key: PublicKey,
	) -> DispatchResult {
		let mut maker = Self::maker_of(&who, id)?;
		let hash = key.device_id();
		let declaration = Declarations::<T>::get(id, hash).ok_or(Error::<T>::NotDeclared)?;
		Self::release(HoldReason::MakerDeposit, &who, declaration.deposit)?;

		maker.declarations.saturating_dec();
		maker.declaration_deposits = maker.declaration_deposits.saturating_sub(declaration.deposit);
		Makers::<T>::insert(id, maker);
		Declarations::<T>::remove(id, hash);
		Self::deposit_event(Event::DeclarationWithdrawn { maker: id, key });
		Ok(())
	}

	pub(crate) fn do_offer_maker(
		who: T::AccountId,
		id: MakerId,
		to: Option<T::AccountId>,
	) -> DispatchResult {
		let mut maker = Self::maker_of(&who, id)?;
		ensure!(to.as_ref() != Some(&who), Error::<T>::OfferToSelf);
		ensure!(maker.offered_to != to, Error::<T>::NothingToChange);

		maker.offered_to = to.clone();
		Makers::<T>::insert(id, maker);
		Self::deposit_event(Event::MakerOffered { maker: id, to });
		Ok(())
	}

	pub(crate) fn do_accept_maker(
		who: T::AccountId,
		id: MakerId,
		limit: Balance,
	) -> DispatchResult {
		let mut maker = Makers::<T>::get(id).ok_or(Error::<T>::UnknownMaker)?;
		ensure!(maker.offered_to.as_ref() == Some(&who), Error::<T>::NotOffered);
		// The previous account may have added keys and declarations in front of this call.
		let held = maker.held();
		ensure!(held <= limit, Error::<T>::DepositAboveLimit);
		let (reason, poor) = (HoldReason::MakerDeposit, Error::<T>::CannotAffordDeposit);
		Self::take_over(reason, &maker.account, &who, held, poor)?;

		maker.offered_to = None;
		let from = core::mem::replace(&mut maker.account, who.clone());
		Makers::<T>::insert(id, maker);
		Self::deposit_event(Event::MakerHandedOver { maker: id, from, to: who });
		Ok(())
	}

	/// Checks the certificate of `key`, if there is one, and returns the evidence that the device
	/// has. Fails if the network requires more trust.
	pub(crate) fn check_evidence(
		network: &Network<T>,
		network_id: NetworkId,
		key: &PublicKey,
		certificate: Option<SignedCertificate>,
		genesis: &H256,
	) -> Result<Evidence, Error<T>> {
		let evidence = match certificate {
			None => Evidence::Open,
			Some(certificate) => {
				Self::check_certificate(network, network_id, key, certificate, genesis)?
			}
		};
		let required = network.rules.policy.trust.required;
		ensure!(evidence.trust() >= required, Error::<T>::CertificateRequired);
		Ok(evidence)
	}

	/// Checks a certificate of `key` by a maker that the network accepts, the signature last, and
	/// returns the evidence that it gives.
	pub(crate) fn check_certificate(
		network: &Network<T>,
		network_id: NetworkId,
		key: &PublicKey,
		certificate: SignedCertificate,
		genesis: &H256,
	) -> Result<Evidence, Error<T>> {
		let id = certificate.maker;
		let maker = Makers::<T>::get(id).ok_or(Error::<T>::UnknownMaker)?;
		Self::ensure_accepted(network, id)?;
		ensure!(T::Time::now() < certificate.expires, Error::<T>::CertificateExpired);
		let at = Self::key_at(&maker, certificate.key)?;
		// The index is one of the list's, so that the key is there; qed.
		let signer = maker.keys.get(at).ok_or(Error::<T>::UnknownMakerKey)?;
		Self::ensure_not_declared(id, key)?;
		let body = certificate.certificate(network_id, *key);
		let good = verify(&signer.key, &certificate.signature, &body, genesis);
		ensure!(good, Error::<T>::BadCertificate);
		Ok(Evidence::Certified { maker: id, model: certificate.model })
	}

	/// Fails if the network does not list the maker.
	pub(crate) fn ensure_accepted(network: &Network<T>, maker: MakerId) -> Result<(), Error<T>> {
		let listed = network.rules.makers.as_ref().is_none_or(|makers| makers.contains(&maker));
		ensure!(listed, Error::<T>::MakerNotAccepted);
		Ok(())
	}

	/// Fails if the maker is not registered, or has revoked its key of this number.
	pub(crate) fn ensure_valid_key(maker: MakerId, number: MakerKeyIndex) -> Result<(), Error<T>> {
		let maker = Makers::<T>::get(maker).ok_or(Error::<T>::UnknownMaker)?;
		Self::key_at(&maker, number).map(drop)
	}

	/// Fails if the maker has declared the key compromised.
	pub(crate) fn ensure_not_declared(maker: MakerId, key: &PublicKey) -> Result<(), Error<T>> {
		let declared = Declarations::<T>::contains_key(maker, key.device_id());
		ensure!(!declared, Error::<T>::KeyCompromised);
		Ok(())
	}

	/// Returns the maker if it belongs to `who`.
	fn maker_of(who: &T::AccountId, id: MakerId) -> Result<Maker<T>, Error<T>> {
		let maker = Makers::<T>::get(id).ok_or(Error::<T>::UnknownMaker)?;
		ensure!(maker.account == *who, Error::<T>::NotMaker);
		Ok(maker)
	}

	/// Returns the index of a key in the maker's list by the key's number.
	fn key_at(maker: &Maker<T>, number: MakerKeyIndex) -> Result<usize, Error<T>> {
		maker.keys.binary_search_by_key(&number, |key| key.number).map_err(|_| {
			if number < maker.next_key {
				Error::<T>::MakerKeyRevoked
			} else {
				Error::<T>::UnknownMakerKey
			}
		})
	}

	/// Returns the device that this maker has certified and that signs with this key now: the
	/// device whose first key it is, or the one named.
	fn certified_device(
		maker: MakerId,
		key: &PublicKey,
		named: Option<DeviceId>,
	) -> Option<(DeviceId, Device<T::AccountId>)> {
		let signs = |id: DeviceId| {
			let device = Self::stored_device(id)?;
			let by_it = device.evidence.maker().is_some_and(|(by, _)| by == maker);
			(by_it && device.key == *key).then_some((id, device))
		};
		// At most one of the two signs with the key, as no two devices share a key.
		named.into_iter().chain([key.device_id()]).find_map(signs)
	}
}
