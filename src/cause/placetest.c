#include "cause/trial.h"

#include <stdlib.h>

#include "base/memory.h"
#include "cause/clockroot.h"
#include "cause/mitigation.h"
#include "cause/ratio.h"
#include "cause/rollout.h"
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
/* So far apart two groups may begin to fail at the same time: a shared limit is met by whoever asks next. */
#define TOGETHER_US (5 * SECOND_US)
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

/* A log that is missing for a part of the time from the change to the end may lack the line that says that it was changed. */
static bool is_whole(const struct trial *t, const struct fold_source *s)
{
	int64_t from_us = t->c->begun_us, to_us = t->in->end.at_us;
	for (size_t i = 0; i < s->gaps_n; i++)
		if (fold_utc(s, s->gaps[i].start_us) < to_us && fold_utc(s, s->gaps[i].end_us) > from_us)
			return false;
	return fold_utc(s, s->first_us) <= from_us && fold_utc(s, s->last_us) >= to_us;
}

/* Of the logs that say all of it. */
static size_t places_of(const struct trial *t, struct place **places)
{
	size_t n = 0, reached_n;
	struct change_instance *reached = rollout_instances(t->f, t->all, t->c, &reached_n);
	*places = memory_new(t->component->n, sizeof **places);
	for (size_t i = 0; i < t->component->n; i++) {
		if (!is_whole(t, &t->f->sources[t->component->sources[i]]))
			continue;
		struct place *p = &(*places)[n++];
		*p = (struct place){t->component->sources[i], INT64_MAX};
		for (size_t k = 0; k < reached_n; k++)
			if (reached[k].source == p->source && reached[k].at_us < p->at_us)
				p->at_us = reached[k].at_us;
	}
	memory_free(reached);
	if (n)
		qsort(*places, n, sizeof **places, place_order);
	return n;
}

/* Events and requests of some places in whole bins of [from, to): all together, and by blocks. */
struct tally_of {
	struct rate all, blocks[BLOCKS];
	int64_t first_us; /* of the events; INT64_MAX: none */
};

static struct tally_of *count_of(const struct trial *t, const struct place *places, size_t n, int64_t from_us, int64_t to_us)
{
	struct tally_of *sum = memory_new(1, sizeof *sum);
	int64_t block_us = to_us - from_us >= 10 * BLOCK_US ? BLOCK_US : BLOCK_SHORT_US;
	static const char *const signals[] = {"http.failed", "http.requests"};
	sum->first_us = INT64_MAX;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < 2; k++) {
			const struct fold_source *s = &t->f->sources[places[i].source];
			const struct fold_series *series = fold_series_find(s, signals[k], "", FACET_NONE, "");
			for (size_t b = 0; series && b < series->n; b++) {
				const struct bin *bin = &series->bins[b].bin;
				int64_t at = fold_utc(s, (int64_t)bin->start_s * SECOND_US);
				if (at < from_us || at + (int64_t)series->width_s * SECOND_US > to_us)
					continue;
				struct rate *block = &sum->blocks[(size_t)((at - from_us) / block_us) % BLOCKS];
				*(k ? &sum->all.out_of : &sum->all.events) += bin->n;
				*(k ? &block->out_of : &block->events) += bin->n;
				if (!k && at + bin->first_us < sum->first_us)
					sum->first_us = at + bin->first_us;
			}
		}
	return sum;
}

/* When the change was taken back: from then on none of them runs with it. INT64_MAX: never. */
static int64_t taken_back_us(const struct trial *t)
{
	int64_t first_us = INT64_MAX;
	for (size_t i = 0; i < t->all->n; i++)
		if (&t->all->items[i] != t->c && t->all->items[i].at.at_us < first_us && mitigation_takes_back(&t->all->items[i], t->c))
			first_us = t->all->items[i].at.at_us;
	return first_us;
}

/* Where the instances are parted so that both halves are seen for longest during the incident. False: nowhere. */
struct parting {
	size_t changed; /* how many of the places */
	int64_t from_us, to_us;
};

static bool part_places(const struct trial *t, const struct place *places, size_t n, struct parting *out)
{
	*out = (struct parting){0, 0, 0};
	int64_t end_us = taken_back_us(t);
	end_us = end_us < t->in->end.at_us ? end_us : t->in->end.at_us;
	for (size_t i = 1; i < n; i++) {
		if (places[i - 1].at_us == INT64_MAX)
			break;
		int64_t from = places[i - 1].at_us > t->in->onset.at_us ? places[i - 1].at_us : t->in->onset.at_us;
		int64_t to = places[i].at_us < end_us ? places[i].at_us : end_us;
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

/* What fails before is next to nothing where it is under a tenth of what fails after, and under 1 % of the requests. */
static bool next_to_none(struct rate before, struct rate after)
{
	__extension__ typedef unsigned __int128 wide;
	return before.events * 100 <= before.out_of && (wide)before.events * after.out_of * 10 <= (wide)after.events * before.out_of;
}

/* a, b: changed instances, after and before; c, d: the others. */
struct quarters {
	struct tally_of *a, *b, *c, *d;
	bool one_clock;
};

/* The places tell the time by one clock, or by clocks that were compared: else what one of them logs may be of another time. */
static bool have_one_clock(const struct trial *t, const struct place *places, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (!clockroot_shared(t->f, places[i].source, places[0].source))
			return false;
	return true;
}

static enum trial_result weigh(const struct trial *t, const struct quarters *q, struct text *text, struct text *expected)
{
	struct rate a = q->a->all, b = q->b->all, c = q->c->all, d = q->d->all;
	if (!a.out_of || !b.out_of || !c.out_of || !d.out_of || a.events + c.events < EVENTS_LEAST) {
		text_append_string(text, "the logs of its instances have too few requests with a status, or too few that failed, to compare");
		return TRIAL_NO_EVIDENCE;
	}
	/* Where nothing failed before, the difference after is the difference in differences: the ratio of two noughts only adds noise. */
	bool quiet = next_to_none(b, a.events ? a : c) && next_to_none(d, c.events ? c : a);
	uint64_t chi = 0, freedom = 0;
	ratio_scatter_of_two(q->a->blocks, q->c->blocks, BLOCKS, &chi, &freedom);
	int64_t phi = ratio_phi(chi, freedom);
	struct ratio rrr = quiet ? ratio_of(a, c, phi) : ratio_of_ratios(a, b, c, d, phi), control = ratio_of(c, d, RATIO_PHI_ONE);
	append_rate(text, "with the change ", a, b);
	append_rate(text, ", without it ", c, d);
	text_append_string(text, quiet ? ": failed " : ": rose ");
	ratio_sentence(text, &rrr);
	text_append_string(text, " times as much with it; without it they rose at least ");
	ratio_number(text, ratio_milli(control.lower));
	text_append_string(text, " times");
	text_append_string(expected, "failures at the changed instances that the others do not have: a ratio well above 2");
	/* What failed some time before, but hardly, tells that a clock is off rather than what is usual; what starts anew while others fail has
	 * no connection yet, whatever its version. */
	if (rrr.lower > LN_TWO && !t->after && t->ordered && q->one_clock && (quiet || (b.events >= EVENTS_LEAST && d.events >= EVENTS_LEAST)))
		return TRIAL_SUPPORTS;
	/* Alike: surely not twice as much, as a cause would have it, nor far less, which would be as odd. */
	if (rrr.upper >= LN_TWO || rrr.ln < -LN_TWO || control.lower <= LN_TWO)
		return TRIAL_NO_EVIDENCE;
	if (incident_depth(t->first) <= incident_depth(t->component->tier))
		return TRIAL_REFUTES;
	/* What one instance takes from something that all share, all miss in the end; but it itself would miss it first, and most. */
	int64_t apart_us = q->a->first_us - q->c->first_us;
	text_format(text, "; what failed first is the %s, which they share: with the change the first failed ", sentence_tier(t->first));
	sentence_duration(text, apart_us);
	text_append_string(text, apart_us < 0 ? " earlier" : " later");
	return apart_us < -TOGETHER_US ? TRIAL_NO_EVIDENCE : TRIAL_REFUTES;
}

static enum trial_result compare(const struct trial *t, const struct place *places, size_t n, const struct parting *p, struct text *text,
				 struct text *expected)
{
	int64_t onset_us = t->in->onset.lower_us, to_us = t->c->begun_us < onset_us ? t->c->begun_us : onset_us, from_us = to_us - BEFORE_US;
	const struct place *rest = places + p->changed;
	size_t rest_n = n - p->changed;
	struct quarters q = {count_of(t, places, p->changed, p->from_us, p->to_us), count_of(t, places, p->changed, from_us, to_us),
			     count_of(t, rest, rest_n, p->from_us, p->to_us), count_of(t, rest, rest_n, from_us, to_us), have_one_clock(t, places, n)};
	enum trial_result result = weigh(t, &q, text, expected);
	memory_free(q.a);
	memory_free(q.b);
	memory_free(q.c);
	memory_free(q.d);
	return result;
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

/* The addresses that its logs call: not that of what failed first. */
static void where_it_leads(const struct trial *t, struct text *text)
{
	const struct callee_list *links = &t->topology->links;
	const struct callee *most = NULL;
	for (size_t i = 0; i < links->n; i++)
		for (size_t k = 0; k < t->component->n; k++)
			if (links->items[i].caller == t->component->sources[k] && (!most || links->items[i].records > most->records))
				most = &links->items[i];
	if (t->first_source != SIZE_MAX)
		text_format(text, " of %s", label_of(t->f, t->first_source));
	if (!most) {
		text_append_string(text, ": no address in these logs leads from one to the other");
		return;
	}
	text_append_string(text, ": the addresses that it names lead elsewhere, most often ");
	text_append_printable(text, span_of(most->address));
	if (most->called >= 0)
		text_format(text, " (%s)", label_of(t->f, (size_t)most->called));
	text_append_string(text, ", in ");
	sentence_counted(text, most->records, "record");
}

/* The first burst of the incident in one of its own logs; NULL: none. */
static const struct burst *own_burst(const struct trial *t)
{
	for (size_t i = 0; i < t->d->bursts_n; i++)
		for (size_t k = 0; k < t->component->n; k++)
			if (incident_has(t->in, &t->d->bursts[i]) && t->d->bursts[i].source_index == t->component->sources[k])
				return &t->d->bursts[i];
	return NULL;
}

enum trial_result trial_path(const struct trial *t, struct text *text, struct text *expected)
{
	enum tier tier = t->component->n ? t->component->tier : t->c->tier;
	if (t->first == TIER_UNKNOWN) {
		text_append_string(text, "which tier failed first is not known");
		return TRIAL_NOT_APPLICABLE;
	}
	struct text path = {0};
	if (!topology_has(t->topology, tier) || !topology_has(t->topology, t->first)) {
		text_append_string(text, "its place is not known");
		return TRIAL_NOT_APPLICABLE;
	}
	text_append_string(expected, "a path from it to what failed first");
	struct topology_end first = {t->first, t->first_source};
	bool reaches = !t->component->n && topology_route(t->topology, (struct topology_end){tier, SIZE_MAX}, first, &path);
	for (size_t i = 0; i < t->component->n && !reaches; i++)
		reaches = topology_route(t->topology, (struct topology_end){tier, t->component->sources[i]}, first, &path);
	text_format(text, "it %s what failed first, the %s", reaches ? "can reach" : "cannot reach", sentence_tier(t->first));
	const struct burst *own = NULL;
	if (reaches) {
		text_format(text, ": %s", path.at);
	} else if (strcmp(t->topology->how, "addresses") != 0) {
		text_append_string(text, ": neither calls the other in the topology that was stated");
	} else {
		where_it_leads(t, text);
		/* Two that share nothing may fail at once: then it is one incident of two. */
		own = own_burst(t);
		if (own)
			text_format(text, "; but %s shows failures of its own (%s)", label_of(t->f, own->source_index), own->signal);
	}
	text_release(&path);
	return reaches || own ? TRIAL_NO_EVIDENCE : TRIAL_REFUTES;
}
