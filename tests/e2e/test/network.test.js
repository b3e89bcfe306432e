// Three of a local network's four validators, which are enough to finalize.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Chain, WORK, account, alice } from '../lib/chain.js';
import { Node, until } from '../lib/node.js';

describe('a local network with one validator of four away', { timeout: 420_000 }, () => {
	const nodes = [];
	before(async () => {
		const start = async (...args) => {
			nodes.push(
				await Node.start({
					args: ['--chain', 'local', '--validator', '--unsafe-force-node-key-generation', ...args],
				}),
			);
		};
		await start('--alice');
		const id = await nodes[0].rpc('system_localPeerId');
		const bootnode = `/ip4/127.0.0.1/tcp/${nodes[0].p2pPort}/p2p/${id}`;
		await start('--bob', '--bootnodes', bootnode);
		await start('--charlie', '--bootnodes', bootnode);
	});
	after(() => Promise.all(nodes.map((node) => node.stop())));

	it('finalizes one chain', async () => {
		await Promise.all(nodes.map((node) => node.finalized(3, 180)));
		const hashes = await Promise.all(nodes.map((node) => node.rpc('chain_getBlockHash', 3)));
		assert.equal(new Set(hashes).size, 1, `${hashes}`);
		const health = await nodes[0].rpc('system_health');
		assert.ok(health.peers >= 2, `${health.peers} peers`);
	});

	it('includes on every node an extrinsic that was sent to one', async () => {
		const chain = await Chain.start(nodes[1]);
		const stranger = account('e2e-stranger');
		const [{ block }] = await chain.trySend(
			alice,
			chain.api.tx.balances.transferKeepAlive(stranger.address, WORK),
		);
		const header = await nodes[1].rpc('chain_getHeader', block);
		const number = Number(header.number);
		await Promise.all(nodes.map((node) => node.finalized(number, 120)));
		await nodes[1].disconnect();

		const there = await Chain.start(nodes[2]);
		await until(
			'paid',
			async () => (await there.freeBalance(stranger.address)) === WORK,
			30,
		);
		await nodes[2].disconnect();
	});
});
