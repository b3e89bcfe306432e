// Wallets that show what they sign: they put the hash of the metadata into what is signed (RFC-78,
// mode 1 of CheckMetadataHash), computed by the library that such wallets use.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { readFileSync } from 'node:fs';
import { merkleizeMetadata } from '@polkadot-api/merkleize-metadata';
import { Chain, alice, bob } from '../lib/chain.js';
import { NEXT_RUNTIME, until } from '../lib/node.js';

describe('the hash of the metadata', { timeout: 600_000 }, () => {
	let chain, api;

	before(async () => {
		chain = await Chain.start();
		({ api } = chain);
	});
	after(() => chain?.stop());

	/** Returns the hash of the metadata that the chain has now. */
	async function metadataHash() {
		const metadata = (await api.call.metadata.metadataAtVersion(15)).unwrap();
		return merkleizeMetadata(metadata.toU8a(true), { decimals: 12, tokenSymbol: 'WORK' }).digest();
	}

	/** Sends one unit of money, signed with this hash, and waits for its block. */
	async function transfer(hash) {
		const call = api.tx.balances.transferKeepAlive(bob.address, 1n);
		return new Promise((resolve, reject) => {
			// As text: @polkadot/types takes the first of the bytes for that of an `Option`.
			const metadataHash = `0x${Buffer.from(hash).toString('hex')}`;
			call.signAndSend(alice, { mode: 1, metadataHash }, ({ status, isError, dispatchError }) => {
				if (isError) reject(new Error(`the pool dropped the call: ${status.type}`));
				else if (dispatchError) reject(chain.errorOf(dispatchError));
				else if (status.isInBlock || status.isFinalized) resolve();
			}).catch(reject);
		});
	}

	it('is not part of a development build, which says so', async () => {
		await assert.rejects(transfer(await metadataHash()), /1011: Unknown Transaction Validity: CannotLookup/);
	});

	it('is accepted by a release build, and no other hash is', async () => {
		const old = await metadataHash();
		const code = `0x${readFileSync(NEXT_RUNTIME).toString('hex')}`;
		await chain.send(alice, api.tx.sudo.sudoUncheckedWeight(api.tx.system.setCode(code), 0));
		await until('upgraded', () => api.runtimeVersion.specVersion.toNumber() === 2, 120);

		const hash = await metadataHash();
		await transfer(hash);
		for (const wrong of [old, hash.map((byte, i) => (i ? byte : byte ^ 1)), new Uint8Array(32)]) {
			await assert.rejects(transfer(wrong), /1010: Invalid Transaction: Transaction has a bad signature/);
		}
	});
});
