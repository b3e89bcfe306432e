/* Writers of bytes, shared by the encoders of this folder. Not for callers. */
#ifndef DEPIN_BYTES_H
#define DEPIN_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Writes the low bytes of a number, the lowest first; returns the position after them. */
static inline uint8_t *depin_put(uint8_t *out, uint64_t number, int bytes)
{
	int i;

	for (i = 0; i < bytes; i++)
		*out++ = (uint8_t)(number >> 8 * i);
	return out;
}

/* Writes bytes; returns the position after them. */
static inline uint8_t *depin_put_bytes(uint8_t *out, const uint8_t *bytes, size_t length)
{
	memcpy(out, bytes, length);
	return out + length;
}

/* Writes a domain tag, padded with zeros to 16 bytes, then the genesis hash. */
static inline uint8_t *depin_put_domain(uint8_t *out, const char *tag, const uint8_t genesis[32])
{
	memset(out, 0, 16);
	memcpy(out, tag, strlen(tag));
	return depin_put_bytes(out + 16, genesis, 32);
}

#endif
