/*
 * Encodes the reports of docs/wire-format.md, "Test vectors", from their numbers, and prints the
 * encodings as lines of a name and hexadecimal digits. The key and the signature, which a library
 * of the curve makes on a device, are arguments.
 *
 *   vectors report NAME KEY SIGNATURE   one of the page's reports, by the device of that key
 *   vectors expand UPLINK DEVICE PREVIOUS
 *                                       the signed report and the readings of a compact uplink
 *   vectors messages SIGNATURE          the other messages, of fixed contents
 *   vectors readings COUNT              the root of so many readings, and their bytes inline
 *   vectors blake2b LENGTH              the hash of so many bytes: 0, 1, ... 250, 0, 1, ...
 *   vectors refusals                    what the encoder must refuse
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "blake2b.h"
#include "depin_messages.h"
#include "depin_report.h"
#include "depin_uplink.h"

#define START UINT64_C(1790000000000)
#define LENGTH_MAX 4096
#define COUNT_MAX 4096
#define UPLINK_READINGS_MAX 256

static void print(const char *name, const uint8_t *bytes, size_t length)
{
	size_t i;

	printf("%s ", name);
	for (i = 0; i < length; i++)
		printf("%02x", bytes[i]);
	printf("\n");
}

static void print_numbered(const char *name, size_t number, const uint8_t *bytes, size_t length)
{
	char full[32];

	snprintf(full, sizeof full, "%s.%u", name, (unsigned)number);
	print(full, bytes, length);
}

static void fail(const char *what)
{
	fprintf(stderr, "%s\n", what);
	exit(1);
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	fail("not a hexadecimal digit");
	return 0;
}

static size_t from_hex(uint8_t *out, size_t size, const char *text)
{
	size_t i, length = strlen(text) / 2;

	if (strlen(text) % 2 != 0 || length > size)
		fail("a wrong number of hexadecimal digits");
	for (i = 0; i < length; i++)
		out[i] = (uint8_t)(digit(text[2 * i]) << 4 | digit(text[2 * i + 1]));
	return length;
}

static size_t number(const char *text, size_t max)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*text == 0 || *end != 0 || value > max)
		fail("not a number, or too great a one");
	return (size_t)value;
}

/* Writes 32 bytes, each one greater than the one before. */
static void count_up(uint8_t out[32], unsigned first)
{
	unsigned i;

	for (i = 0; i < 32; i++)
		out[i] = (uint8_t)(first + i);
}

static struct depin_reading reading(uint64_t after, uint16_t metric, int64_t value)
{
	struct depin_reading made;

	made.time = START + after;
	made.metric = metric;
	made.value = value;
	return made;
}

/* Makes the readings of the page's report of 64, and any other number of them by the same rule. */
static struct depin_reading by_rule(size_t i)
{
	return reading(1000 * (uint64_t)i, 7, (int64_t)(i * i) - 1000);
}

/* Fills in the fields that the caller of the encoder sets; returns the number of readings. */
static size_t make(const char *name, struct depin_report *report, struct depin_reading *readings)
{
	size_t n = 0;

	report->window_start = START;
	if (strcmp(name, "three-readings") == 0) {
		report->sequence = 258;
		report->window_end = START + 600000;
		report->work = 70000;
		count_up(report->previous, 192);
		readings[n++] = reading(0, 513, 101325);
		readings[n++] = reading(200000, 1, -125);
		readings[n++] = reading(400000, 1, 75);
		report->is_inline = 1;
	} else if (strcmp(name, "no-readings") == 0) {
		report->sequence = 1;
		report->window_end = START + 3600000;
		report->work = 3600;
	} else if (strcmp(name, "eight-metrics") == 0) {
		static const uint16_t metrics[11] = { 65535, 4096, 513, 256, 255, 2, 1, 0, 513, 2, 513 };
		static const int64_t values[11] = {
			INT64_MIN, INT64_MAX, -1, 0, 1, -4294967296, 4294967295, 1000, -256, 65536, 127,
		};

		report->sequence = UINT64_MAX;
		report->window_end = START + 60000;
		report->work = UINT64_MAX;
		count_up(report->previous, 192);
		for (; n < 11; n++)
			readings[n] = reading(1000 * n, metrics[n], values[n]);
		report->digest_count = 2;
		report->digests[0].kind = DEPIN_DIGEST_POSEIDON;
		count_up(report->digests[0].digest, 64);
		report->digests[1].kind = 200;
		count_up(report->digests[1].digest, 96);
	} else if (strcmp(name, "sixty-four-readings") == 0) {
		report->sequence = 2;
		report->window_end = START + 64000;
		report->work = 64;
		count_up(report->previous, 192);
		for (; n < 64; n++)
			readings[n] = by_rule(n);
		report->is_inline = 1;
	} else {
		fail("no report of this name");
	}
	return n;
}

static void report(const char *name, const char *key_hex, const char *signature_hex)
{
	struct depin_report made;
	struct depin_root root;
	struct depin_reading readings[DEPIN_INLINE_MAX];
	uint8_t key[34], genesis[DEPIN_HASH_SIZE], hash[DEPIN_HASH_SIZE];
	uint8_t signature[DEPIN_SIGNATURE_SIZE];
	uint8_t bytes[DEPIN_SIGNED_MAX], inline_bytes[DEPIN_READINGS_SIZE(DEPIN_INLINE_MAX)];
	uint8_t uplink[DEPIN_UPLINK_MAX(DEPIN_INLINE_MAX)];
	size_t i, count, length;

	count_up(genesis, 160);
	memset(&made, 0, sizeof made);
	length = from_hex(key, sizeof key, key_hex);
	depin_device_id(made.device, key, length);
	if (from_hex(signature, sizeof signature, signature_hex) != sizeof signature)
		fail("a signature has 64 bytes");

	count = make(name, &made, readings);
	depin_root_init(&root);
	for (i = 0; i < count; i++)
		if (!depin_report_add(&made, &root, &readings[i]))
			fail("a reading was refused");
	depin_report_close(&made, &root);

	print("device", made.device, sizeof made.device);
	for (i = 0; i < count; i++) {
		depin_reading_encode(bytes, &readings[i]);
		print_numbered("reading", i, bytes, DEPIN_READING_SIZE);
		blake2b_256(hash, bytes, DEPIN_READING_SIZE);
		print_numbered("leaf", i, hash, sizeof hash);
	}
	print("root", made.readings_root, sizeof made.readings_root);
	length = depin_report_encode(bytes, &made);
	print("report", bytes, length);
	for (i = 0; i < made.summary_count; i++)
		print_numbered("summary", i, bytes + 134 + DEPIN_SUMMARY_SIZE * i, DEPIN_SUMMARY_SIZE);
	if (!depin_report_hash(hash, &made))
		fail("no hash");
	print("hash", hash, sizeof hash);
	length = depin_signing_bytes(bytes, genesis, &made);
	print("signing", bytes, length);
	length = depin_signed_encode(bytes, genesis, &made, signature);
	print("signed", bytes, length);
	length = depin_readings_encode(inline_bytes, readings, count);
	if (length != DEPIN_READINGS_SIZE(count))
		fail("the inline readings have another size than was told");
	print("inline", inline_bytes, length);
	length = depin_uplink_encode(uplink, &made, readings, count, signature);
	if (length == 0 || length > sizeof uplink)
		fail("no uplink");
	print("uplink", uplink, length);
}

static void expand(const char *uplink_hex, const char *device_hex, const char *previous_hex)
{
	static uint8_t uplink[DEPIN_UPLINK_MAX(UPLINK_READINGS_MAX)];
	static struct depin_reading readings[UPLINK_READINGS_MAX];
	struct depin_report made;
	uint8_t device[DEPIN_HASH_SIZE], previous[DEPIN_HASH_SIZE], genesis[DEPIN_HASH_SIZE];
	uint8_t signature[DEPIN_SIGNATURE_SIZE], bytes[DEPIN_SIGNED_MAX];
	size_t length = from_hex(uplink, sizeof uplink, uplink_hex);
	uint32_t i;

	count_up(genesis, 160);
	if (from_hex(device, sizeof device, device_hex) != sizeof device ||
	    from_hex(previous, sizeof previous, previous_hex) != sizeof previous)
		fail("a device id and a hash have 32 bytes");
	if (!depin_uplink_expand(&made, readings, UPLINK_READINGS_MAX, signature, uplink, length,
				 device, previous))
		fail("the uplink is refused");
	length = depin_signed_encode(bytes, genesis, &made, signature);
	print("signed", bytes, length);
	for (i = 0; i < made.readings_count; i++) {
		depin_reading_encode(bytes, &readings[i]);
		print_numbered("reading", i, bytes, DEPIN_READING_SIZE);
	}
	length = depin_uplink_encode(uplink, &made, readings, made.readings_count, signature);
	print("again", uplink, length);
}

/* Prints each other message: the device is 01 02 ..., the owner e0 e1 ..., the new key c0 c1 ... */
static void messages(const char *signature_hex)
{
	uint8_t genesis[DEPIN_HASH_SIZE], device[DEPIN_HASH_SIZE], owner[32], key[DEPIN_KEY_MAX];
	uint8_t nonce[DEPIN_HASH_SIZE], signature[DEPIN_SIGNATURE_SIZE], bytes[256];
	struct depin_witness witness;

	if (from_hex(signature, sizeof signature, signature_hex) != sizeof signature)
		fail("a signature has 64 bytes");
	count_up(genesis, 160);
	count_up(device, 1);
	count_up(owner, 224);
	count_up(nonce, 64);
	key[0] = 3;
	key[1] = 2;
	count_up(key + 2, 192);
	print("consent", bytes, depin_consent_bytes(bytes, genesis, 258, owner, START));
	print("rotation", bytes,
	      depin_rotation_bytes(bytes, genesis, device, owner, key, sizeof key, START));
	print("adoption", bytes, depin_adoption_bytes(bytes, genesis, device, owner, START));
	print("statement", bytes, depin_statement_encode(bytes, START, signature));
	print("beacon", bytes, depin_beacon_bytes(bytes, genesis, device, 7, nonce));
	print("revealed", bytes, depin_beacon_encode(bytes, genesis, device, 7, signature));

	memset(&witness, 0, sizeof witness);
	memcpy(witness.witness, device, sizeof device);
	memcpy(witness.beaconer, owner, sizeof owner);
	witness.period = 7;
	depin_commitment(witness.commitment, signature, device);
	witness.rssi = -1015;
	witness.snr = -25;
	witness.frequency = 868100000;
	witness.heard_at = START;
	print("witness", bytes, depin_witness_bytes(bytes, genesis, &witness));
	print("witnessed", bytes, depin_witness_encode(bytes, genesis, &witness, signature));
}

static void readings(size_t count)
{
	static struct depin_reading all[COUNT_MAX];
	struct depin_root root;
	uint8_t hash[DEPIN_HASH_SIZE], bytes[DEPIN_READINGS_SIZE(DEPIN_INLINE_MAX)];
	size_t i;

	depin_root_init(&root);
	for (i = 0; i < count; i++) {
		all[i] = by_rule(i);
		if (!depin_root_add(&root, &all[i]))
			fail("the tree is full");
	}
	depin_root_finish(hash, &root);
	print("root", hash, sizeof hash);
	print("inline", bytes, depin_readings_encode(bytes, all, count));
}

static void blake2b(size_t length)
{
	static uint8_t bytes[LENGTH_MAX];
	uint8_t hash[DEPIN_HASH_SIZE];
	size_t i;

	for (i = 0; i < length; i++)
		bytes[i] = (uint8_t)(i % 251);
	blake2b_256(hash, bytes, length);
	print("blake2b", hash, sizeof hash);
}

/* Checks that the reading is refused and changes nothing. */
static void refused(const char *name, struct depin_report *made, struct depin_root *root,
		    struct depin_reading given)
{
	struct depin_report report_before;
	struct depin_root root_before;

	/* Unlike an assignment, memcpy copies the padding, too. */
	memcpy(&report_before, made, sizeof *made);
	memcpy(&root_before, root, sizeof *root);
	if (depin_report_add(made, root, &given))
		fail(name);
	if (memcmp(made, &report_before, sizeof *made) || memcmp(root, &root_before, sizeof *root))
		fail(name);
	printf("%s refused\n", name);
}

/* Checks that the report is not encoded, in any form. */
static void unencodable(const char *name, const struct depin_report *made)
{
	uint8_t bytes[DEPIN_SIGNED_MAX];
	uint8_t nothing[DEPIN_SIGNATURE_SIZE] = { 0 };

	if (depin_report_encode(bytes, made) || depin_report_hash(bytes, made) ||
	    depin_signing_bytes(bytes, nothing, made) ||
	    depin_signed_encode(bytes, nothing, made, nothing) ||
	    depin_uplink_encode(bytes, made, NULL, 0, nothing))
		fail(name);
	printf("%s refused\n", name);
}

static void refusals(void)
{
	static struct depin_reading many[DEPIN_INLINE_MAX + 1];
	struct depin_report made;
	struct depin_root root;
	struct depin_reading given;
	uint8_t room[DEPIN_READINGS_SIZE(DEPIN_INLINE_MAX + 1)];
	uint8_t nothing[DEPIN_SIGNATURE_SIZE] = { 0 };
	uint16_t metric;

	memset(&made, 0, sizeof made);
	made.window_start = START;
	made.window_end = START + 10;
	depin_root_init(&root);
	refused("before-window", &made, &root, reading((uint64_t)-1, 0, 0));
	refused("after-window", &made, &root, reading(10, 0, 0));
	for (metric = 0; metric < 8; metric++) {
		given = reading(8, metric, metric == 0 ? INT64_MAX : INT64_MIN);
		if (!depin_report_add(&made, &root, &given))
			fail("a good reading was refused");
	}
	refused("earlier", &made, &root, reading(7, 8, 0));
	refused("lower-metric", &made, &root, reading(8, 6, 0));
	refused("same-place", &made, &root, reading(8, 7, 0));
	refused("ninth-metric", &made, &root, reading(9, 8, 0));
	refused("sum-above", &made, &root, reading(9, 0, 1));
	refused("sum-below", &made, &root, reading(9, 7, -1));

	if (depin_readings_encode(room, many, DEPIN_INLINE_MAX + 1))
		fail("65 inline readings");
	printf("sixty-five-inline refused\n");
	if (depin_rotation_bytes(room, nothing, nothing, nothing, nothing, 32, 0) ||
	    depin_rotation_bytes(room, nothing, nothing, nothing, nothing, 35, 0))
		fail("a key of 32 or 35 bytes");
	printf("wrong-key-length refused\n");
	if (depin_uplink_encode(room, &made, many, 1, nothing))
		fail("an uplink of other readings");
	printf("other-readings refused\n");
	depin_report_close(&made, &root);
	made.summary_count = 9;
	unencodable("nine-summaries", &made);
	made.summary_count = 8;
	made.digest_count = 3;
	unencodable("three-digests", &made);
	made.digest_count = 1;
	unencodable("digest-of-kind-zero", &made);
	made.digest_count = 2;
	made.digests[0].kind = made.digests[1].kind = 7;
	unencodable("digest-kind-twice", &made);
	made.digest_count = 0;
	made.is_inline = 1;
	made.readings_count = 65;
	unencodable("sixty-five-flagged", &made);
	made.readings_count = 0;
	unencodable("none-flagged", &made);
}

int main(int count, char **given)
{
	if (count == 5 && strcmp(given[1], "report") == 0)
		report(given[2], given[3], given[4]);
	else if (count == 5 && strcmp(given[1], "expand") == 0)
		expand(given[2], given[3], given[4]);
	else if (count == 3 && strcmp(given[1], "messages") == 0)
		messages(given[2]);
	else if (count == 3 && strcmp(given[1], "readings") == 0)
		readings(number(given[2], COUNT_MAX));
	else if (count == 3 && strcmp(given[1], "blake2b") == 0)
		blake2b(number(given[2], LENGTH_MAX));
	else if (count == 2 && strcmp(given[1], "refusals") == 0)
		refusals();
	else
		fail("usage: vectors report NAME KEY SIGNATURE | expand UPLINK DEVICE PREVIOUS | "
		     "messages SIGNATURE | readings COUNT | blake2b LENGTH | refusals");
	return 0;
}
