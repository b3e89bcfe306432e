/*
 * Signing by the PSA Crypto API (Mbed TLS 2.28 to 4, TF-PSA-Crypto, and the secure elements behind
 * them). Signs the message, given in hexadecimal digits, with a P-256 key, and prints the public
 * key with the scheme's byte, the device id of this key, and the signature.
 *
 *   cc -o sign_psa examples/sign_psa.c depin_report.c blake2b.c -I. -lmbedcrypto
 *   ./sign_psa MESSAGE [SECRET]        without a secret, of 32 bytes, a key is generated
 *
 * A device does not import its key: it generates the key once, with a persistent id and a lifetime
 * in its secure element, and the key never leaves that element.
 */
#include <psa/crypto.h>
#include <stdio.h>
#include <string.h>

#include "depin_report.h"

#define MESSAGE_MAX 1024
/* Scheme byte of P-256. */
#define P256 3

static int fail(const char *what, psa_status_t status)
{
	fprintf(stderr, "%s: %d\n", what, (int)status);
	return 1;
}

static int digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Reads hexadecimal digits; returns the number of bytes, or 0 if they cannot be read. */
static size_t from_hex(uint8_t *out, size_t room, const char *text)
{
	size_t i, length = strlen(text) / 2;

	if (strlen(text) % 2 != 0 || length > room)
		return 0;
	for (i = 0; i < length; i++) {
		int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return 0;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return length;
}

static void print(const char *name, const uint8_t *bytes, size_t length)
{
	size_t i;

	printf("%s ", name);
	for (i = 0; i < length; i++)
		printf("%02x", bytes[i]);
	printf("\n");
}

/* Makes the key: imports the secret, or generates one. */
static psa_status_t make_key(psa_key_id_t *key, const uint8_t *secret, size_t length)
{
	psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;

	psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1));
	psa_set_key_bits(&attributes, 256);
	psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_SIGN_MESSAGE);
	psa_set_key_algorithm(&attributes, PSA_ALG_ECDSA(PSA_ALG_SHA_256));
	return length > 0 ? psa_import_key(&attributes, secret, length, key)
			  : psa_generate_key(&attributes, key);
}

int main(int count, char **given)
{
	uint8_t message[MESSAGE_MAX], secret[32], point[65], public_key[34];
	uint8_t id[DEPIN_HASH_SIZE], signature[DEPIN_SIGNATURE_SIZE];
	size_t length, secret_length = 0, written;
	psa_key_id_t key;
	psa_status_t status;

	if (count < 2 || count > 3) {
		fprintf(stderr, "usage: sign_psa MESSAGE [SECRET]\n");
		return 1;
	}
	length = from_hex(message, sizeof message, given[1]);
	if (count == 3)
		secret_length = from_hex(secret, sizeof secret, given[2]);
	if (length == 0 || (count == 3 && secret_length != sizeof secret))
		return fail("not hexadecimal digits of a message and of 32 bytes", 0);

	status = psa_crypto_init();
	if (status != PSA_SUCCESS)
		return fail("psa_crypto_init", status);
	status = make_key(&key, secret, secret_length);
	if (status != PSA_SUCCESS)
		return fail("the key cannot be made", status);

	/* The public key is 04, x, y. Compressed, it is x after 02, or after 03 if y is odd. */
	status = psa_export_public_key(key, point, sizeof point, &written);
	if (status != PSA_SUCCESS || written != sizeof point)
		return fail("psa_export_public_key", status);
	public_key[0] = P256;
	public_key[1] = (uint8_t)(2 + (point[64] & 1));
	memcpy(public_key + 2, point + 1, 32);
	depin_device_id(id, public_key, sizeof public_key);

	/* PSA gives r and s, 32 bytes each, big-endian: the form of the chain. */
	status = psa_sign_message(key, PSA_ALG_ECDSA(PSA_ALG_SHA_256), message, length, signature,
				  sizeof signature, &written);
	if (status != PSA_SUCCESS || written != sizeof signature)
		return fail("psa_sign_message", status);
	print("key", public_key, sizeof public_key);
	print("device", id, sizeof id);
	print("signature", signature, sizeof signature);
	psa_destroy_key(key);
	return 0;
}
