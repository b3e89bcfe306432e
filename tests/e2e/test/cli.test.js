// Subcommands of the binary.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Keyring } from '@polkadot/api';
import { WORK, account } from '../lib/chain.js';
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
		const [named, read] = [
			await Node.start({ args: ['--dev', '--chain', 'dev'] }),
			await Node.start({ args: ['--chain', file] }),
		];
		try {
			const genesis = await named.rpc('chain_getBlockHash', 0);
			assert.match(genesis, /^0x[0-9a-f]{64}$/);
			assert.equal(await read.rpc('chain_getBlockHash', 0), genesis);
		} finally {
			await Promise.all([named.stop(), read.stop()]);
		}
	});

	it('launches a public network without sudo, as docs/validators.md fills in its template', async () => {
		const template = await tool('export-chain-spec', '--chain', 'staging');
		// Amounts are longer than JavaScript's numbers, which would round them.
		const spec = JSON.parse(template.stdout.replace(/(?<=: )\d{16,}/g, '"#$&"'));
		const text = () => JSON.stringify(spec).replace(/"#(\d+)"/g, '$1');
		const patch = spec.genesis.runtimeGenesis.patch;
		const [one, two] = ['Alice', 'Bob'].map((name) => account(name).address);
		const grandpa = new Keyring({ type: 'ed25519', ss58Format: 42 }).addFromUri('//Alice').address;
		const stake = 100_000n * WORK;
		patch.balances.balances = [one, two].map((address) => [address, `#${10n * stake}`]);
		patch.session.keys = [[one, one, { babe: one, grandpa, authority_discovery: one }]];
		patch.staking.stakers = [[one, one, `#${stake}`, 'Validator']];
		patch.staking.validatorCount = 7;
		patch.technicalCommittee.members = [one, two];
		spec.name = spec.id = 'a-network';
		const folder = temporaryFolder();
		const [plain, raw] = ['plain.json', 'raw.json'].map((name) => join(folder, name));
		writeFileSync(plain, text());
		const { stdout, stderr, code } = await tool('export-chain-spec', '--chain', plain, '--raw');
		assert.equal(code, 0, stderr);
		writeFileSync(raw, stdout);

		const node = await Node.start({
			args: ['--chain', raw, '--alice', '--validator', '--unsafe-force-node-key-generation'],
		});
		try {
			const api = await node.connect();
			await node.finalized(2, 90);
			assert.ok((await api.query.sudo.key()).isNone);
			assert.equal((await api.query.staking.validatorCount()).toNumber(), 7);
			const members = (await api.query.technicalCommittee.members()).map(String);
			assert.deepEqual(members.sort(), [one, two].sort());
			// A day of governance is a day: the constants follow the chain's state.
			const [[id, root]] = api.consts.referenda.tracks;
			assert.equal(id.toNumber(), 0);
			assert.equal(root.decisionPeriod.toNumber(), 28 * 14_400);
		} finally {
			await node.stop();
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
