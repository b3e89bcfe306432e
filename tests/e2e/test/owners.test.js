// Calls of owners and of accounts with a grant: moves of a device, replacement of a lost key.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Chain, WORK, alice, bob, cellAt, charlie, dave, eve, ferdie, policy } from '../lib/chain.js';
import { until } from '../lib/node.js';
import { Key, P256, SR25519, adoption, hex, makeReport } from '../lib/wire.js';

const HOUR = 3_600_000;
const COOLDOWN = 10_000;
const BOND = 10n * WORK;
const GRANT = { read: 1, submit: 2, act: 4 };
const [berlin, potsdam, hamburg, munich] = [
	[52.52, 13.405],
	[52.4, 13.06],
	[53.55, 9.99],
	[48.14, 11.58],
].map((place) => cellAt(...place));

describe('owners of devices', { timeout: 420_000 }, () => {
	const [mover, granted, lost, found] = [P256, P256, SR25519, P256].map((scheme) => new Key(scheme));
	let chain, tx, rpc, network, roaming, maker;

	const get = (key) => rpc('devices_get', key.deviceId);
	const refusals = async (signer, ...calls) =>
		(await chain.trySend(signer, ...calls)).map(({ error }) => error?.name);
	const move = (key, cell) => tx.deviceRegistry.assertLocation(key.deviceId, cell);

	before(async () => {
		chain = await Chain.start();
		tx = chain.api.tx;
		rpc = (...call) => chain.node.rpc(...call);
		[maker, [network, roaming]] = await Promise.all([
			chain.registerMaker(dave),
			chain.createNetworks(alice, {}, { rules: policy({}, { cooldown: COOLDOWN }) }),
		]);
		await Promise.all([
			chain.send(bob, chain.registration(bob, network, lost)),
			chain.send(
				eve,
				chain.registration(eve, roaming, mover, { cell: berlin }),
				chain.registration(eve, network, granted, { cell: berlin }),
			),
		]);
	});
	after(() => chain?.stop());

	let pendingKey;
	it('replace a lost key with a maker\'s certificate, after a delay', async () => {
		const { deviceRegistry } = tx;
		const device = lost.deviceId;
		const certificate = chain.certificate(maker, network, found);
		// Each attempt needs a statement of its own: the chain takes none twice.
		const adopts = () => adoption(found, chain.genesis, device, bob.publicKey, chain.expiry());
		const recover = () =>
			deviceRegistry.recoverKey(device, found.argument, adopts(), certificate);
		const finish = deviceRegistry.finishRecovery(device);
		assert.deepEqual(await refusals(charlie, recover(), finish), ['NotOwner', 'NoRecovery']);
		await chain.send(bob, recover(), deviceRegistry.cancelRecovery(device), recover());
		assert.deepEqual(await refusals(charlie, finish), ['RecoveryTooEarly']);
		const record = await get(lost);
		pendingKey = record.pendingKey;
		assert.equal(record.key.key, hex(lost.bytes), 'until then the current key stays good');
		assert.deepEqual([pendingKey.key.key, pendingKey.maker], [hex(found.bytes), maker.id]);
	});

	it('move a device for a fee, and only after its cooldown', async () => {
		const { locatedAt } = await get(mover);
		// The next block is a slot later.
		await until('cooled down', async () => (await chain.now()) >= locatedAt + COOLDOWN - 6_000, 30);
		const results = await chain.trySend(
			eve,
			move(mover, 0n),
			move(mover, cellAt(53.55, 9.99, 8)),
			move(mover, berlin),
			move(mover, hamburg),
			move(mover, potsdam),
		);
		assert.deepEqual(
			results.map(({ error }) => error?.name),
			['NotACell', 'WrongResolution', 'SameCell', undefined, 'LocationCooldown'],
		);
		const { events } = results[3];
		const { from, cell, fee } = events['deviceRegistry.LocationAsserted'];
		assert.deepEqual([from.toBigInt(), cell.toBigInt()], [berlin, hamburg]);
		const expected = BigInt((await rpc('devices_parameters')).locationFee);
		assert.equal(fee.toBigInt(), expected);
		const paid = results[3].all.find(
			({ section, method, data }) =>
				`${section}.${method}` === 'balances.Transfer' && data.from.toString() === eve.address,
		);
		assert.equal(paid.data.amount.toBigInt(), expected, 'the fee is really paid');

		const record = await get(mover);
		assert.equal(record.cell, hamburg.toString(16));
		assert.ok(record.locatedAt >= locatedAt + COOLDOWN);
		const coarse = (...place) => rpc('devices_byCell', cellAt(...place, 4).toString(16));
		const there = await coarse(53.55, 9.99);
		assert.deepEqual(there.items.map(({ id }) => id), [mover.deviceId]);
		const left = await coarse(52.52, 13.405);
		assert.ok(!left.items.some(({ id }) => id === mover.deviceId));
	});

	it('let other accounts act for a device, until it is transferred', async () => {
		const device = granted.deviceId;
		const { deviceRegistry } = tx;
		const held = await chain.heldBalance(eve.address);
		const expires = (await chain.now()) + HOUR;
		await chain.send(
			eve,
			deviceRegistry.grantAccess(device, charlie.address, GRANT.act, expires),
			deviceRegistry.grantAccess(device, dave.address, GRANT.read | GRANT.submit, expires),
			deviceRegistry.grantAccess(device, ferdie.address, GRANT.act, (await chain.now()) + 12_000),
		);
		const deposit = BigInt((await rpc('devices_parameters')).grantDeposit);
		assert.equal(await chain.heldBalance(eve.address), held + 3n * deposit);
		const grants = await rpc('devices_grants', device);
		assert.deepEqual(grants.slice(0, 2), [
			{ to: charlie.address, permissions: GRANT.act, expires },
			{ to: dave.address, permissions: GRANT.read | GRANT.submit, expires },
		]);
		const permissions = (who) => rpc('devices_permissions', device, who.address);
		assert.deepEqual(await Promise.all([eve, charlie, dave, bob].map(permissions)), [7, 4, 3, 0]);

		const [[actor], [stranger]] = await Promise.all([
			chain.trySend(charlie, move(granted, hamburg)),
			chain.trySend(dave, move(granted, munich)),
		]);
		assert.equal(stranger.error?.name, 'NotPermitted', 'to read is not to act');
		assert.ok(actor.events['deviceRegistry.LocationAsserted'], `${actor.error}`);
		assert.equal((await get(granted)).owner, eve.address);

		// A grant ends at its expiry, by the owner's call, and at a transfer of the device.
		await until('expired', async () => (await permissions(ferdie)) === 0, 30);
		assert.deepEqual(await refusals(ferdie, move(granted, munich)), ['NotPermitted']);
		await chain.send(
			eve,
			deviceRegistry.revokeAccess(device, charlie.address),
			deviceRegistry.offerDevice(device, ferdie.address),
		);
		assert.deepEqual(await refusals(charlie, move(granted, munich)), ['NotPermitted']);
		assert.equal((await rpc('devices_grants', device)).length, 2);
		await chain.send(ferdie, deviceRegistry.acceptDevice(device, granted.argument));
		assert.deepEqual(await rpc('devices_grants', device), []);
		assert.equal(await chain.heldBalance(eve.address), held - BOND, 'the deposits are returned');
		assert.deepEqual(await Promise.all([eve, dave, ferdie].map(permissions)), [0, 0, 7]);
	});

	it('have the new key in force after the delay', async () => {
		const finish = tx.deviceRegistry.finishRecovery(lost.deviceId);
		await chain.blockReached(pendingKey.from);
		await chain.send(charlie, finish);
		const record = await get(lost);
		assert.deepEqual(
			[record.id, record.key.key, record.trust, record.maker, record.pendingKey],
			[lost.deviceId, hex(found.bytes), 'certified', [maker.id, 7], null],
		);
		const made = await rpc('devices_byMaker', maker.id);
		assert.deepEqual(made.items.map(({ id }) => id), [lost.deviceId]);
		const start = await chain.now();
		const report = makeReport(found, {
			device: lost.deviceId,
			sequence: 1,
			start,
			end: start + 2_000,
			work: 1,
		});
		const submit = (key) => chain.submitReport(key, report);
		await assert.rejects(submit(lost), { code: 7017 });
		await submit(found);
		await chain.included(lost.deviceId, 1);
	});
});
