// Signed reports, from a device without a Substrate library to the index and the reward.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { concatBytes } from '@noble/hashes/utils';
import { Chain, ONE, WORK, alice, bob, charlie, metric, policy } from '../lib/chain.js';
import { RpcError, until } from '../lib/node.js';
import {
	COMMITTED,
	ED25519,
	Key,
	P256,
	ZERO,
	encodeReadings,
	encodeSignedReport,
	hex,
	makeReport,
	reportHash,
	signReport,
} from '../lib/wire.js';

const MINUTE = 60_000;
// Length of a report's window; several windows fit between a registration and the next blocks.
const WINDOW = 3_000;
const [TEMPERATURE, HUMIDITY] = [1, 2];

describe('reports', { timeout: 600_000 }, () => {
	const [p256, ed25519, slow, retired] = [P256, ED25519, P256, P256].map((scheme) => new Key(scheme));
	// The reports that the chain accepted, in order, with what was signed.
	const accepted = [];
	// Extrinsics of `attestation.report` in the blocks as wallets see them, by report.
	const seen = new Map();
	let chain, funded, unfunded, base, stopWatching;

	/** The device's n-th window, with readings of two metrics. */
	const nth = (key, n, changes = {}) => {
		const start = base + (n - 1) * WINDOW;
		const readings =
			changes.readings ??
			[0, 1, 2, 3].map((i) => ({
				time: start + i * 500,
				metric: i % 2 ? HUMIDITY : TEMPERATURE,
				value: 2150 - 700 * i + n,
			}));
		const report = makeReport(key, { sequence: n, start, end: start + WINDOW, ...changes, readings });
		return { report, readings };
	};
	const sign = (key, report, options) => signReport(key, chain.genesis, report, options);
	const submit = (...params) => chain.node.rpc('telemetry_submitReport', ...params);

	before(async () => {
		chain = await Chain.start();
		stopWatching = await chain.api.derive.chain.subscribeNewBlocks(({ block }) => {
			for (const extrinsic of block.extrinsics)
				if (extrinsic.method.section === 'attestation' && extrinsic.method.method === 'report')
					seen.set(hex(extrinsic.args[0].toU8a()), { block, extrinsic });
		});
		[funded, unfunded] = await chain.createNetworks(
			alice,
			{},
			{ rules: policy({ minInterval: 60 * MINUTE }) },
		);
		const weight = await chain.allocation(funded);
		const metrics = (network) => [
			chain.registerMetric(network, TEMPERATURE, metric('temperature', 'Cel')),
			chain.registerMetric(network, HUMIDITY, metric('humidity', '%RH')),
		];
		const [[sudo]] = await Promise.all([
			chain.send(
				alice,
				chain.api.tx.sudo.sudo(weight),
				...metrics(funded),
				...metrics(unfunded),
			),
			chain.send(
				bob,
				chain.registration(bob, funded, p256),
				chain.registration(bob, funded, ed25519),
				chain.registration(bob, unfunded, slow),
				chain.registration(bob, funded, retired),
				chain.api.tx.deviceRegistry.retireDevice(retired.deviceId),
			),
		]);
		assert.ok(sudo['rewards.AllocationSet'], 'governance funds the network');
		// Work is credited from the registration on.
		base = await chain.now();
	});
	after(async () => {
		stopWatching?.();
		await chain?.stop();
	});

	it('are accepted as JSON, and stored', async () => {
		const { report, readings } = nth(p256, 1);
		const signed = sign(p256, report);
		const answer = await submit(signed, readings);
		assert.equal(answer.report, reportHash(report));
		accepted.push(signed);
		const last = await chain.included(p256.deviceId, 1);
		assert.equal(last.hash_.toHex(), answer.report);
		assert.equal(last.credited.toNumber(), 4);
		assert.equal(last.windowEnd.toNumber(), report.windowEnd);
	});

	it('are accepted as bytes, also from Ed25519 devices', async () => {
		const { report, readings } = nth(ed25519, 1, { work: 10_000 });
		const signed = sign(ed25519, report);
		await submit(hex(encodeSignedReport(signed)), hex(encodeReadings(readings)));
		accepted.push(signed);
		const last = await chain.included(ed25519.deviceId, 1);
		assert.equal(last.work.toNumber(), 10_000);
		assert.equal(last.credited.toNumber(), 30, 'of the 36,000 an hour that the policy caps');
	});

	it('may have either form of s, and may only commit to their readings', async () => {
		const previous = accepted[0].report;
		const { report } = nth(p256, 2, { previous, flags: COMMITTED });
		const signed = sign(p256, report, { highS: true });
		await submit(signed);
		accepted.push(signed);
		const last = await chain.included(p256.deviceId, 2);
		assert.equal(last.readingsCount.toNumber(), 4);
		assert.equal(last.readingsRoot.toHex(), report.readingsRoot);
	});

	it('are accepted from a gateway that pays the fee', async () => {
		const { report, readings } = nth(slow, 1);
		const signed = sign(slow, report);
		const [events] = await chain.send(
			charlie,
			chain.api.tx.attestation.submitReport(signed, readings),
		);
		const [told] = events['attestation.ReportAccepted'];
		assert.equal(told.network.toNumber(), unfunded);
		assert.equal(told.report.sequence.toNumber(), 1);
		assert.equal(told.readings.unwrap().length, 4);
		assert.ok(told.chained.isTrue, 'a first report follows none');
		assert.ok(events['transactionPayment.TransactionFeePaid'].actualFee.toBigInt() > 0n);
	});

	it('are in the pool once at most', async () => {
		const head = await chain.node.bestNumber();
		await until('a new block', async () => (await chain.node.bestNumber()) > head, 20, 50);
		const { report, readings } = nth(ed25519, 2, { previous: accepted[1].report });
		const signed = sign(ed25519, report);
		const { extrinsic } = await submit(signed, readings);
		await assert.rejects(submit(signed, readings), {
			code: 7350,
			data: { error: 'Pending', retry: false, extrinsic },
		});
		const other = nth(ed25519, 2, { previous: accepted[1].report, work: 1 });
		const later = nth(ed25519, 3, { previous: report });
		for (const next of [other, later])
			await assert.rejects(submit(sign(ed25519, next.report), next.readings), (error) => {
				assert.deepEqual([error.code, error.data?.error], [7351, 'Conflict'], error.message);
				assert.match(error.text, /one report of a device at a time/);
				return true;
			});
		accepted.push(signed);
		await chain.included(ed25519.deviceId, 2);
	});

	it('are refused with a reason for each fault, and nothing changes', async () => {
		const { genesis } = chain;
		const now = await chain.now();
		const otherChain = `0x${'11'.repeat(32)}`;
		const last = accepted[2].report;
		const good = nth(p256, 3, { previous: last });
		const changed = (changes) => sign(p256, { ...good.report, ...changes });
		const window = (start, end) => changed({ windowStart: start, windowEnd: end });
		const unknown = new Key(P256);
		const early = [{ time: good.report.windowStart - 1, metric: TEMPERATURE, value: 1 }];
		const many = Array.from({ length: 65 }, (_, i) => ({
			time: good.report.windowStart + i,
			metric: TEMPERATURE,
			value: i,
		}));
		const [first, second] = good.report.metrics;
		const committed = { ...good.report, flags: COMMITTED };
		const backwards = nth(p256, 3, { readings: [...good.readings].reverse() });
		const digest = { kind: 0, digest: otherChain };
		// Version 1 had no flags, at byte 136, and no data digests, whose number is a byte.
		const bytes = encodeSignedReport(sign(p256, good.report));
		const old = concatBytes(bytes.slice(0, 136), bytes.slice(137, -65), bytes.slice(-64));

		const cases = [
			['WrongChain', 7000, signReport(p256, otherChain, good.report)],
			['UnknownDevice', 7001, sign(unknown, nth(unknown, 1).report)],
			['DeviceNotActive', 7002, sign(retired, nth(retired, 1).report)],
			['Duplicate', 7003, accepted[2]],
			['StaleSequence', 7004, changed({ sequence: last.sequence })],
			['StaleSequence', 7004, accepted[0]],
			['EmptyWindow', 7005, window(good.report.windowEnd, good.report.windowEnd)],
			['WindowTooLong', 7006, window(good.report.windowStart, good.report.windowEnd + 10 * MINUTE)],
			['WindowInFuture', 7007, window(now + 9 * MINUTE, now + 10 * MINUTE)],
			['WindowTooOld', 7008, window(now - 80 * MINUTE, now - 79 * MINUTE)],
			// A window before the device's registration.
			['WindowTooOld', 7008, window(base - 3 * MINUTE, base - 2 * MINUTE)],
			['WindowOverlaps', 7009, window(last.windowEnd - 1, good.report.windowEnd)],
			['TooSoon', 7010, sign(slow, nth(slow, 2).report)],
			['SequenceTooFar', 7020, changed({ sequence: 2 ** 53 })],
			['UnknownFlags', 7021, changed({ flags: 2 })],
			['NotInline', 7022, sign(p256, nth(p256, 3, { readings: many }).report)],
			['ReadingsMissing', 7023, sign(p256, good.report)],
			['ReadingsNotExpected', 7024, sign(p256, committed), good.readings],
			['ReadingsOutOfOrder', 7025, sign(p256, backwards.report), backwards.readings],
			['DigestsOutOfOrder', 7026, changed({ digests: [digest] })],
			['OldReport', 7306, hex(old)],
			['UnknownMetric', 7019, changed({ metrics: [first, { ...second, metric: 3 }] })],
			['MetricsOutOfOrder', 7011, changed({ metrics: [second, first] })],
			['InvalidSummary', 7012, changed({ metrics: [{ ...first, min: first.max + 1 }, second] })],
			['CountMismatch', 7013, changed({ readingsCount: 5 })],
			['CountMismatch', 7013, sign(p256, good.report), good.readings.slice(1)],
			['ReadingOutsideWindow', 7014, sign(p256, nth(p256, 3, { readings: early }).report), early],
			[
				'SummaryMismatch',
				7015,
				changed({ metrics: [{ ...first, max: first.max + 1 }, second] }),
				good.readings,
			],
			['RootMismatch', 7016, changed({ readingsRoot: hex(ZERO) })],
			['RootMismatch', 7016, changed({ readingsRoot: otherChain }), good.readings],
			// The report names this chain, but was signed for another one.
			[
				'BadSignature',
				7017,
				{ ...signReport(p256, otherChain, committed), chain: genesis.slice(0, 10) },
			],
			['BadSignature', 7017, { ...sign(p256, committed), report: { ...committed, work: 5 } }],
			['BadSignature', 7017, sign(unknown, committed)],
			['BadSignature', 7017, { ...sign(p256, committed), signature: `0x${'00'.repeat(64)}` }],
			// Nobody can take the flag of inline readings off a report, or put it on one.
			['BadSignature', 7017, { ...sign(p256, good.report), report: committed }],
			['BadSignature', 7017, { ...sign(p256, committed), report: good.report }, good.readings],
			['TooManyReadings', 7301, sign(p256, nth(p256, 3, { readings: many }).report), many],
			['Malformed', 7300, '0x00'],
			['Malformed', 7300, { ...sign(p256, good.report), signature: '0x1234' }],
			['Malformed', 7300, { chain: '0x00000000' }],
		];
		const devices = [p256, ed25519, slow, retired, unknown];
		const kept = async () =>
			Promise.all(devices.map(async (key) => (await chain.lastReport(key.deviceId))?.toHex()));
		const before = await kept();
		const facts = {};

		for (const [name, code, report, readings = null] of cases) {
			const error = await submit(report, readings).then(
				() => assert.fail(`${name}: it was accepted`),
				(error) => error,
			);
			assert.ok(error instanceof RpcError, `${name}: ${error}`);
			assert.deepEqual([error.data?.error, error.code], [name, code], error.message);
			assert.ok(error.text.length > 20, `${name} says what to do: ${error.text}`);
			assert.equal(error.data.retry, ['WindowInFuture', 'TooSoon'].includes(name), name);
			facts[name] = { expected: error.data.expected, found: error.data.found };
		}
		assert.deepEqual(facts.WrongChain, {
			expected: { exactly: genesis.slice(0, 10) },
			found: otherChain.slice(0, 10),
		});
		assert.deepEqual(facts.StaleSequence, {
			expected: { above: `${last.sequence}` },
			found: `${accepted[0].report.sequence}`,
		});
		assert.deepEqual(facts.UnknownMetric, { expected: undefined, found: '3' });
		assert.deepEqual(facts.WindowOverlaps, {
			expected: { atLeast: `${last.windowEnd}` },
			found: `${last.windowEnd - 1}`,
		});
		assert.equal(facts.BadSignature.expected.exactly.scheme, 'p256');

		assert.deepEqual(await chain.node.rpc('author_pendingExtrinsics'), []);
		const head = await chain.node.bestNumber();
		await until('a new block', async () => (await chain.node.bestNumber()) > head, 20);
		assert.deepEqual(await kept(), before);
	});

	it('are refused by the pool and by the chain, no matter how they are submitted', async () => {
		const { report } = nth(p256, 3, { previous: accepted[2].report, flags: COMMITTED });
		const forged = { ...sign(p256, report), signature: `0x${'01'.repeat(64)}` };
		for (const [signed, number] of [
			[forged, 17],
			[accepted[0], 4],
			[accepted[2], 3],
			[signReport(p256, `0x${'11'.repeat(32)}`, report), 0],
		]) {
			// A report without readings: the option's zero byte follows it.
			const bytes = hex(concatBytes(encodeSignedReport(signed), Uint8Array.of(0)));
			const extrinsic = await chain.stateCall('AttestationApi_report_extrinsic', bytes);
			await assert.rejects(chain.node.rpc('author_submitExtrinsic', extrinsic), {
				code: 1010,
				data: `Custom error: ${number}`,
			});
		}
		const [{ error }] = await chain.trySend(
			charlie,
			chain.api.tx.attestation.submitReport(forged, null),
		);
		assert.deepEqual([error?.pallet, error?.name], ['attestation', 'BadSignature']);
		assert.equal((await chain.lastReport(p256.deviceId)).sequence.toNumber(), 2);
	});

	it('are decoded by wallets with the values that were signed', async () => {
		assert.equal(accepted.length, 4);
		for (const signed of accepted) {
			const bytes = hex(encodeSignedReport(signed));
			const { block } = await until('in a block', () => seen.get(bytes), 20);
			const again = await chain.api.rpc.chain.getBlock(block.header.hash);
			const found = again.block.extrinsics.filter(
				({ method }) =>
					`${method.section}.${method.method}` === 'attestation.report' &&
					hex(method.args[0].toU8a()) === bytes,
			);
			assert.equal(found.length, 1);
			assert.equal(found[0].isSigned, false);
			assert.equal(found[0].args[0].report.device.toHex(), signed.report.device);
			assert.equal(found[0].args[0].report.metrics.length, 2);
		}
	});

	it('are read from the index once they are final', async () => {
		await chain.node.finalized(await chain.node.bestNumber());
		const { report, readings } = nth(p256, 1);
		const latest = await until('indexed', async () => {
			const latest = await chain.node.rpc('telemetry_latest', p256.deviceId);
			return latest.report?.report.sequence === 2 && latest;
		});
		assert.deepEqual(latest.report.report, accepted[2].report);
		assert.deepEqual([latest.report.credited, latest.report.points], [4, 4]);
		assert.equal(latest.report.quality.total, ONE, 'this network scores none');
		assert.equal(latest.onChain.sequence, 2);
		assert.ok(latest.finalized.number <= latest.best.number);

		const range = (...params) => chain.node.rpc('telemetry_range', p256.deviceId, ...params);
		const values = ({ items }) => items.map(({ time, metric, value }) => ({ time, metric, value }));
		// The second report's readings were not handed in.
		const now = await chain.now();
		const all = await range(0, now);
		assert.deepEqual(values(all), readings);
		assert.equal(all.next, null);
		assert.deepEqual(
			values(await range(0, now, TEMPERATURE)),
			readings.filter(({ metric }) => metric === TEMPERATURE),
		);
		// `to` is exclusive.
		assert.deepEqual(values(await range(readings[0].time, readings[1].time)), readings.slice(0, 1));
		const page = await range(0, now, null, null, 3);
		assert.deepEqual(values(page), readings.slice(0, 3));
		assert.deepEqual(values(await range(0, now, null, page.next, 3)), readings.slice(3));
		await assert.rejects(range(0, 1, null, 'no cursor'), { code: 7303, data: { error: 'BadCursor', retry: false } });
		assert.equal(report.readingsCount, values(all).length);
	});

	it('earn from the budget of their epoch after its close, and are paid once', async () => {
		const { node, api } = chain;
		const pending = (key) => node.rpc('rewards_pending', key.deviceId);
		const epochOfLast = (await pending(p256)).epoch;
		await until('closed', async () => (await pending(p256)).epoch > epochOfLast, 90, 500);

		// Amount that the chain minted for the network, by its events.
		let budget = 0n;
		const best = await node.bestNumber();
		for (let number = 1; number <= best; number += 1) {
			const at = await api.at(await api.rpc.chain.getBlockHash(number));
			for (const { event } of await at.query.system.events())
				if (`${event.section}.${event.method}` === 'rewards.NetworkEmission') {
					assert.equal(event.data.network.toNumber(), funded, 'the other network is not funded');
					budget += event.data.budget.toBigInt();
				}
		}
		const [mine, theirs] = await Promise.all([pending(p256), pending(ed25519)]);
		const sum = BigInt(mine.claimable) + BigInt(theirs.claimable);
		assert.ok(budget >= 700n * WORK, `${budget}`);
		assert.ok(sum <= budget && budget - sum < 10n, `${sum} of ${budget}: only rounding is left`);
		assert.equal(mine.payee, bob.address);
		assert.equal(mine.reason, null);
		const told = (await api.call.rewardsApi.pending(p256.deviceId)).unwrap();
		assert.equal(told.claimable.toString(), mine.claimable);
		const poor = await pending(slow);
		assert.deepEqual([poor.claimable, poor.reason], ['0', 'networkUnfunded']);

		// Anyone may claim; the owner is paid.
		const before = await chain.freeBalance(bob.address);
		const [events] = await chain.send(charlie, api.tx.rewards.claim(p256.deviceId));
		assert.equal(events['rewards.Paid'].amount.toString(), mine.claimable);
		assert.equal(await chain.freeBalance(bob.address), before + BigInt(mine.claimable));
		const rest = await pending(p256);
		assert.deepEqual([rest.claimable, rest.reason], ['0', 'noPoints']);
		const [again, none] = await chain.trySend(
			charlie,
			api.tx.rewards.claim(p256.deviceId),
			api.tx.rewards.claim(slow.deviceId),
		);
		assert.deepEqual([again.error?.name, none.error?.name], ['NothingToClaim', 'NothingToClaim']);
		assert.equal(await chain.freeBalance(bob.address), before + BigInt(mine.claimable));

		const history = await until(
			'in the history',
			async () => {
				const page = await node.rpc('rewards_history', p256.deviceId);
				return page.items.length > 0 && page;
			},
			60,
		);
		assert.deepEqual(
			history.items.map(({ amount, payee }) => [amount, payee]),
			[[mine.claimable, bob.address]],
		);
	});
});
