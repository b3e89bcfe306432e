// Metrics that a network's admin registers: names, units, limits; reports of other metrics.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Chain, alice, bob, charlie, metric } from '../lib/chain.js';
import { ED25519, Key, makeReport } from '../lib/wire.js';

const [TEMPERATURE, HUMIDITY, PRESSURE] = [0, 7, 65_535];

describe('metrics', { timeout: 300_000 }, () => {
	const key = new Key(ED25519);
	const limits = {
		min: -4000,
		max: 6000,
		maxJump: 500,
		stuckLimit: 24,
		tolerance: 300,
	};
	let chain, attestation, network, full, closed, deposit, most;

	const refusals = async (signer, ...calls) =>
		(await chain.trySend(signer, ...calls)).map(({ error }) => {
			assert.ok(!error || error.pallet === 'attestation', error?.message);
			return error?.name ?? null;
		});
	const listed = (...params) => chain.node.rpc('telemetry_metrics', ...params);

	before(async () => {
		chain = await Chain.start();
		attestation = chain.api.tx.attestation;
		most = chain.api.consts.attestation.maxMetrics.toNumber();
		[network, full, closed] = await chain.createNetworks(alice, {}, {}, {});
		await chain.send(bob, chain.registration(bob, network, key));
	});
	after(() => chain?.stop());

	it('are registered for a deposit, with SenML\'s names and units', async () => {
		const held = await chain.heldBalance(alice.address);
		const events = await chain.send(
			alice,
			chain.registerMetric(network, HUMIDITY, metric('humidity', '%RH', { min: 0, max: 10_000 })),
			chain.registerMetric(network, TEMPERATURE, metric('air:temperature', 'Cel', limits)),
			chain.registerMetric(network, PRESSURE, metric('pressure', 'Pa', { decimals: 0 })),
		);
		const told = events[1]['attestation.MetricRegistered'];
		assert.deepEqual([told.network.toNumber(), told.id.toNumber()], [network, TEMPERATURE]);
		assert.equal(told.metric.name.toUtf8(), 'air:temperature');
		const entry = await chain.api.query.attestation.metrics(network, TEMPERATURE);
		deposit = entry.unwrap().deposit.toBigInt();
		assert.ok(deposit > 0n);
		assert.equal(await chain.heldBalance(alice.address), held + 3n * deposit);
	});

	it('are listed by number, in pages', async () => {
		const { items, next } = await listed(network);
		assert.deepEqual(
			items.map(({ id, name, unit, decimals }) => [id, name, unit, decimals]),
			[
				[TEMPERATURE, 'air:temperature', 'Cel', 2],
				[HUMIDITY, 'humidity', '%RH', 2],
				[PRESSURE, 'pressure', 'Pa', 0],
			],
		);
		assert.equal(next, null);
		assert.deepEqual(items[0], {
			network,
			id: TEMPERATURE,
			name: 'air:temperature',
			unit: 'Cel',
			decimals: 2,
			limits,
		});
		const first = await listed(network, null, 2);
		assert.deepEqual([first.items, first.next], [items.slice(0, 2), HUMIDITY]);
		const rest = await listed(network, first.next, 2);
		assert.deepEqual(rest, { items: items.slice(2), next: null });
		assert.deepEqual(await listed(full), { items: [], next: null });
		await assert.rejects(listed(999), { code: 7200, data: { error: 'UnknownNetwork', retry: false } });

		const told = await chain.api.call.attestationApi.metrics(network, TEMPERATURE, 1);
		assert.deepEqual(told.items.map(({ id }) => id.toNumber()), [HUMIDITY]);
		assert.equal(told.next.unwrap().toNumber(), HUMIDITY);
	});

	it('are refused with an error that names the fault, and nothing changes', async () => {
		const held = await chain.heldBalance(alice.address);
		const before = await listed(network);
		const register = (changed, id = 1, of = network) =>
			chain.registerMetric(of, id, { ...metric('wind', 'm/s'), ...changed });
		const update = (id, changed, of = network) =>
			attestation.updateMetric(of, id, { ...metric('wind', 'm/s').limits, ...changed });
		const attempts = [
			['UnknownNetwork', register({}, 1, 999)],
			['UnknownNetwork', update(HUMIDITY, {}, 999)],
			['BadName', register({ name: '' })],
			['BadName', register({ name: '-wind' })],
			['BadName', register({ name: 'wind speed' })],
			['UnknownUnit', register({ unit: '' })],
			['UnknownUnit', register({ unit: 'hPa' })],
			['UnknownUnit', register({ unit: 'cel' })],
			['TooManyDecimals', register({ decimals: 19 })],
			['BadLimits', register({ limits: { ...limits, min: 6001 } })],
			['BadLimits', register({ limits: { ...limits, stuckLimit: 0 } })],
			['BadLimits', update(HUMIDITY, { min: 1, max: 0 })],
			['MetricExists', register({}, HUMIDITY)],
			['UnknownMetric', update(1, {})],
			['UnknownMetric', attestation.removeMetric(network, 1)],
			['UnknownMetric', attestation.removeMetric(999, 1)],
			['EmptyBatch', attestation.submitReports([])],
		];
		const [mine, theirs] = await Promise.all([
			refusals(alice, ...attempts.map(([, call]) => call)),
			refusals(
				charlie,
				register({}),
				update(HUMIDITY, {}),
				attestation.removeMetric(network, HUMIDITY),
			),
		]);
		assert.deepEqual(mine, attempts.map(([name]) => name));
		assert.deepEqual(theirs, ['NotAdmin', 'NotAdmin', 'NotAdmin']);
		assert.deepEqual(await listed(network), before);
		assert.equal(await chain.heldBalance(alice.address), held);
	});

	it('are limited in number', async () => {
		assert.equal(most, 64);
		const ids = Array.from({ length: most }, (_, id) => id);
		const register = (id) => chain.registerMetric(full, id, metric(`m${id}`, 'count'));
		await chain.send(alice, chain.api.tx.utility.batchAll(ids.map(register)));
		assert.deepEqual(await refusals(alice, register(most)), ['TooManyMetrics']);
		const { items } = await listed(full);
		assert.deepEqual(items.map(({ id }) => id), ids);
	});

	it('get other limits, all of them in one call', async () => {
		const changed = { min: 0, max: 9900, maxJump: null, stuckLimit: 1, tolerance: 0 };
		const [events] = await chain.send(
			alice,
			attestation.updateMetric(network, HUMIDITY, changed),
		);
		const told = events['attestation.MetricUpdated'];
		assert.deepEqual([told.id.toNumber(), told.limits.stuckLimit.unwrap().toNumber()], [HUMIDITY, 1]);
		const { items } = await listed(network, TEMPERATURE, 1);
		assert.deepEqual([items[0].name, items[0].limits], ['humidity', changed]);
	});

	it('return their deposit when they are removed, and reports of them are refused', async () => {
		const held = await chain.heldBalance(alice.address);
		const start = await chain.now();
		const readings = [{ time: start, metric: PRESSURE, value: 101_325 }];
		const report = makeReport(key, { sequence: 1, start, end: start + 1000, readings });
		const [events] = await chain.send(alice, attestation.removeMetric(network, PRESSURE));
		assert.equal(events['attestation.MetricRemoved'].id.toNumber(), PRESSURE);
		assert.equal(await chain.heldBalance(alice.address), held - deposit);
		assert.equal((await listed(network)).items.length, 2);
		await assert.rejects(chain.submitReport(key, report, readings), (error) => {
			assert.deepEqual([error.code, error.data?.error], [7019, 'UnknownMetric'], error.message);
			assert.match(error.text, /telemetry_metrics/);
			return true;
		});
		await chain.send(alice, chain.registerMetric(network, PRESSURE, metric('pressure', 'Pa')));
		await chain.submitReport(key, report, readings);
		await chain.included(key.deviceId, 1);
	});

	it('stay after the end of their network until anyone clears them', async () => {
		const held = await chain.heldBalance(alice.address);
		await chain.send(
			alice,
			chain.registerMetric(closed, 3, metric('range', 'm')),
			chain.api.tx.deviceRegistry.closeNetwork(closed),
		);
		assert.deepEqual((await listed(closed)).items.map(({ name }) => name), ['range']);
		const remove = () => attestation.removeMetric(closed, 3);
		assert.deepEqual(await refusals(charlie, remove(), remove()), [null, 'UnknownMetric']);
		assert.deepEqual((await listed(closed)).items, []);
		// The network's own deposit is back, too.
		assert.ok((await chain.heldBalance(alice.address)) < held);
	});

	it('can be changed by the admin only', async () => {
		const offer = chain.api.tx.deviceRegistry.offerNetwork(network, bob.address);
		await chain.send(alice, offer);
		await chain.send(bob, chain.api.tx.deviceRegistry.acceptNetwork(network));
		const [mine, theirs] = await Promise.all([
			chain.heldBalance(alice.address),
			chain.heldBalance(bob.address),
		]);
		const remove = () => attestation.removeMetric(network, TEMPERATURE);
		assert.deepEqual(await refusals(alice, remove()), ['NotAdmin']);
		assert.deepEqual(await refusals(bob, remove()), [null]);
		// The deposit returns to the account that paid it, even after a change of admin.
		assert.equal(await chain.heldBalance(alice.address), mine - deposit);
		assert.equal(await chain.heldBalance(bob.address), theirs);
	});

	it('have errors with advice in the metadata', () => {
		const { attestation } = chain.api.errors;
		assert.ok(Object.keys(attestation).length >= 29);
		for (const [name, { meta }] of Object.entries(attestation))
			assert.ok(meta.docs.map(String).join(' ').trim().length > 20, name);
	});
});
