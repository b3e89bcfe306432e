//! Creation of networks: rules, deposit and numbers.

use super::*;

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
		VotedCaps::set(depin_primitives::policy::PolicyCaps::WIDEST);
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
fn a_networks_bond_must_cover_the_state_of_a_device() {
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
fn a_networks_deposit_must_be_affordable() {
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
fn a_networks_number_is_never_assigned_twice() {
	ExtBuilder::default().build_and_execute(|| {
		let first = create_network();
		assert_ok!(Registry::close_network(signed(ADMIN), first));
		assert_eq!(create_network(), first + 1);
	});
}

#[test]
fn numbers_of_networks_run_out_without_wrapping() {
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
