// A node that is killed continues from its stored state.

import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Chain, alice, bob, metric } from '../lib/chain.js';
import { Node, temporaryFolder, until } from '../lib/node.js';
import { Key, P256, makeReport } from '../lib/wire.js';

const WINDOW = 3_000;

describe('a node killed without warning', { timeout: 300_000 }, () => {
	const basePath = temporaryFolder();
	const key = new Key(P256);
	let chain;
	after(() => chain?.stop());

	const indexed = (count) =>
		until(
			`${count} readings in the index`,
			async () => {
				const range = await chain.node.rpc('telemetry_range', key.deviceId, 0, await chain.now());
				return range.items.length === count && range.items;
			},
			60,
		);

	async function report(sequence, start, previous) {
		const readings = [0, 1, 2].map((i) => ({ time: start + i, metric: 1, value: sequence * 100 + i }));
		const report = makeReport(key, { sequence, start, end: start + WINDOW, readings, previous });
		await chain.submitReport(key, report, readings);
		return report;
	}

	it('keeps its chain and its index, and produces further blocks', async () => {
		chain = await Chain.start(await Node.start({ basePath }));
		const [network] = await chain.createNetworks(alice, { kind: 'Sensor' });
		await Promise.all([
			chain.send(alice, chain.registerMetric(network, 1, metric('temperature', 'Cel'))),
			chain.send(bob, chain.registration(bob, network, key)),
		]);
		const start = await chain.now();
		const first = await report(1, start);
		const before = await indexed(3);
		assert.deepEqual(before.map(({ value }) => value), [100, 101, 102]);
		const number = await chain.node.finalizedNumber();
		const hash = await chain.node.rpc('chain_getBlockHash', number);

		assert.equal((await chain.node.kill()).signal, 'SIGKILL');
		chain = await Chain.start(await Node.start({ basePath }));

		assert.equal(await chain.node.rpc('chain_getBlockHash', number), hash);
		assert.deepEqual(await indexed(3), before);
		await chain.node.finalized(number + 2, 90);

		await report(2, start + WINDOW, first);
		const after = await indexed(6);
		assert.deepEqual(after.slice(0, 3), before);
		assert.equal((await chain.lastReport(key.deviceId)).sequence.toNumber(), 2);
	});

	it('rebuilds a lost index from the chain', async () => {
		const before = await indexed(6);
		await chain.stop();
		rmSync(join(basePath, 'chains', 'depin_dev', 'telemetry'), { recursive: true });
		chain = await Chain.start(await Node.start({ basePath }));
		assert.deepEqual(await indexed(6), before);
	});
});
