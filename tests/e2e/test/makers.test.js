// Calls of makers and of networks' admins: keys, declarations, bulk registration, rules, pauses.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Chain, ONE, WORK, alice, bob, cellAt, charlie, dave, policy } from '../lib/chain.js';
import { until } from '../lib/node.js';
import {
	ED25519,
	Key,
	P256,
	SECP256K1,
	SR25519,
	consent,
	hex,
	makeReport,
} from '../lib/wire.js';

const WINDOW = 2_000;
const PLACE = cellAt(52.52, 13.405);

describe('makers and networks', { timeout: 420_000 }, () => {
	const [second, old, next, late, worker] = [SECP256K1, SR25519, P256, ED25519, P256].map(
		(scheme) => new Key(scheme),
	);
	let chain, tx, rpc, maker, listed, changing, paused, announced;
	const get = (key) => rpc('devices_get', key.deviceId);
	const refusals = async (signer, ...calls) =>
		(await chain.trySend(signer, ...calls)).map(({ error }) => error?.name);

	before(async () => {
		chain = await Chain.start();
		tx = chain.api.tx;
		rpc = (...call) => chain.node.rpc(...call);
		maker = await chain.registerMaker(dave);
		[listed, changing, paused] = await chain.createNetworks(
			alice,
			{ makers: [maker.id] },
			{ makers: [maker.id] },
			{},
		);
		await chain.send(bob, chain.registration(bob, paused, worker));
	});
	after(() => chain?.stop());

	it('announce new rules that are not in force yet', async () => {
		await chain.roomInEpoch(5);
		const rules = policy({}, { open: ONE / 2 });
		const change = (by) => tx.deviceRegistry.changeNetwork(changing, null, 20n * WORK, by);
		const [events] = await chain.send(alice, change(rules));
		announced = events['deviceRegistry.RulesChanging'].epoch.toNumber();
		const record = await rpc('devices_network', changing);
		assert.deepEqual(
			[record.makers, record.bond, record.policy.trust.required],
			[[maker.id], (10n * WORK).toString(), 'certified'],
		);
		const [epoch, next] = record.next;
		assert.deepEqual(
			[epoch, next.makers, next.bond, next.policy.trust],
			[
				announced,
				null,
				(20n * WORK).toString(),
				{ required: 'open', open: ONE / 2, certified: ONE, hardwareAttested: ONE },
			],
		);
		const call = chain.registration(bob, changing, new Key(P256));
		const [mine, theirs] = await Promise.all([refusals(bob, call), refusals(charlie, change(rules))]);
		assert.deepEqual(mine, ['CertificateRequired']);
		assert.deepEqual(theirs, ['NotAdmin']);
	});

	let rotated;
	it('certify by several keys; a revoked key admits no device, and its devices stay', async () => {
		const { deviceRegistry } = tx;
		const held = await chain.heldBalance(dave.address);
		const [events] = await chain.send(dave, deviceRegistry.addMakerKey(maker.id, second.argument));
		const number = events['deviceRegistry.MakerKeyAdded'].number.toNumber();
		assert.equal(number, 1);
		rotated = { ...maker, key: second, number };
		const join = (key, by) => chain.registration(bob, listed, key, { maker: by });
		await chain.send(bob, join(old, maker), join(next, rotated));
		await chain.send(dave, deviceRegistry.revokeMakerKey(maker.id, 0));
		assert.equal(await chain.heldBalance(dave.address), held, 'a deposit for a deposit');
		assert.deepEqual(
			await refusals(
				bob,
				join(late, maker),
				join(late, { ...rotated, number: 2 }),
				// The certificate names the valid key's number, but the revoked key signed it.
				join(late, { ...maker, number }),
			),
			['MakerKeyRevoked', 'UnknownMakerKey', 'BadCertificate'],
		);
		const { keys } = await rpc('devices_maker', maker.id);
		assert.deepEqual(keys, [[1, { scheme: 'secp256k1', key: hex(second.bytes) }]]);

		// The device that the revoked key certified stays, and works.
		const { status, trust } = await get(old);
		assert.deepEqual([status, trust], ['active', 'certified']);
		const start = await chain.now();
		const report = makeReport(old, { sequence: 1, start, end: start + WINDOW, work: 3 });
		await chain.submitReport(old, report);
		assert.equal((await chain.included(old.deviceId, 1)).credited.toNumber(), 3);
	});

	it('declare keys compromised, which suspends such devices and lets none join', async () => {
		const { deviceRegistry } = tx;
		const declare = (key, reason) =>
			deviceRegistry.declareCompromised(maker.id, key.argument, reason, null);
		const withdraw = (key) => deviceRegistry.withdrawDeclaration(maker.id, key.argument);
		const held = await chain.heldBalance(dave.address);
		const [future, present] = await chain.send(
			dave,
			declare(late, 'Stolen'),
			declare(next, 'KeyLeaked'),
		);
		const told = future['deviceRegistry.KeyDeclaredCompromised'];
		assert.deepEqual([told.reason.type, told.device.isNone], ['Stolen', true]);
		const named = present['deviceRegistry.KeyDeclaredCompromised'];
		assert.deepEqual([named.reason.type, named.device.unwrap().toHex()], ['KeyLeaked', next.deviceId]);
		assert.ok((await chain.heldBalance(dave.address)) > held);
		const { status, suspension } = await get(next);
		assert.deepEqual(
			[status, suspension.by],
			[{ suspended: { reason: 'keyCompromised' } }, { maker: maker.id }],
		);
		assert.equal((await rpc('devices_maker', maker.id)).declarations, 2);

		const join = () => chain.registration(bob, listed, late, { maker: rotated });
		const [mine, theirs] = await Promise.all([
			refusals(bob, join(), deviceRegistry.restoreDevice(next.deviceId)),
			refusals(
				dave,
				declare(late, 'Stolen'),
				deviceRegistry.deregisterMaker(maker.id),
				withdraw(old),
			),
		]);
		assert.deepEqual(mine, ['KeyCompromised', 'CannotRestore']);
		assert.deepEqual(theirs, ['AlreadyDeclared', 'DeclarationsRemain', 'NotDeclared']);

		// The maker that has declared a key compromised may withdraw the declaration.
		await chain.send(
			dave,
			withdraw(late),
			withdraw(next),
			deviceRegistry.restoreDevice(next.deviceId),
		);
		assert.equal(await chain.heldBalance(dave.address), held);
		assert.equal((await get(next)).status, 'active');
		await chain.send(bob, join());
		assert.equal((await get(late)).trust, 'certified');
	});

	it('register many devices at once, and an invalid one fails alone with its reason', async () => {
		const keys = Array.from({ length: 7 }, (_, i) => new Key(i % 4));
		const items = keys.map((key) => ({
			key: key.argument,
			cell: PLACE,
			certificate: chain.certificate(rotated, listed, key),
			consent: consent(key, chain.genesis, listed, charlie.publicKey, chain.expiry()),
		}));
		items[1].cell = 0n;
		items[2].certificate = null;
		items[4].consent = items[3].consent;
		items[5] = items[0];
		keys[5] = keys[0];
		const held = await chain.heldBalance(charlie.address);
		const { devices } = await rpc('devices_network', listed);
		const [{ error, all }] = await chain.trySend(
			charlie,
			tx.deviceRegistry.registerDevices(listed, items),
		);
		assert.equal(error, undefined);
		const told = all
			.filter(({ section }) => section === 'deviceRegistry')
			.map(({ method, data }) => {
				if (method === 'DeviceRegistered') return data.device.toHex();
				assert.equal(method, 'RegistrationFailed');
				assert.equal(data.device.toHex(), keys[data.index.toNumber()].deviceId);
				return chain.errorOf(data.error).name;
			});
		assert.deepEqual(told, [
			keys[0].deviceId,
			'NotACell',
			'CertificateRequired',
			keys[3].deviceId,
			'BadConsent',
			'AlreadyRegistered',
			keys[6].deviceId,
		]);
		assert.equal(await chain.heldBalance(charlie.address), held + 30n * WORK);
		assert.equal((await rpc('devices_network', listed)).devices, devices + 3);
		assert.equal(await get(keys[4]), null);
		const page = await rpc('devices_byOwner', charlie.address);
		assert.equal(page.items.length, 3);
	});

	it('pause a network, and accept waiting reports after the pause', async () => {
		const { deviceRegistry } = tx;
		const pause = (yes) => deviceRegistry.setNetworkPaused(paused, yes);
		const start = await chain.now();
		const report = makeReport(worker, { sequence: 1, start, end: start + WINDOW, work: 3 });
		const submit = () => chain.submitReport(worker, report);

		const [{ events }, twice] = await chain.trySend(alice, pause(true), pause(true));
		assert.equal(events['deviceRegistry.NetworkPaused'].by.type, 'Admin');
		assert.equal(twice.error?.name, 'NothingToChange');
		assert.equal((await rpc('devices_network', paused)).paused, 'admin');
		await assert.rejects(submit(), { code: 7018, data: { error: 'NetworkPaused', retry: true, found: `${paused}` } });
		const refused = await refusals(
			bob,
			chain.registration(bob, paused, new Key(P256)),
			deviceRegistry.registerDevices(paused, []),
			pause(false),
			// Calls other than reports are accepted during a pause.
			deviceRegistry.assertLocation(worker.deviceId, cellAt(53.55, 9.99)),
		);
		assert.deepEqual(refused, ['NetworkPaused', 'NetworkPaused', 'NotAdmin', undefined]);

		// Governance takes the pause over; then only governance can end it.
		await chain.govern(pause(true));
		assert.equal((await rpc('devices_network', paused)).paused, 'governance');
		await assert.rejects(submit(), { code: 7018 });
		assert.deepEqual(await refusals(alice, pause(false)), ['PausedByGovernance']);
		await chain.govern(pause(false));
		await submit();
		assert.equal((await chain.included(worker.deviceId, 1)).credited.toNumber(), 3);
	});

	it('transfer a network to another admin in two steps', async () => {
		const { deviceRegistry } = tx;
		const offer = () => deviceRegistry.offerNetwork(paused, charlie.address);
		const [theirs] = await Promise.all([refusals(charlie, offer()), chain.send(alice, offer())]);
		assert.deepEqual(theirs, ['NotAdmin']);
		const told = await rpc('devices_network', paused);
		assert.deepEqual([told.admin, told.offeredTo], [alice.address, charlie.address]);
		const [from, to] = await Promise.all(
			[alice, charlie].map(({ address }) => chain.heldBalance(address)),
		);
		const [events] = await chain.send(charlie, deviceRegistry.acceptNetwork(paused));
		assert.ok(events['deviceRegistry.NetworkHandedOver']);
		const record = await rpc('devices_network', paused);
		assert.deepEqual([record.admin, record.offeredTo], [charlie.address, null]);
		assert.equal(await chain.heldBalance(alice.address), from - 100n * WORK);
		assert.equal(await chain.heldBalance(charlie.address), to + 100n * WORK);
		const pause = () => deviceRegistry.setNetworkPaused(paused, true);
		const [former, now] = await Promise.all([refusals(alice, pause()), refusals(charlie, pause())]);
		assert.deepEqual([former, now], [['NotAdmin'], [undefined]]);
	});

	it('apply the announced rules from their epoch on', async () => {
		await chain.epochReached(announced);
		const record = await rpc('devices_network', changing);
		assert.deepEqual(
			[record.makers, record.bond, record.policy.trust.required, record.next],
			[null, (20n * WORK).toString(), 'open', null],
		);
		const key = new Key(P256);
		const held = await chain.heldBalance(bob.address);
		await chain.send(bob, chain.registration(bob, changing, key));
		assert.equal(await chain.heldBalance(bob.address), held + 20n * WORK);
		const start = await chain.now();
		const report = makeReport(key, { sequence: 1, start, end: start + WINDOW, work: 10 });
		await chain.submitReport(key, report);
		// Under the new rules, half the work of an open device counts.
		const told = await until('indexed', async () => {
			const { report } = await rpc('telemetry_latest', key.deviceId);
			return report;
		});
		assert.deepEqual([told.credited, told.points], [10, 5]);
	});
});
