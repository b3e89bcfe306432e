// DIDs of devices, resolved with nothing but W3C DID Core and Multikey.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ed25519 } from '@noble/curves/ed25519';
import { p256 } from '@noble/curves/p256';
import { secp256k1 } from '@noble/curves/secp256k1';
import { sha256 } from '@noble/hashes/sha256';
import * as sr25519 from '@scure/sr25519';
import { Chain, alice, bob, charlie } from '../lib/chain.js';
import { ED25519, Key, P256, SCHEMES, SECP256K1, SR25519, ZERO, hex } from '../lib/wire.js';

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** base58btc, by its definition. */
function base58(text) {
	let number = 0n;
	for (const letter of text) {
		const digit = ALPHABET.indexOf(letter);
		assert.ok(digit >= 0, `no letter of base58: ${letter}`);
		number = number * 58n + BigInt(digit);
	}
	const digits = number.toString(16);
	return Buffer.from(digits.length % 2 ? `0${digits}` : digits, 'hex');
}

/** An unsigned varint, and what follows it. */
function varint(bytes) {
	let [value, shift, at] = [0, 0, 0];
	for (;;) {
		const byte = bytes[at++];
		value |= (byte & 0x7f) << shift;
		shift += 7;
		if (byte < 0x80) return [value, bytes.subarray(at)];
	}
}

// From the multicodec table: the scheme of each code, and the first characters of its Multikey.
const CODECS = {
	0xed: { scheme: ED25519, prefix: 'z6Mk' },
	0xef: { scheme: SR25519, prefix: 'z6Q' },
	0xe7: { scheme: SECP256K1, prefix: 'zQ3s' },
	0x1200: { scheme: P256, prefix: 'zDna' },
};

/** The scheme and the bytes of a Multikey. */
function readMultikey(text) {
	assert.equal(text[0], 'z', 'multibase: base58btc');
	const [code, bytes] = varint(base58(text.slice(1)));
	const { scheme, prefix } = CODECS[code];
	assert.ok(text.startsWith(prefix), `${text} begins with ${prefix}`);
	return { scheme, bytes };
}

function verify({ scheme, bytes }, message, signature) {
	if (scheme === ED25519) return ed25519.verify(signature, message, bytes);
	if (scheme === SR25519) return sr25519.verify(message, signature, bytes);
	const curve = scheme === P256 ? p256 : secp256k1;
	return curve.verify(signature, sha256(message), bytes, { lowS: false });
}

describe('DIDs', { timeout: 300_000 }, () => {
	const keys = SCHEMES.map((scheme) => new Key(scheme));
	let chain, rpc;
	const did = (device, genesis = chain.genesis) =>
		`did:depin:${genesis.slice(2, 10)}:${device.slice(2)}`;
	const read = (device) => rpc('devices_didDocument', device);
	const resolve = (text) => rpc('devices_didResolve', text);

	/** The only key of a document, after a check of all the rest. */
	const keyOf = (document, device, owner) => {
		const [{ id, publicKeyMultibase }] = document.verificationMethod;
		const subject = did(device);
		assert.deepEqual(document, {
			'@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
			id: subject,
			controller: `did:pkh:polkadot:${chain.genesis.slice(2, 34)}:${owner.address}`,
			verificationMethod: [{ id, type: 'Multikey', controller: subject, publicKeyMultibase }],
			authentication: [id],
			assertionMethod: [id],
		});
		assert.equal(id, `${subject}#${publicKeyMultibase}`);
		return readMultikey(publicKeyMultibase);
	};
	const assertKey = (document, device, owner, key) => {
		const { scheme, bytes } = keyOf(document, device, owner);
		assert.deepEqual([scheme, hex(bytes)], [key.scheme, hex(key.bytes)]);
	};

	before(async () => {
		chain = await Chain.start();
		rpc = (...call) => chain.node.rpc(...call);
		const [network] = await chain.createNetworks(alice, {});
		await chain.send(bob, ...keys.map((key) => chain.registration(bob, network, key)));
	});
	after(() => chain?.stop());

	it('resolve to the key of each scheme, and to the owner', async () => {
		for (const key of keys) {
			const device = key.deviceId;
			const document = await read(device);
			assertKey(document, device, bob, key);
			assert.deepEqual(await read(did(device)), document);
			const { registeredAt } = await rpc('devices_get', device);
			const created = new Date(Math.floor(registeredAt / 1000) * 1000);
			assert.deepEqual(await resolve(did(device)), {
				didDocument: document,
				didDocumentMetadata: { created: created.toISOString().replace('.000', '') },
				didResolutionMetadata: { contentType: 'application/did+ld+json' },
			});
		}
	});

	it('give a key that verifies the device\'s signatures', async () => {
		const message = Buffer.from('a reading, outside the chain');
		for (const key of keys) {
			const found = keyOf(await read(key.deviceId), key.deviceId, bob);
			const signature = key.sign(message);
			assert.ok(verify(found, message, signature), `scheme ${key.scheme}`);
			assert.ok(!verify(found, Buffer.from('another'), signature));
		}
	});

	it('stay when key and owner change, and the document names the new ones', async () => {
		const [device] = keys.map(({ deviceId }) => deviceId);
		const [before] = (await read(device)).verificationMethod;
		const next = new Key(SECP256K1);
		await chain.send(
			bob,
			chain.rotation(bob, device, keys[0], next),
			chain.api.tx.deviceRegistry.offerDevice(device, charlie.address),
		);
		const rotated = await read(did(device));
		assertKey(rotated, device, bob, next);
		assert.notEqual(rotated.verificationMethod[0].id, before.id, 'a key is named by itself');
		// The new key does not verify a signature by the former key.
		const message = Buffer.from('by the former key');
		assert.ok(verify(readMultikey(before.publicKeyMultibase), message, keys[0].sign(message)));
		assert.ok(!verify(keyOf(rotated, device, bob), message, keys[0].sign(message)));

		const { acceptDevice } = chain.api.tx.deviceRegistry;
		await chain.send(charlie, acceptDevice(device, next.argument));
		assertKey(await read(device), device, charlie, next);
		assert.equal(await read(next.deviceId), null, 'the new key names no device');
	});

	it('are deactivated when the device retires', async () => {
		const device = keys[3].deviceId;
		await chain.send(bob, chain.api.tx.deviceRegistry.retireDevice(device));
		const { didDocument, didDocumentMetadata, didResolutionMetadata } = await resolve(did(device));
		assert.equal(didDocument, null);
		assert.equal(didDocumentMetadata.deactivated, true);
		assert.deepEqual(didResolutionMetadata, {});
		// The document still gives the key that verifies the device's earlier signatures.
		assertKey(await read(device), device, bob, keys[3]);
	});

	it('that are unknown, of another chain, or malformed have different errors', async () => {
		const nobody = hex(ZERO);
		const device = keys[1].deviceId;
		assert.equal(await read(nobody), null);
		assert.equal(await read(did(nobody)), null);

		const otherChain = did(device, `0x${'11'.repeat(32)}`);
		const good = did(device);
		const cases = [
			[otherChain, 7305, 'OtherChain', 'notFound'],
			['did:depin:', 7304, 'BadDid', 'invalidDid'],
			['did:depin:nonsense', 7304, 'BadDid', 'invalidDid'],
			[good.slice(0, -1), 7304, 'BadDid', 'invalidDid'],
			[`${good}00`, 7304, 'BadDid', 'invalidDid'],
			[`did:depin:0x${good.slice('did:depin:'.length)}`, 7304, 'BadDid', 'invalidDid'],
			[`did:depin:${good.slice('did:depin:'.length).toUpperCase()}`, 7304, 'BadDid', 'invalidDid'],
			[`${good}#key`, 7304, 'BadDid', 'invalidDid'],
			['did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp', 7304, 'BadDid', 'methodNotSupported'],
		];
		for (const [text, code, name, word] of cases) {
			await assert.rejects(read(text), { code, data: { error: name, retry: false } }, text);
			const { didDocument, didResolutionMetadata } = await resolve(text);
			assert.equal(didDocument, null);
			assert.deepEqual(didResolutionMetadata, { error: word }, text);
		}
		for (const text of ['', '0x', 'nonsense', device.slice(0, -2)])
			await assert.rejects(read(text), { code: 7300, data: { error: 'Malformed', retry: false } }, text);
		const { didResolutionMetadata } = await resolve(did(nobody));
		assert.deepEqual(didResolutionMetadata, { error: 'notFound' });
	});
});
