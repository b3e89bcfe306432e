/* BLAKE2b (RFC 7693) with a digest of 32 bytes and no key: blake2-256. */
#ifndef DEPIN_BLAKE2B_H
#define DEPIN_BLAKE2B_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Writes the digest of `length` bytes. `out` may lie within them. */
void blake2b_256(uint8_t out[32], const uint8_t *in, size_t length);

#ifdef __cplusplus
}
#endif

#endif
