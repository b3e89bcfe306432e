// Subcommands of the binary.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Node, temporaryFolder, tool } from '../lib/node.js';

describe('the command line', { timeout: 300_000 }, () => {
	it('makes a node key', async () => {
		const { code, stdout, stderr } = await tool('key', 'generate-node-key');
		assert.equal(code, 0);
		assert.match(stdout.trim(), /^[0-9a-f]{64}$/);
		assert.match(stderr, /12D3KooW/);
		const file = join(temporaryFolder(), 'node-key');
		writeFileSync(file, stdout.trim());
		const inspected = await tool('key', 'inspect-node-key', '--file', file);
		assert.ok(stderr.includes(inspected.stdout.trim()), 'the file holds the key of the id that was told');
	});

	it('makes account keys', async () => {
		const { stdout } = await tool('key', 'generate', '--scheme', 'sr25519', '--output-type', 'json');
		const { secretPhrase, ss58Address } = JSON.parse(stdout);
		assert.equal(secretPhrase.split(' ').length, 12);
		assert.match(ss58Address, /^5/);
		const inspected = await tool('key', 'inspect', '--output-type', 'json', secretPhrase);
		assert.equal(JSON.parse(inspected.stdout).ss58Address, ss58Address);
	});

	for (const [chain, id, type] of [
		['dev', 'depin_dev', 'Development'],
		['local', 'depin_local', 'Local'],
		['staging', 'depin_staging', 'Live'],
	])
		it(`exports the specification of ${chain}`, async () => {
			const { code, stdout, stderr } = await tool('export-chain-spec', '--chain', chain);
			assert.equal(code, 0, stderr);
			const spec = JSON.parse(stdout);
			assert.deepEqual([spec.id, spec.chainType], [id, type]);
			assert.deepEqual(
				[spec.properties.tokenSymbol, spec.properties.tokenDecimals, spec.properties.ss58Format],
				['WORK', 12, 42],
			);
		});

	it('starts the same chain from its raw specification', async () => {
		const { stdout, stderr, code } = await tool('export-chain-spec', '--chain', 'dev', '--raw');
		assert.equal(code, 0, stderr);
		const file = join(temporaryFolder(), 'raw.json');
		writeFileSync(file, stdout);
		const [named, read] = [await Node.start(), await Node.start({ args: ['--chain', file] })];
		try {
			const genesis = await named.rpc('chain_getBlockHash', 0);
			assert.match(genesis, /^0x[0-9a-f]{64}$/);
			assert.equal(await read.rpc('chain_getBlockHash', 0), genesis);
		} finally {
			await Promise.all([named.stop(), read.stop()]);
		}
	});

	it('refuses an unknown chain, and lists the known ones', async () => {
		const { code, stderr } = await tool('export-chain-spec', '--chain', 'mainnet');
		assert.notEqual(code, 0);
		for (const word of ['mainnet', 'dev', 'local', 'staging']) assert.ok(stderr.includes(word), stderr);
	});

	it('prints its version', async () => {
		const { stdout } = await tool('--version');
		assert.match(stdout, /^depin-node \d+\.\d+\.\d+/);
	});
});
