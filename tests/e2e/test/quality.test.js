// Quality of reports: parts, reasons, neighbours; proofs of readings.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { cellToCenterChild, gridDistance, gridRing, latLngToCell } from 'h3-js';
import { Chain, ONE, alice, bob, charlie, dave, eve, ferdie, metric, policy } from '../lib/chain.js';
import { until } from '../lib/node.js';
import {
	COMMITTED,
	ED25519,
	Key,
	P256,
	SECP256K1,
	SR25519,
	encodeReadingProof,
	hex,
	makeReport,
	readingProof,
	signReport,
} from '../lib/wire.js';

const WINDOW = 3_000;
const [TEMPERATURE, HUMIDITY] = [1, 2];
const TOLERANCE = 100;
const PERIOD = 30_000;
const [ON_TIME, MAX_AGE] = [60_000, 300_000];

describe('quality', { timeout: 420_000 }, () => {
	// Four devices of four owners in one place, and two devices in places of their own.
	const [north, east, south, odd] = [P256, ED25519, SR25519, SECP256K1].map((s) => new Key(s));
	const [sloppy, broken] = [P256, ED25519].map((scheme) => new Key(scheme));
	const city = [north, east, south, odd];
	const last = new Map();
	const sent = new Map();
	let chain, network, base;

	/** The device's next report; by default it follows the last one without a gap. */
	const next = (key, { values = [2000, 2000], sequence, start, ...changes } = {}) => {
		const before = last.get(key);
		start ??= before?.windowEnd ?? base;
		const readings = values.flatMap((value, i) => [
			{ time: start + i * 1000, metric: TEMPERATURE, value },
			{ time: start + i * 1000, metric: HUMIDITY, value: 5000 + 10 * i },
		]);
		const report = makeReport(key, {
			sequence: sequence ?? (before?.sequence ?? 0) + 1,
			start,
			end: start + WINDOW,
			readings,
			previous: before,
		});
		Object.assign(report, changes);
		last.set(key, report);
		sent.set(`${key.deviceId} ${report.sequence}`, readings);
		return { signed: signReport(key, chain.genesis, report), readings };
	};

	/** Hands reports in through a gateway, which is told at once what each is worth. */
	const worth = async (...reports) => {
		const { submitReport } = chain.api.tx.attestation;
		const results = await chain.trySend(
			charlie,
			...reports.map(({ signed, readings }) => submitReport(signed, readings)),
		);
		return results.map(({ error, events, block }) => {
			if (error) throw error;
			const [{ quality, credited, points, chained }] = events['attestation.ReportAccepted'];
			return {
				...quality.toJSON(),
				credited: credited.toNumber(),
				points: points.toNumber(),
				chained: chained.isTrue,
				block,
			};
		});
	};
	const parts = ({ cadence, continuity, plausibility, neighbours }) => [
		cadence,
		continuity,
		plausibility,
		neighbours,
	];
	const rpc = (...call) => chain.node.rpc(...call);

	/** The score over the running periods and those before, since a test may meet their border. */
	const scored = async (key) => {
		const { device, score, best } = await rpc('telemetry_score', key.deviceId);
		assert.equal(device, key.deviceId);
		assert.equal(best.hash, await rpc('chain_getBlockHash', best.number));
		const both = [score.current, score.previous].filter(Boolean);
		for (const { start, end } of both) {
			assert.equal(end - start, 24 * PERIOD);
			assert.equal(start % (24 * PERIOD), 0);
		}
		const sum = (name) => both.reduce((all, one) => all + one[name], 0);
		return {
			...score,
			reports: sum('reports'),
			missed: sum('missed'),
			gaps: sum('gaps'),
			cadence: Math.min(...both.map(({ cadence }) => cadence)),
			reasons: new Set(both.flatMap(({ reasons }) => reasons)),
		};
	};

	before(async () => {
		chain = await Chain.start();
		const rules = policy(
			{ minInterval: 0, maxAge: MAX_AGE, maxSkew: 240_000 },
			{
				quality: {
					period: PERIOD,
					onTime: ON_TIME,
					weights: { cadence: 25, continuity: 25, plausibility: 25, neighbours: 25 },
					threshold: ONE / 2,
					resolution: 7,
					minNeighbours: 2,
				},
			},
		);
		[network] = await chain.createNetworks(alice, { kind: 'Sensor', rules });
		const temperature = metric('temperature', 'Cel', {
			min: -4000,
			max: 6000,
			maxJump: 500,
			tolerance: TOLERANCE,
		});
		const humidity = metric('humidity', '%RH', { min: 0, max: 10_000, stuckLimit: 3 });
		// North and odd lie in one neighbourhood cell; east and south each lie in a cell that
		// borders on it and on the other.
		const centre = latLngToCell(52.52, 13.405, 7);
		const [one, ...ring] = gridRing(centre, 1);
		const two = ring.find((cell) => gridDistance(cell, one) === 1);
		const at = (cell) => ({ cell: BigInt(`0x${cellToCenterChild(cell, 9)}`) });
		const far = at(latLngToCell(48.14, 11.58, 7));
		await Promise.all([
			chain.send(
				alice,
				chain.registerMetric(network, TEMPERATURE, temperature),
				chain.registerMetric(network, HUMIDITY, humidity),
			),
			chain.send(bob, chain.registration(bob, network, north, at(centre))),
			chain.send(dave, chain.registration(dave, network, south, at(two))),
			chain.send(eve, chain.registration(eve, network, odd, at(centre))),
			chain.send(
				ferdie,
				chain.registration(ferdie, network, east, at(one)),
				chain.registration(ferdie, network, sloppy, far),
				chain.registration(ferdie, network, broken, far),
			),
		]);
		base = await chain.now();
	});
	after(() => chain?.stop());

	it('of a first report is one, if it is on time and plausible', async () => {
		const values = [2150, 2180, 2120, 2500];
		const first = await worth(...city.map((key, i) => next(key, { values: [values[i], values[i]] })));
		for (const { credited, points, reasons, total, chained, ...quality } of first) {
			assert.deepEqual(parts(quality), [ONE, ONE, ONE, null]);
			assert.deepEqual([total, credited, points, reasons, chained], [ONE, 4, 4, [], true]);
		}
	});

	it('names implausible readings, and the work is capped at the number of readings', async () => {
		const [first] = await worth(next(broken, { values: [9000, 9000], work: 99 }));
		assert.deepEqual(parts(first), [ONE, ONE, ONE / 2, null]);
		assert.deepEqual(first.reasons, ['OutOfBounds', 'WorkCapped']);
		// The total is the mean of the three parts; the credited work is the number of readings.
		assert.deepEqual([first.total, first.credited, first.points], [833_333_333, 4, 3]);

		const values = [2000, 2501];
		const start = last.get(broken).windowEnd;
		const readings = [0, 1, 2, 3].map((i) => ({ time: start + i, metric: HUMIDITY, value: 5000 }));
		values.forEach((value, i) => readings.push({ time: start + 10 + i, metric: TEMPERATURE, value }));
		const report = makeReport(broken, { sequence: 2, start, end: start + WINDOW, readings });
		last.set(broken, report);
		const signed = signReport(broken, chain.genesis, report);
		const [second] = await worth({ signed, readings });
		// The report names no previous one, and both its metrics have a fault; it is on time.
		assert.deepEqual(parts(second), [ONE, 0, 0, null]);
		assert.deepEqual(second.reasons, ['BrokenChain', 'Jump', 'Stuck', 'BelowThreshold']);
		assert.deepEqual(
			[second.total, second.credited, second.points, second.chained],
			[333_333_333, 6, 0, false],
		);
	});

	it('names a device that disagrees with the neighbours of its last window', async () => {
		const [n, e, s, o] = await worth(...city.map((key) => next(key, { values: [2160, 2160] })));
		for (const good of [n, e, s]) {
			assert.deepEqual(parts(good), [ONE, ONE, ONE, ONE]);
			assert.deepEqual([good.total, good.points, good.reasons], [ONE, 4, []]);
		}
		assert.deepEqual(parts(o), [ONE, ONE, ONE, 0]);
		assert.deepEqual(o.reasons, ['Disagrees']);
		assert.deepEqual([o.total, o.credited, o.points], [(ONE / 4) * 3, 4, 3]);
	});

	it('falls with lateness, a broken chain and a gap, but not with a report that was lost', async () => {
		const due = base + WINDOW + ON_TIME;
		await until('late', async () => (await chain.now()) > due, 90);
		const [late] = await worth(next(sloppy));
		const at = await chain.api.at(late.block);
		const age = (await at.query.timestamp.now()).toNumber() - base - WINDOW;
		const cadence = Math.floor(((MAX_AGE - age) * ONE) / (MAX_AGE - ON_TIME));
		assert.ok(cadence < ONE && cadence > ONE / 2, `${age} ms old`);
		assert.deepEqual(parts(late), [cadence, ONE, ONE, null]);
		assert.deepEqual(late.reasons, ['Late']);
		assert.equal(late.points, Math.floor((late.total * 4) / ONE));

		const nothing = `0x${'5a'.repeat(32)}`;
		const end = () => last.get(sloppy).windowEnd;
		// Two periods without a report, then a report that follows by sequence but not by hash.
		const forgetful = next(sloppy, { start: end() + 2 * PERIOD, previous: nothing });
		// The third report is lost together with its window.
		const afterLoss = next(sloppy, { start: end() + PERIOD, sequence: 4, previous: nothing });
		// The report skips sequences for which there was no time.
		const skipping = next(sloppy, { sequence: 9, previous: nothing });
		const [second, fourth, ninth] = await worth(forgetful, afterLoss, skipping);
		assert.deepEqual([second.continuity, second.reasons], [0, ['BrokenChain']]);
		assert.deepEqual([fourth.continuity, fourth.reasons], [ONE, []]);
		assert.deepEqual([ninth.continuity, ninth.reasons], [0, ['SequenceGap']]);
		assert.deepEqual([second, fourth, ninth].map(({ chained }) => chained), [false, false, false]);
	});

	it('adds up to a device score that counts missed reports', async () => {
		const good = await scored(north);
		assert.deepEqual([good.reports, good.missed, good.gaps], [2, 0, 0]);
		assert.deepEqual([...good.reasons], []);
		assert.deepEqual([good.current.quality, good.current.neighbours], [ONE, ONE]);
		assert.equal(good.windowEnd, last.get(north).windowEnd);

		const outlier = await scored(odd);
		assert.deepEqual([...outlier.reasons], ['disagrees']);
		assert.equal(outlier.current.neighbours, 0);
		assert.ok(outlier.current.quality < ONE);

		const { reports, missed, gaps, reasons, cadence, current } = await scored(sloppy);
		assert.deepEqual([reports, gaps], [4, 1]);
		// The border between two scores may shorten one of them.
		assert.ok(missed === 3 || missed === 2, `${missed} periods missed`);
		assert.deepEqual([...reasons].sort(), ['brokenChain', 'late', 'missed', 'sequenceGap']);
		assert.ok(cadence < ONE && current.continuity < ONE);

		const bad = await scored(broken);
		for (const reason of ['outOfBounds', 'jump', 'stuck', 'brokenChain', 'belowThreshold', 'workCapped'])
			assert.ok(bad.reasons.has(reason), reason);

		const told = (await chain.api.call.attestationApi.deviceScore(odd.deviceId)).unwrap();
		assert.equal(told.current.neighbours.unwrap().toNumber(), 0);
		const nobody = await rpc('telemetry_score', new Key(P256).deviceId);
		assert.equal(nobody.score, null);
		assert.ok(nobody.best.number > 0);
	});

	it('is in the index with its report once the block is final', async () => {
		const latest = await until('indexed', async () => {
			const { report } = await rpc('telemetry_latest', odd.deviceId);
			return report?.report.sequence === 2 && report;
		});
		assert.deepEqual(latest.quality, {
			cadence: ONE,
			continuity: ONE,
			plausibility: ONE,
			neighbours: 0,
			total: (ONE / 4) * 3,
			reasons: ['disagrees'],
		});
		assert.deepEqual([latest.credited, latest.points, latest.chained], [4, 3, true]);
	});

	it('needs no inline readings: a device proves single readings on demand', async () => {
		const key = north;
		const start = last.get(key).windowEnd;
		const readings = Array.from({ length: 7 }, (_, i) => ({
			time: start + i,
			metric: i % 2 ? HUMIDITY : TEMPERATURE,
			value: 2100 + 3 * i,
		}));
		const report = makeReport(key, {
			sequence: 3,
			start,
			end: start + WINDOW,
			readings,
			flags: COMMITTED,
			previous: last.get(key),
		});
		await chain.submitReport(key, report);
		await chain.included(key.deviceId, 3);

		const open = (proof, sequence = 3, device = key.deviceId) =>
			rpc('telemetry_checkReading', device, sequence, proof);
		for (const index of readings.keys()) {
			const proof = readingProof(readings, index);
			assert.equal(await open(proof), true);
			assert.equal(await open(hex(encodeReadingProof(proof))), true);
		}

		// The chain stores the last report only.
		const before = sent.get(`${key.deviceId} 1`);

		const proof = readingProof(readings, 5);
		const [one, two, three] = proof.path;
		const changed = (reading) => ({ ...proof, reading: { ...proof.reading, ...reading } });
		for (const [name, code, ...call] of [
			['UnknownReport', 7204, proof, 4],
			['UnknownReport', 7204, readingProof(before, 2), 1],
			['UnknownReport', 7204, proof, 3, new Key(P256).deviceId],
			['WrongCount', 7205, { ...proof, count: 6 }],
			['NoSuchIndex', 7206, { ...proof, index: 7 }],
			['WrongPath', 7207, changed({ value: 2116 })],
			['WrongPath', 7207, changed({ time: proof.reading.time + 1 })],
			['WrongPath', 7207, changed({ metric: TEMPERATURE })],
			['WrongPath', 7207, { ...proof, index: 4 }],
			['WrongPath', 7207, { ...proof, path: [two, one, three] }],
			['WrongPath', 7207, { ...proof, path: [one, two] }],
			// A valid proof for another report.
			['WrongCount', 7205, readingProof(before, 2)],
			['Malformed', 7300, '0x00'],
			['Malformed', 7300, { ...proof, path: Array(33).fill(one) }],
			['Malformed', 7300, { index: 1 }],
		]) {
			await assert.rejects(open(...call), (error) => {
				assert.deepEqual([error.data?.error, error.code], [name, code], error.message);
				assert.ok(error.text.length > 20, error.text);
				return true;
			});
		}
		const told = await chain.api.call.attestationApi.checkReading(key.deviceId, 3, changed({ value: 0 }));
		assert.equal(told.asErr.type, 'WrongPath');
	});
});
