// Floods of feeless reports, by the thousand: the reports that stay in the pool, and its answers.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { randomBytes } from '@noble/hashes/utils';
import { Chain, alice, bob, metric } from '../lib/chain.js';
import { Node, until } from '../lib/node.js';
import {
	COMMITTED,
	ED25519,
	Key,
	P256,
	encodeSignedReport,
	hex,
	makeReport,
	mortalEra,
	reportExtrinsic,
	signReport,
} from '../lib/wire.js';

const THOUSAND = 1000;
// Number of requests that are on their way to the node at a time.
const AT_ONCE = 25;
const WINDOW = 1_000;
const TEMPERATURE = 1;

describe('a flood', { timeout: 420_000 }, () => {
	const [p256, ed25519, eager] = [P256, ED25519, ED25519].map((scheme) => new Key(scheme));
	let chain, call, base, mostWaiting;

	const nth = (key, sequence, changes) => {
		const start = base + (sequence - 1) * WINDOW;
		const readings = [{ time: start, metric: TEMPERATURE, value: 2000 + sequence }];
		const window = { start, end: start + WINDOW };
		return makeReport(key, { sequence, ...window, readings, flags: COMMITTED, ...changes });
	};
	const sign = (key, report) => signReport(key, chain.genesis, report);
	const pool = () => chain.node.rpc('author_pendingExtrinsics');

	/** Sends extrinsics as fast as the node takes them, and looks into its pool meanwhile. */
	const flood = async (extrinsics) => {
		const answers = { taken: [], refused: new Map() };
		const left = [...extrinsics];
		mostWaiting = 0;
		let done = false;
		const watch = async () => {
			while (!done) mostWaiting = Math.max(mostWaiting, (await pool()).length);
		};
		const send = async () => {
			for (let bytes = left.pop(); bytes; bytes = left.pop()) {
				try {
					answers.taken.push(await chain.node.rpc('author_submitExtrinsic', hex(bytes)));
				} catch (error) {
					// Anything but an answer of the node is a failure of the test.
					if (error.code === undefined) throw error;
					const why = error.code === 1010 ? `${error.code} ${error.data}` : `${error.code}`;
					answers.refused.set(why, (answers.refused.get(why) ?? 0) + 1);
				}
			}
		};
		const watching = watch();
		await Promise.all(Array.from({ length: AT_ONCE }, send));
		done = true;
		await watching;
		return answers;
	};
	const count = ({ refused }) => [...refused.values()].reduce((a, b) => a + b, 0);

	/** The sequences of the device's reports in blocks, from that block on. */
	const included = async (key, from) => {
		const sequences = [];
		const best = await chain.node.bestNumber();
		for (let number = from; number <= best; number += 1) {
			const hash = await chain.api.rpc.chain.getBlockHash(number);
			const { block } = await chain.api.rpc.chain.getBlock(hash);
			for (const { method } of block.extrinsics) {
				if (`${method.section}.${method.method}` !== 'attestation.report') continue;
				const { report } = method.args[0];
				if (report.device.toHex() === key.deviceId) sequences.push(report.sequence.toNumber());
			}
		}
		return sequences;
	};
	const newBlock = async () => {
		const head = await chain.node.bestNumber();
		await until('a new block', async () => (await chain.node.bestNumber()) > head, 20, 50);
		return head + 1;
	};

	before(async () => {
		chain = await Chain.start(await Node.start());
		call = [...chain.api.tx.attestation.report.callIndex];
		const [network] = await chain.createNetworks(alice, { kind: 'Sensor' });
		await Promise.all([
			chain.send(alice, chain.registerMetric(network, TEMPERATURE, metric('temperature', 'Cel'))),
			chain.send(
				bob,
				...[p256, ed25519, eager].map((key) => chain.registration(bob, network, key)),
			),
		]);
		base = await chain.now();
	});
	after(() => chain?.stop());

	it('can be made from the bytes of one known report by anyone', async () => {
		const signed = sign(p256, nth(p256, 1));
		const bare = hex(encodeSignedReport(signed)) + '00';
		const wrapped = await chain.stateCall('AttestationApi_report_extrinsic', bare);
		assert.equal(hex(reportExtrinsic(call, signed)), wrapped);
	});

	it('of a thousand copies of one report leaves one report in the pool', async () => {
		const from = await newBlock();
		const signed = sign(p256, nth(p256, 1));
		const copies = Array.from({ length: THOUSAND }, (_, i) => {
			const era = i % 3 ? mortalEra(2 ** (6 + (i % 7)), from) : undefined;
			return reportExtrinsic(call, signed, { era, nonce: i, tip: (7 * i) % 5000 });
		});
		assert.equal(new Set(copies.map(hex)).size, THOUSAND);
		const answers = await flood(copies);

		assert.equal(answers.taken.length, 1);
		assert.equal(count(answers), THOUSAND - 1);
		// The report is in the pool, or in a block by now.
		for (const why of answers.refused.keys())
			assert.ok(['1014', '1010 Custom error: 3'].includes(why), why);
		assert.equal(mostWaiting, 1);
		await chain.included(p256.deviceId, 1);
		assert.deepEqual(await pool(), []);
		await newBlock();
		assert.deepEqual(await included(p256, from), [1]);
	});

	it('of a thousand reports with bad signatures leaves none in the pool', async () => {
		const from = await chain.node.bestNumber();
		const forged = Array.from({ length: THOUSAND }, (_, i) => {
			const report = nth(i % 2 ? p256 : ed25519, 2, { sequence: 2 + i, work: i });
			const genesisPrefix = chain.genesis.slice(0, 10);
			return reportExtrinsic(call, { chain: genesisPrefix, report, signature: hex(randomBytes(64)) });
		});
		const answers = await flood(forged);
		assert.deepEqual(answers.taken, []);
		assert.deepEqual([...answers.refused], [['1010 Custom error: 17', THOUSAND]]);
		assert.equal(mostWaiting, 0);
		assert.deepEqual(await included(ed25519, from), []);
		assert.equal(await chain.lastReport(ed25519.deviceId), null);
	});

	it('of reports that a device signs itself leaves one at a time in the pool', async () => {
		const from = await newBlock();
		// All reports have one window: once one is in a block, the others are refused.
		const { windowStart, windowEnd } = nth(eager, 1);
		const reports = Array.from({ length: 200 }, (_, i) =>
			sign(eager, nth(eager, 1, { sequence: 1 + i, windowStart, windowEnd })),
		);
		const answers = await flood(reports.map((signed) => reportExtrinsic(call, signed)));
		assert.equal(answers.taken.length, 1);
		assert.equal(count(answers), reports.length - 1);
		for (const why of answers.refused.keys())
			assert.ok(
				// Another report waits (1014), or is in a block: then the sequence is not above
				// that report's (4), or the windows overlap (9).
				['1014', '1010 Custom error: 4', '1010 Custom error: 9'].includes(why),
				why,
			);
		assert.equal(mostWaiting, 1);
		const [sequence, ...others] = await until('included', async () => {
			const sequences = await included(eager, from);
			return sequences.length > 0 && sequences;
		});
		assert.deepEqual(others, []);
		assert.equal((await chain.lastReport(eager.deviceId)).sequence.toNumber(), sequence);
	});

	it('leaves the node working, without an error in its log', async () => {
		const { node } = chain;
		const report = nth(ed25519, 1);
		await chain.submitReport(ed25519, report);
		const last = await chain.included(ed25519.deviceId, 1);
		assert.equal(last.credited.toNumber(), 1);
		const next = nth(p256, 2);
		await chain.submitReport(p256, next);
		await chain.included(p256.deviceId, 2);
		assert.equal((await node.rpc('devices_get', p256.deviceId)).status, 'active');
		await node.finalized(await node.bestNumber());
		assert.ok(!/panick|Thread '/.test(node.log()), 'nothing in the log');
	});
});
