// The commands of docs/governance.md, run as the page has them.

import { readFileSync } from 'node:fs';
import { account } from './chain.js';

const PAGE = new URL('../../../docs/governance.md', import.meta.url);
const blocks = new Map(
	[...readFileSync(PAGE, 'utf8').matchAll(/```js\n\/\/ (\w+)\n(.*?)```/gs)].map(
		([, name, code]) => [name, code.replace(/^import .*;$/gm, '')],
	),
);

const AsyncFunction = (async () => {}).constructor;
const voters = ['Alice', 'Bob', 'Charlie', 'Dave', 'Eve', 'Ferdie'].map(account);
const [alice, bob, charlie] = voters;

/** Runs code with the tools of the page, and with further names. */
function run(chain, code, names = {}) {
	const given = { api: chain.api, voters, alice, bob, charlie, readFileSync, ...names };
	const body = `${blocks.get('tools')}\n${code}`;
	return new AsyncFunction(...Object.keys(given), body)(...Object.values(given));
}

/** Runs a command of the page by its name. */
export function command(chain, name, names) {
	const code = blocks.get(name);
	if (code === undefined) throw new Error(`docs/governance.md has no command ${name}`);
	return run(chain, code, names);
}

/** Carries a call through a referendum, and returns the block in which it was dispatched. */
export const carry = (chain, origin, call) =>
	run(chain, 'return carry(origin, call);', { origin, call });
