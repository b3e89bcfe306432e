// Networks, makers and devices: the proofs of a registration, and the refusals.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { cellToLatLng, cellToParent } from 'h3-js';
import { Chain, WORK, account, alice, bob, cellAt, charlie, dave, policy } from '../lib/chain.js';
import { ED25519, Key, P256, consent, hex } from '../lib/wire.js';

describe('devices', { timeout: 300_000 }, () => {
	const certified = new Key(P256);
	const open = new Key(ED25519);
	const place = cellAt(52.52, 13.405);
	let chain, maker, other, closed, free, ed25519Only;

	before(async () => {
		chain = await Chain.start();
		maker = await chain.registerMaker(alice);
		other = await chain.registerMaker(dave, new Key(ED25519));
		[closed, free, ed25519Only] = await chain.createNetworks(
			alice,
			{ makers: [maker.id] },
			{ kind: 'Wireless' },
			{ kind: 'Energy', rules: { ...policy(), schemes: 0b0001 } },
		);
	});
	after(() => chain?.stop());

	it('register with a certificate, or without one in an open network', async () => {
		const held = await chain.heldBalance(bob.address);
		const events = await chain.send(
			bob,
			chain.registration(bob, closed, certified, { maker }),
			chain.registration(bob, free, open),
		);
		for (const [key, named] of [
			[certified, events[0]],
			[open, events[1]],
		]) {
			const { device } = named['deviceRegistry.DeviceRegistered'];
			assert.equal(device.toHex(), key.deviceId, 'the id is the hash of scheme and key');
		}
		assert.equal(await chain.heldBalance(bob.address), held + 20n * WORK);
	});

	it('have the same record by RPC and by runtime API', async () => {
		const record = await chain.node.rpc('devices_get', certified.deviceId);
		assert.deepEqual(
			{ ...record, registeredAt: undefined },
			{
				id: certified.deviceId,
				owner: bob.address,
				network: closed,
				maker: [maker.id, 7],
				trust: 'certified',
				key: { scheme: 'p256', key: certified.argument.P256 },
				cell: place.toString(16),
				locatedAt: record.registeredAt,
				status: 'active',
				suspension: null,
				offeredTo: null,
				pendingKey: null,
				bond: (10n * WORK).toString(),
				registeredAt: undefined,
				statementsUntil: record.statementsUntil,
			},
		);
		assert.ok(record.statementsUntil > record.registeredAt);
		const age = (await chain.now()) - record.registeredAt;
		assert.ok(age >= 0 && age < 120_000, `registered ${age} ms ago`);
		const [latitude] = cellToLatLng(record.cell);
		assert.ok(Math.abs(latitude - 52.52) < 0.01);

		const told = (await chain.api.call.deviceRegistryApi.device(certified.deviceId)).unwrap();
		assert.equal(told.owner.toString(), bob.address);
		assert.equal(told.cell.toBigInt(), place);
		assert.equal(told.registeredAt.toNumber(), record.registeredAt);
		assert.equal((await chain.node.rpc('devices_get', open.deviceId)).maker, null);
	});

	it('are found by their current key', async () => {
		const byKey = (key) => chain.node.rpc('devices_byKey', key);
		for (const key of [certified, open]) {
			const record = await chain.node.rpc('devices_get', key.deviceId);
			assert.deepEqual(await byKey(record.key), record);
			assert.deepEqual(await byKey(hex(key.encoded)), record);
		}
		assert.equal(await byKey(hex(new Key(P256).encoded)), null);
		const told = await chain.api.call.deviceRegistryApi.deviceByKey(certified.argument);
		assert.equal(told.unwrap().id.toHex(), certified.deviceId);
		const wrong = [{ scheme: 'p256', key: '0x00' }, `0x0304${'00'.repeat(32)}`, '0x03'];
		for (const key of wrong) await assert.rejects(byKey(key), { code: 7300 });
	});

	it('are listed by owner, network and cell, in pages', async () => {
		const ids = [certified.deviceId, open.deviceId].sort();
		const first = await chain.node.rpc('devices_byOwner', bob.address, null, 1);
		assert.deepEqual(first.items.map(({ id }) => id), [ids[0]]);
		const second = await chain.node.rpc('devices_byOwner', bob.address, first.next, 1);
		assert.deepEqual(second.items.map(({ id }) => id), [ids[1]]);
		assert.equal(second.next, null);

		const network = await chain.node.rpc('devices_byNetwork', free);
		assert.deepEqual(network.items.map(({ id }) => id), [open.deviceId]);
		const made = await chain.node.rpc('devices_byMaker', maker.id);
		assert.deepEqual(made.items.map(({ id }) => id), [certified.deviceId]);
		const none = await chain.node.rpc('devices_byMaker', other.id);
		assert.deepEqual(none, { items: [], next: null });
	});

	it('are listed by cell, or by a coarser cell that contains it', async () => {
		const ids = [certified.deviceId, open.deviceId].sort();
		const text = place.toString(16);
		const parent = cellToParent(text, 5);
		for (const cell of [text, cellToParent(text, 8), parent, cellToParent(text, 0)]) {
			const there = await chain.node.rpc('devices_byCell', cell);
			assert.deepEqual(there.items.map(({ id }) => id), ids, cell);
			assert.equal(there.next, null);
		}
		const first = await chain.node.rpc('devices_byCell', parent, null, 1);
		assert.deepEqual(first.items.map(({ id }) => id), [ids[0]]);
		assert.deepEqual(first.next, [text, ids[0]]);
		const second = await chain.node.rpc('devices_byCell', parent, first.next, 1);
		assert.deepEqual(second.items.map(({ id }) => id), [ids[1]]);
		assert.equal(second.next, null);
		for (const elsewhere of [cellAt(0, 0), cellAt(0, 0, 3), cellAt(52.52, 13.405, 10)]) {
			const page = await chain.node.rpc('devices_byCell', elsewhere.toString(16));
			assert.deepEqual(page, { items: [], next: null });
		}

		const told = await chain.api.call.deviceRegistryApi.devicesByCell(BigInt(`0x${parent}`), null, 1);
		const [cell, id] = told.asOk.next.unwrap();
		assert.deepEqual([cell.toBigInt(), id.toHex()], [place, ids[0]]);
	});

	it('have errors for queries of unknown networks, makers and devices, and of no cell', async () => {
		const nobody = `0x${'00'.repeat(32)}`;
		for (const [name, code, method, ...params] of [
			['UnknownNetwork', 7200, 'devices_byNetwork', 999],
			['UnknownMaker', 7201, 'devices_byMaker', 999],
			['NotACell', 7202, 'devices_byCell', '0'],
			['NotACell', 7202, 'devices_byCell', (place | (1n << 63n)).toString(16)],
			['UnknownDevice', 7203, 'devices_grants', nobody],
			['UnknownDevice', 7203, 'devices_permissions', nobody, bob.address],
		])
			await assert.rejects(chain.node.rpc(method, ...params), (error) => {
				assert.deepEqual([error.data?.error, error.code], [name, code], error.message);
				return true;
			});
		assert.equal(await chain.node.rpc('devices_network', 999), null);
		assert.equal(await chain.node.rpc('devices_maker', 999), null);
		const told = await chain.api.call.deviceRegistryApi.devicesByMaker(999, null, 1);
		assert.equal(told.asErr.type, 'UnknownMaker');
	});

	it('are refused without each proof, with an error of its own and no change of state', async () => {
		const { genesis } = chain;
		const poor = account('nobody-funded-this-one');
		await chain.send(alice, chain.api.tx.balances.transferKeepAlive(poor.address, 2n * WORK));
		const key = new Key(P256);
		const certificate = (changes, by = maker) => chain.certificate(by, closed, key, changes);
		const otherChain = `0x${'11'.repeat(32)}`;
		const attempt = (changes) => chain.registration(charlie, closed, key, { maker, ...changes });
		const agreed = (by, chainOf, network, owner) =>
			attempt({ consent: consent(by, chainOf, network, owner.publicKey, chain.expiry()) });
		const good = consent(key, chain.genesis, closed, charlie.publicKey, chain.expiry());
		const attempts = [
			['UnknownNetwork', chain.registration(charlie, 999, key)],
			['CertificateRequired', attempt({ certificate: null })],
			['BadCertificate', attempt({ certificate: { ...certificate(), model: 8 } })],
			['BadCertificate', attempt({ certificate: certificate({ network: free }) })],
			['BadCertificate', attempt({ certificate: certificate({ deviceKey: new Key(P256) }) })],
			['BadCertificate', attempt({ certificate: certificate({}, { key: other.key, id: maker.id }) })],
			['CertificateExpired', attempt({ certificate: certificate({ expires: Date.now() - 60_000 }) })],
			['MakerNotAccepted', attempt({ certificate: certificate({}, other) })],
			['BadConsent', agreed(key, genesis, closed, bob)],
			['BadConsent', agreed(key, genesis, free, charlie)],
			['BadConsent', agreed(key, otherChain, closed, charlie)],
			['BadConsent', agreed(new Key(P256), genesis, closed, charlie)],
			['BadConsent', attempt({ consent: { ...good, expires: good.expires - 1 } })],
			['NotACell', attempt({ cell: 0n })],
			['NotACell', attempt({ cell: place | (1n << 63n) })],
			['WrongResolution', attempt({ cell: BigInt(`0x${cellToParent(place.toString(16), 8)}`) })],
			['AlreadyRegistered', chain.registration(charlie, closed, certified, { maker })],
			['SchemeNotAccepted', chain.registration(charlie, ed25519Only, key)],
		];
		const held = await chain.heldBalance(charlie.address);
		const results = await chain.trySend(charlie, ...attempts.map(([, call]) => call));
		assert.deepEqual(
			results.map(({ error }) => error?.name),
			attempts.map(([name]) => name),
		);
		const [{ error }] = await chain.trySend(poor, chain.registration(poor, free, key));
		assert.equal(error?.name, 'CannotAffordBond');

		assert.equal(await chain.node.rpc('devices_get', key.deviceId), null);
		assert.equal(await chain.heldBalance(charlie.address), held);
		assert.equal((await chain.node.rpc('devices_network', closed)).devices, 1);
	});

	it('join with the refused registration once it is corrected', async () => {
		const key = new Key(P256);
		const wrong = chain.registration(charlie, closed, key, { maker, cell: 0n });
		const right = chain.registration(charlie, closed, key, { maker });
		const [first, second] = await chain.trySend(charlie, wrong, right);
		assert.equal(first.error?.name, 'NotACell');
		assert.ok(second.events['deviceRegistry.DeviceRegistered']);
		assert.equal((await chain.node.rpc('devices_network', closed)).devices, 2);
	});

	it('are retired by their owner alone', async () => {
		const retire = chain.api.tx.deviceRegistry.retireDevice(open.deviceId);
		const [{ error }] = await chain.trySend(charlie, retire);
		assert.equal(error?.name, 'NotOwner');
		await chain.send(bob, retire);
		const { status } = await chain.node.rpc('devices_get', open.deviceId);
		assert.ok(status.retiring.until > (await chain.node.bestNumber()), JSON.stringify(status));
		const reap = chain.api.tx.deviceRegistry.reapDevice(open.deviceId);
		assert.equal((await chain.trySend(bob, reap))[0].error?.name, 'StillRetiring');
	});
});
