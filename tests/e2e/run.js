// Runs the test files, four at a time, because the tests mostly wait for blocks. The longest files
// start first.
//
//   node run.js [NAME…]

import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SPECS, temporaryFolder, tool } from './lib/node.js';

const LONG = [
	'restart',
	'network',
	'cli',
	'flood',
	'governance',
	'coverage',
	'life',
	'reports',
	'quality',
	'makers',
	'chain',
	'sealing',
	'load',
];
const all = readdirSync(new URL('test', import.meta.url)).map((file) => file.split('.')[0]);
const names =
	process.argv.length > 2
		? process.argv.slice(2)
		: [...LONG, ...all.filter((name) => !LONG.includes(name))];
const files = names.map((name) => fileURLToPath(new URL(`test/${name}.test.js`, import.meta.url)));

// A node makes the genesis of a named chain anew, which takes most of its start. The nodes of the
// tests read it from a file.
const specs = temporaryFolder();
for (const chain of ['dev', 'local']) {
	const { code, stdout, stderr } = await tool('export-chain-spec', '--chain', chain, '--raw');
	if (code !== 0) throw new Error(stderr);
	writeFileSync(join(specs, `${chain}.json`), stdout);
}
process.env[SPECS] = specs;

run({ files, concurrency: 4 })
	.on('test:fail', () => {
		process.exitCode = 1;
	})
	.compose(new spec())
	.pipe(process.stdout);
