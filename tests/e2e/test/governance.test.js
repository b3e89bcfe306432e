// Governance without sudo: the commands of docs/governance.md, and the upgrade of a running chain.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { existsSync } from 'node:fs';
import { Chain, WORK, alice, bob, charlie, metric } from '../lib/chain.js';
import { carry, command } from '../lib/governance.js';
import { NEXT_RUNTIME, until } from '../lib/node.js';
import { Key, P256, makeReport } from '../lib/wire.js';

const WINDOW = 3_000;
/** Milliseconds from block to block: the periods of referenda are many blocks long. */
const BLOCK_TIME = 250;

describe('governance by referenda', { timeout: 1_800_000 }, () => {
	const key = new Key(P256);
	let chain, api, network;

	before(async () => {
		chain = await Chain.start(undefined, BLOCK_TIME);
		({ api } = chain);
		[network] = await chain.createNetworks(alice, { kind: 'Sensor' });
		assert.equal(network, 0);
		await chain.send(alice, chain.registerMetric(network, 1, metric('temperature', 'Cel')));
		await chain.send(bob, chain.registration(bob, network, key));
		// From here on no call of sudo is possible.
		await chain.send(alice, api.tx.sudo.removeKey());
	});
	after(() => chain?.stop());

	let last;
	/** Submits the device's next report, and waits until it is in the state and in the index. */
	async function report() {
		const sequence = (last?.sequence ?? 0) + 1;
		const start = last ? last.windowEnd : await chain.now();
		const readings = [0, 1, 2].map((i) => ({ time: start + i, metric: 1, value: sequence * 100 + i }));
		last = makeReport(key, { sequence, start, end: start + WINDOW, readings, previous: last });
		await chain.submitReport(key, last, readings);
		await chain.included(key.deviceId, sequence);
		const { items } = await until(
			`report ${sequence} in the index`,
			async () => {
				const range = await chain.node.rpc('telemetry_range', key.deviceId, 0, await chain.now());
				return range.items.length === 3 * sequence && range;
			},
			60,
		);
		assert.equal(items.at(-1).value, sequence * 100 + 2);
	}

	/** Returns the events of a block, by `pallet.Event`. */
	async function eventsOf(block) {
		const events = await (await api.at(block)).query.system.events();
		return events.map(({ event }) => `${event.section}.${event.method}`);
	}

	it('has no sudo', async () => {
		assert.ok((await api.query.sudo.key()).isNone);
		const call = await chain.allocation(network);
		const [{ error }] = await chain.trySend(alice, call);
		assert.match(error.message, /BadOrigin/);
	});

	it('funds a network', async () => {
		await report();
		await command(chain, 'fund');
		const funded = (await api.query.rewards.funded()).toJSON();
		assert.deepEqual(funded.map(([id]) => id), [network]);
	});

	it('spends the treasury', async () => {
		await chain.send(alice, api.tx.balances.transferKeepAlive(
			api.consts.treasury.potAccount,
			100n * WORK,
		));
		const before = await chain.freeBalance(charlie.address);
		await command(chain, 'spend');
		// Charlie has paid the fee of a vote meanwhile.
		const gain = (await chain.freeBalance(charlie.address)) - before;
		assert.ok(gain > 4n * WORK && gain <= 5n * WORK, `${gain}`);
	});

	it('cancels a referendum', async () => {
		await command(chain, 'cancel');
	});

	it('changes parameters, and the committee shortens a referendum', async () => {
		await command(chain, 'parameter');
		assert.equal((await api.query.staking.minValidatorBond()).toBigInt(), 2_000n * WORK);
		await command(chain, 'whitelist');
		assert.equal((await api.query.staking.validatorCount()).toNumber(), 12);
	});

	it('dispatches no call of a higher track', async () => {
		const call = api.tx.staking.setValidatorCount(99);
		await assert.rejects(carry(chain, { Origins: 'ReferendumCanceller' }, call), /BadOrigin/);
		assert.equal((await api.query.staking.validatorCount()).toNumber(), 12);
	});

	it('upgrades the runtime of the running chain', async () => {
		assert.ok(existsSync(NEXT_RUNTIME), `${NEXT_RUNTIME} is missing: run scripts/build-next-runtime`);
		await report();
		const version = async (block) =>
			(await chain.node.rpc('state_getRuntimeVersion', block)).specVersion;
		const storageVersion = async () => (await api.query.origins.palletVersion()).toNumber();
		assert.equal(await version(), 1);
		assert.equal(await storageVersion(), 0);

		process.env.RUNTIME = NEXT_RUNTIME;
		const from = await chain.node.bestNumber();
		await command(chain, 'upgrade');
		await until('upgraded', async () => (await version()) === 2, 120);
		assert.equal(await storageVersion(), 1, 'the migration has run');

		// The block with the code is read by the old runtime, the next one by the new one.
		let block;
		for (let number = from; !block; number++) {
			const hash = await chain.node.rpc('chain_getBlockHash', number);
			assert.ok(hash, 'no block has the new code');
			if ((await eventsOf(hash)).includes('system.CodeUpdated')) block = { number, hash };
		}
		assert.equal(await version(block.hash), 1);
		const next = await chain.node.rpc('chain_getBlockHash', block.number + 1);
		assert.equal(await version(next), 2);
		assert.ok((await eventsOf(next)).includes('system.ExtrinsicSuccess'));
	});

	it('goes on with blocks, reports and queries', async () => {
		// @polkadot/api offers a new runtime's APIs (`api.call`) only on a new connection.
		await chain.node.disconnect();
		api = chain.api = await chain.node.connect();
		assert.equal(api.runtimeVersion.specVersion.toNumber(), 2);
		await report();
		await chain.send(bob, api.tx.system.remark('0x01'));
		const number = await chain.node.bestNumber();
		await chain.node.finalized(number + 2, 120);
		const latest = await chain.node.rpc('telemetry_latest', key.deviceId);
		assert.equal(latest.report.report.sequence, last.sequence);
		const schedule = await chain.node.rpc('rewards_schedule');
		assert.ok(schedule.epoch > 0);
	});
});
