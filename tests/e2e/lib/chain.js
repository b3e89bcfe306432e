// What the tests do on a chain, with @polkadot/api as any wallet has it.

import { Keyring } from '@polkadot/api';
import { latLngToCell } from 'h3-js';
import { Key, P256, adoption, certify, consent, rotation } from './wire.js';
import { Node, until } from './node.js';

export const WORK = 10n ** 12n;
const MINUTE = 60_000;

const keyring = new Keyring({ type: 'sr25519', ss58Format: 42 });
export const account = (name) => keyring.addFromUri(`//${name}`);
export const [alice, bob, charlie, dave] = ['Alice', 'Bob', 'Charlie', 'Dave'].map(account);

/** The H3 cell of a place, as the 64-bit number that a call takes. */
export const cellAt = (latitude, longitude, resolution = 9) =>
	BigInt(`0x${latLngToCell(latitude, longitude, resolution)}`);

/** One whole, in the billionths of the weights of trust. */
export const WHOLE = 1_000_000_000;

/** A network's rules: H3 cells of about 0.1 km², every key scheme, and reports as fast as blocks. */
export const policy = (report = {}, { required = 'Open', open = WHOLE, cooldown = 0 } = {}) => ({
	cellResolution: 9,
	schemes: 0b1111,
	location: { cooldown },
	trust: { required, open, certified: WHOLE, attested: WHOLE },
	report: {
		maxWorkPerHour: 36_000,
		minInterval: 1,
		maxWindow: 10 * MINUTE,
		maxAge: 60 * MINUTE,
		maxSkew: 10_000,
		...report,
	},
	coverage: null,
});

/** A call that the chain refused. */
export class CallError extends Error {
	constructor(pallet, name) {
		super(`${pallet}.${name}`);
		this.pallet = pallet;
		this.name = name;
	}
}

export class Chain {
	/** A development chain of its own, or the chain of a node that runs. */
	static async start(node) {
		const chain = new Chain();
		chain.node = node ?? (await Node.start());
		chain.api = await chain.node.connect();
		chain.genesis = chain.api.genesisHash.toHex();
		return chain;
	}

	/** The chain's clock: that of the best block, in milliseconds. */
	async now() {
		return (await this.api.query.timestamp.now()).toNumber();
	}

	/**
	 * Signs the calls with consecutive nonces and sends them all; gives for each its block and the
	 * data of its events by `pallet.Event`, or the error for which it failed there.
	 */
	async trySend(signer, ...calls) {
		let nonce = (await this.api.rpc.system.accountNextIndex(signer.address)).toNumber();
		return Promise.all(calls.map((call) => this.#send(signer, nonce++, call)));
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
				if (!status.isInBlock) return;
				const block = status.asInBlock.toHex();
				if (dispatchError?.isModule) {
					const { section, name } = this.api.registry.findMetaError(dispatchError.asModule);
					return settle(resolve, { block, error: new CallError(section, name) });
				}
				if (dispatchError)
					return settle(resolve, { block, error: new Error(dispatchError.toString()) });
				const named = {};
				for (const { event } of events) named[`${event.section}.${event.method}`] = event.data;
				settle(resolve, { block, events: named });
			});
			stop.catch(reject);
		});
	}

	/** The same for calls that must succeed. */
	async send(signer, ...calls) {
		const results = await this.trySend(signer, ...calls);
		for (const { error } of results) if (error) throw error;
		return results.map(({ events }) => events);
	}

	/** A maker with a key of its own, and its number. */
	async registerMaker(signer, key = new Key(P256)) {
		const [events] = await this.send(signer, this.api.tx.deviceRegistry.registerMaker(key.argument));
		return { key, id: events['deviceRegistry.MakerRegistered'].maker.toNumber() };
	}

	/** Networks; their numbers. */
	async createNetworks(signer, ...networks) {
		const events = await this.send(
			signer,
			...networks.map(({ kind = 'Sensor', makers = null, bond = 10n * WORK, rules }) => {
				// Who lists makers here wants their certificates.
				const required = makers ? 'Certified' : 'Open';
				const given = rules ?? policy({}, { required });
				return this.api.tx.deviceRegistry.createNetwork(kind, makers, bond, given);
			}),
		);
		return events.map((named) => named['deviceRegistry.NetworkCreated'].network.toNumber());
	}

	/** The call that registers a device, from the account that shall own it. */
	registration(owner, network, key, { maker, cell = cellAt(52.52, 13.405), ...changes } = {}) {
		const certificate =
			maker &&
			certify(maker.key, this.genesis, {
				maker: maker.id,
				number: maker.number,
				network,
				deviceKey: key,
				expires: Date.now() + MINUTE * 60,
			});
		const given = {
			certificate: certificate ?? null,
			consent: consent(key, this.genesis, network, owner.publicKey),
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

	/** The call that gives a device another key, by the word of its current one. */
	rotation(owner, device, key, newKey, { certificate = null } = {}) {
		const [of, { publicKey }] = [this.genesis, owner];
		return this.api.tx.deviceRegistry.rotateKey(
			device,
			newKey.argument,
			rotation(key, of, device, publicKey, newKey),
			adoption(newKey, of, device, publicKey),
			certificate,
		);
	}

	/** What the chain keeps of the device's last report, by the runtime API. */
	async lastReport(device) {
		const last = await this.api.call.attestationApi.lastReport(device);
		return last.isSome ? last.unwrap() : null;
	}

	/** Waits until the chain holds this sequence of the device; gives what it keeps. */
	async included(device, sequence, seconds = 40) {
		return until(
			`included: report ${sequence}`,
			async () => {
				const last = await this.lastReport(device);
				return last?.sequence.toNumber() >= sequence && last;
			},
			seconds,
		);
	}

	async freeBalance(address) {
		return (await this.api.query.system.account(address)).data.free.toBigInt();
	}

	async heldBalance(address) {
		const { reserved } = (await this.api.query.system.account(address)).data;
		return reserved.toBigInt();
	}

	/** A runtime API by its raw name, with arguments as bytes. */
	async stateCall(name, bytes) {
		return this.node.rpc('state_call', name, bytes);
	}

	stop() {
		return this.node.stop();
	}
}
