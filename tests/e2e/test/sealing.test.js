// Development chains whose blocks do not wait for their slots.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Chain, WORK, account, alice, bob } from '../lib/chain.js';
import { Node, sleep, temporaryFolder, tool, until } from '../lib/node.js';

const SLOT = 6_000;

describe('sealing', { timeout: 420_000 }, () => {
	it('instantly puts an extrinsic into a final block, and makes no block without one', async () => {
		const basePath = temporaryFolder();
		let chain = await Chain.start(await Node.start({ sealing: 'instant', basePath }));
		const stranger = account('e2e-sealing');
		const timeAt = async (block) => (await (await chain.api.at(block)).query.timestamp.now()).toNumber();
		const numberOf = async (block) => Number((await chain.node.rpc('chain_getHeader', block)).number);
		/** Transfers one WORK, and returns the block of the transfer. */
		const transfer = async (signer) => {
			const call = chain.api.tx.balances.transferKeepAlive(stranger.address, WORK);
			const [{ block, error }] = await chain.trySend(signer, call);
			assert.equal(error, undefined);
			return block;
		};
		try {
			await sleep(2_000);
			assert.equal(await chain.node.bestNumber(), 0, 'there is nothing to put into a block');
			const first = await transfer(alice);
			await until('final', async () => (await chain.node.rpc('chain_getFinalizedHead')) === first, 5, 50);
			assert.equal(await numberOf(first), 1);
			assert.ok(Math.abs((await timeAt(first)) - Date.now()) < 60_000, 'the clock starts now');

			const second = await transfer(bob);
			assert.equal(await numberOf(second), 2);
			assert.equal(await timeAt(second), (await timeAt(first)) + SLOT);
			assert.equal(await chain.freeBalance(stranger.address), 2n * WORK);

			// The finality is GRANDPA's, and the author is BABE's.
			const { justifications } = await chain.node.rpc('chain_getBlock', second);
			assert.deepEqual(justifications.map(([engine]) => String.fromCharCode(...engine)), ['FRNK']);
			const { digest } = await chain.node.rpc('chain_getHeader', second);
			const logs = digest.logs.map((log) => log.slice(0, 12));
			assert.ok(logs.includes('0x0642414245') && logs.includes('0x0542414245'), `${digest.logs}`);
			const times = await timeAt(second);

			await chain.node.kill();
			chain = await Chain.start(await Node.start({ sealing: 'instant', basePath }));
			assert.equal(await chain.node.bestNumber(), 2);
			const third = await transfer(alice);
			assert.equal(await numberOf(third), 3);
			assert.equal(await timeAt(third), times + SLOT);
			await chain.node.finalized(3, 5);
		} finally {
			await chain.stop();
		}
	});

	it('at an interval makes blocks with and without extrinsics', async () => {
		const node = await Node.start({ sealing: 200 });
		try {
			const from = Date.now();
			await node.finalized(20, 30);
			assert.ok(Date.now() - from < 20 * SLOT);
			const api = await node.connect();
			const time = async (number) =>
				(await (await api.at(await node.rpc('chain_getBlockHash', number))).query.timestamp.now()).toNumber();
			assert.equal((await time(20)) - (await time(1)), 19 * SLOT);
		} finally {
			await node.stop();
		}
	});

	it('is refused with the reason for other values, chains and nodes', async () => {
		for (const value of ['0', 'x', '-5', '1.5', '']) {
			const { code, stderr } = await tool('--dev', '--tmp', `--sealing=${value}`);
			assert.notEqual(code, 0);
			assert.match(stderr, /neither `instant` nor a number of milliseconds from 1/);
		}
		for (const chain of ['staging', 'local']) {
			const { code, stderr } = await tool('--chain', chain, '--tmp', '--sealing=instant');
			assert.notEqual(code, 0);
			assert.match(stderr, /--sealing is for development chains only, and `depin_/);
		}
		const { code, stderr } = await tool('--chain', 'dev', '--tmp', '--sealing=100');
		assert.notEqual(code, 0);
		assert.match(stderr, /give --dev, or --validator/);
	});
});
