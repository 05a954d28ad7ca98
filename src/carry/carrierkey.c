#include "carry/carrierkey.h"

static const char *const keys[CARRIER_KEY_COUNT] = {
	NULL,
#define X(suffix, key) key,
	CARRIER_KEYS(X)
#undef X
};

enum { LONGEST = sizeof("_SOURCE_REALTIME_TIMESTAMP") - 1 };

enum carrier_key carrier_key_of(struct span key)
{
	/* Of each length the first, and of one more than the longest the end (the unit test finds each key by its name). */
	static const unsigned char first[LONGEST + 2] = {
		1, 1, 1, 3, 10, 25, 33, 45, 58, 73, 82, 93, 101, 106, 113, 118, 120, 121, 122, 122, 124, 125,
		126, 126, 126, 126, 128, 129};
	if (!key.len || key.len > LONGEST)
		return CARRIER_KEY_UNKNOWN;
	for (unsigned i = first[key.len]; i < first[key.len + 1]; i++) {
		if (keys[i][0] == key.at[0] && keys[i][key.len - 1] == key.at[key.len - 1] && !memcmp(keys[i], key.at, key.len))
			return (enum carrier_key)i;
	}
	return CARRIER_KEY_UNKNOWN;
}
