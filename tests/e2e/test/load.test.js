// The load of the fleet program, in a short form: scripts/bench-throughput measures with it.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { BINARY, Node } from '../lib/node.js';

/** Runs `depin-fleet load`; returns its output and its exit code. */
function load(...args) {
	const fleet = join(dirname(BINARY), 'depin-fleet');
	return new Promise((resolve) => {
		execFile(fleet, ['load', ...args], { timeout: 240_000 }, (error, stdout, stderr) =>
			resolve({ code: error ? error.code : 0, stdout, stderr }),
		);
	});
}

describe('load', { timeout: 300_000 }, () => {
	it('fills blocks with each kind of work, and prints the figures', async () => {
		const node = await Node.start({
			args: ['--dev', '--pool-type=single-state', '--pool-kbytes=131072'],
			sealing: 1_000,
		});
		try {
			const kinds = ['transfers', 'single-ed25519', 'batch-mixed'];
			const { code, stdout, stderr } = await load(
				...['--url', node.url, '--blocks', '2', '--devices', '512'],
				...['--author-process', `${node.child.pid}`],
				...kinds.flatMap((kind) => ['--scenario', kind]),
			);
			assert.equal(code, 0, stderr);
			const rows = stdout.trim().split('\n').slice(2);
			const cells = rows.map((row) => row.split('|').map((cell) => cell.trim()).slice(1, -1));
			assert.deepEqual(cells.map(([kind]) => kind), kinds);
			for (const [kind, rate, ratio, inBlock, weight, built, imported, , , processors] of cells) {
				for (const figure of [rate, ratio, inBlock, weight, processors])
					assert.ok(Number(figure) > 0, `${kind}: ${figure}`);
				assert.deepEqual([built, imported], ['-', '-'], 'there are no metrics to read');
			}
			assert.equal(cells[0][2], '1.00');
		} finally {
			await node.stop();
		}
	});

	it('says what is wrong with its options', async () => {
		const cases = [
			[['--scenario', 'none'], /no scenario none: .*--list/],
			[['--devices', '513'], /513 devices .*--devices/],
			[['--url', 'http://127.0.0.1:1'], /no websocket address/],
		];
		for (const [args, expected] of cases) {
			const { code, stderr } = await load(...args);
			assert.equal(code, 1);
			assert.match(stderr, expected);
		}
		const { code, stdout } = await load('--list');
		assert.equal(code, 0);
		assert.match(stdout, /^batch-mixed +batches/m);
	});
});
