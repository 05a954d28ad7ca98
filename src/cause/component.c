#include "cause/component.h"

#include "base/memory.h"
#include "fold/label.h"

/* Some event of the source names the service. */
static bool events_name(const struct fold *f, const struct fold_source *s, const char *service)
{
	for (size_t k = 0; k < s->entries_n; k++) {
		const struct part *p = f->tally->entries[s->entries[k]].part;
		for (size_t e = 0; e < p->events_n; e++)
			if (!strcmp(p->events[e].service, service))
				return true;
	}
	return false;
}

/* The source's name is that of the service, beside a number and what stands before and behind it in a path: "api/shop-api-1.log",
 * "compose.log#shop-api-1" are of "shop-api", "shop-api-admin.log" is not. */
static bool label_names(const char *label, const char *service)
{
	size_t n = strlen(service);
	for (const char *at = strstr(label, service); n && at; at = strstr(at + 1, service)) {
		bool begins = at == label || strchr("/#:@", at[-1]), ends = !at[n] || strchr("./#:@", at[n]);
		if (begins && (ends || (strchr("-_", at[n]) && is_digit(at[n + 1]))))
			return true;
	}
	return false;
}

void component_find(const struct fold *f, const char *service, size_t source, struct component *out)
{
	*out = (struct component){memory_new(f->n, sizeof *out->sources), 0, TIER_UNKNOWN};
	bool named = service && *service;
	for (size_t i = 0; i < f->n; i++) {
		const struct fold_source *s = &f->sources[i];
		bool of = i == source || (named && events_name(f, s, service)) ||
			  (named && source == SIZE_MAX && label_names(label_of(f, i), service));
		if (!of || !source_counts(s))
			continue;
		out->tier = !out->n || out->tier == s->tier ? s->tier : TIER_UNKNOWN;
		out->sources[out->n++] = i;
	}
}

void component_release(struct component *c)
{
	memory_free(c->sources);
	*c = (struct component){0};
}
