//! The demo, from an empty chain to paid rewards.

use crate::{
	air::{HOTSPOTS, STATIONS},
	chain::Chain,
	consumer::{consume, percent, quality},
	life::{self, Sale, ROTATED},
	rpc::refusal,
	screen::Screen,
	setup::{set_up, ss58, whole, Account, Fleet, Member},
	weather::{self, fixed, METRICS, TEMPERATURE},
	work::{self, replay, Clock, Radio, Replayed, Tallies},
};
use anyhow::{bail, ensure, Context, Result};
use clap::Args;
use depin_device::{device::Device, key::DeviceKey, reporter::Delivery};
use depin_primitives::{
	report::{readings_root, summarize, Report, SignedReport},
	DeviceId, Millis,
};
use futures::future::try_join_all;
use std::{collections::BTreeMap, path::PathBuf, sync::Mutex, time::Duration};
use subxt::rpcs::client::rpc_params;
use tokio::time::sleep;

/// Interval at which the table is drawn again.
const REFRESH: Duration = Duration::from_secs(3);

/// Options of the demo: the data, the node and the speed.
#[derive(Args, Debug)]
pub struct Options {
	/// Address of the node's WebSocket
	#[arg(long, default_value = "ws://127.0.0.1:9944")]
	url: String,

	/// Number of hours of 2013 that each station replays
	#[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u64).range(1..))]
	hours: u64,

	/// Seconds of the chain's time that stand for an hour of 2013. A block takes six seconds and
	/// holds one report of a device
	#[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u64).range(6..=3600))]
	seconds_per_hour: u64,

	/// Observations, in the columns of `device/fleet/data`. By default the week that is built into
	/// this program
	#[arg(long)]
	data: Option<PathBuf>,

	/// Number of radio hotspots
	#[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u8).range(2..=HOTSPOTS.len() as i64))]
	hotspots: u8,

	/// Short run: at most six hours and four hotspots, until the first hotspot is paid
	#[arg(long)]
	quick: bool,

	/// Longest time of the demo, in seconds
	#[arg(long, default_value_t = 900, value_parser = clap::value_parser!(u64).range(1..))]
	timeout: u64,
}

/// Runs the demo, up to its longest time.
pub async fn run(options: Options) -> Result<()> {
	let out = Screen::new();
	let limit = Duration::from_secs(options.timeout);
	tokio::time::timeout(limit, demo(&options, &out)).await.unwrap_or_else(|_| {
		bail!(
			"the demo is not done after {limit:?}: does the node make and finalize blocks? A longer \
			 run needs more with --timeout"
		)
	})
}

async fn demo(options: &Options, out: &Screen) -> Result<()> {
	let Options { url, seconds_per_hour, data, hotspots, quick, .. } = options;
	let hours = if *quick { options.hours.min(6) } else { options.hours };
	let hotspots = usize::from(if *quick { (*hotspots).min(4) } else { *hotspots });
	let window: Millis = seconds_per_hour * 1_000;

	out.title("Real readings");
	let observations = weather::load(data.as_deref())?;
	for place in &STATIONS {
		let known = observations.get(place.name).map_or(0, Vec::len) as u64;
		ensure!(known >= hours, "there are {known} hours of {}: lower --hours", place.name);
	}
	out.say(format!(
		"{}: the weather at {}, {hours} hours of each from {}",
		data.as_ref().map_or("NOAA, January 2013".into(), |path| path.display().to_string()),
		STATIONS.map(|place| place.name).join(", "),
		observations[STATIONS[0].name][0].hour,
	));
	for (number, metric) in METRICS.iter().enumerate() {
		out.say(format!(
			"  metric {number}: {}, {}, {} decimals",
			metric.name, metric.unit, metric.decimals
		));
	}

	out.title("The chain");
	let chain = Chain::connect(url, Duration::from_secs(60)).await?;
	greet(&chain, url, out).await?;

	let mut fleet = set_up(&chain, hotspots, window, out).await?;
	let before = life::before(&chain, &mut fleet, out).await?;

	out.title("Work");
	out.say(format!(
		"An hour of 2013 takes {seconds_per_hour} s here: the readings are real, their times are \
		 shifted to the chain's clock. The radio is simulated: free-space loss, {:.1} MHz.",
		f64::from(crate::air::FREQUENCY) / 1e6
	));
	let tallies = Tallies::default();
	let valid = Mutex::new(0);
	let start = chain.now().await?;
	let clock = Clock::start(&chain, window).await?;

	// The radio and the table run until the rest is done.
	let endless = async {
		tokio::try_join!(
			Radio::default().run(&chain, &fleet, &valid, out),
			watch(&chain, &fleet, &tallies, out)
		)
		.map(|_| ())
	};
	let main = async {
		let stations = fleet.stations.iter().map(|station| async {
			// The check at the start has found that many hours.
			let hours = &observations[station.place.name][..hours as usize];
			replay(&chain, station, hours, clock, &tallies, out).await
		});
		let replayed = try_join_all(stations).await?;
		let sale = life::after(&chain, &fleet, out).await?;
		out.title("Rewards");
		let paid = earn(&chain, &fleet, &sale, &valid, *quick, out).await?;
		anyhow::Ok((replayed, paid))
	};
	let (mut replayed, paid) = tokio::select! {
		done = main => done?,
		ended = endless => {
			ended?;
			bail!("the radio and the table went on without end, and yet ended");
		},
	};
	out.close(table(&chain, &fleet, &tallies).await?);

	cheat(&chain, &fleet, &mut replayed, &before, window, out).await?;
	quality(&chain, &fleet, out).await?;
	consume(&chain, &fleet, url, start, hours, &paid, out).await?;
	out.say("\nDone: real readings in, rewards out.");
	Ok(())
}

/// Waits for the first block, and prints the chain's name.
async fn greet(chain: &Chain, url: &str, out: &Screen) -> Result<()> {
	let name: String = chain.request("system_chain", rpc_params![]).await?;
	let version: String = chain.request("system_version", rpc_params![]).await?;
	out.say(format!("{url}: {name}, node {version}, genesis {:?}", chain.genesis()));
	let schedule =
		chain.schedule().await.context("the node has no rewards: is it a depin-node?")?;
	out.say(format!(
		"  reward epoch {} of {} blocks emits {} WORK, {} of it to networks",
		schedule.epoch,
		schedule.epoch_length,
		whole(schedule.emission),
		percent(schedule.networks_share),
	));
	while chain.best().await? == 0 {
		sleep(Duration::from_secs(1)).await;
	}
	Ok(())
}

/// Waits until epochs have closed on the work, claims, and waits until the payments are final.
/// Returns the amount paid for each device.
async fn earn(
	chain: &Chain,
	fleet: &Fleet,
	sale: &Sale,
	valid: &Mutex<u64>,
	quick: bool,
	out: &Screen,
) -> Result<BTreeMap<DeviceId, u128>> {
	let schedule = chain.schedule().await?;
	out.say(format!(
		"Points become rewards when their epoch closes: epoch {} at block {}. Waiting for every \
		 station{}, and for a witness judged valid.",
		schedule.epoch,
		schedule.closes_at,
		if quick { " and one hotspot" } else { " and every hotspot" }
	));
	let claimable = loop {
		let mut claimable = Vec::new();
		for member in fleet.members() {
			let id = member.device.id();
			let pending = chain.pending(id).await?.context("a registered device is unknown")?;
			if pending.claimable > 0 {
				claimable.push(id);
			}
		}
		let ready = |member: &Member| claimable.contains(&member.device.id());
		// The sold station has done no work for its new owner.
		let mut stations = fleet.stations.iter().filter(|one| one.device.id() != sale.device);
		let mut hotspots = fleet.hotspots.iter();
		let hotspots = if quick { hotspots.any(ready) } else { hotspots.all(ready) };
		let sold = sale.points == 0 || {
			let former = chain.former_pending(sale.device, &ss58(sale.seller)).await?;
			former.is_some_and(|former| former.claimable > 0)
		};
		let witnessed = *valid.lock().expect("nobody panics with it; qed") > 0;
		if stations.all(ready) && hotspots && sold && witnessed {
			break claimable;
		}
		sleep(REFRESH).await;
	};

	let mut calls = vec![chain.call("Rewards", "claim_batch", &claimable)?];
	let mut due = claimable.len();
	if sale.points > 0 {
		let args = (sale.device, sale.seller);
		calls.push(chain.call("Rewards", "claim_former", args)?);
		due += 1;
	}
	out.say(format!(
		"//Alice claims for {due} devices: who claims pays a fee; who owned the device when it worked \
		 is paid"
	));
	let done = chain.submit(&fleet.admin, &chain.batch(calls)?).await.context("the claims fail")?;
	let payments: Vec<(DeviceId, Account, u128)> = done.find("Rewards", "Paid")?;
	for (device, payee, amount) in &payments {
		let owner = fleet.owners.iter().find(|owner| owner.account() == *payee);
		out.say(format!(
			"  block {}: {} WORK for {} to {}",
			done.block,
			whole(*amount),
			work::name(fleet, device),
			owner.map_or("an account that is no owner here", |owner| &owner.name)
		));
		ensure!(*amount > 0 && owner.is_some(), "the payment is not as it should be");
	}
	ensure!(payments.len() == due, "{} of {due} claims were paid", payments.len());
	let paid: BTreeMap<_, _> =
		payments.iter().map(|&(device, _, amount)| (device, amount)).collect();

	out.say("Waiting until the payments are final and in the index.");
	loop {
		let mut missing = 0;
		for (device, amount) in &paid {
			let known = chain.payments(*device).await?;
			missing += usize::from(!known.iter().any(|known| known.reward.amount == *amount));
		}
		if missing == 0 {
			return Ok(paid);
		}
		sleep(REFRESH).await;
	}
}

/// Draws the table until the demo ends.
async fn watch(chain: &Chain, fleet: &Fleet, tallies: &Tallies, out: &Screen) -> Result<()> {
	loop {
		out.table(table(chain, fleet, tallies).await?);
		sleep(REFRESH).await;
	}
}

async fn table(chain: &Chain, fleet: &Fleet, tallies: &Tallies) -> Result<Vec<String>> {
	let row = |cells: [&str; 9]| {
		let [device, name, owner, reports, last, quality, score, pending, paid] = cells;
		format!(
			"{device:<14} {name:<17} {owner:<14} {reports:>7} {last:>10} {quality:>9} {score:>15} \
			 {pending:>13} {paid:>13}"
		)
	};
	let head = row([
		"device",
		"name",
		"owner",
		"reports",
		"last °C",
		"quality",
		"answered/missed",
		"pending WORK",
		"paid WORK",
	]);
	let mut lines = vec![String::new(), head];
	for member in fleet.members() {
		let id = member.device.id();
		let tally = {
			let tallies = tallies.lock().expect("nobody panics with it; qed");
			tallies.get(&id).cloned().unwrap_or_default()
		};
		let radio = fleet.hotspots.iter().any(|hotspot| hotspot.device.id() == id);
		let (reports, quality, score) = if radio {
			let score = chain.score(id).await?;
			let score = score.map_or((0, 0), |score| (score.answered, score.missed));
			("-".into(), "-".into(), format!("{}/{}", score.0, score.1))
		} else {
			let quality = chain.quality(id).await?.map(|score| percent(score.current.quality));
			(tally.reports.to_string(), quality.unwrap_or("-".into()), "-".into())
		};
		let last = tally.temperature.map(|t| fixed(t, METRICS[usize::from(TEMPERATURE)].decimals));
		let pending = chain.pending(id).await?.context("a registered device is unknown")?;
		let owed = match pending.escrow {
			0 => whole(pending.claimable),
			escrow => format!("({})", whole(escrow)),
		};
		let paid: u128 = chain.payments(id).await?.iter().map(|paid| paid.reward.amount).sum();
		lines.push(row([
			&format!("{id:?}")[..14],
			member.place.name,
			fleet.name(&pending.payee),
			&reports,
			last.as_deref().unwrap_or("-"),
			&quality,
			&score,
			&owed,
			&whole(paid),
		]));
	}
	lines.push(String::new());
	Ok(lines)
}

/// Sends reports that the chain must refuse, and checks that it does. `before` is the station whose
/// key was rotated, with its old key.
async fn cheat(
	chain: &Chain,
	fleet: &Fleet,
	replayed: &mut [Replayed],
	before: &Device<DeviceKey>,
	window: Millis,
	out: &Screen,
) -> Result<()> {
	out.title("What a cheat sees");
	let (station, rotated) = (&fleet.stations[0], &fleet.stations[ROTATED]);
	let device = &station.device;

	let Replayed { reporter, last, .. } = &mut replayed[ROTATED];
	let start = last.report.window_end;
	let outdated = reporter.report(before, start..start + window, 0, &[], Delivery::Inline)?;

	let Replayed { reporter, last, readings } = &mut replayed[0];
	let start = last.report.window_end;
	let mut warmer = readings.clone();
	warmer.iter_mut().for_each(|reading| reading.time = start);
	let work = warmer.len() as u64;
	let next = reporter.report(device, start..start + window, work, &warmer, Delivery::Inline)?;
	for reading in warmer.iter_mut().filter(|reading| reading.metric == TEMPERATURE) {
		reading.value += 1_000;
	}
	let forged = SignedReport {
		report: Report {
			readings_root: readings_root(&warmer),
			metrics: summarize(&warmer).context("five readings can be summed up")?,
			..next.report.clone()
		},
		..next.clone()
	};

	let tries = [
		(station, "the last report again", "Duplicate", &*last, &readings[..]),
		(station, "a reading made 10 °C warmer", "SummaryMismatch", &next, &warmer),
		(station, "summary and root made to fit it", "BadSignature", &forged, &warmer),
		(rotated, "a report by the key that it gave up", "BadSignature", &outdated, &[]),
	];
	for (station, what, expected, report, readings) in tries {
		let scheme = station.device.public_key().scheme();
		match work::submit(chain, report, readings, scheme).await {
			Ok(_) => bail!("{what}: the chain took it"),
			Err(e) => {
				out.say(format!("{} sends {what} -> {e}", station.place.name));
				ensure!(refusal(&e) == Some(expected), "it should have been refused as {expected}");
			}
		}
	}
	Ok(())
}
