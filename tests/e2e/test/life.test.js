// The life of devices of every key scheme: keys change, owners change, one is suspended and heard, and
// nothing that was earned is lost.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Chain, WORK, account, alice, bob, cellAt, charlie, dave, policy } from '../lib/chain.js';
import { Key, P256, SCHEMES, adoption, certify, consent, hex, makeReport, signReport } from '../lib/wire.js';
import { until } from '../lib/node.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const WINDOW = 2_000;
const ZERO_HASH = `0x${'00'.repeat(32)}`;

describe('a device in its life', { timeout: 420_000 }, () => {
	// By scheme: the key that a device is registered with, and the one that it signs with now.
	const first = SCHEMES.map((scheme) => new Key(scheme));
	const current = [...first];
	const [sold, suspended, forfeited, retired] = first.map((key) => key.deviceId);
	const sequences = new Map();
	let chain, tx, network, still, base;

	const item = (key, owner, changes = {}) => ({
		key: key.argument,
		cell: cellAt(52.52, 13.405),
		certificate: null,
		consent: consent(key, chain.genesis, network, owner.publicKey),
		...changes,
	});

	/** Sends the next report of a device, and waits until it counts. */
	const report = async (device, key) => {
		const sequence = (sequences.get(device) ?? 0) + 1;
		const start = base + (sequence - 1) * WINDOW;
		const body = makeReport(key, { device, sequence, start, end: start + WINDOW, work: 5 });
		await chain.node.rpc('telemetry_submitReport', signReport(key, chain.genesis, body));
		sequences.set(device, sequence);
		return chain.included(device, sequence);
	};

	/** The error for which governance's call failed, by name; null if it did not. */
	const sudo = async (call) => {
		const [events] = await chain.send(alice, tx.sudo.sudo(call));
		const { sudoResult } = events['sudo.Sudid'];
		if (sudoResult.isOk) return null;
		return chain.api.registry.findMetaError(sudoResult.asErr.asModule).name;
	};
	const get = (device) => chain.node.rpc('devices_get', device);
	const refusal = async (signer, call) => (await chain.trySend(signer, call))[0].error?.name;

	before(async () => {
		chain = await Chain.start();
		tx = chain.api.tx;
		[network, still] = await chain.createNetworks(
			alice,
			{},
			{ rules: policy({}, { cooldown: HOUR }) },
		);
		assert.equal(await sudo(tx.rewards.setNetworkWeight(network, 1)), null);
	});
	after(() => chain?.stop());

	it('begins in bulk, where one bad item fails alone', async () => {
		const bad = item(new Key(P256), bob, { cell: 0n });
		const items = first.map((key) => item(key, bob));
		items.splice(2, 0, bad);
		const before = await chain.heldBalance(bob.address);
		const [events] = await chain.send(bob, tx.deviceRegistry.registerDevices(network, items));
		const { index, error } = events['deviceRegistry.RegistrationFailed'];
		assert.equal(index.toNumber(), 2);
		assert.equal(chain.api.registry.findMetaError(error.asModule).name, 'NotACell');
		assert.equal((await chain.node.rpc('devices_network', network)).devices, SCHEMES.length);
		assert.equal(await chain.heldBalance(bob.address), before + 40n * WORK);
		base = await chain.now();
		for (const key of first) {
			const record = await get(key.deviceId);
			assert.deepEqual(record.key, { scheme: key.schemeName, key: hex(key.bytes) });
			assert.equal(record.trust, 'open');
		}
	});

	it('reports by a key of each scheme, and goes on by another', async () => {
		const works = await Promise.all(first.map((key) => report(key.deviceId, key)));
		for (const last of works) assert.equal(last.credited.toNumber(), 5);

		const next = SCHEMES.map((_, i) => new Key(SCHEMES[(i + 1) % SCHEMES.length]));
		const rotate = (i, key = first[i]) => chain.rotation(bob, first[i].deviceId, key, next[i]);
		const refused = await chain.trySend(
			bob,
			rotate(0, first[1]),
			tx.deviceRegistry.rotateKey(sold, first[1].argument, `0x${'01'.repeat(64)}`, `0x${'01'.repeat(64)}`, null),
			...first.map((_, i) => rotate(i)),
		);
		assert.deepEqual(
			refused.map(({ error }) => error?.name),
			['BadRotation', 'KeyInUse', ...SCHEMES.map(() => undefined)],
		);
		next.forEach((key, i) => (current[i] = key));
		for (const [i, key] of first.entries()) {
			const record = await get(key.deviceId);
			assert.equal(record.key.scheme, current[i].schemeName);
			assert.equal(record.id, key.deviceId, 'the id is for life');
		}
		const body = makeReport(first[0], { sequence: 9, start: base, end: base + WINDOW });
		await assert.rejects(
			chain.node.rpc('telemetry_submitReport', signReport(first[0], chain.genesis, body)),
			{ code: 7009 },
			'the window overlaps: checked before the signature',
		);
		await Promise.all(first.map(({ deviceId }, i) => report(deviceId, current[i])));
	});

	it('is known by a DID, whatever it signs with', async () => {
		for (const [i, { deviceId }] of first.entries()) {
			const document = await chain.node.rpc('devices_didDocument', deviceId);
			assert.equal(document.id, `did:depin:${chain.genesis.slice(2, 10)}:${deviceId.slice(2)}`);
			const [method] = document.verificationMethod;
			assert.equal(method.type, 'Multikey');
			assert.equal(hex(decodeMultibase(method.publicKeyMultibase)), hex(multikey(current[i])));
			assert.deepEqual(document.assertionMethod, [method.id]);
			assert.ok(document.controller.endsWith(`:${bob.address}`), document.controller);
			const resolved = await chain.node.rpc('devices_didResolve', document.id);
			assert.deepEqual(resolved.didDocument, document);
		}
		const strange = new Key(P256).deviceId;
		assert.equal(await chain.node.rpc('devices_didDocument', strange), null);
		await assert.rejects(chain.node.rpc('devices_didDocument', 'did:depin:nonsense'));
	});

	it('changes hands in two steps, and what it earned stays with who owned it', async () => {
		const points = (await chain.node.rpc('rewards_pending', sold)).points;
		assert.equal(await refusal(charlie, tx.deviceRegistry.acceptDevice(sold)), 'NotOffered');
		assert.equal(
			await refusal(charlie, tx.deviceRegistry.offerDevice(sold, charlie.address)),
			'NotOwner',
		);
		await chain.send(
			bob,
			tx.deviceRegistry.grantAccess(sold, dave.address, 1, Date.now() + HOUR),
			tx.deviceRegistry.offerDevice(sold, charlie.address),
		);
		assert.equal((await get(sold)).offeredTo, charlie.address);
		const held = await chain.heldBalance(charlie.address);
		await chain.send(charlie, tx.deviceRegistry.acceptDevice(sold));
		const record = await get(sold);
		assert.equal(record.owner, charlie.address);
		assert.equal(record.offeredTo, null);
		assert.equal(await chain.heldBalance(charlie.address), held + 10n * WORK);
		assert.deepEqual(await chain.node.rpc('devices_grants', sold), []);
		const listed = await chain.node.rpc('devices_byOwner', charlie.address);
		assert.deepEqual(listed.items.map(({ id }) => id), [sold]);

		// An epoch may have closed meanwhile: then what it earned was paid to him at once.
		const former = await chain.node.rpc('rewards_formerPending', sold, bob.address);
		if (former) assert.ok(former.points > 0 || BigInt(former.claimable) > 0n);
		else assert.ok(points >= 0);
		assert.equal((await chain.node.rpc('rewards_pending', sold)).points, 0);
		await report(sold, current[0]);
		const pending = await chain.node.rpc('rewards_pending', sold);
		assert.equal(pending.payee, charlie.address);
	});

	it('is suspended into escrow, heard, and restored', async () => {
		const { deviceRegistry, rewards } = tx;
		const suspend = deviceRegistry.suspendDevice(suspended, 'FalseLocation', `0x${'ab'.repeat(32)}`);
		assert.equal(await refusal(bob, suspend), 'NotAdmin');
		await chain.send(
			alice,
			suspend,
			deviceRegistry.suspendDevice(forfeited, 'ImplausibleReports', ZERO_HASH),
		);
		const { status, suspension } = await get(suspended);
		assert.equal(status.suspended.reason, 'falseLocation');
		assert.equal(suspension.by, 'admin');

		await Promise.all([report(suspended, current[1]), report(forfeited, current[2])]);
		const pending = await chain.node.rpc('rewards_pending', suspended);
		assert.equal(pending.claimable, '0');
		assert.equal(pending.reason, 'inEscrow');
		const refused = await chain.trySend(
			bob,
			rewards.claim(suspended),
			deviceRegistry.retireDevice(suspended),
			deviceRegistry.offerDevice(suspended, charlie.address),
			deviceRegistry.restoreDevice(suspended),
			deviceRegistry.appealSuspension(suspended, `0x${'cd'.repeat(32)}`),
			deviceRegistry.appealSuspension(suspended, `0x${'cd'.repeat(32)}`),
		);
		assert.deepEqual(
			refused.map(({ error }) => error?.name),
			['InEscrow', 'DeviceSuspended', 'DeviceSuspended', 'CannotRestore', undefined, 'AlreadyAppealed'],
		);
		assert.equal(await sudo(deviceRegistry.forfeitDevice(suspended)), 'AppealOpen');
		assert.equal(await sudo(deviceRegistry.restoreDevice(suspended)), null);
		assert.equal((await get(suspended)).status, 'active');
		assert.notEqual((await chain.node.rpc('rewards_pending', suspended)).reason, 'inEscrow');
		assert.equal(await refusal(alice, deviceRegistry.restoreDevice(suspended)), 'NotSuspended');
	});

	it('loses its escrow, and nothing else, when it is forfeited', async () => {
		const { suspension } = await get(forfeited);
		await until(
			'over: the window to appeal',
			async () => (await chain.node.bestNumber()) >= suspension.appealUntil,
			90,
		);
		assert.equal(
			await refusal(bob, tx.deviceRegistry.appealSuspension(forfeited, ZERO_HASH)),
			'AppealOver',
		);
		assert.equal(await sudo(tx.deviceRegistry.forfeitDevice(forfeited)), null);
		const record = await get(forfeited);
		assert.ok(record.status.retiring.until > 0);
		assert.equal(record.bond, (10n * WORK).toString());
		assert.equal((await chain.node.rpc('rewards_pending', forfeited)).points, 0);
	});

	it('moves for a fee, not too often, by who may act for it', async () => {
		const { deviceRegistry } = tx;
		const hamburg = cellAt(53.55, 9.99);
		const mover = account('Eve');
		assert.equal(await refusal(mover, deviceRegistry.assertLocation(suspended, hamburg)), 'NotPermitted');
		await chain.send(bob, deviceRegistry.grantAccess(suspended, mover.address, 4, Date.now() + HOUR));
		const free = await chain.freeBalance(mover.address);
		const results = await chain.trySend(
			mover,
			deviceRegistry.assertLocation(suspended, cellAt(53.55, 9.99, 8)),
			deviceRegistry.assertLocation(suspended, hamburg),
			deviceRegistry.assertLocation(suspended, hamburg),
		);
		assert.deepEqual(
			results.map(({ error }) => error?.name),
			['WrongResolution', undefined, 'SameCell'],
		);
		const fee = results[1].events['deviceRegistry.LocationAsserted'].fee.toBigInt();
		assert.ok(fee > 0n && (await chain.freeBalance(mover.address)) <= free - fee);
		const there = await chain.node.rpc('devices_byCell', cellAt(53.55, 9.99, 5).toString(16));
		assert.deepEqual(there.items.map(({ id }) => id), [suspended], 'in a coarser cell, too');
		assert.equal(await chain.node.rpc('devices_permissions', suspended, mover.address), 4);

		const lazy = new Key(P256);
		const stay = consent(lazy, chain.genesis, still, dave.publicKey);
		const refused = await chain.trySend(
			dave,
			deviceRegistry.registerDevice(still, lazy.argument, cellAt(52.52, 13.405), null, stay),
			deviceRegistry.assertLocation(lazy.deviceId, hamburg),
		);
		assert.deepEqual(
			refused.map(({ error }) => error?.name),
			[undefined, 'LocationCooldown'],
		);
	});

	it('gets a new key when its own is lost, by its maker and in time', async () => {
		const { deviceRegistry } = tx;
		const maker = await chain.registerMaker(dave);
		const key = new Key(SCHEMES[0]);
		const certificate = certify(maker.key, chain.genesis, {
			maker: maker.id,
			network,
			deviceKey: key,
			expires: Date.now() + HOUR,
		});
		const adopts = adoption(key, chain.genesis, retired, bob.publicKey);
		await chain.send(bob, deviceRegistry.recoverKey(retired, key.argument, adopts, certificate));
		const finish = deviceRegistry.finishRecovery(retired);
		assert.equal(await refusal(charlie, finish), 'RecoveryTooEarly');
		const { pendingKey } = await get(retired);
		await until('time for the new key', async () => (await chain.node.bestNumber()) >= pendingKey.from, 90);
		await chain.send(charlie, finish);
		current[3] = key;
		const record = await get(retired);
		assert.deepEqual(record.maker, [maker.id, 7]);
		assert.equal(record.trust, 'certified');
		const made = await chain.node.rpc('devices_byMaker', maker.id);
		assert.deepEqual(made.items.map(({ id }) => id), [retired]);
		await report(retired, key);
	});

	it('retires, and its former owners are paid all the same', async () => {
		await chain.send(bob, tx.deviceRegistry.retireDevice(retired));
		assert.ok((await get(retired)).status.retiring.until > (await chain.node.bestNumber()));
		const paid = async () => {
			const former = await chain.node.rpc('rewards_formerPending', sold, bob.address);
			if (!former) return true;
			if (BigInt(former.claimable) === 0n) return false;
			const [events] = await chain.send(dave, tx.rewards.claimFormer(sold, bob.address));
			const { payee, amount } = events['rewards.Paid'];
			assert.equal(payee.toString(), bob.address);
			return amount.toBigInt() > 0n;
		};
		await until('paid: what the first owner earned', paid, 90);
	});
});

describe('makers and networks', { timeout: 300_000 }, () => {
	let chain, tx, maker, closed, open;
	before(async () => {
		chain = await Chain.start();
		tx = chain.api.tx;
		maker = await chain.registerMaker(dave);
		[closed, open] = await chain.createNetworks(alice, { makers: [maker.id] }, {});
	});
	after(() => chain?.stop());
	const refusal = async (signer, call) => (await chain.trySend(signer, call))[0].error?.name;

	it('certify by several keys; a revoked one lets nobody in, and turns nobody out', async () => {
		const { deviceRegistry } = tx;
		const second = new Key(SCHEMES[2]);
		const [events] = await chain.send(dave, deviceRegistry.addMakerKey(maker.id, second.argument));
		const number = events['deviceRegistry.MakerKeyAdded'].number.toNumber();
		const [old, next, late] = [new Key(SCHEMES[1]), new Key(P256), new Key(P256)];
		const join = (key, by) => chain.registration(bob, closed, key, { maker: by });
		await chain.send(bob, join(old, maker), join(next, { ...maker, key: second, number }));
		await chain.send(dave, deviceRegistry.revokeMakerKey(maker.id, 0));
		assert.equal(await refusal(bob, join(late, maker)), 'MakerKeyRevoked');
		assert.equal(await refusal(bob, join(late, { ...maker, number: 9 })), 'UnknownMakerKey');
		assert.equal((await chain.node.rpc('devices_get', old.deviceId)).status, 'active');
		const record = await chain.node.rpc('devices_maker', maker.id);
		assert.deepEqual(record.keys.map(([of]) => of), [number]);

		const declare = (key) => deviceRegistry.declareCompromised(maker.id, key.argument, 'KeyLeaked');
		await chain.send(dave, declare(late), declare(next));
		assert.equal(await refusal(bob, join(late, { ...maker, key: second, number })), 'KeyCompromised');
		const { status } = await chain.node.rpc('devices_get', next.deviceId);
		assert.equal(status.suspended.reason, 'keyCompromised');
		assert.equal(await refusal(dave, deviceRegistry.deregisterMaker(maker.id)), 'DeclarationsRemain');
	});

	it('announce new rules, which hold from the next epoch', async () => {
		const rules = policy({}, { open: 500_000_000 });
		const [events] = await chain.send(
			alice,
			tx.deviceRegistry.changeNetwork(open, null, 20n * WORK, rules),
		);
		const epoch = events['deviceRegistry.RulesChanging'].epoch.toNumber();
		const record = await chain.node.rpc('devices_network', open);
		assert.equal(record.bond, (10n * WORK).toString());
		assert.equal(record.next[0], epoch);
		assert.equal(record.next[1].bond, (20n * WORK).toString());
		await until(
			'in force: the new rules',
			async () => (await chain.node.rpc('devices_network', open)).bond === (20n * WORK).toString(),
			90,
		);
		assert.ok((await chain.node.rpc('rewards_schedule')).epoch >= epoch);

		// Half the work of an open device counts now.
		const key = new Key(P256);
		await chain.send(bob, chain.registration(bob, open, key));
		const start = await chain.now();
		const report = makeReport(key, { sequence: 1, start, end: start + 2_000, work: 10 });
		await chain.node.rpc('telemetry_submitReport', signReport(key, chain.genesis, report));
		const last = await chain.included(key.deviceId, 1);
		assert.equal(last.credited.toNumber(), 10);
		const { points } = await chain.node.rpc('rewards_pending', key.deviceId);
		assert.ok(points === 5 || points === 0, `${points} points, or none in a new epoch`);

		// And none while the network is paused.
		await chain.send(alice, tx.deviceRegistry.setNetworkPaused(open, true));
		const second = makeReport(key, { sequence: 2, start: start + 2_000, end: start + 4_000, work: 1 });
		await assert.rejects(
			chain.node.rpc('telemetry_submitReport', signReport(key, chain.genesis, second)),
			{ code: 7018 },
		);
		const late = chain.registration(bob, open, new Key(P256));
		assert.equal(await refusal(bob, late), 'NetworkPaused');
		await chain.send(alice, tx.deviceRegistry.setNetworkPaused(open, false));
	});

	it('are handed over in two steps', async () => {
		const { deviceRegistry } = tx;
		assert.equal(await refusal(charlie, deviceRegistry.acceptNetwork(open)), 'NotOffered');
		await chain.send(alice, deviceRegistry.offerNetwork(open, charlie.address));
		const held = await chain.heldBalance(charlie.address);
		await chain.send(charlie, deviceRegistry.acceptNetwork(open));
		assert.equal((await chain.node.rpc('devices_network', open)).admin, charlie.address);
		assert.equal(await chain.heldBalance(charlie.address), held + 100n * WORK);
		assert.equal(await refusal(alice, deviceRegistry.setNetworkPaused(open, true)), 'NotAdmin');
	});

	it('refuse with errors that the metadata names and explains', () => {
		const { errors } = chain.api;
		const names = Object.keys(errors.deviceRegistry);
		assert.ok(names.length >= 60, `${names.length} errors`);
		for (const name of names) {
			const { docs } = errors.deviceRegistry[name].meta;
			assert.ok(docs.join(' ').length > 20, `${name} says what to do`);
		}
	});

	it('are looked up with typed errors', async () => {
		const { rpc } = chain.node;
		const lookup = (...args) => rpc.apply(chain.node, args);
		await assert.rejects(lookup('devices_byNetwork', 999), { code: 7200 });
		await assert.rejects(lookup('devices_byMaker', 999), { code: 7201 });
		await assert.rejects(lookup('devices_byCell', '1'), { code: 7202 });
		await assert.rejects(lookup('devices_grants', new Key(P256).deviceId), { code: 7203 });
	});
});

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** The bytes of a base58btc multibase text. */
function decodeMultibase(text) {
	assert.equal(text[0], 'z');
	let number = 0n;
	for (const digit of text.slice(1)) number = number * 58n + BigInt(BASE58.indexOf(digit));
	const digits = number.toString(16);
	return Uint8Array.from(Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex'));
}

/** The multicodec of each scheme's keys, before the key. */
function multikey(key) {
	const codec = [[0xed, 1], [0xef, 1], [0xe7, 1], [0x80, 0x24]][key.scheme];
	return Uint8Array.from([...codec, ...key.bytes]);
}
