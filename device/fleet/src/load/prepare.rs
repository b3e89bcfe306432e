//! Preparation of a scenario: accounts, networks, devices, and the signed work.

use super::{
	drive::{Feed, Single},
	scenario::{Scenario, Shape, Work, WINDOW},
};
use crate::{
	air::STATIONS,
	chain::{Call, Chain, Follower},
	setup::{account, random_key, STATEMENT_LIFETIME},
};
use anyhow::{ensure, Context, Result};
use codec::{Compact, Encode};
use depin_device::{
	device::Device,
	key::DeviceKey,
	reporter::{Delivery, Reporter},
};
use depin_primitives::{
	network::NetworkKind,
	report::{BatchItem, Reading, SignedReport},
	statement::Registration,
	Cell, DeviceId, Millis, NetworkId,
};
use futures::future::try_join_all;
use std::{collections::VecDeque, time::Duration};
use subxt::rpcs::client::rpc_params;
use subxt_signer::sr25519::Keypair;
use tokio::time::Instant;

/// One WORK, in the token's smallest unit.
const WORK: u128 = 1_000_000_000_000;
/// Bond that each device's owner locks.
const BOND: u128 = 10 * WORK;
/// Number of devices of one owner in sequence, of one batch's part, and the least number of a
/// scenario.
pub const DEVICES_OF_A_GROUP: u32 = 512;
/// Number of devices that an owner registers before the next owner's turn.
const TURN: usize = 64;
/// Number of owners of devices. A device is not compared with those of its own owner.
const OWNERS: usize = 16;
/// Number of accounts that send batches.
const GATEWAYS: usize = 4;
/// Number of accounts that send transfers, to one another.
const PAYERS: usize = 64;
/// Greatest number of transfers in a block of 1.5 seconds, by their least weight.
const TRANSFERS_OF_A_BLOCK: usize = 6_000;
/// Number of reports that a block of 1.5 seconds cannot hold, by the least weight of a report in a
/// batch.
const REPORTS_OF_A_BLOCK: u32 = 16_384;
/// Longest time until the devices of a scenario are registered.
const REGISTRATION: Duration = Duration::from_secs(600);
/// Number of blocks that work is signed for beyond those that are measured.
const MARGIN: u32 = 5;

/// Accounts of the load, funded by the development chain's `//Alice`.
pub struct Bench<'a> {
	chain: &'a Chain,
	admin: Keypair,
	owners: Vec<Keypair>,
	gateways: Vec<Keypair>,
	payers: Vec<Keypair>,
}

/// Device of the load.
struct Member {
	device: Device<DeviceKey>,
	network: NetworkId,
	owner: usize,
	cell: Cell,
}

impl<'a> Bench<'a> {
	/// Derives the accounts, and funds them.
	pub async fn new(chain: &'a Chain) -> Result<Self> {
		let admin = account("//Alice")?;
		let derive = |kind: &str, count: usize| -> Result<Vec<Keypair>> {
			(0..count).map(|number| account(&format!("//load//{kind}//{number}"))).collect()
		};
		let bench = Self {
			chain,
			admin,
			owners: derive("owner", OWNERS)?,
			gateways: derive("gateway", GATEWAYS)?,
			payers: derive("payer", PAYERS)?,
		};
		let groups = [(&bench.owners, 45_000), (&bench.gateways, 10_000), (&bench.payers, 1_000)];
		for (accounts, amount) in groups {
			let calls = accounts.iter().map(|to| transfer(chain, to, amount * WORK));
			let call = chain.batch(calls.collect::<Result<_>>()?)?;
			chain.submit(&bench.admin, &call).await.context(
				"//Alice cannot fund the accounts of the load: start a new chain with `--dev --tmp`",
			)?;
		}
		Ok(bench)
	}

	/// Makes the networks and devices of a scenario, and signs work for `blocks` blocks.
	pub async fn prepare(&self, scenario: &Scenario, devices: u32, blocks: u32) -> Result<Feed> {
		let rounds = blocks + MARGIN;
		match scenario.work {
			Work::Transfers => self.transfers(rounds).await,
			Work::Single(shape) => {
				let members = self.register(&shape, devices).await?;
				let base = self.chain.now().await?;
				let inline = shape.readings > 0;
				let sign = |member: &Member| -> Result<(DeviceId, VecDeque<Single>)> {
					let mut reporter = Reporter::new();
					let reports = (0..rounds).map(|round| {
						let (signed, readings) =
							report(member, &mut reporter, &shape, base, round)?;
						let readings = inline.then(|| hexadecimal(&readings));
						Ok(Single { signed: hexadecimal(&signed), readings })
					});
					Ok((member.device.id(), reports.collect::<Result<_>>()?))
				};
				Ok(Feed::Singles(members.iter().map(sign).collect::<Result<_>>()?))
			}
			Work::Batches(shape) => {
				let members = self.register(&shape, devices).await?;
				// Each device reports as many times in a block as fill it.
				let of_a_block = REPORTS_OF_A_BLOCK.div_ceil(devices);
				self.batches(&members, &shape, rounds.saturating_mul(of_a_block)).await
			}
		}
	}

	/// Signs transfers in a ring of accounts, as many as the blocks can hold.
	async fn transfers(&self, rounds: u32) -> Result<Feed> {
		let each = TRANSFERS_OF_A_BLOCK * rounds as usize / PAYERS;
		let receivers = self.payers.iter().cycle().skip(1);
		let streams = self.payers.iter().zip(receivers).map(|(from, to)| async move {
			let call = transfer(self.chain, to, 1)?;
			let calls = vec![call; each];
			self.chain.sign_in_sequence(from, &calls).await
		});
		Ok(Feed::Streams(try_join_all(streams).await?))
	}

	/// Signs batches. Those of one device come from one gateway, in sequence.
	async fn batches(&self, members: &[Member], shape: &Shape, rounds: u32) -> Result<Feed> {
		let base = self.chain.now().await?;
		let mut reporters = vec![Reporter::new(); members.len()];
		let mut calls: Vec<Vec<Call>> = self.gateways.iter().map(|_| Vec::new()).collect();
		let size = DEVICES_OF_A_GROUP as usize;
		for round in 0..rounds {
			let groups = members.chunks(size).zip(reporters.chunks_mut(size));
			for (number, (members, reporters)) in groups.enumerate() {
				let items = members.iter().zip(reporters).map(|(member, reporter)| {
					let (signed, readings) = report(member, reporter, shape, base, round)?;
					let readings = (shape.readings > 0)
						.then(|| readings.try_into().expect("the shapes are tested; qed"));
					Ok(BatchItem { signed, readings })
				});
				let items = items.collect::<Result<Vec<_>>>()?;
				let call = self.chain.call("Attestation", "submit_reports", (items,))?;
				calls[number % GATEWAYS].push(call);
			}
		}
		let streams = self.gateways.iter().zip(&calls);
		let streams = streams.map(|(from, calls)| self.chain.sign_in_sequence(from, calls));
		Ok(Feed::Streams(try_join_all(streams).await?))
	}

	/// Creates the networks with their metrics, and registers the devices.
	async fn register(&self, shape: &Shape, devices: u32) -> Result<Vec<Member>> {
		let (chain, admin) = (self.chain, &self.admin);
		let no_makers: Option<Vec<u32>> = None;
		let (mut calls, mut networks) = (Vec::new(), Vec::<NetworkId>::new());
		for _ in 0..shape.networks {
			let args = (NetworkKind::Sensor, no_makers.clone(), BOND, shape.policy());
			let call = chain.call("DeviceRegistry", "create_network", args)?;
			calls.push(call);
		}
		for calls in calls.chunks(16) {
			let done = chain.submit(admin, &chain.batch(calls.to_vec())?).await;
			let done = done.context("the networks cannot be created")?;
			networks.extend(done.find::<NetworkId>("DeviceRegistry", "NetworkCreated")?);
		}
		let metrics = networks.iter().flat_map(|network| {
			(0..shape.metrics).map(move |number| {
				let args = (*network, number, Shape::metric(number));
				chain.call("Attestation", "register_metric", args)
			})
		});
		let metrics = metrics.collect::<Result<Vec<_>>>()?;
		for calls in metrics.chunks(64) {
			let done = chain.submit(admin, &chain.batch(calls.to_vec())?).await;
			done.context("the metrics cannot be registered")?;
		}

		// The devices are at three airports, in cells that neighbour one another.
		let cells = STATIONS.map(|place| place.cell(shape.policy().cell_resolution));
		let cells = cells.into_iter().collect::<Result<Vec<_>>>()?;
		let mut schemes = shape.schemes.iter().cycle();
		let members: Vec<Member> = (0..devices as usize)
			.zip(&mut schemes)
			.map(|(number, scheme)| Member {
				device: Device::new(random_key(*scheme), chain.genesis()),
				network: networks[number % networks.len()],
				owner: number / TURN % OWNERS,
				cell: cells[number % cells.len()],
			})
			.collect();

		let expires = chain.now().await? + STATEMENT_LIFETIME;
		let follower = Follower::new(chain).await?;
		let extrinsics = (0..OWNERS).map(|owner| {
			let calls = self.registrations(&members, &networks, owner, expires);
			async move { chain.sign_in_sequence(&self.owners[owner], &calls?).await }
		});
		for extrinsics in try_join_all(extrinsics).await? {
			for extrinsic in extrinsics {
				chain.send(&extrinsic).await.context("the devices cannot be registered")?;
			}
		}
		wait_for_registrations(chain, follower, devices).await?;
		Ok(members)
	}

	/// Returns the calls that register the devices of one owner.
	fn registrations(
		&self,
		members: &[Member],
		networks: &[NetworkId],
		owner: usize,
		expires: Millis,
	) -> Result<Vec<Call>> {
		let account = self.owners[owner].public_key().0;
		let mut calls = Vec::new();
		for network in networks {
			let of_owner = members.iter().filter(|m| m.owner == owner && m.network == *network);
			let devices: Vec<_> = of_owner
				.map(|Member { device, network, cell, .. }| {
					let Ok(consent) = device.consent(*network, account, expires);
					let key = device.public_key();
					Registration { key, cell: *cell, certificate: None, consent }
				})
				.collect();
			for devices in devices.chunks(TURN) {
				let args = (*network, devices.to_vec());
				calls.push(self.chain.call("DeviceRegistry", "register_devices", args)?);
			}
		}
		Ok(calls)
	}
}

/// Waits until the blocks that are read have registered all devices.
async fn wait_for_registrations(
	chain: &Chain,
	mut follower: Follower<'_>,
	devices: u32,
) -> Result<()> {
	let (start, mut registered) = (Instant::now(), 0);
	while registered < devices {
		ensure!(
			start.elapsed() < REGISTRATION,
			"{registered} of {devices} devices were registered within {REGISTRATION:?}"
		);
		let Some(number) = follower.next().await? else { continue };
		let (_, events) = chain.events(number).await?;
		let count = |name| {
			let registry = events.iter().filter(|event| event.pallet == "DeviceRegistry");
			registry.filter(|event| event.name == name).count() as u32
		};
		ensure!(count("RegistrationFailed") == 0, "the chain refused to register a device");
		registered += count("DeviceRegistered");
	}
	Ok(())
}

/// Makes the report of a round, with its readings.
fn report(
	member: &Member,
	reporter: &mut Reporter,
	shape: &Shape,
	base: Millis,
	round: u32,
) -> Result<(SignedReport, Vec<Reading>)> {
	let start = base + Millis::from(round) * WINDOW;
	let count = shape.readings.max(shape.metrics.into());
	let readings: Vec<Reading> = (0..count)
		.map(|number| Reading {
			time: start + Millis::from(number),
			metric: (number % u32::from(shape.metrics)) as u16,
			// The value changes from report to report, within the limits of the metric.
			value: 2_000 + i64::from(round % 7) + i64::from(number),
		})
		.collect();
	let window = start..start + WINDOW;
	let delivery = if shape.readings > 0 { Delivery::Inline } else { Delivery::Committed };
	let work = u64::from(count);
	let signed = reporter.report(&member.device, window, work, &readings, delivery)?;
	Ok((signed, readings))
}

/// Returns the call that transfers an amount.
fn transfer(chain: &Chain, to: &Keypair, amount: u128) -> Result<Call> {
	// A `MultiAddress::Id` has the number 0.
	let args = ((0u8, to.public_key().0), Compact(amount));
	chain.call("Balances", "transfer_keep_alive", args)
}

/// Returns the hexadecimal of a value in SCALE.
fn hexadecimal(value: &impl Encode) -> String {
	format!("0x{}", hex::encode(value.encode()))
}

impl Single {
	/// Hands the report in by `telemetry_submitReport`.
	pub async fn send(&self, chain: &Chain) -> Result<()> {
		let params = rpc_params![&self.signed, &self.readings];
		let _: serde_json::Value = chain.request("telemetry_submitReport", params).await?;
		Ok(())
	}
}
