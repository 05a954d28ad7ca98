#include "parse/groupfields.h"

#include <stdatomic.h>

#include "base/memory.h"
#include "line/access.h"

struct group_fields {
	_Atomic(unsigned char *) *of; /* NULL before the first line */
};

bool field_named(struct span name, enum field *field)
{
	if (field_of(name, field))
		return true;
	for (int i = 0; i < FIELD_COUNT; i++) {
		struct span known = span_of(field_name((enum field)i));
		size_t n = 0;
		while (n < known.len && known.len == name.len && (known.at[n] == '.' ? '_' : known.at[n]) == name.at[n])
			n++;
		if (n == name.len && n == known.len) {
			*field = (enum field)i;
			return true;
		}
	}
	struct access_meaning m = access_variable(name);
	*field = (enum field)m.field;
	return m.what != ACCESS_IGNORED && m.what != ACCESS_TAIL;
}

struct group_fields *group_fields_new(void)
{
	struct group_fields *g = memory_new(1, sizeof *g);
	g->of = memory_new(1, sizeof *g->of);
	return g;
}

void group_fields_free(struct group_fields *g)
{
	if (!g)
		return;
	memory_free(atomic_load(g->of));
	memory_free(g->of);
	memory_free(g);
}

/* Threads that come at the same time each make a table, and one is kept. */
static __attribute__((noinline)) const unsigned char *make(const struct group_fields *g, const struct regex *re)
{
	unsigned char *made = memory_new(REGEX_MAX_GROUPS + 1, 1), *kept = NULL;
	memset(made, FIELD_IGNORED, REGEX_MAX_GROUPS + 1);
	for (unsigned i = 0; i <= regex_groups(re); i++) {
		enum field field;
		struct span name = regex_group_name(re, i);
		if (name.len && field_named(name, &field))
			made[i] = (unsigned char)field;
	}
	if (atomic_compare_exchange_strong(g->of, &kept, made))
		return made;
	memory_free(made);
	return kept;
}

const unsigned char *group_fields_of(const struct group_fields *g, const struct regex *re)
{
	const unsigned char *of = atomic_load_explicit(g->of, memory_order_acquire);
	return of ? of : make(g, re);
}
