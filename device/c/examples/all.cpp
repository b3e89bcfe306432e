// Includes every header in C++, calls a function of each source, and prints the device id of a key.
#include <cstdio>

#include "blake2b.h"
#include "depin_messages.h"
#include "depin_report.h"
#include "depin_uplink.h"

int main()
{
	uint8_t hash[DEPIN_HASH_SIZE], key[33] = {0}, bytes[DEPIN_UPLINK_MAX(0)];
	uint8_t signature[DEPIN_SIGNATURE_SIZE] = {0};
	depin_report report = {};
	depin_root root;

	depin_device_id(hash, key, sizeof key);
	for (uint8_t byte : hash)
		std::printf("%02x", byte);
	std::printf("\n");
	report.window_end = 1;
	depin_root_init(&root);
	depin_report_close(&report, &root);
	size_t length = depin_uplink_encode(bytes, &report, nullptr, 0, signature);
	depin_report again;
	bool same = depin_uplink_expand(&again, nullptr, 0, signature, bytes, length, report.device,
					report.previous) != 0;
	uint8_t consent[DEPIN_CONSENT_SIGNING];
	bool whole = depin_consent_bytes(consent, hash, 1, hash, 2) == sizeof consent;
	return same && whole ? 0 : 1;
}
