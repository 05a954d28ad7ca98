/* stage: one incident among logs made by hand, as the mechanisms of causes look at it.
 *
 * Takes  logs (made.h), the second of the onset and of the end, bursts, refusals, changes.
 * Gives  a struct scene, and what is found in it by cause.
 * Holds  everything until stage_release().
 * Never  measures: the load is what a test says it is, unknown unless it does.
 */
#ifndef ONSET_STAGE_H
#define ONSET_STAGE_H

#include "cause/score.h"
#include "fold/evidence.h"
#include "fold/moment.h"
#include "fold/sentence.h"
#include "made.h"

struct stage {
	struct made m;
	struct front front;
	struct draft *d;
	struct incident *in;
	struct topology topology;
	struct load_view load;
	struct track impact;
	struct scene s;
	struct hypothesis_list found;
};

/* Logs first: made_init(&stage.m), made_log(&stage.m, ...). */
static inline void stage_set(struct stage *x, int64_t onset_s, int64_t end_s)
{
	made_fold(&x->m);
	front_init(&x->front, x->m.fold);
	topology_usual(&x->topology);
	x->d = memory_new(1, sizeof *x->d);
	x->d->bursts = memory_new(16, sizeof *x->d->bursts);
	x->d->incidents = memory_new(1, sizeof *x->d->incidents);
	x->d->incidents_n = 1;
	x->in = &x->d->incidents[0];
	x->in->id = made_string("i1");
	x->in->onset = (struct moment){made_us(onset_s, 0), made_us(onset_s, 0), made_us(onset_s, 1000), NULL};
	x->in->end = (struct moment){made_us(end_s, 0), made_us(end_s, 0), made_us(end_s, 1000), NULL};
	x->in->refusals = memory_new(8, sizeof *x->in->refusals);
	x->in->changes = memory_new(8, sizeof *x->in->changes);
	x->load = (struct load_view){.unknown = "not said", .no_flight = "not said", .source = SIZE_MAX, .onset = x->in->onset};
	track_init(&x->impact, made_us(onset_s - 300, 0), made_us(end_s + 300, 0), 10 * SECOND_US);
	x->s = (struct scene){.f = x->m.fold,
			      .front = &x->front,
			      .d = x->d,
			      .in = x->in,
			      .topology = &x->topology,
			      .load = &x->load,
			      .impact = &x->impact,
			      .database = SIZE_MAX,
			      .before_from_us = made_us(0, 0)};
	for (size_t i = 0; i < x->m.fold->n && x->s.database == SIZE_MAX; i++)
		if (x->m.fold->sources[i].tier == TIER_DB)
			x->s.database = i;
}

static inline size_t stage_source(const struct stage *x, const char *key)
{
	for (size_t i = 0; i < x->m.fold->n; i++)
		if (!strcmp(x->m.fold->sources[i].key, key))
			return i;
	return SIZE_MAX;
}

/* In the order of their onsets. */
static inline void stage_burst(struct stage *x, const char *key, const char *signal, const char *class, int64_t from_s, int64_t to_s, uint64_t n)
{
	size_t source = stage_source(x, key);
	const struct fold_source *from = &x->m.fold->sources[source];
	x->d->bursts[x->d->bursts_n++] = (struct burst){.id = made_string(signal),
							.signal = made_string(signal),
							.class = made_string(class),
							.tier = from->tier,
							.source = made_string(from->id),
							.source_index = source,
							.count = n,
							.onset = moment_of(from, made_us(from_s, 0)),
							.end = moment_of(from, made_us(to_s, 0)),
							.incident = made_string("i1")};
}

static inline void stage_refusal(struct stage *x, const char *key, const char *class, int64_t from_s, int64_t to_s, uint64_t n, bool echo)
{
	const struct fold_source *from = &x->m.fold->sources[stage_source(x, key)];
	x->in->refusals[x->in->refusals_n++] = (struct refusal){.tier = from->tier,
								.source = made_string(from->id),
								.class = made_string(class),
								.count = n,
								.echo = echo,
								.onset = moment_of(from, made_us(from_s, 0)),
								.end = moment_of(from, made_us(to_s, 0))};
}

static inline struct change *stage_change(struct stage *x, const char *key, const char *kind, int64_t at_s, int64_t end_s)
{
	size_t source = stage_source(x, key);
	const struct fold_source *from = &x->m.fold->sources[source];
	struct change *c = &x->in->changes[x->in->changes_n++];
	*c = (struct change){.kind = made_string(kind),
			     .tier = from->tier,
			     .source = made_string(from->id),
			     .source_index = source,
			     .summary = made_string(kind),
			     .at = moment_of(from, made_us(at_s, 0)),
			     .end_us = end_s ? made_us(end_s, 0) : INSTANT_NONE};
	return c;
}

/* A front that was measured: `before` requests a second, no rise. */
static inline void stage_flat(struct stage *x, int64_t before)
{
	x->load.unknown = NULL;
	x->load.before_ppm = x->load.seconds_before_ppm = before * 1000000;
}

/* The hypothesis of that cause; NULL: none. */
static inline struct hypothesis *stage_found(const struct stage *x, const char *cause)
{
	for (size_t i = 0; i < x->found.n; i++)
		if (!strcmp(x->found.items[i].cause, cause))
			return &x->found.items[i];
	return NULL;
}

static inline bool stage_stands(const struct stage *x, const char *cause)
{
	return stage_found(x, cause) && !stage_found(x, cause)->ruled_out;
}

/* Some sentence of it holds the words. */
static inline bool stage_says(const struct hypothesis *h, bool against, const char *words)
{
	for (size_t i = 0; i < (against ? h->against_n : h->for_n); i++)
		if (strstr(against ? h->against_text[i] : h->for_text[i], words))
			return true;
	return false;
}

static inline void stage_release(struct stage *x)
{
	hypothesis_release(&x->found);
	track_release(&x->impact);
	front_release(&x->front);
	draft_free(x->d);
	made_release(&x->m);
	*x = (struct stage){0};
}

#endif
