/* requests: logs of the same requests, as sources with wrong clocks would have written them, for tests of clocks.
 *
 * Takes  a made world (made.h) and what is true of each log's clock.
 * Gives  sampled ids in its parts.
 * Holds  nothing.
 * Never  looks at what the program makes of them.
 */
#ifndef ONSET_REQUESTS_H
#define ONSET_REQUESTS_H

#include "made.h"
#include "random.h"

struct log_clock {
	int64_t offset_us;        /* what it prints less the truth: zone and clock */
	int64_t step_at_s, step_us; /* from then on more; 0: never */
	int64_t drift_ppb;
	int64_t resolution_us;
	bool timed;               /* prints how long a request took, at its end; else one line somewhere in it */
	unsigned wrong_percent;   /* of the ids are of other requests, up to 30 s away */
};

static inline int64_t log_clock_prints(const struct log_clock *c, int64_t at_us)
{
	int64_t out = at_us + c->offset_us + at_us / 1000 * c->drift_ppb / 1000000;
	out += c->step_at_s && at_us >= c->step_at_s * SECOND_US ? c->step_us : 0;
	return (MADE_T0 * SECOND_US + out) / c->resolution_us * c->resolution_us;
}

static inline int requests_order(const void *a, const void *b)
{
	const struct sampled_id *x = a, *y = b;
	if (x->hour != y->hour)
		return x->hour < y->hour ? -1 : 1;
	return x->hash < y->hash ? -1 : x->hash > y->hash;
}

/* Adds n requests in [from_s, to_s) after MADE_T0; the same `seed` gives the same requests. */
static inline void requests_log(struct part *p, const struct log_clock *c, uint64_t seed, size_t n, int64_t from_s, int64_t to_s)
{
	uint64_t line = random_state;
	random_state = seed * 2654435761u + 88172645463325252u;
	size_t cap = p->ids_n;
	p->ids = memory_grow(p->ids, &cap, p->ids_n + n, sizeof *p->ids);
	p->ids_are_requests = true;
	p->resolution_us = c->resolution_us;
	for (size_t i = 0; i < n; i++) {
		uint64_t hash = random_next();
		int64_t end_us = from_s * SECOND_US + (int64_t)(random_next() % (uint64_t)((to_s - from_s) * SECOND_US));
		int64_t length_us = 20000 + (int64_t)(random_next() % 200000);
		uint64_t kept = random_state;
		random_state = line;
		int64_t at_us = c->timed ? end_us : end_us - (int64_t)(random_next() % (uint64_t)length_us);
		if (random_next() % 100 < c->wrong_percent)
			at_us += (int64_t)(random_next() % 60000000) - 30 * SECOND_US;
		line = random_state;
		random_state = kept;
		int64_t printed_us = log_clock_prints(c, at_us);
		p->ids[p->ids_n++] = (struct sampled_id){(uint32_t)(printed_us / HOUR_US), hash, printed_us, printed_us,
							 c->timed ? length_us / 1000 * 1000 : -1};
	}
	qsort(p->ids, p->ids_n, sizeof *p->ids, requests_order);
	random_state = line;
	p->first_us = log_clock_prints(c, from_s * SECOND_US);
	p->last_us = log_clock_prints(c, to_s * SECOND_US);
}

/* It prints no zone. */
static inline void requests_unzoned(struct part *p)
{
	p->zone = STAMP_NONE;
	memory_free(p->zone_text);
	p->zone_text = made_string("");
}

#endif
