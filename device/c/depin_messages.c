#include "depin_messages.h"

#include "blake2b.h"
#include "depin_bytes.h"

size_t depin_consent_bytes(uint8_t out[DEPIN_CONSENT_SIGNING],
			   const uint8_t genesis[DEPIN_HASH_SIZE], uint32_t network,
			   const uint8_t owner[32], uint64_t expires)
{
	uint8_t *at = depin_put_domain(out, "depin:consent:v2", genesis);

	at = depin_put(at, network, 4);
	at = depin_put_bytes(at, owner, 32);
	at = depin_put(at, expires, 8);
	return (size_t)(at - out);
}

size_t depin_rotation_bytes(uint8_t out[DEPIN_ROTATION_SIGNING_MAX],
			    const uint8_t genesis[DEPIN_HASH_SIZE],
			    const uint8_t device[DEPIN_HASH_SIZE], const uint8_t owner[32],
			    const uint8_t *new_key, size_t key_length, uint64_t expires)
{
	uint8_t *at = depin_put_domain(out, "depin:rotate:v2", genesis);

	if (key_length != 33 && key_length != 34)
		return 0;
	at = depin_put_bytes(at, device, DEPIN_HASH_SIZE);
	at = depin_put_bytes(at, owner, 32);
	at = depin_put_bytes(at, new_key, key_length);
	at = depin_put(at, expires, 8);
	return (size_t)(at - out);
}

size_t depin_adoption_bytes(uint8_t out[DEPIN_ADOPTION_SIGNING],
			    const uint8_t genesis[DEPIN_HASH_SIZE],
			    const uint8_t device[DEPIN_HASH_SIZE], const uint8_t owner[32],
			    uint64_t expires)
{
	uint8_t *at = depin_put_domain(out, "depin:adopt:v2", genesis);

	at = depin_put_bytes(at, device, DEPIN_HASH_SIZE);
	at = depin_put_bytes(at, owner, 32);
	at = depin_put(at, expires, 8);
	return (size_t)(at - out);
}

size_t depin_statement_encode(uint8_t out[DEPIN_STATEMENT_SIZE], uint64_t expires,
			      const uint8_t signature[DEPIN_SIGNATURE_SIZE])
{
	uint8_t *at = depin_put(out, expires, 8);

	at = depin_put_bytes(at, signature, DEPIN_SIGNATURE_SIZE);
	return (size_t)(at - out);
}

size_t depin_beacon_bytes(uint8_t out[DEPIN_BEACON_SIGNING], const uint8_t genesis[DEPIN_HASH_SIZE],
			  const uint8_t device[DEPIN_HASH_SIZE], uint32_t period,
			  const uint8_t nonce[DEPIN_HASH_SIZE])
{
	uint8_t *at = depin_put_domain(out, "depin:beacon:v1", genesis);

	at = depin_put_bytes(at, device, DEPIN_HASH_SIZE);
	at = depin_put(at, period, 4);
	at = depin_put_bytes(at, nonce, DEPIN_HASH_SIZE);
	return (size_t)(at - out);
}

size_t depin_beacon_encode(uint8_t out[DEPIN_BEACON_SIZE], const uint8_t genesis[DEPIN_HASH_SIZE],
			   const uint8_t device[DEPIN_HASH_SIZE], uint32_t period,
			   const uint8_t payload[DEPIN_SIGNATURE_SIZE])
{
	uint8_t *at = depin_put_bytes(out, genesis, 4);

	at = depin_put_bytes(at, device, DEPIN_HASH_SIZE);
	at = depin_put(at, period, 4);
	at = depin_put_bytes(at, payload, DEPIN_SIGNATURE_SIZE);
	return (size_t)(at - out);
}

void depin_commitment(uint8_t out[DEPIN_HASH_SIZE],
		      const uint8_t transmission[DEPIN_TRANSMISSION_SIZE],
		      const uint8_t witness[DEPIN_HASH_SIZE])
{
	uint8_t both[DEPIN_TRANSMISSION_SIZE + DEPIN_HASH_SIZE];
	uint8_t *at = depin_put_bytes(both, transmission, DEPIN_TRANSMISSION_SIZE);

	depin_put_bytes(at, witness, DEPIN_HASH_SIZE);
	blake2b_256(out, both, sizeof both);
}

static uint8_t *put_witness(uint8_t *at, const struct depin_witness *witness)
{
	at = depin_put_bytes(at, witness->witness, DEPIN_HASH_SIZE);
	at = depin_put_bytes(at, witness->beaconer, DEPIN_HASH_SIZE);
	at = depin_put(at, witness->period, 4);
	at = depin_put_bytes(at, witness->commitment, DEPIN_HASH_SIZE);
	/* A negative number becomes its two's complement: C defines the conversion so. */
	at = depin_put(at, (uint64_t)witness->rssi, 2);
	at = depin_put(at, (uint64_t)witness->snr, 2);
	at = depin_put(at, witness->frequency, 4);
	return depin_put(at, witness->heard_at, 8);
}

size_t depin_witness_bytes(uint8_t out[DEPIN_WITNESS_SIGNING],
			   const uint8_t genesis[DEPIN_HASH_SIZE],
			   const struct depin_witness *witness)
{
	uint8_t *at = depin_put_domain(out, "depin:witness:v2", genesis);

	at = put_witness(at, witness);
	return (size_t)(at - out);
}

size_t depin_witness_encode(uint8_t out[DEPIN_WITNESS_SIZE], const uint8_t genesis[DEPIN_HASH_SIZE],
			    const struct depin_witness *witness,
			    const uint8_t signature[DEPIN_SIGNATURE_SIZE])
{
	uint8_t *at = depin_put_bytes(out, genesis, 4);

	at = put_witness(at, witness);
	at = depin_put_bytes(at, signature, DEPIN_SIGNATURE_SIZE);
	return (size_t)(at - out);
}
