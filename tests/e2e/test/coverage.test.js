// Coverage challenge: the beacon, the commitments of its witnesses, and the chain's verdicts.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { gridRing, latLngToCell } from 'h3-js';
import { Chain, alice, bob, charlie, policy } from '../lib/chain.js';
import { until } from '../lib/node.js';
import { ED25519, Key, P256, beaconPayload, commitment, signWitness } from '../lib/wire.js';

const coverage = {
	minDistance: 1,
	maxDistance: 20,
	minFrequency: 863_000_000,
	maxFrequency: 870_000_000,
	pointsPerUnit: 1000,
};

describe('a coverage challenge', { timeout: 420_000 }, () => {
	const [beaconer, near, inventor, sameOwner, far] = [P256, ED25519, P256, P256, P256].map(
		(scheme) => new Key(scheme),
	);
	const centre = latLngToCell(40.7128, -74.006, 9);
	const cell = (text) => BigInt(`0x${text}`);
	let chain, network, payload, challenge;

	const ask = () => chain.node.rpc('coverage_challenges', beaconer.deviceId);
	const phase = (wanted, fits = () => true) =>
		until(
			wanted,
			async () => {
				const challenge = await ask();
				return challenge.phase === wanted && fits(challenge) && challenge;
			},
			180,
		);
	const heard = async (witness, changes = {}) => ({
		witness: witness.deviceId,
		beaconer: beaconer.deviceId,
		period: challenge.period,
		commitment: commitment(payload, witness),
		rssi: -953,
		snr: -21,
		frequency: 868_100_000,
		heardAt: await chain.now(),
		...changes,
	});
	const tell = async (witness, changes, by = witness) =>
		chain.node.rpc('coverage_submitWitness', signWitness(by, chain.genesis, await heard(witness, changes)));
	const reveal = (changes = {}) =>
		chain.node.rpc('coverage_submitBeacon', {
			chain: chain.genesis.slice(0, 10),
			device: beaconer.deviceId,
			period: challenge.period,
			payload,
			...changes,
		});
	const refused = (promise, name, code) =>
		assert.rejects(promise, (error) => {
			assert.deepEqual([error.data?.error, error.code], [name, code], error.message);
			return true;
		});

	before(async () => {
		chain = await Chain.start();
		[network] = await chain.createNetworks(alice, {
			kind: 'Wireless',
			rules: { ...policy(), coverage },
		});
		const [neighbour] = gridRing(centre, 3);
		const [distant] = gridRing(centre, 40);
		await Promise.all([
			chain.send(
				bob,
				chain.registration(bob, network, beaconer, { cell: cell(centre) }),
				chain.registration(bob, network, sameOwner, { cell: cell(neighbour) }),
			),
			chain.send(
				charlie,
				chain.registration(charlie, network, near, { cell: cell(neighbour) }),
				chain.registration(charlie, network, inventor, { cell: cell(neighbour) }),
				chain.registration(charlie, network, far, { cell: cell(distant) }),
			),
		]);
	});
	after(() => chain?.stop());

	it('accepts commitments of witnesses in its phase of commitment', async () => {
		// The first tick of a challenge leaves enough time for the following steps.
		challenge = await phase('committing', ({ tick, opensAt }) => tick === opensAt);
		payload = beaconPayload(beaconer, chain.genesis, challenge);

		await refused(tell(beaconer), 'SelfWitness', 7105);
		await refused(tell(near, { period: challenge.period + 1 }), 'WrongPeriod', 7106);
		await refused(tell(near, { beaconer: new Key(P256).deviceId }), 'UnknownBeaconer', 7104);
		await refused(tell(near, {}, far), 'BadSignature', 7112);
		await refused(reveal(), 'TooEarly', 7107);

		await Promise.all([
			tell(near),
			tell(sameOwner),
			tell(far),
			// This witness has not heard the beacon and invents a payload.
			tell(inventor, { commitment: commitment(`0x${'ab'.repeat(64)}`, inventor) }),
		]);
		const { witnesses } = await until('committed', async () => {
			const challenge = await ask();
			return challenge.witnesses.length === 4 && challenge;
		});
		assert.deepEqual(
			[...witnesses].sort(),
			[near, sameOwner, far, inventor].map((key) => key.deviceId).sort(),
		);
		await refused(tell(near), 'DuplicateWitness', 7109);
	});

	it('ends with a verdict for each witness when the beaconer reveals', async () => {
		await phase('revealing');
		await refused(tell(near), 'TooLate', 7108);
		await refused(reveal({ chain: '0x00000000' }), 'WrongChain', 7100);
		const forged = beaconPayload(near, chain.genesis, challenge);
		await refused(reveal({ payload: forged }), 'BadSignature', 7112);

		await reveal();
		await phase('judged');
		await refused(reveal(), 'AlreadyRevealed', 7111);
		assert.deepEqual(await chain.node.rpc('coverage_score', beaconer.deviceId), {
			lastAnswered: challenge.period,
			answered: 1,
			missed: 0,
		});

		const history = (key) =>
			until('in the history', async () => {
				const page = await chain.node.rpc('coverage_history', key.deviceId);
				return page.items.length > 0 && page.items;
			});
		const [beacon, ...others] = await history(beaconer);
		assert.deepEqual(others, []);
		assert.deepEqual(
			[beacon.role, beacon.network, beacon.period],
			['beaconer', network, challenge.period],
		);
		const verdicts = Object.fromEntries(
			beacon.witnesses.map(({ report, verdict, points }) => [report.witness, [verdict, points]]),
		);
		assert.deepEqual(verdicts, {
			// HIP-15: one witness earns one unit, and its beaconer a quarter of a unit.
			[near.deviceId]: ['valid', 1000],
			[sameOwner.deviceId]: ['sameOwner', 0],
			[far.deviceId]: ['maxDistanceExceeded', 0],
			[inventor.deviceId]: ['badCommitment', 0],
		});
		assert.equal(beacon.beaconerPoints, 250);
		assert.equal((await history(near))[0].role, 'witness');
		const told = await chain.api.call.coverageApi.score(beaconer.deviceId);
		assert.equal(told.unwrap().answered.toNumber(), 1);
	});
});
