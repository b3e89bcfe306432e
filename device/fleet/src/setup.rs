//! Preparation before the work: two networks, a maker, the devices and their owners.

use crate::{
	air::{Place, HOTSPOTS, STATIONS},
	chain::{Call, Chain},
	screen::Screen,
	weather::METRICS,
};
use anyhow::{ensure, Context, Result};
use codec::Compact;
use depin_device::{device::Device, key::DeviceKey, maker::Maker};
use depin_primitives::{
	key::KeySchemes,
	network::NetworkKind,
	policy::{
		CoveragePolicy, LocationPolicy, NetworkPolicy, QualityPolicy, QualityWeights, ReportPolicy,
		TrustPolicy, ONE,
	},
	Cell, DeviceId, KeyScheme, MakerId, Millis, NetworkId,
};
use futures::future::try_join_all;
use std::str::FromStr;
use subxt::utils::AccountId32;
use subxt_signer::{sr25519::Keypair, SecretUri};

/// H3 resolution of both networks' cells: neighbouring centres are about 350 m apart.
pub const RESOLUTION: u8 = 9;

/// One WORK, in the token's smallest unit.
const WORK: u128 = 1_000_000_000_000;
/// Bond that each device's owner locks.
const BOND: u128 = 10 * WORK;
/// Balance below which an account of the demo is funded.
const ENOUGH: u128 = 200 * WORK;
/// Maker's numbers of its two models, of stations and of hotspots.
pub const MODELS: [u32; 2] = [100, 200];

pub const HOUR: Millis = 60 * 60 * 1000;

/// Time for which the statements of the devices are valid.
pub const STATEMENT_LIFETIME: Millis = 10 * 60 * 1000;

/// H3 resolution of the stations' neighbourhood cells, of about 45 km. Each airport is in a cell of
/// its own, and each of the three cells borders on the other two.
const NEIGHBOURHOOD: u8 = 4;

/// Shortest time between two moves of a device. A network in production sets days.
pub const COOLDOWN: Millis = 60 * 1000;

/// Key schemes of the devices, assigned in rotation.
const SCHEMES: [KeyScheme; 4] =
	[KeyScheme::P256, KeyScheme::Ed25519, KeyScheme::Sr25519, KeyScheme::Secp256k1];

/// Owners that every development chain funds; more are derived and funded by the demo.
const OWNERS: [&str; 5] = ["//Bob", "//Charlie", "//Dave", "//Eve", "//Ferdie"];

/// Account, by its public key.
pub type Account = [u8; 32];

/// Account that owns devices.
pub struct Owner {
	/// Derivation path of the account's key, from the development phrase.
	pub name: String,
	/// Key of the account.
	pub key: Keypair,
}

impl Owner {
	/// Returns the owner's account.
	pub fn account(&self) -> Account {
		self.key.public_key().0
	}
}

/// Device of the fleet.
pub struct Member {
	/// Place of the device.
	pub place: Place,
	/// H3 cell of that place, in which the device is registered.
	pub cell: Cell,
	/// Id and key of the device.
	pub device: Device<DeviceKey>,
	/// Owner of the device, by the index in [`Fleet::owners`].
	pub owner: usize,
}

/// Everything that the demo made on the chain.
pub struct Fleet {
	/// Network of the weather stations.
	pub sensor: NetworkId,
	/// Network of the radio hotspots.
	pub radio: NetworkId,
	/// Key of the chain's sudo account, which runs both networks and pays the fees of the claims;
	/// anyone can claim for a device.
	pub admin: Keypair,
	/// Maker that certifies the devices' keys.
	pub maker: Maker<DeviceKey>,
	/// Owners of the devices.
	pub owners: Vec<Owner>,
	/// Buyer of the device that is sold.
	pub buyer: Owner,
	/// Weather stations.
	pub stations: Vec<Member>,
	/// Radio hotspots.
	pub hotspots: Vec<Member>,
}

impl Fleet {
	/// Returns all devices, the stations first.
	pub fn members(&self) -> impl Iterator<Item = &Member> {
		self.stations.iter().chain(&self.hotspots)
	}

	/// Returns the name of the account with this address.
	pub fn name(&self, address: &str) -> &str {
		let mut known = self.owners.iter().chain([&self.buyer]);
		let owner = known.find(|owner| ss58(owner.account()) == address);
		owner.map_or("a stranger", |owner| &owner.name)
	}
}

/// Returns the policy of the sensor network, for one report of each `window`.
pub fn sensor_policy(window: Millis) -> NetworkPolicy {
	let readings = METRICS.len() as u64;
	NetworkPolicy {
		cell_resolution: RESOLUTION,
		schemes: KeySchemes::ALL,
		location: LocationPolicy { cooldown: COOLDOWN },
		trust: TrustPolicy::CERTIFIED,
		report: ReportPolicy {
			// A report of all metrics is credited in full.
			max_work_per_hour: (readings * HOUR).div_ceil(window),
			// A report in each block: two accepted reports are at least a block apart anyway.
			min_interval: 0,
			max_window: window.max(HOUR),
			max_age: 24 * HOUR,
			// The chain's clock shows the time of the last block, some seconds ago.
			max_skew: 30_000,
		},
		quality: QualityPolicy {
			period: window,
			// Ten minutes after the hour; a few blocks if an hour takes no longer than a block.
			on_time: (window / 6).max(30_000),
			weights: QualityWeights {
				cadence: 25,
				continuity: 25,
				plausibility: 25,
				neighbours: 25,
			},
			threshold: ONE / 2,
			resolution: NEIGHBOURHOOD,
			// Each of the three stations has two neighbours.
			min_neighbours: 2,
			copy_limit: 6,
		},
		coverage: None,
	}
}

/// Returns the policy of the radio network.
pub fn radio_policy() -> NetworkPolicy {
	NetworkPolicy {
		cell_resolution: RESOLUTION,
		schemes: KeySchemes::ALL,
		location: LocationPolicy { cooldown: COOLDOWN },
		trust: TrustPolicy::CERTIFIED,
		report: ReportPolicy {
			max_work_per_hour: 3_600,
			min_interval: 60_000,
			max_window: HOUR,
			max_age: 24 * HOUR,
			max_skew: 30_000,
		},
		quality: QualityPolicy::OFF,
		coverage: Some(CoveragePolicy {
			// In cells: about 1 km and 50 km.
			min_distance: 3,
			max_distance: 150,
			// The uplink channels of US915.
			min_frequency: 902_300_000,
			max_frequency: 914_900_000,
			points_per_unit: 1_000,
		}),
	}
}

/// Creates the networks, the maker and the devices.
pub async fn set_up(chain: &Chain, hotspots: usize, window: Millis, out: &Screen) -> Result<Fleet> {
	let admin = account("//Alice")?;
	let owners = owners(hotspots)?;
	let named = |path: &str| anyhow::Ok(Owner { name: path.into(), key: account(path)? });
	let (maker, buyer) = (named("//fleet//maker")?, named("//fleet//buyer")?);

	out.title("Accounts");
	out.say("//Alice is the chain's sudo, runs both networks and pays for the demo.");
	fund(chain, &admin, owners.iter().chain([&maker, &buyer]), out).await?;

	out.title("A maker");
	let key = random_key(KeyScheme::P256);
	out.say(format!(
		"{} registers its certificate key, P-256 0x{}",
		maker.name,
		hex::encode(key.public_key().as_bytes())
	));
	let call = chain.call("DeviceRegistry", "register_maker", key.public_key())?;
	let done = chain.submit(&maker.key, &call).await.context("the maker cannot be registered")?;
	let id = one::<MakerId>(done.find("DeviceRegistry", "MakerRegistered")?)?;
	out.say(format!("  block {}: it is maker {id}", done.block));
	let maker = Maker::new(id, 0, key);

	out.title("Two networks");
	let (sensor, radio) = networks(chain, &admin, maker.id(), window, out).await?;

	out.title("Devices");
	let expires = chain.now().await? + 24 * HOUR;
	let mut schemes = SCHEMES.into_iter().cycle();
	let mut make = |places: &[Place]| -> Result<Vec<Member>> {
		let members = places.iter().enumerate().zip(&mut schemes).map(|((at, place), scheme)| {
			let device = Device::new(random_key(scheme), chain.genesis());
			let (place, owner) = (*place, at % owners.len());
			Ok(Member { place, cell: place.cell(RESOLUTION)?, device, owner })
		});
		members.collect()
	};
	let (stations, hotspots) = (make(&STATIONS)?, make(&HOTSPOTS[..hotspots])?);
	let fleet = Fleet { sensor, radio, admin, maker, owners, buyer, stations, hotspots };
	register(chain, &fleet, expires, out).await?;
	Ok(fleet)
}

/// Returns the key of an account that is derived from the development phrase.
pub fn account(path: &str) -> Result<Keypair> {
	let uri = SecretUri::from_str(path).with_context(|| format!("{path} is no derivation path"))?;
	Keypair::from_uri(&uri).with_context(|| format!("{path} gives no key"))
}

/// Returns the owners: at least one for each hotspot, so that no witness has the beaconer's owner.
fn owners(hotspots: usize) -> Result<Vec<Owner>> {
	let count = hotspots.max(STATIONS.len());
	let more = (0..).map(|number| format!("//fleet//{number}"));
	let names = OWNERS.iter().map(ToString::to_string).chain(more);
	names.take(count).map(|name| Ok(Owner { key: account(&name)?, name })).collect()
}

/// Returns a new random key for a device.
pub fn random_key(scheme: KeyScheme) -> DeviceKey {
	loop {
		// One secret in 2³² is no secret key of P-256.
		if let Ok(key) = DeviceKey::from_secret(scheme, &rand::random()) {
			return key;
		}
	}
}

async fn fund(
	chain: &Chain,
	admin: &Keypair,
	accounts: impl Iterator<Item = &Owner>,
	out: &Screen,
) -> Result<()> {
	let mut calls = Vec::new();
	for Owner { name, key } in accounts {
		let id = key.public_key().0;
		let free = chain.free(id).await?;
		if free < ENOUGH {
			out.say(format!("  {name} has {} WORK: //Alice sends 1000", whole(free)));
			// A `MultiAddress::Id` has the number 0.
			let args = ((0u8, id), Compact(1_000 * WORK));
			calls.push(chain.call("Balances", "transfer_keep_alive", args)?);
		}
	}
	if calls.is_empty() {
		out.say("  every account has what it needs");
		return Ok(());
	}
	let done = chain
		.submit(admin, &chain.batch(calls)?)
		.await
		.context("//Alice cannot fund the accounts: the demo needs a development chain, `--dev`")?;
	out.say(format!("  block {}: sent", done.block));
	Ok(())
}

async fn networks(
	chain: &Chain,
	admin: &Keypair,
	maker: MakerId,
	window: Millis,
	out: &Screen,
) -> Result<(NetworkId, NetworkId)> {
	let create = |kind: NetworkKind, policy: NetworkPolicy| {
		policy.check().expect("the policies above can be met; qed");
		chain.call("DeviceRegistry", "create_network", (kind, Some(vec![maker]), BOND, policy))
	};
	out.say(format!(
		"//Alice creates a sensor network (a report each {} s) and a wireless network (coverage \
		 challenges, 902.3 to 914.9 MHz), both for devices of maker {maker}, bond {} WORK",
		window / 1000,
		whole(BOND)
	));
	let calls = vec![
		create(NetworkKind::Sensor, sensor_policy(window))?,
		create(NetworkKind::Wireless, radio_policy())?,
	];
	let done = chain
		.submit(admin, &chain.batch(calls)?)
		.await
		.context("the networks cannot be created")?;
	let ids: Vec<NetworkId> = done.find("DeviceRegistry", "NetworkCreated")?;
	let [sensor, radio] = ids[..] else {
		anyhow::bail!("{} networks were created instead of two", ids.len());
	};
	out.say(format!("  block {}: networks {sensor} (sensor) and {radio} (wireless)", done.block));

	let metrics = METRICS.iter().zip(0u16..).map(|(metric, number)| {
		out.say(format!(
			"  metric {number} of network {sensor}: {}, {}, {} decimals: {}",
			metric.name,
			metric.unit,
			metric.decimals,
			metric.limits()
		));
		chain.call("Attestation", "register_metric", (sensor, number, metric.registered()?))
	});
	let metrics = chain.batch(metrics.collect::<Result<_>>()?)?;
	let done = chain.submit(admin, &metrics).await.context("the metrics cannot be registered")?;
	let registered: Vec<(NetworkId, u16)> = done.find("Attestation", "MetricRegistered")?;
	ensure!(
		registered
			.iter()
			.map(|(network, number)| (*network, usize::from(*number)))
			.eq((0..METRICS.len()).map(|number| (sensor, number))),
		"other metrics were registered: {registered:?}"
	);
	out.say(format!("  block {}: its metrics are registered", done.block));

	let mut allocations = Vec::new();
	for network in [sensor, radio] {
		let rules = Some(chain.rules_hash(network).await?);
		let call = chain.call("Rewards", "set_allocation", (network, 1u32, rules))?;
		allocations.push(chain.sudo(call)?);
	}
	let done = chain.submit(admin, &chain.batch(allocations)?).await.context(
		"the networks get no share of the emission: the demo needs a chain whose sudo is //Alice, \
			 such as one of `--dev`",
	)?;
	out.say(format!("  block {}: each has allocation 1 in the emission, by sudo", done.block));
	Ok((sensor, radio))
}

/// Registers the devices, each by its owner: with the maker's certificate, the device's consent and
/// the bond.
async fn register(chain: &Chain, fleet: &Fleet, expires: Millis, out: &Screen) -> Result<()> {
	let mut calls: Vec<Vec<Call>> = fleet.owners.iter().map(|_| Vec::new()).collect();
	let valid_until = chain.now().await? + STATEMENT_LIFETIME;
	let kinds = [(fleet.sensor, &fleet.stations), (fleet.radio, &fleet.hotspots)];
	for ((network, members), model) in kinds.into_iter().zip(MODELS) {
		for Member { place, cell, device, owner } in members {
			let key = device.public_key();
			let Ok(certificate) =
				fleet.maker.certify(network, model, key, expires, &chain.genesis());
			let Ok(consent) = device.consent(network, fleet.owners[*owner].account(), valid_until);
			let args = (network, key, *cell, Some(certificate), consent);
			calls[*owner].push(chain.call("DeviceRegistry", "register_device", args)?);
			out.say(format!(
				"{:<17} {:?} cell {cell} {:<9} owner {}",
				place.name,
				device.id(),
				format!("{:?}", key.scheme()),
				fleet.owners[*owner].name,
			));
		}
	}
	let registrations = fleet.owners.iter().zip(calls).filter(|(_, calls)| !calls.is_empty());
	let registered = try_join_all(registrations.map(|(owner, calls)| async move {
		let count = calls.len();
		let done = chain
			.submit(&owner.key, &chain.batch(calls)?)
			.await
			.with_context(|| format!("the devices of {} cannot be registered", owner.name))?;
		let ids: Vec<DeviceId> = done.find("DeviceRegistry", "DeviceRegistered")?;
		ensure!(ids.len() == count, "{} of {count} devices were registered", ids.len());
		out.say(format!("  block {}: {} registered {count}", done.block, owner.name));
		Ok(ids)
	}))
	.await?;
	let registered: Vec<_> = registered.concat();
	for member in fleet.members() {
		ensure!(
			registered.contains(&member.device.id()),
			"{} was registered by another id than its key's",
			member.place.name
		);
	}
	Ok(())
}

/// Returns the only item of a list.
pub fn one<T>(mut items: Vec<T>) -> Result<T> {
	ensure!(items.len() == 1, "the chain told of {} where one was expected", items.len());
	items.pop().context("there is one")
}

/// Returns the address of an account.
pub fn ss58(account: Account) -> String {
	AccountId32(account).to_string()
}

/// Formats an amount in WORK, rounded down to four decimals.
pub fn whole(amount: u128) -> String {
	let cut = amount / (WORK / 10_000);
	format!("{}.{:04}", cut / 10_000, cut % 10_000)
}

#[cfg(test)]
mod tests {
	use super::*;
	use depin_primitives::report::{DataDigests, Report, ReportFlags, Summaries};

	#[test]
	fn the_policies_can_be_met() {
		for window in [6_000, 7_000, 60_000, 2 * HOUR] {
			assert_eq!(sensor_policy(window).check(), Ok(()));
		}
		assert_eq!(radio_policy().check(), Ok(()));
	}

	#[test]
	fn a_report_of_every_metric_is_credited_in_full() {
		let report = |window, work| Report {
			device: DeviceId::zero(),
			sequence: 1,
			window_start: 0,
			window_end: window,
			work,
			previous: DeviceId::zero(),
			readings_root: DeviceId::zero(),
			readings_count: METRICS.len() as u32,
			flags: ReportFlags::NONE,
			metrics: Summaries::new(),
			digests: DataDigests::new(),
		};
		let all = METRICS.len() as u64;
		for seconds in 6..=3_600 {
			let policy = sensor_policy(seconds * 1_000).report;
			let credited =
				|work| report(seconds * 1_000, work).capped_work(NetworkKind::Sensor, &policy, 0);
			assert_eq!(credited(all), all);
			// Claimed work above the cap is not credited.
			assert_eq!(credited(2 * all), all);
		}
	}

	#[test]
	fn the_stations_are_neighbours() {
		let quality = sensor_policy(HOUR).quality;
		let around =
			|place: &Place| place.cell(RESOLUTION).unwrap().parent(quality.resolution).unwrap();
		for place in &STATIONS {
			let others = STATIONS.iter().filter(|other| other.name != place.name);
			let near =
				others.filter(|other| around(place).ring().any(|cell| cell == around(other)));
			assert_eq!(near.count(), usize::from(quality.min_neighbours), "{}", place.name);
		}
	}

	#[test]
	fn no_two_hotspots_have_one_owner() {
		for count in [2, 5, HOTSPOTS.len()] {
			let owners = owners(count).unwrap();
			let mut keys: Vec<_> = owners.iter().map(Owner::account).collect();
			keys.sort();
			keys.dedup();
			assert_eq!(keys.len(), count.max(STATIONS.len()));
		}
		assert_eq!(owners(6).unwrap()[5].name, "//fleet//0");
	}

	#[test]
	fn addresses_have_the_chains_prefix() {
		let bob = account("//Bob").unwrap().public_key().0;
		assert_eq!(ss58(bob), "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty");
	}

	#[test]
	fn amounts_are_rounded_down() {
		assert_eq!(whole(0), "0.0000");
		assert_eq!(whole(WORK - 1), "0.9999");
		assert_eq!(whole(12 * WORK + 345_600_000_000), "12.3456");
	}
}
