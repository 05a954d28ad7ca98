#include "redact/aliases.h"

#include <stdio.h>

#include "base/hash.h"
#include "base/memory.h"

enum { FIRST_SLOTS = 256 };

void aliases_release(struct aliases *l)
{
	for (size_t i = 0; i < l->n; i++)
		memory_free(l->entries[i].value);
	memory_free(l->entries);
	memory_free(l->slots);
	*l = (struct aliases){0};
}

/* The slot of a value, or the free one where it belongs. */
static size_t slot_of(const struct aliases *l, struct span value, bool reserved)
{
	size_t i = (size_t)hash_bytes(value) & (l->slots_n - 1);
	for (; l->slots[i]; i = (i + 1) & (l->slots_n - 1)) {
		const struct alias *e = &l->entries[l->slots[i] - 1];
		if (e->reserved == reserved && span_equal((struct span){e->value, e->len}, value))
			break;
	}
	return i;
}

static void grow(struct aliases *l)
{
	memory_free(l->slots);
	l->slots_n = l->slots_n ? 2 * l->slots_n : FIRST_SLOTS;
	l->slots = memory_new(l->slots_n, sizeof *l->slots);
	for (size_t i = 0; i < l->n; i++)
		l->slots[slot_of(l, (struct span){l->entries[i].value, l->entries[i].len}, l->entries[i].reserved)] = (uint32_t)i + 1;
}

static struct alias *learn(struct aliases *l, enum redact_kind kind, struct span value, bool reserved)
{
	if (2 * l->n >= l->slots_n)
		grow(l);
	size_t slot = slot_of(l, value, reserved);
	if (!l->slots[slot]) {
		l->entries = memory_grow(l->entries, &l->cap, l->n + 1, sizeof *l->entries);
		l->entries[l->n++] = (struct alias){.value = span_copy(value), .len = value.len, .kind = kind, .reserved = reserved};
		l->slots[slot] = (uint32_t)l->n;
	}
	return &l->entries[l->slots[slot] - 1];
}

struct alias *aliases_learn(struct aliases *l, enum redact_kind kind, struct span value)
{
	return learn(l, kind, value, false);
}

struct alias *aliases_find(const struct aliases *l, struct span value)
{
	if (!l->slots_n)
		return NULL;
	uint32_t slot = l->slots[slot_of(l, value, false)];
	return slot ? &l->entries[slot - 1] : NULL;
}

void aliases_spread(struct aliases *l, struct span value, size_t first)
{
	struct alias *name = aliases_find(l, value);
	if (!name || name->structured)
		return;
	name->structured = true;
	if (!first || first == value.len)
		return;
	uint32_t index = (uint32_t)(name - l->entries) + 1;
	struct alias *word = learn(l, name->kind, span_head(value, first), false);
	l->entries[index - 1].before = word->longer;
	word->longer = index;
}

void aliases_reserve(struct aliases *l, struct span placeholder)
{
	learn(l, REDACT_KIND_COUNT, placeholder, true);
}

static int placeholder(char out[static REDACT_PLACEHOLDER_BYTES], const struct alias *e)
{
	const char *word = e->server ? REDACT_SERVER_WORD : redact_kind_word(e->kind);
	return snprintf(out, REDACT_PLACEHOLDER_BYTES, "%s-%lu", word, (unsigned long)e->number);
}

void aliases_append(struct aliases *l, struct alias *entry, struct text *out)
{
	char name[REDACT_PLACEHOLDER_BYTES];
	uint32_t *next = &l->next[entry->server ? (size_t)REDACT_KIND_COUNT : (size_t)entry->kind];
	int len;
	if (!entry->number)
		do {
			entry->number = ++*next;
			len = placeholder(name, entry);
		} while (l->slots[slot_of(l, (struct span){name, (size_t)len}, true)]);
	len = placeholder(name, entry);
	text_append(out, (struct span){name, (size_t)len});
	entry->places++;
}
