/*
 * The other messages that a device signs, in C99: statements, beacons and witness reports, in the
 * bytes of docs/wire-format.md. The caller signs.
 *
 * Each function whose name ends in `_bytes` writes the bytes to sign on the chain with this genesis
 * hash, and returns their number. Each function whose name ends in `_encode` writes the message as
 * it is handed in, and returns the number of its bytes.
 */
#ifndef DEPIN_MESSAGES_H
#define DEPIN_MESSAGES_H

#include "depin_report.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Greatest number of bytes of a public key with the scheme's byte. */
#define DEPIN_KEY_MAX 34
/* Number of bytes that a beaconer transmits: the first of its payload. */
#define DEPIN_TRANSMISSION_SIZE 51

#define DEPIN_CONSENT_SIGNING (48 + 44)
#define DEPIN_ROTATION_SIGNING_MAX (48 + 72 + DEPIN_KEY_MAX)
#define DEPIN_ADOPTION_SIGNING (48 + 72)
#define DEPIN_BEACON_SIGNING (48 + 68)
#define DEPIN_WITNESS_SIGNING (48 + 116)

#define DEPIN_STATEMENT_SIZE (8 + DEPIN_SIGNATURE_SIZE)
#define DEPIN_BEACON_SIZE (4 + 36 + DEPIN_SIGNATURE_SIZE)
#define DEPIN_WITNESS_SIZE (4 + 116 + DEPIN_SIGNATURE_SIZE)

/*
 * Consent to join a network under an owner, given by the 32 bytes of the account. `expires` is in
 * milliseconds since 1970 UTC, at most a day ahead of the chain's clock. A device with a clock
 * refuses to sign a later one.
 */
size_t depin_consent_bytes(uint8_t out[DEPIN_CONSENT_SIGNING],
			   const uint8_t genesis[DEPIN_HASH_SIZE], uint32_t network,
			   const uint8_t owner[32], uint64_t expires);

/*
 * Rotation: the key that is given up names the new key, with the scheme's byte, 33 or 34 bytes.
 * Returns 0 for a key of another length.
 */
size_t depin_rotation_bytes(uint8_t out[DEPIN_ROTATION_SIGNING_MAX],
			    const uint8_t genesis[DEPIN_HASH_SIZE],
			    const uint8_t device[DEPIN_HASH_SIZE], const uint8_t owner[32],
			    const uint8_t *new_key, size_t key_length, uint64_t expires);

/* Adoption: the new key shows that the device holds it. */
size_t depin_adoption_bytes(uint8_t out[DEPIN_ADOPTION_SIGNING],
			    const uint8_t genesis[DEPIN_HASH_SIZE],
			    const uint8_t device[DEPIN_HASH_SIZE], const uint8_t owner[32],
			    uint64_t expires);

/* A signed consent, rotation or adoption: the expiry and the signature. */
size_t depin_statement_encode(uint8_t out[DEPIN_STATEMENT_SIZE], uint64_t expires,
			      const uint8_t signature[DEPIN_SIGNATURE_SIZE]);

/*
 * Beacon: the device signs its challenge of a period, whose nonce `coverage_challenges` gives. The
 * signature is the payload. The device transmits the payload's first DEPIN_TRANSMISSION_SIZE bytes,
 * and reveals the whole of it by depin_beacon_encode.
 */
size_t depin_beacon_bytes(uint8_t out[DEPIN_BEACON_SIGNING], const uint8_t genesis[DEPIN_HASH_SIZE],
			  const uint8_t device[DEPIN_HASH_SIZE], uint32_t period,
			  const uint8_t nonce[DEPIN_HASH_SIZE]);
size_t depin_beacon_encode(uint8_t out[DEPIN_BEACON_SIZE], const uint8_t genesis[DEPIN_HASH_SIZE],
			   const uint8_t device[DEPIN_HASH_SIZE], uint32_t period,
			   const uint8_t payload[DEPIN_SIGNATURE_SIZE]);

/* Report of a device that has heard a beacon. */
struct depin_witness {
	uint8_t witness[DEPIN_HASH_SIZE]; /* the device that has heard */
	uint8_t beaconer[DEPIN_HASH_SIZE];
	uint32_t period;
	uint8_t commitment[DEPIN_HASH_SIZE]; /* of depin_commitment */
	int16_t rssi; /* tenths of a dBm */
	int16_t snr; /* tenths of a dB */
	uint32_t frequency; /* hertz */
	uint64_t heard_at; /* milliseconds since 1970 UTC */
};

/* Writes the commitment of a witness to a transmission that it has heard. */
void depin_commitment(uint8_t out[DEPIN_HASH_SIZE],
		      const uint8_t transmission[DEPIN_TRANSMISSION_SIZE],
		      const uint8_t witness[DEPIN_HASH_SIZE]);

size_t depin_witness_bytes(uint8_t out[DEPIN_WITNESS_SIGNING],
			   const uint8_t genesis[DEPIN_HASH_SIZE],
			   const struct depin_witness *witness);
size_t depin_witness_encode(uint8_t out[DEPIN_WITNESS_SIZE], const uint8_t genesis[DEPIN_HASH_SIZE],
			    const struct depin_witness *witness,
			    const uint8_t signature[DEPIN_SIGNATURE_SIZE]);

#ifdef __cplusplus
}
#endif

#endif
