#include "blake2b.h"

#include <string.h>

#define BLOCK 128

/* RFC 7693, 2.6. */
static const uint64_t IV[8] = {
	UINT64_C(0x6a09e667f3bcc908), UINT64_C(0xbb67ae8584caa73b),
	UINT64_C(0x3c6ef372fe94f82b), UINT64_C(0xa54ff53a5f1d36f1),
	UINT64_C(0x510e527fade682d1), UINT64_C(0x9b05688c2b3e6c1f),
	UINT64_C(0x1f83d9abfb41bd6b), UINT64_C(0x5be0cd19137e2179),
};

/* RFC 7693, 2.7. The twelve rounds take rows 0 to 9, then 0 and 1 again. */
static const uint8_t SIGMA[10][16] = {
	{ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 },
	{ 14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3 },
	{ 11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4 },
	{ 7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8 },
	{ 9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13 },
	{ 2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9 },
	{ 12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11 },
	{ 13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10 },
	{ 6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5 },
	{ 10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0 },
};

static uint64_t load64(const uint8_t *in)
{
	uint64_t word = 0;
	int i;

	for (i = 7; i >= 0; i--)
		word = word << 8 | in[i];
	return word;
}

static uint64_t rotate(uint64_t word, unsigned by)
{
	return word >> by | word << (64 - by);
}

/* RFC 7693, 3.1. */
static void mix(uint64_t v[16], int a, int b, int c, int d, uint64_t x, uint64_t y)
{
	v[a] += v[b] + x;
	v[d] = rotate(v[d] ^ v[a], 32);
	v[c] += v[d];
	v[b] = rotate(v[b] ^ v[c], 24);
	v[a] += v[b] + y;
	v[d] = rotate(v[d] ^ v[a], 16);
	v[c] += v[d];
	v[b] = rotate(v[b] ^ v[c], 63);
}

/* RFC 7693, 3.2; `done` counts the message's bytes up to the end of this block. */
static void compress(uint64_t h[8], const uint8_t block[BLOCK], uint64_t done, int last)
{
	uint64_t v[16], m[16];
	int i, round;

	for (i = 0; i < 8; i++) {
		v[i] = h[i];
		v[i + 8] = IV[i];
	}
	v[12] ^= done;
	if (last)
		v[14] = ~v[14];
	for (i = 0; i < 16; i++)
		m[i] = load64(block + 8 * i);
	for (round = 0; round < 12; round++) {
		const uint8_t *s = SIGMA[round % 10];

		mix(v, 0, 4, 8, 12, m[s[0]], m[s[1]]);
		mix(v, 1, 5, 9, 13, m[s[2]], m[s[3]]);
		mix(v, 2, 6, 10, 14, m[s[4]], m[s[5]]);
		mix(v, 3, 7, 11, 15, m[s[6]], m[s[7]]);
		mix(v, 0, 5, 10, 15, m[s[8]], m[s[9]]);
		mix(v, 1, 6, 11, 12, m[s[10]], m[s[11]]);
		mix(v, 2, 7, 8, 13, m[s[12]], m[s[13]]);
		mix(v, 3, 4, 9, 14, m[s[14]], m[s[15]]);
	}
	for (i = 0; i < 8; i++)
		h[i] ^= v[i] ^ v[i + 8];
}

void blake2b_256(uint8_t out[32], const uint8_t *in, size_t length)
{
	uint8_t block[BLOCK];
	uint64_t h[8];
	uint64_t done = 0;
	size_t left = length;
	int i;

	memcpy(h, IV, sizeof h);
	/* The parameter block: depth and fanout 1, no key, a digest of 32 bytes. */
	h[0] ^= 0x01010000 ^ 32;
	/* The last block, even a full one, is left to the code after the loop. */
	while (left > BLOCK) {
		done += BLOCK;
		compress(h, in, done, 0);
		in += BLOCK;
		left -= BLOCK;
	}
	memset(block, 0, sizeof block);
	if (left > 0)
		memcpy(block, in, left);
	compress(h, block, done + left, 1);
	for (i = 0; i < 32; i++)
		out[i] = (uint8_t)(h[i / 8] >> 8 * (i % 8));
}
