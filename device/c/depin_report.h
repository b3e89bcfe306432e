/*
 * Reports for a depin-node chain, in C99: the bytes of docs/wire-format.md, version 2. No heap,
 * nothing of the standard library but memcmp, memcpy, memmove, memset and strlen. The caller signs.
 *
 * A function that returns an int returns 1, or 0 if it did nothing. A function that returns a
 * size_t returns the number of bytes that it wrote, or 0 if it wrote none.
 */
#ifndef DEPIN_REPORT_H
#define DEPIN_REPORT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Greatest number of metrics that a report sums up, and of readings that it carries inline. */
#define DEPIN_METRICS_MAX 8
#define DEPIN_INLINE_MAX 64
/* Greatest number of data digests of a report. */
#define DEPIN_DIGESTS_MAX 2

#define DEPIN_HASH_SIZE 32
#define DEPIN_SIGNATURE_SIZE 64
#define DEPIN_READING_SIZE 18
#define DEPIN_SUMMARY_SIZE 30
#define DEPIN_DIGEST_SIZE 33

/* Greatest number of bytes of a report, of its signing bytes, and of a signed report. */
#define DEPIN_REPORT_MAX \
	(135 + DEPIN_SUMMARY_SIZE * DEPIN_METRICS_MAX + DEPIN_DIGEST_SIZE * DEPIN_DIGESTS_MAX)
#define DEPIN_SIGNING_MAX (48 + DEPIN_REPORT_MAX)
#define DEPIN_SIGNED_MAX (4 + DEPIN_REPORT_MAX + DEPIN_SIGNATURE_SIZE)

/* Number of bytes of `count` inline readings. */
#define DEPIN_READINGS_SIZE(count) (((count) < 64 ? 1 : 2) + DEPIN_READING_SIZE * (size_t)(count))

/*
 * Number of levels of a Merkle tree, at most 32. A tree holds fewer than 2 to the power of this
 * number of readings. Each level costs 32 bytes of memory while readings are added.
 */
#ifndef DEPIN_ROOT_LEVELS
#define DEPIN_ROOT_LEVELS 16
#endif

#if DEPIN_ROOT_LEVELS < 1 || DEPIN_ROOT_LEVELS > 32
#error "DEPIN_ROOT_LEVELS must be from 1 to 32"
#endif

/* Greatest number of readings of one report. */
#define DEPIN_ROOT_MAX ((uint32_t)(((uint64_t)1 << DEPIN_ROOT_LEVELS) - 1))

/* One measurement. */
struct depin_reading {
	uint64_t time; /* milliseconds since 1970 UTC */
	uint16_t metric;
	int64_t value; /* fixed-point, with the metric's decimals */
};

/* Summary of one metric's readings in a report. */
struct depin_summary {
	uint16_t metric;
	uint32_t count;
	int64_t min;
	int64_t max;
	int64_t sum;
};

/* Kind of a data digest: the root of a Poseidon tree over the readings. */
#define DEPIN_DIGEST_POSEIDON 1

/* Digest of a report's data, of a kind that is not zero. */
struct depin_digest {
	uint8_t kind;
	uint8_t digest[DEPIN_HASH_SIZE];
};

/* Report of a window of time. The caller begins with a report that is all zero. */
struct depin_report {
	uint8_t device[DEPIN_HASH_SIZE];
	uint64_t sequence;
	uint64_t window_start;
	uint64_t window_end; /* the first millisecond after the window */
	uint64_t work;
	uint8_t previous[DEPIN_HASH_SIZE]; /* zero for the device's first report */
	uint8_t is_inline; /* 1 if the readings, at most 64, travel with the report, else 0 */
	uint8_t digest_count;
	struct depin_digest digests[DEPIN_DIGESTS_MAX]; /* by ascending kind */
	/* `depin_report_add` and `depin_report_close` fill in the following fields. */
	uint8_t readings_root[DEPIN_HASH_SIZE];
	uint32_t readings_count;
	uint8_t summary_count;
	struct depin_summary summaries[DEPIN_METRICS_MAX];
	uint64_t last_time; /* of the last reading */
	uint16_t last_metric;
};

/* Merkle tree of a report's readings while it grows: the roots of its full subtrees. */
struct depin_root {
	uint32_t count;
	uint8_t nodes[DEPIN_ROOT_LEVELS][DEPIN_HASH_SIZE];
};

/*
 * Writes the id of the device whose first key this is: the scheme's byte, then the key, 33 or 34
 * bytes.
 */
void depin_device_id(uint8_t out[DEPIN_HASH_SIZE], const uint8_t *key, size_t length);

/*
 * Empties a tree; adds one reading, 0 if the tree is full; writes the root, which is zero without
 * readings.
 */
void depin_root_init(struct depin_root *root);
int depin_root_add(struct depin_root *root, const struct depin_reading *reading);
void depin_root_finish(uint8_t out[DEPIN_HASH_SIZE], const struct depin_root *root);

/*
 * Adds a reading to a report. Readings come by ascending time, those of one time by ascending
 * metric. The report's window must be set. Returns 0 and changes nothing if the reading's time is
 * outside the window, if the reading is not after the last one, if it has a ninth metric, if the
 * metric's sum would exceed 64 bits, or if the tree is full: the caller then closes the report and
 * begins another.
 */
int depin_report_add(struct depin_report *report, struct depin_root *root,
		     const struct depin_reading *reading);

/* Writes the root of the added readings into the report. */
void depin_report_close(struct depin_report *report, const struct depin_root *root);

/* Writes a reading's bytes. */
void depin_reading_encode(uint8_t out[DEPIN_READING_SIZE], const struct depin_reading *reading);

/*
 * Writes a report's bytes; 0 if the report has more than DEPIN_METRICS_MAX summaries or
 * DEPIN_DIGESTS_MAX digests, a digest of kind zero or not of an ascending kind, or is inline
 * without a reading or with more than DEPIN_INLINE_MAX.
 */
size_t depin_report_encode(uint8_t out[DEPIN_REPORT_MAX], const struct depin_report *report);

/* Writes the hash that the device's next report names as its `previous`; 0 as above. */
int depin_report_hash(uint8_t out[DEPIN_HASH_SIZE], const struct depin_report *report);

/* Writes the bytes to sign on the chain with this genesis hash; 0 as above. */
size_t depin_signing_bytes(uint8_t out[DEPIN_SIGNING_MAX], const uint8_t genesis[DEPIN_HASH_SIZE],
			   const struct depin_report *report);

/* Writes the signed report, as a device hands it in; 0 as above. */
size_t depin_signed_encode(uint8_t out[DEPIN_SIGNED_MAX], const uint8_t genesis[DEPIN_HASH_SIZE],
			   const struct depin_report *report,
			   const uint8_t signature[DEPIN_SIGNATURE_SIZE]);

/*
 * Writes the readings that are sent with a report, DEPIN_READINGS_SIZE(count) bytes; 0 if `count`
 * exceeds 64.
 */
size_t depin_readings_encode(uint8_t *out, const struct depin_reading *readings, size_t count);

#ifdef __cplusplus
}
#endif

#endif
