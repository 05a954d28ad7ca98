#include "story/label.h"

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
	for (size_t at = strlen(key); at-- > 1;)
		if (key[at - 1] == '/' && unique(f, source, span_of(key + at)))
			return key + at;
	return key;
}
