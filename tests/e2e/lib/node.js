// Starts the real binary on free ports of the loopback interface, and ends it by its process id.

import { spawn, execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiPromise, WsProvider } from '@polkadot/api';

export { sleep };

export const BINARY =
	process.env.DEPIN_NODE ||
	join(
		process.env.CARGO_TARGET_DIR || join(homedir(), '.cache/depin-node/target'),
		'release/depin-node',
	);

/** The runtime of scripts/build-next-runtime. */
export const NEXT_RUNTIME =
	process.env.DEPIN_NEXT_RUNTIME ||
	join(
		process.env.CARGO_TARGET_DIR || join(homedir(), '.cache/depin-node/target'),
		'release/wbuild/depin-runtime-next/depin_runtime_next.compact.compressed.wasm',
	);
/** Environment variable with the folder of the raw specifications of `dev` and `local`. */
export const SPECS = 'DEPIN_E2E_SPECS';

/** Returns the arguments with the file of the chain's raw specification, if there is one. */
function withSpecification(args) {
	const folder = process.env[SPECS];
	if (!folder) return args;
	if (args.includes('--dev') && !args.includes('--chain'))
		return [...args, '--chain', join(folder, 'dev.json')];
	return args.map((arg) => (arg === 'local' ? join(folder, 'local.json') : arg));
}

// Running nodes, which end with the tests, and folders, which the tests remove.
const running = new Set();
const folders = new Set();
process.on('exit', () => {
	for (const child of running) child.kill('SIGKILL');
	for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

/** An error that a node's RPC answered. */
export class RpcError extends Error {
	constructor({ code, message, data }) {
		super(`${code}: ${message}${data ? ` (${JSON.stringify(data)})` : ''}`);
		this.code = code;
		this.text = message;
		this.data = data;
	}
}

export async function freePort() {
	const server = createServer();
	await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address();
	await new Promise((resolve) => server.close(resolve));
	return port;
}

/** Creates a folder that is removed when the tests end. */
export function temporaryFolder() {
	const folder = mkdtempSync(join(tmpdir(), 'depin-e2e-'));
	folders.add(folder);
	return folder;
}

/** Runs one of the binary's subcommands; returns its output and its exit code. */
export async function tool(...args) {
	try {
		const { stdout, stderr } = await promisify(execFile)(BINARY, args, {
			maxBuffer: 1 << 28,
			timeout: 120_000,
		});
		return { code: 0, stdout, stderr };
	} catch (error) {
		if (typeof error.code !== 'number') throw error;
		return { code: error.code, stdout: error.stdout, stderr: error.stderr };
	}
}

/** Waits until `probe` returns something other than undefined, false or null; returns that. */
export async function until(what, probe, seconds = 60, interval = 250) {
	const end = Date.now() + seconds * 1000;
	for (;;) {
		const found = await probe();
		if (found !== undefined && found !== false && found !== null) return found;
		if (Date.now() > end) throw new Error(`after ${seconds} s: still not ${what}`);
		await sleep(interval);
	}
}

export class Node {
	/**
	 * Starts a node and waits until its RPC answers. Without `basePath` the node has a development
	 * chain that is deleted when the node ends. With `sealing`, which is `instant` or a number of
	 * milliseconds, the blocks do not wait for their slots.
	 */
	static async start({ args = ['--dev'], sealing, basePath } = {}) {
		const node = new Node();
		node.folder = temporaryFolder();
		node.logFile = join(node.folder, 'node.log');
		node.p2pPort = await freePort();
		const log = openSync(node.logFile, 'a');
		node.child = spawn(
			BINARY,
			[
				...withSpecification(args),
				...(sealing ? [`--sealing=${sealing}`] : []),
				...(basePath ? ['--base-path', basePath] : ['--tmp']),
				'--rpc-port=0',
				`--listen-addr=/ip4/127.0.0.1/tcp/${node.p2pPort}`,
				'--no-prometheus',
				'--no-telemetry',
				'--no-mdns',
			],
			{ stdio: ['ignore', log, log], env: { ...process.env, TMPDIR: node.folder } },
		);
		closeSync(log);
		running.add(node.child);
		node.ended = new Promise((resolve) => {
			node.child.once('error', resolve);
			node.child.once('exit', (code, signal) => resolve({ code, signal }));
		}).then((how) => {
			running.delete(node.child);
			node.gone = how instanceof Error ? how : new Error(`it ended: ${JSON.stringify(how)}`);
			return how;
		});
		// The port that the node picked, read from its log.
		node.rpcPort = await until(
			'listening',
			() => {
				if (node.gone) throw new Error(node.log().slice(-3000), { cause: node.gone });
				return /Running JSON-RPC server: addr=127\.0\.0\.1:(\d+)/.exec(node.log())?.[1];
			},
			120,
			100,
		);
		return node;
	}

	get url() {
		return `ws://127.0.0.1:${this.rpcPort}`;
	}

	log() {
		return readFileSync(this.logFile, 'utf8');
	}

	/** Makes a JSON-RPC call over HTTP, as a device without any library makes it. */
	async rpc(method, ...params) {
		const response = await fetch(`http://127.0.0.1:${this.rpcPort}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
		});
		const { result, error } = await response.json();
		if (error) throw new RpcError(error);
		return result;
	}

	/** Opens a connection of @polkadot/api that ends together with the node. */
	async connect() {
		const provider = new WsProvider(this.url, 500);
		this.api = await ApiPromise.create({ provider, noInitWarn: true });
		return this.api;
	}

	async finalizedNumber() {
		const header = await this.rpc('chain_getHeader', await this.rpc('chain_getFinalizedHead'));
		return Number(header.number);
	}

	async bestNumber() {
		return Number((await this.rpc('chain_getHeader')).number);
	}

	/** Waits until the block of this number is finalized. */
	async finalized(number, seconds = 60) {
		await until(
			`finalized: ${number}`,
			async () => (await this.finalizedNumber()) >= number,
			seconds,
		);
	}

	async disconnect() {
		await this.api?.disconnect();
		this.api = undefined;
	}

	/** Ends the node as an operator does, and returns its exit code and signal. */
	async stop() {
		await this.disconnect();
		this.child.kill('SIGTERM');
		const timer = setTimeout(() => this.child.kill('SIGKILL'), 20_000);
		const how = await this.ended;
		clearTimeout(timer);
		rmSync(this.folder, { recursive: true, force: true });
		folders.delete(this.folder);
		return how;
	}

	/** Ends the node as a power cut does. */
	async kill() {
		await this.disconnect();
		this.child.kill('SIGKILL');
		return this.ended;
	}
}
