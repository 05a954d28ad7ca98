#include "fold/label.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"

/* Where the path ends in a source's key: what stands behind it is the name of a stream. */
static size_t path_len(const struct fold_source *s)
{
	size_t len = strlen(s->key), of_stream = s->stream && *s->stream ? strlen(s->stream) + 1 : 0;
	return of_stream < len ? len - of_stream : len;
}

static bool unique(const struct fold *f, size_t source, struct span tail)
{
	for (size_t i = 0; i < f->n; i++) {
		struct span key = span_of(f->sources[i].key);
		if (i == source || !span_ends(key, tail))
			continue;
		/* "my-access.log" does not end with the component "access.log". */
		if (key.len == tail.len || key.at[key.len - tail.len - 1] == '/' || key.at[key.len - tail.len - 1] == ':')
			return false;
	}
	return true;
}

const char *label_of(const struct fold *f, size_t source)
{
	const char *key = f->sources[source].key;
	if (f->sources[source].label)
		return f->sources[source].label;
	for (size_t at = path_len(&f->sources[source]); at-- > 1;)
		if (key[at - 1] == '/' && unique(f, source, span_of(key + at)))
			return key + at;
	return key;
}

/* How many sources have a tail, 0, 1 or 2 for more. */
static unsigned owners(const uint64_t *tails, size_t n, uint64_t tail)
{
	size_t low = 0, high = n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (tails[middle] < tail)
			low = middle + 1;
		else
			high = middle;
	}
	return low == n || tails[low] != tail ? 0 : low + 1 < n && tails[low + 1] == tail ? 2 : 1;
}

/* A key's tails are all different, so a tail that is met twice has two owners. */
void label_all(struct fold *f)
{
	uint64_t *tails = NULL;
	size_t n = 0, cap = 0;
	for (size_t i = 0; i < f->n; i++) {
		const char *key = f->sources[i].key;
		for (size_t at = 0; key[at]; at++) {
			if (at && key[at - 1] != '/' && key[at - 1] != ':')
				continue;
			tails = memory_grow(tails, &cap, n + 1, sizeof *tails);
			tails[n++] = hash_bytes(span_of(key + at));
		}
	}
	if (n)
		qsort(tails, n, sizeof *tails, hash_order);
	for (size_t i = 0; i < f->n; i++) {
		struct fold_source *s = &f->sources[i];
		s->label = s->key;
		for (size_t at = path_len(s); at-- > 1 && s->label == s->key;)
			if (s->key[at - 1] == '/' && owners(tails, n, hash_bytes(span_of(s->key + at))) == 1)
				s->label = s->key + at;
	}
	memory_free(tails);
}
