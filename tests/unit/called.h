/* called: logs that name addresses, made by hand.
 *
 * Takes  logs with words: "calls ADDRESS N", "listens ADDRESS", "client ADDRESS N".
 * Gives  a world (made.h) with one source a log.
 * Holds  nothing of its own.
 * Never  has records: who calls whom is told by addresses alone.
 */
#ifndef ONSET_CALLED_H
#define ONSET_CALLED_H

#include <stdlib.h>

#include "made.h"

enum { CALLED_LOGS = 8 };
struct called_log {
	const char *key; /* NULL: no more */
	enum tier tier;
	const char *words;
};

static inline void called_word(struct part *p, const char *verb, const char *address, uint64_t n)
{
	if (!strcmp(verb, "client")) {
		p->clients = realloc(p->clients, (p->clients_n + 1) * sizeof *p->clients);
		p->clients[p->clients_n++] = (struct top){made_string(address), n, 0};
		return;
	}
	p->addresses = realloc(p->addresses, (p->addresses_n + 1) * sizeof *p->addresses);
	p->addresses[p->addresses_n++] = (struct address){strcmp(verb, "calls") ? ADDRESS_LOCAL : ADDRESS_UPSTREAM, made_string(address), n, n / 2, 500, 7, 80};
}

/* A log beside others of the world, before made_fold(). */
static inline struct part *called_add(struct made *m, const struct called_log *log)
{
	struct part *p = made_log(m, log->key, log->tier, "any", 1000, 0, 100);
	char words[200], *rest = words;
	snprintf(words, sizeof words, "%s", log->words);
	for (char *verb; (verb = strtok_r(rest, " ", &rest));) {
		char *address = strtok_r(rest, " ", &rest);
		char *n = strcmp(verb, "listens") ? strtok_r(rest, " ", &rest) : NULL;
		called_word(p, verb, address, n ? strtoull(n, NULL, 10) : 1);
	}
	return p;
}

static inline size_t called_source(const struct fold *f, const char *key)
{
	for (size_t i = 0; i < f->n; i++)
		if (!strcmp(f->sources[i].key, key))
			return i;
	return SIZE_MAX;
}

#endif
