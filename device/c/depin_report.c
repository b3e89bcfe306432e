#include "depin_report.h"

#include <string.h>

#include "blake2b.h"
#include "depin_bytes.h"

/* Domain tag of a report's signature. */
#define TAG "depin:report:v2"

static uint8_t *put_reading(uint8_t *out, const struct depin_reading *reading)
{
	out = depin_put(out, reading->time, 8);
	out = depin_put(out, reading->metric, 2);
	/* A negative number becomes its two's complement: C defines the conversion so. */
	return depin_put(out, (uint64_t)reading->value, 8);
}

static uint8_t *put_summary(uint8_t *out, const struct depin_summary *summary)
{
	out = depin_put(out, summary->metric, 2);
	out = depin_put(out, summary->count, 4);
	out = depin_put(out, (uint64_t)summary->min, 8);
	out = depin_put(out, (uint64_t)summary->max, 8);
	return depin_put(out, (uint64_t)summary->sum, 8);
}

/* Writes the hash of two nodes side by side. */
static void join(uint8_t out[DEPIN_HASH_SIZE], const uint8_t *left, const uint8_t *right)
{
	uint8_t both[2 * DEPIN_HASH_SIZE];

	depin_put_bytes(depin_put_bytes(both, left, DEPIN_HASH_SIZE), right, DEPIN_HASH_SIZE);
	blake2b_256(out, both, sizeof both);
}

void depin_device_id(uint8_t out[DEPIN_HASH_SIZE], const uint8_t *key, size_t length)
{
	blake2b_256(out, key, length);
}

void depin_root_init(struct depin_root *root)
{
	memset(root, 0, sizeof *root);
}

/*
 * `nodes[i]` is the root of 2 to the power of i readings if bit i of the count is set. A further
 * reading is carried through these roots as an increment is carried through the bits of the count.
 */
int depin_root_add(struct depin_root *root, const struct depin_reading *reading)
{
	uint8_t bytes[DEPIN_READING_SIZE];
	uint8_t node[DEPIN_HASH_SIZE];
	int level;

	if (root->count == DEPIN_ROOT_MAX)
		return 0;
	depin_reading_encode(bytes, reading);
	blake2b_256(node, bytes, sizeof bytes);
	for (level = 0; root->count >> level & 1; level++)
		join(node, root->nodes[level], node);
	memcpy(root->nodes[level], node, sizeof node);
	root->count++;
	return 1;
}

/* The last subtree is the smallest: its root moves up until it meets the subtree to its left. */
void depin_root_finish(uint8_t out[DEPIN_HASH_SIZE], const struct depin_root *root)
{
	int level, found = 0;

	memset(out, 0, DEPIN_HASH_SIZE);
	for (level = 0; level < DEPIN_ROOT_LEVELS; level++) {
		if (!(root->count >> level & 1))
			continue;
		if (found)
			join(out, root->nodes[level], out);
		else
			memcpy(out, root->nodes[level], DEPIN_HASH_SIZE);
		found = 1;
	}
}

int depin_report_add(struct depin_report *report, struct depin_root *root,
		     const struct depin_reading *reading)
{
	struct depin_summary *summary = report->summaries;
	struct depin_summary *end = summary + report->summary_count;
	int64_t value = reading->value;
	int known;

	if (reading->time < report->window_start || reading->time >= report->window_end)
		return 0;
	if (root->count > 0 && (reading->time < report->last_time ||
				(reading->time == report->last_time &&
				 reading->metric <= report->last_metric)))
		return 0;
	while (summary < end && summary->metric < reading->metric)
		summary++;
	known = summary < end && summary->metric == reading->metric;
	if (!known && report->summary_count >= DEPIN_METRICS_MAX)
		return 0;
	if (known && (value > 0 ? summary->sum > INT64_MAX - value : summary->sum < INT64_MIN - value))
		return 0;
	if (!depin_root_add(root, reading))
		return 0;

	if (!known) {
		memmove(summary + 1, summary, (size_t)(end - summary) * sizeof *summary);
		summary->metric = reading->metric;
		summary->count = 0;
		summary->min = value;
		summary->max = value;
		summary->sum = 0;
		report->summary_count++;
	}
	/* The count does not overflow: the tree has counted every reading in 32 bits. */
	summary->count++;
	summary->sum += value;
	if (value < summary->min)
		summary->min = value;
	if (value > summary->max)
		summary->max = value;
	report->readings_count = root->count;
	report->last_time = reading->time;
	report->last_metric = reading->metric;
	return 1;
}

void depin_report_close(struct depin_report *report, const struct depin_root *root)
{
	report->readings_count = root->count;
	depin_root_finish(report->readings_root, root);
}

void depin_reading_encode(uint8_t out[DEPIN_READING_SIZE], const struct depin_reading *reading)
{
	put_reading(out, reading);
}

/* Tells if the chain can read the report, and its flag and its digests are possible. */
static int is_possible(const struct depin_report *report)
{
	int i, last = 0;

	if (report->summary_count > DEPIN_METRICS_MAX || report->digest_count > DEPIN_DIGESTS_MAX)
		return 0;
	if (report->is_inline &&
	    (report->readings_count == 0 || report->readings_count > DEPIN_INLINE_MAX))
		return 0;
	for (i = 0; i < report->digest_count; i++) {
		if (report->digests[i].kind <= last)
			return 0;
		last = report->digests[i].kind;
	}
	return 1;
}

size_t depin_report_encode(uint8_t out[DEPIN_REPORT_MAX], const struct depin_report *report)
{
	uint8_t *at = out;
	int i;

	if (!is_possible(report))
		return 0;
	at = depin_put_bytes(at, report->device, DEPIN_HASH_SIZE);
	at = depin_put(at, report->sequence, 8);
	at = depin_put(at, report->window_start, 8);
	at = depin_put(at, report->window_end, 8);
	at = depin_put(at, report->work, 8);
	at = depin_put_bytes(at, report->previous, DEPIN_HASH_SIZE);
	at = depin_put_bytes(at, report->readings_root, DEPIN_HASH_SIZE);
	at = depin_put(at, report->readings_count, 4);
	at = depin_put(at, report->is_inline ? 1 : 0, 1);
	at = depin_put(at, 4u * report->summary_count, 1);
	for (i = 0; i < report->summary_count; i++)
		at = put_summary(at, &report->summaries[i]);
	at = depin_put(at, 4u * report->digest_count, 1);
	for (i = 0; i < report->digest_count; i++) {
		at = depin_put(at, report->digests[i].kind, 1);
		at = depin_put_bytes(at, report->digests[i].digest, DEPIN_HASH_SIZE);
	}
	return (size_t)(at - out);
}

int depin_report_hash(uint8_t out[DEPIN_HASH_SIZE], const struct depin_report *report)
{
	uint8_t bytes[DEPIN_REPORT_MAX];
	size_t length = depin_report_encode(bytes, report);

	if (length == 0)
		return 0;
	blake2b_256(out, bytes, length);
	return 1;
}

size_t depin_signing_bytes(uint8_t out[DEPIN_SIGNING_MAX], const uint8_t genesis[DEPIN_HASH_SIZE],
			   const struct depin_report *report)
{
	size_t length = depin_report_encode(out + 16 + DEPIN_HASH_SIZE, report);

	if (length == 0)
		return 0;
	depin_put_domain(out, TAG, genesis);
	return 16 + DEPIN_HASH_SIZE + length;
}

size_t depin_signed_encode(uint8_t out[DEPIN_SIGNED_MAX], const uint8_t genesis[DEPIN_HASH_SIZE],
			   const struct depin_report *report,
			   const uint8_t signature[DEPIN_SIGNATURE_SIZE])
{
	size_t length = depin_report_encode(out + 4, report);

	if (length == 0)
		return 0;
	depin_put_bytes(out, genesis, 4);
	depin_put_bytes(out + 4 + length, signature, DEPIN_SIGNATURE_SIZE);
	return 4 + length + DEPIN_SIGNATURE_SIZE;
}

size_t depin_readings_encode(uint8_t *out, const struct depin_reading *readings, size_t count)
{
	uint8_t *at = out;
	size_t i;

	if (count > DEPIN_INLINE_MAX)
		return 0;
	/* SCALE's compact form: one byte below 64, and from there two with the low bits 01. */
	at = count < 64 ? depin_put(at, 4 * count, 1) : depin_put(at, 4 * count + 1, 2);
	for (i = 0; i < count; i++)
		at = put_reading(at, &readings[i]);
	return (size_t)(at - out);
}
