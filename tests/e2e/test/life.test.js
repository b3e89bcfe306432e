// The life of devices of every key scheme: keys and owners change, one device is suspended and
// restored, one is forfeited, one is reaped, and no earnings are lost.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Chain, ONE, WORK, alice, bob, cellAt, charlie, dave, ferdie, policy } from '../lib/chain.js';
import { until } from '../lib/node.js';
import { Key, P256, SCHEMES, consent, hex, makeReport } from '../lib/wire.js';

const WINDOW = 2_000;
const BOND = 10n * WORK;
// Held on a former owner while the device's earnings of the running epoch wait for them.
const FORMER_DEPOSIT = 260n * WORK / 1000n;
const EVIDENCE = hex(new Uint8Array(32).fill(0xab));
const STATEMENT = hex(new Uint8Array(32).fill(0xcd));

describe('a device in its life', { timeout: 600_000 }, () => {
	// One of each scheme: the key that it is registered with, and the one that it signs with now.
	const first = SCHEMES.map((scheme) => new Key(scheme));
	const current = [...first];
	const [sold, suspended, forfeited, retired] = first.map((key) => key.deviceId);
	const last = new Map();
	// Key of a device that retires while its last window is still ahead, so that its work is not
	// settled when the delay is over.
	const early = new Key(P256);
	// Key of a device that retires while its consent is still valid.
	const agreed = new Key(P256);
	let chain, tx, rpc, network, maker, makerKeys, base;

	const get = (device) => rpc('devices_get', device);
	const pending = (device) => rpc('rewards_pending', device);
	const former = (device, payee) => rpc('rewards_formerPending', device, payee.address);
	const refusals = async (signer, ...calls) =>
		(await chain.trySend(signer, ...calls)).map(({ error }) => error?.name);

	/** The device's next report, of five units of work. */
	const nextReport = (device, key) => {
		const previous = last.get(device);
		const sequence = (previous?.sequence ?? 0) + 1;
		const start = base + (sequence - 1) * WINDOW;
		return makeReport(key, { device, sequence, start, end: start + WINDOW, work: 5, previous });
	};

	/** Hands in the next report of the i-th device, and waits until it counts. */
	const report = async (i) => {
		const device = first[i].deviceId;
		const next = nextReport(device, current[i]);
		await chain.submitReport(current[i], next);
		last.set(device, next);
		return chain.included(device, next.sequence);
	};

	before(async () => {
		chain = await Chain.start();
		tx = chain.api.tx;
		rpc = (...call) => chain.node.rpc(...call);
		const rules = policy({ maxSkew: 600_000 }, { open: (ONE / 5) * 2 });
		const opened = async () => {
			[network] = await chain.createNetworks(alice, { rules });
			await chain.govern(await chain.allocation(network));
		};
		const made = async () => {
			maker = await chain.registerMaker(dave, new Key(SCHEMES[0]));
			const others = SCHEMES.slice(1).map((scheme) => new Key(scheme));
			makerKeys = [maker.key, ...others];
			const add = ({ argument }) => tx.deviceRegistry.addMakerKey(maker.id, argument);
			await chain.send(dave, ...others.map(add));
		};
		await Promise.all([opened(), made()]);
	});
	after(() => chain?.stop());

	it('is registered with a key of any scheme, certified by a key of any scheme', async () => {
		const record = await rpc('devices_maker', maker.id);
		const json = ({ schemeName, bytes }) => ({ scheme: schemeName, key: hex(bytes) });
		assert.deepEqual(record.keys, makerKeys.map((key, number) => [number, json(key)]));

		const held = await chain.heldBalance(bob.address);
		const events = await chain.send(
			bob,
			...first.map((key, i) => {
				const number = (i + 2) % SCHEMES.length;
				return chain.registration(bob, network, key, {
					maker: { ...maker, number, key: makerKeys[number] },
				});
			}),
			chain.registration(bob, network, early),
			chain.registration(bob, network, agreed, {
				consent: consent(agreed, chain.genesis, network, bob.publicKey, chain.expiry(60 * 60_000)),
			}),
		);
		for (const [i, key] of first.entries()) {
			const told = events[i]['deviceRegistry.DeviceRegistered'];
			assert.equal(told.device.toHex(), key.deviceId, 'the id is the hash of scheme and key');
			const { key: kept, trust, maker: by, status } = await get(key.deviceId);
			assert.deepEqual([kept, trust, by, status], [json(key), 'certified', [maker.id, 7], 'active']);
		}
		assert.equal(await chain.heldBalance(bob.address), held + 6n * BOND);
		const made = await rpc('devices_byMaker', maker.id);
		assert.deepEqual(made.items.map(({ id }) => id), first.map(({ deviceId }) => deviceId).sort());
		base = await chain.now();
	});

	it('reports by a key of each scheme', async () => {
		const ahead = makeReport(early, { sequence: 1, start: base, end: base + 590_000, work: 1 });
		const [kept] = await Promise.all([
			Promise.all(first.map((_, i) => report(i))),
			chain.submitReport(early, ahead).then(() => chain.included(early.deviceId, 1)),
		]);
		for (const { credited } of kept) assert.equal(credited.toNumber(), 5);
	});

	it('rotates to a key of another scheme under the same id', async () => {
		const next = SCHEMES.map((_, i) => new Key(SCHEMES[(i + 1) % SCHEMES.length]));
		const certificate = chain.certificate({ ...maker, number: 3, key: makerKeys[3] }, network, next[0]);
		const results = await chain.trySend(
			bob,
			// Signed by another device's key, adopted by another key, and a key that is taken.
			chain.rotation(bob, sold, first[1], next[0]),
			chain.rotation(bob, sold, first[0], next[0], { adoptedBy: next[1] }),
			chain.rotation(bob, sold, first[0], first[1]),
			...first.map(({ deviceId }, i) =>
				chain.rotation(bob, deviceId, first[i], next[i], { certificate: i ? null : certificate }),
			),
		);
		assert.deepEqual(
			results.map(({ error }) => error?.name),
			['BadRotation', 'BadAdoption', 'KeyInUse', undefined, undefined, undefined, undefined],
		);
		next.forEach((key, i) => (current[i] = key));
		for (const [i, { deviceId }] of first.entries()) {
			const record = await get(deviceId);
			assert.equal(record.id, deviceId);
			assert.deepEqual(record.key, { scheme: current[i].schemeName, key: hex(current[i].bytes) });
			// Without a certificate for the new key, the device's trust level is open.
			assert.equal(record.trust, i ? 'open' : 'certified');
		}
		// The chain accepts no report by the former key.
		await assert.rejects(chain.submitReport(first[0], nextReport(sold, first[0])), { code: 7017 });
		const listed = await rpc('devices_byMaker', maker.id);
		assert.deepEqual(listed.items.map(({ id }) => id), [sold]);
	});

	let reapable;
	it('retires at the call of its owner', async () => {
		const retire = tx.deviceRegistry.retireDevice(retired);
		assert.deepEqual(await refusals(charlie, retire), ['NotOwner']);
		const [, , events] = await chain.send(
			bob,
			tx.deviceRegistry.retireDevice(early.deviceId),
			tx.deviceRegistry.retireDevice(agreed.deviceId),
			retire,
		);
		reapable = events['deviceRegistry.DeviceRetiring'].until.toNumber();
		assert.deepEqual((await get(retired)).status, { retiring: { until: reapable } });
		await assert.rejects(chain.submitReport(current[3], nextReport(retired, current[3])), {
			code: 7002,
		});
		assert.deepEqual(
			await refusals(
				bob,
				retire,
				tx.deviceRegistry.reapDevice(retired),
				tx.deviceRegistry.offerDevice(retired, charlie.address),
				chain.rotation(bob, retired, current[3], new Key(P256)),
			),
			['AlreadyRetiring', 'StillRetiring', 'AlreadyRetiring', 'AlreadyRetiring'],
		);
	});

	// Earnings of the first owner from the work before each event, in the epoch of that event.
	const owed = {};
	let epoch;
	it('is transferred in two steps, and its earnings stay with the former owner', async () => {
		// The test starts at the beginning of an epoch, so that the following steps are all in it.
		await chain.epochReached((await chain.epoch()) + 1);
		await Promise.all([0, 1, 2].map(report));
		const [a, b, c] = await Promise.all([sold, suspended, forfeited].map(pending));
		epoch = a.epoch;
		assert.deepEqual([a.payee, a.points, b.points, c.points], [bob.address, 5, 2, 2]);
		assert.ok(BigInt(a.claimable) > 0n, 'earned in the epoch before');

		const { deviceRegistry } = tx;
		const offer = deviceRegistry.offerDevice(sold, charlie.address);
		assert.deepEqual(await refusals(charlie, deviceRegistry.acceptDevice(sold, current[0].argument), offer), [
			'NotOffered',
			'NotOwner',
		]);
		const held = await chain.heldBalance(bob.address);
		const theirs = await chain.heldBalance(charlie.address);
		await chain.send(bob, offer);
		assert.equal((await get(sold)).offeredTo, charlie.address);
		const [events] = await chain.send(
			charlie,
			deviceRegistry.acceptDevice(sold, current[0].argument),
		);
		const moved = events['deviceRegistry.DeviceTransferred'];
		assert.deepEqual(
			[moved.from.toString(), moved.to.toString(), moved.bond.toBigInt()],
			[bob.address, charlie.address, BOND],
		);
		// Money of closed epochs is paid at once; points of the running epoch wait for its close.
		const paid = events['rewards.Paid'];
		assert.deepEqual([paid.payee.toString(), paid.amount.toString()], [bob.address, a.claimable]);
		const settled = events['rewards.Settled'];
		assert.deepEqual(
			[settled.owner.toString(), settled.points.toNumber()],
			[bob.address, 5],
		);
		assert.deepEqual(await former(sold, bob), {
			device: sold,
			owner: bob.address,
			payee: bob.address,
			claimable: '0',
			points: 5,
			deposit: FORMER_DEPOSIT.toString(),
		});
		const { items } = await rpc('rewards_formerAccounts', bob.address);
		assert.deepEqual(items, [await former(sold, bob)]);
		const now = await pending(sold);
		assert.deepEqual([now.payee, now.claimable, now.points], [charlie.address, '0', 0]);
		assert.equal(await chain.heldBalance(bob.address), held - BOND + FORMER_DEPOSIT);
		assert.equal(await chain.heldBalance(charlie.address), theirs + BOND);
		const { owner, offeredTo } = await get(sold);
		assert.deepEqual([owner, offeredTo], [charlie.address, null]);
		const listed = await rpc('devices_byOwner', charlie.address);
		assert.deepEqual(listed.items.map(({ id }) => id), [sold]);
	});

	it('is suspended with a reason, works into escrow, and its owner can appeal', async () => {
		const { deviceRegistry, rewards } = tx;
		const suspend = (device, reason) => deviceRegistry.suspendDevice(device, reason, EVIDENCE);
		const [events] = await chain.send(
			alice,
			suspend(suspended, 'FalseLocation'),
			suspend(forfeited, 'CoverageFraud'),
		);
		const told = events['deviceRegistry.DeviceSuspended'];
		assert.deepEqual(
			[told.by.type, told.reason.type, told.evidence.toHex()],
			['Admin', 'FalseLocation', EVIDENCE],
		);
		const { status, suspension } = await get(suspended);
		assert.deepEqual(status, { suspended: { reason: 'falseLocation' } });
		assert.deepEqual(
			[suspension.by, suspension.reason, suspension.appealed],
			['admin', 'falseLocation', false],
		);
		assert.deepEqual(
			[suspension.appealUntil, suspension.decideUntil],
			[told.appealUntil.toNumber(), told.decideUntil.toNumber()],
		);

		// The earnings before the suspension stay with the owner.
		for (const device of [suspended, forfeited]) {
			const { claimable, points } = await former(device, bob);
			assert.deepEqual([claimable, points], ['0', 2]);
		}
		const [, refused] = await Promise.all([
			Promise.all([1, 2].map(report)),
			refusals(
				bob,
				deviceRegistry.appealSuspension(suspended, STATEMENT),
				deviceRegistry.appealSuspension(suspended, STATEMENT),
				rewards.claim(suspended),
				deviceRegistry.retireDevice(suspended),
				deviceRegistry.offerDevice(suspended, charlie.address),
				deviceRegistry.assertLocation(suspended, cellAt(48.14, 11.58)),
				deviceRegistry.restoreDevice(suspended),
				suspend(suspended, 'Other'),
			),
		]);
		assert.deepEqual(refused, [
			undefined,
			'AlreadyAppealed',
			'InEscrow',
			'DeviceSuspended',
			'DeviceSuspended',
			'DeviceSuspended',
			'CannotRestore',
			'NotAdmin',
		]);
		assert.equal((await get(suspended)).suspension.appealed, true);
		const [{ error }] = await chain.tryGovern(deviceRegistry.forfeitDevice(forfeited));
		assert.equal(error?.name, 'AppealOpen');
		for (const device of [suspended, forfeited]) {
			const { points, claimable, reason } = await pending(device);
			assert.deepEqual([points, claimable, reason], [2, '0', 'inEscrow']);
		}
		assert.equal(await chain.epoch(), epoch, 'all of this in one epoch');
	});

	it('gets its escrow by a restoration, and loses only its escrow by a forfeiture', async () => {
		const { deviceRegistry, rewards } = tx;
		const { suspension } = await get(forfeited);
		await chain.epochReached(epoch + 1);
		await chain.blockReached(suspension.appealUntil);
		const kept = {};
		for (const device of [suspended, forfeited]) {
			const { claimable, escrow, reason } = await pending(device);
			assert.deepEqual([claimable, reason], ['0', 'inEscrow']);
			assert.ok(BigInt(escrow) > 0n);
			kept[device] = escrow;
		}
		for (const device of [sold, suspended, forfeited]) {
			owed[device] = await former(device, bob);
			assert.equal(owed[device].points, 0);
		}
		// The devices share the epoch's budget by their points: 5, 2 and 2, and 2 and 2 in escrow.
		const unit = BigInt(owed[sold].claimable) / 5n;
		for (const amount of [...Object.values(kept), owed[suspended].claimable, owed[forfeited].claimable]) {
			const difference = BigInt(amount) - 2n * unit;
			assert.ok(difference > -10n && difference < 10n, `${amount} of ${unit} a point`);
		}

		assert.deepEqual(
			await refusals(bob, deviceRegistry.appealSuspension(forfeited, STATEMENT)),
			['AppealOver'],
		);
		const [restored, taken] = await chain.govern(
			deviceRegistry.restoreDevice(suspended),
			deviceRegistry.forfeitDevice(forfeited),
		);
		assert.ok(restored['deviceRegistry.DeviceRestored']);
		assert.equal(taken['rewards.Forfeited'].amount.toString(), kept[forfeited]);
		const until = taken['deviceRegistry.DeviceForfeited'].until.toNumber();
		assert.deepEqual((await get(forfeited)).status, { retiring: { until } });

		const record = await get(suspended);
		assert.deepEqual([record.status, record.suspension], ['active', null]);
		const [back, gone] = await Promise.all([suspended, forfeited].map(pending));
		assert.deepEqual([back.claimable, back.escrow, back.reason], [kept[suspended], '0', null]);
		assert.deepEqual([gone.claimable, gone.escrow, gone.reason], ['0', '0', 'noPoints']);

		// Anyone may claim; the owner is paid.
		const before = await chain.freeBalance(bob.address);
		const [good, bad] = await chain.trySend(
			dave,
			rewards.claim(suspended),
			rewards.claim(forfeited),
		);
		assert.equal(good.events['rewards.Paid'].amount.toString(), kept[suspended]);
		assert.equal(bad.error?.name, 'NothingToClaim');
		assert.equal(await chain.freeBalance(bob.address), before + BigInt(kept[suspended]));
	});

	it('pays the former owner the earnings of that owner\'s time, once', async () => {
		const devices = [sold, suspended, forfeited];
		const claim = (device) => tx.rewards.claimFormer(device, bob.address);
		const before = await chain.freeBalance(bob.address);
		const events = await chain.send(dave, ...devices.map(claim));
		let sum = 0n;
		for (const [i, device] of devices.entries()) {
			const { payee, amount } = events[i]['rewards.Paid'];
			assert.deepEqual([payee.toString(), amount.toString()], [bob.address, owed[device].claimable]);
			sum += amount.toBigInt();
			assert.equal(await former(device, bob), null);
		}
		assert.equal(await chain.freeBalance(bob.address), before + sum + FORMER_DEPOSIT);
		assert.deepEqual(await refusals(dave, ...devices.map(claim)), Array(3).fill('NothingToClaim'));

		// The next owner earns under the same key.
		await report(0);
		assert.equal(await former(sold, bob), null);
		const now = await pending(sold);
		assert.equal(now.payee, charlie.address);
		const told = await until('indexed', async () => {
			const { report } = await rpc('telemetry_latest', sold);
			return report?.report.sequence === 3 && report;
		});
		assert.deepEqual([told.credited, told.points, told.chained], [5, 5, true]);
	});

	it('is removed when all its earnings are paid, and can be registered again', async () => {
		const { claimable } = await pending(retired);
		assert.ok(BigInt(claimable) > 0n, 'it worked before it retired');
		await chain.blockReached(reapable);
		const [held, free] = await Promise.all([
			chain.heldBalance(bob.address),
			chain.freeBalance(bob.address),
		]);
		const [{ events }, { error }, { error: consented }] = await chain.trySend(
			charlie,
			tx.deviceRegistry.reapDevice(retired),
			tx.deviceRegistry.reapDevice(early.deviceId),
			tx.deviceRegistry.reapDevice(agreed.deviceId),
		);
		assert.equal(error?.name, 'NotSettled');
		assert.equal(consented?.name, 'StatementNotExpired', 'the consent is valid for an hour');
		assert.equal(events['rewards.Paid'].amount.toString(), claimable);
		assert.equal(events['deviceRegistry.DeviceReaped'].bond.toBigInt(), BOND);
		assert.equal(await chain.heldBalance(bob.address), held - BOND);
		assert.equal(await chain.freeBalance(bob.address), free + BOND + BigInt(claimable));
		assert.equal(await get(retired), null);

		// With its first key the device has the same id. The later key is free again, too.
		const again = (key) =>
			tx.deviceRegistry.registerDevice(
				network,
				key.argument,
				cellAt(52.52, 13.405),
				null,
				consent(key, chain.genesis, network, ferdie.publicKey, chain.expiry()),
			);
		const [one, other] = await chain.send(ferdie, again(first[3]), again(current[3]));
		assert.equal(one['deviceRegistry.DeviceRegistered'].device.toHex(), retired);
		assert.equal(other['deviceRegistry.DeviceRegistered'].device.toHex(), current[3].deviceId);
	});
});
