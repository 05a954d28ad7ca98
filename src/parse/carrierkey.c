#include "parse/carrierkey.h"

static const struct span keys[CARRIER_KEY_COUNT] = {
	{NULL, 0},
#define X(suffix, key) {key, sizeof(key) - 1},
	CARRIER_KEYS(X)
#undef X
};

enum carrier_key carrier_key_of(struct span key)
{
	size_t low = 1, high = CARRIER_KEY_COUNT;
	if (!key.len)
		return CARRIER_KEY_UNKNOWN;
	while (low < high) { /* the first that is as long */
		size_t middle = low + (high - low) / 2;
		if (keys[middle].len < key.len)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < CARRIER_KEY_COUNT && keys[low].len == key.len; low++) {
		if (!memcmp(keys[low].at, key.at, key.len))
			return (enum carrier_key)low;
	}
	return CARRIER_KEY_UNKNOWN;
}
