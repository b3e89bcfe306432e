/*
 * Reports for a depin-node chain, in C99: the bytes of docs/wire-format.md. No heap, nothing of the
 * standard library but memcpy, memmove and memset. Signing is the caller's.
 *
 * A function that returns an int returns 1, or 0 if it did nothing. One that returns a size_t returns
 * the number of bytes that it wrote, or 0 if it wrote none.
 */
#ifndef DEPIN_REPORT_H
#define DEPIN_REPORT_H

#include <stddef.h>
#include <stdint.h>

/* The most metrics that a report sums up, and the most readings that it carries inline. */
#define DEPIN_METRICS_MAX 8
#define DEPIN_INLINE_MAX 64

#define DEPIN_HASH_SIZE 32
#define DEPIN_SIGNATURE_SIZE 64
#define DEPIN_READING_SIZE 18
#define DEPIN_SUMMARY_SIZE 30

/* The most bytes of a report, of what is signed, and of what is handed in. */
#define DEPIN_REPORT_MAX (133 + DEPIN_SUMMARY_SIZE * DEPIN_METRICS_MAX)
#define DEPIN_SIGNING_MAX (48 + DEPIN_REPORT_MAX)
#define DEPIN_SIGNED_MAX (4 + DEPIN_REPORT_MAX + DEPIN_SIGNATURE_SIZE)

/* The bytes of `count` inline readings. */
#define DEPIN_READINGS_SIZE(count) (((count) < 64 ? 1 : 2) + DEPIN_READING_SIZE * (size_t)(count))

/*
 * A root is made of fewer than 2 to the power of this many readings. Each level costs 32 bytes of
 * memory while readings are taken. At most 32.
 */
#ifndef DEPIN_ROOT_LEVELS
#define DEPIN_ROOT_LEVELS 16
#endif

#if DEPIN_ROOT_LEVELS < 1 || DEPIN_ROOT_LEVELS > 32
#error "DEPIN_ROOT_LEVELS must be from 1 to 32"
#endif

/* The most readings of one report. */
#define DEPIN_ROOT_MAX ((uint32_t)(((uint64_t)1 << DEPIN_ROOT_LEVELS) - 1))

/* One measurement. */
struct depin_reading {
	uint64_t time; /* milliseconds since 1970 UTC */
	uint16_t metric;
	int64_t value; /* fixed-point, with the metric's decimals */
};

/* What a report says of one metric's readings. */
struct depin_summary {
	uint16_t metric;
	uint32_t count;
	int64_t min;
	int64_t max;
	int64_t sum;
};

/* What a device did in a window of time, and what it measured. Begin with one that is all zero. */
struct depin_report {
	uint8_t device[DEPIN_HASH_SIZE];
	uint64_t sequence;
	uint64_t window_start;
	uint64_t window_end; /* the first millisecond after the window */
	uint64_t work;
	uint8_t previous[DEPIN_HASH_SIZE]; /* zero for the device's first report */
	/* From here on the fields are filled in by `depin_report_add` and `depin_report_close`. */
	uint8_t readings_root[DEPIN_HASH_SIZE];
	uint32_t readings_count;
	uint8_t summary_count;
	struct depin_summary summaries[DEPIN_METRICS_MAX];
};

/* The Merkle tree of a report's readings while it grows: the roots of its full parts. */
struct depin_root {
	uint32_t count;
	uint8_t nodes[DEPIN_ROOT_LEVELS][DEPIN_HASH_SIZE];
};

/* The id of the device whose first key this is: the scheme's byte, then the key; 33 or 34 bytes. */
void depin_device_id(uint8_t out[DEPIN_HASH_SIZE], const uint8_t *key, size_t length);

/* An empty tree; one reading more, 0 if the tree is full; the root, zero for no readings. */
void depin_root_init(struct depin_root *root);
int depin_root_add(struct depin_root *root, const struct depin_reading *reading);
void depin_root_finish(uint8_t out[DEPIN_HASH_SIZE], const struct depin_root *root);

/*
 * Takes a reading into a report, in the order in which readings will be sent or kept. The report's
 * window must be set. 0, and nothing changed, if the reading's time is outside of it, if it is of a
 * ninth metric, if the metric's sum would leave 64 bits, or if the tree is full: close the report and
 * begin another.
 */
int depin_report_add(struct depin_report *report, struct depin_root *root,
		     const struct depin_reading *reading);

/* Writes the root of the readings that were added. */
void depin_report_close(struct depin_report *report, const struct depin_root *root);

/* A reading's bytes. */
void depin_reading_encode(uint8_t out[DEPIN_READING_SIZE], const struct depin_reading *reading);

/* A report's bytes; 0 if it has more summaries than it may. */
size_t depin_report_encode(uint8_t out[DEPIN_REPORT_MAX], const struct depin_report *report);

/* The hash that the device's next report names as its `previous`; 0 as above. */
int depin_report_hash(uint8_t out[DEPIN_HASH_SIZE], const struct depin_report *report);

/* The bytes to sign on the chain of that genesis hash; 0 as above. */
size_t depin_signing_bytes(uint8_t out[DEPIN_SIGNING_MAX], const uint8_t genesis[DEPIN_HASH_SIZE],
			   const struct depin_report *report);

/* The signed report, as it is handed in; 0 as above. */
size_t depin_signed_encode(uint8_t out[DEPIN_SIGNED_MAX], const uint8_t genesis[DEPIN_HASH_SIZE],
			   const struct depin_report *report,
			   const uint8_t signature[DEPIN_SIGNATURE_SIZE]);

/* Readings to go with a report: DEPIN_READINGS_SIZE(count) bytes; 0 if they are more than 64. */
size_t depin_readings_encode(uint8_t *out, const struct depin_reading *readings, size_t count);

#endif
