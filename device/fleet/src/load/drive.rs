//! The measured time: work is sent as fast as the node takes it, and the blocks are read.

use super::figures::{Block, Figures, Sample, Watched};
use crate::{
	chain::{Chain, Follower, Refusal},
	rpc::is_temporary,
};
use anyhow::{ensure, Result};
use depin_primitives::DeviceId;
use futures::{stream::FuturesUnordered, StreamExt};
use std::{
	collections::{HashMap, VecDeque},
	future::Future,
	time::Duration,
};
use tokio::{
	sync::mpsc::{unbounded_channel, UnboundedReceiver},
	time::{sleep, timeout, Instant},
};

/// Pause before work is sent again that the node did not take.
const PAUSE: Duration = Duration::from_millis(300);
/// Longest time in which the node answers for an item.
const ANSWER: Duration = Duration::from_secs(3);
/// Code of the SDK's `author_submitExtrinsic` for a transaction that is not valid, or not any more.
const INVALID: &str = "1010";
/// Code of `author_submitExtrinsic` for a transaction that the pool removed a moment ago.
const BANNED: &str = "1012";
/// Code of `author_submitExtrinsic` for a transaction that is in the pool.
const ALREADY_IN_POOL: &str = "1013";
/// Code of `author_submitExtrinsic` for a transaction for which the pool has no room.
const POOL_FULL: &str = "1016";
/// Greatest number of reports that are being sent at the same time.
const IN_FLIGHT: usize = 128;
/// Longest time without a block that holds work.
const STALLED: Duration = Duration::from_secs(60);
/// Longest time until the pool is empty after a scenario.
const DRAIN: Duration = Duration::from_secs(300);

/// Report that is sent on its own, in hexadecimal.
pub struct Single {
	/// Report with its signature.
	pub signed: String,
	/// Readings, if they go with the report.
	pub readings: Option<String>,
}

/// Signed work.
pub enum Feed {
	/// Extrinsics of several accounts, each account's in the order of their nonces.
	Streams(Vec<Vec<Vec<u8>>>),
	/// Reports of each device, in sequence.
	Singles(HashMap<DeviceId, VecDeque<Single>>),
}

/// Sends the work, and measures `blocks` blocks, the first with work left out.
pub async fn drive(chain: &Chain, feed: Feed, blocks: u32, watched: &Watched) -> Result<Figures> {
	let (included, next) = unbounded_channel();
	let send = async {
		match feed {
			Feed::Streams(streams) => {
				let mut sending: FuturesUnordered<_> =
					streams.into_iter().map(|stream| send_in_order(chain, stream)).collect();
				while let Some(sent) = sending.next().await {
					sent?;
				}
			}
			Feed::Singles(reports) => send_singles(chain, reports, next).await?,
		}
		// The blocks end the measurement, not the work.
		std::future::pending::<Result<()>>().await
	};
	let measure = async {
		let (mut follower, mut measured) = (Follower::new(chain).await?, Vec::new());
		let (mut first, mut last): (Option<Sample>, Option<Sample>) = (None, None);
		let mut latest = Instant::now();
		loop {
			let Some(number) = follower.next().await? else {
				ensure!(
					latest.elapsed() < STALLED,
					"no block within {STALLED:?} holds work of the load: is the node's pool large \
					 enough (--pool-limit, --pool-kbytes)?"
				);
				continue;
			};
			let block = Block::read(chain, number).await?;
			for device in &block.devices {
				// The sender is gone only when the whole load ends.
				let _ = included.send(*device);
			}
			if block.included() == 0 {
				continue;
			}
			latest = Instant::now();
			let sample = Sample::take(chain, watched).await?;
			match first {
				// The first block with work began before the work was there.
				None => first = Some(sample),
				Some(_) => last = Some(sample),
			}
			measured.push(block);
			if measured.len() as u32 > blocks {
				let (first, last) = (first.expect("set above; qed"), last.expect("set above; qed"));
				return Ok(Figures::of(&measured, first, last));
			}
		}
	};
	let figures = tokio::select! {
		figures = measure => figures?,
		failed = send => {
			failed?;
			unreachable!("the sender goes on until the measurement ends; qed")
		}
	};
	drain(chain).await?;
	Ok(figures)
}

/// Sends extrinsics of one account, each after the node has taken the one before.
async fn send_in_order(chain: &Chain, extrinsics: Vec<Vec<u8>>) -> Result<()> {
	for extrinsic in extrinsics {
		send_until(&[ALREADY_IN_POOL], &[POOL_FULL], || chain.send(&extrinsic)).await?;
	}
	Ok(())
}

/// Sends a report of each device, and the device's next one when a block holds the one before.
async fn send_singles(
	chain: &Chain,
	mut reports: HashMap<DeviceId, VecDeque<Single>>,
	mut included: UnboundedReceiver<DeviceId>,
) -> Result<()> {
	let mut ready: VecDeque<DeviceId> = reports.keys().copied().collect();
	let mut sending = FuturesUnordered::new();
	loop {
		while sending.len() < IN_FLIGHT {
			let Some(device) = ready.pop_front() else { break };
			let Some(report) = reports.get_mut(&device).and_then(VecDeque::pop_front) else {
				continue;
			};
			sending.push(send_single(chain, report));
		}
		tokio::select! {
			Some(sent) = sending.next() => sent?,
			device = included.recv() => match device {
				Some(device) => ready.push_back(device),
				None => return Ok(()),
			},
		}
	}
}

/// Sends a report until the node takes it.
async fn send_single(chain: &Chain, report: Single) -> Result<()> {
	// The pool forgets a report a moment after its block; until then it holds no other one of the
	// device.
	let later = ["Conflict", "PoolFull", "Banned"];
	send_until(&["Pending", "Duplicate"], &later, || report.send(chain)).await
}

/// Sends one item until the node has it: until the node takes the item or answers an error of
/// `done`. After an error of `later`, or one that time can lift, or without an answer, the item is
/// sent again.
async fn send_until<F: Future<Output = Result<()>>>(
	done: &[&str],
	later: &[&str],
	send: impl Fn() -> F,
) -> Result<()> {
	let mut unanswered = false;
	loop {
		// The pool sometimes never answers for what it was given while a block came in.
		let Ok(sent) = timeout(ANSWER, send()).await else {
			unanswered = true;
			continue;
		};
		let Err(error) = sent else { return Ok(()) };
		let name = fault(&error);
		let is = |names: &[&str]| names.iter().any(|one| *one == name);
		// A transaction that was taken without an answer may be in a block by now.
		if is(done) || unanswered && is(&[INVALID, BANNED]) {
			return Ok(());
		}
		if !is(later) && !is_temporary(&error) {
			return Err(error);
		}
		sleep(PAUSE).await;
	}
}

/// Returns the name of the error that the node answered; for an error of the SDK's own methods,
/// which have no names, its code.
fn fault(error: &anyhow::Error) -> String {
	match error.downcast_ref::<Refusal>() {
		Some(refusal) if refusal.method == "author_submitExtrinsic" => refusal.code.to_string(),
		Some(refusal) => refusal.name.clone(),
		None => String::new(),
	}
}

/// Waits until the blocks have taken what is left in the pool.
async fn drain(chain: &Chain) -> Result<()> {
	let start = Instant::now();
	let (mut follower, mut empty) = (Follower::new(chain).await?, 0);
	while empty < 2 {
		ensure!(start.elapsed() < DRAIN, "the pool is not empty after {DRAIN:?}");
		let Some(number) = follower.next().await? else { continue };
		let block = Block::read(chain, number).await?;
		empty = if block.included() == 0 { empty + 1 } else { 0 };
	}
	Ok(())
}
