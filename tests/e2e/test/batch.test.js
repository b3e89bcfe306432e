// Batch of a gateway: reports of many devices in one extrinsic, each accepted or refused by itself.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Chain, alice, bob, charlie, metric } from '../lib/chain.js';
import { until } from '../lib/node.js';
import {
	COMMITTED,
	ED25519,
	Key,
	P256,
	SCHEMES,
	makeReport,
	reportHash,
	signReport,
} from '../lib/wire.js';

const WINDOW = 2_000;
const TEMPERATURE = 1;

describe('a gateway', { timeout: 300_000 }, () => {
	const devices = SCHEMES.map((scheme) => new Key(scheme));
	const spare = new Key(ED25519);
	const last = new Map();
	let chain, submitReports, base;

	/** The device's next report, which is taken for sent. */
	const next = (key, changes = {}) => {
		const sequence = (last.get(key)?.sequence ?? 0) + 1;
		const start = base + (sequence - 1) * WINDOW;
		const readings = [0, 1].map((i) => ({
			time: start + i,
			metric: TEMPERATURE,
			value: 2000 + sequence + i,
		}));
		const previous = last.get(key);
		const report = makeReport(key, {
			sequence,
			start,
			end: start + WINDOW,
			previous,
			readings,
			...changes,
		});
		return { report, readings };
	};
	const item = (key, { report, readings }, by = key) => ({
		signed: signReport(by, chain.genesis, report),
		readings,
	});
	const sent = (key, made) => {
		last.set(key, made.report);
		return item(key, made);
	};
	/** Reads the outcome of each report from the events of an extrinsic. */
	const told = ({ error, all }) => {
		assert.equal(error, undefined, error?.message);
		return all
			.filter(({ section }) => section === 'attestation')
			.map(({ method, data }) => {
				if (method === 'ReportAccepted') return [data[0].report.device.toHex(), 'accepted'];
				assert.equal(method, 'ReportRefused');
				return [data.index.toNumber(), data.device.toHex(), data.error.type];
			});
	};
	const fee = (result) => {
		const { data } = result.all.find(({ method }) => method === 'TransactionFeePaid');
		return data.actualFee.toBigInt();
	};

	before(async () => {
		chain = await Chain.start();
		submitReports = chain.api.tx.attestation.submitReports;
		const [network] = await chain.createNetworks(alice, { kind: 'Sensor' });
		await Promise.all([
			chain.send(alice, chain.registerMetric(network, TEMPERATURE, metric('temperature', 'Cel'))),
			chain.send(
				bob,
				...[...devices, spare].map((key) => chain.registration(bob, network, key)),
			),
		]);
		base = await chain.now();
	});
	after(() => chain?.stop());

	it('gets each valid report of a batch accepted, and a reason for each refused one', async () => {
		const [ed25519, sr25519, secp256k1, p256] = devices;
		const stranger = new Key(P256);
		const first = sent(ed25519, next(ed25519));
		const committed = next(secp256k1, { flags: COMMITTED });
		const bare = { ...sent(secp256k1, committed), readings: null };
		const made = next(spare);
		const nobodys = { ...made, report: { ...made.report, device: stranger.deviceId } };
		const forged = item(spare, made);
		forged.signed.signature = `0x${'07'.repeat(64)}`;
		const wrong = next(spare);
		wrong.readings = wrong.readings.map((reading) => ({ ...reading, value: 0 }));
		const other = next(spare, { readings: [{ time: base, metric: 9, value: 0 }] });
		other.readings = null;
		const old = next(p256, { work: 1 });
		const batch = [
			[null, first],
			['BadSignature', item(spare, next(spare), ed25519)],
			[null, sent(sr25519, next(sr25519))],
			['UnknownDevice', item(stranger, nobodys)],
			[null, bare],
			// The same report again.
			['Duplicate', first],
			['SummaryMismatch', item(spare, wrong)],
			['UnknownMetric', item(spare, other)],
			[null, sent(p256, next(p256))],
			// Refused because of the report before it, not because of the state before the batch.
			['StaleSequence', item(p256, old)],
			['WrongChain', { signed: { ...first.signed, chain: '0x00000000' }, readings: null }],
			['BadSignature', forged],
		];
		const [result] = await chain.trySend(charlie, submitReports(batch.map(([, item]) => item)));
		assert.deepEqual(
			told(result),
			batch.map(([error, { signed }], index) =>
				error ? [index, signed.report.device, error] : [signed.report.device, 'accepted'],
			),
		);
		for (const key of devices) {
			const kept = await chain.lastReport(key.deviceId);
			assert.equal(kept.hash_.toHex(), reportHash(last.get(key)));
			assert.equal(kept.credited.toNumber(), 2);
		}
		// The refused reports, and only those, changed nothing.
		assert.equal(await chain.lastReport(spare.deviceId), null);
		assert.equal(await chain.lastReport(stranger.deviceId), null);
	});

	it('pays less for a batch than for the same reports one by one', async () => {
		const { submitReport } = chain.api.tx.attestation;
		const singles = devices.map((key) => sent(key, next(key)));
		const alone = await chain.trySend(
			charlie,
			...singles.map(({ signed, readings }) => submitReport(signed, readings)),
		);
		const [together] = await chain.trySend(
			charlie,
			submitReports(devices.map((key) => sent(key, next(key)))),
		);
		const accepted = devices.map((key) => [key.deviceId, 'accepted']);
		assert.deepEqual(alone.flatMap(told), accepted);
		assert.deepEqual(told(together), accepted);
		const sum = alone.map(fee).reduce((a, b) => a + b);
		assert.ok(fee(together) < sum, `${fee(together)} for all, ${sum} one by one`);
	});

	it('pays for refused reports, too', async () => {
		const refused = { ...item(spare, next(spare)), readings: [] };
		const [result] = await chain.trySend(charlie, submitReports([refused, refused]));
		assert.deepEqual(told(result), [
			[0, spare.deviceId, 'CountMismatch'],
			[1, spare.deviceId, 'CountMismatch'],
		]);
		assert.ok(fee(result) > 0n);
	});

	it('cannot send more reports than a batch holds', async () => {
		const { maxBatch } = chain.api.consts.attestation;
		const refused = { signed: item(spare, next(spare)).signed, readings: null };
		const many = Array.from({ length: maxBatch.toNumber() + 1 }, () => refused);
		const signed = await submitReports(many).signAsync(charlie);
		// The node cannot decode such an extrinsic.
		await assert.rejects(chain.node.rpc('author_submitExtrinsic', signed.toHex()), { code: 1002 });
	});

	it('finds the reports of a batch in the index, like those that devices send', async () => {
		for (const key of devices) {
			const latest = await until('indexed', async () => {
				const { report } = await chain.node.rpc('telemetry_latest', key.deviceId);
				return report?.report.sequence === 3 && report;
			});
			assert.deepEqual(latest.report, last.get(key));
			assert.equal(latest.readings.length, 2);
			const { items } = await chain.node.rpc('telemetry_range', key.deviceId, 0, await chain.now());
			// The first report of the device with secp256k1 came without its readings.
			assert.equal(items.length, key === devices[2] ? 4 : 6);
		}
	});
});
