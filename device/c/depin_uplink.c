#include "depin_uplink.h"

#include <string.h>

#include "depin_bytes.h"

/* First byte: the version in the upper four bits, the number of digests in bits 1 and 2. */
#define VERSION 2
#define RESERVED 0x08

/* Last value of each metric of an uplink. */
struct values {
	int count;
	uint16_t metrics[DEPIN_METRICS_MAX];
	uint64_t last[DEPIN_METRICS_MAX];
};

/* Returns the place of a metric's last value, which is 0 before the first; NULL for a ninth. */
static uint64_t *value_of(struct values *values, uint16_t metric)
{
	int i;

	for (i = 0; i < values->count; i++)
		if (values->metrics[i] == metric)
			return &values->last[i];
	if (values->count == DEPIN_METRICS_MAX)
		return NULL;
	values->metrics[i] = metric;
	values->last[i] = 0;
	values->count++;
	return &values->last[i];
}

/* Writes a number in LEB128, in its shortest form. */
static uint8_t *put_number(uint8_t *out, uint64_t number)
{
	while (number >= 0x80) {
		*out++ = (uint8_t)(number | 0x80);
		number >>= 7;
	}
	*out++ = (uint8_t)number;
	return out;
}

/* Puts the sign of a difference of 64 bits in its lowest bit. */
static uint64_t zigzag(uint64_t difference)
{
	return difference << 1 ^ (difference >> 63 ? UINT64_MAX : 0);
}

static uint64_t unzigzag(uint64_t number)
{
	return number >> 1 ^ (number & 1 ? UINT64_MAX : 0);
}

/* Returns the signed number of 64 bits whose two's complement this is. */
static int64_t to_signed(uint64_t number)
{
	return number <= INT64_MAX ? (int64_t)number : -(int64_t)~number - 1;
}

/* Tells if the report commits to these readings and no others. */
static int commits_to(const struct depin_report *report, const struct depin_reading *readings,
		      size_t count)
{
	struct depin_report other;
	struct depin_root root;
	size_t i;

	memset(&other, 0, sizeof other);
	other.window_start = report->window_start;
	other.window_end = report->window_end;
	depin_root_init(&root);
	for (i = 0; i < count; i++)
		if (!depin_report_add(&other, &root, &readings[i]))
			return 0;
	depin_report_close(&other, &root);
	return other.readings_count == report->readings_count &&
	       memcmp(other.readings_root, report->readings_root, DEPIN_HASH_SIZE) == 0;
}

size_t depin_uplink_encode(uint8_t *out, const struct depin_report *report,
			   const struct depin_reading *readings, size_t count,
			   const uint8_t signature[DEPIN_SIGNATURE_SIZE])
{
	uint8_t bytes[DEPIN_REPORT_MAX];
	struct values values;
	uint64_t time = report->window_start;
	uint8_t *at = out;
	size_t i;

	if (report->window_end <= report->window_start || !depin_report_encode(bytes, report) ||
	    !commits_to(report, readings, count))
		return 0;
	*at++ = (uint8_t)(VERSION << 4 | report->digest_count << 1 | (report->is_inline ? 1 : 0));
	at = put_number(at, report->sequence);
	at = put_number(at, report->window_start);
	at = put_number(at, report->window_end - report->window_start);
	at = put_number(at, report->work);
	at = put_number(at, report->readings_count);
	values.count = 0;
	for (i = 0; i < count; i++) {
		/* The report has eight metrics at most. */
		uint64_t *last = value_of(&values, readings[i].metric);
		uint64_t value = (uint64_t)readings[i].value;

		at = put_number(at, readings[i].time - time);
		at = put_number(at, readings[i].metric);
		at = put_number(at, zigzag(value - *last));
		*last = value;
		time = readings[i].time;
	}
	for (i = 0; i < report->digest_count; i++) {
		*at++ = report->digests[i].kind;
		at = depin_put_bytes(at, report->digests[i].digest, DEPIN_HASH_SIZE);
	}
	at = depin_put_bytes(at, signature, DEPIN_SIGNATURE_SIZE);
	return (size_t)(at - out);
}

/* Bytes that are still to be read; `failed` once they were not as they must be. */
struct input {
	const uint8_t *at;
	size_t left;
	int failed;
};

static void get_bytes(struct input *in, uint8_t *out, size_t length)
{
	if (in->failed || in->left < length) {
		in->failed = 1;
		memset(out, 0, length);
		return;
	}
	memcpy(out, in->at, length);
	in->at += length;
	in->left -= length;
}

/* Reads a number in LEB128, in its shortest form, up to `max`. */
static uint64_t get_number(struct input *in, uint64_t max)
{
	uint64_t number = 0;
	int shift;

	for (shift = 0; shift < 64; shift += 7) {
		uint8_t byte;
		uint64_t group, shifted;

		get_bytes(in, &byte, 1);
		if (in->failed)
			return 0;
		group = byte & 0x7f;
		shifted = group << shift;
		/* The tenth group has one bit, and a last group of zero is not needed. */
		if (shifted >> shift != group || (byte == 0 && shift > 0))
			break;
		number |= shifted;
		if (byte < 0x80) {
			if (number > max)
				break;
			return number;
		}
	}
	in->failed = 1;
	return 0;
}

/* Reads a report's readings, and adds them to it. */
static void get_readings(struct input *in, struct depin_report *report,
			 struct depin_reading *readings, size_t count)
{
	struct values values;
	struct depin_root root;
	uint64_t time = report->window_start;
	size_t i;

	values.count = 0;
	depin_root_init(&root);
	for (i = 0; i < count && !in->failed; i++) {
		uint64_t after = get_number(in, UINT64_MAX - time);
		uint16_t metric = (uint16_t)get_number(in, UINT16_MAX);
		uint64_t difference = unzigzag(get_number(in, UINT64_MAX));
		uint64_t *last = value_of(&values, metric);

		if (in->failed || last == NULL) {
			in->failed = 1;
			return;
		}
		time += after;
		*last += difference;
		readings[i].time = time;
		readings[i].metric = metric;
		readings[i].value = to_signed(*last);
		if (!depin_report_add(report, &root, &readings[i]))
			in->failed = 1;
	}
	depin_report_close(report, &root);
}

int depin_uplink_expand(struct depin_report *report, struct depin_reading *readings, size_t room,
			uint8_t signature[DEPIN_SIGNATURE_SIZE], const uint8_t *in, size_t length,
			const uint8_t device[DEPIN_HASH_SIZE],
			const uint8_t previous[DEPIN_HASH_SIZE])
{
	struct input input;
	uint8_t bytes[DEPIN_REPORT_MAX];
	uint8_t form;
	uint64_t count, window;
	int i;

	input.at = in;
	input.left = length;
	input.failed = 0;
	memset(report, 0, sizeof *report);
	depin_put_bytes(report->device, device, DEPIN_HASH_SIZE);
	depin_put_bytes(report->previous, previous, DEPIN_HASH_SIZE);

	get_bytes(&input, &form, 1);
	report->digest_count = form >> 1 & 3;
	report->is_inline = form & 1;
	if (form >> 4 != VERSION || form & RESERVED || report->digest_count > DEPIN_DIGESTS_MAX)
		return 0;
	report->sequence = get_number(&input, UINT64_MAX);
	report->window_start = get_number(&input, UINT64_MAX);
	window = get_number(&input, UINT64_MAX - report->window_start);
	report->window_end = report->window_start + window;
	report->work = get_number(&input, UINT64_MAX);
	count = get_number(&input, UINT32_MAX);
	if (input.failed || window == 0 || count > room)
		return 0;
	get_readings(&input, report, readings, (size_t)count);
	for (i = 0; i < report->digest_count; i++) {
		get_bytes(&input, &report->digests[i].kind, 1);
		get_bytes(&input, report->digests[i].digest, DEPIN_HASH_SIZE);
	}
	get_bytes(&input, signature, DEPIN_SIGNATURE_SIZE);
	return !input.failed && input.left == 0 && depin_report_encode(bytes, report) != 0;
}
