/*
 * Compact uplinks, in C99: the form of a signed report for a slow radio (docs/wire-format.md,
 * "Compact uplink"). A device encodes; a gateway expands an uplink to exactly the report that the
 * device has signed.
 */
#ifndef DEPIN_UPLINK_H
#define DEPIN_UPLINK_H

#include "depin_report.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Greatest number of bytes of an uplink with this number of readings. */
#define DEPIN_UPLINK_MAX(count) \
	(1 + 4 * 10 + 5 + 23 * (size_t)(count) + DEPIN_DIGEST_SIZE * DEPIN_DIGESTS_MAX + \
	 DEPIN_SIGNATURE_SIZE)

/*
 * Writes the uplink of a report that is closed, with all its readings, and returns the number of
 * bytes: DEPIN_UPLINK_MAX(count) at most. Returns 0 if the report cannot be encoded, or does not
 * commit to these readings.
 */
size_t depin_uplink_encode(uint8_t *out, const struct depin_report *report,
			   const struct depin_reading *readings, size_t count,
			   const uint8_t signature[DEPIN_SIGNATURE_SIZE]);

/*
 * Reads an uplink of `length` bytes from a device, with the hash of the device's report before this
 * one. Writes the report, its readings (`readings_count` of the report, at most `room`) and the
 * signature, and returns 1. Returns 0 if the uplink is not in its one form, if it has more readings
 * than there is room for, or if it is of a report that depin_report_add or depin_report_encode
 * refuses. What is written then has no meaning.
 */
int depin_uplink_expand(struct depin_report *report, struct depin_reading *readings, size_t room,
			uint8_t signature[DEPIN_SIGNATURE_SIZE], const uint8_t *in, size_t length,
			const uint8_t device[DEPIN_HASH_SIZE],
			const uint8_t previous[DEPIN_HASH_SIZE]);

#ifdef __cplusplus
}
#endif

#endif
