#include "verify/standins.h"

#include "base/hash.h"
#include "base/memory.h"
#include "redact/address.h"

enum { MOST_IN_ONE = 64 }; /* placeholders of one excerpt, which has at most 256 bytes of text */

/* Of what kind a placeholder is: servers' numbers are their own. */
static uint64_t kind_of(const struct redact_placeholder *p)
{
	return (uint64_t)p->kind << 1 | p->server;
}

/* The keys of the two entries. */
static uint64_t by_number(const struct redact_placeholder *p)
{
	return hash_pair(kind_of(p), p->number) | 1;
}

static uint64_t by_value(const struct redact_placeholder *p, uint64_t value)
{
	return hash_pair(value, kind_of(p) + 1000) | 1;
}

/* The slot of a key, or a free one. */
static struct standin *slot_of(const struct standins *s, uint64_t key)
{
	size_t i = (size_t)(key >> 8) & (s->cap - 1);
	while (s->slots[i].key && s->slots[i].key != key)
		i = (i + 1) & (s->cap - 1);
	return &s->slots[i];
}

static void put(struct standins *s, uint64_t key, uint64_t value)
{
	if (2 * (s->n + 1) > s->cap) {
		struct standins old = *s;
		s->cap = old.cap ? 2 * old.cap : 64;
		s->slots = memory_new(s->cap, sizeof *s->slots);
		for (size_t i = 0; i < old.cap; i++)
			if (old.slots[i].key)
				*slot_of(s, old.slots[i].key) = old.slots[i];
		memory_free(old.slots);
	}
	struct standin *slot = slot_of(s, key);
	s->n += !slot->key;
	*slot = (struct standin){key, value};
}

/* False: the key has another value. */
static bool fits(const struct standins *s, const struct standin *met, size_t met_n, uint64_t key, uint64_t value)
{
	for (size_t i = 0; i < met_n; i++)
		if (met[i].key == key)
			return met[i].value == value;
	const struct standin *slot = s->cap ? slot_of(s, key) : NULL;
	return !slot || !slot->key || slot->value == value;
}

/* The text behind a placeholder up to the next one. */
static struct span literal_at(struct span told, size_t at)
{
	struct redact_placeholder p;
	size_t end = at;
	while (end < told.len && !redact_placeholder_at(told, end, &p))
		end++;
	return (struct span){told.at + at, end - at};
}

/* How many bytes of the original a placeholder stands for, and their hash; 0: none can. `behind`: what follows it. */
static size_t stretch(const struct redact_placeholder *p, struct span original, size_t at, struct span behind, bool last, uint64_t *value)
{
	struct redact_address address;
	if (p->kind == REDACT_ADDRESS && redact_address_at(original, at, &address)) {
		*value = hash_bytes(span_of(address.spelling));
		return address.len;
	}
	struct span rest = span_from(original, at);
	size_t len = rest.len;
	if (last && behind.len)
		len = span_ends(rest, behind) ? rest.len - behind.len : 0;
	else if (!last) {
		ptrdiff_t hit = behind.len && rest.len > 1 ? span_find(span_from(rest, 1), behind) : -1;
		len = hit < 0 ? 0 : (size_t)hit + 1;
	}
	struct text folded = {0};
	for (size_t i = 0; i < len; i++) { /* an e-mail address is the same in either case */
		char c = rest.at[i];
		text_append_byte(&folded, c >= 'A' && c <= 'Z' && p->kind == REDACT_EMAIL ? (char)(c | 0x20) : c);
	}
	*value = hash_bytes(text_span(&folded));
	text_release(&folded);
	return len;
}

bool standins_agree(struct standins *s, struct span original, struct span told)
{
	struct standin met[2 * MOST_IN_ONE];
	size_t met_n = 0, from = 0, at = 0;
	struct redact_placeholder p;
	if (told.len / REDACT_PLACEHOLDER_BYTES > original.len)
		return false;
	while (at < told.len) {
		if (!redact_placeholder_at(told, at, &p)) {
			if (from == original.len || original.at[from++] != told.at[at++])
				return false;
			continue;
		}
		struct span behind = literal_at(told, at + p.len);
		uint64_t value;
		size_t len = stretch(&p, original, from, behind, at + p.len + behind.len == told.len, &value);
		struct standin entries[] = {{by_number(&p), value}, {by_value(&p, value), p.number}};
		if (!len || met_n + 2 > sizeof met / sizeof *met)
			return false;
		for (size_t i = 0; i < 2; i++) {
			if (!fits(s, met, met_n, entries[i].key, entries[i].value))
				return false;
			met[met_n++] = entries[i];
		}
		from += len;
		at += p.len;
	}
	if (from != original.len)
		return false;
	for (size_t i = 0; i < met_n; i++)
		put(s, met[i].key, met[i].value);
	return true;
}

bool standins_in(struct span told)
{
	struct redact_placeholder p;
	for (size_t i = 0; i < told.len; i++)
		if (redact_placeholder_at(told, i, &p))
			return true;
	return false;
}

void standins_release(struct standins *s)
{
	memory_free(s->slots);
	*s = (struct standins){0};
}
