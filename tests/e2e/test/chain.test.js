// A development chain, as a wallet sees it.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Chain, WORK, bob, charlie } from '../lib/chain.js';
import { Node, until } from '../lib/node.js';

describe('a development chain', { timeout: 300_000 }, () => {
	let chain;
	before(async () => {
		chain = await Chain.start(await Node.start());
	});
	after(() => chain?.stop());

	it('describes its token and its address format to wallets', async () => {
		const { registry } = chain.api;
		assert.deepEqual(registry.chainTokens, ['WORK']);
		assert.deepEqual(registry.chainDecimals, [12]);
		assert.equal(registry.chainSS58, 42);
		assert.equal(await chain.node.rpc('system_chain'), 'depin development');
		assert.equal(await chain.node.rpc('system_name'), 'depin-node');
	});

	it('names its pallets, calls and runtime APIs in its metadata', () => {
		const { tx, call, query, errors } = chain.api;
		for (const [pallet, calls] of Object.entries({
			deviceRegistry: ['createNetwork', 'registerMaker', 'registerDevices', 'rotateKey', 'reapDevice'],
			attestation: ['report', 'submitReport', 'submitReports', 'registerMetric', 'removeMetric'],
			rewards: ['claim', 'claimBatch', 'claimFormer', 'claimFormerBatch', 'setPayoutAccount', 'setAllocation'],
			staking: ['bond', 'validate', 'nominate'],
			session: ['setKeys'],
		}))
			for (const name of calls) assert.equal(typeof tx[pallet]?.[name], 'function', `${pallet}.${name}`);
		assert.ok(tx.coverage && query.coverage && errors.coverage);
		for (const [name, methods] of Object.entries({
			deviceRegistryApi: [
				'device',
				'deviceByKey',
				'network',
				'devicesByOwner',
				'devicesByMaker',
				'permissions',
			],
			attestationApi: [
				'lastReport',
				'checkReport',
				'reportExtrinsic',
				'acceptedReports',
				'metrics',
				'deviceScore',
				'checkReading',
			],
			coverageApi: ['challenge', 'score'],
			rewardsApi: ['pending', 'former', 'formerAccounts', 'payout', 'epoch', 'schedule'],
		}))
			for (const method of methods)
				assert.equal(typeof call[name]?.[method], 'function', `${name}.${method}`);
	});

	it('lists its methods', async () => {
		const { methods } = await chain.node.rpc('rpc_methods');
		for (const method of [
			'devices_get',
			'devices_byKey',
			'devices_byOwner',
			'devices_byMaker',
			'devices_byCell',
			'devices_grants',
			'devices_permissions',
			'devices_didDocument',
			'devices_didResolve',
			'telemetry_submitReport',
			'telemetry_latest',
			'telemetry_range',
			'telemetry_metrics',
			'telemetry_score',
			'telemetry_checkReading',
			'coverage_challenges',
			'coverage_history',
			'rewards_pending',
			'rewards_formerPending',
			'rewards_formerAccounts',
			'rewards_payout',
			'rewards_history',
			'rewards_epoch',
			'rewards_schedule',
			'babe_epochAuthorship',
			'grandpa_roundState',
		])
			assert.ok(methods.includes(method), method);
	});

	it('transfers an exact amount', async () => {
		const [from, to] = [await chain.freeBalance(charlie.address), await chain.freeBalance(bob.address)];
		const amount = 3n * WORK + 1n;
		const [events] = await chain.send(
			charlie,
			chain.api.tx.balances.transferKeepAlive(bob.address, amount),
		);
		const fee = events['transactionPayment.TransactionFeePaid'].actualFee.toBigInt();
		assert.equal(await chain.freeBalance(bob.address), to + amount);
		assert.equal(await chain.freeBalance(charlie.address), from - amount - fee);
		assert.ok(fee > 0n && fee < WORK, `a transfer costs ${fee}`);
	});

	it('refuses a transfer above the account\'s balance', async () => {
		const before = await chain.freeBalance(bob.address);
		const [{ error }] = await chain.trySend(
			charlie,
			chain.api.tx.balances.transferKeepAlive(bob.address, 10n ** 30n),
		);
		assert.ok(error, 'the transfer of more than there is succeeded');
		assert.equal(await chain.freeBalance(bob.address), before);
	});

	it('finalizes blocks, each of them the child of the previous one', async () => {
		const target = (await chain.node.bestNumber()) + 1;
		await chain.node.finalized(target);
		let hash = await chain.node.rpc('chain_getFinalizedHead');
		for (let number = await chain.node.finalizedNumber(); number > 0; number -= 1) {
			const header = await chain.node.rpc('chain_getHeader', hash);
			if (Number(header.number) < number) break;
			assert.equal(Number(header.number), number);
			hash = header.parentHash;
		}
		assert.equal(await chain.node.rpc('chain_getBlockHash', 0), chain.genesis);
	});

	it('serves the schedule of the emission', async () => {
		const schedule = await chain.node.rpc('rewards_schedule');
		assert.equal(schedule.emission, (1000n * WORK).toString());
		assert.equal(schedule.maxSupply, (10n ** 9n * WORK).toString());
		const told = await chain.api.call.rewardsApi.schedule();
		assert.equal(told.maxSupply.toString(), schedule.maxSupply);
		assert.equal(told.epochLength.toNumber(), schedule.epochLength);
		assert.deepEqual([schedule.networksShare, schedule.validatorsShare], [700_000_000, 200_000_000]);
	});

	it('refuses unknown parameters with a reason', async () => {
		await assert.rejects(chain.node.rpc('devices_get', 'nonsense'), { code: -32602 });
		const nobody = `0x${'00'.repeat(32)}`;
		assert.equal(await chain.node.rpc('devices_get', nobody), null);
		assert.equal(await chain.node.rpc('rewards_pending', nobody), null);
		assert.equal(await chain.node.rpc('rewards_formerPending', nobody, bob.address), null);
		const former = await chain.node.rpc('rewards_formerAccounts', bob.address);
		assert.deepEqual(former, { items: [], next: null });
		assert.deepEqual(await chain.node.rpc('rewards_payout', bob.address), {
			owner: bob.address,
			payee: bob.address,
			permission: 'anyone',
			deposit: '0',
		});
		await assert.rejects(chain.node.rpc('coverage_challenges', nobody), {
			code: 7101,
			data: { error: 'UnknownDevice', retry: false },
		});
		await assert.rejects(chain.node.rpc('telemetry_range', nobody, 2, 1), {
			code: 7302,
			data: { error: 'BadRange', retry: false },
		});
	});

	it('stops with status 0', async () => {
		const { node } = chain;
		chain = undefined;
		assert.deepEqual(await node.stop(), { code: 0, signal: null });
		await until('free', () => node.rpc('system_health').then(() => false, () => true), 5);
	});
});
