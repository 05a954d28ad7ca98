/* made: a small world of logs, made by hand, for tests of the story: parts without files.
 *
 * Takes  what each log would have said, second by second.
 * Gives  a tally with one part per log and the built-in signals: what fold_new() and story_tell() take.
 * Holds  everything until made_release().
 * Never  reads a log: the numbers of a test are its own truth.
 */
#ifndef ONSET_MADE_H
#define ONSET_MADE_H

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "builtin.h"
#include "fold/fold.h"
#include "incident/slow.h"
#include "unit.h"

/* 2026-11-22 11:00:00 UTC: `date -u -d @1795345200`. */
#define MADE_T0 INT64_C(1795345200)

struct made {
	struct tally tally;
	struct signal_set *signals;
	struct story_options options;
	struct diag_list trouble;
	struct fold *fold;
};

static inline char *made_string(const char *string)
{
	return span_copy(span_of(string));
}

static inline void made_init(struct made *m)
{
	*m = (struct made){.signals = builtin_signals()};
}

static inline void made_release(struct made *m)
{
	fold_free(m->fold);
	for (size_t i = 0; i < m->tally.n; i++) {
		part_free(m->tally.entries[i].part);
		memory_free(m->tally.entries[i].locations[0].key);
		memory_free(m->tally.entries[i].locations[0].path);
		memory_free(m->tally.entries[i].locations);
	}
	memory_free(m->tally.entries);
	signal_set_free(m->signals);
	diag_release(&m->trouble);
	*m = (struct made){0};
}

/* A log that covers [from_s, to_s] after MADE_T0 with stamps of that resolution that print their zone. */
static inline struct part *made_log(struct made *m, const char *key, enum tier tier, const char *format, int64_t resolution_us,
				    int64_t from_s, int64_t to_s)
{
	struct tally *t = &m->tally;
	t->entries = memory_grow(t->entries, &t->cap, t->n + 1, sizeof *t->entries);
	struct tally_entry *e = &t->entries[t->n++];
	e->part = memory_new(1, sizeof *e->part);
	e->locations = memory_new(1, sizeof *e->locations);
	e->locations[0].key = made_string(key);
	e->locations[0].path = made_string(key);
	e->n = e->cap = 1;
	struct part *p = e->part;
	p->bytes = 1000 + t->n; /* entries are sorted by size */
	p->crc = (uint32_t)t->n;
	p->format = made_string(format);
	p->layout = made_string("");
	p->also = made_string("");
	p->zone_text = made_string("+0000");
	p->zone = STAMP_EXPLICIT;
	p->tier = tier;
	p->detect_taken = p->detect_lines = 100;
	p->resolution_us = resolution_us;
	p->first_us = (MADE_T0 + from_s) * SECOND_US;
	p->last_us = (MADE_T0 + to_s) * SECOND_US;
	p->latency_width_s = 10;
	p->endpoints_width_s = 60;
	p->busy_width_s = 1;
	return p;
}

static inline struct series *made_series(struct part *p, const char *signal, const char *class, enum facet facet, const char *value)
{
	for (size_t i = 0; i < p->series_n; i++)
		if (!strcmp(p->series[i].signal, signal) && !strcmp(p->series[i].class, class) && p->series[i].facet == facet &&
		    !strcmp(p->series[i].facet_value, value))
			return &p->series[i];
	size_t cap = p->series_n;
	p->series = memory_grow(p->series, &cap, p->series_n + 1, sizeof *p->series);
	struct series *s = &p->series[p->series_n++];
	*s = (struct series){made_string(signal), made_string(class), made_string(value), facet, 1, NULL, 0};
	return s;
}

/* One second with n events, the first at first_us and the last at last_us after its start. Seconds must ascend. */
static inline void made_second(struct part *p, const char *signal, const char *class, enum facet facet, const char *value,
			       int64_t second, uint32_t n, uint32_t first_us, uint32_t last_us)
{
	struct series *s = made_series(p, signal, class, facet, value);
	/* Capacity is the next power of two: a day of seconds must not be copied a day of times. */
	size_t cap = s->n & (s->n - 1) ? s->n + 1 : s->n;
	s->bins = memory_grow(s->bins, &cap, s->n + 1, sizeof *s->bins);
	uint64_t at = (uint64_t)second * 1000;
	s->bins[s->n++] = (struct bin){(uint32_t)(MADE_T0 + second), n, first_us, last_us, (uint32_t)at + 1, (uint32_t)at + n, 80, 80,
				       at * 100, at * 100 + (n - 1) * 81};
}

/* n events in each of the seconds [from_s, to_s). */
static inline void made_run(struct part *p, const char *signal, const char *class, int64_t from_s, int64_t to_s, uint32_t n,
			    uint32_t first_us, uint32_t last_us)
{
	for (int64_t s = from_s; s < to_s; s++)
		made_second(p, signal, class, FACET_NONE, "", s, n, first_us, last_us);
}

static inline void made_event(struct part *p, const char *signal, const char *class, int64_t at_us, const char *service,
			      const char *version)
{
	size_t cap = p->events_n;
	p->events = memory_grow(p->events, &cap, p->events_n + 1, sizeof *p->events);
	struct event *e = &p->events[p->events_n++];
	*e = (struct event){made_string(signal), made_string(class), MADE_T0 * SECOND_US + at_us, (uint32_t)(7000 + p->events_n), 60,
			    900000 + 61 * p->events_n, made_string(service), made_string(version), made_string("h1"), -1,
			    made_string("as logged")};
}

static inline void made_session(struct part *p, enum holder dimension, const char *key, int64_t second, int32_t delta)
{
	struct session_series *s = NULL;
	for (size_t i = 0; i < p->sessions_n && !s; i++)
		if (p->sessions[i].dimension == dimension && !strcmp(p->sessions[i].key, key))
			s = &p->sessions[i];
	if (!s) {
		size_t cap = p->sessions_n;
		p->sessions = memory_grow(p->sessions, &cap, p->sessions_n + 1, sizeof *p->sessions);
		s = &p->sessions[p->sessions_n++];
		*s = (struct session_series){.dimension = dimension, .key = made_string(key)};
	}
	size_t cap = s->n;
	s->cells = memory_grow(s->cells, &cap, s->n + 1, sizeof *s->cells);
	s->cells[s->n++] = (struct session_cell){(uint32_t)(MADE_T0 + second), delta};
}

static inline int made_series_order(const void *a, const void *b)
{
	const struct series *x = a, *y = b;
	int order = strcmp(x->signal, y->signal);
	order = order ? order : strcmp(x->class, y->class);
	order = order ? order : (int)x->facet - (int)y->facet;
	return order ? order : strcmp(x->facet_value, y->facet_value);
}

/* Call once, when all logs are made. */
static inline struct fold *made_fold(struct made *m)
{
	for (size_t i = 0; i < m->tally.n; i++)
		if (m->tally.entries[i].part->series_n)
			qsort(m->tally.entries[i].part->series, m->tally.entries[i].part->series_n, sizeof(struct series),
			      made_series_order);
	m->fold = fold_new(&m->tally, m->signals, &m->options, &m->trouble);
	slow_choose(m->fold);
	return m->fold;
}

static inline int64_t made_us(int64_t second, int64_t us)
{
	return (MADE_T0 + second) * SECOND_US + us;
}

#endif
