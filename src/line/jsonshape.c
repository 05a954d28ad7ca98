#include "line/jsonshape.h"

#include "base/hash.h"

void jsonshape_clear(struct jsonshape *s)
{
	s->n = 0;
	memset(s->slots, 0xFF, sizeof(s->slots));
	s->first[0] = s->first[1] = JSONSHAPE_NONE;
}

static uint16_t remember(struct jsonshape *s, const struct jsonkeys *keys, uint16_t parent, struct span key)
{
	if (key.len + 2 > JSONSHAPE_KEY_BYTES)
		return JSONSHAPE_NONE;
	size_t slot = hash_pair(parent, hash_bytes(key)) & (JSONSHAPE_SLOTS - 1);
	for (; s->slots[slot] != JSONSHAPE_NONE; slot = (slot + 1) & (JSONSHAPE_SLOTS - 1)) {
		const struct jsonshape_key *k = &s->keys[s->slots[slot]];
		if (k->parent == parent && k->len == key.len + 2 && !memcmp(k->text, key.at, key.len))
			return s->slots[slot];
	}
	if (s->n == JSONSHAPE_KEYS)
		return JSONSHAPE_NONE;
	struct jsonshape_key *k = &s->keys[s->n];
	k->next[0] = k->next[1] = JSONSHAPE_NONE;
	k->parent = parent;
	k->node = jsonkeys_child(keys, parent, key);
	k->len = (unsigned char)(key.len + 2);
	memcpy(k->text, key.at, key.len);
	memcpy(k->text + key.len, "\":", 2);
	s->slots[slot] = s->n;
	return s->n++;
}

struct jsonshape_key *jsonshape_learn(struct jsonshape *s, uint16_t *guess, const struct jsonkeys *keys, uint16_t parent,
				      struct span key)
{
	uint16_t found = remember(s, keys, parent, key);
	if (found == JSONSHAPE_NONE)
		return NULL;
	if (guess[0] != found) {
		guess[1] = guess[0];
		guess[0] = found;
	}
	return &s->keys[found];
}
