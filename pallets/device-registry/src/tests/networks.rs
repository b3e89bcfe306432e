//! Networks: their rules and how these change, pausing, handing over, closing.

use super::*;

fn create(
	who: AccountId,
	makers: Option<Vec<MakerId>>,
	policy: NetworkPolicy,
) -> sp_runtime::DispatchResult {
	let makers = makers.map(BoundedVec::truncate_from);
	Registry::create_network(signed(who), NetworkKind::Wireless, makers, BOND, policy)
}

/// Sets other rules as the network's admin.
fn change(
	id: NetworkId,
	makers: Option<Vec<MakerId>>,
	bond: Balance,
	policy: NetworkPolicy,
) -> sp_runtime::DispatchResult {
	let makers = makers.map(BoundedVec::truncate_from);
	Registry::change_network(signed(ADMIN), id, makers, bond, policy)
}

/// Returns the view of a network that the other pallets get.
fn view(id: NetworkId) -> Option<depin_primitives::traits::NetworkView> {
	<Registry as depin_primitives::traits::Devices<AccountId>>::network(id)
}

/// Returns the bond in force, and the epoch and the bond of the rules to come.
fn bonds(id: NetworkId) -> (Balance, Option<(u32, Balance)>) {
	let record = Registry::network_record(id).unwrap();
	(record.rules.bond, record.next.map(|(epoch, rules)| (epoch, rules.bond)))
}

/// Returns the same bonds as they are stored.
fn written_bonds(id: NetworkId) -> (Balance, Option<(u32, Balance)>) {
	let network = Networks::<Test>::get(id).unwrap();
	(network.rules.bond, network.next.map(|(epoch, rules)| (epoch, rules.bond)))
}

#[test]
fn an_open_network_is_created_against_a_deposit() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(create(ADMIN, None, policy()));
		assert_eq!(
			events(),
			[Event::NetworkCreated { network: 0, kind: NetworkKind::Wireless, admin: ADMIN }]
		);
		let record = Registry::network_record(0).unwrap();
		assert_eq!((record.id, record.admin, record.kind), (0, ADMIN, NetworkKind::Wireless));
		assert_eq!((record.rules.makers, record.rules.bond), (None, BOND));
		assert_eq!((record.rules.policy, record.devices), (policy(), 0));
		assert_eq!((record.offered_to, record.paused, record.next), (None, None, None));
		let view = view(0).unwrap();
		assert_eq!((view.policy, view.paused), (policy(), false));
		assert_eq!(held(HoldReason::NetworkDeposit, ADMIN), NETWORK_DEPOSIT);
		assert_eq!(Balances::free_balance(ADMIN), FUNDS - NETWORK_DEPOSIT);
	});
}

#[test]
fn a_network_lists_its_makers() {
	ExtBuilder::default().build_and_execute(|| {
		let (first, second) = (register_maker(&Secret::p256(1)), register_maker(&Secret::p256(2)));
		assert_ok!(create(ADMIN, Some(vec![second, first]), policy()));
		assert_eq!(Registry::network_record(0).unwrap().rules.makers, Some(vec![second, first]));
	});
}

#[test]
fn a_bad_list_of_makers_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let maker = register_maker(&Secret::p256(1));
		let other = register_maker(&Secret::p256(2));
		let id = create_network();
		let refused = |makers: Vec<MakerId>, error: fn() -> Error<Test>| {
			assert_noop!(create(ADMIN, Some(makers.clone()), policy()), error());
			assert_noop!(change(id, Some(makers), BOND, policy()), error());
		};
		refused(vec![], || Error::NoMakers);
		refused(vec![maker, maker], || Error::DuplicateMaker);
		refused(vec![maker, other, maker], || Error::DuplicateMaker);
		refused(vec![other, maker, maker], || Error::DuplicateMaker);
		refused(vec![maker, other + 1], || Error::UnknownMaker);
		assert_ok!(Registry::deregister_maker(signed(MAKER), other));
		refused(vec![maker, other], || Error::UnknownMaker);
	});
}

#[test]
fn a_policy_that_cannot_be_met_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let id = create_network();
		let refused = |spoil: fn(&mut NetworkPolicy), error: fn() -> Error<Test>| {
			let mut policy = policy();
			spoil(&mut policy);
			assert_noop!(create(ADMIN, None, policy), error());
			assert_noop!(change(id, None, BOND, policy), error());
		};
		refused(|p| p.cell_resolution = 16, || Error::InvalidResolution);
		refused(|p| p.schemes = KeySchemes(0), || Error::InvalidSchemes);
		refused(|p| p.schemes = KeySchemes(1 << 4), || Error::InvalidSchemes);
		refused(|p| p.schemes = KeySchemes(0xff), || Error::InvalidSchemes);
		refused(|p| p.report.max_window = 0, || Error::InvalidReportPolicy);
		refused(|p| p.report.max_age = Millis::MAX, || Error::InvalidReportPolicy);
		refused(
			|p| p.coverage.as_mut().unwrap().min_distance = 301,
			|| Error::InvalidCoveragePolicy,
		);
		refused(
			|p| p.coverage.as_mut().unwrap().max_frequency = 1,
			|| Error::InvalidCoveragePolicy,
		);
		refused(|p| p.location.cooldown = YEAR + 1, || Error::InvalidLocationPolicy);
		refused(|p| p.location.cooldown = Millis::MAX, || Error::InvalidLocationPolicy);
		refused(|p| p.trust.required = TrustLevel::HardwareAttested, || Error::InvalidTrustPolicy);
		refused(|p| p.trust.open = ONE + 1, || Error::InvalidTrustPolicy);
		refused(|p| p.trust.certified = ONE + 1, || Error::InvalidTrustPolicy);
		refused(|p| p.trust.hardware_attested = u32::MAX, || Error::InvalidTrustPolicy);
		refused(|p| p.quality.period = 0, || Error::InvalidQualityPolicy);
		refused(|p| p.quality.period = YEAR + 1, || Error::InvalidQualityPolicy);
		refused(|p| p.quality.on_time = p.report.max_age + 1, || Error::InvalidQualityPolicy);
		refused(|p| p.quality.threshold = ONE + 1, || Error::InvalidQualityPolicy);
		refused(|p| p.quality.resolution = p.cell_resolution + 1, || Error::InvalidQualityPolicy);
		refused(|p| p.quality.min_neighbours = 0, || Error::InvalidQualityPolicy);
	});
}

const YEAR: Millis = depin_primitives::policy::MAX_POLICY_TIME;

#[test]
fn a_policy_may_go_to_its_limits() {
	ExtBuilder::default().build_and_execute(|| {
		let mut policy = policy();
		policy.location.cooldown = YEAR;
		for (required, weight) in [(TrustLevel::Open, 0), (TrustLevel::Certified, ONE)] {
			let trust = TrustPolicy {
				required,
				open: weight,
				certified: weight,
				hardware_attested: weight,
			};
			assert_ok!(create(ADMIN, None, NetworkPolicy { trust, ..policy }));
		}
	});
}

#[test]
fn the_bond_must_cover_what_is_kept_of_a_device() {
	ExtBuilder::default().build_and_execute(|| {
		let create = |bond| {
			Registry::create_network(signed(ADMIN), NetworkKind::Energy, None, bond, policy())
		};
		assert_noop!(create(0), Error::<Test>::BondTooSmall);
		assert_noop!(create(MIN_BOND - 1), Error::<Test>::BondTooSmall);
		assert_ok!(create(MIN_BOND));
		assert_noop!(change(0, None, MIN_BOND - 1, policy()), Error::<Test>::BondTooSmall);
		assert_ok!(change(0, None, MIN_BOND, policy()));
		assert_ok!(create(u128::MAX));
	});
}

#[test]
fn the_deposit_must_be_affordable() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(create(PAUPER, None, policy()), Error::<Test>::CannotAffordDeposit);
		// The existential deposit stays free: one unit less is too little.
		let enough = NETWORK_DEPOSIT + EXISTENTIAL_DEPOSIT;
		assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), PAUPER, enough - 1));
		assert_noop!(create(PAUPER, None, policy()), Error::<Test>::CannotAffordDeposit);
		assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), PAUPER, enough));
		assert_ok!(create(PAUPER, None, policy()));
	});
}

#[test]
fn other_rules_hold_from_the_next_epoch_on() {
	ExtBuilder::default().build_and_execute(|| {
		let maker = register_maker(&Secret::p256(100));
		let id = create_network();
		Epoch::set(5);
		events();
		let stricter = NetworkPolicy {
			schemes: KeySchemes::only(KeyScheme::P256),
			trust: TrustPolicy::CERTIFIED,
			coverage: None,
			..policy()
		};
		assert_ok!(change(id, Some(vec![maker]), 2 * BOND, stricter));
		assert_eq!(events(), [Event::RulesChanging { network: id, epoch: 6 }]);

		// The change is not in force until the epoch's last moment.
		let record = Registry::network_record(id).unwrap();
		assert_eq!((record.rules.makers, record.rules.bond), (None, BOND));
		assert_eq!(record.rules.policy, policy());
		let (epoch, next) = record.next.unwrap();
		assert_eq!((epoch, next.makers.clone(), next.bond), (6, Some(vec![maker]), 2 * BOND));
		assert_eq!(view(id).unwrap().policy, policy());
		assert_ok!(register(ALICE, id, &Secret::ed25519(1), None));
		assert_eq!(held(HoldReason::DeviceBond, ALICE), BOND);

		// The change is in force from its epoch's first moment on, without a write.
		for epoch in [6, 7, u32::MAX] {
			Epoch::set(epoch);
			let record = Registry::network_record(id).unwrap();
			assert_eq!((record.rules, record.next), (next.clone(), None));
			assert_eq!(view(id).unwrap().policy, stricter);
		}
		Epoch::set(6);
		assert_noop!(
			register(ALICE, id, &Secret::ed25519(2), None),
			Error::<Test>::SchemeNotAccepted
		);
		let device = Secret::p256(2);
		assert_noop!(register(ALICE, id, &device, None), Error::<Test>::CertificateRequired);
		let certificate = Secret::p256(100).certify(maker, 0, id, device.public());
		assert_ok!(register(ALICE, id, &device, Some(certificate)));
		assert_eq!(held(HoldReason::DeviceBond, ALICE), 3 * BOND);

		// The device that could not join today is still there, with its bond.
		let record = Registry::device_record(Secret::ed25519(1).id()).unwrap();
		assert_eq!((record.status, record.bond), (DeviceStatus::Active, BOND));
	});
}

#[test]
fn a_change_takes_the_place_of_one_that_does_not_hold_yet() {
	ExtBuilder::default().build_and_execute(|| {
		let id = create_network();
		assert_ok!(change(id, None, 100, policy()));
		assert_ok!(change(id, None, 101, policy()));
		assert_eq!(bonds(id), (BOND, Some((1, 101))));
		// A change that is in force already is not replaced.
		Epoch::set(1);
		assert_ok!(change(id, None, 102, policy()));
		assert_eq!(bonds(id), (101, Some((2, 102))));
		assert_eq!(written_bonds(id), bonds(id));
		// Setting the rules in force again is a change all the same.
		assert_ok!(change(id, None, 101, policy()));
		assert_eq!(bonds(id), (101, Some((2, 101))));
		Epoch::set(9);
		assert_eq!(bonds(id), (101, None));
	});
}

#[test]
fn whatever_is_written_of_a_network_keeps_its_rules() {
	let offer = |id| Registry::offer_network(signed(ADMIN), id, Some(BOB));
	let pause = |id| Registry::set_network_paused(signed(ADMIN), id, true);
	let join = |id| register(ALICE, id, &Secret::p256(2), None);
	let join_in_bulk = |id| {
		let devices = vec![Secret::p256(2).registration(ALICE, id, None)];
		Registry::register_devices(signed(ALICE), id, BoundedVec::truncate_from(devices))
	};
	let reap = |_| Registry::reap_device(signed(BOB), Secret::p256(1).id());
	let writes: [&dyn Fn(NetworkId) -> sp_runtime::DispatchResult; 5] =
		[&offer, &pause, &join, &join_in_bulk, &reap];
	for (at, write) in writes.into_iter().enumerate() {
		for epoch in [0, 1, 7] {
			ExtBuilder::default().retire_delay(0).build_and_execute(|| {
				let (id, device) = (create_network(), Secret::p256(1));
				assert_ok!(register(ALICE, id, &device, None));
				assert_ok!(Registry::retire_device(signed(ALICE), device.id()));
				assert_ok!(change(id, None, 100, policy()));
				Epoch::set(epoch);
				let expected = bonds(id);
				assert_ok!(write(id));
				assert_eq!(bonds(id), expected, "write {at} in epoch {epoch}");
				// All but the last call read the rules of the running epoch, and write them so.
				if at < 4 {
					assert_eq!(written_bonds(id), expected, "write {at} in epoch {epoch}");
				}
				Epoch::set(7);
				assert_eq!(bonds(id), (100, None), "write {at} in epoch {epoch}");
			});
		}
	}
}

#[test]
fn the_resolution_is_fixed() {
	ExtBuilder::default().build_and_execute(|| {
		let id = create_network();
		for cell_resolution in [0, 8, 10, 15] {
			let policy = NetworkPolicy { cell_resolution, ..policy() };
			assert_noop!(change(id, None, BOND, policy), Error::<Test>::ResolutionFixed);
		}
		assert_ok!(change(id, None, BOND, policy()));
	});
}

#[test]
fn the_last_epoch_has_no_next() {
	ExtBuilder::default().build_and_execute(|| {
		let id = create_network();
		Epoch::set(u32::MAX);
		assert_noop!(change(id, None, BOND, policy()), ArithmeticError::Overflow);
	});
}

#[test]
fn only_its_admin_changes_a_network() {
	ExtBuilder::default().build_and_execute(|| {
		let id = create_network();
		let change = |origin, id| Registry::change_network(origin, id, None, BOND, policy());
		assert_noop!(change(signed(BOB), id), Error::<Test>::NotAdmin);
		assert_noop!(change(signed(ADMIN), id + 1), Error::<Test>::UnknownNetwork);
		assert_noop!(change(RuntimeOrigin::root(), id), BadOrigin);
		assert_noop!(change(RuntimeOrigin::none(), id), BadOrigin);
	});
}

/// Covers every state, every command and every origin.
#[test]
fn a_network_is_paused_and_goes_on() {
	use Pauser::{Admin, Governance};
	let origin = |by| match by {
		Admin => signed(ADMIN),
		Governance => RuntimeOrigin::root(),
	};
	let set = |by, id, paused| Registry::set_network_paused(origin(by), id, paused);
	for before in [None, Some(Admin), Some(Governance)] {
		for by in [Admin, Governance] {
			for pause in [false, true] {
				ExtBuilder::default().build_and_execute(|| {
					let id = create_network();
					if let Some(before) = before {
						assert_ok!(set(before, id, true));
					}
					events();
					let expected = match (before, pause, by) {
						(None, true, by) => Ok(Some(by)),
						(Some(Admin), true, Governance) => Ok(Some(Governance)),
						(Some(Admin), false, _) | (Some(Governance), false, Governance) => Ok(None),
						(Some(Governance), false, Admin) => Err(Error::<Test>::PausedByGovernance),
						_ => Err(Error::<Test>::NothingToChange),
					};
					match expected {
						Err(error) => {
							assert_noop!(set(by, id, pause), error);
						}
						Ok(after) => {
							assert_ok!(set(by, id, pause));
							assert_eq!(Registry::network_record(id).unwrap().paused, after);
							assert_eq!(view(id).unwrap().paused, after.is_some());
							assert_eq!(
								events(),
								[match after {
									Some(by) => Event::NetworkPaused { network: id, by },
									None => Event::NetworkResumed { network: id },
								}]
							);
						}
					}
				});
			}
		}
	}
}

#[test]
fn only_its_admin_and_governance_pause_a_network() {
	ExtBuilder::default().build_and_execute(|| {
		let id = create_network();
		for paused in [true, false] {
			let set = |origin, id| Registry::set_network_paused(origin, id, paused);
			assert_noop!(set(signed(BOB), id), Error::<Test>::NotAdmin);
			assert_noop!(set(signed(ADMIN), id + 1), Error::<Test>::UnknownNetwork);
			assert_noop!(set(RuntimeOrigin::root(), id + 1), Error::<Test>::UnknownNetwork);
			assert_noop!(set(RuntimeOrigin::none(), id), BadOrigin);
		}
	});
}

#[test]
fn no_device_joins_a_paused_network() {
	ExtBuilder::default().retire_delay(0).build_and_execute(|| {
		let (id, device, other) = (create_network(), Secret::p256(1), Secret::p256(2));
		assert_ok!(register(ALICE, id, &device, None));
		assert_ok!(Registry::set_network_paused(signed(ADMIN), id, true));
		assert_noop!(register(ALICE, id, &other, None), Error::<Test>::NetworkPaused);

		// Registered devices can be moved, transferred and retired.
		Timestamp::set_timestamp(NOW + COOLDOWN);
		assert_ok!(Registry::assert_location(signed(ALICE), device.id(), away()));
		assert_ok!(transfer(device.id(), ALICE, BOB));
		assert_ok!(Registry::retire_device(signed(BOB), device.id()));
		assert_ok!(Registry::reap_device(signed(BOB), device.id()));

		// The network's rules can change, and it can be resumed.
		assert_ok!(change(id, None, 2 * BOND, policy()));
		assert_ok!(Registry::set_network_paused(signed(ADMIN), id, false));
		assert_ok!(register(ALICE, id, &other, None));
	});
}

#[test]
fn a_paused_network_can_be_closed() {
	ExtBuilder::default().build_and_execute(|| {
		let id = create_network();
		assert_ok!(Registry::set_network_paused(RuntimeOrigin::root(), id, true));
		assert_ok!(Registry::close_network(signed(ADMIN), id));
		assert_eq!(view(id), None);
	});
}

#[test]
fn a_network_is_handed_over_in_two_steps() {
	ExtBuilder::default().build_and_execute(|| {
		let id = create_network();
		events();
		assert_ok!(Registry::offer_network(signed(ADMIN), id, Some(BOB)));
		assert_eq!(events(), [Event::NetworkOffered { network: id, to: Some(BOB) }]);
		// Nothing has changed but the offer.
		let record = Registry::network_record(id).unwrap();
		assert_eq!((record.admin, record.offered_to), (ADMIN, Some(BOB)));
		assert_eq!(held(HoldReason::NetworkDeposit, ADMIN), NETWORK_DEPOSIT);
		assert_noop!(Registry::close_network(signed(BOB), id), Error::<Test>::NotAdmin);

		assert_ok!(Registry::accept_network(signed(BOB), id));
		assert_eq!(events(), [Event::NetworkHandedOver { network: id, from: ADMIN, to: BOB }]);
		let record = Registry::network_record(id).unwrap();
		assert_eq!((record.admin, record.offered_to), (BOB, None));
		assert_eq!(held(HoldReason::NetworkDeposit, ADMIN), 0);
		assert_eq!(Balances::free_balance(ADMIN), FUNDS);
		assert_eq!(held(HoldReason::NetworkDeposit, BOB), NETWORK_DEPOSIT);
		assert_eq!(Balances::free_balance(BOB), FUNDS - NETWORK_DEPOSIT);

		// The admin's rights have moved, too.
		assert_noop!(change(id, None, BOND, policy()), Error::<Test>::NotAdmin);
		assert_noop!(Registry::accept_network(signed(BOB), id), Error::<Test>::NotOffered);
		assert_ok!(Registry::close_network(signed(BOB), id));
		assert_eq!(Balances::free_balance(BOB), FUNDS);
	});
}

/// The amount taken over is the one that was held, not the price of a network today.
#[test]
fn the_deposit_that_is_taken_over_is_the_one_that_was_held() {
	ExtBuilder::default().build_and_execute(|| {
		let id = create_network();
		let reason = HoldReason::NetworkDeposit;
		assert_ok!(Registry::hold(reason, &ADMIN, 7, Error::<Test>::CannotAffordDeposit));
		Networks::<Test>::mutate_extant(id, |network| network.deposit += 7);
		assert_ok!(Registry::offer_network(signed(ADMIN), id, Some(BOB)));
		assert_ok!(Registry::accept_network(signed(BOB), id));
		assert_eq!((held(reason, ADMIN), held(reason, BOB)), (0, NETWORK_DEPOSIT + 7));
	});
}

#[test]
fn an_offer_is_withdrawn_or_replaced() {
	ExtBuilder::default().build_and_execute(|| {
		let id = create_network();
		let offer = |to| Registry::offer_network(signed(ADMIN), id, to);
		assert_noop!(offer(None), Error::<Test>::NothingToChange);
		assert_noop!(offer(Some(ADMIN)), Error::<Test>::OfferToSelf);
		assert_ok!(offer(Some(BOB)));
		assert_noop!(offer(Some(BOB)), Error::<Test>::NothingToChange);
		assert_ok!(offer(Some(ALICE)));
		assert_noop!(Registry::accept_network(signed(BOB), id), Error::<Test>::NotOffered);
		events();
		assert_ok!(offer(None));
		assert_eq!(events(), [Event::NetworkOffered { network: id, to: None }]);
		assert_noop!(Registry::accept_network(signed(ALICE), id), Error::<Test>::NotOffered);
	});
}

#[test]
fn who_takes_a_network_over_can_pay_for_it() {
	ExtBuilder::default().build_and_execute(|| {
		let id = create_network();
		assert_ok!(Registry::offer_network(signed(ADMIN), id, Some(PAUPER)));
		let accept = || Registry::accept_network(signed(PAUPER), id);
		assert_noop!(accept(), Error::<Test>::CannotAffordDeposit);
		let enough = NETWORK_DEPOSIT + EXISTENTIAL_DEPOSIT;
		assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), PAUPER, enough));
		assert_ok!(accept());
	});
}

#[test]
fn only_its_admin_offers_a_network() {
	ExtBuilder::default().build_and_execute(|| {
		let id = create_network();
		let offer = |origin, id| Registry::offer_network(origin, id, Some(ALICE));
		assert_noop!(offer(signed(BOB), id), Error::<Test>::NotAdmin);
		assert_noop!(offer(signed(ADMIN), id + 1), Error::<Test>::UnknownNetwork);
		assert_noop!(offer(RuntimeOrigin::root(), id), BadOrigin);
		assert_noop!(Registry::accept_network(signed(ALICE), id), Error::<Test>::NotOffered);
		assert_noop!(
			Registry::accept_network(signed(ALICE), id + 1),
			Error::<Test>::UnknownNetwork
		);
		assert_noop!(Registry::accept_network(RuntimeOrigin::root(), id), BadOrigin);
	});
}

#[test]
fn a_network_without_devices_is_closed_and_its_deposit_returned() {
	ExtBuilder::default().build_and_execute(|| {
		let network = create_network();
		events();
		assert_ok!(Registry::close_network(signed(ADMIN), network));
		assert_eq!(events(), [Event::NetworkClosed { network, admin: ADMIN }]);
		assert_eq!(Balances::free_balance(ADMIN), FUNDS);
		assert_eq!(held(HoldReason::NetworkDeposit, ADMIN), 0);
		assert_eq!(Registry::network_record(network), None);
		assert_eq!(view(network), None);
		assert_noop!(
			Registry::close_network(signed(ADMIN), network),
			Error::<Test>::UnknownNetwork
		);
	});
}

#[test]
fn only_its_admin_closes_a_network() {
	ExtBuilder::default().build_and_execute(|| {
		let network = create_network();
		assert_noop!(Registry::close_network(signed(BOB), network), Error::<Test>::NotAdmin);
		assert_noop!(Registry::close_network(RuntimeOrigin::root(), network), BadOrigin);
	});
}

#[test]
fn a_network_with_devices_stays() {
	ExtBuilder::default().retire_delay(0).build_and_execute(|| {
		let (network, device) = (create_network(), Secret::ed25519(1));
		assert_ok!(register(ALICE, network, &device, None));
		let close = || Registry::close_network(signed(ADMIN), network);
		assert_noop!(close(), Error::<Test>::NetworkInUse);
		assert_ok!(Registry::retire_device(signed(ALICE), device.id()));
		assert_noop!(close(), Error::<Test>::NetworkInUse);
		assert_ok!(Registry::reap_device(signed(BOB), device.id()));
		assert_ok!(close());
	});
}

#[test]
fn a_number_is_never_given_twice() {
	ExtBuilder::default().build_and_execute(|| {
		let first = create_network();
		assert_ok!(Registry::close_network(signed(ADMIN), first));
		assert_eq!(create_network(), first + 1);
	});
}

#[test]
fn numbers_run_out_without_wrapping() {
	ExtBuilder::default().build_and_execute(|| {
		NextNetworkId::<Test>::put(NetworkId::MAX);
		assert_noop!(create(ADMIN, None, policy()), ArithmeticError::Overflow);
	});
}

#[test]
fn only_signed_accounts_create_networks() {
	ExtBuilder::default().build_and_execute(|| {
		let create =
			|origin| Registry::create_network(origin, NetworkKind::Energy, None, BOND, policy());
		assert_noop!(create(RuntimeOrigin::none()), BadOrigin);
		assert_noop!(create(RuntimeOrigin::root()), BadOrigin);
	});
}
