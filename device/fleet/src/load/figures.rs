//! Figures of a scenario, from the chain's blocks and the nodes' metrics.

use super::scenario::Scenario;
use crate::chain::Chain;
use anyhow::{Context, Result};
use codec::{Compact, Decode};
use depin_primitives::{DeviceId, Millis, NetworkId};
use std::fmt::Write;
use tokio::{
	io::{AsyncReadExt, AsyncWriteExt},
	net::TcpStream,
	time::Instant,
};

/// Ticks of processor time in a second, as Linux counts them for programs (`CLK_TCK`).
const TICKS: f64 = 100.0;
/// Picoseconds of a millisecond: a unit of weight is a picosecond.
const PICOSECONDS: f64 = 1e9;
/// Histogram of the time in which the author builds a block.
const BUILT: &str = "substrate_proposer_block_constructed";
/// Histogram of the time in which a node checks, executes and stores a block.
const IMPORTED: &str = "substrate_block_verification_and_import_time";

/// Block, of which the load reads this.
pub struct Block {
	/// Time of the block, by the chain's clock.
	pub time: Millis,
	/// Weight of the block, of all classes, in picoseconds.
	pub weight: u64,
	/// Number of transfers.
	pub transfers: u32,
	/// Devices of the accepted reports.
	pub devices: Vec<DeviceId>,
}

impl Block {
	/// Reads a block and its events.
	pub async fn read(chain: &Chain, number: u64) -> Result<Self> {
		let (hash, events) = chain.events(number).await?;
		let named = |pallet: &'static str, name: &'static str| {
			let named = move |event: &&crate::chain::Event| {
				(&*event.pallet, &*event.name) == (pallet, name)
			};
			events.iter().filter(named)
		};
		let devices = named("Attestation", "ReportAccepted").map(|event| {
			let (_, device) = <(NetworkId, DeviceId)>::decode(&mut &event.fields[..])?;
			Ok(device)
		});
		type Class = (Compact<u64>, Compact<u64>);
		let weight: [Class; 3] = chain.value("System", "BlockWeight", hash).await?;
		Ok(Self {
			time: chain.value("Timestamp", "Now", hash).await?,
			weight: weight.iter().map(|(time, _)| time.0).sum(),
			transfers: named("Balances", "Transfer").count() as u32,
			devices: devices.collect::<Result<_>>()?,
		})
	}

	/// Returns the number of reports and transfers in the block.
	pub fn included(&self) -> u32 {
		// A batch pays a fee, which is no transfer; a report moves nothing.
		self.transfers + self.devices.len() as u32
	}
}

/// Sources of the figures that the chain does not have.
pub struct Watched {
	/// Address of the metrics of the node that makes the blocks.
	pub author: Option<String>,
	/// Address of the metrics of a node that imports the blocks.
	pub importer: Option<String>,
	/// Process that makes the blocks.
	pub process: Option<u32>,
}

/// Sum and number of the observations of a histogram.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Histogram {
	sum: f64,
	count: f64,
}

/// Counters at one moment.
#[derive(Clone, Copy)]
pub struct Sample {
	at: Instant,
	built: Option<Histogram>,
	imported: Option<Histogram>,
	/// Processor time of the author, in seconds.
	processor: Option<f64>,
	/// Number of blocks by which the finalized block is behind the best one.
	lag: u64,
}

impl Sample {
	/// Reads the counters.
	pub async fn take(chain: &Chain, watched: &Watched) -> Result<Self> {
		let built = match &watched.author {
			Some(address) => Some(histogram(&scrape(address).await?, BUILT)),
			None => None,
		};
		let imported = match &watched.importer {
			Some(address) => Some(histogram(&scrape(address).await?, IMPORTED)),
			None => None,
		};
		let processor = watched.process.map(processor_time).transpose()?;
		let lag = chain.best().await?.saturating_sub(chain.finalized().await?);
		Ok(Self { at: Instant::now(), built, imported, processor, lag })
	}
}

/// Figures of a scenario.
#[derive(Clone, Debug)]
pub struct Figures {
	/// Reports and transfers, a second of the chain's clock.
	rate: f64,
	/// Mean number of reports and transfers in a block.
	of_a_block: f64,
	/// Mean weight of a block, in milliseconds.
	weight: f64,
	/// Mean time in which the author built a block, in milliseconds.
	built: Option<f64>,
	/// Mean time in which the second node imported a block, in milliseconds.
	imported: Option<f64>,
	/// Number of blocks by which finality was behind at the end.
	lag: u64,
	/// Processor time of the author for each second, in processors.
	processor: Option<f64>,
}

impl Figures {
	/// Computes the figures of blocks in sequence, of which the first only begins the time.
	/// `before` was taken after the first block, `after` after the last.
	pub fn of(blocks: &[Block], before: Sample, after: Sample) -> Self {
		let (first, measured) = blocks.split_first().expect("there are blocks to measure; qed");
		let count = measured.len().max(1) as f64;
		let included = measured.iter().map(|block| f64::from(block.included())).sum::<f64>();
		let end = measured.last().map_or(first.time, |block| block.time);
		let seconds = end.saturating_sub(first.time).max(1) as f64 / 1_000.0;
		let weight = measured.iter().map(|block| block.weight as f64).sum::<f64>();
		let wall = after.at.duration_since(before.at).as_secs_f64().max(0.001);
		Self {
			rate: included / seconds,
			of_a_block: included / count,
			weight: weight / count / PICOSECONDS,
			built: mean(before.built, after.built),
			imported: mean(before.imported, after.imported),
			lag: after.lag,
			processor: before.processor.zip(after.processor).map(|(a, b)| (b - a) / wall),
		}
	}
}

/// Returns the mean of the observations between two readings of a histogram of seconds, in
/// milliseconds.
fn mean(before: Option<Histogram>, after: Option<Histogram>) -> Option<f64> {
	let (before, after) = (before?, after?);
	let count = after.count - before.count;
	(count > 0.0).then(|| 1_000.0 * (after.sum - before.sum) / count)
}

/// Formats the figures of scenarios as a table in Markdown, with the ratio to the transfers if
/// those are among them.
pub fn table(rows: &[(&Scenario, Figures)]) -> String {
	let transfers = rows.iter().find(|(scenario, _)| scenario.name == "transfers");
	let transfers = transfers.map(|(_, figures)| figures.rate);
	let number = |value: Option<f64>, decimals: usize| {
		value.map_or("-".into(), |value| format!("{value:.decimals$}"))
	};
	let mut table = String::from(
		"| scenario | a second | ÷ transfers | in a block | weight, ms | built in, ms | imported in, \
		 ms | weight ÷ import | finality lag | processors |\n\
		 | --- | --: | --: | --: | --: | --: | --: | --: | --: | --: |\n",
	);
	for (scenario, figures) in rows {
		let Figures { rate, of_a_block, weight, built, imported, lag, processor } = figures;
		let _ = writeln!(
			table,
			"| {} | {rate:.0} | {} | {of_a_block:.0} | {weight:.0} | {} | {} | {} | {lag} | {} |",
			scenario.name,
			number(transfers.map(|transfers| rate / transfers), 2),
			number(*built, 0),
			number(*imported, 0),
			number(imported.map(|imported| weight / imported), 2),
			number(*processor, 2),
		);
	}
	table
}

/// Reads the metrics of a node, by HTTP 1.0, which ends the answer with the connection.
async fn scrape(address: &str) -> Result<String> {
	let read = async {
		let mut stream = TcpStream::connect(address).await?;
		let request = format!("GET /metrics HTTP/1.0\r\nHost: {address}\r\n\r\n");
		stream.write_all(request.as_bytes()).await?;
		let mut answer = String::new();
		stream.read_to_string(&mut answer).await?;
		anyhow::Ok(answer)
	};
	read.await.with_context(|| format!("no node answers with its metrics at {address}"))
}

/// Returns a histogram from metrics in Prometheus' text format, summed up over its labels.
fn histogram(metrics: &str, name: &str) -> Histogram {
	let total = |part: &str| {
		let lines = metrics.lines().filter_map(|line| {
			let rest = line.strip_prefix(name)?.strip_prefix(part)?;
			let (labels, value) = rest.rsplit_once(' ')?;
			(labels.is_empty() || labels.starts_with('{')).then(|| value.parse::<f64>().ok())?
		});
		lines.sum()
	};
	Histogram { sum: total("_sum"), count: total("_count") }
}

/// Returns the processor time of a process, in seconds, from Linux' `/proc`.
fn processor_time(process: u32) -> Result<f64> {
	let path = format!("/proc/{process}/stat");
	let stat = std::fs::read_to_string(&path).with_context(|| format!("{path} cannot be read"))?;
	ticks(&stat).map(|ticks| ticks / TICKS).with_context(|| format!("{path} has no times"))
}

/// Returns the ticks in user and system mode. They are the 14th and 15th field; the second is the
/// program's name in parentheses, which may contain spaces.
fn ticks(stat: &str) -> Option<f64> {
	let (_, after_name) = stat.rsplit_once(')')?;
	let mut fields = after_name.split_whitespace().skip(11);
	Some(fields.next()?.parse::<f64>().ok()? + fields.next()?.parse::<f64>().ok()?)
}

#[cfg(test)]
mod tests {
	use super::*;

	fn block(time: Millis, weight: u64, transfers: u32) -> Block {
		Block { time, weight, transfers, devices: vec![DeviceId::zero(); 2] }
	}

	fn sample(at: Instant, built: Option<Histogram>) -> Sample {
		Sample { at, built, imported: None, processor: Some(1.0), lag: 3 }
	}

	#[test]
	fn the_first_block_is_not_counted() {
		let blocks = [
			block(6_000, 9_000_000_000, 1_000),
			block(12_000, 1_000_000_000, 10),
			block(18_000, 3_000_000_000, 30),
		];
		let now = Instant::now();
		let before = sample(now, Some(Histogram { sum: 1.0, count: 2.0 }));
		let after = sample(now, Some(Histogram { sum: 2.0, count: 4.0 }));
		let figures = Figures::of(&blocks, before, after);
		assert_eq!((figures.rate, figures.of_a_block, figures.weight), (44.0 / 12.0, 22.0, 2.0));
		assert_eq!((figures.built, figures.imported, figures.lag), (Some(500.0), None, 3));
	}

	#[test]
	fn histograms_are_summed_over_their_labels() {
		let metrics = "# TYPE a histogram\na_bucket{le=\"1\"} 7\na_sum{result=\"x\"} 1.5\n\
			a_sum{result=\"y\"} 2\na_count{result=\"x\"} 3\na_count 4\na_sum_of_others 9\n";
		assert_eq!(histogram(metrics, "a"), Histogram { sum: 3.5, count: 7.0 });
		assert_eq!(histogram(metrics, "b"), Histogram::default());
	}

	#[test]
	fn the_times_of_a_process_follow_its_name() {
		let stat = "7 (a ) b) S 1 7 7 0 -1 4194560 1 0 0 0 120 30 0 0 20 0";
		assert_eq!(ticks(stat), Some(150.0));
		assert_eq!(ticks("7 (a"), None);
	}
}
