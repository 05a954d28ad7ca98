/* topology: who calls whom: tier by tier, and log by log where addresses tell.
 *
 * Takes  what the user stated ("lb > web > app > pool > db"); else a fold, whose addresses tell some of it (cause/callee.h); what nothing
 *        tells is as usual: each tier calls the next one behind it.
 * Gives  whether a tier, or a source, calls another one, directly or through others. Errors and slowness travel from the called to the
 *        caller, load from the caller to the called.
 * Holds  one bit for each pair of tiers, and one for each pair of sources (owned).
 * Never  learns from the logs what came first: an order in time is no proof of a call. Nothing that is inferred overrules what is stated.
 *
 * What a source calls is known when it names addresses, and each of them is that of a log that is here, or of a database or a pooler whose
 * log is not: then it calls those and no others. A log that names none is as those of its tier whose names differ from its own in
 * numbers only: instances of one thing. A source that nobody is known to call is called by those of whom it is not known whom they call;
 * when nobody of these has it behind him, by all of the nearest tier before it.
 */
#ifndef ONSET_TOPOLOGY_H
#define ONSET_TOPOLOGY_H

#include <stdbool.h>

#include "cause/callee.h"

struct topology {
	bool calls[TIER_COUNT][TIER_COUNT];  /* [caller][called], closed under "calls somebody who calls" */
	bool direct[TIER_COUNT][TIER_COUNT]; /* the calls themselves */
	bool by_address[TIER_COUNT][TIER_COUNT]; /* those of them that addresses tell */
	const char *how;                     /* static: "stated", "addresses", "usual" */
	struct callee_list links;              /* whatever is stated */
	/* source by source, where addresses tell; NULL: nothing but tiers is known */
	uint64_t *reach;                     /* owned: n rows of `words` words; a bit for each source that the row's calls */
	size_t n, words;
	unsigned char *tier;                 /* owned: of each source, 0 when it can neither call nor be called */
};
enum {
	TOPOLOGY_SOURCES = 4096, /* with more than these only tiers are told apart: a row has half a kilobyte */
	TOPOLOGY_CHAIN = 16,     /* applications that call one another */
};

/* lb > web > app > pool > db. */
void topology_usual(struct topology *t);
/* Chains of tiers, from the caller to the called, separated by commas: "lb > web > app > db, app > pool > db". False with `d`: an
 * unknown tier, a chain of one, a tier that calls itself (also over others). */
bool topology_read(struct topology *t, struct span words, struct diag *d);
/* What was stated, as topology_read() takes it (what does not read was refused where it was stated: the usual one); NULL: what the fold's
 * addresses tell, else the usual one. With the links in any case. It must not outlive the fold. */
void topology_init(struct topology *t, const struct fold *f, const char *stated);
void topology_release(struct topology *t);

/* True when the topology names the tier. */
bool topology_has(const struct topology *t, enum tier tier);
/* True when there is a path between the two tiers, whoever calls, and then its words, "app > pool > db"; a tier has a path to itself.
 * False: `path` is left as it is. */
bool topology_path(const struct topology *t, enum tier from, enum tier to, struct text *path);

/* A source (index; SIZE_MAX: not known which) of a tier. */
struct topology_end {
	enum tier tier;
	size_t source;
};
/* True when the caller calls the called, over whomever: by the sources where both are known, else by their tiers. */
bool topology_calls(const struct topology *t, struct topology_end caller, struct topology_end called);
/* The same as topology_path() for two sources; `path` names the tiers between them that lie on it. */
bool topology_route(const struct topology *t, struct topology_end from, struct topology_end to, struct text *path);

#endif
