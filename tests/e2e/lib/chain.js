// Actions of the tests on a chain, by @polkadot/api, as any wallet uses it.

import { Keyring } from '@polkadot/api';
import { latLngToCell } from 'h3-js';
import { Key, P256, adoption, certify, consent, rotation, signReport } from './wire.js';
import { Node, until } from './node.js';

export const WORK = 10n ** 12n;
const MINUTE = 60_000;
/** Time for which a device's statements are valid, shorter than the chain's retirement delay. */
const STATEMENT_LIFETIME = 90_000;

/** Milliseconds from block to block on the chains of the tests. */
const BLOCK_TIME = 1_000;

const keyring = new Keyring({ type: 'sr25519', ss58Format: 42 });
export const account = (name) => keyring.addFromUri(`//${name}`);
export const [alice, bob, charlie, dave, eve, ferdie] = [
	'Alice',
	'Bob',
	'Charlie',
	'Dave',
	'Eve',
	'Ferdie',
].map(account);

/** Returns the H3 cell of a place, as the 64-bit number that a call takes. */
export const cellAt = (latitude, longitude, resolution = 9) =>
	BigInt(`0x${latLngToCell(latitude, longitude, resolution)}`);

/** The number 1.0, in the billionths of the trust factors. */
export const ONE = 1_000_000_000;

/** The policy without quality: the work of every accepted report counts in full. */
const UNSCORED = {
	period: 60 * MINUTE,
	onTime: 0,
	weights: { cadence: 0, continuity: 0, plausibility: 0, neighbours: 0 },
	threshold: 0,
	resolution: 0,
	minNeighbours: 1,
	copyLimit: 0,
};

/**
 * A network's rules: H3 cells of about 0.1 km², every key scheme, reports as fast as blocks, and no
 * quality, unless it is given.
 */
export const policy = (
	report = {},
	{ required = 'Open', open = ONE, cooldown = 0, quality = {} } = {},
) => ({
	cellResolution: 9,
	schemes: 0b1111,
	location: { cooldown },
	trust: { required, open, certified: ONE, hardwareAttested: ONE },
	report: {
		maxWorkPerHour: 36_000,
		minInterval: 1,
		maxWindow: 10 * MINUTE,
		maxAge: 60 * MINUTE,
		maxSkew: 10_000,
		...report,
	},
	quality: { ...UNSCORED, ...quality },
	coverage: null,
});

/** Returns a metric as a call's argument; without `limits`, it allows any value. */
export const metric = (name, unit, { decimals = 2, ...limits } = {}) => ({
	name,
	unit,
	decimals,
	limits: {
		min: -(2n ** 63n),
		max: 2n ** 63n - 1n,
		maxJump: null,
		stuckLimit: null,
		tolerance: null,
		...limits,
	},
});

/** A call that the chain refused. */
export class CallError extends Error {
	constructor(pallet, name, docs) {
		super(`${pallet}.${name}: ${docs}`);
		this.pallet = pallet;
		this.name = name;
		this.docs = docs;
	}
}

export class Chain {
	/**
	 * Connects to a new development chain, whose blocks do not wait for their slots, or to the
	 * chain of a running node. The clock of a new chain is ahead of this machine's.
	 */
	static async start(node, sealing = BLOCK_TIME) {
		const chain = new Chain();
		chain.node = node ?? (await Node.start({ sealing }));
		chain.api = await chain.node.connect();
		chain.genesis = chain.api.genesisHash.toHex();
		chain.clock = await chain.now();
		await chain.api.query.timestamp.now((now) => {
			chain.clock = now.toNumber();
		});
		return chain;
	}

	/** Returns the chain's clock: the time of the best block, in milliseconds. */
	async now() {
		return (await this.api.query.timestamp.now()).toNumber();
	}

	/**
	 * Returns an expiry for a device's next statement, later than all that this function has
	 * returned for this lifetime. The chain's clock is at 0 before the first block, and may be
	 * ahead of time.
	 */
	expiry(lifetime = STATEMENT_LIFETIME) {
		this.statements = (this.statements ?? 0) + 1;
		return Math.max(this.clock, Date.now()) + lifetime + this.statements;
	}

	/** Returns the error of a call, as the metadata names it. */
	errorOf(dispatchError) {
		if (!dispatchError.isModule) return new Error(dispatchError.toString());
		const { section, name, docs } = this.api.registry.findMetaError(dispatchError.asModule);
		return new CallError(section, name, docs.join(' ').trim());
	}

	/**
	 * Signs the calls with consecutive nonces and sends them all. Returns for each call its block,
	 * its events in order and the data of the last event of each kind by `pallet.Event`, or the
	 * error with which the call failed.
	 */
	async trySend(signer, ...calls) {
		let nonce = (await this.api.rpc.system.accountNextIndex(signer.address)).toNumber();
		// Each call is signed as a separate extrinsic, so that `calls` may contain one twice.
		const fresh = calls.map(({ method }) => this.api.tx(method));
		return Promise.all(fresh.map((call) => this.#send(signer, nonce++, call)));
	}

	#send(signer, nonce, call) {
		return new Promise((resolve, reject) => {
			let stop;
			const settle = (how, value) => {
				how(value);
				Promise.resolve(stop).then((unsubscribe) => unsubscribe?.());
			};
			stop = call.signAndSend(signer, { nonce }, ({ status, isError, events, dispatchError }) => {
				if (isError) settle(reject, new Error(`the pool dropped the call: ${status.type}`));
				// A block that is final at once may be told as final only.
				if (!status.isInBlock && !status.isFinalized) return;
				const block = (status.isInBlock ? status.asInBlock : status.asFinalized).toHex();
				if (dispatchError) return settle(resolve, { block, error: this.errorOf(dispatchError) });
				const named = {};
				for (const { event } of events) named[`${event.section}.${event.method}`] = event.data;
				settle(resolve, { block, events: named, all: events.map(({ event }) => event) });
			});
			stop.catch(reject);
		});
	}

	/** Does the same for calls that must succeed. */
	async send(signer, ...calls) {
		const results = await this.trySend(signer, ...calls);
		for (const { error } of results) if (error) throw error;
		return results.map(({ events }) => events);
	}

	/** Does the same for calls of governance, which on this chain is sudo. */
	async tryGovern(...calls) {
		const wrapped = calls.map((call) => this.api.tx.sudo.sudo(call));
		return (await this.trySend(alice, ...wrapped)).map((result) => {
			const told = result.events?.['sudo.Sudid'].sudoResult;
			return told?.isErr ? { block: result.block, error: this.errorOf(told.asErr) } : result;
		});
	}

	/** Does the same for calls of governance that must succeed. */
	async govern(...calls) {
		const results = await this.tryGovern(...calls);
		for (const { error } of results) if (error) throw error;
		return results.map(({ events }) => events);
	}

	/** Returns the call that funds a network under the rules that it has. */
	async allocation(network, allocation = 1) {
		const record = await this.api.call.deviceRegistryApi.network(network);
		return this.api.tx.rewards.setAllocation(network, allocation, record.unwrap().rulesHash);
	}

	/** Registers a maker with a new key, and returns its number and key. */
	async registerMaker(signer, key = new Key(P256)) {
		const [events] = await this.send(signer, this.api.tx.deviceRegistry.registerMaker(key.argument));
		return { key, id: events['deviceRegistry.MakerRegistered'].maker.toNumber() };
	}

	/** Returns the call that registers a metric of a network. */
	registerMetric(network, id, registered) {
		return this.api.tx.attestation.registerMetric(network, id, registered);
	}

	/**
	 * Creates networks and returns their numbers. The default kind is one whose reports hold any
	 * amount of work.
	 */
	async createNetworks(signer, ...networks) {
		const events = await this.send(
			signer,
			...networks.map(({ kind = 'Compute', makers = null, bond = 10n * WORK, rules }) => {
				// A network that lists makers requires their certificates.
				const required = makers ? 'Certified' : 'Open';
				const given = rules ?? policy({}, { required });
				return this.api.tx.deviceRegistry.createNetwork(kind, makers, bond, given);
			}),
		);
		return events.map((named) => named['deviceRegistry.NetworkCreated'].network.toNumber());
	}

	/** Returns a maker's certificate, valid for a day; `number` is that of the maker's key. */
	certificate({ key, id, number = 0 }, network, deviceKey, changes = {}) {
		// The chain's clock is ahead of this machine's by minutes at most.
		const expires = Date.now() + 24 * 60 * MINUTE;
		return certify(key, this.genesis, { maker: id, number, network, deviceKey, expires, ...changes });
	}

	/** Returns the call that registers a device, to be signed by its future owner. */
	registration(owner, network, key, { maker, cell = cellAt(52.52, 13.405), ...changes } = {}) {
		const certificate = maker && this.certificate(maker, network, key);
		const given = {
			certificate: certificate ?? null,
			consent: consent(key, this.genesis, network, owner.publicKey, this.expiry()),
			...changes,
		};
		return this.api.tx.deviceRegistry.registerDevice(
			network,
			key.argument,
			cell,
			given.certificate,
			given.consent,
		);
	}

	/** Returns the call that gives a device another key, with the statement of its current key. */
	rotation(owner, device, key, newKey, { certificate = null, adoptedBy = newKey } = {}) {
		const [of, { publicKey }] = [this.genesis, owner];
		return this.api.tx.deviceRegistry.rotateKey(
			device,
			newKey.argument,
			rotation(key, of, device, publicKey, newKey, this.expiry()),
			adoption(adoptedBy, of, device, publicKey, this.expiry()),
			certificate,
		);
	}

	/** Returns the device's last report in the state, by the runtime API. */
	async lastReport(device) {
		const last = await this.api.call.attestationApi.lastReport(device);
		return last.isSome ? last.unwrap() : null;
	}

	/** Hands a device's report in, as a device does: over HTTP, with no library and no fee. */
	submitReport(key, report, readings) {
		const signed = signReport(key, this.genesis, report);
		return this.node.rpc('telemetry_submitReport', signed, ...(readings ? [readings] : []));
	}

	/**
	 * Waits until the device's last report in the state has this sequence and has left the pool,
	 * which holds one report of a device at a time. Returns the last report.
	 */
	async included(device, sequence, seconds = 40) {
		const last = await until(
			`included: report ${sequence}`,
			async () => {
				const last = await this.lastReport(device);
				return last?.sequence.toNumber() >= sequence && last;
			},
			seconds,
		);
		await until('out of the pool', async () => (await this.waiting(device)).length === 0, seconds, 50);
		return last;
	}

	/** Returns the extrinsics in the pool that name the device. */
	async waiting(device) {
		const pending = await this.node.rpc('author_pendingExtrinsics');
		return pending.filter((extrinsic) => extrinsic.includes(device.slice(2)));
	}

	/** Returns the running reward epoch. */
	async epoch() {
		return (await this.node.rpc('rewards_schedule')).epoch;
	}

	/** Waits until the running epoch has at least this many blocks left. */
	async roomInEpoch(blocks) {
		await until(`${blocks} blocks before an epoch's end`, async () => {
			const { closesAt } = await this.node.rpc('rewards_schedule');
			return closesAt - (await this.node.bestNumber()) >= blocks;
		});
	}

	/** Waits for this reward epoch. */
	async epochReached(epoch, seconds = 90) {
		await until(`epoch ${epoch}`, async () => (await this.epoch()) >= epoch, seconds, 500);
	}

	/** Waits until a call that is sent now is in this block or a later one. */
	async blockReached(number, seconds = 150) {
		await until(`block ${number}`, async () => (await this.node.bestNumber()) >= number - 1, seconds);
	}

	async freeBalance(address) {
		return (await this.api.query.system.account(address)).data.free.toBigInt();
	}

	async heldBalance(address) {
		const { reserved } = (await this.api.query.system.account(address)).data;
		return reserved.toBigInt();
	}

	/** Calls a runtime API by its raw name, with the arguments as bytes. */
	async stateCall(name, bytes) {
		return this.node.rpc('state_call', name, bytes);
	}

	stop() {
		return this.node.stop();
	}
}
