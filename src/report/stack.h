/* stack: the tiers of the logs in the way of a request, and how each fared in an incident.
 *
 * Takes  a draft's sources and topology; an incident's propagation and bursts.
 * Gives  for each tier with a log: its files, its state, from when to when; which calls which.
 * Holds  nothing.
 * Never  says that it began in a tier when the order is not proved.
 */
#ifndef ONSET_STACK_H
#define ONSET_STACK_H

#include "report/document.h"

enum { STACK_TIERS = DOCUMENT_DB + 1, STACK_FILES = 3 };

enum stack_state {
	STACK_QUIET, /* no symptom */
	STACK_HIT,
	STACK_BEGAN, /* the first symptom, proved or not */
};

struct stack_tier {
	enum document_tier tier;
	enum stack_state state;
	struct span files[STACK_FILES]; /* names of its sources, the first of them; twins are left out */
	size_t alike[STACK_FILES];      /* sources of this name */
	size_t files_n;
	int64_t from_us, to_us; /* of its symptoms; INSTANT_NONE: none */
	int64_t lag_us;		/* after the first tier's; INSTANT_NONE: unknown, or within the doubt of the two */
	struct span order;	/* as the draft says it: "first", "after db", "order not provable" */
};
/* That one tier calls another: numbers in `tiers`. */
struct stack_call {
	size_t caller, called;
	bool known; /* stated, or told by addresses; else it is only usual */
};
enum { STACK_CALLS = STACK_TIERS * STACK_TIERS };
struct stack {
	struct stack_tier tiers[STACK_TIERS]; /* lb first; only those with a log */
	size_t n;
	struct stack_call calls[STACK_CALLS]; /* as the draft has them; of a draft without a topology from each to the next */
	size_t calls_n;
};

/* `incident` NULL: all quiet. */
void stack_build(struct stack *s, const struct document *doc, const struct json_t *incident);
/* What a reader is told of the tier: "Began here", "First seen here; order not proved", "Hit 8 s later", "Hit after it", "No symptom". */
void stack_append_state(struct text *out, const struct stack_tier *t);

#endif
