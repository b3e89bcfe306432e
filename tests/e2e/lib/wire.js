// The chain's wire formats, written by hand from docs/wire-format.md. Like firmware in C, this file
// shares no code with the node or with the device SDK.

import { blake2b } from '@noble/hashes/blake2b';
import { sha256 } from '@noble/hashes/sha256';
import { bytesToHex, concatBytes, hexToBytes as fromDigits, randomBytes, utf8ToBytes } from '@noble/hashes/utils';
import { ed25519 } from '@noble/curves/ed25519';
import { p256 } from '@noble/curves/p256';
import { secp256k1 } from '@noble/curves/secp256k1';
import * as sr25519 from '@scure/sr25519';

export const ED25519 = 0;
export const SR25519 = 1;
export const SECP256K1 = 2;
export const P256 = 3;
export const SCHEMES = [ED25519, SR25519, SECP256K1, P256];

/** Names of the schemes' keys in @polkadot/api. */
const NAMES = ['Ed25519', 'Sr25519', 'Secp256k1', 'P256'];
/** Curves of the schemes that sign with ECDSA. */
const CURVES = { [SECP256K1]: secp256k1, [P256]: p256 };
export const ZERO = new Uint8Array(32);

export const hex = (bytes) => `0x${bytesToHex(bytes)}`;
export const unhex = (text) => fromDigits(text.replace(/^0x/, ''));
export const blake2 = (bytes) => blake2b(bytes, { dkLen: 32 });

function field(size, write) {
	const bytes = new Uint8Array(size);
	write(new DataView(bytes.buffer));
	return bytes;
}

const u8 = (n) => Uint8Array.of(n);
const u16 = (n) => field(2, (view) => view.setUint16(0, n, true));
const i16 = (n) => field(2, (view) => view.setInt16(0, n, true));
const u32 = (n) => field(4, (view) => view.setUint32(0, n, true));
const u64 = (n) => field(8, (view) => view.setBigUint64(0, BigInt(n), true));
const i64 = (n) => field(8, (view) => view.setBigInt64(0, BigInt(n), true));

/** Returns a number in SCALE's compact form, in the one or two bytes that the tests need. */
function compact(n) {
	if (n < 64) return u8(n << 2);
	if (n < 1 << 14) return u16((n << 2) | 1);
	throw new Error(`no compact number here is ${n}`);
}

/** Returns the bytes of a list: its length, then its items. */
const list = (items) => concatBytes(compact(items.length), ...items);

/** Returns the bytes to sign: a domain tag of 16 bytes, the genesis hash, the body. */
function signingBytes(tag, genesis, body) {
	const padded = new Uint8Array(16);
	padded.set(utf8ToBytes(tag));
	return concatBytes(padded, unhex(genesis), body);
}

/** Key pair of a device or a maker. */
export class Key {
	constructor(scheme, secret = randomBytes(32)) {
		this.scheme = scheme;
		this.secret = scheme === SR25519 ? sr25519.secretFromSeed(secret) : secret;
		this.bytes = this.#publicKey();
	}

	#publicKey() {
		if (this.scheme === ED25519) return ed25519.getPublicKey(this.secret);
		if (this.scheme === SR25519) return sr25519.getPublicKey(this.secret);
		return CURVES[this.scheme].getPublicKey(this.secret, true);
	}

	/** Returns the bytes of the public key: one byte for the scheme, then the key. */
	get encoded() {
		return concatBytes(u8(this.scheme), this.bytes);
	}

	/** Returns the id of the device whose first key this is. */
	get deviceId() {
		return hex(blake2(this.encoded));
	}

	/** Returns the key as a call's argument for @polkadot/api. */
	get argument() {
		return { [NAMES[this.scheme]]: hex(this.bytes) };
	}

	/** Returns the scheme's name in the node's JSON. */
	get schemeName() {
		return NAMES[this.scheme].toLowerCase();
	}

	/** Returns a signature of 64 bytes. For ECDSA, `highS` selects the form of s. */
	sign(message, { highS = false } = {}) {
		if (this.scheme === ED25519) return ed25519.sign(message, this.secret);
		if (this.scheme === SR25519) return sr25519.sign(this.secret, message);
		const curve = CURVES[this.scheme];
		const { r, s } = curve.sign(sha256(message), this.secret, { lowS: true });
		return new curve.Signature(r, highS ? curve.CURVE.n - s : s).toCompactRawBytes();
	}
}

const encodeReading = ({ time, metric, value }) => concatBytes(u64(time), u16(metric), i64(value));

const encodeSummary = ({ metric, count, min, max, sum }) =>
	concatBytes(u16(metric), u32(count), i64(min), i64(max), i64(sum));

/** Returns the Merkle root of readings: an odd last node moves up unchanged. */
export function readingsRoot(readings) {
	let row = readings.map((reading) => blake2(encodeReading(reading)));
	while (row.length > 1) {
		const above = [];
		for (let i = 0; i < row.length; i += 2)
			above.push(i + 1 < row.length ? blake2(concatBytes(row[i], row[i + 1])) : row[i]);
		row = above;
	}
	return row[0] ?? ZERO;
}

/** Returns a reading with the hashes beside its path to the root, from the bottom. */
export function readingProof(readings, index) {
	let row = readings.map((reading) => blake2(encodeReading(reading)));
	const path = [];
	for (let at = index; row.length > 1; at >>= 1) {
		const beside = row[at ^ 1];
		if (beside) path.push(hex(beside));
		const above = [];
		for (let i = 0; i < row.length; i += 2)
			above.push(i + 1 < row.length ? blake2(concatBytes(row[i], row[i + 1])) : row[i]);
		row = above;
	}
	return { reading: readings[index], index, count: readings.length, path };
}

/** Returns the proof as bytes: the reading, its index, the number of readings, the path. */
export const encodeReadingProof = ({ reading, index, count, path }) =>
	concatBytes(encodeReading(reading), u32(index), u32(count), list(path.map(unhex)));

/** Returns one summary for each metric, by ascending metric. */
export function summarize(readings) {
	const byMetric = new Map();
	for (const { metric, value } of readings) {
		const summary = byMetric.get(metric);
		if (!summary) {
			byMetric.set(metric, { metric, count: 1, min: value, max: value, sum: value });
			continue;
		}
		summary.count += 1;
		summary.min = Math.min(summary.min, value);
		summary.max = Math.max(summary.max, value);
		summary.sum += value;
	}
	return [...byMetric.values()].sort((a, b) => a.metric - b.metric);
}

export function encodeReport(report) {
	const fixed = concatBytes(
		unhex(report.device),
		u64(report.sequence),
		u64(report.windowStart),
		u64(report.windowEnd),
		u64(report.work),
		unhex(report.previous),
		unhex(report.readingsRoot),
		u32(report.readingsCount),
		u8(report.flags),
	);
	if (fixed.length !== 133) throw new Error(`${fixed.length} bytes of fixed width, not 133`);
	const digests = report.digests.map(({ kind, digest }) => concatBytes(u8(kind), unhex(digest)));
	return concatBytes(fixed, list(report.metrics.map(encodeSummary)), list(digests));
}

/** Returns the hash that the device's next report names as its previous one. */
export const reportHash = (report) => hex(blake2(encodeReport(report)));

/** Flags of a report. */
export const COMMITTED = 0;
export const INLINE = 1;

/**
 * Returns a report of these readings, which travel inline if there are any; `changes` overrides any
 * field.
 */
export function makeReport(key, { sequence, start, end, readings = [], work, previous, ...changes }) {
	return {
		device: key.deviceId,
		sequence,
		windowStart: start,
		windowEnd: end,
		work: work ?? readings.length,
		previous: previous ? reportHash(previous) : hex(ZERO),
		readingsRoot: hex(readingsRoot(readings)),
		readingsCount: readings.length,
		flags: readings.length ? INLINE : COMMITTED,
		metrics: summarize(readings),
		digests: [],
		...changes,
	};
}

/** Returns the signed report in the JSON form of `telemetry_submitReport`. */
export function signReport(key, genesis, report, options = {}) {
	const message = signingBytes('depin:report:v2', genesis, encodeReport(report));
	return { chain: genesis.slice(0, 10), report, signature: hex(key.sign(message, options)) };
}

/** Returns the signed report as bytes: the genesis prefix, the report, the signature. */
export const encodeSignedReport = ({ chain, report, signature }) =>
	concatBytes(unhex(chain), encodeReport(report), unhex(signature));

export const encodeReadings = (readings) => list(readings.map(encodeReading));

/**
 * Returns the feeless extrinsic that carries a report: version 5 without a signature, version 0 of
 * the extensions, of which four carry data that nobody signs, then the call by its two numbers.
 */
export function reportExtrinsic(
	[pallet, call],
	signed,
	{ readings = null, era = Uint8Array.of(0), nonce = 0, tip = 0 } = {},
) {
	const body = concatBytes(
		Uint8Array.of(0x45, 0),
		era,
		compact(nonce),
		compact(tip),
		Uint8Array.of(0),
		Uint8Array.of(pallet, call),
		encodeSignedReport(signed),
		readings ? concatBytes(Uint8Array.of(1), encodeReadings(readings)) : Uint8Array.of(0),
	);
	return concatBytes(compact(body.length), body);
}

/** Returns a mortal era of a number of blocks, a power of two from 4 to 4096, from a block on. */
export function mortalEra(period, block) {
	const exponent = Math.log2(period);
	return u16(Math.max(exponent - 1, 1) | (block % period) << 4);
}

/** Returns a maker's certificate as a call's argument for @polkadot/api. */
export function certify(
	makerKey,
	genesis,
	{ maker, number = 0, network, model = 7, deviceKey, expires },
) {
	const body = concatBytes(u32(maker), u32(network), u32(model), deviceKey.encoded, u64(expires));
	const signature = makerKey.sign(signingBytes('depin:cert:v1', genesis, body));
	return { maker, key: number, model, expires, signature: hex(signature) };
}

/**
 * Signs a device's consent to its owner, given by the 32 bytes of the account. The result, like
 * those of the two functions below, is a call's argument: the expiry, and the signature.
 */
export function consent(key, genesis, network, owner, expires) {
	const body = concatBytes(u32(network), owner, u64(expires));
	return { expires, signature: hex(key.sign(signingBytes('depin:consent:v2', genesis, body))) };
}

/** Signs a rotation with the key that the device gives up. */
export function rotation(key, genesis, device, owner, newKey, expires) {
	const body = concatBytes(unhex(device), owner, newKey.encoded, u64(expires));
	return { expires, signature: hex(key.sign(signingBytes('depin:rotate:v2', genesis, body))) };
}

/** Signs an adoption with the key that the device takes on. */
export function adoption(newKey, genesis, device, owner, expires) {
	const body = concatBytes(unhex(device), owner, u64(expires));
	return { expires, signature: hex(newKey.sign(signingBytes('depin:adopt:v2', genesis, body))) };
}

/** Returns the payload of a beacon: the beaconer's signature over its challenge. */
export function beaconPayload(key, genesis, { period, nonce }, options = {}) {
	const body = concatBytes(unhex(key.deviceId), u32(period), unhex(nonce));
	return hex(key.sign(signingBytes('depin:beacon:v1', genesis, body), options));
}

/** Returns a witness's commitment to a payload of which it heard the 51 bytes on the air. */
export const commitment = (payload, witness) =>
	hex(blake2(concatBytes(unhex(payload).slice(0, 51), unhex(witness.deviceId))));

/** Returns a signed witness report in the JSON form of `coverage_submitWitness`. */
export function signWitness(key, genesis, report) {
	const body = concatBytes(
		unhex(report.witness),
		unhex(report.beaconer),
		u32(report.period),
		unhex(report.commitment),
		i16(report.rssi),
		i16(report.snr),
		u32(report.frequency),
		u64(report.heardAt),
	);
	if (body.length !== 116) throw new Error(`${body.length} bytes, not 116`);
	const signature = hex(key.sign(signingBytes('depin:witness:v2', genesis, body)));
	return { chain: genesis.slice(0, 10), report, signature };
}
