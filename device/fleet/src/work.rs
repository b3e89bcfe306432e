//! Work of the fleet: stations report real weather, hotspots beacon and witness.

use crate::{
	air::FREQUENCY,
	chain::Chain,
	rpc::{is_temporary, refusal},
	screen::Screen,
	setup::{Fleet, Member},
	weather::{show, Observation, TEMPERATURE},
};
use anyhow::{bail, ensure, Context, Result};
use codec::Encode;
use depin_device::{
	device::Heard,
	reporter::{Delivery, Reporter},
};
use depin_primitives::{
	beacon::{transmission, Beacon, ChallengePhase, ChallengeRecord, Judgement, Period, Verdict},
	report::{Reading, SignedReport},
	DeviceId, KeyScheme, Millis,
};
use serde_json::Value;
use std::{
	collections::{BTreeMap, HashMap, HashSet},
	sync::Mutex,
	time::Duration,
};
use subxt::rpcs::client::rpc_params;
use tokio::time::{sleep, sleep_until, Instant};

/// Interval at which challenges are read. A tick of the chain lasts six seconds.
const POLL: Duration = Duration::from_secs(2);
/// Longest time from sending a report to its block.
const INCLUSION: Duration = Duration::from_secs(60);
/// Greatest number of times that a report is sent again after an error that time can lift.
const ATTEMPTS: u32 = 10;

/// Row of the table: the results of one device.
#[derive(Clone, Debug, Default)]
pub struct Tally {
	/// Number of accepted reports.
	pub reports: u64,
	/// Last reported temperature.
	pub temperature: Option<i64>,
}

/// Tallies of all devices.
pub type Tallies = Mutex<BTreeMap<DeviceId, Tally>>;

/// Start of the replay by both clocks, and the length of its hours.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
	/// Start of the first window, by the chain's clock.
	pub chain: Millis,
	/// Start of the first window, by this machine's clock.
	pub here: Instant,
	/// Length of a window, which stands for an hour of the data.
	pub window: Millis,
}

impl Clock {
	/// Returns a clock that starts now.
	pub async fn start(chain: &Chain, window: Millis) -> Result<Self> {
		Ok(Self { chain: chain.now().await?, here: Instant::now(), window })
	}

	/// Returns the window of the hour with this number, and the moment at which the window is over.
	fn hour(&self, number: u64) -> (std::ops::Range<Millis>, Instant) {
		let start = self.chain + number * self.window;
		let over = Duration::from_millis((number + 1) * self.window);
		(start..start + self.window, self.here + over)
	}
}

/// Result of a station's replay: its reporter and its last report.
pub struct Replayed {
	/// Reporter that makes the station's next report.
	pub reporter: Reporter,
	/// Last report that was accepted.
	pub last: SignedReport,
	/// Readings of the last report.
	pub readings: Vec<Reading>,
}

/// Sends one report for each hour of the observations, as each window is over.
pub async fn replay(
	chain: &Chain,
	station: &Member,
	hours: &[Observation],
	clock: Clock,
	tallies: &Tallies,
	out: &Screen,
) -> Result<Replayed> {
	let Member { place, device, .. } = station;
	let mut reporter = Reporter::new();
	let mut last = None;
	for (number, seen) in (0..).zip(hours) {
		let (window, over) = clock.hour(number);
		sleep_until(over).await;
		let readings = seen.readings(window.start);
		let work = readings.len() as u64;
		let signed = reporter.report(device, window, work, &readings, Delivery::Inline)?;
		let block = send(chain, &signed, &readings, device.public_key().scheme())
			.await
			.with_context(|| format!("{} cannot report {}", place.name, seen.hour))?;

		let temperature = readings.iter().find(|r| r.metric == TEMPERATURE).map(|r| r.value);
		let mut tallies = tallies.lock().expect("nobody panics with it; qed");
		let tally = tallies.entry(device.id()).or_default();
		tally.reports += 1;
		tally.temperature = temperature.or(tally.temperature);
		drop(tallies);
		let values: Vec<_> = readings.iter().map(|r| show(r.metric, r.value)).collect();
		out.say(format!(
			"{} {} -> report {}, accepted by block {block}: {}",
			place.name,
			seen.hour,
			signed.report.sequence,
			values.join(", ")
		));
		last = Some((signed, readings));
	}
	let (last, readings) = last.context("there are no hours to replay: give --hours 1 or more")?;
	Ok(Replayed { reporter, last, readings })
}

/// Sends a report with its readings, and waits until the best chain has it.
async fn send(
	chain: &Chain,
	signed: &SignedReport,
	readings: &[Reading],
	scheme: KeyScheme,
) -> Result<u32> {
	let mut attempt = 0;
	loop {
		match submit(chain, signed, readings, scheme).await {
			Ok(_) => break,
			// The node has the report already, from an attempt whose answer was lost.
			Err(e) if matches!(refusal(&e), Some("Pending" | "Duplicate")) => break,
			Err(e) if !is_temporary(&e) || attempt == ATTEMPTS => return Err(e),
			Err(_) => {
				attempt += 1;
				sleep(POLL).await;
			}
		}
	}
	let start = Instant::now();
	loop {
		let latest = chain.latest(signed.report.device).await?;
		if let Some(on_chain) = latest.on_chain {
			if on_chain.sequence >= signed.report.sequence {
				ensure!(on_chain.hash == signed.report.hash(), "the chain holds another report");
				return Ok(latest.best.number);
			}
		}
		if start.elapsed() > INCLUSION {
			bail!("no block took report {} within {INCLUSION:?}", signed.report.sequence);
		}
		sleep(Duration::from_millis(500)).await;
	}
}

/// Hands a report in by `telemetry_submitReport`. A P-256 device sends JSON, any other device the
/// hexadecimal of the SCALE bytes: the node accepts both.
pub async fn submit(
	chain: &Chain,
	signed: &SignedReport,
	readings: &[Reading],
	scheme: KeyScheme,
) -> Result<Value> {
	let params = match scheme {
		KeyScheme::P256 => rpc_params![signed, readings],
		_ => {
			let hex = |bytes: Vec<u8>| format!("0x{}", hex::encode(bytes));
			rpc_params![hex(signed.encode()), hex(readings.encode())]
		}
	};
	chain.request("telemetry_submitReport", params).await
}

/// Radio: the hotspots' transmitters and receivers, with their actions in this run.
#[derive(Default)]
pub struct Radio {
	/// Beacons that were on the air.
	transmitted: HashMap<(DeviceId, Period), Beacon>,
	/// Beacons that have been handed in.
	revealed: HashSet<(DeviceId, Period)>,
	/// Beacons whose verdicts have been printed.
	judged: HashSet<(DeviceId, Period)>,
	/// Cursor up to which each device's history was read.
	cursors: HashMap<DeviceId, String>,
}

impl Radio {
	/// Answers challenges as they come, until the demo ends, and counts the witnesses judged valid.
	pub async fn run(
		mut self,
		chain: &Chain,
		fleet: &Fleet,
		valid: &Mutex<u64>,
		out: &Screen,
	) -> Result<()> {
		loop {
			for (at, hotspot) in fleet.hotspots.iter().enumerate() {
				match chain.challenge(hotspot.device.id()).await {
					Ok(challenge) => self.answer(chain, fleet, at, challenge, out).await?,
					// The chain has not begun its first challenge period.
					Err(e) if refusal(&e) == Some("TooEarly") => {}
					Err(e) => return Err(e),
				}
				*valid.lock().expect("nobody panics with it; qed") +=
					self.verdicts(chain, fleet, hotspot, out).await?;
			}
			sleep(POLL).await;
		}
	}

	async fn answer(
		&mut self,
		chain: &Chain,
		fleet: &Fleet,
		beaconer: usize,
		challenge: ChallengeRecord,
		out: &Screen,
	) -> Result<()> {
		let ChallengeRecord { device, period, nonce, phase, .. } = challenge;
		let hotspot = &fleet.hotspots[beaconer];
		match phase {
			ChallengePhase::Committing if !self.transmitted.contains_key(&(device, period)) => {
				let Ok(beacon) = hotspot.device.beacon(period, nonce);
				self.transmitted.insert((device, period), beacon);
				self.transmit(chain, fleet, beaconer, &beacon, out).await
			}
			ChallengePhase::Revealing if !self.revealed.contains(&(device, period)) => {
				// A run that began after the committing phase reveals a beacon that nobody heard.
				let beacon = *self.transmitted.entry((device, period)).or_insert_with(|| {
					let Ok(beacon) = hotspot.device.beacon(period, nonce);
					beacon
				});
				let answer: String = match chain.submit_beacon(&beacon).await {
					Ok(_) => "sent".into(),
					Err(e) if matches!(refusal(&e), Some("Pending" | "AlreadyRevealed")) => {
						"known".into()
					}
					Err(e) => {
						let answer = stumble(e)?;
						out.say(format!("{} cannot reveal yet: {answer}", hotspot.place.name));
						return Ok(());
					}
				};
				self.revealed.insert((device, period));
				out.say(format!("{} reveals, period {period}: {answer}", hotspot.place.name));
				Ok(())
			}
			_ => Ok(()),
		}
	}

	/// Puts a payload on the air. Each hotspot that hears the payload commits to it.
	async fn transmit(
		&self,
		chain: &Chain,
		fleet: &Fleet,
		beaconer: usize,
		beacon: &Beacon,
		out: &Screen,
	) -> Result<()> {
		let sender = &fleet.hotspots[beaconer];
		let heard_at = chain.now().await?;
		let mut heard_by = Vec::new();
		for (at, hotspot) in fleet.hotspots.iter().enumerate() {
			if at == beaconer {
				continue;
			}
			let reception = hotspot.place.receive(&sender.place, &mut rand::thread_rng())?;
			let Some(reception) = reception else { continue };
			let heard = Heard {
				beaconer: sender.device.id(),
				period: beacon.period,
				transmission: transmission(&beacon.payload),
				rssi: reception.rssi,
				snr: reception.snr,
				frequency: FREQUENCY,
				heard_at,
			};
			let Ok(witness) = hotspot.device.witness(&heard);
			let dbm = f64::from(reception.rssi) / 10.0;
			let answer = match chain.submit_witness(&witness).await {
				Ok(_) => String::new(),
				Err(e) => format!(": {}", stumble(e)?),
			};
			heard_by.push(format!("{} ({dbm:.1} dBm{answer})", hotspot.place.name));
		}
		let heard_by = if heard_by.is_empty() { "nobody".into() } else { heard_by.join(", ") };
		out.say(format!(
			"{} beacons, period {}; heard by {heard_by}",
			sender.place.name, beacon.period
		));
		Ok(())
	}

	/// Prints the verdicts on this hotspot's beacons since the last call, and counts the valid
	/// witnesses.
	async fn verdicts(
		&mut self,
		chain: &Chain,
		fleet: &Fleet,
		hotspot: &Member,
		out: &Screen,
	) -> Result<u64> {
		let id = hotspot.device.id();
		let after = self.cursors.get(&id).map(String::as_str);
		let page = chain.coverage_history(id, after).await?;
		if let Some(next) = page.next {
			self.cursors.insert(id, next);
		}
		let mut valid = 0;
		for judged in page.items {
			let beacon = &judged.beacon;
			// The last page is read at each call until there is a next one, so that it shows the
			// same beacons again.
			if beacon.beaconer != id || !self.judged.insert((id, beacon.period)) {
				continue;
			}
			valid += beacon.witnesses.iter().filter(|w| w.verdict == Verdict::Valid).count() as u64;
			let verdicts: Vec<_> = beacon
				.witnesses
				.iter()
				.map(|Judgement { report, verdict, points }| {
					format!("{} {verdict:?}, {points}", name(fleet, &report.witness))
				})
				.collect();
			out.say(format!(
				"{} was judged by block {}, period {}: {} points, and to its witnesses: {}",
				hotspot.place.name,
				judged.block.number,
				beacon.period,
				beacon.beaconer_points,
				if verdicts.is_empty() { "none".into() } else { verdicts.join("; ") },
			));
		}
		Ok(valid)
	}
}

/// Returns the line to print for a message that the chain refused. A message that comes too late is
/// no failure of the demo: the next challenge period has another challenge.
fn stumble(error: anyhow::Error) -> Result<String> {
	match refusal(&error) {
		Some(
			"TooEarly" | "TooLate" | "WrongPeriod" | "WitnessesFull" | "PoolFull" | "Conflict"
			| "Banned",
		) => Ok(format!("not taken ({error})")),
		_ => Err(error),
	}
}

/// Returns the name of a device of the fleet.
pub fn name(fleet: &Fleet, id: &DeviceId) -> String {
	let member = fleet.members().find(|member| member.device.id() == *id);
	member.map_or_else(|| format!("{id:?}"), |member| member.place.name.into())
}
