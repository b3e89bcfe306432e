//! Connection to the chain over the public RPC of one node: queries, and signed transactions that
//! are built from the chain's own metadata.

use anyhow::{anyhow, bail, ensure, Context, Result};
use codec::{Decode, Encode};
use depin_primitives::{Millis, H256};
use serde::de::DeserializeOwned;
use std::{
	fmt,
	time::{Duration, Instant},
};
use subxt::{
	client::{OnlineClient, OnlineClientAtBlock},
	config::{DefaultExtrinsicParamsBuilder, SubstrateConfig},
	dynamic::Value,
	ext::{frame_decode::storage::encode_storage_key_prefix, scale_value::Composite},
	rpcs::{
		client::{rpc_params, RpcClient, RpcParams},
		Error as RpcError,
	},
	tx::{Signer, TransactionStatus},
	utils::AccountId32,
	Metadata,
};
use subxt_signer::sr25519::Keypair;

/// Longest time from sending a transaction to its block.
const INCLUSION: Duration = Duration::from_secs(120);

/// Interval at which a [`Follower`] asks for the best block.
const POLL: Duration = Duration::from_millis(200);

/// Chain, as one node serves it.
pub struct Chain {
	rpc: RpcClient,
	api: OnlineClient<SubstrateConfig>,
	/// Client at the block at which this program connected, which knows the chain's calls and
	/// events without asking the node.
	at_start: OnlineClientAtBlock<SubstrateConfig>,
	metadata: std::sync::Arc<Metadata>,
	genesis: H256,
}

/// Error that a node's RPC method answered.
#[derive(Debug)]
pub struct Refusal {
	/// Method that was called.
	pub method: String,
	/// Stable number of the error.
	pub code: i32,
	/// Message of the node: the fault, and the advice to the caller.
	pub message: String,
	/// Stable name of the error, or any other data that came with the error.
	pub name: String,
	/// Node's statement that time alone can lift the error.
	pub retry: bool,
}

impl fmt::Display for Refusal {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		let Self { method, code, message, name, .. } = self;
		write!(f, "{method}: {code}")?;
		if !name.is_empty() {
			write!(f, " {name}")?;
		}
		write!(f, ": {message}")
	}
}

impl std::error::Error for Refusal {}

/// Call in SCALE.
#[derive(Clone)]
pub struct Call(Vec<u8>);

/// Encodes to the call's own bytes, so that a call can contain calls.
impl Encode for Call {
	fn size_hint(&self) -> usize {
		self.0.len()
	}

	fn encode_to<T: codec::Output + ?Sized>(&self, dest: &mut T) {
		dest.write(&self.0);
	}
}

/// Event of a transaction.
pub struct Event {
	/// Pallet that deposited the event.
	pub pallet: String,
	/// Name of the event.
	pub name: String,
	/// Fields of the event, in SCALE.
	pub fields: Vec<u8>,
}

impl<C: subxt::Config> From<&subxt::events::Event<'_, C>> for Event {
	fn from(event: &subxt::events::Event<'_, C>) -> Self {
		let (pallet, name) = (event.pallet_name().into(), event.event_name().into());
		Self { pallet, name, fields: event.field_bytes().to_vec() }
	}
}

/// Reader of the best chain's blocks, each once and in order. For chains without forks: a block
/// that another one replaces is not read again.
pub struct Follower<'a> {
	chain: &'a Chain,
	/// Number of the last block that was read.
	read: u64,
}

impl<'a> Follower<'a> {
	/// Begins after the best block.
	pub async fn new(chain: &'a Chain) -> Result<Self> {
		Ok(Self { chain, read: chain.best().await? })
	}

	/// Returns the number of the next block. If it is not there yet, waits a moment and returns
	/// `None`.
	pub async fn next(&mut self) -> Result<Option<u64>> {
		if self.read == self.chain.best().await? {
			tokio::time::sleep(POLL).await;
			return Ok(None);
		}
		self.read += 1;
		Ok(Some(self.read))
	}
}

/// Transaction that succeeded.
pub struct Done {
	/// Number of the block that holds the transaction.
	pub block: u64,
	/// Events of the transaction.
	pub events: Vec<Event>,
}

impl Done {
	/// Returns the events of this name, each with its first fields decoded as a `T`.
	pub fn find<T: Decode>(&self, pallet: &str, name: &str) -> Result<Vec<T>> {
		self.events
			.iter()
			.filter(|event| event.pallet == pallet && event.name == name)
			.map(|event| T::decode(&mut &event.fields[..]).map_err(Into::into))
			.collect::<Result<_>>()
			.with_context(|| format!("{pallet}.{name} is not what this program was built for"))
	}
}

impl Chain {
	/// Connects to a node, and waits up to `wait` until the node answers.
	pub async fn connect(url: &str, wait: Duration) -> Result<Self> {
		ensure!(
			url.starts_with("ws://") || url.starts_with("wss://"),
			"{url} is no websocket address: give one like ws://127.0.0.1:9944 with --url"
		);
		let start = Instant::now();
		let rpc = loop {
			match RpcClient::from_insecure_url(url).await {
				Ok(rpc) => break rpc,
				Err(e) if start.elapsed() >= wait => bail!(
					"no node answers at {url} ({e}): start one with `depin-node --dev`, or name another \
					 with --url"
				),
				Err(_) => tokio::time::sleep(Duration::from_millis(500)).await,
			}
		};
		let api = OnlineClient::from_rpc_client(rpc.clone()).await?;
		let genesis = api.genesis_hash();
		let at_start = api.at_current_block().await?;
		let metadata = at_start.metadata();
		Ok(Self { rpc, api, at_start, metadata, genesis: H256(genesis.0) })
	}

	/// Returns the genesis hash, which every signature covers.
	pub fn genesis(&self) -> H256 {
		self.genesis
	}

	/// Calls an RPC method. The error that the method answers is a [`Refusal`].
	pub async fn request<T: DeserializeOwned>(&self, method: &str, params: RpcParams) -> Result<T> {
		self.rpc.request(method, params).await.map_err(|e| match e {
			RpcError::User(e) => {
				let data: serde_json::Value = e
					.data
					.and_then(|data| serde_json::from_str(data.get()).ok())
					.unwrap_or_default();
				let name = match &data["error"] {
					serde_json::Value::String(name) => name.clone(),
					_ if data.is_null() => String::new(),
					_ => data.to_string(),
				};
				let retry = data["retry"].as_bool().unwrap_or_default();
				let method = method.to_string();
				anyhow!(Refusal { method, code: e.code, message: e.message, name, retry })
			}
			other => anyhow!(other).context(format!("{method} failed: is the node still there?")),
		})
	}

	/// Returns the number of the last finalized block.
	pub async fn finalized(&self) -> Result<u64> {
		let hash: String = self.request("chain_getFinalizedHead", rpc_params![]).await?;
		self.number(rpc_params![hash]).await
	}

	/// Returns the bytes of a storage value in a block, the best one by default.
	async fn storage(
		&self,
		pallet: &str,
		item: &str,
		block: Option<H256>,
	) -> Result<Option<Vec<u8>>> {
		let key = format!("0x{}", hex::encode(encode_storage_key_prefix(pallet, item)));
		let value: Option<String> =
			self.request("state_getStorage", rpc_params![key, block]).await?;
		Ok(value.map(|value| hex::decode(value.trim_start_matches("0x"))).transpose()?)
	}

	/// Returns a value of the state of a block.
	pub async fn value<T: Decode>(&self, pallet: &str, item: &str, block: H256) -> Result<T> {
		let bytes = self.storage(pallet, item, Some(block)).await?;
		let bytes = bytes.with_context(|| format!("the chain has no {pallet}.{item}"))?;
		T::decode(&mut &bytes[..])
			.with_context(|| format!("{pallet}.{item} is not what it should be"))
	}

	/// Returns the hash and the events of the block with this number, on the best chain.
	pub async fn events(&self, number: u64) -> Result<(H256, Vec<Event>)> {
		let hash: H256 = self.request("chain_getBlockHash", rpc_params![number]).await?;
		let bytes = self.storage("System", "Events", Some(hash)).await?;
		let events = self.at_start.events().from_bytes(bytes.unwrap_or_default());
		let events = events.iter().map(|event| Ok(Event::from(&event?)));
		Ok((hash, events.collect::<Result<_>>()?))
	}

	/// Returns the chain's clock: the time of the best block.
	pub async fn now(&self) -> Result<Millis> {
		let bytes = self.storage("Timestamp", "Now", None).await?;
		bytes
			.map_or(Ok(0), |bytes| Millis::decode(&mut &bytes[..]))
			.context("the chain's clock cannot be read")
	}

	/// Returns the number of the best block.
	pub async fn best(&self) -> Result<u64> {
		self.number(rpc_params![]).await
	}

	/// Returns the number of the block that `chain_getHeader` answers with.
	async fn number(&self, params: RpcParams) -> Result<u64> {
		#[derive(serde::Deserialize)]
		struct Header {
			number: String,
		}
		let header: Header = self.request("chain_getHeader", params).await?;
		let number = u64::from_str_radix(header.number.trim_start_matches("0x"), 16);
		number.context("a block's number cannot be read")
	}

	/// Returns the free balance of an account in the last finalized block.
	pub async fn free(&self, account: [u8; 32]) -> Result<u128> {
		use subxt::dynamic::At;
		let address = subxt::dynamic::storage::<([u8; 32],), Value>("System", "Account");
		let at = self.api.at_current_block().await?;
		let Some(info) = at.storage().try_fetch(address, (account,)).await? else { return Ok(0) };
		let info = info.decode()?;
		info.at("data").at("free").and_then(|free| free.as_u128()).context("a balance is a number")
	}

	/// Returns a call, built with the numbers that the chain's metadata gives it.
	pub fn call(&self, pallet: &str, name: &str, args: impl Encode) -> Result<Call> {
		let missing = || {
			format!("the chain has no call {pallet}.{name}: is it a depin-node of this version?")
		};
		let pallet = self.metadata.pallet_by_name(pallet).with_context(missing)?;
		let variant = pallet.call_variant_by_name(name).with_context(missing)?;
		let mut bytes = vec![pallet.call_index(), variant.index];
		args.encode_to(&mut bytes);
		Ok(Call(bytes))
	}

	/// Returns a call that makes these calls, all of them or none.
	pub fn batch(&self, calls: Vec<Call>) -> Result<Call> {
		self.call("Utility", "batch_all", (calls,))
	}

	/// Returns a call that makes this call as root.
	pub fn sudo(&self, call: Call) -> Result<Call> {
		self.call("Sudo", "sudo", (call,))
	}

	/// Returns the next nonce of an account. The node's answer counts the transactions in its pool;
	/// the last finalized block does not.
	async fn nonce(&self, account: &AccountId32) -> Result<u64> {
		self.request("system_accountNextIndex", rpc_params![account.to_string()]).await
	}

	/// Signs these calls, each with the nonce after the one before, so that they can be sent at any
	/// time.
	pub async fn sign_in_sequence(&self, signer: &Keypair, calls: &[Call]) -> Result<Vec<Vec<u8>>> {
		let nonce = self.nonce(&Signer::<SubstrateConfig>::account_id(signer)).await?;
		let transactions = self.at_start.transactions();
		let mut signed = (nonce..).zip(calls).map(|(nonce, call)| {
			let params = DefaultExtrinsicParamsBuilder::new().nonce(nonce).build();
			let payload = transactions.from_call_data_bytes(&call.0)?;
			let mut signable = transactions.create_signable_offline(&payload, params)?;
			Ok(signable.sign(signer)?.into_encoded())
		});
		// Thousands of signatures take seconds, in which the connection must go on.
		tokio::task::block_in_place(|| signed.by_ref().collect())
	}

	/// Gives a signed extrinsic to the node, and does not wait for a block.
	pub async fn send(&self, extrinsic: &[u8]) -> Result<()> {
		let params = rpc_params![format!("0x{}", hex::encode(extrinsic))];
		let _: H256 = self.request("author_submitExtrinsic", params).await?;
		Ok(())
	}

	/// Signs a call, sends it, and waits until a block holds it. A call that the chain refuses is
	/// an error.
	pub async fn submit(&self, signer: &Keypair, call: &Call) -> Result<Done> {
		match tokio::time::timeout(INCLUSION, self.submit_inner(signer, call)).await {
			Ok(done) => done,
			Err(_) => bail!("no block took the transaction within {INCLUSION:?}: are blocks made?"),
		}
	}

	async fn submit_inner(&self, signer: &Keypair, call: &Call) -> Result<Done> {
		let account: AccountId32 = Signer::<SubstrateConfig>::account_id(signer);
		let nonce = self.nonce(&account).await?;
		let params = DefaultExtrinsicParamsBuilder::new().nonce(nonce).build();
		let transactions = self.api.at_current_block().await?.transactions();
		let payload = transactions
			.from_call_data_bytes(&call.0)
			.context("the chain's calls are not what this program was built for")?;
		let mut signable = transactions.create_signable(&payload, &account, params).await?;
		let mut progress = signable.sign(signer)?.submit_and_watch().await?;

		let included = loop {
			let status = progress.next().await.context("the node forgot the transaction")??;
			match status {
				TransactionStatus::InBestBlock(at) | TransactionStatus::InFinalizedBlock(at) => {
					break at
				}
				TransactionStatus::Error { message }
				| TransactionStatus::Invalid { message }
				| TransactionStatus::Dropped { message } => bail!("the transaction was dropped: {message}"),
				_ => {}
			}
		};
		let events = included.wait_for_success().await.map_err(|e| anyhow!("refused: {e}"))?;
		let block = included.at().await?.block_number();
		let events = events
			.iter()
			.map(|event| {
				let event = event?;
				if (event.pallet_name(), event.event_name()) == ("Sudo", "Sudid") {
					// `Ok(())` is a zero byte.
					let result = event.decode_fields_unchecked_as::<Composite<()>>()?;
					let is_ok = event.field_bytes().first() == Some(&0);
					ensure!(is_ok, "refused, as root: {result}");
				}
				Ok(Event::from(&event))
			})
			.collect::<Result<_>>()?;
		Ok(Done { block, events })
	}
}
