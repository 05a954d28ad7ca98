#include "incident/retried.h"

#include "base/memory.h"
#include "fold/moment.h"

/* No user met it. The front has to be a front: an application's own records are not what users got. */
static bool unmet(const struct fold *f, const struct front *a, const struct burst *b)
{
	if (strcmp(b->signal, "backend.down") != 0 || (b->tier != TIER_LB && b->tier != TIER_WEB) || (a->tier != TIER_LB && a->tier != TIER_WEB))
		return false;
	int64_t from_us = b->onset.lower_us, to_us = b->end.upper_us;
	if (moment_vague(&f->sources[b->source_index])) {
		from_us = INT64_MAX;
		to_us = INT64_MIN;
		for (size_t i = 0; i < a->n; i++) {
			const struct fold_source *s = &f->sources[a->sources[i]];
			int64_t first_us = fold_utc(s, s->first_us), last_us = fold_utc(s, s->last_us);
			from_us = first_us < from_us ? first_us : from_us;
			to_us = last_us > to_us ? last_us : to_us;
		}
	}
	return a->n && front_count(f, a, "http.requests", from_us, to_us, FRONT_DURING) &&
	       front_count(f, a, "http.failed", from_us, to_us, FRONT_DURING) * RETRIED_FAILED < b->count;
}

/* By their best estimates: a clock that is known to minutes only would be beside everything. */
static bool beside(const struct burst *a, const struct burst *b)
{
	return a->onset.at_us - RETRIED_APART_US <= b->end.at_us && b->onset.at_us <= a->end.at_us + RETRIED_APART_US;
}

bool *retried_find(const struct fold *f, const struct front *a, const struct draft *d)
{
	bool *is_unmet = memory_new(d->bursts_n, sizeof *is_unmet), *out = memory_new(d->bursts_n, sizeof *out);
	for (size_t i = 0; i < d->bursts_n; i++)
		is_unmet[i] = unmet(f, a, &d->bursts[i]);
	for (size_t i = 0; i < d->bursts_n; i++) {
		out[i] = is_unmet[i];
		for (size_t k = 0; k < d->bursts_n && out[i]; k++)
			out[i] = is_unmet[k] || !beside(&d->bursts[i], &d->bursts[k]);
	}
	memory_free(is_unmet);
	return out;
}
