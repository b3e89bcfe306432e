//! Creating and closing networks.

use super::*;

fn create(
	who: AccountId,
	makers: Option<Vec<MakerId>>,
	policy: NetworkPolicy,
) -> sp_runtime::DispatchResult {
	let makers = makers.map(BoundedVec::truncate_from);
	Registry::create_network(signed(who), NetworkKind::Wireless, makers, BOND, policy)
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
		assert_eq!((record.id, record.admin, record.bond), (0, ADMIN, BOND));
		assert_eq!((record.kind, record.makers), (NetworkKind::Wireless, None));
		assert_eq!((record.policy, record.devices), (policy(), 0));
		assert_eq!(Registry::policy(0), Some(policy()));
		assert_eq!(held(HoldReason::NetworkDeposit, ADMIN), NETWORK_DEPOSIT);
		assert_eq!(Balances::free_balance(ADMIN), FUNDS - NETWORK_DEPOSIT);
	});
}

#[test]
fn a_closed_network_lists_its_makers() {
	ExtBuilder::default().build_and_execute(|| {
		let (first, second) = (register_maker(&Secret::p256(1)), register_maker(&Secret::p256(2)));
		assert_ok!(create(ADMIN, Some(vec![second, first]), policy()));
		assert_eq!(Registry::network_record(0).unwrap().makers, Some(vec![second, first]));
	});
}

#[test]
fn a_bad_list_of_makers_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let maker = register_maker(&Secret::p256(1));
		let other = register_maker(&Secret::p256(2));
		assert_noop!(create(ADMIN, Some(vec![]), policy()), Error::<Test>::NoMakers);
		for twice in [vec![maker, maker], vec![maker, other, maker], vec![other, maker, maker]] {
			assert_noop!(create(ADMIN, Some(twice), policy()), Error::<Test>::DuplicateMaker);
		}
		let unknown = vec![maker, other + 1];
		assert_noop!(create(ADMIN, Some(unknown), policy()), Error::<Test>::UnknownMaker);
	});
}

#[test]
fn a_policy_that_cannot_be_met_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let refused = |change: fn(&mut NetworkPolicy), error: Error<Test>| {
			let mut policy = policy();
			change(&mut policy);
			assert_noop!(create(ADMIN, None, policy), error);
		};
		refused(|p| p.cell_resolution = 16, Error::InvalidResolution);
		refused(|p| p.schemes = KeySchemes(0), Error::InvalidSchemes);
		refused(|p| p.schemes = KeySchemes(1 << 4), Error::InvalidSchemes);
		refused(|p| p.report.max_window = 0, Error::InvalidReportPolicy);
		refused(|p| p.report.max_age = Millis::MAX, Error::InvalidReportPolicy);
		refused(|p| p.coverage.as_mut().unwrap().min_distance = 301, Error::InvalidCoveragePolicy);
		refused(|p| p.coverage.as_mut().unwrap().max_frequency = 1, Error::InvalidCoveragePolicy);
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
fn a_network_without_devices_is_closed_and_its_deposit_returned() {
	ExtBuilder::default().build_and_execute(|| {
		let network = create_network(None);
		events();
		assert_ok!(Registry::close_network(signed(ADMIN), network));
		assert_eq!(events(), [Event::NetworkClosed { network, admin: ADMIN }]);
		assert_eq!(Balances::free_balance(ADMIN), FUNDS);
		assert_eq!(held(HoldReason::NetworkDeposit, ADMIN), 0);
		assert_eq!(Registry::network_record(network), None);
		assert_eq!(Registry::policy(network), None);
		assert_noop!(
			Registry::close_network(signed(ADMIN), network),
			Error::<Test>::UnknownNetwork
		);
	});
}

#[test]
fn only_its_admin_closes_a_network() {
	ExtBuilder::default().build_and_execute(|| {
		let network = create_network(None);
		assert_noop!(Registry::close_network(signed(BOB), network), Error::<Test>::NotAdmin);
		assert_noop!(Registry::close_network(RuntimeOrigin::root(), network), BadOrigin);
	});
}

#[test]
fn a_network_with_devices_stays() {
	ExtBuilder::default().retire_delay(0).build_and_execute(|| {
		let (network, device) = (create_network(None), Secret::ed25519(1));
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
		let first = create_network(None);
		assert_ok!(Registry::close_network(signed(ADMIN), first));
		assert_eq!(create_network(None), first + 1);
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
