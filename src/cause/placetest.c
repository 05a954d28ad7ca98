#include "cause/trial.h"

#include <stdlib.h>

#include "base/memory.h"
#include "cause/ratio.h"
#include "cause/topology.h"
#include "fold/label.h"
#include "fold/moment.h"
#include "fold/sentence.h"
#include "incident/incident.h"

/* ---- R2: does it fail where it was changed, and there only? ---- */

#define BEFORE_US HOUR_US
#define AFTER_LEAST_US (10 * SECOND_US)
/* Blocks in which clusters are looked for: minutes, or shorter ones where there are too few minutes. */
#define BLOCK_US MINUTE_US
#define BLOCK_SHORT_US (10 * SECOND_US)
enum { BLOCKS = 360, EVENTS_LEAST = 10 };
#define LN_ONE_AND_A_HALF INT64_C(405465)
#define LN_TWO INT64_C(693147)

/* One log of the component, and when it was changed. */
struct place {
	size_t source;
	int64_t at_us; /* INT64_MAX: not in this change */
};

static int place_order(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	if (x->at_us != y->at_us)
		return x->at_us < y->at_us ? -1 : 1;
	return x->source < y->source ? -1 : x->source > y->source;
}

static size_t places_of(const struct trial *t, struct place **places)
{
	*places = memory_new(t->component->n, sizeof **places);
	for (size_t i = 0; i < t->component->n; i++) {
		struct place *p = &(*places)[i];
		*p = (struct place){t->component->sources[i], INT64_MAX};
		for (size_t k = 0; k < t->c->instances_n; k++)
			if (t->c->instances[k].source == p->source && t->c->instances[k].at_us < p->at_us)
				p->at_us = t->c->instances[k].at_us;
	}
	if (t->component->n)
		qsort(*places, t->component->n, sizeof **places, place_order);
	return t->component->n;
}

/* Events and requests of some places in whole bins of [from, to), added to one rate, and to those of the blocks they lie in. */
static struct rate rate_of(const struct trial *t, const struct place *places, size_t n, int64_t from_us, int64_t to_us, uint64_t *chi,
			   uint64_t *freedom)
{
	struct rate sum = {0, 0}, *blocks = memory_new(BLOCKS, sizeof *blocks);
	int64_t block_us = to_us - from_us >= 10 * BLOCK_US ? BLOCK_US : BLOCK_SHORT_US;
	static const char *const signals[] = {"http.failed", "http.requests"};
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < 2; k++) {
			const struct fold_source *s = &t->f->sources[places[i].source];
			const struct fold_series *series = fold_series_find(s, signals[k], "", FACET_NONE, "");
			for (size_t b = 0; series && b < series->n; b++) {
				int64_t at = fold_utc(s, (int64_t)series->bins[b].bin.start_s * SECOND_US);
				if (at < from_us || at + (int64_t)series->width_s * SECOND_US > to_us)
					continue;
				size_t block = (size_t)((at - from_us) / block_us) % BLOCKS;
				*(k ? &sum.out_of : &sum.events) += series->bins[b].bin.n;
				*(k ? &blocks[block].out_of : &blocks[block].events) += series->bins[b].bin.n;
			}
		}
	ratio_scatter(blocks, BLOCKS, chi, freedom);
	memory_free(blocks);
	return sum;
}

/* Where the instances are parted so that both halves are seen for longest during the incident. False: nowhere. */
struct parting {
	size_t changed; /* how many of the places */
	int64_t from_us, to_us;
};

static bool part_places(const struct trial *t, const struct place *places, size_t n, struct parting *out)
{
	*out = (struct parting){0, 0, 0};
	for (size_t i = 1; i < n; i++) {
		if (places[i - 1].at_us == INT64_MAX)
			break;
		int64_t from = places[i - 1].at_us > t->in->onset.at_us ? places[i - 1].at_us : t->in->onset.at_us;
		int64_t to = places[i].at_us < t->in->end.at_us ? places[i].at_us : t->in->end.at_us;
		if (to - from > out->to_us - out->from_us)
			*out = (struct parting){i, from, to};
	}
	return out->changed && out->to_us - out->from_us >= AFTER_LEAST_US;
}

static void append_rate(struct text *t, const char *name, struct rate after, struct rate before)
{
	text_append_string(t, name);
	sentence_count(t, after.events);
	text_append_string(t, " of ");
	sentence_counted(t, after.out_of, "request");
	text_append_string(t, " failed (before: ");
	sentence_count(t, before.events);
	text_append_string(t, " of ");
	sentence_count(t, before.out_of);
	text_append_byte(t, ')');
}

static enum trial_result compare(const struct trial *t, const struct place *places, size_t n, const struct parting *p, struct text *text,
				 struct text *expected)
{
	int64_t onset_us = t->in->onset.lower_us, to_us = t->c->begun_us < onset_us ? t->c->begun_us : onset_us, from_us = to_us - BEFORE_US;
	uint64_t chi = 0, freedom = 0;
	const struct place *rest = places + p->changed;
	size_t rest_n = n - p->changed;
	struct rate a = rate_of(t, places, p->changed, p->from_us, p->to_us, &chi, &freedom);
	struct rate b = rate_of(t, places, p->changed, from_us, to_us, &chi, &freedom);
	struct rate c = rate_of(t, rest, rest_n, p->from_us, p->to_us, &chi, &freedom);
	struct rate d = rate_of(t, rest, rest_n, from_us, to_us, &chi, &freedom);
	if (!a.out_of || !b.out_of || !c.out_of || !d.out_of || a.events + c.events < EVENTS_LEAST) {
		text_append_string(text, "the logs of its instances have too few requests with a status, or too few that failed, to compare");
		return TRIAL_NO_EVIDENCE;
	}
	int64_t phi = ratio_phi(chi, freedom);
	struct ratio rrr = ratio_of_ratios(a, b, c, d, phi), control = ratio_of(c, d, phi);
	append_rate(text, "with the change ", a, b);
	append_rate(text, ", without it ", c, d);
	text_append_string(text, ": rose ");
	ratio_sentence(text, &rrr);
	text_append_string(text, " times as much with it; without it ");
	ratio_sentence(text, &control);
	text_append_string(text, " times");
	text_append_string(expected, "failures at the changed instances that the others do not have: a ratio well above 2");
	if (rrr.lower > LN_TWO)
		return TRIAL_SUPPORTS;
	if (rrr.upper >= LN_ONE_AND_A_HALF || control.lower <= LN_TWO)
		return TRIAL_NO_EVIDENCE;
	/* What one instance takes from something that all share, all miss. */
	if (incident_depth(t->first) > incident_depth(t->component->tier)) {
		text_format(text, "; but what failed first is the %s, which they share: what one takes from it all miss", sentence_tier(t->first));
		return TRIAL_NO_EVIDENCE;
	}
	return TRIAL_REFUTES;
}

enum trial_result trial_instances(const struct trial *t, struct text *text, struct text *expected)
{
	if (t->after && t->c->at.at_us > t->in->end.at_us) {
		text_append_string(text, "it began after the end");
		return TRIAL_NOT_APPLICABLE;
	}
	if (t->component->n < 2 || !t->c->instances_n) {
		text_append_string(text, "no logs tell changed instances from unchanged ones");
		return TRIAL_NOT_APPLICABLE;
	}
	struct place *places;
	size_t n = places_of(t, &places);
	struct parting p;
	enum trial_result result = TRIAL_NOT_APPLICABLE;
	if (part_places(t, places, n, &p))
		result = compare(t, places, n, &p, text, expected);
	else
		text_append_string(text, "at no time of the incident did some instances run with the change and some without");
	memory_free(places);
	return result;
}

/* ---- R8: can it reach what failed first? ---- */

enum trial_result trial_path(const struct trial *t, struct text *text, struct text *expected)
{
	enum tier tier = t->component->n ? t->component->tier : t->c->tier;
	if (t->first == TIER_UNKNOWN) {
		text_append_string(text, "which tier failed first is not known");
		return TRIAL_NOT_APPLICABLE;
	}
	struct text path = {0};
	if (!topology_path(tier, t->first, &path)) {
		text_append_string(text, "its place is not known");
		return TRIAL_NOT_APPLICABLE;
	}
	text_format(text, "it can reach what failed first, the %s: %s", sentence_tier(t->first), path.at);
	text_append_string(expected, "a path from it to what failed first");
	text_release(&path);
	return TRIAL_NO_EVIDENCE;
}
